/* SPDX-License-Identifier: MIT */
#include "runtime/event_cjson.h"

#include <cjson/cJSON.h> /* for the layout of an item: nothing of it is called */
#include <math.h>
#include <stdio.h>

#include "base/decimal.h"
#include "base/limits.h"
#include "base/utf8.h"

typedef struct {
  Arena *scratch;
  uint32_t n_values;
  const char *message; /* of the first error */
} Adapter;

static Value *adapt(Adapter *a, const cJSON *item, uint32_t depth);

static bool fail(Adapter *a, const char *message) {
  a->message = message;
  return false;
}

/* A copy, as the cJSON tree may go before the event. */
static bool adapt_text(Adapter *a, Str *out, const char *text) {
  if (!text) return fail(a, "cJSON item without its text");
  if (!utf8_valid(str_of(text))) return fail(a, "text is not UTF-8");
  *out = arena_dup(a->scratch, str_of(text));
  return true;
}

/* As decimal_canonical_float spells it: the fewest digits, and no exponent for integers up to 2^53. */
static bool adapt_number(Adapter *a, Str *out, double v) {
  if (!isfinite(v)) return fail(a, "number is not finite");
  char text[64];
  int n = snprintf(text, sizeof text, "%.16e", v);
  /* printf uses the decimal point of the locale, JSON a dot; it stands behind the first digit. */
  char *point = text + (text[0] == '-') + 1, *behind = point;
  while (!ascii_digit(*behind)) behind++;
  *point = '.';
  memmove(point + 1, behind, (size_t)(text + n + 1 - behind));
  return decimal_canonical_float(out, str_of(text), a->scratch) || fail(a, "number is not finite");
}

static bool adapt_kids(Adapter *a, Value *v, const cJSON *item, uint32_t depth) {
  if (depth == LIMIT_EVENT_DEPTH) return fail(a, "nested too deep");
  Value **link = &v->first;
  for (const cJSON *kid = item->child; kid; kid = kid->next) {
    Value *k = adapt(a, kid, depth + 1);
    if (!k || (v->kind == VALUE_OBJECT && !adapt_text(a, &k->key, kid->string))) return false;
    *link = k;
    link = &k->next;
  }
  if (v->kind == VALUE_OBJECT) object_keep_last(v, a->scratch);
  return true;
}

static bool adapt_bool(Value *v, Str word) {
  v->kind = VALUE_BOOL;
  v->text = word;
  return true;
}

/* The type of an item is a set of bits, of which the lower eight say the kind: no enum to switch over. */
static bool adapt_item(Adapter *a, Value *v, const cJSON *item, uint32_t depth) {
  switch (item->type & 0xFF) {
  case cJSON_NULL: return true;
  case cJSON_False: return adapt_bool(v, STR("false"));
  case cJSON_True: return adapt_bool(v, STR("true"));
  case cJSON_Number: v->kind = VALUE_NUMBER; return adapt_number(a, &v->text, item->valuedouble);
  case cJSON_String: v->kind = VALUE_TEXT; return adapt_text(a, &v->text, item->valuestring);
  case cJSON_Array: v->kind = VALUE_ARRAY; return adapt_kids(a, v, item, depth);
  case cJSON_Object: v->kind = VALUE_OBJECT; return adapt_kids(a, v, item, depth);
  default: return fail(a, "cJSON item of an unknown type");
  }
}

/* `depth` containers are around the item. Recursion is bounded by LIMIT_EVENT_DEPTH. */
static Value *adapt(Adapter *a, const cJSON *item, uint32_t depth) {
  if (a->n_values++ == LIMIT_EVENT_VALUES) {
    fail(a, "too many values");
    return NULL;
  }
  Value *v = arena_new(a->scratch, Value);
  return adapt_item(a, v, item, depth) ? v : NULL;
}

Value *event_cjson_read(const struct cJSON *object, Arena *scratch, JsonError *error) {
  Adapter a = {.scratch = scratch};
  if (!object || (object->type & 0xFF) != cJSON_Object) {
    *error = (JsonError){"an event must be an object", 0};
    return NULL;
  }
  Value *root = adapt(&a, object, 0);
  if (!root) *error = (JsonError){a.message, 0};
  return root;
}
