#!/usr/bin/env python3
"""Fixes whole sets of rules: lint_fix.py SIGMAC   (`N passed, N failed` last)

The rules of tests/golden/lint that fire, and with SIGMAC_SHARED the cases of lint/bad there and the rules of SigmaHQ, each as a set, with
every check on. A second run must change nothing; no fix may be left out; what compiled must compile; comments with lines of their own must stay. Behind safe
fixes the code of each rule must be the same, but for those of lint.py's PROVED, which are tried in a second run, with the unsafe ones.
"""
import collections, os, re, shutil, subprocess, sys, tarfile, tempfile

import lint as golden

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("SIGMAC_SHARED", "/nonexistent")
SAFE, UNSAFE = ["--fix", *(a for check in sorted(golden.PROVED) for a in ("--disable", check))], ["--fix", "--unsafe"]


def own(work):
    for check in os.listdir(os.path.join(HERE, "lint")):
        folder = os.path.join(HERE, "lint", check)
        fires = golden.part(folder, "fires")
        if fires:
            copy = shutil.copytree if os.path.isdir(os.path.join(folder, fires)) else shutil.copy
            os.makedirs(os.path.join(work, check))
            copy(os.path.join(folder, fires), os.path.join(work, check, fires))


def shared_cases(work):
    shutil.copytree(os.path.join(SHARED, "lint", "bad"), work, dirs_exist_ok=True)


def sigmahq(work):
    with tarfile.open(os.path.join(SHARED, "data", "sigmahq-rules.tar.gz")) as t:
        t.extractall(work, filter="data") if hasattr(tarfile, "data_filter") else t.extractall(work)


def code_by_rule(sigmac, folder):
    """Code of each rule that compiles, by its file and its number in it."""
    p = subprocess.run([sigmac, "disasm", "-q", "--color", "never", "."], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=300)
    code, count, lines = {}, collections.Counter(), []
    for line in p.stdout.decode(errors="replace").splitlines():
        rule = re.match(r"rule \d+ .* (\S.*):\d+$", line)
        if rule:
            name = rule[1].split(" ", 1)[-1] if rule[1].startswith("-") else rule[1]
            lines = code[name, count[name]] = []
            count[name] += 1
        elif line.startswith("correlation "):
            lines = []  # they stand behind all rules
        else:
            line = re.sub(r" *\[[^\[\]]*\d+:\d+\]$", "", line)
            lines.append(re.sub(r"^( *\d+  (?:FIELD|TEST)) +\d+", r"\1", line))  # numbers are of the whole set
    return code


def comments(text, alone=False):
    """Their words, without blanks and signs around them; what is quoted is none. `alone`: those with lines of their own."""
    found = collections.Counter()
    for line in re.split(r"[\r\n]+", text.decode(errors="replace")):
        line = re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", "", line)
        m = re.search(r"^\s*#(.*)" if alone else r"(?:^|[\s\]}])#(.*)", line)
        if m:
            found[re.sub(r"\s+", " ", m[1].strip("# \t"))] += 1
    return found


def rules_of(code):
    return collections.Counter(name for name, _ in code)


def read_all(folder):
    return {n: t for n, t in golden.files_in(folder).items() if n.endswith((".yml", ".yaml"))}


def lint(sigmac, folder, args):
    """What a run says of itself beside its findings, but for its summary and files that are as they should be here."""
    p = subprocess.run([sigmac, "lint", *golden.ALWAYS, *args, "."], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=300)
    assert p.returncode in (0, 1, 3), p.stderr
    return [l for l in p.stderr.decode(errors="replace").splitlines() if l]


def faults(sigmac, make, args, safe):
    with tempfile.TemporaryDirectory() as work:
        make(work)
        for folder, _, names in os.walk(work):
            for name in names:
                os.chmod(os.path.join(folder, name), 0o644)
        before, code = read_all(work), code_by_rule(sigmac, work)
        told = lint(sigmac, work, args)
        after, now = read_all(work), code_by_rule(sigmac, work)
        changed = [n for n in before if before[n] != after[n]]
        yield from told
        if not changed:
            yield "nothing is changed"
        for name, n in rules_of(code).items():
            if rules_of(now)[name] < n:
                yield f"{name}: a rule does not compile any more"
        for name in changed:
            gone = comments(before[name], alone=True) - comments(after[name])  # others go with what is dropped
            if safe and gone:
                yield f"{name}: comments are gone: {list(gone)}"
        if safe:
            yield from (f"{name}: the code of rule {i} is another one" for (name, i), lines in code.items() if now.get((name, i)) != lines)
        yield from (f"the second time: {l}" for l in lint(sigmac, work, args))
        again = read_all(work)
        yield from (f"{n}: a second --fix changes it" for n in after if after[n] != again[n])
        print(f"{make.__name__} {' '.join(args)[:20]}: {len(changed)} of {len(before)} files are changed")


def main():
    sigmac = os.path.abspath(sys.argv[1])
    good = bad = 0
    sets = [own]
    if os.path.isdir(SHARED):
        sets += [shared_cases, sigmahq]
    else:
        print("cases of others and SigmaHQ skipped: SIGMAC_SHARED is not set")
    for make in sets:
        for args, safe in ((SAFE, True), (UNSAFE, False)):
            found = list(faults(sigmac, make, args, safe))
            good, bad = good + (not found), bad + bool(found)
            for text in found[:40]:
                print(f"{make.__name__} {args[-1]}: {text}")
    print(f"{good} passed, {bad} failed")
    sys.exit(bad > 0 or not good)


if __name__ == "__main__":
    main()
