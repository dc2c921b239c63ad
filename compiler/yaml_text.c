/* SPDX-License-Identifier: MIT */
#include "compiler/yaml_text.h"

#include "base/limits.h"
#include "base/utf8.h"

static const Str not_line_ends[YAML_NOT_LINE_ENDS] = {STR_INIT("\xC2\x85"), STR_INIT("\xE2\x80\xA8"), STR_INIT("\xE2\x80\xA9")};

static bool fail(Diags *d, DiagId id, uint32_t file, size_t from, size_t to, const char *message) {
  diag_error(d, id, (Span){file, (uint32_t)from, (uint32_t)to}, "%s", message);
  return false;
}

/* libyaml looks at all %TAG directives of a document for each of them. */
static bool check_directives(uint32_t file, Str s, Diags *d) {
  unsigned n = 0;
  for (size_t at = 0; (at = str_find(s, STR("%TAG"), at)) != SIZE_MAX; at++)
    if ((at == 0 || s.p[at - 1] == '\n') && ++n > LIMIT_TAG_DIRECTIVES)
      return fail(d, ID_yaml_syntax, file, at, at + 4, "too many %TAG directives");
  return true;
}

static bool check_encoding(uint32_t file, Str s, Diags *d) {
  if (str_starts(s, STR("\xFE\xFF")) || str_starts(s, STR("\xFF\xFE")))
    return fail(d, ID_yaml_encoding, file, 0, 0, "the file is UTF-16 or UTF-32: save it as UTF-8");
  size_t bad = utf8_check(s);
  if (bad == s.n) return true;
  fail(d, ID_yaml_encoding, file, bad, bad + 1, "bytes that are not UTF-8");
  if (str_starts(s, STR("\x1F\x8B")) || str_starts(s, STR("\x28\xB5\x2F\xFD")) || str_starts(s, STR("PK\3\4")))
    diag_hint(d, "the file is packed: unpack it first");
  return false;
}

/* --- stand-ins --------------------------------------------------------------------------------------------- */

/* YAML 1.2.2, 5.1: c-printable. */
static bool allowed(uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c < 0x7F || c == 0x85 || (c >= 0xA0 && c != 0xFFFE && c != 0xFFFF);
}

static const char *plain_of(size_t length) { return length == 1 ? "x" : length == 2 ? "\xC3\xA9" : "\xEE\x80\x80"; }

static char *writable(YamlText *t, Arena *a) { return (char *)(t->text = arena_dup(a, t->text)).p; }

/* Behind the characters of ASCII that are allowed, but for tab and CR: nearly all of a rule. */
static size_t behind_plain(Str s, size_t i) {
  for (; i < s.n; i++) {
    unsigned c = (unsigned char)s.p[i];
    if (!((c - 0x20u < 0x5F) | (c == '\n'))) return i;
  }
  return i;
}

/* What is not allowed costs its document, so that it does not matter what stands there. */
static void replace_forbidden(YamlText *t, uint32_t file, Arena *a, Diags *d) {
  Str s = t->text;
  char *out = NULL;
  for (size_t i = 0, n; (i = behind_plain(s, i)) < s.n; i += n) {
    uint32_t c = 0;
    n = utf8_decode(s, i, &c);
    if (allowed(c)) continue;
    if (!out) out = writable(t, a);
    memcpy(out + i, plain_of(n), n);
    *vec_add(a, &t->forbidden) = (uint32_t)i;
    diag_error(d, ID_yaml_encoding, (Span){file, (uint32_t)i, (uint32_t)(i + n)}, "the character U+%04X, which YAML does not allow",
               (unsigned)c);
    diag_hint(d, "delete it, or write it in double quotes as \"%s%0*X\"", c < 0x100 ? "\\x" : "\\u", c < 0x100 ? 2 : 4,
              (unsigned)c);
  }
}

/* What a backslash before s stands for in double quotes: \x, \u and \U and their digits; 0 for anything else. */
static uint32_t escaped(Str s) {
  size_t digits = !s.n ? 0 : s.p[0] == 'x' ? 2 : s.p[0] == 'u' ? 4 : s.p[0] == 'U' ? 8 : 0;
  uint32_t c = 0;
  if (s.n <= digits) return 0;
  for (size_t i = 1; i <= digits; i++) c = c << 4 | (ascii_hex(s.p[i]) & 15);
  return c;
}

/* The first code point of the range that the text does not have, be it as an escape; 0 where it has all. All are of the same
 * length. */
static uint32_t unused(Str s, uint32_t low, uint32_t high, Arena *a) {
  bool *seen = arena_array(a, bool, high - low + 1);
  for (size_t i = 0; i < s.n;) {
    uint32_t c;
    i += utf8_decode(s, i, &c);
    if (c == '\\') c = escaped(str_from(s, i));
    if (c >= low && c <= high) seen[c - low] = true;
  }
  while (low <= high && *seen++) low++;
  return low <= high ? low : 0;
}

static void replace_all(YamlText *t, Str old, Str new, Arena *a) {
  char *out = writable(t, a);
  for (size_t at = 0; (at = str_find(t->text, old, at)) != SIZE_MAX; at += old.n) memcpy(out + at, new.p, new.n);
}

/* Letters of two bytes, and private use characters: nothing that means anything to YAML. */
static bool replace_line_ends(YamlText *t, uint32_t file, Arena *a, Diags *d) {
  Arena *scratch = arena_sub(a);
  bool ok = true;
  for (int k = 0; k < YAML_NOT_LINE_ENDS && ok; k++) {
    size_t at = str_find(t->text, not_line_ends[k], 0);
    if (at == SIZE_MAX) continue;
    bool two = not_line_ends[k].n == 2;
    uint32_t c = unused(t->text, two ? 0xC0 : 0xE000, two ? 0x7FF : 0xF8FF, scratch);
    ok = c ||
         fail(d, ID_yaml_encoding, file, at, at + not_line_ends[k].n, "a line separator in a text that has every other character");
    if (!ok) break;
    char *p = arena_alloc(a, 4);
    t->stand_in[k] = (Str){p, utf8_encode(c, p)};
    replace_all(t, not_line_ends[k], t->stand_in[k], a);
  }
  arena_sub_done(scratch);
  return ok;
}

bool yaml_text_prepare(YamlText *t, uint32_t file, Str source, Arena *a, Diags *d) {
  *t = (YamlText){.text = source};
  if (!check_encoding(file, source, d) || !check_directives(file, source, d)) return false;
  replace_forbidden(t, file, a, d);
  return replace_line_ends(t, file, a, d);
}

Str yaml_text_restore(const YamlText *t, Str scalar, Arena *a) {
  for (int k = 0; k < YAML_NOT_LINE_ENDS; k++) {
    size_t at = t->stand_in[k].n ? str_find(scalar, t->stand_in[k], 0) : SIZE_MAX;
    if (at == SIZE_MAX) continue;
    scalar = arena_dup(a, scalar);
    for (; at != SIZE_MAX; at = str_find(scalar, t->stand_in[k], at))
      memcpy((char *)scalar.p + at, not_line_ends[k].p, not_line_ends[k].n);
  }
  return scalar;
}
