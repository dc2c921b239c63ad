/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what pipelines do to rules. */
#include "backends/api_internal.h"
#include "backends/show.h"

typedef struct {
  Translating translating;
  ApiWriter writer;
  sigmac_format format;
  bool colour;
  uint32_t rules; /* shown so far */
  /* The present rule: */
  Buf sources; /* text, or JSON members, of the sources so far */
  uint32_t n_sources, n_steps;
} Show;

static Str tree_of(const Show *s, const IrNode *tree) {
  Buf text = {.arena = s->translating.arena};
  ir_print(&text, tree);
  return buf_view(&text);
}

static void json_member(Buf *out, const char *name, Str value) {
  buf_printf(out, "\"%s\":", name);
  buf_json(out, value);
}

/* Those alone that are there. */
static void json_optional(Buf *out, const char *name, Str value) {
  if (!value.n) return;
  buf_char(out, ',');
  json_member(out, name, value);
}

/* --- sources and steps --------------------------------------------------------------------------------------- */

static void put_logsource(Buf *out, const Logsource *l) {
  const Str parts[] = {l->product.text, l->category.text, l->service.text};
  bool any = false;
  for (int i = 0; i < 3; i++) {
    if (!parts[i].n) continue;
    if (any) buf_str(out, STR(", "));
    buf_safe(out, parts[i]);
    any = true;
  }
  if (!any) buf_str(out, STR("any events"));
}

static void json_source(Buf *out, const PlanBranch *b) {
  buf_str(out, STR("\"logsource\":{"));
  json_member(out, "category", b->logsource.category.text);
  buf_char(out, ',');
  json_member(out, "product", b->logsource.product.text);
  buf_char(out, ',');
  json_member(out, "service", b->logsource.service.text);
  buf_char(out, '}');
  json_optional(out, "table", b->table);
  json_optional(out, "event_category", b->category);
}

static void end_json_source(Show *s) {
  if (s->format == SIGMAC_JSON && s->n_sources) buf_str(&s->sources, STR("]}"));
}

static void on_source(void *ctx, const PlanBranch *b) {
  Show *s = ctx;
  Buf *out = &s->sources;
  end_json_source(s);
  s->n_steps = 0;
  if (s->format == SIGMAC_JSON) {
    buf_str(out, s->n_sources ? STR(",{") : STR("{"));
    json_source(out, b);
    json_optional(out, "before", tree_of(s, b->root));
    buf_str(out, STR(",\"steps\":["));
  } else {
    buf_char(out, '\n');
    put_logsource(out, &b->logsource);
    if (b->table.n || b->category.n) buf_str(out, STR(" -> "));
    buf_safe(out, b->table.n ? b->table : b->category);
    buf_char(out, '\n');
    show_lines(out, tree_of(s, b->root), 4);
  }
  s->n_sources++;
}

static void text_step(Show *s, const PipelineStep *step, Place at, Str before, Str after) {
  Buf *out = &s->sources;
  buf_str(out, STR("  "));
  buf_safe(out, s->translating.compiler->compiler.sources.files.p[step->at.file].path);
  buf_printf(out, ":%u: %s", at.line, step->type);
  if (step->id.n) {
    buf_str(out, STR(" `"));
    buf_safe(out, step->id);
    buf_char(out, '`');
  }
  if (step->note.n) {
    buf_str(out, STR(": "));
    buf_safe(out, step->note);
  }
  buf_char(out, '\n');
  show_difference(out, before, after, 4, s->colour, s->translating.arena);
}

static void json_step(Show *s, const PipelineStep *step, Place at, Str after, bool changed) {
  Buf *out = &s->sources;
  buf_str(out, s->n_steps ? STR(",{") : STR("{"));
  json_member(out, "type", str_of(step->type));
  json_optional(out, "id", step->id);
  json_optional(out, "path", s->translating.compiler->compiler.sources.files.p[step->at.file].path);
  buf_printf(out, ",\"line\":%u", at.line);
  json_optional(out, "note", step->note);
  if (changed) json_optional(out, "after", after);
  buf_char(out, '}');
}

/* Of steps that did nothing there is nothing to see. */
static void on_step(void *ctx, const struct PipelineRun *run, const struct PipelineStep *step) {
  Show *s = ctx;
  (void)run;
  Str before = tree_of(s, step->before), after = tree_of(s, step->after);
  bool changed = !str_eq(before, after);
  Place at = source_place(&s->translating.compiler->compiler.sources, step->at);
  if (!changed && !step->note.n) return;
  if (s->format == SIGMAC_JSON) json_step(s, step, at, after, changed);
  else text_step(s, step, at, before, after);
  s->n_steps++;
}

/* --- a rule -------------------------------------------------------------------------------------------------- */

static void text_result(Buf *out, Show *s, const sigmac_translation *t) {
  const Plan *plan = &s->translating.plan;
  bool wide = plan->n_branches > 1;
  buf_printf(out, "\nresult%s\n", wide ? ", any of these" : "");
  for (uint32_t i = 0; i < plan->n_branches; i++) {
    const PlanBranch *b = &plan->branches[i];
    if (b->table.n || b->category.n) {
      buf_str(out, STR("  "));
      buf_safe(out, b->table.n ? b->table : b->category);
      buf_char(out, '\n');
    }
    for (uint32_t k = 0; k < b->n_columns; k++) {
      buf_str(out, STR("    "));
      buf_safe(out, b->columns[k].name);
      buf_str(out, STR(" = "));
      buf_safe(out, b->columns[k].expr);
      buf_char(out, '\n');
    }
    show_lines(out, tree_of(s, b->root), 4);
  }
  buf_str(out, STR("\n"));
  show_lines(out, api_str(t->query), 0);
}

static void text_rule(Buf *out, Show *s, const sigmac_translation *t) {
  bool good = t->query.n > 0;
  if (s->rules) buf_char(out, '\n');
  buf_safe(out, api_str(t->path));
  buf_printf(out, ":%u: ", t->line);
  buf_safe(out, api_str(t->title));
  buf_char(out, '\n');
  buf_str(out, buf_view(&s->sources));
  if (good) text_result(out, s, t);
  if (t->part_of.n) {
    buf_str(out, STR("  part of the correlation "));
    buf_safe(out, api_str(t->part_of));
    buf_char(out, '\n');
  }
  for (uint32_t i = 0; i < t->diagnostics_n && !good; i++) {
    const sigmac_diagnostic *d = t->diagnostics[i];
    if (d->severity != SIGMAC_ERROR) continue;
    buf_str(out, STR("  refused: "));
    buf_safe(out, api_str(d->message));
    buf_printf(out, " [%s]\n", d->id);
  }
}

static void json_result(Buf *out, Show *s, const sigmac_translation *t) {
  const Plan *plan = &s->translating.plan;
  buf_str(out, STR(",\"result\":["));
  for (uint32_t i = 0; i < plan->n_branches; i++) {
    const PlanBranch *b = &plan->branches[i];
    buf_str(out, i ? STR(",{") : STR("{"));
    json_source(out, b);
    buf_str(out, STR(",\"columns\":["));
    for (uint32_t k = 0; k < b->n_columns; k++) {
      buf_str(out, k ? STR(",{") : STR("{"));
      json_member(out, "name", b->columns[k].name);
      json_optional(out, "expr", b->columns[k].expr);
      buf_char(out, '}');
    }
    buf_char(out, ']');
    json_optional(out, "after", tree_of(s, b->root));
    buf_char(out, '}');
  }
  buf_char(out, ']');
  json_optional(out, "query", api_str(t->query));
}

static void json_errors(Buf *out, const sigmac_translation *t) {
  bool any = false;
  for (uint32_t i = 0; i < t->diagnostics_n; i++) {
    const sigmac_diagnostic *d = t->diagnostics[i];
    if (d->severity != SIGMAC_ERROR) continue;
    buf_str(out, any ? STR(",{") : STR(",\"errors\":[{"));
    json_member(out, "id", str_of(d->id));
    json_optional(out, "message", api_str(d->message));
    buf_printf(out, ",\"line\":%u,\"column\":%u}", d->line, d->column);
    any = true;
  }
  if (any) buf_char(out, ']');
}

static void json_rule(Buf *out, Show *s, const sigmac_translation *t) {
  end_json_source(s);
  buf_char(out, '{');
  if (t->id.n) json_member(out, "rule_id", api_str(t->id));
  else buf_str(out, STR("\"rule_id\":null"));
  buf_char(out, ',');
  json_member(out, "title", api_str(t->title));
  buf_char(out, ',');
  json_member(out, "path", api_str(t->path));
  buf_printf(out, ",\"line\":%u,\"target\":\"%s\",\"sources\":[", t->line, t->target);
  buf_str(out, buf_view(&s->sources));
  buf_char(out, ']');
  if (t->query.n) json_result(out, s, t);
  if (t->part_of.n) json_optional(out, "part_of", api_str(t->part_of));
  json_errors(out, t);
  buf_str(out, STR("}\n"));
}

static bool on_translation(void *ctx, const sigmac_translation *t) {
  Show *s = ctx;
  if (s->format == SIGMAC_JSON) json_rule(&s->writer.buf, s, t);
  else text_rule(&s->writer.buf, s, t);
  s->rules++;
  s->sources.n = 0;
  s->n_sources = s->n_steps = 0;
  return api_flush(&s->writer, false);
}

sigmac_status sigmac_compiler_show_pipelines(sigmac_compiler *c, sigmac_format format, sigmac_write *write, void *ctx) {
  if (!c || !write || format == SIGMAC_MARKDOWN) return SIGMAC_MISUSE;
  Show s = {.format = format, .colour = format == SIGMAC_COLOURED_TEXT, .writer = {.write = write, .ctx = ctx}};
  PlanTrace trace = {&s, on_source, on_step};
  s.translating = (Translating){.compiler = c, .fn = on_translation, .ctx = &s, .trace = &trace};
  s.writer.buf.arena = s.sources.arena = &c->arena;
  sigmac_status status = api_translate(&s.translating);
  if (status == SIGMAC_OK && !api_flush(&s.writer, true)) return SIGMAC_STOPPED;
  return status;
}
