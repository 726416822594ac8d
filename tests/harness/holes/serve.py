"""Copies of the example API in one process, each with a hole: `/0/…` is the first, `/1/…` the second.

It runs with the example's own Python, given the package, a folder for the copies, and the port.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from holes.catalogue import HOLES, Hole

ANEW = ("access", "app", "login", "orders", "tokens", "users")  # holes are in these; what is in the others is shared
App = Callable[..., Awaitable[None]]


def holed(package: Path, folder: Path, hole: Hole) -> App:
    """The API with this hole, out of a copy of its package."""
    shutil.copytree(package, folder / "shop", ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    hole.plant(folder / "shop")
    for name in ("shop", *(f"shop.{module}" for module in ANEW)):
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        app: App = importlib.import_module("shop.app").create_app()
    finally:
        sys.path.remove(str(folder))
    return app


def one_of(apps: list[App]) -> App:
    """Hands each request to the app that the first segment of its path names."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            number, _, rest = scope["path"][1:].partition("/")
            if not number.isdecimal():  # whether anybody answers at all
                await apps[0](scope, receive, send)
            else:
                inner = {"path": f"/{rest}", "raw_path": scope["raw_path"][len(number) + 1 :]}
                await apps[int(number)]({**scope, **inner}, receive, send)

    return app


def main(package: str, folder: str, port: str) -> None:
    """Serves until it is stopped."""
    # What every hole needs many of: accounts and logins, whose hashes are slow on purpose.
    passwords, argon2 = importlib.import_module("shop.passwords"), importlib.import_module("argon2")
    vars(passwords)["_hasher"] = argon2.PasswordHasher(1, 8, 1)
    apps = [holed(Path(package), Path(folder, str(number)), hole) for number, hole in enumerate(HOLES.values())]
    uvicorn = importlib.import_module("uvicorn")  # of the example's own environment
    uvicorn.run(one_of(apps), host="127.0.0.1", port=int(port), lifespan="off", log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
