/* SPDX-License-Identifier: MIT
 * Groups as they were saved. What follows from rows is made from them. */
#include "runtime/correlate/correlate_internal.h"

/* n lengths and values, and nothing else. */
static bool key_ok(Str key, uint32_t n) {
  for (; n; n--) {
    if (key.n < 4) return false;
    const unsigned char *b = (const unsigned char *)key.p;
    size_t length = (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
    if (key.n - 4 < length) return false;
    key = str_from(key, 4 + length);
  }
  return key.n == 0;
}

PoolRef correlate_group_new(Correlator *c, Correlation *k, Str key) {
  if (!key_ok(key, k->rec->group_by.n) || groups_find(&k->groups, key, groups_hash(&k->groups, key))) return 0;
  PoolRef ref = groups_add(&k->groups, key, INT64_MIN, 0);
  Group *g = group_at(&k->groups, ref);
  if (k->kind->begin) k->kind->begin(&k->shared, group_state(g));
  c->bytes += correlate_group_bytes(k, key.n);
  return ref;
}

bool correlate_row_add(Correlator *c, Correlation *k, PoolRef group, int64_t time, uint64_t index, Str facts, Str text) {
  Group *g = group_at(&k->groups, group);
  RowPlace last = rows_last(&g->rows, c->pool);
  if (last.chunk && correlate_row_time(c, k, last) > time) return false;
  arena_reset(c->scratch);
  void *row = arena_alloc(c->scratch, k->shape.stride);
  if (k->kind->load ? !k->kind->load(&k->shared, &facts, row) : facts.n != k->kind->row_bytes(k->rec)) return false;
  if (!k->kind->load && facts.n) memcpy(row, facts.p, facts.n);
  char *to = correlate_row(c, k, rows_add(&g->rows, c->pool, &k->shape, time));
  c->bytes += k->shape.stride;
  memcpy(row_facts(to), row, k->kind->row_bytes(k->rec));
  if (k->shape.index) memcpy(to + k->shape.index, &index, sizeof index);
  TextName name = k->shape.text ? texts_take(&c->texts, text) : 0;
  if (k->shape.text) memcpy(to + k->shape.text, &name, sizeof name);
  return facts.n == 0 || !k->kind->load;
}

bool correlate_group_done(Correlator *c, Correlation *k, PoolRef group, int64_t newest, uint64_t newest_index) {
  Group *g = group_at(&k->groups, group);
  g->newest = newest;
  g->newest_index = newest_index;
  int64_t oldest = time_minus(time_minus(newest, k->timespan), k->timespan);
  if (g->rows.n && (correlate_row_time(c, k, rows_last(&g->rows, c->pool)) > newest ||
                    correlate_row_time(c, k, rows_first(&g->rows, c->pool)) < oldest))
    return false;
  correlate_make_window(c, k, g);
  correlate_share_bytes(c, k);
  if (!k->any || newest > k->newest) k->newest = newest;
  k->any = true;
  return true;
}

void correlate_clear(Correlator *c) {
  for (uint32_t i = 0; i < c->n; i++) {
    Correlation *k = &c->correlations[i];
    while (k->groups.n) correlate_remove_oldest(c, k);
    k->any = k->forgot = false;
  }
}
