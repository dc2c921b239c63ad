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

/* How a pipeline gets a file below its folder (schema, file_placeholders). `path` is relative and checked: no `..`. False where
 * it cannot be read; `why` is then set. */
typedef bool PipelineRead(void *ctx, Str folder, Str path, Str *text, const char **why);

Pipelines *pipelines_new(Arena *arena, Sources *sources, Diags *diags, PipelineRead *read, void *ctx);
/* One file; `folder` is where its relative paths start. False after reporting an error: the whole run is a configuration
 * error then. */
bool pipelines_add(Pipelines *p, Str path, Str folder, Str text);
/* All are added: sorted by priority, merged, targets agree. False after reporting an error. */
bool pipelines_finish(Pipelines *p, Vars *vars);
/* TARGET_NONE where no file says. */
Target pipelines_target(const Pipelines *p);

/* The work on one rule for one source: state, applied items, the logsource that transformations may change. Made anew for
 * each, so that nothing leaks. */
typedef struct PipelineRun PipelineRun;
/* What an item did, for `pipeline show`; `name` is its id or its type. */
typedef void PipelineTrace(void *ctx, const PipelineRun *run, Str name, Span at, const IrNode *before, const IrNode *after);

PipelineRun *pipeline_run_new(const Pipelines *p, const Rule *rule, Logsource logsource, Target target, Passes *passes);
void pipeline_run_trace(PipelineRun *run, PipelineTrace *trace, void *ctx);
/* Transformations from top to bottom on a tree of whole items; the tree belongs to this run alone and may be changed in place;
 * *root is replaced. False after reporting a refusal or an error. */
bool pipeline_run_apply(PipelineRun *run, IrNode **root);
/* The results, for the plan. */
void pipeline_run_results(const PipelineRun *run, Plan *plan);
/* Postprocessing of one query. False after reporting an error. */
bool pipeline_run_postprocess(PipelineRun *run, Str *query);
/* Finalizers over all queries of a run; where there are none, *out is untouched and false is returned without a report. */
bool pipelines_finalize(const Pipelines *p, const Str *queries, uint32_t n, Arena *arena, Str *out);

#endif
