"""An OpenAPI document: read from JSON or YAML of any version, in one piece, and bound to what was called."""

from tidegate.contract.document.document import Document, read_document

__all__ = ["Document", "read_document"]
