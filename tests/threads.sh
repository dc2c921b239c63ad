#!/bin/sh
# Golden rules and events in several threads: threads.sh PROGRAM [SIGMAC]; also those of the command line, where it is given.
# Where addresses are random the thread sanitizer may end at once; so they are not, where that can be had.
events="tests/golden/*/events.ndjson sigma-rules/demo/events.ndjson"
fixed=
setarch -R true 2>/dev/null && fixed="setarch -R"

$fixed "$1" tests/golden $events || exit 1
[ -n "${2-}" ] || exit 0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for n in 1 4; do
  $fixed "$2" eval -q -r tests/golden -r sigma-rules --logsource off --threads $n $events $events >"$out/$n" 2>"$out/said"
  status=$?
  # 3: some of the events are bad on purpose. What the sanitizer finds has a status of its own.
  [ $status = 3 ] || { tail -n 40 "$out/said" && echo "eval in $n threads ended with $status" && exit 1; }
done
cmp "$out/1" "$out/4" && echo "eval in 4 threads writes what it does in one: $(wc -l <"$out/4") matches"
