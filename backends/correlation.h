/* SPDX-License-Identifier: MIT
 * Correlations as queries (docs/translating-correlations.md says what is equal to what). Each rule that a correlation rests on is
 * planned like any other; with it go tests that the fields of group-by, and those of the condition, have a value: so they are
 * renamed, computed, checked and refused by pipelines as the fields of conditions are, and what they are called in the target
 * is read off the plan. How the events of these plans are counted is the language's business (eql_correlation.c,
 * kql_correlation.c). */
#ifndef SIGMAC_BACKENDS_CORRELATION_H
#define SIGMAC_BACKENDS_CORRELATION_H

#include "backends/backend.h"
#include "base/vec.h"
#include "compiler/pipeline.h"

/* The events that one rule gives to the correlation, of one branch of its plan. */
typedef struct {
  uint32_t ref;
  PlanBranch branch;
  const Str *fields; /* what they are called in the target: those of group-by, then those of the condition */
  IrNode **asked;    /* the tests that these have a value, each in the and of branch.root */
} Feed;
typedef VEC(Feed) Feeds;

typedef struct {
  const Rule *rule; /* of the rule that is referred to */
  Plan plan;
} JointRef;

typedef struct {
  const Rule *rule; /* the correlation */
  const RuleSet *rules;
  const Backend *backend;
  const PrintOptions *options;
  Arena *arena;
  Diags *diags;
  uint32_t n_keys, n_values; /* fields of group-by and of the condition */
  VEC(JointRef) refs;        /* in the order of `rules`; a rule that is named twice only where the order counts */
  Feeds feeds;               /* of all refs, in their order */
  unsigned assumed;          /* 1 << Assumption */
  uint32_t compared;         /* values of two rules, so far */
  bool ok;                   /* nothing was refused */
} Joint;

/* False after reporting that it is one of a kind that no target says (it rests on a correlation ...). */
bool joint_begin(Joint *j);
/* The next rule. `ir` is lowered, and between budget_open and budget_close; everything is in the arena of passes, which must stay up to
 * joint_print. False after reporting. */
bool joint_add(Joint *j, const Rule *rule, const IrRule *ir, const Pipelines *pipelines, const PlanOptions *options,
               Passes *passes);
/* The text. False after reporting. */
bool joint_print(Joint *j, Query *out);
/* What is told of the query beside its text: branches of all rules, index patterns ... */
void joint_plan(const Joint *j, const Query *query, Plan *out);

/* --- for the languages ----------------------------------------------------------------------------------------- */

/* Where a key of the map `correlation` stands; the document where it is not there. */
Span joint_at(const Joint *j, const char *key);
void joint_refuse(Joint *j, Span at, const char *hint, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void joint_assume(Joint *j, Assumption a);

/* The timespan in the largest unit of which it is a whole number: 90s, 2m, 36h, 7d. */
Str joint_span(const Joint *j);

/* The whole numbers, of those from `from` on, that satisfy the operators of a condition: from least to most but these few. */
typedef struct {
  int64_t least, most;
  VEC(int64_t) except; /* between least and most, ascending */
} WholeRange;
/* False after reporting that the condition never holds, or is none of operators. */
bool joint_range(Joint *j, int64_t from, WholeRange *out);
static inline bool range_open(const WholeRange *r) { return r->most == INT64_MAX && !r->except.n; }

/* A condition in words, of a temporal correlation; NULL where it has operators. Names stand for refs. */
const struct Cond *joint_text(const Joint *j);
bool text_has_not(const struct Cond *n);
uint32_t text_ref(const Joint *j, const struct Cond *name);
/* Of a window with these refs (bits; at most 32). */
bool text_holds(const Joint *j, const struct Cond *n, unsigned refs);

/* The names of the first n fields are the same in both. */
bool feeds_same(const Feed *x, const Feed *y, uint32_t n);
/* No event can match both: they ask one field for different values, or are of different tables. Right where a field has one value. */
bool feeds_disjoint(Joint *j, const Feed *x, const Feed *y);
bool refs_disjoint(Joint *j, uint32_t x, uint32_t y);
/* The fields of group-by of all branches of a ref, where they are the same ones; else NULL. */
const Str *ref_keys(const Joint *j, uint32_t ref);
/* Whether the tests of group-by stand in the conditions. At first they do. */
void joint_ask(Joint *j, bool on);
/* The query of these branches alone, with lines that stand `indent` further in. What is said of it is said to diags. False after a
 * refusal. */
bool joint_query(Joint *j, const PlanBranch *branches, uint32_t n, unsigned indent, Str *out, Diags *diags);
/* One branch for several: IR_OR, any may match; IR_AND, all do. False where a column is computed in two ways. */
bool joint_merge(Joint *j, IrKind kind, const PlanBranch *branches, uint32_t n, PlanBranch *out);
/* What a field of a branch is called in the text, and its type. False after reporting. */
bool joint_name(Joint *j, const Feed *f, uint32_t field, Str *out, FieldType *type);

/* The statement, or several of which any may find something. False after reporting. */
#define BACKEND(name, title, target) bool name##_correlation(Joint *j, Query *out);
#include "backends/backends.def"
#undef BACKEND
bool backend_correlation(Joint *j, Query *out);

#endif
