/* SPDX-License-Identifier: MIT
 * Adapter for events that are already a cJSON tree (library users). What cJSON has lost is lost: integers above 2^53 are
 * rounded, text ends at NUL. The only file that sees cJSON, and it calls nothing of it: the libraries need its header only
 * to be built. */
#ifndef SIGMAC_RUNTIME_EVENT_CJSON_H
#define SIGMAC_RUNTIME_EVENT_CJSON_H

#include "runtime/event_json.h"

struct cJSON;

/* Copies the tree into scratch; NULL with *error set when it is no object, too deep, or not UTF-8. Numbers are spelled
 * with the fewest digits that read back as the same double. */
Value *event_cjson_read(const struct cJSON *object, Arena *scratch, JsonError *error);

#endif
