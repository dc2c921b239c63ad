/* SPDX-License-Identifier: MIT */
#include "lint/sources.h"

const char *const lint_part_name[LINT_COUNT] = {"product", "category", "service"};

const char *lint_source_part(const LintSource *s, LintPart part) {
  return part == LINT_PRODUCT ? s->product : part == LINT_CATEGORY ? s->category : s->service;
}

const Text *lint_rule_part(const Logsource *l, LintPart part) {
  return part == LINT_PRODUCT ? &l->product : part == LINT_CATEGORY ? &l->category : &l->service;
}

static int compare_source(const Logsource *l, const LintSource *s) {
  int order = 0;
  for (LintPart part = 0; part < LINT_COUNT && !order; part++)
    order = str_cmp(lint_rule_part(l, part)->text, str_of(lint_source_part(s, part)));
  return order;
}

const LintSource *lint_source_find(const LintSources *sources, const Logsource *l) {
  unsigned from = 0, to = sources->n;
  while (from < to) {
    unsigned middle = from + (to - from) / 2;
    int order = compare_source(l, &sources->p[middle]);
    if (!order) return &sources->p[middle];
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return NULL;
}

static int compare_nocase(Str a, Str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  for (size_t i = 0; i < n; i++) {
    unsigned char x = (unsigned char)ascii_lower(a.p[i]), y = (unsigned char)ascii_lower(b.p[i]);
    if (x != y) return x < y ? -1 : 1;
  }
  return (a.n > b.n) - (a.n < b.n);
}

int lint_names_compare(const char *a, const char *b) {
  int order = compare_nocase(str_of(a), str_of(b));
  return order ? order : strcmp(a, b);
}

/* The first name that is not less, letter case ignored. */
static unsigned first_of(const LintNames *names, Str name) {
  unsigned from = 0, to = names->n;
  while (from < to) {
    unsigned middle = from + (to - from) / 2;
    if (compare_nocase(str_of(names->p[middle]), name) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

bool lint_names_have(const LintNames *names, Str name) {
  for (unsigned i = first_of(names, name); i < names->n && str_eq_nocase(str_of(names->p[i]), name); i++)
    if (str_is(name, names->p[i])) return true;
  return false;
}

const char *lint_names_case(const LintNames *names, Str name) {
  unsigned i = first_of(names, name);
  return i < names->n && str_eq_nocase(str_of(names->p[i]), name) ? names->p[i] : NULL;
}

unsigned lint_edits(Str word, const char *known) {
  Str other = str_of(known);
  size_t longer = word.n > other.n ? word.n - other.n : other.n - word.n;
  unsigned most = word.n < 4 ? 1 : 2;
  if (longer > most) return 3;
  unsigned edits = str_distance(word, other, most);
  return edits > most ? 3 : edits;
}

const char *lint_names_near(const LintNames *names, Str name) {
  const char *best = NULL;
  unsigned least = 3;
  for (unsigned i = 0; i < names->n; i++) {
    unsigned edits = lint_edits(name, names->p[i]);
    if (edits < least) best = names->p[i], least = edits;
  }
  return best;
}
