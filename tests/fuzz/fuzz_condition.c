/* SPDX-License-Identifier: MIT
 * Any text is either a condition or gets an error inside of the text. What was read is printed and read
 * again: the same tree must come out, and every part of it must stand where its span says. */
#include <stdlib.h>

#include "base/limits.h"
#include "compiler/condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
  if (!holds) abort();
}

static YamlNode text_node(Str text) {
  return (YamlNode){
    .kind = YAML_SCALAR, .type = SCALAR_TEXT, .exact = true, .text = text, .at = {.file = 0, .start = 0, .end = (uint32_t)text.n}};
}

static void print(Buf *out, const Cond *c) {
  switch (c->kind) {
  case COND_NAME: buf_str(out, c->name); return;
  case COND_SELECTOR: buf_printf(out, "%s of " STR_FMT, c->all ? "all" : "1", STR_ARG(c->name)); return;
  case COND_NOT:
    buf_str(out, STR("not "));
    print(out, c->kids[0]);
    return;
  case COND_AND:
  case COND_OR: break;
  }
  buf_char(out, '(');
  for (uint32_t i = 0; i < c->n_kids; i++) {
    if (i) buf_str(out, c->kind == COND_AND ? STR(" and ") : STR(" or "));
    print(out, c->kids[i]);
  }
  buf_char(out, ')');
}

static void check_tree(const Cond *c, Str text, unsigned depth) {
  bool leaf = c->kind == COND_NAME || c->kind == COND_SELECTOR;
  require(c->at.start < c->at.end && c->at.end <= text.n);
  require(depth <= 3 * LIMIT_CONDITION_DEPTH + 3);
  require(leaf ? c->n_kids == 0 && c->name.n > 0 : c->kind == COND_NOT ? c->n_kids == 1 : c->n_kids >= 2);
  if (leaf) require(str_ends(str_sub(text, c->at.start, c->at.end), c->name));
  for (uint32_t i = 0; i < c->n_kids; i++) {
    require(c->kids[i]->at.start >= c->at.start && c->kids[i]->at.end <= c->at.end);
    check_tree(c->kids[i], text, depth + 1);
  }
}

/* The plain definition of a glob, for names and patterns that are short enough for it. */
static bool matches(Str pattern, Str name) {
  if (!pattern.n) return !name.n;
  if (pattern.p[0] != '*') return name.n && name.p[0] == pattern.p[0] && matches(str_from(pattern, 1), str_from(name, 1));
  for (size_t i = 0; i <= name.n; i++)
    if (matches(str_from(pattern, 1), str_from(name, i))) return true;
  return false;
}

/* Selectors of the text against names of the text. */
static void check_selection(const Cond *selector, const Cond *c) {
  if (c->kind == COND_NAME && selector->name.n < 12 && c->name.n < 12) {
    bool hidden = c->name.p[0] == '_' && (selector->them || selector->name.p[0] != '_');
    bool expect = !hidden && (selector->them || matches(selector->name, c->name));
    require(cond_selects(selector, c->name) == expect);
  }
  for (uint32_t i = 0; i < c->n_kids; i++) check_selection(selector, c->kids[i]);
}

static void each_selector(const Cond *c, const Cond *root) {
  if (c->kind == COND_SELECTOR) check_selection(c, root);
  for (uint32_t i = 0; i < c->n_kids; i++) each_selector(c->kids[i], root);
}

/* All and/or are printed in brackets, so the second text may nest deeper than the limit. */
static void check_again(const Cond *c, Arena *a, Diags *diags) {
  Buf first = {0}, second = {0};
  print(&first, c);
  YamlNode node = text_node(buf_view(&first));
  Cond *again;
  if (cond_parse(&again, &node, NULL, a, diags)) {
    print(&second, again);
    require(str_eq(buf_view(&first), buf_view(&second)));
  } else {
    require(diags->list.n == 1 && diags->list.p[0].id == ID_condition_depth);
  }
  buf_free(&first);
  buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Diags diags = {.arena = &a};
  Str text = arena_dup(&a, (Str){(const char *)data, size});
  YamlNode node = text_node(text);
  Cond *c = NULL;
  if (cond_parse(&c, &node, NULL, &a, &diags)) {
    require(diags.list.n == 0);
    check_tree(c, text, 0);
    if (size < 200) each_selector(c, c);
    check_again(c, &a, &diags);
  } else {
    require(diags.list.n == 1 && diags.list.p[0].at.end <= size && diags.list.p[0].msg.n > 0);
  }
  arena_free(&a);
  return 0;
}
