"""Where exploring has its requests from: schemathesis, which is loaded here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tidegate.contract.explore.drawn import Drawn
from tidegate.errors import UsageError

# An API may pass over parameters that it does not know, and who asks is the session's matter.
GENERATION = {"allow-extra-parameters": False, "with-security-parameters": False}


def require_library() -> None:
    """Raises UsageError where schemathesis is not installed."""
    if find_spec("schemathesis") is None:
        raise UsageError(
            "exploring needs schemathesis, which makes the requests\n"
            "  seen: it is not installed\n"
            '  next: pip install "tidegate[explore]"'
        )


class Source:
    """Draws requests from a document; the same seed draws the same ones. What it notes for itself goes to `folder`."""

    def __init__(self, plain: Mapping[str, Any], seed: int, folder: Path | None = None) -> None:
        require_library()
        import schemathesis
        from hypothesis.configuration import set_hypothesis_home_dir

        if folder:
            set_hypothesis_home_dir(folder)
        self._seed = seed
        self._operations: dict[str, Any] = {}
        config = schemathesis.Config.from_dict({"generation": GENERATION})
        for found in schemathesis.openapi.from_dict(dict(plain), config=config).get_all_operations():
            if drawable := getattr(found, "ok", None):  # else an operation that it cannot read
                operation = drawable()
                self._operations[f"{operation.method.upper()} {operation.path}"] = operation

    def draw(self, name: str, most: int, *, legal: bool) -> Iterator[Drawn]:
        """At most so many requests of the operation, legal ones or not; none where there are no such.

        Raises ValueError where the operation cannot be drawn from.
        """
        import schemathesis

        operation = self._operations.get(name)
        if operation is None:
            raise ValueError("schemathesis cannot read what the document says of it")
        mode = schemathesis.GenerationMode.POSITIVE if legal else schemathesis.GenerationMode.NEGATIVE
        for place, case in enumerate(self._cases(operation.as_strategy(generation_mode=mode), most)):
            yield Drawn(case, legal=legal, own=legal and place % 2 == 0)

    def _cases(self, strategy: Any, most: int) -> list[Any]:
        """All at once, and before anything is sent: what comes of a request must not end the drawing."""
        from hypothesis import HealthCheck, Phase, given, seed, settings
        from hypothesis.errors import HypothesisException, Unsatisfiable

        found: list[Any] = []

        @seed(self._seed)
        @settings(
            max_examples=most,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def collect(case: Any) -> None:
            found.append(case)

        try:
            collect()
        except Unsatisfiable:
            return found
        except (HypothesisException, ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise ValueError(_first_line(error)) from None
        return found


def _first_line(error: object) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
