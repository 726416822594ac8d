"""[tool.tidegate.contract]: what the exchanges are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidegate.settings import contract_forms, forms
from tidegate.settings.contract_forms import MODES
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the exchanges are held against."""

    document: str = setting(
        "",
        contract_forms.document,
        "OpenAPI document: a path on the API, a file from the project's root, a URL, or `auto` to look on the API;"
        " without one, answers are held against learned shapes alone",
        example='"/openapi.json"',
    )
    mode: str = setting(
        "report",
        forms.one_of(*MODES),
        "What a finding does: `strict` fails the test that saw it, `report` lists it, `off` checks nothing",
        example='"strict"',
    )
    levels: Mapping[str, str] = setting(
        MappingProxyType({}),
        contract_forms.levels,
        "Another mode for some kinds of findings",
        example='{ undocumented-field = "report" }',
    )
    folder: str = setting(
        "contract",
        forms.text,
        "Folder of the locks and of the baseline, from the project's root",
        example='"api/contract"',
    )
    shapes: bool = setting(True, forms.flag, "Whether the shapes of answers are learned, and held to", example="false")
    fail_under: Mapping[str, float] = setting(
        MappingProxyType({}),
        contract_forms.thresholds,
        "Coverage in percent below which a run fails, over all, and of single resources",
        example='"90, things=100"',
    )
    skip_coverage: tuple[str, ...] = setting(
        ("5XX", "default"),
        contract_forms.skips,
        "What no test can or must cover: statuses, operations, or statuses of operations; `*` stands for any text",
        example='["5XX", "429", "DELETE /things/{id}", "GET /internal/* 404"]',
    )
    body_limit: int = setting(
        4_194_304,
        forms.count,
        "Bytes up to which a body is checked; a larger one is counted as unchecked",
        example="1048576",
    )
    values: Mapping[str, Any] = setting(
        MappingProxyType({}),
        contract_forms.values,
        "Values for path parameters and fields in the cases that are made from the document",
        example='{ tenant = "acme" }',
    )
