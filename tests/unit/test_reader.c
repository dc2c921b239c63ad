/* SPDX-License-Identifier: MIT
 * The fast reader makes what the plain one makes. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/keys_find.h"
#include "tests/support/gen.h"
#include "tests/support/reader_check.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const events[] = {
  "{}",
  " { } ",
  "{\"a\":1}",
  "\xEF\xBB\xBF{\"a\":\"b\"}\r\n",
  "{\"a\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"b\":\"say \\\"yes\\\"\",\"c\":\"\\\\\\\\\",\"d\":\"\\\\\"}",
  "{\"a\":\"\\b\\f\\n\\r\\t\\/\",\"\\u0061\":\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\\ud83d!\"}",
  "{\"a\":null,\"b\":true,\"c\":false,\"d\":[],\"e\":{},\"f\":[1,[2,{\"a\":\"x\"}],null]}",
  "{\"n\":[0,-0,1.5,-2e3,1E+9,0.1e-7,12345678901234567890]}",
  "{ \"a\" : [ 1 , 2 ] ,\n\t\"b\" : { \"a\" : \"\" } }",
  "{\"\":1,\"1234567\":2,\"12345678\":3,\"123456789\":4,\"1234567890123456\":5,\"12345678901234567\":6}",
  /* usual members; the first name, as the second one spells it */
  "{\"x\":true,\"a\\\\\\\\bcdefghi\":-12,\"c\":\"d\",\"e\":\"\"}",
  "{\"x\":false,\"a\\\\bcdefghi\":0,\"c\":-0,\"e\":\"C:\\\\\",\"12345678901234567\":1,\"12345678_01234567\":2}",
  /* keys that are there twice: at the top, inside, around an inner object that has it, too */
  "{\"a\":1,\"b\":2,\"a\":3}",
  "{\"a\":{\"x\":1,\"x\":2},\"b\":{\"x\":3}}",
  "{\"x\":1,\"b\":{\"x\":2},\"x\":3}",
  "{\"b\":{\"x\":{\"x\":{\"x\":1},\"y\":1},\"x\":2},\"x\":[{\"x\":3},{\"x\":4,\"x\":5}]}",
  "{\"Image\":1,\"\\u0049mage\":2}",
};

static const char *const broken[] = {
  "",
  "{",
  "}",
  "[]",
  "1",
  "{}}",
  "{}\v",
  "{}x",
  "x{}",
  "{\"a\"}",
  "{\"a\":}",
  "{\"a\":1,}",
  "{,}",
  "{\"a\":[1,]}",
  "{\"a\":[}}",
  "{\"a\":1]}",
  "{\"a\":[1}}",
  "{\"a\" 1}",
  "{a:1}",
  "{'a':1}",
  "{\"a\":01}",
  "{\"a\":1.}",
  "{\"a\":.5}",
  "{\"a\":-}",
  "{\"a\":1e}",
  "{\"a\":1e+}",
  "{\"a\":+1}",
  "{\"a\":tru}",
  "{\"a\":nul}",
  "{\"a\":truex}",
  "{\"a\":\"b}",
  "{\"a\":\"\\\"}",
  "{\"a\":\"\\x\"}",
  "{\"a\":\"\\u12\"}",
  "{\"a\":\"\\u123g\"}",
  "{\"a\":\"\\u12}",
  "{\"a\":\"\t\"}",
  "{\"a\":\"\\\n\"}",
  "{\"a\":\"\xC3\"}",
  "{\"a\":\"\\\xC3\xA9\"}",
  "{\"a\":\"\\\\\xED\xA0\x80\"}",
  "{\"\xFF\":1}",
  "{\"a\":1\\}",
  "{\\\"a\":1}",
  "{\"a\"\\:1}",
  "{\"a\":\xC3\xA9}",
  "\xEF\xBB{}",
};

/* The same after blanks, so that blocks and parts end in each place of it. */
static void check_shifted(ReaderCheck *c, const char *text) {
  for (size_t far = 0; far <= 4000; far += 4000)
    for (size_t blanks = far; blanks < far + 100; blanks++) {
      Buf b = {0};
      while (b.n < blanks) buf_char(&b, ' ');
      buf_str(&b, str_of(text));
      const char *why = reader_check(c, buf_view(&b));
      cr_expect_null(why, "%s after %zu blanks: %s", text, blanks, why);
      buf_free(&b);
    }
}

Test(reader, table) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  for (size_t i = 0; i < COUNT(events); i++) {
    check_shifted(&c, events[i]);
    arena_reset(&scratch);
  }
  for (size_t i = 0; i < COUNT(broken); i++) {
    check_shifted(&c, broken[i]);
    arena_reset(&scratch);
  }
  arena_free(&scratch);
  arena_free(&owner);
}

Test(reader, every_cut) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  for (size_t i = 0; i < COUNT(events); i++)
    for (size_t n = 0; n <= strlen(events[i]); n++) {
      const char *why = reader_check(&c, (Str){events[i], n});
      cr_expect_null(why, "%.*s: %s", (int)n, events[i], why);
    }
  arena_free(&scratch);
  arena_free(&owner);
}

/* The end of the text is the end of a page, and nothing can be read behind it; nor before it. */
Test(reader, nothing_is_read_around_the_text) {
  Arena owner = {0}, scratch = {0};
  KeyTable *keys = keys_new(&owner);
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  char *p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  cr_assert(p != MAP_FAILED);
  mprotect(p, page, PROT_NONE);
  mprotect(p + 2 * page, page, PROT_NONE);
  for (int form = READER_WORDS; form <= READER_SIMD; form++) {
    Reader *r = reader_new_by(keys, &owner, (ReaderForm)form);
    for (size_t i = 0; i < COUNT(events) + COUNT(broken); i++) {
      const char *text = i < COUNT(events) ? events[i] : broken[i - COUNT(events)];
      size_t n = strlen(text);
      JsonError error;
      memcpy(p + page, text, n);
      bool good = reader_event(r, (Str){p + page, n}, &scratch, &error) != NULL;
      memcpy(p + 2 * page - n, text, n);
      cr_expect(good == (reader_event(r, (Str){p + 2 * page - n, n}, &scratch, &error) != NULL), "%s", text);
      arena_reset(&scratch);
    }
  }
  munmap(p, 3 * page);
  arena_free(&scratch);
  arena_free(&owner);
}

/* --- by chance ----------------------------------------------------------------------------------------------- */

static void put_space(Gen *g, Buf *out) {
  static const char *const spaces[] = {"", "", "", "", "", "", " ", "\n", "\t ", "  \r\n"};
  buf_str(out, str_of(GEN_PICK(g, spaces)));
}

static void put_string(Gen *g, Buf *out) {
  static const char *const pieces[] = {"a",
                                       "Image",
                                       "C:\\\\x",
                                       "\\\\",
                                       "\\\"",
                                       "\\n",
                                       "\\/",
                                       "\\u0041",
                                       "\\u00e9",
                                       "\\ud83d\\ude00",
                                       "\\ud83d",
                                       "\xC3\x89",
                                       "\xE2\x82\xAC",
                                       "x y",
                                       "Zz",
                                       "\\u0000",
                                       "\\\\\\\\\\\\",
                                       "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
                                       "\\u212A"};
  buf_char(out, '"');
  for (uint32_t n = gen_below(g, gen_chance(g, 10) ? 40 : 5); n > 0; n--) buf_str(out, str_of(GEN_PICK(g, pieces)));
  buf_char(out, '"');
}

static void put_key(Gen *g, Buf *out) {
  static const char *const keys[] = {"a", "Image",   "b",       "CommandLine", "winlog.event_data.TargetUserName",
                                     "x", "\\u0061", "\xC3\xA9"};
  if (gen_chance(g, 10)) put_string(g, out);
  else buf_printf(out, "\"%s\"", GEN_PICK(g, keys));
}

static void put_value(Gen *g, Buf *out, unsigned depth) {
  static const char *const others[] = {"null", "true", "false", "0", "-1", "4688", "1.5e10", "-0.25E-3"};
  unsigned kind = gen_below(g, depth ? 10 : 1);
  if (kind > 1) {
    if (kind > 5) put_string(g, out);
    else buf_str(out, str_of(GEN_PICK(g, others)));
    return;
  }
  buf_char(out, kind ? '[' : '{');
  for (uint32_t i = 0, n = gen_below(g, depth ? 6 : 30); i < n && depth < 6; i++) {
    if (i) buf_char(out, ',');
    put_space(g, out);
    if (!kind) {
      put_key(g, out);
      put_space(g, out);
      buf_char(out, ':');
    }
    put_space(g, out);
    put_value(g, out, depth + 1);
    put_space(g, out);
  }
  buf_char(out, kind ? ']' : '}');
}

static void damage(Gen *g, Buf *b) {
  static const char bytes[] = "\"\\{}[],:0e.-ut \n\x01\x80\xC3\xE2\xF0";
  size_t at = gen_below(g, (uint32_t)b->n);
  if (gen_chance(g, 50)) b->p[at] = bytes[gen_below(g, sizeof bytes - 1)];
  else if (gen_chance(g, 50)) b->n = at;
  else memmove(b->p + at, b->p + at + 1, --b->n - at);
}

Test(reader, events_by_chance, .timeout = 60) {
  enum { EVENTS = 40000, PER_TABLE = 500 };
  Arena owner = {0}, scratch = {0};
  Gen g = gen_seeded(20);
  unsigned good = 0;
  ReaderCheck c;
  for (unsigned i = 0; i < EVENTS; i++) {
    if (i % PER_TABLE == 0) {
      arena_free(&owner);
      c = reader_check_new(&owner, &scratch);
    }
    Buf b = {0};
    JsonError error;
    if (gen_chance(&g, 10))
      for (size_t n = 3900 + gen_below(&g, 300); b.n < n;) buf_char(&b, ' ');
    put_value(&g, &b, 0);
    if (gen_chance(&g, 50)) damage(&g, &b);
    const char *why = reader_check(&c, buf_view(&b));
    cr_expect_null(why, STR_FMT ": %s", STR_ARG(buf_view(&b)), why);
    good += event_json_read(buf_view(&b), &scratch, &error) != NULL;
    buf_free(&b);
    arena_reset(&scratch);
  }
  cr_expect(good > EVENTS / 2 && good < EVENTS * 9 / 10, "%u of them are events", good);
  arena_free(&scratch);
  arena_free(&owner);
}

/* --- limits -------------------------------------------------------------------------------------------------- */

static void put_times(Buf *b, const char *text, unsigned n) {
  while (n-- > 0) buf_str(b, str_of(text));
}

Test(reader, depth) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  for (unsigned depth = LIMIT_EVENT_DEPTH - 1; depth <= LIMIT_EVENT_DEPTH + 1; depth++)
    for (int arrays = 0; arrays < 2; arrays++) {
      Buf b = {0};
      buf_str(&b, STR("{\"a\":"));
      put_times(&b, arrays ? "[" : "{\"a\":", depth - 2);
      buf_str(&b, STR("{}"));
      put_times(&b, arrays ? "]" : "}", depth - 1 - 1);
      buf_char(&b, '}');
      const char *why = reader_check(&c, buf_view(&b));
      cr_expect_null(why, "%u: %s", depth, why);
      buf_free(&b);
    }
  arena_free(&scratch);
  arena_free(&owner);
}

Test(reader, many_values) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  for (unsigned n = LIMIT_EVENT_VALUES - 2; n <= LIMIT_EVENT_VALUES - 1; n++) {
    Buf b = {0};
    buf_str(&b, STR("{\"a\":[1"));
    put_times(&b, ",1", n - 2);
    buf_str(&b, STR("]}"));
    const char *why = reader_check(&c, buf_view(&b));
    cr_expect_null(why, "%u: %s", n, why);
    buf_free(&b);
  }
  arena_free(&scratch);
  arena_free(&owner);
}

/* More names than the table takes, each of them twice. */
Test(reader, names_that_are_not_learned) {
  Arena owner = {0}, scratch = {0};
  ReaderCheck c = reader_check_new(&owner, &scratch);
  Buf b = {0};
  buf_char(&b, '{');
  for (unsigned i = 0; i < 2 * LIMIT_KEYS_LEARNED; i++) buf_printf(&b, "\"name%u\":%u,", i % (LIMIT_KEYS_LEARNED + 100), i);
  buf_str(&b, STR("\"o\":{\"name4190\":1,\"name4190\":2}}"));
  for (int i = 0; i < 2; i++) {
    const char *why = reader_check(&c, buf_view(&b));
    cr_expect_null(why, "%s", why);
  }
  buf_free(&b);
  arena_free(&scratch);
  arena_free(&owner);
}

/* --- folding ------------------------------------------------------------------------------------------------- */

Test(reader, every_length_is_folded) {
  Arena a = {0};
  static const char *const pieces[] = {"A", "\\\\", "\\u0041", "\xC3\x89", "\\u00C9", "\\n",    "[",
                                       "@", "Z",    "`",       "{",        "\x7F",    "\\u0000"};
  for (size_t n = 0; n < 100; n++)
    for (size_t at = 0; at <= n; at += n / 20 + 1)
      for (size_t k = 0; k < COUNT(pieces); k++) {
        Buf b = {.arena = &a};
        for (size_t i = 0; i < n; i++) {
          if (i == at) buf_str(&b, str_of(pieces[k]));
          buf_char(&b, (char)('A' + i % 58 + (i % 58 + 'A' == '\\')));
        }
        const char *why = fold_check(buf_view(&b), &a);
        cr_expect_null(why, STR_FMT ": %s", STR_ARG(buf_view(&b)), why);
      }
  arena_free(&a);
}

/* --- names chosen by someone who knows the table -------------------------------------------------------------- */

/* Many names that stand side by side, and then others that lead to the first of them. */
Test(reader, chosen_names) {
  enum { BEFORE = 2100, RUN = 1500, SLOTS = 1 << 14, FROM = 77, OTHERS = 20 };
  Arena a = {0};
  KeyTable *k = keys_new(&a);
  Str *names = arena_array(&a, Str, RUN);
  uint32_t others = 0;
  for (uint32_t i = 0; i < BEFORE; i++) (void)keys_learn(k, arena_printf(&a, "before %u", i)); /* it has its size now */
  for (uint32_t i = 0, n = 0; n < RUN; i++) {
    char room[16];
    Str name = {room, (size_t)snprintf(room, sizeof room, "%x", i)};
    KeySlot key = key_of(name);
    uint32_t at = (key_hash(k, &key, name) - FROM) & (SLOTS - 1);
    if (at >= RUN || names[at].n) continue;
    names[at] = arena_dup(&a, name);
    n++;
  }
  cr_assert_eq(k->mask, SLOTS - 1);
  uint32_t first = keys_count(k);
  for (uint32_t i = 0; i < RUN; i++) (void)keys_learn(k, names[i]);
  cr_assert_gt(keys_count(k), first + RUN / 2);
  for (uint32_t i = 1; others < OTHERS; i++) {
    char room[16];
    uint32_t steps = 0;
    Str name = {room, (size_t)snprintf(room, sizeof room, "x%x", i)};
    KeySlot key = key_of(name);
    if (((key_hash(k, &key, name) - FROM) & (SLOTS - 1)) > OTHERS) continue;
    others++;
    cr_expect_eq(keys_learn(k, name), KEY_UNKNOWN);
    cr_expect_eq(key_id(k, &key, name, &steps), KEY_UNKNOWN);
    cr_expect_lt(steps, 100);
  }
  for (uint32_t id = 1; id < keys_count(k); id++) cr_expect_eq(keys_find(k, keys_name(k, id)), id);
  arena_free(&a);
}
