/* SPDX-License-Identifier: MIT
 * temporal: how many of the rules are there, or whether a text is true of which are there. A row has a bit for each ref that its event
 * matches; a window counts how many rows have each. */
#include "base/limits.h"
#include "runtime/correlate/correlate_internal.h"
#include "runtime/correlate/thresholds.h"

enum { WORD_BITS = 32 };

typedef struct {
  uint32_t present; /* refs with a row */
  uint32_t rows[];  /* by ref */
} Presence;

static uint32_t words(const CorrRec *rec) { return (rec->refs.n + WORD_BITS - 1) / WORD_BITS; }

static uint32_t row_bytes(const CorrRec *rec) { return words(rec) * (uint32_t)sizeof(uint32_t); }

static uint32_t state_bytes(const CorrRec *rec) {
  uint32_t n = (uint32_t)(sizeof(Presence) + rec->refs.n * sizeof(uint32_t));
  return (n + 7) / 8 * 8;
}

static void open_it(Aggregates *a) {
  Thresholds *t = arena_new(a->owner, Thresholds);
  *t = thresholds_of(a->program, a->rec, a->owner);
  a->own = t;
}

bool correlate_row_has(const void *row, uint32_t ref) {
  uint32_t word;
  memcpy(&word, (const char *)row + ref / WORD_BITS * sizeof word, sizeof word);
  return word >> ref % WORD_BITS & 1;
}

static bool take(Aggregates *a, const RowFacts *facts, void *row) {
  for (uint32_t i = 0; i < words(a->rec); i++) {
    uint32_t word = (uint32_t)(facts->refs[i / 2] >> i % 2 * WORD_BITS);
    memcpy((char *)row + i * sizeof word, &word, sizeof word);
  }
  return true;
}

static void enter(Aggregates *a, void *state, const void *row) {
  Presence *p = state;
  for (uint32_t i = 0; i < a->rec->refs.n; i++)
    if (correlate_row_has(row, i)) p->present += !p->rows[i]++;
}

static void leave(Aggregates *a, void *state, const void *row) {
  Presence *p = state;
  for (uint32_t i = 0; i < a->rec->refs.n; i++)
    if (correlate_row_has(row, i)) p->present -= !--p->rows[i];
}

/* The verifier has seen that the stack is deep enough, and never deeper than this. */
static bool text_holds(const Aggregates *a, const Presence *p) {
  bool stack[LIMIT_CODE_DEPTH];
  uint32_t n = 0;
  for (uint32_t i = 0; i < a->rec->condition.n; i++) {
    const CorrCodeRec *code = &a->program->CORRCODE[a->rec->condition.first + i];
    switch ((CorrCode)code->code) {
    case CORR_REF: stack[n++] = p->rows[code->ref] > 0; break;
    case CORR_NOT: stack[n - 1] = !stack[n - 1]; break;
    case CORR_AND: n--, stack[n - 1] = stack[n - 1] && stack[n]; break;
    case CORR_OR: n--, stack[n - 1] = stack[n - 1] || stack[n]; break;
    case CORR_CODE_COUNT: break;
    }
  }
  return stack[0];
}

static bool holds(Aggregates *a, void *state, uint64_t n) {
  const Presence *p = state;
  (void)n;
  return a->rec->condition.n ? text_holds(a, p) : thresholds_hold_count(a->own, p->present);
}

bool aggregate_count_holds(const Aggregates *a, uint64_t value) { return thresholds_hold_count(a->own, value); }

static void print(Aggregates *a, void *state, uint64_t n, Buf *out) {
  (void)a, (void)n;
  buf_printf(out, "%u", ((const Presence *)state)->present);
}

static void save(Aggregates *a, const void *row, Buf *out) {
  for (uint32_t i = 0; i < a->rec->refs.n; i += 8) {
    unsigned byte = 0;
    for (uint32_t k = i; k < a->rec->refs.n && k < i + 8; k++) byte |= (unsigned)correlate_row_has(row, k) << (k - i);
    buf_char(out, (char)byte);
  }
}

/* Only bits of refs, and one at least. */
static bool load(Aggregates *a, Str *bytes, void *row) {
  uint32_t n = (a->rec->refs.n + 7) / 8, any = 0;
  if (bytes->n < n) return false;
  memset(row, 0, row_bytes(a->rec));
  for (uint32_t i = 0; i < n * 8; i++) {
    uint32_t word, bit = (uint32_t)(unsigned char)bytes->p[i / 8] >> i % 8 & 1;
    if (!bit) continue;
    if (i >= a->rec->refs.n) return false;
    memcpy(&word, (char *)row + i / WORD_BITS * sizeof word, sizeof word);
    word |= bit << i % WORD_BITS;
    memcpy((char *)row + i / WORD_BITS * sizeof word, &word, sizeof word);
    any = 1;
  }
  *bytes = str_from(*bytes, n);
  return any;
}

const Aggregate aggregate_temporal = {.name = "temporal",
                                      .row_bytes = row_bytes,
                                      .state_bytes = state_bytes,
                                      .open = open_it,
                                      .take = take,
                                      .enter = enter,
                                      .leave = leave,
                                      .holds = holds,
                                      .print = print,
                                      .save = save,
                                      .load = load};
