"""A placeholder API, so that the first run is green. Replace this with your API: then every later step is yours.

It keeps in memory what api.json declares: health, a login for the admin of .env.test, and create, read, list, update
and delete of each resource, with 401, 404 and 422 where they belong. Standard library only.
"""

import base64
import json
import os
import re
import secrets
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

DECLARED = json.loads(Path(__file__).with_name("api.json").read_text(encoding="utf-8"))
LOGIN = DECLARED["login"]
ADMIN = (os.environ.get("API_ADMIN_EMAIL", ""), os.environ.get("API_ADMIN_PASSWORD", ""))
TOKENS = {os.environ["API_TOKEN"]} if os.environ.get("API_TOKEN") else set()
RECORDS = {name: {} for name in DECLARED["resources"]}
ONE_AT_A_TIME = threading.Lock()
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status


def nested(path, value):
    """The value below the keys of a dotted path, from the inside out."""
    for name in reversed([name for name in path.split(".") if name]):
        value = {name: value}
    return value


def texts(body):
    """Every text in a body."""
    if isinstance(body, dict):
        return {text for inner in body.values() for text in texts(inner)}
    return {body} if isinstance(body, str) else set()


def log_in(body):
    """A new token for the admin."""
    if not set(ADMIN) <= texts(body):
        raise Refused(401, "wrong e-mail or password")
    TOKENS.add(token := secrets.token_urlsafe(24))
    return 200, nested(LOGIN["token"], token)


def authorize(headers, query):
    """Pass only what carries a token, or the admin's name and password."""
    kind = LOGIN["kind"]
    if kind == "basic":
        said = base64.b64encode(":".join(ADMIN).encode()).decode()
        known = headers.get("Authorization") == f"Basic {said}"
    else:
        name, _, form = LOGIN["send"].partition("=" if LOGIN["send"].startswith("?") else ":")
        sent = query.get(name[1:], "") if name.startswith("?") else headers.get(name, "")
        known = any(sent == form.strip().replace("{token}", token) for token in TOKENS)
    if kind != "none" and not known:
        raise Refused(401, "log in first")


def check(resource, body, *, whole):
    """Refuse a body that lacks a field or has one of a wrong type."""
    if not isinstance(body, dict):
        raise Refused(422, "the body is no JSON object")
    for field, kind in resource["fields"].items():
        if field not in body and whole and field in resource["required"]:
            raise Refused(422, f"{field} is missing")
        if field in body and not isinstance(body[field], TYPES.get(kind, object)):
            raise Refused(422, f"{field} is not of type {kind}")


def page(name, resource, query):
    """One page of the records that the query asks for."""
    found = list(RECORDS[name].values())
    parameter, _, form = resource["filter"].partition("=")
    wanted = query.get(parameter)
    if wanted and form == "{prefix}":
        found = [record for record in found if str(record.get(resource["marker"], "")).startswith(wanted)]
    elif wanted and form == "{parent.id}":
        found = [record for record in found if str(record.get(resource["parent_field"])) == wanted]
    try:
        first, most = int(query.get("offset", 0)), int(query.get("limit", 100))
    except ValueError:
        raise Refused(422, "limit and offset are whole numbers") from None
    return nested(resource["items"], found[first : first + most])


def serve(name, resource, method, record_id, body, query):
    """The answer to a request for a resource: status and body."""
    records = RECORDS[name]
    if not record_id:
        if method == "GET":
            return 200, page(name, resource, query)
        if method != "POST":
            raise Refused(405, "lists can be read and added to")
        check(resource, body, whole=True)
        new = max(records, default=0) + 1
        records[new] = {**body, resource["id"]: new}
        return 201, nested(resource["record"], records[new])
    key = int(record_id) if re.fullmatch(r"[0-9]{1,18}", record_id) else None
    if key not in records:
        raise Refused(404, "there is no such record")
    if method == "DELETE":
        del records[key]
        return 204, None
    if method in ("PATCH", "PUT"):
        check(resource, body, whole=method == "PUT")
        records[key] |= {field: value for field, value in body.items() if field != resource["id"]}
    elif method != "GET":
        raise Refused(405, "records can be read, changed and deleted")
    return 200, nested(resource["record"], records[key])


class Api(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"

    def handle_one(self):
        """Any method."""
        try:
            status, body = self.answered()
        except Refused as error:
            status, body = error.status, {"detail": str(error)}
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one  # noqa: N815  the names that http.server looks for

    def answered(self):
        """Status and body for the request that was read."""
        path, query = urlsplit(self.path).path, {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if (self.command, path) == ("GET", DECLARED["health"]):
            return 200, {"status": "ok"}
        if (self.command, path) == ("POST", LOGIN["path"]) and LOGIN["kind"] in ("json", "form", "oauth2"):
            return log_in(self.read(content))
        for name, resource in DECLARED["resources"].items():
            below = re.fullmatch(re.escape(resource["path"].rstrip("/")) + r"(?:/([^/]+))?/?", path)
            if below:
                authorize(self.headers, query)
                with ONE_AT_A_TIME:
                    return serve(name, resource, self.command, unquote(below[1] or ""), self.read(content), query)
        raise Refused(404, "there is no such path")

    def read(self, content):
        """The body as JSON or as a form."""
        try:
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                return {name: values[0] for name, values in parse_qs(content.decode()).items()}
            return json.loads(content or b"null")
        except ValueError:
            raise Refused(422, "the body cannot be read") from None

    def log_message(self, *_):
        """Nothing: the tests show what they asked."""


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", int(os.environ.get("PORT", "8000"))), Api).serve_forever()
