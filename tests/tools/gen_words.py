#!/usr/bin/env python3
"""A table of words, one a line before the first tab, as a sorted table in C: gen_words.py FILE.tsv NAME
Lines with # at the top are its notice."""
import sys

path, name = sys.argv[1:3]
lines = open(path, encoding="utf-8").read().splitlines()
notice = [l[2:] for l in lines if l.startswith("# ")]
words = sorted({l.split("\t")[0] for l in lines if l and not l.startswith("#")})
print("/* SPDX-License-Identifier: MIT")
for l in notice:
    print(f" * {l}")
print(f" * Generated from {path} by tests/tools/gen_words.py (make tables). Do not edit. */")
print("/* clang-format off */")
print('#include "lint/tables.h"\n')
print("static const char *const words[] = {")
for w in words:
    print(f'  "{w}",')
print("};")
print(f"const LintWords {name} = {{words, sizeof words / sizeof *words}};")
