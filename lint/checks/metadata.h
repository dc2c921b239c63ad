/* SPDX-License-Identifier: MIT
 * What the checks of metadata share. Nodes are borrowed from the document. */
#ifndef SIGMAC_LINT_CHECKS_METADATA_H
#define SIGMAC_LINT_CHECKS_METADATA_H

#include "lint/lint.h"

/* Kinds of documents, as bits. */
enum { IN_RULE = 1 << DOC_RULE, IN_CORRELATION = 1 << DOC_CORRELATION, IN_FILTER = 1 << DOC_FILTER, IN_ALL = 7 };

/* A rule, correlation or filter; not a document that is none of them, of which the compiler says so. */
bool meta_applies(const LintDoc *doc);
/* The value of a key; NULL where there is none, or null. */
const YamlNode *meta_value(const LintDoc *doc, const char *key);
/* The same where it is text, or a list; else NULL. */
const YamlNode *meta_text(const LintDoc *doc, const char *key);
const YamlNode *meta_list(const LintDoc *doc, const char *key);
/* Days since 1970-01-01 of `date` or `modified`, also with slashes as before Sigma 2.0; LINT_NO_DAY. */
int64_t meta_day(Text t);
/* The next word of a text from *at on, by single blanks as the words of a title are; false behind the last. */
bool meta_word(Str text, size_t *at, size_t *from, size_t *to);

/* Below a folder `deprecated` or `unsupported`. */
bool meta_retired_path(Str path);

/* The entry of a document behind which a key belongs by the order of the rule convention. */
uint32_t meta_place(const LintDoc *doc, const char *key);
/* Fixes of the newest report: the attribute is added; a text is added to a list of the document, which may have to be made. */
void meta_fix_missing(Lint *l, const LintDoc *doc, CheckId check);
bool meta_add_to_list(Lint *l, const LintDoc *doc, const char *key, Str text);

/* Reports each entry of a list that stands in it already. */
void meta_duplicates(Lint *l, const LintFile *file, CheckId check, const YamlNode *list, bool fold_case);
/* Reports each text of a list that is shorter than two characters (minLength of the JSON schemas). */
void meta_too_short(Lint *l, CheckId check, const YamlNode *list);

#endif
