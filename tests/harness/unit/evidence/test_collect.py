"""What is made of the raw folder: a bundle that holds no secret, whatever is missing or broken."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.cli.collect import collected
from tidegate.evidence.dumptext import masked_dump
from tidegate.evidence.logtext import write_log
from tidegate.evidence.retention import keep_run, remove_old
from tidegate.redact import Secrets
from tidegate.settings import Settings, load
from tidegate.stack.dumps import parse

CANARIES = {
    "settings": "canary-of-the-settings-1",
    "traffic": "canary-of-the-traffic-2",
    "service": "canary-of-a-service-3",
    "column": "canary-of-a-column-4",
}
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLW9mLWEtY2FuYXJ5"
EVERY = " ".join([*(value for name, value in CANARIES.items() if name != "column"), JWT])
DUMP = (
    'COPY public.things (id, name, "session_token", n_token) FROM stdin;\n'
    f"1\t{CANARIES['traffic']}\t{CANARIES['column']}\t7\n2\tplain\t\\N\t8\n"
    "\\.\n\nCOPY public.people (id, password_hash) FROM stdin;\n1\t$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA\n\\.\n"
    f"SELECT pg_catalog.setval('public.things_id_seq', 2, true);\n-- {EVERY}\n-- PostgreSQL database dump complete\n"
)
SERVICE = {
    "Id": "1",
    "Name": "/it",
    "Image": "sha256:1",
    "Config": {"Labels": {"com.docker.compose.service": "api"}, "Image": "api:1", "Env": [f"X={EVERY}"]},
    "State": {
        "Status": "exited",
        "ExitCode": 137,
        "OOMKilled": True,
        "Health": {"Status": "unhealthy", "Log": [{"Start": "t", "ExitCode": 1, "Output": f"no {EVERY}\n"}]},
    },
}
CONFIG = {
    "name": "p-1",
    "services": {
        "api": {
            "image": "p-api",
            "environment": {"SIGNING_SECRET": CANARIES["service"], "URL": "http://me:pw-of-url@db"},
            "volumes": [{"source": "/home/me/it/tests"}],
        }
    },
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    root = tmp_path / "project"
    (root / "artifacts").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.tidegate]\n")
    return load(root, env={"API_ADMIN_PASSWORD": CANARIES["settings"], "TIDEGATE_EVIDENCE_KEEP": "2"})


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    raw = tmp_path / "raw"
    (raw / "git").mkdir(parents=True)
    (raw / "logs").mkdir()
    (raw / "git/commit").write_text("c0ffee\n")
    (raw / "git/patch.diff").write_text(f"+++ b/it\n-old\n+{EVERY} token=fetched()\n")
    (raw / "logs/api.log").write_text(f"2026-11-23T17:00:00.1Z {EVERY}\n")
    (raw / "baseline.sql").write_text(DUMP)
    (raw / "secrets").write_text(json.dumps(CANARIES["traffic"]) + '\n"cut')
    (raw / "config.json").write_text(json.dumps(CONFIG))
    (raw / "containers.json").write_text(json.dumps([SERVICE]))
    (raw / "about").write_text("kind=compose\nproject=p-1\nfolder=/home/me/it\nstarted=true\nstage=\nimages=p\n")
    (raw / "code").write_text("1\n")
    return raw


def everything(folder: Path) -> str:
    """All that is in the files of a folder, also in packed ones."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                packed.extractall(folder.parent / "unpacked")
            found.append(everything(folder.parent / "unpacked"))
        elif path.is_file():
            data = path.read_bytes()
            found.append((gzip.decompress(data) if path.suffix == ".gz" else data).decode())
    return "\n".join(found)


def test_no_canary_is_in_any_file_of_the_bundle(raw: Path, settings: Settings) -> None:
    (settings.artifacts_dir / "run.json").write_text('{"format": 1, "run": "0123456789ab", "verdict": "failed"}')
    (raw / "told").write_text(f"it did not start {EVERY}")
    assert collected(raw, settings) == []
    text = everything(settings.artifacts_dir)
    found = [name for name, value in {**CANARIES, "token": JWT, "url": "pw-of-url"}.items() if value in text]
    assert found == []
    assert (settings.artifacts_dir / "runs/0123456789ab.zip").is_file()
    assert "token=fetched()" in (settings.artifacts_dir / "patch.diff").read_text()
    assert (
        json.loads((settings.artifacts_dir / "run.json").read_text())["git"]["note"]
        == "a secret is masked in the patch"
    )


def test_a_masked_dump_can_be_put_back(raw: Path, settings: Settings) -> None:
    collected(raw, settings)
    text = gzip.decompress((settings.artifacts_dir / "snapshots/baseline.sql.gz").read_bytes()).decode()
    things, people = parse(text).tables
    assert things.rows == ("1\t***\t***\t7", "2\tplain\t\\N\t8")
    assert people.rows == ("1\t$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",)


def test_what_became_of_each_service_is_told(raw: Path, settings: Settings) -> None:
    collected(raw, settings)
    stack = json.loads((settings.artifacts_dir / "stack.json").read_text())
    api = stack["services"]["api"]
    assert (api["state"], api["exit_code"], api["oom_killed"], api["health"]) == ("exited", 137, True, "unhealthy")
    assert stack["config"]["services"]["api"]["volumes"] == [{"source": "./tests"}]
    assert stack["config"]["services"]["api"]["image"] == "checkout-api"
    assert (stack["started"], stack["stage"]) == (True, None)
    assert stack["config"]["services"]["api"]["environment"]["SIGNING_SECRET"] == "***"


def test_a_start_that_failed_leaves_a_bundle_as_well(raw: Path, settings: Settings) -> None:
    (raw / "about").write_text("kind=compose\nproject=p-1\nstarted=false\nstage=container\n")
    (raw / "told").write_text("migrate is exited (exit code 1)\n")
    (raw / "code").write_text("69\n")
    collected(raw, settings)
    run = json.loads((settings.artifacts_dir / "run.json").read_text())
    assert (run["verdict"], run["exit_code"], run["git"]["commit"]) == ("not started", 69, "c0ffee")
    assert run["stopped"] == {"text": "migrate is exited (exit code 1)", "code": 69}
    assert (settings.artifacts_dir / "report.html").is_file()


def test_tests_that_were_killed_get_the_code_that_the_outside_saw(raw: Path, settings: Settings) -> None:
    (settings.artifacts_dir / "run.json").write_text('{"format": 1, "run": "0123456789ab", "exit_code": null}')
    (raw / "code").write_text("137\n")
    collected(raw, settings)
    assert json.loads((settings.artifacts_dir / "run.json").read_text())["exit_code"] == 137


def test_an_empty_raw_folder_leaves_a_bundle_that_says_what_is_missing(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "empty").mkdir()
    assert collected(tmp_path / "empty", settings) == []
    snapshots = json.loads((settings.artifacts_dir / "snapshots/snapshots.json").read_text())
    assert snapshots["missing"] == ["snapshots: no database of the stack is known, or it could not be dumped"]


def test_a_part_that_cannot_be_written_costs_no_other(raw: Path, settings: Settings) -> None:
    (settings.artifacts_dir / "logs").write_text("no folder")
    assert collected(raw, settings) == ["the log of api could not be written to artifacts/logs: File exists"]
    assert (settings.artifacts_dir / "snapshots/baseline.sql.gz").is_file()
    assert (settings.artifacts_dir / "stack.json").is_file()


def test_a_database_over_the_limit_is_left_out_and_said(raw: Path, settings: Settings) -> None:
    small = load(settings.root, env={"TIDEGATE_EVIDENCE_SNAPSHOT_LIMIT": "100"})
    collected(raw, small)
    snapshots = json.loads((settings.artifacts_dir / "snapshots/snapshots.json").read_text())
    assert (snapshots["baseline"]["cut"], snapshots["baseline"]["bytes"]) == (True, len(DUMP))
    assert not (settings.artifacts_dir / "snapshots/baseline.sql.gz").exists()


def test_a_long_log_keeps_its_head_and_tail_and_marks_the_cut(tmp_path: Path) -> None:
    lines = [f"2026-11-23T17:00:00.{number:06d}Z line {number}\n" for number in range(1000)]
    (tmp_path / "raw").write_text("".join(lines))
    write_log(tmp_path / "raw", tmp_path / "kept", Secrets(), 1000)
    kept = (tmp_path / "kept").read_text().splitlines(keepends=True)
    (at,) = (number for number, line in enumerate(kept) if line.startswith("…"))
    assert kept[:at] + kept[at + 1 :] == lines[:at] + lines[-(len(kept) - at - 1) :]
    assert kept[at] == f"… {1000 - len(kept) + 1} lines cut …\n"
    assert sum(map(len, kept)) < 1200


@given(
    st.lists(st.sampled_from(['"token": [', "-----BEGIN PRIVATE KEY-----", "a", "GET /?key=x", "\r", "{"]), max_size=9)
)
def test_a_log_keeps_its_lines(lines: list[str]) -> None:
    from tidegate.evidence.logtext import masked_lines

    text = "".join(f"{line}\n" for line in lines)
    expected = text.count("\n") if "PRIVATE" not in text else 0
    assert masked_lines(text, Secrets()).count("\n") >= expected


@given(st.lists(st.text("a\t\\\n.N'\"{[:=", max_size=8), max_size=6))
def test_a_dump_of_any_kind_keeps_its_end(pieces: list[str]) -> None:
    lines = "\n".join(pieces).splitlines(keepends=True)
    assert "".join(masked_dump(lines, Secrets())).count("\n") == "".join(lines).count("\n")


def test_red_runs_are_kept_up_to_the_limit_the_latest_first(tmp_path: Path) -> None:
    (tmp_path / ".pytest_cache").mkdir()
    (tmp_path / ".pytest_cache/x").write_text("")
    (tmp_path / "exchanges-00000000000f-killed.jsonl").write_text("")
    kept: Path | None = None
    for number in range(6):
        (tmp_path / "run.json").write_text(str(number))
        kept = keep_run(tmp_path, f"{number:012x}", 4)
        assert kept
        os.utime(kept, (number, number))
        remove_old(tmp_path, 4)
    assert sorted(path.stem[-1] for path in (tmp_path / "runs").iterdir()) == ["2", "3", "4", "5"]
    assert kept
    with zipfile.ZipFile(kept) as packed:
        assert packed.namelist() == ["run.json"]
    assert keep_run(tmp_path, "0", 0) is None
    remove_old(tmp_path, 0)
    assert not [*(tmp_path / "runs").iterdir(), *tmp_path.glob("exchanges*")]
