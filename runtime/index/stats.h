/* SPDX-License-Identifier: MIT
 * How often things occur in events: which fields there are, and which short texts in their values. From this the index chooses
 * what to look for. It decides how fast the index is, never what it finds. The table that is shipped was counted in public
 * corpora (stats_table.c, generated); an image can bring one of its own (`compile --tune`). */
#ifndef SIGMAC_RUNTIME_INDEX_STATS_H
#define SIGMAC_RUNTIME_INDEX_STATS_H

#include "runtime/index/anchor.h"

typedef struct Stats Stats;

/* The statistics of the image where it has them, else those that are shipped. Tables in owner. */
const Stats *stats_of(const Program *p, Arena *owner);
/* Of so many events one has the field with a value that fits the anchor: the expected number of such values in an event,
 * between 0 and about 1, as far as known. `field` is a path; empty for any value. */
float stats_rate(const Stats *s, Str field, const Anchor *anchor);
/* Of the sets of anchors of a test (anchors_all) the one that is cheapest to look for in the field, by how often it is found and
 * what the looking costs; *cost (NULL: not asked for) is infinite where there is none. Strings are borrowed from the program, or in the arena. */
Anchors stats_anchors(const Stats *s, const Program *p, Str field, uint32_t test, float *cost, Arena *a);
/* The share of events that have the field. */
float stats_presence(const Stats *s, Str field);
/* The place in a literal whose 4 bytes (all, of a shorter one) are rarest in values of the field. */
uint32_t stats_rarest(const Stats *s, Str field, Str literal);
/* Bits: of the first 64 places in it those whose 4 bytes are not twice as common as the ones at `at`. */
uint64_t stats_rare_places(const Stats *s, Str field, Str literal, uint32_t at);
/* The share of values that have those at `at`, between 0 and 1. */
float stats_gram(const Stats *s, Str field, Str literal, uint32_t at);

#endif
