"""`tidegate init`: from a repository to one that has a suite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tidegate.adopt.answers import AGAINST, COMPOSE, DOCKERFILE, PLACEHOLDER, RUNNING, Answers
from tidegate.adopt.detect import detect
from tidegate.adopt.live import Fetch, look
from tidegate.adopt.planned import command, plan, script
from tidegate.adopt.questions import Ask, Questions, asked
from tidegate.adopt.write import Confirm, Say, put
from tidegate.errors import ApiNotHealthy
from tidegate.settings.sources import tidegate_table


def init(root: Path, say: Say, ask: Ask, confirm: Confirm, api_url: str | None, fetch: Fetch | None) -> None:
    """Finds, asks, writes, and says what comes next."""
    answers = found(root, api_url, fetch)
    for line in answers.found:
        say(f"found      {line}")
    answers = asked(root, answers, Questions(ask, say))
    say("")
    kept = put(root, plan(root, answers), say, confirm)
    say("")
    for line in _next(answers, script(root), command(root, answers), kept):
        say(line)


def found(root: Path, api_url: str | None, fetch: Fetch | None) -> Answers:
    """What the repository, and the API at `api_url`, say."""
    live = look(fetch) if fetch else None
    if fetch and live is None:
        raise ApiNotHealthy(f"nothing answers at {api_url}\n  next: start the API, or leave out --api-url")
    answers = detect(root, live)
    if not api_url:
        usual = f"http://localhost:{answers.port}{answers.base_path}"
        return replace(answers, base_url=str(tidegate_table(root).get("base_url", usual)))
    url = api_url.rstrip("/")
    if not url.endswith(answers.base_path):
        url += answers.base_path
    if answers.start != PLACEHOLDER:
        return replace(answers, base_url=url)
    return replace(answers, start=RUNNING, base_url=url, found=answers.found[1:])


def _next(answers: Answers, script: str, run: str, kept: int) -> list[str]:
    lines = (
        [f"kept       {kept} of your files as they are: the diffs above say what init would have written"]
        if kept
        else []
    )
    width = max(len(run), len("tidegate doctor")) + 3
    against = f"runs the suite against {AGAINST[answers.start]}"
    lines += ["next:"]
    if answers.start != RUNNING:
        lines.append(f"  {script:<{width}}{against}, and leaves a report in artifacts")
        against = "the same without a report of the services; its stack stays up"
    lines += [
        f"  {run:<{width}}{against}",
        f"  {'tidegate doctor':<{width}}checks each setting against the running API, and says what to change",
    ]
    if answers.start != RUNNING:
        lines.append(f"  {run.partition(' run ')[0] + ' down':<{width}}ends what the run has started")
    if answers.start == PLACEHOLDER:
        lines.append(
            "  replace docker/api with your API, or set API_CONTEXT in .env.test to the folder of its Dockerfile"
        )
    if answers.start == RUNNING:
        lines.append("  set API_ADMIN_EMAIL and API_ADMIN_PASSWORD in .env.test to those of an admin that the API has")
    if answers.start in (COMPOSE, DOCKERFILE) and not answers.admin:
        lines.append(
            "  your API must know the admin of .env.test: seed API_ADMIN_EMAIL with API_ADMIN_PASSWORD when it starts"
        )
    if bare := [name for name, table in answers.resources.items() if not table.get("body")]:
        named = ", ".join(f"[tool.tidegate.resources.{name}]" for name in bare)
        lines.append(f"  give {named} a `body` that makes one; until then its tests are skipped")
    return lines
