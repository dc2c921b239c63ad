/* SPDX-License-Identifier: MIT
 * What a path holds: the rule file itself, or all *.yml and *.yaml below a folder, sorted by path; links to folders and
 * folders *.tests are not followed, and .sigmac.yml
 * is no rule. Of these, *.vars.yml and *.vars.yaml hold values of placeholders (compiler/vars.h); for
 * a single rule file they may stand beside it under its name. */
#ifndef SIGMAC_COMPILER_PATHS_H
#define SIGMAC_COMPILER_PATHS_H

#include "base/intern.h"

/* What cannot be read is told, and the rest goes on; `why` is constant, or errno's text. */
typedef void PathProblem(void *ctx, Str path, const char *why);

typedef VEC(Str) PathList;

typedef struct {
  PathList rules, vars;
} PathFiles;

/* The files of a path, in the arena, with a NUL behind. False where the path itself cannot be used. */
bool paths_find(PathFiles *out, Arena *arena, Str path, PathProblem *problem, void *ctx);

/* The text of a file, in the arena; of one above the limit of rule files, enough to see that it is. False after telling. */
bool paths_read(Str *out, Arena *arena, Str path, PathProblem *problem, void *ctx);

typedef enum { PATH_READ, PATH_KNOWN, PATH_UNREADABLE } PathResult;
/* The same for a file that is not among those seen, be it under another name; then it is. */
PathResult paths_read_new(Str *out, Arena *arena, Intern *seen, Str path, PathProblem *problem, void *ctx);

/* The text of a file below a folder, links followed: they must not lead out of it. False where it cannot be read; *why is
 * constant, or errno's text, or NULL where there is no such file. */
bool paths_read_below(Str *out, Arena *arena, Str folder, Str path, const char **why);

/* The working folder; `/` where it cannot be told. */
Str paths_here(Arena *arena);

/* Device and number of a file, as a key: the same for all paths that lead to it. Empty where it cannot be told. */
Str paths_identity(Arena *arena, Str path);

#endif
