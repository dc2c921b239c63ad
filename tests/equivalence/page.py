# SPDX-License-Identifier: MIT
"""Writes docs/equivalence.md from a full run."""
import collections
import re

import harness
from harness import normalise

HEAD = """# Queries say what rules say: the proof

Written by `make equivalence`; do not edit.

For a rule and an event there are two verdicts: that of the query which `sigmac translate` emits, and that of the VM (`sigmac eval` with
the same pipelines and types, `--logsource off`). This page says over which rules and events they were compared.

| run | target | rules | emitted | refused | not run | pairs | true | differ |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""

TEXT = """
- **emitted**: a query was printed; **refused**: the target cannot say the rule, or the pipeline refuses it, with a place and a reason
  (`sigmac translate --report`); **not run**: listed below; **pairs**: (rule, event) whose verdicts were compared; **true**: pairs where the
  rule matches; **differ**: pairs with two verdicts.
- EQL is run by `tests/oracles/eql_match`: a parser and evaluator with Elasticsearch's semantics, whose regular expressions are Lucene's own.
  KQL is parsed, bound and typed by Microsoft's own parser and run by `tests/oracles/kql_match`, whose regular expressions are those of
  Rust's crate. `tests/oracles/README.md` says what they rest on and where they are known to deviate. A query that they refuse as invalid counts as a failure.
- With a KQL pipeline events are rows of tables, made by converters that know the public schemas and not the pipeline
  (`tests/equivalence/convert_*.py`). The VM computes no columns: its copy of a row holds what the source of the event wrote of such a field.
  So the expressions of the pipeline are compared too.
- Random rules hold every kind of item on every type of field, in random conditions, over events with values near those of the rules, and with
  absent, null, empty and repeated fields. A difference is reduced to a smallest rule and event (`tests/equivalence/property.py --seed N`).
- Correlations are compared on streams of events with times, by `tests/equivalence/correlations.py`
  ([translating-correlations.md](translating-correlations.md)).

## What is done to events first

Both sides see events to which the assumptions were applied that the query names, and no others:

"""


def table(rows):
    out = []
    for name, target, what, res, _ in rows:
        out.append(f"| {what} | {target.upper()} | {res.total():,} | {res.compared + len(res.not_run) + len(res.invalid):,} | {len(res.refused):,} | {len(res.not_run):,} | {res.pairs:,} | {res.true:,} | {len(res.mismatches):,} |")
    return "\n".join(out)


def normalisations():
    text = normalise.__doc__.split("\n\n", 1)[1]
    return "\n".join("    " + line if line else "" for line in text.splitlines())


def not_run(rows):
    out = []
    for name, target, _, res, _ in rows:
        for key, message in sorted(res.not_run.items()):
            if name != "random":
                out.append(f"- {target.upper()}, {name}: `{key}`: {re.sub('Determinizing .* would', 'determinizing would', message)[:160]}")
        if name == "random" and res.not_run:
            kinds = collections.Counter(re.sub(r"[^a-z: ]+", "", re.sub(r"Determinizing .* would", "determinizing would", m))[:80] for m in res.not_run.values())
            out += [f"- {target.upper()}, random: {n} queries: {m}" for m, n in kinds.most_common(5)]
    return "\n".join(out) or "Nothing."


def reasons(rows):
    by = collections.defaultdict(collections.Counter)
    for name, target, _, res, _ in rows:
        for why, _ in res.refused.values():
            by[why][f"{name} {target.upper()}"] += 1
    return "\n".join(f"| `{why}` | " + ", ".join(f"{k}: {n}" for k, n in sorted(c.items())) + " |" for why, c in sorted(by.items()))


def shares(run):
    out = []
    for target, s in getattr(run, "shares", {}).items():
        rows = s.table()
        out.append(f"\n### {target}\n\n| " + " | ".join(rows[0]) + " |\n|" + " --- |" * len(rows[0]))
        out += ["| " + " | ".join(r) + " |" for r in rows[1:]]
    return "\n".join(out)


def write(path, run):
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD + table(run.rows) + "\n" + TEXT + normalisations() + "\n\n## What was not run\n\n" + not_run(run.rows) +
                "\n\n## Why rules are refused\n\nNumbers of rules; corpora as above. A rule may be refused because a pipeline has no table or field for it.\n\n| diagnostic | rules |\n| --- | --- |\n" + reasons(run.rows) +
                "\n\n## How often the answer is yes\n\nAgreement on verdicts that are nearly always the same would say little. Share of true verdicts of random rules with one item, plain and\nnegated, and by what the event has in the field; with a pipeline, over events of the kind that the rule is for:\n" + shares(run) + "\n")
