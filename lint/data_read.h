/* SPDX-License-Identifier: MIT
 * For the readers of override files alone: each reads the value of one key. What is at fault is reported; then nothing of the file
 * is taken. */
#ifndef SIGMAC_LINT_DATA_READ_H
#define SIGMAC_LINT_DATA_READ_H

#include "compiler/yaml.h"
#include "lint/data.h"

typedef struct {
  Arena *arena;
  Diags *diags;
  LintData data;
} DataReader;

void data_fault(DataReader *r, const YamlNode *n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* False, and a fault, where it is none. */
bool data_is_list(DataReader *r, const YamlNode *key, const YamlNode *n);
/* A word without blanks and control characters, as it is or in lower case. NULL, and a fault, where it is none. */
const char *data_word(DataReader *r, const YamlNode *n);
const char *data_small_word(DataReader *r, const YamlNode *n);

void lint_data_read_attack(DataReader *r, const YamlNode *key, const YamlNode *n);
void lint_data_read_prefixes(DataReader *r, const YamlNode *key, const YamlNode *n);
void lint_data_read_logsources(DataReader *r, const YamlNode *key, const YamlNode *n);

#endif
