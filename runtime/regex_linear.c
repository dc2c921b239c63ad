/* SPDX-License-Identifier: MIT
 * Thompson's construction, backwards: a node is built with the state that follows it, so nothing is patched but the
 * heads of loops. */
#include "runtime/regex_linear.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/regex_linear_internal.h"

/* --- building ------------------------------------------------------------------------------------------------ */

/* States that a node takes, at most; saturates above the limit. Each leaf counts, so this bounds the work of building too. */
static uint64_t states_of(const RegexNode *n) {
  uint64_t sum = n->kind == REGEX_ALT ? n->n - 1 : n->kind == REGEX_CAT || n->kind == REGEX_REPEAT ? 0 : 1;
  for (uint32_t i = 0; n->kids && i < n->n && sum <= LIMIT_REGEX_STATES; i++) sum += states_of(n->kids[i]);
  if (n->kind == REGEX_REPEAT) {
    uint64_t more = n->max == REGEX_NO_MAX ? 1 : n->max - n->min;
    sum = sum * n->min + (sum + 1) * more + 1;
  }
  return sum <= LIMIT_REGEX_STATES ? sum : LIMIT_REGEX_STATES + 1;
}

static uint32_t add_state(RegexLinear *re, State s) {
  re->states[re->n] = s;
  return re->n++;
}

static uint32_t add_one(RegexLinear *re, const RegexNode *n, uint32_t next) {
  State s = {.kind = STATE_ONE, .next = next, .node = n};
  if (n->kind == REGEX_CHAR && n->code < 0x80) s.ascii[n->code >> 6] = 1ull << (n->code & 63);
  for (uint32_t i = 0; n->kind == REGEX_CLASS && i < n->n; i++)
    for (uint32_t c = n->ranges[i].low; c < 0x80 && c <= n->ranges[i].high; c++) s.ascii[c >> 6] |= 1ull << (c & 63);
  return add_state(re, s);
}

static uint32_t build(RegexLinear *re, const RegexNode *n, uint32_t next);

/* Optional copies are inside each other, so that none is tried where the one before it is left out. */
static uint32_t build_repeat(RegexLinear *re, const RegexNode *n, uint32_t next) {
  uint32_t at = next;
  if (n->max == REGEX_NO_MAX) {
    at = add_state(re, (State){.kind = STATE_SPLIT, .other = next});
    uint32_t body = build(re, n->kids[0], at);
    re->states[at].next = body;
  }
  for (uint32_t i = n->min; n->max != REGEX_NO_MAX && i < n->max; i++) {
    uint32_t body = build(re, n->kids[0], at);
    at = add_state(re, (State){.kind = STATE_SPLIT, .next = body, .other = next});
  }
  for (uint32_t i = 0; i < n->min; i++) at = build(re, n->kids[0], at);
  return at;
}

static uint32_t build_alternatives(RegexLinear *re, const RegexNode *n, uint32_t next) {
  uint32_t at = build(re, n->kids[n->n - 1], next);
  for (uint32_t i = n->n - 1; i > 0; i--) {
    uint32_t kid = build(re, n->kids[i - 1], next);
    at = add_state(re, (State){.kind = STATE_SPLIT, .next = kid, .other = at});
  }
  return at;
}

/* The state in which the node begins. The depth is that of the tree, which is bounded. */
static uint32_t build(RegexLinear *re, const RegexNode *n, uint32_t next) {
  switch (n->kind) {
  case REGEX_EMPTY: return next;
  case REGEX_CHAR:
  case REGEX_CLASS: return add_one(re, n, next);
  case REGEX_CAT:
    for (uint32_t i = n->n; i > 0; i--) next = build(re, n->kids[i - 1], next);
    return next;
  case REGEX_ALT: return build_alternatives(re, n, next);
  case REGEX_REPEAT: return build_repeat(re, n, next);
  case REGEX_LINE_START:
  case REGEX_LINE_END:
  case REGEX_TEXT_START:
  case REGEX_TEXT_END:
  case REGEX_TEXT_END_LF:
  case REGEX_WORD_EDGE:
  case REGEX_NOT_WORD_EDGE: return add_state(re, (State){.kind = STATE_EDGE, .next = next, .node = n});
  }
  return next;
}

static StateSet set_new(Arena *owner, uint32_t n) {
  return (StateSet){arena_array(owner, uint32_t, n), arena_array(owner, uint32_t, n), 0};
}

RegexLinear *regex_linear_new(const RegexNode *root, Arena *owner) {
  uint64_t most = states_of(root) + 1;
  if (most > LIMIT_REGEX_STATES) return NULL;
  RegexLinear *re = arena_new(owner, RegexLinear);
  re->states = arena_array(owner, State, most);
  re->now = set_new(owner, (uint32_t)most);
  re->then = set_new(owner, (uint32_t)most);
  re->stack = arena_array(owner, uint32_t, most + 1);
  re->start = build(re, root, add_state(re, (State){.kind = STATE_MATCH}));
  return re;
}

/* A byte of the pattern becomes two nodes and some ranges. */
RegexLinear *regex_linear_parse(Str pattern, unsigned flags, Arena *owner, size_t *bytes, bool *exact) {
  enum { BYTES_OF_TREE = 256 };
  RegexTree tree;
  RegexLinear *re = regex_parse(&tree, pattern, flags, owner) ? regex_linear_new(tree.root, owner) : NULL;
  *exact = re && !tree.caseless && !tree.mended;
  *bytes = pattern.n * BYTES_OF_TREE + (re ? re->n * (sizeof(State) + 5 * sizeof(uint32_t)) : 0);
  return re;
}

/* --- searching ----------------------------------------------------------------------------------------------- */

bool state_takes(const State *s, uint32_t cp) {
  if (cp < 0x80) return s->ascii[cp >> 6] >> (cp & 63) & 1;
  if (s->node->kind == REGEX_CHAR) return s->node->code == cp;
  uint32_t low = 0, high = s->node->n;
  while (low < high) {
    uint32_t mid = (low + high) / 2;
    if (s->node->ranges[mid].high < cp) low = mid + 1;
    else high = mid;
  }
  return low < s->node->n && s->node->ranges[low].low <= cp;
}

static bool edge_holds(RegexKind kind, const Place *at) {
  switch (kind) {
  case REGEX_LINE_START: return at->before == NO_CHAR || at->before == '\n';
  case REGEX_LINE_END: return at->after == NO_CHAR || at->after == '\n';
  case REGEX_TEXT_START: return at->before == NO_CHAR;
  case REGEX_TEXT_END: return at->after == NO_CHAR;
  case REGEX_TEXT_END_LF: return at->after == NO_CHAR || (at->after == '\n' && at->last);
  case REGEX_WORD_EDGE: return regex_is_word(at->before) != regex_is_word(at->after);
  case REGEX_NOT_WORD_EDGE: return regex_is_word(at->before) == regex_is_word(at->after);
  case REGEX_EMPTY:
  case REGEX_CHAR:
  case REGEX_CLASS:
  case REGEX_CAT:
  case REGEX_ALT:
  case REGEX_REPEAT: break;
  }
  return false;
}

/* Each state enters the set, and so the stack, once: by its mark, and where the assertion in it fails nobody asks again,
 * since at one place it fails for all. */
bool regex_linear_reach(RegexLinear *re, StateSet *set, uint32_t state, const Place *at) {
  uint32_t n = 0;
  bool match = false;
  if (!set_has(set, state)) set_add(set, re->stack[n++] = state);
  while (n) {
    const State *s = &re->states[re->stack[--n]];
    match = match || s->kind == STATE_MATCH;
    if (s->kind == STATE_MATCH || s->kind == STATE_ONE || (s->kind == STATE_EDGE && !edge_holds(s->node->kind, at))) continue;
    if (!set_has(set, s->next)) set_add(set, re->stack[n++] = s->next);
    if (s->kind == STATE_SPLIT && !set_has(set, s->other)) set_add(set, re->stack[n++] = s->other);
  }
  return match;
}

/* From all states over the character at a place to those at the next. */
static bool step(RegexLinear *re, uint32_t cp, const Place *next) {
  StateSet was = re->now;
  re->now = re->then;
  re->then = was;
  re->now.n = 0;
  for (uint32_t i = 0; i < was.n; i++) {
    const State *s = &re->states[was.list[i]];
    if (s->kind == STATE_ONE && state_takes(s, cp) && regex_linear_reach(re, &re->now, s->next, next)) return true;
  }
  return false;
}

static size_t decode(Str text, size_t i, uint32_t *cp) {
  *cp = NO_CHAR;
  return i < text.n ? utf8_decode(text, i, cp) : 0;
}

/* Of states that are not closed: what can be reached from them, and from the start, at a place. */
static bool enter(RegexLinear *re, const uint32_t *states, uint32_t n, const Place *at) {
  re->now.n = 0;
  for (uint32_t i = 0; i < n; i++)
    if (regex_linear_reach(re, &re->now, states[i], at)) return true;
  return regex_linear_reach(re, &re->now, re->start, at);
}

static uint32_t char_before(Str text, size_t i) {
  uint32_t cp = NO_CHAR;
  if (i == 0) return cp;
  do i--;
  while (i > 0 && ((unsigned char)text.p[i] & 0xC0) == 0x80);
  decode(text, i, &cp);
  return cp;
}

SearchResult regex_linear_from(RegexLinear *re, Str text, size_t i, const uint32_t *states, uint32_t n, uint64_t *steps) {
  Place at = {.before = char_before(text, i)};
  size_t len = decode(text, i, &at.after);
  at.last = i + len == text.n;
  if (enter(re, states, n, &at)) return SEARCH_HIT;
  while (i < text.n) {
    uint32_t cp = at.after;
    i += len;
    len = decode(text, i, &at.after);
    at = (Place){cp, at.after, i + len == text.n};
    /* A search begins anew at each place. */
    if (step(re, cp, &at) || regex_linear_reach(re, &re->now, re->start, &at)) return SEARCH_HIT;
    if (*steps < re->then.n + re->now.n + 1) return SEARCH_LIMIT;
    *steps -= re->then.n + re->now.n + 1;
  }
  return SEARCH_MISS;
}

SearchResult regex_linear_search(RegexLinear *re, Str text, uint64_t *steps) {
  return regex_linear_from(re, text, 0, NULL, 0, steps);
}

/* --- a step of the table ------------------------------------------------------------------------------------- */

bool regex_linear_follow(RegexLinear *re, const uint32_t *states, uint32_t n, const Place *at) {
  if (enter(re, states, n, at)) return true;
  re->then.n = 0;
  for (uint32_t i = 0; at->after != NO_CHAR && i < re->now.n; i++) {
    const State *s = &re->states[re->now.list[i]];
    if (s->kind == STATE_ONE && !set_has(&re->then, s->next) && state_takes(s, at->after)) set_add(&re->then, s->next);
  }
  return false;
}
