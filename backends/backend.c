/* SPDX-License-Identifier: MIT */
#include "backends/backend.h"

const AssumptionInfo assumption_info[ASSUME_COUNT] = {
#define ASSUMPTION(name, id, by_default, sentence, normalisation) {id, sentence, normalisation, by_default},
#include "backends/assumptions.def"
#undef ASSUMPTION
};

Assumption assumption_find(Str id) {
  int i = 0;
  while (i < ASSUME_COUNT && !str_is(id, assumption_info[i].id)) i++;
  return (Assumption)i;
}
