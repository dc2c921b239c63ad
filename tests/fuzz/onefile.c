/* SPDX-License-Identifier: MIT
 * Runs a fuzz target over files and folders without libFuzzer, so that `make test` replays every corpus. Prints how
 * many inputs ran; none at all is a failure. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned inputs, failures;

static void run_file(const char *path) {
  FILE *f = fopen(path, "rb");
  struct stat st;
  if (!f || fstat(fileno(f), &st) != 0) {
    fprintf(stderr, "%s: cannot be read\n", path);
    failures++;
    if (f) fclose(f);
    return;
  }
  size_t size = (size_t)st.st_size;
  uint8_t *data = malloc(size + 1); /* exactly the bytes of the file behind it: overruns are seen */
  size_t n = data ? fread(data, 1, size, f) : 0;
  fclose(f);
  uint8_t *exact = malloc(n ? n : 1);
  if (!data || !exact) abort();
  memcpy(exact, data, n);
  free(data);
  LLVMFuzzerTestOneInput(exact, n);
  free(exact);
  inputs++;
}

static void run_path(const char *path) {
  DIR *d = opendir(path);
  if (!d) {
    run_file(path);
    return;
  }
  for (struct dirent *e; (e = readdir(d));) {
    char inner[4096];
    if (e->d_name[0] == '.') continue;
    if (snprintf(inner, sizeof inner, "%s/%s", path, e->d_name) < (int)sizeof inner) run_file(inner);
  }
  closedir(d);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) run_path(argv[i]);
  printf("%s: %u inputs\n", argv[0], inputs);
  return failures || !inputs;
}
