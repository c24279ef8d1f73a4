"""Attachments out of stored mail, and mail that is read after all."""
import base64
import hashlib
import os
import shutil
import smtplib
import tempfile

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "desk-secret"
TARO = "taro@customer.example"
NAME = "見積書（最終）.pdf"


def mail(number, parts=(), extra=b"", subject=None):
    head = (b"From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <at%d@customer.example>\r\n"
            b"Date: Sat, 21 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n" % (
                TARO.encode(), Desk.ADDRESS.encode(), (subject or "mail %d" % number).encode(),
                number)) + extra
    if not parts:
        return head + b"Content-Type: text/plain\r\n\r\nhello\r\n"
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    for name, content in parts:
        word = b"=?UTF-8?B?" + base64.b64encode(name.encode()) + b"?="
        body += (b'--b\r\nContent-Type: application/octet-stream; name="' + word + b'"\r\n'
                 b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                 base64.encodebytes(content).replace(b"\n", b"\r\n"))
    return head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body + b"--b--\r\n"


@pytest.fixture(scope="module")
def place():
    folder = tempfile.mkdtemp(prefix="madoguchi-at.")
    os.chmod(folder, 0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


def arrives(desk, number):
    def look():
        rows = desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE m.message_id = ?1", "at%d@customer.example" % number)
        return rows and rows[0][0]
    return wait_until("mail %d in the desk" % number, look, 60, desk.alive)


def in_mailbox(servers, raw):
    """Past smtpd's limits: straight into the mailbox."""
    with smtplib.LMTP(servers.host, servers.lmtp_port) as lmtp:
        lmtp.sendmail(TARO, Desk.ADDRESS, raw)


def rss_kb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(next(line for line in f if line.startswith("VmHWM")).split()[1])


def test_an_attachment_comes_out_as_it_went_in(desk, own_servers, place):
    content = bytes(range(256)) * 3000
    own_servers.deliver(TARO, Desk.ADDRESS, mail(1, [(NAME, content), ("../../etc/passwd", b"x")]))
    number = arrives(desk, 1)
    rows = desk.json("attachment", "list", number)["attachments"]
    assert [r["filename"] for r in rows] == [NAME, "passwd"]
    os.makedirs(place + "/out")
    before = os.getcwd()
    os.chdir(place + "/out")
    try:
        desk.run("attachment", "save", rows[0]["id"])
        again = desk.run("attachment", "save", rows[0]["id"], check=False)
        assert again.returncode != 0 and NAME in again.stderr
        desk.run("attachment", "save", rows[1]["id"])
        assert sorted(os.listdir(".")) == sorted([NAME, "passwd"])
    finally:
        os.chdir(before)
    with open(place + "/out/" + NAME, "rb") as f:
        assert f.read() == content
    desk.run("attachment", "save", rows[0]["id"], "--output", place + "/out/other")
    with open(place + "/out/other", "rb") as f:
        assert f.read() == content
    assert desk.run("attachment", "save", "9999.1", check=False).returncode != 0
    assert desk.run("attachment", "save", rows[0]["id"].split(".")[0] + ".7",
                    check=False).returncode != 0


def test_fifty_megabytes_come_out_in_bounded_memory(desk, own_servers, place):
    content = os.urandom(45 << 20)
    in_mailbox(own_servers, mail(2, [("big.zip", content)]))
    number = arrives(desk, 2)
    row = desk.json("attachment", "list", number)["attachments"][0]
    before = rss_kb(desk.pid)
    done = desk.json("attachment", "save", row["id"], "--output", place + "/big")
    assert done["bytes"] == len(content)
    with open(place + "/big", "rb") as f:
        assert hashlib.sha256(f.read()).digest() == hashlib.sha256(content).digest()
    assert rss_kb(desk.pid) - before < 24 << 10
    assert desk.alive()


def faults(desk):
    with open(desk.build + "/config.h", encoding="utf-8") as f:
        return "#define MDG_FAULTS 1" in f.read()


def test_a_mail_that_could_not_be_read_is_read_after_an_upgrade(desk, own_servers):
    if not faults(desk):
        pytest.skip("needs --enable-faults")
    own_servers.deliver(TARO, Desk.ADDRESS, mail(3, extra=b"X-Mdg-Test: crash\r\n"))

    def error():
        rows = desk.query("SELECT number FROM ticket WHERE state = 'error'")
        return rows and rows[0][0]
    number = wait_until("the error ticket", error, 60, desk.alive)
    # in vain at first
    desk.run("mail", "reparse", number)
    wait_until("the second failure", lambda: desk.query(
        "SELECT count(*) FROM event WHERE kind = 'mail.unreadable'") == [(2,)], 60, desk.alive)
    assert error() == number
    desk.stop()
    desk.start(MDG_TEST_UPGRADED="1")
    assert desk.json("mail", "reparse", "--quarantined")["mails"] == 1
    assert arrives(desk, 3) == number
    shown = desk.json("ticket", "show", number)
    assert (shown["state"], shown["subject"], len(shown["messages"])) == ("new", "mail 3", 1)
    assert desk.run("audit", "verify").returncode == 0
    assert desk.run("reconcile").returncode == 0
