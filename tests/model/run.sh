#!/bin/sh
# Runs diff.py with a python that has the YAML package: the first on the PATH need not be the one of the system.
for python in python3 /usr/bin/python3; do
  "$python" -c 'import yaml' 2>/dev/null && exec "$python" -B "$(dirname "$0")/diff.py" "$@"
done
echo "no python3 has the package yaml: scripts/setup.sh --dev installs it"
exit 1
