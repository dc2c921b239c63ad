#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Correlations: the emitted sequences (EQL) and windows (KQL) against semantics 13, on random rules and random streams.

  correlations.py -t eql|kql [--seed N] [--rounds N] [--sigmac PATH] [--show N] [--self-test]

What must be equal is what docs/translating-correlations.md says: in EQL the groups that have an alert, in KQL also the times of the
alerts. Streams come in the order of their times; one has ties, one has none: queries that rest on distinct-times are asked of the
second alone. The reference is the evaluator below, which looks at all events again for each event; its alerts must be those of
`sigmac eval`, too. --self-test: the reference takes shorter windows, which must be noticed for each form. Exit 1 where something
differs, where a text is not valid in the target, or where a form was never true (then agreement would be agreement on nothing)."""
import argparse
import collections
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

import harness

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
KINDS = "abcdefgh"  # a to d are of one table, the others of another, in which host is called Computer
TYPES = {"kind": "keyword", "host": "keyword", "user": "keyword", "src": "keyword", "n": "long", "v": "keyword", "@timestamp": "date"}
COLUMNS = {"kind": "string", "user": "string", "src": "string", "n": "long", "v": "string", "TimeGenerated": "datetime"}
SCHEMA = {"One": {**COLUMNS, "host": "string"}, "Two": {**COLUMNS, "Computer": "string"}}
PIPELINE = f"""name: two tables
vars:
  sigmac:
    target: kql
    time: TimeGenerated
    tables: {json.dumps(SCHEMA)}
    sources:
      - {{category: one, table: One}}
      - {{category: two, table: Two}}
transformations:
  - type: field_name_mapping
    mapping: {{host: Computer}}
    rule_conditions:
      - {{type: logsource, category: two}}
"""


# --- the reference -----------------------------------------------------------------------------------------------


def text(v):
    return str(v)


def rows(c, rules, event):
    "{group: (refs, values)} of an event"
    out = {}
    for ref in c["rules"]:
        r = rules[ref]
        if event["kind"] not in r["kinds"] or (r["src"] and event.get("src") != r["src"]):
            continue
        name = lambda f: c["aliases"].get(f, {}).get(ref, f)
        group = [event.get(name(f)) for f in c["group"]]
        values = [event.get(name(f)) for f in c["fields"]]
        if None in group or None in values:
            continue
        g = tuple(map(text, group))
        out.setdefault(g, ([], values))[0].append(ref)
    return out


def words(node, present):
    "a condition in words: a name, or (operator, parts)"
    if isinstance(node, str):
        return node in present
    kids = [words(x, present) for x in node[1]]
    return not kids[0] if node[0] == "not" else all(kids) if node[0] == "and" else any(kids)


def spell(node):
    if isinstance(node, str):
        return node
    return f"not {spell(node[1][0])}" if node[0] == "not" else "(" + f" {node[0]} ".join(map(spell, node[1])) + ")"


def holds(c, n):
    ops = {"gt": n.__gt__, "gte": n.__ge__, "lt": n.__lt__, "lte": n.__le__, "eq": n.__eq__, "neq": n.__ne__}
    return all(ops[o](Fraction(t)) for o, t in c["condition"].items())


def value(c, window):
    t = c["type"]
    if t == "event_count":
        return Fraction(len(window))
    if t == "value_count":
        return Fraction(len({tuple(map(text, v)) for _, (_, v) in window}))
    if t == "temporal":
        return Fraction(len({r for _, (refs, _) in window for r in refs}))
    if t != "temporal_ordered":
        numbers = [Fraction(v[0]) for _, (_, v) in window]
        return sum(numbers) / (len(numbers) if t == "value_avg" else 1)
    n = 0  # temporal_ordered: the last event of the window is that of the last rule, and so on
    for _, (refs, _) in reversed(window):
        if n < len(c["rules"]) and c["rules"][-1 - n] in refs:
            n += 1
        elif n == 0:
            break
    return Fraction(n if n == len(c["rules"]) else 0)


def alerts(c, rules, events):
    "{(group, time)}"
    groups, out = collections.defaultdict(list), set()
    for e in events:
        for g, row in rows(c, rules, e).items():
            groups[g].append((e["t"], row))
            window = [x for x in groups[g] if x[0] >= e["t"] - c["span"]]
            if words(c["words"], {r for _, (refs, _) in window for r in refs}) if "words" in c else holds(c, value(c, window)):
                out.add((g, e["t"]))
    return out


# --- random correlations and streams -------------------------------------------------------------------------------


class Gen:
    def __init__(self, r, target):
        self.r, self.target = r, target

    def rules(self):
        out = {}
        for i in range(8):
            one = self.r.random() < 0.6
            kinds = self.r.sample(KINDS[:4] if one else KINDS[4:], self.r.choice([1, 1, 2]))
            out[f"r{i}"] = {"kinds": kinds, "category": "one" if one else "two", "src": self.r.choice([None, None, None, "s1", "s2"])}
        return out

    def operators(self, c):
        r, t = self.r, c["type"]
        if t == "temporal_ordered":
            return {}
        least = r.choice([1, 2, 2, 3, 4, 5])
        if t == "temporal":
            return {} if r.random() < 0.5 else {"gte": r.randint(1, len(c["rules"]))} if r.random() < 0.7 else {r.choice(["lt", "lte", "eq", "neq"]): r.randint(1, 3)}
        if t == "value_sum":
            least *= 7
        if t == "value_avg":
            least = r.choice(["2.5", 3, "-0.125", 6])
        if r.random() < 0.5:
            return {r.choice(["gte", "gt"]): least}
        if r.random() < 0.3:
            return {"gte": 2, "lte": 4}
        return {r.choice(["gte", "gt", "lt", "lte", "eq", "neq"]): r.choice([least, least, f"{least}.5" if isinstance(least, int) else least])}

    def correlation(self, rules):
        r = self.r
        types = ["event_count", "event_count", "temporal", "temporal_ordered"]
        if self.target == "kql":
            types += ["value_count", "value_count", "value_sum", "value_avg"]
        t = r.choice(types)
        n = r.choice([2, 2, 3]) if t.startswith("temporal") else r.choice([1, 1, 2])
        names = [r.choice(list(rules)) for _ in range(n)] if t == "temporal_ordered" else r.sample(list(rules), n)
        c = {"type": t, "rules": names, "span": r.choice([3, 5, 10, 20, 60]), "aliases": {}, "fields": [],
             "group": r.choice([["host"], ["host"], ["user"], ["host", "user"], ["n"], []])}
        if t == "value_count":
            c["fields"] = r.choice([["v"], ["user"], ["v", "user"], ["n"]])
        elif t.startswith("value"):
            c["fields"] = ["n"]
        if r.random() < 0.25:
            c["group"] = ["who"] + c["group"][1:]
            c["aliases"] = {"who": {name: r.choice(["host", "user", "v"]) for name in names}}
        c["condition"] = self.operators(c)
        if t == "temporal" and r.random() < 0.3:
            c["words"] = self.words(names)
            c["condition"] = {"gte": 1}
        if not c["condition"]:
            c["wanted"], c["condition"] = {}, {"gte": len(names)}
        return c

    def words(self, names):
        "names each once"
        if len(names) == 1:
            return ("not", names) if self.r.random() < 0.3 else names[0]
        i = self.r.randrange(1, len(names))
        return (self.r.choice(["and", "or"]), [self.words(names[:i]), self.words(names[i:])])

    def event(self, t):
        r = self.r
        e = {"t": t, "kind": r.choice(KINDS), "host": r.choice(["h1", "H1", "h2"]), "user": r.choice(["u1", "u2", "h1", "É"]), "v": r.choice(["x", "X", "y", "h2", "1"]),
             "src": r.choice(["s1", "s2", "s3"]), "n": r.randint(-3, 12)}
        for f in ("host", "user", "v", "n"):
            if r.random() < 0.08:
                e[f] = None
            elif r.random() < 0.05:
                del e[f]
        return e

    def stream(self, ties, n):
        if ties:
            times = sorted(self.r.choice(range(n)) for _ in range(n))
        else:
            times = sorted(self.r.sample([Fraction(i, 2) for i in range(2 * n)], n))
        return [self.event(t) for t in times]


def document(c, name):
    corr = {"type": c["type"], "rules": c["rules"], "timespan": f"{c['span']}s"}
    if c["group"]:
        corr["group-by"] = c["group"]
    if c["aliases"]:
        corr["aliases"] = c["aliases"]
    if "words" in c:
        corr["condition"] = json.dumps(spell(c["words"]).removeprefix("(").removesuffix(")") if spell(c["words"]).count("(") == 1 else spell(c["words"]))
    elif "wanted" not in c:
        corr["condition"] = dict(c["condition"])
        if c["fields"]:
            corr["condition"]["field"] = c["fields"][0] if len(c["fields"]) == 1 else c["fields"]
    return "---\n" + f"title: {name}\nid: 00000000-0000-4000-8000-{int(name[1:]):012}\ncorrelation: " + "".join(dump(corr)) + "\n"


def dump(v):
    if isinstance(v, dict):
        return "{" + ", ".join(f"{k}: {dump(x)}" for k, x in v.items()) + "}"
    return "[" + ", ".join(map(dump, v)) + "]" if isinstance(v, list) else str(v)


def rule_document(name, r):
    more = f", src: {r['src']}" if r["src"] else ""
    return f"---\ntitle: {name}\nname: {name}\nlogsource: {{category: {r['category']}}}\ndetection:\n  s: {{kind: [{', '.join(r['kinds'])}]{more}}}\n  condition: s\n"


# --- the targets ---------------------------------------------------------------------------------------------------


def iso(t):
    return (START + datetime.timedelta(microseconds=int(t * 1000000))).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def seconds(s):
    return Fraction(round((datetime.datetime.fromisoformat(s.replace("Z", "+00:00")[:26].rstrip("+") if "." in s else s.replace("Z", "")).replace(tzinfo=datetime.timezone.utc) - START).total_seconds() * 1000), 1000)


class Runner:
    def __init__(self, sigmac, target):
        self.sigmac, self.target, self.tmp = sigmac, target, tempfile.mkdtemp(prefix="sigmac-correlations.")
        self.write("types.yml", json.dumps(TYPES))
        self.write("pipeline.yml", PIPELINE)
        self.write("schema.json", json.dumps(SCHEMA))

    def path(self, name):
        return os.path.join(self.tmp, name)

    def write(self, name, s):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(s)
        return self.path(name)

    def translate(self, documents):
        self.write("rules.yml", documents)
        more = ["--types", self.path("types.yml")] if self.target == "eql" else ["-p", self.path("pipeline.yml")]
        out = harness.sh([self.sigmac, "translate", "-q", "-t", self.target, "--format", "ndjson", *more, self.path("rules.yml")]).stdout
        return {o["title"]: o for o in map(json.loads, out.splitlines())}

    def event(self, e):
        out = {k: v for k, v in e.items() if k != "t"}
        if self.target == "eql":
            return {**out, "@timestamp": iso(e["t"])}
        out["TimeGenerated"], out["_table"] = iso(e["t"]), "One" if e["kind"] in KINDS[:4] else "Two"
        if out["_table"] == "Two" and "host" in out:
            out["Computer"] = out.pop("host")
        return out

    def evaluate(self, events):
        "{title: {(group, time)}}: the alerts of sigmac eval"
        e = self.write("vm.ndjson", "".join(json.dumps({**{k: v for k, v in x.items() if k != "t"}, "@timestamp": iso(x["t"])}) + "\n" for x in events))
        out = collections.defaultdict(set)
        cmd = [self.sigmac, "eval", "-q", "--logsource", "off", "--format", "ndjson", "--timestamp-field", "@timestamp", "-r", self.path("rules.yml"), e]
        for o in map(json.loads, harness.sh(cmd).stdout.splitlines()):
            if o.get("type") == "correlation":
                out[o["rule_title"]].add((tuple(o["group"].values()), seconds(o["timestamp"])))
        return out

    def run(self, queries, events):
        "[(id, query)] -> {id: [result lines]}"
        q = self.write("q.ndjson", "".join(json.dumps({"id": i, "query": t}) + "\n" for i, t in queries))
        e = self.write("e.ndjson", "".join(json.dumps(self.event(x)) + "\n" for x in events))
        cmd = [os.path.join(harness.ORACLES, f"{self.target}_match"), "--queries", q, "--events", e]
        cmd += ["--types", self.path("types.yml")] if self.target == "eql" else ["--schema", self.path("schema.json"), "--tables", "One,Two"]
        out = collections.defaultdict(list)
        for line in harness.sh(cmd, ok=(0,)).stdout.splitlines():
            o = json.loads(line)
            out[o["id"]].append(o)
        return out


def groups_of(c, rules, events, indexes):
    "the groups to which all of these events contribute"
    all_of = [set(rows(c, rules, events[i])) for i in indexes]
    return set.intersection(*all_of)


def check_eql(c, rules, events, results, want):
    """Each hit is of a group that has an alert; each group that has one has a hit. A hit does not name its group: one to which
    all of its events contribute."""
    found, wrong, want = set(), [], {g for g, _ in want}
    for o in results:
        g = groups_of(c, rules, events, o.get("events") or [o["event_index"]])
        if not g & want:
            wrong.append(f"hit {o} of {g}")
        found |= g
    return wrong + [f"no hit for {g}" for g in want - found]


def check_kql(c, rules, events, results, want):
    got = set()
    for o in results:
        if "row" in o:
            got.add((tuple(text(o["row"][f"_k{i + 1}"]) for i in range(len(c["group"]))), seconds(o["row"]["_t"])))
        else:
            got |= {(g, events[o["event_index"]]["t"]) for g in groups_of(c, rules, events, [o["event_index"]])}
    return [f"no row for {x}" for x in want - got] + [f"row {x}" for x in got - want]


class Tally:
    part = 1  # of the timespan: what windows of the reference have

    def __init__(self):
        self.evaluated = 0
        self.compared, self.true, self.bad = collections.Counter(), collections.Counter(), 0
        self.refused, self.wrong = collections.Counter(), collections.Counter()


def one_round(run, seed, tally, show):
    gen = Gen(random.Random(seed), run.target)
    rules = gen.rules()
    cs = {f"c{i}": gen.correlation(rules) for i in range(40)}
    docs = "".join(rule_document(n, r) for n, r in rules.items()) + "".join(document(c, n) for n, c in cs.items())
    lines = run.translate(docs)
    queries, ask = {}, []
    for name, c in cs.items():
        o = lines[name]
        if o["status"] in ("exact", "assumed"):
            queries[name] = o.get("queries") or [o["query"]]
        elif o["status"] == "refused":
            tally.refused[c["type"], o["error"]["message"].split(": correlation")[0][:90]] += 1
        else:
            tally.bad += 1
            print(f"=== {name}: {o}")
    for ties in (True, False):
        events = gen.stream(ties, 90)
        todo = [n for n in queries if not ties or "distinct-times" not in lines[n].get("assumptions", ())]
        ask = [(f"{n}/{i}", q) for n in todo for i, q in enumerate(queries[n])]
        answers = run.run(ask, events) if ask else {}
        vm = run.evaluate(events) if Tally.part == 1 else {}
        for name, c in cs.items() if Tally.part == 1 else ():
            want = alerts(c, rules, events)
            tally.evaluated += len(want)
            if vm[name] != want:
                tally.bad += 1
                print(f"=== sigmac eval seed {seed} {name} ties {ties}\n{document(c, name)}eval alone: {sorted(vm[name] - want)[:3]} the reference alone: {sorted(want - vm[name])[:3]}")
        for name in todo:
            c, results = cs[name], [o for i in range(len(queries[name])) for o in answers[f"{name}/{i}"]]
            error = next((o["error"] for o in results if "error" in o), None)
            want = alerts({**c, "span": c["span"] * Tally.part}, rules, events)
            form = c["type"], "open" if "distinct-times" not in lines[name].get("assumptions", ()) else "closed"
            tally.compared[form] += 1
            tally.true[form] += bool(want)
            wrong = [error] if error else (check_eql if run.target == "eql" else check_kql)(c, rules, events, results, want)
            if wrong:
                tally.bad += 1
                tally.wrong[form] += 1
                if tally.bad <= show:
                    print(f"=== {run.target} seed {seed} {name} ties {ties}\n{document(c, name)}{ {r: rules[r] for r in c['rules']} }\n" + "\n".join(queries[name]))
                    print("\n".join(wrong[:4]), flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("-t", "--target", required=True, choices=["eql", "kql"])
    ap.add_argument("--seed", default="1")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--sigmac", default=os.path.join(harness.normalise.ROOT, "build", "sigmac"))
    ap.add_argument("--show", type=int, default=3)
    ap.add_argument("--self-test", action="store_true")
    o = ap.parse_args()
    Tally.part = Fraction(1, 2) if o.self_test else 1
    run, tally = Runner(os.path.abspath(o.sigmac), o.target), Tally()
    try:
        for i in range(o.rounds):
            one_round(run, f"{o.seed}/{i}", tally, 0 if o.self_test else o.show)
    finally:
        shutil.rmtree(run.tmp, ignore_errors=True)
    if o.self_test:
        blind = [f for f in tally.compared if tally.compared[f] >= 10 and not tally.wrong[f]]
        print(f"{o.target}: shorter windows were noticed in {sum(tally.wrong.values())} of {sum(tally.compared.values())}, not in {blind}" if blind or not tally.wrong
              else f"{o.target}: shorter windows were noticed in {sum(tally.wrong.values())} of {sum(tally.compared.values())}")
        sys.exit(bool(blind or not tally.wrong))
    for (kind, form), n in sorted(tally.compared.items()):
        print(f"{o.target} {kind}, {'exact as it stands' if form == 'open' else 'distinct times'}: {n} streams, {tally.true[kind, form]} with alerts")
        if not tally.true[kind, form] and n >= 10:
            print("says little")
            tally.bad += 1
    for (kind, why), n in sorted(tally.refused.items()):
        print(f"  refused {n}: {kind}: {why}")
    print(f"{o.target}: {sum(tally.compared.values())} compared, {tally.evaluated} alerts of sigmac eval, {tally.bad} wrong")
    sys.exit(tally.bad > 0)


if __name__ == "__main__":
    main()
