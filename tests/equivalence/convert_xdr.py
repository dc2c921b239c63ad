#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Flat Windows events -> rows of Defender XDR's advanced hunting tables, from the public schema reference alone (not from the
pipeline). Two rows for each event: what the table holds, and the same with what Sysmon wrote of the fields that the pipeline
computes, for the VM, which computes nothing. So a comparison proves the expressions too.

  Sysmon 1, Security 4688    DeviceProcessEvents
  Sysmon 3                   DeviceNetworkEvents   Initiated true: ConnectionSuccess, false: InboundConnectionAccepted
  Sysmon 7                   DeviceImageLoadEvents
  Sysmon 11, 23 and 26       DeviceFileEvents      FileCreated, FileDeleted
  Sysmon 12, 13, 14          DeviceRegistryEvents  hive names long, ControlSet001 for CurrentControlSet, DWORD and QWORD as
                                                   decimal text; of what is deleted mostly the Previous columns
  Sysmon 2, 6, 8, 10, 17, 18, 22, PowerShell 4104   DeviceEvents, with AdditionalFields as JSON text
Other events have no row. FolderPath is the full path; hashes are in lower case; process ids are numbers.

  convert_xdr.py < flat.ndjson > rows.ndjson      (the table's rows; --vm: those for the VM)
"""
import json

from sysmon import as_command, account, details, drop_none, hashes, kind, name_of, pick, registry, stamp, text, whole


def initiator(e, image="Image", pid="ProcessId", user="User"):
    domain, name = account(text(e.get(user)))
    return {"InitiatingProcessFolderPath": e.get(image), "InitiatingProcessFileName": name_of(e.get(image)), "InitiatingProcessId": whole(e.get(pid)),
            "InitiatingProcessCommandLine": e.get("CommandLine"), "InitiatingProcessAccountDomain": domain, "InitiatingProcessAccountName": name}


def digests(e):
    h = hashes(e)
    return {a: h[a].lower() for a in ("MD5", "SHA1", "SHA256") if a in h}


def process(e):
    domain, name = account(text(e.get("User")))
    pdomain, pname = account(text(e.get("ParentUser")))
    row = {"ActionType": "ProcessCreated", "FolderPath": e.get("Image"), "FileName": name_of(e.get("Image")), "ProcessCommandLine": e.get("CommandLine"),
           "ProcessId": whole(e.get("ProcessId")), "AccountDomain": domain, "AccountName": name, "LogonId": whole(e.get("LogonId")),
           "ProcessIntegrityLevel": e.get("IntegrityLevel"), "CreatedProcessSessionId": whole(e.get("TerminalSessionId")),
           "ProcessVersionInfoOriginalFileName": e.get("OriginalFileName"), "ProcessVersionInfoFileDescription": e.get("Description"),
           "ProcessVersionInfoProductName": e.get("Product"), "ProcessVersionInfoCompanyName": e.get("Company"), "ProcessVersionInfoProductVersion": e.get("FileVersion"),
           "InitiatingProcessFolderPath": e.get("ParentImage"), "InitiatingProcessFileName": name_of(e.get("ParentImage")),
           "InitiatingProcessCommandLine": e.get("ParentCommandLine"), "InitiatingProcessId": whole(e.get("ParentProcessId")),
           "InitiatingProcessAccountDomain": pdomain, "InitiatingProcessAccountName": pname, **digests(e)}
    return "DeviceProcessEvents", row, {"User": text(e.get("User")), "ParentUser": text(e.get("ParentUser")), "LogonId": text(e.get("LogonId"))}


def process_4688(e):
    target = e.get("TargetUserName") not in (None, "", "-")
    who = "Target" if target else "Subject"
    user = f"{e.get(who + 'DomainName')}\\{e.get(who + 'UserName')}" if e.get(who + "UserName") else None
    return process({"Image": e.get("NewProcessName"), "CommandLine": e.get("CommandLine"), "ParentImage": e.get("ParentProcessName"),
                    "ProcessId": e.get("NewProcessId"), "ParentProcessId": e.get("ProcessId"), "LogonId": e.get("SubjectLogonId"), "User": user})


def network(e):
    out = text(e.get("Initiated"))
    row = {"ActionType": "InboundConnectionAccepted" if out and out.lower() == "false" else "ConnectionSuccess", "LocalIP": e.get("SourceIp"),
           "LocalPort": whole(e.get("SourcePort")), "RemoteIP": e.get("DestinationIp"), "RemotePort": whole(e.get("DestinationPort")),
           "RemoteUrl": e.get("DestinationHostname"), "Protocol": e.get("Protocol"), **initiator(e)}
    return "DeviceNetworkEvents", row, {"User": text(e.get("User"))}


def image_load(e):
    return "DeviceImageLoadEvents", {"ActionType": "ImageLoaded", "FolderPath": e.get("ImageLoaded"), "FileName": name_of(e.get("ImageLoaded")), **digests(e),
                                     **initiator(e)}, {"User": text(e.get("User"))}


def file(action):
    def row(e):
        path = e.get("TargetFilename") or e.get("TargetFileName")
        return "DeviceFileEvents", {"ActionType": action, "FolderPath": path, "FileName": name_of(path), **digests(e), **initiator(e)}, {"User": text(e.get("User"))}
    return row


ACTIONS = {"CreateKey": "RegistryKeyCreated", "DeleteKey": "RegistryKeyDeleted", "DeleteValue": "RegistryValueDeleted", "SetValue": "RegistryValueSet",
           "RenameKey": "RegistryKeyRenamed", "RenameValue": "RegistryKeyRenamed"}
TYPES = {"dword": "Dword", "qword": "Qword", "binary": "Binary", "string": "String", None: None}


def reg(e):
    what = e.get("EventType") or "SetValue"
    key, value = registry(e.get("TargetObject"), what.endswith("Value"), r"HKEY_LOCAL_MACHINE\SOFTWARE\Classes")
    form, data = details(e.get("Details"))
    gone = {}
    if what.startswith(("Delete", "Rename")) and pick(key, 3):  # what is gone stands in the columns of what was there before
        gone, key = {"PreviousRegistryKey": key}, None
        if what == "DeleteValue":
            gone["PreviousRegistryValueName"], value = value, None
    row = {"ActionType": ACTIONS.get(what), "RegistryKey": key, **gone, "RegistryValueName": value, "RegistryValueType": TYPES[form], "RegistryValueData": data, **initiator(e)}
    return "DeviceRegistryEvents", row, {"User": text(e.get("User")), "TargetObject": e.get("TargetObject"), "Details": e.get("Details")}


def events(action, fields=None, path=None, computed=None, more=None, **who):
    def row(e):
        extra = drop_none(fields(e)) if fields else {}
        out = {"ActionType": action, **initiator(e, **who), **(more(e) if more else {})}
        if path:
            out.update({"FolderPath": e.get(path), "FileName": name_of(e.get(path))})
        if extra:
            out["AdditionalFields"] = json.dumps(extra, ensure_ascii=False)
        return "DeviceEvents", out, {"User": text(e.get(who.get("user", "User"))), **({n: text(e.get(n)) for n in computed} if computed else {})}
    return row


def pipe(e):
    p = e.get("PipeName")
    return {"PipeName": "\\Device\\NamedPipe" + p if isinstance(p, str) and p.startswith("\\") else p}


SYSMON = {1: process, 3: network, 7: image_load, 11: file("FileCreated"), 23: file("FileDeleted"), 26: file("FileDeleted"), 12: reg, 13: reg, 14: reg,
          2: events("FileTimestampModificationEvent", path="TargetFilename"), 6: events("DriverLoad", path="ImageLoaded", more=digests),
          8: events("CreateRemoteThreadApiCall", path="TargetImage", image="SourceImage", pid="SourceProcessId", user="SourceUser", more=lambda e: {"ProcessId": whole(e.get("TargetProcessId"))}),
          10: events("OpenProcessApiCall", lambda e: {"DesiredAccess": whole(e.get("GrantedAccess"))}, "TargetImage", ["GrantedAccess"],
                     lambda e: {"ProcessId": whole(e.get("TargetProcessId"))}, image="SourceImage", pid="SourceProcessId", user="SourceUser"),
          17: events("NamedPipeEvent", pipe, computed=["PipeName"]), 18: events("NamedPipeEvent", pipe, computed=["PipeName"]),
          22: events("DnsQueryResponse", lambda e: {"DnsQueryString": e.get("QueryName"), "DnsQueryResult": e.get("QueryResults")}, computed=["QueryName", "QueryResults"])}
SCRIPT = events("ScriptContent", lambda e: {"ScriptContent": e.get("ScriptBlockText")}, computed=["ScriptBlockText"])


def convert(e):
    "-> (row of the table, row for the VM), or None"
    source, eid = kind(e)
    f = SYSMON.get(eid) if source == "sysmon" else process_4688 if (source, eid) == ("security", 4688) else SCRIPT if (source, eid) == ("powershell", 4104) else None
    if f is None:
        return None
    table, row, computed = f(e)
    row = drop_none({"_table": table, "Timestamp": stamp(e.get("@timestamp")), "DeviceName": e.get("Computer"), **row})
    return row, drop_none({**row, **computed})


if __name__ == "__main__":
    as_command(convert)
