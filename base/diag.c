/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

const DiagInfo diag_info[ID_COUNT] = {
#define DIAG(word, text, doc) {text, doc},
#include "base/diag.def"
#undef DIAG
};

uint32_t source_add(Sources *s, Str path, Str text) {
  *vec_add(s->arena, &s->files) = (Source){.path = path, .text = text};
  return s->files.n - 1;
}

/* LF and CR-LF end a line, and nothing else does (semantics 1.6). */
static size_t next_line(Str text, size_t from) {
  const char *end = from < text.n ? memchr(text.p + from, '\n', text.n - from) : NULL;
  return end ? (size_t)(end - text.p) + 1 : SIZE_MAX;
}

static void find_lines(Sources *s, Source *f) {
  uint32_t n = 1;
  for (size_t at = 0; (at = next_line(f->text, at)) != SIZE_MAX;) n++;
  f->lines = arena_array(s->arena, uint32_t, n);
  f->n_lines = n;
  n = 1;
  for (size_t at = 0; (at = next_line(f->text, at)) != SIZE_MAX;) f->lines[n++] = (uint32_t)at;
}

/* Of eight bytes, those that begin a character: all but 10xxxxxx. */
static uint32_t begins8(const char *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  uint64_t inner = w >> 7 & ~(w >> 6) & 0x0101010101010101ull;
  return 8 - (uint32_t)(inner * 0x0101010101010101ull >> 56);
}

/* Characters that begin in [from, to). What is malformed is shown byte by byte, but for stray continuation bytes. */
static uint32_t count_chars(Str s, size_t from, size_t to) {
  uint32_t n = 0;
  for (; to - from >= 8; from += 8) n += begins8(s.p + from);
  for (; from < to; from++) n += ((unsigned char)s.p[from] & 0xC0) != 0x80;
  return n;
}

static void count_steps(Sources *s, Source *f) {
  size_t steps = f->text.n / PLACE_STEP;
  f->chars = arena_array(s->arena, uint32_t, steps + 1);
  for (size_t k = 0; k < steps; k++) f->chars[k + 1] = f->chars[k] + count_chars(f->text, k * PLACE_STEP, (k + 1) * PLACE_STEP);
}

static uint32_t chars_before(const Source *f, uint32_t offset) {
  uint32_t k = offset / PLACE_STEP;
  return f->chars[k] + count_chars(f->text, (size_t)k * PLACE_STEP, offset);
}

static uint32_t line_of(const Source *f, uint32_t offset) {
  uint32_t low = 0, high = f->n_lines;
  while (high - low > 1) {
    uint32_t mid = (low + high) / 2;
    if (f->lines[mid] <= offset) low = mid;
    else high = mid;
  }
  return low;
}

/* Start of the text of a line: behind a byte order mark. */
static uint32_t line_start(const Source *f, uint32_t line) {
  uint32_t start = f->lines[line];
  return start == 0 && str_starts(f->text, STR("\xEF\xBB\xBF")) ? 3 : start;
}

static uint32_t column_of(Sources *s, Source *f, uint32_t line, uint32_t offset) {
  uint32_t start = line_start(f, line);
  if (offset <= start) return 1;
  if (offset - start <= PLACE_STEP) return count_chars(f->text, start, offset) + 1;
  if (!f->chars) count_steps(s, f);
  return chars_before(f, offset) - chars_before(f, start) + 1;
}

SourcePoint source_point(Sources *s, uint32_t file, uint32_t offset) {
  if (file >= s->files.n) return (SourcePoint){1, 1};
  Source *f = &s->files.p[file];
  if (!f->lines) find_lines(s, f);
  if (offset > f->text.n) offset = (uint32_t)f->text.n;
  uint32_t line = line_of(f, offset);
  return (SourcePoint){line + 1, column_of(s, f, line, offset)};
}

Place source_place(Sources *s, Span at) {
  SourcePoint start = source_point(s, at.file, at.start), end = source_point(s, at.file, at.end);
  return (Place){start.line, start.col, end.line, end.col};
}

Str diag_format(Arena *a, const char *fmt, va_list args) {
  enum { LONGEST = 300 };
  char text[LONGEST + 4];
  int n = vsnprintf(text, sizeof text, fmt, args);
  size_t length = n < 0 ? 0 : (size_t)n;
  if (length > LONGEST) {
    for (length = LONGEST; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;) length--;
    memcpy(text + length, "...", 3);
    length += 3;
  }
  return arena_dup(a, (Str){text, length});
}

static Arena *texts_of(const Diags *d) { return d->texts ? d->texts : d->arena; }

static uint32_t most(const Diags *d) { return d->most ? d->most : LIMIT_DIAGS_PER_FILE; }

static void add(Diags *d, DiagId id, Severity sev, Span at, const char *fmt, va_list args) {
  if (sev == SEV_ERROR) d->errors++;
  if (sev == SEV_WARNING) d->warnings++;
  while (d->by_file.n <= at.file) (void)vec_add(d->arena, &d->by_file);
  DiagCount *count = &d->by_file.p[at.file];
  d->dropped = (sev == SEV_ERROR ? count->errors++ : count->others++) >= most(d);
  if (d->dropped) return;
  *vec_add(d->arena, &d->list) = (Diag){.id = id, .severity = sev, .at = at, .msg = diag_format(texts_of(d), fmt, args)};
}

void diag_verror(Diags *d, DiagId id, Span at, const char *fmt, va_list args) { add(d, id, SEV_ERROR, at, fmt, args); }

void diag_error(Diags *d, DiagId id, Span at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add(d, id, SEV_ERROR, at, fmt, args);
  va_end(args);
}

void diag_warning(Diags *d, DiagId id, Span at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  add(d, id, SEV_WARNING, at, fmt, args);
  va_end(args);
}

void diag_hint(Diags *d, const char *fmt, ...) {
  if (!d->list.n || d->dropped) return;
  va_list args;
  va_start(args, fmt);
  vec_last(&d->list).hint = diag_format(texts_of(d), fmt, args);
  va_end(args);
}

static int by_place(const void *x, const void *y) {
  const Diag *a = x, *b = y;
  if (a->at.file != b->at.file) return a->at.file < b->at.file ? -1 : 1;
  if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

void diag_sort(Diags *d) {
  if (d->list.n) qsort(d->list.p, d->list.n, sizeof *d->list.p, by_place);
}

static uint32_t above_limit(const Diags *d, uint32_t n) { return n > most(d) ? n - most(d) : 0; }

uint32_t diag_dropped(const Diags *d, uint32_t file) {
  if (file >= d->by_file.n) return 0;
  return above_limit(d, d->by_file.p[file].errors) + above_limit(d, d->by_file.p[file].others);
}

static void source_line(Buf *out, const Source *f, Place at) {
  enum { WIDEST = 160 };
  uint32_t start = line_start(f, at.line - 1);
  size_t end = str_find(f->text, STR("\n"), start);
  if (end == SIZE_MAX) end = f->text.n;
  if (end > start && f->text.p[end - 1] == '\r') end--;
  if (end <= start || at.col > WIDEST) return;
  Str line = str_sub(f->text, start, end);
  size_t cut = 0;
  for (unsigned chars = 0; cut < line.n && chars < WIDEST; chars++) cut += utf8_len(line.p[cut]);
  line.n = cut < line.n ? cut : line.n;
  buf_printf(out, "%5u | ", at.line);
  buf_safe(out, line);
  buf_printf(out, "\n      | %*s^", (int)at.col - 1, "");
  uint32_t last = at.end_line == at.line ? at.end_col : (uint32_t)utf8_count(line) + 1;
  for (uint32_t c = at.col + 1; c < last && c <= WIDEST; c++) buf_char(out, '~');
  buf_char(out, '\n');
}

void diag_render_severity(Buf *out, Severity severity, bool colour) {
  static const char *const words[] = {"error", "warning", "info"};
  static const char *const colours[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
  if (colour) buf_str(out, str_of(colours[severity]));
  buf_printf(out, "%s: ", words[severity]);
  if (colour) buf_str(out, STR("\033[0m"));
}

void diag_render_as(Buf *out, Sources *s, const DiagView *d, bool colour) {
  const Source *f = d->at.file < s->files.n ? &s->files.p[d->at.file] : NULL;
  Place at = source_place(s, d->at);
  if (f) {
    buf_safe(out, f->path);
    buf_printf(out, ":%u:%u: ", at.line, at.col);
  }
  diag_render_severity(out, d->severity, colour);
  buf_safe(out, d->msg);
  buf_printf(out, " [%s]\n", d->id);
  if (f && f->n_lines) source_line(out, f, at);
  if (d->hint.n) {
    buf_str(out, STR("      = hint: "));
    buf_safe(out, d->hint);
    buf_char(out, '\n');
  }
}

void diag_render(Buf *out, Sources *s, const Diag *d, bool colour) {
  diag_render_as(out, s, &(DiagView){diag_info[d->id].text, d->severity, d->at, d->msg, d->hint}, colour);
}
