/* SPDX-License-Identifier: MIT
 * What the deploy formats share. Everything is in the arena of the rule that is written. */
#ifndef SIGMAC_BACKENDS_DEPLOY_INTERNAL_H
#define SIGMAC_BACKENDS_DEPLOY_INTERNAL_H

#include "backends/data.h"
#include "backends/deploy.h"
#include "compiler/attack.h"

/* --- ATT&CK (deploy_threat.c) ------------------------------------------------------------------------------- */

typedef struct {
  Str id, name;
} ThreatEntry;

typedef struct {
  Str id, name; /* the parent's, of a sub-technique; its id where it is not in the table */
  bool tagged;  /* itself; else only sub-techniques of it */
  VEC(ThreatEntry) subs;
} ThreatTechnique;

typedef struct {
  const AttackTactic *tactic;
  VEC(ThreatTechnique) techniques;
} ThreatTactic;

/* Tactics in the order of their tags, each with the tagged techniques that belong to it. A technique of which no tactic is
 * tagged brings its own ones, behind the tagged. */
typedef VEC(ThreatTactic) Threat;

/* `before_19`: as ATT&CK 18 had it, for targets whose tactics are a closed list. What is not in the table, revoked or
 * deprecated is left out with a warning. */
void threat_read(Threat *out, const Rule *rule, bool before_19, Arena *arena, Diags *diags);
/* Privilege Escalation → PrivilegeEscalation, Command and Control → CommandAndControl. */
Str tactic_word(Arena *arena, const AttackTactic *tactic);

/* --- what a rule and its pipelines say (deploy_rule.c) ------------------------------------------------------ */

typedef enum { LEVEL_INFORMATIONAL, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_CRITICAL, LEVEL_COUNT } Level;
typedef struct {
  const char *word;    /* of Sigma */
  const char *elastic; /* severity */
  int risk;            /* risk_score */
  const char *sentinel, *defender;
} LevelInfo;
extern const LevelInfo deploy_level_info[LEVEL_COUNT];

typedef struct {
  const Plan *plan;
  const Rule *rule;
  Str query, id, title;
  Str description; /* the rule's, else its title */
  Level level;
  int64_t risk;
  int64_t frequency, period; /* seconds: how often it runs, over how much time */
  Span frequency_at, period_at;
  int64_t version, max_signals;
  bool enabled;
  Str timestamp_override, license;
  Threat threat;
  Arena *arena;
  Diags *diags;
} DeployRule;

/* In front of a message whose place is in a pipeline. */
#define RULE_FMT    "rule \"%.*s\": "
#define RULE_ARG(r) STR_ARG((r)->title)

/* What a format wants of the times where no attribute says it. */
typedef struct {
  int64_t frequency, lookback; /* seconds; the period is both */
  bool enabled;
  bool before_19; /* of ATT&CK: see threat_read */
} DeployDefaults;

/* False after reporting an attribute that has a value of the wrong form. */
bool deploy_read(DeployRule *out, const DeployDefaults *defaults, const Plan *plan, Str query, Arena *arena, Diags *diags);

/* Seconds as 5m, 2h (`days`: also 1d), or as an ISO 8601 duration: PT5M, PT2H, P1D. */
Str duration_short(Arena *arena, int64_t seconds, bool days);
Str duration_iso(Arena *arena, int64_t seconds);

/* The first `most` UTF-16 units, which is how these systems count, with a warning that names what was cut. */
Str deploy_cut(const DeployRule *r, Str text, size_t most, Span at, const char *what);
size_t utf16_length(Str s);

/* Members that formats have in common. */
Data *deploy_texts(Arena *arena, const TextList *list);
/* Description with false positives and references below it, for formats that have no members for these. */
Str deploy_long_description(const DeployRule *r);

/* --- tables (deploy_table.c) -------------------------------------------------------------------------------- */

typedef struct {
  const char *type;                        /* of the entity: Host */
  const char *identifiers[3], *columns[3]; /* up to three; `Algorithm` has a value instead of a column and is no row */
} EntityInfo;

typedef struct {
  const char *table;
  const char *connector, *data_type; /* of Sentinel; NULL: no connector delivers it alone */
  const char *asset,
    *asset_column;        /* of Defender: kind of impacted asset and its identifier; NULL: no table of custom detections */
  EntityInfo entities[5]; /* those that come first matter most */
} TableInfo;
extern const TableInfo table_info[];
extern const unsigned table_info_count;
/* NULL where it is not known. */
const TableInfo *table_info_find(Str table);

/* --- formats ------------------------------------------------------------------------------------------------ */

/* The document of a rule; NULL after reporting what the format cannot hold. */
typedef Data *DeployMake(DeployRule *r);
#define DEPLOY(id, word, suffix, target, several, make, ...) DeployMake make;
#include "backends/deploy.def"
#undef DEPLOY
/* All but the list of rules, which is the last member and empty. */
Data *deploy_arm_template(Arena *arena);

#endif
