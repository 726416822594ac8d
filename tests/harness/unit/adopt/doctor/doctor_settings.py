"""The settings that `tidegate doctor` checks here, and what one gets of it."""

from __future__ import annotations

from collections.abc import Callable

PYPROJECT = """\
[tool.tidegate.resources.users]
marker = "email"
filter = "email_prefix={prefix}"
body = { email = "{email}", name = "{name}", role = "viewer" }
change = { name = "{name}" }

[tool.tidegate.resources.orders]
parent = "users"
parent_field = "user_id"
filter = "user_id={parent.id}"
body = { user_id = "{parent.id}", lines = [{ sku = "a", quantity = 1, unit_price = 1 }] }
"""
Doctor = Callable[..., tuple[int, dict[str, str]]]
