"""Parts of small documents, and what is said of one that cannot be read."""

from __future__ import annotations

import pytest
from document_makers import read

from tidegate.errors import DocumentError

THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def answer(schema: object) -> dict[str, object]:
    return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}


def refused(files: dict[str, str] | str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read(files)
    lines = str(caught.value).splitlines()
    assert [line[:8] for line in lines[1:]] == ["  seen: ", "  next: "]
    return lines
