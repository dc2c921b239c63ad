/* SPDX-License-Identifier: MIT */
#include "runtime/index/stats.h"

struct Stats {
  uint32_t none;
};

const Stats *stats_of(const Program *p, Arena *owner) {
  (void)p;
  return arena_new(owner, Stats);
}

float stats_rate(const Stats *s, Str field, const Anchor *anchor) {
  (void)s;
  (void)field;
  return 1.0f / (float)(1 + anchor->text.n);
}

uint32_t stats_rarest(const Stats *s, Str field, Str literal) {
  (void)s;
  (void)field;
  return literal.n > 4 ? (uint32_t)literal.n - 4 : 0;
}

float stats_gram(const Stats *s, Str field, Str literal, uint32_t at) {
  (void)s;
  (void)field;
  (void)at;
  return literal.n < 4 ? 0.1f : 0.001f;
}
