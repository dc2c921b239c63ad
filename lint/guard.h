/* SPDX-License-Identifier: MIT
 * Whether a rule file is still the same rules after its text was edited: both texts are read and compiled, and compared document by
 * document. A fix that does not pass is never written, whatever its check promised. */
#ifndef SIGMAC_LINT_GUARD_H
#define SIGMAC_LINT_GUARD_H

#include "compiler/compile.h"

typedef struct {
  bool good; /* neither its metadata nor its detection are refused; references are not looked at */
  const IrNode
    *root; /* frozen; placeholders have values that are made up from their names, and tests are normal (lint/normal.h). NULL:
                         a correlation, or there is none */
} GuardDoc;

/* A text, as it is read and compiled alone. */
typedef struct {
  Str text;
  Compiler compiler;
  GuardDoc *docs; /* as compiler.rules.list */
} GuardText;

typedef enum {
  GUARD_LAYOUT,  /* each value stays as it is; entries of a document may change places */
  GUARD_MEANING, /* the detection finds the same events; the values that are not touched stay as they are */
  GUARD_WHOLE    /* what compiled still does, under its id and name, and there are as many documents */
} Guard;

void guard_read(GuardText *out, Arena *arena, Str text);
/* `touched`: bytes of the text before that edits of more than layout changed. */
bool guard_passes(GuardText *before, GuardText *after, Guard guard, const Span *touched, uint32_t n_touched);

#endif
