"""What runtime/logsources.yml says of an event, read a second time: shares nothing with the C code or its generator.

  labels(event)          list of (category, product, service, has_view), each part a name, None (unknown), NONE or OTHER
  first_fit(labels, r)   the first label that a rule (category, product, service) fits, or None
"""
import os, yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PARTS = ("category", "product", "service")
NONE, OTHER = "none", "other"
ABSENT = object()


def lookup(value, path):
    """Semantics 7: the values of a path, or ABSENT."""
    if isinstance(value, list):
        found = [lookup(v, path) for v in value if isinstance(v, (dict, list))]
        found = [f for f in found if f is not ABSENT]
        return sum(found, []) if found else ABSENT
    if not isinstance(value, dict):
        return ABSENT
    if path in value:
        return leaves(value[path])
    cut = len(path)
    while (cut := path.rfind(".", 0, cut)) >= 0:
        if path[:cut] in value:
            found = lookup(value[path[:cut]], path[cut + 1:])
            if found is not ABSENT:
                return found
    return ABSENT


def leaves(v):
    return sum(map(leaves, v), []) if isinstance(v, list) else [v]


def texts(event, path):
    found = lookup(event, path)
    words = [] if found is ABSENT else [v for v in found if v is not None and not isinstance(v, dict)]
    return [(str(v).lower() if not isinstance(v, bool) else str(v).lower()) for v in words]


def fits_text(pattern, text):
    pattern = str(pattern).lower()
    if pattern == "*":
        return True
    if pattern.startswith("*"):
        return text.endswith(pattern[1:])
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def holds(event, key, wanted):
    wanted = wanted if isinstance(wanted, list) else [wanted]
    if key == "present":
        return all(lookup(event, p) is not ABSENT for p in wanted)
    if key == "absent":
        return all(lookup(event, p) is ABSENT for p in wanted)
    return any(fits_text(w, t) for w in wanted for t in texts(event, key))


def as_list(x):
    return x if isinstance(x, list) else [x]


def expand(spec):
    return [(c, p, s, bool(spec.get("view"))) for c in as_list(spec.get("category")) for p in as_list(spec.get("product")) for s in as_list(spec.get("service"))]


class Table:
    def __init__(self):
        with open(os.path.join(ROOT, "runtime/logsources.yml"), encoding="utf-8") as f:
            self.sections = yaml.safe_load(f)["sections"]
        self.names = {p: set() for p in PARTS}
        self.collect(self.sections)
        by_channel = self.sections[0]
        self.providers = {e["provider"]: {**{p: by_channel[p] for p in PARTS if p in by_channel}, **e} for e in by_channel["entries"].values() if "provider" in e}

    def collect(self, node):
        if isinstance(node, list):
            for n in node:
                self.collect(n)
        elif isinstance(node, dict):
            for k, v in node.items():
                if k in PARTS and not isinstance(v, dict):
                    self.names[k] |= {str(n).lower() for n in as_list(v)} - {NONE, OTHER}
                elif k != "when":
                    self.collect(v)

    def entries(self, section):
        if section["by"] == "Provider_Name":
            yield from self.providers.items()
        defaults = {p: section[p] for p in PARTS if p in section}
        for text, e in section["entries"].items():
            yield text, {**defaults, **e}

    def row_labels(self, event, entry):
        base = {k: v for k, v in entry.items() if k not in ("rows", "provider")}
        for row in entry.get("rows", [{}]):
            spec = {**base, **row, "when": {**base.get("when", {}), **row.get("when", {})}}
            if not all(holds(event, k, w) for k, w in spec["when"].items()):
                continue
            if spec.get("says"):
                said = lambda k: event.get(k) if str(event.get(k)).lower() in self.names[k] else None
                return [(said("category"), said("product"), said("service"), False)]
            found = expand(spec)
            for more in spec.get("also", []):
                found += expand({**{p: spec.get(p) for p in PARTS}, **more})
            return found
        return None

    def labels(self, event):
        for section in self.sections:
            for text in texts(event, section["by"])[:8]:
                fitting = [(e[0], e[1]) for e in self.entries(section) if fits_text(e[0], text)]
                for _, entry in sorted(fitting, key=lambda e: "*" in e[0]):
                    found = self.row_labels(event, entry)
                    if found:
                        return found
        return []

    def fits(self, label, rule):
        for kind, known, named in zip(PARTS, label, rule):
            if not named or known is None:
                continue
            if known == NONE or (known == OTHER and named.lower() in self.names[kind]) or (known not in (NONE, OTHER) and known.lower() != named.lower()):
                return False
        return True

    def first_fit(self, labels, rule):
        return next((l for l in labels if self.fits(l, rule)), None)
