#!/usr/bin/env python3
"""The whole program without memory: cli.py SIGMAC FAILING-MALLOC.so

Each command runs again and again while allocation number 0, 1, 2 ... of the process fails, be it of libc, libyaml or PCRE2
(once it alone, once all behind it too), until none is left to fail; where there are more than STEPS, a sample of that many. The
program must either do as ever or exit with 3 and say why. Prints `N passed, N failed` last; a command is one test."""
import atexit, gzip, os, re, shutil, subprocess, sys, tempfile

STEPS = 300
HERE = os.path.dirname(os.path.abspath(__file__))
CASE = os.path.join(HERE, "..", "golden", "regex")
SIGMAC, SHIM = map(os.path.abspath, sys.argv[1:3])
TEMP = tempfile.mkdtemp()
atexit.register(shutil.rmtree, TEMP)
OUT = os.path.join(TEMP, "out")
PACKED = os.path.join(TEMP, "events.ndjson.gz")
with open(os.path.join(CASE, "events.ndjson"), "rb") as f, gzip.open(PACKED, "wb") as g:
    g.write(f.read())
COMMANDS = [
    ["eval", "-r", "rule.yml", "--format", "ndjson", "events.ndjson"],
    ["eval", "-q", "-r", ".", "--format", "table", "--include-event", "--plain", "events.ndjson"],
    ["eval", "-q", "-r", "../../oom/windows", "--format", "csv", "--from", "2025-01-01", "--summary", OUT, "../../oom/windows/events.ndjson"],
    ["eval", "-q", "-r", "rule.yml", "--matched-fields", "--format", "ndjson", "events.ndjson"],
    ["eval", "-q", "-r", "rule.yml", "--format", "ndjson", PACKED],
    ["eval", "-q", "-r", "rule.yml", "--threads", "2", "--format", "ndjson", "events.ndjson"],
    ["explain", "-r", "../../oom/windows", "--id", "Anything with a process", "../../oom/windows/events.ndjson"],
    ["explain", "--profile", "--id", "Anything with a process", "-r", "../../oom/windows", "../../oom/windows/events.ndjson"],
    ["explain", "-r", "rule.yml", "--format", "json", '{"F":"abc","x":1}'],
    ["fields", "-r", "../../oom/windows", "../../oom/windows/events.ndjson"],
    ["compile", "-o", OUT, "rule.yml"],
    ["compile", "../refused-values/rule.yml", "../refused-correlation/rule.yml"],
    ["disasm", "rule.yml"],
    ["disasm", "../correlations/rule.yml"],
    ["disasm", "-p", "../correlation-pipeline/pipeline.yml", "../correlation-pipeline/rule.yml"],
    ["explain", "-r", "../correlation-chain/rule.yml", "--id", "Failures And Then A New Service"],
    ["translate", "-t", "eql", "rule.yml"],
    ["translate", "-t", "kql", "--format", "ndjson", "-o", OUT, "rule.yml", "../keywords/rule.yml"],
    ["translate", "-t", "eql", "--report", "--format", "json", "..", "-q"],
    ["pipeline", "show", "-p", "ecs-windows", "../../oom/windows"],
    ["pipeline", "check", "--format", "json", "defender-xdr"],
    ["lint", "--profile", "all", "--today", "2026-02-01", "../refused-values/rule.yml", "../keywords"],
    ["lint", "--format", "sarif", "--today", "2026-02-01", "../refused-values/rule.yml"],
    ["lint", "--format", "junit", "--today", "2026-02-01", "../refused-values/rule.yml", "nosuch"],
    ["lint", "--diff", "--unsafe", "--profile", "all", "--today", "2026-02-01", "../lint/yaml-spacing/fires.yml", "../lint/key-order/fires.yml"],
    ["lint", "--target", "eql,kql", "--format", "sarif", "--today", "2026-02-01", "../refused-values/rule.yml", "../keywords"],
    ["lint", "--target", "eql,kql", "-p", "ecs-windows", "-p", "defender-xdr", "--today", "2026-02-01", "rule.yml"],
    ["lint", "--explain", "all"],
    ["lint", "--config", "../../fuzz/corpus/config/all-keys.yml", "--baseline", "../../fuzz/corpus/config/sigma-cli.yml", "rule.yml"],
    ["lint", "--config", "../../fuzz/corpus/config/all-keys.yml", "--changed-from", "../../fuzz/corpus/config/names", "--today", "2026-02-01", "."],
    ["lint", "--config", "../../fuzz/corpus/config/sigma-cli.yml", "--today", "2026-02-01", "--write-baseline", OUT, "rule.yml"],
    ["list", "--format", "json", "modifiers"],
    ["--version"],
    ["eval", "--help"],
    ["evaluate"],
]


def run(command, fail=None):
    env = dict(os.environ, LC_ALL="C")
    if fail is not None:
        env.update(LD_PRELOAD=SHIM, FAIL_MALLOC=fail)
    if os.path.exists(OUT):
        os.unlink(OUT)
    p = subprocess.run([SIGMAC, *command], cwd=CASE, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    return p.returncode, p.stdout, p.stderr


def shown(command, output):
    """Figures of time differ."""
    return re.sub(rb" *[0-9.]+", b"N", output) if command[:2] == ["explain", "--profile"] else output


def same(command, got, expected):
    return got[0] == expected[0] and shown(command, got[1]) == shown(command, expected[1]) and (command[0] == "eval" or got[2] == expected[2])


def fault(command, expected, n):
    got = run(command, n)
    if same(command, got, expected) or (got[0] == 3 and b"emory" in got[2]):
        return None
    return f"sigmac {' '.join(command)}: allocation {n} fails: exit {got[0]}, {got[2][-300:]!r}"


def allocations(command, expected):
    """How many there are: the lowest number that has no effect even where all behind it fail."""
    low, high = 0, 1
    while not same(command, run(command, f"{high}+"), expected):
        low, high = high, high * 2
        if high > 1 << 24:
            sys.exit(f"sigmac {' '.join(command)}: does not do the same twice")
    while low < high:
        middle = (low + high) // 2
        if same(command, run(command, f"{middle}+"), expected):
            high = middle
        else:
            low = middle + 1
    return low


def check(command):
    expected = run(command)
    count = allocations(command, expected)
    numbers = range(count) if count <= STEPS else sorted({i * count // STEPS for i in range(STEPS)})
    faults = [f for n in numbers for way in ("", "+") if (f := fault(command, expected, f"{n}{way}"))]
    print(f"{' '.join(command)[:60]:60}  {count} allocations, {2 * len(numbers)} runs")
    for f in faults[:5]:
        print(f)
    return not faults


results = [check(c) for c in COMMANDS]
print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
sys.exit(not all(results))
