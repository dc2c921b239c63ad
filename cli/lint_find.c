/* SPDX-License-Identifier: MIT
 * Files that belong to what is linted: the configuration above it, and names in a list of changes. */
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "cli/lint_settings.h"

/* --- configuration ------------------------------------------------------------------------------------------- */

static bool is_folder(Str path) {
  struct stat st;
  return stat(path.p, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool exists_in(Arena *arena, Str folder, const char *name) {
  struct stat st;
  return lstat(path_absolute(arena, folder, str_of(name)).p, &st) == 0;
}

/* The last folder in which all paths are; standard input is in the working folder. */
static Str common_folder(Arena *arena, Str here, const StrList *paths) {
  Str common = {0};
  for (uint32_t i = 0; i < paths->n; i++) {
    Str path = str_is(paths->p[i], "-") ? here : path_absolute(arena, here, paths->p[i]);
    if (!is_folder(path)) path = path_folder(path);
    if (!common.n) common = path;
    while (!path_is_within(common, path)) common = path_folder(common);
  }
  return common;
}

/* As people write it, who are here. */
static Str shown(Arena *arena, Str here, Str folder, Str path) {
  return path_is_within(folder, here) || path_is_within(here, folder) ? path_relative(arena, here, path) : path;
}

Str lint_find_config(Arena *arena, const StrList *paths) {
  char buffer[PATH_MAX];
  if (!getcwd(buffer, sizeof buffer)) return STR("");
  Str here = str_of(buffer), folder = common_folder(arena, here, paths), last = {0};
  while (folder.n && folder.n != last.n) {
    if (exists_in(arena, folder, ".sigmac.yml"))
      return shown(arena, here, folder, path_absolute(arena, folder, STR(".sigmac.yml")));
    if (exists_in(arena, folder, ".git")) break;
    last = folder;
    folder = path_folder(folder);
  }
  return STR("");
}

/* --- names --------------------------------------------------------------------------------------------------- */

static char octal(Str s, size_t at) {
  unsigned value = 0;
  for (size_t i = at; i < at + 3 && i < s.n; i++) value = value * 8 + (unsigned)(s.p[i] - '0');
  return (char)value;
}

/* git writes a name with unusual bytes as a string of C. */
static Str unquoted(Arena *arena, Str s) {
  static const char letters[] = "abtnvfr", bytes[] = "\a\b\t\n\v\f\r";
  if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"') return arena_dup(arena, s);
  Buf out = {.arena = arena};
  s = str_sub(s, 1, s.n - 1);
  for (size_t i = 0; i < s.n; i++) {
    const char *letter;
    if (s.p[i] != '\\' || i + 1 == s.n) buf_char(&out, s.p[i]);
    else if (s.p[++i] >= '0' && s.p[i] <= '3') buf_char(&out, octal(s, i)), i += 2;
    else buf_char(&out, (letter = strchr(letters, s.p[i])) && *letter ? bytes[letter - letters] : s.p[i]);
  }
  return arena_dup(arena, buf_view(&out));
}

void lint_read_names(StrList *out, Arena *arena, Str text) {
  bool raw = text.n && memchr(text.p, 0, text.n);
  Str end = raw ? (Str){"", 1} : STR("\n");
  for (size_t from = 0; from < text.n;) {
    size_t to = str_find(text, end, from);
    if (to == SIZE_MAX) to = text.n;
    Str name = str_sub(text, from, to);
    from = to + 1;
    if (!raw && name.n && name.p[name.n - 1] == '\r') name.n--;
    name = raw ? arena_dup(arena, name) : unquoted(arena, name);
    if (name.n) *vec_add(arena, out) = name;
  }
}
