/* SPDX-License-Identifier: MIT
 * Which grams share a bucket of a Teddy. A bucket takes each byte whose low nibble is that of one of its grams and whose high
 * nibble is that of one, at each of 4 places: what grams that are not alike take together is far more than what they are. So
 * each goes where the expected number of places that are taken grows least. */
#include "runtime/index/literals_internal.h"
#include "runtime/index/stats_table.h"

/* What one gram takes: at each place a set of nibbles; of letters that may be of both cases, two high ones. */
typedef struct {
  uint16_t lo[GRAM], hi[GRAM];
} Taken;

/* A literal may be found by any of several grams. */
enum { CHOICES = 8 };
typedef struct {
  Taken choice[CHOICES];
  uint32_t at[CHOICES];
  uint32_t n;
  uint32_t chosen, bucket;
  Literal *literal;
} Entry;

typedef struct {
  uint16_t lo[GRAM], hi[GRAM];
  float rate[GRAM]; /* of the bytes that both sets take */
} Bucket;

enum { BUCKETS = 8, MOST_BUCKETS = BUCKETS * TEDDY_TABLES };

typedef struct {
  Entry *entries;
  uint32_t n, buckets;
  Bucket bucket[MOST_BUCKETS];
  float row[16][4][16]; /* by high nibble and quarter of the set of low ones: how often a byte is one of these */
} Plan;

static void fill_rows(Plan *t) {
  for (uint32_t hi = 0; hi < 16; hi++)
    for (uint32_t quarter = 0; quarter < 4; quarter++)
      for (uint32_t set = 1; set < 16; set++) {
        uint32_t lo = quarter * 4 + (uint32_t)__builtin_ctz(set);
        t->row[hi][quarter][set] = t->row[hi][quarter][set & (set - 1)] + stats_byte(hi * 16 + lo);
      }
}

static float rate_of(const Plan *t, uint32_t lo, uint32_t hi) {
  float sum = 0;
  for (; hi; hi &= hi - 1) {
    const float(*row)[16] = t->row[__builtin_ctz(hi)];
    sum += row[0][lo & 15] + row[1][lo >> 4 & 15] + row[2][lo >> 8 & 15] + row[3][lo >> 12];
  }
  return sum;
}

static float bucket_rate(const Bucket *b) { return b->rate[0] * b->rate[1] * b->rate[2] * b->rate[3]; }

/* How much more often a bucket takes a place once it has these, or at least `most`. */
static float more_with(const Plan *t, const Bucket *b, const Taken *e, float most) {
  float before = bucket_rate(b), rate = 1, rest[GRAM + 1];
  rest[GRAM] = 1;
  for (int k = GRAM; k-- > 0;) rest[k] = rest[k + 1] * b->rate[k];
  for (int k = 0; k < GRAM; k++) {
    uint32_t lo = b->lo[k] | e->lo[k], hi = b->hi[k] | e->hi[k];
    rate *= lo == b->lo[k] && hi == b->hi[k] ? b->rate[k] : rate_of(t, lo, hi);
    if (rate * rest[k + 1] - before >= most) return most;
  }
  return rate - before;
}

static void add_taken(const Plan *t, Bucket *b, const Taken *e) {
  for (int k = 0; k < GRAM; k++) {
    b->lo[k] |= e->lo[k];
    b->hi[k] |= e->hi[k];
    b->rate[k] = rate_of(t, b->lo[k], b->hi[k]);
  }
}

static void put_entry(Plan *t, Entry *e) {
  float least = 2; /* no rate is so large */
  for (uint32_t c = 0; c < e->n && least > 0; c++)
    for (uint32_t i = 0; i < t->buckets && least > 0; i++) {
      float more = more_with(t, &t->bucket[i], &e->choice[c], least);
      if (more >= least) continue;
      least = more;
      e->bucket = i;
      e->chosen = c;
    }
  add_taken(t, &t->bucket[e->bucket], &e->choice[e->chosen]);
}

static void take_out(Plan *t, const Entry *e) {
  Bucket *b = &t->bucket[e->bucket];
  memset(b, 0, sizeof *b);
  for (uint32_t i = 0; i < t->n; i++) {
    const Entry *other = &t->entries[i];
    if (other == e || other->bucket != e->bucket) continue;
    const Taken *taken = &other->choice[other->chosen];
    for (int k = 0; k < GRAM; k++) {
      b->lo[k] |= taken->lo[k];
      b->hi[k] |= taken->hi[k];
    }
  }
  for (int k = 0; k < GRAM; k++) b->rate[k] = rate_of(t, b->lo[k], b->hi[k]);
}

/* The first ones are put where they know nothing of the others: all are put again. */
static void assign(Plan *t, uint32_t buckets) {
  enum { ROUNDS = 1 };
  t->buckets = buckets;
  memset(t->bucket, 0, sizeof t->bucket);
  for (uint32_t i = 0; i < t->n; i++) put_entry(t, &t->entries[i]);
  for (uint32_t i = 0; i < t->n * ROUNDS; i++) {
    take_out(t, &t->entries[i % t->n]);
    put_entry(t, &t->entries[i % t->n]);
  }
}

static float plan_rate(const Plan *t) {
  float sum = 0;
  for (uint32_t i = 0; i < t->buckets; i++) sum += bucket_rate(&t->bucket[i]);
  return sum;
}

static Taken taken_by(const char *p, uint32_t size, LiteralsCase letters) {
  Taken e;
  for (uint32_t k = 0; k < GRAM; k++) {
    unsigned char c = k < size ? (unsigned char)p[k] : 0;
    bool both = letters == LITERALS_ASCII && ascii_letter((char)c);
    uint32_t high = 1u << (c >> 4) | (both ? 1u << ((c ^ ' ') >> 4) : 0);
    e.lo[k] = (uint16_t)(k < size ? 1u << (c & 15) : 0xFFFF);
    e.hi[k] = (uint16_t)(k < size ? high : 0xFFFF);
  }
  return e;
}

static void add_choice(Entry *e, uint32_t at, uint32_t size, LiteralsCase letters) {
  e->at[e->n] = at;
  e->choice[e->n++] = taken_by(e->literal->text.p + at, size, letters);
}

/* The first choice is the place that its maker likes best. What is folded are values, which are short: few places are taken in
 * them, and a choice costs time for each bucket. */
static Entry entry_of(Literal *l, uint32_t size, LiteralsCase letters) {
  uint32_t most = letters == LITERALS_ASCII ? CHOICES : 2;
  Entry e = {.literal = l};
  uint32_t first = literal_place(l, size);
  add_choice(&e, first, size, letters);
  for (uint64_t others = l->others; others && e.n < most; others &= others - 1) {
    uint32_t at = (uint32_t)__builtin_ctzll(others);
    if (at != first && at + size <= l->text.n) add_choice(&e, at, size, letters);
  }
  return e;
}

static Plan *plan_new(const LiteralLists *l, LiteralsCase letters, uint32_t n, Arena *scratch) {
  Plan *t = arena_new(scratch, Plan);
  t->entries = arena_array(scratch, Entry, n);
  for (uint32_t k = 0; k < GRAM_GROUPS; k++)
    for (uint32_t i = 0; i < l->n[k]; i++) t->entries[t->n++] = entry_of(&l->of[k][i], k + 2, letters);
  fill_rows(t);
  return t;
}

static Teddy *tables_of(const Plan *t, Arena *owner) {
  Teddy *y = arena_new(owner, Teddy);
  y->tables = t->buckets / BUCKETS;
  y->ascii = true;
  for (uint32_t i = 0; i < t->buckets; i++)
    for (uint32_t k = 0; k < GRAM; k++) {
      y->ascii &= t->bucket[i].hi[k] < 1u << 8;
      for (uint32_t nibble = 0; nibble < 16; nibble++) {
        uint8_t bit = (uint8_t)(1u << i % BUCKETS);
        if (t->bucket[i].lo[k] >> nibble & 1) y->lo[i / BUCKETS][k][nibble] |= bit;
        if (t->bucket[i].hi[k] >> nibble & 1) y->hi[i / BUCKETS][k][nibble] |= bit;
      }
    }
  return y;
}

/* Nanoseconds for each byte of a text, as measured on a processor of 2023; what counts is how they compare. Bytes depend
 * on those before them, so that what the plan takes for one candidate are several. */
#define TABLE_TIME     0.13f
#define CANDIDATE_TIME 40.0f
#define GATHER_TIME    0.5f
#define LOADS_TIME     0.9f

/* Where each literal is looked for from now on. */
static void choose_places(const Plan *t) {
  for (uint32_t i = 0; i < t->n; i++) t->entries[i].literal->at = t->entries[i].at[t->entries[i].chosen];
}

Teddy *teddy_new(const LiteralLists *l, LiteralsCase letters, Simd simd, Arena *owner) {
  enum { MOST = 200, MOST_OF_ONE = 120 /* of so many one table alone is always slower */ };
  uint32_t n = 0;
  float least = 0;
  for (int k = 0; k < GRAM_GROUPS; k++) {
    n += l->n[k];
    if (l->n[k]) least += simd == SIMD_GATHER ? GATHER_TIME : LOADS_TIME;
  }
  if (n == 0 || n > MOST) return NULL;
  Arena *scratch = arena_sub(owner);
  Plan *t = plan_new(l, letters, n, scratch);
  Teddy *y = NULL;
  for (uint32_t tables = n > MOST_OF_ONE ? 2 : 1; tables <= TEDDY_TABLES && (float)tables * TABLE_TIME < least; tables *= 2) {
    assign(t, tables * BUCKETS);
    float time = (float)tables * TABLE_TIME + plan_rate(t) * CANDIDATE_TIME;
    if (time >= least) continue;
    least = time;
    y = tables_of(t, owner);
    choose_places(t);
  }
  arena_sub_done(scratch);
  return y;
}
