"""People who work by mail, for tests: their mailboxes, and answers in the forms
that mail programs really write them. Byte by byte, by imaplib and smtplib."""
import email
import email.policy
import itertools

from mailgen import date, text_part, words, html as to_html
from servers import wait_until

import datetime

COUNT = itertools.count(1)
SIGN = "-- \n佐藤 美咲\n株式会社サンプル\n携帯 090-1234-5678\nsato@example.jp"


def text_of(raw):
    m = email.message_from_bytes(raw, policy=email.policy.default)
    return m.get_body(("plain",)).get_content().replace("\r\n", "\n")


def head(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def quoted(text, mark="> "):
    return "\n".join((mark + r).rstrip() if mark.strip() else r for r in text.split("\n"))


def attribution(kind, notice):
    if kind in ("thunderbird", "apple"):
        return "On 2026/11/22 10:00, %s wrote:" % notice["From"]
    if kind == "gmail":
        return "2026年11月22日(日) 10:00 %s:" % notice["From"]
    return ("-----Original Message-----\nFrom: %s\nSent: Sunday, November 22, 2026 10:00 AM\n"
            "To: %s\nSubject: %s\n" % (notice["From"], notice["To"], notice["Subject"]))


def answer(kind, notice_raw, who, text, sign=SIGN, edit=None, extra=b"", reply_to=None, **over):
    """A reply to a notice as that program writes it: plain | outlook | thunderbird | apple | gmail |
    phone | html | bottom | link. edit: changes the quoted text. over: header fields."""
    n = head(notice_raw)
    old = text_of(notice_raw)
    old = edit(old) if edit else old
    to = reply_to or email.utils.parseaddr(n["Reply-To"] or n["From"])[1]
    subject = n["Subject"]
    if not subject.startswith("Re:"):
        subject = "Re: " + subject
    signature = "\n\n" + sign if sign else ""
    body = text + signature
    if kind == "outlook":
        body = text + signature + "\n\n" + attribution(kind, n) + "\n" + old
    elif kind == "bottom":
        body = attribution("thunderbird", n) + "\n" + quoted(old) + "\n\n" + text + signature
    elif kind in ("thunderbird", "gmail", "html"):
        body = text + signature + "\n\n" + attribution("gmail" if kind == "html" else kind, n) + \
            "\n" + quoted(old)
    elif kind == "apple":
        body = text + signature + "\n\n> " + attribution(kind, n) + "\n>\n" + quoted(old)
    elif kind == "phone":
        body = text + "\n\niPhoneから送信"
    fields = {
        "From": who, "To": to, "Subject": subject, "Date": date(datetime.datetime.now(
            datetime.timezone.utc)),
        "Message-ID": "<answer%d.%d@client.example>" % (id(COUNT), next(COUNT)),
        "In-Reply-To": n["Message-ID"],
        "References": " ".join(filter(None, [n["References"], n["Message-ID"]])),
    }
    if kind in ("phone", "link"):      # these lose the thread
        del fields["In-Reply-To"], fields["References"]
    fields.update(over)
    top = b"".join(b"%s: %s\r\n" % (k.encode(), words(v) if k == "Subject" else v.encode())
                   for k, v in fields.items() if v is not None)
    if kind == "html":
        part = text_part(to_html(text + signature) + '<div class="gmail_quote"><blockquote>%s'
                         "</blockquote></div>" % old.replace("<", "&lt;").replace("\n", "<br>"),
                         "html")
    else:
        part = text_part(body, cte="base64" if kind != "plain" else "8bit")
    return extra + top + b"MIME-Version: 1.0\r\n" + part


class MailUser:
    """One of our people, who has nothing but a mailbox."""

    def __init__(self, servers, address, name):
        self.servers, self.address, self.name = servers, address, name
        self.who = "%s <%s>" % (name if name.isascii() else words(name).decode(), address)
        self.seen, self.last = set(), None

    def mails(self):
        return self.servers.mails(self.address)

    def next(self, what, test=lambda text: True, timeout_s=60, alive=None):
        """The next mail that was not looked at yet and of which test(text) is true."""
        def look():
            for raw in self.mails():
                ident = head(raw)["Message-ID"]
                if ident not in self.seen and test(text_of(raw)):
                    self.seen.add(ident)
                    return raw
            return None
        return wait_until("a mail to %s: %s" % (self.address, what), look, timeout_s, alive)

    def send(self, raw, to="support@example.jp", sender=None):
        self.servers.deliver(sender or self.address, to, raw)

    def answer(self, notice, text, kind="thunderbird", **kw):
        raw = answer(kind, notice, self.who, text, **kw)
        self.last = head(raw)["Message-ID"]
        self.send(raw)
        return raw

    def told(self, words, timeout_s=60, alive=None):
        """What the desk answered to the last mail of ours."""
        def look():
            for raw in self.mails():
                m = head(raw)
                if m["In-Reply-To"] == self.last and m["Message-ID"] not in self.seen:
                    self.seen.add(m["Message-ID"])
                    return raw
            return None
        raw = wait_until("an answer to %s" % self.address, look, timeout_s, alive)
        assert words in text_of(raw), text_of(raw)
        return raw
