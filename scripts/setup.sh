#!/bin/sh
# Installs what sigmac is built with; with --dev also what its tests need. Debian and Ubuntu; as root or with sudo.
# Does nothing where everything is there.
set -eu
export DEBIAN_FRONTEND=noninteractive

install_missing() {
  missing=
  for p in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $p"
  done
  [ -n "$missing" ] || return 0
  echo "installing:$missing"
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  [ -n "${updated-}" ] || $sudo apt-get update -qq
  updated=1
  # shellcheck disable=SC2086
  $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

install_missing gcc make pkg-config libc6-dev libyaml-dev libpcre2-dev libcjson-dev zlib1g-dev libzstd-dev
[ "${1-}" = --dev ] || exit 0
install_missing git clang clang-format libcriterion-dev valgrind gcovr python3 python3-yaml zstd
# The sanitizer runtime, which `make fuzz` links, is a package of its own since clang 14; its name has the version.
version=$(clang --version | sed -n 's/.*version \([0-9]*\).*/\1/p' | head -n 1)
if apt-cache show "libclang-rt-$version-dev" >/dev/null 2>&1; then install_missing "libclang-rt-$version-dev"; fi

# For the executors of emitted queries (tests/oracles), which have their packages from npm, Maven and crates.io. Without them what
# needs them is skipped.
tool() {
  command -v "$1" >/dev/null || install_missing "$2" || echo "$2 cannot be installed: a part of the tests is skipped"
}
tool node nodejs
tool npm npm
tool javac default-jdk-headless
tool mvn maven
tool cargo cargo
# For tests/ci/pre-commit.sh.
tool pre-commit pre-commit
