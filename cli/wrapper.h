/* SPDX-License-Identifier: MIT
 * Objects that are no events but hold them: `{"Records":[...]}` (CloudTrail; `records`: Azure Monitor), `{"value":[...]}`
 * (OData: Microsoft Graph, Azure), `{"hits":{"hits":[...]}}` (Elasticsearch, OpenSearch), and around a single event the
 * document of Elasticsearch, `{"_index":..,"_source":{...}}`.
 *
 * An event may have a field of such a name. So an object is a wrapper only where the members in front of the array are
 * of a closed list (wrapper.c), and the array is empty or begins with an object. Where the object ends within the next
 * 64 KiB, the members behind the array must be of the list too; in a longer one they are skipped, and unknown ones are
 * said to be. An input in which looking is in vain again and again has no wrappers any more (INPUT_ALLOWANCE). */
#ifndef SIGMAC_CLI_WRAPPER_H
#define SIGMAC_CLI_WRAPPER_H

#include "base/str.h"

typedef enum { WRAPPER_NONE, WRAPPER_RECORDS, WRAPPER_VALUE, WRAPPER_HITS } Wrapper;

struct Input;
/* Whether the object at the place of the input is a wrapper. Returns the bytes up to and with the `[` of its array, or 0. */
size_t wrapper_opens(struct Input *in, Wrapper *kind);
/* Objects open around the array. */
unsigned wrapper_depth(Wrapper kind);
/* Whether a member may stand behind the array, `depth` objects deep. */
bool wrapper_knows(Wrapper kind, unsigned depth, Str name);

/* The event in a document of Elasticsearch: the slice of the object `_source`. The text itself where it is none, or
 * is not well-formed, so that the reader of events reports it. */
Str wrapper_source(Str text);

#endif
