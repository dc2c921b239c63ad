/* SPDX-License-Identifier: MIT */
#include "tests/support/edits.h"

void try_read(Tried *t, Arena *a, Str text) {
  t->arena = a;
  lint_init(&t->lint, a);
  lint_add(&t->lint, STR("t.yml"), text);
}

/* --- trees as text ------------------------------------------------------------------------------------------- */

static void dump(Buf *b, const YamlNode *n, const Try *c);

static void dump_text(Buf *b, Str text) {
  buf_printf(b, "%d", (int)SCALAR_TEXT);
  buf_json(b, text);
}

static void dump_scalar(Buf *b, const YamlNode *n, const Try *c) {
  if (c && c->node == n && (c->op == TRY_SCALAR || c->op == TRY_KEY)) {
    dump_text(b, c->text);
  } else if (c && c->node == n && c->op == TRY_PART) {
    Buf whole = {.arena = b->arena};
    buf_str(&whole, str_sub(n->text, 0, c->i));
    buf_str(&whole, c->text);
    dump_text(b, buf_view(&whole));
  } else {
    buf_printf(b, "%d", (int)n->type);
    buf_json(b, n->text);
  }
}

static void dump_list(Buf *b, const YamlNode *n, const Try *c) {
  if (c && c->node == n && c->op == TRY_UNLIST) {
    dump(b, n->items[0], c);
    return;
  }
  if (c && c->node == n && c->op == TRY_JOIN) {
    dump_text(b, c->text);
    return;
  }
  buf_char(b, '[');
  for (uint32_t i = 0; i < n->n; i++) {
    if (c && c->node == n && c->op == TRY_DROP_ITEM && c->i == i) continue;
    dump(b, n->items[i], c);
    buf_char(b, ',');
  }
  if (c && c->node == n && c->op == TRY_ADD_ITEM) {
    dump_text(b, c->text);
    buf_char(b, ',');
  }
  buf_char(b, ']');
}

static void dump_new(Buf *b, const Try *c) {
  bool list = c->op == TRY_ADD_LIST;
  dump_text(b, c->text);
  buf_str(b, list ? STR(":[") : STR(":"));
  dump_text(b, c->text);
  buf_str(b, list ? STR(",],") : STR(","));
}

static void dump_map(Buf *b, const YamlNode *n, const Try *c) {
  bool here = c && c->node == n;
  buf_char(b, '{');
  bool adds = here && (c->op == TRY_ADD_ENTRY || c->op == TRY_ADD_LIST);
  if (adds && !n->n) dump_new(b, c);
  for (uint32_t i = 0; i < n->n; i++) {
    if (here && c->op == TRY_DROP_ENTRY && c->i == i) continue;
    bool listed = here && c->op == TRY_LISTED && c->i == i;
    dump(b, n->pairs[i].key, c);
    buf_str(b, listed ? STR(":[") : STR(":"));
    if (here && c->op == TRY_FILL && c->i == i) dump_text(b, c->text);
    else dump(b, n->pairs[i].value, c);
    buf_str(b, listed ? STR(",],") : STR(","));
    if (adds && (c->i == i || (i + 1 == n->n && c->i > i))) dump_new(b, c);
  }
  buf_char(b, '}');
}

static void dump(Buf *b, const YamlNode *n, const Try *c) {
  if (n->kind == YAML_SCALAR) dump_scalar(b, n, c);
  else if (n->kind == YAML_LIST) dump_list(b, n, c);
  else dump_map(b, n, c);
}

static Str dump_docs(Arena *a, const YamlDocs *docs, const Try *c) {
  Buf b = {.arena = a};
  for (uint32_t i = 0; i < docs->docs.n; i++) {
    dump(&b, docs->docs.p[i], c);
    buf_char(&b, '\n');
  }
  return buf_view(&b);
}

/* --- edits --------------------------------------------------------------------------------------------------- */

static bool run(Lint *l, const LintFile *f, const Try *c) {
  switch (c->op) {
  case TRY_SCALAR: return edit_scalar(l, f, c->node, c->text);
  case TRY_PART: return edit_part(l, f, c->node, c->i, c->node->text.n, c->text);
  case TRY_KEY: return edit_key(l, f, c->node, c->text);
  case TRY_DROP_ENTRY: return edit_drop_entry(l, f, c->node, c->i);
  case TRY_DROP_ITEM: return edit_drop_item(l, f, c->node, c->i);
  case TRY_ADD_ENTRY: return edit_add_entry(l, f, c->node, c->i, edit_written(l, c->text), edit_written(l, c->text));
  case TRY_ADD_ITEM: return edit_add_item(l, f, c->node, edit_written(l, c->text));
  case TRY_UNLIST: return edit_unlist(l, f, c->node);
  case TRY_LISTED: return edit_listed(l, f, c->node, c->i);
  case TRY_ADD_LIST: return edit_add_list(l, f, c->node, c->i, edit_written(l, c->text), edit_written(l, c->text));
  case TRY_FILL: return edit_fill(l, f, c->node, c->i, edit_written(l, c->text));
  case TRY_JOIN: return edit_join(l, f, c->node, edit_written(l, c->text));
  case TRY_COUNT: break;
  }
  return false;
}

/* In order: an edit moves to its place among those before it. */
static Str apply(Arena *a, Str text, const Finding *f) {
  LintEdit *e = arena_array(a, LintEdit, f->edits.n);
  for (uint32_t i = 0; i < f->edits.n; i++) {
    uint32_t k = i;
    for (; k && e[k - 1].at.start > f->edits.p[i].at.start; k--) e[k] = e[k - 1];
    e[k] = f->edits.p[i];
  }
  Buf b = {.arena = a};
  uint32_t at = 0;
  for (uint32_t i = 0; i < f->edits.n; i++) {
    if (e[i].at.start < at || e[i].at.end > text.n) return STR("(edits overlap)");
    buf_str(&b, str_sub(text, at, e[i].at.start));
    buf_str(&b, e[i].text);
    at = e[i].at.end;
  }
  buf_str(&b, str_from(text, at));
  return buf_view(&b);
}

bool try_edit(Tried *t, const Try *what, Str *out, Str *fault) {
  const LintFile *f = &t->lint.files.p[0];
  t->lint.findings.n = 0;
  t->lint.per_file.n = 0;
  lint_report(&t->lint, CHECK_missing_title, (Span){0}, "tried");
  *out = *fault = STR("");
  if (!run(&t->lint, f, what)) {
    if (vec_last(&t->lint.findings).edits.n) *fault = STR("refused, and an edit is left");
    return false;
  }
  Tried again;
  *out = apply(t->arena, f->text, &vec_last(&t->lint.findings));
  try_read(&again, t->arena, *out);
  Str want = dump_docs(t->arena, &f->docs, what), got = dump_docs(t->arena, &again.lint.files.p[0].docs, NULL);
  if (again.lint.files.p[0].docs.broken != f->docs.broken || !str_eq(want, got))
    *fault = arena_printf(t->arena, "want\n" STR_FMT "got\n" STR_FMT, STR_ARG(want), STR_ARG(got));
  return true;
}

/* --- all of them --------------------------------------------------------------------------------------------- */

typedef struct {
  Str text;
  Buf *fault;
  unsigned done;
} All;

static const YamlNode *numbered(const YamlNode *n, uint32_t *count) {
  if (!(*count)--) return n;
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlNode *found = n->kind == YAML_MAP ? numbered(n->pairs[i].key, count) : NULL;
    if (!found) found = numbered(n->kind == YAML_MAP ? n->pairs[i].value : n->items[i], count);
    if (found) return found;
  }
  return NULL;
}

/* The same node of a tree that is read again: memory of one try does not pile up. */
static bool one(All *all, uint32_t number, TryOp op, uint32_t i, Str text) {
  Arena a = {0};
  Tried t;
  Str out, fault;
  try_read(&t, &a, all->text);
  const YamlDocs *docs = &t.lint.files.p[0].docs;
  const YamlNode *n = NULL;
  for (uint32_t d = 0; !n && d < docs->docs.n; d++) n = numbered(docs->docs.p[d], &number);
  bool found = n != NULL;
  bool map = op == TRY_DROP_ENTRY || op == TRY_ADD_ENTRY || op == TRY_LISTED || op == TRY_ADD_LIST || op == TRY_FILL;
  bool list = op == TRY_DROP_ITEM || op == TRY_ADD_ITEM || op == TRY_UNLIST || op == TRY_JOIN;
  if (found && (map || list) == (n->kind == YAML_SCALAR)) n = NULL;
  if (n && (map ? n->kind != YAML_MAP : list && n->kind != YAML_LIST)) n = NULL;
  if (n && op == TRY_PART && i < n->text.n && ((unsigned char)n->text.p[i] & 0xC0) == 0x80) n = NULL; /* within a character */
  if (n && i && i >= (n->kind == YAML_SCALAR ? n->text.n : n->n)) n = NULL;
  if (n) all->done += try_edit(&t, &(Try){op, n, i, text}, &out, &fault);
  if (n && fault.n)
    buf_printf(all->fault, "edit %d of node, element %u:\n" STR_FMT "\nbecame\n" STR_FMT "\n" STR_FMT "\n", (int)op, (unsigned)i,
               STR_ARG(all->text), STR_ARG(out), STR_ARG(fault));
  arena_free(&a);
  return found && !all->fault->n;
}

unsigned try_all(Str text, Buf *fault) {
  static const char *const texts[] = {"zz new", "it's \"\\x\"", "12", "- a", "a: b #c", "[x]", "true", "2025-01-02"};
  All all = {.text = text, .fault = fault};
  bool more = true;
  for (uint32_t number = 0; more && number < 200; number++)
    for (TryOp op = 0; more && op < TRY_COUNT; op++)
      for (uint32_t i = 0; more && i < 3; i++) more = one(&all, number, op, i, str_of(texts[(number + op + i) % 8]));
  return all.done;
}
