/* SPDX-License-Identifier: MIT */
#include "runtime/correlate/aggregate.h"

const Aggregate *const aggregate_of_type[CORR_TYPE_COUNT] = {
  [CORR_EVENT_COUNT] = &aggregate_count,
  [CORR_VALUE_COUNT] = &aggregate_distinct,
  [CORR_TEMPORAL] = &aggregate_temporal,
  [CORR_TEMPORAL_ORDERED] = &aggregate_temporal,
  [CORR_VALUE_SUM] = &aggregate_number,
  [CORR_VALUE_AVG] = &aggregate_number,
  [CORR_VALUE_PERCENTILE] = &aggregate_percentile,
  [CORR_VALUE_MEDIAN] = &aggregate_percentile,
};
