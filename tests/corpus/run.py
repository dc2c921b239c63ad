#!/usr/bin/env python3
"""Checks on real rules and events, which are read from $SIGMAC_SHARED and are not part of this repository.

  run.py SIGMAC [--oracle PROGRAM] [--events N] [--full]

 rules       all rules of the `rules*` folders compile without a refusal, within the time (CPU seconds of the process,
             printed; only a tenfold excess fails, since this is no timing test)
 removed     of `deprecated` and `unsupported`, exactly the rules listed in docs/refused-rules.md are refused
 regression  per sample, at least `match_count` (or one) of its events match the rule it belongs to
 image       an image of all rules gives the same matches as the YAML
 oracle      the referee agrees with the VM, on plain and on fused code, over N events (default 1000; --full: all)
Prints a line per check and `N passed, N failed` last.
"""
import argparse, collections, json, os, re, resource, subprocess, sys, tarfile, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ACTIVE = ["rules", "rules-emerging-threats", "rules-threat-hunting", "rules-compliance", "rules-placeholder", "rules-dfir"]
results = []


def check(name, ok, text):
    results.append(ok)
    print(f"{'ok  ' if ok else 'FAIL'} {name}: {text}", flush=True)


def run(cmd, **kw):
    return subprocess.run(cmd, capture_output=True, text=True, **kw)


def unzstd(path):
    return subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout


def placeholders(rules):
    """A value for every placeholder that a rule with `expand` names."""
    names = set()
    for folder, _, files in os.walk(rules):
        for f in files:
            text = open(os.path.join(folder, f), encoding="utf-8").read()
            if "|expand" in text:
                names |= set(re.findall(r"%([A-Za-z0-9_.:-]+)%", text))
    return [a for n in sorted(names) for a in ("--var", f"{n}=placeholder-value")]


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--oracle")
    a.add_argument("--events", type=int, default=1000)
    a.add_argument("--full", action="store_true")
    o = a.parse_args()
    o.sigmac = os.path.abspath(o.sigmac)
    o.oracle = o.oracle and os.path.abspath(o.oracle)
    data = os.path.join(os.environ["SIGMAC_SHARED"], "data")
    tmp = tempfile.mkdtemp()
    with tarfile.open(os.path.join(data, "sigmahq-rules.tar.gz")) as t:
        t.extractall(tmp)
    hq = os.path.join(tmp, "sigmahq-rules")
    active = [os.path.join(hq, d) for d in ACTIVE if os.path.isdir(os.path.join(hq, d))]
    variables = placeholders(hq)

    image = os.path.join(tmp, "all.sgc")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = run([o.sigmac, "compile", "-o", image, *variables, *active])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    count = sum(f.endswith((".yml", ".yaml")) for d in active for _, _, fs in os.walk(d) for f in fs)
    listing = run([o.sigmac, "disasm", image])
    rules = len(re.findall(r"^rule \d+ ", listing.stdout, re.M))
    check("rules", p.returncode == 0 and rules >= count and cpu < 10,
          f"{count} files, {rules} rules in the image, exit {p.returncode}, {cpu:.2f} s CPU {p.stderr[-300:] if p.returncode else ''}")

    with open(os.path.join(ROOT, "docs/refused-rules.md"), encoding="utf-8") as f:
        listed = set(re.findall(r"^\| `((?:deprecated|unsupported)/[^`]+)`", f.read(), re.M))
    p = run([o.sigmac, "compile", "--color", "never", "deprecated", "unsupported", *variables], cwd=hq)
    refused = set(re.findall(r"^((?:deprecated|unsupported)/[^:]+):\d+:\d+: error", p.stderr, re.M))
    check("removed", refused == listed and bool(refused),
          f"{len(refused)} refused, {len(listed)} listed; only refused: {sorted(refused - listed)[:5]}, only listed: {sorted(listed - refused)[:5]}")

    lines = [json.loads(l) for l in unzstd(os.path.join(data, "regression/regression-positive.public.ndjson.zst")).splitlines()]
    events = "".join(json.dumps(l["event"]) + "\n" for l in lines)
    p = run([o.sigmac, "eval", "-q", "-r", image, "--logsource", "off", "--format", "ndjson", "-"], input=events)
    hits = collections.defaultdict(set)
    for m in p.stdout.splitlines():
        m = json.loads(m)
        hits[m["event_index"]].add(m["rule_id"])
    samples = collections.defaultdict(lambda: [0, 1])
    for i, l in enumerate(lines):
        samples[l["sample"]][0] += l["rule_id"] in hits[i]
        samples[l["sample"]][1] = l["match_count"] or 1
    missed = [s for s, (n, least) in samples.items() if n < least]
    check("regression", bool(samples) and not missed, f"{len(samples) - len(missed)} of {len(samples)} samples match their rule {missed[:3]}")

    q = run([o.sigmac, "eval", "-q", *[x for d in active for x in ("-r", d)], *variables, "--logsource", "off", "--format", "ndjson", "-"], input=events)
    strip = lambda out: sorted((m["event_index"], m["rule_id"]) for m in map(json.loads, out.splitlines()))
    check("image", strip(p.stdout) == strip(q.stdout) and bool(p.stdout), f"{len(p.stdout.splitlines())} matches from the image, {len(q.stdout.splitlines())} from YAML")

    if o.oracle:
        raw = unzstd(os.path.join(data, "winlog/winlog-10k.ndjson.zst")).splitlines(keepends=True)
        raw = raw if o.full else raw[:: max(1, len(raw) // o.events)]
        path = os.path.join(tmp, "events.ndjson")
        with open(path, "wb") as f:
            f.writelines(raw)
        p = run([o.oracle, os.path.join(hq, "rules"), "--", path])
        ours = run([o.sigmac, "eval", "-q", "-r", os.path.join(hq, "rules"), "--logsource", "off", "--format", "ndjson", path])
        mine = sorted((m["event_index"], m["rule_id"]) for m in map(json.loads, ours.stdout.splitlines()))
        referee = sorted((int(l.split("\t")[0]), l.split("\t")[2]) for l in p.stdout.splitlines() if re.match(r"\d+\t", l))
        summary = next((l for l in p.stderr.splitlines() if "mismatches" in l), "no summary")
        check("oracle", p.returncode == 0 and bool(mine) and mine == referee,
              f"{len(raw)} events, {len(mine)} matches by sigmac, {len(referee)} by the referee, exit {p.returncode}; {summary}")
    good = sum(results)
    print(f"{good} passed, {len(results) - good} failed")
    sys.exit(good != len(results))


if __name__ == "__main__":
    main()
