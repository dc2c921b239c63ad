#!/bin/sh
# make bench [RULES=DIR] [EVENTS=FILE] [OLD=SIGMAC] [PEER=rsigma] [CONVERTER=sigma] [LARGE=1] [JSON=FILE] [QUICK=1]: with
# SIGMAC_SHARED its rules and logs, else the shipped ones. STREAMS=windows,ecs: of the logs these alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${SIGMAC_SHARED:+$SIGMAC_SHARED/data}
python3 -B "$here/run.py" "$1" ${data:+--data "$data"} ${RULES:+--rules "$RULES"} ${EVENTS:+--events "$EVENTS"} ${OLD:+--old "$OLD"} \
  ${PEER:+--peer "$PEER"} ${CONVERTER:+--converter "$CONVERTER"} ${LARGE:+--large} ${JSON:+--json "$JSON"} ${STREAMS:+--streams "$STREAMS"} \
  ${QUICK:+--repeat 1 --seconds 0.2 --pair 500 --timed 100000}
[ -n "${RULES:-}" ] || exit 0
exec python3 -B "$here/lint.py" "$1" --rules "$RULES" ${PEER:+--peer "$PEER"}
