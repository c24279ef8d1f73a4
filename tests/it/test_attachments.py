"""Attachments out of stored mail, and mail that is read after all."""
import base64
import hashlib
import json
import os
import smtplib
import subprocess

import pytest
from desk import Desk
from evil import sanitized
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
    assert sanitized(desk.build) or rss_kb(desk.pid) - before < 24 << 10
    assert desk.alive()


def test_the_html_of_a_mail_is_made_ready_when_it_is_looked_at(desk, own_servers, place):
    page = (b'<p onclick="x()">hello<script>x()</script>'
            b'<img src="http://spy.example/p.png"><img src="cid:logo"></p>')
    own_servers.deliver(TARO, Desk.ADDRESS, mail(20).replace(b"text/plain", b"text/html").replace(
        b"hello\r\n", page))
    own_servers.deliver(TARO, Desk.ADDRESS, mail(21))
    number, plain = arrives(desk, 20), arrives(desk, 21)
    message = desk.json("ticket", "show", number)["messages"][0]
    assert message["html"] is True and message["text"].strip() == "hello"
    want = ('<p>hello<img data-remote="http://spy.example/p.png">'
            '<img src="cid:logo"></p>')
    done = desk.json("mail", "html", message["id"], "--output", place + "/page.html")
    assert done["saved"] == place + "/page.html" and done["inline"] == []
    with open(place + "/page.html", encoding="utf-8") as f:
        assert f.read().strip() == want
    assert desk.run("mail", "html", message["id"], "--output", "-").stdout.strip() == want
    message = desk.json("ticket", "show", plain)["messages"][0]
    assert message["html"] is False
    done = desk.run("mail", "html", message["id"], check=False)
    assert done.returncode != 0 and str(plain) in done.stderr
    views = desk.query("SELECT count(*) FROM view_log WHERE kind = 'message'")
    assert views == [(1,)]


@pytest.mark.usefixtures("build_with_faults")
def test_a_mail_that_could_not_be_read_is_read_after_an_upgrade(desk, own_servers):
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


def reply(desk, number, place, files, text="太郎 様\n\nお世話になっております。\n資料を添付します。\n"):
    """A reply with files, approved and on its way; its draft."""
    with open(place + "/body", "w", encoding="utf-8") as f:
        f.write(text)
    draft = desk.json("draft", "new", number, "--body-file", place + "/body", "--to", TARO,
                      as_="sato")["draft"]
    desk.run("draft", "attach", draft, *files, as_="sato")
    desk.run("draft", "submit", draft, as_="sato")
    code = desk.json("approval", "show", draft, as_="suzuki")["confirm"]["code"]
    desk.run("approve", draft, "--confirm", code, as_="suzuki")
    return draft


def parsed(desk, raw):
    done = subprocess.run([desk.build + "/src/mdg-parse", "--json"], input=raw, check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def test_a_reply_carries_files_as_they_were_approved(desk, own_servers, place):
    own_servers.add_user(TARO, "x")
    desk.add_people()
    desk.run("golive")
    number = arrives(desk, 1)
    content = os.urandom(3 << 20)
    path = place + "/" + NAME
    with open(path, "wb") as f:
        f.write(content)
    draft = reply(desk, number, place, [path])
    # the text says so, and so it is
    rules = [f["rule"] for f in desk.json("draft", "check", draft, check=False)["findings"]]
    assert "guard.attachment" not in rules and "guard.attachment-unmentioned" not in rules
    files = desk.json("draft", "show", draft)["mail"]["files"]
    assert [(f["filename"], f["bytes"]) for f in files] == [(NAME, len(content))]
    raw = own_servers.wait_mails(TARO, 1, timeout_s=90)[0]
    got = parsed(desk, raw)["attachments"]
    assert [(f["filename"], f["media_type"], f["digest"]) for f in got] == [
        (NAME, "application/pdf", files[0]["digest"])]
    copy = own_servers.wait_mails(Desk.ADDRESS, 1, folder="Sent", timeout_s=60)[0]
    assert parsed(desk, copy)["attachments"] == got
    # and it is there to look at again
    rows = [r for r in desk.json("attachment", "list", number)["attachments"]
            if r["direction"] == "out"]
    desk.run("attachment", "save", rows[0]["id"], "--output", place + "/sent")
    with open(place + "/sent", "rb") as f:
        assert f.read() == content


def test_a_draft_that_only_speaks_of_files_is_found_out(desk, own_servers, place):
    own_servers.deliver(TARO, Desk.ADDRESS, mail(10))
    number = arrives(desk, 10)
    with open(place + "/body", "w", encoding="utf-8") as f:
        f.write("太郎 様\n\nお世話になっております。\n見積書を添付いたします。\n")
    draft = desk.json("draft", "new", number, "--body-file", place + "/body", as_="sato")["draft"]
    found = desk.json("draft", "check", draft, check=False)["findings"]
    assert "guard.attachment" in [f["rule"] for f in found]


def test_thirty_megabytes_go_out_in_bounded_memory(desk, own_servers, place):
    """More than one frame holds: to mdg-smtp and to the Sent folder in pieces."""
    own_servers.deliver(TARO, Desk.ADDRESS, mail(11))
    number = arrives(desk, 11)
    content = os.urandom(22 << 20)
    with open(place + "/big.bin", "wb") as f:
        f.write(content)
    too_big = place + "/too-big.bin"
    with open(too_big, "wb") as f:
        f.truncate(40 << 20)
    had = len(own_servers.mails(TARO))
    before = rss_kb(desk.pid)
    draft = reply(desk, number, place, [place + "/big.bin"])
    digest = desk.json("draft", "show", draft)["mail"]["files"][0]["digest"]
    raw = own_servers.wait_mails(TARO, had + 1, timeout_s=120)[-1]
    assert len(raw) > 16 << 20
    assert parsed(desk, raw)["attachments"][0]["digest"] == digest
    copies = own_servers.wait_mails(Desk.ADDRESS, 2, folder="Sent", timeout_s=120)
    assert parsed(desk, copies[-1])["attachments"][0]["digest"] == digest
    assert sanitized(desk.build) or rss_kb(desk.pid) - before < 48 << 10
    own_servers.deliver(TARO, Desk.ADDRESS, mail(12))
    number = arrives(desk, 12)
    draft = desk.json("draft", "new", number, "--subject", "x", as_="sato")["draft"]
    done = desk.run("draft", "attach", draft, too_big, as_="sato", check=False)
    assert done.returncode != 0 and "36 MB" in done.stderr
