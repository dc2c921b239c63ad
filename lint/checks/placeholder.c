/* SPDX-License-Identifier: MIT
 * Placeholders without `expand`, and `expand` without a placeholder. */
#include "compiler/pattern.h"
#include "lint/checks/values.h"

static bool is_variable(Str name) {
  static const char *const known[] = {"allusersprofile",
                                      "appdata",
                                      "cd",
                                      "clientname",
                                      "commonprogramfiles",
                                      "computername",
                                      "comspec",
                                      "date",
                                      "driverdata",
                                      "errorlevel",
                                      "homedrive",
                                      "homepath",
                                      "localappdata",
                                      "logonserver",
                                      "onedrive",
                                      "os",
                                      "path",
                                      "pathext",
                                      "processor",
                                      "programdata",
                                      "programfiles",
                                      "psmodulepath",
                                      "public",
                                      "random",
                                      "sessionname",
                                      "systemdrive",
                                      "systemroot",
                                      "temp",
                                      "time",
                                      "tmp",
                                      "userdomain",
                                      "username",
                                      "userprofile",
                                      "windir",
                                      "systemdirectory"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_eq_nocase(name, str_of(known[i]))) return true;
  return false;
}

/* `%word%` of letters from i on, where word is no variable of the environment; 0. */
static size_t placeholder_at(Str s, size_t i) {
  size_t end = i + 1;
  while (end < s.n && (ascii_letter(s.p[end]) || s.p[end] == '_')) end++;
  if (end == s.n || s.p[end] != '%' || end < i + 4 || is_variable(str_sub(s, i + 1, end))) return 0;
  /* `%ab%20`: escapes of an URL, not a word between percent signs. */
  bool escape = end + 2 < s.n && ascii_hex(s.p[end + 1]) < 16 && ascii_hex(s.p[end + 2]) < 16;
  return escape ? 0 : end + 1 - i;
}

/* A bound: it is asked for each item that may have one. */
enum { ITEMS_MOST = 500 };

/* Rules with placeholders: they stand in a folder of their own, or use `expand` elsewhere. */
static bool expects_placeholders(const LintAt *at) {
  if (str_find(at->file->path, STR("rules-placeholder"), 0) != SIZE_MAX) return true;
  for (uint32_t i = 0; i < at->doc->items.n && i < ITEMS_MOST; i++)
    if (lint_has_modifier(&at->doc->items.p[i], "expand")) return true;
  return false;
}

static void check_missing(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (!yaml_is_text(n)) continue;
    size_t k = 0, found = 0;
    for (; k < n->text.n && !found; k++)
      if (n->text.p[k] == '%') found = placeholder_at(n->text, k);
    if (!found || !expects_placeholders(at)) continue;
    Str name = str_sub(n->text, k - 1, k - 1 + found);
    lint_report(l, CHECK_placeholder, value_span(at, n, k - 1, k - 1 + found), "`" STR_FMT "` stands for itself without `expand`",
                STR_ARG(name));
    lint_hint(l, "write `|expand`, if it is a placeholder");
    if (!item_encodes(item)) fix_add_modifier(l, at, "expand");
    return;
  }
}

void check_placeholder(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  uint32_t m = 0;
  while (m < item->n_modifiers && !str_is(item->modifiers[m].name, "expand")) m++;
  if (m == item->n_modifiers) {
    if (item->field.n && item_has_patterns(item)) check_missing(l, at);
    return;
  }
  Arena *scratch = arena_sub(l->arena);
  bool found = false;
  for (uint32_t i = 0; i < item->n_values && !found; i++) {
    if (!yaml_is_text(item->values[i])) continue;
    Pattern p = pattern_find_placeholders(scratch, item->values[i]->text);
    found = pattern_has_placeholder(&p);
  }
  arena_sub_done(scratch);
  if (found) return;
  lint_report(l, CHECK_placeholder, item->modifiers[m].at, "`expand`, but no value has a placeholder");
  lint_hint(l, "write `%%name%%` in a value, or drop `|expand`");
  fix_drop_modifier(l, at, m);
}
