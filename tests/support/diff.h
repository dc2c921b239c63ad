/* SPDX-License-Identifier: MIT
 * Differential test: one rule file, compiled once, judged event by event by all who can judge: the referee on the
 * frozen tree, the referee on the tree before simplifying, the virtual machine on plain and on fused code, the tree that
 * plain code is explained by, fused code run only where a witness holds, and the scanner. They must agree. */
#ifndef SIGMAC_TESTS_SUPPORT_DIFF_H
#define SIGMAC_TESTS_SUPPORT_DIFF_H

#include "compiler/compile.h"
#include "runtime/scan.h"
#include "runtime/tree.h"
#include "tests/oracle.h"

typedef struct {
  Arena arena; /* of everything that lives as long as the rules */
  Arena scratch;
  Compiler compiler;
  IrRule *unsimplified; /* by rule of the image; root NULL where lowering again failed */
  Program *program;
  TreeNode **trees; /* by rule */
  Vm vm;
  Scanner scanner, every; /* with an index; without: each rule is run */
  uint8_t *scanned, *ran; /* by rule: whether they called back for the present event */
  bool quiet;             /* mismatches are counted, not printed */
} DiffRules;

typedef struct {
  bool referee, unsimplified, plain, fused, tree, witnessed, scanned, ran;
} Verdicts;

typedef struct {
  uint64_t rules, refused; /* rules compiled, rules with errors */
  uint64_t pairs, matches; /* of a rule and an event */
  uint64_t undecided;      /* pairs where a search hit the match limit: not compared */
  uint64_t mismatches;
  OracleNotes notes;
} DiffStats;

/* Compiles rule text with these variables (as for --var, NULL at the end; or NULL). A rule with an error is left out.
 * Returns NULL, or what is wrong where the compiler's own image is refused. */
const char *diff_open(DiffRules *d, Str rules, const char *const *vars, DiffStats *stats);
/* The same in two steps, for many files: between them the caller adds variables and files to d->compiler. */
void diff_begin(DiffRules *d);
const char *diff_ready(DiffRules *d, DiffStats *stats);
void diff_close(DiffRules *d);

/* Judges one event by all rules and adds to *stats; prints mismatches to stderr. False when there was one, or when
 * the text is no event. `verdicts`, by rule, may be NULL. */
bool diff_event(DiffRules *d, Str event, Verdicts *verdicts, DiffStats *stats);
static inline bool verdicts_agree(const Verdicts *v) {
  return v->referee == v->unsimplified && v->referee == v->plain && v->referee == v->fused && v->referee == v->tree &&
         v->referee == v->witnessed && v->referee == v->scanned && v->referee == v->ran;
}

/* One round: a few random rules and events for them. After a mismatch prints the seed and the smallest rule and event
 * that it finds. Returns false then. */
bool diff_round(uint64_t seed, DiffStats *stats);
/* Drops lines of the rules and members of the event as long as there is a mismatch, and prints what is left. */
void diff_shrink(Str rules, const char *const *vars, Str event);
/* Figures for people. */
void diff_print_stats(const DiffStats *stats);

#endif
