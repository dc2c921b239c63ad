# SPDX-License-Identifier: MIT
"""What is done to events before both sides see them.

Assumptions (backends/assumptions.def): each is a normalisation under which query and rule must agree.
  absent-null       members that are null, [] or {} are dropped, also where that makes another one empty
  empty-presence    members that are empty texts are dropped
  empty-is-missing  so too; then a field that the rule tests for an empty text holds one where it is absent
  keyword-text      numbers, booleans and dynamic columns are dropped, where the type of their field did not make them texts
  single-value      of an array in a field of numbers the first element counts
  short-numbers     texts that are numbers of more than 15 digits, or with an exponent of three, are dropped
  dynamic-scalar    below a dynamic column the first element of an array counts, and numbers with a fraction are dropped
  ascii-fold        letters outside of ASCII have one case
  scope             nothing: both sides are asked of the same events
Types (--types, or the fields of a pipeline): an index and a table hold a value as the type of its field, so an event is given
with the values that the field can hold, in the spelling in which it holds them; others are dropped, as an index drops malformed
ones:
  text (keyword, string ..)  numbers and booleans become their text
  long, int                  the integer; text of an integer is one
  double, real               the number
  boolean                    the boolean; the texts true and false are one
  ip                         the address in its shortest form; an IPv4-mapped one is the IPv4 address
Documents (EQL): a path is written in one way (one_way below).
Rows (KQL): a column holds one value, so an array becomes its first element, or nothing; a dynamic column keeps what it has.
Without a pipeline nested objects are columns with dots in their names."""
import ipaddress
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "oracles"))

DROP = object()


def absent_null(v):
    if v is None:
        return DROP
    if isinstance(v, dict):
        out = {k: y for k, x in v.items() if (y := absent_null(x)) is not DROP}
        return out or DROP
    if isinstance(v, list):
        out = [y for x in v if (y := absent_null(x)) is not DROP]
        return out or DROP
    return v


def empty_is_missing(v):
    if v == "":
        return DROP
    if isinstance(v, dict):
        return {k: y for k, x in v.items() if (y := empty_is_missing(x)) is not DROP} or DROP
    if isinstance(v, list):
        return [y for x in v if (y := empty_is_missing(x)) is not DROP] or DROP
    return v


LONG_NUMBER = re.compile(r"(?=[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$)(?=(\D*[0-9]){16}|.*[eE][+-]?[0-9]{3})")


def short_numbers(v):
    if isinstance(v, str) and LONG_NUMBER.match(v):
        return DROP
    if isinstance(v, dict):
        return {k: y for k, x in v.items() if (y := short_numbers(x)) is not DROP} or DROP
    if isinstance(v, list):
        return [y for x in v if (y := short_numbers(x)) is not DROP] or DROP
    return v


def one_case(s):
    return "".join(c if c < "\x80" or len(c.lower()) != 1 else c.lower() for c in s)


def ascii_fold(v):
    if isinstance(v, str):
        return one_case(v)
    if isinstance(v, dict):
        return {k: ascii_fold(x) for k, x in v.items()}
    if isinstance(v, list):
        return [ascii_fold(x) for x in v]
    return v


def text(v):
    return "true" if v is True else "false" if v is False else str(v)


def scalar(v, kind):
    "a value as a field of this type holds it"
    if v is None or isinstance(v, dict):
        return v
    if kind in ("keyword", "text"):
        return text(v)
    if kind == "long":
        if isinstance(v, bool):
            return DROP
        if isinstance(v, int):
            n = int(v)
        elif isinstance(v, float) and float(v) == int(v):
            n = int(v)
        elif isinstance(v, str) and re.fullmatch(r"-?[0-9]{1,19}", v):
            n = int(v)
        else:
            return DROP
        return n if -(1 << 63) <= n < 1 << 63 else DROP
    if kind == "double":
        if isinstance(v, bool) or isinstance(v, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", v):
            return DROP
        x = float(v)
        return int(x) if x == int(x) and abs(x) < 1e15 else x
    if kind == "boolean":
        return v if isinstance(v, bool) else {"true": True, "false": False}.get(v, DROP)
    if kind == "ip":
        try:
            a = ipaddress.ip_address(v if isinstance(v, str) and "%" not in v else "")
        except ValueError:
            return DROP
        return str(getattr(a, "ipv4_mapped", None) or a)
    return v


def typed(v, kind, rows):
    if kind == "dynamic":
        return v
    if isinstance(v, list):
        if rows:
            flat = [x for x in flatten(v) if not isinstance(x, dict)]
            return typed(flat[0], kind, rows) if flat else DROP
        return [y for x in v if (y := typed(x, kind, rows)) is not DROP]
    if isinstance(v, dict) and rows:
        return DROP
    return scalar(v, kind)


def flatten(v):
    for x in v:
        if isinstance(x, list):
            yield from flatten(x)
        else:
            yield x


def by_types(event, types, rows):
    """types: a types_file.Types of base types, by dotted path. rows: columns hold one value, names are not split."""
    def walk(o, prefix):
        out = {}
        for k, v in o.items():
            path = prefix + k
            t = types.get(path)
            if isinstance(v, dict) and t is None and not rows:
                v = walk(v, path + ".")
            elif isinstance(v, dict) and not rows and t not in ("dynamic", "nested"):
                v = walk(v, path + ".")
            elif isinstance(v, list) and not rows and any(isinstance(x, dict) for x in v):
                v = [walk(x, path + ".") if isinstance(x, dict) else x for x in v]
            else:
                v = typed(v, t or "keyword", rows)
            if v is not DROP:
                out[k] = v
        return out
    return walk(event, "")


def one_way(o):
    """A path is written in one way: an index knows no difference between the key a.b and b in a, the rule takes the key. What it
    does not take is dropped."""
    if isinstance(o, list):
        return [one_way(x) for x in o]
    if not isinstance(o, dict):
        return o
    out = {k: one_way(v) for k, v in o.items()}
    for k in sorted(out, key=len, reverse=True):
        if "." in k:
            for i, c in enumerate(k):
                if c == "." and k[:i] in out:
                    out[k[:i]] = without(out[k[:i]], k[i + 1:])
    return out


def without(o, path):
    if isinstance(o, list):
        return [without(x, path) for x in o]
    if not isinstance(o, dict):
        return o
    out = {k: v for k, v in o.items() if k != path}
    for i, c in enumerate(path):
        if c == "." and path[:i] in out:
            out[path[:i]] = without(out[path[:i]], path[i + 1:])
    return out


def columns(ev, prefix=""):
    "a row without a pipeline: nested objects as columns with dots"
    out = {}
    for k, v in ev.items():
        if isinstance(v, list):
            flat = [x for x in flatten(v) if x is not None]
            v = flat[0] if flat else None
        if isinstance(v, dict):
            out.update({n: x for n, x in columns(v, prefix + k + ".").items() if n not in ev})
        else:
            out[prefix + k] = v
    return out


def without_numbers(v):
    if isinstance(v, dict):
        return {k: y for k, x in v.items() if (y := without_numbers(x)) is not DROP}
    if isinstance(v, list):
        return [y for x in v if (y := without_numbers(x)) is not DROP]
    return DROP if isinstance(v, (int, float)) else v


def single_values(o, types, prefix=""):
    out = {}
    for k, v in o.items():
        if isinstance(v, dict):
            v = single_values(v, types, prefix + k + ".")
        elif isinstance(v, list):
            if types is not None and types.get(prefix + k) in ("long", "double"):
                flat = [x for x in flatten(v) if x is not None]
                v = flat[0] if flat else None
            else:
                v = [single_values(x, types, prefix + k + ".") if isinstance(x, dict) else x for x in v]
        out[k] = v
    return out


def scalar_members(v):
    "what lies below a dynamic column"
    if isinstance(v, dict):
        return {k: y for k, x in v.items() if (y := scalar_members(x)) is not DROP}
    if isinstance(v, list):
        flat = [x for x in flatten(v) if not isinstance(x, dict)]
        return scalar_members(flat[0]) if flat else DROP
    return DROP if isinstance(v, float) else v


def dynamic_scalars(ev, types):
    return {k: scalar_members(v) if isinstance(v, dict) and (types is None or types.get(k) == "dynamic") else v for k, v in ev.items()}


def event(ev, assumed, types=None, rows=False, empty_fields=()):
    """assumed: ids of assumptions; types: types_file.Types of base types, or None; rows: of a table, not a document; empty_fields: of
    the rule, for empty-is-missing."""
    if not rows:
        ev = one_way(ev)
    if types is not None:
        ev = by_types(ev, types, rows)
    if "single-value" in assumed:
        ev = single_values(ev, types)
    if "dynamic-scalar" in assumed:
        ev = dynamic_scalars(ev, types)
    if "keyword-text" in assumed:
        ev = without_numbers({k: v for k, v in ev.items() if types is None or types.get(k) != "dynamic"})
    if "empty-is-missing" in assumed or "empty-presence" in assumed:
        ev = empty_is_missing(ev)
        ev = {} if ev is DROP else ev
    if "short-numbers" in assumed:
        ev = short_numbers(ev)
        ev = {} if ev is DROP else ev
    if "ascii-fold" in assumed:
        ev = ascii_fold(ev)
    if "absent-null" in assumed:
        ev = absent_null(ev)
        ev = {} if ev is DROP else ev
    if "empty-is-missing" in assumed:
        ev = {**ev, **{f: "" for f in empty_fields if f not in ev}}
    return ev
