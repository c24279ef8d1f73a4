"""An OAuth 2.0 authorization server (RFC 6749, 7636, 8628) for tests.

It speaks TLS with the certificate of our private servers. Refresh tokens
rotate: each is good once. Dovecot asks the same server, over plain HTTP on
loopback, whom an access token belongs to.
"""
import base64
import hashlib
import html
import json
import secrets
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class TokenServer:
    """Attributes a test may set: life_s (of access tokens), refuse (the error
    of every refresh), delay_s. asked: the grant types, in order."""

    CLIENT_ID, CLIENT_SECRET = "desk-app", "client-secret-Zx81"
    USER_CODE = "ABCD-EFGH"

    def __init__(self, email):
        self.email = email
        self.life_s, self.refuse, self.delay_s = 3600, None, 0
        self.asked, self.secrets = [], []
        self.refresh, self.access = set(), set()
        self.devices, self.codes = {}, {}
        self.lock = threading.Lock()
        self.plain = self._serve(None)
        self.secure = None

    def start_tls(self, cert, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.secure = self._serve(context)

    def _serve(self, context):
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def say(self, status, answer):
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def show(self, text):
                body = ('<!doctype html><meta charset="utf-8"><title>Provider</title>%s' % text).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                path = urlsplit(self.path).path
                if path in ("/type-it", "/authorize"):
                    self.show(owner.page(path, self.path))
                    return
                token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
                self.say(200, owner.tokeninfo(token))

            def do_POST(self):
                size = int(self.headers.get("Content-Length", "0"))
                form = {k: v[0] for k, v in parse_qs(self.rfile.read(size).decode()).items()}
                time.sleep(owner.delay_s)
                if self.path == "/type-it":
                    owner.typed(form)
                    self.show("<p>Done.</p>")
                    return
                with owner.lock:
                    self.say(*owner.answer(urlsplit(self.path).path, form))

        httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        httpd.daemon_threads = True
        if context:
            httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        return httpd

    def stop(self):
        for httpd in (self.plain, self.secure):
            if httpd:
                httpd.shutdown()
                httpd.server_close()

    @property
    def url(self):
        return "https://127.0.0.1:%d" % self.secure.server_port

    @property
    def tokeninfo_url(self):
        return "http://127.0.0.1:%d/tokeninfo?access_token=" % self.plain.server_port

    # ---- what a person does in a browser -------------------------------

    def page(self, path, address):
        """What a browser shows there: the code is typed, or access allowed."""
        if path == "/authorize":
            return '<a href="%s">Allow</a>' % html.escape(self.log_in(address), quote=True)
        return ('<form method="post"><label>Code <input name="code"></label>'
                '<button name="how" value="granted">Allow</button>'
                '<button name="how" value="denied">Deny</button></form>')

    def typed(self, form):
        with self.lock:
            for device in self.devices.values():
                if form.get("code") == self.USER_CODE and form.get("how") in device:
                    device[form["how"]] = True

    def grant_devices(self):
        with self.lock:
            for device in self.devices.values():
                device["granted"] = True

    def let_codes_end(self):
        with self.lock:
            self.devices.clear()

    def log_in(self, url):
        """The address the browser ends at."""
        q = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert q["response_type"] == "code" and q["client_id"] == self.CLIENT_ID
        assert q["code_challenge_method"] == "S256"
        code = self._secret()
        self.codes[code] = q["code_challenge"]
        return "%s/?state=%s&code=%s" % (q["redirect_uri"], q["state"], code)

    # ---- what the server says ------------------------------------------

    def tokeninfo(self, token):
        good = token in self.access
        return {"active": good, **({"email": self.email} if good else {})}

    def revoke_access(self):
        self.access.clear()

    def _secret(self):
        s = secrets.token_urlsafe(32)
        self.secrets.append(s)
        return s

    def _tokens(self, refresh=True):
        access = self._secret()
        self.access.add(access)
        answer = {"token_type": "Bearer", "access_token": access, "expires_in": self.life_s}
        if refresh:
            answer["refresh_token"] = self._secret()
            self.refresh.add(answer["refresh_token"])
        return 200, answer

    def answer(self, path, form):
        if form.get("client_id") != self.CLIENT_ID:
            return 401, {"error": "invalid_client"}
        if path == "/device":
            code = self._secret()
            self.devices[code] = {"granted": False, "denied": False}
            return 200, {"device_code": code, "user_code": self.USER_CODE, "expires_in": 600,
                         "interval": 1, "verification_uri": self.url + "/type-it"}
        grant = form.get("grant_type")
        self.asked.append(grant)
        if grant == DEVICE_GRANT:
            device = self.devices.get(form.get("device_code"))
            if not device:
                return 400, {"error": "expired_token"}
            if device["denied"]:
                return 400, {"error": "access_denied"}
            return self._tokens() if device["granted"] else (
                400, {"error": "authorization_pending"})
        if grant == "authorization_code":
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if self.codes.pop(form.get("code"), None) != challenge:
                return 400, {"error": "invalid_grant"}
            return self._tokens()
        if grant == "client_credentials":
            if form.get("client_secret") != self.CLIENT_SECRET:
                return 401, {"error": "invalid_client"}
            return self._tokens(refresh=False)
        if grant == "refresh_token":
            if self.refuse:
                return 400, {"error": self.refuse}
            if form.get("refresh_token") not in self.refresh:
                return 400, {"error": "invalid_grant"}
            self.refresh.discard(form["refresh_token"])
            return self._tokens()
        return 400, {"error": "unsupported_grant_type"}
