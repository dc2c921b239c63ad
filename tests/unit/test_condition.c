/* SPDX-License-Identifier: MIT
 * Conditions: the tree of good ones, and identifier, message and place of the fault of bad ones. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "compiler/condition.h"

static YamlNode text_node(Str text) {
  return (YamlNode){
    .kind = YAML_SCALAR,
    .type = SCALAR_TEXT,
    .exact = true,
    .text = text,
    .at = {.file = 0, .start = 0, .end = (uint32_t)text.n},
  };
}

/* A tree as text: (a & b), (a | b), !a, any(x), all(x). */
static void write_tree(Buf *out, const Cond *c) {
  switch (c->kind) {
  case COND_NAME: buf_str(out, c->name); return;
  case COND_SELECTOR: buf_printf(out, "%s(" STR_FMT ")", c->all ? "all" : "any", STR_ARG(c->name)); return;
  case COND_NOT:
    buf_char(out, '!');
    write_tree(out, c->kids[0]);
    return;
  case COND_AND:
  case COND_OR: break;
  }
  buf_char(out, '(');
  for (uint32_t i = 0; i < c->n_kids; i++) {
    if (i) buf_str(out, c->kind == COND_AND ? STR(" & ") : STR(" | "));
    write_tree(out, c->kids[i]);
  }
  buf_char(out, ')');
}

Test(condition, trees) {
  static const struct {
    const char *text, *tree;
  } cases[] = {
    {"a", "a"},
    {"a and b", "(a & b)"},
    {"a and b and c", "(a & b & c)"},
    {"a or b or c", "(a | b | c)"},
    {"a or b and c", "(a | (b & c))"},
    {"a and b or c and d", "((a & b) | (c & d))"},
    {"(a or b) and c", "((a | b) & c)"},
    {"a and (b and c)", "(a & (b & c))"},
    {"not a and b", "(!a & b)"},
    {"not (a and b)", "!(a & b)"},
    {"not not a", "!!a"},
    {"not(a)or(b)", "(!a | b)"},
    {"((((a))))", "a"},
    {"1 of them", "any(them)"},
    {"any of them", "any(them)"},
    {"all of them", "all(them)"},
    {"not 1 of sel* and all of *_x_*", "(!any(sel*) & all(*_x_*))"},
    {"1 of sel", "any(sel)"},
    {"1 of *", "any(*)"},
    {"notepad and orca or 1st and allsel", "((notepad & orca) | (1st & allsel))"},
    {"2 and sel-1", "(2 & sel-1)"},
    {" \t a\n  and\r\n (b)  ", "(a & b)"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Diags diags = {.arena = &a};
    YamlNode node = text_node(str_of(cases[i].text));
    Cond *c = NULL;
    Buf tree = {0};
    bool ok = cond_parse(&c, &node, NULL, &a, &diags);
    cr_expect(ok && diags.list.n == 0, "%s", cases[i].text);
    if (ok) write_tree(&tree, c);
    cr_expect(str_eq(buf_view(&tree), str_of(cases[i].tree)), "%s: " STR_FMT, cases[i].text, STR_ARG(buf_view(&tree)));
    buf_free(&tree);
    arena_free(&a);
  }
}

/* Letter case is significant in names: an identifier may be spelled as no operator is. */
Test(condition, identifiers_like_operators) {
  Arena a = {0};
  Diags diags = {.arena = &a};
  Intern names;
  Cond *c = NULL;
  intern_init(&names, &a);
  intern_id(&names, STR("Not"));
  intern_id(&names, STR("ALL"));
  YamlNode good = text_node(STR("Not and not ALL")), bad = text_node(STR("Not OR ALL"));
  cr_expect(cond_parse(&c, &good, &names, &a, &diags) && c->kind == COND_AND && c->kids[0]->kind == COND_NAME);
  cr_expect(!cond_parse(&c, &bad, &names, &a, &diags) && diags.list.p[0].id == ID_condition_operator_case);
  arena_free(&a);
}

Test(condition, spans) {
  Arena a = {0};
  Diags diags = {.arena = &a};
  YamlNode node = text_node(STR("x or (a or b) and not 1 of s*"));
  Cond *c = NULL;
  cr_assert(cond_parse(&c, &node, NULL, &a, &diags));
  cr_expect(c->at.start == 0 && c->at.end == 29);
  const Cond *and = c->kids[1];
  cr_expect(and->at.start == 5 && and->at.end == 29);
  cr_expect(and->kids[0]->at.start == 6 && and->kids[0]->at.end == 12);
  cr_expect(and->kids[1]->at.start == 18 && and->kids[1]->at.end == 29);
  cr_expect(and->kids[1]->kids[0]->at.start == 22);
  arena_free(&a);
}

Test(condition, faults) {
  static const struct {
    const char *text;
    DiagId id;
    uint32_t start, end;
    const char *message;
  } cases[] = {
    {"", ID_condition_type, 0, 0, "is empty"},
    {" \n ", ID_condition_type, 0, 3, "is empty"},
    {"sel and", ID_condition_syntax, 4, 7, "expected an operand after `and`"},
    {"sel or not ", ID_condition_syntax, 7, 10, "expected an operand after `not`"},
    {"and sel", ID_condition_syntax, 0, 3, "expected an operand before `and`"},
    {"sel or or flt", ID_condition_syntax, 7, 9, "expected an operand after `or`, not `or`"},
    {"sel and (flt or )", ID_condition_syntax, 16, 17, "expected an operand after `or`, not `)`"},
    {"sel flt", ID_condition_syntax, 4, 7, "expected `and` or `or` between `sel` and `flt`"},
    {"sel not flt", ID_condition_syntax, 4, 7, "expected `and` or `or` between `sel` and `not`"},
    {"(a) (b)", ID_condition_syntax, 4, 5, "expected `and` or `or` between `)` and `(`"},
    {"(a b)", ID_condition_syntax, 3, 4, "expected `and` or `or` between `a` and `b`"},
    {"x and ()", ID_condition_syntax, 6, 8, "nothing between `(` and `)`"},
    {"a or (b and (c)", ID_condition_syntax, 5, 6, "`(` is not closed"},
    {"(a))", ID_condition_syntax, 3, 4, "`)` without `(`"},
    {"1 of", ID_condition_syntax, 2, 4, "expected `them` or a pattern after `of`"},
    {"1 of and", ID_condition_syntax, 5, 8, "expected `them` or a pattern after `of`, not `and`"},
    {"1 of (a, b)", ID_condition_syntax, 5, 6, "expected `them` or a pattern after `of`, not `(`"},
    {"a and 2 of x*", ID_condition_syntax, 6, 7, "only `1`, `any` and `all` are"},
    {"some of x*", ID_condition_syntax, 0, 4, "`some` is no quantifier"},
    {"(1) of x*", ID_condition_syntax, 1, 2, "expected `of` after `1`"},
    {"(a) of x*", ID_condition_syntax, 4, 6, "expected `1`, `any` or `all` before `of`"},
    {"of x", ID_condition_syntax, 0, 2, "expected an operand before `of`"},
    {"a or all", ID_condition_syntax, 5, 8, "expected `of` after `all`"},
    {"them", ID_condition_syntax, 0, 4, "`them` stands only after"},
    {"a or sel*", ID_condition_syntax, 5, 9, "a pattern stands only after"},
    {"a & b", ID_condition_syntax, 2, 3, "`&` has no meaning"},
    {"a && b", ID_condition_syntax, 2, 4, "`&&` has no meaning"},
    {"a || b", ID_condition_syntax, 2, 4, "`||` has no meaning"},
    {"a and \xC3\xA9", ID_condition_syntax, 6, 8, "`\xC3\xA9` has no meaning"},
    {"a.b", ID_condition_syntax, 1, 2, "`.` has no meaning"},
    {"a | count() > 5", ID_condition_aggregation, 2, 3, "removed from Sigma"},
    {"a or b | near c", ID_condition_aggregation, 7, 8, "removed from Sigma"},
    {"1 of a* | count(x) by y > 5", ID_condition_aggregation, 8, 9, "removed from Sigma"},
    {"a AND b", ID_condition_operator_case, 2, 5, "not `AND`"},
    {"Not a", ID_condition_operator_case, 0, 3, "not `Not`"},
    {"1 OF them", ID_condition_operator_case, 2, 4, "not `OF`"},
    {"1 of THEM", ID_condition_operator_case, 5, 9, "not `THEM`"},
    {"a or ALL of them", ID_condition_operator_case, 5, 8, "not `ALL`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Diags diags = {.arena = &a};
    YamlNode node = text_node(str_of(cases[i].text));
    Cond *c = NULL;
    cr_expect(!cond_parse(&c, &node, NULL, &a, &diags), "%s", cases[i].text);
    cr_assert(diags.list.n == 1, "%s: %u faults", cases[i].text, diags.list.n);
    const Diag *d = diags.list.p;
    cr_expect(d->id == cases[i].id, "%s: %s", cases[i].text, diag_info[d->id].text);
    cr_expect(d->at.start == cases[i].start && d->at.end == cases[i].end, "%s: %u-%u", cases[i].text, d->at.start, d->at.end);
    cr_expect(str_find(d->msg, str_of(cases[i].message), 0) != SIZE_MAX, "%s: " STR_FMT, cases[i].text, STR_ARG(d->msg));
    arena_free(&a);
  }
}

/* `unit` n times, then "a", then `close` n times; whether it parses. */
static bool nested(const char *unit, const char *close, unsigned n, DiagId *id) {
  Arena a = {0};
  Diags diags = {.arena = &a};
  Buf text = {0};
  for (unsigned i = 0; i < n; i++) buf_str(&text, str_of(unit));
  buf_char(&text, 'a');
  for (unsigned i = 0; i < n; i++) buf_str(&text, str_of(close));
  YamlNode node = text_node(buf_view(&text));
  Cond *c = NULL;
  bool ok = cond_parse(&c, &node, NULL, &a, &diags);
  if (!ok) *id = diags.list.p[0].id;
  buf_free(&text);
  arena_free(&a);
  return ok;
}

Test(condition, depth) {
  static const struct {
    const char *unit, *close;
    unsigned levels;
  } cases[] = {{"(", ")", 1}, {"not ", "", 1}, {"not (", ")", 2}, {"b or (", ")", 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    unsigned most = LIMIT_CONDITION_DEPTH / cases[i].levels;
    DiagId id = ID_COUNT;
    cr_expect(nested(cases[i].unit, cases[i].close, most, &id), "%s", cases[i].unit);
    cr_expect(!nested(cases[i].unit, cases[i].close, most + 1, &id), "%s", cases[i].unit);
    cr_expect(id == ID_condition_depth, "%s", cases[i].unit);
    cr_expect(!nested(cases[i].unit, cases[i].close, 100000, &id), "%s", cases[i].unit);
  }
  DiagId id;
  cr_expect(nested("not (a) and (b) or ", "", 1000, &id), "depth is given back");
}

Test(condition, selection) {
  static const struct {
    const char *pattern, *name;
    bool selects;
  } cases[] = {
    {"them", "sel", true},         {"them", "_sel", false},    {"sel", "sel", true},
    {"sel", "sel1", false},        {"sel*", "sel", true},      {"sel*", "selection_1", true},
    {"sel*", "xsel", false},       {"*", "sel", true},         {"*", "_sel", false},
    {"*sel", "_sel", false},       {"_*", "_sel", true},       {"_*", "sel", false},
    {"_sel", "_sel", true},        {"**", "a", true},          {"s*_2", "sel_1_2", true},
    {"s*_2", "sel_2_1", false},    {"*l*_*", "sel_1", true},   {"*l*_*", "se_1", false},
    {"a*a", "a", false},           {"a*a", "aa", true},        {"a*b*c", "abc", true},
    {"a*b*c", "axxbxxbc", true},   {"a*b*c", "acb", false},    {"ab*ba", "aba", false},
    {"*ab*ab*", "abab", true},     {"*ab*ab*", "abxa", false}, {"sel*", "Sel", false},
    {"*a*a*a*b", "aaaaac", false}, {"s*l", "sel", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str pattern = str_of(cases[i].pattern);
    Cond c = {.kind = COND_SELECTOR, .name = pattern, .them = str_is(pattern, "them")};
    cr_expect(cond_selects(&c, str_of(cases[i].name)) == cases[i].selects, "%s of %s", cases[i].pattern, cases[i].name);
  }
}
