/* SPDX-License-Identifier: MIT
 * Messages on stderr. What stands in them (names of files, values of options) may come from anyone. */
#ifndef SIGMAC_CLI_SAY_H
#define SIGMAC_CLI_SAY_H

#include <stdarg.h>

#include "base/buf.h"

/* Prints one line: what would disturb a terminal or end the line is shown as `?`, and a very long text is cut in its middle.
 * The end of the line is added. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same to the end of a buffer. */
void say_into(Buf *line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* say behind `sigmac COMMAND: `. */
void say_of(const char *command, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

#endif
