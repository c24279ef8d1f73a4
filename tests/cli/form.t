#!/usr/bin/env python3
"""Form notices in every layout, read by a desk that knows three forms."""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_srcdir", ".")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "contrib", "lib"))
sys.path.insert(0, os.path.join(TOP, "tests", "cli"))
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # confined processes cannot be searched
from check_mail import fragment  # noqa: E402
from desk import Desk, DeskError  # noqa: E402

SERVER = ("--server", "mx.shop.example")
count = 0


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:3000].replace("\n", "\n# "), flush=True)


def refused(desk, *words):
    """The words of a refusal; "" when it was none."""
    try:
        desk.run(*words)
    except DeskError as e:
        return str(e)
    return ""


def declare(desk):
    desk.run("form", "add", "--window", "support", "--name", "web", "--from", "form@shop.example",
             "--subject", "お問い合わせ", *SERVER)
    desk.run("form", "add", "--window", "support", "--name", "hiragana", "--from", "kids@shop.example",
             "--field", "name=おきゃくさま", "--field", "address=れんらくさき", "--field", "phone=でんわ：",
             "--field", "content=ききたいこと", *SERVER, "--domain", "shop.example")
    desk.run("form", "add", "--window", "support", "--name", "old cgi", "--from", "cgi@shop.example",
             "--field", "address=Reply-To", "--route", "198.51.100.0/24")


def refusals(desk):
    add = ("form", "add", "--window", "support", "--name", "x", "--from", "x@shop.example")
    for name, words, want in (
            ("without proof", add, "--route"),
            ("a route that is none", (*add, "--route", "web01"), "web01"),
            ("a domain without a dot", (*add, "--server", "mx", "--domain", "example"), "example"),
            ("an unknown field", (*add, "--route", "local", "--field", "fax=FAX"), "fax"),
            ("an empty label", (*add, "--route", "local", "--field", "name=："), "name"),
            ("no address", (*add[:-1], "nobody", "--route", "local"), "nobody"),
            ("a second one of the name", (*add[:5], "web", *add[6:], "--route", "local"), "web"),
            ("removing what is not there", ("form", "remove", "none", "--window", "support"), "none")):
        said = refused(desk, *words)
        ok(want in said, "refused: " + name, said)
    listed = desk.json("form", "list")["forms"]
    ok([f["form"] for f in listed] == ["hiragana", "old cgi", "web"] and
       json.loads(listed[0]["fields"])["name"] == "おきゃくさま" and listed[0]["domain"] == "shop.example" and
       listed[1]["route"] == "198.51.100.0/24", "the list says what was declared", listed)


def corpus(desk, out):
    subprocess.run([sys.executable, os.path.join(TOP, "tests/data/gen_form.py"), out], check=True,
                   stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "expected.json"), encoding="utf-8") as f:
        expected = json.load(f)
    layouts = sum(1 for e in expected if e["want"].get("verified"))
    ok(layouts >= 60, "at least 60 layouts", layouts)
    for e in expected:
        try:
            got = desk.json("form", "test", os.path.join(out, e["file"]), "--window", "support")
        except DeskError as err:
            ok(False, e["file"], err)
            continue
        bad = ["%s: want %r, got %r" % (k, v, got.get(k)) for k, v in e["want"].items()
               if not fragment(v, got.get(k))]
        ok(not bad, e["file"], "\n".join(bad))


ROUTES = (
    ("the first client is in the route", ["from web (web.shop.example [198.51.100.7]) by mx.shop.example"], True),
    ("this machine passes it on", ["from mx (localhost [127.0.0.1]) by mail; x", "by mail (Postfix, from userid 33)",
                                   "from web ([198.51.100.7] helo=web) by mail"], True),
    ("a stranger is first", ["from evil ([203.0.113.9]) by mx.shop.example",
                             "from web ([198.51.100.7]) by mx.shop.example"], False),
    ("a stranger with a borrowed name", ["from [198.51.100.7] (evil [203.0.113.9]) by mx.shop.example"], False),
    ("nobody is named", ["by mx.shop.example (Postfix)"], False),
    ("an address of version 6", ["from web (web [IPv6:2001:db8::1]) by mx.shop.example"], False),
    ("the same in version 6", ["from web (web [IPv6:::ffff:198.51.100.7]) by mx.shop.example"], True),
)


def routes(desk, out):
    for name, received, verified in ROUTES:
        path = os.path.join(out, "route.eml")
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join("Received: %s; Sat, 21 Nov 2026 10:00:00 +0900\n" % r for r in received) +
                    "From: cgi@shop.example\nReply-To: hanako@customer.example\nTo: support@example.jp\n"
                    "Subject: x\nContent-Type: text/plain; charset=utf-8\n\nお名前：花子\n内容：質問です\n")
        got = desk.json("form", "test", path, "--window", "support")
        ok(got["verified"] is verified and got["address"] == "hanako@customer.example", name, got)


def main():
    with tempfile.TemporaryDirectory(prefix="mdg-form.") as tmp:
        with Desk(tmp) as desk:
            desk.init()
            desk.start()
            declare(desk)
            refusals(desk)
            corpus(desk, tmp + "/corpus")
            routes(desk, tmp)
            said = desk.run("form", "test", tmp + "/corpus/001-colon.eml", "--window", "support").stdout
            ok("web" in said and "山田 太郎" in said and "椅子" in said, "people can read it", said)
            desk.run("form", "remove", "web", "--window", "support")
            got = desk.json("form", "test", tmp + "/corpus/001-colon.eml", "--window", "support")
            ok(got["form"] is None, "a removed form is none any more", got)
    print("1..%d" % count)


main()
