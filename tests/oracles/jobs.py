# SPDX-License-Identifier: MIT
"""Queries over several processes: run(queries, work, jobs, put). `work` takes a list of queries and yields (query, result) for
each; it runs in a process forked after the events were read. The results come back in the order of the queries."""
import os, pickle, sys


def run(queries, work, jobs, put):
    jobs = max(1, min(jobs, len(queries)))
    if jobs == 1:
        for result in work(queries):
            put(result)
        return
    pipes = []
    for j in range(jobs):
        r, w = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.close(r)
                with os.fdopen(w, "wb") as out:
                    for result in work(queries[j::jobs]):
                        pickle.dump(result, out)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(w)
        pipes.append((pid, os.fdopen(r, "rb")))
    try:
        for i in range(len(queries)):
            put(pickle.load(pipes[i % jobs][1]))
    except EOFError:
        sys.exit("a process of the executor died")
    for pid, r in pipes:
        r.close()
        if os.waitpid(pid, 0)[1]:
            sys.exit("a process of the executor failed")
