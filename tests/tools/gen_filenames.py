#!/usr/bin/env python3
"""Prefixes of file names as a table in C, sorted: gen_filenames.py lint/data/filenames.tsv
Columns: product, category, service (- for none), prefix. Lines with # at the top are its notice."""
import sys

path = sys.argv[1]
lines = open(path, encoding="utf-8").read().splitlines()
rows = sorted([w if w != "-" else "" for w in l.split("\t")] for l in lines if l and not l.startswith("#"))
print("/* SPDX-License-Identifier: MIT")
for l in lines:
    if l.startswith("# "):
        print(f" * {l[2:]}")
print(f" * Generated from {path} by tests/tools/gen_filenames.py (make tables). Do not edit. */")
print("/* clang-format off */")
print('#include "lint/tables.h"\n')
print("const LintPrefix lint_prefixes[] = {")
for r in rows:
    print("  {" + ", ".join(f'"{w}"' for w in r) + "},")
print("};\nconst unsigned lint_prefix_count = sizeof lint_prefixes / sizeof *lint_prefixes;")
