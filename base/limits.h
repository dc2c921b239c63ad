/* SPDX-License-Identifier: MIT
 * Every limit of sigmac, in one place. They bound memory and time on hostile input; none is near what real rules and
 * events need (largest seen in 3,780 SigmaHQ rules in brackets). */
#ifndef SIGMAC_BASE_LIMITS_H
#define SIGMAC_BASE_LIMITS_H

enum {
  LIMIT_RULE_FILE_BYTES = 8 << 20, /* one rule file [250 KiB] */
  LIMIT_YAML_DEPTH = 64,           /* nesting of maps and lists [6] */
  LIMIT_YAML_NODES = 1000000,      /* nodes of one file after alias expansion */
  LIMIT_ALIAS_NODES = 100000,      /* nodes that aliases may add to one document */
  LIMIT_CONDITION_DEPTH = 64,      /* brackets and `not` inside each other [4] */
  LIMIT_IR_DEPTH = 200,            /* and/or/not below each other after lowering */
  LIMIT_IR_NODES = 2000000,        /* nodes of one rule after selectors are expanded */
  LIMIT_MODIFIERS = 32,            /* modifiers of one item [4] */
  LIMIT_ALTERNATIVES = 100000,     /* alternatives that one value expands to (placeholders) */
  LIMIT_WINDASH_VARIANTS = 3125,   /* 5^5 alternatives; above it, a class per dash */
  LIMIT_REGEX_BYTES = 65536,       /* one regular expression */
  LIMIT_REGEX_MATCH = 200000,      /* PCRE2 match limit: backtracking steps of one search */
  LIMIT_REGEX_HEAP_KIB = 20480,    /* PCRE2 heap limit */
  LIMIT_CODE_DEPTH = 256,          /* VM stack */
  LIMIT_EVENT_BYTES = 64 << 20,    /* one event [42 KiB] */
  LIMIT_EVENT_DEPTH = 128,         /* nesting of one event */
  LIMIT_IMAGE_BYTES = 1 << 30,     /* one program image */
  LIMIT_DIAGS_PER_FILE = 200       /* more are counted, not kept */
};

#endif
