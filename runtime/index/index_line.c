/* SPDX-License-Identifier: MIT
 * Keywords are looked for in the text of the event as it came. JSON spells a character as itself or by an escape: quote
 * and backslash always by one; a solidus by `\/` where somebody liked that; all others only by `\u`. So in a line without `\u`
 * and `\/` there is one spelling, but for control characters, which are left out here. */
#include "runtime/index/index_internal.h"

enum { SHORT_RUN = 3 };

static bool in_run(char c) { return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80; }

/* The longest run of characters with one spelling. */
static Str longest_run(Str s) {
  Str best = {0};
  for (size_t i = 0, start = 0; i <= s.n; i++) {
    if (i < s.n && in_run(s.p[i])) continue;
    if (i - start > best.n) best = str_sub(s, start, i);
    start = i + 1;
  }
  return best;
}

bool line_is_wide(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return true;
  return false;
}

Str line_literal(Str anchor, Arena *owner) {
  Str run = longest_run(anchor);
  if (run.n < SHORT_RUN && line_is_wide(anchor)) return (Str){0}; /* the lines with such characters are fewer */
  char *p = arena_array(owner, char, run.n * 2);
  size_t n = 0;
  for (size_t i = 0; i < run.n; i++) {
    if (run.p[i] == '"' || run.p[i] == '\\') p[n++] = '\\';
    p[n++] = run.p[i];
  }
  return (Str){p, n};
}
