/* SPDX-License-Identifier: MIT
 * Fixes of what the compiler refuses: it reports a place, and the node is looked for. */
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

typedef struct {
  const LintDoc *doc;
  const LintFile *file;
  FixPlace at;
} Reported;

typedef void Fix(Lint *l, const Reported *r);

static void fix_status(Lint *l, const Reported *r) {
  static const char *const words[] = {"stable", "test", "experimental", "deprecated", "unsupported"};
  const char *near = fix_nearest(r->at.node->text, words, sizeof words / sizeof *words);
  if (near) fix_word(l, r->file, r->at.node, near);
}

static void fix_level(Lint *l, const Reported *r) {
  static const char *const words[] = {"informational", "low", "medium", "high", "critical"};
  const char *near = fix_nearest(r->at.node->text, words, sizeof words / sizeof *words);
  if (near) fix_word(l, r->file, r->at.node, near);
}

static void fix_related(Lint *l, const Reported *r) {
  static const char *const words[] = {"derived", "obsolete", "merged", "renamed", "similar"};
  const char *near = fix_nearest(r->at.node->text, words, sizeof words / sizeof *words);
  if (near) fix_word(l, r->file, r->at.node, near);
}

static void fix_correlation_type(Lint *l, const Reported *r) {
  const char *near = fix_nearest(r->at.node->text, correlation_type_name, CORR_TYPE_COUNT);
  if (near) fix_word(l, r->file, r->at.node, near);
}

/* Of two or three letters: another word is only one in another letter case, or with a letter too many. */
static void fix_operator(Lint *l, const Reported *r) {
  const char *near = fix_nearest(r->at.node->text, correlation_op_name, CORR_OP_COUNT);
  if (near && r->at.parent->kind == YAML_MAP && !yaml_key(r->at.parent, near)) fix_word(l, r->file, r->at.node, near);
}

/* --- dates --------------------------------------------------------------------------------------------------- */

/* Year, month, day, with the same mark in between: `/`, `-` or `.`; then what stands there can be nothing else. */
static bool read_day(Str s, int *part) {
  size_t i = 0;
  for (int k = 0; k < 3; k++) {
    size_t from = i;
    for (part[k] = 0; i < s.n && ascii_digit(s.p[i]) && i - from < 4; i++) part[k] = part[k] * 10 + (s.p[i] - '0');
    if (i == from || (k == 0 ? i - from != 4 : i - from > 2)) return false;
    if (k < 2 && (i == s.n || !strchr("/-.", s.p[i]) || s.p[i++] != s.p[4])) return false;
  }
  return i == s.n;
}

static void fix_date(Lint *l, const Reported *r) {
  int part[3];
  const YamlNode *n = r->at.node;
  if (!yaml_is_text(n) || !read_day(n->text, part)) return;
  Str day = arena_printf(l->arena, "%04d-%02d-%02d", part[0], part[1], part[2]);
  if (lint_day(day) != LINT_NO_DAY) edit_scalar(l, r->file, n, day);
}

/* --- types --------------------------------------------------------------------------------------------------- */

static bool is_one_of(Str word, const char *const *words) {
  while (*words && !str_is(word, *words)) words++;
  return *words != NULL;
}

/* One text where a list is wanted, and a number or a boolean where a text is. */
static void fix_type(Lint *l, const Reported *r) {
  static const char *const lists[] = {"tags", "references", "falsepositives", "fields", NULL};
  static const char *const texts[] = {"title", "name", "description", "author", "license", "taxonomy", NULL};
  const YamlNode *n = r->at.node, *root = r->doc->root;
  if (r->at.parent != root || n != root->pairs[r->at.i].value || n->kind != YAML_SCALAR) return;
  Str key = root->pairs[r->at.i].key->text;
  if (yaml_is_text(n) && n->text.n && is_one_of(key, lists)) edit_listed(l, r->file, root, r->at.i);
  else if (!yaml_is_text(n) && !yaml_is_null(n) && is_one_of(key, texts)) edit_scalar(l, r->file, n, n->text);
}

/* --- detection ----------------------------------------------------------------------------------------------- */

/* The span is the word in the condition; of a text over several lines it is the whole. */
static void fix_operator_case(Lint *l, const Reported *r, Span at) {
  const YamlNode *n = r->at.node;
  uint32_t start = n->at.start + n->inset;
  if (!n->exact || at.start < start || at.end > n->at.end || (at.start == n->at.start && at.end == n->at.end && n->inset)) return;
  Str word = str_sub(n->text, at.start - start, at.end - start);
  edit_part(l, r->file, n, at.start - start, at.end - start, fix_lower(l, word));
}

/* The span is the modifier in the key. */
static void fix_all_single(Lint *l, const Reported *r, Span at) {
  const YamlNode *key = r->at.node;
  uint32_t start = key->at.start + key->inset;
  if (!key->exact || at.start <= start || at.end - at.start != strlen("all")) return;
  size_t from = at.start - start;
  if (str_eq(str_sub(key->text, from - 1, from + 3), STR("|all"))) edit_part(l, r->file, key, from - 1, from + 3, STR(""));
}

/* Nothing reads it here; beside an aggregation of Sigma 1 it says what a correlation is to have as its `timespan`. */
static void fix_timeframe(Lint *l, const Reported *r) {
  const Rule *rule = r->doc->rule;
  for (uint32_t i = 0; i < rule->n_conditions; i++)
    if (!r->doc->conditions.p[i].tree) return;
  if (rule->n_conditions && r->at.parent && r->at.parent->kind == YAML_MAP) edit_drop_entry(l, r->file, r->at.parent, r->at.i);
}

/* --- all of them --------------------------------------------------------------------------------------------- */

static const LintDoc *doc_at(const Lint *l, Span at) {
  for (uint32_t i = 0; i < l->docs.n; i++) {
    const LintDoc *doc = &l->docs.p[i];
    if (doc->rule->file == at.file && doc->root->at.start <= at.start && at.end <= doc->root->at.end) return doc;
  }
  return NULL;
}

void fix_reported(Lint *l, CheckId check, Span at) {
  static const struct {
    CheckId check;
    Fix *fix;
  } fixes[] = {
    {CHECK_invalid_status, fix_status},         {CHECK_invalid_level, fix_level},  {CHECK_invalid_date, fix_date},
    {CHECK_invalid_modified, fix_date},         {CHECK_related_type, fix_related}, {CHECK_correlation_type, fix_correlation_type},
    {CHECK_correlation_operator, fix_operator}, {CHECK_field_type, fix_type},      {CHECK_timeframe, fix_timeframe}};
  const LintDoc *doc = l->kept && checks[check].fix ? doc_at(l, at) : NULL;
  if (!doc || doc->file->no_edits) return;
  Reported r = {doc, doc->file, fix_locate(doc->root, at)};
  if (!r.at.node) return;
  if (check == CHECK_condition_operator_case && r.at.node->kind == YAML_SCALAR) fix_operator_case(l, &r, at);
  if (check == CHECK_all_single && r.at.node->kind == YAML_SCALAR) fix_all_single(l, &r, at);
  for (size_t i = 0; i < sizeof fixes / sizeof *fixes; i++)
    if (fixes[i].check == check) fixes[i].fix(l, &r);
}
