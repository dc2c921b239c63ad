/* SPDX-License-Identifier: MIT
 * Paths as text: nothing here looks at the file system, links are not followed. */
#ifndef SIGMAC_BASE_PATH_H
#define SIGMAC_BASE_PATH_H

#include "base/arena.h"

/* The path from the root on, without `.`, `..` and empty parts; `here` is the folder that it is relative to. With a NUL behind. */
Str path_absolute(Arena *a, Str here, Str path);
/* Without its last part; `/` of what stands at the root. The path is absolute. */
Str path_folder(Str path);
/* Whether a path is a folder, or below it; both absolute. */
bool path_is_within(Str folder, Str path);
/* What stands behind the folder; empty where the path is not below it. */
Str path_behind(Str folder, Str path);
/* How a path is called in a folder, with `..` where it is not below it; both absolute. */
Str path_relative(Arena *a, Str folder, Str path);

#endif
