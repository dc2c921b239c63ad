/* SPDX-License-Identifier: MIT
 * What fixes of several checks share. Each is of the newest report. */
#ifndef SIGMAC_LINT_CHECKS_FIXES_H
#define SIGMAC_LINT_CHECKS_FIXES_H

#include "lint/edit.h"

/* The word at most two edits away, and at most half of its letters; NULL where there is none, or two are as near. */
const char *fix_nearest(Str word, const char *const *words, unsigned n);
/* The text of a scalar becomes this word: safe where only letter case changes. */
void fix_word(Lint *l, const LintFile *file, const YamlNode *scalar, const char *word);
/* A letter of a..z at byte `at` of the text becomes a capital one. */
void fix_capital(Lint *l, const LintFile *file, const YamlNode *scalar, size_t at);
/* In lower case, in the arena. */
Str fix_lower(Lint *l, Str text);
/* The scalar with this place in a document, with what it stands in. NULL where there is none. */
typedef struct {
  const YamlNode *node, *parent; /* the parent of a key or value is its map */
  uint32_t i;                    /* number of the entry or item */
} FixPlace;
FixPlace fix_locate(const YamlNode *root, Span at);

/* Item i of `references`, a page of ATT&CK, becomes a tag. */
void fix_attack_link(Lint *l, const LintDoc *doc, const YamlNode *list, uint32_t i);
/* What the compiler reported at a place, under the id of a check: mended where that is certain, or a word is near. */
void fix_reported(Lint *l, CheckId check, Span at);

#endif
