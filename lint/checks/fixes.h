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
/* --- detection items: of at->item ---------------------------------------------------------------------------- */

/* Bytes [from, to) of the key become others, unless the map has such a key. */
bool fix_rekey(Lint *l, const LintAt *at, size_t from, size_t to, Str text);
/* In front of another one; NULL: at the end. */
bool fix_insert_modifier(Lint *l, const LintAt *at, const char *name, const LintModifier *before);
/* A modifier goes to the place of another: in front of it where that came first, else behind it. */
void fix_move_modifier(Lint *l, const LintAt *at, const LintModifier *m, const LintModifier *to);
/* The item goes, where its map has another. */
void fix_drop_this_item(Lint *l, const LintAt *at);
/* A value becomes this YAML, which is of another type. */
void fix_value_bytes(Lint *l, const LintAt *at, const YamlNode *value, Str text);

/* --- conditions ---------------------------------------------------------------------------------------------- */

/* A part of a condition becomes another; false where its place is not exact. */
bool fix_condition(Lint *l, const LintFile *file, const YamlNode *text, Span at, Str new);
void fix_condition_list(Lint *l, const LintDoc *doc, const YamlNode *list);
/* In the detection and in the conditions; not where a selector would select another set then. */
void fix_rename_selection(Lint *l, const LintDoc *doc, Str old, Str new);
Str fix_selection_name(Lint *l, Str old);
Str fix_filter_name(Lint *l, Str old);

/* What the compiler reported at a place, under the id of a check: mended where that is certain, or a word is near. */
void fix_reported(Lint *l, CheckId check, Span at);

#endif
