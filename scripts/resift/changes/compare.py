"""The changes from one run to another: both lanes, the known items, decisions and criteria.

Every record gained, lost, revised, retracted or decided otherwise is one row with one cause. A record may
have several rows (revised, and decided otherwise for it); each has the cause of that change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resift.changes.causes import Causes, Why
from resift.changes.offline import Offline
from resift.changes.searched import Searches, moved_by_primary
from resift.records import Record, natural_key
from resift.screening.criteria import Kind, answer
from resift.screening.table import is_retracted
from resift.tables import ChangeRow, CitedWork, DecisionRow, KnownItemFinding
from resift.vocabulary import Answer, Cause, Change, ChangedIn, Decider, Held, How, Lane, State

GROUPED = (State.DUPLICATE, State.ALREADY_KNOWN)
CONCERN = "ExpressionOfConcernIn:"
CORRECTIONS = (
    "ErratumIn:",
    "CorrectedandRepublishedIn:",
    "RepublishedIn:",
    "RetractedandRepublishedIn:",
    "PartialRetractionIn:",
    "UpdateIn:",
)
ORDER = {change: n for n, change in enumerate(Change)}


def changes_between(searches: Searches) -> list[ChangeRow]:
    """All changes, by lane, record and kind of change."""
    found = Comparison(searches, Causes(searches))
    rows = [
        *found.lane(Lane.DATABASES),
        *found.lane(Lane.OTHER),
        *found.held(),
    ]
    rows += found.decided(rows)
    rows += found.known(rows)
    place = {part: n for n, part in enumerate(ChangedIn)}
    return sorted(rows, key=lambda r: (place[r.lane], natural_key(r.record), ORDER[r.change]))


def unexplained(rows: list[ChangeRow]) -> int:
    """How many changes have no cause that shows: a headline number."""
    return sum(row.cause is Cause.UNEXPLAINED for row in rows)


def _corrected(record: Record) -> tuple[object, ...]:
    """What is a revision though no criterion reads it: the days of publication, and published corrections."""
    links = frozenset(link for link in record.links if link.startswith(CORRECTIONS))
    return record.print_date, record.electronic_date, record.year, links


def with_concern(record: Record) -> bool:
    """Whether an expression of concern stands beside a record."""
    return any(link.startswith(CONCERN) for link in record.links)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of each kind, between two runs."""

    searches: Searches
    causes: Causes

    def lane(self, lane: Lane) -> Iterator[ChangeRow]:
        """Records that only one of the runs has in a lane, and those that the primary strategy finds anew."""
        before, now = self.searches.before, self.searches.now
        was, is_ = before.in_lane(lane), now.in_lane(lane)
        then, today = frozenset(before.strategies), frozenset(now.strategies)
        for record in sorted(is_ - was, key=natural_key):
            if lane is Lane.OTHER:
                why = self._other(record, gained=True)
            elif record in now.hits:
                why = self.causes.why_found(record, then, today)
            else:
                why = self._imported(record)
            ended = now.decisions[record].state.value
            yield _row(record, lane, Change.GAINED, why, ended)
        for record in sorted(was - is_, key=natural_key):
            if lane is Lane.OTHER:
                why = self._other(record, gained=False)
            elif record in before.hits:
                why = self.causes.why_lost(record, then, today)
            else:
                why = self._imported(record)
            yield _row(record, lane, Change.LOST, why, f"was {before.decisions[record].state.value}")
        if lane is Lane.DATABASES:
            for record in moved_by_primary(self.searches):
                one, two = frozenset([before.primary]), frozenset([now.primary])
                if now.primary in now.hits.get(record, ()):
                    why, told = self.causes.why_found(record, one, two), f"now found by {now.primary}"
                else:
                    why, told = self.causes.why_lost(record, one, two), f"no longer by {before.primary}"
                yield _row(record, lane, Change.REFOUND, why, told)

    def held(self) -> Iterator[ChangeRow]:
        """Records of both runs whose text changed, and those retracted or questioned since."""
        before, now = self.searches.before, self.searches.now
        for record in sorted(before.records.keys() & now.records.keys(), key=natural_key):
            old, new = before.records[record], now.records[record]
            if record not in now.decisions or old == new:
                continue
            lane = now.decisions[record].lane
            if old.text_sha256 != new.text_sha256 or _corrected(old) != _corrected(new):
                if old.source in ("pubmed", "references"):
                    why = self.causes.why_revised(old, new)
                else:
                    why = self._imported(record)
                yield _row(record, lane, Change.REVISED, why, self._screened_again(record))
            state = now.decisions[record].state.value
            if is_retracted(new) and not is_retracted(old):
                yield _row(record, lane, Change.RETRACTED, Why(Cause.REVISED, "retraction"), state)
            if with_concern(new) and not with_concern(old):
                yield _row(record, lane, Change.CONCERN, Why(Cause.REVISED, "expression of concern"), state)

    def decided(self, rows: list[ChangeRow]) -> Iterator[ChangeRow]:
        """Records of both runs that ended otherwise, or on which a person said something new."""
        before, now = self.searches.before, self.searches.now
        of_record = {row.record: row for row in reversed(rows)}
        for record in sorted(before.decisions.keys() & now.decisions.keys(), key=natural_key):
            old, new = before.decisions[record], now.decisions[record]
            if _ending(old) != _ending(new):
                told = f"{_told(old)} before, {_told(new)} now"
                yield _row(record, new.lane, Change.RE_DECIDED, self._decided(old, new, of_record), told)

    def known(self, rows: list[ChangeRow]) -> Iterator[ChangeRow]:
        """Known items that came or went, or that are found or end otherwise."""
        before = {item.item: item for item in self.searches.before.known_items}
        now = {item.item: item for item in self.searches.now.known_items}
        by_record: dict[str, ChangeRow] = {}
        for row in rows:
            by_record.setdefault(row.record, row)
        for name in sorted({*before, *now}):
            old, new = before.get(name), now.get(name)
            if old is None or new is None:
                change = Change.GAINED if old is None else Change.LOST
                yield _row(name, ChangedIn.KNOWN_ITEMS, change, Why(Cause.FILE_CHANGED, "known items"), "")
            elif _standing(old) != _standing(new):
                of_record = by_record.get(f"pubmed:{new.pmid}")
                why = Why(of_record.cause, f"as {of_record.record}") if of_record else self._item(old, new)
                yield _row(name, ChangedIn.KNOWN_ITEMS, _item_change(old, new), why, _moved(old, new))

    # -- causes ------------------------------------------------------------------------------------

    def _imported(self, _record: str) -> Why:
        """A record of a file that was exported elsewhere: the file was changed, added or taken away."""
        files = self._files_changed("imports")
        return Why(Cause.FILE_CHANGED, files) if files else self._read_otherwise()

    def _read_otherwise(self) -> Why:
        was, now = self.searches.before.applied.resift, self.searches.now.applied.resift
        if was and now and was != now:
            return Why(Cause.CLIENT_ARTEFACT, f"the same file, read by resift {was} then and {now} now")
        return Why(Cause.UNEXPLAINED)

    def _files_changed(self, purpose: str) -> str:
        """Files of one purpose that differ between the runs; a run of an earlier version does not say."""
        was, now = self.searches.before.applied.files, self.searches.now.applied.files
        named = sorted(
            name
            for name in {*was, *now}
            if name.startswith(f"{purpose}: ") and was.get(name) != now.get(name)
        )
        return ", ".join(named)

    def _other(self, record: str, *, gained: bool) -> Why:
        """Why other methods found a record, or no longer do."""
        before, now = self.searches.before, self.searches.now
        holder, rest = (now, before) if gained else (before, now)
        seeds = holder.seeds_of(record)
        if not seeds:
            files = self._files_changed("hand-searched")
            return Why(Cause.FILE_CHANGED, files) if files else self._read_otherwise()
        common = seeds & rest.seeds
        if not common:
            return self._seeds(sorted(seeds, key=natural_key), gained=gained)
        seed = min(common, key=natural_key)
        asked = (*_of(rest.works, seed), *_of(holder.works, seed))
        if any(work.how is How.UNAVAILABLE for work in asked):
            return Why(Cause.CLIENT_ARTEFACT, f"a side service did not answer for {seed} in one of the runs")
        copy = holder.records.get(record)
        entered = (copy.entered or copy.entrez_date)[:10] if copy else ""
        if gained and entered > before.seen:
            return Why(Cause.NEW, f"cited by {seed}; entered {entered}")
        old, new = before.records.get(seed), now.records.get(seed)
        if old is not None and new is not None and old.element_sha256 != new.element_sha256:
            return Why(Cause.REVISED, f"the reference list of {seed}")
        return self._left(f"cited by {seed} in one run only")

    def _left(self, told: str) -> Why:
        why = self._read_otherwise()
        return why if why.cause is not Cause.UNEXPLAINED else Why(Cause.UNEXPLAINED, told)

    def _seeds(self, seeds: list[str], *, gained: bool) -> Why:
        """None of a record's seeds was one in the other run: what we follow changed, or the seeds did."""
        was, now = self.searches.before.protocol.other_methods, self.searches.now.protocol.other_methods
        named = [key for key in ("rounds", "seeds", "listed") if getattr(was, key) != getattr(now, key)]
        decisions = (self.searches.before if gained else self.searches.now).decisions
        if named and all(seed in decisions for seed in seeds):
            return Why(Cause.STRATEGY_CHANGED, f"other_methods.references: {', '.join(named)}")
        shown = ", ".join(seeds[:3]) + (f" and {len(seeds) - 3} more" if len(seeds) > 3 else "")
        return Why(Cause.SEED_CHANGED, f"cited by {shown}, {'no seed then' if gained else 'no seed now'}")

    def _decided(self, old: DecisionRow, new: DecisionRow, of_record: dict[str, ChangeRow]) -> Why:
        if why := self._criteria(old, new):
            return why
        if old.human_outcomes != new.human_outcomes:
            return Why(Cause.PERSON_DECIDED, new.human_outcomes or f"withdrawn: {old.human_outcomes}")
        if new.reason.startswith("counted by the source but not returned"):
            return Why(Cause.DELETED_OR_MERGED, "counted by the source, which gives no record")
        if why := self._grouped(old, new, of_record):
            return why
        own = of_record.get(new.record)
        if own is not None:
            return Why(own.cause, own.detail.split("; ", 1)[-1])
        if self.searches.before.applied.mesh_sha256 != self.searches.now.applied.mesh_sha256:
            return Why(Cause.VOCABULARY_CHANGED, "the MeSH tree that criteria explode headings by")
        return self._read_otherwise()

    def _criteria(self, old: DecisionRow, new: DecisionRow) -> Why | None:
        """Whether the earlier criteria would have ended the record as today's do; None where they would, or
        where a person's word stands whatever criteria say."""
        before, now = self.searches.before, self.searches.now
        by_people = new.decided_by not in ("", Decider.RULES.value)
        if by_people or new.state in GROUPED or old.state in GROUPED:
            return None
        if before.protocol.role != now.protocol.role:
            return Why(
                Cause.CRITERIA_CHANGED, f"automation.role: {before.protocol.role}, now {now.protocol.role}"
            )
        if before.protocol.other_methods.limits_apply != now.protocol.other_methods.limits_apply:
            return Why(Cause.WINDOW_CHANGED, "other_methods.limits_apply")
        then, today = before.criteria.get(old.record, {}), now.criteria.get(new.record, {})
        if before.applied.criteria_version == now.applied.criteria_version:
            return None
        if old.text_sha256 != new.text_sha256:
            then = self._asked_again(new.record)
        named = [c for c in {**then, **today} if then.get(c) is not today.get(c)]
        if not named:
            return None
        told = [f"{c}: {_said(then.get(c))} before, {_said(today.get(c))} now" for c in named]
        return Why(Cause.CRITERIA_CHANGED, "; ".join(told[:3]) + ("; …" if len(told) > 3 else ""))

    def _asked_again(self, record: str) -> dict[str, Answer]:
        """The earlier criteria asked of the record as it is now."""
        copy = self.searches.now.records.get(record)
        if copy is None:
            return {}
        asked = Offline([copy])
        found = {}
        for criterion in self.searches.before.applied.criteria:
            yes = asked.finds(criterion.query, record, tree=self.searches.trees[1])
            found[criterion.id] = answer(Kind(criterion.kind), yes=bool(yes), known=yes is not None)
        return found

    def _grouped(self, old: DecisionRow, new: DecisionRow, of_record: dict[str, ChangeRow]) -> Why | None:
        """A record that stands for its report no longer, or does so now: for the records of its group."""
        if old.group == new.group and old.state not in GROUPED and new.state not in GROUPED:
            return None
        before, now = self.searches.before, self.searches.now
        members = {r for r, row in before.decisions.items() if row.group in (old.group, new.group)}
        members |= {r for r, row in now.decisions.items() if row.group in (old.group, new.group)}
        causes = [of_record[r] for r in sorted(members, key=natural_key) if r in of_record]
        if causes:
            order = list(Cause)
            first = min(causes, key=lambda row: order.index(row.cause))
            return Why(first.cause, f"its report's record {first.record} was {first.change}")
        if self._files_changed("decisions"):
            return Why(Cause.PERSON_DECIDED, "on duplicates")
        return None

    def _screened_again(self, record: str) -> str:
        """The old and the new answer of the rules for a record whose text changed."""
        was = self.searches.before.decisions[record].automated_outcome
        now = self.searches.now.decisions[record].automated_outcome
        if not was and not now:
            return self.searches.now.decisions[record].state.value
        return f"by the rules: {was or 'none'} before, {now or 'none'} now"

    def _item(self, old: KnownItemFinding, new: KnownItemFinding) -> Why:
        """A known item that changed while no record of the run did."""
        if (old.set, old.use, old.pmid) != (new.set, new.use, new.pmid):
            return Why(Cause.FILE_CHANGED, "known items")
        if old.in_source != new.in_source:
            return self._item_held(old.in_source, new.in_source)
        if why := self._item_found(old, new):
            return why
        was, now = self.searches.was_asked.limits, self.searches.is_asked.limits
        if (old.in_window, old.in_language) != (new.in_window, new.in_language):
            if was != now:
                return Why(Cause.WINDOW_CHANGED, "the limits of the search")
            if (
                old.in_window != new.in_window
                and self.searches.before.run.until != self.searches.now.run.until
            ):
                return Why(Cause.NEW, "the window, which moves with the day, has reached it")
            return Why(Cause.REVISED, "its date" if old.in_window != new.in_window else "its language")
        return self._read_otherwise()

    def _item_held(self, old: Held, new: Held) -> Why:
        """Why the source holds a known item now and did not, the other way round, or as another paper."""
        told = f"in the source: {old} before, {new} now"
        if Held.UNAVAILABLE in (old, new):
            return Why(Cause.CLIENT_ARTEFACT, told)
        if new is Held.NO:
            return Why(Cause.DELETED_OR_MERGED, told)
        if old is Held.NO:
            return Why(Cause.NEW, told)
        if files := self._files_changed("known items"):
            return Why(Cause.FILE_CHANGED, f"{files}; {told}")
        return Why(Cause.REVISED if Held.OTHER_PAPER in (old, new) else Cause.UNEXPLAINED, told)

    def _item_found(self, old: KnownItemFinding, new: KnownItemFinding) -> Why | None:
        """Why other strategies find the record of a known item, held in both runs; None where the same do."""
        record = f"pubmed:{new.pmid}"
        gained, lost = set(new.found_by) - set(old.found_by), set(old.found_by) - set(new.found_by)
        if gained:
            then = gained & set(self.searches.before.strategies)
            return self.causes.why_found(record, frozenset(then), frozenset(gained))
        if lost:
            now = lost & set(self.searches.now.strategies)
            return self.causes.why_lost(record, frozenset(lost), frozenset(now))
        return None


def _of(works: Sequence[CitedWork], seed: str) -> list[CitedWork]:
    return [work for work in works if work.seed == seed]


def _ending(row: DecisionRow) -> tuple[str, ...]:
    """What makes two ends the same; a duplicate ends by its report, whatever rule says so."""
    if row.state in GROUPED:
        return (row.state, row.group)
    return (row.state, row.decided_by, row.criterion, row.reason, row.human_outcomes)


def _told(row: DecisionRow) -> str:
    reason = f" ({row.reason})" if row.reason else ""
    return f"{row.state.value}{reason} by {row.decided_by}"


def _said(given: Answer | None) -> str:
    return given.value if given else "not asked"


def _standing(item: KnownItemFinding) -> tuple[object, ...]:
    return (
        item.set, item.use, item.pmid, item.in_source, item.in_window, item.in_language, item.found_by,
        item.state,
    )  # fmt: skip


def _item_change(old: KnownItemFinding, new: KnownItemFinding) -> Change:
    if bool(old.found_by) != bool(new.found_by):
        return Change.GAINED if new.found_by else Change.LOST
    return Change.RE_DECIDED if old.state != new.state else Change.REVISED


def _moved(old: KnownItemFinding, new: KnownItemFinding) -> str:
    def found(item: KnownItemFinding) -> str:
        by = ", ".join(item.found_by)
        return f"found by {by}" if by else "not found"

    return f"{found(old)}, {old.state or 'no state'} before; {found(new)}, {new.state or 'no state'} now"


def _row(record: str, lane: Lane | ChangedIn, change: Change, why: Why, told: str) -> ChangeRow:
    detail = "; ".join(filter(None, (told, why.detail)))
    return ChangeRow(record=record, lane=ChangedIn(lane.value), change=change, cause=why.cause, detail=detail)
