#!/usr/bin/env python3
"""`lint --target` against `translate`: lint_target.py SIGMAC   (`N passed, N failed` last)

What translation tells of rules, path, line, column and id, must be among the findings of lint for this target, and nothing else may be
that is not there without a target. So for each shipped pipeline, without one, and for both targets in one call; over the shipped
rules, and with SIGMAC_SHARED over those of SigmaHQ.
"""
import json, os, re, subprocess, sys, tarfile, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUNS = [("eql",), ("kql",), ("eql", "ecs-windows"), ("kql", "defender-xdr"), ("kql", "sentinel-asim")]
OWN = """title: Own %d
logsource: {product: windows, category: process_creation}
detection:
  sel:
    Image|endswith: ['\\a.exe', 'b']
    User|fieldref: Other
  keys: ['foo', 'bar']
  re: {CommandLine|re: '(?<=a)b'}
  hour: {UtcTime|hour: 3}
  condition: 1 of them
"""
passed = failed = 0


def check(name, ok, text=""):
    global passed, failed
    passed, failed = passed + ok, failed + (not ok)
    if not ok:
        print(f"FAIL {name}: {text}")


def run(sigmac, *args):
    p = subprocess.run([sigmac, *args], capture_output=True, text=True, errors="replace", timeout=600)
    assert p.returncode in (0, 1, 3), p.stderr[-500:]
    return p


def linted(sigmac, paths, *more):
    found = json.loads(run(sigmac, "lint", "--profile", "all", "--today", "2026-02-01", "--format", "json", *more, *paths).stdout)["findings"]
    for a, b in zip(found, found[1:]):
        if a["path"] == b["path"] and (a["line"], a["column"]) > (b["line"], b["column"]):
            check("order", False, f"{b['path']}:{b['line']}:{b['column']} stands behind {a['line']}:{a['column']}")
    return {(f["path"], f["line"], f["column"], f["check"]) for f in found}


def translated(sigmac, paths, target, pipelines):
    options = ["-t", target] + [a for p in pipelines for a in ("-p", p)]
    p = run(sigmac, "translate", *options, "--format", "ndjson", *paths)
    told, assumed = set(), set()
    for m in re.finditer(r"^(.+?):(\d+):(\d+): (?:error|warning): .* \[([a-z0-9-]+)\]$", p.stderr, re.M):
        told.add((m[1], int(m[2]), int(m[3]), m[4]))
    for line in p.stdout.splitlines():
        t = json.loads(line)
        assumed |= {(t["path"], t["line"], a) for a in t.get("assumptions", [])}
    return told, assumed


def compare(sigmac, name, paths, plain, runs, options):
    told, assumed = set(), set()
    for target, *pipelines in runs:
        t, a = translated(sigmac, paths, target, pipelines)
        told, assumed = told | t, assumed | a
    found = linted(sigmac, paths, *options)
    what = f"{name} {' '.join(options)}"
    check(what, plain <= found, "findings without --target are gone")
    check(what, told <= found, f"translate tells it, lint does not: {sorted(told - found)[:5]}")
    more = found - plain - told
    check(what, {(p, l, i) for p, l, _, i in more} == assumed, f"lint tells it, translate does not: {sorted({(p, l, i) for p, l, _, i in more} ^ assumed)[:5]}")
    check(what, name == "shipped" or bool(told), "translate tells nothing: this compares nothing")


def compare_all(sigmac, name, paths):
    plain = linted(sigmac, paths)
    for target, *pipelines in RUNS:
        compare(sigmac, name, paths, plain, [(target, *pipelines)], ["-t", target] + [a for p in pipelines for a in ("-p", p)])
    compare(sigmac, name, paths, plain, [("eql",), ("kql",)], ["--target", "eql,kql"])
    compare(sigmac, name, paths, plain, [("eql", "ecs-windows"), ("kql", "defender-xdr")],
            ["--target", "kql", "--target", "eql", "-p", "defender-xdr", "-p", "ecs-windows"])


def main():
    sigmac = os.path.abspath(sys.argv[1])
    compare_all(sigmac, "shipped", [os.path.join(ROOT, "sigma-rules")])
    with tempfile.TemporaryDirectory() as folder:
        for i in range(3):
            with open(os.path.join(folder, f"own{i}.yml"), "w", encoding="utf-8") as f:
                f.write(OWN % i + ("" if i else "---\ntitle: No rule\n"))
        compare_all(sigmac, "own", [folder])
        shared = os.environ.get("SIGMAC_SHARED")
        if not shared:
            print("SigmaHQ rules skipped: SIGMAC_SHARED is not set")
        else:
            with tarfile.open(os.path.join(shared, "data", "sigmahq-rules.tar.gz")) as t:
                t.extractall(os.path.join(folder, "hq"))
            compare_all(sigmac, "SigmaHQ", [os.path.join(folder, "hq")])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
