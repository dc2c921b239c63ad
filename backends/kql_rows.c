/* SPDX-License-Identifier: MIT */
#include "backends/kql_correlation.h"

/* --- pieces ---------------------------------------------------------------------------------------------------- */

void kql_step(const Kql *k, Buf *out) { buf_str(out, str_of(k->step)); }

/* As text, where it is a value that events are joined by. */
bool kql_name_of(Joint *j, const Feed *f, uint32_t i, bool as_text, Str *out, FieldType *type) {
  if (!joint_name(j, f, i, out, type)) return false;
  if (kql_is_text(*type)) return true;
  joint_assume(j, ASSUME_ONE_SPELLING);
  if (as_text) *out = arena_printf(j->arena, "tostring(" STR_FMT ")", STR_ARG(*out));
  return true;
}

Str kql_query_of(Joint *j, const Rows *s) {
  Diags again = {.arena = j->arena}; /* joint_print has said it */
  Str out = {0};
  joint_query(j, &s->branch, 1, 0, &out, &again);
  return out;
}

bool kql_needs_table(Joint *j) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    if (!j->feeds.p[i].branch.table.n) {
      joint_refuse(j, joint_at(j, "type"), "name the table by a pipeline: `query_table` of set_state",
                   "the query asks for its events more than once, and there is no table to ask");
      return false;
    }
  return true;
}

/* `_k1, _k2`; a constant where there is one group. */
void kql_put_key_names(const Kql *k, Buf *out) {
  for (uint32_t i = 0; i < k->joint->n_keys || !i; i++) buf_printf(out, "%s_k%u", i ? ", " : "", i + 1);
}

/* `_k1 = Computer, _k2 = Account` */
void kql_put_keys(const Kql *k, Buf *out, const Feed *f) {
  Joint *j = k->joint;
  if (!j->n_keys) buf_str(out, STR("_k1 = 1"));
  for (uint32_t i = 0; i < j->n_keys; i++) {
    Str name;
    FieldType type;
    if (!kql_name_of(j, f, i, true, &name, &type)) return;
    buf_printf(out, "%s_k%u = " STR_FMT, i ? ", " : "", i + 1, STR_ARG(name));
  }
}

/* --- sources --------------------------------------------------------------------------------------------------- */

/* Where an event is one row however many rules it matches: branches of one table are joined by or if they have the same fields;
 * if they have others, no event may match both. */
bool kql_by_table(Joint *j, uint32_t fields, RowSets *out) {
  for (uint32_t i = 0; i < j->feeds.n; i++) {
    const Feed *f = &j->feeds.p[i];
    Rows *same = NULL;
    for (uint32_t s = 0; s < out->n; s++) {
      Rows *other = &out->p[s];
      if (!str_eq(other->branch.table, f->branch.table)) continue;
      if (feeds_same(other->first, f, fields)) same = other;
    }
    for (uint32_t k = 0; k < i; k++)
      if (!feeds_same(&j->feeds.p[k], f, fields) && !feeds_disjoint(j, &j->feeds.p[k], f)) {
        joint_refuse(j, joint_at(j, j->rule->correlation.n_aliases ? "aliases" : "group-by"),
                     "let the rules ask one field for different values",
                     "an event may match two of the rules, which have other fields, and would count twice");
        return false;
      }
    if (!same) {
      *vec_add(j->arena, out) = (Rows){f, f->branch, f->ref};
      continue;
    }
    PlanBranch both[] = {same->branch, f->branch};
    if (joint_merge(j, IR_OR, both, 2, &same->branch)) continue;
    joint_refuse(j, joint_at(j, "rules"), NULL, "the rules compute a column of one name in two ways");
    return false;
  }
  return true;
}

void kql_by_ref(Joint *j, RowSets *out) {
  for (uint32_t i = 0; i < j->feeds.n; i++)
    *vec_add(j->arena, out) = (Rows){&j->feeds.p[i], j->feeds.p[i].branch, j->feeds.p[i].ref};
}

/* The rows of sources, with the columns _k1.., `_t` (or another name) and what the form wants. */
void kql_put_rows(const Kql *k, Buf *out, const RowSets *sources, uint32_t from, uint32_t to, const char *time, Extra *extra) {
  bool several = to - from > 1;
  if (several) buf_str(out, STR("union "));
  for (uint32_t i = from; i < to; i++) {
    const Rows *s = &sources->p[i];
    if (i > from) buf_str(out, STR(", "));
    if (several) buf_char(out, '(');
    buf_str(out, kql_query_of(k->joint, s));
    kql_step(k, out);
    buf_str(out, STR("project "));
    kql_put_keys(k, out, s->first);
    buf_printf(out, ", %s = " STR_FMT, time, STR_ARG(k->time));
    if (extra) extra(k, out, s);
    if (several) buf_char(out, ')');
  }
}
