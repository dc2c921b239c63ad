/* SPDX-License-Identifier: MIT */
#include "runtime/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/vec.h"

struct Regex {
  pcre2_code *code;
  bool jit, anchored;
};

struct RegexScratch {
  pcre2_match_data *data; /* one pair: only whether there is a match is asked */
  pcre2_match_context *context;
  pcre2_jit_stack *stack;
  uint32_t limit; /* that is set in the context */
  const Heap *heap;
  Arena *owner;
};

/* --- memory ------------------------------------------------------------------------------------------------- */

/* PCRE2 takes memory from our heap, but no jump may pass it: it gets NULL, reports, and then is left. */
static void *take(size_t bytes, void *heap) { return heap_ask(heap, bytes); }
static void give_back(void *p, void *heap) { heap_release(heap, p); }

/* What is made with it keeps the functions and the heap; the context itself is freed at once. */
static pcre2_general_context *memory_of(const Heap *heap) {
  pcre2_general_context *g = pcre2_general_context_create(take, give_back, (void *)(uintptr_t)heap);
  if (!g) heap_exhausted(heap, 0);
  return g;
}

/* --- compiling ---------------------------------------------------------------------------------------------- */

static void regex_free(void *p) { pcre2_code_free(((Regex *)p)->code); }

static uint32_t options_of(unsigned flags) {
  uint32_t o = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C;
  if (flags & REGEX_IGNORECASE) o |= PCRE2_CASELESS;
  if (flags & REGEX_MULTILINE) o |= PCRE2_MULTILINE;
  if (flags & REGEX_DOTALL) o |= PCRE2_DOTALL;
  return o;
}

/* Stops at the first. PCRE2 gives the place behind it. */
static int take_callout(pcre2_callout_enumerate_block *block, void *end) {
  *(size_t *)end = block->pattern_position;
  return 1;
}

static size_t callout_start(Str pattern, size_t end) {
  size_t at = end;
  while (at > 0 && !str_starts(str_from(pattern, at), STR("(?C"))) at--;
  return at;
}

static bool fail(RegexError *e, size_t offset, const char *message) {
  e->offset = offset;
  e->too_large = false;
  snprintf(e->message, sizeof e->message, "%s", message);
  return false;
}

/* Behind the class that begins at i; SIZE_MAX where it is not closed. A `]` that comes first is a character. */
static size_t class_end(Str s, size_t i) {
  i += s.n - i > 1 && s.p[i + 1] == '^' ? 2 : 1;
  for (size_t first = i; i < s.n; i++) {
    if (s.p[i] == '\\') i++;
    else if (s.p[i] == ']' && i > first) return i + 1;
  }
  return SIZE_MAX;
}

/* PCRE2 reports a bracket that is never closed at the end of the pattern; the bracket itself is the better place: the
 * innermost `(`, or the `[`. */
static size_t open_bracket(Str s, size_t otherwise, Arena *owner) {
  VEC(size_t) open = {0};
  Arena *scratch = arena_sub(owner);
  size_t at = SIZE_MAX;
  for (size_t i = 0, next; i < s.n && at == SIZE_MAX; i = next) {
    next = i + 1 + (s.p[i] == '\\');
    if (s.p[i] == '(') *vec_add(scratch, &open) = i;
    if (s.p[i] == ')' && open.n) open.n--;
    if (s.p[i] == '[' && (next = class_end(s, i)) == SIZE_MAX) at = i;
  }
  if (at == SIZE_MAX) at = open.n ? vec_last(&open) : otherwise;
  arena_sub_done(scratch);
  return at;
}

static size_t error_offset(Str pattern, int code, size_t offset, Arena *owner) {
  if (offset > pattern.n) offset = pattern.n;
  if (code == PCRE2_ERROR_END_BACKSLASH && offset == pattern.n) return offset - 1; /* the backslash */
  bool open = code == PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS || code == PCRE2_ERROR_MISSING_SQUARE_BRACKET;
  return open ? open_bracket(pattern, offset, owner) : offset;
}

static pcre2_compile_context *compile_context(const Heap *heap) {
  pcre2_general_context *g = memory_of(heap);
  pcre2_compile_context *context = pcre2_compile_context_create(g);
  pcre2_general_context_free(g);
  if (!context) heap_exhausted(heap, 0);
  return context;
}

static bool compile(Regex *re, Str pattern, unsigned flags, Arena *owner, RegexError *e) {
  if (pattern.n > LIMIT_REGEX_BYTES) {
    fail(e, 0, "pattern is larger than the limit of 65,536 bytes");
    e->too_large = true;
    return false;
  }
  pcre2_compile_context *context = compile_context(owner->heap);
  pcre2_set_newline(context, PCRE2_NEWLINE_LF);
  int code = 0;
  PCRE2_SIZE offset = 0;
  re->code = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n, options_of(flags), &code, &offset, context);
  pcre2_compile_context_free(context);
  if (!re->code && code == PCRE2_ERROR_HEAP_FAILED) heap_exhausted(owner->heap, 0);
  if (!re->code) {
    pcre2_get_error_message(code, (PCRE2_UCHAR *)e->message, sizeof e->message);
    e->offset = error_offset(pattern, code, offset, owner);
    e->too_large = code == PCRE2_ERROR_PATTERN_TOO_LARGE;
    return false;
  }
  uint32_t options = 0;
  pcre2_pattern_info(re->code, PCRE2_INFO_ALLOPTIONS, &options);
  re->anchored = options & PCRE2_ANCHORED;
  size_t callout = 0;
  /* Asked only where there may be one: up to 10.46 it can misread a class of many code points (PCRE2 issue 800). */
  if (str_find(pattern, STR("(?C"), 0) != SIZE_MAX && pcre2_callout_enumerate(re->code, take_callout, &callout))
    return fail(e, callout_start(pattern, callout), "callouts are not allowed");
  return true;
}

Regex *regex_compile(Str pattern, unsigned flags, Arena *owner, RegexError *error) {
  Regex *re = arena_new(owner, Regex);
  arena_defer(owner, regex_free, re);
  return compile(re, pattern, flags, owner, error) ? re : NULL;
}

size_t regex_size(const Regex *re) {
  size_t size = 0;
  pcre2_pattern_info(re->code, PCRE2_INFO_SIZE, &size);
  return size;
}

/* A failure, be it for want of memory, is none: the interpreter says the same. */
void regex_jit(Regex *re) { re->jit = pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0; }

static void scratch_free(void *p) {
  RegexScratch *s = p;
  pcre2_match_data_free(s->data);
  pcre2_match_context_free(s->context);
  pcre2_jit_stack_free(s->stack);
}

RegexScratch *regex_scratch_new(Arena *owner) {
  uint32_t jit = 0;
  RegexScratch *s = arena_new(owner, RegexScratch);
  arena_defer(owner, scratch_free, s);
  s->heap = owner->heap;
  s->owner = owner;
  pcre2_config(PCRE2_CONFIG_JIT, &jit);
  pcre2_general_context *g = memory_of(owner->heap);
  s->data = pcre2_match_data_create(1, g);
  s->context = pcre2_match_context_create(g);
  if (jit) s->stack = pcre2_jit_stack_create(32 * 1024, 1024 * 1024, g);
  pcre2_general_context_free(g);
  if (!s->data || !s->context || (jit && !s->stack)) heap_exhausted(owner->heap, 0);
  pcre2_set_heap_limit(s->context, LIMIT_REGEX_HEAP_KIB);
  if (s->stack) pcre2_jit_stack_assign(s->context, NULL, s->stack);
  return s;
}

/* --- searching ---------------------------------------------------------------------------------------------- */

/* PCRE2 counts anew from each place where a match could start: the longer the text, the less each place may take. An
 * anchored pattern has one such place, from which a few steps for each character are nothing unusual. */
static uint32_t limit_for(const Regex *re, size_t n) {
  enum { STEPS_PER_BYTE = 8 };
  if (re->anchored) return LIMIT_REGEX_MATCH + (n < LIMIT_EVENT_BYTES ? (uint32_t)n * STEPS_PER_BYTE : 0);
  return n > LIMIT_REGEX_STEPS / LIMIT_REGEX_MATCH ? (uint32_t)(LIMIT_REGEX_STEPS / n) : LIMIT_REGEX_MATCH;
}

static void set_limit(RegexScratch *s, uint32_t limit) {
  if (limit == s->limit) return;
  s->limit = limit;
  pcre2_set_match_limit(s->context, limit);
}

static SearchResult search(const Regex *re, RegexScratch *s, Str subject, uint32_t limit) {
  PCRE2_SPTR text = (PCRE2_SPTR)(subject.n ? subject.p : "");
  set_limit(s, limit);
  int rc = pcre2_match(re->code, text, subject.n, 0, PCRE2_NO_UTF_CHECK, s->data, s->context);
  /* The interpreter keeps its frames on the heap and may decide what the JIT's stack was too small for. */
  if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
    rc = pcre2_match(re->code, text, subject.n, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, s->data, s->context);
  if (rc == PCRE2_ERROR_NOMEMORY) heap_exhausted(s->heap, 0);
  if (rc >= 0) return SEARCH_HIT; /* 0: more groups than the one pair that is kept */
  return rc == PCRE2_ERROR_NOMATCH ? SEARCH_MISS : SEARCH_LIMIT;
}

SearchResult regex_search(const Regex *re, RegexScratch *s, Str subject) {
  return search(re, s, subject, limit_for(re, subject.n));
}

/* Ordinary patterns take some ten steps from a place, and one that is anchored may go over all of the text. */
SearchResult regex_search_briefly(const Regex *re, RegexScratch *s, Str subject) {
  enum { STEPS = 100 };
  uint32_t most = limit_for(re, subject.n), brief = STEPS + (re->anchored && subject.n < most ? (uint32_t)subject.n : 0);
  return search(re, s, subject, brief < most ? brief : most);
}

/* --- groups -------------------------------------------------------------------------------------------------- */

uint32_t regex_groups(const Regex *re) {
  uint32_t n = 0;
  pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &n);
  return n;
}

Str regex_group_name(const Regex *re, uint32_t group) {
  uint32_t n = 0, size = 0;
  PCRE2_SPTR row = NULL;
  pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &n);
  pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &row);
  for (uint32_t i = 0; i < n; i++, row += size)
    if ((uint32_t)(row[0] << 8 | row[1]) == group) return str_of((const char *)row + 2);
  return (Str){0};
}

uint32_t regex_group_find(const Regex *re, Str name) {
  for (uint32_t i = 1; i <= regex_groups(re); i++)
    if (name.n && str_eq(regex_group_name(re, i), name)) return i;
  return 0;
}

static void data_free(void *data) { pcre2_match_data_free(data); }

static void take_groups(pcre2_match_data *data, uint32_t n, RegexGroup *groups) {
  const PCRE2_SIZE *pair = pcre2_get_ovector_pointer(data);
  for (uint32_t i = 0; i < n; i++) {
    bool took = pair[2 * i] != PCRE2_UNSET && pair[2 * i] <= pair[2 * i + 1];
    groups[i] = took ? (RegexGroup){pair[2 * i], pair[2 * i + 1]} : (RegexGroup){SIZE_MAX, SIZE_MAX};
  }
}

SearchResult regex_match(const Regex *re, RegexScratch *s, Str subject, size_t from, unsigned how, RegexGroup *groups) {
  Arena *arena = arena_sub(s->owner);
  pcre2_general_context *g = memory_of(s->heap);
  pcre2_match_data *data = pcre2_match_data_create_from_pattern(re->code, g);
  pcre2_general_context_free(g);
  if (!data) heap_exhausted(s->heap, 0);
  arena_defer(arena, data_free, data);
  uint32_t options =
    PCRE2_NO_UTF_CHECK | (how & REGEX_HERE ? PCRE2_ANCHORED : 0) | (how & REGEX_NOT_EMPTY ? PCRE2_NOTEMPTY_ATSTART : 0);
  set_limit(s, limit_for(re, subject.n));
  int rc = pcre2_match(re->code, (PCRE2_SPTR)(subject.n ? subject.p : ""), subject.n, from, options, data, s->context);
  if (rc == PCRE2_ERROR_NOMEMORY) heap_exhausted(s->heap, 0);
  if (rc >= 0) take_groups(data, regex_groups(re) + 1, groups);
  arena_sub_done(arena);
  return rc >= 0 ? SEARCH_HIT : rc == PCRE2_ERROR_NOMATCH ? SEARCH_MISS : SEARCH_LIMIT;
}

/* PCRE2 knows the letters; its substitution changes their case. */
Str regex_letter_case(Arena *a, Str text, bool upper) {
  RegexError error;
  Arena *arena = arena_sub(a);
  Regex *all = regex_compile(STR("^.+$"), REGEX_DOTALL, arena, &error);
  RegexScratch *s = regex_scratch_new(arena);
  PCRE2_SIZE room = text.n * 4 + 1; /* a letter may take more bytes than its counterpart */
  char *out = arena_alloc(a, room);
  PCRE2_SPTR to = (PCRE2_SPTR)(upper ? "\\U$0" : "\\L$0");
  int rc =
    pcre2_substitute(all->code, (PCRE2_SPTR)(text.n ? text.p : ""), text.n, 0, PCRE2_NO_UTF_CHECK | PCRE2_SUBSTITUTE_EXTENDED, NULL,
                     s->context, to, PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)out, &room);
  if (rc == PCRE2_ERROR_NOMEMORY) heap_exhausted(a->heap, 0);
  arena_sub_done(arena);
  return rc > 0 ? (Str){out, room} : text;
}

const char *regex_version(char room[REGEX_VERSION_ROOM]) {
  room[0] = '\0';
  if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < REGEX_VERSION_ROOM) pcre2_config(PCRE2_CONFIG_VERSION, room);
  return room;
}
