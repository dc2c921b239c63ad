#!/bin/sh
# make bench RULES=DIR EVENTS=FILE [OLD=SIGMAC] [PEER=rsigma] [CONVERTER=sigma]; without RULES the shipped rules and events.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rules=${RULES:-$here/../../sigma-rules} events=${EVENTS:-$here/../../sigma-rules/demo/events.ndjson}
python3 "$here/run.py" "$1" --rules "$rules" --events "$events" ${OLD:+--old "$OLD"} ${PEER:+--peer "$PEER"} \
  ${CONVERTER:+--converter "$CONVERTER"}
exec python3 "$here/lint.py" "$1" --rules "$rules" ${PEER:+--peer "$PEER"}
