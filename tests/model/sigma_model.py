# SPDX-License-Identifier: MIT
"""An executable model of Sigma rules, written from the statements of docs/semantics.md alone: it shares nothing with the
compiler, the referee or the runtime, and reads rules from their text, YAML included. diff.py compares the two.

load(text, vars) -> Loaded (a list of Rule, with .errors and .documents); rule.matches(event) -> bool. The numbers in comments
are those of the statements. TRACE collects the statements that decided an evaluation. Nothing here is fast or clever.
"""
from __future__ import annotations

import base64
import calendar
import datetime
import decimal
import ipaddress
import itertools
import json
import re
from dataclasses import dataclass, field, replace

import yaml

TRACE: set[str] = set()

def st(number: str) -> None:
    """Notes that a statement of the document was used."""
    TRACE.add(number)


class RuleError(Exception):
    """A document is refused; args: statement number, message."""

    def __init__(self, statement: str, message: str):
        super().__init__(f"[{statement}] {message}")
        self.statement = statement
        self.line = 0
        self.title = None


class Unsupported(Exception):
    """The document does not settle it, or the model does not cover it (correlations, filters, non-portable regex)."""


# ---------------------------------------------------------------------------------------------------------------
# 1 Documents and YAML
# ---------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Number:
    """An integer or float of a rule: exact value and, for 5.6, the canonical text."""
    value: decimal.Decimal
    is_float: bool
    text: str


@dataclass
class Document:
    line: int
    rule: "Rule | None" = None
    error: "RuleError | None" = None
    unsupported: "str | None" = None
    title: "str | None" = None
    skipped: bool = False  # empty, global or reset


class Loaded(list):
    """The rules of a file; .errors the refused documents; .documents one entry per YAML document."""

    def __init__(self):
        super().__init__()
        self.errors: list[RuleError] = []
        self.documents: list[Document] = []


INT_10 = re.compile(r"[-+]?[0-9]+\Z")
INT_8 = re.compile(r"0o[0-7]+\Z")
INT_16 = re.compile(r"0x[0-9a-fA-F]+\Z")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
NOT_FINITE = re.compile(r"([-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN)\Z")


class NotFinite:
    """.inf and .nan: a value that 4.6 refuses in a detection."""


def int_number(n: int) -> Number:
    """5.6: decimal digits, no leading zeros, no plus sign."""
    return Number(decimal.Decimal(n), False, str(n))


def canonical_float(x: float) -> str:
    """5.6: the shortest decimal that reads back as the same double, no exponent from 1e-6 up to 1e21, no trailing .0"""
    d = decimal.Decimal(repr(x))
    if x == 0 or decimal.Decimal("1e-6") <= abs(d) < decimal.Decimal("1e21"):
        text = format(d, "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text
    digits, _, exponent = repr(x).partition("e")  # the document does not say how the exponent is written: as ECMAScript
    return f"{digits.removesuffix('.0')}e{'-' if int(exponent) < 0 else '+'}{abs(int(exponent))}"


def float_number(text: str):
    x = float(text)
    if x in (float("inf"), float("-inf")):
        return NotFinite()
    return Number(decimal.Decimal(text), True, canonical_float(x))


def resolve_plain(text: str):
    """1.7: YAML 1.2 core schema."""
    st("1.7")
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if INT_10.match(text):
        return int_number(int(text, 10))
    if INT_8.match(text):
        return int_number(int(text[2:], 8))
    if INT_16.match(text):
        return int_number(int(text[2:], 16))
    if FLOAT.match(text):
        return float_number(text)
    if NOT_FINITE.match(text):
        return NotFinite()
    return text


def tagged(event):
    """`!!int` and so on: the core schema, where the value fits the tag (not said in 1.7; else refused by guiding rule a)."""
    value = resolve_plain(event.value)
    kind = event.tag.rsplit(":", 1)[1]
    fits = {"int": isinstance(value, Number) and not value.is_float, "float": isinstance(value, (Number, NotFinite)),
            "bool": isinstance(value, bool), "null": value is None}[kind]
    if not fits:
        raise RuleError("1.7", f"{event.value!r} is no {kind}")
    return value


def scalar_of(event: yaml.ScalarEvent):
    """1.7: quoted and block scalars are text; `!!str` forces text."""
    if event.tag in ("tag:yaml.org,2002:str", "!"):
        return event.value
    if event.tag is not None:
        if event.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
                         "tag:yaml.org,2002:null"):
            return tagged(event)
        raise Unsupported(f"tag {event.tag}")
    if event.style in ("'", '"', "|", ">"):
        return event.value
    return resolve_plain(event.value)


MOST_NODES = 1_000_000  # 1.9: expansion is bounded; the document gives no number


class Composer:
    """Builds Python values of one document from parser events: dict, list, str, Number, NotFinite, bool, None."""

    def __init__(self, events):
        self.events = events
        self.anchors: dict[str, tuple] = {}
        self.open_anchors: set[str] = set()
        self.error: RuleError | None = None
        self.size = 0  # nodes, aliases expanded
        self.sizes: dict[str, int] = {}

    def fail(self, statement, message):
        """The first error of a document counts; reading goes on so that the next document can be read."""
        if self.error is None:
            self.error = RuleError(statement, message)

    def node(self, event):
        """-> (value, text of a scalar or None)"""
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event.anchor)
        anchor = event.anchor
        self.size += 1
        before = self.size
        if anchor:
            self.open_anchors.add(anchor)
        if isinstance(event, yaml.ScalarEvent):
            result = (self.scalar(event), event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            result = (self.sequence(), None)
        else:
            result = (self.mapping(), None)
        if anchor:
            self.open_anchors.discard(anchor)
            self.anchors[anchor] = result
            self.sizes[anchor] = self.size - before + 1
        return result

    def scalar(self, event):
        try:
            return scalar_of(event)
        except RuleError as e:
            self.fail(e.statement, str(e))

    def alias(self, name):
        """1.9: an undefined alias and an alias inside its own anchor are errors."""
        if name in self.open_anchors:
            self.fail("1.9", f"alias *{name} inside its own anchor")
        elif name not in self.anchors:
            self.fail("1.9", f"undefined alias *{name}")
        elif self.size + self.sizes[name] > MOST_NODES:
            self.fail("1.9", "aliases expand to too many nodes")
        else:
            self.size += self.sizes[name]
            return self.anchors[name]
        return (None, "")

    def sequence(self):
        out = []
        while True:
            event = next(self.events)
            if isinstance(event, yaml.SequenceEndEvent):
                return out
            out.append(self.node(event)[0])

    def mapping(self):
        out = {}
        while True:
            event = next(self.events)
            if isinstance(event, yaml.MappingEndEvent):
                return out
            key = self.key(event)
            value = self.node(next(self.events))[0]
            if key is None:
                continue
            if key in out:
                self.fail("1.8", f"duplicate key {key!r}")
            out[key] = value

    def key(self, event):
        """1.11: keys are scalars and are taken by their text; a key that is a map or list is an error."""
        text = self.node(event)[1]
        if text is None:
            self.fail("1.11", "a key is a map or a list")
        return text


def decode(data) -> str:
    """1.6: UTF-8, a byte order mark at the start is skipped, invalid UTF-8 is an error."""
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8", "strict")
        except UnicodeDecodeError as e:
            raise RuleError("1.6", f"invalid UTF-8: {e}") from None
    return data[1:] if data.startswith("\ufeff") else data


def is_empty_document(event) -> bool:
    """1.2: empty documents are skipped."""
    return isinstance(event, yaml.ScalarEvent) and event.value == "" and event.style is None and event.tag is None


def documents(text: str):
    """Yields (line, value, error) per document that is not empty; a YAML syntax error ends the file."""
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    line = 1
    try:
        for event in events:
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            line = event.start_mark.line + 1
            composer = Composer(events)
            root = next(events)
            if is_empty_document(root):
                yield line, None, None, True
                continue
            try:
                value = composer.node(root)[0]
            except Unsupported as e:
                for event in events:
                    if isinstance(event, yaml.DocumentEndEvent):
                        break
                yield line, None, e, False
                continue
            yield line, value, composer.error, False
    except yaml.YAMLError as e:
        error = RuleError("1.1", f"YAML: {e}")
        yield line, None, error, False


def merge(base, over):
    """1.4: maps merge recursively; for anything else `over` wins."""
    if isinstance(base, dict) and isinstance(over, dict):
        out = dict(base)
        for key, value in over.items():
            out[key] = merge(base[key], value) if key in base else value
        return out
    return over


class Actions:
    """1.4, 1.5: the state of the legacy `action` key."""

    def __init__(self):
        self.global_document: dict = {}
        self.previous: "dict | None" = None

    def rule_document(self, doc: dict):
        """-> the document of a rule, or None where the document is none."""
        if "action" not in doc or doc["action"] is None:
            self.previous = merge(doc, self.global_document)
            return self.previous
        doc = dict(doc)
        action = doc.pop("action")
        if action == "global":
            st("1.4")
            self.global_document = doc
            self.previous = doc
            return None
        if action == "reset":
            st("1.5")
            self.global_document = {}
            return None
        if action == "repeat":
            st("1.5")
            if self.previous is None:
                raise RuleError("1.5", "repeat without a document before it")  # by guiding rule a
            self.previous = merge(self.previous, doc)
            return self.previous
        raise RuleError("1.5", f"unknown action {action!r}")


def load(text, vars: "dict[str, list[str]] | None" = None) -> Loaded:
    """The rules of a file; a refused document does not stop the others."""
    loaded = Loaded()
    try:
        text = decode(text)
    except RuleError as e:
        loaded.errors.append(e)
        loaded.documents.append(Document(1, error=e))
        return loaded
    actions = Actions()
    for line, value, error, empty in documents(text):
        entry = Document(line)
        loaded.documents.append(entry)
        if empty:
            entry.skipped = True
            continue
        try:
            entry.title = value.get("title") if isinstance(value, dict) else None
            if error:
                raise error
            if not isinstance(value, dict):
                raise RuleError("1.3", "the top of a document is not a map")
            if "correlation" in value or "filter" in value:
                raise Unsupported("correlation or filter")
            document = actions.rule_document(value)
            if document is None:
                entry.skipped = True
                continue
            entry.title = document.get("title")
            entry.rule = Rule(document, vars or {})
            loaded.append(entry.rule)
        except RuleError as e:
            e.line, e.title = line, entry.title
            entry.error = e
            loaded.errors.append(e)
        except Unsupported as e:
            entry.unsupported = str(e)
    return loaded


# ---------------------------------------------------------------------------------------------------------------
# 2 Attributes
# ---------------------------------------------------------------------------------------------------------------

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
STATUSES = ("stable", "test", "experimental", "deprecated", "unsupported")
LEVELS = ("informational", "low", "medium", "high", "critical")
RELATED = ("derived", "obsolete", "merged", "renamed", "similar", "correlation")


def need_text(doc, key, statement, non_empty=False, longest=None):
    """An optional attribute set to null counts as absent (section 2)."""
    value = doc.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RuleError(statement, f"{key} is not text")
    if non_empty and value == "":
        raise RuleError(statement, f"{key} is empty")
    if longest is not None and len(value) > longest:
        raise RuleError(statement, f"{key} is longer than {longest}")
    return value


def check_title(doc):
    """2.1"""
    title = need_text(doc, "title", "2.1", longest=256)
    if title is None:
        raise RuleError("2.1", "no title")
    return title


def check_id(doc):
    """2.2"""
    value = need_text(doc, "id", "2.2")
    if value is not None and not UUID.match(value):
        raise RuleError("2.2", "id is not a UUID")
    return value


def check_texts(doc):
    """2.3"""
    need_text(doc, "name", "2.3", non_empty=True)
    need_text(doc, "taxonomy", "2.3", non_empty=True)
    need_text(doc, "description", "2.3", longest=65535)
    need_text(doc, "author", "2.3")
    need_text(doc, "license", "2.3")


def check_related(doc):
    """2.4"""
    value = doc.get("related")
    if value is None:
        return
    if not isinstance(value, list):
        raise RuleError("2.4", "related is not a list")
    for entry in value:
        if not isinstance(entry, dict):
            raise RuleError("2.4", "a related entry is not a map")
        if not isinstance(entry.get("id"), str) or not UUID.match(entry["id"]):
            raise RuleError("2.4", "related id is missing or no UUID")
        if entry.get("type") not in RELATED:
            raise RuleError("2.4", "related type is missing or unknown")


def check_status_level(doc):
    """2.5: letter case is ignored."""
    status = need_text(doc, "status", "2.5")
    if status is not None and status.lower() not in STATUSES:
        raise RuleError("2.5", "unknown status")
    level = need_text(doc, "level", "2.5")
    if level is not None and level.lower() not in LEVELS:
        raise RuleError("2.5", "unknown level")


def check_dates(doc):
    """2.6: YYYY-MM-DD or YYYY/MM/DD, a real calendar date."""
    for key in ("date", "modified"):
        value = need_text(doc, key, "2.6")
        if value is None:
            continue
        m = re.match(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})\Z", value)
        if not m or not real_date(int(m[1]), int(m[3]), int(m[4])):
            raise RuleError("2.6", f"{key} is no date")


def real_date(year, month, day) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (calendar.monthrange(year, month)[1] if year else 31)


def check_lists(doc):
    """2.7"""
    for key in ("references", "fields", "falsepositives", "scope", "tags"):
        value = doc.get(key)
        if value is None:
            continue
        if not isinstance(value, list):
            raise RuleError("2.7", f"{key} is not a list")
        for entry in value:
            if not isinstance(entry, str):
                raise RuleError("2.7", f"{key} has an entry that is not text")
            if key == "tags" and not re.match(r"[^.]+\..+\Z", entry, re.S):
                raise RuleError("2.7", "a tag is not namespace.name")


def check_logsource(doc):
    """2.8"""
    value = doc.get("logsource")
    if value is None:
        raise RuleError("2.8", "no logsource")
    if not isinstance(value, dict):
        raise RuleError("2.8", "logsource is not a map")
    triple = [need_text(value, k, "2.8") for k in ("category", "product", "service")]
    need_text(value, "definition", "2.8")
    if all(part is None for part in triple):
        raise RuleError("2.8", "logsource has none of category, product, service")
    return tuple(triple)


def check_detection(doc):
    """2.9"""
    value = doc.get("detection")
    if value is None:
        raise RuleError("2.9", "no detection")
    if not isinstance(value, dict):
        raise RuleError("2.9", "detection is not a map")
    if value.get("condition") is None:
        raise RuleError("2.9", "no condition")
    identifiers = {k: v for k, v in value.items() if k not in ("condition", "timeframe")}
    if not identifiers:
        raise RuleError("2.9", "no search identifier")
    return value["condition"], identifiers


class Rule:
    def __init__(self, doc: dict, vars: dict):
        self.title = check_title(doc)
        self.id = check_id(doc)
        check_texts(doc)
        check_related(doc)
        check_status_level(doc)
        check_dates(doc)
        check_lists(doc)
        self.logsource = check_logsource(doc)
        condition, identifiers = check_detection(doc)
        self.conditions = parse_conditions(condition, list(identifiers))
        self.identifiers = {}
        for name, value in identifiers.items():  # 4.10: all must be valid
            self.identifiers[name] = parse_identifier(value, vars)

    def matches(self, event) -> bool:
        """5.1: an event is a JSON object; 7.6: anything else is skipped."""
        if isinstance(event, (str, bytes)):
            event = parse_event(event)
        if not isinstance(event, dict):
            st("7.6")
            return False
        return any(eval_condition(c, self.identifiers, event) for c in self.conditions)  # 10.9

    def offered(self, labels) -> bool:
        """3.1: labels are (category, product, service) with None for unknown; no label: offered."""
        return not labels or any(no_conflict(self.logsource, label) for label in labels)


def no_conflict(a, b) -> bool:
    """3.1: an attribute that both name and that differs, ASCII letter case ignored, is a conflict."""
    return all(x is None or y is None or ascii_lower(x) == ascii_lower(y) for x, y in zip(a, b))


def ascii_lower(s: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in s)


# ---------------------------------------------------------------------------------------------------------------
# 5.3 Case folding
# ---------------------------------------------------------------------------------------------------------------

def simple_folding_table() -> dict[str, str]:
    """CaseFolding.txt status C and S, from str.casefold where that is one code point, and the S entries of the rest."""
    table = {}
    for cp in range(0x110000):
        c = chr(cp)
        folded = c.casefold()
        if folded != c and len(folded) == 1:
            table[c] = folded
    table["\u1e9e"] = "\u00df"
    for first in (0x1F88, 0x1F98, 0x1FA8):
        for i in range(8):
            table[chr(first + i)] = chr(first - 8 + i)
    for upper, lower in ((0x1FBC, 0x1FB3), (0x1FCC, 0x1FC3), (0x1FFC, 0x1FF3)):
        table[chr(upper)] = chr(lower)
    for c in [c for c, f in table.items() if ord(c) > 127 and ord(f) < 128]:
        del table[c]  # an ASCII letter folds with its ASCII counterpart only: K (U+212A) and long s stay
    table.pop("\u0130", None)  # dotted capital I folds only to itself
    return table


FOLD = simple_folding_table()


def fold(c: str) -> str:
    """5.3, one code point"""
    return FOLD.get(c, c)


def fold_text(s: str) -> str:
    return "".join(map(fold, s))


# ---------------------------------------------------------------------------------------------------------------
# 6 Text patterns. A pattern is a tuple of tokens: a one-character str, STAR, ANY, PERCENT (a percent sign that
# `\%` made plain, so that `expand` does not see it) or DASH (each of the five dashes of windash).
# ---------------------------------------------------------------------------------------------------------------

class Token:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


STAR, ANY, PERCENT, DASH = Token("<*>"), Token("<?>"), Token("<%>"), Token("<->")
DASHES = "-/\u2013\u2014\u2015"


def parse_pattern(text: str, with_expand: bool) -> tuple:
    """6.2: escapes left to right; 9.15: `\\%` is a plain percent sign where `expand` is in the chain."""
    out = []
    i = 0
    while i < len(text):
        c = text[i]
        follower = text[i + 1] if i + 1 < len(text) else None
        if c == "\\" and follower in ("*", "?", "\\"):
            st("6.2")
            out.append(follower)
            i += 2
        elif c == "\\" and follower == "%" and with_expand:
            st("9.15")
            out.append(PERCENT)
            i += 2
        elif c == "*":
            out.append(STAR)
            i += 1
        elif c == "?":
            out.append(ANY)
            i += 1
        else:
            out.append(c)
            i += 1
    return tuple(out)


def has_wildcard(tokens) -> bool:
    return STAR in tokens or ANY in tokens


def plain_text(tokens) -> str:
    """The text of a pattern without wildcards, escapes resolved once."""
    return "".join("%" if t is PERCENT else t for t in tokens)


def pattern_matches(tokens, text: str, cased: bool) -> bool:
    """5.2, 6.1: over the whole value; `*` any number of code points, `?` exactly one, line ends included."""
    same = (lambda a, b: a == b) if cased else (lambda a, b: fold(a) == fold(b))
    positions = {0}
    for token in tokens:
        if not positions:
            return False
        if token is STAR:
            positions = set(range(min(positions), len(text) + 1))
        elif token is ANY:
            positions = {p + 1 for p in positions if p < len(text)}
        elif token is DASH:
            positions = {p + 1 for p in positions if p < len(text) and text[p] in DASHES}
        else:
            c = "%" if token is PERCENT else token
            positions = {p + 1 for p in positions if p < len(text) and same(text[p], c)}
    return len(text) in positions


# ---------------------------------------------------------------------------------------------------------------
# 9.1 Kinds of value
# ---------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class TextV:
    tokens: tuple
    raw: str
    is_bytes: bool = False  # after wide, utf16...: every character is one byte


@dataclass(frozen=True)
class NumberV:
    number: Number


@dataclass(frozen=True)
class BoolV:
    value: bool


@dataclass(frozen=True)
class NullV:
    pass


@dataclass(frozen=True)
class RegexV:
    source: str
    flags: str = ""


@dataclass(frozen=True)
class NetworkV:
    network: object


@dataclass(frozen=True)
class PartV:
    part: str
    number: Number


@dataclass(frozen=True)
class CompareV:
    op: str
    number: Number
    part: "str | None" = None


@dataclass(frozen=True)
class ExistsV:
    value: bool


@dataclass(frozen=True)
class ReferenceV:
    name: str
    star_before: bool = False  # contains, endswith
    star_after: bool = False   # contains, startswith


KIND = {TextV: "text", NumberV: "number", BoolV: "boolean", NullV: "null", RegexV: "regex", NetworkV: "network",
        PartV: "time part", CompareV: "comparison", ExistsV: "existence", ReferenceV: "reference"}


def kind(value) -> str:
    return KIND[type(value)]


def rule_value(value, with_expand: bool):
    """4.6, 4.9: values are text, numbers, booleans and null."""
    if isinstance(value, str):
        return TextV(parse_pattern(value, with_expand), value)
    if isinstance(value, Number):
        return NumberV(value)
    if isinstance(value, bool):
        return BoolV(value)
    if value is None:
        return NullV()
    if isinstance(value, NotFinite):
        raise RuleError("4.6", "infinite or NaN float")
    raise RuleError("4.9", "a map or a list as value")


# ---------------------------------------------------------------------------------------------------------------
# 9 Modifiers
# ---------------------------------------------------------------------------------------------------------------

SUBSTRING = ("contains", "startswith", "endswith")
UTF16 = ("wide", "utf16le", "utf16be", "utf16")
BASE64 = ("base64", "base64offset")
ENCODINGS = UTF16 + BASE64
REGEX_FLAGS = {"i": "i", "ignorecase": "i", "m": "m", "multiline": "m", "s": "s", "dotall": "s"}
COMPARE = ("lt", "lte", "gt", "gte")
PARTS = ("minute", "hour", "day", "week", "month", "year")
OTHER = ("all", "neq", "cased", "re", "cidr", "exists", "fieldref", "windash", "expand")
MODIFIERS = set(SUBSTRING + ENCODINGS + COMPARE + PARTS + OTHER) | set(REGEX_FLAGS)


def check_names(modifiers):
    """4.5: an empty or unknown modifier is an error; names are lower case."""
    for m in modifiers:
        if m not in MODIFIERS:
            raise RuleError("4.5", f"unknown modifier {m!r}")


def check_positions(modifiers):
    """9.1, the column `position`, and two encodings of one family."""
    def before(first, second):
        """some modifier of `first` stands before one of `second`"""
        return any(a in first and b in second for a, b in itertools.combinations(modifiers, 2))

    rules = [
        (before(SUBSTRING, ENCODINGS), "contains, startswith, endswith stand after encodings"),
        (before(("all", "neq"), ("re", "cidr", "exists")), "all, neq stand after re, cidr, exists"),
        (before(MODIFIERS, ("re",)), "re stands first"),
        (before(MODIFIERS - {"expand"}, ("cidr",)), "cidr stands first or after expand"),
        (before(MODIFIERS, ("exists",)), "exists stands first"),
        (before(SUBSTRING, ("fieldref",)), "fieldref stands before contains, startswith, endswith"),
        (before(ENCODINGS, ("windash",)), "windash stands before encodings"),
        (before(BASE64, UTF16), "wide, utf16 stand before base64"),
        (before(ENCODINGS + ("cased", "windash"), ("fieldref",)), "fieldref stands first"),
        (before(SUBSTRING + ENCODINGS + ("cased", "windash"), COMPARE + PARTS), "numbers and times are no text"),
        (sum(m in UTF16 for m in modifiers) > 1, "two UTF-16 encodings"),
        (sum(m in BASE64 for m in modifiers) > 1, "two base64 encodings"),
    ]
    for broken, message in rules:
        if broken:
            raise RuleError("9.1", message)


def apply_modifier(m: str, value, vars) -> list:
    """One modifier on one value -> its alternatives. 9.1: a kind that is not accepted is an error."""
    if m in ("all", "neq"):
        return [value]  # they take the list as a whole
    if m in SUBSTRING:
        return [mod_substring(m, value)]
    if m == "cased":
        return [accept(m, value, "text")]
    if m == "re":
        return [RegexV(accept(m, value, "text").raw)]
    if m in REGEX_FLAGS:
        return [mod_flag(m, accept(m, value, "regex"))]
    if m == "cidr":
        return [NetworkV(parse_network(accept(m, value, "text")))]
    if m in COMPARE:
        return [mod_compare(m, accept(m, value, "number", "time part"))]
    if m == "exists":
        return [ExistsV(accept(m, value, "boolean").value)]
    if m == "fieldref":
        return [mod_fieldref(v) for v in spelled_out(accept(m, value, "text"))]
    if m == "windash":
        return mod_windash(accept(m, value, "text"))
    if m in UTF16:
        return [mod_utf16(m, v) for v in spelled_out(accept(m, value, "text"))]
    if m == "base64":
        return [mod_base64(v) for v in spelled_out(accept(m, value, "text"))]
    if m == "base64offset":
        return [p for v in spelled_out(accept(m, value, "text")) for p in mod_base64offset(v)]
    if m == "expand":
        return mod_expand(accept(m, value, "text", "regex"), vars)
    return [PartV(m, accept(m, value, "number").number)]


def accept(m, value, *kinds):
    if kind(value) not in kinds:
        raise RuleError("9.1", f"{m} does not accept a {kind(value)}")
    return value


def mod_substring(m, value):
    """9.2: adds `*`, unless the pattern already has one there; 9.10 for references; a number by its text."""
    accept(m, value, "text", "number", "reference")
    before, after = m in ("contains", "endswith"), m in ("contains", "startswith")
    if isinstance(value, ReferenceV):
        return replace(value, star_before=value.star_before or before, star_after=value.star_after or after)
    if isinstance(value, NumberV):
        value = TextV(tuple(value.number.text), value.number.text)
    tokens = value.tokens
    if before and not (tokens and tokens[0] is STAR):
        tokens = (STAR,) + tokens
    if after and not (tokens and tokens[-1] is STAR):
        tokens = tokens + (STAR,)
    return replace(value, tokens=tokens)


def mod_flag(m, value):
    """9.5"""
    return replace(value, flags=value.flags + REGEX_FLAGS[m])


def mod_compare(m, value):
    """9.7; `hour|gte: 22` by 9.16"""
    return CompareV(m, value.number, value.part if isinstance(value, PartV) else None)


def mod_fieldref(value):
    """9.10: text without wildcards"""
    if has_wildcard(value.tokens):
        raise RuleError("9.10", "wildcard in a field reference")
    if not value.tokens:
        raise RuleError("9.10", "no name of a field")
    return ReferenceV(plain_text(value.tokens))


def is_word(token) -> bool:
    """9.11: a wildcard counts as a non-word character."""
    return isinstance(token, str) and (token.isalnum() or token == "_")


def mod_windash(value) -> list:
    """9.11: each dash not preceded by a word character and followed by one becomes each of the five. All combinations,
    OR-linked, is one token that stands for each of the five at every place; `spelled_out` makes the list of them."""
    tokens = value.tokens
    out = []
    for i, t in enumerate(tokens):
        flag = (isinstance(t, str) and t in DASHES and not (i > 0 and is_word(tokens[i - 1]))
                and i + 1 < len(tokens) and is_word(tokens[i + 1]))
        out.append(DASH if flag else t)
    return [replace(value, tokens=tuple(out))]


def spelled_out(value) -> list:
    """Every combination of dashes, for what needs the text itself."""
    choices = [DASHES if t is DASH else [t] for t in value.tokens]
    if value.tokens.count(DASH) > 5:
        raise Unsupported("more than 5 dashes before an encoding")  # more combinations than sigmac spells out
    return [replace(value, tokens=tuple(c)) for c in itertools.product(*choices)]


def mod_utf16(m, value):
    """9.14: the bytes are characters U+0000..U+00FF; utf16 puts FF FE first."""
    codec = "utf-16-be" if m == "utf16be" else "utf-16-le"
    out = list("\xff\xfe") if m == "utf16" else []
    for t in value.tokens:
        if t is STAR or t is ANY:
            out.append(t)
        else:
            out.extend(("%" if t is PERCENT else t).encode(codec).decode("latin-1"))
    return TextV(tuple(out), value.raw, True)


def bytes_of(m, value) -> bytes:
    """9.12: UTF-8 bytes of the plain text, or the bytes of 9.14."""
    if has_wildcard(value.tokens):
        raise RuleError("9.1", f"wildcard in {m}")
    return plain_text(value.tokens).encode("latin-1" if value.is_bytes else "utf-8")


def ascii_text(value, text: str):
    return TextV(tuple(text), value.raw)


def mod_base64(value):
    """9.12: RFC 4648 with padding"""
    return ascii_text(value, base64.b64encode(bytes_of("base64", value)).decode())


def mod_base64offset(value) -> list:
    """9.13: start offsets 0, 2, 3; end cut by (offset + byte length) mod 3: 0, 3, 2"""
    data = bytes_of("base64offset", value)
    if len(data) < 2:
        raise RuleError("9.13", "at one offset nothing of it is left")
    out = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + data).decode()
        cut = (0, 3, 2)[(offset + len(data)) % 3]
        piece = encoded[(0, 2, 3)[offset]:len(encoded) - cut]
        out.append(ascii_text(value, piece))
    return out


NAME_CHAR = re.compile(r"[A-Za-z0-9_.:-]\Z")


def split_placeholders(tokens) -> list:
    """9.15: -> list of tokens and ('name',) tuples; other percent signs are plain."""
    out = []
    i = 0
    while i < len(tokens):
        if tokens[i] == "%":
            end = i + 1
            while end < len(tokens) and isinstance(tokens[end], str) and NAME_CHAR.match(tokens[end]):
                end += 1
            if end > i + 1 and end < len(tokens) and tokens[end] == "%":
                out.append(("".join(tokens[i + 1:end]),))
                i = end + 1
                continue
        out.append(tokens[i])
        i += 1
    return out


def has_placeholder(tokens) -> bool:
    return any(isinstance(part, tuple) for part in split_placeholders(tokens))


def configured(name, vars):
    if name not in vars:
        raise RuleError("9.15", f"no values configured for %{name}%")
    return vars[name]


def mod_expand(value, vars) -> list:
    """9.15: each value of each placeholder; several placeholders multiply."""
    if isinstance(value, RegexV):
        return mod_expand_regex(value, vars)
    if has_placeholder(parse_pattern(value.raw, True)) and not has_placeholder(value.tokens):
        raise RuleError("9.1", "expand stands before encodings")
    choices = []
    for part in split_placeholders(value.tokens):
        if isinstance(part, tuple):
            choices.append([parse_pattern(v, False) for v in configured(part[0], vars)])  # values are patterns
        else:
            choices.append([(part,)])
    out = []
    for combination in itertools.product(*choices):
        tokens = tuple(itertools.chain(*combination))
        out.append(replace(value, tokens=tokens, raw=untokenize(tokens)))
    return out


def untokenize(tokens) -> str:
    """For cidr after expand: the text as it would be read as a network; wildcards keep it from being one."""
    return "".join("*" if t is STAR else "?" if t is ANY else "%" if t is PERCENT else "-" if t is DASH else t
                   for t in tokens)


def mod_expand_regex(value, vars) -> list:
    """9.15: in a regex, values are inserted quoted; `\\%` is a plain percent sign."""
    tokens = []
    i = 0
    while i < len(value.source):
        if value.source[i] == "\\" and i + 1 < len(value.source):
            tokens.append(("escape", value.source[i:i + 2]))
            i += 2
        else:
            tokens.append(value.source[i])
            i += 1
    choices = []
    for part in split_placeholders(tokens):
        if isinstance(part, tuple) and len(part) == 1:
            choices.append([quote_regex(v) for v in configured(part[0], vars)])
        elif isinstance(part, tuple):
            choices.append([part[1]])
        else:
            choices.append([part])
    return [replace(value, source="".join(c)) for c in itertools.product(*choices)]


def quote_regex(text: str) -> str:
    return "".join("\\" + c if c in "\\.^$*+?{}[]|()-" else c for c in text)


# ---------------------------------------------------------------------------------------------------------------
# 9.6 Networks
# ---------------------------------------------------------------------------------------------------------------

IPV4 = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}\Z")
IPV6 = re.compile(r"[0-9a-fA-F:.]+\Z")
MAPPED = ipaddress.ip_network("::ffff:0:0/96")


def parse_address(text: str):
    """9.6: one IPv4 dotted quad without leading zeros, or one IPv6 address; else None. No mapping here."""
    if IPV4.match(text):
        if any(len(p) > 1 and p[0] == "0" or int(p) > 255 for p in text.split(".")):
            return None
        return ipaddress.IPv4Address(text)
    if ":" in text and IPV6.match(text):
        try:
            return ipaddress.IPv6Address(text)
        except ValueError:
            return None
    return None


def parse_network(value: TextV):
    """9.6: address, optional /length; host bits set, length out of range, bad address are errors."""
    address_text, slash, length_text = value.raw.partition("/")
    address = parse_address(address_text)
    if address is None:
        raise RuleError("9.6", "not an address")
    width = address.max_prefixlen
    if not slash:
        length = width
    elif re.match(r"0[0-9]+\Z", length_text):
        raise Unsupported("a prefix length with a leading zero")
    elif re.match(r"[0-9]{1,3}\Z", length_text) and int(length_text) <= width:
        length = int(length_text)
    else:
        raise RuleError("9.6", "bad prefix length")
    try:
        network = ipaddress.ip_network((int(address).to_bytes(width // 8, "big"), length))
    except ValueError:
        raise RuleError("9.6", "host bits are set") from None
    if network.version == 6 and length >= 96 and network.subnet_of(MAPPED):
        st("9.6")  # a network inside ::ffff:0:0/96 is the IPv4 network
        network = ipaddress.ip_network((network.network_address.packed[12:], length - 96))
    return network


def address_in_network(text: str, network) -> bool:
    st("9.6")
    address = parse_address(text)
    if address is None:
        return False
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.version == network.version and address in network


# ---------------------------------------------------------------------------------------------------------------
# 9.5 Regular expressions: the portable subset, read into a tree and decided by an automaton
# ---------------------------------------------------------------------------------------------------------------

WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
SHORTHAND = {"d": [(48, 57)], "w": [(48, 57), (65, 90), (95, 95), (97, 122)], "s": [(9, 13), (32, 32)]}
EVERYTHING = [(0, 0x10FFFF)]


def fold_classes() -> dict[int, list[int]]:
    """Every code point that folds together with others -> all of them."""
    groups: dict[str, set] = {}
    for c, f in FOLD.items():
        groups.setdefault(f, {f}).add(c)
    return {ord(c): [ord(x) for x in group] for group in groups.values() for c in group}


FOLD_CLASSES = fold_classes()


def close_ranges(ranges):
    """All code points that fold with a member of the ranges (flag i)."""
    extra = []
    for cp, group in FOLD_CLASSES.items():
        if any(a <= cp <= b for a, b in ranges):
            extra.extend((x, x) for x in group)
    return list(ranges) + extra


def complement(ranges):
    out, start = [], 0
    for a, b in sorted(ranges):
        if a > start:
            out.append((start, a - 1))
        start = max(start, b + 1)
    if start <= 0x10FFFF:
        out.append((start, 0x10FFFF))
    return out


# The tree of a pattern: ("class", ranges), ("assert", name), ("cat", nodes), ("alt", nodes), ("repeat", node, low, high or None)

class RegexTranslator:
    """A recursive-descent reader of the portable subset; raises RuleError(9.5) for what every engine refuses."""

    def __init__(self, source: str, flags: str):
        self.s = source
        self.i = 0
        self.caseless, self.multiline, self.dotall = "i" in flags, "m" in flags, "s" in flags

    def peek(self):
        return self.s[self.i] if self.i < len(self.s) else None

    def take(self):
        c = self.peek()
        self.i += 1
        return c

    def translate(self):
        out = self.alternatives()
        if self.peek() == ")":
            raise RuleError("9.5", "unmatched )")
        return out

    def alternatives(self):
        """(?i) holds to the end of its group, also in the following alternatives."""
        saved = self.caseless
        branches = [self.branch()]
        while self.peek() == "|":
            self.take()
            branches.append(self.branch())
        self.caseless = saved
        return ("alt", branches)

    def branch(self):
        out = []
        while self.peek() not in (None, "|", ")"):
            atom, repeatable = self.atom()
            out.append(self.quantified(atom, repeatable))
        return ("cat", out)

    def quantified(self, atom, repeatable: bool):
        """Lazy or not makes no difference to whether a match exists."""
        limits = self.read_quantifier()
        if limits is None:
            return atom
        if not repeatable:
            raise Unsupported("a quantifier after something that is no item")
        if self.peek() == "?":
            self.take()
        elif self.peek() == "+":
            raise Unsupported("possessive quantifier")
        if self.peek() in ("*", "+", "?") or self.counted():
            raise Unsupported("a quantifier after a quantifier")
        return ("repeat", atom, *limits)

    def counted(self):
        m = re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self.s, self.i)
        if m is None and re.compile(r"\{ *[0-9]* *,? *[0-9]* *\}").match(self.s, self.i):
            raise Unsupported("{,n} differs between versions")
        return m

    def read_quantifier(self):
        c = self.peek()
        if c in ("*", "+", "?") and c is not None:
            self.take()
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[c]
        m = self.counted() if c == "{" else None
        if m is None:
            return None
        low, high = int(m[1]), int(m[3]) if m[3] else None if m[2] else int(m[1])
        if high is not None and high < low:
            raise RuleError("9.5", "{n,m} out of order")
        if max(low, high or 0) > 65535:
            raise RuleError("9.5", "{n,m} too large")
        self.i = m.end()
        return low, high

    def atom(self):
        """-> (tree, may be repeated)"""
        c = self.take()
        if c == "(":
            return self.group()
        if c == "[":
            return ("class", self.char_class()), True
        if c == ".":
            return ("class", EVERYTHING if self.dotall else complement([(10, 10)])), True
        if c == "^":
            return ("assert", "line start" if self.multiline else "start"), False
        if c == "$":
            return ("assert", "line end" if self.multiline else "end"), False
        if c in "*+?":
            raise RuleError("9.5", "nothing to repeat")
        if c == "{" and re.compile(r"\{ *[0-9]* *,? *[0-9]* *\}").match(self.s, self.i - 1):
            raise Unsupported("a brace that may be a quantifier")
        if c == "\\":
            return self.escape()
        return self.literal(ord(c)), True

    def literal(self, cp: int):
        return ("class", self.fold_if([(cp, cp)]))

    def fold_if(self, ranges):
        return close_ranges(ranges) if self.caseless else ranges

    def group(self):
        if self.s.startswith("?:", self.i):
            self.i += 2
        elif self.s.startswith("?i)", self.i):
            self.i += 3
            self.caseless = True
            return ("cat", []), False
        elif self.peek() == "?":
            raise Unsupported("(? group")
        elif self.peek() == "*":
            raise Unsupported("(* verb")
        inner = self.alternatives()
        if self.take() != ")":
            raise RuleError("9.5", "missing )")
        return inner, True

    def escape(self):
        c = self.take()
        if c is None:
            raise RuleError("9.5", "backslash at the end")
        if c.lower() in SHORTHAND:
            return ("class", shorthand(c)), True
        if c in "bB":
            return ("assert", "word boundary" if c == "b" else "no word boundary"), False
        return self.literal(ord(plain_escape(c))), True

    def char_class(self):
        """-> ranges, negation and folding done"""
        negated = self.peek() == "^"
        if negated:
            self.take()
        ranges = []
        first = True
        while True:
            c = self.take()
            if c is None:
                raise RuleError("9.5", "missing ]")
            if c == "]" and not first:
                break
            if c in ":.=" and first and c + "]" in self.s[self.i:] or c == "[" and self.peek() in (":", ".", "="):
                raise Unsupported("POSIX class")
            first = False
            low = self.class_item(c)
            if isinstance(low, list):
                if self.peek() == "-" and self.s[self.i + 1:self.i + 2] != "]":
                    raise Unsupported("a class in a range")
                ranges.extend(low)
                continue
            if self.peek() == "-" and self.s[self.i + 1:self.i + 2] not in ("]", ""):
                self.take()
                high = self.class_item(self.take())
                if isinstance(high, list):
                    raise Unsupported("a class in a range")
                if high < low:
                    raise RuleError("9.5", "range out of order")
                ranges.append((low, high))
            else:
                ranges.append((low, low))
        ranges = self.fold_if(ranges)
        return complement(ranges) if negated else ranges

    def class_item(self, c):
        """-> a code point, or ranges for a shorthand"""
        if c != "\\":
            return ord(c)
        c = self.take()
        if c is None:
            raise RuleError("9.5", "missing ]")
        if c.lower() in SHORTHAND:
            return shorthand(c)
        if c == "b":
            raise Unsupported("\\b in a class")
        return ord(plain_escape(c))


def shorthand(c: str):
    """9.5: ASCII only"""
    return SHORTHAND[c] if c in SHORTHAND else complement(SHORTHAND[c.lower()])


def plain_escape(c: str) -> str:
    if c in "nrt":
        return {"n": "\n", "r": "\r", "t": "\t"}[c]
    if c.isalnum() or ord(c) > 127:
        raise Unsupported(f"escape \\{c}")
    return c


def holds(name: str, text: str, i: int) -> bool:
    """An assertion at a position. 9.5: `$` without m only at the very end; with m, `^` and `$` at LF only."""
    def word(k):
        return 0 <= k < len(text) and text[k] in WORD

    return {
        "start": i == 0, "end": i == len(text),
        "line start": i == 0 or text[i - 1] == "\n", "line end": i == len(text) or text[i] == "\n",
        "word boundary": word(i - 1) != word(i), "no word boundary": word(i - 1) == word(i),
    }[name]


class Automaton:
    """The pattern as a set-of-states automaton. A state is ("class", ranges, next), ("split", nexts), ("assert", name, next)
    or ("match",)."""

    def __init__(self, tree):
        self.states = [("match",)]
        self.start = self.build(tree, 0)
        self.members = {}

    def add(self, state) -> int:
        self.states.append(state)
        return len(self.states) - 1

    def build(self, tree, after: int) -> int:
        """-> the first state of `tree` followed by state `after`"""
        op = tree[0]
        if op == "class":
            return self.add(("class", tree[1], after))
        if op == "assert":
            return self.add(("assert", tree[1], after))
        if op == "cat":
            for node in reversed(tree[1]):
                after = self.build(node, after)
            return after
        if op == "alt":
            return self.add(("split", [self.build(node, after) for node in tree[1]]))
        return self.build_repeat(tree[1], tree[2], tree[3], after)

    def build_repeat(self, node, low, high, after) -> int:
        if high is None:
            loop = self.add(None)
            self.states[loop] = ("split", [self.build(node, loop), after])
            after = loop
        else:
            end = after
            for _ in range(high - low):
                after = self.add(("split", [self.build(node, after), end]))
        for _ in range(low):
            after = self.build(node, after)
        return after

    def contains(self, state: int, c: str) -> bool:
        key = (state, c)
        if key not in self.members:
            self.members[key] = any(a <= ord(c) <= b for a, b in self.states[state][1])
        return self.members[key]

    def closure(self, starts, text, i) -> set:
        seen, todo = set(), list(starts)
        while todo:
            k = todo.pop()
            if k in seen:
                continue
            seen.add(k)
            state = self.states[k]
            if state[0] == "split":
                todo.extend(state[1])
            elif state[0] == "assert" and holds(state[1], text, i):
                todo.append(state[2])
        return seen

    def search(self, text: str) -> bool:
        """9.5: unanchored"""
        current = set()
        for i in range(len(text) + 1):
            reached = self.closure(current | {self.start}, text, i)
            if 0 in reached:
                return True
            if i < len(text):
                current = {self.states[k][2] for k in reached if self.states[k][0] == "class" and self.contains(k, text[i])}
        return False


def compile_regex(value: RegexV) -> Automaton:
    """9.5: an invalid pattern is an error at load."""
    return Automaton(RegexTranslator(value.source, value.flags).translate())


# ---------------------------------------------------------------------------------------------------------------
# 4 Detections
# ---------------------------------------------------------------------------------------------------------------

@dataclass
class Item:
    field: str  # "" is a keyword item
    values: list  # of lists of alternatives
    all: bool = False
    negate: bool = False
    cased: bool = False
    substring: bool = False  # contains, startswith or endswith in the chain
    regexes: dict = field(default_factory=dict)


@dataclass
class AllOf:
    parts: list


@dataclass
class AnyOf:
    parts: list


def parse_identifier(value, vars):
    """4.1, 4.4"""
    if value is None or value == {} or value == []:
        raise RuleError("4.1", "null, {} or [] as search identifier")
    if isinstance(value, dict):
        return parse_map(value, vars)
    if isinstance(value, list):
        return AnyOf([parse_element(v, vars) for v in value])
    return parse_keyword(value, vars)


def parse_element(value, vars):
    """4.4"""
    if isinstance(value, list):
        raise RuleError("4.4", "a list inside a list")
    if isinstance(value, dict):
        if not value:
            raise RuleError("4.1", "an empty map")
        return parse_map(value, vars)
    return parse_keyword(value, vars)


def parse_map(value, vars):
    """4.2"""
    return AllOf([parse_item(k, v, vars) for k, v in value.items()])


def parse_keyword(value, vars):
    return parse_item("", value, vars)


def parse_item(key, value, vars) -> Item:
    """4.5: everything before the first `|` is the field name."""
    name, *modifiers = key.split("|")
    check_names(modifiers)
    if isinstance(value, dict):
        raise RuleError("4.9", "a map as value")
    values = value if isinstance(value, list) else [value]
    if not values:
        raise RuleError("4.7", "an empty list of values")
    check_positions(modifiers)
    if "all" in modifiers and len(values) < 2:
        raise RuleError("9.3", "all with fewer than two values")
    if modifiers.count("neq") > 1:
        raise Unsupported("neq twice")
    if name == "":
        check_keyword_values(modifiers, values)
    item = Item(name, [], "all" in modifiers, "neq" in modifiers, "cased" in modifiers,
                any(m in SUBSTRING for m in modifiers))
    for v in values:
        item.values.append(apply_chain(modifiers, v, vars))
    prepare_regexes(item)
    return item


def placeholder_value(v) -> bool:
    return isinstance(v, str) and has_placeholder(parse_pattern(v, True))


def apply_chain(modifiers, value, vars, with_expand=False) -> list:
    """9.1: from left to right, each to every alternative of the value."""
    alternatives = [rule_value(value, with_expand or "expand" in modifiers)]
    for m in modifiers:
        alternatives = [b for a in alternatives for b in apply_modifier(m, a, vars)]
    return alternatives


def prepare_regexes(item):
    for alternatives in item.values:
        for a in alternatives:
            if isinstance(a, RegexV):
                item.regexes[a] = compile_regex(a)


def check_keyword_values(modifiers, values):
    """8.5: exists and null are errors."""
    if "exists" in modifiers:
        raise RuleError("8.5", "exists needs a field")
    if any(v is None for v in values):
        raise RuleError("8.5", "null as keyword")


# ---------------------------------------------------------------------------------------------------------------
# Events: 5.1, 5.4, 7
# ---------------------------------------------------------------------------------------------------------------

class JsonNumber(str):
    """An event number by its JSON spelling (5.4)."""


def parse_event(text):
    """7.6: a duplicate key keeps the last value; what is no JSON object is skipped (None)."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")

    def constant(name):
        raise ValueError(name)

    try:
        value = json.loads(text, parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=constant)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def jsonify(value):
    """An event given as Python objects, with numbers as JsonNumber."""
    return parse_event(json.dumps(value))


def look_up(path: str, value) -> list:
    """7.2, 7.3: -> the list of things found (arrays not yet flattened); empty: not found."""
    if isinstance(value, list):
        st("7.3")
        return [x for element in value for x in look_up(path, element)]
    if not isinstance(value, dict):
        return []
    if path in value:
        return [value[path]]
    for dot in [i for i in range(len(path) - 1, -1, -1) if path[i] == "."]:
        head, tail = path[:dot], path[dot + 1:]
        if head in value:
            found = look_up(tail, value[head])
            if found:
                st("7.2")
                return found
    return []


def flatten(values) -> list:
    """7.4: an array stands for its elements, recursively."""
    out = []
    for v in values:
        out.extend(flatten(v) if isinstance(v, list) else [v])
    return out


def text_of(v):
    """5.4: text of a value, None where it has none."""
    if isinstance(v, str):
        return str(v)
    if isinstance(v, bool):
        return "true" if v else "false"
    return None


def all_values(event) -> list:
    """8.1: every value of the event at any depth, arrays included."""
    if isinstance(event, dict):
        return [x for v in event.values() for x in all_values(v)]
    if isinstance(event, list):
        return [x for v in event for x in all_values(v)]
    return [event]


# ---------------------------------------------------------------------------------------------------------------
# Tests of one value
# ---------------------------------------------------------------------------------------------------------------

def test_number(number: Number, v) -> bool:
    if isinstance(v, JsonNumber):
        st("5.5")
        return decimal.Decimal(v) == number.value
    if isinstance(v, str):
        st("5.6")
        return v == number.text
    st("5.7")
    return False


def test_boolean(wanted: bool, v) -> bool:
    st("5.8")
    if isinstance(v, bool):
        return v == wanted
    if isinstance(v, str) and not isinstance(v, JsonNumber):
        return ascii_lower(v) == ("true" if wanted else "false")
    return False


def test_text(tokens, v, cased) -> bool:
    text = text_of(v)
    if text is None:
        st("5.11")
        return False
    st("9.4" if cased else "5.2")
    return pattern_matches(tokens, text, cased)


def test_regex(compiled, v) -> bool:
    st("9.5")
    text = text_of(v)
    return text is not None and compiled.search(text)


DECIMAL_TEXT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")


def number_of_event(v):
    """9.7: event numbers, and event text that is wholly a decimal number."""
    if isinstance(v, bool) or not isinstance(v, str):
        return None
    if isinstance(v, JsonNumber) or DECIMAL_TEXT.match(v):
        try:
            return decimal.Decimal(v)
        except decimal.InvalidOperation:
            raise Unsupported("an exponent beyond the model") from None
    return None


def compare(op: str, a, b) -> bool:
    return {"lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[op]


def test_compare(value: CompareV, v) -> bool:
    if value.part is not None:
        st("9.16")
        n = time_part(value.part, v)
    else:
        st("9.7")
        n = number_of_event(v)
    return n is not None and compare(value.op, n, value.number.value)


TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
                  r"([T ]([0-9]{2}):([0-9]{2})(:([0-9]{2})(\.[0-9]+)?)?(Z|[-+]([0-9]{2}):([0-9]{2}))?)?\Z")


def time_part(part: str, v):
    """9.16: the part as written, or None."""
    if not isinstance(v, str) or isinstance(v, JsonNumber):
        return None
    m = TIME.match(v)
    if not m:
        return None
    year, month, day = int(m[1]), int(m[2]), int(m[3])
    if year == 0 or not real_date(year, month, day):
        return None
    if m[4]:
        if int(m[5]) > 23 or int(m[6]) > 59 or (m[8] and int(m[8]) > 59):
            return None
        if m[11] and (int(m[11]) > 23 or int(m[12]) > 59):
            return None
    if part in ("minute", "hour"):
        return None if not m[4] else int(m[6] if part == "minute" else m[5])
    if part == "week":
        return datetime.date(year, month, day).isocalendar()[1]
    return {"day": day, "month": month, "year": year}[part]


def test_part(value: PartV, v) -> bool:
    st("9.16")
    n = time_part(value.part, v)
    return n is not None and n == value.number.value


def test_network(network, v) -> bool:
    text = text_of(v)
    return text is not None and address_in_network(text, network)


def test_reference(value: ReferenceV, v, event, cased) -> bool:
    """9.10: wildcards in event text are plain; absent or null on either side: no match."""
    st("9.10")
    text = text_of(v)
    if text is None:
        return False
    for other in flatten(look_up(value.name, event)):
        wanted = text_of(other)
        if wanted is None:
            continue
        tokens = ((STAR,) if value.star_before else ()) + tuple(wanted) + ((STAR,) if value.star_after else ())
        if pattern_matches(tokens, text, cased):
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------
# Items, identifiers, conditions
# ---------------------------------------------------------------------------------------------------------------

def keyword_tokens(value, substring):
    """8.1-8.3: found as a substring, wildcards work, still unanchored; 8.2: a number by its text."""
    if isinstance(value, TextV):
        tokens = value.tokens
        if substring:
            return tokens  # 8.5: the start or end of some value
    elif isinstance(value, NumberV):
        tokens = tuple(value.number.text)
    else:
        tokens = tuple("true" if value.value else "false")
    return (STAR,) + tokens + (STAR,)


def test_value(item: Item, value, v, event) -> bool:
    """One alternative against one (flattened) event value."""
    if item.field == "" and isinstance(value, (TextV, NumberV, BoolV)):
        st("8.1")
        return test_text(keyword_tokens(value, item.substring), v, item.cased)
    if isinstance(value, TextV):
        return test_text(value.tokens, v, item.cased)
    if isinstance(value, NumberV):
        return test_number(value.number, v)
    if isinstance(value, BoolV):
        return test_boolean(value.value, v)
    if isinstance(value, RegexV):
        return test_regex(item.regexes[value], v)
    if isinstance(value, NetworkV):
        return test_network(value.network, v)
    if isinstance(value, CompareV):
        return test_compare(value, v)
    if isinstance(value, PartV):
        return test_part(value, v)
    return test_reference(value, v, event, item.cased)


def test_null(found, values) -> bool:
    """5.9: absent, or every value found is null; not [] and not {}."""
    st("5.9")
    return not found or (bool(values) and all(v is None for v in values))


def eval_alternative(item, value, found, values, event) -> bool:
    if isinstance(value, NullV):
        return test_null(found, values)
    if isinstance(value, ExistsV):
        st("9.8")
        return bool(found) == value.value
    return any([test_value(item, value, v, event) for v in values])  # 5.1, 7.4: some element


def eval_item(item: Item, event) -> bool:
    if item.field == "":
        values = all_values(event)
        found = values
    else:
        found = look_up(item.field, event)
        values = flatten(found)
    results = [any([eval_alternative(item, a, found, values, event) for a in alternatives]) for alternatives in item.values]
    if item.all:
        st("9.3")
    result = all(results) if item.all else any(results)  # 4.3, 9.3
    if item.negate:
        st("9.9")
    return not result if item.negate else result


def eval_identifier(d, event) -> bool:
    if isinstance(d, AllOf):
        return all([eval_identifier(p, event) for p in d.parts])
    if isinstance(d, AnyOf):
        return any([eval_identifier(p, event) for p in d.parts])
    return eval_item(d, event)


TOKEN = re.compile(r"\s*([A-Za-z0-9_*-]+|[()]|\S)", re.A)
WORDS = ("and", "or", "not", "of", "all", "any", "them", "1")
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+\Z")
PATTERN = re.compile(r"[A-Za-z0-9_*-]+\Z")


def parse_conditions(value, names) -> list:
    """10.9: one text, or a list of at least one, all text."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise RuleError("10.9", "an empty list of conditions")
    for v in values:
        if not isinstance(v, str):
            raise RuleError("10.9", "a condition is not text")
    return [ConditionParser(v, names).parse() for v in values]


class ConditionParser:
    """10.1, one method per production"""

    def __init__(self, text, names):
        self.tokens = TOKEN.findall(text)
        self.names = names
        self.i = 0

    def peek(self):
        return self.tokens[self.i] if self.i < len(self.tokens) else None

    def take(self):
        t = self.peek()
        self.i += 1
        return t

    def parse(self):
        tree = self.cond()
        if self.peek() is not None:
            raise RuleError("10.8", f"unexpected {self.peek()!r} in the condition")
        return tree

    def cond(self):
        parts = [self.conjunction()]
        while self.peek() == "or":
            self.take()
            parts.append(self.conjunction())
        return ("or", parts)

    def conjunction(self):
        parts = [self.negation()]
        while self.peek() == "and":
            self.take()
            parts.append(self.negation())
        return ("and", parts)

    def negation(self):
        if self.peek() == "not":
            self.take()
            return ("not", self.negation())
        return self.prim()

    def prim(self):
        t = self.take()
        if t is None:
            raise RuleError("10.8", "the condition ends too early")
        if t == "(":
            tree = self.cond()
            if self.take() != ")":
                raise RuleError("10.8", "missing )")
            return tree
        if t in ("1", "any", "all"):
            return self.selector(t)
        if t in WORDS or not IDENTIFIER.match(t):
            raise RuleError("10.8", f"unexpected {t!r} in the condition")
        if t not in self.names:
            raise RuleError("10.8", f"undefined search identifier {t!r}")
        return ("id", t)

    def selector(self, quantifier):
        if self.take() != "of":
            raise RuleError("10.8", "of is missing")
        pattern = self.take()
        if pattern is None or not PATTERN.match(pattern):
            raise RuleError("10.8", "a selector takes a pattern")
        if pattern in WORDS and pattern != "them":
            raise RuleError("10.8", f"operator word {pattern!r} as pattern")
        selected = [n for n in self.names if selects(pattern, n)]
        if not selected:
            raise RuleError("10.7", f"{pattern!r} selects nothing")
        return ("and" if quantifier == "all" else "or", [("id", n) for n in selected])


def selects(pattern: str, name: str) -> bool:
    """10.4, 10.5: `them` and patterns that do not start with `_` exclude identifiers starting with `_`."""
    if name.startswith("_") and not pattern.startswith("_"):
        return False
    if pattern == "them":
        return True
    return re.match("(?s:.*)".join(re.escape(p) for p in pattern.split("*")) + r"\Z", name) is not None


def eval_condition(tree, identifiers, event) -> bool:
    """10.3, 10.6; 5.12: two-valued"""
    op, arg = tree
    if op == "or":
        return any([eval_condition(p, identifiers, event) for p in arg])
    if op == "and":
        return all([eval_condition(p, identifiers, event) for p in arg])
    if op == "not":
        return not eval_condition(arg, identifiers, event)
    return eval_identifier(identifiers[arg], event)
