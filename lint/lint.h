/* SPDX-License-Identifier: MIT
 * Lint: what is wrong, doubtful or against the conventions in rule files, each at its characters. A check is one row (checks.def,
 * which takes the families of lint/checks/ together) and one function; a family of checks may share a function. What the compiler
 * refuses is found by the compiler alone: such a check has a row and no function.
 *
 * May include compiler/, runtime/ and base/. Everything lives in the arena of the linter; nodes, rules and texts are borrowed
 * const. A linter belongs to one thread at a time. */
#ifndef SIGMAC_LINT_LINT_H
#define SIGMAC_LINT_LINT_H

#include "compiler/compile.h"
#include "compiler/condition.h"
#include "lint/data.h"

typedef enum {
  PROFILE_DEFAULT, /* on, whatever the profile */
  PROFILE_SIGMAHQ, /* on in the profiles sigmahq and all: a convention of one repository */
  PROFILE_ALL      /* on in the profile all, and by name: opt-in */
} Profile;

/* What a check is given, and when. */
typedef enum {
  SCOPE_COMPILER, /* nothing: the compiler reports it, under the same id */
  SCOPE_BYTES,    /* a file: its text, whatever is in it */
  SCOPE_YAML,     /* a file whose documents could be read, at least in part */
  SCOPE_DOC,      /* a rule, correlation or filter */
  SCOPE_ITEM,     /* a detection item of a rule or filter: field, modifiers, values */
  SCOPE_MEANING,  /* a rule or filter that the compiler takes: its IR as lowered, before pipelines and simplification */
  SCOPE_SET,      /* all files together, at the end */
  SCOPE_COUNT
} Scope;

/* What may be done about a finding. */
typedef enum {
  FIX_NONE,  /* a person must decide; a hint may say what to do */
  FIX_SAFE,  /* the rule finds the same events before and after */
  FIX_UNSAFE /* it may find others, or the new text is a guess: only where asked for */
} FixKind;

typedef enum {
#define CHECK(word, id, severity, profile, scope, fix, run, what, advice, bad, good) CHECK_##word,
#include "lint/checks.def"
#undef CHECK
  CHECK_COUNT
} CheckId;

typedef struct Lint Lint;
typedef struct LintAlike LintAlike; /* lint/checks/alike.c */
typedef struct LintAt LintAt;
typedef void CheckRun(Lint *lint, const LintAt *at);

typedef struct {
  const char *id;
  Severity severity;
  Profile profile;
  Scope scope;
  FixKind fix;        /* of its findings, at most */
  CheckRun *run;      /* NULL: SCOPE_COMPILER */
  const char *what;   /* what is wrong: a sentence without its full stop */
  const char *advice; /* what to do */
  const char *bad;    /* lines of a rule that it fires on; the golden case has them */
  const char *good;   /* the same, mended */
} Check;
extern const Check checks[CHECK_COUNT];
/* CHECK_COUNT where there is none of this id. */
CheckId check_find(Str id);
/* The id that is most like another one; NULL where none is. */
const char *check_nearest(Str id);

typedef struct {
  uint32_t file; /* number in Sources */
  Str path, text;
  const char *unreadable; /* why there is no text; else NULL */
  bool too_large;         /* nothing was parsed */
  bool for_filters;       /* of it, only filters are wanted */
  bool no_edits;  /* lint/edit.h refuses: not well-formed, nodes are shared (aliases, `action`), keys have a `?`, odd line ends */
  bool unchanged; /* it is read for others' sake: what is found in it is not told (lint/changed.h) */
  YamlDocs docs;
} LintFile;

typedef struct {
  Str name;
  Span at;
} LintModifier;

/* One detection item: a key of a map with its values, or a list of keywords (or one keyword). */
typedef struct {
  const Detection *detection; /* the search identifier that it stands in */
  const YamlNode *map;        /* NULL: keywords */
  const YamlNode *key, *node; /* key: NULL for keywords; node: value or list of values */
  Str field;                  /* without modifiers */
  Span field_at;
  LintModifier *modifiers;
  uint32_t n_modifiers;
  const YamlNode *const *values; /* one where node is no list */
  uint32_t n_values;
  bool is_list;
} LintItem;

typedef struct {
  const YamlNode *text;
  const Cond *tree; /* NULL: it does not parse */
} LintCondition;

typedef struct {
  const LintFile *file;
  const Rule *rule; /* also one that the compiler refuses (rule->broken) */
  const YamlNode *root;
  VEC(LintItem) items;
  VEC(LintCondition) conditions;
} LintDoc;

struct LintAt {
  const LintFile *file; /* all but SCOPE_SET */
  const LintDoc *doc;   /* SCOPE_DOC, SCOPE_ITEM, SCOPE_MEANING */
  const LintItem *item; /* SCOPE_ITEM */
  const IrRule *ir;     /* SCOPE_MEANING: nodes with selection names and spans; text tests are PRED_GLOB; gone behind the call */
};

/* These bytes of a file give way to a text; an empty span is a place to insert. */
typedef struct {
  Span at;
  Str text;
} LintEdit;

typedef struct {
  CheckId check;
  Severity severity;
  Span at;
  Str message, hint; /* hint: may be empty */
  FixKind fix;
  bool silenced;       /* by the configuration or a comment: not told (lint/silence.h) */
  VEC(LintEdit) edits; /* FIX_NONE: none. All of them or none; in any order, they do not overlap; all in the file of `at` */
} Finding;

/* Functions of checks that are on. */
typedef struct {
  CheckRun *p[CHECK_COUNT];
  unsigned n;
} LintRuns;

typedef struct LintConfig LintConfig;
typedef struct LintSilence LintSilence;
typedef struct LintBaseline LintBaseline;
typedef struct LintChanged LintChanged;

struct Lint {
  Arena *arena;
  Compiler compiler; /* sources, rule set, diagnostics */
  Profile profile;
  bool profile_set;       /* the one of the configuration does not count */
  LintConfig *config;     /* lint/config.h; NULL: none */
  LintSilence *silence;   /* lint/silence.h; NULL: nothing is silenced */
  LintBaseline *baseline; /* lint/baseline.h; NULL: none */
  LintChanged *changed;   /* lint/changed.h; NULL: all files count */
  uint32_t suppressed, known,
    gone;                   /* findings that are not told: silenced; in the baseline. Findings of the baseline that are no more */
  int8_t wish[CHECK_COUNT]; /* 1: enabled by name; -1: disabled */
  int64_t today;            /* days since 1970-01-01; LINT_NO_DAY: not known */
  LintData data;
  LintRuns runs[SCOPE_COUNT];
  VEC(LintFile) files; /* by number in Sources */
  VEC(LintDoc) docs;
  VEC(Finding) findings;
  LintAlike *alike;        /* rules so far, by what they say: near-duplicate; a few words for each */
  uint32_t most;           /* findings of a file that are kept: LIMIT_LINT_FINDINGS, more while fixing */
  VEC(DiagCount) per_file; /* findings of a file, also those not kept: style must not crowd out errors */
  uint64_t redos_steps;    /* spent on regex-redos by all rules so far */
  Filters *filters;        /* SCOPE_MEANING: those for the rule are filters_last */
  const LintDoc *doc;      /* that a check is looking at; NULL: none */
  bool kept;               /* the newest report is among the findings: a hint may follow */
};
#define LINT_NO_DAY INT64_MIN

void lint_init(Lint *l, Arena *arena);
/* The settings of another one, whose arena lives as long. */
void lint_settle_like(Lint *l, const Lint *other);
/* Adds a file; path and text are borrowed and live as long as the arena. */
void lint_add(Lint *l, Str path, Str text);
/* The same for a file of which only filters are wanted: other documents are findings. */
void lint_add_filters(Lint *l, Str path, Str text);
/* The same for a path that cannot be read: a finding. */
void lint_add_unreadable(Lint *l, Str path, const char *why);
/* All files are added: runs the checks. The findings are sorted by file and place. */
void lint_run(Lint *l);
/* The name of a file from the root on. */
Str lint_absolute(const Lint *l, Str path);
/* How many findings of a file were counted, but not kept (l->most). */
uint32_t lint_dropped(const Lint *l, uint32_t file);

/* --- for checks ---------------------------------------------------------------------------------------------- */

bool lint_enabled(const Lint *l, CheckId check);
/* Reports at a span, with the severity of the row; nothing where the check is off. fmt as printf. */
void lint_report(Lint *l, CheckId check, Span at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void lint_report_as(Lint *l, CheckId check, Severity severity, Span at, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A hint for the newest report; nothing where that is not among the findings (check off, too many). */
void lint_hint(Lint *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* An edit that mends the newest report: the bytes at the span give way to the text, which is copied. Called again, the edits belong
 * together. The kind of the fix is that of the row. Nothing where the report is not among the findings. */
void lint_fix(Lint *l, Span at, Str text);
/* The newest report has no fix after all. */
void lint_unfix(Lint *l);
/* The fix of the newest report is FIX_UNSAFE, whatever the row says. */
void lint_fix_unsafe(Lint *l);
/* It is FIX_SAFE although others of the check are not. */
void lint_fix_safe(Lint *l);

/* The first character of a document: for what is missing. */
Span lint_start(const LintDoc *doc);
/* The key of a document: as it should be, or misspelt by letter case or one or two letters, which other checks report. */
const YamlNode *lint_key(const LintDoc *doc, const char *key);
/* Days since 1970-01-01 of an existing day in the form YYYY-MM-DD; LINT_NO_DAY. */
int64_t lint_day(Str text);
bool lint_has_modifier(const LintItem *item, const char *name);

/* Functions of checks, declared by the rows. */
#define CHECK(word, id, severity, profile, scope, fix, run, what, advice, bad, good) CheckRun run;
#include "lint/checks.def"
#undef CHECK
CheckRun check_by_compiler; /* never called */

#endif
