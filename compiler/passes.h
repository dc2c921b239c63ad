/* SPDX-License-Identifier: MIT
 * TABLE OF CONTENTS of the compiler: every pass, in the order they run, what it may assume and what it must leave.
 * compile.c runs them; each is one function in the file that is named.
 *
 *   pass      file          assumes                          leaves
 *   yaml      yaml.c        bytes                            trees with spans, scalars typed
 *   rules     rule.c        trees                            Rules, metadata checked, actions merged
 *   resolve   rule.c        all files read                   references of correlations and filters resolved
 *   lower     lower.c       a Rule that is not broken        IR: conditions resolved, items whole, modifiers applied
 *                                                            up to a placeholder; every text test is GLOB
 *   filter    filter.c      IR of a rule                     `rule and filter`, for each filter that is for the rule
 *   (pipeline: between filter and expand; it sees whole items, names and spans)
 *   expand    expand.c      IR                               no placeholder, no pending modifier
 *   simplify  simplify.c    IR without placeholders          text tests classified (EQ, PREFIX, SUFFIX, CONTAINS,
 *                                                            GLOB), constants folded, and/or flattened inside of
 *                                                            selections and above them; the size of the whole is
 *                                                            bounded: frozen
 *   asked     asked.c       a Rule that was planned          names of the fields that correlations need, in its events
 *   codegen   codegen.c     frozen IR                        plain code
 *   link      link.c        plain code of all rules          the image: tests and predicates shared, code fused
 *   correlate correlate.c   all rules linked                 correlations in the image, behind what they rest on
 *   verify    runtime       the image                        a Program, or a fault in the compiler
 */
#ifndef SIGMAC_COMPILER_PASSES_H
#define SIGMAC_COMPILER_PASSES_H

#include "compiler/budget.h"
#include "compiler/ir.h"
#include "compiler/vars.h"
#include "runtime/regex.h"

/* What the passes over all rules of a compilation share. */
typedef struct {
  Arena *arena;   /* owner of the IR of the present rule */
  Arena *lasting; /* of what is made once for all rules */
  Diags *diags;
  Vars *vars;
  Budget budget;
  uint64_t regex_bytes; /* of all regular expressions so far: LIMIT_REGEX_TOTAL */
  Regex *word;          /* for windash: letters and digits outside of ASCII; made when first needed */
  RegexScratch *word_scratch;
} Passes;
void passes_init(Passes *p, Vars *vars, Arena *arena, Diags *diags);

/* Between budget_open and budget_close. Each returns false after reporting an error for this rule; the rule is then left
 * out. */
bool lower_rule(IrRule *out, const Rule *rule, Passes *passes);
/* The same for one map of detection items; NULL after reporting. */
IrNode *lower_detection(const YamlNode *map, Str name, Passes *passes);
/* The test that a scalar of a rule or a pipeline stands for before any modifier; `placeholders`: texts may have %name%. */
IrTest lower_scalar(Arena *a, const YamlNode *n, bool placeholders);
bool expand_rule(IrRule *rule, Passes *passes);
/* The same for a tree alone: what a pipeline made of a rule. */
bool expand_tree(IrNode *root, Passes *passes);
bool simplify_rule(IrRule *rule, Passes *passes);

/* A tree of its own, paid for node by node: selections are shared, so that a copy can be much larger than what it is of. NULL
 * after reporting that the rule becomes too large. */
IrNode *passes_copy(Passes *p, const IrNode *n);

/* A value in a regular expression: literally, also where its author began to quote. `before`: what stands in front of it. */
Pattern expand_in_regex(Arena *a, const Pattern *before, Str text);

#endif
