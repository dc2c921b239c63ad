"""The inputs of the measurements: events and rules, made below a temporary folder.

With the folder `data` of SIGMAC_SHARED, real logs; without it the events shipped with sigmac, repeated: then the figures say
little about other logs, only whether one build is faster than another.
"""
import itertools, json, os, subprocess, tempfile


class Stream:
    """A file of events, and what all of them are; `pipeline` is what rules need to be about such events."""

    def __init__(self, name, what, path, label, pipeline=None):
        self.name, self.what, self.path, self.label, self.pipeline = name, what, path, label, pipeline
        with open(path, "rb") as f:
            self.events = sum(1 for _ in f)
        self.bytes = os.path.getsize(path)


def unpacked(packed):
    p = subprocess.Popen(["zstd", "-dcq", "--long=27", packed], stdout=subprocess.PIPE)
    yield from p.stdout
    if p.wait():
        raise SystemExit(f"{packed}: cannot be unpacked")


def write(path, lines):
    with open(path, "wb") as f:
        f.writelines(lines)
    return path


def is_process_creation(line):
    e = json.loads(line)
    return (e.get("Channel"), str(e.get("EventID"))) in (("Microsoft-Windows-Sysmon/Operational", "1"), ("Security", "4688"))


def windows(data, tmp):
    """Every sixth event of the logs of attacks; and of them all, process creation alone, repeated to a useful length."""
    packed = os.path.join(data, "winlog", "winlog-otrf.ndjson.zst")
    started = []

    def mixed():
        for i, line in enumerate(unpacked(packed)):
            if b'"EventID":1,' in line or b'"EventID":4688,' in line:
                if is_process_creation(line):
                    started.append(line)
            if i % 6 == 0:
                yield line

    all_kinds = write(os.path.join(tmp, "windows.ndjson"), mixed())
    times = -(-40000 // max(len(started), 1))
    processes = write(os.path.join(tmp, "processes.ndjson"), itertools.chain.from_iterable([started] * times))
    return [
        Stream("windows", "Windows, flat, all kinds of events", all_kinds, "product=windows"),
        Stream("processes", f"Windows, flat, process creation alone ({len(started)} events, repeated)", processes, "product=windows"),
    ]


def real(data, tmp):
    other = (
        ("ecs", "Windows in ECS, nested", "winlog/ecs-10k", "product=windows", "ecs-windows"),
        ("zeek", "Zeek", "other/zeek/zeek-wrccdc", "product=zeek", None),
        ("cloudtrail", "CloudTrail, nested", "other/aws/cloudtrail-invictus", "product=aws", None),
    )
    found = windows(data, tmp)
    for name, what, path, label, pipeline in other:
        text = write(os.path.join(tmp, name + ".ndjson"), unpacked(os.path.join(data, path + ".ndjson.zst")))
        found.append(Stream(name, what, text, label, pipeline))
    return found


def by_size(stream, tmp):
    """The same kind of events, sorted by length into equally many each: what a byte costs."""
    parts = 6
    with open(stream.path, "rb") as f:
        lines = sorted(f, key=len)
    for k in range(parts):
        part = lines[k * len(lines) // parts : (k + 1) * len(lines) // parts]
        if part:
            path = write(os.path.join(tmp, f"{stream.name}-size-{k}.ndjson"), part)
            yield Stream(f"{stream.name}-size-{k}", stream.what, path, stream.label, stream.pipeline)


def shipped(root, tmp):
    with open(os.path.join(root, "sigma-rules", "demo", "events.ndjson"), "rb") as f:
        lines = f.readlines()
    path = write(os.path.join(tmp, "shipped.ndjson"), lines * 400)
    return [Stream("shipped", "the events of the demonstration, repeated", path, "product=windows")]


def given(path, label):
    return [Stream("given", os.path.basename(path), path, label)]


def rules_of_data(data, tmp):
    subprocess.run(["tar", "xzf", os.path.join(data, "sigmahq-rules.tar.gz"), "-C", tmp], check=True)
    return os.path.join(tmp, "sigmahq-rules", "rules")


def files_below(folder):
    """Tests of rules stand in folders of their own, and hold none."""
    for d, inner, names in os.walk(folder):
        inner[:] = [n for n in inner if not n.endswith(".tests")]
        for n in names:
            if n.endswith((".yml", ".yaml")):
                yield os.path.join(d, n)


def is_vars(path):
    return path.endswith((".vars.yml", ".vars.yaml"))


def rule_files(folder):
    return sorted(f for f in files_below(folder) if not is_vars(f))


def link_vars(rules, folder):
    """Values of placeholders are defaults for all rules of a folder."""
    for i, path in enumerate(sorted(f for f in files_below(rules) if is_vars(f))):
        os.symlink(os.path.abspath(path), os.path.join(folder, f"{i:05}.vars.yml"))


def subset(rules, n, tmp):
    """So many rules, evenly over the whole list, as a folder of links."""
    files, folder = rule_files(rules), tempfile.mkdtemp(dir=tmp, prefix=f"rules-{n}-")
    for i in range(min(n, len(files))):
        source = files[(2 * i + 1) * len(files) // (2 * n)] if n < len(files) else files[i]
        os.symlink(os.path.abspath(source), os.path.join(folder, f"{i:05}.yml"))
    link_vars(rules, folder)
    return folder
