# SPDX-License-Identifier: MIT
"""Elasticsearch EQL: strict parser, checks and evaluator, written from the public documentation and from
the behaviour published for the Elasticsearch engine.  Library of eql_parse.py and eql_match.py.

Verdicts follow what the engine does, not what the text suggests:
 * negation is pushed to the leaves.  A leaf the engine turns into a query (== != : in in~ like regex,
   cidrMatch, startsWith/endsWith/stringContains of a field and a constant) is two-valued: a missing
   field makes the leaf false and its negation true.  not (a > b) becomes a <= b: false when missing.
   A leaf that needs a script (any other function) is false when null, negated or not.
 * no wildcard can be escaped in ':' 'like': '*' is any run, '?' any one character, backslash is itself.
 * U+0001 in ':' 'like' is what they escape by: in front of '*' it makes a plain '%', of '?' a plain '_', else it is an error.
 * endsWith and stringContains of a field and a constant become a Lucene wildcard query whose text is NOT
   escaped: in it '*' '?' are wildcards and backslash escapes the next character.
 * case-insensitivity is ASCII only.  regex is Lucene's, whole string.  field-to-field comparison is refused.
"""
import datetime, ipaddress, os, re, subprocess

from paths import HOME

KEYWORDS = {"and", "any", "by", "false", "fork", "in", "join", "like", "maxspan", "not", "null", "of", "or", "regex",
            "sample", "sequence", "true", "until", "where", "with"}
# name: (min args, max args, has ~ form, returns)
FUNCTIONS = {"add": (2, 2, 0, "num"), "between": (3, 4, 1, "str"), "cidrMatch": (2, 999, 0, "bool"), "concat": (1, 999, 0, "str"),
             "divide": (2, 2, 0, "num"), "endsWith": (2, 2, 1, "bool"), "indexOf": (2, 3, 1, "num"), "length": (1, 1, 0, "num"),
             "modulo": (2, 2, 0, "num"), "multiply": (2, 2, 0, "num"), "number": (1, 2, 0, "num"), "startsWith": (2, 2, 1, "bool"),
             "string": (1, 1, 0, "str"), "stringContains": (2, 2, 1, "bool"), "substring": (2, 3, 0, "str"), "subtract": (2, 2, 0, "num")}
TOKEN = re.compile(r'''(?P<ws>[ \r\n\t]+|//[^\r\n]*|/\*.*?\*/)
 |(?P<str>"""[^\r\n]*?""""?"?|"(?:\\[btnfr"'\\]|\\u\{[0-9A-Fa-f]{2,8}\}|[^\\\r\n"])*")
 |(?P<old>\?"(?:\\"|[^"\r\n])*"|\?'(?:\\'|[^'\r\n])*'|'(?:\\[btnfr"'\\]|[^\\\r\n'])*')
 |(?P<num>(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?)
 |(?P<id>[A-Za-z_@][A-Za-z0-9_]*~?|`(?:[^`]|``)*`)
 |(?P<op>!\[|==|!=|<=|>=|[:=<>+\-*/%.,\[\]()|?])''', re.X | re.S)


class EqlError(Exception):
    def __init__(self, kind, msg, pos=0):
        super().__init__(msg)
        self.kind, self.pos = kind, pos


def unescape(t):
    if t.startswith('"""'):
        return t[3:-3]
    m = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
    return re.sub(r'\\(?:u\{([0-9A-Fa-f]+)\}|(.))', lambda x: chr(int(x.group(1), 16)) if x.group(1) else m.get(x.group(2), x.group(2)), t[1:-1])


def lex(q):
    i, out = 0, []
    while i < len(q):
        m = TOKEN.match(q, i)
        if not m:
            raise EqlError("syntax", f"token recognition error at: {q[i:i + 12]!r}", i)
        if m.lastgroup == "old":
            raise EqlError("syntax", "single quotes and ?\" strings are not supported; use \" or \"\"\"", i)
        if m.lastgroup != "ws":
            t = m.group()
            kind = m.lastgroup
            if kind == "id" and (t in KEYWORDS or t in ("in~", "like~", "regex~")):
                kind = "kw"
            out.append((kind, t, i))
        i = m.end()
    out.append(("eof", "", len(q)))
    return out


class Parser:
    def __init__(self, q):
        self.t, self.i = lex(q), 0

    def peek(self, *vals):
        return self.t[self.i][1] in vals and self.t[self.i][0] in ("op", "kw")

    def take(self, *vals):
        if self.peek(*vals):
            self.i += 1
            return self.t[self.i - 1][1]

    def fail(self, what):
        k, t, p = self.t[self.i]
        raise EqlError("syntax", f"expected {what}, found {t or 'end of query'!r}", p)

    def need(self, v):
        if not self.take(v):
            self.fail(repr(v))

    def parse(self):
        if self.peek("sequence"):
            q = self.sequence()
        elif self.peek("sample"):
            q = self.sample()
        elif self.peek("join"):
            raise EqlError("semantic", "join is not supported")
        else:
            q = {"k": "event", **self.event()}
        pipes = []
        while self.take("|"):
            name = self.ident("pipe name")
            args = []
            if self.t[self.i][0] != "eof" and not self.peek("|"):
                args.append(self.expr())
                while self.take(","):
                    args.append(self.expr())
            if name not in ("head", "tail"):
                raise EqlError("semantic", f"pipe {name} is not supported")
            if len(args) != 1 or args[0][0] != "lit" or not isinstance(args[0][1], int):
                raise EqlError("semantic", f"{name} needs one integer")
            pipes.append((name, args[0][1]))
        if self.t[self.i][0] != "eof":
            self.fail("end of query")
        q["pipes"] = pipes
        return q

    def ident(self, what):
        k, t, p = self.t[self.i]
        if k != "id":
            self.fail(what)
        self.i += 1
        return t[1:-1].replace("``", "`") if t[0] == "`" else t

    def event(self):
        k, t, p = self.t[self.i]
        if self.take("any"):
            cat = None
        elif k == "str":
            cat = unescape(t)
            self.i += 1
        elif k == "id" and t[-1] != "~" and t[0] != "`":
            cat = t
            self.i += 1
        else:
            self.fail("event category")
        self.need("where")
        return {"cat": cat, "cond": self.expr()}

    def keys(self):
        out = []
        if self.take("by"):
            out.append(self.expr())
            while self.take(","):
                out.append(self.expr())
        return out

    def span(self):
        self.need("with")
        self.need("maxspan")
        self.need("=")
        k, t, p = self.t[self.i]
        if k != "num" or not t.isdigit():
            self.fail("integer time")
        self.i += 1
        unit = self.ident("time unit (ms, s, m, h, d)")
        if unit not in ("ms", "s", "m", "h", "d"):
            raise EqlError("semantic", f"unrecognized time unit {unit}", p)
        return int(t) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[unit]

    def term(self, allow_missing):
        neg = False
        if allow_missing and self.take("!["):
            neg = True
        else:
            self.need("[")
        e = self.event()
        self.need("]")
        runs = 1
        if self.peek("with"):
            self.i += 1
            if self.ident("runs") != "runs":
                self.fail("runs")
            self.need("=")
            runs = int(self.t[self.i][1]) if self.t[self.i][0] == "num" and self.t[self.i][1].isdigit() else 0
            if not 1 <= runs <= 100:
                raise EqlError("semantic", "runs must be 1..100")
            self.i += 1
        return {**e, "missing": neg, "runs": runs, "by": self.keys()}

    def sequence(self):
        self.need("sequence")
        by, span = [], None
        if self.peek("by"):
            by = self.keys()
            if self.peek("with"):
                span = self.span()
        elif self.peek("with"):
            span = self.span()
            if self.peek("by"):
                raise EqlError("syntax", "by must come before with", self.t[self.i][2])
        terms = []
        while self.peek("[", "!["):
            terms.append(self.term(True))
        until = self.term(False) if self.take("until") else None
        if sum(t["runs"] for t in terms) < 2:
            raise EqlError("semantic", "a sequence requires a minimum of 2 queries")
        if len({len(t["by"]) for t in terms}) > 1:
            raise EqlError("semantic", "inconsistent number of join keys")
        if any(t["missing"] for t in terms) and span is None:
            raise EqlError("semantic", "[maxspan] is required with missing events")
        if all(t["missing"] for t in terms):
            raise EqlError("semantic", "a sequence needs at least one positive event")
        return {"k": "sequence", "by": by, "span": span, "terms": terms, "until": until}

    def sample(self):
        self.need("sample")
        by = self.keys()
        terms = []
        while self.peek("["):
            terms.append(self.term(False))
        if len(terms) < 2:
            raise EqlError("semantic", "a sample requires a minimum of 2 queries")
        if not by and not all(t["by"] for t in terms):
            raise EqlError("semantic", "a sample needs join keys")
        return {"k": "sample", "by": by, "terms": terms}

    # expressions: ("op", ...) tuples
    def expr(self):
        e = self.conj()
        while self.take("or"):
            e = ("or", e, self.conj())
        return e

    def conj(self):
        e = self.neg()
        while self.take("and"):
            e = ("and", e, self.neg())
        return e

    def neg(self):
        if self.take("not"):
            return ("not", self.neg())
        return self.comparison()

    def comparison(self):
        l = self.arith()
        op = self.take("==", "!=", "<", "<=", ">", ">=")
        if op:
            return ("cmp", op, l, self.arith())
        if self.peek("="):
            raise EqlError("syntax", "= is not a comparison operator; use ==", self.t[self.i][2])
        return l

    def arith(self):
        e = self.mul()
        while True:
            op = self.take("+", "-")
            if not op:
                return e
            e = ("arith", op, e, self.mul())

    def mul(self):
        e = self.unary()
        while True:
            op = self.take("*", "/", "%")
            if not op:
                return e
            e = ("arith", op, e, self.unary())

    def unary(self):
        op = self.take("-", "+")
        if op:
            e = self.unary()
            if e[0] == "lit" and isinstance(e[1], (int, float)) and not isinstance(e[1], bool):
                return ("lit", -e[1] if op == "-" else e[1])
            return ("arith", op, ("lit", 0), e)
        return self.predicate()

    def const(self):
        k, t, p = self.t[self.i]
        if k == "str":
            v = unescape(t)
        elif k == "num":
            v = int(t) if t.isdigit() else float(t)
        elif k == "kw" and t in ("true", "false", "null"):
            v = {"true": True, "false": False, "null": None}[t]
        elif self.peek("-"):
            raise EqlError("syntax", "a negative number is not a constant here", p)
        else:
            self.fail("constant")
        self.i += 1
        return v

    def predicate(self):
        e = self.primary()
        if self.peek("not") and self.t[self.i + 1][1] in ("in", "in~"):
            self.i += 1
            return ("not", self.in_list(e))
        if self.peek("in", "in~"):
            return self.in_list(e)
        op = self.take(":", "like", "like~", "regex", "regex~")
        if op:
            vals = []
            if self.take("("):
                vals.append(self.const())
                while self.take(","):
                    vals.append(self.const())
                self.need(")")
            else:
                vals.append(self.const())
            return ("pred", op, e, vals)
        return e

    def in_list(self, e):
        op = self.take("in", "in~")
        self.need("(")
        vals = [self.expr()]
        while self.take(","):
            vals.append(self.expr())
        self.need(")")
        return ("in", op, e, vals)

    def primary(self):
        k, t, p = self.t[self.i]
        if k in ("str", "num") or (k == "kw" and t in ("true", "false", "null")):
            return ("lit", self.const())
        if self.take("("):
            e = self.expr()
            self.need(")")
            return e
        if k == "id" and self.t[self.i + 1][1] == "(" and t[0] != "`":
            self.i += 2
            args = []
            if not self.take(")"):
                args.append(self.expr())
                while self.take(","):
                    args.append(self.expr())
                self.need(")")
            return ("call", t, args, p)
        opt = bool(self.take("?"))
        if self.t[self.i][0] == "id" and self.t[self.i][1][-1] == "~":
            self.fail("a field name")
        name = self.ident("an expression")
        if self.peek("of") and not opt:
            raise EqlError("semantic", f"{name} of is not supported", p)
        while True:
            if self.take("."):
                if self.t[self.i][1][-1:] == "~":
                    self.fail("a field name")
                name += "." + self.ident("a field name")
            elif self.peek("[") and self.t[self.i + 1][0] == "num" and self.t[self.i + 2][1] == "]":
                raise EqlError("semantic", "array index on a field is not supported", p)
            else:
                return ("field", name, opt, p)


# ------------------------------------------------------------------ checks
def kind_of(e, types):
    k = e[0]
    if k == "lit":
        v = e[1]
        return "null" if v is None else "bool" if isinstance(v, bool) else "num" if isinstance(v, (int, float)) else "str"
    if k == "field":
        return types.get(e[1], "any") if types is not None else "any"
    if k == "call":
        return FUNCTIONS[e[1].rstrip("~")][3]
    return "num" if k == "arith" else "bool"


def fields_in(e):
    if isinstance(e, (tuple, list)):
        if e and e[0] == "field":
            yield e
        else:
            for x in e:
                yield from fields_in(x)


def check(e, types, known):
    k = e[0]

    def bad(msg):
        raise EqlError("semantic", msg)
    if k == "field" and known is not None and e[1] not in known and not e[2]:
        bad(f"Unknown column [{e[1]}]")
    if k in ("and", "or", "not"):
        for x in e[1:]:
            check(x, types, known)
            if kind_of(x, types) not in ("bool", "any", "null"):
                bad(f"argument of [{k}] must be [boolean], found [{kind_of(x, types)}]")
    elif k == "cmp":
        for x in e[2:4]:
            check(x, types, known)
        lf, rf = list(fields_in(e[2])), list(fields_in(e[3]))
        if lf and rf:
            bad(f"Comparisons against fields are not (currently) supported; offender [{rf[0][1]}]")
        a, b = kind_of(e[2], types), kind_of(e[3], types)
        if {a, b} in ({"num", "str"}, {"bool", "str"}, {"bool", "num"}, {"ip", "num"}, {"ip", "bool"}, {"date", "num"}, {"date", "bool"}):
            bad(f"cannot compare [{a}] with [{b}] ({e[1]})")
        if "null" not in (a, b):
            exact(e[2], types, e[1])
            exact(e[3], types, e[1])
        for x, y in ((e[2], b), (e[3], a)):
            if x[0] == "lit" and isinstance(x[1], str):
                literal(x[1], y)
    elif k == "pred":
        check(e[2], types, known)
        exact(e[2], types, e[1])
        op, l = e[1], kind_of(e[2], types)
        if l not in ("str", "any"):
            bad(f"first argument of [{op}] must be [string], found [{l}]")
        for v in e[3]:
            if not isinstance(v, str) and op not in ("like", "like~"):
                bad(f"second argument of [{op}] must be [string], found [{v}]")
            if v is None:
                bad(f"null in [{op}]")
        if e[2][0] == "lit":
            bad(f"[{op}] needs a field or function on the left")
    elif k == "in":
        check(e[2], types, known)
        exact(e[2], types, e[1])
        for v in e[3]:
            if v[0] == "lit" and isinstance(v[1], str):
                literal(v[1], kind_of(e[2], types))
            if list(fields_in(v)):
                bad("Comparisons against fields are not (currently) supported in [in]")
            kv, l = kind_of(v, types), kind_of(e[2], types)
            if e[1] == "in~" and kv != "str":
                bad("second argument of [in~] must be [string]")
            if "any" not in (kv, l) and kv != "null" and kv != l and (kv, l) not in (("str", "ip"), ("str", "date")):
                bad(f"expected [{l}] in list, found [{kv}]")
        if e[1] == "in~" and kind_of(e[2], types) not in ("str", "any"):
            bad("first argument of [in~] must be [string]")
    elif k == "arith":
        for x in e[2:4]:
            check(x, types, known)
            if kind_of(x, types) not in ("num", "any", "null"):
                bad(f"argument of [{e[1]}] must be [numeric]")
    elif k == "call":
        name = e[1]
        f = FUNCTIONS.get(name.rstrip("~"))
        if not f:
            bad(f"Unknown function [{name}]")
        if name.endswith("~") and not f[2]:
            bad(f"function [{name}] has no case-insensitive form")
        if not f[0] <= len(e[2]) <= f[1]:
            bad(f"error building [{name}]: expects {f[0]}..{f[1]} arguments, received {len(e[2])}")
        for x in e[2]:
            check(x, types, known)
            exact(x, types, name)
        first = kind_of(e[2][0], types)
        if name.rstrip("~") in ("startsWith", "endsWith", "stringContains", "length", "indexOf", "between", "substring") and first in ("ip", "date", "bool") or \
           name == "cidrMatch" and first in ("num", "date", "bool"):
            bad(f"first argument of [{name}] must be [{'ip' if name == 'cidrMatch' else 'string'}], found [{first}]")
        if name == "cidrMatch":
            for x in e[2][1:]:
                try:
                    ipaddress.ip_network(x[1] if x[0] == "lit" else "", strict=False)
                    assert "/" in x[1]
                except (ValueError, AssertionError, TypeError):
                    bad("cidrMatch needs constant CIDR blocks")


def check_query(q, types=None, known=None):
    parts = [q] if q["k"] == "event" else q["terms"] + ([q["until"]] if q.get("until") else [])
    for p in parts:
        check(p["cond"], types, known)
        if kind_of(p["cond"], types) not in ("bool", "any"):
            raise EqlError("semantic", f"Condition expression needs to be boolean, found [{kind_of(p['cond'], types)}]")
        for key in p.get("by", []) + q.get("by", []):
            if key[0] != "field":
                raise EqlError("semantic", "join keys must be fields")
            check(key, types, known)
            exact(key, types, "by")


def exact(e, types, op):
    "declared types only: no operator but == null and != null reaches a text field without a keyword, or a nested one"
    if e[0] == "field" and kind_of(e, types) in ("text", "nested"):
        k = kind_of(e, types)
        raise EqlError("semantic", f"[{op}] cannot operate on field [{e[1]}] of data type [{k}]" + (": No keyword/multi-field defined exact matches" if k == "text" else ""))


def literal(s, kind):
    "a string compared with an ip or date field must be an address (or a network) or a full time"
    if kind == "ip":
        try:
            ipaddress.ip_network(s, strict=False)
        except ValueError:
            raise EqlError("semantic", f"'{s}' is not an IP string literal.")
    if kind == "date":
        if not re.match(r"\d{4}-\d\d-\d\d($|T)", s):
            raise EqlError("semantic", f"failed to parse date field [{s}]")
        if epoch(s) is None or not re.match(r".{11}\d\d:\d\d:\d\d", s):
            raise EqlError("runtime", "a date without a full time is rounded by the engine; not run here")


# ------------------------------------------------------------------ evaluation
TYPES = None  # {field: base type} of --types, or None: then values are as in the event


class Ip(str):
    "a value of an ip field, in canonical text"


class Time(float):
    "a value of a date field: seconds since 1970"


def epoch(v):
    if isinstance(v, bool):
        return None
    if isinstance(v, (int, float)):
        return v / 1000.0
    try:
        d = datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", v.replace("Z", "+00:00")))
        return (d if d.tzinfo else d.replace(tzinfo=datetime.timezone.utc)).timestamp()
    except ValueError:
        return None


def address(v):
    "an address as Elasticsearch reads it: text without a zone"
    if not isinstance(v, str) or "%" in v:
        raise ValueError(v)
    return ipaddress.ip_address(v)


def coerce(v, t):
    "what a field of type t indexes of a JSON value; None where the value is malformed"
    try:
        if t in ("keyword", "text"):
            return text(v)
        if t == "long":
            return None if isinstance(v, bool) else int(v) if not isinstance(v, str) else int(v) if re.fullmatch(r"-?\d+", v) else int(float(v))
        if t == "double":
            return None if isinstance(v, bool) else float(v)
        if t == "boolean":
            return v if isinstance(v, bool) else {"true": True, "false": False, "": False}.get(v)
        if t == "ip":
            a = address(v)
            return Ip(getattr(a, "ipv4_mapped", None) or a)
        if t == "date":
            s = epoch(v)
            return None if s is None else Time(s)
    except (ValueError, TypeError, OverflowError):
        return None
    return v


ASCII = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(s):
    return s.translate(ASCII)


def text(v):
    return "true" if v is True else "false" if v is False else str(v)  # a number of an event as it is spelled: json_numbers.py


class Group(dict):
    "events that have the same values in the fields at hand: field -> values (eql_columns.py)"


def leaves(ev, name):
    "every leaf value at a dotted name; nested objects, flattened keys and arrays are equivalent, as in an index"
    out = []

    def add(v):
        if isinstance(v, list):
            for x in v:
                add(x)
        elif v is not None and not isinstance(v, dict):
            out.append(v)

    def walk(o, rest):
        if isinstance(o, list):
            for x in o:
                walk(x, rest)
        elif isinstance(o, dict):
            if rest in o:
                add(o[rest])
            i = rest.find(".")
            while i > 0:
                if rest[:i] in o:
                    walk(o[rest[:i]], rest[i + 1:])
                i = rest.find(".", i + 1)
    walk(ev, name)
    return out


def values(ev, name):
    if type(ev) is Group:
        return ev[name]
    out, t = leaves(ev, name), None if TYPES is None else TYPES.get(name)
    return out if not t else [x for x in (coerce(v, t) for v in out) if x is not None]


class Lucene:
    "Lucene's own RegExp, in a process of its own"

    def __init__(self):
        self.p, self.memo = None, {}

    def learn(self, pat, ci, texts):
        "asks for many texts at once"
        ask = [s for s in texts if (pat, s, ci) not in self.memo]
        if not ask:
            return
        if len(self.memo) > 1000000:
            self.memo.clear()
        if self.p is None:
            cp = os.path.join(HOME, "java", "*") + os.pathsep + os.path.join(HOME, "java")
            try:
                self.p = subprocess.Popen(["java", "-Xshare:auto", "-cp", cp, "LuceneRegex"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1 << 16)
            except FileNotFoundError:
                raise EqlError("runtime", "regex: there is no java here")
        for i in range(0, len(ask), 2000):
            part = ask[i:i + 2000]
            self.p.stdin.write("\t".join([str(int(ci)), pat.encode("utf-8", "replace").hex()] + [s.encode("utf-8", "replace").hex() for s in part]) + "\n")
            self.p.stdin.flush()
            r = self.p.stdout.readline().rstrip("\n")
            if r[:1] == "E" or len(r) != len(part):
                raise EqlError("runtime", "regex: " + (r[2:] or "no answer"))
            self.memo.update({(pat, s, ci): b == "1" for s, b in zip(part, r)})

    def match(self, pat, s, ci):
        key = (pat, s, ci)
        if key not in self.memo:
            self.learn(pat, ci, [s])
        return self.memo[key]


LUCENE = Lucene()


def wild_re(p, ci, escapes):
    """escapes: a wildcard query of Lucene; else `:` and like, which are SQL's LIKE on their way to it, where U+0001 escapes"""
    out, i = [], 0
    if not escapes and re.search("\x01(?![*?])", p):
        raise EqlError("semantic", "Invalid sequence - escape character is not followed by special wildcard char")
    while i < len(p):
        c = p[i]
        if escapes and c == "\\" and i + 1 < len(p):
            i += 1
            out.append(re.escape(p[i]))
        elif not escapes and c == "\x01":
            i += 1
            out.append("%" if p[i] == "*" else "_")
        else:
            out.append(".*" if c == "*" else "." if c == "?" else re.escape(c))
        i += 1
    src = "".join(out)
    return re.compile(fold_src(src) if ci else src, re.S)


def fold_src(src):
    return src.translate(ASCII) if not re.search(r"\\[A-Z]", src) else re.sub(r"\\?[A-Z]", lambda m: m.group().lower(), src)


def eq(v, c):
    if isinstance(v, Ip) and isinstance(c, str):
        n = ipaddress.ip_network(c, strict=False)
        n = ipaddress.ip_network(n.network_address.ipv4_mapped) if n.version == 6 and n.prefixlen == 128 and n.network_address.ipv4_mapped else n
        a = ipaddress.ip_address(str(v))
        return a.version == n.version and a in n
    if isinstance(v, Time) and isinstance(c, str):
        return float(v) == epoch(c)
    if isinstance(c, bool) or isinstance(v, bool):
        return text(v) == text(c) if isinstance(c, (bool, str)) else False
    if isinstance(v, str) and isinstance(c, str):
        return v == c
    if isinstance(v, str) or isinstance(c, str):
        try:
            return float(v) == float(c) if not isinstance(v, str) else v == text(c)
        except ValueError:
            return False
    return v == c


ORDER = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
FLIP = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SWAP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def order(op, a, b):
    if isinstance(a, Time) and isinstance(b, str):
        return ORDER[op](float(a), epoch(b))
    if isinstance(a, Ip) and isinstance(b, str):
        raise EqlError("runtime", "order of addresses is not run here")
    if isinstance(a, str) != isinstance(b, str):
        try:
            a, b = (float(a), b) if isinstance(a, str) else (text(a), b)
        except ValueError:
            return False
    try:
        return ORDER[op](a, b)
    except TypeError:
        return False


def compile_expr(e, neg=False):
    "-> function(event) -> bool; negation is pushed down here"
    k = e[0]
    if k == "not":
        return compile_expr(e[1], not neg)
    if k in ("and", "or"):
        l, r = compile_expr(e[1], neg), compile_expr(e[2], neg)
        return (lambda ev: l(ev) and r(ev)) if (k == "and") != neg else (lambda ev: l(ev) or r(ev))
    if k == "lit":
        v = (e[1] is True) != neg if e[1] is not None else False
        return lambda ev: v
    if k == "field":  # bare boolean field: field == true
        return compile_expr(("cmp", "==", e, ("lit", True)), neg)
    if k == "cmp":
        op, l, r = e[1], e[2], e[3]
        if l[0] == "lit" and r[0] != "lit":
            l, r, op = r, l, SWAP[op]
        if r == ("lit", None) and op in ("==", "!="):
            want = (op == "==") != neg
            if l[0] == "field":
                return lambda ev: (not values(ev, l[1])) == want
            f = scalar(l)
            return lambda ev: (f(ev) is None) == want
        if isinstance(r[1], bool) and r[0] == "lit" and l[0] not in ("field", "lit") and op in ("==", "!="):
            return compile_expr(l, ((op == "==") != r[1]) != neg)  # f(..) == true is f(..)
        if l[0] == "field" and r[0] == "lit":
            n, c = l[1], r[1]
            if op in ("==", "!="):
                want = (op == "==") != neg
                return lambda ev: any(eq(v, c) for v in values(ev, n)) == want
            o = FLIP[op] if neg else op
            return lambda ev: any(order(o, v, c) for v in values(ev, n))
        f, g = scalar(l), scalar(r)

        def script(ev):
            a, b = f(ev), g(ev)
            if a is None or b is None:
                return False
            x = eq(a, b) if op == "==" else not eq(a, b) if op == "!=" else order(op, a, b)
            return x != neg
        return script
    if k == "in":
        ci, vals = e[1] == "in~", [v[1] for v in e[3]]
        if e[2][0] == "field":
            n = e[2][1]
            if ci:
                s = {fold(v) for v in vals}
                return lambda ev: any(fold(text(v)) in s for v in values(ev, n)) != neg
            return lambda ev: any(eq(v, c) for v in values(ev, n) for c in vals) != neg
        f = scalar(e[2])

        def script(ev):
            a = f(ev)
            return False if a is None else any((fold(text(a)) == fold(c)) if ci else eq(a, c) for c in vals) != neg
        return script
    if k == "pred":
        op, l = e[1], e[2]
        vals = [text(v) for v in e[3]]
        ci = op == ":" or op.endswith("~")
        if op.startswith("regex"):
            pat = "|".join(vals)
            test = lambda s: LUCENE.match(pat, s, ci)
        else:
            rs = [wild_re(v, ci, False) for v in vals]
            test = (lambda s: any(r.fullmatch(fold(s)) for r in rs)) if ci else (lambda s: any(r.fullmatch(s) for r in rs))
        if l[0] == "field":
            n = l[1]
            return lambda ev: any(test(text(v)) for v in values(ev, n)) != neg
        f = scalar(l)

        def script(ev):
            a = f(ev)
            return False if a is None else test(text(a)) != neg
        return script
    if k == "call":
        name, args = e[1], e[2]
        base, ci = name.rstrip("~"), name.endswith("~")
        if args and args[0][0] == "field" and all(x[0] == "lit" for x in args[1:]):
            n = args[0][1]
            if base == "cidrMatch":
                if TYPES is not None and TYPES.get(n) in ("keyword", "text"):  # a terms query on the field: there the text of a block is a text
                    texts = {x[1] for x in args[1:]}
                    return lambda ev: any(text(v) in texts for v in values(ev, n)) != neg
                nets = [ipaddress.ip_network(x[1], strict=False) for x in args[1:]]

                def cidr(ev):
                    for v in values(ev, n):
                        try:
                            ip = address(v)
                        except ValueError:
                            continue
                        ip = getattr(ip, "ipv4_mapped", None) or ip
                        if any(ip.version == x.version and ip in x for x in nets):
                            return not neg
                    return neg
                return cidr
            if base in ("startsWith", "endsWith", "stringContains") and isinstance(args[1][1], str):
                c = args[1][1]
                if base == "startsWith":
                    c2 = fold(c) if ci else c
                    return lambda ev: any((fold(text(v)) if ci else text(v)).startswith(c2) for v in values(ev, n)) != neg
                r = wild_re("*" + c + ("*" if base == "stringContains" else ""), ci, True)
                return lambda ev: any(r.fullmatch(fold(text(v)) if ci else text(v)) for v in values(ev, n)) != neg
        f = scalar(e)
        return lambda ev: (lambda v: False if v is None else bool(v) != neg)(f(ev))
    raise EqlError("runtime", "condition " + k)


def scalar(e):
    "script values: None is null"
    k = e[0]
    if k == "lit":
        return lambda ev: e[1]
    if k == "field":
        return lambda ev: (values(ev, e[1]) or [None])[0]
    if k == "arith":
        l, r, op = scalar(e[2]), scalar(e[3]), e[1]
        return lambda ev: arith(op, l(ev), r(ev))
    if k == "call":
        base, ci = e[1].rstrip("~"), e[1].endswith("~")
        a = [scalar(x) for x in e[2]]
        return lambda ev: call(base, ci, [f(ev) for f in a])
    c = compile_expr(e)
    return lambda ev: c(ev)


def arith(op, a, b):
    if a is None or b is None:
        return None
    if op in "/%" and b == 0:
        return None
    if op == "/":
        return int(a / b) if isinstance(a, int) and isinstance(b, int) else a / b
    if op == "%":
        return a - b * int(a / b)
    return a + b if op == "+" else a - b if op == "-" else a * b


def call(n, ci, a):
    low = (lambda s: s.lower()) if ci else (lambda s: s)
    if n == "concat":
        return None if None in a else "".join(map(text, a))
    if n == "number":
        try:
            s = str(a[0])
            return int(s, int(a[1])) if len(a) > 1 and a[1] else (int(s, 16) if s[:2] == "0x" else float(s) if "." in s else int(s))
        except (ValueError, TypeError):
            return None
    if a[0] is None:
        return None
    if n == "length":
        return len(a[0]) if isinstance(a[0], str) else None
    if n == "string":
        return text(a[0])
    if n in ("add", "subtract", "multiply", "divide", "modulo"):
        return arith({"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "modulo": "%"}[n], a[0], a[1])
    if n == "substring":
        s, i = a[0], a[1]
        j = a[2] if len(a) > 2 and a[2] is not None else len(s)
        i, j = (max(x + len(s), 0) if x < 0 else x for x in (i, j))
        return s[i:j]
    if None in a:
        return None
    if n == "cidrMatch":
        try:
            return any(address(a[0]) in ipaddress.ip_network(x, strict=False) for x in a[1:])
        except ValueError:
            return None
    if n == "indexOf":
        i = low(a[0]).find(low(a[1]), *(a[2:3]))
        return i if i >= 0 else None
    if n == "startsWith":
        return low(a[0]).startswith(low(a[1]))
    if n == "endsWith":
        return low(a[0]).endswith(low(a[1]))
    if n == "stringContains":
        return low(a[1]) in low(a[0])
    if n == "between":
        s = low(a[0])
        i = s.find(low(a[1]))
        if i < 0:
            return ""
        i += len(a[1])
        j = s.rfind(low(a[2]), i) if len(a) > 3 and a[3] else s.find(low(a[2]), i)
        return a[0][i:j] if j >= 0 else ""
    raise EqlError("runtime", "function " + n)


# ------------------------------------------------------------------ running
def ts(ev, field):
    v = leaves(ev, field)
    return epoch(v[0]) if v and isinstance(v[0], (int, float, str)) else None


def event_test(p, cat_field):
    f, c = compile_expr(p["cond"]), p["cat"]
    if c is None:
        return f
    return lambda ev: c in values(ev, cat_field) and f(ev)


def run(q, events, cat_field="event.category", ts_field="@timestamp"):
    "events: list of dict -> list of lists of event indexes (singletons for an event query)"
    if q["k"] == "event":
        f = event_test(q, cat_field)
        hits = [[i] for i, ev in enumerate(events) if f(ev)]
    elif q["k"] == "sample":
        groups = {}
        for n, t in enumerate(q["terms"]):
            f = event_test(t, cat_field)
            for i, ev in enumerate(events):
                key = join_key(ev, q["by"] + t["by"])
                if key is not None and f(ev):
                    groups.setdefault(key, [[] for _ in q["terms"]])[n].append(i)
        hits = []
        for g in groups.values():
            used, pick = set(), []
            for lst in g:
                j = next((x for x in lst if x not in used), None)
                if j is None:
                    break
                used.add(j)
                pick.append(j)
            if len(pick) == len(g):
                hits.append(pick)
    else:
        hits = run_sequence(q, events, cat_field, ts_field)
    for name, n in q["pipes"]:
        hits = hits[:n] if name == "head" else hits[-n:] if n else []
    return hits


def join_key(ev, keys):
    out = []
    for k in keys:
        v = (values(ev, k[1]) or [None])[0]
        if v is None and not k[2]:
            return None
        out.append(v)
    return tuple(out)


def run_sequence(q, events, cat_field, ts_field):
    if any(t["missing"] for t in q["terms"]):
        raise EqlError("runtime", "sequences with missing events are parsed but not run here")
    terms = [t for t in q["terms"] for _ in range(t["runs"])]
    tests = [event_test(t, cat_field) for t in terms]
    until = event_test(q["until"], cat_field) if q["until"] else None
    times = [ts(ev, ts_field) for ev in events]
    idx = sorted(range(len(events)), key=lambda i: (times[i] is None, times[i] if times[i] is not None else 0, i))
    state, hits, last = {}, [], len(terms) - 1
    for i in idx:
        ev = events[i]
        for s in range(last, -1, -1):
            key = join_key(ev, q["by"] + terms[s]["by"])
            if key is None or not tests[s](ev):
                continue
            slots = state.setdefault(key, [None] * (last + 1))
            if s == 0:
                cur = [i]
            else:
                cur = slots[s - 1]
                if cur is None:
                    continue
                if q["span"] is not None and (times[i] or 0) - (times[cur[0]] or 0) > q["span"]:
                    slots[s - 1] = None
                    continue
                slots[s - 1] = None
                cur = cur + [i]
            if s == last:
                hits.append(cur)
            else:
                slots[s] = cur
        if until and until(ev):
            key = join_key(ev, q["by"] + q["until"]["by"])
            state.pop(key, None)
    return hits


def parse(q):
    return Parser(q).parse()
