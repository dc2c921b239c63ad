#!/usr/bin/env python3
"""Runs of `eval --state` that are stopped and go on: state.py SIGMAC [TEST...]

Stopped in order at random points, all of them together write what one run writes that is not stopped. Killed, they write all of it, some of it
twice. SEED may be set; PLAIN: without correlations. Prints what fails, and `N passed, N failed` last."""
import gzip, json, os, random, resource, shutil, signal, subprocess, sys, tempfile, threading, time

sigmac = os.path.abspath(sys.argv[1])
SEED, PATIENCE = int(os.environ.get("SEED", 1)), int(os.environ.get("PATIENCE", 60))
THREADS = ([], ["--threads", "2"])
RULES = """title: One
id: 11111111-1111-4111-8111-111111111111
name: one
logsource: {category: t}
detection: {s: {A: 1}, condition: s}
---
title: Two
id: 22222222-2222-4222-8222-222222222222
name: two
logsource: {category: t}
detection: {s: {A: 2}, condition: s}
"""
OVER_TIME = """---
title: Many
id: 33333333-3333-4333-8333-333333333333
correlation: {type: event_count, rules: [one], group-by: [U], timespan: 1m, condition: {gte: 3}, generate: true}
---
title: Different
id: 44444444-4444-4444-8444-444444444444
correlation: {type: value_count, rules: [one, two], group-by: [U], timespan: 2m, condition: {field: H, gte: 3}, generate: true}
---
title: Sum
id: 55555555-5555-4555-8555-555555555555
correlation: {type: value_sum, rules: [two], group-by: [U], timespan: 2m, condition: {field: N, gt: 20}, generate: true}
---
title: Middle
id: 66666666-6666-4666-8666-666666666666
correlation: {type: value_median, rules: [one, two], group-by: [H], timespan: 1m, condition: {field: N, gt: 7}, generate: true}
---
title: Both
id: 77777777-7777-4777-8777-777777777777
correlation: {type: temporal, rules: [one, two], group-by: [U], timespan: 30s, generate: true}
---
title: Order
id: 88888888-8888-4888-8888-888888888888
correlation: {type: temporal_ordered, rules: [one, two], group-by: [U, H], timespan: 1m, generate: true}
"""
failed = passed = 0
stops = {signal.SIGTERM: 0, signal.SIGKILL: 0}


def check(name, holds, shown=""):
    global failed, passed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"{name}: failed\n{shown}")


def write(path, text, mode="w"):
    with open(path, mode + "b") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def events(rng, n):
    """Objects; most in the order of their time."""
    at, out = 1700000000, []
    for i in range(n):
        at += rng.choice((0, 1, 1, 2, 5, 20))
        late = rng.choice((0, 0, 0, 0, 10, 70))
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at - late))
        out.append({"@timestamp": stamp, "A": rng.randrange(4), "U": f"u{rng.randrange(6)}", "H": f"h{rng.randrange(5)}", "N": rng.randrange(12)})
    return out


def lines(objects):
    return "".join(json.dumps(o) + "\n" for o in objects)


def zst(text):
    return subprocess.run(["zstd", "-qc"], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


FORMS = {
    "plain.log": lines,
    "pretty.json": lambda o: "".join(json.dumps(x, indent=1) + "\n" for x in o),
    "array.json": lambda o: json.dumps(o),
    "wrapper.json": lambda o: json.dumps({"Records": o}, indent=1),
    "bad.log": lambda o: "\ufeff" + "".join(json.dumps(x) + ("\n" if i % 3 else "\nno event\n\n") for i, x in enumerate(o)),
    "packed.log.gz": lambda o: gzip.compress(lines(o).encode()),
    "array.json.gz": lambda o: gzip.compress(json.dumps(o).encode()),
}
if shutil.which("zstd"):
    FORMS["packed.log.zst"] = lambda o: zst(lines(o))


def command(args, rules="rules.yml"):
    return [sigmac, "eval", "-r", rules, "--format", "ndjson", "-q", *args]


def run(*args, **own):
    p = subprocess.run(command(args, **own), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
    return p.returncode, p.stdout.decode().splitlines(), p.stderr.decode()


def part(lines, number, args, rng, pace):
    """A run that is sent a signal at some time, `pace` seconds behind its beginning at most."""
    p = subprocess.Popen(command(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    timer = threading.Timer(rng.random() ** 2 * pace, lambda: p.send_signal(number))
    timer.start()
    out, err = p.communicate(timeout=PATIENCE)
    timer.cancel()
    got = out.decode().splitlines(keepends=True)
    if number == signal.SIGKILL and got and not got[-1].endswith("\n"):
        got.pop()  # cut off, and written again
    lines += [l.rstrip("\n") for l in got]
    return p.returncode, err.decode()


def until_done(args, number, rng, pace):
    lines, parts = [], 0
    while parts < 400:
        parts += 1
        status, err = part(lines, number, args, rng, pace)
        if status == 2:
            return [f"status 2: {err}"], parts
        if status >= 0 and status not in (128 + number,):
            break
    return lines, parts


def same_once(got, expected):
    """Nothing is missing or new, and nothing differs under one name."""
    return set(got) == set(expected)


def stopped(name, inputs, rng, threads, options=()):
    begin = time.monotonic()
    expected = run(*inputs, *options)[1]
    pace = max(0.2, 2 * (time.monotonic() - begin))  # a build with sanitizers takes longer than the whole of 0.2 s
    check(f"{name}: there is something to find", len(expected) > 20, expected)
    for number, agree in ((signal.SIGTERM, lambda a, b: a == b), (signal.SIGKILL, same_once)):
        for interval in ([], ["--state-interval", "1"]):
            if os.path.exists("st"):
                os.unlink("st")
            got, parts = until_done([*inputs, *options, "--state", "st", *interval, *threads], number, rng, pace)
            if number == signal.SIGKILL and parts >= 400:
                got += run(*inputs, *options, "--state", "st", *threads)[1]
            stops[number] += parts - 1
            check(f"{name} {number.name} {threads} in {parts} parts", agree(got, expected), f"{len(got)} lines, not {len(expected)}; {next(((a, b) for a, b in zip(got, expected) if a != b), '')}")
            check(f"{name}: nothing is left", run(*inputs, *options, "--state", "st", *threads)[1] == [])


def test_forms(threads):
    rng = random.Random(SEED)
    for form, text in FORMS.items():
        write(form, text(events(rng, 30000)))
        stopped(form, [form], rng, threads)


def test_several(threads):
    rng = random.Random(SEED + 1)
    os.makedirs("logs/deep", exist_ok=True)
    for i, form in enumerate(FORMS):
        write(f"logs/{'deep/' * (i % 2)}{i}{form}", FORMS[form](events(rng, 8000)))
    stopped("a folder", ["logs"], rng, threads)
    stopped("named files", ["logs/0plain.log", "logs/2array.json"], rng, threads)
    stopped("suppressed, emptied, with events", ["logs"], rng, threads, ["--suppress", "2m", "--reset-on-alert", "--correlation-events", "full"])


def test_grown(threads):
    rng = random.Random(SEED + 2)
    all = events(rng, 600)
    write("whole.log", lines(all))
    expected = run("whole.log")[1]
    got, at = [], 0
    write("grows.log", "")
    while at < len(all):
        n = rng.randrange(1, 80)
        write("grows.log", lines(all[at : at + n]), "a")
        at += n
        got += run("grows.log", "--state", "grown", *threads)[1]
    check("a file that grows between runs", got == expected, f"{len(got)} lines, not {len(expected)}; {next(((a, b) for a, b in zip(got, expected) if a != b), '')}")
    write("more.log", lines(all))
    one = run("grows.log", "more.log", "--state", "grown", *threads)[1]
    check("a file that is new is read whole", len(one) >= sum(o["A"] in (1, 2) for o in all), len(one))
    os.rename("grows.log", "grows.log.1")
    write("grows.log", '{"A":1}\n')
    write("grows.log.1", '{"A":2}\n', "a")
    got = [json.loads(l) for l in run("grows.log", "--state", "grown", *threads)[1]]
    check("the rest of a renamed file, then the new one", [m["rule_title"] for m in got if "rule_title" in m][:2] == ["Two", "One"], got)
    write("grows.log", "")
    write("grows.log", '{"A":2,"B":1}\n' * 3)
    status, got, err = run("grows.log", "--state", "grown", *threads)
    check("a file that was cut is read from its beginning", len(got) >= 3, (got, err))
    p = subprocess.run([sigmac, "eval", "-r", "rules.yml", "--state", "grown", "--format", "ndjson", "more.log"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    write("more.log", '{"A":2,"B":1}\n')
    p = subprocess.run([sigmac, "eval", "-r", "rules.yml", "--state", "grown", "--format", "ndjson", "more.log"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("and that is said", b"from its beginning" in p.stderr, p.stderr)


def follow(args, number, feed, rng, done):
    """A run that follows, to which `feed` writes; ended by a signal at some time, or when `done` says that all is there."""
    p = subprocess.Popen(command(args), stdin=subprocess.DEVNULL, stdout=open("out", "ab"), stderr=subprocess.PIPE)
    feed()
    end = time.monotonic() + rng.random() * 0.4
    while time.monotonic() < end:
        time.sleep(0.01)
    if done:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not done():
            time.sleep(0.02)
    p.send_signal(number)
    err = p.communicate(timeout=PATIENCE)[1]
    return err.decode()


def test_follow(threads):
    rng = random.Random(SEED + 3)
    for number in (signal.SIGTERM, signal.SIGKILL):
        stream = events(rng, 400)
        write("whole.log", lines(stream))
        expected = run("whole.log")[1]
        for f in ("out", "f.log", "f.log.1", "f.st"):
            if os.path.exists(f):
                os.unlink(f)
        write("out", "")
        write("f.log", "")
        at = [0]

        def feed():
            for _ in range(rng.randrange(1, 4)):
                n = rng.randrange(1, 40)
                text = lines(stream[at[0] : at[0] + n])
                at[0] += n
                cut = rng.randrange(len(text) + 1) if text else 0
                write("f.log", text[:cut], "a")
                time.sleep(rng.random() * 0.05)
                write("f.log", text[cut:], "a")

        def rotate():
            write("f.log", lines(stream[at[0] : at[0] + 5]), "a")
            at[0] += 5
            os.replace("f.log", "f.log.1")
            write("f.log", lines(stream[at[0] : at[0] + 5]))
            at[0] += 5

        def done():
            there = set(open("out").read().splitlines())
            return all(l in there for l in expected if json.loads(l)["event_index"] < at[0])

        args = ["--follow", "f.log", "--state", "f.st", "--state-interval", "1", *threads]
        while at[0] < len(stream):
            rotating = rng.random() < 0.3
            follow(args, number, feed, rng, done if rotating else None)
            if rotating and at[0] < len(stream):
                rotate()  # the one before was read, as who rotates leaves time for
        err = follow(args, number, lambda: None, rng, done)
        got = open("out").read().splitlines()
        if number == signal.SIGTERM:
            check(f"follow, stopped {threads}", got == expected, f"{len(got)} lines, not {len(expected)}: {err}")
        else:
            got = [l for l in got if l in set(expected) or l.startswith("{") and l.endswith("}")]
            check(f"follow, killed {threads}", same_once(got, expected), f"{len(set(got))} lines, not {len(set(expected))}: {err}")


def test_refused(threads):
    write("a.log", '{"A":1}\n')
    check("a new state", run("a.log", "--state", "s")[0] == 0)
    good = open("s", "rb").read()
    cases = [("cut off", good[:-1]), ("cut to its beginning", good[:5]), ("longer", good + b"x"), ("foreign", b"title: a rule\n" * 9)]
    cases += [(f"byte {i} changed", good[:i] + bytes([good[i] ^ 64]) + good[i + 1 :]) for i in range(0, len(good), 7)]
    for name, bytes_ in cases:
        write("t", bytes_)
        status, out, err = run("a.log", "--state", "t")
        check(f"state {name}", status == 2 and not out and "error" in err and open("t", "rb").read() == bytes_, (status, out, err))
    for option in (["--suppress", "1h"], ["--reset-on-alert"], ["--correlation-events", "refs"], ["--timestamp-field", "x"], ["--logsource", "off"]):
        status, out, err = run("a.log", "--state", "s", *option)
        check(f"other options: {option}", status == 2 and option[0] in err and open("s", "rb").read() == good, err)
    check("not a file", run("a.log", "--state", ".")[0] == 2)
    check("no such folder", run("a.log", "--state", "none/s")[0] == 2)
    write("empty", "")
    check("an empty file is a new state", run("a.log", "--state", "empty")[:1] == (0,))
    check("interval alone", run("a.log", "--state-interval", "5")[0] == 2)
    check("interval of nothing", run("a.log", "--state", "s", "--state-interval", "0")[0] == 2)


def test_held(threads):
    write("a.log", '{"A":1}\n')
    p = subprocess.Popen(command(["--state", "held", "-"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdin.write(b'{"A":1}\n')
    p.stdin.flush()
    p.stdout.readline()
    status, out, err = run("a.log", "--state", "held")
    check("two processes", status == 2 and "another process" in err, err)
    p.stdin.close()
    p.wait(PATIENCE)
    check("behind it", run("a.log", "--state", "held")[0] == 0)


def test_full(threads):
    write("a.log", '{"A":1}\n' * 50)
    run("a.log", "--state", "full")
    before = open("full", "rb").read()
    write("a.log", '{"A":1}\n', "a")

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    p = subprocess.run(command(["a.log", "--state", "full"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=small)
    check("no room for the state", p.returncode == 3 and b"cannot be kept" in p.stderr and open("full", "rb").read() == before and not os.path.exists("full.tmp"), p.stderr)
    check("and it goes on from the one before", len(run("a.log", "--state", "full")[1]) >= 1)
    if os.path.exists("/dev/full"):
        before = open("full", "rb").read()
        write("a.log", '{"A":1}\n', "a")
        p = subprocess.run(command(["a.log", "--state", "full"]), stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE)
        check("no room for matches", p.returncode == 3 and open("full", "rb").read() == before, p.stderr)
    if os.geteuid():
        os.makedirs("fixed", exist_ok=True)
        os.chmod("fixed", 0o500)
        check("a folder that nobody may write", run("a.log", "--state", "fixed/s")[0] == 2)
        os.chmod("fixed", 0o700)


def test_changed(threads):
    rules = open("rules.yml").read()
    if "Many" not in rules:
        return
    write("b.log", lines([{"A": 1, "U": "u", "@timestamp": "2024-01-01T00:00:00Z"}] * 2))
    run("b.log", "--state", "c")
    write("b.log", lines([{"A": 1, "U": "u", "@timestamp": "2024-01-01T00:00:01Z"}]), "a")
    shutil.copy("c", "c2")
    write("changed.yml", rules.replace("gte: 3}, generate", "gte: 2}, generate", 1))
    got, err = run("b.log", "--state", "c", rules="changed.yml")[1:]
    check("a rule that has changed starts afresh", "`Many` starts afresh" in err and not any('"Many"' in l for l in got), (got, err))
    got, err = run("b.log", "--state", "c2")[1:]
    check("one that has not goes on", any('"Many"' in l for l in got) and not err, (got, err))


def main():
    chosen = sys.argv[2:]
    work = tempfile.mkdtemp()
    for name, test in sorted(globals().items()):
        if name.startswith("test_") and (not chosen or name[5:] in chosen):
            for threads in THREADS if name in ("test_forms", "test_several", "test_grown", "test_follow") else THREADS[:1]:
                os.mkdir(f"{work}/{name}{len(threads)}")
                os.chdir(f"{work}/{name}{len(threads)}")
                write("rules.yml", RULES + ("" if os.environ.get("PLAIN") else OVER_TIME))
                test(threads)
    os.chdir("/")
    shutil.rmtree(work)
    if not chosen:
        check("runs were stopped and killed", all(n >= 20 for n in stops.values()), stops)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)


main()
