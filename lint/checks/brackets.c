/* SPDX-License-Identifier: MIT
 * Brackets of conditions: those without effect, and those that a reader misses where `and` stands beside `or`. One pass over the words;
 * a pair of brackets ends behind those inside of it, so pairs are numbered from the inside. */
#include "base/limits.h"
#include "lint/checks/condition_words.h"

enum { NO_PAIR = UINT32_MAX };

/* What stands between two `or` of one level, where `and` is in it. */
typedef struct {
  size_t at, to;
} Term;

typedef struct {
  size_t open, close; /* bytes of the brackets */
  uint32_t only;      /* the pair that is all there is inside; else NO_PAIR */
  bool name;          /* a name is all there is inside */
  bool inner;         /* it is `only` of the pair around it */
} Pair;

/* Inside of brackets, or of the whole. */
typedef struct {
  size_t open;
  uint32_t n_words, n_pairs, newest; /* of this level alone */
  size_t term;                       /* where the term starts; it ends at the last word */
  bool has_and, has_or;
  VEC(Term) terms;
} Level;

typedef struct {
  Lint *lint;
  Arena *scratch;
  const YamlNode *node;
  Str text;
  Level levels[LIMIT_CONDITION_DEPTH + 1];
  uint32_t depth;
  size_t last; /* end of the word before */
  VEC(Pair) pairs;
} Brackets;

/* --- and beside or ------------------------------------------------------------------------------------------- */

static void end_term(Brackets *b, Level *v) {
  if (v->has_and) *vec_add(b->scratch, &v->terms) = (Term){v->term, b->last};
  v->has_and = false;
  v->term = SIZE_MAX;
}

static void report_precedence(Brackets *b, const Level *v) {
  enum { MOST_SHOWN = 80 };
  Lint *l = b->lint;
  const Term *first = &v->terms.p[0];
  Str text = str_sub(b->text, first->at, first->to);
  lint_report(l, CHECK_precedence, yaml_sub_span(b->node, first->at, first->to), "`and` and `or` are mixed without parentheses");
  if (text.n <= MOST_SHOWN && v->terms.n == 1) lint_hint(l, "`and` binds closer: write `(" STR_FMT ")`", STR_ARG(text));
  else lint_hint(l, "`and` binds closer: put what it joins into parentheses");
  for (uint32_t i = 0; b->node->exact && i < v->terms.n; i++) {
    const Term *t = &v->terms.p[i];
    lint_fix(l, yaml_sub_span(b->node, t->at, t->at), STR("("));
    lint_fix(l, yaml_sub_span(b->node, t->to, t->to), STR(")"));
  }
}

/* --- pairs --------------------------------------------------------------------------------------------------- */

static void end_level(Brackets *b) {
  Level *v = &b->levels[b->depth];
  end_term(b, v);
  if (v->has_or && v->terms.n) report_precedence(b, v);
}

static void close_pair(Brackets *b, const ConditionWord *w) {
  end_level(b);
  const Level *in = &b->levels[b->depth--];
  bool one = in->n_words == 0 && in->n_pairs == 1;
  *vec_add(b->scratch, &b->pairs) =
    (Pair){.open = in->open, .close = w->at, .only = one ? in->newest : NO_PAIR, .name = in->n_words == 1 && in->n_pairs == 0};
  if (one) b->pairs.p[in->newest].inner = true;
  b->levels[b->depth].n_pairs++;
  b->levels[b->depth].newest = b->pairs.n - 1;
}

static void take_word(Brackets *b, const ConditionWord *w) {
  Level *v = &b->levels[b->depth];
  if (str_is(w->text, ")")) {
    close_pair(b, w);
  } else if (str_is(w->text, "or")) {
    end_term(b, v);
    v->has_or = true;
    v->n_words++;
  } else {
    if (v->term == SIZE_MAX) v->term = w->at;
    if (str_is(w->text, "(")) b->levels[++b->depth] = (Level){.open = w->at, .term = SIZE_MAX};
    else v->n_words++, v->has_and |= str_is(w->text, "and");
  }
  b->last = w->to;
}

static bool blank(Str s) {
  size_t i = 0;
  while (i < s.n && condition_is_blank(s.p[i])) i++;
  return i == s.n;
}

/* How many pairs, from this one inwards, may go; the innermost stays where it holds something together. */
static uint32_t count_redundant(const Brackets *b, uint32_t i) {
  const Pair *out = &b->pairs.p[i];
  bool whole = blank(str_sub(b->text, 0, out->open)) && blank(str_from(b->text, out->close + 1));
  uint32_t n = 1;
  while (b->pairs.p[i].only != NO_PAIR) i = b->pairs.p[i].only, n++;
  return whole || b->pairs.p[i].name ? n : n - 1;
}

/* Whether a plain scalar that starts with this stays a text: no indicator of YAML, no number; and a lone word no `true`. */
static bool stays_text(const Brackets *b, size_t from) {
  static const char *const words[] = {"true", "false", "null"};
  ConditionWord w = condition_word(b->text, from);
  while (str_is(w.text, "(")) w = condition_word(b->text, w.to);
  if (!w.text.n || !(ascii_letter(w.text.p[0]) || w.text.p[0] == '_')) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(w.text, str_of(words[i]))) return false;
  return true;
}

/* Blanks inside go with the brackets; a word is kept from running into the one beside it. */
static void drop_pair(Brackets *b, const Pair *p, bool outermost) {
  Str s = b->text;
  size_t from = p->open + 1, to = p->close;
  while (condition_is_blank(s.p[from])) from++;
  while (to > from && condition_is_blank(s.p[to - 1])) to--;
  bool before = outermost && p->open && condition_is_word(s.p[p->open - 1]);
  bool behind = outermost && p->close + 1 < s.n && condition_is_word(s.p[p->close + 1]);
  lint_fix(b->lint, yaml_sub_span(b->node, p->open, from), before ? STR(" ") : STR(""));
  lint_fix(b->lint, yaml_sub_span(b->node, to, p->close + 1), behind ? STR(" ") : STR(""));
}

static void report_pair(Brackets *b, uint32_t i) {
  const Pair *p = &b->pairs.p[i];
  uint32_t n = p->inner ? 0 : count_redundant(b, i);
  if (!n) return;
  Span at = yaml_sub_span(b->node, p->open, p->close + 1);
  if (n == 1) lint_report(b->lint, CHECK_redundant_parens, at, "parentheses without effect");
  else lint_report(b->lint, CHECK_redundant_parens, at, "%u pairs of parentheses without effect", n);
  lint_hint(b->lint, n == 1 ? "drop them" : "drop all of them");
  if (!b->node->exact || (b->node->plain && blank(str_sub(b->text, 0, p->open)) && !stays_text(b, p->open))) return;
  for (uint32_t k = 0; k < n; k++, i = b->pairs.p[i].only) drop_pair(b, &b->pairs.p[i], k == 0);
}

void check_brackets(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->doc->conditions.n; i++) {
    const LintCondition *c = &at->doc->conditions.p[i];
    if (!c->tree) continue;
    Brackets b = {.lint = l, .scratch = arena_sub(l->arena), .node = c->text, .text = c->text->text};
    b.levels[0].term = SIZE_MAX;
    ConditionWord w = condition_word(b.text, 0);
    for (; w.text.n; w = condition_word(b.text, w.to)) take_word(&b, &w);
    end_level(&b);
    for (uint32_t k = 0; k < b.pairs.n; k++) report_pair(&b, k);
    arena_sub_done(b.scratch);
  }
}
