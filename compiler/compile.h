/* SPDX-License-Identifier: MIT
 * The driver: files in, phases in order, an image out. One rule's error never stops the set. */
#ifndef SIGMAC_COMPILER_COMPILE_H
#define SIGMAC_COMPILER_COMPILE_H

#include "compiler/filter.h"
#include "compiler/link.h"
#include "compiler/model.h"

/* A rule as it was lowered, with its filters: what plan_rule takes. */
typedef struct {
  Rule *rule;
  IrRule ir;
  bool broken; /* an error was reported: there is no ir */
} Lowered;

typedef struct {
  Arena *arena; /* owner of everything, also the sources' texts */
  Arena *trees; /* the YAML of rules; gone when the image is laid out, unless keep_ir */
  Sources sources;
  Diags diags;
  RuleSet rules; /* all documents read */
  Vars vars;
  Passes passes;
  Pipelines *pipelines; /* NULL: none */
  Model *model;         /* of them; NULL: none */
  TypeTable *types;     /* --types; NULL: none */
  AbsentFields absent;
  Tune *tune;         /* what was counted in a sample of events; NULL: none */
  bool misconfigured; /* an error in a pipeline or a file of types: no rule has a meaning */
  bool merged, prepared;
  bool keep_ir;                   /* else what is made of a rule goes when the next one begins */
  VEC(IrRule) ir;                 /* keep_ir: frozen rules, in the order of the image */
  uint32_t compiled;              /* rules of the image */
  uint32_t unreadable;            /* documents that are not well-formed YAML */
  uint32_t refused;               /* documents with errors, these included */
  Filters *filter_pass;           /* NULL: rules are lowered without their filters */
  uint32_t correlations, filters; /* without an error, in the image; that changed rules */
} Compiler;

void compiler_init(Compiler *c, Arena *arena);
/* Adds one rule file; text is borrowed and must live as long as the arena. Reads and parses it at once. */
void compiler_add(Compiler *c, Str path, Str text);
/* The same for a file of filters: what is no filter is an error. */
void compiler_add_filters(Compiler *c, Str path, Str text);
/* The same for a file of placeholder values (compiler/vars.h). */
void compiler_add_vars(Compiler *c, Str path, Str text, VarsRole role);
/* Adds a pipeline; `folder` is where the files stand that it names (compiler/shipped.h), empty: nowhere. An error is reported at
 * once, and leaves the compiler misconfigured. */
void compiler_add_pipeline(Compiler *c, Str path, Str folder, Str text);
/* Adds a file of types (compiler/types.h). */
void compiler_add_types(Compiler *c, Str path, Str text);
/* All pipelines are added, and values of placeholders that stand beside rules: what follows comes behind those of pipelines. */
void compiler_merge_pipelines(Compiler *c);
/* All files are added: merges pipelines, resolves references. Once; later calls say the same. False where the compiler is
 * misconfigured. */
bool compiler_prepare(Compiler *c);
/* Behind compiler_prepare, once: lowers the filters, for the rules that are begun from now on. */
void compiler_ready_filters(Compiler *c);
/* Lowers a document that is no correlation. Up to compiler_end_rule, the arena of the passes is its own, and their budget is
 * open for it. */
void compiler_begin_rule(Compiler *c, Lowered *out, Rule *rule);
void compiler_end_rule(Compiler *c);
/* For plan_rule of these rules. */
PlanOptions compiler_plan_options(const Compiler *c, Target target);
/* Diagnostics in the order of files and places. */
void compiler_sort_diags(Compiler *c);
/* Counts an event of a sample, an object in scratch: what is chosen for the index of the image follows what is rare in it. Behind
 * the pipelines, since with those events keep their shape. */
void compiler_tune(Compiler *c, struct Value *event, Arena *scratch);
/* All files are added: resolve, lower, expand, simplify, codegen, link. The image is in the arena; it holds the rules
 * that compiled, be it none. It is not verified yet. No rule can be planned behind it. Empty where the compiler is
 * misconfigured. */
Str compiler_finish(Compiler *c);

#endif
