/* SPDX-License-Identifier: MIT
 * Shared by the files of pipelines: pipeline.c (files, order, runs), pipeline_read.c and pipeline_params.c (YAML to items),
 * pipeline_conditions.c, transforms*.c, postprocess.c, template.c. Not for others.
 *
 * Everything that an item can be is a row: its name, its parameters with their types, one function. The reader knows no
 * transformation, condition or finalizer by name. */
#ifndef SIGMAC_COMPILER_PIPELINE_INTERNAL_H
#define SIGMAC_COMPILER_PIPELINE_INTERNAL_H

#include "compiler/condition.h"
#include "compiler/modifiers.h"
#include "compiler/pipeline.h"

typedef VEC(Str) StrList;

/* --- parameters -------------------------------------------------------------------------------------------- */

typedef enum {
  PARAM_TEXT,   /* text, or a scalar taken as it is written */
  PARAM_BOOL,   /* true or false */
  PARAM_COUNT,  /* a whole number, not negative */
  PARAM_CHOICE, /* one of the words in `choices` */
  PARAM_LIST,   /* a list of texts, not empty */
  PARAM_TEXTS,  /* the same, or one text */
  PARAM_REGEX,  /* PCRE2 */
  PARAM_RANGE,  /* a list of texts, each a PCRE2 pattern where the parameter `mode` is `re` */
  PARAM_NAMES,  /* a map of fields to a field or a list of fields */
  PARAM_VALUES, /* a map of values to a value or a list of values */
  PARAM_ITEM,   /* a map as in `detection` */
  PARAM_SCALAR, /* a scalar but null */
  PARAM_ANY,    /* anything */
  PARAM_COLUMN, /* text, or a whole number */
  PARAM_PATH,   /* relative, below the folder of the pipeline */
  PARAM_ITEMS,  /* a list of items of the same kind as the one that has it */
  PARAM_REFUSED /* known to pySigma, not here: fallback is a hint; with choices it is unsafe */
} ParamKind;

enum { PARAMS = 7 };

typedef struct {
  const char *name; /* NULL behind the last */
  ParamKind kind;
  bool required;
  const char *fallback; /* where it is not given; NULL: none */
  const char *choices;  /* CHOICE: words with a blank between them */
} Param;

typedef struct PipelineItem PipelineItem;

typedef struct {
  const YamlNode *node; /* NULL: not given, or its default */
  Str text;             /* TEXT, CHOICE, REGEX, PATH, COLUMN, SCALAR */
  bool truth;           /* BOOL */
  uint64_t count;       /* COUNT, and COLUMN where the text is a number */
  unsigned choice;      /* CHOICE: its number among the words */
  StrList list;         /* LIST, TEXTS, RANGE */
  Intern names;         /* LIST, TEXTS, RANGE: the texts; NAMES, VALUES: the keys in their order */
  Regex **regex;        /* REGEX: one; RANGE: as many as list, NULL where they are plain */
  const PipelineItem *items;
  uint32_t n_items;
} ParamValue;

/* --- conditions -------------------------------------------------------------------------------------------- */

typedef enum { LEVEL_RULE, LEVEL_ITEM, LEVEL_FIELD, LEVELS } Level;
extern const char *const level_name[LEVELS]; /* as in the keys: rule, detection_item, field_name */

typedef struct PipelineCond PipelineCond;

/* What a condition is asked about: a rule; an item of it; or a field. */
typedef struct {
  PipelineRun *run;
  const IrItem *item; /* ITEM, and FIELD where the field is that of an item */
  Str field;          /* FIELD */
  bool any_field;     /* FIELD: keywords, which have none */
} Subject;

typedef struct {
  const char *name;
  Param params[PARAMS];
  bool (*holds)(const Subject *s, const PipelineCond *c);
  const char *doc;
} Condition;

struct PipelineCond {
  const Condition *kind;
  Span at;
  ParamValue params[PARAMS];
};

typedef struct {
  VEC(PipelineCond) list; /* none: it applies */
  Intern names;           /* of a map; ids are places in the list */
  bool any, negated;
  const Cond *expr; /* over the names; NULL: all of them, or any */
} Conditions;

/* Rows of a level; NULL where no row has the name. */
const Condition *condition_find(Level level, Str name);
const Condition *condition_row(Level level, unsigned i); /* NULL behind the last */

bool conditions_hold(const Conditions *c, const Subject *s);
/* Item and field conditions together, as they say whether a transformation looks at an item: its field, or one that a value of
 * it refers to. */
bool item_matches(PipelineRun *run, const PipelineItem *item, const IrItem *it);
/* Field conditions alone, on the field of an item (`it` may be NULL) or one that a value refers to. */
bool field_matches(PipelineRun *run, const PipelineItem *item, const IrItem *it, Str field, bool any_field);

/* --- items ------------------------------------------------------------------------------------------------- */

typedef struct PipelineReader PipelineReader;

/* What happened to an item. */
typedef enum { ITEM_KEPT, ITEM_CHANGED, ITEM_DROPPED } ItemFate;

typedef struct {
  const char *name;
  Param params[PARAMS];
  unsigned levels;      /* bits of the levels of conditions that have an effect, beside LEVEL_RULE */
  bool needs_condition; /* on items or fields */
  /* After its parameters are read: what goes beyond their types. May be NULL. */
  bool (*prepare)(PipelineReader *r, PipelineItem *item);
  /* One of these; none: refused, for the reason that stands in doc. */
  bool (*on_rule)(PipelineRun *run, const PipelineItem *item, IrNode **root);           /* false after an error */
  ItemFate (*on_item)(PipelineRun *run, const PipelineItem *item, IrNode **node);       /* *node is an item */
  bool (*on_name)(PipelineRun *run, const PipelineItem *item, Str field, StrList *out); /* false: stays. p == NULL: keywords */
  bool (*on_value)(PipelineRun *run, const PipelineItem *item, const IrValue *v, const IrTest *in, IrTests *out);
  bool (*on_query)(PipelineRun *run, const PipelineItem *item, Str *query); /* false after an error */
  DiagId refused;
  const char *doc;
} Transformation;

extern const Transformation transformations[], postprocessings[];
extern const unsigned transformation_count, postprocessing_count;

struct PipelineItem {
  const Transformation *kind;
  Str id; /* empty: none */
  Span at, id_at;
  const PipelineFile *file;
  ParamValue params[PARAMS];
  Conditions conditions[LEVELS];
  void *data; /* made by prepare */
};
typedef VEC(PipelineItem) Items;

typedef struct FinalizerItem FinalizerItem;
typedef struct {
  const char *name;
  Param params[PARAMS];
  const char *doc;
} Finalizer;
extern const Finalizer finalizers[];
extern const unsigned finalizer_count;
struct FinalizerItem {
  const Finalizer *kind;
  Span at;
  ParamValue params[PARAMS];
  void *data; /* template */
  const FinalizerItem *items;
  uint32_t n_items;
};
typedef VEC(FinalizerItem) FinalizerItems;

/* --- all pipelines ----------------------------------------------------------------------------------------- */

typedef struct {
  PipelineFile file; /* first: a PipelineFile is that of one */
  Span at;
  Target target; /* vars.sigmac.target */
  Span target_at;
  bool restricted; /* allowed_backends has entries */
  TextList backends;
  const YamlNode *vars;
  Items items, post;
  FinalizerItems final;
} Pipeline;

struct Pipelines {
  Arena *arena;
  Sources *sources;
  Diags *diags;
  PipelineRead *read;
  void *ctx;
  VEC(Pipeline *) files; /* by priority once finished */
  uint32_t n_items;      /* of all, nested ones too: LIMIT_PIPELINE_ITEMS */
  uint64_t regex_bytes;  /* LIMIT_REGEX_TOTAL */
  bool gives_values;     /* of placeholders, that --var and files of values do not have */
  bool broken;           /* an error was reported: nothing may be run */
};

struct PipelineReader {
  Pipelines *p;
  Pipeline *file;
  Arena *arena;
  Diags *diags;
  bool ok; /* nothing was reported */
};

/* pipeline_read.c: the items of one file. Reports all errors; file->file.path and folder are set. */
bool pipeline_read(Pipelines *p, Pipeline *file, uint32_t source);

/* pipeline_expr.c: an expression over the conditions of a map, all of which it must use. NULL after reporting. */
const Cond *read_condition_expr(PipelineReader *r, const YamlNode *text, const YamlNode *conditions, const Conditions *of);

/* pipeline_params.c */
bool read_params(PipelineReader *r, const Param *rows, const YamlNode *map, const char *const *others, ParamValue *out,
                 const char *what);
/* Reports under an id and remembers it. Returns false. */
bool read_error(PipelineReader *r, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Whether a path is relative and stays below where it starts. */
bool path_is_below(Str path);
/* Of names in a table of rows that begin with a `const char *name`, the one nearest to a misspelt one; NULL: none is near. */
const char *nearest_name(Str name, const void *rows, unsigned n, size_t size);

/* --- a run ------------------------------------------------------------------------------------------------- */

typedef struct {
  Str key;
  const YamlNode *value;
} StateEntry;

struct PipelineRun {
  const Pipelines *p;
  const Rule *rule;
  Logsource logsource;
  Target target;
  Passes *passes;
  Arena *arena;
  VEC(Text) fields;
  VEC(StateEntry) attributes;
  Intern state;                    /* keys that were set ... */
  VEC(const YamlNode *) values;    /* ... and what they are now */
  Intern applied;                  /* ids of items that applied to the rule */
  Intern fields_marked;            /* fields of `fields` and of references ... */
  VEC(const IrMark *) field_marks; /* ... and the items that renamed them */
  Intern mapped;                   /* fields that were renamed, and what they became */
  IrNode *root;                    /* for conditions that look at the whole rule */
  bool failed;                     /* an error was reported */
  bool changed;                    /* by the item that runs */
  Buf note;                        /* what else it changed */
  PipelineTrace *trace;
  void *trace_ctx;
};

/* Reports at a place of the rule (or of the pipeline), and ends the run. Returns false. */
bool run_error(PipelineRun *run, DiagId id, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Where to report what concerns the rule as a whole. */
Span run_place(const PipelineRun *run);
/* Takes from the rule's budget; false, and the run is over, where it becomes too large. */
bool run_pay(PipelineRun *run, uint64_t bytes);
/* Adds to what `pipeline show` says of the item that runs. */
void run_note(PipelineRun *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
RegexScratch *run_scratch(PipelineRun *run);
bool has_mark(const IrMark *marks, Str id);
/* All items whose rule conditions hold, one after another. */
bool run_items(PipelineRun *run, const PipelineItem *items, uint32_t n, IrNode **root);
const YamlNode *state_get(const PipelineRun *run, Str key);
void state_set(PipelineRun *run, Str key, const YamlNode *value);

/* --- helpers of transformations ----------------------------------------------------------------------------- */

/* A search in the text of a value or name, from its start (`here`) or anywhere: *hit. False after reporting that it takes too
 * long. */
bool run_search(PipelineRun *run, const PipelineItem *item, Span at, const Regex *re, Str text, bool here, bool *hit);
/* The text that pySigma shows of a text value: wildcards as they are, literal ones behind a backslash. False for other values,
 * and where a part has no text (dash class). */
bool plain_text(Arena *a, const IrTest *t, Str *out);
/* Spelling of a scalar test: text, number as written, true, false. False for others. */
bool plain_scalar(Arena *a, const IrValue *v, const IrTest *t, Str *out);
/* A text test with this pattern, with the letter case of another. */
IrTest text_test(const IrTest *like, Pattern p);
/* An item of the same place as another, with no values yet. */
IrItem *item_like(Arena *a, const IrItem *item, Str field, bool any_field, uint32_t room);
IrNode *item_node_like(Arena *a, const IrNode *n, IrItem *item);
uint64_t node_cost(const IrNode *n);
/* Comparison of a state or attribute with a value. */
typedef enum { REL_EQ, REL_NE, REL_GTE, REL_GT, REL_LTE, REL_LT, REL_IN, REL_NOT_IN } Relation;
#define RELATIONS "eq ne gte gt lte lt"
bool relation_holds(Relation r, int order);

/* transforms_fields.c: what on_name says, done to an item and to the `fields` of the rule. */
ItemFate change_names(PipelineRun *run, const PipelineItem *item, IrNode **node);
void map_fields(PipelineRun *run, const PipelineItem *item);

/* --- functions of the rows, by file ---------------------------------------------------------------------------- */

#define ON_RULE(name)  bool name(PipelineRun *run, const PipelineItem *item, IrNode **root)
#define ON_ITEM(name)  ItemFate name(PipelineRun *run, const PipelineItem *item, IrNode **node)
#define ON_NAME(name)  bool name(PipelineRun *run, const PipelineItem *item, Str field, StrList *out)
#define ON_VALUE(name) bool name(PipelineRun *run, const PipelineItem *item, const IrValue *v, const IrTest *in, IrTests *out)
#define PREPARE(name)  bool name(PipelineReader *r, PipelineItem *item)

/* transforms_fields.c */
ON_NAME(map_name);
ON_NAME(map_prefix);
ON_NAME(add_prefix);
ON_NAME(add_suffix);
PREPARE(prepare_prefixes);
ON_RULE(add_field);
ON_RULE(remove_field);
ON_RULE(set_field);
/* transforms_values.c */
ON_VALUE(map_string);
ON_VALUE(change_case);
ON_VALUE(convert_type);
ON_VALUE(to_regex);
PREPARE(prepare_set_value);
ON_ITEM(set_value);
/* transforms_replace.c */
PREPARE(prepare_replace);
ON_VALUE(replace_string);
/* The same on a query. `data` of the item is made by prepare_replace. */
bool replace_in_text(PipelineRun *run, const PipelineItem *item, Str text, Str *out);
/* transforms_split.c */
PREPARE(prepare_hashes);
ON_ITEM(split_hashes);
PREPARE(prepare_extract);
ON_ITEM(extract_fields);
/* transforms_placeholders.c */
PREPARE(prepare_placeholders);
PREPARE(prepare_wildcards);
PREPARE(prepare_file);
ON_VALUE(value_placeholders);
ON_VALUE(wildcard_placeholders);
ON_VALUE(file_placeholders);
/* transforms_rule.c */
PREPARE(prepare_condition);
ON_RULE(add_condition);
PREPARE(prepare_logsource);
ON_RULE(change_logsource);
ON_RULE(set_state);
ON_RULE(set_attribute);
ON_RULE(fail_rule);
ON_ITEM(fail_item);
ON_RULE(fail_unmapped);
ON_ITEM(drop_item);
ON_RULE(run_nested);
/* Postprocessing items whose conditions hold, one after another. */
bool run_queries(PipelineRun *run, const PipelineItem *items, uint32_t n, Str *query);

/* --- templates and letter case ------------------------------------------------------------------------------ */

typedef struct Template Template;
typedef enum { TEMPLATE_QUERY, TEMPLATE_FINAL } TemplatePlace;
/* The Jinja subset, and the simpler `{path}`. NULL after reporting. */
Template *template_read(PipelineReader *r, const YamlNode *text, TemplatePlace place);
Template *template_read_simple(PipelineReader *r, const YamlNode *text);
/* run: NULL in a finalizer. queries: NULL in postprocessing. False after reporting. */
bool template_write(const Template *t, PipelineRun *run, const Pipelines *p, Str query, const Str *queries, uint32_t n, Buf *out);

bool read_finalizers(PipelineReader *r, const YamlNode *list, FinalizerItems *out, unsigned depth);
/* Whether each finalizer of the merged list can take what the one before it leaves. */
bool finalizers_fit(const Pipelines *p);

#endif
