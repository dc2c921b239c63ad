/* SPDX-License-Identifier: MIT
 * Anchors: what every value has for which a test holds. */
#include <criterion/criterion.h>
#include <time.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "tests/support/anchor_check.h"
#include "tests/support/regex_gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- programs of tests alone --------------------------------------------------------------------------------- */

typedef struct {
  Arena arena, scratch;
  ImageBuilder image;
  Program *program;
  Vm vm;
} Bench;

static void bench_begin(Bench *b) {
  *b = (Bench){0};
  *vec_add(&b->arena, &b->image.FIELDS) = (StrRef){0, 0};
}

static StrRef put_text(Bench *b, Str s) {
  StrRef r = {b->image.STRINGS.n, (uint32_t)s.n};
  for (size_t i = 0; i < s.n; i++) *vec_add(&b->arena, &b->image.STRINGS) = s.p[i];
  return r;
}

static TestRec *put_test(Bench *b, PredKind kind, bool cased, Str text, uint32_t a1, uint32_t b1) {
  StrRef ref = put_text(b, text);
  TestRec *t = vec_add(&b->arena, &b->image.TESTS);
  *t = (TestRec){.kind = kind, .cased = cased, .text = ref, .a = a1, .b = b1};
  return t;
}

static void bench_open(Bench *b) {
  ImageError error;
  b->program = program_open(image_build(&b->image, &b->arena), &b->arena, &error);
  cr_assert(b->program, "%s", error.message);
  vm_init(&b->vm, b->program, &b->arena, &b->scratch);
}

static void bench_free(Bench *b) {
  arena_free(&b->scratch);
  arena_free(&b->arena);
}

static void put_set(Buf *out, Anchors set) {
  static const char *const marks[][2] = {{"?", ""}, {"=", ""}, {"#", ""}, {"", "*"}, {"*", ""}, {"*", "*"}};
  for (uint32_t i = 0; i < set.n; i++) {
    if (i) buf_str(out, STR(" | "));
    buf_str(out, str_of(marks[set.p[i].kind][0]));
    buf_str(out, set.p[i].text);
    buf_str(out, str_of(marks[set.p[i].kind][1]));
  }
}

/* Sets behind each other, such as `*abc* | *abd* & *xyz`. */
static Str spelled(const Program *p, uint32_t test, Arena *a) {
  Buf out = {.arena = a};
  AnchorSets sets = anchors_all(p, test, a);
  for (uint32_t i = 0; i < sets.n; i++) {
    if (i) buf_str(&out, STR(" & "));
    put_set(&out, sets.p[i]);
  }
  return buf_view(&out);
}

static void expect_last(Bench *b, const char *name, const char *want) {
  bench_open(b);
  Str got = spelled(b->program, b->program->n_TESTS - 1, &b->arena);
  cr_expect(str_is(got, want), "%s: " STR_FMT ", not %s", name, STR_ARG(got), want);
  cr_expect(anchor_check_form(b->program, b->program->n_TESTS - 1, &b->arena));
  bench_free(b);
}

/* --- tables -------------------------------------------------------------------------------------------------- */

Test(anchor, texts) {
  static const struct {
    PredKind kind;
    bool cased;
    const char *text;
    uint32_t a;
    const char *want;
  } cases[] = {
    {PRED_EQ, false, "abc", 0, "=abc"},
    {PRED_EQ, true, "AbC\xC3\x89", 0, "=abc\xC3\xA9"},
    {PRED_EQ, true, "", 0, "?"},
    {PRED_EQ, false, "ABC", 0, "?"}, /* never holds, and no compiler writes it */
    {PRED_PREFIX, false, "c:\\", 0, "c:\\*"},
    {PRED_SUFFIX, true, ".EXE", 0, "*.exe"},
    {PRED_CONTAINS, false, " -enc ", 0, "* -enc *"},
    {PRED_CONTAINS, false, "", 0, "?"},
    {PRED_CONTAINS, true, "\xA9", 0, "?"}, /* the second byte of some character */
    {PRED_NUMBER, false, "42", 0, "#42"},
    {PRED_NUMBER, false, "-1.5", 0, "#-1.5"},
    {PRED_NUMBER, false, "42.0", 0, "?"}, /* not as a compiler spells it */
    {PRED_NUMBER, false, "0.1000000000000000055511151231257827", 0, "?"},
    {PRED_LT, false, "42", 0, "?"},
    {PRED_BOOL, false, "", 1, "=true"},
    {PRED_BOOL, false, "", 0, "=false"},
    {PRED_IS_NULL, false, "", 0, ""},
    {PRED_EXISTS, false, "", 0, ""},
    {PRED_EXISTS, false, "", 1, "?"},
    {PRED_FIELDREF, false, "", 0, "?"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Bench b;
    bench_begin(&b);
    put_test(&b, cases[i].kind, cases[i].cased, str_of(cases[i].text), cases[i].a, 0);
    expect_last(&b, pred_info[cases[i].kind].name, cases[i].want);
  }
}

/* `*`, `?` and `-` are parts of their own. */
static void put_glob(Bench *b, Str pattern, bool cased) {
  uint32_t first = b->image.PARTS.n;
  for (size_t i = 0, from = 0; i <= pattern.n; i++) {
    char c = i < pattern.n ? pattern.p[i] : '\0';
    bool special = i == pattern.n || c == '*' || c == '?' || c == '-';
    if (special && i > from) *vec_add(&b->arena, &b->image.PARTS) = (PartRec){PART_LITERAL, put_text(b, str_sub(pattern, from, i))};
    if (special && c) *vec_add(&b->arena, &b->image.PARTS) = (PartRec){c == '*' ? PART_ANY : c == '?' ? PART_ONE : PART_DASH, {0}};
    if (special) from = i + 1;
  }
  put_test(b, PRED_GLOB, cased, STR(""), first, b->image.PARTS.n - first);
}

Test(anchor, patterns) {
  static const struct {
    const char *pattern, *want;
  } cases[] = {
    {"", "?"},
    {"*", "?"},
    {"???", "?"},
    {"abc", "=abc"},
    {"ABC*", "abc*"},
    {"*abc", "*abc"},
    {"*abc*", "*abc*"},
    {"a*longest one*b", "*longest one* & a* & *b"},
    {"abcd?", "abcd*"},
    {"?abcd", "*abcd"},
    {"* -enc*", "* -enc* | * /enc* | * \xE2\x80\x93"
                "enc* | * \xE2\x80\x94"
                "enc* | * \xE2\x80\x95"
                "enc* & *enc*"},
    {"*xyz--*", "*xyz-* | *xyz/* | *xyz\xE2\x80\x93* | *xyz\xE2\x80\x94* | *xyz\xE2\x80\x95* & *xyz* & *-* | */* | *\xE2\x80\x93* "
                "| *\xE2\x80\x94* | *\xE2\x80\x95*"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Bench b;
    bench_begin(&b);
    put_glob(&b, str_of(cases[i].pattern), true);
    expect_last(&b, cases[i].pattern, cases[i].want);
  }
}

Test(anchor, long_patterns_are_cut_between_characters) {
  Bench b;
  Buf text = {0};
  bench_begin(&b);
  for (int i = 0; i < 100; i++) buf_str(&text, STR("\xE2\x82\xAC"));
  put_glob(&b, buf_view(&text), true);
  buf_free(&text);
  bench_open(&b);
  AnchorSets sets = anchors_all(b.program, 0, &b.arena);
  cr_expect_eq(sets.n, 2); /* what begins a value, and what ends it */
  cr_expect(anchor_check_form(b.program, 0, &b.arena));
  bench_free(&b);
}

Test(anchor, regular_expressions) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *want;
  } cases[] = {
    {"", 0, "?"},
    {"abc", 0, "*abc*"},
    {"ABC\\.d", 0, "*abc.d*"},
    {"[Aa][Bb][Cc]", 0, "*abc*"},
    {"\xC3\x89t\xC3\xA9", 0, "*\xC3\xA9t\xC3\xA9*"},
    {"^abc", 0, "abc*"},
    {"\\Aabc", 0, "abc*"},
    {"^abc", REGEX_MULTILINE, "*abc*"},
    {"abc$", 0, "*abc"},
    {"abc\\z", 0, "*abc"},
    {"abc\\Z", 0, "*abc*"},
    {"^abc$", 0, "=abc"},
    {"^(abc|def)$", 0, "=abc | =def"},
    {"(^|x)abc", 0, "abc* | *xabc*"},
    {"^$", 0, "?"},
    {"a.bcd.*ef", 0, "*bcd* & *ef* & *a*"},
    {"abc|def|ghi", 0, "*abc* | *def* | *ghi*"},
    {"abc|d.f", 0, "*abc* | *d*"},
    {"abc|abc|xabc", 0, "*abc*"},
    {"^abc|abcx", 0, "abc* | *abcx*"},
    {"abc|.", 0, "?"},
    {"abc|", 0, "?"},
    {"xx(abc|)yy", 0, "*xxabcyy* | *xxyy* & *xx*"},
    {"https?://", 0, "*https://* | *http://* & *http*"},
    {"(ab)?", 0, "?"},
    {"(ab)*cd", 0, "*cd*"},
    {"(ab)+cd", 0, "*ab* & *cd*"},
    {"a{3}b", 0, "*aaab*"},
    {"a{2,}b", 0, "*aa* & *b*"},
    {"a{0}b", 0, "*b*"},
    {"\\bnet\\b.user", 0, "*user* & *net*"},
    {"\\Qa.b\\E", 0, "*a.b*"},
    {"(?:(?:(?:abc)))", 0, "*abc*"},
    {"(a|b)mmmmmm", 0, "*ammmmmm* | *bmmmmmm* & *mmmmmm*"},
    {"abc", REGEX_IGNORECASE, "*abc*"},
    {"(?i)ABC", 0, "*abc*"},
    {"(?i:abc)d\xC3\xA9", 0, "*abcd*"},
    {"(?i)powershell", 0, "*power* & *hell*"}, /* PCRE2 takes U+017F for an s */
    {"(?i)break", 0, "*brea*"},                /* and U+212A for a k */
    {"(?i)abc\xC3\xA9", 0, "*abc*"},           /* its tables may be newer */
    {"abc\xC3\xA9", 0, "*abc\xC3\xA9*"},
    {"[Kk]eys", 0, "*keys*"},
    {"(?<=abc)def", 0, "?"}, /* not portable */
    {"(abc)\\1", 0, "?"},
    {"abc(?!d)", 0, "?"},
    {"(?x)a b c", 0, "?"},
    {"abc++", 0, "?"},
    {"(?>abc)", 0, "?"},
    {"(?(?=a)ab|cd)", 0, "?"},
    {"\\p{L}abc", 0, "?"},
    {"[\\W[:alpha:]]abc", 0, "?"}, /* PCRE2 and the tree do not agree */
    {"[^\\x00-\\x{10ffff}]abc", 0, "*abc*"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Bench b;
    bench_begin(&b);
    put_test(&b, PRED_RE, false, str_of(cases[i].pattern), cases[i].flags, 0);
    expect_last(&b, cases[i].pattern, cases[i].want);
  }
}

static Anchors first_of_words(Arena *a, uint32_t n) {
  TestRec t = {.kind = PRED_RE};
  Buf text = {.arena = a};
  for (uint32_t i = 0; i < n; i++) buf_printf(&text, "%sword%u", i ? "|" : "", i + 1000);
  t.text.len = (uint32_t)text.n;
  Program p = {.STRINGS = text.p, .TESTS = &t, .n_TESTS = 1};
  return anchors_of(&p, 0, a);
}

Test(anchor, lists_of_words) {
  Arena a = {0};
  Anchors most = first_of_words(&a, MOST_ANCHORS), more = first_of_words(&a, MOST_ANCHORS + 1);
  cr_expect_eq(most.n, MOST_ANCHORS);
  cr_expect(str_is(most.p[MOST_ANCHORS - 1].text, "word1127"));
  cr_expect(more.n == 1 && more.p[0].kind == ANCHOR_PRESENT);
  arena_free(&a);
}

Test(anchor, spellings_of_a_number_have_one_hash) {
  static const struct {
    const char *a, *b;
    bool same;
  } cases[] = {
    {"1", "1.0", true},         {"1", "10e-1", true}, {"1.5", "15e-1", true},
    {"-1.5", "-0.15E+1", true}, {"0", "-0.0", true},  {"0", "0e5", true},
    {"100", "1e2", true},       {"1", "-1", false},   {"1", "10", false},
    {"1.5", "15", false},       {"0.1", "1", false},  {"12345678901234567890123", "1.2345678901234567890123e22", true},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    cr_expect_eq(anchor_number_hash(str_of(cases[i].a)) == anchor_number_hash(str_of(cases[i].b)), cases[i].same, "%s and %s",
                 cases[i].a, cases[i].b);
}

/* --- by chance ----------------------------------------------------------------------------------------------- */

static void put_words(Gen *g, Buf *out) {
  for (uint32_t n = 1 + gen_below(g, 3); n; n--) buf_str(out, gen_word(g));
}

/* More alternatives than a set has room for, and than a run can carry on. */
static void put_many(Gen *g, Buf *out) {
  uint32_t n = 2 + gen_below(g, 18);
  buf_str(out, STR("(?:"));
  for (uint32_t i = 0; i < n; i++) buf_printf(out, "%s%c%s", i ? "|" : "", (char)('a' + i), gen_chance(g, 5) ? "." : "qxz");
  buf_str(out, STR(")"));
}

/* Words between what is random, so that there is something to find. */
static void put_pattern(Gen *g, Buf *out) {
  static const char *const words[] = {"cmd",
                                      "Power",
                                      "shell",
                                      "k",
                                      "S",
                                      "-enc",
                                      "\\.exe",
                                      "C:\\\\Windows\\\\Sys",
                                      "(?:a|bc)",
                                      "[Ss]",
                                      "\xC3\x89",
                                      "\xE2\x84\xAA",
                                      "(?:^cmd|cmdx)",
                                      "(?:cmd$|xcmd)",
                                      "(?:^|\\s)",
                                      "[ab][cd][ef]",
                                      "(?:[ab][cd]x[ef][gh][ij]|y)",
                                      "(?:[abc][def][gh]|y)",
                                      "\\d{2}"};
  if (gen_chance(g, 20)) buf_char(out, '^');
  for (uint32_t n = gen_below(g, 5); n; n--) {
    if (gen_chance(g, 65)) buf_str(out, str_of(GEN_PICK(g, words)));
    else if (gen_chance(g, 20)) put_many(g, out);
    else {
      buf_str(out, STR("(?:"));
      regex_gen_pattern(g, out);
      buf_str(out, STR(")"));
      buf_str(out, gen_chance(g, 30) ? STR("?") : gen_chance(g, 20) ? STR("{2}") : STR(""));
    }
  }
  if (gen_chance(g, 20)) buf_char(out, '$');
}

static void add_random_test(Gen *g, Bench *b) {
  static const PredKind texts[] = {PRED_EQ, PRED_PREFIX, PRED_SUFFIX, PRED_CONTAINS};
  static const char *const numbers[] = {"0", "1", "42", "-7", "1.5", "1000000", "12345678901234567890123", "0.001", "1e+22"};
  Buf text = {0};
  bool cased = gen_chance(g, 30);
  uint32_t kind = gen_below(g, 10);
  if (kind < 4) {
    put_words(g, &text);
    Str s = cased ? buf_view(&text) : fold_text(&b->arena, buf_view(&text));
    put_test(b, texts[kind], cased, s, 0, 0);
  } else if (kind < 6) {
    static const char *const wild[] = {"*", "*", "?", "-"};
    for (uint32_t n = gen_below(g, 5); n; n--) {
      buf_str(&text, gen_word(g));
      if (gen_chance(g, 70)) buf_str(&text, str_of(GEN_PICK(g, wild)));
    }
    put_glob(b, cased ? buf_view(&text) : fold_text(&b->arena, buf_view(&text)), cased);
  } else if (kind == 6) put_test(b, PRED_NUMBER, false, str_of(GEN_PICK(g, numbers)), 0, 0);
  else if (kind == 7) put_test(b, gen_chance(g, 50) ? PRED_BOOL : PRED_EXISTS, false, STR(""), gen_below(g, 2), 0);
  else {
    RegexError error;
    Regex *re;
    unsigned flags = gen_chance(g, 40) ? gen_below(g, REGEX_FLAGS + 1) : 0;
    do {
      text.n = 0;
      put_pattern(g, &text);
      re = regex_compile(buf_view(&text), flags, &b->arena, &error);
    } while (!re);
    put_test(b, PRED_RE, false, buf_view(&text), flags, 0);
  }
  buf_free(&text);
}

Test(anchor, whatever_satisfies_a_test_fits, .timeout = 240) {
  enum { PROGRAMS = 80, TESTS = 80, VALUES = 40 };
  AnchorStats by_kind[PRED_COUNT] = {0};
  Gen g = gen_seeded(20261130);
  for (int i = 0; i < PROGRAMS; i++) {
    Bench b;
    bench_begin(&b);
    for (int k = 0; k < TESTS; k++) add_random_test(&g, &b);
    bench_open(&b);
    for (uint32_t k = 0; k < TESTS; k++) {
      cr_assert(anchor_check_form(b.program, k, &b.arena));
      cr_assert(anchor_check_values(&g, &b.vm, k, VALUES, &by_kind[b.program->TESTS[k].kind]));
    }
    bench_free(&b);
  }
  static const PredKind often[] = {PRED_EQ, PRED_PREFIX, PRED_SUFFIX, PRED_CONTAINS, PRED_GLOB, PRED_NUMBER, PRED_BOOL, PRED_RE};
  for (size_t i = 0; i < COUNT(often); i++) {
    const AnchorStats *s = &by_kind[often[i]];
    cr_expect(s->held * 10 > s->values && s->rejected * 50 > s->values, "%s: %llu of %llu hold, %llu fit no anchor",
              pred_info[often[i]].name, (unsigned long long)s->held, (unsigned long long)s->values,
              (unsigned long long)s->rejected);
  }
}

/* --- bounds -------------------------------------------------------------------------------------------------- */

static Str repeated(Arena *a, const char *text, size_t bytes, const char *end) {
  Buf out = {.arena = a};
  while (out.n + strlen(text) + strlen(end) <= bytes) buf_str(&out, str_of(text));
  buf_str(&out, str_of(end));
  return buf_view(&out);
}

Test(anchor, work_is_bounded, .timeout = 120) {
  static const char *const pieces[] = {
    "a",
    "[ab]{4}a{120}.",
    "a{16}",
    "(a|b|c|d)",
    "abcd|",
    "(abcd|bcde|cdef|defg|efgh|fghi|ghij|hijk|ijkl|jklm|klmn|lmno|mnop|nopq|opqr|pqrs|qrst|rstu).",
    "(abc|)",
    "[0-9]",
    "(?:[ab]{4}|c{90})x",
    "a?",
    "(a{1000}){1,1000}",
    "(a?b?){3}",
    "[a-j]",
    "[a-d][e-h]xyzuvw",
    "\xE2\x82\xAC"};
  for (size_t i = 0; i < COUNT(pieces); i++) {
    Arena a = {0};
    TestRec t = {.kind = PRED_RE};
    Str pattern = repeated(&a, pieces[i], LIMIT_REGEX_BYTES, "z");
    t.text.len = (uint32_t)pattern.n;
    Program p = {.STRINGS = pattern.p, .TESTS = &t, .n_TESTS = 1};
    clock_t from = clock();
    AnchorSets sets = anchors_all(&p, 0, &a);
    double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
    cr_expect(sets.n >= 1 && seconds < 10, "%s: %.2f s", pieces[i], seconds);
    arena_free(&a);
  }
}

Test(anchor, nested_deeply) {
  static const struct {
    const char *open, *close;
  } cases[] = {{"(", ")"}, {"(", "){2}"}, {"(", "|x)"}, {"(x|", ")?"}, {"(", "|xyz.)+"}, {"(", "|x)+"}, {"([ab]", ")"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    TestRec t = {.kind = PRED_RE};
    Buf text = {.arena = &a};
    for (int k = 0; k < 249; k++) buf_str(&text, str_of(cases[i].open));
    buf_str(&text, STR("abc"));
    for (int k = 0; k < 249; k++) buf_str(&text, str_of(cases[i].close));
    t.text.len = (uint32_t)text.n;
    Program p = {.STRINGS = text.p, .TESTS = &t, .n_TESTS = 1};
    cr_expect(anchor_check_form(&p, 0, &a));
    arena_free(&a);
  }
}
