"""Failures to put into a bundle, each as a run would have left it."""

from __future__ import annotations

import json
from typing import Any

from bundles import ASSERTION, START, TRACEBACK, Bundled, finding, service, stamp

BROKEN_FIXTURE = "fixture 'clinet' not found"


def passed(run: Bundled, count: int = 3, exchanges: int = 3) -> None:
    for _ in range(count):
        name = f"tests/test_users.py::test_user[{len(run.tests)}]"
        run.exchange(name, "POST", "/auth/login", phase="setup", sent='{"email": "a@b.example", "password": "***"}')
        for number in range(exchanges - 1):
            run.exchange(name, "GET", f"/users/{len(run.exchanges)}" if number % 2 else "/orders?limit=5")
        run.test(name)


def server_error(run: Bundled, count: int = 3) -> None:
    """500 of one operation, with the API's traceback; and in between a harmless warning and another test's error."""
    for number in range(count):
        name = f"tests/test_orders.py::test_order_total[{number}]"
        began = run.at
        run.exchange(name, "POST", "/orders", 500, sent='{"lines": [3]}', body='{"detail": "Internal error."}')
        run.log("WARNING: the cache is cold", at=began + 0.001)
        for step, line in enumerate(TRACEBACK):
            run.log(line, at=began + 0.002 + step / 1e6)
        run.log(
            json.dumps({"level": "error", "traceparent": f"00-{7:032x}-{8:016x}-01", "msg": "of another"}),
            at=began + 0.0021,
        )
        run.log("LOG:  checkpoint complete", "db")
        run.test(name, "failed", kind="AssertionError", message=f"assert 500 == 201, order {number}", text=ASSERTION)


def assertion(run: Bundled, count: int = 2) -> None:
    for number in range(count):
        name = f"tests/test_orders.py::test_total_of_three[{number}]"
        run.exchange(
            name, "POST", "/orders", 201, sent='{"lines": [3]}', body=json.dumps({"id": number, "total": 3700})
        )
        run.test(name, "failed", kind="AssertionError", message="assert 3700 == 3750", text=ASSERTION)


def departure(run: Bundled, count: int = 2) -> None:
    names = [f"tests/test_orders.py::test_list[{number}]" for number in range(count)]
    told = "invalid-body: GET /orders, 200 body /items/*/sku"
    text = f"{told}\n  promised: an integer\n  came: a string\n  curl: curl http://api:8000/orders"
    for name in names:
        run.exchange(name, "GET", "/orders", 200, body='{"items": [{"sku": "ROPE-10"}], "total": 1}')
        run.test(name, "failed", kind="contract", message=told, text=text)
    run.contract["findings"] = [*run.contract["findings"], finding(names)]


def own_mistake(run: Bundled) -> None:
    name = "tests/test_users.py::test_with_a_slip"
    run.exchange(name, "GET", "/users/1", 200)
    run.test(name, "failed", kind="NameError", message="name 'reponse' is not defined", text=">   reponse.json()")
    run.test("tests/test_users.py::test_without", "error", "setup", kind="FixtureLookupError", message=BROKEN_FIXTURE)


def too_slow(run: Bundled) -> None:
    name = "tests/test_users.py::test_slow"
    run.exchange(name, "GET", "/users/7", None, error="ReadTimeout: timed out", elapsed=5.0)
    run.test(name, "failed", kind="ReadTimeout", message="timed out")


def not_removed(run: Bundled) -> None:
    name = "tests/test_users.py::test_leaves_one"
    run.exchange(name, "DELETE", "/users/7", 409, phase="teardown", body='{"detail": "has orders"}')
    told = "1 record could not be removed: /users/7 (409)"
    run.test(name, "error", "teardown", kind="LeftoversRemain", message=told)


def killed_api(run: Bundled, count: int = 4) -> None:
    """The API is killed for its memory between two tests; none gets an answer from then on."""
    run.log("MemoryError while building the page of 90000 rows", at=run.at)
    for number in range(12):
        run.log(f"INFO: tick {number}", at=run.at + number / 1000)
    died = run.at = run.at + 0.5
    state = {"state": "exited", "exit_code": 137, "oom_killed": True, "finished": stamp(died)}
    assert run.stack
    run.stack["services"]["api"] = service("shop-api", **state)
    for number in range(count):
        name = f"tests/test_later.py::test_after[{number}]"
        run.exchange(name, "GET", f"/users/{number}", None, error="ConnectError: [Errno 111] Connection refused")
        run.test(name, "error", "setup", kind="ConnectError", message="[Errno 111] Connection refused")


def hung_api(run: Bundled) -> None:
    """A request hangs until its client gives up; the API is gone only later."""
    passed(run)
    name = "tests/test_later.py::test_of_much"
    run.exchange(name, "POST", "/orders", None, error="ReadTimeout: timed out", elapsed=10.0)
    run.test(name, "failed", kind="ReadTimeout", message="timed out")
    run.at += 15
    killed_api(run, 0)


def not_started(run: Bundled) -> None:
    """The migration fails, so that no test ever ran."""
    assert run.stack
    told = "the stack did not start: migrate ended with code 1\n  seen: its log\n  next: mend the migration"
    run.stack |= {"started": False, "stage": "migrate", "told": told}
    run.stack["services"]["migrate"] = service("shop-api", state="exited", exit_code=1, finished=stamp(START - 9))
    lines = ["running 0003", *TRACEBACK[:2], 'UndefinedTable: relation "customer" does not exist', "bye"]
    for number, line in enumerate(lines):
        run.log(line, "migrate", START - 10 + number / 1000)
    run.log("database system is ready to accept connections", "db", START - 14)
    run.run |= {"verdict": "not started", "counts": {}, "exit_code": 69}


def refused_login(run: Bundled) -> None:
    text = "the API refused the login of admin@example.com\n  seen: 401 from POST /auth/login\n  next: see .env.test"
    run.run |= {"stopped": {"text": text, "code": 77}, "verdict": "failed", "exit_code": 77}


def hostile(run: Bundled) -> None:
    """What would run, were any of it taken for more than text."""
    bad = "document.title='owned'"
    evil = f'</script><script>{bad}</script><img src=http://evil.example/x onerror="{bad}">'
    name = f"tests/test_evil.py::test[{evil}]"
    body = json.dumps({"name": evil, evil: [evil], "html": "<b>"})
    more: dict[str, Any] = {"sent": evil, "media": "text/html"}
    run.exchange(name, "POST", f"/orders?q={evil}", 500, body=body, **more)
    run.log(f"ERROR {evil} {{{{ 7*7 }}}}")
    run.test(name, "failed", kind=f"Error{evil}", message=evil, text=f"E   {evil}")
    assert run.stack
    run.stack["services"][evil] = service(evil)
    run.run["git"]["branch"] = evil
    run.run["settings"][evil] = {"value": evil, "origin": evil}


EVERY = (passed, server_error, departure, assertion, own_mistake, too_slow, not_removed)


def left_over(run: Bundled) -> None:
    """Every test passed, and a record stayed."""
    passed(run, 2)
    stuck = [{"path": "/users/7", "reason": "409: This user stays.", "test": "tests/test_users.py::test_user[0]"}]
    run.run["clean_up"] = {"removed": 3, "stuck": stuck, "notes": []}


def refused_in_a_test(run: Bundled) -> None:
    """The login of the first test is refused, which ends the run in its midst."""
    refused_login(run)
    name = "tests/test_users.py::test_user"
    run.exchange(name, "POST", "/auth/login", 401, phase="setup", body='{"detail": "Wrong password."}')
    run.tests.append({"begin": name, "index": 0, "worker": "", "at": run.at - 0.1})
