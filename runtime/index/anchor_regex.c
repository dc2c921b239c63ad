/* SPDX-License-Identifier: MIT */
#include "runtime/index/anchor_regex.h"

void anchor_regex(AnchorRun *r, Str pattern, unsigned flags) {
  (void)pattern;
  (void)flags;
  run_break(r);
}
