/* SPDX-License-Identifier: MIT
 * Terminals: how wide they are, and texts in columns. */
#ifndef SIGMAC_CLI_TERMINAL_H
#define SIGMAC_CLI_TERMINAL_H

#include "base/buf.h"

/* Columns of the terminal at this descriptor; 0 where there is none or it does not say. */
unsigned terminal_width(int fd);
/* Text from a file, made safe as buf_safe does, in exactly `width` columns: cut off, with … in the place of what is
 * missing, or filled up with blanks. Wide characters take two columns, combining ones none, as far as the C library
 * knows them. */
void put_columns(Buf *out, Str text, unsigned width);

#endif
