/* SPDX-License-Identifier: MIT
 * Kibana detection rules: NDJSON for the import, and TOML as the repository of Elastic's own rules has it. */
#include "backends/deploy_internal.h"

/* --- members of both ---------------------------------------------------------------------------------------- */

static Data *entry(Arena *a, Str id, Str name, const char *folder) {
  Data *d = data_map(a);
  Str path = id;
  size_t dot = str_find(id, STR("."), 0);
  if (dot != SIZE_MAX) path = arena_printf(a, STR_FMT "/" STR_FMT, (int)dot, id.p, STR_ARG(str_from(id, dot + 1)));
  data_put_text(a, d, "id", id);
  data_put_text(a, d, "name", name);
  data_put_text(a, d, "reference", arena_printf(a, "https://attack.mitre.org/%s/" STR_FMT "/", folder, STR_ARG(path)));
  return d;
}

static Data *technique(Arena *a, const ThreatTechnique *t) {
  Data *d = entry(a, t->id, t->name, "techniques");
  if (!t->subs.n) return d;
  Data *subs = data_put(d, "subtechnique", data_list(a));
  for (uint32_t i = 0; i < t->subs.n; i++) data_add(subs, entry(a, t->subs.p[i].id, t->subs.p[i].name, "techniques"));
  return d;
}

static Data *threat(const DeployRule *r) {
  Arena *a = r->arena;
  Data *list = data_list(a);
  for (uint32_t i = 0; i < r->threat.n; i++) {
    const ThreatTactic *t = &r->threat.p[i];
    Data *d = data_add(list, data_map(a));
    data_put_word(a, d, "framework", "MITRE ATT&CK");
    data_put(d, "tactic", entry(a, str_of(t->tactic->id), str_of(t->tactic->name), "tactics"));
    Data *techniques = data_put(d, "technique", data_list(a));
    for (uint32_t k = 0; k < t->techniques.n; k++) data_add(techniques, technique(a, &t->techniques.p[k]));
  }
  return list;
}

static Str trim(Str s) {
  while (s.n && s.p[0] == ' ') s = str_from(s, 1);
  while (s.n && s.p[s.n - 1] == ' ') s.n--;
  return s;
}

/* Several authors are separated by commas (Sigma specification); a comma in brackets is not between two. */
static Data *authors(Arena *a, Str s) {
  Data *list = data_list(a);
  int depth = 0;
  size_t from = 0;
  for (size_t i = 0; i <= s.n; i++) {
    if (i < s.n && (s.p[i] == '(' || s.p[i] == ')')) depth += s.p[i] == '(' ? 1 : depth > 0 ? -1 : 0;
    if (i < s.n && (s.p[i] != ',' || depth)) continue;
    Str one = trim(str_sub(s, from, i));
    if (one.n) data_add_text(a, list, one);
    from = i + 1;
  }
  return list;
}

/* Kibana has no level below low: a tag keeps the difference. */
static Data *tags(const DeployRule *r) {
  Data *list = deploy_texts(r->arena, &r->rule->tags);
  if (r->level == LEVEL_INFORMATIONAL) data_add_text(r->arena, list, STR("level.informational"));
  return list;
}

static bool schedule_fits(const DeployRule *r) {
  if (r->frequency > 0 && r->period > r->frequency) return true;
  diag_error(r->diags, ID_deploy_schedule, r->period_at,
             RULE_FMT "what runs every " STR_FMT " and looks back " STR_FMT " misses events", RULE_ARG(r),
             STR_ARG(duration_short(r->arena, r->frequency, false)), STR_ARG(duration_short(r->arena, r->period, false)));
  diag_hint(r->diags, "`query_period` must be longer than `query_frequency`, by as much as events may be late");
  return false;
}

static Str look_back(const DeployRule *r) {
  return arena_printf(r->arena, "now-" STR_FMT, STR_ARG(duration_short(r->arena, r->period, false)));
}

static void warn_of_index(const DeployRule *r) {
  if (r->plan->index.n) return;
  diag_warning(r->diags, ID_deploy_metadata, r->rule->title.at, "no index patterns: Kibana will search its default indices");
  diag_hint(r->diags, "a pipeline names them: `set_state` with the key `index`");
}

static bool own_time_field(const DeployRule *r) { return r->plan->time_field.n && !str_is(r->plan->time_field, "@timestamp"); }

/* --- NDJSON ------------------------------------------------------------------------------------------------- */

Data *deploy_kibana(DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a);
  if (!schedule_fits(r)) return NULL;
  warn_of_index(r);
  data_put_text(a, d, "rule_id", r->id);
  data_put_text(a, d, "name", r->title);
  data_put_text(a, d, "description", r->description);
  data_put_word(a, d, "type", "eql");
  data_put_word(a, d, "language", "eql");
  if (r->plan->index.n) data_put(d, "index", deploy_texts(a, &r->plan->index));
  data_put_text(a, d, "query", r->query);
  data_put_word(a, d, "severity", deploy_level_info[r->level].elastic);
  data_put(d, "risk_score", data_number(a, r->risk));
  data_put_text(a, d, "from", look_back(r));
  data_put_text(a, d, "interval", duration_short(a, r->frequency, false));
  data_put_word(a, d, "to", "now");
  data_put(d, "enabled", data_bool(a, r->enabled));
  data_put(d, "author", authors(a, r->rule->author.text));
  if (r->license.n) data_put_text(a, d, "license", r->license);
  data_put(d, "references", deploy_texts(a, &r->rule->references));
  data_put(d, "false_positives", deploy_texts(a, &r->rule->falsepositives));
  data_put(d, "tags", tags(r));
  data_put(d, "threat", threat(r));
  data_put(d, "max_signals", data_number(a, r->max_signals));
  if (r->timestamp_override.n) data_put_text(a, d, "timestamp_override", r->timestamp_override);
  if (own_time_field(r)) data_put_text(a, d, "timestamp_field", r->plan->time_field);
  data_put(d, "version", data_number(a, r->version));
  return d;
}

/* --- TOML --------------------------------------------------------------------------------------------------- */

static const char *maturity(Str status) {
  static const char *const words[][2] = {
    {"stable", "production"}, {"test", "beta"}, {"experimental", "experimental"}, {"deprecated", "deprecated"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(status, words[i][0])) return words[i][1];
  return "development";
}

/* 2024-01-31 or 2024/01/31 → 2024/01/31. */
static Str slashed(Arena *a, Str day) { return arena_printf(a, "%.4s/%.2s/%.2s", day.p, day.p + 5, day.p + 8); }

static Data *metadata(const DeployRule *r) {
  Arena *a = r->arena;
  const Rule *rule = r->rule;
  Data *d = data_map(a);
  Str created = rule->date.text.n ? rule->date.text : rule->modified.text;
  Str updated = rule->modified.text.n ? rule->modified.text : rule->date.text;
  const char *word = maturity(rule->status.text);
  if (!created.n) {
    diag_error(r->diags, ID_deploy_metadata, rule->title.at, "the rule has no `date`, and a rule file of Elastic needs one");
    diag_hint(r->diags, "add a line such as `date: 2024-01-31`");
    return NULL;
  }
  data_put_text(a, d, "creation_date", slashed(a, created));
  if (!strcmp(word, "deprecated")) data_put_text(a, d, "deprecation_date", slashed(a, updated));
  data_put_word(a, d, "maturity", word);
  data_put_text(a, d, "updated_date", slashed(a, updated));
  return d;
}

static void put_list(Data *d, const char *key, Data *list) {
  if (list->first) data_put(d, key, list);
}

static Data *rule_table(const DeployRule *r) {
  Arena *a = r->arena;
  Data *d = data_map(a);
  data_put(d, "author", authors(a, r->rule->author.text));
  data_put_text(a, d, "description", r->description);
  put_list(d, "false_positives", deploy_texts(a, &r->rule->falsepositives));
  data_put_text(a, d, "from", look_back(r));
  put_list(d, "index", deploy_texts(a, &r->plan->index));
  data_put_text(a, d, "interval", duration_short(a, r->frequency, false));
  data_put_word(a, d, "language", "eql");
  if (r->license.n) data_put_text(a, d, "license", r->license);
  data_put(d, "max_signals", data_number(a, r->max_signals));
  data_put_text(a, d, "name", r->title);
  put_list(d, "references", deploy_texts(a, &r->rule->references));
  data_put(d, "risk_score", data_number(a, r->risk));
  data_put_text(a, d, "rule_id", r->id);
  data_put_word(a, d, "severity", deploy_level_info[r->level].elastic);
  put_list(d, "tags", tags(r));
  if (own_time_field(r)) data_put_text(a, d, "timestamp_field", r->plan->time_field);
  if (r->timestamp_override.n) data_put_text(a, d, "timestamp_override", r->timestamp_override);
  data_put_word(a, d, "type", "eql");
  data_put(d, "query", data_block(a, r->query));
  put_list(d, "threat", threat(r));
  return d;
}

Data *deploy_elastic(DeployRule *r) {
  Data *d = data_map(r->arena), *about = metadata(r);
  if (!schedule_fits(r) || !about) return NULL;
  warn_of_index(r);
  data_put(d, "metadata", about);
  data_put(d, "rule", rule_table(r));
  return d;
}
