/* SPDX-License-Identifier: MIT */
#include "compiler/ir.h"

#include <stdio.h>

static IrNode *node(Arena *a, IrKind kind, Span at) {
  IrNode *n = arena_new(a, IrNode);
  n->kind = kind;
  n->at = at;
  return n;
}

IrNode *ir_const(Arena *a, Span at, bool truth) {
  IrNode *n = node(a, IR_CONST, at);
  n->truth = truth;
  return n;
}

IrNode *ir_not(Arena *a, Span at, IrNode *kid) {
  IrNode *n = node(a, IR_NOT, at);
  n->kids = arena_new(a, IrNode *);
  n->kids[0] = kid;
  n->n_kids = 1;
  return n;
}

IrNode *ir_join(Arena *a, Span at, IrKind kind, IrNode **kids, uint32_t n_kids) {
  if (n_kids == 1) return kids[0];
  IrNode *n = node(a, kind, at);
  n->kids = kids;
  n->n_kids = n_kids;
  return n;
}

IrNode *ir_item(Arena *a, Span at, IrItem *item) {
  IrNode *n = node(a, IR_ITEM, at);
  n->item = item;
  return n;
}

static IrItem *copy_item(Arena *a, const IrItem *item) {
  IrItem *out = arena_new(a, IrItem);
  *out = *item;
  out->values = arena_array(a, IrValue, item->n_values);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrValue *v = &item->values[i];
    out->values[i] = *v;
    out->values[i].alts = arena_array(a, IrTest, v->n_alts);
    if (v->n_alts) memcpy(out->values[i].alts, v->alts, v->n_alts * sizeof *v->alts);
  }
  return out;
}

IrNode *ir_copy(Arena *a, const IrNode *n) {
  IrNode *out = arena_new(a, IrNode);
  *out = *n;
  if (n->kind == IR_ITEM) out->item = copy_item(a, n->item);
  out->kids = arena_array(a, IrNode *, n->n_kids);
  for (uint32_t i = 0; i < n->n_kids; i++) out->kids[i] = ir_copy(a, n->kids[i]);
  return out;
}

void ir_walk(IrNode *n, void (*fn)(void *ctx, IrNode *node), void *ctx) {
  fn(ctx, n);
  for (uint32_t i = 0; i < n->n_kids; i++) ir_walk(n->kids[i], fn, ctx);
}

bool ir_octets(Net *out, const IrTest *t) {
  uint32_t dots = 0;
  char text[64];
  if (t->pred != PRED_PREFIX || !str_ends(t->text, STR(".")) || t->text.n > 12) return false;
  for (size_t i = 0; i < t->text.n; i++) dots += t->text.p[i] == '.';
  if (dots > 3) return false;
  const char *rest = dots == 1 ? "0.0.0" : dots == 2 ? "0.0" : "0", *why;
  int n = snprintf(text, sizeof text, STR_FMT "%s/%u", STR_ARG(t->text), rest, (unsigned)(8 * dots));
  return net_parse(out, (Str){text, (size_t)n}, &why) && out->v4;
}

/* --- printing ---------------------------------------------------------------------------------------------- */

/* The plain text is written first, then quoted behind itself, where there is room: it must not move meanwhile. */
static void print_pattern(Buf *out, const Pattern *p) {
  enum { LONGEST_ESCAPE = 6 };
  size_t start = out->n;
  pattern_write(out, p);
  size_t n = out->n - start;
  buf_reserve(out, LONGEST_ESCAPE * n + 2);
  buf_quoted(out, (Str){out->p + start, n});
  memmove(out->p + start, out->p + start + n, out->n - start - n);
  out->n -= n;
}

static void print_ref(Buf *out, const IrTest *t) {
  static const char *const modes[] = {"equal to ", "ending with ", "starting with ", "containing "};
  buf_str(out, str_of(modes[t->flags & REF_FLAGS]));
  buf_str(out, t->text);
}

static void print_operand(Buf *out, const IrTest *t) {
  switch (pred_info[t->pred].operand) {
  case OPERAND_NONE: break;
  case OPERAND_TEXT: buf_quoted(out, t->text); break;
  case OPERAND_PATTERN: print_pattern(out, &t->pattern); break;
  case OPERAND_REGEX:
    buf_quoted(out, t->text);
    if (t->flags)
      buf_printf(out, " flags %s%s%s", t->flags & REGEX_IGNORECASE ? "i" : "", t->flags & REGEX_MULTILINE ? "m" : "",
                 t->flags & REGEX_DOTALL ? "s" : "");
    break;
  case OPERAND_NET:
  case OPERAND_NUMBER: buf_str(out, t->text); break;
  case OPERAND_BOOL: buf_str(out, t->truth ? STR("true") : STR("false")); break;
  case OPERAND_FIELD: print_ref(out, t); break;
  case OPERAND_TIME:
    buf_printf(out, "%s %s ", time_part_name[t->part], compare_sign[t->compare]);
    buf_str(out, t->text);
    break;
  }
  if (t->cased) buf_str(out, STR(" cased"));
}

void ir_print_test(Buf *out, const IrItem *item, const IrTest *t) {
  buf_str(out, item->any_field ? STR("<any value>") : item->field);
  buf_printf(out, " %s ", pred_info[t->pred].word);
  print_operand(out, t);
  while (out->n && out->p[out->n - 1] == ' ') out->n--;
}

static void indent(Buf *out, unsigned depth) {
  for (unsigned i = 0; i < depth; i++) buf_str(out, STR("  "));
}

static void print_item(Buf *out, const IrItem *item, unsigned depth) {
  bool list = item->n_values != 1;
  if (list) {
    indent(out, depth++);
    buf_str(out, item->all ? STR("all\n") : STR("any\n"));
  }
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrValue *v = &item->values[i];
    if (v->n_alts != 1) {
      indent(out, depth);
      buf_str(out, STR("one of\n"));
    }
    for (uint32_t k = 0; k < v->n_alts; k++) {
      indent(out, depth + (v->n_alts != 1));
      ir_print_test(out, item, &v->alts[k]);
      buf_char(out, '\n');
    }
  }
}

static void print_node(Buf *out, const IrNode *n, unsigned depth) {
  static const char *const words[] = {"", "not", "and", "or", ""};
  switch (n->kind) {
  case IR_ITEM: print_item(out, n->item, depth); return;
  case IR_CONST:
    indent(out, depth);
    buf_str(out, n->truth ? STR("true\n") : STR("false\n"));
    return;
  case IR_NOT:
  case IR_AND:
  case IR_OR:
    indent(out, depth);
    buf_printf(out, "%s\n", words[n->kind]);
    for (uint32_t i = 0; i < n->n_kids; i++) print_node(out, n->kids[i], depth + 1);
  }
}

void ir_print(Buf *out, const IrNode *n) { print_node(out, n, 0); }
