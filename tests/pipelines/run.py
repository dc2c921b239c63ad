#!/usr/bin/env python3
"""Runs the cases of pipelines: run.py PIPELINE_SHOW [CASE...]   (BLESS=1 rewrites what they expect; read the difference)

A case is a folder with pipeline.yml, mostly rule.yml, optionally args (one argument a line, for tests/tools/pipeline_main.c), and what
that prints: expected. Where the package pysigma is there, what a pipeline makes of a rule must be what pySigma makes of it, but for
cases with a file `differs`, which says why not: there it must be something else. Prints differences, and `N passed, N failed` last.
"""
import difflib, os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
try:
    sys.argv, kept = sys.argv[:1], sys.argv
    sys.path.insert(0, HERE)
    import sigma.rule  # noqa: F401
    import compare
except ImportError:
    compare = None
finally:
    sys.argv = kept


def ours(tool, d):
    args = open(os.path.join(d, "args")).read().splitlines() if os.path.exists(os.path.join(d, "args")) else []
    rule = ["rule.yml"] if os.path.exists(os.path.join(d, "rule.yml")) else []
    p = subprocess.run([tool, *args, "-p", "pipeline.yml", *rule], cwd=d, capture_output=True, timeout=60)
    return p.stdout.decode(errors="replace") + p.stderr.decode(errors="replace")


def same_as_pysigma(text, d):
    """Whether pySigma comes to the same, and what it comes to."""
    here = os.getcwd()
    os.chdir(d)
    try:
        args = open("args").read().splitlines() if os.path.exists("args") else []
        pipeline = compare.load([b for a, b in zip(args, args[1:]) if a == "-p"] + ["pipeline.yml"])
        want = compare.theirs(open("rule.yml").read(), pipeline)
        if want is None:
            return same_final(compare.final(open("rule.yml").read(), pipeline), text)
    except Exception as e:
        return ": error: " in text, f"{type(e).__name__}: {e}"
    finally:
        os.chdir(here)
    lines = [x for x in text.split("\n") if x]
    tail = ("fields: ", "index: ", "attribute ", "logsource: ", "query: ", "final: ", "rule.yml:", "pipeline.yml:", "  hint: ")
    body = [x for x in lines if not x.startswith(tail)]
    fields = [x[8:].split(" ") for x in lines if x.startswith("fields: ")] or [[]]
    source = [x[11:] for x in lines if x.startswith("logsource: ")]
    if not source:
        return False, compare.show(want[0])
    got = compare.parse_ours(body), fields[0], source[0], ([x[7:] for x in lines if x.startswith("query: ")] or ["QUERY"])[0]
    return got == want, f"{compare.show(want[0])}\n{want[1:]}"


def same_final(want, text):
    got = text[text.index("final: ") + 7:] if "final: " in text else ""
    if want.startswith("- "):  # YAML may quote as it likes
        import yaml
        return yaml.safe_load(got) == yaml.safe_load(want), want
    return got.rstrip("\n") == want, want


def check(tool, name):
    d = os.path.join(HERE, name)
    path = os.path.join(d, "expected")
    text = ours(tool, d)
    if os.environ.get("BLESS") == "1":
        open(path, "w", encoding="utf-8").write(text)
    want = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    good = text == want and text != ""
    if text != want:
        print("\n".join(difflib.unified_diff(want.splitlines(), text.splitlines(), f"{name}/expected", "now", lineterm="")))
    if compare and os.path.exists(os.path.join(d, "rule.yml")):
        same, theirs = same_as_pysigma(text, d)
        if same == os.path.exists(os.path.join(d, "differs")):
            good = False
            print(f"{name}: {'the same as pySigma, against' if same else 'not what'} pySigma makes of it:\n{theirs}\nbut\n{text}")
    return good


def main():
    tool = os.path.abspath(sys.argv[1])
    names = sys.argv[2:] or sorted(n for n in os.listdir(HERE) if os.path.exists(os.path.join(HERE, n, "pipeline.yml")))
    results = [check(tool, n) for n in names]
    if not compare:
        print("pysigma is not installed: not compared with it")
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
