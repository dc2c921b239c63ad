/* SPDX-License-Identifier: MIT
 * Placeholders that get their values inside of a pipeline: from variables, as wildcards, from a file. */
#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/pipeline_internal.h"

enum { INCLUDE, EXCLUDE, FILE_PATH, FORMAT, CSV_COLUMN, CSV_HAS_HEADER, FILTER };

PREPARE(prepare_placeholders) {
  const YamlNode *both = item->params[INCLUDE].node ? item->params[EXCLUDE].node : NULL;
  return !both || read_error(r, ID_pipeline_format, both->at, "`include` and `exclude` exclude each other");
}

PREPARE(prepare_wildcards) {
  r->p->gives_values = true;
  return prepare_placeholders(r, item);
}

static bool handles(const PipelineItem *item, Str name) {
  if (item->params[INCLUDE].node) return intern_find(&item->params[INCLUDE].names, name) != INTERN_NONE;
  return !item->params[EXCLUDE].node || intern_find(&item->params[EXCLUDE].names, name) == INTERN_NONE;
}

/* The first placeholder that the item handles; UINT32_MAX where there is none. */
static uint32_t first_handled(const PipelineItem *item, const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_PLACEHOLDER && handles(item, p->p[i].text)) return i;
  return UINT32_MAX;
}

/* --- values of a name ---------------------------------------------------------------------------------------------- */

/* NULL after reporting. */
typedef const StrList *Values(PipelineRun *run, const PipelineItem *item, const IrValue *v, Str name);

static const StrList *values_of_vars(PipelineRun *run, const PipelineItem *item, const IrValue *v, Str name) {
  const Var *var = vars_use(run->passes->vars, name);
  (void)item;
  if (!var) {
    run_error(run, ID_placeholder_undefined, v->at, "placeholder `%%" STR_FMT "%%` has no values", STR_ARG(name));
    diag_hint(run->passes->diags, "give it values in `vars` of the pipeline, with --var " STR_FMT "=VALUE or a file (--vars)",
              STR_ARG(name));
    return NULL;
  }
  StrList *out = arena_new(run->arena, StrList);
  *out = (StrList){var->values.p, var->values.n, var->values.n};
  return out;
}

static const StrList *values_of_file(PipelineRun *run, const PipelineItem *item, const IrValue *v, Str name) {
  (void)run, (void)v, (void)name;
  return item->data;
}

/* --- replacing ----------------------------------------------------------------------------------------------------- */

static bool replace_one(PipelineRun *run, const PipelineItem *item, const IrValue *v, const IrTest *t, uint32_t at, Values *values,
                        IrTests *out) {
  Pattern before = {t->pattern.p, at}, after = {t->pattern.p + at + 1, t->pattern.n - at - 1};
  const StrList *list = values ? values(run, item, v, t->pattern.p[at].text) : NULL;
  if (values && !list) return false;
  for (uint32_t i = 0; i < (list ? list->n : 1); i++) {
    Pattern value = pattern_open(run->arena, (Pattern){0}, true, false); /* `*` */
    if (t->pred == PRED_RE)
      value = list ? expand_in_regex(run->arena, &before, list->p[i]) : pattern_literal(run->arena, STR(".*"));
    else if (list) value = pattern_parse(run->arena, list->p[i]);
    IrTest *copy = vec_add(run->arena, out);
    *copy = *t;
    copy->pattern = pattern_join(run->arena, pattern_join(run->arena, before, value), after);
    copy->text = pattern_print(run->arena, &copy->pattern);
    if (t->pred == PRED_RE && !pattern_has_placeholder(&copy->pattern)) copy->text = pattern_text(run->arena, &copy->pattern);
    if (!run_pay(run, modifier_cost(copy))) return false;
  }
  return true;
}

/* Round by round: each replaces one placeholder of every alternative. */
static bool replace(PipelineRun *run, const PipelineItem *item, const IrValue *v, const IrTest *in, Values *values, IrTests *out) {
  IrTests now = {0};
  if (first_handled(item, &in->pattern) == UINT32_MAX) return false;
  *vec_add(run->arena, &now) = *in;
  for (bool more = true; more && !run->failed;) {
    IrTests next = {0};
    more = false;
    for (uint32_t i = 0; i < now.n && !run->failed; i++) {
      uint32_t at = first_handled(item, &now.p[i].pattern);
      more = more || at != UINT32_MAX;
      if (at == UINT32_MAX) *vec_add(run->arena, &next) = now.p[i];
      else replace_one(run, item, v, &now.p[i], at, values, &next);
      if (next.n > LIMIT_ALTERNATIVES)
        run_error(run, ID_too_many_alternatives, v->at, "the value expands to more than %d alternatives", LIMIT_ALTERNATIVES);
    }
    now = next;
  }
  for (uint32_t i = 0; i < now.n; i++) *vec_add(run->arena, out) = now.p[i];
  return !run->failed;
}

ON_VALUE(value_placeholders) { return replace(run, item, v, in, values_of_vars, out); }
ON_VALUE(wildcard_placeholders) { return replace(run, item, v, in, NULL, out); }
ON_VALUE(file_placeholders) { return replace(run, item, v, in, values_of_file, out); }

/* --- files --------------------------------------------------------------------------------------------------------- */

static Str trim(Str s) {
  while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) s = str_from(s, 1);
  while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r')) s.n--;
  return s;
}

static bool add_value(PipelineReader *r, const PipelineItem *item, StrList *out, Str value) {
  if (item->params[FILTER].node) {
    Arena *scratch = arena_sub(r->arena);
    const Regex *re = item->params[FILTER].regex[0];
    SearchResult found = regex_search(re, regex_scratch_new(scratch), value);
    arena_sub_done(scratch);
    if (found == SEARCH_LIMIT)
      return read_error(r, ID_regex_limit, item->params[FILTER].node->at, "`filter` takes too long on a value of the file");
    if (found == SEARCH_MISS) return true;
  }
  if (out->n == LIMIT_ALTERNATIVES)
    return read_error(r, ID_pipeline_file, item->params[FILE_PATH].node->at, "the file has more than %d values",
                      LIMIT_ALTERNATIVES);
  *vec_add(r->arena, out) = value;
  return true;
}

/* Lines with something in them, without blanks around it. */
static bool read_lines(PipelineReader *r, const PipelineItem *item, Str text, StrList *out) {
  for (size_t i = 0; i < text.n;) {
    size_t end = str_find(text, STR("\n"), i);
    if (end == SIZE_MAX) end = text.n;
    Str line = trim(str_sub(text, i, end));
    if (line.n && !add_value(r, item, out, line)) return false;
    i = end + 1;
  }
  return true;
}

/* A cell of CSV (RFC 4180) from *i on; *i is then at what ends it. */
static Str csv_cell(Arena *a, Str s, size_t *i) {
  Buf b = {.arena = a};
  bool quoted = *i < s.n && s.p[*i] == '"';
  for (*i += quoted; *i < s.n; (*i)++) {
    char c = s.p[*i];
    if (quoted && c == '"') {
      if (*i + 1 >= s.n || s.p[*i + 1] != '"') {
        quoted = false;
        continue;
      }
      (*i)++;
    } else if (!quoted && (c == ',' || c == '\n' || c == '\r')) {
      break;
    }
    buf_char(&b, c);
  }
  return buf_view(&b);
}

/* The cells of a row; *i is then at the next row. */
static void csv_row(Arena *a, Str s, size_t *i, StrList *cells) {
  cells->n = 0;
  while (true) {
    *vec_add(a, cells) = csv_cell(a, s, i);
    if (*i >= s.n || s.p[*i] != ',') break;
    (*i)++;
  }
  if (*i < s.n && s.p[*i] == '\r') (*i)++;
  if (*i < s.n && s.p[*i] == '\n') (*i)++;
}

static bool csv_column(PipelineReader *r, const PipelineItem *item, const StrList *header, uint64_t *column) {
  const ParamValue *wanted = &item->params[CSV_COLUMN];
  bool number = wanted->node->type == SCALAR_INT;
  *column = wanted->count;
  for (uint32_t i = 0; !number && i < header->n; i++) {
    *column = i;
    if (str_eq(header->p[i], wanted->text)) return true;
  }
  return number ||
         read_error(r, ID_pipeline_file, wanted->node->at, "the file has no column `%s`", arena_cstr(r->arena, wanted->text));
}

static bool read_csv(PipelineReader *r, const PipelineItem *item, Str text, StrList *out) {
  StrList cells = {0};
  uint64_t column = 0;
  size_t i = 0;
  if (item->params[CSV_HAS_HEADER].truth) csv_row(r->arena, text, &i, &cells);
  if (!csv_column(r, item, &cells, &column)) return false;
  while (i < text.n) {
    size_t before = i;
    csv_row(r->arena, text, &i, &cells);
    if (i == before) i++;
    bool blank = cells.n == 1 && !cells.p[0].n;
    if (!blank && column < cells.n && !add_value(r, item, out, cells.p[column])) return false;
  }
  return true;
}

static bool check_format(PipelineReader *r, const PipelineItem *item) {
  bool csv = item->params[FORMAT].choice == 1;
  const ParamValue *column = &item->params[CSV_COLUMN];
  if (csv && !column->node) return read_error(r, ID_pipeline_format, item->at, "format csv needs `csv_column`");
  if (!csv && column->node) return read_error(r, ID_pipeline_format, column->node->at, "`csv_column` is for format csv");
  if (!csv || item->params[CSV_HAS_HEADER].truth || column->node->type == SCALAR_INT) return true;
  return read_error(r, ID_pipeline_format, column->node->at, "without a header a column is a number, from 0 on");
}

PREPARE(prepare_file) {
  uint32_t source;
  StrList *values = arena_new(r->arena, StrList);
  item->data = values;
  r->p->gives_values = true;
  if (!prepare_placeholders(r, item) || !check_format(r, item)) return false;
  if (!pipelines_read(r->p, item->file, item->params[FILE_PATH].node, &source)) return r->ok = false;
  Str text = r->p->sources->files.p[source].text;
  const YamlNode *path = item->params[FILE_PATH].node;
  if (text.n > LIMIT_RULE_FILE_BYTES)
    return read_error(r, ID_file_too_large, path->at, "the file is larger than the limit of %d MiB", LIMIT_RULE_FILE_BYTES >> 20);
  if (str_starts(text, STR("\xEF\xBB\xBF"))) text = str_from(text, 3);
  if (!utf8_valid(text)) return read_error(r, ID_pipeline_file, path->at, "the file is not UTF-8");
  return (item->params[FORMAT].choice ? read_csv : read_lines)(r, item, text, values);
}
