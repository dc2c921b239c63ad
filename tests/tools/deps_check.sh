#!/bin/sh
# The layers: a folder may include itself and what stands to the left of it, and each library is seen by one file.
#   deps_check.sh [libsigmac-rt.a]     fails with a line per violation
#   deps_check.sh --self-test          proves on made-up sources that it can fail
set -eu
rc=0
bad() {
  echo "deps-check: $*"
  rc=1
}

# The program is a user of the library: of the project it includes its header and base/ alone.
# check_layer FOLDER ALLOWED...: each file of the folder includes project headers of the allowed folders only.
check_layer() {
  layer=$1
  shift
  [ -d "$layer" ] || return 0
  for f in $(find "$layer" -name '*.[ch]' -o -name '*.def' -o -name '*.inc'); do
    for included in $(sed -n 's/^ *# *include "\([^"/]*\)\/.*/\1/p' "$f" | sort -u); do
      case " $layer $* " in
      *" $included "*) ;;
      *) bad "$f includes $included/, which is no layer below $layer/" ;;
      esac
    done
  done
}

# only_in HEADER-PATTERN FILE: no other source outside of tests/ includes it.
only_in() {
  for f in $(grep -rlE "^ *# *include *[<\"]$1[>\"]" base runtime compiler lint backends cli include 2>/dev/null || true); do
    case " $2 " in *" $f "*) ;; *) bad "$f includes $1; only $2 may" ;; esac
  done
}

# Memory of the libraries comes from the heap that they were given: nothing begins with the default one, nobody asks libc.
check_memory() {
  for hit in $(grep -nE '\<(Buf|Arena) [a-z_]+ = \{0\}' base/*.c runtime/*.c runtime/index/*.c compiler/*.c lint/*.c backends/*.c 2>/dev/null | cut -d: -f1,2); do
    bad "$hit: an arena or buffer without a heap (arena_sub, .heap, .arena)"
  done
  for hit in $(grep -nE '\<(malloc|calloc|realloc|strdup|free) ?\(' base/*.c runtime/*.c runtime/index/*.c compiler/*.c lint/*.c backends/*.c 2>/dev/null | cut -d: -f1,2); do
    [ "${hit%%:*}" = base/heap.c ] || bad "$hit: memory of libc; only base/heap.c may"
  done
}

check_all() {
  check_memory
  check_layer base
  check_layer runtime base
  check_layer compiler runtime base
  check_layer lint compiler runtime base
  check_layer backends compiler runtime base
  check_layer cli base
  only_in 'yaml\.h' 'compiler/yaml.c compiler/yaml_tokens.c'
  only_in 'pcre2[a-z]*\.h' runtime/regex.c
  only_in '(cjson/)?cJSON\.h' runtime/event_cjson.c
  only_in '(zlib|zstd|zstd_errors)\.h' cli/decompress.c
}

if [ "${1-}" = --self-test ]; then
  self=$(cd "$(dirname "$0")" && pwd)/deps_check.sh
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  mkdir -p "$tree/base" "$tree/runtime" "$tree/compiler" "$tree/cli"
  cd "$tree"
  "$self" >/dev/null || { echo "deps-check: fails on an empty tree"; exit 1; }
  for line in 'base/a.c #include "runtime/vm.h"' 'runtime/a.c #include "compiler/ir.h"' 'runtime/b.c #include <yaml.h>' \
    'cli/a.c #include "runtime/vm.h"' 'cli/a.c #include "compiler/ir.h"' 'compiler/a.c #include <pcre2.h>' 'compiler/a.c   Buf b = {0};' 'runtime/a.c   char *p = malloc(n);'; do
    file=${line%% *}
    echo "${line#* }" >"$file"
    ! "$self" >/dev/null || { echo "deps-check: does not see $line"; exit 1; }
    rm "$file"
  done
  exit 0
fi

check_all
if [ -n "${1-}" ] && nm -u "$1" 2>/dev/null | grep -q ' yaml_'; then bad "$1 needs libyaml"; fi
exit $rc
