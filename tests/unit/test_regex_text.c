/* SPDX-License-Identifier: MIT
 * Regular expressions in the syntaxes of the targets: the text, and what is refused. That the texts mean the same is
 * shown with the engines of the targets (tests/tools/regex_oracles.py). */
#include <criterion/criterion.h>

#include "backends/regex_text.h"
#include "backends/regex_whole.h"
#include "base/utf8.h"
#include "runtime/program.h"
#include "runtime/regex_linear.h"
#include "runtime/vm.h"
#include "tests/support/regex_gen.h"

enum { I = REGEX_IGNORECASE, M = REGEX_MULTILINE, S = REGEX_DOTALL };

#define SPACE "[\t-\r ]"
#define DOT   "[^\n]"
#define WORD  "[0-9A-Z_a-z]"
#define OTHER "[^0-9A-Z_a-z]"

Test(regex_text, prints) {
  static const struct {
    const char *pattern;
    unsigned flags;
    const char *rust, *lucene;
  } cases[] = {
    /* a search, and what anchors leave out */
    {"", 0, "", ".*"},
    {"ab", 0, "ab", ".*ab.*"},
    {"a|b", 0, "a|b", ".*(a|b).*"},
    {"^ab", 0, "^ab", "ab.*"},
    {"ab$", 0, "ab$", ".*ab"},
    {"^ab$", 0, "^ab$", "ab"},
    {"^$", 0, "^$", "()"},
    {"^", 0, "^", ".*"},
    {"^^a$$", 0, "^^a$$", "a"},
    {"^(a|b)$", 0, "^(?:a|b)$", "a|b"},
    {"^a|b$", 0, "^a|b$", "a.*|.*b"},
    {"(^|\\s)a(\\s|$)", 0, "(?:^|[\\t-\\r ])a(?:[\\t-\\r ]|$)", "(.*" SPACE ")?a(" SPACE ".*)?"},
    {"(^a)?b", 0, "(?:^a)?b", ".*b.*"},
    {"(?:^a$){1}", 0, "(?:^a$){1}", "a"},
    {"(^a)?b?", 0, "(?:^a)?b?", ".*"},
    {"^*a", 0, "(?:^)*a", ".*a.*"},
    {"\\Aa\\z", M, "^a$", "a"},
    {"a\\Z", 0, "a\\n?$", ".*a\n?"},
    {"(a|b\\Z)", 0, "a|b\\n?$", ".*a.*|.*b\n?"},
    /* parts that say nothing beside the rest of a value */
    {".*ab.*", 0, ".*ab.*", ".*ab.*"},
    {"a*b+c{2,}", 0, "a*b+c{2,}", ".*bc{2}.*"},
    {"^a*b+$", 0, "^a*b+$", "a*b+"},
    {".*\\bab\\b.*", 0, ".*(?-u:\\b)ab(?-u:\\b).*", "(.*" OTHER ")?ab(" OTHER ".*)?"},
    /* dots */
    {"^a.b$", 0, "^a.b$", "a" DOT "b"},
    {"^a.b$", S, "(?s)^a.b$", "a.b"},
    {"^a.*b$", S, "(?s)^a.*b$", "a.*b"},
    {"^a.*(?s).*b$", 0, "^a.*(?s:.*)b$", "a" DOT "*.*b"},
    {"^[\\s\\S]$", 0, "(?s)^.$", "."},
    /* lines */
    {"^a$", M, "(?m:^)a(?m:$)", "(.*\n)?a(\n.*)?"},
    {"\\Aa$", M, "^a(?m:$)", "a(\n.*)?"},
    {"^$", M, "(?m:^)(?m:$)", "(.*\n)?(\n.*)?"},
    /* letter case */
    {"aB1", I, "[aA][bB]1", ".*[aA][bB]1.*"},
    {"(?i)k", 0, "[kK]", ".*[kK].*"},
    {"\xC3\xA9", I, "[\xC3\xA9\xC3\x89]", ".*[\xC3\xA9\xC3\x89].*"},
    {"[a-c]", I, "[A-Ca-c]", ".*[A-Ca-c].*"},
    {"[^k]", I, "[^Kk]", ".*[^Kk].*"},
    /* characters */
    {"\\.\\?\\+\\*\\|\\{\\}\\[\\]\\(\\)\\\\", 0, "\\.\\?\\+\\*\\|\\{\\}\\[\\]\\(\\)\\\\",
     ".*\\.\\?\\+\\*\\|\\{\\}\\[\\]\\(\\)\\\\.*"},
    {"\"#@&<>~", 0, "\"\\#@\\&<>\\~", ".*\\\"\\#\\@\\&\\<\\>\\~.*"},
    {"\\^\\$-_/ ,=!", 0, "\\^\\$-_/ ,=!", ".*\\^\\$-_/ ,=!.*"},
    {"\\n\\t\\r\\x1f\\x{85}", 0, "\\n\\t\\r\\x1f\\x85", ".*\n\t\r\x1F\xC2\x85.*"},
    {"\\x{2028}\\x{ad}\\x{1f600}", 0, "\\x{2028}\\x{ad}\xF0\x9F\x98\x80", ".*\xE2\x80\xA8\xC2\xAD\xF0\x9F\x98\x80.*"},
    {"\\cA\\e\\x41", 0, "\\x01\\x1bA",
     ".*\x01\x1B"
     "A.*"},
    /* classes */
    {"\\d\\w\\s", 0, "[0-9]" WORD "[\\t-\\r ]", ".*[0-9]" WORD SPACE ".*"},
    {"\\D\\W\\S", 0, "[^0-9]" OTHER "[^\\t-\\r ]", ".*[^0-9]" OTHER "[^\t-\r ].*"},
    {"[][^\\\\-]", 0, "[\\-\\[-\\^]", ".*[\\-\\[-\\^].*"},
    {"[&~\"<>#@]", 0, "[\"#\\&<>@\\~]", ".*[\\\"\\#\\&\\<\\>\\@\\~].*"},
    {"[a-b&&[c]", 0, "[\\&\\[a-c]", ".*[\\&\\[a-c].*"},
    {"[[:alpha:]][[:^digit:]]", 0, "[A-Za-z][^0-9]", ".*[A-Za-z][^0-9].*"},
    {"[\\n]a[^\\n]", 0, "\\na.", ".*\na" DOT ".*"},
    /* counts */
    {"^a{2}b{2,}c{0,1}d{2,4}e{0}f{1}$", 0, "^a{2}b{2,}c?d{2,4}e{0}f{1}$", "a{2}b{2,}c?d{2,4}f"},
    {"^a*?b+?c??$", 0, "^a*b+c?$", "a*b+c?"},
    {"^(?:a*)?$", 0, "^(?:a*)?$", "(a*)?"},
    /* groups */
    {"(a)(?:b)(?<n>c)", 0, "abc", ".*abc.*"},
    {"^(ab)*(|c)$", 0, "^(?:ab)*(?:|c)$", "(ab)*c?"},
    {"^(a|)+$", 0, "^(?:a|)+$", "(a?)+"},
    /* word boundaries */
    {"\\bab\\b", 0, "(?-u:\\b)ab(?-u:\\b)", "(.*" OTHER ")?ab(" OTHER ".*)?"},
    {"\\b\\.a\\B", 0, "(?-u:\\b)\\.a(?-u:\\B)", ".*" WORD "\\.a" WORD ".*"},
    {"\\Ba\\B\\.", 0, "(?-u:\\B)a(?-u:\\B)\\.", NULL},
    {"^\\ba\\b b\\b$", 0, "^(?-u:\\b)a(?-u:\\b) b(?-u:\\b)$", "a b"},
    {"a(\\b|_)b", 0, "a(?:(?-u:\\b)|_)b", ".*a_b.*"},
    {"\\b(ab|cd)\\b", 0, "(?-u:\\b)(?:ab|cd)(?-u:\\b)", "(.*" OTHER ")?(ab|cd)(" OTHER ".*)?"},
    {"\\b", 0, "(?-u:\\b)", ".*" WORD ".*"},
    {"(\\bab\\b ?){2}", 0, "(?:(?-u:\\b)ab(?-u:\\b) ?){2}", NULL},
    {"(\\d(\\.|\\b)){2}", 0, "(?:[0-9](?:\\.|(?-u:\\b))){2}", ".*[0-9]\\.[0-9](\\..*|(" OTHER ".*)?)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree tree;
    RegexRefusal why;
    Str text;
    cr_assert(regex_parse(&tree, str_of(cases[i].pattern), cases[i].flags, &a), "%s: %s", cases[i].pattern, tree.construct);
    cr_assert(regex_print_rust(&a, tree.root, &text, &why), "%s: %s", cases[i].pattern, why.construct);
    cr_expect(str_is(text, cases[i].rust), "%s: " STR_FMT, cases[i].pattern, STR_ARG(text));
    bool printed = regex_print_lucene(&a, tree.root, &text, &why);
    cr_expect(printed == (cases[i].lucene != NULL), "%s: %s", cases[i].pattern, printed ? "is printed" : why.construct);
    if (printed && cases[i].lucene) cr_expect(str_is(text, cases[i].lucene), "%s: " STR_FMT, cases[i].pattern, STR_ARG(text));
    arena_free(&a);
  }
}

static Str repeated(Arena *a, const char *text, size_t n) {
  Buf b = {.arena = a};
  for (size_t i = 0; i < n; i++) buf_str(&b, str_of(text));
  return buf_view(&b);
}

static const char long_one[] = "<1000 x a>", deep_one[] = "<250 groups>", edges_one[] = "<repeats in repeats>",
                  huge_one[] = "<a 20,000 times under i>";

static Str spelled_out(Arena *a, const char *pattern) {
  if (pattern == long_one) return repeated(a, "a", 997);
  if (pattern == deep_one)
    return arena_printf(a, STR_FMT "a" STR_FMT, STR_ARG(repeated(a, "(?:b|", 249)), STR_ARG(repeated(a, ")", 249)));
  if (pattern == huge_one) return arena_printf(a, "(?i)" STR_FMT, STR_ARG(repeated(a, "a", 20000)));
  if (pattern == edges_one)
    return arena_printf(a, STR_FMT "\\b." STR_FMT, STR_ARG(repeated(a, "(", 200)), STR_ARG(repeated(a, "){8}", 200)));
  return str_of(pattern);
}

Test(regex_text, refusals) {
  static const char anchor[] = "an anchor inside of the pattern";
  static const char boundary[] = "a word boundary between characters that are not known";
  static const char never[] = "a pattern that can never match";
  static const char work[] = "a pattern that takes more work than index.max_determinized_states allows";
  static const struct {
    const char *pattern, *target;
    uint32_t at;
    const char *construct;
  } cases[] = {
    {"a^b", "lucene", 1, anchor},
    {"ab$c", "lucene", 2, anchor},
    {"(?:^a)+", "lucene", 3, anchor},
    {"a(b|$)c", "lucene", 4, anchor},
    {"(?m)a^b", "lucene", 5, anchor},
    {"a\\Zb", "lucene", 1, anchor},
    {"(?m)$\\z", "lucene", 0, NULL},
    {"\\z(?m:$)", "lucene", 0, anchor},
    {"x?\\b.", "lucene", 2, boundary},
    {"a\\b.b", "lucene", 1, boundary},
    {"\\B", "lucene", 0, boundary},
    {"(\\b.)*a", "lucene", 0, NULL},
    {"(\\b.)+a", "lucene", 1, boundary},
    {"a\\bb", "lucene", 0, never},
    {"a[^\\s\\S]", "lucene", 0, never},
    {"a[^\\s\\S]?", "lucene", 0, NULL},
    {long_one, "lucene", 0, "a pattern that becomes 1001 characters long, where index.max_regex_length allows 1,000"},
    {".{1000}", "lucene", 0, work},
    {"a.{20}b", "lucene", 0, work},
    {"^a.{20}b", "lucene", 0, NULL},
    {"a{65535}", "lucene", 0, work},
    {edges_one, "lucene", 200, boundary},
    {"a[^\\s\\S]", "rust", 1, "a class that no character is in"},
    {"a\\Zb", "rust", 1, "`\\Z` that is not at the end of the pattern"},
    {"(a\\Z)*", "rust", 2, "`\\Z` that is not at the end of the pattern"},
    {"a|\\B", "rust", 2, "`\\B` in a pattern that also matches the empty text"},
    {"\\W{60000}", "rust", 0, "a pattern that is too large for the target"},
    {deep_one, "rust", 603, "groups that are nested deeper than the target allows"},
    {"a{60000}", "rust", 0, NULL},
    {huge_one, "rust", 0, "a pattern that becomes larger than the limit of 65,536 bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree tree;
    RegexRefusal why = {0};
    Str text;
    cr_assert(regex_parse(&tree, spelled_out(&a, cases[i].pattern), 0, &a), "%s", cases[i].pattern);
    bool lucene = str_is(str_of(cases[i].target), "lucene");
    bool printed = (lucene ? regex_print_lucene : regex_print_rust)(&a, tree.root, &text, &why);
    cr_assert(printed == !cases[i].construct, "%s: %s", cases[i].pattern, printed ? "is printed" : why.construct);
    if (!printed) {
      cr_expect(str_is(str_of(why.construct), cases[i].construct), "%s: %s", cases[i].pattern, why.construct);
      cr_expect(why.at == cases[i].at, "%s: at %u", cases[i].pattern, (unsigned)why.at);
      cr_expect(why.instead != NULL);
    }
    arena_free(&a);
  }
}

Test(regex_text, patterns_with_wildcards) {
  static const struct {
    const char *pattern;
    bool cased;
    const char *rust, *lucene;
  } cases[] = {
    {"C:\\\\Program Files\\\\Tool*\\\\agent?.exe", false,
     "(?s)^[cC]:\\\\[pP][rR][oO][gG][rR][aA][mM] "
     "[fF][iI][lL][eE][sS]\\\\[tT][oO][oO][lL].*\\\\[aA][gG][eE][nN][tT].\\.[eE][xX][eE]$",
     "[cC]:\\\\[pP][rR][oO][gG][rR][aA][mM] [fF][iI][lL][eE][sS]\\\\[tT][oO][oO][lL].*\\\\[aA][gG][eE][nN][tT].\\.[eE][xX][eE]"},
    {"a*b", true, "(?s)^a.*b$", "a.*b"},
    {"*a?b", true, "(?s)a.b$", ".*a.b"},
    {"a?b*", true, "(?s)^a.b", "a.b.*"},
    {"*a?b*", true, "(?s)a.b", ".*a.b.*"},
    {"a**b", true, "(?s)^a.*b$", "a.*b"},
    {"*", true, "", ".*"},
    {"", true, "^$", "()"},
    {"?", true, "(?s)^.$", "."},
    {"?*", true, "(?s)^.", "..*"},
    {"1\\*.\\?", false, "^1\\*\\.\\?$", "1\\*\\.\\?"},
    {"k\xC3\xA9\xCF\x83\xE2\x84\xAA", false, "^[kK][\xC3\xA9\xC3\x89][\xCE\xA3\xCF\x82\xCF\x83]\xE2\x84\xAA$",
     "[kK][\xC3\xA9\xC3\x89][\xCE\xA3\xCF\x82\xCF\x83]\xE2\x84\xAA"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Pattern pattern = pattern_parse(&a, str_of(cases[i].pattern));
    const RegexNode *root = regex_of_glob(&a, &pattern, cases[i].cased);
    RegexRefusal why;
    Str text;
    cr_assert(regex_print_rust(&a, root, &text, &why));
    cr_expect(str_is(text, cases[i].rust), "%s: " STR_FMT, cases[i].pattern, STR_ARG(text));
    cr_assert(regex_print_lucene(&a, root, &text, &why));
    cr_expect(str_is(text, cases[i].lucene), "%s: " STR_FMT, cases[i].pattern, STR_ARG(text));
    arena_free(&a);
  }
}

Test(regex_text, dashes) {
  Arena a = {0};
  PatPart parts[] = {{PAT_ANY, {0}}, {PAT_DASH, {0}}, {PAT_LITERAL, STR_INIT("e")}, {PAT_ANY, {0}}};
  Pattern pattern = {parts, 4};
  RegexRefusal why;
  Str text;
  cr_assert(regex_print_rust(&a, regex_of_glob(&a, &pattern, true), &text, &why));
  cr_expect(str_is(text, "[\\-/\xE2\x80\x93-\xE2\x80\x95]e"), STR_FMT, STR_ARG(text));
  arena_free(&a);
}

/* The rewritten tree between `^` and `$` finds what the tree finds. */
static void compare_whole(Gen *g, const RegexNode *root, const RegexNode *whole, Str pattern, Arena *a) {
  RegexNode *kids[] = {regex_node(a, REGEX_TEXT_START), regex_node(a, REGEX_CAT), regex_node(a, REGEX_TEXT_END)};
  *kids[1] = *whole;
  RegexLinear *search = regex_linear_new(root, a), *match = regex_linear_new(regex_join(a, REGEX_CAT, kids, 3), a);
  cr_assert(search && match);
  for (int i = 0; i < 20; i++) {
    Buf text = {.arena = a};
    uint64_t steps = UINT64_MAX;
    regex_gen_text(g, &text, root);
    cr_expect(regex_linear_search(search, buf_view(&text), &steps) == regex_linear_search(match, buf_view(&text), &steps),
              STR_FMT " on " STR_FMT, STR_ARG(pattern), STR_ARG(buf_view(&text)));
  }
}

Test(regex_text, whole_value_means_the_search) {
  Gen g = gen_seeded(3);
  uint32_t rewritten = 0, refused = 0;
  for (int i = 0; i < 6000; i++) {
    Arena a = {0};
    Buf pattern = {.arena = &a};
    RegexTree tree;
    RegexRefusal why;
    regex_gen_pattern(&g, &pattern);
    if (regex_parse(&tree, buf_view(&pattern), gen_below(&g, 8), &a)) {
      const RegexNode *whole = regex_whole(&a, tree.root, &why);
      refused += !whole;
      rewritten += whole != NULL;
      if (whole) compare_whole(&g, tree.root, whole, buf_view(&pattern), &a);
    }
    arena_free(&a);
  }
  cr_expect(rewritten > 2000 && refused > 500, "%u rewritten, %u refused", rewritten, refused);
}

/* --- patterns with wildcards against the predicate of the runtime --------------------------------------------- */

static const char *const glob_words[] = {"*",        "*",        "*",   "?", "?", "a",  "B", "k",
                                         "\xC3\xA9", "\xCF\x83", "\\*", ".", "-", "\n", "ab"};
static const char *const text_words[] = {"a",        "A", "b", "K", "\xE2\x84\xAA", "\xC3\x89",
                                         "\xCF\x82", "*", ".", "-", "\n",           "\xF0\x9F\x98\x80"};

static Str random_words(Gen *g, const char *const *words, uint32_t n_words, uint32_t most, Arena *a) {
  Buf b = {.arena = a};
  for (uint32_t n = gen_below(g, most + 1); n; n--) buf_str(&b, str_of(words[gen_below(g, n_words)]));
  return buf_view(&b);
}

static bool glob_holds(const Pattern *p, bool cased, Str text, Arena *a) {
  Buf strings = {.arena = a};
  PartRec *parts = arena_array(a, PartRec, p->n);
  static const PartKind kinds[] = {
    [PAT_LITERAL] = PART_LITERAL, [PAT_ANY] = PART_ANY, [PAT_ONE] = PART_ONE, [PAT_DASH] = PART_DASH};
  uint32_t n = 0;
  for (uint32_t i = 0; i < p->n; i++) {
    if (i && p->p[i].kind == PAT_ANY && p->p[i - 1].kind == PAT_ANY) continue; /* as the compiler leaves it */
    Str literal = cased ? p->p[i].text : fold_text(a, p->p[i].text);
    parts[n++] = (PartRec){kinds[p->p[i].kind], {(uint32_t)strings.n, (uint32_t)literal.n}};
    buf_str(&strings, literal);
  }
  return pred_glob(buf_view(&strings).p, parts, n, cased ? text : fold_text(a, text));
}

Test(regex_text, wildcards_mean_the_same) {
  Gen g = gen_seeded(9);
  uint32_t hits = 0, texts = 0;
  for (int i = 0; i < 3000; i++) {
    Arena a = {0};
    bool cased = gen_below(&g, 3) == 0;
    Str source = random_words(&g, glob_words, sizeof glob_words / sizeof *glob_words, 4, &a);
    Pattern pattern = pattern_parse(&a, source);
    RegexLinear *re = regex_linear_new(regex_of_glob(&a, &pattern, cased), &a);
    for (int k = 0; k < 20; k++, texts++) {
      Str text = random_words(&g, text_words, sizeof text_words / sizeof *text_words, 3, &a);
      uint64_t steps = UINT64_MAX;
      bool want = glob_holds(&pattern, cased, text, &a);
      cr_expect(regex_linear_search(re, text, &steps) == (want ? SEARCH_HIT : SEARCH_MISS), STR_FMT " (%d) on " STR_FMT,
                STR_ARG(source), cased, STR_ARG(text));
      hits += want;
    }
    arena_free(&a);
  }
  cr_expect(hits > texts / 10 && hits < texts * 9 / 10, "%u of %u", hits, texts);
}
