#!/bin/sh
# The hook sigmac-lint-build: sigmac lint ARGUMENTS, by the program of this repository, which is built at its first use.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
sigmac=$root/build/sigmac
if ! [ -x "$sigmac" ]; then
  make -C "$root" -s >"$root/build.log" 2>&1 || {
    tail -n 20 "$root/build.log" >&2
    echo "sigmac cannot be built in $root: scripts/setup.sh there installs what it needs" >&2
    exit 3
  }
fi
exec "$sigmac" lint "$@"
