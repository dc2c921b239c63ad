#!/usr/bin/env python3
"""Runs the golden cases of lint: lint.py SIGMAC [CHECK...]; lint.py --self-test SIGMAC   (BLESS=1 records; read the difference)

Each check has a folder tests/golden/lint/ID:
  fires.yml or fires/  a rule (or a set of them) with that fault: at least one finding of the check
  clean.yml or clean/  the same, mended: no finding of the check, and no error of another one
  args                 more arguments, one line, where the case needs them
  findings             findings of the check in fires: path:line:column-line:column severity check: message
  fixed.yml or fixed/  where the row has a fix: fires as it is behind --fix of this check alone (--unsafe where the row says so); of a
                       folder the files that changed
Both are linted with every check on, on a day that does not change. The lines of the row's `bad` must stand in fires, those of
`good` in clean, and docs/linting.md must have a section for the check. Behind --fix no finding of the check that has a fix is left, a
second --fix changes nothing, and behind a safe one the code of the rules is the same. Prints what is wrong, and `N passed, N failed` last.
"""
import difflib, json, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BLESS = os.environ.get("BLESS") == "1"
ALWAYS = ["--profile", "all", "--today", "2026-02-01", "--format", "json", "-q", "--color", "never"]

# What no file of the tree can show, and where it is tested instead: that file must name the check.
ELSEWHERE = {
    "file-unreadable": "tests/cli/lint-files.session",
    "file-too-large": "tests/cli/lint-files.session",
    "filter-file": "tests/cli/filters.session",
}


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


# Behind their safe fixes a rule has other code, which finds the same: the guard proves it (lint/facts.h, lint/normal.h).
PROVED = {"cased-no-effect", "cidr-overlap", "duplicate-value", "mergeable-maps", "regex-inline-flag", "regex-redundant-affix", "value-subsumed"}


def table(sigmac):
    """The checks in the list, and by id what the row says of them."""
    def out(*args):
        return json.loads(subprocess.run([sigmac, *args], capture_output=True, check=True, timeout=60).stdout)
    rows = {row["id"]: row for row in out("lint", "--explain", "all", "--format", "json")}
    return [rows[row["id"]] for row in out("list", "checks", "--format", "json")]


def part(folder, name):
    """fires or clean: a file, or else a folder."""
    for candidate in (name + ".yml", name):
        if os.path.exists(os.path.join(folder, candidate)):
            return candidate
    return None


def lint(sigmac, folder, name):
    args = read(os.path.join(folder, "args")).split() if os.path.exists(os.path.join(folder, "args")) else []
    p = subprocess.run([sigmac, "lint", *ALWAYS, *args, name], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    if p.returncode not in (0, 1):
        raise RuntimeError(f"exit {p.returncode}: {p.stderr.decode(errors='replace')}")
    return json.loads(p.stdout.decode("utf-8"))["findings"]


def line_of(f):
    return f"{f['path']}:{f['line']}:{f['column']}-{f['end_line']}:{f['end_column']} {f['severity']} {f['check']}: {f['message']}"


def lines_in(path):
    """The lines of a file or of all files below a folder, and how these are called."""
    paths = [path] if os.path.isfile(path) else [os.path.join(d, n) for d, _, names in os.walk(path) for n in names]
    found = {os.path.relpath(p, os.path.dirname(path)) for p in paths} | {os.path.basename(p) for p in paths}
    for p in paths:
        found.update(l.strip().lstrip("\ufeff") for l in re.split(r"[\r\n]", read(p)))
    return found


def missing_lines(text, path, what):
    there = lines_in(path)
    return [f"{what} lacks the line `{l.strip()}`" for l in text.splitlines() if l.strip() and l.strip() not in there]


def compare(path, got):
    """Against the recorded findings."""
    if BLESS:
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(l + "\n" for l in got))
    want = read(path).splitlines() if os.path.exists(path) else None
    if want is None:
        return ["no file `findings`: BLESS=1 records it"]
    return list(difflib.unified_diff(want, got, "findings", "now", lineterm=""))


def files_in(path):
    """Bytes of a file, or of all files below a folder, by their names in it."""
    if os.path.isfile(path):
        return {"": open(path, "rb").read()}
    return {os.path.relpath(os.path.join(d, n), path): open(os.path.join(d, n), "rb").read() for d, _, names in os.walk(path) for n in names}


def code_of(sigmac, path):
    """The code of the rules without places; none where one is refused."""
    p = subprocess.run([sigmac, "disasm", "-q", "--color", "never", path], capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    if p.returncode:
        return []
    lines = [re.sub(r" *\[[^\[\]]*\d+:\d+\]$", "", l) for l in p.stdout.decode(errors="replace").splitlines()]
    return [re.sub(r'^(rule \d+) .* (\S+):\d+$', r"\1 \2", l) for l in lines]


def fix_args(row, rows, folder):
    """This check alone fixes."""
    args = read(os.path.join(folder, "args")).split() if os.path.exists(os.path.join(folder, "args")) else []
    args += [a for r in rows if r["fix"] != "none" and r["id"] != row["id"] for a in ("--disable", r["id"])]
    return args + ["--fix"] + (["--unsafe"] if row["fix"] == "unsafe" else [])


def fix(sigmac, args, cwd, name):
    """What is wrong with the run; the file or folder of this name is fixed."""
    p = subprocess.run([sigmac, "lint", *ALWAYS, *args, name], cwd=cwd, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    told = p.stderr.decode(errors="replace").splitlines()
    return [f"--fix: exit {p.returncode}"] * (p.returncode not in (0, 1)) + [f"--fix: {l}" for l in told]


def record(path, changed):
    if os.path.isdir(path):
        shutil.rmtree(path)
    for name, text in changed.items():
        where = os.path.join(path, name) if name else path
        os.makedirs(os.path.dirname(where), exist_ok=True)
        with open(where, "wb") as f:
            f.write(text)


def fix_faults(sigmac, row, rows, folder, fires):
    recorded = os.path.join(folder, fires.replace("fires", "fixed"))
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, fires)
        (shutil.copytree if os.path.isdir(os.path.join(folder, fires)) else shutil.copy)(os.path.join(folder, fires), path)
        for name in os.listdir(folder): # what args name
            if os.path.isfile(os.path.join(folder, name)) and name != fires:
                shutil.copy(os.path.join(folder, name), work)
        before, code, args = files_in(path), code_of(sigmac, path), fix_args(row, rows, folder)
        found = fix(sigmac, args, work, fires)
        after = files_in(path)
        changed = {name: after[name] for name in after if after[name] != before[name]}
        if BLESS:
            record(recorded, changed)
        want = files_in(recorded) if os.path.exists(recorded) else {}
        found += [] if changed else ["--fix changes nothing"]
        found += [f"fixed lacks {n or fires}, or it is another text: BLESS=1 records it" for n in changed if want.get(n) != changed[n]]
        found += [f"fixed has {n or fires}, which does not change" for n in want if n not in changed]
        kinds = ("safe", "unsafe") if row["fix"] == "unsafe" else ("safe",)
        left = [f for f in lint(sigmac, work, fires) if f["check"] == row["id"] and f.get("fix", {}).get("kind") in kinds]
        found += ["behind --fix there is " + line_of(f) for f in left]
        if row["fix"] == "safe" and row["id"] not in PROVED and code and code != code_of(sigmac, path):
            found.append("behind --fix the code is another one")
        found += fix(sigmac, args, work, fires)
        return found + (["a second --fix changes something"] if files_in(path) != after else [])


def faults(sigmac, row, rows, cases, page):
    check, folder = row["id"], os.path.join(cases, row["id"])
    found = [] if f"\n### {check}\n" in page else [f"docs/linting.md has no section `### {check}`: make docs"]
    if check in ELSEWHERE:
        place = os.path.join(ROOT, ELSEWHERE[check])
        return found + ([] if os.path.exists(place) and check in read(place) else [f"{ELSEWHERE[check]} does not have it"])
    fires, clean = part(folder, "fires"), part(folder, "clean")
    if not fires or not clean:
        return found + [f"no {'clean' if fires else 'fires'}.yml in tests/golden/lint/{check}"]
    hits = [line_of(f) for f in lint(sigmac, folder, fires) if f["check"] == check]
    rest = [f for f in lint(sigmac, folder, clean) if f["check"] == check or f["severity"] == "error"]
    found += [] if hits else ["fires has no finding of it"]
    found += ["clean has " + line_of(f) for f in rest]
    found += compare(os.path.join(folder, "findings"), hits)
    found += missing_lines(row["bad"], os.path.join(folder, fires), "fires")
    if row["fix"] != "none":
        found += fix_faults(sigmac, row, rows, folder, fires)
    return found + missing_lines(row["good"], os.path.join(folder, clean), "clean")


def run(sigmac, chosen, rows, cases, page):
    """How many checks of those chosen are as they should be."""
    good = 0
    for row in chosen:
        try:
            wrong = faults(sigmac, row, rows, cases, page)
        except (RuntimeError, ValueError, KeyError, OSError, subprocess.SubprocessError) as e:
            wrong = [str(e)]
        good += not wrong
        for text in wrong:
            print(f"{row['id']}: {text}")
    return good


def strays(rows, cases):
    """Folders of no check."""
    known = {row["id"] for row in rows}
    extra = sorted(n for n in os.listdir(cases) if n not in known) if os.path.isdir(cases) else []
    for name in extra:
        print(f"tests/golden/lint/{name}: there is no check of this name")
    return len(extra)


RULE = """title: Example Tool Execution
id: 5b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10
status: test
description: Detects the example tool.
references:
    - https://example.org/tool
author: Example Author
date: 2025-06-01
tags:
    - attack.execution
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\\\tool.exe'
    condition: selection
falsepositives:
    - Unknown
level: medium
"""


def good_case(sigmac, folder):
    """A case of missing-id in which nothing is wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in (("clean.yml", RULE), ("fires.yml", re.sub("id: .*\n", "", RULE, count=1))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    hits = [line_of(f) for f in lint(sigmac, folder, "fires.yml") if f["check"] == "missing-id"]
    with open(os.path.join(folder, "findings"), "w", encoding="utf-8") as f:
        f.write("".join(l + "\n" for l in hits))
    return folder


def append(folder, name, text):
    with open(os.path.join(folder, name), "a", encoding="utf-8") as f:
        f.write(text)


def rewrite(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def self_test_of_fixes(sigmac, rows, cases):
    """The same for what is recorded of a fix."""
    row = dict(next(r for r in rows if r["id"] == "yaml-trailing-space"), bad="author: Example Author\n", good=RULE)
    folder, page = os.path.join(cases, row["id"]), f"\n### {row['id']}\n"
    os.makedirs(folder)
    for name, text in (("clean.yml", RULE), ("fixed.yml", RULE), ("fires.yml", RULE.replace("Author\n", "Author  \n"))):
        rewrite(folder, name, text)
    rewrite(folder, "findings", "".join(line_of(f) + "\n" for f in lint(sigmac, folder, "fires.yml") if f["check"] == row["id"]))
    results = {"a case with a fix": run(sigmac, [row], rows, cases, page) == 1}
    append(folder, "fixed.yml", "# more\n")
    results["another text behind a fix"] = run(sigmac, [row], rows, cases, page) == 0
    os.remove(os.path.join(folder, "fixed.yml"))
    results["nothing recorded of a fix"] = run(sigmac, [row], rows, cases, page) == 0
    shutil.rmtree(folder)
    return results


def self_test(sigmac, rows):
    """Spoils a good case in each way that the runner should see."""
    row = dict(next(r for r in rows if r["id"] == "missing-id"), fix="none", bad="title: Example Tool Execution\nstatus: test\n", good=RULE)
    page = f"\n### {row['id']}\n"
    spoil = {
        "no folder": lambda d: shutil.rmtree(d),
        "no clean": lambda d: os.remove(os.path.join(d, "clean.yml")),
        "nothing fires": lambda d: shutil.copy(os.path.join(d, "clean.yml"), os.path.join(d, "fires.yml")),
        "clean fires": lambda d: shutil.copy(os.path.join(d, "fires.yml"), os.path.join(d, "clean.yml")),
        "an error in clean": lambda d: rewrite(d, "clean.yml", RULE.replace("title: ", "x-heading: ")),
        "other findings": lambda d: append(d, "findings", "fires.yml:9:1-9:2 error x: y\n"),
        "nothing recorded": lambda d: os.remove(os.path.join(d, "findings")),
        "arguments that are refused": lambda d: append(d, "args", "--nosuch"),
    }
    seen = 0
    with tempfile.TemporaryDirectory() as cases:
        def fresh():
            return good_case(sigmac, os.path.join(cases, row["id"]))

        fresh()
        results = {"the case itself": run(sigmac, [row], rows, cases, page) == 1}
        for name, change in spoil.items():
            change(fresh())
            results[name] = run(sigmac, [row], rows, cases, page) == 0
        fresh()
        results["other lines in the row"] = run(sigmac, [dict(row, bad="nowhere: 1\n")], rows, cases, page) == 0
        results["no section in the page"] = run(sigmac, [row], rows, cases, "") == 0
        results["a fix that does nothing"] = run(sigmac, [dict(row, fix="safe")], rows, cases, page) == 0
        results.update(self_test_of_fixes(sigmac, rows, cases))
        os.mkdir(os.path.join(cases, "nosuch"))
        results["a folder of no check"] = strays(rows, cases) == 1
    for name, ok in results.items():
        seen += ok
        if not ok:
            print(f"SELF-TEST: not seen: {name}")
    return seen, len(results)


def main():
    args = [a for a in sys.argv[1:] if a != "--self-test"]
    sigmac, only = os.path.abspath(args[0]), args[1:]
    rows = table(sigmac)
    if "--self-test" in sys.argv:
        global BLESS
        BLESS = False
        good, count = self_test(sigmac, rows)
    else:
        cases = os.path.join(HERE, "lint")
        page = read(os.path.join(ROOT, "docs", "linting.md")) if os.path.exists(os.path.join(ROOT, "docs", "linting.md")) else ""
        chosen = [r for r in rows if not only or r["id"] in only]
        extra = strays(rows, cases) if not only else 0
        good, count = run(sigmac, chosen, rows, cases, page), len(chosen) + extra
    print(f"{good} passed, {count - good} failed")
    sys.exit(not count or good != count)


if __name__ == "__main__":
    main()
