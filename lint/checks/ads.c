/* SPDX-License-Identifier: MIT
 * Sections of the Alerting and Detection Strategy framework (Palantir), carried by attributes of the rule or by keys
 * `rsigma.ads.*`, at the top or in `custom_attributes`. Asked of stable rules; `rsigma.ads.exempt: true` excuses one. */
#include "lint/edit.h"

static const char prefix[] = "rsigma.ads.";

typedef struct {
  CheckId check;
  const char *section; /* behind the prefix; NULL: an attribute carries it */
} Section;

static const Section sections[] = {
  {CHECK_ads_missing_strategy, "strategy"},       {CHECK_ads_missing_technical_context, "technical_context"},
  {CHECK_ads_missing_blind_spots, "blind_spots"}, {CHECK_ads_missing_validation, "validation"},
  {CHECK_ads_missing_priority, "priority"},       {CHECK_ads_missing_response, "response"},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static bool is_key(const YamlNode *key, const char *section) {
  return str_starts(key->text, str_of(prefix)) && str_is(str_from(key->text, sizeof prefix - 1), section);
}

static const YamlNode *find_in(const YamlNode *map, const char *section) {
  for (uint32_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
    if (is_key(map->pairs[i].key, section)) return map->pairs[i].value;
  return NULL;
}

static const YamlNode *find(const YamlNode *root, const char *section) {
  const YamlNode *nested = find_in(yaml_get(root, "custom_attributes"), section);
  return nested ? nested : find_in(root, section);
}

/* Characters that are not blank. */
static size_t weight(const YamlNode *n) {
  size_t chars = 0;
  for (size_t i = 0; n->kind == YAML_SCALAR && i < n->text.n; i++) chars += !strchr(" \t\r\n", n->text.p[i]);
  for (uint32_t i = 0; n->kind == YAML_LIST && i < n->n; i++) chars += n->items[i]->kind == YAML_SCALAR ? n->items[i]->text.n : 0;
  return chars;
}

static bool has_attack_tag(const YamlNode *root) {
  const YamlNode *list = yaml_get(root, "tags");
  for (uint32_t i = 0; list && list->kind == YAML_LIST && i < list->n; i++)
    if (str_starts(list->items[i]->text, STR("attack."))) return true;
  return false;
}

static bool has_text(const YamlNode *n) { return n && weight(n) > 0; }

static void check_missing(Lint *l, const LintDoc *doc) {
  if (!has_text(yaml_get(doc->root, "description"))) lint_report(l, CHECK_ads_missing_goal, lint_start(doc), "no `description`");
  if (!has_attack_tag(doc->root)) lint_report(l, CHECK_ads_missing_categorization, lint_start(doc), "no `attack.` tag");
  if (!has_text(yaml_get(doc->root, "falsepositives")))
    lint_report(l, CHECK_ads_missing_false_positives, lint_start(doc), "no `falsepositives`");
  for (unsigned i = 0; i < SECTIONS; i++)
    if (!find(doc->root, sections[i].section))
      lint_report(l, sections[i].check, lint_start(doc), "no `%s%s`", prefix, sections[i].section);
}

static const char *nearest(Str word) {
  for (unsigned i = 0; i < SECTIONS; i++)
    if (str_distance(word, str_of(sections[i].section), 2) <= 2) return sections[i].section;
  return NULL;
}

static void check_section(Lint *l, const LintFile *file, const YamlNode *map, const YamlPair *p) {
  enum { SHORTEST = 2 };
  Str word = str_from(p->key->text, sizeof prefix - 1);
  if (str_is(word, "exempt")) return;
  for (unsigned i = 0; i < SECTIONS; i++) {
    if (!str_is(word, sections[i].section)) continue;
    if (weight(p->value) < SHORTEST)
      lint_report(l, CHECK_ads_empty_section, p->key->at, "`%s%s` is blank or says too little", prefix, sections[i].section);
    return;
  }
  const char *like = nearest(word);
  lint_report(l, CHECK_ads_unknown_section, p->key->at, "unknown section `" STR_FMT "`", STR_ARG(p->key->text));
  if (!like) return;
  lint_hint(l, "write `%s%s`", prefix, like);
  if (!find_in(map, like)) edit_key(l, file, p->key, arena_printf(l->arena, "%s%s", prefix, like));
}

static void check_sections(Lint *l, const LintFile *file, const YamlNode *map) {
  for (uint32_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
    if (str_starts(map->pairs[i].key->text, str_of(prefix))) check_section(l, file, map, &map->pairs[i]);
}

void check_ads(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  if (doc->rule->kind != DOC_RULE || !str_is(doc->rule->status.text, "stable")) return;
  const YamlNode *exempt = find(doc->root, "exempt");
  if (exempt && exempt->kind == YAML_SCALAR && exempt->type == SCALAR_BOOL && exempt->truth) return;
  check_missing(l, doc);
  check_sections(l, at->file, yaml_get(doc->root, "custom_attributes"));
  check_sections(l, at->file, doc->root);
}
