/* SPDX-License-Identifier: MIT
 * Aggregates over windows that slide, against plain evaluation of the same rows. Values are made of 64-bit integers with six places behind the
 * point, so that what is expected can be computed in 128 bits. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/correlate/aggregate.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
__extension__ typedef __int128 Int128;

enum { PLACES = 1000000, PARTS = 100 * CORR_PERCENTILE_ONE, MOST_THRESHOLDS = 3 };

static uint64_t next_random(uint64_t *s) {
  *s ^= *s << 13;
  *s ^= *s >> 7;
  *s ^= *s << 17;
  return *s;
}

/* --- a correlation without an image ----------------------------------------------------------------------------- */

typedef struct {
  const Aggregate *kind;
  Aggregates shared;
  Program program;
  CorrRec rec;
  ThresholdRec thresholds[MOST_THRESHOLDS];
  int64_t limits[MOST_THRESHOLDS]; /* the same, times PLACES */
  Buf strings;
  Arena *arena;
} Rig;

static void rig_open(Rig *r, Arena *a, const Aggregate *kind, CorrelationType type) {
  r->program.STRINGS = r->strings.p;
  r->program.THRESHOLDS = r->thresholds;
  r->rec.type = type;
  r->kind = kind;
  r->shared = (Aggregates){.program = &r->program, .rec = &r->rec, .owner = a, .pool = pool_new(a)};
  if (kind->open) kind->open(&r->shared);
}

static void rig_threshold(Rig *r, Arena *a, CorrelationOp op, Str number) {
  r->strings.arena = a;
  r->thresholds[r->rec.thresholds.n++] = (ThresholdRec){op, {(uint32_t)r->strings.n, (uint32_t)number.n}};
  buf_str(&r->strings, number);
}

static bool rig_take(Rig *r, const Str *values, void *row) {
  RowFacts facts = {.values = values};
  return r->kind->take(&r->shared, &facts, row);
}

/* The text of a value times PLACES; one of several spellings. */
static Str spelled(Arena *a, int64_t v, uint64_t how) {
  const char *sign = v < 0 ? "-" : how % 3 == 1 ? "+" : "";
  long long whole = llabs((long long)v) / PLACES, part = llabs((long long)v) % PLACES;
  if (how % 5 == 4) return arena_printf(a, "%s%llde-6", sign, llabs((long long)v));
  if (part || how % 2) return arena_printf(a, "%s%lld.%06lld", sign, whole, part);
  return arena_printf(a, "%s%lld", sign, whole);
}

static bool op_holds(CorrelationOp op, Int128 value, Int128 limit) {
  switch (op) {
  case CORR_GT: return value > limit;
  case CORR_GTE: return value >= limit;
  case CORR_LT: return value < limit;
  case CORR_LTE: return value <= limit;
  case CORR_EQ: return value == limit;
  case CORR_NEQ: return value != limit;
  case CORR_OP_COUNT: break;
  }
  return false;
}

/* --- what is expected -------------------------------------------------------------------------------------------- */

static int by_value(const void *x, const void *y) {
  int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
  return (a > b) - (a < b);
}

/* The value of a window, as a fraction. */
typedef struct {
  Int128 above, below;
} Fraction;

static Fraction expected(const Rig *r, const int64_t *v, uint32_t n) {
  static int64_t sorted[4096];
  memcpy(sorted, v, n * sizeof *v);
  qsort(sorted, n, sizeof *sorted, by_value);
  Int128 sum = 0;
  uint32_t different = 0;
  for (uint32_t i = 0; i < n; i++) {
    sum += sorted[i];
    different += i == 0 || sorted[i] != sorted[i - 1];
  }
  if (r->kind == &aggregate_distinct) return (Fraction){different, 1};
  if (r->rec.type == CORR_VALUE_SUM) return (Fraction){sum, PLACES};
  if (r->rec.type == CORR_VALUE_AVG) return (Fraction){sum, (Int128)n * PLACES};
  uint64_t rank = (uint64_t)r->rec.percentile * (n - 1), k = rank / PARTS, part = rank % PARTS;
  Int128 low = sorted[k], high = part ? sorted[k + 1] : low;
  return (Fraction){low * (Int128)(PARTS - part) + high * (Int128)part, (Int128)PARTS * PLACES};
}

/* Whether text, with a NUL behind it, is a fraction with all its places; one that was rounded is near it. */
static bool is_printed(Fraction f, Str text) {
  Int128 got = 0, scale = 1;
  bool negative = text.n && text.p[0] == '-', point = false;
  for (size_t i = negative; i < text.n; i++) {
    if (text.p[i] == '.') point = true;
    else if (text.p[i] == 'e') {
      for (int exp = atoi(text.p + i + 1); exp < 0; exp++) scale *= 10;
      break;
    } else if (!ascii_digit(text.p[i])) return false;
    else if (scale < (Int128)1000000000000000) {
      got = got * 10 + (text.p[i] - '0');
      if (point) scale *= 10;
    }
  }
  if (negative) got = -got;
  /* got / scale = above / below, or nearer to it than the last place. */
  Int128 left = got * f.below, right = f.above * scale, off = left > right ? left - right : right - left;
  return point && text.n > 16 ? off <= f.below : off == 0;
}

static bool expected_holds(const Rig *r, Fraction f) {
  for (uint32_t i = 0; i < r->rec.thresholds.n; i++)
    if (!op_holds((CorrelationOp)r->thresholds[i].op, f.above * PLACES, (Int128)r->limits[i] * f.below)) return false;
  return true;
}

/* --- windows at random ------------------------------------------------------------------------------------------- */

enum { ROOM = 2048, ROW_ROOM = 16, STATE_ROOM = 64 };

typedef struct {
  uint32_t first, n; /* in a ring */
  int64_t value[ROOM];
  unsigned char row[ROOM][ROW_ROOM];
  _Alignas(8) unsigned char state[STATE_ROOM];
} Window;

static void window_push(Rig *r, Window *w, Arena *a, int64_t v, uint64_t how) {
  uint32_t at = (w->first + w->n) % ROOM;
  Str text = r->kind == &aggregate_distinct ? arena_printf(a, "%lld", (long long)v) : spelled(a, v, how);
  w->value[at] = v;
  cr_assert(rig_take(r, &text, w->row[at]));
  r->kind->enter(&r->shared, w->state, w->row[at]);
  w->n++;
}

static void window_pop(Rig *r, Window *w) {
  r->kind->leave(&r->shared, w->state, w->row[w->first]);
  r->kind->drop(&r->shared, w->row[w->first]);
  w->first = (w->first + 1) % ROOM;
  w->n--;
}

static void window_check(Rig *r, Window *w, Arena *a, const char *what) {
  static int64_t values[ROOM];
  for (uint32_t i = 0; i < w->n; i++) values[i] = w->value[(w->first + i) % ROOM];
  Fraction f = expected(r, values, w->n);
  Buf out = {.arena = a};
  r->kind->print(&r->shared, w->state, w->n, &out);
  buf_char(&out, '\0'), out.n--;
  cr_assert(is_printed(f, buf_view(&out)), "%s: " STR_FMT, what, STR_ARG(buf_view(&out)));
  cr_assert_eq(r->kind->holds(&r->shared, w->state, w->n), expected_holds(r, f), "%s: " STR_FMT, what, STR_ARG(buf_view(&out)));
}

typedef struct {
  const char *name;
  const Aggregate *kind;
  CorrelationType type;
  uint32_t percentile;
} Kind;

static const Kind kinds[] = {
  {"distinct", &aggregate_distinct, CORR_VALUE_COUNT, 0},
  {"sum", &aggregate_number, CORR_VALUE_SUM, 0},
  {"avg", &aggregate_number, CORR_VALUE_AVG, 0},
  {"median", &aggregate_percentile, CORR_VALUE_MEDIAN, 50 * CORR_PERCENTILE_ONE},
  {"p0", &aggregate_percentile, CORR_VALUE_PERCENTILE, 0},
  {"p100", &aggregate_percentile, CORR_VALUE_PERCENTILE, PARTS},
  {"p99.9", &aggregate_percentile, CORR_VALUE_PERCENTILE, 99900000},
  {"p33.333333", &aggregate_percentile, CORR_VALUE_PERCENTILE, 33333333},
};

/* Values near each other and far; in some rounds mostly the same few, so that eq and neq are met. */
static int64_t random_value(uint64_t *seed, int spread) {
  int64_t v = (int64_t)(next_random(seed) % 2000000) - 1000000;
  if (spread == 0) return v % 3 * PLACES;
  if (spread == 1) return v * 7;
  return v * 900000000;
}

static void thresholds_at_random(Rig *r, Arena *a, uint64_t *seed, int spread, bool counts) {
  uint32_t n = 1 + (uint32_t)(next_random(seed) % MOST_THRESHOLDS);
  for (uint32_t i = 0; i < n; i++) {
    r->limits[i] = counts ? (int64_t)(next_random(seed) % 40) * (PLACES / 2) : random_value(seed, spread) / (spread == 0 ? 2 : 1);
    CorrelationOp op = (CorrelationOp)(next_random(seed) % CORR_OP_COUNT);
    rig_threshold(r, a, op, spelled(a, r->limits[i], 0));
  }
}

static void slide(const Kind *k, uint64_t *seed, int spread, uint32_t steps, uint32_t most) {
  static Window w;
  Arena a = {0}, scratch = {0};
  Rig r = {0};
  thresholds_at_random(&r, &a, seed, spread, k->kind == &aggregate_distinct);
  r.rec.percentile = k->percentile;
  r.rec.n_values = 1;
  rig_open(&r, &a, k->kind, k->type);
  cr_assert(k->kind->row_bytes(&r.rec) <= ROW_ROOM && k->kind->state_bytes(&r.rec) <= STATE_ROOM);
  w.first = w.n = 0;
  memset(w.state, 0, sizeof w.state);
  uint64_t empty = k->kind->bytes(&r.shared);
  for (uint32_t i = 0; i < steps; i++) {
    arena_reset(&scratch);
    window_push(&r, &w, &scratch, random_value(seed, spread), next_random(seed));
    while (w.n > most || (w.n > 1 && next_random(seed) % (most / 2 + 2) == 0)) window_pop(&r, &w);
    if (next_random(seed) % most == 0) window_check(&r, &w, &scratch, k->name);
  }
  while (w.n > 1) window_pop(&r, &w);
  window_check(&r, &w, &scratch, k->name);
  window_pop(&r, &w);
  if (k->kind->end) k->kind->end(&r.shared, w.state);
  cr_expect_eq(k->kind->bytes(&r.shared), empty, "%s: bytes", k->name);
  arena_free(&scratch);
  arena_free(&a);
}

Test(aggregate, windows_slide) {
  uint64_t seed = 41;
  for (size_t k = 0; k < COUNT(kinds); k++) {
    for (int round = 0; round < 60; round++) slide(&kinds[k], &seed, round % 3, 400, 1 + (uint32_t)round);
    slide(&kinds[k], &seed, 2, 100000, 1000);
  }
}

/* --- numbers of any size ----------------------------------------------------------------------------------------- */

/* What a window of these texts is: made by exact fractions elsewhere. */
Test(aggregate, numbers_of_any_size) {
  static const struct {
    CorrelationType type;
    uint32_t percentile;
    const char *values[6], *threshold; /* equal to the value */
    const char *printed;
  } cases[] = {
    {CORR_VALUE_SUM, 0, {"0.1", "0.2"}, "0.3", "0.3"},
    {CORR_VALUE_SUM, 0, {"1e300", "1", "-1e300"}, "1", "1"},
    {CORR_VALUE_SUM, 0, {"1e399", "1e-400", "-1e399", "-1e-400"}, "0", "0"},
    {CORR_VALUE_SUM, 0, {"9223372036854775807", "1"}, "9223372036854775808", "9223372036854775808"},
    {CORR_VALUE_SUM, 0, {"-9223372036854775808", "-1"}, "-9223372036854775809", "-9223372036854775809"},
    {CORR_VALUE_SUM, 0, {"9e399", "9e399"}, NULL, "1.8e+400"},
    {CORR_VALUE_AVG, 0, {"9e399", "9e399"}, "9e399", "9e+399"},
    {CORR_VALUE_AVG, 0, {"1", "2", "2"}, NULL, "1.6666666666666667"},
    {CORR_VALUE_AVG, 0, {"1e-400", "0"}, NULL, "5e-401"},
    {CORR_VALUE_AVG, 0, {"-1", "-2"}, "-1.5", "-1.5"},
    {CORR_VALUE_AVG, 0, {"0.1", "0.1", "0.1"}, "0.1", "0.1"},
    {CORR_VALUE_PERCENTILE, 95000000, {"1", "2", "3", "4"}, "3.85", "3.85"},
    {CORR_VALUE_PERCENTILE, 1, {"0", "1"}, "0.00000001", "1e-8"},
    {CORR_VALUE_PERCENTILE, 25000000, {"1e399", "-1e399"}, "-5e398", "-5e+398"},
    {CORR_VALUE_MEDIAN, 50000000, {"1e-400", "2e-400"}, NULL, "1.5e-400"},
    {CORR_VALUE_MEDIAN,
     50000000,
     {"123456789012345678901234567890", "123456789012345678901234567892"},
     "123456789012345678901234567891",
     "123456789012345678901234567891"},
    {CORR_VALUE_MEDIAN, 50000000, {"3", "1", "1e30", "2e0", "-7"}, "2", "2"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    for (int op = 0; op < CORR_OP_COUNT; op++) {
      Arena a = {0};
      Rig r = {.rec.n_values = 1, .rec.percentile = cases[i].percentile};
      if (cases[i].threshold) rig_threshold(&r, &a, (CorrelationOp)op, str_of(cases[i].threshold));
      bool ranks = cases[i].type == CORR_VALUE_PERCENTILE || cases[i].type == CORR_VALUE_MEDIAN;
      rig_open(&r, &a, ranks ? &aggregate_percentile : &aggregate_number, cases[i].type);
      _Alignas(8) unsigned char state[STATE_ROOM] = {0}, row[ROW_ROOM];
      uint32_t n = 0;
      for (; n < 6 && cases[i].values[n]; n++) {
        Str value = str_of(cases[i].values[n]);
        cr_assert(rig_take(&r, &value, row));
        r.kind->enter(&r.shared, state, row);
      }
      Buf out = {.arena = &a};
      r.kind->print(&r.shared, state, n, &out);
      cr_expect(str_is(buf_view(&out), cases[i].printed), "%s: " STR_FMT, cases[i].printed, STR_ARG(buf_view(&out)));
      bool equal = op == CORR_GTE || op == CORR_LTE || op == CORR_EQ;
      if (cases[i].threshold) cr_expect_eq(r.kind->holds(&r.shared, state, n), equal, "%s, %d", cases[i].printed, op);
      arena_free(&a);
    }
}

/* --- values ------------------------------------------------------------------------------------------------------ */

Test(aggregate, tuples_are_not_their_bytes) {
  static const Str rows[][2] = {
    {STR_INIT("ab"), STR_INIT("c")}, {STR_INIT("a"), STR_INIT("bc")}, {STR_INIT(""), STR_INIT("abc")},
    {STR_INIT("ab"), STR_INIT("c")}, {STR_INIT("AB"), STR_INIT("c")}, {STR_INIT("a\0"), STR_INIT("")},
    {STR_INIT("a"), STR_INIT("\0")},
  };
  Arena a = {0};
  Rig r = {.rec.n_values = 2};
  rig_threshold(&r, &a, CORR_EQ, STR("6"));
  rig_open(&r, &a, &aggregate_distinct, CORR_VALUE_COUNT);
  _Alignas(8) unsigned char state[STATE_ROOM] = {0}, row[ROW_ROOM];
  for (size_t i = 0; i < COUNT(rows); i++) {
    cr_assert(rig_take(&r, rows[i], row));
    r.kind->enter(&r.shared, state, row);
  }
  cr_expect(r.kind->holds(&r.shared, state, COUNT(rows)));
  arena_free(&a);
}

/* --- rows in files ----------------------------------------------------------------------------------------------- */

static const Kind saved_kinds[] = {
  {"distinct", &aggregate_distinct, CORR_VALUE_COUNT, 0},
  {"number", &aggregate_number, CORR_VALUE_SUM, 0},
  {"percentile", &aggregate_percentile, CORR_VALUE_MEDIAN, 50000000},
};

static void check_saved(const Kind *k, uint32_t n_values, const Str *values) {
  Arena a = {0};
  Rig r = {.rec.n_values = n_values}, other = {.rec.n_values = n_values};
  unsigned char row[ROW_ROOM] = {0}, again[ROW_ROOM] = {0}, same[ROW_ROOM] = {0};
  rig_open(&r, &a, k->kind, k->type);
  rig_open(&other, &a, k->kind, k->type);
  cr_assert(rig_take(&r, values, row));
  Buf out = {.arena = &a};
  k->kind->save(&r.shared, row, &out);
  size_t length = out.n;
  buf_str(&out, STR("behind"));
  Str bytes = buf_view(&out);
  cr_assert(k->kind->load(&other.shared, &bytes, again), "%s", k->name);
  cr_expect(str_is(bytes, "behind"));
  cr_assert(rig_take(&other, values, same));
  cr_expect_arr_eq(again, same, ROW_ROOM, "%s", k->name);
  uint64_t kept = k->kind->bytes(&other.shared);
  for (size_t n = 0; n < length; n++) {
    Str part = {out.p, n};
    cr_expect(!k->kind->load(&other.shared, &part, again), "%s: %zu bytes of %zu", k->name, n, length);
  }
  cr_expect_eq(k->kind->bytes(&other.shared), kept);
  arena_free(&a);
}

Test(aggregate, rows_are_saved_and_loaded) {
  static const Str texts[][2] = {
    {STR_INIT(""), STR_INIT("x")}, {STR_INIT("a\0b"), STR_INIT("")}, {STR_INIT("\xff"), STR_INIT("1")}};
  static const Str numbers[] = {STR_INIT("0"), STR_INIT("-1.50"), STR_INIT("123456789012345678901234567890.5"), STR_INIT("1e-400"),
                                STR_INIT("-9e399")};
  for (size_t i = 0; i < COUNT(texts); i++)
    for (uint32_t n = 1; n <= 2; n++) check_saved(&saved_kinds[0], n, texts[i]);
  for (size_t k = 1; k < COUNT(saved_kinds); k++)
    for (size_t i = 0; i < COUNT(numbers); i++) check_saved(&saved_kinds[k], 1, &numbers[i]);
}

/* Bytes that are no row: refused, and nothing of them is kept. */
Test(aggregate, bytes_that_are_no_row) {
  static const struct {
    int kind;
    uint32_t n_values;
    Str bytes;
  } cases[] = {
    {0, 1,
     STR_INIT("\xff\xff\xff\xff"
              "abc")},
    {0, 2, STR_INIT("\3\0\0\0abc")},
    {0, 2, STR_INIT("\5\0\0\0\1\0\0\0a")},
    {0, 2, STR_INIT("\x0b\0\0\0\1\0\0\0a\1\0\0\0b!")},
    {1, 1, STR_INIT("\3\0\0\0abc")},
    {1, 1, STR_INIT("\0\0\0\0")},
    {2, 1, STR_INIT("\2\0\0\0 1")},
    {2, 1, STR_INIT("\5\0\0\0001e400")},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Rig r = {.rec.n_values = cases[i].n_values};
    unsigned char row[ROW_ROOM];
    rig_open(&r, &a, saved_kinds[cases[i].kind].kind, saved_kinds[cases[i].kind].type);
    Str bytes = cases[i].bytes;
    cr_expect(!r.kind->load(&r.shared, &bytes, row), "case %zu", i);
    cr_expect_eq(r.kind->bytes(&r.shared), 0);
    arena_free(&a);
  }
}
