/* SPDX-License-Identifier: MIT
 * What the files of hints share; nobody else includes it. */
#ifndef SIGMAC_RUNTIME_HINTS_INTERNAL_H
#define SIGMAC_RUNTIME_HINTS_INTERNAL_H

#include "runtime/hints.h"
#include "runtime/words.h"

/* One test that did not come out as hoped. */
typedef struct {
  Hints *h;
  const Program *p;
  Arena *arena;
  const TestRec *t;
  const FieldValues *f;
  uint32_t field, test;
  bool named; /* a hint told of another field already */
  Buf *out;
} Miss;

/* Values of the field that are looked at. */
enum { VALUES_TRIED = 64 };
static inline uint32_t tried(const Miss *m) { return m->f->n < VALUES_TRIED ? m->f->n : VALUES_TRIED; }

static inline Str hint_text(const Miss *m, Value *v) { return value_text(v, m->h->vm->scratch); }

static inline bool hint_say(Miss *m, const char *text) {
  buf_str(m->out, str_of(text));
  return true;
}

static inline bool is_like(const TestRec *t) {
  OperandKind k = pred_info[t->kind].operand;
  return k == OPERAND_TEXT || k == OPERAND_PATTERN;
}

Str hint_trimmed(Str s);

/* Each appends its text and is true where it is to the point. hints_value.c: */
bool hint_value_is_object(Miss *m);
bool hint_number_in_text(Miss *m);
bool hint_text_for_number(Miss *m);
bool hint_not_an_address(Miss *m);
bool hint_not_a_time(Miss *m);
bool hint_not_a_boolean(Miss *m);
bool hint_empty_is_not_null(Miss *m);
bool hint_reference_absent(Miss *m);
/* hints_text.c: */
bool hint_letter_case(Miss *m);
bool hint_white_space(Miss *m);
bool hint_backslashes(Miss *m);
bool hint_slashes(Miss *m);
bool hint_escaped_wildcard(Miss *m);
bool hint_whole_text(Miss *m);
bool hint_dashes(Miss *m);
bool hint_regex_as_text(Miss *m);
bool hint_device_path(Miss *m);

#endif
