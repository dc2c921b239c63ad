/* SPDX-License-Identifier: MIT
 * What a rule set says of how it is linted: the file .sigmac.yml, or the one that `sigma check --validation-config` takes
 * (docs/linting.md, "Configuration"). Of several files the later one counts, lists are put together. */
#ifndef SIGMAC_LINT_CONFIG_H
#define SIGMAC_LINT_CONFIG_H

#include "compiler/yaml.h"
#include "lint/lint.h"

typedef struct {
  uint64_t bits[(CHECK_COUNT + 63) / 64];
} CheckSet;
static inline void check_set_add(CheckSet *s, CheckId c) { s->bits[c / 64] |= (uint64_t)1 << c % 64; }
static inline bool check_set_has(const CheckSet *s, CheckId c) { return s->bits[c / 64] >> c % 64 & 1; }
static inline void check_set_join(CheckSet *s, const CheckSet *other) {
  for (size_t i = 0; i < sizeof s->bits / sizeof *s->bits; i++) s->bits[i] |= other->bits[i];
}

/* Files, by a pattern of lint/globs.h below a folder. */
typedef struct {
  Str folder, glob;
  CheckSet checks; /* of `exclude` */
} ConfigPath;

typedef struct {
  Str id; /* in lower case; empty: rules without one */
  CheckSet checks;
} ConfigRule;

/* A log source; a part that is empty may be anything. */
typedef struct {
  Str part[LINT_COUNT];
} ConfigSource;

typedef struct {
  ConfigSource source;
  Str name; /* a glob */
} ConfigField;

struct LintConfig {
  bool has_profile;
  Profile profile;
  int8_t wish[CHECK_COUNT];     /* 1: on, -1: off */
  int8_t severity[CHECK_COUNT]; /* Severity + 1; 0: as it is */
  VEC(Str) tags;                /* globs, in lower case */
  VEC(Str) keys;                /* globs */
  VEC(ConfigSource) sources;
  VEC(ConfigField) fields;
  VEC(ConfigPath) ignored;
  VEC(ConfigPath) paths;
  VEC(ConfigRule) rules;
};

/* Adds what the text of a file says. False, with errors, where it has a fault: then *config is as it was. What has no meaning here is
 * a warning. `file` is a number in sources; `folder`, where the file is, is what patterns of paths are below. */
bool lint_config_read(LintConfig *config, Str folder, Sources *sources, uint32_t file, Arena *arena, Diags *diags);

/* --- what it says -------------------------------------------------------------------------------------------- */

bool lint_config_ignores(const LintConfig *c, Str absolute);
/* For checks: whether the configuration takes a word for a good one. */
bool lint_tag_allowed(const Lint *l, Str tag);
bool lint_key_allowed(const Lint *l, Str key);
bool lint_source_allowed(const Lint *l, const Logsource *source);
bool lint_field_allowed(const Lint *l, const Logsource *source, Str field);

/* --- for its readers alone ----------------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  Diags *diags;
  LintConfig config;
  Str folder;
  int8_t said[CHECK_COUNT]; /* by this file: 1 enabled, -1 disabled */
} ConfigReader;

void config_fault(ConfigReader *r, const YamlNode *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void config_note(ConfigReader *r, const YamlNode *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* False, and a fault, where it is none. */
bool config_is_list(ConfigReader *r, const YamlNode *key, const YamlNode *n);
bool config_is_map(ConfigReader *r, const YamlNode *key, const YamlNode *n);
/* The text of a scalar that is neither empty nor null, in the arena; NULL bytes and a fault where it is none. */
bool config_text(ConfigReader *r, const YamlNode *n, Str *out);

/* A row for each key that a map may have. */
typedef struct {
  const char *name;
  void (*read)(ConfigReader *r, const YamlNode *key, const YamlNode *n);
} ConfigKey;
void config_read_map(ConfigReader *r, const YamlNode *map, const ConfigKey *keys, size_t n);

/* The readers of parts. */
void config_read_allowed(ConfigReader *r, const YamlNode *key, const YamlNode *n);
void config_read_exclude(ConfigReader *r, const YamlNode *key, const YamlNode *n);
void config_read_ignore(ConfigReader *r, const YamlNode *key, const YamlNode *n);
/* The id of a check. False, and a fault, where it is none. */
bool config_check(ConfigReader *r, const YamlNode *n, CheckId *out);

/* The file of sigma-cli: whether a map is one, and what it says. */
bool config_is_sigma_cli(const YamlNode *root);
void config_read_sigma_cli(ConfigReader *r, const YamlNode *root);

#endif
