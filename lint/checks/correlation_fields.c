/* SPDX-License-Identifier: MIT
 * Fields that a correlation groups by or counts, and that none of its rules can have: by the table of log sources, by what the rules
 * themselves look at, and by its aliases. */
#include "lint/lint.h"
#include "lint/sources.h"

/* A correlation of more is left alone. */
enum { MOST_RULES = 64, MOST_ITEMS = 4096 };

typedef struct {
  const LintDoc *doc;
  const LintSource *source;
} Referred;

typedef struct {
  Lint *lint;
  Referred p[MOST_RULES]; /* detection rules alone */
  uint32_t n, items;
} Rules;

static const LintDoc *doc_of(const Lint *l, Str reference) {
  const Rule *r = rules_find(&l->compiler.rules, reference);
  return r ? &l->docs.p[r - l->compiler.rules.list.p] : NULL;
}

/* False where it is not known what fields the events of a rule have. */
static bool add_rule(Rules *r, const LintDoc *doc) {
  const LintSource *s = lint_source_find(&r->lint->data.sources, &doc->rule->logsource);
  r->items += doc->items.n;
  if (!s || !s->fields.n || r->n == MOST_RULES || r->items > MOST_ITEMS) return false;
  r->p[r->n++] = (Referred){doc, s};
  return true;
}

/* The rules that it names, and those of correlations that it names: an event of these has the fields of the event that was the last. */
static bool find_rules(Rules *r, const LintDoc *correlation) {
  const LintDoc *open[MOST_RULES] = {correlation};
  for (uint32_t n = 1, i = 0; i < n; i++) {
    const TextList *names = &open[i]->rule->correlation.rules;
    for (uint32_t k = 0; k < names->n; k++) {
      const LintDoc *doc = doc_of(r->lint, names->p[k].text);
      if (!doc || doc->rule->kind == DOC_FILTER) return false;
      if (doc->rule->kind == DOC_RULE && !add_rule(r, doc)) return false;
      if (doc->rule->kind != DOC_CORRELATION) continue;
      if (n == MOST_RULES) return false; /* or a circle */
      open[n++] = doc;
    }
  }
  return r->n;
}

/* --- fields -------------------------------------------------------------------------------------------------- */

/* What every event of a computer has, whatever the table says of its log source. */
static bool is_everywhere(Str field) {
  static const char *const names[] = {"Computer", "ComputerName", "Hostname", "Channel", "EventID", "Provider_Name", "User"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_is(field, names[i])) return true;
  return false;
}

static bool rule_has(const Referred *r, Str field) {
  if (lint_names_have(&r->source->fields, field)) return true;
  for (uint32_t i = 0; i < r->doc->items.n; i++)
    if (str_eq(r->doc->items.p[i].field, field)) return true;
  return false;
}

static bool some_source_has(const Lint *l, Str field) {
  for (unsigned i = 0; i < l->data.sources.n; i++)
    if (lint_names_have(&l->data.sources.p[i].fields, field)) return true;
  return false;
}

static const char *near_name(const Referred *p, uint32_t n, Str field) {
  const char *near = NULL;
  for (uint32_t i = 0; i < n && !near; i++) near = lint_names_case(&p[i].source->fields, field);
  for (uint32_t i = 0; i < n && !near; i++) near = lint_names_near(&p[i].source->fields, field);
  return near;
}

/* A field that is nobody's may be one that the environment adds, such as `host.name`. One that is misspelt, or that belongs to other log
 * sources, is not. */
static void check_field(Lint *l, const Referred *p, uint32_t n, Text field) {
  if (is_everywhere(field.text)) return;
  for (uint32_t i = 0; i < n; i++)
    if (rule_has(&p[i], field.text)) return;
  const char *near = near_name(p, n, field.text);
  if (!near && !some_source_has(l, field.text)) return;
  lint_report(l, CHECK_correlation_group_by_field, field.at, "%s no field `" STR_FMT "`",
              n == 1 ? "the log source of the rule has" : "the log sources of the rules have", STR_ARG(field.text));
  if (near) lint_hint(l, "did you mean `%s`?", near);
  else lint_hint(l, "it is a field of other log sources: events without it are not counted");
}

static bool is_alias(const Correlation *c, Str field) {
  for (uint32_t i = 0; i < c->n_aliases; i++)
    if (str_eq(c->aliases[i].alias.text, field)) return true;
  return false;
}

static void check_list(const Rules *r, const Correlation *c, const TextList *fields) {
  for (uint32_t i = 0; i < fields->n && i < MOST_ITEMS; i++)
    if (!is_alias(c, fields->p[i].text)) check_field(r->lint, r->p, r->n, fields->p[i]);
}

/* The field of an alias is looked for in the rule that it is for. */
static void check_aliases(const Rules *r, const Correlation *c) {
  for (uint32_t i = 0; i < c->n_aliases; i++) {
    const LintDoc *doc = doc_of(r->lint, c->aliases[i].rule.text);
    for (uint32_t k = 0; k < r->n; k++) {
      if (r->p[k].doc != doc) continue;
      check_field(r->lint, &r->p[k], 1, c->aliases[i].field);
      break;
    }
  }
}

void check_correlation_fields(Lint *l, const LintAt *at) {
  const Rule *rule = at->doc->rule;
  Rules rules = {.lint = l};
  if (rule->kind != DOC_CORRELATION || rule->broken || rule->correlation.n_aliases > MOST_RULES || !find_rules(&rules, at->doc))
    return;
  check_list(&rules, &rule->correlation, &rule->correlation.group_by);
  check_list(&rules, &rule->correlation, &rule->correlation.fields);
  check_aliases(&rules, &rule->correlation);
}
