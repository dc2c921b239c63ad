#!/usr/bin/env python3
"""Instructions per event and per rule, counted by valgrind: instructions.py SIGMAC [--record REASON]

Time is noisy, instructions are not: the same program counts the same every time. RECORD holds the counts and what they were
counted with. Under another compiler, C library, libyaml, PCRE2 or valgrind they are not comparable, and nothing is compared.
Fails where a count has grown by more than 5 %: make it fewer, or record the new counts with the reason.
"""
import argparse, json, os, re, shutil, subprocess, sys, tempfile

import correlate, mutate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RECORD = os.path.join(HERE, "instructions.json")
RULES, EVENTS = os.path.join(ROOT, "sigma-rules"), os.path.join(ROOT, "sigma-rules", "demo", "events.ndjson")
MOST_GROWTH = 0.05
COPIES = 9  # of each rule, changed


def output(*cmd):
    try:
        return subprocess.run(cmd, capture_output=True, text=True).stdout
    except OSError:
        return ""


def counted_with(sigmac):
    """Whatever changes counts without a change of the sources. The compiler is the one that made the program."""
    makers = sorted(set(re.findall(r"\]\s+(\S.*)", output("readelf", "-p", ".comment", sigmac))))
    return {
        "compiler": ", ".join(makers),
        "libc": output("getconf", "GNU_LIBC_VERSION").strip(),
        "libraries": " ".join(output("pkg-config", "--modversion", "yaml-0.1", "libpcre2-8").split()),
        "valgrind": output("valgrind", "--version").strip(),
        "processor": os.uname().machine + (" avx2" if " avx2 " in open("/proc/cpuinfo").read() else ""),
    }


def count(*cmd):
    """Of a whole process. Cachegrind without its caches is the quickest tool that counts."""
    p = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *cmd],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", p.stderr)
    if p.returncode not in (0, 1) or not found:
        raise SystemExit(f"{' '.join(cmd)}: exit {p.returncode}: {p.stderr[-500:]}")
    return int(found[1].replace(",", ""))


def counts(sigmac, tmp):
    """Each per event or rule, so that what a process costs to start is no part of it."""
    with open(EVENTS, "rb") as f:
        events = len(f.readlines())
    many, image, few = os.path.join(tmp, "many"), os.path.join(tmp, "many.sgc"), os.path.join(tmp, "few")
    rules = mutate.mutate(RULES, many, COPIES)
    few_rules = mutate.mutate(RULES, few, 0)
    subprocess.run([sigmac, "compile", "-q", "-o", image, many], check=True)
    evaluate = lambda how, times: count(sigmac, "eval", "-q", "-r", image, *how, "--format", "ndjson", *[EVENTS] * times)
    ways = {"auto": [], "product": ["--event-logsource", "product=windows"], "nothing": ["--logsource", "off"]}
    out = {}
    for name, how in ways.items():
        out[f"event, {rules} rules, {name}"] = (evaluate(how, 4) - evaluate(how, 2)) // (2 * events)
    for kind in ("event_count", "value_percentile", "temporal_ordered"):
        out[f"event over time, {kind}"] = over_time(sigmac, tmp, kind)
    out["rule, from YAML"] = (count(sigmac, "compile", "-q", many) - count(sigmac, "compile", "-q", few)) // (rules - few_rules)
    return out


def over_time(sigmac, tmp, kind):
    """A hundred groups, so that a second part of the stream finds them there."""
    part, few, many = 4000, os.path.join(tmp, "few.ndjson"), correlate.stream(tmp, "over-time", 8000, 100, 20)
    with open(many, "rb") as f, open(few, "wb") as out:
        out.writelines(f.readlines()[:part])
    rules = correlate.rules(tmp, kind)
    a, b = (count(sigmac, "eval", "-q", "-r", rules, "--logsource", "off", "--format", "ndjson", path) for path in (few, many))
    return (b - a) // part


def record(now, with_, reason):
    with open(RECORD, "w") as f:
        json.dump({"reason": reason, "with": with_, "counts": now}, f, indent=2)
        f.write("\n")


def compare(now, before):
    failed = 0
    for name, n in now.items():
        was = before.get(name)
        if was is None:
            print(f"{name}: {n:,}, not recorded")
            failed += 1
            continue
        grown = n / was - 1
        bad = grown > MOST_GROWTH
        failed += bad
        hint = "  grown too much" if bad else "  record it" if grown < -MOST_GROWTH else ""
        print(f"{name:32} {n:12,}  recorded {was:12,}  {grown:+7.1%}{hint}")
    if failed:
        print("make it fewer, or: tests/bench/instructions.py build/sigmac --record REASON")
    print(f"{len(now) - failed} passed, {failed} failed")
    return failed


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--record", metavar="REASON")
    o = a.parse_args()
    if not shutil.which("valgrind"):
        print("instructions per event skipped: valgrind is not installed (scripts/setup.sh --dev)")
        return 0
    with_ = counted_with(o.sigmac)
    old = json.load(open(RECORD)) if os.path.exists(RECORD) else None
    if not o.record and (not old or old["with"] != with_):
        other = [f"{k} {with_[k]}, not {old['with'].get(k)}" for k in with_ if old and old["with"].get(k) != with_[k]]
        print("instructions per event skipped: " + ("counted with " + "; ".join(other) if old else "nothing is recorded"))
        return 0
    tmp = tempfile.mkdtemp()
    try:
        now = counts(o.sigmac, tmp)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    if o.record:
        record(now, with_, o.record)
        print(json.dumps(now, indent=1))
        return 0
    return 1 if compare(now, old["counts"]) else 0


if __name__ == "__main__":
    sys.exit(main())
