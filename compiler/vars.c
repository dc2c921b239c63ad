/* SPDX-License-Identifier: MIT */
#include "compiler/vars.h"

#include "compiler/yaml.h"

static uint32_t find(const Vars *vars, Str name) { return vars->list.n ? intern_find(&vars->names, name) : INTERN_NONE; }

const Var *vars_find(const Vars *vars, Str name) {
  uint32_t id = find(vars, name);
  return id == INTERN_NONE ? NULL : &vars->list.p[id];
}

const Var *vars_use(Vars *vars, Str name) {
  uint32_t id = find(vars, name);
  if (id == INTERN_NONE) return NULL;
  vars->list.p[id].used = true;
  return &vars->list.p[id];
}

Str vars_like(const Vars *vars, Str name) {
  Str best = {0};
  unsigned least = 4;
  for (uint32_t i = 0; i < vars->list.n; i++) {
    const Var *v = &vars->list.p[i];
    unsigned d = v->used ? str_distance(name, v->name, 3) : 4;
    if (d >= least) continue;
    least = d;
    best = v->name;
  }
  return best;
}

/* The entry of a name, new if need be. */
static Var *entry(Vars *vars, Str name, Arena *arena) {
  if (!vars->list.n) intern_init(&vars->names, arena);
  uint32_t id = intern_id(&vars->names, name);
  if (id == vars->list.n) vec_add(arena, &vars->list)->name = name;
  return &vars->list.p[id];
}

static bool name_ok(Str name) {
  for (size_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    if (!ascii_letter(c) && !ascii_digit(c) && c != '_' && c != '.' && c != ':' && c != '-') return false;
  }
  return name.n > 0;
}

Str vars_name(Str assignment) {
  size_t eq = str_find(assignment, STR("="), 0);
  return eq == SIZE_MAX ? assignment : str_sub(assignment, 0, eq);
}

bool vars_assign(Vars *vars, Str assignment, Arena *arena) {
  Str name = vars_name(assignment);
  if (!name_ok(name)) return false;
  Var *v = entry(vars, name, arena);
  if (name.n == assignment.n) v->values.n = 0;
  else *vec_add(arena, &v->values) = str_from(assignment, name.n + 1);
  return true;
}

/* --- files -------------------------------------------------------------------------------------------------- */

typedef struct {
  Vars *vars;
  Sources *sources;
  VarsRole role;
  Arena *arena;
  Diags *diags;
  bool ok;
} Reader;

typedef VEC(Str) Values;

static void wrong(Reader *r) { r->ok = false; }

static bool take_value(Reader *r, const YamlNode *n, Values *out) {
  bool scalar = n->kind == YAML_SCALAR && n->type != SCALAR_NULL;
  if (scalar) {
    *vec_add(r->arena, out) = n->text;
    return true;
  }
  diag_error(r->diags, ID_vars_value, n->at, "a value is text, a number or a boolean, not %s", yaml_kind_words(n));
  if (yaml_is_null(n)) diag_hint(r->diags, "an empty list is written `[]`, an empty text `''`");
  wrong(r);
  return false;
}

static bool take_values(Reader *r, const YamlNode *n, Values *out) {
  bool ok = true;
  if (n->kind != YAML_LIST) return take_value(r, n, out);
  for (uint32_t i = 0; i < n->n; i++) ok = take_value(r, n->items[i], out) && ok;
  return ok;
}

static bool check_name(Reader *r, const YamlNode *key) {
  if (name_ok(key->text)) return true;
  diag_error(r->diags, ID_vars_name, key->at, "`" STR_FMT "` is no name of a placeholder", STR_ARG(key->text));
  diag_hint(r->diags, "a name has letters, digits and _ . : -, without the percent signs");
  wrong(r);
  return false;
}

/* Two rule packs that use one name for different lists would silently widen each other's. */
static bool check_new(Reader *r, const YamlNode *key) {
  const Var *v = vars_find(r->vars, key->text);
  if (r->role != VARS_DEFAULT || !v || !v->has_default) return true;
  Place first = source_place(r->sources, v->at);
  diag_error(r->diags, ID_vars_duplicate, key->at,
             "`" STR_FMT "` has default values already, in " STR_FMT ":%u:%u; these are not taken", STR_ARG(key->text),
             STR_ARG(r->sources->files.p[v->at.file].path), first.line, first.col);
  diag_hint(r->diags, "keep one of the two, or rename one; values of a site are added with --vars or --var");
  wrong(r);
  return false;
}

static void take_entry(Reader *r, const YamlPair *pair) {
  Values values = {0};
  if (!check_name(r, pair->key) || !check_new(r, pair->key) || !take_values(r, pair->value, &values)) return;
  Var *v = entry(r->vars, pair->key->text, r->arena);
  for (uint32_t i = 0; i < values.n; i++) *vec_add(r->arena, &v->values) = values.p[i];
  if (r->role != VARS_DEFAULT) return;
  v->has_default = true;
  v->at = pair->key->at;
}

static void wrong_format(Reader *r, Span at, Str what) {
  diag_error(r->diags, ID_vars_format, at, STR_FMT, STR_ARG(what));
  diag_hint(r->diags, "a file of placeholder values is a map `vars:` of NAME: VALUE or NAME: [VALUE, ...], and nothing else");
  wrong(r);
}

static void check_keys(Reader *r, const YamlNode *top) {
  for (uint32_t i = 0; i < top->n; i++) {
    Str key = top->pairs[i].key->text;
    if (str_is(key, "vars")) continue;
    wrong_format(r, top->pairs[i].key->at, arena_printf(r->arena, "`" STR_FMT "` is an unknown key", STR_ARG(key)));
  }
  if (!top->n) wrong_format(r, top->at, STR("there is no key `vars`"));
}

static bool is_map(Reader *r, const YamlNode *n, const char *name) {
  if (n->kind == YAML_MAP) return true;
  wrong_format(r, n->at, arena_printf(r->arena, "%s is a map, not %s", name, yaml_kind_words(n)));
  return false;
}

static void read_document(Reader *r, const YamlNode *top) {
  if (!is_map(r, top, "a file of values")) return;
  check_keys(r, top);
  const YamlNode *vars = yaml_get(top, "vars");
  if (!vars || !is_map(r, vars, "`vars`")) return;
  for (uint32_t i = 0; i < vars->n; i++) take_entry(r, &vars->pairs[i]);
}

bool vars_read(Vars *vars, Sources *sources, uint32_t file, VarsRole role, Arena *arena, Diags *diags) {
  Reader r = {vars, sources, role, arena, diags, true};
  YamlDocs docs = {0};
  if (!yaml_parse(&docs, sources, file, arena, diags)) wrong(&r);
  for (uint32_t i = 0; i < docs.docs.n; i++) read_document(&r, docs.docs.p[i]);
  return r.ok;
}
