/* SPDX-License-Identifier: MIT
 * Explanations for people. One line per node: whether it decided (>), whether it held, its line in the rule, and the node
 * indented by its place in the tree; below a test what the event has, and hints. */
#include "runtime/disasm.h"
#include "runtime/explain_internal.h"

enum { VALUES_SHOWN = 3, MISSES_SHOWN = 20, REASONS_SHOWN = 12, TESTS_SHOWN = 5 };

/* --- lines -------------------------------------------------------------------------------------------------- */

static void blanks(Buf *out, unsigned n) {
  while (n-- > 0) buf_char(out, ' ');
}

static void margin(Explain *e, const TreeNode *n, unsigned depth) {
  const char *colour = !e->style->colour || !n->decides ? "" : n->held ? "\033[32m" : "\033[31m";
  buf_printf(e->out, "%s%c %-3s%s ", colour, n->decides ? '>' : ' ', n->held ? "yes" : "no", *colour ? "\033[0m" : "");
  if (n->line) buf_printf(e->out, "%5u  ", n->line);
  else blanks(e->out, 7);
  blanks(e->out, 2 * depth);
}

/* A line that belongs to the test above it. */
static void below(Explain *e, unsigned depth) { blanks(e->out, 13 + 2 * depth + 4); }

static void label(Explain *e, const TreeNode *n, bool inside) {
  if (!explain_is_selection(n, inside)) return;
  buf_safe(e->out, n->selection);
  buf_str(e->out, STR(": "));
}

/* --- what the event has ------------------------------------------------------------------------------------- */

static void list_values(Explain *e, const FieldValues *f, Value *first) {
  unsigned shown = 0;
  if (f->n > 1) buf_printf(e->out, "%u values: ", f->n);
  if (first) {
    words_value(e->out, first, e->vm->scratch);
    shown++;
  }
  for (uint32_t i = 0; i < f->n && shown < VALUES_SHOWN; i++) {
    if (f->values[i] == first) continue;
    if (shown++) buf_str(e->out, STR(", "));
    words_value(e->out, f->values[i], e->vm->scratch);
  }
  if (f->n > shown) buf_printf(e->out, ", and %u more", f->n - shown);
}

static void keyword_values(Explain *e, const FieldValues *f, Value *held) {
  if (!held) {
    buf_printf(e->out, "none of the event's %u values", f->n);
    return;
  }
  buf_char(e->out, '`');
  buf_safe(e->out, names_path(hints_names(&e->hints), held));
  buf_str(e->out, STR("` has "));
  words_value(e->out, held, e->vm->scratch);
}

/* `test` that held: its value comes first. */
static void put_values(Explain *e, const TreeNode *test, bool held, unsigned depth) {
  const FieldValues *f = event_field(&e->vm->event, test->field);
  Value *first = held ? explain_value_of(e->vm, test->field, test->test) : NULL;
  below(e, depth);
  if (test->field == FIELD_ANY) keyword_values(e, f, first);
  else if (!f->found) buf_str(e->out, STR("the event has no such field"));
  else if (!f->n) buf_str(e->out, STR("the event has an empty list"));
  else {
    buf_str(e->out, STR("the event has "));
    list_values(e, f, first);
  }
  buf_char(e->out, '\n');
}

typedef struct {
  Explain *e;
  Buf *out;
  unsigned depth;
} Hinting;

static void put_hint(void *ctx, const char *id, Str text) {
  Hinting *h = ctx;
  blanks(h->out, 13 + 2 * h->depth + 4);
  buf_str(h->out, STR("hint: "));
  buf_str(h->out, text);
  buf_printf(h->out, " [%s]\n", id);
}

static void put_hints(Explain *e, Buf *out, const TreeNode *n, unsigned depth) {
  Hinting h = {e, out, depth};
  if (n->decides) hints_on_test(&e->hints, n->field, n->test, n->held, put_hint, &h);
}

/* --- the tree ----------------------------------------------------------------------------------------------- */

static void put_test(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  margin(e, n, depth);
  label(e, n, inside);
  words_test(e->out, e->p, n->field, n->test);
  buf_char(e->out, '\n');
  put_values(e, n, n->held, depth);
  put_hints(e, e->out, n, depth);
}

/* Of a long list those that held or nearly held, and the first of the others. */
static void put_group(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  Arena *own = arena_sub(e->scratch);
  Buf hints = {.arena = own};
  unsigned misses = 0, left_out = 0;
  const TreeNode *first = n->kids;
  for (const TreeNode *kid = n->kids; kid && !first->held; kid = kid->next)
    if (kid->held) first = kid;
  margin(e, n, depth);
  label(e, n, inside);
  words_head(e->out, e->p, n->kids->field, n->kids->test);
  buf_str(e->out, n->kind == TREE_AND ? STR(" all of\n") : STR(" any of\n"));
  put_values(e, first, first->held, depth);
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) {
    hints.n = 0;
    put_hints(e, &hints, kid, depth + 1);
    if (!kid->held && !hints.n && misses++ >= MISSES_SHOWN) {
      left_out++;
      continue;
    }
    margin(e, kid, depth + 1);
    words_operand(e->out, e->p, kid->test);
    buf_char(e->out, '\n');
    buf_str(e->out, buf_view(&hints));
  }
  arena_sub_done(own);
  if (!left_out) return;
  below(e, depth);
  buf_printf(e->out, "... and %u more that do not hold (--format json has them all)\n", left_out);
}

static void put_node(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  static const char *const words[] = {[TREE_NOT] = "not",
                                      [TREE_AND] = "all of",
                                      [TREE_OR] = "any of",
                                      [TREE_FLAT] = "tests of code that is not made of and, or, not"};
  if (n->kind == TREE_TEST) {
    put_test(e, n, depth, inside);
    return;
  }
  if (explain_is_group(e->p, n)) {
    put_group(e, n, depth, inside);
    return;
  }
  margin(e, n, depth);
  label(e, n, inside);
  if (n->kind == TREE_CONST)
    buf_str(e->out, n->truth ? STR("always: nothing is left to test") : STR("never: no value is left to compare with"));
  else buf_str(e->out, str_of(words[n->kind]));
  buf_char(e->out, '\n');
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) put_node(e, kid, depth + 1, inside || n->selection.n);
}

/* --- what decided ------------------------------------------------------------------------------------------- */

typedef struct {
  unsigned shown, more;
} Count;

/* The tests below that decided. */
static void reason_tests(Explain *e, const TreeNode *n, Count *tests) {
  if (!n->decides) return;
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) reason_tests(e, kid, tests);
  if (n->kind != TREE_TEST) return;
  if (tests->shown == TESTS_SHOWN) {
    tests->more++;
    return;
  }
  tests->shown++;
  buf_printf(e->out, "    line %u: ", n->line);
  words_test(e->out, e->p, n->field, n->test);
  buf_char(e->out, '\n');
}

static void put_reason(Explain *e, const TreeNode *n, bool negated) {
  static const char *const verdicts[2][2] = {
    {" does not hold", " holds"},
    {" does not hold, so it excludes nothing", " holds, and the condition excludes it"},
  };
  Count tests = {0};
  buf_str(e->out, STR("  `"));
  buf_safe(e->out, n->selection);
  buf_printf(e->out, "`%s:\n", verdicts[negated][n->held]);
  reason_tests(e, n, &tests);
  if (tests.more) buf_printf(e->out, "    and %u more\n", tests.more);
}

static void put_reasons(Explain *e, const TreeNode *n, bool negated, Count *reasons) {
  if (!n->decides) return;
  if (n->selection.n) {
    if (reasons->shown == REASONS_SHOWN) reasons->more++;
    else put_reason(e, n, negated);
    reasons->shown += reasons->shown < REASONS_SHOWN;
    return;
  }
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) put_reasons(e, kid, negated != (n->kind == TREE_NOT), reasons);
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

void explain_header(Buf *out, const Program *p, const MetaRec *meta) {
  const struct {
    const char *name;
    StrRef text;
  } facts[] = {
    {"id", meta->id}, {"level", meta->level}, {"category", meta->category}, {"product", meta->product}, {"service", meta->service}};
  buf_safe(out, program_str(p, meta->path));
  buf_printf(out, ":%u: `", meta->line);
  buf_safe(out, program_str(p, meta->title));
  buf_char(out, '`');
  bool any = false;
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    if (!facts[i].text.len) continue;
    buf_printf(out, "%s%s ", any ? ", " : "\n  ", facts[i].name);
    buf_safe(out, program_str(p, facts[i].text));
    any = true;
  }
  buf_char(out, '\n');
}

/* What the event is, and whether that is what the rule is for. */
static void put_logsource(Explain *e, const Offered *o) {
  if (program_has_pipeline(e->p)) {
    buf_str(e->out, STR("  the rule has the names of a target: it sees every event as it is\n"));
    return;
  }
  if (!o->labels.n) {
    buf_str(e->out, STR("  the log source of the event is not known: it is offered to every rule\n"));
    return;
  }
  Arena *own = arena_sub(e->scratch);
  Buf labels = {.arena = own};
  labels_print(&labels, o->labels.p, o->labels.n);
  buf_str(e->out, STR("  the event is "));
  buf_safe(e->out, buf_view(&labels));
  arena_sub_done(own);
  if (!o->offered) buf_str(e->out, STR(", which is not what the rule is for"));
  else if (o->view) buf_printf(e->out, "; the rule sees it as " STR_FMT, STR_ARG(logsource_view_name(o->view)));
  buf_char(e->out, '\n');
}

static void put_verdict(Explain *e) {
  static const char *const words[2][2] = {{"is not offered", "is not offered"}, {"does not match", "matches"}};
  const Offered *o = e->style->offered;
  bool offered = !o || o->offered, good = offered && e->tree->held;
  const char *colour = !e->style->colour ? "" : good ? "\033[1;32m" : "\033[1;31m";
  buf_printf(e->out, "\n%s%s event %llu%s\n", colour, words[offered][e->tree->held], (unsigned long long)e->style->event_index,
             *colour ? "\033[0m" : "");
  if (o) put_logsource(e, o);
  if (!offered) buf_printf(e->out, "  with --logsource off it %s\n", e->tree->held ? "would match" : "would not match either");
  buf_char(e->out, '\n');
}

static void put_event(Explain *e) {
  Count reasons = {0};
  put_verdict(e);
  put_node(e, e->tree, 0, false);
  if (e->tree->kind == TREE_FLAT || e->tree->kind == TREE_CONST) return;
  buf_str(e->out, STR("\nbecause\n"));
  put_reasons(e, e->tree, false, &reasons);
  if (reasons.more) buf_printf(e->out, "  and %u more selections\n", reasons.more);
}

void explain_text(Explain *e) {
  explain_header(e->out, e->p, &e->p->RULES[e->rule].meta);
  if (e->vm) put_event(e);
  else explain_meaning(e);
}
