/* SPDX-License-Identifier: MIT
 * A chunk has room for some rows; those in it stand from `from` to `to`, and none is empty. A new chunk has room for about as many
 * rows as the group has already, so that small groups waste little, and large ones have few chunks. A late row moves the younger
 * ones of its chunk; where that is full, it is split in two. */
#include "runtime/correlate/rows.h"

typedef struct {
  PoolRef before, next;
  uint16_t from, to, room, unused;
} RowChunk; /* its rows behind it */

enum { CHUNK_BYTES = 4096, FIRST_ROWS = 4 };

static RowChunk *chunk_at(const Pool *pool, PoolRef ref) { return pool_at(pool, ref); }

static char *chunk_row(RowChunk *c, const RowShape *s, uint32_t at) { return (char *)(c + 1) + (size_t)at * s->stride; }

static uint32_t chunk_bytes(const RowShape *s, uint32_t room) { return (uint32_t)sizeof(RowChunk) + room * s->stride; }

/* Rows in the next chunk of a group that has n: as many as its block has room for. */
static uint32_t room_for(const RowShape *s, uint32_t n) {
  uint32_t most = (CHUNK_BYTES - (uint32_t)sizeof(RowChunk)) / s->stride;
  uint32_t rows = n < FIRST_ROWS ? FIRST_ROWS : n <= 2 * FIRST_ROWS ? 2 * n : n;
  return (pool_room(chunk_bytes(s, rows < most ? rows : most)) - (uint32_t)sizeof(RowChunk)) / s->stride;
}

/* A chunk behind another one, or in front of all where that is 0. */
static PoolRef chunk_new(Rows *r, Pool *pool, const RowShape *s, PoolRef before) {
  uint32_t room = room_for(s, r->n);
  PoolRef ref = pool_take(pool, chunk_bytes(s, room));
  RowChunk *c = chunk_at(pool, ref);
  *c = (RowChunk){.before = before, .next = before ? chunk_at(pool, before)->next : r->head, .room = (uint16_t)room};
  if (before) chunk_at(pool, before)->next = ref;
  else r->head = ref;
  if (c->next) chunk_at(pool, c->next)->before = ref;
  else r->tail = ref;
  return ref;
}

static void chunk_drop(Rows *r, Pool *pool, const RowShape *s, PoolRef ref) {
  RowChunk *c = chunk_at(pool, ref);
  if (c->before) chunk_at(pool, c->before)->next = c->next;
  else r->head = c->next;
  if (c->next) chunk_at(pool, c->next)->before = c->before;
  else r->tail = c->before;
  pool_give(pool, ref, chunk_bytes(s, c->room));
}

/* --- places -------------------------------------------------------------------------------------------------- */

RowPlace rows_first(const Rows *r, const Pool *pool) {
  return r->head ? (RowPlace){r->head, chunk_at(pool, r->head)->from} : (RowPlace){0};
}

RowPlace rows_last(const Rows *r, const Pool *pool) {
  return r->tail ? (RowPlace){r->tail, chunk_at(pool, r->tail)->to - 1u} : (RowPlace){0};
}

RowPlace rows_next(const Pool *pool, RowPlace p) {
  const RowChunk *c = chunk_at(pool, p.chunk);
  if (p.at + 1 < c->to) return (RowPlace){p.chunk, p.at + 1};
  return c->next ? (RowPlace){c->next, chunk_at(pool, c->next)->from} : (RowPlace){0};
}

RowPlace rows_before(const Pool *pool, RowPlace p) {
  const RowChunk *c = chunk_at(pool, p.chunk);
  if (p.at > c->from) return (RowPlace){p.chunk, p.at - 1};
  return c->before ? (RowPlace){c->before, chunk_at(pool, c->before)->to - 1u} : (RowPlace){0};
}

void *rows_at(const Pool *pool, const RowShape *s, RowPlace p) { return chunk_row(chunk_at(pool, p.chunk), s, p.at); }

static int64_t time_in(RowChunk *c, const RowShape *s, uint32_t at) { return row_time(chunk_row(c, s, at)); }

/* In a chunk, the first row that is not older, or with `behind` the first that is younger than a time. */
static uint32_t place_in(RowChunk *c, const RowShape *s, int64_t time, bool behind) {
  uint32_t low = c->from, high = c->to;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int64_t t = time_in(c, s, middle);
    if (t < time || (behind && t == time)) low = middle + 1;
    else high = middle;
  }
  return low;
}

RowPlace rows_from(const Rows *r, const Pool *pool, const RowShape *s, int64_t time) {
  RowPlace found = {0};
  for (PoolRef ref = r->tail; ref;) {
    RowChunk *c = chunk_at(pool, ref);
    uint32_t at = place_in(c, s, time, false);
    if (at < c->to) found = (RowPlace){ref, at};
    if (at > c->from) break;
    ref = c->before;
  }
  return found;
}

/* --- changes ------------------------------------------------------------------------------------------------- */

/* The rows of a full chunk from a place on go to a new one behind it. */
static void split(Rows *r, Pool *pool, const RowShape *s, PoolRef ref, uint32_t at) {
  RowChunk *c = chunk_at(pool, ref);
  uint32_t n = c->to - at;
  uint32_t room = c->room; /* enough for any part */
  PoolRef second = pool_take(pool, chunk_bytes(s, room));
  RowChunk *d = chunk_at(pool, second);
  c = chunk_at(pool, ref);
  *d = (RowChunk){.before = ref, .next = c->next, .to = (uint16_t)n, .room = (uint16_t)room};
  memcpy(chunk_row(d, s, 0), chunk_row(c, s, at), (size_t)n * s->stride);
  c->to = (uint16_t)at;
  c->next = second;
  if (d->next) chunk_at(pool, d->next)->before = second;
  else r->tail = second;
  if (r->window.chunk == ref && r->window.at >= at) r->window = (RowPlace){second, r->window.at - at};
}

/* A place for a row in a chunk with room in it: in front of the row that stands there. */
static void make_place(Rows *r, RowChunk *c, PoolRef ref, const RowShape *s, uint32_t *at) {
  if (c->to < c->room) {
    memmove(chunk_row(c, s, *at + 1), chunk_row(c, s, *at), (size_t)(c->to - *at) * s->stride);
    c->to++;
    if (r->window.chunk == ref && r->window.at >= *at) r->window.at++;
    return;
  }
  --*at; /* room is at the old end */
  memmove(chunk_row(c, s, c->from - 1u), chunk_row(c, s, c->from), (size_t)(*at + 1 - c->from) * s->stride);
  c->from--;
  if (r->window.chunk == ref && r->window.at <= *at) r->window.at--;
}

static RowPlace add_late(Rows *r, Pool *pool, const RowShape *s, PoolRef ref, uint32_t at) {
  RowChunk *c = chunk_at(pool, ref);
  if (c->from == 0 && c->to == c->room) {
    uint32_t middle = c->room / 2u;
    split(r, pool, s, ref, middle);
    c = chunk_at(pool, ref);
    if (at > middle) {
      ref = c->next;
      at -= middle;
      c = chunk_at(pool, ref);
    }
  }
  make_place(r, c, ref, s, &at);
  return (RowPlace){ref, at};
}

static RowPlace add_behind(Rows *r, Pool *pool, const RowShape *s) {
  PoolRef ref = r->tail;
  if (!ref || chunk_at(pool, ref)->to == chunk_at(pool, ref)->room) ref = chunk_new(r, pool, s, ref);
  return (RowPlace){ref, chunk_at(pool, ref)->to++};
}

/* The chunk where a row of this time belongs, and the place in it; its end only where it is the last. */
static RowPlace place_of(const Rows *r, const Pool *pool, const RowShape *s, int64_t time) {
  PoolRef ref = r->tail;
  while (chunk_at(pool, ref)->before && time_in(chunk_at(pool, ref), s, chunk_at(pool, ref)->from) > time)
    ref = chunk_at(pool, ref)->before;
  return (RowPlace){ref, place_in(chunk_at(pool, ref), s, time, true)};
}

RowPlace rows_add(Rows *r, Pool *pool, const RowShape *s, int64_t time) {
  RowPlace p = rows_last(r, pool);
  if (!p.chunk || row_time(rows_at(pool, s, p)) <= time) {
    p = add_behind(r, pool, s);
  } else {
    p = place_of(r, pool, s, time);
    p = add_late(r, pool, s, p.chunk, p.at);
  }
  r->n++;
  memcpy(rows_at(pool, s, p), &time, sizeof time);
  return p;
}

void rows_drop_oldest(Rows *r, Pool *pool, const RowShape *s) {
  RowChunk *c = chunk_at(pool, r->head);
  r->n--;
  if (++c->from == c->to) chunk_drop(r, pool, s, r->head);
}

void rows_clear(Rows *r, Pool *pool, const RowShape *s) {
  while (r->head) chunk_drop(r, pool, s, r->head);
  *r = (Rows){0};
}
