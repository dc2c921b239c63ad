/* SPDX-License-Identifier: MIT
 * KQL as Kusto, Sentinel and Defender read it. A text column is never null: its tests are two-valued as they are. Every other
 * type has a null, of which most tests are neither true nor false. */
#include <stdio.h>

#include "backends/emit.h"
#include "backends/kql.h"
#include "backends/literal.h"
#include "backends/regex_text.h"
#include "base/utf8.h"

/* Each letter is a field type, in the order of fieldtype.h: keyword text integer real boolean date ip version (Elasticsearch's
 * kinds of text are texts here) object flattened timespan guid dynamic unknown constant. */
static const char *const ways[USE_COUNT] = {
  [USE_EQUAL] = "ttn-b-ttxx--xtt",     /**/
  [USE_MATCH] = "ttd---ttxx--xtt",     /**/
  [USE_REGEX] = "ttd---ttxx--xtt",     /**/
  [USE_NETWORK] = "cc----ccxx--xcc",   /**/
  [USE_NUMBER] = "ttnn--ttxx--xtt",    /**/
  [USE_ORDER] = "ggnn--ggxx--xgg",     /**/
  [USE_BOOL] = "tt--b-ttxx--xtt",      /**/
  [USE_TIME] = "hh----hhxx--xhh",      /**/
  [USE_PRESENCE] = "ppppppppxxppxpp",  /**/
  [USE_REFERENCE] = "rrr---rrxx--xrr", /**/
};

bool kql_is_text(FieldType type) {
  return type == FIELD_KEYWORD || type == FIELD_CONSTANT || type == FIELD_TEXT || type == FIELD_IP || type == FIELD_VERSION ||
         type == FIELD_UNKNOWN;
}

/* --- literals and names ---------------------------------------------------------------------------------------- */

void kql_put_string(Buf *out, Str s) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '\\' || c == '"') buf_char(out, '\\');
    if (c == '\n') buf_str(out, STR("\\n"));
    else if (c == '\r') buf_str(out, STR("\\r"));
    else if (c == '\t') buf_str(out, STR("\\t"));
    else buf_char(out, c);
  }
  buf_char(out, '"');
}

/* Backslashes as they are. Regular expressions are printed without what must not stand in one. */
void kql_put_verbatim(Buf *out, Str s) {
  buf_str(out, STR("@\""));
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_char(out, '"');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '"');
}

/* What a plain literal can show: there are escapes for three of the hidden characters, and none for the others. */
static bool is_plain(Str s) {
  uint32_t cp;
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n)
    if (literal_hidden(cp) && cp != '\n' && cp != '\r' && cp != '\t') return false;
  return true;
}

/* Whatever begins with two underscores may be one too. */
static bool is_keyword(Str s) {
  static const char *const words[] = {
#include "backends/kql_words.def"
  };
  if (str_starts(s, STR("__"))) return true;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(s, words[i])) return true;
  return false;
}

static bool is_word(Str s) {
  if (!s.n || (!ascii_letter(s.p[0]) && s.p[0] != '_')) return false;
  for (size_t i = 1; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && s.p[i] != '_') return false;
  return !is_keyword(s);
}

/* What a column may be called. */
static bool is_name(Str s) {
  enum { LONGEST_NAME = 1024 };
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && !strchr("_ .-", s.p[i])) return false;
  return s.n > 0 && s.n <= LONGEST_NAME && s.p[0] != ' ';
}

static void put_name(Buf *out, Str s) {
  if (is_word(s)) {
    buf_str(out, s);
    return;
  }
  buf_str(out, STR("[\""));
  buf_str(out, s);
  buf_str(out, STR("\"]"));
}

/* A path in a dynamic column: its text. */
static bool put_path(Emit *e, Buf *out, Str path) {
  size_t dot = str_find(path, STR("."), 0);
  if (dot == SIZE_MAX || !is_name(path) || emit_type(e, str_sub(path, 0, dot)) != FIELD_DYNAMIC) return false;
  buf_str(out, STR("tostring("));
  put_name(out, str_sub(path, 0, dot));
  for (size_t from = dot + 1; from <= path.n;) {
    size_t next = str_find(path, STR("."), from), to = next == SIZE_MAX ? path.n : next;
    Str step = str_sub(path, from, to);
    if (is_word(step)) buf_char(out, '.');
    put_name(out, step);
    from = to + 1;
  }
  buf_char(out, ')');
  return true;
}

static bool field(Emit *e, Str path, Str *out) {
  Buf b = {.arena = e->arena};
  FieldType type = emit_type(e, path);
  if (!is_name(path)) {
    emit_refuse(e, ID_target_field, "give the field another name by a pipeline", "Kusto has no column of such a name");
    return false;
  }
  if (type == FIELD_UNKNOWN) {
    buf_str(&b, STR("tostring(column_ifexists(\""));
    buf_str(&b, path);
    buf_str(&b, STR("\", \"\"))"));
  } else if (put_path(e, &b, path)) {
    emit_assume(e, ASSUME_DYNAMIC_SCALAR);
  } else {
    put_name(&b, path);
  }
  *out = buf_view(&b);
  return true;
}

/* --- tests of text --------------------------------------------------------------------------------------------- */

static bool add_regex(Emit *e, const RegexNode *root, Atom *atom) {
  RegexRefusal why = {0};
  atom->kind = ATOM_REGEX;
  atom->cased = true;
  if (regex_print_rust(e->arena, root, &atom->text, &why)) return true;
  emit_refuse(e, ID_target_regex, why.instead ? why.instead : "write it with wildcards",
              "the regular expressions of KQL cannot say it: %s (at byte %u of the pattern)", why.construct, (unsigned)why.at);
  return false;
}

static bool regex(Emit *e, const IrTest *t, Atom *out) {
  RegexTree tree;
  if (!regex_parse(&tree, t->text, t->flags, e->arena)) {
    emit_refuse(e, ID_target_regex, "write it without, or as several tests",
                "the regular expressions of KQL cannot say it: %s (at byte %u of the pattern)", tree.construct,
                (unsigned)tree.offset);
    return false;
  }
  out->guarded = presence_regex_nullable(tree.root);
  if (out->guarded && e->item->any_field) {
    emit_refuse(e, ID_target_keyword, "ask for at least one character",
                "an expression that matches the empty text finds every event");
    return false;
  }
  return add_regex(e, tree.root, out);
}

static void add_pattern(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  if (add_regex(e, regex_of_glob(e->arena, &t->pattern, t->cased), &like)) *vec_add(e->arena, out) = like;
}

static const char *part_operator(const IrTest *t) {
  if (t->pred == PRED_PREFIX) return t->cased ? "startswith_cs" : "startswith";
  if (t->pred == PRED_SUFFIX) return t->cased ? "endswith_cs" : "endswith";
  if (t->pred == PRED_CONTAINS) return t->cased ? "contains_cs" : "contains";
  return NULL;
}

static void add_glob(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  uint32_t least;
  bool open;
  if (e->item->any_field || !literal_only_wildcards(&t->pattern, &least, &open)) {
    add_pattern(e, t, like, out);
    return;
  }
  like.kind = ATOM_LENGTH;
  like.op = open ? ">=" : "==";
  like.text = arena_printf(e->arena, "%u", (unsigned)least);
  *vec_add(e->arena, out) = like;
}

static bool possible(const IrTest *t) {
  bool good = literal_possible(t->text);
  for (uint32_t i = 0; i < t->pattern.n; i++) good = good && literal_possible(t->pattern.p[i].text);
  return good;
}

static void text(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  if (!possible(t)) {
    emit_refuse(e, ID_target_character, "leave the character out", "a KQL text cannot hold NUL or what is not UTF-8");
    return;
  }
  if (t->pred == PRED_GLOB) {
    add_glob(e, t, like, out);
    return;
  }
  Str own = t->text, *all = &own;
  uint32_t n = t->cased ? 1 : literal_variants(e->arena, t->text, &all);
  if (!n || !is_plain(t->text)) {
    add_pattern(e, t, like, out);
    return;
  }
  like.op = part_operator(t);
  like.kind = like.op ? ATOM_LIKE : ATOM_TEXT;
  for (uint32_t i = 0; i < n; i++) {
    like.text = all[i];
    *vec_add(e->arena, out) = like;
  }
}

/* --- statement ------------------------------------------------------------------------------------------------- */

enum {
  MOST_OPERANDS = 100,     /* in a row: longer ones nest too deeply for Kusto */
  MOST_CHARACTERS = 10000, /* of a Sentinel analytics rule */
};

static void put_step(Buf *out, QLayout layout) {
  if (layout.pretty) q_newline(out, layout.indent);
  else buf_char(out, ' ');
  buf_str(out, STR("| "));
}

static void put_branch(Buf *out, const PlanBranch *b, const QNode *condition, QLayout layout) {
  if (!b->table.n) {
    q_print(out, condition, layout);
    return;
  }
  buf_str(out, b->table);
  for (uint32_t i = 0; i < b->n_columns; i++) {
    put_step(out, layout);
    buf_str(out, STR("extend "));
    put_name(out, b->columns[i].name);
    buf_str(out, STR(" = "));
    buf_str(out, b->columns[i].expr);
  }
  put_step(out, layout);
  buf_str(out, STR("where "));
  q_print(out, condition, layout);
}

static void put_union(Emit *e, Buf *out, const QNode *const *conditions) {
  bool pretty = e->options->pretty;
  buf_str(out, STR("union"));
  for (uint32_t i = 0; i < e->plan->n_branches; i++) {
    if (i) buf_char(out, ',');
    if (pretty) q_newline(out, e->options->indent + 2);
    else buf_char(out, ' ');
    buf_char(out, '(');
    put_branch(out, &e->plan->branches[i], conditions[i], (QLayout){pretty, e->options->indent + 2});
    buf_char(out, ')');
  }
}

void kql_warn_length(const Rule *rule, Str text, Diags *diags) {
  size_t n = utf8_count(text);
  if (n <= MOST_CHARACTERS) return;
  diag_warning(diags, ID_target_limit, rule->title.at, "the query has %zu characters; an analytics rule of Sentinel may have %d", n,
               MOST_CHARACTERS);
  diag_hint(diags, "split the rule, or keep the query as a saved function");
}

static void statement(Emit *e, Buf *out, const QNode *const *conditions) {
  const Plan *plan = e->plan;
  const QNode **balanced = arena_array(e->arena, const QNode *, plan->n_branches);
  bool tables = true;
  for (uint32_t i = 0; i < plan->n_branches; i++) {
    balanced[i] = q_balance(e->arena, conditions[i], MOST_OPERANDS);
    tables = tables && plan->branches[i].table.n > 0;
  }
  if (plan->n_branches == 1) put_branch(out, plan->branches, balanced[0], (QLayout){e->options->pretty, e->options->indent});
  else if (tables) put_union(e, out, balanced);
  else
    q_print(out, q_balance(e->arena, q_join(e->arena, Q_OR, conditions, plan->n_branches), MOST_OPERANDS),
            (QLayout){e->options->pretty, e->options->indent});
  kql_warn_length(e->plan->rule, buf_view(out), e->diags);
}

const Spelling kql_spelling = {
  .ways = ways,
  .empty_is_missing = true,
  .keywords = true,
  .field = field,
  .text = text,
  .regex = regex,
  .group = kql_group,
  .deny = kql_deny,
  .statement = statement,
};
