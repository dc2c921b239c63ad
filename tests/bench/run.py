#!/usr/bin/env python3
"""Measures sigmac: run.py SIGMAC --rules DIR --events FILE.ndjson [--old SIGMAC] [--peer rsigma] [--converter sigma] [--repeat 5]

Prints the machine and the input, then, as CPU seconds (user + system) of whole processes, best of several runs taken
by turns: loading the rules from YAML, from an image, and events per CPU second net of loading. With --old (another build)
or --peer, also the ratio in the same run. Then translating the rules to EQL and KQL; with --converter (sigma of sigma-cli,
with its backend elasticsearch), also the ratio to that, by turns in the same run. Nothing here passes or fails: it is a measurement, not a test.
"""
import argparse, os, platform, subprocess, tempfile


def cpu(cmd, events):
    with open(events, "rb") as i:
        p = subprocess.Popen(cmd, stdin=i, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(p.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--rules", required=True)
    a.add_argument("--events", required=True)
    a.add_argument("--old")
    a.add_argument("--peer")
    a.add_argument("--converter")
    a.add_argument("--repeat", type=int, default=5)
    o = a.parse_args()
    tmp = tempfile.mkdtemp()
    one, image = os.path.join(tmp, "one.ndjson"), os.path.join(tmp, "rules.sgc")
    with open(o.events, "rb") as f:
        open(one, "wb").write(f.readline())
        count = 1 + sum(1 for _ in f)
    subprocess.run([o.sigmac, "compile", "-q", "-o", image, o.rules], stderr=subprocess.DEVNULL)
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    print(f"machine: {model}, {os.cpu_count()} cores; {count} events of {os.path.getsize(o.events) / count:.0f} bytes; rules: {o.rules}")
    ours = lambda exe, rules: [exe, "eval", "-q", "-r", rules, "--logsource", "off", "--format", "ndjson", "-"]
    who = {"yaml": ours(o.sigmac, o.rules), "image": ours(o.sigmac, image)}
    if o.old:
        who["old build"] = ours(o.old, o.rules)
    if o.peer:
        who["peer"] = [o.peer, "engine", "eval", "-q", "-r", o.rules]
    load, full, rss = {n: [] for n in who}, {n: [] for n in who}, {}
    for _ in range(o.repeat):
        for name, cmd in who.items():
            load[name].append(cpu(cmd, one)[0])
            seconds, rss[name] = cpu(cmd, o.events)
            full[name].append(seconds)
    rate = {}
    for name in who:
        rate[name] = count / max(min(full[name]) - min(load[name]), 1e-9)
        print(f"{name:10} load {min(load[name]):6.3f} s   {rate[name]:10.0f} events/s per core   {rss[name]:6.1f} MiB")
    for name in ("old build", "peer"):
        if name in rate:
            print(f"ratio to {name}: {rate['yaml'] / rate[name]:.2f}; loading {min(load['yaml']) / min(load[name]):.2f}")
    translating(o, os.devnull)


def translating(o, empty):
    """One round of the converter takes as long as a hundred of ours."""
    ours = {t: [] for t in ("eql", "kql")}
    theirs = []
    for i in range(o.repeat):
        for t in ours:
            ours[t].append(cpu([o.sigmac, "translate", "-q", "-t", t, o.rules], empty)[0])
        if o.converter and i < 2:
            theirs.append(cpu([o.converter, "convert", "-t", "eql", "--without-pipeline", "-s", "-o", "/dev/null", o.rules], empty)[0])
    for t in ours:
        print(f"{'to ' + t.upper():10}      {min(ours[t]):6.3f} s")
    if theirs:
        print(f"{'converter':10}      {min(theirs):6.3f} s\nratio to the converter, EQL: {min(theirs) / max(min(ours['eql']), 1e-3):.0f}")


if __name__ == "__main__":
    main()
