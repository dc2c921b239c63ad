#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Flat Windows events and proxy or web server events (Sigma names) -> rows of Sentinel's ASIM parsers, from the public ASIM schemas
alone. As convert_xdr.py: the table's row, and one for the VM with what the source wrote of the computed fields.

  Sysmon 1                imProcessCreate       ids are text; User is DOMAIN\\name
  Sysmon 11, 23 and 26    imFileEvent           EventType FileCreated, FileDeleted
  Sysmon 12, 13, 14       imRegistry            hive names long, ControlSet001 for CurrentControlSet, DWORD as decimal text (Reg_DWord)
  Sysmon 3                _Im_NetworkSession    NetworkDirection Outbound, Inbound
  Sysmon 22               _Im_Dns
  c-uri or cs-uri-query   _Im_WebSession        Url is put together; its parts are computed again
Other events have no row.

  convert_asim.py < flat.ndjson > rows.ndjson      (--vm: those for the VM)
"""

from convert_xdr import ACTIONS
from sysmon import as_command, details, drop_none, hashes, kind, name_of, pick, registry, stamp, text, whole


def prefixed(prefix, e, algorithms):
    h = hashes(e)
    return {prefix + a: h[a].lower() for a in algorithms if a in h}


def process(e):
    row = {"EventType": "ProcessCreated", "TargetProcessName": e.get("Image"), "TargetProcessCommandLine": e.get("CommandLine"),
           "TargetProcessCurrentDirectory": e.get("CurrentDirectory"), "TargetProcessFileOriginalName": e.get("OriginalFileName"),
           "TargetProcessFileDescription": e.get("Description"), "TargetProcessFileProduct": e.get("Product"), "TargetProcessFileCompany": e.get("Company"),
           "TargetProcessFileVersion": e.get("FileVersion"), "TargetProcessIntegrityLevel": e.get("IntegrityLevel"), "TargetUsername": e.get("User"),
           "TargetUserSessionId": text(e.get("LogonId")), "TargetUserSessionGuid": e.get("LogonGuid"), "TargetProcessId": text(e.get("ProcessId")),
           "TargetProcessGuid": e.get("ProcessGuid"), "ActingProcessName": e.get("ParentImage"), "ActingProcessCommandLine": e.get("ParentCommandLine"),
           "ActingProcessId": text(e.get("ParentProcessId")), "ActingProcessGuid": e.get("ParentProcessGuid"), "ActorUsername": e.get("ParentUser"),
           **prefixed("TargetProcess", e, ("MD5", "SHA1", "SHA256", "IMPHASH"))}
    return "imProcessCreate", row, {}


def actor(e):
    return {"ActingProcessName": e.get("Image"), "ActingProcessId": text(e.get("ProcessId")), "ActingProcessGuid": e.get("ProcessGuid"), "ActorUsername": e.get("User")}


def file(action):
    def row(e):
        path = e.get("TargetFilename") or e.get("TargetFileName")
        return "imFileEvent", {"EventType": action, "TargetFilePath": path, "TargetFileName": name_of(path), "TargetFileCreationTime": stamp(e.get("CreationUtcTime")),
                               **actor(e), **prefixed("TargetFile", e, ("MD5", "SHA1", "SHA256"))}, {}
    return row


TYPES = {"dword": "Reg_DWord", "qword": "Reg_QWord", "binary": "Reg_Binary", "string": "Reg_Sz", None: None}


def reg(e):
    what = e.get("EventType") or "SetValue"
    key, value = registry(e.get("TargetObject"), what.endswith("Value"), r"HKEY_LOCAL_MACHINE\Classes" if pick(e.get("TargetObject"), 2) else r"HKEY_LOCAL_MACHINE\SOFTWARE\Classes")
    form, data = details(e.get("Details"))
    return "imRegistry", {"EventType": ACTIONS.get(what), "RegistryKey": key, "RegistryValue": value, "RegistryValueType": TYPES[form], "RegistryValueData": data,
                          **actor(e)}, {"TargetObject": e.get("TargetObject"), "Details": e.get("Details")}


def sender(e):
    return {"SrcProcessName": e.get("Image"), "SrcProcessId": text(e.get("ProcessId")), "SrcProcessGuid": e.get("ProcessGuid"), "SrcUsername": e.get("User")}


def network(e):
    out, six = text(e.get("Initiated")), text(e.get("SourceIsIpv6"))
    row = {"SrcIpAddr": e.get("SourceIp"), "SrcPortNumber": whole(e.get("SourcePort")), "SrcHostname": e.get("SourceHostname"), "DstIpAddr": e.get("DestinationIp"),
           "DstPortNumber": whole(e.get("DestinationPort")), "DstHostname": e.get("DestinationHostname"), "NetworkProtocol": e.get("Protocol"),
           "NetworkDirection": None if out is None else "Inbound" if out.lower() == "false" else "Outbound",
           "NetworkProtocolVersion": None if six is None else "IPv6" if six.lower() == "true" else "IPv4", **sender(e)}
    return "_Im_NetworkSession", row, {}


def dns(e):
    return "_Im_Dns", {"DnsQuery": e.get("QueryName"), "DnsResponseCode": whole(e.get("QueryStatus")), "DnsResponseName": e.get("QueryResults"), **sender(e)}, {}


def web(e):
    "the parts of a URL by RFC 3986, from the event's own fields where it has them"
    host, stem, query = e.get("cs-host") or e.get("r-dns"), e.get("cs-uri-stem") or e.get("c-uri-stem"), e.get("cs-uri-query") or e.get("c-uri-query")
    url = e.get("c-uri") or e.get("cs-uri")
    if not url:
        if stem is None and isinstance(query, str):
            stem, sep, query = query.partition("?")
        url = f"http://{host or 'www.example.org'}{stem or '/'}" + (f"?{query}" if query else "")
    path = url.split("#")[0].partition("?")
    rest = path[0].partition("://")[2]
    name, slash, p = rest.partition("/")
    p = slash + p
    ext = p.rpartition(".")[2] if "." in p else ""
    row = {"Url": url, "HttpRequestMethod": e.get("cs-method"), "EventResultDetails": text(e.get("sc-status")), "HttpUserAgent": e.get("c-useragent") or e.get("cs-user-agent"),
           "HttpReferrer": e.get("cs-referer") or e.get("cs-referrer"), "SrcUsername": e.get("cs-username"), "HttpContentType": e.get("cs-content-type"),
           "SrcIpAddr": e.get("src_ip") or e.get("c-ip"), "DstIpAddr": e.get("dst_ip"), "SrcBytes": whole(e.get("cs-bytes")), "DstBytes": whole(e.get("sc-bytes"))}
    computed = {"url_host": name.partition("@")[2] or name, "url_path": p, "url_query": url.partition("?")[2],
                "url_ext": ext.lower() if 1 <= len(ext) <= 8 and ext.isascii() and ext.isalnum() else ""}
    if computed["url_host"].count(":") == 1:
        computed["url_host"] = computed["url_host"].partition(":")[0]
    return "_Im_WebSession", row, computed


SYSMON = {1: process, 3: network, 11: file("FileCreated"), 23: file("FileDeleted"), 26: file("FileDeleted"), 12: reg, 13: reg, 14: reg, 22: dns}


def convert(e):
    "-> (row of the table, row for the VM), or None"
    source, eid = kind(e)
    f = SYSMON.get(eid) if source == "sysmon" else web if any(k in e for k in ("c-uri", "cs-uri", "cs-uri-query", "c-uri-query")) else None
    if f is None:
        return None
    table, row, computed = f(e)
    row = drop_none({"_table": table, "TimeGenerated": stamp(e.get("@timestamp")), "DvcHostname": e.get("Computer"), **row})
    return row, drop_none({**row, **computed})


if __name__ == "__main__":
    as_command(convert)
