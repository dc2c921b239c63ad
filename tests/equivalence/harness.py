# SPDX-License-Identifier: MIT
"""Queries against the VM: the same rules, the same events, two ways, every verdict compared.

A Set holds rules (paths of files, one rule each or with ids) and events. compare() translates the rules, runs the text in the executors of
tests/oracles, evaluates the rules with `sigmac eval`, and returns a Result. Nothing is left out in silence: a rule is compared,
refused by the translation, refused by eval, or not run by the executor, and each is counted with its reason."""
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile

import yaml

import normalise
import types_file

ORACLES = os.path.join(normalise.ROOT, "tests", "oracles")
DEFAULT_ASSUMED = ("absent-null", "scope")


class Broken(Exception):
    "the harness cannot do its work: a program is missing or failed"


def sh(cmd, ok=(0, 1, 3), **kw):
    p = subprocess.run(cmd, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="surrogateescape", **kw)
    if p.returncode not in ok:
        raise Broken(f"{' '.join(cmd)[:300]}: exit {p.returncode}\n{p.stderr[-2000:]}")
    return p


def dump(v):
    "JSON, with numbers as they were spelled (json_numbers)"
    if isinstance(v, dict):
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + dump(x) for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + ",".join(map(dump, v)) + "]"
    if isinstance(v, (int, float)) and not isinstance(v, bool):
        return str(v)
    return json.dumps(v, ensure_ascii=False)


def write_lines(path, objects):
    with open(path, "w", encoding="utf-8", errors="surrogatepass") as f:
        for o in objects:
            f.write(dump(o) + "\n")


def empty_fields(path):
    "fields that a rule tests for an empty text"
    out = set()

    def items(node):
        for x in node if isinstance(node, list) else [node]:
            for k, v in x.items() if isinstance(x, dict) else ():
                if "" in (v if isinstance(v, list) else [v]):
                    out.add(str(k).split("|")[0])
    with open(path, encoding="utf-8") as f:
        for doc in yaml.safe_load_all(f):
            for name, node in (doc.get("detection") or doc.get("filter") or {}).items() if isinstance(doc, dict) else ():
                if name not in ("condition", "rules"):
                    items(node)
    return tuple(sorted(out))


class Set:
    """rules: [(key, path of a file with this rule alone)], keys unique over all sets; folder: gives all of these files, and
    nothing else, to sigmac. events: what the VM reads; rows: what the executor reads, where that is not the same (rows of tables
    without computed columns). Both as they are; compare() normalises."""

    def __init__(self, rules, folder, events, rows=None):
        self.rules, self.folder, self.events, self.rows = rules, folder, events, rows


class Result:
    def __init__(self):
        self.pairs = self.true = self.compared = 0
        self.refused = collections.OrderedDict()   # key -> (id, message)
        self.broken = collections.OrderedDict()    # key -> message: the rule did not compile
        self.not_run = collections.OrderedDict()   # key -> message of the executor
        self.invalid = collections.OrderedDict()   # key -> message: the target would refuse the text
        self.mismatches = []                       # (key, set number, event index, the VM's verdict)
        self.queries, self.verdicts = {}, {}       # key -> text; key -> set of event indexes of the VM
        self.given, self.events = {}, {}           # key -> (set, group); group -> events as the VM saw them
        self.assumed = collections.Counter()

    def total(self):
        return self.compared + len(self.refused) + len(self.broken) + len(self.not_run) + len(self.invalid)

    def add(self, other):
        for a in ("pairs", "true", "compared"):
            setattr(self, a, getattr(self, a) + getattr(other, a))
        for a in ("refused", "broken", "not_run", "invalid", "queries", "verdicts"):
            getattr(self, a).update(getattr(other, a))
        self.mismatches += other.mismatches
        self.assumed.update(other.assumed)


class Harness:
    def __init__(self, sigmac, target, pipelines=(), types=None, executor_types=None, schema=None, assume=(), absent=None, more=(), jobs=2, wrap="T"):
        """types: path of a types file for sigmac and executor; executor_types: for the executor alone (what a pipeline tells
        sigmac); schema: {table: {column: type}} of the executor (KQL with a pipeline); more: arguments of translate and eval."""
        self.executor_types, self.row_kinds, self.computed = executor_types, None, {}
        if schema is not None:
            self.row_kinds = {t: types_file.Types({c: types_file.BASE.get(y, "keyword") for c, y in cols.items()}, "keyword") for t, cols in schema.items()}
        path = executor_types or types
        self.kinds = types_file.Types(types_file.read(path), "keyword") if path else None
        self.sigmac, self.target, self.pipelines, self.types, self.schema = sigmac, target, list(pipelines), types, schema
        self.assume, self.absent, self.more, self.jobs, self.wrap = list(assume), absent, list(more), jobs, wrap
        self.tmp = tempfile.mkdtemp(prefix="sigmac-equivalence.")

    def close(self):
        shutil.rmtree(self.tmp, ignore_errors=True)

    def common(self):
        return [x for p in self.pipelines for x in ("-p", p)] + (["--types", self.types] if self.types else []) + self.more

    def translate(self, folder):
        "-> one object for each document"
        cmd = [self.sigmac, "translate", "-q", "-t", self.target, "--format", "ndjson", *self.common()]
        cmd += [x for a in self.assume for x in ("--assume", a)] + ([f"--absent={self.absent}"] if self.absent else [])
        return [self.mutate(json.loads(l)) for l in sh(cmd + [folder]).stdout.splitlines()]

    def mutate(self, line):
        "for the self-test"
        return line

    def evaluate(self, folder, events):
        "-> {path: set of event indexes}, {path: the error for which eval refuses it}"
        ev = os.path.join(self.tmp, "vm.ndjson")
        write_lines(ev, events)
        cmd = [self.sigmac, "eval", "-q", "--logsource", "off", "--format", "ndjson", *self.common(), "-r", folder, ev]
        if self.absent:
            cmd.append(f"--absent={self.absent}")
        hits, p = collections.defaultdict(set), sh(cmd)
        for line in p.stdout.splitlines():
            o = json.loads(line)
            hits[o["path"]].add(o["event_index"])
        return hits, {m[1]: m[2] for m in re.finditer(r"(?m)^(.+?):[0-9]+:[0-9]+: error: (.*)$", p.stderr)}

    def execute(self, queries, events):
        "queries: [(id, query, group)]; events: lists by group -> {id: set of indexes within its group, or the text of an error}"
        q, e = os.path.join(self.tmp, "q.ndjson"), os.path.join(self.tmp, "e.ndjson")
        bare = self.target == "kql" and self.schema is None  # predicates without a table: one table for each group
        write_lines(q, ({"id": i, "query": f"{self.wrap}{g}\n| where {text}" if bare else text, "group": g} for i, text, g in queries))
        mark = "_group" if self.target == "eql" else "_table" if bare else None
        write_lines(e, ({**ev, mark: f"{self.wrap}{g}" if bare else g} if mark else ev for g, evs in events.items() for ev in evs))
        if self.target == "eql":
            cmd = [os.path.join(ORACLES, "eql_match"), "--group-field", "_group", "--types", self.executor_types or self.types or "none"]
        else:
            cmd = [os.path.join(ORACLES, "kql_match")]
            if self.schema is not None:
                s = os.path.join(self.tmp, "schema.json")
                with open(s, "w") as f:
                    json.dump(self.schema, f)
                cmd += ["--schema", s]
            else:
                cmd += ["--types", self.types, "--predicates"] if self.types else []
                cmd += ["--tables", ",".join(f"{self.wrap}{g}" for g in events)]
        out = sh(cmd + ["--queries", q, "--events", e, "--hits", "--jobs", str(min(self.jobs, 1 + len(queries) // 60))], ok=(0,)).stdout
        first, n = {}, 0
        for g, evs in events.items():
            first[g] = n
            n += len(evs)
        group = {i: g for i, _, g in queries}
        res = {}
        for line in out.splitlines():
            o = json.loads(line)
            res[o["id"]] = o["error"] if "error" in o else {i - first[group[o["id"]]] for i in o["hits"]}
        return res

    def normalised(self, events, assumed, rows, empty_fields, vm):
        if self.row_kinds is None:
            if rows:
                events = map(normalise.columns, events)
            return [normalise.event(ev, assumed, self.kinds, rows, empty_fields) for ev in events]
        kinds = {t: types_file.Types({**k, **self.computed.get(t, {})}, "keyword") for t, k in self.row_kinds.items()} if vm else self.row_kinds
        return [normalise.event(ev, assumed, kinds.get(ev.get("_table")), rows, empty_fields) for ev in events]

    def seen_by_keywords(self, query, assumed):
        """Keywords look at all columns of a row, the computed ones too, but only at those that the query computes: these names. None
        where there are no keywords, or no columns to compute."""
        if self.schema is None or "keyword-text" not in assumed:
            return None
        return tuple(sorted(set(re.findall(r"\| extend (\S+) =", query))))

    def compare(self, sets, folder):
        "folder: holds those of all sets, for one call of translate"
        res, where = Result(), {}
        for n, s in enumerate(sets):
            where.update({path: (n, key) for key, path in s.rules})
        seen = collections.Counter()
        todo = collections.defaultdict(list)  # (set, assumptions, fields tested for an empty text, computed columns) -> [(key, path)]
        lines = self.translate(folder)
        # A filter is told of where it is wrong. The rule goes on without it, but it is not the rule that was meant.
        wrong = {l["path"]: l["error"] for l in lines if l["title"] == "filter" and l["status"] == "broken"}
        for line in lines:
            if line["path"] not in where or line["title"] == "filter" or line["status"] == "part":
                continue
            n, key = where[line["path"]]
            if line["path"] in wrong:
                seen[key] += 1
                res.broken[key] = (wrong[line["path"]]["id"], wrong[line["path"]]["message"])
                continue
            seen[key] += 1
            if line.get("query") is not None:
                assumed = tuple(sorted(set(line.get("assumptions") or line.get("assumed") or ())))
                res.queries[key] = line["query"]
                res.assumed.update(assumed)
                todo[n, assumed, empty_fields(line["path"]) if "empty-is-missing" in assumed else (), self.seen_by_keywords(line["query"], assumed)].append((key, line["path"]))
            else:
                e = line["error"]
                (res.refused if e["id"].startswith(("target-", "pipeline-")) else res.broken)[key] = (e["id"], e["message"])
        for key, count in seen.items():
            if count > 1:
                raise Broken(f"{key}: a file with {count} rules")
        for n, s in enumerate(sets):
            for key, _ in s.rules:
                if not seen[key]:
                    res.broken[key] = ("", "translate says nothing about it")
        groups, queries, given = {}, [], {}
        for g, ((n, assumed, empty, extended), rules) in enumerate(sorted(todo.items(), key=repr)):
            rows = self.target == "kql"
            events = sets[n].events
            if extended is not None:
                events = [{k: v for k, v in ev.items() if k in extended or k not in self.computed.get(ev.get("_table"), ())} for ev in events]
            events = self.normalised(events, assumed, rows, empty, True)
            given[g] = events
            groups[g] = events if sets[n].rows is None else self.normalised(sets[n].rows, assumed, rows, empty, False)
            queries += [(key, res.queries[key], g) for key, _ in rules]
        answers = {}
        if self.schema is None:
            answers = self.execute(queries, groups) if queries else {}
        else:  # tables have their own names: one group at a time
            for g in groups:
                answers.update(self.execute([q for q in queries if q[2] == g], {g: groups[g]}))
        for g, ((n, _, _, _), rules) in enumerate(sorted(todo.items(), key=repr)):
            hits, errors = self.evaluate(sets[n].folder, given[g])
            for key, path in rules:
                if path in errors:
                    res.invalid[key] = "eval refuses the rule, translate does not: " + errors[path]
                    continue
                a = answers.get(key, "no answer")
                if isinstance(a, str):
                    (res.not_run if a.startswith(("runtime:", "unsupported", "function ", "operator ", "depth")) else res.invalid)[key] = a
                    continue
                ours = hits.get(path, set())
                res.compared += 1
                res.pairs += len(given[g])
                res.true += len(ours)
                res.verdicts[key] = ours
                res.given[key] = (n, g)
                res.mismatches += [(key, n, i, i in ours) for i in sorted(ours ^ a)]
        res.events = given
        return res
