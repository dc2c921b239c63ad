#!/usr/bin/env python3
"""Runs the table of bad inputs: run.py SIGMAC [NAME...]   (BLESS=1 rewrites what the cases expect; read the difference)
   run.py --self-test SIGMAC   every case must fail with a program that says nothing and succeeds
   run.py --docs               prints the table as a page (docs/bad-input.md); nothing is run

A case is a block of lines `key: text` in a file *.cases, which is a group; a key that is repeated adds a line:
  case    its name
  input   what the input is, for the page
  then    what still happens, for the page; `out`, `check` and `writes` are what proves it
  setup   shell: makes the input, in a fresh folder that holds good.yml, good.sgc, events.ndjson (see `furnish`)
  run     shell: what is tested
  exit    its exit status
  err     a line of its stderr; `...` stands for any text, alone in a line for any lines
  out     a line of its stdout, likewise; a match as NDJSON is written `match TITLE EVENT-INDEX`
  check   shell: must succeed afterwards
  writes  names of files that the command may make or change; nothing else in the folder may differ
  user    `nobody`: not as root, who may do everything
  memory  MiB that the command may take at most (not checked in builds with sanitizers)
  slow    why it is left out in builds with sanitizers
  needs   shell: where it fails, the case is left out, which is said
Whatever the case: stderr is UTF-8 without control characters. Prints the differences, and `N passed, N failed` last.
"""
import difflib, hashlib, json, os, re, shutil, signal, stat, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ONCE = ["case", "input", "then", "exit", "user", "memory", "slow", "needs"]
LISTS = ["setup", "run", "err", "out", "check", "writes"]
ORDER = ["case", "input", "then", "slow", "needs", "setup", "user", "run", "memory", "exit", "err", "out", "writes", "check"]
GROUPS = ["events", "rules", "pipelines", "transformations", "images", "translate", "options", "output", "system"]
NOBODY = 65534
HANG = 120  # seconds; nothing takes a tenth of it ...
LONG = 1  # ... and what takes longer than this is named


class Group:
    def __init__(self, path):
        self.path, self.head, self.info, self.cases = path, [], {}, []
        for number, line in enumerate(open(path, encoding="utf-8"), 1):
            self.take(line.rstrip("\n"), f"{path}:{number}")

    def take(self, line, place):
        if not self.cases and not line.startswith("case: "):
            self.head.append(line)
            if not line.startswith("#") and line:
                key, _, text = line.partition(": ")
                self.info[key] = text
            return
        if not line:
            return
        key, colon, text = line.partition(":")
        text = text[1:] if text.startswith(" ") else text
        if not colon or key not in ONCE + LISTS:
            sys.exit(f"{place}: no such key: {line}")
        if key == "case":
            self.cases.append({"place": place, **{k: [] for k in LISTS}})
        case = self.cases[-1]
        if key in ONCE and key in case:
            sys.exit(f"{place}: {key} twice")
        if key in LISTS:
            case[key].append(text)
        else:
            case[key] = text

    def write(self):
        with open(self.path, "w", encoding="utf-8") as f:
            f.write("\n".join(self.head).rstrip("\n") + "\n")
            for case in self.cases:
                f.write("\n")
                for key in ORDER:
                    for text in [case[key]] if key in ONCE and key in case else case.get(key, []):
                        f.write(f"{key}: {text}".rstrip(" ") + "\n")


def read_groups():
    groups = [Group(os.path.join(HERE, g + ".cases")) for g in GROUPS]
    names = set()
    for case in (c for g in groups for c in g.cases):
        missing = [k for k in ("input", "then", "run") if not case.get(k)]
        if missing or case["case"] in names:
            sys.exit(f"{case['place']}: " + (f"no {missing[0]}" if missing else "the name twice"))
        names.add(case["case"])
    return groups


# --- running ----------------------------------------------------------------------------------------------------


def furnish(sigmac, folder):
    """What every case finds in its folder: a good rule and its image, and three events, of which it matches 0 and 2."""
    rule = "title: good\nlogsource: {category: test}\ndetection:\n  s:\n    a: 1\n  condition: s\n"
    with open(os.path.join(folder, "good.yml"), "w") as f:
        f.write(rule)
    with open(os.path.join(folder, "events.ndjson"), "w") as f:
        f.write('{"a":1}\n{"a":2}\n{"a":1}\n')
    subprocess.run([sigmac, "compile", "-q", "-o", "good.sgc", "good.yml"], cwd=folder, check=True)


def snapshot(folder):
    """Every path below the folder with what it holds."""
    found = {}
    for top, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(top, name)
            try:
                st = os.lstat(path)
            except OSError:  # a path that is too long
                continue
            what = os.readlink(path) if stat.S_ISLNK(st.st_mode) else oct(st.st_mode)
            if stat.S_ISREG(st.st_mode):
                what = (what, st.st_size, hashlib.sha1(open(path, "rb").read()).hexdigest() if st.st_size < 1 << 22 else st.st_mtime_ns)
            found[os.fsdecode(os.path.relpath(path, folder))] = what
    return found


def shell(script, folder, env, **more):
    """Exit status, stdout, stderr as bytes, and the most memory a process took, in MiB. Files, not pipes, so that what a
    command leaves running in the background does not hold it up."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen(["sh", "-c", script], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True, **more)
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(p.pid, signal.SIGKILL))
        signal.alarm(HANG)
        _, status, usage = os.wait4(p.pid, 0)
        signal.alarm(0)
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        return p.returncode, out.read(), err.read(), usage.ru_maxrss // 1024


def condense(line):
    try:
        match = json.loads(line)
        return f"match {match['rule_title']} {match['event_index']}"
    except (ValueError, TypeError, KeyError):
        return line


def lines_of(data):
    return data.decode("utf-8", "backslashreplace").split("\n")[: None if data and not data.endswith(b"\n") else -1]


def fits(expected, got):
    parts = []
    for line in expected:
        parts.append(r"(?:.*\n)*?" if line == "..." else ".*?".join(re.escape(p) for p in line.split("...")) + r"\n")
    return re.fullmatch("".join(parts), "".join(l + "\n" for l in got)) is not None


def compare(name, expected, got):
    if fits(expected, got):
        return []
    return list(difflib.unified_diff(expected, got, f"{name} expected", f"{name} now", lineterm="", n=1))[:40]


def plain(err):
    """Messages hold nothing that a terminal obeys."""
    try:
        bad = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", err.decode("utf-8"))
    except UnicodeDecodeError as e:
        return [f"stderr is not UTF-8: {e}"]
    return [f"stderr holds a control character: {bad.group()!r}"] if bad else []


def run_case(case, setup_env, env, sanitized):
    """A list of what is wrong, and what was got."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        furnish(setup_env["SIGMAC"], folder)
        status, out, err, _ = shell("set -e\n" + "\n".join(case["setup"]), folder, setup_env)
        if status:
            return [f"set-up fails with {status}: {(out + err).decode(errors='replace')}"], None
        before = snapshot(folder)
        as_nobody = case.get("user") == "nobody" and os.getuid() == 0
        more = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody else {}
        status, out, err, mib = shell("\n".join(case["run"]), folder, env, **more)
        got = {"exit": str(status), "err": lines_of(err), "out": [condense(l) for l in lines_of(out)]}
        wrong = [] if got["exit"] == case.get("exit") else [f"exit status {status}, not {case.get('exit')}"]
        wrong += compare("stderr", case["err"], got["err"]) + compare("stdout", case["out"], got["out"]) + plain(err)
        after = snapshot(folder)
        changed = [p for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]
        wrong += [f"{p} is new, gone or changed" for p in changed if p not in case["writes"]]
        wrong += [f"{p} is not written" for p in case["writes"] if p not in changed]
        for check in case["check"]:
            failed, out, err, _ = shell(check, folder, env)
            if failed:
                wrong.append(f"check fails: {check}\n{(out + err).decode(errors='replace')}")
        if "memory" in case and not sanitized and mib > int(case["memory"]):
            wrong.append(f"{mib} MiB of memory, more than {case['memory']}")
        return wrong, got


def environment(program, folder):
    """The program is copied to where everyone may run it."""
    bin_folder = os.path.join(folder, f"bin-{len(os.listdir(folder))}")
    os.mkdir(bin_folder)
    shutil.copy(program, os.path.join(bin_folder, "sigmac"))
    os.chmod(os.path.join(bin_folder, "sigmac"), 0o755)
    shutil.copy(os.path.join(HERE, "image.py"), os.path.join(bin_folder, "image"))
    os.chmod(os.path.join(bin_folder, "image"), 0o755)
    path = bin_folder + ":" + os.environ["PATH"]
    sections = re.findall(r"^SECTION\((\w+)", open(os.path.join(HERE, "../../runtime/section.def")).read(), re.M)
    return dict(os.environ, PATH=path, IMAGE_SECTIONS=" ".join(sections), SIGMAC=os.path.join(bin_folder, "sigmac"), NO_COLOR="1", LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1")


def bless(case, wrong, got):
    """What fits with its `...` stays as it is."""
    case["exit"] = got["exit"]
    for key in ("err", "out"):
        if not fits(case[key], got[key]):
            case[key] = got[key]


def run_all(groups, sigmac, names, self_test):
    good = bad = 0
    os.umask(0o022)
    sanitized = b"__asan_init" in open(sigmac, "rb").read()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        real = environment(sigmac, folder)
        env = real
        if self_test:
            with open(os.path.join(folder, "silent"), "w") as f:
                f.write("#!/bin/sh\nexit 0\n")
            env = environment(f.name, folder)
        for case in (c for g in groups for c in g.cases):
            if names and case["case"] not in names:
                continue
            if "slow" in case and (sanitized or self_test):
                print(f"{case['case']} left out in this build: {case['slow']}")
                continue
            if "needs" in case and shell(case["needs"], folder, real)[0]:
                print(f"{case['case']} left out: this fails here: {case['needs']}")
                continue
            start = time.monotonic()
            wrong, got = run_case(case, real, env, sanitized)
            if time.monotonic() - start > LONG:
                print(f"{case['case']} took {time.monotonic() - start:.1f} s")
            if self_test:
                wrong = [] if wrong else ["a program that does nothing passes"]
            if got and os.environ.get("BLESS") == "1" and not self_test:
                bless(case, wrong, got)
            good, bad = good + (not wrong), bad + bool(wrong)
            if wrong:
                print(f"{case['place']}: {case['case']}")
                print("\n".join("  " + l for l in wrong))
    if os.environ.get("BLESS") == "1" and not self_test:
        for g in groups:
            g.write()
    print(f"{good} passed, {bad} failed")
    return not good or bad


# --- the page ---------------------------------------------------------------------------------------------------

TOLD = re.compile(r"error|warning|note:|bad event|^sigmac |more |^usage|given up")


def code(text):
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return fence + pad + text.replace("|", "\\|") + pad + fence


def message(case):
    """The lines of stderr that tell something: no excerpts of the source, no hints, no summary."""
    told = [l for l in case["err"] if TOLD.search(l) and not re.match(r" *\d* \||      =", l)]
    told = [l if len(l) < 200 else l[:160] + "..." for l in told]
    return "<br>".join(code(l) for l in told[:3]) + (f"<br>and {len(told) - 3} more" if len(told) > 3 else "") or "none"


def docs(groups):
    total = sum(len(g.cases) for g in groups)
    print("<!-- Generated by make docs from tests/bad/*.cases; do not edit. -->")
    print("# Bad input\n")
    print(f"{total} inputs that go wrong, what is said about each, the exit status, and what still happens. Every row is a test")
    print("(`tests/bad/run.py`): the message and the status are compared, and what still happens is checked. The rule and the")
    print("events around a bad one are good ones, which must be found; no file but those named may be made or changed. A row is")
    print("added as a block of lines to a file of [tests/bad](../tests/bad). Images damaged at random are made by")
    print("`tests/fuzz/fuzz_image.c` and `tests/tools/random_images.c`.\n")
    print("Exit status: 0 done, 1 findings, 2 wrong usage, 3 a rule was refused or an input was unreadable or damaged. `...` stands")
    print("for text that differs from run to run. With `-q` the summary is not printed; messages are.")
    for g in groups:
        print(f"\n## {g.info['group']}\n\n{g.info['about']}\n")
        print("| input | message | exit | what still happens |\n|---|---|---|---|")
        for c in g.cases:
            memory = f"; it takes at most {c['memory']} MiB of memory" if "memory" in c else ""
            print(f"| {c['input']} | {message(c)} | {c['exit']} | {c['then']}{memory} |")


def main():
    groups = read_groups()
    args = sys.argv[1:]
    if args == ["--docs"]:
        return docs(groups)
    self_test = args[0] == "--self-test"
    args = args[self_test:]
    sys.exit(run_all(groups, os.path.abspath(args[0]), args[1:], self_test))


if __name__ == "__main__":
    main()
