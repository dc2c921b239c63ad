#!/bin/sh
# What the libraries show: symbols_check.sh BUILD/lib. The shared and the static ones must define exactly the functions of
# symbols.txt, the header must declare them, nothing may be writable for the whole process, and libsigmac-rt must not need
# libyaml.
set -eu
lib=$1
here=$(dirname "$0")
rc=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# same WHAT LIST FOUND
same() {
  diff -u "$2" "$3" >"$tmp/diff" && return 0
  echo "symbols-check: $1 differs from tests/tools/symbols.txt:"
  grep '^[-+][^-+]' "$tmp/diff"
  rc=1
}

listed() { awk -v layer="$1" '$1 == "rt" || $1 == layer { print $2 }' "${SYMBOLS-$here/symbols.txt}" | sort; }

check() {
  listed "$2" >"$tmp/list"
  nm -D --defined-only "$lib/lib$1.so" | awk '{ print $NF }' | sort >"$tmp/found"
  same "lib$1.so" "$tmp/list" "$tmp/found"
  nm -g --defined-only "$lib/lib$1.a" | awk 'NF == 3 { print $NF }' | sort >"$tmp/found"
  same "lib$1.a" "$tmp/list" "$tmp/found"
  # Tables of pointers are in .data.rel.ro, which the loader makes read-only.
  objdump -h "$lib/lib$1.o" | awk '$2 ~ /^\.(data|bss|tdata|tbss)/ && $2 !~ /^\.data\.rel\.ro/ && $3 !~ /^0+$/ { print $2 }' >"$tmp/state"
  nm "$lib/lib$1.o" | awk '$(NF - 1) == "C" { print $NF }' >>"$tmp/state"
  [ ! -s "$tmp/state" ] || { echo "symbols-check: lib$1 has global state:" $(nm "$lib/lib$1.o" | awk '$2 ~ /^[bBdDC]$/ { print $3 }'); rc=1; }
}

check sigmac compiler
check sigmac-rt rt
listed compiler >"$tmp/list"
sed -n 's/^SIGMAC_API.*[ *]\(sigmac_[a-z_]*\)(.*/\1/p' "$here/../../include/sigmac.h" | sort >"$tmp/found"
same "include/sigmac.h" "$tmp/list" "$tmp/found"
! nm -u "$lib/libsigmac-rt.a" | grep -q ' yaml_' || { echo "symbols-check: libsigmac-rt needs libyaml"; rc=1; }
[ "$rc" != 0 ] || echo "$(wc -l <"$tmp/list") functions, as listed; no global state"
exit $rc
