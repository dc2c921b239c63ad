/* SPDX-License-Identifier: MIT
 * A match is: the number of its rule; for each of its needs the length of the text and 1, or 0 for no value, and the text. Numbers
 * are 32 bits, in the order of this machine. */
#include "runtime/correlate/facts.h"

/* --- writing ------------------------------------------------------------------------------------------------- */

static void put(Buf *out, uint32_t number) { buf_bytes(out, &number, sizeof number); }

static Value *first_text(const FieldValues *found) {
  for (uint32_t i = 0; i < found->n; i++)
    if (value_has_text(found->values[i])) return found->values[i];
  return NULL;
}

static void put_value(Buf *out, Scanner *s, uint32_t field) {
  Value *v = first_text(event_field(&s->vm.event, field));
  Str text = v ? value_text(v, &s->scratch) : (Str){0};
  if (text.n >= UINT32_MAX) v = NULL; /* no event is so long */
  put(out, v ? (uint32_t)text.n + 1 : 0);
  if (v) buf_str(out, text);
}

void facts_add(Buf *out, Scanner *s, uint32_t rule) {
  const Program *p = s->vm.program;
  const RuleRec *r = &p->RULES[rule];
  if (!r->correlated) return;
  put(out, rule);
  for (uint32_t i = 0; i < r->needs.n; i++) put_value(out, s, p->FIELDIDS[r->needs.first + i]);
}

/* --- reading ------------------------------------------------------------------------------------------------- */

void facts_open(FactsReader *r, const Program *p, Str facts, Arena *arena) {
  *r = (FactsReader){.program = p, .rest = facts, .arena = arena};
}

static bool take(FactsReader *r, uint32_t *number) {
  if (r->rest.n < sizeof *number) return false;
  memcpy(number, r->rest.p, sizeof *number);
  r->rest = str_from(r->rest, sizeof *number);
  return true;
}

static bool take_value(FactsReader *r, Fact *out) {
  uint32_t n;
  *out = (Fact){0};
  if (!take(r, &n)) return false;
  if (!n--) return true;
  if (n > r->rest.n) return false;
  *out = (Fact){str_sub(r->rest, 0, n), true};
  r->rest = str_from(r->rest, n);
  return true;
}

/* Nothing is read from where the bytes are none. */
static bool nothing_more(FactsReader *r) {
  r->rest.n = 0;
  return false;
}

bool facts_next(FactsReader *r) {
  const Program *p = r->program;
  uint32_t rule;
  if (!r->rest.n) return false;
  if (!take(r, &rule) || rule >= p->n_RULES || !p->RULES[rule].correlated) return nothing_more(r);
  uint32_t n = p->RULES[rule].needs.n;
  if (n > r->room) {
    r->values = arena_array(r->arena, Fact, n);
    r->room = n;
  }
  for (uint32_t i = 0; i < n; i++)
    if (!take_value(r, &r->values[i])) return nothing_more(r);
  r->rule = rule;
  return true;
}

Fact facts_field(const FactsReader *r, uint32_t field) {
  ListRef needs = r->program->RULES[r->rule].needs;
  const uint32_t *ids = r->program->FIELDIDS + needs.first;
  uint32_t low = 0, high = needs.n;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (ids[middle] < field) low = middle + 1;
    else high = middle;
  }
  return low < needs.n && ids[low] == field ? r->values[low] : (Fact){0};
}
