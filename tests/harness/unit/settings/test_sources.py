from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tidegate import SettingsError, UsageError
from tidegate.settings import load, overrides
from tidegate.settings.sources import env_file


def password(folder: Path, content: bytes) -> str | None:
    (folder / ".env.test").write_bytes(content)
    return load(folder, env={}).admin_password


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"API_ADMIN_PASSWORD=p4$$w0rd${HOME}$X", "p4$$w0rd${HOME}$X"),
        (b"API_ADMIN_PASSWORD='p \"q\" # r'", 'p "q" # r'),
        (b'API_ADMIN_PASSWORD="p\'q # r"', "p'q # r"),
        (b"API_ADMIN_PASSWORD=a#b # a comment", "a#b"),
        (b"export API_ADMIN_PASSWORD = x  ", "x"),
        (b"# API_ADMIN_PASSWORD=x\n\nAPI_ADMIN_PASSWORD=y=z==", "y=z=="),
        (b"\xef\xbb\xbfAPI_ADMIN_PASSWORD=bom", "bom"),
        (b"API_ADMIN_PASSWORD=crlf\r\nOTHER=x\r\n", "crlf"),
        ("API_ADMIN_PASSWORD=Grüße☃".encode(), "Grüße☃"),
        (b"API_ADMIN_PASSWORD=first\nAPI_ADMIN_PASSWORD=last", "last"),
        (b"", None),
    ],
)
def test_a_value_is_taken_literally(tmp_path: Path, content: bytes, value: str | None) -> None:
    assert password(tmp_path, content) == value


@pytest.mark.parametrize(
    "content", [b"API_BASE_URL", b"OK=1\nAPI_BASE_URL=http://a\n'half\n", b'A="open\nB=1', b"=x", b"\0"]
)
def test_a_malformed_line_is_named_with_its_number(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env.test").write_bytes(content)
    with pytest.raises(SettingsError, match=r"\.env\.test, line \d+: not of the form NAME=value"):
        load(tmp_path, env={})


def test_a_file_that_is_not_utf_8_is_refused_with_the_place(tmp_path: Path) -> None:
    (tmp_path / ".env.test").write_bytes(b"A=1\nB=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env\.test is not UTF-8 text \(byte 6\): save it as UTF-8"):
        load(tmp_path, env={})


def test_the_environment_or_the_command_line_may_choose_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.test").write_text("API_ADMIN_EMAIL=default@example.com")
    (tmp_path / "a.env").write_text("API_ADMIN_EMAIL=a@example.com")
    (tmp_path / "b.env").write_text("API_ADMIN_EMAIL=b@example.com")
    assert load(tmp_path, env={"TIDEGATE_ENV_FILE": "a.env"}).admin_email == "a@example.com"
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    chosen = load(tmp_path, env={"TIDEGATE_ENV_FILE": "a.env"}, env_path="../b.env")
    assert (chosen.admin_email, chosen.origins["admin_email"]) == ("b@example.com", "../b.env")


def test_only_a_chosen_file_must_exist(tmp_path: Path) -> None:
    assert load(tmp_path, env={}).admin_email is None
    with pytest.raises(SettingsError, match=r"no\.env does not exist: TIDEGATE_ENV_FILE or the command line names it"):
        load(tmp_path, env={"TIDEGATE_ENV_FILE": "no.env"})


def test_an_argument_without_an_equals_sign_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'timeout' is not of the form KEY=VALUE"):
        overrides(["timeout"])


def test_only_the_first_equals_sign_parts_key_and_value() -> None:
    assert overrides(["a=b=c", "d="]) == {"a": "b=c", "d": ""}


@given(content=st.binary() | st.text(alphabet="AB=\"'#\\$ {}\n\r\tä\ufeff").map(str.encode))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_gives_texts_or_a_settings_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env.test").write_bytes(content)
    try:
        values = env_file(tmp_path, None).values
    except SettingsError:
        return
    assert all(isinstance(text, str) for pair in values.items() for text in pair)
