/* SPDX-License-Identifier: MIT
 * The usual member: a comma, a name that is known and that this event did not have before, and a text or whole number, all
 * without white space or what has to be looked at closely. Nothing is said of others here: reader.c reads them. */
#include "runtime/keys_find.h"
#include "runtime/reader_internal.h"

#define INLINE static inline __attribute__((always_inline))

INLINE bool pair_at(const char *p, const char *pair) { return memcmp(p, pair, 2) == 0; }

/* Of at least 5 bytes. */
INLINE const char *word_end(const char *p) {
  if (memcmp(p, "true", 4) == 0) return p + 4;
  return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
}

/* Behind a whole number that a comma or brace follows, or `true`, or `false`; NULL where there is something else. */
INLINE const char *scalar_end(const char *p, const char *text_end) {
  const char *first = p + (*p == '-'), *end = first;
  if (*p >= 'a') return text_end - p > 5 ? word_end(p) : NULL;
  while (ascii_digit(*end)) end++;
  bool whole = end > first && (*first != '0' || end == first + 1) && (*end == ',' || *end == '}');
  return whole ? end : NULL;
}

/* Before this mark there are MARKS marks for a member, WORD bytes of the text from its name on, and a value not used. */
INLINE const uint32_t *last_begin(const Reader *r, const uint32_t *mark) {
  enum { MARKS = 4, WORD = 8 };
  if (r->marks.n < MARKS) return mark;
  const uint32_t *end = r->marks.at + r->marks.n - (MARKS - 1);
  if (end - mark > 2 * (r->free_end - r->free)) end = mark + 2 * (r->free_end - r->free); /* a member has at least two */
  while (end > mark && r->n - end[-1] <= WORD) end--;
  return end;
}

INLINE void put_scalar(Value *v, ValueKind kind, bool raw, Str text) {
  v->kind = kind;
  v->raw = raw;
  v->text = text;
  v->first = v->next = NULL;
  v->folded = (Str){0};
}

/* Behind a mark there is at least the brace that ends the text, so that what the conditions read is there. */
MembersEnd reader_members(Reader *r, uint32_t from, const uint32_t *mark) {
  const char *text = r->text, *p = text + from;
  const uint32_t *end = last_begin(r, mark);
  const KeyTable *keys = r->keys;
  uint32_t *seen = r->seen, first_serial = r->first_serial, serial = r->top->serial;
  Value *last = r->top->last, *v = r->free;
  while (mark < end && pair_at(p, ",\"")) {
    const char *stop = text + mark[1], *at = stop + 2;
    if (!pair_at(stop, "\":")) break;
    Str name = {p + 2, (size_t)(stop - p) - 2};
    KeySlot key = key_of_readable(name);
    uint32_t id = key_as_spelled(keys, &key, name);
    if (seen[id] >= first_serial) break; /* also of those that are not known */
    if (*at == '"') {
      const char *quote = text + mark[3];
      if (*quote != '"') break;
      put_scalar(v, VALUE_TEXT, marks_backslash(&r->marks, mark[3]), (Str){at + 1, (size_t)(quote - at) - 1});
      p = quote + 1;
      mark += 4;
    } else {
      const char *behind = scalar_end(at, text + r->n);
      if (!behind) break;
      put_scalar(v, *at >= 'a' ? VALUE_BOOL : VALUE_NUMBER, false, (Str){at, (size_t)(behind - at)});
      p = behind;
      mark += 2;
    }
    v->key_id = id;
    v->key = name;
    seen[id] = serial;
    last->next = v;
    last = v++;
  }
  r->free = v;
  r->top->last = last;
  return (MembersEnd){mark, (uint32_t)(p - text)};
}
