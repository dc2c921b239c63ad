#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The rules for T1584.002 as queries, run over their labelled attack tests: seed.py SIGMAC

Each event has the verdict of the detection that the rules say again (tests/rules/t1584.002.labels.ndjson: with the list of authorised
resolvers, and with an empty one). The events become ECS documents, rows of Defender XDR and rows of ASIM; the queries run in the executors.

  eql, ecs-windows     the rule for Sysmon has the labels of all but Security 4657; with the rule for the Security log, of all
  kql, defender-xdr    one query over two tables has the labels of all events that have a row (4657 has none)
  kql, sentinel-asim   likewise

With $SIGMAC_SHARED the query of the page that the rules say again is run too, over the same documents and over ten thousand others. Letter
case aside, and with `egress` beside `outbound`, which is how Winlogbeat says it, it must find just what the two rules find together:
but for event 5156 of the Security log, the firewall's, which the page does not name among its sources and the rules do not read.
Prints what differs, and `N passed, N failed` last: one for each event and query."""
import json
import os
import re
import sys
import tempfile

import convert_asim
import convert_ecs
import convert_xdr
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


def translate(sigmac, target, pipeline, rule, options):
    command = [sigmac, "translate", "-q", "-t", target, "-p", pipeline, "--format", "ndjson", *options, rule]
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
        self.sigmac, self.passed, self.failed, self.tmp = sigmac, 0, 0, tempfile.mkdtemp(prefix="sigmac-seed.")

    def run(self, target, pipeline, queries, events):
        "[set of event indexes] for each query"
        h = harness.Harness(self.sigmac, target, [pipeline], schema=corpora.tables(pipeline) if target == "kql" else None)
        try:
            if target == "eql":
                h.executor_types = corpora.field_types(pipeline, h.tmp)
            answers = h.execute([(str(i), q, 0) for i, q in enumerate(queries)], {0: events})
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
            queries = [translate(self.sigmac, "eql", "ecs-windows", r, options if r == SYSMON else []) for r in (SYSMON, SECURITY)]
            one, two = self.run("eql", "ecs-windows", queries, documents)
            self.same(f"eql {column}, one rule", one, [l[column] and e["EventID"] != 4657 for e, l in tests])
            self.same(f"eql {column}, two rules", one | two, [l[column] for _, l in tests])

    def rows(self, tests, pipeline, convert):
        found = [(p, l) for p, l in ((convert(e), l) for e, l in tests) if p]
        for column, options in COLUMNS.items():
            query = translate(self.sigmac, "kql", pipeline, SYSMON, options)
            hits, = self.run("kql", pipeline, [query], [row for (row, _), _ in found])
            self.same(f"{pipeline} {column}", hits, [l[column] for _, l in found])

    def page(self, tests):
        path = corpora.shared("seed", "T1584.002-elastic-security.txt")
        if not path:
            print("the page is not here (SIGMAC_SHARED): not compared")
            return
        documents = [convert_ecs.ecs(e) for e, _ in tests] + corpora.ecs_windows()
        queries = [translate(self.sigmac, "eql", "ecs-windows", r, []) for r in (SYSMON, SECURITY)] + [page_query(path)]
        one, two, page = self.run("eql", "ecs-windows", queries, documents)
        print(f"the page's query: {len(page)} hits in {len(documents)} documents, the two rules: {len(one | two)}")
        firewall = {i for i, d in enumerate(documents) if d["event"].get("code") == "5156"}
        self.same("page", page - firewall, [i in one | two for i in range(len(documents))])


def main():
    check, tests = Check(sys.argv[1]), labelled()
    check.ecs(tests)
    check.rows(tests, "defender-xdr", convert_xdr.convert)
    check.rows(tests, "sentinel-asim", convert_asim.convert)
    check.page(tests)
    print(f"{check.passed} passed, {check.failed} failed")
    return check.failed > 0


if __name__ == "__main__":
    sys.exit(main())
