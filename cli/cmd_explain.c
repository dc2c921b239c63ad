/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "cli/commands.h"
#include "cli/events.h"
#include "cli/load.h"
#include "cli/memory.h"
#include "cli/profile.h"
#include "cli/say.h"
#include "cli/target.h"
#include "cli/vars.h"

enum { RULES_LISTED = 10, TOP_RULES = 20 };

typedef struct {
  Args *args;
  Loaded rules;
  VEC(uint32_t) chosen; /* rules to explain */
  sigmac_format format;
  uint64_t wanted; /* index of the event */
  Logsource logsource;
  bool profile;
  uint32_t top; /* rules that the profile tells of */
  bool found;
  sigmac_scanner *scanner;
  EventReader events;
  Buf out;
  int status;
} Explaining;

static void worse(Explaining *x, int status) {
  if (status > x->status) x->status = status;
}

/* --- which rules -------------------------------------------------------------------------------------------- */

static bool is_named(const sigmac_rule *r, const StrList *names) {
  for (uint32_t i = 0; i < names->n; i++)
    if (str_eq_nocase(names->p[i], str_in(r->id)) || str_eq(names->p[i], str_in(r->title))) return true;
  return !names->n;
}

static int too_many(const Explaining *x, uint32_t n_rules) {
  Buf list = {.heap = &cli_heap};
  for (uint32_t i = 0; i < n_rules && i < RULES_LISTED; i++) {
    const sigmac_rule *r = sigmac_rules_get(x->rules.rules, i);
    Str id = str_in(r->id);
    buf_str(&list, STR("  "));
    buf_safe(&list, id.n ? id : STR("(no id)"));
    buf_str(&list, STR("  "));
    buf_safe(&list, str_in(r->title));
    buf_char(&list, '\n');
  }
  if (n_rules > RULES_LISTED) buf_printf(&list, "  and %u more\n", n_rules - RULES_LISTED);
  say("sigmac explain: there are %u rules: choose with --id ID (or a title)", n_rules);
  fwrite(list.p, 1, list.n, stderr);
  say("Try `sigmac explain --help`.");
  buf_free(&list);
  return EXIT_USAGE;
}

/* An event alone says nothing of a correlation, but of the rules that it rests on. */
static bool with_events(const Explaining *x) { return x->profile || x->args->paths.n; }

/* By number: the rules and correlations that are named. */
static bool *find_named(const Explaining *x, const StrList *names) {
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(x->rules.rules);
  bool *named = arena_array(x->args->arena, bool, (size_t)facts->rules + facts->correlations);
  for (uint32_t i = facts->rules + facts->correlations; i-- > 0;) {
    const sigmac_rule *r = sigmac_rules_get(x->rules.rules, i);
    named[i] = named[i] || is_named(r, names);
    for (size_t k = 0; with_events(x) && named[i] && k < r->refers_n; k++) named[r->refers[k]] = true;
  }
  return named;
}

static bool choose(Explaining *x) {
  const sigmac_rules_facts *facts = sigmac_rules_get_facts(x->rules.rules);
  uint32_t n_rules = facts->rules + (with_events(x) ? 0 : facts->correlations);
  const StrList *names = args_values(x->args, "id");
  const bool *named = find_named(x, names);
  for (uint32_t i = 0; i < n_rules; i++)
    if (named[i]) *vec_add(x->args->arena, &x->chosen) = i;
  if (!n_rules) {
    if (!x->rules.no_files) say("sigmac explain: error: no detection rule could be loaded");
    x->status = EXIT_BAD_INPUT;
  } else if (names->n && !x->chosen.n) {
    x->status = usage_error(x->args, "no rule has this id or title: " STR_FMT, STR_ARG(names->p[0]));
  } else if (!names->n && x->chosen.n > 1 && !x->profile) {
    x->status = too_many(x, n_rules);
  } else {
    return true;
  }
  return false;
}

/* --- the event ---------------------------------------------------------------------------------------------- */

static void separate(Explaining *x, uint32_t i) {
  if (i && x->format != SIGMAC_JSON) buf_char(&x->out, '\n');
}

static bool on_event(void *ctx, EventReader *r) {
  Explaining *x = ctx;
  sigmac_error error;
  if (r->index != x->wanted) return true;
  x->found = true;
  if (r->too_large) event_bad(r, "", 0);
  for (uint32_t i = 0; i < x->chosen.n && !r->too_large; i++) {
    separate(x, i);
    if (checked(sigmac_scanner_explain(x->scanner, x->chosen.p[i], str_out(r->text), x->wanted, x->format, write_to_buf, &x->out,
                                       &error)) == SIGMAC_OK)
      continue;
    event_bad(r, error.message, error.offset);
    break;
  }
  return false;
}

static void explain_events(Explaining *x) {
  checked(sigmac_scanner_new(&x->scanner, x->rules.rules, &cli_allocator));
  logsource_options_apply(&x->logsource, x->scanner);
  x->events = (EventReader){.args = x->args, .event = on_event, .ctx = x};
  events_read(&x->events);
  worse(x, x->events.status);
  if (x->found || x->status != EXIT_OK) return;
  fprintf(stderr, "sigmac explain: error: there is no event %llu\n", (unsigned long long)x->wanted);
  worse(x, EXIT_BAD_INPUT);
}

static void explain_rules(Explaining *x) {
  for (uint32_t i = 0; i < x->chosen.n; i++) {
    separate(x, i);
    checked(sigmac_rules_explain(x->rules.rules, x->chosen.p[i], x->format, write_to_buf, &x->out));
  }
}

static void profile(Explaining *x) {
  Profile p = {.args = x->args,
               .logsource = x->logsource,
               .rules = x->chosen.p,
               .n_rules = x->chosen.n,
               .top = x->top,
               .json = x->format == SIGMAC_JSON};
  worse(x, profile_run(&p, x->rules.rules));
}

/* --- options ------------------------------------------------------------------------------------------------ */

static bool read_number(Str s, uint64_t *number) {
  *number = 0;
  for (size_t i = 0; i < s.n; i++)
    if (ascii_digit(s.p[i]) && s.n < 19) *number = *number * 10 + (uint64_t)(s.p[i] - '0');
    else return false;
  return s.n > 0;
}

static bool check_profile(Explaining *x) {
  Args *args = x->args;
  uint64_t top = TOP_RULES;
  x->profile = args_has(args, "profile");
  if (!x->profile && (args_has(args, "top") || args_has(args, "all")))
    return usage_error(args, "--top and --all are for --profile"), false;
  if (x->profile && args_has(args, "event-index")) return usage_error(args, "--profile takes all events: no --event-index"), false;
  if (x->profile && !args->paths.n && isatty(STDIN_FILENO))
    return usage_error(args, "no events: name files, or `-` for standard input"), false;
  if (args_has(args, "top") && !read_number(args_last(args, "top", ""), &top))
    return usage_error(args, "--top takes a number of rules"), false;
  x->top = args_has(args, "all") || top > UINT32_MAX ? UINT32_MAX : (uint32_t)top;
  return logsource_options_read(&x->logsource, args);
}

static bool check_usage(Explaining *x) {
  Args *args = x->args;
  Str format = args_last(args, "format", "text");
  x->status = EXIT_USAGE;
  if (!args_has(args, "rules")) return usage_error(args, "no rule: give -r PATH"), false;
  if (!str_is(format, "text") && !str_is(format, "json")) return usage_error(args, "--format is text or json"), false;
  if (!read_number(args_last(args, "event-index", "0"), &x->wanted))
    return usage_error(args, "--event-index takes a number from 0"), false;
  if (args_has(args, "event-index") && !args->paths.n) return usage_error(args, "--event-index needs events to count"), false;
  if (!check_profile(x)) return false;
  uint32_t std_events = x->profile && !args->paths.n ? 1 : std_inputs(&args->paths);
  if (std_inputs(args_values(args, "rules")) + std_events > 1)
    return usage_error(args, "standard input can be read once: name files for the rules or for the events"), false;
  bool colour = args->colour && (args_has(args, "color") || isatty(STDOUT_FILENO));
  x->format = str_is(format, "json") ? SIGMAC_JSON : colour ? SIGMAC_COLOURED_TEXT : SIGMAC_TEXT;
  x->status = EXIT_OK;
  return true;
}

static int run(Args *args) {
  Explaining x = {.args = args, .out.heap = &cli_heap};
  if (!check_usage(&x)) return x.status;
  load_rules(&x.rules, args, args_values(args, "rules"));
  x.status = x.rules.status;
  if (!x.rules.rules || !choose(&x)) return x.status;
  if (x.profile) profile(&x);
  else if (args->paths.n) explain_events(&x);
  else explain_rules(&x);
  if (x.out.n) fwrite(x.out.p, 1, x.out.n, stdout);
  buf_free(&x.out);
  sigmac_scanner_free(x.scanner);
  events_free(&x.events);
  return x.status;
}

static const Option options[] = {
  {"rules", 'r', "PATH|FILE.sgc", "the rule: a file, a folder, or an image; may be repeated"},
  {"id", 0, "ID", "of several rules the one with this id or title; may be repeated"},
  {"event-index", 0, "N", "of several events number N, counted from 0 as eval counts them (default: 0)"},
  {"format", 0, "FORMAT", "text or json (default: text)"},
  FILTER_OPTION,
  VARS_OPTIONS,
  TARGET_OPTIONS,
  LOGSOURCE_OPTIONS,
  {"profile", 0, NULL, "what each rule costs on these events, the dearest first", "which rules are slow"},
  {"top", 0, "N", "so many of them (default: 20)"},
  {"all", 0, NULL, "all that were offered an event"},
  {NULL, 0, NULL, NULL},
};

const Command command_explain = {
  .name = "explain",
  .summary = "say why a rule matches an event or does not, and what it means",
  .usage = "-r PATH|FILE.sgc [OPTIONS] [EVENT...|-]",
  .options = options,
  .more = "EVENT: a file of events, `-`, or one JSON object as an argument. Without one, the rule is put into words.\n"
          "Of a correlation, an event is explained to the rules that it rests on.\n"
          "With --profile, of any number of rules, events are read as `eval` reads them.\n"
          "docs/explain.md shows how to debug a rule with it. Exit status: 0 explained, 2 usage, 3 a rule was refused or\n"
          "the event is none.",
  .run = run,
};
