#!/usr/bin/env python3
"""Thirty mails to the support desk of a small shop, as different as one morning
brings them: charsets, HTML, attachments, replies, machines, and two broken ones.

    gen.py FOLDER [--to ADDRESS]      writes 01-….eml to 30-….eml

The first is from MAIN_CUSTOMER, who has a mailbox in the quickstart.
All people, shops and texts are invented.
"""
import argparse
import datetime
import os
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from mailgen import (attachment, date, encode, head, html, message_part, multipart,  # noqa: E402
                     parameter, quote, report, text_part, words)

DESK = "support@example.jp"
MAIN_CUSTOMER = "hanako.yamada@customer.example"


def png(width=32, height=32):
    """A small picture, so that an image viewer shows one."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + bytes((x * 8 & 255, y * 8 & 255, 128)[i] for x in range(width)
                                  for i in range(3)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) \
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

RETURN = """みどり雑貨店　サポート窓口　御中

お世話になっております。山田花子と申します。

先日購入した陶器のマグカップ（注文番号 M-20417）が本日届きましたが、
取っ手の部分にひびが入っておりました。
返品または交換をお願いしたいのですが、どのように手続きすればよいでしょうか。

お手数をおかけしますが、ご回答をよろしくお願いいたします。

-- 
山田 花子
hanako.yamada@customer.example
"""
SHIPPING = """はじめまして。田中と申します。

11月15日に注文した加湿器（注文番号：M-20388）がまだ届いていません。
発送状況を教えていただけますか？
来週から出張のため、できれば今週中に受け取りたいです。

よろしくお願いします。
"""


class Samples:
    """The mails; each method of ORDER makes one: (envelope sender, bytes)."""

    def __init__(self, to=DESK, now=None):
        self.to = to
        self.now = now or datetime.datetime.now(datetime.timezone.utc)
        self.n = 0

    def mail(self, person, subject, body, charset="UTF-8", mid=None, extra=(), sender=None):
        """person: (name, address). A body is header fields of a part and its content."""
        name, address = person
        mid = mid or "%02d.%s@%s" % (self.n, self.now.strftime("%Y%m%d%H%M%S"),
                                     address.rpartition("@")[2])
        when = self.now - datetime.timedelta(seconds=2 * (30 - self.n))
        fields = [("From", words(name, charset) + b" <" + address.encode() + b">" if name
                   else address), ("To", self.to),
                  ("Subject", subject if subject is None or isinstance(subject, bytes)
                   else words(subject, charset)),
                  ("Date", date(when)), ("Message-ID", "<%s>" % mid),
                  *extra, ("MIME-Version", "1.0")]
        return (address if sender is None else sender), head(fields) + body

    def own_id(self, n, domain):
        return "%02d.%s@%s" % (n, self.now.strftime("%Y%m%d%H%M%S"), domain)

    def answered(self, n, domain):
        mid = "<%s>" % self.own_id(n, domain)
        return [("In-Reply-To", mid), ("References", mid)]

    # ---- ordinary questions, in the charsets of Japan ----

    def return_jis(self):
        return self.mail(("山田 花子", MAIN_CUSTOMER), "マグカップの返品について",
                         text_part(RETURN, charset="ISO-2022-JP"), "ISO-2022-JP",
                         extra=[("X-Mailer", "Becky! ver. 2.81.06 [ja]")])

    def shipping_alternative(self):
        return self.mail(("田中 一郎", "ichiro@tanaka.example"), "商品が届きません",
                         multipart("alternative", [text_part(SHIPPING),
                                                   text_part(html(SHIPPING), "html")], "=_alt02"))

    def receipt_sjis(self):
        text = ("経理担当の佐藤です。\n\n10月分の領収書を株式会社こもれび㈱あてに①通、"
                "再発行していただけますでしょうか。\n宛名は「株式会社こもれび」でお願いいたします。\n")
        return self.mail(("佐藤 美咲", "keiri@komorebi.example"), "領収書の再発行のお願い",
                         text_part(text, charset="Shift_JIS"), "Shift_JIS")

    def password_html(self):
        text = ("会員ページにログインできません。\nパスワード再設定のメールが届かないようです。\n"
                "迷惑メールフォルダも確認しました。対応をお願いします。\n")
        return self.mail(("鈴木", "suzuki@webmail.example"), "ログインできない",
                         text_part(html(text), "html"))

    def stock_euc(self):
        text = "桜模様の箸置きは再入荷の予定がありますか。5個ほど購入したいと考えています。\n"
        return self.mail(("高橋 健", "ken@takahashi.example"), "在庫について",
                         text_part(text, charset="EUC-JP", cte="8bit"), "EUC-JP")

    def nec_characters_jis(self):
        text = ("①注文番号 M-20501\n②商品 ㈱つくし製の高級タオル　№7\n③届いた数 ２枚（３枚注文）\n\n"
                "不足分の発送をお願いいたします。\n高崎\n")
        return self.mail(("高崎 悟", "satoru@takasaki.example"), "数量不足の件①",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP")

    # ---- replies ----

    def reply_own_mail(self):
        text = ("山田です。先ほどの返品の件ですが、写真を撮り忘れておりました。\n"
                "必要でしたらお送りしますのでお知らせください。\n\n" + quote(RETURN) + "\n")
        return self.mail(("山田 花子", MAIN_CUSTOMER), "Re: マグカップの返品について",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP",
                         extra=self.answered(1, "customer.example"))

    def reply_outlook_style(self):
        text = ("追伸です。お届け先は会社ではなく自宅でお願いします。\n\n"
                "-----Original Message-----\nFrom: 田中 一郎\nSent: Monday\nTo: %s\n"
                "Subject: 商品が届きません\n\n%s" % (self.to, SHIPPING))
        return self.mail(("田中 一郎", "ichiro@tanaka.example"), "RE: 商品が届きません",
                         multipart("alternative", [text_part(text), text_part(html(text), "html")],
                                   "=_alt08"), extra=self.answered(2, "tanaka.example"))

    def same_subject_no_reference(self):
        text = "佐藤です。領収書の件、至急お願いできますでしょうか。本日が締め日です。\n"
        return self.mail(("佐藤 美咲", "keiri@komorebi.example"), "Re: 領収書の再発行のお願い",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP")

    def thanks(self):
        text = "早速のご対応ありがとうございました。無事に解決いたしました。\n"
        return self.mail(("高橋 健", "ken@takahashi.example"), "Re: 在庫について",
                         text_part(text), extra=self.answered(5, "takahashi.example"))

    # ---- attachments ----

    def photo_rfc2231(self):
        text = "割れていたお皿の写真を添付します。ご確認ください。\n伊藤\n"
        return self.mail(("伊藤 さくら", "sakura@ito.example"), "お皿の破損について（写真）",
                         multipart("mixed", [text_part(text), attachment(
                             png(), "image/png", "割れたお皿の写真.png")], "=_mix11"))

    def order_form_outlook(self):
        text = "注文書をお送りします。納期をご連絡ください。\n\n渡辺商店　渡辺\n"
        return self.mail(("渡辺商店", "order@watanabe.example"), "【注文書】タオル100枚",
                         multipart("mixed", [
                             text_part(text, charset="ISO-2022-JP"),
                             attachment(PDF, "application/pdf", "注文書_渡辺商店（11月分）.pdf",
                                        "ISO-2022-JP", "outlook"),
                             attachment(PDF, "application/pdf", "別紙①.pdf", "Shift_JIS")],
                             "----_=_NextPart_12"), "ISO-2022-JP")

    def inline_picture(self):
        page = html("ロゴがこのように表示されます。\n") + '<img src="cid:logo@nakamura.example">'
        picture = attachment(png(), "image/png", "logo.png").replace(
            b"Content-Disposition: attachment", b"Content-ID: <logo@nakamura.example>\r\n"
            b"Content-Disposition: inline")
        return self.mail(("中村", "nakamura@nakamura.example"), "サイトの表示がくずれます",
                         multipart("related", [text_part(page, "html"), picture], "=_rel13"))

    def forwarded(self):
        inner = self.mail(("小林 誠", "makoto@kobayashi.example"), "見積もりのお願い",
                          text_part("ギフト包装の見積もりをお願いします。20個です。\n"),
                          mid="inner.14@kobayashi.example")[1]
        return self.mail(("営業部 加藤", "kato@example.jp"), "Fwd: 見積もりのお願い",
                         multipart("mixed", [text_part("窓口で対応をお願いします。加藤\n"),
                                             message_part(inner)], "=_fwd14"))

    # ---- moods and kinds of people ----

    def complaint(self):
        text = ("何度問い合わせても返事がありません。いったいどうなっているんですか。\n"
                "注文番号 M-20233、もう二週間も待っています。責任者から連絡してください。\n"
                "このままなら消費生活センターに相談します。\n")
        return self.mail(("", "angry@yoshida.example"), "いい加減にしてください", text_part(text))

    def refund(self):
        text = ("二重に請求されています（8,800円が2回）。\n注文番号は M-20456 です。\n"
                "一回分の返金をお願いいたします。\n\n山本\n")
        return self.mail(("山本", "yamamoto@web.example"), "二重請求の返金について",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP")

    def phone_address(self):
        text = "キャンセルしたいです🙇 注文番号M-20510\nまだ間に合いますか？\n"
        return self.mail(("", '"hana..ko."@keitai.example'), None, text_part(text),
                         mid="17.phone@keitai.example", sender="hanako@keitai.example")

    def old_phone_raw_jis(self):
        body = head([("Content-Type", "text/plain")]) + b"\r\n" + \
            encode("電話番号を変更したいのですが、どこから手続きできますか。\r\n", "ISO-2022-JP")
        return self.mail(("", "kimura@keitai.example"), encode("電話番号の変更", "ISO-2022-JP"), body,
                         mid="18.phone@keitai.example")

    def no_charset_sjis(self):
        body = head([("Content-Type", "text/plain"), ("Content-Transfer-Encoding", "8bit")]) + \
            b"\r\n" + encode("ポイントの有効期限を教えてください。能登の表示も確認したいです。\r\n", "Shift_JIS")
        return self.mail(("", "point@mori.example"), words("ポイントについて", "Shift_JIS"), body)

    def flowed_qp(self):
        text = ("お届け先の住所を変更したいのですが、まだ間に合いますでしょうか。 \n"
                "新しい住所は 〒100-0001 東京都千代田区千代田1-1 です。\n\n林\n")
        return self.mail(("林 由美", "yumi@hayashi.example"), "お届け先の変更",
                         text_part(text, cte="quoted-printable", params="; format=flowed; delsp=yes"))

    def english(self):
        text = "Hello,\n\nDo you ship to Canada? I would like to order two tea cups.\n\nThanks,\nAlex\n"
        return self.mail(("Alex Green", "alex@green.example"), "International shipping",
                         text_part(text, charset="US-ASCII"))

    def form_notice(self):
        text = ("以下の内容でお問い合わせがありました。\n\n【お名前】松本 直樹\n"
                "【メールアドレス】naoki@matsumoto.example\n【電話番号】03-0000-0123\n"
                "【注文番号】M-20499\n【内容】\nギフト用の包装は選べますか。\n")
        return self.mail(("お問い合わせフォーム", "form@example.jp"), "【フォーム】お問い合わせ（松本 直樹様）",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP",
                         extra=[("Reply-To", "naoki@matsumoto.example")])

    def long_thread(self):
        text = "井上です。まだ解決していないようです。経緯を下に付けます。\n"
        old = "加湿器の給水ランプが消えません。\n取扱説明書のとおりに掃除しました。\n"
        for _ in range(6):
            old = "確認しましたが、変わりませんでした。\n\n" + quote(old) + "\n"
        return self.mail(("井上 徹", "toru@inoue.example"), "Re: Re: 加湿器の不具合",
                         text_part(text + "\n" + quote(old) + "\n"),
                         extra=[("In-Reply-To", "<lost.4711@inoue.example>"),
                                ("References", "<lost.4710@inoue.example>\r\n <lost.4711@inoue.example>")])

    # ---- machines ----

    def auto_reply(self):
        text = "ただいま休暇をいただいております。11月28日以降にご連絡いたします。\n（自動返信）\n"
        return self.mail(("清水", "shimizu@shimizu.example"), "自動応答: ご注文ありがとうございます",
                         text_part(text, charset="ISO-2022-JP"), "ISO-2022-JP",
                         extra=[("Auto-Submitted", "auto-replied"), ("Precedence", "bulk")], sender="")

    def bounce(self):
        original = self.mail(("みどり雑貨店", self.to), "Re: お問い合わせの件",
                             text_part("お問い合わせありがとうございます。\n"), mid="gone.25@example.jp")[1]
        return self.mail(("Mail Delivery System", "MAILER-DAEMON@mx.nowhere.example"),
                         "Undelivered Mail Returned to Sender",
                         report("kieta@nowhere.example", "5.1.1", "failed",
                                "550 5.1.1 User unknown", original, "=_dsn25", "mx.nowhere.example"),
                         extra=[("Auto-Submitted", "auto-replied")], sender="")

    def newsletter(self):
        text = "今週のおすすめ情報をお届けします。\n配信停止はこちら https://news.example/stop\n"
        return self.mail(("物流ニュース", "news@news.example"), "【物流ニュース】第482号",
                         multipart("alternative", [text_part(text), text_part(html(text), "html")],
                                   "=_news26"),
                         extra=[("List-Id", "<weekly.news.example>"), ("Precedence", "bulk"),
                                ("List-Unsubscribe", "<https://news.example/stop>")])

    def sales(self):
        text = ("突然のご連絡失礼いたします。株式会社あさひ広告の岡田と申します。\n"
                "貴社ECサイトの集客についてご提案がございます。\n15分ほどお時間をいただけませんでしょうか。\n")
        return self.mail(("株式会社あさひ広告 岡田", "okada@asahi-ad.example"), "【ご提案】集客支援サービスのご案内",
                         text_part(text))

    # ---- broken ----

    def empty(self):
        return self.mail(("", "empty@mori.example"), "",
                         head([("Content-Type", "text/plain; charset=UTF-8")]) + b"\r\n")

    def broken(self):
        name = parameter("filename", "壊れた添付.zip", "Shift_JIS", "raw")
        body = (b'Content-Type: multipart/mixed; boundary="=_never"\r\n\r\n--=_other\r\n'
                b"Content-Type: text/plain; charset=iso-2022-jp\r\n"
                b"Content-Transfer-Encoding: base64\r\n\r\n" +
                encode("添付が開けません。確認をお願いします。\r\n", "UTF-8") +
                b"--=_never\r\nContent-Disposition: attachment; " + name + b"\r\n"
                b"Content-Transfer-Encoding: base64\r\n\r\n!!!!====not base64====\r\n")
        return self.mail(("", "broken@mori.example"), encode("添付が開けない", "Shift_JIS"), body)

    def late_question(self):
        text = ("池田と申します。商品の使い方について質問です。\n電気ケトルの空焚き防止が働いた後、"
                "再び使うにはどうすればよいですか。\n保証書は手元にあります。\n")
        return self.mail(("池田 陽子", "yoko@ikeda.example"), "電気ケトルの使い方",
                         multipart("mixed", [multipart("alternative", [
                             text_part(text, charset="ISO-2022-JP"),
                             text_part(html(text, "ISO-2022-JP"), "html", "ISO-2022-JP")], "=_in30"),
                             attachment(png(64, 64), "image/jpeg", "保証書.jpg", "UTF-8", "raw")],
                             "=_out30"), "ISO-2022-JP")

    ORDER = (return_jis, shipping_alternative, receipt_sjis, password_html, stock_euc,
             nec_characters_jis, reply_own_mail, reply_outlook_style, same_subject_no_reference,
             thanks, photo_rfc2231, order_form_outlook, inline_picture, forwarded, complaint,
             refund, phone_address, old_phone_raw_jis, no_charset_sjis, flowed_qp, english,
             form_notice, long_thread, auto_reply, bounce, newsletter, sales, empty, broken,
             late_question)

    def __iter__(self):
        """(name, envelope sender, bytes)"""
        for self.n, make in enumerate(self.ORDER, 1):
            sender, raw = make(self)
            yield "%02d-%s" % (self.n, make.__name__.replace("_", "-")), sender, raw


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    ap.add_argument("folder")
    ap.add_argument("--to", default=DESK)
    args = ap.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    for name, _, raw in Samples(args.to):
        with open(os.path.join(args.folder, name + ".eml"), "wb") as f:
            f.write(raw)


if __name__ == "__main__":
    main()
