#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The proof: rules × events, emitted text against the VM.

  run.py [--sigmac PATH] [--part NAME]... [--targets eql,kql] [--sample] [--seed N] [--pairs N] [--write docs/equivalence.md]
         [--list] [--self-test]

Parts: own golden vectors syntax flat seed ecs xdr asim native random. --sample: a bounded choice of them for the gate (a few rules, a few
events, few random pairs). Corpora outside of the tree come from $SIGMAC_SHARED; a part without its corpus is skipped and says so.
Prints mismatches with rule, event and query, a line for each part, `N passed, N failed` last: one for each part and target."""
import argparse
import collections
import json
import os
import re
import shutil
import sys
import time

import convert_asim
import convert_native
import convert_xdr
import corpora
import harness
import property as prop
from harness import Harness, Result
from paths import HOME

SHOW = 6


class Run:
    def __init__(self, o):
        self.o, self.rows, self.failed, self.passed, self.skipped = o, [], 0, 0, []
        self.not_run, self.refused, self.invalid = collections.Counter(), collections.Counter(), []

    def part(self, name, target, what, work):
        start = time.time()
        res = work()
        if res is None:
            self.skipped.append(f"{name} ({target})")
            print(f"{name:8} {target}: skipped, its corpus is not here", flush=True)
            return
        bad = len(res.mismatches) + len(res.invalid)
        self.failed += bad > 0
        self.passed += bad == 0
        self.rows.append((name, target, what, res, time.time() - start))
        print(f"{name:8} {target}: {res.total()} rules, {len(res.queries) or res.compared} emitted, {len(res.refused)} refused, {len(res.broken)} not rules, {res.pairs} pairs, {res.true} true, "
              f"{len(res.mismatches)} differ, {len(res.invalid)} not valid, {len(res.not_run)} not run, {time.time() - start:.0f} s", flush=True)
        for key, message in list(res.invalid.items())[:SHOW]:
            print(f"  not valid: {key}: {message}\n    {(res.queries.get(key) or '')[:600]}")
        for key, message in list(res.not_run.items())[:SHOW]:
            print(f"  not run: {key}: {message[:300]}")

    def show(self, res, sets, title):
        seen = collections.Counter()
        for key, n, i, vm in res.mismatches:
            seen[key] += 1
            if seen[key] == 1 and len(seen) <= SHOW:
                _, g = res.given[key]
                print(f"  differs: {title} {key}: VM {vm}\n    query: {res.queries[key][:1500]}\n    event: {harness.dump(res.events[g][i])[:1500]}")
                if sets[n].rows is not None:
                    print(f"    row:   {harness.dump(sets[n].rows[i])[:1500]}")
        if len(seen) > SHOW:
            print(f"  and {len(seen) - SHOW} more rules: {', '.join(list(map(str, seen))[SHOW:SHOW + 20])}")

    def compare(self, h, sets, folder, title):
        try:
            res = h.compare(sets, folder)
        finally:
            h.close()
        self.show(res, sets, title)
        res.queries = {k: None for k in res.queries} if not res.invalid else res.queries
        return res

    def small(self, cases, target, title):
        "sets with a type for each field that its events tell"
        if not cases:
            return None
        total = Result()
        for types, members in corpora.batches(cases, target == "kql"):
            rules = corpora.Rules()
            h = Harness(self.o.sigmac, target)
            try:
                h.types = os.path.join(h.tmp, "types.json")
                with open(h.types, "w") as f:
                    json.dump(types, f)
                h.kinds = harness.types_file.Types(types, "keyword")
                sets = [rules.add([(key, text, v)], events) for key, text, v, events in members]
                total.add(self.compare(h, sets, rules.base, title))
            finally:
                rules.close()
        return total

    def corpus(self, target, events, rows=None, pipeline=None, every=1, title="", schema=None, absent=None, computed=None):
        folder = corpora.sigmahq()
        if not folder or not events:
            return None
        s, base = corpora.folder_set(os.path.join(folder, "rules"), events, rows, every)
        h = Harness(self.o.sigmac, target, [pipeline] if pipeline else [], schema=schema, absent=absent)
        h.computed = computed or {}
        if not pipeline:
            h.types = os.path.join(h.tmp, "types.json")
            known = corpora.flat_types(events, corpora.rule_files(os.path.join(folder, "rules")))
            with open(h.types, "w") as f:
                json.dump(known, f)
            h.kinds = harness.types_file.Types(known, "keyword")
        if pipeline and target == "eql":
            h.executor_types = corpora.field_types(pipeline, h.tmp)
            h.kinds = harness.types_file.Types(harness.types_file.read(h.executor_types), "keyword")
        return self.compare(h, [s], base, title)

    def syntax(self, target, every):
        "what is emitted without pipeline and types, by the parsers: names are not known, nor so what types they have; all else must be right"
        folder = corpora.sigmahq()
        if not folder:
            return None
        h = Harness(self.o.sigmac, target)
        s, base = corpora.folder_set(os.path.join(folder, "rules"), [], None, every)
        path = {p: key for key, p in s.rules}
        res = Result()
        try:
            for line in h.translate(base):
                key = path[line["path"]]
                if line.get("query"):
                    res.queries[key] = line["query"]
                else:
                    (res.refused if line["error"]["id"].startswith(("target-", "pipeline-")) else res.broken)[key] = (line["error"]["id"], line["error"]["message"])
            q, schema = os.path.join(h.tmp, "q.ndjson"), os.path.join(h.tmp, "schema.json")
            harness.write_lines(q, ({"id": k, "query": x} for k, x in res.queries.items()))
            with open(schema, "w") as f:
                json.dump({"T": {}}, f)
            cmd = [os.path.join(harness.ORACLES, target + "_parse"), "--queries", q] + (["--schema", schema, "--wrap", "T", "--ignore", "KS142,KS106,KS107"] if target == "kql" else [])
            for line in harness.sh(cmd, ok=(0,)).stdout.splitlines():
                o = json.loads(line)
                res.compared += o["ok"]
                if not o["ok"]:
                    res.invalid[o["id"]] = json.dumps(o["errors"] or o.get("crash"))
        finally:
            h.close()
        return res

    def seed(self, target, pipeline, convert):
        """The rule for T1584.002 over its attack tests, with its authorised resolvers and with none: query and VM as the labels say."""
        folder = os.path.join(corpora.ROOT, "sigma-rules", "windows")
        name = "win_dns_resolver_bypassed_or_replaced"
        flat = [e for f in ("a", "b", "c", "d", "benign") for e in corpora.read_events(os.path.join(folder, name + ".tests", f + ".ndjson"))]
        labels = {l["record_id"]: l for l in corpora.read_events(os.path.join(corpora.ROOT, "tests", "rules", "t1584.002.labels.ndjson"))}
        with open(os.path.join(folder, name + ".yml"), encoding="utf-8") as f:
            text = f.read()
        with open(os.path.join(folder, name + ".vars.yaml"), encoding="utf-8") as f:
            variables = corpora.yaml.safe_load(f)["vars"]
        total, wrong = Result(), {}
        for column, more in ("fires_default", []), ("fires_empty_list", ["--var", "authorised_resolvers"]):
            rules = corpora.Rules()
            h = Harness(self.o.sigmac, target, [pipeline], schema=corpora.tables(pipeline) if target == "kql" else None, more=more)
            if target == "eql":
                kept, rows, vm = flat, None, [corpora.convert_ecs.ecs(e) for e in flat]
                h.executor_types = corpora.field_types(pipeline, h.tmp)
                h.kinds = harness.types_file.Types(harness.types_file.read(h.executor_types), "keyword")
            else:
                kept = [e for e in flat if convert.convert(e)]
                rows, vm, h.computed = corpora.rows_of(convert.convert, flat)
            try:
                res = self.compare(h, [rules.add([(column, text, variables)], vm, rows)], rules.base, "seed")
            finally:
                rules.close()
            fires = {e["EventRecordID"] for i, e in enumerate(kept) if i in res.verdicts.get(column, ())}
            want = {i for i, l in labels.items() if l[column] and l["event_id"] != 4657}
            if fires != want:
                wrong[f"{column} {pipeline}"] = f"fires on {sorted(fires - want)} against the labels, not on {sorted(want - fires)}"
            total.add(res)
        total.invalid.update(wrong)
        return total

    def random(self, target, pairs, pipeline=None):
        h = prop.make(self.o.sigmac, target)
        if pipeline:
            prop.windows(h, pipeline)
            if self.o.sample:
                h.group = (100, 300)
        try:
            res, shares, found, refused = prop.run(h, self.o.seed, pairs, 4, True, lambda s: None)
        finally:
            h.close()
        print("\n".join("  " + l for l in prop.columns(shares.table())))
        self.shares = getattr(self, "shares", {})
        self.shares[target.upper() + (f", `{pipeline}`" if pipeline else "")] = shares
        for s in shares.nothing() if not pipeline else ():
            print("  says little:", s)
            res.invalid[s] = "share of true verdicts outside of 10 to 90 %"
        return res

    def all(self):
        o, sample = self.o, self.o.sample
        every, limit = (25, 300) if sample else (1, None)
        want = lambda n, t: (not o.part or n in o.part) and t in o.targets.split(",")
        flat = lambda: corpora.flat_windows(limit)
        small = {"own": corpora.own_rules, "golden": corpora.golden, "vectors": corpora.vectors}
        texts = {"own": "rules of `sigma-rules/` × the events of their tests", "golden": "golden cases × their events", "vectors": "conformance vectors × their events"}
        for t in ("eql", "kql"):
            for n, cases in small.items():
                if want(n, t):
                    # Under KQL a set of types costs a run of the parser.
                    self.part(n, t, texts[n], lambda: self.small(cases()[::3 if sample and t == "kql" and n == "vectors" else 1], t, n))
            if want("syntax", t):
                self.part("syntax", t, "SigmaHQ `rules/`, no pipeline, no types: parsed alone", lambda: self.syntax(t, every))
            if want("flat", t):
                self.part("flat", t, "SigmaHQ `rules/` × flat Windows events, no pipeline, types of all fields",
                          lambda: self.corpus(t, flat(), every=every, title="flat"))
        for p, convert in ("ecs-windows", None), ("defender-xdr", convert_xdr), ("sentinel-asim", convert_asim), ("sentinel-securityevent", convert_native):
            t = "kql" if convert else "eql"
            if want("seed", t):
                self.part("seed", t, f"the rule for T1584.002 × its attack tests and their labels, `{p}`", lambda: self.seed(t, p, convert))
        if want("ecs", "eql"):
            self.part("ecs", "eql", "SigmaHQ `rules/` × ECS events, `ecs-windows`", lambda: self.corpus("eql", corpora.ecs_windows(limit), pipeline="ecs-windows", every=every, title="ecs"))
        for n, p, convert, absent in (("xdr", "defender-xdr", convert_xdr, None), ("asim", "sentinel-asim", convert_asim, None), ("native", "sentinel-securityevent", convert_native, "false")):
            if want(n, "kql") and not (sample and n == "native"):
                def work():
                    events = flat() + (corpora.web_events(limit or 2000) if n == "asim" else [])
                    rows, vm, computed = corpora.rows_of(convert.convert, events)
                    return self.corpus("kql", vm, rows, p, every, n, corpora.tables(p), absent=absent, computed=computed)
                self.part(n, "kql", f"SigmaHQ `rules/` × rows, `{p}`" + (", `--absent=false`" if absent else ""), work)
        for t in ("eql", "kql"):
            if want("random", t):
                self.part("random", t, "random rules × random events, types of all fields", lambda: self.random(t, o.pairs))
        for p in ("ecs-windows", "defender-xdr", "sentinel-asim", "sentinel-securityevent"):
            t = "eql" if p.startswith("ecs") else "kql"
            if want("random", t) and not (sample and p.startswith("sentinel")):
                self.part("random", t, f"random rules × random Sysmon events, `{p}`", lambda: self.random(t, 30000 if sample else o.pairs // 5, p))


SELF_TEST_ROUNDS = 6  # few queries of one round may have a text, and few events tell the change from it


def changed_round(sigmac, target, old, new, round):
    "How many queries of a round have the text that is changed, and whether the change is noticed."
    h = prop.make(sigmac, target)
    touched = []

    def mutate(line):
        if line.get("query") and old in line["query"]:
            touched.append(line["path"])
            line["query"] = line["query"].replace(old, new, 1)
        return line
    h.mutate = mutate
    try:
        gens = [prop.Gen(prop.random.Random(f"self/{round}/{n}"), target) for n in range(6)]
        res = prop.batch(h, [([g.rule(f"s{n}-{i}")[0] for i in range(16)], [g.event() for _ in range(60)]) for n, g in enumerate(gens)])
    finally:
        h.close()
    return len(touched), bool(res.mismatches or res.invalid)


def self_test(sigmac, targets):
    "queries are changed on their way to the executor: each change must be noticed"
    swaps = [("like~", "like"), ("in~", "in"), (" and ", " or "), ("not ", ""), ("*", ""), ("=~", "=="), ("contains", "startswith"), ("endswith", "contains"), ("== null", "!= null")]
    noticed, tried = 0, 0
    for target in targets:
        for old, new in swaps:
            touched, ok = 0, False
            for n in range(SELF_TEST_ROUNDS):
                n_touched, ok = changed_round(sigmac, target, old, new, n)
                touched += n_touched
                if ok:
                    break
            if not touched:
                continue
            tried += 1
            noticed += ok
            if not ok:
                print(f"{target}: {old!r} -> {new!r} in {touched} queries was not noticed")
    print(f"{noticed} passed, {tried - noticed} failed")
    return noticed != tried or not tried


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--sigmac", default=os.path.join(corpora.ROOT, "build", "sigmac"))
    ap.add_argument("--part", action="append", default=[])
    ap.add_argument("--targets", default="eql,kql")
    ap.add_argument("--sample", action="store_true")
    ap.add_argument("--seed", default="1")
    ap.add_argument("--pairs", type=int, default=None)
    ap.add_argument("--write")
    ap.add_argument("--self-test", action="store_true")
    o = ap.parse_args()
    if o.pairs is None:
        o.pairs = 20000 if o.sample else 1000000
    o.sigmac = os.path.abspath(o.sigmac)
    home = {"eql": [("java/LuceneRegex.class", "java")], "kql": [("node_modules/@kusto", "npm"), ("rust_regex/release/rust_regex", "rust")]}
    there = []
    for t in o.targets.split(","):
        missing = [what for path, what in home[t] if not os.path.exists(os.path.join(HOME, path))]
        if missing:
            print(f"skipped: {t}: its executor is not installed: tests/oracles/setup.sh {' '.join(missing)}")
        else:
            there.append(t)
    if not there:
        sys.exit(77)
    o.targets = ",".join(there)
    if o.self_test:
        sys.exit(self_test(o.sigmac, there))
    r = Run(o)
    r.all()
    if o.write:
        import page
        page.write(o.write, r)
    print(f"{r.passed} passed, {r.failed} failed")
    sys.exit(bool(r.failed or not r.passed))


if __name__ == "__main__":
    main()
