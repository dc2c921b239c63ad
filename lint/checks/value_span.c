/* SPDX-License-Identifier: MIT
 * Where a part of a value is written, and what kind of values an item has. */
#include "base/utf8.h"
#include "compiler/modifiers.h"
#include "lint/checks/values.h"

/* Bytes of the source that an escape of double quotes takes, and bytes of text that it makes (YAML 1.2.2, 5.7). */
static size_t escape_at(Str source, size_t i, size_t *made) {
  static const char digits[] = {'x', 2, 'u', 4, 'U', 8};
  char c = i + 1 < source.n ? source.p[i + 1] : '\n', utf8[4];
  *made = c == 'N' || c == '_' ? 2 : c == 'L' || c == 'P' ? 3 : 1;
  for (size_t k = 0; k < sizeof digits; k += 2) {
    if (c != digits[k]) continue;
    uint32_t cp = 0;
    size_t n = (size_t)digits[k + 1];
    for (size_t d = 0; d < n && i + 2 + d < source.n; d++) cp = cp << 4 | (ascii_hex(source.p[i + 2 + d]) & 15);
    *made = utf8_encode(cp, utf8);
    return n + 2;
  }
  return 2;
}

/* The place in the source of byte `want` of the text; SIZE_MAX where a line ends before it. */
static size_t find_byte(Str source, size_t start, size_t end, size_t want) {
  char quote = source.p[start];
  size_t i = start + 1;
  for (size_t at = 0; at < want && i < end;) {
    size_t n = 1, made = 1;
    if (source.p[i] == '\n' || source.p[i] == '\r') return SIZE_MAX;
    if (quote == '"' && source.p[i] == '\\') {
      if (i + 1 < end && source.p[i + 1] == '\n') return SIZE_MAX;
      n = escape_at(source, i, &made);
    } else if (quote == '\'' && source.p[i] == '\'') {
      n = 2;
    }
    i += n;
    at += made;
  }
  return i < end ? i : SIZE_MAX;
}

Span value_span(const LintAt *at, const YamlNode *n, size_t from, size_t to) {
  Str source = at->file->text;
  if (n->exact) return yaml_sub_span(n, from, to);
  if (n->at.end > source.n || n->at.end < n->at.start + 2u) return n->at;
  char quote = source.p[n->at.start];
  if (quote != '"' && quote != '\'') return n->at;
  size_t start = find_byte(source, n->at.start, n->at.end, from), end = find_byte(source, n->at.start, n->at.end, to);
  if (start == SIZE_MAX || end == SIZE_MAX || end < start) return n->at;
  return (Span){n->at.file, (uint32_t)start, (uint32_t)end};
}

bool item_has_patterns(const LintItem *item) {
  static const char *const others[] = {"re",  "cidr",   "fieldref", "exists", "lt",   "lte",   "gt",
                                       "gte", "minute", "hour",     "day",    "week", "month", "year"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (lint_has_modifier(item, others[i])) return false;
  return true;
}

bool item_is_open(const LintItem *item) {
  return lint_has_modifier(item, "contains") || lint_has_modifier(item, "startswith") || lint_has_modifier(item, "endswith");
}

bool item_encodes(const LintItem *item) {
  for (uint32_t i = 0; i < item->n_modifiers; i++) {
    const Modifier *m = modifier_find(item->modifiers[i].name);
    if (m && modifier_encodes(m)) return true;
  }
  return false;
}
