#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Flat Windows events -> rows of Sentinel's own tables, from the Azure Monitor table reference alone. As convert_xdr.py: the
table's row, and one for the VM with what the source wrote of the computed fields.

  Security log       SecurityEvent   the event's fields that are columns, and EventData as XML
  all other logs     Event           Source, EventLog, EventID .. and EventData as XML
In XML < > & are entities, names stand in double quotes.

  convert_native.py < flat.ndjson > rows.ndjson      (--vm: those for the VM)
"""
import functools
import os

import yaml

from sysmon import as_command, drop_none, hashes, kind, stamp, text, whole

SYSTEM = {"@timestamp", "EventID", "Channel", "Provider_Name", "Computer", "Provider_Guid", "EventSourceName", "Qualifiers", "Version", "Level", "LevelName", "Task",
          "TaskName", "Opcode", "OpcodeName", "Keywords", "KeywordNames", "EventRecordID", "ActivityID", "RelatedActivityID", "Execution_ProcessID",
          "Execution_ThreadID", "Security_UserID", "EventTime", "Message"}
SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "pipelines", "schemas", "sentinel-native.yml")


@functools.cache
def columns():
    "SecurityEvent's own columns, by the table reference: data of the event that has such a name stands there"
    with open(SCHEMA, encoding="utf-8") as f:
        return {c: t for c, t in yaml.safe_load(f)["tables"]["SecurityEvent"].items() if c not in SYSTEM and c not in ("EventData", "TimeGenerated", "Activity", "Type")}


def escape(s):
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml(data):
    return '<EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">' + "".join(f'<Data Name="{k}">{escape(v)}</Data>' for k, v in data.items()) + "</EventData>"


def fields(e):
    return {k: text(v) for k, v in e.items() if k not in SYSTEM and v is not None and not isinstance(v, (dict, list)) and v != ""}


def security(e):
    data = fields(e)
    row = {"EventID": whole(e.get("EventID")), "EventSourceName": e.get("Provider_Name"), "Channel": e.get("Channel"), "Computer": e.get("Computer"),
           "EventData": xml(data), **{k: whole(v) if columns()[k] in ("int", "long") else v for k, v in data.items() if k in columns()}}
    computed = {k: v for k, v in data.items() if k not in columns()}
    if row["EventID"] == 4688:
        who = "Target" if data.get("TargetUserName", "-") != "-" else "Subject"
        computed.update({"User": f"{data.get(who + 'DomainName', '')}\\{data.get(who + 'UserName', '')}", "ProcessIdDec": whole(data.get("NewProcessId")),
                         "ParentProcessIdDec": whole(data.get("ProcessId"))})
    return "SecurityEvent", row, computed


LEVELS = {0: "Information", 1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}


def log(e):
    data = fields(e)
    level = whole(e.get("Level"))
    row = {"EventID": whole(e.get("EventID")), "Source": e.get("Provider_Name"), "EventLog": e.get("Channel"), "Computer": e.get("Computer"),
           "EventLevelName": LEVELS.get(level), "EventLevel": level, "RenderedDescription": text(e.get("Message")), "EventData": xml(data)}
    computed = dict(data)
    for k in ("DestinationPort", "SourcePort"):
        if k in computed:
            computed[k] = whole(computed[k])
    h = hashes(e)
    computed.update({n: h[a] for n, a in (("md5", "MD5"), ("sha1", "SHA1"), ("sha256", "SHA256"), ("Imphash", "IMPHASH")) if a in h})
    return "Event", row, {k: v for k, v in computed.items() if k not in row}


def convert(e):
    "-> (row of the table, row for the VM), or None"
    if e.get("EventID") is None:
        return None
    table, row, computed = (security if kind(e)[0] == "security" else log)(e)
    row = drop_none({"_table": table, "TimeGenerated": stamp(e.get("@timestamp")), **row})
    return row, drop_none({**row, **computed})


if __name__ == "__main__":
    as_command(convert)
