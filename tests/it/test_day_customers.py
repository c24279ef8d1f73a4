"""Who the customers are, and a case on paper: told as a day, on real Dovecot and SMTP.

鈴木 leads; 佐藤 and 高橋 answer. 髙橋 渡邉 斎藤 山﨑 write, from the office and from home.
"""
import html.parser

import pytest
from day import day_of, in_order
from desk import Desk

OFFICE, HOME = "takahashi@kaisha.example", "nao.takahashi@home.example"


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, people=("takahashi",),
                mailboxes=(OFFICE, HOME, "watanabe@customer.example")) as d:
        yield d


def found(day, text, who="sato"):
    return [c["customer"] for c in day.desk.json("customer", "find", text, as_=who)["customers"]]


def customer_of(day, ticket):
    return day.desk.query("SELECT customer_id FROM ticket WHERE number = ?1", ticket)[0][0]


def test_one_person_with_two_addresses(day):
    """9:05 髙橋 writes from the office, 9:10 the same one from home. 佐藤 sees that they are one and
    joins them: both inquiries are one history, and the next mail from home lands with it."""
    desk = day.desk
    day.at("9:05")
    office = day.writes("髙橋 直美 <%s>" % OFFICE, "見積もり", "見積もりをください。")
    day.at("9:10")
    home = day.writes("タカハシ <%s>" % HOME, "見積もりの件", "先ほどの件です。")
    one, two = customer_of(day, office), customer_of(day, home)
    assert one != two
    desk.run("customer", "set", one, "--kana", "タカハシ ナオミ", "--company", "株式会社サンプル商事",
             "--phone", "03-1234-5678", "--phone", "090-8765-4321", "--note", "納品は午前のみ",
             as_="sato")
    day.refused("customer.merge", "sato", "", customer=two, into=one)
    desk.run("customer", "merge", two, "--into", one, as_="suzuki")
    card = desk.json("customer", "show", one, as_="sato")
    assert sorted(a["address"] for a in card["addresses"]) == sorted([OFFICE, HOME])
    assert [t["ticket"] for t in card["tickets"]] == [home, office], "newest first"
    assert card["customer_rows"][0]["note"] == "納品は午前のみ" if "customer_rows" in card \
        else "午前のみ" in desk.run("customer", "show", one, as_="sato").stdout
    day.at("9:30")
    third = day.writes(HOME, "色", "何色がありますか。")
    assert customer_of(day, third) == one
    # a call from one of her numbers is hers, too
    call = desk.call("ticket.new", as_="takahashi", window="support", kind="phone",
                     subject="催促", phone="０９０ー８７６５ー４３２１", text="まだですか。")["ticket"]
    assert customer_of(day, call) == one


@pytest.mark.parametrize("written,typed", [
    ("髙橋 直美", "高橋"), ("髙橋 直美", "髙橋"), ("タカハシ ナオミ", "たかはし"),
    ("タカハシ ナオミ", "ﾀｶﾊｼ ﾅｵﾐ"), ("高橋直美", "高橋 直美"), ("高橋　直美", "高橋直美"),
    ("株式会社サンプル商事", "ｻﾝﾌﾟﾙ商事"), ("local part", "nao.takahashi"), ("domain", "kaisha.example"),
    ("whole", "03-1234-5678"), ("whole", "0312345678"), ("whole", "０３（１２３４）５６７８"),
    ("abroad", "+81 3-1234-5678"), ("mobile", "09087654321"), ("last four", "5678"),
    ("last four", "4321"), ("middle", "8765"), ("without the area", "1234-5678"),
    ("without the area", "１２３４－５６７８"), ("first part", "090-8765"), ("labelled", "下4桁 4321"),
    ("labelled", "TEL:03-1234-5678")])
def test_she_is_found_as_people_type(day, written, typed):
    """9:45 on the phone 佐藤 types what she hears or reads."""
    assert found(day, typed) == [customer_of(day, 10001)], written


def test_variants_of_a_name_are_one_name_and_others_are_not(day):
    """10:00 渡邉, 斎藤, 山﨑 are found in every way to write them, and nobody else with them."""
    desk = day.desk
    day.at("10:00")
    people = {}
    for n, name in enumerate(("渡邉 健", "斎藤 学", "山﨑 誠", "佐々木 望")):
        ticket = desk.call("ticket.new", as_="sato", window="support", kind="phone", name=name,
                           subject="電話", phone="045-000-11%02d" % n)["ticket"]
        people[name] = customer_of(day, ticket)
    for name, ways in (("渡邉 健", "渡辺 渡邊 渡邉"), ("斎藤 学", "斎藤 齋藤 斉藤 齊藤"),
                       ("山﨑 誠", "山崎 山﨑")):
        for way in ways.split():
            assert found(day, way) == [people[name]], way
    assert found(day, "佐々木") == found(day, "佐佐木") == [people["佐々木 望"]]
    assert found(day, "鈴木") == [] and found(day, "99") == []
    # four of them share the middle of a number: all are shown
    assert sorted(found(day, "045-000")) == sorted(people.values())


def test_customers_come_from_a_table_and_go_into_one(day, place):
    """11:00 鈴木 takes in the table of the shop in the coding of its spreadsheet, looks first, and
    gives hers away in both codings; what came in is what goes out."""
    desk = day.desk
    day.at("11:00")
    path = place + "/shop.csv"
    rows = ["氏名,フリガナ,会社名,メールアドレス,電話番号,備考",
            "渡邊 花子,ワタナベ ハナコ,,watanabe@customer.example,06-1111-2222,\"「丁目」まで, 要確認\"",
            "髙橋 直美,,,%s,,別の備考" % OFFICE,
            "住所だけ,,,ではない,,"]
    with open(path, "wb") as f:
        f.write("\r\n".join(rows).encode("cp932"))
    day.refused("customer.csv_in", "sato", "", text="x")
    dry = desk.run("customer", "csv-in", path, "--dry-run", as_="suzuki", check=False)
    assert dry.returncode == 65 and "3" in dry.stdout and found(day, "ワタナベ ハナコ") == []
    done = desk.run("customer", "csv-in", path, as_="suzuki", check=False)
    assert done.returncode == 65 and "ではない" in done.stdout + done.stderr
    assert len(found(day, "わたなべ はなこ")) == 1 and len(found(day, "2222")) == 1
    note = desk.run("customer", "show", customer_of(day, 10001), as_="sato").stdout
    assert "納品は午前のみ" in note and "別の備考" not in note, "what is known stays"
    for coding, mark in (("utf-8", "utf-8-sig"), ("cp932", "cp932")):
        out = place + "/out-%s.csv" % coding
        desk.run("customer", "csv-out", "--output", out, "--encoding", coding, as_="suzuki")
        with open(out, "rb") as f:
            raw = f.read()
        assert raw.startswith(b"\xef\xbb\xbf") == (coding == "utf-8")
        text = raw.decode(mark)
        for words in ("渡邊 花子", "髙橋 直美", OFFICE, HOME, "要確認", "03-1234-5678"):
            assert words in text, (coding, words)
        again = desk.run("customer", "csv-in", out, as_="suzuki")
        assert "0" in again.stdout
    day.refused("customer.csv_out", "sato", "")
    # her next mail finds who came by the table
    ticket = day.writes("watanabe@customer.example", "住所", "住所が変わりました。")
    assert [customer_of(day, ticket)] == found(day, "わたなべ はなこ")


class Page(html.parser.HTMLParser):
    """What a browser would show, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.words, self.loads, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "img", "link", "iframe"):
            self.loads.append(tag)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_a_case_on_paper(day):
    """14:00 a case goes to the lawyer: all mails with whole addresses and times, who was in Cc, the
    team's remarks; as text and as a page that loads nothing and in which a mail is no markup."""
    desk = day.desk
    day.at("14:00")
    ticket = day.writes("髙橋 <直美> <%s>" % OFFICE, "クレーム <b>至急</b>",
                        "返金してください。<script>alert(1)</script>\r\n& お返事ください。", cc=HOME)
    desk.run("comment", "add", ticket, "@suzuki ご確認ください。", as_="sato")
    day.at("14:20")
    day.sends("sato", day.drafts("sato", ticket, "髙橋 様\n\n返金いたします。"))
    text = desk.run("ticket", "print", ticket, as_="suzuki").stdout
    page = desk.run("ticket", "print", ticket, "--format", "html", as_="suzuki").stdout
    paper = Page(page)
    assert paper.loads == [] and paper.open == [] and "size: A4" in page
    for shown in (text, "".join(paper.words)):
        for words in (str(ticket), OFFICE, HOME, Desk.ADDRESS, "クレーム <b>至急</b>",
                      "<script>alert(1)</script>", "& お返事ください。", "返金いたします。", "ご確認ください。",
                      "佐藤 美咲", "%s 14:00:" % day.day, "%s 14:20:" % day.day, "+0900"):
            assert words in shown, words
        assert shown.index("返金してください") < shown.index("返金いたします")
    day.refused("ticket.print", "nobody", "nobody", ticket=ticket)
    in_order(day.story(ticket), "mail.in", "comment.add", "draft.new", "outbox.sent")
    assert desk.run("audit", "verify").returncode == 0
