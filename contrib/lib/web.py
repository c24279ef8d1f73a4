"""A browser's side of the API (src/web), without a browser: sessions, calls.

    web = Web(desk.web_port)
    web.sign_in("sato", password)
    web.get("/tickets")["tickets"]
"""
import http.client
import json


class WebError(Exception):
    def __init__(self, status, body):
        super().__init__("%d %s" % (status, body))
        self.status, self.body = status, body


class Web:
    """address: who the proxy in front says that it is; each a rate of its own."""

    count = 0
    watch = None    # called with each answer: port, method, path, status, headers, bytes

    def __init__(self, port, host="127.0.0.1", address=None):
        Web.count += 1
        self.host, self.port = host, port
        self.address = address or "192.0.2.%d" % (Web.count % 250 + 1)
        self.cookie = self.csrf = None

    def raw(self, method, path, body=None, headers=None):
        """(status, headers, bytes)"""
        c = http.client.HTTPConnection(self.host, self.port, timeout=300)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()

    def call(self, method, path, body=None, headers=None):
        """JSON in, JSON out; WebError for a problem."""
        h = {"Accept-Language": "ja", "X-Forwarded-For": self.address}
        if self.cookie:
            h["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            h["X-CSRF-Token"] = self.csrf
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
        status, got, out = self.raw(method, "/api/v1" + path, data, {**h, **(headers or {})})
        if Web.watch:
            Web.watch(self.port, method, path.split("?")[0], status, got, out)
        if status >= 400:
            raise WebError(status, json.loads(out))
        self.headers = got
        kind = got.get("Content-Type", "")
        return json.loads(out) if out and kind.startswith("application/json") else out

    def get(self, path, **headers):
        return self.call("GET", path, headers=headers)

    def post(self, path, **body):
        return self.call("POST", path, body)

    def sign_in(self, login, password):
        self.cookie = self.csrf = None
        self.csrf = self.post("/session", login=login, password=password)["csrf"]
        self.cookie = self.headers["Set-Cookie"].split(";")[0]
        return self
