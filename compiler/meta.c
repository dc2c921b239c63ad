/* SPDX-License-Identifier: MIT
 * Metadata of documents (semantics 2). Every error of a document is reported, each at its value. */
#include "base/utf8.h"
#include "compiler/rule_internal.h"

static void broken(DocReader *r) { r->rule->broken = true; }

/* The value of an attribute; null counts as absent (semantics 2). */
static const YamlNode *attribute(const DocReader *r, const char *key) {
  const YamlNode *n = yaml_get(r->rule->root, key);
  return yaml_is_null(n) ? NULL : n;
}

static bool type_error(DocReader *r, DiagId id, const YamlNode *n, const char *what, const char *wanted) {
  diag_error(r->diags, id, n->at, "%s must be %s, not %s", what, wanted, yaml_kind_words(n));
  if (n->kind == YAML_SCALAR) diag_hint(r->diags, "put it in quotes to make it text");
  broken(r);
  return false;
}

static bool read_text(DocReader *r, Text *out, const char *key) {
  const YamlNode *n = attribute(r, key);
  char what[40] = "`";
  if (!n) return false;
  strncat(what, key, 30);
  strcat(what, "`");
  if (!yaml_is_text(n)) return type_error(r, ID_field_type, n, what, "text");
  *out = (Text){n->text, n->at};
  return true;
}

bool read_texts(DocReader *r, TextList *out, const YamlNode *n, const char *what, DiagId id, bool single) {
  uint32_t count = n->kind == YAML_LIST ? n->n : 1;
  if (n->kind != YAML_LIST && !(single && yaml_is_text(n))) {
    type_error(r, id, n, what, single ? "a list of texts or one text" : "a list of texts");
    if (yaml_is_text(n)) diag_hint(r->diags, "write it as a list: a line with `- ` in front");
    return false;
  }
  out->p = arena_array(r->arena, Text, count);
  for (uint32_t i = 0; i < count; i++) {
    const YamlNode *e = n->kind == YAML_LIST ? n->items[i] : n;
    if (!yaml_is_text(e)) return type_error(r, id, e, "each entry", "text");
    out->p[out->n++] = (Text){e->text, e->at};
  }
  return true;
}

static void read_list(DocReader *r, TextList *out, const char *key) {
  const YamlNode *n = attribute(r, key);
  char what[40] = "`";
  if (!n) return;
  strncat(what, key, 30);
  strcat(what, "`");
  read_texts(r, out, n, what, ID_field_type, false);
}

/* --- single attributes ------------------------------------------------------------------------------------- */

enum { TITLE_MAX = 256, DESCRIPTION_MAX = 65535 };

static void read_title(DocReader *r) {
  const YamlNode *n = yaml_get(r->rule->root, "title");
  if (!n) {
    diag_error(r->diags, ID_missing_title, doc_start(r), "no `title`");
    diag_hint(r->diags, "add a line such as `title: Suspicious Process`");
    broken(r);
    return;
  }
  if (yaml_is_null(n) || (yaml_is_text(n) && !n->text.n)) {
    diag_error(r->diags, ID_empty_title, n->at, "`title` is empty");
    broken(r);
    return;
  }
  if (!read_text(r, &r->rule->title, "title")) return;
  size_t length = utf8_count(n->text);
  if (length <= TITLE_MAX) return;
  diag_error(r->diags, ID_title_too_long, n->at, "`title` has %zu characters, more than %d", length, TITLE_MAX);
  broken(r);
}

bool is_uuid(Str s) {
  if (s.n != 36) return false;
  for (size_t i = 0; i < s.n; i++) {
    char c = ascii_lower(s.p[i]);
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : !(ascii_digit(c) || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

static void read_id(DocReader *r) {
  const YamlNode *n = attribute(r, "id");
  if (!n) return;
  if (!yaml_is_text(n) || !is_uuid(n->text)) {
    diag_error(r->diags, ID_invalid_id, n->at, "`id` is not a UUID");
    diag_hint(r->diags, "write 32 hexadecimal digits as 8-4-4-4-12, such as 929a690e-bef0-4204-a928-ef5e620d6fcc");
    broken(r);
    return;
  }
  r->rule->id = (Text){n->text, n->at};
}

static const char *nearest(Str s, const char *const *words) {
  const char *best = NULL;
  unsigned least = 3;
  for (; *words; words++) {
    unsigned d = str_distance(s, str_of(*words), 2);
    if (d >= least) continue;
    least = d;
    best = *words;
  }
  return best;
}

static void read_word(DocReader *r, Text *out, const char *key, const char *const *words, DiagId id) {
  const YamlNode *n = attribute(r, key);
  if (!n) return;
  for (const char *const *w = words; yaml_is_text(n) && *w; w++) {
    if (!str_eq_nocase(n->text, str_of(*w))) continue;
    if (!str_is(n->text, *w)) {
      diag_warning(r->diags, id, n->at, "`%s` should be in lower case", key);
      diag_hint(r->diags, "write `%s: %s`", key, *w);
    }
    *out = (Text){str_of(*w), n->at};
    return;
  }
  if (yaml_is_text(n)) diag_error(r->diags, id, n->at, "`" STR_FMT "` is no %s", STR_ARG(n->text), key);
  else diag_error(r->diags, id, n->at, "`%s` must be one word, not %s", key, yaml_kind_words(n));
  const char *near = yaml_is_text(n) ? nearest(n->text, words) : NULL;
  if (near) {
    diag_hint(r->diags, "did you mean `%s`?", near);
  } else {
    Str all = STR("");
    for (const char *const *w = words; *w; w++) all = arena_printf(r->arena, STR_FMT "%s%s", STR_ARG(all), all.n ? ", " : "", *w);
    diag_hint(r->diags, "known are " STR_FMT, STR_ARG(all));
  }
  broken(r);
}

static bool real_day(Str s, char dash) {
  if (s.n != 10 || s.p[4] != dash || s.p[7] != dash) return false;
  int part[3] = {0};
  for (size_t i = 0, k = 0; i < s.n; i++) {
    if (i == 4 || i == 7) {
      k++;
      continue;
    }
    if (!ascii_digit(s.p[i])) return false;
    part[k] = part[k] * 10 + (s.p[i] - '0');
  }
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (part[0] % 4 == 0 && part[0] % 100 != 0) || part[0] % 400 == 0;
  if (part[1] < 1 || part[1] > 12) return false;
  return part[2] >= 1 && part[2] <= days[part[1] - 1] + (leap && part[1] == 2);
}

static void read_date(DocReader *r, Text *out, const char *key, DiagId id) {
  const YamlNode *n = attribute(r, key);
  if (!n) return;
  if (yaml_is_text(n) && real_day(n->text, '-')) {
    *out = (Text){n->text, n->at};
    return;
  }
  if (yaml_is_text(n) && real_day(n->text, '/')) {
    diag_warning(r->diags, id, n->at, "`%s` is written with slashes, as before Sigma 2.0", key);
    diag_hint(r->diags, "write %.4s-%.2s-%.2s", n->text.p, n->text.p + 5, n->text.p + 8);
    *out = (Text){n->text, n->at};
    return;
  }
  diag_error(r->diags, id, n->at, "`%s` is not an existing day in the form YYYY-MM-DD", key);
  broken(r);
}

static void read_tags(DocReader *r) {
  uint32_t errors = r->diags->errors;
  read_list(r, &r->rule->tags, "tags");
  if (r->diags->errors > errors) return;
  for (uint32_t i = 0; i < r->rule->tags.n; i++) {
    Text t = r->rule->tags.p[i];
    size_t dot = str_find(t.text, STR("."), 0);
    if (dot != SIZE_MAX && dot > 0 && dot + 1 < t.text.n) continue;
    diag_error(r->diags, ID_tag_format, t.at, "the tag `" STR_FMT "` is not `namespace.name`", STR_ARG(t.text));
    diag_hint(r->diags, "write it as in `attack.t1059`");
    broken(r);
  }
}

static void read_related_entry(DocReader *r, const YamlNode *e) {
  static const char *const types[] = {"derived", "obsolete", "merged", "renamed", "similar", "correlation", NULL};
  const YamlNode *id = yaml_get(e, "id"), *type = yaml_get(e, "type");
  if (!id || !type) {
    diag_error(r->diags, ID_related_incomplete, e->at, "an entry of `related` needs `id` and `type`");
    broken(r);
  }
  if (id && (!yaml_is_text(id) || !is_uuid(id->text))) {
    diag_error(r->diags, ID_related_id, id->at, "the `id` of a related rule is not a UUID");
    broken(r);
  }
  if (!type) return;
  for (const char *const *w = types; yaml_is_text(type) && *w; w++)
    if (str_is(type->text, *w)) return;
  diag_error(r->diags, ID_related_type, type->at,
             "the `type` of a related rule is none of derived, obsolete, merged, renamed, similar");
  const char *near = yaml_is_text(type) ? nearest(type->text, types) : NULL;
  if (near) diag_hint(r->diags, "did you mean `%s`?", near);
  broken(r);
}

static void read_related(DocReader *r) {
  const YamlNode *n = attribute(r, "related");
  if (!n) return;
  if (n->kind != YAML_LIST) {
    type_error(r, ID_field_type, n, "`related`", "a list of maps");
    return;
  }
  for (uint32_t i = 0; i < n->n; i++) {
    if (n->items[i]->kind == YAML_MAP) read_related_entry(r, n->items[i]);
    else type_error(r, ID_field_type, n->items[i], "an entry of `related`", "a map with `id` and `type`");
  }
}

static void read_name(DocReader *r, Text *out, const char *key) {
  if (!read_text(r, out, key) || out->text.n) return;
  diag_error(r->diags, ID_empty_name, out->at, "`%s` is empty", key);
  broken(r);
}

void read_metadata(DocReader *r) {
  static const char *const statuses[] = {"stable", "test", "experimental", "deprecated", "unsupported", NULL};
  static const char *const levels[] = {"informational", "low", "medium", "high", "critical", NULL};
  Rule *rule = r->rule;
  read_title(r);
  read_id(r);
  read_name(r, &rule->name, "name");
  read_name(r, &rule->taxonomy, "taxonomy");
  if (read_text(r, &rule->description, "description") && utf8_count(rule->description.text) > DESCRIPTION_MAX) {
    diag_error(r->diags, ID_description_too_long, rule->description.at, "`description` has more than %d characters",
               DESCRIPTION_MAX);
    broken(r);
  }
  read_text(r, &rule->author, "author");
  read_text(r, &rule->license, "license");
  read_word(r, &rule->status, "status", statuses, ID_invalid_status);
  read_word(r, &rule->level, "level", levels, ID_invalid_level);
  read_date(r, &rule->date, "date", ID_invalid_date);
  read_date(r, &rule->modified, "modified", ID_invalid_modified);
  read_related(r);
  read_list(r, &rule->references, "references");
  read_list(r, &rule->fields, "fields");
  read_list(r, &rule->falsepositives, "falsepositives");
  read_list(r, &rule->scope, "scope");
  read_tags(r);
}

/* --- log source -------------------------------------------------------------------------------------------- */

static bool read_logsource_part(DocReader *r, Text *out, const YamlNode *map, const char *key) {
  const YamlNode *n = yaml_get(map, key);
  if (!n || yaml_is_null(n)) return true;
  if (!yaml_is_text(n)) {
    diag_error(r->diags, ID_logsource_type, n->at, "`%s` of `logsource` must be text, not %s", key, yaml_kind_words(n));
    broken(r);
    return false;
  }
  *out = (Text){n->text, n->at};
  return true;
}

bool read_logsource(DocReader *r, DiagId missing) {
  const YamlNode *n = attribute(r, "logsource");
  Logsource *l = &r->rule->logsource;
  if (!n) {
    diag_error(r->diags, missing, doc_start(r), "no `logsource`");
    diag_hint(r->diags, "add a map with at least one of category, product, service");
    broken(r);
    return false;
  }
  l->at = n->at;
  bool ok = n->kind == YAML_MAP;
  ok = ok && read_logsource_part(r, &l->category, n, "category");
  ok = read_logsource_part(r, &l->product, n, "product") && ok;
  ok = read_logsource_part(r, &l->service, n, "service") && ok;
  ok = read_logsource_part(r, &l->definition, n, "definition") && ok;
  if (n->kind == YAML_MAP && (!ok || l->category.text.n || l->product.text.n || l->service.text.n)) return ok;
  diag_error(r->diags, ID_empty_logsource, yaml_key(r->rule->root, "logsource")->at,
             "`logsource` must be a map with at least one of category, product, service");
  broken(r);
  return false;
}
