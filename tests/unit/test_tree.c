/* SPDX-License-Identifier: MIT
 * Plain code as a tree: of rules, and of code that no compiler wrote. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "compiler/compile.h"
#include "runtime/event_json.h"
#include "runtime/tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Such as `and(a:test, or(b:test, b:test))`; a selection only where it is not that of the parent. */
static void print(Buf *out, const TreeNode *n, Str outer) {
  static const char *const words[] = {"const", "test", "not", "and", "or", "flat"};
  if (!str_eq(n->selection, outer)) {
    buf_str(out, n->selection);
    buf_char(out, ':');
  }
  buf_str(out, n->kind == TREE_CONST ? n->truth ? STR("true") : STR("false") : str_of(words[n->kind]));
  if (!n->kids) return;
  buf_char(out, '(');
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) {
    if (kid != n->kids) buf_char(out, ' ');
    print(out, kid, n->selection);
  }
  buf_char(out, ')');
}

static void expect_tree(const char *name, const TreeNode *tree, const char *want) {
  Buf out = {0};
  print(&out, tree, STR(""));
  cr_expect(str_is(buf_view(&out), want), "%s: " STR_FMT, name, STR_ARG(buf_view(&out)));
  buf_free(&out);
}

Test(tree, rules) {
  static const struct {
    const char *detection, *want;
  } cases[] = {
    {"{a: {A: 1}, condition: a}", "a:test"},
    {"{a: {A: 1, B: 2}, condition: a}", "a:and(test test)"},
    {"{a: {A: [1, 2]}, condition: not a}", "not(a:or(test test))"},
    {"{a: {A: 1, B: [1, 2]}, b: {C: 1, D: 2}, condition: a and b}", "and(a:and(test or(test test)) b:and(test test))"},
    {"{a: {A: 1, 'B|contains|all': [x, y]}, condition: a}", "a:and(test and(test test))"},
    {"{a: [{A: 1}, {B: 2}], b: {C: [1, 2]}, condition: a or b}", "or(a:or(test test) b:or(test test))"},
    {"{a: {A|neq: 1}, condition: not a}", "not(a:not(test))"},
    {"{a: {A: 1}, b: {B: 1}, condition: not not a and not (a or not b)}", "and(a:test not(or(a:test not(b:test))))"},
    {"{a: {A: 1, B: 2}, condition: a and a}", "and(a:and(test test) a:and(test test))"},
    {"{a: {'A|expand': '%none%'}, b: {B: 1}, condition: a or b}", "b:test"},
    {"{a: {'A|expand': '%none%'}, condition: a}", "a:false"},
    {"{a: {'A|expand': '%none%'}, b: {B: 1}, condition: b and not (b and not a)}", "and(b:test not(b:test))"},
    {"{a: [x, y], b: {A: 1}, c: {A: 2}, condition: [a, b and c]}", "or(a:or(test test) and(b:test c:test))"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Compiler c;
    ImageError error;
    compiler_init(&c, &a);
    vars_assign(&c.vars, STR("none"), &a);
    compiler_add(&c, STR("r.yml"), arena_printf(&a, "title: t\nlogsource: {category: c}\ndetection: %s\n", cases[i].detection));
    const Program *p = program_open(compiler_finish(&c), &a, &error);
    cr_assert(p && p->n_RULES == 1, "%s", cases[i].detection);
    expect_tree(cases[i].detection, tree_of_rule(p, 0, &a), cases[i].want);
    arena_free(&a);
  }
}

/* --- code by hand ------------------------------------------------------------------------------------------- */

static const Program *program_of(const uint32_t *code, uint32_t n, Arena *a) {
  ImageBuilder b = {.arena = a};
  ImageError error;
  vec_add(a, &b.FIELDS);
  for (uint32_t i = 0; i < n; i++) {
    *vec_add(a, &b.CODE) = code[i];
    *vec_add(a, &b.PLAIN) = code[i];
    vec_add(a, &b.PLACES);
  }
  *vec_add(a, &b.RULES) = (RuleRec){.n_code = n, .n_plain = n};
  const Program *p = program_open(image_build(&b, a), a, &error);
  cr_assert(p, "%s", error.message);
  return p;
}

static bool verdict(const Program *p, TreeNode *tree, Arena *a) {
  Vm vm;
  JsonError error;
  vm_init(&vm, p, a, a);
  vm_event(&vm, event_json_read(STR("{}"), a, &error));
  bool plain = vm_run(&vm, 0, CODE_PLAIN);
  cr_expect_eq(tree_eval(tree, &vm, 0), plain);
  return plain;
}

#define T     (uint32_t) OP_TRUE
#define F     (uint32_t) OP_FALSE
#define N     (uint32_t) OP_NOT
#define R     (uint32_t) OP_RET
#define AJ(k) ((uint32_t)OP_AND_JUMP | (k) << 8)
#define OJ(k) ((uint32_t)OP_OR_JUMP | (k) << 8)

Test(tree, code_by_hand) {
  static const struct {
    const char *name, *want;
    uint32_t n, code[12];
    bool verdict;
  } cases[] = {
    {"an or inside of an and, at its end", "and(true or(false true))", 6, {T, AJ(3), F, OJ(1), T, R}, true},
    {"the other way round", "or(false and(true false))", 6, {F, OJ(3), T, AJ(1), F, R}, false},
    {"one chain, as nothing tells it from two", "and(true true false)", 6, {T, AJ(3), T, AJ(1), F, R}, false},
    {"a jump over a jump of the same kind", "and(and(true true) false)", 6, {T, AJ(1), T, AJ(1), F, R}, false},
    {"not of a chain", "not(and(true false))", 5, {T, AJ(1), F, N, R}, true},
    {"out of a chain and behind the next one", "flat", 8, {T, AJ(3), F, OJ(3), T, AJ(1), T, R}, true},
    {"two returns", "flat", 5, {F, AJ(2), T, R, R}, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    const Program *p = program_of(cases[i].code, cases[i].n, &a);
    TreeNode *tree = tree_of_rule(p, 0, &a);
    expect_tree(cases[i].name, tree, cases[i].want);
    cr_expect_eq(verdict(p, tree, &a), cases[i].verdict, "%s", cases[i].name);
    arena_free(&a);
  }
}

/* TRUE and so many NOTs. */
static void nots(uint32_t n, TreeKind want) {
  Arena a = {0};
  uint32_t *code = arena_array(&a, uint32_t, n + 2);
  code[0] = T;
  for (uint32_t i = 1; i <= n; i++) code[i] = N;
  code[n + 1] = R;
  const Program *p = program_of(code, n + 2, &a);
  TreeNode *tree = tree_of_rule(p, 0, &a);
  cr_expect_eq(tree->kind, want, "%u", n);
  cr_expect_eq(verdict(p, tree, &a), n % 2 == 0);
  arena_free(&a);
}

/* and, or, and, or ..., each inside of the one before, all with one end. */
static void nested(uint32_t n, TreeKind want) {
  Arena a = {0};
  uint32_t *code = arena_array(&a, uint32_t, 2 * n + 2);
  for (uint32_t i = 0; i < n; i++) {
    code[2 * i] = i % 2 ? F : T;
    code[2 * i + 1] = insn(i % 2 ? OP_OR_JUMP : OP_AND_JUMP, 2 * (n - i) - 1);
  }
  code[2 * n] = T;
  code[2 * n + 1] = R;
  const Program *p = program_of(code, 2 * n + 2, &a);
  TreeNode *tree = tree_of_rule(p, 0, &a);
  cr_expect_eq(tree->kind, want, "%u", n);
  cr_expect(verdict(p, tree, &a));
  arena_free(&a);
}

Test(tree, depth_is_limited) {
  nots(LIMIT_TREE_DEPTH - 1, TREE_NOT);
  nots(LIMIT_TREE_DEPTH, TREE_FLAT);
  nots(1000000, TREE_FLAT);
  nested(LIMIT_TREE_DEPTH - 1, TREE_AND);
  nested(LIMIT_TREE_DEPTH, TREE_FLAT);
  nested(1000000, TREE_FLAT);
}
