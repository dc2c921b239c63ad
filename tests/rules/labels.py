#!/usr/bin/env python3
"""Compares the rules for T1584.002 with the labels of their attack tests: labels.py SIGMAC

Every event is labelled with the verdict of the detection that the rules say again (t1584.002.labels.ndjson: with its
authorised resolvers, and with none). The rule for Sysmon must agree on all but Security 4657, where it must not match, and with the
rule for the Security log it must agree on all. Prints what differs, and `N passed, N failed` (events) last.
"""
import json, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "sigma-rules", "windows")
SYSMON = os.path.join(RULES, "win_dns_resolver_bypassed_or_replaced.yml")
SECURITY = os.path.join(RULES, "win_security_dns_client_setting_written.yml")
PARTS = ["a", "b", "c", "d", "benign"]
COLUMNS = {"fires_default": [], "fires_empty_list": ["--var", "authorised_resolvers"]}


def main():
    sigmac, passed, failed = sys.argv[1], 0, 0
    labels = {l["record_id"]: l for l in map(json.loads, open(os.path.join(HERE, "t1584.002.labels.ndjson"), encoding="utf-8"))}
    files = [os.path.join(SYSMON.replace(".yml", ".tests"), p + ".ndjson") for p in PARTS]
    events = [json.loads(line) for f in files for line in open(f, encoding="utf-8")]
    if sorted(e["EventRecordID"] for e in events) != sorted(labels):
        print("labels and events are not the same records")
        failed += 1
    for column, options in COLUMNS.items():
        for rules, security in ([SYSMON], False), ([SYSMON, SECURITY], True):
            command = [sigmac, "eval", "-q", "--format", "ndjson", *options, *(x for r in rules for x in ("-r", r)), *files]
            out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
            hits = {json.loads(line)["event_index"] for line in out.splitlines()}
            for i, e in enumerate(events):
                want = labels[e["EventRecordID"]][column] and (security or e["EventID"] != 4657)
                passed, failed = (passed + 1, failed) if (i in hits) == want else (passed, failed + 1)
                if (i in hits) != want:
                    print(f"{column}, {len(rules)} rules, record {e['EventRecordID']}: {'match' if i in hits else 'no match'}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
