/* SPDX-License-Identifier: MIT */
#include "cli/event_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static Str without(Str name, Str ending) { return str_ends(name, ending) ? str_sub(name, 0, name.n - ending.n) : name; }

bool event_file_name(Str path) {
  static const Str names[] = {STR_INIT(".json"), STR_INIT(".jsonl"), STR_INIT(".ndjson"), STR_INIT(".log")};
  Str name = without(without(path, STR(".gz")), STR(".zst"));
  size_t n = name.n;
  while (n && ascii_digit(name.p[n - 1])) n--;
  if (n && n < name.n && name.p[n - 1] == '.') name.n = n - 1;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_ends(name, names[i])) return true;
  return false;
}

bool event_path_is_folder(Arena *a, Str path) {
  struct stat st;
  return stat(arena_cstr(a, path), &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_path(const void *x, const void *y) { return str_cmp(*(const Str *)x, *(const Str *)y); }

/* What a folder holds, by its full path. Read as a whole, so that no folder is open while those below are read. */
static void read_folder(EventFiles *out, StrList *entries, Arena *a, Str folder) {
  DIR *d = opendir(folder.p);
  if (!d) {
    out->problem(out->ctx, folder, strerror(errno));
    return;
  }
  const char *slash = str_ends(folder, STR("/")) ? "" : "/";
  errno = 0;
  for (struct dirent *e; (e = readdir(d)); errno = 0)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      *vec_add(a, entries) = arena_printf(a, STR_FMT "%s%s", STR_ARG(folder), slash, e->d_name);
  if (errno) out->problem(out->ctx, folder, strerror(errno));
  closedir(d);
}

static void walk(EventFiles *out, Arena *a, Str folder);

static void take(EventFiles *out, Arena *a, Str path) {
  struct stat st;
  bool named = event_file_name(path), there = lstat(path.p, &st) == 0, link = there && S_ISLNK(st.st_mode);
  if (link) there = stat(path.p, &st) == 0; /* what it leads to; nothing, where it leads in a circle */
  if (there && S_ISDIR(st.st_mode)) {
    if (link) out->links++;
    else walk(out, a, path);
  } else if (!named) {
    out->skipped++;
  } else if (!there) {
    out->problem(out->ctx, path, strerror(errno));
  } else if (!S_ISREG(st.st_mode)) {
    out->problem(out->ctx, path, "it is not a regular file");
  } else {
    *vec_add(a, &out->files) = path;
  }
}

static void walk(EventFiles *out, Arena *a, Str folder) {
  StrList entries = {0};
  read_folder(out, &entries, a, folder);
  for (uint32_t i = 0; i < entries.n; i++) take(out, a, entries.p[i]);
}

void event_files_find(EventFiles *out, Arena *a, Str folder) {
  walk(out, a, arena_dup(a, folder));
  if (out->files.n) qsort(out->files.p, out->files.n, sizeof *out->files.p, by_path);
}
