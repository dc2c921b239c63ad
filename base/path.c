/* SPDX-License-Identifier: MIT */
#include "base/path.h"

#include "base/buf.h"

/* Appends the parts of a path; `..` takes one away. */
static void add_parts(Buf *out, Str path) {
  for (size_t from = 0; from < path.n;) {
    size_t to = str_find(path, STR("/"), from);
    if (to == SIZE_MAX) to = path.n;
    Str part = str_sub(path, from, to);
    from = to + 1;
    if (!part.n || str_is(part, ".")) continue;
    if (!str_is(part, "..")) {
      buf_char(out, '/');
      buf_str(out, part);
      continue;
    }
    while (out->n && out->p[--out->n] != '/') continue;
  }
}

Str path_absolute(Arena *a, Str here, Str path) {
  Buf out = {.arena = a};
  if (!str_starts(path, STR("/"))) add_parts(&out, here);
  add_parts(&out, path);
  return arena_dup(a, out.n ? buf_view(&out) : STR("/"));
}

Str path_folder(Str path) {
  size_t n = path.n;
  while (n && path.p[n - 1] != '/') n--;
  return str_sub(path, 0, n > 1 ? n - 1 : n);
}

bool path_is_within(Str folder, Str path) {
  if (str_is(folder, "/")) return true;
  return str_starts(path, folder) && (path.n == folder.n || path.p[folder.n] == '/');
}

Str path_behind(Str folder, Str path) {
  size_t skip = str_is(folder, "/") ? 1 : folder.n + 1;
  return path_is_within(folder, path) && path.n > skip ? str_from(path, skip) : STR("");
}

Str path_relative(Arena *a, Str folder, Str path) {
  Buf out = {.arena = a};
  while (!path_is_within(folder, path)) {
    buf_str(&out, STR("../"));
    folder = path_folder(folder);
  }
  Str rest = path_behind(folder, path);
  buf_str(&out, rest.n ? rest : STR("."));
  return arena_dup(a, buf_view(&out));
}
