/* SPDX-License-Identifier: MIT
 * Which grams share a bucket of a Teddy. A bucket takes each byte whose low nibble is that of one of its grams and whose high
 * nibble is that of one, at each of 4 places: what grams that are not alike take together is far more than what they are. So
 * each goes where the expected number of places that are taken grows least. */
#include "runtime/index/literals_internal.h"

/* How often a byte is this one, of 10,000 in logs of Windows, Linux, networks and clouds; from U+0020 on. */
static const uint16_t byte_rates[96] = {
  126, 1,   877, 1,   5,   5,   1,  3,   11,  11,  1,   14, 230, 175, 143, 19,  /*   ! " # $ % & ' ( ) * + , - . / */
  355, 199, 200, 151, 139, 107, 93, 105, 120, 92,  330, 8,  1,   17,  1,   1,   /* 0 1 2 3 4 5 6 7 8 9 : ; < = > ? */
  6,   441, 136, 102, 68,  105, 49, 54,  43,  82,  16,  23, 30,  54,  46,  45,  /* @ A B C D E F G H I J K L M N O */
  56,  76,  51,  101, 99,  47,  25, 39,  9,   22,  32,  7,  203, 7,   1,   70,  /* P Q R S T U V W X Y Z [ \ ] ^ _ */
  1,   282, 75,  217, 219, 564, 73, 94,  59,  264, 24,  38, 134, 145, 255, 282, /* ` a b c d e f g h i j k l m n o */
  109, 13,  307, 319, 313, 124, 75, 125, 39,  74,  11,  37, 11,  37,  1,   1,   /* p q r s t u v w x y z { | } ~ */
};

/* What one gram takes: at each place a set of nibbles; of letters that may be of both cases, two high ones. */
typedef struct {
  uint16_t lo[GRAM], hi[GRAM];
  uint32_t bucket;
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

static float byte_rate(uint32_t c) { return (c >= 32 && c < 128 ? (float)byte_rates[c - 32] : 0.5f) / 10000; }

static void fill_rows(Plan *t) {
  for (uint32_t hi = 0; hi < 16; hi++)
    for (uint32_t quarter = 0; quarter < 4; quarter++)
      for (uint32_t set = 1; set < 16; set++) {
        uint32_t lo = quarter * 4 + (uint32_t)__builtin_ctz(set);
        t->row[hi][quarter][set] = t->row[hi][quarter][set & (set - 1)] + byte_rate(hi * 16 + lo);
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

static Bucket with_entry(const Plan *t, const Bucket *b, const Entry *e) {
  Bucket w = *b;
  for (int k = 0; k < GRAM; k++) {
    w.lo[k] |= e->lo[k];
    w.hi[k] |= e->hi[k];
    if (w.lo[k] != b->lo[k] || w.hi[k] != b->hi[k]) w.rate[k] = rate_of(t, w.lo[k], w.hi[k]);
  }
  return w;
}

static void put_entry(Plan *t, Entry *e) {
  Bucket best;
  float least = 2; /* no rate is so large */
  for (uint32_t i = 0; i < t->buckets; i++) {
    Bucket b = with_entry(t, &t->bucket[i], e);
    float more = bucket_rate(&b) - bucket_rate(&t->bucket[i]);
    if (more >= least) continue;
    best = b;
    least = more;
    e->bucket = i;
  }
  t->bucket[e->bucket] = best;
}

static void take_out(Plan *t, const Entry *e) {
  Bucket *b = &t->bucket[e->bucket];
  memset(b, 0, sizeof *b);
  for (uint32_t i = 0; i < t->n; i++) {
    const Entry *other = &t->entries[i];
    if (other == e || other->bucket != e->bucket) continue;
    for (int k = 0; k < GRAM; k++) {
      b->lo[k] |= other->lo[k];
      b->hi[k] |= other->hi[k];
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

static Entry entry_of(const LiteralRec *r, uint32_t size, LiteralsCase letters) {
  Entry e = {.bucket = 0};
  for (uint32_t k = 0; k < GRAM; k++) {
    unsigned char c = k < size ? (unsigned char)r->p[r->at + k] : 0;
    bool both = letters == LITERALS_ASCII && ascii_letter((char)c);
    uint32_t high = 1u << (c >> 4) | (both ? 1u << ((c ^ ' ') >> 4) : 0);
    e.lo[k] = (uint16_t)(k < size ? 1u << (c & 15) : 0xFFFF);
    e.hi[k] = (uint16_t)(k < size ? high : 0xFFFF);
  }
  return e;
}

static Plan *plan_new(const Literals *l, uint32_t n, Arena *scratch) {
  Plan *t = arena_new(scratch, Plan);
  t->entries = arena_array(scratch, Entry, n);
  for (int k = 0; k < GRAM_GROUPS; k++)
    for (uint32_t i = 0; i < l->groups[k].n; i++)
      t->entries[t->n++] = entry_of(&l->groups[k].recs[i], l->groups[k].size, l->letters);
  fill_rows(t);
  return t;
}

static Teddy *tables_of(const Plan *t, Arena *owner) {
  Teddy *y = arena_new(owner, Teddy);
  y->tables = t->buckets / BUCKETS;
  for (uint32_t i = 0; i < t->buckets; i++)
    for (uint32_t k = 0; k < GRAM; k++)
      for (uint32_t nibble = 0; nibble < 16; nibble++) {
        uint8_t bit = (uint8_t)(1u << i % BUCKETS);
        if (t->bucket[i].lo[k] >> nibble & 1) y->lo[i / BUCKETS][k][nibble] |= bit;
        if (t->bucket[i].hi[k] >> nibble & 1) y->hi[i / BUCKETS][k][nibble] |= bit;
      }
  return y;
}

/* Nanoseconds for each byte of a text, as measured on a processor of 2023; what counts is how they compare. Bytes depend
 * on those before them, so that what the plan takes for one candidate are several. */
#define TABLE_TIME     0.13f
#define CANDIDATE_TIME 40.0f
#define GATHER_TIME    0.5f
#define LOADS_TIME     0.9f

Teddy *teddy_new(const Literals *l, Arena *owner) {
  enum { MOST = 100 };
  uint32_t n = 0;
  float least = 0;
  for (int k = 0; k < GRAM_GROUPS; k++) {
    n += l->groups[k].n;
    if (l->groups[k].n) least += l->simd == SIMD_GATHER ? GATHER_TIME : LOADS_TIME;
  }
  if (n == 0 || n > MOST) return NULL;
  Arena *scratch = arena_sub(owner);
  Plan *t = plan_new(l, n, scratch);
  Teddy *y = NULL;
  for (uint32_t tables = 1; tables <= TEDDY_TABLES && (float)tables * TABLE_TIME < least; tables *= 2) {
    assign(t, tables * BUCKETS);
    float time = (float)tables * TABLE_TIME + plan_rate(t) * CANDIDATE_TIME;
    if (time >= least) continue;
    least = time;
    y = tables_of(t, owner);
  }
  arena_sub_done(scratch);
  return y;
}
