"""Every answer of the API that a test gets is held against the description that
the same server gives of itself: no member that it does not know, none missing."""
import json
import re

from jsonschema import Draft202012Validator
from web import Web


class Described:
    """What one server says of itself."""

    def __init__(self, port):
        status, _, out = Web(port).raw("GET", "/api/v1/openapi.json")
        assert status == 200
        self.doc = json.loads(out)
        self.seen = set()              # (method, path) whose JSON was checked
        self.paths = []
        for path, ops in self.doc["paths"].items():
            pattern = re.compile("/".join("[^/]+" if p.startswith("{") else re.escape(p)
                                          for p in path.split("/")) + "$")
            self.paths.append((path.count("{"), path, pattern, ops))
        self.paths.sort(key=lambda p: p[0])
        self.validators = {}

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = Draft202012Validator(
                {**schema, "components": self.doc["components"]})
        return self.validators[key]

    def find(self, method, path):
        """(path of the description, operation) that stands for a path."""
        for _, name, pattern, ops in self.paths:
            if pattern.match(path) and method.lower() in ops:
                return name, ops[method.lower()]
        return None, None

    def check(self, method, path, status, headers, out):
        name, op = self.find(method, "/api/v1" + path)
        if status >= 400 or not op:
            assert status >= 400, "%s %s is not described" % (method, path)
            answer = {"content": {"application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}}}}
        else:
            assert str(status) in op["responses"], (method, name, status)
            answer = op["responses"][str(status)]
        kind = headers.get("Content-Type", "").split(";")[0]
        content = answer.get("content", {})
        if not out:
            return
        assert kind in content or "*/*" in content, (method, name, kind, list(content))
        if not kind.endswith("json") or "*/*" in content:
            return
        bad = ["%s: %s" % ("/".join(map(str, e.absolute_path)), e.message[:300])
               for e in self.validator(content[kind]["schema"]).iter_errors(json.loads(out))]
        assert not bad, (method, name, bad[:5])
        if status < 400:
            self.seen.add((method, name))


servers = {}


def watch(port, *answer):
    if port not in servers:
        servers[port] = Described(port)
    servers[port].check(*answer)
