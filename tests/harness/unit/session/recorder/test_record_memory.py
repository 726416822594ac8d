"""What recording keeps in memory: of a large answer nothing, of many small ones no more than of few."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

# Each in a process of its own, whose peak is its own: ru_maxrss is in kB, on Linux.
LARGE = """
import resource, sys
from tidegate.session.client import new_client
from tidegate.session.http import httpx
from tidegate.session.recorder import Recorder
from tidegate.settings import Client

class Wire(httpx.BaseTransport):
    def handle_request(self, request):
        return httpx.Response(200, stream=Chunks())

class Chunks(httpx.SyncByteStream):
    def __iter__(self):
        for _ in range(800):
            yield bytes(65536)

seen = []
recorder = Recorder(seen.append, lambda: ("t", "call"), lambda _: "", limit=4_194_304)
client = new_client("http://h", Client(), transport=Wire(), recorder=recorder if sys.argv[1] == "recorded" else None)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.argv[2] == "read":
    assert len(client.get("/").content) == 800 * 65536
else:
    with client.stream("GET", "/") as answer:
        assert sum(map(len, answer.iter_raw())) == 800 * 65536
assert not seen or (seen[0].response.size, seen[0].response.body) == (800 * 65536, None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""

MANY = """
import secrets, sys, tracemalloc
from pathlib import Path
from tidegate.records import Exchange, Message
from tidegate.redact import Secrets, lessons, masked_exchange
from tidegate.session.recorder.writer import Writer

known, writer = Secrets(), Writer(Path(sys.argv[1]), "6742a1b3c0de", print)

def run(count):
    for number in range(count):
        token = secrets.token_urlsafe(30) if number % 20 == 0 else "none"
        body = ('{"token": "%s", "text": "%s"}' % (token, "x" * 2000)).encode()
        found = Exchange(number, "t", "call", "", "GET", "http://h/", Message(), 200, Message((), body, len(body)))
        known.notice(lessons(found))
        writer.write(masked_exchange(found, known, limit=65536))

import tidegate.redact.secrets as module
module.MOST = 60
run(600)
tracemalloc.start()
run(600)
print(tracemalloc.get_traced_memory()[0] / 1024)
"""


def megabytes(code: str, *arguments: str) -> float:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_an_answer_of_50_mb_takes_no_more_memory_when_it_is_recorded() -> None:
    assert megabytes(LARGE, "recorded", "read") < megabytes(LARGE, "bare", "read") + 15


def test_a_streamed_answer_of_50_mb_is_never_in_memory() -> None:
    assert megabytes(LARGE, "recorded", "streamed") < 15


def test_memory_does_not_grow_with_the_number_of_exchanges(tmp_path: Path) -> None:
    assert megabytes(MANY, str(tmp_path)) < 500  # kB, after as many exchanges again
