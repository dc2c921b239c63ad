#!/bin/sh
# valgrind over unit tests and golden cases: tests/valgrind.sh build/valgrind. PCRE2's JIT reads a few bytes beyond a
# subject on purpose (pcre2jit documentation); tests/pcre2-jit.supp knows it.
set -eu
build=$1
vg="valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --suppressions=tests/pcre2-jit.supp"
SIGMAC_DIFF_PAIRS=${SIGMAC_DIFF_PAIRS:-2000} $vg "$build/unit-tests" --jobs 1 >"$build/vg.log" 2>&1 || { cat "$build/vg.log"; exit 1; }
tail -n 1 "$build/vg.log"
for d in tests/golden/*/; do
  [ -f "$d/events.ndjson" ] || continue
  (cd "$d" && $vg "$OLDPWD/$build/sigmac" eval -q -r rule.yml $( [ -f args ] && tr '\n' ' ' <args) events.ndjson >/dev/null 2>"$OLDPWD/$build/vg.log") || rc=$?
  [ "${rc-0}" != 9 ] || { cat "$build/vg.log"; exit 1; }
  rc=0
done
echo "valgrind: clean"
