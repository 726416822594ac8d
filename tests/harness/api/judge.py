"""Holds the example API's answers, and what it accepts, to its own OpenAPI document."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend


def _check_pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    # In the document `$` is the end, as in ECMAScript; in Python it also matches before a last line break.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


Validator = extend(Draft202012Validator, {"pattern": _check_pattern})  # type: ignore[no-untyped-call]


class Judge:
    """The document, asked whether an answer or a body is as it says."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def operations(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every documented operation by method and path."""
        paths = self.document["paths"].items()
        return {(method.upper(), path): operation for path, item in paths for method, operation in item.items()}

    def find(self, method: str, path: str) -> dict[str, Any] | None:
        """The operation that a request addresses, if it is documented."""
        for (candidate, template), operation in self.operations().items():
            if candidate == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return operation
        return None

    def faults(self, schema: dict[str, Any], value: Any) -> list[str]:
        """Where the value departs from the schema."""
        whole = {"components": self.document["components"], **schema}
        validator = Validator(whole, format_checker=FormatChecker())
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]

    def accepts(self, method: str, path: str, body: Any) -> bool:
        """Whether the document allows this request body."""
        operation = self.find(method, path)
        assert operation is not None, f"{method} {path} isn't documented"
        return not self.faults(operation["requestBody"]["content"]["application/json"]["schema"], body)

    def check(self, response: httpx.Response) -> None:
        """Fail when the answer is one that the document doesn't know."""
        response.read()
        method, path = response.request.method, response.request.url.raw_path.decode().partition("?")[0]
        operation, said = self.find(method, path), f"{method} {path} -> {response.status_code}"
        if operation is None:
            return self._check_unknown(response, said)
        assert str(response.status_code) in operation["responses"], f"{said} isn't documented: {response.text[:300]}"
        documented = operation["responses"][str(response.status_code)]
        for header in documented.get("headers", {}):
            assert header in response.headers, f"{said} lacks the documented header {header}"
        undocumented = {"location", "www-authenticate", "allow"} & set(response.headers.keys())
        assert undocumented <= {name.lower() for name in documented.get("headers", {})}, f"{said}: {undocumented}"
        self._check_body(response, documented.get("content", {}), said)
        return None

    def _check_unknown(self, response: httpx.Response, said: str) -> None:
        assert response.status_code in {404, 405}, f"{said}: an operation that isn't in the document"
        assert ("allow" in response.headers) == (response.status_code == 405), said
        if response.request.method != "HEAD":
            assert isinstance(response.json()["detail"], str), said

    def _check_body(self, response: httpx.Response, content: dict[str, Any], said: str) -> None:
        if not content:
            assert not response.content, f"{said} has a body, documented is none"
            return
        kind = response.headers.get("content-type", "")
        assert kind in content, f"{said} is {kind!r}, documented: {list(content)}"
        assert content[kind]["schema"], f"{said}: the document says nothing about the body"
        faults = self.faults(content[kind]["schema"], response.json())
        assert not faults, f"{said}: {faults}"
