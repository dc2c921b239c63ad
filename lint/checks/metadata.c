/* SPDX-License-Identifier: MIT
 * Attributes that are missing or too long, the version of an id, entries of lists. */
#include "lint/checks/metadata.h"

#include "base/utf8.h"

typedef struct {
  CheckId check;
  const char *key;
  unsigned kinds; /* of documents that should have it; the JSON schema of filters has few keys */
} MissingKey;

static const MissingKey missing_keys[] = {
  {CHECK_missing_title, "title", IN_ALL},
  {CHECK_missing_id, "id", IN_ALL},
  {CHECK_missing_status, "status", IN_RULE | IN_CORRELATION},
  {CHECK_missing_description, "description", IN_ALL},
  {CHECK_missing_references, "references", IN_RULE | IN_CORRELATION},
  {CHECK_missing_author, "author", IN_ALL},
  {CHECK_missing_date, "date", IN_ALL},
  {CHECK_missing_falsepositives, "falsepositives", IN_RULE | IN_CORRELATION},
  {CHECK_missing_tags, "tags", IN_RULE},
  {CHECK_missing_level, "level", IN_RULE | IN_CORRELATION},
};

void check_missing_keys(Lint *l, const LintAt *at) {
  const LintDoc *doc = at->doc;
  if (!meta_applies(doc)) return;
  for (size_t i = 0; i < sizeof missing_keys / sizeof *missing_keys; i++) {
    const MissingKey *m = &missing_keys[i];
    if (!(m->kinds >> doc->rule->kind & 1)) continue;
    const YamlNode *key = lint_key(doc, m->key);
    if (!key) {
      lint_report(l, m->check, lint_start(doc), "no `%s`", m->key);
    } else if (m->check != CHECK_missing_title && yaml_is_null(yaml_get(doc->root, m->key))) { /* that is empty-title */
      lint_report(l, m->check, key->at, "`%s` has no value", m->key);
    } else {
      continue;
    }
    meta_fix_missing(l, doc, m->check);
  }
}

enum { TITLE_LONGEST = 256, TITLE_LONGEST_SIGMAHQ = 120, WORD_LONGEST = 256, DESCRIPTION_LONGEST = 65535 };

static void too_long(Lint *l, CheckId check, Severity severity, const YamlNode *n, size_t longest, const char *key) {
  size_t length = n ? utf8_count(n->text) : 0;
  if (length > longest) lint_report_as(l, check, severity, n->at, "`%s` has %zu characters, more than %zu", key, length, longest);
}

/* The compiler refuses a title of more than 256 characters; SigmaHQ wants at most 120. */
void check_title_length(Lint *l, const LintAt *at) {
  const YamlNode *title = meta_text(at->doc, "title");
  bool strict = l->profile >= PROFILE_SIGMAHQ || l->wish[CHECK_title_too_long] > 0;
  if (title && utf8_count(title->text) > TITLE_LONGEST) too_long(l, CHECK_title_too_long, SEV_ERROR, title, TITLE_LONGEST, "title");
  else if (strict) too_long(l, CHECK_title_too_long, SEV_WARNING, title, TITLE_LONGEST_SIGMAHQ, "title");
}

void check_lengths(Lint *l, const LintAt *at) {
  too_long(l, CHECK_name_too_long, SEV_WARNING, meta_text(at->doc, "name"), WORD_LONGEST, "name");
  too_long(l, CHECK_taxonomy_too_long, SEV_WARNING, meta_text(at->doc, "taxonomy"), WORD_LONGEST, "taxonomy");
  too_long(l, CHECK_description_too_long, SEV_WARNING, meta_text(at->doc, "description"), DESCRIPTION_LONGEST, "description");
}

/* RFC 4122, 4.1.1 and 4.1.3: the version is the 13th digit, the variant the first bits of the 17th. */
void check_id_version(Lint *l, const LintAt *at) {
  Text id = at->doc->rule->id;
  if (!id.text.n) return;
  unsigned variant = ascii_hex(id.text.p[19]);
  if (id.text.p[14] == '4' && variant >= 8 && variant <= 11) return;
  lint_report(l, CHECK_id_not_v4, id.at, "the UUID is not a random one (version 4, variant 1)");
}

void check_entries(Lint *l, const LintAt *at) {
  meta_duplicates(l, at->file, CHECK_duplicate_reference, meta_list(at->doc, "references"), false);
  meta_duplicates(l, at->file, CHECK_duplicate_field_entry, meta_list(at->doc, "fields"), false);
  meta_duplicates(l, at->file, CHECK_duplicate_falsepositive, meta_list(at->doc, "falsepositives"), true);
  meta_too_short(l, CHECK_scope_too_short, meta_list(at->doc, "scope"));
  meta_too_short(l, CHECK_falsepositive_too_short, meta_list(at->doc, "falsepositives"));
}
