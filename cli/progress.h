/* SPDX-License-Identifier: MIT
 * A line on a terminal's stderr that tells how far a run is. */
#ifndef SIGMAC_CLI_PROGRESS_H
#define SIGMAC_CLI_PROGRESS_H

#include <time.h>

#include "cli/options.h"

typedef struct {
  bool on;
  bool there;                   /* the line stands on the terminal */
  struct timespec start, shown; /* shown: when the line was printed last */
  uint64_t total;               /* bytes of all inputs as they are stored; 0 where not all are plain files */
  uint64_t before;              /* of them, those of the inputs that are done */
  int fd;                       /* of the present input */
} Progress;

/* `inputs` are paths as the command takes them; none is standard input. */
void progress_begin(Progress *p, bool on, Arena *a, const StrList *inputs);
/* An input is read now, from where the descriptor stands, until the next one is. */
void progress_input(Progress *p, int fd);
void progress_input_done(Progress *p);
/* Whether it is time for the line: false at once where there is no terminal. */
bool progress_due(const Progress *p);
void progress_show(Progress *p, uint64_t events, uint64_t bytes, uint64_t matches);
/* Takes the line away, before something else is printed. */
void progress_clear(Progress *p);
double progress_seconds(const Progress *p); /* since the beginning */

#endif
