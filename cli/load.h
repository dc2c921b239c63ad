/* SPDX-License-Identifier: MIT
 * Rules from files, folders or an image, ready to be used; diagnostics go to stderr. */
#ifndef SIGMAC_CLI_LOAD_H
#define SIGMAC_CLI_LOAD_H

#include "cli/library.h"
#include "cli/options.h"

#define FILTER_OPTION \
  { "filter", 0, "PATH", "filters for the rules that do not stand among them: a file or a folder; may be repeated" }

typedef struct {
  sigmac_compiler *compiler; /* NULL for an image, and once there are rules */
  Arena *owner;              /* of the compiler */
  sigmac_rules *rules;       /* NULL where loading failed */
  Str image;
  uint32_t refused; /* documents */
  uint32_t filters; /* that changed rules */
  bool no_files;    /* there was no rule file at all, which was said */
  int status;       /* exit status so far */
} Loaded;

/* Loads the rules of `paths` (or one image) with the options `vars`, `var` and `filter` of the command, which has to have them. They live as long
 * as the arena of args. */
void load_rules(Loaded *out, const Args *args, const StrList *paths);
/* The same in two steps, and the end left to the caller. A compiler whose diagnostics go to stderr: out->compiler. */
void load_open(Loaded *out, const Args *args);
/* Adds rules and values to it. False where the usage is wrong, an image among the paths included, which is said. */
bool load_sources(Loaded *out, const Args *args, const StrList *paths);

/* Compiles what was added, and loads it: out->rules. */
void load_finish(Loaded *out, const Args *args, const StrList *paths);

#endif
