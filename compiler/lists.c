/* SPDX-License-Identifier: MIT */
#include "compiler/lists.h"

#include "base/diag.h"
#include "compiler/modifiers.h"
#include "compiler/pipeline_lists.h"
#include "compiler/shipped.h"
#include "compiler/yaml.h"
#include "runtime/eventtime.h"
#include "runtime/logsource.h"
#include "runtime/op.h"
#include "runtime/pred.h"
#include "runtime/program.h"

void list_cell(ListTable *t, Str text) { *vec_add(t->arena, &t->cells) = text; }

void list_number(ListTable *t, unsigned n) { list_cell(t, arena_printf(t->arena, "%u", n)); }

static void cell(ListTable *t, const char *text) { list_cell(t, str_of(text)); }

static void list_ops(ListTable *t) {
  for (int i = 0; i < OP_COUNT; i++) {
    cell(t, op_info[i].name);
    cell(t, arg_kind_name[op_info[i].arg]);
    list_number(t, op_info[i].pops);
    list_number(t, op_info[i].push);
    cell(t, op_info[i].doc);
  }
}

static void list_predicates(ListTable *t) {
  static const char *const scopes[] = {"value", "field"};
  for (int i = 0; i < PRED_COUNT; i++) {
    cell(t, pred_info[i].name);
    cell(t, pred_info[i].word);
    cell(t, operand_kind_name[pred_info[i].operand]);
    cell(t, scopes[pred_info[i].scope]);
    cell(t, pred_info[i].doc);
  }
}

static void list_modifiers(ListTable *t) {
  for (unsigned i = 0; i < modifier_count; i++) {
    cell(t, modifiers[i].name);
    list_cell(t, modifier_input_words(t->arena, modifiers[i].accepts));
    cell(t, modifiers[i].place);
    cell(t, modifiers[i].doc);
  }
}

static void list_diagnostics(ListTable *t) {
  for (int i = 0; i < ID_COUNT; i++) {
    cell(t, diag_info[i].text);
    cell(t, diag_info[i].doc);
  }
}

static void list_sections(ListTable *t) {
  for (int i = 0; i < SECTION_COUNT; i++) {
    cell(t, section_info[i].name);
    list_number(t, (unsigned)section_info[i].record);
    cell(t, section_info[i].doc);
  }
}

static void add_cell(void *ctx, Str text) {
  ListTable *t = ctx;
  list_cell(t, arena_dup(t->arena, text));
}

static void list_logsources(ListTable *t) { logsource_list(add_cell, t, t->arena); }
static void list_views(ListTable *t) { logsource_list_views(add_cell, t, t->arena); }

static void list_time_fields(ListTable *t) {
  for (unsigned i = 0; i < event_time_field_count; i++) {
    cell(t, event_time_fields[i].path);
    cell(t, event_time_fields[i].source);
  }
}

static Str text_at(const YamlNode *map, const char *key) {
  const YamlNode *n = yaml_get(map, key);
  return n && n->kind == YAML_SCALAR ? n->text : STR("");
}

/* The files say it of themselves. */
static void list_pipelines(ListTable *t) {
  Sources sources = {.arena = t->arena};
  Diags diags = {.arena = t->arena};
  for (unsigned i = 0; i < shipped_count; i++) {
    const ShippedFile *f = &shipped_files[i];
    YamlDocs docs;
    if (!shipped_is_pipeline(f) || !yaml_parse(&docs, &sources, source_add(&sources, f->name, f->text), t->arena, &diags)) continue;
    const YamlNode *top = docs.docs.p[0];
    *vec_add(t->arena, &t->cells) = shipped_name(f);
    *vec_add(t->arena, &t->cells) = text_at(yaml_get(yaml_get(top, "vars"), "sigmac"), "target");
    *vec_add(t->arena, &t->cells) = text_at(top, "priority");
    *vec_add(t->arena, &t->cells) = text_at(top, "name");
  }
}

const ListKind compiler_lists[] = {
  {"modifiers", {"name", "takes", "place", "meaning"}, list_modifiers},
  {"ops", {"name", "operand", "pops", "pushes", "meaning"}, list_ops},
  {"predicates", {"name", "word", "operand", "scope", "meaning"}, list_predicates},
  {"diagnostics", {"id", "meaning"}, list_diagnostics},
  {"sections", {"name", "bytes", "holds"}, list_sections},
  {"logsources", {"field", "text", "and", "category/product/service"}, list_logsources},
  {"views", {"view", "field", "is", "changed"}, list_views},
  {"time-fields", {"field", "written by"}, list_time_fields},
  {"pipelines", {"name", "target", "priority", "for"}, list_pipelines},
  {"transformations", {"type", "parameters", "meaning"}, list_transformations},
  {"conditions", {"type", "where", "parameters", "holds when"}, list_conditions},
  {"postprocessing", {"type", "parameters", "meaning"}, list_postprocessing},
  {"finalizers", {"type", "parameters", "makes"}, list_finalizers},
  {NULL, {NULL}, NULL},
};

static unsigned columns(const ListTable *t) {
  unsigned n = 0;
  while (n < LIST_COLUMNS && t->heads[n]) n++;
  return n;
}

static void print_text(Buf *out, const ListTable *t) {
  size_t width[LIST_COLUMNS] = {0};
  unsigned n = columns(t);
  for (uint32_t i = 0; i < t->cells.n; i++)
    if (t->cells.p[i].n > width[i % n]) width[i % n] = t->cells.p[i].n;
  for (uint32_t i = 0; i < t->cells.n; i++) {
    Str c = t->cells.p[i];
    buf_str(out, c);
    bool last = i % n == n - 1;
    buf_printf(out, "%*s", last ? 0 : (int)(width[i % n] - c.n) + 2, "");
    if (last) buf_char(out, '\n');
  }
}

/* A `|` would end a cell. */
static void markdown_cell(Buf *out, Str s, bool code) {
  buf_str(out, code ? STR("| `") : STR("| "));
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '|') buf_char(out, '\\');
    buf_char(out, s.p[i]);
  }
  buf_str(out, code ? STR("` ") : STR(" "));
}

static void print_markdown(Buf *out, const ListTable *t) {
  unsigned n = columns(t);
  for (unsigned i = 0; i < n; i++) markdown_cell(out, str_of(t->heads[i]), false);
  buf_str(out, STR("|\n"));
  for (unsigned i = 0; i < n; i++) buf_str(out, STR("|---"));
  buf_str(out, STR("|\n"));
  for (uint32_t i = 0; i < t->cells.n; i++) {
    markdown_cell(out, t->cells.p[i], i % n == 0);
    if (i % n == n - 1) buf_str(out, STR("|\n"));
  }
}

static void print_json(Buf *out, const ListTable *t) {
  unsigned n = columns(t);
  buf_char(out, '[');
  for (uint32_t i = 0; i < t->cells.n; i++) {
    buf_str(out, i % n ? STR(",") : i ? STR("},\n{") : STR("{"));
    buf_json(out, str_of(t->heads[i % n]));
    buf_char(out, ':');
    buf_json(out, t->cells.p[i]);
  }
  buf_str(out, t->cells.n ? STR("}]\n") : STR("]\n"));
}

void list_write(Buf *out, const ListKind *kind, ListFormat format, Arena *arena) {
  ListTable t = {.arena = arena};
  memcpy(t.heads, kind->heads, sizeof t.heads);
  kind->fill(&t);
  switch (format) {
  case LIST_TEXT: print_text(out, &t); break;
  case LIST_JSON: print_json(out, &t); break;
  case LIST_MARKDOWN: print_markdown(out, &t); break;
  }
}
