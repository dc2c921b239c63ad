/* SPDX-License-Identifier: MIT
 * EQL as Elasticsearch reads it. Three-valued in places: a test of a field without value is no match, and so may be its
 * negation, depending on how it is run; so whatever is negated says itself that there may be no value. */
#include "backends/emit.h"
#include "backends/literal.h"
#include "backends/regex_text.h"
#include "base/utf8.h"

/* Each letter is a field type, in the order of fieldtype.h: keyword text integer real boolean date ip version object
 * flattened, four of Kusto, unknown (which is taken as keyword), constant. */
static const char *const ways[USE_COUNT] = {
  [USE_EQUAL] = "t-n-b-a--t---tt",     /**/
  [USE_MATCH] = "t-----a------tt",     /**/
  [USE_REGEX] = "t------------tt",     /**/
  [USE_NETWORK] = "q-----a------qq",   /**/
  [USE_NUMBER] = "t-nn-----t---tt",    /**/
  [USE_ORDER] = "--nn-----------",     /**/
  [USE_BOOL] = "t---b----t---tt",      /**/
  [USE_TIME] = "wwwwwwwwwwwwwww",      /**/
  [USE_PRESENCE] = "p-pppppp-p---pp",  /**/
  [USE_REFERENCE] = "fffffffffffffff", /**/
};

/* --- literals and names ---------------------------------------------------------------------------------------- */

static void put_char(Buf *out, uint32_t cp) {
  char utf8[4];
  if (cp == '\\' || cp == '"') buf_char(out, '\\');
  if (cp == '\n') buf_str(out, STR("\\n"));
  else if (cp == '\r') buf_str(out, STR("\\r"));
  else if (cp == '\t') buf_str(out, STR("\\t"));
  else if (literal_hidden(cp)) buf_printf(out, "\\u{%04x}", (unsigned)cp);
  else buf_bytes(out, utf8, utf8_encode(cp, utf8));
}

static void put_string(Buf *out, Str s) {
  uint32_t cp;
  buf_char(out, '"');
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n) put_char(out, cp);
  buf_char(out, '"');
}

/* Without escapes, where it can be: as people write regular expressions. */
static void put_raw(Buf *out, Str s) {
  bool quotes = str_starts(s, STR("\"")) || str_ends(s, STR("\"")) || str_find(s, STR("\"\"\""), 0) != SIZE_MAX;
  if (quotes || literal_has_hidden(s)) {
    put_string(out, s);
    return;
  }
  buf_str(out, STR("\"\"\""));
  buf_str(out, s);
  buf_str(out, STR("\"\"\""));
}

static bool is_keyword(Str s) {
  static const char *const words[] = {"and", "any", "by",    "false",  "in",       "join", "like",  "maxspan", "not", "null",
                                      "of",  "or",  "regex", "sample", "sequence", "true", "until", "where",   "with"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(s, words[i])) return true;
  return false;
}

static bool is_word(Str s) {
  if (!s.n || (!ascii_letter(s.p[0]) && s.p[0] != '_' && s.p[0] != '@')) return false;
  for (size_t i = 1; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && s.p[i] != '_') return false;
  return !is_keyword(s);
}

static void put_segment(Buf *out, Str s) {
  if (is_word(s)) {
    buf_str(out, s);
    return;
  }
  buf_char(out, '`');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '`') buf_char(out, '`');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '`');
}

/* With `?`: where no index has the field, it is null instead of an error. */
static bool field(Emit *e, Str path, Str *out) {
  Buf b = {.arena = e->arena};
  bool good = utf8_valid(path) && !literal_has_hidden(path);
  buf_char(&b, '?');
  for (size_t from = 0; good && from <= path.n;) {
    size_t dot = str_find(path, STR("."), from), to = dot == SIZE_MAX ? path.n : dot;
    if (from) buf_char(&b, '.');
    put_segment(&b, str_sub(path, from, to));
    good = to > from;
    from = to + 1;
  }
  *out = buf_view(&b);
  if (!good)
    emit_refuse(e, ID_target_field, "give the field another name by a pipeline", "Elasticsearch has no field of such a name");
  return good;
}

/* --- tests of text --------------------------------------------------------------------------------------------- */

static bool add_regex(Emit *e, const RegexNode *root, Atom *atom) {
  RegexRefusal why = {0};
  atom->kind = ATOM_REGEX;
  atom->cased = true;
  if (regex_print_lucene_within(e->arena, root, e->options->regex_work, &atom->text, &why)) {
    /* Where it is the only text that matches, it becomes an equality, and that a wildcard again. */
    bool star = e->type == FIELD_CONSTANT && str_find(atom->text, STR("\\*"), 0) != SIZE_MAX;
    if (star)
      emit_refuse(e, ID_target_type, "leave the star out", "a star in the text of a field that is %s is a wildcard in %s",
                  emit_type_words(e->type), emit_title(e));
    return !star;
  }
  emit_refuse(e, ID_target_regex, why.instead ? why.instead : "write it with wildcards, or translate to KQL",
              "the regular expressions of EQL cannot say it: %s (at byte %u of the pattern)", why.construct, (unsigned)why.at);
  return false;
}

static bool regex(Emit *e, const IrTest *t, Atom *out) {
  RegexTree tree;
  if (regex_parse(&tree, t->text, t->flags, e->arena)) return add_regex(e, tree.root, out);
  emit_refuse(e, ID_target_regex, "write it without, or as several tests",
              "the regular expressions of EQL cannot say it: %s (at byte %u of the pattern)", tree.construct,
              (unsigned)tree.offset);
  return false;
}

static void add_pattern(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  if (add_regex(e, regex_of_glob(e->arena, &t->pattern, t->cased), &like)) *vec_add(e->arena, out) = like;
}

/* `*` and `?` as they are: there is no escape for them, so a literal one has no place here. Nor has U+0001, by which Elasticsearch
 * escapes `%` and `_` on its way to a pattern of Lucene: in front of a wildcard it would make that a plain `%` or `_`. */
static Str wildcard_text(Arena *a, const Pattern *p) {
  Buf b = {.arena = a};
  for (uint32_t i = 0; i < p->n; i++) {
    if (p->p[i].kind == PAT_LITERAL) buf_str(&b, p->p[i].text);
    else buf_char(&b, p->p[i].kind == PAT_ANY ? '*' : '?');
  }
  return buf_view(&b);
}

static bool has_dash(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_DASH) return true;
  return false;
}

static void text(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  bool equal = t->pred == PRED_EQ, constant = e->type == FIELD_CONSTANT;
  Str whole = equal ? t->text : wildcard_text(e->arena, &t->pattern), *all;
  if (!utf8_valid(whole)) {
    emit_refuse(e, ID_target_character, "correct the text", "the text is not well-formed UTF-8");
    return;
  }
  /* What is asked of a constant is asked by Elasticsearch before it looks into the index, by a match of its own: `*` is any
   * text, also where it should be plain, and nothing else is a wildcard or an escape. */
  if (constant && (!equal || pattern_has_char(&t->pattern, "*"))) {
    add_pattern(e, t, like, out);
    return;
  }
  if (!equal && (has_dash(&t->pattern) || pattern_has_char(&t->pattern, "*?\001"))) {
    add_pattern(e, t, like, out);
    return;
  }
  uint32_t n = t->cased ? 1 : literal_variants(e->arena, whole, &all);
  if (t->cased) all = &whole;
  like.kind = equal ? ATOM_TEXT : ATOM_LIKE;
  for (uint32_t i = 0; i < n; i++) {
    like.text = all[i];
    *vec_add(e->arena, out) = like;
  }
  if (!n) add_pattern(e, t, like, out);
}

/* --- lists ----------------------------------------------------------------------------------------------------- */

static void put_atom_text(Buf *out, const Atom *atom) {
  if (atom->kind == ATOM_REGEX) put_raw(out, atom->text);
  else put_string(out, atom->text);
}

static void put_list(Buf *out, const char *op, const Atom *atoms, uint32_t n, bool brackets) {
  buf_char(out, ' ');
  buf_str(out, str_of(op));
  buf_str(out, brackets ? STR(" (") : STR(" "));
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(out, STR(", "));
    if (atoms[i].kind == ATOM_NUMBER) buf_str(out, atoms[i].text);
    else put_atom_text(out, &atoms[i]);
  }
  if (brackets) buf_char(out, ')');
}

static void put_nets(Emit *e, Buf *out, const Atom *atoms, uint32_t n) {
  char room[64];
  buf_str(out, STR("cidrMatch("));
  buf_str(out, e->field);
  for (uint32_t i = 0; i < n; i++) {
    Str net = net_print(&atoms[i].test->net, room);
    buf_str(out, STR(", \""));
    buf_str(out, net);
    buf_char(out, '"');
  }
  buf_char(out, ')');
}

static const QNode *group(Emit *e, const Atom *atoms, uint32_t n);

static const QNode *single(Emit *e, const Atom *atom) {
  Str f = e->field;
  if (atom->kind == ATOM_REGEX) return group(e, atom, 1);
  if (atom->kind == ATOM_NULL) return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " == null", STR_ARG(f)));
  if (atom->kind == ATOM_PRESENT) return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " != null", STR_ARG(f)));
  if (atom->kind == ATOM_BOOL)
    return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " == %s", STR_ARG(f), atom->test->truth ? "true" : "false"));
  return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " %s " STR_FMT, STR_ARG(f), atom->op, STR_ARG(atom->text)));
}

/* Operators that take lists, and what stands for a single value: `in~` has no other spelling that takes `*` as it is. */
static const QNode *group(Emit *e, const Atom *atoms, uint32_t n) {
  Buf b = {.arena = e->arena};
  bool many = n > 1, cased = atoms->cased, empty = !many && !atoms->text.n;
  if (atoms->kind != ATOM_NET) buf_str(&b, e->field);
  switch (atoms->kind) {
  case ATOM_TEXT:
    if (empty || (cased && !many)) put_list(&b, "==", atoms, n, false);
    else put_list(&b, cased ? "in" : "in~", atoms, n, true);
    return q_leaf(e->arena, buf_view(&b));
  case ATOM_LIKE: put_list(&b, cased ? "like" : "like~", atoms, n, many); return q_leaf(e->arena, buf_view(&b));
  case ATOM_REGEX: /* a list would be joined to one automaton, whose size is bounded */
    if (many) break;
    put_list(&b, "regex", atoms, n, false);
    return q_leaf(e->arena, buf_view(&b));
  case ATOM_NUMBER: put_list(&b, many ? "in" : "==", atoms, n, many); return q_leaf(e->arena, buf_view(&b));
  case ATOM_NET: put_nets(e, &b, atoms, n); return q_leaf(e->arena, buf_view(&b));
  case ATOM_ORDER:
  case ATOM_BOOL:
  case ATOM_NULL:
  case ATOM_PRESENT:
  case ATOM_LENGTH: /* these are not made here */
  case ATOM_TIME:
  case ATOM_REF:
  case ATOM_EMPTY: break;
  }
  const QNode **kids = arena_array(e->arena, const QNode *, n);
  for (uint32_t i = 0; i < n; i++) kids[i] = single(e, &atoms[i]);
  return q_join(e->arena, Q_OR, kids, n);
}

/* `not` binds closer than `and`. */
static const QNode *deny_leaf(Emit *e, const QNode *leaf) {
  Str null = arena_printf(e->arena, STR_FMT " == null", STR_ARG(e->field));
  Buf not = {.arena = e->arena};
  buf_str(&not, STR("not "));
  buf_str(&not, leaf->text);
  return q_pair(e->arena, Q_OR, q_leaf(e->arena, null), q_leaf(e->arena, buf_view(&not )));
}

static const QNode *deny(Emit *e, const Atom *atoms, const QNode *group) {
  (void)atoms;
  if (group->kind != Q_OR) return deny_leaf(e, group);
  const QNode **kids = arena_array(e->arena, const QNode *, group->n);
  for (uint32_t i = 0; i < group->n; i++) kids[i] = deny_leaf(e, group->kids[i]);
  return q_join(e->arena, Q_AND, kids, group->n);
}

/* --- statement ------------------------------------------------------------------------------------------------- */

enum { MOST_CLAUSES = 1000 };

static void warn(Emit *e) {
  if (e->clauses <= MOST_CLAUSES) return;
  diag_warning(e->diags, ID_target_limit, e->plan->rule->title.at,
               "the query has %u clauses; Elasticsearch may refuse more than 1024", (unsigned)e->clauses);
  diag_hint(e->diags, "split the rule, or raise indices.query.bool.max_clause_count");
}

static void statement(Emit *e, Buf *out, const QNode *const *conditions) {
  Str category = plan_category(e->plan);
  if (is_word(category) || str_is(category, "any")) buf_str(out, category);
  else put_string(out, category);
  buf_str(out, STR(" where"));
  bool pretty = e->options->pretty, several = e->plan->n_branches > 1;
  const QNode *all = q_join(e->arena, Q_OR, conditions, e->plan->n_branches);
  unsigned indent = e->options->indent;
  if (pretty && several) q_newline(out, indent + 2);
  else buf_char(out, ' ');
  q_print(out, all, (QLayout){pretty, indent});
  warn(e);
}

const Spelling eql_spelling = {
  .ways = ways,
  .joins = true,
  .field = field,
  .text = text,
  .regex = regex,
  .group = group,
  .deny = deny,
  .statement = statement,
};
