#!/usr/bin/env python3
"""What events cost over time: correlate.py SIGMAC [--large] [--repeat N] [--events N] [--json FILE]

Streams of small events in the order of their time, made here, through correlations that never fire: against the number of groups (ten
events in each within its timespan), against the number of events in the window of one group, and by type. Ratios are of the same run, by turns. What
a correlation adds is told beside the cost of the same stream with a rule that matches nothing. Without --large a tenth of the events and groups.
"""
import argparse, json, os, shutil, sys, tempfile, time

from cost import by_turns

START = 1704067200 * 10**6  # microseconds
SPAN = 3600
RULES = "".join("---\ntitle: %s\nname: %s\nlogsource: {category: test}\ndetection: {s: {E: %s}, condition: s}\n" % (x, x, x) for x in "abz")
CORRELATION = "---\ntitle: c\ncorrelation:\n  type: %s\n  rules: [%s]\n  group-by: [U]\n  timespan: 1h\n  condition: %s\n"
TYPES = {
    "event_count": ("a, b", "{gte: 1000000000}"),
    "value_count": ("a, b", "{field: V, gte: 1000000000}"),
    "value_sum": ("a, b", "{field: N, gte: 1e30}"),
    "value_avg": ("a, b", "{field: N, gte: 1e30}"),
    "value_percentile": ("a, b", "{field: N, percentile: 95, gte: 1e30}"),
    "temporal": ("a, b, z", "{gte: 3}"),
    "temporal_ordered": ("a, b, z", "{gte: 3}"),
}


def rules(tmp, kind):
    """None: rules that match nothing, and no correlation."""
    path = os.path.join(tmp, f"{kind or 'nothing'}.yml")
    with open(path, "w") as f:
        f.write(RULES + CORRELATION % (kind, *TYPES[kind]) if kind else RULES[RULES.rindex("---"):])
    return path


def stream(tmp, name, events, groups, window):
    """So many events, in turn of all groups, in an order that no cache likes; a group has `window` of them in an hour, together `groups` times as many."""
    path = os.path.join(tmp, name + ".ndjson")
    step, gap = 7919 if groups % 7919 else 7907, SPAN * 10**6 / (window * groups)
    with open(path, "w", 1 << 20) as f:
        for first in range(0, events, 10000):
            f.writelines('{"@timestamp":%d,"E":"%s","U":"%08x","N":%d.%02d,"V":"v%d"}\n'
                         % (START + int(i * gap), "ab"[i // groups & 1], i * step % groups, i * 31 % 1000, i % 100, i * 17 % 5000)
                         for i in range(first, min(first + 10000, events)))
    return path


class Measure:
    def __init__(self, sigmac, tmp, repeat):
        self.sigmac, self.tmp, self.repeat = sigmac, tmp, repeat

    def command(self, kind, path):
        return [self.sigmac, "eval", "-q", "-r", rules(self.tmp, kind), "--logsource", "off", "--format", "ndjson", path], os.devnull

    def run(self, runs, events):
        """runs: what -> (type, path). Rows in their order."""
        got = by_turns({w: self.command(*r) for w, r in runs.items()}, self.repeat)
        return {w: {"events_per_s": events / c.seconds, "ns": 1e9 * c.seconds / events, "mib": c.mib} for w, c in got.items()}


def by_groups(m, events):
    """1, 100, and as many groups as there are events for ten in each: the same events but for their keys."""
    sizes = (1, 100, events // 10)
    paths = {g: stream(m.tmp, f"groups-{g}", events, g, events // g) for g in sizes}
    got = m.run({**{(g, k): (k, paths[g]) for g in sizes for k in (None, "event_count")}}, events)
    rows = []
    for g in sizes:
        r, idle = got[g, "event_count"], got[g, None]
        rows.append({"groups": g, "events": events, **r, "ratio": r["events_per_s"] / got[1, "event_count"]["events_per_s"],
                     "idle_ns": idle["ns"], "mib_more": r["mib"] - idle["mib"]})
        say("{groups:9,} groups, event_count: {events_per_s:11,.0f} events/s, {ratio:.2f} of one group; {ns:.0f} ns, {idle_ns:.0f} without "
            "correlations; {mib:.0f} MiB".format(**rows[-1]))
    for p in paths.values():
        os.remove(p)
    return rows


def by_window(m, events):
    """One group."""
    sizes, rows = (100, events // 5 * 2), []
    paths = {w: stream(m.tmp, f"window-{w}", events, 1, w) for w in sizes}
    kinds = ("event_count", "value_count", "value_sum", "value_percentile", "temporal_ordered")
    got = m.run({(k, w): (k, paths[w]) for k in kinds for w in sizes}, events)
    for k in kinds:
        for w in sizes:
            rows.append({"type": k, "window": w, "events": events, **got[k, w], "ratio": got[k, w]["ns"] / got[k, sizes[0]]["ns"]})
            say("{type}, window of {window:,} events: {events_per_s:,.0f} events/s, an event costs {ratio:.2f} of one in a window of 100; "
                "{mib:.0f} MiB".format(**rows[-1]))
    for p in paths.values():
        os.remove(p)
    return rows


def by_type(m, events):
    """A thousand groups, a hundred events in the window of each."""
    path, rows = stream(m.tmp, "types", events, 1000, 100), []
    got = m.run({k: (k, path) for k in (None, *TYPES)}, events)
    for k in TYPES:
        rows.append({"type": k, "events": events, **got[k], "idle_ns": got[None]["ns"]})
        say("{type}: {events_per_s:,.0f} events/s, {ns:.0f} ns, {idle_ns:.0f} without correlations; {mib:.0f} MiB".format(**rows[-1]))
    os.remove(path)
    return rows


def measure(sigmac, tmp, repeat, events):
    m = Measure(sigmac, tmp, repeat)
    return {"date": time.strftime("%Y-%m-%d"), "groups": by_groups(m, events), "windows": by_window(m, events // 4), "types": by_type(m, events // 10)}


def say(text):
    print(text, flush=True)


def events_of(large):
    return 10**7 if large else 10**6


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--large", action="store_true")
    a.add_argument("--events", type=int)
    a.add_argument("--repeat", type=int, default=3)
    a.add_argument("--json")
    o = a.parse_args()
    tmp = tempfile.mkdtemp(prefix="sigmac-bench-")
    try:
        out = measure(o.sigmac, tmp, o.repeat, o.events or events_of(o.large))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    if o.json:
        with open(o.json, "w") as f:
            json.dump({"over_time": out}, f, indent=1)


if __name__ == "__main__":
    sys.exit(main())
