/* SPDX-License-Identifier: MIT */
#include "runtime/index/literals_internal.h"

static uint32_t group_of(const Literal *l) { return l->text.n >= GRAM ? GRAM_GROUPS - 1 : (uint32_t)l->text.n - 2; }

static void add_singles(Literals *l, const Literal *list, uint32_t n, Arena *owner) {
  l->single = arena_array(owner, LiteralRec, l->singles);
  for (uint32_t i = 0, k = 0; i < n; i++)
    if (list[i].text.n == 1) l->single[k++] = (LiteralRec){.p = list[i].text.p, .n = 1, .id = list[i].id};
}

static LiteralLists lists_of(const Literal *list, uint32_t n, Arena *scratch) {
  LiteralLists l = {.n = {0}};
  for (uint32_t i = 0; i < n; i++)
    if (list[i].text.n > 1) l.n[group_of(&list[i])]++;
  for (int k = 0; k < GRAM_GROUPS; k++) {
    l.of[k] = arena_array(scratch, Literal, l.n[k]);
    l.n[k] = 0;
  }
  for (uint32_t i = 0; i < n; i++)
    if (list[i].text.n > 1) l.of[group_of(&list[i])][l.n[group_of(&list[i])]++] = list[i];
  return l;
}

Literals *literals_new(const Literal *list, uint32_t n, LiteralsCase letters, Arena *owner) {
  Literals *l = arena_new(owner, Literals);
  Arena *scratch = arena_sub(owner);
  LiteralLists lists = lists_of(list, n, scratch);
  l->letters = letters;
  l->simd = simd_here();
  if (l->simd != SIMD_NONE) l->teddy = teddy_new(&lists, letters, l->simd, owner);
  for (uint32_t k = 0; k < GRAM_GROUPS; k++) gram_group_make(&l->groups[k], k + 2, letters, lists.of[k], lists.n[k], owner);
  for (uint32_t i = 0; i < n; i++) l->singles += list[i].text.n == 1;
  add_singles(l, list, n, owner);
  arena_sub_done(scratch);
  return l;
}

/* Each byte that occurs, once: a text has so many bytes, and so few different ones. */
static void find_singles(const Literals *l, Search *s) {
  bool seen[256] = {false};
  for (size_t i = 0; i < s->text.n; i++) seen[(unsigned char)s->text.p[i]] = true;
  for (uint32_t i = 0; i < l->singles; i++) {
    char c = l->single[i].p[0];
    bool upper = s->nocase && c >= 'a' && c <= 'z' && seen[(unsigned char)(c - 32)];
    if (upper || seen[(unsigned char)c]) s->found(s->ctx, l->single[i].id);
  }
}

static void find_group(const Literals *l, const GramGroup *g, Search *s) {
  if (g->n == 0) return;
  if (l->simd == SIMD_NONE) gram_group_find(g, s, 0);
  else gram_group_find_simd(g, s, l->simd);
}

void literals_find(const Literals *l, Str text, LiteralFound *found, void *ctx) {
  if (text.n == 0) return;
  Search s; /* not set to zero: `recent` is large */
  s.text = text;
  s.nocase = l->letters == LITERALS_ASCII;
  s.any = false;
  s.found = found;
  s.ctx = ctx;
  if (l->teddy) teddy_find(l, &s);
  for (int k = 0; !l->teddy && k < GRAM_GROUPS; k++) find_group(l, &l->groups[k], &s);
  if (l->singles) find_singles(l, &s);
}

void literals_limit(Literals *l, Simd most) {
  if (l->simd > most) l->simd = most;
  if (l->simd == SIMD_NONE) l->teddy = NULL;
}
