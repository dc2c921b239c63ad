#!/usr/bin/env python3
"""Files that are followed, rules that are loaded again, and threads: live.py SIGMAC [TEST...]

Nothing waits for a time: each step waits until what it is about was written. Prints what fails, and `N passed, N failed` last."""
import gzip, json, os, queue, re, signal, subprocess, sys, tempfile, threading

RULE = "title: %s\nid: %s\nlevel: high\nlogsource: {category: t}\ndetection: {s: {A: %s}, condition: s}\n"
ONE, TWO = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
PATIENCE = int(os.environ.get("PATIENCE", 60))
THREADS = ([], ["--threads", "3"])
sigmac = os.path.abspath(sys.argv[1])
failed = passed = 0


def check(name, holds, shown=""):
    global failed, passed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"{name}: failed\n{shown}")


def write(path, text, mode="w"):
    with open(path, mode) as f:
        f.write(text)


def err_of(p):
    """What is on its stderr when it has ended."""
    try:
        return p.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        p.kill()
        return b"did not end"


def rules(one="1", two=None, folder="rules"):
    os.makedirs(folder, exist_ok=True)
    write(f"{folder}/one.yml", RULE % ("One", ONE, one))
    if two:
        write(f"{folder}/two.yml", RULE % ("Two", TWO, two))
    elif os.path.exists(f"{folder}/two.yml"):
        os.unlink(f"{folder}/two.yml")


class Live:
    """A run whose lines of output and of stderr come as they are written."""

    def __init__(self, *args, **own):
        self.p = subprocess.Popen([sigmac, "eval", *args], stdin=own.get("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.lines, self.messages, self.all = queue.Queue(), queue.Queue(), []
        self.readers = [threading.Thread(target=self.pump, args=a, daemon=True) for a in ((self.p.stdout, self.lines), (self.p.stderr, self.messages))]
        for t in self.readers:
            t.start()

    def pump(self, stream, to):
        for line in stream:
            self.all.append(line.decode())
            to.put(line.decode())

    def matches(self, n):
        """The event indexes of the next matches, with the first letters of their rules."""
        found = []
        try:
            while len(found) < n:
                m = json.loads(self.lines.get(timeout=PATIENCE))
                found.append(f"{m['rule_title'][0]}{m['event_index']}")
        except queue.Empty:
            found.append("nothing more")
        return " ".join(found)

    def message(self, *parts):
        """The next line on stderr that has one of them."""
        try:
            while True:
                line = self.messages.get(timeout=PATIENCE)
                if any(p in line for p in parts):
                    return line.rstrip()
        except queue.Empty:
            return "no message"

    def end(self, number=signal.SIGTERM):
        if number:
            self.p.send_signal(number)
        try:
            status = self.p.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.p.kill()
            status = "did not end"
        for t in self.readers:
            t.join(PATIENCE)
        return status

    def rest(self):
        return self.matches(self.lines.qsize())

    def summary(self):
        return "".join(l for l in self.all if not l.startswith("{"))


def event(n, end="\n"):
    return '{"A":%d}%s' % (n, end)


# --- following -----------------------------------------------------------------------------------------------


def test_follow(threads):
    rules()
    write("f.log", event(1) + event(2))
    r = Live("-r", "rules", "--follow", "f.log", *threads)
    check("what is there is read", r.matches(1) == "O0", r.all)
    write("f.log", event(2) + event(1), "a")
    check("what comes is read", r.matches(1) == "O3", r.all)
    write("f.log", '{"A"', "a")
    write("f.log", ":1}", "a")
    write("g.log", "")
    write("f.log", "\n" + event(1), "a")
    check("a line waits for its rest", r.matches(2) == "O4 O5", r.all)
    write("f.log", "\n\n" + event(1, "") + event(1, "\r\n"), "a")
    check("blank lines, two events on a line, CR-LF", r.matches(2) == "O6 O7", r.all)
    write("f.log", "nonsense\n" + event(1), "a")
    check("a bad line is reported with its number", r.matches(1) == "O9" and r.message("bad event").startswith("f.log:10: bad event"), r.all)
    write("f.log", event(1, ""), "a")
    check("status of SIGTERM", r.end() == 143, r.all)
    text = r.summary()
    check("summary of an end by signal", re.search(r"events +10 ", text) and re.search(r"matches +7:", text) and "ended      interrupted (SIGTERM)" in text, text)
    check("a half line is no event at the end", r.rest() == "", r.all)


def test_rotation(threads):
    rules()
    write("f.log", event(1))
    r = Live("-r", "rules", "--follow", "f.log", *threads)
    r.matches(1)
    os.rename("f.log", "f.log.1")
    write("f.log.1", event(2) + event(1), "a")
    check("the old file goes on under its other name", r.matches(1) == "O2", r.all)
    write("f.log", "")
    write("f.log.1", event(1), "a")
    check("... and while the new one is empty", r.matches(1) == "O3", r.all)
    write("f.log.1", event(1, ""), "a")
    write("new", event(2) + event(1))
    os.rename("new", "f.log")
    check("the rest of the old one comes first, then the new one", r.matches(2) == "O4 O6", r.all)
    os.unlink("f.log")
    write("new", event(1))
    os.rename("new", "f.log")
    check("a file that is deleted and made again", r.matches(1) == "O7", r.all)
    check("status of SIGINT", r.end(signal.SIGINT) == 130, r.all)
    check("rotation says nothing", "note" not in r.summary(), r.summary())


def test_truncation(threads):
    rules()
    write("f.log", event(1) * 3)
    r = Live("-r", "rules", "--follow", "f.log", *threads)
    r.matches(3)
    write("f.log", event(1))
    check("an emptied file is read from its beginning", r.matches(1) == "O3", r.all)
    check("... which is said", r.message("note") == "f.log: note: it was emptied: read from its beginning again", r.all)
    write("f.log", "x\n", "a")
    check("lines count from there", r.message("bad event").startswith("f.log:2: bad event"), r.all)
    r.end()


def test_missing(threads):
    rules()
    r = Live("-r", "rules", "--follow", "late.log", "g.log", *threads)
    check("a missing file is said", r.message("late") == "late.log: note: it is not there yet: waiting for it", r.all)
    write("g.log", event(1))
    check("another one is followed meanwhile", r.matches(1) == "O0", r.all)
    write("late.log", event(1) * 2)
    check("it comes", r.matches(2) == "O1 O2", r.all)
    write("g.log", event(1), "a")
    check("both go on", r.matches(1) == "O3", r.all)
    r.end()
    check("the note came once", r.summary().count("late.log: note: it is not there yet") == 1, r.summary())
    for name in ("late.log", "g.log"):
        os.unlink(name)


def test_foreign(threads):
    rules()
    with gzip.open("packed.log", "wb") as f:
        f.write(event(1).encode() * 100000)
    write("packed.log", b"\n" * 3, "ab")
    write("f.log", event(1).encode("utf-16"), "wb")
    write("f.log", b"\n", "ab")
    write("g.log", event(1))
    r = Live("-r", "rules", "--follow", "packed.log", "f.log", "g.log", *threads)
    check("what cannot be followed is said", "compressed" in r.message("packed.log") and "UTF-16" in r.message("f.log"), r.all)
    check("the others go on", r.matches(1) == "O0", r.all)
    os.unlink("packed.log")
    write("packed.log", event(1))
    check("a good file in its place is read", r.matches(1) == "O1", r.all)
    r.end()


def test_large(threads):
    rules()
    write("f.log", event(1) + '{"B":"')
    r = Live("-r", "rules", "--follow", "f.log", *threads)
    r.matches(1)
    with open("f.log", "a") as f:
        for _ in range(65):
            f.write("x" * (1 << 20))
        f.write('"}\n' + event(1) + "bad\n")
    check("a line above the limit is reported, the next one is read", r.matches(1) == "O2" and "64 MiB" in r.message("bad event"), "")
    check("lines are counted behind it", r.message("bad event").startswith("f.log:4: "), "")
    r.end()


def test_closed(threads):
    rules()
    write("f.log", event(1))
    reader, writer = os.pipe()
    p = subprocess.Popen([sigmac, "eval", "-r", "rules", "--follow", "f.log", *threads], stdout=writer, stderr=subprocess.PIPE, start_new_session=True)
    os.close(writer)
    os.read(reader, 1000)
    os.close(reader)
    write("f.log", event(1), "a")
    err = err_of(p)
    check("a closed pipe ends it quietly", p.returncode == 0 and b"nobody reads" in err, err)


# --- rules loaded again --------------------------------------------------------------------------------------


def test_hangup(threads):
    rules()
    write("f.log", event(1))
    r = Live("-r", "rules", "--follow", "f.log", *threads)
    r.matches(1)
    rules("1", "2")
    r.p.send_signal(signal.SIGHUP)
    check("rules are loaded again", r.message("again") == "sigmac: the rules were loaded again: 2 are evaluated, 0 refused", r.all)
    write("f.log", event(2) + event(1), "a")
    check("... and used", r.matches(2) == "T1 O2", r.all)
    write("rules/one.yml", "title: broken\n")
    write("rules/two.yml", "title: broken\n")
    r.p.send_signal(signal.SIGHUP)
    check("bad rules are refused", r.message("again:").startswith("sigmac: error: the rules were not loaded again"), r.all)
    write("f.log", event(2), "a")
    check("... and those from before stay", r.matches(1) == "T3", r.all)
    rules("3")
    r.p.send_signal(signal.SIGHUP)
    r.message("again:")
    write("f.log", event(2) + event(1) + event(3), "a")
    check("a rule that is gone matches no more", r.matches(1) == "O6", r.all)
    check("the status tells of the bad ones", r.end() == 143, r.all)
    text = r.summary()
    check("counts go on", re.search(r"matches +5: 5 high", text) and re.search(r"top rules +3 +high +One\n +2 +high +Two\n", text), text)


def test_hangup_pipe(threads):
    rules()
    reader, writer = os.pipe()
    r = Live("-r", "rules", "--summary", "s.json", "--fail-on-match", *threads, stdin=reader)
    os.close(reader)
    os.write(writer, event(1).encode())
    check("a pipe", r.matches(1) == "O0", r.all)
    rules("2")
    r.p.send_signal(signal.SIGHUP)
    r.message("again:")
    os.write(writer, (event(1) + event(2)).encode())
    check("a pipe, other rules", r.matches(1) == "O2", r.all)
    os.close(writer)
    check("status at its end", r.end(0) == 1, r.all)
    s = json.load(open("s.json"))
    check("summary over both sets", s["events"] == 3 and [(m["rule_id"], m["matches"]) for m in s["matches_by_rule"]] == [(ONE, 2)], s)


def test_hangup_flood(threads):
    """Every event meets exactly one of two sets, whatever the moment."""
    rules("1")
    reader, writer = os.pipe()
    r = Live("-r", "rules", "--threads", "3", stdin=reader) if threads else Live("-r", "rules", stdin=reader)
    os.close(reader)
    n = 60000
    text = (event(1) * n).encode()
    thread = threading.Thread(target=lambda: (os.write(writer, text[:1 << 16]), [os.write(writer, text[i:i + 65536]) for i in range(1 << 16, len(text), 65536)], os.close(writer)))
    thread.start()
    seen = r.matches(1)
    for _ in range(3):
        r.p.send_signal(signal.SIGHUP)
        r.message("loaded again:")
    thread.join()
    status = r.end(0)
    indexes = [json.loads(l)["event_index"] for l in r.all if l.startswith("{")]
    check("no event is lost or seen twice", status == 0 and seen == "O0" and indexes == list(range(n)), (status, len(indexes), r.summary()))


def test_hangup_elsewhere(threads):
    rules()
    write("stdin.yml", RULE % ("One", ONE, 1))
    write("f.log", event(1))
    with open("stdin.yml") as f:
        r = Live("-r", "-", "--follow", "f.log", *threads, stdin=f)
    r.matches(1)
    r.p.send_signal(signal.SIGHUP)
    check("rules from standard input stay", "standard input cannot be loaded again" in r.message("error"), r.all)
    r.end()
    os.mkfifo("pipe")
    subprocess.run([sigmac, "compile", "-q", "-o", "r.sgc", "rules"], check=True)
    r = Live("-r", "r.sgc", "pipe", *threads)
    with open("pipe", "w") as w:
        w.write(event(1))
        w.flush()
        r.matches(1)
        rules("2")
        subprocess.run([sigmac, "compile", "-q", "-o", "r.sgc", "rules"], check=True)
        r.p.send_signal(signal.SIGHUP)
        r.message("again:")
        w.write(event(2))
        w.flush()
        check("an image, and a named pipe", r.matches(1) == "O1", r.all)
        image = open("r.sgc", "rb").read()
        for what, left in (("emptied", b""), ("cut off", image[:300]), ("changed", image[:-1] + bytes([image[-1] ^ 1]))):
            write("r.sgc", left, "wb")
            r.p.send_signal(signal.SIGHUP)
            said = r.message("again:")
            w.write(event(2))
            w.flush()
            check(f"an image that was {what}", said.startswith("sigmac: error: the rules were not loaded again") and len(r.matches(1)) == 2, r.all)
    check("its end", r.end(0) == 3, r.all)
    os.unlink("pipe")


# --- threads -------------------------------------------------------------------------------------------------


def run(args, **own):
    p = subprocess.run([sigmac, "eval", "-r", "rules", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, **own)
    return p.returncode, p.stdout, re.sub(rb", [\d.]+ s, \d+ events/s", b"", p.stderr)


def test_same():
    rules("1", "2")
    lines = [event(i % 4) if i % 997 else "broken %d\n" % i for i in range(50000)]
    write("a.ndjson", "".join(lines))
    write("b.json", "[" + ",\n".join(event(i % 3, "") for i in range(3000)) + ",]")
    write("c.ndjson", '{"A":1,"B":"%s"}\n' % ("x" * 3000000) * 3 + '{"A":1}{"A":2}\n')
    with gzip.open("d.ndjson.gz", "wb") as f:
        f.write("".join(lines[:5000]).encode())
    files = ["a.ndjson", "b.json", "nosuch", "c.ndjson", "d.ndjson.gz"]
    for own in ([], ["--include-event"], ["--matched-fields", "--fail-on-match"], ["--format", "json"], ["--format", "csv", "--include-event"], ["--format", "table"]):
        alone = run([*own, *files])
        check("something is found", len(alone[1]) > 100000 and b"more bad events" in alone[2] and b"cannot be read" in alone[2], alone[2])
        for n in ("2", "3", "16", "0"):
            check(f"{n} threads, {own}", run([*own, *files, "--threads", n]) == alone)


def test_threads_ended():
    rules("1", "2")
    write("hits.ndjson", (event(1) + event(2)) * 200000)
    for n in ("1", "2", "4"):
        reader, writer = os.pipe()
        p = subprocess.Popen([sigmac, "eval", "-r", "rules", "--threads", n, "hits.ndjson"], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        os.read(reader, 1000)
        os.close(reader)
        err = err_of(p)
        check(f"a closed pipe, {n} threads", p.returncode == 0 and b"nobody reads" in err, err)
        reader, writer = os.pipe()
        p = subprocess.Popen([sigmac, "eval", "-r", "rules", "--threads", n, "hits.ndjson"], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        out = os.read(reader, 1000)
        p.send_signal(signal.SIGINT)
        out += b"".join(iter(lambda: os.read(reader, 65536), b""))
        os.close(reader)
        err = err_of(p)
        events, matches = (int((re.search(rb"%s +(\d+)" % w, err) or b"00")[1]) for w in (b"events", b"matches"))
        check(f"interrupted, {n} threads: what was counted was written", p.returncode == 130 and events == matches == out.count(b"\n") < 400000, err)
        with open("/dev/full", "w") as full:
            p = subprocess.run([sigmac, "eval", "-r", "rules", "--threads", n, "hits.ndjson"], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
        check(f"a full disk, {n} threads", p.returncode == 3 and b"cannot write matches: No space left" in p.stderr, p.stderr)


def test_many_results():
    """More is found in a block than its results have room for."""
    os.makedirs("many", exist_ok=True)
    for i in range(300):
        write(f"many/{i}.yml", RULE % (f"R{i}", f"{i:08d}-1111-4111-8111-111111111111", 1))
    write("m.ndjson", event(1) * 3000)
    outs = [subprocess.run([sigmac, "eval", "-q", "-r", "many", "--include-event", "--threads", n, "m.ndjson"], stdout=subprocess.PIPE, timeout=PATIENCE).stdout for n in ("1", "2", "5")]
    check("many matches for each event", outs[0].count(b"\n") == 900000 and outs[1] == outs[0] == outs[2])


def test_limits():
    """Tests that are given up are summed up over the scanners."""
    os.makedirs("slow", exist_ok=True)
    for i, ends in enumerate("$$$"):
        write(f"slow/{i}.yml", "title: Slow %d\nlogsource: {category: t}\ndetection: {s: {F%d|re: '(?=a)(a+)+%s'}, condition: s}\n" % (i, i, ends))
    write("l.ndjson", "".join(json.dumps({f"F{i}": "a" * 40 + "b" for i in range(3) if n % 7 in (i, 2 * i)} | {"X": "x" * 40000}) + "\n" for n in range(21)))
    runs = [subprocess.run([sigmac, "eval", "-r", "slow", "--threads", n, "l.ndjson"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE) for n in ("1", "4")]
    errs = [re.sub(rb", [\d.]+ s, \d+ events/s", b"", p.stderr) for p in runs]
    check("tests given up in threads", errs[0] == errs[1] and errs[0].count(b"given up") == 4, b"\n".join(errs))


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        only = sys.argv[2:]
        for test in (test_follow, test_rotation, test_truncation, test_missing, test_foreign, test_large, test_closed, test_hangup, test_hangup_pipe, test_hangup_flood, test_hangup_elsewhere):
            for threads in THREADS:
                if not only or test.__name__ in only:
                    test(threads)
        for test in (test_same, test_threads_ended, test_many_results, test_limits):
            if not only or test.__name__ in only:
                test()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
