/* SPDX-License-Identifier: MIT
 * What pipelines do to text: postprocessing of one query, finalizers over all of a run. */
#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/pipeline_internal.h"
#include "runtime/event_json.h"

/* --- JSON as Python writes it ------------------------------------------------------------------------------------------ */

static void escape(Buf *out, uint32_t unit) { buf_printf(out, "\\u%04x", (unsigned)unit); }

/* ASCII only, as json.dumps. */
static void write_text(Buf *out, Str s) {
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
  buf_char(out, '"');
  for (size_t i = 0, n; i < s.n; i += n) {
    uint32_t cp;
    const char *special = s.p[i] ? strchr(from, s.p[i]) : NULL;
    n = utf8_decode(s, i, &cp);
    if (!n) {
      n = 1;
      cp = 0xFFFD;
    }
    if (special) buf_printf(out, "\\%c", to[special - from]);
    else if (cp >= 0x20 && cp < 0x7F) buf_char(out, s.p[i]);
    else if (cp < 0x10000) escape(out, cp);
    else {
      escape(out, 0xD800 + ((cp - 0x10000) >> 10));
      escape(out, 0xDC00 + ((cp - 0x10000) & 0x3FF));
    }
  }
  buf_char(out, '"');
}

static void write_json(Buf *out, const Value *v, Str query) {
  switch (v->kind) {
  case VALUE_NULL: buf_str(out, STR("null")); return;
  case VALUE_BOOL:
  case VALUE_NUMBER: buf_str(out, v->text); return;
  case VALUE_TEXT: write_text(out, str_is(v->text, "%QUERY%") ? query : v->text); return;
  case VALUE_OBJECT:
  case VALUE_ARRAY: break;
  }
  bool object = v->kind == VALUE_OBJECT;
  buf_char(out, object ? '{' : '[');
  for (const Value *e = v->first; e; e = e->next) {
    if (object) write_text(out, e->key);
    if (object) buf_str(out, STR(": "));
    write_json(out, e, query);
    if (e->next) buf_str(out, STR(", "));
  }
  buf_char(out, object ? '}' : ']');
}

/* --- postprocessing ---------------------------------------------------------------------------------------------------- */

static Buf new_text(PipelineRun *run) { return (Buf){.arena = run->arena}; }

static bool query_embed(PipelineRun *run, const PipelineItem *item, Str *query) {
  if (!run_pay(run, item->params[0].text.n + query->n + item->params[1].text.n)) return false;
  *query = arena_printf(run->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(item->params[0].text), STR_ARG(*query),
                        STR_ARG(item->params[1].text));
  return true;
}

static bool query_replace(PipelineRun *run, const PipelineItem *item, Str *query) {
  return replace_in_text(run, item, *query, query);
}

static bool prepare_simple(PipelineReader *r, PipelineItem *item) {
  return (item->data = template_read_simple(r, item->params[0].node)) != NULL;
}

static bool prepare_template(PipelineReader *r, PipelineItem *item) {
  return (item->data = template_read(r, item->params[0].node, TEMPLATE_QUERY)) != NULL;
}

static bool query_template(PipelineRun *run, const PipelineItem *item, Str *query) {
  Buf b = new_text(run);
  if (!template_write(item->data, run, run->p, *query, NULL, 0, &b)) return false;
  *query = buf_view(&b);
  return true;
}

static bool prepare_json(PipelineReader *r, PipelineItem *item) {
  const YamlNode *n = item->params[0].node;
  JsonError error;
  item->data = json_read(n->text, r->arena, &error);
  return item->data || read_error(r, ID_pipeline_format, yaml_sub_span(n, error.offset, error.offset + 1),
                                  "not well-formed JSON: %s", error.message);
}

/* How often the query stands in it. */
static uint64_t queries_in(const Value *v) {
  uint64_t n = v->kind == VALUE_TEXT && str_is(v->text, "%QUERY%");
  for (const Value *e = v->kind == VALUE_OBJECT || v->kind == VALUE_ARRAY ? v->first : NULL; e; e = e->next) n += queries_in(e);
  return n;
}

static bool query_json(PipelineRun *run, const PipelineItem *item, Str *query) {
  Buf b = new_text(run);
  if (!run_pay(run, item->params[0].text.n + queries_in(item->data) * query->n)) return false;
  write_json(&b, item->data, *query);
  *query = buf_view(&b);
  return true;
}

static bool query_nested(PipelineRun *run, const PipelineItem *item, Str *query) {
  return run_queries(run, item->params[0].items, item->params[0].n_items, query);
}

#define REFUSED_OF_TEMPLATES                                                                                                 \
  {"path", PARAM_REFUSED, false, "write the template into the pipeline"},                                                    \
    {"vars", PARAM_REFUSED, false, "it runs Python: give what the template needs under `vars` of the pipeline", "unsafe"}, { \
    "autoescape", PARAM_REFUSED                                                                                              \
  }

const Transformation postprocessings[] = {
  {"embed",
   {{"prefix", PARAM_TEXT, false, ""}, {"suffix", PARAM_TEXT, false, ""}},
   .on_query = query_embed,
   .doc = "a text in front and one behind"},
  {"replace",
   {{"pattern", PARAM_REGEX, true}, {"replacement", PARAM_TEXT, true}},
   .prepare = prepare_replace,
   .on_query = query_replace,
   .doc = "every match is replaced; `\\1` and `\\g<name>` are groups"},
  {"simple_template",
   {{"template", PARAM_TEXT, true}},
   .prepare = prepare_simple,
   .on_query = query_template,
   .doc = "`{query}`, `{rule.title}`, `{pipeline.state.index}`; `{{` and `}}` are braces"},
  {"template",
   {{"template", PARAM_TEXT, true}, REFUSED_OF_TEMPLATES},
   .prepare = prepare_template,
   .on_query = query_template,
   .doc = "`{{ path }}` or `{{ path | filter }}`"},
  {"json",
   {{"json_template", PARAM_TEXT, true}},
   .prepare = prepare_json,
   .on_query = query_json,
   .doc = "JSON in which the text `%QUERY%` becomes the query"},
  {"nest", {{"items", PARAM_ITEMS, true}}, .on_query = query_nested, .doc = "these items, under the conditions of this one"},
};
const unsigned postprocessing_count = sizeof postprocessings / sizeof *postprocessings;

/* --- finalizers -------------------------------------------------------------------------------------------------------- */

enum { FINAL_CONCAT, FINAL_JSON, FINAL_YAML, FINAL_TEMPLATE, FINAL_NESTED };

const Finalizer finalizers[] = {
  {"concat",
   {{"separator", PARAM_TEXT, false, "\n"}, {"prefix", PARAM_TEXT, false, ""}, {"suffix", PARAM_TEXT, false, ""}},
   "the queries with a separator between them, a text in front and one behind"},
  {"json", {{"indent", PARAM_COUNT}}, "a JSON array of texts"},
  {"yaml", {{"indent", PARAM_COUNT}}, "a YAML list of texts"},
  {"template", {{"template", PARAM_TEXT, true}, REFUSED_OF_TEMPLATES}, "a template in which `queries` is the list"},
  {"nested", {{"finalizers", PARAM_ITEMS, true}}, "these, one after another"},
};
const unsigned finalizer_count = sizeof finalizers / sizeof *finalizers;

static const char *const final_keys[] = {"type", NULL};

static bool read_finalizer(PipelineReader *r, const YamlNode *n, FinalizerItem *out, unsigned depth) {
  const YamlNode *type = n->kind == YAML_MAP ? yaml_get(n, "type") : NULL;
  if (!type || !yaml_is_text(type)) return read_error(r, ID_pipeline_format, n->at, "a finalizer is a map with a `type`");
  for (unsigned i = 0; i < finalizer_count; i++)
    if (str_is(type->text, finalizers[i].name)) out->kind = &finalizers[i];
  out->at = n->at;
  if (!out->kind) {
    read_error(r, ID_pipeline_format, type->at, "`%s` is no finalizer", arena_cstr(r->arena, type->text));
    const char *near = nearest_name(type->text, finalizers, finalizer_count, sizeof *finalizers);
    if (near) diag_hint(r->diags, "did you mean `%s`?", near);
    return false;
  }
  if (!read_params(r, out->kind->params, n, final_keys, out->params,
                   arena_cstr(r->arena, arena_printf(r->arena, "`%s`", out->kind->name))))
    return false;
  if (out->kind == &finalizers[FINAL_TEMPLATE]) return (out->data = template_read(r, out->params[0].node, TEMPLATE_FINAL)) != NULL;
  if (out->kind != &finalizers[FINAL_NESTED]) return true;
  FinalizerItems items = {0};
  if (!read_finalizers(r, out->params[0].node, &items, depth + 1)) return false;
  out->items = items.p;
  out->n_items = items.n;
  return true;
}

bool read_finalizers(PipelineReader *r, const YamlNode *list, FinalizerItems *out, unsigned depth) {
  bool ok = true;
  if (list->kind != YAML_LIST)
    return read_error(r, ID_pipeline_format, list->at, "finalizers are a list, not %s", yaml_kind_words(list));
  if (depth > LIMIT_PIPELINE_NEST)
    return read_error(r, ID_pipeline_format, list->at, "`nested` deeper than %d", LIMIT_PIPELINE_NEST);
  for (uint32_t i = 0; i < list->n; i++) {
    FinalizerItem item = {0};
    if (++r->p->n_items > LIMIT_PIPELINE_ITEMS)
      return read_error(r, ID_pipeline_format, list->items[i]->at, "more than %d items", LIMIT_PIPELINE_ITEMS);
    ok = read_finalizer(r, list->items[i], &item, depth) && ok;
    *vec_add(r->arena, out) = item;
  }
  return ok;
}

/* What finalizers hand on: the list of queries, or one text. */
typedef struct {
  const Pipelines *p;
  Arena *arena;
  const Str *queries;
  uint32_t n;
  bool text; /* one text: queries[0] */
} Final;

/* A text may become longer by what is added for each query. False after reporting. */
static bool has_room(const Final *f, const FinalizerItem *item, uint64_t bytes) {
  for (uint32_t i = 0; i < f->n; i++) bytes += f->queries[i].n;
  if (bytes <= LIMIT_FINAL_BYTES) return true;
  diag_error(f->p->diags, ID_pipeline_format, item->at, "`%s` makes more than %d MiB of the queries", item->kind->name,
             LIMIT_FINAL_BYTES >> 20);
  return false;
}

static Buf final_buf(const Final *f) { return (Buf){.arena = f->arena}; }

static void set_text(Final *f, Str text) {
  Str *one = arena_new(f->arena, Str);
  *one = text;
  f->queries = one;
  f->n = 1;
  f->text = true;
}

static void concat(Final *f, const FinalizerItem *item) {
  Buf b = final_buf(f);
  buf_str(&b, item->params[1].text);
  for (uint32_t i = 0; i < f->n; i++) {
    if (i) buf_str(&b, item->params[0].text);
    buf_str(&b, f->queries[i]);
  }
  buf_str(&b, item->params[2].text);
  set_text(f, buf_view(&b));
}

static void final_json(Final *f, const FinalizerItem *item) {
  Buf b = final_buf(f);
  bool lines = item->params[0].node && f->n && !f->text;
  if (!f->text) buf_char(&b, '[');
  for (uint32_t i = 0; i < f->n; i++) {
    if (i) buf_str(&b, lines ? STR(",") : STR(", "));
    if (lines) buf_printf(&b, "\n%*s", (int)item->params[0].count, "");
    write_text(&b, f->queries[i]);
  }
  if (lines) buf_char(&b, '\n');
  if (!f->text) buf_char(&b, ']');
  set_text(f, buf_view(&b));
}

/* Texts in double quotes, with the escapes that JSON and YAML share. */
static void final_yaml(Final *f, const FinalizerItem *item) {
  Buf b = final_buf(f);
  (void)item;
  for (uint32_t i = 0; i < f->n; i++) {
    if (!f->text) buf_str(&b, STR("- "));
    write_text(&b, f->queries[i]);
    buf_char(&b, '\n');
  }
  if (!f->n) buf_str(&b, STR("[]\n"));
  set_text(f, buf_view(&b));
}

/* What is put around and between the queries, about. */
static uint64_t added_bytes(const Final *f, const FinalizerItem *item) {
  const ParamValue *p = item->params;
  if (item->kind == &finalizers[FINAL_CONCAT]) return p[0].text.n * (uint64_t)f->n + p[1].text.n + p[2].text.n;
  return item->kind == &finalizers[FINAL_JSON] && p[0].node ? p[0].count * (uint64_t)f->n : 0;
}

static bool finalize(Final *f, const FinalizerItem *items, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    const FinalizerItem *item = &items[i];
    if (!has_room(f, item, added_bytes(f, item))) return false;
    switch (item->kind - finalizers) {
    case FINAL_CONCAT: concat(f, item); break;
    case FINAL_JSON: final_json(f, item); break;
    case FINAL_YAML: final_yaml(f, item); break;
    case FINAL_NESTED:
      if (!finalize(f, item->items, item->n_items)) return false;
      break;
    case FINAL_TEMPLATE: {
      Buf b = final_buf(f);
      if (!template_write(item->data, NULL, f->p, (Str){0}, f->queries, f->n, &b)) return false;
      set_text(f, buf_view(&b));
      break;
    }
    }
  }
  return true;
}

/* Behind a finalizer there is one text: it cannot be joined again. */
static bool fits(const Pipelines *p, const FinalizerItem *items, uint32_t n, bool *text) {
  for (uint32_t i = 0; i < n; i++) {
    if (items[i].kind == &finalizers[FINAL_NESTED]) {
      if (!fits(p, items[i].items, items[i].n_items, text)) return false;
      continue;
    }
    bool list = items[i].kind == &finalizers[FINAL_CONCAT] || items[i].kind == &finalizers[FINAL_TEMPLATE];
    if (list && *text) {
      diag_error(p->diags, ID_pipeline_format, items[i].at, "a finalizer stands in front of `%s`, and leaves one text, no list",
                 items[i].kind->name);
      return false;
    }
    *text = true;
  }
  return true;
}

bool finalizers_fit(const Pipelines *p) {
  bool text = false;
  for (uint32_t i = 0; i < p->files.n; i++)
    if (!fits(p, p->files.p[i]->final.p, p->files.p[i]->final.n, &text)) return false;
  return true;
}

bool pipelines_have_finalizers(const Pipelines *p) {
  for (uint32_t i = 0; i < p->files.n; i++)
    if (p->files.p[i]->final.n) return true;
  return false;
}

bool pipelines_finalize(const Pipelines *p, const Str *queries, uint32_t n, Arena *arena, Str *out) {
  Final f = {p, arena, queries, n, false};
  for (uint32_t i = 0; i < p->files.n; i++)
    if (!finalize(&f, p->files.p[i]->final.p, p->files.p[i]->final.n)) return false;
  *out = f.text ? f.queries[0] : STR("");
  return true;
}
