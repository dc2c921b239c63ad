#!/bin/sh
# Golden rules and events in several threads: threads.sh PROGRAM [SIGMAC]; also those of the command line, where it is given.
# Where addresses are too random for the thread sanitizer, it ends at once; then without that.
events="tests/golden/*/events.ndjson sigma-rules/demo/events.ndjson"
stable() { "$@" || { command -v setarch >/dev/null && setarch -R "$@"; }; }
eval_threads() { stable "$1" eval -q -r tests/golden -r sigma-rules --logsource off --threads "$2" $events $events 2>/dev/null; }

stable "$1" tests/golden $events || exit 1
[ -n "${2-}" ] || exit 0
one=$(eval_threads "$2" 1 | cksum) four=$(eval_threads "$2" 4 | cksum)
[ "$one" = "$four" ] && echo "eval in 4 threads writes what it does in one: $four"
