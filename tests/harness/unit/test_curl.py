"""The command that sends a request again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.curl import curl
from tidegate.records import Exchange, Message
from tidegate.redact import Secrets, lessons, masked_exchange

SECRET = "k7Qz2mWv9Xc4$`\"'!"


def command(method: str = "GET", url: str = "http://h/x", body: bytes = b"", **headers: str) -> str:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    found = Exchange(1, "t", "call", "", method, url, Message(pairs, body, len(body)))
    secrets = Secrets()
    secrets.notice(lessons(found))
    return curl(masked_exchange(found, secrets, limit=200))


def words(line: str, **variables: str) -> list[str]:
    """What a shell makes of the command."""
    show = 'curl() { printf "%s\\0" "$@"; }\n'
    done = subprocess.run(["sh", "-c", show + line], env=variables, capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


def test_a_token_is_a_variable_in_double_quotes() -> None:
    line = command(Authorization="Bearer abcdefghij", Host="h", User_Agent="x", traceparent="00-a", Accept="*/*")
    assert line == "curl http://h/x -H \"Authorization: Bearer $API_TOKEN\" -H 'Accept: */*'"


@pytest.mark.parametrize(
    ("asked", "arguments"),
    [
        ({"method": "DELETE"}, ["-X", "DELETE", "http://h/x"]),
        ({"method": "HEAD"}, ["--head", "http://h/x"]),
        ({"url": "http://h/x?a[]=1&b=2"}, ["--globoff", "http://h/x?a[]=1&b=2"]),
        ({"url": "http://h/a/../b"}, ["--path-as-is", "http://h/a/../b"]),
        ({"url": f"http://h/x?api_key={'k' * 3}abcdef&b=2"}, ["http://h/x?api_key=V&b=2"]),
        ({"Cookie": "sid=abcdefghij; b=c"}, ["http://h/x", "-H", "Cookie: sid=V; b=V"]),
        ({"X_Api_Key": "abc"}, ["http://h/x", "-H", "X-Api-Key: V"]),
        ({"Accept": ""}, ["http://h/x", "-H", "Accept;"]),
        ({"method": "POST", "body": b"@a"}, ["-X", "POST", "http://h/x", "--data-raw", "@a"]),
        ({"method": "POST", "body": b"\0"}, ["-X", "POST", "http://h/x", "--data-binary", "@body"]),
        ({"method": "POST", "body": b"a" * 300}, ["-X", "POST", "http://h/x", "--data", "a" * 200]),
    ],
)
def test_a_shell_reads_the_request_in_it(asked: Any, arguments: list[str]) -> None:
    names = ("API_KEY", "API_SID", "API_B", "API_X_API_KEY")
    assert words(command(**asked), **dict.fromkeys(names, "V")) == arguments


BODY = {"name": "it's $HOME `id` \\ \" ! é", "password": SECRET, "n": [1, None]}


def test_a_body_is_sent_as_it_was_with_the_secret_from_a_variable() -> None:
    line = command("POST", body=json.dumps(BODY).encode())
    assert SECRET not in line
    [*_, sent] = words(line, API_PASSWORD="PW")
    assert json.loads(sent) == {**BODY, "password": "PW"}


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30))
def test_no_character_means_anything_to_the_shell(text: str) -> None:
    body = json.dumps({"password": "pass-word-1", "text": text}, ensure_ascii=False).encode()
    line = command("POST", body=body)
    assert not set("\n").intersection(line) or "\n" in text
    assert "$API_PASSWORD" in line


def test_it_runs(tmp_path: Path) -> None:
    line = command("GET", url=f"file://{tmp_path}/x", Accept="*/*")
    (tmp_path / "x").write_text("there")
    done = subprocess.run(
        ["sh", "-c", f"command -v curl >/dev/null || exit 9; {line} -s"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) in [(0, "there"), (9, "")]
