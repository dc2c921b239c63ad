/* SPDX-License-Identifier: MIT
 * Fields of events (semantics 7). */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/limits.h"
#include "runtime/event.h"
#include "runtime/event_json.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Value *read_event(const KeyTable *table, Str json, Arena *scratch) {
  JsonError error;
  Value *root = event_json_read(json, scratch, &error);
  cr_assert(root, STR_FMT ": %s", STR_ARG(json), root ? "" : error.message);
  keys_number(table, root);
  return root;
}

/* `absent`, or the leaves: texts as they are, objects as {}. */
static Str show(const FieldValues *f, Arena *a) {
  Buf b = {0};
  if (!f->found) buf_str(&b, STR("absent"));
  for (uint32_t i = 0; i < f->n; i++) {
    const Value *v = f->values[i];
    if (i) buf_char(&b, ' ');
    cr_assert_neq(v->kind, VALUE_ARRAY, "an array is no leaf");
    if (v->kind == VALUE_OBJECT) buf_str(&b, STR("{}"));
    else buf_str(&b, v->kind == VALUE_NULL ? STR("null") : v->text);
  }
  Str s = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return s;
}

Test(event, fields) {
  static const struct {
    const char *name, *json, *path, *want;
  } cases[] = {
    {"a key", "{\"a\":\"x\"}", "a", "x"},
    {"letter case counts", "{\"A\":\"x\"}", "a", "absent"},
    {"no key", "{}", "a", "absent"},
    {"number keeps its spelling", "{\"a\":1.50}", "a", "1.50"},
    {"boolean", "{\"a\":false}", "a", "false"},
    {"null is there", "{\"a\":null}", "a", "null"},
    {"empty text is there", "{\"a\":\"\"}", "a", ""},
    {"empty array is there, with no values", "{\"a\":[]}", "a", ""},
    {"arrays in arrays, all empty", "{\"a\":[[],[[]]]}", "a", ""},
    {"empty object is a value", "{\"a\":{}}", "a", "{}"},
    {"object is a value", "{\"a\":{\"b\":1}}", "a", "{}"},
    {"array stands for its elements", "{\"a\":[1,\"x\",null,true,{\"b\":2}]}", "a", "1 x null true {}"},
    {"recursively", "{\"a\":[1,[2,[3,[]],4],5]}", "a", "1 2 3 4 5"},
    {"key with blanks, signs, digits", "{\"New Value\":1}", "New Value", "1"},
    {"escaped key", "{\"\\u0061\":1}", "a", "1"},
    {"nested", "{\"a\":{\"b\":{\"c\":1}}}", "a.b.c", "1"},
    {"literal key with dots", "{\"a.b.c\":1}", "a.b.c", "1"},
    {"literal key wins over nesting", "{\"a\":{\"b\":1},\"a.b\":2}", "a.b", "2"},
    {"also when it is null", "{\"a\":{\"b\":1},\"a.b\":null}", "a.b", "null"},
    {"also when it is empty", "{\"a\":{\"b\":1},\"a.b\":[]}", "a.b", ""},
    {"partly flat, long head", "{\"a.b\":{\"c\":1}}", "a.b.c", "1"},
    {"partly flat, long tail", "{\"a\":{\"b.c\":1}}", "a.b.c", "1"},
    {"rightmost dot first", "{\"a\":{\"b.c\":1},\"a.b\":{\"c\":2}}", "a.b.c", "2"},
    {"what finds nothing does not decide", "{\"a\":{\"b.c\":1},\"a.b\":{\"x\":2}}", "a.b.c", "1"},
    {"nor does a scalar", "{\"a\":{\"b.c\":1},\"a.b\":3}", "a.b.c", "1"},
    {"null that is found decides", "{\"a\":{\"b.c\":1},\"a.b\":{\"c\":null}}", "a.b.c", "null"},
    {"step into text", "{\"a\":\"b\"}", "a.b", "absent"},
    {"step into null", "{\"a\":null}", "a.b", "absent"},
    {"step too far", "{\"a\":{\"b\":1}}", "a.b.c", "absent"},
    {"inner object as value", "{\"a\":{\"b\":{\"c\":1}}}", "a.b", "{}"},
    {"array of objects", "{\"a\":[{\"b\":1},{\"c\":2},{\"b\":3}]}", "a.b", "1 3"},
    {"array without a hit", "{\"a\":[{\"c\":1}]}", "a.b", "absent"},
    {"empty array on the way", "{\"a\":[]}", "a.b", "absent"},
    {"scalars in an array are passed over", "{\"a\":[1,\"b\",null,{\"b\":2}]}", "a.b", "2"},
    {"arrays in arrays on the way", "{\"a\":[[{\"b\":1}],[[{\"b\":2}]]]}", "a.b", "1 2"},
    {"arrays at both ends", "{\"a\":[{\"b\":[1,[2]]},{\"b\":3},{\"b\":[]}]}", "a.b", "1 2 3"},
    {"found, but no values", "{\"a\":[{\"b\":[]},{\"c\":1}]}", "a.b", ""},
    {"elements decide for themselves", "{\"a\":[{\"b.c\":1,\"b\":{\"c\":2}},{\"b\":{\"c\":3}}]}", "a.b.c", "1 3"},
    {"array of the longer head without a hit", "{\"a\":{\"b.c\":1},\"a.b\":[{\"x\":2},5]}", "a.b.c", "1"},
    {"digits do not index", "{\"a\":[5,6]}", "a.0", "absent"},
    {"digits are a key", "{\"a\":{\"0\":5}}", "a.0", "5"},
    {"digits are a key in elements", "{\"a\":[{\"0\":5}]}", "a.0", "5"},
    {"dot at the end", "{\"a\":{\"\":1}}", "a.", "1"},
    {"dot at the start", "{\"\":{\"a\":1}}", ".a", "1"},
    {"only a dot", "{\"\":{\"\":1}}", ".", "1"},
    {"only a dot, literal", "{\".\":1,\"\":{\"\":2}}", ".", "1"},
    {"two dots", "{\"a\":{\"\":{\"b\":1}}}", "a..b", "1"},
    {"two dots, other split", "{\"a.\":{\"b\":1}}", "a..b", "1"},
    {"head is no prefix by letters", "{\"ab\":{\"c\":1}}", "a.b.c", "absent"},
    {"longer key is no head", "{\"a.b.c.d\":1}", "a.b.c", "absent"},
    {"key with NUL", "{\"a\\u0000b\":1}", "a", "absent"},
    {"last of duplicates", "{\"a\":1,\"a\":2}", "a", "2"},
    {"last of duplicates below", "{\"x\":{\"a\":1,\"a\":2}}", "x.a", "2"},
    {"twenty dots, nested", "{\"a.a.a.a.a.a.a.a.a.a\":{\"a.a.a.a.a.a.a.a.a.a\":{\"b\":7}}}",
     "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b", "7"},
    {"twenty dots, literal", "{\"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b\":[7,8]}", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b",
     "7 8"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena owner = {0}, scratch = {0};
    Str fields[] = {STR(""), STR("other"), str_of(cases[i].path), STR("a.b.c.d")};
    KeyTable *table;
    Event e;
    event_init(&e, table = keys_new(&owner), fields, COUNT(fields), &owner, &scratch);
    event_set(&e, read_event(table, str_of(cases[i].json), &scratch));
    for (int round = 0; round < 2; round++) {
      Str got = show(event_field(&e, 2), &scratch);
      cr_expect(str_is(got, cases[i].want), "%s: " STR_FMT, cases[i].name, STR_ARG(got));
    }
    arena_free(&scratch);
    arena_free(&owner);
  }
}

Test(event, any_value) {
  static const struct {
    const char *json, *want;
  } cases[] = {
    {"{}", "absent"},
    {"{\"a\":null,\"b\":[],\"c\":{}}", "absent"},
    {"{\"a\":\"x\",\"b\":[1,[true,{\"c\":\"y\"}],null],\"d\":{\"e\":{\"f\":\"\"}},\"g\":\"z\"}", "x 1 true y  z"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena owner = {0}, scratch = {0};
    Str fields[] = {STR("")};
    KeyTable *table;
    Event e;
    event_init(&e, table = keys_new(&owner), fields, 1, &owner, &scratch);
    event_set(&e, read_event(table, str_of(cases[i].json), &scratch));
    Str got = show(event_field(&e, FIELD_ANY), &scratch);
    cr_expect(str_is(got, cases[i].want), "%s: '" STR_FMT "'", cases[i].json, STR_ARG(got));
    arena_free(&scratch);
    arena_free(&owner);
  }
}

/* Looks at field 1 of one event after another, with the epoch set to what is wanted before the first. */
static void check_series(uint32_t epoch, const char *name) {
  static const char *const events[] = {"{\"a\":1}", "{\"b\":1}", "{\"a\":[2,3]}", "{\"a\":[]}", "{}", "{\"a\":4}"};
  static const char *const want[] = {"1", "absent", "2 3", "", "absent", "4"};
  Arena owner = {0}, scratch = {0};
  Str fields[] = {STR(""), STR("a")};
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, 2, &owner, &scratch);
  for (int i = 0; i < 600; i++) {
    if (i == 50) e.epoch = epoch;
    event_set(&e, read_event(table, str_of(events[i % 6]), &scratch));
    cr_assert_neq(e.epoch, 0, "%s", name);
    Str got = show(event_field(&e, 1), &scratch);
    cr_expect(str_is(got, want[i % 6]), "%s, event %d: " STR_FMT, name, i, STR_ARG(got));
    arena_reset(&scratch);
  }
  arena_free(&scratch);
  arena_free(&owner);
}

Test(event, one_after_another) {
  check_series(1000, "ordinary");
  check_series(UINT32_MAX - 100, "epoch wraps around");
  check_series(UINT32_MAX, "epoch wraps around at once");
}

/* An entry written just before the wrap must not look like one of the same number after it. */
Test(event, nothing_survives_the_wrap) {
  Arena owner = {0}, scratch = {0};
  Str fields[] = {STR(""), STR("a")};
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, 2, &owner, &scratch);
  event_set(&e, read_event(table, STR("{\"a\":1}"), &scratch)); /* epoch 1 */
  cr_expect_eq(event_field(&e, 1)->n, 1);
  e.epoch = UINT32_MAX;
  event_set(&e, read_event(table, STR("{}"), &scratch)); /* epoch 1 again */
  cr_expect(!event_field(&e, 1)->found);
  arena_free(&scratch);
  arena_free(&owner);
}

/* --- against the words of the semantics, on random trees and paths ------------------------------------------- */

static uint32_t rnd(uint64_t *seed) {
  *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(*seed >> 33);
}

static const char *const keys[] = {"a", "b", "a.b", "b.a", "a.a", "", ".", "a.", ".b", "b.a.b", "c"};

static void random_value(Buf *b, uint64_t *seed, int depth);

static void random_members(Buf *b, uint64_t *seed, int depth, bool object) {
  buf_char(b, object ? '{' : '[');
  uint32_t n = rnd(seed) % (object ? 5 : 4);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_char(b, ',');
    if (object) buf_printf(b, "\"%s\":", keys[rnd(seed) % COUNT(keys)]);
    random_value(b, seed, depth - 1);
  }
  buf_char(b, object ? '}' : ']');
}

static void random_value(Buf *b, uint64_t *seed, int depth) {
  uint32_t kind = rnd(seed) % 10;
  if (depth > 0 && kind < 8) random_members(b, seed, depth, kind < 5);
  else if (kind == 9) buf_str(b, STR("null"));
  else buf_printf(b, "%u", rnd(seed) % 1000);
}

static Str random_path(Arena *a, uint64_t *seed) {
  Str path = str_of(keys[rnd(seed) % COUNT(keys)]);
  for (uint32_t n = rnd(seed) % 4; n > 0; n--) path = arena_printf(a, STR_FMT ".%s", STR_ARG(path), keys[rnd(seed) % COUNT(keys)]);
  return path;
}

typedef struct {
  bool found;
  uint32_t n;
  const Value *values[4096];
} Plain;

static void plain_leaves(Plain *out, const Value *v) {
  if (v->kind != VALUE_ARRAY) out->values[out->n++] = v;
  else
    for (const Value *kid = v->first; kid; kid = kid->next) plain_leaves(out, kid);
}

static const Value *plain_member(const Value *object, Str key) {
  for (const Value *m = object->first; m; m = m->next)
    if (str_eq(m->key, key)) return m;
  return NULL;
}

static bool plain_find(Plain *out, const Value *v, Str path) {
  bool found = false;
  if (v->kind == VALUE_ARRAY)
    for (const Value *kid = v->first; kid; kid = kid->next) found |= plain_find(out, kid, path);
  if (v->kind != VALUE_OBJECT) return found;
  const Value *whole = plain_member(v, path);
  if (whole) {
    plain_leaves(out, whole);
    return true;
  }
  for (size_t dot = path.n; dot-- > 0 && !found;) {
    const Value *head = path.p[dot] == '.' ? plain_member(v, str_sub(path, 0, dot)) : NULL;
    if (head) found = plain_find(out, head, str_from(path, dot + 1));
  }
  return found;
}

static void check_random(uint64_t *seed) {
  enum { PATHS = 12 };
  static Plain want;
  Arena owner = {0}, scratch = {0};
  Buf json = {0};
  random_members(&json, seed, 5, true);
  Str fields[PATHS] = {0};
  for (int i = 1; i < PATHS; i++) fields[i] = random_path(&owner, seed);
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, PATHS, &owner, &scratch);
  event_set(&e, read_event(table, buf_view(&json), &scratch));
  for (uint32_t i = 1; i < PATHS; i++) {
    want.n = 0;
    want.found = plain_find(&want, e.root, fields[i]);
    const FieldValues *got = event_field(&e, i);
    bool same = got->found == want.found && got->n == want.n;
    for (uint32_t k = 0; same && k < got->n; k++) same = got->values[k] == want.values[k];
    if (!same) cr_assert_fail(STR_FMT " in " STR_FMT, STR_ARG(fields[i]), STR_ARG(buf_view(&json)));
  }
  buf_free(&json);
  arena_free(&scratch);
  arena_free(&owner);
}

Test(event, random_trees_and_paths) {
  uint64_t seed = 42;
  for (int i = 0; i < 20000; i++) check_random(&seed);
}

/* --- large and deep ------------------------------------------------------------------------------------------- */

/* Each level offers each split of the rest, and none leads to the end. Nested as deep as can be. */
Test(event, many_splits_that_find_nothing) {
  Buf json = {0}, path = {0};
  for (int i = 0; i < LIMIT_EVENT_DEPTH; i++) buf_str(&path, STR("a."));
  for (int i = 0; i < LIMIT_EVENT_DEPTH - 2; i++) buf_str(&json, STR("{\"a.a.a\":{\"x\":1},\"a.a\":{\"x\":1},\"a\":"));
  buf_str(&json, STR("{}"));
  for (int i = 0; i < LIMIT_EVENT_DEPTH - 2; i++) buf_char(&json, '}');
  buf_str(&path, STR("b"));
  Arena owner = {0}, scratch = {0};
  Str fields[] = {STR(""), buf_view(&path)};
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, 2, &owner, &scratch);
  event_set(&e, read_event(table, buf_view(&json), &scratch));
  cr_expect(!event_field(&e, 1)->found);
  buf_free(&json);
  buf_free(&path);
  arena_free(&scratch);
  arena_free(&owner);
}

Test(event, deep_arrays) {
  Buf json = {0};
  buf_str(&json, STR("{\"a\":"));
  for (int i = 1; i < LIMIT_EVENT_DEPTH; i++) buf_str(&json, STR("[1,"));
  buf_str(&json, STR("2"));
  for (int i = 1; i < LIMIT_EVENT_DEPTH; i++) buf_char(&json, ']');
  buf_char(&json, '}');
  Arena owner = {0}, scratch = {0};
  Str fields[] = {STR(""), STR("a"), STR("a.b")};
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, 3, &owner, &scratch);
  event_set(&e, read_event(table, buf_view(&json), &scratch));
  cr_expect_eq(event_field(&e, 1)->n, LIMIT_EVENT_DEPTH);
  cr_expect(!event_field(&e, 2)->found);
  cr_expect_eq(event_field(&e, FIELD_ANY)->n, LIMIT_EVENT_DEPTH);
  buf_free(&json);
  arena_free(&scratch);
  arena_free(&owner);
}

Test(event, many_fields_and_keys) {
  enum { N = 3000 };
  Arena owner = {0}, scratch = {0};
  Str *fields = arena_array(&owner, Str, N + 1);
  Buf json = {0};
  buf_char(&json, '{');
  for (int i = 0; i < N; i++) {
    fields[i + 1] = arena_printf(&owner, "field%d.name", i);
    if (i % 3 == 0) buf_printf(&json, "\"field%d.name\":%d,", i, i);
    if (i % 3 == 1) buf_printf(&json, "\"field%d\":{\"name\":%d},", i, i);
  }
  buf_str(&json, STR("\"last\":0}"));
  KeyTable *table;
  Event e;
  event_init(&e, table = keys_new(&owner), fields, N + 1, &owner, &scratch);
  event_set(&e, read_event(table, buf_view(&json), &scratch));
  for (uint32_t i = 0; i < N; i++) {
    Str want = i % 3 == 2 ? STR("absent") : arena_printf(&scratch, "%u", i);
    if (!str_eq(show(event_field(&e, i + 1), &scratch), want)) cr_assert_fail("field %u", i);
  }
  buf_free(&json);
  arena_free(&scratch);
  arena_free(&owner);
}
