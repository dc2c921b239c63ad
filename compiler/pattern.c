/* SPDX-License-Identifier: MIT */
#include "compiler/pattern.h"

#include "base/buf.h"

typedef struct {
  Pattern out;
  char *literal; /* characters since the last other part */
  size_t n;
} Builder;

/* Each part but literals begins with one of three characters; a literal may stand before each, and one at the end. */
static Builder builder_new(Arena *a, Str s) {
  size_t most = 1;
  for (size_t i = 0; i < s.n; i++) most += s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '%' ? 2 : 0;
  return (Builder){.out.p = arena_array(a, PatPart, most), .literal = arena_alloc(a, s.n)};
}

static void flush(Builder *b) {
  if (!b->n) return;
  b->out.p[b->out.n++] = (PatPart){PAT_LITERAL, {b->literal, b->n}};
  b->literal += b->n;
  b->n = 0;
}

static void add_part(Builder *b, PatKind kind, Str text) {
  flush(b);
  b->out.p[b->out.n++] = (PatPart){kind, text};
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
  Builder b = builder_new(a, s);
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
  return b.out;
}

Pattern pattern_parse(Arena *a, Str text) { return parse(a, text, false); }
Pattern pattern_parse_placeholders(Arena *a, Str text) { return parse(a, text, true); }

Pattern pattern_find_placeholders(Arena *a, Str s) {
  Builder b = builder_new(a, s);
  for (size_t i = 0; i < s.n; i++) {
    size_t name = s.p[i] == '%' ? placeholder_at(s, i) : 0;
    if (!name) {
      b.literal[b.n++] = s.p[i];
      continue;
    }
    add_part(&b, PAT_PLACEHOLDER, str_sub(s, i + 1, i + name - 1));
    i += name - 1;
  }
  flush(&b);
  return b.out;
}

/* Regex source: its own syntax stays; only placeholders are seen, and an escaped character hides a percent sign. */
Pattern pattern_parse_regex(Arena *a, Str s) {
  Builder b = builder_new(a, s);
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
  return b.out;
}

Pattern pattern_literal(Arena *a, Str text) {
  if (!text.n) return (Pattern){0};
  Pattern p = {arena_new(a, PatPart), 1};
  p.p[0] = (PatPart){PAT_LITERAL, text};
  return p;
}

Pattern pattern_of(Arena *a, const PatPart *parts, uint32_t n) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < n; i++) bytes += parts[i].kind == PAT_LITERAL ? parts[i].text.n : 0;
  Pattern out = {arena_array(a, PatPart, n), 0};
  char *text = arena_alloc(a, bytes);
  for (uint32_t i = 0; i < n; i++) {
    if (parts[i].kind == PAT_LITERAL && !parts[i].text.n) continue;
    if (parts[i].kind != PAT_LITERAL) {
      out.p[out.n++] = parts[i];
      continue;
    }
    memcpy(text, parts[i].text.p, parts[i].text.n);
    if (out.n && out.p[out.n - 1].kind == PAT_LITERAL) out.p[out.n - 1].text.n += parts[i].text.n;
    else out.p[out.n++] = (PatPart){PAT_LITERAL, {text, parts[i].text.n}};
    text += parts[i].text.n;
  }
  return out;
}

Pattern pattern_copy(Arena *a, const Pattern *p) {
  Pattern out = {arena_array(a, PatPart, p->n), p->n};
  for (uint32_t i = 0; i < p->n; i++) {
    out.p[i] = p->p[i];
    if (p->p[i].text.n) out.p[i].text = arena_dup(a, p->p[i].text);
  }
  return out;
}

Pattern pattern_join(Arena *a, Pattern x, Pattern y) {
  if (!x.n) return y;
  if (!y.n) return x;
  if (x.p[x.n - 1].kind == PAT_LITERAL && y.p[0].kind == PAT_LITERAL) {
    PatPart both[] = {x.p[x.n - 1], y.p[0]};
    Pattern middle = pattern_of(a, both, 2);
    return pattern_join(a, pattern_join(a, (Pattern){x.p, x.n - 1}, middle), (Pattern){y.p + 1, y.n - 1});
  }
  Pattern out = {arena_array(a, PatPart, x.n + y.n), x.n + y.n};
  memcpy(out.p, x.p, x.n * sizeof *x.p);
  memcpy(out.p + x.n, y.p, y.n * sizeof *y.p);
  return out;
}

bool pattern_same(const Pattern *x, const Pattern *y) {
  if (x->n != y->n) return false;
  for (uint32_t i = 0; i < x->n; i++)
    if (x->p[i].kind != y->p[i].kind || !str_eq(x->p[i].text, y->p[i].text)) return false;
  return true;
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

void pattern_write(Buf *out, const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++) {
    switch (p->p[i].kind) {
    case PAT_ANY: buf_char(out, '*'); break;
    case PAT_ONE: buf_char(out, '?'); break;
    case PAT_DASH: buf_str(out, STR("<dash>")); break;
    case PAT_PLACEHOLDER:
      buf_char(out, '%');
      buf_str(out, p->p[i].text);
      buf_char(out, '%');
      break;
    case PAT_LITERAL:
      for (size_t k = 0; k < p->p[i].text.n; k++) {
        char c = p->p[i].text.p[k];
        if (c == '*' || c == '?' || c == '\\') buf_char(out, '\\');
        buf_char(out, c);
      }
      break;
    }
  }
}

Str pattern_print(Arena *a, const Pattern *p) {
  Arena *scratch = arena_sub(a);
  Buf b = {.arena = scratch};
  pattern_write(&b, p);
  Str out = arena_dup(a, buf_view(&b));
  arena_sub_done(scratch);
  return out;
}
