/* SPDX-License-Identifier: MIT
 * Events one after another for commands that look at each of them: from files, folders of logs, standard input (`-`), or an
 * argument that is an event itself (it begins with `{`). What cannot be read, and what is no event, is reported on stderr,
 * and the rest goes on. */
#ifndef SIGMAC_CLI_EVENTS_H
#define SIGMAC_CLI_EVENTS_H

#include "cli/options.h"
#include "cli/places.h"

/* One event and where it stands. */
typedef struct {
  Str name; /* of its input, safe to show; lives as long as the arguments */
  Str text; /* empty where it is above the limit of an event */
  uint64_t line, index;
  bool too_large;
} Event;

typedef struct EventReader {
  /* Set by the caller: */
  const Args *args;
  bool (*event)(void *ctx, struct EventReader *r);   /* called for each event; false: no more are wanted */
  void (*message)(void *ctx, Str text);              /* takes what is to be said, as lines; NULL: it is printed on stderr */
  void (*opened)(void *ctx, int fd);                 /* an input is read now; NULL for nothing */
  void (*closed)(void *ctx);                         /* it is done; NULL for nothing */
  void (*between)(void *ctx, struct EventReader *r); /* called behind an event whose place is noted; NULL for nothing */
  void *ctx;
  Places *places; /* plain files go on where they were left, and how far they are read is noted there; NULL: they do not */
  Input input;    /* idle, idle_ctx, stop */
  /* The present event: */
  Str name;       /* of its input, safe to show */
  Str text;       /* valid during the call; empty where it is above the limit of an event */
  bool too_large; /* event_bad says so */
  uint64_t index; /* from 0, or where the caller begins, over all inputs, bad ones included */
  /* Of all: */
  uint64_t bad;
  bool enough;
  int status; /* EXIT_OK or EXIT_BAD_INPUT */
} EventReader;

/* Reads all inputs that args->paths name, standard input where there is none. */
void events_read(EventReader *r);
void events_free(EventReader *r);
/* Gives out an event of an input that the caller reads by itself; line, name and index are those of the reader. */
void events_give(EventReader *r, Str text, bool too_large);
/* The event that was given out last, and all before it, are noted in the places. */
static inline void events_between(EventReader *r) {
  if (r->between) r->between(r->ctx, r);
}
/* The place of an open file under this path; a new one where there is none. Where there is one of another file, that one is
 * found under the name that it has now, which is then open in *renamed (else -1), or it is said that what was not read of it is lost. */
ReadPlace *events_place(EventReader *r, Str path, int fd, int *renamed);
/* Says something with "what: error: " in front, or a note; the status is then that of bad input. */
void events_unreadable(EventReader *r, Str path, const char *why);
void events_fault(EventReader *r, const Input *in);
void events_note(const EventReader *r, Str text);
/* A path as it may be shown. */
Str events_shown(const EventReader *r, Str path);

Event event_now(const EventReader *r);
/* The report of an event that is none, at a byte of it. */
void event_bad_text(Buf *out, const Event *e, const char *message, size_t offset);
/* Of so many reports the first ones are shown, the last of them with `text` saying so. False for one that is not. */
bool event_bad_shown(Buf *text, uint64_t number);
/* Reports the present event as one that is none, and counts it: for callers that do it while they read. */
void event_bad(EventReader *r, const char *message, size_t offset);

#endif
