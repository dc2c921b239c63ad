/* SPDX-License-Identifier: MIT */
#include "lint/checks/scalars.h"

#include "compiler/yaml_tokens.h"

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* `|` or `>` with what stands behind it; `+` keeps the empty lines at the end. */
static Lines block_lines(Str s, const YamlToken *t) {
  size_t line = str_find(s, STR("\n"), t->start), end = t->end;
  if (line == SIZE_MAX || line > end) line = end;
  bool keep = memchr(s.p + t->start, '+', line - t->start);
  while (!keep && end > line && blank(s.p[end - 1])) end--;
  return (Lines){(uint32_t)line, (uint32_t)end, true};
}

void scalar_lines(ScalarLines *out, Lint *l, const LintFile *f, Arena *arena) {
  YamlTokens tokens;
  yaml_tokens(&tokens, &l->compiler.sources, f->file, arena);
  *out = (ScalarLines){.known = tokens.list.n ? SIZE_MAX : 0};
  for (uint32_t i = 0; i < tokens.list.n; i++) {
    const YamlToken *t = &tokens.list.p[i];
    if (t->failed && t->start < out->known) out->known = t->start;
    if (t->kind != TOKEN_SCALAR || t->end <= t->start || !memchr(f->text.p + t->start, '\n', t->end - t->start)) continue;
    bool block = f->text.p[t->start] == '|' || f->text.p[t->start] == '>';
    *vec_add(arena, &out->list) = block ? block_lines(f->text, t) : (Lines){t->start, t->end, false};
  }
}

const Lines *scalar_lines_at(const ScalarLines *s, size_t from, size_t to) {
  uint32_t low = 0, high = s->list.n;
  while (low < high) {
    uint32_t mid = low + (high - low) / 2;
    if (s->list.p[mid].end < from) low = mid + 1;
    else high = mid;
  }
  return low < s->list.n && s->list.p[low].start <= to ? &s->list.p[low] : NULL;
}
