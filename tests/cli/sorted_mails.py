"""Mails by hand, and the tickets that madoguchi import sorts them into."""
import os
import subprocess
import tempfile

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


def plan():
    print(f"1..{count}")


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
    """want: a number for each mail; None: it may go anywhere."""
    return got is not None and all(
        (want[i] == want[j]) == (got[i] == got[j])
        for i in range(len(want)) for j in range(len(want))
        if want[i] is not None and want[j] is not None)


CONVERSATION = [
    mail("a1@a", A, "返品について"),
    mail("u1@u", US, "Re: 返品について", to=A, refs=["a1@a"]),
    mail("a2@a", A, "Re: Re: 返品について", refs=["a1@a", "u1@u"]),
    mail("b1@b", B, "返品について")]
