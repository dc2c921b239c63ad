#!/bin/sh
# Line coverage of what the tests in build/cover ran, a line per folder. Fails below 90 %.
set -eu
cd "$(dirname "$0")/.."
rc=0
for folder in base runtime compiler; do
  gcovr -r . --object-directory build/cover --filter "$folder/" -s 2>/dev/null >build/cover/$folder.txt
  line=$(grep '^lines' build/cover/$folder.txt)
  echo "$folder: $line"
  percent=$(echo "$line" | sed 's/lines: \([0-9]*\).*/\1/')
  [ "$percent" -ge 90 ] || rc=1
done
exit $rc
