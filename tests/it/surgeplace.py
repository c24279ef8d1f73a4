"""A desk with sixteen usual days behind it: what rises after them is a surge."""
import datetime
import time

from desk import Desk
from servers import Servers, wait_until

PASSWORD = "desk-secret"
JST = datetime.timezone(datetime.timedelta(hours=9))
USUAL = (("送料について", "送料はいくらですか。東京都までの配送です。"),
         ("返品したい", "サイズが合わないので返品の手順を知りたいです。"),
         ("領収書", "領収書の発行をお願いできますか。宛名は上様です。"),
         ("住所の変更", "引っ越したので登録の住所を変更したいです。"))
numbers = iter(range(1, 10000))


def mail(n, subject, body, sender):
    return ("From: <%s>\r\nTo: support@example.jp\r\nSubject: %s\r\n"
            "Message-ID: <su%d@customer.example>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n" % (sender, subject, n, body)).encode()


class Place:
    """A desk with its servers, and sixteen usual days behind it."""

    def __init__(self, folder, build_dir=None, conf=""):
        """conf: more lines of madoguchi.conf."""
        self.servers = Servers(folder + "/servers")
        self.servers.__enter__()
        self.servers.add_user(Desk.ADDRESS, PASSWORD)
        for who in ("suzuki@example.jp", "tanaka@customer.example"):
            self.servers.add_user(who, "x")
        self.desk = Desk(folder + "/desk", build_dir, web=True)
        self.desk.init()
        with open(self.desk.config, "a", encoding="utf-8") as f:
            f.write(conf)
        # ten in the morning in Tokyo, whenever this runs
        self.desk.start(MDG_CLOCK_OFFSET=str(int((36000 - time.time() - 9 * 3600) % 86400)))
        self.desk.add_mailbox(self.servers, Desk.ADDRESS, PASSWORD)
        self.desk.add_people()
        self.first = datetime.datetime.fromtimestamp(
            self.desk.call("incident.list")["now_s"], JST).date()
        self.desk.call("sla.notify", at_night="on")
        self.desk.call("golive")
        for _ in range(16):
            self.come(USUAL)
            self.hours(24)

    def close(self):
        self.desk.stop()
        self.servers.__exit__()

    def come(self, mails):
        """Mails of different customers, all the way through mdg-text; their tickets."""
        sent = []
        into_hour_s = self.desk.call("incident.list")["now_s"] % 3600
        if into_hour_s > 3000:                 # they belong into one hour
            self.desk.call("clock.advance", seconds=3600 - into_hour_s)
        for subject, body in mails:
            n = next(numbers)
            sender = "c%d@customer.example" % n
            sent.append("su%d@customer.example" % n)
            self.servers.deliver(sender, Desk.ADDRESS, mail(n, subject, body, sender))

        def judged():
            rows = self.desk.query(
                "SELECT t.number FROM surge_mail s JOIN message m ON m.id = s.message_id"
                " JOIN ticket t ON t.id = m.ticket_id WHERE m.message_id IN (%s)"
                % ",".join("?" * len(sent)), *sent)
            return len(rows) == len(sent) and [r[0] for r in rows]
        return wait_until("%d mails judged" % len(sent), judged, 90, self.desk.alive)

    def hours(self, n):
        """That many hours later, and they are counted."""
        self.desk.call("clock.advance", seconds=n * 3600 + 121)

        def counted():
            listed = self.desk.call("incident.list")
            return listed["counted_s"] > listed["now_s"] - 3720
        wait_until("hours counted", counted, 60, self.desk.alive)

    def incidents(self, everything=False):
        return self.desk.call("incident.list", as_="suzuki", all=everything)["incidents"]


def defects(n, model="KX-512", code="E-21"):
    return [("電源が入りません", "型番 %s を使っています。エラー %s が出て起動しません。"
             % (model, code)) for _ in range(n)]
