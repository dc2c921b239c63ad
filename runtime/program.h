/* SPDX-License-Identifier: MIT
 * The program image: what the compiler writes and the runtime reads. It is complete (metadata, places, variables,
 * versions), little endian, and holds offsets only, so it can be mapped and shared. Layout: header, section table,
 * sections aligned to 8 bytes, in the order of section.def.
 *
 * A Program is a read-only view of verified image bytes plus what is made from them at load (regexes, decimals). It is
 * shared by threads. Nothing of an image is used before verify_image has accepted it. */
#ifndef SIGMAC_RUNTIME_PROGRAM_H
#define SIGMAC_RUNTIME_PROGRAM_H

#include "base/decimal.h"
#include "base/vec.h"
#include "runtime/net.h"
#include "runtime/op.h"
#include "runtime/pred.h"
#include "runtime/regex.h"

enum { IMAGE_VERSION = 3 };
#define IMAGE_MAGIC "SIGMAC\x1A\n" /* 8 bytes: name, end-of-file for DOS, a line end that text transfer would change */

/* Records. Each is made of uint32_t only, so it has no padding. */
typedef struct {
  uint32_t off, len; /* in STRINGS */
} StrRef;

typedef struct {
  uint32_t first, n; /* in LISTS, or where the member says */
} ListRef;

typedef struct {
  uint32_t kind; /* PartKind */
  StrRef text;   /* LITERAL: folded unless the test is cased */
} PartRec;

typedef struct {
  uint32_t base[4]; /* the 16 bytes */
  uint32_t bits, v4;
} NetRec;

typedef struct {
  uint32_t kind;  /* PredKind */
  uint32_t cased; /* 0, 1: TEXT and PATTERN operands are compared as they are */
  StrRef text;    /* TEXT, REGEX (source), NUMBER and TIME (canonical number) */
  uint32_t a, b;  /* PATTERN: first part and number of parts; REGEX: flags; NET: number in NETS; BOOL: 0 or 1;
                     FIELD: field id, RefFlags; TIME: TimePart, Compare; else 0 */
} TestRec;

typedef struct {
  uint32_t field, test;
} PredRec;

/* Where an instruction of plain code comes from; parallel to PLAIN. */
typedef struct {
  uint32_t line, col; /* 1-based, 0 for none */
  StrRef selection;   /* search identifier; empty for none */
} PlaceRec;

/* What a document says of itself. */
typedef struct {
  StrRef id, title, name, level, status, path;
  StrRef category, product, service;
  StrRef description, author, date, modified, license;
  ListRef tags, references, falsepositives, fields;
  uint32_t line, col;           /* of the document */
  uint32_t hash_low, hash_high; /* of its content */
} MetaRec;

typedef struct {
  uint32_t code, n_code;   /* in CODE: what runs */
  uint32_t plain, n_plain; /* in PLAIN: the same rule before fusing */
  ListRef witness;         /* in WITNESSES; none: the rule always runs (runtime/index/witness.h) */
  uint32_t silent;         /* 0, 1: reports nothing, since a correlation refers to it that does not say `generate` */
  uint32_t correlated;     /* 0, 1: a correlation rests on it, be it through others */
  ListRef needs;           /* in FIELDIDS, ascending: fields that these need of its events */
  MetaRec meta;
} RuleRec;

/* Correlations (semantics 12). They are numbered behind the rules: the first is n_RULES. A correlation stands behind those
 * that it refers to. */
typedef enum {
  CORR_EVENT_COUNT,
  CORR_VALUE_COUNT,
  CORR_TEMPORAL,
  CORR_TEMPORAL_ORDERED,
  CORR_VALUE_SUM,
  CORR_VALUE_AVG,
  CORR_VALUE_PERCENTILE,
  CORR_VALUE_MEDIAN,
  CORR_TYPE_COUNT
} CorrelationType;

typedef enum { CORR_GT, CORR_GTE, CORR_LT, CORR_LTE, CORR_EQ, CORR_NEQ, CORR_OP_COUNT } CorrelationOp;

/* As rules write them. */
extern const char *const correlation_type_name[CORR_TYPE_COUNT];
extern const char *const correlation_op_name[CORR_OP_COUNT];

typedef struct {
  uint32_t op;   /* CorrelationOp */
  StrRef number; /* canonical decimal text */
} ThresholdRec;

/* A rule or correlation that a correlation refers to. */
typedef struct {
  uint32_t number; /* below that of the correlation */
  StrRef name;     /* as the correlation calls it */
  ListRef fields;  /* in FIELDIDS: the fields of group-by, then those of the condition, in their order, as the events of this
                      rule have them; 0 is not among them */
} CorrRefRec;

/* The boolean text of a condition, in postfix: CORR_REF pushes whether the reference is present. */
typedef enum { CORR_REF, CORR_NOT, CORR_AND, CORR_OR, CORR_CODE_COUNT } CorrCode;
typedef struct {
  uint32_t code, ref; /* CorrCode; CORR_REF: number in the refs of the correlation; AND, OR: 0 */
} CorrCodeRec;

enum { CORR_PERCENTILE_ONE = 1000000 };         /* parts of one per cent */
#define CORR_TIMESPAN_MOST UINT64_C(3155695200) /* 100 years: windows are counted in nanoseconds, twice */

typedef struct {
  MetaRec meta;
  uint32_t type;                        /* CorrelationType */
  uint32_t timespan_low, timespan_high; /* seconds, 1 to CORR_TIMESPAN_MOST */
  uint32_t silent;                      /* as of a rule */
  ListRef refs;                         /* in CORRREFS; one at least */
  ListRef thresholds;                   /* in THRESHOLDS: all must hold; none where there is `condition` */
  ListRef condition;                    /* in CORRCODE; temporal types only; none: thresholds */
  ListRef group_by;                     /* names, in LISTS */
  uint32_t n_values;                    /* fields of the condition */
  uint32_t percentile;                  /* 0 to 100 times CORR_PERCENTILE_ONE */
  uint32_t meaning_low, meaning_high;   /* of its content, and that of all it rests on: what state is kept under */
} CorrRec;

/* Statistics (runtime/index/stats_table.h). */
typedef struct {
  StrRef name;
  uint32_t level;
} StatFieldRec;

typedef struct {
  StrRef name;
  ListRef values;
} VarRec;

typedef struct {
  StrRef name, value; /* such as sigmac 0.1.0, unicode 15.0.0, pipeline NAME */
} VersionRec;

typedef enum {
#define SECTION(name, type, doc) SECTION_##name,
#include "runtime/section.def"
#undef SECTION
  SECTION_COUNT
} SectionKind;

typedef struct {
  const char *name;
  size_t record; /* bytes of one record */
  const char *doc;
} SectionInfo;
extern const SectionInfo section_info[SECTION_COUNT];

typedef struct {
  char magic[8];
  uint32_t version, n_sections;
  uint32_t size_low, size_high;   /* of the whole image */
  uint32_t check_low, check_high; /* hash_block (base/hash.h) of everything behind the header */
} ImageHeader;

typedef struct {
  uint32_t kind, record;      /* SectionKind, bytes of a record */
  uint32_t off_low, off_high; /* from the start of the image */
  uint32_t count, reserved;   /* records */
} ImageSection;

typedef struct {
  Arena *arena; /* owner of everything below but the image bytes */
  Str image;
#define SECTION(name, type, doc) \
  const type *name;              \
  uint32_t n_##name;
#include "runtime/section.def"
#undef SECTION
  Str *fields;        /* by field id, from FIELDS */
  Regex **regexes;    /* by test id; NULL where the test is no REGEX */
  Decimal *decimals;  /* by test id; for NUMBER and TIME */
  Net *nets;          /* by number in NETS */
  size_t regex_bytes; /* of all regexes together */
} Program;

static inline Str program_str(const Program *p, StrRef r) { return (Str){p->STRINGS + r.off, r.len}; }
static inline Str program_list(const Program *p, ListRef l, uint32_t i) { return program_str(p, p->LISTS[l.first + i]); }

/* What load can say. */
typedef enum { IMAGE_OK, IMAGE_NOT_ONE, IMAGE_VERSION_OTHER, IMAGE_DAMAGED, IMAGE_INVALID, IMAGE_REGEX } ImageStatus;
typedef struct {
  ImageStatus status;
  char message[256]; /* for people */
} ImageError;

/* Whether rules were compiled through a pipeline (a version `pipeline`): their fields are then those of its target, and they
 * see each event as it is. */
#define PROGRAM_PIPELINE STR("pipeline")
bool program_has_pipeline(const Program *p);

/* A view of the bytes, verified; NULL with *error set when they are not a valid image. The bytes are borrowed and must
 * be aligned to 8 and outlive the program. */
Program *program_open(Str image, Arena *owner, ImageError *error);

/* Writing: the builder collects records; program_build lays them out as one image in the arena. */
typedef struct {
  Arena *arena;
#define SECTION(name, type, doc) VEC(type) name;
#include "runtime/section.def"
#undef SECTION
} ImageBuilder;

/* What was collected so far as a program, for those who read programs while one is built. Not verified; without regexes.
 * Valid until the builder is added to. */
Program *image_view(const ImageBuilder *b, Arena *owner);
size_t image_size(const ImageBuilder *b);
Str image_build(const ImageBuilder *b, Arena *owner);

#endif
