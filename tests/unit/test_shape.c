/* SPDX-License-Identifier: MIT
 * Exports of Windows events, as one shape. */
#include <criterion/criterion.h>

#include "runtime/event_json.h"
#include "runtime/shape_internal.h"
#include "tests/support/gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SYSTEM       "\"System\":{\"EventID\":1,\"Channel\":\"C\"}"
#define TOP          "\"EventID\":1,\"Channel\":\"C\""

static const struct {
  const char *name, *json, *want; /* want NULL: as it was */
} cases[] = {
  {"any other event", "{\"a b\":1,\"Event\":{\"x\":1},\"System\":\"s\"}", NULL},
  {"flat", "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"A\":1}", NULL},
  {"keys with spaces are added without", "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"Threat Name\":\"x\"}",
   "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"Threat Name\":\"x\",\"ThreatName\":\"x\"}"},
  {"what is there stays", "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"A B\":1,\"AB\":2}",
   "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"A B\":1,\"AB\":2}"},
  {"nxlog", "{\"Channel\":\"C\",\"EventID\":1,\"SourceName\":\"P\",\"Hostname\":\"h\"}",
   "{\"Channel\":\"C\",\"EventID\":1,\"SourceName\":\"P\",\"Hostname\":\"h\",\"Provider_Name\":\"P\",\"Computer\":\"h\"}"},
  {"data beside the columns",
   "{\"Provider\":\"P\",\"Channel\":\"C\",\"EventID\":1,\"EventData\":{\"Image\":\"i\",\"Channel\":\"x\"}}",
   "{\"Provider\":\"P\",\"Channel\":\"C\",\"EventID\":1,\"EventData\":{\"Image\":\"i\",\"Channel\":\"x\"},\"Provider_Name\":\"P\","
   "\"Image\":\"i\"}"},
  {"data as a text", "{\"Channel\":\"C\",\"EventID\":1,\"Provider_Name\":\"P\",\"EventData\":\"<DataItem/>\"}", NULL},
  {"attributes of System",
   "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\",\"Guid\":\"G\"}},\"EventID\":{\"#attributes\":{"
   "\"Qualifiers\":5},"
   "\"#text\":7},\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"T\"}},\"Correlation\":null,\"Execution\":{\"#attributes\":{"
   "\"ProcessID\":4,\"ThreadID\":8}},\"Channel\":\"C\",\"Security\":{\"#attributes\":{\"UserID\":\"S\"}}},\"EventData\":null}}",
   "{\"@timestamp\":\"T\",\"EventID\":7,\"Channel\":\"C\",\"Provider_Name\":\"P\",\"Qualifiers\":5,\"Provider_Guid\":\"G\","
   "\"Execution_ProcessID\":4,\"Execution_ThreadID\":8,\"Security_UserID\":\"S\"}"},
  {"attributes with @",
   "{\"Event\":{\"System\":{\"Provider\":{\"@Name\":\"P\"},\"EventID\":{\"@Qualifiers\":\"\",\"#text\":\"7\"}}}}",
   "{\"EventID\":\"7\",\"Provider_Name\":\"P\",\"Qualifiers\":\"\"}"},
  {"attributes beside", "{\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":\"P\"},\"EventID\":7}}}",
   "{\"EventID\":7,\"Provider_Name\":\"P\"}"},
  {"without Event",
   "{\"System\":{\"Provider\":{\"Name\":\"P\"},\"EventID\":{\"Value\":7}},\"EventData\":{\"A\":\"x\"},\"Message\":\"m\"}",
   "{\"EventID\":7,\"Provider_Name\":\"P\",\"A\":\"x\",\"Message\":\"m\"}"},
  {"named data", "{\"Event\":{" SYSTEM ",\"EventData\":{\"A\":\"x\",\"B\":null,\"C D\":3,\"L\":[1,2]}}}",
   "{" TOP ",\"A\":\"x\",\"B\":null,\"CD\":3,\"L\":[1,2]}"},
  {"one text without a name", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Data\":{\"#text\":\"x\"}}}}", "{" TOP ",\"Data\":\"x\"}"},
  {"a list of one", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Data\":{\"#text\":[\"x\"]}}}}", "{" TOP ",\"Data\":\"x\"}"},
  {"several texts without a name", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Data\":{\"#text\":[\"x\",\"y\"]},\"Binary\":null}}}",
   "{" TOP ",\"Data\":[\"x\",\"y\"],\"Binary\":null}"},
  {"plain Data", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Data\":[\"x\",\"y\"]}}}", "{" TOP ",\"Data\":[\"x\",\"y\"]}"},
  {"data elements by name",
   "{\"Event\":{" SYSTEM
   ",\"EventData\":{\"Data\":[{\"@Name\":\"A\",\"#text\":\"x\"},{\"@Name\":\"B\"},{\"#attributes\":{\"Name\":\"C\"},"
   "\"#text\":\"z\"}]}}}",
   "{" TOP ",\"A\":\"x\",\"B\":null,\"C\":\"z\"}"},
  {"one data element by name", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Data\":{\"@Name\":\"A\",\"#text\":\"x\"}}}}",
   "{" TOP ",\"A\":\"x\"}"},
  {"a name that System has", "{\"Event\":{" SYSTEM ",\"EventData\":{\"Channel\":\"x\"}}}", "{" TOP ",\"EventData_Channel\":\"x\"}"},
  {"the wrapper of UserData is dropped",
   "{\"Event\":{" SYSTEM
   ",\"UserData\":{\"LogFileCleared\":{\"#attributes\":{\"xmlns\":\"u\",\"k\":1},\"Channel\":\"x\",\"Who\":\"me\"}}}}",
   "{" TOP ",\"k\":1,\"UserData_Channel\":\"x\",\"Who\":\"me\"}"},
  {"attributes without names", "{\"Event\":{" SYSTEM ",\"UserData\":{\"W\":{\"#attributes\":[\"x\"],\"\":1}}}}",
   "{" TOP ",\"\":\"x\",\"_2\":1}"},
  {"leaves of UserData",
   "{\"Event\":{" SYSTEM ",\"UserData\":{\"W\":{\"A\":{\"B\":1,\"C\":{\"#attributes\":{\"n\":2},\"#text\":3}}}}}}",
   "{" TOP ",\"B\":1,\"C_n\":2,\"C\":3}"},
  {"a name seen again", "{\"Event\":{" SYSTEM ",\"UserData\":{\"W\":{\"A\":[{\"x\":1},{\"x\":2},{\"x\":3}]}}}}",
   "{" TOP ",\"x\":1,\"x_2\":2,\"x_3\":3}"},
  {"what stands beside Event stays", "{\"Event\":{" SYSTEM "},\"host\":\"h\",\"Channel\":\"c\"}",
   "{" TOP ",\"host\":\"h\",\"Collector_Channel\":\"c\"}"},
  {"Winlogbeat",
   "{\"winlog\":{\"channel\":\"C\",\"event_id\":\"1\",\"provider_name\":\"P\",\"event_data\":{\"Image\":\"i\",\"A "
   "B\":1}},\"message\":\"m\"}",
   "{\"winlog\":{\"channel\":\"C\",\"event_id\":\"1\",\"provider_name\":\"P\",\"event_data\":{\"Image\":\"i\",\"A "
   "B\":1}},\"message\":\"m\","
   "\"Channel\":\"C\",\"EventID\":\"1\",\"Provider_Name\":\"P\",\"Message\":\"m\",\"Image\":\"i\",\"AB\":1}"},
  {"Winlogbeat, flat keys", "{\"winlog.channel\":\"C\",\"winlog.event_data.Image\":\"i\"}",
   "{\"winlog.channel\":\"C\",\"winlog.event_data.Image\":\"i\",\"Channel\":\"C\",\"Image\":\"i\"}"},
  {"Winlogbeat does not replace", "{\"winlog\":{\"event_data\":{\"host\":1}},\"host\":2}", NULL},
  {"Winlogbeat 6", "{\"log_name\":\"C\",\"event_id\":1,\"source_name\":\"P\",\"event_data\":{\"Image\":\"i\"}}",
   "{\"log_name\":\"C\",\"event_id\":1,\"source_name\":\"P\",\"event_data\":{\"Image\":\"i\"},\"Channel\":\"C\",\"EventID\":1,"
   "\"Provider_Name\":\"P\",\"Image\":\"i\"}"},
  {"data without names", "{\"winlog\":{\"event_data\":{\"param1\":\"x\",\"param2\":\"y\"}}}",
   "{\"winlog\":{\"event_data\":{\"param1\":\"x\",\"param2\":\"y\"}},\"param1\":\"x\",\"param2\":\"y\",\"Data\":[\"x\",\"y\"]}"},
  {"event_data of another log", "{\"event_data\":{\"a\":1}}", NULL},
};

static void learn_names(KeyTable *keys, const Value *v) {
  for (const Value *m = v ? v->first : NULL; m; m = m->next) {
    if (v->kind == VALUE_OBJECT) keys_learn(keys, m->key);
    learn_names(keys, m);
  }
}

static void check_numbers(const KeyTable *keys, const Value *v) {
  for (const Value *m = v->first; m; m = m->next) {
    if (v->kind == VALUE_OBJECT) cr_expect_eq(m->key_id, keys_find(keys, m->key), STR_FMT, STR_ARG(m->key));
    check_numbers(keys, m);
  }
}

/* Learns all names first, so that most of them have numbers, or none. */
static Value *shaped(Value *root, Arena *a, bool learn) {
  KeyTable *keys = keys_new(a);
  Shaper *shaper = shaper_new(keys, a);
  learn_names(keys, learn ? root : NULL);
  keys_number(keys, root);
  Value *seen = event_shape(shaper, root, a);
  check_numbers(keys, seen);
  return seen;
}

Test(shape, shapes) {
  for (size_t i = 0; i < 2 * COUNT(cases); i++) {
    Arena a = {0};
    JsonError error;
    Buf out = {0};
    Value *root = event_json_read(str_of(cases[i / 2].json), &a, &error);
    cr_assert(root, "%s: %s", cases[i / 2].name, root ? "" : error.message);
    gen_print_value(&out, shaped(root, &a, i % 2));
    cr_expect(str_is(buf_view(&out), cases[i / 2].want ? cases[i / 2].want : cases[i / 2].json), "%s: " STR_FMT, cases[i / 2].name,
              STR_ARG(buf_view(&out)));
    buf_free(&out);
    arena_free(&a);
  }
}

/* Names that are made share what they are made from, so that a long one times many does not fill the memory. */
Test(shape, long_names_times_many) {
  enum { LONG = 1 << 20, MANY = 2000 };
  static const struct {
    const char *before, *behind, *open, *close, *end; /* around the name; around each of MANY numbers; behind all */
  } hostile[] = {
    {"{\"Event\":{" SYSTEM ",\"UserData\":{\"W\":{\"", "\":[", "{\"#text\":", "}", "]}}}}"},
    {"{\"Event\":{" SYSTEM ",\"EventData\":{\"", "\":{\"#attributes\":{", "\"a", "\":1", "}}}}}"},
  };
  for (size_t i = 0; i < COUNT(hostile); i++) {
    Arena a = {0};
    JsonError error;
    Buf text = {0}, out = {0};
    buf_str(&text, str_of(hostile[i].before));
    for (unsigned k = 0; k < LONG; k++) buf_char(&text, 'n');
    buf_str(&text, str_of(hostile[i].behind));
    for (unsigned k = 0; k < MANY; k++) buf_printf(&text, "%s%s%u%s", k ? "," : "", hostile[i].open, k, hostile[i].close);
    buf_str(&text, str_of(hostile[i].end));
    Value *root = event_json_read(buf_view(&text), &a, &error);
    cr_assert(root, "%zu: %s", i, root ? "" : error.message);
    gen_print_value(&out, shaped(root, &a, false));
    cr_expect_gt(out.n, MANY * 256, "case %zu: %zu bytes", i, out.n);
    cr_expect_lt(out.n, MANY * 300, "case %zu: %zu bytes", i, out.n);
    buf_free(&text);
    buf_free(&out);
    arena_free(&a);
  }
}

/* One shaper for many events: nothing of the one before is there in the next, also where their number wraps around. */
Test(shape, one_after_another) {
  Arena owner = {0}, scratch = {0};
  KeyTable *keys = keys_new(&owner);
  Shaper *shaper = shaper_new(keys, &owner);
  for (uint32_t round = 0; round < 4; round++)
    for (size_t i = 0; i < COUNT(cases); i++) {
      JsonError error;
      Buf out = {0};
      arena_reset(&scratch);
      if (i == 3 && round == 2) shaper->epoch = UINT32_MAX;
      Value *root = event_json_read(str_of(cases[i].json), &scratch, &error);
      learn_names(keys, root);
      keys_number(keys, root);
      gen_print_value(&out, event_shape(shaper, root, &scratch));
      cr_expect(str_is(buf_view(&out), cases[i].want ? cases[i].want : cases[i].json), "%s", cases[i].name);
      buf_free(&out);
    }
  arena_free(&scratch);
  arena_free(&owner);
}
