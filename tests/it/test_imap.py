"""worker/imap against a real Dovecot, through tests/it/imapdrive."""
import hashlib
import imaplib
import subprocess
import time
import uuid

import pytest
from evil import sanitized
from servers import wait_until

USER, PASSWORD = "imap@example.jp", "imap-secret"


@pytest.fixture(scope="module")
def account(servers):
    servers.add_user(USER, PASSWORD)
    return servers


@pytest.fixture
def box(account):
    with account.mailbox(USER) as b:
        yield b


def put(box, folder, n, size=300, flags=None):
    """n new mails in a new or old folder; their raw bytes."""
    box.create(folder)
    out = []
    for i in range(n):
        raw = ("From: a@customer.example\r\nMessage-ID: <%s@customer.example>\r\n"
               "Subject: %d\r\n\r\n" % (uuid.uuid4().hex, i)).encode()
        raw += (hashlib.sha256(raw).hexdigest().encode() + b"\r\n") * (size // 66 + 1)
        box.append(folder, flags, None, raw)
        out.append(raw)
    return out


def drive(build_dir, host, port, mode, ca, *ops, password=PASSWORD, code=0, timeout=300):
    done = subprocess.run(
        [build_dir + "/tests/it/imapdrive", host, str(port), mode, ca, USER, password, *ops],
        stdout=subprocess.PIPE, text=True, check=False, timeout=timeout)
    assert done.returncode == code, done.stdout
    return done.stdout.splitlines()


@pytest.fixture
def imap(account, build_dir):
    def run(*ops, **kw):
        return drive(build_dir, account.host, account.imaps_port, "tls", account.ca_file,
                     *ops, **kw)
    return run


def words(lines, first):
    return [line.split() for line in lines if line.split()[0] == first]


def new_folder():
    return "f" + uuid.uuid4().hex[:8]


def test_bodies_come_as_they_are_and_stay_unseen(imap, box, tmp_path):
    folder = new_folder()
    raws = put(box, folder, 3) + put(box, folder, 1, 700_000) + put(box, folder, 1, 9_000_000) \
        + put(box, folder, 60)
    lines = imap("select", folder, "save", "0", str(tmp_path))
    for uid, raw in enumerate(raws, 1):
        assert (tmp_path / str(uid)).read_bytes() == raw
    mails = words(lines, "mail")
    assert [int(m[1]) for m in mails] == list(range(1, len(raws) + 1))
    for mail, raw in zip(mails, raws):
        assert mail[3] == hashlib.blake2b(raw, digest_size=32).hexdigest()
    box.select(folder, readonly=True)
    assert box.uid("SEARCH", "SEEN")[1] == [b""]


def test_a_large_mail_passes_in_little_memory(imap, box, build_dir):
    folder = new_folder()
    put(box, folder, 1, 30_000_000)
    lines = imap("select", folder, "fetch", "0")
    assert int(words(lines, "mail")[0][2]) > 30_000_000
    if not sanitized(build_dir):
        assert int(words(lines, "rss")[0][1]) < 30_000


def test_only_uids_above_the_watermark_are_listed(imap, box):
    folder = new_folder()
    put(box, folder, 5)
    def uids(low):
        return [int(i[1]) for i in words(imap("select", folder, "list", low), "item")]
    assert uids("0") == [1, 2, 3, 4, 5]
    assert uids("3") == [4, 5]
    assert uids("5") == []
    assert uids("4000000000") == []
    assert uids("4294967295") == []


def test_where_to_begin_for_mail_since_a_time(imap, box):
    folder = new_folder()
    put(box, folder, 2)
    box.append(folder, None, imaplib.Time2Internaldate(time.time() - 30 * 86400),
               b"Subject: old\r\n\r\nold\r\n")
    put(box, folder, 1)
    now = int(time.time())
    low = words(imap("select", folder, "since", str(now - 3600), "since",
                     str(now + 10 * 86400), "since", str(now - 60 * 86400)), "low")
    assert low == [["low", "0"], ["low", "4"], ["low", "0"]]


def test_starttls_and_loopback_work_too(account, build_dir, box):
    for mode, tls in (("starttls", "tls=1"), ("none", "tls=0")):
        lines = drive(build_dir, account.host, account.imap_port, mode, account.ca_file,
                      "select", "INBOX")
        assert words(lines, "open")[0][2] == tls


@pytest.mark.parametrize("mode,port", [("tls", "imaps_port"), ("starttls", "imap_port")])
def test_a_certificate_of_another_name_is_refused(account, build_dir, mode, port):
    lines = drive(build_dir, account.other_host, getattr(account, port), mode,
                  account.ca_file, "select", "INBOX", code=1)
    assert words(lines, "ERR")[0][1:3] == ["tls", "net_cert_name"]
    assert ["step", "tls"] in words(lines, "step")
    assert not words(lines, "open")


@pytest.mark.parametrize("mode,port", [("tls", "imaps_port"), ("starttls", "imap_port")])
def test_an_unknown_authority_is_refused(account, build_dir, mode, port):
    lines = drive(build_dir, account.host, getattr(account, port), mode, "-",
                  "select", "INBOX", code=1)
    assert words(lines, "ERR")[0][1:3] == ["tls", "net_cert_unknown_ca"]
    assert not words(lines, "open")


def test_each_failure_says_what_it_is(account, build_dir, imap):
    cases = (
        (("nohost.invalid", 993, "tls"), "dns", "net_dns"),
        ((account.host, 1, "tls"), "connect", "net_refused"),
        ((account.host, account.imap_port, "tls"), "tls", "net_tls"),
    )
    for where, step, message in cases:
        lines = drive(build_dir, *where, account.ca_file, "select", "INBOX", code=1)
        assert words(lines, "ERR")[0][2].startswith(message)
        assert ["step", step] in words(lines, "step")
    lines = imap("select", "INBOX", password="wrong", code=1)
    assert words(lines, "ERR")[0][1:3] == ["auth", "net_login_refused"]
    assert ["step", "login"] in words(lines, "step")
    lines = imap("select", "Nowhere", code=1)
    assert words(lines, "ERR")[0][1:3] == ["not-found", "net_folder_missing"]
    assert ["step", "folder"] in words(lines, "step")


def test_folders_have_their_uses_and_names(imap, box):
    box.create('"&U9dP4TDIMOwwpA-"')
    rows = {w[1]: w[2:] for w in words(imap("folders"), "folder")}
    assert rows["INBOX"][1] == "1"
    assert rows["Sent"][1] == "2"
    assert rows["&U9dP4TDIMOwwpA-"][0] == "受信トレイ"
    assert words(imap("select", "受信トレイ"), "selected")


def test_the_sent_copy_is_put_there_once(imap, account, tmp_path):
    ident = uuid.uuid4().hex + "@example.jp"
    raw = ("From: %s\r\nMessage-ID: <%s>\r\n\r\n送りました\r\n" % (USER, ident)).encode()
    (tmp_path / "m").write_bytes(raw)
    ops = ("append", "Sent", ident, str(tmp_path / "m"))
    first = words(imap(*ops, *ops), "appended")
    again = words(imap(*ops), "appended")
    assert first[0] == first[1] == again[0]
    assert account.mails(USER, "Sent").count(raw) == 1
    with account.mailbox(USER, "Sent") as b:
        assert b.uid("SEARCH", "UNSEEN")[1] == [b""]
    # a part of the id is not the id
    assert words(imap("find", "Sent", ident[1:]), "found") == [["found", "0"]]


def test_idle_hears_of_a_new_mail(account, build_dir, box):
    p = subprocess.Popen(
        [build_dir + "/tests/it/imapdrive", account.host, str(account.imaps_port), "tls",
         account.ca_file, USER, PASSWORD, "select", "INBOX", "idle", "120000"],
        stdout=subprocess.PIPE, text=True)
    while p.stdout.readline() != "idling\n":
        assert p.poll() is None
    began = time.monotonic()
    put(box, "INBOX", 1)
    line = next(iter(p.stdout))
    assert "news=1" in line
    assert time.monotonic() - began < 90         # not at the end of its two minutes
    assert p.wait() == 0


def test_a_mail_that_vanished_is_told_from_one_that_is_there(imap, box, account):
    folder = new_folder()
    put(box, folder, 3)
    box.select(folder)
    box.uid("STORE", "2", "+FLAGS", "\\Deleted")
    box.expunge()
    lines = imap("select", folder, "fetch", "0")
    assert [m[1] for m in words(lines, "mail")] == ["1", "3"]
    wait_until("status", lambda: words(imap("status", folder), "status"))
