/* SPDX-License-Identifier: MIT
 * Log sources: their keys and values, and whether the taxonomy knows them. */
#include "lint/edit.h"
#include "lint/sources.h"
#include "lint/config.h"

/* --- keys and values ----------------------------------------------------------------------------------------- */

static const char *const known_keys[] = {"category", "definition", "product", "service"};

static void check_key(Lint *l, const LintFile *file, const YamlNode *map, const YamlNode *key) {
  static const LintNames names = {known_keys, sizeof known_keys / sizeof *known_keys};
  if (lint_names_have(&names, key->text)) return;
  lint_report(l, CHECK_logsource_key, key->at, "`" STR_FMT "` is no key of `logsource`", STR_ARG(key->text));
  const char *near = lint_names_near(&names, key->text);
  if (!near) near = lint_names_case(&names, key->text);
  if (!near) return;
  lint_hint(l, "did you mean `%s`?", near);
  if (!yaml_key(map, near)) edit_key(l, file, key, str_of(near));
}

static bool odd_character(char c) { return !((c >= 'a' && c <= 'z') || ascii_digit(c) || c == '_' || c == '.' || c == '-'); }

static void check_case(Lint *l, const LintFile *file, const YamlNode *node, const Text *value) {
  enum { LONGEST = 64 };
  bool upper = false, other = false;
  for (size_t i = 0; i < value->text.n; i++) {
    char c = value->text.p[i];
    if (!odd_character(c)) continue;
    if (ascii_letter(c)) upper = true;
    else other = true;
  }
  if (!upper && !other) return;
  lint_report(l, CHECK_logsource_case, value->at, "`" STR_FMT "` is not of a-z, 0-9, `_`, `.` and `-` alone", STR_ARG(value->text));
  if (!other && value->text.n <= LONGEST) {
    char lower[LONGEST];
    for (size_t i = 0; i < value->text.n; i++) lower[i] = ascii_lower(value->text.p[i]);
    lint_hint(l, "write `%.*s`", (int)value->text.n, lower);
    if (node) edit_scalar(l, file, node, (Str){lower, value->text.n});
  }
}

void check_logsource_words(Lint *l, const LintAt *at) {
  const YamlNode *map = yaml_get(at->doc->root, "logsource");
  for (uint32_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++) check_key(l, at->file, map, map->pairs[i].key);
  for (LintPart part = 0; part < LINT_COUNT; part++)
    check_case(l, at->file, yaml_get(map, lint_part_name[part]), lint_rule_part(&at->doc->rule->logsource, part));
}

/* --- the taxonomy -------------------------------------------------------------------------------------------- */

static bool same_part(const Logsource *l, const LintSource *s, LintPart part) {
  return str_is(lint_rule_part(l, part)->text, lint_source_part(s, part));
}

/* The log source that has another word in one part, one or two edits away, and the same in the two others; NULL. */
static const LintSource *nearest(const LintSources *known, const Logsource *l, LintPart part) {
  const LintSource *best = NULL;
  unsigned least = 3;
  Str word = lint_rule_part(l, part)->text;
  for (unsigned i = 0; word.n && i < known->n; i++) {
    const LintSource *s = &known->p[i];
    bool others = true;
    for (LintPart other = 0; other < LINT_COUNT; other++) others = others && (other == part || same_part(l, s, other));
    unsigned edits = others ? lint_edits(word, lint_source_part(s, part)) : 3;
    if (edits < least) best = s, least = edits;
  }
  return best;
}

static bool report_near(Lint *l, const Logsource *source) {
  for (LintPart part = 0; part < LINT_COUNT; part++) {
    const Text *value = lint_rule_part(source, part);
    const LintSource *near = nearest(&l->data.sources, source, part);
    if (!near) continue;
    lint_report(l, CHECK_logsource_unknown, value->at, "the taxonomy has no %s `" STR_FMT "` here", lint_part_name[part],
                STR_ARG(value->text));
    lint_hint(l, "did you mean `%s`?", lint_source_part(near, part));
    return true;
  }
  return false;
}

/* The first value that no log source has in its place; LINT_COUNT where each has one. */
static LintPart stranger(const LintSources *known, const Logsource *source) {
  for (LintPart part = 0; part < LINT_COUNT; part++) {
    unsigned i = 0;
    while (i < known->n && !same_part(source, &known->p[i], part)) i++;
    if (i == known->n) return part;
  }
  return LINT_COUNT;
}

/* A value of another type is an error already; what the others make without it says nothing. */
static bool all_text(const LintDoc *doc) {
  const YamlNode *map = yaml_get(doc->root, "logsource");
  for (LintPart part = 0; map && part < LINT_COUNT; part++) {
    const YamlNode *value = yaml_get(map, lint_part_name[part]);
    if (value && !yaml_is_text(value) && !yaml_is_null(value)) return false;
  }
  return true;
}

void check_logsource_taxonomy(Lint *l, const LintAt *at) {
  const Logsource *source = &at->doc->rule->logsource;
  if (at->doc->rule->kind != DOC_RULE || lint_source_find(&l->data.sources, source) || !all_text(at->doc)) return;
  if (lint_source_allowed(l, source)) return;
  LintPart part = stranger(&l->data.sources, source), last = LINT_COUNT;
  for (LintPart i = 0; i < LINT_COUNT; i++)
    if (lint_rule_part(source, i)->text.n) last = i;
  if (last == LINT_COUNT || lint_dropped(l, at->file->file) || report_near(l, source)) return;
  const Text *value = lint_rule_part(source, part < LINT_COUNT ? part : last);
  if (part < LINT_COUNT)
    lint_report(l, CHECK_logsource_unknown, value->at, "no log source of the taxonomy has the %s `" STR_FMT "`",
                lint_part_name[part], STR_ARG(value->text));
  else
    lint_report(l, CHECK_logsource_unknown, value->at,
                "no log source of the taxonomy has the %s `" STR_FMT "` together with the rest", lint_part_name[last],
                STR_ARG(value->text));
}

/* What somebody wrote there goes only where that is asked for. */
static void fix_definition(Lint *l, const LintDoc *doc, bool absent, const char *text) {
  const YamlNode *map = yaml_get(doc->root, "logsource"), *there = map ? yaml_get(map, "definition") : NULL;
  if (!l->kept || !map || map->kind != YAML_MAP) return;
  if (there && !absent) edit_scalar(l, doc->file, there, str_of(text));
  else if (!there && edit_add_entry(l, doc->file, map, UINT32_MAX, STR("definition"), edit_written(l, str_of(text))))
    lint_fix_safe(l);
}

void check_logsource_definition(Lint *l, const LintAt *at) {
  const Logsource *source = &at->doc->rule->logsource;
  const LintSource *known = lint_source_find(&l->data.sources, source);
  if (at->doc->rule->kind != DOC_RULE || !known || !*known->definition || str_is(source->definition.text, known->definition))
    return;
  const YamlNode *key = yaml_key(at->doc->root, "logsource");
  bool absent = !source->definition.text.n;
  if (!key) return;
  lint_report(l, CHECK_logsource_definition, absent ? key->at : source->definition.at,
              absent ? "no `definition`: what must be logged for these events"
                     : "`definition` has not the usual text of this log source");
  lint_hint(l, "write `definition: '%s'`", known->definition);
  fix_definition(l, at->doc, absent, known->definition);
}

/* --- one service of Windows ---------------------------------------------------------------------------------- */

void check_sysmon_eventid(Lint *l, const LintAt *at) {
  const Text *service = &at->doc->rule->logsource.service;
  if (at->doc->rule->kind != DOC_RULE || !str_is(service->text, "sysmon")) return;
  for (uint32_t i = 0; i < at->doc->items.n; i++)
    if (str_is(at->doc->items.p[i].field, "EventID")) return;
  lint_report(l, CHECK_sysmon_no_eventid, service->at, "no item of `EventID` says which events of `sysmon` are meant");
}
