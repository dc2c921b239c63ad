#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Correlations as the semantics define them (sections 12.8 and 13), evaluated the slow way.

  reference.py --vectors FILE    the conformance vectors of correlations, against this evaluator alone
  reference.py --self-test       sequences found by their definition, against all choices of events

For each event that arrives everything is computed anew, from the list of all events of its group that were kept: no window is
slid, no sum is carried on. Nothing of sigmac is used, and no image is read: rules are the documents, events the parsed JSON.
Detections are only as large as correlations need them: selections of equal texts, `condition: NAME` or `not NAME`, and filters of
the same kind.

What the semantics leave open, and is decided here as runtime/correlate/ decides it:
  time       whole nanoseconds; outside of 1678-2261 an event has none.
  late       an event older than the newest one of its group by more than the timespan is dropped. Else it stands behind all that
             are as old as it is. The windows that are looked at end at it, or at a kept event that is younger by at most the
             timespan, the earliest first: what the alert says is said of the first that holds.
  windows    go by time alone: events of the same time are in all the same windows, also those that arrived later.
  views      an event that matches several rules counts once in each group; with aliases the rules may put it into several groups.
             Its values are those of the first rule, in the order of `rules`, that has them all in that group.
  numbers    exact fractions. What has digits beyond 10^400 or below 10^-400 is no number.
  ordered    a sequence of distinct events, in the order of (time, arrival), not longer than the timespan. With operators its value is
             how many rules there are, or 0. True of that value alone: the event must be in a sequence. Of 0 alone: a window that
             has the event must have no sequence. Of both: always.
  text       temporal: of the rules that are present in the window. temporal_ordered: besides, the rules that stand in the text not under
             an odd number of `not` must form a sequence with the event in it, in a window of which the text is true.
  suppress   an alert whose time is less than so much behind that of the last one of its group that was reported is not reported;
             outer correlations see it. An alert of a late event, before that time, is not reported either.
  reset      each alert, also one that is not reported, empties its group: nothing that was in it counts any more. What is dropped as
             late is decided as if it had not been emptied.
"""
import argparse
import bisect
import collections
import itertools
import json
import random
import re
import sys
from fractions import Fraction

SECOND = 10**9
DAY = 86400
EARLIEST, LATEST = -(2**63), 2**63 - 1


class Number(str):
    """A JSON number, by its spelling."""


def read_event(line):
    return json.loads(line, parse_int=Number, parse_float=Number)


# --- fields (7.2-7.4, 5.4) ---------------------------------------------------------------------------------------


def flatten(v):
    return [x for e in v for x in flatten(e)] if isinstance(v, list) else [v]


def look_up(v, path):
    """None where there is nothing."""
    if isinstance(v, list):
        found = [r for r in (look_up(e, path) for e in v) if r is not None]
        return [x for r in found for x in r] if found else None
    if not isinstance(v, dict):
        return None
    if path in v:
        return flatten(v[path])
    for i in range(len(path) - 1, 0, -1):
        if path[i] == "." and path[:i] in v:
            found = look_up(v[path[:i]], path[i + 1:])
            if found is not None:
                return found
    return None


def text(v):
    if v is True or v is False:
        return "true" if v else "false"
    return str(v) if isinstance(v, str) else None


def value(event, path):
    """The text of the first value that has one: null and objects have none. None where there is no such value."""
    return next((text(v) for v in look_up(event, path) or [] if text(v) is not None), None)


# --- time (13.13) ------------------------------------------------------------------------------------------------

TIME_FIELDS = ("@timestamp", "UtcTime", "TimeCreated", "EventTime", "eventTime", "TimeGenerated", "Timestamp", "timestamp", "ts", "_time", "time")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?\Z")
EPOCH = re.compile(r"(\d+)(?:\.(\d+))?\Z")
DOTNET = re.compile(r"/Date\((\d+)(?:[+-]\d{4})?\)/\Z")
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def nanoseconds(digits):
    return int((digits or "").ljust(9, "0")[:9])


def read_date(m):
    year, month, day = int(m[1]), int(m[2]), int(m[3])
    hour, minute, second = int(m[4] or 0), int(m[5] or 0), int(m[6] or 0)
    if not (1 <= year and 1 <= month <= 12 and 1 <= day <= MONTHS[month - 1] + (month == 2 and leap(year))):
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    days = 365 * (year - 1970) + sum(leap(y) for y in range(1970, year)) - sum(leap(y) for y in range(year, 1970))
    days += sum(MONTHS[:month - 1]) + (month > 2 and leap(year)) + day - 1
    offset = 0
    if m[8] and m[8] != "Z":
        offset = (int(m[8][1:3]) * 60 + int(m[8][4:])) * (-60 if m[8][0] == "-" else 60)
    return ((days * DAY + hour * 3600 + minute * 60 + second - offset) * SECOND) + nanoseconds(m[7])


def read_time(t):
    if t is None:
        return None
    m = DATE.match(t)
    if m:
        return read_date(m)
    m = DOTNET.match(t)
    if m:
        return int(m[1]) * 10**6
    m = EPOCH.match(t)
    if not m:
        return None
    whole, n = m[1].lstrip("0"), len(m[1].lstrip("0"))
    below = 0 if 9 <= n <= 12 else 3 if 13 <= n <= 15 else 6 if 16 <= n <= 17 else 9 if n == 19 else None
    return None if below is None else int(Fraction(whole + "." + (m[2] or "0")) * SECOND / 10**below)


def time_of(event, fields=TIME_FIELDS):
    for f in fields:
        for v in look_up(event, f) or []:
            t = read_time(str(v)) if isinstance(v, str) else None
            if t is not None:
                return t if EARLIEST <= t <= LATEST else None
    return None


# --- numbers -----------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"[+-]?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?\Z", re.ASCII)
MOST_PLACES = 400


def number(t):
    m = NUMBER.match(t)
    if not m:
        return None
    digits, exponent = (m[1] + (m[2] or "")).lstrip("0"), int(m[3] or 0) - len(m[2] or "")
    exponent += len(digits) - len(digits.rstrip("0"))
    digits = digits.rstrip("0")
    if not digits:
        return Fraction(0)
    if exponent < -MOST_PLACES or exponent + len(digits) > MOST_PLACES:
        return None
    n = int(digits) * Fraction(10)**exponent
    return -n if t[0] == "-" else n


OPERATORS = {
    "gt": lambda v, n: v > n,
    "gte": lambda v, n: v >= n,
    "lt": lambda v, n: v < n,
    "lte": lambda v, n: v <= n,
    "eq": lambda v, n: v == n,
    "neq": lambda v, n: v != n,
}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY, "M": 2629746, "y": 31556952}


def percentile(numbers, p):
    numbers = sorted(numbers)
    rank = p / 100 * (len(numbers) - 1)
    k = rank.numerator // rank.denominator
    return numbers[k] + (rank - k) * (numbers[k + 1] - numbers[k]) if rank > k else numbers[k]


# --- text conditions (12.6) --------------------------------------------------------------------------------------


def parse_text(source):
    """Nested tuples: ("or", a, b), ("and", a, b), ("not", a), ("ref", name)."""
    words = re.findall(r"[()]|[^\s()]+", source)[::-1]

    def unary():
        w = words.pop()
        if w.lower() == "not":
            return "not", unary()
        if w != "(":
            return "ref", w
        inner = either()
        words.pop()
        return inner

    def chain(word, part):
        left = part()
        while words and words[-1].lower() == word:
            words.pop()
            left = word, left, part()
        return left

    def either():
        return chain("or", lambda: chain("and", unary))

    return either()


def text_holds(node, present):
    if node[0] == "ref":
        return node[1] in present
    if node[0] == "not":
        return not text_holds(node[1], present)
    return (any if node[0] == "or" else all)(text_holds(n, present) for n in node[1:])


def positive(node, even=True):
    """Names that stand under an even number of `not`."""
    if node[0] == "ref":
        return {node[1]} if even else set()
    return set().union(*(positive(n, even ^ (node[0] == "not")) for n in node[1:]))


# --- rules -------------------------------------------------------------------------------------------------------


def texts(v):
    return [v] if isinstance(v, str) else list(v or [])


class Detection:
    """Selections of equal texts, one of them as condition, and filters."""

    def __init__(self, doc):
        self.doc, self.title, self.id, self.name = doc, doc.get("title"), doc.get("id"), doc.get("name")
        self.selections, self.filters = doc["detection"], []

    def matches(self, event):
        return test(self.selections, event) and all(test(f, event) for f in self.filters)


def test(selections, event):
    *words, name = selections["condition"].split()
    hit = all(any((text(v) or "").lower() == w.lower() for v in look_up(event, field) or [] if text(v) is not None)
              for field, w in selections[name].items())
    return hit != (words == ["not"])


class Correlation:
    def __init__(self, doc):
        c = doc["correlation"]
        self.doc, self.title, self.id, self.name, self.type = doc, doc.get("title"), doc.get("id"), doc.get("name"), c["type"]
        self.refs, self.group_by, self.aliases = texts(c["rules"]), texts(c.get("group-by")), c.get("aliases") or {}
        self.timespan = int(c["timespan"][:-1]) * UNITS[c["timespan"][-1]] * SECOND
        self.generate = str(doc.get("generate", c.get("generate", "false"))).lower() == "true"
        condition = c.get("condition")
        self.text = parse_text(condition) if isinstance(condition, str) else None
        condition = condition if isinstance(condition, dict) else {}
        self.fields = texts(condition.get("field"))
        self.percentile = Fraction(condition.get("percentile", "50")) if self.type == "value_percentile" else Fraction(50)
        self.thresholds = [(op, Fraction(n)) for op, n in condition.items() if op in OPERATORS]
        if not self.thresholds and self.text is None:
            self.thresholds = [("gte", Fraction(len(self.refs)))]
        self.groups, self.identity = {}, {}

    def satisfied(self, v):
        return all(OPERATORS[op](v, n) for op, n in self.thresholds)

    def field_of(self, ref, field):
        """An alias holds for a rule, whether it is called by its name or its id."""
        for called, other in self.aliases.get(field, {}).items():
            if self.identity.get(called, called) == self.identity.get(ref, ref):
                return other
        return field


class Row:
    """One event in one group. `order` is (time, arrival number)."""

    __slots__ = ("order", "time", "index", "refs", "value")

    def __init__(self, time, index, refs, value):
        self.order, self.time, self.index, self.refs, self.value = (time, index), time, index, refs, value


class Group:
    def __init__(self):
        self.rows, self.newest, self.reported = [], None, None


class Alert:
    """Of ordered correlations that report a sequence, `sequence` tells whether a list of events is one with the event in it; where the
    event is not late, the reported one starts as late as any can, at `start`."""

    def __init__(self, correlation, group, event, value, rows, sequence=None):
        self.correlation, self.group, self.value, self.sequence = correlation, group, value, sequence
        self.index, self.time = event.index, event.time
        self.rows, self.reported = rows, True
        self.late, self.start = False, None


def contributions(c, event, fired):
    """By group: which references the event stands for, and its value. An event without a value of a field takes no part."""
    by_group = {}
    for number_, ref in enumerate(c.refs):
        if ref in fired:
            key = tuple(value(event, c.field_of(ref, f)) for f in c.group_by)
            if None not in key:
                by_group.setdefault(key, []).append(number_)
    for key, refs in by_group.items():
        if not c.type.startswith("value_"):
            yield key, refs, None
            continue
        for r in refs:
            values = tuple(value(event, c.field_of(c.refs[r], f)) for f in c.fields)
            if None not in values:
                v = values if c.type == "value_count" else number(values[0])
                if v is not None:
                    yield key, refs, v
                break


def between(rows, first, last):
    """The rows of these times, both ends included."""
    return rows[bisect.bisect_left(rows, first, key=lambda r: r.time):bisect.bisect_right(rows, last, key=lambda r: r.time)]


def present(c, rows):
    return {c.refs[r] for row in rows for r in row.refs}


def window_value(c, rows):
    if c.type == "event_count":
        return len(rows)
    if c.type == "value_count":
        return len({r.value for r in rows})
    if c.type.startswith("temporal"):
        return len(present(c, rows))
    numbers = [r.value for r in rows]
    if c.type == "value_sum":
        return sum(numbers)
    if c.type == "value_avg":
        return Fraction(sum(numbers)) / len(numbers)
    return percentile(numbers, c.percentile)


def ends(rows, row, timespan):
    """Times at which the windows end that are looked at for an event."""
    return sorted({r.time for r in between(rows, row.time, row.time + timespan)})


def judge_window(c, group, row):
    """(value, rows) of the first window with the event of which the condition holds."""
    for end in ends(group.rows, row, c.timespan):
        rows = between(group.rows, end - c.timespan, end)
        v = window_value(c, rows)
        if text_holds(c.text, present(c, rows)) if c.text else c.satisfied(v):
            return v, rows
    return None


# --- ordered (13.7) ----------------------------------------------------------------------------------------------


def has_sequence(rows, wanted):
    """Whether distinct rows stand for these references in their order. The earliest that can stand for each leaves most for the rest."""
    k = 0
    for row in rows:
        if k < len(wanted) and wanted[k] in row.refs:
            k += 1
    return k == len(wanted)


def latest_starts(rows, wanted):
    """By k: the latest time at which a sequence of the first k can begin in these rows; None: there is none."""
    best = [None] * (len(wanted) + 1)
    for row in rows:
        for k in range(len(wanted), 0, -1):
            if wanted[k - 1] in row.refs:
                start = row.time if k == 1 else best[k - 1]
                if start is not None and (best[k] is None or start > best[k]):
                    best[k] = start
    return best


def earliest_ends(rows, wanted):
    """By k: the earliest time at which a sequence of the last k can end in these rows."""
    best = [None] * (len(wanted) + 1)
    for row in reversed(rows):
        for k in range(len(wanted), 0, -1):
            if wanted[len(wanted) - k] in row.refs:
                end = row.time if k == 1 else best[k - 1]
                if end is not None and (best[k] is None or end < best[k]):
                    best[k] = end
    return best


def sequence_with(rows, row, wanted, timespan):
    """The latest start of a sequence that has the row in it and is not longer than timespan; None."""
    at = bisect.bisect_left(rows, row.order, key=lambda r: r.order)
    before = [r for r in rows[:at] if r.time >= row.time - timespan]
    after = [r for r in rows[at + 1:] if r.time <= row.time + timespan]
    starts, finishes = latest_starts(before, wanted), earliest_ends(after, wanted)
    found = None
    for k in range(len(wanted)):
        if wanted[k] in row.refs:
            start = row.time if k == 0 else starts[k]
            end = row.time if k == len(wanted) - 1 else finishes[len(wanted) - 1 - k]
            if start is not None and end is not None and end - start <= timespan and (found is None or start > found):
                found = start
    return found


def some_sequence(rows, row, wanted, timespan):
    """One with the row in it, as rows; its start is as late as any can be."""
    start = sequence_with(rows, row, wanted, timespan)
    window = [r for r in rows if start <= r.time <= start + timespan]
    return next(s for s in all_sequences(window, wanted) if row in s and s[0].time == start)


def all_sequences(rows, wanted):
    if not wanted:
        yield []
        return
    for i, r in enumerate(rows):
        if wanted[0] in r.refs:
            for rest in all_sequences(rows[i + 1:], wanted[1:]):
                yield [r, *rest]


def is_sequence(c, wanted, group, row, indexes):
    """Whether these events, by their numbers, are a sequence with the event in it."""
    by_index = {r.index: r for r in group}
    rows = [by_index.get(i) for i in indexes]
    if None in rows or len(rows) != len(wanted) or row.index not in indexes:
        return False
    in_order = all(a.order < b.order for a, b in zip(rows, rows[1:]))
    return in_order and all(w in r.refs for w, r in zip(wanted, rows)) and rows[-1].time - rows[0].time <= c.timespan


def judge_ordered_text(c, group, row):
    names = positive(c.text)
    wanted = [i for i, ref in enumerate(c.refs) if ref in names]
    if not wanted:
        return judge_window(c, group, row)
    for end in ends(group.rows, row, c.timespan):
        rows = between(group.rows, end - c.timespan, end)
        if sequence_with(rows, row, wanted, c.timespan) is not None and text_holds(c.text, present(c, rows)):
            return len(c.refs), rows, wanted
    return None


def judge_ordered(c, group, row):
    """(value, rows, references of a sequence)"""
    if c.text:
        return judge_ordered_text(c, group, row)
    wanted = list(range(len(c.refs)))
    if c.satisfied(len(wanted)) and sequence_with(group.rows, row, wanted, c.timespan) is not None:
        return len(wanted), group.rows, wanted
    if c.satisfied(0):
        for end in ends(group.rows, row, c.timespan):
            rows = between(group.rows, end - c.timespan, end)
            if c.satisfied(len(wanted)) or not has_sequence(rows, wanted):
                return 0, rows
    return None


class Evaluator:
    def __init__(self, docs, time_fields=TIME_FIELDS, suppress=0, reset=False):
        self.time_fields, self.suppress, self.reset = time_fields, suppress * SECOND, reset
        self.detections = [Detection(d) for d in docs if "detection" in d]
        self.correlations = in_order([Correlation(d) for d in docs if "correlation" in d])
        identity = {x: id(r) for r in self.detections + self.correlations for x in (r.id, r.name) if x}
        for c in self.correlations:
            c.identity = identity
        for d in docs:
            if "filter" in d:
                self.add_filter(d["filter"])
        quiet = {ref for c in self.correlations if not c.generate for ref in c.refs}
        self.silent = {id(r) for r in self.detections + self.correlations if {r.id, r.name} & quiet}
        self.dropped = self.timeless = 0

    def add_filter(self, f):
        for d in self.detections:
            if str(f["rules"]).lower() == "any" or {d.id, d.name} & set(texts(f["rules"])):
                d.filters.append(f)

    def event(self, index, event):
        """Titles of the rules that are reported, and all alerts."""
        hits = [d for d in self.detections if d.matches(event)]
        fired = {x for d in hits for x in (d.id, d.name) if x}
        titles, alerts = [d.title for d in hits if id(d) not in self.silent], []
        time = time_of(event, self.time_fields)
        if time is None:
            self.timeless += bool(hits)
            return titles, alerts
        for c in self.correlations:
            made = [a for part in contributions(c, event, fired) for a in self.contribute(c, index, time, *part)]
            if made:
                fired |= {x for x in (c.id, c.name) if x}
            for a in made:
                a.reported = a.reported and id(c) not in self.silent
            alerts += made
        return titles, alerts

    def contribute(self, c, index, time, key, refs, v):
        group = c.groups.setdefault(key, Group())
        if group.newest is not None and group.newest - time > c.timespan:
            self.dropped += 1
            return
        group.newest = time if group.newest is None else max(time, group.newest)
        row = Row(time, index, frozenset(refs), v)
        bisect.insort(group.rows, row, key=lambda r: r.order)
        found = (judge_ordered if c.type == "temporal_ordered" else judge_window)(c, group, row)
        if found:
            yield self.alert(c, group, key, row, found)

    def alert(self, c, group, key, row, found):
        sequence = None
        if len(found) == 3:
            rows, wanted = list(found[1]), found[2]
            sequence = lambda indexes: is_sequence(c, wanted, rows, row, indexes)
        a = Alert(c, key, row, found[0], found[1], sequence)
        a.late = row is not group.rows[-1]
        if sequence and not a.late:
            a.start = sequence_with(rows, row, wanted, c.timespan)
        if sequence:
            a.some = lambda: some_sequence(rows, row, wanted, c.timespan)
        if self.suppress and group.reported is not None and row.time - group.reported < self.suppress:
            a.reported = False
        else:
            group.reported = row.time
        if self.reset:
            group.rows = []
        return a


def in_order(correlations):
    """Each behind those that it refers to."""
    known = {x: c for c in correlations for x in (c.id, c.name) if x}
    done = []

    def visit(c):
        if c not in done:
            for ref in c.refs:
                if ref in known:
                    visit(known[ref])
            done.append(c)

    for c in correlations:
        visit(c)
    return done


# --- checks of this file -----------------------------------------------------------------------------------------


def check_vectors(path):
    import yaml

    good = bad = 0
    for v in json.load(open(path, encoding="utf-8")):
        docs = [d for d in yaml.load_all(v["rule"], yaml.BaseLoader) if d]
        evaluator, wrong = Evaluator(docs), []
        for i, e in enumerate(v["events"]):
            titles, alerts = evaluator.event(i, read_event(json.dumps(e["event"])))
            titles = sorted(titles + [a.correlation.title for a in alerts if a.reported])
            if titles != sorted(e["fires"]):
                wrong.append(f"event {i}: {titles}, not {e['fires']}")
        if wrong:
            print(v["id"], v["spec"], *wrong, sep="\n  ")
        good, bad = good + (not wrong), bad + bool(wrong)
    return good, bad


def by_all_choices(rows, row, wanted, timespan):
    """The definition of 13.7, word by word."""
    return any(row in chosen and chosen[-1].time - chosen[0].time <= timespan and all(w in r.refs for w, r in zip(wanted, chosen))
               for chosen in itertools.combinations(rows, len(wanted)))


def self_test():
    rng, counts = random.Random(7), collections.Counter()
    for _ in range(20000):
        n, timespan = rng.randint(1, 3), rng.randint(0, 6)
        wanted = [rng.randrange(3) for _ in range(n)]
        rows = [Row(rng.randint(0, 9), i, {r for r in range(3) if rng.random() < 0.4}, None) for i in range(rng.randint(1, 8))]
        rows.sort(key=lambda r: r.order)
        row = rng.choice(rows)
        counts[by_all_choices(rows, row, wanted, timespan), sequence_with(rows, row, wanted, timespan) is not None] += 1
        exists = any(by_all_choices(rows, r, wanted, 100) for r in rows)
        counts[exists, has_sequence(rows, wanted)] += 1
    wrong = counts[True, False] + counts[False, True]
    print(f"sequences: {counts[True, True]} found, {counts[False, False]} not there, {wrong} wrong")
    return int(wrong == 0), int(wrong > 0)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--vectors")
    a.add_argument("--self-test", action="store_true")
    o = a.parse_args()
    checks = ([self_test()] if o.self_test else []) + ([check_vectors(o.vectors)] if o.vectors else [])
    good, bad = sum(c[0] for c in checks), sum(c[1] for c in checks)
    print(f"{good} passed, {bad} failed")
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
