"""A private desk: madoguchid with a store of its own in a folder, from a build
tree, and the madoguchi command spoken to it. For quickstart, tests, benchmarks.

    with Desk(folder, build_dir()) as desk:
        desk.init(); desk.start(); desk.add_people()
        tickets = desk.json("ticket", "list")
"""
import contextlib
import http.client
import json
import os
import socket
import sqlite3
import struct
import subprocess

from servers import WAIT_S, ServersError, free_ports, wait_until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class DeskError(ServersError):
    """A command failed; its text says why."""


def build_dir():
    """Where the programs were built: $top_builddir, else build*/, else the tree."""
    for path in (os.environ.get("top_builddir"), TOP + "/build", TOP + "/build-quickstart",
                 TOP + "/build-check", TOP):
        if path and os.path.exists(os.path.join(path, "config.status")):
            return os.path.abspath(path)
    raise DeskError("nothing is configured in %s" % TOP)


def has_faults(build):
    """Was it configured with --enable-faults: crash points, and a clock that moves?"""
    with open(build + "/config.h", encoding="utf-8") as f:
        return "#define MDG_FAULTS 1" in f.read()


class Desk:
    """See the module's text. Attributes: dir, config, store, log, pid."""

    CALL, ANSWER = 100, 101            # enum mdg_frame_type
    WINDOW, ADDRESS = "お客様サポート", "support@example.jp"

    def __init__(self, directory, build=None, alarms=False, postgres=None, web=False):
        """postgres: (server, database) in place of a file (postgres.py); web: with mdg-web."""
        self.web_port = free_ports(1)[0] if web else 0
        self.postgres = postgres
        self.dir = os.path.abspath(directory)
        self.build = build or build_dir()
        self.config = self.dir + "/madoguchi.conf"
        self.store = self.dir + "/desk.db"
        self.log = self.dir + "/madoguchid.log"
        self.proc = None
        self.alarms = alarms           # mail alarms and the daily report to the admin
        self.show = None               # called with each command's words
        self.env = {**os.environ, "MDG_LIBEXEC": self.build + "/src",
                    "MDG_UI": self.ui(), "LANG": "ja_JP.UTF-8",
                    "LC_ALL": "", "TZ": "Asia/Tokyo"}
        os.makedirs(self.dir, exist_ok=True)

    def ui(self):
        """Where the pages are: built here, or as they came with a tarball."""
        built = self.build + "/src/web/ui/dist"
        return built if os.path.isdir(built) else TOP + "/src/web/ui/shipped"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()

    def add_mailbox(self, servers, address, password, host=None, name=None, since="all",
                    window="support", for_domain=None):
        """The mailbox of our private servers."""
        return self.run("mailbox", "add", "--window", window, "--address", address,
                        "--name", name or address,
                        *(["--for-domain", for_domain] if for_domain else []),
                        "--imap", "%s:%d" % (host or servers.host, servers.imaps_port),
                        "--smtp", "%s:%d" % (host or servers.host, servers.submission_port),
                        "--ca", servers.ca_file, "--since", since, "--password-file", "-",
                        text=password)

    def init(self):
        """Configuration and store: one window and its admin."""
        with open(self.config, "w", encoding="utf-8") as f:
            f.write("store = %s\nkey_file = %s/master.key\nsocket = %s/control.sock\n"
                    "templates = %s/templates\npoll_s = 30\n" % (
                        self.postgres[0].url(self.postgres[1]) if self.postgres
                        else "sqlite:" + self.store, self.dir, self.dir, TOP))
            if self.web_port:
                f.write("web_listen = 127.0.0.1:%d\n" % self.web_port)
        self.run("init", "--window", "support", "--window-name", self.WINDOW,
                 "--address", self.ADDRESS, "--admin", "admin", "--admin-name", "管理 太郎",
                 "--admin-email", "admin@example.jp", "--approval", "all", "--yes")

    def add_people(self):
        """An operator and a lead."""
        for login, name, role in (("sato", "佐藤 美咲", "operator"), ("suzuki", "鈴木 健一", "sv")):
            self.run("user", "add", login, "--name", name, "--email", login + "@example.jp",
                     "--window", "support", "--role", role)

    # ---- commands -------------------------------------------------------

    def run(self, *words, as_=None, text=None, check=True):
        """One madoguchi command; its CompletedProcess."""
        argv = [self.build + "/src/madoguchi", *map(str, words), "--config", self.config]
        if as_:
            argv += ["--as", as_]
        if self.show:
            self.show([w for w in ("madoguchi", *map(str, words)) if w != "--json"] +
                      (["--as", as_] if as_ else []))
        done = subprocess.run(argv, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env=self.env, check=False, timeout=300)
        if check and done.returncode != 0:
            raise DeskError("madoguchi %s: status %d: %s%s" % (
                " ".join(map(str, words)), done.returncode, done.stderr.strip(), self.log_tail()))
        return done

    def json(self, *words, **kw):
        out = self.run(*words, "--json", **kw).stdout
        try:
            return json.loads(out)
        except ValueError:
            raise DeskError("madoguchi %s: no JSON: %r" % (" ".join(map(str, words)), out)) from None

    def call(self, act, as_=None, **args):
        """One action by the control socket itself (ipc/frame.h): quick, and also
        for what only test builds have, as clock.advance."""
        body = json.dumps({"act": act, "args": args, "as": as_, "lang": "ja"}).encode()
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(300)
            s.connect(self.dir + "/control.sock")
            s.sendall(struct.pack("<IHHI", len(body), self.CALL, 0, 1) + body)
            with s.makefile("rb") as f:
                kind = None
                while kind != self.ANSWER:
                    head = f.read(12)
                    if len(head) < 12:
                        raise DeskError("%s: the core hung up%s" % (act, self.log_tail()))
                    size, kind, _, _ = struct.unpack("<IHHI", head)
                    answer = f.read(size)
        answer = json.loads(answer)
        if "error" in answer:
            raise DeskError("%s: %s" % (act, answer["error"]["message"]))
        return answer["result"]

    # ---- the daemon -----------------------------------------------------

    @property
    def pid(self):
        return self.proc.pid

    def alive(self):
        return self.proc is not None and self.proc.poll() is None

    def start(self, **env):
        """Starts the core and waits until it answers."""
        with open(self.log, "ab") as out:
            self.proc = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", self.build + "/src/madoguchid", "--config",
                 self.config], env={**self.env, **env}, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, start_new_session=True)
        show, self.show = self.show, None
        try:
            wait_until("madoguchid", lambda: self.run("status", check=False).returncode == 0,
                       alive=self.alive)
        except ServersError as e:
            raise DeskError("%s%s" % (e, self.log_tail())) from None
        finally:
            self.show = show
        if not self.alarms:
            self.call("alarm.set", mail="off")
            self.alarms = True         # once is enough

    def wait_web(self):
        """Until browsers are answered."""
        def answers():
            with contextlib.suppress(OSError, http.client.HTTPException):
                c = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=5)
                c.request("GET", "/healthz")
                return c.getresponse().status == 200
            return False
        wait_until("mdg-web%s" % self.log_tail(), answers, alive=self.alive)

    def stop(self):
        if self.proc:
            if self.alive():
                self.proc.terminate()
            try:
                self.proc.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                self.proc.kill()
                self.proc.wait()
                raise DeskError("madoguchid did not stop" + self.log_tail()) from None
            finally:
                self.proc = None

    def kill(self):
        self.proc.kill()
        self.proc.wait()
        self.proc = None

    def log_tail(self, n=15):
        with contextlib.suppress(OSError), open(self.log, encoding="utf-8",
                                                errors="replace") as f:
            return "\n--- the end of %s\n%s" % (self.log, "".join(f.readlines()[-n:]))
        return ""

    # ---- the store, read beside the daemon (benchmarks, crash tests) -----

    def query(self, sql, *args):
        if self.postgres:
            return self.postgres[0].query(self.postgres[1], sql, *args)
        db = sqlite3.connect("file:%s?mode=ro" % self.store, uri=True, timeout=60)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def delivered(self):
        """Mails that have come all the way: each is in a ticket."""
        return self.query("SELECT count(*) FROM delivery WHERE state IN ('done', 'quarantined')")[0][0]

    def store_bytes(self):
        return sum(os.path.getsize(self.store + end) for end in ("", "-wal")
                   if os.path.exists(self.store + end))
