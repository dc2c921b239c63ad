/* SPDX-License-Identifier: MIT */
#include "runtime/index/index_internal.h"

/* Most texts are short; of the long ones some are said again and again, and to look through them takes longest. */
enum { WORD = 8, SHORT_BITS = 10, LONG_BITS = 7, SHORT_TEXT = 152 };
#define SPREAD 0x9E3779B97F4A7C15ull

static MemoSlot *slots_new(Arena *owner, uint32_t n, size_t room) {
  MemoSlot *slots = arena_array(owner, MemoSlot, n);
  char *texts = arena_room(owner, n * room);
  for (uint32_t i = 0; i < n; i++) slots[i].text = texts + i * room;
  return slots;
}

IndexMemo *index_memo_new(Arena *owner) {
  IndexMemo *m = arena_new(owner, IndexMemo);
  m->shorts = slots_new(owner, 1u << SHORT_BITS, SHORT_TEXT);
  m->longs = slots_new(owner, 1u << LONG_BITS, MEMO_TEXT);
  return m;
}

static inline uint64_t load(const char *p) {
  uint64_t w;
  memcpy(&w, p, WORD);
  return w;
}

static inline uint64_t mix(uint64_t h, uint64_t w) {
  h = (h ^ w) * SPREAD;
  return h ^ h >> 32;
}

/* Of a few bytes: texts with the same number take each other's place, no more. */
static inline uint64_t number_of(const IndexField *field, Str t) {
  uint64_t h = (uint64_t)(uintptr_t)field + t.n;
  if (t.n < WORD) {
    for (size_t i = 0; i < t.n; i++) h = h << 8 ^ h >> 56 ^ (unsigned char)t.p[i];
    return h * SPREAD;
  }
  h = mix(mix(h, load(t.p)), load(t.p + (t.n - WORD) / 2));
  if (t.n > SHORT_TEXT) h = mix(mix(h, load(t.p + t.n / 4)), load(t.p + t.n / 4 * 3));
  return (h ^ load(t.p + t.n - WORD)) * SPREAD;
}

static inline MemoSlot *slot_of(IndexMemo *m, const IndexField *field, Str t) {
  uint64_t number = number_of(field, t);
  return t.n <= SHORT_TEXT ? &m->shorts[number >> (64 - SHORT_BITS)] : &m->longs[number >> (64 - LONG_BITS)];
}

static inline bool is_of(const MemoSlot *s, const IndexField *field, const Value *v) {
  return s->field == field && s->n_text == v->text.n && s->raw == v->raw && memcmp(s->text, v->text.p, v->text.n) == 0;
}

MemoSlot *index_memo(IndexMemo *m, const IndexField *field, const Value *v, bool *known) {
  *known = false;
  if (v->text.n - 1 >= MEMO_TEXT) return NULL;
  MemoSlot *s = slot_of(m, field, v->text);
  *known = is_of(s, field, v);
  if (*known) return s;
  s->field = NULL;
  s->n_text = (uint16_t)v->text.n;
  s->raw = v->raw;
  s->n_preds = 0;
  memcpy(s->text, v->text.p, v->text.n);
  return s;
}

void index_memo_add(MemoSlot *s, uint32_t pred) {
  if (s->n_preds < MEMO_PREDS) s->preds[s->n_preds] = pred;
  if (s->n_preds <= MEMO_PREDS) s->n_preds++;
}

void index_memo_done(MemoSlot *s, const IndexField *field) { s->field = s->n_preds <= MEMO_PREDS ? field : NULL; }
