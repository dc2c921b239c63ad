#!/usr/bin/env python3
"""Checks on real rules and events, which are read from $SIGMAC_SHARED and are not part of this repository.

  run.py SIGMAC [--oracle PROGRAM] [--events N] [--full]

 rules       all rules of the `rules*` folders compile without a refusal, within the time (CPU seconds of the process,
             printed; only a tenfold excess fails, since this is no timing test)
 removed     of `deprecated` and `unsupported`, exactly the rules listed in docs/refused-rules.md are refused
 translations  docs/refused-translations.md says what each pipeline emits and refuses of them
 lint        docs/lint-corpus.md says what lint finds in all of them, with a reason for each error and warning of `rules*`
 regression  per sample, at least `match_count` (or one) of its events match the rule it belongs to
 image       an image of all rules gives the same matches as the YAML
 raw         the same for the samples as they were exported, nested; with log sources found and without
 shapes      Elastic documents of the same events give the same matches as the flat ones
 logsources  over all logs, `auto` reports exactly the matches of `off` whose rule fits what logsources.yml, read a second
             time, says of the event; more only through a view. Counts of both are printed (--full: all events)
 index       over all logs, index and threads change nothing: the same output with and without, for `off` and `auto` (--full: all
             events)
 oracle      the referee agrees with the VM, on plain and on fused code, over N events (default 1000; --full: all)
Prints a line per check and `N passed, N failed` last.
"""
import argparse, collections, glob, json, os, re, resource, subprocess, sys, tarfile, tempfile

import yaml

import logsources

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


def missed_samples(lines, out):
    """Samples that do not match their rule, and how many samples there are."""
    hits = collections.defaultdict(set)
    for m in map(json.loads, out.splitlines()):
        hits[m["event_index"]].add(m["rule_id"])
    samples = collections.defaultdict(lambda: [0, 1])
    for i, l in enumerate(lines):
        samples[l["sample"]][0] += l["rule_id"] in hits[i]
        samples[l["sample"]][1] = l["match_count"] or 1
    return [s for s, (n, least) in samples.items() if n < least], len(samples)


def rule_sources(folders):
    """(path, id) -> (category, product, service)."""
    found = {}
    for folder in folders:
        for path in glob.glob(os.path.join(folder, "**", "*.yml"), recursive=True):
            with open(path, encoding="utf-8") as f:
                for doc in yaml.load_all(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                    source = (doc or {}).get("logsource") or {}
                    found[path, (doc or {}).get("id")] = tuple(source.get(p) for p in logsources.PARTS)
    return found


def matches(sigmac, image, mode, events):
    p = subprocess.run([sigmac, "eval", "-q", "-r", image, "--logsource", mode, "--format", "ndjson", "-"], input=events, stdout=subprocess.PIPE)
    return {(m["event_index"], m["path"], m["rule_id"]) for m in map(json.loads, p.stdout.splitlines())}


def check_logsources(o, data, image, folders):
    table, sources, wrong = logsources.Table(), rule_sources(folders), []
    count = collections.Counter()
    for path in sorted(glob.glob(os.path.join(data, "winlog", "winlog-*.zst")) + glob.glob(os.path.join(data, "other", "*", "*.zst"))):
        if "verbatim" in path:  # shapes that only sigmac makes one; compared below
            continue
        lines = unzstd(path).splitlines(keepends=True)
        lines = lines if o.full else lines[:: max(1, len(lines) // 300)]
        off, auto = (matches(o.sigmac, image, mode, b"".join(lines)) for mode in ("off", "auto"))
        labels = [table.labels(json.loads(l)) for l in lines]
        count.update(events=len(lines), off=len(off), auto=len(auto), unmapped=sum(not l for l in labels))
        for m in off | auto:
            fit = table.first_fit(labels[m[0]], sources[m[1], m[2]]) if labels[m[0]] else (None, None, None, False)
            through_view = fit is not None and fit[3]
            count.update(contradict=(m in auto and fit is None), views=(m in auto and through_view))
            if m in auto and fit is None or not through_view and fit is not None and (m in auto) != (m in off):
                wrong.append((os.path.basename(path), *m))
    check("logsources", not wrong and count["auto"] > 0 and count["contradict"] == 0,
          f"{count['events']} events, {count['off']} matches with off, {count['auto']} with auto ({count['views']} of rules that see a view), "
          f"{count['contradict']} contradict the event, {count['unmapped']} events of no known source {wrong[:3]}")


def check_shapes(o, data, image):
    flat, ecs = (unzstd(os.path.join(data, f"winlog/{name}-10k.ndjson.zst")).splitlines(keepends=True)[:: 1 if o.full else 10] for name in ("winlog", "ecs"))
    a, b = (matches(o.sigmac, image, "auto", b"".join(lines)) for lines in (flat, ecs))
    check("shapes", a == b and bool(a), f"{len(flat)} events, {len(a)} matches of the flat ones, {len(b)} of the Elastic documents {sorted(a ^ b)[:3]}")


def check_index(o, data, image):
    count, wrong = collections.Counter(), []
    for path in sorted(glob.glob(os.path.join(data, "*", "*.zst")) + glob.glob(os.path.join(data, "other", "*", "*.zst"))):
        lines = unzstd(path).splitlines(keepends=True)
        lines = lines if o.full else lines[:: max(1, len(lines) // 300)]
        for mode in ("off", "auto"):
            outputs = [subprocess.run([o.sigmac, "eval", "-q", "-r", image, "--logsource", mode, "--format", "ndjson", *how, "-"],
                                      input=b"".join(lines), capture_output=True) for how in (["--no-index"], [], ["--threads", "2"])]
            count.update(events=len(lines), matches=len(outputs[0].stdout.splitlines()))
            if any((p.returncode, p.stdout, p.stderr) != (outputs[0].returncode, outputs[0].stdout, outputs[0].stderr) for p in outputs):
                wrong.append((os.path.basename(path), mode))
    check("index", not wrong and count["matches"] > 0,
          f"{count['events']} events, {count['matches']} matches, the same without index, with it, and in two threads {wrong}")


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

    p = run([sys.executable, "-B", os.path.join(ROOT, "tests/tools/refused_translations.py"), "--check", o.sigmac, hq])
    check("translations", p.returncode == 0, f"docs/refused-translations.md is made again: {(p.stdout + p.stderr)[-600:].strip()}")

    p = run([sys.executable, "-B", os.path.join(ROOT, "tests/tools/lint_corpus.py"), "--check", o.sigmac, hq, os.environ["SIGMAC_SHARED"]])
    check("lint", p.returncode == 0, f"docs/lint-corpus.md is made again: {(p.stdout + p.stderr)[-600:].strip()}")

    p = None
    for name, file, mode in (("regression", "positive", "off"), ("regression", "positive", "auto"), ("raw", "raw", "off"), ("raw", "raw", "auto")):
        lines = [json.loads(l) for l in unzstd(os.path.join(data, f"regression/regression-{file}.public.ndjson.zst")).splitlines()]
        nested = "".join(json.dumps(l["event"]) + "\n" for l in lines)
        found = run([o.sigmac, "eval", "-q", "-r", image, "--logsource", mode, "--format", "ndjson", "-"], input=nested)
        missed, samples = missed_samples(lines, found.stdout)
        check(name, bool(samples) and not missed, f"{samples - len(missed)} of {samples} samples match their rule, --logsource {mode} {missed[:3]}")
        p, events = (p, events) if p else (found, nested)

    q = run([o.sigmac, "eval", "-q", *[x for d in active for x in ("-r", d)], *variables, "--logsource", "off", "--format", "ndjson", "-"], input=events)
    strip = lambda out: sorted((m["event_index"], m["rule_id"]) for m in map(json.loads, out.splitlines()))
    check("image", strip(p.stdout) == strip(q.stdout) and bool(p.stdout), f"{len(p.stdout.splitlines())} matches from the image, {len(q.stdout.splitlines())} from YAML")

    check_logsources(o, data, image, active)
    check_shapes(o, data, image)
    check_index(o, data, image)

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
