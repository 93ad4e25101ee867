"""How two runs search and screen otherwise, whether or not a record was moved by it (PRISMA-LSR, item L2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resift.changes.observation import Asked, asked_by
from resift.documents import Applied
from resift.project.protocol import Protocol, stored_protocol
from resift.project.run import Run, load_run
from resift.tables import APPLIED, RUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """How a run searched and screened. A run of an earlier version has no `applied.json`: what was applied is
    then empty, and the frozen protocol stands for it."""

    run: Run
    protocol: Protocol
    applied: Applied

    @property
    def settings(self) -> dict[str, Any]:
        """What a protocol sets beside strategies, limits and criteria, by its key."""
        other = self.protocol.other_methods
        return {
            "question": self.protocol.question,
            "primary strategy": self.protocol.primary.name,
            "source": self.run.config.get("source"),
            "hand-searched file": "given" if other.handsearched else "",
            "other_methods.references.rounds": other.rounds,
            "other_methods.references.seeds": other.seeds,
            "other_methods.references.list": ", ".join(other.listed),
            "other_methods.limits_apply": other.limits_apply,
            "automation.role": self.protocol.role,
            "full_text": self.protocol.full_text,
        }


def read_methods(folder: Path) -> Methods:
    """How the run of a folder searched and screened. Raises `RunError`."""
    run = load_run(RUN.of(folder))
    path = APPLIED.of(folder)
    applied = APPLIED.read(path) if path.is_file() else Applied()
    content = json.loads(applied.protocol) if applied.protocol else run.protocol
    return Methods(run=run, protocol=stored_protocol(content), applied=applied)


def methods_changed(before: Methods, now: Methods) -> list[str]:
    """What differs, in words, each with what it was; empty where the later run does as the earlier one did.

    A window that moves with the day was moved by nobody, and is no change.
    """
    on = now.run.date
    was, is_ = (asked_by(each.protocol, each.run, on=on) for each in (before, now))
    imported = ({i.database: i.query for i in each.protocol.imports} for each in (before, now))
    return [
        *_searched(was, is_),
        *_named("imported search", *imported),
        *_set(before.settings, now.settings),
        *_screened(before, now),
    ]


def _searched(was: Asked, is_: Asked) -> Iterator[str]:
    yield from _named("strategy", was.strategies, is_.strategies)
    for name in is_.limits:
        if was.limits[name] != is_.limits[name]:
            yield f"{name}: {was.limits[name] or 'none'}, now {is_.limits[name] or 'none'}"


def _set(was: Mapping[str, Any], is_: Mapping[str, Any]) -> Iterator[str]:
    for key, value in is_.items():
        if was[key] != value:
            yield f"{key}: {_said(was[key])}, now {_said(value)}"


def _screened(before: Methods, now: Methods) -> Iterator[str]:
    if not before.applied.protocol:
        yield "the criteria of the earlier run are not at hand to compare"
        return
    was, is_ = ({c.id: (c.kind, c.query) for c in each.applied.criteria} for each in (before, now))
    yield from _named("criterion", was, is_)
    both = [name for name in was if name in is_]
    if both != [name for name in is_ if name in was]:
        yield "the order of the criteria was changed"
    if before.applied.resift != now.applied.resift:
        yield f"resift {before.applied.resift}, now {now.applied.resift}"


def _named(kind: str, was: Mapping[str, object], is_: Mapping[str, object]) -> Iterator[str]:
    for name in sorted({*was, *is_}):
        if name not in is_:
            yield f"{kind} '{name}' was dropped"
        elif name not in was:
            yield f"{kind} '{name}' was added"
        elif was[name] != is_[name]:
            yield f"{kind} '{name}' was changed"


def _said(value: Any) -> str:
    return "none" if value in (None, "") else str(value).lower() if isinstance(value, bool) else str(value)
