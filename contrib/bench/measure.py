"""Time, CPU, memory and syncs of processes, from /proc and strace."""
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Timed:
    """One command: wall and CPU seconds, peak resident kilobytes."""

    def __init__(self, argv, **kw):
        start = time.monotonic()
        with tempfile.TemporaryFile() as out:
            proc = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT,
                                    stdin=subprocess.DEVNULL, **kw)
            _, status, usage = os.wait4(proc.pid, 0)
            proc.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            self.output = out.read().decode(errors="replace")
        self.wall_s = time.monotonic() - start
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.rss_kb = usage.ru_maxrss
        if proc.returncode != 0:
            raise RuntimeError("%s: status %d\n%s" % (" ".join(argv), proc.returncode, self.output))


def parents():
    out = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open("/proc/%s/stat" % name, encoding="utf-8",
                                                    errors="replace") as f:
                out[int(name)] = int(f.read().rpartition(")")[2].split()[1])
    return out


def tree(pid):
    """pid and all that descend from it."""
    ppid, found = parents(), [pid]
    for p in found:
        found += [c for c, parent in ppid.items() if parent == p]
    return found


def name_of(pid):
    with open("/proc/%d/comm" % pid, encoding="utf-8") as f:
        return f.read().strip()


def cpu_s(pid):
    with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kb(pid):
    """Private, shared and proportional kilobytes."""
    with open("/proc/%d/smaps_rollup" % pid, encoding="utf-8") as f:
        rows = dict(re.findall(r"^(\w+):\s+(\d+) kB", f.read(), re.M))
    kb = {k: int(v) for k, v in rows.items()}
    return dict(private=kb["Private_Clean"] + kb["Private_Dirty"],
                shared=kb["Shared_Clean"] + kb["Shared_Dirty"], pss=kb["Pss"])


def switches(pid):
    """Voluntary context switches: how often it woke up."""
    with open("/proc/%d/status" % pid, encoding="utf-8") as f:
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", f.read(), re.M)[1])


class Watch:
    """CPU and peak memory of a process and its descendants while it runs.

    with Watch(pid) as w: …        then w.rows[pid] = {name, cpu, private, …}
    """

    def __init__(self, pid, interval_s=0.25):
        self.pid, self.interval_s = pid, interval_s
        self.rows, self.before = {}, {}
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        for p in tree(self.pid):
            with contextlib.suppress(OSError):
                self.before[p] = cpu_s(p)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.stop.set()
        self.thread.join()
        self.sample()

    def sample(self):
        for p in tree(self.pid):
            with contextlib.suppress(OSError, KeyError):
                row = self.rows.setdefault(p, dict(name=name_of(p), private=0, shared=0, pss=0))
                row["name"] = name_of(p)
                row["cpu"] = cpu_s(p) - self.before.get(p, 0)
                for key, kb in memory_kb(p).items():
                    row[key] = max(row[key], kb)

    def watch(self):
        while not self.stop.wait(self.interval_s):
            self.sample()

    def cpu_s(self):
        return sum(r.get("cpu", 0) for r in self.rows.values())

    def table(self):
        out = ["  %-14s %8s %10s %10s %10s" % ("process", "CPU s", "private MB", "shared MB",
                                               "PSS MB")]
        for row in sorted(self.rows.values(), key=lambda r: -r.get("cpu", 0)):
            out.append("  %-14s %8.2f %10.1f %10.1f %10.1f" % (
                row["name"], row.get("cpu", 0), row["private"] / 1024, row["shared"] / 1024,
                row["pss"] / 1024))
        return "\n".join(out)


class Syncs:
    """Counts fsync and fdatasync of a process and its descendants (strace)."""

    def __init__(self, pid):
        self.count = 0
        self.proc = None
        if pid and shutil.which("strace"):
            pids = [a for p in tree(pid) for a in ("-p", str(p))]
            self.log = tempfile.NamedTemporaryFile("r")
            self.proc = subprocess.Popen(
                ["strace", "-f", "-q", "-e", "trace=fsync,fdatasync", "-o", self.log.name, *pids],
                stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        if self.proc:
            self.proc.terminate()
            self.proc.wait()
            self.count = len(re.findall(r"\b(?:fsync|fdatasync)\(", self.log.read()))
            self.log.close()
