/* SPDX-License-Identifier: MIT
 * Every limit of sigmac, in one place. They bound memory and time on hostile input; none is near what real rules and
 * events need (largest seen in 3,780 SigmaHQ rules in brackets). */
#ifndef SIGMAC_BASE_LIMITS_H
#define SIGMAC_BASE_LIMITS_H

enum {
  LIMIT_RULE_FILE_BYTES = 8 << 20, /* one rule file [250 KiB] */
  LIMIT_YAML_DEPTH = 64,           /* nesting of maps and lists [6] */
  LIMIT_YAML_NODES = 1000000,      /* nodes of one file after alias expansion */
  LIMIT_ALIAS_NODES = 100000,      /* nodes that aliases may add to one document; a long text counts as several */
  LIMIT_TAG_DIRECTIVES = 100,      /* `%TAG` lines of one file [0] */
  LIMIT_YAML_FAULTS = 100,         /* documents of one file that are not well-formed; then the rest is not read */
  LIMIT_CONDITION_DEPTH = 64,      /* brackets and `not` inside each other [4] */
  LIMIT_RULE_EXPANSION = 32 << 20, /* bytes that one rule may take beyond the allowance of its text (compiler/budget.h) ... */
  LIMIT_SET_EXPANSION = 96 << 20,  /* ... and all rules together */
  LIMIT_PIPELINE_ITEMS = 4096,     /* items of all pipelines of a run, nested ones too [97] */
  LIMIT_FINAL_BYTES = 64 << 20,    /* text that finalizers make of all queries of a run [8 MiB] */
  LIMIT_PIPELINE_NEST = 16,        /* `nest` inside of `nest` [0] */
  LIMIT_MODIFIERS = 32,            /* modifiers of one item [4] */
  LIMIT_ALTERNATIVES = 100000,     /* alternatives that one value expands to (placeholders) */
  LIMIT_WINDASH_VARIANTS = 3125,   /* combinations of dashes that one list of values may spell out; above it, classes */
  LIMIT_PIPELINE_SOURCES = 10000,  /* log sources of all pipelines of a run [60] */
  LIMIT_SCHEMAS = 16,              /* schema files of one pipeline [1] */
  LIMIT_REGEX_BYTES = 65536,       /* one regular expression */
  LIMIT_REGEX_TOTAL = 256 << 20,   /* compiled regular expressions of one image, before machine code [200 KiB] */
  LIMIT_REGEX_MATCH = 200000,      /* PCRE2 match limit: backtracking steps from one place of the text ... */
  LIMIT_REGEX_STEPS = 1000000000,  /* ... and from all places together, at most */
  LIMIT_REGEX_HITS = 16,           /* values of one field in one event at which a search may be given up; then no more is tried */
  LIMIT_REGEX_STATES = 10000,      /* states of the automaton that decides where PCRE2 gives up ... */
  LIMIT_REGEX_VISITS = 1000000000, /* ... their visits for the values of one field in one event ... */
  LIMIT_REGEX_AUTOMATA = 96 << 20, /* ... bytes of all automata of one scanner, about ... */
  LIMIT_REGEX_TABLES = 16 << 20,   /* ... and of their tables */
  LIMIT_REGEX_EFFORT = 1 << 27,    /* steps of one rule to judge what its patterns cost Lucene (backends/regex_effort.h) ... */
  LIMIT_REGEX_EFFORTS = 1 << 30,   /* ... and of all rules of a run, beside what goes by the length of a pattern */
  LIMIT_REF_PAIRS = 1 << 24,       /* pairs of values that one field reference compares in one event */
  LIMIT_REGEX_HEAP_KIB = 20480,    /* PCRE2 heap limit */
  LIMIT_WITNESSES = 8192,          /* predicates that a rule is looked for by; one that needs more always runs [4432] */
  LIMIT_STAT_FIELDS = 4096,        /* fields of which statistics know how many events have them [800] */
  LIMIT_CODE_DEPTH = 256,          /* VM stack */
  LIMIT_TREE_DEPTH = 256,          /* nesting of a rule as it is explained; deeper, it is a list of tests [7] */
  LIMIT_NAMED_VALUES = 10000,      /* values of one event that explain and fields look at by name [123] */
  LIMIT_PATH_BYTES = 1000,         /* name of such a value, with the names of what it stands in [60] */
  LIMIT_FIELD_NAMES = 20000,       /* names of fields that `fields` tells apart in its events [800] */
  LIMIT_NAME_PAIRS = 5000000,      /* pairs of names that it compares letter by letter */
  LIMIT_EVENT_BYTES = 64 << 20,    /* one event [42 KiB] */
  LIMIT_EVENT_DEPTH = 128,         /* nesting of one event */
  LIMIT_KEYS_LEARNED = 4096,       /* names of members that a scanner knows by number, beside those that rules ask for [800] */
  LIMIT_EVENT_VALUES = 1 << 20,    /* values of one event: in memory each takes more than its text may [123] */
  LIMIT_IMAGE_BYTES = 1 << 30,     /* one program image */
  LIMIT_CORRELATION_REFS = 1024,   /* rules that one correlation refers to [3] */
  LIMIT_CORRELATION_FIELDS = 64,   /* fields of group-by, and of the condition [4] */
  LIMIT_CORRELATION_DIGITS = 400,  /* of a number, to both sides of its point: a value or threshold with more is none */
  LIMIT_CORRELATION_NEEDS = 1024,  /* fields that all correlations need of the events of one rule [4] */
  LIMIT_CORRELATION_CHAIN = 64,    /* correlations over correlations [2] */
  LIMIT_CORRELATION_GROUPS = 4000000, /* groups of one correlation; then some are forgotten */
  LIMIT_CORRELATION_BYTES = 1 << 30,  /* state of all correlations, about; then groups are forgotten */
  LIMIT_LINT_FILE_BYTES = 1 << 20,    /* one rule file that lint reads [250 KiB] */
  LIMIT_LINT_DATA_SOURCES = 4096,     /* log sources of an override file of lint [300] */
  LIMIT_LINT_PATTERNS = 4096,         /* entries of a list in the configuration of lint */
  LIMIT_LINT_SUPPRESSIONS = 1000,     /* ids in comments of one file that silence checks; what follows has no effect */
  LIMIT_LINT_FINDINGS = 500,          /* findings of one file; more are counted, not kept */
  LIMIT_LINT_FIX_FINDINGS = 20000,    /* the same in the rounds of fixing, where what is not kept waits for another round */
  LIMIT_LINT_FIX_ROUNDS = 80,         /* of fixing: what waits for others takes one more each time [3] */
  LIMIT_LINT_FIX_TRIES = 100,         /* texts that are compiled to find the fixes of one file that would change a rule [1] */
  LIMIT_DIAGS_PER_FILE = 200          /* errors, and as many warnings; more are counted, not kept */
};

#endif
