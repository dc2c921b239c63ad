#!/usr/bin/env python3
"""Writes the matrix of what EQL and KQL can say: gen_backends.py SIGMAC >docs/backends.md

For each construct a rule is made and translated by the program itself, so a cell is what it does, not what somebody believed. The
fields: k text, n an integer, r a real number, b a boolean, ip an address, t analysed text, d a date, dyn a dynamic column; the other
fields of an item are texts too. `not` in front of an item: the condition negates it.
"""
import json, os, subprocess, sys, tempfile

TYPES = {
    "eql": {"k": "keyword", "other": "keyword", "n": "long", "r": "double", "b": "boolean", "ip": "ip", "t": "text", "d": "date", "flat": "flattened"},
    "kql": {"k": "string", "other": "string", "n": "int", "r": "real", "b": "bool", "ip": "string", "t": "string", "d": "datetime", "dyn": "dynamic"},
}
ONLY = {"dyn": "kql", "flat": "eql", "t": "eql"}  # types that the other target does not have

# (heading, [(what it is, item)])
CONSTRUCTS = [
    ("Text", [
        ("whole text", "k: abc"),
        ("one of several", "k: [abc, def]"),
        ("not it", "not k: abc"),
        ("not one of several", "not k: [abc, def]"),
        ("letter case counts", "k|cased: Abc"),
        ("one of several, letter case counts", "k|cased: [Abc, B]"),
        ("start", "k|startswith: abc"),
        ("end", "k|endswith: abc"),
        ("somewhere", "k|contains: abc"),
        ("somewhere, letter case counts", "k|contains|cased: Abc"),
        ("not somewhere", "not k|contains: abc"),
        ("one of several somewhere", "k|contains: [abc, def]"),
        ("all of several somewhere", "k|contains|all: [abc, def]"),
        ("all of several", "k|all: [abc, def]"),
        ("star inside", "k: 'a*b'"),
        ("question mark", "k: 'a?b'"),
        ("wildcards at several places", "k: '*a*b?c*'"),
        ("only question marks", "k: '??'"),
        ("at least so long", "k: '??*'"),
        ("any text", "k: '*'"),
        ("a plain star, whole", "k: 'a\\*b'"),
        ("a plain star, somewhere", "k|contains: 'a\\*b'"),
        ("a backslash before a wildcard", "k: 'C:\\Temp\\\\*'"),
        ("quotes", "k: 'say \"hi\"'"),
        ("line end and tab", "k|contains: \"a\\n\\tb\""),
        ("control character", "k|contains: \"a\\x01b\""),
        ("letters outside of ASCII", "k: 'Ärger'"),
        ("many of them", "k|contains: 'ЖЖЖЖЖЖЖЖ'"),
        ("the empty text", "k: ''"),
        ("the empty text or nothing", "k: ['', null]"),
        ("dashes of Windows", "k|contains|windash: ' -enc'"),
        ("Base64", "k|base64: abc"),
        ("Base64 at any offset", "k|base64offset|contains: abc"),
        ("UTF-16 and Base64", "k|wide|base64offset|contains: abc"),
    ]),
    ("Presence", [
        ("absent or null", "k: null"),
        ("absent or null, a number", "n: null"),
        ("there", "k|exists: true"),
        ("not there", "k|exists: false"),
        ("there, a number", "n|exists: true"),
        ("not null", "k|neq: null"),
    ]),
    ("Numbers and booleans", [
        ("a number, integer field", "n: 443"),
        ("one of several numbers", "n: [80, 443]"),
        ("not a number", "not n: 443"),
        ("a fraction, integer field", "n: 1.5"),
        ("a number, real field", "r: 1.5"),
        ("a number, text field", "k: 443"),
        ("a number as text, integer field", "n: '443'"),
        ("a pattern, integer field", "n: '443*'"),
        ("a number or a pattern, integer field", "n: [80, '443*']"),
        ("greater", "n|gt: 5"),
        ("not greater", "not n|gt: 5"),
        ("less or equal, real field", "r|lte: 1.5"),
        ("greater, text field", "k|gt: 5"),
        ("beyond 2^53, text field", "k|gt: 9007199254740993"),
        ("true, boolean field", "b: true"),
        ("not true, boolean field", "not b: true"),
        ("true, text field", "k: true"),
        ("`true` as text, boolean field", "b: 'true'"),
    ]),
    ("Networks", [
        ("IPv4", "ip|cidr: 10.0.0.0/8"),
        ("not IPv4", "not ip|cidr: 10.0.0.0/8"),
        ("several IPv4", "ip|cidr: [10.0.0.0/8, 192.168.0.0/16]"),
        ("IPv6", "ip|cidr: 'fe80::/10'"),
        ("IPv4 and IPv6", "ip|cidr: [10.0.0.0/8, 'fc00::/7']"),
        ("IPv4, text field", "k|cidr: 10.0.0.0/8"),
        ("one address", "ip: 10.0.0.1"),
        ("whole octets", "ip: '10.*'"),
        ("part of an octet", "ip: '10.1*'"),
    ]),
    ("Regular expressions", [
        ("found anywhere", "k|re: 'whoami'"),
        ("the whole text", "k|re: '^whoami$'"),
        ("without letter case", "k|re|i: 'foo'"),
        ("classes", "k|re: '[a-f]\\d+\\s'"),
        ("lazy", "k|re: 'a.*?b'"),
        ("with m and s", "k|re|m|s: '^a.b$'"),
        ("a line inside", "k|re|m: '^a$'"),
        ("word edges", "k|re: '\\bfoo\\b'"),
        ("an anchor inside", "k|re: 'a(^b|c)'"),
        ("look-ahead", "k|re: 'a(?!b)'"),
        ("back-reference", "k|re: '(a)\\1'"),
        ("many groups", "k|re: '" + "(a)" * 17 + "'"),
        ("on a number", "n|re: '^4'"),
        ("not found", "not k|re: 'foo'"),
    ]),
    ("Keywords", [
        ("a word", None, ["mimikatz"]),
        ("one of several", None, ["mimikatz", "foo bar"]),
        ("all of several", "'|all': [foo, bar]"),
        ("a regular expression", "'|re': 'mimi.*'"),
    ]),
    ("Fields and times", [
        ("another field", "k|fieldref: other"),
        ("starts with another field", "k|fieldref|startswith: other"),
        ("not another field", "not k|fieldref: other"),
        ("hour", "k|hour: 3"),
        ("hour at least", "k|hour|gte: 22"),
        ("day of a date field", "d|day: 1"),
        ("week", "k|week: 3"),
        ("a field whose name has a hyphen", "'cs-uri-query': abc"),
        ("a field with dots", "'a.b.c': abc"),
        ("a field with a blank", "'a b': abc"),
    ]),
    ("Types without operators", [
        ("analysed text", "t|contains: abc"),
        ("flattened", "flat: abc"),
        ("flattened, a pattern", "flat|contains: abc"),
        ("dynamic", "dyn: abc"),
        ("dynamic, somewhere", "dyn|contains: abc"),
        ("below a dynamic column", "dyn.m: abc"),
    ]),
]
HEAD = """<!-- Generated by make docs from tests/tools/gen_backends.py, which asks the program; do not edit. -->
# What EQL and KQL can say

A query agrees with the rule on every event, or there is none. *exact*: as it stands. An assumption in brackets: exact on events for which
it holds; the ones that are made by default and those that need `--assume` are listed at the end. *refused*: the target cannot say
it, with the id of the refusal ([diagnostics.md](diagnostics.md)) and what to do instead.

The types are given (`--types`): `k` is text, `n` an integer, `r` a real number, `b` a boolean, `ip` an address (in KQL text),
`d` a date, `t` analysed text, `flat` a flattened object, `dyn` a dynamic column. No pipeline is used, so the assumption `scope`
holds for all of it and is left out below, as is `absent-null` where it is the only other one in EQL.
"""


def rule_of(item, keywords, number):
    negated = bool(item) and item.startswith("not ")
    lines = ["title: construct %d" % number, "id: 00000000-0000-4000-8000-%012d" % number, "logsource: {product: windows}", "detection:"]
    if keywords:
        lines += ["  sel:"] + ["    - " + k for k in keywords]
    else:
        lines += ["  sel:", "    " + item[4 if negated else 0:]]
    return "\n".join(lines + ["  condition: " + ("not " if negated else "") + "sel"]) + "\n"


def translate(sigmac, target, folder):
    types = os.path.join(folder, "types." + target)
    with open(types, "w", encoding="utf-8") as f:
        json.dump(TYPES[target], f)
    command = [sigmac, "translate", "-q", "-t", target, "--types", types, "--format", "ndjson", os.path.join(folder, "rules")]
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if out.returncode not in (0, 1):
        sys.exit("%s\n%s" % (" ".join(command), out.stderr.decode()))
    return {d["rule_id"]: d for d in map(json.loads, out.stdout.splitlines())}


def code(text):
    text = text.replace("|", "\\|")
    fence = "``" if "`" in text else "`"
    pad = " " if fence == "``" else ""
    return fence + pad + text + pad + fence


def cell(result, target):
    if result is None:
        return ""
    if "query" in result:
        taken = [a for a in result.get("assumptions", []) if a != "scope" and not (a == "absent-null" and target == "eql")]
        return ("exact" if not taken else "(" + ", ".join(taken) + ")") + "<br>" + code(shorten(bare(result["query"])))
    message = result["error"]["message"]
    return "refused: `%s`<br>%s" % (result["error"]["id"], message.split(": item '")[0].replace("|", "\\|"))


def bare(query):
    return query[len("any where "):] if query.startswith("any where ") else query


def shorten(query):
    return query if len(query) <= 240 else query[:180] + " … " + query[-50:]


def wanted(item, target):
    field = (item or "").removeprefix("not ").split(":")[0].split("|")[0]
    return ONLY.get(field.split(".")[0], target) == target


def main():
    sigmac = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "rules"))
        number = 0
        for _, rows in CONSTRUCTS:
            for row in rows:
                number += 1
                with open(os.path.join(folder, "rules", "%04d.yml" % number), "w", encoding="utf-8") as f:
                    f.write(rule_of(row[1], row[2] if len(row) > 2 else None, number))
        results = {t: translate(sigmac, t, folder) for t in TYPES}
    print(HEAD)
    number = 0
    for heading, rows in CONSTRUCTS:
        print("## %s\n\n| construct | rule | EQL | KQL |\n|---|---|---|---|" % heading)
        for row in rows:
            number += 1
            rid = "00000000-0000-4000-8000-%012d" % number
            cells = [cell(results[t].get(rid), t) if wanted(row[1], t) else "–" for t in ("eql", "kql")]
            text = row[1] if row[1] else "[" + ", ".join(row[2]) + "]"
            print("| %s | %s | %s | %s |" % (row[0], code(shorten(text)), *cells))
        print()
    print("## Assumptions\n")
    sys.stdout.flush()
    subprocess.run([sigmac, "list", "assumptions", "--format", "markdown"], check=True)


if __name__ == "__main__":
    main()
