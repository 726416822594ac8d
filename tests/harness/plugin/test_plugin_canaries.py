"""More than forty secrets go through a run in every place that there is; none is anywhere afterwards."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from plugin.conftest import Project
from projects import Answer, Call

NAMES = (
    *("bearer", "api_key_header", "odd_header", "csrf_header", "proxy_header", "basic", "userinfo", "sent_cookie"),
    *(
        "sent_cookies",
        "query",
        "signature",
        "query_plus",
        "json",
        "nested",
        "listed",
        "inner_json",
        "form",
        "multipart",
    ),
    *("set_cookie", "came_token", "came_refresh", "came_secret", "came_header", "location", "fragment"),
    *("login_odd", "html", "xml", "plain", "late", "from_env", "followed", "argument", "stored", "renamed"),
)
SHAPED = {
    "jwt_sent": lambda v: f"eyJhbGciOiJIUzI1NiJ9.{v}.{v}",
    "jwt_came": lambda v: f"eyJhbGciOiJIUzI1NiJ9.{v}.{v}",
    "stripe": lambda v: f"sk_live_{v}",
    "github": lambda v: f"ghp_{v}",
    "aws": lambda v: f"AKIA{v.upper()}",
    "slack": lambda v: f"xoxb-{v}",
    "pem": lambda v: f"-----BEGIN PRIVATE KEY-----\n{v}\n-----END PRIVATE KEY-----",
}


def canaries() -> dict[str, str]:
    # Letters in which no canary can be taken for a number, a time or a common word.
    plain = {name: f"Kz{secrets.token_hex(10)}" for name in (*NAMES, *SHAPED)}
    return {name: SHAPED.get(name, str)(value) for name, value in plain.items()}


TESTS = """
import base64, json, logging, os, warnings
from urllib.parse import quote
import pytest
C = json.loads(os.environ["CANARIES"])
log = logging.getLogger("own")

def test_headers(client):
    client.get("/echo", headers={"Authorization": "Bearer " + C["bearer"], "X-Api-Key": C["api_key_header"]})
    client.get("/echo", headers={"X-Odd": C["odd_header"], "X-CSRF-Token": C["csrf_header"]})
    client.get("/echo", headers={"Proxy-Authorization": "Bearer " + C["proxy_header"], "Authorization": C["jwt_sent"]})
    client.get("/echo", auth=("somebody", C["basic"]))
    client.get(str(client.base_url).replace("://", "://me:" + C["userinfo"] + "@") + "/echo")
    client.get("/echo", headers={"Cookie": "a=b; sid=" + C["sent_cookie"]})

def test_places(client):
    client.get("/echo", params={"api_key": C["query"], "x": "1", "signature": C["signature"]})
    client.get("/echo?access_token=" + C["query_plus"] + "&page=2")
    client.post("/echo", json={"password": C["json"], "a": {"token": C["nested"]}, "secrets": [[C["listed"]]]})
    client.post("/echo", json={"text": json.dumps({"client_secret": C["inner_json"]})})
    client.post("/echo", data={"user": "a", "new_password": C["form"]})
    client.post("/echo", data={"secret": C["multipart"]}, files={"file": ("a.bin", b"\\0\\1")})
    client.put("/echo", content=("token=" + C["plain"] + "&x=1").encode(), headers={"Content-Type": "text/plain"})

def test_answers(client):
    assert client.get("/brings").status_code == 200
    assert client.get("/page").status_code == 200
    assert client.get("/xml").status_code == 200
    assert client.get("/redirects", follow_redirects=True).status_code == 200
    client.post("/vendor/login", json={})

def test_late(client):
    log.error("set is %s", C["from_env"])
    for level in ("httpx", "httpcore"):  # a live log shows what it shows at once
        logging.getLogger(level).setLevel("ERROR")
    client.get("/late/" + C["late"])
    client.get("/echo", headers={"Authorization": "Bearer " + C["late"]})
    for level in ("httpx", "httpcore"):
        logging.getLogger(level).setLevel("DEBUG")

def test_assertion(client):
    came = client.get("/brings").json()
    log.warning("I have %s", came["access_token"])
    print("and", came["refresh_token"])
    warnings.warn("and " + came["access_token"])
    assert came["access_token"] == "another"

def test_exception(client):
    answer = client.post("/echo", json={"password": C["argument"]})
    local = {"all of it": answer.text, "token": C["argument"], "encoded": base64.b64encode(C["argument"].encode())}
    raise RuntimeError(f"failed with {C['argument']} in {local}")

def test_echo(client):
    answer = client.get("/echo", headers={"Authorization": "Bearer " + C["stored"]})
    for line in (answer.text, quote(answer.text), C["stored"].encode().hex(), json.dumps(answer.text)):
        log.error(line)
    pytest.fail(answer.text)

@pytest.fixture
def broken(client, record_property):
    token = client.post("/echo", json={"renamed": "x", "token": C["renamed"]}).request.content
    record_property("seen", token.decode())
    yield
    raise ValueError(token)

def test_teardown(broken, admin): pass
def test_skip(client):
    client.post("/echo", json={"password": C["argument"]})
    pytest.skip("for " + C["argument"])
def test_xfail(client):
    client.post("/echo", json={"password": C["argument"]})
    pytest.xfail("for " + C["argument"])
"""


def api(known: dict[str, str]) -> Callable[[Call, Callable[[Call], Answer]], Answer]:
    """A server that says everything again, in every spelling, and brings secrets of its own."""

    def answer(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        if call.path == "/echo":
            return Answer(422, {"detail": echo(call)})
        if call.path.startswith("/late/"):
            return Answer(404, {"detail": f"nothing at {call.path}", "twice": json.dumps(call.path)})
        return brings(call.path, known) or usual(call)

    return answer


def echo(call: Call) -> str:
    seen = f"{dict(call.headers)} {call.query} {call.raw.decode('latin-1')}"
    parts = re.findall(r"[\w.%-]{8,}", seen)
    return " ".join(
        [
            f"wrong: {seen}",
            *(quote(part) for part in parts),
            *(base64.b64encode(f"{'x' * at}{part}:y".encode()).decode() for at, part in enumerate(parts)),
            *(base64.urlsafe_b64encode(part.encode()).decode() for part in parts),
            *("".join(f"\\u{ord(char):04x}" for char in part) for part in parts),
            *("".join(f"%{ord(char):02x}" for char in part) for part in parts),
            *(part.encode().hex().upper() for part in parts),
            json.dumps(json.dumps(seen)),
        ]
    )


def brings(path: str, known: dict[str, str]) -> Answer | None:
    shapes = {name: known[name] for name in ("jwt_came", "stripe", "github", "aws", "slack", "pem")}
    match path:
        case "/brings":
            body = {"access_token": known["came_token"], "refresh_token": known["came_refresh"], "notes": shapes}
            headers = {"Set-Cookie": f"sid={known['set_cookie']}; Path=/", "X-Auth-Token": known["came_header"]}
            return Answer(200, {**body, "vendor": {"clientSecret": known["came_secret"]}}, headers)
        case "/page":
            return Answer(
                200, f'<input type=hidden name="csrf_token" value="{known["html"]}">', {"Content-Type": "text/html"}
            )
        case "/xml":
            return Answer(200, f"<a><password>{known['xml']}</password></a>", {"Content-Type": "application/xml"})
        case "/redirects":
            place = f"/health?code=1&token={known['location']}&sig={known['followed']}#access_token={known['fragment']}"
            return Answer(302, None, {"Location": place})
        case "/vendor/login":
            return Answer(200, {"data": {"x": known["login_odd"]}})
    return None


def spelled(value: str) -> set[bytes]:
    """What gives a canary away: its middle, as it is and as it is encoded."""
    core = re.sub(r"[^a-z0-9]+|sk_live_|ghp_|akia|xoxb-", " ", value.lower()).split()
    cores = {part for part in core if part.startswith("kz")} or {value.lower()}
    found = {part.encode() for part in cores}
    for part in re.findall(r"Kz[0-9a-f]{20}|KZ[0-9A-F]{20}", value):
        found |= {part.encode().hex().encode(), "".join(f"\\u{ord(c):04x}" for c in part).encode()}
        found |= {quote("".join(f"%{ord(c):02x}" for c in part)).encode()}
        for at in range(3):
            found.add(base64.b64encode(b"\0" * at + part.encode())[4:28].lower())
    return found


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_no_byte_of_any_secret_is_left_anywhere(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    known = canaries()
    assert len(known) >= 40
    project.stub.bend = api(known)
    monkeypatch.setenv("CANARIES", json.dumps(known))
    monkeypatch.setenv("VENDOR_TOKEN", known["from_env"])
    project.test(TESTS)
    levels = ("--log-level=DEBUG", "--log-file=artifacts/log.txt", "--log-file-level=DEBUG", "-o", "log_cli=true")
    (project.path / "artifacts").mkdir()
    result = project.run("-l", "-ra", "--junitxml=artifacts/junit.xml", *levels, *workers)
    outcomes = {"failed": 3, "passed": 5, "errors": 1, "skipped": 1, "xfailed": 1}
    assert result.parseoutcomes().items() >= outcomes.items()
    shown = {"the terminal": f"{result.stdout.str()}{result.stderr.str()}".encode()}
    files = {str(path): path.read_bytes() for path in (project.path / "artifacts").rglob("*") if path.is_file()}
    assert {Path(name).name for name in files} >= {"exchanges.jsonl", "junit.xml", "log.txt"}
    left = [
        (name, place, spelling)
        for name, value in known.items()
        for place, content in {**shown, **files}.items()
        for spelling in spelled(value)
        if spelling in content.lower()
    ]
    assert sorted({(name, place) for name, place, _ in left}) == []
    lines = (project.path / "artifacts" / "exchanges.jsonl").read_text().splitlines()
    assert len(lines) >= 25
    assert all(json.loads(line)["url"].startswith("http") for line in lines)
