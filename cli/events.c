/* SPDX-License-Identifier: MIT */
#include "cli/events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/input.h"

typedef struct {
  Input input;
  EventText event;
  EventFn *fn;
  void *ctx;
  bool enough;
  int status;
} Reader;

static void fault(Reader *r, const char *why) {
  fprintf(stderr, STR_FMT ": error: %s\n", STR_ARG(r->event.input), why);
  r->status = EXIT_BAD_INPUT;
}

static void give(Reader *r) {
  r->enough = !r->fn(r->ctx, &r->event);
  r->event.index++;
}

static void read_open(Reader *r, int fd) {
  input_open(&r->input, fd);
  for (InputResult got; !r->enough && (got = input_next(&r->input, &r->event.text)) != INPUT_DONE;) {
    r->event.too_large = got == INPUT_TOO_LARGE;
    r->event.line = r->input.line;
    give(r);
  }
  if (r->enough) return;
  if (r->input.error) fault(r, strerror(r->input.error));
  else if (r->input.fault) fault(r, r->input.fault);
}

static void read_path(Reader *r, Str path, Arena *arena) {
  bool standard = str_is(path, "-");
  r->event.input = standard ? STR("<stdin>") : path;
  if (str_starts(path, STR("{"))) {
    r->event.input = STR("<argument>");
    r->event.text = path;
    r->event.too_large = false;
    r->event.line = 1;
    give(r);
    return;
  }
  int fd = standard ? STDIN_FILENO : open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    fprintf(stderr, STR_FMT ": error: cannot be read: %s [%s]\n", STR_ARG(path), strerror(errno),
            diag_info[ID_file_unreadable].text);
    r->status = EXIT_BAD_INPUT;
    return;
  }
  read_open(r, fd);
  if (!standard) close(fd);
}

int events_each(const StrList *paths, Arena *arena, EventFn *fn, void *ctx) {
  Reader r = {.fn = fn, .ctx = ctx, .status = EXIT_OK};
  for (uint32_t i = 0; i < paths->n && !r.enough; i++) read_path(&r, paths->p[i], arena);
  input_free(&r.input);
  return r.status;
}

int event_bad(const EventText *event, const char *message, size_t offset) {
  fprintf(stderr, STR_FMT ":%llu: bad event: %s (byte %zu)\n", STR_ARG(event->input), (unsigned long long)event->line,
          event->too_large ? "larger than the limit of 64 MiB" : message, offset + 1);
  return EXIT_BAD_INPUT;
}
