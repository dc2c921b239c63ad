/* SPDX-License-Identifier: MIT */
#include "lint/checks/characters.h"

#include "base/utf8.h"

static CharKind kind_of(uint32_t cp) {
  static const struct {
    uint32_t from, to;
    CharKind kind;
  } rows[] = {
    {0xA0, 0xA0, CHAR_BLANK},          {0xAD, 0xAD, CHAR_ZERO_WIDTH},     {0x61C, 0x61C, CHAR_BIDI},
    {0x180E, 0x180E, CHAR_ZERO_WIDTH}, {0x2000, 0x200A, CHAR_BLANK},      {0x200B, 0x200B, CHAR_ZERO_WIDTH},
    {0x200C, 0x200D, CHAR_JOINER},     {0x200E, 0x200F, CHAR_BIDI},       {0x2010, 0x2015, CHAR_DASH},
    {0x2018, 0x201B, CHAR_QUOTE},      {0x201C, 0x201F, CHAR_QUOTE},      {0x202A, 0x202E, CHAR_BIDI},
    {0x202F, 0x202F, CHAR_BLANK},      {0x2060, 0x2064, CHAR_ZERO_WIDTH}, {0x2066, 0x2069, CHAR_BIDI},
    {0x2212, 0x2212, CHAR_DASH},       {0xFEFF, 0xFEFF, CHAR_ZERO_WIDTH},
  };
  if (cp < 0xA0) return CHAR_PLAIN;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (cp >= rows[i].from && cp <= rows[i].to) return rows[i].kind;
  return CHAR_PLAIN;
}

const char *const char_kind_words[CHAR_KINDS] = {
  [CHAR_PLAIN] = "",
  [CHAR_ZERO_WIDTH] = "has no width",
  [CHAR_JOINER] = "has no width",
  [CHAR_BIDI] = "changes the direction of the text",
  [CHAR_BLANK] = "looks like a blank",
  [CHAR_DASH] = "looks like `-`",
  [CHAR_QUOTE] = "looks like a quotation mark",
};

Str char_ascii(uint32_t cp, CharKind kind) {
  if (kind == CHAR_BLANK) return STR(" ");
  if (kind == CHAR_DASH) return STR("-");
  return kind == CHAR_QUOTE ? (cp < 0x201C ? STR("'") : STR("\"")) : STR("");
}

bool next_special(Str s, size_t i, Special *out) {
  while (i < s.n) {
    uint32_t cp;
    if ((unsigned char)s.p[i] < 0x80) {
      i++;
      continue;
    }
    size_t n = utf8_decode(s, i, &cp);
    CharKind kind = n ? kind_of(cp) : CHAR_PLAIN;
    *out = (Special){i, n, cp, kind};
    if (kind != CHAR_PLAIN) return true;
    i += n ? n : 1;
  }
  return false;
}
