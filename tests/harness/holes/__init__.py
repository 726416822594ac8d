"""Access holes of the example API, each a small change of its source, and what the matrix must say of it."""

from holes.catalogue import HOLES, Hole

__all__ = ["HOLES", "Hole"]
