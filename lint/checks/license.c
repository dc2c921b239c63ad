/* SPDX-License-Identifier: MIT
 * `license` as an SPDX licence expression (SPDX 3.0.1, annex B): identifiers of the list, with WITH, AND, OR and brackets. */
#include "lint/checks/metadata.h"

typedef struct {
  Str text;
  size_t at;
  const LintWords *ids;
  size_t from, to; /* the word that is at fault; equal at the end of the text */
} Reader;

static Str next_word(const Reader *r) {
  size_t from = r->at, to;
  while (from < r->text.n && r->text.p[from] == ' ') from++;
  to = from;
  if (to < r->text.n && memchr("()", r->text.p[to], 2)) return str_sub(r->text, to, to + 1);
  while (to < r->text.n && !memchr(" ()", r->text.p[to], 3)) to++;
  return str_sub(r->text, from, to);
}

static void pass(Reader *r, Str word) { r->at = (size_t)(word.p - r->text.p) + word.n; }

static bool fault(Reader *r, Str word) {
  r->from = (size_t)(word.p - r->text.p);
  r->to = r->from + word.n;
  return false;
}

static bool take(Reader *r, const char *wanted) {
  Str word = next_word(r);
  if (!str_eq_nocase(word, str_of(wanted))) return false;
  pass(r, word);
  return true;
}

/* Letters, digits, `-` and `.`, at least one. */
static bool is_idstring(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && s.p[i] != '-' && s.p[i] != '.') return false;
  return s.n;
}

static bool has_prefix(Str s, Str prefix) { return s.n > prefix.n && str_eq_nocase(str_sub(s, 0, prefix.n), prefix); }

/* `LicenseRef-x`, also of another document: `DocumentRef-y:LicenseRef-x`. */
static bool is_own(Str word) {
  size_t colon = str_find(word, STR(":"), 0);
  Str license = colon == SIZE_MAX ? word : str_from(word, colon + 1), document = str_sub(word, 0, colon == SIZE_MAX ? 0 : colon);
  if (document.n && (!has_prefix(document, STR("DocumentRef-")) || !is_idstring(document))) return false;
  return has_prefix(license, STR("LicenseRef-")) && is_idstring(license);
}

/* An identifier, `+` for later versions, WITH and an exception, of which there is no table. */
static bool read_license(Reader *r) {
  Str word = next_word(r), id = word;
  if (id.n && id.p[id.n - 1] == '+') id = str_sub(id, 0, id.n - 1);
  if (!lint_words_have(r->ids, word) && !lint_words_have(r->ids, id) && !is_own(word)) return fault(r, word);
  pass(r, word);
  if (!take(r, "WITH")) return true;
  word = next_word(r);
  if (!is_idstring(word)) return fault(r, word);
  pass(r, word);
  return true;
}

/* Letters of AND and OR have one meaning here: whether there is an expression. */
static bool read_expression(Reader *r) {
  for (size_t open = 0;;) {
    while (take(r, "(")) open++;
    if (!read_license(r)) return false;
    for (; open && take(r, ")"); open--) {
    }
    if (take(r, "AND") || take(r, "OR")) continue;
    Str word = next_word(r);
    return word.n || open ? fault(r, word) : true;
  }
}

void check_license(Lint *l, const LintAt *at) {
  const YamlNode *n = meta_text(at->doc, "license");
  if (!n || !n->text.n) return;
  Reader r = {.text = n->text, .ids = l->data.spdx};
  if (read_expression(&r)) return;
  bool part = r.to > r.from && (r.from || r.to < n->text.n);
  lint_report(l, CHECK_license_spdx, part ? yaml_sub_span(n, r.from, r.to) : n->at,
              "`" STR_FMT "` is no SPDX identifier or expression", STR_ARG(n->text));
  lint_hint(l, "write an identifier of https://spdx.org/licenses/, such as `DRL-1.1` for the Detection Rule License");
}
