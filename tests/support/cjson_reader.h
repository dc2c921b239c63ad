/* SPDX-License-Identifier: MIT
 * cJSON as a second reader of events, for comparison. */
#ifndef SIGMAC_TESTS_SUPPORT_CJSON_READER_H
#define SIGMAC_TESTS_SUPPORT_CJSON_READER_H

#include "runtime/event_cjson.h"

/* Parses text with cJSON and adapts it. */
Value *event_cjson_parse(Str text, Arena *scratch, JsonError *error);

#endif
