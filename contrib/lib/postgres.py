"""A private PostgreSQL server for tests: its files in one folder, a socket and
no port, never as root; it dies with its starter.

    with Postgres(folder) as pg:
        pg.create("desk")
        pg.url("desk")                       # for madoguchi.conf
        pg.query("desk", "SELECT count(*) FROM ticket")
"""
import contextlib
import glob
import os
import pwd
import signal
import subprocess
import time

from servers import ServersError, wait_until

LOST = 2      # psql: the connection failed


def bin_dir():
    """Where the newest installed server's programs are; None if there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.environ.get("MDG_PG_BINDIR") or (os.path.dirname(found[-1]) if found else None)


class Postgres:
    """See the module's text."""

    USER = "madoguchi"

    def __init__(self, directory, *settings):
        """A server that was there before is taken up again; settings: "name=value"."""
        self.dir = os.path.abspath(directory)
        self.settings = ["fsync=off", "shared_buffers=16MB", *settings]
        self.bin = bin_dir()
        self.proc = None

    def __enter__(self):
        if not os.path.exists(self.dir):
            self._make()
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop()

    def _make(self):
        os.mkdir(self.dir, 0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.dir, nobody.pw_uid, nobody.pw_gid)
        self._run("initdb", "-D", "data", "-U", self.USER, "-A", "trust", "-E", "UTF8",
                  "--locale=C", "-N")

    def _argv(self, program, *words):
        argv = [os.path.join(self.bin, program), *words]
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                *argv] if os.geteuid() == 0 else argv

    def _run(self, *words):
        done = subprocess.run(self._argv(*words), cwd=self.dir, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise ServersError("%s: %s" % (words[0], done.stdout))

    def start(self):
        with open(self.dir + "/../postgres.log", "ab") as log:
            # the signal for an immediate end, asked for behind the change of user
            argv = self._argv("postgres", "-D", "data", "-k", self.dir, "-c", "listen_addresses=",
                              *[word for s in self.settings for word in ("-c", s)])
            at = argv.index(os.path.join(self.bin, "postgres"))
            self.proc = subprocess.Popen(
                [*argv[:at], "setpriv", "--pdeathsig", "QUIT", *argv[at:]], cwd=self.dir,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        wait_until("PostgreSQL", lambda: self._psql("postgres", "SELECT 1", check=False) == "1\n",
                   alive=lambda: self.proc.poll() is None)

    def stop(self, how=signal.SIGINT):
        if self.proc and self.proc.poll() is None:
            self.proc.send_signal(how)
            self.proc.wait(60)
        self.proc = None

    @contextlib.contextmanager
    def frozen(self):
        """All its processes stand still: connections stay, and nobody is answered."""
        with open("/proc/%d/task/%d/children" % (self.proc.pid, self.proc.pid),
                  encoding="ascii") as f:
            pids = [self.proc.pid, *map(int, f.read().split())]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def url(self, database):
        return "postgresql://%s@/%s?host=%s" % (self.USER, database, self.dir)

    def create(self, database):
        self._psql("postgres", "CREATE DATABASE %s" % database)

    def _psql(self, database, sql, check=True, patience_s=0):
        end = time.monotonic() + patience_s
        while True:
            done = self._psql_once(database, sql)
            if done.returncode != LOST or time.monotonic() > end:
                break
            time.sleep(0.05)
        if check and done.returncode != 0:
            raise ServersError("%s: %s" % (sql, done.stderr))
        return done.stdout

    def _psql_once(self, database, sql):
        return subprocess.run(
            [self.bin + "/psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-P",
             "null=\x1e", "-v", "ON_ERROR_STOP=1",
             "-c", sql, self.url(database)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, check=False)

    def query(self, database, sql, *args):
        """Rows as the desk's other store gives them: numbers are numbers. A server
        that recovers from a death is waited for."""
        for i, value in reversed(list(enumerate(args, 1))):
            sql = sql.replace("?%d" % i, str(value) if isinstance(value, int) else
                              "'%s'" % value.replace("'", "''"))
        lines = self._psql(database, sql, patience_s=60).split("\n")[:-1]
        return [tuple(None if v == "\x1e" else int(v) if v.lstrip("-").isdigit() else v
                      for v in line.split("\x1f")) for line in lines]
