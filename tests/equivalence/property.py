#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random rules × random events: the emitted text and the VM must agree on every pair.

  property.py -t eql|kql [-p PIPELINE] [--seed N] [--pairs N] [--sigmac PATH] [--assume ID]... [--show N] [--no-shrink]

Prints a minimal counterexample for each kind of mismatch, the share of true verdicts for each kind of item, plain and negated, and
by what the event has in the field (value, array, empty, null, absent); what was refused, and why. Exit 1 where a pair differs,
where a query is not valid in the target, or where a kind of item is nearly always true or nearly always false (outside of 10 to 90 %,
plain and negated together): then agreement would be agreement on nothing."""
import argparse
import collections
import os
import random
import re
import shutil
import sys
import time

import convert_asim
import convert_native
import convert_xdr
import corpora
import harness
import random_rules
import diff
from random_rules import Gen, plain

GROUP_RULES, GROUP_EVENTS = 16, 120


def text_of(root):
    "with its filter, if any"
    title = next((v.text for k, v in root.pairs if k.text == "title"), None)
    return "".join(map(diff.document_text, filter(None, [root, random_rules.FILTERS.get(title)])))


class Rules:
    "writes rules into folders, one file each"

    def __init__(self, base):
        self.base = base
        shutil.rmtree(base, ignore_errors=True)
        self.n = 0

    def set(self, roots, events):
        folder = os.path.join(self.base, f"g{self.n:06}")
        self.n += 1
        os.makedirs(folder)
        rules = []
        for i, root in enumerate(roots):
            path = os.path.join(folder, f"r{i:04}.yml")
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write(text_of(root))
            rules.append((f"{self.n - 1}/{i}", path))
        return harness.Set(rules, folder, [plain(e) for e in events])


def batch(h, groups):
    "[(roots, events)] -> Result; keys are GROUP/NUMBER"
    rules = Rules(os.path.join(h.tmp, "rules"))
    return h.compare([h.convert(rules.set(roots, events)) for roots, events in groups], rules.base)


def windows(h, pipeline):
    "the harness made one for a pipeline: events are converted"
    h.pipelines = [pipeline]
    h.types, h.gen, h.group = None, random_rules.WindowsGen, (150, 400)  # large: tables are one set for all rules of a run
    if h.target == "eql":
        h.executor_types = corpora.field_types(pipeline, h.tmp)
        h.kinds = harness.types_file.Types(harness.types_file.read(h.executor_types), "keyword")
    else:
        h.schema = corpora.tables(pipeline)
        h.row_kinds = {t: harness.types_file.Types({c: harness.types_file.BASE.get(y, "keyword") for c, y in cols.items()}, "keyword") for t, cols in h.schema.items()}
    convert = {"defender-xdr": convert_xdr, "sentinel-asim": convert_asim, "sentinel-securityevent": convert_native}.get(pipeline)

    def converted(s):
        if convert is None:
            s.events = [corpora.convert_ecs.ecs(e) for e in s.events]
            return s
        rows, vm, computed = [], [], collections.defaultdict(dict)
        for e in s.events:
            row, v = convert.convert(e) or ({"_table": "none"}, {"_table": "none"})
            rows.append(row)
            vm.append(v)
            for name, x in v.items():
                if row.get(name) is not x:
                    computed[v["_table"]][name] = "long" if isinstance(x, int) else "keyword"
        for t, names in computed.items():
            h.computed.setdefault(t, {}).update(names)
        s.events, s.rows = vm, rows
        return s
    h.convert = converted
    return h


def minimise(h, root, event, vm):
    """All one-step smaller rules and events at once, the smallest that still differs in the same way is the next: one run of the
    programs for each step, for two minutes at most."""
    end = time.time() + 120
    while time.time() < end:
        tries = [(r, event) for r in diff.smaller_rules(root)] + [(root, e) for e in diff.smaller_events(event)]
        tries = tries[:120]
        res = batch(h, [([r], [e]) for r, e in tries])
        bad = {int(key.split("/")[0]) for key, _, _, v in res.mismatches if v == vm}
        if not bad:
            break
        n = min(bad, key=lambda i: len(diff.document_text(tries[i][0])) + len(diff.jdump(tries[i][1])))
        root, event = tries[n]
    return root, event


def report(h, root, event, vm, shrink):
    if shrink:
        root, event = minimise(h, root, event, vm)
    res = batch(h, [([root], [event])])
    print(f"=== {h.target}: VM {vm}, executor {not vm}")
    print(text_of(root), end="")
    print("event:", diff.jdump(event))
    print("query:", res.queries.get("0/0"))
    print(flush=True)
    return root


class Shares:
    def __init__(self):
        self.n = collections.defaultdict(lambda: [0, 0])

    def add(self, kind, negated, state, true):
        x = self.n[kind, negated, state]
        x[0] += true
        x[1] += 1

    def sum(self, kind, negated=None, state=None):
        t = n = 0
        for (k, g, s), (a, b) in self.n.items():
            if k == kind and negated in (None, g) and state in (None, s):
                t, n = t + a, n + b
        return t, n

    def table(self):
        kinds = sorted({k for k, _, _ in self.n})
        states = ["value", "array", "empty", "null", "absent"]
        rows = [["item", "plain", "negated"] + states]
        for k in kinds:
            rows.append([k, share(self.sum(k, False)), share(self.sum(k, True))] + [share(self.sum(k, False, s)) for s in states])
        return rows

    def nothing(self, least=2000):
        "kinds of which agreement says little"
        out = []
        for k in sorted({k for k, _, _ in self.n}):
            t, n = self.sum(k)
            if n >= least and not 0.1 <= t / n <= 0.9:
                out.append(f"{k}: {share((t, n))} true")
        return out


def share(tn):
    t, n = tn
    return f"{100 * t / n:.0f} % of {n}" if n else ""


def run(h, seed, pairs, show=3, shrink=True, out=print):
    """-> (Result, Shares, counterexamples)"""
    total, shares, found = harness.Result(), Shares(), collections.Counter()
    number = 0
    refused = collections.Counter()
    n_rules, n_events = h.group
    while total.pairs < pairs:
        groups, meta = [], {}
        for g in range(min(300000 // (n_rules * n_events) + 1, (pairs - total.pairs) * 2 // (n_rules * n_events) + 1) if h.schema is None else 1):
            gen = h.gen(random.Random(f"{seed}/{number}"), h.target)
            gen.used = []
            number += 1
            roots = []
            for i in range(n_rules):
                root, kinds, negated = gen.rule(f"r{number}-{i}")
                roots.append(root)
                gen.used.append(getattr(gen, "category", None))
                meta[f"{g}/{i}"] = (root, kinds, negated, getattr(gen, "category", None))
            groups.append((roots, [gen.event() for _ in range(n_events)]))
        res = batch(h, groups)
        for key, (why, message) in res.refused.items():
            for k in set(meta[key][1]):
                refused[k, why] += 1
        for key, ours in res.verdicts.items():
            root, kinds, negated, category = meta[key]
            if negated is None or len(kinds) != 1:
                continue
            field = field_of(root)
            for i, e in enumerate(groups[int(key.split("/")[0])][1]):
                if category and str(random_rules.CATEGORIES[category][0]) != random_rules.look(e, "EventID"):
                    continue  # another kind of events: surely false
                shares.add(kinds[0], negated, gen.state_of(e, field) if field else "value", i in ours)
        for key, n, i, vm in res.mismatches:
            root, kinds = meta[key][:2]
            signature = (tuple(sorted(set(kinds)))[:2], vm)
            found[signature] += 1
            if found[signature] == 1 and len(found) <= show:
                report(h, root, groups[n][1][i], vm, shrink)
        if any(res.invalid):
            for key, message in list(res.invalid.items())[:show]:
                print(f"=== {h.target}: not valid in the target: {message}\n{text_of(meta[key][0])}query: {res.queries[key]}\n", flush=True)
        total.add(rename(res, number))
        out(f"... {total.pairs} pairs, {len(total.mismatches)} differ")
    return total, shares, found, refused


def rename(res, number):
    "keys of one batch made unique over batches"
    for a in ("refused", "broken", "not_run", "invalid", "queries", "verdicts"):
        setattr(res, a, {f"{number}:{k}": v for k, v in getattr(res, a).items()})
    res.verdicts, res.queries = {}, {}
    return res


def field_of(root):
    for k, v in root.pairs:
        if k.text == "detection":
            node = v.pairs[0][1]
            return node.pairs[0][0].text.split("|")[0] if isinstance(node, diff.M) else None


def columns(rows):
    width = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(r, width)).rstrip() for r in rows]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("-t", "--target", required=True, choices=["eql", "kql"])
    ap.add_argument("--seed", default="1")
    ap.add_argument("--pairs", type=int, default=100000)
    ap.add_argument("--sigmac", default=os.path.join(harness.normalise.ROOT, "build", "sigmac"))
    ap.add_argument("--assume", action="append", default=[])
    ap.add_argument("-p", "--pipeline", choices=["ecs-windows", "defender-xdr", "sentinel-asim", "sentinel-securityevent"], help="rules with Sigma's names, events converted")
    ap.add_argument("--show", type=int, default=5)
    ap.add_argument("--no-shrink", action="store_true")
    ap.add_argument("--jobs", type=int, default=2)
    o = ap.parse_args()
    h = make(o.sigmac, o.target, o.assume, o.jobs)
    if o.pipeline:
        windows(h, o.pipeline)
    start = time.time()
    try:
        total, shares, found, refused = run(h, o.seed, o.pairs, o.show, not o.no_shrink, lambda s: print(s, file=sys.stderr) if sys.stderr.isatty() else None)
    finally:
        h.close()
    print("\n".join(columns(shares.table())))
    by = collections.Counter()
    for (k, why), n in refused.items():
        by[why] += n
    print("refused:", dict(by.most_common()), "broken:", len(total.broken), "not run:", collections.Counter(re.sub(r"[0-9]+", "N", m)[:60] for m in total.not_run.values()))
    for s in shares.nothing():
        print("says little:", s)
    print(f"{o.target}: {total.compared} rules, {total.pairs} pairs, {total.true} true, {len(total.mismatches)} differ in {len(found)} ways, {len(total.invalid)} not valid, "
          f"{len(total.refused)} refused, {len(total.not_run)} not run, {time.time() - start:.0f} s")
    sys.exit(bool(total.mismatches or total.invalid or shares.nothing()))


def make(sigmac, target, assume=(), jobs=2):
    h = harness.Harness(sigmac, target, assume=assume, more=diff.var_arguments(), jobs=jobs)
    h.gen, h.convert, h.group = Gen, lambda s: s, (GROUP_RULES, GROUP_EVENTS)
    h.types = os.path.join(h.tmp, "types.yml")
    random_rules.types_file(h.types)
    h.kinds = harness.types_file.Types(random_rules.TYPES, "keyword")
    return h


if __name__ == "__main__":
    main()
