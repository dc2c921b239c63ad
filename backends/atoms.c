/* SPDX-License-Identifier: MIT
 * Tests become atoms: the type of the field decides how a test is said, or that it is refused. */
#include <stdio.h>

#include "backends/emit.h"
#include "backends/presence.h"
#include "base/decimal.h"

/* As people know it. */
const char *emit_type_words(FieldType type) {
  static const char *const words[FIELD_TYPE_COUNT] = {
    [FIELD_KEYWORD] = "text",        [FIELD_TEXT] = "analysed text",      [FIELD_INTEGER] = "an integer",
    [FIELD_REAL] = "a number",       [FIELD_BOOLEAN] = "a boolean",       [FIELD_DATE] = "a date",
    [FIELD_IP] = "an address",       [FIELD_VERSION] = "a version",       [FIELD_OBJECT] = "an object",
    [FIELD_FLATTENED] = "flattened", [FIELD_TIMESPAN] = "a time span",    [FIELD_GUID] = "a GUID",
    [FIELD_DYNAMIC] = "dynamic",     [FIELD_UNKNOWN] = "of unknown type", [FIELD_CONSTANT] = "constant text"};
  return words[type];
}

static Use use_of(const IrTest *t) {
  switch (t->pred) {
  case PRED_EQ: return USE_EQUAL;
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS: return t->text.n ? USE_MATCH : USE_PRESENCE; /* `*` */
  case PRED_GLOB: return USE_MATCH;
  case PRED_RE: return USE_REGEX;
  case PRED_CIDR: return USE_NETWORK;
  case PRED_NUMBER: return USE_NUMBER;
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE: return USE_ORDER;
  case PRED_BOOL: return USE_BOOL;
  case PRED_TIME: return USE_TIME;
  case PRED_IS_NULL:
  case PRED_EXISTS: return USE_PRESENCE;
  case PRED_FIELDREF: return USE_REFERENCE;
  case PRED_COUNT: break;
  }
  return USE_COUNT;
}

static Atom *add(Emit *e, Atoms *out, AtomKind kind, const IrTest *t) {
  Atom *atom = vec_add(e->arena, out);
  *atom = (Atom){.kind = kind, .test = t, .cased = t->cased};
  return atom;
}

/* --- presence ------------------------------------------------------------------------------------------------- */

/* In a target that cannot tell an empty text from none, only texts are in doubt. */
static bool in_doubt(const Emit *e) {
  if (!e->spelling->empty_is_missing || presence_of(e, e->item->field) == PRESENCE_EXACT) return false;
  return e->type == FIELD_KEYWORD || e->type == FIELD_CONSTANT || e->type == FIELD_TEXT || e->type == FIELD_UNKNOWN ||
         e->type == FIELD_IP || e->type == FIELD_VERSION;
}

/* Whether there is a value can be said; that it is not an empty text, the query then believes. */
static void presence_atom(Emit *e, const IrTest *t, Atoms *out) {
  bool present = t->pred != PRED_IS_NULL && (t->pred != PRED_EXISTS || t->truth);
  add(e, out, present ? ATOM_PRESENT : ATOM_NULL, t);
  if (t->pred == PRED_IS_NULL || t->pred == PRED_EXISTS) emit_assume(e, ASSUME_ABSENT_NULL);
  if (in_doubt(e)) emit_assume(e, ASSUME_EMPTY_PRESENCE);
}

/* The empty text, asked for by itself: that no field is absent is more than a query may believe unasked. */
static void empty_atom(Emit *e, const IrTest *t, Atoms *out) {
  add(e, out, ATOM_EMPTY, t);
  if (!in_doubt(e)) return;
  if (presence_of(e, e->item->field) == PRESENCE_ABSENT) emit_assume(e, ASSUME_EMPTY_PRESENCE);
  else if (presence_of(e, e->item->field) == PRESENCE_WRONG)
    emit_refuse(e, ID_target_empty, "test for null and for an empty text in one list",
                "%s cannot tell an empty text from an absent field", emit_title(e));
  else if (e->options->assume >> ASSUME_EMPTY_IS_MISSING & 1) emit_assume(e, ASSUME_EMPTY_IS_MISSING);
  else
    emit_refuse(e, ID_target_empty, "write [null, ''] where both are meant, or take the assumption: --assume empty-is-missing",
                "%s cannot tell an empty text from an absent field", emit_title(e));
}

/* --- text ------------------------------------------------------------------------------------------------------ */

/* A number or truth value, where the field is text: its spelling (semantics 5.6, 5.8). */
static IrTest *as_text(Emit *e, const IrTest *t) {
  IrTest *text = arena_new(e->arena, IrTest);
  *text = (IrTest){.pred = PRED_EQ, .text = t->text, .cased = t->pred == PRED_NUMBER};
  if (t->pred == PRED_BOOL) text->text = t->truth ? STR("true") : STR("false");
  text->pattern = pattern_literal(e->arena, text->text);
  return text;
}

static bool has_letter(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (ascii_letter(s.p[i])) return true;
  return false;
}

static void text_atoms(Emit *e, const IrTest *t, Atom like, Atoms *out) {
  if (t->pred == PRED_NUMBER) like.neutral = !has_letter(t->text);
  if (t->pred == PRED_NUMBER || t->pred == PRED_BOOL) t = as_text(e, t);
  like.test = t;
  like.cased = t->cased;
  if (t->pred == PRED_EQ && !t->text.n && e->spelling->empty_is_missing && !like.digits) {
    empty_atom(e, t, out);
    return;
  }
  if (t->pred != PRED_RE) {
    e->spelling->text(e, t, like, out);
    return;
  }
  like.kind = ATOM_REGEX;
  like.cased = true;
  if (!e->spelling->regex(e, t, &like)) return;
  if (like.guarded && in_doubt(e)) emit_assume(e, ASSUME_EMPTY_PRESENCE);
  *vec_add(e->arena, out) = like;
}

/* --- numbers --------------------------------------------------------------------------------------------------- */

static bool is_integer(Str number) {
  for (size_t i = 0; i < number.n; i++)
    if (!ascii_digit(number.p[i]) && !(i == 0 && number.p[i] == '-')) return false;
  return true;
}

static int compare(Str x, const char *y) {
  Decimal a, b;
  if (!decimal_parse(&a, x) || !decimal_parse(&b, str_of(y))) return 0;
  return decimal_cmp(&a, &b);
}

/* What a field of this type holds exactly, and a query can say: -2^63 is a sign in front of a number that is none. */
static bool fits(FieldType type, Str number) {
  if (type == FIELD_INTEGER) return compare(number, "-9223372036854775808") > 0 && compare(number, "9223372036854775807") <= 0;
  return !is_integer(number) || (compare(number, "-9007199254740992") >= 0 && compare(number, "9007199254740992") <= 0);
}

static const char *order_sign(PredKind pred) {
  static const Compare of[PRED_COUNT] = {[PRED_LT] = CMP_LT, [PRED_LTE] = CMP_LTE, [PRED_GT] = CMP_GT, [PRED_GTE] = CMP_GTE};
  return compare_sign[of[pred]];
}

static void number_atom(Emit *e, const IrTest *t, Atoms *out) {
  if (t->pred == PRED_EQ) {
    Str canonical;
    bool number = decimal_canonical_int(&canonical, t->text, e->arena) && str_eq(canonical, t->text);
    if (!number || e->type != FIELD_INTEGER) {
      emit_refuse(e, ID_target_type, "write the value without quotes, as a number; or correct the type of the field",
                  "the field is %s in %s, and this text is not how one is spelled", emit_type_words(e->type), emit_title(e));
      return;
    }
  }
  bool order = use_of(t) == USE_ORDER;
  if (!order && e->type == FIELD_INTEGER && !is_integer(t->text)) return; /* no integer is equal to it */
  if (!fits(e->type == FIELD_INTEGER ? FIELD_INTEGER : FIELD_REAL, t->text)) {
    emit_refuse(e, ID_target_type, "give the field an integer type (--types), or compare with a smaller number",
                "the number is beyond what a field that is %s holds exactly in %s", emit_type_words(e->type), emit_title(e));
    return;
  }
  Atom *atom = add(e, out, order ? ATOM_ORDER : ATOM_NUMBER, t);
  atom->text = t->text;
  atom->cased = false;
  if (order) atom->op = order_sign(t->pred);
}

/* --- truth values ---------------------------------------------------------------------------------------------- */

static void bool_atom(Emit *e, const IrTest *t, Atoms *out) {
  IrTest *truth = arena_new(e->arena, IrTest);
  *truth = *t;
  if (t->pred == PRED_EQ) {
    bool yes = t->cased ? str_is(t->text, "true") : str_eq_nocase(t->text, STR("true"));
    bool no = t->cased ? str_is(t->text, "false") : str_eq_nocase(t->text, STR("false"));
    if (!yes && !no) {
      emit_refuse(e, ID_target_type, "compare with true or false, or correct the type of the field",
                  "the field is a boolean in %s, and this text is neither true nor false", emit_title(e));
      return;
    }
    truth->truth = yes;
  }
  add(e, out, ATOM_BOOL, truth)->cased = false;
}

/* --- addresses ------------------------------------------------------------------------------------------------- */

/* Whether the block has IPv4-mapped addresses beside others: they are IPv4 addresses for the rule, but not for the target. */
static bool covers_mapped(const Net *net) {
  static const uint8_t mapped[16] = {[10] = 0xFF, [11] = 0xFF};
  if (net->v4) return false;
  for (uint32_t i = 0; i < net->bits && i < 96; i++)
    if ((net->base.bytes[i / 8] ^ mapped[i / 8]) >> (7 - i % 8) & 1) return false;
  return true;
}

static void net_atom(Emit *e, const IrTest *t, Atoms *out) {
  if (covers_mapped(&t->net)) {
    emit_refuse(e, ID_target_cidr, "name the networks that are meant, IPv4 and IPv6 apart",
                "%s takes IPv4 addresses for part of this IPv6 network", emit_title(e));
    return;
  }
  add(e, out, ATOM_NET, t)->cased = false;
}

/* The one spelling that a field of addresses is believed to keep: the shortest (RFC 5952), IPv4 as a dotted quad. */
static Str shortest(Emit *e, const Address *address) {
  char room[64];
  Net net = {*address, 128, address_is_v4(address)};
  Str text = net_print(&net, room);
  return arena_dup(e->arena, str_sub(text, 0, str_find(text, STR("/"), 0)));
}

/* Equality is of texts for a rule, and of addresses for the target. */
static void equal_address(Emit *e, const IrTest *t, const Address *address, Atoms *out) {
  Str text = shortest(e, address);
  if (t->cased ? !str_eq(text, t->text) : !str_eq_nocase(text, t->text)) {
    char hint[120];
    snprintf(hint, sizeof hint, "write it as %.*s", STR_ARG(text));
    emit_refuse(e, ID_target_type, hint, "the field is an address in %s, and this is another spelling of one than it keeps",
                emit_title(e));
    return;
  }
  Atom *atom = add(e, out, ATOM_TEXT, t);
  atom->cased = true;
  atom->text = text;
}

static void address_atom(Emit *e, const IrTest *t, Atoms *out) {
  Address address;
  Net net;
  if (t->pred == PRED_CIDR) {
    net_atom(e, t, out);
  } else if (t->pred == PRED_EQ && address_parse(&address, t->text)) {
    equal_address(e, t, &address, out);
  } else if (ir_octets(&net, t)) {
    IrTest *in = arena_new(e->arena, IrTest);
    *in = (IrTest){.pred = PRED_CIDR, .net = net};
    add(e, out, ATOM_NET, in);
  } else {
    emit_refuse(e, ID_target_type, "compare with addresses, or with networks by cidr",
                "the field is an address in %s, which can be tested for addresses and networks alone", emit_title(e));
  }
}

/* --- by type --------------------------------------------------------------------------------------------------- */

static void refuse_type(Emit *e, const IrTest *t) {
  bool text = e->type == FIELD_TEXT, order = use_of(t) == USE_ORDER;
  emit_refuse(e, ID_target_type,
              text    ? "query a field with a keyword type, or use Lucene or ES|QL"
              : order ? "give the field a number type (--types)"
                      : "test the field as what it is, or give it another type (--types)",
              "the field is %s in %s, which cannot be tested with `%s`", emit_type_words(e->type), emit_title(e),
              pred_info[t->pred].word);
}

static void time_atom(Emit *e, const IrTest *t, Atoms *out) {
  if (t->part == TIME_WEEK) {
    emit_refuse(e, ID_target_timepart, "test month and day", "%s cannot take the week out of a time text", emit_title(e));
    return;
  }
  Atom *atom = add(e, out, ATOM_TIME, t);
  atom->op = compare_sign[t->compare];
  atom->text = t->text;
}

static void reference_atom(Emit *e, const IrTest *t, Atoms *out) {
  emit_assume(e, ASSUME_ASCII_FOLD);
  if (in_doubt(e)) emit_assume(e, ASSUME_EMPTY_PRESENCE);
  add(e, out, ATOM_REF, t);
}

/* All that can be looked for in all fields at once. */
static bool is_search(Use use) { return use == USE_MATCH || use == USE_REGEX; }

void emit_atoms(Emit *e, const IrTest *t, Atoms *out) {
  if (e->item->any_field && !is_search(use_of(t))) {
    emit_refuse(e, ID_target_keyword, "name the field that is meant",
                "%s can search all fields for texts and regular expressions alone", emit_title(e));
    return;
  }
  switch (e->spelling->ways[use_of(t)][e->type]) {
  case WAY_TEXT: text_atoms(e, t, (Atom){0}, out); return;
  case WAY_DIGITS: text_atoms(e, t, (Atom){.digits = true}, out); return;
  case WAY_NUMBER:
  case WAY_NUMERIC: number_atom(e, t, out); return;
  case WAY_BOOLEAN: bool_atom(e, t, out); return;
  case WAY_ADDRESS: address_atom(e, t, out); return;
  case WAY_NETWORK: net_atom(e, t, out); return;
  case WAY_TIME: time_atom(e, t, out); return;
  case WAY_PRESENCE: presence_atom(e, t, out); return;
  case WAY_REFERENCE: reference_atom(e, t, out); return;
  case WAY_NO_ARRAY:
    emit_refuse(e, ID_target_array, "compute a text column of it in a pipeline",
                "the field is %s in %s: its elements cannot be tested one by one", emit_type_words(e->type), emit_title(e));
    return;
  case WAY_NO_TIME:
    emit_refuse(e, ID_target_timepart, "translate to KQL, or have the part in a field of its own",
                "%s cannot test a part of a time text", emit_title(e));
    return;
  case WAY_NO_CIDR:
    emit_refuse(e, ID_target_cidr, "give the field the type ip (--types, or field_types of a pipeline)",
                "the field is %s in %s, where a network is looked for in addresses alone", emit_type_words(e->type), emit_title(e));
    return;
  case WAY_NO_REF:
    emit_refuse(e, ID_target_fieldref, "translate to KQL or ES|QL", "%s cannot compare two fields", emit_title(e));
    return;
  default: refuse_type(e, t);
  }
}
