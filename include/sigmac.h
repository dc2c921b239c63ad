/* SPDX-License-Identifier: MIT
 *
 * sigmac.h: Sigma rules as a library. Rules are compiled into an image, an image is loaded, events are evaluated.
 *
 *   sigmac_compiler   rules in YAML -> an image       libsigmac (needs libyaml and PCRE2)
 *   sigmac_rules      an image, loaded and verified   libsigmac and libsigmac-rt (needs PCRE2)
 *   sigmac_scanner    events -> the rules that match  libsigmac and libsigmac-rt
 *   sigmac_correlator matches over time -> alerts     libsigmac and libsigmac-rt
 *   sigmac_fields     events -> the fields they have  libsigmac and libsigmac-rt
 *
 * libsigmac has all of it; libsigmac-rt has "general" and "evaluating" below, for programs that get images ready-made.
 * Link one of them. docs/library.md is the tour.
 *
 * Text is UTF-8 as pointer and length, may hold NUL, and has no NUL behind it unless it is said so. What goes in is
 * borrowed for the call alone; what comes out belongs to the object that gave it and lives as long as that; what a
 * callback is given lives until it returns. Exceptions stand at the function.
 *
 * Errors are a status; SIGMAC_OK is 0. Nothing is printed. What a function writes to is untouched unless it succeeds,
 * but for a sigmac_error, which is filled when it fails.
 *
 * Memory comes from the allocator given to the constructor. Where it returns NULL, the call ends with SIGMAC_NO_MEMORY
 * and nothing leaks: a scanner can go on with the next event, a compiler or report must be freed. Two things do not ask it:
 * libyaml uses malloc (a failure there is SIGMAC_NO_MEMORY too, and what it had is freed), and PCRE2 maps pages for machine code
 * and its stack.
 *
 * Threads. There is no global state, and no thread is started. sigmac_rules is not changed once it is loaded: any number
 * of threads may read it and have scanners on it. Another object is used by one thread at a time; scanners of different
 * threads are independent. An allocator that objects of several threads share must be safe for that. The locale must not be
 * changed (setlocale) while a call is going on.
 *
 * Callbacks are called by the thread and from inside of the call that they were given to. They must return (no longjmp, no
 * exception), and must not use the object that calls them, but as sigmac_scanner_matched says: where that is noticed, it is
 * SIGMAC_MISUSE.
 *
 * Growth. Objects are opaque and have setters; a struct that the library hands out is reached by pointer alone, and grows
 * at its end; structs that the caller makes (sigmac_str, sigmac_time, sigmac_allocator, sigmac_error) never change. So a
 * program goes on with each later library of the same SIGMAC_ABI without being compiled again. New enumerators may appear. */
#ifndef SIGMAC_H
#define SIGMAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SIGMAC_API __attribute__((visibility("default")))
#else
#define SIGMAC_API
#endif

#define SIGMAC_VERSION "0.1.0"
#define SIGMAC_ABI     0 /* the number behind .so; raised when programs must be compiled again */

/* --- general ------------------------------------------------------------------------------------------------ */

typedef struct sigmac_str {
  const char *p; /* may be NULL where n is 0 */
  size_t n;      /* bytes */
} sigmac_str;

typedef struct sigmac_strs {
  const sigmac_str *p;
  size_t n;
} sigmac_strs;

typedef enum sigmac_status {
  SIGMAC_OK = 0,
  SIGMAC_NO_MEMORY,     /* the allocator, or malloc under libyaml, had none */
  SIGMAC_MISUSE,        /* not allowed now, or an argument is NULL or out of range: a fault of the caller */
  SIGMAC_STOPPED,       /* a callback asked to stop; no error */
  SIGMAC_UNREADABLE,    /* a path cannot be opened or read */
  SIGMAC_NO_IMAGE,      /* the bytes are no image at all */
  SIGMAC_OTHER_VERSION, /* an image of another version: compile the rules again */
  SIGMAC_BAD_IMAGE,     /* damaged, or not what the compiler writes */
  SIGMAC_BAD_EVENT,     /* no event: malformed, no object, or above a limit */
  SIGMAC_BAD_PIPELINE,  /* a pipeline or a file of types has an error, or pipelines do not fit together: diagnostics tell */
  SIGMAC_BAD_DATA,      /* a file that replaces tables of the linter has an error: diagnostics tell */
  SIGMAC_BAD_STATE      /* no state of a correlator, or a damaged one */
} sigmac_status;

/* A few words in English, with NUL; constant. Never NULL, whatever the number. */
SIGMAC_API const char *sigmac_status_text(sigmac_status status);

/* SIGMAC_VERSION of the library that runs, with NUL; constant. */
SIGMAC_API const char *sigmac_version(void);

/* What went wrong, for people. Made by the caller; may be NULL wherever it is asked for. */
typedef struct sigmac_error {
  char message[256]; /* with NUL */
  size_t offset;     /* byte of the event where it was noticed; else 0 */
} sigmac_error;

/* Where memory comes from. allocate and reallocate return memory aligned for any type, or NULL. The struct is copied; what
 * ctx points to is not, and must live as long as the object. */
typedef struct sigmac_allocator {
  void *(*allocate)(void *ctx, size_t bytes);
  void *(*reallocate)(void *ctx, void *block, size_t bytes); /* block may be NULL */
  void (*release)(void *ctx, void *block);                   /* block may be NULL */
  void *ctx;
} sigmac_allocator;

/* Takes a piece of text; returns whether to go on. A piece need not be a whole line. */
typedef bool sigmac_write(void *ctx, sigmac_str piece);

/* How something is written. */
typedef enum sigmac_format {
  SIGMAC_TEXT,         /* for people, safe for a terminal */
  SIGMAC_JSON,         /* UTF-8, whatever bytes it is made of */
  SIGMAC_MARKDOWN,     /* tables alone */
  SIGMAC_COLOURED_TEXT /* text with ANSI colours; the same as SIGMAC_TEXT where there are none */
} sigmac_format;

typedef struct sigmac_time {
  int64_t seconds;      /* since 1970-01-01T00:00:00Z, without leap seconds; years 1-9999 */
  uint32_t nanoseconds; /* below 10^9 */
} sigmac_time;

/* Reads a time as it may stand in an event: 2024-05-01, 2024-05-01T08:00:00.5+02:00, 1714521600 (also in milliseconds ...),
 * and some more; UTC where there is no offset. With `now` also the word `now`, and what counts back from it: -90s, -30m,
 * -24h, -7d, -2w. False where it is none. */
SIGMAC_API bool sigmac_time_read(sigmac_time *out, sigmac_str text, const sigmac_time *now);

#define SIGMAC_TIME_ROOM 40

/* ISO 8601 in UTC with 0, 3, 6 or 9 digits of fraction, and NUL. Returns the bytes before the NUL; 0 where it is no time. */
SIGMAC_API size_t sigmac_time_print(char out[SIGMAC_TIME_ROOM], sigmac_time time);

/* Versions of sigmac, PCRE2 and the Unicode data for letter case, a line each. SIGMAC_OK, SIGMAC_STOPPED. */
SIGMAC_API sigmac_status sigmac_write_versions(sigmac_write *write, void *ctx);

/* --- compiling: libsigmac alone ----------------------------------------------------------------------------- */

typedef struct sigmac_compiler sigmac_compiler;

/* A compiler for one image. `allocator` NULL: malloc. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_compiler_new(sigmac_compiler **out, const sigmac_allocator *allocator);

/* Frees it, its image and all that it gave out. NULL is allowed. */
SIGMAC_API void sigmac_compiler_free(sigmac_compiler *compiler);

typedef enum sigmac_severity { SIGMAC_ERROR, SIGMAC_WARNING, SIGMAC_INFO } sigmac_severity;

/* What can be done about a finding of the linter without a person: nothing; edits behind which the rule finds the same events; or
 * edits behind which it may find others, or whose text is a guess. */
typedef enum sigmac_fix_kind { SIGMAC_FIX_NONE, SIGMAC_FIX_SAFE, SIGMAC_FIX_UNSAFE } sigmac_fix_kind;

/* Bytes of a file that give way to a text; none of them: a place to insert. Lines and columns as in a diagnostic. */
typedef struct sigmac_edit {
  uint32_t start, end;
  uint32_t line, column, end_line, end_column;
  sigmac_str text;
} sigmac_edit;

typedef struct sigmac_diagnostic {
  const char *id; /* such as "unknown-modifier", with NUL; docs/diagnostics.md has all */
  sigmac_severity severity;
  sigmac_str path;
  uint32_t line, column;         /* from 1, columns in characters; 0: the path as a whole */
  uint32_t end_line, end_column; /* of the character behind the last; 0 likewise */
  sigmac_str message;
  sigmac_str hint;  /* what to do; may be empty */
  sigmac_str text;  /* all that for people: place, message, the line of the source with carets, hint; ends in a line end.
                       Safe for a terminal: what would disturb it is replaced */
  uint32_t omitted; /* in the last one of a path: how many more were counted, but are above the limit for one file */
  /* Findings of the linter alone: all edits together mend it. In the order of places; they do not overlap. */
  sigmac_fix_kind fix;
  const sigmac_edit *edits;
  uint32_t edits_n; /* 0: SIGMAC_FIX_NONE */
} sigmac_diagnostic;

typedef void sigmac_on_diagnostic(void *ctx, const sigmac_diagnostic *diagnostic);

/* Who is told of errors and warnings; without it they are counted only. Those of reading paths come at once, the others
 * in sigmac_compiler_finish or sigmac_compiler_translate, in the order of files and places. `fn` NULL: nobody. */
SIGMAC_API void sigmac_compiler_on_diagnostic(sigmac_compiler *compiler, sigmac_on_diagnostic *fn, void *ctx);

/* Whether `text` of diagnostics has ANSI colours; at first not. */
SIGMAC_API void sigmac_compiler_set_colour(sigmac_compiler *compiler, bool on);

/* A value for the placeholder %name%; each call adds one. Default values, which stand beside rules, come first, whatever
 * the order of the calls; then these three, as they are called. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE (the name has
 * other characters than letters, digits and _ . : -, or the compiler has finished). */
SIGMAC_API sigmac_status sigmac_compiler_add_var(sigmac_compiler *compiler, sigmac_str name, sigmac_str value);

/* Takes from the placeholder the values that it has so far, defaults included: it is known, and has none. */
SIGMAC_API sigmac_status sigmac_compiler_clear_var(sigmac_compiler *compiler, sigmac_str name);

/* Adds the values of a file such as *.vars.yml: a map with the one key `vars`. Path and text as for rules. */
SIGMAC_API sigmac_status sigmac_compiler_add_vars_text(sigmac_compiler *compiler, sigmac_str path, sigmac_str text);

/* Adds the text of a rule file, with one document or several. `path` is what diagnostics and matches call it. Both are
 * copied. That a rule is wrong is no failure of the call: its diagnostics tell, and the others go on. SIGMAC_OK,
 * SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_compiler_add_text(sigmac_compiler *compiler, sigmac_str path, sigmac_str text);

/* Adds a rule file, or all *.yml and *.yaml below a folder, sorted by path; links to folders and folders *.tests are not
 * followed. *.vars.yml among them, or beside the one rule file under its name, are default values of placeholders. What
 * cannot be read is a diagnostic (file-unreadable), and the rest goes on; SIGMAC_UNREADABLE where that is `path` (with NUL)
 * itself. That no rule file was found is a warning (no-rules), as is a rule file that was read before by this or another
 * path: it is left out (file-repeated). Else as above. */
SIGMAC_API sigmac_status sigmac_compiler_add_path(sigmac_compiler *compiler, const char *path);

/* The same for files of which only filters are wanted, such as those by which a site tunes rules that are not its own: a document
 * that is no filter is an error there (filter-file). Filters that stand among the rules count whether or not there are others. A
 * filter that is wrong is left out, and the rules go on without it; one that changes no rule is a warning (filter-unused). */
SIGMAC_API sigmac_status sigmac_compiler_add_filter_text(sigmac_compiler *compiler, sigmac_str path, sigmac_str text);
SIGMAC_API sigmac_status sigmac_compiler_add_filter_path(sigmac_compiler *compiler, const char *path);

/* Adds a processing pipeline (docs/pipelines.md): a rule then means what the pipelines make of it, and its fields are those of
 * their target. `name_or_path` (with NUL) is a file, or where there is none, a pipeline that the library has (`sigmac list
 * pipelines`), with or without `.yml`. Files that it names stand below its folder. Several are sorted by their priority, equal
 * ones in the order of the calls; whether rules are added before or after is of no account. That a pipeline is wrong is no
 * failure of the call, but then no rule is compiled: SIGMAC_BAD_PIPELINE comes from sigmac_compiler_finish. SIGMAC_OK,
 * SIGMAC_NO_MEMORY, SIGMAC_MISUSE, SIGMAC_UNREADABLE (there is neither; it is told, and counts as a wrong one). */
SIGMAC_API sigmac_status sigmac_compiler_add_pipeline(sigmac_compiler *compiler, const char *name_or_path);

/* The same for text. Of other files it may only name schemas that the library has. Path and text as for rules. */
SIGMAC_API sigmac_status sigmac_compiler_add_pipeline_text(sigmac_compiler *compiler, sigmac_str path, sigmac_str text);

/* Types of fields in the target: a map `field: type` in YAML or JSON, with the names of an Elasticsearch mapping or of Kusto; of
 * a field that is named again the last type counts. They win over those of pipelines, and a field that has one is known to be
 * there. Path and text as for rules; an error in it as in a pipeline. */
SIGMAC_API sigmac_status sigmac_compiler_add_types_text(sigmac_compiler *compiler, sigmac_str path, sigmac_str text);

typedef enum sigmac_absent {
  SIGMAC_ABSENT_REFUSED, /* a rule that needs such a field is refused */
  SIGMAC_ABSENT_FALSE    /* the field is absent from every event: a test of it is false, and `null` is true */
} sigmac_absent;

/* What becomes of fields of which a pipeline says that its target never has them; at first SIGMAC_ABSENT_REFUSED. */
SIGMAC_API sigmac_status sigmac_compiler_set_absent(sigmac_compiler *compiler, sigmac_absent absent);

/* Counts an event, a JSON object, of a sample of those that the rules will see. How fast they are evaluated goes by what is rare in
 * events: so the image goes by the sample, instead of what is known of public logs; what matches is the same. The memory that this
 * takes is bounded; a few thousand events are enough. Behind the pipelines, if any. SIGMAC_OK, SIGMAC_BAD_EVENT, SIGMAC_MISUSE,
 * SIGMAC_NO_MEMORY. */
SIGMAC_API sigmac_status sigmac_compiler_tune(sigmac_compiler *compiler, sigmac_str event, sigmac_error *error);

/* Compiles all that was added; once. The image has the rules that are good, be it none; a rule with an error is left out.
 * It is aligned as sigmac_rules_borrow wants it, is the same for the same input, and lives as long as the compiler. With
 * SIGMAC_BAD_PIPELINE there is none. After SIGMAC_NO_MEMORY from here or from an `add` all there is to do is
 * sigmac_compiler_free: each call says it again. */
SIGMAC_API sigmac_status sigmac_compiler_finish(sigmac_compiler *compiler, sigmac_str *image);

typedef struct sigmac_compiler_summary {
  uint32_t files;            /* of rules: texts that were added, and what was found at paths, unreadable ones too */
  uint32_t unreadable;       /* paths that could not be read */
  uint32_t rules;            /* in the image */
  uint32_t refused;          /* documents with an error */
  uint32_t correlations;     /* in the image, beside the rules */
  uint32_t filters;          /* applied to rules */
  uint32_t errors, warnings; /* diagnostics, also those that were omitted */
  uint32_t malformed;        /* documents that are not well-formed YAML; part of `refused` */
  uint32_t elsewhere;        /* after sigmac_compiler_translate: errors in no document of which it told, as in values of
                                     placeholders */
  uint32_t parts;            /* after sigmac_compiler_translate: rules that are part of a correlation's query */
} sigmac_compiler_summary;

/* So far; complete after sigmac_compiler_finish or sigmac_compiler_translate, where `rules` are those that have a query. */
SIGMAC_API const sigmac_compiler_summary *sigmac_compiler_get_summary(const sigmac_compiler *compiler);

/* After sigmac_compiler_finish or sigmac_compiler_translate: whether a rule has the placeholder %name%, so that its values have
 * a use. Where none has it, *like is the name nearest to it of those that rules have and that have values, empty where none is
 * near; may be NULL. */
SIGMAC_API bool sigmac_compiler_has_placeholder(const sigmac_compiler *compiler, sigmac_str name, sigmac_str *like);

/* --- translating: libsigmac alone --------------------------------------------------------------------------- */

/* A compiler that translates is filled as above, told what the target is, and ends with sigmac_compiler_translate in the place
 * of sigmac_compiler_finish. The setters are called before it: SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE (also for a name
 * that is not known). */

/* The query language: "eql", "kql" ... (sigmac_list "backends"). Not called: the one that the pipelines are for. */
SIGMAC_API sigmac_status sigmac_compiler_set_target(sigmac_compiler *compiler, sigmac_str name);

/* Queries laid out over lines; at first each is one line. */
SIGMAC_API sigmac_status sigmac_compiler_set_pretty(sigmac_compiler *compiler, bool on);

/* One more assumption that a query may rest on (sigmac_list "assumptions"); those that are made by default need no call. */
SIGMAC_API sigmac_status sigmac_compiler_assume(sigmac_compiler *compiler, sigmac_str id);

/* A form in which a query is deployed: a document with all that its rule says of itself, as a system takes it that runs the
 * query (docs/deploying.md). */
typedef struct sigmac_query_format {
  const char *name;   /* "kibana-ndjson", with NUL like the others */
  const char *suffix; /* of files that hold it: ".ndjson" */
  const char *about;  /* a line for people */
  const char *target; /* of its queries */
  bool several;       /* one text may hold the documents of several rules */
} sigmac_query_format;

/* Number i; NULL behind the last. */
SIGMAC_API const sigmac_query_format *sigmac_query_format_get(unsigned i);

/* From each query a document is made, sigmac_translation.document; a rule that the format cannot hold is refused. `together`:
 * who gets the documents of all rules as one text, in pieces, while they are translated; NULL: each stands alone.
 * SIGMAC_MISUSE also where the format does not hold several. */
SIGMAC_API sigmac_status sigmac_compiler_set_format(sigmac_compiler *compiler, sigmac_str name, sigmac_write *together, void *ctx);

typedef enum sigmac_fidelity {
  SIGMAC_EXACT,   /* the query finds what the rule finds, on every event */
  SIGMAC_ASSUMED, /* the same where the assumptions hold */
  SIGMAC_REFUSED, /* the target cannot say it, or not with these assumptions and pipelines */
  SIGMAC_BROKEN,  /* the rule itself is wrong: it did not compile */
  SIGMAC_PART     /* a correlation refers to it, so it reports nothing itself: it is part of that query and has none of its own */
} sigmac_fidelity;

/* What became of one document. */
typedef struct sigmac_translation {
  uint32_t number, count; /* of all documents of rules: from 0, how many */
  sigmac_str id, title;   /* empty where it has none */
  sigmac_str path;
  uint32_t line, column; /* of the document, from 1 */
  const char *target;    /* its name, with NUL */
  sigmac_fidelity fidelity;
  sigmac_str query;                            /* without a line end behind it; empty where there is none */
  sigmac_strs assumptions;                     /* ids of what the query rests on */
  sigmac_strs tables;                          /* KQL: tables and functions that it asks; empty where no pipeline names them */
  sigmac_strs index;                           /* EQL: index patterns that a pipeline names */
  const sigmac_diagnostic *const *diagnostics; /* of this document, errors and warnings: at least one error where it is
                                                  refused or broken */
  uint32_t diagnostics_n;
  sigmac_str document; /* of a deploy format; ends in a line end */
  sigmac_strs queries; /* of a correlation that takes several, of which any may find something: these one by one, `query` has all,
                          one behind the other; else empty */
  sigmac_str part_of;  /* SIGMAC_PART: id of the correlation, or its name or title */
} sigmac_translation;

/* Returns whether to go on with the next document. */
typedef bool sigmac_on_translation(void *ctx, const sigmac_translation *translation);

/* Translates all that was added; once. Calls back for each document, in the order of files and places, be it refused or broken:
 * one never stops the others. A filter is part of the queries of its rules, and called back for only where it is broken. sigmac_on_diagnostic is told of each diagnostic before
 * that of its document. SIGMAC_OK, SIGMAC_STOPPED, SIGMAC_NO_MEMORY, SIGMAC_BAD_PIPELINE (nothing was translated), SIGMAC_MISUSE
 * (also where neither a setter nor a pipeline says the target, or the format is for another one). */
SIGMAC_API sigmac_status sigmac_compiler_translate(sigmac_compiler *compiler, sigmac_on_translation *fn, void *ctx);

/* After it: the text that the finalizers of pipelines made of all queries; empty where there are none. */
SIGMAC_API sigmac_str sigmac_compiler_get_final(const sigmac_compiler *compiler);

/* The same as sigmac_compiler_translate, to see what pipelines do: of each rule is written what it is at first for each source
 * of events that takes part, what each step of the pipelines changes, and what it is in the end. SIGMAC_JSON is a line for each
 * rule. SIGMAC_MISUSE also for SIGMAC_MARKDOWN. */
SIGMAC_API sigmac_status sigmac_compiler_show_pipelines(sigmac_compiler *compiler, sigmac_format format, sigmac_write *write,
                                                        void *ctx);

/* --- tables: libsigmac alone -------------------------------------------------------------------------------- */

/* Writes a table of what there is: "modifiers", "ops", "predicates" ... (sigmac_list_name). `allocator` NULL: malloc.
 * SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_STOPPED, SIGMAC_MISUSE (there is no such table). */
SIGMAC_API sigmac_status sigmac_list(sigmac_str table, sigmac_format format, const sigmac_allocator *allocator, sigmac_write *write,
                                     void *ctx);

/* Name of table number i, with NUL; NULL behind the last. */
SIGMAC_API const char *sigmac_list_name(unsigned i);

/* --- linting: libsigmac alone ------------------------------------------------------------------------------- */

/* One check of the linter: a row of its table. */
typedef struct sigmac_check {
  const char *id; /* such as "unused-selection" */
  sigmac_severity severity;
  const char *profile; /* "default", "sigmahq" or "all": the smallest profile in which it is on */
  const char *scope;   /* what it looks at: "compiler", "bytes", "yaml", "rule", "item", "meaning", "set" */
  const char *what;    /* what is wrong */
  const char *advice;  /* what to do */
  const char *bad;     /* lines of a rule that it fires on ... */
  const char *good;    /* ... and the same, mended */
  sigmac_fix_kind fix; /* of its findings, at most: one may have none */
} sigmac_check;

/* The i-th check; NULL behind the last. Static. */
SIGMAC_API const sigmac_check *sigmac_check_get(unsigned i);

/* One table of facts that is compiled into the linter. */
typedef struct sigmac_lint_data {
  const char *name;    /* such as "d3fend" */
  const char *version; /* of its source */
  const char *source;  /* where the facts come from */
  const char *notice;  /* copyright and licence, on one line */
} sigmac_lint_data;

/* The i-th table; NULL behind the last. Static. */
SIGMAC_API const sigmac_lint_data *sigmac_lint_data_get(unsigned i);

typedef struct sigmac_linter sigmac_linter;

/* A linter for one run. `allocator` NULL: malloc. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_new(sigmac_linter **out, const sigmac_allocator *allocator);

/* Frees it and all that it gave out. NULL is allowed. */
SIGMAC_API void sigmac_linter_free(sigmac_linter *linter);

/* Whether `text` of findings has ANSI colours; at first not. */
SIGMAC_API void sigmac_linter_set_colour(sigmac_linter *linter, bool on);

/* Which checks are on: "default" (at first), "sigmahq" or "all". SIGMAC_OK, SIGMAC_MISUSE (no such profile, or it has run). */
SIGMAC_API sigmac_status sigmac_linter_set_profile(sigmac_linter *linter, sigmac_str name);

/* One check on or off, whatever the profile. SIGMAC_OK, SIGMAC_MISUSE (no such check, or it has run). */
SIGMAC_API sigmac_status sigmac_linter_set_check(sigmac_linter *linter, sigmac_str id, bool on);

/* The day of today, YYYY-MM-DD; not called: checks that need it find nothing. SIGMAC_OK, SIGMAC_MISUSE (no such day, or it has
 * run). */
SIGMAC_API sigmac_status sigmac_linter_set_today(sigmac_linter *linter, sigmac_str day);

/* Replaces tables of facts (sigmac_lint_data_get) by those in the text of an override file, YAML (docs/lint-data.md). `path` is
 * what diagnostics call it. Faults are told to `fn`, which may be NULL, and then nothing is replaced. SIGMAC_OK,
 * SIGMAC_BAD_DATA, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_add_data(sigmac_linter *linter, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn,
                                                void *ctx);

/* Adds what a configuration says (docs/linting.md): YAML such as .sigmac.yml, or the file that `sigma check --validation-config` takes. `path` is
 * what diagnostics call it, and patterns of paths are below its folder. It concerns what is added later; what was set by the functions above counts before it.
 * Faults are told to `fn`, which may be NULL, and then nothing of it counts; so is, as a warning, what has no meaning here. SIGMAC_OK,
 * SIGMAC_BAD_DATA, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_add_config(sigmac_linter *linter, sigmac_str path, sigmac_str text, sigmac_on_diagnostic *fn,
                                                  void *ctx);

/* Adds the findings of a baseline: the text of a file that sigmac_linter_write_baseline made. They are not given out. Its paths are
 * relative to the folder of `path`. As sigmac_linter_add_config. */
SIGMAC_API sigmac_status sigmac_linter_add_baseline(sigmac_linter *linter, sigmac_str path, sigmac_str text,
                                                    sigmac_on_diagnostic *fn, void *ctx);

/* Behind sigmac_linter_run: its findings as a baseline, for a file at `path`. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE (it has not
 * run). */
SIGMAC_API sigmac_status sigmac_linter_write_baseline(sigmac_linter *linter, sigmac_str path, sigmac_write *write, void *ctx);

/* Only what is found in these files is given out, and what they have in common with others; all files that are added are still
 * looked at. What is no file of the linter is ignored. Without a call all files count. SIGMAC_OK, SIGMAC_NO_MEMORY,
 * SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_set_changed(sigmac_linter *linter, const sigmac_str *paths, size_t n);

/* Adds the text of a rule file. `path` is what findings call it, and what checks of names and folders judge. Both are copied.
 * SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_add_text(sigmac_linter *linter, sigmac_str path, sigmac_str text);

/* Adds a rule file, or all *.yml and *.yaml below a folder, as sigmac_compiler_add_path; what cannot be read is a finding
 * (file-unreadable). A file that is named twice is read once. SIGMAC_UNREADABLE where `path` (with NUL) itself cannot be
 * read. */
SIGMAC_API sigmac_status sigmac_linter_add_path(sigmac_linter *linter, const char *path);

/* The same for files of which only filters are wanted, as sigmac_compiler_add_filter_path: a document that is no filter is a finding
 * (filter-file). */
SIGMAC_API sigmac_status sigmac_linter_add_filter_text(sigmac_linter *linter, sigmac_str path, sigmac_str text);
SIGMAC_API sigmac_status sigmac_linter_add_filter_path(sigmac_linter *linter, const char *path);

/* id, severity, place and message of a finding are those of a diagnostic; `id` is that of a check. */
typedef void sigmac_on_finding(void *ctx, const sigmac_diagnostic *finding);

typedef struct sigmac_lint_summary {
  uint32_t files, documents;
  uint32_t errors, warnings, infos; /* findings given out */
  uint32_t suppressed;              /* silenced by a configuration or by comments: not given out */
  uint32_t known, gone;             /* of the baseline: found, and not given out; found no more */
  uint32_t ignored;                 /* files that a configuration leaves out: not among `files` */
  uint32_t omitted;                 /* above the limit for one file: not given out */
} sigmac_lint_summary;

/* A fix that was applied or left out. Its place is that in the text as it was when its turn came. */
typedef struct sigmac_fix {
  const char *id; /* of the check */
  sigmac_fix_kind kind;
  uint32_t line, column;
  sigmac_str message; /* of the finding */
} sigmac_fix;

/* A file whose text was fixed, or that has a fix which was left out. */
typedef struct sigmac_fixed_file {
  uint32_t file; /* its number, as for sigmac_linter_get_file */
  sigmac_str path;
  sigmac_str before, after; /* the same where nothing was applied */
  const sigmac_fix *applied;
  uint32_t applied_n;
  const sigmac_fix *left_out; /* it would have changed what a rule means, or broken it: a fault of ours, which does no harm */
  uint32_t left_out_n;
} sigmac_fixed_file;

typedef void sigmac_on_fixed(void *ctx, const sigmac_fixed_file *file);

/* All files are added: applies the fixes of what is found, the safe ones, or also the unsafe ones, until there are no more. Nothing is
 * written: `fn` is told of the texts, in the order of files. Each text is compiled before and after: where a rule is refused that was
 * not before, or where a fix that is to be safe changed what a rule finds, the fix at fault is left out. sigmac_linter_run then
 * tells what is found in the new texts. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE (also behind sigmac_linter_run, or twice). */
SIGMAC_API sigmac_status sigmac_linter_fix(sigmac_linter *linter, bool unsafe, sigmac_on_fixed *fn, void *ctx);

/* Once: runs the checks and tells of the findings in the order of files and places. `summary` may be NULL. SIGMAC_OK,
 * SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_linter_run(sigmac_linter *linter, sigmac_on_finding *fn, void *ctx, sigmac_lint_summary *summary);

/* What the i-th file is called, as in findings; in the order in which they were added, also those without findings and those
 * that cannot be read. Empty behind the last. Lives as long as the linter. */
SIGMAC_API sigmac_str sigmac_linter_get_file(const sigmac_linter *linter, uint32_t i);

/* --- evaluating: rules -------------------------------------------------------------------------------------- */

typedef struct sigmac_rules sigmac_rules;

/* Whether bytes begin as an image does, be it a damaged one: to tell it from rule text. */
SIGMAC_API bool sigmac_is_image(sigmac_str bytes);

/* How many bytes an image has that begins so, by what it says of itself: a file that has more need not be read to its end. 0
 * where they are none of an image, or too few to tell (64 are enough). */
SIGMAC_API uint64_t sigmac_image_size(sigmac_str begin);

/* Verifies an image and makes it ready. The bytes are copied. An image may come from anywhere: what is accepted is safe
 * to run. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE, SIGMAC_NO_IMAGE, SIGMAC_OTHER_VERSION, SIGMAC_BAD_IMAGE. */
SIGMAC_API sigmac_status sigmac_rules_load(sigmac_rules **out, sigmac_str image, const sigmac_allocator *allocator,
                                           sigmac_error *error);

/* The same without a copy, as for a mapped file: the bytes must be aligned to 8 (SIGMAC_MISUSE else), and stay and not
 * change until sigmac_rules_free. */
SIGMAC_API sigmac_status sigmac_rules_borrow(sigmac_rules **out, sigmac_str image, const sigmac_allocator *allocator,
                                             sigmac_error *error);

/* After all scanners on it. NULL is allowed. */
SIGMAC_API void sigmac_rules_free(sigmac_rules *rules);

typedef struct sigmac_rules_facts {
  uint32_t rules;      /* numbered 0 to rules - 1, in the order of files and documents */
  uint32_t fields;     /* different fields of events that they look at */
  uint32_t predicates; /* different tests of a field */
  size_t image_bytes;
  sigmac_strs pipelines; /* names of those that they were compiled with, none: fields have Sigma's names. With pipelines a
                            scanner takes events as they are, and looks for no log sources */
  uint32_t correlations; /* numbered behind the rules */
} sigmac_rules_facts;

SIGMAC_API const sigmac_rules_facts *sigmac_rules_get_facts(const sigmac_rules *rules);

/* What an image says of a rule. Texts that the rule does not have are empty. */
typedef struct sigmac_rule {
  sigmac_str id, title, name, level, status;
  sigmac_str path;                       /* as it was called when it was compiled */
  uint32_t line, column;                 /* of its document, from 1 */
  sigmac_str category, product, service; /* of its logsource */
  sigmac_str description, author, date, modified, license;
  sigmac_strs tags, references, falsepositives, fields;
  uint64_t content_hash;   /* of what the document says, whatever its layout: to see that a rule has changed */
  bool silent;             /* it reports nothing itself, since a correlation refers to it that does not say `generate` */
  bool correlated;         /* a correlation rests on it, be it through others: its matches are for a correlator */
  const char *correlation; /* the type of a correlation, such as "event_count", with NUL; NULL: a rule */
  sigmac_strs group_by;    /* of a correlation: names of what it groups by */
  uint64_t timespan;       /* of a correlation: seconds */
  const uint32_t *refers;  /* of a correlation: numbers of what it refers to */
  size_t refers_n;
} sigmac_rule;

/* NULL where there is no such number. The numbers of correlations go from `rules` to `rules` + `correlations` - 1; one stands behind
 * those that it refers to. Lives as long as the rules. */
SIGMAC_API const sigmac_rule *sigmac_rules_get(const sigmac_rules *rules, uint32_t number);

typedef enum sigmac_form {
  SIGMAC_FUSED, /* the code that runs: tests are shared by all rules */
  SIGMAC_PLAIN  /* the code before that, which knows where in the rule each test stands; the same matches, slower */
} sigmac_form;

#define SIGMAC_ALL_RULES UINT32_MAX

/* Writes the code of a rule, or of all behind a summary of the image (SIGMAC_ALL_RULES); docs/bytecode.md explains it.
 * Takes memory from the allocator of the rules. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_STOPPED, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_rules_disassemble(const sigmac_rules *rules, uint32_t number, sigmac_form form, sigmac_write *write,
                                                  void *ctx);

/* Writes what a rule means, in words and as the tree of its tests; SIGMAC_JSON is one line (docs/explain.md). Takes memory
 * from the allocator of the rules. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_STOPPED, SIGMAC_MISUSE (also for SIGMAC_MARKDOWN). */
SIGMAC_API sigmac_status sigmac_rules_explain(const sigmac_rules *rules, uint32_t number, sigmac_format format, sigmac_write *write,
                                              void *ctx);

/* --- evaluating: events ------------------------------------------------------------------------------------- */

typedef struct sigmac_scanner sigmac_scanner;

/* A scanner with all rules enabled. `allocator` NULL: the one of the rules. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_scanner_new(sigmac_scanner **out, const sigmac_rules *rules, const sigmac_allocator *allocator);

/* NULL is allowed. */
SIGMAC_API void sigmac_scanner_free(sigmac_scanner *scanner);

/* Whether a rule takes part. SIGMAC_OK, SIGMAC_MISUSE (no such number); so the other setters, and SIGMAC_NO_MEMORY. */
SIGMAC_API sigmac_status sigmac_scanner_enable(sigmac_scanner *scanner, uint32_t number, bool on);

/* Log sources are found in each event, by the table that `sigmac list logsources` prints: a rule is not offered events of
 * another one. So it is at first; this undoes sigmac_scanner_set_logsource. */
SIGMAC_API sigmac_status sigmac_scanner_find_logsources(sigmac_scanner *scanner);

/* From now on no event is looked at: all are of this log source, and a rule that names another category, product or
 * service is not offered them (letter case of ASCII ignored). Empty text: not known, conflicts with nothing; with three of
 * them every event is offered to every rule. Copied. */
SIGMAC_API sigmac_status sigmac_scanner_set_logsource(sigmac_scanner *scanner, sigmac_str category, sigmac_str product,
                                                      sigmac_str service);

/* Which code runs; at first SIGMAC_FUSED. */
SIGMAC_API sigmac_status sigmac_scanner_set_form(sigmac_scanner *scanner, sigmac_form form);

/* Whether an index finds the rules that can match an event, which is many times faster than to run all of them; at first it
 * does. The matches are the same; tests that cannot matter are not run, so that fewer may be given up (sigmac_limit). Its
 * tables are made while events are evaluated, when one of a log source first comes. SIGMAC_PLAIN goes without. */
SIGMAC_API sigmac_status sigmac_scanner_set_index(sigmac_scanner *scanner, bool on);

/* From now on only events of a range of time are evaluated: from <= time < to; NULL is no bound. Events without a time are
 * evaluated too. SIGMAC_MISUSE also where no time is in the range, or a bound is none. */
SIGMAC_API sigmac_status sigmac_scanner_set_range(sigmac_scanner *scanner, const sigmac_time *from, const sigmac_time *to);

/* One more field in which the time of events stands, asked in the order of the calls; at first the known ones are asked
 * (`sigmac list time-fields`), which the first call replaces. Copied. The name must not be empty. */
SIGMAC_API sigmac_status sigmac_scanner_add_time_field(sigmac_scanner *scanner, sigmac_str name);

/* How many rules are enabled and fit what sigmac_scanner_set_logsource says. */
SIGMAC_API uint32_t sigmac_scanner_active(sigmac_scanner *scanner);

/* In the life of the scanner. */
typedef struct sigmac_scanner_counts {
  uint64_t unmapped; /* events whose log source the table does not know: they were offered to all rules */
  uint64_t outside;  /* events outside of the range of time: they were not evaluated */
  uint64_t timeless; /* events without a time, evaluated while there was a range */
  uint64_t given_up; /* times that a test was given up (sigmac_limit) */
} sigmac_scanner_counts;

/* Up to date until the next event. */
SIGMAC_API const sigmac_scanner_counts *sigmac_scanner_get_counts(sigmac_scanner *scanner);

typedef struct sigmac_match {
  uint32_t number; /* of the rule */
  const sigmac_rule *rule;
} sigmac_match;

/* Returns whether to go on with the rest of the rules. */
typedef bool sigmac_on_match(void *ctx, const sigmac_match *match);

/* For sigmac_on_match, the one time when a scanner may be used from its callback: the fields and values that made the match,
 * as a JSON array of {"selection","field","value","line"} (docs/explain.md). It lives until the callback returns.
 * SIGMAC_OK, SIGMAC_NO_MEMORY (the scan ends with it too, once the callback returns), SIGMAC_MISUSE (no match is called back
 * now). */
SIGMAC_API sigmac_status sigmac_scanner_matched(sigmac_scanner *scanner, sigmac_str *json);

/* Likewise: the time of the event, from the fields of sigmac_scanner_add_time_field. *has is whether it has one; where not,
 * *out is untouched. */
SIGMAC_API sigmac_status sigmac_scanner_event_time(sigmac_scanner *scanner, bool *has, sigmac_time *out);

/* Evaluates one event, a JSON object (RFC 8259, UTF-8, white space around it), and calls back for each rule that matches,
 * in the order of their numbers, but last for those that see it under other names of fields (`sigmac list views`); `fn`
 * NULL: nobody. SIGMAC_OK, SIGMAC_STOPPED, SIGMAC_BAD_EVENT (nothing was called back), SIGMAC_NO_MEMORY
 * (something may have been), SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_scan_json(sigmac_scanner *scanner, sigmac_str event, sigmac_on_match *fn, void *ctx,
                                          sigmac_error *error);

struct cJSON;

/* The same for an event that is a tree of cJSON 1.7, which is not changed. What cJSON has lost is lost: integers above
 * 2^53 are rounded, text ends at NUL. */
SIGMAC_API sigmac_status sigmac_scan_cjson(sigmac_scanner *scanner, const struct cJSON *event, sigmac_on_match *fn, void *ctx,
                                           sigmac_error *error);

/* A test that took too long and was given up, as a regular expression with back-references that backtracks without end: the
 * verdict was then "does not hold", and may be wrong. */
typedef struct sigmac_limit {
  uint32_t number; /* of a rule that has the test */
  const sigmac_rule *rule;
  sigmac_str test; /* field, predicate and operand, safe for a terminal */
  uint32_t times;  /* in the life of the scanner */
} sigmac_limit;

/* Returns whether to go on. */
typedef bool sigmac_on_limit(void *ctx, const sigmac_limit *limit);

/* Calls back for each rule and test that was given up at least once. SIGMAC_OK, SIGMAC_STOPPED, SIGMAC_NO_MEMORY,
 * SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_scanner_limits(sigmac_scanner *scanner, sigmac_on_limit *fn, void *ctx);

/* Whether costs are counted; at first they are not, and cost nothing. Turned on, it counts anew from 0; turned off, what was
 * counted stays. */
SIGMAC_API sigmac_status sigmac_scanner_set_profile(sigmac_scanner *scanner, bool on);

/* Where time went while costs were counted, in nanoseconds, without callbacks and without looking at the clock. */
typedef struct sigmac_profile {
  uint64_t events;     /* that were evaluated */
  uint64_t reading;    /* their text */
  uint64_t logsource;  /* finding what each event is, and its views */
  uint64_t index_made; /* making the tables of the index, once for a log source */
  uint64_t index;      /* finding the rules that can match */
  uint64_t rules;      /* running these */
} sigmac_profile;

/* NULL where they never were. Up to date until the next event. */
SIGMAC_API const sigmac_profile *sigmac_scanner_get_profile(sigmac_scanner *scanner);

/* What a rule cost. A test that several rules have is done once an event: the first rule to ask has its cost. */
typedef struct sigmac_rule_cost {
  uint32_t number;
  const sigmac_rule *rule;
  uint64_t offered;     /* events of its log source */
  uint64_t runs;        /* those for which the index could not leave it out; all of them without index */
  uint64_t matches;     /* of these */
  uint64_t nanoseconds; /* running it */
  bool always_asked; /* it has no necessary test for the index to find it by: it is asked about every event that it is offered, and
                           runs, unless the first look says no */
} sigmac_rule_cost;

/* Returns whether to go on. */
typedef bool sigmac_on_rule_cost(void *ctx, const sigmac_rule_cost *cost);

/* Calls back for each rule, in the order of their numbers; also for one that is not enabled or was offered nothing. SIGMAC_OK,
 * SIGMAC_STOPPED, SIGMAC_MISUSE (also where costs were never counted). */
SIGMAC_API sigmac_status sigmac_scanner_rule_costs(sigmac_scanner *scanner, sigmac_on_rule_cost *fn, void *ctx);

/* Writes why a rule matches an event or does not: whether it is offered the event by its log source, each test with what the
 * event has, what decided, and what may have been meant; SIGMAC_JSON is one line (docs/explain.md). `index` is what the
 * event is called. It is asked neither whether the rule is enabled nor whether the event is in the range of time; nothing is
 * counted. SIGMAC_OK, SIGMAC_STOPPED, SIGMAC_BAD_EVENT (nothing was written), SIGMAC_NO_MEMORY (something may have been),
 * SIGMAC_MISUSE (also for SIGMAC_MARKDOWN). */
SIGMAC_API sigmac_status sigmac_scanner_explain(sigmac_scanner *scanner, uint32_t number, sigmac_str event, uint64_t index,
                                                sigmac_format format, sigmac_write *write, void *ctx, sigmac_error *error);

/* --- evaluating: over time ---------------------------------------------------------------------------------- */

/* Correlations count what rules match. Any number of scanners, in whatever threads, find the matches; for each match of a rule
 * that is `correlated` they give out facts; one correlator takes the facts of all events, in the order of the events, and tells of
 * alerts. What it means for events to be late, and for groups to be forgotten, is in docs/correlations.md. */

/* For sigmac_on_match, like sigmac_scanner_matched: what correlations need to know of this match, as bytes for a correlator of the same
 * rules; those of the matches of one event are put one behind the other. Empty where no correlation rests on the rule. Lives until
 * the callback returns. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_scanner_facts(sigmac_scanner *scanner, sigmac_str *facts);

typedef struct sigmac_correlator sigmac_correlator;

/* A correlator that has seen nothing. `allocator` NULL: the one of the rules. It may be made for rules without correlations. SIGMAC_OK, SIGMAC_NO_MEMORY,
 * SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_correlator_new(sigmac_correlator **out, const sigmac_rules *rules,
                                               const sigmac_allocator *allocator);

/* NULL is allowed. */
SIGMAC_API void sigmac_correlator_free(sigmac_correlator *correlator);

typedef enum sigmac_keep { SIGMAC_KEEP_NONE, SIGMAC_KEEP_REFS, SIGMAC_KEEP_FULL } sigmac_keep;

/* These are set before the first event, or SIGMAC_MISUSE. What is kept of the events of a window, for the alerts; at first nothing. */
SIGMAC_API sigmac_status sigmac_correlator_set_keep(sigmac_correlator *correlator, sigmac_keep keep);
/* Alerts of a group that come less than so many seconds (of the time of events) behind the one that was reported last are not reported; at first
 * all are. At most 100 years. Correlations that refer to it see them all the same. */
SIGMAC_API sigmac_status sigmac_correlator_set_suppress(sigmac_correlator *correlator, uint64_t seconds);
/* Whether a group is emptied by its alert; at first not. */
SIGMAC_API sigmac_status sigmac_correlator_set_reset(sigmac_correlator *correlator, bool on);
/* Groups of each correlation, and bytes of all state (about); 0: what it is at first. */
SIGMAC_API sigmac_status sigmac_correlator_set_limits(sigmac_correlator *correlator, uint32_t groups, uint64_t bytes);

typedef struct sigmac_alert_event {
  uint64_t index;
  sigmac_time time;
  sigmac_str text; /* with SIGMAC_KEEP_FULL */
} sigmac_alert_event;

typedef struct sigmac_alert {
  uint32_t number; /* of the correlation */
  const sigmac_rule *rule;
  bool reported;                    /* it is neither silent nor suppressed */
  uint64_t event_index;             /* of the event that made it fire */
  sigmac_time time;                 /* of that event */
  sigmac_strs group;                /* values, in the order of rule->group_by */
  sigmac_str value;                 /* a decimal number */
  sigmac_time start, end;           /* first and last event of the window */
  const char *id;                   /* 32 hexadecimal digits, with NUL: the same for the same rules and input */
  const sigmac_alert_event *events; /* what was kept of the window (of the sequence, for temporal_ordered); none where it is
                                       not reported */
  size_t events_n;
} sigmac_alert;

typedef void sigmac_on_alert(void *ctx, const sigmac_alert *alert);

/* One event: its number, its time (NULL: it has none), the facts of all its matches, its text (kept with SIGMAC_KEEP_FULL). Events without facts
 * need not be told. Calls back for each alert, in the order of numbers. SIGMAC_OK, SIGMAC_NO_MEMORY (the correlator must be freed: each call says it
 * again), SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_correlator_event(sigmac_correlator *correlator, uint64_t index, const sigmac_time *time,
                                                 sigmac_str facts, sigmac_str text, sigmac_on_alert *fn, void *ctx);

typedef struct sigmac_correlator_counts {
  uint64_t events;           /* that took part in a correlation */
  uint64_t timeless;         /* that would have, but have no time, or one outside of 1678-2261 */
  uint64_t late;             /* contributions that were dropped as too old for their group */
  uint64_t too_late;         /* contributions whose group may have been forgotten before */
  uint64_t expired, evicted; /* groups that were forgotten: for their age, or for want of room */
  uint64_t alerts, suppressed;
  uint64_t groups, bytes; /* now; bytes about */
} sigmac_correlator_counts;

/* So far; up to date until the next event. */
SIGMAC_API const sigmac_correlator_counts *sigmac_correlator_get_counts(sigmac_correlator *correlator);

/* Writes the state, for sigmac_correlator_load by the same version on the same kind of machine or another. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_STOPPED, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_correlator_save(sigmac_correlator *correlator, sigmac_write *write, void *ctx);

typedef enum sigmac_state_fate {
  SIGMAC_STATE_RESUMED,
  SIGMAC_STATE_CHANGED, /* the correlation, or something that it rests on, has changed: it starts afresh */
  SIGMAC_STATE_NEW,     /* no state of it was kept */
  SIGMAC_STATE_GONE     /* state was kept of one that is there no more; rule is NULL */
} sigmac_state_fate;

typedef void sigmac_on_state(void *ctx, sigmac_state_fate fate, sigmac_str id, sigmac_str title, const sigmac_rule *rule);

/* Before the first event: goes on with a state that was saved, and tells what became of each correlation; `fn` may be NULL. The bytes may come from anywhere.
 * Where the rules have no correlations nothing is told. SIGMAC_OK, SIGMAC_BAD_STATE (it is none, or was saved with another setting of keep; all starts afresh), SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_correlator_load(sigmac_correlator *correlator, sigmac_str state, sigmac_on_state *fn, void *ctx);

/* --- evaluating: fields ------------------------------------------------------------------------------------- */

/* A report on the fields that rules need, and which of them events have, lack, or spell otherwise. Its memory is bounded,
 * whatever the events. Used by one thread at a time, like a scanner. */
typedef struct sigmac_fields sigmac_fields;

/* `rules` NULL: none, the names of the events alone; else they must outlive the report. `allocator` NULL: the one of the
 * rules, or malloc. SIGMAC_OK, SIGMAC_NO_MEMORY, SIGMAC_MISUSE. */
SIGMAC_API sigmac_status sigmac_fields_new(sigmac_fields **out, const sigmac_rules *rules, const sigmac_allocator *allocator);

/* NULL is allowed. */
SIGMAC_API void sigmac_fields_free(sigmac_fields *fields);

/* Counts an event. SIGMAC_OK, SIGMAC_BAD_EVENT (it is not counted), SIGMAC_MISUSE (the report was written already),
 * SIGMAC_NO_MEMORY: from here or from below, all there is to do then is sigmac_fields_free; each call says it again. */
SIGMAC_API sigmac_status sigmac_fields_add(sigmac_fields *fields, sigmac_str event, sigmac_error *error);

/* Writes the report, as a table or JSON; `unused`: also the fields of the events that no rule uses. SIGMAC_OK,
 * SIGMAC_STOPPED, SIGMAC_NO_MEMORY, SIGMAC_MISUSE (also for SIGMAC_MARKDOWN). */
SIGMAC_API sigmac_status sigmac_fields_write(sigmac_fields *fields, sigmac_format format, bool unused, sigmac_write *write,
                                             void *ctx);

#ifdef __cplusplus
}
#endif

#endif
