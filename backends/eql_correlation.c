/* SPDX-License-Identifier: MIT
 * Correlations in EQL. A sequence is all that EQL knows of time: distinct events, one behind the other, of one group, from first to last
 * no longer than maxspan (inclusive, as the windows of Sigma are). It says that there is such a window, and no more: so what is
 * said here is what holds of a group as soon as one window of it has certain events. */
#include "backends/correlation.h"

enum { MOST_RUNS = 100, MOST_UNORDERED = 3 };

typedef struct {
  Str text;        /* the query in the brackets */
  const Str *keys; /* NULL: those of all */
  int64_t runs;
} Term;
typedef VEC(Term) Terms;
typedef VEC(PlanBranch) Branches;
typedef VEC(Str) Texts;

static Str scratch_query(Joint *j, const PlanBranch *b, uint32_t n, unsigned indent) {
  Diags again = {.arena = j->arena}; /* joint_print has said it */
  Str out = {0};
  joint_query(j, b, n, indent, &out, &again);
  return out;
}

/* Of all events of some refs; bits. */
static void collect(Joint *j, unsigned refs, Branches *out) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    if (refs >> j->feeds.p[i].ref & 1) *vec_add(j->arena, out) = j->feeds.p[i].branch;
}

/* --- keys ------------------------------------------------------------------------------------------------------ */

/* A field without value joins nothing; with `?` it would. */
static void put_keys(Joint *j, Buf *out, const Feed *f) {
  for (uint32_t k = 0; k < j->n_keys; k++) {
    Str name;
    FieldType type;
    if (!joint_name(j, f, k, &name, &type)) return;
    buf_str(out, k ? STR(", ") : STR(" by "));
    buf_str(out, str_from(name, str_starts(name, STR("?"))));
  }
}

static void put_keys_of(Joint *j, Buf *out, uint32_t ref) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    if (j->feeds.p[i].ref == ref) {
      put_keys(j, out, &j->feeds.p[i]);
      return;
    }
}

static bool spelled_once(FieldType type) {
  return type == FIELD_KEYWORD || type == FIELD_CONSTANT || type == FIELD_UNKNOWN || type == FIELD_VERSION;
}

/* What the keys rest on; whether all branches have the same, and those of each ref. */
static bool check_keys(Joint *j, bool *same) {
  const Correlation *c = &j->rule->correlation;
  *same = true;
  for (uint32_t i = 0; i < j->feeds.n; i++) {
    *same = *same && feeds_same(&j->feeds.p[0], &j->feeds.p[i], j->n_keys);
    for (uint32_t k = 0; k < j->n_keys; k++) {
      Str name;
      FieldType type;
      if (!joint_name(j, &j->feeds.p[i], k, &name, &type)) return false;
      joint_assume(j, ASSUME_SINGLE_VALUE);
      if (!spelled_once(type)) joint_assume(j, ASSUME_ONE_SPELLING);
      if (type == FIELD_FLATTENED)
        joint_refuse(j, c->group_by.p[k].at, "map it to a field of its own", "EQL cannot join events by a flattened field");
    }
  }
  for (uint32_t r = 0; r < j->refs.n; r++)
    if (!ref_keys(j, r))
      joint_refuse(j, j->refs.p[r].rule->title.at, "correlate rules of one kind of events",
                   "the rule has the fields of `group-by` under several names, and EQL can join events by one");
  return j->ok;
}

/* --- statements ------------------------------------------------------------------------------------------------ */

/* `same`: all terms have the keys of the first branch. */
static Str sequence(Joint *j, const Terms *terms, const uint32_t *refs) {
  Buf out = {.arena = j->arena};
  buf_str(&out, STR("sequence"));
  if (!refs) put_keys(j, &out, &j->feeds.p[0]);
  buf_str(&out, STR(" with maxspan="));
  buf_str(&out, joint_span(j));
  for (uint32_t i = 0; i < terms->n; i++) {
    if (j->options->pretty) buf_str(&out, STR("\n "));
    buf_str(&out, STR(" ["));
    buf_str(&out, terms->p[i].text);
    buf_char(&out, ']');
    if (terms->p[i].runs > 1) buf_printf(&out, " with runs=%lld", (long long)terms->p[i].runs);
    if (refs) put_keys_of(j, &out, refs[i]);
  }
  return buf_view(&out);
}

static bool give(Joint *j, const Texts *texts, Query *out) {
  Buf all = {.arena = j->arena};
  for (uint32_t i = 0; i < texts->n; i++) {
    if (i) buf_str(&all, j->options->pretty ? STR("\n\n") : STR("\n"));
    buf_str(&all, texts->p[i]);
  }
  *out = (Query){.text = buf_view(&all), .parts = texts->p, .n_parts = texts->n};
  return j->ok;
}

static void refuse_condition(Joint *j) {
  joint_refuse(j, joint_at(j, "condition"), "translate it to KQL",
               "EQL can say that a window has so many events, but not that one has no more, or another number");
}

/* --- counting -------------------------------------------------------------------------------------------------- */

/* There is a window of n events if n of them, one behind the other, span no more: whichever of them stands first in a tie. */
static bool event_count(Joint *j, Query *out, bool same) {
  WholeRange range;
  Branches all = {0};
  Texts texts = {0};
  if (!joint_range(j, 1, &range)) return false;
  if (!range_open(&range)) refuse_condition(j);
  else if (!same)
    joint_refuse(j, joint_at(j, "group-by"), "correlate one rule, or map the fields to one",
                 "EQL can only count events together that have the fields of `group-by` under one name");
  else if (range.least > MOST_RUNS)
    joint_refuse(j, joint_at(j, "condition"), "translate it to KQL", "a sequence of EQL has at most %d events", MOST_RUNS);
  if (!j->ok) return false;
  for (uint32_t i = 0; i < j->feeds.n; i++) *vec_add(j->arena, &all) = j->feeds.p[i].branch;
  if (range.least == 1) {
    *vec_add(j->arena, &texts) = scratch_query(j, all.p, all.n, 0);
    return give(j, &texts, out);
  }
  Terms terms = {0};
  joint_ask(j, false);
  *vec_add(j->arena, &terms) = (Term){.text = scratch_query(j, all.p, all.n, 2), .runs = range.least};
  *vec_add(j->arena, &texts) = sequence(j, &terms, NULL);
  return give(j, &texts, out);
}

/* --- one rule behind the other --------------------------------------------------------------------------------- */

/* That all rules are there, or none is asked for. Its value is their number or 0. */
static bool in_order(Joint *j, Query *out, bool same) {
  WholeRange range;
  Terms terms = {0};
  Texts texts = {0};
  int64_t n = j->refs.n;
  if (!joint_range(j, 0, &range)) return false;
  bool full = range.least > 0 && range.least <= n && range.most >= n;
  for (uint32_t i = 0; i < range.except.n; i++) full = full && range.except.p[i] != n;
  if (!full) refuse_condition(j);
  if (n > MOST_RUNS) joint_refuse(j, joint_at(j, "rules"), NULL, "a sequence of EQL has at most %d events", MOST_RUNS);
  if (!j->ok) return false;
  uint32_t *refs = arena_array(j->arena, uint32_t, j->refs.n);
  joint_ask(j, n == 1);
  for (uint32_t i = 0; i < j->refs.n; i++) {
    Branches own = {0};
    for (uint32_t k = 0; k < j->feeds.n; k++)
      if (j->feeds.p[k].ref == i) *vec_add(j->arena, &own) = j->feeds.p[k].branch;
    refs[i] = i;
    *vec_add(j->arena, &terms) = (Term){.text = scratch_query(j, own.p, own.n, n == 1 ? 0 : 2)};
  }
  joint_assume(j, ASSUME_DISTINCT_TIMES);
  *vec_add(j->arena, &texts) = n == 1 ? terms.p[0].text : sequence(j, &terms, same ? NULL : refs);
  return give(j, &texts, out);
}

/* --- in any order ---------------------------------------------------------------------------------------------- */

/* A window has m rules if some of its events do: the first of them stands for some rules, the next for others ... One event may
 * stand for several, so beside the orders of single rules there are those of groups of them: all ways to part m rules into
 * groups that follow each other. Each is a statement. */
typedef struct {
  Joint *joint;
  bool same;
  unsigned groups[MOST_UNORDERED];
  uint32_t n;
  Texts texts;
} Orders;

/* All events of which a group of refs is true. Each has one branch or more: it is an and of ors. */
static Str group_text(Orders *o, unsigned refs, unsigned indent) {
  Joint *j = o->joint;
  PlanBranch each[MOST_UNORDERED], whole;
  uint32_t n = 0;
  Branches own = {0};
  if (!(refs & (refs - 1))) {
    collect(j, refs, &own);
    return scratch_query(j, own.p, own.n, indent);
  }
  for (uint32_t r = 0; r < j->refs.n; r++) {
    Branches some = {0};
    if (!(refs >> r & 1)) continue;
    collect(j, 1u << r, &some);
    joint_merge(j, IR_OR, some.p, some.n, &each[n++]);
  }
  joint_merge(j, IR_AND, each, n, &whole);
  return scratch_query(j, &whole, 1, indent);
}

static uint32_t lowest(unsigned refs) {
  uint32_t i = 0;
  while (!(refs >> i & 1)) i++;
  return i;
}

static void put_order(Orders *o) {
  Joint *j = o->joint;
  Terms terms = {0};
  uint32_t refs[MOST_UNORDERED];
  joint_ask(j, o->n == 1);
  for (uint32_t i = 0; i < o->n; i++) {
    refs[i] = lowest(o->groups[i]);
    *vec_add(j->arena, &terms) = (Term){.text = group_text(o, o->groups[i], o->n == 1 ? 0 : 2)};
  }
  *vec_add(j->arena, &o->texts) = o->n == 1 ? terms.p[0].text : sequence(j, &terms, o->same ? NULL : refs);
}

/* An event can stand for all of a group. */
static bool can_be_one(Orders *o, unsigned refs) {
  Joint *j = o->joint;
  for (uint32_t x = 0; x < j->refs.n; x++)
    for (uint32_t y = x + 1; y < j->refs.n; y++) {
      if (!(refs >> x & 1) || !(refs >> y & 1)) continue;
      if (refs_disjoint(j, x, y)) return false;
      const Str *a = ref_keys(j, x), *b = ref_keys(j, y);
      for (uint32_t k = 0; k < j->n_keys; k++)
        if (!str_eq(a[k], b[k])) {
          joint_refuse(
            j, joint_at(j, "aliases"), "let the rules ask one field for different values",
            "an event may match two of the rules, which have other fields for `group-by`, and EQL cannot compare two fields");
          return false;
        }
    }
  return true;
}

static void put_orders(Orders *o, unsigned rest) {
  if (!rest) {
    put_order(o);
    return;
  }
  for (uint32_t size = 1; size <= MOST_UNORDERED; size++)
    for (unsigned group = 1; group <= rest; group++) {
      if ((group & rest) != group || (uint32_t)__builtin_popcount(group) != size || !o->joint->ok) continue;
      if (!can_be_one(o, group)) continue;
      o->groups[o->n++] = group;
      put_orders(o, rest & ~group);
      o->n--;
    }
}

static void refuse_range(Joint *j, int64_t *least) {
  WholeRange range;
  if (!joint_range(j, 1, &range)) return;
  if (range.most >= j->refs.n) range.most = INT64_MAX;
  if (!range_open(&range)) refuse_condition(j);
  if (range.least > j->refs.n) joint_refuse(j, joint_at(j, "condition"), NULL, "the condition never holds of so few rules");
  *least = range.least;
}

/* Rules that are enough, and none of them can be left out: where more rules never hurt, these say all. */
static bool is_enough(const Joint *j, unsigned refs, int64_t least) {
  const struct Cond *text = joint_text(j);
  if (!text) return __builtin_popcount(refs) == least;
  bool good = text_holds(j, text, refs);
  for (uint32_t r = 0; r < j->refs.n; r++)
    if (refs >> r & 1) good = good && !text_holds(j, text, refs & ~(1u << r));
  return good;
}

static bool in_any_order(Joint *j, Query *out, bool same) {
  Orders o = {.joint = j, .same = same};
  int64_t least = 0;
  if (!joint_text(j)) refuse_range(j, &least);
  else if (text_has_not(joint_text(j)))
    joint_refuse(j, joint_at(j, "condition"), "translate it to KQL",
                 "EQL can say that events are in a window, but not that there are none");
  if (j->refs.n > MOST_UNORDERED)
    joint_refuse(j, joint_at(j, "rules"), "translate it to KQL, or give them an order (temporal_ordered)",
                 "EQL needs a query for each order of the rules: this is done for %d at most", MOST_UNORDERED);
  for (unsigned some = 1; j->ok && some < 1u << j->refs.n; some++)
    if (is_enough(j, some, least)) put_orders(&o, some);
  return j->ok && give(j, &o.texts, out);
}

bool eql_correlation(Joint *j, Query *out) {
  bool same;
  CorrelationType type = j->rule->correlation.type;
  if (!check_keys(j, &same)) return false;
  if (type == CORR_EVENT_COUNT) return event_count(j, out, same);
  if (type == CORR_TEMPORAL_ORDERED) return in_order(j, out, same);
  if (type == CORR_TEMPORAL) return in_any_order(j, out, same);
  joint_refuse(j, joint_at(j, "type"), "translate it to KQL",
               type == CORR_VALUE_COUNT ? "EQL cannot count distinct values"
                                        : "EQL cannot compute with the values of several events");
  return false;
}
