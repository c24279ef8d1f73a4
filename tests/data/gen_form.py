#!/usr/bin/env python3
"""Mails of web forms in every layout, and mails that only look like them.

    gen_form.py OUT

writes OUT/<number>-<name>.eml and OUT/expected.json: a list, in the order of
the files, of {"file": …, "want": {…}}. A want is what `madoguchi form test`
must tell: values (a fragment), address, content, form, verified, form_like,
no_customer, several, reply_to_differs.

Only the standard library; every text was written for this file.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from gen_mail import CASES, b64, case, jis, multi, part, simple, word, write  # noqa: E402

NAME, MAIL, TEL, ORDER = "山田 太郎", "taro.yamada@customer.example", "03-1234-5678", "A-20261121-7"
TEXT = "先日購入した椅子の脚が折れました。\n交換をお願いできますか。\n\n写真は後ほどお送りします。"
FROM = "お問い合わせフォーム <form@shop.example>"
PASS = "mx.shop.example; dkim=pass header.d=shop.example"


def form(name, body, want=None, text=TEXT, values=None, **head):
    """A notice of the declared form; most say the same in other layouts."""
    fields = {"From": FROM, "To": "support@example.jp", "Subject": "【Web】お問い合わせがありました",
              "Authentication_Results": PASS, "Message_ID": "<form-%d@shop.example>" % len(CASES)}
    fields.update(head)
    w = {"form": "web", "verified": True, "no_customer": None,
         "values": {"name": NAME, "phone": TEL} if values is None else values,
         "address": MAIL, "content": text, "several": False, "reply_to_differs": False}
    w.update(want or {})
    mail = body if isinstance(body, bytes) and body.startswith(b"MAIL:") else None
    CASES.append((name, mail[5:] if mail else simple(body, **fields), w))


def fill(layout, **more):
    """NAME, MAIL, TEL, TEXT and ORDER in a layout."""
    values = {"n": NAME, "m": MAIL, "t": TEL, "x": TEXT, "o": ORDER}
    values.update(more)
    return layout.format(**values)


# ------------------------------------------------------------ colons

form("colon", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：\n{x}\n"))
form("colon-narrow", fill("お名前:{n}\nメールアドレス:{m}\n電話番号:{t}\n内容:{x}\n"))
form("colon-spaced", fill("お名前　　　　　　：　{n}\nメールアドレス　　：　{m}\n"
                          "電話番号　　　　　：　{t}\nお問い合わせ内容　：　{x}\n"))
form("colon-padded-ascii", fill("name    : {n}\ne-mail  : {m}\ntel     : {t}\nmessage : {x}\n"))
form("english", fill("Name: {n}\nE-mail Address: {m}\nPhone Number: {t}\nMessage:\n{x}\n"))
form("english-your", fill("Your Name: {n}\nYour Email: {m}\nTel: {t}\nYour Message: {x}\n"))
form("required-notes", fill("お名前（必須）：{n}\nメールアドレス（必須）：{m}\n電話番号（任意）：{t}\n"
                            "お問い合わせ内容（必須）：{x}\n"))
form("required-signs", fill("お名前※：{n}\nメールアドレス※：{m}\n電話番号：{t}\n※お問い合わせ内容：{x}\n"))
form("required-brackets", fill("[必須] お名前：{n}\n[必須] メールアドレス：{m}\n[任意] 電話番号：{t}\n"
                               "[必須] ご質問内容：{x}\n"))
form("next-line", fill("お名前：\n{n}\n\nメールアドレス：\n{m}\n\n電話番号：\n{t}\n\nお問い合わせ内容：\n\n{x}\n"))
form("no-colon-gap", fill("お名前　{n}\nメールアドレス　{m}\n電話番号　{t}\nお問い合わせ内容　{x}\n"))
form("no-colon-alone", fill("お名前\n{n}\n\nメールアドレス\n{m}\n\n電話番号\n{t}\n\nお問い合わせ内容\n{x}\n"))
form("english-gap", fill("Full Name   {n}\nEmail   {m}\nPhone   {t}\n\nMessage\n{x}\n"))
form("equals", fill("name = {n}\nemail = {m}\ntel = {t}\nmessage = {x}\n"))
form("php-names", fill("your-name: {n}\nyour-email: {m}\nyour-tel: {t}\nyour-message:\n{x}\n"))
form("dots", fill("お名前……{n}\nメールアドレス……{m}\n電話番号……{t}\nお問い合わせ内容……{x}\n"))
form("arrow", fill("お名前 → {n}\nメールアドレス → {m}\n電話番号 → {t}\n内容 → {x}\n"))
form("bars", fill("| お名前 | {n} |\n| メールアドレス | {m} |\n| 電話番号 | {t} |\n\n【お問い合わせ内容】\n{x}\n"))
form("half-kana", fill("ﾅﾏｴ無し\nお名前：{n}\nﾒｰﾙｱﾄﾞﾚｽ：{m}\nTEL：{t}\nﾒｯｾｰｼﾞ：{x}\n"))
form("full-width-letters", fill("ＮＡＭＥ：{n}\nＥ－ｍａｉｌ：{m}\nＴＥＬ：{t}\nＭＥＳＳＡＧＥ：{x}\n"))

# ------------------------------------------------------------ marks, brackets

form("brackets", fill("【お名前】{n}\n【メールアドレス】{m}\n【電話番号】{t}\n【お問い合わせ内容】{x}\n"))
form("brackets-next-line", fill("【お名前】\n{n}\n\n【メールアドレス】\n{m}\n\n【電話番号】\n{t}\n\n"
                                "【お問い合わせ内容】\n{x}\n"))
form("brackets-colon", fill("【お名前】：{n}\n【メールアドレス】：{m}\n【電話番号】：{t}\n【内容】：{x}\n"))
form("square-brackets", fill("[お名前] {n}\n[Email] {m}\n[電話番号] {t}\n[お問い合わせ内容]\n{x}\n"))
form("wide-square", fill("［ お名前 ］ {n}\n［ メールアドレス ］ {m}\n［ 電話番号 ］ {t}\n［ ご相談内容 ］\n{x}\n"))
form("angle", fill("＜お名前＞{n}\n＜メールアドレス＞{m}\n＜電話番号＞{t}\n＜本文＞\n{x}\n"))
form("double-angle", fill("《お名前》{n}\n《メールアドレス》{m}\n《電話番号》{t}\n《ご用件》\n{x}\n"))
form("corner", fill("「お名前」{n}\n「メールアドレス」{m}\n「電話番号」{t}\n「お問い合わせ内容」\n{x}\n"))
form("squares", fill("■お名前\n{n}\n\n■メールアドレス\n{m}\n\n■電話番号\n{t}\n\n■お問い合わせ内容\n{x}\n"))
form("squares-colon", fill("■お名前：{n}\n■メールアドレス：{m}\n■電話番号：{t}\n■お問い合わせ内容：\n{x}\n"))
form("squares-gap", fill("■ お名前　{n}\n■ メールアドレス　{m}\n■ 電話番号　{t}\n■ お問い合わせ内容\n{x}\n"))
form("diamonds", fill("◆お名前◆\n{n}\n◆メールアドレス◆\n{m}\n◆電話番号◆\n{t}\n◆お問い合わせ内容◆\n{x}\n"))
form("circles", fill("● お名前: {n}\n● Eメール: {m}\n● 電話: {t}\n● ご質問: {x}\n"))
form("bullets", fill("・お名前：{n}\n・メールアドレス：{m}\n・電話番号：{t}\n・お問い合わせ内容：{x}\n"))
form("hyphens", fill("- お名前: {n}\n- メール: {m}\n- 電話番号: {t}\n- 内容: {x}\n"))
form("numbers", fill("1. お名前：{n}\n2. メールアドレス：{m}\n3. 電話番号：{t}\n4. お問い合わせ内容：{x}\n"))
form("numbers-round", fill("(1)お名前：{n}\n(2)メールアドレス：{m}\n(3)電話番号：{t}\n(4)お問い合わせ内容：{x}\n"))
form("note-bracket", fill("【必須】お名前：{n}\n【必須】メールアドレス：{m}\n【任意】電話番号：{t}\n"
                          "【必須】お問い合わせ内容：{x}\n"))
form("ruled", fill("――――――――――\nお名前\n――――――――――\n{n}\n\n――――――――――\nメールアドレス\n――――――――――\n{m}\n\n"
                   "――――――――――\n電話番号\n――――――――――\n{t}\n\n――――――――――\nお問い合わせ内容\n――――――――――\n{x}\n"))
form("framed", fill("==========\n■お名前：{n}\n■メール：{m}\n■電話：{t}\n==========\n■内容：\n{x}\n==========\n"))

# ------------------------------------------------------------ other labels

form("kana-too", fill("お名前：{n}\nフリガナ：ヤマダ タロウ\nE-MAIL：{m}\n電話番号：{t}\n内容：{x}\n"),
     values={"name": NAME, "kana": "ヤマダ タロウ", "phone": TEL})
form("kana-note-first", fill("お名前（フリガナ）：ヤマダ タロウ\nお名前（漢字）：{n}\nメール：{m}\n電話番号：{t}\n内容：{x}\n"),
     values={"name": NAME, "kana": "ヤマダ タロウ"})
form("family-given", fill("姓：山田\n名：太郎\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"))
form("family-given-notes", fill("お名前（姓）：山田\nお名前（名）：太郎\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"))
form("company", fill("会社名：株式会社みどり\n部署名：総務部\nご担当者名：{n}\nメールアドレス：{m}\n"
                     "電話番号：{t}\nお問い合わせ種別：製品について\nお問い合わせ内容：{x}\n"),
     values={"name": NAME, "company": "株式会社みどり", "phone": TEL})
form("order", fill("ご注文番号：{o}\nご注文者名：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"),
     values={"name": NAME, "order": ORDER, "phone": TEL})
form("order-bracket", fill("【注文番号】{o}\n【氏名】{n}\n【メール】{m}\n【携帯電話番号】090-1111-2222\n【ご質問内容】\n{x}\n"),
     values={"name": NAME, "order": ORDER, "phone": "090-1111-2222"})
form("name-sama", fill("お名前：{n} 様\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("confirm-address", fill("お名前：{n}\nメールアドレス：{m}\nメールアドレス（確認用）：{m}\n電話番号：{t}\n内容：{x}\n"))
form("contact-is-address", fill("お名前：{n}\nご連絡先：{m}\n内容：{x}\n"), values={"name": NAME})
form("sender-line", fill("差出人: {n} <{m}>\n題名: 椅子について\n\nメッセージ本文:\n{x}\n\n-- \n"
                         "このメールは みどり家具 (https://shop.example) のお問い合わせフォームから送信されました\n"),
     values={"name": NAME, "subject": "椅子について"})
form("sender-line-en", fill("From: {n} <{m}>\nSubject: chair\n\nMessage Body:\n{x}\n\n--\n"
                            "This e-mail was sent from a contact form on Midori (https://shop.example)\n"),
     values={"name": NAME, "subject": "chair"})
form("slash-labels", fill("Name / お名前: {n}\nMail / メール: {m}\nTel / 電話: {t}\nMessage / 内容: {x}\n"))
form("wide-address", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n",
                          m="taro.yamada＠customer.example"))
form("address-in-brackets", fill("お名前：{n}\nメールアドレス：<{m}>\n電話番号：{t}\n内容：{x}\n"))
form("two-in-a-line", fill("お名前：{n}　電話番号：{t}\nメールアドレス：{m}\nお問い合わせ内容：{x}\n"))

# ------------------------------------------------------------ around the content

form("footer", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：\n{x}\n\n"
                    "----------------------------------------\nこのメールはWebサイトのフォームから自動送信されています。\n"
                    "みどり家具株式会社\nhttps://shop.example/\n"))
form("footer-fields", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n\n"
                           "送信日時：2026/11/21 10:00\n送信者のIPアドレス：192.0.2.1\nホスト名：host.customer.example\n"
                           "ブラウザ：Mozilla/5.0\n"))
form("head-text", fill("ホームページからお問い合わせがありました。\n以下の内容をご確認のうえ、対応してください。\n\n"
                       "お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("content-in-the-middle", fill("■お名前\n{n}\n■お問い合わせ内容\n{x}\n■メールアドレス\n{m}\n■電話番号\n{t}\n"))
form("content-first", fill("お問い合わせ内容：{x}\n\nお名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n"))
form("remark-behind", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n備考：急いでいます\n"),
     text=TEXT + "\n備考：急いでいます")
form("remark-only", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nご要望：{x}\n"))
form("consent", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n個人情報の取り扱いについて：同意する\n"))
form("long-content", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：\n{x}\n", x="とても長い質問です。\n" * 900 + "以上"),
     text="とても長い質問です。\n" * 900 + "以上")
form("list-in-content", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：\n{x}\n",
                             x="次の点を教えてください。\n■価格\n■納期：来週に間に合いますか\n以上です。"),
     text="次の点を教えてください。\n■価格\n■納期：来週に間に合いますか\n以上です。")

# ------------------------------------------------------------ tricks

FAKE = "教えてください。\nお名前：偽物\nメールアドレス：evil@attacker.example\n電話番号：090-0000-0000\nよろしく。"
form("injected-below", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n", x=FAKE), text=FAKE)
form("injected-at-the-end", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n",
                                 x="質問です。\nメールアドレス：evil@attacker.example"),
     text="質問です。\nメールアドレス：evil@attacker.example")
form("injected-above", fill("お問い合わせ内容：{x}\n\nお名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n", x=FAKE), text=FAKE)
form("injected-brackets", fill("【お名前】{n}\n【メールアドレス】{m}\n【電話番号】{t}\n【内容】\n{x}\n",
                               x="【メールアドレス】evil@attacker.example\n【お名前】偽物"),
     text="【メールアドレス】evil@attacker.example\n【お名前】偽物")
form("reply-to-agrees", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"), Reply_To=MAIL)
form("reply-to-differs", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"),
     {"reply_to_differs": True}, Reply_To="evil@attacker.example")
form("reply-to-in-the-body", fill("お名前：{n}（{m}）\n電話番号：{t}\n内容：{x}\n"), values={"phone": TEL}, Reply_To=MAIL)
form("reply-to-alone", fill("お名前：{n}\n電話番号：{t}\n内容：{x}\n"), {"address": None, "no_customer": "no_address"},
     Reply_To="hidden@attacker.example")
form("no-address", fill("お名前：{n}\nメールアドレス：\n電話番号：{t}\n内容：{x}\n"),
     {"address": None, "no_customer": "no_address"})
form("own-address", fill("お名前：{n}\nメールアドレス：Support@Example.JP\n電話番号：{t}\n内容：{x}\n"),
     {"address": None, "no_customer": "own_address"})
form("robot-address", fill("お名前：{n}\nメールアドレス：no-reply@customer.example\n電話番号：{t}\n内容：{x}\n"),
     {"address": None, "no_customer": "robot_address"})
form("broken-address", fill("お名前：{n}\nメールアドレス：taro(at)customer.example\n電話番号：{t}\n内容：{x}\n"),
     {"address": None, "no_customer": "no_address"})
form("two-addresses", fill("お名前：{n}\nメールアドレス：{m}, jiro@customer.example\n電話番号：{t}\n内容：{x}\n"),
     {"several": True})
form("two-addresses-reply-to", fill("お名前：{n}\nメールアドレス：jiro@customer.example {m}\n電話番号：{t}\n内容：{x}\n"),
     {"several": True}, Reply_To=MAIL)
form("docomo", fill("お名前：{n}\nメールアドレス：taro..yamada.@docomo.ne.jp\n電話番号：{t}\n内容：{x}\n"),
     {"address": "taro..yamada.@docomo.ne.jp"})
form("auto-submitted", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"),
     Auto_Submitted="auto-generated", Precedence="bulk")
form("unverified", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"), {"verified": False},
     Authentication_Results="mx.shop.example; dkim=fail header.d=shop.example")
form("verified-by-another", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"), {"verified": False},
     Authentication_Results="mx.attacker.example; dkim=pass header.d=shop.example")
form("verified-elsewhere", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"), {"verified": False},
     Authentication_Results="mx.shop.example; dkim=pass header.d=attacker.example; spf=pass smtp.mailfrom=shop.example.attacker.example")
form("comment-passes", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"), {"verified": False},
     Authentication_Results="mx.shop.example; dkim=fail (dkim=pass header.d=shop.example) header.d=shop.example")
form("spf", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n内容：{x}\n"),
     Authentication_Results="mx.shop.example 1; dkim=none; spf=pass (ok) smtp.mailfrom=www@web.shop.example"
     , want={"verified": False})

# ------------------------------------------------------------ charsets, HTML

PLAIN = fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n")
form("iso-2022-jp", jis(PLAIN), Content_Type="text/plain; charset=ISO-2022-JP")
form("shift-jis", PLAIN.encode("cp932"), Content_Type="text/plain; charset=Shift_JIS")
form("euc-jp", PLAIN.encode("euc_jp"), Content_Type="text/plain; charset=EUC-JP")
form("base64", b64(PLAIN.encode()).decode(), Content_Transfer_Encoding="base64")
form("encoded-subject", PLAIN, Subject=word("お問い合わせ", "ISO-2022-JP", "iso2022_jp"))
TABLE = ("<html><body><p>お問い合わせがありました。</p><table><tr><th>お名前</th><td>{n}</td></tr>"
         "<tr><th>メールアドレス</th><td><a href=\"mailto:{m}\">{m}</a></td></tr><tr><th>電話番号</th><td>{t}</td></tr>"
         "<tr><th>お問い合わせ内容</th><td>{x}</td></tr></table></body></html>")
BR = TEXT.replace("\n", "<br>")
form("html-table", fill(TABLE, x=BR), Content_Type="text/html; charset=utf-8")
form("html-dl", fill("<dl><dt>お名前</dt><dd>{n}</dd><dt>メールアドレス</dt><dd>{m}</dd><dt>電話番号</dt><dd>{t}</dd>"
                     "<dt>お問い合わせ内容</dt><dd>{x}</dd></dl>", x=BR), Content_Type="text/html; charset=utf-8")
form("html-bold", fill("<p><b>お名前:</b> {n}<br><b>メールアドレス:</b> {m}<br><b>電話番号:</b> {t}</p>"
                       "<p><b>お問い合わせ内容:</b><br>{x}</p>", x=BR), Content_Type="text/html; charset=utf-8")
form("html-list", fill("<ul><li>お名前：{n}</li><li>メール：{m}</li><li>電話番号：{t}</li></ul>"
                       "<h3>お問い合わせ内容</h3><p>{x}</p>", x=BR), Content_Type="text/html; charset=utf-8")
form("html-four-columns", fill("<table><tr><td>お名前</td><td>{n}</td></tr><tr><td>電話番号</td><td>{t}</td></tr>"
                               "<tr><td>メールアドレス</td><td>{m}</td></tr></table><table><tr><td>内容</td></tr>"
                               "<tr><td>{x}</td></tr></table>", x=BR), Content_Type="text/html; charset=utf-8")

# ------------------------------------------------------------ custom labels

form("own-labels", fill("おきゃくさま：{n}\nれんらくさき：{m}\nでんわ：{t}\nききたいこと：\n{x}\n"),
     {"form": "hiragana"}, From="ひらがな <kids@shop.example>")
form("own-labels-alone", fill("おきゃくさま\n{n}\n\nれんらくさき\n{m}\n\nでんわ\n{t}\n\nききたいこと\n{x}\n"),
     {"form": "hiragana"}, From="ひらがな <kids@shop.example>")
form("own-label-changed", fill("お名前：{n}\nメール：{m}\nでんわ：{t}\nお問い合わせ内容：\n{x}\n"),
     {"form": "hiragana"}, From="ひらがな <kids@shop.example>")

# ------------------------------------------------------------ nobody declared these

LIKE = {"From": "noreply@formservice.example", "To": "support@example.jp", "Subject": "フォーム送信"}


def looks(name, body, want=None, **head):
    fields = dict(LIKE)
    fields.update(head)
    w = {"form": None, "verified": False, "form_like": True, "address": MAIL}
    w.update(want or {})
    CASES.append((name, simple(body, **{k.replace("-", "_"): v for k, v in fields.items()}), w))


looks("like-noreply", PLAIN)
looks("like-own", PLAIN, From="support@example.jp")
looks("like-auto", PLAIN, From="web@formservice.example", Auto_Submitted="auto-generated")
looks("like-reply-to", PLAIN, From="web@formservice.example", Reply_To=MAIL)
looks("not-like-the-customer", PLAIN, {"form_like": False}, From="山田太郎 <%s>" % MAIL)
looks("not-like-an-answer", "お世話になります。\n" + PLAIN, {"form_like": False}, In_Reply_To="<x@example.jp>")
looks("not-like-a-shopper", "注文した商品が届きません。\nお名前：山田\n電話番号：03-1234-5678\n", {"form_like": False, "address": None},
      From="taro@customer.example")
looks("not-like-prose", "商品について：届きました。\n感想：とても良いです。\n", {"form_like": False, "address": None},
      From="taro@customer.example")

# ------------------------------------------------------------ more layouts

form("more-table-tab", fill("項目\t入力内容\nお名前\t{n}\nメールアドレス\t{m}\n電話番号\t{t}\nお問い合わせ内容\t{x}\n"))
form("more-colon-bullets", fill("▼お名前\n{n}\n▼ご連絡先メールアドレス\n{m}\n▼ご連絡先電話番号\n{t}\n▼お問い合わせ本文\n{x}\n"))
form("more-arrow", fill("お客様氏名＞{n}\nご返信先メール＞{m}\nお電話＞{t}\nご相談内容＞\n{x}\n"))
form("more-keta", fill("お名前(全角)    : {n}\nメール(半角)    : {m}\nTEL(半角)       : {t}\nお問合せ内容    : {x}\n"))
form("more-google-forms", fill("お名前 *\n{n}\n\nメールアドレス *\n{m}\n\n電話番号\n{t}\n\nお問い合わせの内容をご記入ください *\n{x}\n"))
form("more-order-kinds", fill("注文ID：X-5512\nお名前：{n}\nメール：{m}\n携帯：{t}\nお問い合わせ：{x}\n"),
     values={"name": NAME, "phone": TEL, "order": "X-5512"})
form("more-order-no", fill("ご注文No.：20261121-33\nご購入者様のお名前：{n}\nE-mail：{m}\nTEL：{t}\nお問い合わせ内容：{x}\n"),
     values={"name": NAME, "phone": TEL, "order": "20261121-33"})
form("more-zip", fill("お名前：{n}\n郵便番号：100-0001\n住所：東京都千代田区1-1\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("more-kikai", fill("[[お名前]]\n{n}\n[[メールアドレス]]\n{m}\n[[電話番号]]\n{t}\n[[お問い合わせ内容]]\n{x}\n"))
form("more-sama-inline", fill("{n}様からお問い合わせがありました。\n\nお名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nメッセージ：\n{x}\n"
            "\nこのメールは shop.example のお問い合わせフォームから送信されました\n"))
form("more-english-caps", fill("NAME\n{n}\n\nEMAIL\n{m}\n\nPHONE\n{t}\n\nMESSAGE\n{x}\n"))
form("more-kaisha", fill("法人名／屋号：合同会社はる\nご担当者様：{n}\nメールアドレス：{m}\n電話番号：{t}\nご質問・ご要望：{x}\n"),
     values={"name": NAME, "phone": TEL, "company": "合同会社はる"})
form("more-sei-mei-space", fill("お名前(姓) ：山田\nお名前(名) ：太郎\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("more-choice", fill("お問い合わせ種別：商品について\nご返信方法：メール\nお名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("more-furigana-paren", fill("お名前（ふりがな）：{n}（やまだ たろう）\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"),
     values={"phone": TEL})
form("more-wide-space-indent", fill("　お名前　　　：{n}\n　メール　　　：{m}\n　電話　　　　：{t}\n　内容　　　　：{x}\n"))
form("more-dash-sep", fill("お名前 - {n}\nメールアドレス - {m}\n電話番号 - {t}\nお問い合わせ内容 -\n{x}\n"))
form("more-label-parens", fill("(お名前) {n}\n(メールアドレス) {m}\n(電話番号) {t}\n(お問い合わせ内容)\n{x}\n"))
form("more-star", fill("☆お名前☆ {n}\n☆メールアドレス☆ {m}\n☆電話番号☆ {t}\n☆お問い合わせ内容☆\n{x}\n"))
form("more-footer-copyright", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n\n"
            "=====================\n(c) Shop Example Inc.\nhttps://shop.example/\n"))
form("more-thanks-copy", fill("以下の内容でお問い合わせを受け付けました。\n\n◇お名前\n{n}\n\n◇メールアドレス\n{m}\n\n◇電話番号\n{t}\n\n"
            "◇お問い合わせ内容\n{x}\n\n◇送信日時\n2026/11/21 10:00\n"))
form("more-mixed-order", fill("電話番号：{t}\nお問い合わせ内容：{x}\nメールアドレス：{m}\nお名前：{n}\n"))
form("more-mail-link", fill("お名前：{n}\nメールアドレス：{m} <mailto:{m}>\n電話番号：{t}\n内容：{x}\n"))
form("more-chinese", fill("姓名：{n}\n邮箱：{m}\n电话：{t}\n留言内容：{x}\n"))
form("more-soudan", fill("お困りごと：{x}\nお名前：{n}\nお電話番号：{t}\nメールアドレス：{m}\n"))
form("more-question", fill("■ お名前を教えてください\n{n}\n■ メールアドレスを教えてください\n{m}\n■ 電話番号を教えてください\n{t}\n■ ご質問の内容\n{x}\n"))

# ------------------------------------------------------------ written unseen
# 31 layouts written before they were first tried: 23 were read right at
# the first try. One, "Q1. …ください。" with "A. …" below, is still not, and not here.

form("unseen-square", fill("■お名前\n{n}\n\n■メールアドレス\n{m}\n\n■電話番号\n{t}\n\n■お問い合わせ内容\n{x}\n"))
form("unseen-circle-colon", fill("●お名前：{n}\n●メールアドレス：{m}\n●お電話番号：{t}\n●ご用件：{x}\n"))
form("unseen-lenticular", fill("【お名前】{n}\n【ご連絡先メールアドレス】{m}\n【電話番号】{t}\n【お問合せ内容】\n{x}\n"))
form("unseen-lenticular-below", fill("【お名前】\n{n}\n【メールアドレス】\n{m}\n【電話番号】\n{t}\n【お問い合わせ内容】\n{x}\n"))
form("unseen-indent", fill("以下の内容でお問い合わせがありました。\n\n    お名前　　　　　：{n}\n    メールアドレス　：{m}\n    電話番号　　　　：{t}\n    お問い合わせ内容：\n    {x}\n",
                           x="    ".join(TEXT.splitlines(True))))
form("unseen-json", fill('{{\n  "name": "{n}",\n  "email": "{m}",\n  "tel": "{t}",\n  "message": "椅子の脚が折れました。"\n}}\n'), text="椅子の脚が折れました。")
form("unseen-json-ja", fill('{{"お名前": "{n}", "メールアドレス": "{m}", "電話番号": "{t}", "お問い合わせ内容": "椅子の脚が折れました。"}}\n'), text="椅子の脚が折れました。")
form("unseen-pipe-table", fill("| 項目 | 内容 |\n|---|---|\n| お名前 | {n} |\n| メールアドレス | {m} |\n| 電話番号 | {t} |\n| お問い合わせ内容 | 椅子の脚が折れました。 |\n"), text="椅子の脚が折れました。")
form("unseen-rule-between", fill("お名前\n--------------------\n{n}\n\nメールアドレス\n--------------------\n{m}\n\n電話番号\n--------------------\n{t}\n\nお問い合わせ内容\n--------------------\n{x}\n"))
form("unseen-numbers", fill("1. お名前：{n}\n2. メールアドレス：{m}\n3. 電話番号：{t}\n4. お問い合わせ内容：{x}\n"))
form("unseen-bracket-square", fill("[お名前] {n}\n[E-mail] {m}\n[TEL] {t}\n[お問い合わせ内容]\n{x}\n"))
form("unseen-corner", fill("「お名前」{n}\n「メールアドレス」{m}\n「電話番号」{t}\n「お問い合わせ内容」\n{x}\n"))
form("unseen-intro-footer", fill("サイトのお問い合わせフォームから送信がありました。\n------------------------------\nお名前：{n}\nメールアドレス：{m}\n電話番号：{t}\n本文：\n{x}\n"
                                  "------------------------------\n送信日時：2026/11/21 10:00\nIPアドレス：192.0.2.7\nユーザーエージェント：Mozilla/5.0\n"))
form("unseen-wordpress", fill("差出人: {n} <{m}>\n題名: 椅子について\n\n電話番号: {t}\n\nメッセージ本文:\n{x}\n\n-- \nこのメールは 例商店 (https://shop.example) のお問い合わせフォームから送信されました\n"))
form("unseen-arrow", fill("お名前 ⇒ {n}\nメールアドレス ⇒ {m}\n電話番号 ⇒ {t}\nお問い合わせ内容 ⇒ {x}\n"))
form("unseen-name-parts", fill("姓：山田\n名：太郎\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：{x}\n"))
form("unseen-kana-too", fill("お名前：{n}\nフリガナ：ヤマダ タロウ\n性別：男性\n年齢：40代\nメールアドレス：{m}\nメールアドレス（確認）：{m}\n電話番号：{t}\nお問い合わせ種別：返品・交換\nお問い合わせ内容：{x}\n"))
form("unseen-company", fill("会社名：株式会社やまだ\n部署名：総務部\nご担当者名：{n}\nE-Mail：{m}\nTEL：{t}\nお問い合わせ内容：{x}\n"))
form("unseen-order", fill("ご注文番号：{o}\nお客様名：{n}\nメールアドレス：{m}\nお電話番号：{t}\nお問い合わせ詳細：{x}\n"), values={"name": NAME, "phone": TEL, "order": ORDER})
form("unseen-polite", fill("お客様のお名前：{n}\nご連絡先電話番号：{t}\nご連絡先メールアドレス：{m}\nご質問・ご要望：{x}\n"))
form("unseen-tabs",
     fill("お名前\t{n}\nメールアドレス\t{m}\n電話番号\t{t}\nお問い合わせ内容\t{x}\n"))
form("unseen-dl-like", fill("お名前:\n    {n}\nメールアドレス:\n    {m}\n電話番号:\n    {t}\nお問い合わせ内容:\n{x}\n"))
form("unseen-required-mark-behind", fill("お名前 【必須】 {n}\nメールアドレス 【必須】 {m}\n電話番号 【任意】 {t}\nお問い合わせ内容 【必須】\n{x}\n"))
form("unseen-dots", fill("お名前......{n}\nメールアドレス......{m}\n電話番号......{t}\nお問い合わせ内容......{x}\n"))
form("unseen-english-caps", fill("NAME: {n}\nEMAIL: {m}\nPHONE: {t}\nCOMMENTS: {x}\n"))
form("unseen-snake", fill("your_name: {n}\nyour_email: {m}\nphone_number: {t}\nyour_message: {x}\n"))
form("unseen-diamond-fullwidth", fill("◆お名前　　　：{n}\n◆メール　　　：{m}\n◆電話　　　　：{t}\n◆内容　　　　：{x}\n"))
form("unseen-gt", fill("お名前 > {n}\nメールアドレス > {m}\n電話番号 > {t}\nお問い合わせ内容 > {x}\n"))
form("unseen-angle", fill("＜お名前＞\n{n}\n＜メールアドレス＞\n{m}\n＜電話番号＞\n{t}\n＜お問い合わせ内容＞\n{x}\n"))
form("unseen-content-has-labels", fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：\n{x}\n",
     x="名前の変更をお願いします。\n旧：山田\n新：佐藤"), text="名前の変更をお願いします。\n旧：山田\n新：佐藤")

# ------------------------------------------------------------ questions and answers: 1 of 12 right at the first try

form("qa-letters", fill("Q1. お名前\nA. {n}\n\nQ2. メールアドレス\nA. {m}\n\nQ3. 電話番号\nA. {t}\n\n"
                        "Q4. お問い合わせ内容\nA. {x}\n"))
form("qa-wide", fill("Ｑ１．お名前\nＡ１．{n}\nＱ２．メールアドレス\nＡ２．{m}\nＱ３．電話番号\nＡ３．{t}\n"
                     "Ｑ４．ご質問内容\nＡ４．{x}\n"))
form("qa-colon", fill("Q1：お名前\nA1：{n}\nQ2：メールアドレス\nA2：{m}\nQ3：電話番号\nA3：{t}\n"
                      "Q4：お問い合わせ内容\nA4：{x}\n"))
form("qa-brackets", fill("【Q1】お名前\n{n}\n【Q2】メールアドレス\n{m}\n【Q3】電話番号\n{t}\n【Q4】お問い合わせ内容\n{x}\n"))
form("qa-kanji", fill("問1 お名前\n回答：{n}\n\n問2 メールアドレス\n回答：{m}\n\n問3 電話番号\n回答：{t}\n\n"
                      "問4 お問い合わせ内容\n回答：{x}\n"))
form("qa-polite", fill("Q. お名前をご記入ください。\nA. {n}\n\nQ. メールアドレスをご入力ください。\nA. {m}\n\n"
                       "Q. 電話番号を教えてください。\nA. {t}\n\nQ. お問い合わせ内容をお書きください。\nA.\n{x}\n"))
form("qa-arrow", fill("■質問1：お名前\n→ {n}\n■質問2：メールアドレス\n→ {m}\n■質問3：電話番号\n→ {t}\n"
                      "■質問4：お問い合わせ内容\n→ {x}\n"))
form("qa-one-line", fill("Q1.お名前：{n}\nQ2.メールアドレス：{m}\nQ3.電話番号：{t}\nQ4.お問い合わせ内容：{x}\n"))
form("qa-english", fill("Question 1: Name\nAnswer: {n}\nQuestion 2: Email\nAnswer: {m}\nQuestion 3: Phone\n"
                        "Answer: {t}\nQuestion 4: Message\nAnswer: {x}\n"))
form("qa-setsumon", fill("設問１）お名前\n答え）{n}\n設問２）メールアドレス\n答え）{m}\n設問３）電話番号\n答え）{t}\n"
                         "設問４）お問い合わせ内容\n答え）{x}\n"))
form("qa-others-between", fill("Q1. ご利用の店舗\nA. 銀座店\n\nQ2. お名前\nA. {n}\n\nQ3. メールアドレス\nA. {m}\n\n"
                               "Q4. 電話番号\nA. {t}\n\nQ5. お問い合わせ内容\nA. {x}\n\nQ6. 当店を何でお知りになりましたか？\nA. 雑誌\n"))
form("qa-answer-speaks-of-answers", fill("Q1. お名前\nA. {n}\n\nQ2. メールアドレス\nA. {m}\n\nQ3. 電話番号\nA. {t}\n\n"
                                         "Q4. お問い合わせ内容\nA. {x}\n",
                                         x="よくある質問のQ2を読みました。\nA. の説明のとおりにしましたが、動きません。"),
     text="よくある質問のQ2を読みました。\nA. の説明のとおりにしましたが、動きません。")

# 2 of 8 at the first try; "1) お名前を教えてください。" without a letter is still not read
form("qa2-dash",
     fill("Q1 - お名前\nA1 - {n}\n\nQ2 - メールアドレス\nA2 - {m}\n\n"
          "Q3 - 電話番号\nA3 - {t}\n\nQ4 - お問い合わせ内容\nA4 - {x}\n"))
form("qa2-round",
     fill("(Q1) お名前\n(A1) {n}\n(Q2) メールアドレス\n(A2) {m}\n(Q3) 電話番号\n(A3) {t}\n(Q4) ご相談内容\n(A4) {x}\n"))
form("qa2-brackets-both",
     fill("【質問1】お名前\n【回答】{n}\n【質問2】メールアドレス\n【回答】{m}\n【質問3】電話番号\n【回答】{t}\n【質問4】お問い合わせ内容\n【回答】{x}\n"))
form("qa2-toi-comma",
     fill("問１．お名前　\n答．{n}\n問２．メールアドレス　\n答．{m}\n問３．電話番号　\n答．{t}\n問４．お問い合わせ内容　\n答．{x}\n"))
form("qa2-ask-who",
     fill("Q1: お名前は？\nA: {n}\nQ2: メールアドレスは？\nA: {m}\nQ3: お電話番号は？\nA: {t}\nQ4: お問い合わせ内容は？\nA: {x}\n"))
form("qa2-content-numbers-its-questions",
     fill("お名前：{n}\nメールアドレス：{m}\n電話番号：{t}\nお問い合わせ内容：\n{x}\n", x="Q1. 納期はいつですか。\nQ2. 送料はいくらですか。"), text="Q1. 納期はいつですか。\nQ2. 送料はいくらですか。")
form("qa2-blank-between",
     fill("Q.1 お名前\n\nA.1 {n}\n\nQ.2 メールアドレス\n\nA.2 {m}\n\nQ.3 電話番号\n\nA.3 {t}\n\nQ.4 お問い合わせ内容\n\nA.4 {x}\n"))


if __name__ == "__main__":
    write(sys.argv[1])
