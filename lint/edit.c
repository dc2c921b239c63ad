/* SPDX-License-Identifier: MIT
 * Scalars that are written anew. */
#include "base/buf.h"
#include "base/decimal.h"
#include "lint/edit_text.h"

enum {
  KEY_LONGEST = 1000,   /* YAML allows 1024 characters with the quotes */
  TEXT_LONGEST = 16384, /* of what is copied for a change of a few characters */
};

/* --- plain texts --------------------------------------------------------------------------------------------- */

static bool is_control(char c) { return (unsigned char)c < 0x20 || c == 0x7F; }

static bool has_control(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (is_control(s.p[i])) return true;
  return false;
}

/* Words that YAML 1.2 or 1.1 takes for something else. */
static bool is_special_word(Str s) {
  static const char *const words[] = {"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq_nocase(s, str_of(words[i]))) return true;
  return false;
}

/* Numbers, also those of YAML 1.1 with `_` and `:`. */
static bool is_number(Lint *l, Str s) {
  Str number;
  size_t i = 0;
  while (i < s.n && (ascii_digit(s.p[i]) || strchr("+-._:", s.p[i]))) i++;
  if (i == s.n && !memchr(s.p + 1, '-', s.n - 1)) return true; /* with hyphens it is a date */
  if (!ascii_digit(s.p[0]) && !strchr("+-.", s.p[0])) return false;
  return s.p[0] == '.' || decimal_syntax(s) || decimal_canonical_int(&number, s, l->arena) ||
         decimal_canonical_float(&number, s, l->arena);
}

static bool good_start(Str s, Str old) {
  if (!strchr("-?:,[]{}#&*!|>'\"%@`=<", s.p[0])) return true;
  return old.n > 1 && s.n > 1 && old.p[0] == s.p[0] && old.p[1] == s.p[1];
}

/* Whether YAML takes the characters for this text when they stand there plain. Inside of brackets less is allowed than outside: what the
 * text had before (`old`) is right where it stands. */
static bool plain_ok(Lint *l, Str s, Str old) {
  if (!s.n || s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == ':' || has_control(s)) return false;
  if (str_starts(s, STR("---")) || str_starts(s, STR("..."))) return false; /* between documents, at the start of a line */
  if (is_special_word(s) || is_number(l, s) || !good_start(s, old)) return false;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == ':' && s.p[i + 1] == ' ') return false;
    if (i && s.p[i] == '#' && s.p[i - 1] == ' ') return false;
    if (strchr(",[]{}", s.p[i]) && !(old.n && memchr(old.p, s.p[i], old.n))) return false;
  }
  return true;
}

/* --- writing ------------------------------------------------------------------------------------------------- */

static void write_double(Buf *b, Str s) {
  for (size_t i = 0; i < s.n; i++) {
    if (is_control(s.p[i])) {
      buf_printf(b, "\\x%02X", (unsigned)(unsigned char)s.p[i]);
      continue;
    }
    if (s.p[i] == '"' || s.p[i] == '\\') buf_char(b, '\\');
    buf_char(b, s.p[i]);
  }
}

static void write_single(Buf *b, Str s) {
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\'') buf_char(b, '\'');
    buf_char(b, s.p[i]);
  }
}

/* With the quotes `quote`; 0: plain, where it can be. */
static Str written(Lint *l, Str s, char quote, Str old) {
  Buf b = {.arena = l->arena};
  if (!quote && plain_ok(l, s, old)) return s;
  if (!quote) quote = '\'';
  if (quote == '\'' && has_control(s)) return (Str){0};
  buf_char(&b, quote);
  if (quote == '"') write_double(&b, s);
  else write_single(&b, s);
  buf_char(&b, quote);
  return buf_view(&b);
}

Str edit_written(Lint *l, Str text) { return written(l, text, 0, (Str){0}); }

/* 0: plain. */
static char quote_of(const LintFile *file, const YamlNode *n) { return n->plain ? 0 : file->text.p[n->at.start]; }

/* On one line, and no block scalar. */
static bool is_simple(const LintFile *file, const YamlNode *n) {
  if (n->kind != YAML_SCALAR || n->at.end > file->text.n || n->at.start >= n->at.end) return false;
  return (n->plain || n->inset) && !edit_has_newline(file->text, n->at.start, n->at.end);
}

bool edit_scalar(Lint *l, const LintFile *file, const YamlNode *n, Str text) {
  if (!edit_ready(l, file) || !is_simple(file, n)) return false;
  Str new = written(l, text, quote_of(file, n), n->text);
  return new.n &&edit_bytes(l, file, n->at.start, n->at.end, new);
}

/* The new characters mean themselves where they stand. */
static bool fits(Lint *l, const LintFile *file, const YamlNode *n, Str whole, Str part) {
  char quote = quote_of(file, n);
  if (!quote) return plain_ok(l, whole, n->text);
  return !has_control(part) && !(part.n && memchr(part.p, quote, part.n)) &&
         !(quote == '"' && part.n && memchr(part.p, '\\', part.n));
}

bool edit_part(Lint *l, const LintFile *file, const YamlNode *n, size_t from, size_t to, Str text) {
  if (!edit_ready(l, file) || !is_simple(file, n) || n->text.n > TEXT_LONGEST || from > to || to > n->text.n) return false;
  Arena *scratch = arena_sub(l->arena);
  Buf whole = {.arena = scratch};
  buf_str(&whole, str_sub(n->text, 0, from));
  buf_str(&whole, text);
  buf_str(&whole, str_from(n->text, to));
  uint32_t start = n->at.start + n->inset;
  bool part = n->exact && fits(l, file, n, buf_view(&whole), text);
  bool done =
    part ? edit_bytes(l, file, start + (uint32_t)from, start + (uint32_t)to, text) : edit_scalar(l, file, n, buf_view(&whole));
  arena_sub_done(scratch);
  return done;
}

bool edit_key(Lint *l, const LintFile *file, const YamlNode *key, Str text) {
  return text.n <= KEY_LONGEST && edit_scalar(l, file, key, text);
}
