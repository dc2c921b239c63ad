/* SPDX-License-Identifier: MIT */
#include "cli/say.h"

#include <stdio.h>

#include "cli/memory.h"

/* A name of a file has at most 4,096 bytes; an argument may have a hundred thousand. */
enum { LONGEST = 6000, KEPT = 500 };

/* What is cut may be a character: buf_safe shows its pieces as `?`. */
static void add_text(Buf *line, Str text) {
  if (text.n <= LONGEST) {
    buf_safe(line, text);
    return;
  }
  buf_safe(line, str_sub(text, 0, KEPT));
  buf_str(line, STR(" ... "));
  buf_safe(line, str_from(text, text.n - KEPT));
}

static void add(Buf *text, const char *fmt, va_list args) {
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, fmt, again);
  va_end(again);
  if (n <= 0) return;
  buf_reserve(text, (size_t)n + 1);
  vsnprintf(text->p + text->n, (size_t)n + 1, fmt, args);
  text->n += (size_t)n;
}

void say_into(Buf *line, const char *fmt, ...) {
  Buf text = {.heap = &cli_heap};
  va_list args;
  va_start(args, fmt);
  add(&text, fmt, args);
  va_end(args);
  add_text(line, buf_view(&text));
  buf_char(line, '\n');
  buf_free(&text);
}

static void print(Buf *text) {
  Buf line = {.heap = &cli_heap};
  add_text(&line, buf_view(text));
  buf_char(&line, '\n');
  fwrite(line.p, 1, line.n, stderr);
  buf_free(&line);
  buf_free(text);
}

void say(const char *fmt, ...) {
  Buf text = {.heap = &cli_heap};
  va_list args;
  va_start(args, fmt);
  add(&text, fmt, args);
  va_end(args);
  print(&text);
}

void say_of(const char *command, const char *fmt, va_list args) {
  Buf text = {.heap = &cli_heap};
  buf_printf(&text, "sigmac %s: ", command);
  add(&text, fmt, args);
  print(&text);
}
