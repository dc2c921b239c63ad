# SPDX-License-Identifier: MIT
"""What the converters share: reading flat Windows events (the form of docs/logsources.md), names split, hashes, registry paths."""
import json
import ntpath
import re
import sys
import zlib

SYSMON = "microsoft-windows-sysmon"


def kind(e):
    "sysmon number, or the event of another log"
    eid = e.get("EventID")
    eid = int(eid) if isinstance(eid, (int, str)) and re.fullmatch(r"-?[0-9]+", str(eid)) else None
    channel = str(e.get("Channel") or "").lower()
    if str(e.get("Provider_Name") or "").lower() == SYSMON or channel.startswith("microsoft-windows-sysmon"):
        return "sysmon", eid
    if channel == "security":
        return "security", eid
    if channel in ("microsoft-windows-powershell/operational", "powershellcore/operational"):
        return "powershell", eid
    return "other", eid


def text(v):
    return None if v is None else "true" if v is True else "false" if v is False else v if isinstance(v, str) else str(v)


def whole(v):
    "an integer of a number or its text, decimal or 0x"
    if isinstance(v, bool) or v is None:
        return None
    if isinstance(v, int):
        return int(v)
    try:
        return int(str(v), 0 if str(v).lower().startswith("0x") else 10)
    except ValueError:
        return None


def account(user):
    r"DOMAIN\name -> (domain, name)"
    if not isinstance(user, str) or user == "":
        return None, None
    domain, sep, name = user.rpartition("\\")
    return (domain, name) if sep else (None, user)


def hashes(e):
    "ALGO=HEX,.. -> {algo: hex}, algorithms in upper case"
    out = {}
    for part in str(e.get("Hashes") or e.get("Hash") or "").split(","):
        algo, sep, digest = part.partition("=")
        if sep and digest:
            out[algo.strip().upper()] = digest.strip()
    return out


HIVES = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS", "HKCU": "HKEY_CURRENT_USER", "HKCR": "HKEY_CLASSES_ROOT"}


def pick(text_, n):
    "one of n, always the same for a text: where sources write a thing in several ways"
    return zlib.crc32(str(text_).encode("utf-8", "replace")) % n


def registry(path, has_value, classes):
    r"""What Sysmon writes -> (key with the long name of its hive and the number of its control set, value name). Sysmon prints
    HKLM\System\CurrentControlSet; the systems that log the real key print ControlSet001. HKCR is what Sysmon calls the classes of
    the machine; `classes` is what the target calls them. Users below HKU stand in HKEY_USERS or in HKEY_CURRENT_USER by their SID."""
    if not isinstance(path, str):
        return None, None
    key, value = path, None
    if has_value:
        key, sep, value = path.rpartition("\\")
        if not sep:
            key, value = path, None
    hive, sep, rest = key.partition("\\")
    if hive == "HKCR" and sep:
        key = classes + "\\" + rest
    elif hive == "HKU" and rest.startswith("S-1-") and pick(path, 2):
        key = "HKEY_CURRENT_USER\\" + rest
    elif hive in HIVES:
        key = HIVES[hive] + sep + rest
    m = re.match(r"HKEY_LOCAL_MACHINE\\System\\CurrentControlSet(?=\\|$)", key)
    if m:
        key = "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001" + key[m.end():]
    return key, value


def details(text_):
    "what Sysmon writes of a value -> (kind, data): dword and qword as decimal text"
    if not isinstance(text_, str):
        return None, None
    m = re.fullmatch(r"DWORD \(0x([0-9a-fA-F]{1,8})\)", text_)
    if m:
        return "dword", str(int(m[1], 16))
    m = re.fullmatch(r"QWORD \(0x([0-9a-fA-F]{8})-0x([0-9a-fA-F]{8})\)", text_)
    if m:
        return "qword", str(int(m[1] + m[2], 16))
    if text_ == "Binary Data":
        return "binary", None
    return "string", text_


def name_of(path):
    return ntpath.basename(path) if isinstance(path, str) else None


def stamp(t):
    m = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(\.\d{1,7})?)", str(t or ""))
    return f"{m[1]}T{m[2]}Z" if m else None


def drop_none(row):
    return {k: v for k, v in row.items() if v is not None}


def as_command(convert):
    "events of standard input -> rows; with --vm those for the VM"
    for line in sys.stdin:
        pair = convert(json.loads(line)) if line.strip() else None
        if pair:
            print(json.dumps(pair["--vm" in sys.argv], ensure_ascii=False))
