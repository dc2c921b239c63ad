/* SPDX-License-Identifier: MIT
 * The rows that correlations in KQL count (kql_rows.c), for the forms that count them (kql_correlation.c). */
#ifndef SIGMAC_BACKENDS_KQL_CORRELATION_H
#define SIGMAC_BACKENDS_KQL_CORRELATION_H

#include "backends/correlation.h"
#include "backends/kql.h"

/* The rows of some feeds that are told apart by nothing: of one table, with the same fields. */
typedef struct {
  const Feed *first;
  PlanBranch branch;
  uint32_t ref;
} Rows;
typedef VEC(Rows) RowSets;

typedef struct {
  Joint *joint;
  Str time, span;
  const char *step; /* between operators */
  bool *groups;     /* set: rows are no events */
} Kql;

/* What else the rows of a source have: given by the form. */
typedef void Extra(const Kql *k, Buf *out, const Rows *s);

/* The bar before the next operator. */
void kql_step(const Kql *k, Buf *out);
/* A field of a feed as a column, as text where values are joined by it; a number rests on one spelling. False after reporting. */
bool kql_name_of(Joint *j, const Feed *f, uint32_t i, bool as_text, Str *out, FieldType *type);
/* The rows as a query. */
Str kql_query_of(Joint *j, const Rows *s);
/* False after reporting that there is no table to ask twice. */
bool kql_needs_table(Joint *j);
/* `_k1, _k2`; a constant stands for no keys. */
void kql_put_key_names(const Kql *k, Buf *out);
/* `_k1 = Computer, _k2 = Account` */
void kql_put_keys(const Kql *k, Buf *out, const Feed *f);
/* An event is one row however many rules it matches. False after reporting that it would be several. */
bool kql_by_table(Joint *j, uint32_t fields, RowSets *out);
/* A row for each rule that an event matches. */
void kql_by_ref(Joint *j, RowSets *out);
/* Rows from .. to-1, with the columns _k1 .., the time under this name, and what the form wants. */
void kql_put_rows(const Kql *k, Buf *out, const RowSets *sources, uint32_t from, uint32_t to, const char *time, Extra *extra);

#endif
