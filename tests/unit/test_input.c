/* SPDX-License-Identifier: MIT
 * The splitter of inputs: each case is read with blocks of several sizes, which must make no difference. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/line_scan.h"
#include "runtime/event_json.h"

static int file_of(Str text) {
  int fd = memfd_create("input", 0);
  cr_assert(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && lseek(fd, 0, SEEK_SET) == 0);
  return fd;
}

/* Events as lines `LINE: TEXT`, with `|` for a line end inside of one, and the fault behind them. */
static void describe(Buf *out, Str text, size_t block, size_t limit) {
  Input in = {.block = block, .limit = limit};
  Str event;
  int fd = file_of(text);
  input_open(&in, fd);
  for (InputResult r; (r = input_next(&in, &event)) != INPUT_DONE;) {
    buf_printf(out, "%llu: ", (unsigned long long)in.line);
    if (r == INPUT_TOO_LARGE) buf_str(out, STR("too large"));
    for (size_t i = 0; i < event.n; i++) buf_char(out, event.p[i] == '\n' ? '|' : event.p[i]);
    buf_char(out, '\n');
  }
  if (in.fault) buf_printf(out, "%llu! %s\n", (unsigned long long)in.fault_line, in.fault);
  input_free(&in);
  close(fd);
}

static const size_t blocks[] = {1, 2, 3, 5, 7, 16, 64, 0};
enum { N_BLOCKS = sizeof blocks / sizeof *blocks };

static void expect(Str text, size_t limit, const char *events) {
  for (int i = 0; i < N_BLOCKS; i++) {
    Buf got = {0};
    describe(&got, text, blocks[i], limit);
    cr_expect(str_is(buf_view(&got), events), "blocks of %zu: %.*s\nexpected\n%sgot\n%.*s", blocks[i], STR_ARG(text), events,
              STR_ARG(buf_view(&got)));
    buf_free(&got);
  }
}

typedef struct {
  Str text;
  const char *events;
} Case;

static void expect_all(const Case *cases, size_t n) {
  for (size_t i = 0; i < n; i++) expect(cases[i].text, 0, cases[i].events);
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof *(cases))

Test(input, lines) {
  static const Case cases[] = {
    {STR_INIT(""), ""},
    {STR_INIT(" \n\r\n\t"), ""},
    {STR_INIT("{\"a\":1}\n{\"b\":2}\n"), "1: {\"a\":1}\n2: {\"b\":2}\n"},
    {STR_INIT("{\"a\":1}\r\n\r\n{\"b\":2}"), "1: {\"a\":1}\n3: {\"b\":2}\n"},
    {STR_INIT("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}\xEF\xBB\xBF{}"), "1: {}\n2: {}\n2: {}\n"},
    /* What is no object takes its line. */
    {STR_INIT("x\n{}\n1\n\"{}\"\n[1]\n}\n{}"), "1: x\n2: {}\n3: 1\n4: \"{}\"\n5: [1]\n6: }\n7: {}\n"},
    /* What follows an object in its line makes it a bad one, unless it is another. */
    {STR_INIT("{} x\n{},\n{}}\n{}[1]\n{}"), "1: {} x\n2: {},\n3: {}}\n4: {}[1]\n5: {}\n"},
    {STR_INIT("{}{} {\"a\":\"}{\"}\n{}"), "1: {}\n1: {}\n1: {\"a\":\"}{\"}\n2: {}\n"},
    {STR_INIT("{\"a\":\"\\\\\"}{\"a\":\"\\\"}{\"}\n"), "1: {\"a\":\"\\\\\"}\n1: {\"a\":\"\\\"}{\"}\n"},
    /* Lines that are cut off, at every kind of place, take no other line with them. */
    {STR_INIT("{\n{\n{}"), "1: {\n2: {\n3: {}\n"},
    {STR_INIT("{\"a\n{}\n{\"a\"\n{}\n{\"a\":\n{}\n{\"a\":1\n{}\n{\"a\":1,\n{}"),
     "1: {\"a\n2: {}\n3: {\"a\"\n4: {}\n5: {\"a\":\n6: {}\n7: {\"a\":1\n8: {}\n9: {\"a\":1,\n10: {}\n"},
    {STR_INIT("{\"a\":[\n{}\n{\"a\":[1\n{}\n{\"a\":[1,\n{}\n{\"a\":{\n{}\n{\"a\":{\"b\":{}\n{}"),
     "1: {\"a\":[\n2: {}\n3: {\"a\":[1\n4: {}\n5: {\"a\":[1,\n6: {}\n7: {\"a\":{\n8: {}\n9: {\"a\":{\"b\":{}\n10: {}\n"},
    {STR_INIT("{\"a\":\"x\\\n{}\n{\"a\":\"x}\n{}"), "1: {\"a\":\"x\\\n2: {}\n3: {\"a\":\"x}\n4: {}\n"},
    {STR_INIT("{\"a\":[1}\n{}\n{\"a\":1]}\n{}"), "1: {\"a\":[1}\n2: {}\n3: {\"a\":1]}\n4: {}\n"},
    {STR_INIT("{}{\"a\":\n  {}\n {}\n"), "1: {}\n1: {\"a\":\n2: {}\n3: {}\n"},
    {STR_INIT("{\"a\":[\n{\"b\":[\n{}\n{}"), "1: {\"a\":[\n2: {\"b\":[\n3: {}\n4: {}\n"},
  };
  EXPECT_ALL(cases);
}

Test(input, pretty) {
  static const Case cases[] = {
    {STR_INIT("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n{\n}\n"), "1: {|  \"a\": {|    \"b\": 1|  }|}\n6: {|}\n"},
    {STR_INIT("{\r\n\t\"a\": 1\r\n}\r\n{}"), "1: {\r|\t\"a\": 1\r|}\n4: {}\n"},
    {STR_INIT("{ \"a\": 1\n, \"b\":\n  { \"c\": 2 }\n}\n{}"), "1: { \"a\": 1|, \"b\":|  { \"c\": 2 }|}\n5: {}\n"},
    /* Without indentation. */
    {STR_INIT("{\n\"a\": [\n{\n\"b\": 1\n},\n{}\n]\n}\n{}"), "1: {|\"a\": [|{|\"b\": 1|},|{}|]|}\n9: {}\n"},
    /* evtx_dump. */
    {STR_INIT("Record 1\n{\n  \"a\": 1\n}\nRecord 22\r\n{\n}\nRecord 3\n"), "2: {|  \"a\": 1|}\n6: {|}\n"},
    {STR_INIT("Record x\nRecord 1 {}\n Record 1\n"), "1: Record x\n2: Record 1 {}\n3: Record 1\n"},
    {STR_INIT("Record 1\n{\n  \"a\": [\nRecord 2\n{}"), "2: {|  \"a\": [\n5: {}\n"},
    {STR_INIT("Record 1\n{\n  \"a\": [\n{\nRecord 2\n{}"), "2: {|  \"a\": [\n4: {\n6: {}\n"},
    /* Broken ones end where the next begins. */
    {STR_INIT("{\n  \"a\": {\n    \"b\": 1\n}\n{\n  \"a\": 2\n}"), "1: {|  \"a\": {|    \"b\": 1|}\n5: {|  \"a\": 2|}\n"},
    {STR_INIT("{\n  \"a\": [\n{\n  \"a\": 2\n}\n{}"), "1: {|  \"a\": [\n3: {|  \"a\": 2|}\n6: {}\n"},
    {STR_INIT("{\n  \"a\":\n{\n  \"a\": 2\n}"), "1: {|  \"a\":\n3: {|  \"a\": 2|}\n"},
    {STR_INIT("{\n  \"a\": \"x,\n  \"b\": {\n  }\n}\n{}"), "1: {|  \"a\": \"x,|  \"b\": {|  }|}\n6: {}\n"},
    {STR_INIT("{\n  \"a\": \"x,\n  \"b\n{}"), "1: {|  \"a\": \"x,|  \"b\n4: {}\n"},
    {STR_INIT("{\n  \"a\": 1\n  }\n}\n{}"), "1: {|  \"a\": 1|  }\n4: }\n5: {}\n"},
    {STR_INIT("{\n  \"a\": tru\n}\n{}"), "1: {|  \"a\": tru|}\n4: {}\n"},
    {STR_INIT("{\n  \"a\": [\n{ \"v\": 1 }\n\"b\": 1\n}\n"), "1: {|  \"a\": [\n3: { \"v\": 1 }\n4: \"b\": 1\n5: }\n"},
  };
  EXPECT_ALL(cases);
}

Test(input, arrays) {
  static const Case cases[] = {
    {STR_INIT("[]"), ""},
    {STR_INIT(" [ {} , {\"a\":[1,\"],\"]},{}\n]\n"), "1: {}\n1: {\"a\":[1,\"],\"]}\n1: {}\n"},
    {STR_INIT("[ {\n  \"a\" : 1\n}, {\n  \"a\" : 2\n} ]"), "1: {|  \"a\" : 1|}\n3: {|  \"a\" : 2|}\n"},
    {STR_INIT("[1,\"a,]\",[2,3],null]"), "1: 1\n1: \"a,]\"\n1: [2,3]\n1: null\n"},
    {STR_INIT("[{}]\n{}\n[{}]\n[]\n[\n {}]{}"), "1: {}\n2: {}\n3: {}\n6: {}\n6: {}\n"},
    {STR_INIT("[{},{}"), "1: {}\n1: {}\n1! the JSON array that begins here is not closed\n"},
    {STR_INIT("[{},]"), "1: {}\n1! a comma before the end of the JSON array\n"},
    {STR_INIT("[,{}]"), "1: \n1: {}\n"},
    {STR_INIT("[{},\n{}\n{} {}]"), "1: {}\n2: {}\n3: {}\n3: {}\n3! a comma is missing in the JSON array\n"},
    {STR_INIT("[}]"), "1: }\n"},
    {STR_INIT("[{}}, {}x,{}]"), "1: {}}\n1: {}x\n1: {}\n"},
    {STR_INIT("[{\"a\":[1},{}]"), "1: {\"a\":[1}\n1: {}\n"},
    {STR_INIT("[{\"a\":1]},{}]"), "1: {\"a\":1]}\n1: {}\n"},
    {STR_INIT("[\n{\"a\":\"x},\n{},\n{\"a\":{\"b\":1},\n{}\n]"), "2: {\"a\":\"x},\n3: {}\n4: {\"a\":{\"b\":1},\n5: {}\n"},
    {STR_INIT("[\n  {\n    \"a\": \"x\n  },\n  {\n    \"b\": [\n  },\n  {}\n]\n{}"),
     "2: {|    \"a\": \"x|  }\n5: {|    \"b\": [|  }\n8: {}\n10: {}\n"},
    {STR_INIT("[\n  {\n    \"a\": \"x\n]\n{}"), "2: {|    \"a\": \"x\n5: {}\n"},
    {STR_INIT("[{\"a\":{}]},{}],\n{}]\n{}"), "1: {\"a\":{}]}\n1: {}\n2: {}\n3: {}\n2! the JSON array goes on behind its end\n"},
    {STR_INIT("[{},\n[{}]\n{}"), "1: {}\n2: {}\n3: {}\n1! the JSON array that begins here is not closed\n"},
    {STR_INIT("[{},[{}]]"), "1: {}\n1: [{}]\n"},
    {STR_INIT("[{},{\"a\":1\n[{}]\n{}"), "1: {}\n1: {\"a\":1\n2: {}\n3: {}\n1! the JSON array that begins here is not closed\n"},
  };
  EXPECT_ALL(cases);
}

Test(input, wrappers) {
  static const Case cases[] = {
    {STR_INIT("{\"Records\":[{\"a\":1},{}]}\n{}"), "1: {\"a\":1}\n1: {}\n2: {}\n"},
    {STR_INIT("{ \"records\" : [\n {} ]\n}\n{\"Records\":[]}{\"Records\":[{}]}"), "2: {}\n4: {}\n"},
    {STR_INIT("{\"@odata.context\":\"x\\\"\",\"count\":2,\"value\":[{},\n{}],\"@odata.nextLink\":\"y\"}"), "1: {}\n2: {}\n"},
    {STR_INIT(
       "{\"took\":1,\"_shards\":{\"total\":[1]},\"hits\":{\"total\":{\"value\":2},\"hits\":[\n{\"_index\":\"i\",\"_id\":\"1\","
       "\"_source\":{\"a\":1}},{\"_id\":\"2\",\"sort\":[1],\"_source\":{\"a\":\n2}}],\"max_score\":1},\"profile\":{}}\n{}"),
     "2: {\"a\":1}\n2: {\"a\":|2}\n4: {}\n"},
    /* Documents of Elasticsearch one per line. */
    {STR_INIT("{\"_index\":\"i\",\"_source\":{\"a\":1},\"_id\":\"1\"}\n{\"_id\":\"2\",\n \"_source\":\n {}}\n"),
     "1: {\"a\":1}\n4: {}\n"},
    {STR_INIT("{\"_index\":\"i\",\"_source\":{\"a\":1},\"b\":1}\n{\"_index\":\"i\",\"_source\":1}\n{\"_source\":{\"a\":1}"),
     "1: {\"_index\":\"i\",\"_source\":{\"a\":1},\"b\":1}\n2: {\"_index\":\"i\",\"_source\":1}\n3: {\"_source\":{\"a\":1}\n"},
    /* Events that have such fields. */
    {STR_INIT(
       "{\"EventID\":1,\"value\":[1]}\n{\"value\":[1]}\n{\"value\":{}}\n{\"Records\":1}\n{\"hits\":[{}]}\n{\"hits\":{\"a\":1}}"),
     "1: {\"EventID\":1,\"value\":[1]}\n2: {\"value\":[1]}\n3: {\"value\":{}}\n4: {\"Records\":1}\n5: {\"hits\":[{}]}\n"
     "6: {\"hits\":{\"a\":1}}\n"},
    {STR_INIT("{\"EventID\":1,\"value\":[{}]}\n{\"value\":[{}],\"EventID\":1}\n{\"count\":1,\"Records\":[{}]}"),
     "1: {\"EventID\":1,\"value\":[{}]}\n2: {\"value\":[{}],\"EventID\":1}\n3: {\"count\":1,\"Records\":[{}]}\n"},
    {STR_INIT("{\"count\":1}\n{\"took\":1,\"hits\":1}\n{\"value\""),
     "1: {\"count\":1}\n2: {\"took\":1,\"hits\":1}\n3: {\"value\"\n"},
    /* Damaged ones. */
    {STR_INIT("{\"Records\":[{},{\"a\":1"), "1: {}\n1: {\"a\":1\n1! the JSON array that begins here is not closed\n"},
    {STR_INIT("{\"Records\":[{},{\"a\":1\n{\"Records\":[{}]}\n{}"),
     "1: {}\n1: {\"a\":1\n2: {}\n3: {}\n1! the JSON array that begins here is not closed\n"},
    {STR_INIT("{\"Records\":[{}]\n{\"Records\":[{}]}"),
     "1: {}\n2: {}\n1! the object around the JSON array that begins here is not closed\n"},
    {STR_INIT("{\"Records\":[{}]"), "1: {}\n1! the object around the JSON array that begins here is not closed\n"},
    {STR_INIT("{\"value\":[{}],\"@odata.nextLink\":\"x\n{}"),
     "1: {}\n2: {}\n1! the object around the JSON array that begins here is not closed\n"},
  };
  EXPECT_ALL(cases);
}

Test(input, wrapper_longer_than_the_look) {
  Buf text = {0}, events = {0};
  buf_str(&text, STR("{\"value\":["));
  for (int i = 0; i < 20000; i++) {
    buf_printf(&text, "%s{\"a\":%d}", i ? "," : "", i);
    buf_printf(&events, "1: {\"a\":%d}\n", i);
  }
  buf_str(&text, STR("],\"nextLink\":1,\"other\":[{}]}\n{}"));
  buf_printf(&events, "2: {}\n1! the object around the JSON array has members that no known one has; they are not evaluated\n%c",
             0);
  expect(buf_view(&text), 0, events.p);
  buf_free(&text);
  buf_free(&events);
}

Test(input, foreign) {
  static const Case cases[] = {
    {STR_INIT("ElfFile\0"), "0! it is a Windows event log: convert it, as in `evtx_dump -o jsonl FILE | sigmac eval ...`\n"},
    {STR_INIT("<?xml ?>\n{}"), "0! it is XML, events are read as JSON\n"},
    {STR_INIT("\xFF\xFE{\0}\0"),
     "0! the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16 -t UTF-8 FILE | "
     "sigmac eval ...`, or write it with `Out-File -Encoding utf8`\n"},
    {STR_INIT("{\0}\0"), "0! the text is UTF-16, events are read as UTF-8: convert it, as in `iconv -f UTF-16LE -t UTF-8 FILE | "
                         "sigmac eval ...`\n"},
    {STR_INIT("ElfFil\n{}"), "1: ElfFil\n2: {}\n"},
    {STR_INIT("\x1F\n{}"), "1: \x1F\n2: {}\n"},
    {STR_INIT("P*\x4D\n{}"), "1: P*\x4D\n2: {}\n"},
  };
  EXPECT_ALL(cases);
}

Test(input, limit) {
  /* An object, a line, an element, and a broken object that are too large; what follows them is right. */
  expect(STR("{\"a\":\"0123456789\"}\n{\"a\":1}\n"), 10, "1: too large\n2: {\"a\":1}\n");
  expect(STR("{\"a\":1}{\"a\":\"0123456789\"}{\"a\":1}\n"), 10, "1: {\"a\":1}\n1: too large\n1: {\"a\":1}\n");
  expect(STR("{\n  \"a\": 1,\n  \"b\": 1\n}\n{}"), 10, "1: too large\n5: {}\n");
  expect(STR("{\n  \"a\": \"1\n  \"b\": 1\n\n}\n{}"), 10, "1: too large\n6: {}\n");
  expect(STR("{\"a\":{\"b\"}\n{}\n"), 10, "1: too large\n2: {}\n"); /* with its end it is 11 */
  expect(STR("0123456789a\n{}\n"), 10, "1: too large\n2: {}\n");
  expect(STR("{} 0123456789a\n{}\n"), 10, "1: too large\n2: {}\n");
  expect(STR("[\"0123456789a\",{}]\n"), 10, "1: too large\n1: {}\n");
  expect(STR("[{\"a\":\"0123456789a\"},{}]\n"), 10, "1: too large\n1: {}\n");
  expect(STR("{\"a\":[\n{}\n{}\n{}\n{}"), 10, "1: {\"a\":[\n2: {}\n3: {}\n4: {}\n5: {}\n");
  expect(STR("{\"a\":\"01234\",\"b\":[\n{}\n{}\n{}\n{}"), 10, "1: too large\n2: {}\n3: {}\n4: {}\n5: {}\n");
  expect(STR("{\"a\":1}          \n          {\"a\":1}"), 10, "1: {\"a\":1}\n2: {\"a\":1}\n");
}

/* --- random inputs ----------------------------------------------------------------------------------------- */

typedef struct {
  uint64_t state;
} Random;

static uint32_t below(Random *r, uint32_t n) {
  r->state = r->state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(r->state >> 33) % n;
}

static void new_line(Buf *b, int indent, unsigned depth) {
  if (indent < 0) return;
  buf_char(b, '\n');
  for (unsigned i = 0; i < (unsigned)indent * depth; i++) buf_char(b, ' ');
}

static void random_value(Random *r, Buf *b, int indent, unsigned base, unsigned depth);

static void random_members(Random *r, Buf *b, int indent, unsigned base, unsigned depth, bool list) {
  uint32_t n = below(r, 4);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_char(b, ',');
    new_line(b, indent, base + depth + 1);
    if (!list) buf_printf(b, "\"k%u\":%s", i, indent < 0 ? "" : " ");
    random_value(r, b, indent, base, depth + 1);
  }
  if (n) new_line(b, indent, base + depth);
}

static void random_value(Random *r, Buf *b, int indent, unsigned base, unsigned depth) {
  static const char *const words[] = {"1",      "-2.5e3",    "true",     "null",    "\"\"",     "\"x y\"",
                                      "\"}{\"", "\"\\\"{\"", "\"\\\\\"", "\"],[\"", "\"{\\n}\""};
  uint32_t kind = below(r, depth > 4 ? 2 : 4);
  if (kind < 2) {
    buf_str(b, str_of(words[below(r, sizeof words / sizeof *words)]));
    return;
  }
  bool list = kind == 2;
  buf_char(b, list ? '[' : '{');
  random_members(r, b, indent, base, depth, list);
  buf_char(b, list ? ']' : '}');
}

/* An object with a number of its own; indent -1 is one line, 0 several without indentation. */
static void random_event(Random *r, Buf *b, int indent, unsigned base, unsigned number) {
  buf_char(b, '{');
  new_line(b, indent, base + 1);
  buf_printf(b, "\"id\":%u,", number);
  new_line(b, indent, base + 1);
  buf_str(b, STR("\"v\":"));
  random_value(r, b, indent, base, 1);
  new_line(b, indent, base);
  buf_char(b, '}');
}

/* Cuts off, takes a byte out or puts one in. */
static void damage(Random *r, Buf *b, bool array, bool last) {
  uint32_t at = 1 + below(r, (uint32_t)b->n - 1), kind = below(r, 3);
  /* In a line of an array, a quote too many or too few may make other ones pair so that a part looks like an element. */
  if (array && last && kind == 0) kind = 1; /* the brackets of the array could close what was cut off */
  /* A bracket in front of a line's indentation looks like the beginning or the end of an event. */
  while (kind == 2 && (b->p[at - 1] == ' ' || b->p[at - 1] == '\n')) at--;
  switch (kind) {
  case 0: b->n = at; break;
  case 1:
    while (array && b->p[at] == '"') at++;
    memmove(b->p + at, b->p + at + 1, b->n-- - at - 1);
    break;
  default:
    buf_char(b, ' ');
    memmove(b->p + at + 1, b->p + at, b->n - at - 1);
    /* A closing bracket too many may look like the end of an event or array. */
    b->p[at] = "{[,:x\"\\"[below(r, array ? 5 : 7)];
  }
}

static bool well_formed(Arena *scratch, Str text) {
  JsonError error;
  arena_reset(scratch);
  return event_json_read(text, scratch, &error) != NULL;
}

/* Whether damage made an event with something behind it, or in front. */
static bool holds_event(Arena *scratch, Str text) {
  for (size_t i = 1; i < text.n; i++) {
    if (text.p[i] == '{' && text.p[i - 1] == '\n' && well_formed(scratch, str_from(text, i))) return true;
    if (text.p[i - 1] == '}' && well_formed(scratch, str_sub(text, 0, i))) return true;
  }
  return false;
}

typedef struct {
  const char *name, *open, *between, *close;
  int indent;    /* of an event */
  unsigned base; /* how deep the event stands */
  bool array;
  bool no_damage; /* it has nothing that tells where a damaged event ends */
} Format;

static const Format formats[] = {
  {"lines", "", "\n", "\n", -1, 0},
  {"lines, CR-LF", "\xEF\xBB\xBF", "\r\n", "", -1, 0},
  {"pretty", "", "\n", "\n", 2, 0},
  {"flush", "", "\n\n", "\n", 0, 0, false, true},
  {"evtx_dump", "Record 1\n", "\nRecord 2\n", "\n", 4, 0},
  {"array of lines", "[\n", ",\n", "]\n", -1, 0, true},
  {"pretty array", "[\n  ", ",\n  ", "\n]\n", 2, 1, true},
  {"array as Jackson writes it", "[ ", ", ", " ]", 2, 0, true, true},
  {"Records, a line each", "{\"Records\":[\n", ",\n", "]}", -1, 0, true},
  {"OData, pretty", "{\n  \"value\": [\n    ", ",\n    ", "\n  ]\n}", 2, 2, true},
};

/* A file in one of the formats, the indexes of what is well-formed in it, and which of its events are damaged. */
typedef struct {
  Buf text, good;      /* good: events one after another, each with a NUL behind it */
  size_t ends[8];      /* where the good ones end: in the text ... */
  size_t good_ends[8]; /* ... and in `good` */
  uint32_t n_good;
} Made;

static void make_input(Random *r, Made *m, const Format *f, uint32_t damaged_of_ten) {
  Arena scratch = {0};
  Buf event = {0};
  uint32_t n = 1 + below(r, 6);
  bool broken = false;
  buf_str(&m->text, str_of(f->open));
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(&m->text, str_of(f->between));
    event.n = 0;
    random_event(r, &event, f->indent, f->base, i);
    /* Two damaged ones in a row may look like one that is not. */
    if (!broken && !f->no_damage && below(r, 10) < damaged_of_ten) damage(r, &event, f->array, i + 1 == n);
    broken = !well_formed(&scratch, buf_view(&event));
    if (broken && holds_event(&scratch, buf_view(&event))) {
      event.n = 0;
      random_event(r, &event, f->indent, f->base, i);
      broken = false;
    }
    buf_str(&m->text, buf_view(&event));
    if (broken) continue;
    buf_str(&m->good, buf_view(&event));
    buf_char(&m->good, 0);
    m->ends[m->n_good] = m->text.n;
    m->good_ends[m->n_good++] = m->good.n;
  }
  buf_str(&m->text, str_of(f->close));
  buf_free(&event);
  arena_free(&scratch);
}

/* The well-formed events that the splitter finds, in the same form. */
static void split(Buf *good, Str text, size_t block) {
  Input in = {.block = block};
  Arena scratch = {0};
  Str event;
  int fd = file_of(text);
  input_open(&in, fd);
  for (InputResult result; (result = input_next(&in, &event)) != INPUT_DONE;) {
    if (result != INPUT_EVENT || !well_formed(&scratch, event)) continue;
    buf_str(good, event);
    buf_char(good, 0);
  }
  input_free(&in);
  close(fd);
  arena_free(&scratch);
}

/* What is left of the text, and what of it is well-formed then. */
static void cut_off(Made *m, size_t at) {
  m->text.n = at;
  while (m->n_good && m->ends[m->n_good - 1] > at) m->n_good--;
  m->good.n = m->n_good ? m->good_ends[m->n_good - 1] : 0;
}

Test(input, no_event_is_lost_or_made_up) {
  const char *rounds = getenv("SIGMAC_INPUT_ROUNDS");
  uint32_t n = rounds ? (uint32_t)strtoul(rounds, NULL, 10) : 2000;
  for (uint32_t seed = 0; seed < n * sizeof formats / sizeof *formats; seed++) {
    const Format *f = &formats[seed % (sizeof formats / sizeof *formats)];
    Random r = {seed * 77777777ull + 1};
    Made m = {0};
    Buf got = {0};
    bool whole = seed % 4;
    make_input(&r, &m, f, whole ? 3 : 0);
    if (!whole) cut_off(&m, below(&r, (uint32_t)m.text.n));
    split(&got, buf_view(&m.text), seed % 3 ? 1 + below(&r, 40) : 0);
    cr_expect(str_eq(buf_view(&got), buf_view(&m.good)), "seed %u, %s:\n%.*s\n", seed, f->name, STR_ARG(buf_view(&m.text)));
    buf_free(&got);
    buf_free(&m.text);
    buf_free(&m.good);
  }
}

/* A look at its first characters decides that an object is no wrapper: it must know every name that one may begin with. */
Test(input, first_names_of_wrappers) {
  static const char *const documents[] = {"_index",
                                          "_type",
                                          "_id",
                                          "_score",
                                          "_version",
                                          "_seq_no",
                                          "_node",
                                          "_primary_term",
                                          "_routing",
                                          "_ignored",
                                          "_shard",
                                          "_nested",
                                          "fields",
                                          "_explanation",
                                          "sort",
                                          "found",
                                          "highlight",
                                          "inner_hits",
                                          "ignored_field_values",
                                          "matched_queries"};
  static const char *const values[] = {"@odata.context", "odata.metadata", "@microsoft.graph.x", "nextLink", "count"};
  static const char *const hits[] = {
    "took",       "timed_out", "terminated_early", "num_reduce_phases", "phase_took", "_shards",     "_clusters",
    "_scroll_id", "pit_id",    "status",           "suggest",           "profile",    "aggregations"};
  static const struct {
    const char *const *names;
    size_t n;
    const char *rest;
  } groups[] = {{documents, sizeof documents / sizeof *documents, "\"_source\":{\"A\":1}}"},
                {values, sizeof values / sizeof *values, "\"value\":[{\"A\":1}]}"},
                {hits, sizeof hits / sizeof *hits, "\"hits\":{\"hits\":[{\"A\":1}]}}"}};
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
    for (size_t i = 0; i < groups[g].n; i++) {
      char text[128];
      int n = snprintf(text, sizeof text, "{\"%s\":1,%s", groups[g].names[i], groups[g].rest);
      expect((Str){text, (size_t)n}, 0, "1: {\"A\":1}\n");
    }
  expect(STR("{\"records\":[{\"A\":1}]}"), 0, "1: {\"A\":1}\n");
  expect(STR("{\"Records\":[{\"A\":1}]}"), 0, "1: {\"A\":1}\n");
  expect(STR("{\"value\":[{\"A\":1}]}"), 0, "1: {\"A\":1}\n");
  expect(STR("{\"hits\":{\"max_score\":1,\"total\":1,\"hits\":[{\"A\":1}]}}"), 0, "1: {\"A\":1}\n");
}

static bool holds_pair(const char *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (p[i] != '}') continue;
    size_t j = i + 1;
    while (j < n && (p[j] == ' ' || p[j] == '\t' || p[j] == '\r')) j++;
    if (j < n && (p[j] == '{' || p[j] == '\xEF')) return true;
  }
  return false;
}

/* Random lines, in blocks that have no byte to spare: the same end in both forms, and no pair is missed. */
Test(input, line_scan) {
  static const char bytes[] = "}{ \xEF\r\t\naaaaaaaaaaaaaaaaaaa\"\x01\x1F\x80\xFF";
  unsigned without = 0;
  srand(7);
  for (int round = 0; round < 200000; round++) {
    size_t n = (size_t)(rand() % 140), kinds = rand() % 2 ? sizeof bytes - 1 : 5;
    char *p = malloc(n + 1);
    for (size_t i = 0; i < n; i++) p[i] = bytes[(size_t)rand() % kinds];
    for (size_t i = 0; i < n; i++)
      if (kinds == 5 && rand() % 4) p[i] = 'a';
    char *exact = malloc(n ? n : 1);
    memcpy(exact, p, n);
    LineScan got = line_scan(exact, n), plain = line_scan_portable(exact, n);
    cr_assert_eq(got.n, plain.n);
    if (holds_pair(p, got.n)) cr_assert(got.pair && plain.pair);
    without += !got.pair;
    free(exact);
    free(p);
  }
#if defined(__x86_64__)
  cr_expect(without > 1000 || !__builtin_cpu_supports("avx2"), "%u", without);
#endif
}
