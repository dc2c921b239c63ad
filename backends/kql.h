/* SPDX-License-Identifier: MIT
 * Parts of the KQL backend for each other: kql.c has names, texts and statements, kql_tests.c the tests. */
#ifndef SIGMAC_BACKENDS_KQL_H
#define SIGMAC_BACKENDS_KQL_H

#include "backends/emit.h"
#include "backends/presence.h"

bool kql_is_text(FieldType type); /* a text column, or read as one: no null */
void kql_put_string(Buf *out, Str s);
void kql_put_verbatim(Buf *out, Str s);
/* Of a rule, at the size of the text that Sentinel takes. */
void kql_warn_length(const Rule *rule, Str text, Diags *diags);
const QNode *kql_group(Emit *e, const Atom *atoms, uint32_t n);
const QNode *kql_deny(Emit *e, const Atom *atoms, const QNode *group);

#endif
