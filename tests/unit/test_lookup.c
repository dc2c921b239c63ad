/* SPDX-License-Identifier: MIT */
#include "base/lookup.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/vec.h"

typedef VEC(Str) Texts;

static Str text_of(const void *texts, uint32_t id) { return ((const Texts *)texts)->p[id]; }

Test(lookup, ids_in_order_of_appearance) {
  Arena a = {0};
  Texts texts = {0};
  Lookup t;
  lookup_init(&t, &a, text_of, &texts);
  for (int round = 0; round < 2; round++)
    for (uint32_t i = 0; i < 20000; i++) {
      Str key = arena_printf(&a, "%u", i * 7919);
      uint32_t id = lookup_id(&t, key);
      if (id != i) cr_assert_fail("%u is %u", i, id);
      if (id == texts.n) *vec_add(&a, &texts) = key;
    }
  cr_expect_eq(t.n, 20000);
  cr_expect_eq(lookup_find(&t, STR("7919")), 1);
  cr_expect_eq(lookup_find(&t, STR("7918")), LOOKUP_NONE);
  cr_expect_eq(lookup_find(&t, STR("")), LOOKUP_NONE);
  cr_expect_eq(lookup_id(&t, STR("")), 20000, "no bytes are a key too");
  arena_free(&a);
}
