/* SPDX-License-Identifier: MIT
 * What events are (semantics 3.1; runtime/logsources.yml). */
#include <criterion/criterion.h>

#include "runtime/event_json.h"
#include "runtime/logsource.h"
#include "tests/support/gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SYSMON       "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":"

static void show_part(Buf *b, const LabelPart *p) {
  switch (p->kind) {
  case LABEL_UNKNOWN: buf_char(b, '?'); return;
  case LABEL_NAME: buf_str(b, p->name); return;
  case LABEL_NONE: buf_char(b, '-'); return;
  case LABEL_OTHER: buf_str(b, STR("other")); return;
  }
}

/* category/product/service, a blank between labels, * behind one with a view. */
static void show_labels(Buf *b, const Labels *l) {
  for (uint32_t i = 0; i < l->n; i++) {
    if (i) buf_char(b, ' ');
    show_part(b, &l->p[i].category);
    buf_char(b, '/');
    show_part(b, &l->p[i].product);
    buf_char(b, '/');
    show_part(b, &l->p[i].service);
    if (l->p[i].view) buf_char(b, '*');
  }
}

Test(logsource, labels) {
  static const struct {
    const char *json, *want; /* want "": unmapped */
  } cases[] = {
    {"{}", ""},
    {"{\"Image\":\"a.exe\"}", ""},
    {"{" SYSMON "1}", "process_creation/windows/sysmon"},
    {"{" SYSMON "\"1\"}", "process_creation/windows/sysmon"},
    {"{\"Channel\":\"MICROSOFT-windows-sysmon/operational\",\"EventID\":1}", "process_creation/windows/sysmon"},
    {"{" SYSMON "13}", "registry_event/windows/sysmon registry_set/windows/sysmon"},
    {"{" SYSMON "12,\"EventType\":\"CreateKey\"}", "registry_event/windows/sysmon registry_add/windows/sysmon"},
    {"{" SYSMON "12}", "registry_event/windows/sysmon registry_add/windows/sysmon registry_delete/windows/sysmon"},
    {"{" SYSMON "999}", "-/windows/sysmon"},
    {"{\"Provider_Name\":\"Microsoft-Windows-Sysmon\",\"EventID\":3}", "network_connection/windows/sysmon"},
    {"{\"Channel\":\"Linux-Sysmon/Operational\",\"EventID\":1}", "process_creation/linux/sysmon"},
    {"{\"Channel\":\"Security\",\"EventID\":4624}", "-/windows/security"},
    {"{\"Channel\":\"Security\",\"EventID\":4688}", "-/windows/security process_creation/windows/security*"},
    {"{\"Channel\":\"Windows PowerShell\",\"EventID\":400}", "ps_classic_start/windows/powershell-classic*"},
    {"{\"Channel\":\"Setup\",\"EventID\":1}", "-/windows/other"},
    {"{\"Channel\":\"Setup\"}", ""},
    {"{\"Provider_Name\":\"X\",\"EventID\":1}", "-/windows/?"},
    {"{\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"x\"}", "-/aws/cloudtrail"},
    {"{\"eventSource\":\"iam.amazonaws.com\"}", ""},
    {"{\"category\":\"SignInLogs\",\"operationName\":\"x\",\"properties\":{}}", "-/azure/signinlogs"},
    {"{\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\"}}", "-/gcp/gcp.audit*"},
    {"{\"eventType\":\"user.session.start\",\"actor\":{},\"outcome\":{},\"published\":\"\"}", "-/okta/okta"},
    {"{\"Workload\":\"Exchange\",\"Operation\":\"x\",\"CreationTime\":\"\"}", "-/m365/audit* -/m365/exchange*"},
    {"{\"_path\":\"dns\",\"ts\":1}", "-/zeek/dns* dns/zeek/dns*"},
    {"{\"_path\":\"/tmp/dns\",\"ts\":1}", "-/zeek/other*"},
    {"{\"type\":\"SYSCALL\",\"serial\":1}", "-/linux/auditd"},
    {"{\"type\":\"USER_CMD\",\"serial\":1}", "-/linux/auditd"},
    {"{\"type\":\"user\",\"serial\":1}", ""},
    {"{\"SYSLOG_IDENTIFIER\":\"sshd\"}", "-/linux/sshd -/linux/auth -/linux/syslog"},
    {"{\"c-uri\":\"x\"}", "proxy/other/other"},
    {"{\"cs-uri-query\":\"x\"}", "webserver/other/other webserver/other/apache webserver/other/nginx webserver/other/iis"},
    {"{\"event\":{\"dataset\":\"okta.system\"}}", "-/okta/okta"},
    {"{\"event\":{\"category\":[\"process\"],\"type\":[\"start\"]},\"host\":{\"os\":{\"type\":\"macos\"}}}",
     "process_creation/macos/?"},
    {"{\"Channel\":\"ForwardedEvents\",\"EventID\":1}", "?/windows/?"},
    {"{\"Channel\":\"Microsoft-Windows-Kernel-Process/Analytic\",\"EventID\":1}", "process_creation/windows/other"},
    {"{\"eventType\":\"AwsVpceEvent\",\"eventName\":\"x\",\"awsRegion\":\"x\"}", "-/aws/cloudtrail"},
    {"{\"category\":\"Security\",\"operationName\":\"x\",\"resourceId\":\"/S\"}", "-/azure/activitylogs"},
    {"{\"category\":\"StorageRead\",\"operationName\":\"x\",\"resourceId\":\"/S\"}", "-/azure/other"},
    {"{\"category\":{\"value\":\"Policy\"},\"operationName\":{},\"resourceId\":\"/S\"}", ""},
    {"{\"category\":\"ADFSSignInLogs\",\"operationName\":\"x\",\"properties\":{},\"resourceId\":\"/t\"}", "-/azure/signinlogs"},
    {"{\"_path\":\"ldap\",\"ts\":1}", "-/zeek/ldap*"},
    {"{\"SYSLOG_IDENTIFIER\":\"crontab\"}", "-/linux/cron -/linux/auth -/linux/syslog"},
    {"{\"SYSLOG_IDENTIFIER\":\"audit\"}", "-/linux/auditd -/linux/syslog"},
    {"{\"event\":{\"dataset\":\"zeek.ssl\"}}", "-/zeek/ssl"},
    {"{\"event\":{\"dataset\":\"zeek.weird\"}}", "-/zeek/other"},
    {"{\"event\":{\"dataset\":\"panw.panos\"}}", "?/paloalto/?"},
    {"{\"event\":{\"dataset\":\"auditd_manager.auditd\",\"category\":[\"process\"],\"type\":[\"start\"]}}",
     "process_creation/linux/auditd"},
    {"{\"event\":{\"dataset\":\"auditd_manager.auditd\",\"category\":[\"authentication\"]}}", "-/linux/auditd"},
    {"{\"event\":{\"category\":\"network\"},\"host\":{\"os\":{\"type\":\"linux\"}}}", "network_connection/linux/?"},
    {"{\"event\":{\"category\":\"network\"},\"host\":{\"os\":{\"type\":\"linux\"}},\"observer\":{\"vendor\":\"Cisco\"}}", ""},
    {"{\"product\":\"windows\",\"service\":\"x\"}", "?/windows/?"},
    {"{\"product\":\"windows\",\"category\":\"Process\",\"service\":\"Sysmon\"}", "?/windows/Sysmon"},
    {"{\"product\":\"shoes\",\"service\":\"x\"}", ""},
  };
  Arena owner = {0}, scratch = {0};
  KeyTable *keys = keys_new(&owner);
  LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
  for (size_t i = 0; i < COUNT(cases); i++) {
    JsonError error;
    Buf out = {0};
    arena_reset(&scratch);
    Value *root = event_json_read(str_of(cases[i].json), &scratch, &error);
    cr_assert(root, "%s", cases[i].json);
    keys_number(keys, root);
    Labels found = logsource_find(l, root);
    show_labels(&out, &found);
    cr_expect(str_is(buf_view(&out), cases[i].want), "%s: " STR_FMT, cases[i].json, STR_ARG(buf_view(&out)));
    buf_free(&out);
  }
  arena_free(&scratch);
  arena_free(&owner);
}

Test(logsource, conflicts) {
  static const struct {
    LabelKind kind;
    const char *label, *rule;
    bool fits;
  } cases[] = {
    {LABEL_UNKNOWN, "", "dns", true},      {LABEL_UNKNOWN, "", "", true},       {LABEL_NAME, "dns", "", true},
    {LABEL_NAME, "dns", "DNS", true},      {LABEL_NAME, "dns", "proxy", false}, {LABEL_NONE, "", "", true},
    {LABEL_NONE, "", "dns", false},        {LABEL_OTHER, "", "", true},         {LABEL_OTHER, "", "dns", false},
    {LABEL_OTHER, "", "house_rule", true},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Label label = {.category = {cases[i].kind, str_of(cases[i].label)}};
    cr_expect_eq(label_fits(&label, str_of(cases[i].rule), STR("windows"), STR("x")), cases[i].fits, "case %zu", i);
  }
}

/* The view of the last label, as it is printed. */
Test(logsource, views) {
  static const struct {
    const char *json, *want;
  } cases[] = {
    {"{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\a.exe\",\"ProcessId\":\"0x1f4\",\"NewProcessId\":"
     "\"0x10\"}",
     "{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\a.exe\",\"NewProcessId\":\"0x10\",\"Image\":\"C:\\\\a."
     "exe\","
     "\"ProcessId\":16,\"ParentProcessId\":500}"},
    {"{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":\"%%1905\",\"ObjectName\":"
     "\"\\\\registry\\\\MACHINE\\\\SYSTEM\\\\ControlSet001\\\\Services\\\\x\",\"ObjectValueName\":\"v\",\"SubjectUserName\":\"u\"}",
     "{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":\"%%1905\",\"ObjectName\":"
     "\"\\\\registry\\\\MACHINE\\\\SYSTEM\\\\ControlSet001\\\\Services\\\\x\",\"ObjectValueName\":\"v\",\"SubjectUserName\":\"u\","
     "\"TargetObject\":\"HKLM\\\\System\\\\CurrentControlSet\\\\Services\\\\x\\\\v\",\"EventType\":\"SetValue\"}"},
    {"{\"Channel\":\"Security\",\"EventID\":4657,\"ObjectName\":\"\\\\REGISTRY\\\\USER\\\\S\",\"ObjectValueName\":\"\"}",
     "{\"Channel\":\"Security\",\"EventID\":4657,\"ObjectName\":\"\\\\REGISTRY\\\\USER\\\\S\",\"ObjectValueName\":\"\","
     "\"TargetObject\":\"HKU\\\\S\"}"},
    {"{\"Channel\":\"Security\",\"EventID\":5156,\"Direction\":\"%%14593\",\"Protocol\":\"6\",\"DestPort\":53}",
     "{\"Channel\":\"Security\",\"EventID\":5156,\"Direction\":\"%%14593\",\"DestPort\":53,\"DestinationPort\":53,\"Initiated\":"
     "\"true\","
     "\"Protocol\":\"tcp\"}"},
    {"{\"Channel\":\"Windows PowerShell\",\"EventID\":400,\"Message\":\"m\"}",
     "{\"Channel\":\"Windows PowerShell\",\"EventID\":400,\"Message\":\"m\",\"Data\":\"m\"}"},
    {"{\"Channel\":\"Windows PowerShell\",\"EventID\":400,\"Message\":\"m\",\"Data\":[]}",
     "{\"Channel\":\"Windows PowerShell\",\"EventID\":400,\"Message\":\"m\",\"Data\":[]}"},
    {"{\"_path\":\"dns\",\"ts\":1,\"id_orig_h\":\"10.0.0.1\",\"answers\":[\"a\",\"b\"]}",
     "{\"_path\":\"dns\",\"ts\":1,\"id_orig_h\":\"10.0.0.1\",\"answers\":[\"a\",\"b\"],\"id.orig_h\":\"10.0.0.1\",\"answer\":["
     "\"a\",\"b\"],"
     "\"src_ip\":\"10.0.0.1\"}"},
  };
  Arena owner = {0}, scratch = {0};
  KeyTable *keys = keys_new(&owner);
  LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
  for (size_t i = 0; i < COUNT(cases); i++) {
    JsonError error;
    Buf out = {0}, before = {0};
    arena_reset(&scratch);
    Value *root = event_json_read(str_of(cases[i].json), &scratch, &error);
    cr_assert(root, "%s", cases[i].json);
    keys_number(keys, root);
    Labels found = logsource_find(l, root);
    cr_assert(found.n && found.p[found.n - 1].view, "%s", cases[i].json);
    gen_print_value(&out, logsource_view(l, found.p[found.n - 1].view));
    cr_expect(str_is(buf_view(&out), cases[i].want), STR_FMT, STR_ARG(buf_view(&out)));
    gen_print_value(&before, root);
    cr_expect(str_is(buf_view(&before), cases[i].json), "the event itself was changed: " STR_FMT, STR_ARG(buf_view(&before)));
    buf_free(&out);
    buf_free(&before);
  }
  arena_free(&scratch);
  arena_free(&owner);
}
