/* SPDX-License-Identifier: MIT */
#include "backends/deploy_internal.h"

const DeployInfo deploy_info[DEPLOY_COUNT] = {
#define DEPLOY(id, word, suffix, target, several, make, frequency, lookback, enabled, before_19, about) \
  {word, suffix, about, target, several},
#include "backends/deploy.def"
#undef DEPLOY
};

static const struct {
  DeployMake *make;
  DeployDefaults defaults;
} formats[DEPLOY_COUNT] = {
#define DEPLOY(id, word, suffix, target, several, make, frequency, lookback, enabled, before_19, about) \
  {make, {frequency, lookback, enabled, before_19}},
#include "backends/deploy.def"
#undef DEPLOY
};

DeployFormat deploy_find(Str name) {
  int f = 0;
  while (f < DEPLOY_COUNT && !str_is(name, deploy_info[f].name)) f++;
  return (DeployFormat)f;
}

/* The template without the end of its list of resources. */
static void begin_template(Deploy *d, Buf *out) {
  Arena *a = arena_sub(d->arena);
  data_json(out, deploy_arm_template(a), 0);
  out->n -= strlen("]\n}");
  arena_sub_done(a);
}

void deploy_begin(Deploy *d, DeployFormat format, Arena *arena, Diags *diags, Buf *out) {
  *d = (Deploy){.format = format, .arena = arena, .diags = diags};
  if (format == DEPLOY_SENTINEL_ARM) begin_template(d, out);
}

static void write(const Deploy *d, const Data *document, Buf *out) {
  switch (d->format) {
  case DEPLOY_KIBANA_NDJSON:
  case DEPLOY_DEFENDER_JSON:
  case DEPLOY_DEFENDER_V1_JSON:
    data_json(out, document, DATA_ONE_LINE);
    buf_char(out, '\n');
    break;
  case DEPLOY_ELASTIC_TOML: data_toml(out, document); break;
  case DEPLOY_SENTINEL_YAML:
    if (d->rules) buf_str(out, STR("---\n"));
    data_yaml(out, document);
    break;
  case DEPLOY_SENTINEL_ARM:
    buf_str(out, d->rules ? STR(",\n    ") : STR("\n    "));
    data_json(out, document, 2);
    break;
  case DEPLOY_COUNT: break;
  }
}

bool deploy_rule(Deploy *d, const Plan *plan, Str query, Buf *out) {
  Arena *a = arena_sub(d->arena);
  DeployRule r;
  const Data *document = NULL;
  if (deploy_read(&r, &formats[d->format].defaults, plan, query, a, d->diags)) document = formats[d->format].make(&r);
  if (document) {
    write(d, document, out);
    d->rules++;
  }
  arena_sub_done(a);
  return document != NULL;
}

void deploy_end(Deploy *d, Buf *out) {
  if (d->format == DEPLOY_SENTINEL_ARM) buf_str(out, d->rules ? STR("\n  ]\n}\n") : STR("]\n}\n"));
}
