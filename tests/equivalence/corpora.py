# SPDX-License-Identifier: MIT
"""The rules and events that the proof runs over, and what the executor must know of the fields of a pipeline.

Each function yields (name, Harness, [Set], folder). SHARED is the folder with the corpora ($SIGMAC_SHARED): data/regression,
data/winlog, data/attack-tests, data/other, data/sigmahq-rules.tar.gz, vectors; without it only what is in the tree is run."""
import collections
import glob
import ipaddress
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile

import yaml

import convert_asim
import convert_ecs
import convert_native
import convert_xdr
import harness
import json_numbers
import normalise
import types_file
from harness import Harness, Set

HERE = normalise.HERE
ROOT = os.path.abspath(normalise.ROOT)
SHARED = os.environ.get("SIGMAC_SHARED")
PIPELINES = os.path.join(ROOT, "pipelines")


def shared(*path):
    p = os.path.join(SHARED, *path) if SHARED else None
    return p if p and os.path.exists(p) else None


def read_events(path, limit=None):
    if path.endswith(".zst"):
        text = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout.decode()
    else:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    lines = [l for l in text.split("\n") if l.strip()]
    if limit:
        lines = lines[::max(1, len(lines) // limit)][:limit]
    return [json_numbers.loads(l) for l in lines]


# ------------------------------------------------------------------ what a pipeline knows of fields
def pipeline(name):
    with open(os.path.join(PIPELINES, name + ".yml"), encoding="utf-8") as f:
        return yaml.safe_load(f)["vars"]["sigmac"]


def schemas(name, key):
    ours, out = pipeline(name), {}
    for path in ours.get("schema", []):
        with open(os.path.join(PIPELINES, path), encoding="utf-8") as f:
            out.update(yaml.safe_load(f).get(key, {}))
    for k, v in ours.get(key, {}).items():
        out[k] = {**out.get(k, {}), **v} if isinstance(v, dict) else v
    return out


def field_types(name, folder):
    "-> path of a types file for the executor"
    path = os.path.join(folder, name + ".types.json")
    with open(path, "w") as f:
        json.dump(schemas(name, "field_types"), f)
    return path


def tables(name):
    return {t: {c: "string" if y == "unknown" else y for c, y in cols.items()} for t, cols in schemas(name, "tables").items()}


# ------------------------------------------------------------------ rules
class Rules:
    "rules copied into a folder of their own, so that one folder is all that sigmac needs to be told"

    def __init__(self):
        self.base = tempfile.mkdtemp(prefix="sigmac-rules.")
        self.n = 0

    def close(self):
        shutil.rmtree(self.base, ignore_errors=True)

    def add(self, texts, events, rows=None, name=None):
        "texts: [(key, YAML, values of placeholders)]"
        folder = os.path.join(self.base, name or f"s{self.n}")
        self.n += 1
        os.makedirs(folder)
        rules = []
        for i, (key, text, variables) in enumerate(texts):
            path = os.path.join(folder, f"r{i:05}.yml")
            with open(path, "w", encoding="utf-8", newline="", errors="surrogatepass") as f:
                f.write(text)
            if variables:
                with open(path[:-4] + ".vars.yml", "w", encoding="utf-8") as f:
                    yaml.safe_dump({"vars": variables}, f)
            rules.append((key, path))
        return Set(rules, folder, events, rows)


def sigmahq():
    "-> folder with rules/, or None"
    for path in (os.environ.get("SIGMAHQ_RULES"), os.path.join(ROOT, "build", "sigmahq-rules")):
        if path and os.path.isdir(path):
            return path
    tar = shared("data", "sigmahq-rules.tar.gz")
    if not tar:
        return None
    with tarfile.open(tar) as t:
        t.extractall(os.path.join(ROOT, "build"), filter="data")
    return os.path.join(ROOT, "build", "sigmahq-rules")


def rule_files(folder):
    return sorted(p for p in glob.glob(folder + "/**/*.y*ml", recursive=True) if p.endswith((".yml", ".yaml")) and ".tests/" not in p and not p.endswith((".vars.yml", ".vars.yaml")))


def folder_set(folder, events, rows=None, every=1):
    "every: take one of so many, and all that the regression events are samples of"
    files = rule_files(folder)
    if every == 1:
        return Set([(os.path.relpath(p, folder), p) for p in files], folder, events, rows), folder
    rules = Rules()
    texts = []
    path = shared("data", "regression", "regression-positive.public.ndjson.zst")
    wanted = {os.path.basename(e["rule_path"]) for e in read_events(path)} if path else set()
    for p in sorted(set(files[::every]) | {f for f in files if os.path.basename(f) in wanted}):
        with open(p, encoding="utf-8") as f:
            texts.append((os.path.relpath(p, folder), f.read(), None))
    return rules.add(texts, events, rows), rules.base


# ------------------------------------------------------------------ events
def flat_windows(limit=None):
    "the public regression events and the mixed ten thousand, flat"
    out = []
    path = shared("data", "regression", "regression-positive.public.ndjson.zst")
    if path:
        out += [e["event"] for e in read_events(path)]
    path = shared("data", "winlog", "winlog-10k.ndjson.zst")
    if path:
        out += read_events(path, limit)
    path = shared("data", "attack-tests", "t1584.002.flat.ndjson")
    if path:
        out += read_events(path)
    return out


def ecs_windows(limit=None):
    out = []
    path = shared("data", "regression", "regression-positive.public.ndjson.zst")
    if path:
        out += [convert_ecs.ecs(e["event"]) for e in read_events(path)]
    path = shared("data", "winlog", "ecs-10k.ndjson.zst")
    if path:
        out += read_events(path, limit)
    path = shared("data", "attack-tests", "t1584.002.ecs.ndjson")
    if path:
        out += read_events(path)
    return out


def rows_of(convert, events):
    "-> rows, the same for the VM, {table: {computed column: type}}"
    pairs = [p for p in map(convert, events) if p]
    computed = collections.defaultdict(dict)
    for row, vm in pairs:
        for name, v in vm.items():
            if row.get(name) is not v:
                computed[vm["_table"]][name] = "long" if isinstance(v, int) else "keyword"
    return [row for row, _ in pairs], [vm for _, vm in pairs], computed


def web_events(limit=None):
    out = []
    for name in ("proxy-from-zeek-http-otrf", "webserver-apache-elastic-examples"):
        path = shared("data", "other", "web", name + ".ndjson.zst")
        if path:
            out += read_events(path, limit)
    return out


# ------------------------------------------------------------------ types of small sets, from their events
def is_address(s):
    try:
        ipaddress.ip_address(s)
    except ValueError:
        return False
    return "%" not in s


def guess(events):
    "field -> long, double, boolean, ip, object or keyword: what all of its values are"
    seen = collections.defaultdict(set)

    def walk(v, path):
        if isinstance(v, dict):
            if path:
                seen[path].add("object")
            for k, x in v.items():
                walk(x, path + "." + k if path else k)
        elif isinstance(v, list):
            for x in v:
                walk(x, path)
        elif v is not None:
            seen[path].add("boolean" if isinstance(v, bool) else "long" if isinstance(v, int) and -(1 << 63) <= v < 1 << 63 else "double" if isinstance(v, float) else "ip" if is_address(v) else "keyword")
    for e in events:
        if isinstance(e, dict):
            walk(e, "")
    return {f: t.copy().pop() if len(t) == 1 else "double" if t == {"long", "double"} else "keyword" for f, t in seen.items()}


def flat_types(events, files):
    """Types for rules without a pipeline, complete: of a field that events have, integer, boolean or address where all of its values
    are, or are texts of such, else text; of another one what the values of the rules say."""
    whole, seen, said = re.compile(r"-?(0|[1-9][0-9]{0,17})"), collections.defaultdict(set), collections.defaultdict(set)

    def note(path, v):
        if isinstance(v, dict):
            for k, x in v.items():
                note(path + "." + k if path else k, x)
        elif isinstance(v, list):
            for x in v:
                note(path, x)
        elif v is not None:
            seen[path].add("boolean" if isinstance(v, bool) or v in ("true", "false") else "long" if isinstance(v, int) or isinstance(v, str) and whole.fullmatch(v) else "ip" if isinstance(v, str) and is_address(v) else "keyword")

    def items(node):
        if isinstance(node, list):
            for x in node:
                items(x)
        elif isinstance(node, dict):
            for k, v in node.items():
                name, *mods = str(k).split("|")
                if not name:
                    continue
                for x in v if isinstance(v, list) else [v]:
                    if "exists" not in mods and x is not None:
                        said[name].add("ip" if "cidr" in mods else "boolean" if isinstance(x, bool) else "long" if isinstance(x, int) else "keyword")
    for e in events:
        note("", e)
    for path in files:
        with open(path, encoding="utf-8") as f:
            for doc in yaml.load_all(f, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
                if isinstance(doc, dict):
                    for name, node in (doc.get("detection") or doc.get("filter") or {}).items():
                        if name not in ("condition", "timeframe", "rules"):
                            items(node)
    out = {}
    for name in set(seen) | set(said):
        kinds = seen.get(name) or said[name]
        out[name] = next(iter(kinds)) if len(kinds) == 1 else "keyword"
    return out


def alone(case):
    "what is beside its rule would change others"
    return case[2] or re.search(r"(?m)^filter:", case[1])


def batches(cases, rows):
    """rows: as tables have them, not documents. cases: [(key, rule text, variables, events)] -> [(types, cases)]: a type of one case never contradicts that of another; cases
    with placeholders or filters stand alone."""
    out = []
    for case in cases:
        types = guess(map(normalise.columns, case[3]) if rows else case[3])
        for known, members in out:
            if not alone(case) and not alone(members[0]) and all(known.get(f, t) == t for f, t in types.items()):
                known.update(types)
                members.append(case)
                break
        else:
            out.append((types, [case]))
    return out


def one_rule(text):
    "a text with one rule, and no more than filters beside it"
    try:
        docs = [d for d in yaml.safe_load_all(text) if d is not None]
    except yaml.YAMLError:
        return True  # sigmac may read it: it decides
    if not all(isinstance(d, dict) and not {"correlation", "action"} & set(d) for d in docs):
        return False
    return sum("filter" not in d for d in docs) == 1


def vectors():
    out = []
    for path in sorted(glob.glob(os.path.join(SHARED or "", "vectors", "*.json"))) if SHARED else []:
        with open(path, encoding="utf-8") as f:
            data = json_numbers.loads(f.read())
        for v in data:
            if "error" not in v and "titles" not in v and "correlation" not in os.path.basename(path) and one_rule(v["rule"]):
                events = [x.get("event") for x in v["events"]]
                if all(isinstance(e, dict) for e in events):
                    out.append((v["id"], v["rule"], v.get("placeholders"), events))
    return out


def golden():
    out = []
    for folder in sorted(glob.glob(os.path.join(ROOT, "tests", "golden", "*", ""))):
        rule, events = os.path.join(folder, "rule.yml"), os.path.join(folder, "events.ndjson")
        beside = filters_of(os.path.join(folder, "args"))
        if os.path.exists(rule) and os.path.exists(events) and beside is not None:
            with open(rule, encoding="utf-8", errors="surrogateescape") as f:
                text = f.read()
            docs = split_documents(text, beside)
            found = []
            with open(events, encoding="utf-8", errors="replace") as f:
                for line in f:
                    try:
                        e = json_numbers.loads(line)
                    except ValueError:
                        continue
                    if isinstance(e, dict):
                        found.append(e)
            for i, d in enumerate(docs):
                out.append((f"{os.path.basename(folder[:-1])}#{i}", d, None, found))
    return out


def filters_of(args):
    "texts of filters, where a case has no other arguments; else None"
    if not os.path.exists(args):
        return []
    with open(args, encoding="utf-8") as f:
        words = f.read().split("\n")[:-1]
    if len(words) % 2 or set(words[::2]) != {"--filter"}:
        return None
    out = []
    for name in words[1::2]:
        with open(os.path.join(os.path.dirname(args), name), encoding="utf-8") as f:
            out.append(f.read())
    return out


def split_documents(text, beside=()):
    "single rules of a file, each with all filters behind it; nothing where one depends on another"
    if re.search(r"(?m)^(action|correlation):", text):
        return []
    docs = re.split(r"(?m)^---\s*$\n?", text)
    filters = [d for d in docs if re.search(r"(?m)^filter:", d)] + list(beside)
    return ["---\n".join([d, *filters]) for d in docs if re.search(r"(?m)^detection:", d)]


def own_rules():
    "[(key, text, variables, events of its tests)]"
    out = []
    for path in rule_files(os.path.join(ROOT, "sigma-rules")):
        tests = path[:-4] + ".tests"
        events = []
        for f in sorted(glob.glob(tests + "/*.ndjson")):
            events += read_events(f)
        variables = {}
        for v in glob.glob(path[:-4] + ".vars.y*ml"):
            with open(v, encoding="utf-8") as f:
                variables.update(yaml.safe_load(f).get("vars", {}))
        if events:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            out.append((os.path.relpath(path, ROOT), text, variables or None, events))
            filters = [open(f, encoding="utf-8").read() for f in sorted(glob.glob(tests + "/*filter*.yaml"))]
            if filters:
                out.append((os.path.relpath(path, ROOT) + " with filters", "---\n".join([text, *filters]), variables or None, events))
    return out
