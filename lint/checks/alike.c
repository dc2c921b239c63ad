/* SPDX-License-Identifier: MIT
 * Selections of a rule, and rules, that say the same (lint/canon.h). */
#include <stdlib.h>

#include "lint/canon.h"
#include "lint/checks/lowered.h"
#include "lint/checks/set.h"

/* --- selections ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  Canon canon;
  uint32_t i;
} Numbered;

static int by_canon(const void *x, const void *y) {
  const Numbered *a = x, *b = y;
  if (a->canon.a != b->canon.a) return a->canon.a < b->canon.a ? -1 : 1;
  if (a->canon.b != b->canon.b) return a->canon.b < b->canon.b ? -1 : 1;
  return (a->i > b->i) - (a->i < b->i);
}

static void report_selection(Lint *l, const Detection *first, const Detection *again) {
  if (first->node == again->node) return; /* an alias of YAML, or a document that `action` merged */
  lint_report(l, CHECK_duplicate_selection, again->name_at, "`" STR_FMT "` says the same as `" STR_FMT "` in line %u",
              STR_ARG(again->name), STR_ARG(first->name), lowered_line(l, first->name_at));
  lint_hint(l, "delete one of the two, and its name in the condition");
}

static void compare_selections(Lint *l, const Rule *rule, const Canon *canons, Arena *scratch) {
  uint32_t n = rule->n_detections, first = 0;
  Numbered *sorted = arena_array(scratch, Numbered, n);
  for (uint32_t i = 0; i < n; i++) sorted[i] = (Numbered){canons[i], i};
  if (n) qsort(sorted, n, sizeof *sorted, by_canon);
  for (uint32_t i = 1; i < n; i++) {
    if (!canon_same(sorted[i].canon, sorted[first].canon)) first = i;
    else report_selection(l, &rule->detections[sorted[first].i], &rule->detections[sorted[i].i]);
  }
}

/* --- rules ------------------------------------------------------------------------------------------------------------------ */

typedef struct {
  Canon canon;
  uint32_t doc, next; /* next: of the same slot, and 1; 0: none */
} AlikeRule;

struct LintAlike {
  VEC(AlikeRule) rules;
  uint32_t *slots, n_slots; /* a power of two */
};

static void make_slots(Lint *l, LintAlike *t, uint32_t n) {
  t->n_slots = n;
  t->slots = arena_array(l->arena, uint32_t, n);
  for (uint32_t i = 0; i < t->rules.n; i++) {
    uint32_t *slot = &t->slots[t->rules.p[i].canon.a & (n - 1)];
    t->rules.p[i].next = *slot;
    *slot = i + 1;
  }
}

static void remember(Lint *l, LintAlike *t, Canon canon, uint32_t doc) {
  if (t->rules.n >= t->n_slots) make_slots(l, t, t->n_slots ? 4 * t->n_slots : 1024);
  uint32_t *slot = &t->slots[canon.a & (t->n_slots - 1)];
  *vec_add(l->arena, &t->rules) = (AlikeRule){canon, doc, *slot};
  *slot = t->rules.n;
}

static bool same_source(const Logsource *x, const Logsource *y) {
  for (LintPart part = 0; part < LINT_COUNT; part++)
    if (!str_eq_nocase(lint_rule_part(x, part)->text, lint_rule_part(y, part)->text)) return false;
  return true;
}

static Span detection_at(const LintDoc *doc) { return yaml_get(doc->root, "detection")->at; }

/* Documents that have the detection through `action`, and rules of which duplicate-detection speaks. */
static bool told_already(Lint *l, const LintDoc *doc, const LintDoc *other) {
  Span x = detection_at(doc), y = detection_at(other);
  return (x.file == y.file && x.start == y.start) || set_same_detection(doc, other, l->arena);
}

static void report_rule(Lint *l, const LintDoc *doc, const LintDoc *other) {
  bool same = same_source(&doc->rule->logsource, &other->rule->logsource);
  lint_report(l, CHECK_near_duplicate, detection_at(doc),
              same ? "another rule says the same in other words" : "another rule says the same of another log source");
  lint_hint(l, "the other one is in " STR_FMT ":%u", STR_ARG(other->file->path), lowered_line(l, detection_at(other)));
}

/* A rule is compared with few others: where many say the same, one of them is enough. */
static void compare_rule(Lint *l, const LintDoc *doc, Canon canon) {
  enum { MOST = 16 };
  if (!l->alike) l->alike = arena_new(l->arena, LintAlike);
  LintAlike *t = l->alike;
  const LintDoc *found = NULL;
  uint32_t compared = 0, at = t->n_slots ? t->slots[canon.a & (t->n_slots - 1)] : 0;
  for (; at && compared < MOST; at = t->rules.p[at - 1].next) {
    const LintDoc *other = &l->docs.p[t->rules.p[at - 1].doc];
    if (!canon_same(t->rules.p[at - 1].canon, canon)) continue;
    if (told_already(l, doc, other)) return;
    if (!found || same_source(&doc->rule->logsource, &other->rule->logsource)) found = other;
    compared++;
  }
  if (found) report_rule(l, doc, found);
  remember(l, t, canon, (uint32_t)(doc - l->docs.p));
}

void check_alike(Lint *l, const LintAt *at) {
  const Rule *rule = at->doc->rule;
  bool rules = rule->kind == DOC_RULE && l->docs.n > 1 && lint_enabled(l, CHECK_near_duplicate);
  bool selections = rule->n_detections > 1 && lint_enabled(l, CHECK_duplicate_selection);
  if (!rules && !selections) return;
  Arena *scratch = arena_sub(l->arena);
  const Canon *canons = canon_selections(at->ir, scratch);
  if (selections) compare_selections(l, rule, canons, scratch);
  if (rules) compare_rule(l, at->doc, canon_condition(at->ir, canons, scratch));
  arena_sub_done(scratch);
}
