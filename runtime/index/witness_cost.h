/* SPDX-License-Identifier: MIT
 * What a predicate costs as a witness: of how many events it makes its rule a candidate, and what it takes to look for it. */
#ifndef SIGMAC_RUNTIME_INDEX_WITNESS_COST_H
#define SIGMAC_RUNTIME_INDEX_WITNESS_COST_H

#include "runtime/index/stats.h"

/* By predicate; infinite where no index can find it. In the arena. */
const float *witness_costs(const Program *p, const Stats *stats, Arena *a);

#endif
