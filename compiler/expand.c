/* SPDX-License-Identifier: MIT
 * Placeholders get their values (semantics 9.15), and the modifiers that waited for them are applied. Several
 * placeholders in one value multiply; the alternatives are or-linked. */
#include "base/limits.h"
#include "compiler/modifiers.h"
#include "compiler/passes.h"

typedef struct {
  Passes *passes;
  Arena *arena;
  Diags *diags;
  bool ok;
} Expand;

void passes_init(Passes *p, Vars *vars, Arena *arena, Diags *diags) {
  *p = (Passes){.arena = arena, .lasting = arena, .diags = diags, .vars = vars};
  budget_init(&p->budget, diags);
}

/* Text that a regular expression takes literally. */
static Str quote_regex(Arena *a, Str s) {
  char *out = arena_alloc(a, s.n * 2);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if ((unsigned char)c < 0x80 && !ascii_letter(c) && !ascii_digit(c)) out[n++] = '\\';
    out[n++] = c;
  }
  return (Str){out, n};
}

/* Whether what stands behind these parts of a regular expression is quoted: between \Q and \E. */
static bool in_quotes(const Pattern *p) {
  bool quoted = false;
  for (uint32_t k = 0; k < p->n; k++) {
    Str s = p->p[k].kind == PAT_LITERAL ? p->p[k].text : (Str){0};
    for (size_t i = 0; i + 1 < s.n; i++) {
      if (s.p[i] != '\\') continue;
      char c = s.p[i + 1];
      if (quoted ? c == 'E' : c == 'Q') quoted = !quoted;
      if (!quoted || c == 'E') i++; /* between the two, a backslash hides nothing but \E */
    }
  }
  return quoted;
}

Pattern expand_in_regex(Arena *a, const Pattern *before, Str text) {
  Str quoted = quote_regex(a, text);
  if (in_quotes(before)) quoted = arena_printf(a, "\\E" STR_FMT "\\Q", STR_ARG(quoted));
  return pattern_literal(a, quoted);
}

static bool known(Expand *e, const IrValue *v, Str name) {
  if (vars_use(e->passes->vars, name)) return true;
  diag_error(e->diags, ID_placeholder_undefined, v->at, "placeholder `%%" STR_FMT "%%` has no values", STR_ARG(name));
  diag_hint(e->diags, "give it values with --var " STR_FMT "=VALUE or a file (--vars), or --var " STR_FMT " for an empty list",
            STR_ARG(name), STR_ARG(name));
  return false;
}

typedef VEC(IrTest) Tests;

/* Replaces the first placeholder of a test by each value; the results may hold more of them. */
static bool replace_first(Expand *e, const IrTest *t, Tests *out) {
  uint32_t k = 0;
  while (t->pattern.p[k].kind != PAT_PLACEHOLDER) k++;
  const Var *var = vars_find(e->passes->vars, t->pattern.p[k].text);
  Pattern before = {t->pattern.p, k}, after = {t->pattern.p + k + 1, t->pattern.n - k - 1};
  for (uint32_t i = 0; i < var->values.n; i++) {
    Str text = var->values.p[i];
    Pattern value = t->pred == PRED_RE ? expand_in_regex(e->arena, &before, text) : pattern_parse(e->arena, text);
    IrTest *copy = vec_add(e->arena, out);
    *copy = *t;
    copy->pattern = pattern_join(e->arena, pattern_join(e->arena, before, value), after);
    copy->text = pattern_print(e->arena, &copy->pattern);
    if (!budget_take(&e->passes->budget, modifier_cost(copy))) return false;
  }
  return true;
}

/* Also where an empty list in front makes the text of no account. */
static bool names_known(Expand *e, const IrValue *v) {
  for (uint32_t i = 0; i < v->n_alts; i++)
    for (uint32_t k = 0; k < v->alts[i].pattern.n; k++) {
      const PatPart *part = &v->alts[i].pattern.p[k];
      if (part->kind == PAT_PLACEHOLDER && !known(e, v, part->text)) return false;
    }
  return true;
}

/* Alternatives without placeholders. Each round replaces one placeholder of every alternative. */
static bool expand_value(Expand *e, IrValue *v) {
  if (!names_known(e, v)) return false;
  for (bool more = true; more;) {
    Tests out = {0};
    more = false;
    for (uint32_t i = 0; i < v->n_alts; i++) {
      bool has = pattern_has_placeholder(&v->alts[i].pattern);
      more = more || has;
      if (!has) *vec_add(e->arena, &out) = v->alts[i];
      else if (!replace_first(e, &v->alts[i], &out)) return false;
      if (out.n > LIMIT_ALTERNATIVES) {
        diag_error(e->diags, ID_too_many_alternatives, v->at, "the value expands to more than %d alternatives", LIMIT_ALTERNATIVES);
        return false;
      }
    }
    v->alts = out.p;
    v->n_alts = out.n;
  }
  return true;
}

static bool expand_item(Expand *e, IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++)
    if (!expand_value(e, &item->values[i])) return false;
  ModifierChain c = {.arena = e->arena, .diags = e->diags, .passes = e->passes, .item = item, .stage = item->stage};
  for (uint32_t i = 0; i < item->n_pending; i++) c.encodes = c.encodes || modifier_encodes(item->pending[i]);
  for (uint32_t i = 0; i < item->n_pending; i++)
    if (!modifier_apply(&c, item->pending[i], item->pending_at[i])) return false;
  item->n_pending = 0;
  item->open = false;
  return modifier_finish(&c);
}

static void visit(void *ctx, IrNode *n) {
  Expand *e = ctx;
  if (n->kind == IR_ITEM && n->item->open) e->ok = expand_item(e, n->item) && e->ok;
}

bool expand_rule(IrRule *rule, Passes *passes) {
  Expand e = {passes, passes->arena, passes->diags, true};
  /* An identifier that no condition names has no effect, but it must be valid (semantics 4.10). */
  for (uint32_t i = 0; i < rule->rule->n_detections; i++) ir_walk(rule->selections[i], visit, &e);
  return e.ok;
}

bool expand_tree(IrNode *root, Passes *passes) {
  Expand e = {passes, passes->arena, passes->diags, true};
  ir_walk(root, visit, &e);
  return e.ok;
}
