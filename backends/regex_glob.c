/* SPDX-License-Identifier: MIT */
#include "backends/regex_text.h"

#include <stdlib.h>

#include "base/utf8.h"

typedef struct {
  VEC(RegexNode *) kids;
  Arena *arena;
} Builder;

static RegexNode *add(Builder *b, RegexKind kind) { return *vec_add(b->arena, &b->kids) = regex_node(b->arena, kind); }

static int code_cmp(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/* One of some characters, none of them next to another unless they are one range. */
static void add_one_of(Builder *b, const uint32_t *codes, unsigned n) {
  RegexNode *node = add(b, n == 1 ? REGEX_CHAR : REGEX_CLASS);
  if (n == 1) {
    node->code = codes[0];
    return;
  }
  RegexRange *ranges = arena_array(b->arena, RegexRange, n);
  for (unsigned i = 0; i < n; i++) {
    if (node->n && ranges[node->n - 1].high + 1 == codes[i]) ranges[node->n - 1].high++;
    else ranges[node->n++] = (RegexRange){codes[i], codes[i]};
  }
  node->ranges = ranges;
}

static void add_literal(Builder *b, Str text, bool cased) {
  for (size_t i = 0, n; i < text.n; i += n) {
    uint32_t all[4] = {0};
    n = utf8_decode(text, i, &all[0]);
    unsigned cases = cased ? 1 : fold_class(all[0], all);
    qsort(all, cases, sizeof *all, code_cmp);
    add_one_of(b, all, cases);
  }
}

static void add_dash(Builder *b) {
  uint32_t all[DASH_VARIANTS] = {0};
  for (int i = 0; i < DASH_VARIANTS; i++) utf8_decode(dash_variants[i], 0, &all[i]);
  qsort(all, DASH_VARIANTS, sizeof *all, code_cmp);
  add_one_of(b, all, DASH_VARIANTS);
}

static void add_any(Builder *b) {
  RegexNode *repeat = add(b, REGEX_REPEAT);
  repeat->max = REGEX_NO_MAX;
  repeat->n = 1;
  repeat->kids = arena_array(b->arena, RegexNode *, 1);
  repeat->kids[0] = regex_all(b->arena);
}

static void add_part(Builder *b, const PatPart *part, bool cased) {
  switch (part->kind) {
  case PAT_LITERAL: add_literal(b, part->text, cased); return;
  case PAT_ANY: add_any(b); return;
  case PAT_ONE: *vec_add(b->arena, &b->kids) = regex_all(b->arena); return;
  case PAT_DASH: add_dash(b); return;
  case PAT_PLACEHOLDER: return;
  }
}

static bool is_any(const Pattern *p, uint32_t i) { return p->p[i].kind == PAT_ANY; }

const RegexNode *regex_of_glob(Arena *arena, const Pattern *p, bool cased) {
  Builder b = {.arena = arena};
  uint32_t first = 0, end = p->n;
  while (first < end && is_any(p, first)) first++;
  while (end > first && is_any(p, end - 1)) end--;
  if (first == 0) add(&b, REGEX_TEXT_START);
  for (uint32_t i = first; i < end; i++)
    if (i == first || !is_any(p, i) || !is_any(p, i - 1)) add_part(&b, &p->p[i], cased);
  if (end == p->n && (end > first || p->n == 0)) add(&b, REGEX_TEXT_END);
  return regex_join(arena, REGEX_CAT, b.kids.p, b.kids.n);
}
