/* SPDX-License-Identifier: MIT
 * Links of `references`. */
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

/* `/` + 40 digits or small letters + `/`, as a commit stands in a path. */
static bool has_commit(Str link) {
  for (size_t from = 0;;) {
    size_t slash = str_find(link, STR("/"), from), i = slash + 1;
    if (slash == SIZE_MAX) return false;
    while (i < link.n && (ascii_digit(link.p[i]) || (link.p[i] >= 'a' && link.p[i] <= 'z'))) i++;
    if (i < link.n && link.p[i] == '/' && i - slash - 1 == 40) return true;
    from = slash + 1;
  }
}

/* Ends in a point and 1 to 3 letters, digits or `_`: as the link of a file does, and that of a folder does not. */
static bool names_file(Str link) {
  for (size_t n = 1; n <= 3 && n < link.n; n++) {
    char c = link.p[link.n - n];
    if (!ascii_letter(c) && !ascii_digit(c) && c != '_') return false;
    if (link.p[link.n - n - 1] == '.') return true;
  }
  return false;
}

static bool is_branch_link(Str link) {
  static const char *const hosts[] = {"https://github.com/", "https://gitlab.com/"};
  bool host = str_starts(link, str_of(hosts[0])) || str_starts(link, str_of(hosts[1]));
  return host && names_file(link) && !has_commit(link);
}

void check_links(Lint *l, const LintAt *at) {
  const YamlNode *list = meta_list(at->doc, "references");
  for (uint32_t i = 0; list && i < list->n; i++) {
    const YamlNode *e = list->items[i];
    if (!yaml_is_text(e)) continue;
    if (str_starts(e->text, STR("https://attack.mitre.org/"))) {
      lint_report(l, CHECK_mitre_link, e->at, "a link to a page of ATT&CK");
      lint_hint(l, "write a tag such as `attack.t1059`");
      fix_attack_link(l, at->doc, list, i);
    } else if (is_branch_link(e->text)) {
      lint_report(l, CHECK_github_branch_link, e->at, "the link is to a branch, which will change, not to a commit");
      lint_hint(l, "write the 40 digits of the commit for the name of the branch");
    }
  }
}
