"""The desk in a browser, as its people use it."""
import base64
import email
import email.policy
import shutil
import subprocess
import os

import pytest
from mails import CUSTOMER, mail
from servers import wait_until


def modified_utf7(name):
    """A folder's name as IMAP has it (RFC 3501, 5.1.3)."""
    return "&%s-" % base64.b64encode(name.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


def test_places_in_a_text():
    if not shutil.which("node"):
        pytest.skip("no node here")
    script = os.path.join(os.path.dirname(__file__), "text.mjs")
    done = subprocess.run(["node", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_a_reply_goes_the_whole_way(browser, desk, post):
    browser("circle")
    raw = post.wait_mails(CUSTOMER, 1, timeout_s=120)[0]
    reply = email.message_from_bytes(raw, policy=email.policy.default)
    text = reply.get_content()
    assert "交換品は明日発送し" in text and "写真を拝見いたしました" in text
    assert reply["In-Reply-To"] == "<ui1@customer.example>"
    wait_until("the result", lambda: desk.query("SELECT 1 FROM outbox WHERE state = 'sent'"), 60)


def test_a_hostile_mail_does_nothing(browser):
    browser("hostile")


def test_two_people_do_not_overwrite_each_other(browser):
    browser("two")


def test_each_piece_of_work_has_a_way_back(browser):
    browser("work")


def test_administrators_forms_do_what_they_say(browser):
    browser("govern")


def test_all_of_it_is_done_without_a_mouse(browser):
    browser("keys")


def test_every_way_of_working_together_goes_to_its_end(browser, desk, post):
    soko, folder = "soko@warehouse.example", modified_utf7("迷惑")
    post.add_user(soko, "mail-secret")
    with post.mailbox(desk.ADDRESS) as box:
        box.create(folder)
        box.append(folder, None, None, mail(11, "見積もりのお願い", "百個の見積もりをいただけますか。"))

    def answer():
        asked = email.message_from_bytes(post.wait_mails(soko, 1, timeout_s=180)[0],
                                         policy=email.policy.default)
        assert "在庫はありますか" in asked.get_content() and CUSTOMER not in asked.as_string()
        post.deliver(soko, desk.ADDRESS, ("From: %s\r\nTo: %s\r\nSubject: Re: %s\r\nMessage-ID: <soko@warehouse.example>\r\n"
                                          "In-Reply-To: %s\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
                                          "倉庫に三つあります。\r\n" % (soko, desk.ADDRESS, "zaiko", asked["Message-ID"])).encode())

    def writes(number, subject):
        return lambda: post.deliver(CUSTOMER, desk.ADDRESS, mail(number, subject, "よろしくお願いします。"))

    def start():
        desk.start()
        desk.wait_web()

    try:
        browser("ways", asks={"answer": answer, "mail": writes(12, "あとから届いたメール"), "stop": desk.stop,
                              "start": start, "late": writes(13, "再起動のあとのメール")})
    finally:
        if not desk.alive():
            start()


def test_what_is_typed_is_kept(browser, desk, post):
    def writes(number, subject, answer_to=None):
        raw = mail(number, subject, "よろしくお願いします。")
        if answer_to:
            raw = raw.replace(b"MIME-Version", b"In-Reply-To: <ui%d@customer.example>\r\nMIME-Version" % answer_to, 1)
        return lambda: post.deliver(CUSTOMER, desk.ADDRESS, raw)

    browser("kept", asks={"first": writes(41, "消えては困るもの"), "again": writes(42, "Re: 消えては困るもの", 41)})


def test_the_first_page_needs_little(browser):
    print(browser("first"))


def test_every_screen_is_for_everybody(browser):
    browser("axe")


def test_a_mail_in_another_script_reads_as_it_was_written(browser, desk, post):
    other = "rtl@customer.example"
    raw = ("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <rtl@customer.example>\r\nMIME-Version: 1.0\r\n"
           "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n" % (
               other, desk.ADDRESS, "A" * 400, "لم يصل طلبي رقم M-20417."))
    post.deliver(other, desk.ADDRESS, raw.encode())
    found = wait_until("the mail", lambda: desk.query(
        "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.message_id = 'rtl@customer.example'"),
        60, desk.alive)
    browser("scripts", ticket=found[0][0])


def test_who_works_for_several_windows_sees_for_which(browser, desk):
    desk.run("window", "add", "second", "--address", "second@example.jp", "--name", "二つめの窓口" * 6)
    desk.run("user", "role", "suzuki", "--window", "second", "--role", "sv")
    moved = desk.json("ticket", "list")["tickets"][-1]["ticket"]
    desk.run("ticket", "move", moved, "--to", "second", as_="suzuki")
    browser("windows")
