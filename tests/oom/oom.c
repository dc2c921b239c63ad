/* SPDX-License-Identifier: MIT
 * Exhausted memory, by include/sigmac.h alone: oom FOLDER..., each with rule.yml, and events.ndjson and args as golden cases
 * have them, rule.vars.yml, pipeline.yml and types.yml. The rules are compiled, loaded, evaluate the events as text and as cJSON, and are explained, again and again: allocation number
 * 0, 1, 2 ... fails, until none is left to fail; once it alone, once all behind it too. Each time either SIGMAC_NO_MEMORY
 * must come, or the same results as ever; nothing may be left over; and what goes on after it must give the same results.
 * First the allocator of the library fails, then (without sanitizers) malloc, from which libyaml and PCRE2 take theirs. */
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sigmac.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CAN_FAIL_MALLOC = 0 };
static void failing_malloc_arm(long n, bool onwards) { (void)n, (void)onwards; }
static long failing_malloc_failures(void) { return 0; }
static long failing_malloc_live(void) { return 0; }
#else
#include "tests/oom/failing_malloc.h"
enum { CAN_FAIL_MALLOC = 1 };
#endif

/* --- the allocator of the library ----------------------------------------------------------------------------- */

typedef struct {
  long countdown, failures, live;
  bool onwards;
} Failing;

static bool fails(Failing *f) {
  if (f->countdown < 0 || f->countdown-- > 0) return false;
  if (f->onwards) f->countdown = 0;
  f->failures++;
  return true;
}

static void *take(void *ctx, size_t n) {
  Failing *f = ctx;
  void *p = fails(f) ? NULL : malloc(n);
  f->live += p != NULL;
  return p;
}

static void *resize(void *ctx, void *p, size_t n) {
  Failing *f = ctx;
  if (fails(f)) return NULL;
  void *q = realloc(p, n);
  f->live += !p && q;
  return q;
}

static void give_back(void *ctx, void *p) {
  Failing *f = ctx;
  f->live -= p != NULL;
  free(p);
}

/* --- one case -------------------------------------------------------------------------------------------------- */

enum { MOST_EVENTS = 6, MOST_VARS = 8, MOST_LOG = 1 << 16 };

typedef struct {
  const char *name;
  char *rule, *events, *args, *defaults; /* defaults: values of placeholders, may be empty ... */
  char *pipeline, *types;                /* ... as may these */
  char pipeline_path[4096];
  sigmac_str event[MOST_EVENTS];
  cJSON *tree[MOST_EVENTS];
  int n_events;
  const char *var[MOST_VARS];
  int n_vars;
} Case;

/* What a run found, as text, to be compared. */
typedef struct {
  char text[MOST_LOG];
  size_t n;
  bool no_memory; /* came at least once */
  bool must_end;  /* it came to a callback: the call must end with it */
  sigmac_scanner *scanner;
  sigmac_time time;    /* of the event that matched last ... */
  char facts[1 << 12]; /* ... and the facts of its matches */
  size_t n_facts;
  void (*disarm)(void);
} Log;

static Log expected, got;
static Failing failing;
static sigmac_allocator allocator = {take, resize, give_back, &failing};
static unsigned faults;

static void disarm(void) {
  failing.countdown = -1;
  failing_malloc_arm(-1, false);
}

static void note(Log *l, const char *text, size_t n) {
  if (l->n + n > sizeof l->text) n = sizeof l->text - l->n;
  if (n) memcpy(l->text + l->n, text, n);
  l->n += n;
}

static void on_diagnostic(void *log, const sigmac_diagnostic *d) { note(log, d->text.p, d->text.n); }

/* Facts are asked for until memory is missing: then the scan must end with it. */
static bool on_match(void *ctx, const sigmac_match *m) {
  Log *l = ctx;
  sigmac_str json = {NULL, 0}, facts = {NULL, 0};
  sigmac_time time = {0, 0};
  bool has;
  note(l, m->rule->title.p, m->rule->title.n);
  if (sigmac_scanner_event_time(l->scanner, &has, &time) == SIGMAC_NO_MEMORY ||
      sigmac_scanner_matched(l->scanner, &json) == SIGMAC_NO_MEMORY || sigmac_scanner_facts(l->scanner, &facts) == SIGMAC_NO_MEMORY)
    l->must_end = true;
  l->time = time;
  if (facts.n && facts.n <= sizeof l->facts - l->n_facts) {
    memcpy(l->facts + l->n_facts, facts.p, facts.n);
    l->n_facts += facts.n;
  }
  note(l, json.p, json.n);
  note(l, time.seconds ? "+\n" : "-\n", 2);
  return true;
}

static bool on_piece(void *log, sigmac_str piece) {
  note(log, piece.p, piece.n);
  return true;
}

/* Whether a call went well; remembers that memory was exhausted. */
static bool well(Log *l, sigmac_status s) {
  if (s == SIGMAC_NO_MEMORY) l->no_memory = true;
  return s == SIGMAC_OK;
}

static sigmac_status evaluate(sigmac_scanner *s, const Case *c, int i, Log *l) {
  sigmac_error error;
  l->scanner = s;
  l->must_end = false;
  sigmac_status status = c->tree[i / 2] && i % 2 ? sigmac_scan_cjson(s, c->tree[i / 2], on_match, l, &error)
                                                 : sigmac_scan_json(s, c->event[i / 2], on_match, l, &error);
  if (l->must_end && status != SIGMAC_NO_MEMORY) faults++;
  return status;
}

static void on_alert(void *log, const sigmac_alert *a) {
  note(log, a->rule->title.p, a->rule->title.n);
  for (size_t i = 0; i < a->group.n; i++) note(log, a->group.p[i].p, a->group.p[i].n);
  note(log, a->value.p, a->value.n);
  for (size_t i = 0; i < a->events_n; i++) note(log, a->events[i].text.p, a->events[i].text.n);
}

/* Once memory was missing, a correlator is only freed. */
static bool goes_on(sigmac_correlator *c, sigmac_status status, Log *l) {
  sigmac_str none = {NULL, 0};
  if (status == SIGMAC_NO_MEMORY &&
      (sigmac_correlator_event(c, 0, NULL, none, none, on_alert, l) != SIGMAC_NO_MEMORY ||
       sigmac_correlator_save(c, on_piece, l) != SIGMAC_NO_MEMORY || !sigmac_correlator_get_counts(c)))
    faults++;
  return well(l, status);
}

static bool new_correlator(sigmac_correlator **out, const sigmac_rules *rules, const sigmac_allocator *a, Log *l) {
  if (!well(l, sigmac_correlator_new(out, rules, a))) return false;
  sigmac_correlator_set_keep(*out, SIGMAC_KEEP_FULL);
  return true;
}

static bool correlate(sigmac_correlator *correlator, sigmac_scanner *s, const Case *c, int i, Log *l) {
  l->n_facts = 0;
  l->time.seconds = 0;
  if (!well(l, evaluate(s, c, i, l)) && l->no_memory) return false;
  sigmac_str facts = {l->facts, l->n_facts};
  return goes_on(
    correlator,
    sigmac_correlator_event(correlator, (uint64_t)i, l->time.seconds ? &l->time : NULL, facts, c->event[i / 2], on_alert, l), l);
}

/* The state goes to another correlator. */
static bool hand_over(sigmac_correlator **correlator, const sigmac_rules *rules, const sigmac_allocator *a, Log *l) {
  static Log state;
  sigmac_correlator *next = NULL;
  state.n = 0;
  if (!goes_on(*correlator, sigmac_correlator_save(*correlator, on_piece, &state), l) || !new_correlator(&next, rules, a, l))
    return false;
  sigmac_correlator_free(*correlator);
  *correlator = next;
  return goes_on(next, sigmac_correlator_load(next, (sigmac_str){state.text, state.n}, NULL, NULL), l);
}

/* The matches over time. */
static void correlate_all(sigmac_scanner *s, const sigmac_rules *rules, const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_correlator *correlator = NULL;
  bool good = new_correlator(&correlator, rules, a, l);
  for (int i = 0; i < 2 * c->n_events && good; i++) {
    if (i == c->n_events) good = hand_over(&correlator, rules, a, l);
    good = good && correlate(correlator, s, c, i, l);
  }
  sigmac_correlator_free(correlator);
}

/* Why each event matches or does not. */
static void explain_all(sigmac_scanner *s, const sigmac_rules *rules, const Case *c, Log *l) {
  for (uint32_t rule = 0; rule < sigmac_rules_get_facts(rules)->rules; rule++) {
    if (!well(l, sigmac_rules_explain(rules, rule, SIGMAC_TEXT, on_piece, l))) disarm();
    for (int i = 0; i < c->n_events; i++) {
      sigmac_format format = i % 2 ? SIGMAC_JSON : SIGMAC_TEXT;
      size_t before = l->n;
      if (sigmac_scanner_explain(s, rule, c->event[i], 0, format, on_piece, l, NULL) != SIGMAC_NO_MEMORY) continue;
      l->no_memory = true;
      l->n = before;
      disarm();
      sigmac_scanner_explain(s, rule, c->event[i], 0, format, on_piece, l, NULL);
    }
  }
}

/* Once memory was missing, a report is only freed. */
static void report_fields(const sigmac_rules *rules, const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_fields *f = NULL;
  bool had = true;
  if (!well(l, sigmac_fields_new(&f, rules, a))) return;
  for (int i = 0; i < c->n_events && had; i++) had = sigmac_fields_add(f, c->event[i], NULL) != SIGMAC_NO_MEMORY;
  if (had) had = sigmac_fields_write(f, SIGMAC_TEXT, true, on_piece, l) == SIGMAC_OK;
  if (!had) l->no_memory = true;
  if (!had && sigmac_fields_write(f, SIGMAC_TEXT, true, on_piece, l) != SIGMAC_NO_MEMORY) faults++;
  sigmac_fields_free(f);
}

/* Events that are evaluated again count again: what is compared is that each rule is there. */
static bool on_rule_cost(void *ctx, const sigmac_rule_cost *cost) {
  note(ctx, cost->rule->title.p, cost->rule->title.n);
  return true;
}

/* After SIGMAC_NO_MEMORY the scanner must do as if nothing had been, at once. */
static void evaluate_all(sigmac_scanner *s, const Case *c, Log *l) {
  sigmac_str label = {"windows", 7}, none = {NULL, 0};
  if (sigmac_scanner_set_logsource(s, none, label, none) == SIGMAC_NO_MEMORY) {
    l->no_memory = true;
    disarm();
  }
  if (sigmac_scanner_set_profile(s, true) == SIGMAC_NO_MEMORY) {
    l->no_memory = true;
    disarm();
    sigmac_scanner_set_profile(s, true);
  }
  well(l, sigmac_scanner_find_logsources(s));
  well(l, sigmac_scanner_add_time_field(s, (sigmac_str){"@timestamp", 10}));
  for (int i = 0; i < 2 * c->n_events; i++) {
    size_t before = l->n;
    if (evaluate(s, c, i, l) != SIGMAC_NO_MEMORY) continue;
    l->no_memory = true;
    l->n = before;
    disarm();
    evaluate(s, c, i, l);
  }
  well(l, sigmac_scanner_rule_costs(s, on_rule_cost, l));
}

static void load_and_evaluate(const Case *c, sigmac_str image, const sigmac_allocator *a, Log *l) {
  sigmac_rules *rules = NULL;
  sigmac_scanner *scanner = NULL;
  if (!well(l, sigmac_rules_load(&rules, image, a, NULL))) return;
  well(l, sigmac_rules_disassemble(rules, SIGMAC_ALL_RULES, SIGMAC_PLAIN, on_piece, l));
  if (well(l, sigmac_scanner_new(&scanner, rules, a))) {
    evaluate_all(scanner, c, l);
    correlate_all(scanner, rules, c, a, l);
    explain_all(scanner, rules, c, l);
  }
  report_fields(rules, c, a, l);
  sigmac_scanner_free(scanner);
  sigmac_rules_free(rules);
}

static const char filter[] =
  "title: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {Image|windash: -a}, condition: not s}\n";
static const sigmac_str filter_text = {filter, sizeof filter - 1};

static const char sample[] = "{\"Image\": \"C:\\\\A.exe\", \"n\": {\"m\": [1, 2.50, \"long enough to be cut\"]}}";

static void run(const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_compiler *compiler = NULL;
  sigmac_str image, path = {c->name, strlen(c->name)}, text = {c->rule, strlen(c->rule)};
  l->n = 0;
  l->no_memory = false;
  if (!well(l, sigmac_compiler_new(&compiler, a))) return;
  sigmac_compiler_on_diagnostic(compiler, on_diagnostic, l);
  bool good = true;
  for (int i = 0; i < c->n_vars && good; i++) {
    const char *eq = strchr(c->var[i], '=');
    sigmac_str name = {c->var[i], eq ? (size_t)(eq - c->var[i]) : strlen(c->var[i])};
    good = well(l, eq ? sigmac_compiler_add_var(compiler, name, (sigmac_str){eq + 1, strlen(eq + 1)})
                      : sigmac_compiler_clear_var(compiler, name));
  }
  sigmac_str defaults = {c->defaults, strlen(c->defaults)}, pipeline = {c->pipeline, strlen(c->pipeline)};
  sigmac_str types = {c->types, strlen(c->types)};
  if (good && pipeline.n) good = well(l, sigmac_compiler_add_pipeline_text(compiler, path, pipeline));
  if (good && types.n) good = well(l, sigmac_compiler_add_types_text(compiler, path, types));
  if (good && defaults.n) good = well(l, sigmac_compiler_add_vars_text(compiler, path, defaults));
  good = good && well(l, sigmac_compiler_add_text(compiler, path, text)) &&
         well(l, sigmac_compiler_add_filter_text(compiler, path, filter_text));
  if (good && types.n) good = well(l, sigmac_compiler_tune(compiler, (sigmac_str){sample, strlen(sample)}, NULL));
  good = good && well(l, sigmac_compiler_finish(compiler, &image));
  if (good) load_and_evaluate(c, image, a, l);
  else if (l->no_memory && sigmac_compiler_finish(compiler, &image) == SIGMAC_OK) faults++;
  sigmac_compiler_free(compiler);
}

/* The same folder, walked and read by the library. */
static void run_path(const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_compiler *compiler = NULL;
  sigmac_str image;
  l->n = 0;
  l->no_memory = false;
  if (well(l, sigmac_list((sigmac_str){"modifiers", 9}, SIGMAC_JSON, a, on_piece, l)) &&
      well(l, sigmac_compiler_new(&compiler, a))) {
    sigmac_compiler_on_diagnostic(compiler, on_diagnostic, l);
    if ((!*c->pipeline || well(l, sigmac_compiler_add_pipeline(compiler, c->pipeline_path))) &&
        well(l, sigmac_compiler_add_path(compiler, c->name)) && well(l, sigmac_compiler_add_filter_path(compiler, c->name)) &&
        well(l, sigmac_compiler_finish(compiler, &image)))
      load_and_evaluate(c, image, a, l);
  }
  sigmac_compiler_free(compiler);
}

static const char pipeline[] = "name: p\nvars: {sigmac: {target: kql}}\ntransformations:\n"
                               "  - {id: m, type: field_name_mapping, mapping: {F: [G, H]}}\n"
                               "finalizers: [{type: concat, separator: ' or '}]\n";

/* What pipelines do to it. */
static void run_show(const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_compiler *compiler = NULL;
  sigmac_str path = {c->name, strlen(c->name)}, text = {c->rule, strlen(c->rule)};
  l->n = 0;
  l->no_memory = false;
  if (!well(l, sigmac_compiler_new(&compiler, a))) return;
  sigmac_compiler_on_diagnostic(compiler, on_diagnostic, l);
  if (well(l, sigmac_compiler_add_text(compiler, path, text)) &&
      well(l, sigmac_compiler_add_pipeline_text(compiler, (sigmac_str){"p.yml", 5}, (sigmac_str){pipeline, strlen(pipeline)})))
    well(l, sigmac_compiler_show_pipelines(compiler, SIGMAC_TEXT, on_piece, l));
  sigmac_compiler_free(compiler);
}

static bool on_translation(void *log, const sigmac_translation *t) {
  note(log, t->query.p, t->query.n);
  for (uint32_t i = 0; i < t->diagnostics_n; i++) note(log, t->diagnostics[i]->text.p, t->diagnostics[i]->text.n);
  return true;
}

/* The same rule as a query. */
static void run_translate(const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_compiler *compiler = NULL;
  sigmac_str path = {c->name, strlen(c->name)}, text = {c->rule, strlen(c->rule)};
  l->n = 0;
  l->no_memory = false;
  if (!well(l, sigmac_compiler_new(&compiler, a))) return;
  sigmac_compiler_on_diagnostic(compiler, on_diagnostic, l);
  bool good = well(l, sigmac_compiler_set_target(compiler, (sigmac_str){"eql", 3})) &&
              well(l, sigmac_compiler_set_pretty(compiler, true)) &&
              well(l, sigmac_compiler_assume(compiler, (sigmac_str){"ascii-fold", 10})) &&
              well(l, sigmac_compiler_add_text(compiler, path, text)) &&
              well(l, sigmac_compiler_add_filter_text(compiler, path, filter_text)) &&
              well(l, sigmac_compiler_translate(compiler, on_translation, l));
  if (!good && l->no_memory && sigmac_compiler_translate(compiler, on_translation, l) != SIGMAC_NO_MEMORY &&
      sigmac_compiler_get_summary(compiler)->files)
    faults++;
  sigmac_compiler_free(compiler);
}

/* The same rule, twice in one set, linted with every check on. */
static void run_lint(const Case *c, const sigmac_allocator *a, Log *l) {
  sigmac_linter *linter = NULL;
  sigmac_str path = {c->name, strlen(c->name)}, text = {c->rule, strlen(c->rule)};
  l->n = 0;
  l->no_memory = false;
  if (!well(l, sigmac_linter_new(&linter, a))) return;
  sigmac_linter_set_profile(linter, (sigmac_str){"all", 3});
  sigmac_linter_set_today(linter, (sigmac_str){"2026-02-01", 10});
  static const char tables[] = "tag-namespaces: [attack, own]\nd3fend: [D3-AA]\n"
                               "filename-prefixes: [{product: b, prefix: b_}, {product: a, prefix: a_}]\n"
                               "attack: {tactics: [execution], techniques: {T1059: [execution]}, revoked: {T1086: T1059}}\n"
                               "logsources: [{product: windows, fields: [B, A]}, {product: linux}]\n";
  sigmac_str data = {tables, sizeof tables - 1};
  bool good = well(l, sigmac_linter_add_data(linter, path, data, on_diagnostic, l)) &&
              well(l, sigmac_linter_add_path(linter, c->name)) && well(l, sigmac_linter_add_text(linter, path, text)) &&
              well(l, sigmac_linter_add_filter_text(linter, path, filter_text)) &&
              well(l, sigmac_linter_add_filter_path(linter, c->name)) && well(l, sigmac_linter_run(linter, on_diagnostic, l, NULL));
  if (!good && l->no_memory && sigmac_linter_run(linter, on_diagnostic, l, NULL) == SIGMAC_OK) faults++;
  sigmac_linter_free(linter);
}

static void on_fixed(void *log, const sigmac_fixed_file *f) {
  note(log, f->after.p, f->after.n);
  for (uint32_t i = 0; i < f->applied_n; i++) note(log, f->applied[i].id, strlen(f->applied[i].id));
}

/* The same rule with lines to be mended, over several rounds. */
static void run_fix(const Case *c, const sigmac_allocator *a, Log *l) {
  static char text[1 << 16];
  sigmac_linter *linter = NULL;
  sigmac_str path = {c->name, strlen(c->name)};
  l->n = 0;
  l->no_memory = false;
  snprintf(text, sizeof text, "---\r\nauthor:  yes  #x\n\n\n\n\n%s", c->rule);
  if (!well(l, sigmac_linter_new(&linter, a))) return;
  sigmac_linter_set_profile(linter, (sigmac_str){"all", 3});
  bool good = well(l, sigmac_linter_add_text(linter, path, (sigmac_str){text, strlen(text)})) &&
              well(l, sigmac_linter_fix(linter, true, on_fixed, l)) && well(l, sigmac_linter_run(linter, on_diagnostic, l, NULL));
  if (!good && l->no_memory && sigmac_linter_run(linter, on_diagnostic, l, NULL) == SIGMAC_OK) faults++;
  sigmac_linter_free(linter);
}

/* The same with settings from files: a configuration, a baseline, changed files; and a comment that silences a check. */
static void run_lint_settings(const Case *c, const sigmac_allocator *a, Log *l) {
  static const char config[] =
    "lint: {severities: {missing-author: error}, ignore: [old], allowed: {tags: [own], fields: [f]}, exclude: "
    "[{rule: a, checks: [missing-id]}, {path: '*.yml', checks: [missing-date]}]}";
  static const char known[] =
    "{\"sigmac-baseline\":1,\"findings\":[{\"path\":\"a\",\"check\":\"b\",\"hash\":\"0123456789abcdef\",\"count\":1}]}";
  static const char comment[] = "# sigmac: disable-file=missing-level,nosuch\ntitle: Example\n";
  sigmac_linter *linter = NULL;
  sigmac_str path = {c->name, strlen(c->name)}, text = {c->rule, strlen(c->rule)};
  l->n = 0;
  l->no_memory = false;
  if (!well(l, sigmac_linter_new(&linter, a))) return;
  (void)(well(l, sigmac_linter_add_config(linter, path, (sigmac_str){config, sizeof config - 1}, on_diagnostic, l)) &&
         well(l, sigmac_linter_add_baseline(linter, path, (sigmac_str){known, sizeof known - 1}, on_diagnostic, l)) &&
         well(l, sigmac_linter_set_changed(linter, &path, 1)) && well(l, sigmac_linter_add_text(linter, path, text)) &&
         well(l, sigmac_linter_add_text(linter, path, (sigmac_str){comment, sizeof comment - 1})) &&
         well(l, sigmac_linter_add_path(linter, c->name)) && well(l, sigmac_linter_run(linter, on_diagnostic, l, NULL)) &&
         well(l, sigmac_linter_write_baseline(linter, path, on_piece, l)));
  sigmac_linter_free(linter);
}

/* --- all failures of a case ------------------------------------------------------------------------------------ */

static bool same(void) { return got.n == expected.n && memcmp(got.text, expected.text, got.n) == 0; }

static void fault(const Case *c, const char *what, long n, bool onwards) {
  printf("%s: allocation %ld%s fails: %s\n", c->name, n, onwards ? " and all behind it" : "", what);
  faults++;
}

/* The lowest number free: another one when a file or folder stayed open. */
static int free_descriptor(void) {
  int fd = open("/dev/null", O_RDONLY);
  close(fd);
  return fd;
}

typedef void Scenario(const Case *c, const sigmac_allocator *a, Log *l);

/* False where allocation n was not reached. */
static bool fail_at(const Case *c, Scenario *scenario, long n, bool onwards, bool by_malloc) {
  long live = failing_malloc_live();
  int fd = free_descriptor();
  failing = (Failing){.countdown = by_malloc ? -1 : n, .onwards = onwards};
  failing_malloc_arm(by_malloc ? n : -1, onwards);
  scenario(c, by_malloc ? NULL : &allocator, &got);
  long failures = failing.failures + failing_malloc_failures();
  bool reported = got.no_memory;
  disarm();
  if (failing.live || failing_malloc_live() != live) fault(c, "memory is lost", n, onwards);
  if (free_descriptor() != fd) fault(c, "a file stays open", n, onwards);
  if (!reported && !same()) fault(c, "other results, and nobody says why", n, onwards);
  if (reported && !failures) fault(c, "no failure, and yet no memory", n, onwards);
  return failures > 0 || reported;
}

static long fail_everywhere(const Case *c, Scenario *scenario, bool by_malloc) {
  long total = 0;
  scenario(c, NULL, &expected);
  for (int onwards = 0; onwards < 2; onwards++) {
    long n = 0;
    while (fail_at(c, scenario, n, onwards, by_malloc)) n++;
    total += n;
    scenario(c, by_malloc ? NULL : &allocator, &got);
    if (!same() || got.no_memory) fault(c, "the next run is not as ever", n, onwards);
  }
  return total;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static char *read_file(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  char *text = calloc(1, 1 << 20);
  if (f && text) text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
  if (f) fclose(f);
  return text;
}

static Case read_case(const char *folder) {
  Case c = {.name = folder};
  c.rule = read_file(folder, "rule.yml");
  c.events = read_file(folder, "events.ndjson");
  c.args = read_file(folder, "args");
  c.defaults = read_file(folder, "rule.vars.yml");
  c.pipeline = read_file(folder, "pipeline.yml");
  c.types = read_file(folder, "types.yml");
  snprintf(c.pipeline_path, sizeof c.pipeline_path, "%s/pipeline.yml", folder);
  for (char *line = strtok(c.events, "\n"); line && c.n_events < MOST_EVENTS; line = strtok(NULL, "\n")) {
    c.tree[c.n_events] = cJSON_Parse(line);
    if (!cJSON_IsObject(c.tree[c.n_events])) {
      cJSON_Delete(c.tree[c.n_events]);
      c.tree[c.n_events] = NULL;
    }
    c.event[c.n_events++] = (sigmac_str){line, strlen(line)};
  }
  bool is_var = false; /* of the line before */
  for (char *line = strtok(c.args, "\n"); line && c.n_vars < MOST_VARS; line = strtok(NULL, "\n")) {
    if (is_var) c.var[c.n_vars++] = line;
    is_var = strcmp(line, "--var") == 0;
  }
  return c;
}

static void free_case(Case *c) {
  for (int i = 0; i < c->n_events; i++) cJSON_Delete(c->tree[i]);
  free(c->rule);
  free(c->events);
  free(c->args);
  free(c->defaults);
  free(c->pipeline);
  free(c->types);
}

int main(int argc, char **argv) {
  unsigned good = 0, bad = 0;
  long by_library = 0, by_malloc = 0;
  for (int i = 1; i < argc; i++) {
    Case c = read_case(argv[i]);
    unsigned before = faults;
    by_library += fail_everywhere(&c, run, false) + fail_everywhere(&c, run_path, false) +
                  fail_everywhere(&c, run_translate, false) + fail_everywhere(&c, run_show, false) +
                  fail_everywhere(&c, run_lint, false) + fail_everywhere(&c, run_fix, false) +
                  fail_everywhere(&c, run_lint_settings, false);
    if (CAN_FAIL_MALLOC)
      by_malloc += fail_everywhere(&c, run, true) + fail_everywhere(&c, run_path, true) + fail_everywhere(&c, run_translate, true);
    if (CAN_FAIL_MALLOC) by_malloc += fail_everywhere(&c, run_lint, true);
    if (CAN_FAIL_MALLOC && i == 1) by_malloc += fail_everywhere(&c, run_fix, true) + fail_everywhere(&c, run_lint_settings, true);
    if (CAN_FAIL_MALLOC && i == 1) by_malloc += fail_everywhere(&c, run_show, true); /* the pipeline's YAML is most of it */
    free_case(&c);
    if (faults == before) good++;
    else bad++;
  }
  printf("%ld failures of the library's allocator, %ld of malloc\n", by_library, by_malloc);
  printf("%u passed, %u failed\n", good, bad);
  return bad > 0 || !good;
}
