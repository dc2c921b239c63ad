/* SPDX-License-Identifier: MIT
 * Files: whole files into memory, and files written whole or not at all. */
#ifndef SIGMAC_CLI_FILES_H
#define SIGMAC_CLI_FILES_H

#include "cli/options.h"

/* How large a file may be that begins so. */
typedef size_t FileLimit(Str begin);
FileLimit rule_file_limit; /* of rules, and of what stands beside them: values, types */
/* Reads a file or `-` (standard input). A larger file than the limit is read until that is known: the text is longer then.
 * It is in the arena, aligned to 16, NUL behind it. On failure false, and *why is a constant or errno's text. */
bool file_read(Str *out, Arena *a, const char *path, FileLimit *limit, const char **why);

/* What cannot be read is told; `why` is constant, or errno's text. */
typedef void FileProblem(void *ctx, Str path, const char *why);

/* The first bytes of a plain file, at most `room`: how many; 0 where it cannot be read, or is no plain file. */
size_t file_begin(const char *path, char *begin, size_t room);

/* False where there is a file with something in it whose first 16 bytes are of another kind: an option with its value
 * forgotten takes the next argument for a file to write, and that must not be the end of a rule or a log. */
bool file_may_replace(const char *path, bool (*is_of_kind)(Str begin));
/* Writes to a new file beside path and renames it; `-` is standard output. */
bool file_write(const char *path, Str bytes, const char **why);
/* The same for a plain file whose text is known, behind links: it keeps its mode. Not where it has another text by now, or may not
 * be written. `links`: how many names it had; the others keep the text before. */
bool file_replace(const char *path, Str before, Str after, unsigned *links, const char **why);

#endif
