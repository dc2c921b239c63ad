#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The two rules for T1584.002 as EQL: t1584_002.py SIGMAC

Each event of their attack tests has the verdict of the detection that the rules say again (tests/rules/t1584.002.labels.ndjson: with the list
of authorised resolvers, and with an empty one). Over the events as ECS documents the two queries must find together what is labelled.
(That the rule for Sysmon alone does, in each pipeline, is a part of run.py.)

With $SIGMAC_SHARED the query of the page that the rules say again is run too, over the same documents and over ten thousand others. Letter
case aside, and with `egress` beside `outbound`, which is how Winlogbeat says it, it must find just what the two rules find together:
but for event 5156 of the Security log, the firewall's, which the page does not name among its sources and the rules do not read.
Prints what differs, and `N passed, N failed` last: one for each event and query."""
import json
import os
import re
import sys

import convert_ecs
import corpora
import harness

RULES = os.path.join(corpora.ROOT, "sigma-rules", "windows")
SYSMON = os.path.join(RULES, "win_dns_resolver_bypassed_or_replaced.yml")
SECURITY = os.path.join(RULES, "win_security_dns_client_setting_written.yml")
COLUMNS = {"fires_default": [], "fires_empty_list": ["--var", "authorised_resolvers"]}


def labelled():
    "[(event, label)], in the order of the tests"
    with open(os.path.join(corpora.ROOT, "tests", "rules", "t1584.002.labels.ndjson"), encoding="utf-8") as f:
        labels = {l["record_id"]: l for l in map(json.loads, f)}
    folder = SYSMON.replace(".yml", ".tests")
    events = [e for p in ("a", "b", "c", "d", "benign") for e in corpora.read_events(os.path.join(folder, p + ".ndjson"))]
    if sorted(e["EventRecordID"] for e in events) != sorted(labels):
        sys.exit("labels and events are not the same records")
    return [(e, labels[e["EventRecordID"]]) for e in events]


def translate(sigmac, rule, options):
    command = [sigmac, "translate", "-q", "-t", "eql", "-p", "ecs-windows", "--format", "ndjson", *options, rule]
    return json.loads(harness.sh(command, ok=(0,)).stdout)["query"]


def page_query(path):
    "the text between `eql` and the severity, as this executor takes it"
    with open(path, encoding="utf-8") as f:
        text = re.search(r"(?ms)^eql\n(any where.*?)\n\w+ severity", f.read()).group(1)
    text = re.sub(r"wildcard\(([\w.]+), (\"[^\"]*\")\)", r"\1 like~ \2", text)
    text = text.replace('network.direction == "outbound"', 'network.direction in~ ("outbound", "egress")')
    text = re.sub(r"([\w.]+) == (\"[^\"]*\")", r"\1 in~ (\2)", text)
    text = re.sub(r"([\w.]+) in \((\"[A-Za-z])", r"\1 in~ (\2", text)
    return re.sub(r"\b((?:event|destination|network|registry)\.\w+)", r"?\1", text)


class Check:
    def __init__(self, sigmac):
        self.sigmac, self.passed, self.failed = sigmac, 0, 0

    def run(self, queries, documents):
        "[set of event indexes] for each query"
        h = harness.Harness(self.sigmac, "eql", ["ecs-windows"])
        try:
            h.executor_types = corpora.field_types("ecs-windows", h.tmp)
            answers = h.execute([(str(i), q, 0) for i, q in enumerate(queries)], {0: documents})
        finally:
            h.close()
        for i, q in enumerate(queries):
            if isinstance(answers[str(i)], str):
                sys.exit(f"{answers[str(i)]}\n{q}")
        return [answers[str(i)] for i in range(len(queries))]

    def same(self, what, hits, wanted):
        for i, want in enumerate(wanted):
            ok = (i in hits) == want
            self.passed, self.failed = self.passed + ok, self.failed + (not ok)
            if not ok:
                print(f"{what}: event {i}: {'a hit' if i in hits else 'no hit'}")

    def ecs(self, tests):
        documents = [convert_ecs.ecs(e) for e, _ in tests]
        for column, options in COLUMNS.items():
            queries = [translate(self.sigmac, r, options if r == SYSMON else []) for r in (SYSMON, SECURITY)]
            one, two = self.run(queries, documents)
            self.same(column, one | two, [l[column] for _, l in tests])

    def page(self, tests):
        path = corpora.shared("seed", "T1584.002-elastic-security.txt")
        if not path:
            print("the page is not here (SIGMAC_SHARED): not compared")
            return
        documents = [convert_ecs.ecs(e) for e, _ in tests] + corpora.ecs_windows()
        queries = [translate(self.sigmac, r, []) for r in (SYSMON, SECURITY)] + [page_query(path)]
        one, two, page = self.run(queries, documents)
        print(f"the page's query: {len(page)} hits in {len(documents)} documents, the two rules: {len(one | two)}")
        firewall = {i for i, d in enumerate(documents) if d["event"].get("code") == "5156"}
        self.same("page", page - firewall, [i in one | two for i in range(len(documents))])


def main():
    check, tests = Check(sys.argv[1]), labelled()
    check.ecs(tests)
    check.page(tests)
    print(f"{check.passed} passed, {check.failed} failed")
    return check.failed > 0


if __name__ == "__main__":
    sys.exit(main())
