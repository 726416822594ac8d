from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tidegate import SettingsError
from tidegate.settings import Settings, load
from tidegate.settings.client import chosen_library

CERTIFICATE = "-----BEGIN CERTIFICATE-----\n"
KEY = "-----BEGIN PRIVATE KEY-----\n"


def loaded(folder: Path, table: str = "", **env: str) -> Settings:
    (folder / "pyproject.toml").write_text(f"[tool.tidegate.client]\n{table}\n")
    return load(folder, env=env)


def refusal(folder: Path, table: str = "", **env: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(folder, table, **env)
    head, *problems = str(caught.value).splitlines()
    assert head == "the settings cannot be used"
    assert len(problems) == 1
    return problems[0].strip()


def test_files_are_meant_from_the_projects_root(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(CERTIFICATE)
    (tmp_path / "both.pem").write_text(CERTIFICATE + KEY)
    client = loaded(tmp_path, 'ca_file = "ca.pem"', TIDEGATE_CLIENT_CERT_FILE="both.pem").client
    assert client.ca_file == str(tmp_path / "ca.pem")
    assert client.cert_file == str(tmp_path / "both.pem")


@pytest.mark.parametrize("key", ["ca_file", "cert_file"])
def test_a_file_that_is_not_there_is_named_with_its_key(tmp_path: Path, key: str) -> None:
    said = refusal(tmp_path, f'{key} = "no.pem"')
    assert (
        said
        == f"client.{key} ([tool.tidegate] in pyproject.toml) is no.pem: it cannot be read: No such file or directory"
    )


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'ca_file = "."').endswith("is .: it cannot be read: Is a directory")


@pytest.mark.parametrize(
    ("key", "expected"),
    [("ca_file", "certificates"), ("cert_file", "a certificate"), ("key_file", "a private key")],
)
def test_a_file_that_holds_something_else_is_named(tmp_path: Path, key: str, expected: str) -> None:
    (tmp_path / "it.pem").write_text("hello")
    (tmp_path / "fine.pem").write_text(CERTIFICATE)
    beside = 'cert_file = "fine.pem"' if key == "key_file" else ""
    said = refusal(tmp_path, f'{key} = "it.pem"\n{beside}')
    assert said.endswith(f"is it.pem: expected a PEM file with {expected}")


@pytest.mark.parametrize(
    "head",
    ["-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED"],
)
def test_an_encrypted_key_is_told_before_anything_asks_for_its_password(tmp_path: Path, head: str) -> None:
    (tmp_path / "fine.pem").write_text(CERTIFICATE)
    (tmp_path / "key.pem").write_text(head)
    said = refusal(tmp_path, 'cert_file = "fine.pem"\nkey_file = "key.pem"')
    assert said.endswith("is key.pem: its key is encrypted: expected one without a password")


def test_a_key_without_its_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(KEY)
    said = refusal(tmp_path, 'key_file = "key.pem"')
    assert said == "client.key_file is set without client.cert_file: the certificate that it belongs to"


def test_http2_and_httpx2_that_are_not_installed_name_their_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidegate.settings.client.find_spec", lambda name: name == "httpx")
    assert refusal(tmp_path, "http2 = true").endswith("h2 is not installed: pip install 'tidegate[http2]'")
    said = refusal(tmp_path, TIDEGATE_CLIENT_LIBRARY="httpx2")
    assert said == "client.library is httpx2, which is not installed: pip install 'tidegate[httpx2]'"


def test_the_library_is_chosen_before_any_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert importlib.util.find_spec("httpx2")
    (tmp_path / ".env.test").write_text("TIDEGATE_CLIENT_LIBRARY=httpx2\n")
    assert refusal(tmp_path) == (
        "TIDEGATE_CLIENT_LIBRARY (.env.test) is read before any file: set it in the environment"
    )
    assert chosen_library() == "httpx"
    monkeypatch.setenv("TIDEGATE_CLIENT_LIBRARY", "httpx2")
    assert chosen_library() == "httpx2"
    monkeypatch.setenv("TIDEGATE_CLIENT_LIBRARY", "requests")
    with pytest.raises(SettingsError, match="is 'requests': expected one of httpx, httpx2"):
        chosen_library()
