/* SPDX-License-Identifier: MIT
 * Names of members as small numbers, so that nothing below compares names for each event. The table begins with the names
 * that someone asks for (paths of fields and their parts, the names that shapes and log sources know) and goes on with those
 * that events bring, so many (LIMIT_KEYS_LEARNED) that no stream of events can make it grow without bound. One per thread.
 *
 * Numbers are dense and never change. KEY_UNKNOWN stands for all names that are not in the table: none of them is asked for,
 * so only whoever looks for duplicates must compare their text. */
#ifndef SIGMAC_RUNTIME_KEYS_H
#define SIGMAC_RUNTIME_KEYS_H

#include "runtime/value.h"

typedef struct KeyTable KeyTable;
enum { KEY_UNKNOWN = 0 };

KeyTable *keys_new(Arena *owner);
/* The number of a name that someone asks for; before the first event. The name is borrowed. */
uint32_t keys_add(KeyTable *k, Str name);
/* KEY_UNKNOWN where it is not in the table. */
uint32_t keys_find(const KeyTable *k, Str name);
/* The same for a name that an event brings: it is learned where there is room. */
uint32_t keys_learn(KeyTable *k, Str name);
/* One more than the greatest number so far. */
uint32_t keys_count(const KeyTable *k);
Str keys_name(const KeyTable *k, uint32_t id);

/* Sets key_id in all members below an object, for trees of readers that do not know the table. */
void keys_number(const KeyTable *k, Value *root);

#endif
