/* SPDX-License-Identifier: MIT
 * How values are written: wildcards at ends that are open already, doubled backslashes in paths, blanks at the ends, plain scalars that are
 * taken for something else. */
#include "lint/checks/kinds.h"
#include "lint/edit.h"

/* Bytes of a value that are `*` without an escape, at its start and at its end. */
static size_t stars_in_front(Str s) {
  size_t n = 0;
  while (n < s.n && s.p[n] == '*') n++;
  return n;
}

static size_t stars_behind(Str s) {
  size_t from = s.n; /* of the last run */
  for (size_t i = 0; i < s.n; i++) {
    bool star = s.p[i] == '*';
    if (star && from == s.n) from = i;
    if (!star) from = s.n;
    if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '*' || s.p[i + 1] == '?' || s.p[i + 1] == '\\')) i++;
  }
  return s.n - from;
}

void check_redundant_wildcard(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->n_modifiers || !item_is_open(item) || !item_has_patterns(item) || item_encodes(item)) return;
  bool contains = lint_has_modifier(item, "contains");
  bool front = contains || lint_has_modifier(item, "endswith"), behind = contains || lint_has_modifier(item, "startswith");
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (!yaml_is_text(n) || !n->text.n) continue;
    size_t from = front ? stars_in_front(n->text) : 0, to = behind ? n->text.n - stars_behind(n->text) : n->text.n;
    if (from >= to || (!from && to == n->text.n)) continue;
    lint_report(l, CHECK_redundant_wildcard, n->at, "`*` at the %s of the value says what `%s` says already",
                from && to < n->text.n ? "ends"
                : from                 ? "start"
                                       : "end",
                contains ? "contains"
                : front  ? "endswith"
                         : "startswith");
    lint_hint(l, "drop it");
    edit_scalar(l, at->file, n, str_sub(n->text, from, to));
  }
}

/* --- backslashes --------------------------------------------------------------------------------------------- */

/* The length of a run that makes two literal backslashes or more, inside of a text and not behind a wildcard; 0. */
static size_t doubled_at(Str s, size_t i) {
  size_t end = i;
  while (end < s.n && s.p[end] == '\\') end++;
  bool escapes = end < s.n && (s.p[end] == '*' || s.p[end] == '?');
  size_t run = end - i, literal = escapes ? run / 2 : (run + 1) / 2;
  if (literal < 2 || i == 0 || s.p[i - 1] == '*' || s.p[i - 1] == '?') return 0;
  return escapes && run % 2 ? run - 1 : run; /* an escaped wildcard keeps its backslash */
}

static void check_backslashes(Lint *l, const LintAt *at, const YamlNode *n) {
  Str s = n->text;
  Arena *scratch = arena_sub(l->arena);
  Buf fixed = {.arena = scratch};
  for (size_t i = 0, run; i < s.n; i += run) {
    bool first = s.p[i] == '\\' && !(i && s.p[i - 1] == '\\');
    size_t doubled = first ? doubled_at(s, i) : 0;
    run = doubled ? doubled : 1;
    if (doubled && !fixed.n) {
      lint_report(l, CHECK_double_backslash, value_span(at, n, i, i + run),
                  "more than one backslash in a row, which no path has here");
      lint_hint(l, "write one: in single quotes a backslash is `\\`, or `\\\\` in front of `*`");
    }
    if (doubled && !fixed.n) buf_str(&fixed, str_sub(s, 0, i));
    bool wild = i + run < s.n && (s.p[i + run] == '*' || s.p[i + run] == '?' || s.p[i + run] == '\\');
    if (doubled) buf_str(&fixed, wild ? STR("\\\\") : STR("\\"));
    else if (fixed.n) buf_char(&fixed, s.p[i]);
  }
  if (fixed.n) edit_scalar(l, at->file, n, buf_view(&fixed));
  arena_sub_done(scratch);
}

void check_double_backslash(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  ValueKind kind = item->key ? value_kind(&at->doc->rule->logsource, item->field) : KIND_NONE;
  if ((!value_kind_is_path(kind) && kind != KIND_REGISTRY && kind != KIND_PIPE) || !item_has_forms(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (yaml_is_text(item->values[i])) check_backslashes(l, at, item->values[i]);
}

/* --- blanks -------------------------------------------------------------------------------------------------- */

/* A command line does end in blanks at times; and a part of one with a blank in front was hardly meant as the whole. */
static bool may_end_blank(Str field) { return str_ends(field, STR("CommandLine")) || str_ends(field, STR("commandline")); }

void check_value_whitespace(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->key || !item->field.n || item_is_open(item) || !item_has_patterns(item) || item_encodes(item)) return;
  bool end = !may_end_blank(item->field);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    size_t from = 0, to = yaml_is_text(n) ? n->text.n : 0;
    while (from < to && n->text.p[from] == ' ') from++;
    if (from == to) continue; /* blanks alone are meant */
    while (end && n->text.p[to - 1] == ' ') to--;
    if (!from && to == n->text.n) continue;
    lint_report(l, CHECK_value_whitespace, n->at, "a blank at the %s of a value that must be equal as a whole",
                from && to < n->text.n ? "ends"
                : from                 ? "start"
                                       : "end");
    lint_hint(l, "drop it, or write `" STR_FMT "|contains`", STR_ARG(item->field));
    if (end) edit_scalar(l, at->file, n, str_sub(n->text, from, to));
  }
}
