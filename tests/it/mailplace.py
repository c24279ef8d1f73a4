"""A desk whose people have nothing but their mailboxes, for tests: its servers, its
letters, and what no forged mail may change."""
import hashlib
import re

from desk import Desk
from maildesk import MailUser, head
from mailgen import text_part, words
from servers import Servers, wait_until

EVIL = "evil@attacker.example"
PASSWORD = "desk-secret"
DKIM = "dkim=pass header.d=example.jp"
SIGNED = b"Authentication-Results: mx.example.jp; " + DKIM.encode() + b"\r\n"
LETTER = ("田中 花子 様\n\nお問い合わせいただき、ありがとうございます。\n返品の手順をご案内いたします。\n\n"
          "1. 商品を箱に戻してください。\n2. 送り状を貼ってください。\n\nご不明な点がございましたら、お知らせください。")


def inquiry(number, text, sender="hanako@customer.example", name="田中 花子"):
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
                    "mori@example.jp", "hanako@customer.example", EVIL):
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

    def notice(self, user, number):
        return user.next("ticket %d" % number, lambda t: "#%d" % number in t,
                         alive=self.desk.alive)


def assigned(place, to="sato", **kw):
    """A new ticket of theirs, and the notice of it."""
    number = place.ticket(**kw)
    place.desk.run("ticket", "assign", number, "--to", to)
    return number, place.notice(getattr(place, to), number)


def asked(place, user=None, text=LETTER):
    """A ticket whose letter waits for approval: (number, the lead's request)."""
    number, notice = assigned(place)
    place.sato.answer(notice, text)
    place.sato.told("承認を依頼しました", alive=place.desk.alive)
    lead = user or place.suzuki
    return number, lead.next("the request", lambda t: "承認依頼】#%d" % number in t,
                             alive=place.desk.alive)


def draft_of(place, number):
    rows = place.desk.query("SELECT d.state, d.body FROM draft d JOIN ticket t ON t.id = d.ticket_id"
                            " WHERE t.number = ?1 ORDER BY d.id DESC", number)
    return rows[0] if rows else None


def results(*lines):
    return b"".join(b"Authentication-Results: %s\r\n" % line.encode() for line in lines)


def token_of(raw):
    return re.search(r"mdgd\.([a-z2-7]{26})@", head(raw)["Message-ID"])[1]


def thread_of(raw):
    return re.search(r"\[mdg-([a-z2-7]{26})\]", head(raw)["Subject"])[1]


def snapshot(place):
    """All that an order could change."""
    q = place.desk.query
    return (q("SELECT id, state, closing, assignee_id, hold_reason FROM ticket ORDER BY id"),
            q("SELECT id, state, body, author_id FROM draft ORDER BY id"),
            q("SELECT id, state, decided_by FROM revision ORDER BY id"),
            q("SELECT id, state FROM outbox WHERE kind = 'reply' ORDER BY id"),
            # a remark of the lead's own is one
            q("SELECT kind, ticket_id FROM event WHERE kind LIKE 'comment%' AND actor NOT LIKE"
              " (SELECT 'person:' || id || ' as mail:%' FROM person WHERE login = 'suzuki')"))


def settled(place, n):
    """n mails have come in, and what they order is done or refused."""
    wait_until("%d mails" % n, lambda: place.desk.delivered() >= n, 240, place.desk.alive)
    wait_until("all orders", lambda: place.desk.query(
        "SELECT COUNT(*) FROM mail_order WHERE state IN ('new', 'acting')") == [(0,)], 60,
        place.desk.alive)


def change_nothing(place, mails):
    """None of the mails, (name, raw) each, does what it says; strangers bring them."""
    before, delivered = snapshot(place), place.desk.delivered()
    place.servers.deliver_all((EVIL, "support@example.jp", raw) for _, raw in mails)
    settled(place, delivered + len(mails))
    after = snapshot(place)
    acted = {bytes(r[0]) for r in place.desk.query(
        "SELECT mark FROM mail_order WHERE what = 'approve' AND reason = ''")}
    names = [name for name, raw in mails if hashlib.blake2b(
        (head(raw)["Message-ID"] or "").strip("<>").encode(), digest_size=16).digest() in acted]
    assert names == []
    # mails of strangers may become tickets of their own: nobody's mail is lost
    known = {row[0] for row in before[0]}
    assert [row for row in after[0] if row[0] in known] == before[0]
    assert after[1:] == before[1:]
    assert place.servers.mails("hanako@customer.example") == []
