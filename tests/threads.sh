#!/bin/sh
# Golden rules and events in several threads: threads.sh PROGRAM. Where addresses are too random for the thread sanitizer, it
# ends at once; then without that.
"$1" tests/golden tests/golden/*/events.ndjson sigma-rules/demo/events.ndjson || {
  command -v setarch >/dev/null && setarch -R "$1" tests/golden tests/golden/*/events.ndjson sigma-rules/demo/events.ndjson
}
