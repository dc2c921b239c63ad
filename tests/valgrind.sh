#!/bin/sh
# valgrind over unit tests, golden cases, fuzz corpora and exhausted memory: tests/valgrind.sh build/valgrind. PCRE2's JIT reads a few bytes
# beyond a subject on purpose (pcre2jit documentation); tests/pcre2-jit.supp knows it. Criterion runs each test in a child,
# whose exit status says nothing of valgrind: what counts is that every log is empty.
set -eu
build=$1
root=$PWD
logs=$root/$build/valgrind-logs
rm -rf "$logs" && mkdir -p "$logs"
vg="valgrind -q --trace-children=yes --leak-check=full --errors-for-leak-kinds=definite --suppressions=$root/tests/pcre2-jit.supp"

# run NAME COMMAND...: under valgrind; the status of the command does not matter, what valgrind says does.
run() {
  name=$1
  shift
  $vg --log-file="$logs/$name.%p" "$@" >"$root/$build/vg.out" 2>&1 || true
}

SIGMAC_DIFF_PAIRS=${SIGMAC_DIFF_PAIRS:-2000} run unit "$build/unit-tests" --jobs 1
tail -n 1 "$build/vg.out"
for d in tests/golden/*/; do
  [ -e "$d/rule.yml" ] || continue
  args=$([ ! -f "$d/args" ] || tr '\n' ' ' <"$d/args")
  events=$([ ! -f "$d/events.ndjson" ] || echo events.ndjson)
  # shellcheck disable=SC2086
  (cd "$d" && run "$(basename "$d")" "$root/$build/sigmac" eval -q -r rule.yml $args ${events:-/dev/null})
done
for f in tests/fuzz/fuzz_*.c; do
  t=$(basename "$f" .c)
  run "$t" "$build/$t" "tests/fuzz/corpus/${t#fuzz_}"
done
# shellcheck disable=SC2046
run oom "$build/oom" $(dirname tests/golden/*/rule.yml) tests/oom/windows tests/oom/correlations
run lint "$build/sigmac" lint --profile all --fail-level error tests/golden/lint
found=$(find "$logs" -type f -size +0)
[ -z "$found" ] || { head -n 40 $found; echo "valgrind: faults"; exit 1; }
echo "valgrind: clean, $(find "$logs" -type f | wc -l) processes"
