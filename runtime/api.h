/* SPDX-License-Identifier: MIT
 * What the files behind include/sigmac.h share (api*.c here and in the compiler). An object of the API holds its heap; each
 * call runs its work by heap_run, so that exhausted memory becomes a status. */
#ifndef SIGMAC_RUNTIME_API_H
#define SIGMAC_RUNTIME_API_H

#include "base/buf.h"
#include "runtime/eventtime.h"
#include "runtime/program.h"
#include "sigmac.h"

struct sigmac_rules {
  Heap heap;
  Arena arena;
  Program *program;
  sigmac_rule *list;
  sigmac_rules_facts facts;
};

/* Fills list and facts of a program that is open. */
void api_describe(sigmac_rules *r, size_t image_bytes);
/* Rules and correlations have numbers below it. */
static inline uint32_t api_numbers(const sigmac_rules *r) { return r->facts.rules + r->facts.correlations; }

/* A time of the header's; false where it is none. */
bool api_time(EventTime *out, sigmac_time time);

static inline Str api_str(sigmac_str s) { return (Str){s.p, s.n}; }
static inline sigmac_str api_out(Str s) { return (sigmac_str){s.p, s.n}; }

/* A heap outside of a run; NULL: malloc. */
Heap api_heap(const sigmac_allocator *allocator);
/* Whether all functions are there. NULL is good. */
bool api_allocator_ok(const sigmac_allocator *allocator);

/* Fills *error, if it is there, and returns the status. */
sigmac_status api_fail(sigmac_error *error, sigmac_status status, const char *message, size_t offset);

/* Text on its way to a callback, in pieces. */
typedef struct {
  Buf buf;
  sigmac_write *write;
  void *ctx;
  bool stopped;
} ApiWriter;

/* Gives out what is there where that is a good deal, or the end; false where no more is wanted. */
bool api_flush(ApiWriter *w, bool end);

#endif
