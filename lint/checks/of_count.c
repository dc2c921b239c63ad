/* SPDX-License-Identifier: MIT
 * `3 of selection_*`: Sigma has no such quantifier (semantics 10.6), and the compiler says so; where another program has, this says that it
 * cannot hold. */
#include "lint/checks/condition_words.h"
#include "lint/checks/selected.h"

/* 0: no number. */
static uint32_t count_of(Str word) {
  enum { MOST = 1000000 };
  uint32_t n = 0;
  for (size_t i = 0; i < word.n; i++) {
    if (!ascii_digit(word.p[i])) return 0;
    if (n < MOST) n = n * 10 + (uint32_t)(word.p[i] - '0');
  }
  return n;
}

static void look_at(Lint *l, const LintAt *at, const LintCondition *c, const ConditionWord *number, const ConditionWord *pattern) {
  const Rule *r = at->doc->rule;
  Cond selector = {.kind = COND_SELECTOR, .name = pattern->text, .them = str_is(pattern->text, "them")};
  uint32_t wanted = count_of(number->text), n = 0;
  for (uint32_t i = 0; i < r->n_detections; i++) n += cond_selects(&selector, r->detections[i].name);
  if (wanted <= n) return;
  Span where = yaml_sub_span(c->text, number->at, pattern->to);
  const char *of = memchr(pattern->text.p, '*', pattern->text.n) || selector.them ? "all of " : "";
  if (!n) lint_report(l, CHECK_of_count_too_large, where, "`" STR_FMT "` selects nothing", STR_ARG(pattern->text));
  else
    lint_report(l, CHECK_of_count_too_large, where, "`" STR_FMT "` selects %u selection%s, not " STR_FMT, STR_ARG(pattern->text), n,
                n == 1 ? "" : "s", STR_ARG(number->text));
  if (n) lint_hint(l, "write `%s" STR_FMT "`", of, STR_ARG(pattern->text));
}

static void check_condition(Lint *l, const LintAt *at, const LintCondition *c, Selecting *selecting) {
  Str s = c->text->text;
  ConditionWord number = {.at = 0}, of = {.at = 0}, w = condition_word(s, 0);
  for (; w.text.n; w = condition_word(s, w.to)) {
    bool selector = str_is(of.text, "of") && count_of(number.text) > 1 && condition_is_word(w.text.p[0]);
    if (selector && !selecting_pay(selecting, at->doc->rule->n_detections)) return;
    if (selector) look_at(l, at, c, &number, &w);
    number = of;
    of = w;
  }
}

void check_of_count(Lint *l, const LintAt *at) {
  Selecting selecting = {0};
  for (uint32_t i = 0; i < at->doc->conditions.n; i++) {
    const LintCondition *c = &at->doc->conditions.p[i];
    if (!c->tree && c->text->kind == YAML_SCALAR) check_condition(l, at, c, &selecting);
  }
}
