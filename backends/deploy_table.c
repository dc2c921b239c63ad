/* SPDX-License-Identifier: MIT
 * Tables that the formats for Microsoft's systems know: which connector delivers one, and which of its columns name a host,
 * an account and so on. Columns are those of the tables' references; tests/deploy/check.py compares them with the schemas of
 * the shipped pipelines. A hash is an entity where its algorithm has a column too: Sentinel wants both. */
#include "backends/deploy_internal.h"

#define HOST(column)                 \
  {                                  \
    "Host", {"HostName"}, { column } \
  }
#define IP(column)                \
  {                               \
    "IP", {"Address"}, { column } \
  }
#define URL(column)            \
  {                            \
    "URL", {"Url"}, { column } \
  }
#define PROCESS(column)                    \
  {                                        \
    "Process", {"CommandLine"}, { column } \
  }
#define KEY(column)                    \
  {                                    \
    "RegistryKey", {"Key"}, { column } \
  }
#define USER(column)                    \
  {                                     \
    "Account", {"FullName"}, { column } \
  }
#define HASH                                                   \
  {                                                            \
    "FileHash", {"Algorithm", "Value"}, { "HashType", "Hash" } \
  }
#define ACCOUNT(prefix)                                                               \
  {                                                                                   \
    "Account", {"Name", "NTDomain"}, { prefix "AccountName", prefix "AccountDomain" } \
  }
#define DEVICE(name)              name, "MicrosoftThreatProtection", name, "Device", "deviceId"
#define STARTER                   ACCOUNT("InitiatingProcess"), PROCESS("InitiatingProcessCommandLine")
#define PARSER(name)              name, NULL, NULL, NULL, NULL
#define SENTINEL(name, connector) name, connector, name, NULL, NULL

const TableInfo table_info[] = {
  {DEVICE("DeviceProcessEvents"), {HOST("DeviceName"), ACCOUNT(""), PROCESS("ProcessCommandLine")}},
  {DEVICE("DeviceImageLoadEvents"), {HOST("DeviceName"), STARTER}},
  {DEVICE("DeviceEvents"), {HOST("DeviceName"), STARTER, IP("RemoteIP"), URL("RemoteUrl")}},
  {DEVICE("DeviceFileEvents"), {HOST("DeviceName"), STARTER}},
  {DEVICE("DeviceRegistryEvents"), {HOST("DeviceName"), STARTER, KEY("RegistryKey")}},
  {DEVICE("DeviceNetworkEvents"), {HOST("DeviceName"), STARTER, IP("RemoteIP"), URL("RemoteUrl")}},
  {DEVICE("DeviceLogonEvents"), {HOST("DeviceName"), ACCOUNT(""), IP("RemoteIP")}},
  {PARSER("imProcessCreate"),
   {HOST("DvcHostname"), USER("TargetUsername"), PROCESS("TargetProcessCommandLine"), HASH, IP("DvcIpAddr")}},
  {PARSER("imFileEvent"), {HOST("DvcHostname"), USER("ActorUsername"), PROCESS("ActingProcessCommandLine"), HASH, IP("SrcIpAddr")}},
  {PARSER("imRegistry"), {HOST("DvcHostname"), USER("ActorUsername"), PROCESS("ActingProcessCommandLine"), KEY("RegistryKey")}},
  {PARSER("_Im_NetworkSession"), {HOST("DvcHostname"), USER("SrcUsername"), IP("SrcIpAddr"), IP("DstIpAddr")}},
  {PARSER("_Im_Dns"), {HOST("DvcHostname"), USER("SrcUsername"), IP("SrcIpAddr"), {"DNS", {"DomainName"}, {"DnsQuery"}}}},
  {PARSER("_Im_WebSession"), {HOST("DvcHostname"), USER("SrcUsername"), IP("SrcIpAddr"), URL("Url")}},
  {PARSER("imAuthentication"), {HOST("DvcHostname"), USER("TargetUsername"), IP("SrcIpAddr")}},
  {SENTINEL("SecurityEvent", "SecurityEvents"), {HOST("Computer"), USER("Account"), PROCESS("CommandLine"), IP("IpAddress")}},
  {SENTINEL("Event", NULL), {HOST("Computer"), USER("UserName")}},
  {SENTINEL("SigninLogs", "AzureActiveDirectory"), {USER("UserPrincipalName"), IP("IPAddress")}},
  {SENTINEL("AuditLogs", "AzureActiveDirectory")},
  {SENTINEL("AADUserRiskEvents", "AzureActiveDirectory"), {USER("UserPrincipalName"), IP("IpAddress")}},
  {SENTINEL("AzureActivity", "AzureActivity"), {USER("Caller"), IP("CallerIpAddress")}},
  {SENTINEL("OfficeActivity", "Office365"), {USER("UserId"), IP("ClientIP")}},
  {SENTINEL("AWSCloudTrail", "AWS"), {USER("UserIdentityArn"), IP("SourceIpAddress")}},
  {SENTINEL("GCPAuditLogs", "GCPAuditLogsDefinition")},
  {SENTINEL("OktaV2_CL", "OktaSSOv2"), {USER("ActorUsername"), IP("SrcIpAddr")}},
  {SENTINEL("Syslog", "Syslog"), {HOST("Computer"), IP("HostIP")}},
  {SENTINEL("LinuxAuditLog", NULL), {HOST("Computer")}},
  {SENTINEL("W3CIISLog", "AzureMonitor(IIS)"), {HOST("Computer"), USER("csUserName"), IP("cIP")}},
  {SENTINEL("CommonSecurityLog", "CEF"),
   {HOST("SourceHostName"), USER("SourceUserName"), IP("SourceIP"), IP("DestinationIP"), URL("RequestURL")}},
  {SENTINEL("DnsEvents", "DNS"), {HOST("Computer"), IP("ClientIP"), {"DNS", {"DomainName"}, {"Name"}}}},
  {SENTINEL("AKSAudit", NULL)},
};
const unsigned table_info_count = sizeof table_info / sizeof *table_info;

const TableInfo *table_info_find(Str table) {
  for (unsigned i = 0; i < table_info_count; i++)
    if (str_is(table, table_info[i].table)) return &table_info[i];
  return NULL;
}
