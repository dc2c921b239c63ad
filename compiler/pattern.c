/* SPDX-License-Identifier: MIT */
#include "compiler/pattern.h"

#include "base/buf.h"

typedef struct {
  Arena *arena;
  VEC(PatPart) parts;
  char *literal; /* characters since the last other part */
  size_t n;
} Builder;

static void flush(Builder *b) {
  if (!b->n) return;
  *vec_add(b->arena, &b->parts) = (PatPart){PAT_LITERAL, {b->literal, b->n}};
  b->literal += b->n;
  b->n = 0;
}

static void add_part(Builder *b, PatKind kind, Str text) {
  flush(b);
  *vec_add(b->arena, &b->parts) = (PatPart){kind, text};
}

static bool name_char(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '.' || c == ':' || c == '-'; }

/* Length of `%name%` at i, or 0 (semantics 9.15). */
static size_t placeholder_at(Str s, size_t i) {
  size_t end = i + 1;
  while (end < s.n && name_char(s.p[end])) end++;
  return end > i + 1 && end < s.n && s.p[end] == '%' ? end + 1 - i : 0;
}

static bool escapable(char c, bool placeholders) { return c == '*' || c == '?' || c == '\\' || (placeholders && c == '%'); }

static Pattern parse(Arena *a, Str s, bool placeholders) {
  Builder b = {.arena = a, .literal = arena_alloc(a, s.n)};
  for (size_t i = 0; i < s.n; i++) {
    size_t name;
    if (s.p[i] == '\\' && i + 1 < s.n && escapable(s.p[i + 1], placeholders)) {
      b.literal[b.n++] = s.p[++i];
    } else if (s.p[i] == '*') {
      add_part(&b, PAT_ANY, (Str){0});
    } else if (s.p[i] == '?') {
      add_part(&b, PAT_ONE, (Str){0});
    } else if (placeholders && s.p[i] == '%' && (name = placeholder_at(s, i)) > 0) {
      add_part(&b, PAT_PLACEHOLDER, str_sub(s, i + 1, i + name - 1));
      i += name - 1;
    } else {
      b.literal[b.n++] = s.p[i];
    }
  }
  flush(&b);
  return (Pattern){b.parts.p, b.parts.n};
}

Pattern pattern_parse(Arena *a, Str text) { return parse(a, text, false); }
Pattern pattern_parse_placeholders(Arena *a, Str text) { return parse(a, text, true); }

/* Regex source: its own syntax stays; only placeholders are seen, and an escaped character hides a percent sign. */
Pattern pattern_parse_regex(Arena *a, Str s) {
  Builder b = {.arena = a, .literal = arena_alloc(a, s.n)};
  for (size_t i = 0; i < s.n; i++) {
    size_t name = s.p[i] == '%' ? placeholder_at(s, i) : 0;
    if (name) {
      add_part(&b, PAT_PLACEHOLDER, str_sub(s, i + 1, i + name - 1));
      i += name - 1;
      continue;
    }
    b.literal[b.n++] = s.p[i];
    if (s.p[i] == '\\' && i + 1 < s.n) b.literal[b.n++] = s.p[++i];
  }
  flush(&b);
  return (Pattern){b.parts.p, b.parts.n};
}

Pattern pattern_literal(Arena *a, Str text) {
  if (!text.n) return (Pattern){0};
  Pattern p = {arena_new(a, PatPart), 1};
  p.p[0] = (PatPart){PAT_LITERAL, text};
  return p;
}

Pattern pattern_join(Arena *a, Pattern x, Pattern y) {
  if (!x.n) return y;
  if (!y.n) return x;
  Pattern out = {arena_array(a, PatPart, x.n + y.n), x.n};
  memcpy(out.p, x.p, x.n * sizeof *x.p);
  uint32_t from = 0;
  if (out.p[x.n - 1].kind == PAT_LITERAL && y.p[0].kind == PAT_LITERAL) {
    Str l = out.p[x.n - 1].text, r = y.p[0].text;
    char *both = arena_alloc(a, l.n + r.n);
    memcpy(both, l.p, l.n);
    memcpy(both + l.n, r.p, r.n);
    out.p[x.n - 1].text = (Str){both, l.n + r.n};
    from = 1;
  }
  if (y.n > from) memcpy(out.p + out.n, y.p + from, (y.n - from) * sizeof *y.p);
  out.n += y.n - from;
  return out;
}

bool pattern_has_wildcard(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_ANY || p->p[i].kind == PAT_ONE || p->p[i].kind == PAT_DASH) return true;
  return false;
}

bool pattern_has_placeholder(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_PLACEHOLDER) return true;
  return false;
}

Str pattern_text(Arena *a, const Pattern *p) {
  if (p->n == 0) return STR("");
  if (p->n == 1 && p->p[0].kind == PAT_LITERAL) return p->p[0].text;
  size_t n = 0;
  for (uint32_t i = 0; i < p->n; i++) n += p->p[i].text.n;
  char *out = arena_alloc(a, n);
  n = 0;
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->p[i].kind != PAT_LITERAL) continue;
    memcpy(out + n, p->p[i].text.p, p->p[i].text.n);
    n += p->p[i].text.n;
  }
  return (Str){out, n};
}

static Pattern any(Arena *a) {
  Pattern p = {arena_new(a, PatPart), 1};
  p.p[0] = (PatPart){.kind = PAT_ANY};
  return p;
}

Pattern pattern_open(Arena *a, Pattern p, bool start, bool end) {
  if (start && (p.n == 0 || p.p[0].kind != PAT_ANY)) p = pattern_join(a, any(a), p);
  if (end && (p.n == 0 || p.p[p.n - 1].kind != PAT_ANY)) p = pattern_join(a, p, any(a));
  return p;
}

Str pattern_print(Arena *a, const Pattern *p) {
  Buf b = {0};
  for (uint32_t i = 0; i < p->n; i++) {
    switch (p->p[i].kind) {
    case PAT_ANY: buf_char(&b, '*'); break;
    case PAT_ONE: buf_char(&b, '?'); break;
    case PAT_DASH: buf_str(&b, STR("<dash>")); break;
    case PAT_PLACEHOLDER:
      buf_char(&b, '%');
      buf_str(&b, p->p[i].text);
      buf_char(&b, '%');
      break;
    case PAT_LITERAL:
      for (size_t k = 0; k < p->p[i].text.n; k++) {
        char c = p->p[i].text.p[k];
        if (c == '*' || c == '?' || c == '\\') buf_char(&b, '\\');
        buf_char(&b, c);
      }
      break;
    }
  }
  Str out = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return out;
}
