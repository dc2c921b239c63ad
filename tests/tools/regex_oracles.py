#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random regular expressions, as printed for the targets, run by the engines of the targets.

regex_oracles.py TOOL [N [SEED]]   TOOL is build/CONFIG/regex-cases
The engines are where tests/oracles/setup.sh puts them: in build/oracles, or $SIGMAC_ORACLES.

Every pattern that is printed must be accepted by the engine and match the same texts as the tree. The share of true
verdicts and of refusals is printed, so that agreement is not agreement on nothing. Exit status 1 where something differs.
Without the engines a line says so, and the status is 0.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import threading

HOME = pathlib.Path(os.environ.get("SIGMAC_ORACLES") or pathlib.Path(__file__).parent.parent.parent / "build/oracles").resolve()
CHUNK = 2000  # cases for one run of an engine, which remembers all its patterns


def answers(command, lines):
    """What a process prints for these lines, one for each."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def feed():
        with process.stdin:
            process.stdin.writelines(line + "\n" for line in lines)

    feeder = threading.Thread(target=feed)
    feeder.start()
    out = [line.rstrip("\n") for line in process.stdout]
    feeder.join()
    if process.wait() or len(out) != len(lines):
        sys.exit(f"{command[0]}: {len(out)} answers to {len(lines)} lines")
    return out


def hexed(text):
    return text.encode().hex()


def rust_binary():
    built = [HOME / "rust_regex" / d / "rust_regex" for d in ("release", "target/release")]
    return next((b for b in built if b.exists()), built[0])


def rust(pairs):
    lines = [json.dumps([p, [t]], ensure_ascii=True) for p, t in pairs]
    told = map(json.loads, answers([str(rust_binary())], lines))
    return [answer if isinstance(answer, str) else int(answer[0]) for answer in told]


def lucene(pairs):
    lines = [f"0\t{hexed(p)}\t{hexed(t)}" for p, t in pairs]
    told = answers(["java", "-cp", f"{HOME}/java:{HOME}/java/*", "LuceneRegex"], lines)
    return [{"1": 1, "0": 0}.get(line, line) for line in told]


ENGINES = {"rust": rust, "lucene": lucene}


class Totals:
    def __init__(self):
        self.printed = self.refused = self.pairs = self.true = self.wrong = self.too_complex = 0
        self.why = collections.Counter()


def compare(name, engine, cases, totals):
    pairs, wanted = [], []
    for case in cases:
        if isinstance(case[name], dict):
            totals.refused += 1
            totals.why[case[name]["construct"]] += 1
            continue
        totals.printed += 1
        for text, match in zip(case["texts"], case["matches"]):
            pairs.append((case[name], text))
            wanted.append((match, case))
    seen = set()
    for (pattern, text), (match, case), told in zip(pairs, wanted, engine(pairs)):
        totals.pairs += 1
        totals.true += match
        if told == match:
            continue
        if isinstance(told, str) and "would require more than" in told:
            totals.too_complex += pattern not in seen  # the estimate lets through what is near the limit
            seen.add(pattern)
            continue
        totals.wrong += 1
        if totals.wrong <= 20:
            print(f"{name}: {case['pattern']!r} ({case['flags']}) printed as {pattern!r} on {text!r}: {told!r}, not {match}")


def main():
    tool = sys.argv[1]
    count, seed = int(sys.argv[2]) if len(sys.argv) > 2 else 2000, sys.argv[3] if len(sys.argv) > 3 else "1"
    there = {"rust": rust_binary(), "lucene": HOME / "java/LuceneRegex.class"}
    engines = {name: run for name, run in ENGINES.items() if there[name].exists()}
    for name in sorted(ENGINES.keys() - engines.keys()):
        print(f"regular expressions in the engine of {name} skipped: no {there[name]} (tests/oracles/setup.sh)")
    if not engines:
        return
    totals = {name: Totals() for name in engines}
    with subprocess.Popen([tool, str(count), seed], stdout=subprocess.PIPE, text=True, encoding="utf-8") as generator:
        while chunk := [json.loads(line) for _, line in zip(range(CHUNK), generator.stdout)]:
            for name, engine in engines.items():
                compare(name, engine, chunk, totals[name])
    wrong = 0
    for name, t in totals.items():
        print(f"{name}: {t.printed} patterns printed, {t.refused} refused, {t.too_complex} too complex for the engine; {t.pairs} texts, "
              f"{100 * t.true // max(t.pairs, 1)} % matched, {t.wrong} wrong")
        for construct, n in t.why.most_common():
            print(f"    {n} refused: {construct}")
        wrong += t.wrong
    print(f"{sum(t.pairs - t.wrong for t in totals.values())} passed, {wrong} failed")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
