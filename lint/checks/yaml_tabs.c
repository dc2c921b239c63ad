/* SPDX-License-Identifier: MIT
 * The fix of yaml-tab, which the compiler finds: blanks instead of tabs in front of the lines of the document. How wide a tab was meant
 * to be is a guess: as wide as the least indentation by blanks that the file has. */
#include "lint/checks/yaml.h"

static size_t line_end(Str s, size_t at) {
  size_t end = str_find(s, STR("\n"), at);
  return end == SIZE_MAX ? s.n : end;
}

static size_t indent_end(Str s, size_t at) {
  while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t')) at++;
  return at;
}

static unsigned tab_width(Str s) {
  enum { LEAST = 2, USUAL = 4, MOST = 8 };
  unsigned width = MOST + 1;
  for (size_t at = 0; at < s.n; at = line_end(s, at) + 1) {
    size_t end = indent_end(s, at);
    bool plain = end < s.n && s.p[end] != '#' && s.p[end] != '\n' && !memchr(s.p + at, '\t', end - at);
    if (plain && end - at >= LEAST && end - at < width) width = (unsigned)(end - at);
  }
  return width > MOST ? USUAL : width;
}

static void fix_line(Lint *l, uint32_t file, Str s, size_t at, unsigned width) {
  size_t end = indent_end(s, at), column = 0;
  Buf blanks = {.arena = l->arena};
  for (size_t i = at; i < end; i++) column += s.p[i] == '\t' ? width - column % width : 1;
  for (size_t i = 0; i < column; i++) buf_char(&blanks, ' ');
  lint_fix(l, (Span){file, (uint32_t)at, (uint32_t)end}, buf_view(&blanks));
}

/* Behind blanks, a tab may be a part of a text: but for the line that was found. */
void fix_tabs(Lint *l, Span at) {
  Str s = l->files.p[at.file].text;
  size_t from = 0, next, to;
  if (!lint_enabled(l, CHECK_yaml_tab)) return;
  while ((next = yaml_next_document(s, from)) <= at.start) from = next;
  to = next == SIZE_MAX ? s.n : next;
  unsigned width = tab_width(s);
  for (size_t end; from < to; from = end + 1) {
    end = line_end(s, from);
    size_t text = indent_end(s, from);
    bool here = from <= at.start && at.start <= end && text > from && memchr(s.p + from, '\t', text - from);
    if (text < end && (here || s.p[from] == '\t')) fix_line(l, at.file, s, from, width);
  }
}
