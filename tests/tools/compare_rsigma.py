#!/usr/bin/env python3
"""Compares matches with rsigma: compare_rsigma.py SIGMAC RULES-FOLDER EVENTS.ndjson [--peer rsigma]

Both evaluate all rules on all events without regard to log sources. A match is (event, rule id); rsigma does not number
events, so events are told apart by their content. Prints every rule whose matches differ, with counts and one event.
"""
import argparse, collections, json, subprocess


def canonical(event):
    return json.dumps(event, sort_keys=True, separators=(",", ":"))


def matches(cmd, events, key):
    out = collections.Counter()
    with open(events, "rb") as i:
        p = subprocess.Popen(cmd, stdin=i, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in p.stdout:
            m = json.loads(line)
            out[(m["rule_id"], canonical(key(m)))] += 1
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sigmac")
    a.add_argument("rules")
    a.add_argument("events")
    a.add_argument("--peer", default="rsigma")
    o = a.parse_args()
    ours = matches([o.sigmac, "eval", "-q", "-r", o.rules, "--logsource", "off", "--format", "ndjson", "--include-event", "-"], o.events, lambda m: m["event"])
    peer = matches([o.peer, "engine", "eval", "-q", "-r", o.rules, "--include-event"], o.events, lambda m: m["event"])
    print(f"matches: sigmac {sum(ours.values())}, rsigma {sum(peer.values())}, the same {sum((ours & peer).values())}")
    for name, diff in (("only sigmac", ours - peer), ("only rsigma", peer - ours)):
        rules = collections.Counter()
        for (rule, _), n in diff.items():
            rules[rule] += n
        print(f"{name}: {sum(diff.values())} matches of {len(rules)} rules")
        for rule, n in rules.most_common():
            print(f"  {rule}: {n}; for example {next(e for (r, e) in diff if r == rule)[:600]}")


if __name__ == "__main__":
    main()
