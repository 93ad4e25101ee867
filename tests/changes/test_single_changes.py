"""Each thing that can happen to a record in PubMed, done to one record, gets the cause of what was done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import pytest
from pubmed_history import BELOW, HEADING, TERM, Paper, Tree, write_step
from schedule import Month, observe_month

from resift.vocabulary import Cause, Change

THEN, LAST, SINCE, LATER = (
    dt.date(2020, 1, 9),
    dt.date(2020, 1, 31),
    dt.date(2020, 2, 20),
    dt.date(2020, 3, 15),
)


def paper(n: int, **changed: object) -> Paper:
    """A record that the search finds by its title, as it was in the first month."""
    made = Paper(
        30_000_000 + n, f"Outcome in {TERM} number {n}", THEN, THEN, THEN, mesh=("Humans",), mesh_date=THEN
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def ends(month: int, day: dt.date) -> Paper:
    """A record that the search does not find; it says how far the archive goes."""
    return paper(
        90 + month, title="Something else", mesh=(), mesh_date=None, entered=day, published=day, revised=day
    )


@dataclass
class Story:
    """What is done to a record by months, and what the runs must list of it. `gone`: months it went in."""

    first: Paper | None
    then: list[Paper | None]
    listed: list[set[tuple[Change, Cause]]]
    gone: tuple[int, ...] = ()
    trees: tuple[Tree, ...] = field(default=(Tree(), Tree(), Tree()))


def renamed(old: str, new: str) -> Tree:
    tree = Tree()
    tree.numbers[new] = tree.numbers.pop(old)
    return tree


GONE, BACK = {(Change.LOST, Cause.DELETED_OR_MERGED)}, {(Change.GAINED, Cause.DELETED_OR_MERGED)}
LOST, FOUND = {(Change.LOST, Cause.REVISED)}, {(Change.GAINED, Cause.REVISED)}
REVISED = {(Change.REVISED, Cause.REVISED)}
RETRACTED = ("Journal Article", "Retracted Publication")
NOTICE = 30_000_007
INDEXED_LATER = paper(1, title="Outcome in tumours", mesh=(), mesh_date=None)
ELSEWHERE = paper(1, title="Outcome in tumours")
STORIES = {
    "deleted, and restored a month later": Story(paper(1), [None, paper(1)], [GONE, BACK], gone=(1,)),
    "deleted, and restored under a new date of revision": Story(
        paper(1), [None, paper(1, revised=LATER)], [GONE, BACK], gone=(1,)
    ),
    "its language was put right": Story(paper(1, language="fre"), [paper(1, revised=SINCE)], [FOUND]),
    "its language was put right, the other way": Story(
        paper(1), [paper(1, language="fre", revised=SINCE)], [LOST]
    ),
    "its language was put right without a date": Story(paper(1), [paper(1, language="fre")], [LOST]),
    "its date of publication was put right, into the window": Story(
        paper(1, published=dt.date(1999, 5, 1)),
        [paper(1, published=dt.date(2001, 5, 1), revised=SINCE)],
        [FOUND],
    ),
    "its date of publication was put right, out of the window": Story(
        paper(1), [paper(1, published=dt.date(1999, 5, 1), revised=SINCE)], [LOST]
    ),
    "its date of publication was put right within the window": Story(
        paper(1), [paper(1, published=dt.date(2005, 5, 1), revised=SINCE)], [REVISED]
    ),
    "corrected and republished": Story(
        paper(1),
        [paper(1, links=(("CorrectedandRepublishedIn", NOTICE),), revised=SINCE)],
        [REVISED],
    ),
    "an erratum": Story(paper(1), [paper(1, links=(("ErratumIn", NOTICE),), revised=SINCE)], [REVISED]),
    "a comment is no revision": Story(
        paper(1), [paper(1, links=(("CommentIn", NOTICE),), revised=SINCE)], [set()]
    ),
    "retracted two months later, with the type first and the notice after": Story(
        paper(1),
        [
            paper(1, types=RETRACTED, revised=SINCE),
            paper(1, types=RETRACTED, links=(("RetractionIn", NOTICE),), revised=LATER),
        ],
        [{(Change.REVISED, Cause.REVISED), (Change.RETRACTED, Cause.REVISED)}, set()],
    ),
    "a concern, and then retracted": Story(
        paper(1),
        [
            paper(1, links=(("ExpressionOfConcernIn", NOTICE),), revised=SINCE),
            paper(1, links=(("ExpressionOfConcernIn", NOTICE), ("RetractionIn", 30_000_008)), revised=LATER),
        ],
        [{(Change.CONCERN, Cause.REVISED)}, {(Change.RETRACTED, Cause.REVISED)}],
    ),
    "MeSH came, and it is found for it": Story(
        INDEXED_LATER,
        [replace(INDEXED_LATER, mesh=(HEADING,), mesh_date=SINCE, revised=SINCE)],
        [{(Change.GAINED, Cause.MESH_ADDED_LATER)}],
    ),
    "MeSH was taken off again": Story(
        replace(ELSEWHERE, mesh=(HEADING,)),
        [replace(ELSEWHERE, mesh=("Liver",), revised=SINCE)],
        [LOST],
    ),
    "title and MeSH together, found for the title": Story(
        INDEXED_LATER,
        [replace(INDEXED_LATER, title=f"On {TERM}", mesh=("Liver",), mesh_date=SINCE, revised=SINCE)],
        [FOUND],
    ),
    "title and MeSH together, on a record that was found": Story(
        paper(1, mesh=(), mesh_date=None),
        [paper(1, title=f"On {TERM}", mesh_date=SINCE, revised=SINCE)],
        [{(Change.REVISED, Cause.MESH_ADDED_LATER)}],
    ),
    "retitled and deleted": Story(
        paper(1), [paper(1, title=f"On {TERM}", revised=SINCE), None], [REVISED, GONE], gone=(2,)
    ),
    "came on the last day that the earlier run was shown, after it": Story(
        None,
        [paper(1, entered=LAST, published=LAST, revised=LAST, mesh=(), mesh_date=None)],
        [{(Change.GAINED, Cause.ARRIVED_LATE)}],
    ),
    "came and was retracted in one month": Story(
        None,
        [
            paper(
                1,
                entered=SINCE,
                published=SINCE,
                revised=SINCE,
                types=RETRACTED,
                links=(("RetractionIn", NOTICE),),
            )
        ],
        [{(Change.GAINED, Cause.NEW)}],
    ),
    "its heading was renamed, dated": Story(
        replace(ELSEWHERE, mesh=(BELOW,)),
        [replace(ELSEWHERE, mesh=("Astrocytic Tumors",), revised=SINCE)],
        [{(Change.REVISED, Cause.VOCABULARY_CHANGED)}],
        trees=(Tree(), renamed(BELOW, "Astrocytic Tumors"), Tree()),
    ),
    "its heading was renamed, not dated": Story(
        replace(ELSEWHERE, mesh=(BELOW,)),
        [replace(ELSEWHERE, mesh=("Astrocytic Tumors",))],
        [{(Change.REVISED, Cause.VOCABULARY_CHANGED)}],
        trees=(Tree(), renamed(BELOW, "Astrocytic Tumors"), Tree()),
    ),
    "its language was put wrong, and its heading left the tree searched": Story(
        replace(ELSEWHERE, mesh=("Ependymoma",)),
        [replace(ELSEWHERE, mesh=("Ependymoma",), language="fre", revised=SINCE)],
        [LOST],
        trees=(Tree(), Tree({**Tree().numbers, "Ependymoma": ("C04.557.600",)}), Tree()),
    ),
    "its heading was renamed and its title corrected": Story(
        replace(ELSEWHERE, mesh=(BELOW,)),
        [replace(ELSEWHERE, title="Outcomes in tumours", mesh=("Astrocytic Tumors",), revised=SINCE)],
        [REVISED],
        trees=(Tree(), renamed(BELOW, "Astrocytic Tumors"), Tree()),
    ),
}


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Month]]:
    """All stories in one archive, each on a record of its own; those with the same trees run together."""
    made: dict[str, list[Month]] = {}
    together: dict[str, list[str]] = {}
    for name, story in STORIES.items():
        together.setdefault(repr([tree.numbers for tree in story.trees]), []).append(name)
    for names in together.values():
        base = tmp_path_factory.mktemp("stories")
        history = base / "history"
        history.mkdir()
        runs: list[Month] = []
        for month, day in enumerate((LAST, dt.date(2020, 2, 29), dt.date(2020, 3, 31))):
            papers, deleted = [ends(month, day)], []
            for n, name in enumerate(names):
                story = STORIES[name]
                now = [story.first, *story.then][month] if month <= len(story.then) else None
                if now is not None:
                    papers.append(replace(now, pmid=number(n)))
                elif month in story.gone:
                    deleted.append(number(n))
            write_step(history, month, papers, deleted, STORIES[names[0]].trees[min(month, 1)])
            runs.append(observe_month(history, base / "runs", month, runs[-1] if runs else None))
        for name in names:
            made[name] = runs
        PLACE.update({name: number(n) for n, name in enumerate(names)})
    return made


PLACE: dict[str, int] = {}


def number(n: int) -> int:
    return 31_000_000 + n


@pytest.mark.parametrize("name", STORIES)
def test_what_was_done_to_a_record_is_what_is_listed(name: str, months: dict[str, list[Month]]) -> None:
    for month, wanted in zip_longest(months[name][1:], STORIES[name].listed, fillvalue=set()):
        listed = {(r.change, r.cause) for r in month.changes if r.record == f"pubmed:{PLACE[name]}"}
        assert listed == wanted, [r for r in month.changes if r.record == f"pubmed:{PLACE[name]}"]
