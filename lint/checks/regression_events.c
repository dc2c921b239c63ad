/* SPDX-License-Identifier: MIT */
#include "compiler/paths.h"
#include "lint/checks/regression.h"
#include "runtime/scan.h"

typedef struct {
  const Program *program;
  Str id;
  uint32_t matches;
} Matches;

static void on_match(void *ctx, uint32_t rule) {
  Matches *m = ctx;
  m->matches += str_eq_nocase(program_str(m->program, m->program->RULES[rule].meta.id), m->id);
}

/* Behind the object that starts at `at`; SIZE_MAX where it does not end. Whether it is one, the reader of events says. */
static size_t object_end(Str s, size_t at) {
  size_t depth = 0;
  bool quoted = false;
  for (; at < s.n; at++) {
    char c = s.p[at];
    if (quoted && c == '\\') at++;
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == '{') depth++;
    else if (!quoted && c == '}' && --depth == 0) return at + 1;
  }
  return SIZE_MAX;
}

/* Objects one behind the other, or in an array: what stands between them is not looked at. */
static bool scan_all(Scanner *s, Str text, Matches *m) {
  JsonError error;
  for (size_t at = 0; (at = str_find(text, STR("{"), at)) != SIZE_MAX;) {
    size_t end = object_end(text, at);
    if (end == SIZE_MAX || !scan_text(s, str_sub(text, at, end), on_match, m, &error)) return false;
    at = end;
  }
  return true;
}

static void unreadable(void *ctx, Str path, const char *why) {
  (void)path;
  *(const char **)ctx = why;
}

bool regression_matches(Arena *arena, Str path, Str source, Str id, Str json, uint32_t *out) {
  const char *why = NULL;
  Str text;
  Compiler *c = arena_new(arena, Compiler);
  if (!paths_read(&text, arena, json, unreadable, (void *)&why)) return false;
  compiler_init(c, arena);
  compiler_add(c, path, source);
  Str image = compiler_finish(c);
  ImageError error;
  Program *program = c->compiled ? program_open(image, arena, &error) : NULL;
  if (!program) return false;
  Scanner scanner;
  Matches m = {.program = program, .id = id};
  scanner_init(&scanner, program, arena);
  bool good = scan_all(&scanner, text, &m);
  scanner_free(&scanner);
  *out = m.matches;
  return good;
}
