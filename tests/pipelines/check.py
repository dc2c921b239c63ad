#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the shipped pipelines against the format of docs/pipelines.md, beyond what the program asks of a pipeline: every field
that a transformation can bring about has a type, nothing is both absent and mapped, every source has a scope.

  check.py FOLDER [FILE...]     default: every *.yml of the folder; prints findings, and `N passed, N failed` last
  check.py --self-test FOLDER   damages a copy of each pipeline in several ways: each must be found

Needs PyYAML. If pySigma can be imported, every file is also loaded with it.
"""
import os
import re
import shutil
import sys
import tempfile

import yaml

TYPES = {
    "eql": set("""keyword wildcard constant_keyword text match_only_text long integer short byte unsigned_long double float half_float
        scaled_float boolean date date_nanos ip version nested object flattened geo_point unknown""".split()),
    "kql": set("string int long real decimal bool datetime timespan guid dynamic unknown".split()),
}
EVENT_CATEGORIES = set("process file registry network library driver dns authentication iam configuration api any".split())
LOGSOURCE = ("product", "category", "service")
# name: (required parameters, optional parameters)
TRANSFORMATIONS = {
    "field_name_mapping": ("mapping", ""), "field_name_prefix_mapping": ("mapping", ""), "field_name_prefix": ("prefix", ""),
    "field_name_suffix": ("suffix", ""), "field_name_transform": None, "drop_detection_item": ("", ""),
    "hashes_fields": ("valid_hash_algos", "field_prefix drop_algo_prefix field_to_parse"),
    "extract_fields": ("regex", "field_prefix preserve_unmatched"), "wildcard_placeholders": ("", "include exclude"),
    "value_placeholders": ("", "include exclude"), "query_expression_placeholders": ("expression", "include exclude mapping"),
    "file_placeholders": ("path", "include exclude format filter csv_column csv_has_header"), "http_placeholders": None,
    "command_placeholders": None, "add_condition": ("conditions", "name template negated"),
    "change_logsource": ("", "category product service"), "add_field": ("field", ""), "remove_field": ("field", ""),
    "set_field": ("fields", ""), "replace_string": ("regex replacement", "skip_special interpret_special"),
    "map_string": ("mapping", ""), "set_state": ("key val", ""), "regex": ("", "method"), "set_value": ("value", "force_type"),
    "convert_type": ("target_type", ""), "rule_failure": ("message", ""), "detection_item_failure": ("message", ""),
    "strict_field_mapping_failure": ("", ""), "set_custom_attribute": ("attribute value", ""), "nest": ("items", ""),
    "case": ("", "method"),
}
CONDITIONS = {
    "rule": {"logsource": ("", "category product service"), "contains_detection_item": ("field value", ""), "contains_field": ("field", ""),
             "processing_item_applied": ("processing_item_id", ""), "processing_state": ("key val", "op"), "is_sigma_rule": ("", ""),
             "is_sigma_correlation_rule": ("", ""), "rule_attribute": ("attribute value", "op"), "tag": ("tag", "")},
    "detection_item": {"match_string": ("cond pattern", "negate"), "match_value": ("cond value", ""), "contains_wildcard": ("cond", ""),
                       "is_null": ("cond", ""), "processing_item_applied": ("processing_item_id", ""),
                       "processing_state": ("key val", "op")},
    "field_name": {"include_fields": ("fields", "mode"), "exclude_fields": ("fields", "mode"),
                   "processing_item_applied": ("processing_item_id", ""), "processing_state": ("key val", "op")},
}
POSTPROCESSING = {"embed": ("", "prefix suffix"), "simple_template": ("template", ""), "template": ("template", ""), "json": ("json_template", ""),
                  "replace": ("pattern replacement", ""), "nest": ("items", "")}
FINALIZERS = {"concat": ("", "separator prefix suffix"), "json": ("", "indent"), "yaml": ("", "indent"), "template": ("template", ""),
              "nested": ("finalizers", "")}
STATE_KEYS = {"index"}
TEMPLATE = re.compile(r"\{\{\s*[a-z_]+(\.[a-z_]+)*(\s*\|\s*(lower|upper|(default|join)\(\s*(\"[^\"]*\"|'[^']*')\s*\)))*\s*\}\}")
KQL_WORDS = set("""and or not in contains startswith endswith matches regex true false null dynamic case iff strcat substring isempty isnotempty isnull
    isnotnull tostring tolong toint todouble tobool tohex tolower toupper parse_json parse_url replace_string extract indexof coalesce strlen""".split())


class Checker:
    def __init__(self, path):
        self.path, self.found = path, []

    def say(self, where, text):
        self.found.append("%s: %s: %s" % (os.path.basename(self.path), where, text))

    # -- the part that pySigma defines -----------------------------------------------------------------------------
    def params(self, where, entry, spec, skip=()):
        required, optional = (set(s.split()) for s in spec)
        have = set(entry) - {"type", "id"} - set(skip)
        for name in sorted(required - have):
            self.say(where, "parameter %s is missing" % name)
        for name in sorted(have - required - optional):
            self.say(where, "unknown parameter %s" % name)

    def item(self, where, entry, table):
        kind, skip = entry.get("type"), []
        for level, known in CONDITIONS.items():
            short = {"rule": "rule_cond", "detection_item": "detection_item_cond", "field_name": "field_name_cond"}[level]
            skip += [level + "_conditions", short + "_op", short + "_expr", short + "_not"]
            conditions = entry.get(level + "_conditions", [])
            for cond in conditions.values() if isinstance(conditions, dict) else conditions:
                if cond.get("type") not in known:
                    self.say(where, "unknown %s condition %s" % (level, cond.get("type")))
                else:
                    self.params(where, cond, known[cond["type"]])
            if entry.get(short + "_op") not in (None, "and", "or"):
                self.say(where, short + "_op is neither and nor or")
        if kind not in table:
            self.say(where, "unknown type %s" % kind)
        elif table[kind] is None:
            self.say(where, "type %s is refused" % kind)
        else:
            self.params(where, entry, table[kind], skip)
        if kind == "set_state" and entry.get("key") not in STATE_KEYS:
            self.say(where, "state key %s has no meaning here" % entry.get("key"))
        if kind in ("template", "simple_template") and isinstance(entry.get("template"), str):
            rest = TEMPLATE.sub("", entry["template"]) if kind == "template" else ""
            if "{{" in rest or "{%" in rest or "{#" in rest:
                self.say(where, "template uses more than attribute paths and default, lower, upper, join")
        for i, sub in enumerate(entry.get("items", [])):
            self.item("%s.items[%d]" % (where, i), sub, table)

    # -- vars.sigmac ----------------------------------------------------------------------------------------------
    def schema(self, sig, target):
        fields, tables = {}, {}
        known = {"eql": {"field_types"}, "kql": {"tables"}}[target]
        loads = []
        for name in sig.get("schema", []):
            file = os.path.join(os.path.dirname(self.path), name)
            if not re.fullmatch(r"(?:[\w-]+/)*[\w.-]+\.yml", name) or not os.path.isfile(file):
                self.say("schema", "no schema file %s" % name)
                continue
            with open(file, encoding="utf-8") as stream:
                loads.append((name, yaml.safe_load(stream)))
        loads.append(("vars.sigmac", {k: sig[k] for k in ("field_types", "tables") if k in sig}))
        for where, data in loads:
            for key in set(data) - known:
                self.say(where, "%s does not belong to target %s" % (key, target))
            fields.update(data.get("field_types", {}))
            for table, columns in data.get("tables", {}).items():
                tables.setdefault(table, {}).update(columns)
        for where, types in [("field_types", fields)] + [("table " + t, c) for t, c in tables.items()]:
            for name, kind in types.items():
                if kind not in TYPES[target]:
                    self.say(where, "%s has the unknown type %s" % (name, kind))
        return fields, tables

    def computed(self, sig, target):
        groups = sig.get("computed", {})
        for group, steps in groups.items():
            for step in steps:
                where = "computed.%s.%s" % (group, step.get("name", "{name}"))
                if target == "kql":
                    if set(step) - {"name", "type", "expr"} or not {"type", "expr"} <= set(step):
                        self.say(where, "needs type and expr, and nothing but them and name")
                    if ("name" in step) == ("{name}" in step.get("expr", "")):
                        self.say(where, "either a name or {name} in expr")
                elif set(step) != {"name", "type", "parts", "by"}:
                    self.say(where, "needs name, type, parts and by")
                if step.get("type") not in TYPES[target]:
                    self.say(where, "unknown type %s" % step.get("type"))
        return groups

    def use(self, source, groups, columns, where):
        """Computed fields of one source: name -> step, with the identifiers of each expression checked."""
        out = {}
        for ref in source.get("computed", []):
            group, only = (next(iter(ref.items())) if isinstance(ref, dict) else (ref, None))
            if group not in groups:
                self.say(where, "unknown computed group %s" % group)
                continue
            for step in groups[group]:
                generic = "name" not in step
                if generic and not only:
                    self.say(where, "group %s needs a list of names" % group)
                for name in (only or []) if generic else [step["name"]]:
                    if only and name not in only and not name.startswith("_"):
                        continue
                    if not re.fullmatch(r"[A-Za-z_]\w*", name):
                        self.say(where, "computed name %s is not an identifier" % name)
                    if columns is not None:
                        text = re.sub(r"@\"(?:[^\"]|\"\")*\"|\"(?:[^\"\\]|\\.)*\"", " ", step["expr"].replace("{name}", name))
                        for word in re.findall(r"(?<![\w.])[A-Za-z_]\w*", text):
                            if word not in columns and word not in out and word not in KQL_WORDS:
                                self.say(where, "%s uses %s, which is neither a column nor computed before it" % (name, word))
                    out.setdefault(name, step)
        return out

    def sigmac(self, doc):
        sig = doc.get("vars", {}).get("sigmac")
        if not isinstance(sig, dict):
            return self.say("vars.sigmac", "is missing")
        target = sig.get("target")
        if target not in TYPES:
            return self.say("vars.sigmac.target", "is neither eql nor kql")
        allowed = {"target", "schema", "time", "absent", "computed", "sources", "table_fields", "field_types" if target == "eql" else "tables"}
        for key in set(sig) - allowed:
            self.say("vars.sigmac", "unknown key %s" % key)
        fields, tables = self.schema(sig, target)
        groups = self.computed(sig, target)
        seen, used = {}, set()
        for entry in sig.get("sources", []):
            for key in set(entry) - {"product", "category", "service", "table", "computed", "absent", "category_keyword", "covered_by"}:
                self.say("sources", "unknown key %s" % key)
            for label in labels(entry):
                where = "source " + "/".join(str(x) for x in label if x)
                if label in seen:
                    self.say(where, "is listed twice")
                seen[label] = entry
                self.source(where, label, entry, doc, target, fields, tables, groups, sig.get("absent", {}))
            for ref in entry.get("computed", []):
                used.add(next(iter(ref)) if isinstance(ref, dict) else ref)
        for group in set(groups) - used:
            self.say("computed." + group, "no source uses it")
        for label, entry in seen.items():
            cover = entry.get("covered_by")
            if cover and (label[0], cover, label[2]) not in seen:
                self.say("source " + str(label), "covered_by names no source: %s" % cover)
        for i, item in enumerate(doc.get("transformations", [])):
            for cond in logsources(item):
                if item.get("type") in ("rule_failure",):
                    continue
                want = tuple(cond.get(k) for k in LOGSOURCE)
                if not any(all(w in (None, h) for w, h in zip(want, label)) for label in seen):
                    self.say(item.get("id", i), "no source has the log source %s" % (want,))

    def source(self, where, label, entry, doc, target, fields, tables, groups, lists):
        columns = None
        if target == "kql":
            columns = tables.get(entry.get("table"))
            if columns is None:
                return self.say(where, "unknown table %s" % entry.get("table"))
            if "category_keyword" in entry:
                self.say(where, "category_keyword is for EQL")
        else:
            if "table" in entry:
                self.say(where, "table is for KQL")
            if entry.get("category_keyword", "any") not in EVENT_CATEGORIES:
                self.say(where, "unknown event category %s" % entry["category_keyword"])
        computed = self.use(entry, groups, columns, where)
        absent = set()
        for name in entry.get("absent", []):
            if name in lists:
                absent |= set(lists[name])
            else:
                self.say(where, "unknown absent list %s" % name)
        for name in absent & set(computed):
            self.say(where, "%s is absent and computed" % name)

        def known(name):
            if name in computed:
                return True
            if columns is not None:
                return name in columns
            if name in fields:
                return True
            return any(name.startswith(f[:-1]) for f in fields if f.endswith(".*"))

        steps = [t for t in doc.get("transformations", []) if applies(t, label)]
        if target == "eql" and "category_keyword" not in entry and not any(t["type"] == "add_condition" for t in steps):
            self.say(where, "nothing scopes it: add a condition, or category_keyword: any if that is meant")
        for i, step in enumerate(steps):
            for origin, name in produced(step):
                if origin in absent:
                    if step["type"] == "field_name_mapping" and all(map(known, follow(name, steps[i + 1:]))):
                        self.say(where, "%s: %s is absent, yet mapped" % (step.get("id"), origin))
                    continue
                for last in follow(name, steps[i + 1:]):
                    if not known(last):
                        self.say(where, "%s: %s becomes %s, which has no type" % (step.get("id"), origin or "-", last))
        for step in computed.values():
            for part in step.get("parts", []):
                if not known(part):
                    self.say(where, "part %s has no type" % part)

    def run(self):
        with open(self.path, encoding="utf-8") as stream:
            text = stream.read()
        try:
            doc = yaml.safe_load(text)
        except yaml.YAMLError as error:
            self.say("YAML", str(error).replace("\n", " "))
            return self.found
        if not isinstance(doc, dict):
            self.say("YAML", "not a map")
            return self.found
        for key in set(doc) - {"name", "priority", "vars", "transformations", "postprocessing", "finalizers", "allowed_backends"}:
            self.say("top level", "unknown key %s" % key)
        for part, table in (("transformations", TRANSFORMATIONS), ("postprocessing", POSTPROCESSING), ("finalizers", FINALIZERS)):
            ids = set()
            for i, entry in enumerate(doc.get(part, [])):
                name = entry.get("id")
                if name in ids:
                    self.say(name, "id is used twice")
                ids |= {name} if name else set()
                self.item(str(name or "%s[%d]" % (part, i)), entry, table)
        if not self.found:                                    # what follows takes the form of the items for granted
            self.sigmac(doc)
        try:
            from sigma.processing.pipeline import ProcessingPipeline
        except ImportError:
            return self.found
        try:
            ProcessingPipeline.from_yaml(text)
        except Exception as error:                            # whatever pySigma has to say is a finding
            self.say("pySigma", error)
        return self.found


def labels(entry):
    """A source whose attributes are lists stands for one source per combination."""
    values = [entry.get(k) if isinstance(entry.get(k), list) else [entry.get(k)] for k in LOGSOURCE]
    return [(p, c, s) for p in values[0] for c in values[1] for s in values[2]]


def logsources(item):
    conditions = item.get("rule_conditions", [])
    return [c for c in (conditions.values() if isinstance(conditions, dict) else conditions) if c.get("type") == "logsource"]


def applies(item, label):
    found = [all(c.get(k) in (None, label[i]) for i, k in enumerate(LOGSOURCE)) for c in logsources(item)]
    if not found:
        return True
    result = any(found) if item.get("rule_cond_op") == "or" else all(found)
    return result != bool(item.get("rule_cond_not"))


def produced(step):
    """(Sigma field, target field) pairs that a transformation can bring about."""
    kind = step["type"]
    if kind == "field_name_mapping":
        for origin, targets in step["mapping"].items():
            for target in targets if isinstance(targets, list) else [targets]:
                yield origin, target
    elif kind == "field_name_prefix_mapping":
        for origin, targets in step["mapping"].items():
            for target in targets if isinstance(targets, list) else [targets]:
                yield origin, target + "x"
    elif kind == "add_condition":
        for field in step["conditions"]:
            yield None, field
    elif kind == "hashes_fields":
        for algo in step["valid_hash_algos"]:
            yield "Hashes", step.get("field_prefix", "") + ("" if step.get("drop_algo_prefix") else algo)
    elif kind == "extract_fields":
        prefix = step.get("field_prefix")
        for group in re.findall(r"\(\?P<(\w+)>", step["regex"]):
            yield None, prefix + "." + group if prefix else group


def follow(name, steps):
    """The names that later transformations make of a field name."""
    for i, step in enumerate(steps):
        if step["type"] == "field_name_mapping" and name in step["mapping"]:
            targets = step["mapping"][name]
            return [n for t in (targets if isinstance(targets, list) else [targets]) for n in follow(t, steps[i + 1:])]
        if step["type"] == "field_name_prefix_mapping":
            for prefix, targets in step["mapping"].items():
                if name.startswith(prefix):
                    targets = targets if isinstance(targets, list) else [targets]
                    return [n for t in targets for n in follow(t + name[len(prefix):], steps[i + 1:])]
        if step["type"] == "field_name_prefix" and selected(step, name):
            return follow(step["prefix"] + name, steps[i + 1:])
        if step["type"] == "field_name_suffix" and selected(step, name):
            return follow(name + step["suffix"], steps[i + 1:])
    return [name]


def selected(step, name):
    for cond in step.get("field_name_conditions", []):
        hit = any(re.match(f, name) if cond.get("mode") == "re" else f == name for f in cond["fields"])
        if hit != (cond["type"] == "include_fields"):
            return False
    return True


def sigma_fields(folder):
    """schemas/sigma-fields.yml has lists of plain names, no name twice in one list."""
    path, found = os.path.join(folder, "schemas", "sigma-fields.yml"), []
    with open(path, encoding="utf-8") as stream:
        data = yaml.safe_load(stream)
    lists = [("common", data.pop("common", []))] + [(p + "." + c, l) for p, cats in data.items() for c, l in cats.items()]
    for where, names in lists:
        for name in names:
            if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]\w*", name) or names.count(name) > 1:
                found.append("schemas/sigma-fields.yml: %s: bad or repeated name %s" % (where, name))
    return found


def pipelines(folder):
    return sorted(os.path.join(folder, f) for f in os.listdir(folder) if f.endswith(".yml"))


# What to look for in a pipeline, and what to put there instead, once.
DAMAGES = [
    (r"type: add_condition", "type: add_conditions"),
    (r"(?m)^    target: (eql|kql)$", "    target: sql"),
    (r"category_keyword: process|table: \w+", "tabel: x"),
    (r"schemas/[\w-]+\.yml", "schemas/none.yml"),
    (r"(?m)^(      )(\w+): ([\w.]+)$", r"\1\2: no.such.field"),
]


def self_test(folder):
    good = bad = 0
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(os.path.join(folder, "schemas"), os.path.join(copy, "schemas"))
        for path in pipelines(folder):
            with open(path, encoding="utf-8") as stream:
                text = stream.read()
            for pattern, instead in DAMAGES:
                damaged = re.sub(pattern, instead, text, count=1)
                if damaged == text:
                    continue
                with open(os.path.join(copy, os.path.basename(path)), "w", encoding="utf-8") as stream:
                    stream.write(damaged)
                if Checker(os.path.join(copy, os.path.basename(path))).run():
                    good += 1
                else:
                    bad += 1
                    print("%s: not found: %s" % (os.path.basename(path), instead))
    print("%d passed, %d failed" % (good, bad))
    return 1 if bad else 0


def main(args):
    if args[:1] == ["--self-test"]:
        return self_test(args[1])
    folder, paths = args[0], args[1:] or pipelines(args[0])
    found, bad = sigma_fields(folder), 0
    for path in paths:
        new = Checker(os.path.abspath(path)).run()
        found += new
        bad += bool(new)
    print("\n".join(found))
    print("%d passed, %d failed" % (len(paths) - bad, bad + bool(found and not bad)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
