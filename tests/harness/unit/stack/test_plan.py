from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidegate.stack.failure import Failure, Stage
from tidegate.stack.plan import compose_file, files, read

CONFIG: dict[str, Any] = {
    "name": "project",
    "services": {
        "api": {
            "ports": [{"target": 8000}],
            "depends_on": {
                "db": {"condition": "service_healthy"},
                "migrate": {"condition": "service_completed_successfully"},
                "tracing": {"condition": "service_started", "required": False},
            },
        },
        "migrate": {"image": "api:1", "depends_on": {"db": {"condition": "service_healthy"}}},
        "db": {"image": "postgres"},
        "web": {"image": "nginx"},
    },
}


def test_the_plan_holds_what_the_api_needs_and_nothing_else() -> None:
    plan = read(CONFIG, "text", "api", 8000)
    assert plan.images == {"api": "project-api", "db": "postgres", "migrate": "api:1"}
    assert plan.one_shots == {"migrate"}


def test_another_file_is_another_fingerprint() -> None:
    assert read(CONFIG, "text", "api", 8000).fingerprint == read(CONFIG, "text", "api", 8000).fingerprint
    assert read(CONFIG, "text", "api", 8000).fingerprint != read(CONFIG, "other", "api", 8000).fingerprint


@pytest.mark.parametrize(
    ("service", "port", "stage", "said"),
    [
        ("app", 8000, Stage.SETTINGS, "there is no service 'app': the compose file has api, db, migrate, web"),
        ("api", 3000, Stage.PORT, "port 3000 of 'api' is not published; published: 8000"),
        ("web", 80, Stage.PORT, "port 80 of 'web' is not published; published: none"),
    ],
)
def test_a_file_that_does_not_fit_is_told_before_anything_starts(
    service: str, port: int, stage: Stage, said: str
) -> None:
    with pytest.raises(Failure) as caught:
        read(CONFIG, "text", service, port)
    assert (caught.value.stage, caught.value.what) == (stage, said)


def test_the_override_is_merged_as_compose_itself_would(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").touch()
    main = compose_file(tmp_path, "compose.yaml")
    assert main == tmp_path / "docker-compose.yml"
    assert files(main) == [str(main)]
    (tmp_path / "docker-compose.override.yml").touch()
    assert files(main) == [str(main), str(tmp_path / "docker-compose.override.yml")]


def test_an_override_need_not_have_the_name_of_the_file_that_it_changes(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").touch()
    (tmp_path / "compose.override.yaml").touch()
    assert files(tmp_path / "compose.yml") == [str(tmp_path / "compose.yml"), str(tmp_path / "compose.override.yaml")]
    assert files(tmp_path / "compose.tests.yaml") == [str(tmp_path / "compose.tests.yaml")]
