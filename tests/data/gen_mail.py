#!/usr/bin/env python3
"""Mails of every sort that mdg-parse must read, each byte laid out here.

    gen_mail.py OUT

writes OUT/<number>-<name>.eml and OUT/expected.json: a list, in the order of
the files, of {"file": …, "want": {…}}. A want is a fragment of the JSON object
of mdg-parse: each key must be equal, except

    from, to, …     lists of [name, address]
    attachments     lists of fragments, one an attachment
    text_has, reply_has, quoted_has, signature_has, text_lacks, reply_lacks
                    lists of strings that are, or are not, in it
    warnings_has    warnings that must be there

Only the standard library; every text was written for this file.
"""
import base64
import hashlib
import json
import os
import quopri
import struct
import sys

CASES = []
DATE = "Sat, 21 Nov 2026 10:00:00 +0900"
DATE_S = 1795222800


def case(name, mail, **want):
    if isinstance(mail, str):
        mail = mail.encode("utf-8")
    CASES.append((name, mail, want))


def b64(data, width=76):
    s = base64.b64encode(data)
    return b"\n".join(s[i:i + width] for i in range(0, len(s), width)) + b"\n"


def word(text, charset="utf-8", codec=None, kind="B"):
    raw = text.encode(codec or charset)
    if kind == "B":
        body = base64.b64encode(raw).decode()
    else:
        body = "".join("=%02X" % c for c in raw)
    return "=?%s?%s?%s?=" % (charset, kind, body)


def head(**extra):
    """The usual header as bytes; extra fields replace or add (None drops)."""
    fields = {
        "From": "Taro <taro@example.jp>",
        "To": "support@example.co.jp",
        "Subject": "test",
        "Date": DATE,
        "Message-ID": "<m1@example.jp>",
        "MIME-Version": "1.0",
    }
    for k, v in extra.items():
        fields[k.replace("_", "-")] = v
    out = b""
    for k, v in fields.items():
        if v is None:
            continue
        out += k.encode() + b": " + (v if isinstance(v, bytes) else v.encode()) + b"\n"
    return out


def simple(body, ctype="text/plain; charset=utf-8", cte=None, **extra):
    body = body if isinstance(body, bytes) else body.encode()
    more = {"Content_Type": ctype}
    if cte:
        more["Content_Transfer_Encoding"] = cte
    more.update(extra)
    return head(**more) + b"\n" + body


def part(body, ctype=None, *fields):
    body = body if isinstance(body, bytes) else body.encode()
    out = b"Content-Type: " + ctype.encode() + b"\n" if ctype else b""
    for f in fields:
        out += (f if isinstance(f, bytes) else f.encode()) + b"\n"
    return out + b"\n" + body


def multi(sub, parts, boundary="b0", ctype=None, **extra):
    ct = ctype or 'multipart/%s; boundary="%s"' % (sub, boundary)
    return head(Content_Type=ct, **extra) + b"\n" + inner(parts, boundary)


def inner(parts, boundary):
    out = b""
    for p in parts:
        out += b"--" + boundary.encode() + b"\n" + p + b"\n"
    return out + b"--" + boundary.encode() + b"--\n"


def nest(sub, parts, boundary):
    return part(inner(parts, boundary), 'multipart/%s; boundary="%s"' % (sub, boundary))


def digest(data):
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def att(data, name=0, media=None, **more):
    """An attachment; name 0: any."""
    d = {"bytes": len(data), "digest": digest(data)}
    if name != 0:
        d["filename"] = name
    if media:
        d["media_type"] = media
    d.update(more)
    return d


# ---------------------------------------------------------------- charsets

def jis(text):
    """ISO-2022-JP as phones and Windows write it: rows beyond JIS X 0208."""
    out, mode = b"", "B"
    for ch in text:
        if ord(ch) < 0x80:
            if mode != "B":
                out += b"\x1b(B"
                mode = "B"
            out += ch.encode()
            continue
        c = ch.encode("cp932")
        if len(c) == 1:                       # half-width kana
            if mode != "I":
                out += b"\x1b(I"
                mode = "I"
            out += bytes([c[0] & 0x7f])
            continue
        hi, lo = c
        if hi >= 0xfa:                        # IBM rows live at 115-119
            k = (hi - 0xfa) * 188 + lo - (0x40 if lo < 0x7f else 0x41)
            raise ValueError("not needed: %s %d" % (ch, k))
        row = (hi - (0x81 if hi < 0xa0 else 0xc1)) * 2
        if lo >= 0x9f:
            j1, j2 = row + 0x22, lo - 0x7e
        else:
            j1, j2 = row + 0x21, lo - (0x1f if lo < 0x7f else 0x20)
        if mode != "J":
            out += b"\x1b$B"
            mode = "J"
        out += bytes([j1, j2])
    return out + (b"\x1b(B" if mode != "B" else b"")


NEC = "①②③㈱№髙Ⅲ"[:4] + "№Ⅲ～－"
JA = "お世話になっております。注文の件で、ご連絡いたしました。"


def charsets():
    sets = [
        ("utf-8", JA.encode()), ("UTF-8", JA.encode()),
        ('"utf-8"', JA.encode()), ("utf8", JA.encode()),
        ("iso-2022-jp", jis(JA)), ("ISO-2022-JP", jis(JA)),
        ("csISO2022JP", jis(JA)), ("iso-2022-jp-ms", jis(JA)),
        ("cp50220", jis(JA)), ("cp50221", jis(JA)),
        ("shift_jis", JA.encode("cp932")), ("Shift-JIS", JA.encode("cp932")),
        ("x-sjis", JA.encode("cp932")), ("sjis", JA.encode("cp932")),
        ("windows-31j", JA.encode("cp932")), ("cp932", JA.encode("cp932")),
        ("ms_kanji", JA.encode("cp932")),
        ("euc-jp", JA.encode("euc_jp")), ("x-euc-jp", JA.encode("euc_jp")),
        ("utf-16", JA.encode("utf-16")), ("utf-16le", JA.encode("utf-16-le")),
        ("gb18030", JA.encode("gb18030")),
    ]
    for i, (label, raw) in enumerate(sets):
        case("charset-%02d-%s" % (i, label.strip('"').lower()),
             simple(b64(raw), "text/plain; charset=" + label, "base64"),
             text=JA, text_source="plain", warnings=[])
    nec = "①②㈱№Ⅲを注文"
    case("charset-jis-nec", simple(jis(nec) + b"\n", "text/plain; charset=iso-2022-jp", "7bit"), text=nec)
    case("charset-jis-kana", simple(jis("ﾃｽﾄ半角ｶﾅ") + b"\n", "text/plain; charset=iso-2022-jp", "7bit"),
         text="ﾃｽﾄ半角ｶﾅ")
    case("charset-jis-jisx0201", simple(b"\x1b$B$\"\x1b(Jabc\n", "text/plain; charset=iso-2022-jp", "7bit"),
         text="あabc")
    for label, raw in [("shift_jis", nec.encode("cp932")), ("cp932", "髙﨑".encode("cp932"))]:
        case("charset-nec-" + label, simple(b64(raw), "text/plain; charset=" + label, "base64"),
             text=raw.decode("cp932"))
    # labels that are missing or wrong
    for name, raw in [("jis", jis(JA)), ("sjis", JA.encode("cp932")), ("euc", JA.encode("euc_jp")),
                      ("utf8", JA.encode())]:
        for kind, ct in [("none", "text/plain"), ("ascii", "text/plain; charset=us-ascii"),
                         ("unknown", "text/plain; charset=x-unknown"), ("empty", 'text/plain; charset=""')]:
            case("label-%s-%s" % (kind, name), simple(b64(raw), ct, "base64"), text=JA)
    case("label-utf8-is-sjis", simple(b64(JA.encode("cp932")), cte="base64"), text=JA,
         warnings_has=["charset:mislabelled"])
    case("label-jis-is-utf8", simple(b64(JA.encode()), "text/plain; charset=iso-2022-jp", "base64"), text=JA)
    case("label-latin1-is-cp1252", simple(b"caf\xe9 \x93q\x94\n", "text/plain; charset=iso-8859-1", "8bit"),
         text="café “q”")
    case("no-type-raw-jis", head(MIME_Version=None) + b"\n" + jis(JA) + b"\n", text=JA)
    case("no-type-raw-sjis", head(MIME_Version=None) + b"\n" + JA.encode("cp932") + b"\n", text=JA)
    case("charset-broken-byte", simple(b"abc\xffdef \xe3\x81\x82\n", cte="8bit"), text_has=["abc", "def", "あ"])
    case("charset-controls", simple("a\x07b\x00c\u202ed\u2066e\n", cte="8bit"), text="abcde")
    case("charset-param-junk", simple(JA, "text/plain; charset=utf-8;;; foo", "8bit"), text=JA)
    case("charset-param-comment", simple(JA, "text/plain; charset=utf-8 (comment)", "8bit"), text=JA)


# ----------------------------------------------------------------- headers

def headers():
    s = "お問い合わせの件について"
    case("subject-b", simple("x", Subject=word(s)), subject=s)
    case("subject-q", simple("x", Subject=word(s, kind="Q")), subject=s)
    case("subject-two-words", simple("x", Subject=word("お問い合") + " " + word("わせの件")), subject="お問い合わせの件")
    case("subject-fold", simple("x", Subject=word("お問い合") + "\n " + word("わせの件")), subject="お問い合わせの件")
    case("subject-jis", simple("x", Subject=word(s, "ISO-2022-JP", "iso2022_jp")), subject=s)
    case("subject-jis-two", simple("x", Subject=word("お問い合", "ISO-2022-JP", "iso2022_jp") + "\n " +
                                   word("わせの件", "ISO-2022-JP", "iso2022_jp")), subject="お問い合わせの件")
    raw = s.encode()
    cut = "=?utf-8?B?%s?= =?utf-8?B?%s?=" % (base64.b64encode(raw[:10]).decode(), base64.b64encode(raw[10:]).decode())
    case("subject-cut-in-character", simple("x", Subject=cut), subject=s)
    case("subject-sjis-nec", simple("x", Subject=word("①㈱髙", "shift_jis", "cp932")), subject="①㈱髙")
    case("subject-quoted-word", simple("x", Subject='"' + word(s) + '"'), subject='"' + s + '"')
    case("subject-glued", simple("x", Subject="Re:" + word(s)), subject="Re:" + s)
    case("subject-raw-utf8", simple("x", Subject=s), subject=s)
    case("subject-raw-sjis", simple("x", Subject=s.encode("cp932")), subject=s)
    case("subject-raw-jis", simple("x", Subject=jis(s)), subject=s)
    case("subject-crlf-inside", simple("x", Subject=word("a\r\nBcc: evil@x.example")), subject="a Bcc: evil@x.example")
    case("subject-none", simple("x", Subject=None), subject="")
    case("subject-empty", simple("x", Subject=""), subject="")
    case("subject-long", simple("x", Subject="あ" * 5000), warnings_has=["limit:subject"])
    # addresses
    addr = [
        ("plain", "taro@example.jp", [["", "taro@example.jp"]]),
        ("angle", "<taro@example.jp>", [["", "taro@example.jp"]]),
        ("name", "Taro Yamada <taro@example.jp>", [["Taro Yamada", "taro@example.jp"]]),
        ("quoted", '"Yamada, Taro" <taro@example.jp>', [["Yamada, Taro", "taro@example.jp"]]),
        ("comment", "taro@example.jp (Taro)", [["Taro", "taro@example.jp"]]),
        ("encoded", word("山田太郎") + " <taro@example.jp>", [["山田太郎", "taro@example.jp"]]),
        ("encoded-quoted", '"' + word("山田太郎") + '" <taro@example.jp>', [["山田太郎", "taro@example.jp"]]),
        ("raw-utf8", "山田太郎 <taro@example.jp>", [["山田太郎", "taro@example.jp"]]),
        ("raw-jis", jis("山田太郎") + b" <taro@example.jp>", [["山田太郎", "taro@example.jp"]]),
        ("raw-sjis", "山田太郎".encode("cp932") + b" <taro@example.jp>", [["山田太郎", "taro@example.jp"]]),
        ("docomo-dots", "a..b.@docomo.ne.jp", [["", "a..b.@docomo.ne.jp"]]),
        ("docomo-angle", "<a..b.@docomo.ne.jp>", [["", "a..b.@docomo.ne.jp"]]),
        ("docomo-leading", ".abc@docomo.ne.jp", [["", ".abc@docomo.ne.jp"]]),
        ("docomo-quoted", '"a..b."@docomo.ne.jp', [["", "a..b.@docomo.ne.jp"]]),
        ("group", "undisclosed-recipients:;", []),
        ("two", "a@example.jp, b@example.jp", [["", "a@example.jp"], ["", "b@example.jp"]]),
        ("at-in-name", "support@bank.example <evil@x.example>", [["support@bank.example", "evil@x.example"]]),
        ("fold", "Taro\n <taro@example.jp>", [["Taro", "taro@example.jp"]]),
    ]
    for name, v, want in addr:
        case("from-" + name, simple("x", From=v), **{"from": want})
    case("from-missing", simple("x", From=None), **{"from": []})
    case("to-many", simple("x", To=", ".join("u%d@example.jp" % i for i in range(300))),
         to=[["", "u%d@example.jp" % i] for i in range(300)])
    case("to-group", simple("x", To="Team: a@example.jp, B <b@example.jp>;, c@example.jp"),
         to=[["", "a@example.jp"], ["B", "b@example.jp"], ["", "c@example.jp"]])
    case("cc-reply-to-sender", simple("x", Cc="c@example.jp", Reply_To="r@example.jp", Sender="s@example.jp"),
         cc=[["", "c@example.jp"]], reply_to=[["", "r@example.jp"]], sender=[["", "s@example.jp"]])
    # ids
    case("id-plain", simple("x"), message_id="m1@example.jp", in_reply_to=[], references=[])
    case("id-none", simple("x", Message_ID=None), message_id=None)
    case("id-refs", simple("x", In_Reply_To="<a@x>", References="<r@x>\n <q@x> <a@x>"),
         in_reply_to=["a@x"], references=["r@x", "q@x", "a@x"])
    case("id-comma", simple("x", References="<r@x>,<q@x>"), references=["r@x", "q@x"])
    case("id-lower-case-name", simple("x", Message_ID=None, message_id="<lower@x>"), message_id="lower@x")
    # dates
    for i, (d, t) in enumerate([
            (DATE, DATE_S), ("Sat, 21 Nov 2026 10:00:00 +0900 (JST)", DATE_S), ("21 Nov 26 10:00 JST", DATE_S),
            ("2026-11-21T10:00:00+09:00", DATE_S), ("2026年11月21日 10時00分", DATE_S), ("nonsense", None),
            ("31 Feb 2026 10:00:00 +0900", None), ("", None)]):
        case("date-%d" % i, simple("x", Date=d), date=t)
    case("date-none", simple("x", Date=None), date=None, warnings=[])
    # shape of the header block
    case("mbox-from-line", b"From taro@example.jp Sat Nov 21 10:00:00 2026\n" + simple("body"), text="body",
         subject="test")
    case("blank-line-first", b"\n" + simple("body"), text="body", subject="test")
    case("crlf", simple("a\nb\n").replace(b"\n", b"\r\n"), text="a\nb", subject="test")
    case("cr-only", simple("a\nb\n").replace(b"\n", b"\r"), text="a\nb", subject="test")
    case("mixed-ends", simple("a\r\nb\nc\r\n"), text="a\nb\nc")
    case("junk-in-header", head() + b"this is no field\nContent-Type: text/plain; charset=shift_jis\n\n" +
         JA.encode("cp932"), text=JA)
    case("no-header", "ただの文章です。\n二行目。\n", text="ただの文章です。\n二行目。")
    case("header-only", head(), text="", text_source="none", attachments=[])
    case("header-only-no-newline", head()[:-1], text="", subject="test")
    case("nul-in-body", simple("a\0b\n"), text="ab")
    case("nul-in-subject", simple("x", Subject=b"a\0b"), subject="ab")
    case("space-before-colon", head(Subject=None) + b"Subject : spaced\n\nbody\n", subject="spaced")


# --------------------------------------------------------------- structure

HTML = "<html><body><p>お世話になっております。</p><p>山田です。</p></body></html>"
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 7


def pdf(name="見積書.pdf"):
    v = "".join("%%%02X" % c for c in name.encode())
    return part(b64(PDF), "application/pdf", "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment; filename*=utf-8''" + v)


def text(s, *fields):
    return part(s, "text/plain; charset=utf-8", *fields)


def html(s, *fields):
    return part(s, "text/html; charset=utf-8", *fields)


def structure():
    want_html = "お世話になっております。\n\n山田です。"
    case("html-only", simple(HTML, "text/html; charset=utf-8"), text=want_html, text_source="html", attachments=[])
    case("html-meta-charset", simple(b64(("<meta charset=shift_jis>" + HTML).encode("cp932")), "text/html", "base64"),
         text=want_html)
    case("html-label-beats-meta", simple(b64(("<meta charset=euc-jp>" + HTML).encode()), "text/html; charset=utf-8",
                                         "base64"), text=want_html)
    case("xhtml", simple(HTML, "application/xhtml+xml; charset=utf-8"), text=want_html, text_source="html")
    case("alternative", multi("alternative", [text("本文です。"), html("<p>本文です。</p>")]), text="本文です。",
         text_source="plain", attachments=[])
    case("alternative-html-first", multi("alternative", [html("<p>本文です。</p>"), text("本文です。")]),
         text="本文です。", text_source="plain", attachments=[])
    stubs = ["", " \n \n", "このメールはHTML形式です。", "HTMLメールに対応したソフトでご覧ください。",
             "This is an HTML email. Please use an HTML capable reader.",
             "Your mail reader does not support HTML.", "表示されない場合はブラウザでご覧ください。"]
    long_html = "<p>" + "</p><p>".join("この度はご注文の商品についてお尋ねします。%d番目の文です。" % i
                                        for i in range(8)) + "</p>"
    for i, s in enumerate(stubs):
        case("alternative-stub-%d" % i, multi("alternative", [text(s), html(long_html)]), text_source="html",
             text_has=["ご注文の商品", "7番目"], attachments=[])
    case("alternative-far-shorter", multi("alternative", [text("詳細:"), html(long_html)]), text_source="html",
         text_has=["7番目"])
    case("alternative-short-is-right", multi("alternative", [text("了解です。"), html("<div>了解です。</div>")]),
         text="了解です。", text_source="plain")
    case("alternative-says-html-but-real", multi("alternative", [
        text("HTMLメールが届きません。確認してください。"),
        html("<p>HTMLメールが届きません。確認してください。</p>")]),
        text="HTMLメールが届きません。確認してください。", text_source="plain")
    case("alternative-only-html", multi("alternative", [html(HTML)]), text=want_html, text_source="html")
    case("alternative-related", multi("alternative", [text("本文"), nest("related", [
        html("<p>本文<img src='cid:i1@x'></p>"),
        part(b64(b"PNG"), "image/png; name=i.png", "Content-Transfer-Encoding: base64", "Content-ID: <i1@x>")],
        "b1")]), text="本文", attachments=[att(b"PNG", "i.png", "image/png", inline=True, content_id="i1@x")])
    case("related", multi("related", [
        html("<p>図:<img src='cid:i1@x' alt='図'></p>"),
        part(b64(b"PNG"), "image/png", "Content-Transfer-Encoding: base64", "Content-ID: <i1@x>",
             "Content-Disposition: inline")]), text="図:図", text_source="html",
        attachments=[att(b"PNG", None, "image/png", inline=True, content_id="i1@x")])
    case("related-start", multi("related", [
        part(b64(b"GIF"), "image/gif", "Content-Transfer-Encoding: base64", "Content-ID: <i@x>"),
        html("<p>root</p>", "Content-ID: <r@x>")], ctype='multipart/related; boundary=b0; start="<r@x>"'),
        text="root", attachments=[att(b"GIF", None, "image/gif")])
    case("related-no-start-image-first", multi("related", [
        part(b64(b"GIF"), "image/gif", "Content-Transfer-Encoding: base64", "Content-ID: <i@x>"),
        html("<p>root</p>")]), text="root", attachments=[att(b"GIF", None, "image/gif")])
    case("related-alternative", multi("related", [
        nest("alternative", [text("本文"), html("<p>本文</p>")], "b1"),
        part(b64(b"PNG"), "image/png", "Content-Transfer-Encoding: base64", "Content-ID: <i1@x>")]),
        text="本文", attachments=[att(b"PNG")])
    case("mixed-two-texts", multi("mixed", [text("一つ目"), pdf(), text("二つ目")]), text="一つ目\n二つ目",
         attachments=[att(PDF, "見積書.pdf", "application/pdf", inline=False)])
    case("mixed-alternative-pdf", multi("mixed", [nest("alternative", [text("本文"), html("<p>本文</p>")], "b1"),
                                                  pdf()]), text="本文", attachments=[att(PDF, "見積書.pdf")])
    case("apple-mixed-html", multi("alternative", [text("前\n後"), nest("mixed", [
        html("<p>前</p>"), pdf(), html("<p>後</p>")], "b1")]), text="前\n後",
        attachments=[att(PDF, "見積書.pdf")])
    case("apple-html-pieces", multi("mixed", [html("<p>前</p>"), pdf(), html("<p>後</p>")]), text="前\n後",
         text_source="html", attachments=[att(PDF, "見積書.pdf")])
    case("text-attachment", multi("mixed", [text("本文"), part("添付の中身\n", "text/plain; charset=utf-8; name=a.txt",
                                                            "Content-Disposition: attachment; filename=a.txt")]),
         text="本文", attachments=[att("添付の中身\n".encode(), "a.txt", "text/plain", inline=False)])
    case("text-inline-named", multi("mixed", [text("本文"), part("中身\n", "text/plain; charset=utf-8",
                                                              "Content-Disposition: inline; filename=a.txt")]),
         text="本文", attachments=[att("中身\n".encode(), "a.txt", "text/plain", inline=True)])
    case("text-attachment-no-name", multi("mixed", [text("本文"), text("中身", "Content-Disposition: attachment")]),
         text="本文", attachments=[att("中身".encode(), None, "text/plain")])
    case("html-attachment", multi("mixed", [text("本文"), html("<p>x</p>", "Content-Disposition: attachment; filename=x.html")]),
         text="本文", attachments=[att(b"<p>x</p>", "x.html", "text/html")])
    case("body-has-name", simple("本文です。", 'text/plain; charset=utf-8; name="body.txt"'), text="本文です。",
         attachments=[])
    case("named-body-in-mixed", multi("mixed", [part("本文です。", 'text/plain; charset=utf-8; name="body.txt"'), pdf()]),
         text="本文です。", attachments=[att(PDF, "見積書.pdf")])
    case("named-body-and-footer", multi("mixed", [part("本文です。", 'text/plain; charset=utf-8; name="body.txt"'),
                                                  text("_____\nML footer")]),
         text="本文です。\n_____\nML footer", attachments=[])
    case("only-attachment", simple(b64(PDF), "application/pdf; name=a.pdf", "base64",
                                   Content_Disposition="attachment; filename=a.pdf"),
         text="", text_source="none", attachments=[att(PDF, "a.pdf", "application/pdf")])
    case("only-attachment-multi", multi("mixed", [pdf()]), text="", text_source="none", attachments=[att(PDF)])
    case("only-image", simple(b64(b"JPEG"), "image/jpeg; name=写真.jpg", "base64"), text="",
         attachments=[att(b"JPEG", "写真.jpg", "image/jpeg")])
    case("empty-body", simple(""), text="", text_source="none", reply="", attachments=[])
    case("blank-body", simple(" \n\n \n"), text="", text_source="none", attachments=[])
    fwd = head(Subject="inner", Message_ID="<inner@x>", Content_Type="text/plain") + b"\nINNER TEXT\n"
    case("rfc822", multi("mixed", [text("転送します。"), part(fwd, "message/rfc822")]), text="転送します。",
         subject="test", message_id="m1@example.jp", text_lacks=["INNER"],
         attachments=[att(fwd, None, "message/rfc822")])
    case("rfc822-named", multi("mixed", [text("転送"), part(fwd, 'message/rfc822; name="転送.eml"',
                                                          "Content-Disposition: attachment")]),
         attachments=[att(fwd, "転送.eml", "message/rfc822", inline=False)])
    case("rfc822-base64", multi("mixed", [text("転送"), part(b64(fwd), "message/rfc822",
                                                           "Content-Transfer-Encoding: base64")]),
         text="転送", attachments=[att(fwd, None, "message/rfc822")])
    deep = fwd
    for i in range(60):
        deep = head(Content_Type="message/rfc822") + b"\n" + deep
    case("rfc822-deep", multi("mixed", [text("x"), part(deep, "message/rfc822")]), text="x",
         attachments=[att(deep, None, "message/rfc822")])
    inner_multi = multi("mixed", [text("INNER"), pdf()], "zz")
    case("rfc822-with-parts", multi("mixed", [text("x"), part(inner_multi, "message/rfc822"), pdf()]), text="x",
         attachments=[att(inner_multi, None, "message/rfc822"), att(PDF, "見積書.pdf")])
    case("rfc822-top", head(Content_Type="message/rfc822") + b"\n" + fwd, text="", text_source="none",
         attachments=[att(fwd, None, "message/rfc822")])
    case("digest", multi("digest", [b"\n" + fwd, b"\n" + fwd]), text="",
         attachments=[att(fwd, None, "message/rfc822"), att(fwd, None, "message/rfc822")])
    case("forward-in-text-of-headers", simple("--\nContent-Type: message/rfc822\n\nquoted words\n"),
         text="--\nContent-Type: message/rfc822\n\nquoted words")
    case("signed", multi("signed", [text("署名付き本文"), part(b64(b"SIG"), "application/pkcs7-signature; name=smime.p7s",
                                                          "Content-Transfer-Encoding: base64",
                                                          "Content-Disposition: attachment; filename=smime.p7s")],
                         ctype='multipart/signed; boundary=b0; protocol="application/pkcs7-signature"; micalg=sha-256'),
         text="署名付き本文", attachments=[att(b"SIG", "smime.p7s", "application/pkcs7-signature")])
    case("pgp-signed", multi("signed", [text("本文"), part("SIG", "application/pgp-signature; name=signature.asc")]),
         text="本文", attachments=[att(b"SIG", "signature.asc")])
    case("pgp-encrypted", multi("encrypted", [part("Version: 1\n", "application/pgp-encrypted"),
                                              part("DATA", "application/octet-stream; name=encrypted.asc")]),
         text="", attachments=[att(b"Version: 1\n", None, "application/pgp-encrypted"), att(b"DATA", "encrypted.asc")],
         warnings_has=["pgp:encrypted"])
    case("smime-opaque", simple(b64(b"CMS"), "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "base64",
                                Content_Disposition="attachment; filename=smime.p7m"), text="",
         attachments=[att(b"CMS", "smime.p7m", "application/pkcs7-mime")], warnings_has=["smime:opaque"])
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n本文\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----"
    case("pgp-clear-signed", simple(armour), text=armour)
    ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:打ち合わせ\\, 新商品\r\nDTSTART:20261121T010000Z\r\nLOCATION:会議室\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    case("calendar-with-text", multi("alternative", [text("ご参加ください。"), part(ics, "text/calendar; charset=utf-8; method=REQUEST")]),
         text="ご参加ください。", attachments=[att(ics.encode(), None, "text/calendar")])
    case("calendar-alone", simple(ics, "text/calendar; charset=utf-8"), text_has=["打ち合わせ, 新商品", "2026-11-21 01:00 UTC", "会議室"],
         attachments=[att(ics.encode(), None, "text/calendar")])
    case("tnef", multi("mixed", [text("本文"), part(b64(b"\x78\x9f\x3e\x22"), "application/ms-tnef; name=winmail.dat",
                                                  "Content-Transfer-Encoding: base64")]), text="本文",
         attachments=[att(b"\x78\x9f\x3e\x22", "winmail.dat", "application/ms-tnef")])
    case("enriched", simple("<bold>太字</bold>と<italic>斜体</italic> <<a>\n続き\n\n次", "text/enriched; charset=utf-8"),
         text="太字と斜体 <a> 続き\n次", text_source="plain")
    case("rtf-part", multi("mixed", [text("本文"), part("{\\rtf1 x}", "text/rtf")]), text="本文",
         attachments=[att(b"{\\rtf1 x}", None, "text/rtf")])
    case("csv-no-name", multi("mixed", [text("本文"), part("a,b\n", "text/csv")]), text="本文",
         attachments=[att(b"a,b\n", None, "text/csv")])
    case("vcard", multi("mixed", [text("本文"), part("BEGIN:VCARD\n", "text/x-vcard; name=y.vcf")]), text="本文",
         attachments=[att(b"BEGIN:VCARD\n", "y.vcf")])
    case("partial", simple("part one", 'message/partial; id="x@y"; number=1; total=2'), text="",
         attachments=[att(b"part one", None, "message/partial")], warnings_has=["mime:partial"])
    case("external-body", multi("mixed", [text("本文"), part("Content-Type: image/gif\n\n", "message/external-body; access-type=URL; URL=\"http://x.example/\"")]),
         text="本文", warnings_has=["mime:external"])
    # uuencode in the text
    uu = "begin 644 data.bin\n" + "#86)C\n" + "`\nend\n"
    case("uuencode", simple("前\n" + uu + "後\n"), text="前\n後", attachments=[att(b"abc", "data.bin", "application/octet-stream")])
    case("uuencode-two", simple(uu + "間\n" + uu), text="間", attachments=[att(b"abc", "data.bin"), att(b"abc", "data.bin")])
    case("uuencode-unended", simple("begin 644 data.bin\n#86)C\nふつうの文\n"), text="begin 644 data.bin\n#86)C\nふつうの文", attachments=[])
    case("uuencode-not", simple("begin 2026 の予定\nend\n"), text="begin 2026 の予定\nend", attachments=[])
    case("uuencode-cte", simple("begin 644 x.bin\n#86)C\n`\nend\n", "application/octet-stream; name=x.bin", "x-uuencode"),
         attachments=[att(b"abc", "x.bin")])
    # broken transfer encodings
    case("base64-no-padding", simple(base64.b64encode("本文です".encode()).rstrip(b"="), cte="base64"), text="本文です")
    case("base64-junk-lines", simple(b64("本文です。続きます。".encode(), 20).replace(b"\n", b" \r\n\r\n"), cte="base64"),
         text="本文です。続きます。")
    case("base64-padded-middle", simple(base64.b64encode("前です".encode() + b"\n") + b"\n" + base64.b64encode("後です".encode()) + b"\n",
                                        cte="base64"), text="前です\n後です")
    case("base64-upper-case-name", simple(b64(JA.encode()), cte="BASE64"), text=JA)
    case("base64-footer", simple(b64(JA.encode()) + b"\n-- \nfooter of a list\n", cte="base64"), text_has=[JA])
    case("qp", simple(quopri.encodestring(JA.encode()), cte="quoted-printable"), text=JA)
    case("qp-soft", simple("a=\nb=3D=\n c", cte="quoted-printable"), text="ab= c")
    case("qp-broken", simple("100=% =ZZ =E3=81=82=", cte="quoted-printable"), text_has=["100", "あ"])
    case("qp-lower", simple("=e3=81=82", cte="quoted-printable"), text="あ")
    case("cte-unknown", simple(JA, cte="x-strange"), text=JA)
    case("cte-empty", head(Content_Type="text/plain; charset=utf-8") + b"Content-Transfer-Encoding:\n\n" + JA.encode(), text=JA)
    case("cte-on-multipart", multi("mixed", [text("本文")], Content_Transfer_Encoding="base64"), text="本文")
    # broken multiparts
    case("boundary-missing", multi("mixed", [text("本文"), pdf()], ctype="multipart/mixed"), text="本文",
         attachments=[att(PDF, "見積書.pdf")], warnings_has=["mime:boundary"])
    case("boundary-wrong", multi("mixed", [text("本文"), pdf()], ctype='multipart/mixed; boundary="other"'), text="本文",
         attachments=[att(PDF, "見積書.pdf")], warnings_has=["mime:boundary"])
    case("boundary-wrong-nested", multi("mixed", [part(inner([text("本文"), html("<p>本文</p>")], "real"),
                                                      "multipart/alternative; boundary=unreal"), pdf()]),
         text_has=["本文"], attachments=[att(PDF, "見積書.pdf")])
    case("boundary-never", simple("本文だけ", "multipart/mixed; boundary=nowhere"), text="本文だけ")
    case("unclosed", multi("mixed", [text("本文"), text("続き")]).replace(b"--b0--\n", b""), text="本文\n続き")
    case("unclosed-nested", multi("mixed", [nest("alternative", [text("本文"), html("<p>本文</p>")], "b1")
                                            .replace(b"--b1--\n", b""), pdf()]),
         text="本文", attachments=[att(PDF, "見積書.pdf")])
    case("cut-in-attachment", multi("mixed", [text("本文"), pdf()])[:-900], text="本文", attachments=[{"filename": "見積書.pdf"}])
    case("prologue-epilogue", multi("mixed", [text("本文")]).replace(b"\n\n--b0", b"\n\nThis is a multi-part message.\n--b0") + b"epilogue\n",
         text="本文")
    case("part-without-header", multi("mixed", [b"\n" + "本文".encode()]), text="本文")
    case("part-without-blank-line", multi("mixed", [text("本文"), b"Content-Type: text/plain"]), text="本文")
    case("empty-multipart", head(Content_Type="multipart/mixed; boundary=b0") + b"\n--b0--\n", text="")
    case("boundary-quoted-chars", multi("mixed", [text("本文")], "=_a?b:c/d"), text="本文")
    case("boundary-prefix-of-other", multi("mixed", [nest("alternative", [text("本文"), html("<p>本文</p>")], "b00"), pdf()]),
         text="本文", attachments=[att(PDF)])
    case("no-mime-version", multi("mixed", [text("本文"), pdf()], MIME_Version=None), text="本文", attachments=[att(PDF)])
    for i, ct in enumerate(["text", "text/", "TEXT/PLAIN", "plain", "text/plain;", "text/plain; charset", "/plain", "garbage type", "text/ plain"]):
        case("type-odd-%d" % i, simple(b64(JA.encode()), ct, "base64"), text=JA)
    case("type-text-html-upper", simple("<P>A</P>", "TEXT/HTML"), text="A", text_source="html")
    case("type-unknown-main", multi("mixed", [text("本文"), part("x", "foo/bar; name=x.foo")]), text="本文",
         attachments=[att(b"x", "x.foo", "foo/bar")])
    case("type-upper-case-attachment", multi("mixed", [text("x"), part(b64(b"D"), "APPLICATION/PDF; NAME=A.PDF", "Content-Transfer-Encoding: base64")]),
         attachments=[att(b"D", "A.PDF", "application/pdf")])
    case("parts-900", multi("mixed", [text("p%d" % i) for i in range(900)]), text_has=["p0\n", "\np899"])
    case("parts-1200", multi("mixed", [text("p%d" % i) for i in range(1200)]), text_has=["p0\n"], warnings_has=["limit:parts"])
    nested = text("芯")
    for i in range(40):
        nested = nest("mixed", [nested], "n%d" % i)
    case("nested-40", nested_mail(nested), text="芯", warnings=[])
    for i in range(40, 120):
        nested = nest("mixed", [nested], "n%d" % i)
    case("nested-120", nested_mail(nested), warnings_has=["limit:depth"])
    # format=flowed
    fl = "text/plain; charset=utf-8; format=flowed"
    case("flowed", simple("This is one \nline of text.\n\nNext.\n", fl), text="This is one line of text.\n\nNext.")
    case("flowed-delsp", simple("お世話になって \nおります。\n", fl + "; delsp=yes"), text="お世話になっております。")
    case("flowed-quote", simple("> quoted \n> text\nown\n", fl), text="> quoted text\nown")
    case("flowed-stuffed", simple(" From here\n >not a quote\n", fl), text="From here\n>not a quote")
    case("flowed-signature", simple("text\n-- \nTaro\n", fl), text="text\n-- \nTaro")
    case("fixed", simple("one \ntwo\n"), text="one \ntwo")


def nested_mail(p):
    return head() + p


# --------------------------------------------------------------- filenames

def names():
    def one(fields):
        return multi("mixed", [text("x"), part(b"D", "application/octet-stream", *fields)])
    disp = "Content-Disposition: attachment; "
    j = "見積書①.pdf"
    pct = lambda raw: "".join("%%%02X" % c for c in raw)
    rows = [
        ("plain", [disp + "filename=a.pdf"], "a.pdf"),
        ("quoted", [disp + 'filename="a b.pdf"'], "a b.pdf"),
        ("2231-utf8", [disp + "filename*=utf-8''" + pct(j.encode())], j),
        ("2231-sjis", [disp + "filename*=shift_jis''" + pct(j.encode("cp932"))], j),
        ("2231-jis", [disp + "filename*=iso-2022-jp''" + pct(jis("見積書.pdf"))], "見積書.pdf"),
        ("2231-lang", [disp + "filename*=utf-8'ja'" + pct(j.encode())], j),
        ("2231-cont", [disp + "filename*0*=utf-8''" + pct(j.encode())[:30] + ";\n filename*1*=" + pct(j.encode())[30:]], j),
        ("2231-cont-cut", [disp + "filename*0*=utf-8''" + pct(j.encode())[:31] + ";\n filename*1*=" + pct(j.encode())[31:]], j),
        ("2231-beats-plain", [disp + 'filename="fallback.pdf"; filename*=utf-8\'\'' + pct(j.encode())], j),
        ("2047-quoted", [disp + 'filename="' + word(j) + '"'], j),
        ("2047-jis-nec", [disp + 'filename="=?ISO-2022-JP?B?' + base64.b64encode(jis("資料①.pdf")).decode() + '?="'], "資料①.pdf"),
        ("2047-two", [disp + 'filename="' + word("見積") + "\n " + word("書.pdf") + '"'], "見積書.pdf"),
        ("raw-utf8", [disp + 'filename="' + j + '"'], j),
        ("raw-sjis", [disp.encode() + b'filename="' + j.encode("cp932") + b'"'], j),
        ("raw-jis", [disp.encode() + b'filename="' + jis("見積書.pdf") + b'"'], "見積書.pdf"),
        ("traversal", [disp + 'filename="../../etc/passwd"'], "passwd"),
        ("backslash", [disp + 'filename="C:\\\\tmp\\\\a.pdf"'], "a.pdf"),
        ("dots", [disp + 'filename=".."'], None),
        ("controls", [disp + "filename*=utf-8''a%0d%0ab%00c.pdf"], None),
        ("bidi", [disp + "filename*=utf-8''a%E2%80%AEfdp.exe"], "afdp.exe"),
        ("unquoted-space", [disp + "filename=my file.pdf"], "my file.pdf"),
        ("none", ["Content-Disposition: attachment"], None),
    ]
    for name, fields, want in rows:
        if name == "controls":
            case("filename-" + name, one(fields), attachments=[{"bytes": 1}])
        else:
            case("filename-" + name, one(fields), attachments=[att(b"D", want)])
    case("filename-type-only", multi("mixed", [text("x"), part(b"D", 'application/pdf; name="' + word(j) + '"')]),
         attachments=[att(b"D", j)])
    case("filename-long", one([disp + "filename=" + "a" * 500 + ".pdf"]), attachments=[{"bytes": 1}])


# ------------------------------------------------- reply, class and the rest

def meaning():
    ask = "ご回答ありがとうございます。\nもう一点質問です。"
    case("reply-gmail", simple(ask + "\n\n2026年11月20日(金) 10:00 Support <support@example.co.jp>:\n\n> 回答します。\n> 以上です。\n",
                               In_Reply_To="<q@x>"), reply_has=["もう一点質問"], reply_lacks=["回答します。"],
         quoted_has=["回答します。"])
    case("reply-outlook", simple(ask + "\n\n-----Original Message-----\nFrom: Support <support@example.co.jp>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Taro\nSubject: test\n\n回答します。\n",
                                 In_Reply_To="<q@x>"), reply_has=["もう一点質問"], reply_lacks=["回答します。"])
    case("reply-interleaved", simple("> 色は何色ですか。\n赤です。\n> サイズは。\nMです。\n", In_Reply_To="<q@x>"),
         reply_has=["赤です。", "Mです。"])
    case("reply-html-gmail", simple("<div>了解しました。</div><div class=gmail_quote><div>2026年11月20日(金) 10:00 Support &lt;<a href='mailto:support@example.co.jp'>support@example.co.jp</a>&gt;:<br></div><blockquote class=gmail_quote style='border-left:1px solid'><div>回答します。</div></blockquote></div>",
                                    "text/html; charset=utf-8", In_Reply_To="<q@x>"), reply_has=["了解しました。"],
         reply_lacks=["回答します。"], text_has=["> 回答します。"])
    case("signature-dashes", simple("本文です。\n\n-- \n山田太郎\nTEL 03-0000-0000\n"), reply="本文です。",
         signature_has=["山田太郎"])
    case("no-quote", simple("本文です。\n"), reply="本文です。", quoted="", signature="")
    case("class-ordinary", simple("x"), **{"class": "ordinary", "bounce": None})
    case("class-auto-submitted", simple("不在です。", Auto_Submitted="auto-replied"), **{"class": "auto_reply"})
    case("class-auto-submitted-no", simple("x", Auto_Submitted="no"), **{"class": "ordinary"})
    case("class-list", simple("x", List_Id="<news.example.jp>", List_Unsubscribe="<mailto:u@example.jp>", Precedence="bulk"),
         **{"class": "bulk"})
    case("class-self", simple("x", X_Madoguchi_Loop="abc"), **{"class": "self"})
    status = ("Reporting-MTA: dns; mx.example.jp\n\nFinal-Recipient: rfc822; gone@example.jp\nAction: failed\n"
              "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n")
    returned = b"Message-ID: <out1@example.co.jp>\nSubject: hi\n\nbody\n"
    case("bounce", multi("report", [text("The mail could not be delivered."), part(status, "message/delivery-status"),
                                    part(returned, "message/rfc822")], From="MAILER-DAEMON@mx.example.jp",
                         ctype='multipart/report; boundary=b0; report-type=delivery-status'),
         **{"class": "bounce", "text": "The mail could not be delivered.",
            "bounce": {"recipients": [{"address": "gone@example.jp", "action": "failed", "status": "5.1.1", "kind": "hard"}],
                       "original_message_id": "out1@example.co.jp"}})
    case("feedback", multi("report", [text("abuse report"), part("Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n",
                                                                "message/feedback-report"), part(returned, "message/rfc822")],
                           ctype='multipart/report; boundary=b0; report-type=feedback-report'), **{"class": "feedback"})


# ------------------------------------------------------------------ limits

def limits():
    case("limit-colons", simple("x", To="g:" * 60000), text="x", subject="test", warnings_has=["limit:address-header"])
    case("limit-colons-nested", multi("mixed", [text("本文"), part(b"To: " + b"g:" * 60000 + b"\n\nx", "message/rfc822")]),
         text="本文")
    case("limit-colons-part", multi("mixed", [b"To: " + b"g:" * 60000 + b"\nContent-Type: text/plain; charset=utf-8\n\n" + "本文".encode()]),
         text="本文")
    case("limit-to-keeps-first", simple("x", To=", ".join("user%05d@example.jp" % i for i in range(6000))),
         warnings_has=["limit:address-header"])
    case("limit-header", simple("x", X_Long="y" * 400000), text="x", subject="test", warnings_has=["limit:header"])
    case("limit-headers", head() + b"".join(b"X-%d: y\n" % i for i in range(3000)) + b"\nbody\n", text="body",
         subject="test", warnings_has=["limit:headers"])
    case("limit-comment-depth", simple("x", From="(" * 50000 + ")" * 50000 + "taro@example.jp"), text="x")
    case("html-deep", simple("<div>" * 100000 + "底", "text/html; charset=utf-8"), text="底", warnings_has=["limit:html"])
    case("base64-one-line", simple(base64.b64encode(("あ" * 50000).encode()), cte="base64"), text="あ" * 50000)
    case("very-long-line", simple("あ" * 200000), text="あ" * 200000)

# ------------------------------------------------- files that want a password

def zip_entry(name, data, flags, central=False):
    """A stored entry: its local header and content, or its central header."""
    fixed = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0, 0, len(data), len(data), len(name), 0)
    if central:
        return b"PK\x01\x02" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return b"PK\x03\x04" + fixed + name + data


def zip_file(*entries, end=True):
    """entries: (name, data, local flags, central flags)"""
    local = b"".join(zip_entry(n, d, f) for n, d, f, _ in entries)
    central = b"".join(zip_entry(n, d, c, True) for n, d, _, c in entries)
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(central), len(local), 0)
    return local + (central + tail if end else b"")


def rar5_header(kind, flags, body=b"", extra=b""):
    head = bytes([kind, flags | (1 if extra else 0)]) + (bytes([len(extra)]) if extra else b"") + body + extra
    return b"\0\0\0\0" + bytes([len(head)]) + head


def seven_zip(header, at=100):
    return (b"7z\xbc\xaf\x27\x1c\0\4" + b"\0" * 4 + struct.pack("<QQ", at, len(header)) + b"\0" * 4 +
            b"x" * at + header)


def office(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + stream.encode("utf-16-le") + b"\0" * 1000


RAR4 = b"Rar!\x1a\7\0"
RAR5 = b"Rar!\x1a\7\1\0"
CLEAR, LOCKED, MAYBE = [], ["attachment:encrypted"], ["attachment:protected"]

def sealed():
    for name, data, warns in (
            ("zip-clear", zip_file((b"a.txt", b"text", 0, 0)), CLEAR),
            ("zip-locked", zip_file((b"a.txt", b"text", 1, 1)), LOCKED),
            ("zip-folder-first", zip_file((b"d/", b"", 0, 0), (b"d/a.txt", b"text", 1, 1)), LOCKED),
            ("zip-central-only", zip_file((b"a.txt", b"text", 8, 0), (b"b.txt", b"text", 8, 1)), LOCKED),
            ("zip-locked-cut", zip_file((b"a.txt", b"text", 1, 1), end=False)[:40], LOCKED),
            ("zip-behind-much", zip_file((b"a.bin", b"x" * 200000, 0, 0), (b"b.txt", b"text", 1, 1)), LOCKED),
            ("zip-header-cut", b"PK\x03\x04\x14\x00", CLEAR),
            ("zip-sizes-lie", b"PK\x03\x04" + b"\xff" * 26, LOCKED),
            ("zip-sizes-lie-clear", b"PK\x03\x04\x14\0\0\0" + b"\xff" * 200, CLEAR),
            ("7z-clear", seven_zip(b"\1\4\6\0\1\x21"), CLEAR),
            ("7z-locked", seven_zip(b"\x17\6\x24\6\xf1\7\1\x0a"), LOCKED),
            ("7z-far", seven_zip(b"\x17\6\x24\6\xf1\7\1\x0a", 200000), LOCKED),
            ("7z-lies", b"7z\xbc\xaf\x27\x1c\0\4" + b"\xff" * 24, CLEAR),
            ("rar4-clear", RAR4 + b"\0\0\x73\0\0\x0d\0" + b"\0" * 6 + b"\0\0\x74\0\x80\x20\0" + b"\0" * 25, CLEAR),
            ("rar4-locked", RAR4 + b"\0\0\x73\0\0\x0d\0" + b"\0" * 6 + b"\0\0\x74\4\x80\x20\0" + b"\0" * 25, LOCKED),
            ("rar4-all-locked", RAR4 + b"\0\0\x73\x80\0\x0d\0" + b"\0" * 20, LOCKED),
            ("rar5-clear", RAR5 + rar5_header(1, 0, b"\0") + rar5_header(2, 0, b"\0" * 12) + b"\0" * 8, CLEAR),
            ("rar5-locked", RAR5 + rar5_header(1, 0, b"\0") + rar5_header(2, 0, b"\0" * 12, b"\3\1\0\0") + b"\0" * 8, LOCKED),
            ("rar5-all-locked", RAR5 + rar5_header(4, 0, b"\0" * 20) + b"\0" * 8, LOCKED),
            ("office-clear", office("WordDocument"), CLEAR),
            ("office-locked", office("EncryptedPackage"), LOCKED),
            ("pdf-clear", b"%PDF-1.7\n/EncryptMetadata false\ntrailer << /Root 1 0 R >>\n%%EOF\n", CLEAR),
            ("pdf-protected", b"%PDF-1.7\n" + b"x" * 70000 + b"\ntrailer << /Root 1 0 R /Encrypt 5 0 R >>\n%%EOF\n", MAYBE),
            ("text-speaks-of-it", b"PK /Encrypt EncryptedPackage", CLEAR)):
        want = {"warnings_has": warns} if warns else {
            "warnings_lacks": ["attachment:encrypted", "attachment:protected"]}
        case("sealed-" + name, multi("mixed", [
            part("ファイルをお送りします。\n", "text/plain; charset=utf-8"),
            part(b64(data), 'application/octet-stream; name="a.bin"', "Content-Transfer-Encoding: base64")]),
            attachments=[att(data, "a.bin")], **want)


def mixed():
    """Several charsets in one body, and labels that nothing keeps."""
    for name, label, want, *pieces in (
            ("utf8-and-sjis", "utf-8", ["修理の依頼です", "追記：色は白です"],
             ("utf-8", "修理の依頼です。\n型番はＫＸ－１００です。\n"), ("cp932", "追記：色は白です。\n")),
            ("sjis-and-utf8", "shift_jis", ["商品が届きません", "送信元：アプリ版"],
             ("cp932", "商品が届きません。\n調べてください。\n"), ("utf-8", "送信元：アプリ版\n")),
            ("jis-and-sjis", "iso-2022-jp", ["電話番号を変えました", "新しい番号は下記です"],
             ("iso2022_jp", "電話番号を変えました。\n"), ("cp932", "新しい番号は下記です。\n")),
            ("jis-sjis-and-utf8", "iso-2022-jp", ["住所を変えました", "新しい住所は下記です", "検査済みです"],
             ("iso2022_jp", "住所を変えました。\n"), ("cp932", "新しい住所は下記です。\n"),
             ("utf-8", "ウイルス検査済みです。\n")),
            ("euc-and-utf8", "euc-jp", ["領収書をお願いします", "添付ファイルを削除しました"],
             ("euc_jp", "領収書をお願いします。\n宛名は上様で。\n"), ("utf-8", "添付ファイルを削除しました。\n")),
            ("no-label", None, ["見積もりをください", "山田太郎"],
             ("utf-8", "見積もりをください。\n"), ("cp932", "山田太郎\n")),
            ("latin", "utf-8", ["José", "Le café est fermé"],
             ("utf-8", "Je m'appelle José.\n"), ("cp1252", "Le café est fermé.\n")),
            ("quoted-line", "utf-8", ["ありがとうございます", "佐藤様からの返信", "以上です"],
             ("utf-8", "ありがとうございます。\n"), ("cp932", "> 佐藤様からの返信\n"), ("utf-8", "以上です。\n")),
            ("value-on-the-line", "utf-8", ["お名前: 山田太郎", "備考：至急でお願いします"],
             ("utf-8", "お名前: "), ("cp932", "山田太郎\n"), ("utf-8", "備考："), ("cp932", "至急でお願いします\n")),
    ):
        raw = b"".join(t.encode(c) for c, t in pieces)
        case("mixed-" + name, simple(raw, "text/plain" + ("; charset=" + label if label else "")),
             text_has=want, text_lacks=["\ufffd"])
    case("mixed-broken-bytes-stay-broken", simple("途中に".encode() + b"\xff" + "壊れた字。\n二行目。\n".encode()),
         text_has=["途中に\ufffd壊れた字。", "二行目。"])
    case("base64-that-is-none", simple("実は base64 ではない本文です。\n返品をお願いします。\n", cte="base64"),
         text_has=["実は base64 ではない本文です。", "返品をお願いします。"])
    case("stub-that-says-more-than-the-html", multi("alternative", [
        part("このメールはHTML形式です。HTML対応のメールソフトでご覧ください。\n", "text/plain; charset=utf-8"),
        part("<p>領収書をください。宛名は山田です。</p>", "text/html; charset=utf-8")]), text_has=["領収書をください。"], text_source="html")
    case("words-of-a-stub-that-a-person-wrote", multi("alternative", [
        part("HTML形式のメールが読めません。\n", "text/plain; charset=utf-8"),
        part("<p>HTML形式のメールが読めません。</p>", "text/html; charset=utf-8")]),
        text_has=["HTML形式のメールが読めません。"], text_source="plain")
    report = part("Feedback-Type: abuse\nUser-Agent: x/1.0\nVersion: 1\n", "message/feedback-report")
    case("feedback-in-mixed", multi("mixed", [part("abuse\n", "text/plain"), report]), **{"class": "feedback"})
    case("gmail-container-without-blockquote", simple(
        '<div dir="ltr">届きました。</div><div class="gmail_quote">発送しました。<br>ご確認ください。</div>',
        "text/html; charset=utf-8", In_Reply_To="<x@example.jp>"), reply="届きました。", quoted_has=["発送しました。"])
    case("gmail-container-with-answers", simple(
        '<div class="gmail_quote"><div><p><blockquote>色は。</blockquote></p>赤です。</div></div>',
        "text/html; charset=utf-8", In_Reply_To="<x@example.jp>"), reply_has=["赤です。"])


def write(out):
    """OUT/<number>-<name>.eml and OUT/expected.json of all cases."""
    os.makedirs(out, exist_ok=True)
    expected = []
    for i, (name, mail, want) in enumerate(CASES, 1):
        file = "%03d-%s.eml" % (i, name)
        with open(os.path.join(out, file), "wb") as f:
            f.write(mail)
        expected.append({"file": file, "want": want})
    with open(os.path.join(out, "expected.json"), "w", encoding="utf-8") as f:
        json.dump(expected, f, ensure_ascii=False, indent=1)
    print("%d mails" % len(CASES))


def main():
    for f in (charsets, headers, structure, names, meaning, mixed, limits, sealed):
        f()
    write(sys.argv[1])


if __name__ == "__main__":
    main()
