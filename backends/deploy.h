/* SPDX-License-Identifier: MIT
 * Deploy formats: a query with all that its rule says about itself, as the systems that run it take it (docs/deploying.md
 * names the source of every member). A format is a document per rule; how several rules stand in one text is the format's
 * business, so a text is begun, gets its rules, and is ended:
 *
 *   Deploy d;
 *   deploy_begin(&d, format, arena, diags, &out);
 *   for each rule: if (!deploy_rule(&d, plan, query, &out)) ...        (refused, reported; `out` is as it was)
 *   deploy_end(&d, &out);
 *
 * Nothing here reads a clock or a random number: the same rules give the same bytes. */
#ifndef SIGMAC_BACKENDS_DEPLOY_H
#define SIGMAC_BACKENDS_DEPLOY_H

#include "compiler/plan.h"

typedef enum {
#define DEPLOY(name, ...) DEPLOY_##name,
#include "backends/deploy.def"
#undef DEPLOY
  DEPLOY_COUNT
} DeployFormat;

typedef struct {
  const char *name;   /* kibana-ndjson: the word behind --format */
  const char *suffix; /* of a file that holds it, with the dot */
  const char *about;  /* a line for help and documentation */
  Target target;      /* of the queries that it takes: with another one, it is a usage error */
  bool several;       /* one text may hold several rules; else there is a file for each (-o DIR/) */
} DeployInfo;
extern const DeployInfo deploy_info[DEPLOY_COUNT];

/* By its name; DEPLOY_COUNT where there is none. */
DeployFormat deploy_find(Str name);

typedef struct {
  DeployFormat format;
  Arena *arena;   /* what a rule needs while it is written; nothing stays in use */
  Diags *diags;   /* what a format cannot take (errors) or lost (warnings), at its place in the rule or the pipeline */
  uint32_t rules; /* written so far */
} Deploy;

void deploy_begin(Deploy *d, DeployFormat format, Arena *arena, Diags *diags, Buf *out);
/* `query`: as backend_print made it, after postprocessing, without a comment. False after reporting why the format cannot
 * hold the rule (too long a query, a custom attribute that is no duration ...); `out` is as before then, and the others go
 * on. A format that does not take several rules is begun for each. */
bool deploy_rule(Deploy *d, const Plan *plan, Str query, Buf *out);
void deploy_end(Deploy *d, Buf *out);

#endif
