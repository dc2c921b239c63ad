#!/usr/bin/env python3
"""What a terminal shows while `eval` runs, and how a run ends on a signal: terminal.py SIGMAC

Prints what fails, and `N passed, N failed` last."""
import fcntl, os, pty, re, select, signal, struct, subprocess, sys, tempfile, termios, time, unicodedata

RULE = "title: '%s'\nlevel: high\nlogsource: {category: t}\ndetection: {s: {A: 1}, condition: s}\n"
WIDE = "\u6f22\u5b57 e\u0301 " + "long " * 30
PATIENCE = 30
sigmac = os.path.abspath(sys.argv[1])
failed = passed = 0


def check(name, holds, shown=""):
    global failed, passed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print(f"{name}: failed\n{shown}")


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def screen(text):
    """The lines that are left: of carriage returns, erasing to the end of the line, and colours."""
    lines, line, at = [], "", 0
    for part in re.findall(r"\r\n|\r|\n|\x1b\[[0-9;]*[A-Za-z]|[^\r\n\x1b]+", text):
        if part in ("\n", "\r\n"):
            lines, line, at = lines + [line], "", 0
        elif part == "\r":
            at = 0
        elif part == "\x1b[K":
            line = line[:at]
        elif part[0] != "\x1b":
            line, at = line[:at] + part + line[at + len(part):], at + len(part)
    return lines + ([line] if line else [])


class Run:
    """A command on a terminal of the given width; what is in `own` (stdout, stderr) is not on the terminal."""

    def __init__(self, args, width=80, **own):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        self.p = subprocess.Popen([sigmac, *args], stdin=own.get("stdin", subprocess.PIPE), stdout=own.get("stdout", slave), stderr=own.get("stderr", slave), env=env)
        os.close(slave)
        self.text = ""

    def read(self, until=None):
        end = time.time() + PATIENCE
        while time.time() < end and not (until and until in self.text):
            if not select.select([self.master], [], [], 0.1)[0]:
                if self.p.poll() is not None:
                    break
                continue
            try:
                data = os.read(self.master, 65536)
            except OSError:
                break
            if not data:
                break
            self.text += data.decode(errors="replace")
        return self.text

    def close(self):
        try:
            return self.p.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.p.kill()
            return "did not end"
        finally:
            os.close(self.master)


def lines_of(n):
    return b'{"A":1}\n' + b'{"A":2}\n' * n


def test_progress():
    r = Run(["eval", "-r", "rule.yml", "large.ndjson"], stdout=subprocess.DEVNULL)
    text = r.read(until=" left")
    check("progress with what is left", re.search(r"\r\d+ %, \d+ events, [\d.]+ MB, \d+ events/s, \d+ matches, \d+:\d\d left\x1b\[K", text), text)
    r.p.send_signal(signal.SIGINT)
    text = r.read()
    check("status of an interrupt", r.close() == 130, text)
    check("progress is taken away, the summary stays", [l.split()[0] for l in screen(text)] == ["events", "matches", "rules", "unmapped", "ended"], text)


def test_growing():
    r = Run(["eval", "-r", "rule.yml"], width=30)
    for _ in range(40):
        r.p.stdin.write(lines_of(9))
        r.p.stdin.flush()
        time.sleep(0.02)
    r.p.stdin.close()
    text = r.read()
    r.close()
    check("progress of what has no known end", "events" in text and " left" not in text and " %" not in text, text)
    check("progress fits the terminal", all(len(l) < 30 for l in re.findall(r"\r([^\r\x1b\n]+)\x1b\[K", text)), text)


def test_table():
    for width, heads in ((130, ["LEVEL", "EVENT", "TIME", "RULE", "ID"]), (80, ["LEVEL", "EVENT", "TIME", "RULE"]), (50, ["LEVEL", "EVENT", "RULE"])):
        r = Run(["eval", "-r", "wide.yml"], width=width)
        for _ in range(20):
            r.p.stdin.write(lines_of(3))
            r.p.stdin.flush()
            time.sleep(0.03)
        r.p.stdin.close()
        text = r.read()
        r.close()
        lines = screen(text)
        check(f"columns at {width}", lines[0].split() == heads, text)
        check(f"rows at {width}", sum(bool(re.match(r"high {9} +\d+  ", l)) for l in lines) == 20, text)
        check(f"width at {width}", all(columns(l) <= width for l in lines[:21]), text)
        check(f"no progress left at {width}", not any("events/s" in l for l in lines[:21]), text)
        check(f"colours at {width}", "\x1b[31mhigh" in text, text)


def test_no_terminal():
    p = subprocess.run([sigmac, "eval", "-r", "wide.yml", "--format", "table"], input=lines_of(100000), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check("neither progress nor colours without a terminal", p.returncode == 0 and not re.search(rb"[\r\x1b]", p.stdout + p.stderr), p.stderr)


def test_quiet():
    r = Run(["eval", "-q", "-r", "rule.yml", "large.ndjson"], stdout=subprocess.DEVNULL)
    time.sleep(0.6)
    r.p.send_signal(signal.SIGTERM)
    text = r.read()
    check("quiet is quiet", r.close() == 143 and not text, text)


def wait_for_handler(pid):
    """Until the process catches SIGTERM."""
    for _ in range(PATIENCE * 20):
        caught = int(re.search(r"SigCgt:\s*(\w+)", open(f"/proc/{pid}/status").read())[1], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.05)


def test_signals():
    os.mkfifo("pipe")
    p = subprocess.Popen([sigmac, "eval", "-r", "rule.yml", "pipe"], stderr=subprocess.PIPE)
    wait_for_handler(p.pid)
    p.send_signal(signal.SIGINT)
    _, err = p.communicate(timeout=PATIENCE)
    check("interrupted while nobody opens the pipe", p.returncode == 130 and b"SIGINT" in err, err)
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        reader, writer = os.pipe()
        p = subprocess.Popen([sigmac, "eval", "-r", "rule.yml", "hits.ndjson"], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        wait_for_handler(p.pid)
        time.sleep(1)  # by now the pipe is full
        p.send_signal(number)
        _, err = p.communicate(timeout=PATIENCE)
        check(f"interrupted while nobody reads ({status})", p.returncode == status and b"bytes of matches are lost" in err and b"ended" in err, err)
        os.close(reader)
    reader, writer = os.pipe()
    p = subprocess.Popen([sigmac, "eval", "-r", "rule.yml", "hits.ndjson"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    wait_for_handler(p.pid)
    time.sleep(0.5)
    p.send_signal(signal.SIGINT)
    out = b"".join(iter(lambda: os.read(reader, 65536), b""))
    _, err = p.communicate(timeout=PATIENCE)
    os.close(reader)
    matches = re.search(rb"matches +(\d+)", err)
    check("interrupted while somebody reads: nothing is lost", matches and int(matches[1]) == out.count(b"\n") and b"lost" not in err, err)


def terminals():
    try:
        for fd in pty.openpty():
            os.close(fd)
        return True
    except OSError:
        return False


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, text in (("rule.yml", RULE % "Short"), ("wide.yml", RULE % WIDE)):
            open(name, "w", encoding="utf-8").write(text)
        with open("large.ndjson", "wb") as f:
            for _ in range(100):
                f.write(lines_of(100000))
        open("hits.ndjson", "wb").write(b'{"A":1}\n' * 500000)
        tests = [test_no_terminal, test_signals]
        if terminals():
            tests += [test_progress, test_growing, test_table, test_quiet]
        else:
            print("what a terminal shows is not tested: this machine gives out no pseudo terminals (is /dev/pts mounted?)")
        for test in tests:
            test()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
