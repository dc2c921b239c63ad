#!/usr/bin/env python3
"""Many rules out of few: mutate.py RULES OUT --copies N

Writes the rules of a folder and N copies of each in which two letters of every literal of the detection are another one, so
that no copy matches what the rule matches and an engine cannot share their tests. Numbers, regular expressions, networks,
names of fields and placeholders stay. The same every time. What is written is JSON, which is YAML too.
"""
import argparse, json, os, random, sys

import yaml

from streams import link_vars, rule_files

KEPT = ("re", "cidr", "exists", "fieldref", "expand", "lt", "lte", "gt", "gte", "base64", "base64offset")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def changed(text, rng):
    letters = [i for i, c in enumerate(text) if c.lower() in LETTERS and (i == 0 or text[i - 1] != "\\")]
    out = list(text)
    for i in rng.sample(letters, min(2, len(letters))):
        out[i] = rng.choice(LETTERS.replace(text[i].lower(), ""))
    return "".join(out)


def copied(node, rng, keep=False):
    if isinstance(node, dict):
        return {k: copied(v, rng, any(m in KEPT for m in str(k).split("|")[1:])) for k, v in node.items()}
    if isinstance(node, list):
        return [copied(v, rng, keep) for v in node]
    return changed(node, rng) if isinstance(node, str) and not keep else node


def copy_of(rule, number):
    rng = random.Random(f"{rule.get('id')} {rule.get('title')} {number}")
    out = dict(rule)
    out.pop("related", None)
    if "id" in rule:
        out["id"] = "%08x-0000-4000-8000-%012x" % (rng.getrandbits(32), rng.getrandbits(48))
    if "name" in rule:
        out["name"] = f"{rule['name']}_{number}"
    detection = rule["detection"]
    out["detection"] = {k: v if k in ("condition", "timeframe") else copied(v, rng) for k, v in detection.items()}
    return out


def mutate(rules, out, copies):
    """The number of rules written."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    os.makedirs(out, exist_ok=True)
    link_vars(rules, out)
    count = 0
    for number, path in enumerate(rule_files(rules)):
        with open(path, encoding="utf-8") as f:
            documents = list(yaml.load_all(f, loader))
        if len(documents) != 1 or "detection" not in documents[0]:
            continue
        for copy in range(copies + 1):
            rule = copy_of(documents[0], copy) if copy else documents[0]
            with open(os.path.join(out, f"{number:05}-{copy:03}.yml"), "w", encoding="utf-8") as f:
                json.dump(rule, f, default=str, ensure_ascii=False)
            count += 1
    return count


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("rules")
    a.add_argument("out")
    a.add_argument("--copies", type=int, default=9)
    o = a.parse_args()
    print(f"{mutate(o.rules, o.out, o.copies)} rules", file=sys.stderr)


if __name__ == "__main__":
    main()
