/* SPDX-License-Identifier: MIT
 * What checks of values share. */
#ifndef SIGMAC_LINT_CHECKS_VALUES_H
#define SIGMAC_LINT_CHECKS_VALUES_H

#include "lint/lint.h"

/* Bytes [from, to) of the text of a scalar, where they are written: also inside of quotes with escapes. The whole scalar
 * where that cannot be told (block scalars, line breaks in quotes). Takes time in proportion to the scalar. */
Span value_span(const LintAt *at, const YamlNode *scalar, size_t from, size_t to);

/* Whether the values of an item are texts with wildcards: not where a modifier makes something else of them (re, cidr,
 * fieldref, exists, comparisons). */
bool item_has_patterns(const LintItem *item);
/* contains, startswith or endswith. */
bool item_is_open(const LintItem *item);
/* A modifier encodes the values: UTF-16, Base64. */
bool item_encodes(const LintItem *item);

/* Edits of the newest report, and whether there are any: not where the key would be there twice, or is not written plainly. */
bool fix_drop_modifier(Lint *l, const LintAt *at, uint32_t i);
bool fix_add_modifier(Lint *l, const LintAt *at, const char *name); /* at the end of the key */

#endif
