/* SPDX-License-Identifier: MIT */
#include "cli/outtree.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/files.h"
#include "cli/memory.h"
#include "cli/say.h"

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool outtree_is(Str path) { return str_ends(path, STR("/")) || is_folder(path.p); }

bool outtree_is_rule(const char *path) {
  enum { ENOUGH = 1 << 16 };
  static const char *const keys[] = {"logsource:", "detection:", "correlation:", "filter:"};
  char *text = heap_alloc(&cli_heap, ENOUGH + 1);
  Str begin = {text, file_begin(path, text + 1, ENOUGH) + 1};
  bool found = false;
  text[0] = '\n';
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    char line[16] = "\n";
    strcat(line, keys[i]);
    found = found || str_find(begin, str_of(line), 0) != SIZE_MAX;
  }
  heap_release(&cli_heap, text);
  return found;
}

void outtree_begin(OutTree *o, const Args *args, Str folder, const char *ending) {
  *o = (OutTree){.args = args, .ending = ending};
  o->folder = str_ends(folder, STR("/")) ? folder : arena_printf(args->arena, STR_FMT "/", STR_ARG(folder));
  intern_init(&o->taken, args->arena);
}

/* --- where it goes ------------------------------------------------------------------------------------------- */

/* Of a rule file below a folder that was named, what stands behind the name; else its own name. */
static Str below(const Args *args, Str path) {
  size_t cut = 0;
  for (uint32_t i = 0; i < args->paths.n; i++) {
    Str root = args->paths.p[i];
    while (root.n && root.p[root.n - 1] == '/') root.n--;
    if (root.n >= cut && str_starts(path, root) && path.n > root.n && path.p[root.n] == '/') cut = root.n + 1;
  }
  if (!cut)
    for (size_t i = 0; i < path.n; i++)
      if (path.p[i] == '/') cut = i + 1;
  while (cut < path.n && path.p[cut] == '/') cut++;
  return str_is(path, "<stdin>") ? STR("stdin") : str_from(path, cut);
}

static Str without_ending(Str path) {
  if (str_ends(path, STR(".yml"))) return str_sub(path, 0, path.n - 4);
  return str_ends(path, STR(".yaml")) ? str_sub(path, 0, path.n - 5) : path;
}

/* The second document of a file has -2 behind its name, and so on. */
static Str target_of(OutTree *o, Str rule_path) {
  if (!str_eq(rule_path, o->rule_path)) {
    o->rule_path = arena_dup(o->args->arena, rule_path);
    o->documents = 0;
  }
  Str name = without_ending(below(o->args, rule_path));
  if (++o->documents == 1) return arena_printf(o->args->arena, STR_FMT STR_FMT "%s", STR_ARG(o->folder), STR_ARG(name), o->ending);
  return arena_printf(o->args->arena, STR_FMT STR_FMT "-%u%s", STR_ARG(o->folder), STR_ARG(name), o->documents, o->ending);
}

/* --- writing ------------------------------------------------------------------------------------------------- */

static void fault(OutTree *o, Str path, const char *what, const char *why) {
  say(STR_FMT ": error: %s%s", STR_ARG(path), what, why);
  o->status = EXIT_BAD_INPUT;
}

static bool make_folders(Arena *arena, Str path, const char **why) {
  for (size_t i = 1; i < path.n; i++) {
    if (path.p[i] != '/') continue;
    const char *folder = arena_cstr(arena, str_sub(path, 0, i));
    if (is_folder(folder) || mkdir(folder, 0777) == 0 || errno == EEXIST) continue;
    *why = strerror(errno);
    return false;
  }
  return true;
}

static void write_one(OutTree *o, Str path, Str text) {
  const char *why = "";
  if (outtree_is_rule(path.p)) fault(o, path, "not written: ", "a rule is there");
  else if (make_folders(o->args->arena, path, &why) && file_write(path.p, text, &why)) o->written++;
  else fault(o, path, "cannot be written: ", why);
}

static void remove_stale(OutTree *o, Str path) {
  struct stat st;
  if (lstat(path.p, &st) != 0 || !S_ISREG(st.st_mode) || outtree_is_rule(path.p)) return;
  if (unlink(path.p) != 0) {
    fault(o, path, "is of an earlier translation and cannot be removed: ", strerror(errno));
    return;
  }
  say(STR_FMT ": removed: it was translated before, and is not now", STR_ARG(path));
  o->removed++;
}

void outtree_put(OutTree *o, Str rule_path, Str text) {
  Str path = target_of(o, rule_path);
  uint32_t known = o->taken.names.n;
  if (intern_id(&o->taken, path) < known) fault(o, rule_path, "not written: another rule of this run has its file, ", path.p);
  else if (text.n) write_one(o, path, text);
  else remove_stale(o, path);
}
