/* SPDX-License-Identifier: MIT
 * What a KQL test looks like. Each is true or false wherever the field has a value. */
#include <stdio.h>

#include "backends/kql.h"

/* The field as the atom sees it. */
static Str subject(Emit *e, const Atom *atom) {
  return atom->digits ? arena_printf(e->arena, "tostring(" STR_FMT ")", STR_ARG(e->field)) : e->field;
}

static const QNode *leaf(Emit *e, const Buf *b) { return q_leaf(e->arena, buf_view(b)); }

/* FUNCTION(field) */
static const QNode *call(Emit *e, const char *function, Str field) {
  Buf b = {.arena = e->arena};
  buf_str(&b, str_of(function));
  buf_char(&b, '(');
  buf_str(&b, field);
  buf_char(&b, ')');
  return leaf(e, &b);
}

static const QNode *absent(Emit *e) { return call(e, kql_is_text(e->type) ? "isempty" : "isnull", e->field); }
static const QNode *present(Emit *e) { return call(e, kql_is_text(e->type) ? "isnotempty" : "isnotnull", e->field); }

/* --- lists ----------------------------------------------------------------------------------------------------- */

static const QNode *text_list(Emit *e, const Atom *atoms, uint32_t n) {
  Buf b = {.arena = e->arena};
  buf_str(&b, subject(e, atoms));
  buf_str(&b, n > 1 ? STR(" in") : STR(" ="));
  buf_str(&b, !atoms->cased ? STR("~ ") : n > 1 ? STR(" ") : STR("= "));
  if (n > 1) buf_char(&b, '(');
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(&b, STR(", "));
    kql_put_string(&b, atoms[i].text);
  }
  if (n > 1) buf_char(&b, ')');
  return leaf(e, &b);
}

static const QNode *number_list(Emit *e, const Atom *atoms, uint32_t n) {
  Buf b = {.arena = e->arena};
  buf_str(&b, e->field);
  buf_str(&b, n > 1 ? STR(" in (") : STR(" == "));
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(&b, STR(", "));
    buf_str(&b, atoms[i].text);
  }
  if (n > 1) buf_char(&b, ')');
  return leaf(e, &b);
}

/* --- addresses ------------------------------------------------------------------------------------------------- */

static void put_net(Buf *out, const Net *net, bool mapped) {
  char room[64];
  Str text = net_print(net, room);
  buf_str(out, mapped ? STR(", \"::ffff:") : STR(", \""));
  if (mapped) buf_printf(out, STR_FMT "/%u", STR_ARG(str_sub(text, 0, str_find(text, STR("/"), 0))), (unsigned)net->bits);
  else buf_str(out, text);
  buf_char(out, '"');
}

/* One call for the networks of a family; IPv4 networks as IPv4-mapped ones too, since such addresses are IPv4 addresses. */
static const QNode *in_nets(Emit *e, const Atom *atoms, uint32_t n, bool v6) {
  Buf b = {.arena = e->arena};
  uint32_t nets = 0;
  for (uint32_t i = 0; i < n; i++) nets += v6 || atoms[i].test->net.v4;
  if (!nets) return q_const(e->arena, false);
  buf_printf(&b, "coalesce(ipv%c_is_in_%srange(", v6 ? '6' : '4', nets > 1 ? "any_" : "");
  buf_str(&b, e->field);
  for (uint32_t i = 0; i < n; i++) {
    const Net *net = &atoms[i].test->net;
    if (v6 || net->v4) put_net(&b, net, v6 && net->v4);
  }
  buf_str(&b, STR("), false)"));
  return leaf(e, &b);
}

/* The functions also take prefixes, zones and blanks, with which a text is no address. They give null for other texts. */
static const QNode *net_list(Emit *e, const Atom *atoms, uint32_t n) {
  Buf b = {.arena = e->arena};
  buf_str(&b, e->field);
  buf_str(&b, STR(" matches regex @\"^[0-9A-Fa-f:.]+$\""));
  const QNode *nets = q_pair(e->arena, Q_OR, in_nets(e, atoms, n, false), in_nets(e, atoms, n, true));
  return q_pair(e->arena, Q_AND, leaf(e, &b), nets);
}

/* --- single tests ---------------------------------------------------------------------------------------------- */

static const QNode *like(Emit *e, const Atom *atom) {
  Buf b = {.arena = e->arena};
  buf_str(&b, subject(e, atom));
  buf_char(&b, ' ');
  buf_str(&b, str_of(atom->op));
  buf_char(&b, ' ');
  kql_put_string(&b, atom->text);
  return leaf(e, &b);
}

static const QNode *regex_leaf(Emit *e, Str field, Str pattern) {
  Buf b = {.arena = e->arena};
  buf_str(&b, field);
  buf_str(&b, STR(" matches regex "));
  kql_put_verbatim(&b, pattern);
  return leaf(e, &b);
}

/* No value reads as the empty text. */
static const QNode *regex(Emit *e, const Atom *atom) {
  const QNode *match = regex_leaf(e, subject(e, atom), atom->text);
  return atom->guarded ? q_pair(e->arena, Q_AND, present(e), match) : match;
}

static const QNode *length(Emit *e, const Atom *atom) {
  Str field = subject(e, atom);
  return q_leaf(e->arena, arena_printf(e->arena, "strlen(" STR_FMT ") %s " STR_FMT, STR_ARG(field), atom->op, STR_ARG(atom->text)));
}

/* A text is a number where it is spelled as one (semantics 9.7); todouble alone reads more than that. */
static const QNode *order(Emit *e, const Atom *atom) {
  if (!kql_is_text(e->type))
    return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " %s " STR_FMT, STR_ARG(e->field), atom->op, STR_ARG(atom->text)));
  emit_assume(e, ASSUME_SHORT_NUMBERS); /* the VM compares decimals of any length */
  Str test = arena_printf(e->arena, "todouble(" STR_FMT ") %s " STR_FMT, STR_ARG(e->field), atom->op, STR_ARG(atom->text));
  const QNode *number = regex_leaf(e, e->field, STR("^[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"));
  return q_pair(e->arena, Q_AND, number, q_leaf(e->arena, test));
}

static const QNode *truth(Emit *e, const Atom *atom) {
  return q_leaf(e->arena, arena_printf(e->arena, STR_FMT " == %s", STR_ARG(e->field), atom->test->truth ? "true" : "false"));
}

/* A time text (semantics 9.16): days that exist, and for hour and minute a time of day. Then the part is where it always is. */
static const QNode *time_part(Emit *e, const Atom *atom) {
#define LEAP "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
#define DATE                                                                                             \
  "^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|" \
  "02-(?:0[1-9]|1[0-9]|2[0-8]))|" LEAP "-02-29)"
#define CLOCK                                                                \
  "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\\.[0-9]+)?)?" \
  "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
  static const struct {
    int from, length;
    bool clock;
  } parts[TIME_PART_COUNT] = {[TIME_MINUTE] = {14, 2, true},
                              [TIME_HOUR] = {11, 2, true},
                              [TIME_DAY] = {8, 2, false},
                              [TIME_MONTH] = {5, 2, false},
                              [TIME_YEAR] = {0, 4, false}};
  TimePart part = atom->test->part;
  Str form = parts[part].clock ? STR(DATE CLOCK "$") : STR(DATE "(?:" CLOCK ")?$");
  Str test = arena_printf(e->arena, "toint(substring(" STR_FMT ", %d, %d)) %s " STR_FMT, STR_ARG(e->field), parts[part].from,
                          parts[part].length, atom->op, STR_ARG(atom->text));
  return q_pair(e->arena, Q_AND, regex_leaf(e, e->field, form), q_leaf(e->arena, test));
#undef LEAP
#undef DATE
#undef CLOCK
}

/* The text of a field, for a comparison; false where it has none that is the event's. */
static bool text_of(Emit *e, FieldType type, Str field, Str *out) {
  *out = type == FIELD_INTEGER ? arena_printf(e->arena, "tostring(" STR_FMT ")", STR_ARG(field)) : field;
  return kql_is_text(type) || type == FIELD_INTEGER;
}

static const QNode *reference(Emit *e, const Atom *atom) {
  static const char *const operators[] = {"=~", "endswith", "startswith", "contains"};
  Str left, right, other;
  const QNode *never = q_const(e->arena, false);
  if (!e->spelling->field(e, atom->test->text, &other)) return never;
  if (!text_of(e, e->type, e->field, &left) || !text_of(e, emit_type(e, atom->test->text), other, &right)) {
    emit_refuse(e, ID_target_type, "compare fields of text or integers", "the fields are not compared as text in %s",
                emit_title(e));
    return never;
  }
  Buf b = {.arena = e->arena};
  buf_str(&b, left);
  buf_printf(&b, " %s ", operators[atom->test->flags & REF_FLAGS]);
  buf_str(&b, right);
  const QNode *both = q_pair(e->arena, Q_AND, call(e, "isnotempty", left), call(e, "isnotempty", right));
  return q_pair(e->arena, Q_AND, both, leaf(e, &b));
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static const QNode *single(Emit *e, const Atom *atom) {
  switch (atom->kind) {
  case ATOM_LIKE: return like(e, atom);
  case ATOM_REGEX: return regex(e, atom);
  case ATOM_LENGTH: return length(e, atom);
  case ATOM_ORDER: return order(e, atom);
  case ATOM_BOOL: return truth(e, atom);
  case ATOM_TIME: return time_part(e, atom);
  case ATOM_REF: return reference(e, atom);
  case ATOM_NULL:
  case ATOM_EMPTY: return absent(e);
  case ATOM_PRESENT: return present(e);
  case ATOM_TEXT: /* these are lists */
  case ATOM_NUMBER:
  case ATOM_NET: break;
  }
  return q_const(e->arena, false);
}

const QNode *kql_group(Emit *e, const Atom *atoms, uint32_t n) {
  if (atoms->kind == ATOM_TEXT) return text_list(e, atoms, n);
  if (atoms->kind == ATOM_NUMBER) return number_list(e, atoms, n);
  if (atoms->kind == ATOM_NET) return net_list(e, atoms, n);
  const QNode **kids = arena_array(e->arena, const QNode *, n);
  for (uint32_t i = 0; i < n; i++) kids[i] = single(e, &atoms[i]);
  return q_join(e->arena, Q_OR, kids, n);
}

const QNode *kql_deny(Emit *e, const Atom *atoms, const QNode *group) {
  if (atoms->kind == ATOM_EMPTY) return present(e);
  const QNode *not = q_not(e->arena, group);
  return kql_is_text(e->type) || atoms->digits ? not : q_pair(e->arena, Q_OR, call(e, "isnull", e->field), not );
}
