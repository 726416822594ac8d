"""`tidegate sweep`: what it says that it removed, kept or could not remove."""

from __future__ import annotations

from pathlib import Path

from projects import Answer, Bent, environment_of
from unit.cli.command_line import tidegate
from wire import free_port

from tidegate.session.ledger import Ledger


def test_sweep_says_what_it_removed_and_what_it_kept(root: Path, stub: Bent) -> None:
    first, _, second = stub.seed_users("test-1@x.y", "testimony@x.y", "test-2@x.y")
    env = environment_of(stub)
    assert tidegate(root, "sweep", **env) == (
        0,
        "orders: 0 removed\nusers: 0 removed\nkept 2: younger than the limit (--all removes it)\n",
        "",
    )
    assert tidegate(root, "sweep", "--all", **env) == (
        0,
        f"orders: 0 removed\nusers: 2 removed\n  removed /users/{first}\n  removed /users/{second}\n",
        "",
    )
    assert tidegate(root, "sweep", "--all", **env) == (0, "orders: 0 removed\nusers: 0 removed\n", "")
    assert stub.emails() == {"testimony@x.y"}


def test_sweep_ends_with_75_when_something_of_ours_is_left(root: Path, stub: Bent) -> None:
    (mine,) = stub.seed_users("test-1@x.y")
    stub.answers("DELETE", "/users", Answer(409, {"detail": "no", "sent": "tide-and-gate-2026"}))
    code, out, err = tidegate(root, "sweep", "--all", **environment_of(stub))
    assert (code, err) == (75, "")
    assert out == (
        "orders: 0 removed\nusers: 0 removed\n"
        f'  COULD NOT REMOVE /users/{mine}: DELETE answered 409 {{"detail": "no", "sent": "***"}}\n'
    )


def test_a_long_list_is_cut_unless_all_is_asked_for(root: Path, stub: Bent) -> None:
    for args, shown in (([], 20), (["-v"], 25)):
        stub.seed_users(*(f"test-{number}@x.y" for number in range(25)))
        _, out, _ = tidegate(root, "sweep", "--all", *args, **environment_of(stub))
        assert out.count("  removed /users/") == shown
        assert ("  removed … and 5 more (-v names them)\n" in out) is (shown == 20)


def test_sweep_names_the_ledger_of_a_run_against_another_server(root: Path, stub: Bent) -> None:
    Ledger(root / "artifacts" / "ledger", "6742a1b3c0de", "http://other", str).close(settled=False)
    code, out, _ = tidegate(root, "sweep", **environment_of(stub))
    assert code == 0
    assert out.splitlines()[-1] == (
        "note: a killed run against http://other left ROOT/artifacts/ledger/6742a1b3c0de.jsonl: sweep that server, or"
        " delete the file when it is no more"
    )


def test_sweep_without_resources_or_password_or_api_says_so(root: Path, stub: Bent) -> None:
    env = environment_of(stub)
    code, _, err = tidegate(root, "sweep", **{**env, "API_ADMIN_PASSWORD": "wrong/pass"})
    assert (code, "login refused for admin@example.com" in err, "wrong/pass" in err) == (77, True, False)
    code, _, err = tidegate(root, "sweep", API_BASE_URL=stub.url)
    assert (code, "API_ADMIN_EMAIL is not set" in err) == (78, True)
    code, _, err = tidegate(root, "sweep", **{**env, "API_BASE_URL": f"http://127.0.0.1:{free_port()}"})
    assert (code, "next: nothing is reached at 127.0.0.1:" in err, "refused for" in err) == (69, True, False)
    code, _, err = tidegate(root, "sweep", **{**env, "API_BASE_URL": "http://-ü-"})
    assert (code, "the base URL 'http://-ü-' is not usable: Invalid IDNA hostname" in err) == (78, True)
    (root / "pyproject.toml").write_text("[tool.tidegate]\n")
    code, _, err = tidegate(root, "sweep", **env)
    assert (code, err) == (
        64,
        "tidegate: nothing to sweep: no [tool.tidegate.resources.<name>] is declared in pyproject.toml\n",
    )
