"""One cause for each change of records, decisions and known items, on runs made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.changes.observed import HELD, NEW, OLD, PROTOCOL, causes, decided, observed, record

from resift.changes.compare import changes_between
from resift.changes.searched import Searches, Today
from resift.documents import Applied, AppliedCriterion
from resift.records import Record
from resift.tables import CitedWork, KnownItemFinding
from resift.vocabulary import Answer, Cause, ChangedIn, Held, How, Lane, State, Within


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
