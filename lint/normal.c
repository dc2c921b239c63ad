/* SPDX-License-Identifier: MIT */
#include "lint/normal.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/regex_print.h"

/* --- regular expressions --------------------------------------------------------------------------------------- */

/* Trees are not changed. As deep as a tree may be. */
static RegexNode *greedy(Arena *a, const RegexNode *n) {
  RegexNode *out = regex_node(a, n->kind);
  *out = *n;
  out->lazy = false;
  if (n->kind != REGEX_CAT && n->kind != REGEX_ALT && n->kind != REGEX_REPEAT) return out;
  uint32_t kids = n->kind == REGEX_REPEAT ? 1 : n->n;
  out->kids = arena_array(a, RegexNode *, kids);
  for (uint32_t i = 0; i < kids; i++) out->kids[i] = greedy(a, n->kids[i]);
  return out;
}

/* Where `ab` is found, `b` is; and if `a` may be empty, the other way round. */
static RegexNode *without_end(Arena *a, RegexNode *n, bool last) {
  if (n->kind == REGEX_REPEAT && !n->min) return regex_node(a, REGEX_EMPTY);
  if (n->kind == REGEX_ALT)
    for (uint32_t i = 0; i < n->n; i++) n->kids[i] = without_end(a, n->kids[i], last);
  if (n->kind != REGEX_CAT) return n;
  uint32_t from = 0, to = n->n;
  while (from < to) {
    RegexNode **end = &n->kids[last ? to - 1 : from];
    *end = without_end(a, *end, last);
    if ((*end)->kind != REGEX_EMPTY) break;
    if (last) to--;
    else from++;
  }
  return regex_join(a, REGEX_CAT, n->kids + from, to - from);
}

/* `(?im)` in front of all are flags of all, also of what is not portable. */
static void take_flags(IrTest *t) {
  unsigned flags = t->flags;
  size_t i = 2;
  if (!str_starts(t->text, STR("(?"))) return;
  for (; i < t->text.n && strchr("ims", t->text.p[i]) && t->text.p[i]; i++)
    flags |= t->text.p[i] == 'i' ? REGEX_IGNORECASE : t->text.p[i] == 'm' ? REGEX_MULTILINE : REGEX_DOTALL;
  if (i == 2 || i == t->text.n || t->text.p[i] != ')') return;
  t->text = str_from(t->text, i + 1);
  t->flags = flags;
}

static void normal_regex(Arena *a, IrTest *t) {
  RegexTree tree;
  if (t->text.n > LIMIT_REGEX_BYTES || pattern_has_placeholder(&t->pattern)) return;
  if (!regex_parse(&tree, t->text, t->flags, a)) take_flags(t);
  if (!regex_parse(&tree, t->text, t->flags, a) || tree.mended) return;
  RegexNode *root = without_end(a, without_end(a, greedy(a, tree.root), false), true);
  t->text = regex_print_pcre(a, root);
  t->flags = 0;
}

/* --- texts ----------------------------------------------------------------------------------------------------- */

static void normal_text(IrTest *t) {
  bool letters = false;
  for (uint32_t i = 0; i < t->pattern.n; i++) {
    const PatPart *part = &t->pattern.p[i];
    letters |= part->kind == PAT_PLACEHOLDER || (part->kind == PAT_LITERAL && fold_matters(part->text));
  }
  if (!letters) t->cased = false;
}

static void normal_node(void *ctx, IrNode *n) {
  for (uint32_t i = 0; n->kind == IR_ITEM && i < n->item->n_values; i++) {
    const IrValue *v = &n->item->values[i];
    for (uint32_t k = 0; k < v->n_alts; k++) {
      if (v->alts[k].pred == PRED_RE) normal_regex(ctx, &v->alts[k]);
      if (v->alts[k].pred == PRED_GLOB) normal_text(&v->alts[k]);
    }
  }
}

void normal_tests(Arena *arena, IrNode *root) { ir_walk(root, normal_node, arena); }
