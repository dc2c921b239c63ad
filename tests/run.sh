#!/bin/sh
# Runs all tests of one build: tests/run.sh build/CONFIG. Prints what ran; the last line sums the parts. A part that runs
# nothing counts as failed.
set -u
build=$1
sigmac=$build/sigmac
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0
log=$build/test.log

# part NAME COMMAND...: counts the last "N passed, N failed" of its output; without one, the exit status is one test.
# Those that take long say how long.
part() {
  name=$1
  shift
  echo "== $name"
  began=$(date +%s)
  "$@" >"$log" 2>&1
  status=$?
  took=$(($(date +%s) - began))
  line=$(grep -aE '[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  if [ -n "$line" ]; then
    p=$(echo "$line" | grep -oE '[0-9]+ passed' | cut -d' ' -f1)
    f=$(echo "$line" | grep -oE '[0-9]+ failed' | cut -d' ' -f1)
    [ "$p" -gt 0 ] || f=$((f + 1))
    [ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
  elif [ "$status" = 0 ]; then p=1 f=0
  else p=0 f=1
  fi
  if [ "$f" -gt 0 ]; then cat "$log"; else tail -n 12 "$log"; fi
  [ "$took" -lt 10 ] || echo "-- $took s"
  passed=$((passed + p)) failed=$((failed + f))
}

unit() {
  LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 "$build/unit-tests" --color=never 2>&1 | sed 's/^\[====\] Synthesis: Tested: /Tested: /' >"$build/unit.log"
  cat "$build/unit.log"
  set -- $(sed -n 's/^.*Tested: \([0-9]*\) | Passing: \([0-9]*\) | Failing: \([0-9]*\) | Crashing: \([0-9]*\).*/\2 \3 \4/p' "$build/unit.log")
  # A leak in a child of Criterion changes no status: the report is what tells.
  reports=$(grep -cE 'ERROR: (Leak|Address|Thread)Sanitizer|runtime error:' "$build/unit.log")
  echo "${1-0} passed, $((${2-1} + ${3-0} + reports)) failed"
}

replay() {
  good=0 bad=0
  for f in tests/fuzz/fuzz_*.c; do
    t=$(basename "$f" .c)
    if "$build/$t" "tests/fuzz/corpus/${t#fuzz_}"; then good=$((good + 1)); else bad=$((bad + 1)); fi
  done
  echo "$good passed, $bad failed"
}

# The first python3 on the PATH need not be the one that has the YAML package.
with_yaml() {
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import yaml' 2>/dev/null; then
      "$python" -B "$@"
      return
    fi
  done
  echo "no python3 has the package yaml: scripts/setup.sh --dev installs it"
  return 1
}

part "unit tests" unit
part "golden cases" python3 tests/golden/run.py "$sigmac" --oracle "$build/oracle-eval"
part "golden cases of lint" python3 -B tests/golden/lint.py "$sigmac"
part "the runner of these cases finds faults" python3 -B tests/golden/lint.py --self-test "$sigmac"
part "fixes of lint over whole sets of rules" python3 -B tests/golden/lint_fix.py "$sigmac"
part "every numbered case of translation has a golden one" python3 -B tests/golden/cases.py
part "pipelines" python3 -B tests/pipelines/run.py "$build/pipeline-show"
part "recorded sessions" python3 tests/cli/run.py "$sigmac"
part "forms of output of lint, read by other parsers" python3 -B tests/cli/lint_formats.py "$sigmac"
part "the steps of the action, as GitHub runs them" with_yaml tests/ci/action.py "$sigmac"
if command -v pre-commit >/dev/null; then
  part "hooks of pre-commit" tests/ci/pre-commit.sh "$sigmac"
else
  echo "hooks of pre-commit skipped: pre-commit is not installed (scripts/setup.sh --dev, or pip)"
fi
part "findings of lint about meaning, tried on events" "$build/sound" --seed 1 --rules "${SOUND_ROUNDS:-400}" --events 200 sigma-rules
part "claims about meaning that are wrong are found" "$build/sound" --self-test
if [ -n "${SIGMAC_SKIP_CORPUS-}" ]; then
  echo "lint --target against translate skipped: this build is too slow for it"
else
  part "lint --target against translate" python3 -B tests/cli/lint_target.py "$sigmac"
fi
part "bad input" python3 -B tests/bad/run.py "$sigmac"
part "every row of bad input can fail" python3 -B tests/bad/run.py --self-test "$sigmac"
part "terminals and signals" python3 tests/cli/terminal.py "$sigmac"
part "files that grow, rules loaded again, threads" python3 -B tests/cli/live.py "$sigmac"
part "runs that are stopped or killed, and go on" python3 -B tests/cli/state.py "$sigmac"
part "times against another calendar" python3 tests/cli/times.py "$sigmac"
part "conformance vectors" python3 tests/conformance/run.py "$sigmac"
part "the evaluator that correlations are compared with" with_yaml tests/correlate/reference.py --self-test --vectors tests/conformance/correlations.json
part "differences from it would be found" python3 -B tests/correlate/differential.py --self-test
part "correlations, against that evaluator" with_yaml tests/correlate/differential.py "$sigmac" --events "${CORRELATE_EVENTS:-20000}"
part "rules as an independent model reads them" tests/model/run.sh --sigmac "$sigmac" --rounds "${MODEL_ROUNDS:-40}"
if [ -z "${SIGMAC_SKIP_CORPUS-}" ]; then
  part "emitted text against the VM, a sample" tests/equivalence/run.sh "$sigmac"
else
  echo "emitted text against the VM skipped: this build is too slow for it"
fi
part "fuzz corpora, replayed" replay
oracles=${SIGMAC_ORACLES:-build/oracles}
if [ -e "$oracles/java/LuceneRegex.class" ]; then
  part "regular expressions in the engines of the targets" python3 -B tests/tools/regex_oracles.py "$build/regex-cases"
else
  echo "regular expressions in the engines of the targets skipped: tests/oracles/setup.sh was not run"
fi
part "tests beside the shipped rules" with_yaml tests/rules/run.py "$sigmac" --oracle "$build/oracle-eval"
part "the runner of these tests finds faults" with_yaml tests/rules/run.py "$sigmac" --self-test
part "rules for T1584.002 and the labels of their events" with_yaml tests/rules/labels.py "$sigmac"
part "shipped pipelines" with_yaml tests/pipelines/check.py pipelines
part "faults of pipelines are found" with_yaml tests/pipelines/check.py --self-test pipelines
part "every part of a shipped rule has a test" with_yaml tests/rules/deletions.py "$sigmac"
part "deploy formats, read by other parsers" with_yaml tests/deploy/run.py "$build/deploy-rule"
part "the check of deploy formats finds faults" with_yaml tests/deploy/run.py "$build/deploy-rule" --self-test
part "the libraries, installed" tests/library/run.sh "$build"
# Cases with a target need a shipped pipeline, which this program does not load.
plain=$(for d in $(dirname tests/golden/*/rule.yml); do [ -e "$d/target" ] || echo "$d"; done)
part "exhausted memory, libraries" "$build/oom" $plain tests/oom/windows tests/oom/correlations
if nm -D "$sigmac" | grep -qE '__(asan|tsan)_'; then
  echo "exhausted memory of the program skipped: malloc cannot be made to fail under this sanitizer"
else
  part "exhausted memory, program" python3 tests/oom/cli.py "$sigmac" "$build/failing-malloc.so"
fi
# Says itself where it is skipped: counts of another compiler say nothing.
case $build in
*release) part "instructions per event and per rule" with_yaml tests/bench/instructions.py "$sigmac" ;;
*) echo "instructions per event skipped: this is not the release build" ;;
esac
part "threads" tests/threads.sh "$build/threads"
if [ -n "${SIGMAC_SHARED-}" ] && [ -z "${SIGMAC_SKIP_CORPUS-}" ]; then
  part "corpora" tests/corpus/run.sh "$sigmac"
  hq=$build/sound-rules
  mkdir -p "$hq" && tar xzf "$SIGMAC_SHARED/data/sigmahq-rules.tar.gz" -C "$hq"
  part "findings of lint about meaning in public rules, tried on events" "$build/sound" --seed 1 --events 100 "$hq"
  part "public rules for the anchors" "$sigmac" compile -q -o "$build/anchors.sgc" "$hq/sigmahq-rules/rules"
  part "anchors of the tests of public rules" "$build/anchor-check" "$build/anchors.sgc"
  part "deploy formats of public rules" with_yaml tests/deploy/run.py "$build/deploy-rule" --corpus
else
  echo "corpus checks skipped: SIGMAC_SHARED is not set, or this build is too slow for them"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
