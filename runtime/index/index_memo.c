/* SPDX-License-Identifier: MIT */
#include "runtime/index/index_internal.h"

enum { WORD = 8, SLOT_BITS = 10 };
#define SPREAD 0x9E3779B97F4A7C15ull

IndexMemo *index_memo_new(Arena *owner) {
  IndexMemo *m = arena_new(owner, IndexMemo);
  m->slots = arena_array(owner, MemoSlot, 1u << SLOT_BITS);
  return m;
}

static inline uint64_t load(const char *p) {
  uint64_t w;
  memcpy(&w, p, WORD);
  return w;
}

/* Of a few bytes: texts with the same number take each other's place, no more. */
static inline uint64_t number_of(const IndexField *field, Str t) {
  uint64_t h = (uint64_t)(uintptr_t)field + t.n;
  if (t.n < WORD) {
    for (size_t i = 0; i < t.n; i++) h = h << 8 ^ h >> 56 ^ (unsigned char)t.p[i];
    return h * SPREAD;
  }
  h = (h ^ load(t.p)) * SPREAD;
  h = (h ^ h >> 32 ^ load(t.p + (t.n - WORD) / 2)) * SPREAD;
  return (h ^ h >> 32 ^ load(t.p + t.n - WORD)) * SPREAD;
}

static inline bool is_of(const MemoSlot *s, const IndexField *field, const Value *v) {
  return s->field == field && s->n_text == v->text.n && s->raw == v->raw && memcmp(s->text, v->text.p, v->text.n) == 0;
}

MemoSlot *index_memo(IndexMemo *m, const IndexField *field, const Value *v, bool *known) {
  *known = false;
  if (v->text.n - 1 >= MEMO_TEXT) return NULL;
  MemoSlot *s = &m->slots[number_of(field, v->text) >> (64 - SLOT_BITS)];
  *known = is_of(s, field, v);
  if (*known) return s;
  s->field = field;
  s->n_text = (uint8_t)v->text.n;
  s->raw = v->raw;
  s->n_preds = 0;
  memcpy(s->text, v->text.p, v->text.n);
  return s;
}

void index_memo_add(MemoSlot *s, uint32_t pred) {
  if (s->n_preds == MEMO_PREDS) s->field = NULL;
  else s->preds[s->n_preds++] = pred;
}
