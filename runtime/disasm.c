/* SPDX-License-Identifier: MIT */
#include "runtime/disasm.h"

static void print_pattern(Buf *out, const Program *p, const TestRec *t) {
  for (uint32_t i = 0; i < t->b; i++) {
    const PartRec *part = &p->PARTS[t->a + i];
    if (i) buf_char(out, ' ');
    switch ((PartKind)part->kind) {
    case PART_LITERAL: buf_quoted(out, program_str(p, part->text)); break;
    case PART_ANY: buf_char(out, '*'); break;
    case PART_ONE: buf_char(out, '?'); break;
    case PART_DASH: buf_str(out, STR("<dash>")); break;
    case PART_COUNT: break;
    }
  }
  if (!t->b) buf_quoted(out, STR(""));
}

static void print_regex(Buf *out, const Program *p, const TestRec *t) {
  buf_quoted(out, program_str(p, t->text));
  static const char letters[] = "ims";
  for (int i = 0; i < 3; i++)
    if (t->a & 1u << i) buf_printf(out, "%s%c", t->a & ((1u << i) - 1) ? "" : " flags ", letters[i]);
}

static Str field_name(const Program *p, uint32_t field) {
  return field == FIELD_ANY ? STR("<any value>") : program_str(p, p->FIELDS[field]);
}

static void print_ref(Buf *out, const Program *p, const TestRec *t) {
  static const char *const modes[] = {"equal to", "ending with", "starting with", "containing"};
  buf_printf(out, "%s ", modes[t->b]);
  buf_safe(out, field_name(p, t->a));
}

static void print_operand(Buf *out, const Program *p, const TestRec *t) {
  char net[64];
  switch (pred_info[t->kind].operand) {
  case OPERAND_NONE: return;
  case OPERAND_TEXT: buf_quoted(out, program_str(p, t->text)); break;
  case OPERAND_PATTERN: print_pattern(out, p, t); break;
  case OPERAND_REGEX: print_regex(out, p, t); break;
  case OPERAND_NET: buf_str(out, net_print(&p->nets[t->a], net)); break;
  case OPERAND_NUMBER: buf_str(out, program_str(p, t->text)); break;
  case OPERAND_BOOL: buf_str(out, t->a ? STR("true") : STR("false")); break;
  case OPERAND_FIELD: print_ref(out, p, t); break;
  case OPERAND_TIME:
    buf_printf(out, "%s %s ", time_part_name[t->a], compare_sign[t->b]);
    buf_str(out, program_str(p, t->text));
    break;
  }
  if (t->cased) buf_str(out, STR(" cased"));
}

void disasm_test(Buf *out, const Program *p, uint32_t field, uint32_t test) {
  const TestRec *t = &p->TESTS[test];
  buf_safe(out, field_name(p, field));
  buf_printf(out, " %s", pred_info[t->kind].word);
  if (pred_info[t->kind].operand != OPERAND_NONE) buf_char(out, ' ');
  print_operand(out, p, t);
}

/* Comment of an instruction: what its operand stands for. */
static void print_meaning(Buf *out, const Program *p, const uint32_t *code, uint32_t pc) {
  uint32_t arg = insn_arg(code[pc]);
  switch (op_info[insn_op(code[pc])].arg) {
  case ARG_NONE: return;
  case ARG_FIELD:
    buf_str(out, STR("; "));
    buf_safe(out, field_name(p, arg));
    break;
  case ARG_TEST:
    buf_str(out, STR("; "));
    disasm_test(out, p, insn_arg(code[pc - 1]), arg);
    break;
  case ARG_PRED:
    buf_str(out, STR("; "));
    disasm_test(out, p, p->PREDS[arg].field, p->PREDS[arg].test);
    break;
  case ARG_FORWARD: buf_printf(out, "; to %u", pc + 1 + arg); break;
  }
}

static void print_place(Buf *out, const Program *p, const PlaceRec *place) {
  if (!place->line) return;
  buf_printf(out, "  [");
  if (place->selection.len) {
    buf_safe(out, program_str(p, place->selection));
    buf_char(out, ' ');
  }
  buf_printf(out, "%u:%u]", place->line, place->col);
}

static void print_code(Buf *out, const Program *p, const uint32_t *code, uint32_t n, const PlaceRec *places) {
  for (uint32_t pc = 0; pc < n; pc++) {
    const OpInfo *o = &op_info[insn_op(code[pc])];
    if (o->arg == ARG_NONE) buf_printf(out, "  %4u  %s", pc, o->name);
    else buf_printf(out, "  %4u  %-8s  %-5u ", pc, o->name, insn_arg(code[pc]));
    print_meaning(out, p, code, pc);
    if (places && insn_op(code[pc]) == OP_TEST) print_place(out, p, &places[pc]);
    buf_char(out, '\n');
  }
}

void disasm_head(Buf *out, const Program *p, const char *kind, uint32_t number, const MetaRec *meta) {
  buf_printf(out, "%s %u ", kind, number);
  buf_quoted(out, program_str(p, meta->title));
  if (meta->id.len) {
    buf_char(out, ' ');
    buf_safe(out, program_str(p, meta->id));
  }
  buf_char(out, ' ');
  buf_safe(out, program_str(p, meta->path));
  buf_printf(out, ":%u\n", meta->line);
}

void disasm_rule(Buf *out, const Program *p, uint32_t rule, CodeForm form) {
  const RuleRec *r = &p->RULES[rule];
  disasm_head(out, p, "rule", rule, &r->meta);
  disasm_correlated(out, p, r);
  if (form == CODE_FUSED) print_code(out, p, p->CODE + r->code, r->n_code, NULL);
  else print_code(out, p, p->PLAIN + r->plain, r->n_plain, p->PLACES + r->plain);
}

void disasm_summary(Buf *out, const Program *p) {
  for (uint32_t i = 0; i < p->n_VERSIONS; i++) {
    buf_safe(out, program_str(p, p->VERSIONS[i].name));
    buf_char(out, ' ');
    buf_safe(out, program_str(p, p->VERSIONS[i].value));
    buf_char(out, '\n');
  }
  for (uint32_t i = 0; i < p->n_VARS; i++) {
    buf_str(out, STR("variable "));
    buf_safe(out, program_str(p, p->VARS[i].name));
    for (uint32_t k = 0; k < p->VARS[i].values.n; k++) {
      buf_str(out, k ? STR(", ") : STR(" = "));
      buf_quoted(out, program_list(p, p->VARS[i].values, k));
    }
    buf_char(out, '\n');
  }
  buf_printf(out, "rules %u, fields %u, tests %u, predicates %u, instructions %u (plain %u)\n", p->n_RULES, p->n_FIELDS - 1,
             p->n_TESTS, p->n_PREDS, p->n_CODE, p->n_PLAIN);
  if (p->n_CORRELATIONS) buf_printf(out, "correlations %u, references %u\n", p->n_CORRELATIONS, p->n_CORRREFS);
}
