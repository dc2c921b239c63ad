/* SPDX-License-Identifier: MIT
 * Findings that are not told: because the configuration excludes them for a rule or a file, or because a comment in the file does
 * (`# sigmac: disable=ID`). Which are, is settled before any check runs. */
#ifndef SIGMAC_LINT_SILENCE_H
#define SIGMAC_LINT_SILENCE_H

#include "lint/config.h"

/* One id in a comment, and the bytes that it is about. */
typedef struct {
  CheckId check;     /* CHECK_COUNT: the word is no id ... */
  const char *fault; /* ... or what else is wrong */
  Span at;
  uint32_t from, to;
  bool used;
} Suppression;

typedef struct {
  const CheckSet *whole; /* off in the whole file; NULL: none */
  VEC(Suppression) list;
  uint32_t count; /* findings that were silenced */
} FileSilence;

typedef struct {
  uint32_t file, start;   /* of the document */
  const CheckSet *checks; /* NULL: none */
} DocSilence;

struct LintSilence {
  FileSilence *files; /* by number */
  uint32_t n_files;
  VEC(DocSilence) docs; /* of all documents in their order, by place; none where the configuration excludes nothing by rule */
};

/* All files and documents are known: l->silence, where something is silenced or a comment asks for it. */
void silence_prepare(Lint *l);
/* Whether a finding is not told. */
bool silence_covers(Lint *l, CheckId check, Span at);
/* Counts one more in a file: how many there were before. */
uint32_t silence_count(LintSilence *s, uint32_t file);

/* The comments of a file. */
void silence_read_comments(Lint *l, FileSilence *out, const LintFile *f);

#endif
