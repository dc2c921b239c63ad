/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE   700 /* realpath */
#define _DEFAULT_SOURCE     /* d_type */
#include "compiler/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

typedef struct {
  PathList found;
  Arena *arena;
  PathProblem *problem;
  void *ctx;
} Search;

/* libc has no memory: the same as when we have none. */
static void tell(const Search *s, Str path, int error) {
  if (error == ENOMEM) heap_exhausted(s->arena->heap, 0);
  s->problem(s->ctx, path, strerror(error));
}

/* --- folders ------------------------------------------------------------------------------------------------- */

static bool is_rule_name(Str name) {
  return (str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml"))) && !str_ends(name, STR("/.sigmac.yml"));
}

/* What the tests of a rule need stands beside it (docs/rule-tests.md) and holds no rules. */
static bool is_tests_folder(Str path) { return str_ends(path, STR(".tests")); }

static void walk(Search *s, Str folder);

/* Asks the file only where the folder does not tell, as some file systems do not. A link is no folder. */
static bool is_folder(Search *s, const struct dirent *e, Str path, bool *folder) {
  struct stat st;
#ifdef DT_UNKNOWN
  *folder = e->d_type == DT_DIR;
  if (e->d_type != DT_UNKNOWN) return true;
#endif
  if (lstat(path.p, &st) != 0) {
    tell(s, path, errno);
    return false;
  }
  *folder = S_ISDIR(st.st_mode);
  return true;
}

static void visit(Search *s, Str folder, const struct dirent *e) {
  bool inner;
  const char *name = e->d_name;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
  Str path = arena_printf(s->arena, STR_FMT "%s%s", STR_ARG(folder), str_ends(folder, STR("/")) ? "" : "/", name);
  if (!is_folder(s, e, path, &inner) || (inner && is_tests_folder(path))) return;
  if (inner) walk(s, path);
  else if (is_rule_name(path)) *vec_add(s->arena, &s->found) = path; /* what is no file is told when it is read */
}

static void close_folder(void *folder) {
  if (*(DIR **)folder) closedir(*(DIR **)folder);
}

/* The folder is owned before it is open: whoever leaves from below closes it. */
static void walk(Search *s, Str folder) {
  Arena *own = arena_sub(s->arena);
  DIR **d = arena_new(own, DIR *);
  arena_defer(own, close_folder, d);
  *d = opendir(folder.p);
  if (!*d) tell(s, folder, errno);
  while (*d) {
    errno = 0;
    const struct dirent *e = readdir(*d);
    if (e) {
      visit(s, folder, e);
      continue;
    }
    if (errno) tell(s, folder, errno);
    break;
  }
  arena_sub_done(own);
}

static int by_path(const void *x, const void *y) { return str_cmp(*(const Str *)x, *(const Str *)y); }

static const char *const vars_ends[] = {".vars.yml", ".vars.yaml"};

static bool is_vars(Str path) { return str_ends(path, str_of(vars_ends[0])) || str_ends(path, str_of(vars_ends[1])); }

static void find_beside(PathFiles *out, Arena *arena, Str rule) {
  struct stat st;
  size_t end = str_ends(rule, STR(".yml")) ? 4 : str_ends(rule, STR(".yaml")) ? 5 : 0;
  for (int i = 0; end && i < 2; i++) {
    Str path = arena_printf(arena, STR_FMT "%s", STR_ARG(str_sub(rule, 0, rule.n - end)), vars_ends[i]);
    if (stat(path.p, &st) == 0) *vec_add(arena, &out->vars) = path;
  }
}

bool paths_find(PathFiles *out, Arena *arena, Str path, PathProblem *problem, void *ctx) {
  Search s = {.arena = arena, .problem = problem, .ctx = ctx};
  struct stat st;
  Str copy = arena_dup(arena, path);
  *out = (PathFiles){0};
  if (stat(copy.p, &st) != 0) {
    tell(&s, copy, errno);
    return false;
  }
  if (S_ISDIR(st.st_mode)) walk(&s, copy);
  else *vec_add(arena, &s.found) = copy;
  if (s.found.n) qsort(s.found.p, s.found.n, sizeof *s.found.p, by_path);
  for (uint32_t i = 0; i < s.found.n; i++) *vec_add(arena, is_vars(s.found.p[i]) ? &out->vars : &out->rules) = s.found.p[i];
  if (!S_ISDIR(st.st_mode) && !is_vars(copy)) find_beside(out, arena, copy);
  return true;
}

/* --- files --------------------------------------------------------------------------------------------------- */

static void close_file(void *fd) {
  if (*(int *)fd >= 0) close(*(int *)fd);
}

/* One byte more than may be tells that there are too many. There is room for what is expected and that byte, in most cases
 * once and for all. */
static bool read_all(Str *out, Arena *arena, int fd, off_t expected) {
  size_t room = (expected < LIMIT_RULE_FILE_BYTES ? (size_t)expected : LIMIT_RULE_FILE_BYTES) + 1, used = 0;
  char *p = arena_grow(arena, NULL, 0, 0, room);
  *out = (Str){p, 0};
  for (;;) {
    ssize_t n = read(fd, p + used, room - used);
    if (n < 0 && errno == EINTR) continue;
    *out = (Str){p, used += n > 0 ? (size_t)n : 0};
    if (n <= 0) return n == 0;
    if (used > LIMIT_RULE_FILE_BYTES) return true;
    if (used < room) continue;
    p = arena_grow(arena, p, used, room, room * 2);
    room *= 2;
  }
}

static Str identity_of(Arena *arena, const struct stat *st) {
  uintmax_t key[2] = {(uintmax_t)st->st_dev, (uintmax_t)st->st_ino};
  return arena_copy(arena, (Str){(const char *)key, sizeof key});
}

Str paths_identity(Arena *arena, Str path) {
  struct stat st;
  return stat(path.p, &st) == 0 ? identity_of(arena, &st) : STR("");
}

Str paths_here(Arena *arena) {
  char here[PATH_MAX];
  return arena_dup(arena, getcwd(here, sizeof here) ? str_of(here) : STR("/"));
}

/* One that cannot be opened may be known all the same. */
static bool is_known(Arena *arena, Intern *seen, int fd, Str path, const struct stat *opened) {
  struct stat st;
  if (!seen || (fd < 0 && stat(path.p, &st) != 0)) return false;
  uint32_t known = seen->names.n;
  return intern_id(seen, identity_of(arena, fd < 0 ? &st : opened)) < known;
}

/* seen: NULL where it does not matter. */
static PathResult read_plain(Str *out, Arena *arena, Intern *seen, Str path, int *fd, const Search *s) {
  struct stat st;
  *fd = open(path.p, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO without a writer must not hang */
  int error = *fd < 0 || fstat(*fd, &st) != 0 ? errno : 0;
  if (is_known(arena, seen, error ? -1 : *fd, path, &st)) return PATH_KNOWN;
  if (error) tell(s, path, error);
  else if (!S_ISREG(st.st_mode)) s->problem(s->ctx, path, "it is not a regular file");
  else if (!read_all(out, arena, *fd, st.st_size)) tell(s, path, errno);
  else return PATH_READ;
  return PATH_UNREADABLE;
}

PathResult paths_read_new(Str *out, Arena *arena, Intern *seen, Str path, PathProblem *problem, void *ctx) {
  Search s = {.arena = arena, .problem = problem, .ctx = ctx};
  Arena *own = arena_sub(arena);
  int *fd = arena_new(own, int);
  *fd = -1;
  arena_defer(own, close_file, fd);
  *out = STR("");
  PathResult result = read_plain(out, arena, seen, path, fd, &s);
  arena_sub_done(own);
  return result;
}

bool paths_read(Str *out, Arena *arena, Str path, PathProblem *problem, void *ctx) {
  return paths_read_new(out, arena, NULL, path, problem, ctx) == PATH_READ;
}

/* --- below a folder ------------------------------------------------------------------------------------------ */

static void keep_why(void *ctx, Str path, const char *why) {
  (void)path;
  *(const char **)ctx = why;
}

static bool is_below(const char *folder, const char *file) {
  size_t n = strlen(folder);
  return strncmp(folder, file, n) == 0 && (file[n] == '/' || (n && folder[n - 1] == '/'));
}

bool paths_read_below(Str *out, Arena *arena, Str folder, Str path, const char **why) {
  char real_folder[PATH_MAX], real_file[PATH_MAX];
  const char *joined = arena_printf(arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(path)).p;
  if (!realpath(arena_cstr(arena, folder), real_folder) || !realpath(joined, real_file)) {
    *why = errno == ENOENT ? NULL : strerror(errno);
    return false;
  }
  if (!is_below(real_folder, real_file)) {
    *why = "a link leads out of the folder";
    return false;
  }
  return paths_read(out, arena, arena_dup(arena, str_of(real_file)), keep_why, why);
}
