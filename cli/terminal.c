/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include "cli/terminal.h"

#include <locale.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"
#include "cli/memory.h"

unsigned terminal_width(int fd) {
  struct winsize size;
  return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static locale_t utf8;
static void make_utf8(void) { utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

/* Texts are UTF-8 whatever the locale of the user is; without this one every character counts as one column. A thread has a
 * locale of its own. */
static void use_utf8(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static _Thread_local bool used;
  if (used) return;
  used = true;
  pthread_once(&once, make_utf8);
  if (utf8) uselocale(utf8);
}

static unsigned columns(uint32_t cp) {
  int n = cp < 0x80 ? 1 : wcwidth((wchar_t)cp);
  return n < 0 ? 1 : (unsigned)n;
}

/* Where the text has to end to fit, and how wide it is then. */
static size_t fitting(Str s, unsigned width, unsigned *used) {
  size_t i = 0;
  *used = 0;
  for (uint32_t cp; i < s.n;) {
    size_t n = utf8_decode(s, i, &cp);
    unsigned w = n ? columns(cp) : 1;
    if (*used + w > width) break;
    *used += w;
    i += n ? n : 1;
  }
  return i;
}

void put_columns(Buf *out, Str text, unsigned width) {
  Buf safe = {.heap = &cli_heap};
  unsigned used;
  use_utf8();
  buf_safe(&safe, text);
  Str s = buf_view(&safe);
  size_t end = fitting(s, width, &used);
  if (end < s.n && width) {
    end = fitting(s, width - 1, &used);
    buf_str(out, str_sub(s, 0, end));
    buf_str(out, STR("\xE2\x80\xA6"));
    used++;
  } else {
    buf_str(out, s);
  }
  for (; used < width; used++) buf_char(out, ' ');
  buf_free(&safe);
}
