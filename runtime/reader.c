/* SPDX-License-Identifier: MIT
 * First the special bytes of the text are found, a part of it at a time (reader_marks.h), then the tree is made from mark to
 * mark. An event ends with a brace: only behind one can the text be at its end, so that nothing else asks for that. */
#include <assert.h>

#include "base/limits.h"
#include "runtime/json_text.h"
#include "runtime/keys_find.h"
#include "runtime/reader_internal.h"

enum { POOL = 512, MORE = 256 };

/* Where the reader is. Functions that are not inlined get what they need of it and never its address, so that it lives in
 * registers. */
typedef struct {
  const char *text;
  uint32_t n, p;
  const uint32_t *mark; /* the next one, or one before it */
} Cursor;

#define INLINE static inline __attribute__((always_inline))
#define SLOW   static __attribute__((noinline))

/* --- strings ------------------------------------------------------------------------------------------------- */

/* c->p is at the quote; then behind the other one. */
INLINE bool read_string(Reader *r, Cursor *c, Str *out, bool *raw) {
  uint32_t start = c->p + 1;
  if (*c->mark != c->p) c->mark = reader_seek(r, c->mark, c->p);
  c->mark++;
  if (*c->mark != NO_MARK && c->text[*c->mark] == '"') {
    c->p = *c->mark;
    *raw = marks_backslash(&r->marks, c->p);
  } else {
    c->mark = reader_string_end(r, c->mark, start);
    if (!c->mark) return false;
    c->p = *c->mark;
    *raw = memchr(c->text + start, '\\', c->p - start) != NULL;
  }
  c->mark++;
  *out = (Str){c->text + start, c->p - start};
  c->p++;
  return true;
}

/* --- other values -------------------------------------------------------------------------------------------- */

INLINE void skip_space(Cursor *c) {
  if ((unsigned char)c->text[c->p] <= ' ') c->p = reader_space_end(c->text, c->p, c->n);
}

INLINE bool read_number(Cursor *c, Value *v) {
  uint32_t start = c->p, first = start + (c->text[start] == '-'), p = reader_digits_end(c->text, first);
  if (p == first || (c->text[first] == '0' && p > first + 1)) return false;
  if (c->text[p] == '.' || (c->text[p] | 0x20) == 'e') p = reader_number_end(c->text, p);
  c->p = p;
  v->kind = VALUE_NUMBER;
  v->text = (Str){c->text + start, p - start};
  return p != 0;
}

INLINE bool read_word(Cursor *c, Value *v, ValueKind kind, Str word) {
  if (c->n - c->p < word.n || memcmp(c->text + c->p, word.p, word.n) != 0) return false;
  c->p += (uint32_t)word.n;
  v->kind = kind;
  if (kind == VALUE_BOOL) v->text = word;
  return true;
}

/* --- the tree ------------------------------------------------------------------------------------------------ */

/* False where there are as many as an event may have. */
SLOW bool more_values(Reader *r) {
  static_assert(((int)LIMIT_EVENT_VALUES - POOL) % MORE == 0, "the last block is full");
  if (r->n_values == LIMIT_EVENT_VALUES) return false;
  r->free = arena_room(r->scratch, MORE * sizeof(Value));
  r->free_end = r->free + MORE;
  r->n_values += MORE;
  return true;
}

/* NULL where there are too many. */
INLINE Value *value_new(Reader *r) {
  if (r->free == r->free_end && !more_values(r)) return NULL;
  *r->free = (Value){0};
  return r->free++;
}

INLINE bool open_level(Reader *r, Cursor *c, Value *v, ValueKind kind) {
  if (r->top == r->open + LIMIT_EVENT_DEPTH) return false;
  c->p++;
  v->kind = kind;
  *++r->top = (Level){.v = v, .serial = ++r->serial, .close = kind == VALUE_OBJECT ? '}' : ']'};
  return true;
}

/* Reads a scalar, or opens an object or array. */
INLINE bool read_value(Reader *r, Cursor *c, Value *v) {
  skip_space(c);
  char at = c->text[c->p];
  switch (at) {
  case '"': v->kind = VALUE_TEXT; return read_string(r, c, &v->text, &v->raw);
  case '{': return open_level(r, c, v, VALUE_OBJECT);
  case '[': return open_level(r, c, v, VALUE_ARRAY);
  case 't': return read_word(c, v, VALUE_BOOL, STR("true"));
  case 'f': return read_word(c, v, VALUE_BOOL, STR("false"));
  case 'n': return read_word(c, v, VALUE_NULL, STR("null"));
  default: return (at == '-' || ascii_digit(at)) && read_number(c, v);
  }
}

/* A key that an open object or one of this event had before. Where that is open, it may have the key twice: this one, or
 * one that it finds its mark gone at. */
SLOW void seen_before(Reader *r, uint32_t serial) {
  Level *l = r->top;
  while (l->serial > serial) l--;
  if (l->serial == serial) l->check = true;
}

SLOW void more_keys(Reader *r) {
  uint32_t n = keys_count(r->keys) * 2;
  uint32_t *seen = arena_array(r->owner, uint32_t, n);
  if (r->n_seen) memcpy(seen, r->seen, r->n_seen * sizeof *seen);
  seen[KEY_UNKNOWN] = UINT32_MAX;
  r->seen = seen;
  r->n_seen = n;
}

/* Of names without a number no one can say whether they were there before. */
INLINE void note_key(Reader *r, uint32_t id) {
  if (id == KEY_UNKNOWN) {
    r->top->check = true;
    return;
  }
  if (id >= r->n_seen) more_keys(r);
  if (r->seen[id] >= r->first_serial) seen_before(r, r->seen[id]);
  r->seen[id] = r->top->serial;
}

INLINE uint32_t number_key(Reader *r, const Cursor *c, Str name) {
  bool readable = c->n - (size_t)(name.p - c->text) >= 8;
  KeySlot key = readable ? key_of_readable(name) : key_of(name);
  uint32_t steps = 0, id = key_slot(r->keys, &key, name, &steps)->id;
  return id != KEY_UNKNOWN ? id : keys_learn(r->keys, name);
}

/* Keys with escapes are rare: they are made plain at once. */
SLOW uint32_t number_raw_key(Reader *r, Value *v) {
  v->key = json_unescape(v->key, r->scratch);
  return keys_learn(r->keys, v->key);
}

INLINE bool read_key(Reader *r, Cursor *c, Value *v) {
  bool raw = false;
  skip_space(c);
  if (c->text[c->p] != '"' || !read_string(r, c, &v->key, &raw)) return false;
  if (c->text[c->p] != ':') skip_space(c);
  if (c->text[c->p++] != ':') return false;
  v->key_id = raw ? number_raw_key(r, v) : number_key(r, c, v->key);
  note_key(r, v->key_id);
  return true;
}

INLINE Value *add_member(Reader *r, Level *level) {
  Value *v = value_new(r);
  if (!v) return NULL;
  if (level->last) level->last->next = v;
  else level->v->first = v;
  return level->last = v;
}

#define NO_MEMBER UINT32_MAX

/* Closes what ends here, and passes the comma before the next member; NO_MEMBER at the end of the event and after errors. */
SLOW uint32_t go_on(Reader *r, uint32_t p) {
  const char *text = r->text;
  for (;;) {
    Level *level = r->top;
    if ((unsigned char)text[p] <= ' ') p = reader_space_end(text, p, r->n);
    if (text[p] != level->close) return !level->last ? p : text[p] == ',' ? p + 1 : NO_MEMBER;
    p++;
    r->top--;
    if (level->check) object_keep_last(level->v, r->scratch);
    r->whole = r->top == r->open && p == r->n;
    if (p == r->n || r->top == r->open) return NO_MEMBER;
  }
}

/* The next member, whose value is still to be read; NULL at the end of the event and after errors. */
INLINE Value *next_member(Reader *r, Cursor *c) {
  if (c->text[c->p] == ',' && *c->mark == c->p + 1 && r->top->last && r->top->close == '}') {
    MembersEnd end = reader_members(r, c->p, c->mark);
    c->p = end.p;
    c->mark = end.mark;
  }
  c->p = c->text[c->p] == ',' && r->top->last ? c->p + 1 : go_on(r, c->p);
  if (c->p == NO_MEMBER) return NULL;
  Level *level = r->top;
  Value *v = add_member(r, level);
  return v && (level->close == ']' || read_key(r, c, v)) ? v : NULL;
}

static Value *read_tree(Reader *r, Cursor c) {
  Value *root = value_new(r);
  if (c.text[c.p] != '{') return NULL;
  for (Value *v = root; v; v = next_member(r, &c))
    if (!read_value(r, &c, v)) return NULL;
  return r->whole ? root : NULL;
}

/* --- one event ----------------------------------------------------------------------------------------------- */

static void begin(Reader *r, Str text, Arena *scratch) {
  if (r->n_seen < keys_count(r->keys)) more_keys(r);
  r->text = text.p;
  r->n = (uint32_t)text.n;
  r->whole = r->escapes = r->wide = r->marks.solidus = false;
  r->scratch = scratch;
  r->free = r->pool;
  r->free_end = r->pool + POOL;
  r->n_values = POOL;
  r->top = r->open;
  if (r->serial > UINT32_MAX - LIMIT_EVENT_VALUES - 1) {
    if (r->n_seen) memset(r->seen + 1, 0, (r->n_seen - 1) * sizeof *r->seen);
    r->serial = 0;
  }
  r->first_serial = r->serial + 1;
}

/* NULL where the plain reader has to decide. */
static Value *read_fast(Reader *r, Str text, Arena *scratch) {
  if (text.n > LIMIT_EVENT_BYTES) return NULL;
  while (text.n && reader_is_space(text.p[text.n - 1])) text.n--;
  if (!text.n || text.p[text.n - 1] != '}') return NULL;
  Cursor c = {.text = text.p, .n = (uint32_t)text.n};
  if (str_starts(text, STR("\xEF\xBB\xBF"))) c.p = 3;
  begin(r, text, scratch);
  r->marks.escaped = false;
  r->find(&r->marks, c.text, c.p, c.n);
  c.mark = r->marks.at;
  skip_space(&c);
  return read_tree(r, c);
}

Value *reader_event(Reader *r, Str text, Arena *scratch, JsonError *error) {
  Value *root = read_fast(r, text, scratch);
  if (root) return root;
  r->left++;
  r->escapes = true; /* for all that is known */
  root = event_json_read(text, scratch, error);
  if (root) keys_number(r->keys, root);
  return root;
}

Spelling reader_spelling(const Reader *r) { return (Spelling){r->escapes || r->marks.solidus, r->wide}; }

uint64_t reader_left(const Reader *r) { return r->left; }

Reader *reader_new_by(KeyTable *keys, Arena *owner, ReaderForm form) {
  Reader *r = arena_new(owner, Reader);
  MarksFind *simd = marks_find_simd();
  r->keys = keys;
  r->owner = owner;
  r->find = form == READER_SIMD && simd ? simd : marks_find_words;
  r->pool = arena_array(owner, Value, POOL);
  return r;
}

Reader *reader_new(KeyTable *keys, Arena *owner) { return reader_new_by(keys, owner, READER_SIMD); }
