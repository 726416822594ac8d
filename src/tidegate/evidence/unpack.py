"""Takes a bundle out of a zip that anybody may have made: plain files below one folder, or nothing at all."""

from __future__ import annotations

import io
import os
import shutil
import stat
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tidegate.errors import BundleError

ENTRIES = 5_000
BYTES = 1 << 30  # of all files, as they come out
DIRECTORY = 2 << 20  # of the list of entries, which is read into memory before anything can be counted
CHUNK = 1 << 16
BROKEN = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, UnicodeError, ValueError, zlib.error)


def unpack(source: Path, into: Path) -> Path:
    """The folder of the bundle, `into` or the only one in it; raises BundleError, and then `into` is not there."""
    into.mkdir(mode=0o700, parents=True)
    try:
        with _named(source), _Bounded(source) as file, ZipFile(file) as archive:
            _write(archive, _checked(archive.infolist()), into)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    inner = list(into.iterdir())
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else into


def check_folder(folder: Path, named: Path | None = None) -> None:
    """Raises BundleError when something in the folder leads out of it, or is no file: a reader would follow it.

    So it does when the folder itself is not in the one that was named.
    """
    root = folder.resolve()
    if named and not root.is_relative_to(named.resolve()):
        raise _refused(f"{folder} is a link that leads out of the folder")
    for place, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(place, name)
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise _refused(f"{path.relative_to(root)} is a link that leads out of the folder")
            if path.exists() and not (path.is_file() or path.is_dir()):
                raise _refused(f"{path.relative_to(root)} is neither a file nor a folder")


class _Bounded(io.FileIO):
    """A file that gives no more at once than a list of entries may be long, whatever the zip says of itself."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > DIRECTORY:
            raise _refused(f"its list of files is longer than {DIRECTORY >> 20} MB")
        return super().read(size) or b""


@contextmanager
def _named(source: Path) -> Iterator[None]:
    try:
        yield
    except BundleError as error:
        raise BundleError(str(error).replace("the bundle", f"the bundle {source.name}", 1)) from None
    except BROKEN as error:
        raise BundleError(
            f"the bundle {source.name} cannot be unpacked\n  seen: {str(error) or type(error).__name__}\n"
            "  next: download it again, or give the folder that it was made of"
        ) from None


def _checked(entries: list[ZipInfo]) -> list[tuple[ZipInfo, str]]:
    """Each entry with its path below the folder; raises BundleError for the first that is not just a file."""
    if len(entries) > ENTRIES:
        raise _refused(f"it holds {len(entries)} files, and {ENTRIES} is the most that one has")
    if sum(entry.file_size for entry in entries) > BYTES:
        raise _too_large()
    found: dict[str, bool] = {}  # the path as a file system may compare it, and whether it is a folder
    checked = []
    for entry in entries:
        _check_form(entry)
        path = _path(entry.orig_filename)
        _claim(found, path, entry.is_dir())
        checked.append((entry, path))
    return checked


def _check_form(entry: ZipInfo) -> None:
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(f"{name!r} is neither a file nor a folder")
    if entry.flag_bits & 0x41:  # either kind of encryption, APPNOTE 4.4.4
        raise _refused(f"{name!r} is encrypted")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise _refused(f"{name!r} is compressed in a way that bundles are not")


def _path(name: str) -> str:
    """The name as a path below the folder; raises BundleError when it is none, on any system."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    odd = any(unicodedata.category(letter).startswith("C") for letter in name)
    if odd or not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
        raise _refused(f"{name!r} is not a path below a folder")
    if len(parts) > 20 or any(len(part.encode()) > 255 for part in parts):
        raise _refused(f"{name[:60]!r}... is longer than paths are")
    return "/".join(parts)


def _claim(found: dict[str, bool], path: str, is_folder: bool) -> None:
    key = unicodedata.normalize("NFKC", path).casefold()
    if not (is_folder and found.get(key, True)) and key in found:
        raise _refused(f"{path!r} is in it twice")
    found[key] = is_folder
    while parent := key.rpartition("/")[0]:
        if not found.setdefault(parent, True):
            raise _refused(f"{path!r} is in it twice, once below a file")
        key = parent


def _write(archive: ZipFile, entries: list[tuple[ZipInfo, str]], into: Path) -> None:
    left = BYTES
    for entry, path in entries:
        target = into / path
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as copy:
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:  # what an entry says of its size is not what comes out
                    raise _too_large()
                copy.write(chunk)


def _too_large() -> BundleError:
    return _refused(f"its files are larger than {BYTES >> 30} GB together")


def _refused(why: str) -> BundleError:
    return BundleError(
        f"the bundle is not read: it is not as tidegate makes them\n  seen: {why}\n"
        "  next: take the bundle from where the run put it; nothing of this one was kept"
    )
