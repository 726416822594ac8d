"""Which line of which service's log says most about a failure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tidegate.evidence.loglines import TRACEPARENT, trace_id

if TYPE_CHECKING:
    from tidegate.evidence.loglines import LogLine

LONGEST = 400
_GRAVE = re.compile(
    r"\b(?:FATAL|PANIC|CRITICAL|EMERG)\b|^panic: |panicked at|No space left on device|Out of memory|OutOfMemory"
)
_ERROR = re.compile(r"\b(?:ERROR|SEVERE|Unhandled|[Ee]xception|Error)\b|\blevel=err|^error: |\w(?:Error|Exception)\b")
_ACCESS = re.compile(r'" 5\d\d\b|\bstatus[=:]\s*5\d\d\b')
_WORDS = re.compile(
    r"(?i)\b(?:cannot|can't|could(?:n't| not)|unable to|fail(?:ed|ure|s)?|no such|no module named|not found|denied"
    r"|refused|invalid|missing|abort(?:ed|ing)?|killed|unhealthy|exit(?:ed|ing)?)\b"
)
_ASKED = re.compile(
    r"(?i)shutdown request|received (?:a )?signal|(?:received|got|caught|by signal) (?:SIG)?(?:TERM|INT|QUIT)\b"
)
_WARNING = re.compile(r"\bWARN(?:ING)?\b|\blevel=warn")
_ENDING = re.compile(r"terminating connection due to administrator command|database system is (?:shut|shutting) down")
_BELOW = re.compile(r"\s|$|During handling of the above|The above exception was the direct")
_FAULTS = ("error", "exception", "exc_info", "err", "exc", "stack", "stack_trace", "stacktrace", "traceback")
_LEVELS = {
    "fatal": 7,
    "panic": 7,
    "critical": 7,
    "emergency": 7,
    "alert": 7,
    "error": 5,
    "err": 5,
    "warning": 2,
    "warn": 2,
}

GRAVE = 5  # a line of that weight says something by itself
Told = tuple[str, str]  # a service, and a line of its log


def telling(logs: Mapping[str, Sequence[LogLine]], trace: str = "", *, dying: bool = False) -> list[Told]:
    """The line that says most, and those of other services that are grave; nothing when none says anything.

    Severity counts, a traceback's last line above the word ERROR, and the trace id of the exchange, more so with its
    span; a line that carries another's trace is about something else. Of equal lines it is the first. Of a service
    that was `dying` it is the latest, and words that tell of a failure count where nothing graver was said.
    """
    best: list[tuple[float, str, str]] = []
    for service, lines in logs.items():
        most, said = 0.0, ""
        for score, text in _scored(lines, trace):
            score = score or (_last_word(text) if dying else 0)
            if score > most or (dying and score == most > 0):
                most, said = score, text
        if most:
            best.append((most, service, brief(said)))
    best.sort(key=lambda each: -each[0])
    return [(service, said) for score, service, said in best[:1] + [each for each in best[1:] if each[0] >= GRAVE]]


def _last_word(text: str) -> float:
    """How much a line that is not grave says of an end: that somebody asked for it, or that something failed."""
    return 1.5 if _ASKED.search(text) else float(bool(_WORDS.search(text)))


def brief(line: str, longest: int = LONGEST) -> str:
    """The line as people read it: not too long, and of a trace its beginning."""
    return shortened(TRACEPARENT.sub(lambda trace: f"{trace[1][:8]}…", line), longest)


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, cut in its middle when it is long."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} … {text[-half:]}"


def weight(text: str) -> float:
    """How grave a single line sounds; 0 for one that tells of nothing wrong."""
    if _ENDING.search(text):
        return 0
    if text.startswith("{") and (told := _structured(text)) is not None:
        return _weight_of(told)
    scores = ((_GRAVE, 7), (_ERROR, 5), (_ACCESS, 3), (_WARNING, 2))
    return next((score for pattern, score in scores if pattern.search(text)), 0)


def _scored(lines: Sequence[LogLine], trace: str) -> Iterator[tuple[float, str]]:
    inside, of_test = False, trace_id(trace)
    for line in lines:
        text = line.text.strip()
        if "Traceback (most recent call last)" in text:
            inside = True
            continue
        if inside and _BELOW.match(line.text):
            continue
        score, inside = (6.0 if inside else weight(text)), False
        found = TRACEPARENT.search(text)
        if found and trace and found[1] != of_test:
            continue
        yield score + (0.25 * (1 + (found[0] == trace)) if found and trace else 0), text


def _structured(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _weight_of(told: Mapping[str, Any]) -> float:
    level = str(told.get("level") or told.get("severity") or told.get("levelname") or "").lower()
    status = told.get("status") or told.get("status_code") or 0
    fault = 6 if any(told.get(name) for name in _FAULTS) else 0
    return max(_LEVELS.get(level, 0), fault, 3 if isinstance(status, int) and status >= 500 else 0)
