/* SPDX-License-Identifier: MIT */
#include "runtime/value.h"

#include "base/utf8.h"

Str value_text(Value *v, Arena *scratch) {
  (void)scratch;
  return v->text;
}

Str value_folded(Value *v, Arena *scratch) {
  if (!v->folded.p) v->folded = fold_text(scratch, v->text);
  return v->folded;
}
