/* SPDX-License-Identifier: MIT
 * A program whose own functions are named like those inside of the library: they must not meet. */
#include <sigmac.h>
#include <stdio.h>

#define TAKEN(name) \
  int name(void);   \
  int name(void) { return 1; }
TAKEN(arena_alloc)
TAKEN(arena_free)
TAKEN(buf_free)
TAKEN(buf_str)
TAKEN(str_find) TAKEN(heap_alloc) TAKEN(heap_run) TAKEN(vec_grow) TAKEN(yaml_parse) TAKEN(regex_compile) TAKEN(vm_run)
  TAKEN(compiler_init) TAKEN(compiler_finish) TAKEN(verify_image) TAKEN(load_rules)

    static void count(void *errors, const sigmac_diagnostic *d) {
  *(int *)errors += d->severity == SIGMAC_ERROR;
}

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
