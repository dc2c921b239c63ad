/* SPDX-License-Identifier: MIT
 * Both readers of events. */
#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "runtime/event_json.h"
#include "tests/support/cjson_reader.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The tree as compact JSON, numbers as spelled. */
static void dump(Buf *out, const Value *v) {
  switch (v->kind) {
  case VALUE_NULL: buf_str(out, STR("null")); return;
  case VALUE_BOOL:
  case VALUE_NUMBER: buf_str(out, v->text); return;
  case VALUE_TEXT: buf_json(out, v->text); return;
  case VALUE_OBJECT:
  case VALUE_ARRAY: break;
  }
  buf_char(out, v->kind == VALUE_OBJECT ? '{' : '[');
  for (const Value *kid = v->first; kid; kid = kid->next) {
    if (v->kind == VALUE_OBJECT) buf_json(out, kid->key);
    if (v->kind == VALUE_OBJECT) buf_char(out, ':');
    dump(out, kid);
    if (kid->next) buf_char(out, ',');
  }
  buf_char(out, v->kind == VALUE_OBJECT ? '}' : ']');
}

typedef Value *Read(Str text, Arena *scratch, JsonError *error);

/* A copy of exactly the bytes on the heap, so that reading behind them is seen. */
static Str exact_copy(Str s) {
  char *p = malloc(s.n ? s.n : 1);
  if (s.n) memcpy(p, s.p, s.n);
  return (Str){p, s.n};
}

static void check_good(Read *read, const char *name, Str text, const char *want) {
  Arena a = {0};
  JsonError error = {"none", 0};
  Str copy = exact_copy(text);
  Value *v = read(copy, &a, &error);
  cr_expect(v, "%s: %s at %zu", name, error.message, error.offset);
  Buf out = {0};
  if (v) dump(&out, v);
  cr_expect(!v || str_is(buf_view(&out), want), "%s: " STR_FMT, name, STR_ARG(buf_view(&out)));
  buf_free(&out);
  free((char *)(uintptr_t)copy.p);
  arena_free(&a);
}

static void check_bad(Read *read, const char *name, Str text, const char *message, size_t offset) {
  Arena a = {0};
  JsonError error = {"none", 0};
  Str copy = exact_copy(text);
  cr_expect_null(read(copy, &a, &error), "%s is taken", name);
  cr_expect_str_eq(error.message, message, "%s: %s", name, error.message);
  cr_expect_eq(error.offset, offset, "%s: at %zu", name, error.offset);
  free((char *)(uintptr_t)copy.p);
  arena_free(&a);
}

Test(json, values) {
  static const struct {
    const char *name;
    Str text;
    const char *want; /* NULL: the text itself */
  } cases[] = {
    {"null", STR_INIT("null"), NULL},
    {"true", STR_INIT("true"), NULL},
    {"false", STR_INIT("false"), NULL},
    {"zero", STR_INIT("0"), NULL},
    {"minus zero", STR_INIT("-0"), NULL},
    {"integer", STR_INIT("4624"), NULL},
    {"large integer", STR_INIT("123456789012345678901234567890"), NULL},
    {"fraction keeps its zeros", STR_INIT("1.50"), NULL},
    {"exponents", STR_INIT("[1e3,1E3,1e+3,1.0e-3,-0.0E0]"), NULL},
    {"number out of the range of double", STR_INIT("1e999"), NULL},
    {"empty text", STR_INIT("\"\""), NULL},
    {"text", STR_INIT("\"abc\""), NULL},
    {"text of eight bytes", STR_INIT("\"abcdefgh\""), NULL},
    {"long text", STR_INIT("\"0123456789012345678901234567890123456789\""), NULL},
    {"delete", STR_INIT("\"\x7F\""), NULL},
    {"other letters", STR_INIT("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA9\""), NULL},
    {"empty object", STR_INIT("{}"), NULL},
    {"empty array", STR_INIT("[]"), NULL},
    {"object", STR_INIT("{\"a\":1,\"b\":[true,null],\"c\":{\"d\":\"e\"}}"), NULL},
    {"nesting", STR_INIT("[[[[]],{}],{\"\":{\"\":[{}]}}]"), NULL},
    {"white space", STR_INIT(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n"), "{\"a\":[1,2],\"b\":{}}"},
    {"byte order mark", STR_INIT("\xEF\xBB\xBF{}"), "{}"},
    {"all escapes", STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\""},
    {"NUL", STR_INIT("\"a\\u0000b\""), "\"a\\u0000b\""},
    {"\\u of 1, 2, 3 bytes", STR_INIT("\"\\u0041\\u00e9\\u20AC\""), "\"A\xC3\xA9\xE2\x82\xAC\""},
    {"surrogate pair", STR_INIT("\"\\ud83d\\udCA9\""), "\"\xF0\x9F\x92\xA9\""},
    {"first and last pair", STR_INIT("\"\\uD800\\uDC00\\uDBFF\\uDFFF\""), "\"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""},
    {"high surrogate alone", STR_INIT("\"\\ud83dx\""), "\"\xEF\xBF\xBDx\""},
    {"high surrogate at the end", STR_INIT("\"\\ud83d\""), "\"\xEF\xBF\xBD\""},
    {"low surrogate alone", STR_INIT("\"\\udca9\""), "\"\xEF\xBF\xBD\""},
    {"wrong order", STR_INIT("\"\\udca9\\ud83d\""), "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"two high, one low", STR_INIT("\"\\ud83d\\ud83d\\udca9\""), "\"\xEF\xBF\xBD\xF0\x9F\x92\xA9\""},
    {"high surrogate, other escape", STR_INIT("\"\\ud83d\\n\\u0041\""), "\"\xEF\xBF\xBD\\nA\""},
    {"escape at every place", STR_INIT("\"\\na\\nbc\\ndefghij\\n\""), "\"\\na\\nbc\\ndefghij\\n\""},
    {"backslashes", STR_INIT("\"C:\\\\Windows\\\\System32\\\\\""), "\"C:\\\\Windows\\\\System32\\\\\""},
    {"escaped key", STR_INIT("{\"\\u0061\\n\":1}"), "{\"a\\n\":1}"},
    {"duplicate key", STR_INIT("{\"a\":1,\"b\":2,\"a\":3}"), "{\"b\":2,\"a\":3}"},
    {"three times", STR_INIT("{\"a\":1,\"a\":[2],\"a\":{}}"), "{\"a\":{}}"},
    {"duplicate by escape", STR_INIT("{\"a\":1,\"\\u0061\":2}"), "{\"a\":2}"},
    {"duplicate empty key", STR_INIT("{\"\":1,\"\":2,\"x\":3}"), "{\"\":2,\"x\":3}"},
    {"duplicates inside", STR_INIT("[{\"a\":{\"b\":1,\"b\":2},\"c\":0}]"), "[{\"a\":{\"b\":2},\"c\":0}]"},
    {"keys that differ in case or after NUL", STR_INIT("{\"a\":1,\"A\":2,\"a\\u0000\":3,\"a\\u0000b\":4}"),
     "{\"a\":1,\"A\":2,\"a\\u0000\":3,\"a\\u0000b\":4}"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    check_good(json_read, cases[i].name, cases[i].text, cases[i].want ? cases[i].want : cases[i].text.p);
}

Test(json, refused) {
  static const struct {
    const char *name;
    Str text;
    const char *message;
    size_t offset;
  } cases[] = {
    {"nothing", STR_INIT(""), "text ends too early", 0},
    {"white space", STR_INIT("  \n"), "text ends too early", 3},
    {"only a byte order mark", STR_INIT("\xEF\xBB\xBF"), "text ends too early", 3},
    {"two byte order marks", STR_INIT("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "a value is expected here", 3},
    {"half a byte order mark", STR_INIT("\xEF\xBB{}"), "a value is expected here", 0},
    {"UTF-16", STR_INIT("\xFF\xFE{\0}\0"), "a value is expected here", 0},
    {"two values", STR_INIT("1 2"), "text goes on after the value", 2},
    {"bracket too many", STR_INIT("{}}"), "text goes on after the value", 2},
    {"NUL behind", STR_INIT("{}\0"), "text goes on after the value", 2},
    {"form feed is no white space", STR_INIT("\f1"), "a value is expected here", 0},
    {"comment", STR_INIT("[1,/**/2]"), "a value is expected here", 3},
    {"open object", STR_INIT("{"), "a name in quotes is expected here", 1},
    {"open array", STR_INIT("["), "text ends too early", 1},
    {"array open after a value", STR_INIT("[1"), "',' or ']' is expected here", 2},
    {"object open after a value", STR_INIT("{\"a\":1"), "',' or '}' is expected here", 6},
    {"wrong bracket", STR_INIT("[1}"), "',' or ']' is expected here", 2},
    {"other wrong bracket", STR_INIT("{\"a\":1]"), "',' or '}' is expected here", 6},
    {"comma at the end of an array", STR_INIT("[1,]"), "a value is expected here", 3},
    {"comma at the end of an object", STR_INIT("{\"a\":1,}"), "a name in quotes is expected here", 7},
    {"comma at the start", STR_INIT("[,1]"), "a value is expected here", 1},
    {"no comma", STR_INIT("[1 2]"), "',' or ']' is expected here", 3},
    {"no colon", STR_INIT("{\"a\" 1}"), "':' is expected here", 5},
    {"end for a colon", STR_INIT("{\"a\""), "':' is expected here", 4},
    {"no value", STR_INIT("{\"a\":}"), "a value is expected here", 5},
    {"number as key", STR_INIT("{1:2}"), "a name in quotes is expected here", 1},
    {"single quotes", STR_INIT("{'a':1}"), "a name in quotes is expected here", 1},
    {"word cut off", STR_INIT("tru"), "a value is expected here", 0},
    {"word in capitals", STR_INIT("TRUE"), "a value is expected here", 0},
    {"word goes on", STR_INIT("truex"), "text goes on after the value", 4},
    {"NaN", STR_INIT("[NaN]"), "a value is expected here", 1},
    {"nan", STR_INIT("[nan]"), "a value is expected here", 1},
    {"minus alone", STR_INIT("-"), "malformed number", 1},
    {"minus and letter", STR_INIT("[-a]"), "malformed number", 2},
    {"plus", STR_INIT("+1"), "a value is expected here", 0},
    {"leading zero", STR_INIT("[012]"), "malformed number", 1},
    {"two zeros", STR_INIT("-00"), "malformed number", 1},
    {"point at the start", STR_INIT(".5"), "a value is expected here", 0},
    {"point at the end", STR_INIT("5."), "malformed number", 2},
    {"point before e", STR_INIT("5.e1"), "malformed number", 2},
    {"empty exponent", STR_INIT("5e"), "malformed number", 2},
    {"sign for an exponent", STR_INIT("[5e+]"), "malformed number", 4},
    {"hexadecimal", STR_INIT("0x1"), "text goes on after the value", 1},
    {"two points", STR_INIT("1.2.3"), "text goes on after the value", 3},
    {"string without an end", STR_INIT("[\"abc"), "string without an end", 1},
    {"string that ends in a backslash", STR_INIT("\"abc\\"), "string without an end", 0},
    {"string that ends in an escaped quote", STR_INIT("\"abc\\\""), "string without an end", 0},
    {"unknown escape", STR_INIT("\"ab\\x41\""), "unknown escape in a string", 3},
    {"escaped NUL", STR_INIT("\"\\\0\""), "unknown escape in a string", 1},
    {"three hex digits", STR_INIT("\"\\u004\""), "\\u without four hex digits", 1},
    {"end in hex digits", STR_INIT("\"\\u00"), "\\u without four hex digits", 1},
    {"sign in hex digits", STR_INIT("\"\\u+041\""), "\\u without four hex digits", 1},
    {"broken second half", STR_INIT("\"\\ud83d\\udcg9\""), "\\u without four hex digits", 7},
    {"line feed in a string", STR_INIT("\"a\nb\""), "control character in a string", 2},
    {"NUL in a string", STR_INIT("\"abcdefghijk\0\""), "control character in a string", 12},
    {"0x1F in a string", STR_INIT("{\"\x1F\":1}"), "control character in a string", 2},
    {"malformed UTF-8", STR_INIT("\"abcdefghi\xFF\""), "text is not UTF-8", 10},
    {"overlong UTF-8", STR_INIT("{\"\xC0\xAF\":1}"), "text is not UTF-8", 2},
    {"surrogate in UTF-8", STR_INIT("\"\xED\xA0\x80\""), "text is not UTF-8", 1},
    {"UTF-8 cut off by the quote", STR_INIT("\"\xC3\xA9\xE2\x82\""), "text is not UTF-8", 3},
    {"UTF-8 cut off by the end", STR_INIT("\"\xE2\x82"), "text is not UTF-8", 1},
    {"non-breaking space outside", STR_INIT("\xC2\xA0{}"), "a value is expected here", 0},
  };
  for (size_t i = 0; i < COUNT(cases); i++) check_bad(json_read, cases[i].name, cases[i].text, cases[i].message, cases[i].offset);
  check_bad(json_read, "no bytes at all", (Str){0}, "text ends too early", 0);
}

Test(json, only_objects_are_events) {
  static const char *const cases[] = {"null", "true", "1", "\"{}\"", "[]", "[{}]", " 1"};
  for (size_t i = 0; i < COUNT(cases); i++) check_bad(event_json_read, cases[i], str_of(cases[i]), "an event must be an object", 0);
  check_bad(event_json_read, "syntax comes first", STR("[1"), "',' or ']' is expected here", 2);
  check_good(event_json_read, "object", STR("{\"a\":1}"), "{\"a\":1}");
}

/* Every start of a good text is refused, and nothing behind the end is read. */
Test(json, every_cut) {
  static const char whole[] =
    " {\"a\\u00e9\":[1,-2.5e+3,true,false,null,\"x\\ud83d\\udca9\"],\"\xC3\xA9\":{\"k\":\"0123456789\\\\\"},\"z\":{}}";
  for (size_t n = 0; n < sizeof whole - 1; n++) {
    Arena a = {0};
    JsonError error;
    Str copy = exact_copy((Str){whole, n});
    cr_expect_null(json_read(copy, &a, &error), "%zu bytes", n);
    cr_expect(error.offset <= n, "%zu bytes: error at %zu", n, error.offset);
    free((char *)(uintptr_t)copy.p);
    arena_free(&a);
  }
}

/* A special byte at each place of a text of each length: the steps of eight bytes miss none. */
Test(json, special_bytes_at_every_place) {
  for (size_t n = 1; n < 40; n++)
    for (size_t at = 0; at < n; at++)
      for (int c = 0; c < 256; c++) {
        char text[64] = {'"'};
        memset(text + 1, 'a' + (int)(at + n) % 26, n);
        text[at + 1] = (char)c;
        text[n + 1] = '"';
        Arena a = {0};
        JsonError error = {"", 0};
        Value *v = json_read((Str){text, n + 2}, &a, &error);
        bool good = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
        /* A backslash makes an escape of what follows, which may be good. */
        if (c != '\\' && !v == good) cr_assert_fail("byte %d at %zu of %zu", c, at, n);
        if (good && !str_eq(v->text, (Str){text + 1, n})) cr_assert_fail("text with byte %d at %zu", c, at);
        if (c != '\\' && c != '"' && !good && error.offset != at + 1) cr_assert_fail("offset of %d at %zu", c, at);
        arena_free(&a);
      }
}

Test(json, texts_without_escapes_are_not_copied) {
  Arena a = {0};
  JsonError error;
  Str text = STR("{\"key\":\"text\",\"n\":12}");
  Value *root = json_read(text, &a, &error);
  cr_expect_eq(root->first->key.p, text.p + 2);
  cr_expect_eq(root->first->text.p, text.p + 8);
  cr_expect_eq(root->first->next->text.p, text.p + 18);
  arena_free(&a);
}

static Str nested(Arena *a, int depth, bool objects) {
  Buf b = {0};
  for (int i = 0; i < depth; i++) buf_str(&b, objects ? STR("{\"a\":") : STR("["));
  buf_str(&b, STR("1"));
  for (int i = 0; i < depth; i++) buf_char(&b, objects ? '}' : ']');
  Str s = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return s;
}

Test(json, depth) {
  static const struct {
    Read *read;
    bool objects;
    const char *name;
  } cases[] = {{json_read, false, "arrays"}, {event_json_read, true, "objects"}, {event_cjson_parse, true, "cJSON"}};
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    JsonError error = {"", 0};
    cr_expect_not_null(cases[i].read(nested(&a, LIMIT_EVENT_DEPTH, cases[i].objects), &a, &error), "%s", cases[i].name);
    cr_expect_null(cases[i].read(nested(&a, LIMIT_EVENT_DEPTH + 1, cases[i].objects), &a, &error), "%s", cases[i].name);
    cr_expect_str_eq(error.message, "nested too deep", "%s", cases[i].name);
    cr_expect_null(cases[i].read(nested(&a, 900, cases[i].objects), &a, &error), "%s", cases[i].name);
    cr_expect_str_eq(error.message, "nested too deep", "%s", cases[i].name);
    cr_expect_null(cases[i].read(nested(&a, 1000000, cases[i].objects), &a, &error), "%s", cases[i].name);
  }
  JsonError error;
  Buf brackets = {0};
  for (int i = 0; i < 1000000; i++) buf_char(&brackets, '[');
  cr_expect_null(json_read(buf_view(&brackets), &a, &error));
  cr_expect_eq(error.offset, LIMIT_EVENT_DEPTH);
  buf_free(&brackets);
  arena_free(&a);
}

/* --- duplicate keys ------------------------------------------------------------------------------------------ */

static uint32_t rnd(uint64_t *seed) {
  *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(*seed >> 33);
}

static Value *add_member(Arena *a, Value *object, Value *last, Str key) {
  Value *v = arena_new(a, Value);
  v->key = key;
  if (last) last->next = v;
  else object->first = v;
  return v;
}

/* What must be left: a member none of the later ones has the key of. The list before is in all[]. */
static void check_kept(const Value *object, Value **all, size_t n, const char *name) {
  const Value *v = object->first;
  for (size_t i = 0; i < n; i++) {
    bool replaced = false;
    for (size_t k = i + 1; k < n && !replaced; k++) replaced = str_eq(all[k]->key, all[i]->key);
    if (replaced) continue;
    if (v != all[i]) cr_assert_fail("%s: member %zu of %zu", name, i, n);
    v = v->next;
  }
  cr_expect_null(v, "%s: something is left", name);
}

Test(json, duplicates_of_objects_of_any_size) {
  uint64_t seed = 7;
  for (uint32_t n = 0; n < 300; n++) {
    Arena a = {0};
    Value object = {.kind = VALUE_OBJECT}, *all[300], *last = NULL;
    uint32_t range = 1 + rnd(&seed) % (n + 20);
    for (uint32_t i = 0; i < n; i++)
      all[i] = last = add_member(&a, &object, last, arena_printf(&a, "%0*u", (int)n % 13, rnd(&seed) % range));
    object_keep_last(&object, &a);
    check_kept(&object, all, n, "random");
    arena_free(&a);
  }
}

/* Keys made to fall on one slot: the second half undoes what the first half did to the hash. */
static Str colliding_key(Arena *a, uint64_t first) {
  uint64_t h = (16 ^ first) * 0x9E3779B97F4A7C15ull;
  h ^= h >> 32;
  uint64_t halves[2] = {first, h};
  return arena_dup(a, (Str){(char *)halves, sizeof halves});
}

Test(json, duplicates_among_keys_that_collide) {
  enum { N = 100000 };
  Arena a = {0};
  Value object = {.kind = VALUE_OBJECT}, *last = NULL;
  for (uint32_t i = 0; i < N; i++) last = add_member(&a, &object, last, colliding_key(&a, i % (N - 10)));
  const Value *eleventh = object.first;
  for (int i = 0; i < 10; i++) eleventh = eleventh->next;
  object_keep_last(&object, &a);
  uint32_t n = 0;
  for (const Value *v = object.first; v; v = v->next) n++;
  cr_expect_eq(n, N - 10, "%u are left", n);
  cr_expect_eq(object.first, eleventh, "the first ten came again at the end");
  arena_free(&a);
}

Test(json, many_members) {
  enum { N = 500000 };
  Buf b = {0};
  buf_char(&b, '{');
  for (int i = 0; i < N; i++) buf_printf(&b, "%s\"%d\":%d", i ? "," : "", i % (N / 2), i);
  buf_char(&b, '}');
  Arena a = {0};
  JsonError error;
  Value *root = event_json_read(buf_view(&b), &a, &error);
  cr_assert(root);
  cr_expect(str_is(root->first->key, "0") && str_is(root->first->text, "250000"));
  uint32_t n = 0;
  for (const Value *v = root->first; v; v = v->next) n++;
  cr_expect_eq(n, N / 2);
  arena_free(&a);
  buf_free(&b);
}

/* --- cJSON --------------------------------------------------------------------------------------------------- */

Test(cjson, values) {
  static const struct {
    const char *name;
    Str text;
    const char *want;
  } cases[] = {
    {"object", STR_INIT("{\"a\":1,\"b\":[true,null,false],\"c\":{\"d\":\"e\"}}"), NULL},
    {"white space around", STR_INIT(" {} \r\n\t "), "{}"},
    {"byte order mark", STR_INIT("\xEF\xBB\xBF{}"), "{}"},
    {"duplicates", STR_INIT("{\"a\":1,\"b\":2,\"a\":3}"), "{\"b\":2,\"a\":3}"},
    {"keys differ in case", STR_INIT("{\"a\":1,\"A\":2}"), NULL},
    {"spelling is lost", STR_INIT("{\"a\":[1.50,1e3,-0.0,100,0.10]}"), "{\"a\":[1.5,1000,0,100,0.1]}"},
    {"large integers", STR_INIT("{\"a\":[9007199254740991,9007199254740992,9007199254740993,-9007199254740992]}"),
     "{\"a\":[9007199254740991,9007199254740992,9007199254740992,-9007199254740992]}"},
    {"fewest digits", STR_INIT("{\"a\":[0.1,0.30000000000000004,1e21,1e-7,5e-324]}"),
     "{\"a\":[0.1,0.30000000000000004,1e+21,1e-7,5e-324]}"},
    {"text ends at NUL", STR_INIT("{\"a\":\"x\\u0000y\"}"), "{\"a\":\"x\"}"},
    {"pair", STR_INIT("{\"a\":\"\\ud83d\\udca9\"}"), "{\"a\":\"\xF0\x9F\x92\xA9\"}"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    check_good(event_cjson_parse, cases[i].name, cases[i].text, cases[i].want ? cases[i].want : cases[i].text.p);
}

Test(cjson, refused) {
  static const struct {
    const char *name;
    Str text;
    const char *message;
    size_t offset;
  } cases[] = {
    {"nothing", STR_INIT(""), "cJSON cannot read this", 0},
    {"array", STR_INIT("[]"), "an event must be an object", 0},
    {"number", STR_INIT("5"), "an event must be an object", 0},
    {"text behind", STR_INIT("{} x"), "text goes on after the value", 3},
    {"NUL behind", STR_INIT("{}\0"), "text goes on after the value", 2},
    {"text behind NUL", STR_INIT("{} \0{}"), "text goes on after the value", 3},
    {"not UTF-8", STR_INIT("{\"a\":\"\xFF\"}"), "text is not UTF-8", 0},
    {"key that is not UTF-8", STR_INIT("{\"\xC0\xAF\":1}"), "text is not UTF-8", 0},
    {"not finite", STR_INIT("{\"a\":1e999}"), "number is not finite", 0},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    check_bad(event_cjson_parse, cases[i].name, cases[i].text, cases[i].message, cases[i].offset);
}

/* Trees made by hand hold what no text does. */
Test(cjson, trees_made_by_hand) {
  cJSON number = {.type = cJSON_Number, .valuedouble = NAN, .string = (char[]){"n"}};
  cJSON text = {.type = cJSON_String | cJSON_IsReference, .valuestring = (char[]){"t"}, .string = (char[]){"t"}};
  cJSON raw = {.type = cJSON_Raw, .valuestring = (char[]){"{}"}, .string = (char[]){"r"}};
  cJSON invalid = {.type = cJSON_Invalid, .string = (char[]){"i"}};
  cJSON nameless = {.type = cJSON_NULL};
  cJSON textless = {.type = cJSON_String, .string = (char[]){"x"}};
  const struct {
    const char *name;
    cJSON *member;
    const char *message; /* NULL: is good */
  } cases[] = {
    {"NaN", &number, "number is not finite"},
    {"borrowed text", &text, NULL},
    {"raw", &raw, "cJSON item of an unknown type"},
    {"invalid", &invalid, "cJSON item of an unknown type"},
    {"member without a name", &nameless, "cJSON item without its text"},
    {"text without text", &textless, "cJSON item without its text"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    JsonError error = {NULL, 0};
    cJSON object = {.type = cJSON_Object | cJSON_StringIsConst, .child = cases[i].member};
    Value *v = event_cjson_read(&object, &a, &error);
    cr_expect_eq(v != NULL, cases[i].message == NULL, "%s", cases[i].name);
    if (!v) cr_expect_str_eq(error.message, cases[i].message, "%s: %s", cases[i].name, error.message);
    arena_free(&a);
  }
  Arena a = {0};
  JsonError error = {NULL, 0};
  cr_expect_null(event_cjson_read(NULL, &a, &error));
  cr_expect_str_eq(error.message, "an event must be an object");
  arena_free(&a);
}

Test(cjson, tree_may_go_before_the_event) {
  Arena a = {0};
  JsonError error;
  cJSON *tree = cJSON_Parse("{\"key\":\"text\"}");
  Value *root = event_cjson_read(tree, &a, &error);
  cJSON_Delete(tree);
  cr_expect(str_is(root->first->key, "key") && str_is(root->first->text, "text"));
  arena_free(&a);
}

/* --- values -------------------------------------------------------------------------------------------------- */

Test(value, folded_text_is_kept) {
  Arena a = {0};
  Value v = {.kind = VALUE_TEXT, .text = STR("AbC")};
  Value empty = {.kind = VALUE_TEXT};
  Str folded = value_folded(&v, &a);
  cr_expect(str_is(folded, "abc"));
  cr_expect_eq(value_folded(&v, &a).p, folded.p, "made once");
  cr_expect_eq(value_folded(&empty, &a).n, 0);
  arena_free(&a);
}
