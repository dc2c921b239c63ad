/* SPDX-License-Identifier: MIT
 * Patterns that say no more than a modifier does, and `.*` that says nothing. */
#include "compiler/pattern.h"
#include "lint/checks/regex.h"

static const char *const modifier_of[] = {"", "", "|startswith", "|endswith", "|contains"};

/* --- plain text ---------------------------------------------------------------------------------------------- */

/* Key and value as they would be written: modifiers behind `re` and its flags stay. */
static Str plain_key(const RegexItem *item, const RegexPlain *p) {
  Buf b = {.arena = item->arena};
  const LintItem *x = item->at->item;
  buf_printf(&b, "%s%s", modifier_of[p->kind], p->cased ? "|cased" : "");
  for (uint32_t i = 0; i < x->n_modifiers; i++)
    if (!str_is(x->modifiers[i].name, "re") && !regex_modifier_flag(x->modifiers[i].name))
      buf_printf(&b, "|" STR_FMT, STR_ARG(x->modifiers[i].name));
  return buf_view(&b);
}

/* A backslash is doubled only where it would escape what follows: paths stay as people write them. */
static Str plain_value(const RegexItem *item, const RegexPlain *p) {
  Pattern pattern = pattern_literal(item->arena, p->text), read;
  Buf b = {.arena = item->arena};
  for (size_t i = 0; i < p->text.n; i++) {
    char c = p->text.p[i], next = i + 1 < p->text.n ? p->text.p[i + 1] : 'a';
    if (memchr("*?", c, 2) || (c == '\\' && memchr("*?\\", next, 3))) buf_char(&b, '\\');
    buf_char(&b, c);
  }
  read = pattern_parse(item->arena, buf_view(&b));
  return pattern_same(&read, &pattern) ? buf_view(&b) : pattern_print(item->arena, &pattern);
}

/* A list is written again as a whole or not at all: one key has one kind of values. */
static void fix_plain(Lint *l, const RegexItem *item) {
  const LintItem *x = item->at->item;
  const RegexPlain *first = &item->values[0].plain;
  if (first->kind == PLAIN_EQUAL && lint_has_modifier(x, "all")) return; /* all-without-contains */
  Str key = arena_printf(item->arena, STR_FMT STR_FMT, STR_ARG(x->field), STR_ARG(plain_key(item, first)));
  bool done = regex_edit_key(l, item, key);
  for (uint32_t i = 0; done && i < item->n; i++) done = regex_edit_value(l, item, i, plain_value(item, &item->values[i].plain));
}

static void report_plain(Lint *l, const RegexItem *item, uint32_t i, const RegexPlain *p, bool alone) {
  static const char *const where[] = {"", "is", "begins with", "ends with", "holds"};
  Str field = item->at->item->field, value;
  lint_report(l, CHECK_regex_plain, item->values[i].node->at, "the pattern is found where the text %s `" STR_FMT "`%s",
              where[p->kind], STR_ARG(p->text), p->cased ? " in this letter case" : "");
  if (!regex_quoted(&value, plain_value(item, p), item->arena)) return;
  Str key = plain_key(item, p);
  lint_hint(l, "%s `" STR_FMT STR_FMT "%s" STR_FMT "`%s", alone ? "write" : "an item of its own would be", STR_ARG(field),
            STR_ARG(key), alone && item->n > 1 ? "` and plain values, the first as `" : ": ", STR_ARG(value),
            p->cased && alone ? ", without `|cased` where letter case does not matter" : "");
}

/* All values say plain texts in the same way. */
static bool all_alike(const RegexItem *item) {
  const RegexPlain *first = &item->values[0].plain;
  for (uint32_t i = 0; i < item->n; i++) {
    const RegexPlain *p = &item->values[i].plain;
    if (p->kind == PLAIN_NONE || p->kind != first->kind || p->cased != first->cased) return false;
  }
  return item->n;
}

void regex_check_plain(Lint *l, const RegexItem *item) {
  if (all_alike(item)) {
    report_plain(l, item, 0, &item->values[0].plain, true);
    fix_plain(l, item);
    return;
  }
  for (uint32_t i = 0; i < item->n; i++)
    if (item->values[i].plain.kind != PLAIN_NONE) report_plain(l, item, i, &item->values[i].plain, false);
}

/* --- `.*` at an end ------------------------------------------------------------------------------------------ */

void regex_check_affix(Lint *l, const RegexItem *item) {
  for (uint32_t i = 0; i < item->n; i++) {
    const RegexValue *v = &item->values[i];
    Str value;
    if (!v->affix.start && !v->affix.end) continue;
    if (lint_enabled(l, CHECK_regex_plain) && v->plain.kind != PLAIN_NONE) continue; /* says more */
    lint_report(l, CHECK_regex_redundant_affix, v->node->at,
                "`.*` at the %s of the pattern changes nothing: it is searched anywhere",
                v->affix.start && v->affix.end ? "start and the end"
                : v->affix.start               ? "start"
                                               : "end");
    if (!regex_quoted(&value, v->affix.rest, item->arena)) continue;
    lint_hint(l, "write " STR_FMT, STR_ARG(value));
    regex_edit_value(l, item, i, v->affix.rest);
  }
}
