/* SPDX-License-Identifier: MIT */
#include "compiler/budget.h"

#include "base/limits.h"

void budget_init(Budget *b, Diags *diags) { *b = (Budget){.pool = LIMIT_SET_EXPANSION, .diags = diags}; }

void budget_open(Budget *b, Span at, uint64_t text_bytes) {
  enum { BASE = 64 << 10, PER_BYTE = 2 * COST_NODE }; /* a value takes two bytes of text at least; used once, it costs this */
  b->allowance = BASE + PER_BYTE * text_bytes;
  b->used = b->charged = 0;
  b->told = false;
  b->at = at;
}

bool budget_take(Budget *b, uint64_t bytes) {
  uint64_t more = b->pool + b->charged < LIMIT_RULE_EXPANSION ? b->pool + b->charged : LIMIT_RULE_EXPANSION;
  b->used = bytes > UINT64_MAX - b->used ? UINT64_MAX : b->used + bytes;
  if (b->used <= b->allowance + more) return true;
  if (!b->told) {
    diag_error(b->diags, ID_rule_too_large, b->at, "the rule is too large once its aliases, selectors and modifiers are expanded");
    diag_hint(b->diags, "split it, or shorten its lists");
  }
  b->told = true;
  return false;
}

static uint64_t excess(const Budget *b) {
  uint64_t more = b->used > b->allowance ? b->used - b->allowance : 0;
  return more < LIMIT_SET_EXPANSION ? more : LIMIT_SET_EXPANSION;
}

void budget_close(Budget *b) {
  uint64_t due = excess(b) - b->charged;
  b->pool -= due < b->pool ? due : b->pool;
  b->charged = excess(b);
}
