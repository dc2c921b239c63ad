/* SPDX-License-Identifier: MIT
 * Command line options: one table per command, from which parsing and --help come. */
#ifndef SIGMAC_CLI_OPTIONS_H
#define SIGMAC_CLI_OPTIONS_H

#include "base/vec.h"

enum { EXIT_OK = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_BAD_INPUT = 3 };

typedef struct {
  const char *name;  /* long, without dashes */
  char letter;       /* short; 0 for none */
  const char *value; /* name of its value in --help; NULL: takes none */
  const char *help;  /* NULL: not shown */
  const char *group; /* heading above this option in --help; NULL: it belongs to those before it */
} Option;

typedef VEC(Str) StrList;
struct Args;

typedef struct {
  const char *name, *summary;
  const char *usage;     /* behind `sigmac NAME` */
  const Option *options; /* up to one with name NULL; those that all commands have are not listed */
  const char *more;      /* text below the options; may be NULL */
  int (*run)(struct Args *args);
} Command;

typedef struct Args {
  Arena *arena;
  const Command *command;
  StrList *values; /* by number of the option; "" for options without value */
  StrList paths;   /* what is no option */
  bool quiet, colour;
} Args;

/* Parses argv behind the name of the command. False where the command must not run: *status then holds the exit
 * status (help was printed, or the usage was wrong and is explained on stderr). */
bool args_parse(Args *args, const Command *command, int argc, char **argv, Arena *arena, int *status);
/* Values of an option, in order; none where it was not given. */
const StrList *args_values(const Args *args, const char *option);
bool args_has(const Args *args, const char *option);
/* The last value, or `fallback`. */
Str args_last(const Args *args, const char *option, const char *fallback);
/* How many of the paths are `-`. */
uint32_t std_inputs(const StrList *paths);
/* Prints a usage error to stderr and returns EXIT_USAGE. */
int usage_error(const Args *args, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
