/* SPDX-License-Identifier: MIT
 * Microsoft Defender XDR: custom detections, as the Graph API takes them (security/rules/detectionRules): as its beta had
 * them until October 2026, and as version 1.0 has them. */
#include "backends/deploy_internal.h"

enum { HOUR = 3600 };

/* How often it may run; 0 is continuously. The time that a run looks at is the service's choice. */
static bool schedule_fits(const DeployRule *r) {
  static const int hours[] = {0, 1, 3, 12, 24};
  for (size_t i = 0; i < sizeof hours / sizeof *hours; i++)
    if (r->frequency == (int64_t)hours[i] * HOUR) return true;
  diag_error(r->diags, ID_deploy_schedule, r->frequency_at,
             RULE_FMT "a custom detection runs continuously or every 1, 3, 12 or 24 hours, not every " STR_FMT, RULE_ARG(r),
             STR_ARG(duration_short(r->arena, r->frequency, false)));
  diag_hint(r->diags, "set the custom attribute `query_frequency` to 0, 1h, 3h, 12h or 24h");
  return false;
}

/* A result must have Timestamp, ReportId and a column that names what is concerned: all tables have the first two that are
 * known to have the last. */
static bool tables_fit(const DeployRule *r) {
  for (uint32_t i = 0; i < r->plan->n_branches; i++) {
    Str table = r->plan->branches[i].table;
    const TableInfo *t = table_info_find(table);
    if (t && t->asset) continue;
    if (table.n)
      diag_error(r->diags, ID_deploy_table, r->rule->title.at,
                 "the table " STR_FMT " is none of custom detections, which need Timestamp, DeviceId and ReportId", STR_ARG(table));
    else diag_error(r->diags, ID_deploy_table, r->rule->title.at, "the query names no table, so Defender cannot run it");
    diag_hint(r->diags, "-p defender-xdr translates for the tables of Defender");
    return false;
  }
  return true;
}

/* One table, no union: what the service can look at while events arrive. */
static bool continuous_fits(const DeployRule *r) {
  if (r->frequency || r->plan->n_branches == 1) return true;
  diag_error(r->diags, ID_deploy_schedule, r->frequency_at, RULE_FMT "a query over several tables cannot run continuously",
             RULE_ARG(r));
  diag_hint(r->diags, "set the custom attribute `query_frequency` to 1h");
  return false;
}

/* How far back a run looks is the service's choice: four times as far as it is apart from the one before, 30 days where it runs once a
 * day. Continuous runs see each event alone. */
static bool window_fits(const DeployRule *r) {
  int64_t days = 30 * 24 * (int64_t)HOUR, seen = r->frequency == 24 * HOUR ? days : 4 * r->frequency;
  if (!r->plan->timespan || (r->frequency && (int64_t)r->plan->timespan <= seen - r->frequency)) return true;
  diag_error(r->diags, ID_deploy_schedule, r->frequency_at,
             RULE_FMT "a custom detection that runs every " STR_FMT " does not see all windows of " STR_FMT, RULE_ARG(r),
             STR_ARG(duration_short(r->arena, r->frequency, false)),
             STR_ARG(duration_short(r->arena, (int64_t)r->plan->timespan, true)));
  diag_hint(r->diags, "set the custom attribute `query_frequency` to 3h, 12h or 24h");
  return false;
}

static bool rows_fit(const DeployRule *r) {
  if (!r->plan->groups) return true;
  diag_error(r->diags, ID_deploy_table, r->rule->title.at,
             "the rows of the query are groups of events, and a custom detection needs Timestamp, DeviceId and ReportId of one");
  diag_hint(r->diags, "an event_count with `gte` gives events; or run the query in Sentinel");
  return false;
}

static bool fits(const DeployRule *r) {
  bool ok = tables_fit(r);
  return rows_fit(r) && schedule_fits(r) && continuous_fits(r) && window_fits(r) && ok;
}

/* --- beta --------------------------------------------------------------------------------------------------- */

/* A closed list; the tactics that it lacks, and no tactic, are suspicious activity. */
static const char *category(const DeployRule *r) {
  static const char *const known[][2] = {
    {"TA0001", "InitialAccess"},       {"TA0002", "Execution"},         {"TA0003", "Persistence"},
    {"TA0004", "PrivilegeEscalation"}, {"TA0005", "DefenseEvasion"},    {"TA0006", "CredentialAccess"},
    {"TA0007", "Discovery"},           {"TA0008", "LateralMovement"},   {"TA0009", "Collection"},
    {"TA0010", "Exfiltration"},        {"TA0011", "CommandAndControl"}, {"TA0040", "Impact"}};
  for (uint32_t t = 0; t < r->threat.n; t++)
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
      if (!strcmp(r->threat.p[t].tactic->id, known[i][0])) return known[i][1];
  return "SuspiciousActivity";
}

static Data *techniques(const DeployRule *r) {
  Data *list = data_list(r->arena);
  for (uint32_t i = 0; i < r->threat.n; i++) {
    const ThreatTactic *t = &r->threat.p[i];
    for (uint32_t k = 0; k < t->techniques.n; k++) {
      if (t->techniques.p[k].tagged) data_add_once(r->arena, list, t->techniques.p[k].id);
      for (uint32_t s = 0; s < t->techniques.p[k].subs.n; s++) data_add_once(r->arena, list, t->techniques.p[k].subs.p[s].id);
    }
  }
  return list;
}

static Data *assets(const DeployRule *r) {
  Arena *a = r->arena;
  Data *list = data_list(a);
  for (uint32_t i = 0; i < r->plan->n_branches; i++) {
    const TableInfo *t = table_info_find(r->plan->branches[i].table);
    bool known = false;
    for (const Data *d = list->first; d; d = d->next) known = known || str_is(d->last->text, t->asset_column);
    if (known) continue;
    Data *d = data_add(list, data_map(a));
    data_put_text(a, d, "@odata.type", arena_printf(a, "#microsoft.graph.security.impacted%sAsset", t->asset));
    data_put_word(a, d, "identifier", t->asset_column);
  }
  return list;
}

static Data *alert(const DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a);
  data_put_text(a, d, "title", r->title);
  data_put_text(a, d, "description", deploy_long_description(r));
  data_put_word(a, d, "severity", deploy_level_info[r->level].defender);
  data_put_word(a, d, "category", category(r));
  data_put(d, "mitreTechniques", techniques(r));
  data_put(d, "impactedAssets", assets(r));
  return d;
}

Data *deploy_defender(DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a);
  if (!fits(r)) return NULL;
  Str period = r->frequency ? arena_printf(a, "%dH", (int)(r->frequency / HOUR)) : STR("0");
  data_put_text(a, d, "displayName", r->title);
  data_put(d, "isEnabled", data_bool(a, r->enabled));
  data_put_text(a, data_put(d, "queryCondition", data_map(a)), "queryText", r->query);
  data_put_text(a, data_put(d, "schedule", data_map(a)), "period", period);
  Data *action = data_put(d, "detectionAction", data_map(a));
  data_put(action, "alertTemplate", alert(r));
  data_put(action, "responseActions", data_list(a));
  return d;
}

/* --- version 1.0 -------------------------------------------------------------------------------------------- */

/* Where version 1.0 has an entity, and what it calls the columns of it. Processes are told by hashes alone there. */
static const struct {
  const char *type, *list, *columns[2];
} entity_lists[] = {
  {"Host", "hosts", {"nameColumn"}},
  {"Account", "accounts", {"nameColumn", "ntDomainColumn"}},
  {"IP", "ips", {"addressColumn"}},
  {"URL", "urls", {"addressColumn"}},
};
enum {
  ENTITY_LISTS = sizeof entity_lists / sizeof *entity_lists,
  EACH = sizeof table_info->entities / sizeof *table_info->entities
};

static bool has_column(const Data *list, const char *column) {
  for (const Data *d = list->first; d; d = d->next)
    if (str_is(d->first->text, column)) return true;
  return false;
}

static void add_entity(const DeployRule *r, Data *list, const EntityInfo *e, size_t kind) {
  if (has_column(list, e->columns[0])) return;
  Data *d = data_add(list, data_map(r->arena));
  for (size_t c = 0; c < 2 && entity_lists[kind].columns[c] && e->columns[c]; c++)
    data_put_word(r->arena, d, entity_lists[kind].columns[c], e->columns[c]);
  if (kind == 0) data_put_word(r->arena, d, "deviceIdColumn", "DeviceId");
}

static Data *entity_mappings(const DeployRule *r) {
  Data *d = data_map(r->arena);
  for (size_t kind = 0; kind < ENTITY_LISTS; kind++) {
    Data *list = data_list(r->arena);
    for (uint32_t b = 0; b < r->plan->n_branches; b++) {
      const TableInfo *t = table_info_find(r->plan->branches[b].table);
      for (size_t i = 0; i < EACH && t->entities[i].type; i++)
        if (!strcmp(t->entities[i].type, entity_lists[kind].type)) add_entity(r, list, &t->entities[i], kind);
    }
    if (list->first) data_put(d, entity_lists[kind].list, list);
  }
  return d;
}

static Data *tactics(const DeployRule *r) {
  Arena *a = r->arena;
  Data *list = data_list(a);
  for (uint32_t i = 0; i < r->threat.n; i++) {
    const ThreatTactic *t = &r->threat.p[i];
    Data *d = data_add(list, data_map(a));
    data_put_text(a, d, "tactic", tactic_word(a, t->tactic));
    Data *of = data_put(d, "techniques", data_list(a));
    for (uint32_t k = 0; k < t->techniques.n; k++) {
      Data *technique = data_add(of, data_map(a));
      data_put_text(a, technique, "technique", t->techniques.p[k].id);
      Data *subs = data_put(technique, "subTechniques", data_list(a));
      for (uint32_t s = 0; s < t->techniques.p[k].subs.n; s++) data_add_text(a, subs, t->techniques.p[k].subs.p[s].id);
    }
  }
  return list;
}

/* The id is the client's here, so that a rule can be replaced. */
Data *deploy_defender_v1(DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a);
  if (!fits(r)) return NULL;
  data_put_text(a, d, "id", r->id);
  data_put_text(a, d, "displayName", r->title);
  data_put_text(a, d, "description", r->description);
  data_put_word(a, d, "status", r->enabled ? "enabled" : "disabled");
  data_put_text(a, data_put(d, "queryCondition", data_map(a)), "queryText", r->query);
  data_put_text(a, data_put(d, "schedule", data_map(a)), "frequency", r->frequency ? duration_iso(a, r->frequency) : STR("PT0S"));
  Data *shown = data_put(data_put(d, "detectionAction", data_map(a)), "alertTemplate", data_map(a));
  data_put_text(a, shown, "title", r->title);
  data_put_text(a, shown, "description", deploy_long_description(r));
  data_put_word(a, shown, "severity", deploy_level_info[r->level].defender);
  data_put(shown, "entityMappings", entity_mappings(r));
  data_put(shown, "tactics", tactics(r));
  return d;
}
