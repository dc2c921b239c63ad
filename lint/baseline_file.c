/* SPDX-License-Identifier: MIT
 * Baselines as text: {"sigmac-baseline":1,"findings":[{"path","check","line","hash","count"}]}. `line` is for people. JSON is read as the YAML that it is
 * too, whose reader gives places. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/path.h"
#include "base/utf8.h"
#include "compiler/yaml.h"
#include "lint/baseline.h"

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

Str lint_baseline_line(const Lint *l, Span at) {
  Str s = l->compiler.sources.files.p[at.file].text;
  size_t from = at.start < s.n ? at.start : s.n, to = from;
  while (from && s.p[from - 1] != '\n') from--;
  while (to < s.n && s.p[to] != '\n') to++;
  while (from < to && blank(s.p[from])) from++;
  while (to > from && blank(s.p[to - 1])) to--;
  return str_sub(s, from, to);
}

Str lint_baseline_key(Arena *a, Str path, Str check, uint64_t line) {
  return arena_printf(a, STR_FMT "\n" STR_FMT "\n%016" PRIx64, STR_ARG(path), STR_ARG(check), line);
}

/* --- reading ------------------------------------------------------------------------------------------------- */

typedef struct {
  LintBaseline *out;
  Str folder;
  Arena *arena;
  Diags *diags;
} Reader;

static void fault(const Reader *r, const YamlNode *n, const char *what) {
  diag_error(r->diags, ID_lint_baseline, n->at, "%s", what);
}

static const YamlNode *member(const Reader *r, const YamlNode *map, const char *name) {
  const YamlNode *n = yaml_get(map, name);
  if (n && n->kind == YAML_SCALAR && n->text.n) return n;
  diag_error(r->diags, ID_lint_baseline, n ? n->at : map->at, "`%s` is missing", name);
  return NULL;
}

static bool read_hash(Str s, uint64_t *out) {
  enum { DIGITS = 16 };
  *out = 0;
  for (size_t i = 0; i < s.n && i < DIGITS; i++) {
    if (ascii_hex(s.p[i]) > 15) return false;
    *out = *out << 4 | ascii_hex(s.p[i]);
  }
  return s.n == DIGITS;
}

static bool read_count(Str s, uint32_t *out) {
  enum { MOST = 9 };
  *out = 0;
  for (size_t i = 0; i < s.n && s.n <= MOST; i++) {
    if (!ascii_digit(s.p[i])) return false;
    *out = *out * 10 + (uint32_t)(s.p[i] - '0');
  }
  return s.n <= MOST && *out > 0;
}

static void read_finding(Reader *r, const YamlNode *n) {
  if (n->kind != YAML_MAP) {
    fault(r, n, "a finding is a map");
    return;
  }
  const YamlNode *path = member(r, n, "path"), *check = member(r, n, "check"), *hash = member(r, n, "hash"),
                 *count = member(r, n, "count");
  Known k = {0};
  if (!path || !check || !hash || !count) return;
  if (!read_hash(hash->text, &k.line)) fault(r, hash, "not 16 hexadecimal digits");
  if (!read_count(count->text, &k.count)) fault(r, count, "no number from 1 on");
  k.path = path_absolute(r->arena, r->folder, path->text);
  k.check = arena_dup(r->arena, check->text);
  uint32_t known = r->out->keys.names.n, i = intern_id(&r->out->keys, lint_baseline_key(r->arena, k.path, k.check, k.line));
  if (i < known) r->out->list.p[i].count += k.count;
  else *vec_add(r->arena, &r->out->list) = k;
}

static void read_document(Reader *r, const YamlDocs *docs, Span start) {
  const YamlNode *root = docs->docs.n == 1 && docs->docs.p[0]->kind == YAML_MAP ? docs->docs.p[0] : NULL;
  const YamlNode *version = root ? yaml_get(root, "sigmac-baseline") : NULL, *list = root ? yaml_get(root, "findings") : NULL;
  if (!version || !list || list->kind != YAML_LIST) {
    diag_error(r->diags, ID_lint_baseline, root ? root->at : start, "this is no file that --write-baseline wrote");
    return;
  }
  if (version->kind != YAML_SCALAR || !str_is(version->text, "1")) {
    fault(r, version, "another version of such files is needed: write it anew");
    return;
  }
  for (uint32_t i = 0; i < list->n; i++) read_finding(r, list->items[i]);
}

bool lint_baseline_read(LintBaseline *b, Str folder, Sources *sources, uint32_t file, Arena *arena, Diags *diags) {
  Reader r = {b, folder, arena, diags};
  Span start = {file, 0, 0};
  YamlDocs docs = {0};
  uint32_t errors = diags->errors;
  if (!b->keys.arena) intern_init(&b->keys, arena);
  if (sources->files.p[file].text.n > LIMIT_RULE_FILE_BYTES) diag_error(diags, ID_file_too_large, start, "larger than 8 MiB");
  else if (yaml_parse(&docs, sources, file, arena, diags)) read_document(&r, &docs, start);
  return diags->errors == errors;
}

/* --- writing ------------------------------------------------------------------------------------------------- */

typedef struct {
  Str path, line;
  const char *check;
  uint64_t hash;
} Row;

static int by_row(const void *x, const void *y) {
  const Row *a = x, *b = y;
  int c = str_cmp(a->path, b->path);
  if (!c) c = strcmp(a->check, b->check);
  if (!c) c = str_cmp(a->line, b->line);
  return c ? c : (a->hash > b->hash) - (a->hash < b->hash);
}

static Row *rows_of(const Lint *l, Str folder, Arena *scratch) {
  Row *rows = arena_array(scratch, Row, l->findings.n);
  Str path = {0};
  for (uint32_t i = 0; i < l->findings.n; i++) {
    const Finding *f = &l->findings.p[i];
    if (!i || f[-1].at.file != f->at.file) path = path_relative(scratch, folder, lint_absolute(l, l->files.p[f->at.file].path));
    Str line = lint_baseline_line(l, f->at);
    rows[i] = (Row){path, line, checks[f->check].id, str_hash(line)};
  }
  if (l->findings.n) qsort(rows, l->findings.n, sizeof *rows, by_row);
  return rows;
}

/* Not more than a person reads. */
static Str shortened(Str line) {
  enum { MOST = 100 };
  size_t n = line.n < MOST ? line.n : MOST;
  while (n && n < line.n && ((unsigned char)line.p[n] & 0xC0) == 0x80) n--;
  return str_sub(line, 0, n);
}

/* What YAML has not among its characters, or takes for the end of a line: YAML 1.1 (which libyaml reads), sections 4.1.1 and 4.2. */
static bool no_yaml(uint32_t cp) {
  return (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF;
}

/* A string that is the same in JSON and in YAML. */
static void write_text(Buf *out, Str text, Arena *scratch) {
  Buf json = {.arena = scratch};
  buf_json(&json, text);
  Str s = buf_view(&json);
  for (size_t i = 0; i < s.n;) {
    uint32_t cp;
    size_t n = utf8_decode(s, i, &cp);
    if (no_yaml(cp)) buf_printf(out, "\\u%04x", (unsigned)cp);
    else buf_bytes(out, s.p + i, n);
    i += n ? n : 1; /* it is well-formed */
  }
}

static void write_row(Buf *out, const Row *r, uint32_t count, Arena *scratch) {
  buf_str(out, STR("\n{\"path\":"));
  write_text(out, r->path, scratch);
  buf_printf(out, ",\"check\":\"%s\",\"line\":", r->check);
  write_text(out, shortened(r->line), scratch);
  buf_printf(out, ",\"hash\":\"%016" PRIx64 "\",\"count\":%u}", r->hash, count);
}

void lint_baseline_write(const Lint *l, Str folder, Buf *out) {
  Arena *scratch = arena_sub(l->arena);
  Row *rows = rows_of(l, folder, scratch);
  buf_str(out, STR("{\"sigmac-baseline\":1,\n\"findings\":["));
  for (uint32_t i = 0, next; i < l->findings.n; i = next) {
    for (next = i + 1; next < l->findings.n && !by_row(&rows[i], &rows[next]);) next++;
    if (i) buf_char(out, ',');
    write_row(out, &rows[i], next - i, scratch);
  }
  buf_str(out, STR("]}\n"));
  arena_sub_done(scratch);
}
