/* SPDX-License-Identifier: MIT
 * The table is at most three quarters full; a group that goes draws the ones behind it forward. Keys come from events, whose author
 * may have made them fall on the same slots: the seed is not known outside, and changes where a search is long.
 *
 * The heap of ages is lazy: an event makes its group younger, and nothing is done about it until that group seems the oldest one. So
 * events of old groups cost nothing here, and each is paid for once at most, when groups are forgotten. */
#include "runtime/correlate/groups.h"

#include "base/hash.h"

enum { FIRST_SLOTS = 16, FIRST_AGES = 16, LONG_SEARCH = 64 };

void groups_open(Groups *g, Pool *pool, uint32_t state_bytes) {
  *g = (Groups){.pool = pool, .state_bytes = state_bytes};
  g->slots = pool_large(pool, FIRST_SLOTS * sizeof *g->slots);
  g->n_slots = FIRST_SLOTS;
  memset(g->slots, 0, FIRST_SLOTS * sizeof *g->slots);
  /* Where things stand in memory is not known outside, as far as the system sees to it; nothing but time depends on it. */
  uintptr_t place[] = {(uintptr_t)g->slots, (uintptr_t)&place};
  g->seed = hash_key(HASH_SEED, place, sizeof place);
}

uint64_t groups_hash(const Groups *g, Str key) { return hash_key(g->seed, key.p, key.n); }

/* --- keys ---------------------------------------------------------------------------------------------------- */

static bool key_inside(const Groups *g, size_t key) { return key <= POOL_MOST - sizeof(Group) - g->state_bytes; }

static uint32_t group_bytes(const Groups *g, size_t key) {
  return (uint32_t)(sizeof(Group) + g->state_bytes + (key_inside(g, key) ? key : sizeof(char *)));
}

static char *key_place(const Groups *g, Group *group) { return (char *)group_state(group) + g->state_bytes; }

Str group_key(const Groups *g, Group *group) {
  char *place = key_place(g, group), *p = place;
  if (!key_inside(g, group->key_bytes)) memcpy(&p, place, sizeof(char *));
  return (Str){p, group->key_bytes};
}

void group_values(Str key, Str *values, uint32_t n) {
  for (uint32_t i = 0, length; i < n; i++) {
    const unsigned char *b = (const unsigned char *)key.p;
    length = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    values[i] = str_sub(key, 4, 4 + (size_t)length);
    key = str_from(key, 4 + (size_t)length);
  }
}

static PoolRef group_new(Groups *g, Str key) {
  char *apart = NULL;
  uint32_t bytes = group_bytes(g, key.n);
  PoolRef ref = pool_take(g->pool, bytes);
  if (!key_inside(g, key.n)) apart = pool_large(g->pool, key.n);
  Group *group = group_at(g, ref);
  memset(group, 0, sizeof *group + g->state_bytes);
  group->key_bytes = (uint32_t)key.n;
  char *place = key_place(g, group);
  if (apart) memcpy(place, &apart, sizeof apart);
  if (key.n) memcpy(apart ? apart : place, key.p, key.n);
  return ref;
}

static void group_free(Groups *g, PoolRef ref) {
  Group *group = group_at(g, ref);
  Str key = group_key(g, group);
  if (!key_inside(g, key.n)) pool_large_give(g->pool, (char *)(uintptr_t)key.p);
  pool_give(g->pool, ref, group_bytes(g, key.n));
}

/* --- table --------------------------------------------------------------------------------------------------- */

static uint32_t home_of(const Groups *g, uint32_t hash) { return hash & (g->n_slots - 1); }

static uint32_t after(const Groups *g, uint32_t slot) { return (slot + 1) & (g->n_slots - 1); }

PoolRef groups_find(const Groups *g, Str key, uint64_t hash) {
  for (uint32_t i = home_of(g, (uint32_t)hash); g->slots[i].group; i = after(g, i))
    if (g->slots[i].hash == (uint32_t)hash && str_eq(group_key(g, group_at(g, g->slots[i].group)), key)) return g->slots[i].group;
  return 0;
}

/* How many slots were looked at. */
static uint32_t put(Groups *g, GroupSlot what) {
  uint32_t i = home_of(g, what.hash), steps = 0;
  for (; g->slots[i].group; i = after(g, i)) steps++;
  g->slots[i] = what;
  return steps;
}

static void fill(Groups *g, GroupSlot *old, uint32_t n_old, bool other_seed) {
  for (uint32_t i = 0; i < n_old; i++) {
    if (!old[i].group) continue;
    if (other_seed) old[i].hash = (uint32_t)groups_hash(g, group_key(g, group_at(g, old[i].group)));
    put(g, old[i]);
  }
}

static void rebuild(Groups *g, uint32_t n_slots, uint64_t seed) {
  GroupSlot *old = g->slots;
  uint32_t n_old = g->n_slots;
  GroupSlot *slots = pool_large(g->pool, n_slots * sizeof *slots);
  memset(slots, 0, n_slots * sizeof *slots);
  bool other_seed = seed != g->seed;
  g->slots = slots;
  g->n_slots = n_slots;
  g->seed = seed;
  fill(g, old, n_old, other_seed);
  pool_large_give(g->pool, old);
}

static void table_add(Groups *g, PoolRef ref, uint64_t hash) {
  uint32_t steps = put(g, (GroupSlot){(uint32_t)hash, ref});
  g->settled++;
  if (steps <= LONG_SEARCH || g->settled < g->n / 2) return;
  g->settled = 0;
  rebuild(g, g->n_slots, hash_key(g->seed, &hash, sizeof hash));
}

/* Those behind the gap that would not be found any more are drawn into it. */
static void close_gap(Groups *g, uint32_t gap) {
  uint32_t mask = g->n_slots - 1;
  for (uint32_t i = after(g, gap); g->slots[i].group; i = after(g, i)) {
    uint32_t home = home_of(g, g->slots[i].hash);
    if (((i - home) & mask) < ((i - gap) & mask)) continue;
    g->slots[gap] = g->slots[i];
    gap = i;
  }
  g->slots[gap] = (GroupSlot){0};
}

static void table_remove(Groups *g, PoolRef ref) {
  uint32_t i = home_of(g, (uint32_t)groups_hash(g, group_key(g, group_at(g, ref))));
  while (g->slots[i].group != ref) i = after(g, i);
  close_gap(g, i);
}

/* --- ages ---------------------------------------------------------------------------------------------------- */

static bool older(const GroupAge *a, const GroupAge *b) {
  if (a->newest != b->newest) return a->newest < b->newest;
  return a->newest_index < b->newest_index;
}

/* Two groups with the same newest event: that of the smaller key is older, so that it does not depend on what happened before. */
static bool older_in(const Groups *g, const GroupAge *a, const GroupAge *b) {
  if (a->newest != b->newest || a->newest_index != b->newest_index) return older(a, b);
  return str_cmp(group_key(g, group_at(g, a->group)), group_key(g, group_at(g, b->group))) < 0;
}

static void rise(Groups *g, uint32_t at, GroupAge age) {
  for (uint32_t up; at > 0 && (up = (at - 1) / 2, older_in(g, &age, &g->ages[up])); at = up) g->ages[at] = g->ages[up];
  g->ages[at] = age;
}

static void sink(Groups *g, GroupAge age) {
  uint32_t at = 0;
  for (uint32_t down; (down = 2 * at + 1) < g->n; at = down) {
    if (down + 1 < g->n && older_in(g, &g->ages[down + 1], &g->ages[down])) down++;
    if (!older_in(g, &g->ages[down], &age)) break;
    g->ages[at] = g->ages[down];
  }
  g->ages[at] = age;
}

PoolRef groups_oldest(Groups *g) {
  while (g->n) {
    GroupAge *top = &g->ages[0];
    const Group *group = group_at(g, top->group);
    GroupAge now = {group->newest, group->newest_index, top->group};
    if (!older(top, &now)) return top->group;
    sink(g, now);
  }
  return 0;
}

/* --- both ---------------------------------------------------------------------------------------------------- */

static void make_room(Groups *g) {
  if (g->n >= g->n_slots / 4 * 3) rebuild(g, g->n_slots * 2, g->seed);
  if (g->n < g->ages_room) return;
  uint32_t room = g->ages_room ? g->ages_room * 2 : FIRST_AGES;
  g->ages = pool_large_more(g->pool, g->ages, room * sizeof *g->ages);
  g->ages_room = room;
}

PoolRef groups_add(Groups *g, Str key, int64_t newest, uint64_t newest_index) {
  make_room(g);
  PoolRef ref = group_new(g, key);
  Group *group = group_at(g, ref);
  group->newest = newest;
  group->newest_index = newest_index;
  table_add(g, ref, groups_hash(g, key));
  rise(g, g->n, (GroupAge){newest, newest_index, ref});
  g->n++;
  return ref;
}

void groups_remove_oldest(Groups *g) {
  PoolRef ref = groups_oldest(g);
  if (!ref) return;
  table_remove(g, ref);
  g->n--;
  if (g->n) sink(g, g->ages[g->n]);
  group_free(g, ref);
}
