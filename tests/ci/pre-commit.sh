#!/bin/sh
# The hooks of .pre-commit-hooks.yaml, run by pre-commit in a repository with rules: pre-commit.sh SIGMAC
set -eu
sigmac=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$root/tests/ci/rules.sh"
export PRE_COMMIT_HOME="$work/cache"

# What pre-commit clones: the hooks as they are here, and a program in the place where the script builds one.
mkdir -p "$work/hooks/scripts" "$work/hooks/build" "$work/bin"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks"
cp "$root/scripts/pre-commit.sh" "$work/hooks/scripts"
ln -s "$sigmac" "$work/hooks/build/sigmac"
ln -s "$sigmac" "$work/bin/sigmac"
export PATH="$work/bin:$PATH"
git -C "$work/hooks" init -q -b main
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -q -m hooks
rev=$(git -C "$work/hooks" rev-parse HEAD)

new_repository "$work/repo"
cd "$work/repo"
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $work/hooks
    rev: $rev
    hooks:
      - id: sigmac-lint
        files: ^rules/
      - id: sigmac-lint-fix
        files: ^rules/
      - id: sigmac-lint-set
      - id: sigmac-lint-build
        files: ^rules/
CONFIG
printf 'lint: {ignore: [draft_*]}\n' >.sigmac.yml
echo 'not: [a, rule' >.hidden.yml
git add -A
check "hooks are well-formed" 0 "!rror" pre-commit validate-manifest "$work/hooks/.pre-commit-hooks.yaml"
check "good rules pass" 0 "Passed" pre-commit run --all-files
check "hidden files are no rules" 0 "!hidden" pre-commit run --all-files -v
rule 'Second Example Tool Execution' 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10 middle >rules/proc_creation_win_second.yml
git add -A
check "a bad rule fails" 1 "invalid-level" pre-commit run sigmac-lint
check "alone it has no id twice" 1 "!duplicate-id" pre-commit run sigmac-lint
check "the set has" 1 "duplicate-id" pre-commit run sigmac-lint-set
check "so it is by the script" 1 "invalid-level" pre-commit run sigmac-lint-build
git mv rules/proc_creation_win_second.yml rules/draft_second.yml
check "what is ignored passes, also by its name" 0 "Passed" pre-commit run sigmac-lint
git rm -q --cached rules/draft_second.yml
rm rules/draft_second.yml
sed -i 's/^author: .*/&   /' rules/proc_creation_win_tool.yml
git add -A
check "what is mended fails once" 1 "files were modified" pre-commit run sigmac-lint-fix
check "and is mended" 1 "^author: Example Author\$" sh -c "cat rules/proc_creation_win_tool.yml; false"
git add -A
check "then it passes" 0 "Passed\|Skipped" pre-commit run sigmac-lint-fix
check "try-repo, as somebody who looks at the hooks" 0 "Passed" pre-commit try-repo "$work/hooks" sigmac-lint --files rules/proc_creation_win_tool.yml
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
