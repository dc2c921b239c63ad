/* SPDX-License-Identifier: MIT
 * The shortest edit script by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986). Where that is
 * longer than MOST_EDITS, all lines between the equal ends are replaced: it is right, too, and takes no more time. */
#include "cli/diff.h"

#include "base/vec.h"

enum { CONTEXT = 3, MOST_EDITS = 2000 };

typedef struct {
  Str *p; /* with their newlines, if any */
  int32_t n;
} Lines;

typedef struct {
  Arena *arena;
  Lines a, b;
  char *gone, *come; /* by line of a and b: it is in the other one, or not */
} Diff;

static Lines split(Arena *arena, Str s) {
  Lines out = {0};
  size_t n = s.n && s.p[s.n - 1] != '\n';
  for (size_t i = 0; i < s.n; i++) n += s.p[i] == '\n';
  out.p = arena_array(arena, Str, n);
  for (size_t from = 0; from < s.n;) {
    size_t end = str_find(s, STR("\n"), from), to = end == SIZE_MAX ? s.n : end + 1;
    out.p[out.n++] = str_sub(s, from, to);
    from = to;
  }
  return out;
}

/* --- the edit script ------------------------------------------------------------------------------------------- */

/* The lines [from, to) of each text, without their equal ends. */
typedef struct {
  int32_t a, a_end, b, b_end;
} Range;

static Range middle(const Diff *d) {
  Range r = {0, d->a.n, 0, d->b.n};
  while (r.a < r.a_end && r.b < r.b_end && str_eq(d->a.p[r.a], d->b.p[r.b])) r.a++, r.b++;
  while (r.a < r.a_end && r.b < r.b_end && str_eq(d->a.p[r.a_end - 1], d->b.p[r.b_end - 1])) r.a_end--, r.b_end--;
  return r;
}

/* Furthest x on diagonal k = x - y, for k from -n to n: at p[n + k]. */
typedef struct {
  int32_t *p, n;
} Reach;

static int32_t step(const Reach *last, int32_t k, int32_t depth) {
  if (!depth) return 0;
  const int32_t *at = last->p + last->n + k;
  bool down = k == -depth || (k != depth && at[-1] < at[1]);
  return down ? at[1] : at[-1] + 1;
}

/* Back from the end: which lines came and went. */
static void trace(Diff *d, const Range *r, const Reach *reach, int32_t depth) {
  int32_t x = r->a_end - r->a, y = r->b_end - r->b;
  for (; depth > 0; depth--) {
    const Reach *last = &reach[depth - 1];
    int32_t k = x - y, before = step(last, k, depth);
    const int32_t *at = last->p + last->n + k;
    bool down = k == -depth || (k != depth && at[-1] < at[1]);
    x = down ? before : before - 1;
    y = down ? before - k - 1 : before - k;
    if (down) d->come[r->b + y] = 1;
    else d->gone[r->a + x] = 1;
  }
}

static bool shortest(Diff *d, const Range *r) {
  int32_t n = r->a_end - r->a, m = r->b_end - r->b;
  Reach *reach = arena_array(d->arena, Reach, MOST_EDITS + 1);
  for (int32_t depth = 0; depth <= MOST_EDITS; depth++) {
    Reach *now = &reach[depth];
    *now = (Reach){arena_array(d->arena, int32_t, 2 * (size_t)depth + 3), depth + 1};
    for (int32_t k = -depth; k <= depth; k += 2) {
      int32_t x = step(depth ? &reach[depth - 1] : NULL, k, depth), y = x - k;
      while (x < n && y < m && y >= 0 && str_eq(d->a.p[r->a + x], d->b.p[r->b + y])) x++, y++;
      now->p[now->n + k] = x;
      if (x < n || y < m) continue;
      trace(d, r, reach, depth);
      return true;
    }
  }
  return false;
}

static void compare(Diff *d) {
  Range r = middle(d);
  d->gone = arena_alloc(d->arena, (size_t)d->a.n + 1);
  d->come = arena_alloc(d->arena, (size_t)d->b.n + 1);
  if (shortest(d, &r)) return;
  memset(d->gone + r.a, 1, (size_t)(r.a_end - r.a));
  memset(d->come + r.b, 1, (size_t)(r.b_end - r.b));
}

/* --- printing -------------------------------------------------------------------------------------------------- */

/* As git quotes a name that would end the line or begin a quote; a blank in it ends with a tab. */
static void name(Buf *out, const char *mark, Str path) {
  bool quoted = false, blank = false;
  for (size_t i = 0; i < path.n; i++) {
    char c = path.p[i];
    quoted |= (unsigned char)c < ' ' || c == '"' || c == '\\' || c == 0x7F;
    blank |= c == ' ';
  }
  buf_printf(out, "%s %s", mark, quoted ? "\"" : "");
  for (size_t i = 0; i < path.n; i++) {
    char c = path.p[i];
    if (c == '"' || c == '\\') buf_char(out, '\\');
    if ((unsigned char)c < ' ' || c == 0x7F) buf_printf(out, "\\%03o", (unsigned)(unsigned char)c);
    else buf_char(out, c);
  }
  buf_str(out, quoted ? STR("\"") : blank ? STR("\t") : STR(""));
}

static void paint(Buf *out, bool colour, const char *code) {
  if (colour) buf_str(out, str_of(code));
}

/* For a terminal, what would disturb it is replaced. */
static void line(Buf *out, char mark, Str text, bool colour) {
  bool cut = !text.n || text.p[text.n - 1] != '\n';
  if (!cut) text.n--;
  paint(out, colour && mark != ' ', mark == '-' ? "\033[31m" : "\033[32m");
  buf_char(out, mark);
  if (colour) buf_safe(out, text);
  else buf_str(out, text);
  paint(out, colour && mark != ' ', "\033[0m");
  buf_char(out, '\n');
  if (cut) buf_str(out, STR("\\ No newline at end of file\n"));
}

/* Where both texts are the same again for more lines than two contexts have. */
static Range hunk(const Diff *d, int32_t a, int32_t b) {
  Range r = {a, a, b, b};
  for (int32_t same = 0; same <= 2 * CONTEXT && (a < d->a.n || b < d->b.n);) {
    bool gone = a < d->a.n && d->gone[a], come = b < d->b.n && d->come[b];
    same = gone || come ? 0 : same + 1;
    a += gone || !come;
    b += come || !gone;
    if (!same) r.a_end = a, r.b_end = b;
  }
  int32_t before = r.a < CONTEXT ? r.a : CONTEXT, after = d->a.n - r.a_end < CONTEXT ? d->a.n - r.a_end : CONTEXT;
  return (Range){r.a - before, r.a_end + after, r.b - before, r.b_end + after};
}

static void count(Buf *out, char mark, int32_t from, int32_t to) {
  buf_printf(out, " %c%d", mark, from + (to > from));
  if (to - from != 1) buf_printf(out, ",%d", to - from);
}

static void print(Buf *out, const Diff *d, Range r, bool colour) {
  paint(out, colour, "\033[36m");
  buf_str(out, STR("@@"));
  count(out, '-', r.a, r.a_end);
  count(out, '+', r.b, r.b_end);
  buf_str(out, STR(" @@"));
  paint(out, colour, "\033[0m");
  buf_char(out, '\n');
  while (r.a < r.a_end || r.b < r.b_end) {
    if (r.a < r.a_end && d->gone[r.a]) line(out, '-', d->a.p[r.a++], colour);
    else if (r.b < r.b_end && d->come[r.b]) line(out, '+', d->b.p[r.b++], colour);
    else line(out, ' ', d->a.p[r.a++], colour), r.b++;
  }
}

/* `git apply` refuses paths that begin with `./`. */
static Str plain_path(Str path) {
  while (str_starts(path, STR("./"))) {
    size_t from = 2;
    while (from < path.n && path.p[from] == '/') from++;
    path = str_from(path, from);
  }
  return path;
}

static void heading(Buf *out, const char *mark, Str path, bool colour) {
  path = plain_path(path);
  paint(out, colour, "\033[1m");
  if (colour) {
    buf_printf(out, "%s ", mark);
    buf_safe(out, path);
  } else name(out, mark, path);
  paint(out, colour, "\033[0m");
  buf_char(out, '\n');
}

void diff_unified(Buf *out, Str path, Str before, Str after, bool colour) {
  if (str_eq(before, after)) return;
  Arena arena = {.heap = out->heap};
  Diff d = {.arena = &arena, .a = split(&arena, before), .b = split(&arena, after)};
  compare(&d);
  heading(out, "---", path, colour);
  heading(out, "+++", path, colour);
  for (int32_t a = 0, b = 0; a < d.a.n || b < d.b.n;) {
    if (!d.gone[a] && !d.come[b]) {
      a++, b++;
      continue;
    }
    Range r = hunk(&d, a, b);
    print(out, &d, r, colour);
    a = r.a_end, b = r.b_end;
  }
  arena_free(&arena);
}
