/* SPDX-License-Identifier: MIT
 * Hints on values of another kind than the rule takes them for. */
#include "runtime/hints_internal.h"
#include "runtime/timepart.h"

static bool all_are(const Miss *m, ValueKind kind) {
  for (uint32_t i = 0; i < tried(m); i++)
    if (m->f->values[i]->kind != kind) return false;
  return m->f->n > 0;
}

/* The member that the test would hold for, else the first one. */
bool hint_value_is_object(Miss *m) {
  if (m->field == FIELD_ANY || !all_are(m, VALUE_OBJECT) || !m->f->values[0]->first) return false;
  const Value *member = m->f->values[0]->first;
  for (Value *v = m->f->values[0]->first; v; v = v->next)
    if (pred_holds_value(m->h->vm, m->test, v)) {
      member = v;
      m->named = true;
      break;
    }
  buf_str(m->out, STR("an object satisfies no test: write the path to one of its members, such as `"));
  words_field(m->out, m->p, m->field);
  buf_char(m->out, '.');
  buf_safe(m->out, member->key);
  return hint_say(m, m->named ? "`, which would hold" : "`");
}

static bool is_number_test(const TestRec *t) { return pred_info[t->kind].operand == OPERAND_NUMBER; }

static bool hexadecimal(Str s) {
  s = hint_trimmed(s);
  if (s.n < 3 || s.p[0] != '0' || ascii_lower(s.p[1]) != 'x') return false;
  for (size_t i = 2; i < s.n; i++)
    if (ascii_hex(s.p[i]) == 16) return false;
  return true;
}

bool hint_number_in_text(Miss *m) {
  Str digits;
  for (uint32_t i = 0; is_number_test(m->t) && i < tried(m); i++) {
    Value *v = m->f->values[i];
    if (v->kind != VALUE_TEXT) continue;
    if (hexadecimal(hint_text(m, v))) {
      buf_str(m->out, STR("a hexadecimal text is not taken for a number"));
      Str hex = hint_trimmed(hint_text(m, v));
      if (decimal_canonical_int(&digits, hex, m->arena) && str_eq(digits, program_str(m->p, m->t->text)))
        return hint_say(m, ", though it means the same one: put it into the rule as a text, spelled like that");
      return true;
    }
    Decimal d;
    if (m->t->kind == PRED_NUMBER && decimal_parse(&d, hint_trimmed(hint_text(m, v))) &&
        decimal_cmp(&d, &m->p->decimals[m->test]) == 0)
      return hint_say(m, "the event has it as a text in another spelling: put the number of the rule in quotes, spelled like that");
    if (!decimal_parse(&d, hint_text(m, v))) return hint_say(m, "the value is a text, and no number");
  }
  return false;
}

/* A text of the rule that looks like a number, and a number of the event. */
bool hint_text_for_number(Miss *m) {
  Decimal want, have;
  Str canonical;
  if (m->t->kind != PRED_EQ) return false;
  Str text = program_str(m->p, m->t->text);
  for (uint32_t i = 0; i < tried(m); i++) {
    const Value *v = m->f->values[i];
    if (v->kind != VALUE_NUMBER || !decimal_parse(&have, v->text)) continue;
    if (!decimal_parse(&want, text) && !(decimal_canonical_int(&canonical, text, m->arena) && decimal_parse(&want, canonical)))
      continue;
    if (decimal_cmp(&want, &have) == 0)
      return hint_say(m, "the numbers are equal, but the rule has a text, which is compared letter by letter: drop its quotes");
  }
  return false;
}

bool hint_not_an_address(Miss *m) {
  Address address;
  if (m->t->kind != PRED_CIDR) return false;
  for (uint32_t i = 0; i < tried(m); i++)
    if (m->f->values[i]->kind == VALUE_TEXT && !address_parse(&address, hint_text(m, m->f->values[i])))
      return hint_say(m, "the value is not an IP address alone");
  return false;
}

bool hint_not_a_time(Miss *m) {
  int part;
  if (m->t->kind != PRED_TIME) return false;
  for (uint32_t i = 0; i < tried(m); i++)
    if (m->f->values[i]->kind != VALUE_TEXT || !time_part_of(&part, hint_text(m, m->f->values[i]), (TimePart)m->t->a))
      return hint_say(m, "the value is no time text with that part: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS` with or without a zone");
  return false;
}

bool hint_not_a_boolean(Miss *m) {
  if (m->t->kind != PRED_BOOL) return false;
  for (uint32_t i = 0; i < tried(m); i++) {
    Value *v = m->f->values[i];
    if (v->kind == VALUE_NUMBER) return hint_say(m, "the value is a number: the rule must have 1 or 0 instead of a boolean");
    if (v->kind == VALUE_TEXT && !str_eq_nocase(hint_text(m, v), STR("true")) && !str_eq_nocase(hint_text(m, v), STR("false")))
      return hint_say(m, "the value is a text, neither `true` nor `false`: put the rule's value in quotes, spelled like that");
  }
  return false;
}

bool hint_empty_is_not_null(Miss *m) {
  if (m->t->kind != PRED_IS_NULL) return false;
  for (uint32_t i = 0; i < tried(m); i++) {
    Value *v = m->f->values[i];
    if (v->kind == VALUE_TEXT && (v->text.n == 0 || str_is(hint_text(m, v), "-")))
      return hint_say(m, v->text.n ? "a dash is a text, and not null: the rule must have `'-'`"
                                   : "an empty text is not null: the rule must have `''`");
  }
  return false;
}

bool hint_reference_absent(Miss *m) {
  if (m->t->kind != PRED_FIELDREF || !m->f->found || event_field(&m->h->vm->event, m->t->a)->found) return false;
  buf_str(m->out, STR("the event has no field `"));
  words_field(m->out, m->p, m->t->a);
  return hint_say(m, "`, which this one is compared with");
}
