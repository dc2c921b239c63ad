/* SPDX-License-Identifier: MIT
 * The literals that must occur where a regular expression is found. */
#ifndef SIGMAC_RUNTIME_INDEX_ANCHOR_REGEX_H
#define SIGMAC_RUNTIME_INDEX_ANCHOR_REGEX_H

#include "runtime/index/anchor_run.h"

/* Adds the pattern, with RegexFlags, to a run. One that is not portable says nothing. */
void anchor_regex(AnchorRun *r, Str pattern, unsigned flags);

#endif
