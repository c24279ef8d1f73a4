"""The desk by mail: operators and a lead who have nothing but their mailboxes."""
import os
import re

import pytest
from desk import Desk
from maildesk import answer, head, text_of
from mailplace import LETTER, SIGNED, Place, asked, assigned, draft_of, inquiry
from servers import wait_until


@pytest.fixture(scope="module", name="place")
def fixture_place(place, build_dir):
    with Place(place, build_dir) as p:
        yield p


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


def plain(user, what, words, place):   # pylint: disable=unused-argument
    """The answer to the last mail of theirs says `words`; what: for people who read."""
    return text_of(user.told(words, alive=place.desk.alive))


@pytest.mark.parametrize("kind", ["plain", "outlook", "thunderbird", "apple", "gmail", "phone",
                                  "html", "bottom"])
def test_a_letter_in_the_form_of_each_program(place, kind):
    number, notice = assigned(place)
    place.sato.answer(notice, LETTER, kind=kind)
    plain(place.sato, "asked", "承認を依頼しました", place)
    state, body = draft_of(place, number)
    assert state == "waiting"
    assert "".join(body.split()) == "".join(LETTER.split())


@pytest.mark.parametrize("kind", ["plain", "outlook", "thunderbird", "apple", "gmail", "phone",
                                  "html", "bottom"])
def test_approval_in_the_form_of_each_program(place, kind):
    number, request = asked(place)
    place.suzuki.answer(request, "承認します。", kind=kind, sign="鈴木 健一", extra=SIGNED)
    if kind == "phone":
        # its thread is only named by the subject: which request is not proved
        again = place.suzuki.told("はっきりしません", alive=place.desk.alive)
        assert draft_of(place, number)[0] == "waiting"
        place.suzuki.answer(again, "承認", kind="plain", sign="", extra=SIGNED)
    plain(place.suzuki, "approved", "承認しました", place)
    assert draft_of(place, number)[0] in ("queued", "sending", "sent")


def test_words_and_what_they_do(place):
    number, notice = assigned(place)
    state = "SELECT state FROM ticket WHERE number = ?1"
    for said, words, then in (("保留 倉庫に確認中", "実行しました", "hold"),
                              ("コメント 倉庫に電話しました", "コメントとして残しました", "hold"),
                              ("お約束 明日 15:00", "実行しました", None),
                              ("分類 返品", "実行しました", None),
                              ("ヘルプ", "書ける言葉", None),
                              ("一覧", "あなたの担当", None),
                              ("＃ 返信不要。", "実行しました", "closed")):
        place.sato.answer(notice, said)
        plain(place.sato, said, words, place)
        if then:
            assert place.desk.query(state, number) == [(then,)]


def test_bad_input_is_answered_in_words(place):
    number, notice = assigned(place)
    for said, words in (("", "新しく書かれた文がありません"),
                        ("#しようにん", "分かりませんでした"),
                        ("承認\n差し戻し", "二つ"),
                        ("返信不要\nでも少し待ってください", "ほかの文も"),
                        ("承認", "承認待ちの依頼がありません"),
                        ("差し戻し", "コード"),
                        ("担当 だれか", "当てはまる人"),
                        ("お約束", "日時を書いて"),
                        ("分類 だれか", "使える分類"),
                        ("分類", "分類の名前を"),
                        ("承認依頼", "下書きがまだありません")):
        place.sato.answer(notice, said)
        plain(place.sato, said, words, place)
    assert draft_of(place, number) is None
    assert place.desk.query("SELECT state FROM ticket WHERE number = ?1", number) == [("working",)]


def test_a_remark_stays_inside(place):
    number, notice = assigned(place)
    place.sato.answer(notice, "前にも同じお客様から問い合わせがありました。")
    plain(place.sato, "kept", "コメントとして残しました", place)
    assert draft_of(place, number) is None


def test_a_candidate_slots_and_a_change_in_the_quote(place):
    number, notice = assigned(place, text="注文した品がまだ届きません。注文番号は M-20417 です。いつ届きますか。")
    text = text_of(notice)
    assert "▼1▼" in text and "▲1▲" in text and "{{" not in text
    place.sato.answer(notice, "１")
    answer_text = place.sato.told("", alive=place.desk.alive)
    if "あと少し" in text_of(answer_text):
        lines = re.findall(r"^(\S+：)$", text_of(answer_text), re.M)
        assert lines
        place.sato.answer(answer_text, "\n".join(r + "11月30日（月）" for r in lines))
        place.sato.told("承認を依頼", alive=place.desk.alive)
        assert "11月30日（月）" in draft_of(place, number)[1]
    assert "{{" not in draft_of(place, number)[1]
    number, notice = assigned(place, text="注文した品がまだ届きません。注文番号は M-20417 です。いつ届きますか。")
    first = re.search(r"▼1▼[^\n]*\n(.*?)\n▲1▲", text_of(notice), re.S)[1]
    own = "田中 花子 様\n\nただいまお調べしております。本日中にご連絡いたします。"
    place.sato.answer(notice, "", edit=lambda t: t.replace(first, own))
    plain(place.sato, "shown first", "書き換えた候補", place)
    assert draft_of(place, number)[0] == "editing"
    assert "".join(draft_of(place, number)[1].split()) == "".join(own.split())


def test_sending_back_and_correcting(place):
    number, request = asked(place)
    place.suzuki.answer(request, "差し戻し F4 日付を入れてください", sign="鈴木 健一")
    back = place.sato.next("sent back", lambda t: "差し戻し】#%d" % number in t,
                           alive=place.desk.alive)
    assert "F4" in text_of(back) and "日付を入れてください" in text_of(back)
    place.sato.answer(back, LETTER.replace(
        "ご不明", "11月30日までにお送りください。送料の1,000円は弊社が負担いたします。\nご不明"))
    request = place.suzuki.next("again", lambda t: "承認依頼】#%d" % number in t,
                                alive=place.desk.alive)
    assert "確認が必要な理由: 金額・返金\n" in text_of(request)
    assert "11月30日までに" in text_of(request) and "前回の依頼からの変更" in text_of(request)
    place.suzuki.answer(request, "修正して承認\n\n" + LETTER.replace("返品", "ご返品"),
                        sign="鈴木 健一", extra=SIGNED)
    # what is found in the lead's own text is shown before it goes
    shown = place.suzuki.told("文面に指摘がありました", alive=place.desk.alive)
    assert "・確認: " in text_of(shown) and "ご返品の手順" in text_of(shown)
    assert draft_of(place, number)[0] == "waiting"
    place.suzuki.answer(shown, "修正して承認", sign="鈴木 健一", extra=SIGNED)
    plain(place.suzuki, "approved", "承認しました", place)
    assert "ご返品の手順" in draft_of(place, number)[1]


def test_a_code_where_nothing_bears_the_mail_out(place):
    number, request = asked(place)
    place.suzuki.answer(request, "承認", sign="")
    code = place.suzuki.told("6 桁", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "waiting"
    digits = re.search(r"^\s*(\d{6})$", text_of(code), re.M)[1]
    place.suzuki.answer(code, "%06d" % ((int(digits) + 1) % 1000000), sign="")
    plain(place.suzuki, "wrong", "確認番号が違います", place)
    assert draft_of(place, number)[0] == "waiting"
    place.suzuki.answer(code, digits, sign="")
    plain(place.suzuki, "approved", "承認しました", place)


def test_two_leads_at_once_and_a_customer_between(place):
    number, request = asked(place)
    other = place.mori.next("the request", lambda t: "承認依頼】#%d" % number in t,
                            alive=place.desk.alive)
    place.mori.answer(other, "承認", sign="", extra=SIGNED)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    both = sorted([text_of(place.mori.told("", alive=place.desk.alive)),
                   text_of(place.suzuki.told("", alive=place.desk.alive))],
                  key=lambda t: "何もしていません" in t)
    assert "承認しました" in both[0]
    assert "承認済み" in both[1] or "送信済み" in both[1]
    assert place.desk.query("SELECT COUNT(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                            " WHERE t.number = ?1 AND o.kind = 'reply'", number) == [(1,)]
    number, request = asked(place)
    root = place.desk.query("SELECT m.message_id FROM message m JOIN ticket t ON t.id ="
                            " m.ticket_id WHERE t.number = ?1", number)[0][0]
    raw = inquiry(9000 + number, "やはり交換にしてください。").replace(
        b"MIME-Version", b"In-Reply-To: <%s>\r\nMIME-Version" % root.encode())
    place.servers.deliver("hanako@customer.example", Desk.ADDRESS, raw)
    wait_until("voided", lambda: place.desk.query(
        "SELECT COUNT(*) FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.number = ?1",
        number) == [(2,)], 30, place.desk.alive)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    again = place.suzuki.told("まだ承認していません", alive=place.desk.alive)
    assert "やはり交換にしてください" in text_of(again)
    place.suzuki.answer(again, "承認", sign="", extra=SIGNED)
    plain(place.suzuki, "approved", "承認しました", place)


def test_taking_handing_over_and_the_list(place):
    number = place.ticket()
    place.ito.send(answer_new(place.ito, "一覧"))
    listed = place.ito.next("the list", lambda t: "#%d" % number in t, alive=place.desk.alive)
    place.ito.answer(listed, "担当 %d" % number, sign="")
    notice = place.ito.next("the ticket", lambda t: "#%d" % number in t and "回答期限" in t,
                            alive=place.desk.alive)
    place.ito.answer(notice, "担当 佐藤さん", sign="", extra=SIGNED)
    plain(place.ito, "handed over", "実行しました", place)
    place.notice(place.sato, number)


def answer_new(user, text):
    from mailgen import text_part
    return (b"From: %s\r\nTo: support@example.jp\r\nSubject: x\r\nMessage-ID: <new%d@x.example>\r\n"
            b"MIME-Version: 1.0\r\n" % (user.who.encode(), abs(hash((user.who, text))))) + text_part(text)


def test_the_signature_is_learned_and_a_leftover_found(place):
    place.desk.run("maildesk", "test", "sato")
    question = place.sato.next("the question", lambda t: "「テスト」とだけ" in t,
                               alive=place.desk.alive)
    place.sato.answer(question, "テスト", extra=SIGNED)
    told = plain(place.sato, "tested", "届きました", place)
    assert "電子署名" in told and "090-1234-5678" in told
    shown = place.desk.json("maildesk", "status")
    assert [p for p in shown["people"] if p["login"] == "sato"][0]["evidence"] == "signed"
    number, notice = assigned(place)
    place.sato.answer(notice, LETTER + "\nお急ぎの場合は 090-1234-5678 までお電話ください。")
    plain(place.sato, "must be mended", "要修正", place)
    assert draft_of(place, number)[0] == "editing"


def with_files(place, notice, *files, text=LETTER, user=None):
    """sato, or that user, answers with a text and these (bytes, type, name)."""
    from mailgen import attachment, multipart, text_part
    user = user or place.sato
    raw = answer("plain", notice, user.who, text, extra=SIGNED)
    top, _ = raw.split(b"MIME-Version: 1.0\r\n", 1)
    body = multipart("mixed", [text_part(text), *(attachment(*f) for f in files)], "b0")
    user.send(top + b"MIME-Version: 1.0\r\n" + body)
    user.last = head(raw)["Message-ID"]


def test_attachments_go_out_with_the_letter(place):
    number, notice = assigned(place)
    manual = b"%PDF-1.7\n" + os.urandom(700000)
    with_files(place, notice, (manual, "application/pdf", "manual.pdf"))
    told = place.sato.told("承認を依頼しました", alive=place.desk.alive)
    assert "manual.pdf" in text_of(told)
    request = place.suzuki.next("the request", lambda t: "承認依頼】#%d" % number in t,
                                alive=place.desk.alive)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    plain(place.suzuki, "approved", "承認しました", place)
    assert sent_file(place, "hanako@customer.example") == manual


def sent_file(place, to):
    """The manual.pdf that somebody got."""
    def look():
        return [p.get_content() for raw in place.servers.mails(to) for p in head(raw).walk()
                if p.get_filename() == "manual.pdf"]
    got = wait_until("a mail with its file", look, 60, place.desk.alive)
    assert len(got) == 1
    return got[0]


def test_attachments_go_to_whom_is_asked_beside_it(place):
    """照会: the other department gets the files with the question."""
    number, notice = assigned(place)
    manual = b"%PDF-1.7\n" + os.urandom(70000)
    with_files(place, notice, (manual, "application/pdf", "manual.pdf"),
               text="照会 ito@example.jp\n添付の伝票の荷物は、いつ届きますか。")
    place.sato.told("manual.pdf", alive=place.desk.alive)
    request = place.suzuki.next("the request", lambda t: "添付の伝票の荷物" in t,
                                alive=place.desk.alive)
    assert "manual.pdf" in text_of(request)
    place.suzuki.answer(request, "承認", sign="", extra=SIGNED)
    plain(place.suzuki, "approved", "承認しました", place)
    assert sent_file(place, "ito@example.jp") == manual
    assert place.desk.query("SELECT COUNT(*) FROM ticket WHERE parent_id ="
                            " (SELECT id FROM ticket WHERE number = ?1)", number) == [(1,)]


def test_attachments_of_anything_else_are_named_as_not_taken(place):
    number, notice = assigned(place)
    pdf = (b"%PDF-1.7\n" + os.urandom(700), "application/pdf", "manual.pdf")
    with_files(place, notice, pdf, text="コメント 倉庫の写真です")
    told = place.sato.told("コメントとして残しました", alive=place.desk.alive)
    assert "添付「manual.pdf」は取り込んでいません" in text_of(told)
    with_files(place, notice, pdf)
    place.sato.told("承認を依頼しました", alive=place.desk.alive)
    request = place.suzuki.next("the request", lambda t: "承認依頼】#%d" % number in t,
                                alive=place.desk.alive)
    with_files(place, request, pdf, text="修正して承認\n\n" + LETTER, user=place.suzuki)
    place.suzuki.told("添付を加えることはできません", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "waiting"


def test_what_may_do_harm_is_not_taken(place):
    number, notice = assigned(place)
    with_files(place, notice, (b"MZ\x90\0" + bytes(100), "application/pdf", "manual.pdf"))
    place.sato.told("「manual.pdf」を取り込めませんでした", alive=place.desk.alive)
    assert draft_of(place, number)[0] == "editing"
