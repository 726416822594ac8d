"""`report.html`: a run in one file that asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tidegate import __version__
from tidegate.evidence.logscores import shortened, weight
from tidegate.evidence.page import duration, page
from tidegate.evidence.summary import write_summary

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle

NAME = "report.html"
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("report_list.js", "report_test.js", "report_exchange.js", "report_events.js")  # the last one shows the page


def write_report(bundle: Bundle, to: Path | None = None) -> Path:
    """Writes the page of the run, and returns where it is; without `to`, in the folder with what CI shows."""
    shown, path = page(bundle), to or bundle.folder / NAME
    path.write_bytes(rendered(shown).encode("utf-8", "replace"))
    if to is None:
        write_summary(bundle, shown["causes"])
    return path


def rendered(told: Mapping[str, Any]) -> str:
    """The page, in which all that is not ours is text: escaped by Jinja, and by the script never made into markup."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"shortened": shortened, "weight": weight}
    environment.filters["urlencode"] = lambda text: quote(str(text), safe="", errors="replace")
    environment.filters["ms"] = lambda told: duration(told / 1000)
    script, style = Markup(_script()), Markup((TEMPLATES / "report.css").read_text("utf-8").strip())  # noqa: S704  our own
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none';"
        f" script-src '{_digest(script)}'; style-src '{_digest(style)}'"
    )
    shown = {"script": script, "style": style, "policy": policy, "version": __version__}
    return environment.get_template("report.html").render({**told, **shown})


def _script() -> str:
    """All scripts in one scope of their own: what each declares is known to the others, and to nothing else."""
    parts = "\n".join((TEMPLATES / name).read_text("utf-8").strip() for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();'


def _digest(text: str) -> str:
    """How Content Security Policy (level 3, 2.3.1) names an inline element."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
