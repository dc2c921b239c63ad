/* SPDX-License-Identifier: MIT
 * Tables of what there is (modifiers, opcodes, predicates ...), from the tables that the program works with: for people and
 * for the generated pages. */
#ifndef SIGMAC_COMPILER_LISTS_H
#define SIGMAC_COMPILER_LISTS_H

#include "base/buf.h"

typedef enum { LIST_TEXT, LIST_JSON, LIST_MARKDOWN } ListFormat;

/* NULL behind the last. */
const char *list_name(unsigned i);
/* False where there is no table of that name. The cells are made in the arena. */
bool list_write(Buf *out, Str name, ListFormat format, Arena *arena);

#endif
