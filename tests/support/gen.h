/* SPDX-License-Identifier: MIT
 * Rules and events by chance, for differential tests: the same seed gives the same text on every machine. Rules are
 * Sigma YAML, so that they go through the whole compiler; events are JSON made to fit a rule, or to miss it by little.
 * Both favour what implementations of Sigma get wrong: escapes, wildcards over line ends, letter case beyond ASCII,
 * null and absence, arrays, spellings of numbers, encodings, dashes. */
#ifndef SIGMAC_TESTS_SUPPORT_GEN_H
#define SIGMAC_TESTS_SUPPORT_GEN_H

#include "compiler/ir.h"
#include "runtime/value.h"

/* A stream of choices: bytes while there are any (so that a fuzzer can steer), then numbers from a seed. */
typedef struct {
  uint64_t state;
  Str bytes;
} Gen;

static inline Gen gen_seeded(uint64_t seed) { return (Gen){.state = seed}; }
static inline Gen gen_steered(Str bytes) { return (Gen){.bytes = bytes}; }
uint64_t gen_next(Gen *g);
uint32_t gen_below(Gen *g, uint32_t n); /* 0 .. n-1; n > 0 */
bool gen_chance(Gen *g, unsigned percent);
#define GEN_PICK(g, array) ((array)[gen_below((g), (uint32_t)(sizeof(array) / sizeof *(array)))])

/* A word of the pool that rules and events share; related to each other, many of them troublesome. */
Str gen_word(Gen *g);
/* A regular expression of the pool. */
Str gen_regex(Gen *g);
/* A text that the expression may or may not be found in. */
Str gen_regex_subject(Gen *g, Str regex);
/* Fields that rules and events share. */
Str gen_field(Gen *g);
/* A code point as 1-4 bytes at the end of a buffer. */
void gen_put(Buf *out, uint32_t code_point);

/* One rule as a YAML document, most of the time without an error. `number` goes into its title. */
Str gen_rule(Gen *g, Arena *a, unsigned number);
/* A filter for all of them. */
Str gen_filter(Gen *g, Arena *a, unsigned number);
/* What `%name%` of generated rules needs: assignments as for --var, NULL at the end. */
extern const char *const gen_vars[];

/* An event as JSON text, made from the values that the rules ask for. */
Str gen_event(Gen *g, Arena *a, const IrRule *rules, uint32_t n_rules);
/* The same event, some characters of its texts and keys spelled as escapes. */
Str gen_respell(Gen *g, Arena *a, Str json);
/* JSON text of a tree. */
void gen_print_value(Buf *out, const Value *v);

#endif
