/* SPDX-License-Identifier: MIT
 * Edits of YAML text (lint/edit.h), each compared with what it should do to the tree. */
#ifndef SIGMAC_TESTS_EDITS_H
#define SIGMAC_TESTS_EDITS_H

#include "base/buf.h"
#include "lint/edit.h"

typedef enum {
  TRY_SCALAR,
  TRY_PART,
  TRY_KEY,
  TRY_DROP_ENTRY,
  TRY_DROP_ITEM,
  TRY_ADD_ENTRY,
  TRY_ADD_ITEM,
  TRY_UNLIST,
  TRY_LISTED,
  TRY_ADD_LIST,
  TRY_FILL,
  TRY_JOIN,
  TRY_COUNT
} TryOp;

typedef struct {
  TryOp op;
  const YamlNode *node; /* what the function is given */
  uint32_t i;           /* element; of TRY_PART, the first byte that goes, up to the end */
  Str text;             /* new text, or new key and new value both */
} Try;

/* One file, read. */
typedef struct {
  Arena *arena;
  Lint lint;
} Tried;
void try_read(Tried *t, Arena *a, Str text);
/* Does it. False where it is refused. `out` is the new text; `fault` is empty where its tree is as it should be. */
bool try_edit(Tried *t, const Try *what, Str *out, Str *fault);
/* Every edit of every node. How many were done; stops at the first fault. */
unsigned try_all(Str text, Buf *fault);

#endif
