/* SPDX-License-Identifier: MIT
 * Any bytes as a program image: refused, or run clean. The first byte tells how to read the rest: 0 as an image whose
 * header is made right, else as patches of 8 bytes (offset, value) on a valid image. */
#include <stdlib.h>

#include "tests/support/images.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATCH = 8, MOST_BYTES = 1 << 16 };

/* Copies are made by malloc: aligned, and with nothing behind them that could be read unseen. */
static void try_bytes(const uint8_t *data, size_t size) {
  char *image = malloc(size ? size : 1);
  if (!image) return;
  memcpy(image, data, size);
  seal_image(image, size);
  try_image((Str){image, size});
  free(image);
}

/* Compiled once. */
static Str sample_of(unsigned which) {
  static Arena kept;
  static Str samples[SAMPLE_IMAGES];
  Str *s = &samples[which % SAMPLE_IMAGES];
  if (!s->p) *s = sample_image(which, &kept);
  return *s;
}

static void try_patches(unsigned which, const uint8_t *data, size_t size) {
  Str sample = sample_of(which);
  char *image = malloc(sample.n);
  if (!image) return;
  memcpy(image, sample.p, sample.n);
  for (; size >= PATCH; data += PATCH, size -= PATCH) {
    uint32_t offset, value;
    memcpy(&offset, data, sizeof offset);
    memcpy(&value, data + sizeof offset, sizeof value);
    memcpy(image + offset % (sample.n / 4) * 4, &value, sizeof value);
  }
  seal_image(image, sample.n);
  try_image((Str){image, sample.n});
  free(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0 || size > MOST_BYTES) return 0;
  if (data[0] == 0) try_bytes(data + 1, size - 1);
  else try_patches(data[0] - 1u, data + 1, size - 1);
  return 0;
}
