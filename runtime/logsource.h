/* SPDX-License-Identifier: MIT
 * What an event is: from its fields to its log sources (semantics 3.1). runtime/logsources.yml is the table; here is what
 * runs it. A label is one triple (category, product, service); an event can have several, and a rule is offered the event
 * if it does not conflict with one of them. A label may name a view: another tree of the same event, whose fields have the
 * names that rules of that label use (Security 4688 in the words of Sysmon). */
#ifndef SIGMAC_RUNTIME_LOGSOURCE_H
#define SIGMAC_RUNTIME_LOGSOURCE_H

#include "base/buf.h"
#include "runtime/event.h"

typedef enum {
  LABEL_UNKNOWN, /* fits every rule */
  LABEL_NAME,    /* fits rules that name it (ASCII letter case ignored), and those that name nothing */
  LABEL_NONE,    /* known to be none: fits rules that name nothing */
  LABEL_OTHER    /* fits rules that name nothing, or what the table does not know */
} LabelKind;

typedef struct {
  LabelKind kind;
  Str name;
} LabelPart;

typedef struct {
  LabelPart category, product, service;
  uint32_t view; /* number of the alias view; 0: the event as it is */
} Label;

typedef struct {
  const Label *p;
  uint32_t n;
  uint32_t row; /* of the table: events of one row have the same labels; LOGSOURCE_OWN where they are the event's own */
} Labels;

enum { LOGSOURCE_OWN = UINT32_MAX };

typedef struct LogsourceFinder LogsourceFinder;

/* A detector for one thread; the tables are shared and constant. */
LogsourceFinder *logsource_new(KeyTable *keys, Arena *owner, Arena *scratch);
/* How many rows the table has. */
uint32_t logsource_rows(void);
/* The labels of an event; none where no row fits. They are valid until the next event. */
Labels logsource_find(LogsourceFinder *l, Value *root);
/* The event that logsource_find saw last through a view, in scratch, numbered; the original is not touched. */
Value *logsource_view(LogsourceFinder *l, uint32_t view);

/* category/product/service of each, `?` for unknown, `-` for known to be none, `as VIEW` behind those with a view. */
void labels_print(Buf *out, const Label *labels, uint32_t n);
/* The name of a view; empty for 0. */
Str logsource_view_name(uint32_t view);

/* The table as text, cell by cell, four in a row: field, its text, further conditions, labels (? unknown, - none). */
typedef void ListCell(void *ctx, Str text); /* text is valid during the call */
void logsource_list(ListCell *cell, void *ctx, Arena *scratch);
/* View, field, what it is made of, how it is changed. */
void logsource_list_views(ListCell *cell, void *ctx, Arena *scratch);

/* Whether an attribute of a rule (empty: not named) fits. */
bool label_fits(const Label *label, Str category, Str product, Str service);

#endif
