#!/usr/bin/env python3
"""The deploy formats: run.py BUILD/deploy-rule [--self-test | --corpus]

Every document is parsed by a parser that is not ours (json, yaml, tomllib), compared with what the rule says, and held
against the list of members in fields.txt. What the formats refuse must be refused. tests/deploy/expected/ shows what they
look like; BLESS=1 rewrites it. --corpus does the same with the rules in $SIGMAC_SHARED, which are not part of this repository.
"""
import itertools, json, os, re, subprocess, sys, tarfile, tempfile, uuid
from pathlib import Path

import yaml

try:
    import tomllib
except ImportError:  # before Python 3.11
    tomllib = None

HERE = Path(__file__).resolve().parent
SUFFIX = {"kibana-ndjson": "ndjson", "elastic-toml": "toml", "sentinel-yaml": "yaml", "sentinel-arm": "json", "defender-json": "json", "defender-v1-json": "json"}
RISK = {"informational": 1, "low": 21, "medium": 47, "high": 73, "critical": 99}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
passed = failed = 0


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("FAILED:", what)
    return ok


# --- the program ---------------------------------------------------------------------------------------------


class Runner:
    def __init__(self, program):
        self.program, self.folder = program, tempfile.TemporaryDirectory()

    def __call__(self, form, rules, query=None, tables=("DeviceProcessEvents",), index=("winlogbeat-*",), sets=(), time=None):
        args = [self.program, form]
        if query is not None:
            path = Path(self.folder.name) / "query"
            path.write_bytes(query.encode("utf-8", "surrogatepass"))
            args += ["--query", path]
        args += [a for t in tables for a in ("--table", t)] + [a for i in index for a in ("--index", i)] + [a for s in sets for a in ("--set", s)]
        args += ["--time", time] if time else []
        done = subprocess.run([*args, *rules], capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    def rule(self, text):
        path = Path(self.folder.name) / "rule.yml"
        path.write_text(text, encoding="utf-8")
        return [path]


def parse(form, text):
    """All rules of a text, each as a document of its own."""
    if form in ("kibana-ndjson", "defender-json", "defender-v1-json"):
        return [json.loads(line) for line in text.split("\n") if line]
    if form == "sentinel-yaml":
        documents = list(yaml.safe_load_all(text))
        if hasattr(yaml, "CSafeLoader"):  # another reader of YAML
            assert documents == list(yaml.load_all(text, yaml.CSafeLoader)), "libyaml reads it differently"
        return documents
    if form == "elastic-toml":
        return [tomllib.loads(text)]
    template = json.loads(text)
    return [{**template, "resources": [r]} for r in template["resources"]]


# --- members -------------------------------------------------------------------------------------------------


def read_fields(path):
    fields, form = {}, None
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            form = fields.setdefault(line[1:].split("]")[0], {})
        elif line and not line.startswith("#"):
            name, need, kind, *pattern = line.split(None, 3)
            form[name] = (need == "must", kind, pattern[0] if pattern else None)
    return fields


def kind_of(value):
    kinds = {str: "text", bool: "bool", int: "number", list: "list", dict: "map"}
    return kinds.get(type(value), type(value).__name__)


def visit(value, path, found, problems, fields):
    if path:
        if path not in fields:
            problems.append(f"{path}: no such member")
            return
        _, kind, pattern = fields[path]
        if kind_of(value) != kind:
            problems.append(f"{path}: {kind_of(value)} instead of {kind}")
        elif pattern and not re.fullmatch(pattern, str(value)):
            problems.append(f"{path}: {value!r:.80} is not {pattern}")
    found.setdefault(path, 0)
    if isinstance(value, dict):
        for key, v in value.items():
            visit(v, f"{path}.{key}" if path else key, found, problems, fields)
        inner = [f for f in fields if re.fullmatch(re.escape(path + "." if path else "") + r"(@odata\.)?[^.\[]+", f)]
        for f in inner:
            key = f[len(path) + 1 :] if path else f
            if fields[f][0] and key not in value:
                problems.append(f"{f}: lacks")
    if isinstance(value, list):
        for v in value:
            visit(v, path + "[]", found, problems, fields)
        if not value and fields.get(path + "[]", (False,))[0]:
            problems.append(f"{path}: is empty")


def problems_of(form, document, fields):
    problems = []
    visit(document, "", {}, problems, fields[form])
    return problems


def seconds(s):
    iso = re.fullmatch(r"P(?:T?)(\d+)([MHD])", s)
    number, unit = iso.groups() if iso else re.fullmatch(r"(?:now-)?(\d+)([smhd])", s).groups()
    return int(number) * UNITS[unit.lower()]


def relations(form, d):
    """What members must be to each other."""
    if form in ("kibana-ndjson", "elastic-toml"):
        r = d.get("rule", d)
        if seconds(r["from"]) <= seconds(r["interval"]):
            yield "from is not longer than interval"
    elif not form.startswith("defender"):
        r = d if form == "sentinel-yaml" else d["resources"][0]["properties"]
        frequency, period = seconds(r["queryFrequency"]), seconds(r["queryPeriod"])
        if not 300 <= frequency <= period <= 14 * 86400 or (period >= 2 * 86400 and frequency < 3600):
            yield "queryFrequency and queryPeriod"
        if len(r.get("entityMappings", [])) > 5 or any(not 1 <= len(e["fieldMappings"]) <= 3 for e in r.get("entityMappings", [])):
            yield "too many entities"
    text = query_of(form, d)
    if form.startswith("sentinel") and len(text.encode("utf-16-le")) // 2 > 10001:
        yield "query is too long"


# --- what a document says ------------------------------------------------------------------------------------


def arm_text(s):
    """A template reads [[...] as [...]."""
    assert not re.fullmatch(r"(?s)\[(?!\[).*\]", s), "an expression"
    return s[1:] if s.startswith("[[") and s.endswith("]") else s


def query_of(form, d):
    if form == "sentinel-arm":
        return arm_text(d["resources"][0]["properties"]["query"])
    if form.startswith("defender"):
        return d["queryCondition"]["queryText"]
    return d.get("rule", d)["query"]


def said(form, d):
    """id, title, description, level, references, false positives, tags: as far as the format has them."""
    if form in ("kibana-ndjson", "elastic-toml"):
        r = d.get("rule", d)
        return {"id": r["rule_id"], "title": r["name"], "description": r["description"], "level": (r["severity"], r["risk_score"]),
                "references": r.get("references", []), "falsepositives": r.get("false_positives", []),
                "tags": [t for t in r.get("tags", []) if t != "level.informational"]}
    if form.startswith("defender"):
        a = d["detectionAction"]["alertTemplate"]
        return {"title": a["title"], "name": d["displayName"], "long": a["description"], "level": a["severity"]} | {k: d[k] for k in ("id", "description") if k in d}
    if form == "sentinel-yaml":
        return {"id": d["id"], "title": d["name"], "long": d["description"], "level": d["severity"]}
    r = d["resources"][0]
    p = r["properties"]
    return {"id": r["name"][-39:-3], "title": arm_text(p["displayName"]), "long": arm_text(p["description"]), "level": p["severity"]}


def wanted(form, rule):
    level = rule.get("level") or "low"
    description = rule.get("description") or rule["title"]
    lists = {k: rule.get(k) or [] for k in ("references", "falsepositives", "tags")}
    below = "".join(f"\n\n{head}:" + "".join(f"\n- {x}" for x in lists[key])
                    for head, key in (("False positives", "falsepositives"), ("References", "references")) if lists[key])
    capital = "High" if level == "critical" else level.capitalize()
    return {"title": rule["title"], "name": rule["title"], "description": description, "long": description.rstrip("\n ") + below, **lists,
            "level": {"defender-json": capital.lower(), "defender-v1-json": capital.lower(), "sentinel-yaml": capital, "sentinel-arm": capital}.get(
                form, ("low" if level == "informational" else level, RISK[level]))}


def compare(form, d, rule, query, what):
    have, want = said(form, d), wanted(form, rule)
    identity = have.pop("id", None)
    if identity and rule.get("id"):
        check(identity == rule["id"].lower(), f"{what}: id {identity}")
    elif identity:
        check(uuid.UUID(identity).version == 8 and uuid.UUID(identity).variant == uuid.RFC_4122, f"{what}: made id {identity}")
    for key, value in have.items():
        check(value == want[key], f"{what}: {key} is {value!r} instead of {want[key]!r}")
    check(query_of(form, d) == query, f"{what}: query is {query_of(form, d)!r} instead of {query!r}")


# --- cases ---------------------------------------------------------------------------------------------------

QUERIES = [
    "any where true", "T\n| where A == 1\n| extend B = 'c'", "x", " leading blank", "\n\nleading lines", "   \n  \n x", "trailing blank ", "trailing line\n",
    "trailing lines\n\n\n", "a\n   \nb", "a\n\t\n\tb", "\ttab", "a\r\nb", "a\rb", "'''", "a'''b", "ends with '", "''", "\"\"\"", "a\"\"\"b\"", "\\", "a\\", "\\n \\u0041",
    "\x07\x1b[31m\x7f", "a\x85b", "a\u2028b\u2029c", "\ufeffbom", "a\ufeff", "\u202eturned\u2066", "\ufffe \uffff", "é 日本 \U0001f600", "# no comment", "- a", "a: b", "a #b", "---",
    "...", "%YAML", "| >", "{a}", "[x]", "[[x]", "[concat('a')]", "[a\n]", "[a\0b]", "null", "true", "yes", "1", "1e3", "0x10", "12:30", "2024-01-31", "=", "<<", "!tag", "&a", "*a", "`", "@a", "~",
    "|2-\n a", "\x00", " ", "\n", " \n ",
]
REFUSED = [  # id of the diagnostic, format, what is asked for
    ("target-too-long", "sentinel-yaml", {"query": "x" * 10001}),
    ("target-too-long", "sentinel-arm", {"query": "\U0001f600" * 5001}),
    ("deploy-table", "sentinel-yaml", {"tables": ()}),
    ("deploy-table", "sentinel-arm", {"tables": ("SecurityEvent", "")}),
    ("deploy-table", "defender-json", {"tables": ()}),
    ("deploy-table", "defender-json", {"tables": ("SecurityEvent",)}),
    ("deploy-table", "defender-json", {"tables": ("DeviceEvents", "imRegistry")}),
    ("deploy-table", "defender-v1-json", {"tables": ("Event",)}),
    ("deploy-schedule", "defender-v1-json", {"sets": ("query_frequency=5m",)}),
    ("deploy-schedule", "kibana-ndjson", {"sets": ("query_frequency=10m", "query_period=10m")}),
    ("deploy-schedule", "kibana-ndjson", {"sets": ("query_frequency=0",)}),
    ("deploy-schedule", "elastic-toml", {"sets": ("query_period=4m",)}),
    ("deploy-schedule", "sentinel-yaml", {"sets": ("query_frequency=4m",)}),
    ("deploy-schedule", "sentinel-yaml", {"sets": ("query_frequency=301s",)}),
    ("deploy-schedule", "sentinel-yaml", {"sets": ("query_frequency=15d",)}),
    ("deploy-schedule", "sentinel-arm", {"sets": ("query_frequency=1d", "query_period=1h")}),
    ("deploy-schedule", "sentinel-arm", {"sets": ("query_frequency=30m", "query_period=2d")}),
    ("deploy-schedule", "defender-json", {"sets": ("query_frequency=2h",)}),
    ("deploy-schedule", "defender-json", {"sets": ("query_frequency=0",), "tables": ("DeviceEvents", "DeviceFileEvents")}),
    *(("deploy-attribute", "kibana-ndjson", {"sets": (s,)}) for s in (
        "severity=severe", "risk_score=101", "risk_score=", "risk_score=-1", "query_frequency=5", "query_frequency=m", "query_frequency=5w", "query_frequency=P5M", "query_frequency=PT1D",
        "query_frequency=P", "query_frequency=PT", "query_frequency=", "query_frequency=99999999999999999999d", "query_period=1h1m", "query_period=366d", "rule_version=0", "rule_version=1.2",
        "max_signals=0", "enabled=yes")),
]
FITS = [  # format, attributes, path, value
    ("kibana-ndjson", ("severity=critical",), "risk_score", 99), ("kibana-ndjson", ("severity=HIGH", "risk_score=80"), "risk_score", 80), ("kibana-ndjson", ("risk_score=0",), "risk_score", 0),
    ("kibana-ndjson", ("query_frequency=PT1H",), "interval", "1h"), ("kibana-ndjson", ("query_frequency=1h",), "from", "now-64m"), ("kibana-ndjson", ("query_frequency=90s",), "from", "now-330s"),
    ("kibana-ndjson", ("query_frequency=1d",), "interval", "24h"), ("kibana-ndjson", ("query_period=PT2H30M",), "from", "now-150m"), ("kibana-ndjson", ("enabled=true",), "enabled", True),
    ("kibana-ndjson", ("rule_version=7",), "version", 7), ("kibana-ndjson", ("max_signals=5",), "max_signals", 5), ("kibana-ndjson", ("timestamp_override=event.created",), "timestamp_override", "event.created"),
    ("kibana-ndjson", ("somebody_elses=x",), "version", 1), ("kibana-ndjson", ("license=MIT",), "license", "DRL-1.1"), ("kibana-ndjson", ("rule_version=2", "rule_version=3"), "version", 3),
    ("sentinel-yaml", ("query_frequency=5m",), "queryPeriod", "5m"), ("sentinel-yaml", ("query_period=P14D",), "queryPeriod", "14d"), ("sentinel-yaml", ("query_frequency=24h",), "queryFrequency", "1d"),
    ("sentinel-yaml", ("rule_version=3",), "version", "3.0.0"), ("sentinel-arm", ("query_frequency=90m",), "resources.0.properties.queryFrequency", "PT90M"),
    ("sentinel-arm", ("query_period=1d",), "resources.0.properties.queryPeriod", "P1D"), ("sentinel-arm", ("enabled=false",), "resources.0.properties.enabled", False),
    ("defender-v1-json", ("query_frequency=0",), "schedule.frequency", "PT0S"), ("defender-v1-json", ("query_frequency=24h", "enabled=false"), "schedule.frequency", "P1D"),
    ("defender-v1-json", ("enabled=false",), "status", "disabled"),
    ("defender-json", ("query_frequency=0",), "schedule.period", "0"), ("defender-json", ("query_frequency=P1D",), "schedule.period", "24H"), ("defender-json", ("severity=informational",), "detectionAction.alertTemplate.severity", "informational"),
]


def at(d, path):
    for key in path.split("."):
        d = d[int(key)] if isinstance(d, list) else d[key]
    return d


def formats():
    return [f for f in SUFFIX if tomllib or f != "elastic-toml"]


def check_rules(run, fields):
    for form, path in itertools.product(formats(), sorted((HERE / "rules").glob("*.yml"))):
        what = f"{form}, {path.name}"
        rule = yaml.safe_load(path.read_text(encoding="utf-8"))
        code, out, err = run(form, [path], "DeviceProcessEvents\n| where A == \"b\"")
        if form == "elastic-toml" and not rule.get("date"):
            check(code == 1 and not out and "[deploy-metadata]" in err, f"{what}: {err}")
            continue
        if not check(code == 0, f"{what}: {err}"):
            continue
        [document] = parse(form, out)
        for p in [*problems_of(form, document, fields), *relations(form, document)]:
            check(False, f"{what}: {p}")
        compare(form, document, rule, "DeviceProcessEvents\n| where A == \"b\"", what)
        golden(path.stem, form, out, err)


def golden(name, form, out, err):
    for suffix, text in ((SUFFIX[form], out), ("stderr", re.sub(r"[^ \n]*/tests/deploy/", "", err))):
        path = HERE / "expected" / f"{name}.{form}.{suffix}"
        if os.environ.get("BLESS"):
            path.parent.mkdir(exist_ok=True)
            if text:
                path.write_bytes(text.encode("utf-8"))
            else:
                path.unlink(missing_ok=True)
        have = path.read_bytes().decode("utf-8") if path.exists() else ""
        check(have == text, f"{path.name} differs:\n{text}")


def check_queries(run, fields):
    rule = yaml.safe_load((HERE / "rules/full.yml").read_text())
    for form, query in itertools.product(formats(), QUERIES):
        code, out, err = run(form, [HERE / "rules/full.yml"], query)
        if not check(code == 0, f"{form}, {query!r}: {err}"):
            continue
        try:
            [document] = parse(form, out)
        except Exception as e:
            check(False, f"{form}, {query!r}: {e}")
            continue
        check(query_of(form, document) == query, f"{form}, {query!r}: read back as {query_of(form, document)!r}")


def check_limits(run, fields):
    full = [HERE / "rules/full.yml"]
    for ident, form, how in REFUSED:
        if form not in formats():
            continue
        code, out, err = run(form, full, **{"query": "T", **how})
        alone = run(form, [], "T")[1]
        check(code == 1 and out == alone and f"[{ident}]" in err, f"{form} {how!r:.100}: status {code}, {out!r:.100}, {err}")
    for form, sets, path, value in FITS:
        code, out, err = run(form, full, "T", sets=sets)
        ok = check(code == 0, f"{form} {sets}: {err}")
        check(ok and at(parse(form, out)[0], path) == value, f"{form} {sets}: {ok and at(parse(form, out)[0], path)!r} instead of {value!r}")
    for query in ("x" * 10000, "\U0001f600" * 5000):
        check(run("sentinel-yaml", full, query)[0] == 0, "a query of 10,000 characters")
    code, out, err = run("sentinel-yaml", run.rule("title: '" + "\U0001f600" * 200 + "'\ndescription: " + "d" * 5001 + "\nlogsource: {product: a}\ndetection: {s: {a: b}, condition: s}\n"), "T")
    [document] = parse("sentinel-yaml", out)
    check(code == 0 and document["name"] == "\U0001f600" * 128 and document["description"] == "d" * 5000 and err.count("[deploy-metadata]") == 2, f"cut: {err}")


def random_text(random):
    alphabet = ["a", "B", "1", " ", "  ", "\n", "\t", "'", "''", '"', '"""', "\\", "#", ": ", "- ", "[", "]", "{", "}", ",", "|", ">", "&", "*", "!", "%", "@", "`", "\r", "\0", "\x1b", "\x7f", "\x85",
                "\u2028", "\ufeff", "\u202e", "é", "日", "\U0001f600", "\ufffe", "---", "...", "null", "0x1", "\\u0041", "~", "?", "="]
    return "".join(random.choice(alphabet) for _ in range(random.randint(1, 12)))


def check_random(run, fields):
    random = __import__("random").Random(4)
    escape = lambda s: json.dumps(s) if all(ord(c) < 0x10000 for c in s) else '"' + "".join(f"\\U{ord(c):08X}" for c in s) + '"'
    rules = [{k: random_text(random) for k in ("title", "description", "author")} | {k: [random_text(random) for _ in range(random.randint(0, 3))] for k in ("falsepositives", "references")}
             for _ in range(300)]
    text = "---\n".join("".join(f"{k}: {escape(v) if isinstance(v, str) else '[' + ', '.join(map(escape, v)) + ']'}\n" for k, v in r.items()) +
                        "date: 2024-01-31\nlogsource: {product: a}\ndetection: {s: {a: b}, condition: s}\n" for r in rules)
    for form in formats():
        if form == "elastic-toml":
            documents = []
            for part in text.split("---\nti")[:60]:
                documents += parse(form, run(form, run.rule(part if part.startswith("ti") else "ti" + part), "T")[1])
        else:
            documents = parse(form, run(form, run.rule(text), "T")[1])
        check(len(documents) == (60 if form == "elastic-toml" else 300), f"{form}: {len(documents)} random rules")
        for document, rule in zip(documents, rules):
            compare(form, document, rule, "T", f"{form}, random")


def check_several(run, fields):
    paths = [HERE / "rules" / n for n in ("full.yml", "tags.yml", "bare.yml")]
    for form in formats():
        if form == "elastic-toml":
            continue
        documents = parse(form, run(form, paths, "T")[1])
        check(len(documents) == 3, f"{form}: {len(documents)} of 3 rules")
        check([said(form, d)["title"] for d in documents] == [yaml.safe_load(p.read_text())["title"] for p in paths], f"{form}: titles")
    check(json.loads(run("sentinel-arm", [], "T")[1])["resources"] == [], "a template without rules")
    made = [said("kibana-ndjson", parse("kibana-ndjson", run("kibana-ndjson", run.rule(f"title: {t}\nlogsource: {{product: {p}}}\ndetection: {{s: {{a: {v}}}, condition: s}}\n"), "T")[1])[0])["id"]
            for t, p, v in (("a", "b", 1), ("a", "b", 2), ("ab", "c", 1), ("a", "bc", 1))]
    check(made[0] == made[1] and len(set(made)) == 3, f"made ids: {made}")


ATTACK = [  # tags, format, path, value: version 19 as it is where it is known, else what it was before
    ("defense-impairment t1685.001", "kibana-ndjson", "threat.0.technique.0.subtechnique.0.id", "T1685.001"),
    ("defense-impairment t1685.001", "kibana-ndjson", "threat.0.tactic.id", "TA0112"),
    ("defense-impairment t1685.001", "sentinel-yaml", "tactics", ["DefenseEvasion"]),
    ("defense-impairment t1685.001", "sentinel-yaml", "relevantTechniques", ["T1562", "T1562.002"]),
    ("t1685.001", "sentinel-yaml", "tactics", ["DefenseEvasion"]),
    ("defense-impairment t1685.001", "defender-json", "detectionAction.alertTemplate.mitreTechniques", ["T1562.002"]),
    ("execution t1059.001", "defender-json", "detectionAction.alertTemplate.mitreTechniques", ["T1059.001"]),
    ("execution t1059 t1059.001", "defender-json", "detectionAction.alertTemplate.mitreTechniques", ["T1059", "T1059.001"]),
]


def check_attack(run, fields):
    for tags, form, path, value in ATTACK:
        words = ", ".join("attack." + w for w in tags.split())
        code, out, err = run(form, run.rule(f"title: T\ntags: [{words}]\nlogsource: {{product: windows}}\ndetection:\n  s: {{A: x}}\n  condition: s\n"), "T")
        have = at(parse(form, out)[0], path) if check(code == 0 and not err.count("[tag-"), f"{form} {tags}: {err}") else None
        check(have == value, f"{form} {tags}: {path} is {have!r} instead of {value!r}")


def check_tables(run, fields):
    """Columns of entities against the schemas of the shipped pipelines."""
    schemas = HERE.parent.parent / "pipelines/schemas"
    source = (HERE.parent.parent / "backends/deploy_table.c").read_text()
    names = re.findall(r"\{(?:DEVICE|PARSER|SENTINEL)\(\"(\w+)\"", source)
    check(len(names) > 20, "tables of deploy_table.c")
    columns = {}
    for path in schemas.glob("*.yml"):
        columns.update((yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("tables") or {})
    for table in names:
        code, out, err = run("sentinel-yaml", [HERE / "rules/full.yml"], "T", tables=(table,))
        for p in problems_of("sentinel-yaml", parse("sentinel-yaml", out)[0], fields) if check(code == 0, err) else []:
            check(False, f"{table}: {p}")
        for e in yaml.safe_load(out).get("entityMappings", []):
            for f in e["fieldMappings"]:
                check(table not in columns or f["columnName"] in columns[table], f"{table} has no column {f['columnName']}")


def check_corpus(run, fields):
    """Public rules: as many documents as rules, members as they must be, texts as the rules have them."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(Path(os.environ["SIGMAC_SHARED"]) / "data/sigmahq-rules.tar.gz") as archive:
            archive.extractall(folder)
        rules = [(p, list(yaml.load_all(p.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader)))) for p in sorted(Path(folder).rglob("*.yml"))]
        rules = [(p, docs[0]) for p, docs in rules if len(docs) == 1 and "detection" in docs[0] and docs[0].get("date")]
        for form in formats():
            single = rules[::20] if form in ("elastic-toml", "sentinel-yaml") else rules
            documents = []
            for part in [[s] for s in single] if form == "elastic-toml" else [single]:
                code, out, err = run(form, [p for p, _ in part], "T")
                documents += parse(form, out) if check(code == 0, f"{form}: {err}") else []
            check(len(documents) == len(single), f"{form}: {len(documents)} documents of {len(single)} rules")
            for (path, rule), d in zip(single, documents):
                for p in [*problems_of(form, d, fields), *relations(form, d)]:
                    check(False, f"{form}, {path}: {p}")
                compare(form, d, rule, "T", f"{form}, {path}")
            print(f"{form}: {len(documents)} rules")


def self_test(run, fields):
    """That a fault in a document is seen."""
    for form in formats():
        [good] = parse(form, run(form, [HERE / "rules/full.yml"], "T")[1])
        check(not problems_of(form, good, fields) and not list(relations(form, good)), f"{form}: a good document")
        for path, (must, kind, pattern) in fields[form].items():
            if "[]" in path or "@" in path:
                continue
            *outer, key = path.split(".")
            for change in ("wrong type", "lacks"):
                bad = json.loads(json.dumps(good))
                inner = at(bad, ".".join(outer)) if outer else bad
                if key not in inner or (change == "lacks" and not must):
                    continue
                if change == "lacks":
                    del inner[key]
                else:
                    inner[key] = 1.5
                check(problems_of(form, bad, fields), f"{form}: {path}, {change}: not seen")
        check(problems_of(form, {**good, "other": 1}, fields), f"{form}: a member too many is not seen")


def main():
    run, fields = Runner(sys.argv[1]), read_fields(HERE / "fields.txt")
    parts = (self_test,) if "--self-test" in sys.argv else (check_corpus,) if "--corpus" in sys.argv else (check_rules, check_queries, check_limits, check_random, check_several, check_attack, check_tables)
    for part in parts:
        part(run, fields)
    if not tomllib:
        print("elastic-toml is not parsed: Python 3.11 has tomllib")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
