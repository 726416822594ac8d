"""Everything that nothing may show, as it is learned while a run goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Secrets:
    """The values that nothing may show."""

    def __init__(self) -> None:
        self._values: dict[str, None] = {}

    def learn(self, values: Iterable[str]) -> None:
        """Takes over values that are secret."""
        self._values.update(dict.fromkeys(filter(None, values)))

    def __iter__(self) -> Iterator[str]:
        """Each value once."""
        return iter([*self._values])
