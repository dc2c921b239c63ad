/* SPDX-License-Identifier: MIT */
#include "backends/correlation.h"

bool kql_correlation(Joint *j, Query *out) {
  (void)out;
  joint_refuse(j, j->rule->at, "the rules that it joins are translated, each alone", "correlations are not translated to KQL yet");
  return false;
}
