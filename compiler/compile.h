/* SPDX-License-Identifier: MIT
 * The driver: files in, phases in order, an image out. One rule's error never stops the set. */
#ifndef SIGMAC_COMPILER_COMPILE_H
#define SIGMAC_COMPILER_COMPILE_H

#include "compiler/link.h"

typedef struct {
  Arena *arena; /* owner of everything, also the sources' texts */
  Sources sources;
  Diags diags;
  RuleSet rules; /* all documents read */
  Vars vars;
  Passes passes;
  VEC(IrRule) ir;                 /* frozen rules, in the order of the image */
  uint32_t unreadable;            /* documents that are not well-formed YAML */
  uint32_t refused;               /* documents with errors, these included */
  uint32_t correlations, filters; /* loaded but not part of the image */
} Compiler;

void compiler_init(Compiler *c, Arena *arena);
/* Adds one rule file; text is borrowed and must live as long as the arena. Reads and parses it at once. */
void compiler_add(Compiler *c, Str path, Str text);
/* The same for a file of placeholder values (compiler/vars.h). */
void compiler_add_vars(Compiler *c, Str path, Str text, VarsRole role);
/* All files are added: resolve, lower, expand, simplify, codegen, link. The image is in the arena; it holds the rules
 * that compiled, be it none. It is not verified yet. */
Str compiler_finish(Compiler *c);

#endif
