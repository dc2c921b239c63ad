/* SPDX-License-Identifier: MIT
 * Processing pipelines (docs/pipelines.md): pySigma's YAML, read into a list of items, each with conditions, and applied to a
 * lowered rule: IR in, new IR out. What is ours stands under `vars.sigmac` and is read by model.h.
 *
 * A pipeline is data: it runs nothing and opens no file but those below its own folder. */
#ifndef SIGMAC_COMPILER_PIPELINE_H
#define SIGMAC_COMPILER_PIPELINE_H

#include "compiler/plan.h"

/* All pipelines of a run, in order of priority, as one. */
typedef struct Pipelines Pipelines;

/* How a pipeline gets a file below its folder (schema, file_placeholders). `path` is relative and checked: no `..`; links are
 * for this function to follow or not. The text lives as long as the arena of the pipelines. False where it cannot be read;
 * `why` is then set. */
typedef bool PipelineRead(void *ctx, Str folder, Str path, Str *text, const char **why);

Pipelines *pipelines_new(Arena *arena, Sources *sources, Diags *diags, PipelineRead *read, void *ctx);
/* One file; `folder` is where its relative paths start. False after reporting an error: the whole run is a configuration
 * error then. Path, folder and text must live as long as the arena. */
bool pipelines_add(Pipelines *p, Str path, Str folder, Str text);
/* All are added: sorted by priority (equal ones keep their order), merged, targets agree. Their variables become values of
 * placeholders as those of a file of values do (VARS_MORE): call it before --var. False after reporting an error. */
bool pipelines_finish(Pipelines *p, Vars *vars);

/* The rest is for finished pipelines. */

/* One file. */
typedef struct {
  Str path, folder, name; /* name: empty where it has none */
  double priority;
  const YamlNode *sigmac; /* `vars.sigmac`, a map; NULL: none */
} PipelineFile;
/* In order of priority; NULL behind the last. */
const PipelineFile *pipelines_file(const Pipelines *p, uint32_t i);
/* The text of a file that a pipeline names (the scalar `path`), as a source of its own, *source. False after reporting that
 * it is not below the pipeline's folder or cannot be read. */
bool pipelines_read(const Pipelines *p, const PipelineFile *file, const YamlNode *path, uint32_t *source);

/* Whether placeholders get values in them that no --var and no file of values has. */
bool pipelines_give_values(const Pipelines *p);

/* TARGET_NONE where no file says. */
Target pipelines_target(const Pipelines *p);
/* False after reporting that a file is for another target (`vars.sigmac.target`, `allowed_backends`). */
bool pipelines_allow(const Pipelines *p, Target target);

/* The work on one rule for one source: state, applied items, the logsource that transformations may change. Made anew for
 * each, so that nothing leaks. */
typedef struct PipelineRun PipelineRun;

/* What an item did, for `pipeline show`. */
typedef struct PipelineStep {
  Str id;                       /* of the item; empty: it has none */
  const char *type;             /* of the transformation */
  Span at;                      /* of the item in its file */
  const IrNode *before, *after; /* the tree; the same pointer where it did not change */
  Str note;                     /* what else changed, such as "state index = logs-*"; may be empty */
} PipelineStep;
typedef void PipelineTrace(void *ctx, const PipelineRun *run, const PipelineStep *step);

PipelineRun *pipeline_run_new(const Pipelines *p, const Rule *rule, Logsource logsource, Target target, Passes *passes);
void pipeline_run_trace(PipelineRun *run, PipelineTrace *trace, void *ctx);
/* Transformations from top to bottom on a tree of whole items; the tree belongs to this run alone and may be changed in place;
 * *root is replaced. Items that are `settled` stay as they are. False after reporting a refusal or an error. */
bool pipeline_run_apply(PipelineRun *run, IrNode **root);
/* Fields, attributes and index patterns, for the plan. */
void pipeline_run_results(const PipelineRun *run, Plan *plan);
/* After transformations. */
Logsource pipeline_run_logsource(const PipelineRun *run);
/* The value that `set_state` gave to a key; NULL where none did. */
const YamlNode *pipeline_run_state(const PipelineRun *run, const char *key);
/* Postprocessing of one query. False after reporting an error. */
bool pipeline_run_postprocess(PipelineRun *run, Str *query);

/* Finalizers over all queries of a run. */
bool pipelines_have_finalizers(const Pipelines *p);
/* False after reporting an error. */
bool pipelines_finalize(const Pipelines *p, const Str *queries, uint32_t n, Arena *arena, Str *out);

#endif
