#!/usr/bin/env python3
"""Writes runtime/index/stats_table.c to standard output: how often fields, common values and short texts occur in events.

    gen_stats.py STATS-TABLE      (build/release/stats-table), with the event corpora below $SIGMAC_SHARED/data

Sources are public corpora of events; of each, MASS says what share of the table it makes up, however many events it has, so that
none drowns the others. What the table holds of them: names of fields of event schemas, and hashes (of runs of 4 bytes, of common
values) with their shares. No text of a log is in it.

winlog-otrf: OTRF Security-Datasets (MIT). Its machines hardly start processes, while most rules are about just that: events of
process creation count PROCESS times. ecs-10k: winlog samples as Elastic Common Schema (MIT, CC0). zeek-otrf-*: OTRF (MIT).
cloudtrail-*: invictus-ir (MIT), OTRF (MIT). *-panther-tests: panther-analysis (Apache-2.0). auditd-*: go-libaudit (Apache-2.0), OTRF
(MIT). webserver-apache: elastic/examples (Apache-2.0). proxy: OTRF (MIT)."""
import os
import subprocess
import sys

VERSION = "1"
PROCESS = 10
SCALE = 1000000
SOURCES = [  # file below data/, MASS
    ("winlog/winlog-otrf.ndjson.zst", 60),
    ("winlog/ecs-10k.ndjson.zst", 12),
    ("other/zeek/zeek-otrf-apt29.ndjson.zst", 4),
    ("other/zeek/zeek-otrf-lsass.ndjson.zst", 4),
    ("other/aws/cloudtrail-invictus.ndjson.zst", 6),
    ("other/aws/aws-panther-tests.ndjson.zst", 1),
    ("other/azure/azure-panther-tests.ndjson.zst", 2),
    ("other/azure/m365-panther-tests.ndjson.zst", 0.5),
    ("other/gcp/gcp-panther-tests.ndjson.zst", 1),
    ("other/saas/github-panther-tests.ndjson.zst", 0.5),
    ("other/saas/misc-panther-tests.ndjson.zst", 0.5),
    ("other/linux/auditd-go-libaudit.ndjson.zst", 2),
    ("other/linux/auditd-otrf.ndjson.zst", 0.5),
    ("other/web/webserver-apache-elastic-examples.ndjson.zst", 5),
    ("other/web/proxy-from-zeek-http-otrf.ndjson.zst", 1),
]


def is_process(line):
    return b'"CommandLine":' in line and (b'"EventID":1,' in line or b'"EventID":4688,' in line)


def lines_of(path):
    with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as p:
        yield from p.stdout
    if p.returncode:
        sys.exit(path + ": cannot be read")


def main():
    data = os.path.join(os.environ["SIGMAC_SHARED"], "data")
    sys.stdout.flush()
    with subprocess.Popen([sys.argv[1], VERSION], stdin=subprocess.PIPE) as table:
        for name, mass in SOURCES:
            path = os.path.join(data, name)
            weigh = [PROCESS if is_process(line) else 1 for line in lines_of(path)]
            unit = mass * SCALE / sum(weigh)
            for line, times in zip(lines_of(path), weigh):
                table.stdin.write(b"%d " % max(1, round(unit * times)) + line)
        table.stdin.close()
    sys.exit(table.returncode)


if __name__ == "__main__":
    main()
