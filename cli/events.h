/* SPDX-License-Identifier: MIT
 * Events one after another for commands that look at each of them: files, `-`, or an event given as an argument, which
 * begins with `{`. */
#ifndef SIGMAC_CLI_EVENTS_H
#define SIGMAC_CLI_EVENTS_H

#include "cli/options.h"

typedef struct {
  Str text; /* of one event, valid during the call; empty where it is above the limit of an event */
  bool too_large;
  uint64_t index; /* from 0 over all inputs, as `eval` counts */
  Str input;      /* name of the input */
  uint64_t line;
} EventText;

/* False: no more events are wanted. */
typedef bool EventFn(void *ctx, const EventText *event);

/* Reports inputs that cannot be read on stderr and goes on; returns the exit status. */
int events_each(const StrList *paths, Arena *arena, EventFn *fn, void *ctx);
/* Reports an event that is none; EXIT_BAD_INPUT. */
int event_bad(const EventText *event, const char *message, size_t offset);

#endif
