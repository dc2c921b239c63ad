/* SPDX-License-Identifier: MIT */
#include "cli/habits.h"

#include "cli/say.h"

typedef struct {
  const char *option;
  bool harmless; /* what it asks for is so anyway */
  const char *answer;
} Habit;

static const Habit habits[] = {
  {"skip-unsupported", true,
   "always so: a rule that cannot be translated is reported, the others are emitted, and the status is 1"},
  {"fail-unsupported", true, "the status is 1 when a rule is refused; the others are emitted all the same"},
  {"without-pipeline", true, "no pipeline is needed: without -p, fields keep the names of the rule"},
  {"pipeline-check", true, "always so: a pipeline for another target is an error"},
  {"disable-pipeline-check", false, "a pipeline says for which target it is, and cannot be used for another one"},
  {"verbose", true, "every error and warning is reported anyway"},
  {"correlation-method", true, "a correlation is translated in the one way that is exact, or refused"},
  {"file-pattern", false,
   "all *.yml and *.yaml of a folder are read; name the files, as in `find DIR -name PATTERN -exec sigmac convert -t TARGET {} +`"},
  {"output-dir", false, "write -o DIR/"},
  {"output-filename-template", false, "with -o DIR/ a query has the name of its rule file, in folders as the rules have them"},
  {"encoding", false, "everything is UTF-8"},
  {"json-indent", false, "JSON is a line for each rule; `jq .` lays it out"},
  {"backend-option", false, "a target has no options: --pretty, --types, --assume and --absent are for all"},
  {"enable-template-vars", false, "a pipeline never runs anything; give values with --var"},
  {"template-vars-path", false, "a pipeline never runs anything; give values with --var"},
};
enum { HABITS = sizeof habits / sizeof *habits };

bool habits_check(const Args *args) {
  for (int i = 0; i < HABITS; i++) {
    const Habit *h = &habits[i];
    if (!args_has(args, h->option)) continue;
    if (!h->harmless) return usage_error(args, "--%s: %s", h->option, h->answer), false;
    if (!args->quiet) say("note: --%s: %s", h->option, h->answer);
  }
  if (!str_is(args_last(args, "output", ""), "d") && !str_is(args_last(args, "output", ""), "t")) return true;
  return usage_error(
           args, "`-o" STR_FMT "` is read as the file `" STR_FMT "`: a folder is -o DIR/, a file of this name -o ./" STR_FMT,
           STR_ARG(args_last(args, "output", "")), STR_ARG(args_last(args, "output", "")), STR_ARG(args_last(args, "output", ""))),
         false;
}

typedef struct {
  const char *theirs, *ours;
} Pair;

static const char *find(const Pair *pairs, Str name) {
  for (; pairs->theirs; pairs++)
    if (str_eq_nocase(name, str_of(pairs->theirs))) return pairs->ours;
  return NULL;
}

const char *habit_target(Str name) {
  static const Pair pairs[] = {
    {"kusto", "kql"},         {"elasticsearch", "eql"},
    {"elastic", "eql"},       {"lucene", "eql"},
    {"esql", "eql"},          {"elastalert", "eql"},
    {"sentinel", "kql"},      {"microsoft365defender", "kql"},
    {"microsoft_xdr", "kql"}, {"mdatp", "kql"},
    {"ala", "kql"},           {"es-eql", "eql"},
    {"defender", "kql"},      {NULL, NULL},
  };
  return find(pairs, name);
}

const char *habit_format(Str name) {
  static const Pair pairs[] = {
    {"default", "text"},
    {"siem_rule_ndjson", "kibana-ndjson"},
    {"siem_rule", "kibana-ndjson"},
    {"eqlapi", "ndjson"},
    {"toml", "elastic-toml"},
    {"sentinel", "sentinel-yaml"},
    {"arm", "sentinel-arm"},
    {"kibana", "kibana-ndjson"},
    {"defender", "defender-v1-json"},
    {"json", "ndjson"},
    {"dsl_lucene", "ndjson"},
    {NULL, NULL},
  };
  return find(pairs, name);
}

const char *habit_pipeline(Str name) {
  /* Where only the spelling differs (ecs_windows), the library says what is near. */
  static const Pair pairs[] = {
    {"ecs_windows_old", "ecs-windows"},
    {"ecs_zeek_beats", "ecs-cloud"},
    {"ecs_kubernetes", "ecs-cloud"},
    {"microsoft_xdr", "defender-xdr"},
    {"microsoft_365_defender", "defender-xdr"},
    {"azure_monitor", "sentinel-securityevent"},
    {NULL, NULL},
  };
  return find(pairs, name);
}
