/* SPDX-License-Identifier: MIT
 * Regular expressions in the syntaxes of the targets, one JSON object per line, for a comparison with their engines:
 *   regex_cases            patterns from standard input, each a line "flags TAB pattern" (flags: letters of i, m, s)
 *   regex_cases N [SEED]   N random portable patterns with texts, and whether each text matches
 * {"pattern","flags","rust","lucene","texts","matches"}; what is refused is {"at","construct","instead"} in place of the text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "backends/regex_text.h"
#include "tests/support/regex_gen.h"
#include "tests/support/regex_sets.h"

typedef bool Print(Arena *arena, const RegexNode *root, Str *out, RegexRefusal *why);

static void refused(Buf *out, size_t at, const char *construct, const char *instead) {
  buf_printf(out, "{\"at\":%zu,\"construct\":", at);
  buf_json(out, str_of(construct));
  buf_str(out, STR(",\"instead\":"));
  buf_json(out, str_of(instead ? instead : ""));
  buf_char(out, '}');
}

static void printed(Buf *out, const char *name, Print *print, const RegexNode *root, Arena *a) {
  Str text;
  RegexRefusal why;
  buf_printf(out, ",\"%s\":", name);
  if (print(a, root, &text, &why)) buf_json(out, text);
  else refused(out, why.at, why.construct, why.instead);
}

static void begin(Buf *out, Str pattern, unsigned flags) {
  buf_str(out, STR("{\"pattern\":"));
  buf_json(out, pattern);
  buf_printf(out, ",\"flags\":%u", flags);
}

static void both(Buf *out, const RegexNode *root, Arena *a) {
  printed(out, "rust", regex_print_rust, root, a);
  printed(out, "lucene", regex_print_lucene, root, a);
}

static void texts(Buf *out, Gen *g, const RegexNode *root, Arena *a) {
  enum { TEXTS = 20 };
  bool hits[TEXTS];
  buf_str(out, STR(",\"texts\":["));
  for (int i = 0; i < TEXTS; i++) {
    Buf text = {.arena = a};
    regex_gen_text(g, &text, root);
    hits[i] = regex_sets_search(root, buf_view(&text), a);
    if (i) buf_char(out, ',');
    buf_json(out, buf_view(&text));
  }
  buf_str(out, STR("],\"matches\":["));
  for (int i = 0; i < TEXTS; i++) buf_printf(out, "%s%d", i ? "," : "", hits[i]);
  buf_char(out, ']');
}

static bool random_case(Buf *out, Gen *g, Arena *a) {
  Buf pattern = {.arena = a};
  RegexTree tree;
  regex_gen_pattern(g, &pattern);
  unsigned flags = gen_below(g, 2) ? 0 : gen_below(g, 8);
  if (!regex_parse(&tree, buf_view(&pattern), flags, a)) return false;
  begin(out, buf_view(&pattern), flags);
  both(out, tree.root, a);
  texts(out, g, tree.root, a);
  return true;
}

static void given_case(Buf *out, const char *line, Arena *a) {
  unsigned flags = 0;
  RegexTree tree;
  for (; *line && *line != '\t'; line++) flags |= *line == 'i' ? REGEX_IGNORECASE : *line == 'm' ? REGEX_MULTILINE : REGEX_DOTALL;
  Str pattern = str_of(line + (*line == '\t'));
  begin(out, pattern, flags);
  if (regex_parse(&tree, pattern, flags, a)) {
    both(out, tree.root, a);
    return;
  }
  buf_str(out, STR(",\"refused\":"));
  refused(out, tree.offset, tree.construct, NULL);
}

static void finish(Buf *out) {
  buf_str(out, STR("}\n"));
  fwrite(out->p, 1, out->n, stdout);
  out->n = 0;
}

int main(int argc, char **argv) {
  Gen g = gen_seeded(argc > 2 ? strtoull(argv[2], NULL, 10) : 1);
  Arena a = {0};
  Buf out = {0};
  char line[70000];
  for (long i = argc > 1 ? atol(argv[1]) : 0; i > 0;) {
    if (random_case(&out, &g, &a)) {
      finish(&out);
      i--;
    }
    out.n = 0;
    arena_reset(&a);
  }
  while (argc < 2 && fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = '\0';
    given_case(&out, line, &a);
    finish(&out);
    arena_reset(&a);
  }
  buf_free(&out);
  arena_free(&a);
  return 0;
}
