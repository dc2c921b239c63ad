#!/usr/bin/env python3
"""The steps of action.yml, run as GitHub runs them, and what docs/ci.md shows: action.py SIGMAC   (`N passed, N failed` last)

The expressions in `env` are replaced by inputs, each `run` is a script for bash, and the workspace is a clone as actions/checkout makes it of a
pull request: shallow, with the merge commit checked out.
"""
import json, os, re, shutil, subprocess, sys, tempfile

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", **{f"GIT_{w}_{k}": v for w in ("AUTHOR", "COMMITTER") for k, v in (("NAME", "t"), ("EMAIL", "t@example.org"))}}
RULE = """title: {title}
id: {id}
status: test
description: Detects the execution of the example tool from a folder of users.
author: Example Author
date: 2025-06-01
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        Image|endswith: '\\{id}.exe'
    condition: selection
level: {level}
"""
ONE, TWO, THREE = (f"{i}b3c1f6a-7a55-4a5e-9d1c-0d6c1d1c2a10" for i in (1, 2, 3))


def git(cwd, *args):
    p = subprocess.run(["git", "-C", cwd, *args], env=dict(os.environ, **GIT), capture_output=True, text=True)
    assert p.returncode == 0, p.stderr
    return p.stdout.strip()


def write(folder, name, text):
    os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def pull_request(temp):
    """A clone with the merge commit of a pull request, and the base of the request."""
    origin, clone = os.path.join(temp, "origin"), os.path.join(temp, "workspace")
    os.mkdir(origin)
    git(origin, "init", "-q", "-b", "main")
    write(origin, "rules/one_example_rule.yml", RULE.format(title="Example Tool Execution", id=ONE, level="middle"))
    write(origin, "rules/two_example_rule.yml", RULE.format(title="Second Tool Execution", id=TWO, level="low"))
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "base")
    base = git(origin, "rev-parse", "HEAD")
    git(origin, "checkout", "-q", "-b", "change")
    write(origin, "rules/a third rule $(touch hacked).yml", RULE.format(title="Third Tool Execution", id=TWO, level="extreme"))
    git(origin, "rm", "-q", "rules/two_example_rule.yml")
    write(origin, "rules/two_moved_rule.yml", RULE.format(title="Second Tool Execution", id=TWO, level="low"))
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "change")
    git(origin, "checkout", "-q", "main")
    git(origin, "merge", "-q", "--no-ff", "-m", "merge", "change")
    git(temp, "clone", "-q", "--depth=1", "file://" + origin, clone)
    return clone, base


def action(temp, sigmac):
    """A copy of what the action's repository has, with the program built."""
    folder = os.path.join(temp, "action")
    os.makedirs(os.path.join(folder, "scripts"))
    os.mkdir(os.path.join(folder, "build"))
    for name in ("action.yml", "scripts/github-action.sh", "scripts/setup.sh"):
        shutil.copy(os.path.join(ROOT, name), os.path.join(folder, name))
    os.symlink(sigmac, os.path.join(folder, "build", "sigmac"))
    return folder


def evaluate(text, values):
    return re.sub(r"\$\{\{ *([a-z_.-]+) *\}\}", lambda m: values[m[1]], text)


def run(folder, workspace, base, **inputs):
    """Exit status and output of all steps, until one fails."""
    with open(os.path.join(folder, "action.yml"), encoding="utf-8") as f:
        spec = yaml.safe_load(f)
    given = {k.replace("_", "-"): v for k, v in inputs.items()}
    assert set(given) <= set(spec["inputs"]), given
    values = {f"inputs.{k}": given.get(k, v["default"]) for k, v in spec["inputs"].items()}
    values["github.event.pull_request.base.sha"] = base
    output, status = "", 0
    for step in spec["runs"]["steps"]:
        assert "${{" not in step["run"], "an input in a script"
        env = {k: evaluate(v, values) for k, v in step.get("env", {}).items()}
        p = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=workspace, capture_output=True, text=True,
                           env=dict(os.environ, **GIT, **env, GITHUB_ACTION_PATH=folder))
        output, status = output + p.stdout + p.stderr, p.returncode
        if status:
            break
    return status, output


def blocks(page):
    """The examples in YAML of a page."""
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as f:
        return re.findall(r"^```yaml\n(.*?)^```", f.read(), re.M | re.S)


def gitlab(script, repository, sigmac, temp, base):
    """Exit status and output of the lines of `script`, as a runner's shell has them."""
    tools = os.path.join(temp, "tools")
    os.makedirs(tools, exist_ok=True)
    if not os.path.exists(os.path.join(tools, "sigmac")):
        os.symlink(sigmac, os.path.join(tools, "sigmac"))
    env = dict(os.environ, **GIT, PATH=tools + ":" + os.environ["PATH"], **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {}))
    env = env if base else {k: v for k, v in env.items() if k != "CI_MERGE_REQUEST_DIFF_BASE_SHA"}
    p = subprocess.run(["sh", "-e", "-c", "\n".join(script)], cwd=repository, capture_output=True, text=True, env=env)
    return p.returncode, p.stdout + p.stderr


def pages(sigmac, temp, base):
    """What the pages show is what there is."""
    github, step, gitlab_ci, hooks = (yaml.safe_load(b) for b in blocks("ci.md"))
    with open(os.path.join(ROOT, "action.yml"), encoding="utf-8") as f:
        inputs = set(yaml.safe_load(f)["inputs"])
    with open(os.path.join(ROOT, ".pre-commit-hooks.yaml"), encoding="utf-8") as f:
        ids = {h["id"] for h in yaml.safe_load(f)}
    with open(os.path.join(ROOT, "docs", "ci.md"), encoding="utf-8") as f:
        page = f.read()
    lint_step = github["jobs"]["lint"]["steps"][1]
    yield "docs: inputs are those of the action", set(lint_step["with"]) <= inputs and all(f"| `{i}` |" in page for i in inputs)
    yield "docs: hooks are those that there are", {h["id"] for h in hooks["repos"][0]["hooks"]} <= ids and all(f"| `{i}` |" in page for i in ids)
    origin, script = os.path.join(temp, "origin"), gitlab_ci["lint"]["script"]
    status, output = gitlab(script, origin, sigmac, temp, base)
    yield "docs: GitLab, a merge request", status == 1 and "a third rule" in output and "one_example_rule.yml:14" not in output
    status, output = gitlab(script, origin, sigmac, temp, None)
    yield "docs: GitLab, a branch", status == 1 and "one_example_rule.yml:14" in output
    reports = gitlab_ci["lint"]["artifacts"]["reports"]
    with open(os.path.join(origin, reports["codequality"]), encoding="utf-8") as f:
        yield "docs: GitLab has its report", {"invalid-level"} <= {i["check_name"] for i in json.load(f)}
    yield "docs: GitLab has its tests", os.path.getsize(os.path.join(origin, reports["junit"])) > 0
    config = os.path.join(temp, "example.yml")
    with open(config, "w", encoding="utf-8") as f:
        f.write(blocks("linting.md")[0])
    p = subprocess.run([sigmac, "lint", "--config", config, os.path.join(origin, "rules")], capture_output=True, text=True)
    yield "docs: the configuration is taken", p.returncode == 1 and not p.stderr


def main():
    sigmac, results = os.path.abspath(sys.argv[1]), {}
    with tempfile.TemporaryDirectory() as temp:
        folder, (clone, base) = action(temp, sigmac), pull_request(temp)

        def case(name, want, there, away, base=base, **inputs):
            status, output = run(folder, clone, base, **inputs)
            good = status == want and all(t in output for t in there) and not any(t in output for t in away)
            results[name] = good
            if not good:
                print(f"{name}: exit {status}\n{output}")

        third = "file=rules/a third rule $(touch hacked).yml"
        case("a pull request", 1, [third, "duplicate-id"], ["one_example_rule.yml,"])
        case("a push", 1, [third, "invalid-level", "one_example_rule.yml,"], [], base="")
        case("all of a pull request", 1, ["one_example_rule.yml,"], [], changed_only="false")
        case("a profile", 1, ["missing-references"], [], profile="sigmahq")
        case("no such profile", 2, ["--profile is"], [], profile="$(touch hacked)`touch hacked`")
        case("a level", 2, ["--fail-level is"], [], fail_level="; touch hacked")
        case("paths on several lines", 3, ["cannot be read"], [], paths="rules\n\nno such folder\n")
        case("a path like an option", 3, ["cannot be read"], ["usage", "Try"], paths="--help")
        write(clone, "quiet file.yml", "lint: {disable: [duplicate-id, invalid-level]}\n")
        case("a configuration", 0, ["duplicate-detection"], ["duplicate-id"], config="quiet file.yml")
        case("SARIF", 1, [third], [], sarif="out put.sarif")
        with open(os.path.join(clone, "out put.sarif"), encoding="utf-8") as f:
            found = json.load(f)["runs"][0]["results"]
        results["SARIF has the findings"] = {"duplicate-id"} <= {r["ruleId"] for r in found} and all("one_example" not in json.dumps(r["locations"]) for r in found)
        case("a checkout of the base alone", 1, [third, "invalid-level", "one_example_rule.yml,", "::notice::"], [], base=git(clone, "rev-parse", "HEAD"))
        subprocess.run([sigmac, "lint", "--write-baseline", "base line.json", "rules"], cwd=clone, check=True, capture_output=True)
        case("a baseline", 0, ["in the baseline"], ["duplicate-id"], baseline="base line.json")
        results.update(pages(sigmac, temp, base))
        results["no input is run"] = not any("hacked" == n for _, _, names in os.walk(temp) for n in names)
    for name, good in results.items():
        if not good:
            print(f"FAILED: {name}")
    print(f"{sum(results.values())} passed, {len(results) - sum(results.values())} failed")
    sys.exit(not all(results.values()))


if __name__ == "__main__":
    main()
