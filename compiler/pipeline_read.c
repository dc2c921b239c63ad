/* SPDX-License-Identifier: MIT
 * The YAML of a pipeline: its keys, its items, their conditions. Every error of a file is reported. */
#include "base/decimal.h"
#include "base/limits.h"
#include "compiler/pipeline_internal.h"

#include <stdlib.h>

static bool format_error(PipelineReader *r, Span at, const char *what, const YamlNode *n, const char *wanted) {
  return read_error(r, ID_pipeline_format, at, "%s is %s, not %s", what, wanted, yaml_kind_words(n));
}

/* --- conditions ---------------------------------------------------------------------------------------------- */

static const char *const type_key[] = {"type", NULL};

static const char *nearest_condition(Level level, Str name) {
  const char *names[16];
  unsigned n = 0;
  for (const Condition *c; n < 16 && (c = condition_row(level, n)) != NULL;) names[n++] = c->name;
  return nearest_name(name, names, n, sizeof *names);
}

static bool read_condition(PipelineReader *r, Level level, const YamlNode *n, PipelineCond *out) {
  if (n->kind != YAML_MAP) return format_error(r, n->at, "a condition", n, "a map");
  const YamlNode *type = yaml_get(n, "type");
  if (!type) return read_error(r, ID_pipeline_format, n->at, "the condition has no `type`");
  if (!yaml_is_text(type)) return format_error(r, type->at, "`type`", type, "text");
  out->kind = condition_find(level, type->text);
  out->at = n->at;
  if (!out->kind) {
    read_error(r, ID_pipeline_format, type->at, "`%s` is no condition on %s", arena_cstr(r->arena, type->text),
               level == LEVEL_RULE   ? "rules"
               : level == LEVEL_ITEM ? "detection items"
                                     : "field names");
    const char *near = nearest_condition(level, type->text);
    for (int l = 0; !near && l < LEVELS; l++)
      if (condition_find((Level)l, type->text)) diag_hint(r->diags, "it belongs into `%s_conditions`", level_name[l]);
    if (near) diag_hint(r->diags, "did you mean `%s`?", near);
    return false;
  }
  if (n->n == 1 && out->kind->params[0].name && !out->kind->params[0].required)
    return read_error(r, ID_pipeline_format, n->at, "the condition `%s` has no parameter, and would always hold", out->kind->name);
  return read_params(r, out->kind->params, n, type_key, out->params,
                     arena_cstr(r->arena, arena_printf(r->arena, "the condition `%s`", out->kind->name)));
}

static bool read_condition_list(PipelineReader *r, Level level, const YamlNode *n, Conditions *out) {
  bool ok = true;
  intern_init(&out->names, r->arena);
  for (uint32_t i = 0; i < n->n; i++) {
    PipelineCond c = {0};
    ok = read_condition(r, level, n->kind == YAML_MAP ? n->pairs[i].value : n->items[i], &c) && ok;
    *vec_add(r->arena, &out->list) = c;
    if (n->kind == YAML_MAP) intern_id(&out->names, n->pairs[i].key->text);
  }
  return ok;
}

static bool read_expr(PipelineReader *r, const YamlNode *n, const YamlNode *conditions, Conditions *out) {
  if (!yaml_is_text(n)) return format_error(r, n->at, "an expression of conditions", n, "text");
  if (!conditions || conditions->kind != YAML_MAP) {
    read_error(r, ID_pipeline_format, n->at, "an expression needs conditions with names");
    diag_hint(r->diags, "write the conditions as a map of names to conditions");
    return false;
  }
  return (out->expr = read_condition_expr(r, n, conditions, out)) != NULL;
}

static const YamlNode *level_get(PipelineReader *r, const YamlNode *item, Level level, const char *suffix) {
  return yaml_get(item, arena_cstr(r->arena, arena_printf(r->arena, "%s_%s", level_name[level], suffix)));
}

static void read_op(PipelineReader *r, const YamlNode *op, const YamlNode *expr, Conditions *out) {
  out->any = str_is(op->text, "or");
  if (op->kind != YAML_SCALAR || (!out->any && !str_is(op->text, "and")))
    read_error(r, ID_pipeline_format, op->at, "conditions are joined by `and` or `or`");
  else if (expr) read_error(r, ID_pipeline_format, op->at, "an expression says how conditions are joined: no operator beside it");
}

static void read_level(PipelineReader *r, const YamlNode *item, Level level, Conditions *out) {
  const YamlNode *n = level_get(r, item, level, "conditions"), *op = level_get(r, item, level, "cond_op");
  const YamlNode *expr = level_get(r, item, level, "cond_expr"), *negated = level_get(r, item, level, "cond_not");
  if (n && n->kind != YAML_LIST && n->kind != YAML_MAP) {
    format_error(r, n->at, "conditions", n, "a list or a map");
    return;
  }
  bool ok = !n || read_condition_list(r, level, n, out);
  if (op) read_op(r, op, expr, out);
  if (expr && ok) read_expr(r, expr, n, out);
  if (negated && (negated->kind != YAML_SCALAR || negated->type != SCALAR_BOOL))
    format_error(r, negated->at, "a negation of conditions", negated, "true or false");
  else if (negated) out->negated = negated->truth;
}

/* --- items --------------------------------------------------------------------------------------------------- */

/* All keys that every item may have. */
static const char *const item_keys[] = {"id",
                                        "type",
                                        "rule_conditions",
                                        "rule_cond_op",
                                        "rule_cond_expr",
                                        "rule_cond_not",
                                        "detection_item_conditions",
                                        "detection_item_cond_op",
                                        "detection_item_cond_expr",
                                        "detection_item_cond_not",
                                        "field_name_conditions",
                                        "field_name_cond_op",
                                        "field_name_cond_expr",
                                        "field_name_cond_not",
                                        NULL};
static const char *const query_keys[] = {"id", "type", "rule_conditions", "rule_cond_op", "rule_cond_expr", "rule_cond_not", NULL};

static const Transformation *read_type(PipelineReader *r, const YamlNode *n, const Transformation *rows, unsigned n_rows) {
  const YamlNode *type = yaml_get(n, "type");
  const Transformation *kind = NULL;
  if (!type) {
    read_error(r, ID_pipeline_format, n->at, "the item has no `type`");
    return NULL;
  }
  if (!yaml_is_text(type)) {
    format_error(r, type->at, "`type`", type, "text");
    return NULL;
  }
  for (unsigned i = 0; i < n_rows && !kind; i++)
    if (str_is(type->text, rows[i].name)) kind = &rows[i];
  if (kind && kind->refused) {
    read_error(r, kind->refused, type->at, "`%s` is refused", kind->name);
    diag_hint(r->diags, "%s", kind->doc);
    return NULL;
  }
  if (kind) return kind;
  read_error(r, ID_pipeline_format, type->at, "`%s` is no %s", arena_cstr(r->arena, type->text),
             rows == transformations ? "transformation" : "postprocessing");
  const char *near = nearest_name(type->text, rows, n_rows, sizeof *rows);
  if (near) diag_hint(r->diags, "did you mean `%s`?", near);
  return NULL;
}

/* Conditions that no transformation of this kind looks at would be ignored without a word. */
static void warn_levels(PipelineReader *r, const YamlNode *n, const PipelineItem *item) {
  for (int level = LEVEL_ITEM; level < LEVELS; level++) {
    const YamlNode *c = level_get(r, n, (Level)level, "conditions");
    if (c && item->conditions[level].list.n && !(item->kind->levels & 1u << level))
      diag_warning(r->diags, ID_pipeline_format, c->at, "`%s_conditions` have no effect on `%s`", level_name[level],
                   item->kind->name);
  }
}

static bool conditioned(const PipelineItem *item) {
  return item->conditions[LEVEL_ITEM].list.n || item->conditions[LEVEL_FIELD].list.n;
}

static bool read_items(PipelineReader *r, const YamlNode *list, const Transformation *rows, unsigned n_rows, Items *out,
                       unsigned depth);

static bool read_nested(PipelineReader *r, PipelineItem *item, const Transformation *rows, unsigned n_rows, unsigned depth) {
  for (int i = 0; i < PARAMS && item->kind->params[i].name; i++) {
    ParamValue *v = &item->params[i];
    Items items = {0};
    if (item->kind->params[i].kind != PARAM_ITEMS || !v->node) continue;
    if (!read_items(r, v->node, rows, n_rows, &items, depth + 1)) return false;
    v->items = items.p;
    v->n_items = items.n;
  }
  return true;
}

static void read_id(PipelineReader *r, const YamlNode *n, PipelineItem *item) {
  const YamlNode *id = yaml_get(n, "id");
  if (!id || yaml_is_null(id)) return;
  if (id->kind != YAML_SCALAR) {
    format_error(r, id->at, "`id`", id, "text");
    return;
  }
  item->id = id->text;
  item->id_at = id->at;
}

static bool read_item(PipelineReader *r, const YamlNode *n, const Transformation *rows, unsigned n_rows, PipelineItem *item,
                      unsigned depth) {
  if (n->kind != YAML_MAP) return format_error(r, n->at, "an item", n, "a map");
  const char *const *keys = rows == transformations ? item_keys : query_keys;
  item->kind = read_type(r, n, rows, n_rows);
  item->at = n->at;
  item->file = &r->file->file;
  if (!item->kind) return false;
  read_id(r, n, item);
  for (int level = 0; level < (rows == transformations ? LEVELS : LEVEL_ITEM); level++)
    read_level(r, n, (Level)level, &item->conditions[level]);
  const char *what = arena_cstr(r->arena, arena_printf(r->arena, "`%s`", item->kind->name));
  if (!read_params(r, item->kind->params, n, keys, item->params, what)) return false;
  if (item->kind->needs_condition && !conditioned(item)) {
    read_error(r, ID_pipeline_format, n->at, "`%s` without conditions on items or field names would hit everything",
               item->kind->name);
    diag_hint(r->diags, "add `field_name_conditions` or `detection_item_conditions`");
    return false;
  }
  warn_levels(r, n, item);
  return read_nested(r, item, rows, n_rows, depth) && (!item->kind->prepare || item->kind->prepare(r, item));
}

static bool read_items(PipelineReader *r, const YamlNode *list, const Transformation *rows, unsigned n_rows, Items *out,
                       unsigned depth) {
  bool ok = true;
  if (list->kind != YAML_LIST) return format_error(r, list->at, "items", list, "a list");
  if (depth > LIMIT_PIPELINE_NEST) return read_error(r, ID_pipeline_format, list->at, "`nest` deeper than %d", LIMIT_PIPELINE_NEST);
  for (uint32_t i = 0; i < list->n; i++) {
    PipelineItem item = {0};
    if (++r->p->n_items > LIMIT_PIPELINE_ITEMS)
      return read_error(r, ID_pipeline_format, list->items[i]->at, "more than %d items", LIMIT_PIPELINE_ITEMS);
    ok = read_item(r, list->items[i], rows, n_rows, &item, depth) && ok;
    *vec_add(r->arena, out) = item;
  }
  return ok;
}

/* --- the file ------------------------------------------------------------------------------------------------ */

static void read_priority(PipelineReader *r, const YamlNode *n) {
  if (n->kind != YAML_SCALAR || (n->type != SCALAR_INT && n->type != SCALAR_FLOAT)) {
    format_error(r, n->at, "`priority`", n, "a number");
    return;
  }
  r->file->file.priority = strtod(arena_cstr(r->arena, n->number), NULL);
}

static void read_backends(PipelineReader *r, const YamlNode *n) {
  if (n->kind != YAML_LIST) {
    format_error(r, n->at, "`allowed_backends`", n, "a list of texts");
    return;
  }
  TextList *out = &r->file->backends;
  out->p = arena_array(r->arena, Text, n->n);
  for (uint32_t i = 0; i < n->n; i++) {
    if (!yaml_is_text(n->items[i])) format_error(r, n->items[i]->at, "`allowed_backends`", n->items[i], "a list of texts");
    else out->p[out->n++] = (Text){n->items[i]->text, n->items[i]->at};
  }
}

static void read_target(PipelineReader *r, const YamlNode *sigmac) {
  const YamlNode *n = yaml_get(sigmac, "target");
  if (!n) return;
  r->file->target_at = n->at;
  if (yaml_is_text(n)) r->file->target = target_find(n->text);
  if (r->file->target == TARGET_NONE) read_error(r, ID_pipeline_format, n->at, "`target` is " WORDS_OF_TARGETS);
}

static void read_vars(PipelineReader *r, const YamlNode *n) {
  if (n->kind != YAML_MAP) {
    format_error(r, n->at, "`vars`", n, "a map");
    return;
  }
  r->file->vars = n;
  const YamlNode *sigmac = yaml_get(n, "sigmac");
  if (sigmac && sigmac->kind != YAML_MAP) format_error(r, sigmac->at, "`sigmac`", sigmac, "a map");
  else if (sigmac) read_target(r, r->file->file.sigmac = sigmac);
}

static const Param top_keys[PARAMS] = {
  {"name", PARAM_TEXT},
  {"priority", PARAM_ANY},
  {"vars", PARAM_ANY},
  {"transformations", PARAM_ANY},
  {"postprocessing", PARAM_ANY},
  {"finalizers", PARAM_ANY},
  {"allowed_backends", PARAM_ANY},
};
static const char *const no_keys[] = {NULL};

static const YamlNode *given(const YamlNode *top, const char *key) {
  const YamlNode *n = yaml_get(top, key);
  return yaml_is_null(n) ? NULL : n;
}

static void read_top(PipelineReader *r, const YamlNode *top) {
  ParamValue values[PARAMS] = {0};
  Pipeline *f = r->file;
  const YamlNode *n;
  if (top->kind != YAML_MAP) {
    format_error(r, top->at, "a pipeline", top, "a map");
    return;
  }
  f->at = top->at;
  read_params(r, top_keys, top, no_keys, values, "a pipeline");
  f->file.name = values[0].text;
  if ((n = given(top, "priority")) != NULL) read_priority(r, n);
  if ((n = given(top, "allowed_backends")) != NULL) read_backends(r, n);
  if ((n = given(top, "vars")) != NULL) read_vars(r, n);
  if ((n = given(top, "transformations")) != NULL) read_items(r, n, transformations, transformation_count, &f->items, 0);
  if ((n = given(top, "postprocessing")) != NULL) read_items(r, n, postprocessings, postprocessing_count, &f->post, 0);
  if ((n = given(top, "finalizers")) != NULL) read_finalizers(r, n, &f->final, 0);
}

bool pipeline_read(Pipelines *p, Pipeline *file, uint32_t source) {
  PipelineReader r = {p, file, p->arena, p->diags, true};
  YamlDocs docs = {0};
  if (!yaml_parse(&docs, p->sources, source, p->arena, p->diags)) return false;
  if (!docs.docs.n) return read_error(&r, ID_pipeline_format, (Span){source, 0, 0}, "the file is empty");
  if (docs.docs.n > 1) return read_error(&r, ID_pipeline_format, docs.spans.p[1], "a second document: a pipeline is one");
  read_top(&r, docs.docs.p[0]);
  return r.ok;
}
