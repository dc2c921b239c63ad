/* SPDX-License-Identifier: MIT
 * What is known of a rule without its detection. Absent texts are empty; all texts belong to the program. */
#ifndef SIGMAC_RUNTIME_RULEMETA_H
#define SIGMAC_RUNTIME_RULEMETA_H

#include "runtime/program.h"

typedef struct {
  Str id, title, name, level, status, path;
  const Str *tags;
  uint32_t n_tags;
} RuleMeta;

/* Those of all rules, by number; the lists are in the arena. */
const RuleMeta *rule_metas(const Program *p, Arena *a);

#endif
