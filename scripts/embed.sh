#!/bin/sh
# Writes C source that holds files: embed.sh FOLDER FILE... Names are those below FOLDER; compiler/shipped.h declares what is written.
set -eu
export LC_ALL=C
folder=$1
shift
echo '/* Written by scripts/embed.sh. */'
echo '#include "compiler/shipped.h"'
n=0
for file; do
  echo "static const char file$n[] ="
  # A `?` is escaped because of trigraphs.
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
  echo ';'
  n=$((n + 1))
done
echo 'const ShippedFile shipped_files[] = {'
n=0
for file; do
  echo "{STR_INIT(\"${file#"$folder"/}\"), {file$n, sizeof file$n - 1}},"
  n=$((n + 1))
done
echo '};'
echo "const unsigned shipped_count = $n;"
