/* SPDX-License-Identifier: MIT */
#include "compiler/target.h"

const char *const target_word[TARGET_COUNT] = {"", WORD_OF_TARGET_EQL, WORD_OF_TARGET_KQL};

Target target_find(Str word) {
  for (int t = TARGET_NONE + 1; t < TARGET_COUNT; t++)
    if (str_is(word, target_word[t])) return (Target)t;
  return TARGET_NONE;
}
