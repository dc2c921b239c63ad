# SPDX-License-Identifier: MIT
"""The verdicts of eql_es.py on many events at once. An event query is a tree of and, or and leaves; a leaf with one field
depends on that field's values alone, so it is asked once for all events that have the same ones. A set of events is an
integer with a bit for each. The leaves are eql_es's own, so both ways agree by construction; probes/check.sh compares them."""
import eql_es


def indexes(mask):
    out, base = [], 0
    for byte in mask.to_bytes((mask.bit_length() + 7) // 8, "little"):
        if byte:
            out.extend(base + i for i in range(8) if byte >> i & 1)
        base += 8
    return out


class Events:
    def __init__(self, events):
        self.events, self.all = events, (1 << len(events)) - 1
        self.by_fields = {}

    def groups(self, names):
        "[(Group, mask of its events)]"
        if names not in self.by_fields:
            found, masks = {}, {}
            for i, ev in enumerate(self.events):
                vals = [eql_es.values(ev, n) for n in names]
                key = tuple(tuple((type(v), str(v)) for v in vs) for vs in vals)
                if key in masks:
                    masks[key].append(i)
                else:
                    found[key], masks[key] = eql_es.Group(zip(names, vals)), [i]
            self.by_fields[names] = [(g, bits(masks[k])) for k, g in found.items()]
        return self.by_fields[names]


def bits(ids):
    b = bytearray(ids[-1] // 8 + 1)
    for i in ids:
        b[i >> 3] |= 1 << (i & 7)
    return int.from_bytes(b, "little")


def select(events, e, neg=False):
    "the events of which the condition holds, as a mask"
    k = e[0]
    if k == "not":
        return select(events, e[1], not neg)
    if k in ("and", "or"):
        todo, parts = [e], []
        while todo:  # long chains lean to the left: not by recursion
            x = todo.pop()
            if x[0] == k:
                todo += [x[2], x[1]]
            else:
                parts.append(x)
        out = None
        for x in parts:
            m = select(events, x, neg)
            out = m if out is None else out & m if (k == "and") != neg else out | m
        return out
    names = tuple(sorted({f[1] for f in eql_es.fields_in(e)}))
    if not names:
        return events.all if eql_es.compile_expr(e, neg)({}) else 0
    groups = events.groups(names)
    if e[0] == "pred" and e[1].startswith("regex") and e[2][0] == "field":
        eql_es.LUCENE.learn("|".join(map(eql_es.text, e[3])), e[1].endswith("~"), sorted({eql_es.text(v) for g, _ in groups for v in g[e[2][1]]}))
    holds, out = eql_es.compile_expr(e, neg), 0
    for g, mask in groups:
        if holds(g):
            out |= mask
    return out


def run(q, events, category_field):
    "of an event query without pipes: the indexes of its hits"
    mask = select(events, q["cond"])
    if q["cat"] is not None:
        cat = 0
        for g, m in events.groups((category_field,)):
            if q["cat"] in g[category_field]:
                cat |= m
        mask &= cat
    return indexes(mask)
