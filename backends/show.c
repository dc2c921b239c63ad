/* SPDX-License-Identifier: MIT */
#include "backends/show.h"

typedef VEC(Str) Lines;

static Lines split(Str text, Arena *arena) {
  Lines lines = {0};
  for (size_t from = 0, end; from < text.n; from = end + 1) {
    end = str_find(text, STR("\n"), from);
    if (end == SIZE_MAX) end = text.n;
    *vec_add(arena, &lines) = str_sub(text, from, end);
  }
  return lines;
}

static void put_line(Buf *out, Str line, unsigned indent, const char *mark, const char *colour) {
  buf_printf(out, "%*s%s%s", (int)indent, "", colour, mark);
  buf_safe(out, line);
  buf_str(out, *colour ? STR("\033[0m\n") : STR("\n"));
}

void show_lines(Buf *out, Str text, unsigned indent) {
  for (size_t from = 0, end; from < text.n; from = end + 1) {
    end = str_find(text, STR("\n"), from);
    if (end == SIZE_MAX) end = text.n;
    put_line(out, str_sub(text, from, end), indent, "", "");
  }
}

/* What is around a line may change how far it is indented; that is seen at what is around it. */
static bool same(Str a, Str b) {
  while (a.n && *a.p == ' ') a = str_from(a, 1);
  while (b.n && *b.p == ' ') b = str_from(b, 1);
  return str_eq(a, b);
}

enum { MOST_CELLS = 1 << 22 }; /* of the table of pairs of lines */

typedef struct {
  Buf *out;
  unsigned indent;
  bool colour;
  Lines before, after;
  uint32_t *common; /* [i][k]: length of the longest common part of what is behind line i and line k */
  uint32_t shown;   /* how many lines of `after` were shown */
} Difference;

static uint32_t *cell(const Difference *d, uint32_t i, uint32_t k) { return &d->common[(size_t)i * (d->after.n + 1) + k]; }

static void fill(Difference *d) {
  for (uint32_t i = d->before.n; i-- > 0;)
    for (uint32_t k = d->after.n; k-- > 0;) {
      uint32_t down = *cell(d, i + 1, k), right = *cell(d, i, k + 1);
      *cell(d, i, k) = same(d->before.p[i], d->after.p[k]) ? *cell(d, i + 1, k + 1) + 1 : down > right ? down : right;
    }
}

static void removed(Difference *d, uint32_t i) { put_line(d->out, d->before.p[i], d->indent, "- ", d->colour ? "\033[31m" : ""); }

static void added(Difference *d, uint32_t k) {
  put_line(d->out, d->after.p[k], d->indent, "+ ", d->colour ? "\033[32m" : "");
  d->shown = k + 1;
}

/* The line in front of a change, which was not shown. */
static void show_before(Difference *d, uint32_t k) {
  if (k > d->shown) put_line(d->out, d->after.p[k - 1], d->indent, "  ", "");
  d->shown = k;
}

static void walk(Difference *d) {
  uint32_t i = 0, k = 0;
  while (i < d->before.n || k < d->after.n) {
    if (i < d->before.n && k < d->after.n && same(d->before.p[i], d->after.p[k])) {
      i++, k++;
    } else {
      show_before(d, k);
      if (k == d->after.n || (i < d->before.n && *cell(d, i + 1, k) >= *cell(d, i, k + 1))) removed(d, i++);
      else added(d, k++);
    }
  }
}

void show_difference(Buf *out, Str before, Str after, unsigned indent, bool colour, Arena *arena) {
  Difference d = {.out = out, .indent = indent, .colour = colour, .before = split(before, arena), .after = split(after, arena)};
  uint64_t cells = (uint64_t)(d.before.n + 1) * (d.after.n + 1);
  if (cells > MOST_CELLS) {
    show_lines(out, after, indent);
    return;
  }
  d.common = arena_array(arena, uint32_t, (size_t)cells);
  fill(&d);
  walk(&d);
}
