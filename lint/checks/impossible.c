/* SPDX-License-Identifier: MIT
 * Values that the field of the log source never has, and ends of paths that are not whole names. */
#include "lint/checks/impossible.h"
#include "lint/edit.h"

static Impossible impossible(ValueKind kind, const ValueForm *v) {
  Impossible path = impossible_path(kind, v);
  return path.why ? path : impossible_word(kind, v);
}

static Str separator(ValueKind kind) { return value_kind_is_unix(kind) ? STR("/") : STR("\\"); }

/* Adds a separator in front of a value. */
static void fix_separator(Lint *l, const LintAt *at, const YamlNode *n, ValueKind kind) {
  edit_part(l, at->file, n, 0, 0, separator(kind));
}

/* `Image: 'name.exe'` becomes `Image|endswith: '\name.exe'`, where all values of the item are such names. */
static void fix_bare(Lint *l, const LintAt *at, ValueKind kind, Arena *scratch) {
  const LintItem *item = at->item;
  if (item->n_modifiers) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    ValueForm v;
    const YamlNode *n = item->values[i];
    /* The edits of the values must not fail where that of the key is made. */
    bool simple = yaml_is_text(n) && n->exact && n->text.n < 256;
    if (!simple || !value_form(&v, scratch, item, n) || !impossible_path(kind, &v).bare) return;
  }
  if (!fix_add_modifier(l, at, "endswith")) return;
  for (uint32_t i = 0; i < item->n_values; i++) fix_separator(l, at, item->values[i], kind);
}

static void report(Lint *l, const LintAt *at, const YamlNode *n, const Impossible *what) {
  lint_report(l, CHECK_impossible_value, n->at, "`" STR_FMT "` %s", STR_ARG(at->item->field), what->why);
  lint_hint(l, "%s", what->advice);
}

/* The fix of the first finding mends all values: the key can change only once. */
void check_impossible_value(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  ValueKind kind = item->key ? value_kind(&at->doc->rule->logsource, item->field) : KIND_NONE;
  if (kind == KIND_NONE || value_kind_is_hash(kind) || !item_has_forms(item)) return;
  bool fixed = false;
  Arena *scratch = arena_sub(l->arena);
  for (uint32_t i = 0; i < item->n_values; i++) {
    ValueForm v;
    if (!value_form(&v, scratch, item, item->values[i])) continue;
    Impossible what = impossible(kind, &v);
    if (!what.why) continue;
    report(l, at, item->values[i], &what);
    if (what.bare && !fixed) fix_bare(l, at, kind, scratch);
    fixed |= what.bare;
  }
  arena_sub_done(scratch);
}

/* The name of a program: not of its directory, and not the end of one, such as `.exe`, `_64.exe` or, for Windows, `tmp`. */
static bool is_name(Str s, ValueKind kind) {
  bool begins = s.n && (ascii_letter(*s.p) || ascii_digit(*s.p)) && !(s.n > 1 && s.p[1] == ':');
  return begins && (kind == KIND_UNIX_PROGRAM || memchr(s.p, '.', s.n));
}

void check_endswith_separator(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->key || !lint_has_modifier(item, "endswith")) return;
  ValueKind kind = value_kind(&at->doc->rule->logsource, item->field);
  if ((kind != KIND_PROGRAM && kind != KIND_UNIX_PROGRAM) || !item_has_forms(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (!yaml_is_text(n) || !is_name(n->text, kind)) continue;
    Str sep = separator(kind);
    lint_report(l, CHECK_endswith_no_separator, n->at, "the names of other programs may end so: no `" STR_FMT "` in front of it",
                STR_ARG(sep));
    lint_hint(l, "write `" STR_FMT STR_FMT "`", STR_ARG(sep), STR_ARG(n->text));
    fix_separator(l, at, n, kind);
  }
}
