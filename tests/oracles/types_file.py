# SPDX-License-Identifier: MIT
"""Field types shared by eql_match and kql_match (--types FILE): one "field: type" per line (YAML), or a JSON object.

  # comment
  process.name: keyword        EQL            KQL column
  "cs-uri-query": string       keyword        string
Types: keyword (string, wildcard, constant_keyword) | text (match_only_text) | long (integer, int, short, byte, unsigned_long)
  | double (real, float, half_float, scaled_float, decimal) | ip | boolean (bool) | date (datetime, date_nanos) | dynamic (object, flattened, nested)
  | unknown (keyword).  A name that ends in .* is for all names that begin so and have no type of their own; the longest counts.
KQL has no ip and no text: both are string columns there.
"""
import json, re

BASE = {"keyword": "keyword", "string": "keyword", "wildcard": "keyword", "constant_keyword": "keyword", "text": "text", "match_only_text": "text",
        "long": "long", "integer": "long", "int": "long", "short": "long", "byte": "long", "unsigned_long": "long",
        "double": "double", "real": "double", "float": "double", "guid": "keyword", "half_float": "double", "scaled_float": "double", "decimal": "double",
        "ip": "ip", "boolean": "boolean", "bool": "boolean", "date": "date", "datetime": "date", "date_nanos": "date",
        "dynamic": "dynamic", "object": "dynamic", "flattened": "dynamic", "nested": "nested", "geo_point": "nested", "version": "keyword", "unknown": "keyword"}
KQL = {"keyword": "string", "text": "string", "ip": "string", "long": "long", "double": "real", "boolean": "bool", "date": "datetime", "dynamic": "dynamic", "nested": "dynamic"}
EQL = {"keyword": "str", "text": "text", "ip": "ip", "long": "num", "double": "num", "boolean": "bool", "date": "date", "dynamic": "any", "nested": "nested"}


class Types(dict):
    "field -> type, with prefixes; `default` for a name that has none"

    def __init__(self, types, default=None):
        super().__init__(types)
        self.default = default
        self.prefixes = sorted((k for k in types if k.endswith(".*")), key=len, reverse=True)
        self.memo = {}

    def get(self, name, default=None):
        if name not in self.memo:
            t = dict.get(self, name)
            if t is None:
                t = next((self[p] for p in self.prefixes if name.startswith(p[:-1])), self.default)
            self.memo[name] = t
        t = self.memo[name]
        return default if t is None else t

    def map(self, table):
        return Types({k: table[v] for k, v in self.items()}, self.default and table[self.default])


def unquote(s):
    s = s.strip()
    if len(s) > 1 and s[0] == s[-1] == '"':
        return json.loads(s)
    if len(s) > 1 and s[0] == s[-1] == "'":
        return s[1:-1].replace("''", "'")
    return s


def read(path):
    "-> {field: base type}"
    text = open(path, encoding="utf-8-sig").read()
    if text.lstrip()[:1] == "{":
        m = json.loads(text)
    else:
        m = {}
        for n, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip()[0] == "#" or line.strip() in ("---", "..."):
                continue
            x = re.fullmatch(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#][^#]*?)\s*:\s+([^#]*?)\s*(?:#.*)?""", line)
            if not x:
                raise SystemExit(f"{path}:{n}: not 'field: type'")
            f = unquote(x.group(1))
            if f in m:
                raise SystemExit(f"{path}:{n}: {f} is declared twice")
            m[f] = unquote(x.group(2))
    bad = [f"{f}: {t}" for f, t in m.items() if str(t).lower() not in BASE]
    if bad:
        raise SystemExit(f"{path}: unknown type: {bad[0]}")
    return {f: BASE[t.lower()] for f, t in m.items()}


def load(path, side):
    return {f: (KQL if side == "kql" else EQL)[t] for f, t in read(path).items()}
