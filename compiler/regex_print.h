/* SPDX-License-Identifier: MIT
 * A regex tree as text. What the syntaxes share is written once: brackets, counts, classes; a RegexSyntax is what they differ
 * in. Whoever prints has made sure that the syntax can say all that is in the tree: it has a text for each assertion there. */
#ifndef SIGMAC_COMPILER_REGEX_PRINT_H
#define SIGMAC_COMPILER_REGEX_PRINT_H

#include "runtime/regex_tree.h"

typedef struct {
  const char *group;              /* what opens one that captures nothing */
  const char *empty;              /* matches the empty text */
  const char *specials;           /* ASCII characters that get a backslash outside of classes ... */
  const char *class_specials;     /* ... and inside */
  bool names;                     /* \d \w \s and their complements are ASCII */
  bool raw;                       /* no escapes for control characters, they stand as they are */
  bool lazy;                      /* marks repeats that are lazy */
  bool lower_first;               /* a class of the two cases of a letter begins with the small one */
  bool hidden;                    /* escapes what cannot be seen, or turns the direction of writing, too */
  const char *dot;                /* all code points but LF; NULL: a class says it */
  const char *all, *all_repeat;   /* any code point; what stands before it and its counts when it is repeated, closed by `)` */
  const char *edges[REGEX_KINDS]; /* by kind: the assertions */
} RegexSyntax;

Str regex_print(Arena *arena, const RegexNode *root, const RegexSyntax *syntax);

/* The tree as PCRE2 text that means the same without flags. */
Str regex_print_pcre(Arena *arena, const RegexNode *root);

/* A pattern and flags for regex_compile in which `i` folds by semantics 5.3: where a portable pattern has
 * caseless (or mended) parts it is written anew with them spelled out, and without flags; else it stays as it
 * is. False where `i` is left to PCRE2, because the pattern is not portable or becomes too long. The outputs
 * are set in any case. */
bool regex_portable_caseless(Arena *arena, Str pattern, unsigned flags, Str *out_pattern, unsigned *out_flags);

#endif
