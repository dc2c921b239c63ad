/* SPDX-License-Identifier: MIT
 * Values: twice in a list, with control characters, numbers in quotes. */
#include "lint/checks/fixes.h"
#include "lint/checks/values.h"

#include "base/utf8.h"
#include "compiler/pattern.h"

/* What tells values of an item apart; letter case only where it counts. */
static Str value_key(Arena *a, const YamlNode *n, bool raw, bool cased) {
  switch (n->type) {
  case SCALAR_NULL: return STR("null");
  case SCALAR_BOOL: return n->truth ? STR("true") : STR("false");
  case SCALAR_INT:
  case SCALAR_FLOAT: return arena_printf(a, "=" STR_FMT, STR_ARG(n->number));
  case SCALAR_TEXT:
  case SCALAR_NONFINITE: break;
  }
  Str text = n->text;
  if (!raw) {
    Pattern p = pattern_parse(a, text);
    text = pattern_print(a, &p);
  }
  if (!cased) text = fold_text(a, text);
  char *key = arena_alloc(a, text.n + 1);
  key[0] = '"';
  if (text.n) memcpy(key + 1, text.p, text.n);
  return (Str){key, text.n + 1};
}

void check_duplicate_value(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (item->n_values < 2) return;
  bool raw = !item_has_patterns(item), base64 = lint_has_modifier(item, "base64") || lint_has_modifier(item, "base64offset");
  bool cased = base64 || lint_has_modifier(item, "re") || lint_has_modifier(item, "cased");
  Arena *scratch = arena_sub(l->arena);
  Intern seen;
  intern_init(&seen, scratch);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (n->kind != YAML_SCALAR) continue;
    uint32_t known = seen.names.n;
    intern_id(&seen, value_key(scratch, n, raw, cased));
    if (seen.names.n > known) continue;
    lint_report(l, CHECK_duplicate_value, n->at, "`" STR_FMT "` is in the list already", STR_ARG(n->text));
    lint_hint(l, "delete the second");
    edit_drop_item(l, at->file, item->node, i);
  }
  arena_sub_done(scratch);
}

/* Mostly an escape that was not meant as one: `"\temp"`. Regular expressions may have them. */
void check_control_character(Lint *l, const LintAt *at) {
  if (lint_has_modifier(at->item, "re")) return;
  for (uint32_t i = 0; i < at->item->n_values; i++) {
    const YamlNode *n = at->item->values[i];
    size_t k = 0;
    if (!yaml_is_text(n)) continue;
    while (k < n->text.n && (unsigned char)n->text.p[k] >= ' ') k++;
    if (k == n->text.n) continue;
    lint_report(l, CHECK_control_character, value_span(at, n, k, k + 1), "the control character U+%04X is in the value",
                (unsigned)(unsigned char)n->text.p[k]);
    if (at->file->text.p[n->at.start] == '"') lint_hint(l, "put the value in single quotes, where a backslash is one");
  }
}

/* An integer as it would be written without quotes. */
static bool is_integer(Str s) {
  size_t sign = s.n && s.p[0] == '-', i = sign;
  while (i < s.n && ascii_digit(s.p[i])) i++;
  return i == s.n && i > sign && (s.p[sign] != '0' || s.n == 1);
}

void check_number_as_string(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->field.n || !item_has_patterns(item) || item_is_open(item) || item_encodes(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (!yaml_is_text(n) || n->plain || !is_integer(n->text)) continue;
    lint_report(l, CHECK_number_as_string, n->at, "the number " STR_FMT " is written as a text", STR_ARG(n->text));
    lint_hint(l, "drop the quotes");
    fix_value_bytes(l, at, n, n->text);
  }
}
