/* SPDX-License-Identifier: MIT
 * Groups are forgotten where there are too many of them, or too many bytes: those that are out of date first. */
#include "runtime/correlate/correlate_internal.h"
#include "base/limits.h"

/* Groups that are out of date stay below that, where they cost little: so an event may be very late and find its group. */
enum { EXPIRE_ABOVE = 64 << 20, SLOT_BYTES = 32 };

uint64_t correlate_group_bytes(const Correlation *k, size_t key) {
  return sizeof(Group) + k->groups.state_bytes + key + SLOT_BYTES;
}

uint64_t correlate_bytes(const Correlator *c) { return c->bytes + c->texts.bytes; }

void correlate_share_bytes(Correlator *c, Correlation *k) {
  if (!k->kind->bytes) return;
  uint64_t now = k->kind->bytes(&k->shared);
  c->bytes += now - k->shared_bytes;
  k->shared_bytes = now;
}

void correlate_remove_oldest(Correlator *c, Correlation *k) {
  Group *g = group_at(&k->groups, groups_oldest(&k->groups));
  correlate_empty_group(c, k, g);
  if (k->kind->end) k->kind->end(&k->shared, group_state(g));
  c->bytes -= correlate_group_bytes(k, g->key_bytes);
  groups_remove_oldest(&k->groups);
  correlate_share_bytes(c, k);
}

static int64_t oldest_time(Correlation *k) { return group_at(&k->groups, groups_oldest(&k->groups))->newest; }

/* Whether a group of the correlation was out of date, and is gone. */
static bool expire(Correlator *c, Correlation *k) {
  if (!k->groups.n) return false;
  int64_t oldest = oldest_time(k);
  if (oldest >= time_minus(time_minus(k->newest, k->timespan), k->timespan)) return false;
  if (!k->forgot || oldest > k->forgotten) k->forgotten = oldest;
  k->forgot = true;
  c->counts.expired++;
  correlate_remove_oldest(c, k);
  return true;
}

static void evict(Correlator *c, Correlation *k) {
  if (expire(c, k)) return;
  c->counts.evicted++;
  correlate_remove_oldest(c, k);
}

static Correlation *with_oldest(Correlator *c) {
  Correlation *found = NULL;
  for (uint32_t i = 0; i < c->n; i++) {
    Correlation *k = &c->correlations[i];
    if (k->groups.n && (!found || oldest_time(k) < oldest_time(found))) found = k;
  }
  return found;
}

static bool expire_any(Correlator *c) {
  for (uint32_t i = 0; i < c->n; i++)
    if (expire(c, &c->correlations[i])) return true;
  return false;
}

void correlate_limit_groups(Correlator *c, Correlation *k) {
  uint32_t most = c->options.max_groups ? c->options.max_groups : LIMIT_CORRELATION_GROUPS;
  while (k->groups.n > most) evict(c, k);
  if (correlate_bytes(c) > EXPIRE_ABOVE) expire(c, k);
}

void correlate_forget(Correlator *c) {
  uint64_t most = c->options.max_bytes ? c->options.max_bytes : LIMIT_CORRELATION_BYTES;
  for (Correlation *k; correlate_bytes(c) > most;) {
    if (expire_any(c)) continue;
    if (!(k = with_oldest(c))) return;
    evict(c, k);
  }
}
