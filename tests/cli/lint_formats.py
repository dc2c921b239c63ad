#!/usr/bin/env python3
"""The forms of output of lint, read by other parsers: lint_formats.py SIGMAC   (`N passed, N failed` last)

Rules with hostile names and texts are linted; every form must name the same findings at the same places. With SIGMAC_SHARED and
the package jsonschema, SARIF is also held against its schema.
"""
import collections, json, os, re, subprocess, sys, tempfile, urllib.parse
import xml.etree.ElementTree as ElementTree

RULE = "title: {0}\nlogsource: {{product: windows}}\ndetection:\n  condition: 1 of s*\n  s: {{A: {0}}}\n"
FILES = {
    "plain.yml": RULE.format("x"),
    "quotes \"<&>'.yml": RULE.format("'<&> \"]]>'"),
    "percent%25,colon:.yml": RULE.format("'100%, or: so'"),
    "ünï — 東京.yml": RULE.format("東京"),
    "line\nend\x1b[31m.yml": RULE.format('"\\e[31m"'),
    "no-title.yml": RULE.replace("title: {0}\n", "").format("x"),
    "no-rule.yml": "- a\n",
    "fixes\t.yml": "---\n" + RULE.format("東京  #1\n\n\n\n\n"),
    "good.yml": "",
    "refused.yml": RULE.format("x") + "  s2: {A|re: '(?<=a)b', B|fieldref: C}\n",
}
NO_UTF8 = b"bytes\xff.yml"  # encoded as it is in a URI, replaced elsewhere


def run(sigmac, fmt, *more, name=None):
    """In this folder, or with a file as standard input."""
    command = [sigmac, "lint", "--format", fmt, "--profile", "all", "--today", "2026-02-01", *more]
    text = open(name, "rb").read() if name else b""
    p = subprocess.run(command + ([] if name else ["."]), capture_output=True, timeout=60, input=text)
    assert p.returncode in (0, 1), p.stderr
    return p.stdout.decode("utf-8")


def name_of(path):
    """As XML and the log of a workflow can carry it."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", path)


def of_json(text):
    return [(name_of(f["path"]), f["severity"], f["check"], f["line"], f["column"], f["end_line"], f["end_column"]) for f in json.loads(text)["findings"]]


def of_sarif(text):
    run, = json.loads(text)["runs"]
    rules = run["tool"]["driver"]["rules"]
    severity = {"error": "error", "warning": "warning", "note": "info"}
    for r in run["results"]:
        assert rules[r["ruleIndex"]]["id"] == r["ruleId"]
        place = r["locations"][0]["physicalLocation"]
        uri, g = place["artifactLocation"]["uri"], place["region"]
        assert re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), uri
        path = urllib.parse.unquote(uri, errors="replace")
        yield name_of(path), severity[r["level"]], r["ruleId"], g["startLine"], g["startColumn"], g["endLine"], g["endColumn"]


def of_github(text):
    severity = {"error": "error", "warning": "warning", "notice": "info"}

    def decoded(s):
        return s.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")

    for line in text.splitlines():
        command, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.+)", line).groups()
        p = {k: decoded(v) for k, v in (pair.split("=", 1) for pair in properties.split(","))}
        yield (p["file"], severity[command], p["title"], int(p["line"]), int(p.get("col", 0)), int(p["endLine"]), int(p.get("endColumn", 0)))


def without_columns(finding):
    """Annotations over several lines have none."""
    path, severity, check, line, col, end, end_col = finding
    return finding if line == end else (path, severity, check, line, 0, end, 0)


def of_junit(text):
    suites = ElementTree.fromstring(text)
    suite, = suites
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) and int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    for c in cases:
        assert len(c.findall("failure")) <= 1
        for part in c:
            for line in part.text.replace(c.get("name"), "FILE").splitlines():
                m = re.match(r"FILE:(\d+):(\d+): (\w+): .* \[([a-z0-9-]+)\](?: hint: .*)?$", line)
                assert m, line
                assert (part.tag == "failure") == (m[3] == "error"), line
                yield c.get("name"), m[3], m[4], int(m[1]), int(m[2])


def edits_of_json(text):
    """Edits of each finding that has a fix, and in what order."""
    for f in json.loads(text)["findings"]:
        if "fix" in f:
            assert f["fix"]["kind"] in ("safe", "unsafe") and f["fix"]["edits"], f
            yield name_of(f["path"]), f["check"], f["fix"]["kind"], [
                (e["line"], e["column"], e["end_line"], e["end_column"], e["text"]) for e in f["fix"]["edits"]]


def edits_of_sarif(text):
    for r in json.loads(text)["runs"][0]["results"]:
        for fix in r.get("fixes", []):
            change, = fix["artifactChanges"]
            path = urllib.parse.unquote(change["artifactLocation"]["uri"], errors="replace")
            regions = [(x["deletedRegion"], x.get("insertedContent", {}).get("text", "")) for x in change["replacements"]]
            yield name_of(path), r["ruleId"], fix["description"]["text"].split(":")[0], [
                (g["startLine"], g["startColumn"], g["endLine"], g["endColumn"], new) for g, new in regions]


def edited(text, edits):
    """As a program would that knows lines and columns alone."""
    lines = text.split("\n")
    starts = [sum(len(l) + 1 for l in lines[:i]) for i in range(len(lines))]
    for line, col, end, end_col, new in reversed(edits):
        text = text[: starts[line - 1] + col - 1] + new + text[starts[end - 1] + end_col - 1 :]
    return text


def fixed_by(edits, name):
    """Behind the fixes of all findings of a file that do not overlap, as they come."""
    text = FILES[name]
    all_edits = sorted(e for path, _, _, es in edits if path == name_of("./" + name) for e in es)
    return edited(text, all_edits)


def of_gitlab(text):
    severity, issues = {"critical": "error", "minor": "warning", "info": "info"}, json.loads(text)
    assert len({i["fingerprint"] for i in issues}) == len(issues)
    for i in issues:
        assert i["description"]
        yield name_of("./" + i["location"]["path"]), severity[i["severity"]], i["check_name"], i["location"]["lines"]["begin"]


def schema_faults(text):
    """None where there is nothing to hold it against."""
    path = os.path.join(os.environ.get("SIGMAC_SHARED", "/nonexistent"), "spec", "external", "sarif-schema-2.1.0.json")
    try:
        import jsonschema
    except ImportError:
        print("SARIF against its schema skipped: python3-jsonschema is not installed")
        return None
    if not os.path.exists(path):
        print("SARIF against its schema skipped: SIGMAC_SHARED is not set")
        return None
    with open(path, encoding="utf-8") as f:
        validator = jsonschema.validators.validator_for(schema := json.load(f))(schema)
    broken = text.replace('"level":"error"', '"level":"bad"', 1)
    assert list(validator.iter_errors(json.loads(broken))), "a fault is not seen"
    return [e.message for e in validator.iter_errors(json.loads(text))]


def many(sigmac):
    """More findings in one file than are given out: every form says so."""
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "many.yml"), "w", encoding="utf-8") as f:
            f.write("---\n".join(f"title: t{i}\n" for i in range(700)))
        os.chdir(d)
        omitted = json.loads(run(sigmac, "json"))["summary"]["omitted"]
        return omitted > 0 and all(re.search(rf"\b{omitted} more (findings )?are not shown", run(sigmac, f)) for f in ("text", "sarif", "junit", "github", "gitlab"))


def main():
    sigmac = os.path.abspath(sys.argv[1])
    results = {}
    with tempfile.TemporaryDirectory() as d:
        os.chdir(d)
        for name, text in FILES.items():
            with open(name, "w", encoding="utf-8") as f:
                f.write(text)
        with open(NO_UTF8, "w", encoding="utf-8") as f:
            f.write(RULE.format("x"))
        for more in ((), ("--target", "eql,kql")):
            also = " ".join(("", *more))
            expected = of_json(run(sigmac, "json", *more))
            sarif, junit, github, gitlab = (run(sigmac, f, *more) for f in ("sarif", "junit", "github", "gitlab"))
            results["there are findings of each severity" + also] = len({f[1] for f in expected}) >= 2
            results["what translation refuses is there" + also] = any(f[2].startswith("target-") for f in expected) == bool(more)
            results["sarif names the findings" + also] = collections.Counter(of_sarif(sarif)) == collections.Counter(expected)
            results["github names the findings" + also] = collections.Counter(of_github(github)) == collections.Counter(map(without_columns, expected))
            results["junit names the findings" + also] = collections.Counter(of_junit(junit)) == collections.Counter(f[:5] for f in expected)
            results["gitlab names the findings" + also] = collections.Counter(of_gitlab(gitlab)) == collections.Counter(f[:4] for f in expected)
            results["junit has all files" + also] = len(ElementTree.fromstring(junit).findall("testsuite/testcase")) == len(FILES) + 1
            faults = schema_faults(sarif)
            if faults is not None:
                results["sarif is valid" + also] = not faults
                print("".join(f + "\n" for f in faults), end="")
        edits = list(edits_of_json(run(sigmac, "json")))
        results["there are fixes"] = len(edits) >= 3
        results["sarif has the same edits"] = edits == list(edits_of_sarif(run(sigmac, "sarif")))
        # of fixes that do not touch each other, and with nothing more to mend behind them
        few = [w for c in ("missing-id", "missing-status", "missing-falsepositives", "yaml-indent", "of-single") for w in ("--disable", c)]
        edits = list(edits_of_json(run(sigmac, "json", *few)))
        fixed = run(sigmac, "text", "--fix", "-", *few, name="fixes\t.yml")
        results["edits are places in the text"] = fixed != FILES["fixes\t.yml"] and fixed_by(edits, "fixes\t.yml") == fixed
        results["text has no escape sequence"] = "\x1b" not in run(sigmac, "text", "--color", "never")
        results["what is left out is told"] = many(sigmac)
        os.chdir("/")
    for name, good in results.items():
        if not good:
            print(f"FAILED: {name}")
    print(f"{sum(results.values())} passed, {len(results) - sum(results.values())} failed")
    sys.exit(not all(results.values()))


if __name__ == "__main__":
    main()
