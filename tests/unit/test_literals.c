/* SPDX-License-Identifier: MIT
 * Many literals in one text, against looking for each of them at each place. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/buf.h"
#include "runtime/index/literals_internal.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST = 12000 };

typedef struct {
  uint32_t hits[MOST];
  uint32_t calls;
} Found;

static void note(void *ctx, uint32_t id) {
  Found *f = ctx;
  cr_assert_lt(id, MOST);
  f->hits[id]++;
  f->calls++;
}

static bool occurs(Str text, Str literal, LiteralsCase letters) {
  for (size_t i = 0; i + literal.n <= text.n; i++) {
    Str part = str_sub(text, i, i + literal.n);
    if (letters == LITERALS_ASCII ? str_eq_nocase(part, literal) : str_eq(part, literal)) return true;
  }
  return false;
}

/* The text in memory of its own size, so that a sanitizer sees what is read behind it. */
static void find(const Literals *l, Str text, Found *f) {
  char *p = malloc(text.n ? text.n : 1);
  if (text.n) memcpy(p, text.p, text.n);
  memset(f, 0, sizeof *f);
  literals_find(l, (Str){p, text.n}, note, f);
  free(p);
}

static void expect_same(const Literal *list, uint32_t n, const Literals *l, LiteralsCase letters, Str text, const char *what) {
  static Found f;
  static bool want[MOST];
  find(l, text, &f);
  memset(want, 0, sizeof want);
  for (uint32_t i = 0; i < n; i++)
    if (!want[list[i].id] && occurs(text, list[i].text, letters)) want[list[i].id] = true;
  for (uint32_t i = 0; i < n; i++)
    cr_assert_eq(want[list[i].id], f.hits[list[i].id] > 0, "%s: %s '" STR_FMT "' (at %u of %u, letters %d) in '" STR_FMT "'", what,
                 want[list[i].id] ? "lost" : "invented", STR_ARG(list[i].text), list[i].at, n, letters, STR_ARG(text));
}

/* As every processor would find them. */
static void expect_all(const Literal *list, uint32_t n, const Literals *l, LiteralsCase letters, Str text) {
  static const char *const what[] = {"portable", "AVX2", "AVX2 with gathers"};
  for (int most = SIMD_NONE; most <= (int)simd_here(); most++) {
    Literals limited = *l;
    literals_limit(&limited, (Simd)most);
    expect_same(list, n, &limited, letters, text, what[most]);
  }
}

static void expect(const Literal *list, uint32_t n, LiteralsCase letters, Str text) {
  Arena a = {0};
  expect_all(list, n, literals_new(list, n, letters, &a), letters, text);
  arena_free(&a);
}

/* --- by hand ------------------------------------------------------------------------------------------------ */

Test(literals, by_hand) {
  static const struct {
    const char *name, *literals[6];
    LiteralsCase letters;
    const char *text, *found; /* ids */
  } cases[] = {
    {"none", {NULL}, LITERALS_FOLDED, "text", ""},
    {"empty text", {"a", "ab", "abc", "abcd"}, LITERALS_FOLDED, "", ""},
    {"whole text", {"a", "ab", "abc", "abcd"}, LITERALS_FOLDED, "abcd", "0123"},
    {"text shorter than literals", {"ab", "abc", "abcd", "abcde"}, LITERALS_FOLDED, "abc", "01"},
    {"one byte", {"x", "y"}, LITERALS_FOLDED, "y", "1"},
    {"at the end", {"exe", "c.exe", "calc.exe"}, LITERALS_FOLDED, "c:\\calc.exe", "012"},
    {"overlapping", {"abab", "baba", "aba"}, LITERALS_FOLDED, "ababa", "012"},
    {"the gram alone is not enough", {"whoami /all", "net whoami"}, LITERALS_FOLDED, "whoami /al", ""},
    {"case counts", {"abcd", "ab", "a"}, LITERALS_FOLDED, "ABCD", ""},
    {"case does not count", {"abcd", "abc", "ab", "a"}, LITERALS_ASCII, "xAbCd", "0123"},
    {"only letters have case", {"@[\\]", "`{|}", "{|}", "`{", "`", "["}, LITERALS_ASCII, "@[\\]", "05"},
    {"blank is no NUL", {"a  b", "  a", " ", "b "}, LITERALS_ASCII, "A", ""},
    {"one literal twice", {"abcd", "abcd"}, LITERALS_FOLDED, "abcd", "01"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Literal list[6];
    uint32_t n = 0;
    for (; n < COUNT(list) && cases[i].literals[n]; n++) list[n] = (Literal){str_of(cases[i].literals[n]), n, n, 0};
    static Found f;
    find(literals_new(list, n, cases[i].letters, &a), str_of(cases[i].text), &f);
    for (uint32_t k = 0; k < n; k++)
      cr_expect_eq(f.hits[k] > 0, strchr(cases[i].found, (char)('0' + k)) != NULL, "%s: %s", cases[i].name, cases[i].literals[k]);
    arena_free(&a);
  }
}

Test(literals, one_id_for_several) {
  Literal list[] = {{STR("whoami"), 0, 7, 0}, {STR("ipconfig"), 2, 7, 3}, {STR("net"), 0, 3, 1}};
  expect(list, COUNT(list), LITERALS_FOLDED, STR("ipconfig"));
  expect(list, COUNT(list), LITERALS_FOLDED, STR("whoami & net"));
}

/* --- at random ---------------------------------------------------------------------------------------------- */

static uint64_t state;

static uint32_t draw(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)((state >> 20) % below);
}

/* Few letters, so that much is found; both cases; bytes that differ from others by the bit of letter case; any byte. */
static const Str alphabets[] = {
  STR_INIT("a"), STR_INIT("ab"), STR_INIT("abA"), STR_INIT("k\0K\x80\xFF "), STR_INIT("@`[{aA\x01!"), STR_INIT("\xC3\x84\xA4\xE3"),
  {NULL, 0}};

static Str random_text(Arena *a, Str alphabet, size_t n) {
  char *p = arena_array(a, char, n + 1);
  for (size_t i = 0; i < n; i++) p[i] = alphabet.n ? alphabet.p[draw((uint32_t)alphabet.n)] : (char)draw(256);
  return (Str){p, n};
}

static Str random_literal(Arena *a, Str alphabet, uint32_t longest, LiteralsCase letters) {
  Str s = random_text(a, alphabet, 1 + draw(longest));
  char *p = arena_array(a, char, s.n);
  for (size_t i = 0; i < s.n; i++) p[i] = letters == LITERALS_ASCII ? ascii_lower((char)(s.p[i] & 0x7F)) : s.p[i];
  return (Str){p, s.n};
}

Test(literals, random) {
  static const uint32_t counts[] = {1, 2, 5, 20, 60, 130, 300, 500, 2000};
  state = 20240917;
  for (int round = 0; round < 3000; round++) {
    Arena a = {0};
    Str alphabet = alphabets[draw(COUNT(alphabets))];
    LiteralsCase letters = draw(2) ? LITERALS_ASCII : LITERALS_FOLDED;
    uint32_t n = counts[draw(round % 50 ? 6 : COUNT(counts))], longest = 1 + draw(draw(2) ? 5 : 40), ids = 1 + draw(n);
    Literal *list = arena_array(&a, Literal, n);
    for (uint32_t i = 0; i < n; i++) {
      list[i].text = random_literal(&a, alphabet, longest, letters);
      list[i].at = draw((uint32_t)list[i].text.n + 2);
      list[i].id = draw(2) ? i % ids : i;
      list[i].others = draw(2) ? 0 : ~0ull >> draw(64);
    }
    Literals *l = literals_new(list, n, letters, &a);
    for (int k = 0; k < 8; k++) {
      Str text = random_text(&a, alphabet, draw(draw(8) ? 70 : 500));
      expect_all(list, n, l, letters, text);
    }
    arena_free(&a);
  }
}

/* A literal at each place of texts of each length: blocks of 32 bytes, and what is left of them. */
Test(literals, places) {
  static const char *const literals[] = {"q", "qz", "qzk", "qzkx", "qzkxw", "qzkxwqzkxwqzkxwqzkxwqzkxwqzkxwqzkxwqzkxw"};
  for (size_t k = 0; k < COUNT(literals); k++)
    for (size_t n = 1; n < 140; n++)
      for (size_t i = 0; i + strlen(literals[k]) <= n; i += n > 70 ? 7 : 1) {
        char text[140];
        memset(text, 'a', n);
        memcpy(text + i, literals[k], strlen(literals[k]));
        Literal list[] = {{str_of(literals[k]), (uint32_t)(n % strlen(literals[k])), 0, n % 3 ? 0 : ~0ull},
                          {STR("none"), 0, 1, 0},
                          {STR("zq"), 0, 2, 0}};
        expect(list, COUNT(list), n % 2 ? LITERALS_ASCII : LITERALS_FOLDED, (Str){text, n});
      }
}

/* Many grams, and many literals of one gram. */
Test(literals, many) {
  Arena a = {0};
  Literal *list = arena_array(&a, Literal, MOST);
  state = 5;
  for (uint32_t i = 0; i < MOST; i++)
    list[i] =
      (Literal){i % 3 ? random_literal(&a, (Str){NULL, 0}, 12, LITERALS_FOLDED) : arena_printf(&a, "%uword%u", i % 10, i), 1, i, 0};
  Literals *l = literals_new(list, MOST, LITERALS_FOLDED, &a);
  for (int k = 0; k < 20; k++) {
    Str text = random_text(&a, (Str){NULL, 0}, 300), other = list[draw(MOST)].text;
    memcpy((char *)text.p + draw(200), other.p, other.n);
    expect_all(list, MOST, l, LITERALS_FOLDED, text);
  }
  arena_free(&a);
}

/* A text that is nothing but hits reports each literal a few times, not at each place. */
Test(literals, nothing_but_hits) {
  Arena a = {0};
  Literal list[] = {
    {STR("aaaa"), 0, 0, 0}, {STR("aaaaaaaa"), 3, 1, 0}, {STR("aa"), 0, 2, 0}, {STR("a"), 0, 3, 0}, {STR("aaa"), 0, 4, 0}};
  Str text = random_text(&a, STR("a"), 1 << 20);
  static Found f;
  find(literals_new(list, COUNT(list), LITERALS_FOLDED, &a), text, &f);
  for (uint32_t i = 0; i < COUNT(list); i++) cr_expect(f.hits[i] > 0 && f.hits[i] < 100, "%u: %u", i, f.hits[i]);
  arena_free(&a);
}

/* Many literals of one gram, which are sorted by what follows it, or by what precedes. */
Test(literals, one_gram) {
  state = 77;
  for (int round = 0; round < 400; round++) {
    Arena a = {0};
    LiteralsCase letters = round % 2 ? LITERALS_ASCII : LITERALS_FOLDED;
    Str alphabet = alphabets[round % 5];
    uint32_t n = 9 + draw(80), before = draw(6), after = draw(6);
    Literal *list = arena_array(&a, Literal, n);
    for (uint32_t i = 0; i < n; i++) {
      Str head = random_literal(&a, alphabet, before + 1, letters), tail = random_literal(&a, alphabet, after + 1, letters);
      head.n -= 1;
      char *p = arena_array(&a, char, head.n + 4 + tail.n);
      if (head.n) memcpy(p, head.p, head.n);
      memcpy(p + head.n, "kram", 4);
      memcpy(p + head.n + 4, tail.p, tail.n - 1);
      list[i] = (Literal){{p, head.n + 4 + tail.n - 1}, (uint32_t)head.n, i, 0};
    }
    Literals *l = literals_new(list, n, letters, &a);
    for (int k = 0; k < 20; k++) {
      Str text = random_text(&a, alphabet, 4 + draw(60));
      for (uint32_t hits = draw(4); hits; hits--) memcpy((char *)text.p + draw((uint32_t)text.n - 3), draw(2) ? "kram" : "kRAm", 4);
      expect_all(list, n, l, letters, text);
    }
    arena_free(&a);
  }
}

/* The same, so that the work of one place that has the gram would show. */
Test(literals, full_of_one_gram) {
  enum { N = 4000 };
  Arena a = {0};
  Literal *list = arena_array(&a, Literal, 2 * N);
  for (uint32_t i = 0; i < N; i++) {
    list[i] = (Literal){arena_printf(&a, "kram%u", i), 0, i, 0};
    list[N + i] = (Literal){arena_printf(&a, "%u.exe", i), 9, N + i, 0};
  }
  Buf b = {.arena = &a};
  for (int i = 0; i < 200000; i++) buf_str(&b, i % 2 ? STR("kram-") : STR("-.exe"));
  buf_str(&b, STR("kram39991.exe"));
  static Found f;
  find(literals_new(list, 2 * N, LITERALS_FOLDED, &a), buf_view(&b), &f);
  for (uint32_t i = 0; i < 2 * N; i++) {
    bool want = i == 3 || i == 39 || i == 399 || i == 3999 || i == N + 1 || i == N + 91 || i == N + 991;
    cr_expect_eq(f.hits[i] > 0, want, "" STR_FMT, STR_ARG(list[i].text));
  }
  arena_free(&a);
}

/* The same text again and again, as many regular expressions have it in common. */
Test(literals, all_the_same, .timeout = 30) {
  enum { N = 200000 };
  Arena a = {0};
  Literal *list = arena_array(&a, Literal, N);
  for (uint32_t i = 0; i < N; i++) list[i] = (Literal){STR("kram-kram"), i % 5, i % 4};
  Found f;
  find(literals_new(list, N, LITERALS_FOLDED, &a), STR("a kram-kram b"), &f);
  for (uint32_t i = 0; i < 4; i++) cr_expect(f.hits[i] > 0);
  arena_free(&a);
}
