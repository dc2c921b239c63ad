#!/usr/bin/env python3
"""Random times in every form that is read, against Python's calendar: times.py SIGMAC [SEED]

Each is the time of an event; `timestamp` of the match must be the time that Python knows it to be, and texts that are no
times must give none. Prints what differs, and `N passed, N failed` last."""
import datetime as dt, json, os, random, subprocess, sys, tempfile

RULE = "title: t\nlogsource: {category: t}\ndetection: {s: {n|gte: 0}, condition: s}\n"
EPOCH = dt.datetime(1970, 1, 1)
FIRST, LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59)


def iso(seconds, nanos):
    """What sigmac has to print; None outside of the years 1-9999."""
    try:
        t = EPOCH + dt.timedelta(seconds=seconds)
    except OverflowError:
        return None
    digits = f"{nanos:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return t.strftime("%04Y-%m-%dT%H:%M:%S").replace(" ", "0") + ("." + digits if digits else "") + "Z"


def calendar(r):
    """A text of a date and a time, and what it means."""
    span = int((LAST - FIRST).total_seconds())
    t = FIRST + dt.timedelta(seconds=r.choice([r.randint(0, span), r.randint(span - 90000, span), r.randint(0, 90000), r.randint(62135596800, 65000000000)]))
    if r.random() < 0.1:
        t = t.replace(month=r.choice([2, 3, 12, 1]), day=r.choice([1, 28]))
    seconds, nanos = round((t - EPOCH).total_seconds()), 0
    dash = r.choice("---/")
    text = f"{t.year:04d}{dash}{t.month:02d}{dash}{t.day:02d}"
    if r.random() < 0.1:
        return text, iso(seconds - t.hour * 3600 - t.minute * 60 - t.second, 0)
    text += r.choice("T t") + f"{t.hour:02d}:{t.minute:02d}"
    if r.random() < 0.1:
        seconds -= t.second
    else:
        second = t.second
        if r.random() < 0.1:
            second, seconds = 60, seconds - t.second + 60
        text += f":{second:02d}"
        if r.random() < 0.7:
            fraction = "".join(r.choice("0123456789") for _ in range(r.choice([1, 2, 3, 6, 7, 9, 9, 12, 30])))
            text, nanos = text + r.choice("..,") + fraction, int((fraction + "0" * 9)[:9])
    kind = r.randrange(8)
    if kind < 2:
        return text, iso(seconds, nanos)
    if kind < 4:
        return text + r.choice(["Z", "z", " UTC", "UTC"]), iso(seconds, nanos)
    sign, hours, minutes = r.choice([1, -1]), r.randint(0, 23), r.randint(0, 59)
    if kind == 4:
        minutes = 0
    text += r.choice(["", "", " "]) + ("+" if sign > 0 else "-") + f"{hours:02d}" + {4: "", 5: f"{minutes:02d}"}.get(kind, f":{minutes:02d}")
    return text, iso(seconds - sign * (hours * 3600 + minutes * 60), nanos)


def number(r):
    """A number since 1970 as text, by unit; and what it means."""
    below, least, most = r.choice([(0, 10**8, 10**12), (3, 10**12, 10**15), (6, 10**15, 10**17), (9, 10**18, 10**19), (None, 0, 10**8), (None, 10**17, 10**18), (None, 10**19, 10**24)])
    whole = r.choice([r.randint(least, most - 1), least, most - 1, r.randint(least, min(most - 1, least * 3 + 1))])
    fraction = r.choice(["", "", "0", "5", "305988", "000000001", "999999999999", "123456789012345678901234567890"])
    text = str(whole) + ("." + fraction if fraction else "")
    if below is None:
        return text, None
    scaled = int(str(whole) + (fraction + "0" * 12)[:12])  # whole and 12 digits of fraction, as one integer
    nanos = scaled * 10**9 // 10 ** (12 + below)
    if r.random() < 0.1 and not fraction:
        text = f"{text[0]}.{text[1:]}e{len(text) - 1}"
    return text, iso(nanos // 10**9, nanos % 10**9)


def dotnet(r):
    ms = r.randint(0, 253402300799999)
    return f"/Date({ms}{r.choice(['', '', '+0200', '-1130'])})/", iso(ms // 1000, ms % 1000 * 10**6)


def broken(r):
    """A text that is nearly a time."""
    text, _ = r.choice([calendar, dotnet])(r)
    at = r.randrange(len(text))
    bad = r.choice([text[:at] + "x" + text[at:], text[:at] + "x" + text[at + 1:], " " + text, text + "\n", "-" + text, text + "\0"])
    return bad, None


def cases(r, n):
    for i in range(n):
        text, expected = r.choice([calendar, calendar, number, dotnet, broken])(r)
        plain = all(c in "0123456789.e" for c in text)
        yield {"n": i, "t": text}, expected
        if plain:
            yield json.dumps({"n": i, "t": 0}).replace('"t": 0', f'"t": {text}'), expected


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    pairs = list(cases(random.Random(seed), 20000))
    with tempfile.TemporaryDirectory() as folder:
        rule = os.path.join(folder, "rule.yml")
        open(rule, "w").write(RULE)
        lines = "".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e, _ in pairs)
        p = subprocess.run([sys.argv[1], "eval", "-q", "-r", rule, "--timestamp-field", "t"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    got = [json.loads(l).get("timestamp") for l in p.stdout.splitlines()]
    bad = [(e, want, have) for (e, want), have in zip(pairs, got) if want != have]
    for e, want, have in bad[:20]:
        print(f"{e}: {have}, not {want}")
    failed = len(bad) + abs(len(got) - len(pairs))
    print(f"{len(pairs) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
