/* SPDX-License-Identifier: MIT */
#include "cli/fidelity.h"

#include <stdlib.h>

#include "cli/level.h"

const char *const fidelity_name[FIDELITIES] = {"exact", "assumed", "refused", "broken", "part"};
static const char *const fidelity_words[FIDELITIES] = {"exact", "exact under assumptions", "refused", "did not compile",
                                                       "part of a correlation's query"};
static const char *const fidelity_colour[FIDELITIES] = {"\033[32m", "\033[36m", "\033[33m", "\033[1;31m", "\033[36m"};

const sigmac_diagnostic *first_error(const sigmac_translation *t) {
  for (uint32_t i = 0; i < t->diagnostics_n; i++)
    if (t->diagnostics[i]->severity == SIGMAC_ERROR) return t->diagnostics[i];
  return NULL;
}

/* --- counting ------------------------------------------------------------------------------------------------ */

void fidelity_begin(Fidelity *f, Arena *arena, Str target, bool keep) {
  *f = (Fidelity){.arena = arena, .keep = keep, .target = target};
  intern_init(&f->assumptions.ids, arena);
  intern_init(&f->errors.ids, arena);
}

static void count_id(Fidelity *f, IdCounts *c, Str id) {
  uint32_t i = intern_find(&c->ids, id);
  if (i == INTERN_NONE) i = intern_id(&c->ids, arena_dup(f->arena, id));
  while (c->counts.n <= i) (void)vec_add(f->arena, &c->counts);
  c->counts.p[i]++;
}

static bool is_listed(const Buf *list, Str id) {
  size_t at = 0;
  for (Str s = buf_view(list); (at = str_find(s, id, at)) != SIZE_MAX; at += id.n)
    if ((at == 0 || s.p[at - 1] == ' ') && (at + id.n == s.n || s.p[at + id.n] == ',')) return true;
  return false;
}

/* An id once, counted where it is new. */
static void list_id(Fidelity *f, Buf *list, IdCounts *counts, Str id) {
  if (is_listed(list, id)) return;
  if (list->n) buf_str(list, STR(", "));
  buf_str(list, id);
  count_id(f, counts, id);
}

static Str list_why(Fidelity *f, const sigmac_translation *t) {
  Buf list = {.arena = f->arena};
  for (size_t i = 0; i < t->assumptions.n; i++) list_id(f, &list, &f->assumptions, str_in(t->assumptions.p[i]));
  if (t->fidelity == SIGMAC_REFUSED || t->fidelity == SIGMAC_BROKEN)
    for (uint32_t i = 0; i < t->diagnostics_n; i++)
      if (t->diagnostics[i]->severity == SIGMAC_ERROR) list_id(f, &list, &f->errors, str_of(t->diagnostics[i]->id));
  return buf_view(&list);
}

void fidelity_add(Fidelity *f, const sigmac_translation *t) {
  const sigmac_diagnostic *error = first_error(t);
  Str why = list_why(f, t);
  f->documents++;
  f->by_fidelity[t->fidelity]++;
  if (!f->keep) return;
  *vec_add(f->arena, &f->rows) = (FidelityRow){
    .path = arena_dup(f->arena, str_in(t->path)),
    .title = arena_dup(f->arena, str_in(t->title)),
    .id = arena_dup(f->arena, str_in(t->id)),
    .line = error ? error->line : t->line,
    .column = error ? error->column : t->column,
    .fidelity = t->fidelity,
    .why = why,
    .message = error          ? arena_dup(f->arena, str_in(error->message))
               : t->part_of.n ? arena_printf(f->arena, "part of the correlation " STR_FMT, STR_ARG(str_in(t->part_of)))
                              : STR(""),
  };
}

void fidelity_add_malformed(Fidelity *f, uint32_t n) {
  f->documents += n;
  f->by_fidelity[SIGMAC_BROKEN] += n;
}

/* --- for people ---------------------------------------------------------------------------------------------- */

static void list_names(Buf *out, const IdCounts *c) {
  for (uint32_t i = 0; i < c->counts.n; i++) {
    buf_str(out, i ? STR(", ") : STR(""));
    buf_str(out, c->ids.names.p[i]);
  }
}

static void upper(Buf *out, Str s) {
  for (size_t i = 0; i < s.n; i++) buf_char(out, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i]);
}

void fidelity_summary(Buf *out, const Fidelity *f) {
  uint32_t exact = f->by_fidelity[SIGMAC_EXACT], assumed = f->by_fidelity[SIGMAC_ASSUMED];
  buf_printf(out, "%u rule%s translated to ", exact + assumed, exact + assumed == 1 ? "" : "s");
  upper(out, f->target);
  if (assumed) {
    if (exact) buf_printf(out, ", %u of them", assumed);
    buf_str(out, STR(" assuming "));
    list_names(out, &f->assumptions);
  }
  if (f->by_fidelity[SIGMAC_PART]) buf_printf(out, "; %u part of correlations", f->by_fidelity[SIGMAC_PART]);
  buf_printf(out, "; %u refused, %u did not compile", f->by_fidelity[SIGMAC_REFUSED], f->by_fidelity[SIGMAC_BROKEN]);
  if (f->filters) buf_printf(out, "; %u filter%s applied", f->filters, f->filters == 1 ? "" : "s");
  buf_char(out, '\n');
}

static void put_colour(Buf *out, bool colour, const char *code) {
  if (colour) buf_str(out, str_of(code));
}

static void print_row(Buf *out, const FidelityRow *r, int width, bool colour) {
  Buf place = {.heap = out->heap, .arena = out->arena};
  buf_safe(&place, r->path);
  buf_printf(&place, ":%u", r->line);
  if (r->message.n) buf_printf(&place, ":%u", r->column);
  put_colour(out, colour, fidelity_colour[r->fidelity]);
  buf_printf(out, "%-8s", fidelity_name[r->fidelity]);
  put_colour(out, colour, COLOUR_OFF);
  buf_str(out, STR(" "));
  buf_str(out, buf_view(&place));
  if (r->why.n) buf_printf(out, "%*s", place.n < (size_t)width ? (int)((size_t)width - place.n) + 1 : 1, "");
  buf_str(out, r->why);
  if (r->message.n) buf_str(out, STR(": "));
  buf_safe(out, r->message);
  buf_char(out, '\n');
  buf_free(&place);
}

/* So wide that nine rows of ten are aligned, and never wider than is good. */
static int place_width(const Fidelity *f) {
  enum { WIDEST = 100 };
  uint32_t lengths[WIDEST + 1] = {0}, seen = 0;
  int w = 0;
  for (uint32_t i = 0; i < f->rows.n; i++) {
    size_t n = f->rows.p[i].path.n + sizeof ":100:100" - 1;
    lengths[n < WIDEST ? n : WIDEST]++;
  }
  while (w < WIDEST && seen + lengths[w] < f->rows.n) seen += lengths[w++];
  return w;
}

typedef struct {
  Str id;
  uint32_t n, place;
} CountRow;

static int by_count(const void *x, const void *y) {
  const CountRow *a = x, *b = y;
  if (a->n != b->n) return a->n > b->n ? -1 : 1;
  return (a->place > b->place) - (a->place < b->place);
}

static void print_counts(Buf *out, const Fidelity *f, const char *head, const IdCounts *c) {
  CountRow *rows = arena_array(f->arena, CountRow, c->counts.n);
  for (uint32_t i = 0; i < c->counts.n; i++) rows[i] = (CountRow){c->ids.names.p[i], c->counts.p[i], i};
  if (!c->counts.n) return;
  qsort(rows, c->counts.n, sizeof *rows, by_count);
  buf_printf(out, "\n%s:\n", head);
  for (uint32_t i = 0; i < c->counts.n; i++) buf_printf(out, "  %6u  " STR_FMT "\n", rows[i].n, STR_ARG(rows[i].id));
}

void fidelity_text(Buf *out, const Fidelity *f, bool colour) {
  int width = place_width(f);
  for (uint32_t i = 0; i < f->rows.n; i++) print_row(out, &f->rows.p[i], width, colour);
  if (f->rows.n) buf_char(out, '\n');
  upper(out, f->target);
  buf_printf(out, ", %u document%s:\n", f->documents, f->documents == 1 ? "" : "s");
  for (int i = 0; i < FIDELITIES; i++) {
    if (i == SIGMAC_PART && !f->by_fidelity[i]) continue;
    put_colour(out, colour, fidelity_colour[i]);
    buf_printf(out, "  %6u  %s", f->by_fidelity[i], fidelity_words[i]);
    put_colour(out, colour, COLOUR_OFF);
    buf_char(out, '\n');
  }
  if (f->filters) buf_printf(out, "  %6u  filter%s applied to them\n", f->filters, f->filters == 1 ? "" : "s");
  print_counts(out, f, "assumptions (rules that rest on one)", &f->assumptions);
  print_counts(out, f, "reasons (documents that have one)", &f->errors);
}

/* --- JSON ---------------------------------------------------------------------------------------------------- */

static void json_counts(Buf *out, const char *name, const IdCounts *c) {
  buf_printf(out, ",\"%s\":{", name);
  for (uint32_t i = 0; i < c->counts.n; i++) {
    if (i) buf_char(out, ',');
    buf_json(out, c->ids.names.p[i]);
    buf_printf(out, ":%u", c->counts.p[i]);
  }
  buf_char(out, '}');
}

void fidelity_json(Buf *out, const Fidelity *f) {
  buf_str(out, STR("{\"target\":"));
  buf_json(out, f->target);
  buf_printf(out, ",\"documents\":%u", f->documents);
  for (int i = 0; i < FIDELITIES; i++) buf_printf(out, ",\"%s\":%u", fidelity_name[i], f->by_fidelity[i]);
  buf_printf(out, ",\"filters\":%u", f->filters);
  json_counts(out, "by_assumption", &f->assumptions);
  json_counts(out, "by_error", &f->errors);
  buf_char(out, '}');
}
