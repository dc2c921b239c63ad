/* SPDX-License-Identifier: MIT
 * Edits of YAML text that keep the rest of it: comments, order, indentation, quotes. Each adds to the fix of the newest report
 * (lint_fix), and nothing where it cannot be done so that the document stays the same but for this: flow collections over several
 * lines, anchors, documents that `action` merges. Then it returns false, and the finding has no fix. */
#ifndef SIGMAC_LINT_EDIT_H
#define SIGMAC_LINT_EDIT_H

#include "lint/lint.h"

/* The text of a scalar becomes another: in its quotes where it has some and they can hold it, else in single quotes where YAML would take the
 * plain text for something else. */
bool edit_scalar(Lint *l, const LintFile *file, const YamlNode *scalar, Str text);
/* A key of a map gets another name; modifiers included, since they are part of the key. */
bool edit_key(Lint *l, const LintFile *file, const YamlNode *key, Str text);
/* An entry of a map goes, with the comment at the end of its lines. Not the last one that is left. */
bool edit_drop_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i);
/* An element of a list goes. Not the last one that is left. */
bool edit_drop_item(Lint *l, const LintFile *file, const YamlNode *list, uint32_t i);
/* A list of one scalar gives way to the scalar, on the line of its key; of one map to the map. */
bool edit_unlist(Lint *l, const LintFile *file, const YamlNode *list);
/* A scalar becomes a list of one. */
bool edit_listed(Lint *l, const LintFile *file, const YamlNode *map, uint32_t i);
/* A new entry in a map of the document, behind the entry `after` (its index; UINT32_MAX: at the end): `key: text`; `text` is YAML as it is to be
 * written, its further lines indented as the key is. */
bool edit_add_entry(Lint *l, const LintFile *file, const YamlNode *map, uint32_t after, Str key, Str text);
/* A new element at the end of a list of scalars: YAML as it is to be written. */
bool edit_add_item(Lint *l, const LintFile *file, const YamlNode *list, Str text);

#endif
