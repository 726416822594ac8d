"""The text of the baseline, written anew with all that people have put into it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable
from itertools import pairwise

from tidegate.contract.baseline import TABLE, Baseline, Entry
from tidegate.records import Finding

HEAD = """\
# Known departures from the contract: each has an owner and a reason, and goes when it no longer occurs.
# Written by `--contract-update`, reviewed by people.
"""


def updated(baseline: Baseline, found: Iterable[Finding], gone: Collection[Entry], today: str) -> str:
    """The baseline's text with entries for what was found and without those that are gone, in a steady order.

    Owners, reasons and comments of entries that stay are kept to the letter.
    """
    head, kept = _split(baseline)
    for each in gone:
        kept.pop(each, None)
    have = {entry.key for entry in kept}
    for finding in found:
        if finding.key not in have:
            have.add(finding.key)
            new = Entry(finding.kind, finding.operation, finding.where, since=today)
            kept[new] = _written(new)
    ordered = sorted(kept.items(), key=lambda item: (item[0].operation, item[0].where, item[0].kind))
    parts = [head.strip() or HEAD.strip(), *(text.strip() for _, text in ordered)]
    return "\n\n".join(parts) + "\n"


def _split(baseline: Baseline) -> tuple[str, dict[Entry, str]]:
    """What stands above the first entry, and each entry with its own text and the comment right above it."""
    lines = baseline.text.replace("\r\n", "\n").split("\n")
    starts = [number for number, line in enumerate(lines) if TABLE.fullmatch(line)]
    starts = [_with_comment(lines, start) for start in starts]
    texts = ["\n".join(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    head = "\n".join(lines[: starts[0]] if starts else lines)
    kept: dict[Entry, str] = {}
    keys = set()
    for entry, text in _paired(baseline, texts):
        if entry.key not in keys:  # the first of two that are the same counts
            keys.add(entry.key)
            kept[entry] = text
    return head, kept


def _with_comment(lines: list[str], start: int) -> int:
    above = start
    while above and lines[above - 1].startswith("#"):
        above -= 1
    return above if above else start  # a comment at the very top is the file's


def _paired(baseline: Baseline, texts: list[str]) -> Iterable[tuple[Entry, str]]:
    """Each entry with its text; written anew where the text does not divide, as with a table inside of a string."""
    try:
        alone = [tomllib.loads(text) for text in texts]
    except ValueError:
        alone = []
    if [{"known": [_told(entry)]} for entry in baseline.entries] != [_as_text(each) for each in alone]:
        return [(entry, _written(entry)) for entry in baseline.entries]
    return zip(baseline.entries, texts, strict=True)


def _told(entry: Entry) -> dict[str, str]:
    pairs = {"kind": entry.kind, "operation": entry.operation, "where": entry.where}
    return {**pairs, **{name: text for name in ("owner", "reason", "since") if (text := getattr(entry, name))}}


def _as_text(alone: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, str]]]:
    return {"known": [{name: str(value) for name, value in each.items() if value != ""} for each in alone["known"]]}


def _written(entry: Entry) -> str:
    names = ("kind", "operation", "where", "owner", "reason", "since")
    return "\n".join(["[[known]]", *(f"{name} = {_quoted(getattr(entry, name))}" for name in names)])


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but for DEL, which TOML wants escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
