/* SPDX-License-Identifier: MIT
 * Tables of what a pipeline may hold, for compiler/lists.c. */
#ifndef SIGMAC_COMPILER_PIPELINE_LISTS_H
#define SIGMAC_COMPILER_PIPELINE_LISTS_H

#include "compiler/lists.h"

void list_transformations(ListTable *t);
void list_conditions(ListTable *t);
void list_postprocessing(ListTable *t);
void list_finalizers(ListTable *t);

#endif
