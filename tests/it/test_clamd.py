"""clamd, ClamAV's own: what comes and what is added is scanned, and mail does not wait."""
import base64
import email
import email.policy
import io
import os
import shutil
import signal
import socket
import struct
import threading
import zipfile

import pytest
from clamd import Clamd
from desk import Desk, DeskError
from servers import Servers, wait_until

PASSWORD = "desk-secret"
TARO = "taro@customer.example"
VIRUS, SIGNATURE = Clamd.VIRUS, Clamd.SIGNATURE

if not Clamd.program():
    pytest.skip("clamd is not installed (clamav-daemon)", allow_module_level=True)


def zipped(content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("見積.txt"), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def mail(name, filename="file.txt", content=b"harmless"):
    return (b"From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\n"
            b"Date: Sat, 21 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n"
            b'Content-Type: application/octet-stream; name="%s"\r\n'
            b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" % (
                TARO.encode(), Desk.ADDRESS.encode(), name.encode(), name.encode(),
                filename.encode()) + base64.encodebytes(content).replace(b"\n", b"\r\n") +
            b"--b--\r\n")


class Place:
    """A desk, its mail servers and a clamd, in one folder."""

    def __init__(self, folder, build_dir):
        self.folder = folder
        self.servers = Servers(folder + "/servers")
        self.clamd = Clamd(folder + "/clamd", stream="1M")
        self.desk = Desk(folder + "/desk", build_dir)

    def comes(self, name, **kw):
        """A mail is delivered; its ticket and the id of its message."""
        self.servers.deliver(TARO, Desk.ADDRESS, mail(name, **kw))

        def look():
            return self.desk.query(
                "SELECT t.number, m.id FROM message m JOIN ticket t ON t.id = m.ticket_id"
                " WHERE m.message_id = ?1", name + "@customer.example")
        return wait_until("mail %s in the desk" % name, look, 60, self.desk.alive)[0]

    def file(self, ticket):
        return self.desk.json("attachment", "list", ticket)["attachments"][0]

    def scanned(self, ticket, state):
        def look():
            row = self.file(ticket)
            return row["scan"] == state and row
        try:
            return wait_until("ticket %d %s" % (ticket, state), look, 90, self.desk.alive)
        except Exception as e:
            raise DeskError("%s: %r%s" % (e, self.file(ticket), self.desk.log_tail())) from None

    def save(self, message, as_):
        return self.desk.run("attachment", "save", "%d.1" % message, "--output",
                             self.folder + "/out", "--json", as_=as_, check=False)

    def events(self, ticket, kind):
        return [e for e in self.desk.json("trace", ticket)["events"] if e["kind"] == kind]


@pytest.fixture(scope="module")
def here(place, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    p = Place(place, build_dir)
    with p.servers as s, p.clamd, p.desk as d:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user("suzuki@example.jp", "x")
        d.init()
        with open(d.config, "a", encoding="utf-8") as f:
            f.write("clamd = %s\n" % p.clamd.socket)
        d.start()
        d.add_people()
        d.add_mailbox(s, Desk.ADDRESS, PASSWORD)
        d.run("alarm", "set", "--mail", "off")
        yield p


def test_a_core_killed_with_the_answer_in_its_hand_asks_again(here, build_with_faults):
    """The verdict is kept or asked for anew; mail and finding are there once."""
    desk = here.desk
    desk.stop()
    desk.start(MDG_FAULT="scan.keep:1")
    here.servers.deliver(TARO, Desk.ADDRESS, mail("struck", content=VIRUS))
    wait_until("the core is dead", lambda: not desk.alive(), 60)
    assert "fault point scan.keep" in desk.log_tail(30)
    desk.proc = None
    desk.start()
    ticket, _ = wait_until("the mail", lambda: desk.query(
        "SELECT t.number, m.id FROM message m JOIN ticket t ON t.id = m.ticket_id"
        " WHERE m.message_id = 'struck@customer.example'"), 60, desk.alive)[0]
    assert here.scanned(ticket, "found")["scan_name"] == SIGNATURE
    assert len(here.events(ticket, "scan.found")) == len(here.events(ticket, "mail.in")) == 1
    assert desk.run("audit", "verify").returncode == desk.run("reconcile").returncode == 0


def test_a_clean_mail_is_opened_by_everybody(here):
    ticket, message = here.comes("clean")
    assert here.scanned(ticket, "clean")["scan_name"] == ""
    assert here.save(message, "sato").returncode == 0
    assert not here.events(ticket, "scan.found")
    deliveries = here.desk.json("trace", ticket)["deliveries"]
    assert [d["scan"] for d in deliveries] == ["clean"]


@pytest.mark.parametrize("name,filename,content", [
    ("plain", "file.txt", VIRUS), ("packed", "file.zip", zipped(VIRUS + b"x" * 5000))],
    ids=["plain", "packed"])
def test_a_found_mail_is_opened_by_nobody_until_a_lead_releases_it(here, name, filename, content):
    ticket, message = here.comes(name, filename=filename, content=content)
    assert here.scanned(ticket, "found")["scan_name"] == SIGNATURE
    for who in ("sato", "suzuki", None):
        refused = here.save(message, who)
        assert refused.returncode != 0 and SIGNATURE in refused.stderr
        with pytest.raises(DeskError, match=SIGNATURE):
            here.desk.call("message.raw", as_=who, message=message)
    shown = here.desk.json("ticket", "show", ticket)
    assert "virus" in shown["messages"][0]["badges"] and shown["state"] == "new"
    assert "ウイルス検出" in here.desk.run("ticket", "show", ticket).stdout
    found = here.events(ticket, "scan.found")
    assert [(e["actor"], e["codes"]) for e in found] == [
        ("system", {"message": message, "signature": SIGNATURE})]
    # a person may say that it is none, and has to say why
    args = ("attachment", "release", message, "--reason")
    assert here.desk.run(*args, "誤検出", as_="sato", check=False).returncode != 0
    assert here.desk.run(*args, " ", as_="suzuki", check=False).returncode != 0
    here.desk.run(*args, "社内で作った見本のため", as_="suzuki")
    assert here.save(message, "sato").returncode != 0
    assert here.save(message, "suzuki").returncode == 0
    with open(here.folder + "/out", "rb") as f:
        assert f.read() == content
    os.unlink(here.folder + "/out")
    assert len(here.events(ticket, "scan.released")) == 1
    assert "virus" not in here.desk.json("ticket", "show", ticket)["messages"][0]["badges"]
    assert here.desk.run("audit", "verify").returncode == 0


def test_what_clamd_has_not_looked_at_is_not_clean_and_no_virus(here):
    """Its own limit for one file is below what a mail may have."""
    ticket, _ = here.comes("beyond", content=os.urandom(600 << 10))
    assert here.scanned(ticket, "skipped")["scan_name"].startswith("Heuristics.Limits.Exceeded")
    assert not here.events(ticket, "scan.found")


def test_mail_over_the_stream_limit_is_opened_by_leads_only(here):
    ticket, message = here.comes("large", filename="big.bin", content=os.urandom(1500 << 10))
    assert here.scanned(ticket, "skipped")["scan_name"] == "too_large"
    assert here.save(message, "sato").returncode != 0
    assert here.save(message, "suzuki").returncode == 0
    assert [e["codes"]["reason"] for e in here.events(ticket, "scan.skipped")] == ["too_large"]
    assert "検査不可" in here.desk.run("ticket", "show", ticket).stdout


class Evil:
    """In clamd's place: answers each connection as `behave` does."""

    def __init__(self, path, behave):
        self.behave, self.held = behave, []
        self.sock = socket.socket(socket.AF_UNIX)
        if os.path.exists(path):
            os.unlink(path)
        self.sock.bind(path)
        self.sock.listen(8)
        self.asked = threading.Semaphore(0)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                s = self.sock.accept()[0]
            except OSError:
                return
            self.held.append(s)
            self.asked.release()
            try:
                self.behave(s)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.shutdown(socket.SHUT_RDWR)
        for s in [self.sock, *self.held]:
            s.close()


def silence(_):
    """Never reads and never answers."""


def answers(reply):
    """Takes all of it and says that."""
    def behave(s):
        head = b""
        while not head.endswith(b"\0"):
            head += s.recv(1)
        if head == b"zINSTREAM\0":
            with s.makefile("rb") as f:
                while (n := struct.unpack(">I", f.read(4))[0]):
                    f.read(n)
        s.sendall(reply)
        s.close()
    return behave


def alarmed(here):
    return [a["kind"] for a in here.desk.call("alarm.list")["alarms"] if a["kind"] == "scan"]


def test_clamd_is_gone_and_comes_back(here):
    here.clamd.stop()
    here.servers.deliver(TARO, Desk.ADDRESS, mail("while-down"))
    ticket, message = here.comes("while-down-2", content=VIRUS)
    assert here.file(ticket)["scan"] == "waiting"
    refused = here.save(message, "sato")
    assert refused.returncode != 0 and "未検査" in refused.stderr
    assert here.save(message, "suzuki").returncode == 0
    wait_until("the alarm", lambda: alarmed(here), 90, here.desk.alive)
    status = here.desk.run("status").stdout
    assert status.count("! ウイルス検査（clamd）が") == 1 and "clamd 応答なし" in status
    here.clamd.start()
    assert here.scanned(ticket, "found")["scan_name"] == SIGNATURE
    assert here.scanned(here.comes("after")[0], "clean")
    first = here.desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                            " WHERE m.message_id = 'while-down@customer.example'")[0][0]
    assert here.scanned(first, "clean")
    wait_until("no alarm", lambda: not alarmed(here), 90, here.desk.alive)
    assert here.desk.json("status")["unscanned"] == 0


@pytest.mark.parametrize("name,behave", [
    ("garbage", answers(b"\xff\x00\x01stream: OK\0")),
    ("endless", answers(b"stream: " + b"A" * 100000)),
    ("cut", answers(b"stream: OK")),
    ("nothing", answers(b"")),
    ("http", answers(b"HTTP/1.1 200 OK\r\n\r\n\0"))])
def test_an_answer_that_is_none_leaves_the_mail_unscanned(here, name, behave):
    here.clamd.stop()
    with Evil(here.clamd.socket, behave) as evil:
        ticket, _ = here.comes("bad-" + name)
        for _ in range(3):
            assert evil.asked.acquire(timeout=90)
        assert here.file(ticket)["scan"] == "waiting"
        assert here.desk.json("status")["scanner"] == "down"
    here.clamd.start()
    assert here.scanned(ticket, "clean")


def test_a_clamd_that_hangs_holds_up_no_mail(here):
    here.clamd.stop()
    with Evil(here.clamd.socket, silence) as evil:
        first, _ = here.comes("hangs")
        assert evil.asked.acquire(timeout=90)
        second, _ = here.comes("behind")      # comes while the first one hangs
        assert [here.file(t)["scan"] for t in (first, second)] == ["waiting", "waiting"]
    here.clamd.start()
    for ticket in (first, second):
        assert here.scanned(ticket, "clean")


def test_a_stopped_clamd_is_given_up_in_time(here):
    os.kill(here.clamd.proc.pid, signal.SIGSTOP)
    try:
        ticket, _ = here.comes("stopped")
        wait_until("the deadline", lambda: here.desk.json("status")["scanner"] == "down", 180,
                   here.desk.alive)
        assert here.file(ticket)["scan"] == "waiting"
    finally:
        os.kill(here.clamd.proc.pid, signal.SIGCONT)
    assert here.scanned(ticket, "clean")


def reply(here, ticket, *files):
    """A draft with these files, as sato wrote it."""
    with open(here.folder + "/body", "w", encoding="utf-8") as f:
        f.write("太郎 様\n\nお世話になっております。\n資料を添付します。\n")
    draft = here.desk.json("draft", "new", ticket, "--body-file", here.folder + "/body", "--to",
                           TARO, as_="sato")["draft"]
    for name, content in files:
        with open(here.folder + "/" + name, "wb") as f:
            f.write(content)
        here.desk.run("draft", "attach", draft, here.folder + "/" + name, as_="sato")
    return draft


def test_a_reply_with_a_virus_cannot_be_asked_approval_for(here):
    ticket, _ = here.comes("question")
    draft = reply(here, ticket, ("good.txt", b"good"), ("bad.zip", zipped(VIRUS)))
    refused = here.desk.run("draft", "submit", draft, as_="sato", check=False)
    assert refused.returncode != 0
    assert "bad.zip" in refused.stderr and SIGNATURE in refused.stderr
    refused = here.desk.run("draft", "submit", draft, "--override", "急ぎ", as_="sato", check=False)
    assert refused.returncode != 0 and SIGNATURE in refused.stderr
    files = here.desk.json("draft", "show", draft)["files"]
    assert [(f["scan"], f["scan_name"]) for f in files] == [("clean", ""), ("found", SIGNATURE)]
    assert [e["codes"]["draft"] for e in here.events(ticket, "scan.found")] == [draft]
    here.desk.run("draft", "detach", draft, files[1]["upload"], as_="sato")
    done = here.desk.json("draft", "submit", draft, as_="sato")
    assert "unscanned" not in done["care"].split(",")


def test_a_reply_with_a_file_that_is_not_scanned_says_so_to_its_lead(here):
    ticket, _ = here.comes("question-2")
    here.clamd.stop()
    draft = reply(here, ticket, ("late.txt", VIRUS))
    done = here.desk.json("draft", "submit", draft, as_="sato")
    assert "unscanned" in done["care"].split(",") and done["state"] == "waiting"
    # what is found later takes the request back
    here.clamd.start()
    wait_until("taken back", lambda: here.desk.json("draft", "show", draft)["state"] == "editing",
               90, here.desk.alive)
    again = here.desk.run("draft", "submit", draft, as_="sato", check=False)
    assert again.returncode != 0 and SIGNATURE in again.stderr


def test_the_leads_are_told_by_mail_once_for_many(here):
    here.desk.call("sla.notify", at_night="on")
    here.desk.run("golive", "--mode", "internal")

    def told():
        mails = [email.message_from_bytes(m, policy=email.policy.default)
                 for m in here.servers.mails("suzuki@example.jp")]
        return [m.get_content() for m in mails if "ウイルス検出" in m["Subject"]]

    def lines(ticket):
        return sum(text.count("受付番号 %d：%s" % (ticket, SIGNATURE)) for text in told())
    before, _ = here.comes("told-0", content=VIRUS)
    wait_until("the first mail", lambda: lines(before), 90, here.desk.alive)
    n = len(told())
    tickets = [here.comes("told-%d" % i, content=VIRUS)[0] for i in (1, 2)]
    for ticket in tickets:
        here.scanned(ticket, "found")
    here.desk.call("clock.advance", seconds=3600)
    wait_until("the second mail", lambda: len(told()) > n, 90, here.desk.alive)
    assert [lines(ticket) for ticket in (before, *tickets)] == [1, 1, 1]
    assert len(told()) == n + 1
    assert VIRUS.decode() not in "".join(told())
