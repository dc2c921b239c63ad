/* SPDX-License-Identifier: MIT */
#include "runtime/value.h"

#include "runtime/json_text.h"

Str value_unescaped(const Value *v, Arena *scratch) { return v->raw ? json_unescape(v->text, scratch) : v->text; }

Str value_text_make(Value *v, Arena *scratch) {
  v->text = json_unescape(v->text, scratch);
  v->raw = false;
  return v->text;
}

/* A text without bytes may have no pointer, which would look like one that was not folded yet. */
Str value_folded_make(Value *v, Arena *scratch) {
  v->folded = v->raw ? json_fold(v->text, scratch) : text_fold(v->text, scratch);
  if (!v->folded.p) v->folded.p = "";
  return v->folded;
}
