#!/usr/bin/env python3
"""Measures sigmac: run.py SIGMAC [--data DIR | --rules DIR --events FILE] [--old SIGMAC] [--peer rsigma] [--json FILE] ...

Loading rules (from YAML, from an image), and events per second and core for several kinds of events, numbers of rules, and ways
to tell what an event is: found by looking at each event (auto), the same product for all (product), or not at all (nothing). CPU seconds
of whole processes, the best of several; rates of events are those of a second pass, without loading. With --old (another build) or --peer,
ratios, by turns in the same run. Then correlations over time (correlate.py). Nothing here passes or fails: it is a measurement, not a test.
"""
import argparse, json, os, platform, shutil, subprocess, sys, tempfile, time

import correlate, mutate, streams
from cost import best, by_turns, cost

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIZES = (1, 10, 100, 1000, 0, 30000)  # 0: as many as there are
MODES = ("auto", "product", "nothing")
SHORT = 500  # events of a trial run, which tells how many to take


class Bench:
    def __init__(self, o, tmp):
        self.o, self.tmp, self.images = o, tmp, {}
        self.files = streams.rule_files(o.rules)
        self.folders = {}

    def folder(self, n):
        """So many rules: all there are, some of them, or changed copies too."""
        total = len(self.files)
        if n and n not in self.folders:
            if n <= total:
                self.folders[n] = streams.subset(self.o.rules, n, self.tmp)
            else:
                self.folders[n] = os.path.join(self.tmp, f"rules-{n}")
                mutate.mutate(self.o.rules, self.folders[n], max(1, n // total - 1))
        return self.folders[n] if n else self.o.rules

    def image(self, sigmac, n, pipeline=None):
        key = sigmac, n, pipeline
        if key not in self.images:
            path = os.path.join(self.tmp, f"{len(self.images)}.sgc")
            cmd = [sigmac, "compile", "-q", "-o", path, *(["-p", pipeline, "--absent", "false"] if pipeline else []), self.folder(n)]
            subprocess.run(cmd, stderr=subprocess.DEVNULL)
            self.images[key] = path
        return self.images[key]

    def part(self, stream, n):
        """A file with so many of its events, evenly; all where there are no more."""
        if n >= stream.events:
            return stream.path, stream.events
        path = os.path.join(self.tmp, f"{stream.name}-{n}.ndjson")
        if not os.path.exists(path):
            with open(stream.path, "rb") as f:
                streams.write(path, (l for i, l in enumerate(f) if i * n // stream.events != (i + 1) * n // stream.events))
        return path, n


def evaluate(sigmac, rules, mode, label, files):
    how = {"auto": [], "product": ["--event-logsource", label], "nothing": ["--logsource", "off"]}[mode]
    return [sigmac, "eval", "-q", "-r", rules, *how, "--format", "ndjson", *files]


def rate(b, command, stream):
    """Events per CPU second once all is there: what a second pass over the same events takes more, so that neither loading counts
    nor the indexes that the first events of each log source have built. As many events as fill the time that one measurement may
    take, the whole stream several times where it is short. command: of a list of files of events."""
    short, n = b.part(stream, SHORT)
    per_event = max(cost(command([short] * 2)).seconds - cost(command([short])).seconds, 1e-4) / n
    want = int(b.o.seconds / per_event)
    if want < stream.events:
        path, n = b.part(stream, max(SHORT, 1 << want.bit_length() - 1))
        files = [path]
    else:
        files, n = [stream.path] * min(-(-want // stream.events), 50), stream.events
    runs = by_turns({"one": (command(files), os.devnull), "two": (command(files * 2), os.devnull)}, b.o.repeat)
    n *= len(files)
    return n / max(runs["two"].seconds - runs["one"].seconds, 1e-4), runs["two"].mib, n


# --- parts --------------------------------------------------------------------------------------------------


def machine(o):
    def first(cmd):
        try:
            return subprocess.run(cmd, capture_output=True, text=True).stdout.splitlines()[0].strip()
        except (OSError, IndexError):
            return "?"

    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "system": platform.system() + " " + platform.machine(),
            "libc": " ".join(platform.libc_ver()), "sigmac": first([o.sigmac, "--version"])}


def loading(b):
    """From YAML and from an image, with one event evaluated, as `eval` does it."""
    o, stream = b.o, b.streams[0]
    one, _ = b.part(stream, 1)
    rows = []
    for n in (0, 30000) if o.large else (0,):
        count = len(streams.rule_files(b.folder(n)))
        made = best([o.sigmac, "compile", "-q", b.folder(n)], o.repeat)
        yaml = best(evaluate(o.sigmac, b.folder(n), "product", stream.label, [one]), o.repeat)
        image = best(evaluate(o.sigmac, b.image(o.sigmac, n), "product", stream.label, [one]), o.repeat)
        rows.append({"rules": count, "compile_s": made.seconds, "rules_per_s": count / made.seconds, "compile_mib": made.mib,
                     "yaml_s": yaml.seconds, "yaml_mib": yaml.mib, "image_s": image.seconds, "image_mib": image.mib,
                     "image_bytes": os.path.getsize(b.image(o.sigmac, n))})
        say("{rules:6} rules: compile {compile_s:.3f} s ({rules_per_s:.0f} rules/s), from YAML {yaml_s:.3f} s {yaml_mib:.0f} MiB, "
            "from an image {image_s:.3f} s {image_mib:.0f} MiB".format(**rows[-1]))
    return rows


def speed(b):
    rows = []
    for stream in b.streams:
        for n in SIZES:
            if n >= 30000 and not b.o.large or n > len(b.files) and n < 30000:
                continue
            count, image = len(streams.rule_files(b.folder(n))), b.image(b.o.sigmac, n, stream.pipeline)
            for mode in MODES:
                per_s, mib, events = rate(b, lambda files: evaluate(b.o.sigmac, image, mode, stream.label, files), stream)
                rows.append({"stream": stream.name, "rules": count, "mode": mode, "events_per_s": per_s,
                             "mb_per_s": per_s * stream.bytes / stream.events / 1e6, "mib": mib, "events": events})
                say("{stream:10} {rules:6} rules  {mode:8} {events_per_s:12,.0f} events/s  {mb_per_s:7.1f} MB/s  {mib:6.1f} MiB"
                    .format(**rows[-1]))
    return rows


def sizes(b):
    """All rules, events of about the same length."""
    rows, image = [], b.image(b.o.sigmac, 0)
    for part in streams.by_size(b.streams[0], b.tmp):
        per_s, _, _ = rate(b, lambda files: evaluate(b.o.sigmac, image, "auto", part.label, files), part)
        rows.append({"bytes": part.bytes / part.events, "events_per_s": per_s})
        say("events of {bytes:6.0f} bytes, auto: {events_per_s:,.0f} events/s".format(**rows[-1]))
    return rows


def peer_command(peer, rules, mode, label):
    how = {"product": ["--logsource-routing", "--event-logsource", label], "nothing": []}[mode]
    return [peer, "engine", "eval", "-q", "-r", rules, *how]


def against(b):
    """All rules; a fixed number of events for all, so that pairs are pairs."""
    o, rows, stream = b.o, [], b.streams[0]
    one, _ = b.part(stream, 1)
    for other in [w for w in ("old", "peer") if getattr(o, w)]:
        events, n = b.part(stream, o.pair)
        for mode in ("product", "nothing"):
            def commands(path):
                theirs = (evaluate(o.old, b.image(o.old, 0), mode, stream.label, ["-"]) if other == "old"
                          else peer_command(o.peer, o.rules, mode, stream.label))
                return {"ours": (evaluate(o.sigmac, b.image(o.sigmac, 0), mode, stream.label, ["-"]), path), other: (theirs, path)}

            load, full = by_turns(commands(one), o.repeat), by_turns(commands(events), o.repeat)
            net = {w: max(full[w].seconds - load[w].seconds, 1e-4) for w in full}
            row = {"other": other, "mode": mode, "events": n, "ours_per_s": n / net["ours"], "other_per_s": n / net[other],
                   "ratio": net[other] / net["ours"], "ours_mib": full["ours"].mib, "other_mib": full[other].mib}
            rows.append(row)
            say("against {other}, {mode}: {ours_per_s:,.0f} to {other_per_s:,.0f} events/s, {ratio:.2f}; {ours_mib:.0f} to "
                "{other_mib:.0f} MiB".format(**row))
        theirs = evaluate(o.old, o.rules, "product", stream.label, ["-"]) if other == "old" else peer_command(o.peer, o.rules, "product", stream.label)
        load = by_turns({"ours": (evaluate(o.sigmac, o.rules, "product", stream.label, ["-"]), one), other: (theirs, one)}, o.repeat)
        rows.append({"other": other, "mode": "load from YAML", "ours_s": load["ours"].seconds, "other_s": load[other].seconds,
                     "ratio": load[other].seconds / load["ours"].seconds, "ours_mib": load["ours"].mib, "other_mib": load[other].mib})
        say("against {other}, {mode}: {ours_s:.3f} to {other_s:.3f} s, {ratio:.2f}; {ours_mib:.0f} to {other_mib:.0f} MiB".format(**rows[-1]))
    return rows


def translating(b):
    rows = [{"target": t, "seconds": best([b.o.sigmac, "translate", "-q", "-t", t, b.o.rules], b.o.repeat).seconds} for t in ("eql", "kql")]
    if b.o.converter:  # one round of it takes as long as a hundred of ours
        cmd = [b.o.converter, "convert", "-t", "eql", "--without-pipeline", "-s", "-o", os.devnull, b.o.rules]
        rows.append({"target": "eql, converter", "seconds": best(cmd, 2).seconds})
    for r in rows:
        say(f"translate to {r['target']}: {r['seconds']:.3f} s")
    return rows


def say(text):
    print(text, flush=True)


def options():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--data", help="the folder `data` of SIGMAC_SHARED: its rules and logs")
    a.add_argument("--rules", help="instead of those: a folder")
    a.add_argument("--events", help="instead of those: one file of NDJSON")
    a.add_argument("--label", default="product=windows", help="what the events of --events are")
    a.add_argument("--streams", help="of those of --data, these alone: windows,processes,ecs,zeek,cloudtrail")
    a.add_argument("--old")
    a.add_argument("--peer")
    a.add_argument("--converter")
    a.add_argument("--repeat", type=int, default=3)
    a.add_argument("--seconds", type=float, default=1.0, help="CPU time of one measurement")
    a.add_argument("--pair", type=int, default=20000, help="events of a comparison")
    a.add_argument("--timed", type=int, help="events of a stream of correlations")
    a.add_argument("--large", action="store_true", help="also 30,000 rules, and a million groups of correlations")
    a.add_argument("--json", help="write the figures there")
    return a.parse_args()


def main():
    o, tmp = options(), tempfile.mkdtemp(prefix="sigmac-bench-")
    try:
        if o.events:
            found = streams.given(o.events, o.label)
        else:
            found = streams.real(o.data, tmp) if o.data else streams.shipped(ROOT, tmp)
        if not o.rules:
            o.rules = streams.rules_of_data(o.data, tmp) if o.data else os.path.join(ROOT, "sigma-rules")
        b = Bench(o, tmp)
        b.streams = [s for s in found if not o.streams or s.name in o.streams.split(",")]
        out = {"date": time.strftime("%Y-%m-%d"), "machine": machine(o), "rules": len(b.files),
               "streams": [{"name": s.name, "what": s.what, "events": s.events, "bytes": s.bytes, "label": s.label} for s in b.streams]}
        say("machine: {cpu}, {cores} cores, {system}, {libc}; {sigmac}".format(**out["machine"]))
        for s in b.streams:
            say(f"{s.name}: {s.what}; {s.events:,} events of {s.bytes / s.events:.0f} bytes")
        out["loading"] = loading(b)
        out["speed"] = speed(b)
        out["sizes"] = sizes(b)
        out["against"] = against(b)
        out["translating"] = translating(b)
        out["over_time"] = correlate.measure(o.sigmac, tmp, o.repeat, o.timed or correlate.events_of(o.large))
        if o.json:
            with open(o.json, "w") as f:
                json.dump(out, f, indent=1)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
