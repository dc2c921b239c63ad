#!/usr/bin/env bash
# The steps of action.yml: `build` makes the program where the action is, `lint` runs it in the workspace with what the variables LINT_* say.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sigmac=$root/build/sigmac

build() {
  [ -x "$sigmac" ] && return
  echo "::group::Build sigmac"
  "$root/scripts/setup.sh"
  make -C "$root" -s -j"$(nproc)"
  echo "::endgroup::"
}

# The files that a pull request changes, each with a NUL behind. The checkout may be shallow: the base is fetched.
changed_files() {
  git cat-file -e "$LINT_BASE^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$LINT_BASE"
  git diff --name-only -z --no-renames "$LINT_BASE" HEAD
}

lint() {
  local options=() paths=() status=0 list
  while IFS= read -r path; do
    [ -z "$path" ] || paths+=("$path")
  done <<<"$LINT_PATHS"
  [ -z "${LINT_PROFILE-}" ] || options+=(--profile "$LINT_PROFILE")
  [ -z "${LINT_CONFIG-}" ] || options+=(--config "$LINT_CONFIG")
  [ -z "${LINT_BASELINE-}" ] || options+=(--baseline "$LINT_BASELINE")
  options+=(--fail-level "${LINT_FAIL_LEVEL:-error}")
  if [ "${LINT_CHANGED_ONLY-true}" = true ] && [ -n "${LINT_BASE-}" ] && [ "$LINT_BASE" = "$(git rev-parse HEAD)" ]; then
    echo "::notice::The checkout is the base of the pull request, without its changes: what all files have is reported."
  elif [ "${LINT_CHANGED_ONLY-true}" = true ] && [ -n "${LINT_BASE-}" ]; then
    list=$(mktemp)
    (cd "$(git rev-parse --show-toplevel)" && changed_files) >"$list"
    options+=(--changed-from "$list")
  fi
  "$sigmac" lint --format github "${options[@]}" -- "${paths[@]}" || status=$?
  if [ -n "${LINT_SARIF-}" ] && [ "$status" -le 1 ]; then
    "$sigmac" lint --quiet --format sarif "${options[@]}" -- "${paths[@]}" >"$LINT_SARIF" || [ $? = 1 ]
  fi
  return "$status"
}

case ${1-} in
build) build ;;
lint) lint ;;
*)
  echo "usage: $0 build|lint" >&2
  exit 2
  ;;
esac
