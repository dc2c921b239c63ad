/* SPDX-License-Identifier: MIT */
#include "compiler/yaml.h"

#include <yaml.h>

#include "base/decimal.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/yaml_text.h"

typedef struct {
  YamlNode *node;
  bool open; /* its end was not seen yet: an alias would be inside its own anchor */
} Anchor;

typedef struct {
  yaml_parser_t parser;
  yaml_event_t event;
  bool have_event;
  Sources *sources;
  uint32_t file;
  Arena *arena;
  Arena *scratch; /* of this file */
  Diags *diags;
  Str text;                   /* of the whole file */
  YamlText fed;               /* the same, as libyaml sees it */
  uint32_t next_forbidden;    /* in fed.forbidden: the first behind the documents that were read */
  uint32_t base;              /* byte where this parser began */
  size_t chars;               /* cursor: this character of the parser's input ... */
  uint32_t bytes;             /* ... is this byte of the file */
  Intern names;               /* of the anchors of this document; ready where there is one */
  VEC(Anchor) anchors;        /* by name: the newest of that name counts */
  VEC(const YamlNode *) open; /* what was read of the lists and maps that are open; a map has its keys and values in turn */
  uint32_t nodes;             /* made in this file */
  bool parsing;               /* the parser is there */
  bool properties;            /* an anchor, an alias or a tag was there */
  bool failed;
} Reader;

/* --- positions --------------------------------------------------------------------------------------------- */

/* libyaml counts characters. The cursor follows; marks mostly grow, so it moves a few bytes each time. */
static uint32_t byte_of(Reader *r, size_t index) {
  /* Mostly ASCII, a word of it at a time. */
  while (r->chars + 8 <= index && r->bytes + 8 <= r->text.n && utf8_ascii8(r->text.p + r->bytes)) {
    r->bytes += 8;
    r->chars += 8;
  }
  while (r->chars < index && r->bytes < r->text.n) {
    r->bytes += (uint32_t)utf8_len(r->text.p[r->bytes]);
    r->chars++;
  }
  while (r->chars > index && r->bytes > r->base) {
    do r->bytes--;
    while (r->bytes > r->base && ((unsigned char)r->text.p[r->bytes] & 0xC0) == 0x80);
    r->chars--;
  }
  return r->bytes;
}

static Span span_of(Reader *r, const yaml_mark_t *start, const yaml_mark_t *end) {
  uint32_t from = byte_of(r, start->index), to = byte_of(r, end->index);
  return (Span){r->file, from, to < from ? from : to};
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Steps over `&anchor` and `!tag` in front of a node, and over what stands between. */
static uint32_t skip_properties(Reader *r, uint32_t at, uint32_t end) {
  const char *p = r->text.p;
  while (at < end && (p[at] == '&' || p[at] == '!')) {
    r->properties = true;
    while (at < end && !blank(p[at])) at++;
    while (at < end && (blank(p[at]) || p[at] == '#')) {
      if (p[at] == '#')
        while (at < end && p[at] != '\n') at++;
      else at++;
    }
  }
  return at;
}

static bool fail(Reader *r, DiagId id, Span at, const char *message) {
  diag_error(r->diags, id, at, "%s", message);
  r->failed = true;
  return false;
}

/* --- events ------------------------------------------------------------------------------------------------ */

/* What is never closed is noticed where the text ends; the place to look at is where it was opened. */
static bool opened_before(const yaml_parser_t *p) {
  return p->context && (strstr(p->context, "quoted scalar") || strstr(p->context, "flow"));
}

static bool syntax_error(Reader *r) {
  const yaml_parser_t *p = &r->parser;
  uint32_t problem_at = byte_of(r, p->problem_mark.index);
  uint32_t at = opened_before(p) ? byte_of(r, p->context_mark.index) : problem_at;
  uint32_t end = at < r->text.n ? at + (uint32_t)utf8_len(r->text.p[at]) : at;
  const char *problem = p->problem ? p->problem : "not well-formed";
  bool tab = strstr(problem, "tab character") != NULL || (problem_at < r->text.n && r->text.p[problem_at] == '\t');
  diag_error(r->diags, tab ? ID_yaml_tab : ID_yaml_syntax, (Span){r->file, at, end}, "%s%s%s", problem, p->context ? " " : "",
             p->context ? p->context : "");
  Place gave_up = source_place(r->sources, (Span){r->file, problem_at, problem_at});
  if (tab) diag_hint(r->diags, "indent with blanks");
  else if (at != problem_at) diag_hint(r->diags, "it is still open at line %u, column %u", gave_up.line, gave_up.col);
  r->failed = true;
  return false;
}

static bool next(Reader *r) {
  if (r->have_event) yaml_event_delete(&r->event);
  r->have_event = false;
  if (!yaml_parser_parse(&r->parser, &r->event)) {
    if (r->parser.error == YAML_MEMORY_ERROR) heap_exhausted(r->arena->heap, 0);
    return syntax_error(r);
  }
  r->have_event = true;
  return true;
}

/* --- scalars ----------------------------------------------------------------------------------------------- */

static bool one_of(Str s, const char *const *words) {
  for (; *words; words++)
    if (str_is(s, *words)) return true;
  return false;
}

/* YAML 1.2 core schema (YAML 1.2.2, 10.3.2) for a plain scalar. */
static void resolve_plain(Reader *r, YamlNode *n) {
  static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
  static const char *const trues[] = {"true", "True", "TRUE", NULL}, *const falses[] = {"false", "False", "FALSE", NULL};
  static const char *const special[] = {".inf",  ".Inf",  ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
                                        "-.Inf", "-.INF", ".nan", ".NaN",  ".NAN",  NULL};
  static const char beginnings[] = "~nNtTfF.+-0123456789"; /* of all of these, and of numbers */
  Str s = n->text;
  n->type = SCALAR_TEXT;
  if (s.n && !memchr(beginnings, s.p[0], sizeof beginnings - 1)) return; /* most texts */
  if (one_of(s, nulls)) n->type = SCALAR_NULL;
  else if (one_of(s, trues) || one_of(s, falses)) {
    n->type = SCALAR_BOOL;
    n->truth = one_of(s, trues);
  } else if (one_of(s, special)) n->type = SCALAR_NONFINITE;
  else if (ascii_letter(s.p[0]) || s.p[0] == '~') return;
  else if (decimal_canonical_int(&n->number, s, r->arena)) n->type = SCALAR_INT;
  else if (decimal_canonical_float(&n->number, s, r->arena)) n->type = SCALAR_FLOAT;
  else if (decimal_syntax(s)) n->type = SCALAR_NONFINITE; /* as every reader of YAML that knows doubles has it */
}

static const char *short_tag(const yaml_char_t *tag) {
  static const char prefix[] = "tag:yaml.org,2002:";
  if (!tag) return "";
  const char *t = (const char *)tag;
  return strncmp(t, prefix, sizeof prefix - 1) == 0 ? t + sizeof prefix - 1 : t;
}

static bool resolve_scalar(Reader *r, YamlNode *n) {
  const char *tag = short_tag(r->event.data.scalar.tag);
  if (!*tag || strcmp(tag, "!") == 0) {
    if (n->plain && !*tag) resolve_plain(r, n);
    return true;
  }
  if (strcmp(tag, "str") == 0) return true;
  static const struct {
    const char *tag;
    ScalarType type;
  } known[] = {{"null", SCALAR_NULL}, {"bool", SCALAR_BOOL}, {"int", SCALAR_INT}, {"float", SCALAR_FLOAT}};
  resolve_plain(r, n);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(tag, known[i].tag) == 0 && (n->type == known[i].type || (n->type == SCALAR_INT && known[i].type == SCALAR_FLOAT)))
      return true;
  return fail(r, ID_yaml_syntax, n->at, "the tag does not fit the value, or is not known");
}

static YamlNode *node_new(Reader *r, YamlKind kind, Span at) {
  YamlNode *n = arena_new(r->arena, YamlNode);
  n->kind = kind;
  n->at = at;
  n->size = 1;
  return n;
}

/* Finds the text of a scalar in the source: then sub-spans can be given. */
static void place_scalar(Reader *r, YamlNode *n, yaml_scalar_style_t style) {
  n->at.start = skip_properties(r, n->at.start, n->at.end);
  bool quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE)
    while (n->at.end > n->at.start + 1 && blank(r->text.p[n->at.end - 1])) n->at.end--;
  n->inset = quoted;
  n->plain = style == YAML_PLAIN_SCALAR_STYLE || style == YAML_ANY_SCALAR_STYLE;
  uint32_t from = n->at.start + n->inset;
  n->exact =
    (quoted || n->plain) && from + n->text.n + n->inset == n->at.end && str_eq(str_sub(r->text, from, from + n->text.n), n->text);
}

enum { TEXT_OF_NODE = 64 }; /* so many bytes count as a node more */

static YamlNode *read_scalar(Reader *r) {
  const yaml_event_t *e = &r->event;
  YamlNode *n = node_new(r, YAML_SCALAR, span_of(r, &e->start_mark, &e->end_mark));
  Str value = yaml_text_restore(&r->fed, (Str){(const char *)e->data.scalar.value, e->data.scalar.length}, r->arena);
  n->text = value;
  place_scalar(r, n, e->data.scalar.style);
  n->size += (uint32_t)(value.n / TEXT_OF_NODE);
  n->text = n->exact ? str_sub(r->text, n->at.start + n->inset, n->at.start + n->inset + value.n) : arena_dup(r->arena, value);
  return resolve_scalar(r, n) ? n : NULL;
}

/* --- trees ------------------------------------------------------------------------------------------------- */

static YamlNode *read_node(Reader *r, unsigned depth);

static void add_size(YamlNode *n, const YamlNode *kid) {
  n->size = kid->size > UINT32_MAX - n->size ? UINT32_MAX : n->size + kid->size;
}

static YamlNode *read_alias(Reader *r) {
  Str name = str_of((const char *)r->event.data.alias.anchor);
  r->properties = true;
  uint32_t id = r->anchors.n ? intern_find(&r->names, name) : INTERN_NONE;
  if (id != INTERN_NONE && !r->anchors.p[id].open) return r->anchors.p[id].node;
  fail(r, ID_yaml_syntax, span_of(r, &r->event.start_mark, &r->event.end_mark),
       id == INTERN_NONE ? "an alias without its anchor" : "an alias inside of its own anchor");
  return NULL;
}

/* Number in anchors, or UINT32_MAX. */
static uint32_t add_anchor(Reader *r, const yaml_char_t *name, YamlNode *n) {
  if (!name) return UINT32_MAX;
  if (!r->anchors.n) intern_init(&r->names, r->arena);
  uint32_t id = intern_id(&r->names, arena_dup(r->arena, str_of((const char *)name)));
  if (id == r->anchors.n) (void)vec_add(r->arena, &r->anchors);
  r->anchors.p[id] = (Anchor){n, true};
  return id;
}

/* The node is complete, unless its name was given again inside of it. */
static void close_anchor(Reader *r, uint32_t id, const YamlNode *n) {
  if (id != UINT32_MAX && r->anchors.p[id].node == n) r->anchors.p[id].open = false;
}

static const YamlNode *read_part(Reader *r, YamlNode *whole, unsigned depth) {
  const YamlNode *part = read_node(r, depth + 1);
  if (!part) return NULL;
  *vec_add(r->scratch, &r->open) = part;
  add_size(whole, part);
  return part;
}

static bool read_list(Reader *r, YamlNode *n, unsigned depth) {
  uint32_t first = r->open.n;
  for (;;) {
    if (!next(r)) return false;
    if (r->event.type == YAML_SEQUENCE_END_EVENT) break;
    if (!read_part(r, n, depth)) return false;
  }
  n->n = r->open.n - first;
  n->items = arena_array(r->arena, const YamlNode *, n->n);
  for (uint32_t i = 0; i < n->n; i++) n->items[i] = r->open.p[first + i];
  r->open.n = first;
  return true;
}

static void twice(Reader *r, const YamlNode *key) {
  diag_error(r->diags, ID_yaml_duplicate_key, key->at, "the key `" STR_FMT "` stands twice in this map", STR_ARG(key->text));
  r->failed = true;
}

static void check_few(Reader *r, const YamlNode *map) {
  for (uint32_t i = 1; i < map->n; i++)
    for (uint32_t k = 0; k < i; k++)
      if (str_eq(map->pairs[k].key->text, map->pairs[i].key->text)) {
        twice(r, map->pairs[i].key);
        break;
      }
}

static void check_keys(Reader *r, const YamlNode *map) {
  enum { FEW = 16 }; /* each with each is faster than a table */
  if (map->n <= FEW) {
    check_few(r, map);
    return;
  }
  Arena *scratch = arena_sub(r->arena);
  Intern keys;
  intern_init(&keys, scratch);
  for (uint32_t i = 0; i < map->n; i++) {
    uint32_t before = keys.names.n;
    if (intern_id(&keys, map->pairs[i].key->text) != before) twice(r, map->pairs[i].key);
  }
  arena_sub_done(scratch);
}

static bool read_map(Reader *r, YamlNode *n, unsigned depth) {
  uint32_t first = r->open.n;
  for (;;) {
    if (!next(r)) return false;
    if (r->event.type == YAML_MAPPING_END_EVENT) break;
    const YamlNode *key = read_part(r, n, depth);
    if (!key) return false;
    if (key->kind != YAML_SCALAR) return fail(r, ID_yaml_key, key->at, "a key must be text, not a map or a list");
    if (!next(r) || !read_part(r, n, depth)) return false;
  }
  n->n = (r->open.n - first) / 2;
  YamlPair *pairs = arena_array(r->arena, YamlPair, n->n);
  for (uint32_t i = 0; i < n->n; i++) pairs[i] = (YamlPair){r->open.p[first + 2 * i], r->open.p[first + 2 * i + 1]};
  n->pairs = pairs;
  r->open.n = first;
  check_keys(r, n);
  return true;
}

static YamlNode *read_collection(Reader *r, unsigned depth) {
  bool map = r->event.type == YAML_MAPPING_START_EVENT;
  Span at = span_of(r, &r->event.start_mark, &r->event.end_mark);
  YamlNode *n = node_new(r, map ? YAML_MAP : YAML_LIST, at);
  uint32_t anchor = add_anchor(r, map ? r->event.data.mapping_start.anchor : r->event.data.sequence_start.anchor, n);
  if (depth > LIMIT_YAML_DEPTH) {
    fail(r, ID_yaml_depth, at, "maps and lists are nested too deep");
    return NULL;
  }
  if (!(map ? read_map(r, n, depth) : read_list(r, n, depth))) return NULL;
  close_anchor(r, anchor, n);
  n->at.end = byte_of(r, r->event.end_mark.index);
  n->at.start = skip_properties(r, n->at.start, n->at.end);
  while (n->at.end > n->at.start && blank(r->text.p[n->at.end - 1])) n->at.end--;
  return n;
}

/* The node that the present event begins. */
static YamlNode *read_node(Reader *r, unsigned depth) {
  if (++r->nodes > LIMIT_YAML_NODES) {
    fail(r, ID_file_too_large, span_of(r, &r->event.start_mark, &r->event.end_mark), "the file has too many nodes");
    return NULL;
  }
  switch (r->event.type) {
  case YAML_SCALAR_EVENT: {
    YamlNode *n = read_scalar(r);
    if (n) close_anchor(r, add_anchor(r, r->event.data.scalar.anchor, n), n);
    return n;
  }
  case YAML_ALIAS_EVENT: return read_alias(r);
  case YAML_SEQUENCE_START_EVENT:
  case YAML_MAPPING_START_EVENT: return read_collection(r, depth);
  case YAML_NO_EVENT:
  case YAML_STREAM_START_EVENT:
  case YAML_STREAM_END_EVENT:
  case YAML_DOCUMENT_START_EVENT:
  case YAML_DOCUMENT_END_EVENT:
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT: break;
  }
  return NULL;
}

/* Whether a character that YAML does not allow stands in the document that ends here. */
static bool has_forbidden(Reader *r, uint32_t start, uint32_t end) {
  bool any = false;
  for (; r->next_forbidden < r->fed.forbidden.n && r->fed.forbidden.p[r->next_forbidden] < end; r->next_forbidden++)
    any = any || r->fed.forbidden.p[r->next_forbidden] >= start;
  return any;
}

/* A document that is no good leaves the parser able to go on: it is left out. False where the parser cannot go on. */
static bool read_document(Reader *r, YamlDocs *out) {
  uint32_t nodes = r->nodes, start = byte_of(r, r->event.start_mark.index);
  r->anchors.n = r->open.n = 0;
  r->failed = false;
  if (!next(r)) return false;
  YamlNode *n = read_node(r, 1);
  if (!n || !next(r)) return false;
  bool usable = !has_forbidden(r, start, byte_of(r, r->event.end_mark.index)) && !r->failed;
  if (n->size > LIMIT_ALIAS_NODES && n->size - LIMIT_ALIAS_NODES > r->nodes - nodes)
    usable = fail(r, ID_yaml_alias_limit, n->at, "aliases expand to too many nodes");
  out->broken += !usable;
  if (!usable || (yaml_is_null(n) && !n->text.n)) return true; /* nothing there: an empty document */
  *vec_add(r->arena, &out->docs) = n;
  *vec_add(r->arena, &out->spans) = n->at;
  return true;
}

/* Also where memory was exhausted in the middle of a stream. */
static void end_parser(void *reader) {
  Reader *r = reader;
  if (r->have_event) yaml_event_delete(&r->event);
  if (r->parsing) yaml_parser_delete(&r->parser);
  r->have_event = r->parsing = false;
}

/* Reads documents from `base` on. Returns the byte where the parser gave up; SIZE_MAX where all was read. */
static size_t read_stream(Reader *r, YamlDocs *out) {
  r->parsing = yaml_parser_initialize(&r->parser);
  if (!r->parsing) heap_exhausted(r->arena->heap, 0); /* nothing else can fail there */
  yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->fed.text.p + r->base, r->text.n - r->base);
  bool ok = next(r);
  while (ok && r->event.type != YAML_STREAM_END_EVENT) {
    ok = next(r);
    if (ok && r->event.type == YAML_DOCUMENT_START_EVENT) ok = read_document(r, out);
  }
  out->broken += !ok;
  size_t at = ok ? SIZE_MAX : r->parser.error != YAML_NO_ERROR ? byte_of(r, r->parser.problem_mark.index) : r->bytes;
  end_parser(r);
  return at;
}

/* Directives stand between `...` and `---`. */
static size_t with_directives(Str s, size_t from, size_t at) {
  size_t start = at;
  while (start > from + 1) {
    size_t line = start - 1;
    while (line > from && s.p[line - 1] != '\n') line--;
    if (str_starts(str_from(s, line), STR("..."))) return start;
    if (s.p[line] != '%' && s.p[line] != '#') return at;
    start = line;
  }
  return at;
}

size_t yaml_next_document(Str s, size_t from) {
  for (size_t i = from;; i++) {
    i = str_find(s, STR("\n---"), i);
    if (i == SIZE_MAX) return SIZE_MAX;
    if (i + 4 >= s.n || blank(s.p[i + 4])) return with_directives(s, from, i + 1);
  }
}

static void read_file(Reader *r, YamlDocs *out) {
  size_t at = str_starts(r->text, STR("\xEF\xBB\xBF")) ? 3 : 0;
  while (at != SIZE_MAX) {
    r->base = r->bytes = (uint32_t)at;
    r->chars = 0;
    size_t stop = read_stream(r, out);
    at = stop == SIZE_MAX ? SIZE_MAX : yaml_next_document(r->text, stop > at ? stop - 1 : at);
    if (at == SIZE_MAX || out->broken < LIMIT_YAML_FAULTS) continue;
    fail(r, ID_yaml_syntax, (Span){r->file, (uint32_t)at, (uint32_t)at + 3}, "too many faults: the file is not read further");
    return;
  }
}

bool yaml_parse(YamlDocs *out, Sources *sources, uint32_t file, Arena *arena, Diags *diags) {
  uint32_t errors = diags->errors;
  Arena *own = arena_sub(arena);
  Reader *r = arena_new(own, Reader); /* not on the stack: the parser outlives a jump */
  *r =
    (Reader){.sources = sources, .file = file, .arena = arena, .scratch = own, .diags = diags, .text = sources->files.p[file].text};
  arena_defer(own, end_parser, r);
  *out = (YamlDocs){.broken = 1};
  if (r->text.n > LIMIT_RULE_FILE_BYTES) {
    diag_error(diags, ID_file_too_large, (Span){file, 0, 0}, "the file is larger than the limit of %d MiB",
               LIMIT_RULE_FILE_BYTES >> 20);
  } else if (yaml_text_prepare(&r->fed, file, r->text, arena, diags)) {
    out->broken = 0;
    read_file(r, out);
    out->properties = r->properties;
  }
  arena_sub_done(own);
  return diags->errors == errors;
}

/* --- for users --------------------------------------------------------------------------------------------- */

static const YamlPair *find(const YamlNode *map, const char *key) {
  Str name = str_of(key);
  for (uint32_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
    if (str_eq(map->pairs[i].key->text, name)) return &map->pairs[i];
  return NULL;
}

const YamlNode *yaml_get(const YamlNode *map, const char *key) {
  const YamlPair *p = find(map, key);
  return p ? p->value : NULL;
}

const YamlNode *yaml_key(const YamlNode *map, const char *key) {
  const YamlPair *p = find(map, key);
  return p ? p->key : NULL;
}

Span yaml_sub_span(const YamlNode *s, size_t from, size_t to) {
  if (!s->exact) return s->at;
  uint32_t start = s->at.start + s->inset;
  size_t end = to < s->text.n ? to : s->text.n;
  return (Span){s->at.file, start + (uint32_t)from, start + (uint32_t)(end > from ? end : from)};
}

const char *yaml_kind_words(const YamlNode *n) {
  if (n->kind == YAML_LIST) return n->n ? "a list" : "an empty list";
  if (n->kind == YAML_MAP) return n->n ? "a map" : "an empty map";
  switch (n->type) {
  case SCALAR_TEXT: return n->text.n ? "text" : "empty text";
  case SCALAR_NULL: return "null";
  case SCALAR_BOOL: return "a boolean";
  case SCALAR_INT:
  case SCALAR_FLOAT: return "a number";
  case SCALAR_NONFINITE: return "not a finite number";
  }
  return "nothing";
}

uint64_t yaml_hash(const YamlNode *n, uint64_t h) {
  uint32_t shape[3] = {n->kind, n->kind == YAML_SCALAR ? (uint32_t)n->type : n->n, (uint32_t)n->text.n};
  h = hash_bytes(h, shape, sizeof shape);
  if (n->kind == YAML_SCALAR) return hash_bytes(h, n->text.p, n->text.n);
  for (uint32_t i = 0; i < n->n; i++) {
    if (n->kind == YAML_MAP) h = yaml_hash(n->pairs[i].key, h);
    h = yaml_hash(n->kind == YAML_MAP ? n->pairs[i].value : n->items[i], h);
  }
  return h;
}
