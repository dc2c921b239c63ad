/* SPDX-License-Identifier: MIT
 * Documents of the deploy formats: a tree of maps, lists and scalars, and its text as JSON, YAML or TOML. Whatever a text
 * holds, a parser of the format reads back the same characters. Keys are ours and constant. Nodes are in an arena; texts
 * are borrowed. */
#ifndef SIGMAC_BACKENDS_DATA_H
#define SIGMAC_BACKENDS_DATA_H

#include "base/buf.h"

typedef enum {
  DATA_TEXT,
  DATA_BLOCK,
  DATA_NUMBER,
  DATA_BOOL,
  DATA_LIST,
  DATA_MAP
} DataKind; /* BLOCK: text, over lines if it can be */

typedef struct Data Data;
struct Data {
  DataKind kind;
  Str text;
  int64_t number; /* DATA_BOOL too */
  const char *key;
  Data *first, *last, *next; /* of a list or a map, in order; the next of the same */
};

Data *data_map(Arena *a);
Data *data_list(Arena *a);
Data *data_text(Arena *a, Str text);
Data *data_block(Arena *a, Str text);
Data *data_number(Arena *a, int64_t number);
Data *data_bool(Arena *a, bool truth);

/* Return `value`, which may be in one place alone. */
Data *data_put(Data *map, const char *key, Data *value);
Data *data_add(Data *list, Data *value);
/* Most members are texts. */
void data_put_text(Arena *a, Data *map, const char *key, Str text);
void data_put_word(Arena *a, Data *map, const char *key, const char *word);
void data_add_text(Arena *a, Data *list, Str text);
void data_add_once(Arena *a, Data *list, Str text); /* unless it is there */

/* On one line, or two blanks deeper per level with `indent` as the depth to begin with; without a line end. */
enum { DATA_ONE_LINE = -1 };
void data_json(Buf *out, const Data *d, int indent);
/* A map, with a line end. Read alike by YAML 1.1 and 1.2. */
void data_yaml(Buf *out, const Data *map);
/* A map, with a line end (TOML 1.0). In each table scalars and lists of scalars come first. */
void data_toml(Buf *out, const Data *map);

#endif
