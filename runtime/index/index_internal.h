/* SPDX-License-Identifier: MIT
 * The tables of an Index, for index*.c and their tests. Predicates of the witnesses have numbers of their own here (0, 1, ...),
 * and so have the fields that they look at; a rule is known by its place in the list. */
#ifndef SIGMAC_RUNTIME_INDEX_INDEX_INTERNAL_H
#define SIGMAC_RUNTIME_INDEX_INDEX_INTERNAL_H

#include "runtime/index/index.h"
#include "runtime/index/literals.h"

/* --- index_table.c: texts that a value is, begins or ends with ---------------------------------------------- */

typedef enum { TABLE_WHOLE, TABLE_PREFIX, TABLE_SUFFIX } TableKind;

typedef struct {
  uint64_t key; /* of the text: all of it, or its first or last bytes */
  const char *text;
  uint32_t n;
  uint32_t pred;
} TableEntry;

/* Entries by bucket of their key. Before that a filter of bits is asked, which most values do not pass. */
typedef struct {
  const uint64_t *filter;
  const uint32_t *start; /* by bucket; one more at the end */
  const TableEntry *entries;
  uint64_t lengths; /* bits: WHOLE: lengths of texts, 63 for all above; else how many bytes make the key, 1 to 8 */
  uint8_t filter_shift, bucket_shift;
} Table; /* all zero is one without entries */

/* An entry with its key; the text is borrowed, and for an affix not empty. */
TableEntry table_entry(TableKind kind, Str text, uint32_t pred);
/* In owner; `list` is copied. */
Table table_new(TableKind kind, const TableEntry *list, uint32_t n, Arena *owner);
/* Calls back with the predicate of each entry that the text fits. */
void table_find(const Table *t, TableKind kind, Str text, LiteralFound *found, void *ctx);

/* --- index_line.c: texts in the line that an event was read from --------------------------------------------- */

/* What of an anchor is looked for in the line: as JSON spells it, unless its spelling is odd. Empty where nothing
 * of it is good for that. In owner. */
Str line_literal(Str anchor, Arena *owner);
/* Whether it has characters outside of ASCII. */
bool line_is_wide(Str text);

/* --- index_find.c -------------------------------------------------------------------------------------------- */

/* A number as every canonical spelling of it is: digits, not too many, without a zero in front. */
bool index_plain_number(Str text);

/* --- index_needs.c ------------------------------------------------------------------------------------------- */

/* A field without which the rule does not match, the rarest of those that are tried; FIELD_ANY where none is found. */
uint32_t index_needed_field(const Program *p, const Stats *stats, uint32_t rule, Arena *scratch);

/* --- index_guard.c ------------------------------------------------------------------------------------------- */

enum { INDEX_NO_GUARD = 0x7FFFFFFF };
/* A predicate, cheap and often true, with which the rule does not match; INDEX_NO_GUARD where none is found. */
uint32_t index_guard(const Program *p, const Stats *stats, uint32_t rule, Arena *scratch);

/* --- index.c -------------------------------------------------------------------------------------------------- */

typedef struct {
  uint32_t pred;     /* of the program */
  uint32_t first, n; /* in Index.places */
} IndexPred;

typedef struct {
  const uint32_t *p;
  uint32_t n;
} Numbers;

typedef struct {
  uint32_t field;
  Table tables[3];        /* by TableKind */
  const Literals *inside; /* NULL for none */
  Numbers present;        /* predicates that may hold whatever the value */
  Numbers numbers;        /* those that compare with a number: for values that spell it otherwise ... */
  bool odd;               /* ... or for all, where a rule spells one so */
  Numbers places;         /* rules that need no more than that the field is there */
  bool gate;              /* some keywords are looked for only where it is there */
} IndexField;

/* Keywords: FIELD_ANY, by the line. */
typedef struct {
  uint32_t field;           /* number of FIELD_ANY here; UINT32_MAX where no rule has keywords */
  const Literals *literals; /* NULL for none ... */
  const Literals *shorter;  /* ... and the shorter ones, where they are many ... */
  const Literals *gated;    /* ... and those of rules that need a field with `gate` beside their keywords: most events have none */
  Numbers wide;             /* predicates without a literal: all their texts have characters outside of ASCII ... */
  Numbers rest;             /* ... or any line may be one of theirs */
} IndexLine;

typedef struct {
  uint32_t first, n; /* in Index.beginning */
} KeyFields;

struct Index {
  const Stats *stats;
  const uint32_t *rules; /* by place */
  const IndexPred *preds;
  const uint32_t *places; /* predicate by predicate: the rules that it is a witness of */
  const IndexField *fields;
  const KeyFields *by_key; /* by number of a key: which fields can be found under it ... */
  const uint32_t *beginning;
  Numbers deep;   /* ... and fields for which that is not known */
  Numbers always; /* places of rules without witnesses */
  const uint64_t *absent;
  IndexLine line;
  uint32_t n_rules, n_preds, n_fields, n_keys;
};

/* --- index_memo.c: values that were looked at before ---------------------------------------------------------- */

enum { MEMO_TEXT = 1024, MEMO_PREDS = 6 };

/* What was found in a value of a field. Fields of all indexes of a scanner share the memo. */
typedef struct {
  const IndexField *field; /* NULL: nothing is known */
  char *text;              /* room of its own */
  uint16_t n_text;
  uint8_t n_preds;
  bool raw; /* the text is as the event spells it */
  uint32_t preds[MEMO_PREDS];
} MemoSlot;

typedef struct {
  MemoSlot *shorts, *longs;
} IndexMemo;

/* Events of one source say the same of many fields: what is found in a text of a field is found once, and kept as long as no other
 * one needs its slot. */
IndexMemo *index_memo_new(Arena *owner);
/* The slot of a value that has text. Where it is not known, the slot is empty and index_memo_add fills it. NULL: the text is not
 * kept. */
MemoSlot *index_memo(IndexMemo *m, const IndexField *field, const Value *v, bool *known);
void index_memo_add(MemoSlot *s, uint32_t pred);
/* All is found: only now the value is known, since a search may be left half-way. Not where there was too much. */
void index_memo_done(MemoSlot *s, const IndexField *field);

#endif
