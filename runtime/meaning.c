/* SPDX-License-Identifier: MIT
 * What a rule means, as sentences, and its tree. */
#include "runtime/disasm.h"
#include "runtime/explain_internal.h"

/* What a sentence at the end should remind of. */
typedef struct {
  bool folded, cased, regex, negated;
} Reminders;

static void indent(Buf *out, unsigned depth) {
  while (depth-- > 0) buf_str(out, STR("  "));
}

static void remind(const Explain *e, const TreeNode *n, Reminders *r) {
  if (n->kind == TREE_NOT) r->negated = true;
  if (n->kind == TREE_TEST) {
    const TestRec *t = &e->p->TESTS[n->test];
    OperandKind k = pred_info[t->kind].operand;
    if (k == OPERAND_TEXT || k == OPERAND_PATTERN) *(t->cased ? &r->cased : &r->folded) = true;
    if (k == OPERAND_REGEX) r->regex = true;
  }
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) remind(e, kid, r);
}

static void put_line_of(Explain *e, const TreeNode *n) {
  if (n->line) buf_printf(e->out, " (line %u)", n->line);
}

static void put_sentence(Explain *e, const TreeNode *n, unsigned depth, bool inside);

static void put_kids(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) put_sentence(e, kid, depth, inside);
}

static void put_group(Explain *e, const TreeNode *n, unsigned depth) {
  words_meaning(e->out, e->p, n->kids->field, n->kids->test);
  buf_str(e->out, n->kind == TREE_AND ? STR(" each of these") : STR(" one of these"));
  put_line_of(e, n);
  buf_str(e->out, STR(":\n"));
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) {
    indent(e->out, depth + 1);
    buf_str(e->out, STR("- "));
    words_operand(e->out, e->p, kid->test);
    buf_char(e->out, '\n');
  }
}

static void put_what(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  static const char *const words[] = {[TREE_NOT] = "this does not hold",
                                      [TREE_AND] = "all of these hold",
                                      [TREE_OR] = "one of these holds",
                                      [TREE_FLAT] = "the code, which is not made of and, or, not, comes to true with these"};
  if (n->kind == TREE_CONST) {
    buf_str(e->out, n->truth ? STR("always\n") : STR("never: no value is left to compare with\n"));
  } else if (n->kind == TREE_TEST) {
    words_meaning(e->out, e->p, n->field, n->test);
    if (pred_info[e->p->TESTS[n->test].kind].operand != OPERAND_NONE) buf_char(e->out, ' ');
    words_operand(e->out, e->p, n->test);
    put_line_of(e, n);
    buf_char(e->out, '\n');
  } else if (explain_is_group(e->p, n)) {
    put_group(e, n, depth);
  } else {
    buf_printf(e->out, "%s:\n", words[n->kind]);
    put_kids(e, n, depth + 1, inside || n->selection.n);
  }
}

static void put_sentence(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  indent(e->out, depth);
  buf_str(e->out, STR("- "));
  if (explain_is_selection(n, inside)) {
    buf_char(e->out, '`');
    buf_safe(e->out, n->selection);
    buf_str(e->out, STR("`: "));
  }
  put_what(e, n, depth, inside);
}

static void put_tree(Explain *e, const TreeNode *n, unsigned depth, bool inside) {
  static const char *const words[] = {[TREE_NOT] = "not", [TREE_AND] = "and", [TREE_OR] = "or", [TREE_FLAT] = "list"};
  indent(e->out, depth);
  if (n->kind == TREE_CONST) buf_str(e->out, n->truth ? STR("true") : STR("false"));
  else if (n->kind == TREE_TEST) disasm_test(e->out, e->p, n->field, n->test);
  else buf_str(e->out, str_of(words[n->kind]));
  if (n->line) {
    buf_str(e->out, STR("  ["));
    if (explain_is_selection(n, inside)) {
      buf_safe(e->out, n->selection);
      buf_char(e->out, ' ');
    }
    buf_printf(e->out, "%u:%u]", n->line, n->col);
  }
  buf_char(e->out, '\n');
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) put_tree(e, kid, depth + 1, inside || n->selection.n);
}

static void put_reminders(Explain *e) {
  Reminders r = {0};
  remind(e, e->tree, &r);
  buf_str(e->out, STR("\nOf a field with several values one is enough.\n"));
  if (r.folded)
    buf_str(e->out, r.cased || r.regex ? STR("Letter case does not count, but for `cased` and regular expressions.\n")
                                       : STR("Letter case does not count.\n"));
  if (r.negated) buf_str(e->out, STR("A field that the event lacks satisfies no test, so what is denied of it holds.\n"));
}

void explain_meaning(Explain *e) {
  buf_str(e->out, STR("\nmatches an event when\n"));
  put_sentence(e, e->tree, 1, false);
  put_reminders(e);
  buf_str(e->out, STR("\ntree\n"));
  put_tree(e, e->tree, 1, false);
}
