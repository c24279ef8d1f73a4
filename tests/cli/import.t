#!/usr/bin/env python3
"""madoguchi import --dry-run: the tickets that mails in files become.

Each case is a small mailbox and the groups that its mails should form,
whatever order they arrive in.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

PROG = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."),
                                    "src", "madoguchi"))
count = 0
tmp = tempfile.TemporaryDirectory()
US = "support@shop.example.jp"


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:2500].replace("\n", "\n# "), flush=True)


def run(*args):
    p = subprocess.run([PROG, "--lang", "en", "import", *args],
                       capture_output=True, timeout=300)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def mail(mid, frm, subject, body="本文です。", to=US, refs=(), irt=None,
         date="Sat, 21 Nov 2026 09:00:00 +0900", **more):
    head = [f"From: {frm}", f"To: {to}", f"Subject: {subject}",
            f"Date: {date}"]
    if mid:
        head.append(f"Message-ID: <{mid}>")
    if irt:
        head.append(f"In-Reply-To: <{irt}>")
    if refs:
        head.append("References: " + " ".join(f"<{r}>" for r in refs))
    for k, v in more.items():
        head.append(f"{k.replace('_', '-')}: {v}")
    if not any(h.startswith("Content-Type") for h in head):
        head += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    return ("\n".join(head) + "\n\n" + body + "\n").encode()


def bounce(mid, to, original_id, frm="MAILER-DAEMON@mx.example.jp"):
    body = (f"--b\nContent-Type: text/plain\n\nUser unknown\n"
            f"--b\nContent-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; mx.example.jp\n\n"
            f"Final-Recipient: rfc822; x@example.jp\nAction: failed\n"
            f"Status: 5.1.1\n\n"
            f"--b\nContent-Type: text/rfc822-headers\n\n"
            f"Message-ID: <{original_id}>\nFrom: {US}\n\n--b--\n")
    return mail(mid, frm, "Undelivered Mail Returned to Sender", body, to=to,
                Content_Type="multipart/report; report-type=delivery-status;"
                             ' boundary="b"', MIME_Version="1.0")


A, B, C, D = ("a@a.example.jp", "b@b.example.jp", "c@c.example.jp",
              "d@d.example.jp")
NEWS = "news@shop.example.jp"


def newsletter(mid, frm=NEWS, to="all@shop.example.jp", **more):
    return mail(mid, frm, "今月のお知らせ", to=to, Precedence="bulk",
                List_Unsubscribe="<mailto:x@shop.example.jp>",
                List_Id="<news.shop.example.jp>", **more)


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
}

# the same, but only in this order: who comes to a ticket that does not know
# him does not join it to another one
IN_ORDER = {
    "a stranger who names two strangers' mails": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("c1@c", C, "Re: お問い合わせ", refs=["a1@a", "b1@b"]))],
    "a customer who names a stranger's mail": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("b2@b", B, "Re: お問い合わせ", refs=["a1@a", "b1@b"]))],
    "the same, the stranger's nearer": [
        (1, mail("a1@a", A, "お問い合わせ")),
        (2, mail("b1@b", B, "お問い合わせ")),
        (2, mail("b2@b", B, "Re: お問い合わせ", refs=["b1@b", "a1@a"]))],
    "one who is part of both": [
        (1, mail("a1@a", A, "見積", Cc=D)),
        (1, mail("b1@b", B, "見積", Cc=D)),
        (1, mail("d1@d", D, "Re: 見積", refs=["a1@a", "b1@b"]))],
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


def mbox(mails, name="box"):
    path = os.path.join(tmp.name, name)
    with open(path, "wb") as f:
        for m in mails:
            lines = m.split(b"\n")
            quoted = [b">" + x if x.lstrip(b">").startswith(b"From ") else x
                      for x in lines]
            f.write(b"From x@example.jp Sat Nov 21 09:00:00 2026\n" +
                    b"\n".join(quoted) + b"\n")
    return path


def groups(mails, *args):
    code, out, err = run("--dry-run", *args, mbox(mails))
    rows = [x.split("\t") for x in out.splitlines()]
    if code != 0 or len(rows) != len(mails) or any(len(r) != 3 for r in rows):
        return None, (code, out, err)
    return [r[1] for r in rows], rows


def same(want, got):
    return got is not None and all(
        (want[i] == want[j]) == (got[i] == got[j])
        for i in range(len(want)) for j in range(i))


def threads():
    rng = random.Random(7)
    for name, case in CASES.items():
        bad = []
        orders = [list(range(len(case))), list(reversed(range(len(case))))]
        for _ in range(4):
            order = list(range(len(case)))
            rng.shuffle(order)
            orders.append(order)
        for own in ([], ["--own", US, "--own", NEWS]):
            for order in orders:
                got, detail = groups([case[i][1] for i in order], *own)
                if not same([case[i][0] for i in order], got):
                    bad.append((own, order, detail))
        ok(not bad, name, bad)
    for name, case in IN_ORDER.items():
        bad = [d for g, d in (groups([m for _, m in case], *own)
                              for own in ([], ["--own", US]))
               if not same([n for n, _ in case], g)]
        ok(not bad, name, bad)
    first, bad = mail("a1@a", A, "返品について"), []
    for field in ANSWERS:
        answer = field.encode() + b"\n" + mail("a2@a", A, "Re: 返品について")
        for pair in ([first, answer], [answer, first]):
            got, detail = groups(pair)
            if not same([1, 1], got):
                bad.append((field, detail))
    ok(not bad, "every way to say which mail is answered", bad)


def evidence():
    got, rows = groups([m for _, m in CASES["a reply with References"]])
    ok([r[0] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"] and
       [r[2] for r in rows] == ["new", "ref", "ref", "new"],
       "a line tells the id, the ticket and why", rows)
    got, rows = groups([m for _, m in CASES["the same mail again"]])
    ok([r[2] for r in rows] == ["new", "duplicate", "duplicate"],
       "duplicates are named", rows)
    got, rows = groups([m for _, m in CASES["a bounce of a mail we hold"]])
    ok(rows[2][2] == "bounce", "so are bounces", rows)
    got, rows = groups([mail(None, A, "x")])
    ok(rows[0][0] == "", "a mail without an id has an empty one", rows)


def forms():
    mails = [m for _, m in CASES["a reply with References"]]
    want = [1, 1, 1, 2]
    folder = os.path.join(tmp.name, "folder")
    os.mkdir(folder)
    for i, m in enumerate(mails):
        with open(os.path.join(folder, f"{i}.eml"), "wb") as f:
            f.write(m.replace(b"\n", b"\r\n"))
    with open(os.path.join(folder, "note.txt"), "w", encoding="ascii") as f:
        f.write("not a mail")
    code, out, err = run("--dry-run", "--json", folder)
    rows = [json.loads(x) for x in out.splitlines()]
    ok(code == 0 and same(want, [r["ticket"] for r in rows]) and
       [os.path.basename(r["file"]) for r in rows] ==
       [f"{i}.eml" for i in range(4)] and
       [r["message_id"] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"] and
       set(rows[0]) == {"file", "message_id", "ticket", "evidence"},
       "a folder of .eml files, by name, as JSON", (code, out, err))
    files = [os.path.join(folder, f"{i}.eml") for i in (3, 0)]
    code, out, err = run("--dry-run", "--json", *files)
    ok([json.loads(x)["file"] for x in out.splitlines()] == files,
       "single files in the order given", (code, out, err))
    maildir = os.path.join(tmp.name, "Maildir")
    for d in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, d))
    for i, m in enumerate(mails):
        where = "new" if i % 2 else "cur"
        with open(os.path.join(maildir, where, f"{i}.host:2,S"), "wb") as f:
            f.write(m)
    with open(os.path.join(maildir, "tmp", "9"), "wb") as f:
        f.write(mails[0])
    code, out, err = run("--dry-run", maildir)
    rows = [x.split("\t") for x in out.splitlines()]
    ok(code == 0 and [r[0] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"]
       and same(want, [r[1] for r in rows]),
       "a Maildir: cur and new by name, not tmp", (code, out, err))
    code, out, err = run("--dry-run", mbox(mails), maildir)
    ok(code == 0 and len(out.splitlines()) == 8 and
       all(x.endswith("duplicate") for x in out.splitlines()[4:]),
       "several at once are one input", (code, out, err))
    empty = os.path.join(tmp.name, "empty")
    with open(empty, "wb"):
        pass
    code, out, err = run("--dry-run", empty)
    ok(code == 0 and out == "", "an empty mbox has no mails", (code, out, err))
    with open(empty + ".eml", "wb"):
        pass
    code, out, err = run("--dry-run", empty + ".eml")
    ok(code == 0 and len(out.splitlines()) == 1,
       "an empty .eml is a mail all the same", (code, out, err))
    for path in ("/nonexistent/x", tmp.name + "/nothing"):
        code, out, err = run("--dry-run", path)
        ok(code == 66 and path in err, "what is missing is named", (code, err))
    os.mkdir(tmp.name + "/void")
    code, out, err = run("--dry-run", tmp.name + "/void")
    ok(code == 66 and "void" in err, "so is a folder without mails", err)


def mbox_forms():
    body = ("前\n\nFrom here on it is text\nFrom: not a field\n"
            ">From quoted\n>>From twice\n\nFrom the other side\n")
    mails = [mail("a1@a", A, "一", body), mail("b1@b", B, "二", body)]
    path = mbox(mails)
    code, out, err = run("--dry-run", path)
    ok(len(out.splitlines()) == 2, "quoted From lines are no mails", out)
    raw = (b"From - Sat Nov 21 09:00:00 2026\n" + mails[0].rstrip(b"\n") +
           b"\nFrom y Sat Nov 21 09:00:00 2026\n" + mails[1])
    with open(path, "wb") as f:
        f.write(raw)
    code, out, err = run("--dry-run", path)
    ok([x.split("\t")[0] for x in out.splitlines()] == ["a1@a", "b1@b"],
       "an mbox without empty lines, and From lines in a text", out)
    with open(path, "wb") as f:
        f.write(raw.replace(b"\n", b"\r\n"))
    code, out, err = run("--dry-run", path)
    ok([x.split("\t")[0] for x in out.splitlines()] == ["a1@a", "b1@b"],
       "an mbox with CRLF", out)
    one = mail("a1@a", A, "一", "x\n>From y")
    code, out, err = run("--dry-run", mbox([one]), write("one.eml", one))
    ok([x.split("\t")[2] for x in out.splitlines()] == ["new", "duplicate"],
       "mboxrd quoting is undone", (out, err))


def write(name, data):
    path = os.path.join(tmp.name, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def crash():
    """A parser that dies of one mail: the others go on."""
    fake = os.path.join(tmp.name, "libexec")
    os.mkdir(fake)
    real = os.path.join(os.path.dirname(PROG), "mdg-parse")
    with open(os.path.join(fake, "mdg-parse"), "w", encoding="ascii") as f:
        f.write(WRAPPER.format(python=sys.executable, real=real))
    os.chmod(os.path.join(fake, "mdg-parse"), 0o755)
    mails = [mail(f"m{i}@a", f"p{i}@example.jp", f"件{i}") for i in range(30)]
    mails[7] = mail("bad@a", B, "毒", "x")
    os.environ["MDG_LIBEXEC"] = fake
    code, out, err = run("--dry-run", mbox(mails))
    del os.environ["MDG_LIBEXEC"]
    rows = [x.split("\t") for x in out.splitlines()]
    ok(code == 0 and len(rows) == 30 and rows[7][0] == "" and
       rows[7][1] not in [r[1] for i, r in enumerate(rows) if i != 7] and
       [r[0] for i, r in enumerate(rows) if i != 7] ==
       [f"m{i}@a" for i in range(30) if i != 7],
       "a mail that kills the parser gets its ticket, the rest their own",
       (code, out, err))
    os.environ["MDG_LIBEXEC"] = tmp.name
    code, out, err = run("--dry-run", mbox(mails[:1]))
    del os.environ["MDG_LIBEXEC"]
    ok(code != 0 and "mdg-parse" in err, "a missing parser is told",
       (code, err))


# passes frames on to the real parser, but dies of the eighth mail
WRAPPER = """#!{python}
import os, socket, struct, subprocess, threading
up = socket.socket(fileno=os.dup(3))
ours, theirs = socket.socketpair()
def child():
    os.dup2(theirs.fileno(), 3, inheritable=True)
p = subprocess.Popen(["{real}"], pass_fds=(3,), preexec_fn=child)
theirs.close()
def down():
    while True:
        d = ours.recv(65536)
        if not d:
            os._exit(0)
        up.sendall(d)
threading.Thread(target=down, daemon=True).start()
def read(n):
    b = b""
    while len(b) < n:
        m = up.recv(n - len(b))
        if not m:
            p.kill()
            os._exit(0)
        b += m
    return b
while True:
    head = read(12)
    n, = struct.unpack("<I", head[:4])
    body = read(n)
    if head[8:12] == struct.pack("<I", 8):  # ids count from 1 in a batch
        p.kill()
        os._exit(1)
    ours.sendall(head + body)
"""


def big():
    rng = random.Random(3)
    mails = []
    for i in range(3000):
        who = f"c{rng.randrange(900)}@example.jp"
        refs = [f"m{rng.randrange(i)}@a"] if i and rng.random() < .3 else []
        mails.append(mail(f"m{i}@a", who, f"件名 {rng.randrange(300)}",
                          "本文。" * rng.randrange(400), refs=refs))
    path = mbox(mails)
    start = time.monotonic()
    code, out, err = run("--dry-run", path)
    took = time.monotonic() - start
    print(f"# 3000 mails in {took:.1f} s")
    ok(code == 0 and len(out.splitlines()) == 3000 and took < 120,
       "thousands of mails in one run", (code, err, took))
    large = mail("big@a", A, "大きい", "\n".join(["あ" * 300] * 8000))
    code, out, err = run("--dry-run", mbox([mails[0], large, mails[1]]))
    ok([x.split("\t")[0] for x in out.splitlines()] == ["m0@a", "big@a", "m1@a"],
       "a mail of many chunks among small ones", (code, out, err))


threads()
evidence()
forms()
mbox_forms()
crash()
big()
print(f"1..{count}")
