"""What the stub API stores, and the rules of a Variant for it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Row = dict[str, Any]
NEXT_STATUS = {"pending": ("paid", "cancelled"), "paid": ("shipped", "cancelled")}


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way of filling in what the pattern leaves open; the defaults are the example API's."""

    listing: Literal["items", "bare"] = "items"
    total: bool = True
    error_key: Literal["detail", "error", "errors"] = "detail"
    ids: Literal["int", "uuid"] = "int"
    created: Literal[200, 201] = 201
    updated: Literal[200, 204] = 200
    deleted: Literal[200, 204] = 204
    gone: Literal[404, 410] = 404
    unauthenticated: Literal[401, 403] = 401
    invalid: Literal[400, 422] = 422
    duplicate: Literal[400, 409, 422] = 409
    status_word: str = "ok"
    base_path: str = ""
    login_path: str = "/auth/login"
    health_path: str = "/health"
    """From the origin, and not below the base path."""
    plain_text: bool = False
    """Where no route is, the answer is a text, as a framework's own."""
    strict: bool = True
    unique: bool = True
    location: bool = True
    www_authenticate: bool = True
    email_prefix: bool = True
    roles: bool = True
    passwords: bool = True
    orders: bool = True
    created_at: bool = True
    jwt: bool = True


class Refused(Exception):  # noqa: N818  the API refuses, nothing is broken
    """A request that gets an error as its answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class NotRouted(Refused):
    """A request that leads nowhere."""


class Records:
    """Users and orders in memory."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.tables: dict[str, dict[Any, Row]] = {"users": {}, "orders": {}}
        self._passwords: dict[Any, str] = {}
        self._last_id = 0

    def create(self, resource: str, sent: Row) -> Row:
        """The new record, checked and stored."""
        return self.add_user(self._checked_user(sent)) if resource == "users" else self._add_order(sent)

    def find(self, resource: str, text: str) -> Row:
        """The record whose id is `text`."""
        for row in self.tables[resource].values():
            if str(row["id"]) == text:
                return row
        raise Refused(self.variant.gone, "no such record")

    def update(self, resource: str, row: Row, sent: Row) -> Row:
        """The record with the sent fields changed and nothing else."""
        if resource == "users":
            fields = self._checked_user(sent, row)
            self._passwords |= {row["id"]: fields.pop("password")} if "password" in fields else {}
            row |= fields
        else:
            status = sent.get("status")
            if status not in {"pending", "paid", "shipped", "cancelled"}:
                raise Refused(self.variant.invalid, "no such status")
            if status not in NEXT_STATUS.get(row["status"], ()):
                raise Refused(self.variant.duplicate, "no way from this status to that one")
            row["status"] = status
        return row

    def delete(self, resource: str, key: Any) -> None:
        """Remove a record, and a user's orders with the user."""
        del self.tables[resource][key]
        if resource == "users":
            orders = self.tables["orders"]
            self.tables["orders"] = {id_: order for id_, order in orders.items() if order["user_id"] != key}

    def page(self, resource: str, query: dict[str, str]) -> Any:
        """One page of the records that the query selects."""
        limit, offset = self._number(query, "limit", 20, 1, 100), self._number(query, "offset", 0, 0, 10**9)
        tests: list[Callable[[Row], bool]] = []
        if resource == "users" and self.variant.email_prefix:
            tests.append(lambda row: row["email"].startswith(query.get("email_prefix", "")))
        tests += [
            lambda row, key=key: str(row[key]) == query[key]  # type: ignore[misc]
            for key in ("user_id", "status")
            if resource == "orders" and key in query
        ]
        rows = [row for row in self.tables[resource].values() if all(test(row) for test in tests)]
        items = rows[offset : offset + limit]
        if self.variant.listing == "bare":
            return items
        return {"items": items, "total": len(rows)} if self.variant.total else {"items": items}

    def user_with(self, email: object, password: object) -> Row | None:
        """The user who logs in with these."""
        if not isinstance(email, str) or not isinstance(password, str):
            raise Refused(self.variant.invalid, "e-mail and password are needed")
        for key, user in self.tables["users"].items():
            if user["email"].lower() == email.lower() and self._passwords.get(key) == password:
                return user
        return None

    def add_user(self, fields: Row) -> Row:
        """A user stored without any check."""
        row = {"id": self._new_id(), "email": fields["email"], "name": fields["name"]}
        if self.variant.roles:
            row["role"] = fields.get("role", "viewer")
        if "password" in fields and (self.variant.passwords or not self.tables["users"]):
            self._passwords[row["id"]] = fields["password"]
        return self._stored("users", row)

    def _add_order(self, sent: Row) -> Row:
        lines = sent.get("lines")
        if not isinstance(lines, list) or not lines or not all(_is_line(line) for line in lines):
            raise Refused(self.variant.invalid, "lines need sku, quantity and unit_price")
        if sent.get("user_id") not in self.tables["users"]:
            raise Refused(self.variant.invalid, "no such user")
        total = sum(line["quantity"] * line["unit_price"] for line in lines)
        row = {"id": self._new_id(), "user_id": sent["user_id"], "status": "pending", "lines": lines, "total": total}
        return self._stored("orders", row)

    def _stored(self, resource: str, row: Row) -> Row:
        if self.variant.created_at:
            row["created_at"] = datetime.now(UTC).isoformat()
        self.tables[resource][row["id"]] = row
        return row

    def _checked_user(self, sent: Row, old: Row | None = None) -> Row:
        fields: Row = {key: sent[key] for key in ("email", "name", "role", "password") if key in sent}
        required = {"email": "", "name": ""} if old is None else {}
        for key, value in (required | fields).items():
            if (self.variant.strict or key == "email") and not (isinstance(value, str) and value.strip()):
                raise Refused(self.variant.invalid, f"{key} has to be a text")
        if "email" in fields and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", fields["email"]):
            raise Refused(self.variant.invalid, "email is not an e-mail address")
        if self.variant.strict and self.variant.roles and fields.get("role", "viewer") not in {"admin", "viewer"}:
            raise Refused(self.variant.invalid, "no such role")
        self._check_unique(fields.get("email"), old)
        return fields if self.variant.roles else {key: fields[key] for key in fields if key != "role"}

    def _check_unique(self, email: str | None, old: Row | None) -> None:
        for user in self.tables["users"].values():
            if self.variant.unique and email and user is not old and user["email"].lower() == email.lower():
                raise Refused(self.variant.duplicate, "this e-mail is taken")

    def _new_id(self) -> int | str:
        self._last_id += 1
        return self._last_id if self.variant.ids == "int" else str(uuid.uuid4())

    def _number(self, query: dict[str, str], key: str, default: int, least: int, most: int) -> int:
        text = query.get(key, str(default))
        proper = text.isdecimal() and least <= int(text) <= most
        if not proper and not self.variant.strict:
            return default
        if not proper:
            raise Refused(self.variant.invalid, f"{key} has to be a number from {least} to {most}")
        return int(text)


def _is_line(line: object) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("sku"), str) or not line["sku"]:
        return False
    numbers = (line.get("quantity"), line.get("unit_price"))
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return whole and line["quantity"] >= 1 and line["unit_price"] >= 0
