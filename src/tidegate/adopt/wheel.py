"""How tidegate gets into an adopter's test image: by name from an index, or as a wheel made of what is installed."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import tidegate

NAME = f"tidegate-{tidegate.__version__}-py3-none-any.whl"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same content is the same file
TAGS = "Wheel-Version: 1.0\nGenerator: tidegate\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def from_index() -> bool:
    """Whether this tidegate was installed from an index, where its version can be had again (PEP 610)."""
    return (found := _installed()) is not None and found.read_text("direct_url.json") is None


def build() -> bytes:
    """A wheel of the installed package."""
    package = Path(tidegate.__file__).parent
    files = {
        f"tidegate/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    folder = NAME.removesuffix("-py3-none-any.whl") + ".dist-info"
    files |= {f"{folder}/{name}": text.encode() for name, text in _metadata().items()}
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _installed() -> Distribution | None:
    try:
        return distribution("tidegate")
    except PackageNotFoundError:
        return None


def _metadata() -> dict[str, str]:
    found = _installed()
    plain = f"Metadata-Version: 2.1\nName: tidegate\nVersion: {tidegate.__version__}\n"
    points = "[console_scripts]\ntidegate = tidegate.cli:main\n\n[pytest11]\ntidegate = tidegate.plugin\n"
    return {
        "METADATA": (found and found.read_text("METADATA")) or plain,
        "entry_points.txt": (found and found.read_text("entry_points.txt")) or points,
        "WHEEL": TAGS,
    }


def _record(files: dict[str, bytes], itself: str) -> bytes:
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return "\n".join([*lines, f"{itself},,", ""]).encode()
