/* SPDX-License-Identifier: MIT */
#include "cli/events.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/event_files.h"
#include "cli/memory.h"
#include "cli/say.h"

enum { SHOWN_BAD_EVENTS = 20 };

/* A signal came: what is going on ends. */
static bool stopped(const EventReader *r) { return r->input.stop && *r->input.stop; }

/* --- what is wrong ----------------------------------------------------------------------------------------- */

void events_note(const EventReader *r, Str text) {
  if (r->message) r->message(r->ctx, text);
  else fwrite(text.p, 1, text.n, stderr);
}

static void tell(const EventReader *r, Buf *text) {
  events_note(r, buf_view(text));
  buf_free(text);
}

Event event_now(const EventReader *r) {
  return (Event){.name = r->name, .text = r->text, .line = r->input.line, .index = r->index, .too_large = r->too_large};
}

/* Where in the event: by its bytes, or by line and column of the input where the event goes over several lines. */
static void put_place(Buf *out, const Event *e, size_t offset) {
  unsigned long long line = e->line, column = 1;
  for (size_t i = 0; i < offset && i < e->text.n; i++) {
    char c = e->text.p[i];
    if (c == '\n') line++, column = 0;
    column += ((unsigned char)c & 0xC0) != 0x80; /* characters, not bytes */
  }
  if (line == e->line) buf_printf(out, " (byte %zu)", offset + 1);
  else buf_printf(out, " (line %llu, column %llu)", line, column);
}

void event_bad_text(Buf *out, const Event *e, const char *message, size_t offset) {
  buf_printf(out, STR_FMT ":%llu: bad event: %s", STR_ARG(e->name), (unsigned long long)e->line,
             e->too_large ? "larger than the limit of 64 MiB" : message);
  if (!e->too_large) put_place(out, e, offset);
  buf_char(out, '\n');
}

bool event_bad_shown(Buf *text, uint64_t number) {
  if (number == SHOWN_BAD_EVENTS) buf_str(text, STR("more bad events are counted, not shown\n"));
  return number <= SHOWN_BAD_EVENTS;
}

void event_bad(EventReader *r, const char *message, size_t offset) {
  Buf text = {.heap = &cli_heap};
  Event e = event_now(r);
  r->status = EXIT_BAD_INPUT;
  event_bad_text(&text, &e, message, offset);
  if (event_bad_shown(&text, ++r->bad)) tell(r, &text);
  else buf_free(&text);
}

Str events_shown(const EventReader *r, Str path) {
  Buf safe = {.heap = &cli_heap};
  buf_safe(&safe, path);
  Str copy = arena_dup(r->args->arena, buf_view(&safe));
  buf_free(&safe);
  return copy;
}

void events_unreadable(EventReader *r, Str path, const char *why) {
  Buf text = {.heap = &cli_heap};
  say_into(&text, STR_FMT ": error: cannot be read: %s [%s]", STR_ARG(path), why, diag_info[ID_file_unreadable].text);
  tell(r, &text);
  r->status = EXIT_BAD_INPUT;
}

static void unreadable(void *ctx, Str path, const char *why) { events_unreadable(ctx, path, why); }

void events_fault(EventReader *r, const Input *in) {
  Buf text = {.heap = &cli_heap};
  if (in->error) {
    events_unreadable(r, r->name, strerror(in->error));
    return;
  }
  if (!in->fault) return;
  buf_str(&text, r->name);
  if (in->fault_line) buf_printf(&text, ":%llu", (unsigned long long)in->fault_line);
  buf_printf(&text, ": error: %s\n", in->fault);
  if (in->faults > 1)
    buf_printf(&text, STR_FMT ": %llu more faults like this\n", STR_ARG(r->name), (unsigned long long)in->faults - 1);
  tell(r, &text);
  r->status = EXIT_BAD_INPUT;
}

/* What a folder holds and is not read. */
static void note_left_out(const EventReader *r, Str folder, const EventFiles *found) {
  Buf text = {.heap = &cli_heap};
  folder = events_shown(r, folder);
  if (!found->files.n) buf_printf(&text, STR_FMT ": warning: no files of events (%s)\n", STR_ARG(folder), EVENT_FILE_NAMES);
  if (found->skipped && !r->args->quiet)
    buf_printf(&text, STR_FMT ": note: %u files are not read: by their names they hold no events (%s)\n", STR_ARG(folder),
               found->skipped, EVENT_FILE_NAMES);
  if (found->links && !r->args->quiet)
    buf_printf(&text, STR_FMT ": note: %u links to folders are not followed: name them to read them\n", STR_ARG(folder),
               found->links);
  tell(r, &text);
}

/* --- places ------------------------------------------------------------------------------------------------ */

static void note(const EventReader *r, const char *what) {
  Buf text = {.heap = &cli_heap};
  if (r->args->quiet) return;
  buf_printf(&text, STR_FMT ": note: %s\n", STR_ARG(r->name), what);
  tell(r, &text);
}

static void note_place(ReadPlace *p, const Input *in) {
  p->at = input_place(in);
  p->packed = in->decoder != NULL;
  p->events++;
}

/* A file that has not grown past what was read of it was cut; else it is another one. */
static void say_lost(const EventReader *r, const ReadPlace *p, int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return;
  bool same = p->device == (uint64_t)st.st_dev && p->inode == (uint64_t)st.st_ino;
  if (same && (uint64_t)st.st_size < p->at.offset)
    note(r, "it is shorter than what was read of it before: it is read from its beginning");
  else if (same) note(r, "what was read of it before has changed: it is read from its beginning");
  else
    note(r, "it is another file than before: it is read from its beginning, and what was not read of the one before, if anything, "
            "is lost");
}

ReadPlace *events_place(EventReader *r, Str path, int fd, int *renamed) {
  ReadPlace *p = places_known(r->places, path, fd), *before = p ? NULL : places_of_path(r->places, path);
  *renamed = before ? places_renamed(r->places, before) : -1;
  if (before && *renamed < 0) {
    say_lost(r, before, fd);
    places_drop(r->places, before);
  }
  return p ? p : places_new(r->places, path, fd);
}

/* --- reading ----------------------------------------------------------------------------------------------- */

void events_give(EventReader *r, Str text, bool too_large) {
  r->text = text;
  r->too_large = too_large;
  r->enough = !r->event(r->ctx, r);
  r->index++;
}

/* `place`: of the input; may be NULL. */
static void read_rest(EventReader *r, ReadPlace *place) {
  Str text;
  for (InputResult got; !stopped(r) && !r->enough && (got = input_next(&r->input, &text)) != INPUT_DONE;) {
    if (stopped(r)) return; /* it may be cut off */
    events_give(r, text, got == INPUT_TOO_LARGE);
    if (!place) continue;
    note_place(place, &r->input);
    events_between(r);
  }
  if (stopped(r) || r->enough) return;
  events_fault(r, &r->input);
  if (place && !r->input.error) place_finish(place);
}

static void read_open(EventReader *r, int fd) {
  input_open(&r->input, fd);
  read_rest(r, NULL);
}

/* From its beginning, without what was given out before. False where that was another text. */
static bool skip_events(EventReader *r, const ReadPlace *p) {
  Str text;
  uint64_t n = p->events;
  while (n && !stopped(r) && input_next(&r->input, &text) != INPUT_DONE) n--;
  return stopped(r) || (!n && r->input.offset == p->at.offset);
}

static void read_on(EventReader *r, ReadPlace *p, int fd) {
  if (place_done(p, fd)) return;
  p->done = false;
  input_open(&r->input, fd);
  if (!input_go_on(&r->input, &p->at) && !skip_events(r, p)) {
    note(r, "it is not the text that was read before: it is read from its beginning");
    (void)!lseek(fd, 0, SEEK_SET);
    input_open(&r->input, fd);
    place_begin(p);
  }
  read_rest(r, p);
}

static void read_plain(EventReader *r, Str path, int fd) {
  int renamed;
  Str name = r->name;
  ReadPlace *p = events_place(r, path, fd, &renamed);
  if (renamed >= 0) {
    ReadPlace *before = places_of_open(r->places, renamed);
    r->name = events_shown(r, before->path);
    read_on(r, before, renamed);
    place_rest(before);
    close(renamed);
    r->name = name;
  }
  if (!stopped(r) && !r->enough) read_on(r, p, fd);
  place_rest(p);
}

static bool packed_name(Str path) { return str_ends(path, STR(".gz")) || str_ends(path, STR(".zst")); }

static void read_file(EventReader *r, Str path) {
  bool standard = str_is(path, "-");
  int fd = standard ? STDIN_FILENO : open(arena_cstr(r->args->arena, path), O_RDONLY | O_CLOEXEC);
  r->name = standard ? STR("<stdin>") : events_shown(r, path);
  if (fd < 0 && stopped(r)) return; /* while it waited for the writer of a pipe */
  if (fd < 0) {
    unreadable(r, path, strerror(errno));
    return;
  }
  struct stat st;
  uint64_t before = r->input.bytes;
  if (r->opened) r->opened(r->ctx, fd);
  if (r->places && !standard && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) read_plain(r, path, fd);
  else read_open(r, fd);
  if (r->closed) r->closed(r->ctx);
  if (r->input.bytes == before && packed_name(path) && lseek(fd, 0, SEEK_END) == 0 && !stopped(r) && !r->enough && !r->input.error)
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
  events_give(r, text, false);
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
