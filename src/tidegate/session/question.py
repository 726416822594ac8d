"""What the gate asks: where, how, and which answer is a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tidegate.settings import Client, Health, Settings


class Pass(NamedTuple):
    """What a request of somebody who is logged in carries."""

    headers: Mapping[str, str]
    query: str = ""


class Question(NamedTuple):
    """One question of the gate, asked again and again; `log_in` is called where the health path needs it."""

    url: str
    health: Health
    client: Client
    log_in: Callable[[], Pass] | None = None

    @classmethod
    def of(cls, settings: Settings, url: str, log_in: Callable[[], Pass] | None = None) -> Question:
        """What these settings ask at a URL."""
        return cls(url, settings.health, settings.client, log_in if settings.health.login else None)

    def __str__(self) -> str:
        """The question as a reader would ask it by hand."""
        return f"a connection to {self.url}" if self.health.kind == "tcp" else f"GET {self.url}"
