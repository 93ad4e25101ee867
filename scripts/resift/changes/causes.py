"""The cause of every change that a search makes: one, the first that holds.

First the earlier search is asked of the source as it is today. Where the same query was sent in both runs,
the server itself has answered that; else the earlier query is evaluated on today's record. If the earlier
search would give today what it gave then, the difference is ours. Only then is the source asked: what
entered, what was indexed, what was revised, which names the vocabulary changed, how the server read the
query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from resift.changes.fields import differing, in_words, only_renamed
from resift.changes.offline import Offline, all_terms
from resift.changes.searched import Searches
from resift.pubmed.source import recorded_translation
from resift.records import Record, descriptor
from resift.text.dates import first_day, last_day
from resift.vocabulary import Cause

SHOWN_TERMS = 3


@dataclass(frozen=True, slots=True)
class Why:
    """A cause and what there is to say of it."""

    cause: Cause
    detail: str = ""


@dataclass(frozen=True)
class Causes:
    """Why records are found, lost or revised between two runs' searches."""

    runs: Searches

    def why_found(self, record: str, then: frozenset[str], now: frozenset[str]) -> Why:
        """Why some of the later strategies `now` find a record that none of the earlier ones `then` found."""
        if not any(self.runs.still_found(record, name) for name in sorted(then)):
            return self._our_gain(record, then, now)
        copy = self.runs.copy_now(record)
        if copy is None:
            return Why(Cause.CLIENT_ARTEFACT, "counted by the source but not returned")
        if record in self.runs.today.restored:
            return Why(
                Cause.DELETED_OR_MERGED, "restored: an earlier run found that the source had it no longer"
            )
        entered = copy.entered or copy.entrez_date
        if entered[:10] > self.runs.before.seen:
            return self._arrival(copy)
        held = self.runs.before.records.get(record) or self.runs.before.records.get(f"references:{copy.pmid}")
        if held is None and entered[:10] == self.runs.before.seen and copy.revised[:10] <= entered[:10]:
            return self._arrival(copy)  # on that day, after the earlier run had asked
        query = [
            self.runs.was_asked.strategies[name]
            for name in sorted(then)
            if self.runs.still_found(record, name)
        ]
        bare = self.runs.as_now.without_headings
        by_headings = all(bare.finds(text, record, tree=self.runs.trees[1]) is False for text in query)
        if by_headings and copy.mesh_date[:10] >= self.runs.before.seen:
            return Why(
                Cause.MESH_ADDED_LATER, f"matches only through headings; MeSH of {copy.mesh_date[:10]}"
            )
        # It may have been held all the same: found by another strategy, or cited.
        return self._changed_at_source(record, held, copy, query, gained=True) or (
            self._arrival(copy) if entered[:10] == self.runs.before.seen else self._left_over()
        )

    def why_lost(self, record: str, then: frozenset[str], now: frozenset[str]) -> Why:
        """Why none of the later strategies `now` finds a record that the earlier ones `then` found."""
        if record in self.runs.today.absent:
            return Why(Cause.DELETED_OR_MERGED, "the source has no such record any more")
        still = [
            name
            for name in sorted(self.runs.found_then(record, then))
            if name not in self.runs.same_query and self.runs.still_found(record, name)
        ]
        if still:
            return self._our_loss(record, still, now)
        old, copy = self.runs.before.records.get(record), self.runs.copy_now(record)
        query = [self.runs.was_asked.strategies[name] for name in sorted(self.runs.found_then(record, then))]
        if copy is not None and old is not None:
            without = self.runs.as_now.without_headings
            if copy.mesh_date[:10] >= self.runs.before.seen and all(
                self.runs.as_now.finds(text, record, tree=self.runs.trees[1]) is False
                and without.finds(text, record, tree=self.runs.trees[1])
                for text in query
            ):
                return Why(
                    Cause.MESH_ADDED_LATER,
                    f"its headings, of {copy.mesh_date[:10]}, put it out of the search",
                )
        if copy is None:
            return Why(Cause.UNEXPLAINED, "the record was not looked up today")
        return self._changed_at_source(record, old, copy, query, gained=False) or self._left_over()

    def why_revised(self, old: Record, new: Record) -> Why:
        """Why two copies of one record differ."""
        if old.element_sha256 and old.element_sha256 == new.element_sha256:
            return Why(Cause.CLIENT_ARTEFACT, "the same answer of the source, read otherwise")
        changed = differing(old, new)
        if not old.mesh and new.mesh and new.mesh_date[:10] >= self.runs.before.seen:
            return Why(Cause.MESH_ADDED_LATER, f"MeSH of {new.mesh_date[:10]}")
        judged = [name for name in changed if name != "entered"]
        if "mesh" in judged and only_renamed(old, new, self.runs.renamed):
            judged.remove("mesh")
            if not judged:
                return Why(Cause.VOCABULARY_CHANGED, self._renames(old))
        return Why(Cause.REVISED, in_words(judged) or "its text")

    def _arrival(self, copy: Record) -> Why:
        """Late or new: entered after the earlier run, and published within what it had searched or not."""
        published = min(filter(None, (copy.print_date, copy.electronic_date)), default="") or str(
            copy.year or ""
        )
        first = (copy.entered or copy.entrez_date)[:10]
        covered = self._covered
        late = bool(published) and covered[0] <= first_day(published) <= covered[1]
        told = f"entered {first}, published {published or 'on an unknown day'}"
        return Why(Cause.ARRIVED_LATE if late else Cause.NEW, told)

    @cached_property
    def _covered(self) -> tuple[str, str]:
        """First and last day of publication that the earlier run had searched."""
        start = first_day(self.runs.before.protocol.window.start or "1000")
        until = self.runs.before.run.until or "9999"
        return start, min(last_day(until), self.runs.before.seen)

    def _changed_at_source(
        self, record: str, old: Record | None, copy: Record, query: list[str], *, gained: bool
    ) -> Why | None:
        """Revised, renamed, or read otherwise; None when nothing of these shows."""
        renames = self._renames(old or copy, back=gained and old is None)
        if old is not None:
            changed = [name for name in differing(old, copy) if name not in ("entered", "status")]
            if "mesh" in changed and only_renamed(old, copy, self.runs.renamed):
                changed.remove("mesh")
            if changed and not self._by_tree_alone(record, query):
                return Why(Cause.REVISED, in_words(changed))
        elif (
            copy.revised[:10] >= self.runs.before.seen
            and not (renames and self._by_rename(copy, query))
            and not self._only_by_tree(record, query)
        ):
            needed = self._needed(copy, query)
            fields = f"; found through its {needed}" if needed else ""
            return Why(Cause.REVISED, f"revised {copy.revised[:10]}, and not held before{fields}")
        if renames:
            return Why(Cause.VOCABULARY_CHANGED, renames)
        if self._tree_changed and any(self._by_explosion(record, text, gained=gained) for text in query):
            return Why(Cause.VOCABULARY_CHANGED, "the tree below an exploded heading changed")
        otherwise = sorted(
            name
            for name, same in self.runs.same_translation.items()
            if not same and self.runs.was_asked.strategies[name] in query
        )
        if otherwise:
            return Why(Cause.TRANSLATION_CHANGED, f"strategy {', '.join(otherwise)}")
        if old is None and copy.type != "article":
            return Why(Cause.CLIENT_ARTEFACT, f"a {copy.type}")
        return None

    def _left_over(self) -> Why:
        was, now = self.runs.before.applied.resift, self.runs.now.applied.resift
        if was and now and was != now:
            return Why(Cause.CLIENT_ARTEFACT, f"resift {was} then, {now} now; nothing else shows")
        return Why(Cause.UNEXPLAINED)

    # -- the vocabulary ----------------------------------------------------------------------------

    def _renames(self, record: Record, *, back: bool = False) -> str:
        """The renamed headings of a copy, in words; `back` reads a copy that bears the new names."""
        held = set(map(descriptor, record.mesh))
        return ", ".join(
            f"{old} became {new}" for old, new in self.runs.renamed.items() if (new if back else old) in held
        )

    def _by_rename(self, copy: Record, query: list[str]) -> bool:
        """Whether a record would not be found under the old names of its headings, in the tree of then."""
        former = {new: old for old, new in self.runs.renamed.items()}
        mesh = tuple(former.get(name := descriptor(h), name) + h[len(descriptor(h)) :] for h in copy.mesh)
        probe = Offline([replace(copy, mesh=mesh)])
        tree = self.runs.trees[0] or self.runs.trees[1]
        return all(probe.finds(text, copy.record, tree=tree) is False for text in query)

    def _only_by_tree(self, record: str, query: list[str]) -> bool:
        """Whether today's copy of a record, found by today's tree, would not be by the earlier one, under the
        names that its headings bear now or bore then."""
        if not self._tree_changed or self.runs.trees[0] is None or self.runs.trees[1] is None:
            return False
        copy = self.runs.as_now.records[record]
        return all(
            self.runs.as_now.finds(text, record, tree=self.runs.trees[0]) is False for text in query
        ) and (not self._renames(copy, back=True) or self._by_rename(copy, query))

    @property
    def _tree_changed(self) -> bool:
        was, now = self.runs.before.applied.mesh_sha256, self.runs.now.applied.mesh_sha256
        return bool(was or now) and was != now

    def _by_explosion(self, record: str, text: str, *, gained: bool) -> bool:
        """Whether the answer hangs on what lies below a heading in the tree."""
        bearer = self.runs.as_now
        if self.runs.trees[0] is not None and self.runs.trees[1] is not None:
            was = bearer.finds(text, record, tree=self.runs.trees[0])
            now = bearer.finds(text, record, tree=self.runs.trees[1])
            return was != now
        whole = bearer.finds(text, record, tree=self.runs.trees[1])
        return whole is gained and bearer.finds(text, record) is not gained

    def _by_tree_alone(self, record: str, query: list[str]) -> bool:
        """Whether a record that was revised too left the search for the tree, and for that alone: its earlier
        copy is not found by today's tree, and its present one would be found by the earlier tree, within the
        limits."""
        if not self._tree_changed or self.runs.trees[0] is None or self.runs.trees[1] is None:
            return False
        return not self.runs.outside(record) and all(
            self.runs.as_then.finds(text, record, tree=self.runs.trees[1]) is False
            and self.runs.as_now.finds(text, record, tree=self.runs.trees[0])
            for text in query
        )

    # -- what we changed ---------------------------------------------------------------------------

    def _our_gain(self, record: str, then: frozenset[str], now: frozenset[str]) -> Why:
        matching = [name for name in sorted(then) if self.runs.matches(record, name)]
        if matching:
            return Why(Cause.WINDOW_CHANGED, self._limits_moved(self.runs.outside(record)))
        finders = sorted(now & set(self.runs.now.hits.get(record, ())))
        return Why(Cause.STRATEGY_CHANGED, self._strategies_moved(record, then, finders))

    def _our_loss(self, record: str, still: list[str], now: frozenset[str]) -> Why:
        matching = []
        kept = {self.runs.was_asked.strategies[name] for name in still}
        for name in sorted(now):
            said = self.runs.now.said.get(name)
            if self.runs.is_asked.strategies[name] in kept or self.runs.as_now.finds(
                self.runs.is_asked.strategies[name],
                record,
                tree=self.runs.trees[1],
                recorded=recorded_translation(said) if said else None,
            ):
                matching.append(name)
        outside = self.runs.outside(record, self.runs.is_asked)
        if matching and outside:
            return Why(Cause.WINDOW_CHANGED, self._limits_moved(outside))
        return Why(Cause.STRATEGY_CHANGED, self._strategies_moved(record, frozenset(still), sorted(now)))

    def _limits_moved(self, names: list[str]) -> str:
        parts = []
        for name in names or ["window"]:
            was, now = (
                self.runs.was_asked.limits[name] or "none",
                self.runs.is_asked.limits[name] or "none",
            )
            if was != now:
                parts.append(f"{name}: {was} before, {now} now")
        return "; ".join(parts) or "limits of the search"

    def _strategies_moved(self, record: str, then: frozenset[str], now: list[str]) -> str:
        """Which strategies were changed, and the terms of the record that stand in one of them only."""
        was = {name: self.runs.was_asked.strategies[name] for name in then}
        is_ = {name: self.runs.is_asked.strategies[name] for name in now}
        parts = []
        for name in sorted({*was, *is_}):
            if name not in self.runs.was_asked.strategies:
                parts.append(f"strategy {name} is new")
            elif name not in self.runs.is_asked.strategies:
                parts.append(f"strategy {name} was dropped")
            elif self.runs.was_asked.strategies[name] != self.runs.is_asked.strategies[name]:
                parts.append(f"strategy {name} was changed{self._fragments(name)}")
        for word, left, right in (("now", is_, was), ("no longer", was, is_)):
            own = all_terms(left) - all_terms(right)
            held = set[str]()
            for query in left.values():
                held |= self.runs.as_now.terms(query, record, tree=self.runs.trees[1])
            terms = sorted(own & held)
            if terms:
                more = f" and {len(terms) - SHOWN_TERMS} more" if len(terms) > SHOWN_TERMS else ""
                parts.append(f"{word} {', '.join(terms[:SHOWN_TERMS])}{more}")
        return "; ".join(parts) or "the strategies"

    def _fragments(self, name: str) -> str:
        was, now = self.runs.before.protocol.fragments, self.runs.now.protocol.fragments
        written = next((s.query for s in self.runs.now.protocol.strategies if s.name == name), "")
        moved = [
            f
            for f in sorted({*was, *now})
            if was.get(f) != now.get(f) and re.search(rf"\{{\s*{f}\s*\}}", written)
        ]
        return f" (fragment {', '.join(moved)})" if moved else ""

    def _needed(self, copy: Record, query: list[str]) -> str:
        """The fields without which none of the queries would find the record."""
        probes = {
            "title": replace(copy, title=""),
            "abstract": replace(copy, abstract=""),
            "languages": replace(copy, languages=()),
            "publication_types": replace(copy, publication_types=()),
            "mesh": replace(copy, mesh=()),
        }
        language = self.runs.is_asked.limits["languages"]
        texts = [" AND ".join(filter(None, [f"({text})", language])) for text in query]
        return in_words(
            name
            for name, probe in probes.items()
            if not any(Offline([probe]).finds(text, copy.record, tree=self.runs.trees[1]) for text in texts)
        )
