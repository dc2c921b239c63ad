/* SPDX-License-Identifier: MIT */
#include "cli/level.h"

const LevelInfo level_info[LEVELS + 1] = {
  {"informational", ""}, {"low", "\033[36m"},        {"medium", "\033[33m"},
  {"high", "\033[31m"},  {"critical", "\033[1;31m"}, {"none", ""},
};

unsigned level_of(Str name) {
  unsigned i = 0;
  while (i < LEVELS && !str_eq_nocase(name, str_of(level_info[i].name))) i++;
  return i;
}
