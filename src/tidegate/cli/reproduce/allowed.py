"""What a bundle may decide about a run here: it is data from outside, so only what is listed passes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tidegate.redact import MASK

_NUMBER = r"\d{1,9}(?:\.\d{1,9})?"
# Settings of a run that decide how it judges and asks; none says where the API is, what is started, or what is read.
_SETTINGS = {
    "client": r"timeout|connect_timeout|rate|budget|retries|retry_after|retry_after_limit|http2|library",
    "contract": r"mode|levels|shapes|fail_under|skip_coverage|body_limit|values",
    "health": r"timeout|try_timeout|kind|statuses",
    "record": r"exchanges|body_limit|trace",
}
_KEY = "|".join(rf"{section}\.(?:{names})" for section, names in _SETTINGS.items())
_ENV = "|".join(rf"TIDEGATE_{section}_(?:{names})".upper() for section, names in _SETTINGS.items())
_OPTIONS = re.compile(
    r"--runxfail|--allow-admin-changes|--contract=(?:strict|report|off)|--import-mode=(?:prepend|append|importlib)"
    rf"|--(?:reruns|reruns-delay|timeout|hypothesis-seed|contract-cov-fail-under)={_NUMBER}"
    rf"|--tidegate-set=(?:{_KEY})=[\w ,.:=*/{{}}-]{{0,200}}|-p=no:[a-z][a-z_]{{2,40}}"
)
_JOINED = re.compile(r"(-p)(no:.+)")
_TAKES_VALUE = (
    *("-p", "--contract", "--import-mode", "--reruns", "--reruns-delay", "--timeout", "--hypothesis-seed"),
    *("--contract-cov-fail-under", "--tidegate-set"),
)
_NEEDED = ("no:tidegate", "no:terminal", "no:main", "no:python", "no:xdist")
# Names that decide which code a program loads, or where its requests go.
_LOADERS = re.compile(
    r"(?:LD|DYLD|PYTHON|NODE|NPM|RUBY|GEM|BUNDLE|PERL|PHP|JAVA|_JAVA|JDK|JVM|CLASSPATH|MAVEN|GRADLE|DOTNET|CORECLR|COR|GO|BASH"
    r"|ENV|PATH|SHELL|IFS|GIT|SSL|CURL|REQUESTS|GCONV|LOCPATH|MALLOC|GLIBC|PG|DOCKER|COMPOSE|HOME|TMPDIR)(?:_\w*)?"
    r"|PYTHON\w+|NODE\w+|\w*PROXY|\w*(?:PRELOAD|OPTS|OPTIONS|AGENT|PLUGINS?|PATH|COMMAND|CMD|EXEC)",
    re.IGNORECASE,
)
_ZONED = re.compile(
    r"(?P<name>[\w+-]{3,10}) \((?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)(?:, (?P<place>[\w+/-]{1,60}))?\)"
)
_NAME, _ZONE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}"), re.compile(r"[A-Za-z0-9<+-][A-Za-z0-9_+/:<>,.-]{0,63}")


def arguments(recorded: Any) -> list[str]:
    """Of the recorded pytest arguments those that decide how tests are judged; none chooses tests, files or code."""
    words = [word for word in recorded if isinstance(word, str)] if isinstance(recorded, list) else []
    found = list[str]()
    for name, value in _pairs(words):
        option = f"{name}={value}" if value else name
        if _OPTIONS.fullmatch(option) and value not in _NEEDED:
            found += [name, value] if name == "-p" else [option]
    return found


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    rest = iter(words)
    for word in rest:
        if joined := _JOINED.fullmatch(word):
            yield joined[1], joined[2]
        elif word in _TAKES_VALUE:
            yield word, next(rest, "")
        else:
            name, _, value = word.partition("=")
            yield name, value


def zone(run: Mapping[str, Any]) -> str:
    """The clock zone of that run as a TZ variable has it; empty where it said none that may be set."""
    told, env = run.get("tz"), run.get("env")
    given = env.get("TZ") if isinstance(env, dict) else None
    found = _ZONED.fullmatch(told) if isinstance(told, str) and not given else None
    if found and not found["place"]:  # POSIX counts westwards
        sign = "-" if found["sign"] == "+" else "+"
        given = f"<{found['name']}>{sign}{found['hours']}:{found['minutes']}"
    elif found:
        given = found["place"]
    return given if isinstance(given, str) and _ZONE.fullmatch(given) and ".." not in given else ""


def variables(recorded: Any) -> dict[str, str]:
    """Of the recorded environment what tests may be given here."""
    found = recorded.items() if isinstance(recorded, dict) else ()
    return {
        name: value
        for name, value in found
        if isinstance(value, str) and MASK not in value and re.fullmatch(f"{_ENV}|PYTHONHASHSEED", name)
    }


def may_be_set(name: Any, value: Any) -> bool:
    """Whether a service may get that variable: it decides nothing about which code runs, and is no secret."""
    named = isinstance(name, str) and bool(_NAME.fullmatch(name)) and not _LOADERS.fullmatch(name)
    return named and isinstance(value, str) and len(value) <= 10_000 and MASK not in value and "\0" not in value


def differing(recorded: Mapping[str, Any], here: Mapping[str, Any]) -> dict[str, str]:
    """What a service's environment was there, where it is another one here, as far as it may be set."""
    return {name: value for name, value in recorded.items() if may_be_set(name, value) and str(here.get(name)) != value}


def absent_secrets(recorded: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """The names of secrets that were set there, and are not here."""
    return sorted(
        name for name, value in recorded.items() if isinstance(value, str) and MASK in value and not here.get(name)
    )
