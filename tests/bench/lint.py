#!/usr/bin/env python3
"""How long linting takes: lint.py SIGMAC --rules DIR [--peer RSIGMA] [--repeat N]

The median of N runs over a tree of rules, with every check on and in the profile that is on by default, start of the process
included. With --peer, beside it `rsigma rule lint` over the same tree, and how many times as long it takes. RECORDED is what
`sigma check` (sigma-cli) was measured to take for the SigmaHQ rules; it is printed for comparison, not measured again.
"""
import argparse, os, statistics, subprocess, time

FILES, RECORDED = 4039, (27, 30)  # seconds: sigma check 3.1.0 with all 80 validators; that many files of SigmaHQ


def seconds(cmd, repeat):
    """Median; exit status 1 is that of findings."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        p = subprocess.run(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
        if p.returncode not in (0, 1, 3):
            raise SystemExit(f"{' '.join(cmd)}: exit {p.returncode}: {p.stderr[-300:].decode(errors='replace')}")
    return statistics.median(times)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("--rules", required=True)
    a.add_argument("--peer")
    a.add_argument("--repeat", type=int, default=5)
    o = a.parse_args()
    files = sum(n.endswith((".yml", ".yaml")) for _, _, names in os.walk(o.rules) for n in names)
    lint = [o.sigmac, "lint", "--today", "2026-02-01", "--format", "json"]
    ours = seconds([*lint, "--profile", "all", o.rules], o.repeat)
    default = seconds([*lint, o.rules], o.repeat)
    print(f"{'lint, ' + str(files) + ' files':34}{'seconds':>10}")
    print(f"{'sigmac lint --profile all':34}{ours:10.3f}")
    print(f"{'sigmac lint':34}{default:10.3f}")
    if o.peer:
        theirs = seconds([o.peer, "rule", "lint", "--output-format", "json", o.rules], o.repeat)
        print(f"{'rsigma rule lint':34}{theirs:10.3f}   {theirs / ours:.1f} times as long")
    ratio = f"   {RECORDED[0] / ours:.0f} times as long or more" if files == FILES else f"   for {FILES} files"
    print(f"{'sigma check, as recorded':34}{RECORDED[0]:>7}-{RECORDED[1]}{ratio}")


if __name__ == "__main__":
    main()
