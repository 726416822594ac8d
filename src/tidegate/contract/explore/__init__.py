"""Requests that nobody has thought of, made from the document by schemathesis."""

from tidegate.contract.explore.drawn import Asked, Drawn
from tidegate.contract.explore.failure import failure_of
from tidegate.contract.explore.source import Source, require_library

__all__ = ["Asked", "Drawn", "Source", "failure_of", "require_library"]
