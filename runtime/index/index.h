/* SPDX-License-Identifier: MIT
 * Many rules at once: from an event to the few rules that can match. An Index is made for a list of rules (those of a log
 * source, those that were selected) from their witnesses (witness.h): by field, tables of what to look for in its values
 * (anchor.h, literals.h), and which rules to try when it is found. It may offer too many rules, never too few.
 *
 * An Index is read-only once made, and may be shared by threads; what a thread needs per event is in its IndexScan. */
#ifndef SIGMAC_RUNTIME_INDEX_INDEX_H
#define SIGMAC_RUNTIME_INDEX_INDEX_H

#include "runtime/index/stats.h"
#include "runtime/reader.h"
#include "runtime/vm.h"

typedef struct Index Index;
typedef struct IndexScan IndexScan;

/* `rules` ascending, copied; `stats` is borrowed. Keys of `vm` name the fields: all scanners that share the index must have their keys_add in the
 * same order, as vm_init and logsource_new have. Everything in owner. */
Index *index_new(const Vm *vm, const Stats *stats, const uint32_t *rules, uint32_t n, Arena *owner);

IndexScan *index_scan_new(const Program *p, Arena *owner);

/* The text that an event was read from. The texts of its values are in there, escaped; but for those of `others`: a view also has
 * values of its own. */
typedef struct {
  Str text; /* empty: not known, or no such text; keywords are looked for in the values */
  Spelling spelling;
  bool others;
} EventLine;

/* The rules that can match the present event of the Vm, ascending; *out is valid until the next call.
 * Predicates that were found to hold are in the memo of the Vm, and those that the index would have found and did not are
 * known to be false (vm->absent). */
uint32_t index_find(const Index *x, IndexScan *s, Vm *vm, EventLine line, const uint32_t **out);

#endif
