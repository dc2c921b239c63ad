/* SPDX-License-Identifier: MIT
 * Parameters of items, conditions and finalizers: their types are rows, so that reading them is the same for all. */
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "compiler/pipeline_internal.h"

bool read_error(PipelineReader *r, DiagId id, Span at, const char *fmt, ...) {
  char message[400];
  va_list args;
  va_start(args, fmt);
  vsnprintf(message, sizeof message, fmt, args);
  va_end(args);
  diag_error(r->diags, id, at, "%s", message);
  r->ok = false;
  return false;
}

const char *nearest_name(Str name, const void *rows, unsigned n, size_t size) {
  const char *best = NULL;
  unsigned least = 4;
  for (unsigned i = 0; i < n; i++) {
    const char *known = *(const char *const *)((const char *)rows + i * size);
    unsigned d = known ? str_distance(name, str_of(known), 3) : 4;
    if (d >= least || d >= strlen(known)) continue;
    least = d;
    best = known;
  }
  return best;
}

bool path_is_below(Str path) {
  if (!path.n || path.p[0] == '/' || memchr(path.p, '\0', path.n) || memchr(path.p, '\\', path.n)) return false;
  for (size_t i = 0; i <= path.n;) {
    size_t end = str_find(path, STR("/"), i);
    if (end == SIZE_MAX) end = path.n;
    if (str_is(str_sub(path, i, end), "..")) return false;
    i = end + 1;
  }
  return true;
}

static bool wrong_type(PipelineReader *r, const YamlNode *n, const char *name, const char *wanted) {
  return read_error(r, ID_pipeline_format, n->at, "`%s` is %s, not %s", name, wanted, yaml_kind_words(n));
}

static bool is_scalar(const YamlNode *n) { return n->kind == YAML_SCALAR && n->type != SCALAR_NULL; }

/* --- kinds --------------------------------------------------------------------------------------------------- */

static Regex *read_regex(PipelineReader *r, const YamlNode *n, Str pattern) {
  RegexError error;
  Regex *re = regex_compile(pattern, 0, r->arena, &error);
  if (!re) {
    read_error(r, ID_regex_syntax, yaml_sub_span(n, error.offset, error.offset + 1), "not a valid regular expression: %s",
               error.message);
    return NULL;
  }
  r->p->regex_bytes += regex_size(re);
  if (r->p->regex_bytes <= LIMIT_REGEX_TOTAL) return re;
  read_error(r, ID_regex_too_large, n->at, "the regular expressions of the pipelines take more memory than the limit");
  return NULL;
}

static bool read_list(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  bool one = row->kind == PARAM_TEXTS && n->kind == YAML_SCALAR;
  if (!one && n->kind != YAML_LIST)
    return wrong_type(r, n, row->name, row->kind == PARAM_TEXTS ? "text or a list of texts" : "a list of texts");
  if (!one && !n->n) return read_error(r, ID_pipeline_format, n->at, "`%s` is an empty list", row->name);
  intern_init(&out->names, r->arena);
  for (uint32_t i = 0; i < (one ? 1 : n->n); i++) {
    const YamlNode *e = one ? n : n->items[i];
    if (!is_scalar(e)) return wrong_type(r, e, row->name, "a list of texts");
    *vec_add(r->arena, &out->list) = e->text;
    intern_id(&out->names, e->text);
  }
  return true;
}

static unsigned words(const char *choices, Str wanted, unsigned *found, StrList *all, Arena *a) {
  unsigned n = 0;
  *found = UINT32_MAX;
  for (const char *p = choices; *p;) {
    const char *end = strchr(p, ' ');
    Str word = {p, end ? (size_t)(end - p) : strlen(p)};
    if (str_eq(word, wanted)) *found = n;
    if (all) *vec_add(a, all) = word;
    n++;
    p += word.n + (end != NULL);
  }
  return n;
}

static bool read_choice(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  StrList all = {0};
  if (!is_scalar(n)) return wrong_type(r, n, row->name, "a word");
  out->text = n->text;
  words(row->choices, n->text, &out->choice, &all, r->arena);
  if (out->choice != UINT32_MAX) return true;
  read_error(r, ID_pipeline_format, n->at, "`%s` is none of the words that `%s` takes", arena_cstr(r->arena, n->text), row->name);
  Str list = {0};
  for (uint32_t i = 0; i < all.n; i++)
    list = arena_printf(r->arena, STR_FMT "%s" STR_FMT, STR_ARG(list), i ? ", " : "", STR_ARG(all.p[i]));
  diag_hint(r->diags, "write one of " STR_FMT, STR_ARG(list));
  return false;
}

static bool read_count(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  enum { DIGITS = 9 };
  bool number = n->kind == YAML_SCALAR && n->type == SCALAR_INT && n->number.n <= DIGITS && n->number.p[0] != '-';
  if (!number) return wrong_type(r, n, row->name, "a whole number from 0 on");
  for (size_t i = 0; i < n->number.n; i++) out->count = out->count * 10 + (uint64_t)(n->number.p[i] - '0');
  out->text = n->text;
  return true;
}

/* Targets of a map: a scalar, or a list of scalars that is not empty. */
static bool read_targets(PipelineReader *r, const Param *row, const YamlNode *n) {
  if (is_scalar(n)) return true;
  if (n->kind != YAML_LIST) return wrong_type(r, n, row->name, "a map to text or lists of texts");
  if (!n->n) return read_error(r, ID_pipeline_format, n->at, "an empty list: what is mapped to it would be dropped without a word");
  for (uint32_t i = 0; i < n->n; i++)
    if (!is_scalar(n->items[i])) return wrong_type(r, n->items[i], row->name, "a map to text or lists of texts");
  return true;
}

static bool read_map(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  bool ok = true;
  if (n->kind != YAML_MAP) return wrong_type(r, n, row->name, "a map");
  intern_init(&out->names, r->arena);
  for (uint32_t i = 0; i < n->n; i++) {
    intern_id(&out->names, n->pairs[i].key->text);
    ok = read_targets(r, row, n->pairs[i].value) && ok;
  }
  return ok;
}

static bool read_path(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  if (!is_scalar(n)) return wrong_type(r, n, row->name, "text");
  out->text = n->text;
  if (path_is_below(n->text)) return true;
  read_error(r, ID_pipeline_unsafe, n->at, "`%s` must be a relative path without `..`", row->name);
  diag_hint(r->diags, "a pipeline reads files below its own folder only");
  return false;
}

static bool read_text(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  if (!is_scalar(n)) return wrong_type(r, n, row->name, "text");
  out->text = n->text;
  return true;
}

static bool read_param(PipelineReader *r, const Param *row, const YamlNode *n, ParamValue *out) {
  out->node = n;
  switch (row->kind) {
  case PARAM_TEXT:
  case PARAM_SCALAR: return read_text(r, row, n, out);
  case PARAM_BOOL:
    if (n->kind != YAML_SCALAR || n->type != SCALAR_BOOL) return wrong_type(r, n, row->name, "true or false");
    out->truth = n->truth;
    return true;
  case PARAM_COUNT: return read_count(r, row, n, out);
  case PARAM_COLUMN:
    return n->kind == YAML_SCALAR && n->type == SCALAR_INT ? read_count(r, row, n, out) : read_text(r, row, n, out);
  case PARAM_CHOICE: return read_choice(r, row, n, out);
  case PARAM_LIST:
  case PARAM_TEXTS:
  case PARAM_RANGE: return read_list(r, row, n, out);
  case PARAM_REGEX:
    if (!read_text(r, row, n, out)) return false;
    out->regex = arena_new(r->arena, Regex *);
    return (out->regex[0] = read_regex(r, n, n->text)) != NULL;
  case PARAM_NAMES:
  case PARAM_VALUES: return read_map(r, row, n, out);
  case PARAM_ITEM:
    if (n->kind != YAML_MAP || !n->n) return wrong_type(r, n, row->name, "a map of fields and values");
    return true;
  case PARAM_ITEMS:
    if (n->kind != YAML_LIST) return wrong_type(r, n, row->name, "a list");
    return true;
  case PARAM_PATH: return read_path(r, row, n, out);
  case PARAM_ANY: return true;
  case PARAM_REFUSED:
    read_error(r, row->choices ? ID_pipeline_unsafe : ID_pipeline_unsupported, n->at, "`%s` is not supported", row->name);
    if (row->fallback) diag_hint(r->diags, "%s", row->fallback);
    return false;
  }
  return false;
}

/* --- all of a map -------------------------------------------------------------------------------------------- */

static int row_of(const Param *rows, Str key) {
  for (int i = 0; i < PARAMS && rows[i].name; i++)
    if (str_is(key, rows[i].name)) return i;
  return -1;
}

static bool is_other(const char *const *others, Str key) {
  for (; *others; others++)
    if (str_is(key, *others)) return true;
  return false;
}

/* What would give the pipeline more than its own folder is not for the pipeline to say. */
static bool is_permission(Str key) {
  return str_is(key, "allow_template_vars") || str_is(key, "vars_allowed_paths") || str_is(key, "allow_external_sources");
}

static const char *nearest_key(const Param *rows, const char *const *others, Str key) {
  const char *names[64];
  unsigned n = 0;
  for (int i = 0; i < PARAMS && rows[i].name; i++)
    if (rows[i].kind != PARAM_REFUSED) names[n++] = rows[i].name;
  for (; *others && n < sizeof names / sizeof *names; others++) names[n++] = *others;
  return nearest_name(key, names, n, sizeof *names);
}

static void unknown_key(PipelineReader *r, const Param *rows, const char *const *others, const YamlNode *key, const char *what) {
  const char *name = arena_cstr(r->arena, key->text);
  if (is_permission(key->text)) {
    read_error(r, ID_pipeline_unsafe, key->at, "`%s` is not for a pipeline to allow", name);
    return;
  }
  read_error(r, ID_pipeline_format, key->at, "`%s` is an unknown key of %s", name, what);
  const char *near = nearest_key(rows, others, key->text);
  if (near) diag_hint(r->diags, "did you mean `%s`?", near);
}

static void take_fallback(PipelineReader *r, const Param *row, ParamValue *out) {
  if (!row->fallback || row->kind == PARAM_REFUSED) return;
  out->text = str_of(row->fallback);
  if (row->kind == PARAM_BOOL) out->truth = str_is(out->text, "true");
  if (row->kind == PARAM_CHOICE) words(row->choices, out->text, &out->choice, NULL, r->arena);
  if (row->kind != PARAM_LIST && row->kind != PARAM_TEXTS) return;
  intern_init(&out->names, r->arena);
  unsigned found;
  words(row->fallback, (Str){0}, &found, &out->list, r->arena);
  for (uint32_t i = 0; i < out->list.n; i++) intern_id(&out->names, out->list.p[i]);
}

/* Regular expressions of a list, where `mode` says so. */
static bool read_range(PipelineReader *r, const Param *rows, ParamValue *params) {
  int list = -1, mode = row_of(rows, STR("mode"));
  for (int i = 0; i < PARAMS && rows[i].name; i++)
    if (rows[i].kind == PARAM_RANGE) list = i;
  if (list < 0 || mode < 0 || !params[list].node || !str_is(params[mode].text, "re")) return true;
  ParamValue *v = &params[list];
  bool ok = true;
  v->regex = arena_array(r->arena, Regex *, v->list.n);
  for (uint32_t i = 0; i < v->list.n; i++) {
    const YamlNode *n = v->node->kind == YAML_LIST ? v->node->items[i] : v->node;
    v->regex[i] = read_regex(r, n, v->list.p[i]);
    ok = ok && v->regex[i];
  }
  return ok;
}

bool read_params(PipelineReader *r, const Param *rows, const YamlNode *map, const char *const *others, ParamValue *out,
                 const char *what) {
  bool ok = true;
  for (uint32_t i = 0; i < map->n; i++) {
    const YamlNode *key = map->pairs[i].key, *value = map->pairs[i].value;
    int row = row_of(rows, key->text);
    if (row < 0 && is_other(others, key->text)) continue;
    if (row < 0) {
      unknown_key(r, rows, others, key, what);
      ok = false;
    } else if (!(yaml_is_null(value) && !rows[row].required) || rows[row].kind == PARAM_ANY) {
      ok = read_param(r, &rows[row], value, &out[row]) && ok; /* null counts as not given */
    }
  }
  for (int i = 0; i < PARAMS && rows[i].name; i++) {
    if (out[i].node) continue;
    take_fallback(r, &rows[i], &out[i]);
    if (rows[i].required && !yaml_get(map, rows[i].name))
      ok = read_error(r, ID_pipeline_format, map->at, "%s needs `%s`", what, rows[i].name);
  }
  return ok && read_range(r, rows, out);
}
