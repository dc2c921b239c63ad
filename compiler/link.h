/* SPDX-License-Identifier: MIT
 * The linker: shares fields, tests, predicates and text between rules, fuses `FIELD, TEST` pairs of plain code into
 * numbered predicates, and writes the image. */
#ifndef SIGMAC_COMPILER_LINK_H
#define SIGMAC_COMPILER_LINK_H

#include "compiler/codegen.h"
#include "compiler/tune.h"

/* Everything of the linker lives in arena; nothing of a rule that was added is needed any more. */
Linker *linker_new(Arena *arena, Sources *sources);
Arena *linker_scratch(Linker *l); /* of the rule that is added */
/* The number of a field path (0 for any value) and of a test; equal ones get the same number. */
uint32_t linker_field(Linker *l, const IrItem *item);
uint32_t linker_test(Linker *l, const IrTest *test);
uint32_t linker_field_named(Linker *l, Str path);
StrRef linker_str(Linker *l, Str s);
ListRef linker_list(Linker *l, const TextList *list);
/* What a document says of itself. */
void linker_metadata(Linker *l, MetaRec *out, const Rule *rule);
/* What was collected so far, for a pass that adds records of its own. */
ImageBuilder *linker_image(Linker *l);
/* A line of another file is told only with the selection, which says of what filter it is. */
PlaceRec linker_place(Linker *l, Span at, Str selection);

/* Adds a rule; false when it does not fit an image (too many predicates, too much code or text). */
bool linker_add(Linker *l, const IrRule *rule);
/* Something that the rules were compiled with, such as a pipeline. */
void linker_version(Linker *l, Str name, Str value);
/* Statistics of a sample, instead of those that are shipped. Borrowed. */
void linker_statistics(Linker *l, const Tuned *tuned);
/* The image of all rules added, in owner. */
Str linker_finish(Linker *l, const Vars *vars, Arena *owner);

#endif
