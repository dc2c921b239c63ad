# A repository with a rule that lint has nothing against: new_repository FOLDER. Sourced by the tests beside it.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org \
  GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
passed=0 failed=0

rule() { # TITLE ID LEVEL
  cat <<RULE
title: $1
id: $2
status: test
description: Detects the execution of the example tool from a folder of users.
references:
    - https://example.org/tool
author: Example Author
date: 2025-06-01
tags:
    - attack.execution
    - attack.t1059
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\tool-${2%%-*}.exe'
    condition: selection
falsepositives:
    - Unknown
level: $3
RULE
}

new_repository() {
  mkdir -p "$1/rules"
  git -C "$1" init -q -b main
  rule 'Example Tool Execution' 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10 medium >"$1/rules/proc_creation_win_tool.yml"
  git -C "$1" add -A
  git -C "$1" commit -q -m one
}

# check NAME STATUS PATTERN COMMAND...: exit status, and what must stand in the output; `!PATTERN`: must not.
check() {
  name=$1 want=$2 pattern=$3 got=0
  shift 3
  "$@" >"$work/out" 2>&1 || got=$?
  case $pattern in
  !*) grep -q -- "${pattern#!}" "$work/out" && found=no || found=yes ;;
  *) grep -q -- "$pattern" "$work/out" && found=yes || found=no ;;
  esac
  if [ "$got" = "$want" ] && [ $found = yes ]; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1))
  echo "FAILED: $name: exit $got, wanted $want and $pattern in:"
  sed 's/^/  /' "$work/out"
}
