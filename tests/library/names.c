/* SPDX-License-Identifier: MIT
 * A program whose own names are those of functions inside of the library: they must not meet. */
#include <sigmac.h>
#include <stdio.h>

extern int arena_alloc, arena_free, buf_free, buf_str, str_find, heap_alloc, heap_run, vec_grow, yaml_parse, regex_compile, vm_run,
  compiler_init, compiler_finish, verify_image, diag_info;
int arena_alloc, arena_free, buf_free, buf_str, str_find, heap_alloc, heap_run, vec_grow, yaml_parse, regex_compile, vm_run,
  compiler_init, compiler_finish, verify_image, diag_info;

static void count(void *errors, const sigmac_diagnostic *d) { *(int *)errors += d->severity == SIGMAC_ERROR; }

int main(void) {
  sigmac_compiler *c = NULL;
  sigmac_str image = {NULL, 0}, path = {"r.yml", 5}, text = {"title: t", 8};
  int errors = 0;
  bool ok = sigmac_compiler_new(&c, NULL) == SIGMAC_OK;
  sigmac_compiler_on_diagnostic(c, count, &errors);
  ok = ok && sigmac_compiler_add_text(c, path, text) == SIGMAC_OK && sigmac_compiler_finish(c, &image) == SIGMAC_OK;
  printf("%d %d\n", ok, errors > 0);
  sigmac_compiler_free(c);
  return 0;
}
