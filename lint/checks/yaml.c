/* SPDX-License-Identifier: MIT
 * Checks of the tokens of a file, and of its documents as they were written. */
#include "lint/checks/yaml.h"

/* --- single tokens ------------------------------------------------------------------------------------------- */

static bool truthy(Str s) {
  static const char *const words[] = {"yes", "Yes", "YES", "no",  "No",   "NO",   "on",    "On",
                                      "ON",  "off", "Off", "OFF", "True", "TRUE", "False", "FALSE"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_is(s, words[i])) return true;
  return false;
}

/* `yes` is text (YAML 1.2 has no other booleans than true and false), and stays so in quotes. */
static void fix_truthy(const TokenCheck *c, const YamlToken *t, Str text, bool key) {
  Str word = str_eq_nocase(text, STR("true")) ? STR("true") : STR("false");
  bool boolean = !key && str_eq_nocase(text, word);
  lint_fix(c->lint, token_span(c, t), boolean ? word : arena_printf(c->arena, "'" STR_FMT "'", STR_ARG(text)));
}

static void check_scalar(const TokenCheck *c, const YamlToken *t) {
  Str text = str_sub(c->file->text, t->start, t->end);
  bool tagged = c->i && t[-1].kind == TOKEN_TAG, key = c->i && t[-1].kind == TOKEN_KEY;
  if (!t->plain) return;
  if (key && str_is(text, "<<")) lint_report(c->lint, CHECK_yaml_anchor, token_span(c, t), "a merge key");
  if (!tagged && truthy(text)) {
    lint_report(c->lint, CHECK_yaml_truthy, token_span(c, t), "`" STR_FMT "` is a boolean for some readers, and text for others",
                STR_ARG(text));
    lint_hint(c->lint, "write `true` or `false`, or '" STR_FMT "' where text is meant", STR_ARG(text));
    fix_truthy(c, t, text, key);
  }
}

static void check_token(const TokenCheck *c) {
  const YamlToken *t = &c->tokens[c->i];
  Str text = str_sub(c->file->text, t->start, t->end);
  const char *what = t->kind == TOKEN_ANCHOR  ? "the anchor"
                     : t->kind == TOKEN_ALIAS ? "the alias"
                     : t->kind == TOKEN_TAG   ? "the tag"
                                              : NULL;
  if (what) lint_report(c->lint, CHECK_yaml_anchor, token_span(c, t), "%s `" STR_FMT "`", what, STR_ARG(text));
  if (t->kind == TOKEN_ANCHOR && c->lint->kept) fix_anchor(c);
  if (t->kind == TOKEN_SCALAR) check_scalar(c, t);
}

/* --- documents ----------------------------------------------------------------------------------------------- */

typedef struct {
  bool any;               /* a document has begun */
  bool filled;            /* it has a node */
  const YamlToken *start; /* its `---`; NULL where it has none */
} DocCheck;

static void end_document(const TokenCheck *c, DocCheck *d) {
  if (d->any && !d->filled && d->start)
    lint_report(c->lint, CHECK_empty_document, token_span(c, d->start), "there is nothing in this document");
  d->start = NULL;
  d->filled = false;
}

/* With its line, where there is nothing else in it; a comment stays. */
static void fix_document_start(const TokenCheck *c, const YamlToken *t) {
  Str s = c->file->text;
  uint32_t end = t->end;
  while (end < s.n && (s.p[end] == ' ' || s.p[end] == '\t')) end++;
  if (end + 1 < s.n && s.p[end] == '\r' && s.p[end + 1] == '\n') end++;
  if (end < s.n && s.p[end] == '\n') end++;
  else if (end < s.n && s.p[end] != '#') return;
  lint_fix(c->lint, (Span){c->file->file, t->start, end}, STR(""));
}

static void document_token(TokenCheck *c, DocCheck *d) {
  const YamlToken *t = &c->tokens[c->i];
  switch ((int)t->kind) {
  case TOKEN_START: token_document(c); return;
  case TOKEN_DIRECTIVE:
  case TOKEN_DOCUMENT_END: end_document(c, d); return;
  case TOKEN_END:
    if (t->failed) d->filled = true; /* yaml-syntax tells what is there */
    end_document(c, d);
    return;
  case TOKEN_DOCUMENT_START:
    end_document(c, d);
    if (!d->any && t[-1].kind == TOKEN_START) {
      lint_report(c->lint, CHECK_yaml_document_start, token_span(c, t), "`---` in front of the first document");
      fix_document_start(c, t);
    }
    d->any = true;
    d->start = t;
    token_document(c);
    return;
  default: d->any = d->filled = true; return;
  }
}

static bool failed(const YamlTokens *tokens) {
  for (uint32_t i = 0; i < tokens->list.n; i++)
    if (tokens->list.p[i].failed) return true;
  return !tokens->list.n;
}

void check_tokens(Lint *l, const LintAt *at) {
  bool plain = !at->file->docs.broken && at->file->docs.docs.n && !lint_enabled(l, CHECK_yaml_indent);
  if (plain && !yaml_suspicious(at->file->text)) return;
  Arena *own = arena_sub(l->arena);
  YamlTokens tokens;
  DocCheck doc = {0};
  yaml_tokens(&tokens, &l->compiler.sources, at->file->file, own);
  TokenCheck c = {.lint = l, .file = at->file, .arena = own, .tokens = tokens.list.p, .n = tokens.list.n};
  token_document(&c);
  for (; c.i < c.n; c.i++) {
    document_token(&c, &doc);
    token_structure(&c);
    token_spacing(&c);
    token_comments(&c);
    check_token(&c);
  }
  if (!doc.any && !failed(&tokens))
    lint_report(l, CHECK_empty_document, (Span){at->file->file, 0, 0}, "there is nothing in the file, or only comments");
  arena_sub_done(own);
}
