/* SPDX-License-Identifier: MIT */
#include "cli/findings.h"

void finding_json(Buf *out, const sigmac_diagnostic *d, const char *id_key) {
  static const char *const severities[] = {"error", "warning", "info"};
  buf_printf(out, "{\"%s\":\"%s\",\"severity\":\"%s\",\"path\":", id_key, d->id, severities[d->severity]);
  buf_json(out, str_in(d->path));
  buf_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,\"message\":", d->line, d->column, d->end_line,
             d->end_column);
  buf_json(out, str_in(d->message));
  if (d->hint.n) {
    buf_str(out, STR(",\"hint\":"));
    buf_json(out, str_in(d->hint));
  }
  if (d->omitted) buf_printf(out, ",\"omitted\":%u", d->omitted);
  buf_char(out, '}');
}
