#!/usr/bin/env python3
"""madoguchid as systemd runs it: readiness, watchdog, credential, stop."""
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
count = 0
tmp = tempfile.TemporaryDirectory()
DIR = tmp.name
CONF, KEY = DIR + "/madoguchi.conf", DIR + "/made/master.key"
CREDENTIALS = DIR + "/credentials"
SETTINGS = (f"store = sqlite:{DIR}/desk.db\nsocket = {DIR}/control.sock\n"
            f"templates = {TOP}/templates\n")


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:2000].replace("\n", "\n# "), flush=True)


def configure(text):
    with open(CONF, "w", encoding="utf-8") as f:
        f.write(text)


def run(program, *args, **env):
    return subprocess.run([f"{BUILD}/src/{program}", "--config", CONF, *args],
                          env=os.environ | env, capture_output=True, text=True,
                          timeout=120, check=False)


class Daemon:
    """The daemon with a notify socket; what it said, a line each."""

    def __init__(self):
        self.said = []
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(DIR + "/notify")
        with open(DIR + "/log", "w", encoding="utf-8") as log:
            self.proc = subprocess.Popen(
                [BUILD + "/src/madoguchid", "--config", CONF], stderr=log,
                env=os.environ | {"NOTIFY_SOCKET": DIR + "/notify",
                                  "CREDENTIALS_DIRECTORY": CREDENTIALS,
                                  "MDG_LIBEXEC": BUILD + "/src"})

    def hear(self, what, n=1, seconds=60):
        """True once it has said `what` n times."""
        end = time.monotonic() + seconds
        while self.said.count(what) < n and time.monotonic() < end:
            self.sock.settimeout(max(0.1, end - time.monotonic()))
            try:
                self.said += self.sock.recv(4096).decode().split("\n")
            except socket.timeout:
                pass
        return self.said.count(what) >= n

    def log(self):
        with open(DIR + "/log", encoding="utf-8") as f:
            return f.read()


def life():
    d = Daemon()
    try:
        ok(d.hear("READY=1"), "it says when it is ready", d.log())
        p = run("madoguchi", "status")
        ok(p.returncode == 0, "and is, with the key from the credential", p)
        ok(d.hear("WATCHDOG=1", 2), "it feeds the watchdog", d.said)
        mode = os.stat(DIR + "/control.sock").st_mode & 0o777
        ok(mode == 0o666, "everybody may knock at the socket", oct(mode))
        configure(SETTINGS + "log_level = debug\n")
        d.proc.send_signal(signal.SIGHUP)
        ok(d.hear("WATCHDOG=1", 4) and "reloaded" in d.log(),
           "SIGHUP reads the configuration again", d.log())
        d.proc.send_signal(signal.SIGTERM)
        ok(d.hear("STOPPING=1"), "it says that it stops", d.said)
        status = d.proc.wait(30)
        ok(status == 0 and not os.path.exists(DIR + "/control.sock"),
           "and ends cleanly", (status, d.log()))
    finally:
        d.proc.kill()
        d.proc.wait()
        d.sock.close()


def stuck(where):
    """The core as it must not be: systemd hears nothing more and restarts it."""
    d = Daemon()
    try:
        alive = d.hear("WATCHDOG=1", 2)
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(DIR + "/control.sock")
            body = json.dumps({"act": "fault.stuck", "args": {"in": where}}).encode()
            s.sendall(struct.pack("<IHHI", len(body), 100, 0, 1) + body)
            s.shutdown(socket.SHUT_WR)
            # one that was sent before may still come
            fed = True
            for _ in range(60):
                d.said.clear()
                fed = d.hear("WATCHDOG=1", 1, 4)
                if not fed:
                    break
        ok(alive and not fed, f"a core that is stuck in a {where} feeds no watchdog", d.log())
        ok(where != "transaction" or "is stuck" in d.log(), "and says why, if it can", d.log())
    finally:
        d.proc.kill()
        d.proc.wait()
        d.sock.close()
        os.unlink(DIR + "/notify")


def mistakes():
    configure("scoket = /x\n")
    p = run("madoguchid")
    ok(p.returncode == 78 and "socket" in p.stderr,
       "a wrong configuration is 78: systemd does not try again", p)
    configure(SETTINGS)
    p = run("madoguchid", CREDENTIALS_DIRECTORY=DIR + "/nothing")
    ok(p.returncode != 0 and DIR + "/nothing/master.key" in p.stderr,
       "a missing key is named", p)


with open(BUILD + "/config.h", encoding="utf-8") as f:
    config_h = f.read()
has_systemd = "#define MDG_HAVE_SYSTEMD 1" in config_h
has_faults = "#define MDG_FAULTS 1" in config_h
if not has_systemd:
    print("1..0 # SKIP built without systemd")
    raise SystemExit(0)
configure(SETTINGS + f"key_file = {KEY}\n")
made = run("madoguchi", "init", "--yes", "--window-name", "窓口", "--address",
           "s@example.jp", "--admin-name", "管理", "--admin-email",
           "a@example.jp", "--admin-uid", str(os.getuid()))
os.mkdir(CREDENTIALS)
ok(made.returncode == 0 and not
   os.rename(KEY, CREDENTIALS + "/master.key"), "a desk is made", made)
configure(SETTINGS)
life()
os.unlink(DIR + "/notify")
if has_faults:
    stuck("transaction")
    stuck("loop")
mistakes()
print(f"1..{count}")
