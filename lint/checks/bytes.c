/* SPDX-License-Identifier: MIT
 * Checks of the text of a file, line by line, whatever its YAML is: yamllint has these rules, and its places are taken. A file
 * that is no text is left to yaml-encoding. */
#include "base/limits.h"
#include "lint/lint.h"

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

static void check_line_ends(Lint *l, const LintFile *f) {
  Str s = f->text;
  const char *cr = s.n ? memchr(s.p, '\r', s.n) : NULL;
  if (!cr) return;
  size_t at = (size_t)(cr - s.p);
  bool pair = at + 1 < s.n && s.p[at + 1] == '\n';
  lint_report(l, CHECK_yaml_newline, span(f, at, at + 1), "the line ends with %s", pair ? "CR LF" : "a lone CR");
}

static void check_blanks_at_end(Lint *l, const LintFile *f, size_t start, size_t end) {
  size_t content = end;
  while (content > start && (f->text.p[content - 1] == ' ' || f->text.p[content - 1] == '\t')) content--;
  if (content < end) lint_report(l, CHECK_yaml_trailing_space, span(f, content, end), "blanks at the end of the line");
}

/* A series is reported once, at its last line. */
static void check_blank_series(Lint *l, const LintFile *f, unsigned blank_lines, size_t last) {
  if (blank_lines > MOST_BLANK_LINES)
    lint_report(l, CHECK_yaml_blank_lines, span(f, last, last), "%u blank lines in a row; at most %d are usual", blank_lines,
                MOST_BLANK_LINES);
}

static void check_lines(Lint *l, const LintFile *f) {
  Str s = f->text;
  unsigned blank_lines = 0;
  for (size_t start = 0, next; start < s.n; start = next) {
    size_t end = str_find(s, STR("\n"), start);
    bool cut = end == SIZE_MAX;
    if (cut) end = s.n;
    next = end + 1;
    if (end > start && s.p[end - 1] == '\r') end--;
    if (end == start && !cut) {
      blank_lines++;
      if (next >= s.n) check_blank_series(l, f, blank_lines, start);
      continue;
    }
    if (blank_lines) check_blank_series(l, f, blank_lines, start - (start > 1 && s.p[start - 2] == '\r' ? 2 : 1));
    blank_lines = 0;
    check_blanks_at_end(l, f, start, end);
  }
  if (s.n && s.p[s.n - 1] != '\n' && s.p[s.n - 1] != '\r')
    lint_report(l, CHECK_yaml_final_newline, span(f, s.n, s.n), "no newline at the end of the file");
}

void check_bytes(Lint *l, const LintAt *at) {
  const LintFile *f = at->file;
  if (f->too_large || !is_text(f->text)) return;
  if (str_starts(f->text, STR("\xEF\xBB\xBF"))) lint_report(l, CHECK_yaml_bom, span(f, 0, 3), "a byte order mark");
  check_line_ends(l, f);
  check_lines(l, f);
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
