#!/usr/bin/env python3
"""A private Cyrus IMAP server: another real one beside the Dovecot of servers.py.

    with Cyrus() as s:
        s.add_user("support@example.jp", "secret")
        s.deliver("taro@customer.example", "support@example.jp", raw_bytes)

IMAP over TLS and LMTP on loopback ports of their own, with idled, which tells
an IDLE of new mail at once. Unpacked from Debian's packages, never installed,
because that would start a service and ask for a mail server; it runs as the
caller, or as nobody for root, and dies with its starter. Python standard
library only.
"""
import contextlib
import glob
import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import ssl
import subprocess
import tempfile

from servers import (CACHE, HOST, WAIT_S, ServersError, as_root, free_ports, make_certificates,
                     run, wait_until, write)

# the server, its passwords, and the libraries that Debian may be without
PACKAGES = ("cyrus-common", "cyrus-imapd", "sasl2-bin", "libsasl2-modules", "libical3", "libnsl2",
            "libpcre3", "libwrap0", "libxapian30", "libxml2")

IMAPD_CONF = """\
configdirectory: {dir}/conf
partition-default: {dir}/spool
defaultpartition: default
sievedir: {dir}/conf/sieve
cyrus_user: {user}
cyrus_group: {group}
servername: mx.example.jp
virtdomains: userid
defaultdomain: localdomain
unixhierarchysep: yes
altnamespace: yes
allowplaintext: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {dir}/conf/sasldb2
sasl_mech_list: PLAIN
tls_server_cert: {dir}/tls/server.pem
tls_server_key: {dir}/tls/server.key
autocreate_quota: 0
autocreate_post: yes
autocreate_inbox_folders: Sent
xlist-sent: Sent
duplicatesuppression: no
idlesocket: {dir}/conf/idle
lmtpsocket: {dir}/conf/lmtp
notifysocket: {dir}/conf/notify
"""

CYRUS_CONF = """\
START {{
  recover cmd="{bin}/ctl_cyrusdb -C {conf} -r"
}}
SERVICES {{
  imaps cmd="{bin}/imapd -C {conf} -s" listen="{host}:{imaps}" prefork=1
  lmtp cmd="{bin}/lmtpd -C {conf} -a" listen="{host}:{lmtp}" prefork=1
}}
EVENTS {{
}}
DAEMON {{
  idled cmd="{bin}/idled -C {conf} -d"
}}
"""


def unpacked():
    """The folder with the programs; fetched from Debian once."""
    home = os.path.join(CACHE, "cyrus")
    if os.path.exists(home + "/usr/lib/cyrus/bin/master"):
        return home
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as tmp:
        try:
            run("apt-get", "-q", "download", *PACKAGES, cwd=tmp)
        except ServersError:
            run(*as_root(), "apt-get", "-q", "update")
            run("apt-get", "-q", "download", *PACKAGES, cwd=tmp)
        for package in glob.glob(tmp + "/*.deb"):
            run("dpkg", "-x", package, tmp + "/x")
        with contextlib.suppress(OSError):    # another one was faster
            os.rename(tmp + "/x", home)
    return home


class Cyrus:
    """See the module's text. Attributes: host, ca_file, dir, imaps_port, lmtp_port."""

    host = HOST

    def __init__(self, directory=None):
        """directory: made if need be and then kept; None: a temporary one."""
        self._own = directory is None
        self.dir = os.path.abspath(directory or tempfile.mkdtemp(prefix="madoguchi-cyrus."))
        self.ca_file = self.dir + "/tls/ca.pem"
        self.imaps_port, self.lmtp_port = free_ports(2)
        self._master = None
        self._home = self._env = None
        self._passwords = {}

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        root = os.geteuid() == 0
        me = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        conf = self.dir + "/imapd.conf"
        for sub in ("conf/socket", "spool", "tls"):
            os.makedirs(self.dir + "/" + sub, exist_ok=True)
        os.chmod(self.dir, 0o711)
        make_certificates(self.dir + "/tls")
        # nobody does not pass through root's home
        self._home = self.dir + "/cyrus"
        shutil.copytree(unpacked(), self._home, symlinks=True, dirs_exist_ok=True)
        lib = "/usr/lib/%s-linux-gnu" % os.uname().machine
        self._env = {**os.environ, "LD_LIBRARY_PATH": self._home + lib,
                     "SASL_PATH": "%s%s/sasl2:%s/sasl2" % (self._home, lib, lib)}
        write(conf, IMAPD_CONF.format(dir=self.dir, user=me.pw_name,
                                      group=grp.getgrgid(me.pw_gid).gr_name))
        write(self.dir + "/cyrus.conf", CYRUS_CONF.format(
            bin=self._home + "/usr/lib/cyrus/bin", conf=conf, host=HOST, imaps=self.imaps_port,
            lmtp=self.lmtp_port))
        self._password("nobody@localdomain", "x")      # so that the file is there
        if root:
            for sub in ("conf", "spool", "tls"):
                run("chown", "-R", "%d:%d" % (me.pw_uid, me.pw_gid), self.dir + "/" + sub)
        with open(self.dir + "/cyrus.out", "ab") as out:
            # one of a session of its own: it ends its children as a group
            self._master = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", self._home + "/usr/lib/cyrus/bin/master",
                 "-C", conf, "-M", self.dir + "/cyrus.conf", "-p", self.dir + "/conf/pid"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=self._env,
                start_new_session=True)
        try:
            wait_until("Cyrus on port %d" % self.imaps_port, self._answers,
                       alive=lambda: self._master.poll() is None)
        except ServersError as e:
            with open(self.dir + "/cyrus.out", encoding="utf-8", errors="replace") as f:
                raise ServersError("%s\n%s" % (e, f.read()[-2000:])) from None
        return self

    def stop(self):
        if self._master:
            with contextlib.suppress(OSError):
                os.killpg(self._master.pid, signal.SIGTERM)
            try:
                self._master.wait(WAIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._master.pid, signal.SIGKILL)
                self._master.wait()
            self._master = None
        if self._own:
            shutil.rmtree(self.dir, ignore_errors=True)

    def _answers(self):
        try:
            with smtplib.LMTP(HOST, self.lmtp_port, timeout=30), \
                    imaplib.IMAP4_SSL(HOST, self.imaps_port, ssl_context=self.tls(), timeout=30):
                return True
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            return False

    def _password(self, address, password):
        name, _, domain = address.lower().partition("@")
        argv = [self._home + "/usr/sbin/saslpasswd2", "-p", "-c", "-f",
                self.dir + "/conf/sasldb2", "-u", domain, name]
        subprocess.run(argv, input=password, text=True, check=True, env=self._env)

    def tls(self):
        """A context that trusts our CA only and checks the name."""
        return ssl.create_default_context(cafile=self.ca_file)

    def add_user(self, address, password="secret"):
        """A login; the mailbox is made by the first one."""
        self._passwords[address] = password
        self._password(address, password)
        self.mailbox(address).logout()

    def mailbox(self, user, folder="INBOX"):
        """imaplib, logged in over verified TLS, folder selected."""
        box = imaplib.IMAP4_SSL(HOST, self.imaps_port, ssl_context=self.tls(), timeout=WAIT_S)
        box.login(user, self._passwords[user])
        box.select(folder)
        return box

    def deliver(self, sender, to, raw):
        """One mail into the mailbox."""
        with smtplib.LMTP(HOST, self.lmtp_port, timeout=WAIT_S) as lmtp:
            lmtp.sendmail(sender, to, raw)
