/* SPDX-License-Identifier: MIT */
#include "lint/globs.h"

/* Places in the pattern that what was read of the path may have led to. */
typedef struct {
  bool at[GLOB_MAX + 1];
} Places;

static bool is_any(Str pattern, size_t p) { return p + 1 < pattern.n && pattern.p[p] == '*' && pattern.p[p + 1] == '*'; }

/* A `*` may be nothing; and `**` with the slash behind it, so that a / ** / b (without blanks) is also a/b. */
static void skip_stars(Str pattern, Places *s) {
  for (size_t p = 0; p < pattern.n; p++) {
    if (!s->at[p] || pattern.p[p] != '*') continue;
    bool any = is_any(pattern, p);
    s->at[p + (any ? 2 : 1)] = true;
    bool part = any && p + 2 < pattern.n && pattern.p[p + 2] == '/' && (!p || pattern.p[p - 1] == '/');
    if (part) s->at[p + 3] = true;
  }
}

/* False where nothing of the pattern is left to fit. */
static bool step(Str pattern, const Places *from, Places *to, char c) {
  bool any = false;
  memset(to->at, false, pattern.n + 1);
  for (size_t p = 0; p < pattern.n; p++) {
    if (!from->at[p]) continue;
    char want = pattern.p[p];
    if (want == '*' && (c != '/' || is_any(pattern, p))) any = to->at[p] = true;
    else if (want != '*' && (want == '?' ? c != '/' : want == c)) any = to->at[p + 1] = true;
  }
  if (any) skip_stars(pattern, to);
  return any;
}

/* The pattern begins where the text does; it may end in front of any slash. */
static bool fits_from(Str pattern, Str text) {
  Places places[2];
  Places *now = &places[0], *next = &places[1];
  memset(now->at, false, pattern.n + 1);
  now->at[0] = true;
  skip_stars(pattern, now);
  for (size_t t = 0; t < text.n; t++) {
    if (now->at[pattern.n] && text.p[t] == '/') return true;
    if (!step(pattern, now, next, text.p[t])) return false;
    Places *last = now;
    now = next;
    next = last;
  }
  return now->at[pattern.n];
}

bool glob_fits_path(Str pattern, Str path) {
  while (pattern.n && pattern.p[pattern.n - 1] == '/') pattern.n--;
  if (!pattern.n || pattern.n > GLOB_MAX) return false;
  bool anchored = memchr(pattern.p, '/', pattern.n) != NULL;
  if (pattern.p[0] == '/') pattern = str_from(pattern, 1);
  if (fits_from(pattern, path)) return true;
  for (size_t i = 0; !anchored && i < path.n; i++)
    if (path.p[i] == '/' && fits_from(pattern, str_from(path, i + 1))) return true;
  return false;
}
