/* SPDX-License-Identifier: MIT
 * Files as bytes. */
#include "base/limits.h"
#include "lint/lint.h"

void check_file_size(Lint *l, const LintAt *at) {
  if (at->file->too_large)
    lint_report(l, CHECK_file_too_large, (Span){at->file->file, 0, 0}, "the file is larger than %d KiB; nothing of it was parsed",
                LIMIT_LINT_FILE_BYTES >> 10);
}
