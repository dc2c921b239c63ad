"""What a process costs: CPU seconds (user and system) and peak memory, from the kernel's account of it."""
import os, subprocess

COST = os.environ.get("COST", "build/release/cost")  # tests/tools/cost_main.c


class Cost:
    def __init__(self, seconds, mib):
        self.seconds, self.mib = seconds, mib


def cost(cmd, stdin=os.devnull):
    out, into = os.pipe()
    try:
        with open(stdin, "rb") as i:
            run = lambda: os.dup2(into, 3) if into != 3 else os.set_inheritable(3, True)
            subprocess.run([COST, *cmd], stdin=i, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=run, close_fds=False,
                           check=True)
        seconds, kib, status = os.read(out, 100).split()
    finally:
        os.close(out)
        os.close(into)
    if int(status) not in (0, 1, 3):
        raise SystemExit(f"{' '.join(cmd)}: exit {int(status)}")
    return Cost(float(seconds), int(kib) / 1024)


def best(cmd, repeat, stdin=os.devnull):
    """The least time: what disturbs only adds."""
    runs = [cost(cmd, stdin) for _ in range(repeat)]
    return min(runs, key=lambda c: c.seconds)


def by_turns(commands, repeat):
    """The best of each of several commands, run A B A B: all see the same machine. commands: name -> (cmd, stdin)."""
    runs = {name: [] for name in commands}
    for _ in range(repeat):
        for name, (cmd, stdin) in commands.items():
            runs[name].append(cost(cmd, stdin))
    return {name: min(r, key=lambda c: c.seconds) for name, r in runs.items()}
