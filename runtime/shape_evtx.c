/* SPDX-License-Identifier: MIT
 * {"Event":{"System":..}}: XML of Windows events in JSON. Attributes and text are {"#attributes":{"Name":..},"#text":..},
 * {"@Name":..}, {"Name":..}, {"Value":..}. */
#include "runtime/shape_internal.h"

typedef struct {
  Builder b;
  Shaper *shaper;
  Str section; /* EventData, UserData, Collector ...: in front of a name that System has */
} Data;

static bool is_name(const Data *d, const Value *m, NameNumber name) { return m->key_id == d->shaper->ids[name]; }
static bool is_namespace(Data *d, const Value *m) { return shape_mark_of(d->shaper, m) & MARK_XMLNS; }

/* The name with @ has the next number. */
static Value *attribute(const Shaper *s, const Value *element, NameNumber name) {
  const Value *set = shape_member(s, element, NAME_ATTRIBUTES);
  if (set) return shape_member(s, set, name);
  Value *v = shape_member(s, element, name + 1);
  return v ? v : shape_member(s, element, name);
}

static const Value *content(const Shaper *s, const Value *element) {
  if (!element || element->kind != VALUE_OBJECT) return element;
  const Value *text = shape_member(s, element, NAME_TEXT);
  return text ? text : shape_member(s, element, NAME_VALUE);
}

/* --- System ------------------------------------------------------------------------------------------------ */

/* System's children: which of their attributes become which field; NAME_NONE for the text of the element. evtx_dump
 * --separate-json-attributes writes the attributes beside the element. */
static const struct {
  NameNumber child, attribute, beside, field;
} system_fields[] = {
  {NAME_TIME_CREATED, NAME_SYSTEM_TIME, NAME_TIME_CREATED_ATTRIBUTES, NAME_TIMESTAMP},
  {NAME_EVENT_ID, NAME_NONE, NAME_NONE, NAME_EVENT_ID},
  {NAME_CHANNEL, NAME_NONE, NAME_NONE, NAME_CHANNEL},
  {NAME_PROVIDER, NAME_NAME, NAME_PROVIDER_ATTRIBUTES, NAME_PROVIDER_NAME},
  {NAME_COMPUTER, NAME_NONE, NAME_NONE, NAME_COMPUTER},
  {NAME_EVENT_ID, NAME_QUALIFIERS, NAME_EVENT_ID_ATTRIBUTES, NAME_QUALIFIERS},
  {NAME_PROVIDER, NAME_GUID, NAME_PROVIDER_ATTRIBUTES, NAME_PROVIDER_GUID},
  {NAME_PROVIDER, NAME_EVENT_SOURCE_NAME, NAME_PROVIDER_ATTRIBUTES, NAME_EVENT_SOURCE_NAME},
  {NAME_CORRELATION, NAME_ACTIVITY_ID, NAME_CORRELATION_ATTRIBUTES, NAME_ACTIVITY_ID},
  {NAME_CORRELATION, NAME_RELATED_ACTIVITY_ID, NAME_CORRELATION_ATTRIBUTES, NAME_RELATED_ACTIVITY_ID},
  {NAME_EXECUTION, NAME_PROCESS_ID, NAME_EXECUTION_ATTRIBUTES, NAME_EXECUTION_PROCESS_ID},
  {NAME_EXECUTION, NAME_THREAD_ID, NAME_EXECUTION_ATTRIBUTES, NAME_EXECUTION_THREAD_ID},
  {NAME_SECURITY, NAME_USER_ID, NAME_SECURITY_ATTRIBUTES, NAME_SECURITY_USER_ID},
  {NAME_VERSION, NAME_NONE, NAME_NONE, NAME_VERSION},
  {NAME_LEVEL, NAME_NONE, NAME_NONE, NAME_LEVEL},
  {NAME_TASK, NAME_NONE, NAME_NONE, NAME_TASK},
  {NAME_OPCODE, NAME_NONE, NAME_NONE, NAME_OPCODE},
  {NAME_KEYWORDS, NAME_NONE, NAME_NONE, NAME_KEYWORDS},
  {NAME_EVENT_RECORD_ID, NAME_NONE, NAME_NONE, NAME_EVENT_RECORD_ID},
};
enum { SYSTEM_FIELDS = sizeof system_fields / sizeof *system_fields };

static const Value *system_value(const Shaper *s, const Members *system, int i) {
  const Value *element = system->at[system_fields[i].child];
  NameNumber name = system_fields[i].attribute;
  if (name == NAME_NONE) return content(s, element);
  const Value *v = attribute(s, element, name);
  return v ? v : shape_member(s, system->at[system_fields[i].beside], name);
}

static void add_system(Builder *b, const Value *system) {
  Members members;
  shape_members(b->shaper, &members, system);
  b->system = true;
  for (int i = 0; i < SYSTEM_FIELDS; i++) {
    const Value *v = system_value(b->shaper, &members, i);
    if (v) shape_add(b, shape_name(b->shaper, system_fields[i].field), v);
  }
  b->system = false;
}

/* --- data of an event -------------------------------------------------------------------------------------- */

/* Of a name that many fields get theirs from, so much is used: else an event could make names without bound. */
enum { SHARED_NAME = 256 };

static Str shared(Str name) {
  size_t n = name.n < SHARED_NAME ? name.n : SHARED_NAME;
  while (n && n < name.n && ((unsigned char)name.p[n] & 0xC0) == 0x80) n--;
  return str_sub(name, 0, n);
}

static Name shared_name(const Data *d, Name name) {
  Str text = shared(name.text);
  return text.n == name.text.n ? name : shape_find_name(d->shaper, text);
}

static Name joined(Data *d, Str first, Str second) {
  first = shared(first);
  char *p = arena_alloc(d->b.scratch, first.n + 1 + second.n);
  if (first.n) memcpy(p, first.p, first.n);
  p[first.n] = '_';
  if (second.n) memcpy(p + first.n + 1, second.p, second.n);
  return shape_find_name(d->shaper, (Str){p, first.n + 1 + second.n});
}

/* A name that is there already gets a number behind it. */
static void put_again(Data *d, Name name, const Value *v) {
  Name base = shared_name(d, name);
  for (name = base; !shape_add(&d->b, name, v);) {
    uint32_t n = ++shape_seen(&d->b, base.text, base.id)->times;
    name = shape_find_name(d->shaper, arena_printf(d->b.scratch, STR_FMT "_%u", STR_ARG(base.text), n));
  }
}

static void put(Data *d, Name name, const Value *v) {
  name = shape_without_blanks(&d->b, name);
  if (name.id != KEY_UNKNOWN && shape_seen(&d->b, name.text, name.id)->system) name = joined(d, d->section, name.text);
  if (!shape_add(&d->b, name, v)) put_again(d, name, v);
}

static bool has_parts(const Value *array) {
  for (const Value *v = array->first; v; v = v->next)
    if (v->kind == VALUE_OBJECT || v->kind == VALUE_ARRAY) return true;
  return false;
}

/* They may stand in an array, without names. */
static void put_attributes(Data *d, Str element, const Value *set) {
  for (const Value *a = set->first; a; a = a->next) {
    if (is_namespace(d, a)) continue;
    Name name = set->kind == VALUE_OBJECT ? name_of_member(a) : shape_find_name(d->shaper, STR(""));
    put(d, element.n ? joined(d, element, name.text) : name, a);
  }
}

/* Every leaf by the name of its element. Recursion goes down the tree, whose depth the readers limit. */
static void put_leaves(Data *d, Name name, const Value *v) {
  if (v->kind == VALUE_ARRAY && has_parts(v)) {
    for (const Value *kid = v->first; kid; kid = kid->next) put_leaves(d, shared_name(d, name), kid);
  } else if (v->kind == VALUE_OBJECT) {
    for (const Value *m = v->first; m; m = m->next) {
      if (is_name(d, m, NAME_ATTRIBUTES)) put_attributes(d, name.text, m);
      else if (is_name(d, m, NAME_TEXT)) put(d, name, m);
      else if (!is_namespace(d, m)) put_leaves(d, name_of_member(m), m);
    }
  } else {
    put(d, name, v);
  }
}

/* <Data Name="X"> as an object {"@Name":X,"#text":..}. */
static bool put_named(Data *d, const Value *v) {
  Value *name = v->kind == VALUE_OBJECT ? attribute(d->shaper, v, NAME_NAME) : NULL;
  if (!name || name->kind != VALUE_TEXT) return false;
  static const Value null = {.kind = VALUE_NULL};
  const Value *text = shape_member(d->shaper, v, NAME_TEXT);
  put(d, shape_find_name(d->shaper, value_text(name, d->b.scratch)), text ? text : &null);
  return true;
}

/* Data without names: one text is itself, several are an array. */
static void put_unnamed(Data *d, const Value *v) {
  const Value *text = v->kind == VALUE_OBJECT ? shape_member(d->shaper, v, NAME_TEXT) : v;
  if (text && text->kind == VALUE_ARRAY && text->first && !text->first->next) text = text->first;
  if (text) put(d, shape_name(d->shaper, NAME_DATA), text);
}

static void put_data(Data *d, const Value *v) {
  Name data = shape_name(d->shaper, NAME_DATA);
  if (v->kind == VALUE_ARRAY && v->first && v->first->kind == VALUE_OBJECT) {
    for (const Value *kid = v->first; kid; kid = kid->next)
      if (!put_named(d, kid)) put_leaves(d, data, kid);
    return;
  }
  if (put_named(d, v)) return;
  if (v->kind == VALUE_OBJECT && !shape_member(d->shaper, v, NAME_TEXT)) put_leaves(d, data, v);
  else put_unnamed(d, v);
}

static void add_event_data(Data *d, const Value *body) {
  for (const Value *m = body->first; m; m = m->next) {
    if (is_name(d, m, NAME_ATTRIBUTES) || is_namespace(d, m)) continue;
    if (is_name(d, m, NAME_DATA)) put_data(d, m);
    else if (m->kind == VALUE_OBJECT) put_leaves(d, name_of_member(m), m);
    else put(d, name_of_member(m), m);
  }
}

/* The wrapper element says nothing; its attributes are fields of their own. */
static void add_wrapped(Data *d, const Value *wrapper) {
  for (const Value *m = wrapper->first; m; m = m->next) {
    if (is_name(d, m, NAME_ATTRIBUTES)) put_attributes(d, STR(""), m);
    else if (is_name(d, m, NAME_TEXT)) put(d, name_of_member(wrapper), m);
    else if (!is_namespace(d, m)) put_leaves(d, name_of_member(m), m);
  }
}

static void add_user_data(Data *d, const Value *body) {
  for (const Value *m = body->first; m; m = m->next) {
    if (is_name(d, m, NAME_ATTRIBUTES) || is_namespace(d, m)) continue;
    if (m->kind == VALUE_OBJECT) add_wrapped(d, m);
    else put_leaves(d, name_of_member(m), m);
  }
}

static bool is_section(Data *d, const Value *m) {
  return m->kind != VALUE_NULL && !is_name(d, m, NAME_ATTRIBUTES) && !is_name(d, m, NAME_SYSTEM) && !is_namespace(d, m);
}

Value *shape_from_evtx(Shaper *s, const Value *root, const Value *event, const Value *system, Arena *scratch) {
  Data d = {.shaper = s};
  shape_begin(&d.b, s, scratch);
  add_system(&d.b, system);
  for (const Value *m = event->first; m; m = m->next) {
    if (!is_section(&d, m)) continue;
    d.section = m->key;
    if (m->kind != VALUE_OBJECT) put(&d, name_of_member(m), m);
    else if (is_name(&d, m, NAME_EVENT_DATA)) add_event_data(&d, m);
    else if (is_name(&d, m, NAME_USER_DATA)) add_user_data(&d, m);
    else put_leaves(&d, shape_find_name(s, STR("")), m);
  }
  d.section = STR("Collector");
  for (const Value *m = root->first; event != root && m; m = m->next)
    if (!is_name(&d, m, NAME_EVENT)) put(&d, name_of_member(m), m);
  return d.b.object;
}
