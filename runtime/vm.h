/* SPDX-License-Identifier: MIT
 * The stack VM. Runs verified code of one rule on one event, no checks in the loop. A Vm belongs to one thread; the
 * Program is shared. Predicates are evaluated at most once per event, whatever the number of rules. */
#ifndef SIGMAC_RUNTIME_VM_H
#define SIGMAC_RUNTIME_VM_H

#include "runtime/event.h"
#include "runtime/fallback.h"
#include "runtime/program.h"

typedef struct Vm Vm;

/* Called after each instruction: number of the instruction in its section, the word, and the top of the stack. */
typedef void VmTrace(void *ctx, uint32_t pc, uint32_t word, uint32_t top);

struct Vm {
  const Program *program;
  KeyTable *keys; /* of the events */
  Event event;
  Arena *scratch;
  uint32_t *memo;         /* by predicate: epoch << 1 | verdict */
  uint32_t epoch;         /* of this event, 31 bits, never 0 */
  const uint64_t *absent; /* by predicate, a bit: it does not hold unless the memo says so (index_find); NULL for none */
  RegexScratch *regex;
  Fallback fallback;    /* decides where PCRE2 gives up */
  uint32_t *limit_hits; /* by test: how often it was given up at a limit of its cost */
  bool again;           /* tests are asked once more, for an explanation: what they were given up at is counted */
  uint32_t hits;        /* values of the present evaluation of a test at which PCRE2 gave up */
  uint64_t visits;      /* what is left of LIMIT_REGEX_VISITS for it ... */
  uint64_t early;       /* ... and of as many more, where PCRE2 has not been tried in full */
  VmTrace *trace;       /* NULL for none */
  void *trace_ctx;
};

typedef enum { CODE_FUSED, CODE_PLAIN } CodeForm;

void vm_init(Vm *vm, const Program *p, Arena *owner, Arena *scratch);
/* Begins an event: root is an object in scratch. */
void vm_event(Vm *vm, Value *root);
/* The same where the members are numbered by vm->keys already. */
void vm_event_numbered(Vm *vm, Value *root);
bool vm_run(Vm *vm, uint32_t rule, CodeForm form);
/* Whether a predicate holds for the present event. */
bool vm_pred(Vm *vm, uint32_t pred);
/* Whether a test holds for a field of the present event, without memo. */
bool pred_holds(Vm *vm, uint32_t field, uint32_t test);
/* Whether it would hold for a field whose only value is this one. */
bool pred_holds_value(Vm *vm, uint32_t test, Value *v);
/* Whether the whole text fits a pattern (GLOB); the texts of the parts stand in `strings`. */
bool pred_glob(const char *strings, const PartRec *parts, uint32_t n, Str text);

#endif
