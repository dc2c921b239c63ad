/* SPDX-License-Identifier: MIT
 * The portable subset of regular expressions (semantics 9.5) as a tree that says what is matched with nothing
 * left to options: letter case, dot-all and multi-line are resolved into classes and assertions. Spelled as
 * PCRE2 spells it, in UTF mode without UCP, newline LF, DOLLAR_ENDONLY, ALT_CIRCUMFLEX. All that this subset
 * lacks (look-around, back-references, possessive ...) is refused with its place, as are faults that PCRE2
 * describes better. Trees are in the arena and are not changed; they borrow nothing from the pattern. */
#ifndef SIGMAC_RUNTIME_REGEX_TREE_H
#define SIGMAC_RUNTIME_REGEX_TREE_H

#include "base/arena.h"
#include "runtime/pred.h"

typedef enum {
  REGEX_EMPTY,
  REGEX_CHAR,
  REGEX_CLASS,      /* one code point of `ranges`; of none where there are no ranges */
  REGEX_CAT,        /* two or more kids */
  REGEX_ALT,        /* two or more kids */
  REGEX_REPEAT,     /* kids[0], min to max times */
  REGEX_LINE_START, /* at the start or after any LF, also after the last one */
  REGEX_LINE_END,   /* at the end or before any LF */
  REGEX_TEXT_START,
  REGEX_TEXT_END,
  REGEX_TEXT_END_LF, /* at the end or before an LF that ends the text */
  REGEX_WORD_EDGE,   /* between a character of [0-9A-Za-z_] and another, or the start or end */
  REGEX_NOT_WORD_EDGE,
} RegexKind;

typedef struct {
  uint32_t low, high; /* code points, both inclusive */
} RegexRange;

#define REGEX_NO_MAX UINT32_MAX

enum {
  REGEX_KINDS = REGEX_NOT_WORD_EDGE + 1,
  REGEX_MAX_COUNT = 65535,    /* of {n,m}, as in PCRE2 */
  REGEX_MAX_DEPTH = 250,      /* groups inside each other; three levels of nodes each */
  REGEX_MAX_RANGES = 1 << 18, /* of all classes of a pattern together */
};

typedef struct RegexNode RegexNode;
struct RegexNode {
  RegexKind kind;
  uint32_t at;              /* byte of the pattern where it starts */
  uint32_t code;            /* CHAR */
  uint32_t min, max;        /* REPEAT; REGEX_NO_MAX */
  bool lazy;                /* REPEAT; has no effect on whether there is a match */
  uint32_t n;               /* ranges or kids */
  const RegexRange *ranges; /* CLASS: ascending, disjoint, not adjacent, without surrogates */
  RegexNode **kids;         /* CAT, ALT, REPEAT */
};

typedef struct {
  const RegexNode *root;
  bool caseless; /* a letter or class in it was read under `i` */
  bool mended;   /* the tree says what the pattern should mean, and not what a fault of PCRE2 makes of it */
  /* where parsing failed: */
  size_t offset;         /* byte of the pattern */
  const char *construct; /* what is not portable, such as "a look-ahead" */
} RegexTree;

/* Flags are RegexFlags. False where the pattern is not portable. The tree has some two nodes per byte of the
 * pattern, which is at most LIMIT_REGEX_BYTES long. */
bool regex_parse(RegexTree *out, Str pattern, unsigned flags, Arena *arena);

/* For those who make trees of their own. */
RegexNode *regex_node(Arena *arena, RegexKind kind);
RegexNode *regex_all(Arena *arena); /* the class of all code points */
bool regex_is_all(const RegexNode *n);
/* CAT or ALT; one kid is itself, none is EMPTY. */
RegexNode *regex_join(Arena *arena, RegexKind kind, RegexNode **kids, uint32_t n);

#endif
