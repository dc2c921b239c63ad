/* SPDX-License-Identifier: MIT
 * What the tree of a pattern says of the texts that it is found in. */
#include "base/utf8.h"
#include "lint/checks/regex.h"

/* Every code point but perhaps LF. */
static bool is_dot(const RegexNode *n) {
  if (regex_is_all(n)) return true;
  if (n->kind != REGEX_CLASS || n->n != 3) return false;
  const RegexRange *r = n->ranges;
  return r[0].low == 0 && r[0].high == '\n' - 1 && r[1].low == '\n' + 1 && r[1].high == 0xD7FF && r[2].low == 0xE000 &&
         r[2].high == 0x10FFFF;
}

bool regex_is_any(const RegexNode *n) { return n->kind == REGEX_REPEAT && !n->min && n->max == REGEX_NO_MAX && is_dot(n->kids[0]); }

void regex_parts(RegexParts *out, const RegexNode *n, Arena *arena) {
  if (n->kind == REGEX_CAT)
    for (uint32_t i = 0; i < n->n; i++) regex_parts(out, n->kids[i], arena); /* as deep as groups may be nested */
  else if (n->kind != REGEX_EMPTY) *vec_add(arena, out) = n;
}

/* --- found everywhere ---------------------------------------------------------------------------------------- */

typedef enum { AT_START, AT_END } Where;

/* Every text has a start, where `^` holds, and an end, where `$` does. At the other places that hold of some texts only, such as edges
 * of words, nothing is known. */
static bool holds(RegexKind kind, Where where) {
  if (kind == REGEX_TEXT_START || kind == REGEX_LINE_START) return where == AT_START;
  if (kind == REGEX_TEXT_END || kind == REGEX_LINE_END || kind == REGEX_TEXT_END_LF) return where == AT_END;
  return kind == REGEX_EMPTY;
}

/* Matches nothing at all at the start, or at the end, of every text. */
static bool nullable(const RegexNode *n, Where where) {
  if (n->kind == REGEX_REPEAT) return !n->min || nullable(n->kids[0], where);
  if (n->kind != REGEX_CAT && n->kind != REGEX_ALT) return holds(n->kind, where);
  for (uint32_t i = 0; i < n->n; i++)
    if (nullable(n->kids[i], where) == (n->kind == REGEX_ALT)) return n->kind == REGEX_ALT;
  return n->kind == REGEX_CAT;
}

/* `^.*$`: from the start, over all that `.` takes, and there the end is. Where `.` takes no line feed, it has to be the end of a line. */
static bool spans(const RegexNode *root, Arena *arena) {
  RegexParts parts = {0};
  regex_parts(&parts, root, arena);
  uint32_t from = 0, to = parts.n;
  bool all = false, line = true;
  while (from < to && holds(parts.p[from]->kind, AT_START)) from++;
  for (; to > from && holds(parts.p[to - 1]->kind, AT_END); to--) line = line && parts.p[to - 1]->kind == REGEX_LINE_END;
  for (uint32_t i = from; i < to; i++) {
    if (!regex_is_any(parts.p[i])) return false;
    all = all || regex_is_all(parts.p[i]->kids[0]);
  }
  return from < to && (all || line);
}

bool regex_always_matches(const RegexNode *root, Arena *arena) {
  return nullable(root, AT_START) || nullable(root, AT_END) || spans(root, arena);
}

/* --- plain text ---------------------------------------------------------------------------------------------- */

typedef struct {
  Buf text;
  bool folded, exact; /* letters of either case, letters of one */
} Letters;

/* One character, in both its cases where that does not count: as the pattern spells it, if it does. */
static bool add_letter(Letters *l, const RegexNode *n, Str pattern) {
  uint32_t cp = n->kind == REGEX_CHAR ? n->code : n->kind == REGEX_CLASS && n->n ? n->ranges[0].low : UINT32_MAX, all[4], written;
  char utf8[4];
  if (cp == UINT32_MAX || cp < ' ' || cp == 0x7f) return false;
  unsigned cases = fold_class(cp, all), found = 0;
  if (n->kind == REGEX_CHAR) {
    l->exact = l->exact || cases > 1;
  } else {
    for (uint32_t i = 0; i < n->n; i++)
      for (uint32_t c = n->ranges[i].low; c <= n->ranges[i].high; c++)
        if (++found > cases || fold_code_point(c) != fold_code_point(cp)) return false;
    if (found != cases) return false;
    l->folded = true;
    size_t bytes = utf8_decode(pattern, n->at, &written);
    if (bytes && fold_code_point(written) == fold_code_point(cp)) cp = written;
  }
  buf_bytes(&l->text, utf8, utf8_encode(cp, utf8));
  return true;
}

/* What stands at the ends of a sequence. In front of a pattern that may begin anywhere, `.*` says nothing; behind `^` it does where `.`
 * takes no line feed, since it does not get beyond the first line: that is no plain text. */
typedef struct {
  bool start, end; /* the text begins, ends here */
  uint32_t from, to;
} Ends;

static bool read_ends(Ends *e, const RegexParts *parts) {
  bool start = true;
  *e = (Ends){.to = parts->n};
  for (; e->from < e->to; e->from++) {
    const RegexNode *n = parts->p[e->from];
    if (n->kind == REGEX_TEXT_START) e->start = true;
    else if (!regex_is_any(n)) break;
    else if (e->start && !regex_is_all(n->kids[0])) return false;
    else if (e->start) start = false; /* beyond it any place is right */
  }
  e->start = e->start && start;
  start = true;
  for (; e->to > e->from; e->to--) {
    const RegexNode *n = parts->p[e->to - 1];
    if (n->kind == REGEX_TEXT_END) e->end = true;
    else if (!regex_is_any(n)) break;
    else if (e->end && !regex_is_all(n->kids[0])) return false;
    else if (e->end) start = false;
  }
  e->end = e->end && start;
  return e->from < e->to;
}

RegexPlain regex_plain(const RegexNode *root, Str pattern, Arena *arena) {
  static const PlainKind kinds[2][2] = {{PLAIN_CONTAINS, PLAIN_END}, {PLAIN_START, PLAIN_EQUAL}};
  RegexPlain none = {0};
  RegexParts parts = {0};
  Letters letters = {.text = {.arena = arena}};
  Ends ends;
  regex_parts(&parts, root, arena);
  if (!read_ends(&ends, &parts)) return none;
  for (uint32_t i = ends.from; i < ends.to; i++)
    if (!add_letter(&letters, parts.p[i], pattern)) return none;
  if (letters.folded && letters.exact) return none;
  return (RegexPlain){kinds[ends.start][ends.end], buf_view(&letters.text), letters.exact};
}

/* --- `.*` at an end ------------------------------------------------------------------------------------------ */

/* Bytes of `.*` or `.*?` where a part begins; 0 where it is something else, or spelled in another way. */
static size_t star_at(const RegexNode *n, Str pattern) {
  if (!regex_is_any(n) || !str_starts(str_from(pattern, n->at), STR(".*"))) return 0;
  return n->at + 2 < pattern.n && pattern.p[n->at + 2] == '?' ? 3 : 2;
}

/* Whether a match exists is what a search says. Let the pattern be `X*R`, with nothing in front: where R matches at a place, `X*R` matches
 * there too, with nothing for `X*`; where `X*R` matches, R matches at a later place of the same text. Assertions in R look at the text,
 * which is the same, and never at where the match began. So it is with `RX*` at the end. */
RegexAffix regex_affix(const RegexNode *root, Str pattern, Arena *arena) {
  RegexAffix affix = {.rest = pattern};
  RegexParts parts = {0};
  Buf b = {.arena = arena};
  regex_parts(&parts, root, arena);
  if (parts.n < 2) return affix;
  size_t first = star_at(parts.p[0], pattern), last = star_at(parts.p[parts.n - 1], pattern);
  size_t from = first ? parts.p[0]->at : 0, to = last ? parts.p[parts.n - 1]->at : pattern.n;
  buf_str(&b, str_sub(pattern, 0, from));
  buf_str(&b, str_sub(pattern, from + first, to));
  buf_str(&b, str_from(pattern, to + last));
  return (RegexAffix){first, last, buf_view(&b)};
}
