#!/bin/sh
# What must hold for every change. The first step that fails ends it; the last line sums the tests of both builds.
set -eu
cd "$(dirname "$0")/.."
# Under make its job server counts; by hand, two jobs.
jobs=
[ -n "${MAKEFLAGS-}" ] || jobs=-j2
mkdir -p build

step() {
  echo
  echo "=== $1"
  shift
  start=$(date +%s)
  "$@"
  echo "--- $(($(date +%s) - start)) s"
}

# Shows the output of a command and keeps it; the status is the command's.
keep() {
  file=$1
  shift
  { "$@" 2>&1 && echo 0 >"$file.status" || echo 1 >"$file.status"; } | tee "$file"
  [ "$(cat "$file.status")" = 0 ]
}

sum() { grep -ahE '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1; }

step "gcc, warnings are errors" make --no-print-directory $jobs -s WERROR=1 all
step "clang, warnings are errors" make --no-print-directory $jobs -s CONFIG=clang WERROR=1 build/clang/sigmac build/clang/unit-tests
step "layout" make --no-print-directory -s fmt-check
step "layers" make --no-print-directory -s deps-check
step "compiled tables" make --no-print-directory -s tables-check
step "names of the libraries" make --no-print-directory $jobs -s WERROR=1 symbols-check
step "generated pages" make --no-print-directory -s docs-check
# Most parts use one core: so both builds at once. What is reported of the second one comes behind the first.
both() {
  SIGMAC_SKIP_CORPUS=1 MODEL_ROUNDS=10 SOUND_ROUNDS=100 CORRELATE_EVENTS=3000 make --no-print-directory $jobs -s CONFIG=asan test >build/gate-asan.log 2>&1 &
  asan=$!
  trap 'kill $asan; exit 130' INT TERM
  if keep build/gate-release.log make --no-print-directory $jobs -s WERROR=1 test; then :; else
    kill $asan
    return 1
  fi
  echo "=== the same under the address and undefined behaviour sanitizers, after $(($(date +%s) - start)) s"
  rc=0
  wait $asan || rc=1
  trap - INT TERM
  cat build/gate-asan.log
  return $rc
}
step "tests" both
step "threads, under the thread sanitizer" make --no-print-directory $jobs -s tsan
echo
{ sum build/gate-release.log; sum build/gate-asan.log; } | awk '{ p += $1; f += $3 } END { print p " passed, " f " failed" }'
