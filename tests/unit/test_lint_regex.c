/* SPDX-License-Identifier: MIT
 * What lint says of regular expressions: against the search itself, and of attacks against a matcher that backtracks and counts. */
#include <criterion/criterion.h>

#include "base/utf8.h"
#include "lint/checks/regex.h"
#include "lint/checks/regex_redos.h"
#include "runtime/regex.h"
#include "runtime/regex_linear.h"
#include "tests/support/regex_gen.h"

/* For messages, which take no bytes of every kind. */
static const char *shown(Str s, Arena *a) {
  Buf b = {.arena = a};
  buf_quoted(&b, s);
  return arena_cstr(a, buf_view(&b));
}

/* By the meaning of Sigma: PCRE2 has other ideas of the letter case of the Kelvin sign. */
static bool found(Str pattern, unsigned flags, Str text, Arena *a) {
  size_t bytes;
  bool exact;
  uint64_t steps = 10000000;
  RegexLinear *re = regex_linear_parse(pattern, flags, a, &bytes, &exact);
  SearchResult r = re ? regex_linear_search(re, text, &steps) : SEARCH_LIMIT;
  cr_assert(r != SEARCH_LIMIT, "%s", shown(pattern, a));
  return r == SEARCH_HIT;
}

static const RedosLeast least = {3, 2};

/* --- shapes -------------------------------------------------------------------------------------------------- */

Test(lint_regex, found_everywhere) {
  static const struct {
    const char *pattern;
    unsigned flags;
    bool always;
  } cases[] = {{"", 0, true},      {"a*", 0, true},      {"^", 0, true},       {"$", 0, true},        {"^$", 0, false},
               {"^.*$", 0, false}, {"^.*$", 2, true},    {"^.*$", 4, true},    {"^[^a]*$", 4, false}, {"\\b", 0, false},
               {"\\B", 0, false},  {"(a|)$", 0, true},   {"^(a|)$", 0, false}, {"a|b*", 0, true},     {"(a?){3}", 0, true},
               {".*", 0, true},    {"^.*\\Z", 0, false}, {"^a?.*", 0, true},   {".+", 0, false},      {"^.*\\n?$", 0, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree t;
    cr_assert(regex_parse(&t, str_of(cases[i].pattern), cases[i].flags, &a));
    cr_expect_eq(regex_always_matches(t.root, &a), cases[i].always, "%s", cases[i].pattern);
    arena_free(&a);
  }
}

static void random_text(Gen *g, Buf *b) {
  static const char *const parts[] = {"a", "A", "b", "ab", "\n", " ", "k", "\xe2\x84\xaa", "\\", "*"};
  for (uint32_t n = gen_below(g, 7); n; n--) buf_str(b, str_of(GEN_PICK(g, parts)));
}

Test(lint_regex, random_patterns_found_everywhere) {
  Gen g = gen_seeded(91);
  unsigned always = 0;
  for (unsigned i = 0; i < 4000; i++) {
    Arena a = {0};
    Buf pattern = {.arena = &a};
    RegexTree t;
    regex_gen_pattern(&g, &pattern);
    unsigned flags = gen_below(&g, 8);
    if (regex_parse(&t, buf_view(&pattern), flags, &a) && !t.mended && regex_always_matches(t.root, &a)) {
      always++;
      for (unsigned k = 0; k < 20; k++) {
        Buf text = {.arena = &a};
        random_text(&g, &text);
        cr_assert(found(buf_view(&pattern), flags, buf_view(&text), &a), "%s", shown(buf_view(&pattern), &a));
      }
    }
    arena_free(&a);
  }
  cr_expect(always > 50, "%u", always);
}

static bool plain_holds(const RegexPlain *p, Str text, Arena *a) {
  Str want = p->text;
  if (!p->cased) want = fold_text(a, want), text = fold_text(a, text);
  switch (p->kind) {
  case PLAIN_EQUAL: return str_eq(text, want);
  case PLAIN_START: return str_starts(text, want);
  case PLAIN_END: return str_ends(text, want);
  case PLAIN_CONTAINS: return str_find(text, want, 0) != SIZE_MAX;
  case PLAIN_NONE: break;
  }
  return false;
}

/* Plain texts with what may stand around them: the one is as good as the other on every text. */
Test(lint_regex, plain_texts) {
  static const char *const starts[] = {"", "", "^", ".*", "^.*", "\\A", "(.*?)", "[^\\n]*", "^^", ".*^", "(?i)"};
  static const char *const ends[] = {"", "", "$", ".*", ".*$", "\\z", "\\Z", "$$", "$.*", "(?:.*?)"};
  static const char *const middles[] = {"a", "ab", "(a)b", "a\\*", "\\\\a", "k", "a(?:b)", "aB", "[a]b", "[ab]", "a?b", "a\\nb"};
  Gen g = gen_seeded(92);
  unsigned plain = 0;
  for (unsigned i = 0; i < 3000; i++) {
    Arena a = {0};
    RegexTree t;
    Str pattern = arena_printf(&a, "%s%s%s", GEN_PICK(&g, starts), GEN_PICK(&g, middles), GEN_PICK(&g, ends));
    unsigned flags = gen_below(&g, 8);
    cr_assert(regex_parse(&t, pattern, flags, &a));
    RegexPlain p = regex_plain(t.root, pattern, &a);
    for (unsigned k = 0; k < 12 && p.kind != PLAIN_NONE; k++, plain++) {
      Buf text = {.arena = &a};
      random_text(&g, &text);
      cr_assert_eq(found(pattern, flags, buf_view(&text), &a), plain_holds(&p, buf_view(&text), &a), "%s flags %u on %s",
                   shown(pattern, &a), flags, shown(buf_view(&text), &a));
    }
    arena_free(&a);
  }
  cr_expect(plain > 5000, "%u", plain);
}

/* A pattern with `.*` around it is found where it is found without. */
Test(lint_regex, affixes) {
  Gen g = gen_seeded(93);
  unsigned cut = 0;
  for (unsigned i = 0; i < 3000; i++) {
    Arena a = {0};
    Buf inner = {.arena = &a};
    RegexTree t;
    regex_gen_pattern(&g, &inner);
    bool start = gen_below(&g, 2), group = gen_below(&g, 2), end = !start || gen_below(&g, 2);
    Str pattern = arena_printf(&a, "%s%s%.*s%s%s", start ? gen_below(&g, 2) ? ".*" : ".*?" : "", group ? "(?:" : "", (int)inner.n,
                               inner.p, group ? ")" : "", end ? ".*" : "");
    unsigned flags = gen_below(&g, 8);
    if (regex_parse(&t, pattern, flags, &a) && !t.mended) {
      RegexAffix affix = regex_affix(t.root, pattern, &a);
      RegexTree rest;
      for (unsigned k = 0; k < 8 && (affix.start || affix.end) && regex_parse(&rest, affix.rest, flags, &a); k++, cut++) {
        Buf text = {.arena = &a};
        regex_gen_text(&g, &text, rest.root);
        cr_assert_eq(found(pattern, flags, buf_view(&text), &a), found(affix.rest, flags, buf_view(&text), &a), "%s and %s on %s",
                     shown(pattern, &a), shown(affix.rest, &a), shown(buf_view(&text), &a));
      }
    }
    arena_free(&a);
  }
  cr_expect(cut > 3000, "%u", cut);
}

/* --- attacks ------------------------------------------------------------------------------------------------- */

/* A matcher by definition: it tries one way after the other from the start of the text, and counts the nodes that it enters. */
typedef struct {
  const uint32_t *text;
  size_t n;
  uint64_t steps, most;
} Matcher;

/* What is left to match. */
typedef struct Rest Rest;
struct Rest {
  const RegexNode *node;
  uint32_t next; /* CAT: its kid; REPEAT: how often it was there */
  size_t from;   /* REPEAT: where the last one began */
  const Rest *then;
};

static bool match(Matcher *m, const RegexNode *n, size_t i, const Rest *then);

static bool go_on(Matcher *m, size_t i, const Rest *r) {
  if (!r) return true;
  const RegexNode *n = r->node;
  if (n->kind == REGEX_CAT) {
    Rest rest = {n, r->next + 1, 0, r->then};
    return match(m, n->kids[r->next], i, r->next + 1 < n->n ? &rest : r->then);
  }
  if (r->next > n->min && i == r->from) return false; /* no further round without a character */
  bool more = r->next < n->max;
  Rest rest = {n, r->next + 1, i, r->then};
  if (n->lazy && r->next >= n->min && go_on(m, i, r->then)) return true;
  if (more && match(m, n->kids[0], i, &rest)) return true;
  return !n->lazy && r->next >= n->min && go_on(m, i, r->then);
}

static bool takes(const RegexNode *n, uint32_t cp) {
  if (n->kind == REGEX_CHAR) return n->code == cp;
  for (uint32_t i = 0; i < n->n; i++)
    if (n->ranges[i].low <= cp && cp <= n->ranges[i].high) return true;
  return false;
}

static bool match(Matcher *m, const RegexNode *n, size_t i, const Rest *then) {
  Rest rest = {n, 0, i, then};
  if (m->steps++ > m->most) return false;
  switch (n->kind) {
  case REGEX_EMPTY: return go_on(m, i, then);
  case REGEX_CHAR:
  case REGEX_CLASS: return i < m->n && takes(n, m->text[i]) && go_on(m, i + 1, then);
  case REGEX_CAT:
  case REGEX_REPEAT: return go_on(m, i, &rest);
  case REGEX_ALT:
    for (uint32_t k = 0; k < n->n; k++)
      if (match(m, n->kids[k], i, then)) return true;
    return false;
  case REGEX_TEXT_START: return !i && go_on(m, i, then);
  case REGEX_LINE_START: return (!i || m->text[i - 1] == '\n') && go_on(m, i, then);
  case REGEX_TEXT_END: return i == m->n && go_on(m, i, then);
  case REGEX_LINE_END: return (i == m->n || m->text[i] == '\n') && go_on(m, i, then);
  case REGEX_TEXT_END_LF: return (i == m->n || (i + 1 == m->n && m->text[i] == '\n')) && go_on(m, i, then);
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: break;
  }
  cr_assert_fail("no attack is told of patterns with these");
  return false;
}

/* False where the text is matched after all: with so many pumps it is no attack. */
static bool steps_on(uint64_t *steps, const RegexNode *root, Str text, uint64_t most, Arena *a) {
  uint32_t *cps = arena_array(a, uint32_t, text.n + 1);
  Matcher m = {.text = cps, .most = most};
  for (size_t i = 0; i < text.n;) i += utf8_decode(text, i, &cps[m.n++]);
  bool hit = match(&m, root, 0, NULL);
  *steps = m.steps;
  return !hit;
}

/* Whether the steps grow as it says; what the prefix costs does not count. */
static bool grows(const RegexNode *root, const Redos *r, Str pattern, Arena *a) {
  enum { MOST = 200000 };
  uint64_t none, steps[2];
  unsigned pumps = r->exponential ? 4 : r->degree == 2 ? 64 : r->degree == 3 ? 24 : 12;
  double wanted = !r->exponential && r->degree < 4 ? 0.7 * (1u << r->degree) : 8; /* such short texts do not show more */
  if (r->exponential) wanted = 40;                                                /* more than 3 to the third */
  steps_on(&none, root, regex_redos_text(r, 0, a), MOST, a);
  for (unsigned i = 0; i < 2; i++)
    if (!steps_on(&steps[i], root, regex_redos_text(r, r->exponential ? pumps + 8 * i : pumps << i, a), MOST, a)) return false;
  double growth = (double)(steps[1] - none) / (double)(steps[0] - none + 1);
  cr_assert(growth >= wanted || steps[1] >= MOST, "%s: %llu, %llu steps (%u)", shown(pattern, a), (unsigned long long)steps[0],
            (unsigned long long)steps[1], r->degree);
  return true;
}

Test(lint_regex, attacks) {
  static const struct {
    const char *pattern;
    unsigned flags, degree; /* 0: none; 99: exponential */
  } cases[] = {
    {"^(a+)+$", 0, 99},
    {"(a+)+$", 0, 99},
    {"(a*)*b", 0, 99},
    {"(a|a)*b", 0, 99},
    {"(a|aa)+$", 0, 99},
    {"(.*a){11,}b", 0, 99},
    {"(x+x+)+y", 0, 99},
    {"([a-z]+)*=", 0, 99},
    {"(\\w+\\s*)+;", 0, 99},
    {"(\\d|[0-9a])+!", 0, 99},
    {"((ab)*)*c", 0, 99},
    {"(a?b?)*c", 0, 99},
    {"(a+){2,}b", 0, 99},
    {"(a|b|ab)*c", 0, 99},
    {"x(A|a)+$", 1, 99},
    {"(.*?,)+.*P", 0, 99},
    {"(([a-z])+.)+[A-Z]", 0, 99},
    {"^(a|b)*$|^(c+)+$", 0, 99},
    {"a*a*b", 0, 2},
    {".*.*x", 0, 2},
    {"a*b?a*x", 0, 2},
    {"\\s*\\s*\\s*;", 0, 3},
    {"(a+){1,3}b", 0, 3},
    {".+\\..+@", 0, 0},
    {".+\\..+\\..+@", 0, 3},
    {"[a-f]+[d-z]+[e]+1", 0, 3},
    {".*.*.*=", 4, 3},
    {"a+b", 0, 0},
    {"(ab)+c", 0, 0},
    {"(a|b)*c", 0, 0},
    {".*x.*y", 0, 0},
    {"(a+)+", 0, 0},
    {".*.*", 0, 0},
    {"a*a*", 0, 0},
    {"(a{1,3})+", 0, 0},
    {"(\\\\[^\\\\]+)+$", 0, 0},
    {"[a-z]+[0-9]+x", 0, 0},
    {"(a+b)+c", 0, 0},
    {"^(?:[^\"]|\"\")*$", 0, 0},
    {"(a+)?(b+)?c", 0, 0},
    {"a.{1,64}b", 0, 0},
    {"\\b(a+)+$", 0, 0},
    {"(?:(?:x|y)+z)+$", 0, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    RegexTree t;
    Redos r;
    uint64_t spent = 0;
    Str pattern = str_of(cases[i].pattern);
    cr_assert(regex_parse(&t, pattern, cases[i].flags, &a));
    bool yes = regex_redos(&r, t.root, least, &spent, &a);
    cr_expect_eq(yes ? r.exponential ? 99 : r.degree : 0, cases[i].degree, "%s: %u", cases[i].pattern, yes ? r.degree : 0);
    if (yes) cr_expect(grows(t.root, &r, pattern, &a), "%s", cases[i].pattern);
    arena_free(&a);
  }
}

/* PCRE2 gives up on these: it sees beforehand what text must be there, and does not try again what it passed, but that does not help here. */
Test(lint_regex, attacks_on_pcre2) {
  static const char *const patterns[] = {"^(a+)+$", "(a|aa)+$", "^([a-z]+)*$", "(\\w+\\s?)+$", "(x+x+)+$"};
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    Arena a = {0};
    RegexTree t;
    Redos r;
    uint64_t spent = 0;
    RegexError error;
    Str pattern = str_of(patterns[i]);
    cr_assert(regex_parse(&t, pattern, 0, &a) && regex_redos(&r, t.root, least, &spent, &a));
    const Regex *re = regex_compile(pattern, 0, &a, &error);
    cr_expect_eq(regex_search(re, regex_scratch_new(&a), regex_redos_text(&r, 40, &a)), SEARCH_LIMIT, "%s", patterns[i]);
    arena_free(&a);
  }
}

static void random_pattern(Gen *g, Buf *b, unsigned depth) {
  static const char *const leaves[] = {"a", "b", "a", "[ab]", ".", "c", "ab"}, *const repeats[] = {"",    "",      "",    "*",
                                                                                                   "+",   "?",     "*?",  "+?",
                                                                                                   "{2}", "{1,2}", "{2,}"};
  for (uint32_t n = 1 + gen_below(g, 3); n; n--) {
    if (!depth || gen_below(g, 2)) {
      buf_str(b, str_of(GEN_PICK(g, leaves)));
    } else {
      buf_char(b, '(');
      random_pattern(g, b, depth - 1);
      if (gen_below(g, 3) == 0) buf_char(b, '|'), random_pattern(g, b, depth - 1);
      buf_char(b, ')');
    }
    const char *repeat = GEN_PICK(g, repeats);
    if (*repeat || b->p[b->n - 1] == ')') buf_str(b, str_of(repeat));
  }
}

/* What is said of random patterns is true, and it is said often enough for that to be a test. */
Test(lint_regex, random_attacks) {
  Gen g = gen_seeded(94);
  unsigned exponential = 0, polynomial = 0, matched = 0;
  for (unsigned i = 0; i < 1200; i++) {
    Arena a = {0};
    Buf pattern = {.arena = &a};
    RegexTree t;
    Redos r;
    uint64_t spent = 0;
    random_pattern(&g, &pattern, 3);
    if (gen_below(&g, 2)) buf_char(&pattern, '$');
    cr_assert(regex_parse(&t, buf_view(&pattern), 0, &a), "%s", shown(buf_view(&pattern), &a));
    if (regex_redos(&r, t.root, least, &spent, &a)) {
      exponential += r.exponential;
      polynomial += !r.exponential;
      matched += !grows(t.root, &r, buf_view(&pattern), &a);
    }
    arena_free(&a);
  }
  cr_expect(exponential > 80 && polynomial > 20 && matched < 10, "%u, %u, %u", exponential, polynomial, matched);
}
