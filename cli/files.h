/* SPDX-License-Identifier: MIT
 * Files: whole files into memory, folders of rules, and files written whole or not at all. */
#ifndef SIGMAC_CLI_FILES_H
#define SIGMAC_CLI_FILES_H

#include "cli/options.h"

/* Reads a file or `-` (standard input); at most `limit` bytes. The text is in the arena, aligned to 16, NUL behind it.
 * On failure false, and *why is a constant or errno's text. */
bool file_read(Str *out, Arena *a, const char *path, size_t limit, const char **why);

/* Rule files at path: the file itself (`-` too), or all *.yml and *.yaml below a folder, sorted by path; links to folders
 * and folders `*.tests` are not followed. Problems with folders below are reported through `problem`, and the rest goes on. False where
 * path itself cannot be used. */
typedef void FileProblem(void *ctx, Str path, const char *why);
bool files_find(StrList *out, Arena *a, Str path, FileProblem *problem, void *ctx);

/* Writes to a new file beside path and renames it; `-` is standard output. */
bool file_write(const char *path, Str bytes, const char **why);

#endif
