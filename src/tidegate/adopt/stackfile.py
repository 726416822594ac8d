"""An adopter's compose files, test image and workflow: this repository's own, with what is ours alone taken out."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tidegate.adopt.answers import COMPOSE, Answers
from tidegate.adopt.ours import ours

OVERRIDE = """\
# The test container beside your services; Compose merges this file with {file} by itself.
#
# The main job:   docker compose run --rm tests [pytest arguments]
"""
INCLUDED = """\
# The test container beside your services; {file} merges this file with yours.
"""
MERGING = """\
# Your services and the test container. Compose does not read this file by itself, because you have an override:
#
#   {command} [pytest arguments]
{name}include:
  - path: [{files}]
    project_directory: .
"""


def swap(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each left side replaced; raises LookupError when our own file no longer holds one."""
    for old, new in pairs:
        if old not in text:
            raise LookupError(f"our own file no longer says {old!r}")
        text = text.replace(old, new)
    return text


def with_defaults(text: str, **values: str) -> str:
    """The text with other defaults in its `${NAME:-default}`."""
    for name, value in values.items():
        pattern = rf"(\$\{{{name}:-)[^}}]*\}}"
        if not re.search(pattern, text):
            raise LookupError(f"our own file no longer has a default for {name}")
        text = re.sub(pattern, "\\g<1>" + value.replace("\\", r"\\") + "}", text)
    return text


def block(text: str, service: str) -> str:
    """One service of a compose file, as text."""
    found = re.search(rf"(?ms)^  {service}:.*?(?=^  \w|\Z)", text)
    if not found:
        raise LookupError(f"our own file no longer has the service {service!r}")
    return found.group()


def compose_file(answers: Answers) -> str:
    """compose.yaml, which includes docker/stack.yaml."""
    compose = run_command(answers).partition(" run ")[0]
    up = f"{compose} up --detach && {compose} port api {answers.port}"
    text = swap(
        ours("compose.yaml"),
        ("docker compose up --wait && docker compose port api 8000", up),
        ("docker compose run --rm tests", run_command(answers)),
    )
    if not answers.project:
        return text
    text = re.sub(r"(?m)^# .*compose\.override\.yaml.*\n", "", text)  # which is not for a file that is named
    return text.replace(
        "include:", f"name: {answers.project} # so that your own containers stay out of it\ninclude:", 1
    )


def stack_file(answers: Answers) -> str:
    """docker/stack.yaml for an API that is built from a Dockerfile."""
    text = ours("docker/stack.yaml")
    api, migrate, tests = (block(text, name) for name in ("api", "migrate", "tests"))
    text = text.replace(tests, _tests(tests, answers))
    text = text.replace(api, _api(api, answers))
    text = swap(_without_secret(text), *_EXAMPLE_ONLY)
    if not answers.database:
        text = text.replace(block(text, "db"), "").replace(migrate, "")
        return re.sub(r"    DATABASE_URL: .*\n", "", text)
    text = swap(text, ("<<: [*hardened, *api-environment]", _NOT_HARDENED), ("postgresql+psycopg:", "postgresql:"))
    return with_defaults(text, MIGRATE_COMMAND=answers.migrate)


_NOT_HARDENED = (
    '<<: *api-environment # "[*hardened, *api-environment]" when your image writes nothing and changes no user'
)
_EXAMPLE_ONLY = (("docs/stack.md lists them", "tidegate's docs/stack.md lists them"),)


def _without_secret(text: str) -> str:
    """The file without what the example API alone asks for."""
    return re.sub(r"(?m)^ +(API_JWT_SECRET|API_TEST_STACK|API_PROMISES):.*\n", "", text)


def _api(text: str, answers: Answers) -> str:
    text = swap(text, ("<<: [*hardened, *api-environment]", f"{_NOT_HARDENED}\n    init: true"))
    # Whether the image holds anything to check itself with is not known, and the gate asks anyway.
    text = with_defaults(text, API_CONTEXT=answers.context, API_HEALTHCHECK="true", API_HEALTHCHECK_OFF="true")
    return text if answers.database else re.sub(r"(?m)^    depends_on:\n(?:      .*\n)+", "", text)


def _tests(text: str, answers: Answers) -> str:
    """The test container, with an image that is built from docker/tests alone."""
    text = swap(
        text,
        ("      context: .\n      dockerfile: docker/tests/Dockerfile\n", "      context: docker/tests\n"),
    )
    return swap(text, *_suite(answers), *_document(answers))


def _suite(answers: Answers) -> tuple[tuple[str, str], ...]:
    """Where the suite is, when `tests` is somebody else's."""
    if answers.suite == "tests":
        return ()
    return (
        ("source: ./tests,", f"source: ./{answers.suite},"),
        ("source: ./pytest.ini,", f"source: ./{answers.suite}/pytest.ini,"),
    )


def _document(answers: Answers) -> tuple[tuple[str, str], ...]:
    """A mount for what describes the API, when that is a file; with its neighbours, which may be parts of it."""
    path = PurePosixPath(answers.document)
    if path.suffix not in (".json", ".yaml", ".yml") or path.is_absolute():
        return ()
    source = path if len(path.parts) == 1 else path.parent
    first = "      - {type: bind, source: ./"
    mount = f"{first}{source}, target: /suite/{source}, read_only: true, bind: {{create_host_path: false}}}}\n"
    return ((f"{first}{answers.suite},", f"{mount}{first}{answers.suite},"),)


def merging_file(answers: Answers, service: str) -> str:
    """compose.tests.yaml, which names the compose files of somebody else and then that of the test container."""
    name = f"name: {answers.project}\n" if answers.project else ""
    return MERGING.format(command=run_command(answers), name=name, files=", ".join([*answers.merged, service]))


def override_file(answers: Answers) -> str:
    """compose.override.yaml beside a compose file of somebody else, or what their override leaves us instead."""
    text = ours("docker/stack.yaml")
    head = (INCLUDED if answers.merged else OVERRIDE).format(file=answers.compose_file)
    hardened = re.search(r"(?ms)^x-hardened:.*?\n\n", text)
    if not hardened:
        raise LookupError("our own file no longer has x-hardened")
    url = f"http://{answers.service}:{answers.port}{answers.base_path}"
    tests = swap(
        _without_secret(_tests(block(text, "tests"), answers)),
        ("http://api:${API_PORT:-8000}${API_BASE_PATH:-}", url),
        ("TIDEGATE_DISPOSABLE: api$", f"TIDEGATE_DISPOSABLE: {answers.service}$"),
        ("API_ADMIN_EMAIL: ${API_ADMIN_EMAIL}", "API_ADMIN_EMAIL:"),
        ("API_ADMIN_PASSWORD: ${API_ADMIN_PASSWORD}", "API_ADMIN_PASSWORD:"),
        ('api: {condition: "${API_READY:-service_started}"}', f"{answers.service}: {{condition: service_started}}"),
    )
    if answers.networks:
        joined = f"    networks: [{', '.join(answers.networks)}]\n"
        tests = swap(tests, ("    tmpfs: [/tmp]\n", f"{joined}    tmpfs: [/tmp]\n"))
    seeded = (
        "" if answers.admin else f"  {answers.service}:\n    env_file: .env.test # the admin that is to be seeded\n\n"
    )
    return f"{head}\n{hardened.group()}services:\n{seeded}{tests}"


def dockerfile(requirement: str, wheel: str | None) -> str:
    """docker/tests/Dockerfile, with tidegate from an index, or from a wheel that lies beside it."""
    text = swap(
        ours("docker/tests/Dockerfile"),
        ("COPY docker/tests/requirements.lock", "COPY requirements.lock"),
        ("COPY --chmod=755 docker/tests/entrypoint docker/tests/without-capabilities", _SCRIPTS),
    )
    start, end = text.index("WORKDIR /src"), text.index("WORKDIR /suite")
    install = f"RUN pip install --quiet --no-deps --compile {requirement}\n\n"
    if wheel:
        install = f"COPY {wheel} /tmp/\nRUN pip install --quiet --no-deps --no-index --compile /tmp/{wheel}\n\n"
    return text[:start] + install + text[end:]


_SCRIPTS = "COPY --chmod=755 entrypoint without-capabilities"


def workflow(script: str) -> str:
    """.github/workflows/tests.yml, which runs the same script as a laptop."""
    text = swap(ours(".github/workflows/tests.yml"), ("        run: scripts/test\n", f"        run: {script}\n"))
    return re.sub(r"(?m)^# No image cache.*\n", "", text)


def run_command(answers: Answers) -> str:
    """The command that runs the suite in its container; it names a file that Compose does not find by itself."""
    is_found = answers.compose_file == "compose.yaml" or (answers.start == COMPOSE and not answers.merged)
    return f"docker compose{'' if is_found else f' -f {answers.compose_file}'} run --rm tests"
