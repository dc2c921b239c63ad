/* SPDX-License-Identifier: MIT */
#include "runtime/correlation_text.h"

const MetaRec *correlation_meta_of(const Program *p, uint32_t number) {
  return number < p->n_RULES ? &p->RULES[number].meta : &p->CORRELATIONS[number - p->n_RULES].meta;
}

Str correlation_field(const Program *p, const CorrRefRec *r, uint32_t i) {
  return program_str(p, p->FIELDS[p->FIELDIDS[r->fields.first + i]]);
}

void correlation_timespan(Buf *out, const CorrRec *c) {
  static const struct {
    uint64_t seconds;
    char unit;
  } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  uint64_t seconds = (uint64_t)c->timespan_high << 32 | c->timespan_low;
  int i = 0;
  while (seconds % units[i].seconds) i++;
  buf_printf(out, "%llu%c", (unsigned long long)(seconds / units[i].seconds), units[i].unit);
}

void correlation_percentile(Buf *out, const CorrRec *c) {
  unsigned parts = c->percentile % CORR_PERCENTILE_ONE, digits = 6;
  buf_printf(out, "%u", c->percentile / CORR_PERCENTILE_ONE);
  if (!parts) return;
  for (; parts % 10 == 0; digits--) parts /= 10;
  buf_printf(out, ".%0*u", (int)digits, parts);
}

/* --- conditions ---------------------------------------------------------------------------------------------- */

/* References stand in the same order in postfix and in infix, so it is enough to know what stands around each: no recursion, and
 * time by the length of the code, whatever it is. */
typedef struct Opener Opener;
struct Opener {
  const char *text;
  Opener *next;
};

typedef struct {
  Opener *openers; /* the outermost first */
  uint32_t closers;
  const char *joint; /* in front of all that: `and`, `or` */
  uint32_t ref;
} Leaf;

/* A part of the text: leaves from first to last, and how loosely it is bound. */
typedef struct {
  uint32_t first, last;
  CorrCode code;
} Part;

typedef struct {
  Leaf *leaves;
  Arena *arena;
} Infix;

static void open_with(Infix *x, uint32_t leaf, const char *text) {
  Opener *o = arena_new(x->arena, Opener);
  *o = (Opener){text, x->leaves[leaf].openers};
  x->leaves[leaf].openers = o;
}

static void bracket(Infix *x, const Part *part) {
  open_with(x, part->first, "(");
  x->leaves[part->last].closers++;
}

static void negate(Infix *x, Part *part) {
  if (part->code == CORR_AND || part->code == CORR_OR) bracket(x, part);
  open_with(x, part->first, "not ");
  part->code = CORR_NOT;
}

static void join(Infix *x, Part *left, const Part *right, CorrCode code) {
  if (code == CORR_AND && left->code == CORR_OR) bracket(x, left);
  if (code == CORR_AND && right->code == CORR_OR) bracket(x, right);
  x->leaves[right->first].joint = code == CORR_AND ? " and " : " or ";
  *left = (Part){left->first, right->last, code};
}

static void put_leaf(Buf *out, const Program *p, const CorrRec *c, const Leaf *leaf) {
  if (leaf->joint) buf_str(out, str_of(leaf->joint));
  for (const Opener *o = leaf->openers; o; o = o->next) buf_str(out, str_of(o->text));
  buf_safe(out, program_str(p, p->CORRREFS[c->refs.first + leaf->ref].name));
  for (uint32_t i = 0; i < leaf->closers; i++) buf_char(out, ')');
}

void correlation_condition(Buf *out, const Program *p, const CorrRec *c, Arena *scratch) {
  Arena *own = arena_sub(scratch);
  Infix x = {arena_array(own, Leaf, c->condition.n), own};
  Part *stack = arena_array(own, Part, c->condition.n);
  uint32_t depth = 0, n = 0;
  for (uint32_t i = 0; i < c->condition.n; i++) {
    const CorrCodeRec *code = &p->CORRCODE[c->condition.first + i];
    if (code->code == CORR_REF) {
      x.leaves[n].ref = code->ref;
      stack[depth++] = (Part){n, n, CORR_REF};
      n++;
    } else if (code->code == CORR_NOT) {
      negate(&x, &stack[depth - 1]);
    } else {
      depth--;
      join(&x, &stack[depth - 1], &stack[depth], (CorrCode)code->code);
    }
  }
  for (uint32_t i = 0; i < n; i++) put_leaf(out, p, c, &x.leaves[i]);
  arena_sub_done(own);
}
