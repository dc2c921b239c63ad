/* SPDX-License-Identifier: MIT
 * Checks explained: for people, for programs, and for docs/linting.md. */
#include "cli/lint_output.h"

static void indented(Buf *out, Str text, const char *indent) {
  for (size_t from = 0; from < text.n;) {
    size_t to = str_find(text, STR("\n"), from);
    if (to == SIZE_MAX) to = text.n;
    buf_printf(out, "%s" STR_FMT "\n", to > from ? indent : "", STR_ARG(str_sub(text, from, to)));
    from = to + 1;
  }
}

/* The tables have sentences without a capital at the beginning and without a full stop. */
static void sentence(Buf *out, const char *text) {
  char first = text[0];
  buf_char(out, first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first);
  if (first) buf_str(out, str_of(text + 1));
  buf_char(out, '.');
}

static const char *const fix_name[] = {"none", "safe", "unsafe"};

/* Of its findings, at most. */
static const char *fix_words(const sigmac_check *c) {
  static const char *const words[] = {"", "`sigmac lint --fix` does it.", "`sigmac lint --fix --unsafe` does it."};
  return words[c->fix];
}

static void as_text(Buf *out, const sigmac_check *c, bool colour) {
  buf_printf(out, "%s%s%s  %s, profile %s\n\n  ", colour ? "\033[1m" : "", c->id, colour ? "\033[0m" : "",
             lint_severity_name[c->severity], c->profile);
  sentence(out, c->what);
  buf_str(out, STR("\n  What to do: "));
  buf_str(out, str_of(c->advice));
  buf_str(out, STR(".\n"));
  if (c->fix != SIGMAC_FIX_NONE) buf_printf(out, "  Fix: %s\n", fix_words(c));
  if (*c->bad) {
    buf_str(out, STR("\n  It is found in:\n\n"));
    indented(out, str_of(c->bad), "      ");
  }
  if (*c->good) {
    buf_str(out, STR("\n  Mended:\n\n"));
    indented(out, str_of(c->good), "      ");
  }
}

static void block(Buf *out, const char *title, const char *lines) {
  if (!*lines) return;
  buf_printf(out, "\n%s:\n\n```yaml\n", title);
  indented(out, str_of(lines), "");
  buf_str(out, STR("```\n"));
}

static void as_markdown(Buf *out, const sigmac_check *c) {
  buf_printf(out, "\n### %s\n\n", c->id);
  sentence(out, c->what);
  buf_printf(out, " Severity: %s; profile: %s.\n\nWhat to do: ", lint_severity_name[c->severity], c->profile);
  buf_str(out, str_of(c->advice));
  buf_printf(out, ".%s%s\n", c->fix == SIGMAC_FIX_NONE ? "" : " ", fix_words(c));
  block(out, "It is found in", c->bad);
  block(out, "Mended", c->good);
}

static void member(Buf *out, const char *name, const char *text) {
  buf_printf(out, "%s\"%s\":", *name == 'i' ? "{" : ",", name);
  buf_json(out, str_of(text));
}

static void as_json(Buf *out, const sigmac_check *c) {
  member(out, "id", c->id);
  member(out, "severity", lint_severity_name[c->severity]);
  member(out, "profile", c->profile);
  member(out, "scope", c->scope);
  member(out, "fix", fix_name[c->fix]);
  member(out, "what", c->what);
  member(out, "advice", c->advice);
  member(out, "bad", c->bad);
  member(out, "good", c->good);
  buf_char(out, '}');
}

bool lint_explain(Buf *out, Str id, ExplainFormat format, bool colour) {
  const sigmac_check *c;
  bool all = str_is(id, "all"), found = false;
  if (format == EXPLAIN_JSON) buf_char(out, '[');
  for (unsigned i = 0; (c = sigmac_check_get(i)); i++) {
    if (!all && !str_is(id, c->id)) continue;
    switch (format) {
    case EXPLAIN_TEXT:
      if (found) buf_char(out, '\n');
      as_text(out, c, colour);
      break;
    case EXPLAIN_JSON:
      if (found) buf_str(out, STR(",\n"));
      as_json(out, c);
      break;
    case EXPLAIN_MARKDOWN: as_markdown(out, c); break;
    }
    found = true;
  }
  if (format == EXPLAIN_JSON) buf_str(out, STR("]\n"));
  return found;
}

const char *lint_nearest(Str id) {
  const sigmac_check *c;
  const char *nearest = NULL;
  unsigned least = 4; /* letters that may differ, and one */
  for (unsigned i = 0; (c = sigmac_check_get(i)); i++) {
    unsigned distance = str_distance(id, str_of(c->id), least - 1);
    if (distance < least) nearest = c->id, least = distance;
    if (!least) break;
  }
  return nearest;
}
