/* SPDX-License-Identifier: MIT
 * The keys `allowed`, `exclude` and `ignore` of a configuration, and what they say. */
#include "base/glob.h"
#include "base/path.h"
#include "lint/config.h"
#include "lint/globs.h"

static Str lower(Arena *a, Str s) {
  char *p = arena_array(a, char, s.n + 1);
  for (size_t i = 0; i < s.n; i++) p[i] = ascii_lower(s.p[i]);
  return (Str){p, s.n};
}

/* --- allowed ------------------------------------------------------------------------------------------------- */

static void read_tags(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  Str s;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (config_text(r, n->items[i], &s)) *vec_add(r->arena, &r->config.tags) = lower(r->arena, s);
}

static void read_keys(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  Str s;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (config_text(r, n->items[i], &s)) *vec_add(r->arena, &r->config.keys) = s;
}

/* One of the three parts; false where the key is none of them. */
static bool read_part(ConfigReader *r, const YamlPair *p, ConfigSource *out) {
  for (LintPart part = 0; part < LINT_COUNT; part++) {
    if (!str_is(p->key->text, lint_part_name[part])) continue;
    config_text(r, p->value, &out->part[part]);
    return true;
  }
  return false;
}

static void no_part(ConfigReader *r, const YamlNode *key, const char *others) {
  config_fault(r, key, "there is no key `" STR_FMT "` here", STR_ARG(key->text));
  diag_hint(r->diags, "keys are: product, category, service%s", others);
}

static void read_source(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  ConfigSource source = {0};
  if (!config_is_map(r, key, n)) return;
  if (!n->n) config_fault(r, n, "a log source has a `product`, `category` or `service`");
  for (uint32_t i = 0; i < n->n; i++)
    if (!read_part(r, &n->pairs[i], &source)) no_part(r, n->pairs[i].key, "");
  *vec_add(r->arena, &r->config.sources) = source;
}

static void read_sources(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++) read_source(r, key, n->items[i]);
}

static void read_names(ConfigReader *r, const YamlNode *key, const YamlNode *n, const ConfigSource *source) {
  Str name;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (config_text(r, n->items[i], &name)) *vec_add(r->arena, &r->config.fields) = (ConfigField){*source, name};
}

/* {product: p, fields: [a, b]} */
static void read_source_fields(ConfigReader *r, const YamlNode *n) {
  ConfigSource source = {0};
  const YamlPair *fields = NULL;
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlPair *p = &n->pairs[i];
    if (str_is(p->key->text, "fields")) fields = p;
    else if (!read_part(r, p, &source)) no_part(r, p->key, ", fields");
  }
  if (fields) read_names(r, fields->key, fields->value, &source);
  else config_fault(r, n, "the key `fields` is missing");
}

static void read_fields(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  Str name;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++) {
    const YamlNode *item = n->items[i];
    if (item->kind == YAML_MAP) read_source_fields(r, item);
    else if (config_text(r, item, &name)) *vec_add(r->arena, &r->config.fields) = (ConfigField){{{{0}}}, name};
  }
}

void config_read_allowed(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  static const ConfigKey keys[] = {{"tags", read_tags}, {"logsources", read_sources}, {"fields", read_fields}, {"keys", read_keys}};
  if (config_is_map(r, key, n)) config_read_map(r, n, keys, sizeof keys / sizeof *keys);
}

/* --- paths and rules ----------------------------------------------------------------------------------------- */

static bool read_glob(ConfigReader *r, const YamlNode *n, ConfigPath *out) {
  if (!config_text(r, n, &out->glob)) return false;
  out->folder = r->folder;
  if (out->glob.n <= GLOB_MAX) return true;
  config_fault(r, n, "a pattern of paths has at most %d bytes", GLOB_MAX);
  return false;
}

void config_read_ignore(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  ConfigPath path = {0};
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (read_glob(r, n->items[i], &path)) *vec_add(r->arena, &r->config.ignored) = path;
}

static void read_checks(ConfigReader *r, const YamlNode *key, const YamlNode *n, CheckSet *out) {
  CheckId check;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (config_check(r, n->items[i], &check)) check_set_add(out, check);
}

static void read_exclusion(ConfigReader *r, const YamlNode *n) {
  const YamlPair *rule = NULL, *path = NULL, *list = NULL;
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlPair *p = &n->pairs[i];
    const YamlPair **to = str_is(p->key->text, "rule")     ? &rule
                          : str_is(p->key->text, "path")   ? &path
                          : str_is(p->key->text, "checks") ? &list
                                                           : NULL;
    if (to) {
      *to = p;
      continue;
    }
    config_fault(r, p->key, "there is no key `" STR_FMT "` here", STR_ARG(p->key->text));
    diag_hint(r->diags, "keys are: rule, path, checks");
  }
  ConfigPath file = {0};
  Str id = {0};
  if (!rule == !path) config_fault(r, n, "either `rule`, an id, or `path` is wanted");
  if (list) read_checks(r, list->key, list->value, &file.checks);
  else config_fault(r, n, "the key `checks` is missing");
  if (list && path && read_glob(r, path->value, &file)) *vec_add(r->arena, &r->config.paths) = file;
  if (list && rule && config_text(r, rule->value, &id))
    *vec_add(r->arena, &r->config.rules) = (ConfigRule){lower(r->arena, id), file.checks};
}

void config_read_exclude(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++)
    if (config_is_map(r, key, n->items[i])) read_exclusion(r, n->items[i]);
}

/* --- what they say ------------------------------------------------------------------------------------------- */

bool lint_config_ignores(const LintConfig *c, Str absolute) {
  for (uint32_t i = 0; i < c->ignored.n; i++)
    if (glob_fits_path(c->ignored.p[i].glob, path_behind(c->ignored.p[i].folder, absolute))) return true;
  return false;
}

/* `mycompany` is also every tag of that namespace. */
bool lint_tag_allowed(const Lint *l, Str tag) {
  enum { LONGEST = 128 };
  char low[LONGEST];
  if (!l->config || !l->config->tags.n || tag.n > LONGEST) return false;
  for (size_t i = 0; i < tag.n; i++) low[i] = ascii_lower(tag.p[i]);
  Str text = {low, tag.n};
  for (uint32_t i = 0; i < l->config->tags.n; i++) {
    Str t = l->config->tags.p[i];
    if (glob_fits(t, text, false) || (tag.n > t.n && low[t.n] == '.' && str_starts(text, t))) return true;
  }
  return false;
}

bool lint_key_allowed(const Lint *l, Str key) {
  for (uint32_t i = 0; l->config && i < l->config->keys.n; i++)
    if (glob_fits(l->config->keys.p[i], key, false)) return true;
  return false;
}

static bool fits_source(const ConfigSource *s, const Logsource *source) {
  for (LintPart part = 0; part < LINT_COUNT; part++)
    if (s->part[part].n && !str_eq_nocase(s->part[part], lint_rule_part(source, part)->text)) return false;
  return true;
}

bool lint_source_allowed(const Lint *l, const Logsource *source) {
  for (uint32_t i = 0; l->config && i < l->config->sources.n; i++)
    if (fits_source(&l->config->sources.p[i], source)) return true;
  return false;
}

bool lint_field_allowed(const Lint *l, const Logsource *source, Str field) {
  for (uint32_t i = 0; l->config && i < l->config->fields.n; i++) {
    const ConfigField *f = &l->config->fields.p[i];
    if (fits_source(&f->source, source) && glob_fits(f->name, field, false)) return true;
  }
  return false;
}
