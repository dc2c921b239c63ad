/* SPDX-License-Identifier: MIT
 * What the files of the field report share; nobody else includes it. */
#ifndef SIGMAC_RUNTIME_FIELDS_INTERNAL_H
#define SIGMAC_RUNTIME_FIELDS_INTERNAL_H

#include "base/intern.h"
#include "runtime/fields.h"
#include "runtime/names.h"

enum { MOST_CATEGORIES = 4, MOST_SUGGESTIONS = 3, NONE = UINT32_MAX };

/* A name in the events. */
typedef struct {
  Str path;
  uint64_t events, last_event; /* last_event: number of the newest, so that one event counts once */
  unsigned kinds;              /* bit 1 << ValueKind */
  bool needed;
} Seen;

typedef enum { ALIKE_SPELLING, ALIKE_PLACE, ALIKE_LETTERS } Alike;
extern const char *const alike_word[];

typedef struct {
  uint32_t seen; /* number in the report */
  Alike alike;
} Suggestion;

/* A field that rules need. */
typedef struct {
  uint32_t field;
  uint32_t rules, last_rule;
  uint64_t last_event; /* number of the event that was counted last */
  StrRef categories[MOST_CATEGORIES];
  uint32_t n_categories; /* more than MOST_CATEGORIES: so many, but not kept */
  uint64_t events;
  unsigned kinds;
  Suggestion suggestions[MOST_SUGGESTIONS];
  uint32_t n_suggestions;
} Need;

struct FieldReport {
  const Program *p;
  Arena *owner;
  VEC(Need) needs;
  uint32_t keyword_rules; /* that look at any value */
  Intern names;
  VEC(Seen) seen; /* by id of names */
  uint64_t events;
  bool cut;       /* more names than are told apart */
  bool unpaired;  /* not all names were compared letter by letter */
  bool suggested; /* suggestions are made */
};

/* Fills in the suggestions of fields that the events lack or have rarely. */
void fields_suggest(FieldReport *r);

#endif
