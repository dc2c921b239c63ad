#!/usr/bin/env python3
"""Runs the conformance vectors through the command line of sigmac.

  run.py SIGMAC [VECTORS_DIR] [--only ID-PREFIX] [--except TOPIC,TOPIC] [--show N] [--least PERCENT]

Each vector is one rule file (often several documents) with events or an expected error; the keys are
explained below. Detection vectors run with `--logsource off`; logsource vectors with `--event-logsource`;
placeholders go in with `--var`. An error vector holds when `compile` exits 3 and prints a diagnostic with file:line.
Prints the failures, a line per topic, and `N passed, N failed` last. Exit 1 when one failed (or less than
--least percent passed).
"""
import argparse, collections, concurrent.futures, glob, json, os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def sh(cmd, stdin=""):
    try:
        p = subprocess.run(cmd, input=stdin, capture_output=True, text=True, timeout=20)
        return p.returncode, p.stdout, p.stderr
    except subprocess.TimeoutExpired:
        return 124, "", "took longer than 20 s"


def matches(out):
    by = collections.defaultdict(list)
    for line in out.splitlines():
        m = json.loads(line)
        by[m["event_index"]].append(m["rule_title"])
    return by


def run(sigmac, v, tmp):
    """None where the vector holds, else what was wrong."""
    path = os.path.join(tmp, "rule.yml")
    with open(path, "w", encoding="utf-8", newline="", errors="surrogatepass") as f:
        f.write(v["rule"])
    if "error" in v:
        rc, _, err = sh([sigmac, "compile", "-o", os.path.join(tmp, "x.sgc"), path])
        if rc != 3:
            return f"exit {rc}, not 3; expected: {v['error']}"
        return None if re.search(r"rule\.yml:\d+", err) else f"no file:line in: {err[:120]!r}"
    extra = [a for n, vs in v.get("placeholders", {}).items() for x in (vs or [""]) for a in ("--var", f"{n}={x}" if vs else n)]
    base = [sigmac, "eval", "-r", path, "--format", "ndjson", *extra]
    if any("logsource" in e for e in v["events"]):
        got = collections.defaultdict(list)
        for i, e in enumerate(v["events"]):
            labels = ",".join(f"{k}={x}" for k, x in e.get("logsource", {}).items())
            rc, out, err = sh([*base, *(["--event-logsource", labels] if labels else ["--logsource", "off"]), "-"], json.dumps(e["event"]) + "\n")
            if rc not in (0, 1):
                return f"exit {rc}: {err[:160]!r}"
            got[i] = matches(out).get(0, [])
    else:
        lines = "".join(json.dumps(e["event"]) + "\n" for e in v["events"])
        rc, out, err = sh([*base, "--logsource", "off", "-"], lines)
        if rc not in (0, 1):
            return f"exit {rc}: {err[:160]!r}"
        got = matches(out)
    for i, e in enumerate(v["events"]):
        titles = sorted(got.get(i, []))
        if "fires" in e:
            if titles != sorted(e["fires"]):
                return f"event {i}: reported {titles}, expected {e['fires']}"
        elif "titles" in e:
            if titles != sorted(e["titles"]):
                return f"event {i}: matched {titles}, expected {e['titles']}"
        elif bool(titles) != e["match"]:
            return f"event {i}: {'match' if titles else 'no match'}, expected the opposite; event {json.dumps(e['event'], ensure_ascii=False)[:120]}"
    return None


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("dir", nargs="?", default=HERE)
    a.add_argument("--only", default="")
    a.add_argument("--except", dest="skip", default="", help="topics to leave out, by comma")
    a.add_argument("--show", type=int, default=40)
    a.add_argument("--least", type=float, default=100.0)
    o = a.parse_args()
    tmp = tempfile.mkdtemp()
    good, bad, shown = collections.Counter(), collections.Counter(), 0
    work = []
    for f in sorted(glob.glob(os.path.join(o.dir, "*.json"))):
        topic = os.path.basename(f)[:-5]
        if topic not in o.skip.split(","):
            work += [(topic, v) for v in json.load(open(f, encoding="utf-8")) if v["id"].startswith(o.only)]

    def one(item):
        mine = tempfile.mkdtemp(dir=tmp)
        try:
            return run(os.path.abspath(o.sigmac), item[1], mine)
        except (ValueError, KeyError) as e:
            return f"unreadable output: {e}"

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for (topic, v), why in zip(work, pool.map(one, work)):
            if why is None:
                good[topic] += 1
                continue
            bad[topic] += 1
            if shown < o.show:
                shown += 1
                print(f"{v['id']} [{v['basis']}] {v['spec'][:70]}\n    {why}")
    for t in sorted(set(good) | set(bad)):
        print(f"{t:22} {good[t]:4} of {good[t] + bad[t]}")
    g, b = sum(good.values()), sum(bad.values())
    print(f"{g} passed, {b} failed")
    sys.exit(0 if b == 0 or 100.0 * g / max(g + b, 1) >= o.least else 1)


if __name__ == "__main__":
    main()
