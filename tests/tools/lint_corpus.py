#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes docs/lint-corpus.md: lint_corpus.py SIGMAC SIGMAHQ-FOLDER SHARED-FOLDER > docs/lint-corpus.md

Lints a checkout of the SigmaHQ rules and the bad cases in the shared folder, says what is found, why it is true, and how it differs
from what other tools recorded (truth-*.json in the shared folder). With --check, the page must already say so. A finding, or a
difference, without a reason in the tables below is an error: look at it, then mend the check or write the reason.
"""
import collections, csv, difflib, json, os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TODAY, WITHDRAWN = "2026-02-01", ("deprecated", "unsupported")
PEERS = {"pysigma": "pySigma", "rsigma": "rsigma", "yamllint": "yamllint"}

# (check, part of the path, why the finding is true), of errors and warnings on `rules*`
TRUE = [
    ("category-provider", "proc_access_win_susp_direct_ntopenprocess_call",
     "The category stands for the events of this provider too. Here the item, below `not`, tells it from the others on purpose: an exclusion of this rule is in order."),
    ("category-provider", "proc_creation_win_conhost_susp_child_process",
     "As above: a filter leaves out the events of one of the providers that the category stands for."),
    ("filter-not-negated", "", "The selection is called a filter, and the condition asks for it: the name is wrong, or the `not` is missing."),
    ("hash-value", "create_stream_hash_ads_executable", "A kind of hash without digits: it asks whether there is such a hash at all."),
    ("implicit-type", "registry_set_susp_keyboard_layout_load",
     "Digits with leading zeros, without quotes: YAML 1.2 takes them for numbers and drops the zeros, and `endswith` looks for what is left."),
    ("impossible-value", "file_event_win_susp_double_extension", "A path of Linux in a rule for Windows; a filter that leaves nothing out."),
    ("impossible-value", "image_load_side_load_edputil", "The colon behind the drive is missing."),
    ("impossible-value", "image_load_side_load_robform", "A blank in front of the path."),
    ("impossible-value", "image_load_apt_lazarus_side_load_activity", "A path without its drive as a whole value: `endswith` was meant."),
    ("impossible-value", "proc_creation_win_powershell_non_interactive_execution", "A path without its drive as a whole value: `endswith` was meant."),
    ("impossible-value", "proc_creation_win_dump64_defender_av_bypass_rename", "`startswith` of a path without its drive: `contains` was meant."),
    ("impossible-value", "file_event_win_apt_fin7_powershell_scripts_naming_convention", "The name of a file alone: `endswith` was meant."),
    ("impossible-value", "proc_creation_win_remote_access_tools_teamviewer_incoming_connection", "The name of a program alone: `endswith` was meant."),
    ("logsource-generic", "/sysmon/sysmon_", "The event has a category of its own in the taxonomy; the rule names the sensor instead."),
    ("logsource-unknown", "gcp_gworkspace_", "Neither the specification nor the taxonomy of SigmaHQ has this service."),
    ("logsource-unknown", "fortinet_fortigate_", "Neither the specification nor the taxonomy of SigmaHQ has this product."),
    ("logsource-unknown", "win_smbserver_connectivity_", "Neither the specification nor the taxonomy of SigmaHQ has this service."),
    ("lone-wildcard", "/kubernetes/", "Any value at all is meant, which `exists` says; the rule's own comment says so too."),
    ("lone-wildcard", "/cloudtrail/", "`contains` of just a wildcard asks whether the field has a value at all, which `exists` says."),
    ("lone-wildcard", "/builtin/security/", "`contains` of just a wildcard asks whether the field has a value at all, which `exists` says."),
    ("lone-wildcard", "/powershell_module/", "`contains` of just a wildcard asks whether the field has a value at all, which `exists` says."),
    ("redundant-wildcard", "proc_creation_lnx_susp_sensitive_file_access",
     "A wildcard at an end that `contains` or `startswith` leaves open. Here the character itself may have been meant, which is `\\*`."),
    ("redundant-wildcard", "proc_creation_win_susp_emoji_usage_in_cli", "The emoji of a keycap begins with a `*`, which is a wildcard here."),
    ("redundant-wildcard", "", "A wildcard at an end that `contains` leaves open."),
    ("regex-escape", "lnx_auditd_hidden_files_directories",
     "A slash has no meaning in an expression. SigmaHQ's own test does not allow this escape either, but does not look into lists of maps."),
    ("regex-redos", "invoke_obfuscation_var",
     "`(?:.*\\)){1,}.*\"`: each `)` ends a round of the group or is taken by `.*`, so n of them make 2^n ways, all tried where the last `\"` is missing. Python needs twice the time for each."),
    ("related-self", "", "The entry has the id of the rule itself."),
    ("selection-name", "proc_creation_lnx_susp_sensitive_file_access", "A name holds a dot; a condition can reach it by a pattern only."),
    ("selection-name", "proc_creation_macos_file_and_directory_discovery",
     "A name holds a `|`, as if a selection had modifiers; they do nothing, and a condition can reach it by a pattern only."),
]

def validators():
    """lint/validators.def, as the rows below."""
    ids = collections.defaultdict(list)
    with open(os.path.join(ROOT, "lint", "validators.def"), encoding="utf-8") as f:
        for name, word in re.findall(r"^VALIDATOR\((\w+), (\w+)\)", f.read(), re.M):
            ids[name].append(word.replace("_", "-"))
    return " ".join(f"{name}:{','.join(i)}" for name, i in ids.items())


# What conditions mean: each finding says itself why it is true, and tests/sound looked for events that contradict it.
MEANING = {"always-false", "always-true", "filter-swallows", "numeric-range-empty", "unreachable-selection", "selection-subsumed", "filter-no-effect",
           "duplicate-selection", "cidr-overlap", "regex-always-matches", "fieldref-self", "negative-only", "mergeable-maps", "near-duplicate"}
OFTEN = ["value-subsumed"]  # of the profile all: told by file
# Infos that no other tool has, one by one.
SMALL = {"cidr-overlap", "description-equals-title", "empty-string", "mergeable-maps", "near-duplicate", "precedence", "redundant-parens",
         "reference-url", "regex-inline-flag", "regex-plain", "regex-redundant-affix", "related-unresolved", "value-whitespace", "windash-no-dash"}

# Name of a check of a peer: ours. Of several, a finding counts as the one that we have in the same file (about the same tag), or the first.
NAMES = {
    "pysigma": "@condition-error:condition-aggregation,condition-syntax " + validators(),
    "rsigma": """
        all_with_re:all-with-re condition_references_unknown:condition-unknown deprecated_aggregation_syntax:condition-aggregation
        deprecated_without_related:deprecated-without-related description_too_long:description-too-long
        duplicate_fields:duplicate-field-entry duplicate_references:duplicate-reference duplicate_tags:duplicate-tag
        empty_detection:empty-detection empty_title:empty-title empty_value_list:empty-value-list
        falsepositive_too_short:falsepositive-too-short file_read_error:file-unreadable
        incompatible_modifiers:modifier-conflict,modifier-repeated invalid_date:invalid-date invalid_id:invalid-id
        invalid_level:invalid-level invalid_modified:invalid-modified invalid_related_id:related-id invalid_related_type:related-type
        invalid_status:invalid-status invalid_tag:tag-format logsource_value_not_lowercase:logsource-case missing_author:missing-author
        missing_condition:missing-condition missing_description:missing-description missing_detection:missing-detection
        missing_level:missing-level missing_logsource:missing-logsource missing_title:missing-title
        modified_before_date:modified-before-date name_too_long:name-too-long non_lowercase_key:key-case
        not_a_mapping:not-a-mapping,empty-document null_in_value_list:null-in-list related_missing_required:related-incomplete
        scope_too_short:scope-too-short single_value_all_modifier:all-single taxonomy_too_long:taxonomy-too-long
        title_too_long:title-too-long unknown_key:unknown-key unknown_tag_namespace:tag-namespace wildcard_only_value:lone-wildcard
        yaml_parse_error:yaml-syntax""",
    "yamllint": """
        braces:yaml-spacing brackets:yaml-spacing colons:yaml-spacing commas:yaml-spacing comments:yaml-comment-style
        document-start:yaml-document-start empty-lines:yaml-blank-lines hyphens:yaml-spacing indentation:yaml-indent
        key-duplicates:yaml-duplicate-key new-line-at-end-of-file:yaml-final-newline new-lines:yaml-newline
        trailing-spaces:yaml-trailing-space truthy:yaml-truthy""",
}
UNPARSED = "The rest of ours is in rules that pySigma does not parse."
GLOBAL = "rsigma does not look into the part that `action: global` gives to other documents."
PARTS = "rsigma takes the parts of collections with `action: global` for whole rules."
# check: why the numbers differ
DIFFERENT = {
    "condition-aggregation": GLOBAL,
    "condition-syntax": "Free text as a condition. rsigma does not parse conditions.",
    "condition-unknown": "rsigma takes words of free text for names of selections. There it is the syntax that is wrong, which is said once.",
    "duplicate-filename": "The same two pairs; pySigma names the other file of each, which is below `rules`.",
    "duplicate-title": "We name each rule after the first that has a title, pySigma each title once, at a rule below `rules` where there is one. "
                       "Over all folders it has 20 titles; ours are two more because one title is used three times and one belongs to a rule that pySigma does not parse.",
    "field-unknown": "`cmdline` in a rule for auditd: the specification has no list of fields for this source, so our table has none.",
    "fields-deprecated": UNPARSED,
    "filename-prefix": f"{UNPARSED} pySigma counts one file twice, whose two documents have different log sources and would need different prefixes; we say nothing of it.",
    "github-branch-link": UNPARSED,
    "invalid-date": GLOBAL + " pySigma still takes dates with slashes.",
    "invalid-modified": GLOBAL + " pySigma still takes dates with slashes.",
    "logsource-unknown": f"Ours are in rules that pySigma does not parse. pySigma's four are `service: powershell`, which the specification has and the taxonomy of SigmaHQ has not.",
    "missing-author": PARTS, "missing-condition": PARTS, "missing-description": PARTS, "missing-level": PARTS, "missing-title": PARTS,
    "number-as-string": UNPARSED,
    "of-single": "A collection with `action: global`: the pattern stands in the shared part, and each document has one selection for it. pySigma asks this of patterns that begin with `selection_` only, not of `selection*`.",
    "status-folder": "pySigma reports every rule that is deprecated or unsupported, wherever it is. We report the contrary as well: rules in these folders that are still `stable`, `test` or `experimental`.",
    "tag-attack": UNPARSED + " pySigma knows ATT&CK 18.1, so five times it does not know `attack.stealth`; "
                  "it counts tags of two collections twice.",
    "tag-attack-revoked": UNPARSED,
    "tag-attack-tactic": "80 of pySigma's are because it knows ATT&CK 18.1, 62 are tactics that the rule has, spelled with `_` (which is a finding of `tag-attack`), and one "
                         "is counted twice for two documents. It counts a tactic once for all techniques, we at each technique. " + UNPARSED,
    "tag-cve": UNPARSED,
    "title-case": f"{UNPARSED} pySigma counts one title twice, which two documents share through `action: global`.",
    "unknown-key": "rsigma reports misspelled keys only; these are keys of their authors' own.",
    "unused-selection": "pySigma takes `timeframe` for a selection. We report it as `timeframe`.",
    "user-localized": UNPARSED,
    "wildcard-as-modifier": f"Ours are in rules that pySigma does not parse. pySigma's one has `contains` already, so that a wildcard at the start is not for want of a modifier.",
    "yaml-document-start": "yamllint also reports `---` between documents.",
}
# (file, check): errors on a bad case that is made for another check
CASES = {
    ("filter-no-selection.yml", "condition-unknown"): "A filter without a selection whose condition names one: both are true.",
    ("modifier-order.yml", "base64-wildcard"):
        "`contains` before `base64` puts wildcards into the value, which cannot be encoded: what the order leads to, and why the compiler refuses the rule.",
}


class Missing(Exception):
    pass


def lint(sigmac, cwd, *paths, profile="sigmahq", today=TODAY, more=()):
    cmd = [sigmac, "lint", "--profile", profile, "--today", today, "--format", "json", "-q", *more, *paths]
    p = subprocess.run(cmd, cwd=cwd, capture_output=True, text=True)
    if p.returncode not in (0, 1, 3):
        raise SystemExit(f"{' '.join(cmd)}: exit {p.returncode}: {p.stderr[-300:]}")
    return json.loads(p.stdout)["findings"]


def code(text):
    """A message in a table: a bar would end the cell."""
    return text.replace("|", "\\|")


def peer_findings(shared, ours):
    """peer -> Counter of (file, check of ours)."""
    have, found = collections.defaultdict(str), {}
    for f in ours:
        have[f["path"], f["check"]] += f["message"] + "\n"
    for peer in PEERS:
        names = {k: v.split(",") for k, v in (word.rsplit(":", 1) for word in NAMES[peer].split())}
        with open(os.path.join(shared, "lint", f"truth-{peer}.json"), encoding="utf-8") as f:
            theirs = json.load(f)["findings"]
        unknown = {f["check"] for f in theirs} - set(names)
        if unknown:
            raise Missing(f"{peer}: no check of ours for {sorted(unknown)}")
        found[peer] = collections.Counter()
        for f in theirs:
            ids, tag = names[f["check"]], f"`{f['detail']['tag']}`" if "tag" in (f.get("detail") or {}) else ""
            found[peer][f["file"], next((i for i in ids if (f["file"], i) in have and tag in have[f["file"], i]), ids[0])] += 1
    return found


def checks_of(peer):
    return {i for word in NAMES[peer].split() for i in word.rsplit(":", 1)[1].split(",")}


def why_true(f):
    for check, part, why in TRUE:
        if check == f["check"] and part in f["path"]:
            return why
    raise Missing(f"{f['path']}:{f['line']}:{f['column']}: {f['check']}: {f['message']}: no reason in TRUE")


def part_rules(ours, peers):
    yield "| place | check | message | also said by | why it is true |\n|---|---|---|---|---|"
    for f in ours:
        if f["severity"] == "info" or f["check"] in MEANING:
            continue
        also = ", ".join(PEERS[p] for p in PEERS if peers[p][f["path"], f["check"]])
        yield f"| `{f['path']}:{f['line']}:{f['column']}` | {f['check']} | {code(f['message'])} | {also} | {code(why_true(f))} |"


def part_meaning(ours):
    yield "| place | check | what is true | why, and what shows it |\n|---|---|---|---|"
    for f in ours:
        if f["severity"] != "info" and f["check"] in MEANING:
            yield f"| `{f['path']}:{f['line']}:{f['column']}` | {f['check']} | {code(f['message'])} | {code(f.get('hint', ''))} |"


def part_small(ours):
    yield "| place | check | message | what to do, or the other place |\n|---|---|---|---|"
    for f in ours:
        if f["check"] in SMALL:
            hint = re.sub(r"in /\S*/(?=rules)", "in ", f.get("hint", ""))
            yield f"| `{f['path']}:{f['line']}:{f['column']}` | {f['check']} | {code(f['message'])} | {code(hint)} |"


def part_often(ours):
    yield "| file | values | the first of them |\n|---|---|---|"
    for path in sorted({f["path"] for f in ours if f["check"] in OFTEN}):
        found = [f for f in ours if f["path"] == path and f["check"] in OFTEN]
        yield f"| `{path}` | {len(found)} | line {found[0]['line']}: {code(found[0]['message'])} |"


def part_withdrawn(ours, peers):
    unparsed = {path for path, check in peers["pysigma"] if check in ("condition-aggregation", "condition-syntax")}
    gone = lambda path: path.split("/")[0] in WITHDRAWN
    mine = collections.Counter(f["check"] for f in ours if gone(f["path"]))
    hidden = collections.Counter(f["check"] for f in ours if gone(f["path"]) and f["path"] in unparsed)
    theirs = {p: collections.Counter() for p in PEERS}
    for p in PEERS:
        for (path, check), n in peers[p].items():
            theirs[p][check] += n if gone(path) else 0
    yield "| check | ours | of these in rules that pySigma does not parse | pySigma | rsigma | yamllint | why the numbers differ |\n|---|---|---|---|---|---|---|"
    for check in sorted(set(mine) | {c for p in PEERS for c, n in theirs[p].items() if n}):
        cells = [str(theirs[p][check]) if check in checks_of(p) else "" for p in PEERS]
        differs = any(c and int(c) != mine[check] for c in cells)
        if differs and not DIFFERENT.get(check):
            raise Missing(f"{check}: ours {mine[check]}, {dict(zip(PEERS, cells))}: no reason in DIFFERENT")
        yield f"| {check} | {mine[check]} | {hidden[check] or ''} | {' | '.join(cells)} | {DIFFERENT[check] if differs else ''} |"


def part_cases(sigmac, shared):
    bad = os.path.join(shared, "lint", "bad")
    wanted = collections.defaultdict(set)
    with open(os.path.join(bad, "INDEX.tsv"), encoding="utf-8") as f:
        for row in csv.DictReader((line for line in f if not line.startswith("#")), delimiter="\t"):
            wanted[row["file"]].add(row["check"])
    yield "| case | check | place | why it stays |\n|---|---|---|---|"
    for top in sorted({file.split("/")[0] for file in wanted}):
        for f in lint(sigmac, bad, top, profile="all", today="2099-01-02" if "status-too-high" in top else TODAY):
            if f["severity"] != "error" or f["check"] in wanted[f["path"]]:
                continue
            if (f["path"], f["check"]) not in CASES:
                raise Missing(f"{f['path']}:{f['line']}:{f['column']}: {f['check']}: {f['message']}: no reason in CASES")
            yield f"| `{f['path']}` | {f['check']} | {f['line']}:{f['column']} | {CASES[f['path'], f['check']]} |"


def page(sigmac, hq, shared):
    with open(os.path.join(hq, "COMMIT"), encoding="utf-8") as f:
        commit = re.search(r"[0-9a-f]{40}", f.read()).group()
    active = sorted(d for d in os.listdir(hq) if d.startswith("rules") and os.path.isdir(os.path.join(hq, d)))
    known = ["--disable", "date-in-future", *(a for check in OFTEN for a in ("--enable", check))]
    everything = lint(sigmac, hq, *active, *WITHDRAWN, more=known)
    rules = lint(sigmac, hq, *active, more=known)
    peers = peer_findings(shared, everything)
    files = sum(n.endswith(".yml") for d in active for _, _, names in os.walk(os.path.join(hq, d)) for n in names)
    infos = collections.Counter(f["check"] for f in rules if f["severity"] == "info")
    errors, warnings = (sum(f["severity"] == s for f in rules) for s in ("error", "warning"))
    yield "# What lint finds in the SigmaHQ rules\n"
    yield "<!-- Generated by tests/tools/lint_corpus.py; do not edit. -->\n"
    yield f"`sigmac lint --profile sigmahq --today {TODAY}` over the SigmaHQ rules at commit {commit}. The other tools are pySigma 1.5.1 with"
    yield "all validators of its core and of pySigma-validators-sigmahq 0.21.0, rsigma 0.23.0 (`rule lint`), and yamllint with the configuration of"
    yield "that repository; what they report was recorded over the same files. The day lies before the newest rules, so `date-in-future` is off.\n"
    yield f"## Errors and warnings in `rules*`\n\n{errors} errors and {warnings} warnings in {files} files.\n"
    yield from part_rules(rules, peers)
    yield "\n## What conditions mean, in `rules*`\n"
    yield "The errors and warnings of the checks that compare parts of a rule. No other tool has them. Each was tried on random events made to hit the"
    yield "rule (`make sound`): none contradicts it. A filter that leaves out nothing, or what is part of another selection, does no harm but that"
    yield "somebody believed it to do something.\n"
    yield from part_meaning(rules)
    yield "\n## Infos in `rules*`\n\n| check | findings |\n|---|---|"
    yield from (f"| {check} | {n} |" for check, n in sorted(infos.items()))
    yield "\nThose that no other tool has, one by one:\n"
    yield from part_small(rules)
    yield "\nValues of a list that another one of it covers (`value-subsumed`, in the profile `all`), by file; at most 500 findings of a file are told:\n"
    yield from part_often(rules)
    yield "\n## `deprecated` and `unsupported`, beside other tools\n"
    yield "These folders are linted together with `rules*`, as they were by the others; what is found in them is counted. An empty cell: the tool has no"
    yield "such check. A rule whose condition pySigma does not parse is reported as such, and none of its validators looks at it; nor does rsigma compare"
    yield "files. What documents share through `action: global` we report once, at its place.\n"
    yield from part_withdrawn(everything, peers)
    yield "\n## Errors of other checks in the bad cases\n"
    yield "A bad case has one fault, and is made for the check that it is named after. These errors are about something else:\n"
    yield from part_cases(sigmac, shared)


def main():
    check = "--check" in sys.argv
    sigmac, hq, shared = [a for a in sys.argv[1:] if a != "--check"]
    try:
        text = "\n".join(page(os.path.abspath(sigmac), hq, shared)) + "\n"
    except Missing as e:
        raise SystemExit(str(e))
    if not check:
        sys.stdout.write(text)
        return
    path = os.path.join(ROOT, "docs", "lint-corpus.md")
    now = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    sys.stdout.writelines(difflib.unified_diff(now.splitlines(True), text.splitlines(True), "docs/lint-corpus.md", "now"))
    print(f"{int(now == text)} passed, {int(now != text)} failed")
    sys.exit(now != text)


if __name__ == "__main__":
    main()
