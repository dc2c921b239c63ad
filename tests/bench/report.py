#!/usr/bin/env python3
"""Figures into docs/performance.md: report.py FIGURES.json [--page docs/performance.md]

What run.py --json wrote, or correlate.py, as tables between the marks `<!-- NAME -->` and `<!-- end -->` of the page, and as plots
beside it. What the figures say nothing of stays as it is.
"""
import argparse, json, os, re

import plot

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WAYS = {"auto": "log source found in each event", "product": "one product for all", "nothing": "not looked at"}
SHORT = {"auto": "found in each", "product": "one for all", "nothing": "not looked at"}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows])


def per_second(n):
    digits = max(0, len(str(int(n))) - 3)
    return f"{round(n, -digits):,.0f}"


def machine(f):
    m = f["machine"]
    inputs = table(("events", "number", "bytes each", "`product` is"),
                   [(s["what"], f"{s['events']:,}", f"{s['bytes'] / s['events']:,.0f}", f"`{s['label']}`") for s in f["streams"]])
    return f"{f['date']}; {m['cpu']}, one core of {m['cores']}; {m['system']}, {m['libc']}; {m['sigmac']}.\n\n{inputs}"


def loading(f):
    rows = [(f"{r['rules']:,}", per_second(r["rules_per_s"]), f"{r['yaml_s']:.3f} s", f"{r['yaml_mib']:.0f} MiB",
             f"{r['image_s'] * 1000:.0f} ms", f"{r['image_mib']:.0f} MiB", f"{r['image_bytes'] / 1e6:.1f} MB") for r in f["loading"]]
    return table(("rules", "compiled per second", "from YAML", "memory", "from an image", "memory", "the image"), rows)


def speed(f):
    out, what = [], {s["name"]: s["what"] for s in f["streams"]}
    for name in what:
        of = [r for r in f["speed"] if r["stream"] == name]
        rows = []
        for n in sorted({r["rules"] for r in of}):
            ways = {r["mode"]: r for r in of if r["rules"] == n}
            rows.append((f"{n:,}", *(per_second(ways[w]["events_per_s"]) for w in WAYS), f"{ways['auto']['mb_per_s']:,.0f}",
                         f"{max(r['mib'] for r in ways.values()):.0f} MiB"))
        out.append(f"{what[name]}:\n\n" + table(("rules", *WAYS.values(), "MB/s of the first", "memory"), rows))
    return "\n\n".join(out)


def against(f):
    rows = []
    for r in f["against"]:
        ours, other = (r["ours_per_s"], r["other_per_s"]) if "events" in r else (r["ours_s"], r["other_s"])
        form = per_second if "events" in r else lambda s: f"{s:.3f} s"
        name = {"peer": "rsigma", "old": "the build before"}[r["other"]]
        what = r["mode"] if "events" not in r else f"events/s, {WAYS[r['mode']]}"
        rows.append((name, what, form(ours), form(other), f"{r['ratio']:.1f}", f"{r['ours_mib']:.0f}", f"{r['other_mib']:.0f}"))
    return table(("against", "what", "sigmac", "the other", "ratio", "MiB", "MiB of the other"), rows) if rows else "Not measured."


def over_time(f):
    o, ns, mib = f["over_time"], lambda r: f"{r['ns']:,.0f} ns", lambda r: f"{r['mib']:,.0f} MiB"
    groups = [(f"{r['groups']:,}", f"{r['events']:,}", per_second(r["events_per_s"]), f"{r['ratio']:.2f}", ns(r), f"{r['idle_ns']:,.0f} ns", mib(r))
              for r in o["groups"]]
    windows = [(f"`{r['type']}`", f"{r['window']:,}", per_second(r["events_per_s"]), ns(r), f"{r['ratio']:.2f}", mib(r)) for r in o["windows"]]
    types = [(f"`{r['type']}`", per_second(r["events_per_s"]), ns(r), f"{r['idle_ns']:,.0f} ns", mib(r)) for r in o["types"]]
    return "\n\n".join((
        o["date"] + ".",
        table(("groups", "events", "events/s", "of the rate of one", "an event", "without correlations", "memory"), groups),
        table(("type", "events in the window", "events/s", "an event", "of that of 100", "memory"), windows),
        table(("type", "events/s", "an event", "without correlations", "memory"), types)))


def plots(f):
    us = lambda r: 1e6 / r["events_per_s"]
    rules = {}
    for s in f["streams"]:
        rules[s["name"]] = [(r["rules"], us(r)) for r in f["speed"] if r["stream"] == s["name"] and r["mode"] == "auto"]
    first = f["streams"][0]["name"]
    ways = {SHORT[w]: [(r["rules"], us(r)) for r in f["speed"] if r["stream"] == first and r["mode"] == w] for w in WAYS}
    return {
        "performance-rules.svg": plot.lines("Cost of an event, its log source found", "rules", "microseconds", rules),
        "performance-ways.svg": plot.lines(f"Cost of an event by how its log source is known ({first})", "rules", "microseconds", ways),
        "performance-bytes.svg": plot.lines("Cost of an event by its length, all rules", "bytes", "microseconds",
                                            {first: [(r["bytes"], us(r)) for r in f["sizes"]]}),
    }


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("figures")
    a.add_argument("--page", default=os.path.join(ROOT, "docs", "performance.md"))
    o = a.parse_args()
    with open(o.figures) as f:
        figures = json.load(f)
    with open(o.page) as f:
        page = f.read()
    for part in [p for p in (machine, loading, speed, against, over_time) if p.__name__ in figures]:
        mark = f"<!-- {part.__name__} -->"
        page, n = re.subn(re.escape(mark) + r".*?<!-- end -->", lambda _: f"{mark}\n\n{part(figures)}\n\n<!-- end -->", page, flags=re.S)
        if n != 1:
            raise SystemExit(f"{o.page}: {n} times {mark}")
    with open(o.page, "w") as f:
        f.write(page)
    for name, svg in plots(figures).items() if "speed" in figures else ():
        with open(os.path.join(os.path.dirname(o.page), name), "w") as f:
            f.write(svg)


if __name__ == "__main__":
    main()
