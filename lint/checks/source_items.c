/* SPDX-License-Identifier: MIT
 * Detection items that say what the log source says, or that ask for another log source. */
#include "lint/checks/fixes.h"
#include "lint/sources.h"

#define SYSMON   "Microsoft-Windows-Sysmon"
#define SECURITY "Microsoft-Windows-Security-Auditing"
enum { SECURITY_PROCESS_CREATION = 4688 };

static bool has_value(const YamlNode *map, const char *key, const char *value) {
  const YamlNode *n = yaml_get(map, key);
  for (uint32_t i = 0; n && n->kind == YAML_LIST && i < n->n; i++)
    if (n->items[i]->kind == YAML_SCALAR && str_eq_nocase(n->items[i]->text, str_of(value))) return true;
  return n && n->kind == YAML_SCALAR && str_eq_nocase(n->text, str_of(value));
}

/* UINT32_MAX: not the number of an event. */
static uint32_t event_number(const YamlNode *v) {
  Str s = v->kind != YAML_SCALAR ? (Str){0} : v->type == SCALAR_INT ? v->number : v->text;
  uint32_t n = 0;
  if (!s.n || s.n > 5) return UINT32_MAX;
  for (size_t i = 0; i < s.n; i++) {
    if (!ascii_digit(s.p[i])) return UINT32_MAX;
    n = n * 10 + (uint32_t)(s.p[i] - '0');
  }
  return n;
}

static bool has_event(const LintSource *s, uint32_t event) {
  unsigned i = 0;
  while (i < s->n_events && s->events[i] != event) i++;
  return i < s->n_events;
}

/* The category of an event of Sysmon; of several, the first one with the fewest events. */
static const LintSource *sysmon_category(const LintSources *sources, uint32_t event) {
  const LintSource *best = NULL;
  for (unsigned i = 0; i < sources->n; i++) {
    const LintSource *s = &sources->p[i];
    if (has_event(s, event) && lint_names_have(&s->providers, STR(SYSMON)) && (!best || s->n_events < best->n_events)) best = s;
  }
  return best;
}

void check_logsource_generic(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  const Logsource *source = &at->doc->rule->logsource;
  if (at->doc->rule->kind != DOC_RULE || !item->map || !str_is(item->field, "EventID") || item->n_modifiers) return;
  if (!str_is(source->product.text, "windows")) return;
  bool open = !source->category.text.n;
  bool sysmon = str_is(source->service.text, "sysmon") || (open && has_value(item->map, "Provider_Name", SYSMON));
  bool security = str_is(source->service.text, "security") || (open && has_value(item->map, "Provider_Name", SECURITY));
  if (!sysmon && !security) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *v = item->values[i];
    const char *category = NULL;
    uint32_t event = event_number(v);
    const LintSource *known = sysmon ? sysmon_category(&l->data.sources, event) : NULL;
    if (known) category = known->category;
    else if (security && event == SECURITY_PROCESS_CREATION) category = "process_creation";
    if (!category) continue;
    lint_report(l, CHECK_logsource_generic, v->at, "event %u has a log source of its own, which other sensors feed too",
                (unsigned)event);
    lint_hint(l, "write `category: %s` in place of `service` and of this item", category);
  }
}

/* An event that is one of many of its category may be asked for, but the category could be the right one. */
static void check_event_id(Lint *l, const LintAt *at, const LintSource *source) {
  enum { FEW = 2 };
  const LintItem *item = at->item;
  if (source->n_events <= FEW)
    lint_report(l, CHECK_category_eventid, item->key->at, "`category: %s` says which events are meant", source->category);
  else if (lint_names_have(&source->redundant, item->field))
    lint_report(l, CHECK_field_redundant, item->key->at, "`EventID` is implied by `category: %s`", source->category);
  else return;
  fix_drop_this_item(l, at);
}

static void check_provider(Lint *l, const LintAt *at, const LintSource *source) {
  const LintItem *item = at->item;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *v = item->values[i];
    if (v->kind != YAML_SCALAR || !lint_names_have(&source->providers, v->text)) continue;
    lint_report(l, CHECK_category_provider, item->key->at, "`category: %s` includes the events of `" STR_FMT "`", source->category,
                STR_ARG(v->text));
    if (item->n_values == 1) fix_drop_this_item(l, at);
    return;
  }
}

static void report_redundant(Lint *l, const LintAt *at, const LintSource *source) {
  const LintItem *item = at->item;
  if (*source->category)
    lint_report(l, CHECK_field_redundant, item->key->at, "`" STR_FMT "` is implied by `category: %s`", STR_ARG(item->field),
                source->category);
  else lint_report(l, CHECK_field_redundant, item->key->at, "`" STR_FMT "` is implied by the log source", STR_ARG(item->field));
  fix_drop_this_item(l, at);
}

void check_implied_items(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item->key || at->doc->rule->kind != DOC_RULE) return;
  if (str_is(item->field, "Source") && item->n_values == 1 && item->node->kind == YAML_SCALAR &&
      str_eq_nocase(item->node->text, STR("Eventlog"))) {
    lint_report(l, CHECK_source_eventlog, item->key->at, "`Source: Eventlog` is true of every event of Windows");
    fix_drop_this_item(l, at);
  }
  const LintSource *source = lint_source_find(&l->data.sources, &at->doc->rule->logsource);
  if (!source) return;
  if (str_is(item->field, "EventID") && source->providers.n) check_event_id(l, at, source);
  else if (lint_names_have(&source->redundant, item->field)) report_redundant(l, at, source);
  else if (str_is(item->field, "Provider_Name")) check_provider(l, at, source);
}
