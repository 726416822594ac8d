"""One digest for everything that a run was given, and what of it differs in words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.evidence.bundle import Bundle
from tidegate.evidence.fingerprint import (
    baseline_rows,
    differ,
    differences,
    fingerprint,
    inputs,
    write_fingerprint,
)

SCALARS = st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)


def run() -> dict[str, Any]:
    return {
        "run": "6742a1b3c0de", "started": 1.0, "python": "CPython 3.13.5", "platform": "Linux", "cpus": 2.0,
        "memory": 8, "tz": "UTC", "locale": "C", "place": "container", "versions": {"httpx": "0.28"},
        "git": {"commit": "abc", "patch_sha256": None}, "env": {"TZ": "UTC"}, "stack": {"kind": "compose"},
        "settings": {"prefix": {"value": "test-", "origin": "default"}, "root": {"value": "/suite"}},
        "pytest": {"args": ["-q"], "seed": 7, "workers": 2, "dist": "load", "rootdir": "/suite"},
        "document": {"title": "T", "version": "1", "digest": "d"},
    }  # fmt: skip


def stack() -> dict[str, Any]:
    service = {"image": "a", "environment": {"LEVEL": "info"}, "mem_limit": 1, "volumes": ["/here"]}
    return {
        "engine": "27", "compose_version": "2.30", "config": {"services": {"api": service}},
        "services": {"api": {"image": "a", "image_id": "i", "digests": ["a@sha256:1"], "exit_code": None}},
    }  # fmt: skip


# Every input: where it is, what it is called in a difference, and its part.
PLACES: list[tuple[list[str], str, str]] = [
    (["run", "python"], "python: ", "python"),
    (["run", "platform"], "platform: ", "machine"),
    (["run", "cpus"], "cpus: ", "machine"),
    (["run", "memory"], "memory: ", "machine"),
    (["run", "tz"], "time zone: ", "time zone"),
    (["run", "locale"], "locale: ", "locale"),
    (["run", "place"], "place: ", "place"),
    (["run", "versions", "httpx"], "version of httpx: ", "versions"),
    (["run", "git", "commit"], "commit: ", "code"),
    (["run", "git", "patch_sha256"], "changes: ", "code"),
    (["run", "env", "TZ"], "variable TZ: ", "environment"),
    (["run", "settings", "prefix", "value"], "setting prefix: ", "settings"),
    (["run", "pytest", "args"], "pytest's arguments: ", "pytest"),
    (["run", "pytest", "seed"], "seed: ", "seed"),
    (["run", "pytest", "workers"], "workers: ", "split"),
    (["run", "document", "digest"], "contract digest: ", "contract"),
    (["stack", "engine"], "engine: ", "engine"),
    (["stack", "config", "services", "api", "environment", "LEVEL"], "api: environment LEVEL: ", "configuration"),
    (["stack", "config", "services", "api", "mem_limit"], "api: mem_limit: ", "configuration"),
    (["stack", "services", "api", "digests"], "image of api: ", "images"),
    (["snapshots", "things"], "rows of the baseline in things: ", "baseline"),
]


def given_with(place: list[str], change: Callable[[Any], Any]) -> list[dict[str, Any]]:
    facts: dict[str, Any] = {"run": run(), "stack": stack(), "snapshots": {"things": 3}}
    found = facts
    for step in place[:-1]:
        found = found[step]
    found[place[-1]] = change(found[place[-1]])
    return [facts["run"], facts["stack"], facts["snapshots"]]


@given(st.sampled_from(PLACES), SCALARS)
def test_whatever_is_changed_the_digest_differs_and_the_change_is_named(
    changed: tuple[list[str], str, str], value: Any
) -> None:
    place, name, part = changed
    before = given_with(place, lambda kept: kept)
    after = given_with(place, lambda _: [value, "changed"] if place[-1] in ("digests", "args") else f"{value} changed")
    one, other = fingerprint(*before), fingerprint(*after)
    assert one.whole != other.whole
    assert [name for name in one.parts if one.parts[name] != other.parts[name]] == [part]
    [line] = differ(inputs(*before), inputs(*after))
    assert line.startswith((name, f"{part}: known"))


def test_the_same_inputs_have_the_same_digest_whenever_and_wherever_they_ran() -> None:
    before, after = given_with(["run", "run"], lambda kept: kept), given_with(["run", "run"], lambda _: "another")
    after[0] |= {"started": 2.0, "counts": {"failed": 1}}
    after[0]["settings"]["root"]["value"] = after[0]["pytest"]["rootdir"] = "/elsewhere"
    after[1]["config"]["services"]["api"]["volumes"] = ["/there"]
    after[1]["services"]["api"] |= {"exit_code": 1, "image_id": "another, of the same digest"}
    assert fingerprint(*before) == fingerprint(*after)
    assert differ(inputs(*before), inputs(*after)) == []


@pytest.mark.parametrize("place", [["run", "python"], ["stack", "engine"], ["run", "pytest", "seed"]])
def test_differences_are_plain_words(place: list[str]) -> None:
    before, after = given_with(place, lambda _: "one"), given_with(place, lambda _: "two")
    assert differ(inputs(*before), inputs(*after)) == [f"{place[-1]}: one there, two here"]


def test_packages_that_one_side_alone_has_take_one_line() -> None:
    some = {"httpx": "0.28.1", "pytest": "9.2.0"}
    more = {**{f"p{number:02}": "1" for number in range(12)}, "pytest": "9.2.1"}
    before, after = ({"run": run() | {"versions": versions}, "stack": {}} for versions in (some, more))
    assert differ(inputs(**before, snapshots={}), inputs(**after, snapshots={})) == [
        "version of pytest: 9.2.0 there, 9.2.1 here",
        "packages there alone: httpx",
        f"packages here alone: {', '.join(f'p{number:02}' for number in range(10))} and 2 more",
    ]


def test_what_one_side_knows_nothing_of_is_said_once() -> None:
    before = given_with(["run", "run"], lambda kept: kept)
    assert "images: known there alone" in differ(inputs(*before), inputs(before[0], {}, before[2]))


def test_hostile_facts_have_a_digest_as_well() -> None:
    odd: dict[str, Any] = {name: ["x"] for name in (*run(), *stack())}
    assert fingerprint(odd, odd, {}).whole
    assert fingerprint({}, {"config": {"services": {"api": 1}}, "services": {"api": None}}, {}).whole


def test_two_folders_are_compared_with_the_rows_of_their_baselines(tmp_path: Path) -> None:
    for name, rows in (("a", "1\n2\n"), ("b", "1\n")):
        folder = tmp_path / name
        (folder / "snapshots").mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"format": 1} | run()))
        dump = f"SET x;\nCOPY public.things (id) FROM stdin;\n{rows}\\.\n\nCOPY public.none (id) FROM stdin;\n\\.\n"
        with gzip.open(folder / "snapshots" / "baseline.sql.gz", "wt") as file:
            file.write(dump)
    a, b = Bundle(tmp_path / "a"), Bundle(tmp_path / "b")
    assert differences(a, b) == ["rows of the baseline in public.things: 2 there, 1 here"]
    told = json.loads(write_fingerprint(a).read_text())
    assert told["parts"]["python"] == json.loads(write_fingerprint(b).read_text())["parts"]["python"]
    assert len(told["whole"]) == 64
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"COPY a (b) FROM stdin;\n" * 9)[:20])
    assert baseline_rows(tmp_path / "cut.gz") == {}
