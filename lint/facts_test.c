/* SPDX-License-Identifier: MIT
 * One test against another, of the same field, by what the tests mean (runtime/pred.def; semantics 5, 9). */
#include "lint/facts_internal.h"

/* Texts of numbers, whatever their spelling, have no other characters; those of addresses neither. */
static const char number_characters[] = "0123456789+-.e", address_characters[] = "0123456789abcdef.:";

bool facts_is_text(const IrTest *t) {
  OperandKind kind = pred_info[t->pred].operand;
  return kind == OPERAND_TEXT || kind == OPERAND_PATTERN || t->pred == PRED_BOOL;
}

/* It holds for a value, which has text. A reference to a field too needs one. */
static bool needs_text(const IrTest *t) { return pred_info[t->pred].scope == SCOPE_VALUE || t->pred == PRED_FIELDREF; }

/* Each value is checked in one way only, so equal operands are equal tests. */
static bool same_operand(const IrTest *a, const IrTest *b) {
  return a->pred == b->pred && a->flags == b->flags && str_eq(a->text, b->text);
}

/* All addresses of x are in y. */
static bool net_inside(const Net *x, const Net *y) {
  Address first = x->base;
  return x->v4 == y->v4 && x->bits >= y->bits && net_contains(y, &first);
}

/* A text of digits: letters could be written otherwise (1E+30). */
static bool is_spelling(Str word, Str number) {
  for (size_t i = 0; i < word.n; i++)
    if (ascii_letter(word.p[i])) return false;
  return str_eq(word, number);
}

static bool word_has_address(Str word, const Net *net) {
  Address a;
  return address_parse(&a, word) && net_contains(net, &a);
}

bool facts_test_implies(Facts *f, const IrTest *a, const IrTest *b) {
  Str word;
  if (a == b) return true;
  if (!facts_pay(f, 1)) return false;
  bool one = facts_is_text(a) && !facts_is_text(b) && facts_text_word(f, a, &word);
  switch (b->pred) {
  case PRED_EXISTS: return b->truth ? needs_text(a) || (a->pred == PRED_EXISTS && a->truth) : a->pred == PRED_EXISTS && !a->truth;
  case PRED_IS_NULL: return a->pred == PRED_IS_NULL || (a->pred == PRED_EXISTS && !a->truth);
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS:
  case PRED_GLOB:
    if (facts_text_all(b)) return needs_text(a);
    return facts_is_text(a) && facts_text_implies(f, a, b);
  case PRED_BOOL: return facts_is_text(a) && facts_text_implies(f, a, b);
  case PRED_NUMBER: return same_operand(a, b) || (one && is_spelling(word, b->text));
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE: return one ? facts_number_has(b, word) : facts_is_number(a) && facts_number_inside(a, b);
  case PRED_TIME: return a->pred == PRED_TIME && a->part == b->part && facts_number_inside(a, b);
  case PRED_CIDR: return one ? word_has_address(word, &b->net) : a->pred == PRED_CIDR && net_inside(&a->net, &b->net);
  case PRED_RE:
  case PRED_FIELDREF: return same_operand(a, b);
  case PRED_COUNT: break;
  }
  return false;
}

/* No number, or address, that satisfies b has a text that fits a. */
static bool text_apart(Facts *f, const IrTest *a, const IrTest *b) {
  Str word;
  bool one = facts_text_word(f, a, &word);
  if (facts_is_text(b)) return facts_text_apart(f, a, b);
  if (facts_is_number(b)) return one ? !facts_number_has(b, word) : facts_text_needs_other(f, a, number_characters);
  if (b->pred == PRED_CIDR) return one ? !word_has_address(word, &b->net) : facts_text_needs_other(f, a, address_characters);
  return false;
}

/* Texts of numbers, addresses and times are never one another's. */
static bool value_apart(Facts *f, const IrTest *a, const IrTest *b) {
  if (facts_is_text(a)) return text_apart(f, a, b);
  if (facts_is_text(b)) return text_apart(f, b, a);
  if (facts_is_number(a)) return facts_is_number(b) ? facts_number_apart(a, b) : b->pred == PRED_CIDR || b->pred == PRED_TIME;
  if (facts_is_number(b)) return a->pred == PRED_CIDR || a->pred == PRED_TIME;
  if (a->pred == PRED_TIME && b->pred == PRED_TIME) return a->part == b->part && facts_number_apart(a, b);
  if (a->pred == PRED_CIDR && b->pred == PRED_CIDR) return !net_inside(&a->net, &b->net) && !net_inside(&b->net, &a->net);
  return false;
}

/* a is of the field as a whole. */
static bool field_apart(const IrTest *a, const IrTest *b) {
  if (a->pred == PRED_IS_NULL) return needs_text(b);
  if (a->pred == PRED_EXISTS)
    return a->truth ? b->pred == PRED_EXISTS && !b->truth : needs_text(b) || (b->pred == PRED_EXISTS && b->truth);
  return false;
}

Apart facts_test_apart(Facts *f, const IrTest *a, const IrTest *b) {
  if (!facts_pay(f, 1)) return APART_NO;
  if (field_apart(a, b) || field_apart(b, a)) return APART_FIELD;
  if (pred_info[a->pred].scope == SCOPE_FIELD || pred_info[b->pred].scope == SCOPE_FIELD) return APART_NO;
  return value_apart(f, a, b) ? APART_VALUE : APART_NO;
}
