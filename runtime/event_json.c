/* SPDX-License-Identifier: MIT */
#include "runtime/event_json.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/json_text.h"

enum { POOL = 32 }; /* values allocated at a time */

typedef struct {
  Value *object; /* or array */
  Value *last;   /* newest member; NULL before the first */
  uint32_t n;    /* members */
} Level;

typedef struct {
  const char *p, *end; /* what is not read yet */
  Arena *scratch;
  Value *pool;
  uint32_t n_pool, n_values;
  uint32_t depth;              /* containers that are open */
  const char *message, *wrong; /* the error and the byte that is wrong */
  Level open[LIMIT_EVENT_DEPTH];
} Reader;

static bool fail(Reader *r, const char *at, const char *message) {
  r->message = message;
  r->wrong = at;
  return false;
}

/* NULL after reporting that there are too many. */
static Value *value_new(Reader *r) {
  if (r->n_values++ == LIMIT_EVENT_VALUES) {
    fail(r, r->p, "too many values");
    return NULL;
  }
  if (!r->n_pool) {
    r->pool = arena_array(r->scratch, Value, POOL);
    r->n_pool = POOL;
  }
  r->n_pool--;
  return r->pool++;
}

static void skip_space(Reader *r) {
  while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r')) r->p++;
}

/* --- strings ------------------------------------------------------------------------------------------------ */

/* The high bit of each byte that is a quote, a backslash, a control character or not ASCII. A borrow may mark bytes
 * above such a byte wrongly, never below it: the lowest mark is right. */
static uint64_t special_bytes(uint64_t w) {
  const uint64_t ones = 0x0101010101010101ull, highs = ones << 7;
  uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';
  return ((quote - ones) | (backslash - ones) | (w - ones * 0x20) | w) & highs;
}

static bool is_special(char c) {
  unsigned char b = (unsigned char)c;
  return b < 0x20 || b >= 0x80 || b == '"' || b == '\\';
}

/* First byte from p on that cannot just be copied. */
static const char *plain_end(const char *p, const char *end) {
  while (end - p >= 8) {
    uint64_t w;
    memcpy(&w, p, 8);
    uint64_t marks = special_bytes(w);
    if (marks && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) return p + __builtin_ctzll(marks) / 8;
    if (marks) break;
    p += 8;
  }
  while (p < end && !is_special(*p)) p++;
  return p;
}

/* r->p is at a backslash. */
static bool skip_escape(Reader *r) {
  const char *start = r->p++;
  if (r->p == r->end) return true; /* the caller sees the end */
  char c = *r->p++;
  if (json_escaped(c)) return true;
  if (c != 'u') return fail(r, start, "unknown escape in a string");
  for (int i = 0; i < 4; i++, r->p++)
    if (r->p == r->end || ascii_hex(*r->p) > 15) return fail(r, start, "\\u without four hex digits");
  return true;
}

static bool skip_utf8(Reader *r) {
  while (r->p < r->end && (unsigned char)*r->p >= 0x80) {
    uint32_t cp;
    size_t n = utf8_decode((Str){r->p, (size_t)(r->end - r->p)}, 0, &cp);
    if (!n) return fail(r, r->p, "text is not UTF-8");
    r->p += n;
  }
  return true;
}

/* r->p is at the quote. *raw is what is between the quotes. */
static bool skip_string(Reader *r, Str *raw, bool *escapes) {
  const char *quote = r->p++;
  *escapes = false;
  for (;;) {
    r->p = plain_end(r->p, r->end);
    if (r->p == r->end) return fail(r, quote, "string without an end");
    if (*r->p == '"') break;
    if (*r->p == '\\') {
      *escapes = true;
      if (!skip_escape(r)) return false;
    } else if ((unsigned char)*r->p < 0x20) {
      return fail(r, r->p, "control character in a string");
    } else if (!skip_utf8(r)) {
      return false;
    }
  }
  *raw = (Str){quote + 1, (size_t)(r->p++ - quote - 1)};
  return true;
}

static bool read_string(Reader *r, Str *out) {
  bool escapes;
  if (!skip_string(r, out, &escapes)) return false;
  if (escapes) *out = json_unescape(*out, r->scratch);
  return true;
}

/* --- numbers and words -------------------------------------------------------------------------------------- */

/* One digit at least. */
static bool skip_digits(Reader *r) {
  const char *start = r->p;
  while (r->p < r->end && ascii_digit(*r->p)) r->p++;
  return r->p > start || fail(r, r->p, "malformed number");
}

static bool at_char(const Reader *r, char c) { return r->p < r->end && *r->p == c; }

static bool read_number(Reader *r, Value *v) {
  const char *start = r->p;
  if (*r->p == '-') r->p++;
  const char *first = r->p;
  if (!skip_digits(r)) return false;
  if (*first == '0' && r->p > first + 1) return fail(r, first, "malformed number");
  if (at_char(r, '.')) {
    r->p++;
    if (!skip_digits(r)) return false;
  }
  if (at_char(r, 'e') || at_char(r, 'E')) {
    r->p++;
    if (at_char(r, '+') || at_char(r, '-')) r->p++;
    if (!skip_digits(r)) return false;
  }
  v->kind = VALUE_NUMBER;
  v->text = (Str){start, (size_t)(r->p - start)};
  return true;
}

static bool read_word(Reader *r, Value *v, ValueKind kind, Str word) {
  Str rest = {r->p, (size_t)(r->end - r->p)};
  if (!str_starts(rest, word)) return fail(r, r->p, "a value is expected here");
  r->p += word.n;
  v->kind = kind;
  if (kind == VALUE_BOOL) v->text = word;
  return true;
}

/* --- the tree ----------------------------------------------------------------------------------------------- */

static bool open_level(Reader *r, Value *v, ValueKind kind) {
  if (r->depth == LIMIT_EVENT_DEPTH) return fail(r, r->p, "nested too deep");
  r->p++;
  v->kind = kind;
  r->open[r->depth++] = (Level){.object = v};
  return true;
}

/* Reads a scalar, or opens an object or array. */
static bool read_value(Reader *r, Value *v) {
  skip_space(r);
  if (r->p == r->end) return fail(r, r->p, "text ends too early");
  switch (*r->p) {
  case '"': v->kind = VALUE_TEXT; return read_string(r, &v->text);
  case '{': return open_level(r, v, VALUE_OBJECT);
  case '[': return open_level(r, v, VALUE_ARRAY);
  case 't': return read_word(r, v, VALUE_BOOL, STR("true"));
  case 'f': return read_word(r, v, VALUE_BOOL, STR("false"));
  case 'n': return read_word(r, v, VALUE_NULL, STR("null"));
  default: break;
  }
  if (*r->p == '-' || ascii_digit(*r->p)) return read_number(r, v);
  return fail(r, r->p, "a value is expected here");
}

static bool read_key(Reader *r, Str *key) {
  skip_space(r);
  if (!at_char(r, '"')) return fail(r, r->p, "a name in quotes is expected here");
  if (!read_string(r, key)) return false;
  skip_space(r);
  if (!at_char(r, ':')) return fail(r, r->p, "':' is expected here");
  r->p++;
  return true;
}

static Value *add_member(Reader *r, Level *level) {
  Value *v = value_new(r);
  if (!v) return NULL;
  if (level->last) level->last->next = v;
  else level->object->first = v;
  level->last = v;
  level->n++;
  return v;
}

static void keep_last(Value *object, uint32_t n, Arena *scratch);

static void close_level(Reader *r, Level *level) {
  if (level->object->kind == VALUE_OBJECT) keep_last(level->object, level->n, r->scratch);
  r->p++;
  r->depth--;
}

/* Closes what ends here and makes the next member, whose value is still to be read. NULL at the end of the outermost
 * value and on errors. */
static Value *next_member(Reader *r) {
  while (r->depth) {
    Level *level = &r->open[r->depth - 1];
    bool object = level->object->kind == VALUE_OBJECT;
    skip_space(r);
    if (at_char(r, object ? '}' : ']')) {
      close_level(r, level);
      continue;
    }
    if (level->last && !at_char(r, ',')) {
      fail(r, r->p, object ? "',' or '}' is expected here" : "',' or ']' is expected here");
      return NULL;
    }
    if (level->last) r->p++;
    Value *v = add_member(r, level);
    return v && (!object || read_key(r, &v->key)) ? v : NULL;
  }
  return NULL;
}

static Value *read_tree(Reader *r) {
  Value *root = value_new(r);
  for (Value *v = root; v; v = next_member(r))
    if (!read_value(r, v)) return NULL;
  if (r->message) return NULL;
  skip_space(r);
  if (r->p < r->end) fail(r, r->p, "text goes on after the value");
  return r->message ? NULL : root;
}

Value *json_read(Str text, Arena *scratch, JsonError *error) {
  const char *start = text.n ? text.p : "";
  Reader r = {.p = start, .end = start + text.n, .scratch = scratch};
  if (str_starts(text, STR("\xEF\xBB\xBF"))) r.p += 3;
  Value *root = read_tree(&r);
  if (!root) *error = (JsonError){r.message, (size_t)(r.wrong - start)};
  return root;
}

Value *event_json_read(Str text, Arena *scratch, JsonError *error) {
  if (text.n > LIMIT_EVENT_BYTES) {
    *error = (JsonError){"event is too large", LIMIT_EVENT_BYTES};
    return NULL;
  }
  Value *root = json_read(text, scratch, error);
  if (!root || root->kind == VALUE_OBJECT) return root;
  *error = (JsonError){"an event must be an object", 0};
  return NULL;
}

/* --- duplicate keys ----------------------------------------------------------------------------------------- */

/* A member that a later one replaces is marked by pointing at itself, which no live value does. */
static void drop(Value *v) { v->first = v; }
static bool is_dropped(const Value *v) { return v->first == v; }

static void unlink_dropped(Value *object) {
  Value **link = &object->first;
  for (Value *v = object->first; v; v = v->next)
    if (!is_dropped(v)) {
      *link = v;
      link = &v->next;
    }
  *link = NULL;
}

/* True where something was dropped; so the next two. */
static bool drop_pairwise(Value *object) {
  bool any = false;
  for (Value *v = object->first; v; v = v->next)
    for (const Value *later = v->next; later; later = later->next)
      if (str_eq(v->key, later->key)) {
        drop(v);
        any = true;
        break;
      }
  return any;
}

static uint64_t key_hash(Str key) {
  uint64_t h = key.n, w;
  size_t i = 0;
  for (; key.n - i >= 8; i += 8) {
    memcpy(&w, key.p + i, 8);
    h = (h ^ w) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 32;
  }
  w = 0;
  if (key.n > i) memcpy(&w, key.p + i, key.n - i);
  h = (h ^ w) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 32;
}

/* False where too many keys fell on the same slots: the keys were made for that. */
static bool drop_by_hash(Value *object, uint32_t n, Arena *scratch, bool *any) {
  uint32_t mask = 32;
  while (mask / 2 < n) mask *= 2;
  Value **slots = arena_array(scratch, Value *, mask--);
  uint64_t steps = 8ull * n + 64;
  for (Value *v = object->first; v; v = v->next) {
    uint64_t i = key_hash(v->key) & mask;
    while (slots[i] && !str_eq(slots[i]->key, v->key)) {
      if (!steps--) return false;
      i = (i + 1) & mask;
    }
    if (slots[i]) {
      drop(slots[i]);
      *any = true;
    }
    slots[i] = v;
  }
  return true;
}

typedef struct {
  Value *v;
  uint32_t at; /* place in the object */
} Placed;

static int placed_cmp(const void *a, const void *b) {
  const Placed *x = a, *y = b;
  int c = str_cmp(x->v->key, y->v->key);
  return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

static bool drop_by_sort(Value *object, uint32_t n, Arena *scratch) {
  Placed *all = arena_array(scratch, Placed, n);
  uint32_t at = 0;
  bool any = false;
  for (Value *v = object->first; v; v = v->next, at++) all[at] = (Placed){v, at};
  qsort(all, n, sizeof *all, placed_cmp);
  for (uint32_t i = 0; i + 1 < n; i++)
    if (str_eq(all[i].v->key, all[i + 1].v->key)) {
      drop(all[i].v);
      any = true;
    }
  return any;
}

static void keep_last(Value *object, uint32_t n, Arena *scratch) {
  enum { FEW = 8 };
  bool any = false;
  if (n <= FEW) any = drop_pairwise(object);
  else if (!drop_by_hash(object, n, scratch, &any)) any |= drop_by_sort(object, n, scratch);
  if (any) unlink_dropped(object);
}

void object_keep_last(Value *object, Arena *scratch) {
  uint32_t n = 0;
  for (const Value *v = object->first; v; v = v->next) n++;
  keep_last(object, n, scratch);
}
