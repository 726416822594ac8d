"""Writes what a run leaves, in the bundle's format 1: as many tests as wanted, and failures of every kind."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

START = 1_795_459_500.0
ASSERTION = """\
    def test_total(client):
        order = client.post("/orders", json={"lines": [3]}).json()
>       assert order["total"] == 3750
E       assert 3700 == 3750

tests/test_orders.py:41: AssertionError"""
TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "/srv/shop/orders.py", line 47, in total',
    '    return price["amount"] * count',
    "KeyError: 'amount'",
]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def message(body: str | None, kind: str = "application/json", **headers: str) -> dict[str, Any]:
    size = len((body or "").encode())
    named = [["content-type", kind], *([name.replace("_", "-"), value] for name, value in headers.items())]
    return {"headers": named, "body": body, "size": size, "digest": ""}


class Bundled:
    """A run in the making: tests follow one another, and `write` leaves its bundle in the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.at, self.random = folder, START, random.Random(7)
        self.tests: list[dict[str, Any]] = []
        self.exchanges: list[dict[str, Any]] = []
        self.logs: dict[str, list[tuple[float, str]]] = {"api": [], "db": []}
        self.contract: dict[str, Any] = contract()
        self.stack: dict[str, Any] | None = stack()
        self.counts: dict[str, int] = {}
        self.run: dict[str, Any] = run()

    def log(self, text: str, service: str = "api", at: float | None = None) -> None:
        self.logs.setdefault(service, []).append((self.at if at is None else at, text))

    def exchange(self, test: str, method: str, path: str, status: int | None = 200, **more: Any) -> dict[str, Any]:
        """An exchange that begins now and ends `elapsed` later."""
        number, elapsed = len(self.exchanges) + 1, more.pop("elapsed", 0.004 + self.random.random() / 50)
        body = more.pop(
            "body",
            json.dumps(
                {"id": number, "name": "a", "items": [{"sku": "ROPE-10", "key": self.random.randbytes(8).hex()}]}
            ),
        )
        trace = f"00-{abs(hash(test)):032x}-{number:016x}-01"
        made = {
            "run": "6b0489dfe03a", "started": self.at, "elapsed": elapsed, "number": number, "test": test,
            "phase": "call", "identity": "admin", "operation": f"{method} {operation(path)}", "method": method,
            "url": f"http://api:8000{path}", "status": status, "error": "", "redirect_of": None, "trace": trace,
            "request": message(more.pop("sent", None), authorization="Bearer ***", traceparent=trace),
            "response": None if status is None else message(body, more.pop("media", "application/json")), **more,
        }  # fmt: skip
        line = {"method": method, "path": path, "status": status, "duration_ms": elapsed * 1000, "traceparent": trace}
        if status is not None:
            self.log(json.dumps(line), at=self.at + elapsed)
        self.at += elapsed + 0.001
        self.exchanges.append(made)
        return made

    def test(self, name: str, outcome: str = "passed", phase: str = "call", **told: Any) -> str:
        """A test whose exchanges were made since the last one ended; only `phase` has another outcome than passed."""
        mine = [each for each in self.exchanges if each["test"] == name]
        began = mine[0]["started"] - 0.01 if mine else self.at
        seconds = self.at - began + 0.002
        self.tests.append({"begin": name, "index": len(self.tests), "worker": "", "at": began})
        for each, share, at in (("setup", 0.009, 0.0), ("call", seconds, 0.009), ("teardown", 0.002, seconds + 0.009)):
            line: dict[str, Any] = {"test": name, "worker": "", "phase": each, "outcome": "passed", "at": began + at}
            line["seconds"] = share
            if each == phase and outcome != "passed":
                line |= {"outcome": outcome, "file": "tests/test_orders.py", "line": 41, **told}
            self.tests.append(line)
        self.at += 0.02
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        return name

    def write(self, *without: str) -> Path:
        """Writes all files but those."""
        self.run["counts"] = self.counts
        if self.run["verdict"] is None:
            red = bool({"failed", "error"} & set(self.counts) or self.run.get("clean_up"))
            self.run |= {"verdict": "failed" if red else "passed", "exit_code": int(red)}
        self.run["ended"] = self.at
        ids = [{"collected": [each["begin"] for each in self.tests if "begin" in each]}]
        files = {
            "run.json": json.dumps(self.run), "contract.json": json.dumps(self.contract),
            "tests.jsonl": lines([*ids, *self.tests]), "exchanges.jsonl": lines(self.exchanges),
            "stack.json": json.dumps(self.stack),
            **{f"logs/{name}.log": log(told) for name, told in self.logs.items()},
        }  # fmt: skip
        for name, text in files.items():
            if name not in without and text not in ("null", ""):
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder


def operation(path: str) -> str:
    return "/".join("{id}" if part.isdigit() else part for part in path.partition("?")[0].split("/"))


def lines(told: Iterable[Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in told)


def log(told: list[tuple[float, str]]) -> str:
    return "".join(f"{stamp(at)} {text}\n" for at, text in sorted(told, key=lambda each: each[0]))


def run() -> dict[str, Any]:
    git = {"commit": "408a5b51d242412784cd36988e9a3ce33a2c41f6", "branch": "main", "dirty": False, "patch": None}
    return {
        "format": 1, "run": "6b0489dfe03a", "started": START - 20, "ended": None, "verdict": None, "exit_code": 1,
        "stopped": None, "git": git | {"patch_sha256": "", "note": ""},
        "pytest": {"args": ["tests", "-p", "randomly"], "seed": 4711, "workers": 0, "dist": "no", "plugins": {}},
        "python": "3.13.5", "platform": "Linux-6.1-x86_64", "cpus": 2, "memory": 8_000_000_000, "tz": "UTC",
        "locale": "C.UTF-8", "env": {"TZ": "UTC"}, "versions": {"pytest": "9.2.0", "httpx": "0.28.1"},
        "settings": {
            "base_url": {"value": "http://api:8000", "origin": "environment"},
            "login.password": {"value": "***", "origin": ".env.test"},
        },
        "place": "container", "stack": {"kind": "compose"}, "target": "http://api:8000", "ci": None,
        "document": {"title": "Shop", "version": "1.0.0", "digest": "af5dd8a0946ad85c"},
    }  # fmt: skip


def service(image: str, **more: Any) -> dict[str, Any]:
    return {
        "image": image, "image_id": "sha256:0c1f", "digests": [], "state": "running", "exit_code": 0,
        "oom_killed": False, "health": "healthy", "health_log": [], "started": stamp(START - 15), "finished": None,
        "restarts": 0, **more,
    }  # fmt: skip


def stack() -> dict[str, Any]:
    migrate = service("shop-api", state="exited", health=None, finished=stamp(START - 12))
    services = {"api": service("shop-api"), "db": service("postgres:17-trixie"), "migrate": migrate}
    versions = {"engine": "28.5.1", "compose_version": "2.40.0"}
    return {"kind": "compose", "project": "shop", "started": True, "stage": None, "told": None, **versions,
            "config": {"services": {}}, "services": services}  # fmt: skip


def contract() -> dict[str, Any]:
    seen = {"200 application/json": True, "201 application/json": True}
    operations = [
        {"operation": "GET /orders", "resource": "orders", "called": True, "positive": {"200 application/json": True},
         "negative": {"401 application/json": True, "422 application/json": False}, "input": {}, "uncounted": {}},
        {"operation": "POST /orders", "resource": "orders", "called": True, "positive": seen,
         "negative": {"409 application/json": False}, "input": {}, "uncounted": {"500 application/json": False}},
        {"operation": "GET /users/{id}", "resource": "users", "called": False,
         "positive": {"200 application/json": False}, "negative": {}, "input": {}, "uncounted": {}},
    ]  # fmt: skip
    coverage = {"percent": 66.7, "covered": 4, "points": 6, "resources": {}, "operations": operations}
    return {"format": 1, "document": {"title": "Shop"}, "findings": [], "coverage": coverage, "failures": []}


def finding(tests: list[str], where: str = "200 body /items/*/sku", **more: Any) -> dict[str, Any]:
    return {"kind": "invalid-body", "operation": "GET /orders", "where": where, "promised": "an integer",
            "came": 'a string, "ROPE-10"', "count": 3, "tests": tests, "curl": "curl http://api:8000/orders",
            "known": "", "level": "strict", **more}  # fmt: skip
