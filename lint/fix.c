/* SPDX-License-Identifier: MIT
 * A batch of fixes is tried as a whole. Where the guard refuses the text, halves of it are tried, and so on to the single fix that is
 * at fault: the others are applied. */
#include "lint/fix.h"

#include <stdlib.h>

#include "base/limits.h"
#include "lint/guard.h"

typedef VEC(uint32_t) Numbers;

typedef struct {
  const Lint *lint;
  Arena *arena;
  Str before;
  GuardText read; /* of it */
  Numbers chosen; /* fixes that do not get into each other's way */
  Numbers good;   /* of them, those that the guard let pass */
  Numbers bad;
  Str text;       /* with all good ones */
  unsigned tries; /* that are left */
} Batch;

static const Finding *finding(const Batch *b, uint32_t i) { return &b->lint->findings.p[i]; }

/* --- choosing ------------------------------------------------------------------------------------------------ */

static int by_start(const void *x, const void *y) {
  const LintEdit *a = x, *b = y;
  if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
  return a->at.end < b->at.end ? -1 : a->at.end > b->at.end;
}

static bool well_formed(const Finding *f, size_t size) {
  for (uint32_t i = 0; i < f->edits.n; i++) {
    Span at = f->edits.p[i].at;
    if (at.file != f->at.file || at.start > at.end || at.end > size) return false;
  }
  return true;
}

/* Also where two only touch: an insertion at the end of what another deletes may not be what either meant. */
static bool is_free(const Finding *f, const char *taken) {
  for (uint32_t i = 0; i < f->edits.n; i++)
    if (memchr(taken + f->edits.p[i].at.start, 1, f->edits.p[i].at.end - f->edits.p[i].at.start + 1)) return false;
  return true;
}

static void choose(Batch *b, uint32_t from, uint32_t to, FixKind kind) {
  char *taken = arena_alloc(b->arena, b->before.n + 1);
  b->chosen.n = 0;
  for (uint32_t i = from; i < to; i++) {
    const Finding *f = finding(b, i);
    if (f->fix != kind || !f->edits.n || !well_formed(f, b->before.n) || !is_free(f, taken)) continue;
    for (uint32_t k = 0; k < f->edits.n; k++)
      memset(taken + f->edits.p[k].at.start, 1, f->edits.p[k].at.end - f->edits.p[k].at.start + 1);
    *vec_add(b->arena, &b->chosen) = i;
  }
}

/* --- the text ------------------------------------------------------------------------------------------------ */

typedef VEC(LintEdit) Edits;

static void gather(const Batch *b, Arena *a, Edits *edits, const uint32_t *fixes, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    const Finding *f = finding(b, fixes[i]);
    for (uint32_t k = 0; k < f->edits.n; k++) *vec_add(a, edits) = f->edits.p[k];
  }
}

/* False where edits of one fix overlap. */
static bool edited(Str *out, Arena *a, Str before, Edits *edits) {
  Buf text = {.arena = a};
  size_t at = 0;
  if (edits->n) qsort(edits->p, edits->n, sizeof *edits->p, by_start);
  for (uint32_t i = 0; i < edits->n; i++) {
    const LintEdit *e = &edits->p[i];
    if (e->at.start < at) return false;
    buf_str(&text, str_sub(before, at, e->at.start));
    buf_str(&text, e->text);
    at = e->at.end;
  }
  buf_str(&text, str_from(before, at));
  *out = buf_view(&text);
  return true;
}

/* --- the guard ----------------------------------------------------------------------------------------------- */

/* Of bytes and tokens, or of the order of entries. */
static bool is_layout(CheckId check) {
  return checks[check].scope == SCOPE_BYTES || checks[check].scope == SCOPE_YAML || check == CHECK_yaml_tab ||
         check == CHECK_key_order || check == CHECK_title_first;
}

/* What these do is a guess for people; values stay. */
static bool always_the_same(CheckId check) {
  return check == CHECK_yaml_tab || check == CHECK_yaml_multi_action || check == CHECK_yaml_anchor;
}

static Guard guard_of(const Batch *b, Arena *a, const uint32_t *fixes, uint32_t n, Edits *touched) {
  bool unsafe = false;
  for (uint32_t i = 0; i < n; i++) {
    const Finding *f = finding(b, fixes[i]);
    unsafe |= f->fix == FIX_UNSAFE && !always_the_same(f->check);
    for (uint32_t k = 0; k < f->edits.n && !is_layout(f->check); k++) *vec_add(a, touched) = f->edits.p[k];
  }
  return unsafe ? GUARD_WHOLE : touched->n ? GUARD_MEANING : GUARD_LAYOUT;
}

static bool passes(Batch *b, Arena *a, const uint32_t *fixes, uint32_t n, Str *text) {
  Edits edits = {0}, touched = {0};
  GuardText after;
  gather(b, a, &edits, fixes, n);
  if (!edited(text, a, b->before, &edits) || text->n > LIMIT_LINT_FILE_BYTES) return false;
  Guard guard = guard_of(b, a, fixes, n, &touched);
  Span *spans = arena_array(a, Span, touched.n);
  for (uint32_t i = 0; i < touched.n; i++) spans[i] = touched.p[i].at;
  guard_read(&after, a, *text);
  return guard_passes(&b->read, &after, guard, spans, touched.n);
}

/* The good ones so far, and those of the range. */
static bool try_range(Batch *b, uint32_t from, uint32_t to) {
  Str text;
  if (!b->tries) return false;
  b->tries--;
  uint32_t kept = b->good.n;
  for (uint32_t i = from; i < to; i++) *vec_add(b->arena, &b->good) = b->chosen.p[i];
  Arena *own = arena_sub(b->arena);
  bool passed = passes(b, own, b->good.p, b->good.n, &text);
  if (passed) b->text = arena_dup(b->arena, text);
  else b->good.n = kept;
  arena_sub_done(own);
  return passed;
}

/* As deep as the number of fixes has binary digits. */
static void add_range(Batch *b, uint32_t from, uint32_t to) {
  if (from == to || try_range(b, from, to)) return;
  if (to - from == 1) {
    *vec_add(b->arena, &b->bad) = b->chosen.p[from];
    return;
  }
  add_range(b, from, from + (to - from) / 2);
  add_range(b, from + (to - from) / 2, to);
}

static bool apply(Batch *b, uint32_t from, uint32_t to, FixKind kind) {
  choose(b, from, to, kind);
  if (b->chosen.n && !b->read.text.p) guard_read(&b->read, b->arena, b->before);
  b->tries = LIMIT_LINT_FIX_TRIES;
  add_range(b, 0, b->chosen.n);
  return b->good.n > 0;
}

bool lint_fix_file(LintFixed *out, const Lint *l, uint32_t from, uint32_t to, bool unsafe, Arena *arena) {
  *out = (LintFixed){0};
  if (from == to) return false;
  Arena *own = arena_sub(arena);
  Batch b = {.lint = l, .arena = own, .before = l->files.p[l->findings.p[from].at.file].text};
  bool changed = apply(&b, from, to, FIX_SAFE) || (unsafe && apply(&b, from, to, FIX_UNSAFE));
  for (uint32_t i = 0; i < b.good.n; i++) *vec_add(arena, &out->applied) = b.good.p[i];
  for (uint32_t i = 0; i < b.bad.n; i++) *vec_add(arena, &out->left_out) = b.bad.p[i];
  if (changed) out->text = arena_dup(arena, b.text);
  arena_sub_done(own);
  return changed;
}
