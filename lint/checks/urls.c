/* SPDX-License-Identifier: MIT
 * References that are no links, or links that say less than they should: behind a shortener, or with a tracking parameter. */
#include "lint/checks/metadata.h"
#include "lint/checks/values.h"
#include "lint/edit.h"

/* What an author writes who has nothing to link to, letter case aside, perhaps with more behind it. */
static bool is_own_work(Str s) {
  static const char *const starts[] = {"internal research", "personal research", "personal experience", "self experience"};
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
    size_t n = strlen(starts[i]);
    if (s.n >= n && str_eq_nocase(str_sub(s, 0, n), str_of(starts[i]))) return true;
  }
  return false;
}

/* The bytes of scheme, `:` and slashes; 0 where the text does not begin with those of http or https and a host. */
static size_t scheme(Str s) {
  static const char *const schemes[] = {"https://", "http://"};
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
    size_t n = strlen(schemes[i]);
    if (s.n > n && str_eq_nocase(str_sub(s, 0, n), str_of(schemes[i])) && !memchr("/?#:", s.p[n], 4)) return n;
  }
  return 0;
}

static Str host_of(Str s, size_t from) {
  size_t to = from;
  while (to < s.n && !memchr("/?#:", s.p[to], 4)) to++;
  return str_sub(s, from, to);
}

static bool is_shortener(Str host) {
  static const char *const hosts[] = {"bit.ly",  "t.co",    "goo.gl",  "tinyurl.com", "ow.ly",   "is.gd",
                                      "buff.ly", "lnkd.in", "cutt.ly", "rebrand.ly",  "tiny.cc", "rb.gy"};
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
    if (str_eq_nocase(host, str_of(hosts[i]))) return true;
  return false;
}

/* --- tracking parameters ------------------------------------------------------------------------------------- */

static bool is_tracking(Str name) {
  static const char *const names[] = {"fbclid", "gclid",  "gclsrc", "dclid",   "msclkid", "yclid", "twclid",
                                      "mc_cid", "mc_eid", "igshid", "mkt_tok", "_hsenc",  "_hsmi"};
  if (name.n > 4 && str_eq_nocase(str_sub(name, 0, 4), STR("utm_"))) return true;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eq_nocase(name, str_of(names[i]))) return true;
  return false;
}

typedef struct {
  size_t mark, end;   /* the query: from its `?` to the fragment or the end */
  size_t first, last; /* the first tracking parameter */
  Buf kept;           /* the query without such parameters, with its `?` if anything is left */
} Query;

/* False: no parameter of the link is there for tracking. */
static bool read_query(Query *q, Str s) {
  const char *hash = memchr(s.p, '#', s.n);
  q->end = hash ? (size_t)(hash - s.p) : s.n;
  const char *mark = memchr(s.p, '?', q->end);
  if (!mark) return false;
  q->mark = (size_t)(mark - s.p);
  for (size_t from = q->mark + 1; from <= q->end;) {
    size_t to = from, name = from;
    while (to < q->end && s.p[to] != '&') to++;
    while (name < to && s.p[name] != '=') name++;
    if (is_tracking(str_sub(s, from, name))) {
      if (!q->last) q->first = from, q->last = to;
    } else {
      buf_char(&q->kept, q->kept.n ? '&' : '?');
      buf_str(&q->kept, str_sub(s, from, to));
    }
    from = to + 1;
  }
  return q->last;
}

static void check_query(Lint *l, const LintAt *at, const YamlNode *n) {
  Arena *scratch = arena_sub(l->arena);
  Query q = {.kept = {.arena = scratch}};
  if (read_query(&q, n->text)) {
    lint_report(l, CHECK_reference_url, value_span(at, n, q.first, q.last), "`" STR_FMT "` is a parameter for tracking",
                STR_ARG(str_sub(n->text, q.first, q.last)));
    lint_hint(l, "write `" STR_FMT STR_FMT STR_FMT "`", STR_ARG(str_sub(n->text, 0, q.mark)), STR_ARG(buf_view(&q.kept)),
              STR_ARG(str_from(n->text, q.end)));
    edit_part(l, at->file, n, q.mark, q.end, buf_view(&q.kept));
  }
  arena_sub_done(scratch);
}

/* --- the check ----------------------------------------------------------------------------------------------- */

static void check_link(Lint *l, const LintAt *at, const YamlNode *n) {
  Str s = n->text;
  size_t from = scheme(s), blank = 0;
  if (is_own_work(s)) return;
  if (!from) {
    lint_report(l, CHECK_reference_url, n->at, "`" STR_FMT "` is no absolute link", STR_ARG(s));
    lint_hint(l, "write a link with http:// or https://, or `Internal Research`");
    return;
  }
  while (blank < s.n && (unsigned char)s.p[blank] > ' ') blank++;
  if (blank < s.n) {
    lint_report(l, CHECK_reference_url, value_span(at, n, blank, blank + 1), "a blank in a link");
    lint_hint(l, "write what is no part of the link as a comment behind ` #`, and `%%20` where a blank is meant");
  } else if (is_shortener(host_of(s, from))) {
    lint_report(l, CHECK_reference_url, n->at, "`" STR_FMT "` shortens links: where this one leads may change or be lost",
                STR_ARG(host_of(s, from)));
    lint_hint(l, "write the link that it leads to");
  } else {
    check_query(l, at, n);
  }
}

void check_reference_url(Lint *l, const LintAt *at) {
  const YamlNode *list = meta_list(at->doc, "references");
  for (uint32_t i = 0; list && i < list->n; i++)
    if (yaml_is_text(list->items[i]) && list->items[i]->text.n) check_link(l, at, list->items[i]);
}
