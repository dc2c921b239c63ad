/* SPDX-License-Identifier: MIT
 * Unified differences of two texts, as `git apply -p0` and `patch -p0` read them. */
#ifndef SIGMAC_CLI_DIFF_H
#define SIGMAC_CLI_DIFF_H

#include "base/buf.h"

/* Nothing where the texts are the same. */
void diff_unified(Buf *out, Str path, Str before, Str after, bool colour);

#endif
