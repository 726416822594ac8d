"""What a bundle may decide about a run on this machine: it comes from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.cli.reproduce.allowed import absent_secrets, arguments, differing, variables, zone

HARMLESS = ["-p", "no:randomly", "--contract=report", "--runxfail", "--tidegate-set=client.timeout=0.5", "--reruns=2"]
HOSTILE = [
    *("-p", "evil", "-pevil", "--rootdir=/etc", "-c", "/tmp/evil.ini", "--confcutdir=/", "-o", "python_files=*.sh"),
    *("--override-ini=addopts=-pevil", "--pyargs", "os", "--junitxml=/root/.bashrc", "--basetemp=/", "--import-mode=x"),
    *("--pdbcls=evil:Evil", "--tidegate-set", "stack.process=sh -c evil", "--tidegate-set=base_url=https://evil.example"),
    *("--tidegate-set=target.allow_writes=prod", "--tidegate-env-file=/tmp/x", "--stack=none", "@args", "; rm -rf /"),
    *("--contract-update", "--replay-order=/tmp/x", "--allow-writes=prod", "-k", "x", "tests/test_a.py", "-W"),
    *("error::evil.X",),
    *("--cov=evil", "-p", "no:tidegate", "--log-file=/root/x", "--debug=/root/x", "--contract-document=http://evil"),
]  # fmt: skip


def test_only_what_decides_how_tests_are_judged_passes() -> None:
    assert arguments([*HARMLESS, *HOSTILE]) == arguments(HARMLESS)
    assert arguments(HARMLESS) == HARMLESS
    assert arguments(["--contract", "off", "-pno:randomly"]) == ["--contract=off", "-p", "no:randomly"]
    assert arguments("--runxfail") == arguments(None) == arguments([{"a": 1}]) == []


@given(st.lists(st.sampled_from([*HARMLESS, *HOSTILE]) | st.text(max_size=20)))
def test_whatever_comes_only_known_options_are_passed_on(recorded: list[str]) -> None:
    beginnings = ("--contract=", "--runxfail", "--tidegate-set=client.timeout=", "--reruns=", "-p", "no:")
    assert all(word.startswith(beginnings) for word in arguments(recorded))


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ({"tz": "NZST (+1200)"}, "<NZST>-12:00"),
        ({"tz": "CET (+0100, Europe/Berlin)"}, "Europe/Berlin"),
        ({"tz": "UTC (+0000)", "env": {"TZ": "Asia/Tokyo"}}, "Asia/Tokyo"),
        ({"env": {"TZ": ":/etc/shadow"}}, ""),
        ({"env": {"TZ": "../../etc/shadow"}}, ""),
        ({"tz": 3}, ""),
        ({}, ""),
    ],
)
def test_a_zone_is_a_zone(run: dict[str, object], expected: str) -> None:
    assert zone(run) == expected


def test_a_service_gets_what_it_had_but_nothing_that_loads_code_and_no_mask() -> None:
    there = {"SHOP_MODE": "frozen", "PORT": "8000", "API_TOKEN": "***", "LD_PRELOAD": "/x.so", "PYTHONPATH": "/x"}
    there |= {"HTTPS_PROXY": "http://evil", "NODE_OPTIONS": "-r x", "JAVA_TOOL_OPTIONS": "x", "A=B": "c", "NUL": "\0"}
    assert differing(there, {"PORT": "8000"}) == {"SHOP_MODE": "frozen"}
    assert absent_secrets(there, {"PORT": "8000"}) == ["API_TOKEN"]
    assert absent_secrets(there, {"API_TOKEN": "mine"}) == []


def test_tests_get_settings_of_how_they_ask_and_none_of_where() -> None:
    given = {
        "TIDEGATE_CLIENT_TIMEOUT": "0.6",
        "API_BASE_URL": "https://evil",
        "TIDEGATE_ALLOW_WRITES": "x",
        "PATH": "/",
    }
    assert variables(given | {"TIDEGATE_CLIENT_PROXY": "http://evil", "PYTHONHASHSEED": "3"}) == {
        "TIDEGATE_CLIENT_TIMEOUT": "0.6",
        "PYTHONHASHSEED": "3",
    }
