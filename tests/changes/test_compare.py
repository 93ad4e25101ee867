"""One cause for each change, ours before the source's, on runs made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from resift.changes.compare import changes_between
from resift.changes.observation import Observation
from resift.changes.searched import Searches, Today
from resift.documents import Applied, AppliedCriterion
from resift.project.protocol import stored_protocol
from resift.project.run import Run
from resift.pubmed.source import SearchAnswer
from resift.records import Record, text_sha256
from resift.tables import CitedWork, DecisionRow, KnownItemFinding
from resift.vocabulary import Answer, Box, Cause, Change, ChangedIn, Held, How, Lane, Retracted, State, Within

PROTOCOL: dict[str, Any] = {
    "id": "small",
    "window": {"from": "2000-01-01", "until": "2012-12-31"},
    "languages": ["english"],
    "fragments": {"tumour": "glioma[tiab]"},
    "strategies": {"one": {"query": "{tumour} AND surgery[tiab]", "primary": True, "reason": "made up"}},
}


def record(pmid: int, title: str = "Surgery of glioma", **fields: Any) -> Record:
    values: dict[str, Any] = {
        "print_date": "2010-05-01", "year": 2010, "languages": ("eng",), "entered": "2010-05-20",
        "mesh_date": "2010-06-20", "revised": "2010-06-20", "publication_types": ("Journal Article",),
    } | fields  # fmt: skip
    made = Record(record=f"pubmed:{pmid}", source="pubmed", pmid=str(pmid), title=title, **values)
    return replace(made, text_sha256=text_sha256(made), element_sha256=text_sha256(made) + made.revised)


def decided(made: Record, state: State = State.AWAITING, **fields: Any) -> DecisionRow:
    values: dict[str, Any] = {
        "lane": Lane.DATABASES, "found_by": ("one",), "group": made.record, "box": Box.AWAITING,
        "decided_by": "rules", "criterion": "", "reason": "", "automated_outcome": "unclear",
        "human_outcomes": "",
    } | fields  # fmt: skip
    return DecisionRow(
        record=made.record, pmid=made.pmid, doi="", year=made.year, title=made.title, source=made.source,
        first_seen="", study=made.record, state=state, flips_if="", topics=(), retracted=Retracted.NO,
        text_sha256=made.text_sha256, criteria_version="", **values,
    )  # fmt: skip


def observed(
    records: Sequence[Record],
    *,
    day: str,
    protocol: Mapping[str, Any] = PROTOCOL,
    decisions: Sequence[DecisionRow] = (),
    translation: str = "as sent",
    **fields: Any,
) -> Observation:
    """A run in which every record of PubMed given was found by every strategy."""
    read = stored_protocol(protocol)
    run = Run(
        name=f"small-{day}", started=f"{day}T08:00:00Z", until=read.window.until, as_of=None,
        compare_with=None, protocol_sha256="", strategies_sha256="", config={}, protocol=protocol, sent={},
    )  # fmt: skip
    names = tuple(strategy.name for strategy in read.strategies)
    said = {
        name: SearchAnswer(
            query="", count=len(records), ids=(), translation=translation, translation_set=(), errors=(),
            warnings=(), slices=(), utc="", database_build="", requests=(),
        )
        for name in names
    }  # fmt: skip
    rows = decisions or [decided(made) for made in records]
    return Observation(
        run=run,
        protocol=read,
        applied=fields.pop("applied", Applied()),
        seen=day,
        said=said,
        hits=fields.pop("hits", {r.record: names for r in records if r.source == "pubmed"}),
        records={r.record: r for r in records},
        decisions={row.record: row for row in rows},
        **fields,
    )


def causes(before: Observation, now: Observation, today: Today | None = None) -> dict[tuple[str, str], Cause]:
    """(record, change) -> cause."""
    rows = changes_between(Searches(before, now, today or Today()))
    assert len({(r.record, r.change) for r in rows}) == len(rows)
    return {(row.record, row.change.value): row.cause for row in rows}


OLD, NEW = "2013-01-10", "2014-01-10"


HELD = record(1)


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        (record(2, entered="2013-06-01", print_date="2009-01-01"), Cause.ARRIVED_LATE),
        (record(2, entered="2013-06-01", print_date="2013-05-01"), Cause.NEW),
        (record(2, revised="2013-06-01"), Cause.REVISED),
        (record(2), Cause.UNEXPLAINED),
    ],
)  # fmt: skip
def test_what_the_source_did_when_we_changed_nothing(made: Record, cause: Cause) -> None:
    found = causes(observed([HELD], day=OLD), observed([HELD, made], day=NEW))
    assert found == {("pubmed:2", "gained"): cause}


def test_headings_added_later_and_a_translation_that_changed() -> None:
    protocol = PROTOCOL | {"strategies": {"one": {"query": "Glioma[mh]", "primary": True, "reason": "x"}}}
    indexed = record(2, "A tumour", mesh=("Glioma",), mesh_date="2013-03-01")
    before = observed([HELD], day=OLD, protocol=protocol)
    assert causes(before, observed([HELD, indexed], day=NEW, protocol=protocol)) == {
        ("pubmed:2", "gained"): Cause.MESH_ADDED_LATER
    }
    long_ago = record(2, "A tumour", mesh=("Glioma",))
    otherwise = observed([HELD, long_ago], day=NEW, protocol=protocol, translation="otherwise")
    assert causes(before, otherwise) == {("pubmed:2", "gained"): Cause.TRANSLATION_CHANGED}


def test_a_window_that_we_moved_is_ours_even_for_records_that_came_late() -> None:
    wider = PROTOCOL | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    later = record(2, print_date="2013-05-01", entered="2013-06-01")
    before = observed([HELD], day=OLD)
    assert causes(before, observed([HELD, later], day=NEW, protocol=wider)) == {
        ("pubmed:2", "gained"): Cause.WINDOW_CHANGED
    }
    # The earlier window would hold this one today: it came late, whatever we did to the window.
    late = record(3, entered="2013-06-01")
    assert causes(before, observed([HELD, late], day=NEW, protocol=wider)) == {
        ("pubmed:3", "gained"): Cause.ARRIVED_LATE
    }


def test_a_window_that_moves_by_itself_was_moved_by_nobody() -> None:
    protocol = PROTOCOL | {"window": {"from": "2000-01-01", "until": "today"}}
    before = observed([HELD], day=OLD, protocol=protocol)
    now = observed(
        [HELD, record(2, print_date="2013-05-01", entered="2013-06-01")], day=NEW, protocol=protocol
    )
    before = replace(before, run=replace(before.run, until=OLD))
    now = replace(now, run=replace(now.run, until=NEW))
    assert causes(before, now) == {("pubmed:2", "gained"): Cause.NEW}


def test_a_strategy_that_we_changed_names_fragment_and_terms() -> None:
    wider = PROTOCOL | {"fragments": {"tumour": "glioma[tiab] OR astrocytoma[tiab]"}}
    gained = record(2, "Surgery of astrocytoma")
    before = observed([HELD], day=OLD)
    (row,) = changes_between(Searches(before, observed([HELD, gained], day=NEW, protocol=wider), Today()))
    assert row.cause is Cause.STRATEGY_CHANGED
    assert "fragment tumour" in row.detail and "now astrocytoma[tiab]" in row.detail
    # Back again: the record is lost, and today's copy shows that the earlier strategy would still find it.
    lost = Today(records={"pubmed:2": gained})
    (row,) = changes_between(
        Searches(observed([HELD, gained], day=OLD, protocol=wider), observed([HELD], day=NEW), lost)
    )
    assert (row.change, row.cause) == (Change.LOST, Cause.STRATEGY_CHANGED)
    assert "no longer astrocytoma[tiab]" in row.detail


def test_what_is_lost_is_asked_for_today() -> None:
    both, one = observed([HELD, record(2)], day=OLD), observed([HELD], day=NEW)
    absent = Today(absent=frozenset(["pubmed:2"]))
    assert causes(both, one, absent) == {("pubmed:2", "lost"): Cause.DELETED_OR_MERGED}
    french = Today(records={"pubmed:2": record(2, languages=("fre",), revised="2013-04-01")})
    (row,) = changes_between(Searches(both, one, french))
    assert (row.cause, row.detail) == (Cause.REVISED, "was awaiting; language")
    same = Today(records={"pubmed:2": record(2)})
    assert causes(both, one, same) == {("pubmed:2", "lost"): Cause.UNEXPLAINED}


def test_a_file_that_was_swapped_and_one_that_was_not() -> None:
    def entry(name: str) -> Record:
        return replace(record(9), record=f"embase:{name}", source="embase", pmid="")

    before = observed([HELD, entry("L1")], day=OLD, applied=Applied(files={"imports: a.ris": "x"}))
    now = observed([HELD, entry("L2")], day=NEW, applied=Applied(files={"imports: a.ris": "y"}))
    assert set(causes(before, now).values()) == {Cause.FILE_CHANGED}
    assert len(causes(before, now)) == 2
    untouched = replace(now, applied=before.applied)
    assert set(causes(before, untouched).values()) == {Cause.UNEXPLAINED}


def test_seeds_and_hand_searched_entries_of_the_other_lane() -> None:
    cited = replace(record(7), record="references:7", source="references")
    by_hand = replace(record(8), record="handsearched:a", source="handsearched", pmid="")
    works = [
        CitedWork(round=1, seed="pubmed:2", n=1, citation="", pmid="7", how=How.PUBMED, record=cited.record),
        CitedWork(round=0, seed="", n=1, citation="", pmid="", how=How.UNRESOLVED, record=by_hand.record),
    ]
    rows = [decided(HELD), decided(cited, lane=Lane.OTHER), decided(by_hand, lane=Lane.OTHER)]
    now = observed(
        [HELD, cited, by_hand], day=NEW, decisions=rows, works=works,
        applied=Applied(files={"hand-searched: h.txt": "y"}),
    )  # fmt: skip
    before = observed([HELD], day=OLD, applied=Applied(files={"hand-searched: h.txt": "x"}))
    expected = {
        ("references:7", "gained"): Cause.SEED_CHANGED,
        ("handsearched:a", "gained"): Cause.FILE_CHANGED,
    }
    assert causes(before, now) == expected
    assert {row.lane for row in changes_between(Searches(before, now, Today()))} == {ChangedIn.OTHER}


def test_people_and_criteria_decide_otherwise() -> None:
    before = observed([HELD], day=OLD, criteria={"pubmed:1": {"human": Answer.UNCLEAR}})
    person = decided(HELD, State.INCLUDED, decided_by="AB", human_outcomes="full_text: AB: include")
    assert causes(before, observed([HELD], day=NEW, decisions=[person])) == {
        ("pubmed:1", "re_decided"): Cause.PERSON_DECIDED
    }
    by_rule = decided(HELD, State.EXCLUDED, criterion="human", reason="human", automated_outcome="exclude")
    now = observed(
        [HELD], day=NEW, decisions=[by_rule], criteria={"pubmed:1": {"human": Answer.NOT_MET}},
        applied=Applied(criteria_version="2"),
    )  # fmt: skip
    assert causes(replace(before, applied=Applied(criteria_version="1")), now) == {
        ("pubmed:1", "re_decided"): Cause.CRITERIA_CHANGED
    }


def test_a_revised_record_decided_otherwise_is_not_put_down_to_criteria() -> None:
    """The earlier criteria, asked of the new text, say what today's say: the text made the difference."""
    criterion = AppliedCriterion(id="surgical", kind="exclude_unless", query="surgery[tiab]")
    applied = Applied(criteria=(criterion,), criteria_version="1")
    new = record(1, "Nursing of glioma", revised="2013-05-01", abstract="Nothing but nursing.")
    row = decided(new, State.EXCLUDED, criterion="surgical", reason="surgical", automated_outcome="exclude")
    before = observed([HELD], day=OLD, applied=applied, criteria={"pubmed:1": {"surgical": Answer.MET}})
    now = observed(
        [new], day=NEW, decisions=[row], criteria={"pubmed:1": {"surgical": Answer.NOT_MET}},
        applied=replace(applied, criteria_version="2"),
    )  # fmt: skip
    found = causes(before, now)
    assert found[("pubmed:1", "revised")] is Cause.REVISED
    assert found[("pubmed:1", "re_decided")] is Cause.REVISED


def test_a_duplicate_that_came_moves_its_report_for_its_own_cause() -> None:
    twin = record(2, entered="2013-06-01", print_date="2013-05-01")
    rows = [decided(twin), decided(HELD, State.DUPLICATE, group="pubmed:2")]
    now = observed([HELD, twin], day=NEW, decisions=rows)
    assert causes(observed([HELD], day=OLD), now)[("pubmed:1", "re_decided")] is Cause.NEW


def test_retraction_and_concern_are_changes_of_their_own() -> None:
    questioned = record(
        1, links=("RetractionIn:77", "ExpressionOfConcernIn:78"), revised="2013-05-01",
        publication_types=("Journal Article", "Retracted Publication"),
    )  # fmt: skip
    found = causes(observed([HELD], day=OLD), observed([questioned], day=NEW))
    assert {change for _, change in found} == {"revised", "retracted", "concern"}
    assert set(found.values()) == {Cause.REVISED}


def test_known_items_follow_their_record_or_their_file() -> None:
    def item(name: str, pmid: str, *found_by: str) -> KnownItemFinding:
        return KnownItemFinding(
            item=name, set="cited by the review", use="build", pmid=pmid, in_source=Held.YES,
            in_window=Within.YES, in_language=Within.YES, found_by=found_by,
        )  # fmt: skip

    late = record(2, entered="2013-06-01")
    before = observed([HELD], day=OLD, known_items=[item("A 2009", "2"), item("Gone", "5")])
    now = observed([HELD, late], day=NEW, known_items=[item("A 2009", "2", "one"), item("Added", "6")])
    found = causes(before, now)
    assert found[("A 2009", "gained")] is Cause.ARRIVED_LATE
    assert found[("Gone", "lost")] is found[("Added", "gained")] is Cause.FILE_CHANGED


def test_only_the_primary_strategy_finds_a_held_record_anew() -> None:
    two = PROTOCOL | {
        "strategies": PROTOCOL["strategies"] | {"two": {"query": "glioma[tiab]", "reason": "x"}}
    }
    old, new = record(1, "Survey of glioma"), record(1, revised="2013-04-01")
    before = observed([old], day=OLD, protocol=two, hits={"pubmed:1": ("two",)})
    found = causes(before, observed([new], day=NEW, protocol=two))
    assert found[("pubmed:1", "refound")] is Cause.REVISED


def test_nothing_changed_is_no_change() -> None:
    assert causes(observed([HELD], day=OLD), observed([HELD], day=NEW)) == {}


MAPPED = {"query": "brain tumour therapy", "primary": True, "reason": "made up"}


def test_a_window_is_moved_also_around_a_query_that_only_the_server_can_read() -> None:
    """The server found the record by the same words: what differs is the window, whatever the words mean."""
    mapped = PROTOCOL | {"strategies": {"one": MAPPED}}
    wider = mapped | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    edge = record(2, "Late report", print_date="2013-05-01")
    assert causes(
        observed([HELD], day=OLD, protocol=mapped), observed([HELD, edge], day=NEW, protocol=wider)
    ) == {("pubmed:2", "gained"): Cause.WINDOW_CHANGED}
    assert causes(
        observed([HELD, edge], day=OLD, protocol=wider),
        observed([HELD], day=NEW, protocol=mapped),
        Today(records={"pubmed:2": edge}),
    ) == {("pubmed:2", "lost"): Cause.WINDOW_CHANGED}


def test_a_record_that_left_a_query_we_kept_is_not_ours_though_the_window_moved() -> None:
    mapped = PROTOCOL | {"strategies": {"one": MAPPED}}
    wider = mapped | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    was, is_ = record(2, "Late report"), record(2, "Another report", revised="2013-06-01")
    found = causes(
        observed([HELD, was], day=OLD, protocol=mapped),
        observed([HELD], day=NEW, protocol=wider),
        Today(records={"pubmed:2": is_}),
    )
    assert found[("pubmed:2", "lost")] is Cause.REVISED


def test_another_strategy_read_otherwise_is_not_the_cause() -> None:
    two = PROTOCOL | {
        "strategies": PROTOCOL["strategies"] | {"two": {"query": "glioma[tiab]", "reason": "x"}}
    }
    by_one = {"pubmed:1": ("one", "two"), "pubmed:2": ("one",)}
    before = observed([HELD], day=OLD, protocol=two)
    now = observed([HELD, record(2)], day=NEW, protocol=two, hits=by_one)
    said = dict(now.said) | {"two": replace(now.said["two"], translation="otherwise")}
    assert causes(before, replace(now, said=said)) == {("pubmed:2", "gained"): Cause.UNEXPLAINED}
    said = dict(now.said) | {"one": replace(now.said["one"], translation="otherwise")}
    assert causes(before, replace(now, said=said)) == {("pubmed:2", "gained"): Cause.TRANSLATION_CHANGED}


def test_a_known_item_that_changed_while_no_record_did_has_its_cause_too() -> None:
    def item(*found_by: str, **fields: Any) -> KnownItemFinding:
        values: dict[str, Any] = {"in_source": Held.YES, "in_window": Within.YES, "in_language": Within.YES}
        return KnownItemFinding(
            item="A 2009", set="s", use="build", pmid="1", found_by=found_by, **values | fields
        )

    def cause(
        was: KnownItemFinding, is_: KnownItemFinding, protocol: Mapping[str, Any] = PROTOCOL, **now: Any
    ) -> Cause:
        one = observed([HELD], day=OLD, known_items=[was], hits=hits(was))
        two = observed([HELD], day=NEW, known_items=[is_], hits=hits(is_), protocol=protocol, **now)
        ((_, found),) = causes(one, two).items()
        return found

    def hits(of: KnownItemFinding) -> dict[str, tuple[str, ...]]:
        return {"pubmed:1": of.found_by} if of.found_by else {}

    more = PROTOCOL | {
        "strategies": PROTOCOL["strategies"] | {"two": {"query": "glioma[tiab]", "reason": "x"}}
    }
    # The strategy that finds it was added beside one that stays as it was.
    assert cause(item("one"), item("one", "two"), more) is Cause.STRATEGY_CHANGED
    assert cause(item(), item(in_source=Held.NO)) is Cause.DELETED_OR_MERGED
    assert cause(item(in_source=Held.NO), item()) is Cause.NEW
    assert cause(item(in_source=Held.UNAVAILABLE), item()) is Cause.CLIENT_ARTEFACT
    assert cause(item(in_source=Held.OTHER_PAPER), item()) is Cause.REVISED
    verified = Applied(files={"known items: known.csv": "another"})
    assert cause(item(in_source=Held.UNVERIFIED), item(), applied=verified) is Cause.FILE_CHANGED
    assert cause(item(in_source=Held.UNVERIFIED), item()) is Cause.UNEXPLAINED
    assert cause(item(), item(in_language=Within.NO)) is Cause.REVISED
    narrow = PROTOCOL | {"languages": []}
    assert cause(item(in_language=Within.NO), item(), narrow) is Cause.WINDOW_CHANGED
