#!/usr/bin/env python3
"""The table of log sources and their fields, for lint.

  gen_lint_sources.py lint/data/logsources.tsv > lint/logsource_fields_table.c     compiles it (make tables)
  gen_lint_sources.py --collect APPENDIX.md RULES_DIR > lint/data/logsources.tsv   makes the table anew: log sources and fields of
        the specification's appendix, those of the maps below, and what the rules of a folder use beyond them (needs PyYAML)

A line of the table: product, category, service (`-`: none), kind, names separated by commas. Kinds:
  source      the log source exists; who says so (appendix, rules)
  event       its events by number
  provider    its providers
  native      fields of its events. A log source without them is not checked for fields
  custom      fields that rules use for it and that something adds: an agent, a pipeline
  redundant   fields that the log source settles
  definition  the text that `definition` should have; not split at commas
"""
import collections, glob, json, re, sys

NOTICE = """Log sources of Sigma rules and their fields: 2026-01, after the Sigma taxonomy 2.1.0 of 2025-08-02.
Sources: appendix "taxonomy" of the Sigma specification (public domain); names of fields of Sysmon, PowerShell and
Windows events as their vendor documents them; which names the rules of SigmaHQ use (counted), and the usual
sentence of `definition`.
Own work otherwise, under the licence of the project (MIT).""".split("\n")
KINDS = ["source", "event", "provider", "native", "custom", "redundant", "definition"]
PARTS = ("product", "category", "service")
# Used by rules, but neither in the taxonomy nor by more than one vendor's folder: their rules are told so.
NOT_YET = {("fortigate", "-", "event"), ("gcp", "-", "google_workspace.login"), ("windows", "-", "smbserver-connectivity")}

EVENTLOG = "Channel Computer EventID Provider_Name Security_UserID"
PROCESS = "RuleName UtcTime ProcessGuid ProcessId Image User"
HASHES = "md5 sha1 sha256 imphash Imphash"
CREATION = ("RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine"
            " CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId"
            " ParentImage ParentCommandLine ParentUser")
CONNECTION = (PROCESS + " Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6"
              " DestinationIp DestinationHostname DestinationPort DestinationPortName")
FILE = PROCESS + " TargetFilename CreationUtcTime"
DELETED = PROCESS + " TargetFilename Hashes IsExecutable"
REGISTRY = PROCESS + " EventType TargetObject"
KERNEL_FILE = "CreateAttributes CreateOptions FileName FileObject Irp IssuingThreadId ShareAccess"
# Fields of the events behind a category (Sysmon 15: `sysmon -s`).
WINDOWS = {
    "process_creation": CREATION,
    "file_change": FILE + " PreviousCreationUtcTime",
    "network_connection": CONNECTION,
    "sysmon_status": "UtcTime State Version SchemaVersion Configuration ConfigurationFileHash",
    "process_termination": PROCESS,
    "driver_load": "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus",
    "image_load": PROCESS + " ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus",
    "create_remote_thread": "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage"
                            " NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser",
    "raw_access_thread": PROCESS + " Device",
    "process_access": "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId"
                      " TargetImage GrantedAccess CallTrace SourceUser TargetUser",
    "file_event": FILE,
    "registry_event": REGISTRY + " Details NewName",
    "registry_add": REGISTRY,
    "registry_delete": REGISTRY,
    "registry_set": REGISTRY + " Details",
    "registry_rename": REGISTRY + " NewName",
    "create_stream_hash": FILE + " Hash Contents",
    "pipe_created": PROCESS + " EventType PipeName",
    "wmi_event": "RuleName UtcTime EventType Operation User EventNamespace Name Query Type Destination Consumer Filter",
    "dns_query": PROCESS + " QueryName QueryStatus QueryResults",
    "file_delete": DELETED + " Archived",
    "clipboard_capture": PROCESS + " Session ClientInfo Hashes Archived",
    "process_tampering": PROCESS + " Type",
    "file_delete_detected": DELETED,
    "file_block_executable": PROCESS + " TargetFilename Hashes",
    "file_block_shredding": DELETED,
    "file_executable_detected": PROCESS + " TargetFilename Hashes",
    "file_access": KERNEL_FILE,
    "file_rename": "Irp FileObject FileKey FilePath FileName ExtraInformation InfoClass IssuingThreadId",
    "ps_module": "ContextInfo UserData Payload",
    "ps_script": "MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path",
}
FIELDS = {("windows", c, "-"): EVENTLOG + " " + f for c, f in WINDOWS.items()}
FIELDS.update({(p, "process_creation", "-"): CREATION for p in ("linux", "macos")})
FIELDS.update({(p, "file_event", "-"): FILE for p in ("linux", "macos")})
FIELDS[("linux", "network_connection", "-")] = CONNECTION
HASHED = ("process_creation driver_load image_load create_stream_hash file_delete file_delete_detected file_block_executable"
          " file_block_shredding file_executable_detected").split()
# What agents add to events of Windows: the process behind, its parent, the other side.
ADDED = {c: "CommandLine ParentCommandLine ParentImage User" for c in ("file_access file_change file_delete file_event file_rename").split()}
ADDED["create_remote_thread"] = "IsInitialThread RemoteCreation TargetCommandLine TargetParentCommandLine TargetParentImage User"
ADDED["process_creation"] = "GrandParentCommandLine GrandParentProcessId"
ADDED["registry_delete"] = "Details"
ADDED["file_access"] += " TargetFilename"
ADDED["file_rename"] += " OriginalFileName"
# Of what lists they make, the appendix gives the fields: section, log source.
LISTED = {"proxy": ("-", "proxy", "-"), "webserver": ("-", "webserver", "-")}
# W3C names that the lists of the appendix leave out.
W3C = {("-", "proxy", "-"): "cs-content-type cs-dns cs-uri cs-uri-port cs-uri-scheme cs-uri-stem cs-user-agent",
       ("-", "webserver", "-"): "cs-content-type cs-dns cs-uri cs-uri-port cs-uri-scheme sc-content-type sc-win32-status"}
PROVIDERS = {
    "process_creation": "Microsoft-Windows-Security-Auditing,Microsoft-Windows-Kernel-Process,SystemTraceProvider-Process",
    "network_connection": "Microsoft-Windows-TCPIP",
    "process_access": "Microsoft-Windows-Kernel-Audit-API-Calls",
    "file_access": "Microsoft-Windows-Kernel-File", "file_rename": "Microsoft-Windows-Kernel-File",
    "ps_module": "Microsoft-Windows-PowerShell", "ps_script": "Microsoft-Windows-PowerShell",
    "ps_classic_start": "PowerShell", "ps_classic_provider_start": "PowerShell", "ps_classic_script": "PowerShell",
}
DEFINITIONS = {
    "ps_script": "Requirements: Script Block Logging must be enabled",
    "file_access": "Requirements: Microsoft-Windows-Kernel-File ETW provider",
}


def cells(line):
    return [c.strip() for c in line.strip().strip("|").split("|")]


class Table:
    def __init__(self):
        self.rows = collections.defaultdict(lambda: {k: [] for k in KINDS})

    def add(self, key, kind, names):
        have = self.rows[key][kind]
        have += [n for n in names if n not in have]

    def write(self):
        for line in NOTICE:
            print("#", line)
        for key in sorted(self.rows):
            for kind in KINDS:
                names = self.rows[key][kind]
                if names:
                    order = names if kind in ("definition", "source") else sorted(names, key=lambda n: (n.lower(), n))
                    print(*key, kind, ",".join(order), sep="\t")


def read_sources(table, text):
    """Rows of the tables: `product: windows<br>category: x` in the second column, what it stands for in the third."""
    for line in text.split("\n"):
        if not line.startswith("|") or len(cells(line)) != 3:
            continue
        _, source, about = cells(line)
        parts = dict(re.findall(r"(product|category|service): ([\w.-]+)", source))
        if not parts:
            continue
        key = tuple(parts.get(p, "-") for p in PARTS)
        table.add(key, "source", ["appendix"])
        if key[0] == "windows" and key[1] != "-":
            table.add(key, "event", re.findall(r"\d+", re.sub(r"Channel.*", "", about)) if "EventID" in about else [])
            if "Sysmon" in about:
                table.add(key, "provider", ["Microsoft-Windows-Sysmon"])


def read_lists(table, text):
    """`- `category: proxy`` and the names in backquotes that are listed below it."""
    key = None
    for line in text[text.index("### Specific"):].split("\n"):
        head = re.match(r"- `\w+: ([\w-]+)`", line)
        if head or line.startswith("#"):
            key = LISTED.get(head.group(1)) if head else None
        name = re.match(r"\s+- `([\w-]+)`:", line)
        if key and name:
            table.add(key, "native", [name.group(1)])


def fields_of(node):
    for k in node if isinstance(node, dict) else ():
        yield str(k).split("|")[0]
    for x in node if isinstance(node, list) else ():
        yield from fields_of(x)


def read_rules(table, folder):
    import yaml
    used = collections.Counter()
    for path in sorted(glob.glob(folder + "/rules*/**/*.yml", recursive=True)):
        for rule in yaml.load_all(open(path, encoding="utf-8"), Loader=yaml.CSafeLoader):
            if "detection" not in rule:
                continue
            key = tuple(rule["logsource"].get(p) or "-" for p in PARTS)
            if key in NOT_YET:
                continue
            table.add(key, "source", ["rules"])
            for name, node in rule["detection"].items():
                if name != "condition":
                    used.update((key, f) for f in set(fields_of(node)))
    for key, field in used:
        row = table.rows[key]
        if row["native"] and field not in row["native"] + row["custom"] and field:
            table.add(key, "custom", [field])


def collect(appendix, folder):
    table = Table()
    text = open(appendix, encoding="utf-8").read()
    read_sources(table, text)
    read_lists(table, text)
    for source in (FIELDS, W3C):
        for key, names in source.items():
            table.add(key, "native", names.split())
    for category, names in PROVIDERS.items():
        table.add(("windows", category, "-"), "provider", names.split(","))
    for category in HASHED:
        table.add(("windows", category, "-"), "custom", HASHES.split())
    for category, names in ADDED.items():
        table.add(("windows", category, "-"), "custom", [n for n in names.split() if n not in WINDOWS[category].split()])
    for product in ("linux", "macos"):
        table.add((product, "process_creation", "-"), "custom", HASHES.split())
    for key, row in list(table.rows.items()):
        if "Microsoft-Windows-Sysmon" in row["provider"]:
            table.add(key, "redundant", ["Channel", "EventID"])
    table.add(("windows", "registry_set", "-"), "redundant", ["EventType"])
    table.add(("windows", "file_rename", "-"), "redundant", ["Channel", "EventID"])
    for category, words in DEFINITIONS.items():
        table.add(("windows", category, "-"), "definition", [words])
    read_rules(table, folder)
    table.write()


def read(path):
    rows = {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if line.startswith("#"):
            continue
        row = line.rstrip("\n").split("\t")
        if len(row) != 5 or row[3] not in KINDS or not all(row):
            sys.exit(f"{path}:{number}: not an entry: {row}")
        key = tuple("" if p == "-" else p for p in row[:3])
        rows.setdefault(key, {})[row[3]] = row[4]
    return rows


def names(text):
    # As lint/sources.c looks them up: by the letters in lower case, then as they are.
    return sorted(text.split(","), key=lambda n: (n.lower(), n)) if text else []


def compile(path):
    print("/* SPDX-License-Identifier: MIT")
    for line in NOTICE:
        print(" *", line)
    print(" * Generated from lint/data/logsources.tsv by tests/tools/gen_lint_sources.py (make tables). Do not edit. */")
    print('/* clang-format off */\n#include "lint/sources.h"\n')
    print("#define NAMES(...) {(const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)}\n")
    print("const LintSource lint_sources[] = {")
    rows = read(path)
    for key in sorted(rows):
        row = rows[key]
        print("  {" + ", ".join(json.dumps(p) for p in key) + ", .definition = " + json.dumps(row.get("definition", "")) + ",")
        lists = {"fields": names(row.get("native", "")) + names(row.get("custom", "")),
                 "redundant": names(row.get("redundant", "")), "providers": names(row.get("provider", ""))}
        lists["fields"] = names(",".join(lists["fields"])) if row.get("native") else []
        for name, items in lists.items():
            if items:
                print(f"   .{name} = NAMES(" + ", ".join(json.dumps(i) for i in items) + "),")
        events = sorted(int(e) for e in row.get("event", "").split(",") if e)
        if events:
            print("   .events = {" + ", ".join(map(str, events)) + f"}}, .n_events = {len(events)},")
        print("  },")
    print("};")
    print("const unsigned lint_source_count = sizeof lint_sources / sizeof *lint_sources;")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--collect":
        collect(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 2:
        compile(sys.argv[1])
    else:
        sys.exit(__doc__)
