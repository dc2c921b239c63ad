/* SPDX-License-Identifier: MIT
 * Any bytes as rules, behind a pipeline where a byte 0x1D ends one: in each target, on one line and laid out, alone and in each
 * deploy format, nothing crashes and the same text comes out twice. No text of a rule gets out of the literal that it stands in: a
 * query has its quotes and brackets closed, no comment, and no line end that the layout did not make. Documents in JSON and YAML
 * can be read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "compiler/yaml.h"
#include "runtime/event_json.h"
#include "sigmac.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIPELINE_END = 0x1D, MOST_BYTES = 1 << 16 };

typedef struct {
  Str pipeline, rules;
  const char *target, *format; /* format NULL: queries alone */
  bool pretty, together;
  uint64_t hash;
  Buf text; /* of all documents together */
  Arena arena;
} Work;

static void require(bool holds) {
  if (!holds) abort();
}

static sigmac_str api(Str s) { return (sigmac_str){s.p, s.n}; }

/* --- queries ------------------------------------------------------------------------------------------------- */

/* The byte behind a literal that begins at i; i where none does. EQL: "..", """..""" without escapes, `..`; KQL: "..", @"..", and ['..'] for names, whose
 * quotes are found here. */
static size_t skip_literal(Str q, size_t i, bool kql) {
  bool verbatim = kql && q.p[i] == '@' && i + 1 < q.n && (q.p[i + 1] == '"' || q.p[i + 1] == '\'');
  char quote = q.p[i + verbatim];
  if (quote != '"' && !(kql ? quote == '\'' : quote == '`')) return i;
  if (!kql && str_starts(str_from(q, i), STR("\"\"\""))) {
    size_t end = str_find(q, STR("\"\"\""), i + 3);
    require(end != SIZE_MAX);
    return end + 3;
  }
  for (i += verbatim + 1; i < q.n; i++) {
    if (q.p[i] == '\\' && !verbatim && quote != '`') i++;
    else if (q.p[i] == quote && (verbatim || quote == '`') && i + 1 < q.n && q.p[i + 1] == quote) i++;
    else if (q.p[i] == quote) return i + 1;
  }
  abort(); /* it is not closed */
}

static void check_query(Str q, bool kql, bool pretty) {
  char open[256]; /* brackets; deeper ones are not looked at */
  size_t depth = 0;
  require(utf8_valid(q));
  for (size_t i = 0; i < q.n; i++) require((unsigned char)q.p[i] >= 0x20 || (pretty && q.p[i] == '\n'));
  for (size_t i = 0, end; i<q.n; i = end> i ? end : i + 1) {
    end = skip_literal(q, i, kql);
    if (end > i) continue;
    require(q.p[i] != '/' || i + 1 == q.n || (q.p[i + 1] != '/' && q.p[i + 1] != '*'));
    if (strchr("([{", q.p[i])) {
      if (depth == sizeof open) return;
      open[depth++] = q.p[i] == '(' ? ')' : q.p[i] == '[' ? ']' : '}';
    } else if (strchr(")]}", q.p[i])) {
      require(depth > 0 && open[--depth] == q.p[i]);
    }
  }
  require(depth == 0);
}

/* --- documents ------------------------------------------------------------------------------------------------ */

static void check_json(Str text) {
  Arena a = {0};
  JsonError error;
  require(json_read(text, &a, &error) != NULL);
  arena_free(&a);
}

static void check_json_lines(Str text) {
  for (size_t from = 0, end; from < text.n; from = end + 1) {
    end = str_find(text, STR("\n"), from);
    require(end != SIZE_MAX);
    check_json(str_sub(text, from, end));
  }
}

static void check_yaml(Str text) {
  Arena a = {0};
  Sources sources = {.arena = &a};
  Diags diags = {.arena = &a};
  YamlDocs docs = {0};
  require(yaml_parse(&docs, &sources, source_add(&sources, STR("d"), text), &a, &diags) && docs.docs.n > 0);
  arena_free(&a);
}

static void check_document(const char *format, Str text) {
  require(utf8_valid(text));
  for (size_t i = 0; i < text.n; i++) require((unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n');
  if (!text.n) return;
  require(text.p[text.n - 1] == '\n');
  if (strcmp(format, "sentinel-arm") == 0) check_json(text);
  else if (strstr(format, "json")) check_json_lines(text);
  else if (strcmp(format, "sentinel-yaml") == 0) check_yaml(text);
}

/* --- translating ---------------------------------------------------------------------------------------------- */

static bool on_translation(void *ctx, const sigmac_translation *t) {
  Work *w = ctx;
  Str query = {t->query.p, t->query.n}, document = {t->document.p, t->document.n};
  bool good = t->fidelity == SIGMAC_EXACT || t->fidelity == SIGMAC_ASSUMED;
  bool part = t->fidelity == SIGMAC_PART;
  require(good || (!query.n && !document.n && (part ? t->part_of.p != NULL : t->diagnostics_n > 0)));
  require((document.n > 0) == (good && w->format));
  /* A pipeline may put around a query what it likes. */
  bool kql = strcmp(w->target, "kql") == 0, several = t->queries.n > 0;
  if (!w->pipeline.n && !several) check_query(query, kql, w->pretty);
  for (size_t i = 0; !w->pipeline.n && i < t->queries.n; i++)
    check_query((Str){t->queries.p[i].p, t->queries.p[i].n}, kql, w->pretty);
  if (document.n && !w->together) check_document(w->format, document);
  w->hash = hash_bytes(w->hash, query.p, query.n);
  w->hash = hash_bytes(w->hash, document.p, document.n);
  return true;
}

static bool on_piece(void *ctx, sigmac_str piece) {
  buf_str(&((Work *)ctx)->text, (Str){piece.p, piece.n});
  return true;
}

static uint64_t translate(Work w) {
  sigmac_compiler *c = NULL;
  w.text.arena = &w.arena;
  w.hash = HASH_SEED;
  require(sigmac_compiler_new(&c, NULL) == SIGMAC_OK);
  require(sigmac_compiler_set_target(c, api(str_of(w.target))) == SIGMAC_OK &&
          sigmac_compiler_set_pretty(c, w.pretty) == SIGMAC_OK);
  if (w.format) require(sigmac_compiler_set_format(c, api(str_of(w.format)), w.together ? on_piece : NULL, &w) == SIGMAC_OK);
  if (w.rules.n % 2) {
    require(sigmac_compiler_assume(c, api(STR("ascii-fold"))) == SIGMAC_OK);
    require(sigmac_compiler_assume(c, api(STR("empty-is-missing"))) == SIGMAC_OK);
    require(sigmac_compiler_assume(c, api(STR("single-value"))) == SIGMAC_OK);
    require(sigmac_compiler_assume(c, api(STR("keyword-text"))) == SIGMAC_OK);
  }
  if (w.pipeline.n) require(sigmac_compiler_add_pipeline_text(c, api(STR("p.yml")), api(w.pipeline)) == SIGMAC_OK);
  require(sigmac_compiler_add_text(c, api(STR("r.yml")), api(w.rules)) == SIGMAC_OK);
  sigmac_status status = sigmac_compiler_translate(c, on_translation, &w);
  require(status == SIGMAC_OK || (status == SIGMAC_BAD_PIPELINE && w.pipeline.n));
  if (w.together && status == SIGMAC_OK) check_document(w.format, buf_view(&w.text));
  w.hash = hash_bytes(w.hash, w.text.p, w.text.n);
  sigmac_compiler_free(c);
  arena_free(&w.arena);
  return w.hash;
}

static void translate_twice(Work w) { require(translate(w) == translate(w)); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str all = {(const char *)data, size};
  size_t end = str_find(all, (Str){"\x1D", 1}, 0);
  Work w = {.rules = end == SIZE_MAX ? all : str_from(all, end + 1)};
  if (size > MOST_BYTES) return 0;
  if (end != SIZE_MAX) w.pipeline = str_sub(all, 0, end);
  const char *const targets[] = {"eql", "kql"};
  for (int i = 0; i < 2; i++) {
    w.target = targets[i];
    w.pretty = i == (int)(size / 2 % 2);
    w.format = NULL;
    w.together = false;
    translate_twice(w);
    w.pretty = !w.pretty;
    translate(w);
    const sigmac_query_format *f;
    for (unsigned k = 0; (f = sigmac_query_format_get(k)) != NULL; k++) {
      if (strcmp(f->target, w.target) != 0) continue;
      w.format = f->name;
      w.together = f->several;
      translate_twice(w);
      w.together = false;
      translate(w);
    }
  }
  return 0;
}
