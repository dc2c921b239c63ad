/* SPDX-License-Identifier: MIT
 * The scanner: one event → the rules that match. One scanner per thread, the Program is shared. */
#ifndef SIGMAC_RUNTIME_SCAN_H
#define SIGMAC_RUNTIME_SCAN_H

#include "runtime/event_json.h"
#include "runtime/vm.h"

typedef struct {
  Str category, product, service; /* empty: unknown */
} Labels;

/* Whether a rule is offered events with these labels: no attribute that both name differs (semantics 3.1). */
bool labels_fit(const Program *p, const RuleRec *rule, const Labels *labels);

typedef struct {
  Vm vm;
  Arena scratch;    /* per event */
  uint32_t *active; /* rules to run, ascending */
  uint32_t n_active;
  CodeForm form;
} Scanner;

typedef void ScanMatch(void *ctx, uint32_t rule);

/* All rules are active. The scanner holds heap memory: scanner_free. */
void scanner_init(Scanner *s, const Program *p, Arena *owner);
/* Keeps the rules that fit the labels. */
void scanner_restrict(Scanner *s, const Labels *labels);
void scanner_free(Scanner *s);

/* Evaluates one event; calls back for each rule that matches, in the order of the rules. False with *error set when
 * the text is no event. The tree of values is valid until the next call. */
bool scan_text(Scanner *s, Str text, ScanMatch *match, void *ctx, JsonError *error);
/* The same for a tree in s->scratch, which the caller reset before making it. */
void scan_value(Scanner *s, Value *root, ScanMatch *match, void *ctx);

#endif
