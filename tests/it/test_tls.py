"""Nothing is said to a server that is not who it should be."""
import os
import shutil
import ssl
import subprocess

import pytest
from evil import Conn, Evil, Gone, Imap, short_timeouts

SUPPORTED = dict(good=None, expired="net_cert_expired", future="net_cert_not_yet",
                 other="net_cert_name", own="net_cert_unknown_ca", client="net_cert_invalid")

CA_CONF = """\
[ca]
default_ca = d
[d]
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
"""


def ossl(folder, *argv):
    subprocess.run(["openssl", *argv], cwd=folder, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def certs(tmp_path_factory, servers):
    """A folder with NAME.pem and NAME.key for each name of SUPPORTED."""
    d = str(tmp_path_factory.mktemp("certs"))
    for name in ("ca.pem", "ca.key"):
        shutil.copy(os.path.dirname(servers.ca_file) + "/" + name, d)
    for name, content in (("ca.conf", CA_CONF), ("index.txt", ""), ("serial", "1000\n")):
        with open(d + "/" + name, "w", encoding="ascii") as f:
            f.write(content)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    spans = dict(expired=("20200101000000Z", "20210101000000Z"),
                 future=("20900101000000Z", "20910101000000Z"))
    for name in SUPPORTED:
        if name == "own":
            ossl(d, "req", "-x509", *key, "-keyout", "own.key", "-out", "own.pem", "-subj",
                 "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")
            continue
        with open(d + "/" + name + ".ext", "w", encoding="ascii") as f:
            f.write("basicConstraints=CA:FALSE\nextendedKeyUsage=%s\nsubjectAltName=%s\n" % (
                "clientAuth" if name == "client" else "serverAuth",
                "DNS:mail.other.example" if name == "other" else "IP:127.0.0.1"))
        ossl(d, "req", *key, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=x")
        begin, end = spans.get(name, ("20200101000000Z", "20900101000000Z"))
        ossl(d, "ca", "-batch", "-notext", "-config", "ca.conf", "-in", name + ".csr", "-out",
             name + ".pem", "-extfile", name + ".ext", "-startdate", begin, "-enddate", end)
    return d


class Tls:
    """TLS from the first byte in front of another script."""

    def __init__(self, certs, name, script, **context):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certs + "/" + name + ".pem", certs + "/" + name + ".key")
        for k, v in context.items():
            if k == "ciphers":
                self.context.set_ciphers(v)
            else:
                setattr(self.context, k, v)
        self.script = script
        self.names = []
        self.context.sni_callback = lambda s, name, c: self.names.append(name)

    def __call__(self, c, n):
        try:
            inner = self.context.wrap_socket(c.sock, server_side=True)
        except (ssl.SSLError, OSError) as e:
            raise Gone from e
        self.script(Conn(inner), n)


def drive(build_dir, script, ca, *ops, mode="tls", host="127.0.0.1"):
    env = short_timeouts(build_dir)
    with Evil(script) as port:
        done = subprocess.run(
            [build_dir + "/tests/it/imapdrive", host, str(port), mode, ca, "u", "p", *ops],
            stdout=subprocess.PIPE, text=True, check=False, env=env, timeout=300)
    assert done.returncode in (0, 1), done.stdout
    return done.stdout.splitlines()


def message(lines):
    return next((x.split()[2] for x in lines if x.startswith("ERR")), None)


@pytest.mark.parametrize("name", SUPPORTED)
@pytest.mark.parametrize("mode", ["tls", "starttls"])
def test_only_the_right_certificate_is_talked_to(build_dir, certs, name, mode):
    inner = Imap({1: b"x"})
    if mode == "tls":
        script = Tls(certs, name, inner)
        before = 0
    else:
        tls = Tls(certs, name, inner)
        def upgrade(c, tag, args):
            c.send("%s OK go\r\n" % tag)
            inner.on["GREETING"] = lambda c: None
            tls(c, 1)
            raise Gone
        script = Imap(caps="IMAP4rev1 STARTTLS AUTH=PLAIN", STARTTLS=upgrade)
        before = 2                     # CAPABILITY and STARTTLS, in clear
    lines = drive(build_dir, script, certs + "/ca.pem", "select", "INBOX", mode=mode)
    assert message(lines) == SUPPORTED[name]
    if name == "good":
        assert any("AUTHENTICATE" in s for s in inner.seen)
    else:
        assert inner.seen == []        # not one byte of ours went through
        assert "step tls" in lines
    if before:
        assert len(script.seen) == before
        assert not any("AUTH" in s or "LOGIN" in s for s in script.seen)


def test_the_name_is_said_for_names_but_not_for_addresses(build_dir, certs):
    tls = Tls(certs, "other", Imap())
    assert message(drive(build_dir, tls, certs + "/ca.pem", host="localhost")) == "net_cert_name"
    assert tls.names == ["localhost"]
    tls = Tls(certs, "good", Imap({1: b"x"}))
    assert message(drive(build_dir, tls, certs + "/ca.pem")) is None
    assert tls.names == [None]


def test_the_certificates_own_name_is_shown(build_dir, certs):
    lines = drive(build_dir, Tls(certs, "other", Imap()), certs + "/ca.pem")
    assert any("mail.other.example" in x for x in lines)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_protocols_are_refused(build_dir, certs):
    tls = Tls(certs, "good", Imap(), ciphers="ALL:@SECLEVEL=0",
              minimum_version=ssl.TLSVersion.TLSv1, maximum_version=ssl.TLSVersion.TLSv1_1)
    assert message(drive(build_dir, tls, certs + "/ca.pem")) == "net_tls"


def test_tls_1_2_is_enough(build_dir, certs):
    tls = Tls(certs, "good", Imap({1: b"x"}), maximum_version=ssl.TLSVersion.TLSv1_2)
    assert message(drive(build_dir, tls, certs + "/ca.pem", "select", "INBOX", "fetch",
                         "0")) is None


@pytest.mark.parametrize("script,expected", [
    (lambda c, n: c.until_gone(), ("net_timeout",)),
    (lambda c, n: c.close(), ("net_closed", "net_tls", "net_broken")),
    (lambda c, n: c.forever(b"* OK not TLS at all\r\n" * 100), ("net_tls",)),
    (lambda c, n: c.slowly(b"\x16\x03\x03\x01\x00" + bytes(50)), ("net_timeout", "net_tls")),
])
def test_a_handshake_ends_in_time(build_dir, certs, script, expected):
    assert message(drive(build_dir, script, certs + "/ca.pem")) in expected


def test_a_line_cut_inside_tls_is_no_end_of_a_mail(build_dir, certs):
    inner = Imap({1: b"x" * 5000, 2: b"y"})
    def body(c, uid):
        c.send(b"* 1 FETCH (UID %d BODY[] {5000}\r\nxxxx" % uid)
        c.close()
    inner.body = body
    lines = drive(build_dir, Tls(certs, "good", inner), certs + "/ca.pem", "select", "INBOX",
                  "fetch", "0")
    assert message(lines) in ("net_closed", "net_broken")
    assert not any(x.startswith("mail") for x in lines)


def test_a_ca_file_that_is_none_is_named(build_dir, tmp_path):
    (tmp_path / "ca").write_text("nothing\n")
    lines = drive(build_dir, Imap(), str(tmp_path / "ca"))
    assert message(lines) == "net_no_trust"
