/* SPDX-License-Identifier: MIT
 * What runs the table of log sources: made once for a thread (logsource_new.c) of the table and of the numbers of keys. */
#ifndef SIGMAC_RUNTIME_LOGSOURCE_INTERNAL_H
#define SIGMAC_RUNTIME_LOGSOURCE_INTERNAL_H

#include "base/vec.h"
#include "runtime/logsource_table.h"

/* --- texts ------------------------------------------------------------------------------------------------- */

/* A text in lower case (ASCII), and its hash. */
enum { LONGEST_TEXT = 128 };
typedef struct {
  char p[LONGEST_TEXT];
  size_t n;
  uint64_t hash;
} LowerText;

/* False for a longer one: the table has none. */
bool lower_text(LowerText *out, Str text);

/* Numbers by room and text: what a section, a choice, a list of names looks for, each in a room of its own. */
typedef struct {
  Str text; /* lower case, borrowed; p NULL: free */
  uint32_t room, number;
} TextSlot;

typedef struct {
  TextSlot *slots;
  uint32_t bits;
} TextTable;

enum { TEXT_NONE = UINT32_MAX };
void texts_new(TextTable *t, uint32_t most, Arena *owner);
/* For at most so many texts as the table was made for. Of one text in one room the last number counts. */
void texts_add(TextTable *t, uint32_t room, Str text, uint32_t number);
/* TEXT_NONE where it is not there. */
uint32_t texts_find(const TextTable *t, uint32_t room, const LowerText *text);

/* The rooms: names of attributes, sections, then choices, by their entries. */
enum { ROOM_CATEGORIES, ROOM_PRODUCTS, ROOM_SERVICES, ROOM_SECTIONS };
static inline uint32_t logsource_room(const Entry *e) { return ROOM_SECTIONS + n_table_sections + (uint32_t)(e - table_entries); }

/* --- choices ----------------------------------------------------------------------------------------------- */

/* An entry with many rows tells them apart by one field mostly, the EventID. For each text that its rows ask for, and for
 * all others: the rows that are left, in their order, and which of them need no more tests. */
typedef struct {
  uint16_t row;
  bool sure;
} Left;

typedef struct {
  uint32_t first, n;
} LeftRows;

typedef struct {
  uint16_t path;  /* 0: the rows have no such field */
  bool asks;      /* they ask for texts of it */
  uint32_t other; /* LeftRows for all texts that they do not ask for */
} Choice;

/* --- members at the top that are asked for ------------------------------------------------------------------ */

enum { MOST_MARKS = 255, SECTION_BITS = 64 };

typedef struct {
  uint64_t sections; /* whose path can begin with this key, as bits */
  Value *value;      /* valid where `at` says so */
  uint32_t at;       /* epoch of the event */
} Marked;

struct LogsourceFinder {
  Event event; /* the fields that the table looks at */
  KeyTable *keys;
  Arena *owner, *scratch;
  uint8_t *mark; /* by key: which Marked it is; 0: none */
  uint32_t n_keys;
  Marked marked[MOST_MARKS + 1];
  uint32_t n_marked;
  uint8_t *path_mark;                 /* by path: of the key that is the whole path; 0: none */
  uint64_t always;                    /* sections whose paths cannot be marked */
  uint64_t sections;                  /* those that the present event can fit */
  uint8_t category, product, service; /* marks of these keys */
  TextTable texts;
  Choice *choices; /* by entry */
  VEC(LeftRows) lists;
  VEC(Left) left;
  uint32_t *target; /* by alias: the key of its target */
  uint32_t *hidden; /* by key, below n_keys: the view that has an alias for it, as a number that is never used again */
  uint32_t view;    /* the number of the last view */
  uint32_t members; /* of the present event, at the top */
  Label own;        /* of an event that says what it is */
};

/* The value of a path that stands as a key at the top and is no array: then it is all that the path finds. NULL otherwise. */
static inline Value *logsource_single(const LogsourceFinder *l, uint32_t path) {
  const Marked *m = &l->marked[l->path_mark[path]];
  return m->at == l->event.epoch && m->value->kind != VALUE_ARRAY ? m->value : NULL;
}

#endif
