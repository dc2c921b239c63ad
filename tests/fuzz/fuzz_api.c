/* SPDX-License-Identifier: MIT
 * include/sigmac.h as a program uses it, with any bytes: rule text up to the first byte 0x1E, then events, one up to each of
 * those; where a byte 0x1D stands in the rule text, what is before it is a pipeline. Every diagnostic is well-formed, the image is accepted, and each event gives the same matches in both forms and by
 * both ways to have the image, is explained, and has its fields counted; so do correlations, whose state can be saved and goes on. Each document has a query in each target, the same
 * whenever it is asked for, or a reason why not. Linting finds the same whenever it is done. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sigmac.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEPARATOR = 0x1E, PIPELINE_END = 0x1D };

static void require(bool holds) {
  if (!holds) abort();
}

static void on_diagnostic(void *n, const sigmac_diagnostic *d) {
  require(d->id && d->message.n && d->text.n && d->text.p[d->text.n - 1] == '\n');
  require(d->line >= 1 && d->column >= 1 && d->end_line >= d->line);
  ++*(unsigned *)n;
}

static bool take(void *n, sigmac_str piece) {
  *(size_t *)n += piece.n;
  return true;
}

typedef struct {
  sigmac_scanner *scanner;
  sigmac_correlator *correlator;
  uint64_t hash, matches, index;
  bool has_time; /* the present event, where it has matches ... */
  sigmac_time time;
  char facts[1 << 16]; /* ... and theirs, as far as there is room */
  size_t n_facts;
} Scan;

static bool on_match(void *ctx, const sigmac_match *m) {
  Scan *c = ctx;
  sigmac_str json, facts;
  require(m->rule && m->rule->path.n);
  require(sigmac_scanner_matched(c->scanner, &json) == SIGMAC_OK && json.n >= 2 && json.p[0] == '[' && json.p[json.n - 1] == ']');
  require(sigmac_scanner_event_time(c->scanner, &c->has_time, &c->time) == SIGMAC_OK);
  require(sigmac_scanner_facts(c->scanner, &facts) == SIGMAC_OK && (facts.n > 0) == m->rule->correlated);
  if (facts.n && facts.n <= sizeof c->facts - c->n_facts) {
    memcpy(c->facts + c->n_facts, facts.p, facts.n);
    c->n_facts += facts.n;
  }
  c->matches++;
  c->hash = (c->hash ^ (m->number + 1)) * 1099511628211u;
  return true;
}

static void on_alert(void *ctx, const sigmac_alert *a) {
  Scan *c = ctx;
  require(a->rule->correlation && a->group.n == a->rule->group_by.n && a->value.n && strlen(a->id) == 32);
  require((a->events_n > 0) == a->reported);
  require(a->event_index <= c->index && a->start.seconds <= a->end.seconds);
  for (const char *p = a->id; *p; p++) c->hash = (c->hash ^ (unsigned char)*p) * 1099511628211u;
}

static void correlate(Scan *c, sigmac_str event) {
  const sigmac_time *time = c->has_time ? &c->time : NULL;
  if (c->n_facts)
    require(sigmac_correlator_event(c->correlator, c->index, time, (sigmac_str){c->facts, c->n_facts}, event, on_alert, c) ==
            SIGMAC_OK);
  c->n_facts = 0;
  c->index++;
}

typedef struct {
  char p[1 << 20];
  size_t n;
} Saved;

static bool keep(void *ctx, sigmac_str piece) {
  Saved *s = ctx;
  if (piece.n > sizeof s->p - s->n) return false;
  if (piece.n) memcpy(s->p + s->n, piece.p, piece.n);
  s->n += piece.n;
  return true;
}

static sigmac_correlator *correlator_for(const sigmac_rules *rules) {
  sigmac_correlator *c = NULL;
  require(sigmac_correlator_new(&c, rules, NULL) == SIGMAC_OK);
  require(sigmac_correlator_set_keep(c, SIGMAC_KEEP_FULL) == SIGMAC_OK);
  return c;
}

/* What was saved is taken, and is saved as the same again. */
static void save_and_load(sigmac_correlator *c, const sigmac_rules *rules) {
  static Saved first, second;
  first.n = second.n = 0;
  if (sigmac_correlator_save(c, keep, &first) != SIGMAC_OK) return;
  sigmac_correlator *again = correlator_for(rules);
  require(sigmac_correlator_load(again, (sigmac_str){first.p, first.n}, NULL, NULL) == SIGMAC_OK);
  require(sigmac_correlator_save(again, keep, &second) == SIGMAC_OK);
  require(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
  sigmac_correlator_free(again);
}

/* An event is one for everyone, or for nobody. */
static void explain(sigmac_scanner *s, const sigmac_rules *rules, sigmac_str event, sigmac_status expected) {
  for (uint32_t i = 0; i < sigmac_rules_get_facts(rules)->rules; i++) {
    size_t printed = 0;
    require(sigmac_scanner_explain(s, i, event, 0, i % 2 ? SIGMAC_JSON : SIGMAC_TEXT, take, &printed, NULL) == expected);
    require((printed > 0) == (expected == SIGMAC_OK));
  }
}

static void report_fields(sigmac_fields *f, sigmac_format format) {
  size_t printed = 0;
  require(sigmac_fields_write(f, format, true, take, &printed) == SIGMAC_OK && printed > 0);
}

static bool on_rule_cost(void *matches, const sigmac_rule_cost *c) {
  require(c->rule && c->matches <= c->runs && c->runs <= c->offered);
  *(uint64_t *)matches += c->matches;
  return true;
}

static uint64_t scan(const sigmac_rules *rules, sigmac_form form, sigmac_str events) {
  sigmac_scanner *s = NULL;
  sigmac_fields *f = NULL;
  require(sigmac_scanner_new(&s, rules, NULL) == SIGMAC_OK && sigmac_scanner_set_form(s, form) == SIGMAC_OK);
  require(sigmac_fields_new(&f, form == SIGMAC_PLAIN ? rules : NULL, NULL) == SIGMAC_OK);
  static Scan c;
  c = (Scan){.scanner = s, .correlator = correlator_for(rules)};
  bool profile = events.n % 2;
  require(sigmac_scanner_set_profile(s, profile) == SIGMAC_OK);
  while (events.n) {
    const char *end = memchr(events.p, SEPARATOR, events.n);
    sigmac_str event = {events.p, end ? (size_t)(end - events.p) : events.n};
    sigmac_error error;
    sigmac_status status = sigmac_scan_json(s, event, on_match, &c, &error);
    require(status == SIGMAC_OK || (status == SIGMAC_BAD_EVENT && error.message[0] && error.offset <= event.n));
    c.hash = (c.hash ^ (uint64_t)status) * 1099511628211u;
    correlate(&c, event);
    explain(s, rules, event, status);
    require(sigmac_fields_add(f, event, NULL) == status);
    size_t taken = event.n + (end != NULL);
    events = (sigmac_str){events.p + taken, events.n - taken};
  }
  uint64_t matches = 0;
  require(sigmac_scanner_rule_costs(s, on_rule_cost, &matches) == (profile ? SIGMAC_OK : SIGMAC_MISUSE));
  require(matches == (profile ? c.matches : 0));
  save_and_load(c.correlator, rules);
  sigmac_correlator_free(c.correlator);
  report_fields(f, form == SIGMAC_PLAIN ? SIGMAC_TEXT : SIGMAC_JSON);
  sigmac_fields_free(f);
  sigmac_scanner_free(s);
  return c.hash;
}

typedef struct {
  const char *target;
  uint32_t n, next; /* documents, and the least number of the next one: filters that are good are passed over */
  unsigned heard;   /* diagnostics that were told */
  uint64_t hash;
} Translated;

static void on_translated_diagnostic(void *ctx, const sigmac_diagnostic *d) { on_diagnostic(&((Translated *)ctx)->heard, d); }

/* A query or a reason, and never both. */
static bool on_translation(void *ctx, const sigmac_translation *t) {
  Translated *all = ctx;
  bool good = t->fidelity == SIGMAC_EXACT || t->fidelity == SIGMAC_ASSUMED, error = false;
  require(t->number >= all->next && t->number < t->count && t->line >= 1 && strcmp(t->target, all->target) == 0);
  all->next = t->number + 1;
  all->n++;
  for (uint32_t i = 0; i < t->diagnostics_n; i++) {
    unsigned ignored = 0;
    on_diagnostic(&ignored, t->diagnostics[i]);
    error = error || t->diagnostics[i]->severity == SIGMAC_ERROR;
  }
  require((t->query.n > 0) == good && error == (!good && t->fidelity != SIGMAC_PART) &&
          (t->assumptions.n > 0) == (t->fidelity == SIGMAC_ASSUMED));
  for (size_t i = 0; i < t->query.n; i++) all->hash = (all->hash ^ (unsigned char)t->query.p[i]) * 1099511628211u;
  return true;
}

static uint64_t translate(const char *target, sigmac_str text, bool pretty) {
  sigmac_compiler *c = NULL;
  Translated all = {.target = target};
  require(sigmac_compiler_new(&c, NULL) == SIGMAC_OK);
  sigmac_compiler_on_diagnostic(c, on_translated_diagnostic, &all);
  require(sigmac_compiler_set_target(c, (sigmac_str){target, strlen(target)}) == SIGMAC_OK);
  require(sigmac_compiler_set_pretty(c, pretty) == SIGMAC_OK);
  require(sigmac_compiler_add_text(c, (sigmac_str){"r.yml", 5}, text) == SIGMAC_OK);
  if (pretty) require(sigmac_compiler_add_filter_text(c, (sigmac_str){"f.yml", 5}, text) == SIGMAC_OK);
  require(sigmac_compiler_translate(c, on_translation, &all) == SIGMAC_OK);
  const sigmac_compiler_summary *summary = sigmac_compiler_get_summary(c);
  require(all.heard <= summary->errors + summary->warnings && summary->rules <= all.n);
  sigmac_compiler_free(c);
  return all.hash;
}

typedef struct {
  unsigned heard;
  uint32_t omitted;
  uint64_t hash;
} Linted;

static void on_finding(void *ctx, const sigmac_diagnostic *d) {
  Linted *all = ctx;
  on_diagnostic(&all->heard, d);
  require(d->severity <= SIGMAC_INFO && d->path.n == 5);
  all->omitted += d->omitted;
  for (size_t i = 0; i < d->text.n; i++) all->hash = (all->hash ^ (unsigned char)d->text.p[i]) * 1099511628211u;
}

/* Every check, on the text as one file and as one of a set; the findings are counted, and the same whenever they are asked for. */
static uint64_t lint(sigmac_str text) {
  sigmac_linter *l = NULL;
  Linted all = {0};
  sigmac_lint_summary s;
  require(sigmac_linter_new(&l, NULL) == SIGMAC_OK && sigmac_linter_set_profile(l, (sigmac_str){"all", 3}) == SIGMAC_OK);
  require(sigmac_linter_set_today(l, (sigmac_str){"2026-02-01", 10}) == SIGMAC_OK);
  sigmac_status replaced = sigmac_linter_add_data(l, (sigmac_str){"d.yml", 5}, text, NULL, NULL);
  require(replaced == SIGMAC_OK || replaced == SIGMAC_BAD_DATA);
  require(sigmac_linter_add_text(l, (sigmac_str){"r.yml", 5}, text) == SIGMAC_OK);
  if (text.n % 2)
    require((text.n % 4 == 1 ? sigmac_linter_add_filter_text : sigmac_linter_add_text)(l, (sigmac_str){"s.yml", 5}, text) ==
            SIGMAC_OK);
  require(sigmac_linter_run(l, on_finding, &all, &s) == SIGMAC_OK);
  require(all.heard == s.errors + s.warnings + s.infos && all.omitted == s.omitted && s.files == 1 + text.n % 2);
  sigmac_linter_free(l);
  return all.hash;
}

typedef struct {
  unsigned files, left_out;
  uint64_t hash;
  char text[1 << 16]; /* of the first file, where there is room for it */
  size_t n;
} FixedText;

static void on_fixed(void *ctx, const sigmac_fixed_file *f) {
  FixedText *x = ctx;
  require(f->applied_n + f->left_out_n > 0 && f->path.n == 5);
  x->files += f->applied_n > 0;
  x->left_out += f->left_out_n;
  for (size_t i = 0; i < f->after.n; i++) x->hash = (x->hash ^ (unsigned char)f->after.p[i]) * 1099511628211u;
  if (f->file || f->after.n > sizeof x->text) return;
  x->n = f->after.n;
  memcpy(x->text, f->after.p, f->after.n);
}

static void on_left(void *ctx, const sigmac_diagnostic *d) {
  on_finding(ctx, d);
  require((d->fix == SIGMAC_FIX_NONE) == (d->edits_n == 0));
  for (uint32_t i = 0; i < d->edits_n; i++)
    require(d->edits[i].start <= d->edits[i].end && (!i || d->edits[i - 1].end <= d->edits[i].start));
}

static void fix_text(FixedText *x, sigmac_str text, bool unsafe) {
  sigmac_linter *l = NULL;
  Linted left = {0};
  require(sigmac_linter_new(&l, NULL) == SIGMAC_OK && sigmac_linter_set_profile(l, (sigmac_str){"all", 3}) == SIGMAC_OK);
  require(sigmac_linter_add_text(l, (sigmac_str){"r.yml", 5}, text) == SIGMAC_OK);
  require(sigmac_linter_fix(l, unsafe, on_fixed, x) == SIGMAC_OK && sigmac_linter_run(l, on_left, &left, NULL) == SIGMAC_OK);
  sigmac_linter_free(l);
}

/* What is fixed is as good as it gets: but for texts with more findings than are kept, and rounds than there are. */
static void fix(sigmac_str text, bool unsafe) {
  static FixedText once, twice;
  enum { SMALL = 400 };
  once.n = once.files = twice.files = 0;
  fix_text(&once, text, unsafe);
  if (!once.files || !once.n || text.n > SMALL) return;
  fix_text(&twice, (sigmac_str){once.text, once.n}, unsafe);
  require(!twice.files);
}

/* Rule text, without the pipeline in front of it, which is added. */
static sigmac_str take_pipeline(sigmac_compiler *c, sigmac_str text) {
  const char *end = text.n ? memchr(text.p, PIPELINE_END, text.n) : NULL;
  if (!end) return text;
  size_t n = (size_t)(end - text.p);
  require(sigmac_compiler_set_absent(c, n % 2 ? SIGMAC_ABSENT_FALSE : SIGMAC_ABSENT_REFUSED) == SIGMAC_OK);
  require(sigmac_compiler_add_pipeline_text(c, (sigmac_str){"p.yml", 5}, (sigmac_str){text.p, n}) == SIGMAC_OK);
  return (sigmac_str){end + 1, text.n - n - 1};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sigmac_str all = {(const char *)data, size};
  const char *end = size ? memchr(data, SEPARATOR, size) : NULL;
  sigmac_str text = {all.p, end ? (size_t)(end - all.p) : size};
  sigmac_str events = {end ? end + 1 : NULL, end ? size - text.n - 1 : 0}, image;
  sigmac_compiler *c = NULL;
  sigmac_rules *copy = NULL, *borrowed = NULL;
  unsigned heard = 0;
  size_t printed = 0;
  require(sigmac_compiler_new(&c, NULL) == SIGMAC_OK);
  sigmac_compiler_on_diagnostic(c, on_diagnostic, &heard);
  require(sigmac_compiler_add_text(c, (sigmac_str){"r.yml", 5}, take_pipeline(c, text)) == SIGMAC_OK);
  require(lint(text) == lint(text));
  fix(text, text.n % 2);
  if (text.n % 5 == 0) require(sigmac_compiler_add_filter_text(c, (sigmac_str){"f.yml", 5}, text) == SIGMAC_OK);
  if (text.n % 3 == 0) {
    sigmac_status tuned = sigmac_compiler_tune(c, events, NULL); /* all of them: often none */
    require(tuned == SIGMAC_OK || tuned == SIGMAC_BAD_EVENT);
  }
  sigmac_status status = sigmac_compiler_finish(c, &image);
  const sigmac_compiler_summary *summary = sigmac_compiler_get_summary(c);
  require(status == SIGMAC_OK || (status == SIGMAC_BAD_PIPELINE && summary->errors > 0));
  if (status != SIGMAC_OK) {
    sigmac_compiler_free(c);
    return 0;
  }
  require(heard <= summary->errors + summary->warnings && (summary->refused == 0 || summary->errors > 0));
  require(sigmac_rules_load(&copy, image, NULL, NULL) == SIGMAC_OK &&
          sigmac_rules_borrow(&borrowed, image, NULL, NULL) == SIGMAC_OK);
  require(sigmac_rules_get_facts(copy)->rules == summary->rules);
  for (uint32_t i = 0; i < summary->rules; i++)
    require(sigmac_rules_explain(copy, i, SIGMAC_TEXT, take, &printed) == SIGMAC_OK && printed > 0);
  require(sigmac_rules_disassemble(copy, SIGMAC_ALL_RULES, SIGMAC_PLAIN, take, &printed) == SIGMAC_OK && printed > 0);
  require(scan(copy, SIGMAC_FUSED, events) == scan(borrowed, SIGMAC_PLAIN, events));
  sigmac_rules_free(borrowed);
  sigmac_rules_free(copy);
  sigmac_compiler_free(c);
  require(translate("eql", text, false) == translate("eql", text, false));
  translate("kql", text, true);
  return 0;
}
