/* SPDX-License-Identifier: MIT */
#include "cli/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/decompress.h"
#include "cli/interrupt.h"
#include "cli/memory.h"

enum { LOOK_AGAIN = 200 /* milliseconds */, BLOCK = 256 << 10, SHOWN_FAULTS = 20 };

typedef struct {
  Str path, name;
  const char *at; /* the path */
  int fd;         /* -1: not there yet */
  dev_t device;
  ino_t inode;
  uint64_t offset; /* bytes read */
  uint64_t line;   /* of the text that was not given out yet */
  Buf text;        /* its lines, the last one without its end */
  size_t searched; /* of the text: no line ends there */
  bool first;      /* nothing was given out yet */
  bool large;      /* the rest of the line is dropped: it is above the limit of an event */
  bool refused;    /* no text: nothing more is read of this file */
  bool said_missing, said_error;
  ReadPlace *place; /* how far it was given out; NULL: nobody asks */
} Followed;

typedef struct {
  EventReader *r;
  Followed *files;
  uint32_t n;
  unsigned faults; /* shown */
} Follow;

static bool over(const EventReader *r) { return r->enough || (r->input.stop && *r->input.stop); }

/* --- usage ------------------------------------------------------------------------------------------------- */

static const char *cannot_follow(const Args *args, Str path) {
  struct stat st;
  if (str_is(path, "-")) return "standard input is followed anyway, as long as somebody writes to it";
  if (str_starts(path, STR("{"))) return "it is an event";
  if (str_ends(path, STR(".gz")) || str_ends(path, STR(".zst"))) return "it is compressed";
  if (stat(arena_cstr(args->arena, path), &st) != 0) return NULL;
  if (S_ISDIR(st.st_mode)) return "it is a folder: name its files";
  return S_ISREG(st.st_mode) ? NULL : "it is no plain file";
}

bool follow_usage(const Args *args) {
  if (!args->paths.n) return usage_error(args, "--follow needs the names of files"), false;
  for (uint32_t i = 0; i < args->paths.n; i++) {
    const char *why = cannot_follow(args, args->paths.p[i]);
    if (why) return usage_error(args, "--follow " STR_FMT ": %s", STR_ARG(args->paths.p[i]), why), false;
  }
  return true;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

static void note(const Follow *w, const Followed *f, const char *what) {
  Buf text = {.heap = &cli_heap};
  if (!w->r->args->quiet) buf_printf(&text, STR_FMT ": note: %s\n", STR_ARG(f->name), what);
  if (text.n) events_note(w->r, buf_view(&text));
  buf_free(&text);
}

static void show_fault(Follow *w, const Input *in) {
  if (in->fault && w->faults++ < SHOWN_FAULTS) events_fault(w->r, in);
  if (in->fault) w->r->status = EXIT_BAD_INPUT;
}

static bool compressed(const Followed *f) { return f->first && codec_of((Str){f->text.p, f->text.n}) != CODEC_NONE; }

/* So much of what was read is given out. */
static void note_place(const Followed *f, size_t given, uint64_t line) {
  ReadPlace *p = f->place;
  if (!p || f->refused) return;
  p->at.offset = f->offset - f->text.n + given;
  p->at.line = line;
  p->large = f->large;
}

/* The events of whole lines, in the buffer of the file; how much of it they were. A signal ends it between them, but not in an array:
 * nobody could go on there. */
static size_t give_lines(Follow *w, Followed *f, size_t n) {
  EventReader *r = w->r;
  Input in = {0};
  Str text;
  r->name = f->name;
  if (compressed(f)) {
    f->refused = true;
    show_fault(w, &(Input){.fault = "it is compressed: only text can be followed"});
    return n;
  }
  input_open(&in, -1);
  in.buf = (Buf){.p = f->text.p, .n = n, .cap = n};
  in.eof = true;
  in.next_line = f->line;
  if (!f->first) in.mode = INPUT_SEQUENCE;
  size_t given = 0;
  bool all = false;
  while (!r->enough && (!over(r) || in.mode == INPUT_ARRAY)) {
    InputResult got = input_next(&in, &text);
    all = got == INPUT_DONE;
    if (all) break;
    r->input.line = in.line;
    events_give(r, text, got == INPUT_TOO_LARGE);
    if (in.mode != INPUT_SEQUENCE) continue;
    given = (size_t)in.offset;
    note_place(f, given, in.next_line);
    events_between(r);
  }
  f->refused = f->first && in.fault && !in.fault_line;
  f->first = false;
  f->line = in.next_line;
  if (!over(r)) show_fault(w, &in);
  return all ? n : given;
}

static void too_large(Follow *w, Followed *f) {
  w->r->name = f->name;
  w->r->input.line = f->line;
  events_give(w->r, STR(""), true);
  f->text.n = f->searched = 0;
}

static void forget(Buf *b, size_t n) {
  memmove(b->p, b->p + n, b->n - n);
  b->n -= n;
  if (!b->n && b->cap > 4 * (size_t)BLOCK) buf_free(b);
}

/* What was read is there: gives out what is whole of it. At the end of a file all of it is. */
static void take_lines(Follow *w, Followed *f, bool end) {
  size_t n = f->text.n;
  while (n > f->searched && f->text.p[n - 1] != '\n') n--;
  if (n == f->searched) n = 0;
  if (f->large && n) { /* its end is among them */
    const char *line = memchr(f->text.p, '\n', f->text.n);
    size_t rest = (size_t)(line - f->text.p) + 1;
    forget(&f->text, rest);
    f->searched = 0;
    f->large = false;
    f->line++;
    n -= rest;
  }
  if (end && !f->large) n = f->text.n;
  if (n) forget(&f->text, give_lines(w, f, n));
  f->searched = f->text.n;
  if (f->large) f->text.n = f->searched = 0;
  if (f->text.n > LIMIT_EVENT_BYTES) {
    too_large(w, f);
    f->large = true;
  }
  note_place(f, 0, f->line);
}

/* --- files ------------------------------------------------------------------------------------------------- */

static void begin(Followed *f) {
  f->offset = 0;
  f->line = 1;
  f->text.n = f->searched = 0;
  f->first = true;
  f->large = f->refused = false;
}

static void leave(Followed *f) {
  if (f->place) place_rest(f->place);
  if (f->fd >= 0) close(f->fd);
  f->fd = -1;
}

static void trouble(Follow *w, Followed *f, const char *why) {
  if (!f->said_error) events_unreadable(w->r, f->path, why);
  f->said_error = true;
}

static bool look_into(Followed *f) {
  struct stat st;
  if (fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode)) return false;
  f->device = st.st_dev;
  f->inode = st.st_ino;
  return true;
}

/* Goes on where an earlier run stopped: in the file that has the name, or first in the one that had it. */
static void go_on(Follow *w, Followed *f) {
  int renamed;
  w->r->name = f->name;
  ReadPlace *p = events_place(w->r, f->path, f->fd, &renamed);
  if (renamed >= 0) {
    places_drop(w->r->places, p);
    close(f->fd);
    f->fd = renamed;
    p = places_of_open(w->r->places, renamed);
    look_into(f);
  }
  f->place = p;
  if (!p->at.offset || lseek(f->fd, (off_t)p->at.offset, SEEK_SET) < 0) return;
  f->offset = p->at.offset;
  f->line = p->at.line;
  f->large = p->large;
  f->first = false;
}

static void enter(Follow *w, Followed *f) {
  f->fd = open(f->at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (f->fd < 0 && errno == ENOENT) {
    if (!f->said_missing) note(w, f, "it is not there yet: waiting for it");
    f->said_missing = true;
    return;
  }
  if (f->fd < 0) {
    trouble(w, f, strerror(errno));
    return;
  }
  if (!look_into(f)) {
    trouble(w, f, "it is no plain file");
    leave(f);
    return;
  }
  f->said_error = false;
  f->said_missing = true; /* when it goes, that is a rotation */
  begin(f);
  if (w->r->places) go_on(w, f);
}

/* One block. False at the present end. */
static bool read_some(Follow *w, Followed *f) {
  buf_reserve(&f->text, BLOCK);
  ssize_t n = f->fd >= 0 ? read(f->fd, f->text.p + f->text.n, BLOCK) : 0;
  if (n < 0 && errno != EINTR) trouble(w, f, strerror(errno));
  if (n <= 0) return false;
  f->text.n += (size_t)n;
  f->offset += (uint64_t)n;
  w->r->input.bytes += (uint64_t)n;
  if (f->refused) f->text.n = 0;
  else take_lines(w, f, false);
  return true;
}

static void check_emptied(Follow *w, Followed *f) {
  struct stat st;
  if (f->fd < 0 || fstat(f->fd, &st) != 0 || (uint64_t)st.st_size >= f->offset) return;
  note(w, f, "it was emptied: read from its beginning again");
  (void)!lseek(f->fd, 0, SEEK_SET);
  begin(f);
  if (f->place) place_begin(f->place);
}

/* Whether another file has the name by now, with something in it. */
static bool replaced(const Followed *f) {
  struct stat st;
  if (f->fd < 0 || stat(f->at, &st) != 0 || !st.st_size) return false;
  return st.st_dev != f->device || st.st_ino != f->inode;
}

static void change(Follow *w, Followed *f) {
  while (!over(w->r) && read_some(w, f)) {
  }
  if (over(w->r)) return;
  take_lines(w, f, true);
  if (over(w->r)) return;
  leave(f);
  if (f->place) places_drop(w->r->places, f->place);
  f->place = NULL;
  enter(w, f);
}

/* Whether there was something. */
static bool look_at(Follow *w, Followed *f) {
  if (f->fd < 0) enter(w, f);
  else check_emptied(w, f);
  if (read_some(w, f)) return true;
  if (!replaced(f)) return false;
  change(w, f);
  return true;
}

void follow_read(EventReader *r) {
  const StrList *paths = &r->args->paths;
  Follow w = {.r = r, .files = arena_array(r->args->arena, Followed, paths->n), .n = paths->n};
  for (uint32_t i = 0; i < w.n; i++)
    w.files[i] = (Followed){.path = paths->p[i],
                            .at = arena_cstr(r->args->arena, paths->p[i]),
                            .name = events_shown(r, paths->p[i]),
                            .fd = -1,
                            .text.heap = &cli_heap};
  while (!over(r)) {
    bool some = false;
    for (uint32_t i = 0; i < w.n && !over(r); i++) some |= look_at(&w, &w.files[i]);
    if (some || over(r)) continue;
    r->input.idle(r->input.idle_ctx);
    if (!over(r)) interrupt_wait(LOOK_AGAIN);
  }
  for (uint32_t i = 0; i < w.n; i++) {
    leave(&w.files[i]);
    buf_free(&w.files[i].text);
  }
}
