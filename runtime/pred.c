/* SPDX-License-Identifier: MIT */
#include "runtime/pred.h"

#include <stdio.h>

#include "base/intern.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "runtime/timepart.h"
#include "runtime/vm.h"

const PredInfo pred_info[PRED_COUNT] = {
#define PRED(name, word, operand, scope, doc) {#name, word, OPERAND_##operand, SCOPE_##scope, doc},
#include "runtime/pred.def"
#undef PRED
};

const char *const operand_kind_name[] = {"none", "text", "pattern", "regex", "network", "number", "boolean", "field", "time part"};
const char *const time_part_name[TIME_PART_COUNT] = {"minute", "hour", "day", "week", "month", "year"};
const char *const compare_sign[CMP_COUNT] = {"==", "<", "<=", ">", ">="};

/* --- patterns (semantics 6) -------------------------------------------------------------------------------- */

const Str dash_variants[DASH_VARIANTS] = {STR_INIT("-"), STR_INIT("/"), STR_INIT("\xE2\x80\x93"), STR_INIT("\xE2\x80\x94"),
                                          STR_INIT("\xE2\x80\x95")};

static bool has_at(Str s, size_t i, Str needle) { return s.n - i >= needle.n && memcmp(s.p + i, needle.p, needle.n) == 0; }

/* End of what one part other than ANY matches at i; SIZE_MAX where it does not. */
static size_t part_end(const char *strings, const PartRec *part, Str s, size_t i) {
  switch ((PartKind)part->kind) {
  case PART_LITERAL: {
    Str text = {strings + part->text.off, part->text.len};
    return has_at(s, i, text) ? i + text.n : SIZE_MAX;
  }
  case PART_ONE: return i < s.n ? i + utf8_len(s.p[i]) : SIZE_MAX;
  case PART_DASH:
    for (int k = 0; k < DASH_VARIANTS; k++)
      if (has_at(s, i, dash_variants[k])) return i + dash_variants[k].n;
    return SIZE_MAX;
  case PART_ANY:
  case PART_COUNT: break;
  }
  return SIZE_MAX;
}

/* Whole-text match. Only the last `*` is ever tried again, further right: that is enough, because what an earlier one
 * could still give, the last one can take; so the time is O(length of text x length of pattern) (semantics 6.4). */
static inline bool glob_match(const char *strings, const PartRec *parts, uint32_t n, Str s) {
  uint32_t k = 0, star = UINT32_MAX;
  size_t i = 0, star_at = 0;
  for (;;) {
    if (k < n && parts[k].kind == PART_ANY) {
      if (++k == n) return true;
      star = k;
      star_at = i;
    }
    if (k == n && i == s.n) return true;
    if (star == k && parts[k].kind == PART_LITERAL) {
      i = star_at = str_find(s, (Str){strings + parts[k].text.off, parts[k].text.len}, i);
      if (i == SIZE_MAX) return false;
    }
    size_t end = k < n ? part_end(strings, &parts[k], s, i) : SIZE_MAX;
    if (end != SIZE_MAX) {
      i = end;
      k++;
      continue;
    }
    if (star == UINT32_MAX || star_at >= s.n) return false;
    star_at += utf8_len(s.p[star_at]);
    i = star_at;
    k = star;
  }
}

/* --- predicates on one value ------------------------------------------------------------------------------- */

static Str text_of(Vm *vm, const TestRec *t, Value *v) {
  return t->cased ? value_text(v, vm->scratch) : value_folded(v, vm->scratch);
}

typedef SearchResult Search(const Regex *re, RegexScratch *scratch, Str subject);

static SearchResult by_pcre2(Vm *vm, uint32_t test, Str text, Search *search) {
  SearchResult r = search(fallback_regex(&vm->fallback, test, text.n), vm->regex, text);
  if (r == SEARCH_LIMIT && fallback_hasten(&vm->fallback, test))
    r = search(fallback_regex(&vm->fallback, test, text.n), vm->regex, text);
  return r;
}

/* PCRE2 is tried at a few of the values that take it to its limit, then at no more. */
static SearchResult backtrack(Vm *vm, uint32_t test, Str text) {
  if (vm->hits == LIMIT_REGEX_HITS) return SEARCH_LIMIT;
  SearchResult r = by_pcre2(vm, test, text, regex_search);
  if (r != SEARCH_LIMIT) return r;
  vm->hits++;
  fallback_note(&vm->fallback, test);
  return SEARCH_LIMIT;
}

/* PCRE2 is faster where it need not backtrack much; where it must, the automaton is. */
static SearchResult soon(Vm *vm, uint32_t test, Str text) {
  SearchResult r = SEARCH_LIMIT;
  FallbackWay way = fallback_way(&vm->fallback, test);
  if (way == FALLBACK_BRIEFLY) r = by_pcre2(vm, test, text, regex_search_briefly);
  return r == SEARCH_LIMIT && way != FALLBACK_NONE ? fallback_soon(&vm->fallback, test, text, &vm->early) : r;
}

/* All ways say the same where they say anything: which is tried first is a matter of time. */
static bool regex_holds(Vm *vm, uint32_t test, Str text) {
  SearchResult r = soon(vm, test, text);
  bool linear = fallback_first(&vm->fallback, test);
  for (int i = 0; i < 2 && r == SEARCH_LIMIT; i++, linear = !linear)
    r = linear ? fallback_search(&vm->fallback, test, text, &vm->visits) : backtrack(vm, test, text);
  vm->limit_hits[test] += r == SEARCH_LIMIT && !vm->again;
  return r == SEARCH_HIT;
}

/* Order of a value and the operand: false where the value is no number (semantics 9.7). */
static bool compare_number(Vm *vm, uint32_t test, Value *v, int *order) {
  Decimal d;
  if ((v->kind != VALUE_NUMBER && v->kind != VALUE_TEXT) || !decimal_parse(&d, value_text(v, vm->scratch))) return false;
  *order = decimal_cmp(&d, &vm->program->decimals[test]);
  return true;
}

static bool order_fits(Compare c, int order) {
  switch (c) {
  case CMP_EQ: return order == 0;
  case CMP_LT: return order < 0;
  case CMP_LTE: return order <= 0;
  case CMP_GT: return order > 0;
  case CMP_GTE: return order >= 0;
  case CMP_COUNT: break;
  }
  return false;
}

static bool compare_holds(Vm *vm, uint32_t test, Value *v, Compare c) {
  int order;
  return compare_number(vm, test, v, &order) && order_fits(c, order);
}

/* A number by value, a text by the canonical spelling (semantics 5.5, 5.6). */
static bool number_holds(Vm *vm, uint32_t test, Value *v) {
  if (v->kind == VALUE_NUMBER) return compare_holds(vm, test, v, CMP_EQ);
  return v->kind == VALUE_TEXT && str_eq(value_text(v, vm->scratch), program_str(vm->program, vm->program->TESTS[test].text));
}

static bool bool_holds(Vm *vm, const TestRec *t, Value *v) {
  if (v->kind != VALUE_BOOL && v->kind != VALUE_TEXT) return false;
  return str_eq_nocase(value_text(v, vm->scratch), t->a ? STR("true") : STR("false"));
}

static bool time_holds(Vm *vm, uint32_t test, Value *v) {
  const TestRec *t = &vm->program->TESTS[test];
  int part;
  if (v->kind != VALUE_TEXT || !time_part_of(&part, value_text(v, vm->scratch), (TimePart)t->a)) return false;
  char digits[16];
  int n = snprintf(digits, sizeof digits, "%d", part);
  Decimal d;
  return decimal_parse(&d, (Str){digits, (size_t)n}) && order_fits((Compare)t->b, decimal_cmp(&d, &vm->program->decimals[test]));
}

static bool cidr_holds(Vm *vm, const TestRec *t, Value *v) {
  Address a;
  return v->kind == VALUE_TEXT && address_parse(&a, value_text(v, vm->scratch)) && net_contains(&vm->program->nets[t->a], &a);
}

static bool value_holds(Vm *vm, uint32_t test, Value *v) {
  const Program *p = vm->program;
  const TestRec *t = &p->TESTS[test];
  if (!value_has_text(v)) return false;
  switch ((PredKind)t->kind) {
  case PRED_EQ: return str_eq(text_of(vm, t, v), program_str(p, t->text));
  case PRED_PREFIX: return str_starts(text_of(vm, t, v), program_str(p, t->text));
  case PRED_SUFFIX: return str_ends(text_of(vm, t, v), program_str(p, t->text));
  case PRED_CONTAINS: return str_find(text_of(vm, t, v), program_str(p, t->text), 0) != SIZE_MAX;
  case PRED_GLOB: return glob_match(p->STRINGS, p->PARTS + t->a, t->b, text_of(vm, t, v));
  case PRED_RE: return regex_holds(vm, test, value_text(v, vm->scratch));
  case PRED_CIDR: return cidr_holds(vm, t, v);
  case PRED_NUMBER: return number_holds(vm, test, v);
  case PRED_LT: return compare_holds(vm, test, v, CMP_LT);
  case PRED_LTE: return compare_holds(vm, test, v, CMP_LTE);
  case PRED_GT: return compare_holds(vm, test, v, CMP_GT);
  case PRED_GTE: return compare_holds(vm, test, v, CMP_GTE);
  case PRED_BOOL: return bool_holds(vm, t, v);
  case PRED_TIME: return time_holds(vm, test, v);
  case PRED_IS_NULL:
  case PRED_EXISTS:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  return false;
}

/* --- predicates on a field as a whole ---------------------------------------------------------------------- */

static bool all_null(const FieldValues *f) {
  for (uint32_t i = 0; i < f->n; i++)
    if (f->values[i]->kind != VALUE_NULL) return false;
  return f->n > 0;
}

static bool reference_holds(Vm *vm, uint32_t mode, Value *v, Value *other) {
  Str a = value_folded(v, vm->scratch), b = value_folded(other, vm->scratch);
  if (mode == (REF_OPEN_START | REF_OPEN_END)) return str_find(a, b, 0) != SIZE_MAX;
  if (mode == REF_OPEN_START) return str_ends(a, b);
  return mode == REF_OPEN_END ? str_starts(a, b) : str_eq(a, b);
}

/* Equality by a table: both lists are the event's, and may be long. */
static bool some_equal(Vm *vm, const FieldValues *f, const FieldValues *other) {
  Intern texts;
  intern_init(&texts, vm->scratch);
  for (uint32_t j = 0; j < other->n; j++)
    if (value_has_text(other->values[j])) intern_id(&texts, value_folded(other->values[j], vm->scratch));
  for (uint32_t i = 0; i < f->n; i++)
    if (value_has_text(f->values[i]) && intern_find(&texts, value_folded(f->values[i], vm->scratch)) != INTERN_NONE) return true;
  return false;
}

static bool fieldref_holds(Vm *vm, uint32_t test, const FieldValues *f) {
  enum { FEW = 64 };
  const TestRec *t = &vm->program->TESTS[test];
  const FieldValues *other = event_field(&vm->event, t->a);
  if (t->b == 0 && f->n > 1 && other->n > FEW) return some_equal(vm, f, other);
  if ((uint64_t)f->n * other->n > LIMIT_REF_PAIRS) {
    vm->limit_hits[test] += !vm->again;
    return false;
  }
  for (uint32_t i = 0; i < f->n; i++)
    for (uint32_t j = 0; j < other->n; j++)
      if (value_has_text(f->values[i]) && value_has_text(other->values[j]) &&
          reference_holds(vm, t->b, f->values[i], other->values[j]))
        return true;
  return false;
}

static bool field_holds(Vm *vm, uint32_t test, const FieldValues *f) {
  const TestRec *t = &vm->program->TESTS[test];
  if (t->kind == PRED_IS_NULL) return !f->found || all_null(f);
  if (t->kind == PRED_EXISTS) return f->found == (t->a != 0);
  return fieldref_holds(vm, test, f);
}

/* Not inlined: what it needs would be made ready for the many tests that need none of it, too. */
static __attribute__((noinline)) bool values_hold(Vm *vm, uint32_t test, const FieldValues *f) {
  if (pred_info[vm->program->TESTS[test].kind].scope == SCOPE_FIELD) return field_holds(vm, test, f);
  vm->hits = 0;
  vm->visits = vm->early = LIMIT_REGEX_VISITS;
  for (uint32_t i = 0; i < f->n; i++)
    if (value_holds(vm, test, f->values[i])) return true;
  return false;
}

/* Most tests look for one text in one value. The byte at which it would begin tells most of them apart. */
static inline bool text_holds(Vm *vm, const TestRec *t, Value *v) {
  Str text = text_of(vm, t, v), wanted = program_str(vm->program, t->text);
  if (t->kind == PRED_CONTAINS) return str_find(text, wanted, 0) != SIZE_MAX;
  if (wanted.n > text.n || (t->kind == PRED_EQ && wanted.n != text.n)) return false;
  if (!wanted.n) return true;
  const char *at = t->kind == PRED_SUFFIX ? text.p + (text.n - wanted.n) : text.p;
  return *at == *wanted.p && memcmp(at, wanted.p, wanted.n) == 0;
}

static inline bool is_for_text(const TestRec *t) {
  return t->kind == PRED_EQ || t->kind == PRED_PREFIX || t->kind == PRED_SUFFIX || t->kind == PRED_CONTAINS;
}

bool pred_holds(Vm *vm, uint32_t field, uint32_t test) {
  const FieldValues *f = event_field(&vm->event, field);
  const TestRec *t = &vm->program->TESTS[test];
  if (f->n > 1 || !is_for_text(t)) return values_hold(vm, test, f);
  return f->n && value_has_text(f->values[0]) && text_holds(vm, t, f->values[0]);
}

bool pred_holds_value(Vm *vm, uint32_t test, Value *v) {
  FieldValues one = {.found = true, .n = 1, .values = &v};
  return values_hold(vm, test, &one);
}

bool pred_glob(const char *strings, const PartRec *parts, uint32_t n, Str text) { return glob_match(strings, parts, n, text); }
