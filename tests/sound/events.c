/* SPDX-License-Identifier: MIT
 * Events near the borders of a rule: what its tests ask for, each by itself, two in one text, spoilt by little, in another letter case,
 * in lists, as null, or not there. */
#include <stdio.h>
#include <stdlib.h>

#include "lint/facts.h"
#include "runtime/net.h"
#include "tests/sound/sound.h"

static SoundField *field_of(SoundEvents *e, Str name) {
  for (uint32_t i = 0; i < e->fields.n; i++)
    if (str_eq(e->fields.p[i].name, name)) return &e->fields.p[i];
  SoundField *f = vec_add(e->arena, &e->fields);
  f->name = name;
  return f;
}

static Str name_of(const IrItem *item) { return item->any_field ? STR("Message") : item->field; }

static void add_tests(void *ctx, IrNode *n) {
  SoundEvents *e = ctx;
  if (n->kind != IR_ITEM) return;
  for (uint32_t i = 0; i < n->item->n_values; i++) {
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) {
      const IrTest *t = &n->item->values[i].alts[k];
      SoundField *f = field_of(e, name_of(n->item));
      *vec_add(e->arena, &f->tests) = t;
      if (t->pred == PRED_FIELDREF) (void)field_of(e, t->text);
    }
  }
}

void sound_events_init(SoundEvents *e, Gen *g, Arena *arena, const LintSources *sources, const IrRule *ir) {
  *e = (SoundEvents){.g = g, .arena = arena, .ir = ir};
  ir_walk(ir->root, add_tests, e);
  for (uint32_t i = 0; i < ir->rule->n_detections; i++) ir_walk(ir->selections[i], add_tests, e);
  Facts facts;
  facts_init(&facts, arena, sources, ir->rule);
  for (uint32_t i = 0; i < e->fields.n; i++) e->fields.p[i].single = facts_single(&facts, &(IrItem){.field = e->fields.p[i].name});
}

/* --- values -------------------------------------------------------------------------------------------------- */

static Value *value_new(SoundEvents *e, ValueKind kind, Str text) {
  Value *v = arena_new(e->arena, Value);
  v->kind = kind;
  v->text = text;
  return v;
}

static Str any_text(SoundEvents *e) {
  static const char *const texts[] = {
    "", "x", "a", "-", "\\", " ", "\n", "x.exe", "0", "K", "\xE2\x84\xAA", "\xC3\xA4", "10.1.2.3", "::ffff:10.1.2.3", "5"};
  return str_of(GEN_PICK(e->g, texts));
}

static Str pattern_text_of(SoundEvents *e, const Pattern *p) {
  Buf b = {.arena = e->arena};
  for (uint32_t i = 0; i < p->n; i++) {
    switch (p->p[i].kind) {
    case PAT_LITERAL: buf_str(&b, p->p[i].text); break;
    case PAT_ANY: buf_str(&b, gen_chance(e->g, 60) ? STR("") : any_text(e)); break;
    case PAT_ONE: buf_char(&b, "xa-\n"[gen_below(e->g, 4)]); break;
    case PAT_DASH: buf_str(&b, dash_variants[gen_below(e->g, DASH_VARIANTS)]); break;
    case PAT_PLACEHOLDER: buf_str(&b, p->p[i].text); break;
    }
  }
  return buf_view(&b);
}

/* In the network, or just outside of it. */
static Str address_near(SoundEvents *e, const Net *n) {
  char room[64];
  Net one = {.base = n->base, .bits = 128, .v4 = n->v4};
  for (uint32_t i = n->bits; i < 128; i++)
    if (gen_chance(e->g, 50)) one.base.bytes[i / 8] |= (uint8_t)(0x80 >> i % 8);
  if (n->bits > 96 && gen_chance(e->g, 25)) one.base.bytes[(n->bits - 1) / 8] ^= (uint8_t)(0x80 >> (n->bits - 1) % 8);
  Str s = net_print(&one, room);
  size_t slash = str_find(s, STR("/"), 0);
  return arena_dup(e->arena, slash == SIZE_MAX ? s : str_sub(s, 0, slash));
}

static Str number_near(SoundEvents *e, Str operand) {
  static const double steps[] = {0, 0, 0, 1, -1, 0.5, -0.5, 1000, -1000};
  double step = GEN_PICK(e->g, steps);
  static const char *const around[][2] = {{"0", ""}, {"", ".0"}, {"+", ""}, {"", "e0"}, {"", "E0"}, {"-", ""}};
  const char *const *other = GEN_PICK(e->g, around);
  if (step == 0 && gen_chance(e->g, 80)) return operand;
  if (step == 0) return arena_printf(e->arena, "%s" STR_FMT "%s", other[0], STR_ARG(operand), other[1]);
  return arena_printf(e->arena, "%.15g", strtod(arena_cstr(e->arena, operand), NULL) + step);
}

/* A text that the test may be satisfied by, before anything is done to it. */
static Str text_for(SoundEvents *e, const IrTest *t) {
  switch (pred_info[t->pred].operand) {
  case OPERAND_TEXT: return t->text;
  case OPERAND_PATTERN: return pattern_text_of(e, &t->pattern);
  case OPERAND_REGEX: return gen_regex_subject(e->g, t->text);
  case OPERAND_NET: return address_near(e, &t->net);
  case OPERAND_NUMBER: return number_near(e, t->text);
  case OPERAND_BOOL: return t->truth ? STR("true") : STR("false");
  case OPERAND_TIME: return arena_printf(e->arena, "2024-06-%02uT%02u:30:00", 1 + gen_below(e->g, 28), gen_below(e->g, 14));
  case OPERAND_NONE:
  case OPERAND_FIELD: break;
  }
  return any_text(e);
}

static Str joined(SoundEvents *e, Str x, Str y) { return arena_printf(e->arena, STR_FMT STR_FMT, STR_ARG(x), STR_ARG(y)); }

static Str other_case(SoundEvents *e, Str s) {
  char *out = arena_array(e->arena, char, s.n);
  for (size_t i = 0; i < s.n; i++) out[i] = (char)(ascii_letter(s.p[i]) && gen_chance(e->g, 50) ? s.p[i] ^ 32 : s.p[i]);
  return (Str){out, s.n};
}

/* A character that another one folds to, or seems to: of all rows of the table, some of the doubtful. */
static Str other_letter(SoundEvents *e, Str s) {
  static const char *const alike[][2] = {{"k", "\xE2\x84\xAA"},    {"s", "\xC5\xBF"},        {"i", "\xC4\xB1"},
                                         {"I", "\xC4\xB0"},        {"\xCF\x83", "\xCF\x82"}, {"\xCF\x82", "\xCE\xA3"},
                                         {"\xC3\xA4", "\xC3\x84"}, {"\xC3\x84", "\xC3\xA4"}, {"-", "\xE2\x80\x93"},
                                         {"/", "\xE2\x80\x95"},    {"a", "\xC3\xA4"},        {"o", "\xE2\x82\xAC"}};
  const char *const *pair = GEN_PICK(e->g, alike);
  size_t at = str_find(s, str_of(pair[0]), 0);
  if (at == SIZE_MAX) return s;
  return joined(e, joined(e, str_sub(s, 0, at), str_of(pair[1])), str_from(s, at + strlen(pair[0])));
}

static Str changed(SoundEvents *e, Str s) {
  if (gen_chance(e->g, 25)) s = other_case(e, s);
  if (gen_chance(e->g, 20)) s = other_letter(e, s);
  switch (gen_below(e->g, 24)) {
  case 0: return joined(e, s, any_text(e));
  case 1: return joined(e, any_text(e), s);
  case 2: return s.n && (unsigned char)s.p[0] < 0x80 ? str_from(s, 1) : s;
  case 3: return s.n && (unsigned char)s.p[s.n - 1] < 0x80 ? str_sub(s, 0, s.n - 1) : s;
  default: return s;
  }
}

static bool is_number(Str s) {
  size_t i = s.n && s.p[0] == '-', from = i;
  while (i < s.n && ascii_digit(s.p[i])) i++;
  if (i == from || (s.p[from] == '0' && i > from + 1)) return false;
  size_t dot = i;
  if (i < s.n && s.p[i] == '.')
    for (i++; i < s.n && ascii_digit(s.p[i]);) i++;
  if (i == dot + 1) return false;
  size_t exponent = i;
  if (i < s.n && ascii_lower(s.p[i]) == 'e')
    for (i++; i < s.n && ascii_digit(s.p[i]);) i++;
  return i == s.n && i != exponent + 1;
}

static Value *value_of_text(SoundEvents *e, Str s) {
  s = changed(e, s);
  if (is_number(s) && gen_chance(e->g, 60)) return value_new(e, VALUE_NUMBER, s);
  if ((str_is(s, "true") || str_is(s, "false")) && gen_chance(e->g, 60)) return value_new(e, VALUE_BOOL, s);
  return value_new(e, VALUE_TEXT, s);
}

static Str some_text(SoundEvents *e, const SoundField *f) {
  return f->tests.n ? text_for(e, f->tests.p[gen_below(e->g, f->tests.n)]) : any_text(e);
}

static const ValueKind without_text[] = {VALUE_NULL, VALUE_NULL, VALUE_OBJECT, VALUE_ARRAY};

/* NULL: absent. */
static Value *some_value(SoundEvents *e, const SoundField *f) {
  uint32_t k = gen_below(e->g, 20);
  if (k < 4) return NULL;
  if (k == 4) return value_new(e, GEN_PICK(e->g, without_text), STR(""));
  if (k == 5) return value_of_text(e, any_text(e));
  Str s = some_text(e, f);
  if (k < 9) s = joined(e, s, some_text(e, f));
  if (k == 9) s = joined(e, some_text(e, f), joined(e, s, some_text(e, f)));
  return value_of_text(e, s);
}

/* --- events -------------------------------------------------------------------------------------------------- */

static Value **values_of(SoundEvents *e) {
  Value **values = arena_array(e->arena, Value *, e->fields.n);
  for (uint32_t i = 0; i < e->fields.n; i++) values[i] = some_value(e, &e->fields.p[i]);
  return values;
}

typedef struct {
  SoundEvents *e;
  Value **values;
  bool *aimed; /* by field: an item wanted it already */
} Aim;

static void aim_test(Aim *a, const IrItem *item, const IrTest *t) {
  SoundEvents *e = a->e;
  uint32_t i = (uint32_t)(field_of(e, name_of(item)) - e->fields.p);
  bool absent = t->pred == PRED_IS_NULL || (t->pred == PRED_EXISTS && !t->truth);
  if (absent) {
    a->values[i] = t->pred == PRED_IS_NULL && gen_chance(e->g, 30) ? value_new(e, VALUE_NULL, STR("")) : NULL;
    return;
  }
  if (t->pred == PRED_FIELDREF) {
    uint32_t other = (uint32_t)(field_of(e, t->text) - e->fields.p);
    a->values[i] = a->values[other] ? value_new(e, a->values[other]->kind, a->values[other]->text) : NULL;
    return;
  }
  Str s = text_for(e, t);
  const Value *before = a->aimed[i] ? a->values[i] : NULL;
  if (before && before->kind == VALUE_TEXT && gen_chance(e->g, 80))
    s = gen_chance(e->g, 50) ? joined(e, before->text, s) : joined(e, s, before->text);
  a->values[i] = value_of_text(e, s);
  a->aimed[i] = true;
}

static void aim_value(Aim *a, const IrItem *item, const IrValue *v) {
  if (v->n_alts) aim_test(a, item, &v->alts[gen_below(a->e->g, v->n_alts)]);
}

static void aim(Aim *a, const IrNode *n) {
  Gen *g = a->e->g;
  if (n->kind == IR_OR && n->n_kids) aim(a, n->kids[gen_below(g, n->n_kids)]);
  for (uint32_t i = 0; n->kind == IR_AND && i < n->n_kids; i++) aim(a, n->kids[i]);
  if (n->kind != IR_ITEM || !n->item->n_values) return;
  if (!n->item->all) aim_value(a, n->item, &n->item->values[gen_below(g, n->item->n_values)]);
  for (uint32_t i = 0; n->item->all && i < n->item->n_values; i++) aim_value(a, n->item, &n->item->values[i]);
}

static Value *list_with(SoundEvents *e, Value *v, const SoundField *f) {
  Value *list = value_new(e, VALUE_ARRAY, STR(""));
  Value **end = &list->first;
  for (uint32_t n = gen_below(e->g, 3); n > 0; n--) {
    Value *other = some_value(e, f);
    if (!other) continue;
    other->key = STR("");
    *end = other;
    end = &other->next;
  }
  v->key = STR("");
  *end = v;
  return list;
}

Value *sound_event(SoundEvents *e, bool flat) {
  const Rule *rule = e->ir->rule;
  Value **values = values_of(e), *root = value_new(e, VALUE_OBJECT, STR(""));
  Aim a = {e, values, arena_array(e->arena, bool, e->fields.n)};
  for (uint32_t k = gen_below(e->g, 4); k > 0 && rule->n_detections; k--)
    aim(&a, e->ir->selections[gen_below(e->g, rule->n_detections)]);
  if (gen_chance(e->g, 30)) aim(&a, e->ir->root);
  bool lists = !flat && gen_chance(e->g, 40);
  for (uint32_t i = 0; i < e->fields.n; i++) {
    Value *v = values[i];
    if (!v) continue;
    if (lists && !e->fields.p[i].single && gen_chance(e->g, 60)) v = list_with(e, v, &e->fields.p[i]);
    v->key = e->fields.p[i].name;
    v->next = root->first;
    root->first = v;
  }
  return root;
}
