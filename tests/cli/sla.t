#!/usr/bin/env python3
"""madoguchi sla due, sla elapsed, holidays: what scripts rely on."""
import json
import os
import subprocess
import tempfile

PROG = os.path.join(os.environ.get("top_builddir", "."), "src", "madoguchi")
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
results = []
tmp = tempfile.TemporaryDirectory()


def run(*args, stdin=None, lang="en"):
    p = subprocess.run([PROG, "--lang", lang, *args], input=stdin,
                       capture_output=True, text=True, timeout=60)
    return p.returncode, p.stdout, p.stderr


def ok(cond, name, detail=""):
    results.append(bool(cond))
    print(f"{'ok' if cond else 'not ok'} {len(results)} - {name}")
    if not cond:
        print("# " + str(detail).replace("\n", "\n# "))


def calendar(name, **changes):
    cal = {"zone": "Asia/Tokyo",
           "weekly": {d: [["09:00", "12:00"], ["13:00", "18:00"]]
                      for d in DAYS[:5]},
           "national_holidays": "jp", "closed": ["2026-12-29"],
           "open": {"2026-12-30": [["10:00", "15:00"]]}}
    cal.update(changes)
    path = os.path.join(tmp.name, name + ".json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({k: v for k, v in cal.items() if v != "-"}, f)
    return path


def due(cal, start, minutes, want):
    got = run("sla", "due", "--calendar", cal, "--start", start,
              "--minutes", str(minutes))
    ok(got == (0, want + "\n", ""), f"due {start} + {minutes} is {want}", got)


def elapsed(cal, a, b, want):
    got = run("sla", "elapsed", "--calendar", cal, "--from", a, "--to", b)
    ok(got == (0, f"{want}\n", ""), f"elapsed {a} to {b} is {want}", got)


def bad_calendar(name, *words, raw=None, **changes):
    path = calendar("bad", **changes)
    if raw is not None:
        with open(path, "wb") as f:
            f.write(raw)
    code, out, err = run("sla", "due", "--calendar", path, "--start",
                         "2026-11-20T09:00:00+09:00", "--minutes", "60")
    ok(code == 65 and out == "" and all(w in err for w in words),
       f"calendar refused: {name}", (code, out, err))
    _, _, ja = run("sla", "due", "--calendar", path, "--start",
                   "2026-11-20T09:00:00+09:00", "--minutes", "60", lang="ja")
    ok("カレンダー" in ja or "bad.json" in ja, f"… in Japanese: {name}", ja)


def hours():
    jp = calendar("jp")
    due(jp, "2026-11-20T17:00:00+09:00", 60, "2026-11-20T18:00:00+09:00")
    due(jp, "2026-11-20T17:00:00+09:00", 120, "2026-11-24T10:00:00+09:00")
    due(jp, "2026-11-20T08:00:00Z", 120, "2026-11-24T10:00:00+09:00")
    due(jp, "2026-11-20t08:00:00.25z", 60, "2026-11-20T18:00:00+09:00")
    due(jp, "2026-11-20T11:30:00+09:00", 60, "2026-11-20T13:30:00+09:00")
    due(jp, "2026-11-20T11:00:00+09:00", 60, "2026-11-20T12:00:00+09:00")
    due(jp, "2026-11-20T10:00:05+09:00", 0, "2026-11-20T10:00:05+09:00")
    due(jp, "2026-11-20T12:00:00+09:00", 0, "2026-11-20T13:00:00+09:00")
    due(jp, "2026-11-20T18:00:00+09:00", 0, "2026-11-24T09:00:00+09:00")
    due(jp, "2026-12-28T17:30:00+09:00", 60, "2026-12-30T10:30:00+09:00")
    elapsed(jp, "2026-11-20T17:00:00+09:00", "2026-11-24T10:00:00+09:00",
            7200)
    elapsed(jp, "2026-11-20T12:00:00+09:00", "2026-11-20T13:00:00+09:00", 0)
    elapsed(jp, "2026-11-24T10:00:00+09:00", "2026-11-20T17:00:00+09:00", 0)
    elapsed(jp, "2026-11-20T10:00:00+09:00", "2026-11-20T10:00:00+09:00", 0)
    elapsed(jp, "2026-12-29T00:00:00+09:00", "2026-12-31T00:00:00+09:00",
            5 * 3600)
    plain = calendar("plain", national_holidays=None, closed="-", open="-")
    due(plain, "2026-11-20T17:00:00+09:00", 120, "2026-11-23T10:00:00+09:00")
    both = calendar("both", closed=["2026-11-23"],
                    open={"2026-11-23": [["10:00", "11:00"]],
                          "2026-11-22": [["20:00", "24:00"]],
                          "2026-11-24": []})
    due(both, "2026-11-20T18:00:00+09:00", 240, "2026-11-23T00:00:00+09:00")
    due(both, "2026-11-20T18:00:00+09:00", 300, "2026-11-23T11:00:00+09:00")
    due(both, "2026-11-20T18:00:00+09:00", 301, "2026-11-25T09:01:00+09:00")


def zones():
    always = {d: [["00:00", "24:00"]] for d in DAYS}
    ny = calendar("ny", zone="America/New_York", weekly=always,
                  national_holidays=None, closed=[], open={})
    elapsed(ny, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00",
            23 * 3600)
    elapsed(ny, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00",
            25 * 3600)
    due(ny, "2026-03-08T01:30:00-05:00", 60, "2026-03-08T03:30:00-04:00")
    due(ny, "2026-11-01T01:30:00-04:00", 60, "2026-11-01T01:30:00-05:00")
    night = calendar("night", zone="America/New_York", closed=[], open={},
                     weekly={"sun": [["02:00", "04:00"]]})
    # 02:00 is skipped: the span begins at 03:00 and is an hour long
    elapsed(night, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00",
            3600)
    due(night, "2026-03-08T00:00:00-05:00", 0, "2026-03-08T03:00:00-04:00")
    lh = calendar("lh", zone="Australia/Lord_Howe", weekly=always)
    due(lh, "2026-04-05T01:45:00+11:00", 30, "2026-04-05T01:45:00+10:30")
    ktm = calendar("ktm", zone="Asia/Kathmandu", national_holidays=None)
    due(ktm, "2026-11-20T09:00:00+05:45", 30, "2026-11-20T09:30:00+05:45")
    utc = calendar("utc", zone="UTC", national_holidays=None)
    due(utc, "2026-11-20T09:00:00Z", 30, "2026-11-20T09:30:00+00:00")
    env = dict(os.environ, TZ="America/New_York")
    p = subprocess.run([PROG, "sla", "due", "--calendar", calendar("jp"),
                        "--start", "2026-11-20T17:00:00+09:00", "--minutes",
                        "60"], capture_output=True, text=True, env=env)
    ok(p.stdout == "2026-11-20T18:00:00+09:00\n", "TZ has no say", p.stdout)


def broken_calendars():
    week = {"mon": [["09:00", "18:00"]]}
    bad_calendar("not JSON", "line 2", raw=b'{"zone":\n oops}')
    bad_calendar("not an object", "object", raw=b"[]")
    bad_calendar("empty file", "JSON", raw=b"")
    bad_calendar("not UTF-8", "UTF-8", raw=b'{"zone": "\xff"}')
    bad_calendar("a key twice", "JSON", raw=b'{"zone":"UTC","zone":"UTC"}')
    bad_calendar("unknown key", "weeekly", "zone, weekly", weeekly={})
    bad_calendar("unknown day", "weekly.monday", "mon, tue",
                 weekly={"monday": []})
    bad_calendar("no zone", '"zone"', zone="-")
    bad_calendar("no weekly", '"weekly"', weekly="-")
    bad_calendar("unknown zone", "Asia/Tokio", zone="Asia/Tokio")
    bad_calendar("an abbreviation as zone", "JST", "IANA", zone="JST")
    bad_calendar("a path as zone", "zone", zone="../../etc/passwd")
    bad_calendar("a number as zone", "zone", zone=9)
    bad_calendar("weekly is a list", "weekly", weekly=[])
    bad_calendar("a day is a text", "weekly.mon", weekly={"mon": "09:00"})
    bad_calendar("a span of one", "weekly.mon[0]", weekly={"mon": [["09:00"]]})
    bad_calendar("hour 25", "25:00", weekly={"mon": [["09:00", "25:00"]]})
    bad_calendar("24:30", "24:30", weekly={"mon": [["09:00", "24:30"]]})
    bad_calendar("24:00 as start", "24:00", weekly={"mon": [["24:00",
                                                             "24:00"]]})
    bad_calendar("9:00", '"9:00"', weekly={"mon": [["9:00", "12:00"]]})
    bad_calendar("empty span", "weekly.mon[0]",
                 weekly={"mon": [["09:00", "09:00"]]})
    bad_calendar("backward span", "24:00",
                 weekly={"mon": [["22:00", "06:00"]]})
    bad_calendar("overlap", "weekly.mon[1]", "10:00",
                 weekly={"mon": [["09:00", "11:00"], ["10:00", "12:00"]]})
    bad_calendar("out of order", "weekly.mon[1]",
                 weekly={"mon": [["13:00", "18:00"], ["09:00", "12:00"]]})
    bad_calendar("holidays of elsewhere", '"jp"', national_holidays="us")
    bad_calendar("holidays true", '"jp"', national_holidays=True)
    bad_calendar("no such date", "closed[1]", "2026-02-29",
                 closed=["2026-01-02", "2026-02-29"])
    bad_calendar("closed is a text", "closed", closed="2026-01-02")
    bad_calendar("open at no date", "open", "soon", open={"soon": []})
    bad_calendar("open without spans", "open.2026-01-02",
                 open={"2026-01-02": True})
    bad_calendar("never open", "open hours", weekly={}, open={})
    bad_calendar("too many spans", "weekly.mon", weekly={"mon": [
        [f"{i // 2:02}:{i % 2 * 30:02}", f"{i // 2:02}:{i % 2 * 30 + 9:02}"]
        for i in range(48)]})
    ok(run("sla", "elapsed", "--calendar", calendar("n", weekly={}, open={}),
           "--from", "2026-01-01T00:00:00Z", "--to", "2027-01-01T00:00:00Z")
       == (0, "0\n", ""), "a calendar that is never open elapses 0")
    touching = calendar("t", weekly={"fri": [["09:00", "12:00"],
                                             ["12:00", "24:00"]]})
    due(touching, "2026-11-20T11:59:00+09:00", 2, "2026-11-20T12:01:00+09:00")
    ok(run("sla", "due", "--calendar", tmp.name + "/none", "--start",
           "2026-11-20T09:00:00Z", "--minutes", "1")[0] == 66,
       "a file that is not there is 66")
    path = calendar("w", weekly=week)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    ok(run("sla", "due", "--calendar", "-", "--start",
           "2026-11-16T09:00:00+09:00", "--minutes", "1", stdin=text)[1] ==
       "2026-11-16T09:01:00+09:00\n", "- is stdin")


def wrong_usage():
    jp = calendar("jp")
    for bad in ["", "now", "2026-11-20", "2026-11-20T09:00:00",
                "2026-11-20T09:00:00+0900", "2026-11-20T09:00+09:00",
                "2026-11-20T24:00:00Z", "2026-02-29T00:00:00Z",
                "2026-11-20T09:00:00.Z", "2026-11-20T09:00:00+09:00 ",
                "2026-11-20T 9:00:00Z", "1795165200"]:
        code, out, err = run("sla", "due", "--calendar", jp, "--start", bad,
                             "--minutes", "1")
        ok(code == 64 and out == "" and "--start" in err and
           "2026-11-21T09:00:00+09:00" in err, f"not a time: '{bad}'", err)
    for bad in ["-1", "1.5", "", "1e3", "99999999999", "1h"]:
        code, out, err = run("sla", "due", "--calendar", jp, "--start",
                             "2026-11-20T09:00:00Z", f"--minutes={bad}")
        ok(code == 64 and "--minutes" in err, f"not minutes: '{bad}'", err)
    code, _, err = run("sla", "due", "--calendar", jp, "--minutes", "1")
    ok(code == 64 and "--start" in err, "a missing option is named", err)
    ok(run("sla", "due", "--nope", "1")[0] == 64, "unknown option is 64")
    ok(run("sla")[0] == 64, "half a command is 64")
    code, _, err = run("sla", "elapsed", "--calendar", jp, "--from",
                       "1931-01-01T00:00:00Z", "--to", "1960-01-01T00:00:00Z")
    ok(code == 64 and "1948" in err and "2150" in err,
       "years without a law are refused", err)
    code, _, err = run("sla", "elapsed", "--calendar", jp, "--from",
                       "1948-01-01T00:00:00+09:00", "--to",
                       "2150-12-31T23:59:59+09:00")
    ok(code == 0, "1948 and 2150 are whole years in Japan", err)
    for day in ("1947-12-31T23:59:59+09:00", "2151-01-01T00:00:00+09:00"):
        code, _, err = run("sla", "elapsed", "--calendar", jp, "--from", day,
                           "--to", day)
        ok(code == 64 and "1948" in err, f"the second beyond: {day}", err)
    code, _, err = run("sla", "due", "--calendar", jp, "--start",
                       "2149-01-01T00:00:00Z", "--minutes", "5000000")
    ok(code == 65 and "2150" in err, "a due after 2150 is refused", err)


def json_forms():
    jp = calendar("jp")
    _, out, _ = run("--json", "sla", "due", "--calendar", jp, "--start",
                    "2026-11-20T17:00:00+09:00", "--minutes", "60")
    ok(json.loads(out) == {"due": "2026-11-20T18:00:00+09:00",
                           "due_s": 1795165200}, "due as JSON", out)
    _, out, _ = run("sla", "elapsed", "--calendar", jp, "--from",
                    "2026-11-20T17:00:00+09:00", "--to",
                    "2026-11-20T17:00:01+09:00", "--json")
    ok(json.loads(out) == {"seconds": 1}, "elapsed as JSON", out)
    _, out, _ = run("holidays", "--json", "--from", "2026-11-23", "--to",
                    "2026-11-23")
    ok(json.loads(out) == [{"date": "2026-11-23", "name": "勤労感謝の日"}],
       "holidays as JSON", out)
    code, _, err = run("sla", "due", "--json", "--calendar", jp, "--start",
                       "x", "--minutes", "1")
    ok(code == 64 and json.loads(err)["error"]["code"] == "invalid",
       "errors as JSON", err)


def holidays():
    want = ("2019-04-29\t昭和の日\n2019-04-30\t国民の休日\n"
            "2019-05-01\t天皇の即位の日\n2019-05-02\t国民の休日\n"
            "2019-05-03\t憲法記念日\n2019-05-04\tみどりの日\n"
            "2019-05-05\tこどもの日\n2019-05-06\t振替休日\n")
    got = run("holidays", "--from", "2019-04-29", "--to", "2019-05-06")
    ok(got == (0, want, ""), "both ends are included", got)
    ok(run("holidays", "--from", "2019-04-30", "--to", "2019-05-05")[1] ==
       "".join(want.splitlines(True)[1:-1]), "… and nothing beyond")
    ok(run("holidays", "--from", "2026-06-01", "--to", "2026-06-30") ==
       (0, "", ""), "June has none")
    ok(run("holidays", "--from", "2026-06-01", "--to", "2026-06-30",
           "--json")[1] == "[]\n", "… also as JSON")
    got = run("holidays", "--from", "1955-01-01", "--to", "2050-12-31")
    ok(got[0] == 0 and got[1].startswith("1955-01-01\t元日\n") and
       got[1].endswith("2050-11-23\t勤労感謝の日\n"), "a century", got[2])
    for args in [("2026-02-30", "2026-03-01"), ("2026-03-01", "x"),
                 ("2026-03-02", "2026-03-01"), ("2026-01-01", "2151-01-01")]:
        code, out, err = run("holidays", "--from", args[0], "--to", args[1])
        ok(code == 64 and out == "" and err != "", f"refused: {args}", err)


hours()
zones()
broken_calendars()
wrong_usage()
json_forms()
holidays()
print(f"1..{len(results)}")
raise SystemExit(0 if all(results) else 1)
