/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

void buf_free(Buf *b) {
  if (!b->arena) heap_release(b->heap, b->p);
  *b = (Buf){.heap = b->heap, .arena = b->arena};
}

static char *resized(const Buf *b, size_t cap) {
  if (!b->arena) return heap_resize(b->heap, b->p, cap);
  char *p = arena_alloc(b->arena, cap);
  if (b->n) memcpy(p, b->p, b->n);
  return p;
}

void buf_reserve(Buf *b, size_t more) {
  if (b->cap - b->n >= more) return;
  size_t cap = b->cap ? b->cap : 256;
  while (cap - b->n < more && cap <= SIZE_MAX / 2) cap *= 2;
  if (cap - b->n < more) heap_exhausted(b->arena ? b->arena->heap : b->heap, more);
  b->p = resized(b, cap);
  b->cap = cap;
}

void buf_bytes(Buf *b, const void *p, size_t n) {
  if (!n) return;
  buf_reserve(b, n);
  memcpy(b->p + b->n, p, n);
  b->n += n;
}

void buf_str(Buf *b, Str s) { buf_bytes(b, s.p, s.n); }

void buf_char(Buf *b, char c) { buf_bytes(b, &c, 1); }

void buf_printf(Buf *b, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  int n = vsnprintf(NULL, 0, fmt, args);
  va_end(args);
  if (n <= 0) return;
  buf_reserve(b, (size_t)n + 1);
  va_start(args, fmt);
  vsnprintf(b->p + b->n, (size_t)n + 1, fmt, args);
  va_end(args);
  b->n += (size_t)n;
}

static void json_escape(Buf *b, char c) {
  switch (c) {
  case '"': buf_str(b, STR("\\\"")); return;
  case '\\': buf_str(b, STR("\\\\")); return;
  case '\n': buf_str(b, STR("\\n")); return;
  case '\r': buf_str(b, STR("\\r")); return;
  case '\t': buf_str(b, STR("\\t")); return;
  default: buf_printf(b, "\\u%04x", (unsigned)(unsigned char)c); return;
  }
}

/* Control characters, and what ends a line or turns the direction of writing on a terminal. */
static bool hidden(uint32_t cp) {
  return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static void json_text(Buf *b, Str s, bool escape_hidden) {
  buf_char(b, '"');
  size_t done = 0;
  for (size_t i = 0, len; i < s.n; i += len) {
    uint32_t cp;
    len = utf8_decode(s, i, &cp);
    if (len && cp >= 0x20 && cp != '"' && cp != '\\' && !(escape_hidden && hidden(cp))) continue;
    buf_bytes(b, s.p + done, i - done);
    if (!len) buf_str(b, STR("\xEF\xBF\xBD"));
    else if (cp < 0x80 && cp != 0x7F) json_escape(b, (char)cp);
    else buf_printf(b, "\\u%04x", (unsigned)cp);
    if (!len) len = 1;
    done = i + len;
  }
  buf_bytes(b, s.p + done, s.n - done);
  buf_char(b, '"');
}

void buf_json(Buf *b, Str s) { json_text(b, s, false); }
void buf_quoted(Buf *b, Str s) { json_text(b, s, true); }

void buf_safe(Buf *b, Str s) {
  for (size_t i = 0, n; i < s.n; i += n) {
    uint32_t cp;
    n = utf8_decode(s, i, &cp);
    if (n && !hidden(cp)) buf_bytes(b, s.p + i, n);
    else buf_char(b, n && cp == '\t' ? ' ' : '?');
    if (!n) n = 1;
  }
}

/* What looks like nothing, or like a blank: people must see it when two texts differ by it. */
static bool unseen(uint32_t cp) {
  return cp == 0xA0 || cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) || cp == 0x202F || cp == 0x2060 || cp == 0x3000 || cp == 0xFEFF;
}

void buf_shown(Buf *b, Str s, size_t most) {
  size_t shown = 0, n;
  buf_char(b, '\'');
  for (size_t i = 0; i < s.n && shown < most; i += n, shown++) {
    uint32_t cp;
    n = utf8_decode(s, i, &cp);
    if (n && cp == '\'') buf_str(b, STR("''"));
    else if (n && !hidden(cp) && !unseen(cp)) buf_bytes(b, s.p + i, n);
    else if (n) buf_printf(b, "<U+%04X>", (unsigned)cp);
    else buf_printf(b, "<%02X>", (unsigned)(unsigned char)s.p[i]);
    if (!n) n = 1;
  }
  buf_char(b, '\'');
  size_t all = shown < most ? shown : utf8_count(s);
  if (all > shown) buf_printf(b, "... (%zu characters)", all);
}
