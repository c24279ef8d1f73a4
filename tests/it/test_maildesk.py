"""The desk by mail: operators and a lead who have nothing but their mailboxes."""
import email
import os
import re
import shutil
import tempfile

import pytest
from desk import Desk
from maildesk import MailUser, answer, head, text_of
from servers import Servers, wait_until

PASSWORD = "desk-secret"
SIGNED = b"Authentication-Results: mx.example.jp; dkim=pass header.d=example.jp\r\n"


def inquiry(number, text, sender="hanako@customer.example", name="田中 花子"):
    from mailgen import text_part, words
    return (b"From: " + words(name) + b" <" + sender.encode() + b">\r\nTo: support@example.jp\r\n"
            b"Subject: " + words("注文の件 %d" % number) +
            b"\r\nMessage-ID: <inq%d@customer.example>\r\n"
            b"Date: Sat, 21 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n" % number +
            text_part(text))


class Place:
    """Servers, a desk that is live, two operators, a lead, a customer."""

    def __init__(self, folder, build):
        self.servers = Servers(folder + "/servers")
        self.desk = Desk(folder + "/desk", build)
        self.n = 0

    def __enter__(self):
        self.servers.start()
        for who in (Desk.ADDRESS, "sato@example.jp", "ito@example.jp", "suzuki@example.jp",
                    "mori@example.jp", "hanako@customer.example", "evil@attacker.example"):
            self.servers.add_user(who, PASSWORD)
        d = self.desk
        d.init()
        d.start()
        d.add_people()
        d.run("user", "add", "ito", "--name", "伊藤 大輔", "--email", "ito@example.jp",
              "--window", "support", "--role", "operator")
        d.run("user", "add", "mori", "--name", "森 由美", "--email", "mori@example.jp",
              "--window", "support", "--role", "sv")
        d.add_mailbox(self.servers, Desk.ADDRESS, PASSWORD)
        d.run("golive")
        for login in ("sato", "ito", "suzuki", "mori"):
            d.run("user", "mail", login, "on")
        d.run("maildesk", "set", "--server", "mx.example.jp", "--at-night", "on")
        self.sato = MailUser(self.servers, "sato@example.jp", "佐藤 美咲")
        self.ito = MailUser(self.servers, "ito@example.jp", "伊藤 大輔")
        self.suzuki = MailUser(self.servers, "suzuki@example.jp", "鈴木 健一")
        self.mori = MailUser(self.servers, "mori@example.jp", "森 由美")
        return self

    def __exit__(self, *exc):
        self.desk.stop()
        self.servers.stop()

    def ticket(self, text="返品したいです。手順を教えてください。", sender="hanako@customer.example"):
        self.n += 1
        n = self.n
        self.servers.deliver(sender, Desk.ADDRESS, inquiry(n, text, sender))
        return wait_until("ticket %d" % n, lambda: (self.desk.query(
            "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
            " WHERE m.message_id = ?1", "inq%d@customer.example" % n) or [[None]])[0][0],
            60, self.desk.alive)

    def state(self, sql, *args):
        return self.desk.query(sql, *args)

    def notice(self, user, number):
        return user.next("ticket %d" % number, lambda t: "#%d" % number in t,
                         alive=self.desk.alive)


@pytest.fixture(scope="module")
def place(build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    with Place(folder, build_dir) as p:
        yield p
    shutil.rmtree(folder, ignore_errors=True)


LETTER = ("田中 花子 様\n\nお問い合わせいただき、ありがとうございます。\n返品の手順をご案内いたします。\n\n"
          "1. 商品を箱に戻してください。\n2. 送り状を貼ってください。\n\nご不明な点がございましたら、お知らせください。")


def test_the_whole_circle_by_mail(place):
    number = place.ticket()
    place.desk.run("ticket", "assign", number, "--to", "sato")
    notice = place.notice(place.sato, number)
    text = text_of(notice)
    assert "返品したいです。" in text and "回答期限" in text
    assert "hanako@customer.example" not in str(head(notice)["To"]) + str(head(notice)["Cc"])
    place.sato.answer(notice, LETTER, kind="thunderbird")
    done = place.sato.next("the answer", lambda t: "承認を依頼しました" in t, alive=place.desk.alive)
    assert "090-1234-5678" not in text_of(done)
    request = place.suzuki.next("the request", lambda t: "承認依頼" in t, alive=place.desk.alive)
    attached = [p for p in head(request).walk() if p.get_content_type() == "message/rfc822"]
    assert len(attached) == 1
    inner = attached[0].get_payload(0)
    assert "返品の手順をご案内いたします" in inner.get_content()
    assert place.servers.mails("hanako@customer.example") == []
    place.suzuki.answer(request, "承認します。", kind="outlook", sign="鈴木 健一", extra=SIGNED)
    place.suzuki.next("the answer", lambda t: "承認しました" in t, alive=place.desk.alive)
    raw = place.servers.wait_mails("hanako@customer.example", 1, timeout_s=60)[0]
    assert "返品の手順をご案内いたします" in text_of(raw)
    assert head(raw)["Message-ID"] == inner["Message-ID"]
    place.sato.next("it was sent", lambda t: "送信済み" in t, alive=place.desk.alive)
    assert place.desk.run("audit", "verify").returncode == 0
