/* SPDX-License-Identifier: MIT
 * The records of logsource_table.c, which tests/tools/gen_logsources.py makes of logsources.yml. Each refers to its parts
 * by the first of them and their number. */
#ifndef SIGMAC_RUNTIME_LOGSOURCE_TABLE_H
#define SIGMAC_RUNTIME_LOGSOURCE_TABLE_H

#include "runtime/logsource.h"

typedef enum { TEXT_EXACT, TEXT_PREFIX, TEXT_SUFFIX, TEXT_ANY } TextKind;
typedef struct {
  TextKind kind;
  Str text; /* lower case */
} TextMatch;

typedef enum { WHEN_TEXT, WHEN_PRESENT, WHEN_ABSENT } WhenKind;
typedef struct {
  uint16_t path;
  WhenKind kind;
  uint16_t text, n_texts; /* WHEN_TEXT: one of them */
} Condition;

typedef struct {
  uint16_t condition, n_conditions, label, n_labels;
  bool says; /* category, product and service are the event's own fields of these names */
} Row;

typedef struct {
  TextMatch text;
  uint16_t row, n_rows;
} Entry;

typedef struct {
  uint16_t path, entry, n_exact, n_patterns; /* exact entries stand first */
} Section;

/* A part of the value of an alias: a field, or (path 0) plain text. */
typedef struct {
  uint16_t path;
  Str text;
} Source;

typedef struct {
  Str from, to;
} Pair;

typedef struct {
  uint16_t target; /* path */
  uint16_t source, n_sources;
  uint16_t prefix, n_prefixes; /* pairs: the first prefix that fits is replaced */
  uint16_t value, n_values;    /* pairs: whole values */
  bool join;                   /* the sources one after another; else the first that is there */
  bool fill;                   /* only where the event does not have the target itself */
  bool hex;                    /* 0x1f4 becomes 500 */
} Alias;

typedef struct {
  Str name;
  uint16_t alias, n_aliases;
} View;

extern const Str table_paths[];
extern const TextMatch table_texts[];
extern const Condition table_conditions[];
extern const Label table_labels[];
extern const Row table_rows[];
extern const Entry table_entries[];
extern const Section table_sections[];
extern const Source table_sources[];
extern const Pair table_pairs[];
extern const Alias table_aliases[];
extern const View table_views[];
extern const Str table_category_names[];
extern const Str table_product_names[];
extern const Str table_service_names[];
extern const uint32_t n_table_paths, n_table_texts, n_table_conditions, n_table_labels, n_table_rows, n_table_entries,
  n_table_sections, n_table_sources, n_table_pairs, n_table_aliases, n_table_views, n_table_category_names, n_table_product_names,
  n_table_service_names;

#endif
