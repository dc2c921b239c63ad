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

static bool can_fix(const RegexItem *item, const RegexPlain *plain) {
  const LintItem *x = item->at->item;
  if (!x->key->exact || !x->n_modifiers || !str_is(x->modifiers[0].name, "re")) return false;
  if (plain->kind == PLAIN_EQUAL && lint_has_modifier(x, "all")) return false; /* all-without-contains */
  for (uint32_t i = 0; i < item->n; i++)
    if (!regex_can_rewrite(item, item->values[i].node)) return false;
  return true;
}

/* A list is written again as a whole or not at all: one key has one kind of values. */
static void fix_plain(Lint *l, const RegexItem *item, const RegexPlain *plain) {
  const LintItem *x = item->at->item;
  Span at = x->modifiers[0].at;
  at.start--; /* its bar */
  at.end = x->modifiers[x->n_modifiers - 1].at.end;
  lint_fix(l, at, plain_key(item, plain));
  for (uint32_t i = 0; i < item->n; i++) regex_rewrite(l, item, item->values[i].node, plain_value(item, &plain[i]));
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
static bool all_alike(const RegexPlain *plain, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (plain[i].kind == PLAIN_NONE || plain[i].kind != plain[0].kind || plain[i].cased != plain[0].cased) return false;
  return n;
}

void regex_check_plain(Lint *l, const RegexItem *item) {
  RegexPlain *plain = arena_array(item->arena, RegexPlain, item->n);
  for (uint32_t i = 0; i < item->n; i++)
    if (item->values[i].root) plain[i] = regex_plain(item->values[i].root, item->values[i].node->text, item->arena);
  if (all_alike(plain, item->n)) {
    report_plain(l, item, 0, plain, true);
    if (can_fix(item, plain)) fix_plain(l, item, plain);
    return;
  }
  for (uint32_t i = 0; i < item->n; i++)
    if (plain[i].kind != PLAIN_NONE) report_plain(l, item, i, &plain[i], false);
}

/* --- `.*` at an end ------------------------------------------------------------------------------------------ */

static void check_value(Lint *l, const RegexItem *item, const RegexValue *v) {
  Str pattern = v->node->text, value;
  RegexAffix affix = regex_affix(v->root, pattern, item->arena);
  RegexTree tree;
  if ((!affix.start && !affix.end) || regex_always_matches(v->root, item->arena)) return;
  if (lint_enabled(l, CHECK_regex_plain) && regex_plain(v->root, pattern, item->arena).kind != PLAIN_NONE) return; /* says more */
  if (!regex_parse(&tree, affix.rest, item->flags, item->arena)) return;
  lint_report(l, CHECK_regex_redundant_affix, v->node->at, "`.*` at the %s of the pattern changes nothing: it is searched anywhere",
              affix.start && affix.end ? "start and the end"
              : affix.start            ? "start"
                                       : "end");
  if (!regex_quoted(&value, affix.rest, item->arena)) return;
  lint_hint(l, "write " STR_FMT, STR_ARG(value));
  if (regex_can_rewrite(item, v->node)) regex_rewrite(l, item, v->node, affix.rest);
}

void regex_check_affix(Lint *l, const RegexItem *item) {
  for (uint32_t i = 0; i < item->n; i++)
    if (item->values[i].root) check_value(l, item, &item->values[i]);
}
