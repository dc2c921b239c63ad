/* SPDX-License-Identifier: MIT
 * Checks of the text of a file, line by line, whatever its YAML is: yamllint has these rules, and its places are taken. A file
 * that is no text is left to yaml-encoding. */
#include "base/limits.h"
#include "lint/checks/scalars.h"

enum { MOST_BLANK_LINES = 2 };

void check_file_size(Lint *l, const LintAt *at) {
  if (!at->file->too_large) return;
  lint_report(l, CHECK_file_too_large, (Span){at->file->file, 0, 0}, "the file is larger than the limit of %d KiB; it is not read",
              LIMIT_LINT_FILE_BYTES >> 10);
}

static bool is_text(Str s) {
  return !str_starts(s, STR("\xFE\xFF")) && !str_starts(s, STR("\xFF\xFE")) && (!s.n || !memchr(s.p, 0, s.n));
}

static Span span(const LintFile *f, size_t from, size_t to) { return (Span){f->file, (uint32_t)from, (uint32_t)to}; }

/* Blanks and lines that are to go may be part of a text: tokens tell, which most files need not be read for. */
typedef struct {
  Lint *lint;
  const LintFile *file;
  ScalarLines *scalars; /* NULL: not wanted yet */
  Arena *own;           /* they are in it */
} Bytes;

static void fix(Bytes *b, size_t from, size_t to, Str text, bool block_alone) {
  if (!b->own) {
    b->own = arena_sub(b->lint->arena);
    b->scalars = arena_new(b->own, ScalarLines);
    scalar_lines(b->scalars, b->lint, b->file, b->own);
  }
  if (to >= b->scalars->known) return;
  const Lines *lines = scalar_lines_at(b->scalars, from, to);
  lint_fix(b->lint, span(b->file, from, to), text);
  if (lines && (lines->block || !block_alone)) lint_fix_unsafe(b->lint);
}

/* All of them: a file with both kinds of ends is of no use to anyone. */
static void fix_line_ends(Lint *l, const LintFile *f) {
  Str s = f->text;
  for (size_t i = 0; i < s.n && (i = str_find(s, STR("\r"), i)) != SIZE_MAX; i++)
    lint_fix(l, span(f, i, i + 1), i + 1 < s.n && s.p[i + 1] == '\n' ? STR("") : STR("\n"));
}

static void check_line_ends(Lint *l, const LintFile *f) {
  Str s = f->text;
  const char *cr = s.n ? memchr(s.p, '\r', s.n) : NULL;
  if (!cr) return;
  size_t at = (size_t)(cr - s.p);
  bool pair = at + 1 < s.n && s.p[at + 1] == '\n';
  lint_report(l, CHECK_yaml_newline, span(f, at, at + 1), "the line ends with %s", pair ? "CR LF" : "a lone CR");
  fix_line_ends(l, f);
}

static void check_blanks_at_end(Bytes *b, size_t start, size_t end) {
  const LintFile *f = b->file;
  size_t content = end;
  while (content > start && (f->text.p[content - 1] == ' ' || f->text.p[content - 1] == '\t')) content--;
  if (content == end || !lint_enabled(b->lint, CHECK_yaml_trailing_space)) return;
  lint_report(b->lint, CHECK_yaml_trailing_space, span(f, content, end), "blanks at the end of the line");
  fix(b, content, end, STR(""), true);
}

/* `Lines` of a series without anything in them: the first begins at `start`, the last at `last`, and `end` is behind it. */
static void check_blank_series(Bytes *b, unsigned blank_lines, size_t start, size_t last, size_t end) {
  Str s = b->file->text;
  if (blank_lines <= MOST_BLANK_LINES || !lint_enabled(b->lint, CHECK_yaml_blank_lines)) return;
  lint_report(b->lint, CHECK_yaml_blank_lines, span(b->file, last, last), "%u blank lines in a row; at most %d are usual",
              blank_lines, MOST_BLANK_LINES);
  for (int i = 0; i < MOST_BLANK_LINES; i++) start = str_find(s, STR("\n"), start) + 1;
  fix(b, start, end, STR(""), false);
}

static void check_final_newline(Bytes *b) {
  Str s = b->file->text;
  if (!s.n || s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r' || !lint_enabled(b->lint, CHECK_yaml_final_newline)) return;
  lint_report(b->lint, CHECK_yaml_final_newline, span(b->file, s.n, s.n), "no newline at the end of the file");
  fix(b, s.n, s.n, STR("\n"), true);
}

static void check_lines(Bytes *b) {
  Str s = b->file->text;
  unsigned blank_lines = 0;
  size_t series = 0;
  for (size_t start = 0, next; start < s.n; start = next) {
    size_t end = str_find(s, STR("\n"), start);
    bool cut = end == SIZE_MAX;
    if (cut) end = s.n;
    next = end + 1;
    if (end > start && s.p[end - 1] == '\r') end--;
    if (end == start && !cut) {
      if (!blank_lines++) series = start;
      if (next >= s.n) check_blank_series(b, blank_lines, series, start, next);
      continue;
    }
    if (blank_lines) check_blank_series(b, blank_lines, series, start - (start > 1 && s.p[start - 2] == '\r' ? 2 : 1), start);
    blank_lines = 0;
    check_blanks_at_end(b, start, end);
  }
  check_final_newline(b);
}

void check_bytes(Lint *l, const LintAt *at) {
  const LintFile *f = at->file;
  Bytes b = {.lint = l, .file = f};
  if (f->too_large || !is_text(f->text)) return;
  if (str_starts(f->text, STR("\xEF\xBB\xBF"))) {
    lint_report(l, CHECK_yaml_bom, span(f, 0, 3), "a byte order mark");
    lint_fix(l, span(f, 0, 3), STR(""));
  }
  check_line_ends(l, f);
  check_lines(&b);
  if (b.own) arena_sub_done(b.own);
}

void check_trademark(Lint *l, const LintAt *at) {
  static const char short_name[] = "ATT&CK", owner[] = "MITRE ";
  const LintFile *f = at->file;
  if (f->too_large) return;
  for (size_t i = 0; (i = str_find(f->text, str_of(short_name), i)) != SIZE_MAX; i += sizeof short_name - 1) {
    size_t before = sizeof owner - 1;
    size_t start = i >= before && str_is(str_sub(f->text, i - before, i), owner) ? i - before : i;
    lint_report(l, CHECK_trademark, span(f, start, i + sizeof short_name - 1), "the trademark `%s%s`", start < i ? owner : "",
                short_name);
  }
}
