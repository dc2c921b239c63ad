/* SPDX-License-Identifier: MIT
 * Transformations of the rule as a whole: conditions, log source, state, failures; and the item that goes. */
#include "compiler/pipeline_internal.h"

/* --- add_condition ----------------------------------------------------------------------------------------------- */

enum { CONDITIONS, NAME, TEMPLATE, NEGATED };

/* Lowered once to find its errors at their places; what comes of it is thrown away. */
PREPARE(prepare_condition) {
  Arena *scratch = arena_sub(r->arena);
  Passes passes;
  Vars vars = {0};
  passes_init(&passes, &vars, scratch, r->diags);
  budget_open(&passes.budget, item->at, item->at.end - item->at.start);
  bool ok = lower_detection(item->params[CONDITIONS].node, STR(""), &passes) != NULL;
  arena_sub_done(scratch);
  if (!ok) r->ok = false;
  return ok;
}

/* $name, ${name} and $$, as Python's string.Template; other dollars stay. */
static bool substitute(PipelineRun *run, const PipelineItem *item, Str s, Str *out) {
  const struct {
    const char *name;
    Text value;
  } known[] = {{"category", run->logsource.category}, {"product", run->logsource.product}, {"service", run->logsource.service}};
  Buf b = {.arena = run->arena};
  for (size_t i = 0; i < s.n;) {
    bool brace = i + 1 < s.n && s.p[i] == '$' && s.p[i + 1] == '{';
    size_t from = i + 1 + brace, to = from;
    while (to < s.n && (ascii_letter(s.p[to]) || ascii_digit(s.p[to]) || s.p[to] == '_')) to++;
    Str name = s.p[i] == '$' && from <= s.n ? str_sub(s, from, to) : (Str){0};
    int which = 0;
    while (which < 3 && !(name.n && str_is(name, known[which].name) && (!brace || (to < s.n && s.p[to] == '}')))) which++;
    if (which < 3 && !known[which].value.text.p)
      return run_error(run, ID_pipeline_failure, run_place(run),
                       "the pipeline puts the %s of the log source into a condition, and the rule has none", known[which].name);
    if (which < 3) {
      buf_str(&b, known[which].value.text);
      i = to + brace;
    } else {
      buf_char(&b, s.p[i]);
      i += s.p[i] == '$' && i + 1 < s.n && s.p[i + 1] == '$' ? 2 : 1;
    }
  }
  (void)item;
  *out = buf_view(&b);
  return true;
}

static const YamlNode *substitute_node(PipelineRun *run, const PipelineItem *item, const YamlNode *n) {
  YamlNode *out = arena_new(run->arena, YamlNode);
  *out = *n;
  if (yaml_is_text(n)) {
    out->exact = false;
    return substitute(run, item, n->text, &out->text) ? out : NULL;
  }
  const YamlNode **items = arena_array(run->arena, const YamlNode *, n->n);
  for (uint32_t i = 0; n->kind == YAML_LIST && i < n->n; i++)
    if (!(items[i] = substitute_node(run, item, n->items[i]))) return NULL;
  out->items = items;
  return out;
}

static const YamlNode *substitute_map(PipelineRun *run, const PipelineItem *item, const YamlNode *map) {
  YamlNode *out = arena_new(run->arena, YamlNode);
  YamlPair *pairs = arena_array(run->arena, YamlPair, map->n);
  *out = *map;
  out->pairs = pairs;
  for (uint32_t i = 0; i < map->n; i++) {
    pairs[i] = map->pairs[i];
    if (!(pairs[i].value = substitute_node(run, item, map->pairs[i].value))) return NULL;
  }
  return out;
}

/* What the pipeline adds stands, for whoever reports on it, where the rule begins: its own file is not one of rules. */
static void place_tree(void *ctx, IrNode *n) {
  const Span *at = ctx;
  n->at = *at;
  if (n->kind != IR_ITEM) return;
  n->item->added = true;
  n->item->at = n->item->field_at = n->item->all_at = *at;
  for (uint32_t i = 0; i < n->item->n_values; i++) {
    n->item->values[i].at = *at;
    n->item->values[i].node = NULL;
  }
  for (uint32_t i = 0; i < n->item->n_pending; i++) n->item->pending_at[i] = *at;
}

static void mark_added(PipelineRun *run, IrNode *n, Str id) {
  if (n->kind == IR_ITEM && id.n) {
    IrMark *m = arena_new(run->arena, IrMark);
    *m = (IrMark){id, n->item->marks};
    n->item->marks = m;
  }
  for (uint32_t i = 0; i < n->n_kids; i++) mark_added(run, n->kids[i], id);
}

/* In front of the rule. An `and` that stands above all selections takes the new one in. */
static IrNode *join_front(PipelineRun *run, IrNode *added, IrNode *root) {
  bool flat = root->kind == IR_AND && !root->selection.n;
  uint32_t n = flat ? root->n_kids : 1;
  IrNode **kids = arena_array(run->arena, IrNode *, n + 1);
  kids[0] = added;
  for (uint32_t i = 0; i < n; i++) kids[i + 1] = flat ? root->kids[i] : root;
  return ir_join(run->arena, root->at, IR_AND, kids, n + 1);
}

ON_RULE(add_condition) {
  const YamlNode *map = item->params[CONDITIONS].node;
  Span at = run_place(run);
  if (item->params[TEMPLATE].truth && !(map = substitute_map(run, item, map))) return false;
  Str name = item->params[NAME].node ? item->params[NAME].text : item->id.n ? item->id : STR("_pipeline");
  IrNode *added = lower_detection(map, name, run->passes);
  if (!added) return false;
  ir_walk(added, place_tree, &at);
  mark_added(run, added, item->id);
  if (item->params[NEGATED].truth) added = ir_not(run->arena, at, added);
  *root = join_front(run, added, *root);
  run->changed = true;
  return run_pay(run, node_cost(added) + sizeof(IrNode *) * (uint64_t)(*root)->n_kids);
}

/* --- log source, state, attributes -------------------------------------------------------------------------------- */

PREPARE(prepare_logsource) {
  if (item->params[0].node || item->params[1].node || item->params[2].node) return true;
  return read_error(r, ID_pipeline_format, item->at, "a log source needs one of category, product, service");
}

static Text attribute(const ParamValue *v) { return v->node ? (Text){v->text, v->node->at} : (Text){0}; }

ON_RULE(change_logsource) {
  (void)root;
  run->logsource = (Logsource){.category = attribute(&item->params[0]),
                               .product = attribute(&item->params[1]),
                               .service = attribute(&item->params[2]),
                               .at = run->rule->logsource.at};
  run_note(run, "logsource = " STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(item->params[0].text), STR_ARG(item->params[1].text),
           STR_ARG(item->params[2].text));
  return true;
}

static void note_value(PipelineRun *run, const char *what, Str key, const YamlNode *value) {
  Buf b = {.arena = run->arena};
  uint32_t n = value->kind == YAML_LIST ? value->n : 1;
  for (uint32_t i = 0; i < n; i++) {
    const YamlNode *e = value->kind == YAML_LIST ? value->items[i] : value;
    if (i) buf_str(&b, STR(", "));
    if (e->kind == YAML_SCALAR) buf_str(&b, e->text);
    else buf_str(&b, str_of(yaml_kind_words(e)));
  }
  run_note(run, "%s " STR_FMT " = " STR_FMT, what, STR_ARG(key), STR_ARG(buf_view(&b)));
}

ON_RULE(set_state) {
  (void)root;
  state_set(run, item->params[0].text, item->params[1].node);
  note_value(run, "state", item->params[0].text, item->params[1].node);
  return true;
}

/* The last one of a name counts. */
ON_RULE(set_attribute) {
  (void)root;
  uint32_t i = 0;
  while (i < run->attributes.n && !str_eq(run->attributes.p[i].key, item->params[0].text)) i++;
  StateEntry *e = i < run->attributes.n ? &run->attributes.p[i] : vec_add(run->arena, &run->attributes);
  *e = (StateEntry){item->params[0].text, item->params[1].node};
  note_value(run, "attribute", item->params[0].text, item->params[1].node);
  return true;
}

/* --- failures ------------------------------------------------------------------------------------------------------ */

static Str message(PipelineRun *run, const PipelineItem *item) {
  Buf b = {.arena = run->arena};
  buf_safe(&b, item->params[0].text);
  return buf_view(&b);
}

ON_RULE(fail_rule) {
  (void)root;
  return run_error(run, ID_pipeline_failure, run_place(run), "the pipeline refuses the rule: " STR_FMT,
                   STR_ARG(message(run, item)));
}

ON_ITEM(fail_item) {
  run_error(run, ID_pipeline_failure, (*node)->item->at, "the pipeline refuses the item: " STR_FMT, STR_ARG(message(run, item)));
  return ITEM_KEPT;
}

typedef struct {
  PipelineRun *run;
  Intern told;
} Unmapped;

static void find_unmapped(void *ctx, IrNode *n) {
  Unmapped *u = ctx;
  if (n->kind != IR_ITEM || n->item->any_field || n->item->settled) return;
  Str field = n->item->field;
  if (intern_find(&u->run->mapped, field) != INTERN_NONE || intern_find(&u->told, field) != INTERN_NONE) return;
  intern_id(&u->told, field);
  diag_error(u->run->passes->diags, ID_target_field, n->item->field_at, "the pipeline maps no field `" STR_FMT "`", STR_ARG(field));
  u->run->failed = true;
}

ON_RULE(fail_unmapped) {
  Unmapped u = {.run = run};
  (void)item;
  intern_init(&u.told, run->arena);
  ir_walk(*root, find_unmapped, &u);
  return !run->failed;
}

/* --- the item that goes -------------------------------------------------------------------------------------------- */

ON_ITEM(drop_item) {
  const IrItem *it = (*node)->item;
  (void)item;
  diag_warning(run->passes->diags, ID_target_approx, it->at, "the pipeline drops the item: the query does not test " STR_FMT,
               STR_ARG(it->any_field ? STR("these keywords") : it->field));
  return ITEM_DROPPED;
}

ON_RULE(run_nested) { return run_items(run, item->params[0].items, item->params[0].n_items, root); }
