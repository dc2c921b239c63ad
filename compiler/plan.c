/* SPDX-License-Identifier: MIT */
#include "compiler/plan_internal.h"

/* --- types --------------------------------------------------------------------------------------------------- */

static bool is_numeric(PredKind pred) {
  return pred == PRED_NUMBER || pred == PRED_LT || pred == PRED_LTE || pred == PRED_GT || pred == PRED_GTE;
}

/* What can be asked of a field of addresses beside networks. */
static bool is_address(const IrTest *t) {
  Address address;
  Net net;
  return (t->pred == PRED_EQ && address_parse(&address, t->text)) || ir_octets(&net, t);
}

void plan_uses(FieldUses *uses, const IrItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) {
      const IrTest *t = &item->values[i].alts[k];
      if (t->pred == PRED_IS_NULL || t->pred == PRED_EXISTS) continue;
      if (is_numeric(t->pred)) uses->numbers++;
      else if (t->pred == PRED_CIDR) uses->networks++;
      else if (is_address(t)) uses->addresses++;
      else uses->others++;
    }
}

FieldType plan_type(const PlanBranch *branch, Str field, const FieldUses *uses) {
  FieldType type;
  size_t dot = str_find(field, STR("."), 0);
  if (branch->types && types_find(branch->types, field, &type)) return type;
  if (branch->types && branch->table.n && dot != SIZE_MAX && types_find(branch->types, str_sub(field, 0, dot), &type)) return type;
  if (uses->others) return FIELD_KEYWORD;
  if (uses->networks && !uses->numbers) return FIELD_IP;
  return uses->numbers && !uses->networks && !uses->addresses ? FIELD_REAL : FIELD_KEYWORD;
}

/* --- one source ---------------------------------------------------------------------------------------------- */

static const char event_category[] = "event.category";

/* What the word before `where` says. */
static bool tests_category(const IrNode *n, Str category) {
  if (n->kind != IR_ITEM || n->item->any_field || n->item->n_values != 1 || n->item->values[0].n_alts != 1) return false;
  const IrTest *t = &n->item->values[0].alts[0];
  return str_is(n->item->field, event_category) && t->pred == PRED_EQ && str_eq_nocase(t->text, category);
}

/* A frozen item: the field is this text, or null. */
static IrNode *test_node(Arena *a, Span at, Str field, Str text, bool or_null) {
  IrItem *item = arena_new(a, IrItem);
  *item = (IrItem){.field = field, .at = at, .field_at = at, .n_values = 1 + or_null, .simplified = true, .settled = true};
  item->values = arena_array(a, IrValue, item->n_values);
  for (uint32_t i = 0; i < item->n_values; i++) {
    item->values[i] = (IrValue){.at = at, .alts = arena_new(a, IrTest), .n_alts = 1};
    item->values[i].alts[0] = (IrTest){.pred = PRED_IS_NULL};
  }
  item->values[or_null].alts[0] = (IrTest){.pred = PRED_EQ, .text = text, .pattern = pattern_literal(a, text)};
  return ir_item(a, at, item);
}

static IrNode *and_with(Arena *a, Span at, IrNode *first, IrNode *rest) {
  IrNode **kids = arena_array(a, IrNode *, 2);
  kids[0] = first;
  kids[1] = rest;
  if (rest->kind == IR_CONST) return rest->truth ? first : rest;
  return ir_join(a, at, IR_AND, kids, 2);
}

/* In an and of ands: conditions that pipelines add are selections of their own. */
static const IrNode *find_category(const IrNode *n, Str category) {
  const IrNode *found = tests_category(n, category) ? n : NULL;
  for (uint32_t i = 0; n->kind == IR_AND && i < n->n_kids && !found; i++) found = find_category(n->kids[i], category);
  return found;
}

Str plan_category(const Plan *plan) {
  Str first = plan->n_branches ? plan->branches[0].category : STR("");
  for (uint32_t i = 1; i < plan->n_branches; i++)
    if (!str_eq(plan->branches[i].category, first)) return STR("any");
  return first.n ? first : STR("any");
}

const IrNode *plan_category_test(const PlanBranch *b) {
  return b->category.n && !str_is(b->category, "any") ? find_category(b->root, b->category) : NULL;
}

/* What the statement says by its first word is compared with every letter as it is: so does the VM then. */
static void settle_category(Plan *plan) {
  Str category = plan_category(plan);
  for (uint32_t i = 0; i < plan->n_branches; i++) {
    const IrNode *test = str_eq(plan->branches[i].category, category) ? plan_category_test(&plan->branches[i]) : NULL;
    if (!test) continue;
    IrTest *t = test->item->values[0].alts;
    *t = (IrTest){.pred = PRED_EQ, .text = category, .cased = true, .pattern = t->pattern};
  }
}

/* Most sources have the test as a condition that their pipeline adds, for other readers of it. */
static void add_category(Planner *p, PlanBranch *b) {
  if (!b->category.n || str_is(b->category, "any") || plan_category_test(b)) return;
  Span at = p->rule->logsource.at;
  b->root = and_with(p->arena, at, test_node(p->arena, at, str_of(event_category), b->category, false), b->root);
}

static bool has_text(const TextList *list, Str text) {
  for (uint32_t i = 0; i < list->n; i++)
    if (str_eq(list->p[i].text, text)) return true;
  return false;
}

/* The events of all branches must be in the index patterns: where one has none, none is known. */
static void add_index(Planner *p, const TextList *more) {
  TextList *index = &p->plan->index;
  Text *all = arena_array(p->arena, Text, index->n + more->n);
  if (index->n) memcpy(all, index->p, index->n * sizeof *all);
  TextList both = {all, index->n};
  for (uint32_t i = 0; i < more->n; i++)
    if (!has_text(&both, more->p[i].text)) all[both.n++] = more->p[i];
  *index = index->n && more->n ? both : (TextList){0};
}

/* What the transformations of a branch that takes part left beside its tree; but for the index it is that of the first. */
void plan_take_results(Planner *p) {
  Plan *plan = p->plan, other = {0};
  if (!p->run) return;
  pipeline_run_results(p->run, plan->run ? &other : plan);
  if (plan->run) add_index(p, &other.index);
  else plan->run = p->run;
}

static bool freeze(Planner *p, PlanBranch *b) {
  IrRule rule = {.rule = p->rule, .root = b->root};
  if (!expand_tree(b->root, p->passes) || !simplify_rule(&rule, p->passes)) return false;
  b->root = rule.root;
  return true;
}

/* A branch for a tree of its own; `e` NULL: no source. */
bool plan_branch(Planner *p, PlanBranch *b, IrNode *root, const ModelEntry *e, Logsource logsource) {
  *b = (PlanBranch){.root = root, .logsource = logsource};
  if (e) {
    b->table = e->table.text;
    if (p->model->target == TARGET_EQL) b->category = e->category_keyword.text.n ? e->category_keyword.text : STR("any");
    b->root = plan_sigma_fields(p, b->root, e);
    if (!b->root) return false;
  }
  const PlanTrace *trace = p->options->trace;
  if (trace) trace->source(trace->ctx, b);
  p->run = NULL;
  if (p->pipelines) {
    p->run = pipeline_run_new(p->pipelines, p->rule, logsource, p->options->target, p->passes);
    if (trace) pipeline_run_trace(p->run, trace->step, trace->ctx);
    if (!pipeline_run_apply(p->run, &b->root)) return false;
    const YamlNode *table = p->model ? NULL : pipeline_run_state(p->run, "query_table");
    if (table && table->kind == YAML_SCALAR) b->table = table->text;
  }
  if (!freeze(p, b)) return false;
  add_category(p, b);
  if (e) plan_columns(p, b, e);
  plan_types(p, b, e);
  plan_target_fields(p, b, e);
  return !p->passes->budget.told;
}

static void plan_single(Planner *p, const IrNode *root, const ModelEntry *e) {
  IrNode *own = plan_copy(p, root);
  Plan *plan = p->plan;
  plan->branches = arena_new(p->arena, PlanBranch);
  plan->scoped = e != NULL;
  if (!own || !plan_branch(p, plan->branches, own, e, p->rule->logsource)) p->ok = false;
  else plan_take_results(p);
  plan->n_branches = 1;
  if (p->ok && plan->branches->table.n) plan->scoped = true;
}

/* --- planning ------------------------------------------------------------------------------------------------ */

void plan_no_source(Planner *p, const char *hint) {
  const Logsource *l = &p->rule->logsource;
  const Str parts[] = {l->product.text, l->category.text, l->service.text};
  Buf out = {.arena = p->arena};
  for (int i = 0; i < 3; i++) {
    if (parts[i].n && out.n) buf_char(&out, '/');
    buf_str(&out, parts[i]);
  }
  p->ok = false;
  diag_error(p->passes->diags, ID_target_logsource, l->at, "no source of the pipeline fits the log source " STR_FMT,
             STR_ARG(buf_view(&out)));
  diag_hint(p->passes->diags, "%s", hint);
}

/* Where no source fits, the pipeline may say why. */
static void refuse_logsource(Planner *p, const IrNode *root) {
  IrNode *own = plan_copy(p, root);
  p->ok = false;
  if (!own || !pipeline_run_apply(pipeline_run_new(p->pipelines, p->rule, p->rule->logsource, p->options->target, p->passes), &own))
    return;
  plan_no_source(p, "use a pipeline for it, or add one with a source of its own");
}

static void plan_sources(Planner *p, const IrRule *rule) {
  const ModelSource *one = model_select(p->model, &p->rule->logsource);
  ModelSources selected = {0};
  if (one) {
    plan_single(p, rule->root, one->entry);
    return;
  }
  model_select_wide(&selected, p->model, &p->rule->logsource, p->arena);
  if (selected.n) plan_wide(p, rule, &selected);
  else refuse_logsource(p, rule->root);
}

static void tell_absent(Planner *p) {
  enum { MOST = 8 };
  const Intern *names = &p->as_absent;
  Buf out = {.arena = p->arena};
  for (uint32_t i = 0; i < names->names.n && i < MOST; i++) {
    buf_str(&out, i ? STR(", ") : STR(""));
    buf_str(&out, names->names.p[i]);
  }
  if (names->names.n > MOST) buf_printf(&out, " and %u more", names->names.n - MOST);
  diag_warning(p->passes->diags, ID_target_absent, p->absent_at, "taken as absent, since the target never has them: " STR_FMT,
               STR_ARG(buf_view(&out)));
}

static void note_selection(void *ctx, IrNode *n) {
  if (n->selection.n) intern_id(ctx, n->selection);
}

/* An identifier that no condition names has no effect, but it must be valid (semantics 4.10). What a pipeline would do with it
 * is not known: it sees the condition alone. */
static bool unused_valid(const IrRule *rule, Passes *passes) {
  Intern used;
  bool ok = true;
  intern_init(&used, passes->arena);
  ir_walk(rule->root, note_selection, &used);
  for (uint32_t i = 0; i < rule->rule->n_detections; i++)
    if (intern_find(&used, rule->rule->detections[i].name) == INTERN_NONE)
      ok = expand_tree(ir_copy(passes->arena, rule->selections[i]), passes) && ok;
  return ok;
}

bool plan_rule(Plan *out, const IrRule *rule, const struct Pipelines *pipelines, const PlanOptions *options, Passes *passes) {
  const Model *model = pipelines ? options->model : NULL;
  *out = (Plan){.rule = rule->rule, .target = options->target, .fields = rule->rule->fields};
  Planner p = {.passes = passes,
               .arena = passes->arena,
               .pipelines = pipelines,
               .options = options,
               .model = model,
               .rule = rule->rule,
               .plan = out,
               .ok = true};
  intern_init(&p.told, passes->arena);
  intern_init(&p.as_absent, passes->arena);
  if (model) {
    out->time_field = model->time.text;
    out->table_fields = model->table_fields;
  }
  if (model && model->sources.n) plan_sources(&p, rule);
  else plan_single(&p, rule->root, NULL);
  if (!pipelines) p.ok = unused_valid(rule, passes) && p.ok;
  if (p.ok && p.as_absent.names.n) tell_absent(&p);
  if (p.ok) settle_category(out);
  return p.ok && !passes->budget.told;
}

/* --- for the VM ---------------------------------------------------------------------------------------------- */

static bool computes(const PlanBranch *b, Str name) {
  for (uint32_t i = 0; i < b->n_columns; i++)
    if (str_eq(b->columns[i].name, name)) return true;
  return false;
}

/* An event that names its table must name this one. */
static IrNode *with_table(const Plan *plan, const PlanBranch *b, Arena *a) {
  Span at = plan->rule->logsource.at;
  IrNode *root = b->root;
  for (uint32_t i = plan->table_fields.n; b->table.n && i-- > 0;) {
    Str name = plan->table_fields.p[i].text;
    if (computes(b, name)) continue;
    root = and_with(a, at, test_node(a, at, name, b->table, true), root);
  }
  return root;
}

bool plan_join(IrRule *out, const Plan *plan, Passes *passes) {
  IrNode **kids = arena_array(passes->arena, IrNode *, plan->n_branches);
  for (uint32_t i = 0; i < plan->n_branches; i++) kids[i] = with_table(plan, &plan->branches[i], passes->arena);
  *out = (IrRule){.rule = plan->rule};
  out->root = ir_join(passes->arena, plan->rule->at, IR_OR, kids, plan->n_branches);
  return true;
}
