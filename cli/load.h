/* SPDX-License-Identifier: MIT
 * Rules from files, folders or an image, ready to be used; diagnostics go to stderr. */
#ifndef SIGMAC_CLI_LOAD_H
#define SIGMAC_CLI_LOAD_H

#include "cli/library.h"
#include "cli/options.h"

typedef struct {
  sigmac_compiler *compiler; /* NULL for an image, and once there are rules */
  Arena *owner;              /* of the compiler */
  sigmac_rules *rules;       /* NULL where loading failed */
  Str image;
  uint32_t refused; /* documents */
  bool no_files;    /* there was no rule file at all, which was said */
  int status;       /* exit status so far */
} Loaded;

/* Loads the rules of `paths` (or one image) with the options `vars` and `var` of the command (cli/vars.h). They live as long
 * as the arena of args. */
void load_rules(Loaded *out, const Args *args, const StrList *paths);
/* The same in two steps, and the end left to the caller. A compiler whose diagnostics go to stderr: out->compiler. */
void load_open(Loaded *out, const Args *args);
/* Adds rules and values to it. False where the usage is wrong, an image among the paths included, which is said. */
bool load_sources(Loaded *out, const Args *args, const StrList *paths);

/* Compiles what was added, and loads it: out->rules. */
void load_finish(Loaded *out, const Args *args, const StrList *paths);

#endif
