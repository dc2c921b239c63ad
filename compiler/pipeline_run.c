/* SPDX-License-Identifier: MIT
 * The run of the items of pipelines on a rule, and what is left of it for the plan. */
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "compiler/pipeline_internal.h"

/* --- runs ----------------------------------------------------------------------------------------------------- */

PipelineRun *pipeline_run_new(const Pipelines *p, const Rule *rule, Logsource logsource, Target target, Passes *passes) {
  PipelineRun *run = arena_new(passes->arena, PipelineRun);
  *run = (PipelineRun){.p = p, .rule = rule, .logsource = logsource, .target = target, .passes = passes, .arena = passes->arena};
  run->note.arena = run->arena;
  intern_init(&run->mapped, run->arena);
  intern_init(&run->state, run->arena);
  intern_init(&run->applied, run->arena);
  intern_init(&run->fields_marked, run->arena);
  for (uint32_t i = 0; i < rule->fields.n; i++) *vec_add(run->arena, &run->fields) = rule->fields.p[i];
  return run;
}

void pipeline_run_trace(PipelineRun *run, PipelineTrace *trace, void *ctx) {
  run->trace = trace;
  run->trace_ctx = ctx;
}

Span run_place(const PipelineRun *run) {
  if (run->rule->title.text.p) return run->rule->title.at;
  return (Span){run->rule->at.file, run->rule->at.start, run->rule->at.start};
}

bool run_error(PipelineRun *run, DiagId id, Span at, const char *fmt, ...) {
  char message[600];
  va_list args;
  va_start(args, fmt);
  vsnprintf(message, sizeof message, fmt, args);
  va_end(args);
  if (!run->failed) diag_error(run->passes->diags, id, at, "%s", message);
  run->failed = true;
  return false;
}

bool run_pay(PipelineRun *run, uint64_t bytes) {
  if (budget_take(&run->passes->budget, bytes)) return true;
  run->failed = true;
  return false;
}

void run_note(PipelineRun *run, const char *fmt, ...) {
  char text[400];
  va_list args;
  va_start(args, fmt);
  vsnprintf(text, sizeof text, fmt, args);
  va_end(args);
  if (!run->trace) return;
  if (run->note.n) buf_str(&run->note, STR("; "));
  buf_safe(&run->note, str_of(text));
}

RegexScratch *run_scratch(PipelineRun *run) {
  if (!run->passes->word_scratch) run->passes->word_scratch = regex_scratch_new(run->passes->lasting);
  return run->passes->word_scratch;
}

bool has_mark(const IrMark *marks, Str id) {
  for (; marks; marks = marks->next)
    if (str_eq(marks->id, id)) return true;
  return false;
}

const YamlNode *state_get(const PipelineRun *run, Str key) {
  uint32_t i = intern_find(&run->state, key);
  return i == INTERN_NONE ? NULL : run->values.p[i];
}

void state_set(PipelineRun *run, Str key, const YamlNode *value) {
  uint32_t i = intern_id(&run->state, key);
  if (i == run->values.n) (void)vec_add(run->arena, &run->values);
  run->values.p[i] = value;
}

const YamlNode *pipeline_run_state(const PipelineRun *run, const char *key) { return state_get(run, str_of(key)); }
Logsource pipeline_run_logsource(const PipelineRun *run) { return run->logsource; }

/* A list of marks is looked through for each that is added: that is paid for. */
static const IrMark *add_mark(PipelineRun *run, const IrMark *marks, Str id) {
  uint64_t n = 0;
  if (!id.n) return marks;
  for (const IrMark *m = marks; m; m = m->next, n++)
    if (str_eq(m->id, id)) return marks;
  if (!run_pay(run, n + sizeof *marks)) return marks;
  IrMark *m = arena_new(run->arena, IrMark);
  *m = (IrMark){id, marks};
  return m;
}

/* --- the walk over items --------------------------------------------------------------------------------------- */

typedef struct {
  PipelineRun *run;
  const PipelineItem *item;
  bool dropped; /* at least one item */
} Walk;

static void mark_tree(Walk *w, IrNode *n) {
  if (n->kind == IR_ITEM) n->item->marks = add_mark(w->run, n->item->marks, w->item->id);
  for (uint32_t i = 0; i < n->n_kids; i++) mark_tree(w, n->kids[i]);
}

/* Into *out what the alternatives of a value become; false where that is what they are. */
static bool change_alts(Walk *w, const IrValue *v, IrTests *out) {
  PipelineRun *run = w->run;
  bool changed = false;
  for (uint32_t k = 0; k < v->n_alts && !run->failed; k++) {
    IrTests made = {0};
    bool now = w->item->kind->on_value(run, w->item, v, &v->alts[k], &made);
    if (!now && !changed) continue;
    for (uint32_t i = 0; !changed && i < k; i++) *vec_add(run->arena, out) = v->alts[i];
    changed = true;
    if (!now) *vec_add(run->arena, out) = v->alts[k];
    for (uint32_t i = 0; i < made.n && run_pay(run, modifier_cost(&made.p[i])); i++) *vec_add(run->arena, out) = made.p[i];
    if (out->n > LIMIT_ALTERNATIVES)
      run_error(run, ID_too_many_alternatives, v->at, "the value becomes more than %d alternatives", LIMIT_ALTERNATIVES);
  }
  return changed && !run->failed;
}

static ItemFate change_values(Walk *w, IrItem *item) {
  ItemFate fate = ITEM_KEPT;
  for (uint32_t i = 0; i < item->n_values; i++) {
    IrTests out = {0};
    if (!change_alts(w, &item->values[i], &out)) continue;
    item->values[i].alts = out.p;
    item->values[i].n_alts = out.n;
    fate = ITEM_CHANGED;
  }
  return fate;
}

static ItemFate change_item(Walk *w, IrNode **n) {
  const Transformation *kind = w->item->kind;
  if ((*n)->item->settled || !item_matches(w->run, w->item, (*n)->item) || w->run->failed) return ITEM_KEPT;
  ItemFate fate = kind->on_name    ? change_names(w->run, w->item, n)
                  : kind->on_value ? change_values(w, (*n)->item)
                                   : kind->on_item(w->run, w->item, n);
  if (fate == ITEM_KEPT || w->run->failed) return ITEM_KEPT;
  w->run->changed = true;
  w->dropped = w->dropped || fate == ITEM_DROPPED;
  if (fate == ITEM_CHANGED) mark_tree(w, *n);
  return fate;
}

static IrNode *walk(Walk *w, IrNode *n, unsigned depth);

typedef VEC(IrNode *) Kids;

/* A kid of the same kind as its parent is taken apart, so that steps which make lists of lists do not make trees that are ever
 * deeper. NULL was taken out. */
static void add_kid(Walk *w, const IrNode *parent, IrNode *kid, bool is_new, Kids *kids) {
  bool flat = is_new && kid && kid->kind == parent->kind && parent->kind != IR_NOT && str_eq(kid->selection, parent->selection);
  for (uint32_t i = 0; flat && i < kid->n_kids; i++) *vec_add(w->run->arena, kids) = kid->kids[i];
  if (kid && !flat) *vec_add(w->run->arena, kids) = kid;
}

/* NULL: nothing is left. */
static IrNode *walk_kids(Walk *w, IrNode *n, unsigned depth) {
  Kids kids = {0};
  bool changed = false;
  for (uint32_t i = 0; i < n->n_kids; i++) {
    IrNode *kid = walk(w, n->kids[i], depth + 1);
    if (w->run->failed) return n;
    bool is_new = kid != n->kids[i];
    for (uint32_t k = 0; is_new && !changed && k < i; k++) *vec_add(w->run->arena, &kids) = n->kids[k];
    changed = changed || is_new;
    if (changed) add_kid(w, n, kid, is_new, &kids);
  }
  if (!changed) return n;
  if (!kids.n) return NULL;
  if (kids.n == 1 && n->kind != IR_NOT) return kids.p[0];
  n->kids = kids.p;
  n->n_kids = kids.n;
  return n;
}

static IrNode *walk(Walk *w, IrNode *n, unsigned depth) {
  if (depth > LIMIT_TREE_DEPTH) {
    run_error(w->run, ID_rule_too_large, run_place(w->run), "the pipeline nests the rule too deeply");
    return n;
  }
  if (!run_pay(w->run, 1)) return n; /* many items pass many times */
  if (n->kind == IR_CONST) return n;
  if (n->kind != IR_ITEM) return walk_kids(w, n, depth);
  IrNode *out = n;
  return change_item(w, &out) == ITEM_DROPPED ? NULL : out;
}

static bool has_own(const IrNode *n) {
  bool own = n->kind == IR_ITEM && !n->item->added;
  for (uint32_t i = 0; i < n->n_kids && !own; i++) own = has_own(n->kids[i]);
  return own;
}

/* Without a test of its own a rule would match everything that the pipeline lets through. */
static bool walk_items(PipelineRun *run, const PipelineItem *item, IrNode **root) {
  Walk w = {.run = run, .item = item};
  IrNode *n = walk(&w, *root, 0);
  if (run->failed) return false;
  if (!n || (w.dropped && !has_own(n)))
    return run_error(run, ID_pipeline_failure, run_place(run), "the pipeline drops all items of the rule: nothing is left");
  *root = n;
  return true;
}

/* --- items ----------------------------------------------------------------------------------------------------- */

static bool apply(PipelineRun *run, const PipelineItem *item, IrNode **root) {
  const Transformation *kind = item->kind;
  if (kind->on_rule) return kind->on_rule(run, item, root) && !run->failed;
  if (kind->on_name) map_fields(run, item);
  return walk_items(run, item, root);
}

static void show(PipelineRun *run, const PipelineItem *item, const IrNode *before, const IrNode *after) {
  if (!run->trace || (!run->changed && !run->note.n)) return;
  PipelineStep step = {item->id, item->kind->name, item->at, run->changed ? before : after, after, buf_view(&run->note)};
  run->trace(run->trace_ctx, run, &step);
}

static bool run_item(PipelineRun *run, const PipelineItem *item, IrNode **root) {
  Subject s = {.run = run};
  run->root = *root;
  if (!conditions_hold(&item->conditions[LEVEL_RULE], &s) || run->failed) return !run->failed;
  bool nested = item->params[0].n_items;
  Arena *scratch = run->trace && !nested ? arena_sub(run->arena) : NULL;
  const IrNode *before = scratch ? ir_copy(scratch, *root) : NULL;
  run->changed = false;
  run->note = (Buf){.arena = run->arena};
  if (!apply(run, item, root)) return false;
  if (item->id.n) intern_id(&run->applied, item->id);
  if (!nested) show(run, item, before, *root);
  if (scratch) arena_sub_done(scratch);
  return true;
}

bool run_items(PipelineRun *run, const PipelineItem *items, uint32_t n, IrNode **root) {
  for (uint32_t i = 0; i < n; i++)
    if (!run_item(run, &items[i], root)) return false;
  return true;
}

/* Modifiers that wait behind `expand`, but need no values: transformations shall see `*%name%*` as pySigma's do. */
static void settle_modifiers(void *ctx, IrNode *n) {
  PipelineRun *run = ctx;
  if (n->kind != IR_ITEM || !n->item->open || n->item->settled) return;
  IrItem *item = n->item;
  for (uint32_t i = 0; i < item->n_pending; i++)
    if (!modifier_takes_placeholders(item->pending[i])) return;
  ModifierChain c = {.arena = run->arena, .diags = run->passes->diags, .passes = run->passes, .item = item, .stage = item->stage};
  for (uint32_t i = 0; i < item->n_pending; i++)
    run->failed = !modifier_apply(&c, item->pending[i], item->pending_at[i]) || run->failed;
  item->stage = c.stage;
  item->n_pending = 0;
}

bool pipeline_run_apply(PipelineRun *run, IrNode **root) {
  ir_walk(*root, settle_modifiers, run);
  for (uint32_t i = 0; i < run->p->files.n && !run->failed; i++)
    run_items(run, run->p->files.p[i]->items.p, run->p->files.p[i]->items.n, root);
  run->root = *root;
  return !run->failed;
}

bool run_queries(PipelineRun *run, const PipelineItem *items, uint32_t n, Str *query) {
  Subject s = {.run = run};
  for (uint32_t i = 0; i < n && !run->failed; i++) {
    if (!conditions_hold(&items[i].conditions[LEVEL_RULE], &s) || run->failed) continue;
    if (!items[i].kind->on_query(run, &items[i], query)) run->failed = true;
    if (items[i].id.n) intern_id(&run->applied, items[i].id);
  }
  return !run->failed;
}

bool pipeline_run_postprocess(PipelineRun *run, Str *query) {
  for (uint32_t i = 0; i < run->p->files.n && !run->failed; i++)
    run_queries(run, run->p->files.p[i]->post.p, run->p->files.p[i]->post.n, query);
  return !run->failed;
}

/* --- results --------------------------------------------------------------------------------------------------- */

static void add_attribute(const PipelineRun *run, Plan *plan, Str key, const YamlNode *value) {
  Text name = {key, value->at};
  if (value->kind == YAML_SCALAR && value->type != SCALAR_NULL)
    *vec_add(run->arena, &plan->attributes) = (PlanAttribute){name, {value->text, value->at}};
  for (uint32_t i = 0; value->kind == YAML_LIST && i < value->n; i++) add_attribute(run, plan, key, value->items[i]);
}

static void take_index(const PipelineRun *run, Plan *plan) {
  const YamlNode *n = state_get(run, STR("index"));
  uint32_t count = !n ? 0 : n->kind == YAML_LIST ? n->n : 1;
  plan->index.p = arena_array(run->arena, Text, count);
  plan->index.n = 0;
  for (uint32_t i = 0; i < count; i++) {
    const YamlNode *e = n->kind == YAML_LIST ? n->items[i] : n;
    if (e->kind == YAML_SCALAR && e->type != SCALAR_NULL) plan->index.p[plan->index.n++] = (Text){e->text, e->at};
  }
}

void pipeline_run_results(const PipelineRun *run, Plan *plan) {
  plan->fields = (TextList){run->fields.p, run->fields.n};
  for (uint32_t i = 0; i < run->attributes.n; i++) add_attribute(run, plan, run->attributes.p[i].key, run->attributes.p[i].value);
  take_index(run, plan);
}
