/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cli/memory.h"

size_t rule_file_limit(Str begin) {
  (void)begin;
  return LIMIT_RULE_FILE_BYTES;
}

typedef struct {
  Arena *arena;
  char *p;
  size_t n, room;
  size_t expected; /* bytes of a regular file; 0: not known */
} Reading;

/* At first for a part of it, since its beginning tells how large it may be; then for all. */
static void make_room(Reading *r, FileLimit *limit) {
  enum { FIRST = 1 << 16 };
  size_t more = r->room * 2;
  if (!r->room) more = r->expected && r->expected < FIRST ? r->expected + 2 : FIRST;
  else if (r->expected > r->room) {
    size_t most = limit((Str){r->p, r->n});
    more = (r->expected < most ? r->expected : most) + 2;
    if (more <= r->room) more = r->room * 2;
  }
  r->p = arena_grow(r->arena, r->p, r->n, r->room, more);
  r->room = more;
}

/* A byte is left behind the text for a NUL. */
static bool read_all(Reading *r, int fd, FileLimit *limit, const char **why) {
  for (;;) {
    if (r->room - r->n < 2) make_room(r, limit);
    ssize_t n = read(fd, r->p + r->n, r->room - r->n - 1);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) *why = strerror(errno);
    if (n <= 0) break;
    r->n += (size_t)n;
    if (r->n > limit((Str){r->p, r->n})) break;
  }
  r->p[r->n] = '\0';
  return !*why;
}

static bool open_plain(const char *path, int *fd, size_t *size, const char **why) {
  struct stat st;
  *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO without a writer must not hang */
  if (*fd < 0) {
    *why = strerror(errno);
    return false;
  }
  if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
    *size = (uintmax_t)st.st_size < SIZE_MAX / 2 ? (size_t)st.st_size : 0;
    return true;
  }
  *why = "it is not a regular file";
  close(*fd);
  return false;
}

/* Read and not mapped, images too: it takes 2 ms of the largest in use, and one that is written over while it is mapped would
 * end the program, or be another than the one that was verified. */
bool file_read(Str *out, Arena *a, const char *path, FileLimit *limit, const char **why) {
  int fd = STDIN_FILENO;
  bool standard = strcmp(path, "-") == 0;
  Reading r = {.arena = a};
  if (!standard && !open_plain(path, &fd, &r.expected, why)) return false;
  const char *fault = NULL;
  bool ok = read_all(&r, fd, limit, &fault);
  if (!standard) close(fd);
  if (ok) *out = (Str){r.p, r.n};
  else *why = fault;
  return ok;
}

size_t file_begin(const char *path, char *begin, size_t room) {
  struct stat st;
  if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return 0;
  FILE *f = fopen(path, "rb");
  size_t n = f ? fread(begin, 1, room, f) : 0;
  if (f) fclose(f);
  return n;
}

bool file_may_replace(const char *path, bool (*is_of_kind)(Str begin)) {
  char begin[16];
  size_t n = strcmp(path, "-") == 0 ? 0 : file_begin(path, begin, sizeof begin);
  return n == 0 || is_of_kind((Str){begin, n}); /* what cannot be read cannot be written: that will tell */
}

/* --- writing ----------------------------------------------------------------------------------------------- */

static bool write_fd(int fd, Str s, const char **why) {
  while (s.n) {
    ssize_t n = write(fd, s.p, s.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      *why = strerror(errno);
      return false;
    }
    s = str_from(s, (size_t)n);
  }
  return true;
}

/* What a new file gets. */
static mode_t usual_mode(void) {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

/* As root, so that a file of somebody else stays theirs; others may not, and need not. */
static bool give(int fd, const struct stat *owner) {
  return !owner || geteuid() != 0 || fchown(fd, owner->st_uid, owner->st_gid) == 0;
}

/* `owner`: of the file that is replaced; NULL: whoever runs this. */
static bool write_renamed(const char *path, Str bytes, mode_t mode, const struct stat *owner, const char **why) {
  Arena a = {.heap = &cli_heap};
  Str temp = arena_printf(&a, "%s.XXXXXX", path);
  int fd = mkstemp((char *)temp.p);
  bool ok = fd >= 0;
  if (!ok) *why = strerror(errno);
  if (ok) ok = write_fd(fd, bytes, why);
  if (fd >= 0 && (!give(fd, owner) || fchmod(fd, mode) != 0 || fsync(fd) != 0 || close(fd) != 0) && ok) {
    *why = strerror(errno);
    ok = false;
  }
  if (ok && rename(temp.p, path) != 0) {
    *why = strerror(errno);
    ok = false;
  }
  if (!ok && fd >= 0) unlink(temp.p);
  arena_free(&a);
  return ok;
}

static bool write_through(const char *path, Str bytes, const char **why) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    *why = strerror(errno);
    return false;
  }
  bool ok = write_fd(fd, bytes, why);
  if (close(fd) != 0 && ok) *why = strerror(errno), ok = false;
  return ok;
}

bool file_write(const char *path, Str bytes, const char **why) {
  struct stat st;
  if (strcmp(path, "-") == 0) return write_fd(STDOUT_FILENO, bytes, why);
  /* A device or pipe cannot be replaced by renaming; behind a link it is the target that is meant. */
  if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) return write_through(path, bytes, why);
  char *target = realpath(path, NULL);
  bool ok = write_renamed(target ? target : path, bytes, usual_mode(), NULL, why);
  free(target);
  return ok;
}

/* --- replacing ------------------------------------------------------------------------------------------------- */

static bool refuse(const char **why, const char *what) {
  *why = what;
  return false;
}

/* A file that nobody may write can still be renamed away, which nobody would expect. */
static bool may_write(const char *path, const struct stat *st, const char **why) {
  if (!S_ISREG(st->st_mode)) return refuse(why, "it is not a regular file");
  if (!(st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH))) return refuse(why, "it is read-only");
  return access(path, W_OK) == 0 || refuse(why, strerror(errno));
}

static size_t any_size(Str begin) {
  (void)begin;
  return SIZE_MAX;
}

static bool unchanged(const char *path, Str before, const char **why) {
  Arena a = {.heap = &cli_heap};
  Str now;
  bool read = file_read(&now, &a, path, any_size, why);
  bool same = read && str_eq(now, before);
  arena_free(&a);
  return same || (read && refuse(why, "it has changed since it was read"));
}

bool file_replace(const char *path, Str before, Str after, unsigned *links, const char **why) {
  struct stat st;
  char *target = realpath(path, NULL);
  bool ok = target && stat(target, &st) == 0;
  if (!ok) *why = strerror(errno);
  ok = ok && may_write(target, &st, why) && unchanged(target, before, why) &&
       write_renamed(target, after, st.st_mode & 07777, &st, why);
  if (ok) *links = (unsigned)st.st_nlink;
  free(target);
  return ok;
}
