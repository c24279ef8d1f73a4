"""Tricks with which somebody could make the desk by mail act in another's name: in header fields,
in the parts and signs of a mail, in its order and in time. None may act; each is refused, noted and
shown to the lead, and nothing is ever sent to where a forged mail came from."""
import base64
import re
import threading

import pytest
from maildesk import answer, head, text_of
from mailgen import html, message_part, multipart, text_part, words
from mailplace import (DKIM, EVIL, LETTER, SIGNED, Place, asked, assigned, change_nothing, draft_of,
                       results, settled, thread_of, token_of)


@pytest.fixture(scope="module", name="place")
def fixture_place(place, build_dir):
    with Place(place, build_dir) as p:
        yield p


def with_body(raw, body, *fields):
    """The same header, and these fields, with another body."""
    top, _ = raw.split(b"MIME-Version", 1)
    return top + b"".join(f + b"\r\n" for f in fields) + b"MIME-Version: 1.0\r\n" + body


def without(raw, name):
    return re.sub(rb"(?m)^%s:[^\n]*\n(?:[ \t][^\n]*\n)*" % name, b"", raw, count=1)


def cases(place, own, request, other):
    """(name, raw mail). own: sato's notice; request: suzuki's; other: suzuki's for another reply."""
    boss, sato = place.suzuki.who, place.sato.who
    token = token_of(request)
    theirs = re.search(r"<[^>]*>", boss)[0]

    def to(who, text="承認", kind="plain", extra=SIGNED, notice=request, **kw):
        return answer(kind, notice, who, text, **{"sign": "", "extra": extra, **kw})

    genuine = to(boss)
    fresh = iter(range(1000))

    def anew(raw):
        return re.sub(rb"<answer[^>]*>", b"<trick%d@client.example>" % next(fresh), raw, count=1)

    # --- the sender
    evil = b"From: %s\r\n" % EVIL.encode()
    yield "two From fields, theirs first", anew(genuine.replace(b"To: ", evil + b"To: ", 1))
    yield "two From fields, theirs last", anew(evil + genuine)
    yield "a group as sender", to("Leads: %s, %s;" % (boss, EVIL))
    yield "a group with nobody else's address in its name", to('"%s": %s;' % (theirs, EVIL))
    yield "their address as a name in encoded words", to(
        "%s <%s>" % (words("suzuki@example.jp").decode(), EVIL))
    yield "their address in a comment", to("%s (suzuki@example.jp)" % EVIL)
    yield "their address inside a longer one", to("<suzuki@example.jp@attacker.example>")
    yield "their address as a quoted local part", to('<"suzuki@example.jp"@attacker.example>')
    yield "a domain of look-alike letters", to("suzuki@xn--exmple-4nf.jp")
    yield "wide letters in the address", to("=?UTF-8?B?%s?= <%s>" % (
        base64.b64encode("ｓｕｚｕｋｉ@example.jp".encode()).decode(), EVIL))
    yield "re-sent in their name", anew(without(genuine, b"From").replace(
        b"To: ", b"Resent-From: " + boss.encode() + b"\r\n" + evil + b"To: ", 1))
    yield "no sender at all", anew(without(genuine, b"From"))
    # --- what bears it out
    for name, extra in (
            ("folded into a comment", b"Authentication-Results: mx.example.jp;\r\n dkim=fail\r\n"
             b" (not\r\n dkim=pass\r\n header.d=example.jp)\r\n"),
            ("a comment that does not end", b"Authentication-Results: mx.example.jp; dkim=fail "
             b"(x; " + DKIM.encode() + b"\r\n"),
            ("a name with a comment for its end", b"Authentication-Results: mx.example.jp(x).evil; "
             + DKIM.encode() + b"\r\n"),
            ("a name in quotes with more behind it", b'Authentication-Results: "mx.example.jp".evil; '
             + DKIM.encode() + b"\r\n"),
            ("a name that only begins so", results("mx.example.jpx; " + DKIM)),
            ("a name that only ends so", results("x.mx.example.jp; " + DKIM)),
            ("the server's word in another field", b"X-Authentication-Results: mx.example.jp; "
             + DKIM.encode() + b"\r\n"),
            ("an original of a list", b"Original-Authentication-Results: mx.example.jp; "
             + DKIM.encode() + b"\r\nX-Original-Authentication-Results: mx.example.jp; "
             + DKIM.encode() + b"\r\n"),
            ("ours says it failed, below it passed", results(
                "mx.example.jp; dkim=fail header.d=example.jp; dmarc=fail header.from=example.jp",
                "mx.example.jp; dmarc=pass header.from=example.jp")),
            ("a policy of another sender", results(
                "mx.example.jp; dmarc=pass header.from=attacker.example")),
            ("the domain in the wrong property", results(
                "mx.example.jp; dkim=pass header.d=attacker.example header.b=example.jp "
                "x=header.d=example.jp")),
            ("a pass of a method nobody knows", results(
                "mx.example.jp; x-dkim=pass header.d=example.jp; iprev=pass policy.d=example.jp")),
            ("neutral, and the word pass behind it", results(
                "mx.example.jp; dkim=neutral pass header.d=example.jp")),
            ("pass with a tail", results("mx.example.jp; dkim=pass.fail header.d=example.jp")),
            ("only a seal", b"ARC-Seal: i=1; cv=none; d=example.jp\r\nARC-Authentication-Results:"
             b" i=1; mx.example.jp; " + DKIM.encode() + b"\r\n"),
            ("a Received line that tells of it", b"Received: from x (Authentication-Results:"
             b" mx.example.jp; " + DKIM.encode() + b") by mx.example.jp; now\r\n")):
        yield "not borne out: " + name, to(boss, extra=extra)
    # --- tokens
    bare = {"In-Reply-To": None, "References": None}
    yield "the token in the quoted text only", to(EVIL, "承認\n\n> mdg-%s" % token, **bare,
                                                  Subject="Re: x")
    yield "this ticket's subject, another's reply", to(
        boss, **{"In-Reply-To": head(other)["Message-ID"],
                 "Subject": "Re: x [mdg-%s]" % thread_of(request)})
    yield "two requests in one field", to(boss, **{
        "In-Reply-To": "%s %s" % (head(own)["Message-ID"], head(request)["Message-ID"])})
    yield "a token with more behind it", to(boss, **bare, Subject="Re: x [mdg-%sa]" % token)
    yield "a token hidden in encoded words", to(EVIL, **bare, Subject="Re: [mdg-%s]" % token)
    yield "an operator's own thread approves nothing", to(sato, notice=own)
    yield "a lead's request that was forwarded to the writer", to(sato)
    # --- what stands in the mail
    inner = b"From: %s\r\nSubject: x\r\nIn-Reply-To: %s\r\nMIME-Version: 1.0\r\n" % (
        boss.encode(), head(request)["Message-ID"].encode()) + text_part("承認")
    yield "an attached mail that answers", with_body(to(boss, "x"), multipart(
        "mixed", [text_part(""), message_part(inner)], "t1"))
    yield "an attached mail and nothing else", with_body(to(boss, "x"), message_part(inner))
    yield "text says no, HTML says yes", with_body(to(boss, "x"), multipart(
        "alternative", [text_part("承認しません"), text_part(html("承認"), "html")], "t2"))
    yield "HTML says yes where nobody sees it", with_body(to(boss, "x"), text_part(
        '<p>あとで見ます。</p><div style="display:none">承認</div>', "html"))
    yield "HTML says yes in a comment and a title", with_body(to(boss, "x"), text_part(
        "<html><head><title>承認</title></head><body><!-- 承認 --></body></html>", "html"))
    yield "the word in an attached text", with_body(to(boss, "x"), multipart("mixed", [
        text_part(""), b"Content-Disposition: attachment; filename=a.txt\r\n" + text_part("承認")],
        "t3"))
    yield "a second text that says otherwise", with_body(to(boss, "x"), multipart(
        "mixed", [text_part("まだ確認中です。日付を見ています。"), text_part("承認")], "t4"))
    for name, text in (
            ("a sign of no width in the word", "承\u200b認しません"),
            ("turned round", "\u202eんせまし認承\u202c"),
            ("a mark of order in front of no", "承認\u2066しません\u2069"),
            ("a variant that looks alike", "\u2f7f認"),
            ("wide quotes", "＞承認"), ("a bar for a quote", "| 承認"),
            ("a quote with a blank", " > 承認"),
            ("below a forwarded head", "転送します。確認してください。\n\n---------- Forwarded message ---------\n"
             "From: x\nDate: y\nSubject: z\nTo: w\n\n承認"),
            ("in a rule of signature", "あとで見ます\n-- \n承認"),
            ("in round brackets with more", "承認（日付を直してから）"),
            ("conditional", "日付を直したら承認します。"),
            ("later", "明日承認します"), ("not by them", "鈴木以外が承認します"),
            ("past of something else", "昨日の分は承認済みです"),
            ("polite doubt", "承認してよろしいでしょうか。"),
            ("with a courtesy that says otherwise", "承認\n日付を直して。よろしくお願いします"),
            ("English doubt", "Approve this? Not before Monday."),
            ("English no", "I won't approve.")):
        yield "words: " + name, to(boss, text)
    # --- machines
    for name, extra in (
            ("an absence without Auto-Submitted", b"X-Autoreply: yes\r\nPrecedence: bulk\r\n"),
            ("Exchange's absence", b"X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\r\n"
             b"Auto-Submitted: auto-generated (rule)\r\n"),
            ("a copy from a list", b"List-Id: <leads.example.jp>\r\nList-Post: <mailto:x@y.example>"
             b"\r\nPrecedence: list\r\n"),
            ("Feedback", b"Precedence: auto_reply\r\n"),
            ("a receipt", b"X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-notified\r\n")):
        yield "automatic: " + name, to(boss, extra=SIGNED + extra)
    yield "a report in plain text", (
        b"From: MAILER-DAEMON@example.jp\r\nTo: support@example.jp\r\nSubject: Undelivered\r\n"
        b"Message-ID: <dsn9@example.jp>\r\nIn-Reply-To: %s\r\nMIME-Version: 1.0\r\n" %
        head(request)["Message-ID"].encode() + text_part("承認\nYour mail was not delivered."))


def test_no_trick_changes_anything(place):
    _, own = assigned(place)
    number, request = asked(place)
    _, other = asked(place)
    mails = list(cases(place, own, request, other))
    assert len(mails) >= 60
    change_nothing(place, mails)
    assert draft_of(place, number)[0] == "waiting"
    assert place.servers.mails(EVIL) == []
    place.suzuki.next("what was refused", lambda t: "実行しなかったメール" in t, alive=place.desk.alive)
    assert place.desk.run("audit", "verify").returncode == 0


def test_forged_mails_do_not_flood_whom_they_name(place):
    """100 in an hour that name one person: answers end, and the person is not locked out."""
    number, request = asked(place)
    n = len(place.mori.mails())
    delivered = place.desk.delivered()
    at_mori = place.mori.next("a request", lambda t: "承認依頼】#%d" % number in t,
                              alive=place.desk.alive)
    place.servers.deliver_all((EVIL, "support@example.jp", answer(
        "plain", at_mori, EVIL, "承認", sign="", extra=SIGNED)) for _ in range(100))
    settled(place, delivered + 100)
    assert len(place.mori.mails()) - n <= 65
    assert place.servers.mails(EVIL) == []
    place.mori.answer(at_mori, "承認", sign="", extra=SIGNED)
    place.mori.told("承認しました", alive=place.desk.alive)


def code_of(place, request, user):
    user.answer(request, "承認", sign="")
    raw = user.told("6 桁", alive=place.desk.alive)
    return raw, re.search(r"^\s*(\d{6})$", text_of(raw), re.M)[1]


def test_a_code_is_good_for_one_person_and_one_text(place):
    number, request = asked(place)
    code, digits = code_of(place, request, place.suzuki)
    n = place.desk.delivered()
    # from other addresses, even of another lead
    for user in (place.mori.who, place.sato.who, EVIL):
        place.suzuki.send(answer("plain", code, user, digits, sign="", extra=SIGNED), sender=EVIL)
    settled(place, n + 3)
    assert draft_of(place, number)[0] == "waiting"
    # the text changes after it was asked for
    place.desk.call("draft.edit", as_="sato", draft=place.desk.query(
        "SELECT d.id FROM draft d JOIN ticket t ON t.id = d.ticket_id WHERE t.number = ?1",
        number)[0][0], body=LETTER + "\n追記です。")
    place.suzuki.answer(code, digits, sign="")
    settled(place, n + 4)
    assert draft_of(place, number)[0] not in ("queued", "sending", "sent")
    # a code that was asked for one request does not open another
    other_number, other = asked(place)
    place.suzuki.answer(other, digits, sign="", extra=b"")
    settled(place, n + 7)
    assert draft_of(place, other_number)[0] == "waiting"


@pytest.mark.usefixtures("build_with_faults")
def test_a_code_ends_after_half_an_hour(place):
    number, request = asked(place)
    code, digits = code_of(place, request, place.suzuki)
    place.desk.call("clock.advance", seconds=1801)
    place.suzuki.answer(code, digits, sign="")
    place.suzuki.told("期限が切れています", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "waiting"


def test_who_leads_no_more_approves_no_more(place):
    number, request = asked(place)
    place.desk.run("user", "role", "suzuki", "--window", "support", "--role", "operator")
    try:
        place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
        told = place.suzuki.told("何も変えていません", alive=place.desk.alive)
        assert "権限" in text_of(told) or "SV" in text_of(told)
        assert draft_of(place, number)[0] == "waiting"
    finally:
        place.desk.run("user", "role", "suzuki", "--window", "support", "--role", "sv")


def test_mail_and_command_line_approve_once_together(place):
    number, request = asked(place)
    draft = place.desk.query("SELECT d.id FROM draft d JOIN ticket t ON t.id = d.ticket_id"
                             " WHERE t.number = ?1", number)[0][0]
    done = []
    t = threading.Thread(target=lambda: done.append(place.desk.run(
        "approve", draft, "--as", "mori", check=False).returncode))
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    t.start()
    t.join()
    told = text_of(place.suzuki.told("", alive=place.desk.alive))
    assert ("承認しました" in told) != ("何もしていません" in told)
    assert ("承認しました" in told) == (done != [0])
    assert place.desk.query("SELECT COUNT(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                            " WHERE t.number = ?1 AND o.kind = 'reply'", number) == [(1,)]
