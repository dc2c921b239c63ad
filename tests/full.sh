#!/bin/sh
# What takes longer than the gate: run before a release. FUZZ_SECONDS per target (default 600).
set -eu
cd "$(dirname "$0")/.."
make valgrind
make tools CONFIG=release
make build/asan/random-images CONFIG=asan
build/release/random-images 2000000
build/asan/random-images 200000
tests/model/run.sh --sigmac build/release/sigmac --seed full --rounds 1000
python3 -B tests/correlate/differential.py build/release/sigmac --seed full --events 1000000
SIGMAC_DIFF_PAIRS=5000000 build/release/unit-tests --filter 'differential/*'
if [ -n "${SIGMAC_SHARED-}" ]; then tests/corpus/run.sh build/release/sigmac --full; fi
make cover
for f in tests/fuzz/fuzz_*.c; do
  t=$(basename "$f" .c)
  make fuzz T="${t#fuzz_}" SECONDS="${FUZZ_SECONDS:-600}"
done
