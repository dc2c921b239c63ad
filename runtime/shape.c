/* SPDX-License-Identifier: MIT */
#include "runtime/shape.h"

#include "base/intern.h"

/* The object that is made; keys are looked up in a table, since an event may have very many. */
typedef struct {
  Arena *scratch;
  Value *object, **end;
  Intern keys;
  VEC(uint32_t) seen; /* by id of key: how often it was asked for */
} Builder;

static void begin(Builder *b, Arena *scratch) {
  *b = (Builder){.scratch = scratch, .object = arena_new(scratch, Value)};
  b->object->kind = VALUE_OBJECT;
  b->end = &b->object->first;
  intern_init(&b->keys, scratch);
}

/* False where the key is there already. */
static bool add(Builder *b, Str key, const Value *v) {
  uint32_t before = b->keys.names.n, id = intern_id(&b->keys, key);
  if (id < before) return false;
  *vec_add(b->scratch, &b->seen) = 1;
  Value *m = arena_new(b->scratch, Value);
  *m = *v;
  m->key = key;
  m->next = NULL;
  *b->end = m;
  b->end = &m->next;
  return true;
}

static Value *member(const Value *object, const char *key) {
  if (!object || object->kind != VALUE_OBJECT) return NULL;
  for (Value *m = object->first; m; m = m->next)
    if (str_is(m->key, key)) return m;
  return NULL;
}

/* The key without its spaces; the key itself where it has none. */
static Str stripped(Str key, Arena *scratch) {
  if (!memchr(key.p, ' ', key.n)) return key;
  char *p = arena_alloc(scratch, key.n);
  size_t n = 0;
  for (size_t i = 0; i < key.n; i++)
    if (key.p[i] != ' ') p[n++] = key.p[i];
  return (Str){p, n};
}

/* --- {"Event":{"System":..}} ------------------------------------------------------------------------------- */

/* XML attributes and text in JSON: {"#attributes":{"Name":..},"#text":..}, {"@Name":..}, {"Name":..}, {"Value":..}. */
static bool is_attributes(Str key) { return str_is(key, "#attributes"); }
static bool is_namespace(Str key) { return str_starts(key, STR("xmlns")) || str_starts(key, STR("@xmlns")); }

static const Value *attribute(const Value *element, const char *name) {
  const Value *set = member(element, "#attributes");
  if (set) return member(set, name);
  char at[32] = "@";
  strncat(at, name, sizeof at - 2);
  const Value *v = member(element, at);
  return v ? v : member(element, name);
}

static const Value *content(const Value *element) {
  if (!element || element->kind != VALUE_OBJECT) return element;
  const Value *text = member(element, "#text");
  return text ? text : member(element, "Value");
}

/* System's children: which of their attributes become which field; NULL for the text of the element. */
static const struct {
  const char *child, *attribute, *field;
} system_fields[] = {
  {"TimeCreated", "SystemTime", "@timestamp"},
  {"EventID", NULL, "EventID"},
  {"Channel", NULL, "Channel"},
  {"Provider", "Name", "Provider_Name"},
  {"Computer", NULL, "Computer"},
  {"EventID", "Qualifiers", "Qualifiers"},
  {"Provider", "Guid", "Provider_Guid"},
  {"Provider", "EventSourceName", "EventSourceName"},
  {"Correlation", "ActivityID", "ActivityID"},
  {"Correlation", "RelatedActivityID", "RelatedActivityID"},
  {"Execution", "ProcessID", "Execution_ProcessID"},
  {"Execution", "ThreadID", "Execution_ThreadID"},
  {"Security", "UserID", "Security_UserID"},
  {"Version", NULL, "Version"},
  {"Level", NULL, "Level"},
  {"Task", NULL, "Task"},
  {"Opcode", NULL, "Opcode"},
  {"Keywords", NULL, "Keywords"},
  {"EventRecordID", NULL, "EventRecordID"},
};
enum { SYSTEM_FIELDS = sizeof system_fields / sizeof *system_fields };

/* evtx_dump --separate-json-attributes writes the attributes beside the element: Provider_attributes. */
static const Value *attribute_beside(const Value *system, const char *child, const char *name) {
  char key[64];
  size_t n = strlen(child);
  memcpy(key, child, n);
  memcpy(key + n, "_attributes", sizeof "_attributes");
  return member(member(system, key), name);
}

static const Value *system_value(const Value *system, int i) {
  const char *child = system_fields[i].child, *name = system_fields[i].attribute;
  const Value *element = member(system, child);
  if (!name) return content(element);
  const Value *v = attribute(element, name);
  return v ? v : attribute_beside(system, child, name);
}

static void add_system(Builder *b, const Value *system) {
  for (int i = 0; i < SYSTEM_FIELDS; i++) {
    const Value *v = system_value(system, i);
    if (v) add(b, str_of(system_fields[i].field), v);
  }
}

/* --- data of an event -------------------------------------------------------------------------------------- */

typedef struct {
  Builder *b;
  Str section;     /* EventData, UserData, Collector ...: in front of a name that System has */
  uint32_t system; /* fields of System: the first keys */
} Data;

/* Of a name that many fields get theirs from, so much is used: else an event could make names without bound. */
enum { SHARED_NAME = 256 };

static Str shared(Str name) {
  size_t n = name.n < SHARED_NAME ? name.n : SHARED_NAME;
  while (n && n < name.n && ((unsigned char)name.p[n] & 0xC0) == 0x80) n--;
  return str_sub(name, 0, n);
}

static void put(Data *d, Str key, const Value *v) {
  Arena *scratch = d->b->scratch;
  key = stripped(key, scratch);
  uint32_t id = intern_find(&d->b->keys, key);
  if (id < d->system) key = arena_printf(scratch, STR_FMT "_" STR_FMT, STR_ARG(shared(d->section)), STR_ARG(key));
  if (add(d->b, key, v)) return;
  Str base = shared(key);
  for (key = base; !add(d->b, key, v);) {
    uint32_t n = ++d->b->seen.p[intern_find(&d->b->keys, base)];
    key = arena_printf(scratch, STR_FMT "_%u", STR_ARG(base), n);
  }
}

static bool has_parts(const Value *array) {
  for (const Value *v = array->first; v; v = v->next)
    if (v->kind == VALUE_OBJECT || v->kind == VALUE_ARRAY) return true;
  return false;
}

static void put_attributes(Data *d, Str name, const Value *set) {
  for (const Value *a = set->first; a; a = a->next) {
    if (is_namespace(a->key)) continue;
    put(d, name.n ? arena_printf(d->b->scratch, STR_FMT "_" STR_FMT, STR_ARG(shared(name)), STR_ARG(a->key)) : a->key, a);
  }
}

/* Every leaf by the name of its element. Recursion goes down the tree, whose depth the readers limit. */
static void put_leaves(Data *d, Str name, const Value *v) {
  if (v->kind == VALUE_ARRAY && has_parts(v)) {
    for (const Value *kid = v->first; kid; kid = kid->next) put_leaves(d, shared(name), kid);
  } else if (v->kind == VALUE_OBJECT) {
    for (const Value *m = v->first; m; m = m->next) {
      if (is_attributes(m->key)) put_attributes(d, name, m);
      else if (str_is(m->key, "#text")) put(d, name, m);
      else if (!is_namespace(m->key)) put_leaves(d, m->key, m);
    }
  } else {
    put(d, name, v);
  }
}

/* <Data Name="X"> as an object {"@Name":X,"#text":..}. */
static bool put_named(Data *d, const Value *v) {
  const Value *name = v->kind == VALUE_OBJECT ? attribute(v, "Name") : NULL;
  if (!name || name->kind != VALUE_TEXT) return false;
  static const Value null = {.kind = VALUE_NULL};
  const Value *text = member(v, "#text");
  put(d, value_unescaped(name, d->b->scratch), text ? text : &null);
  return true;
}

/* Data without names: one text is itself, several are an array. */
static void put_unnamed(Data *d, const Value *v) {
  const Value *text = v->kind == VALUE_OBJECT ? member(v, "#text") : v;
  if (text && text->kind == VALUE_ARRAY && text->first && !text->first->next) text = text->first;
  if (text) put(d, STR("Data"), text);
}

static void put_data(Data *d, const Value *v) {
  if (v->kind == VALUE_ARRAY && v->first && v->first->kind == VALUE_OBJECT) {
    for (const Value *kid = v->first; kid; kid = kid->next)
      if (!put_named(d, kid)) put_leaves(d, STR("Data"), kid);
    return;
  }
  if (put_named(d, v)) return;
  if (v->kind == VALUE_OBJECT && !member(v, "#text")) put_leaves(d, STR("Data"), v);
  else put_unnamed(d, v);
}

static void add_event_data(Data *d, const Value *body) {
  for (const Value *m = body->first; m; m = m->next) {
    if (is_attributes(m->key) || is_namespace(m->key)) continue;
    if (str_is(m->key, "Data")) put_data(d, m);
    else if (m->kind == VALUE_OBJECT) put_leaves(d, m->key, m);
    else put(d, m->key, m);
  }
}

/* The wrapper element says nothing; its attributes are fields of their own. */
static void add_wrapped(Data *d, const Value *wrapper) {
  for (const Value *m = wrapper->first; m; m = m->next) {
    if (is_attributes(m->key)) put_attributes(d, STR(""), m);
    else if (str_is(m->key, "#text")) put(d, wrapper->key, m);
    else if (!is_namespace(m->key)) put_leaves(d, m->key, m);
  }
}

static void add_user_data(Data *d, const Value *body) {
  for (const Value *m = body->first; m; m = m->next) {
    if (is_attributes(m->key) || is_namespace(m->key)) continue;
    if (m->kind == VALUE_OBJECT) add_wrapped(d, m);
    else put_leaves(d, m->key, m);
  }
}

static bool is_section(const Value *m) {
  return !is_attributes(m->key) && !is_namespace(m->key) && !str_is(m->key, "System") && m->kind != VALUE_NULL;
}

static Value *from_evtx(const Value *root, const Value *event, const Value *system, Arena *scratch) {
  Builder b;
  begin(&b, scratch);
  add_system(&b, system);
  Data d = {.b = &b, .system = b.keys.names.n};
  for (const Value *m = event->first; m; m = m->next) {
    if (!is_section(m)) continue;
    d.section = m->key;
    if (m->kind != VALUE_OBJECT) put(&d, m->key, m);
    else if (str_is(m->key, "EventData")) add_event_data(&d, m);
    else if (str_is(m->key, "UserData")) add_user_data(&d, m);
    else put_leaves(&d, STR(""), m);
  }
  d.section = STR("Collector");
  for (const Value *m = root->first; event != root && m; m = m->next)
    if (!str_is(m->key, "Event")) put(&d, m->key, m);
  return b.object;
}

/* --- events of a collector --------------------------------------------------------------------------------- */

/* Where the collectors put what Sigma rules know by another name. A path has one dot at most. */
static const struct {
  const char *from, *field;
} collected[] = {
  {"winlog.channel", "Channel"},
  {"winlog.event_id", "EventID"},
  {"winlog.provider_name", "Provider_Name"},
  {"winlog.computer_name", "Computer"},
  {"winlog.provider_guid", "Provider_Guid"},
  {"winlog.record_id", "EventRecordID"},
  {"winlog.version", "Version"},
  {"winlog.task", "Task"},
  {"winlog.opcode", "Opcode"},
  {"winlog.keywords", "Keywords"},
  {"log_name", "Channel"},
  {"event_id", "EventID"},
  {"source_name", "Provider_Name"},
  {"computer_name", "Computer"},
  {"record_number", "EventRecordID"},
  {"SourceName", "Provider_Name"},
  {"Provider", "Provider_Name"},
  {"Hostname", "Computer"},
  {"ProviderGuid", "Provider_Guid"},
  {"RecordNumber", "EventRecordID"},
  {"ExecutionProcessID", "Execution_ProcessID"},
  {"message", "Message"},
};
enum { COLLECTED = sizeof collected / sizeof *collected };

static const char *const lifted[] = {"winlog.event_data", "winlog.user_data", "event_data", "user_data", "EventData", "UserData"};
enum { LIFTED = sizeof lifted / sizeof *lifted };

static const Value *at_path(const Value *root, const char *path) {
  const Value *v = member(root, path);
  const char *dot = strchr(path, '.');
  if (v || !dot) return v;
  for (const Value *m = root->first; m; m = m->next)
    if (m->key.n == (size_t)(dot - path) && str_starts(str_of(path), m->key)) return member(m, dot + 1);
  return NULL;
}

static void lift(Builder *b, const Value *root, const char *path) {
  const Value *data = at_path(root, path);
  if (data && data->kind == VALUE_OBJECT)
    for (const Value *m = data->first; m; m = m->next) add(b, stripped(m->key, b->scratch), m);
  /* The same as flat keys: winlog.event_data.Image. */
  size_t n = strlen(path);
  for (const Value *m = root->first; m; m = m->next)
    if (m->key.n > n + 1 && str_starts(m->key, str_of(path)) && m->key.p[n] == '.')
      add(b, stripped(str_from(m->key, n + 1), b->scratch), m);
}

/* Winlogbeat names data without names param1, param2 ...; rules know them as `Data`. */
static void add_params(Builder *b, const Value *root) {
  static const char *const places[] = {"winlog.event_data", "event_data"};
  for (int i = 0; i < 2; i++) {
    const Value *data = at_path(root, places[i]);
    if (!member(data, "param1") || member(data, "Data")) continue;
    Value array = {.kind = VALUE_ARRAY}, **end = &array.first;
    for (const Value *m = data->first; m; m = m->next) {
      if (!str_starts(m->key, STR("param"))) continue;
      *end = arena_new(b->scratch, Value);
      **end = *m;
      (*end)->key = (Str){0};
      (*end)->next = NULL;
      end = &(*end)->next;
    }
    add(b, STR("Data"), &array);
  }
}

static Value *from_collector(const Value *root, Arena *scratch) {
  Builder b;
  begin(&b, scratch);
  for (const Value *m = root->first; m; m = m->next) add(&b, m->key, m);
  for (const Value *m = root->first; m; m = m->next) add(&b, stripped(m->key, scratch), m);
  for (int i = 0; i < COLLECTED; i++) {
    const Value *v = at_path(root, collected[i].from);
    if (v) add(&b, str_of(collected[i].field), v);
  }
  for (int i = 0; i < LIFTED; i++) lift(&b, root, lifted[i]);
  add_params(&b, root);
  return b.object;
}

/* --- which ------------------------------------------------------------------------------------------------- */

typedef struct {
  const Value *event, *system, *data, *channel, *event_id, *provider;
  bool winlog, spaces, sections;
} Marks;

static void look(Marks *m, const Value *root) {
  for (const Value *v = root->first; v; v = v->next) {
    Str k = v->key;
    if (!k.n) continue;
    m->spaces |= memchr(k.p, ' ', k.n) != NULL;
    switch (k.p[0]) {
    case 'C': m->channel = str_is(k, "Channel") ? v : m->channel; break;
    case 'E':
      if (str_is(k, "EventID")) m->event_id = v;
      if (str_is(k, "EventData") && v->kind == VALUE_OBJECT) m->sections = true;
      if (str_is(k, "Event") && v->kind == VALUE_OBJECT) m->event = v;
      break;
    case 'P': m->provider = str_is(k, "Provider_Name") ? v : m->provider; break;
    case 'U': m->sections |= str_is(k, "UserData") && v->kind == VALUE_OBJECT; break;
    case 'S': m->system = str_is(k, "System") && v->kind == VALUE_OBJECT ? v : m->system; break;
    case 'e': m->data = str_is(k, "event_data") && v->kind == VALUE_OBJECT ? v : m->data; break;
    case 'w': m->winlog |= str_starts(k, STR("winlog")) && (k.n == 6 || k.p[6] == '.'); break;
    default: break;
    }
  }
}

static bool is_system(const Value *system) {
  return system && (member(system, "EventID") || member(system, "Channel") || member(system, "Provider"));
}

Value *event_shape(Value *root, Arena *scratch) {
  Marks m = {0};
  look(&m, root);
  const Value *inner = m.event ? member(m.event, "System") : NULL;
  if (is_system(inner)) return from_evtx(root, m.event, inner, scratch);
  if (is_system(m.system)) return from_evtx(root, root, m.system, scratch);
  bool windows = m.channel && m.event_id;
  if (m.winlog || (m.data && member(root, "event_id")) || (windows && (m.spaces || m.sections || !m.provider)))
    return from_collector(root, scratch);
  return root;
}
