# SPDX-License-Identifier: MIT
"""Tables by columns, and the verdicts of kql_match.py on many rows at once. A filter is a tree of and, or, not and leaves; a leaf
depends on the columns that it names alone, so it is asked once for all rows that have the same values there. A set of rows is an
integer with a bit for each; a condition is two of them: where it is true, and where it is null. The leaves are kql_match's own,
so both ways agree by construction; probes/check.sh compares them. Anything but where, extend and union goes row by row."""
import json

import kql_match as k
from eql_columns import bits


def code_key(v):
    if isinstance(v, k.Dyn):
        return k.Dyn, type(v.v), json.dumps(v.v, sort_keys=True) if isinstance(v.v, (dict, list)) else k.tostr(v)
    return type(v), v if not isinstance(v, float) else str(v)


class Column:
    "one value for each row, by the number of its distinct values"

    def __init__(self, values):
        numbers, self.values, self.codes = {}, [], []
        for v in values:
            key = code_key(v)
            n = numbers.get(key)
            if n is None:
                n = numbers[key] = len(self.values)
                self.values.append(v)
            self.codes.append(n)


class Table:
    def __init__(self, rows, types):
        "rows: [(index of the event, event)]"
        self.events, self.types = rows, types
        self.ids = [i for i, _ in rows]
        self.all = (1 << len(rows)) - 1
        self.columns, self.grouped, self.extended, self.whole = {}, {}, {}, None

    def column(self, name):
        if name not in self.columns:
            t = self.types[name]
            self.columns[name] = Column([k.conv(k.get(ev, name), t) for _, ev in self.events])
        return self.columns[name]

    def rows(self):
        "for operators that go row by row"
        if self.whole is None:
            cols = {c: self.column(c) for c in self.types}
            self.whole = [(i, {c: x.values[x.codes[n]] for c, x in cols.items()}) for n, i in enumerate(self.ids)]
        return self.whole

    def groups(self, names):
        "[({column: value}, mask)] for the rows that have the same values in these columns"
        if names not in self.grouped:
            cols, at = [self.column(n) for n in names], {}
            if len(cols) == 1:
                for n, c in enumerate(cols[0].codes):
                    at.setdefault((c,), []).append(n)
            else:
                for n, c in enumerate(zip(*[c.codes for c in cols])):
                    at.setdefault(c, []).append(n)
            self.grouped[names] = [({n: x.values[c] for n, x, c in zip(names, cols, key)}, bits(ns)) for key, ns in at.items()]
        return self.grouped[names]

    def extend(self, op, comp):
        "this table and computed columns; kept, because the queries of a pipeline compute the same ones"
        text = json.dumps(op["cols"], sort_keys=True)
        if text not in self.extended:
            types = dict(map(tuple, op["out"]))
            new = Table(self.events, types)
            names = {c["name"] for c in op["cols"]}
            new.columns = {n: c for n, c in self.columns.items() if n not in names}
            for c in op["cols"]:
                needs = columns_of(c["e"], comp)
                f, t = comp.c(c["e"]), types[c["name"]]
                cols, memo, out = [self.column(n) for n in needs], {}, []
                for key in zip(*[x.codes for x in cols]) if cols else ((),) * len(self.ids):
                    if key not in memo:
                        memo[key] = k.fix(f({n: x.values[v] for n, x, v in zip(needs, cols, key)}), t)
                    out.append(memo[key])
                new.columns[c["name"]] = Column(out)
            self.extended[text] = new
        return self.extended[text]


def columns_of(e, comp):
    "sorted names of the columns that an expression reads"
    out, todo = set(), [e]
    while todo:
        x = todo.pop()
        if isinstance(x, dict):
            if x.get("o") == "col":
                if x["name"] in comp.lets:
                    todo.append(comp.lets[x["name"]])
                else:
                    out.add(x["name"])
            elif x.get("o") in ("star", "tab"):
                raise NotByColumn
            if x.get("o") == "call" and x["name"] in ("column_ifexists", "columnifexists"):
                out.add(x["args"][0].get("v"))
            todo.extend(x.values())
        elif isinstance(x, list):
            todo.extend(x)
    return tuple(sorted(out))


class NotByColumn(Exception):
    "this query is for the other way"


def three(table, e, comp):
    "-> (mask of true, mask of null)"
    if e["o"] == "nary":
        stop = e["op"] == "or"
        yes, null = (0, 0) if stop else (table.all, 0)
        for x in e["list"]:
            t, n = three(table, x, comp)
            if stop:
                yes, null = yes | t, (null | n) & ~(yes | t)
            else:
                false = table.all & ~(yes | null) | table.all & ~(t | n)
                yes = yes & t
                null = table.all & ~yes & ~false
        return yes, null
    if e["o"] == "call" and e["name"] == "not" and len(e["args"]) == 1:
        t, n = three(table, e["args"][0], comp)
        return table.all & ~t & ~n, n
    if e["o"] == "bin" and e["l"]["o"] == "star":
        return star(table, e, comp), 0
    names = columns_of(e, comp)
    missing = [n for n in names if n not in table.types]
    if missing:  # column_ifexists of a column that does not: let it fail or not as the other way does
        names = tuple(n for n in names if n in table.types)
    f = comp.c(e)
    groups = table.groups(names) if names else [({}, table.all)]
    if e["o"] == "bin" and e["op"].split() == ["matches", "regex"] and e["r"]["o"] == "lit":
        left = comp.c(e["l"])
        k.REGEX.learn(e["r"]["v"], None, sorted({k.tostr(left(r)) for r, _ in groups}))
    yes = null = 0
    for r, mask in groups:
        v = k.raw(f(r))
        if v is True:
            yes |= mask
        elif v is None:
            null |= mask
    return yes, null


def star(table, e, comp):
    "* op x: some string or dynamic column"
    if columns_of(e["r"], comp):
        raise NotByColumn
    f, out = comp.c(e), 0
    for name, t in table.types.items():
        if t in ("string", "dynamic"):
            if e["op"].split() == ["matches", "regex"] and e["r"]["o"] == "lit":
                k.REGEX.learn(e["r"]["v"], None, sorted({k.tostr(v) for v in table.column(name).values}))
            for r, mask in table.groups((name,)):
                if mask & ~out and f(r):
                    out |= mask
    return out


def run(plan, tables, query):
    "-> indexes of the events whose row comes out, in the order of the rows; NotByColumn where it is not a filter"
    if query.tlets or any(o["op"] not in ("where", "extend", "nop", "union") or o.get("serialize") or k.uses(o, k.WINDOW) for o in plan["ops"]):
        raise NotByColumn
    comp = k.Compiler(query)
    ops = plan["ops"]
    if plan["src"]["k"] == "none" and len(ops) == 1 and ops[0]["op"] == "union":
        op = ops[0]
        if op.get("left") or op["withsource"] or op["kind"] != "outer":
            raise NotByColumn
        return [i for p in op["parts"] for i in run(p["plan"], tables, query)]
    if plan["src"]["k"] != "ref" or plan["src"]["name"] not in tables:
        raise NotByColumn
    table = tables.table(plan["src"]["name"])
    mask = table.all
    for op in ops:
        if op["op"] == "where":
            mask &= three(table, op["e"], comp)[0]
        elif op["op"] == "extend":
            table = table.extend(op, comp)
        elif op["op"] == "union":
            raise NotByColumn
    return [table.ids[n] for n in range(len(table.ids)) if mask >> n & 1] if mask.bit_count() * 8 > len(table.ids) else [table.ids[n] for n in ones(mask)]


def ones(mask):
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Tables:
    "name -> rows, as kql_match.Run reads them"

    def __init__(self, byt, types):
        self.byt = {t: Table(rows, types[t]) for t, rows in byt.items()}

    def table(self, name):
        return self.byt[name]

    def __contains__(self, name):
        return name in self.byt

    def __getitem__(self, name):
        return self.byt[name].rows()

    def items(self):
        return [(n, t.rows()) for n, t in self.byt.items()]
