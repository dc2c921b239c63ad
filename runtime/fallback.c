/* SPDX-License-Identifier: MIT */
#include "runtime/fallback.h"

#include "base/limits.h"

/* Most tests are no regular expressions, and most of those never run. */
static FallbackTest *slot_of(Fallback *f, uint32_t test) {
  if (!f->tests) f->tests = arena_array(f->owner, FallbackTest *, f->program->n_TESTS);
  if (!f->tests[test]) f->tests[test] = arena_new(f->owner, FallbackTest);
  return f->tests[test];
}

/* --- PCRE2 --------------------------------------------------------------------------------------------------- */

/* It would lead to nothing but what has succeeded once, so nothing is asked about faults. */
static void make_fast(const Fallback *f, FallbackTest *slot, uint32_t test) {
  const TestRec *t = &f->program->TESTS[test];
  RegexError error;
  Regex *re = regex_compile(program_str(f->program, t->text), t->a, f->owner, &error);
  if (re) regex_jit(re);
  slot->fast = re ? re : f->program->regexes[test];
}

const Regex *fallback_regex(Fallback *f, uint32_t test, size_t bytes) {
  enum { ENOUGH = 8 << 10, BYTES_OF_RUN = 1 << 10 };
  FallbackTest *slot = slot_of(f, test);
  if (slot->fast) return slot->fast;
  slot->work += bytes + BYTES_OF_RUN;
  if (slot->work < ENOUGH) return f->program->regexes[test];
  make_fast(f, slot, test);
  return slot->fast;
}

bool fallback_hasten(Fallback *f, uint32_t test) {
  FallbackTest *slot = slot_of(f, test);
  if (slot->fast) return false;
  make_fast(f, slot, test);
  return true;
}

/* --- the automaton ------------------------------------------------------------------------------------------- */

/* The arena is noted before anything is put into it, and the rest when all is there: where memory ends in the middle, the next
 * try begins anew. */
static void make(Fallback *f, FallbackTest *slot, const TestRec *t) {
  if (slot->arena) arena_reset(slot->arena);
  else slot->arena = arena_sub(f->owner);
  RegexLinear *re = NULL;
  RegexTable *table = NULL;
  size_t bytes = 0;
  if (f->bytes < LIMIT_REGEX_AUTOMATA)
    re = regex_linear_parse(program_str(f->program, t->text), t->a, slot->arena, &bytes, &slot->exact);
  if (bytes > LIMIT_REGEX_AUTOMATA - f->bytes) re = NULL;
  if (re && f->table_bytes <= LIMIT_REGEX_TABLES - REGEX_TABLE_BYTES) table = regex_table_new(re, slot->arena);
  slot->automaton = re;
  slot->table = table;
  slot->made = true;
  f->bytes += re ? bytes : 0;
  f->table_bytes += table ? REGEX_TABLE_BYTES : 0;
  if (re) return;
  arena_sub_done(slot->arena);
  slot->arena = NULL;
}

static FallbackTest *made(Fallback *f, uint32_t test) {
  FallbackTest *slot = slot_of(f, test);
  if (!slot->made) make(f, slot, &f->program->TESTS[test]);
  return slot;
}

static SearchResult search(const FallbackTest *slot, Str text, uint64_t *visits) {
  if (slot->table) return regex_table_search(slot->table, text, visits);
  return slot->automaton ? regex_linear_search(slot->automaton, text, visits) : SEARCH_LIMIT;
}

SearchResult fallback_search(Fallback *f, uint32_t test, Str text, uint64_t *visits) { return search(made(f, test), text, visits); }

SearchResult fallback_soon(Fallback *f, uint32_t test, Str text, uint64_t *visits) {
  FallbackTest *slot = made(f, test);
  slot->slow++;
  return slot->automaton && slot->exact ? search(slot, text, visits) : SEARCH_LIMIT;
}

/* Where few values are slow, PCRE2 is faster with the others. Most of the room for automata is left to patterns for which it
 * gives up. */
FallbackWay fallback_way(Fallback *f, uint32_t test) {
  enum { OFTEN = 4 };
  FallbackTest *slot = slot_of(f, test);
  if (!slot->made) return f->bytes <= LIMIT_REGEX_AUTOMATA / 8 ? FALLBACK_BRIEFLY : FALLBACK_NONE;
  if (!slot->automaton || !slot->exact) return FALLBACK_NONE;
  if (slot->slow >= LIMIT_REGEX_HITS && slot->slow * OFTEN > slot->brief) return FALLBACK_AUTOMATON;
  slot->brief++;
  return FALLBACK_BRIEFLY;
}

void fallback_note(Fallback *f, uint32_t test) { slot_of(f, test)->given_up++; }

bool fallback_first(Fallback *f, uint32_t test) { return slot_of(f, test)->given_up >= LIMIT_REGEX_HITS; }
