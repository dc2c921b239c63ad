/* SPDX-License-Identifier: MIT
 * UTF-8 and case folding, over all code points where that can be. */
#include <criterion/criterion.h>

#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_scalar(uint32_t cp) { return cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF); }

Test(utf8, every_code_point_and_back) {
  for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
    if (!is_scalar(cp)) continue;
    char bytes[4];
    uint32_t back = 0;
    size_t n = utf8_encode(cp, bytes);
    Str s = {bytes, n};
    if (n != (cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4)) cr_assert_fail("length of U+%04X", cp);
    if (utf8_decode(s, 0, &back) != n || back != cp) cr_assert_fail("U+%04X comes back as U+%04X", cp, back);
    if (utf8_len(bytes[0]) != n || utf8_count(s) != 1 || !utf8_valid(s)) cr_assert_fail("U+%04X", cp);
    if (n > 1 && utf8_decode((Str){bytes, n - 1}, 0, &back)) cr_assert_fail("U+%04X cut off", cp);
  }
}

/* What RFC 3629 says in its grammar, as a table of the second byte. */
static size_t length_by_grammar(const unsigned char *b, size_t n) {
  size_t len = b[0] < 0x80 ? 1 : b[0] < 0xC2 ? 0 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : b[0] < 0xF5 ? 4 : 0;
  if (len > n) return 0;
  unsigned low = b[0] == 0xE0 ? 0xA0 : b[0] == 0xF0 ? 0x90 : 0x80;
  unsigned high = b[0] == 0xED ? 0x9F : b[0] == 0xF4 ? 0x8F : 0xBF;
  if (len > 1 && (b[1] < low || b[1] > high)) return 0;
  for (size_t i = 2; i < len; i++)
    if (b[i] < 0x80 || b[i] > 0xBF) return 0;
  return len;
}

Test(utf8, every_start_of_three_bytes) {
  static const unsigned char fourth[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
  for (uint32_t three = 0; three < 1u << 24; three += 1 + (three & 0xFF) % 3) {
    unsigned char b[4] = {(unsigned char)(three >> 16), (unsigned char)(three >> 8), (unsigned char)three,
                          fourth[three % COUNT(fourth)]};
    uint32_t cp;
    for (size_t n = 1; n <= 4; n++)
      if (utf8_decode((Str){(const char *)b, n}, 0, &cp) != length_by_grammar(b, n))
        cr_assert_fail("%02X %02X %02X %02X, %zu bytes", b[0], b[1], b[2], b[3], n);
  }
}

Test(utf8, place_of_the_first_malformed_byte) {
  static const struct {
    const char *name;
    Str text;
    size_t at, count;
  } cases[] = {
    {"nothing", STR_INIT(""), 0, 0},
    {"ASCII", STR_INIT("abcdefghijk"), 11, 11},
    {"two, three, four bytes", STR_INIT("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA9"), 9, 3},
    {"NUL", STR_INIT("a\0b"), 3, 3},
    {"in the first eight", STR_INIT("abc\xFFxyzabcdefgh"), 3, 15},
    {"behind the first eight", STR_INIT("abcdefgh\xFFxyz"), 8, 12},
    {"at the last of eight", STR_INIT("abcdefg\x80"), 7, 8},
    {"overlong NUL", STR_INIT("a\xC0\x80"), 1, 3},
    {"overlong, three bytes", STR_INIT("\xE0\x9F\xBF"), 0, 3},
    {"overlong, four bytes", STR_INIT("\xF0\x8F\xBF\xBF"), 0, 4},
    {"surrogate", STR_INIT("\xED\xA0\x80"), 0, 3},
    {"above U+10FFFF", STR_INIT("\xF4\x90\x80\x80"), 0, 4},
    {"lead byte at the end", STR_INIT("abcdefgh\xE2\x82"), 8, 10},
    {"byte order mark", STR_INIT("\xEF\xBB\xBF"), 3, 1},
    {"noncharacters are characters", STR_INIT("\xEF\xBF\xBF\xF4\x8F\xBF\xBF"), 7, 2},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    cr_expect_eq(utf8_check(cases[i].text), cases[i].at, "place in: %s", cases[i].name);
    cr_expect_eq(utf8_count(cases[i].text), cases[i].count, "count of: %s", cases[i].name);
    cr_expect_eq(utf8_valid(cases[i].text), cases[i].at == cases[i].text.n, "%s", cases[i].name);
  }
}

Test(fold, texts) {
  static const struct {
    const char *name, *text, *folded;
  } cases[] = {
    {"nothing", "", ""},
    {"lower case", "abc-09", "abc-09"},
    {"upper case", "ABC", "abc"},
    {"no letters next to letters", "@[`{", "@[`{"},
    {"accents", "\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
    {"sharp s stays",
     "stra\xC3\x9F"
     "e",
     "stra\xC3\x9F"
     "e"},
    {"capital sharp s", "\xE1\xBA\x9E", "\xC3\x9F"},
    {"sigma, final too", "\xCE\xA3\xCF\x83\xCF\x82", "\xCF\x83\xCF\x83\xCF\x83"},
    {"Kelvin sign is no k", "\xE2\x84\xAA", "\xE2\x84\xAA"},
    {"long s is no s", "\xC5\xBF", "\xC5\xBF"},
    {"dotted I", "\xC4\xB0", "\xC4\xB0"},
    {"dotless i", "\xC4\xB1", "\xC4\xB1"},
    {"Angstrom sign", "\xE2\x84\xAB", "\xC3\xA5"},
    {"grows from two bytes to three", "\xC8\xBA\xC8\xBA\xC8\xBA", "\xE2\xB1\xA5\xE2\xB1\xA5\xE2\xB1\xA5"},
    {"Deseret", "\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},
    {"malformed bytes stay", "A\xFF\xC3Z", "a\xFF\xC3z"},
    {"folds behind what does not", "abc\xE2\x82\xACX", "abc\xE2\x82\xACx"},
  };
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str got = fold_text(&a, str_of(cases[i].text));
    cr_expect(str_is(got, cases[i].folded), "%s: " STR_FMT, cases[i].name, STR_ARG(got));
    cr_expect(str_eq(fold_text(&a, got), got), "%s: twice", cases[i].name);
  }
  arena_free(&a);
}

Test(fold, no_copy_of_lower_case) {
  Arena a = {0};
  Str s = STR("already folded");
  cr_expect_eq(fold_text(&a, s).p, s.p);
  arena_free(&a);
}

Test(fold, every_code_point) {
  for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
    uint32_t folded = fold_code_point(cp);
    if (fold_code_point(folded) != folded) cr_assert_fail("U+%04X folds twice", cp);
    if ((cp < 0x80) != (folded < 0x80)) cr_assert_fail("U+%04X folds into or out of ASCII", cp);
    if (is_scalar(cp) != is_scalar(folded)) cr_assert_fail("U+%04X folds to no character", cp);
    char from[4], to[4];
    /* fold_text allocates for this growth at most. */
    if (is_scalar(cp) && utf8_encode(folded, to) * 2 > utf8_encode(cp, from) * 3) cr_assert_fail("U+%04X grows", cp);
  }
}

Test(fold, classes_hold_what_folds_alike) {
  for (uint32_t cp = 0; cp < 0x1F000; cp++) {
    uint32_t folded = fold_code_point(cp), class[4];
    unsigned n = fold_class(cp, class), self = 0;
    if (n < 1 || n > 4) cr_assert_fail("U+%04X has %u", cp, n);
    for (unsigned i = 0; i < n; i++) {
      self += class[i] == cp;
      if (fold_code_point(class[i]) != folded) cr_assert_fail("U+%04X is no case of U+%04X", class[i], cp);
      for (unsigned k = 0; k < i; k++)
        if (class[k] == class[i]) cr_assert_fail("U+%04X twice", class[i]);
    }
    if (self != 1) cr_assert_fail("U+%04X is not in its own class", cp);
  }
}

/* K (U+212A), long s and dotless i are letters, but nothing folds to the same. */
Test(utf8, letter_case_matters) {
  static const char *const yes[] = {"a", "-Z", "5\xC3\xA4", "\xCF\x82", "\xFF", "1\xE2\x82"};
  static const char *const no[] = {"", "5-/\\", "\xE2\x84\xAA\xC5\xBF\xC4\xB1", "\xE4\xB8\xAD\xE2\x80\x93"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) cr_expect(fold_matters(str_of(yes[i])), "%s", yes[i]);
  for (size_t i = 0; i < sizeof no / sizeof *no; i++) cr_expect_not(fold_matters(str_of(no[i])), "%s", no[i]);
}

/* No class is larger than fold_class can write: counted here over the whole table. */
Test(fold, classes_are_complete) {
  enum { TOP = 0x1F000 };
  static unsigned char size[TOP];
  for (uint32_t cp = 0; cp < TOP; cp++) size[fold_code_point(cp)]++;
  for (uint32_t cp = 0; cp < TOP; cp++) {
    uint32_t class[4];
    if (fold_class(cp, class) != size[fold_code_point(cp)]) cr_assert_fail("class of U+%04X", cp);
  }
}
