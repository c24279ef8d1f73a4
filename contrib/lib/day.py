"""A day at the desk, for quickstart --day: some eighty mails arrive hour by
hour, people answer, ask for approval, send back and approve, and in the middle
of it many customers meet the same trouble at once.

Mails come by IMAP as a server would give them, answers leave by SMTP, and every
step is an action of the person who does it. In a build with test faults the
desk's clock runs through the day; in others all of it happens now.
"""
import datetime
import email
import email.policy
import random
import re
import time

from desk import Desk, DeskError
from mailgen import date, head, text_part, words
from servers import ServersError, wait_until

# what is usual has to be known before anything can be unusual: so many days before
DAYS_BEFORE, MAILS_BEFORE = 16, 8
HOURS, TROUBLE_AT, TROUBLE_MAILS = 9, 5, 14
LENGTH_S = DAYS_BEFORE * 86400 + HOURS * 3600
STEP_S = 900
JST = datetime.timezone(datetime.timedelta(hours=9))

FAMILY = ("佐々木 山口 松本 井上 木村 林 清水 山崎 池田 橋本 阿部 石川 前田 小川 藤田 岡田 後藤 長谷川 村上 近藤 "
          "石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 岡本 中島 原田 小野 竹内 金子 和田 中山 石田 上田 森田").split()
GIVEN = "陽子 健太 由美 大輔 真由美 翔 恵 直樹 香織 拓也 美穂 誠 裕子 和也 智子 亮 さやか 浩二 愛 隆".split()

# subject, text; {order} is the order's number
ASKED = (
    ("商品が届きません", "注文番号 {order} の商品がまだ届いていません。発送状況を教えていただけますか。"),
    ("返品について", "注文番号 {order} の商品を返品したいのですが、送料はどちらの負担になりますか。"),
    ("サイズの交換", "先日購入した商品（{order}）のサイズが合いませんでした。交換は可能でしょうか。"),
    ("領収書の発行", "注文番号 {order} の領収書を発行していただきたいです。宛名は会社名でお願いします。"),
    ("お届け先の変更", "注文番号 {order} のお届け先を変更したいのですが、まだ間に合いますでしょうか。"),
    ("在庫について", "売り切れになっている商品は、次にいつごろ入荷する予定でしょうか。"),
    ("ログインできない", "パスワードを忘れてしまい、再設定のメールも届きません。どうすればよいですか。"),
    ("注文のキャンセル", "間違えて二つ注文してしまいました。{order} をキャンセルしてください。"),
    ("破損していました", "届いた商品（{order}）の箱がつぶれ、中の器が割れていました。写真が必要でしたら送ります。"),
    ("使い方について", "説明書を読んでも電源の入れ方が分かりません。教えてください。"),
    ("ポイントが付いていない", "先週の買い物（{order}）のポイントがまだ付いていないようです。ご確認ください。"),
    ("配達日時の指定", "{order} の配達を土曜日の午前中に指定したいのですが、できますか。"),
)
ANGRY = ("いいかげんにしてください", "三度目の連絡です。注文 {order} の返金がまだされていません。"
         "担当者によって言うことが違い、大変不愉快です。本日中に責任者から回答してください。")
TROUBLE = ("決済でエラーになります", "クレジットカードで決済しようとすると「エラー E-503」と表示されて購入できません。"
           "何度試しても同じです。注文はできているのでしょうか。")
BACK = ("ご連絡ありがとうございます。もう一点、到着の予定日も教えていただけますか。",
        "早速のご回答ありがとうございました。助かりました。",
        "承知しました。それでは手続きをお願いいたします。")


class Day:
    def __init__(self, desk, servers, say, value, samples=()):
        """say(text): tells what happens; value(slot): what is typed there; samples: raw mails
        that come besides."""
        self.desk, self.servers, self.say, self.value = desk, servers, say, value
        self.samples = list(samples)
        self.random = random.Random(20261122)
        self.sent = 0
        self.people = {}        # address: name
        self.answered = set()   # Message-IDs of our replies that were looked at

    # ---- the clock -------------------------------------------------------

    def now(self):
        return self.desk.call("status")["now_s"]

    def pass_time(self, seconds):
        if self.moves:
            self.desk.call("clock.advance", seconds=seconds)

    # ---- arrivals --------------------------------------------------------

    def customer(self):
        name = self.random.choice(FAMILY) + " " + self.random.choice(GIVEN)
        address = "c%03d@customer.example" % (len(self.people) + 1)
        self.people[address] = name
        self.servers.add_user(address, "customer-secret")
        return address

    def arrive(self, address, subject, text, extra=()):
        self.sent += 1
        when = datetime.datetime.fromtimestamp(self.now(), JST)
        name = self.people.get(address, "")
        body = "%s\n\n%s\n\nよろしくお願いいたします。\n\n%s\n" % (
            "サポートご担当者様", text.format(order="M-%05d" % self.random.randint(20000, 29999)), name)
        raw = head([("From", words(name) + b" <" + address.encode() + b">"), ("To", Desk.ADDRESS),
                    ("Subject", words(subject)), ("Date", date(when)),
                    ("Message-ID", "<day%d@customer.example>" % self.sent),
                    ("MIME-Version", "1.0"), *extra]) + text_part(body)
        self.put(raw, when)

    def put(self, raw, when):
        with self.servers.mailbox(Desk.ADDRESS) as box:
            box.append("INBOX", None, when, raw)

    def taken_in(self, before, n):
        wait_until("the mails", lambda: self.desk.delivered() >= before + n, 120, self.desk.alive)

    # ---- the work of people ----------------------------------------------

    def attempt(self, act, as_, **args):
        """None where the desk refuses: people, too, are told no."""
        try:
            return self.desk.call(act, as_=as_, **args)
        except DeskError:
            return None

    def answer(self, who, number):
        ranked = (self.attempt("suggest", who, ticket=number) or {}).get("ranked") or []
        if not ranked:
            return None
        shown = self.desk.call("template.preview", as_=who, id=ranked[0]["id"])
        slots = {name: self.value(name) for name in shown["open"] if not name.startswith("customer.")}
        made = self.attempt("draft.new", who, ticket=number, template=ranked[0]["id"], slots=slots)
        if not made:
            return None
        if self.attempt("draft.submit", who, draft=made["draft"], override="内容を確認しました"):
            return made["draft"]
        return None

    def operators(self, hour):
        for who, n in (("sato", 4), ("tanaka", 3)):
            for _ in range(n):
                got = self.attempt("ticket.next", who)
                if not got or not got.get("ticket"):
                    return
                number = got["ticket"]
                dice = self.random.random()
                if dice < 0.1:
                    self.attempt("ticket.hold", who, ticket=number, reason="倉庫に在庫を確認中")
                elif dice < 0.2:
                    self.attempt("comment.add", who, ticket=number,
                                 text="@suzuki 返金の可否を確認してください。")
                    self.attempt("ticket.label", who, ticket=number, add=["要確認"])
                else:
                    self.answer(who, number)
        if hour == 3:
            self.attempt("ticket.new", "tanaka", window="support", kind="phone", subject="配送の遅れ（電話）",
                         text="配送が遅れているとのお電話。折り返しをご希望。", name="森田 隆", phone="03-0000-1234")

    def lead(self, all_of_them=False):
        for i, row in enumerate(self.desk.call("approval.list", as_="suzuki")["approvals"]):
            shown = self.desk.call("approval.show", as_="suzuki", draft=row["draft"])
            if i % 5 == 4 and not all_of_them:
                self.attempt("return", "suzuki", draft=row["draft"], code=self.reason,
                             note="お届け予定日を具体的に書いてください。")
            elif i % 7 != 6 or all_of_them:    # some are left for who looks on
                self.attempt("approve", "suzuki", draft=row["draft"],
                             confirm=(shown.get("confirm") or {}).get("code") or "", override="確認しました")

    def mend(self):
        """Of each the first that came back is written better and asked for again."""
        for who in ("sato", "tanaka"):
            rows = self.desk.call("ticket.list", as_=who, state="returned")["tickets"]
            for row in rows[:1]:
                shown = self.desk.call("ticket.show", as_=who, ticket=row["ticket"])
                for d in shown.get("drafts", []):
                    if d.get("state") != "returned":
                        continue
                    body = self.desk.call("draft.show", as_=who, draft=d["draft"])["body"]
                    mended = body.replace("今しばらくお待ち", "11月30日（月）まで今しばらくお待ち") + "\n"
                    if self.attempt("draft.edit", who, draft=d["draft"], body=mended):
                        self.attempt("draft.submit", who, draft=d["draft"], override="日付を入れました")

    def customers_answer(self, most):
        """Who got a reply writes again: some ask on, some say thank you."""
        n = 0
        for address in list(self.people):
            for raw in self.servers.mails(address):
                m = email.message_from_bytes(raw, policy=email.policy.default)
                if m["Message-ID"] in self.answered or m["Auto-Submitted"] not in (None, "no"):
                    continue
                self.answered.add(m["Message-ID"])
                if n < most and self.random.random() < 0.5:
                    n += 1
                    self.arrive(address, "Re: " + re.sub(r"^(Re: )+", "", m["Subject"] or ""),
                                self.random.choice(BACK),
                                [("In-Reply-To", m["Message-ID"]), ("References", m["Message-ID"])])
        return n

    def trouble(self):
        self.say("many customers meet the same error at the till")
        for _ in range(TROUBLE_MAILS):
            self.arrive(self.customer(), *TROUBLE)

    def tell_of_trouble(self):
        """The lead says that it is one, and all of them get an answer at once."""
        def found():
            return self.desk.call("incident.list", as_="suzuki")["incidents"]
        try:
            incident = wait_until("the surge", found, 60, self.desk.alive)[0]["incident"]
        except ServersError:
            self.say("the desk did not take it for a surge")
            return
        self.attempt("incident.verdict", "suzuki", incident=incident, verdict="real")
        ranked = self.desk.call("template.list", as_="suzuki")["templates"]
        template = next((t["id"] for t in ranked if "outage" in t["id"] or "障害" in t["title"]
                         or "不具合" in t["title"]), ranked[0]["id"])
        shown = self.desk.call("template.preview", as_="suzuki", id=template)
        slots = {name: self.value(name) for name in shown["open"] if not name.startswith("customer.")}
        done = self.attempt("incident.draft", "sato", incident=incident, template=template, slots=slots)
        self.say("incident %d: %d replies drafted at once" % (incident, len((done or {}).get("replies", []))))

    # ---- the day ---------------------------------------------------------

    def days_before(self):
        """Quiet ones: what comes is answered or put away the same day."""
        for _ in range(DAYS_BEFORE):
            start, before = time.monotonic(), self.desk.delivered()
            for _ in range(MAILS_BEFORE):
                self.arrive(self.customer(), *self.random.choice(ASKED))
            self.taken_in(before, MAILS_BEFORE)
            for i in range(MAILS_BEFORE):
                got = self.attempt("ticket.next", "sato") or {}
                if not got.get("ticket"):
                    break
                if i >= 2 or not self.answer("sato", got["ticket"]):
                    self.attempt("ticket.close", "sato", ticket=got["ticket"], kind="no_reply")
            self.lead(all_of_them=True)
            self.pass_time(86400 - int(time.monotonic() - start))

    def run(self):
        self.moves = True
        try:
            self.desk.call("clock.advance", seconds=0)
        except DeskError:
            self.moves = False
            self.say("this build cannot move its clock: the whole day happens now")
        self.reason = self.desk.call("approval.reasons", as_="suzuki")["reasons"][0]["code"]
        self.desk.call("golive", mode="live")
        if self.moves:
            self.say("%d quiet days come first" % DAYS_BEFORE)
            self.days_before()
        for hour in range(HOURS):
            start, before, n = time.monotonic(), self.desk.delivered(), 0
            for _ in range(self.random.randint(5, 8)):
                self.arrive(self.customer(), *self.random.choice(ASKED))
                n += 1
            for raw in self.samples[hour::HOURS]:
                self.put(raw, datetime.datetime.fromtimestamp(self.now(), JST))
                n += 1
            if hour == 2:
                self.arrive(self.customer(), *ANGRY)
                n += 1
            if hour == TROUBLE_AT:
                self.trouble()
                n += TROUBLE_MAILS
            n += self.customers_answer(3)
            self.taken_in(before, n)
            self.operators(hour)
            self.mend()
            self.pass_time(STEP_S)
            self.lead()
            if hour == TROUBLE_AT + 1:   # an hour is judged once it is over
                self.tell_of_trouble()
            self.pass_time(3600 - STEP_S - int(time.monotonic() - start))
            self.say("hour %d: %d mails came" % (hour + 1, n))
        self.lead()
        self.attempt("handover", "tanaka", **{"from": "tanaka", "to": "sato", "note": "本日の早番を終わります。"})
