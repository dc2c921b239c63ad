/* SPDX-License-Identifier: MIT
 * The fast reader against the plain one. */
#ifndef SIGMAC_TESTS_SUPPORT_READER_CHECK_H
#define SIGMAC_TESTS_SUPPORT_READER_CHECK_H

#include "runtime/reader.h"

typedef struct {
  KeyTable *keys;
  Reader *words, *simd;
  Arena *scratch; /* of the caller, who resets it */
} ReaderCheck;

ReaderCheck reader_check_new(Arena *owner, Arena *scratch);
/* Reads exactly these bytes, from a block of their own, with all readers; what differs, or NULL. */
const char *reader_check(ReaderCheck *c, Str text);
/* What differs when a text as it stands between quotes is unescaped and folded in all ways; NULL for nothing. */
const char *fold_check(Str raw, Arena *scratch);

#endif
