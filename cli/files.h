/* SPDX-License-Identifier: MIT
 * Files: whole files into memory, folders of rules, and files written whole or not at all. */
#ifndef SIGMAC_CLI_FILES_H
#define SIGMAC_CLI_FILES_H

#include "base/intern.h"
#include "cli/options.h"

/* How large a file may be that begins so. */
typedef size_t FileLimit(Str begin);
/* Reads a file or `-` (standard input). A larger file than the limit is read until that is known: the text is longer then.
 * It is in the arena, aligned to 16, NUL behind it. On failure false, and *why is a constant or errno's text. */
bool file_read(Str *out, Arena *a, const char *path, FileLimit *limit, const char **why);

/* Rule files at path: the file itself (`-` too), or all *.yml and *.yaml below a folder, sorted by path; links to folders
 * and folders `*.tests` are not followed. Problems with folders below are reported through `problem`, and the rest goes on. False where
 * path itself cannot be used. */
typedef void FileProblem(void *ctx, Str path, const char *why);
bool files_find(StrList *out, Arena *a, Str path, FileProblem *problem, void *ctx);

/* Whether it is a file that was seen before, perhaps by another path: a folder and a file in it may both be named. */
bool file_seen_before(Intern *seen, Arena *a, Str path);
/* False where there is a file with something else in it than what begins so (`begin` has at most 16 bytes): an option with
 * its value forgotten takes the next argument for a file to write, and that must not be the end of a rule or a log. */
bool file_may_replace(const char *path, Str begin);
/* Writes to a new file beside path and renames it; `-` is standard output. */
bool file_write(const char *path, Str bytes, const char **why);

#endif
