/* SPDX-License-Identifier: MIT
 * Correlations in KQL. A window ends at an event and begins a timespan before it. Where the condition is that there are so many
 * events, it is enough to look back so many rows of the sorted group; else the events of a window come by a join of the events with
 * themselves. Either way there is a row for each time of a group at which the window holds. */
#include "backends/kql_correlation.h"
#include "compiler/condition.h"

static const char *step_of(const Joint *j) { return j->options->pretty ? "\n| " : " | "; }

/* --- conditions ------------------------------------------------------------------------------------------------ */

static void put_range(Buf *out, const WholeRange *r, const char *name) {
  const char *and = "";
  if (r->least == r->most) {
    buf_printf(out, "%s == %lld", name, (long long)r->least);
    return;
  }
  if (r->least > 1) { /* there is one always: the event at which the window ends */
    buf_printf(out, "%s >= %lld", name, (long long)r->least);
    and = " and ";
  }
  if (r->most < INT64_MAX) {
    buf_printf(out, "%s%s <= %lld", and, name, (long long)r->most);
    and = " and ";
  }
  for (uint32_t i = 0; i < r->except.n; i++) {
    buf_printf(out, "%s%s != %lld", and, name, (long long)r->except.p[i]);
    and = " and ";
  }
  if (!*and) buf_str(out, STR("true"));
}

/* --- so many events -------------------------------------------------------------------------------------------- */

static void put_extended(const Kql *k, Buf *out, const Rows *s) {
  buf_str(out, kql_query_of(k->joint, s));
  kql_step(k, out);
  buf_str(out, STR("extend "));
  kql_put_keys(k, out, s->first);
}

/* The rows of all sources as they are; `keys`: what their keys are called. */
static bool put_whole_rows(const Kql *k, Buf *out, const RowSets *sources, Str *keys) {
  Joint *j = k->joint;
  for (uint32_t i = 0; i < j->n_keys; i++) {
    FieldType type;
    if (!kql_name_of(j, sources->p[0].first, i, false, &keys[i], &type)) return false;
    if (sources->n > 1) keys[i] = arena_printf(j->arena, "_k%u", i + 1);
  }
  if (sources->n == 1) {
    buf_str(out, kql_query_of(j, &sources->p[0]));
    return true;
  }
  buf_str(out, STR("union "));
  for (uint32_t i = 0; i < sources->n; i++) {
    buf_str(out, i ? STR(", (") : STR("("));
    if (j->n_keys) put_extended(k, out, &sources->p[i]);
    else buf_str(out, kql_query_of(j, &sources->p[i]));
    buf_char(out, ')');
  }
  return true;
}

/* A window has n events if the row n - 1 further up is of the group and no further away than the timespan. */
static void put_look_back(const Kql *k, Buf *out, int64_t n, const Str *keys) {
  uint32_t n_keys = k->joint->n_keys;
  kql_step(k, out);
  buf_str(out, STR("sort by "));
  for (uint32_t i = 0; i < n_keys; i++) buf_printf(out, STR_FMT " asc, ", STR_ARG(keys[i]));
  buf_printf(out, STR_FMT " asc", STR_ARG(k->time));
  kql_step(k, out);
  buf_str(out, STR("extend "));
  for (uint32_t i = 0; i < n_keys; i++)
    buf_printf(out, "_g%u = prev(" STR_FMT ", %lld), ", i + 1, STR_ARG(keys[i]), (long long)n - 1);
  buf_printf(out, "_t = prev(" STR_FMT ", %lld)", STR_ARG(k->time), (long long)n - 1);
  kql_step(k, out);
  buf_str(out, STR("where "));
  for (uint32_t i = 0; i < n_keys; i++) buf_printf(out, "_g%u == " STR_FMT " and ", i + 1, STR_ARG(keys[i]));
  buf_printf(out, STR_FMT " - _t <= " STR_FMT, STR_ARG(k->time), STR_ARG(k->span));
}

static bool so_many(const Kql *k, Buf *out, int64_t n) {
  Joint *j = k->joint;
  RowSets sources = {0};
  Str *keys = arena_array(j->arena, Str, j->n_keys);
  *k->groups = false;
  if (!kql_by_table(j, j->n_keys, &sources)) return false;
  if (sources.n > 1 && !kql_needs_table(j)) return false;
  if (!put_whole_rows(k, out, &sources, keys)) return false;
  if (n > 1) put_look_back(k, out, n, keys);
  return true;
}

/* --- windows --------------------------------------------------------------------------------------------------- */

static void put_values(const Kql *k, Buf *out, const Rows *s) {
  Joint *j = k->joint;
  bool count = j->rule->correlation.type == CORR_VALUE_COUNT;
  for (uint32_t i = 0; i < j->n_values; i++) {
    Str name;
    FieldType type;
    if (!kql_name_of(j, s->first, j->n_keys + i, count, &name, &type)) return;
    /* a union would split a column of two types */
    buf_printf(out, count ? ", _v%u = " STR_FMT : ", _v%u = tolong(" STR_FMT ")", i + 1, STR_ARG(name));
    if (count || type == FIELD_INTEGER) continue;
    joint_refuse(j, j->rule->correlation.fields.p[i].at, "give it a type by --types or a pipeline, such as long",
                 "KQL computes exactly with whole numbers alone, and the field is none");
  }
}

static void put_rule(const Kql *k, Buf *out, const Rows *s) {
  (void)k;
  buf_printf(out, ", _v1 = %u", (unsigned)s->ref);
}

/* The rows of X, each time once, with the rows of X in the window that ends there. */
static void put_windows(const Kql *k, Buf *out, const RowSets *sources, Extra *extra, uint32_t n_values) {
  buf_str(out, STR("let X = "));
  kql_put_rows(k, out, sources, 0, sources->n, "_t", extra);
  buf_str(out, k->joint->options->pretty ? STR(";\nX") : STR("; X"));
  kql_step(k, out);
  buf_str(out, STR("distinct "));
  kql_put_key_names(k, out);
  buf_str(out, STR(", _t"));
  kql_step(k, out);
  buf_str(out, STR("join kind=inner (X | project "));
  kql_put_key_names(k, out);
  buf_str(out, STR(", _u = _t"));
  for (uint32_t i = 0; i < n_values; i++) buf_printf(out, ", _v%u", i + 1);
  buf_str(out, STR(") on "));
  kql_put_key_names(k, out);
  kql_step(k, out);
  buf_printf(out, "where _u between (_t - " STR_FMT " .. _t)", STR_ARG(k->span));
}

static void put_groups(const Kql *k, Buf *out, const char *what) {
  kql_step(k, out);
  buf_printf(out, "summarize %s by ", what);
  kql_put_key_names(k, out);
  buf_str(out, STR(", _t"));
  kql_step(k, out);
  buf_str(out, STR("where "));
}

/* Tuples are told apart row by row: joined texts could be equal where their parts are not. */
static void put_distinct(const Kql *k, Buf *out, const WholeRange *range) {
  if (k->joint->n_values > 1) {
    kql_step(k, out);
    buf_str(out, STR("distinct "));
    kql_put_key_names(k, out);
    buf_str(out, STR(", _t"));
    for (uint32_t i = 0; i < k->joint->n_values; i++) buf_printf(out, ", _v%u", i + 1);
  }
  put_groups(k, out, k->joint->n_values > 1 ? "_n = count()" : "_n = count_distinct(_v1)");
  put_range(out, range, "_n");
}

static void put_text(const Kql *k, Buf *out, const Cond *n) {
  if (n->kind == COND_NAME) {
    buf_printf(out, "_r%u > 0", (unsigned)text_ref(k->joint, n));
    return;
  }
  buf_str(out, n->kind == COND_NOT ? STR("not(") : STR("("));
  for (uint32_t i = 0; i < n->n_kids; i++) {
    if (i) buf_str(out, n->kind == COND_AND ? STR(" and ") : STR(" or "));
    put_text(k, out, n->kids[i]);
  }
  buf_char(out, ')');
}

/* Of which rules there are events in the window. */
static bool worded(const Kql *k, Buf *out) {
  Joint *j = k->joint;
  RowSets sources = {0};
  Buf counts = {.arena = j->arena};
  if (!kql_needs_table(j)) return false;
  kql_by_ref(j, &sources);
  if (text_has_not(joint_text(j))) joint_assume(j, ASSUME_DISTINCT_TIMES);
  put_windows(k, out, &sources, put_rule, 1);
  for (uint32_t i = 0; i < j->refs.n; i++) buf_printf(&counts, "%s_r%u = countif(_v1 == %u)", i ? ", " : "", i, i);
  buf_char(&counts, '\0');
  put_groups(k, out, counts.p);
  put_text(k, out, joint_text(j));
  return j->ok;
}

static bool counted(const Kql *k, Buf *out) {
  Joint *j = k->joint;
  WholeRange range;
  RowSets sources = {0};
  CorrelationType type = j->rule->correlation.type;
  if (joint_text(j)) return worded(k, out);
  if (!joint_range(j, 1, &range)) return false;
  if (type == CORR_EVENT_COUNT && range_open(&range)) return so_many(k, out, range.least);
  if (!kql_needs_table(j)) return false;
  if (type == CORR_TEMPORAL) kql_by_ref(j, &sources);
  else if (!kql_by_table(j, j->n_keys + j->n_values, &sources)) return false;
  if (!range_open(&range)) joint_assume(j, ASSUME_DISTINCT_TIMES);
  if (type == CORR_EVENT_COUNT) {
    put_windows(k, out, &sources, NULL, 0);
    put_groups(k, out, "_n = count()");
    put_range(out, &range, "_n");
    return j->ok;
  }
  put_windows(k, out, &sources, type == CORR_TEMPORAL ? put_rule : put_values, type == CORR_TEMPORAL ? 1 : j->n_values);
  if (type == CORR_TEMPORAL) {
    put_groups(k, out, "_n = count_distinct(_v1)");
    put_range(out, &range, "_n");
  } else {
    put_distinct(k, out, &range);
  }
  return j->ok;
}

/* --- sums and averages ----------------------------------------------------------------------------------------- */

enum { MOST_PLACES = 6 };

/* A threshold as a whole number of parts; false where it has more places than that, or does not fit. */
static bool scaled(Str s, int64_t parts, int64_t *out) {
  int64_t n = 0, rest = parts;
  bool point = false, negative = s.n && s.p[0] == '-';
  for (size_t i = negative; i < s.n; i++) {
    if (s.p[i] == '.') {
      point = true;
      continue;
    }
    if (s.p[i] < '0' || s.p[i] > '9' || n > INT64_MAX / 100) return false;
    if (point && rest == 1) return false;
    if (point) rest /= 10;
    n = n * 10 + (s.p[i] - '0');
  }
  for (; rest > 1; rest /= 10) {
    if (n > INT64_MAX / 100) return false;
    n *= 10;
  }
  *out = negative ? -n : n;
  return true;
}

static const char *const operators[CORR_OP_COUNT] = {
  [CORR_GT] = ">", [CORR_GTE] = ">=", [CORR_LT] = "<", [CORR_LTE] = "<=", [CORR_EQ] = "==", [CORR_NEQ] = "!="};

static uint32_t places(Str s) {
  size_t dot = str_find(s, STR("."), 0);
  return dot == SIZE_MAX ? 0 : (uint32_t)(s.n - dot - 1);
}

/* Whole numbers on both sides: a sum is above the threshold, or n times it, as the sum times the parts of one is above the
 * threshold in parts. */
static bool put_thresholds(const Kql *k, Buf *out, bool average) {
  const Correlation *c = &k->joint->rule->correlation;
  uint32_t most = 0;
  int64_t parts = 1, n;
  for (uint32_t i = 0; i < c->n_thresholds; i++)
    if (places(c->thresholds[i].number) > most) most = places(c->thresholds[i].number);
  for (uint32_t i = 0; i < most && i < MOST_PLACES; i++) parts *= 10;
  for (uint32_t i = 0; i < c->n_thresholds; i++) {
    if (most > MOST_PLACES || !scaled(c->thresholds[i].number, parts, &n)) {
      joint_refuse(k->joint, joint_at(k->joint, "condition"), "round the threshold",
                   "the threshold has more digits than KQL computes with exactly");
      return false;
    }
    if (i) buf_str(out, STR(" and "));
    buf_str(out, STR("_s"));
    if (parts > 1) buf_printf(out, " * %lld", (long long)parts);
    buf_printf(out, " %s %lld", operators[c->thresholds[i].op], (long long)n);
    if (average) buf_str(out, STR(" * _n"));
  }
  return true;
}

static bool computed(const Kql *k, Buf *out) {
  Joint *j = k->joint;
  RowSets sources = {0};
  bool average = j->rule->correlation.type == CORR_VALUE_AVG;
  if (!kql_needs_table(j) || !kql_by_table(j, j->n_keys + j->n_values, &sources)) return false;
  joint_assume(j, ASSUME_DISTINCT_TIMES);
  joint_assume(j, ASSUME_LONG_SUMS);
  put_windows(k, out, &sources, put_values, 1);
  put_groups(k, out, average ? "_s = sum(_v1), _n = count()" : "_s = sum(_v1)");
  return put_thresholds(k, out, average) && j->ok;
}

/* --- one rule behind the other --------------------------------------------------------------------------------- */

/* Of all sequences of the first rules that end at an event, the one that began last: it fits into the timespan if any does. */
static bool in_order(const Kql *k, Buf *out) {
  Joint *j = k->joint;
  WholeRange range;
  RowSets sources = {0};
  int64_t n = j->refs.n;
  if (!joint_range(j, 0, &range) || !kql_needs_table(j)) return false;
  bool full = range.least > 0 && range.least <= n && range.most >= n;
  for (uint32_t i = 0; i < range.except.n; i++) full = full && range.except.p[i] != n;
  if (!full) joint_refuse(j, joint_at(j, "condition"), "ask for all rules", "only that all rules stand in order can be asked for");
  if (!full) return false;
  kql_by_ref(j, &sources);
  joint_assume(j, ASSUME_DISTINCT_TIMES);
  for (uint32_t from = 0, to; from < sources.n; from = to) {
    for (to = from; to < sources.n && sources.p[to].ref == sources.p[from].ref; to++) continue;
    if (!from) {
      kql_put_rows(k, out, &sources, from, to, "_t", NULL);
      kql_step(k, out);
      buf_str(out, STR("extend _s = _t"));
      continue;
    }
    kql_step(k, out);
    buf_str(out, STR("join kind=inner ("));
    kql_put_rows(k, out, &sources, from, to, "_u", NULL);
    buf_str(out, STR(") on "));
    kql_put_key_names(k, out);
    kql_step(k, out);
    buf_printf(out, "where _u > _t and _u - _s <= " STR_FMT, STR_ARG(k->span));
    kql_step(k, out);
    buf_str(out, STR("summarize _s = max(_s) by "));
    kql_put_key_names(k, out);
    buf_str(out, STR(", _t = _u"));
  }
  return j->ok;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static bool put(const Kql *k, Buf *out) {
  Joint *j = k->joint;
  switch (j->rule->correlation.type) {
  case CORR_EVENT_COUNT:
  case CORR_VALUE_COUNT:
  case CORR_TEMPORAL: return counted(k, out);
  case CORR_TEMPORAL_ORDERED: return in_order(k, out);
  case CORR_VALUE_SUM:
  case CORR_VALUE_AVG: return computed(k, out);
  case CORR_VALUE_PERCENTILE:
  case CORR_VALUE_MEDIAN:
  case CORR_TYPE_COUNT: break;
  }
  joint_refuse(j, joint_at(j, "type"), "count, or compute a sum or an average",
               "percentiles of KQL are estimates, and are not interpolated");
  return false;
}

/* Where the columns of a table are known, its time is one of them. */
static bool has_time(Joint *j, const Feed *f, Str time) {
  FieldType type;
  const TypeTable *types = f->branch.types;
  if (!f->branch.table.n || !types->behind[1]) return true;
  if (types_find(types, time, &type) && type == FIELD_DATE) return true;
  joint_refuse(j, joint_at(j, "rules"), "`vars.sigmac.time` of a pipeline names the column",
               "the table `" STR_FMT "` has no column `" STR_FMT "` of times", STR_ARG(f->branch.table), STR_ARG(time));
  return false;
}

static bool one_time_column(Joint *j, Str *out) {
  bool good = true;
  *out = j->refs.p[0].plan.time_field; /* of the pipelines, so of all */
  if (!out->n) *out = STR("TimeGenerated");
  for (uint32_t i = 0; i < j->feeds.n; i++) good = good && has_time(j, &j->feeds.p[i], *out);
  return good;
}

bool kql_correlation(Joint *j, Query *out) {
  Buf text = {.arena = j->arena};
  bool groups = true;
  Kql k = {j, {0}, joint_span(j), step_of(j), &groups};
  if (!one_time_column(j, &k.time) || !put(&k, &text)) return false;
  *out = (Query){.text = buf_view(&text), .groups = groups};
  if (j->ok) kql_warn_length(j->rule, out->text, j->diags);
  return j->ok;
}
