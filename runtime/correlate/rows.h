/* SPDX-License-Identifier: MIT
 * The events of a group that count, as rows in the order of (time, arrival). A row is its time (8 bytes), what the aggregate wants to know
 * (aggregate.h), and, where events are kept, the number of the event and the name of its text. Rows stand in chunks that grow with the group, so
 * that none is moved but by a late one. Rows are aligned to 4. */
#ifndef SIGMAC_RUNTIME_CORRELATE_ROWS_H
#define SIGMAC_RUNTIME_CORRELATE_ROWS_H

#include "runtime/correlate/pool.h"

/* Of all rows of a correlation. */
typedef struct {
  uint32_t stride;      /* bytes of a row */
  uint32_t facts;       /* where what the aggregate knows begins: 8 */
  uint32_t index, text; /* where the number of the event (8 bytes), the name of its text (4) stand; 0: not kept */
} RowShape;

/* A place between rows: that of the row behind it. */
typedef struct {
  PoolRef chunk; /* 0: behind all */
  uint32_t at;
} RowPlace;

typedef struct {
  PoolRef head, tail; /* chunks; 0: there are no rows */
  RowPlace window;    /* the first row of the window of the newest event */
  uint32_t n, n_window;
} Rows;

/* A new row behind all rows that are not younger; its place. The rest of it is not set. The place of the window stays with its row: who adds a row
 * in front of it sees to that. */
RowPlace rows_add(Rows *r, Pool *pool, const RowShape *s, int64_t time);
/* Takes the oldest row away. Not the one at the window. */
void rows_drop_oldest(Rows *r, Pool *pool, const RowShape *s);
/* Takes all away. */
void rows_clear(Rows *r, Pool *pool, const RowShape *s);

RowPlace rows_first(const Rows *r, const Pool *pool);
RowPlace rows_last(const Rows *r, const Pool *pool);
RowPlace rows_next(const Pool *pool, RowPlace p);
/* The row before it; chunk 0 where it is the first. Not of the place behind all. */
RowPlace rows_before(const Pool *pool, RowPlace p);
void *rows_at(const Pool *pool, const RowShape *s, RowPlace p);
/* The first row that is not older than a time, looked for from the young end. */
RowPlace rows_from(const Rows *r, const Pool *pool, const RowShape *s, int64_t time);

static inline int64_t row_time(const void *row) {
  int64_t t;
  memcpy(&t, row, sizeof t);
  return t;
}
static inline void *row_facts(void *row) { return (char *)row + 8; }

#endif
