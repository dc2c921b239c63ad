/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/memory.h"
#include "cli/terminal.h"

static double seconds_since(const struct timespec *then) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* Bytes of a plain file from where it will be read; 0 for everything else. */
static uint64_t plain_size(Arena *a, Str path) {
  struct stat st;
  bool standard = str_is(path, "-");
  if ((standard ? fstat(STDIN_FILENO, &st) : stat(arena_cstr(a, path), &st)) != 0 || !S_ISREG(st.st_mode)) return 0;
  return (uint64_t)st.st_size;
}

void progress_begin(Progress *p, bool on, Arena *a, const StrList *inputs) {
  *p = (Progress){.on = on, .fd = -1};
  clock_gettime(CLOCK_MONOTONIC, &p->start);
  p->shown = p->start;
  if (!on) return;
  if (!inputs->n) p->total = plain_size(a, STR("-"));
  for (uint32_t i = 0; i < inputs->n; i++) {
    uint64_t size = plain_size(a, inputs->p[i]);
    p->total += size;
    if (size) continue;
    p->total = 0; /* it cannot be told how much is to come */
    return;
  }
}

static uint64_t position(const Progress *p) {
  off_t at = p->fd >= 0 ? lseek(p->fd, 0, SEEK_CUR) : 0;
  return p->before + (at > 0 ? (uint64_t)at : 0);
}

void progress_input(Progress *p, int fd) { p->fd = fd; }

void progress_input_done(Progress *p) {
  p->before = position(p);
  p->fd = -1;
}

double progress_seconds(const Progress *p) { return seconds_since(&p->start); }

bool progress_due(const Progress *p) { return p->on && seconds_since(&p->shown) >= 0.25; }

/* What is left at the speed so far. */
static void put_time_left(Buf *line, double done, double total, double seconds) {
  double left = done > 0 ? (total - done) * seconds / done : 0;
  unsigned s = left < 1e6 ? (unsigned)(left + 0.5) : 1000000;
  if (s >= 3600) buf_printf(line, ", %u:%02u:%02u left", s / 3600, s / 60 % 60, s % 60);
  else buf_printf(line, ", %u:%02u left", s / 60, s % 60);
}

void progress_show(Progress *p, uint64_t events, uint64_t bytes, uint64_t matches) {
  Buf line = {.heap = &cli_heap};
  double s = progress_seconds(p), total = (double)p->total, done = (double)position(p);
  unsigned width = terminal_width(STDERR_FILENO);
  bool known = total > 0 && done <= total; /* a file that grows has no known end */
  if (known) buf_printf(&line, "%.0f %%, ", 100 * done / total);
  buf_printf(&line, "%llu events, %.1f MB, %.0f events/s, %llu matches", (unsigned long long)events, (double)bytes / 1e6,
             (double)events / (s > 0 ? s : 1), (unsigned long long)matches);
  if (known) put_time_left(&line, done, total, s);
  size_t n = width > 1 && line.n > width - 1 ? width - 1 : line.n;
  fprintf(stderr, "\r%.*s\033[K", (int)n, line.p);
  buf_free(&line);
  clock_gettime(CLOCK_MONOTONIC, &p->shown);
  p->there = true;
}

void progress_clear(Progress *p) {
  if (p->there) fprintf(stderr, "\r\033[K");
  p->there = false;
}
