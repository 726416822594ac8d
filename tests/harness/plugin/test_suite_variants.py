"""The suite runs unchanged against any API that follows the pattern, and skips only what the pattern leaves open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from stub_api import ADMIN_EMAIL, ADMIN_PASSWORD, SECRET, StubApi, Variant
from suite import Outcome, run_suite

# For each thing that the pattern leaves open: the tests that an API without it skips, and no other.
LEFT_OPEN = {
    "total": r"test_(users_list|orders)\.py::test_total_counts_.*",
    "location": r"test_(users|orders)\.py::test_create_points_to_.*",
    "www_authenticate": r"test_login\.py::test_a_refusal_without_a_token_names_the_scheme",
    "created_at": r"test_(users|orders)\.py::test_an?_(user|order)_says_when_it_was_made",
    "jwt": r"test_login\.py::test_(a_forged_token|an_expired_token|a_token_lasts).*",
    "secret": r"test_login\.py::test_an_expired_token_is_refused",
    "email_prefix": r"test_users_list\.py::test_(a_prefix|a_longer_prefix|a_wildcard|pages|total)_.*"
    r"|test_users\.py::test_(a_changed_email_is_the_one|a_deleted_user_is_in_no_list).*",
    "viewers": r"test_access\.py::test_(a_viewer|a_refusal_for_a_viewer)_.*",
    "roles": r"test_users\.py::test_(a_role_can|a_user_gets_the_role)_.*|test_users\.py::test_.*bad_field.*'owner'.*",
    "passwords": r"test_login\.py::test_the_token_of_a_deleted_user_is_refused",
    "strict": r"test_users\.py::test_(a_bad_field|a_patch_with_a_bad_field)_.*|test_users_list\.py::test_a_bad_page_.*",
    "unique": r"test_users\.py::test_(an_email_is_taken|a_taken_email|a_patch_cannot_take)_.*",
    "orders": r"test_orders\.py::.*|test_access\.py::.*\[orders.*",
    "customers": r"test_(customers|access_matrix)\.py::.*",
    "contract": r"test_contract\.py::.*",
}
NO_STUB_HAS = {"customers", "contract"}

# The files whose tests meet what a variant varies; all of them for one that is not here. What no stub has is skipped as
# a whole, which the first and the last variant show.
CONCERNED = dict.fromkeys(("bare-list", "no-total", "filter-ignored"), ("users_list", "users", "orders")) | {
    "200-and-204": ("users", "orders", "access"),
    "opaque-tokens": ("login", "access"),
    "no-roles": ("users", "access", "login"),
    "no-passwords": ("login", "access", "users_list"),
    "no-orders": ("orders", "access", "health"),
    "lenient": ("users", "users_list", "orders"),
    "health-at-the-origin": ("health", "login", "users_list"),
    "no-times": ("users", "orders"),
}
EVERY = ("as-the-example", "least")
STUBBED = ("access", "health", "login", "orders", "users", "users_list")

VARIANTS: dict[str, tuple[Variant, set[str]]] = {
    "as-the-example": (Variant(), set()),
    "bare-list": (Variant(listing="bare"), {"total"}),
    "no-total": (Variant(total=False), {"total"}),
    "error-400": (Variant(error_key="error", invalid=400, duplicate=400, status_word="up"), set()),
    "errors-422": (Variant(error_key="errors", duplicate=422, status_word="healthy"), set()),
    "uuids": (Variant(ids="uuid"), set()),
    "200-and-204": (Variant(created=200, updated=204, deleted=200, location=False), {"location"}),
    "410-and-403": (Variant(gone=410, unauthenticated=403, www_authenticate=False), {"www_authenticate"}),
    "opaque-tokens": (Variant(jwt=False), {"jwt"}),
    "filter-ignored": (Variant(email_prefix=False), {"email_prefix"}),
    "no-roles": (Variant(roles=False), {"roles", "viewers"}),
    "no-passwords": (Variant(passwords=False), {"passwords", "viewers"}),
    "no-orders": (Variant(orders=False), {"orders"}),
    "lenient": (Variant(strict=False, unique=False), {"strict", "unique"}),
    "routes-in-plain-text": (Variant(plain_text=True), set()),
    "other-paths": (Variant(base_path="/api/v1", login_path="/token", health_path="/api/v1/healthz"), set()),
    "health-at-the-origin": (Variant(base_path="/api", health_path="/live", status_word="UP"), set()),
    "no-times": (Variant(created_at=False), {"created_at"}),
    "least": (
        Variant(
            listing="bare",
            error_key="error",
            ids="uuid",
            location=False,
            www_authenticate=False,
            email_prefix=False,
            roles=False,
            passwords=False,
            orders=False,
            created_at=False,
            jwt=False,
        ),
        set(LEFT_OPEN) - {"strict", "unique"},
    ),
}


def run_against(variant: Variant, artifacts: Path, *tests: str, **environment: str) -> Outcome:
    """The suite, or those tests, against a stub."""
    account = {"API_ADMIN_EMAIL": ADMIN_EMAIL, "API_ADMIN_PASSWORD": ADMIN_PASSWORD, "API_JWT_SECRET": SECRET}
    with StubApi(variant) as stub:
        health = variant.health_path.removeprefix(variant.base_path)
        below = variant.health_path == variant.base_path + health
        paths = {
            "API_HEALTH_PATH": health if below else stub.origin + health,
            "API_LOGIN_PATH": variant.login_path,
        }
        return run_suite(artifacts, stub.url, *tests, **account | paths | environment)


def expected(outcome: Outcome, missing: set[str]) -> list[str]:
    """The tests that an API without these skips."""
    return sorted({test for name in missing for test in matched(LEFT_OPEN[name], outcome)})


def matched(pattern: str, outcome: Outcome) -> list[str]:
    """The tests that ran and that the pattern names."""
    return [
        test for test in (*outcome.passed, *outcome.failed, *outcome.skipped) if re.fullmatch(pattern, test) is not None
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_suite_passes_and_skips_only_what_is_left_open(name: str, tmp_path: Path) -> None:
    variant, missing = VARIANTS[name]
    files = () if name in EVERY else CONCERNED.get(name, STUBBED)
    outcome = run_against(variant, tmp_path, *(f"tests/test_{file}.py" for file in files))
    assert (outcome.exit_code, outcome.failed) == (0, []), outcome.output
    assert sorted(outcome.skipped) == expected(outcome, missing | NO_STUB_HAS)
    assert all(matched(LEFT_OPEN[part], outcome) for part in missing), "a file that this is about did not run"
    assert all(reason.startswith("the pattern leaves this open: ") for reason in outcome.skipped.values())
    assert " made, 0 records removed at the end" in outcome.output


def test_tokens_that_somebody_else_signs_cannot_be_forged(tmp_path: Path) -> None:
    outcome = run_against(Variant(), tmp_path, API_JWT_SECRET="another secret of at least 32 bytes")
    assert (outcome.exit_code, outcome.failed) == (0, []), outcome.output
    assert sorted(outcome.skipped) == expected(outcome, {"secret"} | NO_STUB_HAS)


@pytest.mark.parametrize("promised", ["all", "total", "location, total"])
def test_what_an_api_promises_is_not_skipped(tmp_path: Path, promised: str) -> None:
    outcome = run_against(Variant(total=False), tmp_path, "tests/test_users_list.py", API_PROMISES=promised)
    assert outcome.exit_code == 1
    assert outcome.failed == ["test_users_list.py::test_total_counts_the_matches_and_not_the_page"], outcome.output


def test_a_promise_that_does_not_exist_ends_the_run(tmp_path: Path) -> None:
    outcome = run_against(Variant(), tmp_path, "tests/test_users_list.py", API_PROMISES="totals")
    assert outcome.exit_code == 78
    assert "API_PROMISES names totals: expected all, none or some of orders, total" in outcome.output


@pytest.mark.parametrize("parallel", [[], ["-n2"]], ids=["serial", "parallel"])
def test_the_summary_names_what_the_api_is_not_held_to(tmp_path: Path, parallel: list[str]) -> None:
    tests = [f"tests/test_{name}.py" for name in ("users", "users_list", "orders")]
    outcome = run_against(Variant(total=False, location=False), tmp_path, *parallel, *tests, API_PROMISES="roles")
    line = "not held to: location (2 tests), total (2 tests); API_PROMISES=roles,location,total in .env.test demands it"
    assert line in outcome.output.splitlines()


def test_the_summary_says_nothing_of_promises_that_are_kept(tmp_path: Path) -> None:
    assert "not held to" not in run_against(Variant(), tmp_path, "tests/test_users_list.py").output


def test_a_promised_jwt_that_is_none_is_named(tmp_path: Path) -> None:
    outcome = run_against(Variant(jwt=False), tmp_path, "tests/test_login.py", API_PROMISES="all")
    assert sorted(outcome.failed) == expected(outcome, {"jwt"})
    assert "the API is held to jwt, but its token is no JWT" in outcome.output
    assert "Error" not in outcome.output


@pytest.mark.parametrize("words", ["afloat", "Afloat,adrift"])
def test_health_may_be_told_another_word(tmp_path: Path, words: str) -> None:
    outcome = run_against(Variant(status_word="afloat"), tmp_path, "tests/test_health.py", TIDEGATE_HEALTH_WORDS=words)
    assert (outcome.exit_code, outcome.failed) == (0, []), outcome.output
