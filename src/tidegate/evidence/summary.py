"""`summary.md` and `annotations.txt`: what a CI job shows of a run beside its log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.evidence.causes import Cause, failed_tests
from tidegate.evidence.commands import reproduce, run_url
from tidegate.evidence.logscores import shortened
from tidegate.evidence.page import ORDER, facts, verdict

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import Phase

SUMMARY, ANNOTATIONS = "summary.md", "annotations.txt"
LARGEST = 1_000_000  # bytes; GitHub refuses a summary of more than 1 MiB
CAUSES, TESTS, SAID = 25, 20, 2_000
MOST = 10  # annotations that GitHub shows of a step


def write_summary(bundle: Bundle, found: Sequence[Cause]) -> tuple[Path, Path]:
    """Writes both files into the bundle's folder, and returns where they are."""
    summary, annotations = bundle.folder / SUMMARY, bundle.folder / ANNOTATIONS
    summary.write_bytes(fitting(summary_lines(bundle, found)).encode("utf-8", "replace"))
    lines = "".join(f"{line}\n" for line in annotation_lines(bundle, found))
    annotations.write_bytes(lines.encode("utf-8", "replace"))
    return summary, annotations


def summary_lines(bundle: Bundle, found: Sequence[Cause]) -> Iterator[str]:
    """The run in Markdown: the verdict, how to see it again, and each cause with its most telling lines."""
    tests = bundle.tests()
    counts = {name: count for name in ORDER if (count := sum(test.outcome == name for test in tests))}
    told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "no test ran"
    yield f"## {verdict(bundle, counts)[1]}: {told}\n\n"
    yield " · ".join(f"{name} {_code(text)}" for name, text in facts(bundle, tests)) + "\n\n"
    if found:
        url = run_url(bundle)
        bundled = f" Its bundle, with `report.html`, is an artifact of [the run](<{url}#artifacts>)." if url else ""
        yield f"Make it red again:{bundled}\n\n```sh\n{reproduce(bundle)}\n```\n\n"
    for number, cause in enumerate(found[:CAUSES], 1):
        yield from _cause(number, cause)
    if len(found) > CAUSES:
        yield f"And {len(found) - CAUSES} further causes, in report.html of the bundle.\n\n"
    if missing := bundle.missing:
        yield "<details><summary>Missing in the bundle</summary>\n\n"
        yield _pre("\n".join(missing)) + "</details>\n"


def annotation_lines(bundle: Bundle, found: Sequence[Cause]) -> Iterator[str]:
    """Workflow commands of GitHub, one for each of the likeliest causes, at the line of its first test."""
    failures = {test.id: test.failure for test in failed_tests(bundle)}
    for cause in found[:MOST]:
        places = (_place(test, phase) for test in cause.tests if (phase := failures.get(test)) and phase.file)
        place = next(places, "")
        count = f"{len(cause.tests)} tests: " if len(cause.tests) > 1 else ""
        line = f"{cause.service} logged: {cause.line}" if cause.line else ""
        text = "\n".join(filter(None, [count + cause.title, line, cause.said if cause.said != cause.title else ""]))
        yield f"::error {place}title={_property(shortened(cause.title, 120))}::{_data(shortened(text, 2_000))}"


def fitting(parts: Iterator[str]) -> str:
    """As many of the parts as a summary may hold."""
    shown: list[str] = []
    size = 0
    for part in parts:
        size += len(part.encode("utf-8", "replace"))
        if size > LARGEST:
            return "".join([*shown, "The rest is in report.html of the bundle.\n"])
        shown.append(part)
    return "".join(shown)


def _cause(number: int, cause: Cause) -> Iterator[str]:
    count = f" ({len(cause.tests)} test{'s' * (len(cause.tests) != 1)})" if cause.tests else ""
    text = f"### {number}. {_code(shortened(cause.title, 240))}{count}\n\n"
    for service, line in ((cause.service, cause.line), *cause.also):
        text += f"{_code(service)} logged:\n\n{_pre(line)}" if line else ""
    if cause.answer and cause.exchange:
        text += f"{_code(cause.exchange.method)} answered {cause.exchange.status}:\n\n{_pre(cause.answer)}"
    if cause.said and cause.said != cause.title:
        text += _pre(shortened(cause.said, SAID))
    if cause.tests:
        more = [f"... and {len(cause.tests) - TESTS} more"] if len(cause.tests) > TESTS else []
        tests = _pre("\n".join([*(shortened(test) for test in cause.tests[:TESTS]), *more]))
        text += f"<details><summary>Tests</summary>\n\n{tests}</details>\n\n"
    yield text


def _pre(text: str) -> str:
    """A block in which nothing is markup: between HTML tags, and without the blank lines that would end those."""
    escaped = _escaped("\n".join(line for line in text.splitlines() if line.strip()))
    return f"<pre>{escaped}</pre>\n\n"


def _code(text: str) -> str:
    return f"<code>{_escaped(' '.join(text.split()))}</code>"


def _escaped(text: str) -> str:
    """As HTML and Markdown show it literally; characters that Markdown knows become references."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"&#{ord(each)};" if each in "*_`[]|\\~@#!$" else each for each in escaped)


def _place(test: str, phase: Phase) -> str:
    """The line of the test itself, which people know, or else where the error was raised."""
    own = test.partition("::")[0]
    found = re.search(rf"^{re.escape(own)}:(\d+): ", phase.text, re.MULTILINE)
    file, line = (own, int(found[1])) if found else (phase.file, phase.line)
    return f"file={_property(file)},line={max(1, line)},"


def _data(text: str) -> str:
    """As the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """As a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
