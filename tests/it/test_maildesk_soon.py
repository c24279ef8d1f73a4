"""What people get wrong, by mail: each is answered within ten seconds, measured from the moment
when SMTP took the mail to the moment when the answer stands in the person's mailbox, and the
answer says what became of it and what to do next. On a machine that others keep busy, too, a
second is as long as it takes to do a second's work there."""
import hashlib
import imaplib
import os
import threading
import time

import pytest
from maildesk import answer, head, text_of
from mailgen import attachment, multipart, text_part
from mailplace import LETTER, PASSWORD, SIGNED, Place, asked, assigned, draft_of
from servers import HOST

SOON_S = 10
PAUSE_S = 0.05
BLOCK = bytes(16 << 20)          # some hundredths of a second of work
MANY = 30 * 1000 * 1000          # bytes of the whole mail, as a server counts it


@pytest.fixture(scope="module", name="place")
def fixture_place(place, build_dir):
    with Place(place, build_dir) as p:
        yield p


class Machine:
    """How long it takes to get a second's work done: one, if nobody else is there."""

    def __init__(self):
        self.wall_s = self.cpu_s = self.looked_s = 0

    def look(self):
        """Once a second, by a piece of work of its own."""
        begun_s, cpu_s = time.monotonic(), time.thread_time()
        if begun_s < self.looked_s + 1:
            return
        hashlib.sha256(BLOCK).digest()
        self.looked_s = time.monotonic()
        self.wall_s += self.looked_s - begun_s
        self.cpu_s += time.thread_time() - cpu_s

    def alone(self, took_s):
        """As long would it have taken without the others."""
        return took_s * min(1, self.cpu_s / self.wall_s)


def answered(place, user, raw, sender=None, wait_s=90):
    """Sends that mail; (seconds until its answer was in the user's mailbox, its text)."""
    ident, machine = head(raw)["Message-ID"], Machine()
    with imaplib.IMAP4(HOST, place.servers.imap_port) as box:
        box.login(user.address, PASSWORD)
        box.select("INBOX", readonly=True)
        place.servers.deliver(sender or user.address, "support@example.jp", raw)
        taken = time.monotonic()
        while time.monotonic() < taken + wait_s:
            machine.look()
            box.noop()
            _, found = box.uid("SEARCH", "HEADER", "In-Reply-To", ident)
            if found[0]:
                took_s = time.monotonic() - taken
                _, rows = box.uid("FETCH", found[0].split()[0].decode(), "(BODY.PEEK[])")
                return machine.alone(took_s), text_of(rows[0][1])
            assert place.desk.alive()
            time.sleep(PAUSE_S)
    raise AssertionError("no answer to %s after %d s" % (ident, wait_s))


def is_soon(place, user, raw, *words, sender=None):
    took_s, text = answered(place, user, raw, sender)
    print("%.2f s" % took_s)             # pytest -s shows them
    for one in words:
        assert one in text, text
    assert took_s < SOON_S
    return text


def of(user, notice, text, kind="thunderbird", **kw):
    return answer(kind, notice, user.who, text, **kw)


CASES = [
    ("top-posting", "thunderbird", "コメント 倉庫に電話しました", "お客様には届きません"),
    ("bottom-posting", "bottom", "コメント 倉庫に電話しました", "お客様には届きません"),
    ("a phone that writes HTML only", "html", "コメント 倉庫に電話しました", "お客様には届きません"),
    ("nothing at all", "thunderbird", "", "新しく書かれた文がありません"),
    ("a greeting only", "outlook", "お疲れ様です。", "新しく書かれた文がありません"),
    ("an empty answer from a phone", "phone", "", "新しく書かれた文がありません"),
    ("no", "gmail", "承認しません", "指示なのかどうか、分かりません"),
    ("a question", "apple", "これ承認でいいですか？", "指示なのかどうか、分かりません"),
    ("two words at once", "outlook", "完了\n保留 写真待ち", "どちらか一つだけ"),
    ("a letter without 宛名", "gmail", "お世話になっております。\n明日発送いたします。", "1 行目に「○○ 様」"),
    ("a word nobody knows", "plain", "#けしいん", "分かりませんでした"),
]


@pytest.mark.parametrize("name, kind, said, words", CASES, ids=[c[0] for c in CASES])
def test_is_answered_soon(place, name, kind, said, words):   # pylint: disable=unused-argument
    number, notice = assigned(place)
    text = is_soon(place, place.sato, of(place.sato, notice, said, kind), words)
    if not said.startswith("コメント"):
        assert "まだ何も変えていません" in text and "返信のしかた" in text
    assert draft_of(place, number) is None


def test_an_answer_to_an_old_notice(place):
    number, first = assigned(place)
    place.sato.answer(first, LETTER)
    place.sato.told("承認を依頼しました", alive=place.desk.alive)
    request = place.suzuki.next("the request", lambda t: "承認依頼】#%d" % number in t,
                                alive=place.desk.alive)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    place.suzuki.told("承認しました", alive=place.desk.alive)
    is_soon(place, place.suzuki, of(place.suzuki, request, "承認", sign="", extra=SIGNED),
            "今回は何もしていません")
    place.sato.next("it was sent", lambda t: "送信済み】#%d" % number in t, alive=place.desk.alive)
    is_soon(place, place.sato, of(place.sato, first, "送信"), "下書きがまだありません")


def test_two_leads_who_decide_at_once(place):
    number, request = asked(place)
    other = place.mori.next("the request", lambda t: "承認依頼】#%d" % number in t,
                            alive=place.desk.alive)
    got = {}

    def decide(user, notice):
        got[user.name] = answered(place, user, of(user, notice, "承認", sign="", extra=SIGNED))

    both = [threading.Thread(target=decide, args=one)
            for one in ((place.suzuki, request), (place.mori, other))]
    for t in both:
        t.start()
    for t in both:
        t.join()
    assert len(got) == 2
    first, second = sorted((text for _, text in got.values()),
                           key=lambda t: "何もしていません" in t)
    assert "承認しました" in first and "何もしていません" in second
    assert place.desk.query("SELECT COUNT(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                            " WHERE t.number = ?1 AND o.kind = 'reply'", number) == [(1,)]
    for took_s, _ in got.values():
        print("%.2f s" % took_s)
        assert took_s < SOON_S


@pytest.mark.parametrize("said, words", [
    (LETTER, "承認を依頼しました"), ("コメント 見積もりです", "取り込んでいません")],
    ids=["a letter", "a comment"])
def test_thirty_megabytes(place, said, words):
    _, notice = assigned(place)
    raw = of(place.sato, notice, said, "plain")
    top, _ = raw.split(b"MIME-Version: 1.0\r\n", 1)
    pdf = b"%PDF-1.7\n" + os.urandom(MANY * 54 // 74)
    raw = top + b"MIME-Version: 1.0\r\n" + multipart(
        "mixed", [text_part(said), attachment(pdf, "application/pdf", "manual.pdf")], "b0")
    assert len(raw) >= 29 * 1000 * 1000
    is_soon(place, place.sato, raw, words, "manual.pdf")


def test_the_private_address_of_somebody_known(place):
    """The answer goes to the address that is known, never to where it came from."""
    number, request = asked(place)
    raw = answer("phone", request, "evil@attacker.example", "承認", extra=SIGNED,
                 **{"In-Reply-To": head(request)["Message-ID"]})
    is_soon(place, place.suzuki, raw, "登録したアドレスから返信してください", "何も実行していません",
            sender="evil@attacker.example")
    assert place.servers.mails("evil@attacker.example") == []
    assert draft_of(place, number)[0] == "waiting"
