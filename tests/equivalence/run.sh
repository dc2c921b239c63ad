#!/bin/sh
# SPDX-License-Identifier: MIT
# The bounded sample of the proof, for the gate: run.sh SIGMAC. Installs the executors into build/oracles where they are missing; where
# that cannot be done (no network, no node, java or cargo), what needs them is skipped, and a line says so.
set -u
here=$(cd "$(dirname "$0")" && pwd)
sigmac=$1
python=python3
for p in python3 /usr/bin/python3; do
  "$p" -c 'import yaml' 2>/dev/null && python=$p && break
done
timeout 300 sh "$here/../oracles/setup.sh" || echo "the executors of emitted text are not all installed"
failed=0
"$python" -B "$here/run.py" --sigmac "$sigmac" --self-test
status=$?
if [ "$status" = 77 ]; then exit 0; fi
[ "$status" = 0 ] || failed=1
sh "$here/../oracles/probes/check.sh" || failed=1
"$python" -B "$here/run.py" --sigmac "$sigmac" --sample || failed=1
[ ! -e "${SIGMAC_ORACLES:-$here/../../build/oracles}/java/LuceneRegex.class" ] || "$python" -B "$here/t1584_002.py" "$sigmac" || failed=1
if [ -e "${SIGMAC_ORACLES:-$here/../../build/oracles}/java/LuceneRegex.class" ]; then
  for target in eql kql; do
    "$python" -B "$here/correlations.py" -t $target --sigmac "$sigmac" --rounds 3 --self-test || failed=1
    "$python" -B "$here/correlations.py" -t $target --sigmac "$sigmac" --rounds 4 || failed=1
  done
fi
exit $failed
