/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "compiler/budget.h"

Test(budget, a_rule_has_its_own_allowance) {
  Arena a = {0};
  Diags d = {.arena = &a};
  Budget b;
  budget_init(&b, &d);
  budget_open(&b, (Span){0}, 1000);
  uint64_t allowance = b.allowance;
  cr_expect(budget_take(&b, allowance));
  budget_close(&b);
  cr_expect_eq(b.pool, LIMIT_SET_EXPANSION, "what the text pays for leaves the pool alone");
  budget_open(&b, (Span){0}, 1000);
  cr_expect(budget_take(&b, allowance) && budget_take(&b, 5));
  budget_close(&b);
  cr_expect_eq(b.pool, LIMIT_SET_EXPANSION - 5);
  cr_expect_eq(d.errors, 0);
  arena_free(&a);
}

Test(budget, hostile_rules_cannot_starve_others) {
  Arena a = {0};
  Diags d = {.arena = &a};
  Budget b;
  budget_init(&b, &d);
  uint32_t rules = 0;
  for (; rules < 100; rules++) {
    budget_open(&b, (Span){0}, 10);
    cr_expect(!budget_take(&b, UINT64_MAX) && !budget_take(&b, UINT64_MAX) && !budget_take(&b, 1), "more than there is");
    budget_close(&b);
  }
  cr_expect_eq(d.errors, rules, "said once per rule");
  cr_expect_eq(b.pool, 0);
  budget_open(&b, (Span){0}, 10);
  cr_expect(budget_take(&b, b.allowance), "an ordinary rule still compiles");
  budget_close(&b);
  arena_free(&a);
}
