/* SPDX-License-Identifier: MIT */
#include "backends/data_text.h"

#include "base/utf8.h"

/* Beside controls: what YAML does not print or takes for a line end, and what turns the direction of writing. */
static bool plain(uint32_t cp) {
  if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) return false;
  if (cp == 0x2028 || cp == 0x2029 || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069)) return false;
  return cp != 0xFEFF && (cp & 0xFFFE) != 0xFFFE;
}

bool text_is_plain(Str s, bool lines) {
  for (size_t i = 0, n; i < s.n; i += n) {
    uint32_t cp;
    n = utf8_decode(s, i, &cp);
    if (!n || !(plain(cp) || (lines && (cp == '\n' || cp == '\t')))) return false;
  }
  return true;
}

static void quoted_char(Buf *out, uint32_t cp, Str bytes) {
  switch (cp) {
  case '"': buf_str(out, STR("\\\"")); break;
  case '\\': buf_str(out, STR("\\\\")); break;
  case '\n': buf_str(out, STR("\\n")); break;
  case '\r': buf_str(out, STR("\\r")); break;
  case '\t': buf_str(out, STR("\\t")); break;
  default:
    if (plain(cp)) buf_str(out, bytes);
    else buf_printf(out, cp > 0xFFFF ? "\\U%08X" : "\\u%04X", (unsigned)cp);
  }
}

void text_quoted(Buf *out, Str s) {
  buf_char(out, '"');
  for (size_t i = 0, n; i < s.n; i += n) {
    uint32_t cp = 0xFFFD;
    n = utf8_decode(s, i, &cp);
    quoted_char(out, n ? cp : 0xFFFD, n ? str_sub(s, i, i + n) : STR("\xEF\xBF\xBD"));
    if (!n) n = 1;
  }
  buf_char(out, '"');
}
