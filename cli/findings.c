/* SPDX-License-Identifier: MIT */
#include "cli/findings.h"

void finding_json(Buf *out, const sigmac_diagnostic *d) {
  static const char *const severities[] = {"error", "warning", "info"};
  buf_printf(out, "{\"id\":\"%s\",\"severity\":\"%s\",\"path\":", d->id, severities[d->severity]);
  buf_json(out, str_in(d->path));
  buf_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,\"message\":", d->line, d->column, d->end_line,
             d->end_column);
  buf_json(out, str_in(d->message));
  if (d->hint.n) {
    buf_str(out, STR(",\"hint\":"));
    buf_json(out, str_in(d->hint));
  }
  buf_char(out, '}');
}
