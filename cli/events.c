/* SPDX-License-Identifier: MIT */
#include "cli/events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/event_files.h"
#include "cli/memory.h"
#include "cli/say.h"

enum { SHOWN_BAD_EVENTS = 20 };

static void before_message(const EventReader *r) {
  if (r->before_message) r->before_message(r->ctx);
}

/* A signal came: what is going on ends. */
static bool stopped(const EventReader *r) { return r->input.stop && *r->input.stop; }

/* --- what is wrong ----------------------------------------------------------------------------------------- */

/* Where in the event: by its bytes, or by line and column of the input where the event goes over several lines. */
static void print_place(const EventReader *r, size_t offset) {
  unsigned long long line = r->input.line, column = 1;
  for (size_t i = 0; i < offset && i < r->text.n; i++) {
    char c = r->text.p[i];
    if (c == '\n') line++, column = 0;
    column += ((unsigned char)c & 0xC0) != 0x80; /* characters, not bytes */
  }
  if (line == r->input.line) fprintf(stderr, " (byte %zu)", offset + 1);
  else fprintf(stderr, " (line %llu, column %llu)", line, column);
}

void event_bad(EventReader *r, const char *message, size_t offset) {
  r->status = EXIT_BAD_INPUT;
  r->bad++;
  if (r->bad > SHOWN_BAD_EVENTS) return;
  before_message(r);
  fprintf(stderr, STR_FMT ":%llu: bad event: %s", STR_ARG(r->name), (unsigned long long)r->input.line,
          r->too_large ? "larger than the limit of 64 MiB" : message);
  if (!r->too_large) print_place(r, offset);
  fprintf(stderr, "\n%s", r->bad == SHOWN_BAD_EVENTS ? "more bad events are counted, not shown\n" : "");
}

/* A path as it may be shown. */
static Str shown(const EventReader *r, Str path) {
  Buf safe = {.heap = &cli_heap};
  buf_safe(&safe, path);
  Str copy = arena_dup(r->args->arena, buf_view(&safe));
  buf_free(&safe);
  return copy;
}

static void unreadable(void *ctx, Str path, const char *why) {
  EventReader *r = ctx;
  before_message(r);
  say(STR_FMT ": error: cannot be read: %s [%s]", STR_ARG(path), why, diag_info[ID_file_unreadable].text);
  r->status = EXIT_BAD_INPUT;
}

static void input_fault(EventReader *r) {
  const Input *in = &r->input;
  if (in->error) {
    unreadable(r, r->name, strerror(in->error));
    return;
  }
  if (!in->fault) return;
  before_message(r);
  fprintf(stderr, STR_FMT, STR_ARG(r->name));
  if (in->fault_line) fprintf(stderr, ":%llu", (unsigned long long)in->fault_line);
  fprintf(stderr, ": error: %s\n", in->fault);
  if (in->faults > 1)
    fprintf(stderr, STR_FMT ": %llu more faults like this\n", STR_ARG(r->name), (unsigned long long)in->faults - 1);
  r->status = EXIT_BAD_INPUT;
}

/* What a folder holds and is not read. */
static void note_left_out(const EventReader *r, Str folder, const EventFiles *found) {
  folder = shown(r, folder);
  before_message(r);
  if (!found->files.n) fprintf(stderr, STR_FMT ": warning: no files of events (%s)\n", STR_ARG(folder), EVENT_FILE_NAMES);
  if (r->args->quiet) return;
  if (found->skipped)
    fprintf(stderr, STR_FMT ": note: %u files are not read: by their names they hold no events (%s)\n", STR_ARG(folder),
            found->skipped, EVENT_FILE_NAMES);
  if (found->links)
    fprintf(stderr, STR_FMT ": note: %u links to folders are not followed: name them to read them\n", STR_ARG(folder),
            found->links);
}

/* --- reading ----------------------------------------------------------------------------------------------- */

static void give(EventReader *r, Str text, bool too_large) {
  r->text = text;
  r->too_large = too_large;
  r->enough = !r->event(r->ctx, r);
  r->index++;
}

static void read_open(EventReader *r, int fd) {
  Str text;
  input_open(&r->input, fd);
  for (InputResult got; !stopped(r) && !r->enough && (got = input_next(&r->input, &text)) != INPUT_DONE;) {
    if (stopped(r)) return; /* it may be cut off */
    give(r, text, got == INPUT_TOO_LARGE);
  }
  if (!stopped(r) && !r->enough) input_fault(r);
}

static bool packed_name(Str path) { return str_ends(path, STR(".gz")) || str_ends(path, STR(".zst")); }

static void read_file(EventReader *r, Str path) {
  bool standard = str_is(path, "-");
  int fd = standard ? STDIN_FILENO : open(arena_cstr(r->args->arena, path), O_RDONLY | O_CLOEXEC);
  r->name = standard ? STR("<stdin>") : shown(r, path);
  if (fd < 0 && stopped(r)) return; /* while it waited for the writer of a pipe */
  if (fd < 0) {
    unreadable(r, path, strerror(errno));
    return;
  }
  uint64_t before = r->input.bytes;
  if (r->opened) r->opened(r->ctx, fd);
  read_open(r, fd);
  if (r->closed) r->closed(r->ctx);
  if (r->input.bytes == before && packed_name(path) && !stopped(r) && !r->enough && !r->input.error)
    unreadable(r, path, "it is empty, where compressed data should be");
  if (!standard) close(fd);
}

static void read_folder(EventReader *r, Str path) {
  EventFiles found = {.problem = unreadable, .ctx = r};
  event_files_find(&found, r->args->arena, path);
  note_left_out(r, path, &found);
  for (uint32_t i = 0; i < found.files.n && !stopped(r) && !r->enough; i++) read_file(r, found.files.p[i]);
}

static void read_argument(EventReader *r, Str text) {
  r->name = STR("<argument>");
  r->input.line = 1;
  give(r, text, false);
}

static void read_path(EventReader *r, Str path) {
  if (str_starts(path, STR("{"))) read_argument(r, path);
  else if (!str_is(path, "-") && event_path_is_folder(r->args->arena, path)) read_folder(r, path);
  else read_file(r, path);
}

void events_read(EventReader *r) {
  const StrList *paths = &r->args->paths;
  r->input.buf.heap = r->input.packed.heap = &cli_heap;
  if (!paths->n) read_path(r, STR("-"));
  for (uint32_t i = 0; i < paths->n && !stopped(r) && !r->enough; i++) read_path(r, paths->p[i]);
}

void events_free(EventReader *r) { input_free(&r->input); }
