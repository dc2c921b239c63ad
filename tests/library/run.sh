#!/bin/sh
# The libraries as a user has them: installed into an empty tree, found by pkg-config, linked shared and static, in C and
# C++, with the examples of docs/; then uninstalled. run.sh BUILD, which is complete.
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
build=$1
here=$root/tests/library
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0
cc=${CC:-cc} cxx=${CXX:-c++}
command -v "$cxx" >/dev/null || cxx=clang++
# A library with sanitizers wants a program with them.
flags='-Wall -Wextra -Werror' plain=yes
needs() { nm -u "$build/lib/libsigmac.o" | grep -q "$1" && plain=; }
if needs __asan_; then flags="$flags -fsanitize=address,undefined"
elif needs __ubsan_; then flags="$flags -fsanitize=undefined"
elif needs __gcov_; then flags="$flags --coverage"
fi

# check NAME COMMAND...
check() {
  name=$1
  shift
  if "$@" >"$tree/log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $name"; cat "$tree/log"; fi
}

installer() { MAKEFLAGS='' make -s "$1" CONFIG="${build##*/}" DESTDIR="$tree/shared" PREFIX=/usr LIBDIR=/usr/lib/sigmac-test; }
found() { (cd "$tree/shared" && find . ! -type d ! -path './usr/share/sigmac/sigma-rules/*' ! -path './usr/share/sigmac/pipelines/*' | sort); }
expect_found() {
  version=$(sed -n 's/^#define SIGMAC_VERSION "\(.*\)"/\1/p' include/sigmac.h)
  {
    echo ./usr/bin/sigmac
    echo ./usr/include/sigmac.h
    for l in sigmac-rt sigmac; do
      for f in a so so.0 "so.$version"; do echo "./usr/lib/sigmac-test/lib$l.$f"; done
      echo "./usr/lib/sigmac-test/pkgconfig/$l.pc"
    done
  } | sort | diff - "$tree/found"
}

mkdir -p "$tree/shared/usr/share/sigmac/sigma-rules/mine"
echo mine >"$tree/shared/usr/share/sigmac/sigma-rules/mine/rule.yml"
check "install" installer install
found >"$tree/found"
check "what is installed" expect_found
check "the rules are there" test -f "$tree/shared/usr/share/sigmac/sigma-rules/LICENSE"
check "the pipelines are there" diff -r pipelines "$tree/shared/usr/share/sigmac/pipelines"

# The static tree is the same without what is shared.
cp -r "$tree/shared" "$tree/static"
rm "$tree"/static/usr/lib/sigmac-test/*.so*
config() {
  way=$1
  shift
  PKG_CONFIG_PATH="$tree/$way/usr/lib/sigmac-test/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$tree/$way" pkg-config "$@"
}
LD_LIBRARY_PATH=$tree/shared/usr/lib/sigmac-test
export LD_LIBRARY_PATH
check "version" test "$(config shared --modversion sigmac)" = "$("$build/sigmac" --version | sed -n 's/^sigmac //p')"

# build WAY PACKAGE SOURCE PROGRAM
build() {
  static=$([ "$1" = shared ] || echo --static)
  # shellcheck disable=SC2046,SC2086
  "$cc" $flags "$3" $(config "$1" $static --cflags --libs "$2") -o "$4"
}
run_example() {
  (cd "$here" && "$1" rules.yml <events.ndjson >"$tree/out" 2>"$tree/err")
  [ $? = 0 ] && diff "$here/expected.out" "$tree/out" && diff "$here/expected.err" "$tree/err"
}
run_rt() {
  "$build/sigmac" compile -q -o "$tree/rules.sgc" sigma-rules/windows || return 1
  "$1" "$tree/rules.sgc" "$(head -n 1 sigma-rules/demo/events.ndjson)" >"$tree/out" && "$build/sigmac" eval -q -r "$tree/rules.sgc" \
    --format ndjson sigma-rules/demo/events.ndjson | sed -n 's/.*"rule_title":"\([^"]*\)".*"event_index":0}/\1/p' | diff - "$tree/out"
}
names() { [ "$("$tree/names")" = "1 1" ]; }

for way in shared static; do
  check "example, $way" build $way sigmac docs/example.c "$tree/example-$way"
  check "what it prints, $way" run_example "$tree/example-$way"
  check "example for images, $way" build $way sigmac-rt docs/example-rt.c "$tree/example-rt-$way"
  check "what that prints, $way" run_rt "$tree/example-rt-$way"
  check "a program with the same names inside, $way" build $way sigmac tests/library/names.c "$tree/names"
  check "what it does, $way" names
done
no_yaml() { ! readelf -d "$tree/example-rt-static" "$LD_LIBRARY_PATH/libsigmac-rt.so" | grep -q 'NEEDED.*yaml'; }
check "libsigmac-rt does without libyaml" no_yaml

echo '#include <sigmac.h>' >"$tree/header.c"
echo 'int main(void) { return sigmac_status_text(SIGMAC_OK)[0] == 0; }' >>"$tree/header.c"
for std in c99 c11; do
  check "header alone, $std" "$cc" -std=$std -pedantic -Wall -Wextra -Wstrict-prototypes -Werror -Iinclude -fsyntax-only "$tree/header.c"
done
for std in c++11 c++17; do
  check "header alone, $std" "$cxx" -x c++ -std=$std -pedantic -Wall -Wextra -Werror -Iinclude -fsyntax-only "$tree/header.c"
done

if [ -n "$plain" ]; then
  check "names and state" tests/tools/symbols_check.sh "$build/lib"
  grep -v sigmac_version tests/tools/symbols.txt >"$tree/symbols.txt"
  other_list() { ! SYMBOLS=$tree/symbols.txt tests/tools/symbols_check.sh "$build/lib"; }
  check "a name too many is seen" other_list
else
  echo "names and state are not checked here: what this build measures with has its own"
fi

check "uninstall" installer uninstall
check "nothing is left" test -z "$(found)"
check "but what was not installed" test "$(cd "$tree/shared/usr/share/sigmac" && find . ! -type d)" = ./sigma-rules/mine/rule.yml
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
