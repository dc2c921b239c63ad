/* SPDX-License-Identifier: MIT
 * Which rules a command is to use, by what their documents say about them. A rule has to satisfy every option that is
 * given; the values of one option are alternatives, separated by commas or given one after another.
 *   min-level  this level or above; a rule without a level counts as informational
 *   status     one of the statuses of Sigma; a rule without one has none of them
 *   tag        a tag, or what stands before a `.` of it (attack.t1059 is also attack.t1059.001), or a glob
 *   id         the id or the name
 *   exclude    not the id, nor a glob that fits the path or what is behind a `/` of it
 * In a glob `*` stands for any text, `/` included, `?` for one character. Letter case of all but paths is ignored. */
#ifndef SIGMAC_CLI_SELECT_H
#define SIGMAC_CLI_SELECT_H

#include "cli/library.h"
#include "cli/options.h"

/* Written once: by what rules are selected. The name is that of the option. */
typedef enum { SELECT_LEVEL, SELECT_STATUS, SELECT_TAG, SELECT_ID, SELECT_EXCLUDE, SELECT_COUNT } SelectBy;

typedef struct {
  StrList values;
  bool *used;       /* by value: some rule has it */
  uint32_t removed; /* rules that this option was the first to leave out */
} SelectList;

typedef struct {
  SelectList by[SELECT_COUNT];
} Selection;

/* The rows of these options, for the table of a command. */
#define SELECT_OPTIONS                                                                                       \
  {"min-level", 0, "LEVEL", "informational, low, medium, high, critical; a rule without one is the lowest",  \
   "which rules (values of an option are alternatives, every option must be satisfied)"},                    \
    {"status", 0, "STATUS,..", "stable, test, experimental, deprecated, unsupported"},                       \
    {"tag", 0, "TAG,..", "a tag, or its beginning up to a dot, or a glob: attack.t1059, 'cve.*'"},           \
    {"id", 0, "ID,..", "the id or name of a rule"}, {                                                        \
    "exclude", 0, "GLOB|ID", "not the rules with this id or path; `*` is any text, `/` too; may be repeated" \
  }

/* Reads the options; false when they are wrong, which is explained then. */
bool selection_read(Selection *s, const Args *args);
/* Whether the rule is wanted; counts it where it is not. */
bool selection_wants(Selection *s, const sigmac_rule *rule);
/* After all rules: warns of values that fit none of them. */
void selection_warn(const Selection *s, const Args *args);
/* Says that no rule is left, and why. Returns the exit status. */
int selection_empty(const Selection *s, const Args *args);

#endif
