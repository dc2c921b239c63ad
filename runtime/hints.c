/* SPDX-License-Identifier: MIT */
#include "runtime/hints.h"

#include "runtime/hints_internal.h"

enum { NAMES_TRIED = 2000 };

const NamedValues *hints_names(Hints *h) {
  if (h->named) return &h->names;
  names_of(&h->names, h->vm->event.root, h->arena);
  names_add_plain(&h->names, h->arena);
  h->named = true;
  return &h->names;
}

/* --- names of fields ---------------------------------------------------------------------------------------- */

static bool is_absent(const Miss *m) { return m->field != FIELD_ANY && !m->f->found; }

/* That the test holds there says more than that the name is alike. */
static void say_name(Miss *m, const NamedValue *other, const char *before, const char *behind) {
  bool holds = pred_holds_value(m->h->vm, m->test, other->value);
  buf_str(m->out, str_of(before));
  buf_char(m->out, '`');
  buf_safe(m->out, other->path);
  buf_printf(m->out, "`%s", behind);
  if (pred_info[m->t->kind].scope == SCOPE_FIELD) return;
  buf_str(m->out, holds ? STR("; for that one the test holds") : STR("; it holds "));
  if (!holds) words_value(m->out, other->value, m->h->vm->scratch);
}

static bool told_before(const Hints *h, uint32_t field) {
  for (uint32_t i = 0; i < h->told.n; i++)
    if (h->told.p[i] == field) return true;
  return false;
}

/* Spelled otherwise, or at the end of another path. */
static bool find_name(Miss *m, bool whole_path, const char *before, const char *behind) {
  if (!is_absent(m) || m->named) return false;
  const NamedValues *names = hints_names(m->h);
  Str path = program_str(m->p, m->p->FIELDS[m->field]), wanted = name_plain(m->arena, whole_path ? path : name_last(path));
  for (uint32_t i = 0; i < names->list.n && wanted.n; i++) {
    const NamedValue *other = &names->list.p[i];
    if (!str_eq(whole_path ? other->plain : other->last, wanted)) continue;
    m->named = true;
    if (told_before(m->h, m->field)) return false;
    *vec_add(m->arena, &m->h->told) = m->field;
    say_name(m, other, before, behind);
    return true;
  }
  return false;
}

static bool name_spelled_otherwise(Miss *m) {
  return find_name(m, true, "the event spells it ", ", and names of fields must be the same to the letter");
}

static bool name_further_down(Miss *m) { return find_name(m, false, "the event has it in another place, as ", ""); }

/* Only for a text that is not found by chance. */
static bool other_field(Miss *m) {
  enum { LONG_ENOUGH = 4 };
  const TestRec *t = m->t;
  if (m->named || m->field == FIELD_ANY || (!is_like(t) && t->kind != PRED_CIDR)) return false;
  if (pred_info[t->kind].operand == OPERAND_TEXT && t->text.len < LONG_ENOUGH) return false;
  const NamedValues *names = hints_names(m->h);
  for (uint32_t i = 0; i < names->list.n && i < NAMES_TRIED; i++) {
    const NamedValue *other = &names->list.p[i];
    if (!pred_holds_value(m->h->vm, m->test, other->value)) continue;
    buf_str(m->out, STR("it would hold for another field, `"));
    buf_safe(m->out, other->path);
    buf_str(m->out, STR("`, which is "));
    words_value(m->out, other->value, m->h->vm->scratch);
    return true;
  }
  return false;
}

/* --- the table ---------------------------------------------------------------------------------------------- */

/* ABSENT: also where the test held because of that. NEAR: not behind another one of these, which says it better. */
typedef enum { WHEN_NOT_HELD, WHEN_ABSENT, WHEN_NEAR } HintWhen;

typedef struct {
  HintInfo info;
  HintWhen when;
  bool (*fn)(Miss *m); /* appends its text where it is to the point */
} HintRow;

/* In the order in which they are tried. */
static const HintRow rows[] = {
  {{"name-spelled-otherwise", "the event has the field in another letter case, or with blanks, `_`, `-` or dots"},
   WHEN_ABSENT,
   name_spelled_otherwise},
  {{"name-further-down", "the event has the field inside of another object, or at the top"}, WHEN_ABSENT, name_further_down},
  {{"value-is-object", "the field holds an object"}, WHEN_NOT_HELD, hint_value_is_object},
  {{"number-in-text", "the rule has a number, the event a text that is none or is spelled otherwise"},
   WHEN_NOT_HELD,
   hint_number_in_text},
  {{"text-for-number", "the rule has a text, the event an equal number of another spelling"}, WHEN_NOT_HELD, hint_text_for_number},
  {{"not-an-address", "`cidr` on what is not one address"}, WHEN_NOT_HELD, hint_not_an_address},
  {{"not-a-time", "a part of a time of what is no time"}, WHEN_NOT_HELD, hint_not_a_time},
  {{"not-a-boolean", "a boolean, and a number or another text in the event"}, WHEN_NOT_HELD, hint_not_a_boolean},
  {{"empty-is-not-null", "null, and an empty text or a dash in the event"}, WHEN_NOT_HELD, hint_empty_is_not_null},
  {{"reference-absent", "`fieldref` to a field that the event lacks"}, WHEN_NOT_HELD, hint_reference_absent},
  {{"letter-case", "the text differs in letter case only, under `cased` or `re`"}, WHEN_NEAR, hint_letter_case},
  {{"white-space", "the value has white space around it"}, WHEN_NEAR, hint_white_space},
  {{"backslashes", "backslashes are doubled in the value, or in the rule"}, WHEN_NEAR, hint_backslashes},
  {{"slashes", "the value has `/` for `\\`"}, WHEN_NEAR, hint_slashes},
  {{"escaped-wildcard", "`\\*` or `\\?` was meant to be a wildcard"}, WHEN_NEAR, hint_escaped_wildcard},
  {{"whole-text", "the value has more around the text: `contains`, `startswith`, `endswith`"}, WHEN_NEAR, hint_whole_text},
  {{"dashes", "another dash: `windash`"}, WHEN_NEAR, hint_dashes},
  {{"regex-as-text", "a regular expression without `re`"}, WHEN_NEAR, hint_regex_as_text},
  {{"device-path", "a device path where the rule has a drive letter"}, WHEN_NEAR, hint_device_path},
  {{"other-field", "the test would hold for another field of the event"}, WHEN_NOT_HELD, other_field},
};
enum { ROWS = sizeof rows / sizeof *rows };

const HintInfo *hint_info(unsigned i) { return i < ROWS ? &rows[i].info : NULL; }

void hints_on_test(Hints *h, uint32_t field, uint32_t test, bool held, HintSay *tell, void *ctx) {
  if (h->asked++ >= HINTS_TESTS) return;
  Arena *own = arena_sub(h->arena);
  Buf text = {.arena = own};
  Miss m = {h,    h->vm->program, h->arena, &h->vm->program->TESTS[test], event_field(&h->vm->event, field), field,
            test, false,          &text};
  unsigned told = 0;
  bool near = false;
  for (unsigned i = 0; i < ROWS && told < HINTS_MOST; i++) {
    if (held && !(rows[i].when == WHEN_ABSENT && is_absent(&m))) continue;
    if (near && rows[i].when == WHEN_NEAR) continue;
    text.n = 0;
    if (!rows[i].fn(&m)) continue;
    near = near || rows[i].when == WHEN_NEAR;
    tell(ctx, rows[i].info.id, buf_view(&text));
    told++;
  }
  arena_sub_done(own);
}
