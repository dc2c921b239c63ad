/* SPDX-License-Identifier: MIT */
#include "lint/truth.h"

/* --- variables ----------------------------------------------------------------------------------------------- */

uint32_t truth_var(const Truth *t, const IrNode *n) {
  uint32_t k = 0;
  while (k < t->n_vars && t->vars[k] != n) k++;
  return k < t->n_vars ? k : TRUTH_VARS;
}

static bool collect(Truth *t, const IrNode *n, unsigned depth) {
  t->n_nodes++;
  if (n->selection.n) {
    if (truth_var(t, n) != TRUTH_VARS) return true;
    if (t->n_vars == TRUTH_VARS) return false;
    t->vars[t->n_vars++] = n;
    return true;
  }
  if (n->kind == IR_ITEM || depth == TRUTH_DEPTH) return false;
  unsigned below = depth + (n->kind == IR_AND || n->kind == IR_OR);
  for (uint32_t i = 0; i < n->n_kids; i++)
    if (!collect(t, n->kids[i], below)) return false;
  return true;
}

bool truth_init(Truth *t, Arena *arena, const IrNode *root) {
  *t = (Truth){.arena = arena};
  bool ok = collect(t, root, 0);
  t->words = t->n_vars > 6 ? (size_t)1 << (t->n_vars - 6) : 1;
  return ok;
}

/* --- tables -------------------------------------------------------------------------------------------------- */

/* Bit r: bit k of r. */
static const uint64_t pattern[6] = {0xAAAAAAAAAAAAAAAAu, 0xCCCCCCCCCCCCCCCCu, 0xF0F0F0F0F0F0F0F0u,
                                    0xFF00FF00FF00FF00u, 0xFFFF0000FFFF0000u, 0xFFFFFFFF00000000u};

uint64_t *truth_new(const Truth *t) { return arena_array(t->arena, uint64_t, t->words); }

void truth_fill(const Truth *t, uint64_t *table, bool full) { memset(table, full ? 0xFF : 0, t->words * sizeof *table); }

void truth_copy(const Truth *t, uint64_t *out, const uint64_t *table) { memcpy(out, table, t->words * sizeof *out); }

static void join(const Truth *t, uint64_t *out, const uint64_t *with, bool all) {
  if (all)
    for (size_t w = 0; w < t->words; w++) out[w] &= with[w];
  else
    for (size_t w = 0; w < t->words; w++) out[w] |= with[w];
}

/* Of variables from the sixth on whole words are alike, in runs: the first, or the second half of every two. */
static size_t run_of(uint32_t k) { return (size_t)1 << (k - 6); }

static void join_var(const Truth *t, uint64_t *out, uint32_t k, bool all) {
  size_t run = k < 6 ? 0 : run_of(k);
  for (size_t w = 0; k < 6 && w < t->words; w++) out[w] = all ? out[w] & pattern[k] : out[w] | pattern[k];
  for (size_t w = all ? 0 : run; run && w < t->words; w += 2 * run) memset(out + w, all ? 0 : 0xFF, run * sizeof *out);
}

/* Kids are joined one by one: only what is nested takes more tables. Bounded by TRUTH_DEPTH and LIMIT_CONDITION_DEPTH. */
static void evaluate(Truth *t, const IrNode *n, uint64_t *out, unsigned depth) {
  uint32_t k = truth_var(t, n);
  bool all = n->kind == IR_AND;
  if (k != TRUTH_VARS || n->kind == IR_CONST) {
    truth_fill(t, out, n->kind == IR_CONST && n->truth);
    if (k != TRUTH_VARS) join_var(t, out, k, false);
    return;
  }
  if (n->kind == IR_NOT) {
    evaluate(t, n->kids[0], out, depth);
    for (size_t w = 0; w < t->words; w++) out[w] = ~out[w];
    return;
  }
  truth_fill(t, out, all);
  for (uint32_t i = 0; i < n->n_kids; i++) {
    k = truth_var(t, n->kids[i]);
    if (k != TRUTH_VARS) {
      join_var(t, out, k, all);
      continue;
    }
    if (!t->spare[depth]) t->spare[depth] = truth_new(t);
    evaluate(t, n->kids[i], t->spare[depth], depth + 1);
    join(t, out, t->spare[depth], all);
  }
}

void truth_of(Truth *t, uint64_t *out, const IrNode *n) { evaluate(t, n, out, 0); }

static void fix_runs(const Truth *t, uint64_t *out, const uint64_t *table, size_t run, bool value) {
  for (size_t w = 0; w < t->words; w += 2 * run) {
    const uint64_t *from = table + w + (value ? run : 0);
    memmove(out + w, from, run * sizeof *out);
    memmove(out + w + run, value ? out + w : from, run * sizeof *out);
  }
}

void truth_fix(const Truth *t, uint64_t *out, const uint64_t *table, uint32_t k, bool value) {
  if (k >= 6) {
    fix_runs(t, out, table, run_of(k), value);
    return;
  }
  unsigned step = 1u << k;
  for (size_t w = 0; w < t->words; w++) {
    uint64_t kept = table[w] & (value ? pattern[k] : ~pattern[k]);
    out[w] = kept | (value ? kept >> step : kept << step);
  }
}

static void drop_run(uint64_t *table, size_t n, uint64_t kept) {
  for (size_t w = 0; w < n; w++) table[w] &= kept;
}

void truth_drop(const Truth *t, uint64_t *table, uint32_t i, bool vi, uint32_t j, bool vj) {
  if (i < j) {
    truth_drop(t, table, j, vj, i, vi);
    return;
  }
  uint64_t a = i < 6 ? pattern[i] : UINT64_MAX, b = j < 6 ? pattern[j] : UINT64_MAX;
  uint64_t kept = ~((i >= 6 || vi ? a : ~a) & (j >= 6 || vj ? b : ~b));
  size_t outer = i < 6 ? t->words : run_of(i), inner = j < 6 || i == j ? outer : run_of(j);
  for (size_t w = i >= 6 && vi ? outer : 0; w < t->words; w += 2 * outer)
    for (size_t v = inner < outer && vj ? inner : 0; v < outer; v += 2 * inner) drop_run(table + w + v, inner, kept);
}

void truth_keep(const Truth *t, uint64_t *table, const uint64_t *other) { join(t, table, other, true); }

void truth_minus(const Truth *t, uint64_t *table, const uint64_t *other) {
  for (size_t w = 0; w < t->words; w++) table[w] &= ~other[w];
}

bool truth_meet(const Truth *t, const uint64_t *x, const uint64_t *y) {
  size_t w = 0;
  while (w < t->words && !(x[w] & y[w])) w++;
  return w < t->words;
}

bool truth_differ(const Truth *t, const uint64_t *x, const uint64_t *y, const uint64_t *among) {
  size_t w = 0;
  while (w < t->words && !((x[w] ^ y[w]) & among[w])) w++;
  return w < t->words;
}

bool truth_within(const Truth *t, const uint64_t *x, const uint64_t *y) {
  size_t w = 0;
  while (w < t->words && !(x[w] & ~y[w])) w++;
  return w == t->words;
}
