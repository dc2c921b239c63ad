/* SPDX-License-Identifier: MIT */
#include "backends/data.h"

static Data *node(Arena *a, DataKind kind) {
  Data *d = arena_new(a, Data);
  d->kind = kind;
  return d;
}

static Data *text_node(Arena *a, DataKind kind, Str text) {
  Data *d = node(a, kind);
  d->text = text;
  return d;
}

static Data *number_node(Arena *a, DataKind kind, int64_t number) {
  Data *d = node(a, kind);
  d->number = number;
  return d;
}

Data *data_map(Arena *a) { return node(a, DATA_MAP); }
Data *data_list(Arena *a) { return node(a, DATA_LIST); }
Data *data_text(Arena *a, Str text) { return text_node(a, DATA_TEXT, text); }
Data *data_block(Arena *a, Str text) { return text_node(a, DATA_BLOCK, text); }
Data *data_number(Arena *a, int64_t number) { return number_node(a, DATA_NUMBER, number); }
Data *data_bool(Arena *a, bool truth) { return number_node(a, DATA_BOOL, truth); }

Data *data_add(Data *list, Data *value) {
  if (list->last) list->last->next = value;
  else list->first = value;
  list->last = value;
  return value;
}

Data *data_put(Data *map, const char *key, Data *value) {
  value->key = key;
  return data_add(map, value);
}

void data_put_text(Arena *a, Data *map, const char *key, Str text) { data_put(map, key, data_text(a, text)); }
void data_put_word(Arena *a, Data *map, const char *key, const char *word) { data_put_text(a, map, key, str_of(word)); }
void data_add_text(Arena *a, Data *list, Str text) { data_add(list, data_text(a, text)); }

void data_add_once(Arena *a, Data *list, Str text) {
  for (const Data *d = list->first; d; d = d->next)
    if (str_eq(d->text, text)) return;
  data_add_text(a, list, text);
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static void new_line(Buf *out, int indent) {
  if (indent != DATA_ONE_LINE) buf_printf(out, "\n%*s", indent * 2, "");
}

static void json_members(Buf *out, const Data *d, int indent) {
  bool map = d->kind == DATA_MAP;
  int inner = indent == DATA_ONE_LINE ? DATA_ONE_LINE : indent + 1;
  buf_char(out, map ? '{' : '[');
  for (const Data *kid = d->first; kid; kid = kid->next) {
    new_line(out, inner);
    if (map) {
      buf_json(out, str_of(kid->key));
      buf_str(out, indent == DATA_ONE_LINE ? STR(":") : STR(": "));
    }
    data_json(out, kid, inner);
    if (kid->next) buf_char(out, ',');
  }
  if (d->first) new_line(out, indent);
  buf_char(out, map ? '}' : ']');
}

void data_json(Buf *out, const Data *d, int indent) {
  switch (d->kind) {
  case DATA_TEXT:
  case DATA_BLOCK: buf_json(out, d->text); break;
  case DATA_NUMBER: buf_printf(out, "%lld", (long long)d->number); break;
  case DATA_BOOL: buf_str(out, d->number ? STR("true") : STR("false")); break;
  case DATA_LIST:
  case DATA_MAP: json_members(out, d, indent); break;
  }
}
