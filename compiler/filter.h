/* SPDX-License-Identifier: MIT
 * Filters (semantics 11): behind lowering and before pipelines, a rule becomes `rule and filter` for each filter that refers to
 * it and covers its log source (3.2), in the order of documents. A filter is lowered by itself, so neither sees the identifiers
 * of the other. Correlations are not changed; the rules that they count are.
 *
 * What comes of a filter keeps its places in the file of the filter; its selections are called `filter TITLE/NAME`. */
#ifndef SIGMAC_COMPILER_FILTER_H
#define SIGMAC_COMPILER_FILTER_H

#include "compiler/passes.h"

typedef struct Filters Filters;

/* When placeholders of filters get their values: now; with each rule, after pipelines, but that they have some is known; or it is not,
 * since pipelines may give them, or nobody will ask (lint). */
typedef enum { VALUES_NOW, VALUES_LATER, VALUES_UNKNOWN } FilterValues;

/* Lowers all filters, each under a budget of its own; behind rules_resolve. In the arena of the passes, whose texts live as long
 * as the rules are compiled. A filter with an error is marked broken and left out: rules without it find more, not less. */
Filters *filters_new(RuleSet *rules, Passes *passes, FilterValues values);

/* In the budget of a rule: root := root and filter ..., with trees of its own. False after reporting that it becomes too large. `ir` NULL: the rule is refused, which is noted for filters_finish. */
bool filters_apply(Filters *f, const Rule *rule, IrRule *ir, Passes *passes);
/* The rule of the last filters_apply is in the image, or has a query. */
void filters_taken(Filters *f);

/* The i-th filter for the rule of the last filters_apply, as it was lowered, and its tree; NULL behind the last. */
const Rule *filters_last(const Filters *f, uint32_t i, const IrNode **root);

/* Behind all rules: warns of each filter that changed none of them, and says why. Returns how many did. */
uint32_t filters_finish(Filters *f, Diags *diags);

/* Whether every attribute that the log source of a filter names is that of the rule; letter case is ignored. */
bool filter_covers(const Logsource *filter, const Logsource *rule);

#endif
