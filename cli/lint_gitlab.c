/* SPDX-License-Identifier: MIT
 * Findings as a code quality report of GitLab: an array of issues in the form of Code Climate. A fingerprint has no line in it, so that an
 * issue stays the same one where lines move; equal ones are numbered. */
#include <inttypes.h>

#include "cli/lint_output.h"

static const char *const severity[] = {"critical", "minor", "info"};

static uint64_t fingerprint(const sigmac_diagnostic *d, uint32_t number) {
  uint64_t h = str_hash(str_in(d->path));
  h = hash_bytes(h, d->id, strlen(d->id) + 1);
  h = hash_bytes(h, d->message.p, d->message.n);
  return hash_bytes(h, &number, sizeof number);
}

/* How many equal ones stand in front of it. Those of a file stand together, and are not many. */
static uint32_t number_of(const LintResult *r, uint32_t i) {
  const sigmac_diagnostic *d = &r->findings.p[i];
  uint32_t n = 0;
  for (uint32_t k = i; k > 0 && str_eq(str_in(r->findings.p[k - 1].path), str_in(d->path)); k--) {
    const sigmac_diagnostic *other = &r->findings.p[k - 1];
    n += strcmp(other->id, d->id) == 0 && str_eq(str_in(other->message), str_in(d->message));
  }
  return n;
}

static void place(Buf *out, const sigmac_diagnostic *d, uint32_t begin, uint32_t end) {
  Str path = str_in(d->path);
  buf_str(out, STR(",\"location\":{\"path\":"));
  buf_json(out, str_starts(path, STR("./")) ? str_from(path, 2) : path);
  buf_printf(out, ",\"lines\":{\"begin\":%u,\"end\":%u}}}", begin, end);
}

static void omitted(Buf *out, const sigmac_diagnostic *d) {
  buf_printf(out,
             ",\n{\"description\":\"%u more findings are not shown\",\"check_name\":\"omitted\",\"fingerprint\":\"%016" PRIx64
             "\",\"severity\":\"info\"",
             d->omitted, str_hash(str_in(d->path)));
  place(out, d, 1, 1);
}

static void issue(Buf *out, const LintResult *r, uint32_t i) {
  const sigmac_diagnostic *d = &r->findings.p[i];
  Buf text = {.arena = r->arena};
  buf_str(&text, str_in(d->message));
  if (d->hint.n) buf_printf(&text, "; " STR_FMT, STR_ARG(str_in(d->hint)));
  buf_str(out, STR("{\"description\":"));
  buf_json(out, buf_view(&text));
  buf_printf(out, ",\"check_name\":\"%s\",\"fingerprint\":\"%016" PRIx64 "\",\"severity\":\"%s\"", d->id,
             fingerprint(d, number_of(r, i)), severity[d->severity]);
  place(out, d, d->line, d->end_line);
  if (d->omitted) omitted(out, d);
}

void lint_write_gitlab(Buf *out, const LintResult *r) {
  buf_char(out, '[');
  for (uint32_t i = 0; i < r->findings.n; i++) {
    buf_str(out, i ? STR(",\n") : STR("\n"));
    issue(out, r, i);
  }
  buf_str(out, STR("]\n"));
}
