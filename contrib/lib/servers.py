#!/usr/bin/env python3
"""Private mail servers for tests, the quickstart and the benchmarks.

    with Servers() as s:
        s.add_user("taro@customer.example", "secret")
        s.deliver("taro@customer.example", "support@example.jp", raw_bytes)
        with s.mailbox("support@example.jp") as box:      # imaplib, TLS verified
            box.search(None, "ALL")

A Dovecot (IMAP, LMTP, submission) and an OpenSMTPD (the MX: queue, bounces)
live in one folder and on loopback ports of their own:

    us -- submission, TLS or STARTTLS and AUTH --> Dovecot --\
    the internet -- SMTP ---------------------------------> OpenSMTPD
    mailboxes <-- LMTP, Dovecot <-------------------------------/

Dovecot comes from the installed packages and runs as the caller, root or not.
OpenSMTPD is unpacked from its .deb, never installed, because installing it would
remove the machine's own MTA; its paths and users are compiled in, so it runs in
a private mount namespace that has them, which takes root: sudo is used if need
be. Its own TLS does not work with the OpenSSL 3 of Debian 12 (a handshake ends
in an internal error), hence Dovecot's submission service before it.

Everything started here dies with its starter, whatever happens to that one:
Dovecot by its parent-death signal, OpenSMTPD by the end of file on a pipe.

Python standard library only.
"""
import contextlib
import glob
import grp
import imaplib
import os
import pwd
import random
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HOST = "127.0.0.1"           # in the certificate, like "localhost"
OTHER_HOST = "127.0.0.2"     # listens too, but is not in the certificate
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or
                     os.path.expanduser("~/.cache"), "madoguchi")
WAIT_S = 90                  # what is well is there soon; this is for a busy machine


class ServersError(Exception):
    """A server did not start or did not do what it should."""


def wait_until(what, test, timeout_s=WAIT_S, alive=None):
    """Returns test()'s first true result; raises after timeout_s, or WAIT_S if that is more."""
    timeout_s = max(timeout_s, WAIT_S)
    end = time.monotonic() + timeout_s
    pause = 0.005
    while True:
        result = test()
        if result:
            return result
        if alive and not alive():
            raise ServersError("%s: the process has ended" % what)
        if time.monotonic() > end:
            raise ServersError("%s: nothing after %d s" % (what, timeout_s))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def chosen_freely():
    """Ports that the kernel gives to nobody who asks for just any."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as f:
        low, high = map(int, f.read().split())
    below, above = range(10000, low), range(high + 1, 65536)
    return max(below, above, key=len) if max(len(below), len(above)) > 1000 else range(10000, 65536)


KEPT = []                    # the names that keep our ports for us


def keep(port):
    """Nobody else who asks here gets this port before we end; False: it is taken."""
    with contextlib.ExitStack() as undo:
        name = undo.enter_context(socket.socket(socket.AF_UNIX))
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                name.bind("\0madoguchi-port-%d" % port)
                s.bind(("", port))
            except OSError:
                return False
        undo.pop_all()
        KEPT.append(name)
        return True


def free_ports(n):
    """n loopback ports, all different, for us alone as long as this process lives:
    while a server is not started yet, or stopped, nobody comes by them by chance."""
    out, ports = [], chosen_freely()
    while len(out) < n:
        port = random.choice(ports)
        if keep(port):
            out.append(port)
    return out


def run(*argv, **kw):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, check=False, **kw)
    if done.returncode != 0:
        raise ServersError("%s: status %d\n%s" % (" ".join(argv), done.returncode, done.stdout))
    return done.stdout


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, mode)) as f:
        f.write(text)
    os.chmod(path, mode)


def as_root():
    """The words that make a command run as root."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL,
                                            check=False).returncode == 0 else ["sudo"]


def opensmtpd():
    """The folder with an unpacked OpenSMTPD; fetched from Debian once."""
    home = os.path.join(CACHE, "opensmtpd")
    if os.path.exists(home + "/usr/sbin/smtpd"):
        return home
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as tmp:
        try:
            run("apt-get", "-q", "download", "opensmtpd", cwd=tmp)
        except ServersError:
            run(*as_root(), "apt-get", "-q", "update")
            run("apt-get", "-q", "download", "opensmtpd", cwd=tmp)
        run("dpkg", "-x", glob.glob(tmp + "/opensmtpd_*.deb")[0], tmp + "/x")
        with contextlib.suppress(OSError):    # another one was faster
            os.rename(tmp + "/x", home)
    return home


def make_certificates(folder):
    """An own CA and a server certificate for localhost and HOST."""
    def ossl(*argv):
        run("openssl", *argv, cwd=folder)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    ossl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
         "-subj", "/CN=Madoguchi private test CA",
         "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    ossl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    write(folder + "/server.ext",
          "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
          "subjectAltName=DNS:localhost,IP:%s\n" % HOST)
    ossl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
         "-CAcreateserial", "-out", "server.pem", "-days", "30", "-extfile", "server.ext")
    os.chmod(folder + "/server.key", 0o600)


DOVECOT_CONF = """\
base_dir = {dir}/dovecot
state_dir = {dir}/dovecot
log_path = {dir}/dovecot.log
instance_name = madoguchi-test
protocols = imap lmtp submission
listen = {host}, {other}
ssl = yes
ssl_cert = <{dir}/tls/server.pem
ssl_key = <{dir}/tls/server.key
disable_plaintext_auth = yes
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 200
default_vsz_limit = 1G
shutdown_clients = yes
first_valid_uid = {uid}
first_valid_gid = {gid}
postmaster_address = postmaster@example.jp
hostname = mx.example.jp
submission_relay_host = {host}
submission_relay_port = {smtp}
submission_relay_ssl = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {dir}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {dir}/users
  default_fields = uid={uid} gid={gid} home={dir}/mail/%Lu
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service submission-login {{
  {chroot}
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = {submissions}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {lmtp}
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{extra}
"""

DOVECOT_OAUTH2 = """\
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = %s/oauth2.conf
}
"""

# An IDLE of a second is handed to one small process for all, which tells of a
# mail at once; the process of the mailbox itself collects news for 500 ms.
DOVECOT_HIBERNATES = """\
protocol imap {
  imap_hibernate_timeout = 1s
}
service imap {
  unix_listener imap-master {
    mode = 0666
  }
}
service imap-hibernate {
  unix_listener imap-hibernate {
    mode = 0666
  }
}
"""

OAUTH2_CONF = """\
tokeninfo_url = %s
username_attribute = email
active_attribute = active
active_value = true
"""

SMTPD_CONF = """\
listen on {host} port {smtp} hostname mx.example.jp
action "dovecot" relay host "lmtp://{host}:{lmtp}"
match from any for any action "dovecot"
"""


class Servers:
    """Both servers; see the module's text. Attributes after start():
    host, other_host, ca_file, dir, imap_port (STARTTLS), imaps_port (TLS),
    lmtp_port, smtp_port (MX), submission_port (STARTTLS and AUTH),
    submissions_port (TLS and AUTH)."""

    host, other_host = HOST, OTHER_HOST
    PORTS = ("imap", "imaps", "lmtp", "smtp", "submission", "submissions")

    def __init__(self, directory=None, smtp=True, tokeninfo_url=None, conf=""):
        """directory: made if need be and then kept; None: a temporary one.
        tokeninfo_url: who knows access tokens, for logins by XOAUTH2.
        conf: more lines of Dovecot's configuration."""
        self._conf = conf
        self._tokeninfo_url = tokeninfo_url
        self._own = directory is None
        self.dir = os.path.abspath(directory or tempfile.mkdtemp(prefix="madoguchi-servers."))
        self._with_smtp = smtp
        self._dovecot = self._smtpd = None
        self._passwords = {}
        self.ca_file = self.dir + "/tls/ca.pem"
        for name, port in zip(self.PORTS, free_ports(len(self.PORTS))):
            setattr(self, name + "_port", port)

    def __enter__(self):
        return self.start()

    def __exit__(self, *exc):
        self.stop()

    # ---- start and stop ------------------------------------------------

    def start(self):
        try:
            os.makedirs(self.dir, exist_ok=True)
            os.chmod(self.dir, 0o711)      # the servers' own users pass through
            for sub in ("tls", "dovecot", "mail"):
                os.makedirs(self.dir + "/" + sub, exist_ok=True)
            make_certificates(self.dir + "/tls")
            self._write_users()
            self.start_imap()
            if self._with_smtp:
                self.start_smtp()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        self.stop_smtp()
        self.stop_imap()
        if self._own:
            shutil.rmtree(self.dir, ignore_errors=True)

    def start_imap(self):
        """Also for tests: after stop_imap() the same mailboxes come back."""
        root = os.geteuid() == 0
        mail = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        extra = "" if root else (
            "default_internal_user = {0}\ndefault_internal_group = {1}\n"
            "default_login_user = {0}\n".format(mail.pw_name, grp.getgrgid(mail.pw_gid).gr_name))
        extra += self._conf
        if root:
            os.chown(self.dir + "/mail", mail.pw_uid, mail.pw_gid)
        if self._tokeninfo_url:
            write(self.dir + "/oauth2.conf", OAUTH2_CONF % self._tokeninfo_url)
            extra += DOVECOT_OAUTH2 % self.dir
        conf = self.dir + "/dovecot.conf"
        write(conf, DOVECOT_CONF.format(
            dir=self.dir, host=HOST, other=OTHER_HOST, uid=mail.pw_uid, gid=mail.pw_gid,
            imap=self.imap_port, imaps=self.imaps_port, lmtp=self.lmtp_port,
            smtp=self.smtp_port, submission=self.submission_port,
            submissions=self.submissions_port, chroot="" if root else "chroot =", extra=extra))
        with open(self.dir + "/dovecot.out", "ab") as out:
            self._dovecot = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "/usr/sbin/dovecot", "-F", "-c", conf],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        self._wait_port("dovecot", self.imaps_port, self._dovecot)
        self._wait_port("dovecot", self.lmtp_port, self._dovecot)
        self._wait_port("dovecot", self.submission_port, self._dovecot)

    def stop_imap(self):
        if self._dovecot:
            self._end(self._dovecot)
            self._dovecot = None

    def start_smtp(self):
        home = opensmtpd()
        os.makedirs(self.dir + "/smtpd", exist_ok=True)
        write(self.dir + "/smtpd.conf", SMTPD_CONF.format(
            host=HOST, lmtp=self.lmtp_port, smtp=self.smtp_port))
        with open(self.dir + "/smtpd.log", "ab") as out:
            self._smtpd = subprocess.Popen(
                [*as_root(), sys.executable, os.path.abspath(__file__), "--smtpd", home, self.dir],
                stdin=subprocess.PIPE, stdout=out, stderr=out,
                start_new_session=os.geteuid() == 0)     # sudo remembers by terminal
        self._wait_port("smtpd", self.smtp_port, self._smtpd)

    def stop_smtp(self):
        if self._smtpd:
            self._smtpd.stdin.close()          # its keeper ends it and itself
            self._smtpd.wait(WAIT_S)
            self._smtpd = None

    @staticmethod
    def _end(proc):
        if proc.poll() is None:
            proc.terminate()
        try:
            proc.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            proc.kill()
            proc.wait()

    def _wait_port(self, name, port, proc):
        def answers():
            try:
                socket.create_connection((HOST, port), 1).close()
                return True
            except OSError:
                return False
        try:
            wait_until("%s on port %d" % (name, port), answers,
                       alive=lambda: proc.poll() is None)
        except ServersError as e:
            raise ServersError("%s\n%s" % (e, self.logs())) from None

    def logs(self):
        """The ends of the servers' logs, for messages."""
        out = []
        for name in ("dovecot.out", "dovecot.log", "smtpd.log"):
            with contextlib.suppress(OSError), \
                    open(os.path.join(self.dir, name), encoding="utf-8", errors="replace") as f:
                out.append("--- %s\n%s" % (name, "".join(f.readlines()[-20:])))
        return "\n".join(out)

    # ---- people and mail -----------------------------------------------

    def add_user(self, address, password="secret"):
        """A mailbox and a login, also for the submission ports."""
        self._passwords[address.lower()] = password
        self._write_users()
        if self._dovecot:      # it looks at the file once a second
            wait_until("the login of " + address, lambda: self._can_log_in(address, password))

    def _can_log_in(self, address, password):
        with imaplib.IMAP4_SSL(HOST, self.imaps_port, ssl_context=self.tls(),
                               timeout=WAIT_S) as box:
            try:
                box.login(address, password)
            except imaplib.IMAP4.error:
                return False
            return True

    def _write_users(self):
        rows = ["%s:{PLAIN}%s::::::\n" % row for row in self._passwords.items()]
        # renamed into place: Dovecot may read at any time
        write(self.dir + "/users.new", "".join(rows))
        os.rename(self.dir + "/users.new", self.dir + "/users")

    def tls(self):
        """A context that trusts our CA only and checks the name."""
        return ssl.create_default_context(cafile=self.ca_file)

    def deliver(self, sender, to, raw):
        """One mail by SMTP as from the internet; to: address or list."""
        with smtplib.SMTP(HOST, self.smtp_port, timeout=WAIT_S) as smtp:
            smtp.sendmail(sender, to, raw)

    def deliver_all(self, mails):
        """(sender, to, raw) by (sender, to, raw) on one connection."""
        with smtplib.SMTP(HOST, self.smtp_port, timeout=WAIT_S) as smtp:
            for sent, (sender, to, raw) in enumerate(mails, 1):
                smtp.sendmail(sender, to, raw)
                if sent % 50 == 0:             # smtpd takes 100 a session
                    smtp.quit()
                    smtp.connect(HOST, self.smtp_port)

    def submit(self, user, to, raw):
        """One mail as a logged-in user."""
        with smtplib.SMTP(HOST, self.submission_port, timeout=WAIT_S) as smtp:
            smtp.starttls(context=self.tls())
            smtp.login(user, self._passwords[user.lower()])
            smtp.sendmail(user, to, raw)

    def mailbox(self, user, folder="INBOX"):
        """imaplib, logged in over verified TLS, folder selected."""
        box = imaplib.IMAP4_SSL(HOST, self.imaps_port, ssl_context=self.tls(), timeout=WAIT_S)
        box.login(user, self._passwords[user.lower()])
        box.select(folder)
        return box

    def mails(self, user, folder="INBOX"):
        """The raw mails of a folder, oldest first."""
        with self.mailbox(user, folder) as box:
            _, data = box.uid("SEARCH", "ALL")
            if not data[0]:
                return []
            uids = data[0].split()
            _, rows = box.uid("FETCH", b",".join(uids).decode(), "(BODY.PEEK[])")
            return [r[1] for r in rows if isinstance(r, tuple)]

    def make_anew(self, user, folder):
        """Deletes a folder and creates it again: empty, of another UIDVALIDITY."""
        def uidvalidity():
            return int(box.status(folder, "(UIDVALIDITY)")[1][0].split()[-1].rstrip(b")"))
        with self.mailbox(user) as box:
            old = uidvalidity()
            box.delete(folder)
            # it is made of the time in seconds
            wait_until("another UIDVALIDITY", lambda: time.time() >= old + 1)
            box.create(folder)
            if uidvalidity() == old:
                raise ServersError("%s has its UIDVALIDITY again" % folder)

    def wait_mails(self, user, n, folder="INBOX", timeout_s=WAIT_S):
        """The raw mails as soon as there are n of them."""
        def enough():
            got = self.mails(user, folder)
            return got if len(got) >= n else None
        try:
            return wait_until("%d mails of %s" % (n, user), enough, timeout_s)
        except ServersError as e:
            raise ServersError("%s\n%s" % (e, self.logs())) from None


# ---- the keeper of smtpd: runs as root as long as its stdin is open --------

SMTPD_USERS = (("opensmtpd", 64901), ("opensmtpq", 64902))


def smtpd_mounts(home, folder):
    """What smtpd finds where it looks: (our path, its path)."""
    own = folder + "/smtpd/"
    for sub in ("lib/opensmtpd/empty", "spool/smtpd", "run"):
        os.makedirs(own + sub, exist_ok=True)
    for sub in ("lib", "lib/opensmtpd", "lib/opensmtpd/empty", "spool", "run"):
        os.chmod(own + sub, 0o755)
    os.chmod(own + "spool/smtpd", 0o711)
    for name, row in (("passwd", "%s:x:%d:%d::/var/lib/opensmtpd/empty:/usr/sbin/nologin\n"),
                      ("group", "%s:x:%.0s%d:\n")):
        with open("/etc/" + name, encoding="utf-8") as f:
            rows = [r for r in f if r.split(":")[0] not in dict(SMTPD_USERS)]
        write(own + name, "".join(rows + [row % (u, i, i) for u, i in SMTPD_USERS]))
    return [(own + "passwd", "/etc/passwd"), (own + "group", "/etc/group"),
            (own + "lib", "/var/lib"), (own + "spool", "/var/spool"),
            (home + "/usr/libexec", "/usr/libexec"), (own + "run", "/run")]


def keep_smtpd(home, folder):
    """Enters a private mount namespace, then runs smtpd until stdin ends."""
    if os.environ.get("MADOGUCHI_SMTPD_NS") != "1":
        env = {**os.environ, "MADOGUCHI_SMTPD_NS": "1"}
        # in a chroot "/" is no mount of its own and its propagation cannot be set
        plain = subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL, check=False)
        how = [] if plain.returncode == 0 else ["--propagation", "unchanged"]
        os.execvpe("unshare", ["unshare", "-m", *how, sys.executable, *sys.argv], env)
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, signal.SIG_IGN)     # only the end of stdin counts
    mounted, smtpd = [], None
    try:
        for ours, theirs in smtpd_mounts(home, folder):
            run("mount", "-n", "--bind", ours, theirs)
            mounted.append(theirs)
        smtpd = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", home + "/usr/sbin/smtpd", "-d", "-f",
             folder + "/smtpd.conf"], stdin=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
        sys.stdin.read()
    finally:
        if smtpd:
            smtpd.terminate()
            try:
                smtpd.wait(10)
            except subprocess.TimeoutExpired:
                smtpd.kill()
                smtpd.wait()
        for theirs in reversed(mounted):
            subprocess.run(["umount", "-n", "-l", theirs], check=False)
        if os.environ.get("SUDO_UID"):         # so that the caller can remove it
            run("chown", "-R", os.environ["SUDO_UID"], folder + "/smtpd")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--smtpd":
        keep_smtpd(*sys.argv[2:])
    else:
        sys.exit(__doc__)
