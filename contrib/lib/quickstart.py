"""The part of contrib/quickstart that runs when everything is built: private
mail servers, the desk, 30 mails, and with --once the whole way of one reply,
with --day a day of work.
"""
import email
import email.message
import email.policy
import email.utils
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "contrib", "samples"))

from day import HOURS, LENGTH_S, Day  # noqa: E402
from desk import Desk  # noqa: E402
from gen import MAIN_CUSTOMER, Samples  # noqa: E402
from servers import Servers, ServersError, wait_until  # noqa: E402

OPERATOR, LEAD = "sato", "suzuki"      # as desk.init() makes them
VALUES = (("order", "M-20417"), ("product|items", "陶器のマグカップ"), ("fee|amount", "弊社負担"),
          (r"date|due|until|\.at$", "11月30日（月）"), ("url", "https://shop.example.jp/returns"),
          ("address", "〒150-0099 東京都渋谷区見本町9-8 みどり雑貨店 返品係"))
MAIL_PASSWORD, CUSTOMER_PASSWORD = "desk-secret", "customer-secret"
WEB_PASSWORD = "madoguchi-tameshi"


def step(text):
    print("\n==> " + text, flush=True)


def show_command(words):
    print("    $ " + " ".join(shlex.quote(w) for w in words), flush=True)


def check(holds, what):
    if not holds:
        raise ServersError("not as it should be: " + what)
    print("    ok: " + what, flush=True)


def open_slots(template):
    """The slots of a template that the desk cannot fill by itself."""
    with open("%s/templates/%s.txt" % (TOP, template), encoding="utf-8") as f:
        names = re.search(r"^slots: *(.*)$", f.read(), re.M)
    return [w.split(":")[0] for w in (names[1].split() if names else [])
            if not w.startswith("customer.")]


def value(slot):
    """What an operator would type there."""
    for words, text in VALUES:
        if re.search(words, slot):
            return text
    return "担当者が確認した内容"


class Quickstart:
    def __init__(self, folder):
        self.servers = Servers(folder + "/servers")
        self.desk = Desk(folder + "/desk", web=True)
        self.desk.show = show_command
        self.samples = list(Samples())

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.desk.stop()
        self.servers.stop()

    # ---- a desk with tickets ---------------------------------------------

    def begin(self, **env):
        step("start a private Dovecot and OpenSMTPD in %s" % self.servers.dir)
        self.servers.start()
        self.servers.add_user(Desk.ADDRESS, MAIL_PASSWORD)
        self.servers.add_user(MAIN_CUSTOMER, CUSTOMER_PASSWORD)
        for who in (OPERATOR, LEAD):
            self.servers.add_user(who + "@example.jp", MAIL_PASSWORD)
        print("    IMAP %d (TLS), submission %d (STARTTLS), MX %d" % (
            self.servers.imaps_port, self.servers.submission_port, self.servers.smtp_port))
        step("set up the desk and start it")
        self.desk.env.update(env)
        self.desk.init()
        self.desk.start()
        self.desk.add_people()
        self.desk.run("user", "add", "tanaka", "--name", "田中 直子", "--email", "tanaka@example.jp",
                      "--window", "support", "--role", "operator")
        for login in ("sato", "tanaka", "suzuki", "admin"):
            self.desk.run("user", "password", login, "--password-file", "-", text=WEB_PASSWORD)
        self.desk.add_mailbox(self.servers, Desk.ADDRESS, MAIL_PASSWORD)

    def arrive(self):
        step("deliver %d Japanese mails by SMTP" % len(self.samples))
        self.servers.deliver_all((sender, Desk.ADDRESS, raw) for _, sender, raw in self.samples)
        step("wait until they are tickets")
        wait_until("%d mails in the desk" % len(self.samples),
                   lambda: self.desk.delivered() >= len(self.samples), 120, self.desk.alive)
        print(self.desk.run("ticket", "list").stdout)

    def commands(self):
        """The words that a person types to go on."""
        return " ".join(shlex.quote(w) for w in (
            self.desk.build + "/src/madoguchi", "--config", self.desk.config))

    # ---- something to look at --------------------------------------------

    def furnish(self):
        """A morning's work: some of it done, some waiting for others."""
        step("let people begin to work: drafts, a request, one sent back, comments")
        day = Day(self.desk, self.servers, lambda text: None, value)
        day.moves, day.reason = False, self.desk.call("approval.reasons", as_=LEAD)["reasons"][0]["code"]
        day.operators(3)
        for row in self.desk.call("approval.list", as_=LEAD)["approvals"][:1]:
            day.attempt("return", LEAD, draft=row["draft"], code=day.reason,
                        note="お届け予定日を具体的に書いてください。")

    def day(self):
        step("a day at the desk: %d hours" % HOURS)
        self.desk.show = None
        Day(self.desk, self.servers, lambda text: print("    " + text, flush=True), value,
            (raw for _, _, raw in self.samples)).run()
        # from here on time goes as it does
        self.desk.stop()
        del self.desk.env["MDG_CLOCK_OFFSET"]
        self.desk.start()

    # ---- the way of one reply --------------------------------------------

    def once(self):
        first, second = (email.message_from_bytes(self.samples[i][2])["Message-ID"] for i in (0, 6))
        rows = self.desk.query("SELECT DISTINCT t.number FROM message m JOIN ticket t ON t.id = "
                               "m.ticket_id WHERE m.from_address = ?1", MAIN_CUSTOMER)
        check(len(rows) == 1, "the customer's two mails are one ticket")
        number = rows[0][0]

        step("suggested replies for ticket %d" % number)
        print(self.desk.run("suggest", number, as_=OPERATOR).stdout)
        ranked = self.desk.json("suggest", number, as_=OPERATOR)["ranked"]
        check(len(ranked) > 0, "there is a suggestion")

        step("a draft from the first one, request for approval, approval")
        template = ranked[0]["id"]
        slots = [w for name in open_slots(template) for w in ("--slot", name + "=" + value(name))]
        draft = self.desk.json("draft", "new", number, "--template", template, *slots,
                               as_=OPERATOR)["draft"]
        self.desk.run("draft", "submit", draft, as_=OPERATOR)
        refused = self.desk.run("approve", draft, as_=OPERATOR, check=False)
        check(refused.returncode != 0, "an operator may not approve")
        self.desk.run("approve", draft, as_=LEAD)
        approved = self.desk.json("draft", "show", draft, as_=LEAD)
        check(approved["state"] == "queued", "the approved reply waits to be sent")
        check(not self.servers.mails(MAIN_CUSTOMER), "nothing leaves before golive")

        step("go live; the reply leaves after its cancel window of ten seconds")
        self.desk.run("golive")
        raw = self.servers.wait_mails(MAIN_CUSTOMER, 1, timeout_s=60)[0]
        wait_until("the result", lambda: self.desk.query(
            "SELECT 1 FROM outbox WHERE state = 'sent'"), alive=self.desk.alive)
        reply = email.message_from_bytes(raw, policy=email.policy.default)
        text = reply.get_content()
        print("    From: %s\n    To: %s\n    Subject: %s\n" % (
            reply["From"], reply["To"], reply["Subject"]))
        print("\n".join("    | " + r for r in text.splitlines()))
        check(reply["In-Reply-To"] == second, "In-Reply-To is the customer's newest mail")
        check(first in reply["References"] and second in reply["References"],
              "References names both of the customer's mails")
        paragraphs = ["".join(p.split()) for p in approved["body"].split("\n\n")]
        check(all(p in "".join(text.split()) for p in paragraphs), "the text is the approved one")
        copies = wait_until("the copy", lambda: self.servers.mails(Desk.ADDRESS, "Sent"))
        check(len(copies) == 1, "one copy lies in Sent")

        step("what was promised, and what was kept")
        print(self.desk.run("sla", "explain", number).stdout)
        clocks = self.desk.json("sla", "explain", number)["clocks"]
        check(clocks and clocks[0]["state"] == "met", "the first response came in time")
        print(self.desk.run("trace", number).stdout)
        self.desk.run("audit", "verify")
        print(self.desk.run("reconcile").stdout)

    # ---- the same by mail alone -------------------------------------------

    def mail_to(self, who, words, seen):
        """The next mail to one of our people that holds these words."""
        def look():
            for raw in self.servers.mails(who):
                m = email.message_from_bytes(raw, policy=email.policy.default)
                text = m.get_body(("plain",)).get_content()
                if m["Message-ID"] not in seen and words in text:
                    seen.add(m["Message-ID"])
                    return m, text
            return None
        m, text = wait_until("a mail to " + who, look, 60, self.desk.alive)
        print("\n    mail to %s: %s\n" % (who, m["Subject"]))
        print("\n".join("    | " + r for r in text.splitlines()[:18]))
        return m, text

    def reply(self, who, notice, text):
        """What that person's mail program sends."""
        print("\n    %s answers: %s" % (who, text.splitlines()[0]), flush=True)
        m = email.message.EmailMessage(policy=email.policy.SMTP)
        m["From"], m["To"] = who, email.utils.parseaddr(notice["Reply-To"])[1]
        m["Subject"] = "Re: " + notice["Subject"]
        m["Message-ID"] = email.utils.make_msgid(domain="example.jp")
        m["In-Reply-To"] = notice["Message-ID"]
        m.set_content(text)
        self.servers.deliver(who, Desk.ADDRESS, m.as_bytes())

    def once_by_mail(self):
        operator, lead, seen = OPERATOR + "@example.jp", LEAD + "@example.jp", set()
        number, customer, name = self.desk.query(
            "SELECT t.number, m.from_address, m.from_name FROM ticket t JOIN message m"
            " ON m.id = t.newest_message_id WHERE t.state = 'new' AND t.assignee_id IS NULL"
            " AND m.class = 'ordinary' AND m.from_address <> ?1 AND m.from_name <> ''"
            " ORDER BY t.id", MAIN_CUSTOMER)[0]
        step("the same way by mail alone: ticket %d of %s" % (number, customer))
        self.servers.add_user(customer, CUSTOMER_PASSWORD)
        for who in (OPERATOR, LEAD):
            self.desk.run("user", "mail", who, "on")
        self.desk.run("maildesk", "set", "--at-night", "on")
        self.desk.run("ticket", "assign", number, "--to", OPERATOR)
        notice, _ = self.mail_to(operator, "回答期限", seen)
        self.reply(operator, notice, name + " 様\n\nお問い合わせいただき、ありがとうございます。\n"
                   "ただいま内容を確認しております。\n\n"
                   "確認ができましたら、担当者より改めてご連絡いたします。")
        answer, text = self.mail_to(operator, "承認", seen)
        if "承認を依頼しました" not in text:
            self.reply(operator, answer, "承認依頼 内容は確認済みです")
            self.mail_to(operator, "承認を依頼しました", seen)
        request, _ = self.mail_to(lead, "承認依頼", seen)
        check(any(p.get_content_type() == "message/rfc822" for p in request.walk()),
              "the request has the very mail attached")
        self.reply(lead, request, "承認")
        code, text = self.mail_to(lead, "6 桁", seen)
        self.reply(lead, code, re.search(r"^\s*(\d{6})\s*$", text, re.M)[1])
        self.mail_to(lead, "承認しました", seen)
        raw = self.servers.wait_mails(customer, 1, timeout_s=60)[0]
        reply = email.message_from_bytes(raw, policy=email.policy.default)
        check("担当者より改めてご連絡いたします" in reply.get_content(), "the customer has the letter")
        self.mail_to(operator, "送信済み", seen)
        check(self.desk.run("audit", "verify").returncode == 0, "the audit trail is whole")

    def stay(self):
        madoguchi = self.commands()
        self.desk.wait_web()
        print("""
The desk in the browser: http://127.0.0.1:%d/
    operator  %s, tanaka
    lead      %s
    admin     admin
    password of each: %s
""" % (self.desk.web_port, OPERATOR, LEAD, WEB_PASSWORD))
        print("""The desk is running in %s. In another terminal, for example:

    alias m='%s'
    m ticket list                       what has come in
    m ticket show NUMBER                one ticket
    m suggest NUMBER --as %s
    m draft new NUMBER --template ID --as %s
    m draft submit DRAFT --as %s
    m approve DRAFT --as %s
    m golive                            from now on replies leave
    m status

The mailboxes of %s@example.jp and %s@example.jp can be opened by any mail
program: IMAP %s:%d (TLS, certificate of %s), SMTP port %d, password %s.
m user mail %s on lets them answer there.

Ctrl-C ends the desk and the servers.""" % (os.path.dirname(self.desk.dir), madoguchi, OPERATOR,
                                            OPERATOR, OPERATOR, LEAD, OPERATOR, LEAD,
                                            self.servers.host, self.servers.imaps_port,
                                            self.servers.ca_file, self.servers.submission_port,
                                            MAIL_PASSWORD, OPERATOR), flush=True)
        while self.desk.alive():
            time.sleep(1)
        raise ServersError("madoguchid has ended" + self.desk.log_tail())


def main():
    once, day = "--once" in sys.argv[1:], "--day" in sys.argv[1:]
    for sig in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, signal.default_int_handler)
    if os.geteuid() != 0 and subprocess.run(["sudo", "-v"], check=False).returncode != 0:
        sys.exit("quickstart: sudo is needed for the private mount namespace of OpenSMTPD")
    folder = tempfile.mkdtemp(prefix="madoguchi-quickstart.")
    os.chmod(folder, 0o711)
    start = time.monotonic()
    try:
        with Quickstart(folder) as quickstart:
            if day:
                quickstart.begin(MDG_CLOCK_OFFSET=str(-LENGTH_S))
                quickstart.day()
            else:
                quickstart.begin()
                quickstart.arrive()
            if once:
                quickstart.once()
                quickstart.once_by_mail()
                print("\nquickstart: everything worked, in %.0f s" % (time.monotonic() - start))
            else:
                if not day:
                    quickstart.furnish()
                quickstart.stay()
    except ServersError as e:
        sys.exit("\nquickstart: failed: %s\n(everything is kept in %s)" % (e, folder))
    except KeyboardInterrupt:
        print("\nquickstart: stopped, everything has ended")
        if once:
            sys.exit(130)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
