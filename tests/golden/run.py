#!/usr/bin/env python3
"""Runs the golden cases: run.py SIGMAC [--oracle PROGRAM] [CASE...]   (BLESS=1 rewrites what they expect; read the difference)

A case is a folder with rule.yml and optionally args (one command line argument a line). What is expected:
  expected.ndjson  matches of events.ndjson            eval.err  what eval says on stderr, if anything
  disasm           plain code                          exit      exit status of compile, where it is not 0
  stderr           what compile says, where it is more than nothing
  eql, kql ...     the rule as text, or why not, with the arguments of translate.args too; none where a pipeline is for another one
A case with a file `target` (eql or kql) is about that text alone: rules that its pipeline refuses do not keep the others from being
compared, and no code is. Descriptions of rules name the numbered cases that they show; cases.py beside this file counts them.
With --oracle, the referee (tests/tools/oracle_main.c) must find the same matches of rules. Prints the differences, and `N passed, N failed` last.
"""
import difflib, json, os, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = None
TARGETS = []
BLESS = os.environ.get("BLESS") == "1"


def run(cmd, cwd):
    p = subprocess.run(cmd, cwd=cwd, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    return p.returncode, p.stdout.decode(errors="replace"), p.stderr.decode(errors="replace")


def lines(path):
    return open(path, encoding="utf-8").read().splitlines() if os.path.exists(path) else []


def translated(sigmac, d, target, args):
    rc, text, notes = run([sigmac, "translate", "-t", target, "--color", "never", *args, "rule.yml"], d)
    return text + "\n" * bool(text) + notes if rc in (0, 1) else ""


def silent(disasm):
    """Titles of rules that report nothing, since a correlation refers to them. The referee knows of no correlations."""
    return {json.loads(title) for title in re.findall(r'^rule \d+ ("(?:[^"\\]|\\.)*").*\n  correlated, silent', disasm, re.M)}


def actual(sigmac, d):
    """Expected file -> text that it should hold; empty text: the file should not be there."""
    args, more, only = (lines(os.path.join(d, name)) for name in ("args", "translate.args", "target"))
    if only:
        return {target: translated(sigmac, d, target, args + more) for target in only}
    rc, _, err = run([sigmac, "compile", "-q", "--color", "never", *args, "rule.yml"], d)
    out = {"exit": f"{rc}\n" if rc else "", "stderr": err}
    out["disasm"] = run([sigmac, "disasm", "-q", "--color", "never", *args, "rule.yml"], d)[1] if rc == 0 else ""
    for target in TARGETS:
        out[target] = translated(sigmac, d, target, args + more) if rc == 0 else ""
    if os.path.exists(os.path.join(d, "events.ndjson")):
        cmd = [sigmac, "eval", "-q", "--color", "never", "-r", "rule.yml", "--logsource", "off", "--format", "ndjson", *args, "events.ndjson"]
        rc2, out["expected.ndjson"], err2 = run(cmd, d)
        out["eval.err"] = err2 if err2 != err else ""
        plain = run(cmd[:2] + ["--plain"] + cmd[2:], d)[1]
        if plain != out["expected.ndjson"]:
            out["expected.ndjson"] = "plain code gives other matches than fused code\n" + plain
        elif ORACLE:
            referee = run([ORACLE, *args, "rule.yml", "--", "events.ndjson"], d)[1]
            quiet = silent(out["disasm"])
            theirs = sorted(match for line in referee.splitlines() if (match := tuple(line.split("\t")[i] for i in (0, 3)))[1] not in quiet)
            found = (m for m in map(json.loads, out["expected.ndjson"].splitlines()) if m.get("type") != "correlation")
            ours = sorted((str(m["event_index"]), m["rule_title"]) for m in found)
            if theirs != ours:
                out["expected.ndjson"] = f"the referee is of another opinion: {theirs}\n" + out["expected.ndjson"]
    return out


def check(sigmac, d):
    good, seen = True, False
    for name, text in actual(sigmac, d).items():
        path = os.path.join(d, name)
        if BLESS:
            if text:
                open(path, "w", encoding="utf-8").write(text)
            elif os.path.exists(path):
                os.remove(path)
        want = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
        seen = seen or bool(want)
        if want != text:
            good = False
            diff = difflib.unified_diff(want.splitlines(), text.splitlines(), f"{os.path.basename(d)}/{name}", "now", lineterm="")
            print("\n".join(diff))
    if not seen:
        print(f"{os.path.basename(d)}: expects nothing")
    return good and seen


def main():
    global ORACLE
    sigmac = os.path.abspath(sys.argv[1])
    TARGETS.extend(row["name"] for row in json.loads(run([sigmac, "list", "backends", "--format", "json"], HERE)[1]))
    if sys.argv[2:3] == ["--oracle"]:
        ORACLE = os.path.abspath(sys.argv[3])
        del sys.argv[2:4]
    cases = sys.argv[2:] or sorted(c for c in os.listdir(HERE) if os.path.exists(os.path.join(HERE, c, "rule.yml")))
    results = [check(sigmac, os.path.join(HERE, c)) for c in cases]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(not results or not all(results))


if __name__ == "__main__":
    main()
