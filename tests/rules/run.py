#!/usr/bin/env python3
"""Runs the tests that stand beside rules (docs/rule-tests.md): run.py SIGMAC [--oracle ORACLE-EVAL] [RULES]
or, to see that each kind of fault is found: run.py SIGMAC --self-test

Each verdict is asked of four judges: `sigmac eval` with log sources off and as it is by default, the referee, and the
independent model (tests/model). Of the shipped rules it also checks that they compile without a word and stand in their
README, that each has an event that matches and one that does not and fires on the demo, and that together they use every modifier
and every family of log sources. Prints what is wrong, and `N passed, N failed` (verdicts and such checks) last.
"""
import argparse, contextlib, glob, io, json, os, re, subprocess, sys, tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "model"))
import sigma_model
KEYS = {"name": str, "events": str, "verdicts": list, "reference": str, "signal": str, "vars": dict, "filters": list}
VERDICTS = {"match": True, "no-match": False}

# (name, what a rule's log source must hold at least); a list: one of them.
FAMILIES = [
    ("Windows, all", {"product": "windows", "category": None, "service": None}),
    ("Windows Sysmon", {"product": "windows", "category": ["process_creation", "registry_set", "file_change"]}),
    ("Windows Security", {"product": "windows", "service": "security"}),
    ("Windows System", {"product": "windows", "service": "system"}),
    ("PowerShell", {"product": "windows", "category": "ps_script"}),
    ("Linux auditd", {"product": "linux", "service": "auditd"}),
    ("Linux sshd", {"product": "linux", "service": "sshd"}),
    ("Linux processes", {"product": "linux", "category": "process_creation"}),
    ("macOS", {"product": "macos"}),
    ("Zeek", {"product": "zeek"}),
    ("DNS", {"category": "dns"}),
    ("proxy", {"category": "proxy"}),
    ("web server", {"category": "webserver"}),
    ("AWS CloudTrail", {"product": "aws", "service": "cloudtrail"}),
    ("Azure", {"product": "azure"}),
    ("Google Cloud", {"product": "gcp", "service": "gcp.audit"}),
    ("Okta", {"product": "okta", "service": "okta"}),
    ("Microsoft 365", {"product": "m365"}),
    ("Kubernetes audit", {"product": "kubernetes", "service": "audit"}),
]


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, where, what):
        self.passed += bool(holds)
        self.failed += not holds
        if not holds:
            print(f"{where}: {what}")
        return holds


def rule_files(folder):
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.y*ml"), recursive=True)):
        if not re.search(r"\.vars\.ya?ml$|\.tests/", path):
            yield path


# --- judges: each gives the numbers of the events that match, or the text of what went wrong -------------------------------


def output_of(command, may_talk=False):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if p.returncode or (p.stderr and not may_talk):
        return None, p.stderr.decode() or f"exit status {p.returncode}"
    return p.stdout.decode().splitlines(), None


def var_options(variables):
    words = [w for n, values in variables.items() for w in [n, *(f"{n}={v}" for v in values)]]
    return [x for w in words for x in ("--var", w)]


def filter_options(filters):
    return [x for f in filters for x in ("--filter", f)]


def sigmac_eval(sigmac, options):
    def judge(rule, events, variables, filters=()):
        command = [sigmac, "eval", "--format", "ndjson", "-q", "-r", rule, *options, events]
        lines, wrong = output_of([*command, *var_options(variables), *filter_options(filters)])
        return wrong or {json.loads(line)["event_index"] for line in lines}

    return judge


def all_values(rule, variables):
    """Defaults, where the test does not replace them."""
    for end in (".vars.yml", ".vars.yaml"):
        path = re.sub(r"\.ya?ml$", end, rule)
        if os.path.isfile(path):
            variables = {**{n: v if isinstance(v, list) else [v] for n, v in yaml.load(open(path, encoding="utf-8"), yaml.BaseLoader)["vars"].items()}, **variables}
    return variables


def referee(oracle):
    def judge(rule, events, variables, filters=()):
        command = [oracle, *var_options(all_values(rule, variables)), *filter_options(filters), rule, "--", events]
        lines, wrong = output_of(command, may_talk=True)
        return wrong or {int(line.split("\t")[0]) for line in lines}

    return judge


def as_rule(path):
    """The model knows no filters: what a filter leaves is what a rule finds that says the same."""
    document = yaml.safe_load(open(path, encoding="utf-8"))
    document["detection"] = {k: v for k, v in document.pop("filter").items() if k != "rules"}
    return yaml.safe_dump(document).encode()


def model(rule, events, variables, filters=()):
    lines, found = [l for l in open(events, encoding="utf-8") if l.strip()], None
    for text in [open(rule, "rb").read(), *map(as_rule, filters)]:
        loaded = sigma_model.load(text, all_values(rule, variables))
        if loaded.errors:
            return str(loaded.errors[0])
        matches = {i for i, line in enumerate(lines) if any(r.matches(line) for r in loaded)}
        found = matches if found is None else found & matches
    return found


def judges_of(sigmac, oracle):
    judges = {"log sources off": sigmac_eval(sigmac, ["--logsource", "off"]), "log sources as by default": sigmac_eval(sigmac, []), "the model": model}
    return {**judges, "the referee": referee(oracle)} if oracle else judges


# --- one rule ---------------------------------------------------------------------------------------------------------------


def well_formed(count, where, test):
    ok = isinstance(test, dict) and {"name", "events", "verdicts"} <= set(test)
    ok = ok and all(k in KEYS and isinstance(v, KEYS[k]) for k, v in test.items())
    ok = ok and all(isinstance(v, list) for v in test.get("vars", {}).values())
    ok = ok and all(isinstance(v, dict) and len(v) == 1 and set(v) <= set(VERDICTS) and all(isinstance(n, str) for n in v.values()) for v in test["verdicts"])
    return count.check(ok, where, "a test has name, events, verdicts (`match: WHAT` or `no-match: WHAT` each), and may have reference, signal, vars, filters; nothing else")


def run_test(judges, count, rule, folder, where, test):
    """Asks all judges; returns the expected verdicts."""
    events = os.path.join(folder, test["events"])
    if not count.check(os.path.isfile(events), where, f"no file {test['events']}"):
        return []
    lines = [l for l in open(events, encoding="utf-8") if l.strip()]
    expected = [VERDICTS[next(iter(v))] for v in test["verdicts"]]
    notes = [next(iter(v.values())) for v in test["verdicts"]]
    if not count.check(len(lines) == len(expected), where, f"{len(lines)} events, {len(expected)} verdicts"):
        return []
    for name, judge in judges.items():
        got = judge(rule, events, test.get("vars", {}), [os.path.join(folder, f) for f in test.get("filters", [])])
        if not count.check(isinstance(got, set), f"{where} ({name})", got):
            continue
        for i, want in enumerate(expected):
            count.check((i in got) == want, f"{where} ({name})", f"event {i + 1}, {notes[i]}: {'no match' if want else 'match'}")
    return expected


def run_rule(judges, count, rule):
    folder = re.sub(r"\.ya?ml$", ".tests", rule)
    where = os.path.relpath(rule, ROOT)
    try:
        document = yaml.safe_load(open(os.path.join(folder, "tests.yaml"), encoding="utf-8"))
    except (OSError, yaml.YAMLError) as e:
        count.check(False, where, f"no tests: {e}")
        return
    if not count.check(isinstance(document, dict) and set(document) == {"tests"} and document["tests"], where, "tests.yaml is a map with the one key `tests`, a list"):
        return
    expected, used = [], {"tests.yaml"}
    for test in document["tests"]:
        if not well_formed(count, where, test):
            continue
        used |= {test["events"], *test.get("filters", [])}
        expected += run_test(judges, count, rule, folder, f"{where}: {test['name']}", test)
    count.check(True in expected, where, "no event is meant to match")
    count.check(False in expected, where, "no event is meant not to match")
    count.check(set(os.listdir(folder)) == used, where, f"files that no test uses, or the other way round: {set(os.listdir(folder)) ^ used}")


# --- the shipped rules together -----------------------------------------------------------------------------------------------


def keys_of(node):
    """All keys of search identifiers, modifiers and all."""
    if isinstance(node, list):
        return [k for x in node for k in keys_of(x)]
    if isinstance(node, dict):
        return [k for k in node if isinstance(k, str)] + [k for x in node.values() for k in keys_of(x)]
    return []


def fits(logsource, want):
    return all(logsource.get(k) is None if v is None else logsource.get(k) in (v if isinstance(v, list) else [v]) for k, v in want.items())


def check_set(sigmac, count, folder, rules):
    documents = [yaml.safe_load(open(r, encoding="utf-8")) for r in rules]
    used = {m for d in documents for k in keys_of(d["detection"]) for m in k.split("|")[1:]}
    listed = json.loads(subprocess.run([sigmac, "list", "modifiers", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout)
    for m in listed:
        count.check(m["name"] in used, folder, f"no rule uses the modifier {m['name']}")
    for name, want in FAMILIES:
        count.check(any(fits(d["logsource"], want) for d in documents), folder, f"no rule for {name}")
    page = open(os.path.join(folder, "README.md"), encoding="utf-8").read()
    named = {os.path.join(folder, m) for m in re.findall(r"\]\((\w+/\w+\.ya?ml)\)", page)}
    count.check(named == set(rules), folder, f"README.md and the rules differ: {named ^ set(rules)}")
    p = subprocess.run([sigmac, "compile", "-q", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    count.check(p.returncode == 0 and not p.stdout, folder, f"compiling says: {p.stdout.decode()}")


def check_demo(judges, count, folder, rules):
    events = os.path.join(folder, "demo", "events.ndjson")
    total, seen = sum(1 for l in open(events, encoding="utf-8") if l.strip()), set()
    for name, judge in judges.items():
        for rule in rules:
            got = judge(rule, events, {})
            where = f"{os.path.relpath(rule, ROOT)} ({name})"
            if count.check(isinstance(got, set) and got, where, f"does not fire on the demo {got}"):
                seen |= got
    count.check((total - len(seen)) * 3 > total, events, f"rules fire on {len(seen)} of {total} events: few are benign")


# --- the runner itself ----------------------------------------------------------------------------------------------------------

RULE = "title: T\nlogsource: {category: t}\ndetection:\n    sel:\n        a|expand: '%x%'\n    condition: sel\n"
GOOD = "tests:\n    - name: n\n      vars:\n          x: [b]\n      events: e\n      verdicts:\n          - match: one\n          - no-match: two\n"
FAULTS = {
    "nothing": (GOOD, 0),
    "a wrong match": (GOOD.replace("no-match", "match"), 4),
    "a wrong miss": (GOOD.replace("- match", "- no-match"), 4),
    "a verdict too few": (GOOD.replace("          - no-match: two\n", ""), 3),
    "a verdict too many": (GOOD + "          - match: three\n", 3),
    "no vars": (GOOD.replace("      vars:\n          x: [b]\n", ""), 3),
    "an unknown key": (GOOD + "      event: e\n", 4),
    "an unknown verdict": (GOOD + "          - maybe: three\n", 4),
    "no events": (GOOD.replace("events: e", "events: f"), 4),
    "no tests": ("", 1),
    "not YAML": ("tests: [", 1),
}


def self_test(judges, count):
    for name, (text, faults) in FAULTS.items():
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            os.mkdir(os.path.join(folder, "r.tests"))
            for path, content in (("r.yml", RULE), ("r.tests/tests.yaml", text), ("r.tests/e", '{"a":"b"}\n{"a":"c"}\n')):
                with open(os.path.join(folder, path), "w", encoding="utf-8") as f:
                    f.write(content)
            inner = Count()
            run_rule(judges, inner, os.path.join(folder, "r.yml"))
        count.check(inner.failed == faults, "self-test", f"{name}: {inner.failed} faults, not {faults}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("sigmac", type=os.path.abspath)
    p.add_argument("rules", nargs="?")
    p.add_argument("--oracle", type=os.path.abspath)
    p.add_argument("--self-test", action="store_true")
    args, count = p.parse_args(), Count()
    judges, folder = judges_of(args.sigmac, args.oracle), args.rules or os.path.join(ROOT, "sigma-rules")
    rules = list(rule_files(folder))
    if args.self_test:
        self_test(judges, count)
    else:
        for rule in rules:
            run_rule(judges, count, rule)
    if not args.self_test and not args.rules:
        check_set(args.sigmac, count, folder, rules)
        check_demo(judges, count, folder, rules)
    print(f"{count.passed} passed, {count.failed} failed")
    return count.failed > 0 or count.passed == 0


if __name__ == "__main__":
    sys.exit(main())
