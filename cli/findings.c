/* SPDX-License-Identifier: MIT */
#include "cli/findings.h"

/* {"kind":"safe","edits":[{"line","column","end_line","end_column","text"},...]} */
static void fix_json(Buf *out, const sigmac_diagnostic *d) {
  buf_printf(out, ",\"fix\":{\"kind\":\"%s\",\"edits\":[", d->fix == SIGMAC_FIX_SAFE ? "safe" : "unsafe");
  for (uint32_t i = 0; i < d->edits_n; i++) {
    const sigmac_edit *e = &d->edits[i];
    buf_printf(out, "%s{\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,\"text\":", i ? "," : "", e->line, e->column,
               e->end_line, e->end_column);
    buf_json(out, str_in(e->text));
    buf_char(out, '}');
  }
  buf_str(out, STR("]}"));
}

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
  if (d->fix != SIGMAC_FIX_NONE) fix_json(out, d);
  if (d->omitted) buf_printf(out, ",\"omitted\":%u", d->omitted);
  buf_char(out, '}');
}
