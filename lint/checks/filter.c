/* SPDX-License-Identifier: MIT
 * Filters: attributes that only what they change can have, and rules that they name, but are not for. */
#include "lint/edit.h"
#include "lint/facts.h"
#include "lint/sources.h"

void check_filter_attributes(Lint *l, const LintAt *at) {
  static const struct {
    CheckId check;
    const char *key;
  } unwanted[] = {{CHECK_filter_level, "level"}, {CHECK_filter_status, "status"}};
  if (at->doc->rule->kind != DOC_FILTER) return;
  for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++) {
    const YamlNode *key = lint_key(at->doc, unwanted[i].key);
    if (key) lint_report(l, unwanted[i].check, key->at, "a filter has no `%s` of its own", unwanted[i].key);
    if (key) edit_drop_entry(l, at->file, at->doc->root, edit_entry_of(at->doc->root, key));
  }
}

/* The first attribute of its log source by which a filter does not cover a rule (semantics 3.2: each one that it names, the rule has to
 * name too); LINT_COUNT. */
static LintPart uncovered(const Logsource *filter, const Logsource *rule) {
  LintPart part = 0;
  for (; part < LINT_COUNT; part++) {
    const Text *wanted = lint_rule_part(filter, part), *is = lint_rule_part(rule, part);
    if (wanted->text.n && !str_eq_nocase(wanted->text, is->text)) break;
  }
  return part;
}

static bool has_parts(const Logsource *l) { return l->category.text.n || l->product.text.n || l->service.text.n; }

static void report_mismatch(Lint *l, const Text *name, const Rule *filter, const Rule *rule, LintPart part) {
  const Text *wanted = lint_rule_part(&filter->logsource, part), *is = lint_rule_part(&rule->logsource, part);
  Span at = is->text.n ? is->at : rule->logsource.at;
  Place place = source_place(&l->compiler.sources, at);
  Str path = l->compiler.sources.files.p[at.file].path;
  lint_report(l, CHECK_filter_logsource_mismatch, name->at,
              "the filter is for `%s: " STR_FMT "`, which the rule `" STR_FMT "` is not of: it is never applied to it",
              lint_part_name[part], STR_ARG(wanted->text), STR_ARG(name->text));
  if (is->text.n)
    lint_hint(l, "the rule has `%s: " STR_FMT "` in " STR_FMT ":%u", lint_part_name[part], STR_ARG(is->text), STR_ARG(path),
              (unsigned)place.line);
  else
    lint_hint(l, "the rule names no %s (" STR_FMT ":%u): without it the filter would cover the rule", lint_part_name[part],
              STR_ARG(path), (unsigned)place.line);
}

void check_filter_logsource(Lint *l, const LintAt *at) {
  const Rule *filter = at->doc->rule;
  if (filter->kind != DOC_FILTER || filter->filter.any) return;
  for (uint32_t i = 0; i < filter->filter.rules.n; i++) {
    const Text *name = &filter->filter.rules.p[i];
    const Rule *rule = rules_find(&l->compiler.rules, name->text);
    if (!rule || rule->kind != DOC_RULE || !has_parts(&rule->logsource)) continue;
    LintPart part = uncovered(&filter->logsource, &rule->logsource);
    if (part < LINT_COUNT) report_mismatch(l, name, filter, rule, part);
  }
}

static void report_hidden(Lint *l, const Rule *filter, const Rule *rule) {
  Place place = source_place(&l->compiler.sources, rule->at);
  const LintDoc *present = l->doc;
  l->doc = &l->docs.p[filter - l->compiler.rules.list.p]; /* what silences it stands there */
  lint_report(l, CHECK_filter_hides_rule, filter->conditions[0]->at, "the filter leaves nothing of what `" STR_FMT "` finds",
              STR_ARG(rule->title.text));
  lint_hint(
    l, "the rule is in " STR_FMT ":%u; what the condition of a filter says is what is left: to leave out a selection, write `not`",
    STR_ARG(l->compiler.sources.files.p[rule->file].path), place.line);
  l->doc = present;
}

/* Each filter alone. The tree of the rule is that without filters. */
void check_filter_hides(Lint *l, const LintAt *at) {
  const IrNode *left;
  const Rule *filter;
  if (at->ir->rule->kind != DOC_RULE) return;
  for (uint32_t i = 0; (filter = filters_last(l->filters, i, &left)) != NULL; i++) {
    Arena *scratch = arena_sub(l->arena);
    Facts facts;
    facts_init(&facts, scratch, &l->data.sources, at->ir->rule);
    bool never = !facts_never(&facts, at->ir->root) && facts_disjoint(&facts, at->ir->root, left);
    arena_sub_done(scratch);
    if (never) report_hidden(l, filter, at->ir->rule);
  }
}
