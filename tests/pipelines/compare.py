#!/usr/bin/env python3
"""Compares what pipelines make of rules with what pySigma makes of them: compare.py PIPELINE_SHOW -p PIPELINE... -- RULES...
RULES are files or folders. Needs the package pysigma; without it, says so and ends well.

Both results become a tree of and, or, not and tests, in which order and nesting of the same kind do not count. Prints each rule that
differs, and `N passed, N failed` last. What is different on purpose (docs/pipelines.md) is told apart where a tree can show it.
"""
import json, os, re, subprocess, sys, traceback

try:
    from sigma.collection import SigmaCollection
    from sigma.processing.pipeline import ProcessingPipeline
    from sigma.processing.resolver import ProcessingPipelineResolver
    import sigma.conditions as sc
    import sigma.types as st
except ImportError:
    print("pysigma is not installed: not compared")
    sys.exit(0)

# --- trees ---------------------------------------------------------------------------------------------------


def join(kind, kids):
    out = []
    for k in kids:
        if k is None:
            continue
        if k[0] == kind:
            out += k[1]
        else:
            out.append(k)
    out = sorted(set(out), key=repr)
    if not out:
        return None
    return out[0] if len(out) == 1 else (kind, tuple(out))


def negate(kid):
    if kid is None:
        return None
    return kid[1][0] if kid[0] == "not" else ("not", (kid,))


def leaf(text):
    return ("leaf", text)


# --- ours ----------------------------------------------------------------------------------------------------


def parse_ours(lines):
    """Indented lines to a tree."""
    def block(i, depth):
        kids = []
        while i < len(lines):
            line = lines[i]
            indent = (len(line) - len(line.lstrip(" "))) // 2
            if indent < depth:
                break
            text = line.strip(" ")
            if text in ("and", "or", "not", "any", "all", "one of"):
                sub, i = block(i + 1, depth + 1)
                kind = {"any": "or", "one of": "or", "all": "and"}.get(text, text)
                kids.append(negate(sub[0] if sub else None) if kind == "not" else join(kind, sub))
            else:
                kids.append(leaf(normal_leaf(text)))
                i += 1
        return kids, i
    kids, _ = block(0, 0)
    assert len(kids) == 1, kids
    return kids[0]


def normal_leaf(text):
    m = re.match(r'(.*?) (like|matches) (".*")( cased| flags \w+)?$', text, re.S)
    if m:
        value = json.loads(m[3])
        if m[2] == "like":
            value = re.sub(r"\*+", "*", value) if "\\" not in value else value
        return f"{m[1]} {m[2]} {value!r}{m[4] or ''}"
    return text


# --- theirs --------------------------------------------------------------------------------------------------


def pattern(s):
    out = ""
    for p in s.s:
        if isinstance(p, str):
            out += re.sub(r"([\\*?])", r"\\\1", p)
        elif p == st.SpecialChars.WILDCARD_MULTI:
            out += "*"
        elif p == st.SpecialChars.WILDCARD_SINGLE:
            out += "?"
        else:
            out += f"%{p.name}%"
    return re.sub(r"\*+", "*", out) if "\\" not in out else out


def number(n):
    return str(n)


OPS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


def test(field, v):
    name = "<any value>" if field is None else field
    if isinstance(v, st.SigmaExpansion):
        return join("or", [test(field, x) for x in v.values])
    if isinstance(v, st.SigmaString):
        if field is None:
            text = pattern(v)
            if not text.startswith("*"):
                text = "*" + text
            if not text.endswith("*") or text.endswith("\\*"):
                text += "*"
        else:
            text = pattern(v)
        return leaf(f"{name} like {text!r}{' cased' if isinstance(v, st.SigmaCasedString) else ''}")
    if isinstance(v, st.SigmaTimestampPart):
        return leaf(f"{name} time {v.timestamp_part.name.lower()} == {v.number}")
    if isinstance(v, st.SigmaNumber):
        return leaf(f"{name} like '*{number(v.number)}*'" if field is None else f"{name} == {number(v.number)}")
    if isinstance(v, st.SigmaBool):
        return leaf(f"{name} is {'true' if v.boolean else 'false'}")
    if isinstance(v, st.SigmaNull):
        return leaf(f"{name} is null")
    if isinstance(v, st.SigmaExists):
        return leaf(f"{name} exists {'true' if v.exists else 'false'}")
    if isinstance(v, st.SigmaRegularExpression):
        flags = "".join(f for f, n in (("i", "IGNORECASE"), ("m", "MULTILINE"), ("s", "DOTALL")) if any(x.name == n for x in v.flags))
        return leaf(f"{name} matches {v.regexp.to_plain_regex()!r}{' flags ' + flags if flags else ''}")
    if isinstance(v, st.SigmaCIDRExpression):
        return leaf(f"{name} in network {v.cidr}")
    if isinstance(v, st.SigmaCompareExpression):
        return leaf(f"{name} {OPS[v.op.name]} {number(v.number.number)}")
    if isinstance(v, st.SigmaFieldReference):
        mode = {(False, False): "equal to ", (True, False): "starting with ", (False, True): "ending with ", (True, True): "containing "}
        return leaf(f"{name} refers to {mode[(bool(v.starts_with), bool(v.ends_with))]}{v.field}")
    return leaf(f"{name} ?? {v!r}")


def tree(c):
    if c is None:
        return None
    if isinstance(c, sc.ConditionNOT):
        return negate(tree(c.args[0]) if c.args else None)
    if isinstance(c, sc.ConditionAND):
        return join("and", [tree(a) for a in c.args])
    if isinstance(c, sc.ConditionOR):
        return join("or", [tree(a) for a in c.args])
    if isinstance(c, sc.ConditionFieldEqualsValueExpression):
        return test(c.field, c.value)
    if isinstance(c, sc.ConditionValueExpression):
        return test(None, c.value)
    raise ValueError(type(c))


def load(paths):
    """All files as one, in pySigma's order: by priority, then by name; the names keep the order in which they are given."""
    made = {f"{i:03}": ProcessingPipeline.from_yaml(open(p).read(), allow_external_sources=True) for i, p in enumerate(paths)}
    return ProcessingPipelineResolver(made).resolve(list(made)) if len(made) > 1 else made["000"]


def final(text, pipeline):
    """What finalizers make of the queries of all rules."""
    queries = []
    for rule in SigmaCollection.from_yaml(text).rules:
        pipeline.apply(rule)
        queries.append(pipeline.postprocess_query(rule, "QUERY"))
    return pipeline.finalize(queries)


def theirs(text, pipeline):
    rules = SigmaCollection.from_yaml(text)
    if len(rules.rules) != 1:
        return None
    rule = rules.rules[0]
    pipeline.apply(rule)
    result = join("or", [tree(c.parsed) for c in rule.detection.parsed_condition])
    log = rule.logsource
    where = f"{log.category or ''}/{log.product or ''}/{log.service or ''}"
    return result, list(rule.fields), where, pipeline.postprocess_query(rule, "QUERY")


# --- both ----------------------------------------------------------------------------------------------------


def run_ours(tool, pipelines, paths):
    out, errors, now = {}, {}, None
    for i in range(0, len(paths), 500):
        part = paths[i:i + 500] + (["/dev/null"] if len(paths[i:i + 500]) == 1 else [])
        cmd = [tool] + [a for p in pipelines for a in ("-p", p)] + part
        text = subprocess.run(cmd, capture_output=True).stdout.decode()
        for line in text.split("\n"):
            if line.startswith("rule "):
                now = out.setdefault(line[5:], {"tree": [], "fields": [], "logsource": ""})
            elif m := re.match(r"(/?[^:]*):\d+:\d+: (error|warning): (.*)", line):
                errors.setdefault(m[1], []).append(m[3])
                now = None
            elif now is not None and line.startswith("fields: "):
                now["fields"] = line[8:].split(" ")
            elif now is not None and line.startswith("logsource: "):
                now["logsource"] = line[11:]
            elif now is not None and not re.match(r"(index: |query: |attribute |final: )", line) and line:
                now["tree"].append(line)
    return out, errors


def show(t, depth=0):
    if t is None:
        return "  " * depth + "nothing"
    if t[0] == "leaf":
        return "  " * depth + t[1]
    return "\n".join(["  " * depth + t[0]] + [show(k, depth + 1) for k in t[1]])


def main():
    args = sys.argv[1:]
    tool, rest = args[0], args[1:]
    cut = rest.index("--")
    pipelines, paths = [a for a in rest[:cut] if a != "-p"], []
    for p in rest[cut + 1:]:
        if os.path.isdir(p):
            paths += sorted(os.path.join(d, f) for d, _, fs in os.walk(p) for f in fs if f.endswith(".yml"))
        else:
            paths.append(p)
    ours, errors = run_ours(tool, pipelines, paths)
    both = passed = failed = 0
    refused = {"ours": [], "theirs": []}
    pipeline = load(pipelines)
    for path in paths:
        try:
            want = theirs(open(path, encoding="utf-8").read(), pipeline)
        except Exception as e:
            if path in ours:
                refused["theirs"].append((path, f"{type(e).__name__}: {e}"))
            continue
        if want is None:
            continue
        if path not in ours:
            refused["ours"].append((path, "; ".join(errors.get(path, ["?"]))))
            continue
        try:
            got = parse_ours(ours[path]["tree"])
        except Exception as e:
            print(path, e, ours[path]["tree"])
            failed += 1
            continue
        same = got == want[0] and ours[path]["fields"] == want[1] and ours[path]["logsource"] == want[2]
        passed += same
        failed += not same
        if not same:
            print(f"--- {path}\nours:\n{show(got)}\n{ours[path]['fields']} {ours[path]['logsource']}\ntheirs:\n{show(want[0])}\n{want[1]} {want[2]}")
    for who, list_ in refused.items():
        for path, why in list_:
            print(f"refused by {who} alone: {path}: {why}")
    print(f"refused by ours alone: {len(refused['ours'])}, by theirs alone: {len(refused['theirs'])}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
