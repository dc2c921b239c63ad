/* SPDX-License-Identifier: MIT */
#include "runtime/fallback.h"

#include "base/limits.h"

static FallbackTest *slot_of(Fallback *f, uint32_t test) {
  if (!f->tests) f->tests = arena_array(f->owner, FallbackTest, f->program->n_TESTS);
  return &f->tests[test];
}

/* The arena is noted before anything is put into it: where memory ends in the middle, the next try begins it anew. */
static void make(Fallback *f, FallbackTest *slot, const TestRec *t) {
  if (slot->arena) arena_reset(slot->arena);
  else slot->arena = arena_sub(f->owner);
  RegexLinear *re = NULL;
  size_t bytes = 0;
  if (f->bytes < LIMIT_REGEX_AUTOMATA) re = regex_linear_parse(program_str(f->program, t->text), t->a, slot->arena, &bytes);
  f->bytes += bytes;
  slot->automaton = f->bytes <= LIMIT_REGEX_AUTOMATA ? re : NULL;
  slot->made = true;
  if (slot->automaton) return;
  f->bytes -= bytes;
  arena_sub_done(slot->arena);
  slot->arena = NULL;
}

SearchResult fallback_search(Fallback *f, uint32_t test, Str text, uint64_t *visits) {
  FallbackTest *slot = slot_of(f, test);
  if (!slot->made) make(f, slot, &f->program->TESTS[test]);
  return slot->automaton ? regex_linear_search(slot->automaton, text, visits) : SEARCH_LIMIT;
}

void fallback_note(Fallback *f, uint32_t test) { slot_of(f, test)->given_up++; }

bool fallback_first(const Fallback *f, uint32_t test) { return f->tests && f->tests[test].given_up >= LIMIT_REGEX_HITS; }
