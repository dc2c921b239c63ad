/* SPDX-License-Identifier: MIT
 * Diagnostics of the library as findings: on stderr for people, or collected as JSON. */
#ifndef SIGMAC_CLI_FINDINGS_H
#define SIGMAC_CLI_FINDINGS_H

#include "base/buf.h"
#include "cli/library.h"

/* One object: {"id","severity","path","line","column","end_line","end_column","message","hint"?,"fix"?,"omitted"?}. `id_key`: how the
 * first one is called there. */
void finding_json(Buf *out, const sigmac_diagnostic *d, const char *id_key);

#endif
