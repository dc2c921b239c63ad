/* SPDX-License-Identifier: MIT
 * Characters that cannot be seen, anywhere in a rule; in values, also those that look like ASCII ones. */
#include "base/buf.h"
#include "lint/checks/characters.h"
#include "lint/checks/values.h"
#include "lint/edit.h"

static bool is_ascii(Str s, size_t i) { return i < s.n && (unsigned char)s.p[i] < 0x80; }
static bool is_letter(Str s, size_t i) { return is_ascii(s, i) && (ascii_letter(s.p[i]) || ascii_digit(s.p[i])); }

/* A joiner in the middle of an emoji, or of a word in a script that needs it. */
static bool is_joining(Str s, const Special *c) {
  return c->kind == CHAR_JOINER && c->at && !is_ascii(s, c->at - 1) && c->at + c->n < s.n && !is_ascii(s, c->at + c->n);
}

static void say(Lint *l, Span at, const Special *c) {
  lint_report(l, CHECK_invisible_character, at, "U+%04X %s", (unsigned)c->cp, char_kind_words[c->kind]);
  Str ascii = char_ascii(c->cp, c->kind);
  if (!ascii.n) lint_hint(l, "delete it");
  else if (c->kind == CHAR_BLANK) lint_hint(l, "write a blank");
  else lint_hint(l, "write `" STR_FMT "`", STR_ARG(ascii));
}

/* --- outside of detections ----------------------------------------------------------------------------------- */

/* Prose, which decides nothing about events. Behind a letter nothing becomes YAML of another kind without it. */
static bool is_prose(const LintDoc *doc, size_t at) {
  static const char *const keys[] = {"title", "description", "author", "references", "falsepositives", "license"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const YamlNode *n = yaml_get(doc->root, keys[i]);
    if (n && at >= n->at.start && at < n->at.end) return true;
  }
  return false;
}

static void check_prose(Lint *l, const LintAt *at) {
  Span whole = at->doc->rule->at;
  const YamlNode *detection = yaml_get(at->doc->root, "detection");
  Str source = str_sub(at->file->text, 0, whole.end);
  Special c;
  for (size_t i = whole.start; next_special(source, i, &c); i = c.at + c.n) {
    if (detection && c.at >= detection->at.start && c.at < detection->at.end) continue;
    bool unseen = c.kind == CHAR_ZERO_WIDTH || c.kind == CHAR_BIDI || c.kind == CHAR_JOINER;
    if (!unseen || !c.at || is_joining(source, &c)) continue;
    say(l, (Span){whole.file, (uint32_t)c.at, (uint32_t)(c.at + c.n)}, &c);
    if (!l->kept) continue;
    lint_fix(l, (Span){whole.file, (uint32_t)c.at, (uint32_t)(c.at + c.n)}, STR(""));
    if (!is_prose(at->doc, c.at) || !is_letter(source, c.at - 1)) lint_fix_unsafe(l);
  }
}

/* --- values -------------------------------------------------------------------------------------------------- */

/* Nothing else in it, but for blanks and wildcards: such characters are what the value looks for. */
static bool is_sought(Str s) {
  Special c;
  size_t i = 0;
  while (i < s.n) {
    if (s.p[i] == ' ' || s.p[i] == '*') i++;
    else if (next_special(s, i, &c) && c.at == i) i += c.n;
    else return false;
  }
  return true;
}

/* A dash in front of an option; between words, and an apostrophe in a word, they are how the text is really written. */
static bool is_doubtful(const LintItem *item, Str s, const Special *c) {
  bool before = c->at && is_letter(s, c->at - 1), behind = is_letter(s, c->at + c->n);
  if (c->kind == CHAR_DASH) return behind && !before && (!c->at || is_ascii(s, c->at - 1)) && !lint_has_modifier(item, "windash");
  if (c->cp == 0x2019) return !before;
  return c->kind != CHAR_JOINER || !is_joining(s, c);
}

/* Bounds: values of a rule that one is compared with; characters of a value that are looked at. */
enum { COMPARED_MOST = 200, DOUBTFUL_MOST = 16 };

/* The same value with ASCII in its place is looked for in the field too: both are meant. */
static bool is_variant(Lint *l, const LintAt *at, Str s, const Special *c) {
  Arena *scratch = arena_sub(l->arena);
  Buf plain = {.arena = scratch};
  uint32_t compared = 0;
  bool found = false;
  buf_str(&plain, str_sub(s, 0, c->at));
  buf_str(&plain, char_ascii(c->cp, c->kind));
  buf_str(&plain, str_from(s, c->at + c->n));
  for (uint32_t i = 0; i < at->doc->items.n && compared < COMPARED_MOST; i++) {
    const LintItem *item = &at->doc->items.p[i];
    compared++;
    if (!str_eq(item->field, at->item->field)) continue;
    for (uint32_t k = 0; k < item->n_values && compared < COMPARED_MOST; k++, compared++)
      found |= yaml_is_text(item->values[k]) && str_eq(item->values[k]->text, buf_view(&plain));
  }
  arena_sub_done(scratch);
  return found;
}

/* Where a value is written plainly: an escape of double quotes shows what it is. */
static void check_value(Lint *l, const LintAt *at, const YamlNode *n) {
  Special c;
  unsigned doubtful = 0;
  if (!next_special(n->text, 0, &c) || is_sought(n->text)) return;
  for (size_t i = 0; next_special(n->text, i, &c); i = c.at + c.n) {
    if (!is_doubtful(at->item, n->text, &c)) continue;
    if (++doubtful > DOUBTFUL_MOST) return;
    Span place = value_span(at, n, c.at, c.at + c.n);
    bool written = place.end - place.start == c.n && !memcmp(at->file->text.p + place.start, n->text.p + c.at, c.n);
    bool escaped = !written && place.start != n->at.start;
    if (escaped || is_variant(l, at, n->text, &c)) continue;
    say(l, place, &c);
    if (written) edit_part(l, at->file, n, c.at, c.at + c.n, char_ascii(c.cp, c.kind));
    lint_fix_unsafe(l);
    if (!written) return; /* the place is that of the whole value */
  }
}

static void check_item(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  Special c;
  if (item->key && next_special(item->key->text, 0, &c) && c.kind < CHAR_DASH)
    say(l, value_span(at, item->key, c.at, c.at + c.n), &c);
  if (lint_has_modifier(item, "re")) return;
  for (uint32_t i = 0; i < item->n_values; i++)
    if (yaml_is_text(item->values[i])) check_value(l, at, item->values[i]);
}

/* Most rules are ASCII. */
static bool all_ascii(Str s) {
  static const uint64_t high = 0x8080808080808080u;
  size_t i = 0;
  for (uint64_t word; i + 8 <= s.n; i += 8) {
    memcpy(&word, s.p + i, 8);
    if (word & high) return false;
  }
  for (; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return false;
  return true;
}

void check_invisible_character(Lint *l, const LintAt *at) {
  Span whole = at->doc->rule->at;
  if (whole.end <= whole.start || all_ascii(at->file->text)) return;
  check_prose(l, at);
  for (uint32_t i = 0; i < at->doc->items.n; i++) {
    LintAt one = *at;
    one.item = &at->doc->items.p[i];
    check_item(l, &one);
  }
}
