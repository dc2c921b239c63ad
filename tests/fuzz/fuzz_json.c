/* SPDX-License-Identifier: MIT
 * Any bytes as an event: the strict reader alone, and against cJSON where cJSON is right. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/event_json.h"
#include "tests/support/cjson_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

/* --- the tree alone ------------------------------------------------------------------------------------------ */

static void check_keys(const Value *object) {
  enum { MOST = 200 }; /* of these each is compared with each */
  int n = 0;
  for (const Value *v = object->first; v && n < MOST; v = v->next, n++)
    for (const Value *w = v->next; w; w = w->next) demand(!str_eq(v->key, w->key));
}

/* `depth` containers are around the value. */
static void check_value(const Value *v, uint32_t depth) {
  Decimal d;
  demand(utf8_valid(v->key) && utf8_valid(v->text));
  demand(value_has_text(v) || v->text.n == 0);
  if (v->kind == VALUE_NUMBER) demand(decimal_parse(&d, v->text));
  if (v->kind == VALUE_BOOL) demand(str_is(v->text, "true") || str_is(v->text, "false"));
  bool inner = v->kind == VALUE_OBJECT || v->kind == VALUE_ARRAY;
  demand(inner ? depth < LIMIT_EVENT_DEPTH : v->first == NULL);
  if (v->kind == VALUE_OBJECT) check_keys(v);
  for (const Value *kid = v->first; kid; kid = kid->next) check_value(kid, depth + 1);
}

static void print_value(Buf *out, const Value *v) {
  bool object = v->kind == VALUE_OBJECT;
  if (v->kind == VALUE_TEXT) buf_json(out, v->text);
  else if (v->kind == VALUE_NULL) buf_str(out, STR("null"));
  else buf_str(out, v->text);
  if (!object && v->kind != VALUE_ARRAY) return;
  buf_char(out, object ? '{' : '[');
  for (const Value *kid = v->first; kid; kid = kid->next) {
    if (object) buf_json(out, kid->key);
    if (object) buf_char(out, ':');
    print_value(out, kid);
    if (kid->next) buf_char(out, ',');
  }
  buf_char(out, object ? '}' : ']');
}

/* What is read, written and read again is the same: writing it a second time gives the same bytes. */
static void check_round_trip(const Value *v, Arena *a) {
  Buf once = {0}, twice = {0};
  JsonError error;
  print_value(&once, v);
  const Value *again = json_read(buf_view(&once), a, &error);
  demand(again != NULL);
  check_value(again, 0);
  print_value(&twice, again);
  demand(str_eq(buf_view(&once), buf_view(&twice)));
  buf_free(&once);
  buf_free(&twice);
}

/* --- against cJSON ------------------------------------------------------------------------------------------- */

/* A NUL in a text or key: cJSON ends it there. */
static bool has_nul(const Value *v) {
  if (v->key.n && memchr(v->key.p, '\0', v->key.n)) return true;
  if (v->text.n && memchr(v->text.p, '\0', v->text.n)) return true;
  for (const Value *kid = v->first; kid; kid = kid->next)
    if (has_nul(kid)) return true;
  return false;
}

/* What RFC 8259 accepts and cJSON or its adapter does not: surrogate escapes (only unpaired ones, but those of members
 * that a duplicate replaced are no longer in the tree), numbers longer than the buffer of cJSON, and numbers that are
 * not finite as a double. */
static bool cjson_is_narrow(Str text, const JsonError *error) {
  enum { NUMBER_BUFFER = 63 };
  if (str_find(text, STR("\\ud"), 0) != SIZE_MAX || str_find(text, STR("\\uD"), 0) != SIZE_MAX) return true;
  size_t run = 0;
  for (size_t i = 0; i < text.n; i++) {
    run = ascii_digit(text.p[i]) || (text.p[i] && strchr("+-.eE", text.p[i])) ? run + 1 : 0;
    if (run > NUMBER_BUFFER) return true;
  }
  return str_is(str_of(error->message), "number is not finite");
}

/* What cJSON accepts and RFC 8259 does not: any byte up to 0x20 as white space, raw control characters in strings,
 * numbers as strtod takes them (`01`, `1.`, `-.5`), `\u` before anything (as NUL), and bytes that are not UTF-8 where
 * such a NUL ends the text before them. */
static bool cjson_is_lax(Str text, const JsonError *error) {
  if (error->offset < text.n && (unsigned char)text.p[error->offset] < 0x20) return true;
  Str message = str_of(error->message);
  if (str_is(message, "malformed number") || str_is(message, "\\u without four hex digits")) return true;
  return str_is(message, "text is not UTF-8") && str_find(text, STR("\\u"), 0) != SIZE_MAX;
}

static double to_double(Arena *a, Str s) { return strtod(arena_cstr(a, s), NULL); }

static void check_same(const Value *v, const Value *w, Arena *a) {
  demand(v->kind == w->kind && str_eq(v->key, w->key));
  if (v->kind == VALUE_NUMBER)
    demand(!(to_double(a, v->text) < to_double(a, w->text)) && !(to_double(a, v->text) > to_double(a, w->text)));
  else demand(str_eq(v->text, w->text));
  const Value *x = v->first, *y = w->first;
  for (; x && y; x = x->next, y = y->next) check_same(x, y, a);
  demand(!x && !y);
}

static void check_against_cjson(Str text, Arena *a) {
  JsonError error = {NULL, 0}, other_error = {NULL, 0};
  const Value *v = event_json_read(text, a, &error);
  const Value *other = event_cjson_parse(text, a, &other_error);
  if (other) check_value(other, 0);
  if (!v) {
    demand(!other || cjson_is_lax(text, &error));
    return;
  }
  if (!other) demand(cjson_is_narrow(text, &other_error));
  else if (!has_nul(v)) check_same(v, other, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Str text = {(const char *)data, size};
  JsonError error = {NULL, 0};
  const Value *v = json_read(text, &a, &error);
  if (v) {
    demand(utf8_valid(text));
    check_value(v, 0);
    check_round_trip(v, &a);
  } else {
    demand(error.message && error.offset <= size);
  }
  check_against_cjson(text, &a);
  arena_free(&a);
  return 0;
}
