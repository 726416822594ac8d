"""A zip from outside becomes plain files below one folder, or nothing."""

from __future__ import annotations

import os
import stat
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.errors import BundleError
from tidegate.evidence import unpack as unpacking
from tidegate.evidence.unpack import check_folder, unpack

Content = dict[str, bytes]


def packed(path: Path, content: Content) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(ZipInfo(name), data)
    return path


def special(path: Path, mode: int, data: bytes = b"/etc/passwd") -> Path:
    entry = ZipInfo("logs/api.log")
    entry.create_system, entry.external_attr = 3, mode << 16
    with ZipFile(path, "w") as archive:
        archive.writestr(entry, data)
    return path


def changed(path: Path, change: Callable[[bytes], bytes]) -> Path:
    packed(path, {"run.json": b"{}" * 500})
    path.write_bytes(change(path.read_bytes()))
    return path


def bit(data: bytes, number: int) -> bytes:
    """With that general purpose bit in both headers."""
    local, central = bytearray(data), data.index(b"PK\x01\x02")
    local[6] |= number
    local[central + 8] |= number
    return bytes(local)


def lying(path: Path) -> Path:
    """Ten bytes by what its headers say, and far more when it is inflated."""
    data = b"\0" * 1_000_000
    packed(path, {"exchanges.jsonl": data})
    raw = bytearray(path.read_bytes())
    for at, offset in ((0, 14), (raw.index(b"PK\x01\x02"), 16)):
        struct.pack_into("<I", raw, at + offset + 8, 10)
    path.write_bytes(bytes(raw))
    return path


def bomb(path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"logs/{number}.log", b"\0" * 100_000)
    return path


def twice(path: Path, first: str, second: str) -> Path:
    with ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is in it twice
        archive.writestr(first, "a")
        archive.writestr(second, "b")
    return path


def other_form(path: Path) -> Path:
    with ZipFile(path, "w", ZIP_BZIP2) as archive:
        archive.writestr("run.json", b"{}")
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "slip": (lambda path: packed(path, {"logs/../../evil": b"x"}), "not a path below"),
    "absolute": (lambda path: packed(path, {"/etc/evil": b"x"}), "not a path below"),
    "drive": (lambda path: packed(path, {"C:/evil": b"x"}), "not a path below"),
    "backslash": (lambda path: packed(path, {"..\\evil": b"x"}), "not a path below"),
    "stream of a file": (lambda path: packed(path, {"run.json:evil": b"x"}), "not a path below"),
    "line break": (lambda path: packed(path, {"run\n.json": b"x"}), "not a path below"),
    "escape": (lambda path: packed(path, {"\x1b[2Jrun.json": b"x"}), "not a path below"),
    "deep": (lambda path: packed(path, {"a/" * 50 + "b": b"x"}), "longer than paths are"),
    "long": (lambda path: packed(path, {"a" * 300: b"x"}), "longer than paths are"),
    "link": (lambda path: special(path, stat.S_IFLNK | 0o777), "neither a file nor a folder"),
    "device": (lambda path: special(path, stat.S_IFBLK | 0o666, b""), "neither a file nor a folder"),
    "fifo": (lambda path: special(path, stat.S_IFIFO | 0o666, b""), "neither a file nor a folder"),
    "twice": (lambda path: twice(path, "run.json", "run.json"), "in it twice"),
    "twice by case": (lambda path: twice(path, "run.json", "RUN.json"), "in it twice"),
    "twice by dots": (lambda path: twice(path, "run.json", "./run.json"), "in it twice"),
    "file as folder": (lambda path: twice(path, "logs", "logs/api.log"), "in it twice"),
    "folder as file": (lambda path: twice(path, "logs/api.log", "logs"), "in it twice"),
    "encrypted": (lambda path: changed(path, lambda data: bit(data, 1)), "encrypted"),
    "other compression": (other_form, "compressed in a way"),
    "bomb": (bomb, "larger than"),
    "lies about its size": (lying, "CRC"),
    "cut": (lambda path: changed(path, lambda data: data[:-30]), "not a zip"),
    "damaged": (lambda path: changed(path, lambda data: data[:45] + b"\xff" * 6 + data[51:]), "."),
    "no zip": (lambda path: changed(path, lambda data: b"PK?" + data[-4:]), "not a zip"),
    "empty": (lambda path: changed(path, lambda data: data[:0]), "not a zip"),
    "many": (lambda path: packed(path, {f"logs/{number}": b"" for number in range(60)}), "is the most"),
    "no such file": (lambda path: path, "No such file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_and_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "BYTES", 1_500_000)
    monkeypatch.setattr(unpacking, "ENTRIES", 50)
    make, seen = HOSTILE[name]
    source = make(tmp_path / "artifacts.zip")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BundleError) as caught:
        unpack(source, tmp_path / "into")
    text = str(caught.value)
    assert "artifacts.zip" in text.splitlines()[0]
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["seen:", "next:"]
    assert seen in text.splitlines()[1]
    assert "\x1b" not in text
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/etc/evil").exists()


def test_what_comes_out_is_counted_whatever_the_zip_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes are looked at first; where they pass, the bytes are counted."""
    monkeypatch.setattr(unpacking, "_checked", lambda entries: [(entry, entry.filename) for entry in entries])
    monkeypatch.setattr(unpacking, "BYTES", 250_000)
    with pytest.raises(BundleError, match="larger than"):
        unpack(bomb(tmp_path / "artifacts.zip"), tmp_path / "into")
    assert not (tmp_path / "into").exists()


def test_a_list_of_files_that_is_too_long_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "DIRECTORY", 70_000)
    source = packed(tmp_path / "artifacts.zip", {"x" * 200 + str(number): b"" for number in range(300)})
    with pytest.raises(BundleError, match="list of files is longer"):
        unpack(source, tmp_path / "into")


def test_a_good_zip_comes_out_as_it_was(tmp_path: Path) -> None:
    content = {"run.json": b"{}", "logs/api.log": b"a\r\nb" * 10_000, "ledger/": b""}
    folder = unpack(packed(tmp_path / "artifacts.zip", content), tmp_path / "into")
    assert {str(path.relative_to(folder)) for path in folder.rglob("*")} == {
        "run.json",
        "logs",
        "logs/api.log",
        "ledger",
    }
    assert (folder / "logs/api.log").read_bytes() == content["logs/api.log"]


def test_a_zip_with_a_comment_is_read(tmp_path: Path) -> None:
    source = packed(tmp_path / "artifacts.zip", {"run.json": b"{}"})
    with ZipFile(source, "a") as archive:
        archive.comment = b"of run 7"
    assert (unpack(source, tmp_path / "into") / "run.json").exists()


def test_the_one_folder_in_a_zip_is_the_bundle(tmp_path: Path) -> None:
    folder = unpack(packed(tmp_path / "artifacts.zip", {"artifacts/run.json": b"{}"}), tmp_path / "into")
    assert folder == tmp_path / "into" / "artifacts"


PARTS = st.lists(
    st.sampled_from(["..", ".", "", "a", "A", "b.txt", "C:", "\\", "..\\x", "\0", "é", "e\u0301"]), max_size=5
)


@given(names=st.lists(PARTS.map("/".join), max_size=4), mode=st.sampled_from([0, 0o100644, 0o120777, 0o040755]))
def test_whatever_the_names_are_nothing_is_written_outside(
    names: list[str], mode: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("unpack")
    source = place / "artifacts.zip"
    with ZipFile(source, "w") as archive:
        for name in names:
            entry = ZipInfo("x")
            entry.filename = entry.orig_filename = name
            entry.create_system, entry.external_attr = 3, mode << 16
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                archive.writestr(entry, b"evil")
    try:
        unpack(source, place / "into")
    except BundleError:
        assert not (place / "into").exists()
    assert {path.name for path in place.iterdir()} <= {"artifacts.zip", "into"}
    assert not any(path.is_symlink() for path in place.rglob("*"))


def leads_out(folder: Path) -> None:
    (folder / "logs").symlink_to("/etc")


def leads_to_a_file(folder: Path) -> None:
    (folder / "run.json").symlink_to("../../secret")


def is_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "tests.jsonl")


@pytest.mark.parametrize("hostile", [leads_out, leads_to_a_file, is_a_pipe])
def test_a_folder_that_leads_elsewhere_is_refused(hostile: Callable[[Path], None], tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "contract.json").write_text("{}")
    (folder / "latest.json").symlink_to("contract.json")
    check_folder(folder)
    hostile(folder)
    with pytest.raises(BundleError):
        check_folder(folder)
