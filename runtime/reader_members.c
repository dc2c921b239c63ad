/* SPDX-License-Identifier: MIT
 * The usual member: a comma, a name that is known and that this event did not have before, and a text or whole number, all
 * without white space or what has to be looked at closely. Nothing is said of others here: reader.c reads them. */
#include "runtime/keys_find.h"
#include "runtime/reader_internal.h"

#define INLINE static inline __attribute__((always_inline))

INLINE bool pair_at(const char *p, const char *pair) { return memcmp(p, pair, 2) == 0; }

/* Behind a whole number that a comma or brace follows; 0 where there is something else. */
INLINE uint32_t number_end(const char *text, uint32_t p) {
  uint32_t first = p + (text[p] == '-'), end = reader_digits_end(text, first);
  bool whole = end > first && (text[first] != '0' || end == first + 1) && (text[end] == ',' || text[end] == '}');
  return whole ? end : 0;
}

MembersEnd reader_members(Reader *r, uint32_t p, const uint32_t *mark) {
  enum { MARKS = 4, WORD = 8 };
  const char *text = r->text;
  const uint32_t *marks_end = r->marks.at + r->marks.n;
  const KeyTable *keys = r->keys;
  uint32_t *seen = r->seen, n_seen = r->n_seen, first_serial = r->first_serial, serial = r->top->serial, n = r->n;
  Value *last = r->top->last, *v = r->free, *end = r->free_end;
  /* Behind a mark there is at least the brace that ends the text; where it is a quote so is all that the conditions read. */
  while (marks_end - mark >= MARKS && v != end && pair_at(text + p, ",\"")) {
    uint32_t start = p + 2, stop = mark[1], at = stop + 2;
    if (!pair_at(text + stop, "\":") || n - start < WORD) break;
    Str name = {text + start, stop - start};
    KeySlot key = key_of_readable(name);
    uint32_t id = key_at_once(keys, &key, name);
    if (id == KEY_UNKNOWN || id >= n_seen || seen[id] >= first_serial) break;
    if (text[at] == '"') {
      uint32_t quote = mark[3];
      if (text[quote] != '"') break;
      p = quote + 1;
      *v = (Value){.kind = VALUE_TEXT,
                   .raw = marks_backslash(&r->marks, quote),
                   .key_id = id,
                   .text = {text + at + 1, quote - at - 1},
                   .key = name};
      mark += 4;
    } else {
      uint32_t behind = number_end(text, at);
      if (!behind) break;
      p = behind;
      *v = (Value){.kind = VALUE_NUMBER, .key_id = id, .text = {text + at, behind - at}, .key = name};
      mark += 2;
    }
    seen[id] = serial;
    last->next = v;
    last = v++;
  }
  r->free = v;
  r->top->last = last;
  return (MembersEnd){mark, p};
}
