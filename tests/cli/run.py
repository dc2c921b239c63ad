#!/usr/bin/env python3
"""Runs recorded sessions: run.py SIGMAC [FILE.session|FILE.md...]   (BLESS=1 rewrites them; read the difference)

A session is what a terminal shows: lines that start with `$ ` are commands, `> ` lines continue one, and the lines behind
them are what it prints on stdout and stderr together; a last line `[N]` is its exit status where that is not 0. Lines that
start with `# ` before the first command are comments. How long something took is cut out. The commands of a session run
in one fresh folder, with `sigmac` on the PATH and SRC naming the root of the sources. Prints the differences, and `N passed, N failed` (commands) last.

Blocks marked `console` in README.md and docs/*.md are sessions, too: commands of the blocks of a page run at the root of the sources.
"""
import difflib, glob, os, re, subprocess, sys, tempfile

TIMING = re.compile(r", \d+\.\d s, \d+ events/s")  # in the summary of a run that took longer than a tenth of a second

HERE = os.path.dirname(os.path.abspath(__file__))


def parse(text):
    """Comment lines, and (command, expected) pairs."""
    head, steps = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], []])
        elif not steps:
            head.append(line)
        elif line.startswith("> ") and not steps[-1][1]:
            steps[-1][0] += "\n" + line[2:]
        else:
            steps[-1][1].append(line)
    return head, steps


def run(command, cwd, env):
    p = subprocess.run(["sh", "-c", command], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    lines = [TIMING.sub("", l) for l in p.stdout.decode(errors="replace").splitlines()]
    return lines + ([f"[{p.returncode}]"] if p.returncode else [])


def replay(path, steps, cwd, env):
    """How many steps print what is recorded; they hold what is printed now afterwards."""
    good = 0
    for step in steps:
        got = run(step[0], cwd, env)
        good += got == step[1]
        if got != step[1]:
            print(f"{os.path.basename(path)}: $ {step[0]}")
            print("\n".join(list(difflib.unified_diff(step[1], got, "recorded", "now", lineterm=""))[2:]))
        step[1] = got
    return good


def text_of(head, steps):
    return "".join(l + "\n" for l in head) + "".join(
        "$ " + command.replace("\n", "\n> ") + "\n" + "".join(l + "\n" for l in lines) for command, lines in steps
    )


def bless(path, text):
    if os.environ.get("BLESS") == "1":
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def session(path, env):
    head, steps = parse(open(path, encoding="utf-8").read())
    with tempfile.TemporaryDirectory() as cwd:
        good = replay(path, steps, cwd, env)
    bless(path, text_of(head, steps))
    return good, len(steps)


def page(path, env):
    good = count = 0

    def block(m):
        nonlocal good, count
        head, steps = parse(m[2])
        good, count = good + replay(path, steps, env["SRC"], env), count + len(steps)
        return m[1] + text_of(head, steps) + m[3]

    bless(path, re.sub(r"^(```console\n)(.*?)^(```)$", block, open(path, encoding="utf-8").read(), flags=re.M | re.S))
    return good, count


def main():
    bin_folder = tempfile.mkdtemp()
    os.symlink(os.path.abspath(sys.argv[1]), os.path.join(bin_folder, "sigmac"))
    env = dict(os.environ, PATH=bin_folder + ":" + os.environ["PATH"], SRC=os.path.dirname(os.path.dirname(HERE)), NO_COLOR="1", LC_ALL="C.UTF-8")
    good = count = 0
    pages = [os.path.join(env["SRC"], "README.md")] + glob.glob(os.path.join(env["SRC"], "docs", "*.md"))
    for path in sys.argv[2:] or sorted(glob.glob(os.path.join(HERE, "*.session")) + pages):
        g, n = (page if path.endswith(".md") else session)(path, env)
        good, count = good + g, count + n
    print(f"{good} passed, {count - good} failed")
    sys.exit(not count or good != count)


if __name__ == "__main__":
    main()
