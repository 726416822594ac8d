"""[tool.tidegate.stack]: what pytest starts before the first test, when it starts anything."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What pytest starts before the first test, when it starts anything."""

    kind: str = setting(
        "auto",
        forms.one_of("auto", "compose", "process", "none"),
        "What to start (`--stack`); `auto`: nothing where API_BASE_URL is in the environment, else what can be started",
        env="TIDEGATE_STACK",
        example='"process"',
    )
    compose_file: str = setting("compose.yaml", forms.text, "The compose file, from the project's root")
    service: str = setting("api", forms.text, "Its service that is the API", example='"web"')
    port: int = setting(8000, forms.port, "The port on which that service listens", env="API_PORT", example="3000")
    base_path: str = setting(
        "",
        forms.optional(http_forms.url_path),
        "What all paths of the API begin with",
        env="API_BASE_PATH",
        example='"/api/v1"',
    )
    port_patience: float = setting(
        1.5, forms.seconds, "Seconds that it may listen on other ports alone before that is a wrong port", example="20"
    )
    process: str | None = setting(
        None,
        forms.process,
        "Command that starts the API; `{port}` is filled in",
        example='"node server.js --port {port}"',
    )
    keep: bool = setting(
        False, forms.flag, "Whether to leave the stack up for the next run (`--keep-stack`)", file=False
    )
    timeout: float = setting(120.0, forms.seconds, "Seconds until a start is given up", example="300")
