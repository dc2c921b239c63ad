/* SPDX-License-Identifier: MIT */
#include "cli/limits_seen.h"

#include "base/diag.h"
#include "cli/memory.h"

typedef struct {
  LimitsSeen *seen;
  bool first;  /* nothing was there before */
  uint32_t at; /* behind what this scanner told last */
} Adding;

static uint32_t find(const Adding *a, Str text) {
  const LimitsSeen *s = a->seen;
  if (a->first) return s->list.n;
  for (uint32_t i = a->at; i < s->list.n; i++)
    if (str_eq(s->list.p[i].text, text)) return i;
  return s->list.n;
}

/* A place for a row that no scanner told before: behind the last one that this scanner told. */
static LimitSeen *insert(Adding *a) {
  LimitsSeen *s = a->seen;
  (void)vec_add(s->arena, &s->list);
  memmove(s->list.p + a->at + 1, s->list.p + a->at, (s->list.n - 1 - a->at) * sizeof *s->list.p);
  s->list.p[a->at] = (LimitSeen){0};
  return &s->list.p[a->at];
}

static bool on_limit(void *ctx, const sigmac_limit *l) {
  enum { WIDEST = 100 };
  Adding *a = ctx;
  Buf text = {.heap = &cli_heap};
  bool cut = l->test.n > WIDEST;
  buf_safe(&text, str_in(l->rule->path));
  buf_printf(&text, ":%u: warning: `", l->rule->line);
  buf_safe(&text, str_in(l->rule->title));
  buf_str(&text, STR("`: "));
  buf_safe(&text, cut ? str_sub(str_in(l->test), 0, WIDEST) : str_in(l->test));
  uint32_t i = find(a, buf_view(&text));
  if (i < a->seen->list.n) a->at = i;
  else *insert(a) = (LimitSeen){.text = arena_dup(a->seen->arena, buf_view(&text)), .cut = cut};
  a->seen->list.p[a->at++].times += l->times;
  buf_free(&text);
  return true;
}

void limits_seen_add(LimitsSeen *seen, sigmac_scanner *scanner) {
  Adding a = {.seen = seen, .first = !seen->list.n};
  checked(sigmac_scanner_limits(scanner, on_limit, &a));
}

void limits_seen_print(Buf *out, const LimitsSeen *seen) {
  for (uint32_t i = 0; i < seen->list.n; i++) {
    const LimitSeen *l = &seen->list.p[i];
    buf_str(out, l->text);
    buf_printf(out, "%s: given up %llu %s, taken as no match [%s]\n", l->cut ? "..." : "", (unsigned long long)l->times,
               l->times == 1 ? "time" : "times", diag_info[ID_regex_limit].text);
  }
}
