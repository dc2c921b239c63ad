/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/memory.h"

static bool read_all(Buf *b, int fd, FileLimit *limit, const char **why) {
  for (;;) {
    buf_reserve(b, 1 << 16);
    ssize_t n = read(fd, b->p + b->n, b->cap - b->n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) *why = strerror(errno);
    if (n <= 0) return n == 0;
    b->n += (size_t)n;
    if (b->n > limit(buf_view(b))) return true;
  }
}

static bool open_plain(const char *path, int *fd, const char **why) {
  struct stat st;
  *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO without a writer must not hang */
  if (*fd < 0) {
    *why = strerror(errno);
    return false;
  }
  if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) return true;
  *why = "it is not a regular file";
  close(*fd);
  return false;
}

bool file_read(Str *out, Arena *a, const char *path, FileLimit *limit, const char **why) {
  int fd = STDIN_FILENO;
  bool standard = strcmp(path, "-") == 0;
  if (!standard && !open_plain(path, &fd, why)) return false;
  Buf b = {.heap = a->heap};
  bool ok = read_all(&b, fd, limit, why);
  if (!standard) close(fd);
  if (ok) *out = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return ok;
}

/* --- folders ----------------------------------------------------------------------------------------------- */

static bool is_rule_name(Str name) { return str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml")); }

/* What the tests of a rule need stands beside it (docs/rule-tests.md) and holds no rules. */
static bool is_tests_folder(Str path) { return str_ends(path, STR(".tests")); }

static void walk(StrList *out, Arena *a, Str folder, FileProblem *problem, void *ctx) {
  DIR *d = opendir(folder.p);
  if (!d) {
    problem(ctx, folder, strerror(errno));
    return;
  }
  for (struct dirent *e; (e = readdir(d));) {
    struct stat st;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    const char *slash = str_ends(folder, STR("/")) ? "" : "/";
    Str path = arena_printf(a, STR_FMT "%s%s", STR_ARG(folder), slash, e->d_name);
    if (lstat(path.p, &st) != 0) problem(ctx, path, strerror(errno));
    else if (S_ISDIR(st.st_mode) && is_tests_folder(path)) continue;
    else if (S_ISDIR(st.st_mode)) walk(out, a, path, problem, ctx);
    else if (is_rule_name(path)) *vec_add(a, out) = path; /* links to files are read; what is no file is reported then */
  }
  closedir(d);
}

static int by_path(const void *x, const void *y) { return str_cmp(*(const Str *)x, *(const Str *)y); }

bool files_find(StrList *out, Arena *a, Str path, FileProblem *problem, void *ctx) {
  struct stat st;
  Str copy = arena_dup(a, path);
  if (str_is(path, "-")) {
    *vec_add(a, out) = copy;
    return true;
  }
  if (stat(copy.p, &st) != 0) {
    problem(ctx, copy, strerror(errno));
    return false;
  }
  uint32_t before = out->n;
  if (S_ISDIR(st.st_mode)) walk(out, a, copy, problem, ctx);
  else *vec_add(a, out) = copy;
  if (out->n > before) qsort(out->p + before, out->n - before, sizeof *out->p, by_path);
  return true;
}

bool file_seen_before(Intern *seen, Arena *a, Str path) {
  struct stat st;
  if (stat(path.p, &st) != 0) return false; /* reading it will tell */
  uint32_t before = seen->names.n;
  return intern_id(seen, arena_printf(a, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino)) < before;
}

bool file_may_replace(const char *path, Str begin) {
  char first[16];
  struct stat st;
  if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return true;
  FILE *f = fopen(path, "rb");
  if (!f) return true; /* writing will tell */
  size_t n = fread(first, 1, sizeof first, f);
  fclose(f);
  return n == 0 || str_starts((Str){first, n}, begin);
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

static bool write_renamed(const char *path, Str bytes, const char **why) {
  Arena a = {.heap = &cli_heap};
  Str temp = arena_printf(&a, "%s.XXXXXX", path);
  int fd = mkstemp((char *)temp.p);
  bool ok = fd >= 0;
  if (!ok) *why = strerror(errno);
  if (ok) ok = write_fd(fd, bytes, why);
  if (fd >= 0 && (fchmod(fd, usual_mode()) != 0 || close(fd) != 0) && ok) {
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
  bool ok = write_renamed(target ? target : path, bytes, why);
  free(target);
  return ok;
}
