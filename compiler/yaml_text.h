/* SPDX-License-Identifier: MIT
 * The text of a rule file as libyaml may see it. libyaml takes U+0085, U+2028 and U+2029 for line ends, which YAML 1.2 does
 * not, and gives up everything that it has read ahead at a character that YAML does not allow. So both are replaced by
 * stand-ins of the same length: places stay what they are. */
#ifndef SIGMAC_COMPILER_YAML_TEXT_H
#define SIGMAC_COMPILER_YAML_TEXT_H

#include "base/diag.h"

enum { YAML_NOT_LINE_ENDS = 3 };

typedef struct {
  Str text;                         /* for libyaml; the source itself where nothing had to be replaced */
  Str stand_in[YAML_NOT_LINE_ENDS]; /* for U+0085, U+2028, U+2029; empty where there is none */
  VEC(uint32_t) forbidden;          /* bytes where a character was that YAML does not allow, ascending; all are reported */
} YamlText;

/* False after reporting that the file as a whole cannot be read: not UTF-8, or made to keep libyaml busy. */
bool yaml_text_prepare(YamlText *out, uint32_t file, Str source, Arena *arena, Diags *diags);
/* The characters that the stand-ins of a scalar stand for. */
Str yaml_text_restore(const YamlText *t, Str scalar, Arena *arena);

#endif
