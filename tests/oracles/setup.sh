#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what the executors need into build/oracles (or $SIGMAC_ORACLES), never into the tree, with the ordinary clients of the
# package registries: npm, maven, cargo, pip. Versions are pinned. Does nothing where everything is there.
#   setup.sh [PART...]   npm java rust (the default: all that the proof needs), py (a second EQL parser), chdb (a second KQL
#                        executor, 900 MB), pysigma (the established converter, for comparisons)
# Exit 1: a part could not be installed; which one is said.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${SIGMAC_ORACLES:-$here/../../build/oracles}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
LUCENE=9.11.1 # the Lucene of Elasticsearch 8.15

need() {
  command -v "$1" >/dev/null || {
    echo "tests/oracles/setup.sh: $1 is missing (part $part needs it)" >&2
    return 1
  }
}

venv() {
  need python3 || return 1
  [ -x "$dir/.venv/bin/pip" ] || python3 -m venv "$dir/.venv" || return 1
  "$dir/.venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements$1.txt"
}

install_npm() {
  [ ! -e "$dir/node_modules/@kusto/language-service-next" ] || return 0
  need node && need npm || return 1
  cp "$here/package.json" "$here/package-lock.json" "$dir/"
  (cd "$dir" && npm ci --silent --no-audit --no-fund)
}

install_java() {
  [ "$dir/java/LuceneRegex.class" -nt "$here/LuceneRegex.java" ] && return 0
  need java && need javac || return 1
  mkdir -p "$dir/java"
  if [ ! -e "$dir/java/lucene-core-$LUCENE.jar" ]; then
    need mvn || return 1
    mvn -B -q dependency:copy -Dartifact=org.apache.lucene:lucene-core:$LUCENE -DoutputDirectory="$dir/java" || return 1
  fi
  javac -cp "$dir/java/*" -d "$dir/java" "$here/LuceneRegex.java"
}

install_rust() {
  [ "$dir/rust_regex/release/rust_regex" -nt "$here/rust_regex/src/main.rs" ] && return 0
  need cargo || return 1
  (cd "$here/rust_regex" && cargo build --release -q --locked --target-dir "$dir/rust_regex")
}

# All at once: most of the time goes into waiting for registries. A part whose file OK is missing failed.
parts=${*:-npm java rust}
for part in $parts; do
  case $part in
  npm | java | rust | py | chdb | pysigma) ;;
  *)
    echo "setup.sh: no part $part" >&2
    exit 2
    ;;
  esac
  rm -f "$dir/.ok-$part"
  (
    case $part in
    py) venv "" ;;
    chdb | pysigma) venv "-$part" ;;
    *) "install_$part" ;;
    esac && : >"$dir/.ok-$part"
  ) &
done
wait
status=0
for part in $parts; do
  if [ ! -e "$dir/.ok-$part" ]; then
    echo "tests/oracles/setup.sh: part $part could not be installed" >&2
    status=1
  fi
done
exit $status
