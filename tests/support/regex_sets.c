/* SPDX-License-Identifier: MIT */
#include "tests/support/regex_sets.h"

#include "base/utf8.h"

typedef struct {
  const uint32_t *codes;
  size_t n; /* there are n + 1 places */
  Arena *arena;
} Text;

static bool *new_set(const Text *t) { return arena_array(t->arena, bool, t->n + 1); }

static bool takes(const RegexNode *n, uint32_t code) {
  if (n->kind == REGEX_CHAR) return n->code == code;
  for (uint32_t i = 0; i < n->n; i++)
    if (code >= n->ranges[i].low && code <= n->ranges[i].high) return true;
  return false;
}

static bool word_at(const Text *t, size_t i) {
  uint32_t c = i < t->n ? t->codes[i] : 0;
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

static bool word_edge(const Text *t, size_t i) { return word_at(t, i) != (i > 0 && word_at(t, i - 1)); }

static bool holds(RegexKind kind, const Text *t, size_t i) {
  switch (kind) {
  case REGEX_LINE_START: return i == 0 || t->codes[i - 1] == '\n';
  case REGEX_LINE_END: return i == t->n || t->codes[i] == '\n';
  case REGEX_TEXT_START: return i == 0;
  case REGEX_TEXT_END: return i == t->n;
  case REGEX_TEXT_END_LF: return i == t->n || (i + 1 == t->n && t->codes[i] == '\n');
  case REGEX_WORD_EDGE: return word_edge(t, i);
  case REGEX_NOT_WORD_EDGE: return !word_edge(t, i);
  case REGEX_EMPTY:
  case REGEX_CHAR:
  case REGEX_CLASS:
  case REGEX_CAT:
  case REGEX_ALT:
  case REGEX_REPEAT: break;
  }
  return true; /* EMPTY */
}

static const bool *ends(const RegexNode *n, const bool *from, const Text *t);

/* Adds a set to another; whether that made it larger. */
static bool add(bool *to, const bool *more, size_t places) {
  bool grew = false;
  for (size_t i = 0; i < places; i++) {
    grew = grew || (more[i] && !to[i]);
    to[i] = to[i] || more[i];
  }
  return grew;
}

/* Where the places stay the same from one turn to the next, further turns change nothing. */
static const bool *repeated(const RegexNode *n, const bool *from, const Text *t) {
  bool *all = new_set(t);
  uint32_t i = 0;
  for (bool same = false; i < n->min && !same; i++) {
    const bool *next = ends(n->kids[0], from, t);
    same = memcmp(next, from, t->n + 1) == 0;
    from = next;
  }
  i = n->min;
  /* Once a turn reaches nothing new, no later one does. */
  for (bool grew = add(all, from, t->n + 1); grew && i < n->max; i++) {
    from = ends(n->kids[0], from, t);
    grew = add(all, from, t->n + 1);
  }
  return all;
}

static const bool *ends(const RegexNode *n, const bool *from, const Text *t) {
  bool *to = NULL;
  switch (n->kind) {
  case REGEX_CHAR:
  case REGEX_CLASS:
    to = new_set(t);
    for (size_t i = 0; i < t->n; i++) to[i + 1] = from[i] && takes(n, t->codes[i]);
    return to;
  case REGEX_CAT:
    for (uint32_t i = 0; i < n->n; i++) from = ends(n->kids[i], from, t);
    return from;
  case REGEX_ALT:
    to = new_set(t);
    for (uint32_t i = 0; i < n->n; i++) add(to, ends(n->kids[i], from, t), t->n + 1);
    return to;
  case REGEX_REPEAT: return repeated(n, from, t);
  case REGEX_EMPTY:
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: break;
  }
  to = new_set(t);
  for (size_t i = 0; i <= t->n; i++) to[i] = from[i] && holds(n->kind, t, i);
  return to;
}

bool regex_sets_search(const RegexNode *root, Str text, Arena *arena) {
  Arena *scratch = arena_sub(arena);
  uint32_t *codes = arena_array(scratch, uint32_t, text.n);
  Text t = {codes, 0, scratch};
  for (size_t i = 0; i < text.n;) i += utf8_decode(text, i, &codes[t.n++]);
  bool *everywhere = new_set(&t), found = false;
  for (size_t i = 0; i <= t.n; i++) everywhere[i] = true;
  const bool *last = ends(root, everywhere, &t);
  for (size_t i = 0; i <= t.n; i++) found = found || last[i];
  arena_sub_done(scratch);
  return found;
}
