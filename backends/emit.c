/* SPDX-License-Identifier: MIT */
#include "backends/emit.h"

#include <stdarg.h>
#include <stdio.h>

#include "backends/presence.h"

/* --- refusals -------------------------------------------------------------------------------------------------- */

const char *emit_title(const Emit *e) { return backend_title(e->backend); }

static Span place_of(const Emit *e) {
  return e->value && e->value->at.end ? e->value->at : e->item ? e->item->at : e->plan->rule->at;
}

/* One report for an item and id: a list of fifty values has one fault, not fifty. Only looked for among the first. */
static bool told_before(Emit *e, DiagId id) {
  enum { FEW = 256 };
  Span at = e->item ? e->item->at : e->plan->rule->at;
  uint64_t key = (uint64_t)at.file << 48 ^ (uint64_t)at.start << 12 ^ (uint64_t)id;
  for (uint32_t i = 0; i < e->told.n; i++)
    if (e->told.p[i] == key) return true;
  if (e->told.n < FEW) *vec_add(e->arena, &e->told) = key;
  return false;
}

enum { SHOWN = 60 }; /* bytes of a title, name or value in a message */

static void put(Buf *out, const char *before, Str s, const char *after) {
  size_t n = s.n < SHOWN ? s.n : SHOWN;
  while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
  buf_str(out, str_of(before));
  buf_safe(out, str_sub(s, 0, n)); /* a NUL would end the message */
  if (n < s.n) buf_str(out, STR("..."));
  buf_str(out, str_of(after));
}

/* : item 'Image: value' of selection 'sel' in rule "Title" (id). It stands behind the reason, since a long message is cut. */
static void put_place(Emit *e, Buf *out) {
  const Rule *rule = e->plan->rule;
  buf_str(out, STR(": "));
  if (e->item) {
    put(out, "item '", e->item->any_field ? STR("keywords") : e->item->field, "");
    if (e->value && e->value->node && e->value->node->kind == YAML_SCALAR) put(out, ": ", e->value->node->text, "");
    buf_str(out, STR("' "));
  }
  if (e->node && e->node->selection.n) put(out, e->item ? "of selection '" : "selection '", e->node->selection, "' ");
  put(out, "in rule \"", rule->title.text, "\"");
  if (rule->id.text.n) put(out, " (", rule->id.text, ")");
}

void emit_refuse(Emit *e, DiagId id, const char *hint, const char *fmt, ...) {
  char why[200];
  va_list args;
  e->ok = false;
  if (told_before(e, id)) return;
  va_start(args, fmt);
  vsnprintf(why, sizeof why, fmt, args);
  va_end(args);
  Buf text = {.arena = e->arena};
  buf_str(&text, str_of(why));
  put_place(e, &text);
  diag_error(e->diags, id, place_of(e), STR_FMT, STR_ARG(buf_view(&text)));
  if (hint) diag_hint(e->diags, "%s", hint);
}

void emit_assume(Emit *e, Assumption a) {
  const AssumptionInfo *info = &assumption_info[a];
  e->assumed |= 1u << a;
  if (info->by_default || e->options->assume >> a & 1) return;
  char hint[120];
  snprintf(hint, sizeof hint, "take the assumption with --assume %s", info->id);
  emit_refuse(e, ID_target_assumption, hint, "exact only under an assumption: %s", info->sentence);
}

/* --- types ----------------------------------------------------------------------------------------------------- */

static void visit(void *ctx, IrNode *n) {
  Emit *e = ctx;
  if (n->kind != IR_ITEM || n->item->any_field) return;
  uint32_t id = intern_id(&e->fields, n->item->field);
  while (e->uses.n <= id) (void)vec_add(e->arena, &e->uses);
  plan_uses(&e->uses.p[id], n->item);
}

/* What lies below a dynamic column is read as text, whatever the values of the rule are. */
static FieldType type_of(const PlanBranch *b, Str field, const FieldUses *uses) {
  static const FieldUses none;
  size_t dot = str_find(field, STR("."), 0);
  if (dot != SIZE_MAX && plan_type(b, str_sub(field, 0, dot), &none) == FIELD_DYNAMIC) return FIELD_KEYWORD;
  return plan_type(b, field, uses);
}

FieldType emit_type(Emit *e, Str field) {
  static const FieldUses none;
  uint32_t id = intern_id(&e->fields, field);
  while (e->types.n <= id) *vec_add(e->arena, &e->types) = FIELD_TYPE_COUNT;
  if (e->types.p[id] == FIELD_TYPE_COUNT) e->types.p[id] = type_of(e->branch, field, id < e->uses.n ? &e->uses.p[id] : &none);
  return e->types.p[id];
}

/* --- items ----------------------------------------------------------------------------------------------------- */

/* Where nothing is denied by words of its own: what is a test of absence under `not` is one of presence. */
static void turn(Atoms *atoms) {
  for (uint32_t i = 0; i < atoms->n; i++) {
    if (atoms->p[i].kind == ATOM_NULL) atoms->p[i].kind = ATOM_PRESENT;
    else if (atoms->p[i].kind == ATOM_PRESENT) atoms->p[i].kind = ATOM_NULL;
  }
}

static bool needs_turn(AtomKind kind) { return kind == ATOM_NULL || kind == ATOM_PRESENT; }

/* A number fits in with texts of either case; with those that ignore it, if there are any. */
static void settle_case(Atoms *atoms) {
  bool uncased = false;
  for (uint32_t i = 0; i < atoms->n; i++) uncased = uncased || (atoms->p[i].kind == ATOM_TEXT && !atoms->p[i].cased);
  for (uint32_t i = 0; i < atoms->n; i++)
    if (atoms->p[i].neutral && uncased) atoms->p[i].cased = false;
}

static bool alike(const Atom *x, const Atom *y) { return x->kind == y->kind && x->cased == y->cased && x->digits == y->digits; }

typedef VEC(const QNode *) QNodes;

/* Letters and escaped characters: such an expression is an equality to the target. */
static bool is_plain_regex(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] == '\\') i++;
    else if (strchr(".?+*|{}[]()\"#@&<>~", s.p[i])) return false;
  return true;
}

/* What a target turns round under `not`, and joins with others of the field: `a > 1 and a < 9` is one range, `a == 1 and a == 2`
 * is nothing, `a == 1 or a != 2` is `a != 2`. That is right where the field has one value. */
static bool is_compared(const Emit *e, const Atom *atom) {
  if (!e->spelling->joins || e->item->any_field) return false;
  return atom->kind == ATOM_ORDER || atom->kind == ATOM_NUMBER || atom->kind == ATOM_BOOL ||
         (atom->kind == ATOM_TEXT && atom->cased) || (atom->kind == ATOM_REGEX && is_plain_regex(atom->text));
}

static bool are_joined(QKind kind, Comparison x, Comparison y) {
  if (x.field != y.field) return false;
  return kind == Q_AND ? !(x.denied && y.denied) : x.denied != y.denied;
}

/* The comparisons from `middle` on stand in another operand than those from `first` on. They may be deeper down than the join:
 * `(a == 1 or b) and (a == 2 or b)` is `a == 1 and a == 2 or b`. */
static void check_joined(Emit *e, QKind kind, uint32_t first, uint32_t middle) {
  enum { MOST_PAIRS = 1 << 16 }; /* of more, the worst is believed */
  uint64_t pairs = (uint64_t)(middle - first) * (e->compared.n - middle);
  bool joined = pairs > MOST_PAIRS;
  if (e->assumed >> ASSUME_SINGLE_VALUE & 1) return;
  for (uint32_t i = first; i < middle; i++)
    for (uint32_t k = middle; k < e->compared.n && !joined; k++) joined = are_joined(kind, e->compared.p[i], e->compared.p[k]);
  if (joined) emit_assume(e, ASSUME_SINGLE_VALUE);
}

static void note_comparison(Emit *e, const Atom *atom, bool negate) {
  if (!is_compared(e, atom)) return;
  if (negate && atom->kind == ATOM_ORDER) emit_assume(e, ASSUME_SINGLE_VALUE);
  *vec_add(e->arena, &e->compared) = (Comparison){intern_id(&e->fields, e->item->field), negate};
}

static void add_group(Emit *e, Atoms *group, bool negate, QNodes *out) {
  bool turned = negate && needs_turn(group->p[0].kind);
  if (turned) turn(group);
  const QNode *positive = e->spelling->group(e, group->p, group->n);
  note_comparison(e, group->p, negate);
  *vec_add(e->arena, out) = negate && !turned ? e->spelling->deny(e, group->p, positive) : positive;
}

/* Or-linked atoms, or the negation of that: lists of atoms that are alike, in the order of their first ones. */
static const QNode *groups(Emit *e, Atoms *atoms, bool negate) {
  enum { MOST_KINDS = 4 * (ATOM_EMPTY + 1) };
  Atoms kinds[MOST_KINDS] = {{0}};
  uint32_t n = 0, k;
  settle_case(atoms);
  for (uint32_t i = 0; i < atoms->n; i++) {
    for (k = 0; k < n && !alike(&kinds[k].p[0], &atoms->p[i]); k++) continue;
    n = k == n ? n + 1 : n;
    *vec_add(e->arena, &kinds[k]) = atoms->p[i];
  }
  QNodes nodes = {0};
  for (k = 0; k < n; k++) add_group(e, &kinds[k], negate, &nodes);
  e->clauses += atoms->n;
  return q_join(e->arena, negate ? Q_AND : Q_OR, nodes.p, nodes.n);
}

static void value_atoms(Emit *e, const IrValue *v, Atoms *out) {
  e->value = v;
  for (uint32_t i = 0; i < v->n_alts; i++) emit_atoms(e, &v->alts[i], out);
}

static const QNode *all_of(Emit *e, const IrItem *item, bool negate) {
  QNodes nodes = {0};
  QKind kind = negate ? Q_OR : Q_AND;
  uint32_t first = e->compared.n;
  for (uint32_t i = 0; i < item->n_values; i++) {
    Atoms atoms = {0};
    uint32_t middle = e->compared.n;
    value_atoms(e, &item->values[i], &atoms);
    *vec_add(e->arena, &nodes) = groups(e, &atoms, negate);
    check_joined(e, kind, first, middle);
  }
  return q_join(e->arena, kind, nodes.p, nodes.n);
}

static const QNode *any_of(Emit *e, const IrItem *item, bool negate) {
  Atoms atoms = {0};
  for (uint32_t i = 0; i < item->n_values; i++) value_atoms(e, &item->values[i], &atoms);
  return groups(e, &atoms, negate);
}

/* Sets what the atoms are about. */
static bool open_item(Emit *e, const IrNode *n) {
  e->node = n;
  e->item = n->item;
  e->value = NULL;
  e->type = FIELD_KEYWORD;
  e->field = STR("*");
  if (!n->item->any_field) {
    e->type = emit_type(e, n->item->field);
    return e->spelling->field(e, n->item->field, &e->field);
  }
  if (e->spelling->keywords && e->branch->n_columns) {
    emit_refuse(e, ID_target_keyword, "name the fields to search, such as `CommandLine|contains`",
                "a search over all columns would also find what the query computes (`" STR_FMT "`)",
                STR_ARG(e->branch->columns[0].name));
    return false;
  }
  if (e->spelling->keywords) {
    emit_assume(e, ASSUME_KEYWORD_TEXT);
    return true;
  }
  emit_refuse(e, ID_target_keyword, "name the fields to search, such as `message|contains`; or translate to KQL",
              "%s has no search over all fields of an event", emit_title(e));
  return false;
}

static const QNode *item(Emit *e, const IrNode *n, bool negate) {
  const QNode *out = q_const(e->arena, true);
  if (open_item(e, n)) out = n->item->all ? all_of(e, n->item, negate) : any_of(e, n->item, negate);
  e->node = NULL;
  e->item = NULL;
  e->value = NULL;
  return out;
}

/* --- the walk -------------------------------------------------------------------------------------------------- */

static const QNode *walk(Emit *e, const IrNode *n, bool negate) {
  if (n->kind == IR_CONST) return q_const(e->arena, n->truth != negate);
  if (n == e->said) return q_const(e->arena, true); /* it stands in an and, and is not negated */
  if (n->kind == IR_NOT) return walk(e, n->kids[0], !negate);
  if (n->kind == IR_ITEM) return item(e, n, negate);
  const QNode **kids = arena_array(e->arena, const QNode *, n->n_kids);
  QKind kind = (n->kind == IR_AND) != negate ? Q_AND : Q_OR;
  uint32_t first = e->compared.n;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    uint32_t middle = e->compared.n;
    kids[i] = walk(e, n->kids[i], negate);
    check_joined(e, kind, first, middle);
  }
  return q_join(e->arena, kind, kids, n->n_kids);
}

/* --- a plan ---------------------------------------------------------------------------------------------------- */

static void open_branch(Emit *e, const PlanBranch *b) {
  e->branch = b;
  e->said = str_eq(plan_category(e->plan), b->category) ? plan_category_test(b) : NULL;
  e->types.n = e->presence.n = e->compared.n = 0;
  e->uses.p = NULL; /* what is added must be zero */
  e->uses.n = e->uses.cap = 0;
  intern_init(&e->fields, e->arena);
  ir_walk(b->root, visit, e);
}

static const QNode *branch(Emit *e, const PlanBranch *b) {
  open_branch(e, b);
  if (e->spelling->empty_is_missing) presence_find(e);
  return walk(e, b->root, false);
}

bool emit_plan(Query *out, const Backend *backend, const Spelling *spelling, const Plan *plan, const PrintOptions *options,
               Arena *arena, Diags *diags) {
  Emit e = {.backend = backend, .spelling = spelling, .plan = plan, .options = options, .arena = arena, .diags = diags, .ok = true};
  const QNode **conditions = arena_array(arena, const QNode *, plan->n_branches);
  for (uint32_t i = 0; i < plan->n_branches; i++) conditions[i] = branch(&e, &plan->branches[i]);
  e.branch = NULL;
  if (!plan->scoped) emit_assume(&e, ASSUME_SCOPE);
  Buf text = {.arena = arena};
  if (e.ok) spelling->statement(&e, &text, conditions);
  *out = (Query){.text = buf_view(&text), .assumed = e.assumed};
  return e.ok;
}

bool emit_name(const Backend *backend, const Spelling *spelling, const Plan *plan, const PlanBranch *branch, Str field,
               const PrintOptions *options, Arena *arena, Diags *diags, Str *out, FieldType *type) {
  Emit e = {.backend = backend, .spelling = spelling, .plan = plan, .options = options, .arena = arena, .diags = diags, .ok = true};
  open_branch(&e, branch);
  *type = emit_type(&e, field);
  return spelling->field(&e, field, out) && e.ok;
}
