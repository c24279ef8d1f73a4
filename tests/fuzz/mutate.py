#!/usr/bin/env python3
"""Mutated mails through the sandboxed parser.

    mutate.py [-n 2000] [--seed 1] [--keep DIR] [--timeout 20] [SEED_MAIL...]

Mails (those of tests/data/gen_mail.py if none are named) are cut, joined,
shuffled and littered with what parsers trip over, and given to `mdg-parse
--json` in batches. The run must go on to the end, every line must be a whole
JSON object in valid UTF-8 whose strings hold no control characters, and no
mail may kill or stall the parser; those that do are kept in DIR.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

TOP = os.environ.get("top_srcdir", ".")
PROG = os.path.join(os.environ.get("top_builddir", "."), "src", "mdg-parse")
BATCH = 1000
SEED_BYTES_MAX = 60000
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

TOKENS = [
    b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\0", b"\xff", b"\x80", b"\x1b$B", b"\x1b(B", b"\x1b(I", b"\x0e", b"\x0f",
    b"--", b"--b0\n", b"--b0--\n", b"--b1\n", b"\n--b0\nContent-Type: ", b"Content-Type: multipart/mixed; boundary=b0\n",
    b"Content-Type: multipart/alternative; boundary=\"b1\"\n", b"Content-Type: message/rfc822\n",
    b"Content-Type: text/html; charset=", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n", b"Content-Disposition: attachment; filename*0*=utf-8''%E3",
    b"; filename*1*=%81%82", b"; format=flowed; delsp=yes", b"charset=iso-2022-jp", b"charset=utf-16", b"charset=utf-7",
    b"=?utf-8?B?44GC?=", b"=?iso-2022-jp?B?GyRCJCI=?=", b"=?utf-8?Q?=E3=81?=", b"=?x?q?", b"?=", b"(", b")", b"((((((",
    b"<", b">", b"\"", b"\\", b":;", b"g:", b",,,,", b"@", b"a@b", b"=", b"=\n", b"=E3", b"====", b"begin 644 x\n",
    b"`\nend\n", b"-- \n", b"> ", b">>> ", b"-----Original Message-----\n", b"From: ", b"To: ", b"Subject: ", b"Date: ",
    b"References: <a@b> <c@d>\n", b"<table><tr><td>", b"<div style=\"", b"<![CDATA[", b"<!--", b"-->", b"<pre>", b"<a href=",
    b"<blockquote>", b"<select><option>", b"<svg><style>", b"<math><mi>", b"<template>", b"&#x110000;", b"&nbsp;", b"&lt",
    b"</p></div></body>", b"<p>" * 50, b"Action: failed\nStatus: 5.1.1\n", b"Final-Recipient: rfc822; a@b\n",
    b"message/delivery-status", b"multipart/report; report-type=delivery-status", b"A" * 1000, b"\xe3\x81\x82" * 300,
    b" " * 500, b"\t", b"%", b"*", b"'", b"''", b"0*=", b"1*=", b"99999999999999999999", b"-1",
]


def seeds(names, tmp):
    if not names:
        out = os.path.join(tmp, "seeds")
        subprocess.run([sys.executable, os.path.join(TOP, "tests/data/gen_mail.py"), out],
                       check=True, stdout=subprocess.DEVNULL)
        names = sorted(os.path.join(out, f) for f in os.listdir(out) if f.endswith(".eml"))
    mails = []
    for name in names:
        with open(name, "rb") as f:
            data = f.read()
        if 0 < len(data) <= SEED_BYTES_MAX:
            mails.append(data)
    return mails


def mutate(rng, mails):
    m = bytearray(rng.choice(mails))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 9, 20))):
        at = rng.randrange(len(m) + 1)
        end = min(len(m), at + rng.choice((1, 2, 4, 16, 80, 500)))
        kind = rng.randrange(10)
        if kind == 0:
            m[at:end] = bytes(rng.randrange(256) for _ in range(end - at))
        elif kind == 1:
            del m[at:end]
        elif kind == 2:
            m[at:at] = m[at:end] * rng.choice((1, 2, 10))
        elif kind in (3, 4, 5):
            m[at:at] = rng.choice(TOKENS)
        elif kind == 6:
            other = rng.choice(mails)
            k = rng.randrange(len(other))
            m[at:at] = other[k:k + rng.choice((10, 100, 1000))]
        elif kind == 7:
            lines = bytes(m).split(b"\n")
            i, k = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[k] = lines[k], lines[i]
            m = bytearray(b"\n".join(lines))
        elif kind == 8 and m:
            m[rng.randrange(len(m))] ^= 1 << rng.randrange(8)
        elif kind == 9 and rng.random() < 0.3:
            m = m[:at]
    return bytes(m) or b"x"


def strings(v):
    if isinstance(v, str):
        yield v
    elif isinstance(v, list):
        for e in v:
            yield from strings(e)
    elif isinstance(v, dict):
        for e in v.values():
            yield from strings(e)


def verdict(line):
    """None if the line is as it should be, else what is wrong."""
    try:
        o = json.loads(line.decode("utf-8", "strict"))
    except ValueError as e:
        return "no JSON: %s" % e
    for w in o["warnings"]:
        if w.startswith("parser:"):
            return w
    for s in strings(o):
        if BAD.search(s):
            return "control character: %.100r" % s
        s.encode("utf-8", "strict")
    return None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("-n", type=int, default=2000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--keep")
    ap.add_argument("--timeout", default="20")
    ap.add_argument("seed_mail", nargs="*")
    a = ap.parse_args()
    bad = done = 0
    with tempfile.TemporaryDirectory() as tmp:
        mails = seeds(a.seed_mail, tmp)
        while done < a.n:
            rng = random.Random("%d %d" % (a.seed, done))
            files = []
            for i in range(min(BATCH, a.n - done)):
                files.append(os.path.join(tmp, "m%04d" % i))
                with open(files[-1], "wb") as f:
                    f.write(mutate(rng, mails))
            p = subprocess.run([PROG, "--json", "--timeout", a.timeout, *files], capture_output=True)
            lines = p.stdout.split(b"\n")[:-1]
            if p.returncode != 0 or len(lines) != len(files):
                print("# exit %d, %d lines of %d: %s" % (p.returncode, len(lines), len(files), p.stderr[:500]))
                bad += 1
            for file, line in zip(files, lines):
                why = verdict(line)
                if not why:
                    continue
                bad += 1
                print("# batch %d %s: %s" % (done, os.path.basename(file), why), flush=True)
                if a.keep:
                    os.makedirs(a.keep, exist_ok=True)
                    os.replace(file, os.path.join(a.keep, "%06d-%s" % (done, os.path.basename(file))))
            done += len(files)
    print("1..1\n%s 1 - %d mutated mails" % ("not ok" if bad else "ok", done))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
