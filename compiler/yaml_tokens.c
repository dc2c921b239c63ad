/* SPDX-License-Identifier: MIT */
#include "compiler/yaml_tokens.h"

#include <yaml.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/yaml.h"
#include "compiler/yaml_text.h"

typedef struct {
  yaml_parser_t parser;
  bool scanning; /* the parser is there */
  YamlTokens *out;
  Arena *arena;
  Str text;
  size_t chars;       /* cursor: this character of the parser's input ... */
  uint32_t bytes;     /* ... is this byte of the file */
  uint32_t base;      /* byte where this parser began */
  unsigned depth;     /* of what has a token for its start */
  yaml_token_t token; /* the present one: libyaml's memory, which a jump must not lose */
  bool holding;
} Scan;

/* Marks of tokens may go back a little: a key is known by what stands behind it. */
static uint32_t byte_of(Scan *s, size_t index) {
  for (; s->chars < index && s->bytes < s->text.n; s->chars++) s->bytes += (uint32_t)utf8_len(s->text.p[s->bytes]);
  for (; s->chars > index && s->bytes > s->base; s->chars--) {
    do s->bytes--;
    while (s->bytes > s->base && ((unsigned char)s->text.p[s->bytes] & 0xC0) == 0x80);
  }
  return s->bytes < s->text.n ? s->bytes : (uint32_t)s->text.n;
}

static YamlTokenKind kind_of(yaml_token_type_t type) {
  switch (type) {
  case YAML_STREAM_START_TOKEN: return TOKEN_START;
  case YAML_NO_TOKEN:
  case YAML_STREAM_END_TOKEN: return TOKEN_END;
  case YAML_VERSION_DIRECTIVE_TOKEN:
  case YAML_TAG_DIRECTIVE_TOKEN: return TOKEN_DIRECTIVE;
  case YAML_DOCUMENT_START_TOKEN: return TOKEN_DOCUMENT_START;
  case YAML_DOCUMENT_END_TOKEN: return TOKEN_DOCUMENT_END;
  case YAML_BLOCK_SEQUENCE_START_TOKEN: return TOKEN_BLOCK_LIST;
  case YAML_BLOCK_MAPPING_START_TOKEN: return TOKEN_BLOCK_MAP;
  case YAML_BLOCK_END_TOKEN: return TOKEN_BLOCK_END;
  case YAML_FLOW_SEQUENCE_START_TOKEN: return TOKEN_FLOW_LIST;
  case YAML_FLOW_SEQUENCE_END_TOKEN: return TOKEN_FLOW_LIST_END;
  case YAML_FLOW_MAPPING_START_TOKEN: return TOKEN_FLOW_MAP;
  case YAML_FLOW_MAPPING_END_TOKEN: return TOKEN_FLOW_MAP_END;
  case YAML_BLOCK_ENTRY_TOKEN: return TOKEN_ENTRY;
  case YAML_FLOW_ENTRY_TOKEN: return TOKEN_COMMA;
  case YAML_KEY_TOKEN: return TOKEN_KEY;
  case YAML_VALUE_TOKEN: return TOKEN_VALUE;
  case YAML_ALIAS_TOKEN: return TOKEN_ALIAS;
  case YAML_ANCHOR_TOKEN: return TOKEN_ANCHOR;
  case YAML_TAG_TOKEN: return TOKEN_TAG;
  case YAML_SCALAR_TOKEN: return TOKEN_SCALAR;
  }
  return TOKEN_END;
}

static void count_depth(Scan *s, YamlTokenKind kind) {
  switch ((int)kind) {
  case TOKEN_BLOCK_MAP:
  case TOKEN_BLOCK_LIST:
  case TOKEN_FLOW_MAP:
  case TOKEN_FLOW_LIST: s->depth++; return;
  case TOKEN_BLOCK_END:
  case TOKEN_FLOW_MAP_END:
  case TOKEN_FLOW_LIST_END: s->depth -= s->depth > 0; return;
  default: return;
  }
}

static YamlTokenKind add(Scan *s, const yaml_token_t *t) {
  YamlToken token = {.kind = kind_of(t->type), .column = (uint32_t)t->start_mark.column};
  token.start = byte_of(s, t->start_mark.index);
  token.end = byte_of(s, t->end_mark.index);
  token.plain = t->type == YAML_SCALAR_TOKEN && t->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  *vec_add(s->arena, &s->out->list) = token;
  count_depth(s, token.kind);
  return token.kind;
}

static void drop_token(Scan *s) {
  if (s->holding) yaml_token_delete(&s->token);
  s->holding = false;
}

static void end_parser(void *scan) {
  Scan *s = scan;
  drop_token(s);
  if (s->scanning) yaml_parser_delete(&s->parser);
  s->scanning = false;
}

/* The byte behind which to look for the next document; SIZE_MAX where all was read. libyaml looks at every open bracket for
 * each token: too deep is too slow. */
static size_t scan_from(Scan *s, Str fed) {
  s->scanning = yaml_parser_initialize(&s->parser);
  if (!s->scanning) heap_exhausted(s->arena->heap, 0);
  yaml_parser_set_encoding(&s->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&s->parser, (const unsigned char *)fed.p + s->base, fed.n - s->base);
  YamlTokenKind kind = TOKEN_START;
  bool ok = true;
  s->depth = 0;
  while (ok && kind != TOKEN_END && s->depth <= LIMIT_YAML_DEPTH) {
    ok = yaml_parser_scan(&s->parser, &s->token);
    if (!ok) break;
    s->holding = true;
    kind = add(s, &s->token);
    drop_token(s);
  }
  if (!ok && s->parser.error == YAML_MEMORY_ERROR) heap_exhausted(s->arena->heap, 0);
  size_t stop = ok ? s->bytes : byte_of(s, s->parser.problem_mark.index);
  bool all = ok && kind == TOKEN_END;
  end_parser(s);
  if (all) return SIZE_MAX;
  *vec_add(s->arena, &s->out->list) =
    (YamlToken){.kind = TOKEN_END, .start = (uint32_t)stop, .end = (uint32_t)stop, .failed = true};
  return stop;
}

void yaml_tokens(YamlTokens *out, Sources *sources, uint32_t file, Arena *arena) {
  Arena *own = arena_sub(arena);
  Diags ignored = {.arena = own}; /* reported when the trees were read */
  Scan *s = arena_new(own, Scan); /* not on the stack: the parser outlives a jump */
  YamlText fed;
  *out = (YamlTokens){0};
  *s = (Scan){.out = out, .arena = arena, .text = sources->files.p[file].text};
  arena_defer(own, end_parser, s);
  size_t at = str_starts(s->text, STR("\xEF\xBB\xBF")) ? 3 : 0;
  if (!yaml_text_prepare(&fed, file, s->text, own, &ignored)) at = SIZE_MAX;
  for (unsigned faults = 0; at != SIZE_MAX && faults <= LIMIT_YAML_FAULTS; faults++) {
    s->base = s->bytes = (uint32_t)at;
    s->chars = 0;
    size_t stop = scan_from(s, fed.text);
    at = stop == SIZE_MAX ? SIZE_MAX : yaml_next_document(s->text, stop > at ? stop - 1 : at);
  }
  arena_sub_done(own);
}
