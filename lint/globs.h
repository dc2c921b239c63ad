/* SPDX-License-Identifier: MIT
 * Patterns of paths. */
#ifndef SIGMAC_LINT_GLOBS_H
#define SIGMAC_LINT_GLOBS_H

#include "base/str.h"

/* As in .gitignore: `*` and `?` fit no slash, `**` fits any text. A pattern with a slash in front of its end begins at the folder that `path` is
 * relative to, another one fits below it anywhere. What fits a folder fits all that is below. Of a pattern above 256 bytes false. */
bool glob_fits_path(Str pattern, Str path);
enum { GLOB_MAX = 256 };

#endif
