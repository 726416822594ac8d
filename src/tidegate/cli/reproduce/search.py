"""Looks for what makes a failure come again: alone, after others, or by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tidegate.cli.reproduce.attempt import Attempt, NotStarted, Outcome
from tidegate.cli.reproduce.leftovers import SHOWN, is_of_teardown, leaks
from tidegate.cli.reproduce.target import Match, Red, chosen_files, compared, died, ending
from tidegate.cli.reproduce.verdict import AFTER_OTHERS, NOT_REPRODUCED, REPRODUCED, Verdict
from tidegate.errors import Impossible
from tidegate.evidence.bundle import Bundle
from tidegate.evidence.causes import signature
from tidegate.order.plan import Plan, beside, predecessors, recorded, until
from tidegate.order.shrink import Shrunk, search

LIMIT = 60  # runs to find the smallest set of tests
SURE = 6.9  # log odds to accuse a test: two clear answers, and the one that follows on a fresh API
NOTHING_COLLECTED = 5  # pytest's exit code
MEMORY = 3  # times red alone in a row, and green before: it is not by what the database holds
REMEMBERED = "once they have run it is red alone too, until the API is started again: perhaps it remembers, in no row"


class _Remembers(Exception):  # noqa: N818
    """The rows are put back, and yet the test is red as if others had run."""


@dataclass(slots=True)
class Search:
    """One failed run, and the way to run tests of it again."""

    bundle: Bundle
    wanted: Red
    run: Callable[[Attempt], Outcome]
    say: Callable[[str], None]
    tries: int = 5
    replay: Callable[[str], str] | None = None  # the first answer to a test's requests that is another one now
    found: Attempt | None = None  # what made it red
    seen: dict[str, str] = field(default_factory=dict)  # how tests failed otherwise
    last: Outcome | None = None

    def verdict(self) -> Verdict:
        """What came of it."""
        return self._of_tests() if self.wanted.tests else self._of_the_run()

    # --- failed tests ---

    def _of_tests(self) -> Verdict:
        alone = self._planned(recorded).only(self.wanted.tests)
        names = _few([*self.wanted.tests])
        self.say(f"running {names} alone")
        came = self._matched(Attempt(plan=alone)).same
        if not came:
            return self._after_others()
        self.say(f"red, as in that run: {_few([*came])}; once more, to be sure")
        again = self._matched(Attempt(plan=alone)).same
        if not came & again:
            return self._by_chance(Attempt(plan=alone), *came, red=1, runs=2)
        self.found = Attempt(plan=alone)
        return self._reproduced(came & again)

    def _reproduced(self, same: frozenset[str]) -> Verdict:
        left = [name for name in self.wanted.tests if name not in same]
        details = self._told(self._ordered(same))
        details += [f"and {len(same) - SHOWN} more"] if len(same) > SHOWN else []
        details += self._otherwise(left)
        if green := [name for name in left if name not in self.seen]:
            details.append(f"green without the others of that run: {_few(green)}; --test NAME looks into one of them")
        step = "mend it, and run the same command with --here; --pdb stops at the failure, --keep leaves the stack"
        return Verdict(REPRODUCED, f"reproduced: {_few(self._ordered(same))}", tuple(details), step)

    def _after_others(self) -> Verdict:
        test = self._ordered(frozenset(self.wanted.tests))[0]
        alone = Attempt(plan=self._planned(recorded).only({test}))
        before = predecessors(self.bundle.tests(), test)
        if not before:
            return self._by_chance(alone, test, red=0, runs=1)
        self.say(f"green alone; running what ran before {test}, {len(before)} tests, and then it")
        whole = self._planned(lambda runs, seed: until(runs, {test}, seed))
        if test not in self._matched(Attempt(plan=whole)).same:
            return self._by_chance(alone, test, red=0, runs=2)
        self.say("red after them; looking for the smallest set of tests that it needs")
        notes, why = list[str](), ""
        for fresh in (False, True):  # to start the API again each time is slow, and seldom matters
            try:
                shrunk = self._shrunk(test, before, whole, fresh=fresh)
            except _Remembers:
                notes.append(REMEMBERED)
                self.say("red alone as well, now that others have run; from here on the API is started again each time")
                continue
            unsure = not shrunk.tests and "settled" in shrunk.why and (shrunk.clear or len(shrunk.among) < len(before))
            needed, why = shrunk.among if unsure else shrunk.tests, shrunk.why
            doubts = [f"perhaps not all of them are needed: {why}"] if unsure else []
            doubts += [f"it needs all of: {', '.join(needed)}"] if len(needed) > 1 and not unsure else []
            if needed and (verdict := self._accused(test, needed, whole, [*doubts, *notes])):
                return verdict
        return self._by_chance(alone, test, red=1, runs=2, why=why)

    def _shrunk(self, test: str, before: Sequence[str], whole: Plan, *, fresh: bool) -> Shrunk:
        known = {(): False, tuple(before): True} if not fresh else {}  # which led here
        runs, reds_alone = 0, 0

        def is_red(chosen: Sequence[str]) -> bool:
            nonlocal runs, reds_alone
            if (answer := known.pop(tuple(chosen), None)) is not None:
                return answer
            runs += 1
            red = test in self._matched(Attempt(plan=whole.only({*chosen, test}), fresh=fresh)).same
            self.say(f"run {runs}: {'red' if red else 'green'} {f'after {len(chosen)} of them' if chosen else 'alone'}")
            if not chosen:
                reds_alone = reds_alone + 1 if red else 0
            if reds_alone == MEMORY and not fresh:  # before any other had run, it was green
                raise _Remembers
            return red

        return search(before, is_red, LIMIT, SURE)

    def _accused(self, test: str, needed: Sequence[str], whole: Plan, notes: Sequence[str]) -> Verdict | None:
        """The verdict; None when it is green after them once the API has forgotten what was before."""
        asked = Attempt(plan=whole.only({*needed, test}), look=True, fresh=True)
        if test not in self._matched(asked).same or self.last is None:
            return None
        self.found = asked
        details = [*self._told([test]), "alone it is green", *notes, *leaks(self.last, needed[:SHOWN])]
        details += self._not_looked_into([test])
        step = f"let {needed[0]} leave nothing, or {test} expect nothing of what others leave; --keep shows the state"
        if is_of_teardown(self.last, test):
            step = (
                f"it is the end of a fixture that fails, and {test} may be no more than its last user: mend the fixture"
            )
        after = " and ".join(needed[:SHOWN]) + (f" and {len(needed) - SHOWN} more" if len(needed) > SHOWN else "")
        return Verdict(AFTER_OTHERS, f"reproduced only after {after}: {test}", tuple(details), step)

    # --- by chance ---

    def _by_chance(self, alone: Attempt, *tests: str, red: int, runs: int, why: str = "") -> Verdict:
        """Tries as often as is asked for, beside what ran at the same time; the later half on a less even machine."""
        slow_ones, instead = 0, Counter[str]()
        others = beside(self.bundle.tests(), tests)
        plan = self._planned(recorded).only({*others, *tests}) if others else alone.plan
        if others:
            self.say(f"with what ran at the same time on other workers: {_few(others)}")
        for number in range(self.tries):
            asked = Attempt(plan=plan, slow=number >= self.tries // 2)
            came = self._matched(asked).same & {*tests}
            found = [] if came else self._failed_so(others)
            instead.update(found)
            is_red = bool(came or found)
            red, runs, slow_ones = red + is_red, runs + 1, slow_ones + (is_red and asked.slow)
            self.found = asked if is_red else self.found
            told = f"red, but {_few(found)}" if found else "red" if came else "green"
            self.say(f"try {number + 1} of {self.tries}{', slower' if asked.slow else ''}: {told}")
        details = [*self._told(tests), *([why] if why else []), *self._otherwise(tests)]
        details += [f"{name} failed so instead, {count} of {runs} runs" for name, count in instead.most_common(SHOWN)]
        details += _how(red, slow_ones, others) if red else self._sent_again(tests[0])
        details += self._not_looked_into(tests)
        if not red and (gone := died(self.bundle, tests[0])):
            step = "find out why: tidegate show has the last it logged; no test does that by itself"
            details = [*self._told(tests), f"in that run {gone}", *details[len(self._told(tests)) :]]
            return Verdict(NOT_REPRODUCED, f"not reproduced: {_few(tests)}: green in {runs} runs", tuple(details), step)
        return _chance(tests, red, runs, details, self.tries)

    def _not_looked_into(self, tests: Sequence[str]) -> list[str]:
        left = [name for name in self.wanted.tests if name not in tests]
        return [f"also red in that run, and not looked into: {_few(left)}; --test NAME does"] if left else []

    def _sent_again(self, test: str) -> list[str]:
        """Where the API answers otherwise than it did there, if anywhere."""
        if not self.replay or not any(self.bundle.exchanges(test)):
            return []
        told = self.replay(test).splitlines()
        if not told:
            return ["its recorded requests, sent again, get the answers that they got there"]
        return [f"its recorded requests, sent again: {told[0]}", *told[1:]]

    def _failed_so(self, others: Sequence[str]) -> list[str]:
        """Of the tests at the same time those that failed as the wanted ones did."""
        known, found = {*self.wanted.tests.values()}, self.last.bundle.tests() if self.last else []
        return [test.id for test in found if test.failure and test.id in others and signature(test) in known]

    # --- the run as a whole ---

    def _of_the_run(self) -> Verdict:
        wanted = self.wanted
        plan = self._planned(recorded)
        self.say(f"running all of it, for exit code {wanted.code}")
        asked = Attempt(plan=plan if plan.tests else None)
        for number in range(2):
            match = self._matched(asked)
            if match.ended_so:
                self.found = asked
                step = "mend what it says, and run the same command with --here"
                return Verdict(
                    REPRODUCED, f"reproduced: exit code {wanted.code}", tuple(self._ending().splitlines()), step
                )
            self.say(f"it ended with {self.last.code if self.last else None}" + ("; once more" if not number else ""))
        code = self.last.code if self.last else None
        details = (
            f"there: {ending(self.bundle) or 'no words'}",
            f"here: exit code {code}: {self._ending() or 'no words'}",
        )
        return Verdict(
            NOT_REPRODUCED, f"not reproduced: exit code {wanted.code}", details, "tidegate diff compares both"
        )

    def _ending(self) -> str:
        return ending(self.last.bundle) if self.last else ""

    # --- runs ---

    def _planned(self, planned: Callable[..., Plan]) -> Plan:
        pytest = self.bundle.run.get("pytest")
        seed = pytest.get("seed") if isinstance(pytest, dict) else None
        plan = planned(self.bundle.tests(), seed if isinstance(seed, int) else None)
        return replace(plan, files=chosen_files(self.bundle))

    def _matched(self, asked: Attempt) -> Match:
        came = self.last = self.run(asked)
        match = compared(self.wanted, came.bundle, came.code)
        self.seen |= match.otherwise
        if self.wanted.tests and not match.ended_so and not any(test.phases for test in came.bundle.tests()):
            self._stopped_early(came)
        return match

    def _stopped_early(self, came: Outcome) -> None:
        """Nothing ran, which says nothing about the tests."""
        if came.code == NOTHING_COLLECTED:
            raise Impossible(
                f"none of the tests is in these files: {_few([*self.wanted.tests])}",
                "leave --here out, or take the files that have them; a patch of that run is in its patch.diff",
            )
        lines = [line for line in (self._ending() or came.said).strip().splitlines() if line.strip()][-8:]
        raise Impossible(
            f"the tests could not run, exit code {came.code}\n  seen: " + "\n        ".join(lines),
            "mend that first; what is set in CI alone, such as secrets, has to be set here too",
        )

    def _told(self, tests: Sequence[str]) -> list[str]:
        return [f"{name}: {self.wanted.said.get(name) or self.wanted.tests[name]}" for name in tests[:SHOWN]]

    def _otherwise(self, tests: Sequence[str]) -> list[str]:
        return [f"{name} fails differently: {self.seen[name]}" for name in tests if name in self.seen][:SHOWN]

    def _ordered(self, tests: frozenset[str]) -> list[str]:
        return [name for name in self.wanted.tests if name in tests]


def _chance(tests: Sequence[str], red: int, runs: int, details: Sequence[str], tries: int) -> Verdict:
    how = f"{red} of {runs} runs red" if red else f"green in {runs} runs"
    step = "make it wait for what it needs, or see --keep" if red else f"--tries {tries * 4} tries more often"
    return Verdict(NOT_REPRODUCED, f"not reproduced: {_few(tests)}: {how}", tuple(details), step)


def _how(red: int, slow_ones: int, others: Sequence[str]) -> list[str]:
    why = ["it fails by chance: timing, load, or numbers that no seed gives"]
    why += [f"at the same time, on other workers: {_few(others)}; perhaps they share a record"] if others else []
    return why + (["red on the slower machine alone: timing or load"] if slow_ones == red else [])


def of_the_start(wanted: Red, begin: Callable[[], None]) -> Verdict:
    """Whether the stack falls as it fell there."""
    try:
        begin()
    except NotStarted as fallen:
        said = tuple(str(fallen).splitlines())
        if fallen.services == wanted.services or fallen.services & wanted.services:
            name = ", ".join(sorted(fallen.services)) or wanted.stage
            return Verdict(REPRODUCED, f"reproduced: the stack does not start: {name}", said, "mend that, then --here")
        there = ", ".join(sorted(wanted.services)) or wanted.stage
        text = f"not reproduced: the stack falls here, but otherwise; there: {there}"
        return Verdict(NOT_REPRODUCED, text, said, "compare with the bundle's logs: tidegate show")
    there = ", ".join(sorted(wanted.services)) or wanted.stage
    text = f"not reproduced: the stack starts here; there it did not: {there}"
    return Verdict(
        NOT_REPRODUCED, text, (), "what differs is said above; the bundle's stack.json and logs have the rest"
    )


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
