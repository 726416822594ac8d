"""[tool.tidegate.target]: which servers the tests may write to."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which servers the tests may write to."""

    disposable: tuple[str, ...] = setting(
        (),
        http_forms.hosts,
        "Hosts beside loopback that exist for tests alone; every other one is shared, and only read",
        env="TIDEGATE_DISPOSABLE",
        example='["api.ci.internal"]',
    )
    shared: tuple[str, ...] = setting(
        (),
        http_forms.hosts,
        "Hosts that are shared although they look disposable, such as the near end of a tunnel to staging",
        env="TIDEGATE_SHARED",
        example='["localhost:8443"]',
    )
    allow_writes: str | None = setting(
        None,
        http_forms.host,
        "The one shared host that this run may write to (`--allow-writes`)",
        env="TIDEGATE_ALLOW_WRITES",
        file=False,
    )
    allow_admin_changes: bool = setting(
        False, forms.flag, "Whether tests may change the seeded admin (`--allow-admin-changes`)", file=False
    )
