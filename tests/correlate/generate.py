# SPDX-License-Identifier: MIT
"""Random sets of correlation rules, and streams of events for them. All comes from the given random.Random."""
import json

import reference

SECOND, DAY = reference.SECOND, reference.DAY
LETTERS = "abcdef"
TYPES = ("event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median")
GROUP_FIELDS = ("U", "H", "a.b", "V")
ALIASES = ("who", "where")
SPANS = (1, 2, 5, 10, 60, 90, 300, 3600, 7200, DAY)


class Raw(str):
    """Written into JSON as it stands."""


def dump(v):
    if isinstance(v, Raw):
        return str(v)
    if isinstance(v, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + dump(x) for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + ", ".join(map(dump, v)) + "]"
    return json.dumps(v, ensure_ascii=False)


# --- rules -------------------------------------------------------------------------------------------------------


def timespan(r, most):
    s = r.choice([x for x in SPANS if x <= most] or [1])
    if s % DAY == 0 and r.random() < 0.5:
        return f"{s // DAY}d"
    if s % 3600 == 0 and r.random() < 0.7:
        return f"{s // 3600}h"
    return f"{s // 60}m" if s % 60 == 0 and r.random() < 0.7 else f"{s}s"


def detection(r, i):
    doc = {"title": f"R{i}", "logsource": {"category": "test"},
           "detection": {"s": {r.choice("EEEF"): LETTERS[i]}, "condition": "s"}}
    identify(r, doc, f"r{i}")
    return doc


def identify(r, doc, name):
    """A name, an id, or both; what others may call it."""
    how = r.random()
    doc["name"] = name
    if how < 0.5:
        doc["id"] = "%08x-%04x-4%03x-a%03x-%012x" % tuple(r.getrandbits(b) for b in (32, 16, 12, 12, 48))
    if how < 0.1:
        del doc["name"]
    return doc


def call(r, doc):
    return r.choice([doc[k] for k in ("name", "id") if k in doc])


def words(r, names):
    """A text of all these names."""
    if len(names) == 1:
        t = names[0]
    else:
        k = r.randint(1, len(names) - 1)
        t = f"{words(r, names[:k])} {r.choice(['and', 'or', 'and'])} {words(r, names[k:])}"
        if r.random() < 0.4:
            t = f"({t})"
    return f"not {t}" if r.random() < 0.2 and (len(names) == 1 or t[0] == "(") else t


def threshold(r, kind, rows, refs):
    """A number near the values that windows have."""
    if kind in ("temporal", "temporal_ordered"):
        return Raw(r.choice([0, 1, refs - 1, refs, refs, refs + 1, 0.5, 1.5]))
    if kind in ("event_count", "value_count"):
        n = r.choice([1, 2, 2, 3, 4, 5, max(1, int(rows)), max(1, int(rows) // 2), 0])
        return Raw(r.choice([str(n), str(n), str(n), f"{n}.5", f"{n}.0"]))
    if kind == "value_sum":
        n = r.choice([0, 10, 100, -5, 50 * max(1, int(rows)), 20 * max(1, int(rows))])
        return Raw(r.choice([str(n), f"{n}.1", f"{n}.25", "0.3", "1e20", "-0.5", "0.30000000000000004"]))
    return Raw(r.choice(["0", "5", "10", "10.5", "50", "0.1", "-3", "49.95", "33.3", "1e3", "100", "1.005"]))


def condition(r, kind, rows, refs):
    out = {}
    for op in r.sample(("gt", "gte", "lt", "lte", "eq", "neq", "gte", "gt", "gte"), r.choice([1, 1, 1, 2, 3])):
        out[op] = threshold(r, kind, rows, refs)
    if kind == "value_count":
        fields = r.sample(["N", "U", "V", "M"], r.randint(1, 3))
        out["field"] = fields if len(fields) > 1 or r.random() < 0.3 else fields[0]
    elif kind.startswith("value_"):
        out["field"] = r.choice(["N", "N", "M"])
    if kind == "value_percentile" and r.random() < 0.9:
        out["percentile"] = Raw(r.choice(["0", "100", "50", "90", "95", "99", "33.3", "12.5", "0.000001", "99.999999"]))
    items = list(out.items())
    r.shuffle(items)
    return dict(items)


def aliases(r, c, names):
    out = {}
    for a in ALIASES:
        if a in c.get("group-by", ()):
            out[a] = {n: r.choice(GROUP_FIELDS) for n in names if r.random() < 0.9} or {names[0]: "U"}
    field = c.get("condition", {}).get("field") if isinstance(c.get("condition"), dict) else None
    if isinstance(field, str) and r.random() < 0.3:
        out[field] = {n: r.choice(["N", "M", "M", "V"]) for n in names if r.random() < 0.6} or {names[0]: "M"}
    if out:
        c["aliases"] = out


def correlation(r, i, below, kinds, most_span, density):
    kind = r.choice(kinds)
    docs = r.sample(below, min(len(below), r.choice([1, 2, 2, 3, 3, 4]) if kind.startswith("temporal") else r.choice([1, 1, 2, 3])))
    if kind == "temporal_ordered" and r.random() < 0.15:
        docs.append(r.choice(docs))
    c = {"type": kind, "rules": [call(r, d) for d in docs]}
    c["timespan"] = timespan(r, most_span)
    fields = r.sample(GROUP_FIELDS[:3] + (ALIASES if r.random() < 0.3 else ()), r.choice([0, 1, 1, 1, 2, 3]))
    if fields:
        c["group-by"] = fields[0] if len(fields) == 1 and r.random() < 0.3 else fields
        if isinstance(c["group-by"], str) and c["group-by"] in ALIASES:
            c["group-by"] = fields
    span = reference.UNITS[c["timespan"][-1]] * int(c["timespan"][:-1])
    rows = min(200, span * density)
    distinct = len(set(map(id, docs))) == len(docs)
    if kind.startswith("temporal") and distinct and r.random() < 0.35:
        c["condition"] = words(r, r.sample(c["rules"], len(docs)))
    elif not kind.startswith("temporal") or r.random() < 0.4:
        c["condition"] = condition(r, kind, rows, len(docs))
    aliases(r, c, [call(r, d) for i, d in enumerate(docs) if d not in docs[:i]])
    doc = {"title": f"C{i}", "correlation": c}
    identify(r, doc, f"c{i}")
    if r.random() < 0.3:
        (doc if r.random() < 0.6 else c)["generate"] = r.random() < 0.8
    return doc, 1 + max(d.get("depth", 0) for d in docs)


def a_filter(r, rules):
    return {"title": "X", "logsource": {"category": "test"},
            "filter": {"rules": r.choice(["any", [call(r, d) for d in r.sample(rules, r.randint(1, len(rules)))]]),
                       "selection": {r.choice("UVH"): r.choice(["u0", "u1"])}, "condition": r.choice(["selection", "not selection", "not selection"])}}


def rule_set(r, most_span, density):
    """Documents, as BaseLoader gives them but for booleans, in any order."""
    rules = [detection(r, i) for i in range(r.randint(1, 6))]
    docs, depth = [], {}
    kinds = TYPES + ("temporal", "temporal_ordered", "temporal_ordered") if r.random() < 0.6 else r.sample(TYPES, 2) + ["temporal_ordered"]
    for i in range(r.choice([1, 1, 2, 2, 3, 4, 6, 8])):
        below = rules + [d for d in docs if depth[id(d)] < 3 and r.random() < 0.5]
        doc, _ = correlation(r, i, below, kinds, most_span, density)
        called = set(doc["correlation"]["rules"])
        depth[id(doc)] = 1 + max([depth[id(d)] for d in docs if {d.get("id"), d.get("name")} & called] or [0])
        docs.append(doc)
    docs += rules
    if r.random() < 0.2:
        docs.append(a_filter(r, rules))
    r.shuffle(docs)
    return docs


# --- times -------------------------------------------------------------------------------------------------------

FIELDS = ("@timestamp", "@timestamp", "UtcTime", "EventTime", "eventTime", "TimeGenerated", "Timestamp", "timestamp", "ts", "_time", "time")
BAD_TIMES = ("yesterday", "2024-02-30T00:00:00Z", "12", "", "2024-01-01T25:00:00Z", "1500-01-01T00:00:00Z", "3000-01-01T00:00:00Z", "T", "2024")
FORMS = ("iso", "iso", "iso", "offset", "plain", "blank", "seconds", "millis", "micros", "nanos", "text", "dotnet", "mixed")


def civil(seconds):
    """Year, month, day, hour, minute, second."""
    days, rest = divmod(seconds, DAY)
    year = 1970
    while True:
        n = 365 + reference.leap(year)
        if 0 <= days < n:
            break
        if days < 0:
            year -= 1
            days += 365 + reference.leap(year)
        else:
            days -= n
            year += 1
    month = 1
    while days >= reference.MONTHS[month - 1] + (month == 2 and reference.leap(year)):
        days -= reference.MONTHS[month - 1] + (month == 2 and reference.leap(year))
        month += 1
    return year, month, days + 1, rest // 3600, rest // 60 % 60, rest % 60


def iso(t, mark="T", zone="Z"):
    seconds, nanos = divmod(t, SECOND)
    fraction = f".{nanos:09}" if nanos % 1000 else f".{nanos // 1000:06}" if nanos % 10**6 else f".{nanos // 10**6:03}" if nanos else ""
    return "%04d-%02d-%02d" % civil(seconds)[:3] + mark + "%02d:%02d:%02d" % civil(seconds)[3:] + fraction + zone


def write_time(r, form, t):
    """A JSON value that is this time. Numbers where the time is one that numbers can say."""
    if form == "mixed":
        form = r.choice(FORMS[:-1])
    if t < 10**8 * SECOND * 10:
        form = "iso" if form not in ("offset", "plain", "blank") else form
    if form == "offset":
        minutes = r.choice([120, -300, 330, 0])
        zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        return iso(t + minutes * 60 * SECOND, zone=zone)
    if form in ("plain", "blank"):
        return iso(t, mark="T" if form == "plain" else " ", zone="")
    below = {"seconds": 9, "text": 9, "millis": 6, "micros": 3, "nanos": 0, "dotnet": 6}.get(form)
    if below is None or form == "dotnet" and t % 10**6:
        return iso(t)
    whole, rest = divmod(t, 10**below)
    number = f"{whole}" + ("." + f"{rest:0{below}}".rstrip("0") if rest else "")
    return f"/Date({number})/" if form == "dotnet" else number if form == "text" else Raw(number)


class Clock:
    """Times of events, one after another: mostly forward, with ties, and back."""

    def __init__(self, r, spans, gap):
        self.r, self.spans, self.gap = r, [s * SECOND for s in spans], gap
        base = r.choice([1704067200] * 6 + [1709164800, 951782400, -9000000000, 7000000000, 4102444790, 1000000000])
        self.newest = base * SECOND
        # With a part of a timespan, events at the very ends of windows are frequent.
        self.unit = r.choice([SECOND, SECOND, 10**6, 10**3, 1, *(s // r.choice([1, 2, 3, 4]) for s in self.spans[:2])])
        self.ties, self.late, self.exact = r.choice([0, 0.05, 0.3]), r.choice([0, 0.05, 0.15, 0.5]), r.choice([0, 0.1, 0.3])
        self.seen = []

    def late_time(self):
        r, span = self.r, self.r.choice(self.spans)
        back = r.choice([span * r.random(), span * 2.5 * r.random(), span, span + 1, span - 1, span + SECOND, self.gap * 4 * r.random()])
        return self.newest - int(back)

    def next(self):
        r = self.r
        how = r.random()
        if how < self.ties:
            return self.newest
        if how < self.ties + self.late:
            return r.choice(self.seen) if self.seen and r.random() < 0.2 else self.late_time()
        if how < self.ties + self.late + self.exact and self.seen:
            t = r.choice(self.seen[-20:]) + r.choice(self.spans) + r.choice([0, 0, 0, 1, -1, SECOND])
            if self.newest <= t < self.newest + 20 * self.gap:
                return t
        t = self.newest + int(r.expovariate(1) * self.gap)
        if r.random() < 0.002:
            t += 3 * max(self.spans)
        return max(self.newest, t // self.unit * self.unit)

    def tick(self):
        t = self.next()
        self.newest = max(self.newest, t)
        self.seen.append(t)
        return t


# --- events ------------------------------------------------------------------------------------------------------

ODD_VALUES = (None, "", Raw("5"), "5", Raw("5.0"), True, "true", [], {}, {"x": "y"}, [None, "u1"], ["u1", "u2"], [{}, "u0"], "U0", "u0 ", "Ü\u0301",
              "a\"b\\c\nd", Raw("1e3"), "\u0000x", "😀", ",", "u0,u1")
NUMBERS = ("0", "1", "5", "10", "33", "50", "100", "-5", "-0", "0.1", "0.2", "0.30", "1.5", "-1.25", "1e3", "2.5E-3", "1E+2", "49.95", "99.999", "007.5")
WIDE = ("123456789012345678901234567890", "-98765432109876543210.5", "1e399", "-1e399", "1e-399", "1e400", "1e500", "-1e-500", "0e999",
        "9007199254740993", "18446744073709551616", "0.000000000000000000000000000001", "9.99e99")
NO_NUMBERS = ("abc", "", " 7", "7 ", "0x1F", "1_000", "1,5", "NaN", "inf", "--1", ".5", "5.", "1e", None, True, {}, [], "٣")


class Values:
    """What the fields of a stream are filled with."""

    def __init__(self, r, rules):
        self.r = r
        self.sizes = {f: r.choice([1, 1, 2, 2, 3, 10, 60]) for f in GROUP_FIELDS}
        self.skew, self.missing, self.odd = r.choice([1, 3]), r.choice([0, 0.05, 0.3]), r.choice([0, 0.05, 0.3])
        self.wide, self.none = r.choice([0, 0, 0.1]), r.choice([0, 0.1])
        self.several = r.choice([0, 0.1, 0.4])
        self.letters = LETTERS[:min(6, rules + r.choice([0, 0, 1]))]

    def group(self, field):
        r = self.r
        if r.random() < self.odd:
            return r.choice(ODD_VALUES)
        k = int(self.sizes[field] * r.random() ** self.skew)
        return f"u{k}"

    def number(self):
        r = self.r
        how = r.random()
        if how < self.none:
            return r.choice(NO_NUMBERS)
        if how < self.none + self.wide:
            t = r.choice(WIDE)
        else:
            t = r.choice([str(r.randint(-20, 120)), f"{r.randint(0, 99)}.{r.randint(0, 99):02}", r.choice(NUMBERS)])
        t = t.lstrip("0") if t[:2] == "00" and r.random() < 0.5 else t
        text = r.random() < 0.3 or (t[:1] == "0" and t[1:2].isdigit()) or t.startswith("-0")
        return r.choice([t, "+" + t if t[0] != "-" else t, "0" + t if t[0] != "-" else t]) if text else Raw(t)

    def letter(self):
        r = self.r
        if r.random() < self.several:
            return [r.choice(self.letters) for _ in range(r.choice([2, 2, 3]))]
        return r.choice(self.letters)

    def event(self):
        r, e = self.r, {}
        e["E"] = self.letter()
        if r.random() < 0.4:
            e["F"] = self.letter()
        for f in GROUP_FIELDS:
            if r.random() >= self.missing:
                v = self.group(f)
                if f == "a.b" and r.random() < 0.8:
                    e["a"] = {"b": v}
                else:
                    e[f] = v
        for f in ("N", "M"):
            if r.random() >= self.missing:
                e[f] = self.number()
        return e


class Case:
    """docs, lines of events, and options of the run."""

    def __init__(self, r, most_events):
        self.rows = r.choice([0.7, 5, 20, 60])  # events in a typical window
        spans = [x for x in SPANS if r.random() < 0.5] or [60]
        typical = r.choice(spans)
        self.gap = max(1, int(typical * SECOND / self.rows))
        most = max(1, int(400 * self.gap / SECOND))  # no window has more than 400 events
        self.docs = rule_set(r, max(most, min(spans)), SECOND / self.gap)
        self.suppress = r.choice([0, 0, 0, 1, typical, 10 * typical])
        self.reset = r.random() < 0.2
        self.keep = r.choice([None, None, "refs", "refs", "full"])
        self.time_field = r.choice([None] * 5 + ["when", "x.when"])
        n = min(most_events, r.choice([20, 50, 100, 100, 200, 300, 600, 1500, 3000][: 9 if r.random() < 0.3 else 7]))
        self.lines = self.stream(r, n)

    def stream(self, r, n):
        used = [int(d["correlation"]["timespan"][:-1]) * reference.UNITS[d["correlation"]["timespan"][-1]] for d in self.docs if "correlation" in d]
        clock, values, form = Clock(r, used, self.gap), Values(r, sum("detection" in d for d in self.docs)), r.choice(FORMS)
        field, no_time = self.time_field or r.choice(FIELDS), r.choice([0, 0, 0.03])
        decoy = r.random() < 0.2
        return [self.line(r, values.event(), field, form, clock.tick(), no_time, decoy) for _ in range(n)]

    def line(self, r, e, field, form, t, no_time, decoy):
        if r.random() < no_time:
            v = r.choice([None, *BAD_TIMES])
        else:
            v = write_time(r, form, t)
        where = e
        name = field
        if field == "x.when":
            where, name = e.setdefault("x", {}), "when"
        where[name] = v
        if decoy:  # a field that is asked later, or holds no time
            e.setdefault("event", {"created": "2001-01-01T00:00:00Z"} if field != "when" and v not in (None, *BAD_TIMES) else {})
        keys = list(e.items())
        r.shuffle(keys)
        return dump(dict(keys))

    def time_fields(self):
        return (self.time_field,) if self.time_field else reference.TIME_FIELDS

    def options(self):
        out = []
        if self.suppress:
            out += ["--suppress", f"{self.suppress}s"]
        if self.reset:
            out += ["--reset-on-alert"]
        if self.keep:
            out += ["--correlation-events", self.keep]
        if self.time_field:
            out += ["--timestamp-field", self.time_field]
        return out


def rules_text(docs):
    return "".join("---\n" + dump(d) + "\n" for d in docs)


def read_back(docs):
    """The documents as an evaluator reads them: all scalars are texts."""
    def plain(v):
        if isinstance(v, dict):
            return {k: plain(x) for k, x in v.items()}
        if isinstance(v, list):
            return [plain(x) for x in v]
        return str(v).lower() if isinstance(v, bool) else str(v)

    return [plain(d) for d in docs]
