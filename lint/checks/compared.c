/* SPDX-License-Identifier: MIT
 * Values of one list against each other: of two that any may hold the narrower one adds nothing, of two that must both hold the
 * wider one. */
#include <stdlib.h>

#include "lint/checks/lowered.h"
#include "lint/edit.h"
#include "lint/facts.h"

enum { BUDGET = 1000000 };

/* ASCII letters and digits of the literals of a value, folded, as bits: what a value needs, all those that it covers have. Rules most pairs out
 * before facts are asked; where it says nothing it is 0 or all bits. */
typedef struct {
  uint64_t needs, has;
} Letters;

typedef struct {
  Lint *l;
  const LintAt *at;
  Facts *facts; /* made when first wanted */
  Arena *scratch;
  Letters *letters; /* of the values of the present item */
} Comparing;

/* The value goes from its list. Under `all` not where one is left, which `all` does not take. */
static void drop(const Comparing *c, const IrItem *item, const IrValue *v) {
  const LintItem *written = c->l->kept ? lowered_item(c->at, item) : NULL;
  if (!written || !written->is_list || (item->all && item->n_values < 3)) return;
  edit_drop_item(c->l, c->at->file, written->node, (uint32_t)(v - item->values));
}

static Str value_text(const IrValue *v) { return v->node ? v->node->text : STR(""); }

/* --- networks ----------------------------------------------------------------------------------------------------------- */

typedef struct {
  const Net *net;
  uint32_t i;
} Numbered;

/* What lies in a network comes behind it; of equal ones the later. */
static int by_network(const void *x, const void *y) {
  const Numbered *a = x, *b = y;
  if (a->net->v4 != b->net->v4) return a->net->v4 ? -1 : 1;
  int order = memcmp(a->net->base.bytes, b->net->base.bytes, sizeof a->net->base.bytes);
  if (order) return order;
  if (a->net->bits != b->net->bits) return a->net->bits < b->net->bits ? -1 : 1;
  return (a->i > b->i) - (a->i < b->i);
}

static bool is_network(const IrValue *v) { return v->n_alts == 1 && v->alts[0].pred == PRED_CIDR; }

static void report_network(const Comparing *c, const IrItem *item, const IrValue *inner, const IrValue *outer) {
  if (str_eq(value_text(inner), value_text(outer))) return; /* duplicate-value says so */
  lint_report(c->l, CHECK_cidr_overlap, inner->at, "`" STR_FMT "` lies inside of `" STR_FMT "`, which is in the list too",
              STR_ARG(value_text(inner)), STR_ARG(value_text(outer)));
  lint_hint(c->l, "delete it: `" STR_FMT "` is in line %u", STR_ARG(value_text(outer)), lowered_line(c->l, outer->at));
  drop(c, item, inner);
}

static void compare_networks(const Comparing *c, const IrItem *item) {
  Numbered *nets = arena_array(c->scratch, Numbered, item->n_values);
  uint32_t n = 0, outer = 0;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (is_network(&item->values[i])) nets[n++] = (Numbered){&item->values[i].alts[0].net, i};
  if (n < 2) return;
  qsort(nets, n, sizeof *nets, by_network);
  for (uint32_t k = 1; k < n; k++) {
    if (nets[k].net->v4 == nets[outer].net->v4 && net_contains(nets[outer].net, &nets[k].net->base))
      report_network(c, item, &item->values[nets[k].i], &item->values[nets[outer].i]);
    else outer = k;
  }
}

/* --- values of any kind -------------------------------------------------------------------------------------------------- */

/* Texts without wildcards are the same or have nothing in common, and the same ones are found by other checks. So it is with numbers. */
static bool comparable(const IrItem *item) {
  unsigned kinds = 0;
  for (uint32_t i = 0; i < item->n_values; i++) {
    for (uint32_t k = 0; k < item->values[i].n_alts; k++) {
      const IrTest *t = &item->values[i].alts[k];
      if (t->pred == PRED_RE || t->pred == PRED_CIDR) continue;
      kinds |= t->pred == PRED_NUMBER ? 1u : t->pred == PRED_GLOB && !pattern_has_wildcard(&t->pattern) ? 2u : 4u;
    }
  }
  return kinds & 4u || kinds == 3u;
}

/* Placeholder lists without values hold nothing; null and existence are tests of another kind. */
static bool is_value(const IrValue *v) {
  return v->n_alts && pred_info[v->alts[0].pred].scope == SCOPE_VALUE && v->alts[0].pred != PRED_CIDR && v->alts[0].pred != PRED_RE;
}

static Letters letters_of(const IrValue *v) {
  Letters out = {0, UINT64_MAX};
  uint64_t bits = 0;
  if (v->n_alts != 1 || v->alts[0].pred != PRED_GLOB) return out;
  const Pattern *p = &v->alts[0].pattern;
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->p[i].kind == PAT_PLACEHOLDER) return out;
    for (size_t k = 0; p->p[i].kind == PAT_LITERAL && k < p->p[i].text.n; k++) {
      char b = ascii_lower(p->p[i].text.p[k]);
      if (ascii_letter(b)) bits |= (uint64_t)1 << (b - 'a');
      if (ascii_digit(b)) bits |= (uint64_t)1 << (26 + b - '0');
    }
  }
  return (Letters){bits, bits};
}

static bool covers(const Comparing *c, const IrItem *item, uint32_t narrow, uint32_t wide) {
  if (c->letters[wide].needs & ~c->letters[narrow].has) return false;
  return facts_value_implies(c->facts, item, &item->values[narrow], &item->values[wide]);
}

/* Of two that say the same the later one; where they are written alike, duplicate-value says so. */
static bool superfluous(const Comparing *c, const IrItem *item, uint32_t i, uint32_t k) {
  const IrValue *v = &item->values[i], *other = &item->values[k];
  uint32_t narrow = item->all ? k : i, wide = item->all ? i : k;
  if (!covers(c, item, narrow, wide) || !is_value(other)) return false;
  return !covers(c, item, wide, narrow) || (k < i && !str_eq_nocase(value_text(v), value_text(other)));
}

/* `007`: other programs compare it as it is written. */
static bool is_respelled(const IrValue *v) {
  const YamlNode *n = v->node;
  return n && (n->type == SCALAR_INT || n->type == SCALAR_FLOAT) && !str_eq(n->text, n->number);
}

/* A value that covers all texts is the one at fault: the others say what was meant. */
static bool covers_all(const IrItem *item, const IrValue *v) {
  Str s = value_text(v);
  size_t i = 0;
  while (i < s.n && s.p[i] == '*') i++;
  return !item->all && v->node && i == s.n;
}

static void report_value(const Comparing *c, const IrItem *item, const IrValue *v, const IrValue *other) {
  lint_report(c->l, CHECK_value_subsumed, v->at,
              item->all ? "`" STR_FMT "` adds nothing: where `" STR_FMT "` is, it is too"
                        : "`" STR_FMT "` adds nothing: `" STR_FMT "` covers it",
              STR_ARG(value_text(v)), STR_ARG(value_text(other)));
  lint_hint(c->l, "delete it: `" STR_FMT "` is in line %u", STR_ARG(value_text(other)), lowered_line(c->l, other->at));
  if (!is_respelled(v) && !is_respelled(other) && !covers_all(item, other)) drop(c, item, v);
}

static void compare_values(Comparing *c, const IrItem *item) {
  c->letters = arena_array(c->scratch, Letters, item->n_values);
  for (uint32_t i = 0; i < item->n_values; i++) c->letters[i] = letters_of(&item->values[i]);
  for (uint32_t i = 0; i < item->n_values; i++) {
    uint32_t k = 0;
    if (!is_value(&item->values[i])) continue;
    while (k < item->n_values && c->facts->budget && (k == i || !superfluous(c, item, i, k))) k++;
    if (k < item->n_values && c->facts->budget) report_value(c, item, &item->values[i], &item->values[k]);
  }
}

/* --- items ----------------------------------------------------------------------------------------------------------------- */

static void compare_item(void *ctx, IrNode *n) {
  Comparing *c = ctx;
  const IrItem *item = n->item;
  if (n->kind != IR_ITEM || item->n_values < 2 || item->open) return;
  if (!item->all && is_network(&item->values[0]) && lint_enabled(c->l, CHECK_cidr_overlap)) compare_networks(c, item);
  if (lint_enabled(c->l, CHECK_value_subsumed) && comparable(item)) compare_values(c, item);
}

void check_values_compared(Lint *l, const LintAt *at) {
  Facts facts;
  Comparing c = {l, at, &facts, arena_sub(l->arena), NULL};
  facts_init(&facts, c.scratch, &l->data.sources, at->doc->rule);
  facts.budget = BUDGET;
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) ir_walk(at->ir->selections[i], compare_item, &c);
  arena_sub_done(c.scratch);
}
