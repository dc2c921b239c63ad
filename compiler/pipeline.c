/* SPDX-License-Identifier: MIT */
#include "compiler/pipeline.h"

struct Pipelines {
  VEC(PipelineFile) files;
};
struct PipelineRun {
  Logsource logsource;
};

Pipelines *pipelines_new(Arena *arena, Sources *sources, Diags *diags, PipelineRead *read, void *ctx) {
  (void)sources, (void)diags, (void)read, (void)ctx;
  return arena_new(arena, Pipelines);
}
bool pipelines_add(Pipelines *p, Str path, Str folder, Str text) {
  (void)p, (void)path, (void)folder, (void)text;
  return true;
}
bool pipelines_finish(Pipelines *p, Vars *vars) {
  (void)p, (void)vars;
  return true;
}
const PipelineFile *pipelines_file(const Pipelines *p, uint32_t i) { return i < p->files.n ? &p->files.p[i] : NULL; }
bool pipelines_read(const Pipelines *p, const PipelineFile *file, const YamlNode *path, uint32_t *source) {
  (void)p, (void)file, (void)path, (void)source;
  return false;
}
Target pipelines_target(const Pipelines *p) {
  (void)p;
  return TARGET_NONE;
}
bool pipelines_allow(const Pipelines *p, Target target) {
  (void)p, (void)target;
  return true;
}
PipelineRun *pipeline_run_new(const Pipelines *p, const Rule *rule, Logsource logsource, Target target, Passes *passes) {
  (void)p, (void)rule, (void)target;
  PipelineRun *run = arena_new(passes->arena, PipelineRun);
  run->logsource = logsource;
  return run;
}
void pipeline_run_trace(PipelineRun *run, PipelineTrace *trace, void *ctx) { (void)run, (void)trace, (void)ctx; }
bool pipeline_run_apply(PipelineRun *run, IrNode **root) {
  (void)run, (void)root;
  return true;
}
void pipeline_run_results(const PipelineRun *run, Plan *plan) { (void)run, (void)plan; }
Logsource pipeline_run_logsource(const PipelineRun *run) { return run->logsource; }
const YamlNode *pipeline_run_state(const PipelineRun *run, const char *key) {
  (void)run, (void)key;
  return NULL;
}
bool pipeline_run_postprocess(PipelineRun *run, Str *query) {
  (void)run, (void)query;
  return true;
}
bool pipelines_have_finalizers(const Pipelines *p) {
  (void)p;
  return false;
}
bool pipelines_finalize(const Pipelines *p, const Str *queries, uint32_t n, Arena *arena, Str *out) {
  (void)p, (void)queries, (void)n, (void)arena, (void)out;
  return true;
}
