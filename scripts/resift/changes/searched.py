"""What two runs searched, and what the earlier search would find in the source as it is today."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from resift.changes.fields import renamed_headings
from resift.changes.observation import Asked, Observation, asked_by
from resift.changes.offline import Offline
from resift.pubmed.source import recorded_translation
from resift.records import Record
from resift.vocabulary import Lane

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree

_DAY = re.compile(r"\d{4}/\d{2}/\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What the source says today of records that the later run does not hold: their copies, and the ids of
    which it has none. What is in neither was not asked. `restored`: records that it had none of in an earlier
    run of the chain, should it give them again."""

    records: Mapping[str, Record] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Searches:
    """Two runs' searches, and every record whose finding differs between them.

    `trees` are the MeSH trees of the earlier and the later run, None where there is none or where the
    earlier one is no longer at hand.
    """

    before: Observation
    now: Observation
    today: Today
    trees: tuple[MeshTree | None, MeshTree | None] = (None, None)

    # -- what was asked ----------------------------------------------------------------------------

    @cached_property
    def was_asked(self) -> Asked:
        """The earlier run's search as it would be sent on the day of the later run."""
        return asked_by(self.before.protocol, self.before.run, on=self.now.run.date)

    @cached_property
    def is_asked(self) -> Asked:
        """The later run's search as it was sent."""
        return asked_by(self.now.protocol, self.now.run, on=self.now.run.date)

    @cached_property
    def same_query(self) -> dict[str, str]:
        """Earlier strategies whose query is sent word for word today: their names then and now."""
        sent = {self.is_asked.sent(name): name for name in self.is_asked.strategies}
        return {
            name: sent[text]
            for name in self.was_asked.strategies
            if (text := self.was_asked.sent(name)) in sent
        }

    @cached_property
    def same_translation(self) -> dict[str, bool]:
        """For each of those, whether the server read it the same way (days of the limits apart)."""
        return {
            was: _without_days(self.before.said[was].translation)
            == _without_days(self.now.said[is_].translation)
            for was, is_ in self.same_query.items()
            if was in self.before.said and is_ in self.now.said
        }

    # -- records -----------------------------------------------------------------------------------

    def copy_now(self, record: str) -> Record | None:
        """The record as the source gives it today; None where it has none or was not asked."""
        return self.now.records.get(record) or self.today.records.get(record)

    @cached_property
    def _moved(self) -> frozenset[str]:
        """Records of PubMed that the search finds in one run only, or by other strategies."""
        either = {*self.before.hits, *self.now.hits}
        return frozenset(r for r in either if self.before.hits.get(r) != self.now.hits.get(r))

    @cached_property
    def as_now(self) -> Offline:
        """Today's copies; the earlier one where the source was not asked for today's."""
        copies = (
            self.copy_now(record) or self.before.records.get(record)
            for record in sorted(self._moved - self.today.absent)
        )
        return Offline(copy for copy in copies if copy is not None)

    @cached_property
    def as_then(self) -> Offline:
        """The copies that the earlier run holds of the records that moved."""
        held = self.before.records
        return Offline(held[record] for record in sorted(self._moved & held.keys()))

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Headings that the vocabulary renamed between the runs."""
        pairs = [(old, new) for record, old in self.before.records.items() if (new := self.copy_now(record))]
        known = [tree for tree in self.trees if tree is not None]
        return renamed_headings(pairs, (known[0], known[1]) if len(known) == 2 else None)

    # -- does a search find a record today? --------------------------------------------------------

    def found_then(self, record: str, strategies: frozenset[str] | None = None) -> frozenset[str]:
        """The strategies that found a record in the earlier run, of those named."""
        found = frozenset(self.before.hits.get(record, ()))
        return found if strategies is None else found & strategies

    def still_found(self, record: str, name: str) -> bool:
        """Whether an earlier strategy, with the earlier limits, would find a record today."""
        if name in self.same_query:
            return self.same_query[name] in self.now.hits.get(record, ())
        return self.matches(record, name) is not False and not self.outside(record)

    def matches(self, record: str, name: str) -> bool | None:
        """Whether an earlier strategy without limits matches the record as it is today.

        Where its text is sent today too, within other limits, the server has answered: it matches what it
        finds, and does not match what lies within today's limits and is not found. A record that is as it
        was matches what found it then.
        """
        text = self.was_asked.strategies[name]
        same = {now for now, sent in self.is_asked.strategies.items() if sent == text}
        if same & set(self.now.hits.get(record, ())):
            return True
        if same and all(self.as_now.finds(clause, record) for clause in self.is_asked.limits.values()):
            return False
        old, copy = self.before.records.get(record), self.copy_now(record)
        if old is not None and old == copy and name in self.before.hits.get(record, ()):
            return True
        said = self.before.said.get(name)
        return self.as_now.finds(
            self.was_asked.strategies[name],
            record,
            tree=self.trees[0] or self.trees[1],
            recorded=recorded_translation(said) if said else None,
        )

    def outside(self, record: str, asked: Asked | None = None) -> list[str]:
        """The limits that leave the record out as it is today; by default those of the earlier run."""
        limits = (asked or self.was_asked).limits
        return [name for name, clause in limits.items() if self.as_now.finds(clause, record) is False]


def moved_by_primary(searches: Searches) -> list[str]:
    """Records held in both runs that only one run's primary strategy finds."""
    before, now = searches.before, searches.now
    held = before.in_lane(Lane.DATABASES) & now.in_lane(Lane.DATABASES)
    return sorted(
        record
        for record in held
        if (before.primary in before.hits.get(record, ())) != (now.primary in now.hits.get(record, ()))
    )


def _without_days(translation: str) -> str:
    return _DAY.sub("day", translation)
