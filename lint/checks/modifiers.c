/* SPDX-License-Identifier: MIT
 * Chains of modifiers that the compiler takes, but that are doubtful or without meaning. */
#include "compiler/modifiers.h"

#include "base/limits.h"
#include "lint/checks/fixes.h"
#include "lint/checks/values.h"

/* wide and utf16le, or i and ignorecase, are the same. */
static bool same_modifier(Str a, Str b) {
  const Modifier *x = modifier_find(a), *y = modifier_find(b);
  return x && y && (x == y || (x->apply && x->apply == y->apply && x->param == y->param));
}

/* What changes the value may change it again. */
static bool says_nothing_twice(Str name) {
  static const char *const names[] = {"contains",   "startswith", "endswith",  "all", "cased", "i",
                                      "ignorecase", "m",          "multiline", "s",   "dotall"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_is(name, names[i])) return true;
  return false;
}

/* Base64 of Base64 may be meant; the compiler says what it thinks of it. */
static void check_repeated(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  for (uint32_t i = 1; i < item->n_modifiers; i++) {
    const LintModifier *m = &item->modifiers[i];
    uint32_t k = 0;
    while (k < i && !same_modifier(item->modifiers[k].name, m->name)) k++;
    if (k == i || str_is(m->name, "base64")) continue;
    lint_report(l, CHECK_modifier_repeated, m->at, "`" STR_FMT "` is given twice", STR_ARG(m->name));
    lint_hint(l, "delete the second");
    if (fix_drop_modifier(l, at, i) && says_nothing_twice(m->name)) lint_fix_safe(l);
  }
}

static bool is_substring(Str name) { return str_is(name, "contains") || str_is(name, "startswith") || str_is(name, "endswith"); }

/* Of contains, startswith and endswith, the compiler takes two: each opens its ends of the value. */
static void check_substring(Lint *l, const LintItem *item) {
  Str first = {0};
  for (uint32_t i = 0; i < item->n_modifiers; i++) {
    Str name = item->modifiers[i].name;
    if (!is_substring(name)) continue;
    if (first.n && !str_eq(first, name)) {
      lint_report(l, CHECK_modifier_conflict, item->modifiers[i].at, "`" STR_FMT "` and `" STR_FMT "` exclude each other",
                  STR_ARG(first), STR_ARG(name));
      lint_hint(l, "keep one of the two; `contains` includes both others");
    }
    if (!first.n) first = name;
  }
}

/* `contains|windash` is common, and means the same as `windash|contains`: it is reported to those who ask for it. */
static bool late(const Lint *l, Str name) {
  if (str_is(name, "windash")) return l->profile == PROFILE_ALL || l->wish[CHECK_modifier_order] > 0;
  return str_is(name, "base64") || str_is(name, "base64offset");
}

/* `contains|windash`: what changes the value belongs before what says where it stands. `all|contains`: last. */
static void check_order(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  const LintModifier *open = NULL, *all = NULL;
  for (uint32_t i = 0; i < item->n_modifiers; i++) {
    const LintModifier *m = &item->modifiers[i];
    if (open && late(l, m->name)) {
      lint_report(l, CHECK_modifier_order, m->at, "`" STR_FMT "` stands behind `" STR_FMT "`", STR_ARG(m->name),
                  STR_ARG(open->name));
      lint_hint(l, "write `" STR_FMT "|" STR_FMT "`", STR_ARG(m->name), STR_ARG(open->name));
      fix_move_modifier(l, at, m, open);
      if (str_is(m->name, "windash")) lint_fix_safe(l);
    }
    if (all && is_substring(m->name)) {
      lint_report(l, CHECK_modifier_order, all->at, "`all` stands in front of `" STR_FMT "`", STR_ARG(m->name));
      lint_hint(l, "write `" STR_FMT "|all`", STR_ARG(m->name));
      fix_move_modifier(l, at, all, m);
      lint_fix_safe(l);
      all = NULL;
    }
    if (!open && is_substring(m->name)) open = m;
    if (str_is(m->name, "all")) all = m;
  }
}

static const LintModifier *find(const LintItem *item, const char *name) {
  for (uint32_t i = 0; i < item->n_modifiers; i++)
    if (str_is(item->modifiers[i].name, name)) return &item->modifiers[i];
  return NULL;
}

/* Each is tried by itself. */
static void check_all(Lint *l, const LintItem *item) {
  const LintModifier *all = find(item, "all");
  if (all && item->n_values > 1 && find(item, "re"))
    lint_report(l, CHECK_all_with_re, all->at, "every one of these regular expressions must match");
}

static void check_offset(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  const LintModifier *offset = find(item, "base64offset");
  if (!offset || find(item, "contains")) return;
  lint_report(l, CHECK_base64offset_without_contains, offset->at,
              "`base64offset` without `contains`: other characters stand around the value");
  lint_hint(l, "write `base64offset|contains`");
  bool last = offset == &item->modifiers[item->n_modifiers - 1];
  fix_insert_modifier(l, at, "contains", last ? NULL : offset + 1);
}

void check_modifiers(Lint *l, const LintAt *at) {
  if (!at->item->n_modifiers || at->item->n_modifiers > LIMIT_MODIFIERS) return; /* the compiler refuses more */
  check_repeated(l, at);
  check_substring(l, at->item);
  check_order(l, at);
  check_all(l, at->item);
  check_offset(l, at);
}
