/* SPDX-License-Identifier: MIT
 * Transformations of field names, in items, references and `fields`, and of `fields` itself. */
#include "compiler/pipeline_internal.h"

/* --- names ------------------------------------------------------------------------------------------------------ */

static void take_targets(PipelineRun *run, const YamlNode *n, Str rest, StrList *out) {
  uint32_t count = n->kind == YAML_LIST ? n->n : 1;
  for (uint32_t i = 0; i < count && run_pay(run, rest.n ? COST_NODE + rest.n : 0); i++) {
    Str name = n->kind == YAML_LIST ? n->items[i]->text : n->text;
    *vec_add(run->arena, out) = rest.n ? arena_printf(run->arena, STR_FMT STR_FMT, STR_ARG(name), STR_ARG(rest)) : name;
  }
}

/* The pair of keywords: `null:`. */
static const YamlNode *keyword_target(const YamlNode *map) {
  for (uint32_t i = 0; i < map->n; i++)
    if (yaml_is_null(map->pairs[i].key)) return map->pairs[i].value;
  return NULL;
}

ON_NAME(map_name) {
  const ParamValue *mapping = &item->params[0];
  uint32_t i = field.p ? intern_find(&mapping->names, field) : INTERN_NONE;
  const YamlNode *to = !field.p ? keyword_target(mapping->node) : i == INTERN_NONE ? NULL : mapping->node->pairs[i].value;
  if (!to || (field.p && yaml_is_null(mapping->node->pairs[i].key))) return false;
  take_targets(run, to, STR(""), out);
  return true;
}

PREPARE(prepare_prefixes) {
  const YamlNode *map = item->params[0].node;
  for (uint32_t i = 0; i < map->n; i++)
    if (yaml_is_null(map->pairs[i].key)) return read_error(r, ID_pipeline_format, map->pairs[i].key->at, "null is no prefix");
  return true;
}

ON_NAME(map_prefix) {
  const YamlNode *map = item->params[0].node;
  for (uint32_t i = 0; field.p && i < map->n; i++) {
    Str prefix = map->pairs[i].key->text;
    if (!str_starts(field, prefix)) continue;
    take_targets(run, map->pairs[i].value, str_from(field, prefix.n), out);
    return true;
  }
  return false;
}

static bool joined_name(PipelineRun *run, Str a, Str b, StrList *out) {
  if (!run_pay(run, COST_NODE + a.n + b.n)) return false;
  *vec_add(run->arena, out) = arena_printf(run->arena, STR_FMT STR_FMT, STR_ARG(a), STR_ARG(b));
  return true;
}

ON_NAME(add_prefix) { return field.p && joined_name(run, item->params[0].text, field, out); }

ON_NAME(add_suffix) { return field.p && joined_name(run, field, item->params[0].text, out); }

/* --- items ------------------------------------------------------------------------------------------------------ */

static void remember_mapped(PipelineRun *run, Str from, const StrList *to) {
  if (from.p) intern_id(&run->mapped, from);
  for (uint32_t i = 0; i < to->n; i++) intern_id(&run->mapped, to->p[i]);
}

static const IrMark **marks_of(PipelineRun *run, Str field) {
  uint32_t i = intern_id(&run->fields_marked, field);
  if (i == run->field_marks.n) (void)vec_add(run->arena, &run->field_marks);
  return &run->field_marks.p[i];
}

/* The names that a field of `fields` or of a reference gets, with the marks that go over to them. False: it stays. */
static bool map_reference(PipelineRun *run, const PipelineItem *item, Str field, StrList *out) {
  if (!field_matches(run, item, NULL, field, false) || !item->kind->on_name(run, item, field, out)) return false;
  const IrMark *marks = *marks_of(run, field);
  if (out->n == 1 && str_eq(out->p[0], field)) return true;
  if (item->id.n && !has_mark(marks, item->id)) {
    IrMark *m = arena_new(run->arena, IrMark);
    *m = (IrMark){item->id, marks};
    marks = m;
  }
  *marks_of(run, field) = NULL;
  for (uint32_t i = 0; i < out->n; i++) *marks_of(run, out->p[i]) = marks;
  return true;
}

/* A reference to a field with several names holds if one of them does. */
static bool change_references(PipelineRun *run, const PipelineItem *item, IrValue *v) {
  IrTests out = {0};
  bool changed = false, refers = false;
  for (uint32_t i = 0; i < v->n_alts; i++) refers = refers || v->alts[i].pred == PRED_FIELDREF;
  for (uint32_t i = 0; refers && i < v->n_alts; i++) {
    StrList names = {0};
    bool mapped = v->alts[i].pred == PRED_FIELDREF && map_reference(run, item, v->alts[i].text, &names);
    if (!mapped) *vec_add(run->arena, &out) = v->alts[i];
    for (uint32_t k = 0; mapped && k < names.n; k++) {
      IrTest *t = vec_add(run->arena, &out);
      *t = v->alts[i];
      t->text = names.p[k];
    }
    changed = changed || mapped;
  }
  if (!changed || !run_pay(run, COST_TEST * (uint64_t)out.n)) return false;
  v->alts = out.p;
  v->n_alts = out.n;
  return true;
}

static bool names_substring(const IrItem *item) {
  for (uint32_t i = 0; i < item->n_pending; i++)
    if (str_is(STR("contains"), item->pending[i]->name) || str_is(STR("startswith"), item->pending[i]->name) ||
        str_is(STR("endswith"), item->pending[i]->name))
      return true;
  return false;
}

/* Keywords are found anywhere in a value; so they are in the field that they get. Those whose chain is finished say so already. */
static void open_keyword(PipelineRun *run, IrItem *item) {
  if (!item->any_field || !item->open || names_substring(item) || modifier_anchored(item->stage)) return;
  for (uint32_t i = 0; i < item->n_values; i++)
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) {
      IrTest *t = &item->values[i].alts[k];
      if (t->pred == PRED_GLOB) t->pattern = pattern_open(run->arena, t->pattern, true, true);
    }
}

static void rename_item(IrItem *item, Str name) {
  item->field = name;
  item->any_field = false;
}

/* The whole item once per name. As in pySigma, the copies forget which items had changed the one. */
static bool multiply(PipelineRun *run, IrNode **node, const StrList *names) {
  IrNode *n = *node;
  IrNode **kids = arena_array(run->arena, IrNode *, names->n);
  if (!run_pay(run, node_cost(n) * names->n)) return false;
  for (uint32_t i = 0; i < names->n; i++) {
    kids[i] = ir_copy(run->arena, n);
    kids[i]->item->marks = NULL;
    rename_item(kids[i]->item, names->p[i]);
  }
  *node = ir_join(run->arena, n->at, IR_OR, kids, names->n);
  (*node)->selection = n->selection;
  return true;
}

ItemFate change_names(PipelineRun *run, const PipelineItem *item, IrNode **node) {
  IrItem *it = (*node)->item;
  bool changed = false;
  for (uint32_t i = 0; i < it->n_values && !run->failed; i++) changed = change_references(run, item, &it->values[i]) || changed;
  StrList names = {0};
  Str field = it->any_field ? (Str){0} : it->field;
  if (!it->any_field && !field.p) field = STR("");
  bool asked = field_matches(run, item, it, it->field, it->any_field);
  bool maps = (asked || changed) && item->kind->on_name(run, item, field, &names);
  if (maps && asked) {
    changed = true;
    open_keyword(run, it);
    if (names.n == 1) rename_item(it, names.p[0]);
    else if (!multiply(run, node, &names)) return ITEM_KEPT;
  }
  if (changed && maps) remember_mapped(run, field, &names);
  return changed ? ITEM_CHANGED : ITEM_KEPT;
}

/* --- `fields` --------------------------------------------------------------------------------------------------- */

static void note_fields(PipelineRun *run) {
  if (!run->trace) return;
  Buf b = {.arena = run->arena};
  for (uint32_t i = 0; i < run->fields.n; i++) buf_printf(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(run->fields.p[i].text));
  run_note(run, "fields = " STR_FMT, STR_ARG(buf_view(&b)));
}

void map_fields(PipelineRun *run, const PipelineItem *item) {
  VEC(Text) fields = {0};
  bool changed = false;
  for (uint32_t i = 0; i < run->fields.n && !run->failed; i++) {
    StrList names = {0};
    bool mapped = map_reference(run, item, run->fields.p[i].text, &names);
    if (!mapped) *vec_add(run->arena, &fields) = run->fields.p[i];
    for (uint32_t k = 0; mapped && k < names.n; k++) *vec_add(run->arena, &fields) = (Text){names.p[k], run->fields.p[i].at};
    changed = changed || mapped;
    if (!run_pay(run, COST_PART * (uint64_t)names.n)) return;
  }
  if (!changed) return;
  run->fields.p = fields.p;
  run->fields.n = fields.n;
  run->fields.cap = fields.cap;
  note_fields(run);
}

ON_RULE(add_field) {
  (void)root;
  for (uint32_t i = 0; i < item->params[0].list.n; i++)
    *vec_add(run->arena, &run->fields) = (Text){item->params[0].list.p[i], item->at};
  note_fields(run);
  return run_pay(run, COST_PART * (uint64_t)item->params[0].list.n);
}

/* The first of each name. */
ON_RULE(remove_field) {
  (void)root;
  uint32_t before = run->fields.n;
  for (uint32_t i = 0; i < item->params[0].list.n; i++) {
    uint32_t k = 0;
    if (!run_pay(run, run->fields.n)) return false;
    while (k < run->fields.n && !str_eq(run->fields.p[k].text, item->params[0].list.p[i])) k++;
    if (k == run->fields.n) continue;
    memmove(run->fields.p + k, run->fields.p + k + 1, (run->fields.n - k - 1) * sizeof *run->fields.p);
    run->fields.n--;
  }
  if (run->fields.n != before) note_fields(run);
  return true;
}

ON_RULE(set_field) {
  run->fields.n = 0;
  return add_field(run, item, root);
}
