"""PRISMA-LSR: what a version of a living review says of its mode, its methods, its results and its people.

What the chain of runs shows is filled from it; what only a person knows is what the protocol declares, else
MISSING. A person declares it under `declared`, by item:
`declared: {prisma_lsr: {trigger: "a monthly run", L1: {search: monthly, end: none}, L4: ...}}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resift.prisma.statements import PRISMA_LSR, declares_none
from resift.project.run import Run
from resift.tables import ChangeRow, DecisionRow, HistoryRow, LivingItem
from resift.text.numbers import counted
from resift.vocabulary import Cause, ChangedIn, State, Status

MISSING = Status.MISSING.value
DECLARED = "protocol: declared"
# The parts of item L1, as keys of the protocol and in words.
PARAMETERS = {"search": "Search", "other_steps": "Other steps", "end": "End of the living mode"}
# The causes by which a record comes or goes because we search or screen otherwise.
OUR_METHODS = (Cause.STRATEGY_CHANGED, Cause.CRITERIA_CHANGED, Cause.WINDOW_CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preceding:
    """What the run before this one decided, and in which words this one searches or screens otherwise."""

    decisions: Sequence[DecisionRow]
    methods_changed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingFacts:
    """What the items read. `history` are the runs before this one; `preceding` is None in a first run, and
    where the folder of the run compared with is no longer at hand."""

    run: Run
    history: Sequence[HistoryRow]
    changes: Sequence[ChangeRow]
    decisions: Sequence[DecisionRow]
    preceding: Preceding | None

    @property
    def earlier(self) -> str:
        """The name of the run that this one is compared with, "" in a first run."""
        return Path(self.run.compare_with).name if self.run.compare_with else ""

    @property
    def declared(self) -> Mapping[str, Any] | None:
        """What the protocol declares of the living mode; None where the review is not said to live."""
        told: Mapping[str, Any] | None = (self.run.protocol.get("declared") or {}).get("prisma_lsr")
        return told

    def told(self, item: str) -> str:
        """The words of a person on an item, "" where there are none."""
        return _plain((self.declared or {}).get(item))


@dataclass(frozen=True, slots=True)
class _Done:
    text: str
    status: Status
    evidence: str = ""


def prisma_lsr(facts: LivingFacts) -> list[LivingItem]:
    """The items in order; none for a first run whose protocol does not say that the review is living."""
    if facts.declared is None and not facts.earlier:
        return []
    fill: Mapping[str, Callable[[LivingFacts], _Done]] = {
        "version": _version,
        "preceding": _preceding,
        "trigger": lambda f: _person(f, "trigger"),
        "L1": _parameters,
        "L2": _methods,
        "L3": _results,
        "L4": lambda f: _person(f, "L4"),
    }
    rows = []
    for item in PRISMA_LSR:
        done = fill[item.number](facts)
        rows.append(
            LivingItem(
                item=item.number, name=item.name, done=done.text, status=done.status, evidence=done.evidence
            )
        )
    return rows


def changes_in_words(changes: Iterable[ChangeRow]) -> list[str]:
    """The changes of each kind with their number and causes: `3 gained (arrived late 1, new 2)`."""
    by_cause = Counter((row.change, row.cause) for row in changes)
    told = []
    for change in sorted({change for change, _ in by_cause}):
        causes = {cause: n for (kind, cause), n in sorted(by_cause.items()) if kind == change}
        listed = ", ".join(f"{cause.value.replace('_', ' ')} {n}" for cause, n in causes.items())
        told.append(f"{sum(causes.values())} {change.value.replace('_', '-')} ({listed})")
    return told


def _plain(text: Any) -> str:
    return " ".join(str(text or "").split())


def _person(facts: LivingFacts, item: str) -> _Done:
    told = facts.told(item)
    if not told:
        return _Done("Only a person knows this; the protocol declares nothing here", Status.MISSING)
    if declares_none(told):
        return _Done("None, as declared", Status.EXPLICIT_NONE, DECLARED)
    return _Done(told, Status.DECLARED, DECLARED)


def _version(facts: LivingFacts) -> _Done:
    before = [row.run for row in facts.history if row.run != facts.run.name]
    known = bool(before) or not facts.earlier
    if not known:
        text = f"Run 2 or later of its chain: run {facts.earlier} has no list of the runs before it"
    elif before:
        text = f"Run {len(before) + 1} of its chain, after {', '.join(before)}"
    else:
        text = "Run 1 of its chain"
    if told := facts.told("version"):
        return _Done(f"{told}. {text}", Status.DECLARED, DECLARED)
    return _Done(text, Status.AUTO if known else Status.PARTIAL, "history.csv")


def _preceding(facts: LivingFacts) -> _Done:
    run = f"Run {facts.earlier}" if facts.earlier else ""
    if told := facts.told("preceding"):
        words = "none published, as declared" if declares_none(told) else told
        status = Status.EXPLICIT_NONE if declares_none(told) else Status.DECLARED
        return _Done(f"{run}: {words}" if run else _sentence(words), status, DECLARED)
    if run:
        text = f"{run}; how its version of the review is cited is not declared"
        return _Done(text, Status.PARTIAL, "history.csv")
    return _Done("None: this is the first run", Status.AUTO, "run.yaml")


def _parameters(facts: LivingFacts) -> _Done:
    declared = (facts.declared or {}).get("L1") or {}
    parts = {words: _plain(declared.get(key)) for key, words in PARAMETERS.items()}
    text = ". ".join(
        f"{words}: {MISSING if not told else 'none, as declared' if declares_none(told) else told}"
        for words, told in parts.items()
    )
    if not any(parts.values()):
        return _Done(text, Status.MISSING)
    return _Done(text, Status.DECLARED if all(parts.values()) else Status.PARTIAL, DECLARED)


def _methods(facts: LivingFacts) -> _Done:
    """Changes to the methods: those of search and screening are seen, any other is a person's to tell."""
    told = facts.told("L2")
    words = "no change, as declared" if declares_none(told) else told
    if not facts.earlier:
        if told:
            return _Done(
                _sentence(words), Status.EXPLICIT_NONE if declares_none(told) else Status.DECLARED, DECLARED
            )
        return _Done("Not applicable: this is the first run", Status.AUTO, "run.yaml")
    moved = Counter(
        row.cause
        for row in facts.changes
        if row.cause in OUR_METHODS and row.lane is not ChangedIn.KNOWN_ITEMS
    )
    seen = facts.preceding.methods_changed if facts.preceding else ()
    text = f"Search and screening since run {facts.earlier}: "
    if facts.preceding is None:
        text += "that run is no longer at hand, so that changes which moved no record cannot be told"
    else:
        text += "; ".join(seen) or "no change"
    if moved:
        counts = ", ".join(f"{cause.value.replace('_', ' ')} {moved[cause]}" for cause in OUR_METHODS)
        text += f". Changes of records by it: {counts}"
    if told:
        # A change that the run shows and a person denies is settled by neither.
        status = Status.PARTIAL if declares_none(told) and (seen or moved) else Status.DECLARED
        return _Done(f"{text}. Declared: {words}", status, DECLARED)
    if seen or moved:
        text += ". Why, and what else was changed, is not declared"
    plain = facts.preceding is not None and not seen and not moved
    return _Done(text, Status.AUTO if plain else Status.PARTIAL, "changes.csv, applied.json")


def _results(facts: LivingFacts) -> _Done:
    """Changes to the results, as far as a search and its screening have results."""
    told = facts.told("L3")
    if not facts.earlier:
        if told:
            return _Done(told, Status.DECLARED, DECLARED)
        return _Done("Not applicable: this is the first run", Status.AUTO, "run.yaml")
    rows = [row for row in facts.changes if row.lane is not ChangedIn.KNOWN_ITEMS]
    text = f"Records since run {facts.earlier}: {'; '.join(changes_in_words(rows)) or 'no change'}. "
    if facts.preceding is None:
        text += "What that run included is no longer at hand"
        status = Status.PARTIAL
    else:
        text += _included(facts.preceding.decisions, facts.decisions)
        status = Status.AUTO
    if told:
        return _Done(f"{text}. Declared: {told}", Status.DECLARED, DECLARED)
    return _Done(text, status, "changes.csv")


def _included(before: Sequence[DecisionRow], now: Sequence[DecisionRow]) -> str:
    """Reports that people included on full text then and now. A report is its group of today, so that it
    neither came nor went where another of its records stands for it."""
    group = {row.record: row.group for row in now}
    then = {group.get(row.record, row.record) for row in before if row.state is State.INCLUDED}
    held = {row.group for row in now if row.state is State.INCLUDED}
    return (
        f"Included by people on full text: {counted(len(then), 'report')} then, {len(held):,} now "
        f"({len(held - then):,} came, {len(then - held):,} went)"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
