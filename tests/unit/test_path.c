/* SPDX-License-Identifier: MIT
 * base/path.h */
#include <criterion/criterion.h>

#include "base/path.h"

Test(path, absolute) {
  static const struct {
    const char *here, *path, *want;
  } cases[] = {{"/a/b", "c", "/a/b/c"},
               {"/a/b", "./c/", "/a/b/c"},
               {"/a/b", "../c", "/a/c"},
               {"/a/b", "../../../c", "/c"},
               {"/a/b", "/c//d/./e", "/c/d/e"},
               {"/a/b", ".", "/a/b"},
               {"/a/b", "../..", "/"},
               {"/", "a", "/a"},
               {"/a/b", "", "/a/b"},
               {"/", "", "/"},
               {"/a", "b/...", "/a/b/..."},
               {"/a", "x/../y", "/a/y"}};
  Arena a = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str got = path_absolute(&a, str_of(cases[i].here), str_of(cases[i].path));
    cr_expect(str_is(got, cases[i].want), "%s %s: %s", cases[i].here, cases[i].path, got.p);
  }
  arena_free(&a);
}

Test(path, folders) {
  static const struct {
    const char *folder, *path, *behind, *relative;
  } cases[] = {{"/a", "/a/b", "b", "b"}, {"/a", "/ab", "", "../ab"},   {"/", "/a", "a", "a"}, {"/a/b", "/a/c/d", "", "../c/d"},
               {"/a", "/a", "", "."},    {"/a/b", "/", "", "../../."}, {"/", "/", "", "."}};
  Arena a = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Str folder = str_of(cases[i].folder), path = str_of(cases[i].path);
    cr_expect(str_is(path_behind(folder, path), cases[i].behind), "%s %s", cases[i].folder, cases[i].path);
    cr_expect(str_is(path_relative(&a, folder, path), cases[i].relative), "%s %s", cases[i].folder, cases[i].path);
    cr_expect_eq(path_is_within(folder, path), *cases[i].behind || strcmp(cases[i].folder, cases[i].path) == 0);
    cr_expect(str_eq(path_absolute(&a, folder, path_relative(&a, folder, path)), path), "and back");
  }
  cr_expect(str_is(path_folder(STR("/a/b")), "/a") && str_is(path_folder(STR("/a")), "/") && str_is(path_folder(STR("/")), "/"));
  arena_free(&a);
}
