"""The desk by mail under attack: forged, replayed, spoofed, crossed and automatic
answers. Each is a mail on a real server; none of them may change anything."""
import re

import pytest
from maildesk import answer, head, text_of
from mailgen import message_part, multipart, report, text_part
from mailplace import (DKIM, EVIL, LETTER, SIGNED, Place, asked, assigned, change_nothing, draft_of,
                       results, settled, thread_of, token_of)
from servers import wait_until


@pytest.fixture(scope="module", name="place")
def fixture_place(place, build_dir):
    with Place(place, build_dir) as p:
        yield p


def changed(token):
    """One sign of it is another."""
    return token[:7] + ("a" if token[7] != "a" else "b") + token[8:]


def cases(place, own, request, other, listed, old, leaver):
    """(name, raw mail) of each attack. own: sato's notice; request: suzuki's, for a reply that
    waits; other: sato's notice of another ticket; listed: suzuki's list; old: suzuki's request
    for what has changed since; leaver: mori's request, who has left."""
    boss, sato, ito, mori = (u.who for u in (place.suzuki, place.sato, place.ito, place.mori))
    token = token_of(request)

    def to(notice, who, text, kind="plain", **kw):
        return answer(kind, notice, who, text, **{"sign": "", **kw})

    def bare(who, **over):
        fields = {"In-Reply-To": None, "References": None, "Subject": "承認", **over}
        return to(request, who, "承認", extra=SIGNED, **fields)

    yield "no token at all", bare(boss)
    yield "a token nobody made", bare(boss, **{"In-Reply-To": "<mdgd.%s@example.jp>" % ("a" * 26)})
    yield "a token of one other sign", bare(boss, **{
        "In-Reply-To": "<mdgd.%s@example.jp>" % changed(token)})
    yield "half a token", bare(boss, **{"In-Reply-To": "<mdgd.%s@example.jp>" % token[:13]})
    yield "a made-up token in the subject", bare(boss, Subject="Re: [mdg-%s]" % ("b" * 26))
    yield "a made-up address", bare(boss, To="support+mdg-%s@example.jp" % ("c" * 26))
    yield "the customers' token", bare(boss, **{"In-Reply-To": head(request)["Message-ID"].replace(
        "mdgd.", "mdg.")})
    yield "a colleague's token", to(request, sato, "承認", extra=SIGNED)
    yield "a colleague's notice", to(own, ito, "返信不要", extra=SIGNED)
    yield "a colleague's letter", to(own, ito, LETTER, extra=SIGNED)
    yield "a forwarded token", to(request, EVIL, "承認", extra=results(
        "mx.example.jp; dkim=pass header.d=attacker.example"))
    yield "a name that looks like the lead", to(
        request, '"suzuki@example.jp" <%s>' % EVIL, "承認", extra=SIGNED)
    yield "two senders", to(request, "%s, %s" % (boss, EVIL), "承認", extra=SIGNED)
    yield "two senders, turned round", to(request, "%s, %s" % (EVIL, boss), "承認", extra=SIGNED)
    yield "the lead as Sender only", to(request, EVIL, "承認", extra=SIGNED, Sender=boss)
    yield "the lead as Reply-To only", to(request, EVIL, "承認", extra=SIGNED, **{"Reply-To": boss})
    yield "the lead's private address", to(request, "suzuki@gmail.example", "承認", extra=SIGNED)
    yield "a sender under the domain", to(request, "suzuki@sub.example.jp", "承認", extra=SIGNED)
    for name, extra in (
            ("nothing bears it out", b""),
            ("a failed signature", results("mx.example.jp; dkim=fail header.d=example.jp")),
            ("a signature of another domain", results(
                "mx.example.jp; dkim=pass header.d=attacker.example")),
            ("another server's word", results("mx.attacker.example; " + DKIM)),
            ("a server below ours", results("mx.example.jp.attacker.example; " + DKIM)),
            ("a forged field below ours", results("mx.example.jp; dkim=none", "mx.example.jp; " + DKIM)),
            ("a forged field below another's", results("relay.example.net; none",
                                                       "mx.example.jp; " + DKIM)),
            ("only the way it took", results("mx.example.jp; spf=pass smtp.mailfrom=example.jp")),
            ("a signature of a whole country", results("mx.example.jp; dkim=pass header.d=jp")),
            ("a signature of a longer name", results(
                "mx.example.jp; dkim=pass header.d=example.jp.attacker.example")),
            ("a result inside quotes", results(
                'mx.example.jp; spf=fail smtp.mailfrom="x; %s y"@attacker.example' % DKIM)),
            ("a result inside a comment", results("mx.example.jp; dkim=fail (%s)" % DKIM)),
            ("a result in a sealed chain only", b"ARC-Authentication-Results: i=1; mx.example.jp; "
             + DKIM.encode() + b"\r\n"),
            ("a policy that failed", results("mx.example.jp; dmarc=fail header.from=example.jp"))):
        yield "spoofed: " + name, to(request, boss, "承認", extra=extra)
    yield "one matter in the reply, another in the subject", to(
        own, sato, "返信不要", extra=SIGNED, Subject="Re: x [mdg-%s]" % thread_of(other))
    yield "one matter in the reply, another in the address", to(
        own, sato, "返信不要", extra=SIGNED, To="support+mdg-%s@example.jp" % token_of(other))
    yield "a lead's token in the subject of an operator's", to(
        own, sato, "返信不要", extra=SIGNED, Subject="Re: x [mdg-%s]" % token)
    yield "the list approves nothing", to(listed, boss, "承認", extra=SIGNED)
    yield "the writer approves", to(own, sato, "承認", extra=SIGNED)
    yield "what was asked has changed", to(old, boss, "承認", extra=SIGNED)
    yield "who has left", to(leaver, mori, "承認", extra=SIGNED)
    yield "quoted only", to(request, boss, "> 承認\n> 承認します", extra=SIGNED)
    yield "below a head of quoting", to(
        request, boss, "-----Original Message-----\nFrom: x\nSent: y\nTo: z\nSubject: s\n\n承認",
        extra=SIGNED)
    yield "in the signature", to(request, boss, "-- \n承認", extra=SIGNED)
    yield "in the subject only", to(request, boss, "", extra=SIGNED, Subject="承認")
    inner = b"From: x@y.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + text_part("承認")
    top = to(request, boss, "x", extra=SIGNED).split(b"MIME-Version", 1)[0]
    yield "in an attached mail", top + b"MIME-Version: 1.0\r\n" + multipart(
        "mixed", [text_part(""), message_part(inner)], "b7")
    for text in ("承認しません。", "承認？", "承認\n差し戻し F4 日付", "まだ承認しないでください",
                 "承認\nただし日付を直してください。", "482913", "Approve? No."):
        yield "said otherwise: " + text, to(request, boss, text, extra=SIGNED)
    for name, extra in (("absent", b"Auto-Submitted: auto-replied\r\n"),
                        ("absent, of Exchange", b"X-Auto-Response-Suppress: All\r\n"
                         b"X-MS-Exchange-Inbox-Rules-Loop: suzuki@example.jp\r\n"),
                        ("a list", b"Precedence: list\r\nList-Id: <x.example.jp>\r\n"),
                        ("a machine", b"Auto-Submitted: auto-generated\r\n")):
        yield "automatic: " + name, to(request, boss, "承認", extra=SIGNED + extra)
    yield "a report of what could not be delivered", (
        b"From: MAILER-DAEMON@mx.example.jp\r\nTo: support@example.jp\r\nSubject: failed\r\n"
        b"Message-ID: <dsn1@mx.example.jp>\r\nIn-Reply-To: %s\r\nAuto-Submitted: auto-replied\r\n"
        b"MIME-Version: 1.0\r\n" % head(request)["Message-ID"].encode() +
        report("suzuki@example.jp", "5.1.1", "failed", "承認".encode().hex(), request[:600], "b8"))


def test_no_attack_changes_anything(place):
    _, own = assigned(place)
    number, request = asked(place)
    _, other = assigned(place)
    place.suzuki.send(answer("plain", request, place.suzuki.who, "一覧", sign=""))
    listed = place.suzuki.next("the list", lambda t: "担当者なし" in t or "承認待ち" in t
                               and "担当 10042" in t, alive=place.desk.alive)
    changed_number, old = asked(place)
    leaver = place.mori.next("a request", lambda t: "承認依頼】#%d" % number in t,
                             alive=place.desk.alive)
    place.desk.call("draft.edit", as_="sato", draft=place.desk.query(
        "SELECT d.id FROM draft d JOIN ticket t ON t.id = d.ticket_id WHERE t.number = ?1",
        changed_number)[0][0], body=LETTER + "\n追記です。")
    place.desk.run("user", "disable", "mori")
    mails = list(cases(place, own, request, other, listed, old, leaver))
    assert len(mails) >= 40
    change_nothing(place, mails)
    assert draft_of(place, number)[0] == "waiting"
    reasons = {r[0] for r in place.desk.query("SELECT reason FROM mail_order"
                                              " WHERE state = 'refused'")}
    assert {"sender", "person", "token", "cross", "leaver", "unclear"} <= reasons
    told = place.suzuki.next("what was refused", lambda t: "実行しなかったメール" in t
                             and "ほかの人のアドレス" in t, alive=place.desk.alive)
    assert "登録と違うアドレス" in text_of(told)
    assert place.desk.json("maildesk", "status")["refused"]
    assert place.servers.mails(EVIL) == []       # nothing is ever told to where it came from
    assert place.desk.run("audit", "verify").returncode == 0


def test_a_replay_acts_once(place):
    number, request = asked(place)
    raw = place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    place.suzuki.told("承認しました", alive=place.desk.alive)
    n = place.desk.delivered()
    sent = "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
    before = place.desk.query(sent)
    other = raw.replace("承認".encode(), "差し戻し F4 x".encode())
    again = answer("plain", request, place.suzuki.who, "承認", sign="", extra=SIGNED)
    for one in (raw, raw, other, again):
        place.suzuki.send(one, sender=EVIL)
    settled(place, n + 4)
    assert place.desk.query(sent) == before
    assert place.desk.query("SELECT COUNT(*) FROM mail_order WHERE reason = 'replay'") == [(3,)]
    assert draft_of(place, number)[0] in ("queued", "sending", "sent")


def test_codes_end_after_three_tries_and_are_used_once(place):
    number, request = asked(place)
    place.suzuki.answer(request, "承認", sign="")
    code = place.suzuki.told("6 桁", alive=place.desk.alive)
    digits = re.search(r"^\s*(\d{6})$", text_of(code), re.M)[1]
    for k in range(1, 4):
        place.suzuki.answer(code, "%06d" % ((int(digits) + k) % 1000000), sign="")
        place.suzuki.told("確認番号が違います", alive=place.desk.alive)
    place.suzuki.answer(code, digits, sign="")
    place.suzuki.told("使用済み", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "waiting"


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("point, acted", [("maildesk.begun", 0), ("maildesk.acted", 1)])
def test_a_kill_in_the_middle_acts_at_most_once(place, point, acted):
    number, request = asked(place)
    sent = "SELECT COUNT(*) FROM outbox WHERE kind = 'reply'"
    before = place.desk.query(sent)[0][0]
    place.desk.stop()
    place.desk.start(MDG_FAULT=point)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    wait_until("the kill", lambda: not place.desk.alive(), 60)
    place.desk.kill()
    place.desk.start()
    place.suzuki.told("途中で窓口が止まりました", alive=place.desk.alive)
    assert place.desk.query(sent)[0][0] == before + acted
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    place.suzuki.told("承認", alive=place.desk.alive)
    assert place.desk.query(sent)[0][0] == before + 1


@pytest.mark.usefixtures("build_with_faults")
def test_what_is_old_is_refused(place):
    number, request = asked(place)
    place.desk.call("clock.advance", seconds=15 * 86400)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    place.suzuki.told("期限が切れています", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "waiting"
