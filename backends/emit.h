/* SPDX-License-Identifier: MIT
 * What is shared by the text backends: the walk over the frozen tree, and what its parts become on the way.
 *
 *   tree  --walk-->  item  --atoms.c-->  atoms  --spelling-->  condition (query.h)  --spelling-->  statement
 *
 * The walk carries negation down to the tests (negation normal form), so that every test, negated or not, is two-valued by
 * itself: that is what makes a three-valued target agree with the VM. An atom is one test for which the type of the field is
 * settled; atoms of one item that are or-linked and of one kind are spelled as one list. A backend is a Spelling: a table of
 * what a test on a field of some type becomes, and the words. */
#ifndef SIGMAC_BACKENDS_EMIT_H
#define SIGMAC_BACKENDS_EMIT_H

#include "backends/backend.h"
#include "backends/query.h"
#include "base/intern.h"

/* What tests ask of a field; rows of Spelling.ways. */
typedef enum {
  USE_EQUAL,     /* EQ */
  USE_MATCH,     /* PREFIX, SUFFIX, CONTAINS, GLOB */
  USE_REGEX,     /* RE */
  USE_NETWORK,   /* CIDR */
  USE_NUMBER,    /* NUMBER */
  USE_ORDER,     /* LT, LTE, GT, GTE */
  USE_BOOL,      /* BOOL */
  USE_TIME,      /* TIME */
  USE_PRESENCE,  /* IS_NULL, EXISTS, and `*` */
  USE_REFERENCE, /* FIELDREF */
  USE_COUNT
} Use;

/* What such a test becomes; one letter for each FieldType, in its order. */
enum {
  WAY_TEXT = 't',      /* a test of the text */
  WAY_DIGITS = 'd',    /* a test of the number's digits as text */
  WAY_NUMBER = 'n',    /* of the number */
  WAY_NUMERIC = 'g',   /* of the number that a text may be */
  WAY_BOOLEAN = 'b',   /* of the truth value */
  WAY_ADDRESS = 'a',   /* of the address, by equality or network */
  WAY_NETWORK = 'c',   /* of the address that a text may be */
  WAY_TIME = 'h',      /* of a part of the time that a text may be */
  WAY_PRESENCE = 'p',  /* of whether there is a value */
  WAY_REFERENCE = 'r', /* of two fields */
  WAY_NO_TYPE = '-',   /* refused: target-type */
  WAY_NO_ARRAY = 'x',  /* refused: target-array */
  WAY_NO_TIME = 'w',   /* refused: target-timepart */
  WAY_NO_REF = 'f',    /* refused: target-fieldref */
  WAY_NO_CIDR = 'q',   /* refused: target-cidr */
};

typedef enum {
  ATOM_TEXT,    /* equal to `text` */
  ATOM_LIKE,    /* `op` `text`: wildcards, or an operator for a part */
  ATOM_REGEX,   /* matches `text`, in the target's syntax */
  ATOM_LENGTH,  /* characters `op` `text` */
  ATOM_NUMBER,  /* equal to the number `text` */
  ATOM_ORDER,   /* `op` the number `text` */
  ATOM_BOOL,    /* test->truth */
  ATOM_NET,     /* in test->net */
  ATOM_TIME,    /* part of time */
  ATOM_REF,     /* other field */
  ATOM_NULL,    /* no value */
  ATOM_PRESENT, /* some value */
  ATOM_EMPTY,   /* the empty text, where it has a spelling of its own */
} AtomKind;

typedef struct {
  AtomKind kind;
  bool cased;
  bool neutral; /* TEXT without letters: fits lists of either case */
  bool digits;  /* the field is a number, which is tested as text */
  bool guarded; /* REGEX: it also matches the empty text, so there must be a value */
  const char *op;
  Str text;
  const IrTest *test;
} Atom;
typedef VEC(Atom) Atoms;

/* A comparison of the branch that the target may join with others of its field. */
typedef struct {
  uint32_t field;
  bool denied; /* it stands under `not` */
} Comparison;

typedef struct Spelling Spelling;

/* The work on one plan. */
typedef struct {
  const Backend *backend;
  const Spelling *spelling;
  const Plan *plan;
  const PlanBranch *branch;
  const IrNode *said; /* a test of the branch that the statement says elsewhere: not printed; may be NULL */
  const PrintOptions *options;
  Arena *arena;
  Diags *diags;
  bool ok;          /* nothing was refused */
  unsigned assumed; /* 1 << Assumption */
  uint32_t clauses; /* values so far, each of which is a query of its own in some targets */
  VEC(uint64_t) told;
  Intern fields; /* of the branch ... */
  VEC(FieldUses) uses;
  VEC(FieldType) types;
  VEC(uint8_t) presence;    /* ... what a target that cannot tell an empty text from none makes of them (presence.h) ... */
  VEC(Comparison) compared; /* ... and what was compared so far, in the order of the tree */
  /* The item in hand: */
  const IrNode *node;
  const IrItem *item;
  const IrValue *value;
  FieldType type;
  Str field; /* spelled; `*` for keywords */
} Emit;

struct Spelling {
  const char *const *ways; /* USE_COUNT rows */
  bool empty_is_missing;   /* the target cannot tell an empty text from an absent field */
  bool joins;              /* the target turns and joins comparisons of one field, as if it had one value */
  bool keywords;           /* there is a search over all fields */
  /* A field's name. False after refusing. */
  bool (*field)(Emit *e, Str path, Str *out);
  /* Adds what a test of text becomes: EQ, PREFIX, SUFFIX, CONTAINS, GLOB. */
  void (*text)(Emit *e, const IrTest *t, Atom like, Atoms *out);
  /* False, with the reason, where the target's syntax has no such expression. */
  bool (*regex)(Emit *e, const IrTest *t, Atom *out);
  /* Atoms of one kind, or-linked, on e->field. */
  const QNode *(*group)(Emit *e, const Atom *atoms, uint32_t n);
  /* Its negation, true where there is no value. */
  const QNode *(*deny)(Emit *e, const Atom *atoms, const QNode *group);
  /* The whole: one condition for each branch of the plan. */
  void (*statement)(Emit *e, Buf *out, const QNode *const *conditions);
};
#define BACKEND(name, title, target) extern const Spelling name##_spelling;
#include "backends/backends.def"
#undef BACKEND

/* Reports once for an item and id; the query is not printed. */
void emit_refuse(Emit *e, DiagId id, const char *hint, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Records what the query rests on; refuses where it was not taken. */
void emit_assume(Emit *e, Assumption a);
FieldType emit_type(Emit *e, Str field);
/* For messages, such as "an integer". */
const char *emit_type_words(FieldType type);
const char *emit_title(const Emit *e); /* of the target */

/* Adds what a test of the item in hand becomes; nothing where it can never hold. */
void emit_atoms(Emit *e, const IrTest *t, Atoms *out);
/* backend_print with the backend's spelling. */
bool emit_plan(Query *out, const Backend *backend, const Spelling *spelling, const Plan *plan, const PrintOptions *options,
               Arena *arena, Diags *diags);
/* A field of a branch as the target spells it, and its type. False after refusing. */
bool emit_name(const Backend *backend, const Spelling *spelling, const Plan *plan, const PlanBranch *branch, Str field,
               const PrintOptions *options, Arena *arena, Diags *diags, Str *out, FieldType *type);

#endif
