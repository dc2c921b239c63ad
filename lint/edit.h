/* SPDX-License-Identifier: MIT
 * Edits of YAML text that keep the rest of it: comments, order, indentation, quotes. Each adds to the fix of the newest report
 * (lint_fix), and nothing where it cannot be done so that the document stays the same but for this. Then it returns false, and the finding has no
 * fix of it. That is so in files that are not well-formed, or have anchors, aliases, tags, keys behind a `?`, documents that `action` merges, or lone carriage returns; for a block scalar or a text over several
 * lines that is to be written anew; where the text around is not of one of the forms that are known; and where the newest report was not kept.
 *
 * A comment at the end of the lines of what is dropped goes with it (the fix is unsafe then), and so do those inside of it. A comment on a line above stays: it may be about what
 * follows as well. New lines end as the one that they follow does. */
#ifndef SIGMAC_LINT_EDIT_H
#define SIGMAC_LINT_EDIT_H

#include "lint/lint.h"

/* --- scalars ------------------------------------------------------------------------------------------------- */

/* The text of a scalar becomes another: in its quotes where it has some and they can hold it, else in single quotes where YAML would take the
 * plain text for something else. What is written is always text, also for `4625`. */
bool edit_scalar(Lint *l, const LintFile *file, const YamlNode *scalar, Str text);
/* Bytes [from, to) of its text become others. Two such edits of one scalar do not get in the way of each other where it is `exact`. */
bool edit_part(Lint *l, const LintFile *file, const YamlNode *scalar, size_t from, size_t to, Str text);
/* A key of a map gets another name; modifiers included, since they are part of the key. */
bool edit_key(Lint *l, const LintFile *file, const YamlNode *key, Str text);
/* A text as YAML, in quotes where it needs some: for edit_add_entry and edit_add_item. Empty where it holds control characters. */
Str edit_written(Lint *l, Str text);

/* --- entries and items --------------------------------------------------------------------------------------- */

/* The number of the entry with this value, or with this key, in its map; UINT32_MAX. */
uint32_t edit_entry_of(const YamlNode *map, const YamlNode *key_or_value);
/* An entry of a map goes, with the comment at the end of its last line, if any: then the fix is unsafe. Not the last one that is left. */
bool edit_drop_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i);
/* An element of a list goes, likewise. Not the last one that is left. */
bool edit_drop_item(Lint *l, const LintFile *file, const YamlNode *list, uint32_t i);
/* A new entry in a map, behind the entry `after` (its index; UINT32_MAX: at the end): `key: text`; `text` is YAML as it is to be
 * written, its further lines indented as the key is. It may begin with a newline. */
bool edit_add_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t after, Str key, Str text);
/* A new element at the end of a list: YAML as it is to be written, on one line. */
bool edit_add_item(Lint *l, const LintFile *file, const YamlNode *list, Str text);
/* A new entry whose value is a list of one, written as other lists of the map are: in lines, or in brackets within brackets. */
bool edit_add_list(Lint *l, const LintFile *file, const YamlNode *map, uint32_t after, Str key, Str item);
/* An entry without value, or with the value null, gets one: YAML as it is to be written, on one line. */
bool edit_fill(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i, Str text);

/* --- lists of one -------------------------------------------------------------------------------------------- */

/* A list of one scalar gives way to the scalar, on the line of its key, where no comment is below it in the list; of one map to the map. */
bool edit_unlist(Lint *l, const LintFile *file, const YamlNode *list);
/* A list gives way to a text, YAML as it is to be written, on the line of its key. Not where comments stand in it. */
bool edit_join(Lint *l, const LintFile *file, const YamlNode *list, Str text);
/* The value of an entry, a scalar on the line of its key, becomes a list of one, indented as other lists of the map are. */
bool edit_listed(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i);
/* The same with other elements: YAML as it is to be written. */
bool edit_listed_as(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i, const Str *items, uint32_t n);

/* --- all or nothing ------------------------------------------------------------------------------------------ */

/* Takes the edits of the newest report back: of several that belong together, one could not be made. Returns false. */
bool edit_none(Lint *l);

#endif
