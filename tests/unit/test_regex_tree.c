/* SPDX-License-Identifier: MIT
 * Portable regular expressions: what the tree prints as, what it refuses, and that the printed pattern
 * matches what the original matches under its flags. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/regex_print.h"
#include "runtime/regex.h"

enum { I = REGEX_IGNORECASE, M = REGEX_MULTILINE, S = REGEX_DOTALL };

Test(regex_tree, prints) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *printed;
  } cases[] = {
    {"", 0, ""},
    {"a|", 0, "a|"},
    {"(|a)", 0, "|a"},
    {"(|a)b", 0, "(?:|a)b"},
    {"ab*c+?d??", 0, "ab*c+?d??"},
    {"(ab)*(?:c)+(a|b)?", 0, "(?:ab)*c+(?:a|b)?"},
    {"a{3}b{3,}c{0,1}d{2,4}?e{0}", 0, "a{3}b{3,}c?d{2,4}?e{0}"},
    {"a{}{,}{x}{1,2", 0, "a\\{\\}\\{,\\}\\{x\\}\\{1,2"},
    {"(a*)*", 0, "(?:a*)*"},
    {"()*(^)+", 0, "(?:)*(?:^)+"},
    {"((a|b)|c)", 0, "a|b|c"},
    {".a.", 0, ".a."},
    {".*a.", S, "(?s:.*)a(?s:.)"},
    {"[\\s\\S]+?", 0, "(?s:.+?)"},
    {"^a$", 0, "^a$"},
    {"^a$", M, "(?m:^)a(?m:$)"},
    {"\\Aa\\z\\Z", M, "^a$\\Z"},
    {"\\bx\\B", 0, "\\bx\\B"},
    {"\\d\\D\\w\\W\\s\\S\\N", 0, "\\d\\D\\w\\W\\s\\S."},
    {"[0-9][^0-9][\\w][^\\s]", 0, "\\d\\D\\w\\S"},
    {"[abc][a-c][cba][a-bc]", 0, "[a-c][a-c][a-c][a-c]"},
    {"[a][ab][^a]", 0, "a[ab][^a]"},
    {"[]a][^]a]", 0, "[\\]a][^\\]a]"},
    {"[a-][-a][\\d-][a\\-z]", 0, "[\\-a][\\-a][\\-0-9][\\-az]"},
    {"[--/][+--]", 0, "[\\--/][+-\\-]"},
    {"[[.][[:]", 0, "[.\\[][:\\[]"},
    {"[[:digit:]][[:^alpha:]][[:xdigit:]x]", 0, "\\d[^A-Za-z][0-9A-Fa-fx]"},
    {"[[:lower:]][[:^upper:]]", I, "[A-Za-z][^A-Za-z]"},
    {"[^\\s\\S]", 0, "[^\\x{0}-\\x{10ffff}]"},
    {"[\\b\\x41\\x{e9}]", 0, "[\\x08A\xC3\xA9]"},
    {"\\a\\e\\f\\n\\r\\t\\0\\012\\x\\x4a\\x{20ac}\\o{101}\\cA", 0,
     "\\x07\\x1b\\x0c\\n\\x0d\\t\\x00\\n\\x00J\xE2\x82\xAC"
     "A\\x01"},
    {"\\.\\-\\_\\/\\\"\\@\\ ", 0, "\\.-_/\"@ "},
    {"\\Qa.b\\E.\\Q*\\E+", 0, "a\\.b.\\*+"},
    {"a\\Q\\E+\\E", 0, "a+"},
    {"(?<name>a)(?P<n2>b)(?'n3'c)", 0, "abc"},
    {"aB1", I, "[Aa][Bb]1"},
    {"\xC3\xA9\xCF\x83", I, "[\xC3\x89\xC3\xA9][\xCE\xA3\xCF\x82\xCF\x83]"},
    {"k\xE2\x84\xAAs\xC5\xBF", I, "[Kk]\xE2\x84\xAA[Ss]\xC5\xBF"},
    {"[b-d][^x][\\x{e0}-\\x{e2}]", I, "[B-Db-d][^Xx][\xC3\x80-\xC3\x82\xC3\xA0-\xC3\xA2]"},
    {"(?i)a(?-i)b", 0, "[Aa]b"},
    {"a(?i)b|c", 0, "a[Bb]|[Cc]"},
    {"(a(?i)b|c)d", 0, "(?:a[Bb]|[Cc])d"},
    {"(?i:a)b(?s-i:.)", I, "[Aa][Bb](?s:.)"},
    {"(?ms)^.(?-s).$", 0, "(?m:^)(?s:.).(?m:$)"},
    {"(?)a(?-)b(?i-)c", 0, "ab[Cc]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree tree;
    bool ok = regex_parse(&tree, str_of(cases[i].pattern), cases[i].flags, &a);
    cr_assert(ok, "%s: %s", cases[i].pattern, tree.construct);
    Str printed = regex_print_pcre(&a, tree.root);
    cr_expect(str_is(printed, cases[i].printed), "%s: " STR_FMT, cases[i].pattern, STR_ARG(printed));
    RegexTree again;
    cr_expect(regex_parse(&again, printed, 0, &a) && str_eq(regex_print_pcre(&a, again.root), printed),
              "%s: the printed pattern prints as something else", cases[i].pattern);
    arena_free(&a);
  }
}

Test(regex_tree, refusals) {
  static const char odd[] = "something that is not understood";
  static const struct {
    const char *pattern;
    size_t offset;
    const char *construct;
  } cases[] = {
    {"a(?=b)", 1, "a look-ahead"},
    {"a(?!b)", 1, "a look-ahead"},
    {"(?<=a)b", 0, "a look-behind"},
    {"(?<!a)b", 0, "a look-behind"},
    {"(a)\\1", 3, "a back-reference or an octal number"},
    {"(?<n>a)\\k<n>", 7, "a back-reference"},
    {"(a)\\g1", 3, "a back-reference or recursion"},
    {"(?<n>a)(?P=n)", 7, "a back-reference"},
    {"ab++", 2, "a possessive quantifier"},
    {"a{2}+", 1, "a possessive quantifier"},
    {"(?>a)", 0, "an atomic group"},
    {"a(?R)?", 1, "recursion"},
    {"(a)(?1)", 3, "recursion"},
    {"(a)(?-1)", 3, "recursion"},
    {"(?P>n)(?<n>a)", 0, "recursion"},
    {"(*UTF)a", 0, "a verb"},
    {"a(*SKIP)b", 1, "a verb"},
    {"(a)?(?(1)b|c)", 4, "a conditional group"},
    {"(?|(a)|(b))", 0, "a branch reset group"},
    {"a(?#b)", 1, "a comment"},
    {"a(?C)", 1, "a callout"},
    {"(?x)a b", 0, "an option other than i, m and s"},
    {"a(?U:b+)", 1, "an option other than i, m and s"},
    {"a\\Kb", 1, "`\\K`"},
    {"\\Ga", 0, "`\\G`"},
    {"\\R", 0, "`\\R`"},
    {"\\X", 0, "`\\X`"},
    {"\\C", 0, "`\\C`"},
    {"\\p{Lu}", 0, "a Unicode property"},
    {"[a\\P{Lu}]", 2, "a Unicode property"},
    {"[\\1]", 1, "a back-reference or an octal number"},
    {"a{,3}", 1, "braces that versions of PCRE2 read differently"},
    {"a{ 1, 3}", 1, "braces that versions of PCRE2 read differently"},
    {"(a", 0, odd},
    {"a)", 1, odd},
    {"[a", 0, odd},
    {"a**", 2, odd},
    {"a|*", 2, odd},
    {"a{3,2}", 1, odd},
    {"a{65536}", 1, odd},
    {"[b-a]", 1, odd},
    {"[\\d-z]", 1, odd},
    {"[a-\\d]", 1, odd},
    {"[:alpha:]", 0, odd},
    {"x[[:foo:]]", 2, odd},
    {"\\x{110000}", 0, odd},
    {"\\x{d800}", 0, odd},
    {"a\\", 1, odd},
    {"\\u0041", 0, odd},
    {"a\xFF", 1, odd},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree tree;
    cr_assert(!regex_parse(&tree, str_of(cases[i].pattern), 0, &a), "%s", cases[i].pattern);
    cr_expect(tree.offset == cases[i].offset, "%s: at %zu", cases[i].pattern, tree.offset);
    cr_expect(str_is(str_of(tree.construct), cases[i].construct), "%s: %s", cases[i].pattern, tree.construct);
    arena_free(&a);
  }
}

static Regex *compiled(Str pattern, unsigned flags, Arena *a) {
  RegexError error;
  Regex *re = regex_compile(pattern, flags, a, &error);
  cr_assert(re, STR_FMT ": %s", STR_ARG(pattern), error.message);
  return re;
}

Test(regex_tree, verdicts) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *yes[6], *no[6]; /* with the same verdicts of PCRE2 on the original */
  } cases[] = {
    {"^ab$", 0, {"ab"}, {"ab\n", "\nab", "aab", "AB"}},
    {"^ab$", I, {"aB", "AB"}, {"a", "ab\n"}},
    {"^ab$", M, {"ab\n", "x\nab", "x\nab\ny"}, {"xab", "abx"}},
    {"^$", M, {"", "\n", "a\n", "a\n\nb"}, {"a", "a\nb"}},
    {"^\\z", M, {"", "a\n"}, {"a", "\na"}},
    {"ab\\Z", 0, {"ab", "ab\n"}, {"ab\n\n", "abc"}},
    {"ab\\z", 0, {"ab"}, {"ab\n"}},
    {"\\Aab", M, {"ab"}, {"x\nab"}},
    {"a.b",
     0,
     {"acb", "a\rb",
      "a\xC3\xA9"
      "b"},
     {"a\nb", "ab"}},
    {"a.b", S, {"acb", "a\nb"}, {"ab"}},
    {"(?s:a.)b.", 0, {"a\nbc"}, {"a\nb\n"}},
    {"\\bab\\b",
     0,
     {"ab", "x ab!",
      "\xC3\xA9"
      "ab"},
     {"xab", "ab_"}},
    {"\\w\\d",
     0,
     {"a1", "_9"},
     {"\xC3\xA9"
      "1",
      "a\xD9\xA1"}},
    {"^\\s+$", 0, {" \t\n\v\f\r"}, {"\xC2\xA0", "\xC2\x85"}},
    {"^\\v\\h$", 0, {"\n\t", "\xC2\x85\xC2\xA0", "\xE2\x80\xA8 "}, {"\t\n"}},
    {"^\\V\\H$", 0, {"\t\n", "ab"}, {"\n\t"}},
    {"^[[:punct:]]+$", 0, {"!$+<=>^`|~"}, {"\xC2\xA7", "a"}},
    {"^[^[:^alpha:]]$", 0, {"a"}, {"1", "\xC3\xA9"}},
    {"^[[:^lower:]]$", I, {"1", "\xC3\xA9"}, {"a", "A"}},
    {"^[^a-c]$", I, {"d", "\n", "\xC3\xA9"}, {"a", "B"}},
    {"^(a(?i)b|c)$", 0, {"ab", "aB", "C"}, {"Ab", "AB"}},
    {"^a{2,3}?$", 0, {"aa", "aaa"}, {"a", "aaaa"}},
    {"^a{0}$", 0, {""}, {"a"}},
    {"^(?:a|){3}b$", 0, {"b", "ab", "aaab"}, {"aaaab"}},
    {"^a{,}$", 0, {"a{,}"}, {"aa", ""}},
    {"\xC3\xA9", I, {"\xC3\x89", "\xC3\xA9"}, {"e"}},
    {"^[\\x{e0}-\\x{ef}]$", I, {"\xC3\x89"}, {"\xC3\xB0"}},
    {"^[^\\x{e9}]$", I, {"e"}, {"\xC3\x89", "\xC3\xA9"}},
    {"^\xCF\x83$", I, {"\xCE\xA3", "\xCF\x82", "\xCF\x83"}, {"s"}},
    {"^\xC3\x9F$", I, {"\xE1\xBA\x9E", "\xC3\x9F"}, {"ss"}},
    {"[^\\s\\S]", 0, {NULL}, {"", "a", "\n"}},
    {"^[\\x{d7ff}-\\x{e000}]$", 0, {"\xED\x9F\xBF", "\xEE\x80\x80"}, {"a"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str pattern = str_of(cases[i].pattern);
    RegexTree tree;
    cr_assert(regex_parse(&tree, pattern, cases[i].flags, &a), "%s", cases[i].pattern);
    const Regex *both[2] = {compiled(pattern, cases[i].flags, &a), compiled(regex_print_pcre(&a, tree.root), 0, &a)};
    RegexScratch *scratch = regex_scratch_new(&a);
    for (size_t k = 0; k < 12; k++) {
      const char *subject = k < 6 ? cases[i].yes[k] : cases[i].no[k - 6];
      SearchResult want = k < 6 ? SEARCH_HIT : SEARCH_MISS;
      for (size_t r = 0; r < 2 && subject; r++)
        cr_expect(regex_search(both[r], scratch, str_of(subject)) == want, "%s %s on %s", r ? "printed" : "original",
                  cases[i].pattern, subject);
    }
    arena_free(&a);
  }
}

/* Where semantics 5.3 and PCRE2 differ: ASCII letters fold with ASCII letters only. */
Test(regex_tree, ascii_folding) {
  static const struct {
    const char *pattern, *subject;
    bool hit;
  } cases[] = {
    {"^k$", "K", true},
    {"^k$", "\xE2\x84\xAA", false},
    {"^\xE2\x84\xAA$", "k", false},
    {"^s$", "\xC5\xBF", false},
    {"^[a-z]$", "\xE2\x84\xAA", false},
    {"^[^k]$", "\xE2\x84\xAA", true},
    {"^[^s]$", "S", false},
    {"^\xC5\xBF$", "\xC5\xBF", true},
    {"^\\w$", "\xC5\xBF", false},
    {"^[\\x{e0}-\\x{17f}]$", "s", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str pattern;
    unsigned flags;
    cr_assert(regex_portable_caseless(&a, str_of(cases[i].pattern), I, &pattern, &flags));
    SearchResult r = regex_search(compiled(pattern, flags, &a), regex_scratch_new(&a), str_of(cases[i].subject));
    cr_expect(r == (cases[i].hit ? SEARCH_HIT : SEARCH_MISS), "%s on %s", cases[i].pattern, cases[i].subject);
    arena_free(&a);
  }
}

/* Every pair of the table, as a character, as a class and as a complement. */
Test(regex_tree, folds_like_the_table) {
  uint32_t from, to;
  for (size_t i = 0; fold_row(i, &from, &to); i++) {
    Arena a = {0};
    char utf8[4];
    Str subject = {utf8, utf8_encode(to, utf8)};
    Str patterns[] = {
      arena_printf(&a, "^\\x{%x}$", (unsigned)from),
      arena_printf(&a, "^[\\x{%x}]$", (unsigned)from),
      arena_printf(&a, "^[\\x{%x}!-$]$", (unsigned)from),
      arena_printf(&a, "^[^\\x{%x}]$", (unsigned)from),
    };
    RegexScratch *scratch = regex_scratch_new(&a);
    for (size_t k = 0; k < sizeof patterns / sizeof *patterns; k++) {
      Str pattern;
      unsigned flags;
      cr_assert(regex_portable_caseless(&a, patterns[k], I, &pattern, &flags) && flags == 0);
      SearchResult want = k == 3 ? SEARCH_MISS : SEARCH_HIT;
      cr_expect(regex_search(compiled(pattern, flags, &a), scratch, subject) == want, STR_FMT " on U+%04X", STR_ARG(patterns[k]),
                (unsigned)to);
    }
    arena_free(&a);
  }
}

Test(regex_tree, caseless_contract) {
  static const struct {
    const char *pattern;
    unsigned flags;
    bool portable;
    const char *out;
    unsigned out_flags;
  } cases[] = {
    {"a.b", S, true, "a.b", S},
    {"a.b", I | S, true, "[Aa](?s:.)[Bb]", 0},
    {"(?i)ab", 0, true, "[Aa][Bb]", 0},
    {"^\\d+$", I | M, true, "^\\d+$", I | M},
    {"[\\D[:upper:]]", M, true, "\\D", 0},
    {"[\\W[:digit:]]", 0, true, "[^A-Z_a-z]", 0},
    {"[[:digit:]\\W]", 0, true, "[[:digit:]\\W]", 0},
    {"(?-i)ab", I, true, "(?-i)ab", I},
    {"(?=a)b", I, false, "(?=a)b", I},
    {"(?=a)b", 0, false, "(?=a)b", 0},
    {"(", I, false, "(", I},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Str out;
    unsigned flags;
    bool portable = regex_portable_caseless(&a, str_of(cases[i].pattern), cases[i].flags, &out, &flags);
    cr_expect(portable == cases[i].portable, "%s", cases[i].pattern);
    cr_expect(str_is(out, cases[i].out) && flags == cases[i].out_flags, "%s: " STR_FMT " %u", cases[i].pattern, STR_ARG(out),
              flags);
    arena_free(&a);
  }
}

static Str repeated(Arena *a, const char *head, const char *middle, const char *tail, size_t n) {
  Buf b = {0};
  for (size_t i = 0; i < n; i++) buf_str(&b, str_of(head));
  buf_str(&b, str_of(middle));
  for (size_t i = 0; i < n; i++) buf_str(&b, str_of(tail));
  Str s = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return s;
}

Test(regex_tree, limits) {
  Arena a = {0};
  RegexTree tree;
  cr_expect(regex_parse(&tree, repeated(&a, "(?:", "a", "|b)*", REGEX_MAX_DEPTH), I, &a));
  compiled(regex_print_pcre(&a, tree.root), 0, &a);
  cr_expect(!regex_parse(&tree, repeated(&a, "(", "a", ")", REGEX_MAX_DEPTH + 1), 0, &a));
  cr_expect(!regex_parse(&tree, repeated(&a, "(", "a", "", 30000), 0, &a));
  cr_expect(regex_parse(&tree, repeated(&a, "(a)", "", "", 20000), 0, &a), "depth is given back");
  cr_expect(!regex_parse(&tree, repeated(&a, "a", "", "", LIMIT_REGEX_BYTES + 1), 0, &a));
  cr_expect(!regex_parse(&tree, repeated(&a, "[\xC8\xB0-\xE1\xBD\xBF]", "", "", 8000), I, &a), "too many ranges");
  Str long_text = repeated(&a, "a", "", "", 20000), out;
  unsigned flags;
  cr_expect(!regex_portable_caseless(&a, long_text, I, &out, &flags), "longer than PCRE2 is given");
  cr_expect(str_eq(out, long_text) && flags == I);
  arena_free(&a);
}

/* Random patterns and subjects: original and printed pattern agree. */

static uint32_t random_below(uint32_t n) {
  static uint64_t state = 0x9E3779B97F4A7C15u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32) % n;
}

static void random_text(Buf *out, const char *const *words, uint32_t n_words, uint32_t most) {
  for (uint32_t n = random_below(most + 1); n; n--) buf_str(out, str_of(words[random_below(n_words)]));
}

static const char *const pattern_words[] = {
  "a",    "b",      "A",          "B",          "1",    "_",      "\xC3\xA9", "\xC3\x89",
  "\n",   ".",      "^",          "$",          "|",    "(",      ")",        "(?:",
  "*",    "+",      "?",          "??",         "{2}",  "{0,2}",  "{1,}?",    "[ab]",
  "[^a]", "[a-b1]", "[",          "]",          "[^",   "-",      "\\w",      "\\W",
  "\\d",  "\\b",    "\\B",        "\\n",        "\\A",  "\\z",    "\\Z",      "\\s",
  "\\S",  "(?i)",   "(?-i)",      "(?s)",       "(?m)", "(?i-s:", "(?m:",     "{",
  ",",    "}",      "[[:upper:]", "[:^alpha:]", "\\Q",  "\\E",    "\\x{e9}",  "[\\x{c0}-\\x{ff}]",
};
static const char *const subject_words[] = {"a", "b", "A", "B", "1", "_", " ", "\n", "\xC3\xA9", "\xC3\x89", "{", ","};

static void compare(const Regex *original, const Regex *printed, Str pattern, unsigned flags, Arena *a) {
  RegexScratch *scratch = regex_scratch_new(a);
  for (int i = 0; i < 60; i++) {
    Buf subject = {0};
    random_text(&subject, subject_words, sizeof subject_words / sizeof *subject_words, 6);
    SearchResult one = regex_search(original, scratch, buf_view(&subject));
    SearchResult two = regex_search(printed, scratch, buf_view(&subject));
    bool decided = one != SEARCH_LIMIT && two != SEARCH_LIMIT;
    cr_expect(!decided || one == two, STR_FMT " (%u) on " STR_FMT, STR_ARG(pattern), flags, STR_ARG(buf_view(&subject)));
    buf_free(&subject);
  }
}

Test(regex_tree, printed_agrees_with_original) {
  uint32_t compared = 0;
  for (int i = 0; i < 20000; i++) {
    Arena a = {0};
    Buf text = {0};
    random_text(&text, pattern_words, sizeof pattern_words / sizeof *pattern_words, 9);
    Str pattern = arena_dup(&a, buf_view(&text));
    unsigned flags = random_below(8);
    RegexTree tree;
    RegexError error;
    Regex *original = regex_compile(pattern, flags, &a, &error);
    bool portable = regex_parse(&tree, pattern, flags, &a);
    if (original && portable && !tree.mended) {
      compare(original, compiled(regex_print_pcre(&a, tree.root), 0, &a), pattern, flags, &a);
      compared++;
    }
    cr_expect(!original || portable || tree.construct, STR_FMT, STR_ARG(pattern));
    buf_free(&text);
    arena_free(&a);
  }
  cr_expect(compared > 2000, "only %u patterns were compared", compared);
}
