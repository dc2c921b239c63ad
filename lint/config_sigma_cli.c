/* SPDX-License-Identifier: MIT
 * The file that `sigma check --validation-config` takes: names of validators that run, and for ids of rules those that do not.
 * Format: pySigma, sigma/validation.py. A check that looks for the same as a validator is on where one of these runs; the
 * others are as the profile says. */
#include "lint/config.h"

typedef struct {
  const char *name;
  CheckId check;
} Validator;

static const Validator validators[] = {
#define VALIDATOR(name, word) {#name, CHECK_##word},
#include "lint/validators.def"
#undef VALIDATOR
};
enum { VALIDATORS = sizeof validators / sizeof *validators };

typedef struct {
  bool runs[VALIDATORS];
} Chosen;

bool config_is_sigma_cli(const YamlNode *root) {
  return !yaml_get(root, "lint") && (yaml_get(root, "validators") || yaml_get(root, "exclusions"));
}

/* Sets what the rows of this name say; a note where there is none. */
static void choose(ConfigReader *r, const YamlNode *n, Str name, Chosen *chosen, bool on) {
  bool known = false;
  for (size_t i = 0; i < VALIDATORS; i++) {
    if (!str_is(name, validators[i].name)) continue;
    chosen->runs[i] = on;
    known = true;
  }
  if (!known) config_note(r, n, "there is no check like `" STR_FMT "`: it is ignored", STR_ARG(name));
}

static void read_validators(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  Chosen chosen = {{false}};
  Str name;
  if (!config_is_list(r, key, n)) return;
  for (uint32_t i = 0; i < n->n; i++) {
    if (!config_text(r, n->items[i], &name)) continue;
    if (str_is(name, "all")) memset(chosen.runs, true, sizeof chosen.runs);
    else if (name.p[0] == '-') choose(r, n->items[i], str_from(name, 1), &chosen, false);
    else choose(r, n->items[i], name, &chosen, true);
  }
  for (size_t i = 0; i < VALIDATORS; i++) r->config.wish[validators[i].check] = -1;
  for (size_t i = 0; i < VALIDATORS; i++)
    if (chosen.runs[i]) r->config.wish[validators[i].check] = 1;
}

static void read_excluded(ConfigReader *r, const YamlNode *n, Chosen *chosen) {
  Str name;
  if (config_text(r, n, &name)) choose(r, n, name, chosen, true);
}

/* An id, or nothing for rules without one: a validator's name, or a list of them. */
static void read_exclusion(ConfigReader *r, const YamlPair *p) {
  Chosen chosen = {{false}};
  bool none = yaml_is_null(p->key);
  char *id = arena_array(r->arena, char, p->key->text.n + 1);
  for (size_t i = 0; !none && i < p->key->text.n; i++) id[i] = ascii_lower(p->key->text.p[i]);
  ConfigRule rule = {.id = {id, none ? 0 : p->key->text.n}};
  for (uint32_t i = 0; p->value->kind == YAML_LIST && i < p->value->n; i++) read_excluded(r, p->value->items[i], &chosen);
  if (p->value->kind != YAML_LIST) read_excluded(r, p->value, &chosen);
  for (size_t i = 0; i < VALIDATORS; i++)
    if (chosen.runs[i]) check_set_add(&rule.checks, validators[i].check);
  *vec_add(r->arena, &r->config.rules) = rule;
}

static void read_exclusions(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  for (uint32_t i = 0; config_is_map(r, key, n) && i < n->n; i++) read_exclusion(r, &n->pairs[i]);
}

static void ignore_config(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  if (n->kind != YAML_MAP || n->n) config_note(r, key, "parameters of validators are ignored");
}

void config_read_sigma_cli(ConfigReader *r, const YamlNode *root) {
  static const ConfigKey keys[] = {{"validators", read_validators}, {"exclusions", read_exclusions}, {"config", ignore_config}};
  config_read_map(r, root, keys, sizeof keys / sizeof *keys);
}
