/* SPDX-License-Identifier: MIT
 * Regular expressions that the compiler takes: what other engines do not, and what is escaped for nothing. */
#include "runtime/regex.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "lint/checks/values.h"
#include "lint/edit.h"
#include "runtime/regex_tree.h"

static bool compiles(Lint *l, Str pattern, unsigned flags) {
  RegexError error;
  Arena *scratch = arena_sub(l->arena);
  bool yes = regex_compile(pattern, flags, scratch, &error) != NULL;
  arena_sub_done(scratch);
  return yes;
}

/* Outside of the portable subset; a pattern that does not compile is reported by the compiler. */
static void check_group(Lint *l, const LintAt *at, const YamlNode *n) {
  Arena *scratch = arena_sub(l->arena);
  RegexTree tree = {0};
  if (!regex_parse(&tree, n->text, 0, scratch) && tree.construct && compiles(l, n->text, 0)) {
    Span span = value_span(at, n, tree.offset, tree.offset + 1);
    lint_report(l, CHECK_regex_group, span, "%s: many engines do not have it", tree.construct);
  }
  arena_sub_done(scratch);
}

/* Characters that have a meaning in some place of some dialect, so that a backslash is not for nothing. */
static bool may_be_escaped(char c) {
  static const char marks[] = "#$&()*+-.?[\\]^{|}~\"'";
  return ascii_letter(c) || ascii_digit(c) || (c && strchr(marks, c));
}

static void check_escape(Lint *l, const LintAt *at, const YamlNode *n) {
  Str s = n->text;
  for (size_t i = 0; i + 1 < s.n; i++) {
    if (s.p[i] != '\\') continue;
    if (s.p[i + 1] == 'Q') return; /* literal text up to \E */
    i++;
    if (may_be_escaped(s.p[i])) continue;
    uint32_t cp;
    size_t bytes = utf8_decode(s, i, &cp);
    Str c = str_sub(s, i, i + (bytes ? bytes : 1));
    lint_report(l, CHECK_regex_escape, value_span(at, n, i - 1, i + c.n), "`" STR_FMT "` needs no backslash", STR_ARG(c));
    lint_hint(l, "write `" STR_FMT "`", STR_ARG(c));
    edit_part(l, at->file, n, i - 1, i, STR(""));
    if (!n->exact) return; /* finding the place takes as long as the text is */
  }
}

void check_regex(Lint *l, const LintAt *at) {
  if (!lint_has_modifier(at->item, "re")) return;
  for (uint32_t i = 0; i < at->item->n_values; i++) {
    const YamlNode *n = at->item->values[i];
    if (!yaml_is_text(n) || n->text.n > LIMIT_REGEX_BYTES) continue;
    if (lint_enabled(l, CHECK_regex_group)) check_group(l, at, n);
    check_escape(l, at, n);
  }
}
