/* SPDX-License-Identifier: MIT
 * Versions of the specification, and the array selectors that depend on them. Both are as in rsigma-parser 0.23
 * (version.rs, lint/rules/version.rs, lint/rules/detection.rs); version 2.1 of the specification has neither. */
#include "lint/lint.h"

enum { VERSION_ABSENT = 2, VERSION_ARRAYS = 3, VERSION_KNOWN = 3, VERSION_MOST = 1000000 };

/* The number in front of the first point: of a number, or of a text such as `v3.1`. -1: there is none. */
static int leading_number(Str s) {
  int value = 0;
  size_t i = 0, end = s.n;
  while (i < s.n && s.p[i] == ' ') i++;
  while (end > i && s.p[end - 1] == ' ') end--;
  while (i < end && ascii_lower(s.p[i]) == 'v') i++;
  size_t from = i;
  for (; i < end && ascii_digit(s.p[i]); i++) value = value < VERSION_MOST ? value * 10 + (s.p[i] - '0') : value;
  return i > from && (i == end || s.p[i] == '.') ? value : -1;
}

/* What is no version counts as none. */
static int declared(const YamlNode *root) {
  const YamlNode *n = yaml_get(root, "sigma-version");
  if (!n || n->kind != YAML_SCALAR) return -1;
  if (n->type == SCALAR_TEXT) return leading_number(n->text);
  return n->number.n ? leading_number(n->number) : -1;
}

static int version_of(const YamlNode *root) {
  int version = declared(root);
  return version < 0 ? VERSION_ABSENT : version;
}

void check_version(Lint *l, const LintAt *at) {
  const YamlNode *root = at->doc->root;
  if (declared(root) <= VERSION_KNOWN) return;
  const YamlNode *n = yaml_get(root, "sigma-version");
  lint_report(l, CHECK_version_unsupported, n->at, "version `" STR_FMT "` of the specification is not known here; %d is",
              STR_ARG(n->text), VERSION_KNOWN);
}

/* --- references ---------------------------------------------------------------------------------------------- */

static void check_references(Lint *l, const Rule *rule, const int *versions) {
  const TextList *rules = rule->kind == DOC_FILTER ? &rule->filter.rules : &rule->correlation.rules;
  int own = versions[rule - l->compiler.rules.list.p];
  for (uint32_t i = 0; i < rules->n; i++) {
    const Rule *to = rules_find(&l->compiler.rules, rules->p[i].text);
    if (!to || to->kind == DOC_FILTER || versions[to - l->compiler.rules.list.p] == own) continue;
    lint_report(l, CHECK_version_mismatch, rules->p[i].at, "version %d of the specification here, but %d in `" STR_FMT "`", own,
                versions[to - l->compiler.rules.list.p], STR_ARG(rules->p[i].text));
  }
}

/* Over the set, to look only once for the version of a rule that many documents name. */
void check_version_mismatch(Lint *l, const LintAt *at) {
  (void)at;
  Arena *scratch = arena_sub(l->arena);
  uint32_t n = l->compiler.rules.list.n;
  int *versions = arena_array(scratch, int, n);
  for (uint32_t i = 0; i < n; i++) versions[i] = version_of(l->compiler.rules.list.p[i].root);
  for (uint32_t i = 0; i < n; i++)
    if (l->compiler.rules.list.p[i].kind != DOC_RULE) check_references(l, &l->compiler.rules.list.p[i], versions);
  arena_sub_done(scratch);
}

/* --- array selectors ------------------------------------------------------------------------------------------- */

static bool escaped(Str s, size_t at) {
  size_t backslashes = 0;
  while (backslashes < at && s.p[at - 1 - backslashes] == '\\') backslashes++;
  return backslashes % 2;
}

static bool is_integer(Str s) {
  size_t from = s.n && (s.p[0] == '-' || s.p[0] == '+'), i = from;
  while (i < s.n && ascii_digit(s.p[i])) i++;
  return i == s.n && i > from;
}

/* `name[any]`, `name[0]`: a segment of a path. */
static bool is_selector(Str s) {
  size_t open = str_find(s, STR("["), 0);
  while (open != SIZE_MAX && escaped(s, open)) open = str_find(s, STR("["), open + 1);
  if (open == SIZE_MAX || !open || s.p[s.n - 1] != ']' || escaped(s, s.n - 1)) return false;
  Str word = str_sub(s, open + 1, s.n - 1);
  return str_is(word, "any") || str_is(word, "all") || str_is(word, "all_or_empty") || str_is(word, "none") || is_integer(word);
}

static bool has_selector(Str field) {
  for (size_t from = 0, to; from < field.n; from = to + 1) {
    to = str_find(field, STR("."), from);
    if (to == SIZE_MAX) to = field.n;
    if (is_selector(str_sub(field, from, to))) return true;
  }
  return false;
}

void check_version_array(Lint *l, const LintAt *at) {
  if (version_of(at->doc->root) >= VERSION_ARRAYS) return;
  for (uint32_t i = 0; i < at->doc->items.n; i++) {
    const LintItem *item = &at->doc->items.p[i];
    if (!item->key || !has_selector(item->field)) continue;
    lint_report(l, CHECK_version_array, item->key->at, "`" STR_FMT "` has an array selector, which needs `sigma-version: %d`",
                STR_ARG(item->field), VERSION_ARRAYS);
  }
}

/* `a[any]` of `a[any].b`; empty where there is no such segment, or nothing behind it. */
static Str quantified_prefix(Str field) {
  for (size_t at = str_find(field, STR("]."), 0); at != SIZE_MAX; at = str_find(field, STR("]."), at + 1)) {
    Str prefix = str_sub(field, 0, at + 1);
    if (str_ends(prefix, STR("[any]")) || str_ends(prefix, STR("[all]"))) return prefix;
  }
  return STR("");
}

void check_array_flattened(Lint *l, const LintAt *at) {
  Arena *scratch = arena_sub(l->arena);
  const YamlNode *map = NULL;
  Intern seen = {0};
  for (uint32_t i = 0; i < at->doc->items.n; i++) {
    const LintItem *item = &at->doc->items.p[i];
    Str prefix = item->key ? quantified_prefix(item->field) : STR("");
    if (!prefix.n) continue;
    if (item->map != map) intern_init(&seen, scratch), map = item->map;
    uint32_t known = seen.names.n;
    if (intern_id(&seen, prefix) < known)
      lint_report(l, CHECK_array_flattened, item->key->at, "this and another key with `" STR_FMT "` may find different elements",
                  STR_ARG(prefix));
  }
  arena_sub_done(scratch);
}
