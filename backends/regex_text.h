/* SPDX-License-Identifier: MIT
 * Regex trees in the syntaxes of the targets. All say on every text what the tree says (PCRE2, UTF mode, semantics 9.5), or
 * refuse. Letter case is spelled out in classes, so the text needs the case-sensitive operator of its target. */
#ifndef SIGMAC_BACKENDS_REGEX_TEXT_H
#define SIGMAC_BACKENDS_REGEX_TEXT_H

#include "backends/regex_effort.h"
#include "compiler/pattern.h"
#include "runtime/regex_tree.h"

typedef struct {
  uint32_t at;           /* byte of the pattern, where what is refused begins */
  const char *construct; /* what it is, such as "a word boundary that ..."; a constant, or in the arena */
  const char *instead;   /* what to do, as an imperative without capital and full stop; NULL where nothing helps */
} RegexRefusal;

/* Lucene's syntax, as the EQL operator `regex` takes it: the pattern stands for the whole value, so a search
 * becomes `.*( ... ).*`, and anchors at its edges leave that out. Anchors elsewhere cannot be said, nor can word boundaries
 * whose neighbours are not known. Control characters are in it as they are: the string literal around it has escapes.
 * At most 1,000 UTF-16 units (index.max_regex_length), and no more work for Lucene than index.max_determinized_states allows
 * by an estimate that refuses only what is clearly beyond. */
bool regex_print_lucene(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why);
/* The same where estimates take from `work`: what could not be judged is refused. */
bool regex_print_lucene_within(Arena *arena, const RegexNode *root, RegexWork *work, Str *out, RegexRefusal *why);

/* Syntax of the Rust crate `regex`, which KQL's `matches regex` documents: a search. Without capturing groups, of which Kusto
 * allows 16. Holds no control characters and nothing that cannot be seen. */
bool regex_print_rust(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why);

/* A pattern with wildcards as a tree that is searched for and matches the whole value: anchored, but for ends that are `*`.
 * Letters are in both cases by semantics 5.3 unless `cased`. Without placeholders; literals are well-formed UTF-8. */
const RegexNode *regex_of_glob(Arena *arena, const Pattern *pattern, bool cased);

#endif
