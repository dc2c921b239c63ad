/* SPDX-License-Identifier: MIT
 * Where conditions name selections, how parts of conditions are written, and which items exclude each other. */
#include "lint/checks/condition_words.h"
#include "lint/checks/logic.h"

/* --- mentions ------------------------------------------------------------------------------------------------ */

static void mention(Mention *m, const YamlNode *text, const Cond *c) {
  if (!m->text || (m->cond->kind == COND_SELECTOR && c->kind == COND_NAME)) *m = (Mention){text, c};
}

static void find_mentions(Logic *g, const YamlNode *text, const Cond *c, bool negated) {
  for (uint32_t k = 0; k < g->truth.n_vars && !c->n_kids; k++) {
    LogicVar *v = &g->vars[k];
    bool meant = c->kind == COND_NAME ? str_eq(c->name, v->detection->name) : cond_selects(c, v->detection->name);
    if (meant) mention(negated ? &v->negated : &v->plain, text, c);
  }
  for (uint32_t i = 0; i < c->n_kids; i++) find_mentions(g, text, c->kids[i], negated != (c->kind == COND_NOT));
}

void logic_find_mentions(Logic *g) {
  const LintDoc *doc = g->at->doc;
  for (uint32_t i = 0; i < doc->conditions.n; i++)
    if (doc->conditions.p[i].tree) find_mentions(g, doc->conditions.p[i].text, doc->conditions.p[i].tree, false);
}

Span logic_mention(const LogicVar *v) {
  const Mention *m = v->plain.text ? &v->plain : &v->negated;
  if (m == &v->plain && m->cond->kind == COND_SELECTOR && v->negated.text && v->negated.cond->kind == COND_NAME) m = &v->negated;
  return m->text ? m->cond->at : v->detection->name_at;
}

Span logic_condition(const Logic *g) { return g->at->doc->conditions.p[0].tree->at; }

/* The word that ends at or before `end`; brackets are left out. */
static Str word_before(Str s, size_t end, size_t *at) {
  while (end && !condition_is_word(s.p[end - 1])) end--;
  size_t from = end;
  while (from && condition_is_word(s.p[from - 1])) from--;
  *at = from;
  return str_sub(s, from, end);
}

/* Between the operators and the first name of an operand stand only `not`, brackets, and the start of a selector. */
Span logic_operator(const YamlNode *text, const Cond *operand) {
  while (operand->n_kids) operand = operand->kids[0];
  size_t at = (size_t)(operand->name.p - text->text.p);
  for (;;) {
    Str word = word_before(text->text, at, &at);
    if (!word.n) return text->at;
    if (str_is(word, "and") || str_is(word, "or")) return yaml_sub_span(text, at, at + word.n);
  }
}

/* --- text ---------------------------------------------------------------------------------------------------- */

enum { MOST_SHOWN = 80 };

static void show(Buf *b, const Cond *c, bool inside) {
  bool brackets = inside && (c->kind == COND_AND || c->kind == COND_OR);
  if (b->n > MOST_SHOWN) return;
  if (brackets) buf_char(b, '(');
  if (c->kind == COND_NOT) buf_str(b, STR("not "));
  if (c->kind == COND_SELECTOR) buf_str(b, c->all ? STR("all of ") : STR("1 of "));
  buf_str(b, c->name);
  for (uint32_t i = 0; i < c->n_kids; i++) {
    if (i) buf_str(b, c->kind == COND_AND ? STR(" and ") : STR(" or "));
    show(b, c->kids[i], true);
  }
  if (brackets) buf_char(b, ')');
}

Str logic_shown(Logic *g, const Cond *c) {
  Buf b = {.arena = g->scratch};
  show(&b, c, false);
  if (b.n > MOST_SHOWN) b.n = MOST_SHOWN, buf_str(&b, STR("...")); /* names are ASCII */
  return buf_view(&b);
}

uint32_t logic_line(const Logic *g, Span at) { return source_place(&g->lint->compiler.sources, at).line; }

/* --- items that exclude each other --------------------------------------------------------------------------- */

enum { MOST_ITEMS = 64 };

/* What must hold together: the items of a map, or the one node. */
static const IrNode *const *items_of(const IrNode *const *n, uint32_t *count) {
  bool map = (*n)->kind == IR_AND;
  *count = map ? (*n)->n_kids : 1;
  if (*count > MOST_ITEMS) *count = MOST_ITEMS;
  return map ? (const IrNode *const *)(*n)->kids : n;
}

static bool clash(Logic *g, const IrNode *x, const IrNode *y, Clash *out) {
  g->facts.used_single = false;
  bool never = x == y ? facts_never(&g->facts, x) : facts_disjoint(&g->facts, x, y);
  *out = (Clash){x, y, g->facts.used_single};
  return never;
}

bool logic_clash_between(Logic *g, const IrNode *x, const IrNode *y, Clash *out) {
  uint32_t n, m;
  const IrNode *const *a = items_of(&x, &n), *const *b = items_of(&y, &m);
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t j = 0; j < m; j++)
      if (clash(g, a[i], b[j], out)) return true;
  return false;
}

bool logic_clash_in(Logic *g, const IrNode *n, Clash *out) {
  while (n->kind == IR_OR && n->n_kids) n = n->kids[0];
  uint32_t count;
  const IrNode *const *kids = items_of(&n, &count);
  for (uint32_t i = 0; i < count; i++) /* one alone comes first: it is the cause */
    if (clash(g, kids[i], kids[i], out)) return true;
  for (uint32_t j = 1; j < count; j++)
    for (uint32_t i = 0; i < j; i++)
      if (clash(g, kids[i], kids[j], out)) return true;
  return false;
}
