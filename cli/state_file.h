/* SPDX-License-Identifier: MIT
 * What `eval --state FILE` keeps from one run to the next (docs/restart.md): how far inputs were read, how many events there were,
 * what correlations have seen. The file is written whole beside its name and renamed, so that there is always one that is
 * whole; a sum over it tells of damage. One process has it at a time: it holds a lock on FILE.lock. */
#ifndef SIGMAC_CLI_STATE_FILE_H
#define SIGMAC_CLI_STATE_FILE_H

#include "cli/correlating.h"
#include "cli/places.h"

#define STATE_OPTIONS                                                                                            \
  {"state", 0, "FILE", "go on where the last run with this FILE stopped, and keep there how far this one comes", \
   "going on later (docs/restart.md)"},                                                                          \
  {                                                                                                              \
    "state-interval", 0, "SECONDS", "keep it so often, besides at the end (default: 30)"                         \
  }

typedef struct {
  const Args *args;
  const char *path, *temp; /* of the file, behind links; NULL: there is no --state */
  int lock;
  int64_t interval, opened, saved,
    cost; /* nanoseconds: between two times; when it was opened, saved last, and how long that took */
  uint64_t saved_index;
  Buf settings;     /* what must be the same, as lines */
  Places places;    /* of the last run, then of this one */
  uint64_t index;   /* of the first event of this run */
  Str correlations; /* what they had seen */
  bool failed;      /* it could not be saved, which was said */
  Arena arena;
} StateFile;

/* False where the options are wrong, the file is used by another process, or is none, damaged, or of other settings: which
 * is explained then, and nothing was written. Without --state there is nothing to do. */
bool state_open(StateFile *s, const EvalOptions *options);
/* Gives what was kept to the correlator; says what starts afresh. False, which is explained, where it is none. */
bool state_resume(StateFile *s, Correlating *c);
/* Whether it is time to save; `idle`: there is nothing to read at the moment. */
bool state_due(const StateFile *s, uint64_t index, bool idle);
/* Everything before the event of this number was written, nothing behind it was seen. False where it cannot be saved, which is said. */
bool state_save(StateFile *s, uint64_t index, const Correlating *c);
void state_close(StateFile *s);

#endif
