/* SPDX-License-Identifier: MIT
 * Fields made of two parts: a test of the whole and what it is rewritten to say the same of every value that has the
 * character between the parts once. */
#include <criterion/criterion.h>

#include "compiler/parts.h"
#include "runtime/event_json.h"
#include "tests/oracle.h"

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  Vars vars;
  Passes passes;
} Work;

static void begin(Work *w) {
  *w = (Work){0};
  w->sources.arena = w->diags.arena = &w->arena;
  source_add(&w->sources, STR("r.yml"), STR("x"));
  passes_init(&w->passes, &w->vars, &w->arena, &w->diags);
  budget_open(&w->passes.budget, (Span){0}, 1000);
}

static const ModelStep step = {.name = STR_INIT("U"), .parts = true, .first = STR_INIT("D"), .last = STR_INIT("N"), .by = '\\'};

typedef struct {
  const char *const *values;
  uint32_t n;
  bool all, cased;
} Made;

/* As lowering leaves it; `null` is the value null. */
static IrNode *make_item(Work *w, const Made *m) {
  IrItem *item = arena_new(&w->arena, IrItem);
  *item = (IrItem){.field = STR("U"), .all = m->all, .n_values = m->n};
  item->values = arena_array(&w->arena, IrValue, m->n);
  for (uint32_t i = 0; i < m->n; i++) {
    IrTest *t = arena_new(&w->arena, IrTest);
    Str text = str_of(m->values[i]);
    *t = (IrTest){.pred = PRED_GLOB, .cased = m->cased, .text = text, .pattern = pattern_parse(&w->arena, text)};
    if (str_is(text, "null")) *t = (IrTest){.pred = PRED_IS_NULL};
    item->values[i] = (IrValue){.alts = t, .n_alts = 1};
  }
  return ir_item(&w->arena, (Span){0}, item);
}

static IrNode *frozen(Work *w, IrNode *n) {
  IrRule rule = {.root = ir_copy(&w->arena, n)};
  cr_assert(simplify_rule(&rule, &w->passes));
  return rule.root;
}

static bool holds(Work *w, IrNode *root, Str json) {
  JsonError error;
  OracleNotes notes = {0};
  IrRule rule = {.root = root};
  bool says = oracle_matches(&rule, event_json_read(json, &w->arena, &error), &notes);
  cr_expect_eq(notes.faults, 0);
  return says;
}

/* What an item becomes, on one line. */
static Str rewritten(Work *w, const Made *m) {
  IrNode *n = parts_rewrite(make_item(w, m), &step, &w->passes);
  Buf out = {.arena = &w->arena};
  if (!n) return str_of(diag_info[w->diags.list.p[0].id].text);
  ir_print(&out, frozen(w, n));
  for (size_t i = 0; i < out.n; i++)
    if (out.p[i] == '\n') out.p[i] = ';';
  return buf_view(&out);
}

Test(parts, rules_of_the_rewriting) {
  const struct {
    Made made;
    const char *want;
  } cases[] = {
#define ONE(text) {(const char *const[]){text}, 1, false, false}
    {ONE("NT AUTHORITY\\SYSTEM"), "and;  D is \"NT AUTHORITY\";  N is \"SYSTEM\";"},
    {ONE("SYSTEM"), "false;"},
    {ONE(""), "false;"},
    {ONE("*\\SYSTEM"), "N is \"SYSTEM\";"},
    {ONE("\\SYSTEM"), "and;  D is \"\";  N is \"SYSTEM\";"},
    {ONE("NT AUTHORITY\\\\*"), "D is \"NT AUTHORITY\";"},
    {ONE("NT*"), "D startswith \"NT\";"},
    {ONE("*TEM"), "N endswith \"TEM\";"},
    {ONE("*A*"), "or;  D contains \"A\";  N contains \"A\";"},
    {ONE("A*B"), "and;  D startswith \"A\";  N endswith \"B\";"},
    {ONE("A*B*C"), "or;  and;    D startswith \"A\";    N like \"*B*C\";  and;    D like \"A*B*\";    N endswith \"C\";"},
    {ONE("A?B"), "and;  D is \"A\";  N is \"B\";"},
    {ONE("*A?B*"), "or;  D like \"*A?B*\";  N like \"*A?B*\";  and;    D endswith \"A\";    N startswith \"B\";"},
    {ONE("*"), "N contains \"\";"},
    {ONE("**"), "N contains \"\";"},
    {ONE("?"), "and;  D is \"\";  N is \"\";"},
    {ONE("null"), "N is null;"},
    {ONE("a\\b\\c"), "target-field"},
    {ONE("*\\b\\*"), "N is \"b*\";"}, /* an escaped star is a star */
    {{(const char *const[]){"A\\B", "*C", "null"}, 3, false, false},
     "or;  any;    N endswith \"C\";    N is null;  and;    D is \"A\";    N is \"B\";"},
    {{(const char *const[]){"*A*", "*B*"}, 2, true, false},
     "and;  or;    D contains \"A\";    N contains \"A\";  or;    D contains \"B\";    N contains \"B\";"},
    {{(const char *const[]){"*A*", "*B*"}, 2, false, false},
     "or;  any;    D contains \"A\";    D contains \"B\";  any;    N contains \"A\";    N contains \"B\";"},
    {{(const char *const[]){"a\\B"}, 1, false, true}, "and;  D is \"a\" cased;  N is \"B\" cased;"},
#undef ONE
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Work w;
    begin(&w);
    Str got = rewritten(&w, &cases[i].made);
    cr_expect(str_is(got, cases[i].want), "%s: " STR_FMT, cases[i].made.values[0], STR_ARG(got));
    arena_free(&w.arena);
  }
}

/* --- property -------------------------------------------------------------------------------------------------- */

static uint64_t seed;
static unsigned any(unsigned n) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % n;
}

static const char *random_text(char *out, const char *letters, unsigned most) {
  unsigned n = any(most + 1), kinds = (unsigned)strlen(letters);
  for (unsigned i = 0; i < n; i++) out[i] = letters[any(kinds)];
  out[n] = 0;
  return out;
}

Test(parts, rewriting_equals_concatenation) {
  enum { ROUNDS = 40000, MOST = 3 };
  unsigned compared = 0, held = 0;
  for (seed = 1; compared < ROUNDS;) {
    char text[MOST][16], first[8], last[8];
    const char *values[MOST];
    Work w;
    begin(&w);
    Made m = {values, 1 + any(MOST), any(2), any(2)};
    for (uint32_t i = 0; i < m.n; i++) values[i] = any(12) ? random_text(text[i], any(2) ? "abAB**?" : "abA*?\\", 6) : "null";
    IrNode *whole = make_item(&w, &m), *split = parts_rewrite(whole, &step, &w.passes);
    random_text(first, "abA", 4);
    random_text(last, "abA", 4);
    if (split) {
      bool x = holds(&w, frozen(&w, whole), arena_printf(&w.arena, "{\"U\": \"%s\\\\%s\"}", first, last));
      bool y = holds(&w, frozen(&w, split), arena_printf(&w.arena, "{\"D\": \"%s\", \"N\": \"%s\"}", first, last));
      cr_assert_eq(x, y, "%s%s%s on %s\\%s: whole %d, parts %d", values[0], m.n > 1 ? ", " : "", m.n > 1 ? values[1] : "", first,
                   last, x, y);
      held += x;
      compared++;
    }
    arena_free(&w.arena);
  }
  cr_expect(held > ROUNDS / 10 && held < ROUNDS * 9 / 10, "%u of %u hold", held, compared);
}

Test(parts, absent_parts_are_an_absent_whole) {
  Work w;
  begin(&w);
  IrNode *null = parts_rewrite(make_item(&w, &(Made){(const char *const[]){"null"}, 1, false, false}), &step, &w.passes);
  IrNode *star = parts_rewrite(make_item(&w, &(Made){(const char *const[]){"*"}, 1, false, false}), &step, &w.passes);
  cr_expect(holds(&w, frozen(&w, null), STR("{}")) && !holds(&w, frozen(&w, star), STR("{}")));
  arena_free(&w.arena);
}

/* A class of dashes covers what stands between the parts where that is a dash itself. */
Test(parts, a_dash_between_the_parts) {
  static const struct {
    char by;
    bool refused;
  } cases[] = {{'\\', false}, {'-', true}, {'/', true}, {':', false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Work w;
    begin(&w);
    ModelStep other = step;
    other.by = cases[i].by;
    IrNode *item = make_item(&w, &(Made){(const char *const[]){"a*"}, 1, false, false});
    IrTest *t = &item->item->values[0].alts[0];
    const PatPart parts[] = {{PAT_DASH, STR_INIT("")}, {PAT_LITERAL, STR_INIT("enc")}, {PAT_ANY, STR_INIT("")}};
    t->pattern = pattern_of(&w.arena, parts, 3);
    cr_expect_eq(parts_rewrite(item, &other, &w.passes) == NULL, cases[i].refused, "%c", cases[i].by);
    cr_expect_eq(w.diags.errors, cases[i].refused);
    arena_free(&w.arena);
  }
}

/* Many stars make many pairs of long patterns: the budget ends it. */
Test(parts, a_pattern_of_many_stars_is_refused) {
  enum { STARS = 30000 };
  static char text[2 * STARS + 1];
  Work w;
  for (int i = 0; i < STARS; i++) memcpy(text + 2 * i, "*a", 2);
  begin(&w);
  const char *values[] = {text};
  cr_expect_null(parts_rewrite(make_item(&w, &(Made){values, 1, false, false}), &step, &w.passes));
  cr_expect(w.diags.list.n == 1 && w.diags.list.p[0].id == ID_rule_too_large);
  arena_free(&w.arena);
}
