/* SPDX-License-Identifier: MIT
 * replace_string, and `replace` on queries: every match of a regular expression becomes a text with groups.
 *
 * pySigma replaces in the text that it shows of a value, and reads the result again; there a literal backslash in front of a
 * wildcard becomes an escape. Here each byte of the text keeps what it was, and only the replacement is read. */
#include "base/utf8.h"
#include "compiler/pipeline_internal.h"

/* What a byte of a shown text was. Bytes of the replacement are OF_REPLACEMENT. */
enum { OF_LITERAL = 'l', OF_ESCAPE = 'e', OF_ANY = '*', OF_ONE = '?', OF_REPLACEMENT = 'r' };

typedef struct {
  Buf text, kind; /* of the same length */
} Marked;

static void put(Marked *m, char c, char kind) {
  buf_char(&m->text, c);
  buf_char(&m->kind, kind);
}

/* --- the replacement -------------------------------------------------------------------------------------------- */

typedef struct {
  Str text;       /* literal */
  uint32_t group; /* GROUP_NONE: the text */
} Piece;
enum { GROUP_NONE = UINT32_MAX };
typedef VEC(Piece) Pieces;

static bool bad_group(PipelineReader *r, const YamlNode *n, size_t from, size_t to) {
  return read_error(r, ID_pipeline_format, yaml_sub_span(n, from, to), "the regular expression has no such group");
}

/* `\g<name>` or `\g<number>` at i; the group, and the byte behind. */
static bool named_group(PipelineReader *r, const YamlNode *n, const Regex *re, size_t *i, uint32_t *group) {
  size_t end = str_find(n->text, STR(">"), *i);
  if (*i + 2 >= n->text.n || n->text.p[*i + 2] != '<' || end == SIZE_MAX)
    return read_error(r, ID_pipeline_format, yaml_sub_span(n, *i, *i + 2), "a group is written `\\g<name>` or `\\1`");
  Str name = str_sub(n->text, *i + 3, end);
  uint64_t number = 0;
  bool digits = name.n > 0 && name.n < 6;
  for (size_t k = 0; k < name.n; k++) {
    digits = digits && ascii_digit(name.p[k]);
    number = number * 10 + (uint64_t)(name.p[k] - '0');
  }
  *group = digits ? (uint32_t)number : regex_group_find(re, name);
  if (digits ? number > regex_groups(re) : *group == 0) return bad_group(r, n, *i, end + 1);
  *i = end + 1;
  return true;
}

/* What Python reads behind a backslash in a replacement: groups and a few letters; another letter is an error there too. */
static bool read_escape(PipelineReader *r, const YamlNode *n, const Regex *re, size_t *i, Piece *out) {
  static const struct {
    char letter;
    const char *text;
  } letters[] = {{'n', "\n"}, {'t', "\t"}, {'r', "\r"}, {'f', "\f"}, {'v', "\v"}, {'a', "\a"}, {'b', "\b"}, {'\\', "\\"}};
  char c = *i + 1 < n->text.n ? n->text.p[*i + 1] : '\0';
  *out = (Piece){.group = GROUP_NONE};
  if (c == 'g') return named_group(r, n, re, i, &out->group);
  if (c >= '1' && c <= '9') {
    size_t end = *i + 2;
    out->group = (uint32_t)(c - '0');
    if (end < n->text.n && ascii_digit(n->text.p[end])) out->group = out->group * 10 + (uint32_t)(n->text.p[end++] - '0');
    if (out->group > regex_groups(re)) return bad_group(r, n, *i, end);
    *i = end;
    return true;
  }
  for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
    if (letters[k].letter == c) {
      out->text = str_of(letters[k].text);
      *i += 2;
      return true;
    }
  if (*i + 1 >= n->text.n || ascii_letter(c) || c == '0') {
    read_error(r, ID_pipeline_format, yaml_sub_span(n, *i, *i + 2), "an unknown escape in a replacement");
    diag_hint(r->diags, "a backslash is written `\\\\`, a group `\\1` or `\\g<name>`");
    return false;
  }
  out->text = str_sub(n->text, *i, *i + 2); /* other characters stay with their backslash */
  *i += 2;
  return true;
}

PREPARE(prepare_replace) {
  const YamlNode *n = item->params[1].node;
  const Regex *re = item->params[0].regex[0];
  Pieces *pieces = arena_new(r->arena, Pieces);
  size_t i = 0;
  while (i < n->text.n) {
    size_t slash = str_find(n->text, STR("\\"), i);
    size_t end = slash == SIZE_MAX ? n->text.n : slash;
    if (end > i) *vec_add(r->arena, pieces) = (Piece){str_sub(n->text, i, end), GROUP_NONE};
    i = end;
    if (i < n->text.n && !read_escape(r, n, re, &i, vec_add(r->arena, pieces))) return false;
  }
  item->data = pieces;
  return true;
}

/* --- replacing --------------------------------------------------------------------------------------------------- */

typedef struct {
  PipelineRun *run;
  Arena *arena; /* of what is made meanwhile */
  const PipelineItem *item;
  Span at; /* to report at */
  Str text, kind;
  RegexGroup *groups;
  Marked out;
  bool replaced;
} Work;

static void keep(Work *w, size_t from, size_t to) {
  buf_str(&w->out.text, str_sub(w->text, from, to));
  buf_str(&w->out.kind, str_sub(w->kind, from, to));
}

static bool put_replacement(Work *w) {
  const Pieces *pieces = w->item->data;
  size_t before = w->out.text.n;
  for (uint32_t i = 0; i < pieces->n; i++) {
    const Piece *p = &pieces->p[i];
    if (p->group == GROUP_NONE)
      for (size_t k = 0; k < p->text.n; k++) put(&w->out, p->text.p[k], OF_REPLACEMENT);
    else if (w->groups[p->group].start != SIZE_MAX) keep(w, w->groups[p->group].start, w->groups[p->group].end);
  }
  w->replaced = true;
  return run_pay(w->run, w->out.text.n - before + 1);
}

static size_t next_character(Str s, size_t i) { return i < s.n ? i + utf8_len(s.p[i]) : i + 1; }

/* As Python's sub: an empty match is replaced too, but wherever it can stand. */
static bool replace_all(Work *w) {
  const Regex *re = w->item->params[0].regex[0];
  size_t at = 0;
  unsigned how = 0;
  while (at <= w->text.n) {
    SearchResult found = regex_match(re, run_scratch(w->run), w->text, at, how, w->groups);
    if (found == SEARCH_LIMIT)
      return run_error(w->run, ID_regex_limit, w->at, "a regular expression of the pipeline, of %s, takes too long here",
                       w->item->kind->name);
    RegexGroup all = w->groups[0];
    if (found == SEARCH_HIT && all.start != SIZE_MAX && all.start >= at) {
      keep(w, at, all.start);
      if (!put_replacement(w)) return false;
      at = all.end;
      how = all.end == all.start ? REGEX_HERE | REGEX_NOT_EMPTY : 0;
    } else if (how) { /* behind an empty match nothing begins here: on with the next character */
      size_t next = next_character(w->text, at);
      if (at < w->text.n) keep(w, at, next);
      at = next;
      how = 0;
    } else {
      break;
    }
  }
  if (at < w->text.n) keep(w, at, w->text.n);
  return true;
}

static Work work_new(PipelineRun *run, Arena *arena, const PipelineItem *item, Span at, Str text, Str kind) {
  Work w = {.run = run, .arena = arena, .item = item, .at = at, .text = text, .kind = kind};
  w.groups = arena_array(arena, RegexGroup, regex_groups(item->params[0].regex[0]) + 1);
  w.out.text.arena = w.out.kind.arena = arena;
  return w;
}

static Str all_literal(Arena *a, Str text) {
  char *kind = arena_alloc(a, text.n);
  memset(kind, OF_LITERAL, text.n);
  return (Str){kind, text.n};
}

bool replace_in_text(PipelineRun *run, const PipelineItem *item, Str text, Str *out) {
  Work w = work_new(run, run->arena, item, item->at, text, all_literal(run->arena, text));
  if (!replace_all(&w)) return false;
  *out = buf_view(&w.out.text);
  return true;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

typedef struct {
  Arena *arena;
  VEC(PatPart) parts;
  Buf literal;
} Builder;

static void end_literal(Builder *b) {
  if (b->literal.n) *vec_add(b->arena, &b->parts) = (PatPart){PAT_LITERAL, arena_dup(b->arena, buf_view(&b->literal))};
  b->literal.n = 0;
}

static void add_part(Builder *b, PatKind kind) {
  end_literal(b);
  *vec_add(b->arena, &b->parts) = (PatPart){.kind = kind};
}

/* How bytes of the replacement are read: as pySigma reads the whole. Backslashes in front of a wildcard hide it; `doubled`: two
 * are one. */
typedef enum { READ_PLAIN, READ_SHOWN, READ_RULE } Reading;

static void read_marked(Builder *b, Str text, Str kind, Reading reading) {
  for (size_t i = 0; i < text.n; i++) {
    char c = text.p[i], k = kind.p[i];
    bool made = k == OF_REPLACEMENT && reading != READ_PLAIN, more = i + 1 < text.n;
    if (k == OF_ESCAPE && more && kind.p[i + 1] == OF_LITERAL) continue;
    if (k == OF_ANY || (made && c == '*')) add_part(b, PAT_ANY);
    else if (k == OF_ONE || (made && c == '?')) add_part(b, PAT_ONE);
    else if (made && c == '\\' && more && kind.p[i + 1] == OF_REPLACEMENT &&
             (text.p[i + 1] == '*' || text.p[i + 1] == '?' || (reading == READ_RULE && text.p[i + 1] == '\\')))
      buf_char(&b->literal, text.p[++i]);
    else buf_char(&b->literal, c);
  }
}

static Pattern finish_pattern(Builder *b, bool placeholders) {
  end_literal(b);
  Pattern p = {b->parts.p, b->parts.n};
  if (!placeholders) return pattern_of(b->arena, p.p, p.n);
  Pattern out = {0};
  for (uint32_t i = 0; i < p.n; i++) {
    Pattern part = {p.p + i, 1};
    if (p.p[i].kind == PAT_LITERAL) part = pattern_find_placeholders(b->arena, p.p[i].text);
    out = pattern_join(b->arena, out, part);
  }
  return out;
}

/* The text that pySigma shows, with what each byte of it was. */
static void show_pattern(const Pattern *p, Marked *m) {
  for (uint32_t i = 0; i < p->n; i++) {
    const PatPart *part = &p->p[i];
    if (part->kind == PAT_ANY) put(m, '*', OF_ANY);
    if (part->kind == PAT_ONE) put(m, '?', OF_ONE);
    if (part->kind == PAT_PLACEHOLDER) put(m, '%', OF_LITERAL);
    for (size_t k = 0; k < part->text.n; k++) {
      bool special = part->kind == PAT_LITERAL && (part->text.p[k] == '*' || part->text.p[k] == '?');
      if (special) put(m, '\\', OF_ESCAPE);
      put(m, part->text.p[k], OF_LITERAL);
    }
    if (part->kind == PAT_PLACEHOLDER) put(m, '%', OF_LITERAL);
  }
}

static bool has_dash(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_DASH) return true;
  return false;
}

static bool replace_shown(PipelineRun *run, Arena *a, const PipelineItem *item, const IrValue *v, const Pattern *p, Pattern *out) {
  Marked m = {.text.arena = a, .kind.arena = a};
  show_pattern(p, &m);
  Work w = work_new(run, a, item, v->at, buf_view(&m.text), buf_view(&m.kind));
  if (!replace_all(&w) || !w.replaced) return false;
  Builder b = {.arena = a, .literal.arena = a};
  read_marked(&b, buf_view(&w.out.text), buf_view(&w.out.kind), READ_SHOWN);
  *out = finish_pattern(&b, pattern_has_placeholder(p));
  return true;
}

static bool replace_parts(PipelineRun *run, Arena *a, const PipelineItem *item, const IrValue *v, const Pattern *p, Pattern *out) {
  Reading reading = item->params[3].truth ? READ_RULE : READ_PLAIN;
  Builder b = {.arena = a, .literal.arena = a};
  bool replaced = false;
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->p[i].kind != PAT_LITERAL) {
      end_literal(&b);
      *vec_add(a, &b.parts) = p->p[i];
      continue;
    }
    Work w = work_new(run, a, item, v->at, p->p[i].text, all_literal(a, p->p[i].text));
    if (!replace_all(&w)) return false;
    replaced = replaced || w.replaced;
    read_marked(&b, buf_view(&w.out.text), buf_view(&w.out.kind), reading);
  }
  *out = finish_pattern(&b, false);
  return replaced;
}

ON_VALUE(replace_string) {
  enum { REGEX, REPLACEMENT, SKIP_SPECIAL };
  Pattern p = in->pattern, to;
  if (in->pred == PRED_NUMBER) p = pattern_literal(run->arena, in->text);
  else if (in->pred != PRED_GLOB) return false;
  bool parts = item->params[SKIP_SPECIAL].truth || has_dash(&p);
  Arena *scratch = arena_sub(run->arena);
  bool replaced = (parts ? replace_parts : replace_shown)(run, scratch, item, v, &p, &to);
  if (replaced) *vec_add(run->arena, out) = text_test(in, pattern_copy(run->arena, &to));
  arena_sub_done(scratch);
  if (replaced && !parts && pattern_has_wildcard(&p)) {
    diag_warning(run->passes->diags, ID_target_approx, v->at,
                 "the pipeline replaces in a value with wildcards: its `regex` sees them as characters");
    diag_hint(run->passes->diags, "`skip_special: true` looks at the text between wildcards only");
  }
  return replaced;
}
