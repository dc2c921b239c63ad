#!/usr/bin/env python3
"""Compiles runtime/logsources.yml to C: gen_logsources.py runtime/logsources.yml > runtime/logsource_table.c

The YAML says what its keys mean. Here they become flat tables: each refers to the next by first and count.
"""
import itertools, sys, yaml

PARTS = ("category", "product", "service")
ROW_KEYS = {*PARTS, "view", "also", "when", "rows", "provider", "else", "says"}
NO_VIEW = 0


def fail(why):
    sys.exit(f"logsources.yml: {why}")


class Tables:
    def __init__(self, views):
        self.paths, self.texts, self.conditions, self.labels, self.rows, self.entries, self.sections = [""], [], [], [], [], [], []
        self.sources, self.pairs, self.aliases, self.views = [], [], [], []
        self.names = {p: {} for p in PARTS}
        self.view_ids = {name: i + 1 for i, name in enumerate(views)}
        for name, aliases in views.items():
            self.add_view(name, aliases)

    def path(self, p):
        if p not in self.paths:
            self.paths.append(p)
        return self.paths.index(p)

    # --- views

    def add_view(self, name, aliases):
        first = len(self.aliases)
        for target, how in aliases.items():
            how = {"from": how} if isinstance(how, str) else how
            if set(how) - {"from", "first", "join", "map", "replace", "fill", "hex"} or len(set(how) & {"from", "first", "join"}) != 1:
                fail(f"view {name}, {target}: {how}")
            sources = how.get("join") or ["$" + p for p in how.get("first") or [how["from"]]]
            at = len(self.sources)
            self.sources += [(self.path(s[1:]), "") if s[0] == "$" else (0, s) for s in sources]
            maps = [[(str(k), str(v)) for k, v in (how.get(key) or {}).items()] for key in ("replace", "map")]
            starts = []
            for pairs in maps:
                starts.append(len(self.pairs))
                self.pairs += pairs
            self.aliases.append((self.path(target), at, len(sources), starts[0], len(maps[0]), starts[1], len(maps[1]), "join" in how, bool(how.get("fill")), bool(how.get("hex"))))
        self.views.append((name, first, len(self.aliases) - first))

    # --- rows

    def text(self, t):
        t = str(t).lower()
        if t == "*":
            return ("TEXT_ANY", "")
        if t.startswith("*"):
            return ("TEXT_SUFFIX", t[1:])
        return ("TEXT_PREFIX", t[:-1]) if t.endswith("*") else ("TEXT_EXACT", t)

    def add_conditions(self, when):
        first = len(self.conditions)
        for key, values in when.items():
            values = values if isinstance(values, list) else [values]
            if key in ("present", "absent"):
                self.conditions += [(self.path(p), "WHEN_" + key.upper(), 0, 0) for p in values]
            else:
                at = len(self.texts)
                self.texts += [self.text(v) for v in values]
                self.conditions.append((self.path(key), "WHEN_TEXT", at, len(values)))
        return first, len(self.conditions) - first

    def part(self, kind, name):
        if name is None:
            return ("LABEL_UNKNOWN", "")
        if name in ("none", "other"):
            return ("LABEL_" + name.upper(), "")
        self.names[kind][name] = 1
        return ("LABEL_NAME", name)

    def add_labels(self, spec):
        choices = [spec.get(p) if isinstance(spec.get(p), list) else [spec.get(p)] for p in PARTS]
        for names in itertools.product(*choices):
            view = self.view_ids[spec["view"]] if spec.get("view") else NO_VIEW
            self.labels.append(([self.part(p, n) for p, n in zip(PARTS, names)], view))

    def add_row(self, spec):
        if set(spec) - ROW_KEYS:
            fail(f"unknown keys in {spec}")
        when = self.add_conditions(spec.get("when") or {})
        first = len(self.labels)
        self.add_labels(spec)
        for more in spec.get("also") or []:
            self.add_labels({**{p: spec.get(p) for p in PARTS}, **more})
        self.rows.append((*when, first, len(self.labels) - first, bool(spec.get("says"))))

    def add_entry(self, text, spec, defaults):
        base = {**defaults, **{k: v for k, v in spec.items() if k not in ("rows", "provider")}}
        first = len(self.rows)
        for row in spec.get("rows") or [{}]:
            merged = {**base, **{k: v for k, v in row.items() if k != "else"}}
            if "when" in base and "when" in row:
                merged["when"] = {**base["when"], **row["when"]}
            self.add_row(merged)
        return (self.text(text), first, len(self.rows) - first)

    def add_section(self, by, entries):
        exact = [e for e in entries if e[0][0] == "TEXT_EXACT"]
        rest = [e for e in entries if e[0][0] != "TEXT_EXACT"]
        self.sections.append((self.path(by), len(self.entries), len(exact), len(rest)))
        self.entries += exact + rest

    def add_sections(self, sections):
        providers = []
        for s in sections:
            defaults = {p: s[p] for p in PARTS if p in s}
            entries = [self.add_entry(text, spec, defaults) for text, spec in s["entries"].items()]
            for (_, first, n), spec in zip(list(entries), s["entries"].values()):
                if spec.get("provider"):
                    providers.append((self.text(spec["provider"]), first, n))
            if s["by"] == "Provider_Name":
                entries = providers + entries
            self.add_section(s["by"], entries)


def c(s):
    return 'STR_INIT("' + "".join(ch if 32 <= ord(ch) < 127 and ch not in '"\\' else "\\%03o" % ord(ch) for ch in s) + '")'


def table(kind, name, rows):
    print(f"const {kind} {name}[] = {{")
    for r in rows:
        print(f"  {r}," if kind == "Str" else f"  {{{r}}},")
    print(f"}};\nconst uint32_t n_{name} = sizeof {name} / sizeof *{name};\n")


def flag(b):
    return "true" if b else "false"


def main():
    doc = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
    t = Tables(doc["views"])
    t.add_sections(doc["sections"])
    print("/* SPDX-License-Identifier: MIT\n * Generated from runtime/logsources.yml by tests/tools/gen_logsources.py (make tables). Do not edit. */")
    print("/* clang-format off */\n#include \"runtime/logsource_table.h\"\n")
    table("Str", "table_paths", map(c, t.paths))
    table("TextMatch", "table_texts", [f"{k}, {c(s)}" for k, s in t.texts])
    table("Condition", "table_conditions", [", ".join(map(str, x)) for x in t.conditions])
    table("Label", "table_labels", [", ".join("{%s, %s}" % (k, c(s)) for k, s in parts) + f", {view}" for parts, view in t.labels])
    table("Row", "table_rows", ["%d, %d, %d, %d, %s" % (*r[:4], flag(r[4])) for r in t.rows])
    table("Entry", "table_entries", ["{%s, %s}, %d, %d" % (k[0], c(k[1]), f, n) for k, f, n in t.entries])
    table("Section", "table_sections", ["%d, %d, %d, %d" % s for s in t.sections])
    table("Source", "table_sources", [f"{p}, {c(s)}" for p, s in t.sources])
    table("Pair", "table_pairs", [f"{c(a)}, {c(b)}" for a, b in t.pairs])
    table("Alias", "table_aliases", ["%d, %d, %d, %d, %d, %d, %d, %s, %s, %s" % (*a[:7], *map(flag, a[7:])) for a in t.aliases])
    table("View", "table_views", ['STR_INIT(""), 0, 0'] + [f"{c(n)}, {f}, {k}" for n, f, k in t.views])
    for p in PARTS:
        table("Str", f"table_{p}_names", map(c, sorted(t.names[p])))


main()
