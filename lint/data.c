/* SPDX-License-Identifier: MIT
 * Override files: YAML, one map whose keys name the tables. Each table is read into the form of the one that is compiled in. */
#include "lint/data_read.h"

#include <stdlib.h>

#include "base/limits.h"
#include "compiler/yaml.h"

void lint_data_init(LintData *data) {
  *data = (LintData){.d3fend = &d3fend_words,
                     .spdx = &spdx_words,
                     .attack = {attack_tactics, attack_entries, attack_tactic_count, attack_entry_count},
                     .prefixes = lint_prefixes,
                     .n_prefixes = lint_prefix_count,
                     .sources = {lint_sources, lint_source_count}};
}

void data_fault(DataReader *r, const YamlNode *n, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  diag_verror(r->diags, ID_lint_data, n->at, fmt, args);
  va_end(args);
}

bool data_is_list(DataReader *r, const YamlNode *key, const YamlNode *n) {
  if (n->kind == YAML_LIST) return true;
  data_fault(r, n, "`" STR_FMT "` is %s; a list is wanted", STR_ARG(key->text), yaml_kind_words(n));
  return false;
}

/* --- words --------------------------------------------------------------------------------------------------- */

const char *data_word(DataReader *r, const YamlNode *n) {
  bool good = n->kind == YAML_SCALAR && !yaml_is_null(n) && n->text.n;
  for (size_t i = 0; good && i < n->text.n; i++) good = (unsigned char)n->text.p[i] > ' ' && n->text.p[i] != 0x7f;
  if (good) return arena_cstr(r->arena, n->text);
  data_fault(r, n, "a word without blanks is wanted here");
  return NULL;
}

const char *data_small_word(DataReader *r, const YamlNode *n) {
  const char *w = data_word(r, n);
  if (!w) return NULL;
  char *small = arena_array(r->arena, char, strlen(w) + 1);
  size_t i = 0;
  do small[i] = ascii_lower(w[i]);
  while (w[i++]);
  return small;
}

static int by_word(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static const LintWords *words(DataReader *r, const YamlNode *key, const YamlNode *n) {
  LintWords *out = arena_new(r->arena, LintWords);
  if (!data_is_list(r, key, n)) return NULL;
  const char **p = arena_array(r->arena, const char *, n->n);
  *out = (LintWords){p, 0};
  for (uint32_t i = 0; i < n->n; i++)
    if ((p[out->n] = data_small_word(r, n->items[i]))) out->n++;
  if (out->n) qsort(p, out->n, sizeof *p, by_word);
  return out;
}

static void read_namespaces(DataReader *r, const YamlNode *key, const YamlNode *n) { r->data.namespaces = words(r, key, n); }

static void read_d3fend(DataReader *r, const YamlNode *key, const YamlNode *n) { r->data.d3fend = words(r, key, n); }

static void read_spdx(DataReader *r, const YamlNode *key, const YamlNode *n) { r->data.spdx = words(r, key, n); }

/* --- the file ------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *name;
  void (*read)(DataReader *r, const YamlNode *key, const YamlNode *n);
} Table;

static const Table tables[] = {
  {"tag-namespaces", read_namespaces},
  {"attack", lint_data_read_attack},
  {"d3fend", read_d3fend},
  {"filename-prefixes", lint_data_read_prefixes},
  {"logsources", lint_data_read_logsources},
  {"spdx", read_spdx},
};

static void read_table(DataReader *r, const YamlPair *pair) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    if (!str_is(pair->key->text, tables[i].name)) continue;
    tables[i].read(r, pair->key, pair->value);
    return;
  }
  data_fault(r, pair->key, "there is no table `" STR_FMT "` that could be replaced", STR_ARG(pair->key->text));
  Str names = STR("");
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    names = arena_printf(r->arena, STR_FMT "%s%s", STR_ARG(names), i ? ", " : "", tables[i].name);
  diag_hint(r->diags, "tables are: " STR_FMT, STR_ARG(names));
}

static void read_document(DataReader *r, const YamlDocs *docs, Span start) {
  if (docs->docs.n != 1 || docs->docs.p[0]->kind != YAML_MAP) {
    diag_error(r->diags, ID_lint_data, docs->docs.n > 1 ? docs->docs.p[1]->at : start, "one map of tables is wanted");
    return;
  }
  const YamlNode *root = docs->docs.p[0];
  for (uint32_t i = 0; i < root->n; i++) read_table(r, &root->pairs[i]);
}

bool lint_data_read(LintData *data, Sources *sources, uint32_t file, Arena *arena, Diags *diags) {
  DataReader r = {.arena = arena, .diags = diags, .data = *data};
  Span start = {file, 0, 0};
  YamlDocs docs = {0};
  if (sources->files.p[file].text.n > LIMIT_LINT_FILE_BYTES) diag_error(diags, ID_file_too_large, start, "larger than 1 MiB");
  else if (yaml_parse(&docs, sources, file, arena, diags)) read_document(&r, &docs, start);
  if (diags->errors) return false;
  *data = r.data;
  return true;
}
