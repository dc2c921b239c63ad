/* SPDX-License-Identifier: MIT
 * Reads `vars.sigmac`. What is wrong with it is an error at its place; half of a model is not used. */
#include "compiler/model.h"

#include "base/limits.h"

typedef struct {
  Model *model;
  const Pipelines *pipelines;
  const PipelineFile *file; /* at work */
  Diags *diags;
  Arena *arena;
  Target target; /* of this pipeline */
  bool ok;
} Reader;

/* --- helpers ------------------------------------------------------------------------------------------------- */

static void wrong(Reader *r, Span at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void wrong(Reader *r, Span at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  diag_verror(r->diags, ID_pipeline_format, at, fmt, args);
  va_end(args);
  r->ok = false;
}

static bool is_map(Reader *r, const YamlNode *n, const char *what) {
  if (n->kind == YAML_MAP) return true;
  wrong(r, n->at, "%s is a map, not %s", what, yaml_kind_words(n));
  return false;
}

static bool is_list(Reader *r, const YamlNode *n, const char *what) {
  if (n->kind == YAML_LIST) return true;
  wrong(r, n->at, "%s is a list, not %s", what, yaml_kind_words(n));
  return false;
}

static bool is_name(Reader *r, const YamlNode *n, const char *what) {
  if (n->kind == YAML_SCALAR && n->type != SCALAR_NULL && n->text.n) return true;
  wrong(r, n->at, "%s is text, not %s", what, yaml_kind_words(n));
  return false;
}

static Text text_of(const YamlNode *n) { return (Text){n->text, n->at}; }

static void take_name(Reader *r, const YamlNode *map, const char *key, Text *out) {
  const YamlNode *n = yaml_get(map, key);
  if (n && is_name(r, n, key)) *out = text_of(n);
}

/* `known` ends with NULL. */
static void check_keys(Reader *r, const YamlNode *map, const char *const *known, const char *where) {
  for (uint32_t i = 0; i < map->n; i++) {
    const YamlNode *key = map->pairs[i].key;
    const char *best = NULL;
    unsigned least = key->text.n < 4 ? (unsigned)key->text.n : 4;
    bool found = false;
    for (const char *const *k = known; *k && !found; k++) {
      unsigned d = str_distance(key->text, str_of(*k), 3);
      found = d == 0;
      if (d >= least) continue;
      least = d;
      best = *k;
    }
    if (found) continue;
    wrong(r, key->at, "`" STR_FMT "` is no key of %s", STR_ARG(key->text), where);
    if (best) diag_hint(r->diags, "did you mean `%s`?", best);
  }
}

static bool identifier(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && s.p[i] != '_' && (!i || !ascii_digit(s.p[i]))) return false;
  return s.n > 0;
}

static bool add_names(Reader *r, Intern *out, const YamlNode *list, const char *what) {
  bool ok = is_list(r, list, what);
  for (uint32_t i = 0; ok && i < list->n; i++) {
    ok = is_name(r, list->items[i], "a name");
    if (ok) intern_id(out, list->items[i]->text);
  }
  return ok;
}

/* --- types and tables ----------------------------------------------------------------------------------------- */

static void take_fields(Reader *r, const YamlNode *n) {
  if (!types_take(&r->model->fields, n, ID_pipeline_format, r->diags)) r->ok = false;
}

static TypeTable *table_of(Model *m, Str name) {
  uint32_t id = intern_id(&m->tables, name);
  if (id == m->columns.n) {
    *vec_add(m->arena, &m->columns) = arena_new(m->arena, TypeTable);
    types_init(m->columns.p[id], m->arena);
  }
  return m->columns.p[id];
}

static void take_tables(Reader *r, const YamlNode *n) {
  if (!is_map(r, n, "`tables`")) return;
  for (uint32_t i = 0; i < n->n; i++)
    if (!types_take(table_of(r->model, n->pairs[i].key->text), n->pairs[i].value, ID_pipeline_format, r->diags)) r->ok = false;
}

/* `field_types` or `tables`, of the pipeline itself or of a schema. */
static void take_types(Reader *r, const YamlNode *map) {
  const YamlNode *fields = yaml_get(map, "field_types"), *tables = yaml_get(map, "tables");
  if (fields && r->target == TARGET_KQL) wrong(r, yaml_key(map, "field_types")->at, "`field_types` are for EQL; KQL has `tables`");
  else if (fields) take_fields(r, fields);
  if (tables && r->target == TARGET_EQL) wrong(r, yaml_key(map, "tables")->at, "`tables` are for KQL; EQL has `field_types`");
  else if (tables) take_tables(r, tables);
}

static void read_schema(Reader *r, const YamlNode *name) {
  static const char *const keys[] = {"field_types", "tables", NULL};
  Model *m = r->model;
  uint32_t source;
  YamlDocs docs;
  if (!is_name(r, name, "a schema")) return;
  if (!pipelines_read(r->pipelines, r->file, name, &source) || !yaml_parse(&docs, m->texts, source, r->arena, r->diags)) {
    r->ok = false;
    return;
  }
  for (uint32_t i = 0; i < docs.docs.n; i++) {
    if (!is_map(r, docs.docs.p[i], "a schema")) continue;
    check_keys(r, docs.docs.p[i], keys, "a schema");
    take_types(r, docs.docs.p[i]);
  }
}

static void read_schemas(Reader *r, const YamlNode *n) {
  if (n->n > LIMIT_SCHEMAS) wrong(r, n->at, "more than %d schemas", LIMIT_SCHEMAS);
  else if (is_list(r, n, "`schema`"))
    for (uint32_t i = 0; i < n->n; i++) read_schema(r, n->items[i]);
}

/* --- computed fields ------------------------------------------------------------------------------------------ */

static void read_parts(Reader *r, ModelStep *s, const YamlNode *map) {
  const YamlNode *parts = yaml_get(map, "parts"), *by = yaml_get(map, "by");
  s->parts = true;
  if (yaml_get(map, "expr")) wrong(r, yaml_key(map, "expr")->at, "a field made of `parts` has no `expr`");
  if (!is_list(r, parts, "`parts`")) return;
  if (parts->n != 2) {
    wrong(r, parts->at, "`parts` are two fields, here are %u", parts->n);
    return;
  }
  if (!is_name(r, parts->items[0], "a part") || !is_name(r, parts->items[1], "a part")) return;
  s->first = parts->items[0]->text;
  s->last = parts->items[1]->text;
  Str c = by && by->kind == YAML_SCALAR ? by->text : (Str){0};
  if (c.n != 1 || (unsigned char)c.p[0] >= 0x80 || ascii_letter(c.p[0]) || ascii_digit(c.p[0]))
    wrong(r, by ? by->at : map->at, "`by` is the one ASCII character between the two `parts`, no letter and no digit");
  else s->by = c.p[0];
}

static bool read_expr(Reader *r, ModelStep *s, const YamlNode *map) {
  const YamlNode *expr = yaml_get(map, "expr");
  if (yaml_get(map, "by")) wrong(r, yaml_key(map, "by")->at, "`by` belongs to `parts`");
  if (!expr) {
    wrong(r, map->at, "a computed field has `expr`, or `parts` and `by`");
    return false;
  }
  if (!is_name(r, expr, "`expr`")) return false;
  if (r->target != TARGET_KQL) {
    wrong(r, expr->at, "EQL cannot compute a field: it can only be made of `parts`");
    return false;
  }
  s->expr = expr->text;
  bool generic = str_find(s->expr, STR("{name}"), 0) != SIZE_MAX;
  if (generic == (s->name.n > 0))
    wrong(r, expr->at,
          generic ? "an expression for many names, with `{name}`, has no `name` of its own"
                  : "a computed field has a `name`, or `{name}` in its expression");
  /* The author answers for the text, but it must stay one expression. */
  for (size_t i = 0; i < s->expr.n; i++)
    if ((unsigned char)s->expr.p[i] < 0x20 || s->expr.p[i] == 0x7f) {
      wrong(r, expr->at, "an expression stands on one line, without control characters");
      return false;
    }
  return true;
}

static void read_step(Reader *r, ModelGroup *g, const YamlNode *map) {
  static const char *const keys[] = {"name", "type", "expr", "parts", "by", NULL};
  if (!is_map(r, map, "a computed field")) return;
  check_keys(r, map, keys, "a computed field");
  ModelStep s = {.at = map->at};
  Text name = {0}, type = {0};
  take_name(r, map, "name", &name);
  take_name(r, map, "type", &type);
  s.name = name.text;
  if (!type.text.n) wrong(r, map->at, "a computed field has a `type`");
  else if (!field_type_find(type.text, &s.type)) wrong(r, type.at, "`" STR_FMT "` is no type", STR_ARG(type.text));
  if (yaml_get(map, "parts")) read_parts(r, &s, map);
  else if (!read_expr(r, &s, map)) return;
  if (s.parts && !s.name.n) wrong(r, map->at, "a field made of `parts` has a `name`");
  if (!s.parts && s.name.n && !identifier(s.name)) wrong(r, name.at, "`" STR_FMT "` is no name of a column", STR_ARG(s.name));
  *vec_add(r->arena, &g->steps) = s;
  uint32_t number = g->steps.n - 1;
  if (!s.name.n && g->generic == UINT32_MAX) g->generic = number;
  if (s.name.n && intern_id(&g->names, s.name) == g->first.n) *vec_add(r->arena, &g->first) = number;
}

static void read_group(Reader *r, const YamlPair *pair) {
  Model *m = r->model;
  ModelGroup *g = arena_new(r->arena, ModelGroup);
  g->generic = UINT32_MAX;
  intern_init(&g->names, r->arena);
  uint32_t id = intern_id(&m->groups, pair->key->text);
  if (id == m->group_of.n) (void)vec_add(r->arena, &m->group_of);
  m->group_of.p[id] = g; /* a later pipeline wins */
  if (!is_list(r, pair->value, "a group of computed fields")) return;
  for (uint32_t i = 0; i < pair->value->n; i++) read_step(r, g, pair->value->items[i]);
}

static void read_absent(Reader *r, const YamlPair *pair) {
  Model *m = r->model;
  AbsentList *l = arena_new(r->arena, AbsentList);
  intern_init(&l->fields, r->arena);
  uint32_t id = intern_id(&m->absent, pair->key->text);
  if (id == m->absent_of.n) (void)vec_add(r->arena, &m->absent_of);
  m->absent_of.p[id] = l;
  add_names(r, &l->fields, pair->value, "a list of absent fields");
}

/* --- sources -------------------------------------------------------------------------------------------------- */

typedef VEC(Str) Names;

/* A name or a list; none is one that is empty. */
static void read_attribute(Reader *r, Names *out, const YamlNode *map, const char *key) {
  const YamlNode *n = yaml_get(map, key);
  if (!n) {
    *vec_add(r->arena, out) = (Str){0};
    return;
  }
  if (n->kind != YAML_LIST) {
    if (is_name(r, n, key)) *vec_add(r->arena, out) = n->text;
    return;
  }
  if (!n->n) wrong(r, n->at, "`%s` is an empty list: no log source", key);
  for (uint32_t i = 0; i < n->n; i++)
    if (is_name(r, n->items[i], key)) *vec_add(r->arena, out) = n->items[i]->text;
}

static void read_use(Reader *r, ModelEntry *e, const YamlNode *n) {
  bool some = n->kind == YAML_MAP && n->n == 1;
  const YamlNode *name = some ? n->pairs[0].key : n;
  if (!some && n->kind == YAML_MAP) {
    wrong(r, n->at, "a group with some of its names is written {GROUP: [NAME, ...]}");
    return;
  }
  if (!is_name(r, name, "a computed group")) return;
  ModelUse *u = vec_add(r->arena, &e->uses);
  u->group = text_of(name);
  u->some = some;
  intern_init(&u->only, r->arena);
  if (!some || !add_names(r, &u->only, n->pairs[0].value, "names of a group")) return;
  for (uint32_t i = 0; i < u->only.names.n; i++)
    if (!identifier(u->only.names.p[i]) && r->target == TARGET_KQL)
      wrong(r, n->pairs[0].value->at, "`" STR_FMT "` is no name of a column", STR_ARG(u->only.names.p[i]));
}

static void read_uses(Reader *r, ModelEntry *e, const YamlNode *n) {
  if (!is_list(r, n, "`computed`")) return;
  for (uint32_t i = 0; i < n->n; i++) read_use(r, e, n->items[i]);
}

static void read_absent_names(Reader *r, ModelEntry *e, const YamlNode *n) {
  if (!is_list(r, n, "`absent`")) return;
  for (uint32_t i = 0; i < n->n; i++)
    if (is_name(r, n->items[i], "an absent list")) *vec_add(r->arena, &e->absent) = text_of(n->items[i]);
}

/* The words before `where` are those of event.category, which are lower case letters and `_`. */
static void check_keyword(Reader *r, const ModelEntry *e) {
  if (!identifier(e->category_keyword.text))
    wrong(r, e->category_keyword.at, "`" STR_FMT "` is no event category", STR_ARG(e->category_keyword.text));
}

static void check_target(Reader *r, const ModelEntry *e) {
  if (!e->table.text.n && r->target == TARGET_KQL) wrong(r, e->at, "a source for KQL has a `table`");
  if (e->table.text.n && r->target == TARGET_EQL) wrong(r, e->table.at, "`table` is for KQL; EQL has `category_keyword`");
  if (!e->category_keyword.text.n) return;
  if (r->target == TARGET_KQL) wrong(r, e->category_keyword.at, "`category_keyword` is for EQL; KQL has `table`");
  else check_keyword(r, e);
}

static void add_sources(Reader *r, const ModelEntry *e, const YamlNode *map) {
  Names products = {0}, categories = {0}, services = {0};
  Model *m = r->model;
  read_attribute(r, &products, map, "product");
  read_attribute(r, &categories, map, "category");
  read_attribute(r, &services, map, "service");
  if (!yaml_get(map, "product") && !yaml_get(map, "category") && !yaml_get(map, "service"))
    wrong(r, map->at, "a source has one of `product`, `category`, `service`");
  uint64_t n = (uint64_t)products.n * categories.n;
  if (n > LIMIT_PIPELINE_SOURCES || n * services.n > LIMIT_PIPELINE_SOURCES - m->sources.n) {
    wrong(r, map->at, "more than %d sources", LIMIT_PIPELINE_SOURCES);
    return;
  }
  for (uint32_t p = 0; p < products.n; p++)
    for (uint32_t c = 0; c < categories.n; c++)
      for (uint32_t s = 0; s < services.n; s++)
        *vec_add(r->arena, &m->sources) = (ModelSource){categories.p[c], products.p[p], services.p[s], e};
}

static void read_source(Reader *r, const YamlNode *map) {
  static const char *const keys[] = {"product",  "category", "service",    "table", "category_keyword",
                                     "computed", "absent",   "covered_by", NULL};
  if (!is_map(r, map, "a source")) return;
  check_keys(r, map, keys, "a source");
  ModelEntry *e = arena_new(r->arena, ModelEntry);
  e->at = map->at;
  take_name(r, map, "table", &e->table);
  take_name(r, map, "category_keyword", &e->category_keyword);
  take_name(r, map, "covered_by", &e->covered_by);
  if (yaml_get(map, "computed")) read_uses(r, e, yaml_get(map, "computed"));
  if (yaml_get(map, "absent")) read_absent_names(r, e, yaml_get(map, "absent"));
  check_target(r, e);
  *vec_add(r->arena, &r->model->entries) = e;
  add_sources(r, e, map);
}

/* Those of later pipelines stand in front. */
static void read_sources(Reader *r, const YamlNode *n) {
  Model *m = r->model;
  uint32_t before = m->sources.n;
  if (!is_list(r, n, "`sources`")) return;
  for (uint32_t i = 0; i < n->n; i++) read_source(r, n->items[i]);
  uint32_t added = m->sources.n - before;
  ModelSource *all = arena_array(r->arena, ModelSource, m->sources.n);
  if (added) memcpy(all, m->sources.p + before, added * sizeof *all);
  if (before) memcpy(all + added, m->sources.p, before * sizeof *all);
  m->sources.p = all;
  m->sources.cap = m->sources.n;
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static void read_target(Reader *r, const YamlNode *map) {
  Model *m = r->model;
  const YamlNode *n = yaml_get(map, "target");
  if (!n) {
    wrong(r, map->at, "`target` is missing: " WORDS_OF_TARGETS);
    return;
  }
  if (yaml_is_text(n)) r->target = target_find(n->text);
  if (r->target == TARGET_NONE) wrong(r, n->at, "`target` is " WORDS_OF_TARGETS);
  else m->target = r->target; /* all agree: pipelines_finish */
}

static void read_table_fields(Reader *r, const YamlNode *n) {
  Model *m = r->model;
  m->table_fields = (TextList){0};
  if (!is_list(r, n, "`table_fields`")) return;
  m->table_fields.p = arena_array(r->arena, Text, n->n);
  for (uint32_t i = 0; i < n->n; i++)
    if (is_name(r, n->items[i], "a field")) m->table_fields.p[m->table_fields.n++] = text_of(n->items[i]);
}

static void read_named(Reader *r, const YamlNode *n, const char *what, void (*read)(Reader *, const YamlPair *)) {
  if (!is_map(r, n, what)) return;
  for (uint32_t i = 0; i < n->n; i++) read(r, &n->pairs[i]);
}

static Model *model_new(Sources *texts, Arena *arena, Diags *diags) {
  static const Text fields[] = {{.text = STR_INIT("_table")}, {.text = STR_INIT("Type")}};
  Model *m = arena_new(arena, Model);
  *m = (Model){.arena = arena, .texts = texts, .diags = diags};
  types_init(&m->fields, arena);
  intern_init(&m->tables, arena);
  intern_init(&m->groups, arena);
  intern_init(&m->absent, arena);
  m->table_fields.n = sizeof fields / sizeof *fields;
  m->table_fields.p = arena_array(arena, Text, m->table_fields.n);
  memcpy(m->table_fields.p, fields, sizeof fields);
  return m;
}

static void read_file(Reader *r, const YamlNode *map) {
  static const char *const keys[] = {"target",   "schema", "time",    "field_types",  "tables",
                                     "computed", "absent", "sources", "table_fields", NULL};
  r->target = TARGET_NONE;
  if (!is_map(r, map, "`vars.sigmac`")) return;
  check_keys(r, map, keys, "`vars.sigmac`");
  read_target(r, map);
  take_name(r, map, "time", &r->model->time);
  if (yaml_get(map, "schema")) read_schemas(r, yaml_get(map, "schema"));
  take_types(r, map);
  if (yaml_get(map, "computed")) read_named(r, yaml_get(map, "computed"), "`computed`", read_group);
  if (yaml_get(map, "absent")) read_named(r, yaml_get(map, "absent"), "`absent`", read_absent);
  if (yaml_get(map, "sources")) read_sources(r, yaml_get(map, "sources"));
  if (yaml_get(map, "table_fields")) read_table_fields(r, yaml_get(map, "table_fields"));
}

/* --- resolving ------------------------------------------------------------------------------------------------- */

static void unknown(Reader *r, const Text *name, const Intern *known, const char *what) {
  enum { MOST = 1000 };
  Str best = {0};
  unsigned least = name->text.n < 4 ? (unsigned)name->text.n : 4;
  wrong(r, name->at, "there is no %s `" STR_FMT "`", what, STR_ARG(name->text));
  for (uint32_t i = 0; i < known->names.n && i < MOST && !r->diags->dropped; i++) {
    unsigned d = str_distance(name->text, known->names.p[i], 3);
    if (d >= least) continue;
    least = d;
    best = known->names.p[i];
  }
  if (best.n) diag_hint(r->diags, "did you mean `" STR_FMT "`?", STR_ARG(best));
}

static void resolve_use(Reader *r, ModelUse *u) {
  Model *m = r->model;
  uint32_t id = intern_find(&m->groups, u->group.text);
  if (id == INTERN_NONE) {
    unknown(r, &u->group, &m->groups, "computed group");
    return;
  }
  u->to = m->group_of.p[id];
  if (u->to->generic != UINT32_MAX && !u->some)
    wrong(r, u->group.at, "this group has an expression with `{name}`: it is used as {GROUP: [NAME, ...]}");
  if (u->to->generic != UINT32_MAX) return;
  for (uint32_t i = 0; i < u->only.names.n; i++)
    if (intern_find(&u->to->names, u->only.names.p[i]) == INTERN_NONE)
      unknown(r, &(Text){u->only.names.p[i], u->group.at}, &u->to->names, "field in this computed group");
}

static void resolve_entry(Reader *r, ModelEntry *e) {
  Model *m = r->model;
  for (uint32_t i = 0; i < e->uses.n; i++) resolve_use(r, &e->uses.p[i]);
  for (uint32_t i = 0; i < e->absent.n; i++) {
    uint32_t id = intern_find(&m->absent, e->absent.p[i].text);
    if (id == INTERN_NONE) unknown(r, &e->absent.p[i], &m->absent, "absent list");
    else *vec_add(r->arena, &e->lists) = m->absent_of.p[id];
  }
  if (!e->table.text.n || m->target != TARGET_KQL) return;
  uint32_t id = intern_find(&m->tables, e->table.text);
  if (id == INTERN_NONE) unknown(r, &e->table, &m->tables, "table");
  else e->columns = m->columns.p[id];
}

static void check_cover(Reader *r, const ModelSource *s) {
  const Model *m = r->model;
  const Text *by = &s->entry->covered_by;
  if (!by->text.n) return;
  for (uint32_t i = 0; i < m->sources.n; i++)
    if (str_eq_nocase(m->sources.p[i].product, s->product) && str_eq_nocase(m->sources.p[i].category, by->text)) return;
  wrong(r, by->at, "no source of the same product has the category `" STR_FMT "`", STR_ARG(by->text));
}

bool model_read(Model **out, const Pipelines *pipelines, Sources *texts, Arena *arena, Diags *diags) {
  Reader r = {.pipelines = pipelines, .diags = diags, .arena = arena, .ok = true};
  for (uint32_t i = 0; (r.file = pipelines_file(pipelines, i)) != NULL; i++) {
    if (!r.file->sigmac) continue;
    if (!r.model) r.model = model_new(texts, arena, diags);
    read_file(&r, r.file->sigmac);
  }
  *out = r.model;
  if (!r.model) return true;
  for (uint32_t i = 0; i < r.model->entries.n; i++) resolve_entry(&r, r.model->entries.p[i]);
  for (uint32_t i = 0; i < r.model->sources.n && r.ok; i++) check_cover(&r, &r.model->sources.p[i]);
  return kinds_read(&r.model->kinds, texts, arena, diags) && r.ok;
}
