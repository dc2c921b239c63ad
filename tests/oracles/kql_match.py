#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run KQL queries over JSON events, offline.

  kql_match.py --queries Q.ndjson --events E.ndjson [--schema S.json] [--types F]
               [--table T | --table-field F] [--tables A,B] [--wrap T] [--now ISO] [--engine own|chdb]

Q: {"id","query"} per line.  E: one JSON object per line; keys are column names (a.b is also looked up as nested).
An event's table is its key "_table" (--table-field), else --table, else --wrap, else the only table of --schema, else T.
A table that neither an event nor --schema nor --tables names does not exist (the query is refused).
Prints {"id","event_index"} per row that comes from one event, {"id","event_index": <last>,"events":[..]} per row of a
join, {"id","row":{..},"events":[..]} per row of a query that aggregates or needs no event, {"id","error":".."} for a
query that could not be run.

--engine own   Parsing, name binding and static types are Microsoft's (kql_parse.js --plan);
               the operators below are this file's, written from the public Kusto documentation.
--engine chdb  ClickHouse's own KQL dialect (PyPI chdb): shares no code with 'own'.  Filters only.

Columns and types come from --schema ({"Table": {"col": "type"}}) and --types (field: type, one map for all tables,
see types_file.py).  With --types nothing is inferred: a name in neither is a string (dynamic if an event holds an object
there).  Without it other columns are typed from the values seen (bool, long, real, dynamic for objects/arrays, else string).
As in Kusto a string is never null: a missing string column reads "".  Other missing values are null.
--wrap T       a bare predicate is run as "T | where (..)".
"""
import argparse, base64, contextlib, datetime as dtm, ipaddress, json, os, re, subprocess, sys
import jobs
import json_numbers
import types_file
from paths import HERE, HOME

TICK = 10_000_000


class DT(int):
    "datetime: 100 ns ticks since 1970"


class TS(int):
    "timespan: 100 ns ticks"


class Dyn:
    "dynamic value"
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v


class Fail(Exception):
    pass


# ---------------------------------------------------------------- regex
class Regex:
    "Kusto's documented regex syntax is that of Rust's regex crate: the helper built from rust_regex/"

    def __init__(self):
        self.p, self.memo = None, {}

    def learn(self, pat, group, texts):
        "asks for many texts at once"
        ask = [s for s in texts if (pat, s, group) not in self.memo]
        if len(self.memo) > 1000000:
            self.memo.clear()
        if self.p is None:
            exe = os.path.join(HOME, "rust_regex", "release", "rust_regex")
            try:
                self.p = subprocess.Popen([exe], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            except FileNotFoundError:
                raise Fail("regex: the helper is not built (setup.sh rust)")
        for i in range(0, len(ask), 2000):
            part = ask[i:i + 2000]
            self.p.stdin.write(json.dumps([pat, part] + ([] if group is None else [group])).encode() + b"\n")
            self.p.stdin.flush()
            r = json.loads(self.p.stdout.readline())
            if isinstance(r, str):
                raise Fail("regex: " + r.splitlines()[-1])
            self.memo.update({(pat, s, group): x for s, x in zip(part, r)})

    def search(self, pat, s, group=None):
        "-> bool; with group: text of that capture group in the first match, or None"
        key = (pat, s, group)
        if key not in self.memo:
            self.learn(pat, group, [s])
        return self.memo[key]


REGEX = None
UP = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(s):  # "Case-insensitive operators are currently supported only for ASCII-text"
    return s.translate(UP)


def tostr(v):
    if isinstance(v, Dyn):
        v = v.v
        if isinstance(v, (dict, list)):
            return json.dumps(v, separators=(",", ":"), ensure_ascii=False)
    if v is None:
        return ""
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, DT):
        s, t = divmod(int(v), TICK)
        return (dtm.datetime(1970, 1, 1) + dtm.timedelta(seconds=s)).strftime("%Y-%m-%dT%H:%M:%S") + ".%07dZ" % t
    if isinstance(v, TS):
        s, t = divmod(abs(int(v)), TICK)
        d, s = divmod(s, 86400)
        out = "%02d:%02d:%02d" % (s // 3600, s // 60 % 60, s % 60)
        return ("-" if v < 0 else "") + (f"{d}." if d else "") + out + (".%07d" % t if t else "")
    return str(v)


def raw(v):
    return v.v if isinstance(v, Dyn) else v


def parse_dt(s):
    s = s.strip().strip("'\"")
    m = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?", s)
    if not m:
        return None
    t = m.group(2) or "00:00:00"
    if len(t) == 5:
        t += ":00"
    try:
        d = dtm.datetime.fromisoformat(m.group(1) + "T" + t)
    except ValueError:
        return None
    ticks = int((d - dtm.datetime(1970, 1, 1)).total_seconds()) * TICK + int(((m.group(3) or ".")[1:] + "0" * 7)[:7])
    z = m.group(4)
    if z and z != "Z":
        sign = 1 if z[0] == "+" else -1
        z = z[1:].replace(":", "")
        ticks -= sign * (int(z[:2]) * 3600 + int(z[2:]) * 60) * TICK
    return DT(ticks)


UNIT = {"d": 86400, "day": 86400, "days": 86400, "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
        "m": 60, "min": 60, "minute": 60, "minutes": 60, "s": 1, "sec": 1, "second": 1, "seconds": 1,
        "ms": 1e-3, "milli": 1e-3, "millis": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
        "microsecond": 1e-6, "microseconds": 1e-6, "tick": 1e-7, "ticks": 1e-7}


def parse_ts(s):
    s = s.strip().strip("'\"")
    m = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*([a-z]+)", s)
    if m and m.group(2) in UNIT:
        return TS(round(float(m.group(1)) * UNIT[m.group(2)] * TICK))
    m = re.fullmatch(r"(-)?(?:(\d+)\.)?(\d+):(\d+)(?::(\d+)(\.\d+)?)?", s)
    if m:
        sec = int(m.group(2) or 0) * 86400 + int(m.group(3)) * 3600 + int(m.group(4)) * 60 + int(m.group(5) or 0)
        t = sec * TICK + int(((m.group(6) or ".")[1:] + "0" * 7)[:7])
        return TS(-t if m.group(1) else t)
    if re.fullmatch(r"-?\d+", s):
        return TS(int(s) * 86400 * TICK)
    return None


# ---------------------------------------------------------------- string operators
def has_at(h, n, left, right):
    """n occurs in h as a run of whole terms.  A boundary is asked for only at an end of n that is
    itself alphanumeric (the documentation defines terms, and is silent on needles like ".exe")."""
    if n == "":
        return True
    i = h.find(n)
    while i >= 0:
        j = i + len(n)
        if (not left or i == 0 or not n[0].isalnum() or not h[i - 1].isalnum()) and \
           (not right or j == len(h) or not n[-1].isalnum() or not h[j].isalnum()):
            return True
        i = h.find(n, i + 1)
    return False


STR = {"contains": lambda h, n: n in h, "startswith": lambda h, n: h.startswith(n), "endswith": lambda h, n: h.endswith(n),
       "has": lambda h, n: has_at(h, n, True, True), "hasprefix": lambda h, n: has_at(h, n, True, False),
       "hassuffix": lambda h, n: has_at(h, n, False, True)}


def str_op(op):
    neg = op.startswith("!")
    base = op[1:] if neg else op
    cs = base.endswith("_cs")
    f = STR.get(base[:-3] if cs else base)
    if f is None:
        return None

    def run(a, b):
        a, b = tostr(a), tostr(b)
        r = f(a, b) if cs else f(fold(a), fold(b))
        return r != neg
    return run


def num(v):
    return isinstance(v, (int, float)) and not isinstance(v, bool)


def eq(a, b):
    "three-valued ==; null vs value is false, null vs null is null"
    a, b = raw(a), raw(b)
    if a is None or b is None:
        return None if a is None and b is None else False
    if isinstance(a, bool) or isinstance(b, bool):
        if isinstance(a, bool) and isinstance(b, bool):
            return a == b
        if num(a) or num(b):
            return bool(a) == bool(b)
    if num(a) and num(b):
        return a == b
    if type(a) in (DT, TS) or type(b) in (DT, TS):
        if isinstance(a, str):
            a = parse_dt(a) if type(b) is DT else parse_ts(a)
        if isinstance(b, str):
            b = parse_dt(b) if type(a) is DT else parse_ts(b)
        return None if a is None or b is None else int(a) == int(b)
    return type(a) is type(b) and a == b


def ne(a, b):
    r = eq(a, b)
    return None if r is None else not r


def order(f):
    def run(a, b):
        a, b = raw(a), raw(b)
        if a is None or b is None:
            return None
        if type(a) is DT and isinstance(b, str):
            b = parse_dt(b)
        if type(b) is DT and isinstance(a, str):
            a = parse_dt(a)
        if a is None or b is None or isinstance(a, str) != isinstance(b, str):
            return None
        return f(a, b)
    return run


def arith(op):
    def run(a, b):
        a, b = raw(a), raw(b)
        if a is None or b is None or isinstance(a, str) or isinstance(b, str):
            return None
        if op == "+":
            r = a + b
        elif op == "-":
            r = a - b
        elif op == "*":
            r = a * b
        elif b == 0:
            return None
        elif op == "%":
            r = a - b * (a // b)
        elif isinstance(a, int) and isinstance(b, int) and type(a) is int and type(b) is int:
            r = int(a / b)
        else:
            r = a / b
        if op == "-" and type(a) is DT and type(b) is DT:
            return TS(r)
        if DT in (type(a), type(b)):
            return DT(r)
        if TS in (type(a), type(b)) and op != "/":
            return TS(r)
        return r
    return run


BIN = {"==": eq, "!=": ne, "<>": ne,
       "<": order(lambda a, b: a < b), "<=": order(lambda a, b: a <= b),
       ">": order(lambda a, b: a > b), ">=": order(lambda a, b: a >= b),
       "=~": lambda a, b: fold(tostr(a)) == fold(tostr(b)), "!~": lambda a, b: fold(tostr(a)) != fold(tostr(b)),
       "matches regex": lambda a, b: REGEX.search(tostr(b), tostr(a)),
       "+": arith("+"), "-": arith("-"), "*": arith("*"), "/": arith("/"), "%": arith("%")}


# ---------------------------------------------------------------- functions
def net4(ip, prefix=None):
    ip, _, p = ip.partition("/")
    a = int(ipaddress.IPv4Address(ip.strip()))
    if p and not (p.isdigit() and int(p) <= 32):
        raise ValueError
    n = min(int(p) if p else 32, 32 if prefix is None else int(prefix))
    return a, n


def ipv4_match(a, b, prefix=None):
    try:
        (x, n), (y, m) = net4(tostr(a), prefix), net4(tostr(b), prefix)
    except ValueError:
        return None
    n = min(n, m)
    return (x >> (32 - n)) == (y >> (32 - n)) if n else True


def ip6(s):
    s, _, p = s.partition("/")
    if "%" in s:
        raise ValueError(s)
    a = ipaddress.ip_address(s.strip())
    bits = 128
    n = int(p) if p else None
    if n is not None and not 0 <= n <= (32 if a.version == 4 else 128):
        raise ValueError
    v = int(a)
    if a.version == 4:
        v |= 0xFFFF << 32
        n = None if n is None else n + 96
    return v, bits if n is None else n


def ipv6_match(a, b, prefix=None):
    try:
        (x, n), (y, m) = ip6(tostr(a)), ip6(tostr(b))
    except ValueError:
        return None
    n = min(n, m, 128 if prefix is None else int(prefix))
    return (x >> (128 - n)) == (y >> (128 - n)) if n else True


def ipv4_private(a):
    try:
        x = ipaddress.IPv4Address(tostr(a).partition("/")[0])
    except ValueError:
        return None
    return any(x in ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def flat(vals):
    for v in vals:
        r = raw(v)
        if isinstance(r, list):
            yield from r
        else:
            yield v


def any3(rs):
    rs = list(rs)
    return True if True in rs else (None if None in rs else False)


NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


def to_int(bits):
    lim = 1 << (bits - 1)

    def f(v):
        v = raw(v)
        if isinstance(v, bool):
            return int(v)
        if isinstance(v, str):
            if re.fullmatch(r"\s*[+-]?0[xX][0-9a-fA-F]+\s*", v):
                v = int(v, 16)
            elif re.fullmatch(r"\s*[+-]?\d+\s*", v):
                v = int(v)
            elif NUMBER.fullmatch(v):
                v = float(v)
            else:
                return None
        if not num(v) and type(v) not in (DT, TS):
            return None
        try:
            v = int(v)
        except (OverflowError, ValueError):
            return None
        return v if -lim <= v < lim else None
    return f


to_long = to_int(64)


def to_real(v):
    v = raw(v)
    if isinstance(v, str):
        return float(v) if NUMBER.fullmatch(v) else {"nan": float("nan"), "inf": float("inf"), "+inf": float("inf"), "-inf": float("-inf")}.get(v.strip().lower())
    return float(v) if num(v) or isinstance(v, bool) else None


def to_bool(v):
    v = raw(v)
    if isinstance(v, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(v.lower())
    return None if v is None else bool(v)


def parse_json(v):
    if isinstance(v, Dyn):
        return v
    try:
        return Dyn(json.loads(v))
    except (ValueError, TypeError):
        return Dyn(v if v != "" else None)


def b64(v):
    try:
        return base64.b64decode(tostr(v), validate=True).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return ""


def substring(s, i, n=None):
    s = tostr(s)
    i = max(int(i), 0) if i >= 0 else max(len(s) + int(i), 0)
    return s[i:] if n is None else s[i:i + max(int(n), 0)]


def empty(v):
    v = raw(v)
    return v is None or v == ""


def bin_at(v, step):
    v, step = raw(v), raw(step)
    if v is None or not step or step < 0:
        return None
    if type(v) is DT:  # datetime ticks count from 0001-01-01, so that bin(t, 7d) starts on Mondays
        return DT((v + EPOCH) // step * step - EPOCH)
    r = (v // step) * step
    return TS(r) if type(v) is TS else r


EPOCH = 62135596800 * TICK


def day(v):
    v = raw(v)
    return dtm.datetime(1970, 1, 1) + dtm.timedelta(seconds=v // TICK) if type(v) is DT else None


def part(f):
    return lambda v: (lambda d: None if d is None else f(d))(day(v))


def date_part(name, v):
    d, n = day(v), tostr(name).lower()
    if d is None:
        return None
    t = raw(v) % TICK
    p = {"year": d.year, "quarter": (d.month + 2) // 3, "month": d.month, "week_of_year": d.isocalendar()[1], "day": d.day, "dayofyear": d.timetuple().tm_yday,
         "hour": d.hour, "minute": d.minute, "second": d.second, "millisecond": t // 10000, "microsecond": t // 10, "nanosecond": t * 100}
    if n not in p:
        raise Fail("datetime_part " + n)
    return p[n]


def date_diff(unit, a, b):
    a, b, n = raw(a), raw(b), tostr(unit).lower()
    if a is None or b is None:
        return None
    x, y = day(DT(a)), day(DT(b))
    if n in ("year", "quarter", "month"):
        m = (x.year * 12 + x.month - 1, y.year * 12 + y.month - 1)
        q = {"year": 12, "quarter": 3, "month": 1}[n]
        return m[0] // q - m[1] // q
    u = {"week": 7 * 86400 * TICK, "day": 86400 * TICK, "hour": 3600 * TICK, "minute": 60 * TICK, "second": TICK, "millisecond": 10000, "microsecond": 10}.get(n)
    if not u:
        raise Fail("datetime_diff " + n)
    return (a + EPOCH) // u - (b + EPOCH) // u


def tohex(v, width=1):
    v, w = raw(v), raw(width)
    if not isinstance(v, int) or isinstance(v, bool):
        return None
    return format(v & (0xFFFFFFFF if getattr(v, "int32", False) else 0xFFFFFFFFFFFFFFFF) if v < 0 else v, "x").rjust(min(max(int(w or 1), 1), 16), "0")


def case_map(f):
    return lambda v: "".join(f(c) if len(f(c)) == 1 else c for c in tostr(v))


def jkey(x):
    return json.dumps(raw(x) if not isinstance(raw(x), DT) else tostr(x), sort_keys=True, default=str) + type(raw(x)).__name__


def parse_url(s):
    "learn.microsoft.com/kusto/query/parse-url-function; what its examples do not show is left out (no host: empty parts)"
    m = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::([0-9]+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", s, re.S)
    g = [x or "" for x in m.groups()] if m else [""] * 7
    user, _, password = g[1].partition(":")
    params = dict(p.partition("=")[::2] for p in g[5].split("&") if p)
    return Dyn({"Scheme": g[0], "Host": g[2], "Port": g[3], "Path": g[4], "Username": user, "Password": password, "Query Parameters": params, "Fragment": g[6]})


def sets(keep):
    def f(*arrays):
        ls = [raw(a) for a in arrays]
        if not all(isinstance(x, list) for x in ls):
            return Dyn(None)
        ks = [{jkey(x) for x in l} for l in ls]
        out = {}
        for l in ls:
            for x in l:
                if keep(jkey(x), ks):
                    out.setdefault(jkey(x), raw(x))
        return Dyn(list(out.values()))
    return f


def extract(pat, group, s, typ=None):
    r = REGEX.search(tostr(pat), tostr(s), int(raw(group)))
    return r if r is None or typ is None else conv_text(r, typ)


def conv_text(s, t):
    f = {"string": tostr, "long": to_long, "int": to_int(32), "real": to_real, "double": to_real, "decimal": to_real, "bool": to_bool,
         "datetime": lambda x: parse_dt(tostr(x)), "timespan": lambda x: parse_ts(tostr(x)), "time": lambda x: parse_ts(tostr(x)), "dynamic": parse_json}.get(t)
    if not f:
        raise Fail("type " + t)
    return f(s)


FUN = {
    "not": lambda v: None if raw(v) is None else not raw(v),
    "isempty": empty, "isnotempty": lambda v: not empty(v), "notempty": lambda v: not empty(v),
    "isnull": lambda v: raw(v) is None, "isnotnull": lambda v: raw(v) is not None, "notnull": lambda v: raw(v) is not None,
    "tolower": case_map(str.lower), "toupper": case_map(str.upper), "tostring": tostr,
    "strlen": lambda v: len(tostr(v)), "strcat": lambda *a: "".join(map(tostr, a)), "substring": substring,
    "tolong": to_long, "toint": to_int(32), "todouble": to_real, "toreal": to_real, "todecimal": to_real, "tobool": to_bool, "toboolean": to_bool, "toguid": lambda v: tostr(v).lower() or None,
    "tohex": tohex, "extract": extract, "strcat_array": lambda a, d: tostr(d).join(tostr(Dyn(x)) for x in raw(a)) if isinstance(raw(a), list) else "",
    "hourofday": part(lambda d: d.hour), "dayofmonth": part(lambda d: d.day), "dayofyear": part(lambda d: d.timetuple().tm_yday), "monthofyear": part(lambda d: d.month), "getmonth": part(lambda d: d.month),
    "getyear": part(lambda d: d.year), "week_of_year": part(lambda d: d.isocalendar()[1]), "dayofweek": part(lambda d: TS((d.isoweekday() % 7) * 86400 * TICK)),
    "startofday": lambda v: bin_at(v, TS(86400 * TICK)), "datetime_part": date_part, "datetime_diff": date_diff,
    "set_intersect": sets(lambda k, ks: all(k in x for x in ks)), "set_union": sets(lambda k, ks: True), "set_difference": sets(lambda k, ks: k in ks[0] and not any(k in x for x in ks[1:])),
    "pack_array": lambda *a: Dyn([raw(x) for x in a]), "array_index_of": lambda a, x: next((i for i, y in enumerate(raw(a)) if eq(y, x) is True), -1) if isinstance(raw(a), list) else None,
    "bag_keys": lambda b: Dyn(list(raw(b))) if isinstance(raw(b), dict) else Dyn(None), "isnan": lambda v: raw(v) != raw(v), "round": lambda v, n=0: None if raw(v) is None else round(raw(v) + 0.0, int(raw(n))),
    "max_of": lambda *a: max((raw(x) for x in a if raw(x) is not None), default=None), "min_of": lambda *a: min((raw(x) for x in a if raw(x) is not None), default=None),
    "todatetime": lambda v: v if type(v) is DT else parse_dt(tostr(v)), "totimespan": lambda v: v if type(v) is TS else parse_ts(tostr(v)),
    "parse_json": parse_json, "todynamic": parse_json, "toobject": parse_json,
    "ipv4_is_in_range": lambda a, b: ipv4_match(a, b), "ipv4_is_match": ipv4_match, "ipv4_is_private": ipv4_private,
    "ipv4_is_in_any_range": lambda a, *b: any3(ipv4_match(a, x) for x in flat(b)),
    "ipv6_is_in_range": lambda a, b: ipv6_match(a, b), "ipv6_is_match": ipv6_match,
    "ipv6_is_in_any_range": lambda a, *b: any3(ipv6_match(a, x) for x in flat(b)),
    "bin": bin_at, "floor": bin_at, "coalesce": lambda *a: next((x for x in a if not empty(x)), a[-1]),
    "indexof": lambda s, n: tostr(s).find(tostr(n)), "replace_string": lambda s, a, b: tostr(s).replace(tostr(a), tostr(b)) if tostr(a) else tostr(s),
    "parse_url": lambda v: parse_url(tostr(v)), "base64_decode_tostring": b64, "array_length": lambda v: len(raw(v)) if isinstance(raw(v), list) else None,
    "split": lambda s, d: Dyn(tostr(s).split(tostr(d))),
    "abs": lambda v: None if raw(v) is None else abs(raw(v)), "reverse": lambda v: tostr(v)[::-1],
    "bag_has_key": lambda b, k: isinstance(raw(b), dict) and k in raw(b),
    "set_has_element": lambda b, k: isinstance(raw(b), list) and jkey(k) in {jkey(x) for x in raw(b)},
    "gettype": lambda v: {str: "string", bool: "bool", int: "long", float: "double", dict: "dictionary", list: "array", DT: "datetime", TS: "timespan"}.get(type(raw(v)), "null"),
}


class I32(int):
    "int (32 bits): only tohex() of a negative number can tell"
    int32 = True


def fix(v, t):
    "a value as a column or result of static type t: a string is never null"
    if t == "string":
        return "" if raw(v) is None else v if type(v) is str else tostr(v)
    if t == "dynamic":
        return v if isinstance(v, Dyn) or type(v) in (DT, TS) else Dyn(v)
    if t == "int" and isinstance(v, int) and not isinstance(v, bool):
        return I32(v)
    return raw(v)


WINDOW = {"prev", "next", "row_number", "row_cumsum", "row_window_session"}


def uses(e, names):
    if isinstance(e, dict):
        return (e.get("o") == "call" and e["name"] in names) or any(uses(x, names) for x in e.values())
    return isinstance(e, list) and any(uses(x, names) for x in e)


class Compiler:
    def __init__(self, run):
        self.now, self.lets, self.run = run.now, run.lets, run
        self.rows, self.at = None, 0  # the serialized rows, for prev() next() row_number() ..

    def o_const(self, e):
        return lambda r: e["v"]

    def o_tab(self, e):
        memo = []

        def f(r):
            if not memo:
                with self.run.aside():
                    rows = self.run.table(e["plan"])
                col = [next(iter(x[0].values()), None) for x in rows]
                memo.append((col[0] if col else None) if e.get("scalar") else Dyn([raw(x) for x in col]))
            return memo[0]
        return f

    def star(self, g, right):
        "* op x: any string or dynamic column"
        return lambda r: any(g(v, right(r)) is True for v in r.values() if type(v) is str or (isinstance(v, Dyn) and v.v is not None))

    def window(self, n, e):
        a = [self.c(x) for x in e["args"]]
        k = lambda i, r, d=None: raw(a[i](r)) if len(a) > i else d
        if n in ("prev", "next"):
            def f(r):
                j = self.at + (-1 if n == "prev" else 1) * k(1, r, 1)
                return a[0](self.rows[j][0]) if 0 <= j < len(self.rows) else k(2, r)
        elif n == "row_number":
            st = [0]

            def f(r):
                st[0] = k(0, r, 1) if self.at == 0 or k(1, r) is True else st[0] + 1
                return st[0]
        elif n == "row_cumsum":
            st = [0]

            def f(r):
                st[0] = (0 if self.at == 0 or k(1, r) is True else st[0]) + (k(0, r) or 0)
                return st[0]
        else:
            st = [None, None]

            def f(r):
                v = k(0, r)
                if v is None:
                    st[0] = None
                    return None
                if self.at == 0 or st[0] is None or v - st[0] >= k(1, r) or v - st[1] >= k(2, r) or k(3, r) is True:
                    st[0] = v
                st[1] = v
                return st[0]
        return lambda r: fix(f(r), e.get("type"))

    def c(self, e):
        return getattr(self, "o_" + e["o"].replace("-", "_"))(e)

    def o_lit(self, e):
        t, v = e["t"], e["v"]
        if v is None:
            pass
        elif t in ("long", "int"):
            v = int(v, 0)
        elif t in ("real", "decimal"):
            v = float(v)
        elif t == "datetime":
            v = parse_dt(v)
        elif t == "timespan":
            v = parse_ts(v)
        elif t == "guid":
            v = v.lower()
        return lambda r: v

    def o_dynamic(self, e):
        t = e["v"]
        try:
            v = json.loads(t)
        except ValueError:
            import ast
            try:
                v = ast.literal_eval(re.sub(r"\b(true|false|null)\b", lambda m: {"true": "True", "false": "False", "null": "None"}[m.group()], t))
            except (ValueError, SyntaxError):
                raise Fail("dynamic literal " + t[:40])
        d = Dyn(v)
        return lambda r: d

    def o_col(self, e):
        n = e["name"]
        if n in self.lets:
            return self.c(self.lets[n])
        def get(r):
            try:
                return r[n]
            except KeyError:
                raise Fail("no column " + n)
        return get

    def o_path(self, e):
        b, s = self.c(e["base"]), e["sel"]
        def get(r):
            v = raw(b(r))
            return Dyn(v.get(s) if isinstance(v, dict) else None)
        return get

    def o_index(self, e):
        b, s = self.c(e["base"]), self.c(e["sel"])
        def get(r):
            v, k = raw(b(r)), raw(s(r))
            if isinstance(v, dict):
                return Dyn(v.get(k))
            if isinstance(v, list) and isinstance(k, int) and -len(v) <= k < len(v):
                return Dyn(v[k])
            return Dyn(None)
        return get

    def o_unary(self, e):
        f, s = self.c(e["e"]), -1 if e["op"] == "-" else 1
        return lambda r: (lambda v: None if v is None else type(v)(s * v))(raw(f(r)))

    def o_bin(self, e):
        op = re.sub(r"\s+", " ", e["op"])
        l, r_ = self.c(e["l"]) if e["l"]["o"] != "star" else None, self.c(e["r"])
        g = str_op(op)
        if e["l"]["o"] == "star":
            if op.startswith("!") or not (g or op in ("==", "=~", "matches regex")):
                raise Fail("* " + op)
            return self.star(g or BIN[op], r_)
        if g is not None and e.get("lt") not in (None, "string", "dynamic", "unknown", "error", ""):
            raise Fail(f"operator {op} on {e['lt']}")
        g = g or BIN.get(op)
        if g is None:
            raise Fail("operator " + op)
        if op in ("==", "!=", "<>"):
            a, b = e.get("lt"), e.get("rt")
            nonstr = ("long", "int", "real", "decimal", "bool")
            if (a == "string" and b in nonstr) or (b == "string" and a in nonstr):
                raise Fail(f"SEM0064: cannot compare {a} and {b}")
        return lambda r: g(l(r), r_(r))

    def o_nary(self, e):
        fs = [self.c(x) for x in e["list"]]
        stop = e["op"] == "or"  # or: true wins over null; and: false wins over null

        def f(r):
            res = not stop
            for g in fs:
                v = raw(g(r))
                if v is stop:
                    return stop
                if v is None:
                    res = None
            return res
        return f

    def o_in(self, e):
        op, l = e["op"], self.c(e["l"])
        items = [self.c(x) for x in e["list"]]
        if op in ("in", "!in", "in~", "!in~"):
            ci, neg = op.endswith("~"), op.startswith("!")
            def f(r):
                v = l(r)
                vals = flat([i(r) for i in items])
                if ci:
                    s = fold(tostr(v))
                    hit = any(s == fold(tostr(x)) for x in vals)
                else:
                    hit = any(eq(v, x) is True for x in vals)
                return hit != neg
            return f
        if op in ("has_any", "has_all"):
            q = any if op == "has_any" else all
            return lambda r: (lambda h: q(has_at(h, fold(tostr(x)), True, True) for x in flat([i(r) for i in items])))(fold(tostr(l(r))))
        raise Fail("operator " + op)

    def o_between(self, e):
        l, lo, hi, neg = self.c(e["l"]), self.c(e["lo"]), self.c(e["hi"]), e["not"]
        def f(r):
            v, a, b = l(r), raw(lo(r)), raw(hi(r))
            if type(raw(v)) is DT and type(b) is TS:
                b = DT(a + b)
            x, y = BIN[">="](v, a), BIN["<="](v, b)
            return None if x is None or y is None else (x and y) != neg
        return f

    def o_call(self, e):
        n = e["name"]
        if n in WINDOW:
            return self.window(n, e)
        if n in ("column_ifexists", "columnifexists"):
            name, dflt, t = e["args"][0].get("v"), self.c(e["args"][1]), e.get("type")
            return lambda r: r[name] if name in r else fix(dflt(r), t)
        a = [self.c(x) for x in e["args"]]
        if n == "extract" and len(a) == 4:
            a[3] = lambda r: e["args"][3]["v"]
        if n == "now" or n == "ago":
            if n == "now" and not a:
                return lambda r: self.now
            sign = 1 if n == "now" else -1
            return lambda r: DT(self.now + sign * raw(a[0](r)))
        if n in ("iff", "iif"):
            return lambda r: a[1](r) if raw(a[0](r)) is True else a[2](r)
        if n == "case":
            def f(r):
                for i in range(0, len(a) - 1, 2):
                    if raw(a[i](r)) is True:
                        return a[i + 1](r)
                return a[-1](r)
            return f
        g = FUN.get(n)
        if g is None:
            raise Fail("function " + n)
        if n in ("isnull", "isnotnull", "notnull") and e["args"][0].get("type") == "string":
            return lambda r: n != "isnull"
        t = e.get("type")
        if n == "isempty" or n == "isnotempty" or t not in ("string", "int"):
            return lambda r: g(*[x(r) for x in a])
        return lambda r: fix(g(*[x(r) for x in a]), t)

    def o_named(self, e):
        return self.c(e["e"])

    def o_star(self, e):
        raise Fail("* here")


def present(vs):
    return [v for v in vs if raw(v) is not None]


def percentile(vs, p):
    x = sorted(raw(v) for v in present(vs))  # nearest rank, exact
    return x[max(-(-len(x) * raw(p) // 100), 1).__int__() - 1] if x else None


def like(v, r):
    return type(v)(r) if type(v) in (DT, TS) else r


def total(vs):
    vs = [raw(v) for v in present(vs)]
    return like(vs[0], sum(vs)) if vs else 0


def distinct_of(vs):
    return list({jkey(v): raw(v) for v in present(vs)}.values())


AGG = {
    "count": lambda vs: len(vs), "dcount": lambda vs, *a: len(distinct_of(vs)), "count_distinct": lambda vs: len(distinct_of(vs)),
    "sum": total, "min": lambda vs: min((raw(v) for v in present(vs)), default=None), "max": lambda vs: max((raw(v) for v in present(vs)), default=None),
    "avg": lambda vs: (lambda x: like(x[0], sum(x) / len(x)) if x else None)([raw(v) for v in present(vs)]),
    "make_set": lambda vs, n=None: Dyn([tostr(x) if type(x) in (DT, TS) else x for x in distinct_of(vs)][:raw(n)]),
    "make_list": lambda vs, n=None: Dyn([tostr(x) if type(x) in (DT, TS) else x for x in map(raw, present(vs))][:raw(n)]),
    "take_any": lambda vs: vs[0] if vs else None, "any": lambda vs: vs[0] if vs else None, "percentile": percentile,
}
AGG_IF = {n + s: n for n in AGG for s in (("if",) if not n.startswith("make") else ("_if", "if"))}
ALL_AGG = set(AGG) | set(AGG_IF) | {"arg_max", "arg_min"}


class Run:
    """One query over the tables.  A row is (values, [indexes of the events it comes from])."""

    def __init__(self, plan, tables, now):
        self.tables, self.now, self.lets, self.tlets = tables, now, plan.get("lets", {}), plan.get("tlets", {})
        self.memo, self.agg, self.joined = {}, False, False

    def source(self, s):
        if s["k"] == "ref":
            n = s["name"]
            if n in self.tlets:
                if n not in self.memo:
                    with self.aside():
                        self.memo[n] = self.table(self.tlets[n]), self.agg, self.joined
                rows, agg, joined = self.memo[n]
                self.agg, self.joined = self.agg or agg, self.joined or joined
                return rows
            if n not in self.tables:
                raise Fail("no table " + n)
            return [(r, [i]) for i, r in self.tables[n]]
        if s["k"] == "rows":
            c, v, k = s["cols"], [Compiler(self).c(x)({}) for x in s["vals"]], len(s["cols"])
            return [({n: fix(x, t) for (n, t), x in zip(c, v[j:j + k])}, []) for j in range(0, len(v), k)]
        return [({}, [])] if s["k"] == "unit" else []

    def table(self, plan):
        return self.ops(plan["ops"], self.source(plan["src"]))

    @contextlib.contextmanager
    def aside(self):
        "run a subquery whose rows do not become rows of this one"
        keep = self.agg, self.joined
        self.agg = self.joined = False
        try:
            yield
        finally:
            self.agg, self.joined = keep

    def ops(self, ops, rows, serial=False):
        for op in ops:
            k = op["op"]
            comp = Compiler(self)
            if uses(op, WINDOW) and k in ("extend", "where", "project") and not (serial or op.get("serialize")):
                raise Fail("the input is not serialized (sort or serialize first)")
            rows = getattr(self, "op_" + k.replace("-", "_"))(op, comp, rows)
            if k == "sort" or op.get("serialize"):
                serial = True
            elif k not in ("where", "extend", "project", "cols", "rename", "take", "mv-apply", "nop"):
                serial = False
        return rows

    def each(self, comp, rows, f):
        comp.rows = rows
        for comp.at, (r, i) in enumerate(rows):
            yield r, i, f(r)

    def op_nop(self, op, comp, rows):
        return rows

    def op_where(self, op, comp, rows):
        f = comp.c(op["e"])
        return [(r, i) for r, i, v in self.each(comp, rows, f) if raw(v) is True]

    def columns(self, comp, cols, out):
        types = dict(map(tuple, out))
        fs = [(c["name"], comp.c(c["e"]), types.get(c["name"])) for c in cols]
        return lambda r: {n: fix(f(r), t) for n, f, t in fs}

    def op_extend(self, op, comp, rows):
        f = self.columns(comp, op["cols"], op["out"])
        return [({**r, **new}, i) for r, i, new in self.each(comp, rows, f)]

    def op_project(self, op, comp, rows):
        cols = op["cols"]
        if len(cols) == len(op["out"]):  # the binder knows the names of unnamed expressions
            cols = [{"name": o[0], "e": c["e"]} for c, o in zip(cols, op["out"])]
        f = self.columns(comp, cols, op["out"])
        return [(new, i) for r, i, new in self.each(comp, rows, f)]

    def op_rename(self, op, comp, rows):
        new = {c["e"]["name"]: c["name"] for c in op["cols"]}
        return [({new.get(n, n): v for n, v in r.items()}, i) for r, i in rows]

    def op_cols(self, op, comp, rows):
        return [({n: r[n] for n, _ in op["out"]}, i) for r, i in rows]

    def op_take(self, op, comp, rows):
        return rows[:raw(comp.c(op["n"])({}))]

    def op_sort(self, op, comp, rows):
        rows = list(rows)
        for b in reversed(op["by"]):  # stable; nulls by their own rule
            f = comp.c(b["e"])
            key = {id(x): raw(f(x[0])) for x in rows}
            some = [x for x in rows if key[id(x)] is not None]
            none = [x for x in rows if key[id(x)] is None]
            try:
                some.sort(key=lambda x: key[id(x)], reverse=not b["asc"])
            except TypeError:
                raise Fail("sort by mixed or dynamic values")
            rows = none + some if b["first"] else some + none
        return rows[:raw(comp.c(op["n"])({}))] if op.get("n") else rows

    def op_count(self, op, comp, rows):
        self.agg = True
        return [({"Count": len(rows)}, sorted({j for _, i in rows for j in i}))]

    def groups(self, comp, by, rows):
        groups = {}
        for r, i in rows:
            vals = [f(r) for _, f in by]
            g = groups.setdefault(tuple(jkey(v) for v in vals), (vals, [], []))
            g[1].append(r)
            g[2].extend(j for j in i if j not in g[2])
        return groups

    def op_distinct(self, op, comp, rows):
        self.agg = True
        if op["cols"] and op["cols"][0].get("star"):
            by = [(n, lambda r, n=n: r[n]) for n, _ in op["out"]]
        else:
            by = [(c["name"], comp.c(c["e"])) for c in op["cols"]]
        return [({n: v for (n, _), v in zip(by, vals)}, idx) for vals, _, idx in self.groups(comp, by, rows).values()]

    def agg_value(self, comp, e, rs):
        "value of an expression over aggregates, for one group"
        if isinstance(e, list):
            return [self.agg_value(comp, x, rs) for x in e]
        if not isinstance(e, dict):
            return e
        if e.get("o") == "call" and e["name"] in ALL_AGG:
            n, args, use = e["name"], e["args"], rs
            if n in AGG_IF:
                at = 0 if n == "countif" else 1
                f = comp.c(args[at])
                use, n, args = [r for r in rs if raw(f(r)) is True], AGG_IF[n], args[:at] + args[at + 1:]
            if n not in AGG:
                raise Fail("aggregate " + n + " inside an expression")
            f = comp.c(args[0]) if args else (lambda r: 1)
            v = AGG[n]([f(r) for r in use], *[comp.c(x)({}) for x in args[1:]])
            return {"o": "const", "v": fix(v, e.get("type"))}
        return {k: self.agg_value(comp, v, rs) for k, v in e.items()}

    def op_summarize(self, op, comp, rows):
        self.agg = True
        by = [(c["name"], comp.c(c["e"])) for c in op["by"]]
        groups = self.groups(comp, by, rows)
        if not by and not groups:
            groups[()] = ([], [], [])
        out = []
        for vals, rs, idx in groups.values():
            cells = list(vals)
            for a in op["aggs"]:
                e = a["e"]
                if e["o"] == "call" and e["name"] in ("arg_max", "arg_min"):
                    f = comp.c(e["args"][0])
                    some = [r for r in rs if raw(f(r)) is not None] or rs[:1]
                    best = (max if e["name"] == "arg_max" else min)(some, key=lambda r: raw(f(r)) if raw(f(r)) is not None else 0) if some else None
                    first = f(best) if best is not None else None
                    names = a["cols"]
                    if any(x["o"] == "star" for x in e["args"][1:]):
                        cells += [first] + [best[n] if best is not None else None for n in names[1:]]
                    else:
                        cells += [first] + [comp.c(x)(best) if best is not None else None for x in e["args"][1:]]
                else:
                    cells.append(comp.c(self.agg_value(comp, e, rs))({}))
            if len(cells) != len(op["out"]):
                raise Fail("summarize columns")
            out.append(({n: fix(v, t) for (n, t), v in zip(op["out"], cells)}, idx))
        return out

    def op_union(self, op, comp, rows):
        parts = [(None, rows, op["left"])] if op.get("left") else []
        for n, p in enumerate(op["parts"]):
            parts.append((p["name"] or "union_arg%d" % n, self.table(p["plan"]), p["cols"]))
        out, names = [], op["out"]
        if op["kind"] == "inner":
            names = [o for o in names if o[0] == op["withsource"] or all(o in cols for _, _, cols in parts)]
        for name, rs, cols in parts:
            types = {(n, t): o for n, t in cols for o, ot in names if ot == t and o in (n, n + "_" + t)}
            where = {o: n for (n, t), o in types.items()}
            for r, i in rs:
                new = {o: fix(r[where[o]] if o in where else None, t) for o, t in names}
                if op["withsource"]:
                    new[op["withsource"]] = name or ""
                out.append((new, i))
        return out

    def op_join(self, op, comp, rows):
        kind = {"leftantisemi": "leftanti", "anti": "leftanti", "rightantisemi": "rightanti"}.get(op["kind"], op["kind"])
        lcols, rcols = [n for n, _ in op["lcols"]], [n for n, _ in op["rcols"]]
        if kind in ("leftanti", "leftsemi"):
            with self.aside():
                right = self.table(op["right"])
        else:
            right = self.table(op["right"])

        def key(r, side):  # a null key equals nothing
            vs = [r[p[side]] for p in op["on"]]
            return None if any(raw(v) is None for v in vs) else tuple(jkey(v) for v in vs)
        index = {}
        for n, (r, i) in enumerate(right):
            index.setdefault(key(r, 1), []).append(n)
        index.pop(None, None)
        if kind == "innerunique":
            seen, left = set(), []
            for r, i in rows:
                if key(r, 0) not in seen or key(r, 0) is None:
                    seen.add(key(r, 0))
                    left.append((r, i))
            rows, kind = left, "inner"
        if kind in ("leftanti", "leftsemi"):
            return [(r, i) for r, i in rows if (key(r, 0) in index) == (kind == "leftsemi")]
        have = {key(r, 0) for r, _ in rows} - {None}
        if kind in ("rightanti", "rightsemi"):
            return [(r, i) for r, i in right if (key(r, 1) in have) == (kind == "rightsemi")]
        if kind not in ("inner", "leftouter", "rightouter", "fullouter"):
            raise Fail("join kind " + kind)
        self.joined, out, names = True, [], op["out"]

        def add(l, r, i):
            cells = [l[n] if l else None for n in lcols] + [r[n] if r else None for n in rcols]
            if len(cells) != len(names):
                raise Fail("join columns")
            out.append(({n: fix(v, t) for (n, t), v in zip(names, cells)}, i))
        for l, i in rows:
            ns = index.get(key(l, 0), [])
            for n in ns:
                add(l, right[n][0], i + [x for x in right[n][1] if x not in i])
            if not ns and kind in ("leftouter", "fullouter"):
                add(l, None, i)
        if kind in ("rightouter", "fullouter"):
            for r, i in right:
                if key(r, 1) not in have:
                    add(None, r, i)
        return out

    def expand(self, op, comp, r):
        "one row -> its expanded rows: null gives one row of null, an empty array none"
        lists = []
        for x, f in op["fs"]:
            v = raw(f(r))
            if isinstance(v, dict):
                v = [[k, y] for k, y in v.items()] if op["arr"] else [{k: y} for k, y in v.items()]
            lists.append(v if isinstance(v, list) else [v])
        base = {n: v for n, v in r.items() if n not in {x["src"] for x, _ in op["fs"]}}
        n = max(map(len, lists))
        if op["limit"]:
            n = min(n, raw(comp.c(op["limit"])({})))
        for j in range(n):
            new = dict(base)
            for (x, _), l in zip(op["fs"], lists):
                new[x["name"] or "_expanded"] = fix(cast(l[j] if j < len(l) else None, x["to"]), x["to"])
            if op["index"]:
                new[op["index"]] = j
            yield new

    def op_mv_expand(self, op, comp, rows):
        op = dict(op, fs=[(x, comp.c(x["e"])) for x in op["exp"]])
        return [({o: new[o] for o, _ in op["out"] if o in new}, i) for r, i in rows for new in self.expand(op, comp, r)]

    def op_mv_apply(self, op, comp, rows):
        op = dict(op, fs=[(x, comp.c(x["e"])) for x in op["exp"]])
        out = []
        for r, i in rows:
            sub = [(new, i) for new in self.expand(op, comp, r)]
            if not sub:  # an empty array expands to no record, so there is nothing to apply the subquery to
                continue
            with self.aside():
                res = self.ops(op["sub"], sub, True)
            for s, _ in res:
                both = {**r, **s}
                out.append(({n: fix(both[n], t) for n, t in op["out"]}, i))
        return out


def cast(v, t):
    "to typeof(t): only a cast, no conversion"
    ok = {"string": lambda x: isinstance(x, str), "long": lambda x: isinstance(x, int) and not isinstance(x, bool), "int": lambda x: isinstance(x, int) and not isinstance(x, bool),
          "real": num, "double": num, "decimal": num, "bool": lambda x: isinstance(x, bool), "dynamic": lambda x: True}.get(t, lambda x: False)
    return v if ok(v) else None


def run_plan(plan, tables, now):
    run = Run(plan, tables, now)
    return run.table(plan), run


# ---------------------------------------------------------------- input
TYPES = {"string", "long", "int", "real", "double", "decimal", "bool", "datetime", "timespan", "dynamic", "guid"}


def infer(vals):
    seen = {("bool" if isinstance(v, bool) else "long" if isinstance(v, int) else "real" if isinstance(v, float)
             else "dynamic" if isinstance(v, (dict, list)) else "string") for v in vals if v is not None}
    if not seen:
        return "string"
    if seen <= {"long", "real"}:
        return "real" if "real" in seen else "long"
    return seen.pop() if len(seen) == 1 else ("dynamic" if "dynamic" in seen else "string")


def conv(v, t):
    if t == "string":
        return "" if v is None else v if isinstance(v, str) else tostr(Dyn(v))
    if t == "dynamic":
        return Dyn(v)
    if v is None or v == "":
        return None
    if t == "guid":
        return str(v).lower()
    return {"long": to_long, "int": to_long, "real": to_real, "double": to_real, "decimal": to_real, "bool": to_bool,
            "datetime": lambda x: parse_dt(str(x)), "timespan": lambda x: parse_ts(str(x))}[t](v)


def get(ev, name):
    "a column: the key itself, else the dotted path through nested objects"
    if name in ev:
        return ev[name]
    i = name.find(".")
    while i > 0:
        o = ev.get(name[:i])
        if isinstance(o, dict):
            v = get(o, name[i + 1:])
            if v is not None:
                return v
        i = name.find(".", i + 1)
    return None


def load(a):
    schema = json.load(open(a.schema)) if a.schema else {}
    declared = types_file.load(a.types, "kql") if a.types else None
    default = a.table or a.wrap or (next(iter(schema)) if len(schema) == 1 else "T")
    byt = {t: [] for t in schema}
    for i, line in enumerate(open(a.events)):
        if line.strip():
            ev = json_numbers.loads(line)
            byt.setdefault(a.table or ev.get(a.table_field) or default, []).append((i, ev))
    for t in [default] + (a.tables.split(",") if a.tables else []):
        byt.setdefault(t, [])
    types = {}
    for t, evs in byt.items():
        types[t] = dict(schema.get(t, {}))
        vals = {}
        for _, ev in evs:
            for k, v in ev.items():
                if k != a.table_field and k not in types[t]:
                    vals.setdefault(k, []).append(v)
        if declared is None:
            types[t].update({k: infer(v) for k, v in vals.items()})
        elif t not in schema:
            types[t].update(declared)
            types[t].update({k: "dynamic" if any(isinstance(x, dict) for x in v) else "string" for k, v in vals.items() if k not in declared})
        else:  # a table of --schema keeps its own columns; --types may retype them
            types[t].update({k: y for k, y in declared.items() if k in types[t]})
    return types, byt


def plans(a, types, queries):
    """Parse with kql_parse.js.  Names no table knows are added as string columns (and the query parsed
    again) unless there is a schema: a field that no event has is not an error here."""
    tmp = {t: {c: ("real" if y == "double" else y) for c, y in cs.items()} for t, cs in types.items()}
    import tempfile
    def call(qs):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as s:
            json.dump(tmp, s)
            s.flush()
            cmd = ["node", "--stack-size=8000", os.path.join(HERE, "kql_parse.js"), "--plan", "--diag-off", "--schema", s.name] + (["--wrap", a.wrap] if a.wrap else [])
            p = subprocess.run(cmd, input="".join(json.dumps(q) + "\n" for q in qs), capture_output=True, text=True)
        if p.returncode:
            sys.exit(p.stderr)
        return [json.loads(l) for l in p.stdout.split("\n") if l]
    if a.predicates:  # what looks like a name is a column: saves the second round
        for q in queries:
            names = set()
            text = re.sub(r'\["((?:[^"\\]|\\.)*)"\]', lambda m: names.add(re.sub(r"\\(.)", r"\1", m[1])) or " ", q["query"])
            text = re.sub(r'@"(?:[^"]|"")*"|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', " ", text)
            names.update(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?!\s*\()", text))
            for t in tmp:
                for n in names:
                    types[t].setdefault(n, tmp[t].setdefault(n, "string"))
    res = call(queries)
    hint = {}

    def look(e):  # an unknown name compared with a number: dynamic, so that text operators on it stay legal
        if isinstance(e, dict):
            if e.get("o") == "bin" and e["l"].get("o") == "col" and not e["l"]["known"] and e.get("rt") in ("long", "int", "real"):
                hint[e["l"]["name"]] = "dynamic"
            for x in e.values():
                look(x)
        elif isinstance(e, list):
            for x in e:
                look(x)
    if not a.schema:
        for r in res if not a.types else []:
            look(r.get("plan"))
        again = []
        for q, r in zip(queries, res):
            names = [m.group(1) for e in r["errors"] if (m := re.match(r"The name '(.*)' does not refer to any known column", e["message"]))]
            if names:
                for t in tmp:
                    for n in names:
                        types[t].setdefault(n, tmp[t].setdefault(n, hint.get(n, "string")))
                again.append(q)
        if again:
            redo = {json.dumps(r["id"]): r for r in call(again)}
            res = [redo.get(json.dumps(r["id"]), r) for r in res]
    return res


def main():
    sys.modules["kql_match"] = sys.modules[__name__]  # this module, not a second one
    import kql_columns
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--queries", required=True)
    ap.add_argument("--events", required=True)
    ap.add_argument("--schema")
    ap.add_argument("--types", metavar="FILE", help="field types (YAML or JSON); nothing is inferred from the events")
    ap.add_argument("--table", help="all events belong to this table")
    ap.add_argument("--tables", metavar="A,B", help="tables that exist even if no event belongs to them")
    ap.add_argument("--table-field", default="_table", help="event key naming its table (default _table)")
    ap.add_argument("--wrap", metavar="T")
    ap.add_argument("--now", default="2026-01-01T00:00:00Z", help="value of now()")
    ap.add_argument("--engine", choices=["own", "chdb"], default="own")
    ap.add_argument("--predicates", action="store_true", help="queries compute no columns: each name that no table has is a column of text")
    ap.add_argument("--hits", action="store_true", help='one line per query: {"id","hits":[..]}')
    ap.add_argument("--by-row", action="store_true", help="row by row (slow; gives the same)")
    ap.add_argument("--jobs", type=int, default=1)
    a = ap.parse_args()
    queries = [q for q in map(json.loads, filter(str.strip, open(a.queries))) if isinstance(q.get("query"), str)]
    types, byt = load(a)
    put = lambda o: sys.stdout.write(json.dumps(o, ensure_ascii=False) + "\n")
    tables = kql_columns.Tables(byt, types)
    if a.engine == "chdb":
        sys.modules.setdefault("kql_match", sys.modules[__name__])
        import kql_chdb
        return kql_chdb.run(queries, plans(a, types, queries), types, tables, a.wrap, lambda o: print(json.dumps(o, ensure_ascii=False)))
    now = parse_dt(a.now)

    def verdicts(queries):
        "-> (id, [(event index, its other events)], [aggregated rows], error)"
        global REGEX
        REGEX = kql_columns.k.REGEX = Regex()
        for r in plans(a, types, queries):
            try:
                if not r["ok"]:
                    raise Fail("; ".join(e["code"] + " " + e["message"] for e in r["errors"][:3]) or r.get("crash", "?"))
                if "plan" not in r:
                    raise Fail("unsupported: " + r.get("unsupported", "?"))
                try:
                    if a.by_row:
                        raise kql_columns.NotByColumn
                    yield r["id"], [[i] for i in kql_columns.run(r["plan"], tables, Run(r["plan"], tables, now))], [], None
                except kql_columns.NotByColumn:
                    rows, run = run_plan(r["plan"], tables, now)
                    plain = [(row, idx) for row, idx in rows if idx and not run.agg]
                    rest = [({n: (raw(v) if type(raw(v)) not in (DT, TS) else tostr(v)) for n, v in row.items()}, idx) for row, idx in rows if run.agg or not idx]
                    yield r["id"], [idx if run.joined else idx[-1:] for _, idx in plain], rest, None
            except Fail as e:
                yield r["id"], [], [], str(e)

    def put(result):
        i, hits, rows, error = result
        if error is not None:
            print(json.dumps({"id": i, "error": error}, ensure_ascii=False))
        elif a.hits:
            print(json.dumps({"id": i, "hits": [h[0] if len(h) == 1 else h for h in hits], **({"rows": [[r, idx] for r, idx in rows]} if rows else {})}, ensure_ascii=False))
        else:
            for h in hits:
                print(json.dumps({"id": i, "event_index": h[-1], **({"events": h} if len(h) > 1 else {})}))
            for row, idx in rows:
                print(json.dumps({"id": i, "row": row, "events": idx}, ensure_ascii=False))

    jobs.run(queries, verdicts, a.jobs, put)


if __name__ == "__main__":
    main()
