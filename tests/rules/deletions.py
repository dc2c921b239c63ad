#!/usr/bin/env python3
"""Whether the tests beside the shipped rules depend on every part of them: deletions.py SIGMAC

Deletes each item of a search identifier and each value of a list, one at a time, as long as another one is left beside it.
Some test must then fail. Prints what nothing depends on, and `N passed, N failed` (deletions) last.
"""
import contextlib, copy, glob, io, os, shutil, sys, tempfile

import yaml

import run


def deletions(node, path=()):
    """Paths of what can go."""
    entries = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []
    for k in entries:
        if len(node) > 1 and path:
            yield (*path, k)
        yield from deletions(node[k], (*path, k))


def without(document, path):
    changed = copy.deepcopy(document)
    node = changed["detection"]
    for k in path[:-1]:
        node = node[k]
    del node[path[-1]]
    return yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)


def noticed(judges, rule, text):
    """Whether a test of the rule fails with this text in its place."""
    stem = os.path.splitext(rule)[0]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        copy_of_rule = os.path.join(folder, os.path.basename(rule))
        for values in glob.glob(glob.escape(stem) + ".vars.y*ml"):
            shutil.copy(values, folder)
        os.symlink(os.path.abspath(stem + ".tests"), os.path.splitext(copy_of_rule)[0] + ".tests")
        with open(copy_of_rule, "w", encoding="utf-8") as f:
            f.write(text)
        count = run.Count()
        run.run_rule(judges, count, copy_of_rule)
    return count.failed > 0


def main():
    judges, count = {"sigmac": run.sigmac_eval(os.path.abspath(sys.argv[1]), ["--logsource", "off"])}, run.Count()
    for rule in run.rule_files(os.path.join(run.ROOT, "sigma-rules")):
        document = yaml.safe_load(open(rule, encoding="utf-8"))
        name = os.path.relpath(rule, run.ROOT)
        count.check(not noticed(judges, rule, yaml.safe_dump(document, sort_keys=False, allow_unicode=True)), name, "its tests fail as it is")
        searches = {k: v for k, v in document["detection"].items() if k != "condition"}
        for path in deletions(searches):
            count.check(noticed(judges, rule, without(document, path)), name, f"no test depends on {' > '.join(map(str, path))}")
    print(f"{count.passed} passed, {count.failed} failed")
    return count.failed > 0


if __name__ == "__main__":
    sys.exit(main())
