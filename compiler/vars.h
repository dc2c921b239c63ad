/* SPDX-License-Identifier: MIT
 * Values of placeholders (semantics 9.15): where they come from, and how rules find them.
 *
 * A file of values is YAML, a map with the one key `vars`:
 *
 *   vars:
 *     authorised_resolvers: [8.8.8.8, 8.8.4.4]
 *     admin_hosts: 'JUMP-*'
 *
 * A value is text, a number or a boolean, taken as it is written; `[]` is an empty list. Values are patterns, as in a
 * rule. Of an entry with an error nothing is taken: half of a list would be another list. */
#ifndef SIGMAC_COMPILER_VARS_H
#define SIGMAC_COMPILER_VARS_H

#include "base/diag.h"
#include "base/intern.h"

typedef struct {
  Str name;
  VEC(Str) values;
  bool used; /* some rule has the placeholder */
  bool has_default;
  Span at; /* of the name in the file that has the default */
} Var;

/* All zero is empty. Texts are borrowed: they live as long as the arena that is passed. */
typedef struct {
  VEC(Var) list; /* in order of first appearance */
  Intern names;  /* id: index in list */
} Vars;

typedef enum {
  VARS_DEFAULT, /* stands beside the rules: a second file with the same name is an error, and is not taken */
  VARS_MORE     /* the user names it: its values are added */
} VarsRole;

/* NULL where the name has no values and was not said to be empty. */
const Var *vars_find(const Vars *vars, Str name);
/* Of the names that rules use, the one nearest to a misspelt one; empty where none is near. */
Str vars_like(const Vars *vars, Str name);
/* As vars_find, for a rule that has the placeholder. */
const Var *vars_use(Vars *vars, Str name);
/* The name of an assignment; whole where nothing is assigned. */
Str vars_name(Str assignment);
/* `NAME=VALUE` adds a value; `NAME` alone empties the list, whatever was there. False where the name is not one. */
bool vars_assign(Vars *vars, Str assignment, Arena *arena);
/* Reads a file of values; file is a number in sources. False where at least one error was reported. */
bool vars_read(Vars *vars, Sources *sources, uint32_t file, VarsRole role, Arena *arena, Diags *diags);

#endif
