#!/bin/sh
# Runs run.py beside it. The referee is used where it was built.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sigmac=$1
shift
oracle=$(dirname "$sigmac")/oracle-eval
[ -x "$oracle" ] && set -- --oracle "$oracle" "$@"
exec python3 "$here/run.py" "$sigmac" "$@"
