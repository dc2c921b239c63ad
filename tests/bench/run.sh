#!/bin/sh
# make bench RULES=DIR EVENTS=FILE [OLD=SIGMAC] [PEER=rsigma] [CONVERTER=sigma]; without RULES the shipped rules and events.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rules=${RULES:-$here/../../sigma-rules} events=${EVENTS:-$here/../../sigma-rules/demo/events.ndjson}
exec python3 "$here/run.py" "$1" --rules "$rules" --events "$events" ${OLD:+--old "$OLD"} ${PEER:+--peer "$PEER"} \
  ${CONVERTER:+--converter "$CONVERTER"}
