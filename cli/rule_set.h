/* SPDX-License-Identifier: MIT
 * The rules of `eval` as the options select them, and scanners on them. A set may be loaded again while the one before is in
 * use: each has memory of its own. */
#ifndef SIGMAC_CLI_RULE_SET_H
#define SIGMAC_CLI_RULE_SET_H

#include "cli/eval_options.h"
#include "cli/load.h"

typedef struct {
  const EvalOptions *options;
  Arena arena;
  Loaded loaded;
  uint32_t n_rules;
  uint32_t n_correlations; /* numbered behind the rules */
  uint32_t not_selected;   /* rules that are not evaluated, since the options do not select them, nor what rests on them */
  uint32_t n_correlating;  /* correlations that are selected */
  bool *selected;          /* by number, correlations too: what the options select */
  bool *wanted;            /* by number: a selected correlation rests on it */
  int status;              /* EXIT_OK, or EXIT_BAD_INPUT where something was refused; where loading failed, why */
} RuleSet;

/* Loads what -r names; what is wrong is said. False where no rule is left to use. */
bool rule_set_load(RuleSet *s, const EvalOptions *options);
/* Whether something could not be read, so that rules may be missing. */
bool rule_set_partial(const RuleSet *s);
/* Whether a rule or correlation writes what it finds: it is selected, and not silent for a correlation that is evaluated. */
bool rule_set_reports(const RuleSet *s, uint32_t number);
sigmac_scanner *rule_set_scanner(const RuleSet *s);
void rule_set_free(RuleSet *s); /* behind its scanners */

#endif
