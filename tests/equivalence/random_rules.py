# SPDX-License-Identifier: MIT
"""Random rules and events for the proof. Built on the generator of tests/model/diff.py (its texts, patterns, networks, numbers,
regular expressions and events near them), aimed at what a text backend must get right: every kind of item on every type of
field, and fields that are absent, null, empty or arrays."""
import collections
import os
import random
import re
import sys
import uuid

import normalise
import json_numbers

sys.path.insert(0, os.path.join(normalise.ROOT, "tests", "model"))
import diff  # noqa: E402
from diff import L, M, Obj, Raw, S  # noqa: E402

TYPES = {"K1": "keyword", "K2": "keyword", "K3": "keyword", "a.b": "keyword", "c.d.e": "keyword", "cs-uri": "keyword", "x y": "keyword", "where": "keyword",
         "N1": "long", "N2": "long", "R1": "double", "P1": "ip", "B1": "boolean"}
TEXT = [f for f, t in TYPES.items() if t == "keyword"]


FILTERS = {}  # title of a rule -> a filter, which stands behind it


class Gen(diff.Gen):
    types, texts = TYPES, TEXT

    def __init__(self, rng, target):
        super().__init__(rng)
        self.target = target

    def realized(self, t, mods):
        "nearer than what diff makes, where letter case or single bytes decide"
        exact = "cased" in mods or any(m in diff.model.ENCODINGS for m in mods)
        if not self.chance(0.6 if exact else 0.25):
            return super().realized(t, mods)
        v = self.escapes_resolved(self.expanded(t) if "expand" in mods else t)
        if "windash" in mods:
            v = self.dashed(v)
        if any(m in diff.model.ENCODINGS for m in mods):
            v = self.encoded(v, mods)
        return v

    def field(self):
        k = self.r.random()
        return self.pick(self.texts) if k < 0.72 else self.pick(("N1", "N2")) if k < 0.84 else self.pick(("R1", "P1", "P1", "B1"))

    def item(self, name=None, keyword=False):
        "-> (key, node), and notes what kind of item it is"
        if keyword:
            self.kinds.append("keyword")
            maker = self.pick([self.text_item] * 4 + [self.re_item])
            mods, value = maker("")
            return "|".join([""] + mods), value
        name = name or self.field()
        t, k = self.types[name], self.r.random()
        if t == "keyword":
            maker = (self.text_item if k < 0.5 else self.typed_item if k < 0.57 else self.compare_item if k < 0.65 else self.cidr_item if k < 0.70
                     else self.re_item if k < 0.84 else self.exists_item if k < 0.88 else self.fieldref_item if k < 0.94 else self.null_item)
        elif t in ("long", "double"):
            maker = self.number_item if k < 0.4 else self.compare_number if k < 0.75 else self.digits_item if k < 0.87 else self.exists_item if k < 0.93 else self.null_item
        elif t == "ip":
            maker = self.cidr_item if k < 0.6 else self.address_item if k < 0.85 else self.exists_item if k < 0.92 else self.null_item
        else:
            maker = self.boolean_item if k < 0.8 else self.exists_item if k < 0.9 else self.null_item
        mods, value = maker(name)
        self.kinds.append(kind_of(maker.__name__, mods, value))
        return "|".join([name] + mods), value

    def null_item(self, name):
        values = [S("null", "raw")]
        if self.chance(0.4):
            t = "true" if self.types[name] == "boolean" else self.pick(["7", "31"]) if self.types[name] in ("long", "double") else "10.0.0.1" if self.types[name] == "ip" else "foo"
            values.append(S(t, "raw" if t in ("7", "31", "true") else "any"))
            self.hint(name, t)
        for _ in range(2):
            self.hint(name, self.pick(["foo", "x"]) if self.types[name] == "keyword" else self.pick(["7", "10.0.0.1", "true"]))
        return (["neq"] if self.chance(0.2) else []), self.values_node(values)

    def number_item(self, name):
        values = []
        for _ in range(self.r.choice((1, 1, 2, 3))):
            t = self.pick(["0", "7", "31", "443", "-7", "1000", "0x1F", "1.5", "4624", "9007199254740993", "9223372036854775807", "2.0", "007"])
            values.append(S(t, self.pick(["raw", "raw", "single"])))
            for _ in range(2):
                self.hint(name, self.near_number(t))
        return (["neq"] if self.chance(0.12) else []), self.values_node(values)

    def near_number(self, t):
        try:
            x = int(t, 0) if re.match(r"-?(0x|[1-9]|0$)", t) and "." not in t else float(t)
        except ValueError:
            return Raw("7")
        x = self.pick([x, x, x, x + 1, x - 1, -x])
        return Raw(str(int(x)) if x == int(x) else str(x))

    def compare_number(self, name):
        mods, values = [self.pick(["lt", "lte", "gt", "gte"])], []
        for _ in range(self.r.choice((1, 1, 1, 2))):
            t = self.pick(["0", "7", "31", "443", "-7", "1.5", "4624", "9007199254740993", "1e3", "0.1"])
            values.append(S(t, "raw"))
            for _ in range(3):
                self.hint(name, self.near_number(t))
        if len(values) > 1 and self.chance(0.4):
            mods.append("all")
        if self.chance(0.15):
            mods.append("neq")
        return mods, self.values_node(values)

    def digits_item(self, name):
        "text tests of a number"
        t = self.pick(["44*", "*43", "4?3", "443", "*", "*4*", "?", "0443", "4.5*"])
        for _ in range(3):
            self.hint(name, Raw(self.pick(["443", "44", "43", "4", "4431", "-443", "4.5", "7"])))
        if self.chance(0.3):
            return [self.pick(["contains", "startswith", "endswith"])], self.values_node([S(self.pick(["44", "4", "3"]), self.pick(["single", "raw"]))])
        return [], self.values_node([S(t, "single")] + ([S("31", "raw")] if self.chance(0.3) else []))

    def address_item(self, name):
        values = [S(self.pick(["10.0.0.1", "::1", "10.0.*", "0:0:0:0:0:0:0:1", "::ffff:10.0.0.1", "10.0.0.1", "192.168.1.*", "*", "fe80*", "2001:DB8::1", "2001:db8::1", "010.0.0.1", "x"]), "single")
                  for _ in range(self.r.choice((1, 1, 2)))]
        for _ in range(4):
            self.hint(name, self.pick(["10.0.0.1", "10.0.5.5", "::1", "192.168.1.7", "fe80::1", "2001:db8::1", "11.0.0.1", "::ffff:10.0.0.1"]))
        return self.pick([[], [], [], ["startswith"], ["cased"], ["neq"]]), self.values_node(values)

    def boolean_item(self, name):
        for _ in range(3):
            self.hint(name, self.pick([True, False]))
        values = [S(self.pick(["true", "false"]), self.pick(["raw", "raw", "single"])) for _ in range(self.r.choice((1, 1, 1, 2)))]
        if self.chance(0.1):
            values = [S(self.pick(["tru*", "1", "TRUE", "yes"]), "single")]
        return (["neq"] if self.chance(0.15) else []), self.values_node(values)

    def fieldref_item(self, name):
        refs = [self.pick(self.texts) for _ in range(self.r.choice((1, 1, 2)))]
        mods = ["fieldref"]
        if self.chance(0.4):
            mods.append(self.pick(["contains", "startswith", "endswith"]))
        if len(refs) > 1 and self.chance(0.4):
            mods.insert(1, "all")
        if self.chance(0.15):
            mods.append("neq")
        t = self.pick(["ab", "Foo*", "x?", "Σς", "\\a", "7", "é", "K", 'q"t'])
        for ref in refs:
            for _ in range(3):
                self.hint(ref, self.recased(t))
        for _ in range(5):
            self.hint(name, self.pick(["", "", "x"] if "contains" in mods or "endswith" in mods else [""]) + self.recased(t) + self.pick(["", "", "y", "\n"] if len(mods) > 1 else [""]))
        return mods, self.values_node([S(x, "single") for x in refs])

    def exists_item(self, name):
        self.hint(name, {"keyword": "x", "long": Raw("7"), "double": Raw("1.5"), "ip": "10.0.0.1", "boolean": True}[self.types[name]])
        return ["exists"], S(self.pick(["true", "false"]), "raw")

    def source(self):
        return M([(S("category"), S("test"))], True)

    def filter_of(self, identity):
        "of one rule: its identifiers are often those of the rule"
        names = self.r.sample(diff.NAMES, self.r.choice((1, 2, 3)))
        condition = self.condition(names)
        pairs = [(S("rules"), L([S(identity)]))] + [(S(n), self.map_node()) for n in names]
        pairs.append((S("condition"), S(f"not ({condition})" if self.chance(0.6) else condition, "single")))
        return M([(S("title"), S("filter")), (S("logsource"), self.source()), (S("filter"), M(pairs))])

    def rule(self, title):
        "-> (root map, kinds of its items, whether it is one item, negated or not)"
        self.kinds, identity = [], str(uuid.uuid5(uuid.NAMESPACE_OID, title))
        single = self.chance(0.55)
        if single:
            keyword = self.chance(0.03)
            if keyword and self.chance(0.5):
                self.kinds.append("keyword")
                node = L([self.keyword_scalar() for _ in range(self.r.choice((1, 2)))])
            else:
                key, value = self.item(keyword=keyword)
                node = M([(S(key), value)])
            negated = self.chance(0.4)
            detection = [(S("sel"), node)]
            condition = "not sel" if negated else "sel"
        else:
            negated = None
            names = self.r.sample(diff.NAMES, self.r.choice((1, 2, 2, 3, 4)))
            detection = [(S(n), self.identifier_node() if self.chance(0.15) else self.map_node()) for n in names]
            condition = self.condition(names)
            if self.chance(0.25):
                FILTERS[title] = self.filter_of(identity)
        root = M([(S("title"), S(title)), (S("id"), S(identity)), (S("logsource"), self.source()),
                  (S("detection"), M(detection + [(S("condition"), S(condition, "single"))]))])
        return root, list(self.kinds), negated

    def state_of(self, obj, name):
        v = look(obj, name)
        return "absent" if v is None and not has(obj, name) else "null" if v is None else "empty" if v == "" or v == [] or isinstance(v, Obj) else "array" if isinstance(v, list) else "value"

    def event(self):
        obj = Obj()
        for name in self.types:
            k, t = self.r.random(), self.types[name]
            pool = self.hints.get(name)
            if k < 0.12 or not pool and k < 0.7:
                continue
            if k < 0.17:
                v = self.pick([None, None, [], Obj(), [None]])
            else:
                v = self.one(name, pool, t)
                if k > 0.9 and self.target == "eql":
                    v = [self.one(name, pool, t) for _ in range(self.r.choice((1, 2, 3)))]
                    if self.chance(0.15):
                        v.append(self.pick([None, [], [self.one(name, pool, t)]]))
            self.place(obj, name, v)
        if self.keyword_hints:
            v = self.pick(self.keyword_hints)
            if isinstance(v, (str, Raw)):
                self.place(obj, self.pick(["K1", "K2", "K3"]), str(v))
        return obj

    def one(self, name, pool, t):
        "a value that the field can hold"
        for _ in range(6):
            v = self.pick(pool) if pool and self.chance(0.88) else self.other(t)
            if isinstance(v, (Obj, list)) or v is None:
                continue
            return v
        return self.other(t)

    def other(self, t):
        if t == "keyword":
            return self.realized(self.rule_text(), []) if self.chance(0.6) else self.pick(diff.REGEX_TEXTS + diff.ADDRESSES + diff.EVENT_NUMBER_TEXTS + diff.TIMES)
        return {"long": Raw(self.pick(["0", "7", "443", "-1", "31", "4624"])), "double": Raw(self.pick(["0.5", "1.5", "7", "-2.25"])),
                "ip": self.pick(["10.0.0.1", "192.168.1.1", "::1", "fe80::7"]), "boolean": self.pick([True, False])}[t]

    def place(self, obj, name, v):
        "at its path, nested or not; in one way in one event"
        obj[:] = [p for p in obj if p[0] != name]
        if "." in name and self.target == "eql" and self.chance(0.5):
            parts = name.split(".")
            for p in reversed(parts[1:]):
                v = Obj([(p, v)])
            obj[:] = [p for p in obj if p[0] != parts[0]]
            obj.append((parts[0], v))
        else:
            obj.append((name, v))


CATEGORIES = {
    "process_creation": (1, {"Image": "text", "CommandLine": "text", "ParentImage": "text", "ParentCommandLine": "text", "OriginalFileName": "text", "User": "account",
                             "ProcessId": "number", "LogonId": "hex"}),
    "registry_set": (13, {"TargetObject": "registry", "Details": "details", "Image": "text", "User": "account"}),
    "registry_delete": (12, {"TargetObject": "registry", "Image": "text", "EventType": "gone"}),
    "network_connection": (3, {"DestinationIp": "ip", "DestinationPort": "number", "DestinationHostname": "text", "Image": "text", "User": "account", "Initiated": "boolean"}),
    "file_event": (11, {"TargetFilename": "text", "Image": "text", "User": "account"}),
    "image_load": (7, {"ImageLoaded": "text", "Image": "text", "User": "account"}),
    "dns_query": (22, {"QueryName": "text", "QueryResults": "text", "Image": "text"}),
    "pipe_created": (17, {"PipeName": "pipe", "Image": "text"}),
    "process_access": (10, {"SourceImage": "text", "TargetImage": "text", "GrantedAccess": "hex"}),
}
KINDS = {"number": "long", "ip": "ip", "boolean": "boolean"}


class WindowsGen(Gen):
    """Rules with Sigma's names for Sysmon's events and such events, for pipelines: what a converter and the expressions of a pipeline
    must carry over and back. A field has values as Sysmon writes them."""

    def __init__(self, rng, target):
        super().__init__(rng, target)
        self.category = None
        self.all = {f: k for _, fields in CATEGORIES.values() for f, k in fields.items()}
        self.types = {f: KINDS.get(k, "keyword") for f, k in self.all.items()}

    def rule(self, title):
        self.category = self.pick(list(CATEGORIES))
        self.wide = self.chance(0.06)
        self.mine = {f for f in CATEGORIES[self.category][1] if f != "EventType"}
        self.texts = sorted(f for f in self.mine if self.types[f] == "keyword")
        return super().rule(title)

    def source(self):
        return M([(S("product"), S("windows"))] + ([] if self.wide else [(S("category"), S(self.category))]), True)

    def field(self):
        return self.pick(sorted(self.mine))

    def typed_item(self, name):
        return self.number_item(name) if self.types[name] == "long" else self.text_item(name)

    def keyword_scalar(self):
        return S(self.pick(["mimi", "foo", "\\x"]), "single")

    def shaped(self, v, kind):
        "a text in the form that Sysmon gives the field"
        t = v if isinstance(v, str) and not isinstance(v, Raw) else "x"
        t = "".join(c for c in t if c >= " " and c != "\x7f") or "x"
        if kind == "account":
            a, _, b = t.partition("\\")
            return (a.replace("\\", "") or "CORP") + "\\" + (b.replace("\\", "") or a.replace("\\", "")[::-1] or "bob")
        if kind == "registry":
            hive = self.pick(["HKLM\\System\\CurrentControlSet\\", "HKLM\\SOFTWARE\\", "HKU\\S-1-5-21-1\\", "HKCR\\", "HKU\\.DEFAULT\\"])
            return (t if t.startswith("HK") and re.match(r"HK(LM|U|CR)\\[^\\]", t) and not re.match(r"(?i)HKLM\\(system\\|software\\classes)", t) else hive + t.strip("\\")) + self.pick(["", "\\v", "\\(Default)"])
        if kind == "details":
            return self.pick([t, t, "DWORD (0x%08x)" % self.r.getrandbits(self.pick((1, 4, 32))), "C:\\" + t])
        if kind == "pipe":
            return t if t.startswith("\\") and not t.startswith("\\Device") else "\\" + t.lstrip("\\")
        if kind == "hex":
            return "0x%x" % self.r.getrandbits(self.pick((4, 12, 21)))
        return v

    def event(self):
        category = self.pick(list(CATEGORIES)) if self.chance(0.3) or not self.category else self.pick(self.used)
        eid, fields = CATEGORIES[category]
        obj = Obj([("@timestamp", "2025-01-02T03:04:05.678Z"), ("EventID", Raw(str(eid))), ("Channel", "Microsoft-Windows-Sysmon/Operational"), ("Provider_Name", "Microsoft-Windows-Sysmon"),
                   ("Computer", self.pick(["pc1", "PC2"]))])
        for name, kind in fields.items():
            if self.chance(0.12):
                continue
            if kind == "gone":
                obj.append((name, self.pick(["DeleteKey", "DeleteValue"])))
                continue
            pool = [v for v in self.hints.get(name, ()) if not isinstance(v, (list, Obj)) and v is not None]
            v = self.one(name, pool, self.types[name])
            if self.types[name] == "keyword":
                v = self.shaped(v, kind)
            obj.append((name, v))
        if category == "registry_set":
            obj.append(("EventType", "SetValue"))
        return obj


def look(obj, name):
    for k, v in obj:
        if k == name:
            return v
        if isinstance(v, Obj) and name.startswith(k + "."):
            return look(v, name[len(k) + 1:])
    return None


def has(obj, name):
    return any(k == name or isinstance(v, Obj) and name.startswith(k + ".") and has(v, name[len(k) + 1:]) for k, v in obj)


def kind_of(maker, mods, node):
    "a word for the statistics"
    texts = [n.text for n in (node.items if isinstance(node, L) else [node])]
    if "fieldref" in mods or "cidr" in mods or "exists" in mods or "re" in mods:
        return next(m for m in mods if m in ("fieldref", "cidr", "exists", "re"))
    if maker == "null_item":
        return "null"
    if any(m in diff.model.PARTS for m in mods):
        return "part of a time"
    if any(m in diff.model.COMPARE for m in mods):
        return "comparison"
    if maker in ("number_item", "typed_item", "digits_item", "boolean_item", "address_item"):
        return {"number_item": "number", "typed_item": "number, boolean or null on text", "digits_item": "text test of a number", "boolean_item": "boolean",
                "address_item": "text test of an address"}[maker]
    words = []
    if any(m in diff.model.ENCODINGS for m in mods):
        words.append("encoding")
    for m in ("windash", "expand", "contains", "startswith", "endswith"):
        if m in mods:
            words.append(m)
            break
    if not words:
        words.append("wildcard" if any(re.search(r"(?<!\\)(\\\\)*[*?]", t) for t in texts) else "equality")
    return " ".join(words) + (" cased" if "cased" in mods else "")


def plain(v):
    "an event as Python holds it, numbers as they are spelled"
    if isinstance(v, Raw):
        return json_numbers.Float(v) if re.search("[.eE]", v) else json_numbers.parse_int(v)
    if isinstance(v, Obj):
        return {k: plain(x) for k, x in v}
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v


def types_file(path):
    with open(path, "w", encoding="utf-8") as f:
        for name, t in TYPES.items():
            f.write(f'"{name}": {t}\n')
