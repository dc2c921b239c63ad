/* SPDX-License-Identifier: MIT
 * The fields that rules need, and which of them events have, lack, or spell otherwise. Memory is bounded whatever the
 * events: LIMIT_FIELD_NAMES names are told apart, the report says when there were more. */
#ifndef SIGMAC_RUNTIME_FIELDS_H
#define SIGMAC_RUNTIME_FIELDS_H

#include "base/buf.h"
#include "runtime/vm.h"

typedef struct FieldReport FieldReport;

/* `p` NULL: no rules, only the names of the events. Everything lives in the arena. */
FieldReport *fields_new(const Program *p, Arena *owner);
/* Counts an event: the present one of the Vm, and its root; without rules the Vm is NULL. Scratch is used up. */
void fields_event(FieldReport *r, Vm *vm, Value *root, Arena *scratch);

/* The same event as the present one of the Vm, in another tree of it: its fields are there too. */
void fields_view(FieldReport *r, Vm *vm);

typedef struct {
  bool json;
  bool unused; /* also the fields of the events that no rule uses */
} FieldStyle;

void fields_print(FieldReport *r, Buf *out, const FieldStyle *style);

#endif
