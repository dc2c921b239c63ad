/* SPDX-License-Identifier: MIT
 * What a source says of fields: which are absent, which are made of parts, and which there are at all. */
#include "compiler/modifiers.h"
#include "compiler/parts.h"
#include "compiler/plan_internal.h"

/* Whether a fault of this text at this place is new. */
static bool tells(Planner *p, Span at, Str what) {
  Str key = arena_printf(p->arena, "%u:%u:" STR_FMT, at.file, at.start, STR_ARG(what));
  uint32_t known = p->told.names.n;
  return intern_id(&p->told, key) == known;
}

/* --- copies and constants -------------------------------------------------------------------------------------- */

IrNode *plan_copy(Planner *p, const IrNode *n) { return passes_copy(p->passes, n); }

static void make_const(IrNode *n, bool truth) {
  n->kind = IR_CONST;
  n->truth = truth;
  n->n_kids = 0;
  n->item = NULL;
}

/* Constants that its kids have become, in place. */
static void fold_join(IrNode *n) {
  bool neutral = n->kind == IR_AND;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    IrNode *kid = n->kids[i];
    if (kid->kind == IR_CONST && kid->truth != neutral) {
      make_const(n, !neutral);
      return;
    }
    if (kid->kind != IR_CONST) n->kids[kept++] = kid;
  }
  n->n_kids = kept;
  if (!kept) make_const(n, neutral);
}

static void fold_node(IrNode *n) {
  if (n->kind == IR_AND || n->kind == IR_OR) fold_join(n);
  else if (n->kind == IR_NOT && n->kids[0]->kind == IR_CONST) make_const(n, !n->kids[0]->truth);
}

/* --- fields that are not there --------------------------------------------------------------------------------- */

/* Whether the events have a field. */
typedef struct {
  Planner *planner;
  const Kind *kind;        /* by the list of their kind ... */
  const ModelEntry *entry; /* ... or by the absent lists of a source */
} There;

static bool is_there(const There *t, Str field) {
  if (t->kind) return kinds_has(&t->planner->model->kinds, t->kind, field);
  return !model_is_absent(t->entry, field);
}

static bool holds_absent(const IrTest *t) { return t->pred == PRED_IS_NULL || (t->pred == PRED_EXISTS && !t->truth); }

/* What the VM finds on an event without the field. */
static bool item_holds_absent(const IrItem *item) {
  bool all = true, any = false;
  for (uint32_t i = 0; i < item->n_values; i++) {
    bool holds = false;
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) holds = holds || holds_absent(&item->values[i].alts[k]);
    all = all && holds;
    any = any || holds;
  }
  return item->all ? all : any;
}

/* A reference to a field that is not there never holds. */
static void drop_references(const There *t, IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++) {
    IrValue *v = &item->values[i];
    uint32_t kept = 0;
    for (uint32_t k = 0; k < v->n_alts; k++)
      if (v->alts[k].pred != PRED_FIELDREF || is_there(t, v->alts[k].text)) v->alts[kept++] = v->alts[k];
    v->n_alts = kept;
  }
}

static void fold(const There *t, IrNode *n) {
  for (uint32_t i = 0; i < n->n_kids; i++) fold(t, n->kids[i]);
  if (n->kind == IR_ITEM && !n->item->any_field) {
    if (is_there(t, n->item->field)) drop_references(t, n->item);
    else make_const(n, item_holds_absent(n->item));
  }
  fold_node(n);
}

IrNode *plan_fold_kind(Planner *p, IrNode *root, const Kind *kind) {
  fold(&(There){p, kind, NULL}, root);
  return root;
}

/* --- all fields of a tree -------------------------------------------------------------------------------------- */

typedef struct {
  void (*field)(void *ctx, Str field, Span at);
  void *ctx;
} Visit;

static void visit_node(void *ctx, IrNode *n) {
  const Visit *v = ctx;
  if (n->kind != IR_ITEM || n->item->any_field) return;
  v->field(v->ctx, n->item->field, n->item->field_at);
  for (uint32_t i = 0; i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++)
      if (n->item->values[i].alts[k].pred == PRED_FIELDREF)
        v->field(v->ctx, n->item->values[i].alts[k].text, n->item->values[i].at);
}

static void each_field(IrNode *root, void (*field)(void *, Str, Span), void *ctx) {
  ir_walk(root, visit_node, &(Visit){field, ctx});
}

typedef struct {
  Planner *planner;
  const Kind *const *kinds;
  uint32_t n;
} AllKinds;

static void check_kind(void *ctx, Str field, Span at) {
  const AllKinds *a = ctx;
  Planner *p = a->planner;
  for (uint32_t i = 0; i < a->n; i++)
    if (kinds_has(&p->model->kinds, a->kinds[i], field)) return;
  p->ok = false;
  if (!tells(p, at, field)) return;
  diag_error(p->passes->diags, ID_target_field, at, "no kind of events that the rule covers has a field `" STR_FMT "`",
             STR_ARG(field));
  diag_hint(p->passes->diags, "name a `category` in `logsource`: this rule is for all kinds of events that fit it");
}

void plan_check_kinds(Planner *p, IrNode *root, const Kind *const *kinds, uint32_t n) {
  each_field(root, check_kind, &(AllKinds){p, kinds, n});
}

/* --- by Sigma name --------------------------------------------------------------------------------------------- */

static void check_absent(void *ctx, Str field, Span at) {
  const There *t = ctx;
  Planner *p = t->planner;
  if (is_there(t, field)) return;
  if (p->options->absent == ABSENT_FALSE) {
    if (!p->as_absent.names.n) p->absent_at = at;
    intern_id(&p->as_absent, field);
    return;
  }
  p->ok = false;
  if (!tells(p, at, field)) return;
  diag_error(p->passes->diags, ID_target_field, at, "the target never has the field `" STR_FMT "` on these events", STR_ARG(field));
  diag_hint(p->passes->diags, "with --absent=false it counts as absent: a test of it is false, and `null` is true");
}

typedef struct {
  Planner *planner;
  const ModelEntry *entry;
} ByParts;

static const ModelStep *parts_of(const ModelEntry *e, Str field) {
  uint64_t order;
  const ModelStep *s = model_computed(e, field, &order);
  return s && s->parts ? s : NULL;
}

static bool refers_to_parts(const ByParts *b, const IrItem *item) {
  Planner *p = b->planner;
  bool any = false;
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) {
      const IrTest *t = &item->values[i].alts[k];
      if (t->pred != PRED_FIELDREF || !parts_of(b->entry, t->text)) continue;
      any = true;
      if (tells(p, item->values[i].at, t->text))
        diag_error(p->passes->diags, ID_target_field, item->values[i].at,
                   "`" STR_FMT "` is kept in two fields: it cannot be compared with another one", STR_ARG(t->text));
    }
  return any;
}

/* Values of placeholders are needed to split them. */
static IrNode *rewrite_item(const ByParts *b, IrNode *n) {
  const ModelStep *s = n->item->any_field || n->item->settled ? NULL : parts_of(b->entry, n->item->field);
  if (!s) return n->item->any_field || !refers_to_parts(b, n->item) ? n : NULL;
  return expand_tree(n, b->planner->passes) ? parts_rewrite(n, s, b->planner->passes) : NULL;
}

/* All faults are reported, unless the rule is too large. */
static IrNode *rewrite(const ByParts *b, IrNode *n) {
  if (n->kind == IR_ITEM) return rewrite_item(b, n);
  bool ok = true;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    IrNode *kid = rewrite(b, n->kids[i]);
    if (kid) n->kids[i] = kid;
    else ok = false;
    if (b->planner->passes->budget.told) return NULL;
  }
  return ok ? n : NULL;
}

IrNode *plan_sigma_fields(Planner *p, IrNode *root, const ModelEntry *e) {
  There t = {p, NULL, e};
  bool before = p->ok;
  p->ok = true;
  each_field(root, check_absent, &t);
  bool ok = p->ok;
  p->ok = before && ok;
  if (e->lists.n && p->options->absent == ABSENT_FALSE) fold(&t, root);
  root = rewrite(&(ByParts){p, e}, root);
  if (!root) p->ok = false;
  return ok ? root : NULL;
}

/* --- by target name -------------------------------------------------------------------------------------------- */

typedef struct {
  Planner *planner;
  const PlanBranch *branch;
} ByTarget;

/* `Column.member` of a column that is an object. */
static bool is_member(const PlanBranch *b, Str field) {
  FieldType type;
  size_t dot = str_find(field, STR("."), 0);
  return dot != SIZE_MAX && b->table.n && types_find(b->types, str_sub(field, 0, dot), &type) && type == FIELD_DYNAMIC;
}

static void check_target(void *ctx, Str field, Span at) {
  const ByTarget *t = ctx;
  Planner *p = t->planner;
  Diags *diags = p->passes->diags;
  FieldType type;
  if (types_find(t->branch->types, field, &type)) {
    if (type != FIELD_UNKNOWN || p->options->for_vm || !tells(p, (Span){0}, field)) return;
    diag_warning(diags, ID_target_type_unknown, at, "the type of `" STR_FMT "` is not known: it is taken as text", STR_ARG(field));
    return;
  }
  if (is_member(t->branch, field)) return;
  p->ok = false;
  if (!tells(p, at, field)) return;
  if (t->branch->table.n)
    diag_error(diags, ID_target_field, at, "the table `" STR_FMT "` has no column `" STR_FMT "`", STR_ARG(t->branch->table),
               STR_ARG(field));
  else diag_error(diags, ID_target_field, at, "the target has no field `" STR_FMT "` that the pipeline knows", STR_ARG(field));
  Str like = diags->dropped ? (Str){0} : types_nearest(t->branch->types, field);
  if (like.n) diag_hint(diags, "did you mean `" STR_FMT "`?", STR_ARG(like));
  else diag_hint(diags, "map it in a pipeline, or give it a type: `field_types` or `tables` of a pipeline, or --types");
}

void plan_target_fields(Planner *p, const PlanBranch *b, const ModelEntry *e) {
  bool known = e ? e->columns || p->model->target == TARGET_EQL : p->model && p->model->fields.name_types.n > 0;
  if (known) each_field(b->root, check_target, &(ByTarget){p, b});
}

void plan_types(Planner *p, PlanBranch *b, const ModelEntry *e) {
  TypeTable *t = arena_new(p->arena, TypeTable);
  types_init(t, p->arena);
  t->behind[0] = p->options->types;
  t->behind[1] = e && e->columns ? e->columns : p->model && p->model->target == TARGET_EQL ? &p->model->fields : NULL;
  FieldType type;
  if (b->category.n && !types_find(t, STR("event.category"), &type)) types_set(t, STR("event.category"), FIELD_KEYWORD);
  for (uint32_t i = 0; i < b->n_columns; i++) types_set(t, b->columns[i].name, b->columns[i].type);
  b->types = t;
}
