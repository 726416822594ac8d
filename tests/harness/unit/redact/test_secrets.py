"""What is learned from traffic, and how it is found again."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tidegate.contract.cases.bodies import OTHERS
from tidegate.contract.cases.text import FORMATS
from tidegate.records import Exchange, Message
from tidegate.redact import MASK, Secrets, lessons, mask
from tidegate.redact.index import Index, joined
from tidegate.redact.spellings import spellings
from tidegate.redact.views import View, oddly_escaped
from tidegate.session.run import mark_of

OPAQUE = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=6, max_size=60).filter(
    lambda text: len({*text}) > 3
)
ODD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=6, max_size=40).filter(
    lambda text: len({*text}) > 3
)


def exchange(
    url: str = "http://127.0.0.1/things",
    sent: Message | None = None,
    came: Message | None = None,
) -> Exchange:
    return Exchange(1, "test", "call", "admin", "POST", url, sent or Message(), 200, came or Message())


def learned(from_: Exchange) -> set[str]:
    secrets = Secrets()
    secrets.notice(lessons(from_))
    return {*secrets}


def json_body(value: object, **headers: str) -> Message:
    body = json.dumps(value).encode()
    return Message((("Content-Type", "application/json"), *headers.items()), body, len(body))


ESCAPES: dict[str, Callable[[str], str]] = {
    "every character as \\u": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "every character as \\U0000": lambda s: "".join(f"\\u{ord(c):04X}" for c in s),
    "every byte as %": lambda s: "".join(f"%{byte:02x}" for byte in s.encode()),
    "some bytes as %": lambda s: "".join(f"%{byte:02X}" if byte % 2 else chr(byte) for byte in s.encode()),
    "every character as an entity": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "every character as a hex entity": lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    "twice in an URL": lambda s: quote("".join(f"%{byte:02x}" for byte in s.encode()), safe=""),
    "\\u in an URL": lambda s: quote("".join(f"\\u{ord(c):04x}" for c in s)),
}


@pytest.mark.parametrize("escape", ESCAPES)
@given(secret=OPAQUE, before=st.text("abc \\%&;u0", max_size=5), after=st.text("abc \\%&;u0", max_size=5))
def test_no_escape_that_nobody_needs_hides_a_secret(escape: str, secret: str, before: str, after: str) -> None:
    escaped = ESCAPES[escape](secret)
    assume(before[-1:] not in ("\\", "%", "&") and not before.endswith(("%0", "%a", "%b", "%c")))
    assert escaped not in mask(f"{before}{escaped}{after}", Secrets([secret]))


WRAPPED: dict[str, Callable[[str], str]] = {
    "JSON": lambda s: json.dumps({"k": s}),
    "JSON, not ASCII": lambda s: json.dumps({"k": s}, ensure_ascii=False),
    "JSON in JSON": lambda s: json.dumps({"k": json.dumps({"k": s})}),
    "form": lambda s: urlencode({"k": s}),
    "path": lambda s: quote(s),
    "twice in an URL": lambda s: quote(quote(s, safe=""), safe=""),
    "HTML": lambda s: f"<b>{html.escape(s)}</b>",
    "hex": lambda s: s.encode().hex(),
    "Python": repr,
}


@pytest.mark.parametrize("wrapping", WRAPPED)
@given(secret=ODD)
@example(secret="p/w?ä\"'\\ <&>+")
@example(secret="two words & a tilde~")
@example(secret="an emoji 😀 ÿ and €")
def test_no_format_hides_a_secret(wrapping: str, secret: str) -> None:
    frame, wrapped = WRAPPED[wrapping]("|||"), WRAPPED[wrapping](secret)
    mark = next(spelling for spelling in ("|||", "%257C%257C%257C", "%7C%7C%7C", "7c7c7c") if spelling in frame)
    before, _, after = frame.partition(mark)
    shown = wrapped[len(before) : len(wrapped) - len(after)]
    assert shown not in mask(wrapped, Secrets([secret])).replace(before, "").replace(after, "")


@given(secret=ODD, before=st.binary(max_size=7), after=st.binary(max_size=7), url=st.booleans())
def test_base64_hides_a_secret_at_no_place_in_other_data(secret: str, before: bytes, after: bytes, url: bool) -> None:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    masked = mask(encode(before + secret.encode() + after).decode(), Secrets([secret]))
    assert MASK in masked
    assert len(masked) <= len(encode(before + after)) + len(MASK) + 4


@given(secrets=st.lists(OPAQUE, min_size=1, max_size=40, unique=True), data=st.data())
def test_one_of_many_secrets_is_found_wherever_it_stands(secrets: list[str], data: st.DataObject) -> None:
    secret = data.draw(st.sampled_from(secrets))
    before, after = (data.draw(st.text("xyz=/,", max_size=20)) for _ in range(2))
    assert secret not in mask(f"{before}{secret}{after}", Secrets(secrets))


@given(
    secrets=st.lists(st.text("abcdef23456789", min_size=6, max_size=9), min_size=30, max_size=40, unique=True),
    before=st.text("xyz", max_size=9),
)
def test_one_of_many_short_secrets_is_found_wherever_it_stands(secrets: list[str], before: str) -> None:
    known = Secrets(secrets)
    assert [secret for secret in secrets if secret in mask(f"{before}{secret}x", known)] == []


@given(
    values=st.lists(st.text("aé€😀\ud800b/<-", min_size=1, max_size=22), min_size=1, max_size=12, unique=True),
    around=st.lists(st.text("aé😀b:", max_size=9), min_size=1, max_size=4),
    data=st.data(),
)
def test_values_of_any_length_are_found_where_a_plain_search_finds_them(
    values: list[str], around: list[str], data: st.DataObject
) -> None:
    forms = [form for value in values for form in spellings(value)]
    text = data.draw(st.sampled_from(forms)).join([*around, ""])
    assume(not oddly_escaped(text))
    spans = [(at, at + len(form)) for form in forms for at in range(len(text)) if text.startswith(form, at)]
    assert Index(values).spans(text) == joined(spans)


def test_of_very_many_secrets_the_latest_are_known_and_those_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.redact.secrets.MOST", 300)
    secrets = Secrets(["one-that-is-set"])
    secrets.notice(f"token-{number:08}-abcdef" for number in range(1000))
    assert len(secrets) <= 301
    last, first = "token-00000999-abcdef", "token-00000000-abcdef"
    assert mask(f"{last} {first} one-that-is-set", secrets) == f"{MASK} {first} {MASK}"


@pytest.mark.parametrize(
    "common",
    [
        "true",
        "admin",
        "12345",
        "1234567890",
        "aaaaaaaaaa",
        "bearer",
        "password",
        "***",
        "2026-11-23T17:00:00Z",
        "",
        "é",
    ],
)
def test_what_is_too_common_is_not_taken_out_of_everything(common: str) -> None:
    body = json_body({"password": common, "token": common, "secret": [common]})
    assert learned(exchange(sent=body)) == set()


CANARY = "canary-of-0123456789"
BASIC = base64.b64encode(f"somebody:{CANARY}".encode()).decode()


@pytest.mark.parametrize(
    "seen",
    [
        exchange(sent=Message((("Authorization", f"Bearer {CANARY}"),))),
        exchange(sent=Message((("authorization", CANARY),))),
        exchange(sent=Message((("Authorization", f"Basic {BASIC}"),))),
        exchange(sent=Message((("Cookie", f"theme=dark; sid={CANARY}"),))),
        exchange(sent=Message((("X-Api-Key", CANARY),))),
        exchange(came=Message((("Set-Cookie", f"sid={CANARY}; Path=/; HttpOnly"),))),
        exchange(came=Message((("X-Auth-Token", CANARY),))),
        exchange(came=Message((("Location", f"/next?access_token={CANARY}"),))),
        exchange(came=Message((("Location", f"https://a.example/#access_token={CANARY}&state=1"),))),
        exchange(f"http://127.0.0.1/?api_key={CANARY}"),
        exchange(f"http://somebody:{CANARY}@127.0.0.1/"),
        exchange(sent=json_body({"account": {"password": CANARY}})),
        exchange(sent=json_body([{"tokens": [{"value": CANARY}]}])),
        exchange(came=json_body({"data": {"clientSecret": CANARY, "secret_type": "opaque-or-so"}})),
        exchange(came=json_body({"inner": json.dumps({"refresh_token": CANARY})})),
        exchange(came=json_body({"next": f"/next?cursor=1&signature={CANARY}"})),
        exchange(
            sent=Message(
                (("Content-Type", "application/x-www-form-urlencoded"),),
                urlencode({"name": "x", "new_password": CANARY}).encode(),
            )
        ),
        exchange(
            sent=Message(
                (("Content-Type", "multipart/form-data; boundary=b"),),
                b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--b\r\n'
                b'Content-Disposition: form-data; name="secret"\r\nContent-Type: text/plain\r\n\r\n'
                + CANARY.encode()
                + b"\r\n--b--\r\n",
            )
        ),
        exchange(
            came=Message(
                (("Content-Type", "text/html"),), f'<input value="{CANARY}" type=hidden name=csrf_token>'.encode()
            )
        ),
        exchange(came=Message((("Content-Type", "text/xml"),), f"<a><password>{CANARY}</password></a>".encode())),
    ],
)
def test_what_stands_in_a_place_of_secrets_is_learned(seen: Exchange) -> None:
    assert CANARY in learned(seen)


MARK = "test-6ab3c0d1e2f3-"


@pytest.mark.parametrize("worker", ["", "gw1-"])
@pytest.mark.parametrize("ending", ["", "@example.com", "x" * 40])
def test_a_password_with_the_mark_of_the_run_hides_no_other_value_of_the_run(worker: str, ending: str) -> None:
    secrets = Secrets()
    password = f"{MARK}{worker}ae33d7b3fc{ending}"
    secrets.notice(lessons(exchange(sent=json_body({"password": password}))))
    secrets.share(mark_of("test-", "6ab3c0d1e2f3"))
    secrets.notice([f"{MARK}{worker}0123456789"])
    other = json.dumps({"title": f"{MARK}{worker}bf12d7b3aa{ending}", "not": "a text"})
    assert mask(other, secrets) == other
    assert mask(f"<{password}>", secrets) == f"<{MASK}>"


def test_what_a_secret_has_beside_the_mark_is_known_by_its_parts() -> None:
    secrets = Secrets([f"{MARK}k7Qz2mWv9Xc4b6Yd3Hs5Jf0Ga1Lp"])
    secrets.share(mark_of("test-", "6ab3c0d1e2f3"))
    assert mask(f"{MARK}k7Qz2mWv9Xc4b6Yd3Hs5Jf", secrets) == f"{MARK}{MASK}"
    assert mask(f"{MARK}k7Qz2mW...", secrets) == f"{MARK}{MASK}..."


@pytest.mark.parametrize("wrong", [*OTHERS.values(), "not-in-the-enum", FORMATS["password"]])
def test_what_negative_cases_send_for_a_password_is_no_secret(wrong: object) -> None:
    sent = json_body({"password": wrong, "tokens": [wrong], "credentials": {"kind": wrong}})
    refused = json_body({"detail": {"password": {"reason": "too short", "kind": "value_error"}}})
    assert learned(exchange(sent=sent, came=refused)) == set()


def test_everything_that_may_be_a_token_is_learned_from_the_answer_to_a_login() -> None:
    answer = json_body(
        {
            "data": {"jwt": CANARY, "x": "0123456789abcdef", "user_id": "0123456789abcdef0", "name": "Some Body"},
            "expires_at": "2026-11-23T17:00:00.123456",
            "email": "somebody1@example.com",
        }
    )
    assert learned(exchange("http://127.0.0.1/login", came=answer)) == {CANARY, "0123456789abcdef"}
    assert learned(exchange("http://127.0.0.1/things", came=answer)) == {CANARY}


ESCAPED = ["a", "ä", "😀", "\\", "\\u0061", "\\ud83d\\ude00", "%61", "%c3%a4", "%ff", "&amp;", "&x;", "%", "&"]


@given(text=st.lists(st.sampled_from(ESCAPED)).map("".join))
def test_each_character_of_a_view_has_its_place_in_the_text(text: str) -> None:
    view = View(text)
    places = [view.span(at, at + 1) for at in range(len(view.text))]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert "".join(View(text[start:end]).text for start, end in places if end > start) == view.text
