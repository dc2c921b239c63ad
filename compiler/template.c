/* SPDX-License-Identifier: MIT
 * Templates of postprocessing and finalizers: `{{ path | filter }}`, the small part of Jinja that docs/pipelines.md describes,
 * and `{path}`. They are read once, with all faults at their places; writing one computes nothing. */
#include "base/limits.h"
#include "compiler/pipeline_internal.h"

typedef enum { FILTER_DEFAULT, FILTER_LOWER, FILTER_UPPER, FILTER_JOIN } FilterKind;

typedef struct {
  FilterKind kind;
  Str text; /* of default and join */
} TemplateFilter;

typedef struct {
  Str text;     /* literal, where there is no path */
  StrList path; /* names */
  VEC(TemplateFilter) filters;
  Span at;
} Chunk;

struct Template {
  VEC(Chunk) chunks;
  Span at;
};

/* --- reading -------------------------------------------------------------------------------------------------------- */

typedef struct {
  PipelineReader *r;
  const YamlNode *node;
  Str s;
  size_t i;
  TemplatePlace place;
  Template *out;
} Parser;

static bool fail(Parser *p, size_t from, size_t to, const char *what) {
  return read_error(p->r, ID_pipeline_format, yaml_sub_span(p->node, from, to), "%s", what);
}

static void skip_blanks(Parser *p) {
  while (p->i < p->s.n && (p->s.p[p->i] == ' ' || p->s.p[p->i] == '\t' || p->s.p[p->i] == '\n' || p->s.p[p->i] == '\r')) p->i++;
}

static bool at(const Parser *p, const char *text) { return p->i < p->s.n && str_starts(str_from(p->s, p->i), str_of(text)); }

static bool name_char(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_'; }

static bool read_name(Parser *p, Str *out) {
  size_t from = p->i;
  while (p->i < p->s.n && (name_char(p->s.p[p->i]) || (p->i > from && p->s.p[p->i] == '-'))) p->i++;
  *out = str_sub(p->s, from, p->i);
  if (!out->n) return fail(p, from, from + 1, "a name of a path is expected: letters, digits and `_`");
  if (out->p[0] == '_') return fail(p, from, p->i, "names that begin with `_` are not for templates");
  return true;
}

static bool check_path(Parser *p, const StrList *path, size_t from) {
  Str root = path->p[0];
  bool final = p->place == TEMPLATE_FINAL;
  if (str_is(root, "query") || str_is(root, "queries")) {
    if (str_is(root, "queries") != final)
      return fail(p, from, p->i, final ? "a finalizer has `queries`, not `query`" : "postprocessing has `query`, not `queries`");
    return path->n == 1 || fail(p, from, p->i, "a query has no attributes");
  }
  if (str_is(root, "rule")) {
    if (final) return fail(p, from, p->i, "a finalizer is for all rules: it has no `rule`");
    return path->n > 1 || fail(p, from, p->i, "`rule` needs an attribute, such as `rule.title`");
  }
  if (!str_is(root, "pipeline"))
    return fail(p, from, p->i, final ? "a path begins with queries or pipeline" : "a path begins with query, rule or pipeline");
  bool name = path->n == 2 && str_is(path->p[1], "name");
  bool vars = path->n == 3 && str_is(path->p[1], "vars"), state = path->n == 3 && str_is(path->p[1], "state");
  if (state && final) return fail(p, from, p->i, "state is that of one rule: a finalizer has none");
  return name || vars || state ||
         fail(p, from, p->i, "of a pipeline there are `pipeline.name`, `pipeline.state.KEY` and `pipeline.vars.KEY`");
}

static bool read_path(Parser *p, Chunk *c) {
  size_t from = p->i;
  do {
    Str name;
    if (c->path.n) p->i++;
    if (!read_name(p, &name)) return false;
    *vec_add(p->r->arena, &c->path) = name;
  } while (at(p, "."));
  c->at = yaml_sub_span(p->node, from, p->i);
  return check_path(p, &c->path, from);
}

/* `("text")`, in either quotes; a backslash hides the next character, \n is a line end. */
static bool read_argument(Parser *p, Str *out) {
  size_t from = p->i;
  Buf b = {.arena = p->r->arena};
  p->i++;
  skip_blanks(p);
  char quote = p->i < p->s.n ? p->s.p[p->i] : '\0';
  if (quote != '"' && quote != '\'') return fail(p, from, p->i + 1, "a filter takes one text in quotes");
  for (p->i++; p->i < p->s.n && p->s.p[p->i] != quote; p->i++) {
    char ch = p->s.p[p->i];
    if (ch == '\\' && p->i + 1 < p->s.n) {
      ch = p->s.p[++p->i];
      if (ch == 'n') ch = '\n';
      if (ch == 't') ch = '\t';
    }
    buf_char(&b, ch);
  }
  p->i++;
  skip_blanks(p);
  if (!at(p, ")")) return fail(p, from, p->s.n < p->i ? p->s.n : p->i, "a filter takes one text in quotes");
  p->i++;
  *out = buf_view(&b);
  return true;
}

static const struct {
  const char *name;
  bool argument;
} filters[] = {{"default", true}, {"lower", false}, {"upper", false}, {"join", true}};

static bool read_filter(Parser *p, Chunk *c) {
  Str name;
  size_t from;
  p->i++;
  skip_blanks(p);
  from = p->i;
  if (!read_name(p, &name)) return false;
  for (size_t k = 0; k < sizeof filters / sizeof *filters; k++) {
    if (!str_is(name, filters[k].name)) continue;
    TemplateFilter *f = vec_add(p->r->arena, &c->filters);
    f->kind = (FilterKind)k;
    if (filters[k].argument && !at(p, "("))
      return fail(p, from, p->i, "the filter needs a text: default(\"text\"), join(\"text\")");
    return !filters[k].argument || read_argument(p, &f->text);
  }
  fail(p, from, p->i, "an unknown filter");
  diag_hint(p->r->diags, "there are default(\"text\"), lower, upper and join(\"text\")");
  return false;
}

static bool joins(const Chunk *c) {
  for (uint32_t i = 0; i < c->filters.n; i++)
    if (c->filters.p[i].kind == FILTER_JOIN) return true;
  return false;
}

static bool read_expression(Parser *p) {
  Chunk *c = vec_add(p->r->arena, &p->out->chunks);
  size_t from = p->i;
  p->i += 2;
  if (at(p, "-") || at(p, "+")) p->i++;
  skip_blanks(p);
  if (!read_path(p, c)) return false;
  skip_blanks(p);
  while (at(p, "|")) {
    if (!read_filter(p, c)) return false;
    skip_blanks(p);
  }
  if (str_is(c->path.p[0], "queries") && !joins(c))
    return fail(p, from, p->i, "`queries` is a list: write `queries | join(\"text\")`");
  if (at(p, "-}}") || at(p, "+}}")) return fail(p, p->i, p->i + 3, "white space is not trimmed here: write `}}`");
  if (!at(p, "}}"))
    return fail(p, p->i, p->i + 1,
                "only `{{ path }}` and `{{ path | filter }}` are understood: no calls, indexing, tests or arithmetic");
  p->i += 2;
  return true;
}

static void add_text(Parser *p, size_t from, size_t to) {
  if (to > from) vec_add(p->r->arena, &p->out->chunks)->text = str_sub(p->s, from, to);
}

static Parser parser_new(PipelineReader *r, const YamlNode *text, TemplatePlace place) {
  Template *out = arena_new(r->arena, Template);
  out->at = text->at;
  return (Parser){.r = r, .node = text, .s = text->text, .place = place, .out = out};
}

/* As Jinja does, the line end at the very end goes. */
Template *template_read(PipelineReader *r, const YamlNode *text, TemplatePlace place) {
  Parser p = parser_new(r, text, place);
  if (p.s.n && p.s.p[p.s.n - 1] == '\n') p.s.n--;
  while (p.i < p.s.n) {
    size_t brace = p.i;
    while (brace < p.s.n && !(p.s.p[brace] == '{' && brace + 1 < p.s.n && strchr("{%#", p.s.p[brace + 1]))) brace++;
    add_text(&p, p.i, brace);
    p.i = brace;
    if (p.i >= p.s.n) break;
    if (p.s.p[p.i + 1] != '{') {
      fail(&p, p.i, p.i + 2, "templates here have no statements and no comments, only `{{ path }}`");
      return NULL;
    }
    if (!read_expression(&p)) return NULL;
  }
  return p.out;
}

static bool read_braces(Parser *p) {
  Chunk *c = vec_add(p->r->arena, &p->out->chunks);
  p->i++;
  if (!read_path(p, c)) return false;
  if (!at(p, "}")) return fail(p, p->i, p->i + 1, "only `{path}` is understood: no conversions, no format, no indexing");
  p->i++;
  return true;
}

Template *template_read_simple(PipelineReader *r, const YamlNode *text) {
  Parser p = parser_new(r, text, TEMPLATE_QUERY);
  while (p.i < p.s.n) {
    size_t brace = p.i;
    while (brace < p.s.n && p.s.p[brace] != '{' && p.s.p[brace] != '}') brace++;
    add_text(&p, p.i, brace);
    p.i = brace;
    if (p.i >= p.s.n) break;
    if (at(&p, "{{") || at(&p, "}}")) {
      add_text(&p, p.i, p.i + 1);
      p.i += 2;
    } else if (at(&p, "}")) {
      fail(&p, p.i, p.i + 1, "a single `}`: a brace is written `}}`");
      return NULL;
    } else if (!read_braces(&p)) {
      return NULL;
    }
  }
  return p.out;
}

/* --- writing --------------------------------------------------------------------------------------------------------- */

/* A value: none, a text, or a list. */
typedef struct {
  bool some, list;
  Str text;
  StrList items;
} Value;

typedef struct {
  PipelineRun *run;
  const Pipelines *p;
  Arena *arena;
  Str query;
  const Str *queries;
  uint32_t n;
  bool too_long;
} Writer;

static Value text_value(Str s) { return (Value){.some = s.p != NULL, .text = s}; }

static Value node_value(Writer *w, const YamlNode *n) {
  Value v = {0};
  if (!n || n->kind == YAML_MAP || (n->kind == YAML_SCALAR && n->type == SCALAR_NULL)) return v;
  if (n->kind == YAML_SCALAR) return text_value(n->text);
  v.some = v.list = true;
  for (uint32_t i = 0; i < n->n; i++)
    if (n->items[i]->kind == YAML_SCALAR) *vec_add(w->arena, &v.items) = n->items[i]->text;
  return v;
}

static Value logsource_value(Writer *w, Str name) {
  Logsource l = w->run->logsource;
  if (str_is(name, "category")) return text_value(l.category.text);
  if (str_is(name, "product")) return text_value(l.product.text);
  if (str_is(name, "service")) return text_value(l.service.text);
  return str_is(name, "definition") ? text_value(l.definition.text) : (Value){0};
}

static Value fields_value(Writer *w) {
  Value v = {.some = w->run->fields.n > 0, .list = true};
  for (uint32_t i = 0; i < w->run->fields.n; i++) *vec_add(w->arena, &v.items) = w->run->fields.p[i].text;
  return v;
}

static const YamlNode *attribute_of(Writer *w, Str name) {
  for (uint32_t i = 0; i < w->run->attributes.n; i++)
    if (str_eq(w->run->attributes.p[i].key, name)) return w->run->attributes.p[i].value;
  return yaml_get(w->run->rule->root, arena_cstr(w->arena, name));
}

/* The document, but for what transformations change. */
static Value rule_value(Writer *w, const StrList *path) {
  if (str_is(path->p[1], "logsource")) return path->n == 3 ? logsource_value(w, path->p[2]) : (Value){0};
  if (str_is(path->p[1], "fields") && path->n == 2) return fields_value(w);
  if (str_is(path->p[1], "custom_attributes")) return path->n == 3 ? node_value(w, attribute_of(w, path->p[2])) : (Value){0};
  const YamlNode *n = w->run->rule->root;
  for (uint32_t i = 1; n && i < path->n; i++) n = yaml_get(n, arena_cstr(w->arena, path->p[i]));
  return node_value(w, n);
}

/* A later file's name and variables win. */
static Value pipeline_value(Writer *w, const StrList *path) {
  if (str_is(path->p[1], "state")) return node_value(w, state_get(w->run, path->p[2]));
  for (uint32_t i = w->p->files.n; i-- > 0;) {
    const Pipeline *f = w->p->files.p[i];
    if (str_is(path->p[1], "name") && f->file.name.n) return text_value(f->file.name);
    const YamlNode *n = f->vars && path->n == 3 ? yaml_get(f->vars, arena_cstr(w->arena, path->p[2])) : NULL;
    if (n) return node_value(w, n);
  }
  return (Value){0};
}

static Value path_value(Writer *w, const StrList *path) {
  Value v = {0};
  if (str_is(path->p[0], "query")) return text_value(w->query);
  if (str_is(path->p[0], "rule")) return rule_value(w, path);
  if (str_is(path->p[0], "pipeline")) return pipeline_value(w, path);
  v.some = v.list = true;
  for (uint32_t i = 0; i < w->n; i++) *vec_add(w->arena, &v.items) = w->queries[i];
  return v;
}

/* False where the rule's budget, or the room for finalizers, is used up. */
static bool has_room(Writer *w, uint64_t bytes) {
  w->too_long = w->too_long || (w->run ? !run_pay(w->run, bytes) : bytes > LIMIT_FINAL_BYTES);
  return !w->too_long;
}

static void join(Writer *w, Value *v, Str by) {
  Buf b = {.arena = w->arena};
  uint64_t bytes = by.n * (uint64_t)v->items.n;
  for (uint32_t i = 0; i < v->items.n; i++) bytes += v->items.p[i].n;
  if (!has_room(w, bytes)) return;
  for (uint32_t i = 0; i < v->items.n; i++) {
    if (i) buf_str(&b, by);
    buf_str(&b, v->items.p[i]);
  }
  *v = text_value(buf_view(&b));
}

static void filter(Writer *w, Value *v, const TemplateFilter *f) {
  switch (f->kind) {
  case FILTER_DEFAULT:
    if (!v->some) *v = text_value(f->text);
    break;
  case FILTER_LOWER:
  case FILTER_UPPER:
    for (uint32_t i = 0; i < v->items.n; i++) v->items.p[i] = regex_letter_case(w->arena, v->items.p[i], f->kind == FILTER_UPPER);
    if (v->some && !v->list) v->text = regex_letter_case(w->arena, v->text, f->kind == FILTER_UPPER);
    break;
  case FILTER_JOIN:
    if (v->list) join(w, v, f->text);
    break;
  }
}

static bool write_chunk(Writer *w, const Chunk *c, Buf *out) {
  if (!c->path.n) {
    buf_str(out, c->text);
    return true;
  }
  Value v = path_value(w, &c->path);
  for (uint32_t i = 0; i < c->filters.n && !w->too_long; i++) filter(w, &v, &c->filters.p[i]);
  if (w->too_long) return false;
  if (v.list && v.some) {
    Diags *diags = w->run ? w->run->passes->diags : w->p->diags;
    diag_error(diags, ID_pipeline_format, c->at, "a list in a template needs `| join(\"text\")`");
    if (w->run) w->run->failed = true;
    return false;
  }
  buf_str(out, v.some ? v.text : STR(""));
  return true;
}

bool template_write(const Template *t, PipelineRun *run, const Pipelines *p, Str query, const Str *queries, uint32_t n, Buf *out) {
  Writer w = {run, p, out->arena, query, queries, n, false};
  for (uint32_t i = 0; i < t->chunks.n; i++) {
    size_t before = out->n;
    if (!write_chunk(&w, &t->chunks.p[i], out) && !w.too_long) return false;
    if (!has_room(&w, run ? out->n - before : out->n)) break;
  }
  if (w.too_long && !run)
    diag_error(p->diags, ID_pipeline_format, t->at, "the template makes more than %d MiB of the queries", LIMIT_FINAL_BYTES >> 20);
  return !w.too_long;
}
