/* SPDX-License-Identifier: MIT
 * The only file that sees PCRE2. A Regex is read-only and shared by threads; a RegexScratch belongs to one thread.
 * Search is unanchored, UTF mode, DOLLAR_ENDONLY, ALT_CIRCUMFLEX, newline LF (semantics 9.5),
 * under LIMIT_REGEX_MATCH. \C and callouts are refused. Memory comes from the heap of the arena, but for machine code and
 * its stack; where it is exhausted, nothing here returns (base/heap.h). */
#ifndef SIGMAC_RUNTIME_REGEX_H
#define SIGMAC_RUNTIME_REGEX_H

#include "base/arena.h"
#include "runtime/pred.h"

typedef struct Regex Regex;
typedef struct RegexScratch RegexScratch;

typedef struct {
  char message[160];
  size_t offset; /* byte in the pattern */
  bool too_large;
} RegexError;

typedef enum { SEARCH_MISS, SEARCH_HIT, SEARCH_LIMIT } SearchResult; /* LIMIT: not decided within the match limit */

/* Checks the pattern; no JIT. Freed with the arena. NULL with *error set when it is not valid. */
Regex *regex_compile(Str pattern, unsigned flags, Arena *owner, RegexError *error);
/* Bytes that the compiled pattern takes; machine code takes several times as much. */
size_t regex_size(const Regex *re);
/* Makes machine code of it; without effect where PCRE2 has no JIT. Call before sharing. */
void regex_jit(Regex *re);
RegexScratch *regex_scratch_new(Arena *owner);
/* Subject must be well-formed UTF-8. */
SearchResult regex_search(const Regex *re, RegexScratch *scratch, Str subject);
/* The same with a small limit, for a pattern that something else may decide. */
SearchResult regex_search_briefly(const Regex *re, RegexScratch *scratch, Str subject);

/* Groups of a match, for processing pipelines. */
typedef struct {
  size_t start, end; /* bytes; start == SIZE_MAX: it took no part */
} RegexGroup;
/* Without group 0, the whole match. */
uint32_t regex_groups(const Regex *re);
/* Empty where it has none; borrowed from the regex. */
Str regex_group_name(const Regex *re, uint32_t group);
/* 0 where no group has the name. */
uint32_t regex_group_find(const Regex *re, Str name);
enum {
  REGEX_HERE = 1,     /* the match must begin at `from` */
  REGEX_NOT_EMPTY = 2 /* and no empty one there */
};
/* The first match at or behind byte `from` of the subject, under the same limits; `groups` has room for all and group 0. */
SearchResult regex_match(const Regex *re, RegexScratch *scratch, Str subject, size_t from, unsigned how, RegexGroup *groups);
/* Letters in upper or lower case, one code point for one, as PCRE2 pairs them: where three letters fold to one, such as the
 * sigmas, the third may be left out. */
Str regex_letter_case(Arena *arena, Str text, bool upper);

enum { REGEX_VERSION_ROOM = 64 };
const char *regex_version(char room[REGEX_VERSION_ROOM]); /* of PCRE2, for --version */

#endif
