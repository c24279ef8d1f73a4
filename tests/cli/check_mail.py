#!/usr/bin/env python3
"""check_mail.py EXPECTED.json OUTPUT.jsonl: TAP lines, one a mail."""
import json
import sys

ADDRESSES = ("from", "sender", "reply_to", "to", "cc")


def fragment(want, got):
    """Is every key of want in got with an equal value?"""
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and fragment(v, got[k]) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(fragment, want, got))
    return want == got


def problems(want, got):
    for key, value in want.items():
        name, _, how = key.rpartition("_")
        if how == "has":
            for s in value:
                if s not in got[name]:
                    yield "%s lacks %r: %.300r" % (name, s, got[name])
        elif how == "lacks":
            for s in value:
                if s in got[name]:
                    yield "%s has %r" % (name, s)
        elif key in ADDRESSES:
            have = [[a["name"], a["address"]] for a in got[key]]
            if have != value:
                yield "%s: %.300r" % (key, have)
        elif not fragment(value, got[key]):
            yield "%s: want %.200r, got %.300r" % (key, value, got[key])


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        expected = json.load(f)
    with open(sys.argv[2], encoding="utf-8") as f:
        lines = f.read().splitlines()
    print("1..%d" % (len(expected) + 1))
    print("ok 1 - one line a mail" if len(lines) == len(expected) else "not ok 1 - %d lines" % len(lines))
    for i, e in enumerate(expected):
        bad = list(problems(e["want"], json.loads(lines[i]))) if i < len(lines) else ["no line"]
        print("%s %d - %s" % ("not ok" if bad else "ok", i + 2, e["file"]))
        for b in bad:
            print("# " + b)


if __name__ == "__main__":
    main()
