/* SPDX-License-Identifier: MIT */
#include "runtime/tree.h"

#include "base/limits.h"

/* A jump whose end has not come yet: the operand to its left, which decides at `target` or joins what stands there. */
typedef struct {
  TreeNode *left;
  Op op;
  uint32_t target;
  uint32_t base; /* height of the stack below the operand */
  PlaceRec place;
} Open;

typedef struct {
  const Program *p;
  const uint32_t *code;
  const PlaceRec *places;
  uint32_t n;
  Arena *arena;
  VEC(TreeNode *) stack; /* as the VM's, with trees for verdicts */
  VEC(Open) open;        /* innermost last */
} Builder;

static TreeNode *node_at(Builder *b, TreeKind kind, PlaceRec place) {
  TreeNode *n = arena_new(b->arena, TreeNode);
  *n = (TreeNode){.kind = kind, .line = place.line, .col = place.col, .selection = program_str(b->p, place.selection), .depth = 1};
  return n;
}

static TreeNode *test_at(Builder *b, uint32_t pc, uint32_t field, uint32_t test) {
  TreeNode *n = node_at(b, TREE_TEST, b->places[pc]);
  n->field = field;
  n->test = test;
  return n;
}

static void add_kid(TreeNode *n, TreeNode *kid) {
  if (n->last_kid) n->last_kid->next = kid;
  else n->kids = kid;
  n->last_kid = kid;
  n->n_kids++;
  if (kid->depth >= n->depth) n->depth = kid->depth + 1;
}

static void push(Builder *b, TreeNode *n) { *vec_add(b->arena, &b->stack) = n; }

/* What an operand of an open chain computes must not reach below it. */
static bool may_pop(const Builder *b) {
  uint32_t base = b->open.n ? vec_last(&b->open).base : 0;
  return b->stack.n > base;
}

static bool same_chain(const Open *x, const Open *y) {
  return x->op == y->op && x->target == y->target && x->base == y->base && x->place.line == y->place.line &&
         x->place.col == y->place.col && x->place.selection.off == y->place.selection.off &&
         x->place.selection.len == y->place.selection.len;
}

/* The innermost chain ends here: its operands so far and the top become one node. */
static void close_chain(Builder *b) {
  uint32_t to = b->open.n, from = to - 1;
  while (from > 0 && same_chain(&b->open.p[from - 1], &b->open.p[to - 1])) from--;
  TreeNode *n = node_at(b, b->open.p[from].op == OP_AND_JUMP ? TREE_AND : TREE_OR, b->open.p[from].place);
  for (uint32_t i = from; i < to; i++) add_kid(n, b->open.p[i].left);
  add_kid(n, vec_last(&b->stack));
  vec_last(&b->stack) = n;
  b->open.n = from;
}

/* All chains that end at pc, from the inside out. Those that end there but are not innermost show later. */
static bool close_chains(Builder *b, uint32_t pc) {
  while (b->open.n && vec_last(&b->open).target == pc) {
    if (b->stack.n != vec_last(&b->open).base + 1) return false;
    close_chain(b);
    if (vec_last(&b->stack)->depth > LIMIT_TREE_DEPTH) return false;
  }
  return !b->open.n || vec_last(&b->open).target > pc;
}

static bool open_chain(Builder *b, Op op, uint32_t pc) {
  if (!may_pop(b)) return false;
  TreeNode *left = vec_last(&b->stack);
  uint32_t target = pc + 1 + insn_arg(b->code[pc]);
  b->stack.n--;
  /* One inside of another ends with it or before it. */
  if (b->open.n && vec_last(&b->open).target < target) return false;
  *vec_add(b->arena, &b->open) = (Open){left, op, target, b->stack.n, b->places[pc]};
  return true;
}

static bool negate(Builder *b, uint32_t pc) {
  if (!may_pop(b)) return false;
  TreeNode *n = node_at(b, TREE_NOT, b->places[pc]);
  add_kid(n, vec_last(&b->stack));
  vec_last(&b->stack) = n;
  return n->depth <= LIMIT_TREE_DEPTH;
}

static bool step(Builder *b, uint32_t pc) {
  Op op = (Op)insn_op(b->code[pc]);
  uint32_t arg = insn_arg(b->code[pc]);
  switch (op) {
  case OP_FIELD: return true; /* TEST follows and looks back */
  case OP_TEST: push(b, test_at(b, pc, insn_arg(b->code[pc - 1]), arg)); return true;
  case OP_PRED: push(b, test_at(b, pc, b->p->PREDS[arg].field, b->p->PREDS[arg].test)); return true;
  case OP_TRUE:
  case OP_FALSE:
    push(b, node_at(b, TREE_CONST, b->places[pc]));
    vec_last(&b->stack)->truth = op == OP_TRUE;
    return true;
  case OP_NOT: return negate(b, pc);
  case OP_AND_JUMP:
  case OP_OR_JUMP: return open_chain(b, op, pc);
  case OP_RET: return pc + 1 == b->n && !b->open.n && b->stack.n == 1;
  case OP_COUNT: break;
  }
  return false;
}

static TreeNode *flat(Builder *b) {
  TreeNode *root = node_at(b, TREE_FLAT, (PlaceRec){0});
  for (uint32_t pc = 0; pc < b->n; pc++) {
    uint32_t op = insn_op(b->code[pc]), arg = insn_arg(b->code[pc]);
    if (op == OP_TEST) add_kid(root, test_at(b, pc, insn_arg(b->code[pc - 1]), arg));
    if (op == OP_PRED) add_kid(root, test_at(b, pc, b->p->PREDS[arg].field, b->p->PREDS[arg].test));
  }
  return root;
}

TreeNode *tree_of_rule(const Program *p, uint32_t rule, Arena *a) {
  const RuleRec *r = &p->RULES[rule];
  Builder b = {.p = p, .code = p->PLAIN + r->plain, .places = p->PLACES + r->plain, .n = r->n_plain, .arena = a};
  for (uint32_t pc = 0; pc < b.n; pc++)
    if (!close_chains(&b, pc) || !step(&b, pc)) return flat(&b);
  return b.stack.p[0];
}

static bool eval(TreeNode *n, Vm *vm) {
  bool all = true, any = false;
  for (TreeNode *kid = n->kids; kid; kid = kid->next) {
    bool held = eval(kid, vm);
    all = all && held;
    any = any || held;
  }
  switch (n->kind) {
  case TREE_CONST: n->held = n->truth; break;
  case TREE_TEST: n->held = pred_holds(vm, n->field, n->test); break;
  case TREE_NOT: n->held = !any; break;
  case TREE_AND: n->held = all; break;
  case TREE_OR: n->held = any; break;
  case TREE_FLAT: break;
  }
  return n->held;
}

bool tree_eval(TreeNode *root, Vm *vm, uint32_t rule) {
  eval(root, vm);
  if (root->kind == TREE_FLAT) root->held = vm_run(vm, rule, CODE_PLAIN);
  return root->held;
}

static void mark(TreeNode *n, bool decides) {
  n->decides = decides;
  for (TreeNode *kid = n->kids; kid; kid = kid->next) {
    bool some = (n->kind == TREE_AND && !n->held) || (n->kind == TREE_OR && n->held);
    mark(kid, decides && (!some || kid->held == n->held));
  }
}

void tree_mark(TreeNode *root) { mark(root, true); }
