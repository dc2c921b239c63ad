/* SPDX-License-Identifier: MIT
 * Wildcards in values: alone, doubled, escaped, or where a modifier says the same. */
#include "compiler/pattern.h"
#include "lint/checks/fixes.h"
#include "lint/checks/values.h"

static bool escapes(Str s, size_t i) {
  return s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == '*' || s.p[i + 1] == '?' || s.p[i + 1] == '\\');
}

static void check_text(Lint *l, const LintAt *at, const YamlNode *n) {
  Str s = n->text;
  bool doubled = false, escaped = false;
  for (size_t i = 0; i < s.n && !(doubled && escaped); i++) {
    if (escapes(s, i)) {
      if (s.p[i + 1] != '\\' && !escaped) {
        lint_report(l, CHECK_escaped_wildcard, value_span(at, n, i, i + 2), "`\\%c` means the character itself, not a wildcard",
                    s.p[i + 1]);
        lint_hint(l, "write `\\\\%c` if a backslash in front of a wildcard is meant", s.p[i + 1]);
        escaped = true;
      }
      i++;
    } else if (s.p[i] == '*' && i + 1 < s.n && s.p[i + 1] == '*' && !doubled) {
      lint_report(l, CHECK_double_wildcard, value_span(at, n, i, i + 2), "`**` means the same as `*`");
      lint_hint(l, "write `*`");
      size_t end = i + 2;
      while (end < s.n && s.p[end] == '*') end++;
      edit_part(l, at->file, n, i, end, STR("*"));
      doubled = true;
    }
  }
}

static void check_lone(Lint *l, const LintAt *at, const YamlNode *n) {
  const LintItem *item = at->item;
  if (!str_is(n->text, "*") || item_encodes(item)) return;
  lint_report(l, CHECK_lone_wildcard, n->at, "the value is just `*`");
  if (!item->field.n) return;
  if (item->n_modifiers) lint_hint(l, "write `exists: true` where any value at all is meant");
  else lint_hint(l, "write `" STR_FMT "|exists: true`", STR_ARG(item->field));
  for (uint32_t i = 0; i < item->n_modifiers; i++) {
    Str name = item->modifiers[i].name;
    if (!str_is(name, "contains") && !str_is(name, "startswith") && !str_is(name, "endswith")) return;
  }
  if (!item->is_list && fix_rekey(l, at, item->field.n, item->key->text.n, STR("|exists"))) fix_value_bytes(l, at, n, STR("true"));
}

enum { END_NONE, END_START = 1, END_END = 2, END_OTHER = 4 };

/* At which ends of a value a wildcard stands; END_OTHER: no text, no text beside wildcards, or a wildcard inside. */
static unsigned ends_of(Lint *l, const YamlNode *n) {
  if (!yaml_is_text(n)) return END_OTHER;
  Arena *scratch = arena_sub(l->arena);
  Pattern p = pattern_parse(scratch, n->text);
  unsigned ends = END_NONE;
  uint32_t from = 0, to = p.n;
  if (to && p.p[0].kind == PAT_ANY) ends |= END_START, from++;
  if (to > from && p.p[to - 1].kind == PAT_ANY) ends |= END_END, to--;
  if (to != from + 1 || p.p[from].kind != PAT_LITERAL) ends = END_OTHER;
  arena_sub_done(scratch);
  return ends;
}

/* `cased` and `all` stay behind it. */
static bool move_wildcards(Lint *l, const LintAt *at, unsigned ends, const char *name) {
  const LintItem *item = at->item;
  const LintModifier *before = NULL;
  if (!l->kept || at->file->no_edits) return false;
  for (uint32_t i = item->n_modifiers; i-- && (str_is(item->modifiers[i].name, "all") || str_is(item->modifiers[i].name, "cased"));)
    before = &item->modifiers[i];
  bool ok = fix_insert_modifier(l, at, name, before);
  for (uint32_t i = 0; i < item->n_values && ok; i++) {
    const YamlNode *n = item->values[i];
    Str s = n->text, without = str_sub(s, (ends & END_START) != 0, s.n - ((ends & END_END) != 0));
    bool more = without.n && ((ends & END_START && without.p[0] == '*') || (ends & END_END && without.p[without.n - 1] == '*'));
    ok = !more && edit_scalar(l, at->file, n, without);
  }
  return ok;
}

/* All values alike: then one modifier says it for all of them. */
static void check_modifier(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  static const char *const names[] = {NULL, "endswith", "startswith", "contains"};
  if (!item->map || !item->n_values || item_is_open(item) || item_encodes(item)) return;
  unsigned ends = ends_of(l, item->values[0]);
  if (ends == END_NONE || ends == END_OTHER) return;
  for (uint32_t i = 1; i < item->n_values; i++)
    if (ends_of(l, item->values[i]) != ends) return;
  lint_report(l, CHECK_wildcard_as_modifier, item->values[0]->at, "`%s` says the same as `*` at the %s of the value", names[ends],
              ends == (END_START | END_END) ? "ends"
              : ends == END_START           ? "start"
                                            : "end");
  lint_hint(l, "write `|%s` and the value without `*`", names[ends]);
  if (!move_wildcards(l, at, ends, names[ends])) edit_none(l);
}

void check_wildcards(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item_has_patterns(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    if (!yaml_is_text(item->values[i])) continue;
    check_lone(l, at, item->values[i]);
    check_text(l, at, item->values[i]);
  }
  check_modifier(l, at);
}
