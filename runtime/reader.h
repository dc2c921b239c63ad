/* SPDX-License-Identifier: MIT
 * The fast reader of events. For any text it makes the tree that event_json_read makes, or refuses it with the same error:
 * that one is asked for a verdict wherever this one meets what it does not like. Members are numbered (runtime/keys.h), and
 * texts with escapes stay as they are spelled until someone reads them (value_text). One per thread. */
#ifndef SIGMAC_RUNTIME_READER_H
#define SIGMAC_RUNTIME_READER_H

#include "runtime/event_json.h"
#include "runtime/keys.h"

typedef struct Reader Reader;

Reader *reader_new(KeyTable *keys, Arena *owner);
/* The event that text holds; NULL with *error set where it is none. The tree points into text, is partly in scratch and
 * partly in the reader, and is valid until scratch is reset or the next event is read. Nothing behind text is read. */
Value *reader_event(Reader *r, Str text, Arena *scratch, JsonError *error);

/* How the texts of the last event are spelled. */
typedef struct {
  bool odd;  /* maybe with the escapes \u or \/, without which only control characters have several spellings */
  bool wide; /* with characters outside of ASCII */
} Spelling;
Spelling reader_spelling(const Reader *r);

/* For tests: how it looks for the ends of texts, and how many texts were left to the plain reader so far. */
typedef enum { READER_WORDS, READER_SIMD } ReaderForm;
Reader *reader_new_by(KeyTable *keys, Arena *owner, ReaderForm form);
uint64_t reader_left(const Reader *r);

#endif
