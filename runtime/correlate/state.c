/* SPDX-License-Identifier: MIT
 * A state as bytes (base/bytes.h). It is a MARK, what is kept of events, and how many correlations; then for each its id, title, path,
 * meaning, and sized bytes:
 *
 *   whether there was an event, the time of the newest; whether groups were forgotten for their age, the newest of these; whether
 *   times of reports are kept; how many groups
 *   each group, the oldest first: key; time and number of its newest event; when it last reported; how many rows
 *   each row: its time, what the aggregate knows of it, and, where events are kept, number and text
 *
 * Windows, what aggregates know of them, and sequences are not kept: they follow from the rows. Nor is what was counted for people. */
#include <stdlib.h>

#include "base/bytes.h"
#include "runtime/correlate/correlate_internal.h"

#define MARK "correlations 1\n"

/* --- saving -------------------------------------------------------------------------------------------------- */

typedef struct {
  int64_t newest;
  uint64_t index;
  Str key;
  PoolRef group;
} Aged;

static int by_key(Str a, Str b) {
  size_t n = a.n < b.n ? a.n : b.n;
  int order = n ? memcmp(a.p, b.p, n) : 0;
  return order ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_age(const void *a, const void *b) {
  const Aged *x = a, *y = b;
  if (x->newest != y->newest) return x->newest < y->newest ? -1 : 1;
  if (x->index != y->index) return x->index < y->index ? -1 : 1;
  return by_key(x->key, y->key);
}

static Aged *by_ages(Correlation *k, Arena *arena) {
  Aged *all = arena_array(arena, Aged, k->groups.n);
  for (uint32_t i = 0; i < k->groups.n; i++) {
    PoolRef ref = groups_each(&k->groups, i);
    Group *g = group_at(&k->groups, ref);
    all[i] = (Aged){g->newest, g->newest_index, group_key(&k->groups, g), ref};
  }
  if (k->groups.n) qsort(all, k->groups.n, sizeof *all, by_age);
  return all;
}

static void put_row(Buf *out, Buf *facts, const Correlator *c, Correlation *k, void *row) {
  put_i64(out, row_time(row));
  facts->n = 0;
  if (k->kind->save) k->kind->save(&k->shared, row_facts(row), facts);
  else buf_bytes(facts, row_facts(row), k->kind->row_bytes(k->rec));
  put_u32(out, (uint32_t)facts->n);
  buf_str(out, buf_view(facts));
  if (k->shape.index) {
    uint64_t index;
    memcpy(&index, (char *)row + k->shape.index, sizeof index);
    put_u64(out, index);
  }
  if (k->shape.text) {
    uint32_t name;
    memcpy(&name, (char *)row + k->shape.text, sizeof name);
    put_sized(out, name ? texts_at(&c->texts, name) : STR(""));
  }
}

static void put_group(Buf *out, Buf *facts, const Correlator *c, Correlation *k, const Aged *aged) {
  Group *g = group_at(&k->groups, aged->group);
  const Reported *reported = group_reported(k, g);
  put_sized(out, aged->key);
  put_i64(out, g->newest);
  put_u64(out, g->newest_index);
  put_u8(out, reported && reported->any);
  put_i64(out, reported && reported->any ? reported->time : 0);
  put_u32(out, g->rows.n);
  for (RowPlace p = rows_first(&g->rows, k->groups.pool); p.chunk; p = rows_next(k->groups.pool, p))
    put_row(out, facts, c, k, rows_at(k->groups.pool, &k->shape, p));
}

static void put_size_at(Buf *out, size_t at) {
  uint64_t n = out->n - at - 8;
  for (unsigned i = 0; i < 8; i++) out->p[at + i] = (char)(unsigned char)(n >> 8 * i);
}

static void put_correlation(Buf *out, Correlator *c, Correlation *k) {
  const Program *p = c->program;
  Arena *arena = arena_sub(c->owner);
  Buf facts = {.arena = arena};
  put_sized(out, program_str(p, k->rec->meta.id));
  put_sized(out, program_str(p, k->rec->meta.title));
  put_sized(out, program_str(p, k->rec->meta.path));
  put_u64(out, correlation_meaning(k));
  size_t at = out->n;
  put_u64(out, 0);
  put_u8(out, k->any);
  put_i64(out, k->any ? k->newest : 0);
  put_u8(out, k->forgot);
  put_i64(out, k->forgot ? k->forgotten : 0);
  put_u32(out, k->groups.n);
  const Aged *all = by_ages(k, arena);
  for (uint32_t i = 0; i < k->groups.n; i++) put_group(out, &facts, c, k, &all[i]);
  put_size_at(out, at);
  arena_sub_done(arena);
}

void correlator_save(Correlator *c, Buf *out) {
  buf_str(out, STR(MARK));
  put_u8(out, (uint8_t)c->options.keep);
  put_u32(out, c->n);
  for (uint32_t i = 0; i < c->n; i++) put_correlation(out, c, &c->correlations[i]);
}

/* --- loading: what is kept of which correlation -------------------------------------------------------------- */

typedef struct {
  Str id, title, path, state;
  uint64_t meaning;
  Correlation *of; /* NULL: there is no such correlation */
  StateFate fate;
} Kept;

typedef struct {
  Kept *list;
  uint32_t n;
} AllKept;

static bool take_kept(Bytes *b, Kept *k) {
  k->id = take_sized(b);
  k->title = take_sized(b);
  k->path = take_sized(b);
  k->meaning = take_u64(b);
  k->state = take_sized(b);
  return !b->bad;
}

/* Each takes at least 40 bytes: so much memory, and no more, is there for them. */
static bool read_kept(const Correlator *c, Str state, AllKept *all, Arena *arena) {
  enum { LEAST = 40, MOST = 1 << 17 };
  if (!str_starts(state, STR(MARK))) return false;
  Bytes b = {.rest = str_from(state, sizeof MARK - 1)};
  uint8_t keep = take_u8(&b);
  uint32_t n = take_u32(&b);
  if (b.bad || keep != (uint8_t)c->options.keep || n > MOST || n > b.rest.n / LEAST) return false;
  all->list = arena_array(arena, Kept, n);
  for (all->n = 0; all->n < n; all->n++)
    if (!take_kept(&b, &all->list[all->n])) return false;
  return !b.rest.n;
}

/* By its id; where it has none, by title and path. */
static bool is_of(const Program *p, const Kept *k, const Correlation *c) {
  const MetaRec *m = &c->rec->meta;
  Str id = program_str(p, m->id);
  if (!str_eq(k->id, id)) return false;
  return id.n || (str_eq(k->title, program_str(p, m->title)) && str_eq(k->path, program_str(p, m->path)));
}

/* Of several with one id, first those whose meaning is the same. */
static void match_kept(const Correlator *c, AllKept *all, bool *taken, bool same) {
  for (uint32_t i = 0; i < all->n; i++)
    for (uint32_t j = 0; j < c->n && !all->list[i].of; j++) {
      Kept *k = &all->list[i];
      Correlation *of = &c->correlations[j];
      if (taken[j] || (same && k->meaning != correlation_meaning(of)) || !is_of(c->program, k, of)) continue;
      taken[j] = true;
      k->of = of;
      k->fate = same ? STATE_RESUMED : STATE_CHANGED;
    }
}

/* --- loading: one correlation -------------------------------------------------------------------------------- */

static bool take_row(Bytes *b, Correlator *c, Correlation *k, PoolRef group) {
  uint64_t index = 0;
  Str text = {"", 0};
  int64_t time = take_i64(b);
  uint32_t n = take_u32(b);
  if (n > b->rest.n) return false;
  Str facts = str_sub(b->rest, 0, n);
  b->rest = str_from(b->rest, n);
  if (k->shape.index) index = take_u64(b);
  if (k->shape.text) text = take_sized(b);
  return !b->bad && correlate_row_add(c, k, group, time, index, facts, text);
}

static bool take_group(Bytes *b, Correlator *c, Correlation *k) {
  Str key = take_sized(b);
  int64_t newest = take_i64(b);
  uint64_t index = take_u64(b);
  bool reported = take_bool(b);
  int64_t reported_at = take_i64(b);
  uint32_t rows = take_u32(b);
  if (b->bad || newest > k->newest || reported_at > (reported ? k->newest : 0)) return false;
  PoolRef group = correlate_group_new(c, k, key);
  if (!group) return false;
  for (uint32_t i = 0; i < rows; i++)
    if (!take_row(b, c, k, group)) return false;
  if (!correlate_group_done(c, k, group, newest, index)) return false;
  Reported *r = group_reported(k, group_at(&k->groups, group));
  if (r) *r = (Reported){reported, reported ? reported_at : 0};
  return true;
}

static bool take_correlation(Str state, Correlator *c, Correlation *k) {
  Bytes b = {.rest = state};
  k->any = take_bool(&b);
  k->newest = take_i64(&b);
  k->forgot = take_bool(&b);
  k->forgotten = take_i64(&b);
  uint32_t n = take_u32(&b);
  if (b.bad || (!k->any && (n || k->forgot)) || (k->forgot && k->forgotten > k->newest)) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!take_group(&b, c, k)) return false;
  return !b.rest.n;
}

/* --- loading: all -------------------------------------------------------------------------------------------- */

static const Kept *kept_of(const AllKept *all, const Correlation *c) {
  for (uint32_t i = 0; i < all->n; i++)
    if (all->list[i].of == c) return &all->list[i];
  return NULL;
}

/* In the order of the correlations; then those that are gone. */
static void tell(const Correlator *c, const AllKept *all, const bool *taken, CorrelateFate *fn, void *ctx) {
  for (uint32_t i = 0; i < c->n; i++) {
    const MetaRec *m = &c->correlations[i].rec->meta;
    StateFate fate = taken[i] ? kept_of(all, &c->correlations[i])->fate : STATE_NEW;
    fn(ctx, fate, program_str(c->program, m->id), program_str(c->program, m->title));
  }
  for (uint32_t i = 0; i < all->n; i++)
    if (!all->list[i].of) fn(ctx, STATE_GONE, all->list[i].id, all->list[i].title);
}

static void forget_all(Correlator *c) {
  correlate_clear(c);
  for (uint32_t i = 0; i < c->n; i++) {
    Correlation *k = &c->correlations[i];
    k->any = k->forgot = false;
    k->newest = k->forgotten = 0;
    k->shared_bytes = k->kind->bytes ? k->kind->bytes(&k->shared) : 0;
  }
}

static bool load(Correlator *c, const AllKept *all) {
  for (uint32_t i = 0; i < all->n; i++) {
    const Kept *k = &all->list[i];
    if (!k->of || k->fate != STATE_RESUMED) continue;
    if (!take_correlation(k->state, c, k->of)) return false;
    if (k->of->kind->bytes) k->of->shared_bytes = k->of->kind->bytes(&k->of->shared);
  }
  return true;
}

bool correlator_load(Correlator *c, Str state, CorrelateFate *fn, void *ctx) {
  Arena *arena = arena_sub(c->owner);
  AllKept all = {0};
  bool *taken = arena_array(arena, bool, c->n);
  bool good = read_kept(c, state, &all, arena);
  if (good) {
    match_kept(c, &all, taken, true);
    match_kept(c, &all, taken, false);
    good = load(c, &all);
  }
  if (!good) forget_all(c);
  else if (fn) tell(c, &all, taken, fn, ctx);
  arena_sub_done(arena);
  return good;
}
