/* SPDX-License-Identifier: MIT
 * Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020): one run; its rules are all checks, in the order of the table. */
#include "cli/lint_output.h"

static const char *const level[] = {"error", "warning", "note"};

static void string(Buf *out, const char *name, Str text) {
  buf_printf(out, "\"%s\":", name);
  buf_json(out, text);
}

/* {"text": one or two paragraphs} */
static void message(Buf *out, const LintResult *r, const char *name, Str text, const char *before, Str more) {
  Buf whole = {.arena = r->arena};
  buf_str(&whole, text);
  if (more.n) {
    buf_str(&whole, str_of(before));
    buf_str(&whole, more);
  }
  buf_printf(out, "\"%s\":{", name);
  string(out, "text", buf_view(&whole));
  buf_char(out, '}');
}

static void rule(Buf *out, const LintResult *r, const sigmac_check *c) {
  Str what = str_of(c->what), advice = str_of(c->advice);
  buf_char(out, '{');
  string(out, "id", str_of(c->id));
  buf_char(out, ',');
  message(out, r, "shortDescription", what, "", STR(""));
  buf_char(out, ',');
  message(out, r, "fullDescription", what, ". What to do: ", advice);
  buf_char(out, ',');
  message(out, r, "help", advice, "\nIt is found in:\n", str_of(c->bad));
#ifdef DOCS_URL
  buf_printf(out, ",\"helpUri\":\"%s/linting.md#%s\"", DOCS_URL, c->id);
#else
  buf_printf(out, ",\"helpUri\":\"urn:sigmac:check:%s\"", c->id); /* a name: where the pages are is not known */
#endif
  buf_printf(out, ",\"defaultConfiguration\":{\"enabled\":%s,\"level\":\"%s\"},\"properties\":{\"profile\":\"%s\"}}",
             strcmp(c->profile, "default") == 0 ? "true" : "false", level[c->severity], c->profile);
}

/* RFC 3986: what is unreserved stands as it is, and so does a slash; every other byte is encoded. */
static void uri(Buf *out, Str path) {
  if (str_starts(path, STR("/"))) buf_str(out, STR("file://"));
  for (size_t i = 0; i < path.n; i++) {
    char c = path.p[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
    if (plain) buf_char(out, c);
    else buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
  }
}

/* Checks first, then what else there is. */
static unsigned number_of(const LintResult *r, const char *id) {
  const sigmac_check *c;
  unsigned i = 0, k = 0;
  while ((c = sigmac_check_get(i)) && c->id != id && strcmp(c->id, id) != 0) i++;
  while (!c && k < r->foreign.n && strcmp(r->foreign.p[k].id, id) != 0) k++;
  return i + k;
}

static void location(Buf *out, Str path) {
  buf_str(out, STR("\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\""));
  uri(out, path);
  buf_str(out, STR("\"}"));
}

/* What a viewer may apply. A region that ends where it starts is a place to insert. */
static void fixes(Buf *out, const LintResult *r, const sigmac_diagnostic *d) {
  bool safe = d->fix == SIGMAC_FIX_SAFE;
  buf_str(out, STR(",\"fixes\":[{"));
  message(out, r, "description", safe ? STR("safe: the rule finds the same events") : STR("unsafe: the rule may find other events"),
          "", STR(""));
  buf_str(out, STR(",\"artifactChanges\":[{\"artifactLocation\":{\"uri\":\""));
  uri(out, str_in(d->path));
  buf_str(out, STR("\"},\"replacements\":["));
  for (uint32_t i = 0; i < d->edits_n; i++) {
    const sigmac_edit *e = &d->edits[i];
    buf_printf(out, "%s{\"deletedRegion\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}", i ? "," : "",
               e->line, e->column, e->end_line, e->end_column);
    if (e->text.n) {
      buf_str(out, STR(",\"insertedContent\":{"));
      string(out, "text", str_in(e->text));
      buf_char(out, '}');
    }
    buf_char(out, '}');
  }
  buf_str(out, STR("]}]}]"));
}

static void result(Buf *out, const LintResult *r, const sigmac_diagnostic *d) {
  buf_printf(out, "{\"ruleId\":\"%s\",\"ruleIndex\":%u,\"level\":\"%s\",", d->id, number_of(r, d->id), level[d->severity]);
  message(out, r, "message", str_in(d->message), "\nhint: ", str_in(d->hint));
  buf_char(out, ',');
  location(out, str_in(d->path));
  buf_printf(out, ",\"region\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}}}]", d->line, d->column,
             d->end_line, d->end_column);
  if (d->fix != SIGMAC_FIX_NONE) fixes(out, r, d);
  buf_char(out, '}');
}

/* Which files had more findings than are given out. */
static void notifications(Buf *out, const LintResult *r) {
  const char *comma = "";
  for (uint32_t i = 0; i < r->findings.n; i++) {
    const sigmac_diagnostic *d = &r->findings.p[i];
    if (!d->omitted) continue;
    buf_printf(out, "%s{\"level\":\"warning\",\"message\":{\"text\":\"%u more findings are not shown\"},", comma, d->omitted);
    location(out, str_in(d->path));
    buf_str(out, STR("}}]}"));
    comma = ",\n";
  }
}

static void driver(Buf *out, const LintResult *r) {
  const sigmac_check *c;
  buf_printf(out, "{\"name\":\"sigmac lint\",\"version\":\"%s\",\"semanticVersion\":\"%s\",\"rules\":[\n", sigmac_version(),
             sigmac_version());
  for (unsigned i = 0; (c = sigmac_check_get(i)); i++) {
    if (i) buf_str(out, STR(",\n"));
    rule(out, r, c);
  }
  for (uint32_t k = 0; k < r->foreign.n; k++) {
    buf_printf(out, ",\n{\"id\":\"%s\",", r->foreign.p[k].id);
    message(out, r, "shortDescription", r->foreign.p[k].what, "", STR(""));
    buf_char(out, '}');
  }
  buf_str(out, STR("]}"));
}

void lint_write_sarif(Buf *out, const LintResult *r) {
  buf_str(out, STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n\"tool\":"
                   "{\"driver\":"));
  driver(out, r);
  buf_str(out, STR("},\n\"columnKind\":\"unicodeCodePoints\",\n\"invocations\":[{\"executionSuccessful\":true,"
                   "\"toolExecutionNotifications\":["));
  notifications(out, r);
  buf_str(out, STR("]}],\n\"results\":[\n"));
  for (uint32_t i = 0; i < r->findings.n; i++) {
    if (i) buf_str(out, STR(",\n"));
    result(out, r, &r->findings.p[i]);
  }
  buf_printf(out, "],\n\"properties\":{\"suppressed\":%u,\"baseline\":%u}}]}\n", r->summary.suppressed, r->summary.known);
}
