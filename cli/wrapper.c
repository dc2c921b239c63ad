/* SPDX-License-Identifier: MIT */
#include "cli/wrapper.h"

#include "cli/input_bytes.h"

/* The members that a wrapper may have besides its array; a `*` ends a beginning of names. From the API references of
 * Microsoft Graph and OData 4.01 (value), Elasticsearch 8 and OpenSearch 2 (_search, and the documents in its hits). */
typedef struct {
  Wrapper kind;
  unsigned depth; /* of the object that has it, 1 is the outermost */
  Str name;
} Member;

static const Member members[] = {
  {WRAPPER_VALUE, 1, STR_INIT("@odata.*")},
  {WRAPPER_VALUE, 1, STR_INIT("odata.*")},
  {WRAPPER_VALUE, 1, STR_INIT("@microsoft.graph.*")},
  {WRAPPER_VALUE, 1, STR_INIT("nextLink")},
  {WRAPPER_VALUE, 1, STR_INIT("count")},
  {WRAPPER_HITS, 1, STR_INIT("took")},
  {WRAPPER_HITS, 1, STR_INIT("timed_out")},
  {WRAPPER_HITS, 1, STR_INIT("terminated_early")},
  {WRAPPER_HITS, 1, STR_INIT("num_reduce_phases")},
  {WRAPPER_HITS, 1, STR_INIT("phase_took")},
  {WRAPPER_HITS, 1, STR_INIT("_shards")},
  {WRAPPER_HITS, 1, STR_INIT("_clusters")},
  {WRAPPER_HITS, 1, STR_INIT("_scroll_id")},
  {WRAPPER_HITS, 1, STR_INIT("pit_id")},
  {WRAPPER_HITS, 1, STR_INIT("status")},
  {WRAPPER_HITS, 1, STR_INIT("aggregations")},
  {WRAPPER_HITS, 1, STR_INIT("suggest")},
  {WRAPPER_HITS, 1, STR_INIT("profile")},
  {WRAPPER_HITS, 2, STR_INIT("total")},
  {WRAPPER_HITS, 2, STR_INIT("max_score")},
};

static const Str document_members[] = {
  STR_INIT("_index"),     STR_INIT("_type"),           STR_INIT("_id"),
  STR_INIT("_score"),     STR_INIT("_source"),         STR_INIT("_version"),
  STR_INIT("_seq_no"),    STR_INIT("_primary_term"),   STR_INIT("_routing"),
  STR_INIT("_ignored"),   STR_INIT("_shard"),          STR_INIT("_node"),
  STR_INIT("_nested"),    STR_INIT("_explanation"),    STR_INIT("fields"),
  STR_INIT("sort"),       STR_INIT("found"),           STR_INIT("highlight"),
  STR_INIT("inner_hits"), STR_INIT("matched_queries"), STR_INIT("ignored_field_values"),
};

unsigned wrapper_depth(Wrapper kind) { return kind == WRAPPER_NONE ? 0 : kind == WRAPPER_HITS ? 2 : 1; }

static bool is_member(const Member *m, Str name) {
  if (m->name.p[m->name.n - 1] == '*') return str_starts(name, str_sub(m->name, 0, m->name.n - 1));
  return str_eq(name, m->name);
}

bool wrapper_knows(Wrapper kind, unsigned depth, Str name) {
  for (size_t i = 0; i < sizeof members / sizeof *members; i++)
    if (members[i].kind == kind && members[i].depth == depth && is_member(&members[i], name)) return true;
  return false;
}

/* The first three characters of all names above and of those of the arrays: hardly any event begins with one of them, and for
 * the others that is all that is looked at. By a character: bits of those that follow it, at the beginning and behind that. */
#define CH(c) (1u << ((c)&31))
static const uint32_t second[128] = {
  ['@'] = CH('m') | CH('o'),
  ['R'] = CH('e'),
  ['_'] = CH('c') | CH('e') | CH('i') | CH('n') | CH('p') | CH('r') | CH('s') | CH('t') | CH('v'),
  ['a'] = CH('g'),
  ['c'] = CH('o'),
  ['f'] = CH('i') | CH('o'),
  ['h'] = CH('i'),
  ['i'] = CH('g') | CH('n'),
  ['m'] = CH('a'),
  ['n'] = CH('e') | CH('u'),
  ['o'] = CH('d'),
  ['p'] = CH('h') | CH('i') | CH('r'),
  ['r'] = CH('e'),
  ['s'] = CH('o') | CH('t') | CH('u'),
  ['t'] = CH('e') | CH('i') | CH('o'),
  ['v'] = CH('a'),
};
static const uint32_t third[128] = {
  ['a'] = CH('l') | CH('t') | CH('x'),
  ['c'] = CH('l'),
  ['d'] = CH('a'),
  ['e'] = CH('c') | CH('r') | CH('x'),
  ['g'] = CH('g') | CH('n'),
  ['h'] = CH('a'),
  ['i'] = CH('d') | CH('e') | CH('g') | CH('m') | CH('n') | CH('t'),
  ['m'] = CH('i'),
  ['n'] = CH('e') | CH('n') | CH('o'),
  ['o'] = CH('d') | CH('o') | CH('r') | CH('t') | CH('u'),
  ['p'] = CH('r'),
  ['r'] = CH('o'),
  ['s'] = CH('c') | CH('e') | CH('h') | CH('o'),
  ['t'] = CH('a') | CH('y'),
  ['u'] = CH('g') | CH('m'),
  ['v'] = CH('e'),
};
#undef CH

static bool follows(const uint32_t after[128], char a, char b) {
  return (unsigned char)a < 128 && after[(unsigned char)a] >> ((unsigned char)b & 31) & 1;
}

/* Whether an object begins with a name that is none of ours; false where that takes more than a look. */
static bool plain_event(const char *p, size_t n) {
  return n >= 5 && p[0] == '{' && p[1] == '"' && !(follows(second, p[2], p[3]) && follows(third, p[3], p[4]));
}

/* --- looking ahead ----------------------------------------------------------------------------------------- */

/* A text that is looked at byte by byte: a slice, or what an input has ahead, of which `text` is what has been read. */
typedef struct {
  Input *in; /* NULL for a slice */
  Str text;
  size_t at;
} Look;

static bool read_more(Look *l) {
  if (!l->in || l->at >= INPUT_LOOK || input_peek(l->in, l->at) < 0) return false;
  size_t have = l->in->buf.n - l->in->at;
  l->text = (Str){l->in->buf.p + l->in->at, have < INPUT_LOOK ? have : INPUT_LOOK};
  return true;
}

static inline int byte_at(Look *l) { return l->at < l->text.n || read_more(l) ? (unsigned char)l->text.p[l->at] : -1; }

static int white(Look *l) {
  int c;
  while (input_white(c = byte_at(l))) l->at++;
  return c;
}

static bool take(Look *l, char c) {
  bool there = white(l) == c;
  l->at += there;
  return there;
}

static bool ends_run(char c) { return c == '"' || c == '\\' || c == '\n'; }

/* To behind the closing quote of a string; false where it is not closed in its line. */
static bool skip_string(Look *l) {
  for (l->at++;; l->at++) {
    while (l->at < l->text.n && !ends_run(l->text.p[l->at])) l->at++;
    int c = byte_at(l);
    if (c < 0 || c == '\n') return false;
    if (c == '"') break;
    if (c == '\\') l->at++, c = byte_at(l);
    if (c < 0 || c == '\n') return false;
  }
  l->at++;
  return true;
}

/* A name and its colon. One that is long or has escapes is none that is known here, and comes as an empty text. */
static bool take_name(Look *l, char *to, size_t size, Str *name) {
  if (white(l) != '"') return false;
  size_t from = l->at + 1;
  if (!skip_string(l)) return false;
  size_t n = l->at - 1 - from;
  *name = (Str){to, n < size ? n : 0};
  if (name->n) memcpy(to, l->text.p + from, name->n);
  return take(l, ':');
}

static bool skip_value(Look *l) {
  enum { DEEPEST = 128 };
  char open[DEEPEST];
  size_t depth = 0;
  do {
    int c = white(l);
    if (c < 0) return false;
    if (c == '"') {
      if (!skip_string(l)) return false;
      continue;
    }
    if (c == '{' || c == '[') {
      if (depth == DEEPEST) return false;
      open[depth++] = c == '{' ? '}' : ']';
    } else if (c == '}' || c == ']') {
      if (!depth || open[--depth] != c) return false;
    } else if (!depth && (c == ',' || c == ':')) return false;
    l->at++;
    /* A number or a word outside of brackets goes to what ends it. */
    if (!depth && c != '}' && c != ']')
      while ((c = byte_at(l)) >= 0 && c != ',' && c != '}' && c != ']' && c != '"' && !input_white(c)) l->at++;
  } while (depth);
  return true;
}

/* --- wrappers ---------------------------------------------------------------------------------------------- */

/* The closing list of members, `depth` objects deep, up to the end of the outermost object. False where it ends well and has a
 * member that is not of the list; what is broken, or too long to be looked at, does not speak against a wrapper. */
static bool rest_fits(Look *l, Wrapper kind, unsigned depth) {
  char room[32];
  Str name;
  bool known = true;
  while (depth) {
    if (take(l, '}')) {
      depth--;
      continue;
    }
    if (!take(l, ',') || !take_name(l, room, sizeof room, &name) || !skip_value(l)) return true;
    known = known && wrapper_knows(kind, depth, name);
  }
  return known;
}

/* The `[` of an array of objects, and what comes behind it. */
static size_t array_opens(Look *l, Wrapper kind) {
  if (white(l) != '[') return 0;
  size_t open = ++l->at;
  int c = white(l);
  if (c != '{' && c != ']') return 0;
  l->at = open - 1;
  return !skip_value(l) || rest_fits(l, kind, wrapper_depth(kind)) ? open : 0;
}

static Wrapper array_name(unsigned depth, Str name) {
  if (depth == 2) return str_is(name, "hits") ? WRAPPER_HITS : WRAPPER_NONE;
  if (str_is(name, "Records") || str_is(name, "records")) return WRAPPER_RECORDS;
  return str_is(name, "value") ? WRAPPER_VALUE : WRAPPER_NONE;
}

static size_t look_for_array(Look *l, Wrapper *kind) {
  unsigned depth = 1;
  bool value = true, hits = true; /* it may be one of these yet */
  char room[32];
  Str name;
  if (!take(l, '{')) return 0;
  while (take_name(l, room, sizeof room, &name)) {
    Wrapper found = array_name(depth, name);
    if (found == WRAPPER_RECORDS && !(value && hits)) return 0; /* nothing stands in front of these */
    if (found == WRAPPER_VALUE && !value) return 0;
    if (found) return *kind = found, array_opens(l, found);
    if (depth == 1 && hits && str_is(name, "hits") && take(l, '{')) {
      depth = 2;
      value = false;
      continue;
    }
    value = value && wrapper_knows(WRAPPER_VALUE, depth, name);
    hits = hits && wrapper_knows(WRAPPER_HITS, depth, name);
    if (!(value || hits) || !skip_value(l) || !take(l, ',')) return 0;
  }
  return 0;
}

size_t wrapper_opens(Input *in, Wrapper *kind) {
  Look l = {.in = in};
  if (plain_event(in->buf.p + in->at, in->buf.n - in->at)) return 0;
  if (in->looked > in->offset + INPUT_ALLOWANCE) return 0;
  size_t opens = look_for_array(&l, kind);
  in->looked += l.at;
  return opens;
}

/* --- documents --------------------------------------------------------------------------------------------- */

static bool is_document_member(Str name) {
  for (size_t i = 0; i < sizeof document_members / sizeof *document_members; i++)
    if (str_eq(name, document_members[i])) return true;
  return false;
}

Str wrapper_source(Str text) {
  Look l = {.text = text};
  Str source = {0};
  char room[32];
  Str name;
  if (plain_event(text.p, text.n) || !take(&l, '{')) return text;
  while (take_name(&l, room, sizeof room, &name) && is_document_member(name)) {
    bool object = white(&l) == '{';
    size_t from = l.at;
    if (!skip_value(&l)) return text;
    if (object && str_is(name, "_source")) source = str_sub(text, from, l.at);
    if (take(&l, ',')) continue;
    return source.n && take(&l, '}') && white(&l) < 0 ? source : text;
  }
  return text;
}
