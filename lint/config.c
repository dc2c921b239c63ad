/* SPDX-License-Identifier: MIT
 * .sigmac.yml: the map `lint`, and in it a reader for each key. */
#include "lint/config.h"

#include "base/limits.h"

void config_fault(ConfigReader *r, const YamlNode *n, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  diag_verror(r->diags, ID_lint_config, n->at, fmt, args);
  va_end(args);
}

void config_note(ConfigReader *r, const YamlNode *n, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  Str text = diag_format(r->arena, fmt, args);
  va_end(args);
  diag_warning(r->diags, ID_lint_config, n->at, STR_FMT, STR_ARG(text));
}

static bool is_kind(ConfigReader *r, const YamlNode *key, const YamlNode *n, YamlKind kind, const char *wanted) {
  if (n->kind == kind) return true;
  config_fault(r, n, "`" STR_FMT "` is %s; a %s is wanted", STR_ARG(key->text), yaml_kind_words(n), wanted);
  return false;
}

bool config_is_list(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  if (!is_kind(r, key, n, YAML_LIST, "list")) return false;
  if (n->n <= LIMIT_LINT_PATTERNS) return true;
  config_fault(r, n, "`" STR_FMT "` has more than %d entries", STR_ARG(key->text), LIMIT_LINT_PATTERNS);
  return false;
}

bool config_is_map(ConfigReader *r, const YamlNode *key, const YamlNode *n) { return is_kind(r, key, n, YAML_MAP, "map"); }

bool config_text(ConfigReader *r, const YamlNode *n, Str *out) {
  bool good = n->kind == YAML_SCALAR && !yaml_is_null(n) && n->text.n && !memchr(n->text.p, 0, n->text.n);
  if (good) *out = arena_dup(r->arena, n->text);
  else config_fault(r, n, "%s: a text is wanted here", n->kind == YAML_SCALAR ? "nothing" : yaml_kind_words(n));
  return good;
}

/* --- maps ---------------------------------------------------------------------------------------------------- */

static const char *nearest_key(Str name, const ConfigKey *keys, size_t n) {
  const char *best = NULL;
  unsigned least = 3;
  for (size_t i = 0; i < n; i++) {
    unsigned d = str_distance(name, str_of(keys[i].name), 2);
    if (d < least && d < strlen(keys[i].name)) least = d, best = keys[i].name;
  }
  return best;
}

static void no_such_key(ConfigReader *r, const YamlNode *key, const ConfigKey *keys, size_t n) {
  config_fault(r, key, "there is no key `" STR_FMT "` here", STR_ARG(key->text));
  const char *near = nearest_key(key->text, keys, n);
  Buf names = {.arena = r->arena};
  for (size_t i = 0; i < n; i++) buf_printf(&names, "%s%s", i ? ", " : "", keys[i].name);
  if (near) diag_hint(r->diags, "did you mean `%s`?", near);
  else diag_hint(r->diags, "keys are: " STR_FMT, STR_ARG(buf_view(&names)));
}

void config_read_map(ConfigReader *r, const YamlNode *map, const ConfigKey *keys, size_t n) {
  for (uint32_t i = 0; i < map->n; i++) {
    const YamlPair *p = &map->pairs[i];
    size_t k = 0;
    while (k < n && !str_is(p->key->text, keys[k].name)) k++;
    if (k == n) no_such_key(r, p->key, keys, n);
    else if (!yaml_is_null(p->value)) keys[k].read(r, p->key, p->value); /* all of its lines are comments */
  }
}

/* --- checks -------------------------------------------------------------------------------------------------- */

bool config_check(ConfigReader *r, const YamlNode *n, CheckId *out) {
  Str id;
  if (!config_text(r, n, &id)) return false;
  *out = check_find(id);
  if (*out != CHECK_COUNT) return true;
  config_fault(r, n, "there is no check `" STR_FMT "`", STR_ARG(id));
  const char *near = r->diags->dropped ? NULL : check_nearest(id);
  if (near) diag_hint(r->diags, "did you mean `%s`?", near);
  else diag_hint(r->diags, "`sigmac list checks` prints what there is");
  return false;
}

/* What a file enables it must not disable; another one may. */
static void read_wishes(ConfigReader *r, const YamlNode *key, const YamlNode *n, int8_t wish) {
  CheckId check;
  for (uint32_t i = 0; config_is_list(r, key, n) && i < n->n; i++) {
    if (!config_check(r, n->items[i], &check)) continue;
    if (r->said[check] == -wish) config_fault(r, n->items[i], "`%s` is enabled and disabled", checks[check].id);
    r->said[check] = r->config.wish[check] = wish;
  }
}

static void read_enable(ConfigReader *r, const YamlNode *key, const YamlNode *n) { read_wishes(r, key, n, 1); }

static void read_disable(ConfigReader *r, const YamlNode *key, const YamlNode *n) { read_wishes(r, key, n, -1); }

static void read_profile(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  static const char *const names[] = {"default", "sigmahq", "all"};
  (void)key;
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    if (n->kind != YAML_SCALAR || !str_is(n->text, names[i])) continue;
    r->config.has_profile = true;
    r->config.profile = (Profile)i;
    return;
  }
  config_fault(r, n, "a profile is `default`, `sigmahq` or `all`");
}

static void read_severities(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  static const char *const names[] = {"error", "warning", "info"};
  CheckId check;
  if (!config_is_map(r, key, n)) return;
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlNode *value = n->pairs[i].value;
    int8_t severity = 0;
    for (int8_t s = 0; s < 3; s++)
      if (value->kind == YAML_SCALAR && str_is(value->text, names[s])) severity = (int8_t)(s + 1);
    if (!severity) config_fault(r, value, "a severity is `error`, `warning` or `info`");
    if (config_check(r, n->pairs[i].key, &check)) r->config.severity[check] = severity;
  }
}

/* --- the file ------------------------------------------------------------------------------------------------ */

static void read_lint(ConfigReader *r, const YamlNode *key, const YamlNode *n) {
  static const ConfigKey keys[] = {
    {"profile", read_profile},       {"enable", read_enable},          {"disable", read_disable},
    {"severities", read_severities}, {"allowed", config_read_allowed}, {"exclude", config_read_exclude},
    {"ignore", config_read_ignore},
  };
  if (config_is_map(r, key, n)) config_read_map(r, n, keys, sizeof keys / sizeof *keys);
}

static void read_document(ConfigReader *r, const YamlDocs *docs, Span start) {
  static const ConfigKey keys[] = {{"lint", read_lint}};
  if (!docs->docs.n) return; /* all of it is comments */
  if (docs->docs.n != 1 || docs->docs.p[0]->kind != YAML_MAP) {
    diag_error(r->diags, ID_lint_config, docs->docs.n > 1 ? docs->docs.p[1]->at : start, "one map is wanted");
    return;
  }
  const YamlNode *root = docs->docs.p[0];
  if (config_is_sigma_cli(root)) config_read_sigma_cli(r, root);
  else config_read_map(r, root, keys, sizeof keys / sizeof *keys);
}

bool lint_config_read(LintConfig *config, Str folder, Sources *sources, uint32_t file, Arena *arena, Diags *diags) {
  ConfigReader r = {.arena = arena, .diags = diags, .config = *config, .folder = folder};
  Span start = {file, 0, 0};
  YamlDocs docs = {0};
  uint32_t errors = diags->errors;
  if (sources->files.p[file].text.n > LIMIT_LINT_FILE_BYTES) diag_error(diags, ID_file_too_large, start, "larger than 1 MiB");
  else if (yaml_parse(&docs, sources, file, arena, diags)) read_document(&r, &docs, start);
  if (diags->errors > errors) return false;
  *config = r.config;
  return true;
}
