/* SPDX-License-Identifier: MIT
 * How statistics are kept, in an image and in the table that is shipped: shares as levels, texts as hashes. Who counts
 * (compiler/tune.h) and who asks (stats.c) share this.
 *
 * Of a field is known the share of events that have it. Of its values are known the commonest ones as a whole, and the commonest
 * ends of 8 bytes. Of a family of fields that hold the same kind of text are known the commonest runs of 4 bytes (grams), each
 * with the share of values that have it somewhere. All texts are folded. */
#ifndef SIGMAC_RUNTIME_INDEX_STATS_TABLE_H
#define SIGMAC_RUNTIME_INDEX_STATS_TABLE_H

#include "runtime/program.h"

typedef enum {
  FAMILY_OTHER,
  FAMILY_PATH,
  FAMILY_COMMAND,
  FAMILY_REGISTRY,
  FAMILY_SCRIPT,
  FAMILY_WEB,
  FAMILY_USER,
  FAMILY_ANY, /* all values of an event as one */
  FAMILY_COUNT
} StatsFamily;

enum {
  GRAM_BYTES = 4,
  GRAM_KEYS = 1 << 16,
  END_BYTES = 8,
  LEVEL_MOST = 255 /* a share of 1; each level less is an eighth of a halving */
};

typedef struct {
  const char *name;
  uint32_t level;
} StatsField;

/* Fields: the first has no name and stands for all that are not there. Values: stats_value_key << 8 | level, ascending. Grams: by
 * family, in an image one behind the other, stats_gram_record. `rest`: by family, the level of grams that are not there; 0 in an image: the family is as shipped. Values
 * and grams (stats_gram_key << 8 | level) are shipped as characters of 6 bits each, the high bits first (stats_digit). */
typedef struct {
  const StatsField *fields;
  const char *values;
  const char *const *grams;
  const uint8_t *rest;
  uint32_t n_fields, n_values;
} StatsTable;

extern const StatsTable stats_shipped;
extern const char stats_shipped_version[];

/* Ends of values are counted in paths and what is like them. */
static inline bool stats_has_ends(StatsFamily f) { return f != FAMILY_OTHER && f != FAMILY_SCRIPT && f != FAMILY_USER; }

/* By the name of the field, which may have any letter case. */
StatsFamily stats_family(Str field);

/* Of 4 bytes. */
static inline uint32_t stats_gram_key(const char *p) {
  const unsigned char *b = (const unsigned char *)p;
  uint32_t g = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  return g * 2654435761u >> 16;
}

static inline uint32_t stats_gram_record(StatsFamily family, uint32_t key, uint32_t level) {
  return (uint32_t)family << 24 | key << 8 | level;
}

/* Of the shipped table: characters of one value, of one gram, and what a character stands for. */
enum { VALUE_DIGITS = 5, GRAM_DIGITS = 4 };
static inline uint32_t stats_digit(char c) { return c == '0' ? 63 : (uint32_t)(c - '@'); }

typedef enum { STATS_WHOLE, STATS_END } StatsPart;
/* 22 bits. */
uint32_t stats_value_key(Str field, StatsPart part, Str text);

/* The level of n out of `of`; 0 for less than it can tell. */
uint32_t stats_level(uint64_t n, uint64_t of);
float stats_share(uint32_t level);

/* The share of bytes of texts of events, which have their letter case, that are this one. */
float stats_byte(uint32_t c);

#endif
