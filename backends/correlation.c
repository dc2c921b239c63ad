/* SPDX-License-Identifier: MIT */
#include "backends/correlation.h"

#include <stdarg.h>
#include <stdio.h>

#include "backends/emit.h"
#include "compiler/asked.h"

/* --- refusals -------------------------------------------------------------------------------------------------- */

Span joint_at(const Joint *j, const char *key) {
  const YamlNode *map = yaml_get(j->rule->root, "correlation");
  const YamlNode *n = map ? yaml_key(map, key) : NULL;
  return n ? n->at : j->rule->at;
}

static size_t utf8_cut(Str s, size_t most) {
  size_t n = s.n < most ? s.n : most;
  while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
  return n;
}

/* Behind the reason, since a long message is cut. */
static void put_name(const Joint *j, Buf *out) {
  enum { SHOWN = 60 };
  const Rule *rule = j->rule;
  buf_str(out, STR(": correlation \""));
  buf_safe(out, str_sub(rule->title.text, 0, utf8_cut(rule->title.text, SHOWN)));
  buf_char(out, '"');
  if (!rule->id.text.n) return;
  buf_str(out, STR(" ("));
  buf_safe(out, rule->id.text);
  buf_char(out, ')');
}

void joint_refuse(Joint *j, Span at, const char *hint, const char *fmt, ...) {
  char why[240];
  va_list args;
  j->ok = false;
  va_start(args, fmt);
  vsnprintf(why, sizeof why, fmt, args);
  va_end(args);
  Buf text = {.arena = j->arena};
  buf_str(&text, str_of(why));
  put_name(j, &text);
  diag_error(j->diags, ID_target_correlation, at, STR_FMT, STR_ARG(buf_view(&text)));
  if (hint) diag_hint(j->diags, "%s", hint);
}

void joint_assume(Joint *j, Assumption a) {
  const AssumptionInfo *info = &assumption_info[a];
  if (j->assumed >> a & 1) return;
  j->assumed |= 1u << a;
  if (info->by_default || j->options->assume >> a & 1) return;
  j->ok = false;
  diag_error(j->diags, ID_target_assumption, j->rule->at, "exact only under an assumption: %s", info->sentence);
  diag_hint(j->diags, "take the assumption with --assume %s", info->id);
}

enum { MOST_RULES = 64, MOST_FEEDS = 256 }; /* queries and the work on them grow faster than these */

bool joint_begin(Joint *j) {
  const Correlation *c = &j->rule->correlation;
  j->ok = true;
  j->n_keys = c->group_by.n;
  j->n_values = c->fields.n;
  if (c->rules.n > MOST_RULES) {
    joint_refuse(j, c->rules.p[MOST_RULES].at, "write one rule that matches what several do",
                 "a query says a correlation of at most %d rules", MOST_RULES);
    return false;
  }
  for (uint32_t i = 0; i < c->rules.n; i++) {
    const Rule *r = rules_find(j->rules, c->rules.p[i].text);
    if (!r || r->broken)
      joint_refuse(j, c->rules.p[i].at, NULL, "the rule `" STR_FMT "` has errors itself", STR_ARG(c->rules.p[i].text));
    else if (r->kind == DOC_CORRELATION)
      joint_refuse(j, c->rules.p[i].at, "let it refer to rules of events",
                   "no query says a correlation of correlations, as `" STR_FMT "` is one", STR_ARG(c->rules.p[i].text));
  }
  if (c->text_condition && c->type != CORR_TEMPORAL)
    joint_refuse(j, c->text_condition->at, "leave it out: all rules in their order", "no query says a text about rules in order");
  return j->ok;
}

/* --- rules ----------------------------------------------------------------------------------------------------- */

/* What a field is called in the events of a rule. */
static Str name_for(const Joint *j, const Rule *rule, Str field) {
  const Correlation *c = &j->rule->correlation;
  for (uint32_t i = 0; i < c->n_aliases; i++)
    if (str_eq(c->aliases[i].alias.text, field) && rules_find(j->rules, c->aliases[i].rule.text) == rule)
      return c->aliases[i].field.text;
  return field;
}

static const Text *field_of(const Joint *j, uint32_t i) {
  const Correlation *c = &j->rule->correlation;
  return i < j->n_keys ? &c->group_by.p[i] : &c->fields.p[i - j->n_keys];
}

/* A field that pipelines split or give several names is no one thing to group by. */
static bool trace(Joint *j, const Rule *rule, Feed *f, uint32_t field, Str selection, Str *name) {
  const Text *t = field_of(j, field);
  IrNode *found;
  asked_find(&found, f->branch.root, selection);
  if (found && !found->item->settled) {
    *name = found->item->field;
    f->asked[field] = found;
    return true;
  }
  joint_refuse(j, t->at, "map it to one field, or use another one",
               "the target has `" STR_FMT "` of the rule `" STR_FMT "` in several fields, or not at all", STR_ARG(t->text),
               STR_ARG(rule->title.text));
  return false;
}

static void add_feeds(Joint *j, uint32_t ref, const Str *selections) {
  const Plan *plan = &j->refs.p[ref].plan;
  uint32_t n = j->n_keys + j->n_values;
  for (uint32_t b = 0; b < plan->n_branches; b++) {
    if (plan->branches[b].root->kind == IR_CONST && !plan->branches[b].root->truth) continue;
    Str *names = arena_array(j->arena, Str, n);
    Feed f = {.ref = ref, .branch = plan->branches[b], .fields = names, .asked = arena_array(j->arena, IrNode *, n)};
    bool good = true;
    for (uint32_t i = 0; i < n; i++) good = trace(j, j->refs.p[ref].rule, &f, i, selections[i], &names[i]) && good;
    if (good) *vec_add(j->arena, &j->feeds) = f;
  }
}

/* Naming a rule twice says nothing more, but where the order counts. */
static bool is_known(Joint *j, const Rule *rule) {
  if (j->rule->correlation.type == CORR_TEMPORAL_ORDERED) return false;
  for (uint32_t i = 0; i < j->refs.n; i++)
    if (j->refs.p[i].rule == rule) return true;
  return false;
}

bool joint_add(Joint *j, const Rule *rule, const IrRule *ir, const Pipelines *pipelines, const PlanOptions *options,
               Passes *passes) {
  if (is_known(j, rule)) return true;
  uint32_t n = j->n_keys + j->n_values, before = j->feeds.n;
  Str *selections = arena_array(j->arena, Str, n);
  IrNode **kids = arena_array(passes->arena, IrNode *, n + 1);
  IrRule with = *ir;
  kids[0] = ir->root;
  for (uint32_t i = 0; i < n; i++) {
    const Text *t = field_of(j, i);
    selections[i] = arena_printf(j->arena, "%s " STR_FMT, i < j->n_keys ? "group-by" : "field", STR_ARG(t->text));
    kids[i + 1] = asked_test(passes->arena, name_for(j, rule, t->text), t->at, selections[i]);
  }
  if (n) with.root = ir_join(passes->arena, ir->root->at, IR_AND, kids, n + 1);
  *vec_add(j->arena, &j->refs) = (JointRef){.rule = rule};
  if (!plan_rule(&vec_last(&j->refs).plan, &with, pipelines, options, passes)) return j->ok = false;
  add_feeds(j, j->refs.n - 1, selections);
  if (j->ok && j->feeds.n == before)
    joint_refuse(j, rule->title.at, NULL, "the rule never matches in the target, so that nothing is counted");
  if (j->ok && j->feeds.n > MOST_FEEDS)
    joint_refuse(j, joint_at(j, "rules"), "name a `category` in the log sources of the rules",
                 "the rules are of too many sources of events: %u, and a query takes %d", (unsigned)j->feeds.n, MOST_FEEDS);
  return j->ok;
}

/* Every event that counts has been seen by some branch: what is told of them all is told of the query. */
void joint_plan(const Joint *j, const Query *query, Plan *out) {
  *out = j->refs.p[0].plan;
  out->rule = j->rule;
  out->timespan = j->rule->correlation.timespan;
  out->groups = query->groups;
  out->fields = (TextList){0};
  out->branches = arena_array(j->arena, PlanBranch, j->feeds.n);
  out->n_branches = j->feeds.n;
  for (uint32_t i = 0; i < j->feeds.n; i++) out->branches[i] = j->feeds.p[i].branch;
  VEC(Text) index = {0};
  bool known = true;
  for (uint32_t r = 0; r < j->refs.n; r++) {
    const TextList *more = &j->refs.p[r].plan.index;
    known = known && more->n;
    for (uint32_t i = 0; i < more->n; i++) {
      bool there = false;
      for (uint32_t k = 0; k < index.n; k++) there = there || str_eq(index.p[k].text, more->p[i].text);
      if (!there) *vec_add(j->arena, &index) = more->p[i];
    }
  }
  out->index = known ? (TextList){index.p, index.n} : (TextList){0};
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

/* What the target refuses of the rules is told once, whatever is printed of them later. */
static bool check(Joint *j) {
  bool all = true;
  for (uint32_t i = 0; i < j->refs.n; i++) {
    VEC(PlanBranch) own = {0};
    for (uint32_t k = 0; k < j->feeds.n; k++)
      if (j->feeds.p[k].ref == i) *vec_add(j->arena, &own) = j->feeds.p[k].branch;
    Plan plan = j->refs.p[i].plan;
    Query query;
    plan.branches = own.p;
    plan.n_branches = own.n;
    all = backend_print(&query, j->backend, &plan, j->options, j->arena, j->diags) && all;
    j->assumed |= query.assumed;
  }
  j->ok = j->ok && all;
  return all;
}

bool joint_print(Joint *j, Query *out) {
  *out = (Query){0};
  if (!check(j)) return false;
  joint_assume(j, ASSUME_EVENT_TIMES);
  bool good = backend_correlation(j, out) && j->ok;
  joint_ask(j, true);
  out->assumed |= j->assumed;
  return good;
}
