/* SPDX-License-Identifier: MIT
 * Two texts of lines, and what one has that the other has not. */
#ifndef SIGMAC_BACKENDS_SHOW_H
#define SIGMAC_BACKENDS_SHOW_H

#include "base/buf.h"
#include "base/vec.h"

/* Lines that are gone with `- ` in front, new ones with `+ `, between them in `  ` the one before and behind, so that it is seen
 * where; lines that are only indented otherwise are the same. Each stands behind so many blanks, and safe for a terminal. Texts
 * too long to be compared are given whole. */
void show_difference(Buf *out, Str before, Str after, unsigned indent, bool colour, Arena *arena);
/* All lines, behind so many blanks, safe for a terminal. */
void show_lines(Buf *out, Str text, unsigned indent);

#endif
