#!/usr/bin/env python3
"""The ATT&CK table.

  gen_attack.py compiler/attack.tsv > compiler/attack_table.c     compiles it (make tables)
  gen_attack.py --reduce FILE.json > compiler/attack.tsv          makes the table from a reduced STIX bundle: a map with tactics,
                                                                  techniques, groups, software, mitigations, data_sources, each a
                                                                  map of ids to name, tactics, revoked, deprecated, since, successor_in_19

A line of the table: id, name, tactics by their short names, flags, successor. Lines that begin with # are kept as a comment.
"""
import json, re, sys

NOTICE = ("MITRE ATT&CK Enterprise 18.1, and of 19 what public rule sets use (flag new).",
          "(c) 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.",
          "The MITRE Corporation (MITRE) hereby grants you a non-exclusive, royalty-free license to use ATT&CK(R) for research,",
          "development, and commercial purposes. Any copy you make for such purposes is authorized provided that you reproduce",
          "MITRE's copyright designation and this license in any such copy.",
          "https://attack.mitre.org/resources/legal-and-branding/terms-of-use/")
# Of version 19, which split defense-evasion and gave its id to stealth.
NEW_TACTICS = [("TA0005", "Stealth", "stealth"), ("TA0112", "Defense Impairment", "defense-impairment")]
KINDS = [("TA", "TACTIC"), ("T", "TECHNIQUE"), ("G", "GROUP"), ("S", "SOFTWARE"), ("M", "MITIGATION"), ("DS", "DATA_SOURCE")]
ID = re.compile(r"(TA|T|G|S|M|DS)[0-9]{4}(\.[0-9]{3})?")


def reduce(path):
    data = json.load(open(path, encoding="utf-8"))
    for line in NOTICE:
        print("#", line)
    tactics = [(i, t["name"], t["shortname"], "") for i, t in sorted(data["tactics"].items())]
    for i, name, short, flags in tactics + [(*t, "new") for t in NEW_TACTICS]:
        print(i, name, short, flags, "", sep="\t")
    for i, t in sorted(data["techniques"].items()):
        flags = [f for f in ("revoked", "deprecated") if t.get(f)] + (["new"] if t.get("since") else [])
        print(i, t["name"] or "", ",".join(t["tactics"]), ",".join(flags), t.get("successor_in_19", ""), sep="\t")
    for part, letter in (("groups", "G"), ("software", "S"), ("mitigations", "M"), ("data_sources", "DS")):
        for i, t in sorted(data[part].items()):
            if i.startswith(letter):
                print(i, t["name"], "", "", "", sep="\t")


def read(path):
    rows = []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#"):
            continue
        row = line.rstrip("\n").split("\t")
        if len(row) != 5 or not ID.fullmatch(row[0]) or set(row[3].split(",")) - {"", "revoked", "deprecated", "new"}:
            sys.exit(f"{path}:{number}: not an entry: {row}")
        rows.append(row)
    return rows


def before(rows):
    """What a technique of 19 was called in 18: the one of the same name if there are several."""
    names = {r[0]: r[1] for r in rows}
    old = {}
    for i, name, _, flags, successor in rows:
        if successor and "revoked" not in flags and (successor not in old or name == names.get(successor)):
            old[successor] = i
    return old


def revoked_to(rows):
    """What took the place of a revoked technique: the one of the same name, where just one that shares a tactic has it (as a rule
    a technique became a sub-technique). Of the others it is not known."""
    by_name = {}
    for row in rows:
        if row[3] in ("", "new"):
            by_name.setdefault(row[1].lower(), []).append(row)
    out = {}
    for i, name, tactics, flags, successor in rows:
        same = [r for r in by_name.get(name.lower(), []) if r[0][0] == i[0] and set(r[2].split(",")) & set(tactics.split(","))]
        if "revoked" in flags and not successor and len(same) == 1:
            out[i] = same[0][0]
    return out


def text(s):
    return json.dumps(s, ensure_ascii=False)


def compile(path):
    rows = read(path)
    tactics = [r for r in rows if r[0].startswith("TA")]
    number = {t[2]: n for n, t in enumerate(tactics)}
    others = sorted(r for r in rows if not r[0].startswith("TA"))
    old, now = before(others), revoked_to(others)
    print("/* SPDX-License-Identifier: MIT")
    for line in NOTICE:
        print(" *", line)
    print(" * Generated from compiler/attack.tsv by tests/tools/gen_attack.py (make tables). Do not edit. */")
    print("/* clang-format off */")
    print('#include "compiler/attack.h"\n')
    print("const AttackTactic attack_tactics[] = {")
    for i, name, short, flags, _ in tactics:
        print(f"  {{{text(i)}, {text(name)}, {text(short)}, {'true' if 'new' in flags else 'false'}}},")
    print("};\nconst unsigned attack_tactic_count = sizeof attack_tactics / sizeof *attack_tactics;\n")
    print("const AttackEntry attack_entries[] = {")
    for i, name, tags, flags, successor in others:
        kind = max((k for k in KINDS if i.startswith(k[0])), key=lambda k: len(k[0]))[1]
        mask = sum(1 << number[t] for t in tags.split(",") if t)
        states = [f"ATTACK_{f.upper()}" for f in flags.split(",") if f] or ["0"]
        print(f"  {{{text(i)}, {text(name)}, {text(successor or now.get(i, ''))}, {text(old.get(i, ''))}, 0x{mask:x}, ATTACK_{kind}, {' | '.join(states)}}},")
    print("};\nconst unsigned attack_entry_count = sizeof attack_entries / sizeof *attack_entries;")


if sys.argv[1:2] == ["--reduce"]:
    reduce(sys.argv[2])
else:
    compile(sys.argv[1])
