#!/usr/bin/env python3
"""madoguchi import --dry-run: which mails become one ticket.

Each case is a small mailbox and the groups that its mails should form,
whatever order they arrive in.
"""
import itertools
import random

from sorted_mails import A, B, C, D, NEWS, US
from sorted_mails import bounce, groups, mail, newsletter, ok, plan, same

# name: [(group, mail)], whether --own is told
CASES = {
    "a reply with References": [
        (1, mail("a1@a", A, "返品について")),
        (1, mail("u1@u", US, "Re: 返品について", to=A, refs=["a1@a"])),
        (1, mail("a2@a", A, "Re: Re: 返品について", refs=["a1@a", "u1@u"])),
        (2, mail("b1@b", B, "返品について"))],
    "our reply was never seen": [
        (1, mail("a1@a", A, "注文の件")),
        (1, mail("a2@a", A, "Re: 注文の件", refs=["a1@a", "gone@u"],
                 irt="gone@u"))],
    "only a mail that nobody has links two of one person": [
        (1, mail("a1@a", A, "Re: 見積", irt="gone@u")),
        (1, mail("a2@a", A, "Re: 見積", irt="gone@u"))],
    "a mail that bridges two": [
        (1, mail("a1@a", A, "一つめ")),
        (1, mail("a2@a", A, "二つめ")),
        (1, mail("a3@a", A, "両方の件", refs=["a1@a", "a2@a"])),
        (2, mail("b1@b", B, "一つめ"))],
    "a chain of bridges": [
        (1, mail(f"c{i}@a", A, f"件名{i}")) for i in range(6)] + [
        (1, mail(f"d{i}@a", A, "つなぎ", refs=[f"c{i}@a", f"c{i + 1}@a"]))
        for i in range(5)],
    "strangers with one subject": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (3, mail("c1@c", C, "Re: お問い合わせ")),
        (4, mail("d1@d", A, "お問い合わせ"))],
    "people who answer a newsletter that we hold": [
        (1, newsletter("n1@n")),
        (2, mail("a1@a", A, "Re: 今月のお知らせ", to=NEWS, irt="n1@n")),
        (3, mail("b1@b", B, "Re: 今月のお知らせ", to=NEWS, irt="n1@n")),
        (4, mail("c1@c", C, "退会したい", to=NEWS, refs=["n1@n"]))],
    "people who answer a newsletter that nobody holds": [
        (1, mail("a1@a", A, "Re: 今月のお知らせ", to=NEWS, irt="n1@n")),
        (2, mail("b1@b", B, "Re: 今月のお知らせ", to=NEWS, irt="n1@n")),
        (2, mail("b2@b", B, "Re: 今月のお知らせ", to=NEWS,
                 refs=["n1@n", "b1@b"]))],
    "a newsletter to one person is that person's": [
        (1, newsletter("n1@n", to=A)),
        (1, mail("a1@a", A, "Re: 今月のお知らせ", to=NEWS, irt="n1@n")),
        (2, newsletter("n2@n", to=B)),
        (2, mail("b1@b", B, "Re: 今月のお知らせ", to=NEWS, irt="n2@n"))],
    "our answer to somebody's newsletter": [
        (1, newsletter("n1@v", frm=B, to=US)),
        (1, mail("u1@u", US, "Re: 今月のお知らせ", to=B, irt="n1@v")),
        (1, mail("b1@b", B, "Re: Re: 今月のお知らせ",
                 refs=["n1@v", "u1@u"]))],
    "reports about mails to many": [
        (1, newsletter("n1@n")),
        (1, bounce("x1@mx", NEWS, "n1@n")),
        (1, bounce("x2@mx", NEWS, "n1@n", frm="postmaster@b.example.jp")),
        (2, mail("a1@a", A, "Re: 今月のお知らせ", to=NEWS, irt="n1@n"))],
    "a colleague takes over": [
        (1, mail("a1@a", A, "請求書", to=f"{US}", Cc=B)),
        (1, mail("b1@b", B, "Re: 請求書", refs=["a1@a"])),
        (1, mail("b2@b", C, "RE: 請求書", refs=["a1@a", "b1@b"]))],
    "a stranger names our thread with another subject": [
        (1, mail("a1@a", A, "請求書")),
        (2, mail("b1@b", B, "全く別の話", refs=["a1@a"]))],
    "the same mail again": [
        (1, mail("a1@a", A, "返品")),
        (1, mail("a1@a", A, "返品")),
        (1, mail("a1@a", A, "返品"))],
    "the same id on other mails": [
        (1, mail("1@localhost", A, "注文", "一")),
        (2, mail("1@localhost", B, "在庫", "二")),
        (3, mail("1@localhost", C, "配送", "三")),
        (2, mail("b2@b", B, "Re: 在庫", refs=["1@localhost"]))],
    "one mail directly and through a list": [
        (1, mail("a1@a", A, "会議", "本文です。\n\n")),
        (1, mail("a1@a", A, "[list:12] 会議",
                 "本文です。\n\n-- \nlist@example.jp の案内"))],
    "one id for all mails of a device": [
        (1, mail("1@localhost", A, "通知", "一件目")),
        (2, mail("1@localhost", A, "通知", "二件目"))],
    "no Message-ID at all": [
        (1, mail(None, A, "電話番号", "一")),
        (2, mail(None, A, "電話番号", "二")),
        (3, mail(None, B, "電話番号", "一"))],
    "no Message-ID, twice the same": [
        (1, mail(None, A, "電話番号", "一")),
        (1, mail(None, A, "電話番号", "一"))],
    "a phone that keeps no References": [
        (1, mail("a1@a", '"k..taro."@docomo.ne.jp', "予約")),
        (1, mail("u1@u", US, "Re: 予約", to='"k..taro."@docomo.ne.jp',
                 refs=["a1@a"])),
        (2, mail("a2@a", "k..taro.@docomo.ne.jp", "Re: 予約"))],
    "a bounce of a mail we hold": [
        (1, mail("a1@a", A, "予約")),
        (1, mail("u1@u", US, "Re: 予約", to=A, refs=["a1@a"])),
        (1, bounce("x1@mx", US, "u1@u")),
        (2, bounce("x2@mx", US, "unknown@u"))],
    "guesses of a subject tag": [
        (1, mail("a1@a", A, "予約")),
        (2, mail("b1@b", B, "[#10001] 予約")),
        (3, mail("b2@b", B, "[お客様窓口 #10001-abcd] 予約")),
        (4, mail("c1@c", C, "Re: [#10002] 別件"))],
    "two circles that only share our address": [
        (1, mail("a1@a", A, "Re: お知らせ", irt="n1@n")),
        (1, mail("u1@u", US, "Re: Re: お知らせ", to=A,
                 refs=["n1@n", "a1@a"])),
        (2, mail("b1@b", B, "Re: お知らせ", irt="n1@n")),
        (2, mail("u2@u", US, "Re: Re: お知らせ", to=B,
                 refs=["n1@n", "b1@b"]))],
    "a colleague who was in Cc answers a mail that we never saw": [
        (1, mail("a1@a", A, "Re: 会議", Cc=B, irt="gone@a")),
        (1, mail("b1@b", B, "Re: 会議", irt="gone@a")),
        (2, mail("c1@c", C, "Re: 会議", irt="gone@a"))],
    "undisclosed recipients": [
        (1, mail("a1@a", A, "Re: 会議", to="undisclosed-recipients:;",
                 irt="gone@a")),
        (1, mail("a2@a", A, "Re: 会議", irt="gone@a"))],
    "our answers to strangers about one notice": [
        (1, mail("u1@u", US, "Re: お知らせ", to=A, refs=["n1@n", "x@a"])),
        (2, mail("u2@u", US, "Re: お知らせ", to=B, refs=["n1@n", "x@b"])),
        (3, mail("c1@c", C, "Re: お知らせ", irt="n1@n"))],
    "replies after more than a month": [
        (1, mail("a1@a", A, "点検", date="Mon, 05 Jan 2026 09:00:00 +0900")),
        (1, mail("a2@a", A, "Re: 点検", refs=["a1@a"],
                 date="Fri, 20 Nov 2026 09:00:00 +0900"))],
    "an automatic answer to our reply": [
        (1, mail("a1@a", A, "質問")),
        (1, mail("u1@u", US, "Re: 質問", to=A, refs=["a1@a"])),
        (1, mail("v1@a", A, "自動返信: Re: 質問", irt="u1@u",
                 Auto_Submitted="auto-replied"))],
    "Cc'd strangers of two matters": [
        (1, mail("a1@a", A, "会議", Cc=D)),
        (2, mail("b1@b", B, "会議", Cc=D)),
        (1, mail("a2@d", D, "Re: 会議", to=A, Cc=US, refs=["a1@a"])),
        (2, mail("b2@d", D, "Re: 会議", to=B, Cc=US, refs=["b1@b"]))],
    "a group put its own address in From": [
        (1, mail("a1@a", A, "会議")),
        (1, mail("a1@a", "'A' via Support <support@groups.example.jp>",
                 "会議", "本文です。\n-- \n案内", Reply_To=A))],
    "a gateway put a notice above the text": [
        (1, mail("a1@a", A, "会議", "本文です。二行です。")),
        (1, mail("a1@a", A, "[SPAM?] 会議",
                 "【社外からのメールです】\n本文です。二行です。"))],
    "a list that feeds itself": [
        (1, mail("a1@a", A, "会議")),
        (1, mail("a1@a", A, "[l:1] 会議", "本文です。\n--\nlist")),
        (1, mail("a1@a", A, "[l:2] 会議", "本文です。\n--\nlist\n--\nlist"))],
    "the person goes on from the address of Reply-To": [
        (1, mail("a1@a", A, "質問", Reply_To="a@home.example")),
        (1, mail("a2@p", "a@home.example", "追加です", refs=["a1@a"]))],
    "two machines that answer each other": [
        (1, mail("a1@a", A, "質問")),
        (1, mail("u1@u", US, "Re: 質問", to=A, refs=["a1@a"],
                 Auto_Submitted="auto-replied")),
        (1, mail("v1@a", A, "不在: Re: 質問", irt="u1@u",
                 Auto_Submitted="auto-replied")),
        (1, mail("u2@u", US, "Re: 不在: Re: 質問", to=A,
                 refs=["u1@u", "v1@a"], Auto_Submitted="auto-replied")),
        (1, mail("v2@a", A, "不在: Re: 不在: Re: 質問", irt="u2@u",
                 Auto_Submitted="auto-replied"))],
    "ids that say nothing": [
        (1, mail("a1@a", A, "質問", In_Reply_To="<>")),
        (2, mail("b1@b", B, "質問", In_Reply_To="<>")),
        (3, mail("c1@c", C, "質問", In_Reply_To="<null@localhost>")),
        (4, mail("d1@d", D, "質問", In_Reply_To="<null@localhost>"))],
    "people of one company with one subject": [
        (1, mail("a1@corp", "x@corp.example.jp", "納期について")),
        (2, mail("a2@corp", "y@corp.example.jp", "納期について"))],
    "a colleague forwards what came to him": [
        (1, mail("s1@u", "staff@shop.example.jp", "Fwd: 在庫", refs=["b1@b"])),
        (2, mail("s2@u", "staff@shop.example.jp", "Fwd: 納期", refs=["c1@c"]))],
    "one who is part of both": [
        (1, mail("a1@a", A, "見積", Cc=D)),
        (1, mail("b1@b", B, "見積", Cc=D)),
        (1, mail("d1@d", D, "Re: 見積", refs=["a1@a", "b1@b"]))],
    "a colleague who was never in Cc": [
        (1, mail("a1@a", A, "契約更新")),
        (1, mail("u1@u", US, "Re: 契約更新", to=A, refs=["a1@a"])),
        (1, mail("k1@a", "k@a.example.jp", "RE: 契約更新",
                 refs=["a1@a", "u1@u"], Cc=A))],
    "a colleague who names only our answer": [
        (1, mail("a1@a", A, "契約更新")),
        (1, mail("u1@u", US, "Re: 契約更新", to=A, refs=["a1@a"])),
        (1, mail("k1@a", "k@a.example.jp", "RE: 契約更新", refs=["u1@u"]))],
    "a colleague at the end of a long exchange": [
        (1, mail("a1@a", A, "契約更新")),
        (1, mail("u1@u", US, "Re: 契約更新", to=A, irt="a1@a")),
        (1, mail("a2@a", A, "Re: 契約更新", refs=["u1@u"])),
        (1, mail("u2@u", US, "Re: 契約更新", to=A,
                 refs=["a1@a", "u1@u", "a2@a"])),
        (1, mail("k1@a", "k@a.example.jp", "RE: 契約更新",
                 refs=["a1@a", "u1@u", "a2@a", "u2@u"]))],
    "a colleague who names all of a torn exchange": [
        (1, mail("a1@a", A, "契約更新")),
        (1, mail("a2@a", A, "Re: 契約更新", refs=["gone@u"])),
        (1, mail("k1@a", "k@a.example.jp", "RE: 契約更新", Cc=A,
                 refs=["a1@a", "gone@u", "a2@a"]))],
    "our answer to a colleague's comes before it": [
        (1, mail("a1@a", A, "契約更新")),
        (1, mail("k1@a", "k@a.example.jp", "RE: 契約更新", Cc=A,
                 refs=["a1@a"])),
        (1, mail("u1@u", US, "Re: 契約更新", to=A, refs=["k1@a"]))],
    "the person goes on from home": [
        (1, mail("a1@a", A, "鍵の件")),
        (1, mail("h1@h", "taro@home.example", "Re: 鍵の件",
                 refs=["a1@a", "gone@u"])),
        (1, mail("h2@h", "taro@home.example", "Re: 鍵の件",
                 refs=["a1@a", "gone@u", "h1@h"])),
        (2, mail("h3@h", "taro@home.example", "鍵の件"))],
    "a forward inside a mail is not the mail": [
        (1, mail("a1@a", A, "領収書")),
        (2, mail("c1@c", C, "転送します",
                 "--b\nContent-Type: text/plain\n\nsee\n--b\n"
                 "Content-Type: message/rfc822\n\n" +
                 mail("a1@a", A, "領収書").decode() + "\n--b--",
                 Content_Type='multipart/mixed; boundary="b"'))],
    "a newsletter used as an address book": [
        (1, newsletter("n1@n")),
        (2, mail("a1@a", A, "商品の不良について", refs=["n1@n"])),
        (3, mail("b1@b", B, "商品の不良について", refs=["n1@n"]))],
    "Thread-Index and subject alone": [
        (1, mail("a1@a", A, "在庫確認", Thread_Index="AdwK" + "x" * 26)),
        (2, mail("a2@a", A, "RE: 在庫確認",
                 Thread_Index="AdwK" + "x" * 26 + "AAAA"))],
    "an id cut by a fold, and a domain in other letters": [
        (1, mail("a-very-long-id-of-the-first-mail-01@Mail.A.example.jp", A,
                 "型番")),
        (1, mail("a2@a", A, "Re: 型番", References="<a-very-long-id-of-the-"
                 "\n first-mail-01@mail.a.example.jp>"))],
    "mails that name themselves or each other": [
        (1, mail("a1@a", A, "自己", refs=["a1@a"])),
        (2, mail("b1@b", B, "相互", refs=["b2@b"])),
        (2, mail("b2@b", B, "相互", refs=["b1@b"]))],
    "we write first, to two people": [
        (1, mail("u1@u", US, "日程のご相談", to=f"{A}, {B}")),
        (1, mail("a1@a", A, "Re: 日程のご相談", refs=["u1@u"])),
        (1, mail("b1@b", B, "Re: 日程のご相談", refs=["u1@u"]))],
    "each mail names only the one before": [
        (1, mail(f"t{i}@a", US if i % 2 else A, "Re: 打合せ",
                 to=A if i % 2 else US, irt=f"t{i - 1}@a" if i else None))
        for i in range(5)],
    "forged tokens, and tags in a text": [
        (1, mail("a1@a", A, "解約")),
        (2, mail("b1@b", B, "Re: 解約", refs=[
            "mdg.aaaa.bbbb.cccccccccccccccccccccccccc@shop.example.jp"])),
        (3, mail("c1@c", C, "解約", "[お客様窓口 #10001-abcd] の件です"))],
}

# A mail that names the mails of several people: strangers stay strangers, in
# whatever order. None: that mail may go to any of them, or be alone.
STRANGERS = {
    "a stranger who names two strangers' mails": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (None, mail("c1@c", C, "Re: お問い合わせ", refs=["a1@a", "b1@b"]))],
    "the same, of three": [
        (1, mail("a1@a", A, "予約")),
        (2, mail("b1@b", B, "予約")),
        (3, mail("d1@d", D, "予約")),
        (None, mail("c1@c", C, "Re: 予約", refs=["a1@a", "b1@b", "d1@d"]))],
    "a stranger who has them in Cc as well": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (None, mail("c1@c", C, "Re: お問い合わせ", refs=["a1@a", "b1@b"],
                    Cc=f"{A}, {B}"))],
    "a customer who names a stranger's mail": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("b2@b", B, "Re: お問い合わせ", refs=["a1@a", "b1@b"]))],
    "the same, the stranger's nearer": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("b2@b", B, "Re: お問い合わせ", refs=["b1@b", "a1@a"]))],
    "answers to such a mail go with it": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("b2@b", B, "Re: お問い合わせ", refs=["a1@a", "b1@b"])),
        (2, mail("b3@b", B, "Re: お問い合わせ", refs=["b1@b", "b2@b"]))],
    "a stranger who names our answers to two": [
        (1, mail("a1@a", A, "照会")),
        (1, mail("u1@u", US, "Re: 照会", to=A, refs=["a1@a"])),
        (2, mail("b1@b", B, "照会")),
        (2, mail("u2@u", US, "Re: 照会", to=B, refs=["b1@b"])),
        (None, mail("c1@c", C, "Re: 照会", refs=["u1@u", "u2@u"]))],
    "one who answers a stranger, then names that and a mail of his own": [
        (1, mail("a1@a", A, "見積")),
        (2, mail("b1@b", B, "見積")),
        (None, mail("b2@b", B, "Re: 見積", refs=["a1@a"])),
        (2, mail("b3@b", B, "Re: 見積", refs=["b1@b", "b2@b"]))],
    "readers of what we sent by Bcc": [
        (None, mail("u1@u", US, "夏季休業のお知らせ")),
        (1, mail("a1@a", A, "Re: 夏季休業のお知らせ", refs=["u1@u"])),
        (2, mail("b1@b", B, "Re: 夏季休業のお知らせ", refs=["u1@u"]))],
}

# the same, but only in this order
IN_ORDER = {
    "a stranger goes to the nearer of two": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("c1@c", C, "Re: お問い合わせ", refs=["a1@a", "b1@b"]))],
    "one who has come to a stranger's ticket brings no other there": [
        (1, mail("a1@a", A, "見積")),
        (2, mail("b1@b", B, "見積")),
        (1, mail("b2@b", B, "Re: 見積", refs=["a1@a"])),
        (2, mail("b3@b", B, "Re: 見積", refs=["b1@b", "b2@b"]))],
}

# ways in which programs write that a mail answers <a1@a>
ANSWERS = [
    'In-Reply-To: Your message of "Sat, 21 Nov 2026" <a1@a>',
    "In-Reply-To: <x@x> <a1@a>", "In-Reply-To: <x@x>,<a1@a>",
    "In-Reply-To: a1@a", "In-Reply-To: x@x a1@a", "In-Reply-To: < a1@a >",
    "In-Reply-To: <a1\n @a>", "In-Reply-To: <a1@a", "In-Reply-To: a1@a>",
    "In-Reply-To: <x@x><a1@a>", "In-Reply-To: <a1@a> (返品)",
    'In-Reply-To: "<a1@a>"', "In-Reply-To: <<a1@a>>",
    "In-Reply-To: =?us-ascii?Q?=3Ca1=40a=3E?=",
    "References: =?utf-8?q?=3Cx=40x=3E?=\n =?utf-8?q?_=3Ca1=40a=3E?=",
    "References: <x@x>\n\t<a1@a>", "References: <x@x>,\n <a1@a>,",
    "References: <q@q>\nReferences: <a1@a>",
    "In-Reply-To: <zz@z>\nReferences: <a1@a>",
    "References: " + "\n ".join(f"<r{i}@x>" for i in range(300)) + "\n <a1@a>",
    "References: <a1@a>\n " + "\n ".join(f"<r{i}@x>" for i in range(300)),
    ("References: <a1@a> " + " ".join(f"<r{i}@{'x' * 30}>"
                                      for i in range(60)))[:990],
]


def orders(n):
    """All of a small case, some of a large one."""
    every = list(itertools.islice(itertools.permutations(range(n)), 120))
    if len(every) <= 6:
        return every
    return [every[0], tuple(range(n))[::-1]] + random.Random(7).sample(every, 6)


def threads(cases, owns, orders_of):
    for name, case in cases.items():
        bad = []
        for own in owns:
            for order in orders_of(len(case)):
                got, detail = groups([case[i][1] for i in order], *own)
                if not same([case[i][0] for i in order], got):
                    bad.append((own, order, detail))
        ok(not bad, name, bad)


def answers():
    first, bad = mail("a1@a", A, "返品について"), []
    for field in ANSWERS:
        answer = field.encode() + b"\n" + mail("a2@a", A, "Re: 返品について")
        for pair in ([first, answer], [answer, first]):
            got, detail = groups(pair)
            if not same([1, 1], got):
                bad.append((field, detail))
    ok(not bad, "every way to say which mail is answered", bad)


TOLD = ["--own", US, "--own", NEWS]
threads(CASES, [[], TOLD], orders)
threads(STRANGERS, [TOLD],
        lambda n: list(itertools.permutations(range(n)))[:60])
threads(IN_ORDER, [[], TOLD], lambda n: [range(n)])
answers()
plan()
