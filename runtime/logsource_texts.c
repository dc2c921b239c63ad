/* SPDX-License-Identifier: MIT
 * Texts of the table in lower case, by hash. What is entered is ours, so that no event can make the table slow. */
#include "runtime/logsource_internal.h"

static const uint64_t ones = 0x0101010101010101ull;

/* Eight ASCII letters at once: in a byte below 0x80, the sum of the first addition has the high bit from 'A' on, that of the
 * second one behind 'Z'. */
static uint64_t lower8(uint64_t w) {
  uint64_t low = w & 0x7F * ones;
  uint64_t from_a = low + (0x80 - 'A') * ones, behind_z = low + (0x7F - 'Z') * ones;
  return w | ((from_a ^ behind_z) & ~w & 0x80 * ones) >> 2;
}

static uint64_t mix(uint64_t h, uint64_t w) {
  h = (h ^ w) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 29;
}

/* The last word has some bytes of the one before it, where the text is no multiple of 8. */
bool lower_text(LowerText *out, Str text) {
  uint64_t h = text.n, w;
  size_t n = text.n;
  if (n > LONGEST_TEXT) return false;
  out->n = n;
  for (size_t i = 0; i + 8 < n; i += 8) {
    memcpy(&w, text.p + i, 8);
    w = lower8(w);
    memcpy(out->p + i, &w, 8);
    h = mix(h, w);
  }
  w = 0;
  size_t last = n < 8 ? n : 8;
  for (size_t i = 0; n < 8 && i < n; i++) w |= (uint64_t)(unsigned char)text.p[i] << 8 * i;
  if (n >= 8) memcpy(&w, text.p + n - 8, 8);
  w = lower8(w);
  for (size_t i = 0; n < 8 && i < n; i++) out->p[i] = (char)(w >> 8 * i);
  if (n >= 8) memcpy(out->p + n - last, &w, 8);
  out->hash = mix(h, w);
  return true;
}

void texts_new(TextTable *t, uint32_t most, Arena *owner) {
  t->bits = 1;
  while (1u << t->bits < 2 * most) t->bits++;
  t->slots = arena_array(owner, TextSlot, (size_t)1 << t->bits);
}

/* The slot of a text, or the free one where it belongs. */
static TextSlot *slot_of(const TextTable *t, uint32_t room, const LowerText *text) {
  uint32_t mask = (1u << t->bits) - 1, i = (uint32_t)(mix(text->hash, room) >> (64 - t->bits));
  for (;; i = (i + 1) & mask) {
    TextSlot *s = &t->slots[i];
    if (!s->text.p) return s;
    if (s->room == room && s->text.n == text->n && !memcmp(s->text.p, text->p, text->n)) return s;
  }
}

void texts_add(TextTable *t, uint32_t room, Str text, uint32_t number) {
  LowerText lower;
  if (lower_text(&lower, text)) *slot_of(t, room, &lower) = (TextSlot){text, room, number};
}

uint32_t texts_find(const TextTable *t, uint32_t room, const LowerText *text) {
  const TextSlot *s = slot_of(t, room, text);
  return s->text.p ? s->number : TEXT_NONE;
}
