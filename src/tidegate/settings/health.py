"""[tool.tidegate.health]: how the gate asks whether the API is up, and what counts as a yes."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the gate asks whether the API is up, and what counts as a yes."""

    path: str = setting(
        "/health",
        http_forms.path_or_url,
        "Path below the base URL, or a whole URL, that the gate polls",
        env="API_HEALTH_PATH",
        example='"/actuator/health"',
    )
    kind: str = setting(
        "http",
        forms.one_of("http", "answer", "tcp"),
        "What is a yes: `http` a good answer, `answer` any HTTP answer below 500, `tcp` a connection",
        example='"tcp"',
    )
    statuses: tuple[str, ...] = setting(
        ("2xx",), http_forms.statuses, "Statuses that mean up: codes or classes", example='["200", "401"]'
    )
    word_at: str = setting(
        "",
        forms.optional(forms.json_path),
        "Where in the JSON body the word is; not set, it is `status` where there is one",
        example='"data.state"',
    )
    words: tuple[str, ...] = setting(
        ("ok", "healthy", "up", "pass"),
        forms.words,
        "Words that mean up, in any case",
        example='["ok", "green"]',
    )
    flags: str = setting(
        "",
        forms.optional(forms.json_path_or_whole),
        "Object in the JSON body whose values must all be true, or one of the words; `.` is the whole body",
        example='"checks"',
    )
    login: bool = setting(False, forms.flag, "Whether the health path itself needs the admin's login", example="true")
    timeout: float = setting(30.0, forms.seconds, "Seconds until the gate gives up", example="60")
    try_timeout: float = setting(5.0, forms.seconds, "Seconds that one try of the gate may take", example="2")
