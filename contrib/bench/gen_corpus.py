#!/usr/bin/env python3
"""A corpus of Japanese support mails for the benchmarks.

    gen_corpus.py FOLDER [-n 10000] [--seed 1] [--to ADDRESS]

writes FOLDER/Maildir (new/) and FOLDER/truth.tsv (message_id, thread). About
25 kB a mail on average; UTF-8, ISO-2022-JP and Shift_JIS; plain, HTML and both;
a fifth with attachments; two fifths are replies within threads, some are
auto-replies and bounces. The same seed gives the same bytes.
"""
import argparse
import datetime
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from mailgen import (JST, attachment, date, head, html, multipart, quote, report,  # noqa: E402
                     text_part, words)

FAMILY = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上".split()
GIVEN = "陽子 健一 美咲 大輔 由美 翔太 恵 直樹 さくら 誠 真由美 徹 花子 一郎 葵 悟".split()
DOMAINS = ("mail.example", "post.example.jp", "company.example", "keitai.example", "univ.example")
GOODS = "加湿器 マグカップ 電気ケトル タオル 掃除機 炊飯器 毛布 本棚 照明 傘 水筒 座布団".split()
# category: (subjects, sentences); {g} goods, {o} order, {d} day
TOPICS = {
    "shipping": (("{g}が届きません", "配送状況について（{o}）", "お届け日の変更"), (
        "{d}に注文した{g}がまだ届いていません。", "配送状況を教えていただけますでしょうか。",
        "追跡番号で調べましたが、更新されていないようです。", "お届け日を変更することはできますか。",
        "不在票が入っていましたが、再配達の手続きができませんでした。")),
    "return": (("返品について", "{g}の返品・交換のお願い", "不良品のご連絡"), (
        "届いた{g}に傷がありました。", "返品または交換をお願いしたいと思います。",
        "返送の送料はどちらの負担になりますか。", "箱を開けたところ、部品が足りませんでした。",
        "保証期間内だと思いますが、確認をお願いします。")),
    "billing": (("請求書の件（{o}）", "領収書の発行をお願いします", "二重請求について"), (
        "注文番号{o}の領収書を発行していただけますか。", "宛名は会社名でお願いいたします。",
        "カードの明細に同じ金額が二回載っています。", "お支払い方法を銀行振込に変更したいです。",
        "請求金額が見積もりと異なるようです。")),
    "account": (("ログインできません", "パスワードの再設定", "登録情報の変更"), (
        "会員ページにログインできなくなりました。", "パスワード再設定のメールが届きません。",
        "登録しているメールアドレスを変更したいです。", "退会の手続きを教えてください。",
        "認証コードを入力してもエラーになります。")),
    "product": (("{g}の使い方", "在庫の問い合わせ", "{g}の部品について"), (
        "{g}の使い方について質問があります。", "説明書を読みましたが、よく分かりませんでした。",
        "再入荷の予定はありますか。", "色違いの{g}も購入できますか。", "交換用の部品だけを注文できますか。")),
}
OPENERS = ("お世話になっております。{n}です。", "はじめまして。{n}と申します。", "いつもお世話になっております。",
           "{n}と申します。お忙しいところ失礼いたします。")
CLOSERS = ("よろしくお願いいたします。", "お手数をおかけしますが、ご確認をお願いいたします。", "ご回答をお待ちしております。",
           "どうぞよろしくお願い申し上げます。")
FILLERS = ("先日もお電話で問い合わせたのですが、担当の方が不在とのことでした。",
           "急ぎではありませんが、今週中にお返事をいただけると助かります。",
           "家族も楽しみにしていましたので、残念に思っています。", "以前に購入したときは問題なく使えていました。",
           "念のため、購入時の控えは手元に残してあります。", "ご都合のよい時間帯にご連絡いただいてもかまいません。")
ANSWER = ("{n}様\n\nお問い合わせいただきありがとうございます。サポート窓口でございます。\n"
          "ご不便をおかけして申し訳ございません。\n確認のうえ、改めてご連絡いたします。\n")
REPLY = ("ご連絡ありがとうございます。承知いたしました。", "まだ状況が変わらないようです。",
         "ご案内のとおりに試しましたが、うまくいきませんでした。", "追加の情報をお送りします。",
         "お返事が遅くなり申し訳ありません。")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = (("写真{k}.jpg", "image/jpeg"), ("注文書（{o}）.pdf", "application/pdf"),
         ("明細{k}.xlsx", SHEET), ("IMG_{k}.png", "image/png"))
OFFICE_P = ('<p class="MsoNormal" style="margin:0mm;font-size:10.5pt;font-family:\'Yu Gothic\','
            'sans-serif;color:#1F497D"><span lang="JA" style="mso-fareast-language:JA">')
OFFICE_CSS = "\n".join(".c%d { margin: %dpx; font-family: Meiryo; color: #%06x }" % (i, i, i * 4099)
                       for i in range(120))
SUPPORT = "support@example.jp"


class Corpus:
    def __init__(self, count, seed, to):
        self.rng = random.Random(seed)
        self.count, self.to = count, to
        self.noise = self.rng.randbytes(1 << 20)       # attachments are slices of it
        self.threads = []              # [number, person, subject, ids, last text, sentences]
        self.when = datetime.datetime(2026, 9, 1, 9, 0, tzinfo=JST)

    def person(self):
        rng = self.rng
        return dict(name=rng.choice(FAMILY) + " " + rng.choice(GIVEN),
                    mail="user%06d@%s" % (rng.randrange(10 ** 6), rng.choice(DOMAINS)),
                    charset=rng.choices(("UTF-8", "ISO-2022-JP", "Shift_JIS"), (60, 30, 10))[0],
                    shape=rng.choices(("plain", "alternative", "html"), (50, 42, 8))[0],
                    wordy=rng.lognormvariate(0.0, 0.8), office=rng.random() < 0.6)

    def fill(self, text, person):
        rng = self.rng
        return text.format(n=person["name"].split()[0], g=rng.choice(GOODS), k=rng.randrange(1000),
                           o="M-%05d" % rng.randrange(10 ** 5), d="%d日" % rng.randint(1, 28))

    def text(self, person, sentences, openers):
        rng = self.rng
        body = [rng.choice(openers)]
        for _ in range(2 + int(4 * person["wordy"])):
            body.append("".join(rng.choice(rng.choice((sentences, FILLERS)))
                                for _ in range(rng.randint(1, 3))))
        body.append(rng.choice(CLOSERS))
        return self.fill("\n\n".join(body), person) + "\n\n-- \n%s\n%s\n" % (
            person["name"], person["mail"])

    @staticmethod
    def page(text, person):
        page = html(text, person["charset"])
        if person["office"]:           # about five times the size, as in life
            page = page.replace("<div>", OFFICE_P).replace("</div>", "</span></p>")
            page = page.replace("</style>", OFFICE_CSS + "</style>")
        return page

    def body(self, person, text, boundary):
        rng, charset = self.rng, person["charset"]
        cte = "7bit" if charset == "ISO-2022-JP" else rng.choice(
            ("base64", "quoted-printable", "8bit"))
        body = text_part(text, charset=charset, cte=cte)
        if person["shape"] != "plain":
            page = text_part(self.page(text, person), "html", charset,
                             rng.choice(("base64", "quoted-printable")))
            body = page if person["shape"] == "html" else \
                multipart("alternative", [body, page], "alt" + boundary)
        if rng.random() < 0.21:
            parts = [body]
            for _ in range(rng.choice((1, 1, 1, 2))):
                name, kind = rng.choice(FILES)
                size = min(int(rng.lognormvariate(10.4, 0.8)), 400000)
                at = rng.randrange(len(self.noise) - size)
                parts.append(attachment(self.noise[at:at + size], kind, self.fill(name, person),
                                        charset, rng.choice(("rfc2231", "outlook"))))
            body = multipart("mixed", parts, "mix" + boundary)
        return body

    def wrap(self, person, subject, body, mid, extra=()):
        rng = self.rng
        trail = [("Return-Path", "<%s>" % person["mail"])] + [
            ("Received", "from %s (%s [192.0.2.%d])\r\n\tby mx%d.example.jp with ESMTPS id %08x\r\n\t"
             "for <%s>; %s" % (d, d, rng.randint(1, 254), i, rng.getrandbits(32), self.to,
                               date(self.when)))
            for i, d in enumerate((person["mail"].split("@")[1], "relay.example.jp"))]
        return head([*trail, ("From", words(person["name"], person["charset"]) +
                              b" <" + person["mail"].encode() + b">"),
                     ("To", self.to), ("Subject", words(subject, person["charset"])),
                     ("Date", date(self.when)), ("Message-ID", "<%s>" % mid), *extra,
                     ("MIME-Version", "1.0")]) + body

    def new(self, mid, boundary):
        person = self.person()
        subjects, sentences = self.rng.choice(list(TOPICS.values()))
        subject = self.fill(self.rng.choice(subjects), person)
        text = self.text(person, sentences, OPENERS)
        thread = [len(self.threads) + 1, person, subject, [mid], text, sentences]
        self.threads.append(thread)
        return thread, self.wrap(person, subject, self.body(person, text, boundary), mid)

    def earlier(self):
        back = min(int(self.rng.expovariate(1 / 200)), len(self.threads) - 1)
        return self.threads[-1 - back]

    @staticmethod
    def references(thread, answer):
        return [("In-Reply-To", "<%s>" % answer),
                ("References", "\r\n ".join("<%s>" % i for i in [*thread[3][-8:], answer]))]

    @staticmethod
    def answer_id(mid):
        return "answer.%s@example.jp" % mid.split("@")[0]

    def reply(self, mid, boundary):
        thread = self.earlier()
        _, person, subject, ids, last, sentences = thread
        text = self.text(person, sentences, REPLY)
        quoted = text + "\n" + quote(self.fill(ANSWER, person) + "\n" + quote(last)) + "\n"
        raw = self.wrap(person, "Re: " + subject, self.body(person, quoted, boundary), mid,
                        self.references(thread, self.answer_id(mid)))
        ids += [self.answer_id(mid), mid]
        thread[4] = text
        return thread, raw

    def auto(self, mid, _boundary):
        thread = self.earlier()
        text = "ただいま不在にしております。戻り次第ご連絡いたします。\n（このメールは自動返信です）\n"
        return thread, self.wrap(thread[1], "自動応答: " + thread[2], text_part(text), mid, [
            *self.references(thread, self.answer_id(mid)), ("Auto-Submitted", "auto-replied")])

    def bounce(self, mid, boundary):
        thread = self.earlier()
        robot = dict(name="Mail Delivery System", mail="MAILER-DAEMON@mx.example", charset="UTF-8")
        original = head([("From", SUPPORT), ("To", thread[1]["mail"]),
                         ("Message-ID", "<%s>" % self.answer_id(mid)),
                         ("In-Reply-To", "<%s>" % thread[3][-1])]) + \
            text_part("お問い合わせありがとうございます。\n")
        return thread, self.wrap(
            robot, "Undelivered Mail Returned to Sender",
            report(thread[1]["mail"], "5.1.1", "failed", "550 5.1.1 User unknown", original,
                   "dsn" + boundary), mid, [("In-Reply-To", "<%s>" % thread[3][-1])])

    def mails(self):
        """(message id, thread number, raw)"""
        for i in range(self.count):
            self.when += datetime.timedelta(seconds=self.rng.randint(1, 600))
            mid = "c%06d.%08x@%s" % (i, self.rng.getrandbits(32), self.rng.choice(DOMAINS))
            make = self.new if not self.threads else self.rng.choices(
                (self.new, self.reply, self.auto, self.bounce), (58, 40, 1, 1))[0]
            thread, raw = make(mid, "%08x" % self.rng.getrandbits(32))
            yield mid, thread[0], raw


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    ap.add_argument("folder")
    ap.add_argument("-n", type=int, default=10000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--to", default=SUPPORT)
    args = ap.parse_args()
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(args.folder, "Maildir", sub))
    total = 0
    corpus = Corpus(args.n, args.seed, args.to)
    with open(os.path.join(args.folder, "truth.tsv"), "w", encoding="utf-8") as truth:
        for i, (mid, thread, raw) in enumerate(corpus.mails()):
            name = "%d.M%06dP1.bench" % (corpus.when.timestamp(), i)
            with open(os.path.join(args.folder, "Maildir", "new", name), "wb") as f:
                f.write(raw)
            truth.write("%s\t%d\n" % (mid, thread))
            total += len(raw)
    print("%d mails, %d threads, %d bytes on average" % (
        args.n, len(corpus.threads), total // max(args.n, 1)))


if __name__ == "__main__":
    main()
