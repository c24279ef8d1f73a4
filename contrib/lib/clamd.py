"""A private clamd for tests: Debian's own program in the foreground, with a
configuration and a socket of its own and only our signatures, none of ClamAV's.

    with Clamd(folder) as clamd:
        clamd.socket, clamd.VIRUS, clamd.SIGNATURE
"""
import os
import shutil
import socket
import subprocess

from servers import ServersError, wait_until

CONF = """\
Foreground yes
LogFile {dir}/clamd.log
LocalSocket {dir}/clamd.ctl
LocalSocketMode 666
DatabaseDirectory {dir}/db
TemporaryDirectory {dir}/tmp
StreamMaxLength {stream}
MaxFileSize 700K
AlertExceedsMax yes
MaxThreads 4
SelfCheck 0
ConcurrentDatabaseReload no
"""


class Clamd:
    """See the module's text."""

    VIRUS = b"MADOGUCHI-TEST-VIRUS: harmless, and found by our own signature only."
    SIGNATURE = "Madoguchi.Test.Marker.UNOFFICIAL"

    def __init__(self, directory, stream="25M"):
        self.dir = os.path.abspath(directory)
        self.socket = self.dir + "/clamd.ctl"
        self.stream = stream
        self.proc = None

    @staticmethod
    def program():
        """Where it is installed, or None."""
        return shutil.which("clamd", path="/usr/sbin:/usr/bin:" + os.environ.get("PATH", ""))

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        for sub in ("db", "tmp"):
            os.makedirs(self.dir + "/" + sub, exist_ok=True)
        # Name:TargetType:Offset:HexSignature; any file, anywhere in it
        with open(self.dir + "/db/test.ndb", "w", encoding="ascii") as f:
            f.write("Madoguchi.Test.Marker:0:*:%s\n" % self.VIRUS.hex())
        with open(self.dir + "/clamd.conf", "w", encoding="utf-8") as f:
            f.write(CONF.format(dir=self.dir, stream=self.stream))
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        with open(self.dir + "/clamd.out", "ab") as out:
            self.proc = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", self.program(), "-c", self.dir + "/clamd.conf"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        wait_until("clamd", self.answers, 60, lambda: self.proc.poll() is None)
        return self

    def answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(10)
                s.connect(self.socket)
                s.sendall(b"zPING\0")
                return s.recv(10) == b"PONG\0"
        except OSError:
            return False

    def stop(self):
        if not self.proc:
            return
        self.proc.terminate()
        try:
            self.proc.wait(30)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
        self.proc = None


__all__ = ["Clamd", "ServersError"]
