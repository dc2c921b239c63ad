#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run Elasticsearch EQL queries over JSON events, offline.

  eql_match.py --queries Q.ndjson --events E.ndjson [--engine es|endgame] [--category-field F]
               [--timestamp-field F] [--types infer|none|FILE] [--strict-fields]

Prints {"id","event_index"} per hit, {"id","event_index": <last>,"events":[..]} per sequence or sample,
{"id","error"} for a query that the engine would refuse or that cannot be run.
--engine es       eql_es.py (Elasticsearch semantics; Lucene's own regex through LuceneRegex.java)
--engine endgame  PyPI eql's PythonEngine (different semantics; see README)
--types infer     (default) a field holding a number in any event is a number, else a string: ':' on it is an
                  error, as with a real mapping.  none: no type errors.
--types FILE      field types as in types_file.py (kql_match reads the same file): nothing is inferred; values are
                  read as such a mapping indexes them; a field not declared is a keyword.
--strict-fields   a field that no event has is an error unless optional (?field)
--group-field F   events have a group in F, queries in "group": a query is asked of the events of its group alone
--hits            one line per query: {"id","hits":[..]}; of a sequence or sample, lists of events
--jobs N          that many processes
--by-event        event by event rather than by groups of events with the same values (slow; gives the same)
"""
import argparse, json, sys
import eql_columns
import eql_es
import jobs
import json_numbers
import types_file


def flatten(o, prefix, out):
    if isinstance(o, dict):
        for k, v in o.items():
            flatten(v, prefix + k + ".", out)
    elif isinstance(o, list):
        for v in o:
            flatten(v, prefix, out)
    elif o is not None:
        t = "bool" if isinstance(o, bool) else "num" if isinstance(o, (int, float)) else "str"
        name = prefix[:-1]
        out[name] = t if out.get(name, t) == t else "any"


def run_endgame(queries, events, a, put):
    import eql
    from eql.parser import parse_query, elasticsearch_syntax
    cfg = {"flatten": True}
    for q in queries:
        try:
            hits = []
            with elasticsearch_syntax:
                ast = parse_query(q["query"])
            eng = eql.PythonEngine(cfg)
            with elasticsearch_syntax:
                eng.add_query(ast)
            eng.add_output_hook(lambda r: hits.append([e.data["__i"] for e in getattr(r, "events", [r])]))
            for i, ev in enumerate(events):
                cat = (eql_es.values(ev, a.category_field) or ["generic"])[0]
                t = eql_es.ts(ev, a.timestamp_field)
                eng.stream_event(eql.Event(cat, int((t if t is not None else i) * 10_000_000), dict(ev, __i=i)))
            eng.finalize()
        except Exception as e:
            put({"id": q["id"], "error": type(e).__name__ + ": " + str(e).split("\n")[0][:200]})
            continue
        for h in hits:
            put({"id": q["id"], "event_index": h[-1], **({"events": h} if len(h) > 1 else {})})


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--queries", required=True)
    ap.add_argument("--events", required=True)
    ap.add_argument("--engine", choices=["es", "endgame"], default="es")
    ap.add_argument("--category-field", default="event.category")
    ap.add_argument("--timestamp-field", default="@timestamp")
    ap.add_argument("--types", metavar="infer|none|FILE", default="infer")
    ap.add_argument("--strict-fields", action="store_true")
    ap.add_argument("--group-field")
    ap.add_argument("--hits", action="store_true")
    ap.add_argument("--by-event", action="store_true")
    ap.add_argument("--jobs", type=int, default=1)
    a = ap.parse_args()
    queries = [q for q in map(json.loads, filter(str.strip, open(a.queries))) if isinstance(q.get("query"), str)]
    events = [json_numbers.loads(l) for l in open(a.events) if l.strip()]
    if a.engine == "endgame":
        return run_endgame(queries, events, a, lambda o: sys.stdout.write(json.dumps(o) + "\n"))
    types = {}
    for ev in events:
        if a.group_field:
            flatten({k: v for k, v in ev.items() if k != a.group_field}, "", types)
        else:
            flatten(ev, "", types)
    known = set(types)
    if a.types not in ("infer", "none"):
        base = types_file.read(a.types)
        known |= set(base)
        eql_es.TYPES = types_file.Types(base, "keyword")
        types = eql_es.TYPES.map(types_file.EQL)
    groups = {}
    for i, ev in enumerate(events):
        groups.setdefault(ev.get(a.group_field) if a.group_field else None, []).append(i)
    parts = {}

    def part(g):
        if g not in parts:
            ids = groups.get(g, [])
            parts[g] = ids, eql_columns.Events([events[i] for i in ids])
        return parts[g]

    def verdicts(queries):
        for q in queries:
            try:
                ast = eql_es.parse(q["query"])
                eql_es.check_query(ast, None if a.types == "none" else types, known if a.strict_fields else None)
                ids, columns = part(q.get("group") if a.group_field else None)
                if ast["k"] == "event" and not ast["pipes"] and not a.by_event:
                    hits = [[i] for i in eql_columns.run(ast, columns, a.category_field)]
                else:
                    hits = eql_es.run(ast, columns.events, a.category_field, a.timestamp_field)
                yield q["id"], [[ids[i] for i in h] for h in hits], None
            except (eql_es.EqlError, RecursionError) as e:
                yield q["id"], None, f"{getattr(e, 'kind', 'depth')}: {e}"

    def put(result):
        i, hits, error = result
        if error is not None:
            print(json.dumps({"id": i, "error": error}))
        elif a.hits:
            print(json.dumps({"id": i, "hits": [h[0] if len(h) == 1 else h for h in hits]}))
        else:
            for h in hits:
                print(json.dumps({"id": i, "event_index": h[-1], **({"events": h} if len(h) > 1 else {})}))

    jobs.run(queries, verdicts, a.jobs, put)


if __name__ == "__main__":
    sys.setrecursionlimit(10000)  # a chain of a thousand alternatives is a tree as deep
    main()
