/* SPDX-License-Identifier: MIT
 * Memory: arenas, and what grows in them or beside them (vec, intern, buf). */
#include <criterion/criterion.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool all_zero(const unsigned char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (p[i]) return false;
  return true;
}

static void fill_with_blocks(Arena *a, unsigned char *blocks[], const size_t sizes[], size_t n) {
  for (size_t i = 0; i < n; i++) {
    blocks[i] = arena_alloc(a, sizes[i]);
    cr_assert_not_null(blocks[i]);
    cr_expect_eq((uintptr_t)blocks[i] % 16, 0, "alignment of %zu bytes", sizes[i]);
    cr_expect(all_zero(blocks[i], sizes[i]), "%zu bytes are zero", sizes[i]);
    memset(blocks[i], (int)i + 1, sizes[i]);
  }
}

Test(arena, blocks_are_aligned_zero_and_apart) {
  static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4095, 4096, 4097, 1, 70000, 3, 3 << 20, 5, 16, 1 << 20, 8};
  unsigned char *blocks[COUNT(sizes)];
  Arena a = {0};
  for (int round = 0; round < 4; round++) {
    fill_with_blocks(&a, blocks, sizes, COUNT(sizes));
    for (size_t i = 0; i < COUNT(sizes); i++)
      for (size_t k = 0; k < sizes[i]; k++)
        if (blocks[i][k] != i + 1) cr_assert_fail("block %zu was overwritten", i);
    arena_reset(&a);
  }
  arena_free(&a);
  cr_expect_null(a.pages);
}

/* A heap that counts the blocks it gave. */
static void *counted_alloc(void *blocks, size_t bytes) {
  ++*(int *)blocks;
  return malloc(bytes);
}

static void *counted_resize(void *blocks, void *p, size_t bytes) {
  (void)blocks;
  return realloc(p, bytes);
}

static void counted_release(void *blocks, void *p) {
  --*(int *)blocks;
  free(p);
}

Test(arena, reset_keeps_no_giant) {
  int blocks = 0;
  Heap heap = {.alloc = counted_alloc, .resize = counted_resize, .release = counted_release, .ctx = &blocks};
  Arena a = {.heap = &heap};
  arena_alloc(&a, 8 << 20);
  arena_reset(&a);
  cr_expect_eq(blocks, 0, "8 MiB are given back");
  arena_alloc(&a, 100);
  arena_alloc(&a, 8 << 20);
  char *behind = arena_alloc(&a, 1);
  cr_expect_eq(blocks, 2, "the page before the giant is filled further");
  cr_expect_not_null(behind);
  arena_reset(&a);
  cr_expect_eq(blocks, 1, "the ordinary page is kept");
  cr_expect_not_null(arena_alloc(&a, 1), "and the arena can be used again");
  arena_free(&a);
  cr_expect_eq(blocks, 0);
}

/* Arrays that grow by turns, with other blocks between them: each keeps what was written. */
Test(arena, grown_blocks_keep_their_bytes) {
  enum { BLOCKS = 5, LARGEST = 3 << 20 };
  Arena a = {0};
  uint64_t state = 7;
  for (int round = 0; round < 3; round++) {
    unsigned char *p[BLOCKS] = {0};
    size_t n[BLOCKS] = {0};
    for (int step = 0; step < 200; step++) {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      unsigned k = (unsigned)(state >> 60) % BLOCKS;
      size_t more = n[k] + (state >> 40) % (n[k] + 100);
      if (more > LARGEST) continue;
      p[k] = arena_grow(&a, p[k], n[k], n[k], more);
      cr_assert_eq((uintptr_t)p[k] % 16, 0);
      memset(p[k] + n[k], (int)k + 1, more - n[k]);
      n[k] = more;
      if (state >> 37 & 1) memset(arena_alloc(&a, state >> 50), 0xEE, state >> 50);
    }
    for (unsigned k = 0; k < BLOCKS; k++)
      for (size_t i = 0; i < n[k]; i++)
        if (p[k][i] != k + 1) cr_assert_fail("block %u was overwritten", k);
    arena_reset(&a);
  }
  arena_free(&a);
}

Test(arena, the_newest_block_grows_in_place) {
  Arena a = {0};
  char *p = arena_alloc(&a, 100);
  cr_expect_eq((char *)arena_grow(&a, p, 100, 100, 200), p);
  char *other = arena_alloc(&a, 1);
  cr_expect_geq(other, p + 200);
  cr_expect_neq((char *)arena_grow(&a, p, 200, 200, 300), p, "another block is behind it");
  arena_free(&a);
}

Test(arena, empty_ones_can_be_freed) {
  Arena a = {0};
  arena_reset(&a);
  arena_free(&a);
  arena_free(&a);
}

Test(arena, texts) {
  Arena a = {0};
  Str dup = arena_dup(&a, STR("a\0b"));
  cr_expect(str_eq(dup, STR("a\0b")) && dup.p[3] == '\0');
  cr_expect_str_eq(arena_cstr(&a, STR("abc")), "abc");
  cr_expect_str_eq(arena_cstr(&a, (Str){0}), "");
  Str printed = arena_printf(&a, "%d-" STR_FMT, 7, STR_ARG(STR("x")));
  cr_expect(str_is(printed, "7-x") && printed.p[printed.n] == '\0');
  cr_expect_eq(arena_printf(&a, "%s", "").n, 0);
  cr_expect_eq(arena_printf(&a, "%0*d", 100000, 1).n, 100000, "longer than a page");
  arena_free(&a);
}

static char calls[8];

static void note_call(void *object) { strncat(calls, object, 1); }

Test(arena, defers_run_newest_first_and_once) {
  Arena a = {0};
  static char names[] = "abc";
  for (size_t i = 0; i < 3; i++) arena_defer(&a, note_call, names + i);
  arena_reset(&a);
  cr_expect_str_eq(calls, "cba");
  arena_defer(&a, note_call, names);
  arena_free(&a);
  cr_expect_str_eq(calls, "cbaa");
  arena_free(&a);
  cr_expect_str_eq(calls, "cbaa");
}

/* --- memory that is exhausted -------------------------------------------------------------------------------- */

static void ask_for_all(void *a) { arena_alloc(a, SIZE_MAX); }
static void ask_for_nearly_all(void *a) { arena_alloc(a, SIZE_MAX - 15); }
static void ask_for_too_many(void *a) { arena_alloc_array(a, SIZE_MAX / 8 + 2, 8); }
static void ask_little(void *a) { arena_alloc(a, 8); }
static void buf_ask_for_all(void *a) {
  Buf b = {.arena = a};
  buf_reserve(&b, SIZE_MAX - 100);
}

/* Each asks for more than there can be, in a way that no allocator needs to be asked. */
Test(heap, too_much_ends_the_run) {
  Heap h = HEAP_OF_LIBC(NULL);
  Arena a = {.heap = &h};
  cr_expect(!heap_run(&h, ask_for_all, &a));
  cr_expect(!heap_run(&h, ask_for_nearly_all, &a));
  cr_expect(!heap_run(&h, ask_for_too_many, &a));
  cr_expect(!heap_run(&h, buf_ask_for_all, &a));
  cr_expect(heap_run(&h, ask_little, &a), "and then it goes on");
  cr_expect_not_null(arena_alloc_array(&a, 0, SIZE_MAX), "nothing of something large");
  cr_expect_not_null(arena_alloc_array(&a, SIZE_MAX, 0));
  arena_free(&a);
}

static void run_inner(void *a) {
  Arena *arena = a;
  cr_expect(!heap_run((Heap *)(uintptr_t)arena->heap, ask_for_all, a), "the inner run ends ...");
  arena_alloc(a, SIZE_MAX);
  cr_assert_fail("not reached");
}

Test(heap, runs_nest) {
  Heap h = HEAP_OF_LIBC(NULL);
  Arena a = {.heap = &h};
  cr_expect(!heap_run(&h, run_inner, &a), "... and so does the outer one");
  cr_expect_null(h.run);
  arena_free(&a);
}

static void leave_from(const Heap *h, size_t bytes) {
  cr_expect_eq(bytes, SIZE_MAX);
  longjmp(*(jmp_buf *)h->ctx, 1);
}

Test(heap, outside_of_a_run_it_asks_the_program) {
  jmp_buf back;
  Heap h = HEAP_OF_LIBC(leave_from);
  Arena a = {.heap = &h};
  h.ctx = &back;
  if (!setjmp(back)) {
    arena_alloc(&a, SIZE_MAX);
    cr_assert_fail("not reached");
  }
}

static sigjmp_buf aborted;

static void on_abort(int number) { siglongjmp(aborted, number); }

Test(heap, without_any_way_out_it_aborts) {
  Arena a = {0};
  signal(SIGABRT, on_abort);
  if (!sigsetjmp(aborted, 1)) {
    arena_alloc(&a, SIZE_MAX);
    cr_assert_fail("not reached");
  }
}

static void leave_inner_arenas(void *a) {
  static char names[] = "ab";
  Arena *outer = arena_sub(a), *inner = arena_sub(a);
  cr_expect(outer != inner);
  arena_defer(outer, note_call, names);
  arena_alloc(outer, 5000);
  arena_defer(inner, note_call, names + 1);
  arena_sub_done(inner);
  cr_expect_str_eq(calls, "b");
  cr_expect(arena_sub(a) == inner, "is used again");
  arena_alloc(inner, SIZE_MAX);
}

Test(heap, inner_arenas_end_with_their_owner) {
  Heap h = HEAP_OF_LIBC(NULL);
  Arena a = {.heap = &h};
  cr_expect(!heap_run(&h, leave_inner_arenas, &a));
  cr_expect_str_eq(calls, "b");
  arena_free(&a);
  cr_expect_str_eq(calls, "ba");
}

Test(vec, grows_and_keeps) {
  Arena a = {0};
  VEC(uint64_t) list = {0};
  for (uint64_t i = 0; i < 100000; i++) *vec_add(&a, &list) = i * i;
  cr_assert_eq(list.n, 100000);
  for (uint64_t i = 0; i < 100000; i++)
    if (list.p[i] != i * i) cr_assert_fail("element %d", (int)i);
  cr_expect_eq(vec_last(&list), 99999ull * 99999);
  arena_free(&a);
}

Test(vec, new_elements_are_zero) {
  Arena a = {0};
  VEC(int) list = {0};
  for (int i = 0; i < 100; i++) cr_expect_eq(*vec_add(&a, &list), 0);
  arena_free(&a);
}

Test(intern, ids_in_order_of_appearance) {
  Arena a = {0};
  Intern t;
  intern_init(&t, &a);
  cr_expect_eq(intern_find(&t, STR("")), INTERN_NONE);
  for (uint32_t round = 0; round < 2; round++)
    for (uint32_t i = 0; i < 5000; i++) {
      Str name = arena_printf(&a, "name %u", i);
      if (intern_id(&t, name) != i) cr_assert_fail("id of name %u", i);
      if (intern_find(&t, name) != i) cr_assert_fail("name %u is not found", i);
      if (!str_eq(t.names.p[i], name)) cr_assert_fail("text of name %u", i);
    }
  cr_expect_eq(t.names.n, 5000);
  cr_expect_eq(intern_find(&t, STR("name 5000")), INTERN_NONE);
  cr_expect_eq(intern_id(&t, STR("")), 5000, "the empty text is one, too");
  cr_expect_eq(intern_id(&t, STR("a\0b")), 5001);
  cr_expect_eq(intern_id(&t, STR("a\0c")), 5002);
  arena_free(&a);
}

Test(buf, appends) {
  Buf b = {0};
  cr_expect(str_is(buf_view(&b), ""), "empty before anything");
  buf_bytes(&b, NULL, 0);
  buf_str(&b, STR("ab"));
  buf_char(&b, 'c');
  buf_printf(&b, "%03d", 7);
  cr_expect(str_is(buf_view(&b), "abc007"));
  for (int i = 0; i < 10000; i++) buf_printf(&b, "%d,", i);
  cr_expect_eq(b.n, 6 + 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5);
  cr_expect(str_ends(buf_view(&b), STR("9998,9999,")));
  buf_free(&b);
  cr_expect_eq(b.n, 0);
  buf_free(&b);
}

Test(buf, in_an_arena) {
  Arena a = {0};
  Buf b = {.arena = &a};
  for (int i = 0; i < 10000; i++) buf_printf(&b, "%d,", i);
  cr_expect(str_ends(buf_view(&b), STR("9998,9999,")));
  arena_free(&a);
}

Test(buf, json_strings) {
  static const struct {
    const char *name;
    Str text;
    const char *json;
  } cases[] = {
    {"nothing", STR_INIT(""), "\"\""},
    {"plain", STR_INIT("abc"), "\"abc\""},
    {"quote and backslash", STR_INIT("a\"b\\c"), "\"a\\\"b\\\\c\""},
    {"short escapes", STR_INIT("\n\r\t"), "\"\\n\\r\\t\""},
    {"control characters", STR_INIT("\x01\x1F\0"), "\"\\u0001\\u001f\\u0000\""},
    {"other letters", STR_INIT("\xC3\xA9\xF0\x9F\x92\xA9"), "\"\xC3\xA9\xF0\x9F\x92\xA9\""},
    {"malformed", STR_INIT("a\xFF\xC3z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""},
    {"delete is allowed", STR_INIT("\x7F"), "\"\x7F\""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Buf b = {0};
    buf_json(&b, cases[i].text);
    cr_expect(str_is(buf_view(&b), cases[i].json), "%s: " STR_FMT, cases[i].name, STR_ARG(buf_view(&b)));
    buf_free(&b);
  }
}
