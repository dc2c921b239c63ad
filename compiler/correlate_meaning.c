/* SPDX-License-Identifier: MIT
 * State of a correlation is of use as long as all that it rests on means the same. Of a rule that is its code, as it is in
 * the image: filters, pipelines and values of placeholders are in it, and so are changes of the compiler; beside what the document
 * says. All is hashed by what it says: numbers in the image change with other rules. */
#include "compiler/correlate_internal.h"
#include "runtime/event.h"

static uint64_t hash_number(uint64_t h, uint64_t n) { return hash_bytes(h, &n, sizeof n); }

static uint64_t hash_str(const ImageBuilder *b, uint64_t h, StrRef r) {
  return hash_bytes(hash_number(h, r.len), b->STRINGS.p + r.off, r.len);
}

static uint64_t hash_field(const ImageBuilder *b, uint64_t h, uint32_t field) {
  return field == FIELD_ANY ? hash_number(h, UINT64_MAX) : hash_str(b, h, b->FIELDS.p[field]);
}

static uint64_t hash_test(const ImageBuilder *b, uint64_t h, const TestRec *t) {
  h = hash_str(b, hash_number(hash_number(h, t->kind), t->cased), t->text);
  OperandKind operand = pred_info[t->kind].operand;
  if (operand == OPERAND_NET) return hash_bytes(h, &b->NETS.p[t->a], sizeof(NetRec));
  if (operand == OPERAND_FIELD) return hash_number(hash_field(b, h, t->a), t->b);
  if (operand != OPERAND_PATTERN) return hash_number(hash_number(h, t->a), t->b);
  for (uint32_t i = 0; i < t->b; i++) h = hash_str(b, hash_number(h, b->PARTS.p[t->a + i].kind), b->PARTS.p[t->a + i].text);
  return hash_number(h, t->b);
}

static uint64_t hash_meta(const ImageBuilder *b, uint64_t h, const MetaRec *m) {
  const StrRef texts[] = {m->id, m->category, m->product, m->service};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) h = hash_str(b, h, texts[i]);
  return hash_number(h, (uint64_t)m->hash_high << 32 | m->hash_low);
}

uint64_t correlate_rule_meaning(const Correlating *c, uint32_t number) {
  const ImageBuilder *b = linker_image(c->linker);
  const RuleRec *r = &b->RULES.p[number];
  uint64_t h = hash_meta(b, HASH_SEED, &r->meta);
  for (uint32_t i = 0; i < r->n_plain; i++) {
    uint32_t word = b->PLAIN.p[r->plain + i], arg = insn_arg(word);
    h = hash_number(h, insn_op(word));
    if (op_info[insn_op(word)].arg == ARG_FIELD) h = hash_field(b, h, arg);
    else if (op_info[insn_op(word)].arg == ARG_TEST) h = hash_test(b, h, &b->TESTS.p[arg]);
    else h = hash_number(h, arg);
  }
  return h;
}

/* Its refs are in the image. */
uint64_t correlate_meaning(const Correlating *c, const Corr *corr, const CorrRec *rec) {
  const ImageBuilder *b = linker_image(c->linker);
  uint64_t h = hash_meta(b, HASH_SEED, &rec->meta);
  for (uint32_t i = 0; i < corr->n_refs; i++) {
    const CorrRefRec *ref = &b->CORRREFS.p[rec->refs.first + i];
    h = hash_number(h, c->nodes[corr->refs[i].document].meaning);
    for (uint32_t k = 0; k < ref->fields.n; k++) h = hash_field(b, h, b->FIELDIDS.p[ref->fields.first + k]);
  }
  return h;
}
