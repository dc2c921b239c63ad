/* SPDX-License-Identifier: MIT
 * Events of a collector: what it put elsewhere is added at the top. */
#include "runtime/shape_internal.h"

/* Where the collectors put what Sigma rules know by another name: a key at the top, or a member of one. */
static const struct {
  NameNumber from, object, member, field;
} collected[] = {
  {NAME_WINLOG_CHANNEL, NAME_WINLOG, NAME_channel, NAME_CHANNEL},
  {NAME_WINLOG_EVENT_ID, NAME_WINLOG, NAME_event_id, NAME_EVENT_ID},
  {NAME_WINLOG_PROVIDER_NAME, NAME_WINLOG, NAME_provider_name, NAME_PROVIDER_NAME},
  {NAME_WINLOG_COMPUTER_NAME, NAME_WINLOG, NAME_computer_name, NAME_COMPUTER},
  {NAME_WINLOG_PROVIDER_GUID, NAME_WINLOG, NAME_provider_guid, NAME_PROVIDER_GUID},
  {NAME_WINLOG_RECORD_ID, NAME_WINLOG, NAME_record_id, NAME_EVENT_RECORD_ID},
  {NAME_WINLOG_VERSION, NAME_WINLOG, NAME_version, NAME_VERSION},
  {NAME_WINLOG_TASK, NAME_WINLOG, NAME_task, NAME_TASK},
  {NAME_WINLOG_OPCODE, NAME_WINLOG, NAME_opcode, NAME_OPCODE},
  {NAME_WINLOG_KEYWORDS, NAME_WINLOG, NAME_keywords, NAME_KEYWORDS},
  {NAME_log_name, NAME_NONE, NAME_NONE, NAME_CHANNEL},
  {NAME_event_id, NAME_NONE, NAME_NONE, NAME_EVENT_ID},
  {NAME_source_name, NAME_NONE, NAME_NONE, NAME_PROVIDER_NAME},
  {NAME_computer_name, NAME_NONE, NAME_NONE, NAME_COMPUTER},
  {NAME_record_number, NAME_NONE, NAME_NONE, NAME_EVENT_RECORD_ID},
  {NAME_SOURCE_NAME, NAME_NONE, NAME_NONE, NAME_PROVIDER_NAME},
  {NAME_PROVIDER, NAME_NONE, NAME_NONE, NAME_PROVIDER_NAME},
  {NAME_HOSTNAME, NAME_NONE, NAME_NONE, NAME_COMPUTER},
  {NAME_PROVIDER_GUID_PLAIN, NAME_NONE, NAME_NONE, NAME_PROVIDER_GUID},
  {NAME_RECORD_NUMBER, NAME_NONE, NAME_NONE, NAME_EVENT_RECORD_ID},
  {NAME_EXECUTION_PROCESS_ID_PLAIN, NAME_NONE, NAME_NONE, NAME_EXECUTION_PROCESS_ID},
  {NAME_message, NAME_NONE, NAME_NONE, NAME_MESSAGE},
};
enum { COLLECTED = sizeof collected / sizeof *collected };

const NameNumber shape_lifted[] = {NAME_WINLOG_EVENT_DATA, NAME_WINLOG_USER_DATA, NAME_event_data, NAME_user_data,
                                   NAME_EVENT_DATA,        NAME_USER_DATA,        NAME_NONE};
static const NameNumber lifted_from_winlog[] = {NAME_event_data, NAME_user_data}; /* the first ones, as members */
enum { LIFTED = sizeof shape_lifted / sizeof *shape_lifted - 1, FROM_WINLOG = 2 };

/* Which one a key begins with; -1 for none. */
static int place_of(Mark mark) { return (mark & MARK_LIFTED) / MARK_LIFTED_UNIT - 1; }

typedef struct {
  Builder b;
  Members top, winlog; /* members of the root, and of its member `winlog` */
  Value *lifted[LIFTED];
  bool flat[LIFTED]; /* there are keys `PLACE.NAME` */
} Collected;

static void find_places(Collected *c, Shaper *s, const Value *root) {
  shape_members(s, &c->top, root);
  const Value *winlog = c->top.at[NAME_WINLOG];
  if (winlog && winlog->kind == VALUE_OBJECT) shape_members(s, &c->winlog, winlog);
  for (int i = 0; i < LIFTED; i++) {
    Value *v = c->top.at[shape_lifted[i]];
    if (!v && i < FROM_WINLOG) v = c->winlog.at[lifted_from_winlog[i]];
    c->lifted[i] = v && v->kind == VALUE_OBJECT ? v : NULL;
  }
}

/* Everything stays, and the names without blanks follow. */
static void add_root(Collected *c, const Value *root) {
  bool blanks = false;
  for (const Value *m = root->first; m; m = m->next) {
    Mark mark = shape_mark_of(c->b.shaper, m);
    blanks |= (mark & MARK_BLANK) != 0;
    if (mark & MARK_LIFTED) c->flat[place_of(mark)] = true;
    shape_add(&c->b, name_of_member(m), m);
  }
  for (const Value *m = root->first; blanks && m; m = m->next) shape_add(&c->b, shape_without_blanks(&c->b, name_of_member(m)), m);
}

static void add_collected(Collected *c) {
  for (int i = 0; i < COLLECTED; i++) {
    const Value *v = c->top.at[collected[i].from];
    if (!v && collected[i].object != NAME_NONE) v = c->winlog.at[collected[i].member];
    if (v) shape_add(&c->b, shape_name(c->b.shaper, collected[i].field), v);
  }
}

static void lift(Collected *c, const Value *root, int place) {
  Builder *b = &c->b;
  for (const Value *m = c->lifted[place] ? c->lifted[place]->first : NULL; m; m = m->next)
    shape_add(b, shape_without_blanks(b, name_of_member(m)), m);
  if (!c->flat[place]) return;
  /* The same as flat keys: winlog.event_data.Image. */
  size_t n = shape_name(b->shaper, shape_lifted[place]).text.n + 1;
  for (const Value *m = root->first; m; m = m->next)
    if (place_of(shape_mark_of(b->shaper, m)) == place)
      shape_add(b, shape_without_blanks(b, shape_find_name(b->shaper, str_from(m->key, n))), m);
}

/* Winlogbeat names data without names param1, param2 ...; rules know them as `Data`. */
static void add_params(Builder *b, const Value *data) {
  Shaper *s = b->shaper;
  if (!shape_member(s, data, NAME_PARAM1) || shape_member(s, data, NAME_DATA)) return;
  Value array = {.kind = VALUE_ARRAY}, **end = &array.first;
  for (const Value *m = data->first; m; m = m->next) {
    if (!(shape_mark_of(s, m) & MARK_PARAM)) continue;
    *end = arena_new(b->scratch, Value);
    **end = *m;
    (*end)->key = (Str){0};
    (*end)->key_id = KEY_UNKNOWN;
    (*end)->next = NULL;
    end = &(*end)->next;
  }
  shape_add(b, shape_name(s, NAME_DATA), &array);
}

Value *shape_from_collector(Shaper *s, const Value *root, Arena *scratch) {
  Collected c = {0};
  shape_begin(&c.b, s, scratch);
  find_places(&c, s, root);
  add_root(&c, root);
  add_collected(&c);
  for (int i = 0; i < LIFTED; i++) lift(&c, root, i);
  add_params(&c.b, c.lifted[0]); /* winlog.event_data, event_data */
  add_params(&c.b, c.lifted[2]);
  return c.b.object;
}
