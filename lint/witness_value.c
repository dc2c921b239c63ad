/* SPDX-License-Identifier: MIT
 * A value that may satisfy what is asked of a field. */
#include <stdio.h>

#include "lint/witness_internal.h"
#include "runtime/net.h"

/* What the facts that must hold ask for. */
typedef struct {
  bool number, text, present, absent, null;
  const IrTest *truth, *net;
  bool cased;
} Wanted;

static void want_truth(Wanted *want, bool exists) {
  if (exists) want->present = true;
  else want->absent = true;
}

static void want_fact(Wanted *want, const WitnessFact *f) {
  const IrTest *t = f->test;
  if (t->pred == PRED_EXISTS) want_truth(want, t->truth == f->holds);
  if (t->pred == PRED_IS_NULL && !f->holds) want->text = true;
  if (!f->holds) return;
  switch (pred_info[t->pred].operand) {
  case OPERAND_NUMBER: want->number = true; return;
  case OPERAND_BOOL:
    if (t->pred == PRED_BOOL) want->truth = t;
    return;
  case OPERAND_NET:
    if (!want->net || want->net->net.bits < t->net.bits) want->net = t;
    return;
  case OPERAND_NONE: want->null = true; return;
  case OPERAND_TEXT:
  case OPERAND_PATTERN:
  case OPERAND_REGEX:
  case OPERAND_FIELD:
  case OPERAND_TIME: break;
  }
  want->text = true;
  want->cased = want->cased || t->cased || t->pred == PRED_RE;
}

/* The lowest address of the network, or one further inside. */
static Str address_in(Witness *w, const Net *n) {
  enum { ALL_BITS = 128 };
  char room[64];
  Net one = {.base = n->base, .bits = ALL_BITS, .v4 = n->v4};
  for (uint32_t i = n->bits; i < ALL_BITS; i++)
    if (witness_pick(w, 2)) one.base.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
  Str text = net_print(&one, room);
  size_t slash = str_find(text, STR("/"), 0);
  return arena_dup(w->arena, slash == SIZE_MAX ? text : str_sub(text, 0, slash));
}

/* Parts of a time that tests name; each may be asked for once. */
static Str time_of(Witness *w, const WitnessField *f) {
  int parts[TIME_PART_COUNT] = {[TIME_DAY] = 15, [TIME_MONTH] = 6, [TIME_YEAR] = 2024, [TIME_HOUR] = 12, [TIME_MINUTE] = 30};
  for (uint32_t i = 0; i < f->facts.n; i++) {
    const IrTest *t = f->facts.p[i].test;
    static const int step[CMP_COUNT] = {[CMP_LT] = -1, [CMP_GT] = 1};
    if (!f->facts.p[i].holds || t->pred != PRED_TIME || t->text.n > 4) continue;
    int n = 0;
    for (size_t k = 0; k < t->text.n; k++) n = n * 10 + (t->text.p[k] - '0');
    parts[t->part] = n + step[t->compare];
  }
  return arena_printf(w->arena, "%04d-%02d-%02dT%02d:%02d:00", parts[TIME_YEAR], parts[TIME_MONTH], parts[TIME_DAY],
                      parts[TIME_HOUR], parts[TIME_MINUTE]);
}

static Str upper(Arena *a, Str s) {
  char *out = arena_array(a, char, s.n);
  for (size_t i = 0; i < s.n; i++) out[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]);
  return (Str){out, s.n};
}

static Str text_of(Witness *w, const WitnessField *f, const Wanted *want) {
  WitnessText text = {.middle = {.arena = w->arena}};
  for (uint32_t i = 0; i < f->facts.n; i++) {
    const IrTest *t = f->facts.p[i].test;
    if (!f->facts.p[i].holds) continue;
    if (t->pred == PRED_TIME) return time_of(w, f);
    if (t->pred == PRED_GLOB) witness_add_pattern(w, &text, &t->pattern);
    if (t->pred == PRED_RE) witness_add_regex(w, &text, t);
  }
  Str out = witness_text(w, &text);
  return !want->cased && witness_pick(w, 4) == 3 ? upper(w->arena, out) : out;
}

static Str quoted(Witness *w, Str s) {
  Buf out = {.arena = w->arena};
  buf_json(&out, s);
  return buf_view(&out);
}

Str witness_value(Witness *w, uint32_t i) {
  const WitnessField *f = &w->fields.p[i];
  Wanted want = {0};
  for (uint32_t k = 0; k < f->facts.n; k++) want_fact(&want, &f->facts.p[k]);
  if (want.number) {
    Str number = witness_number(w, f);
    w->failed = w->failed || !number.n;
    return number;
  }
  if (want.truth) return want.truth->truth ? STR("true") : STR("false");
  if (want.net) return quoted(w, address_in(w, &want.net->net));
  if (want.absent || (want.null && !want.present)) return STR("");
  if (want.null) return STR("null");
  if (want.text || want.present || witness_pick(w, 8) == 7) return quoted(w, text_of(w, f, &want));
  return STR("");
}
