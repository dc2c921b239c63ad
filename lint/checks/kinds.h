/* SPDX-License-Identifier: MIT
 * Which form the values of a field have in events of a log source (lint/data/values.def), and the values of an item as checks of
 * such forms need them. */
#ifndef SIGMAC_LINT_CHECKS_KINDS_H
#define SIGMAC_LINT_CHECKS_KINDS_H

#include "compiler/pattern.h"
#include "lint/checks/values.h"

typedef enum {
  KIND_NONE, /* nothing is known */
  KIND_PROGRAM,
  KIND_MODULE,
  KIND_FILE,
  KIND_DIRECTORY,
  KIND_UNIX_PROGRAM,
  KIND_UNIX_FILE,
  KIND_REGISTRY,
  KIND_PIPE,
  KIND_INTEGER,
  KIND_PROCESS_ID,
  KIND_ACCESS,
  KIND_IP,
  KIND_INTEGRITY,
  KIND_GUID,
  KIND_BOOLEAN,
  KIND_MD5,
  KIND_SHA1,
  KIND_SHA256,
  KIND_SHA512,
  KIND_ALL /* of VALUE_ALLOWED: every one */
} ValueKind;

/* KIND_NONE where nothing is certain. */
ValueKind value_kind(const Logsource *l, Str field);
typedef enum { TEXT_WHOLE, TEXT_START, TEXT_PART } TextPlace;
/* A value of which this is the text, or the start, or a part, is written by real sources although it has not the form. Letter case aside. */
bool value_kind_allows(ValueKind kind, Str text, TextPlace place);
/* A full path of Windows: of a program, module, file or directory. */
static inline bool value_kind_is_path(ValueKind kind) { return kind >= KIND_PROGRAM && kind <= KIND_DIRECTORY; }
static inline bool value_kind_is_unix(ValueKind kind) { return kind == KIND_UNIX_PROGRAM || kind == KIND_UNIX_FILE; }
static inline bool value_kind_is_hash(ValueKind kind) { return kind >= KIND_MD5 && kind <= KIND_SHA512; }

/* A text of an item, with what its modifiers leave open. */
typedef struct {
  Pattern pattern;
  Str lead;  /* the value begins so; no text: with anything */
  bool more; /* something may follow the lead */
  Str whole; /* where `exact`: all of the value */
  bool exact;
} ValueForm;

/* The values of an item are patterns, as they will be looked for. */
bool item_has_forms(const LintItem *item);
/* Of a value that is text or a number. False: another. In the arena. */
bool value_form(ValueForm *out, Arena *a, const LintItem *item, const YamlNode *n);

#endif
