/* SPDX-License-Identifier: MIT
 * Microsoft Sentinel: scheduled analytics rules, as YAML of the Azure-Sentinel repository and as ARM resources. The limits
 * are those that the repository's own validation has. */
#include "backends/deploy_internal.h"

enum {
  QUERY_MOST = 10000,
  NAME_MOST = 256,
  DESCRIPTION_MOST = 5000,
  ENTITIES_MOST = 5,
  MINUTE = 60,
  SCHEDULE_LEAST = 5 * MINUTE,
  SCHEDULE_MOST = 14 * 86400,
  LONG_PERIOD = 2 * 86400, /* from here on it may not run more often than ... */
  LONG_FREQUENCY = 3600
};

/* --- what fits ---------------------------------------------------------------------------------------------- */

static bool bad_schedule(const DeployRule *r, Span at, const char *why) {
  diag_error(r->diags, ID_deploy_schedule, at, RULE_FMT "every " STR_FMT " over " STR_FMT ": %s", RULE_ARG(r),
             STR_ARG(duration_short(r->arena, r->frequency, true)), STR_ARG(duration_short(r->arena, r->period, true)), why);
  diag_hint(r->diags, "the custom attributes `query_frequency` and `query_period` say how often, and over how much time");
  return false;
}

static bool in_range(int64_t seconds) { return seconds >= SCHEDULE_LEAST && seconds <= SCHEDULE_MOST && seconds % MINUTE == 0; }

static bool schedule_fits(const DeployRule *r) {
  if (!in_range(r->frequency)) return bad_schedule(r, r->frequency_at, "Sentinel runs rules every 5 minutes to 14 days");
  if (!in_range(r->period)) return bad_schedule(r, r->period_at, "Sentinel looks back 5 minutes to 14 days");
  if (r->period < r->frequency) return bad_schedule(r, r->period_at, "events between two runs would not be seen");
  if (r->period >= LONG_PERIOD && r->frequency < LONG_FREQUENCY)
    return bad_schedule(r, r->frequency_at, "over two days or more, Sentinel runs a rule once an hour at most");
  return true;
}

static bool query_fits(const DeployRule *r) {
  size_t length = utf16_length(r->query);
  if (length <= QUERY_MOST) return true;
  diag_error(r->diags, ID_target_too_long, r->rule->title.at, "the query has %zu characters; Sentinel takes %d", length,
             QUERY_MOST);
  diag_hint(r->diags, "split the rule, or put long lists of values into a watchlist");
  return false;
}

static bool tables_fit(const DeployRule *r) {
  for (uint32_t i = 0; i < r->plan->n_branches; i++) {
    if (r->plan->branches[i].table.n) continue;
    diag_error(r->diags, ID_deploy_table, r->rule->title.at, "the query names no table, so Sentinel cannot run it");
    diag_hint(r->diags, "a pipeline says which: -p sentinel-asim or -p sentinel-securityevent");
    return false;
  }
  return true;
}

static bool fits(const DeployRule *r) {
  bool ok = tables_fit(r);
  ok = query_fits(r) && ok;
  return schedule_fits(r) && ok;
}

/* --- members of both ---------------------------------------------------------------------------------------- */

static Str name(const DeployRule *r) { return deploy_cut(r, r->title, NAME_MOST, r->rule->title.at, "`title`"); }

static Str description(const DeployRule *r) {
  return deploy_cut(r, deploy_long_description(r), DESCRIPTION_MOST,
                    r->rule->description.text.n ? r->rule->description.at : r->rule->title.at,
                    "`description` with false positives and references");
}

static Data *tactics(const DeployRule *r) {
  Data *list = data_list(r->arena);
  for (uint32_t i = 0; i < r->threat.n; i++) data_add_text(r->arena, list, tactic_word(r->arena, r->threat.p[i].tactic));
  return list;
}

/* A sub-technique brings its parent, which is all that some versions of Sentinel show. */
static void add_techniques(const DeployRule *r, Data *techniques, Data *subs) {
  for (uint32_t i = 0; i < r->threat.n; i++) {
    const ThreatTactic *t = &r->threat.p[i];
    for (uint32_t k = 0; k < t->techniques.n; k++) {
      data_add_once(r->arena, techniques, t->techniques.p[k].id);
      for (uint32_t s = 0; s < t->techniques.p[k].subs.n; s++) data_add_once(r->arena, subs, t->techniques.p[k].subs.p[s].id);
    }
  }
}

static Data *entity(Arena *a, const EntityInfo *e) {
  Data *d = data_map(a);
  data_put_word(a, d, "entityType", e->type);
  Data *fields = data_put(d, "fieldMappings", data_list(a));
  for (size_t i = 0; i < 3 && e->identifiers[i]; i++) {
    Data *f = data_add(fields, data_map(a));
    data_put_word(a, f, "identifier", e->identifiers[i]);
    data_put_word(a, f, "columnName", e->columns[i]);
  }
  return d;
}

/* Of several tables: what matters most in each first, each column once; the result of a union has the columns of all. */
static Data *entities(const DeployRule *r) {
  enum { EACH = sizeof table_info->entities / sizeof *table_info->entities };
  const EntityInfo *taken[ENTITIES_MOST];
  size_t n = 0;
  Data *list = data_list(r->arena);
  for (size_t rank = 0; rank < EACH && !r->plan->groups; rank++)
    for (uint32_t b = 0; b < r->plan->n_branches && n < ENTITIES_MOST; b++) {
      const TableInfo *t = table_info_find(r->plan->branches[b].table);
      const EntityInfo *e = t && t->entities[rank].type ? &t->entities[rank] : NULL;
      bool known = !e;
      for (size_t i = 0; e && i < n; i++) known = known || !strcmp(taken[i]->columns[0], e->columns[0]);
      if (known) continue;
      taken[n++] = e;
      data_add(list, entity(r->arena, e));
    }
  return list;
}

/* --- YAML --------------------------------------------------------------------------------------------------- */

static const TableInfo *connected(const DeployRule *r, uint32_t branch) {
  const TableInfo *t = table_info_find(r->plan->branches[branch].table);
  return t && t->connector ? t : NULL;
}

static Data *connectors(const DeployRule *r) {
  Arena *a = r->arena;
  Data *list = data_list(a);
  for (uint32_t b = 0; b < r->plan->n_branches; b++) {
    const TableInfo *t = connected(r, b);
    Data *types = NULL;
    for (Data *d = list->first; t && d; d = d->next)
      if (str_is(d->first->text, t->connector)) types = d->last;
    if (t && !types) {
      Data *d = data_add(list, data_map(a));
      data_put_word(a, d, "connectorId", t->connector);
      types = data_put(d, "dataTypes", data_list(a));
    }
    if (t) data_add_once(a, types, str_of(t->data_type));
  }
  return list;
}

Data *deploy_sentinel(DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a), *relevant = data_list(a);
  if (!fits(r)) return NULL;
  data_put_text(a, d, "id", r->id);
  data_put_text(a, d, "name", name(r));
  data_put(d, "description", data_block(a, description(r)));
  data_put_word(a, d, "severity", deploy_level_info[r->level].sentinel);
  data_put_word(a, d, "status", "Available");
  data_put(d, "requiredDataConnectors", connectors(r));
  data_put_text(a, d, "queryFrequency", duration_short(a, r->frequency, true));
  data_put_text(a, d, "queryPeriod", duration_short(a, r->period, true));
  data_put_word(a, d, "triggerOperator", "gt");
  data_put(d, "triggerThreshold", data_number(a, 0));
  data_put(d, "tactics", tactics(r));
  add_techniques(r, relevant, relevant);
  data_put(d, "relevantTechniques", relevant);
  data_put(d, "query", data_block(a, r->query));
  Data *mapped = entities(r);
  if (mapped->first) data_put(d, "entityMappings", mapped);
  Data *grouping = data_put(d, "eventGroupingSettings", data_map(a));
  data_put_word(a, grouping, "aggregationKind", "SingleAlert");
  data_put_text(a, d, "version", arena_printf(a, "%lld.0.0", (long long)r->version));
  data_put_word(a, d, "kind", "Scheduled");
  return d;
}

/* --- ARM ---------------------------------------------------------------------------------------------------- */

/* A template takes a text from [ to ] for an expression and evaluates it; a second [ in front says that it is none. */
static Str literal(const DeployRule *r, Str s) {
  Buf escaped = {.arena = r->arena};
  if (s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']') return s;
  buf_char(&escaped, '[');
  buf_str(&escaped, s);
  return buf_view(&escaped);
}

static Data *properties(const DeployRule *r) {
  Arena *a = r->arena;
  Data *p = data_map(a);
  data_put_text(a, p, "displayName", literal(r, name(r)));
  data_put_text(a, p, "description", literal(r, description(r)));
  data_put_word(a, p, "severity", deploy_level_info[r->level].sentinel);
  data_put(p, "enabled", data_bool(a, r->enabled));
  data_put_text(a, p, "query", literal(r, r->query));
  data_put_text(a, p, "queryFrequency", duration_iso(a, r->frequency));
  data_put_text(a, p, "queryPeriod", duration_iso(a, r->period));
  data_put_word(a, p, "triggerOperator", "GreaterThan");
  data_put(p, "triggerThreshold", data_number(a, 0));
  data_put_word(a, p, "suppressionDuration", "PT1H");
  data_put(p, "suppressionEnabled", data_bool(a, false));
  data_put(p, "tactics", tactics(r));
  Data *techniques = data_put(p, "techniques", data_list(a)), *subs = data_put(p, "subTechniques", data_list(a));
  add_techniques(r, techniques, subs);
  Data *mapped = entities(r);
  if (mapped->first) data_put(p, "entityMappings", mapped);
  Data *grouping = data_put(p, "eventGroupingSettings", data_map(a));
  data_put_word(a, grouping, "aggregationKind", "SingleAlert");
  return p;
}

Data *deploy_arm(DeployRule *r) {
  Arena *a = r->arena;
  if (!fits(r)) return NULL;
  Data *d = data_map(a);
  data_put_word(a, d, "type", "Microsoft.OperationalInsights/workspaces/providers/alertRules");
  data_put_text(a, d, "name",
                arena_printf(a, "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/" STR_FMT "')]", STR_ARG(r->id)));
  data_put_word(a, d, "apiVersion", "2023-12-01-preview");
  data_put_word(a, d, "kind", "Scheduled");
  data_put(d, "properties", properties(r));
  return d;
}

Data *deploy_arm_template(Arena *a) {
  Data *d = data_map(a);
  data_put_word(a, d, "$schema", "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#");
  data_put_word(a, d, "contentVersion", "1.0.0.0");
  Data *parameters = data_put(d, "parameters", data_map(a));
  Data *workspace = data_put(parameters, "workspace", data_map(a));
  data_put_word(a, workspace, "type", "String");
  data_put(d, "resources", data_list(a));
  return d;
}
