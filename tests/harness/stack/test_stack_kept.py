"""`--keep-stack`: the next run of a checkout finds the stack warm, unless it is not what would be started now."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from stack.small import PYTHON_IMAGE, Small

from tidegate.settings import load
from tidegate.stack.project import checkout_name
from tidegate.stack.warm import claim, kept_name, note_path

pytestmark = pytest.mark.docker

WARM = "stack: the kept one still stands"
BUILT = "    build: .\n    image: ${STACK_IMAGES}-api\n    volumes: []"
DOCKERFILE = f"FROM {PYTHON_IMAGE}\nCOPY api.py /\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """A project whose API is built."""
    small = Small(tmp_path_factory.mktemp("kept") / "small")
    small.write("Dockerfile", DOCKERFILE)
    small.compose(api=BUILT)
    yield small
    small.remove()
    subprocess.run(["docker", "image", "rm", "--force", f"{checkout_name(small.folder)}-api"], capture_output=True)


@pytest.fixture
def kept(small: Small) -> Small:
    """The same with a stack that a run has left up."""
    if not note_path(load(small.folder, env={})).exists():
        code, output = small.pytest("--keep-stack")
        assert code == 0, output
    return small


def project(small: Small) -> str:
    """The project that the last test has seen."""
    return small.seen()[-1].split()[1]


def test_a_kept_stack_is_found_by_all_workers_and_goes_with_the_first_run_that_does_not_keep_it(kept: Small) -> None:
    code, output = kept.pytest("--keep-stack")
    assert (code, output.count(WARM)) == (0, 1), output
    code, output = kept.pytest("-n", "2")
    assert (code, output.count(WARM)) == (0, 1), output
    assert kept.seen()[-2] == kept.seen()[-1]
    assert kept.left() == []
    code, output = kept.pytest()
    assert (code, output.count(WARM)) == (0, 0), output


def kill_container(small: Small) -> None:
    subprocess.run(
        ["docker", "kill", f"{kept_name(load(small.folder, env={}))}-api-1"], check=True, capture_output=True
    )


def remove_container(small: Small) -> None:
    subprocess.run(
        ["docker", "rm", "--force", f"{kept_name(load(small.folder, env={}))}-api-1"], check=True, capture_output=True
    )


def change_source(small: Small) -> None:
    small.write("api.py", (small.folder / "api.py").read_text() + "# changed\n")


def change_settings(small: Small) -> None:
    small.compose(api=f"{BUILT}\n    environment: {{TIDE: {len(small.seen())}}}")


CHANGES: dict[Callable[[Small], None], str] = {
    kill_container: "api exited, exit code 137",
    remove_container: "the container of 'api' is gone",
    change_source: "the image of 'api' has changed",
    change_settings: "the compose file or a setting has changed",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_kept_stack_that_is_not_what_would_be_started_is_not_used(
    kept: Small, change: Callable[[Small], None]
) -> None:
    change(kept)
    code, output = kept.pytest("--keep-stack")
    assert code == 0, output
    assert f"stack: the kept one cannot be used: {CHANGES[change]}; starting anew" in output


def test_a_run_beside_the_one_that_has_the_kept_stack_gets_its_own(kept: Small) -> None:
    with claim(load(kept.folder, env={})) or pytest.fail("nobody else has it"):
        code, output = kept.pytest("--keep-stack")
    assert code == 0, output
    assert "another run has the kept one" in output
    name = kept_name(load(kept.folder, env={}))
    assert project(kept) != name
    assert {line.split()[1] for line in kept.left()} == {f"{name}-api-1", f"{name}_default"}
