/* SPDX-License-Identifier: MIT
 * Modifiers that change nothing, or too much: windash without a dash, cased without a letter, expand without a placeholder, a field
 * that refers to itself, the empty text. */
#include "base/utf8.h"
#include "compiler/pattern.h"
#include "lint/checks/values.h"

static uint32_t modifier_index(const LintItem *item, const char *name) {
  uint32_t i = 0;
  while (i < item->n_modifiers && !str_is(item->modifiers[i].name, name)) i++;
  return i;
}

static bool all_text(const LintItem *item) {
  for (uint32_t i = 0; i < item->n_values; i++)
    if (!yaml_is_text(item->values[i])) return false;
  return item->n_values > 0;
}

static bool is_word(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || (unsigned char)c >= 0x80; }

/* A dash or slash that windash varies stands in front of a word and not behind one; beyond ASCII everything may be a word, or a dash. */
static bool may_vary(Str s) {
  for (size_t i = 0; i < s.n; i++) {
    if ((unsigned char)s.p[i] >= 0x80) return true;
    bool dash = s.p[i] == '-' || s.p[i] == '/';
    if (dash && i + 1 < s.n && is_word(s.p[i + 1]) && !(i && is_word(s.p[i - 1]))) return true;
  }
  return false;
}

void check_windash(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  uint32_t m = item->n_modifiers ? modifier_index(item, "windash") : 0;
  if (m == item->n_modifiers || lint_has_modifier(item, "expand") || !item_has_patterns(item) || !all_text(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (may_vary(item->values[i]->text)) return;
  lint_report(l, CHECK_windash_no_dash, item->modifiers[m].at, "no value has a dash or slash that `windash` would vary");
  lint_hint(l, "drop `|windash`");
  fix_drop_modifier(l, at, m);
}

void check_cased(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  uint32_t m = item->n_modifiers ? modifier_index(item, "cased") : 0;
  if (m == item->n_modifiers || lint_has_modifier(item, "expand") || !item_has_patterns(item) || item_encodes(item) ||
      !all_text(item))
    return;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (fold_matters(item->values[i]->text)) return;
  lint_report(l, CHECK_cased_no_effect, item->modifiers[m].at, "no value has a letter, so letter case does not matter");
  lint_hint(l, "drop `|cased`");
  fix_drop_modifier(l, at, m);
}

void check_fieldref_self(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->field.n || !item->n_modifiers || !lint_has_modifier(item, "fieldref")) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    if (!yaml_is_text(item->values[i]) || !str_eq(item->values[i]->text, item->field)) continue;
    lint_report(l, CHECK_fieldref_self, item->values[i]->at, "`" STR_FMT "` is compared with itself, which holds for each text",
                STR_ARG(item->field));
    lint_hint(l, "name the other field, or write `" STR_FMT "|exists: true`", STR_ARG(item->field));
  }
}

/* In a keyword, which is looked for anywhere, it is found as well. */
void check_empty_string(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if ((item->key && item->field.n && !item_is_open(item)) || !item_has_patterns(item) || item_encodes(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    if (!yaml_is_text(item->values[i]) || item->values[i]->text.n) continue;
    lint_report(l, CHECK_empty_string, item->values[i]->at, "every text has the empty text in it");
    if (item->field.n)
      lint_hint(l,
                "write `" STR_FMT "|exists: true` for a field with any value, `" STR_FMT ": null` for an absent one, `" STR_FMT
                ": ''` for an empty one",
                STR_ARG(item->field), STR_ARG(item->field), STR_ARG(item->field));
    else lint_hint(l, "drop it");
  }
}
