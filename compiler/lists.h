/* SPDX-License-Identifier: MIT
 * Tables of what there is (modifiers, opcodes, predicates ...), from the tables that the program works with: for people and
 * for the generated pages. */
#ifndef SIGMAC_COMPILER_LISTS_H
#define SIGMAC_COMPILER_LISTS_H

#include "base/buf.h"
#include "base/vec.h"

typedef enum { LIST_TEXT, LIST_JSON, LIST_MARKDOWN } ListFormat;

enum { LIST_COLUMNS = 6 };

typedef struct {
  Arena *arena;
  const char *heads[LIST_COLUMNS]; /* up to the first NULL */
  VEC(Str) cells;                  /* row by row */
} ListTable;

typedef struct {
  const char *name, *heads[LIST_COLUMNS];
  void (*fill)(ListTable *t); /* adds the cells */
} ListKind;

/* The tables of this layer and those below it; up to one with name NULL. */
extern const ListKind compiler_lists[];
/* Those of lint/, for sigmac_list: backends/ and lint/ stand beside each other, and neither includes the other. */
extern const ListKind lint_lists[];

void list_cell(ListTable *t, Str text); /* borrowed */
void list_number(ListTable *t, unsigned n);
/* Fills the table and prints it. The cells are made in the arena. */
void list_write(Buf *out, const ListKind *kind, ListFormat format, Arena *arena);

#endif
