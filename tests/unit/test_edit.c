/* SPDX-License-Identifier: MIT
 * lint/edit.h: what each edit makes of a text, to the byte, and of its tree. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/edits.h"

/* `a/0/b`: keys of maps, numbers of items; `=` at the end: the key itself. */
static const YamlNode *node_at(const YamlNode *n, Str path) {
  for (size_t from = 0; n && from < path.n;) {
    size_t to = str_find(path, STR("/"), from);
    if (to == SIZE_MAX) to = path.n;
    char part[32];
    Str p = str_sub(path, from, to);
    bool key = p.p[p.n - 1] == '=';
    snprintf(part, sizeof part, "%.*s", (int)(p.n - key), p.p);
    if (n->kind == YAML_LIST) n = atoi(part) < (int)n->n ? n->items[atoi(part)] : NULL;
    else n = key ? yaml_key(n, part) : yaml_get(n, part);
    from = to + 1;
  }
  return n;
}

static const struct {
  const char *text;
  TryOp op;
  const char *path;
  uint32_t i;
  const char *new, *want; /* want: NULL where it is refused */
} cases[] = {
  /* scalars keep their quotes */
  {"a: old # c\n", TRY_SCALAR, "a", 0, "new", "a: new # c\n"},
  {"a: 'old'\n", TRY_SCALAR, "a", 0, "it's", "a: 'it''s'\n"},
  {"a: \"old\"\n", TRY_SCALAR, "a", 0, "C:\\\"x\"\t", "a: \"C:\\\\\\\"x\\\"\\x09\"\n"},
  {"a: 'old'\n", TRY_SCALAR, "a", 0, "a\tb", NULL},
  {"a: old\n", TRY_SCALAR, "a", 0, "4625", "a: '4625'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "2025-01-02", "a: 2025-01-02\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "Yes", "a: 'Yes'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "", "a: ''\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "*x", "a: '*x'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "--- x", "a: '--- x'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "x: y", "a: 'x: y'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "x #y", "a: 'x #y'\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "x#y:z", "a: x#y:z\n"},
  {"a: o, ld\n", TRY_SCALAR, "a", 0, "n, ew", "a: n, ew\n"},
  {"a: old\n", TRY_SCALAR, "a", 0, "n, ew", "a: 'n, ew'\n"},
  {"a: [old, x]\n", TRY_SCALAR, "a/0", 0, "n]", "a: ['n]', x]\n"},
  {"a: 4625\n", TRY_SCALAR, "a", 0, "x", "a: x\n"},
  {"a: |\n  old\n", TRY_SCALAR, "a", 0, "new", NULL},
  {"a: >-\n  old\n", TRY_PART, "a", 1, "new", NULL},
  {"a: o\n  ld\n", TRY_SCALAR, "a", 0, "new", NULL},
  {"a: 'o\n  ld'\n", TRY_SCALAR, "a", 0, "new", NULL},
  {"a:\nb: c\n", TRY_SCALAR, "a", 0, "new", NULL},
  {"a: \xC3\xA9t\xC3\xA9\n", TRY_PART, "a", 3, "\xC3\xA9", "a: \xC3\xA9t\xC3\xA9\n"},
  {"a: 'it''s old'\n", TRY_PART, "a", 5, "new", "a: 'it''s new'\n"},
  {"a: \"x\\\\old\"\n", TRY_PART, "a", 2, "new", "a: \"x\\\\new\"\n"},
  {"a: old: x\n", TRY_SCALAR, "", 0, "x", NULL},
  {"a|contains: x\n", TRY_KEY, "a|contains=", 0, "b|contains|all", "b|contains|all: x\n"},
  {"'a b': x\n", TRY_KEY, "a b=", 0, "a_b", "'a_b': x\n"},
  {"a: {b: x}\n", TRY_KEY, "a/b=", 0, "c", "a: {c: x}\n"},
  {"? a\n: b\n", TRY_KEY, "a=", 0, "c", NULL},
  /* entries go with their lines */
  {"a: 1\nb: 2\nc: 3\n", TRY_DROP_ENTRY, "", 1, "", "a: 1\nc: 3\n"},
  {"a: 1\n# above\nb: 2 # behind\nc: 3\n", TRY_DROP_ENTRY, "", 1, "", "a: 1\n# above\nc: 3\n"},
  {"a: 1\nb: 2", TRY_DROP_ENTRY, "", 1, "", "a: 1\n"},
  {"a: 1\nb: 2", TRY_DROP_ENTRY, "", 0, "", "b: 2"},
  {"a: 1\r\nb: 2 # x\r\nc: 3\r\n", TRY_DROP_ENTRY, "", 1, "", "a: 1\r\nc: 3\r\n"},
  {"a:\n  - 1\n  # in\n  - 2\n# below\nb: 2\n", TRY_DROP_ENTRY, "", 0, "", "# below\nb: 2\n"},
  {"a: |\n  x\n\n  y\n\nb: 2\n", TRY_DROP_ENTRY, "", 0, "", "\nb: 2\n"},
  {"a: |+\n  x\n\nb: 2\nc: 3\n", TRY_DROP_ENTRY, "", 1, "", NULL},
  {"a:\nb: 2\n", TRY_DROP_ENTRY, "", 0, "", "b: 2\n"},
  {"a:\n  k:\n    l:\n  # deep\nb: 2\n", TRY_DROP_ENTRY, "", 0, "", "  # deep\nb: 2\n"},
  {"a: 1\n", TRY_DROP_ENTRY, "", 0, "", NULL},
  {"s:\n  - a: 1\n    b: 2\n", TRY_DROP_ENTRY, "s/0", 0, "", "s:\n  - b: 2\n"},
  {"s:\n  - a: 1\n    b: 2\n", TRY_DROP_ENTRY, "s/0", 1, "", "s:\n  - a: 1\n"},
  {"s:\n  - a: 1\n    # c\n    b: 2\n", TRY_DROP_ENTRY, "s/0", 0, "", NULL},
  {"s:\n  - - a: 1\n      b: 2\n", TRY_DROP_ENTRY, "s/0/0", 0, "", NULL},
  {"s: {a: 1, b: 2, c: 3} # c\n", TRY_DROP_ENTRY, "s", 0, "", "s: {b: 2, c: 3} # c\n"},
  {"s: {a: 1, b: 2, c: 3}\n", TRY_DROP_ENTRY, "s", 2, "", "s: {a: 1, b: 2}\n"},
  {"s: {a: 1, b: [x, y], }\n", TRY_DROP_ENTRY, "s", 1, "", "s: {a: 1, }\n"},
  {"s: {a: 1,\n  b: 2, c: 3}\n", TRY_DROP_ENTRY, "s", 1, "", NULL},
  {"s: {a: 1,\n  b: 2, c: 3}\n", TRY_DROP_ENTRY, "s", 2, "", "s: {a: 1,\n  b: 2}\n"},
  {"? a\n: 1\n? b\n: 2\n", TRY_DROP_ENTRY, "", 1, "", NULL},
  {"{a: 1, b: 2}\n", TRY_DROP_ENTRY, "", 0, "", "{b: 2}\n"},
  /* items */
  {"a:\n  - 1\n  - 2 # c\n  - 3\n", TRY_DROP_ITEM, "a", 1, "", "a:\n  - 1\n  - 3\n"},
  {"a:\n- 1\n- 2\n", TRY_DROP_ITEM, "a", 0, "", "a:\n- 2\n"},
  {"a:\n  - 1\n  - 2", TRY_DROP_ITEM, "a", 1, "", "a:\n  - 1\n"},
  {"a:\n  - |\n    x\n  - 2\n", TRY_DROP_ITEM, "a", 0, "", "a:\n  - 2\n"},
  {"a:\n  -\n    b: 1\n    c: 2\n  - 2\n", TRY_DROP_ITEM, "a", 0, "", "a:\n  - 2\n"},
  {"a:\n  - # c\n    b: 1\n  - 2\n", TRY_DROP_ITEM, "a", 0, "", NULL},
  {"a:\n  - - 1\n    - 2\n", TRY_DROP_ITEM, "a/0", 0, "", NULL},
  {"a:\n  - - 1\n    - 2\n", TRY_DROP_ITEM, "a/0", 1, "", "a:\n  - - 1\n"},
  {"a: ['x', \"y\", z]\n", TRY_DROP_ITEM, "a", 1, "", "a: ['x', z]\n"},
  {"a: [x, y]\n", TRY_DROP_ITEM, "a", 0, "", "a: [y]\n"},
  {"a: [x]\n", TRY_DROP_ITEM, "a", 0, "", NULL},
  {"a: [\n  x, # one\n  y,\n  z\n]\n", TRY_DROP_ITEM, "a", 1, "", NULL},
  /* additions */
  {"a: 1\nb: 2\n", TRY_ADD_ENTRY, "", 0, "n", "a: 1\n'n': 'n'\nb: 2\n"},
  {"a: 1 # c\nb: 2", TRY_ADD_ENTRY, "", UINT32_MAX, "k", "a: 1 # c\nb: 2\nk: k"},
  {"a: 1\r\nb: 2\r\n", TRY_ADD_ENTRY, "", 0, "k", "a: 1\r\nk: k\r\nb: 2\r\n"},
  {"a: 1\r\nb: 2", TRY_ADD_ENTRY, "", 1, "k", "a: 1\r\nb: 2\r\nk: k"},
  {"a:\n  - 1\n\n# about b\nb: 2\n", TRY_ADD_ENTRY, "", 0, "k", "a:\n  - 1\nk: k\n\n# about b\nb: 2\n"},
  {"a: |\n  x\n\nb: 2\n", TRY_ADD_ENTRY, "", 0, "k", "a: |\n  x\nk: k\n\nb: 2\n"},
  {"a: |+\n  x\n\nb: 2\n", TRY_ADD_ENTRY, "", 0, "k", NULL},
  {"a: |\n x\n\n  \nb: 1\n", TRY_ADD_ENTRY, "", 0, "k", NULL},
  {"a: |\n x\nb: |\n x\n  \nc: 1\n", TRY_DROP_ENTRY, "", 1, "", NULL},
  {"\xEF\xBB\xBF  a: 1\n", TRY_ADD_ENTRY, "", 0, "k", "\xEF\xBB\xBF  a: 1\n  k: k\n"},
  {"\xEF\xBB\xBF"
   "a: 1\nb: 2\n",
   TRY_DROP_ENTRY, "", 0, "",
   "\xEF\xBB\xBF"
   "b: 2\n"},
  {"a: |\n  x", TRY_ADD_ENTRY, "", 0, "k", NULL},
  {"s:\n    - a: 1\n", TRY_ADD_ENTRY, "s/0", 0, "k", "s:\n    - a: 1\n      k: k\n"},
  {"s: {a: 1}\n", TRY_ADD_ENTRY, "s", 0, "k", "s: {a: 1, k: k}\n"},
  {"s: {}\n", TRY_ADD_ENTRY, "s", 0, "k", "s: {k: k}\n"},
  {"s: [a: 1]\n", TRY_ADD_ENTRY, "s/0", 0, "k", NULL},
  {"s: [\n  a: 1\n]\n", TRY_ADD_ENTRY, "s/0", 0, "k", NULL},
  {"a: 1\n---\nb: 2\n", TRY_ADD_ENTRY, "", 0, "k", "a: 1\nk: k\n---\nb: 2\n"},
  {"a:\n  - 1 # c\nb: 2\n", TRY_ADD_ITEM, "a", 0, "k", "a:\n  - 1 # c\n  - k\nb: 2\n"},
  {"a:\n- 1", TRY_ADD_ITEM, "a", 0, "x: y", "a:\n- 1\n- 'x: y'"},
  {"a: [x, y] # c\n", TRY_ADD_ITEM, "a", 0, "k", "a: [x, y, k] # c\n"},
  {"a: []\n", TRY_ADD_ITEM, "a", 0, "k", "a: [k]\n"},
  {"a: [\n  x, # one\n  y # two\n]\n", TRY_ADD_ITEM, "a", 0, "k", "a: [\n  x, # one\n  y, k # two\n]\n"},
  {"a: 1\nb:\n  - x\n", TRY_ADD_LIST, "", 0, "k", "a: 1\nk:\n  - k\nb:\n  - x\n"},
  {"a: 1\r\n", TRY_ADD_LIST, "", 0, "k", "a: 1\r\nk:\r\n    - k\r\n"},
  {"s: {a: 1}\n", TRY_ADD_LIST, "s", 0, "k", "s: {a: 1, k: [k]}\n"},
  {"a: # c\nb: ~ # d\nc: 1\n", TRY_FILL, "", 0, "k", "a: k # c\nb: ~ # d\nc: 1\n"},
  {"a: # c\nb: ~ # d\nc: 1\n", TRY_FILL, "", 1, "k", "a: # c\nb: k # d\nc: 1\n"},
  {"a: # c\nb: ~ # d\nc: 1\n", TRY_FILL, "", 2, "k", NULL},
  {"s: {a, b: 1}\n", TRY_FILL, "s", 0, "k", NULL},
  {"a:\n    - x\n    - y\nb: 1\n", TRY_JOIN, "a", 0, "x or y", "a: x or y\nb: 1\n"},
  {"a: [x, y] # c\n", TRY_JOIN, "a", 0, "x or y", "a: x or y # c\n"},
  {"a:\n    - x # c\n    - y\n", TRY_JOIN, "a", 0, "x or y", NULL},
  /* lists of one */
  {"a:\n    - x # c\nb: 2\n", TRY_UNLIST, "a", 0, "", "a: x # c\nb: 2\n"},
  {"a:\r\n    - x\r\n", TRY_UNLIST, "a", 0, "", "a: x\r\n"},
  {"a:\n- 'x'", TRY_UNLIST, "a", 0, "", "a: 'x'"},
  {"a: # see:\n    - x\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a:\n    # c\n    - x\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a:\n    - |\n      x\n      y\n", TRY_UNLIST, "a", 0, "", "a: |\n      x\n      y\n"},
  {"a:\n    - |1\n      x\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a: ['x']\n", TRY_UNLIST, "a", 0, "", "a: 'x'\n"},
  {"a: [ x ] # c\n", TRY_UNLIST, "a", 0, "", "a: x # c\n"},
  {"a: [{b: 1}]\n", TRY_UNLIST, "a", 0, "", "a: {b: 1}\n"},
  {"a: [b: 1]\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a: [x, y]\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a:\n    - b: 1 # c\n      c:\n        - x\n      # in\n\n      d: 2\n# below\ne: 3\n", TRY_UNLIST, "a", 0, "",
   "a:\n    b: 1 # c\n    c:\n      - x\n    # in\n\n    d: 2\n# below\ne: 3\n"},
  {"a:\n    - b: |\n        x\n       \n\n", TRY_UNLIST, "a", 0, "", "a:\n    b: |\n      x\n     \n\n"},
  {"a:\n  - |\n # x\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a:\n  - b: |\n     x\n   # c\n    c: 2\n", TRY_UNLIST, "a", 0, "", NULL},
  {"a:\n- b: 1\n  c: 2\n", TRY_UNLIST, "a", 0, "", "a:\n  b: 1\n  c: 2\n"},
  {"a:\n    - b: |\n        x\n          y\n      c: 2\n", TRY_UNLIST, "a", 0, "", "a:\n    b: |\n      x\n        y\n    c: 2\n"},
  {"l:\n- a:\n  - b: 1\n", TRY_UNLIST, "l/0/a", 0, "", "l:\n- a:\n    b: 1\n"},
  {"- - x\n", TRY_UNLIST, "0", 0, "", NULL},
  {"a: x # c\n", TRY_LISTED, "", 0, "", "a:\n    - x # c\n"},
  {"a: 'x'\nb:\n- 1\n", TRY_LISTED, "", 0, "", "a:\n- 'x'\nb:\n- 1\n"},
  {"a: x\r\nb: {c: y}\r\n", TRY_LISTED, "", 0, "", "a:\r\n    - x\r\nb: {c: y}\r\n"},
  {"b: {c: y, d: z}\n", TRY_LISTED, "b", 0, "", "b: {c: [y], d: z}\n"},
  {"a: |\n  x\n", TRY_LISTED, "", 0, "", NULL},
  {"a: [x]\n", TRY_LISTED, "", 0, "", NULL},
  /* never where nodes are shared, or of another type than their text */
  {"a: &x old\nb: 1\n", TRY_SCALAR, "b", 0, "new", NULL},
  {"a: !!str 1\nb: 1\n", TRY_SCALAR, "b", 0, "new", NULL},
  {"action: global\na: 1\n---\nb: 2\n", TRY_DROP_ENTRY, "", 0, "", NULL},
  {"a: 1\rb: 2\r", TRY_DROP_ENTRY, "", 0, "", NULL},
};

Test(edit, texts) {
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Tried t;
    Str out, fault;
    try_read(&t, &a, str_of(cases[i].text));
    const YamlDocs *docs = &t.lint.files.p[0].docs;
    const YamlNode *n = docs->docs.n ? node_at(docs->docs.p[0], str_of(cases[i].path)) : NULL;
    if (!cases[i].want && !n) {
      arena_free(&a);
      continue;
    }
    cr_expect(n != NULL, "%s: no node %s", cases[i].text, cases[i].path);
    bool done = n && try_edit(&t, &(Try){cases[i].op, n, cases[i].i, str_of(cases[i].new)}, &out, &fault);
    cr_expect_eq(done, cases[i].want != NULL, "%s: done %d", cases[i].text, (int)done);
    if (n) cr_expect(!fault.n, "%s: " STR_FMT, cases[i].text, STR_ARG(fault));
    if (n && done && cases[i].want) cr_expect(str_is(out, cases[i].want), "%s became\n" STR_FMT, cases[i].text, STR_ARG(out));
    arena_free(&a);
  }
}

/* Every edit of every node of these does what it should, or nothing. */
Test(edit, all_of_each_text) {
  unsigned done = 0;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Buf fault = {0};
    done += try_all(str_of(cases[i].text), &fault);
    cr_expect(!fault.n, STR_FMT, STR_ARG(buf_view(&fault)));
    buf_free(&fault);
  }
  cr_expect_gt(done, 500u);
}

Test(edit, taken_back) {
  Arena a = {0};
  Tried t;
  try_read(&t, &a, STR("a: x\n"));
  Lint *l = &t.lint;
  const YamlNode *n = yaml_get(l->files.p[0].docs.docs.p[0], "a");
  cr_expect(!edit_scalar(l, &l->files.p[0], n, STR("y")), "there is no report");
  lint_report(l, CHECK_missing_title, n->at, "x");
  cr_expect(edit_scalar(l, &l->files.p[0], n, STR("y")));
  cr_expect_eq(vec_last(&l->findings).edits.n, 1u);
  cr_expect(!edit_none(l));
  cr_expect_eq(vec_last(&l->findings).edits.n, 0u);
  arena_free(&a);
}
