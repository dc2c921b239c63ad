#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random differential test of sigmac against sigma_model.

  diff.py [--seed N] [--rounds N] [--sigmac PATH] [--rules N] [--events N] [--keep DIR]

Each round: one multi-document rule file and one NDJSON file; `sigmac eval` and the model must report the same
(event_index, title) pairs and refuse the same documents. Differences are minimised and grouped by signature.
"""
import argparse
import base64
import binascii
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

import sigma_model as model

# ---------------------------------------------------------------------------------------------------------------
# YAML nodes and their emitter
# ---------------------------------------------------------------------------------------------------------------


class S:
    """A scalar: text and the way it is written; 'raw' is written as it stands."""

    def __init__(self, text, style="any", anchor=None):
        self.text, self.style, self.anchor = text, style, anchor

    def copy(self):
        return S(self.text, self.style, self.anchor)


class Alias:
    def __init__(self, name):
        self.name = name

    def copy(self):
        return Alias(self.name)


class M:
    """A map: list of [key scalar, node]"""

    def __init__(self, pairs, flow=False, anchor=None):
        self.pairs, self.flow, self.anchor = [list(p) for p in pairs], flow, anchor

    def copy(self):
        return M([(k.copy(), v.copy()) for k, v in self.pairs], self.flow, self.anchor)


class L:
    def __init__(self, items, flow=False, anchor=None):
        self.items, self.flow, self.anchor = list(items), flow, anchor

    def copy(self):
        return L([i.copy() for i in self.items], self.flow, self.anchor)


PRINTABLE = re.compile(r"[\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*\Z")


def plain_ok(t, flow):
    if not t or t != t.strip() or "\n" in t or "\t" in t or not PRINTABLE.match(t):
        return False
    if t[0] in "-?:,[]{}#&*!|>'\"%@`" or ": " in t or " #" in t or t.endswith(":"):
        return False
    if flow and re.search(r"[,\[\]{}:?#]", t):
        return False
    return True


def double_quoted(t):
    out = []
    for c in t:
        if c in "\\\"":
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif c == "\t":
            out.append("\\t")
        elif c == "\r":
            out.append("\\r")
        elif ord(c) < 32 or 127 <= ord(c) < 160 or ord(c) in (0x2028, 0x2029, 0xFEFF):
            out.append("\\x%02x" % ord(c) if ord(c) < 256 else "\\u%04x" % ord(c))
        elif ord(c) > 127 and binascii.crc32(t.encode()) % 3 == 0:
            out.append("\\u%04x" % ord(c) if ord(c) < 0x10000 else "\\U%08x" % ord(c))
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def looks_typed(t):
    return not isinstance(model.resolve_plain(t), str)


def inline(node, flow, is_key=False):
    """-> text, or None where it needs a block scalar (never for keys)"""
    if isinstance(node, Alias):
        return "*" + node.name + (" " if is_key else "")
    anchor = f"&{node.anchor} " if node.anchor else ""
    if isinstance(node, M):
        return anchor + "{" + ", ".join(inline(k, True, True) + ": " + inline(v, True) for k, v in node.pairs) + "}"
    if isinstance(node, L):
        return anchor + "[" + ", ".join(inline(i, True) for i in node.items) + "]"
    t, style = node.text, node.style
    if style == "raw":
        return anchor + (t or ("~" if flow else ""))
    if style in ("plain", "any") and plain_ok(t, flow) and not looks_typed(t):
        return anchor + t
    if style in ("double",) or "\n" in t or not PRINTABLE.match(t) or "\t" in t:
        return anchor + double_quoted(t)
    return anchor + "'" + t.replace("'", "''") + "'"


def block_scalar(node, indent):
    """-> lines (header first) or None where the text does not allow it"""
    t = node.text
    if not t or not PRINTABLE.match(t) or t[0] in " \n\t" or t.startswith("#") or re.search(r"[ \t](\n|\Z)", t) or "\t" in t:
        return None
    pad = " " * indent
    if node.style == "literal":
        body = t.rstrip("\n")
        trailing = len(t) - len(body)
        header = "|-" if trailing == 0 else "|" if trailing == 1 else "|+"
        lines = body.split("\n") + [""] * max(0, trailing - 1)
        return [header] + [(pad + line if line else "") for line in lines]
    if node.style == "folded" and "\n" not in t:
        m = re.search(r"(?<=[^ ]) (?=[^ ])", t)
        lines = [t[:m.start()], t[m.end():]] if m else [t]
        return [">-"] + [pad + line for line in lines]
    return None


def emit_value(head, node, indent, out):
    """`head` is `key:` or `-` with its indentation."""
    anchor = f" &{node.anchor}" if getattr(node, "anchor", None) else ""
    if isinstance(node, S) and node.style in ("literal", "folded"):
        lines = block_scalar(node, indent)
        if lines:
            out.append(f"{head}{anchor} {lines[0]}")
            out.extend(lines[1:])
            return
    if isinstance(node, M) and node.pairs and not node.flow:
        out.append(head + anchor)
        emit_map(node, indent, out)
    elif isinstance(node, L) and node.items and not node.flow:
        out.append(head + anchor)
        emit_list(node, indent, out)
    else:
        text = inline(node, False)
        out.append(head + (" " + text if text else ""))


def emit_map(node, indent, out):
    for k, v in node.pairs:
        emit_value(" " * indent + inline(k, False, True) + ":", v, indent + 2, out)


def emit_list(node, indent, out):
    for item in node.items:
        if isinstance(item, M) and item.pairs and not item.flow and not item.anchor:
            lines = []
            emit_map(item, indent + 2, lines)
            lines[0] = " " * indent + "- " + lines[0][indent + 2:]
            out.extend(lines)
        elif isinstance(item, L):
            out.append(" " * indent + "- " + inline(item, True))
        else:
            emit_value(" " * indent + "-", item, indent + 2, out)


def document_text(root):
    if isinstance(root, str):
        return "---\n" + root
    out = ["---"]
    emit_map(root, 0, out)
    return "\n".join(out) + "\n"


# ---------------------------------------------------------------------------------------------------------------
# JSON events: Obj is a list of (key, value); Raw is a number by its spelling
# ---------------------------------------------------------------------------------------------------------------


class Raw(str):
    pass


class Obj(list):
    pass


def json_string(s):
    r = random.Random(binascii.crc32(s.encode("utf-8", "surrogatepass")))
    out = []
    for c in s:
        if c in '"\\' or ord(c) < 32:
            out.append(json.dumps(c)[1:-1])
        elif r.random() < 0.05 or (ord(c) > 127 and r.random() < 0.3):
            out.append("\\u%04X" % ord(c) if ord(c) < 0x10000 else json.dumps(c)[1:-1])
        elif c == "/" and r.random() < 0.1:
            out.append("\\/")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def jdump(v):
    if isinstance(v, Raw):
        return str(v)
    if isinstance(v, str):
        return json_string(v)
    if v is None:
        return "null"
    if v is True or v is False:
        return "true" if v else "false"
    if isinstance(v, Obj):
        return "{" + ", ".join(json_string(k) + ": " + jdump(x) for k, x in v) + "}"
    if isinstance(v, list):
        return "[" + ",".join(jdump(x) for x in v) + "]"
    raise TypeError(type(v))


def jcopy(v):
    if isinstance(v, Obj):
        return Obj((k, jcopy(x)) for k, x in v)
    if isinstance(v, list):
        return [jcopy(x) for x in v]
    return v


# ---------------------------------------------------------------------------------------------------------------
# Generator
# ---------------------------------------------------------------------------------------------------------------

VARS = {"a": ["one", "two"], "b": ["x*", "C:\\d\\"], "none": [], "w.1": ["-enc", "/c"], "user": ["bob", "É?e"],
        "nets": ["10.0.0.0/8", "2001:db8::/32"], "pct": ["5%", "%a%"], "n-2": ["a.b", "(x)"], "S": ["Σs"], "num": ["7"],
        "esc": ["\\*", "a\\\\b", "d\\?"], "fld": ["A", "a.b"]}

WORDS = ["foo", "bar", "Cmd.exe", "C:\\Windows", "\\srv", "whoami", "ab", "a", "b", "x", "7", "31", "true", "null", "5%", "/c",
         "-enc", " -a", "[x]", "(a|b)", "a.b", "$", "^", "%", "A b", "e", "-", "/", "_", "+", "--x", "-a-b", "–f", "—g", "―h", ""]
LETTERS = ["Σ", "σ", "ς", "ß", "ẞ", "\u212a", "ſ", "İ", "ı", "é", "É", "ä", "Ä", "Я", "я", "ﬁ", "𐐀", "𐐨", "ǅ", "ǆ", "Ǆ", "ᾈ", "ᾀ", "ῼ",
           "ῳ", "\u00b5", "\u03bc", "\u2126", "ω", "Ω", "\u212b", "å", "Å", "Ꭰ", "ꭰ", "ᏸ", "ᲀ", "в", "В", "ẛ", "ṡ", "Ṡ", "ΐ", "e\u0301", "😀",
           "\u0345", "ι", "Ι", "\u1fbe", "Ა", "ა", "ÿ", "Ÿ", "k", "K", "s", "S", "i", "I"]
ESCAPES = ["\\", "\\\\", "\\*", "\\?", "*", "?", "\\\\*", "\\\\?", "\\\\\\*", "\\\\\\\\", "**", "*?", "\\x", "\\%", "\\n"]
PLACEHOLDERS = ["%a%", "%b%", "%none%", "%w.1%", "%user%", "%pct%", "%n-2%", "%S%", "\\%a%", "\\\\%a%", "%a\\%", "%", "%%", "100% %a%", "%a%b%", "%esc%",
                "%a %", "\\%a%b%"]
FIELDS = ["A", "B", "C", "a.b", "a.b.c", "x y", "a", "123", "Ä", "N", "a.c"]
NAMES = ["sel", "sel_a", "sel_b", "selection1", "_hid", "_sel_a", "filter_x", "kw", "notepad", "1st", "sel-1", "Sel", "of_x", "all1", "sel_", "_"]
NUMBERS = ["0", "7", "007", "010", "0x1F", "0x1f", "31", "0o17", "15", "1e3", "1000", "1.5", "1.50", "9007199254740993", "9007199254740992", "-7",
           "+12", "12", "-0", "1.0", "5.", ".5", "0.1", "18446744073709551615", "9223372036854775808", "-9223372036854775808", "1.5e3", "1E2",
           "100", "0.000001", "1e20", "4624", "22", "3", "0.30", "123456789.125", "2.5E-3", "-1.5", "1e0", "18446744073709551616", "1e15"]
EVENT_NUMBERS = ["0", "7", "7.0", "7.00", "70e-1", "0.7e1", "31", "15", "1000", "1e3", "1E3", "1000.0", "1.5", "1.50", "15e-1", "9007199254740993",
                 "9007199254740992", "9007199254740993.0", "-7", "12", "-0", "0.0", "-0.0", "5", "5.0", "0.5", "0.1", "1e-1", "18446744073709551615",
                 "18446744073709551616", "9223372036854775808", "-9223372036854775808", "1500", "100", "100.0", "1e20", "100000000000000000000",
                 "4624", "22", "3", "0.3", "10", "123456789.125", "0.0025", "-1.5", "1", "0.000001", "1e-6", "8", "1e15", "99999999999999999999999"]
EVENT_NUMBER_TEXTS = ["0", "7", "007", "7.0", "+7", "31", "0x1F", "15", "1000", "1e3", "1.5", "1.50", "9007199254740993", "-7", "12", "+12", "-0", "010",
                      "8", "5", "0.5", "0.1", "18446744073709551615", "1500", "1.5e3", "100", "1E2", "100000000000000000000", "1e20", "4624", "22", "3",
                      "0.000001", "123456789.125", "0.0025", " 7", "7 ", "-1.5", "1,5", "1_000", "٧", "1.", "--7", "1e", "e3", "1e+3", "1e-3", "7x",
                      "9223372036854775808", "0.3", "0.30", "22.0", "99999999999999999999999", "18446744073709551616", "1e15", "1000000000000000"]
NETWORKS = ["10.0.0.0/8", "10.1.0.0/16", "192.168.16.0/20", "0.0.0.0/0", "10.0.0.2/31", "10.0.0.1", "10.0.0.1/32", "::1/128", "fe80::/10", "64:ff9b::/96",
            "::/0", "2001:db8::/32", "::ffff:10.0.0.0/104", "::ffff:0:0/96", "::1", "2001:db8:0:0::/64", "::ffff:10.0.0.1", "::ffff:a00:0/104", "::fffe:0:0/95",
            "::ffff:0:0/95", "::10.0.0.0/104"]
BAD_NETWORKS = ["10.0.0.1/8", "10.0.0.0/33", "nonsense", "10.0.0/8", "::1/129", "fe80::1/10", "010.0.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8 ",
                " 10.0.0.0/8", "10.*", "", "10.0.0.0/255.0.0.0", "fe80::%1/64", "1::2::3", "10.0.0.256/32", "::g/64", "10.0.0.0/8/8", "/8"]
ADDRESSES = ["10.0.0.0", "10.0.0.1", "10.1.2.3", "10.255.255.255", "11.0.0.1", "192.168.16.0", "192.168.31.255", "192.168.32.0", "10.0.0.2", "10.0.0.3", "::1",
             "0:0:0:0:0:0:0:1", "::", "fe80::1", "febf::1", "fec0::1", "64:ff9b::192.0.2.33", "64:ff9b::c000:221", "2001:db8::1", "2001:DB8::A", "::ffff:10.1.2.3",
             "::FFFF:a01:203", "0:0:0:0:0:ffff:10.0.0.1", "::10.0.0.1", "10.0.0.01", "010.0.0.1", "10.1.1", "10.1.1.1:80", "[::1]", "fe80::1%eth0", "10.0.0.1/32",
             " 10.0.0.1", "10.0.0.1 ", "::1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "::ffff:10.0.0.01", "::00001", "::fffe:10.0.0.1",
             "10.0.0.256", "0x0a.0.0.1", "167772161", "::ffff:0:10.0.0.1", ":1", "1:", "12345::", "::1.2.3", "1:2:3:4:5:6:7", "١٠.0.0.1"]
TIMES = ["2024-03-07T23:45:10Z", "2024-03-07 01:45:00", "2024-03-07", "2024-12-30", "2024-12-30T00:00", "2021-01-03T10:00:00+02:00", "2020-12-31T23:59:59.999Z",
         "2024-02-29", "2023-02-29", "2024-02-30T10:00:00Z", "2024-3-7", "2024-03-07T23:45:10-05:00", "2024-03-07T24:00:00Z", "2024-03-07T23:60:00Z", "2024-03-07t23:45:10z",
         "2024-03-07T23:45:10.", "2024-03-07T23:45Z", "2024-03-07T23", "2024-03-07 23:45:10 Z", "2024-03-07T22:45:10+0200", " 2024-03-07", "2024-03-07Z", "2024-03-07T22:07:03.5+00:00",
         "20240307", "22", "2016-01-01", "2015-12-31T22:22:22", "2024-03-07T22:45:61Z", "2024-03-07T22:45:10,5Z", "2000-01-22T03:03:03", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00",
         "2024-03-07  22:45:10", "2024-03-07T3:45:10", "2024-03-07T22:45:10.123456789012Z", "2024-03-07\n22:45"]
REGEXES = ["^abc$", "b+", "foo|bar", "^C:\\\\Win", "a.b", "^\\d+$", "\\w+\\s\\w", "^[^a-z]+$", "[a-c0-9]", "\\bfoo\\b", "\\Bo", "x{2,3}", "^(?:a|b)*$", "(?i)ABC", "a(?i)b|c", "[\\w.-]+@",
           "^$", "$", "", "a?", "é", "[Σ-ψ]", "^.$", "k", "[k]", "[^k]", "[a-z]+", "ſ", "\u212a", "ß", "σ", "[\\]x]", "[]a]", "[^]a]", "[a-]", "\\.", "\\-", "(a)(b)?", "a*?b", "^two$", "(^|,)b", "e$",
           "\\t|\\n", "\\S+ \\S+", "[\\d]", "[^\\d]", "\\D", "\\W", "a{2}", "a{,2", "x|", "|x", "()", "[İı]", "^\\s*$", "[ä-ü]", "Ä+", "\\/c", "\\\\", "[[]", "^a.*z$", "[Z-a]", "(?:)", "7", "true", "1.5", "\\%a%"]
BAD_REGEXES = ["a(", "a)", "[a", "*a", "+", "a\\", "(?:a", "[b-a]", "a{3,2}", "?", "(", ")", "[]", "[^]", "(|*)", "x|*"]
REGEX_TEXTS = ["abc", "ABC", "xabcx", "foo", "foobar", "a foo b", "C:\\Windows", "axb", "a\nb", "a.b", "123", "12\n", "aaa", "xxx", "é", "É", "two\nb", "one\ntwo\nthree", "two\n", "\ntwo", "", "\n", "k", "K", "\u212a",
               "ſ", "s", "S", "ß", "ẞ", "σ", "ς", "Σ", "]", "]x", "a-", "a,b", "b", "abz", "a\nz", "\t", " ", "\u00a0", "٣", "\u2028", "\r\n", "a\r", "e\n", "e", "i", "İ", "ı", "I", "Ü", "ü", "_", "ab cd", "aB", "AB", "C", "c", "/c", "\\", "user@x", "\x0b", "\x85", "é_", "fooé", "%a%", "-", "[", "0"]


class Gen:
    def __init__(self, rng):
        self.r = rng
        self.hints = collections.defaultdict(list)
        self.keyword_hints = []

    def chance(self, p):
        return self.r.random() < p

    def pick(self, seq):
        return self.r.choice(seq)

    # --- texts

    def rule_text(self, wild=True, expand=False):
        if self.chance(0.04):
            return ""
        parts = []
        for _ in range(self.r.choice((1, 1, 2, 2, 3, 4))):
            k = self.r.random()
            if expand and k < 0.5:
                parts.append(self.pick(PLACEHOLDERS))
            elif k < 0.5:
                parts.append(self.pick(WORDS))
            elif k < 0.65:
                parts.append(self.pick(LETTERS))
            elif k < 0.92 and wild:
                parts.append(self.pick(ESCAPES))
            elif k < 0.95:
                parts.append(self.pick([" ", "\n", "\t", "  ", "\u00a0", "'", '"', "#", ": "]))
            else:
                parts.append(self.pick(WORDS))
        return "".join(parts)

    def dash_text(self):
        out = ""
        for _ in range(self.r.choice((1, 1, 2, 2, 3)) if self.chance(0.95) else self.r.choice((5, 6, 7, 12))):
            out += self.pick(["-", "/", "–", "—", "―", "--", " -", " /", "*-", "?/", "\\*-", "a-", "_/", "7-", "\\-", "\\\\/"])
            out += self.pick(["a", "enc", "f ", "", " ", "*", "1", "_x", "?", "b*", "\\", "Foo "])
        return out

    def escapes_resolved(self, t):
        """What the text stands for; wildcards become random text. Deliberately wrong at times."""
        out, i = "", 0
        while i < len(t):
            two = t[i:i + 2]
            if two in ("\\*", "\\?", "\\\\") and not self.chance(0.04):
                out += two[1]
                i += 2
            elif two == "\\%" and self.chance(0.7):
                out += "%"
                i += 2
            elif t[i] == "*" and not self.chance(0.06):
                out += self.pick(["", "", "x", "foo bar", "\n", "é", "a-b", "*"])
                i += 1
            elif t[i] == "?" and not self.chance(0.06):
                out += self.pick(["x", "é", "\n", "😀", "?", "", "xx", "-"])
                i += 1
            else:
                out += t[i]
                i += 1
        return out

    def expanded(self, t):
        def one(m):
            values = VARS.get(m[1])
            return self.pick(values) if values else m[0]
        return re.sub(r"%([A-Za-z0-9_.:-]+)%", one, t) if self.chance(0.9) else t

    def recased(self, t):
        out = ""
        for c in t:
            k = self.r.random()
            if k < 0.3:
                out += c.swapcase() if len(c.swapcase()) == 1 else c
            elif k < 0.36:
                group = [chr(x) for x in model.FOLD_CLASSES.get(ord(c), [ord(c)])]
                group += {"k": ["\u212a"], "K": ["\u212a"], "s": ["ſ"], "S": ["ſ"], "i": ["İ", "ı"], "I": ["ı", "İ"], "ß": ["ss"], "\u212a": ["k"], "ſ": ["s"]}.get(c, [])
                out += self.pick(group)
            else:
                out += c
        return out

    def dashed(self, t):
        return "".join(self.pick("-/–—―") if c in "-/–—―" and self.chance(0.6) else c for c in t)

    def encoded(self, t, mods):
        """The event text that a chain of encodings stands for."""
        data, codec = None, None
        for m in mods:
            if m in ("wide", "utf16le"):
                codec = "utf-16-le"
            elif m == "utf16be":
                codec = "utf-16-be"
            elif m == "utf16":
                codec = "utf-16-le"
        data = t.encode(codec or "utf-8", "surrogatepass")
        if "utf16" in mods:
            data = b"\xff\xfe" + data
        if "base64" in mods or "base64offset" in mods:
            before = self.pick([b"", b"", b"x", b"xy", b"\0q", b"xyz"]) if "base64offset" in mods else b""
            after = self.pick([b"", b"", b"z", b"zz", b"\xff\xff"]) if "base64offset" in mods else b""
            text = base64.b64encode(before + data + after).decode()
            if "base64offset" in mods and self.chance(0.4):  # exactly one of the three pieces
                off = self.r.randrange(3)
                e = base64.b64encode(b"\0" * off + data).decode()
                text = e[(0, 2, 3)[off]:len(e) - (0, 3, 2)[(off + len(data)) % 3]]
            return text
        return data.decode("latin-1") if codec else t

    def realized(self, t, mods):
        """A text near the pattern."""
        if "expand" in mods:
            t = self.expanded(t)
        v = self.escapes_resolved(t)
        if "windash" in mods:
            v = self.dashed(v)
        if any(m in model.ENCODINGS for m in mods):
            v = self.encoded(v, mods)
            if self.chance(0.15):
                v = v.swapcase()
        elif self.chance(0.6):
            v = self.recased(v)
        if self.chance(0.3 if any(m in mods for m in ("contains", "startswith", "endswith")) else 0.12):
            k = self.r.randrange(3)
            if k != 0:
                v = self.pick(["x", " ", "\n", "é", "\\", "-"]) + v
            if k != 1:
                v = v + self.pick(["x", " ", "\n", "é", "\\", "="])
        if self.chance(0.08) and v:
            i = self.r.randrange(len(v))
            v = v[:i] + self.pick(["", "y", "\\"]) + v[i + 1:]
        if self.chance(0.06):
            filler = self.pick(["lorem ipsum ", "é", "ab", "-", "\\", "x", "\n", "Σ "]) * self.r.choice((3, 7, 15, 16, 31, 64, 200))
            v = self.pick([filler + v, v + filler, filler + v + filler])
        return v

    def scalar(self, text):
        k = self.r.random()
        style = "any" if k < 0.35 else "single" if k < 0.65 else "double" if k < 0.85 else "literal" if k < 0.93 else "folded"
        return S(text, style)

    def typed(self):
        """A value that is not (surely) text."""
        return S(self.pick(NUMBERS + ["true", "false", "TRUE", "False", "null", "~", "Null", "", "yes", "no", "True", "NULL", "nULL", "1_000", "1:30", "2024-01-05", "0o9", "0xG", "+0x1F", "1e", "tRue"]), "raw")

    # --- random numbers, addresses, times, regular expressions

    def number_text(self, event):
        """A decimal number; `event`: in the spelling of JSON."""
        digits = self.r.choice((1, 1, 2, 3, 5, 15, 16))
        whole = str(self.r.getrandbits(3 * digits)) if self.chance(0.85) else self.pick(["9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "4294967296", "9007199254740993", "0"])
        t = ("-" if self.chance(0.2) else "") + whole
        if self.chance(0.35) and len(whole) < 12:
            t += "." + self.pick(["0", "5", "25", "50", "125", "00", "1", "000", "3"])
        if self.chance(0.2) and len(whole) < 8:
            t += self.pick("eE") + self.pick(["", "+", "-"]) + self.pick(["0", "1", "2", "3", "00", "03"])
        if not event and self.chance(0.2):
            t = self.pick(["+" + t.lstrip("-"), "0" + t.lstrip("-"), "0x" + "%X" % self.r.getrandbits(20), "0o" + "%o" % self.r.getrandbits(9)])
        return t

    def address(self, version=None):
        version = version or self.pick((4, 6))
        if version == 4:
            t = ".".join(str(self.pick([0, 1, 10, 127, 128, 192, 255, self.r.randrange(256)])) for _ in range(4))
        else:
            groups = [self.pick(["0", "0", "0", "1", "fe80", "FFFF", "ffff", "2001", "db8", "%x" % self.r.getrandbits(16), "0%x" % self.r.getrandbits(12), "000a"]) for _ in range(8)]
            if self.chance(0.25):
                groups[:6] = ["0"] * 5 + ["ffff"]
            if self.chance(0.3):
                groups[6:] = [self.address(4)]
            zeros = [i for i, x in enumerate(groups) if x == "0"]
            t = ":".join(groups)
            if zeros and self.chance(0.8):
                a = b = self.pick(zeros)
                while b + 1 < len(groups) and groups[b + 1] == "0":
                    b += 1
                while a > 0 and groups[a - 1] == "0":
                    a -= 1
                t = ":".join(groups[:a]) + "::" + ":".join(groups[b + 1:])
        if self.chance(0.08):
            i = self.r.randint(0, len(t))
            t = t[:i] + self.pick([":", ".", "0", "g", " ", "/", "%", "1"]) + t[i + self.r.randint(0, 1):]
        return t

    def network(self):
        """Mostly with its host bits cleared."""
        version = self.pick((4, 6))
        try:
            a = model.parse_address(self.address(version))
            width = 128 if a.version == 6 else 32
            length = self.r.choice((0, 1, 8, 12, 16, 24, 31, 32, 64, 96, 97, 104, 127, 128, self.r.randint(0, width)))
            n = int(a) >> max(0, width - length) << max(0, width - length) if self.chance(0.93) else int(a)
            text = str(model.ipaddress.ip_address(n.to_bytes(width // 8, "big")))
            return text + "/" + str(length), (n, width, length)
        except (AttributeError, ValueError):
            return "10.0.0.0/8", (10 << 24, 32, 8)

    def near(self, n, width, length):
        """An address in or just outside a network."""
        low = n >> max(0, width - length) << max(0, width - length)
        high = low + (1 << max(0, width - length)) - 1
        x = self.pick([low, high, low - 1, high + 1, self.r.randint(low, high)]) % (1 << width)
        a = model.ipaddress.ip_address(x.to_bytes(width // 8, "big"))
        if width == 32 and self.chance(0.3):
            return self.pick(["::ffff:%s" % a, "::FFFF:%x:%x" % (x >> 16, x & 65535), "0:0:0:0:0:ffff:%s" % a, "::%s" % a])
        return self.pick([str(a), a.exploded, str(a).upper()])

    def time(self):
        year = self.pick(["2024", "2023", "2020", "2000", "1900", "1999", "0001", "9999", "2015", "2016"])
        t = f"{year}-{self.r.randint(0, 13):02}-{self.r.choice((0, 1, 2, 15, 28, 29, 30, 31, 32)):02}"
        if self.chance(0.6):
            t = f"{year}-{self.r.choice((1, 12, 3)):02}-{self.r.randint(1, 31):02}"
        if self.chance(0.7):
            t += self.pick(["T", "T", " ", " ", "t", "_"]) + f"{self.r.choice((0, 3, 22, 23, 23, 24)):02}:{self.r.choice((0, 7, 45, 59, 60)):02}"
            if self.chance(0.7):
                t += f":{self.r.choice((0, 1, 45, 59)):02}" + self.pick(["", "", ".5", ".123456", ".", ",5"])
            t += self.pick(["", "", "Z", "Z", "+02:00", "-05:30", "+0200", "+02", "z", " Z", " +02:00"])
        if self.chance(0.06):
            i = self.r.randrange(len(t))
            t = t[:i] + self.pick(["", "0", " ", "-", "x", "٣"]) + t[i + 1:]
        return t

    def regex(self, depth=0, bounded=False):
        """A portable pattern."""
        branches = []
        for _ in range(self.r.choice((1, 1, 1, 2, 3)) if depth < 3 else 1):
            t = ""
            for _ in range(self.r.choice((0, 1, 1, 2, 2, 3))):
                q = self.pick(["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,1}", "{1,}", "{0}", "{1,2}?"])
                q = "" if bounded and ("*" in q or "+" in q or "," in q) else q
                unbounded = "*" in q or "+" in q or q == "{1,}"
                k = self.r.random()
                if k < 0.55 or depth >= 3:
                    atom = self.pick(["a", "b", "k", "K", "s", "ſ", "\u212a", "σ", "ς", "ß", "é", "É", "1", "_", " ", "\\.", "\\\\", ".", "-", "\n", "\\n", "\\t", "\\d", "\\w", "\\s", "\\W", "\\D", "\\S", "😀", "]", "}", "İ", "i", "ı", "/", "\\/", "\\-", "x", "#", "\\|", "\\(", "\\$"])
                elif k < 0.7:
                    atom = "[" + self.pick(["", "", "^"]) + "".join(self.pick(["a", "k", "K", "ſ", "a-k", "A-Z", "σ", "Ä-ü", "\\d", "\\w", "\\s", "\\W", "-", "\\]", "é", "\n", "\\n", ".", "$", "^", "_", "1", "\u212a", "ΐ", "ẞ", "\\\\"]) for _ in range(self.r.choice((1, 2, 3)))).replace("--", "-") + "]"
                elif k < 0.8:
                    t += self.pick(["^", "$", "\\b", "\\B", "(?i)"])
                    continue
                else:
                    atom = self.pick(["(", "(?:"]) + self.regex(depth + 1, bounded or unbounded and self.chance(0.7)) + ")"
                t += atom + q
            branches.append(t)
        return "|".join(branches)

    def regex_text(self):
        return "".join(self.pick(["a", "b", "k", "K", "s", "S", "ſ", "\u212a", "σ", "ς", "Σ", "ß", "ẞ", "é", "É", "1", "_", " ", ".", "\\", "-", "\n", "\t", "😀", "]", "x", "İ", "i", "I", "ı", "/", "\r", "ä", "Ä", "A", "|", "$"]) for _ in range(self.r.choice((0, 1, 1, 2, 2, 3, 5)))) * self.r.choice((1, 1, 1, 1, 1, 1, 2, 40))

    # --- event values

    def any_event_value(self, depth=0):
        k = self.r.random()
        if k < 0.25:
            return self.realized(self.rule_text(), [])
        if k < 0.40:
            return Raw(self.pick(EVENT_NUMBERS))
        if k < 0.50:
            return self.pick(EVENT_NUMBER_TEXTS)
        if k < 0.58:
            return self.pick([True, False, "true", "False", "TRUE", "yes", "null", ""])
        if k < 0.66:
            return None
        if k < 0.72 and depth < 2:
            return [self.any_event_value(depth + 1) for _ in range(self.r.randrange(4))]
        if k < 0.78 and depth < 2:
            return Obj((self.pick(["b", "c", "b.c", "x", ""]), self.any_event_value(depth + 1)) for _ in range(self.r.randrange(3)))
        if k < 0.86:
            return self.pick(REGEX_TEXTS)
        if k < 0.92:
            return self.pick(ADDRESSES)
        return self.pick(TIMES)

    def wrapped(self, v):
        """Arrays of arrays and so on around a value."""
        k = self.r.random()
        if k < 0.75:
            return v
        if k < 0.85:
            return [v]
        if k < 0.90:
            return [self.any_event_value(2), v]
        if k < 0.94:
            return [[v], None]
        if k < 0.97:
            return [[], [v, self.any_event_value(2)]]
        return self.pick([[], [[]], Obj(), [Obj()], [None], [None, []], [None, Obj()], [None, None]])

    def put(self, obj, path, v):
        """Puts a value at a path in one of the shapes that 7.2 and 7.3 allow."""
        dots = [i for i, c in enumerate(path) if c == "."]
        if not dots or self.chance(0.3):
            obj.append((path, v))
            return
        cut = self.pick(dots)
        head, tail = path[:cut], path[cut + 1:]
        inner = Obj()
        self.put(inner, tail, v)
        k = self.r.random()
        if k < 0.6:
            value = inner
        elif k < 0.8:
            value = [self.pick([Obj([("z", "q")]), Obj(), "s", Raw("1"), None, [Obj([(tail, self.any_event_value(2))])]]), inner]
        elif k < 0.9:
            value = [inner]
        else:
            value = [[inner], self.any_event_value(2)]
        obj.append((head, value))

    # --- items

    def values_node(self, values, force_list=False):
        if len(values) == 1 and not force_list and self.chance(0.7):
            return values[0]
        return L(values, self.chance(0.4))

    def hint(self, name, v):
        if name == "":
            self.keyword_hints.append(v)
        else:
            self.hints[name].append(v)

    def text_item(self, name):
        """Chains over text."""
        mods = []
        kind = self.r.random()
        if kind < 0.25:
            pass
        elif kind < 0.45:
            mods.append(self.pick(["contains", "startswith", "endswith"]))
            if self.chance(0.1):
                mods.append(self.pick(["contains", "startswith", "endswith"]))
        elif kind < 0.6:
            mods = ["windash"] + ([self.pick(["contains", "startswith", "endswith"])] if self.chance(0.6) else [])
            if self.chance(0.4):
                mods.reverse()
        elif kind < 0.82:
            if self.chance(0.5):
                mods.append(self.pick(["wide", "utf16le", "utf16be", "utf16"]))
            if self.chance(0.85) or not mods:
                mods.append(self.pick(["base64", "base64offset", "base64offset"]))
            if self.chance(0.6):
                mods.append(self.pick(["contains", "contains", "startswith", "endswith"]))
            if self.chance(0.1):
                mods.insert(0, "windash")
            if self.chance(0.1):
                mods.insert(0, "expand")
        else:
            mods = ["expand"] + ([self.pick(["contains", "startswith", "endswith", "windash"])] if self.chance(0.6) else [])
            if self.chance(0.4):
                mods.reverse()
        if self.chance(0.15):
            mods.insert(self.r.randint(0, len(mods)), "cased")
        encoding = any(m in model.ENCODINGS for m in mods)
        values = []
        n = self.r.choice((1, 1, 2, 2, 3))
        if self.chance(0.03):
            n = self.r.choice((20, 70))
        for _ in range(n):
            if "windash" in mods and self.chance(0.7):
                t = self.dash_text()
                t = t.replace("*", "").replace("?", "") if encoding else t
            else:
                t = self.rule_text(wild=not encoding, expand="expand" in mods)
                if encoding and self.chance(0.9):
                    t = t.replace("*", "\\*").replace("?", "\\?") if self.chance(0.3) else t.replace("*", "").replace("?", "")
                    if "expand" in mods:
                        t = t.replace("%b%", "%a%").replace("%user%", "")
            values.append(self.scalar(t))
            for _ in range(3):
                self.hint(name, self.realized(t, mods))
            if self.chance(0.08) and name and not mods:
                values.append(self.typed())
                self.hint(name, self.any_event_value())
            elif self.chance(0.05) and not mods and name:
                values.append(S(self.pick(["null", "~", ""]), "raw"))
        if len(values) > 1 and self.chance(0.3):
            mods.insert(self.r.randint(0, len(mods)), "all")
        if self.chance(0.08):
            mods.insert(self.r.randint(0, len(mods)), "neq")
        return mods, self.values_node(values)

    def typed_item(self, name):
        """Numbers, booleans, null without a modifier, or with contains, all, neq."""
        values = [self.typed() if self.chance(0.8) else S(self.number_text(False), "raw") for _ in range(self.r.choice((1, 1, 2, 3)))]
        self.hint(name, Raw(self.number_text(True)))
        mods = []
        for _ in range(4):
            self.hint(name, self.pick([Raw(self.pick(EVENT_NUMBERS)), self.pick(EVENT_NUMBER_TEXTS), self.any_event_value(), None, True, False]))
        for v in values:
            t = v.text
            self.hint(name, t)
            if re.match(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z", t):
                self.hint(name, Raw(t))
                self.hint(name, Raw(t + ("0" if "." in t and "e" not in t.lower() else "")))
        if self.chance(0.15):
            mods.append("neq")
        if len(values) > 1 and self.chance(0.2):
            mods.append("all")
        if self.chance(0.12):
            mods.append(self.pick(["contains", "startswith", "endswith"]))
        return mods, self.values_node(values)

    def compare_item(self, name):
        part = self.chance(0.45)
        mods = []
        if part:
            mods.append(self.pick(list(model.PARTS)))
            values = [S(self.pick(["22", "23", "0", "7", "3", "45", "53", "1", "2024", "12", "9", "10", "22.0", "2020", "31", "30", "29", "2", "52", "5"]), "raw") for _ in range(self.r.choice((1, 1, 2)))]
            if self.chance(0.4):
                mods.append(self.pick(list(model.COMPARE)))
            for _ in range(3):
                self.hint(name, self.pick(TIMES))
                self.hint(name, self.time())
        else:
            mods.append(self.pick(list(model.COMPARE)))
            values = [S(self.pick(NUMBERS) if self.chance(0.7) else self.number_text(False), "raw") for _ in range(self.r.choice((1, 1, 2)))]
            for _ in range(4):
                self.hint(name, self.pick([Raw(self.pick(EVENT_NUMBERS)), self.pick(EVENT_NUMBER_TEXTS), Raw(self.number_text(True)), self.number_text(True)]))
        if len(values) > 1 and self.chance(0.4):
            mods.insert(self.r.randint(0, len(mods)), "all")
        if self.chance(0.15):
            mods.insert(self.r.randint(0, len(mods)), "neq")
        return mods, self.values_node(values)

    def cidr_item(self, name):
        mods = ["cidr"]
        values = []
        for _ in range(self.r.choice((1, 1, 2, 4))):
            if self.chance(0.5):
                values.append(S(self.pick(NETWORKS), "single"))
            else:
                text, parts = self.network()
                values.append(S(text, "single"))
                self.hint(name, self.near(*parts))
                self.hint(name, self.near(*parts))
        self.hint(name, self.address())
        if self.chance(0.1):
            mods, values = ["expand", "cidr"], [S("%nets%", "single")]
        for _ in range(4):
            self.hint(name, self.pick(ADDRESSES))
        if len(values) > 1 and self.chance(0.3):
            mods.append("all")
        if self.chance(0.15):
            mods.append("neq")
        return mods, self.values_node(values)

    def re_item(self, name):
        mods = ["re"]
        values = [S(self.pick(REGEXES) if self.chance(0.4) else self.regex(), self.pick(["single", "double"])) for _ in range(self.r.choice((1, 1, 2)))]
        for _ in range(4):
            self.hint(name, self.regex_text())
        if self.chance(0.15):
            values.append(S(self.pick(["^%a%$", "x%n-2%", "\\%a%", "%pct%+", "\\\\%b%", "[%a%]", "^%user%", "%esc%"]), "single"))
            mods.append("expand")
            for _ in range(3):
                self.hint(name, self.pick(["one", "xa.b", "x(x)", "%a%", "5%", "5%%", "\\x*", "bob", "É?e", "axb", "xaxb", "\\*", "a\\\\b", "Éee", "\\C:\\d\\", "o", "n"]))
        for _ in range(self.r.choice((0, 0, 1, 2))):
            mods.insert(self.r.randint(1, len(mods)), self.pick(list(model.REGEX_FLAGS)))
        for _ in range(5):
            self.hint(name, self.pick(REGEX_TEXTS))
        if len(values) > 1 and self.chance(0.3):
            mods.append("all")
        if self.chance(0.12):
            mods.append("neq")
        return mods, self.values_node(values)

    def exists_item(self, name):
        self.hint(name, self.pick([None, [], Obj(), "", Raw("0"), False, [None], [[]]]))
        mods = ["exists"] + (["neq"] if self.chance(0.1) else [])
        return mods, S(self.pick(["true", "false", "True", "FALSE"]), "raw")

    def fieldref_item(self, name):
        refs = [self.pick(FIELDS) for _ in range(self.r.choice((1, 1, 2)))]
        mods = ["fieldref"]
        if self.chance(0.4):
            mods.append(self.pick(["contains", "startswith", "endswith"]))
        if len(refs) > 1 and self.chance(0.4):
            mods.insert(self.r.randint(0, len(mods)), "all")
        if self.chance(0.2):
            mods.insert(self.r.randint(0, len(mods)), "neq")
        for ref in refs:
            t = self.pick(["ab", "Foo*", "x?", "Σς", "\\a", "7", "é", "", "K"])
            self.hint(ref, self.recased(t))
            self.hint(name, self.pick(["", "", "x"]) + self.recased(t) + self.pick(["", "", "y", "\n"]))
            n = self.pick(EVENT_NUMBERS)
            self.hint(ref, self.pick([Raw(n), n, True, "true", None]))
            self.hint(name, self.pick([Raw(n), n, True, "TRUE", None]))
        return mods, self.values_node([S(x, "single") for x in refs])

    def item(self, name=None, keyword=False):
        name = "" if keyword else (name or self.pick(FIELDS))
        k = self.r.random()
        if keyword:
            maker = self.text_item if k < 0.6 else self.re_item if k < 0.75 else self.compare_item if k < 0.82 else self.cidr_item if k < 0.88 else self.fieldref_item if k < 0.92 else self.keyword_numbers
        else:
            maker = (self.text_item if k < 0.5 else self.typed_item if k < 0.65 else self.compare_item if k < 0.73 else self.cidr_item if k < 0.80
                     else self.re_item if k < 0.88 else self.exists_item if k < 0.92 else self.fieldref_item if k < 0.97 else self.random_item)
        mods, value = maker(name)
        return "|".join([name] + mods), value

    def keyword_numbers(self, name):
        values = [S(self.pick(NUMBERS + ["true", "false"]), "raw") for _ in range(2)]
        for v in values:
            self.hint(name, v.text)
        return (["all"] if self.chance(0.5) else []), L(values)

    def random_item(self, name):
        """Any chain over any value: mostly refused."""
        names = sorted(model.MODIFIERS)
        mods = [self.pick(names) for _ in range(self.r.choice((1, 2, 2, 3, 3, 4)))]
        if self.chance(0.05):
            mods.insert(self.r.randint(0, len(mods)), self.pick(["", "Contains", "nosuch", " contains", "re ", "gte ", "ALL", "not", "eq"]))
        values = [self.random_value() for _ in range(self.r.choice((1, 1, 2, 3)))]
        return mods, self.values_node(values)

    def random_value(self):
        k = self.r.random()
        if k < 0.35:
            t = self.pick(["foo", "a*b", "B", "10.0.0.0/8", "%a%", "-x", "7", "a\\*b", "a.b", ""])
            self.hints["A"].append(t)
            return S(t, "single")
        if k < 0.6:
            return S(self.pick(NUMBERS), "raw")
        if k < 0.7:
            return S(self.pick(["true", "false"]), "raw")
        if k < 0.78:
            return S("null", "raw")
        if k < 0.82:
            return S(self.pick(BAD_REGEXES), "single")
        if k < 0.86:
            return S(self.pick(BAD_NETWORKS), "single")
        if k < 0.89:
            return S(self.pick([".inf", "-.INF", ".nan"]), "raw")
        if k < 0.92:
            return L([S("x")], True)
        if k < 0.95:
            return M([(S("k"), S("v"))], True)
        return self.scalar(self.rule_text(expand=True))

    def map_node(self, keyword=False):
        pairs, seen = [], set()
        for _ in range(self.r.choice((1, 1, 2, 3))):
            key, value = self.item(keyword=keyword)
            if key in seen:
                continue
            seen.add(key)
            pairs.append((S(key, self.pick(["any", "single", "double"])), value))
        return M(pairs, self.chance(0.12))

    def keyword_scalar(self):
        if self.chance(0.2):
            t = self.pick(NUMBERS + ["true", "False"])
            self.keyword_hints.append(t)
            return S(t, "raw")
        t = self.rule_text()
        for _ in range(3):
            self.keyword_hints.append(self.realized(t, ["contains"]))
        return self.scalar(t)

    def identifier_node(self):
        k = self.r.random()
        if k < 0.66:
            return self.map_node()
        if k < 0.74:
            return L([self.map_node() for _ in range(self.r.choice((1, 2, 3)))])
        if k < 0.84:
            return L([self.keyword_scalar() for _ in range(self.r.choice((1, 2, 3)))], self.chance(0.3))
        if k < 0.89:
            return L([self.map_node() if self.chance(0.5) else self.keyword_scalar() for _ in range(3)])
        if k < 0.92:
            return self.keyword_scalar()
        m = self.map_node(keyword=True)
        if self.chance(0.2):
            m.pairs.extend(self.map_node().pairs)
            m.pairs = list({k.text: [k, v] for k, v in m.pairs}.values())
        return m

    # --- conditions

    def pattern(self, names):
        n = self.pick(names)
        k = self.r.random()
        if k < 0.25:
            return "them"
        if k < 0.55:
            return n[:self.r.randint(1, len(n))] + "*"
        if k < 0.65:
            return "*" + n[self.r.randint(0, len(n) - 1):]
        if k < 0.75:
            return n
        if k < 0.85:
            i = self.r.randint(0, len(n))
            return n[:i] + "*" + n[self.r.randint(i, len(n)):]
        return self.pick(["*", "_*", "s*", "*_*", "**", "*l*", "sel*", "*1*"])

    def condition(self, names, depth=0):
        k = self.r.random()
        if depth > 3 or k < 0.35:
            return self.pick(names)
        if k < 0.5:
            return self.pick(["1", "all", "any"]) + " of " + self.pattern(names)
        if k < 0.65:
            return "not " + self.condition(names, depth + 1)
        if k < 0.75:
            return "(" + self.pick(["", " "]) + self.condition(names, depth + 1) + self.pick(["", " ", "\n"]) + ")"
        return self.condition(names, depth + 1) + self.pick([" and ", " or ", "  or\t", " and not "]) + self.condition(names, depth + 1)

    def broken_condition(self, names):
        c = self.condition(names)
        tokens = re.findall(r"[^\s()]+|[()]", c)
        k = self.r.random()
        if k < 0.25 and tokens:
            del tokens[self.r.randrange(len(tokens))]
        elif k < 0.5:
            tokens.insert(self.r.randint(0, len(tokens)), self.pick(["and", "or", "not", "of", "(", ")", "1", "all", "them", "|", "AND", "sel", "nosuch", "any", "sel*", ","]))
        elif k < 0.7 and tokens:
            tokens[self.r.randrange(len(tokens))] = self.pick(["and", "or", "not", "of", "(", ")", "1", "2", "all", "them", "&", "OR", "Not", "NOT", "nosuch", "any", "sel*", "1of", "é", "sel.x", "none", "_nosuch*"])
        elif k < 0.8:
            return self.pick(["", " ", "()", "not", "1 of", "all of them and", "sel | count() > 5", "1 of (sel)", "them", "1 of them*", "all of nosuch*", "sel,", "sel;", "not not", "1 of 1", "of", "near sel", "1 of of", "1 of them them", "any of all"])
        return " ".join(tokens)

    # --- metadata

    def metadata(self, valid):
        out = []
        uuid = "%08x-%04x-%04x-%04x-%012x" % tuple(self.r.getrandbits(b) for b in (32, 16, 16, 16, 48))
        good = {
            "id": [S(uuid), S(uuid.upper()), S("null", "raw")],
            "name": [S("n_1"), S("null", "raw"), S("x y")],
            "taxonomy": [S("sigma"), S("other")],
            "status": [S("test"), S("stable"), S("EXPERIMENTAL"), S("Deprecated"), S("unsupported"), S("", "raw")],
            "level": [S("high"), S("LOW"), S("Medium"), S("informational"), S("critical"), S("~", "raw")],
            "description": [S("text"), S("", "single"), S("a: b\nc", "literal"), S("d" * 65535)],
            "author": [S("me"), S("yes", "raw"), S("2024-01-01", "raw"), S("", "single")],
            "license": [S("MIT"), S("null", "raw")],
            "date": [S("2024-01-31", "raw"), S("2024/02/29", "single"), S("2024-02-29", "single"), S("null", "raw")],
            "modified": [S("2024-12-31", "raw"), S("1999/01/01", "raw")],
            "related": [L([M([(S("id"), S(uuid)), (S("type"), S(t))], True)]) for t in ("derived", "obsolete", "merged", "renamed", "similar", "correlation")] + [L([], True)],
            "references": [L([S("http://x")]), L([], True), S("null", "raw")],
            "fields": [L([S("A"), S("B")], True)],
            "falsepositives": [L([S("Unknown")])],
            "scope": [L([S("server")], True)],
            "tags": [L([S("attack.t1059")]), L([S("cve.2024-1"), S("attack.defense-evasion")], True), L([S("a.b.c")])],
            "custom": [M([(S("a"), L([S("1", "raw")], True))]), S("5", "raw"), S("null", "raw")],
        }
        bad = {
            "id": [S("not-a-uuid"), S("5", "raw"), L([S(uuid)], True), S(uuid[:-1]), S(uuid + "0"), S(uuid.replace("-", "")), S("", "single"), S("{" + uuid + "}"), S("g" + uuid[1:]), S("urn:uuid:" + uuid)],
            "name": [S("", "single"), S("5", "raw"), S("true", "raw"), L([S("a")], True), M([(S("a"), S("b"))], True)],
            "taxonomy": [S("", "single"), S("5", "raw"), L([S("a")], True)],
            "status": [S("beta"), S("1", "raw"), S("", "single"), L([S("test")], True), S("test "), S("true", "raw")],
            "level": [S("urgent"), S("5", "raw"), S("", "single"), S(" high", "single"), L([S("high")], True)],
            "description": [S("5", "raw"), M([(S("a"), S("b"))], True), L([], True), S("d" * 65536)],
            "author": [S("5", "raw"), L([S("a")], True), S("true", "raw"), S("1.5", "raw")],
            "license": [S("5", "raw"), L([S("MIT")], True), S("false", "raw")],
            "date": [S("01.02.2024"), S("2024-13-01"), S("2023-02-29"), S("2024", "raw"), S("2024-1-1"), S("2024-01-01T00:00:00"), S("2024-01/01"), S("yesterday"), S("", "single"), S("20240101", "raw"), S("2024-00-10"), S("2024-04-31"), S("1900-02-29"), S(" 2024-01-01", "single"), L([S("2024-01-01")], True), S("2024.01.01")],
            "modified": [S("2024/13/01"), S("2024-02-30"), S("5", "raw"), S("24-01-01")],
            "related": [S("x"), M([(S("id"), S(uuid)), (S("type"), S("similar"))]), L([S("x")]), L([M([(S("type"), S("similar"))])]), L([M([(S("id"), S(uuid))])]),
                        L([M([(S("id"), S("nope")), (S("type"), S("similar"))])]), L([M([(S("id"), S(uuid)), (S("type"), S("cousin"))])]), L([M([(S("id"), S(uuid)), (S("type"), S("5", "raw"))])]), L([L([S("a")], True)]), L([S("null", "raw")], True)],
            "references": [S("http://x"), L([S("5", "raw")], True), M([(S("a"), S("b"))], True), L([S("null", "raw")], True), L([L([S("a")], True)], True)],
            "fields": [S("A"), L([S("5", "raw")], True), S("5", "raw")],
            "falsepositives": [S("none"), L([S("true", "raw")], True), L([M([(S("a"), S("b"))], True)])],
            "scope": [S("server"), L([S("1", "raw")], True)],
            "tags": [S("attack.t1"), L([S("nodot")], True), L([S("5", "raw")], True), L([S("attack."), S("a.b")], True), L([S(".x")], True), L([S("", "single")], True), L([S("1.5", "raw")], True)],
        }
        table = good if valid else bad
        for key in self.r.sample(sorted(table), self.r.choice((0, 1, 1, 2)) if valid else 1):
            out.append((S(key), self.pick(table[key]).copy()))
        return out

    def logsource(self, valid):
        if valid:
            return self.pick([
                lambda: M([(S("category"), S("test"))]), lambda: M([(S("product"), S("windows")), (S("service"), S("sysmon"))], True),
                lambda: M([(S("category"), S("test")), (S("definition"), S("d")), (S("custom"), L([S("a")], True))]), lambda: M([(S("service"), S("x")), (S("product"), S("null", "raw"))], True)])()
        return self.pick([S("windows"), M([], True), M([(S("definition"), S("x"))], True), M([(S("category"), S("5", "raw"))], True), M([(S("category"), L([S("a")], True))], True), S("null", "raw"), L([S("a")], True),
                          M([(S("category"), S("a")), (S("definition"), S("5", "raw"))], True), M([(S("product"), S("true", "raw"))], True), M([(S("custom"), S("x"))], True), M([(S("category"), S("null", "raw"))], True)]).copy()

    # --- rules

    def rule(self, title):
        """-> root map of a document"""
        names = self.r.sample(NAMES, self.r.choice((1, 2, 2, 3, 4)))
        mode = "valid" if self.chance(0.8) else self.pick(["chain", "chain", "chain", "condition", "condition", "metadata", "metadata", "logsource", "detection", "title", "network", "regex", "document"])
        detection = [(S(n), self.identifier_node()) for n in names]
        cond = self.condition(names)
        cond_node = self.scalar(cond)
        if self.chance(0.1):
            cond_node = L([self.scalar(self.condition(names)) for _ in range(self.r.choice((1, 2, 3)))], self.chance(0.3))
        if mode == "chain":
            n = self.pick(FIELDS[:3])
            mods, value = self.random_item(n)
            detection = [(S("sel"), M([(S("|".join([n] + mods), "single"), value)]))]
            cond_node = S("sel")
        elif mode == "condition":
            cond_node = S(self.broken_condition(names), "single")
            if self.chance(0.12):
                cond_node = self.pick([S("5", "raw"), S("true", "raw"), M([(S("a"), S("b"))], True), L([], True), L([S(names[0]), S("5", "raw")], True), L([S(names[0]), S("nosuch")], True), L([S(names[0]), S("null", "raw")], True), S("null", "raw"), L([L([S(names[0])], True)], True)])
        elif mode == "network":
            detection = [(S("sel"), M([(S(self.pick(["A|cidr", "|cidr", "A|cidr|neq"]), "single"), self.values_node([S(self.pick(BAD_NETWORKS + NETWORKS[:3]), "single") for _ in range(self.r.choice((1, 2)))]))]))]
            cond_node = S("sel")
        elif mode == "regex":
            detection = [(S("sel"), M([(S(self.pick(["A|re", "|re", "A|re|i"]), "single"), self.values_node([S(self.pick(BAD_REGEXES + REGEXES[:2]), "single")]))]))]
            cond_node = S("sel")
        elif mode == "detection":
            bad = self.pick([M([], True), L([], True), S("", "raw"), M([(S("A"), L([], True))]), M([(S("A"), L([L([S("x")], True)]))]), M([(S("A"), M([(S("b"), S("c"))], True))]), L([L([S("x")], True)]), L([S("x"), M([], True)], True),
                             M([(S("A"), S(".inf", "raw"))]), M([(S("A"), S("-.Inf", "raw"))]), M([(S("A"), S(".NaN", "raw"))]), L([S("null", "raw")], True), M([(S("|exists", "single"), S("true", "raw"))]), M([(S("|all", "single"), S("x"))]),
                             M([(S("|all", "single"), L([S("x"), S("null", "raw")], True))]), L([S(".nan", "raw")], True), M([(S("A"), S("x")), (S("A"), S("y"))]), M([(S("A"), Alias("undefined_anchor"))]), M([(S("", "single"), S("foo"))]),
                             M([(S("A|", "single"), S("x"))]), M([(S("A||contains", "single"), S("x"))]), M([(S("<<"), M([(S("q"), S("1", "raw"))], True))]), M([(S("[x, y]", "raw"), S("z"))]), M([(S("A|exists", "single"), S("true", "single"))]),
                             M([(S("A|exists", "single"), S("1", "raw"))]), M([(S("A|all", "single"), L([S("x")], True))]), M([(S("A|expand", "single"), S("%undefined%", "single"))]), M([(S("123", "raw"), S("foo"))]), M([(S("null", "raw"), S("null", "raw"))]), M([(S("A|re|expand", "single"), S("%nope%", "single"))])]).copy()
            detection = [(S("sel"), bad)] + [(S(n), self.map_node()) for n in names[:1] if n != "sel"]
            cond_node = S("sel")
        root = [(S("title"), S(title))]
        if mode == "title":
            root = self.pick([[], [(S("title"), S("5", "raw"))], [(S("title"), S("null", "raw"))], [(S("title"), L([S("a")], True))], [(S("title"), S("é" * 257))], [(S("title"), S("é" * 256))], [(S("title"), S("true", "raw"))]])
        root += self.metadata(mode != "metadata")
        root.append((S("logsource"), self.logsource(mode != "logsource")))
        if self.chance(0.1):
            detection.append((S("timeframe"), S("5m")))
        det = M(detection + [(S("condition"), cond_node)])
        self.r.shuffle(det.pairs) if self.chance(0.3) else None
        det_node = det
        if mode == "document":
            det_node = self.pick([S("x"), L([S("a")], True), M([(S("condition"), S("sel"))]), M([(S("sel"), M([(S("A"), S("x"))]))]), S("null", "raw"), M([(S("timeframe"), S("5m")), (S("condition"), S("timeframe"))]), None])
        if det_node is not None:
            root.append((S("detection"), det_node))
        if self.chance(0.2):
            self.r.shuffle(root)
        doc = M(root)
        if self.chance(0.12):
            self.alias(doc)
        return doc

    def slots(self, node, out):
        """(parent, index, node) of every value of a detection, in the order of the text"""
        if isinstance(node, M):
            for p in node.pairs:
                if p[0].text in ("condition", "timeframe"):
                    continue
                out.append((p, 1, p[1]))
                self.slots(p[1], out)
        elif isinstance(node, L):
            for i, item in enumerate(node.items):
                out.append((node.items, i, item))
                self.slots(item, out)

    def alias(self, doc):
        out = []
        for k, v in doc.pairs:
            if k.text == "detection":
                self.slots(v, out)
        if len(out) < 2:
            return
        i, j = sorted(self.r.sample(range(len(out)), 2))
        first = out[i][2]
        if isinstance(first, Alias):
            return
        first.anchor = "x1"
        parent, index, _ = out[j]
        parent[index] = Alias("x1")

    # --- events

    def event(self):
        obj = Obj()
        if self.chance(0.03):
            return obj
        for name in self.r.sample(sorted(set(FIELDS) | set(self.hints)), self.r.choice((1, 2, 3, 4))):
            pool = self.hints.get(name)
            v = self.pick(pool) if pool and self.chance(0.85) else self.any_event_value()
            self.put(obj, name, self.wrapped(v))
        if self.keyword_hints and self.chance(0.4):
            v = self.pick(self.keyword_hints)
            self.put(obj, self.pick(["m", "msg.text", "C"]), self.wrapped(v))
            if self.chance(0.5):
                obj.append(("m2", self.pick(self.keyword_hints)))
        if self.chance(0.85):
            obj = Obj({k: (k, v) for k, v in obj}.values())
        return obj

    def event_for(self, hints, keyword_hints):
        """An event in which every field of one rule has a value near the rule's values."""
        obj = Obj()
        for name, pool in hints.items():
            if self.chance(0.85):
                self.put(obj, name, self.wrapped(self.pick(pool)))
        for _ in range(self.r.choice((1, 2))):
            if keyword_hints:
                obj.append(("m%d" % len(obj), self.wrapped(self.pick(keyword_hints))))
        merged = Obj()
        for k, v in obj:  # a.b and a.c nested under one a
            old = next((p for p in merged if p[0] == k and isinstance(p[1], Obj) and isinstance(v, Obj)), None)
            if old:
                old[1].extend(v)
            else:
                merged.append((k, v))
        return merged


# ---------------------------------------------------------------------------------------------------------------
# Running both sides
# ---------------------------------------------------------------------------------------------------------------


EXTRA: list[str] = []
IMAGE: list[bool] = []


def var_arguments():
    return [a for n, vs in VARS.items() for a in (["--var", n] if not vs else [x for v in vs for x in ("--var", f"{n}={v}")])]


class Side:
    """matches: Counter of (event index, title); refused: {line of the diagnostic: message}"""


def run_sigmac(sigmac, rules: bytes, events: str, tmp):
    rp, ep = os.path.join(tmp, "rules.yml"), os.path.join(tmp, "events.ndjson")
    with open(rp, "wb") as f:
        f.write(rules)
    with open(ep, "w", encoding="utf-8", newline="") as f:
        f.write(events)
    cmd = [sigmac, "eval", "-q", "-r", rp, "--logsource", "off", "--format", "ndjson", *EXTRA, *var_arguments(), ep]
    if IMAGE:
        c = subprocess.run([sigmac, "compile", "-o", rp + ".sgc", *var_arguments(), rp], stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        cmd[cmd.index(rp)] = rp + ".sgc"
        cmd = [x for x in cmd if x not in var_arguments()]
    p = subprocess.run(cmd, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    s = Side()
    s.code = p.returncode
    s.stderr = (c.stderr + p.stderr if IMAGE else p.stderr).decode("utf-8", "replace")
    s.matches = collections.Counter()
    for line in p.stdout.decode("utf-8", "replace").splitlines():
        o = json.loads(line)
        s.matches[(o["event_index"], o.get("rule_title"))] += 1
    s.refused = {}
    for m in re.finditer(r"(?m)^[^\n]*?rules\.yml:(\d+):(\d+): error: (.*)$", s.stderr):
        s.refused.setdefault(int(m[1]), m[3])
    s.limited = set(re.findall(r"warning: `([^`]*)`: .*: given up", s.stderr))
    return s


def run_model(rules: bytes, event_lines):
    loaded = model.load(rules, VARS)
    matches = collections.Counter()
    unknown = set()
    why = {}
    events = [model.parse_event(line) for line in event_lines]
    for d in loaded.documents:
        if not d.rule:
            continue
        for i, e in enumerate(events):
            model.TRACE.clear()
            try:
                if d.rule.matches(e):
                    matches[(i, d.rule.title)] += 1
            except model.Unsupported:
                unknown.add((i, d.rule.title))
            why[(i, d.rule.title)] = sorted(model.TRACE)
    return loaded, matches, unknown, why


class Case:
    """One rule and one event (or None where the difference is accept / refuse)."""

    def __init__(self, root, event):
        self.root, self.event = root, event


class Tester:
    def __init__(self, o):
        self.o = o
        self.tmp = tempfile.mkdtemp(prefix="sigdiff")
        self.seen = collections.Counter()
        self.limited = self.libyaml_tab = 0
        self.reasons, self.statements = collections.Counter(), collections.Counter()
        self.pairs = self.documents = self.matched = self.refused = self.unsupported = self.different = 0

    def both(self, root, event):
        """-> (model verdict, sigmac verdict, model's reason): True, False, 'refused', None unsupported, 'crash'"""
        text = document_text(root).encode()
        line = jdump(event if event is not None else Obj())
        loaded, matches, unknown, why = run_model(text, [line])
        s = run_sigmac(self.o.sigmac, text, line + "\n", self.tmp)
        d = loaded.documents[0] if loaded.documents else None
        reason = ""
        if d is None or d.unsupported or unknown or d.skipped:
            mine = None
        elif d.error:
            mine, reason = "refused", str(d.error)
        else:
            mine, reason = bool(matches), "statements " + ", ".join(next(iter(why.values()), []))
        if s.code not in (0, 1, 2, 3):
            theirs = "crash"
        elif s.refused or s.code in (2, 3):
            theirs = "refused"
        else:
            theirs = bool(s.matches)
        self.last = s
        return mine, theirs, reason

    def differs(self, root, event, want):
        try:
            mine, theirs, reason = self.both(root, event)
        except (RecursionError, ValueError):
            return None
        if mine is None or (mine, theirs) != want:
            return None
        return reason

    def minimise(self, root, event, want):
        budget = [250]

        def ok(r, e):
            budget[0] -= 1
            return budget[0] > 0 and self.differs(r, e, want) is not None

        changed = True
        while changed and budget[0] > 0:
            changed = False
            for r in smaller_rules(root):
                if ok(r, event):
                    root, changed = r, True
                    break
            if changed:
                continue
            if event is not None:
                for e in smaller_events(event):
                    if ok(root, e):
                        event, changed = e, True
                        break
        return root, event

    def report(self, root, event, mine, theirs, kind):
        self.different += 1
        want = (mine, theirs)
        reason = self.differs(root, event, want)
        if reason is None:
            self.show(kind + " (not seen alone)", root, event, mine, theirs, "", self.last.stderr)
            return
        before = self.signature(root, reason, want)
        if self.seen[before] >= 3:
            return
        root, event = self.minimise(root, event, want)
        reason = self.differs(root, event, want) or reason
        signature = self.signature(root, reason, want)
        self.seen[before] += 1
        if before != signature:
            self.seen[signature] += 1
        if self.seen[signature] > 3:
            return
        self.show(kind, root, event, mine, theirs, reason, self.last.stderr)

    def action_round(self, number):
        """1.4, 1.5: files with the legacy key `action`."""
        rng = random.Random(f"{self.o.seed}/{number}")
        for k in range(20):
            docs = [action_document(rng, i) for i in range(rng.randint(2, 6))]
            text = "".join("---\n" + d for d in docs)
            lines = [jdump(Obj((x, rng.choice(["x", "y", "z"])) for x in rng.sample("ABC", rng.randint(0, 3)))) for _ in range(12)]
            self.compare_files(text, lines, "actions")

    def yaml_round(self, number):
        """Snippets of YAML as the value of a field."""
        rng = random.Random(f"{self.o.seed}/{number}")
        for k in range(60):
            snippet = yaml_snippet(rng)
            text = f"title: y\nlogsource: {{category: test}}\ndetection:\n  s:\n    'F|cased':{snippet}\n  condition: s\n"
            loaded = model.load(text, VARS)
            values = ["x", ""]
            for d in loaded.documents:
                if d.rule:
                    for item in d.rule.identifiers["s"].parts:
                        for v in item.values:
                            if isinstance(v[0], model.TextV):
                                values += [v[0].raw, model.untokenize(v[0].tokens)]
            lines = [jdump(Obj([("F", v)])) for v in values]
            self.compare_files(text, lines, "yaml")

    def compare_files(self, text, lines, kind):
        loaded, matches, unknown, why = run_model(text.encode(), lines)
        if any(d.unsupported for d in loaded.documents):
            self.unsupported += 1
            return
        s = run_sigmac(self.o.sigmac, text.encode(), "\n".join(lines) + "\n", self.tmp)
        self.documents += len(loaded.documents)
        self.pairs += len(lines) * len(loaded)
        self.matched += sum(matches.values())
        if any("'\\t' that cannot start" in str(e) for e in loaded.errors):
            return  # PyYAML refuses tabs where YAML 1.2 allows them
        if any("YAML:" in str(e) for e in loaded.errors) and "?" in text and not s.refused:
            return  # PyYAML refuses `[a?]`
        if any("block scalar" in str(e) for e in loaded.errors) and re.search(r"[|>][-+0-9]*\t", text) and not s.refused:
            return  # PyYAML refuses a tab after the header of a block scalar
        if any("tab character where an indentation space" in m for m in s.refused.values()):
            self.libyaml_tab += 1
            return  # libyaml refuses a block scalar that begins with a tab: reported
        # an error in inherited content is reported at the document that it came from, so only "any error" compares
        if matches == s.matches and bool(loaded.errors) == bool(s.refused):
            self.refused += len(loaded.errors)
            return
        self.different += 1
        signature = (kind, str(sorted(e.statement for e in loaded.errors)), str(sorted(x[:25] for x in s.refused.values())))
        self.seen[signature] += 1
        if self.seen[signature] > 4:
            return
        print(f"=== {kind}: model {sorted(matches)} errors {[str(e)[:100] for e in loaded.errors]}")
        print(f"    sigmac {sorted(s.matches)} errors {s.refused}")
        print(text, end="")
        for i, line in enumerate(lines):
            a, b = {t for k, t in matches if k == i}, {t for k, t in s.matches if k == i}
            if a != b:
                print(f"event {i}: {line}  model {sorted(a, key=str)} sigmac {sorted(b, key=str)}")
        print(flush=True)

    def signature(self, root, reason, want):
        mods = sorted(set(re.findall(r"\|([A-Za-z0-9_|]+)", document_text(root).split("detection", 1)[-1])))[:3]
        return (want, tuple(mods), reason[:40])

    def show(self, kind, root, event, mine, theirs, reason, stderr):
        print(f"=== {kind}: model {mine}, sigmac {theirs}   [{reason}]")
        print(document_text(root), end="")
        if event is not None:
            print("event:", jdump(event))
        error = [x for x in stderr.splitlines() if "error" in x]
        if error:
            print("sigmac says:", error[0][-200:])
        print(flush=True)

    def round(self, number):
        rng = random.Random(f"{self.o.seed}/{number}")
        g = Gen(rng)
        roots, targeted = [], []
        for i in range(self.o.rules):
            g.hints, g.keyword_hints = collections.defaultdict(list), []
            roots.append(g.rule(f"r{i}"))
            targeted.append((g.hints, g.keyword_hints))
        g.hints = collections.defaultdict(list)
        g.keyword_hints = []
        for h, kh in targeted:
            for k, vs in h.items():
                g.hints[k].extend(vs)
            g.keyword_hints.extend(kh)
        events = [g.event() for _ in range(self.o.events // 2)]
        events += [g.event_for(*rng.choice(targeted)) for _ in range(self.o.events - len(events))]
        texts = [document_text(r) for r in roots]
        text = "".join(texts)
        data = text.encode()
        if rng.random() < 0.1:
            data = data.replace(b"\n", b"\r\n")
        if rng.random() < 0.1:
            data = b"\xef\xbb\xbf" + data
        lines = [jdump(e) for e in events]
        if rng.random() < 0.1:
            i = rng.randrange(len(events))
            lines[i] = rng.choice(['5', '"x"', 'null', 'true', '{"a":1', '{"a":01}', '{a:1}', '{"a":1}}', '{"a":+1}', "{'a':1}", '{"a":"\\q"}', '{"a":NaN}', '{"a":1,}', '{"a":"\t"}', '{"a":.5}', '{"a":5.}', '{"a":1e}', '{"a":tru}'])
            events[i] = Obj()
            self.bad_line = (i, lines[i])
        loaded, matches, unknown, why = run_model(data, lines)
        if len(loaded.documents) != len(roots):
            print(f"round {number}: the emitter wrote bad YAML: {[str(e) for e in loaded.errors][-1]}")
            for r in roots:
                if len(model.load(document_text(r)).documents) != 1 or any("YAML:" in str(e) for e in model.load(document_text(r)).errors):
                    print(document_text(r))
            return
        s = run_sigmac(self.o.sigmac, data, "\n".join(lines) + "\n", self.tmp)
        if s.code not in (0, 1, 2, 3) or "Sanitizer" in s.stderr:
            print(f"=== crash, exit {s.code}, round {number}\n{s.stderr[-3000:]}")
            keep = os.path.join(self.o.keep, f"crash-{self.o.seed}-{number}")
            with open(keep + ".yml", "wb") as f:
                f.write(data)
            with open(keep + ".ndjson", "w") as f:
                f.write("\n".join(lines) + "\n")
            return
        starts, n = [], 1
        for t in texts:
            starts.append(n)
            n += t.count("\n")
        refused = {}
        for line, message in s.refused.items():
            i = max(k for k, st in enumerate(starts) if st <= line)
            refused.setdefault(i, message)
        if s.stderr.strip() and not s.refused and s.code > 1:
            print("sigmac stderr:", s.stderr[:500])
        for i, d in enumerate(loaded.documents):
            self.documents += 1
            if d.unsupported:
                self.unsupported += 1
                self.reasons[d.unsupported] += 1
                continue
            if "more are counted, not shown" in s.stderr and i not in refused:
                if d.error:  # sigmac shows 200 diagnostics
                    continue
            elif bool(d.error) != (i in refused):
                mine = "refused" if d.error else None
                if mine is None:
                    mine = self.both(roots[i], None)[0]
                theirs = "refused" if i in refused else self.both(roots[i], None)[1]
                self.report(roots[i], None, mine, theirs, "accept/refuse")
                continue
            if d.error:
                self.refused += 1
                continue
            title = d.rule.title
            for k in range(len(lines)):
                self.pairs += 1
                if (k, title) in unknown:
                    continue
                a, b = matches[(k, title)], s.matches[(k, title)]
                self.statements.update(why[(k, title)])
                self.matched += a
                if a != b and title in s.limited:
                    self.limited += 1  # said by sigmac itself
                    continue
                if a != b:
                    if b > 1:
                        print(f"rule {title} reported {b} times for one event")
                    self.report(roots[i], events[k], bool(a), bool(b), "verdict")


# ---------------------------------------------------------------------------------------------------------------
# Minimising
# ---------------------------------------------------------------------------------------------------------------


def smaller_rules(root):
    det = next((v for k, v in root.pairs if k.text == "detection"), None)
    if isinstance(det, M):
        names = [k.text for k, _ in det.pairs if k.text not in ("condition", "timeframe")]
        for i, (k, v) in enumerate(det.pairs):  # a simple condition
            if k.text == "condition" and isinstance(v, S) and v.text not in names and not re.fullmatch(r"not \S+", v.text):
                for n in names:
                    for c in (n, "not " + n):
                        r = root.copy()
                        next(x for kk, x in r.pairs if kk.text == "detection").pairs[i][1] = S(c)
                        yield r
            if k.text == "condition" and isinstance(v, S) and v.text.startswith("not "):
                pass
    yield from smaller_nodes(root, True)


def smaller_nodes(node, top=False):
    if isinstance(node, M):
        for i, (k, v) in enumerate(node.pairs):
            if len(node.pairs) > 1 and not (top and k.text in ("title", "logsource", "detection")):
                c = node.copy()
                del c.pairs[i]
                yield c
        for i, (k, v) in enumerate(node.pairs):
            if top and k.text in ("title", "logsource"):
                continue
            if isinstance(v, (M, L)) and v.flow:
                c = node.copy()
                c.pairs[i][1].flow = False
            for smaller in smaller_nodes(v):
                c = node.copy()
                c.pairs[i][1] = smaller
                yield c
            if "|" in k.text:
                parts = k.text.split("|")
                for j in range(1, len(parts)):
                    c = node.copy()
                    c.pairs[i][0] = S("|".join(parts[:j] + parts[j + 1:]), k.style)
                    yield c
    elif isinstance(node, L):
        if len(node.items) == 1 and isinstance(node.items[0], S):
            yield node.items[0].copy()
        for i in range(len(node.items)):
            if len(node.items) > 1:
                c = node.copy()
                del c.items[i]
                yield c
        for i, v in enumerate(node.items):
            for smaller in smaller_nodes(v):
                c = node.copy()
                c.items[i] = smaller
                yield c
    elif isinstance(node, S) and node.style != "raw":
        if node.style != "single" and "\n" not in node.text:
            yield S(node.text, "single", node.anchor)
        if len(node.text) > 3:
            half = len(node.text) // 2
            yield S(node.text[:half], node.style, node.anchor)
            yield S(node.text[half:], node.style, node.anchor)
        for i in range(min(len(node.text), 40)):
            yield S(node.text[:i] + node.text[i + 1:], node.style, node.anchor)


def smaller_events(v):
    if isinstance(v, Obj):
        for i in range(len(v)):
            yield Obj(v[:i] + v[i + 1:])
        for i, (k, x) in enumerate(v):
            for s in smaller_events(x):
                yield Obj(v[:i] + [(k, s)] + v[i + 1:])
    elif isinstance(v, list):
        for i in range(len(v)):
            yield v[:i] + v[i + 1:]
        if len(v) == 1:
            yield v[0]
        for i, x in enumerate(v):
            for s in smaller_events(x):
                yield v[:i] + [s] + v[i + 1:]
    elif isinstance(v, str) and not isinstance(v, Raw):
        if len(v) > 3:
            yield v[:len(v) // 2]
            yield v[len(v) // 2:]
        for i in range(min(len(v), 40)):
            yield v[:i] + v[i + 1:]


def action_document(rng, i):
    """A small document with or without `action`."""
    action = rng.choice([None, None, "global", "reset", "repeat", "repeat"])
    if rng.random() < 0.04:
        action = rng.choice(["Global", "other", "5"])
    parts = []
    if action:
        parts.append(f"action: {action}\n")
    if action == "reset" and rng.random() < 0.7:
        return parts[0]
    full = 0.35 if action in ("global", "repeat") else 0.9
    if rng.random() < full:
        parts.append(f"title: t{i}\n")
    if rng.random() < full:
        parts.append("logsource: {category: test}\n")
    if rng.random() < 0.2:
        parts.append(rng.choice(["level: high\n", "custom: {a: 1}\n", "tags: [a.b]\n", "id: 929a690e-bef0-4204-a928-ef5e620d6fcc\n"]))
    if rng.random() < max(full, 0.6):
        d = ["  %s: %s\n" % (n, rng.choice(["{A: x}", "{B: y}", "{A: x, C: z}", "[{A: y}, {B: z}]", "{B: [x, z]}", "{C: x}"])) for n in rng.sample(["s", "t"], rng.choice((1, 2)))]
        if rng.random() < max(full, 0.5):
            d.append("  condition: %s\n" % rng.choice(["s", "s", "not s", "1 of them", "all of them", "s and t", "t"]))
        parts.append("detection:\n" + "".join(d))
    rng.shuffle(parts) if rng.random() < 0.2 else None
    return "".join(parts) or "custom: 1\n"


YAML_ATOMS = ["foo", "bar baz", "a#b", "a #b", "a: b", "a:b", "'x'", '"x"', "'it''s'", '"a\\tb"', '"\\x41"', '"\\u00e9"', '"\\U0001F600"', '"\\N\\L\\P\\_"', '"\\/"', '"\\q"', '"a\\\n        b"', '"a\n      b"',
              "'a\n      b'", "'a\n\n      b'", "a\n      b", "a\n\n      b", "!!str 12", "!!str", "!!int 12", "! 12", "&x y", "*x", "|\n      a\n      b", "|-\n      a\n", "|+\n      a\n\n", ">\n      a\n      b\n\n      c\n        d\n      e", ">-\n      a\n\n\n      b",
              "|2\n      a", "|1-\n     a\n      b", "|\n\n      a\n", "| # c\n      a", ">+\n      a\n\n", "[a, b]", "[a, b,]", "[a,\n     b]", "[ , a]", "{a: b}", "[a", "a]", "[a: b]", "[*x]", "[&y q, *y]", "~", "null", "yes", "0x1F", "1e3", "- a", "- a\n    - b", "\n      - a\n      - b", "\n    - a\n    - b", "\n      - - a",
              "@a", "`a", "%a", "a%", "?a", "? a", "-a", "-", "--- a", ":a", ": a", ":", ",a", "a,b", "]a", "}a", "a}", "'a", '"a', "''", '""', "'a' b", '"a" # c', "a\t# c", "\ta", "a\tb", "# c", "# c\n      a", "é", "😀", "a\u00a0b", "\u2028", "a\u0085b", "\ufeff", "a\x7fb", "<<", "=", "!local a", "!!binary YQ==", "!<tag:yaml.org,2002:str> 5",
              "&a &b c", "&a *a", "!!str &a 5", "&a !!str 5", "|\n   a", "|\n      a\n     b", ">\n\n      a", "|-", "|", "|\n      \ta", "|\n        a\n      b", "a \\", "\\", "'\\'", '"\\\\"', '"\\"', "a\\*", "'a\\\\*'", "...", "a\n  ...", "a  ", "  a", "\n      a", "\n      'a'", "\n      |\n        a",
              "12 34", "1 # x", "true", "[true, 'true']", "[1, '1', a b]", "['a', \"b\"]", '["a"b]', "[a]b", "[[a]]", "[{a: b}]", "[a, # c\n      b]", "{", "}", "[]", "[a ,b]", "[ a b , c ]", "[-1]", "[- a]", "[-]", "[?a]", "[a?]", "[:a]", "[a:]", "[a:b]", "['a':b]", "[\"a\":b]", "[a#b]", "[a #b\n      ]", "[|]", "[*]", "[&]", "[!]", "*", "&", "!", "!!"]


def yaml_snippet(rng):
    t = " " + rng.choice(YAML_ATOMS)
    while rng.random() < 0.3:
        t += rng.choice(["", " ", "\n      ", ", "]) + rng.choice(YAML_ATOMS)
    if rng.random() < 0.3 and len(t) > 2:
        i = rng.randrange(len(t))
        t = t[:i] + rng.choice(["", " ", "\n      ", "'", '"', "#", " #", ":", ": ", ",", "[", "]", "\\", "\t", "-"]) + t[i + 1:]
    return t


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--seed", default="1")
    a.add_argument("--rounds", type=int, default=100)
    a.add_argument("--first", type=int, default=0)
    a.add_argument("--sigmac", default="build/sigmac")
    a.add_argument("--rules", type=int, default=50)
    a.add_argument("--events", type=int, default=40)
    a.add_argument("--keep", default=tempfile.gettempdir(), help="where inputs go at which sigmac crashes")
    a.add_argument("--args", default="", help="more arguments for sigmac eval, e.g. --args=--plain")
    a.add_argument("--image", action="store_true", help="compile to an image first")
    a.add_argument("--kind", default="mixed", help="mixed (of the next two), rules, actions, or yaml, where libyaml and PyYAML differ at times")
    o = a.parse_args()
    EXTRA.extend(o.args.split())
    IMAGE.extend([True] if o.image else [])
    t = Tester(o)
    start, bad_rounds = time.time(), 0
    for n in range(o.first, o.first + o.rounds):
        kind = o.kind if o.kind != "mixed" else "actions" if n % 20 == 7 else "rules"
        before = t.different
        {"rules": t.round, "actions": t.action_round, "yaml": t.yaml_round}[kind](n)
        bad_rounds += t.different > before
        if (n + 1) % 50 == 0 and sys.stderr.isatty():
            print(f"... round {n + 1}, {t.pairs} pairs, {time.time() - start:.0f} s", file=sys.stderr)
    print(f"{t.pairs} pairs, {t.matched} matches, {t.documents} documents ({t.refused} refused by both, {t.unsupported} not covered), "
          f"{t.different} differences, {time.time() - start:.0f} s")
    print("not covered:", dict(t.reasons.most_common(30)), f"and {t.limited} at the match limit")
    print("statements used:", dict(sorted(t.statements.items())))
    print(f"{o.rounds - bad_rounds} passed, {bad_rounds} failed")
    sys.exit(1 if t.different else 0)


if __name__ == "__main__":
    main()
