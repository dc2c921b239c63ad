/* SPDX-License-Identifier: MIT */
#include "compiler/pipeline_lists.h"

#include "compiler/pipeline_internal.h"

static const char *kind_words(ParamKind kind) {
  switch (kind) {
  case PARAM_TEXT:
  case PARAM_PATH: return "text";
  case PARAM_BOOL: return "boolean";
  case PARAM_COUNT: return "number";
  case PARAM_LIST:
  case PARAM_RANGE: return "list";
  case PARAM_TEXTS: return "text or list";
  case PARAM_REGEX: return "regex";
  case PARAM_NAMES: return "map: field to field or list";
  case PARAM_VALUES: return "map: value to value or list";
  case PARAM_ITEM: return "map: field to values";
  case PARAM_SCALAR:
  case PARAM_ANY: return "value";
  case PARAM_COLUMN: return "name or number";
  case PARAM_ITEMS: return "list of items";
  case PARAM_CHOICE:
  case PARAM_REFUSED: break;
  }
  return "";
}

/* A default that is no word is shown in quotes. */
static void write_fallback(Buf *out, const Param *p) {
  if (!p->fallback) return;
  if (!p->fallback[0]) buf_str(out, STR(", ''"));
  else if (p->fallback[0] == '\n') buf_str(out, STR(", a line end"));
  else buf_printf(out, ", %s", p->fallback);
}

/* `name (type, default)`; what is needed has a star. */
static Str params_words(Arena *a, const Param *params) {
  Buf b = {.arena = a};
  for (int i = 0; i < PARAMS && params[i].name; i++) {
    const Param *p = &params[i];
    if (p->kind == PARAM_REFUSED) continue;
    if (b.n) buf_str(&b, STR("; "));
    buf_printf(&b, "%s%s (", p->name, p->required ? "*" : "");
    for (const char *c = p->kind == PARAM_CHOICE ? p->choices : kind_words(p->kind); *c; c++) {
      if (p->kind == PARAM_CHOICE && *c == ' ') buf_str(&b, STR("/"));
      else buf_char(&b, *c);
    }
    write_fallback(&b, p);
    buf_char(&b, ')');
  }
  return buf_view(&b);
}

static void list_rows(ListTable *t, const Transformation *rows, unsigned n) {
  for (unsigned i = 0; i < n; i++) {
    list_cell(t, str_of(rows[i].name));
    list_cell(t, params_words(t->arena, rows[i].params));
    list_cell(t, rows[i].refused ? arena_printf(t->arena, "refused: %s", rows[i].doc) : str_of(rows[i].doc));
  }
}

void list_transformations(ListTable *t) { list_rows(t, transformations, transformation_count); }
void list_postprocessing(ListTable *t) { list_rows(t, postprocessings, postprocessing_count); }

void list_conditions(ListTable *t) {
  for (int level = 0; level < LEVELS; level++) {
    const Condition *c;
    for (unsigned i = 0; (c = condition_row((Level)level, i)) != NULL; i++) {
      list_cell(t, arena_printf(t->arena, "%s", c->name));
      list_cell(t, arena_printf(t->arena, "%s_conditions", level_name[level]));
      list_cell(t, params_words(t->arena, c->params));
      list_cell(t, str_of(c->doc));
    }
  }
}

void list_finalizers(ListTable *t) {
  for (unsigned i = 0; i < finalizer_count; i++) {
    list_cell(t, str_of(finalizers[i].name));
    list_cell(t, params_words(t->arena, finalizers[i].params));
    list_cell(t, str_of(finalizers[i].doc));
  }
}
