/* SPDX-License-Identifier: MIT */
#include "cli/translated.h"

static const char *const names[] = {"text", "ndjson", "json"};

bool translated_format_find(Str name, bool report, TranslatedFormat *out) {
  const sigmac_query_format *f;
  for (int i = 0; i < 2 + report; i++) {
    if (!str_is(name, names[i])) continue;
    *out = (TranslatedFormat){.kind = (TranslatedKind)i};
    return true;
  }
  for (unsigned i = 0; !report && (f = sigmac_query_format_get(i)); i++) {
    if (!str_is(name, f->name)) continue;
    *out = (TranslatedFormat){TRANSLATED_DEPLOY, f};
    return true;
  }
  return false;
}

Str translated_format_names(Arena *arena, bool report) {
  Buf list = {.arena = arena};
  const sigmac_query_format *f;
  for (int i = 0; i < 2 + report; i++) buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
  for (unsigned i = 0; !report && (f = sigmac_query_format_get(i)); i++) buf_printf(&list, ", %s", f->name);
  return buf_view(&list);
}

const char *translated_ending(TranslatedFormat format, Str target, Arena *arena) {
  if (format.deploy) return format.deploy->suffix;
  if (format.kind != TRANSLATED_TEXT) return ".ndjson";
  return arena_printf(arena, "." STR_FMT, STR_ARG(target)).p;
}

/* --- text ---------------------------------------------------------------------------------------------------- */

/* Both languages take `//` for a comment up to the end of the line. */
static void put_heading(Buf *out, const sigmac_translation *t) {
  buf_str(out, STR("// "));
  buf_safe(out, t->title.n ? str_in(t->title) : str_in(t->path));
  if (t->id.n) {
    buf_str(out, STR(" ("));
    buf_safe(out, str_in(t->id));
    buf_char(out, ')');
  }
  buf_char(out, '\n');
}

static bool put_text(Buf *out, const sigmac_translation *t, bool alone, bool first) {
  if (!t->query.n) return false;
  if (!first) buf_char(out, '\n');
  if (!alone) put_heading(out, t);
  buf_str(out, str_in(t->query));
  buf_char(out, '\n');
  return true;
}

/* --- JSON ---------------------------------------------------------------------------------------------------- */

static void put_member(Buf *out, const char *name, Str value) {
  buf_printf(out, ",\"%s\":", name);
  buf_json(out, value);
}

static void put_strs(Buf *out, const char *name, sigmac_strs list) {
  if (!list.n) return;
  buf_printf(out, ",\"%s\":[", name);
  for (size_t i = 0; i < list.n; i++) {
    if (i) buf_char(out, ',');
    buf_json(out, str_in(list.p[i]));
  }
  buf_char(out, ']');
}

static void put_diagnostic(Buf *out, const sigmac_diagnostic *d) {
  buf_printf(out, "{\"id\":\"%s\"", d->id);
  put_member(out, "message", str_in(d->message));
  buf_printf(out, ",\"line\":%u,\"column\":%u", d->line, d->column);
  if (d->hint.n) put_member(out, "hint", str_in(d->hint));
  buf_char(out, '}');
}

/* Those of one severity but `except`; nothing where there are none. */
static void put_diagnostics(Buf *out, const char *name, const sigmac_translation *t, sigmac_severity severity,
                            const sigmac_diagnostic *except) {
  bool any = false;
  for (uint32_t i = 0; i < t->diagnostics_n; i++) {
    const sigmac_diagnostic *d = t->diagnostics[i];
    if (d->severity != severity || d == except) continue;
    if (any) buf_char(out, ',');
    else buf_printf(out, ",\"%s\":[", name);
    put_diagnostic(out, d);
    any = true;
  }
  if (any) buf_char(out, ']');
}

static void put_error(Buf *out, const sigmac_translation *t) {
  const sigmac_diagnostic *error = first_error(t);
  if (t->query.n || !error) return;
  buf_str(out, STR(",\"error\":"));
  put_diagnostic(out, error);
  put_diagnostics(out, "more_errors", t, SIGMAC_ERROR, error);
}

static void put_json(Buf *out, const sigmac_translation *t) {
  buf_str(out, STR("{\"rule_id\":"));
  if (t->id.n) buf_json(out, str_in(t->id));
  else buf_str(out, STR("null"));
  put_member(out, "title", str_in(t->title));
  put_member(out, "path", str_in(t->path));
  buf_printf(out, ",\"line\":%u", t->line);
  put_member(out, "target", str_of(t->target));
  put_member(out, "status", str_of(fidelity_name[t->fidelity]));
  if (t->query.n) put_member(out, "query", str_in(t->query));
  put_strs(out, "queries", t->queries);
  if (t->part_of.n) put_member(out, "part_of", str_in(t->part_of));
  put_strs(out, "assumptions", t->assumptions);
  put_strs(out, "tables", t->tables);
  put_strs(out, "index", t->index);
  put_error(out, t);
  put_diagnostics(out, "warnings", t, SIGMAC_WARNING, NULL);
  buf_str(out, STR("}\n"));
}

bool translated_put(Buf *out, const sigmac_translation *t, TranslatedFormat format, bool alone, bool first) {
  switch (format.kind) {
  case TRANSLATED_TEXT: return put_text(out, t, alone, first);
  case TRANSLATED_DEPLOY: buf_str(out, str_in(t->document)); return t->document.n > 0;
  case TRANSLATED_NDJSON:
  case TRANSLATED_JSON: break;
  }
  put_json(out, t);
  return true;
}

/* --- reports ------------------------------------------------------------------------------------------------- */

static void put_row(Buf *out, const FidelityRow *r, Str target) {
  buf_str(out, STR("{\"rule_id\":"));
  if (r->id.n) buf_json(out, r->id);
  else buf_str(out, STR("null"));
  put_member(out, "title", r->title);
  put_member(out, "path", r->path);
  put_member(out, "target", target);
  put_member(out, "status", str_of(fidelity_name[r->fidelity]));
  buf_printf(out, ",\"line\":%u,\"column\":%u,\"why\":[", r->line, r->column);
  for (size_t from = 0, to; from < r->why.n; from = to + 2) {
    to = str_find(r->why, STR(", "), from);
    if (to == SIZE_MAX) to = r->why.n;
    if (from) buf_char(out, ',');
    buf_json(out, str_sub(r->why, from, to));
  }
  buf_char(out, ']');
  if (r->message.n) put_member(out, "message", r->message);
  buf_char(out, '}');
}

void translated_report(Buf *out, const Fidelity *f, TranslatedFormat format, bool colour) {
  bool whole = format.kind == TRANSLATED_JSON;
  if (format.kind == TRANSLATED_TEXT) {
    fidelity_text(out, f, colour);
    return;
  }
  if (whole) buf_str(out, STR("{\"rules\":["));
  for (uint32_t i = 0; i < f->rows.n; i++) {
    if (whole) buf_str(out, i ? STR(",\n") : STR("\n"));
    put_row(out, &f->rows.p[i], f->target);
    if (!whole) buf_char(out, '\n');
  }
  if (!whole) return;
  buf_str(out, STR("\n],\"summary\":"));
  fidelity_json(out, f);
  buf_str(out, STR("}\n"));
}
