/* SPDX-License-Identifier: MIT
 * Open addressing, at most half full; what is taken away makes those behind it move up. Texts come from events, whose author may have made
 * them fall on the same slots: then the table takes another hash, but not so often that this would cost more than the search. */
#include "runtime/correlate/texts.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 16, LONG_SEARCH = 64, TEXT_COST = 40 };

/* A text that is short stands behind this, a long one elsewhere. */
typedef struct {
  uint32_t rows, n;
} TextHead;

enum { SHORT_TEXT = 1024, SHORT_MOST = SHORT_TEXT - (int)sizeof(TextHead) };

void texts_open(Texts *t, Pool *pool) { *t = (Texts){.pool = pool, .seed = HASH_SEED}; }

static TextHead *head_of(const Texts *t, TextName name) { return pool_at(t->pool, name); }

static uint32_t head_bytes(uint32_t n) { return (uint32_t)sizeof(TextHead) + (n <= SHORT_MOST ? n : (uint32_t)sizeof(char *)); }

static char *long_text(const TextHead *h) {
  char *p;
  memcpy(&p, h + 1, sizeof p);
  return p;
}

Str texts_at(const Texts *t, TextName name) {
  const TextHead *h = head_of(t, name);
  return (Str){h->n <= SHORT_MOST ? (const char *)(h + 1) : long_text(h), h->n};
}

static uint32_t hash_of(const Texts *t, Str s) { return (uint32_t)hash_key(t->seed, s.p, s.n); }

/* The slot that holds s, or the free one where it belongs. */
static uint32_t slot_of(const Texts *t, Str s, uint32_t hash, uint32_t *steps) {
  uint32_t mask = t->n_slots - 1, i = hash & mask;
  for (; t->slots[i].name; i = (i + 1) & mask, ++*steps)
    if (t->slots[i].hash == hash && str_eq(texts_at(t, t->slots[i].name), s)) break;
  return i;
}

static void put(TextSlot *slots, uint32_t n_slots, TextSlot s) {
  uint32_t i = s.hash & (n_slots - 1);
  while (slots[i].name) i = (i + 1) & (n_slots - 1);
  slots[i] = s;
}

/* All texts into a table of another size, or after another seed. */
static void move_all(Texts *t, uint32_t n_slots, bool hash_again) {
  TextSlot *slots = pool_large(t->pool, n_slots * sizeof *slots);
  memset(slots, 0, n_slots * sizeof *slots);
  for (uint32_t i = 0; i < t->n_slots; i++) {
    TextSlot s = t->slots[i];
    if (!s.name) continue;
    if (hash_again) s.hash = hash_of(t, texts_at(t, s.name));
    put(slots, n_slots, s);
  }
  pool_large_give(t->pool, t->slots);
  t->slots = slots;
  t->n_slots = n_slots;
}

static void change_seed(Texts *t) {
  t->seed = (t->seed ^ t->seed >> 29) * 0xBF58476D1CE4E5B9u + 1;
  move_all(t, t->n_slots, true);
  t->settle = t->n_slots;
}

static TextName text_new(Texts *t, Str s) {
  uint32_t n = (uint32_t)s.n;
  char *elsewhere = n > SHORT_MOST ? pool_large(t->pool, n) : NULL;
  TextName name = pool_take(t->pool, head_bytes(n));
  TextHead *h = head_of(t, name);
  *h = (TextHead){.rows = 1, .n = n};
  if (elsewhere) memcpy(h + 1, &elsewhere, sizeof elsewhere);
  if (n) memcpy(elsewhere ? elsewhere : (char *)(h + 1), s.p, n);
  t->bytes += TEXT_COST + (uint64_t)n;
  return name;
}

TextName texts_take(Texts *t, Str s) {
  if (t->n_slots < (t->n + 1) * 2) move_all(t, t->n_slots ? t->n_slots * 2 : FIRST_SLOTS, false);
  uint32_t steps = 0, hash = hash_of(t, s), i = slot_of(t, s, hash, &steps);
  if (t->slots[i].name) {
    head_of(t, t->slots[i].name)->rows++;
    return t->slots[i].name;
  }
  TextName name = text_new(t, s);
  t->slots[i] = (TextSlot){hash, name};
  t->n++;
  if (t->settle) t->settle--;
  else if (steps > LONG_SEARCH) change_seed(t);
  return name;
}

/* Those behind a slot that became free, which would stand nearer to where they belong, move up. */
static void close_gap(Texts *t, uint32_t gap) {
  uint32_t mask = t->n_slots - 1;
  for (uint32_t i = (gap + 1) & mask; t->slots[i].name; i = (i + 1) & mask) {
    uint32_t home = t->slots[i].hash & mask;
    if (((i - home) & mask) < ((i - gap) & mask)) continue;
    t->slots[gap] = t->slots[i];
    gap = i;
  }
  t->slots[gap] = (TextSlot){0};
}

void texts_drop(Texts *t, TextName name) {
  TextHead *h = head_of(t, name);
  if (--h->rows) return;
  Str s = texts_at(t, name);
  uint32_t n = h->n, i = hash_of(t, s) & (t->n_slots - 1);
  while (t->slots[i].name != name) i = (i + 1) & (t->n_slots - 1);
  close_gap(t, i);
  t->n--;
  t->bytes -= TEXT_COST + (uint64_t)n;
  if (n > SHORT_MOST) pool_large_give(t->pool, long_text(h));
  pool_give(t->pool, name, head_bytes(n));
  if (t->n_slots > FIRST_SLOTS && t->n < t->n_slots / 8) move_all(t, t->n_slots / 2, false);
}
