#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random differential test of correlations: `sigmac eval` against reference.py.

  differential.py --self-test
  differential.py SIGMAC [--seed S] [--events N] [--jobs N] [--case K] [--no-shrink] [--most N] [--keep DIR]

Each case is a set of correlation rules and a stream of events. What one run in one thread reports, matches and alerts, must be what
the evaluator says: event, title, group, value, window and events. What runs in other ways report must be the same bytes: in two threads,
without an index, with the plain form of the rules, and with the input cut at random points, the state saved and restored between.
A case that differs is made smaller and printed. N events take turns over cases until there are so many; --case K is one of them.
"""
import argparse
import collections
import decimal
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

import generate
import reference

SHOWN = 3  # differences of a run
SHRINK_SECONDS = 60


class Run:
    """The files of one case, and sigmac over them."""

    def __init__(self, sigmac, case, docs, lines, folder):
        self.sigmac, self.case, self.folder, self.lines = sigmac, case, folder, lines
        self.rules, self.input = os.path.join(folder, "rules.yml"), os.path.join(folder, "events.ndjson")
        with open(self.rules, "w", encoding="utf-8") as f:
            f.write(generate.rules_text(docs))
        self.write(len(lines))

    def write(self, n):
        with open(self.input, "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in self.lines[:n])

    def eval(self, *more):
        command = [self.sigmac, "eval", "-q", "-r", self.rules, "--format", "ndjson", "--logsource", "off", *self.case.options(), *more, self.input]
        p = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if p.returncode not in (0, 1):
            raise Wrong(f"exit {p.returncode}: {p.stderr.decode(errors='replace')[-600:]}")
        return p.stdout

    def restored(self, cuts, *more):
        """The file as it grows, a run for each length, the state carried from one to the next."""
        state, out = os.path.join(self.folder, "state"), b""
        if os.path.exists(state):
            os.remove(state)
        for n in [*cuts, len(self.lines)]:
            self.write(n)
            out += self.eval("--state", state, *more)
        return out


class Wrong(Exception):
    pass


# --- what is expected --------------------------------------------------------------------------------------------


def iso(t):
    return generate.iso(t)


DIGITS, PLACES = 17, 6


def same_value(printed, exact, kind):
    """Decimal text; averages and percentiles that have no end, or many digits, are rounded to 17 digits or 6 places, whichever are more."""
    got, exact = Fraction(str(printed)), Fraction(exact)
    if got == exact or kind not in ("value_avg", "value_percentile", "value_median"):
        return got == exact
    scaled = exact * 10**DIGITS
    if scaled.denominator == 1 and abs(scaled) < 10**DIGITS:
        return False
    return abs(got - exact) <= min(abs(exact) / 10**(DIGITS - 1), Fraction(1, 10**PLACES))


def group_of(alert):
    return dict(zip(alert.correlation.group_by, alert.group))


def wrong_alert(got, want, keep):
    """What is wrong with a reported alert; None."""
    if not same_value(got["value"], want.value, want.correlation.type):
        return f"value {got['value']}, not {want.value}"
    window, events = (got["window"]["start"], got["window"]["end"]), [e["event_index"] for e in got.get("events", [])]
    if not want.sequence:
        if window != (iso(want.rows[0].time), iso(want.rows[-1].time)):
            return f"window {window}, not {iso(want.rows[0].time), iso(want.rows[-1].time)}"
        if keep and events != [r.index for r in want.rows]:
            return f"events {events}, not {[r.index for r in want.rows]}"
        return None
    if want.start is not None and window[0] != iso(want.start):
        return f"the sequence begins at {window[0]}, not {iso(want.start)}"
    if keep and not want.sequence(events):
        return f"events {events} are no sequence with the event in it"
    if keep and window != (got["events"][0]["timestamp"], got["events"][-1]["timestamp"]):
        return f"window {window}, not that of the events"
    return None


def expected(case, docs, lines):
    """By event: titles of matches, and the alerts."""
    evaluator = reference.Evaluator(generate.read_back(docs), case.time_fields(), case.suppress, case.reset)
    return [evaluator.event(i, reference.read_event(line)) for i, line in enumerate(lines)], evaluator


def reported(out):
    by_event = collections.defaultdict(lambda: ([], []))
    for line in out.splitlines():
        m = json.loads(line, parse_float=str, parse_int=str)
        if m.get("type") == "correlation":
            m["event_index"] = int(m["event_index"])
            for e in m.get("events", []):
                e["event_index"] = int(e["event_index"])
            by_event[m["event_index"]][1].append(m)
        else:
            by_event[int(m["event_index"])][0].append(m["rule_title"])
    return by_event


def key(title, group):
    return title, json.dumps(group, sort_keys=True)


def compare_event(case, lines, i, want, got):
    """Lines that say what differs."""
    out, (titles, alerts), (got_titles, got_alerts) = [], want, got
    if sorted(titles) != sorted(got_titles):
        out.append(f"event {i}: matches {sorted(got_titles)}, not {sorted(titles)}")
    wanted = {key(a.correlation.title, group_of(a)): a for a in alerts if a.reported}
    found = collections.defaultdict(list)
    for m in got_alerts:
        found[key(m["rule_title"], m["group"])].append(m)
    out += [f"event {i}: no alert of {k}" for k in wanted if k not in found]
    for k, several in found.items():
        if k not in wanted:
            out.append(f"event {i}: an alert of {k}, value {several[0]['value']}, {several[0]['window']}")
        elif len(several) > 1:
            out.append(f"event {i}: {len(several)} alerts of {k}")
        else:
            a, m = wanted[k], several[0]
            fault = wrong_alert(m, a, case.keep) or (m["timestamp"] != iso(a.time) and f"time {m['timestamp']}, not {iso(a.time)}")
            fault = fault or (case.keep == "full" and [json.dumps(e["event"]) for e in m["events"]] !=
                              [json.dumps(json.loads(lines[e["event_index"]], parse_float=str, parse_int=str)) for e in m["events"]] and "texts of events")
            if fault:
                out.append(f"event {i}: alert of {k}: {fault}")
    return out


def compare(case, lines, want, out):
    got, faults = reported(out), []
    for i, w in enumerate(want):
        faults += compare_event(case, lines, i, w, got[i])
    ids = [json.loads(l)["alert_id"] for l in out.splitlines() if b'"type":"correlation"' in l]
    if len(set(ids)) != len(ids):
        faults.append("two alerts have the same id")
    return faults


def difference(a, b):
    """Of what should be the same lines."""
    a, b = a.splitlines(), b.splitlines()
    n = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    show = lambda x: (x[n] if n < len(x) else b"nothing").decode(errors="replace")[:400]
    return f"line {n + 1} is\n    {show(b)}\n  not\n    {show(a)}"


# --- ways to run -------------------------------------------------------------------------------------------------

OTHER_WAYS = {"--threads 2": ["--threads", "2"], "--no-index": ["--no-index"], "--plain": ["--plain"]}


def cuts(seed, n):
    r = random.Random(f"cuts {seed}")
    return sorted(r.randint(0, n) for _ in range(r.choice([1, 1, 2, 4])))


def faults_of(sigmac, seed, case, docs, lines, want=None, ways=None):
    """Texts of what is wrong, with the way in which it was run."""
    folder = tempfile.mkdtemp(prefix="sigmac-correlate-")
    try:
        want = want or expected(case, docs, lines)[0]
        run = Run(sigmac, case, docs, lines, folder)
        base = run.eval("--threads", "1")
        faults = [("--threads 1", f) for f in compare(case, lines, want, base)]
        for way, more in OTHER_WAYS.items():
            if ways is None or way in ways:
                out = run.eval(*more)
                if out != base:
                    faults.append((way, difference(base, out)))
        for threads in ("1", "2"):
            way = f"--state, {threads} threads"
            if (ways is None or way in ways) and STATE:
                at = cuts(seed, len(lines))
                out = run.restored(at, "--threads", threads)
                if out != base:
                    faults.append((way, f"cut behind {at} events: " + difference(base, out)))
        return faults
    except (Wrong, subprocess.TimeoutExpired, ValueError, KeyError) as e:
        return [("a run", f"{type(e).__name__}: {e}")]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- making it smaller -------------------------------------------------------------------------------------------


def called(doc):
    return set(reference.texts(doc.get("correlation", {}).get("rules")))


def closed(docs):
    """Whether all that is referred to is there."""
    names = {d[k] for d in docs for k in ("name", "id") if k in d}
    return all(called(d) <= names for d in docs) and any("detection" in d for d in docs)


def shrink(fails, docs, lines):
    end = time.monotonic() + SHRINK_SECONDS
    ways = {way for way, _ in fails(docs, lines, None)} & {"--threads 1"} or None
    still = lambda d, l: time.monotonic() < end and bool(fails(d, l, ways))
    size = len(lines) // 2
    while size and time.monotonic() < end:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + size:]
            if still(docs, fewer):
                lines = fewer
            else:
                at += size
        for d in list(docs):
            fewer = [x for x in docs if x is not d]
            if closed(fewer) and still(fewer, lines):
                docs = fewer
        size = size // 2
    return docs, lines


def report(o, seed, k, case, faults):
    docs, lines = case.docs, case.lines
    if not o.no_shrink:
        fails = lambda d, l, ways: faults_of(o.sigmac, f"{seed}/{k}", case, d, l, None, ways)
        docs, lines = shrink(fails, docs, lines)
        faults = fails(docs, lines, None) or faults
    print(f"case {k} of seed {seed}: tests/correlate/differential.py {o.sigmac} --seed {seed} --case {k}")
    for way, fault in faults[:SHOWN]:
        print(f"  {way}: {fault}")
    print(f"options: {' '.join(case.options())}")
    print(generate.rules_text(docs), end="")
    print(*lines[:40], sep="\n")
    if len(lines) > 40:
        print(f"... {len(lines)} events")
    if o.keep:
        Run(o.sigmac, case, docs, lines, o.keep)
    sys.stdout.flush()


# --- a check of this file ----------------------------------------------------------------------------------------


def as_written(want, keep):
    """What a sigmac that agrees with the evaluator would write, as lists of objects."""
    out = []
    for i, (titles, alerts) in enumerate(want):
        out += [{"event_index": i, "rule_title": t} for t in titles]
        for a in [a for a in alerts if a.reported]:
            rows = a.some() if a.sequence else a.rows
            out.append({"type": "correlation", "rule_title": a.correlation.title, "event_index": i, "timestamp": iso(a.time),
                        "group": group_of(a), "value": str(decimal.Decimal(Fraction(a.value).numerator) / Fraction(a.value).denominator),
                        "window": {"start": iso(rows[0].time), "end": iso(rows[-1].time)}, "alert_id": str(len(out)),
                        **({"events": [{"event_index": r.index, "timestamp": iso(r.time)} for r in rows]} if keep else {})})
    return out


FAULTS = {
    "a match too many": lambda m: m.insert(0, {"event_index": 0, "rule_title": "R9"}),
    "a line missing": lambda m: m.pop(),
    "another value": lambda m: m[-1].update(value="-77"),
    "another group": lambda m: m[-1].update(group={"Q": "q"}),
    "another title": lambda m: m[-1].update(rule_title="C9"),
    "another event": lambda m: m[-1].update(event_index=m[-1]["event_index"] + 1),
    "another time": lambda m: m[-1].update(timestamp="2001-01-01T00:00:00Z"),
    "another start": lambda m: m[-1]["window"].update(start="2001-01-01T00:00:00Z"),
    "another end": lambda m: m[-1]["window"].update(end="2101-01-01T00:00:00Z"),
    "an event fewer": lambda m: m[-1]["events"].pop(),
    "an alert twice": lambda m: m.append(dict(m[-1], alert_id="x")),
    "an id twice": lambda m: m.extend([dict(m[-1], event_index=10**6)]),
}


def self_test():
    """Outputs that agree hold; each fault in them is found, for each type of correlation."""
    decimal.getcontext().prec = 500
    good = bad = 0
    for kind in generate.TYPES:
        for k in range(1000):
            case = generate.Case(random.Random(f"self-test/{k}"), 100)
            want, _ = expected(case, case.docs, case.lines)
            case.keep = "refs"
            if want and [a for a in want[-1][1] if a.reported and a.correlation.type == kind]:
                continue  # "another event" needs one behind it
            last = max((i for i, (_, alerts) in enumerate(want) if [a for a in alerts if a.reported]), default=None)
            if last is not None and [a for a in want[last][1] if a.reported][-1].correlation.type == kind:
                break
        for name, fault in {"none": lambda m: None, **FAULTS}.items():
            written = [m for m in as_written(want, "refs") if m.get("type") or m["event_index"] <= last]
            want_so_far = [(t if i <= last else [], a) for i, (t, a) in enumerate(want)]
            fault(written)
            found = compare(case, case.lines, want_so_far, b"".join(json.dumps(m, separators=(",", ":")).encode() + b"\n" for m in written))
            if bool(found) == (name == "none"):
                bad += 1
                print(f"{kind}, {name}: {found or 'not found'}")
            else:
                good += 1
    print(f"{good} passed, {bad} failed")
    return 0 if good and not bad else 1


# --- all of it ---------------------------------------------------------------------------------------------------

Result = collections.namedtuple("Result", "k events faults counts")
STATE = True


def one(task):
    sigmac, seed, k, most = task
    case = generate.Case(random.Random(f"{seed}/{k}"), most)
    want, evaluator = expected(case, case.docs, case.lines)
    counts = collections.Counter()
    for titles, alerts in want:
        counts["matches"] += len(titles)
        for a in alerts:
            counts[a.correlation.type] += 1
            counts["not reported"] += not a.reported
            counts["of late events"] += a.late
    counts["dropped as late"], counts["without time"] = evaluator.dropped, evaluator.timeless
    return Result(k, len(case.lines), faults_of(sigmac, f"{seed}/{k}", case, case.docs, case.lines, want), counts)


def tasks(o):
    k = o.case if o.case is not None else 0
    while True:
        yield o.sigmac, o.seed, k, o.most
        k += 1


def results(o):
    if o.case is not None or o.jobs == 1:
        yield from map(one, tasks(o))
        return
    with multiprocessing.Pool(o.jobs) as pool:
        waiting = collections.deque()
        for task in tasks(o):
            waiting.append(pool.apply_async(one, (task,)))
            if len(waiting) > 2 * o.jobs:
                yield waiting.popleft().get()


def main():
    global STATE
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac", nargs="?", default="build/sigmac")
    a.add_argument("--self-test", action="store_true")
    a.add_argument("--seed", default="1")
    a.add_argument("--events", type=int, default=20000)
    a.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    a.add_argument("--case", type=int)
    a.add_argument("--most", type=int, default=3000, help="events of a case")
    a.add_argument("--no-shrink", action="store_true")
    a.add_argument("--no-state", action="store_true", help="leave out what saves and restores")
    a.add_argument("--stop", type=int, default=3, help="after so many cases that differ")
    a.add_argument("--keep", metavar="DIR", help="write rules and events of a case that differs there")
    o = a.parse_args()
    if o.self_test:
        return self_test()
    STATE = not o.no_state
    counts, cases, events, failed, start = collections.Counter(), 0, 0, 0, time.monotonic()
    for r in results(o):
        cases, events, counts = cases + 1, events + r.events, counts + r.counts
        if r.faults:
            failed += 1
            report(o, o.seed, r.k, generate.Case(random.Random(f"{o.seed}/{r.k}"), o.most), r.faults)
        if o.case is not None or events >= o.events or failed >= o.stop:
            break
    seconds = time.monotonic() - start
    print(f"{events:,} events in {cases:,} cases, {seconds:.0f} s, seed {o.seed}; alerts by type: "
          + ", ".join(f"{k} {counts[k]:,}" for k in generate.TYPES))
    print(", ".join(f"{k} {counts[k]:,}" for k in ("matches", "not reported", "of late events", "dropped as late", "without time")))
    print(f"{cases - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
