#!/usr/bin/env python3
"""A third set of mails that were written before they were first tried.

    gen_strange.py OUT

writes OUT as gen_mail.py does: what gateways, old phones, foreign programs and
people's habits make of a mail. Only the standard library; every text was
written for this file.
"""
import base64
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from gen_mail import CASES, b64, case, inner, jis, multi, nest, part, simple, word, write  # noqa: E402

SAY = "お世話になっております。先日の件、確認をお願いいたします。"
NEW = "ご返信ありがとうございます。\n写真を撮りましたので、明日お送りします。"
OLD = "お問い合わせいただきありがとうございます。\n担当者より改めてご連絡いたします。"
GT = "> お問い合わせいただきありがとうございます。\n> 担当者より改めてご連絡いたします。"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"


def reads(name, raw, ctype, want=SAY, cte=None, **fields):
    """The body is read as these words."""
    case("cs-" + name, simple(raw, ctype=ctype, cte=cte, **fields), text=want)


def subject(name, raw, want, body=SAY.encode(), ctype=TEXT):
    case("sub-" + name, simple(body, ctype=ctype, Subject=raw), subject=want)


def sender(name, raw, *want):
    case("from-" + name, simple(SAY, From=raw), **{"from": [list(w) for w in want]})


def named(name, want, *fields):
    """An attachment whose fields mean this name."""
    case("name-" + name, multi("mixed", [part(SAY, TEXT), part(b64(b"data"), fields[0] or None, "Content-Transfer-Encoding: base64", *fields[1:])]),
         text=SAY, attachments=[{"filename": want, "bytes": 4}])


def reply(name, new, head, old=OLD, sign=None, before=True, **fields):
    """new, then (if before) the signature, then the head and the old mail."""
    quote = head + "\n" + old if head else old
    body = "\n\n".join(p for p in ([new, sign, quote] if before else [new, quote, sign]) if p) + "\n"
    fields.setdefault("Subject", "Re: ご注文の件")
    fields.setdefault("In_Reply_To", "<a1@example.co.jp>")
    want = {"reply": new}
    if old:
        want["quoted_has"] = [old.split("\n")[-1]] + ([head.split("\n")[0]] if head else [])
    if sign:
        want["signature_has"] = [s for s in sign.split("\n") if s.strip("-=_*~+━─＿☆★◇◆≡・ ")]
    case("re-" + name, simple(body, **fields), **want)


def page(name, body, **want):
    case("html-" + name, simple(body, ctype=HTML), **want)


def kind(name, cls, title, body, **fields):
    case("kind-" + name, simple(body + "\n", Subject=title, **fields), **{"class": cls})


def bounced(name, address, how, body, action="failed", **fields):
    base = {"From": "Mail Delivery System <MAILER-DAEMON@mx.example.net>", "Return_Path": "<>", "Subject": "Undelivered Mail Returned to Sender"}
    base.update(fields)
    case("bounce-" + name, simple(body + "\n", **base),
         **{"class": "bounce", "bounce": {"recipients": [{"address": address, "action": action, "kind": how}]}})


def pct(raw):
    return "".join("%%%02X" % c for c in raw)


# ---------------------------------------------------------------- charsets

NEC = SAY + "㈱①Ⅲ№"
reads("sjis-as-jis", SAY.encode("cp932"), "text/plain; charset=ISO-2022-JP", cte="8bit")
reads("sjis-nec-as-jis", NEC.encode("cp932"), "text/plain; charset=ISO-2022-JP", NEC, cte="7bit")
reads("sjis-as-latin1", NEC.encode("cp932"), "text/plain; charset=ISO-8859-1", NEC)
reads("sjis-as-cp1252", NEC.encode("cp932"), "text/plain; charset=windows-1252", NEC)
reads("sjis-as-gb", NEC.encode("cp932"), "text/plain; charset=gb2312", NEC)
reads("utf8-as-gb", SAY.encode(), "text/plain; charset=gb2312")
reads("utf8-as-euckr", SAY.encode(), "text/plain; charset=euc-kr")
reads("utf8-as-big5", SAY.encode(), "text/plain; charset=big5")
reads("euc-as-utf8", SAY.encode("euc_jp"), "text/plain; charset=utf-8")
reads("euc-as-jis", SAY.encode("euc_jp"), "text/plain; charset=iso-2022-jp")
reads("sjis-as-euc", SAY.encode("cp932"), "text/plain; charset=euc-jp")
reads("jis-as-euc", jis(NEC), "text/plain; charset=euc-jp", NEC)
reads("jis-as-latin1", jis(NEC), "text/plain; charset=iso-8859-1", NEC)
reads("utf8-unlabelled-qp", "".join("=%02X" % c for c in SAY.encode()), "text/plain", cte="quoted-printable")
reads("jis-qp", jis(SAY).replace(b"=", b"=3D").replace(b"\x1b", b"=1B"), "text/plain; charset=iso-2022-jp", cte="quoted-printable")
reads("jis-kana-8bit", b"\x1b$B$*<jJ}\x1b(B" + "ﾃﾞｽ".encode("cp932"), "text/plain; charset=iso-2022-jp", "お手方ﾃﾞｽ", cte="8bit")
reads("jis-kana-so-si", b"\x1b$B$*\x1b(B\x0eC^=\x0f", "text/plain; charset=iso-2022-jp", "おﾃﾞｽ")
reads("jis-kana-esc-i", b"\x1b(IC^=\x1b(B OK", "text/plain; charset=cp50220", "ﾃﾞｽ OK")
reads("jis-2004", "俱楽部の鄧です。剝".encode("iso2022_jp_2004"), "text/plain; charset=iso-2022-jp", "俱楽部の鄧です。剝")
reads("jis-2004-plane2", "𩸽定食".encode("iso2022_jp_2004"), "text/plain; charset=iso-2022-jp-2004", "𩸽定食")
reads("jis-3", "𩸽定食".encode("iso2022_jp_3"), "text/plain; charset=iso-2022-jp-3", "𩸽定食")
reads("jis-0212", "鄧さん丂".encode("iso2022_jp_1"), "text/plain; charset=iso-2022-jp-1", "鄧さん丂")
reads("jis-0212-plain-label", "鄧さん".encode("iso2022_jp_1"), "text/plain; charset=iso-2022-jp", "鄧さん")
reads("jis-2-greek", "αβ日本".encode("iso2022_jp_2"), "text/plain; charset=iso-2022-jp-2", "αβ日本")
reads("euc-0212", "鄧小平さん".encode("euc_jp"), "text/plain; charset=euc-jp", "鄧小平さん")
reads("sjis-2004", "俱楽部".encode("shift_jis_2004"), "text/plain; charset=shift_jis-2004", "俱楽部")
reads("euc-2004", "俱楽部".encode("euc_jis_2004"), "text/plain; charset=euc-jis-2004", "俱楽部")
reads("jis-line-wraps-in-two-bytes", b"\x1b$B$*@$OC$K$J$C$F\n$*$j$^$9\x1b(B", "text/plain; charset=iso-2022-jp", "お世話になって\nおります")
reads("jis-escape-lost", b"$B$*@$OC$K$J$C$F$*$j$^$9!#(B\n$BCmJ8$N7o$G$9!#(B", "text/plain; charset=iso-2022-jp",
      "お世話になっております。\n注文の件です。")
reads("jis-ends-open", b"\x1b$B$*@$OC$K$J$C$F$*$j$^$9!#", "text/plain; charset=iso-2022-jp", "お世話になっております。")
reads("utf8-bom", b"\xef\xbb\xbf" + SAY.encode(), "text/plain; charset=utf-8")
reads("cesu8", "届きました".encode() + b"\xed\xa0\xbd\xed\xb8\x80" + "。".encode(), TEXT, "届きました😀。")
reads("utf16-bom-le", b64(b"\xff\xfe" + SAY.encode("utf-16-le")), "text/plain; charset=utf-16", cte="base64")
reads("utf16-be-no-bom", b64(SAY.encode("utf-16-be")), "text/plain; charset=utf-16", cte="base64")
reads("utf16-le-label", b64(SAY.encode("utf-16-le")), "text/plain; charset=utf-16le", cte="base64")
reads("unicode-label", b64(b"\xff\xfe" + SAY.encode("utf-16-le")), "text/plain; charset=unicode", cte="base64")
reads("utf16-as-utf8", b64(b"\xff\xfe" + SAY.encode("utf-16-le")), "text/plain; charset=utf-8", cte="base64")
reads("utf32", b64(SAY.encode("utf-32-be")), "text/plain; charset=utf-32be", cte="base64")
reads("utf7-mail", SAY.encode("utf-7"), "text/plain; charset=utf-7", SAY.encode("utf-7").decode())
reads("gb18030-four", "请问𠮷商品何时发货？".encode("gb18030"), "text/plain; charset=GB18030", "请问𠮷商品何时发货？")
reads("iso-2022-cn", "\x1b$)A\x0eGkNJ\x0f", "text/plain; charset=iso-2022-cn", "请问")
reads("big5", "請問商品何時到貨？".encode("big5"), "text/plain; charset=Big5", "請問商品何時到貨？")
reads("big5-hkscs", "請問喺邊度買？啲".encode("big5hkscs"), "text/plain; charset=big5-hkscs", "請問喺邊度買？啲")
reads("euc-kr", "문의드립니다. 배송은 언제인가요?".encode("euc_kr"), "text/plain; charset=EUC-KR", "문의드립니다. 배송은 언제인가요?")
reads("uhc-ks-label", "뷁 문의".encode("cp949"), "text/plain; charset=ks_c_5601-1987", "뷁 문의")
reads("iso-2022-kr", "문의드립니다.".encode("iso2022_kr"), "text/plain; charset=iso-2022-kr", "문의드립니다.")
reads("gb-unlabelled", "您好，我昨天订购的椅子还没有收到，请问什么时候发货？".encode("gbk"), "text/plain",
      "您好，我昨天订购的椅子还没有收到，请问什么时候发货？", Subject=word("订单问题", "gb2312"))
reads("koi8", "Когда будет доставка?".encode("koi8_r"), "text/plain; charset=koi8-r", "Когда будет доставка?")
reads("cp1251", "Когда будет доставка?".encode("cp1251"), "text/plain; charset=windows-1251", "Когда будет доставка?")
reads("latin9", "Prix 10 €, s'il vous plaît".encode("iso8859_15"), "text/plain; charset=iso-8859-15", "Prix 10 €, s'il vous plaît")
reads("latin1-unlabelled", "Où est ma commande? Merci, André".encode("latin1"), "text/plain", "Où est ma commande? Merci, André")
reads("cp1252-quotes", b"It\x92s broken \x96 please help", "text/plain; charset=iso-8859-1", "It’s broken – please help")
reads("thai", "สินค้าจะมาถึงเมื่อไหร่".encode("tis_620"), "text/plain; charset=TIS-620", "สินค้าจะมาถึงเมื่อไหร่")
reads("viet", "Khi nào hàng đến? Đặt hàng".encode(), "text/plain; charset=utf8", "Khi nào hàng đến? Đặt hàng")
for label in ("csISO2022JP", "x-euc-jp", "eucJP-ms", "sjis-win", "SJIS", "MS932", "CP-932", "shift-jis", "Shift_JIS;", "utf8mb4", "UTF8", "x-utf-8", "japanese",
              "jis", "ISO2022JP", "iso2022-jp", "_iso-2022-jp$ESC", "cp943", "ibm943c", "x-ms-cp932", "eucjp", "ujis", "utf-8//TRANSLIT", "ANSI", "8bit", "default"):
    low = label.lower()
    enc = "utf-8" if "utf" in low or low in ("ansi", "8bit", "default") else "euc_jp" if "euc" in low or low == "ujis" else "iso2022_jp" if "2022" in low or low == "jis" else "cp932"
    reads("label-" + "".join(c if c.isalnum() else "_" for c in label), SAY.encode(enc), 'text/plain; charset="%s"' % label)
reads("user-defined", "外字".encode("cp932") + b"\xf0\x40" + "です。".encode("cp932"), "text/plain; charset=shift_jis", "外字\ue000です。")
reads("one-bad-byte-in-sjis", SAY.encode("cp932")[:20] + b"\xff" + SAY.encode("cp932")[20:], "text/plain; charset=shift_jis",
      SAY[:10] + "\ufffd" + SAY[10:])
reads("emoji-utf8", "ありがとう👨‍👩‍👧🇯🇵❤️".encode(), TEXT, "ありがとう👨‍👩‍👧🇯🇵❤️")
reads("docomo-emoji", "晴れ".encode("cp932") + b"\xf8\x9f" + "です".encode("cp932"), "text/plain; charset=shift_jis", "晴れ\ue63eです")
reads("nul-bytes", b"\x00".join([SAY[:10].encode(), SAY[10:].encode()]), TEXT)
case("cs-html-meta-differs", simple(("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-2022-jp\"></head><body><p>" + SAY + "</p>").encode(),
                                    ctype="text/html; charset=utf-8"), text=SAY)
case("cs-html-meta-says-sjis-is-jis", simple(b"<html><head><meta charset=shift_jis></head><body><p>" + jis(NEC) + b"</p>", ctype="text/html"), text=NEC)
case("cs-parts-differ", multi("mixed", [part(jis(NEC), "text/plain; charset=iso-2022-jp"), part(SAY.encode("euc_jp"), "text/plain; charset=euc-jp"),
                                        part("追記".encode(), "text/plain")]), text_has=[NEC, SAY, "追記"])

# ---------------------------------------------------------------- subjects

U = "ご注文番号A-1029の商品についてのお問い合わせ"
raw = U.encode()
subject("split-in-character", "=?UTF-8?B?%s?=\n =?UTF-8?B?%s?=" % (base64.b64encode(raw[:25]).decode(), base64.b64encode(raw[25:]).decode()), U)
subject("split-q", "=?UTF-8?Q?%s?=\n =?UTF-8?Q?%s?=" % ("".join("=%02x" % c for c in raw[:22]), "".join("=%02X" % c for c in raw[22:])), U)
sj = U.encode("cp932")
subject("split-sjis", "=?Shift_JIS?B?%s?= =?Shift_JIS?B?%s?=" % (base64.b64encode(sj[:15]).decode(), base64.b64encode(sj[15:]).decode()), U)
j = jis("お問い合わせの件")
subject("split-jis-no-escape", "=?ISO-2022-JP?B?%s?= =?ISO-2022-JP?B?%s?=" % (base64.b64encode(j[:9]).decode(), base64.b64encode(j[9:]).decode()), "お問い合わせの件")
subject("split-jis-in-character", "=?ISO-2022-JP?B?%s?= =?ISO-2022-JP?B?%s?=" % (base64.b64encode(j[:10]).decode(), base64.b64encode(j[10:]).decode()), "お問い合わせの件")
subject("no-space-between", word("見積") + word("の件"), "見積の件")
subject("no-space-around", "Re:" + word("見積") + "(2)" + word("の件") + "end", "Re:見積(2)の件end")
subject("ascii-between", word("見積") + " A-1 " + word("の件"), "見積 A-1 の件")
subject("fold-in-word", "=?UTF-8?B?" + base64.b64encode(raw).decode()[:20] + "\n " + base64.b64encode(raw).decode()[20:] + "?=", U)
subject("no-end", "=?UTF-8?B?" + base64.b64encode("見積の件".encode()).decode(), "見積の件")
subject("no-padding", "=?UTF-8?B?" + base64.b64encode("見積の件a".encode()).decode().rstrip("=") + "?=", "見積の件a")
subject("q-underscore", "=?UTF-8?Q?Re:_=E8=A6=8B_a=5Fb?=", "Re: 見 a_b")
subject("q-spaces", "=?UTF-8?Q?Re: =E8=A6=8B a?=", "Re: 見 a")
subject("q-question", "=?UTF-8?Q?=E8=A6=8B?b?=", "見?b")
subject("language", "=?utf-8*ja?B?" + base64.b64encode("見積".encode()).decode() + "?=", "見積")
subject("empty-word", "a =?UTF-8?Q??= b", "a  b")
subject("lowercase-b-cp932", word("㈱見積①", "cp932", "cp932").replace("?B?", "?b?"), "㈱見積①")
subject("label-lies-jis", "=?ISO-2022-JP?B?" + base64.b64encode("見積の件です".encode()).decode() + "?=", "見積の件です")
subject("label-lies-utf8", "=?UTF-8?B?" + base64.b64encode("見積の件です".encode("cp932")).decode() + "?=", "見積の件です")
subject("label-unknown", "=?x-unknown?B?" + base64.b64encode("見積の件です".encode()).decode() + "?=", "見積の件です")
subject("raw-utf8", "見積の件です".encode(), "見積の件です")
subject("raw-utf8-emoji", "見積😀".encode(), "見積😀")
subject("raw-euc", "見積書の送付について".encode("euc_jp"), "見積書の送付について")
subject("raw-sjis-short", "見積".encode("cp932"), "見積", SAY.encode("cp932"), "text/plain; charset=shift_jis")
subject("raw-euc-short", "見積".encode("euc_jp"), "見積", SAY.encode("euc_jp"), "text/plain; charset=euc-jp")
subject("raw-gb", "订单的问题".encode("gbk"), "订单的问题", "您好，请问订单。".encode("gbk"), "text/plain; charset=gb2312")
subject("raw-euckr", "배송 문의".encode("euc_kr"), "배송 문의", "안녕하세요.".encode("euc_kr"), "text/plain; charset=euc-kr")
subject("raw-big5", "訂單問題".encode("big5"), "訂單問題", "請問".encode("big5"), "text/plain; charset=big5")
subject("raw-latin1", "Où est ma commande?".encode("latin1"), "Où est ma commande?", b"Bonjour", "text/plain; charset=iso-8859-1")
subject("raw-and-word", "緊急 ".encode() + word("見積").encode(), "緊急 見積")
subject("quoted-word", '"' + word("見積の件") + '"', '"見積の件"')
subject("tab-fold", word("見積") + "\n\t" + word("の件"), "見積の件")
subject("crlf-inside-word", word("見積\r\nBcc: x@example.net"), "見積 Bcc: x@example.net")
subject("jis-halfwidth", "=?ISO-2022-JP?B?" + base64.b64encode(b"\x1b(IC^=\x1b(B").decode() + "?=", "ﾃﾞｽ")
subject("many-words", "\n ".join(word(c) for c in U), U)
subject("utf16-word", word("見積", "utf-16", "utf-16"), "見積")
subject("bad-base64", "=?UTF-8?B?6KaL!!56mN?=", "見積")
subject("space-charset", "=? UTF-8 ?B?6KaL56mN?=", "=? UTF-8 ?B?6KaL56mN?=")
subject("token-suffix-space", "=?UTF-8?B?6KaL56mN?= =?UTF-8?Q?_=28=E4=BB=B6=29?=", "見積 (件)")

# ---------------------------------------------------------------- senders

sender("docomo-dots", "山田 <a..b.@docomo.ne.jp>", ("山田", "a..b.@docomo.ne.jp"))
sender("docomo-first-dot", ".abc..@ezweb.ne.jp", ("", ".abc..@ezweb.ne.jp"))
sender("docomo-quoted", '"a..b."@docomo.ne.jp', ("", "a..b.@docomo.ne.jp"))
sender("no-space", word("山田 太郎") + "<taro@example.jp>", ("山田 太郎", "taro@example.jp"))
sender("two", "a@example.jp, 山田 <b@example.jp>", ("", "a@example.jp"), ("山田", "b@example.jp"))
sender("kabu", "（株）山田商店 <a@example.jp>", ("（株）山田商店", "a@example.jp"))
sender("kabu-ascii", "(株)山田商店 <a@example.jp>", ("(株)山田商店", "a@example.jp"))
sender("kabu-ascii-word", word("(株)山田商店") + " <a@example.jp>", ("(株)山田商店", "a@example.jp"))
sender("address-as-name", "taro@example.jp <taro@example.jp>", ("", "taro@example.jp"))
sender("trailing-comma", "taro@example.jp,", ("", "taro@example.jp"))
sender("name-behind", "<taro@example.jp> 山田", ("山田", "taro@example.jp"))
sender("double-angle", "山田 <<taro@example.jp>>", ("山田", "taro@example.jp"))
sender("no-close", "山田 <taro@example.jp", ("山田", "taro@example.jp"))
sender("mailto", "<mailto:taro@example.jp>", ("", "taro@example.jp"))
sender("mailto-brackets", "[mailto:taro@example.jp]", ("", "taro@example.jp"))
sender("apostrophes", "'taro@example.jp' <taro@example.jp>", ("", "taro@example.jp"))
sender("spaces", "taro @ example.jp", ("", "taro@example.jp"))
sender("fullwidth-at", "taro＠example.jp", ("", "taro@example.jp"))
sender("route", "<@a.example,@b.example:taro@example.jp>", ("", "taro@example.jp"))
sender("escaped-quote", r'"Taro \"T\" Yamada" <taro@example.jp>', ('Taro "T" Yamada', "taro@example.jp"))
sender("quote-open", '"山田 <taro@example.jp>', ("山田", "taro@example.jp"))
sender("nested-comment", "taro@example.jp (山田 (営業))", ("山田 (営業)", "taro@example.jp"))
sender("comment-and-name", "Taro (Sales) <taro@example.jp>", ("Taro (Sales)", "taro@example.jp"))
sender("word-with-comma-at", word("山田, 太郎 <x@y>") + " <taro@example.jp>", ("山田, 太郎 <x@y>", "taro@example.jp"))
sender("semicolon", "山田; 太郎 <taro@example.jp>", ("山田; 太郎", "taro@example.jp"))
sender("idn", "山田 <taro@日本.example>", ("山田", "taro@日本.example"))
sender("utf8-local", "<太郎@example.jp>", ("", "太郎@example.jp"))
sender("words-in-quotes-folded", '"' + word("山田") + "\n " + word("太郎") + '" <taro@example.jp>', ("山田太郎", "taro@example.jp"))
sender("raw-jis", jis("山田 太郎") + b" <taro@example.jp>", ("山田 太郎", "taro@example.jp"))
sender("raw-jis-quoted", b'"' + jis("山田（営業）太郎") + b'" <taro@example.jp>', ("山田（営業）太郎", "taro@example.jp"))
sender("raw-euc", "山田商店 担当者".encode("euc_jp") + b" <taro@example.jp>", ("山田商店 担当者", "taro@example.jp"))
sender("plus-and-slash", "c=jp/o=x@example.jp", ("", "c=jp/o=x@example.jp"))
sender("bang-percent", "a%b@example.jp", ("", "a%b@example.jp"))
sender("folded-address", "山田\n <taro@\n example.jp>", ("山田", "taro@example.jp"))
sender("upper", "<Taro.YAMADA@Example.JP>", ("", "Taro.YAMADA@Example.JP"))
sender("literal", "<taro@[192.0.2.1]>", ("", "taro@[192.0.2.1]"))
sender("trailing-dot", "<taro@example.jp.>", ("", "taro@example.jp"))
sender("nul", b"Ya\0mada <taro@example.jp>", ("Yamada", "taro@example.jp"))
case("to-undisclosed", simple(SAY, To="undisclosed-recipients:;"), to=[])
case("to-group-nested", simple(SAY, To="受付: 山田 <a@example.jp>, b@example.jp;, c@example.jp"), to=[["山田", "a@example.jp"], ["", "b@example.jp"], ["", "c@example.jp"]])
case("to-semicolons", simple(SAY, To="a@example.jp; 山田 <b@example.jp>; c@example.jp"), to=[["", "a@example.jp"], ["山田", "b@example.jp"], ["", "c@example.jp"]])
case("to-fullwidth-comma", simple(SAY, To="a@example.jp、b@example.jp"), to=[["", "a@example.jp"], ["", "b@example.jp"]])
case("to-twice", simple(SAY, To="a@example.jp").replace(b"Subject:", b"To: b@example.jp\nSubject:"), to=[["", "a@example.jp"], ["", "b@example.jp"]])
case("from-missing-sender", simple(SAY, From=None, Sender="taro@example.jp"), sender=[["", "taro@example.jp"]])

# ---------------------------------------------------------------- file names

F = "見積書（最終版）①.pdf"
PDF = "application/pdf"
named("2231", F, PDF, "Content-Disposition: attachment; filename*=UTF-8''" + pct(F.encode()))
e = pct(F.encode())
named("2231-cut-in-character", F, PDF, "Content-Disposition: attachment;\n filename*0*=UTF-8''%s;\n filename*1*=%s;\n filename*2*=%s" % (e[:12], e[12:33], e[33:]))
named("2231-out-of-order", F, PDF, "Content-Disposition: attachment; filename*1*=%s; filename*0*=UTF-8''%s" % (e[30:], e[:30]))
named("2231-mixed-plain-and-coded", "見a b.pdf", PDF, "Content-Disposition: attachment; filename*0*=UTF-8''%E8%A6%8B; filename*1=\"a b\"; filename*2=.pdf")
named("2231-no-star-on-last", "見積.pdf", PDF, "Content-Disposition: attachment; filename*0=\"" + "見積".encode().decode() + "\"; filename*1=\".pdf\"")
named("2231-words-inside", F, PDF, "Content-Disposition: attachment;\n filename*0=\"%s\";\n filename*1=\"%s\"" % (word(F)[:30], word(F)[30:]))
named("2231-and-2047-both", F, PDF + '; name="' + word(F) + '"', "Content-Disposition: attachment; filename=\"%s\"; filename*=UTF-8''%s" % (word("x.pdf"), e))
named("2231-word-in-star", F, PDF, "Content-Disposition: attachment; filename*=" + '"' + word(F) + '"')
named("2231-no-charset", F, PDF, "Content-Disposition: attachment; filename*=''" + e)
named("2231-jis-raw", F, PDF, "Content-Disposition: attachment; filename*=ISO-2022-JP''" + pct(jis(F)))
named("2231-wrong-label", F, PDF, "Content-Disposition: attachment; filename*=us-ascii''" + e)
named("2231-broken-percent", "100%.pdf", PDF, "Content-Disposition: attachment; filename*=UTF-8''100%.pdf")
named("words-folded", "お見積書一式.pdf", PDF, 'Content-Disposition: attachment; filename="%s\n %s"' % (word("お見積書"), word("一式.pdf")))
named("word-unquoted", F, PDF, "Content-Disposition: attachment; filename=" + word(F))
named("words-unquoted-folded", "お見積書一式.pdf", PDF, "Content-Disposition: attachment;\n filename=%s\n %s" % (word("お見積書"), word("一式.pdf")))
named("word-then-ascii", "見積.pdf", PDF, 'Content-Disposition: attachment; filename="%s.pdf"' % word("見積"))
named("jis-split-words", "お問い合わせの件.txt", "application/octet-stream", 'Content-Disposition: attachment; filename="%s %s"' % (
    "=?ISO-2022-JP?B?%s?=" % base64.b64encode(jis("お問い合")).decode(), "=?ISO-2022-JP?B?%s?=" % base64.b64encode(jis("わせの件.txt")).decode()))
named("raw-utf8-unquoted-space", "見積 書.pdf", PDF, "Content-Disposition: attachment; filename=見積 書.pdf")
named("raw-sjis", "見積表.pdf", PDF, b'Content-Disposition: attachment; filename="' + "見積表.pdf".encode("cp932") + b'"')
named("raw-sjis-backslash", "表示.pdf", PDF, b'Content-Disposition: attachment; filename="' + "表示.pdf".encode("cp932") + b'"')
named("raw-jis-quote-byte", "見積.pdf", PDF, b'Content-Disposition: attachment; filename="' + jis("見積") + b'.pdf"')
named("raw-euc", "見積書.pdf", PDF, b'Content-Disposition: attachment; filename="' + "見積書.pdf".encode("euc_jp") + b'"')
named("percent-in-plain", F, PDF, 'Content-Disposition: attachment; filename="' + e + '"')
named("escaped-quote", "a'b'.pdf", PDF, 'Content-Disposition: attachment; filename="a\'b\'.pdf"')
named("path", "見積.pdf", PDF, 'Content-Disposition: attachment; filename="C:\\Users\\山田\\見積.pdf"')
named("only-type-name", F, PDF + '; name="' + word(F) + '"')
named("only-type-name-2231", F, PDF + "; name*=UTF-8''" + e)
named("no-type", F, "", 'Content-Disposition: attachment; filename="' + word(F) + '"')
named("semicolon-in-name", "a;b.pdf", PDF, 'Content-Disposition: attachment; filename="a;b.pdf"')
named("macos-decomposed", "ガイド.pdf", PDF, "Content-Disposition: attachment; filename*=UTF-8''" + pct("ガイド.pdf".encode()))
named("bidi", "invoicefdp.exe", "application/octet-stream", "Content-Disposition: attachment; filename*=UTF-8''invoice%E2%80%AEfdp.exe")
named("trailing-dots", "a.pdf", PDF, 'Content-Disposition: attachment; filename="a.pdf. . "')
named("empty-then-name", F, PDF + '; name="' + word(F) + '"', 'Content-Disposition: attachment; filename=""')

# ---------------------------------------------------------------- transfer

q = "".join("=%02X" % c for c in SAY.encode())
case("qp-soft-breaks-anywhere", simple("=\n".join(q[i:i + 6] for i in range(0, len(q), 6)), ctype=TEXT, cte="quoted-printable"), text=SAY)
case("qp-lower", simple(q.lower(), ctype=TEXT, cte="Quoted-Printable"), text=SAY)
case("qp-trailing-space", simple(q[:30] + "=  \n" + q[30:], ctype=TEXT, cte="quoted-printable"), text=SAY)
case("qp-crlf-coded", simple("=E8=A6=8B=0D=0A=E7=A9=8D=0A=0D=0Aend", ctype=TEXT, cte="quoted-printable"), text="見\n積\n\nend")
case("qp-raw-8bit", simple(SAY + "=E3=81=82", ctype=TEXT, cte="quoted-printable"), text=SAY + "あ")
case("b64-no-padding", simple(base64.b64encode((SAY + "a").encode()).rstrip(b"="), ctype=TEXT, cte="base64"), text=SAY + "a")
case("b64-padding-inside", simple(base64.b64encode("見積a".encode()) + b"\n" + base64.b64encode("の件".encode()), ctype=TEXT, cte="base64"), text="見積aの件")
case("b64-footer-behind", simple(b64(SAY.encode()) + b"\n_______________________________________________\nusers mailing list\nusers@lists.example.jp\n", ctype=TEXT, cte="base64"),
     text_has=[SAY], text_lacks=["\ufffd"])
case("b64-no-cte", simple(b64((SAY * 3).encode()), ctype=TEXT), text=SAY * 3)
case("b64-cte-with-comment", simple(b64(SAY.encode()), ctype=TEXT, cte="base64 (coded)"), text=SAY)
case("b64-cte-quoted", simple(b64(SAY.encode()), ctype=TEXT, cte='"base64"'), text=SAY)
case("b64-stars", simple(base64.b64encode(SAY.encode())[:20] + b"*\x00 \t" + base64.b64encode(SAY.encode())[20:], ctype=TEXT, cte="base64"), text=SAY)
case("cte-uuencode", simple(b"begin 644 x\n#86)C\n`\nend\n", ctype=TEXT, cte="x-uuencode"), text="abc")
case("cr-only", simple(SAY + "\r二行目\r", ctype=TEXT), text=SAY + "\n二行目")
case("crlf-all", simple(SAY + "\n二行目\n").replace(b"\n", b"\r\n"), text=SAY + "\n二行目")
case("cr-cr-lf-all", simple(SAY + "\n二行目\n").replace(b"\n", b"\r\r\n"), text_has=[SAY, "二行目"], subject="test")
case("mbox-from-line", b"From taro@example.jp Sat Nov 21 10:00:00 2026\n" + simple(SAY), text=SAY, subject="test")
case("blank-line-first", b"\n" + simple(SAY), text_has=[SAY])
case("header-continues-without-space", simple(SAY).replace(b"Subject: test", b"Subject: test\nbroken line here"), text_has=[SAY])
case("body-far-wide-lines", simple(SAY * 400), text=SAY * 400)

# ---------------------------------------------------------------- structure

IMG = part(b64(b"img"), "image/gif", "Content-ID: <e1>", "Content-Transfer-Encoding: base64")
case("mime-prefix-boundary", multi("mixed", [part(inner([part(SAY, TEXT), part("<p>" + SAY + "</p>", HTML)], "b01"), 'multipart/alternative; boundary="b01"'),
                                             part(b"x", "image/png", 'Content-Disposition: attachment; filename="a.png"')], boundary="b0"),
     text=SAY, attachments=[{"filename": "a.png"}])
case("mime-boundary-trailing-space", multi("mixed", [part(SAY, TEXT)]).replace(b"--b0\n", b"--b0  \t\n"), text=SAY)
case("mime-boundary-unquoted-equals", multi("mixed", [part(SAY, TEXT)], boundary="=_x.1", ctype="multipart/mixed; boundary==_x.1"), text=SAY)
case("mime-boundary-spaces", multi("mixed", [part(SAY, TEXT)], boundary="a b  c", ctype='multipart/mixed; boundary="a b  c"'), text=SAY)
case("mime-boundary-single-quotes", multi("mixed", [part(SAY, TEXT)], boundary="'b1'", ctype="multipart/mixed; boundary='b1'"), text=SAY)
case("mime-no-close-inner", multi("mixed", [part("--b1\n" + part(SAY, TEXT).decode() + "\n", 'multipart/alternative; boundary="b1"'),
                                            part(b"x", "image/png", 'Content-Disposition: attachment; filename="a.png"')]),
     text=SAY, attachments=[{"filename": "a.png"}])
case("mime-empty-parts", multi("mixed", [b"\n", part("", TEXT), part(SAY, TEXT), b""]), text=SAY)
case("mime-preamble-epilogue", multi("mixed", [part(SAY, TEXT)]).replace(b"--b0\n", b"This is a multi-part message.\n--b0\n", 1) + b"epilogue\n", text=SAY)
case("mime-type-uppercase", multi("mixed", [part(SAY, "TEXT/PLAIN; CHARSET=UTF-8")], ctype='MULTIPART/MIXED; BOUNDARY="b0"'), text=SAY)
case("mime-two-content-types", simple(SAY).replace(b"Content-Type:", b"Content-Type: text/plain\nContent-Type:"), text=SAY)
case("mime-apple-text-image-text", multi("mixed", [part("前の文です。", TEXT), part(b64(b"img"), 'image/jpeg; name="p.jpg"', "Content-Transfer-Encoding: base64",
                                                   'Content-Disposition: inline; filename="p.jpg"'), part("後の文です。", TEXT)]),
     text_has=["前の文です。", "後の文です。"], attachments=[{"filename": "p.jpg", "inline": True}])
case("mime-alt-blank-plain", multi("alternative", [part("\u3000\n \u00a0\n", TEXT), part("<p>椅子が届きません。</p>", HTML)]), text="椅子が届きません。", text_source="html")
case("mime-alt-html-first", multi("alternative", [part("<p>HTMLです。椅子が届きません。</p>", HTML), part("椅子が届きません。", TEXT)]), text="椅子が届きません。", text_source="plain")
case("mime-alt-amp", multi("alternative", [part("椅子が届きません。", TEXT), part("<html amp4email>AMP<p>版</p>", "text/x-amp-html; charset=utf-8"), part("<p>椅子が届きません。</p>", HTML)]),
     text="椅子が届きません。", text_lacks=["AMP"])
case("mime-alt-related-plain", multi("alternative", [part("椅子が届きません。", TEXT), nest("related", [part("<p>椅子が届きません。<img src=cid:e1></p>", HTML), IMG], "b2")]),
     text="椅子が届きません。", attachments=[{"content_id": "e1", "inline": True}])
case("mime-deco", multi("mixed", [nest("related", [nest("alternative", [part("ありがとう\ue63e", TEXT), part("<body bgcolor=#ffe><font color=red>ありがとう</font><img src=\"cid:e1\"></body>", HTML)], "b3"), IMG], "b2")]),
     text_has=["ありがとう"], attachments=[{"content_id": "e1"}])
case("mime-calendar", multi("alternative", [part("打ち合わせのご案内です。", TEXT), part("BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n", "text/calendar; method=REQUEST; charset=utf-8")]),
     text="打ち合わせのご案内です。", attachments=[{"media_type": "text/calendar"}])
case("mime-calendar-only", simple("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:打ち合わせ\nEND:VEVENT\nEND:VCALENDAR\n", ctype="text/calendar; charset=utf-8"), **{"class": "ordinary"})
case("mime-smime-signed", multi("signed", [part(SAY, TEXT), part(b64(b"sig"), 'application/pkcs7-signature; name="smime.p7s"', "Content-Transfer-Encoding: base64",
     'Content-Disposition: attachment; filename="smime.p7s"')], ctype='multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="b0"'), text=SAY)
case("mime-pgp-mime", multi("signed", [part(SAY, TEXT), part("-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", 'application/pgp-signature; name="signature.asc"')],
     ctype='multipart/signed; protocol="application/pgp-signature"; boundary="b0"'), text=SAY)
case("mime-pgp-clear", simple("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + SAY + "\n- -- \n山田\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"),
     reply=SAY)
case("mime-rtf-only", simple("{\\rtf1 test}", ctype="application/rtf"), attachments=[{"media_type": "application/rtf"}])
case("mime-enriched", simple("<bold>椅子</bold>が届きません。", ctype="text/enriched; charset=utf-8"), text_has=["椅子", "が届きません。"])
case("mime-pdf-only", simple(b64(b"%PDF"), ctype='application/pdf; name="a.pdf"', cte="base64"), text="", text_source="none", attachments=[{"filename": "a.pdf"}])
case("mime-text-attached-inline", multi("mixed", [part(SAY, TEXT), part("ログ", 'text/plain; charset=utf-8; name="log.txt"', 'Content-Disposition: inline; filename="log.txt"')]),
     text_has=[SAY], attachments=[{"filename": "log.txt"}])
case("mime-rfc822-base64", multi("mixed", [part("転送します。", TEXT), part(b64(simple("中身", Subject=word("元の件"))), "message/rfc822", "Content-Transfer-Encoding: base64")]),
     text="転送します。", attachments=[{"media_type": "message/rfc822"}])
case("mime-rfc822-top", simple(simple("中身の文です。", Subject=word("元の件")), ctype="message/rfc822"), attachments=[{"media_type": "message/rfc822"}])
case("mime-digest", multi("digest", [b"\n" + simple("一通目"), b"\n" + simple("二通目")]), attachments=[{"media_type": "message/rfc822"}, {"media_type": "message/rfc822"}])
case("mime-partial", simple("本文の途中", ctype='message/partial; id="x@example.jp"; number=1; total=2'), text_has=[])
case("mime-external", multi("mixed", [part(SAY, TEXT), part("Content-Type: image/png\n\n", 'message/external-body; access-type=URL; URL="http://x.example/a.png"')]), text_has=[SAY])
case("mime-octet-text", multi("mixed", [part(b64(b"x"), "application/octet-stream", "Content-Transfer-Encoding: base64", 'Content-Disposition: attachment; filename="a.bin"'), part(SAY, TEXT)]),
     text=SAY)
case("mime-tnef-only", simple(b64(b"\x78\x9f\x3e\x22" + b"\0" * 40), ctype='application/ms-tnef; name="winmail.dat"', cte="base64"), attachments=[{"filename": "winmail.dat"}])
case("mime-charset-in-multipart", multi("mixed", [part(SAY.encode("cp932"), "text/plain")], ctype='multipart/mixed; charset=shift_jis; boundary="b0"'), text=SAY)
case("mime-html-as-plain", simple("<html><body><p>椅子が届きません。</p><br></body></html>", ctype=TEXT), text_has=["椅子が届きません。"])

# ---------------------------------------------------------------- flowed

FL = "text/plain; charset=utf-8; format=flowed"
case("flow-delsp-ja", simple("お世話になって \nおります。 \n椅子が届きません。\n", ctype=FL + "; delsp=yes"), text="お世話になっております。椅子が届きません。")
case("flow-en", simple("My chair has not \narrived yet.\n\nRegards\n", ctype=FL), text="My chair has not arrived yet.\n\nRegards")
case("flow-stuffed", simple(" From Tokyo\n > not a quote\n", ctype=FL), text="From Tokyo\n> not a quote")
case("flow-quote-depth", simple("> first \n>> deeper \n> second\nanswer\n", ctype=FL, Subject="Re: x", In_Reply_To="<a1@example.co.jp>"), reply="answer")
case("flow-sign", simple("椅子が届きません。\n\n-- \n山田\n", ctype=FL), reply="椅子が届きません。", signature_has=["山田"])
case("flow-delsp-upper", simple("椅子が \n届きません。\n", ctype='text/plain; charset="utf-8"; Format="flowed"; DelSp="yes"'), text="椅子が届きません。")

# ---------------------------------------------------------------- HTML

page("preheader", '<div style="display:none;max-height:0;overflow:hidden">隠れた前書き&#847;&zwnj;&nbsp;&#847;</div><p>椅子が届きません。</p>', text="椅子が届きません。")
page("hidden-ways", '<p style="mso-hide:all">A隠</p><span style="font-size:0px;line-height:0">B隠</span><p hidden>C隠</p><div style="visibility: hidden">D隠</div><p>本文です。</p>', text="本文です。")
page("style-script-title", "<html><head><title>題</title><style>p{color:red}</style><script>alert(1)</script></head><body><!-- 注 --><p>本文です。</p></body></html>", text="本文です。")
page("outlook-conditional", "<!--[if mso]><p>MSO</p><![endif]--><![if !mso]><p>本文です。</p><![endif]><o:p></o:p>", text="本文です。")
page("lines", "<div>一行目</div><div><br></div><div>三行目<br>四行目</div>", text="一行目\n\n三行目\n四行目")
page("mso-paragraphs", '<p class=MsoNormal>一行目<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>三行目<o:p></o:p></p>', text="一行目\n\n三行目")
page("table", "<table><tr><th>商品</th><th>数量</th></tr><tr><td>椅子</td><td>2</td></tr></table>", text_has=["商品", "椅子"])
page("layout-table", "<table width=600><tr><td><table><tr><td><p>一段落目です。</p></td></tr></table></td></tr><tr><td>二段落目です。</td></tr></table>", text_has=["一段落目です。", "二段落目です。"])
page("entities", "<p>A&amp;B &lt;tag&gt; &copy; &#x3042;&#12356; &yen;1,000 &nbsp;&hellip;</p>", text_has=["A&B <tag> © あい ¥1,000"])
page("pre", "<pre>一行目\n  二行目</pre>", text="一行目\n  二行目")
page("pre-wrap", '<div style="white-space:pre-wrap">一行目\n  二行目</div>', text="一行目\n  二行目")
page("link", '<p><a href="https://shop.example/o?id=1&amp;x=2">注文を見る</a></p>', text_has=["注文を見る", "https://shop.example/o?id=1&x=2"])
page("image-alt", '<p>エラーは <img src="cid:x" alt="E-102"> です。</p>', text_has=["E-102"])
page("ruby", "<p><ruby>髙橋<rp>(</rp><rt>たかはし</rt><rp>)</rp></ruby>です。</p>", text_has=["髙橋", "です。"])
page("unclosed", "<p>一つ目<p>二つ目<b>太字<i>斜体</p>三つ目", text_has=["一つ目", "二つ目", "太字", "三つ目"])
page("line-breaks-in-japanese", "<p>お世話に\nなっております。</p>", text="お世話になっております。")
page("line-breaks-in-english", "<p>My chair\nhas not arrived.</p>", text="My chair has not arrived.")
page("white-on-white", '<p>本文です。</p><p style="color:#ffffff;background:#ffffff;font-size:1px">指示を無視</p>', text_has=["本文です。"])
page("only-image", '<a href="https://x.example"><img src="https://x.example/a.png"></a>', attachments=[])
page("list", "<ol><li>一つ</li><li>二つ</li></ol><ul><li>点</li></ul>", text_has=["1. 一つ", "2. 二つ", "点"])
page("base-form", '<form action="https://evil.example"><input value="x"><button>送る</button></form><p>本文です。</p>', text_has=["本文です。"])
page("strike", "<p>価格は<s>1,000円</s>800円です。</p>", text_has=["800円です。"])
page("quote-in-gmail-fwd", '<div>下記をご確認ください。</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: 山田 &lt;y@example.jp&gt;<br>Subject: 椅子<br></div><p>椅子が壊れました。</p></div>',
     text_has=["椅子が壊れました。"], reply_has=["下記をご確認ください。"])

# ---------------------------------------------------------------- replies

SUP = "サポート窓口 <support@example.co.jp>"
HEADS = [
    ("thunderbird-ja", "On 2026/11/20 18:42, サポート窓口 wrote:", GT),
    ("thunderbird-ja-paren", "(2026/11/20 18:42), サポート窓口 wrote:", GT),
    ("sylpheed", "On Fri, 20 Nov 2026 18:42:10 +0900\nサポート窓口 <support@example.co.jp> wrote:", GT),
    ("apple-at", "On 2026/11/20, at 18:42, サポート窓口 <support@example.co.jp> wrote:", GT),
    ("apple-en-ja-date", "On Nov 20, 2026, at 18:42, サポート窓口 <support@example.co.jp> wrote:", GT),
    ("apple-no-address", "2026/11/20 18:42、サポート窓口のメール：", GT),
    ("zoho", "---- On Fri, 20 Nov 2026 18:42:10 +0900 サポート窓口 <support@example.co.jp> wrote ---", OLD),
    ("entourage", "on 2026.11.20 6:42 PM, サポート窓口 at support@example.co.jp wrote:", GT),
    ("wanderlust", "At Fri, 20 Nov 2026 18:42:10 +0900,\nサポート窓口 wrote:", GT),
    ("mew", "From: サポート窓口 <support@example.co.jp>\nSubject: ご注文の件\nDate: Fri, 20 Nov 2026 18:42:10 +0900", GT),
    ("gnus", "サポート窓口 <support@example.co.jp> writes:", GT),
    ("in-message", "In message \"Re: ご注文の件\"\n    on 26/11/20, サポート窓口 <support@example.co.jp> writes:", GT),
    ("al-mail", "サポート窓口 さんは書きました：", GT),
    ("shuriken", "[2026/11/20(金) 18:42] サポート窓口 さん:", GT),
    ("outlook-ja-cc", "差出人: " + SUP + " \n送信日時: 2026年11月20日金曜日 18:42\n宛先: 'aoi@example.jp' <aoi@example.jp>\nCC: 'x@example.jp'\n件名: RE: ご注文の件\n", OLD),
    ("outlook-mac", "差出人: " + SUP + "\n日付: 2026年11月20日 金曜日 18:42\n宛先: aoi@example.jp\n件名: Re: ご注文の件\n", OLD),
    ("outlook-importance", "________________________________________\n差出人: " + SUP + "\n送信日時: 2026年11月20日 18:42:10\n宛先: aoi@example.jp\n重要度: 高\n件名: ご注文の件\n", OLD),
    ("outlook-from-date", "From: " + SUP + "\nDate: 2026年11月20日(金) 18:42\nTo: aoi@example.jp\nSubject: Re: ご注文の件\n", OLD),
    ("livemail", "From: サポート窓口\nSent: Friday, November 20, 2026 6:42 PM\nTo: aoi@example.jp\nSubject: ご注文の件\n", OLD),
    ("original-fullwidth", "－－－－－ Original Message －－－－－\nFrom: " + SUP + "\nSubject: ご注文の件\n", OLD),
    ("docomo-sp", "-------- 元のメッセージ --------\nFrom: support@example.co.jp\n件名: ご注文の件\n日時: 2026/11/20 18:42\n", OLD),
    ("au", "----- 元メール -----\n差出人：support@example.co.jp\n件名：ご注文の件\n受信日時：2026/11/20 18:42\n", OLD),
    ("softbank", "-----------元メール-----------\nFrom:support@example.co.jp\nDate:2026/11/20 18:42\nSub:ご注文の件\n", OLD),
    ("received-mail", "===== 受信メール =====\n差出人: support@example.co.jp\n件名: ご注文の件\n", OLD),
    ("below-is-old", "------------以下、いただいたメール------------", OLD),
    ("quote-from-here", "＝＝＝＝以下引用＝＝＝＝", OLD),
    ("desknets", "----- Original Message -----\n差出人 : サポート窓口\n宛先 : 山本 葵\n件名 : ご注文の件\n日付 : 2026/11/20 18:42\n", OLD),
    ("yahoo-2020", "----- 元のメッセージ -----\nFrom: " + SUP + "\nTo: aoi@example.jp\nDate: 2026/11/20, Fri 18:42\nSubject: ご注文の件\n", OLD),
    ("icloud-web", "2026/11/20 18:42、サポート窓口 <support@example.co.jp> のメール:", GT),
    ("gmail-no-name", "2026年11月20日(金) 18:42 <support@example.co.jp>:", GT),
    ("gmail-wrap-ja", "2026年11月20日(金) 18:42 株式会社さんぷる商事カスタマーサポートセンター受注担当窓口\n<support@example.co.jp>:", GT),
    ("gmail-en-wrap", "On Fri, Nov 20, 2026 at 6:42\u202fPM サポート窓口 <support@example.co.jp>\nwrote:", GT),
    ("nested-outer", "2026年11月20日(金) 18:42 " + SUP + ":", GT.replace("> ", ">> ")),
    ("tight-gt", "2026年11月20日(金) 18:42 " + SUP + ":", GT.replace("> ", ">")),
    ("em-client", "------ 元のメッセージ ------\n差出人 \"サポート窓口\" <support@example.co.jp>\n宛先 \"aoi@example.jp\" <aoi@example.jp>\n日付 2026/11/20 18:42:10\n件名 Re: ご注文の件\n", OLD),
    ("samsung-new", "2026年11月20日金曜日午後6:42、サポート窓口 <support@example.co.jp>が書きました：", GT),
    ("aquamail", "2026年11月20日 18:42:10 サポート窓口 <support@example.co.jp> 書き込み：", GT),
    ("k9", "2026年11月20日 18:42:10 JST、サポート窓口 <support@example.co.jp> のメール:", GT),
    ("fairemail", "2026/11/20 18:42:10 サポート窓口 <support@example.co.jp>:", GT),
    ("proton", "-------- Original Message --------\nOn 2026/11/20 18:42, サポート窓口 <support@example.co.jp> wrote:\n", GT),
    ("hey", "サポート窓口 さん (2026/11/20 18:42) の返信:", GT),
    ("garoon", "サポート窓口 さんからのメール (2026/11/20 18:42)", GT),
    ("thai-year", "เมื่อ ศ. 20 พ.ย. 2026 เวลา 18:42 Support <support@example.co.jp> เขียนว่า:", GT),
    ("vietnamese", "Vào Th 6, 20 thg 11, 2026 vào lúc 18:42 Support <support@example.co.jp> đã viết:", GT),
    ("russian", "пт, 20 нояб. 2026 г. в 18:42, Support <support@example.co.jp>:", GT),
    ("chinese-outlook", "发件人: Support <support@example.co.jp>\n发送时间: 2026年11月20日 18:42\n收件人: aoi@example.jp\n主题: 回复: 订单\n", OLD),
    ("taiwan-outlook", "寄件者: Support <support@example.co.jp>\n寄件日期: 2026年11月20日 18:42\n收件者: aoi@example.jp\n主旨: RE: 訂單\n", OLD),
    ("korean-outlook", "보낸 사람: Support <support@example.co.jp>\n보낸 날짜: 2026년 11월 20일 금요일 18:42\n받는 사람: aoi@example.jp\n제목: RE: 주문\n", OLD),
]
for name, head, old in HEADS:
    reply(name, NEW, head, old)
for name, head, old in HEADS[::6]:
    reply("signed-" + name, NEW, head, old, "-- \n山本 葵\n電話 06-1234-5678")

# ---------------------------------------------------------------- signatures

SIGNS = [
    ("dashes-no-space", "--\n山本 葵\naoi@example.jp"),
    ("fullwidth-minus", "－－－－－－－－－－\n山本 葵\nTEL：06-1234-5678\n－－－－－－－－－－"),
    ("box", "┏━━━━━━━━━━━━┓\n┃山本 葵\n┃aoi@example.jp\n┗━━━━━━━━━━━━┛"),
    ("identical", "≡≡≡≡≡≡≡≡≡≡≡≡\n株式会社やまもと　山本 葵\n電話 06-1234-5678\n≡≡≡≡≡≡≡≡≡≡≡≡"),
    ("underline", "____________________\n山本 葵\nmail: aoi@example.jp\n____________________"),
    ("asterisk", "******************************\n　山本 葵\n　〒530-0001 大阪市北区梅田1-2-3\n******************************"),
    ("dots", "・‥…━━━━━━━━━━━━━━━…‥・\n山本 葵\naoi@example.jp\n・‥…━━━━━━━━━━━━━━━…‥・"),
    ("tildes", "～～～～～～～～～～～～\n山本 葵\n090-1234-5678\n～～～～～～～～～～～～"),
    ("triangles", "▼▽▼▽▼▽▼▽▼▽\n山本 葵\naoi@example.jp\n▲△▲△▲△▲△▲△"),
    ("hash", "##################\n山本 葵\nTEL 06-1234-5678\n##################"),
    ("en", "Sent from my iPhone"),
    ("iphone-ja-space", "iPhone から送信"),
    ("outlook-ios", "iOS 版 Outlook を入手"),
    ("outlook-ios-en", "Get Outlook for iOS"),
    ("windows-mail", "Windows 版のメールから送信"),
    ("yahoo-android", "Sent from Yahoo Mail on Android"),
    ("docomo", "ドコモのスマートフォンから送信"),
    ("xperia", "Xperia™スマートフォンから送信"),
    ("aquos", "AQUOSから送信"),
    ("gmail-app", "Gmailアプリから送信"),
    ("no-rule-bilingual", "山本 葵 / Aoi Yamamoto\n株式会社やまもと Yamamoto Co., Ltd.\nTel: 06-1234-5678 Fax: 06-1234-5679\nhttps://yamamoto.example/"),
    ("no-rule-branch", "株式会社やまもと 大阪支店\n営業課　山本 葵\n大阪府大阪市北区梅田1-2-3 やまもとビル5F\n06-1234-5678（直通）"),
]
for name, sign in SIGNS:
    reply("sign-" + name, NEW, "", "", sign)
STAYS = [
    ("stays-amount", "次のとおり見積をお願いします。\n\n----------\n椅子 10脚\n机 5台\n----------\n\n納期も教えてください。"),
    ("stays-ship-to", "送り先を変更してください。\n\n山本 葵\n〒530-0001 大阪市北区梅田1-2-3\n06-1234-5678"),
    ("stays-account", "返金先の口座です。\n\n銀行名：れい銀行\n支店名：梅田支店\n口座番号：普通 1234567\n口座名義：ヤマモト アオイ"),
    ("stays-error-log", "次のエラーが出ます。\n\n==========\nERROR 0x80070005\nat start() line 12\n==========\n\n直し方を教えてください。"),
    ("stays-ps", "椅子が届きません。\n\n追伸 電話は06-1234-5678です。"),
    ("stays-numbered", "質問が3つあります。\n\n1. 納期\n2. 送料\n3. 保証\n\n山本"),
    ("stays-dash-bullets", "不具合は次の点です。\n- 電源が入らない\n- 音が出ない\n-- 両方とも先週からです"),
]
for name, text in STAYS:
    case("re-" + name, simple(text + "\n", Subject="お願い"), quoted="", signature="", reply=text)

# ---------------------------------------------------------------- kinds

kind("vacation-header", "auto_reply", "Re: 見積", "不在です。", Auto_Submitted="auto-replied (vacation)")
kind("x-auto-reply-from", "auto_reply", "Re: 見積", "不在です。", X_Auto_Reply_From="a@example.jp")
kind("x-autorespond", "auto_reply", "Re: 見積", "不在です。", X_Autorespond="見積")
kind("german-subject", "auto_reply", "Automatische Antwort: Bestellung", "Ich bin nicht im Büro.")
kind("french-subject", "auto_reply", "Réponse automatique : commande", "Je suis absent.")
kind("chinese-subject", "auto_reply", "自动回复: 订单", "您好，我正在休假，无法及时回复。")
kind("korean-subject", "auto_reply", "자동 회신: 주문", "부재중입니다.")
kind("absence-brackets", "auto_reply", "【不在通知】Re: 見積の件", "本日より11月30日まで不在にしております。")
kind("left-company", "auto_reply", "Re: 見積の件", "このメールアドレスは現在使用されておりません。\n今後は sato@example.jp までお願いいたします。\nこのメールは自動送信されています。")
kind("shop-order", "auto_reply", "ご注文ありがとうございます【自動配信メール】", "この度はご注文いただきありがとうございます。\n本メールは自動配信です。ご返信いただいてもお答えできません。", From="shop@shop.example")
kind("ordinary-suppress-dr", "ordinary", "見積の件", "椅子の見積をお願いします。", X_Auto_Response_Suppress="DR, OOF, AutoReply", X_MS_Has_Attach="")
kind("ordinary-precedence-normal", "ordinary", "見積の件", "椅子の見積をお願いします。", Precedence="normal", X_Priority="3")
kind("ordinary-list-of-ours", "ordinary", "見積の件", "椅子の見積をお願いします。", To="support@example.jp", List_Id="<support.example.jp>", Precedence="list",
     List_Unsubscribe="<mailto:support+leave@example.jp>")
kind("ordinary-form", "ordinary", "【お問い合わせフォーム】山田様より", "お名前: 山田\n内容: 椅子が届きません。", From="wordpress@example.jp", Reply_To="yamada@example.net", X_Mailer="PHPMailer")
kind("ordinary-form-auto", "ordinary", "【お問い合わせフォーム】山田様より", "お名前: 山田\nメールアドレス: yamada@example.net\n内容: 椅子が届きません。", From="support@example.jp", Reply_To="yamada@example.net")
kind("ordinary-asks-about-receipt", "ordinary", "自動返信について", "自動返信メールに不在とありましたが、いつ戻られますか。")
kind("ordinary-vacation-ask", "ordinary", "休暇中の配達", "来週は休暇で不在にしますので、配達を止めてください。")
kind("ordinary-unsubscribe", "ordinary", "配信停止", "メルマガの配信停止をお願いします。")
kind("ordinary-empty", "ordinary", "", "")
kind("bulk-list", "bulk", "[users:123] 新機能の件", "新機能について議論しましょう。", To="users@lists.example.net", List_Id="<users.lists.example.net>", List_Post="<mailto:users@lists.example.net>", Precedence="list")
kind("bulk-one-click", "bulk", "年末セールのお知らせ", "全品20%OFFです。", List_Unsubscribe="<https://x.example/u>", List_Unsubscribe_Post="List-Unsubscribe=One-Click")
case("kind-arf", multi("report", [part("This is an abuse report.", TEXT), part("Feedback-Type: abuse\nVersion: 1\nUser-Agent: x\n", "message/feedback-report"), part("From: support@example.jp\n\nx", "message/rfc822")],
                       ctype='multipart/report; report-type=feedback-report; boundary="b0"', From="fbl@isp.example"), **{"class": "feedback"})
case("kind-mdn", multi("report", [part("開封されました。", TEXT), part("Final-Recipient: rfc822;a@example.jp\nDisposition: manual-action/MDN-sent-manually; displayed\n", "message/disposition-notification")],
                       ctype='multipart/report; report-type=disposition-notification; boundary="b0"', Subject="開封済み: ご注文の件"), **{"class": "auto_reply"})

# ---------------------------------------------------------------- bounces

bounced("docomo-now", "taro.x@docomo.ne.jp", "hard", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered.\n\n  taro.x@docomo.ne.jp\n    550 Unknown user taro.x@docomo.ne.jp\n",
        From="Mail Delivery System <mailer-daemon@docomo.ne.jp>", Subject="Mail Delivery Failure")
bounced("docomo-refused", "taro.x@docomo.ne.jp", "soft", "次のあて先へのメッセージはエラーのため送信できませんでした。\n送信先メールアドレス: taro.x@docomo.ne.jp\n理由: 受信拒否設定により受信できませんでした。\n",
        From="mailer-daemon@docomo.ne.jp", Subject="送信エラー")
bounced("au-now", "jiro@au.com", "hard", "<jiro@au.com>: host mx.au.com[192.0.2.3] said: 550 <jiro@au.com>: User unknown (in reply to RCPT TO command)\n", From="MAILER-DAEMON@mx.example.net (Mail Delivery System)")
bounced("softbank-ja", "hana@i.softbank.jp", "hard", "以下のあて先にメールを送信できませんでした。\n\nhana@i.softbank.jp\n\n存在しないメールアドレスです。\n", Subject="メール送信エラー通知")
bounced("ezweb-capacity", "jiro@ezweb.ne.jp", "soft", "Each of the following recipients was rejected by a remote mail server.\n\n    Recipient: <jiro@ezweb.ne.jp>\n    Reason:    5.2.2 <jiro@ezweb.ne.jp>... Mailbox full\n", From="Postmaster@ezweb.ne.jp", Subject="Mail System Error - Returned Mail")
bounced("exchange-online-ja", "c@corp.example", "hard", "c@corp.example へのメッセージを配信できませんでした。\n\nc が corp.example で見つかりませんでした。\n\n管理者向けの診断情報:\nc@corp.example\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'\n",
        From="Microsoft Outlook <postmaster@corp.example>", Subject="配信不能: ご注文の件")
bounced("gmail-full-ja", "full@gmail.example", "soft", "受信トレイの容量を超えています\n\nfull@gmail.example の受信トレイの空き容量がないため、メールは配信されませんでした。\n\n552 5.2.2 The email account that you tried to reach is over quota.\n",
        From="Mail Delivery Subsystem <mailer-daemon@googlemail.example>", Subject="Delivery Status Notification (Failure)", X_Failed_Recipients="full@gmail.example")
bounced("sendmail", "ken@example.net", "hard", "The original message was received at Fri, 20 Nov 2026 18:42:10 +0900\nfrom [192.0.2.1]\n\n   ----- The following addresses had permanent fatal errors -----\n<ken@example.net>\n    (reason: 550 5.1.1 <ken@example.net>... User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n>>> DATA\n<<< 550 5.1.1 <ken@example.net>... User unknown\n550 5.1.1 <ken@example.net>... User unknown\n",
        Subject="Returned mail: see transcript for details")
bounced("xserver-ja", "aki@example.net", "hard", "下記の宛先へのメール送信に失敗しました。\n\n<aki@example.net>: 該当するメールアドレスが存在しません。\n", Subject="Undelivered Mail Returned to Sender")
bounced("yahoo-jp", "miki@yahoo.example", "hard", "Sorry, your message to miki@yahoo.example cannot be delivered. This account has been disabled or discontinued [#102].\n", From="MAILER-DAEMON@yahoo.example", Subject="Failure Notice")
bounced("domino", "ume@corp.example", "hard", "Your message\n\n  Subject: ご注文の件\n\nwas not delivered to:\n\n  ume@corp.example\n\nbecause:\n\n  User ume (ume@corp.example) not listed in Domino Directory\n", From="Postmaster@corp.example", Subject="DELIVERY FAILURE: User ume (ume@corp.example) not listed in Domino Directory")
bounced("postfix-delay", "slow@example.net", "soft", "This is the mail system at host mx.example.net.\n\n####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<slow@example.net>: connect to mx.example.org[192.0.2.9]:25: Connection timed out\n",
        action="delayed", Subject="Delayed Mail (still being retried)")
bounced("no-domain", "kai@gone.example", "hard", "<kai@gone.example>: Host or domain name not found. Name service error for\n    name=gone.example type=AAAA: Host not found\n")

# ---------------------------------------------------------------- a second set, of whole replies

# --- whole mails as programs write them, HTML replies
def answer(name, body, new, old="お問い合わせいただきありがとうございます。", sign=None, **want):
    w = dict(reply=new)
    if old: w["quoted_has"] = [old]
    if sign: w["signature_has"] = sign
    w.update(want)
    case("ans-" + name, simple(body, ctype=HTML, Subject="Re: ご注文の件", In_Reply_To="<a1@example.co.jp>"), **w)

O = "お問い合わせいただきありがとうございます。"
answer("outlook-ja-word", '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=JA link=blue><div class=WordSection1><p class=MsoNormal><span lang=EN-US style=\'font-size:10.5pt;font-family:"游ゴシック"\'>明日送ります。<o:p></o:p></span></p><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><p class=MsoNormal>山本<o:p></o:p></p><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><div style=\'border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0mm 0mm 0mm\'><p class=MsoNormal><b>差出人<span lang=EN-US>:</span></b><span lang=EN-US> </span>サポート窓口 &lt;support@example.co.jp&gt; <br><b>送信日時<span lang=EN-US>:</span></b> 2026年11月20日<span lang=EN-US> 18:42<br></span><b>宛先<span lang=EN-US>:</span></b> aoi@example.jp<br><b>件名<span lang=EN-US>:</span></b> ご注文の件<o:p></o:p></p></div><p class=MsoNormal>' + O + '<o:p></o:p></p></div></body></html>',
       "明日送ります。\n\n山本", reply=None) 
CASES[-1][2].pop("reply"); CASES[-1][2]["reply_has"] = ["明日送ります。"]; CASES[-1][2]["reply_lacks"] = ["差出人", O]
answer("owa-new", '<div class="elementToProof" style="font-family: Aptos">明日送ります。</div><div id="appendonsend"></div><div style="font-family:Aptos"><br></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message skipProofing"><hr style="display: inline-block; width: 98%;"><div id="divRplyFwdMsg" dir="ltr"><span style="font-family: Calibri"><b>差出人:</b>&nbsp;サポート窓口 &lt;support@example.co.jp&gt;<br><b>送信日時:</b>&nbsp;2026年11月20日 18:42<br><b>宛先:</b>&nbsp;aoi@example.jp<br><b>件名:</b>&nbsp;ご注文の件</span><div>&nbsp;</div></div><div>' + O + '</div></div>', "明日送ります。")
answer("gmail-mobile", '<div dir="auto">明日送ります。<div dir="auto"><br></div><div dir="auto">山本</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">2026年11月20日(金) 18:42 サポート窓口 &lt;<a href="mailto:support@example.co.jp">support@example.co.jp</a>&gt;:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">' + O + '</blockquote></div>', "明日送ります。\n\n山本")
answer("iphone", '<html><head></head><body dir="auto">明日送ります。<br><br><div dir="ltr">iPhoneから送信</div><div dir="ltr"><br><blockquote type="cite">2026/11/20 18:42、サポート窓口 &lt;support@example.co.jp&gt;のメール:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff<div>' + O + '</div></div></blockquote></body></html>', "明日送ります。", sign=["iPhoneから送信"])
answer("yahoo-jp", '<html><head></head><body><div class="yjp_mail">明日送ります。</div><div><br></div><div class="yahoo_quoted" style="margin:10px 0px 0px 0.8ex;border-left:1px solid #ccc;padding-left:1ex;"><div>2026年11月20日金曜日 18:42:10 GMT+9、サポート窓口&lt;support@example.co.jp&gt;さんは書きました:</div><div><br></div><div>' + O + '</div></div></body></html>', "明日送ります。")
answer("thunderbird-cite", '<p>明日送ります。</p><p><br></p><div class="moz-signature">-- <br>山本 葵</div><div class="moz-cite-prefix">On 2026/11/20 18:42, サポート窓口 wrote:<br></div><blockquote type="cite" cite="mid:x"><p>' + O + '</p></blockquote>', "明日送ります。", sign=["山本 葵"])
answer("apple-mac", '<html><body style="overflow-wrap: break-word;">明日送ります。<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>2026/11/20 18:42、サポート窓口 &lt;support@example.co.jp&gt;のメール:</div><br class="Apple-interchange-newline"><div><div>' + O + '</div></div></blockquote></div><br></body></html>', "明日送ります。")
answer("spark", '<html><body><div name="messageBodySection"><div dir="auto">明日送ります。</div></div><div name="messageSignatureSection"><br>山本</div><div name="messageReplySection">2026年11月20日 18:42 +0900、サポート窓口 &lt;support@example.co.jp&gt; のメール:<br><blockquote type="cite" style="border-left-color: grey">' + O + '</blockquote></div></body></html>', "明日送ります。", reply_has=["明日送ります。"])
CASES[-1][2].pop("reply")
answer("protonmail", '<div style="font-family: Arial">明日送ります。<br></div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">2026年11月20日 18:42、サポート窓口 &lt;support@example.co.jp&gt; さんは書きました：<br><blockquote class="protonmail_quote" type="cite">' + O + '</blockquote><br></div>', "明日送ります。")
answer("zimbra", '<div style="font-family: arial"><div>明日送ります。</div><br><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>From: </b>"サポート窓口" &lt;support@example.co.jp&gt;<br><b>To: </b>"aoi" &lt;aoi@example.jp&gt;<br><b>Sent: </b>Friday, November 20, 2026 6:42:10 PM<br><b>Subject: </b>ご注文の件<br></div><div data-marker="__QUOTED_TEXT__">' + O + '</div></div>', "明日送ります。")
answer("cybozu-html", '<div>明日送ります。<br></div><div><br>-----元のメッセージ-----<br>差出人: サポート窓口 &lt;support@example.co.jp&gt;<br>日時: 2026年11月20日(金) 18:42<br>宛先: aoi@example.jp<br>件名: ご注文の件<br><br>' + O + '</div>', "明日送ります。")
answer("samsung", '<div dir="auto">明日送ります。</div><div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:85%;color:#575757" dir="auto">Galaxyから送信しました</div></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- 元のメッセージ --------</div><div>差出人: サポート窓口 &lt;support@example.co.jp&gt; </div><div>日付: 26/11/20  18:42  (GMT+09:00) </div><div>宛先: aoi@example.jp </div><div>件名: ご注文の件 </div><div><br></div></div>' + O, "明日送ります。", sign=["Galaxyから送信しました"])
answer("nested-tables-newsletter-quote", '<p>配信を止めてください。</p><br><div class="gmail_quote"><div class="gmail_attr">2026年11月20日(金) 18:42 ショップ &lt;news@example.co.jp&gt;:</div><blockquote class="gmail_quote"><table><tr><td><table><tr><td>' + O + '</td></tr></table></td></tr></table></blockquote></div>', "配信を止めてください。")
answer("red-inline", '<div>下記、赤字でお答えします。</div><div><hr><b>差出人:</b> サポート窓口 &lt;support@example.co.jp&gt;<br><b>送信日時:</b> 2026年11月20日 18:42<br><b>件名:</b> ご確認<br></div><p>1. 型番を教えてください。</p><p style="color:red">MD-5です。</p><p>2. 購入日を教えてください。</p><p><font color="#ff0000">10月3日です。</font></p>', "x", old=None, reply_has=["MD-5です。", "10月3日です。"])
CASES[-1][2].pop("reply")
page("deco-br-only", "いつもありがとう<br><br>明日の10時に行きます<br><br><hr>山本", text_has=["明日の10時に行きます"])
page("nbsp-indents", "<div>&nbsp;&nbsp;一行目</div><div>　二行目</div>", text_has=["一行目", "　二行目"])
page("url-is-text", '<a href="https://shop.example/a">https://shop.example/a</a>', text="https://shop.example/a")
page("mailto-is-text", '<a href="mailto:a@example.jp">a@example.jp</a>', text="a@example.jp")
page("tel", '<a href="tel:0612345678">06-1234-5678</a>にお電話ください', text_has=["06-1234-5678"])
page("select-options", "<p>色：<select><option>赤<option selected>青</select></p><p>本文</p>", text_has=["本文"])
page("table-order", "<table border=1><tr><td>注文番号</td><td>A-1029</td></tr><tr><td>お名前</td><td>山田</td></tr></table>", text_has=["注文番号", "A-1029"])
page("double-body", "<html><body><p>一</p></body></html><html><body><p>二</p></body></html>", text_has=["一", "二"])
page("svg-math", "<p>本文</p><svg><text>図</text></svg>", text_has=["本文"])
page("noscript", "<noscript>有効にしてください</noscript><p>本文</p>", text_has=["本文"])
page("textarea", "<p>本文</p><textarea>記入した文</textarea>", text_has=["本文"])
page("details", "<details><summary>詳しく</summary>中身</details>", text_has=["詳しく", "中身"])
page("uppercase-tags", "<P>一<BR>二</P><BLOCKQUOTE>引用</BLOCKQUOTE>", text_has=["一\n二"])
page("bgsound-marquee", "<marquee>流れる文字</marquee>", text_has=["流れる文字"])
page("zero-width-inside", "<p>注文&#8203;番号</p>", text_has=["番号"])
page("css-hidden-class", "<style>.h{display:none}</style><p class=h>隠</p><p>本文</p>", text_has=["本文"])
page("opacity-zero", '<div style="opacity:0;height:0;overflow:hidden">前書き</div><p>本文です。</p>', text="本文です。")
page("width-zero", '<div style="width:0;height:0;overflow:hidden;color:transparent">前書き</div><p>本文です。</p>', text="本文です。")
page("cell-of-no-height", '<table><tr><td style="height:0;overflow:hidden">本文です。</td></tr></table>', text_has=["本文です。"])
page("off-screen", '<div style="position:absolute;left:-9999px">前書き</div><p>本文です。</p>', text_has=["本文です。"])

# --- replies in text
SIG = "-- \n山本 葵\n電話 06-1234-5678"
reply("two-levels-outlook", NEW, "差出人: サポート窓口 <support@example.co.jp>\n送信日時: 2026年11月20日 18:42\n宛先: aoi@example.jp\n件名: RE: ご注文の件\n", OLD + "\n\n差出人: 山本 <aoi@example.jp>\n送信日時: 2026年11月19日 9:10\n件名: ご注文の件\n\n届きません。", SIG)
reply("signature-in-quote-only", NEW, "2026年11月20日(金) 18:42 サポート <support@example.co.jp>:", GT + "\n> -- \n> サポート\n> TEL 0120-000-000")
reply("thanks-then-quote-all", "ありがとうございました。", "2026年11月20日(金) 18:42 サポート <support@example.co.jp>:", GT)
reply("polite-closing", "お世話になっております。\n写真をお送りします。\n\n以上、よろしくお願いいたします。", "On 2026/11/20 18:42, サポート wrote:", GT, "山本 葵\n株式会社やまもと")
reply("sent-with-date-in-text", "11月20日 18:42にお電話しました。\n折り返しをお願いします。", "2026年11月20日(金) 18:42 サポート <support@example.co.jp>:", GT)
reply("name-line-end", "承知しました。\n\n山本", "2026年11月20日(金) 18:42 サポート <support@example.co.jp>:", GT)
CASES[-1][2].pop("reply"); CASES[-1][2]["reply_has"]=["承知しました。"]
for n,h in [
    ("webmail-plala","----- Original Message -----\nFrom: サポート窓口\nTo: aoi@example.jp\nDate: Fri, 20 Nov 2026 18:42:10 +0900\nSubject: ご注文の件\n"),
    ("biglobe","-------- 元のメッセージ --------\n差出人：サポート窓口<support@example.co.jp>\n宛先：aoi@example.jp\n送信日時：2026/11/20(金)18:42\n件名：ご注文の件\n"),
    ("ocn","--------- Original Message --------\nFrom: サポート窓口 <support@example.co.jp>\nTo: aoi@example.jp\nSent: 2026-11-20, Fri 18:42\nSubject: ご注文の件\n"),
    ("sp-mode","---------- Original Message ----------\n差出人: support@example.co.jp\n受信日時: 2026年11月20日 18:42:10\n件名: ご注文の件\n"),
    ("au-mail-app","> サポート窓口 <support@example.co.jp> 2026/11/20 18:42"),
    ("softbank-plus","----- 受信メール -----\nfrom: support@example.co.jp\n2026/11/20 18:42\n件名: ご注文の件\n"),
    ("rakuten-mobile","===========================\nFrom: サポート窓口 <support@example.co.jp>\nDate: 2026/11/20 18:42\nSubject: ご注文の件\n==========================="),
    ("hotmail","Date: Fri, 20 Nov 2026 18:42:10 +0900\nFrom: support@example.co.jp\nTo: aoi@example.jp\nSubject: ご注文の件\n"),
    ("desknets-neo","―――――― 元のメール ――――――\n差出人：サポート窓口\n日時：2026年11月20日(金) 18:42\n件名：ご注文の件\n"),
    ("kintone","----- 元のメール -----\nFrom: サポート窓口 <support@example.co.jp>\nSubject: ご注文の件\nDate: 2026-11-20 18:42\n"),
    ("wareki-slash","R8.11.20 18:42 サポート窓口 <support@example.co.jp> wrote:"),
    ("only-date-address","2026/11/20 18:42 <support@example.co.jp>:"),
    ("mailspring","On Nov 20 2026, at 6:42 pm, サポート窓口 <support@example.co.jp> wrote:"),
    ("postbox","サポート窓口 wrote on 2026/11/20 18:42:"),
    ("claws-ja","Fri, 20 Nov 2026 18:42:10 +0900 に\nサポート窓口 <support@example.co.jp> さんは書きました:"),
    ("kmail-ja","2026年 11月 20日 金曜日 18:42:10 JST サポート窓口 さんは書きました:"),
    ("evolution-ja","2026-11-20 (金) の 18:42 +0900 に サポート窓口 さんは書きました:"),
    ("mutt-ja","サポート窓口さん 2026年11月20日 18:42 :"),
    ("roundcube","サポート窓口 さんは 2026-11-20 18:42 に書きました:"),
    ("rainloop","2026年11月20日 18:42, \"サポート窓口\" <support@example.co.jp> wrote:"),
]:
    reply("h2-"+n, NEW, h, GT if "\n" not in h.strip("\n") or "claws" in n else OLD)
for n, s in [
    ("maru", "○●○●○●○●○●○●\n山本 葵\naoi@example.jp\n○●○●○●○●○●○●"),
    ("heart", "♪♪♪♪♪♪♪♪♪♪\n葵\naoi@example.jp\n♪♪♪♪♪♪♪♪♪♪"),
    ("long-company", "============================================\n株式会社やまもとホールディングス\n総務部 情報システム課\n課長代理　山本 葵（Yamamoto Aoi）\n〒530-0001\n大阪府大阪市北区梅田1丁目2番3号 やまもとビル 10階\nTEL：06-1234-5678（代表）\nFAX：06-1234-5679\nE-mail：aoi@example.jp\nURL：https://www.example.jp/\n============================================"),
    ("pr-mark", "--\n山本 葵\nやまもと商店\nTEL 06-1234-5678\n\n【お知らせ】12月29日～1月3日は休業いたします。"),
    ("two-blocks", "────────────\n株式会社やまもと\n山本 葵\n────────────\n本社　06-1234-5678\n支店　03-1234-5678\n────────────"),
    ("arrow", "→→→→→→→→→→\n山本 葵\n090-1234-5678\n←←←←←←←←←←"),
    ("plus", "++++++++++++++++++++\n山本 葵\nTEL 06-1234-5678\n++++++++++++++++++++"),
    ("tanpatsu", "山本 葵\naoi@example.jp"),
    ("qr", "*…*…*…*…*…*…*\n山本 葵\nLINE ID: aoi123\n*…*…*…*…*…*…*"),
]:
    reply("sg2-" + n, "お世話になっております。\n写真を撮りましたので、明日お送りします。\nよろしくお願いいたします。", "", "", s)
for n, t in [
    ("stay2-my-info", "登録情報を送ります。\n\n氏名：山本 葵\n住所：大阪市北区梅田1-2-3\n電話：06-1234-5678\nメール：aoi@example.jp"),
    ("stay2-quote-of-site", "サイトに\n「送料無料」\nとありましたが、請求されました。"),
    ("stay2-schedule", "候補日です。\n\n11月25日(水) 10:00～12:00\n11月26日(木) 13:00～15:00"),
    ("stay2-code", "設定は次のとおりです。\n\n> ls -l\n> cat a.txt\n\nどこが違いますか。"),
    ("stay2-price", "値段が >5000円 の商品だけ見たいです。"),
    ("stay2-hr", "1つ目の質問です。\n\n--------\n\n2つ目の質問です。\n\n--------\n\n3つ目の質問です。"),
    ("stay2-company-first", "株式会社やまもとの山本です。\n電話番号06-1234-5678が変わりました。"),
    ("stay2-from-to", "From: 大阪\nTo: 東京\nの送料はいくらですか。"),
    ("stay2-on-wrote", "On the box it says: do not open.\nIs that right?"),
    ("stay2-subject-line", "件名：見積依頼\n本文：椅子10脚の見積をお願いします。"),
]:
    case("re-" + n, simple(t + "\n", Subject="お願い"), quoted="", signature="", reply=t)

# --- bounces & kinds more
bounced("m365-en", "c@corp.example", "hard", "Delivery has failed to these recipients or groups:\n\nc@corp.example<mailto:c@corp.example>\nThe email address you entered couldn't be found. Please check the recipient's email address and try to resend the message.\n", From="Microsoft Outlook <postmaster@corp.example>", Subject="Undeliverable: ご注文の件")
bounced("gmail-policy", "p@gmail.example", "soft", "メールはブロックされました\n\np@gmail.example へのメールはブロックされました。詳しくは、以下の技術情報をご覧ください。\n\n550 5.7.26 This mail has been blocked because the sender is unauthenticated.\n", From="Mail Delivery Subsystem <mailer-daemon@googlemail.example>", Subject="Delivery Status Notification (Failure)", X_Failed_Recipients="p@gmail.example")
bounced("gmail-delay-ja", "d@slow.example", "soft", "配信未完了\n\nd@slow.example へのメール配信中に一時的な問題が発生しました。Gmail は、あと 46 時間再試行します。\n", action="delayed", From="Mail Delivery Subsystem <mailer-daemon@googlemail.example>", Subject="Delivery Status Notification (Delay)", X_Failed_Recipients="d@slow.example")
bounced("courier", "x@example.net", "hard", "This is a delivery status notification from mx.example.net.\n\n<x@example.net>: 550 User unknown.\n", Subject="NOTICE: mail delivery status.")
bounced("mailman-none", "y@example.net", "soft", "<y@example.net>: host mx.example.net[192.0.2.1] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)\n")
bounced("plala", "z@plala.example", "hard", "   ----- The following addresses had permanent fatal errors -----\n<z@plala.example>\n    (reason: 550 5.1.1 unknown or illegal alias: z@plala.example)\n", Subject="Returned mail: see transcript for details")
bounced("icloud", "i@icloud.example", "hard", "<i@icloud.example>: host mx01.mail.icloud.example[192.0.2.1] said: 550 5.1.1\n    <i@icloud.example>: user does not exist (in reply to RCPT TO command)\n")
bounced("docomo-unknown", "f@docomo.ne.jp", "hard", "<f@docomo.ne.jp>: host mfsmax.docomo.ne.jp[192.0.2.1] said: 550 Unknown user\n    f@docomo.ne.jp (in reply to RCPT TO command)\n")
bounced("two-lines-hosts", "h@nohost.example", "soft", "<h@nohost.example>: Host or domain name not found. Name service error for\n    name=nohost.example type=MX: Host not found, try again\n")
kind("auto-thanks-shop", "auto_reply", "【例商店】お問い合わせを受け付けました", "山本様\n\nお問い合わせを受け付けました。\n3営業日以内にご返信いたします。\n\n※このメールはシステムより自動的に送信されています。", From="no-reply@shop.example")
kind("auto-ooo-no-header", "auto_reply", "不在: Re: 見積の件", "11/20～11/25まで休暇をいただいております。\n緊急の場合は山田までご連絡ください。")
kind("ord-cc-ml", "ordinary", "Re: 納期の件", "承知しました。25日でお願いします。", Cc="team@example.net", X_Mailer="Microsoft Outlook 16.0", Thread_Index="AdpX", Importance="high")
kind("ord-sender-onbehalf", "ordinary", "見積の件", "見積をお願いします。", Sender="hisyo@example.net")
kind("ord-from-ses", "ordinary", "見積の件", "見積をお願いします。", Feedback_ID="1.ap-northeast-1.abc:AmazonSES", X_SES_Outgoing="2026.11.20-1")
kind("ord-list-unsub-relay", "ordinary", "ご購入者様からのメッセージ", "色を変更できますか。", From="store-msg@relay.example", Reply_To="u-123@relay.example", To="support@example.jp")
kind("ord-school-holiday", "ordinary", "Re: 休業のお知らせ", "休業中とのことですが、12月28日に荷物は届きますか。\n\n> 誠に勝手ながら休業いたします。\n> このメールは自動送信です。")
kind("ord-return-path-null", "ordinary", "Re: 見積の件", "見積をお願いします。", Return_Path="<>")
kind("ord-x-auto-suppress-all", "ordinary", "見積の件", "椅子10脚の見積をお願いします。", X_Auto_Response_Suppress="All")
kind("bulk-precedence", "bulk", "News", "今月のお知らせです。\n配信停止 https://x.example/u", Precedence="bulk", List_Id="<news.x.example>")


if __name__ == "__main__":
    write(sys.argv[1])
