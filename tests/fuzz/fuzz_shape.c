/* SPDX-License-Identifier: MIT
 * Any event: its shape, its labels and every view of it are objects with keys that are there once and numbered, and making them leaves
 * the event that was read as it is. */
#include <stdlib.h>

#include "base/intern.h"
#include "runtime/event_json.h"
#include "runtime/logsource.h"
#include "runtime/shape.h"
#include "tests/support/gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static void check_object(const Value *v, const KeyTable *numbers, Arena *a) {
  Intern keys;
  uint32_t n = 0;
  intern_init(&keys, a);
  demand(v->kind == VALUE_OBJECT);
  for (const Value *m = v->first; m; m = m->next, n++) {
    demand(intern_id(&keys, m->key) == n);
    demand(m->key_id == keys_find(numbers, m->key));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena owner = {0}, scratch = {0};
  JsonError error;
  Value *root = event_json_read((Str){(const char *)data, size}, &scratch, &error);
  if (root) {
    Buf before = {0}, after = {0};
    gen_print_value(&before, root);
    KeyTable *keys = keys_new(&owner);
    LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
    Shaper *shaper = shaper_new(keys, &owner);
    keys_number(keys, root);
    Value *seen = event_shape(shaper, root, &scratch);
    check_object(seen, keys, &scratch);
    Labels labels = logsource_find(l, seen);
    for (uint32_t i = 0; i < labels.n; i++) check_object(logsource_view(l, labels.p[i].view), keys, &scratch);
    gen_print_value(&after, root);
    demand(str_eq(buf_view(&before), buf_view(&after)));
    buf_free(&before);
    buf_free(&after);
  }
  arena_free(&owner);
  arena_free(&scratch);
  return 0;
}
