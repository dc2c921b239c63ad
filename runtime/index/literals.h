/* SPDX-License-Identifier: MIT
 * Many literals in one text: where any of them occurs. Few are looked for by a packed table (Teddy: nibbles of the first
 * bytes, 8 buckets a table, AVX2 where the processor has it), many by a filter of 4 bytes with short ones in tables of their own;
 * the portable form of both finds the same. Read-only once made; shared by threads. */
#ifndef SIGMAC_RUNTIME_INDEX_LITERALS_H
#define SIGMAC_RUNTIME_INDEX_LITERALS_H

#include "base/arena.h"

typedef struct {
  Str text;        /* not empty; folded; borrowed, and must live as long as the Literals */
  uint32_t at;     /* the place in it that is looked for first: its rarest 4 bytes (fewer in a shorter one) begin here */
  uint32_t id;     /* what is reported; several literals may have the same */
  uint64_t others; /* bits: of its first 64 places those that are about as good; 0 where that is not known */
} Literal;

typedef struct Literals Literals;

typedef enum {
  LITERALS_FOLDED, /* the texts that are searched are folded: bytes are compared as they are */
  LITERALS_ASCII   /* they are not: an ASCII letter of a literal fits both cases. Literals must be ASCII */
} LiteralsCase;

/* Tables in owner. `list` is copied, the texts are not. */
Literals *literals_new(const Literal *list, uint32_t n, LiteralsCase letters, Arena *owner);

/* Called for each occurrence found, in any order, also several times for one id. */
typedef void LiteralFound(void *ctx, uint32_t id);
/* Finds every literal that occurs in the text (each at least once). Reads nothing behind the text. */
void literals_find(const Literals *l, Str text, LiteralFound *found, void *ctx);

#endif
