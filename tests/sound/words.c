/* SPDX-License-Identifier: MIT
 * What the words of a finding and of its hint say of selections by their names, and of items by their lines, beside what the finding as
 * such says. */
#include "tests/sound/sound.h"

typedef struct {
  Arena *a;
  const IrRule *ir;
  Sources *sources;
  Str text;
  Claim *like; /* whose id and place the claims have */
  Claims *out;
} Words;

/* A name in backquotes at byte *i, which goes behind it. NULL: it is none of a selection. */
static IrNode *name_at(const Words *w, size_t *i) {
  if (*i >= w->text.n || w->text.p[*i] != '`') return NULL;
  size_t end = str_find(w->text, STR("`"), *i + 1);
  if (end == SIZE_MAX) return NULL;
  Str name = str_sub(w->text, *i, end + 1);
  *i = end + 1;
  return claim_selection(w->ir, name, 0);
}

static bool skip(const Words *w, size_t *i, const char *words) {
  if (!str_starts(str_from(w->text, *i), str_of(words))) return false;
  *i += strlen(words);
  return true;
}

/* No event of both; or none of x but not of y. */
static void never(const Words *w, IrNode *x, IrNode *y, bool negated) {
  if (!x || !y) return;
  IrNode **kids = arena_array(w->a, IrNode *, 2);
  kids[0] = x;
  kids[1] = negated ? ir_not(w->a, x->at, y) : y;
  Claim *c = vec_add(w->a, w->out);
  *c = (Claim){.id = w->like->id, .at = w->like->at, .kind = CLAIM_NEVER, .x = ir_join(w->a, x->at, IR_AND, kids, 2)};
}

static void every_event(const Words *w, size_t i) {
  IrNode *x = name_at(w, &i);
  if (skip(w, &i, " is one of ")) never(w, x, name_at(w, &i), true);
}

static void no_event(const Words *w, size_t i) {
  enum { MOST = 8 };
  IrNode *of[MOST];
  uint32_t n = 0;
  do of[n++] = name_at(w, &i);
  while (n < MOST && skip(w, &i, ", "));
  while (i < w->text.n && w->text.p[i] != '`' && !str_starts(str_from(w->text, i), STR(" is one of "))) i++; /* and more */
  IrNode *y = skip(w, &i, " is one of ") ? name_at(w, &i) : NULL;
  for (uint32_t k = 0; k < n; k++) never(w, of[k], y, false);
}

static void is_one_of_both(const Words *w, size_t i) {
  IrNode *x = name_at(w, &i);
  if (skip(w, &i, " and of ")) never(w, x, name_at(w, &i), false);
}

static void exclude(const Words *w, size_t i) {
  IrNode *x = name_at(w, &i), *y = skip(w, &i, " and ") ? name_at(w, &i) : NULL;
  if (skip(w, &i, " exclude each other")) never(w, x, y, false);
}

static void same_events(const Words *w, size_t i) {
  IrNode *x = name_at(w, &i), *y = skip(w, &i, " has the events of ") ? name_at(w, &i) : NULL;
  never(w, x, y, true);
  never(w, y, x, true);
}

typedef struct {
  const Words *words;
  uint32_t line, n;
  IrNode *item;
} Line;

static void look_in_line(void *ctx, IrNode *n) {
  Line *l = ctx;
  if (n->kind != IR_ITEM || source_place(l->words->sources, n->item->field_at).line != l->line) return;
  l->item = n;
  l->n++;
}

/* The item in the line of this number; NULL where there are several, or none. */
static IrNode *line_at(const Words *w, size_t *i) {
  Line l = {.words = w};
  for (; *i < w->text.n && ascii_digit(w->text.p[*i]); ++*i) l.line = l.line * 10 + (uint32_t)(w->text.p[*i] - '0');
  for (uint32_t k = 0; k < w->ir->rule->n_detections; k++) ir_walk(w->ir->selections[k], look_in_line, &l);
  return l.n == 1 ? l.item : NULL;
}

static void both_lines(const Words *w, size_t i) {
  IrNode *x = line_at(w, &i), *y = skip(w, &i, " and line ") ? line_at(w, &i) : NULL;
  never(w, x, y, false);
}

static void no_value(const Words *w, size_t i) {
  IrNode *x = line_at(w, &i), *y = skip(w, &i, " and ") ? line_at(w, &i) : NULL;
  if (skip(w, &i, " have no value in common, and `")) never(w, x, y, false);
}

static void read_words(const Words *w) {
  static const struct {
    const char *words;
    void (*read)(const Words *w, size_t i);
  } sayings[] = {{"every event of ", every_event},
                 {"no event of ", no_event},
                 {"no event is one of ", is_one_of_both},
                 {"no event satisfies both line ", both_lines},
                 {"lines ", no_value}};
  for (size_t i = 0; i < w->text.n; i++) {
    if (w->text.p[i] == '`' && (!i || w->text.p[i - 1] == ' ')) exclude(w, i), same_events(w, i);
    for (size_t k = 0; k < sizeof sayings / sizeof *sayings; k++)
      if (str_starts(str_from(w->text, i), str_of(sayings[k].words))) sayings[k].read(w, i + strlen(sayings[k].words));
  }
}

void claims_of_words(Arena *a, Sources *sources, const IrRule *ir, const Finding *f, Claim *like, Claims *out) {
  read_words(&(Words){a, ir, sources, f->message, like, out});
  read_words(&(Words){a, ir, sources, f->hint, like, out});
}
