/* SPDX-License-Identifier: MIT */
#include "tests/support/cjson_reader.h"

#include <cjson/cJSON.h>

static void delete_tree(void *tree) { cJSON_Delete(tree); }

/* cJSON keeps its last error in a global: two threads must not be here at once. Its own nesting limit (1000) is far
 * above LIMIT_EVENT_DEPTH. It may read one byte behind the text; hence the copy, which has a NUL there. */
Value *event_cjson_parse(Str text, Arena *scratch, JsonError *error) {
  const char *start = arena_cstr(scratch, text), *end = start;
  cJSON *tree = cJSON_ParseWithLengthOpts(start, text.n, &end, false);
  arena_defer(scratch, delete_tree, tree);
  size_t at = (size_t)(end - start);
  if (!tree) {
    *error = (JsonError){"cJSON cannot read this", at};
    return NULL;
  }
  for (; at < text.n; at++)
    if (!strchr(" \t\r\n", start[at]) || !start[at]) {
      *error = (JsonError){"text goes on after the value", at};
      return NULL;
    }
  return event_cjson_read(tree, scratch, error);
}
