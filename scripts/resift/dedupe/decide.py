"""The evidence table: what each pattern of agreement says two records are to each other.

Rules stand in order and the first that holds decides. Identity comes first, then what keeps records
apart (vetoes, which also bind whole groups), then the patterns of agreement that make two records one
report, then links. A pair that no rule speaks for is unrelated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resift.dedupe.compare import Linked, Pairs
from resift.dedupe.model import Relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]


class Agreement:
    """The measures of `Pairs`, read as the statements that rules are written in."""

    def __init__(self, pairs: Pairs) -> None:
        p = pairs
        self.no_title = p.title < 0
        self.title_same = (p.title >= 95) | p.title_part
        self.title_like = (p.title >= 85) | p.title_part
        self.title_near = (p.title >= 70) | p.title_part
        self.authors_same = (p.authors >= 75) & (p.first != -1)
        self.authors_like = p.authors >= 55
        self.authors_silent = p.authors < 0
        self.journal_same = p.journal >= 85
        self.journal_like = p.journal >= 65
        self.journal_differs = (p.journal >= 0) & (p.journal < 34)
        self.year_same = p.year_gap == 0
        self.year_near = (p.year_gap >= 0) & (p.year_gap <= 1)
        self.year_open = p.year_gap <= 1  # or not said
        self.place_same = (p.volume == 1) & (p.start == 1)
        self.place_open = (p.volume != -1) & (p.start != -1) & (p.issue != -1)
        self.abstract_same = p.abstract >= 90
        self.abstract_differs = (p.abstract >= 0) & (p.abstract < 60)
        self.meeting = p.supplement_differs | (p.venue_differs & (p.journal < 85))


@dataclass(frozen=True)
class Rule:
    """One line of the evidence table.

    `veto` also keeps the two records out of one group; `joins` is whether `versions="merge"` makes one
    group of two versions that this rule finds, and `across` whether even over different PMIDs (an
    identifier names the work).
    """

    name: str
    relation: Relation
    holds: Callable[[Agreement, Pairs], Bools]
    veto: bool = False
    joins: bool = True
    across: bool = False


DUPLICATE, VERSION, COMPANION = Relation.DUPLICATE, Relation.VERSION, Relation.COMPANION
REVIEW, UNRELATED = Relation.REVIEW, Relation.UNRELATED

IDENTITY = (
    Rule("same PMID", DUPLICATE, lambda a, p: p.pmid == 1),
    Rule("linked by PubMed as companion", COMPANION, lambda a, p: p.linked == Linked.COMPANION, veto=True),
    Rule("linked by PubMed as version", VERSION, lambda a, p: p.linked == Linked.VERSION, across=True),
    Rule(
        "same trial registration",
        DUPLICATE,
        lambda a, p: p.registrations & (p.registry == 1),
    ),
    Rule("other trial registration", UNRELATED, lambda a, p: p.registrations & (p.registry == -1), veto=True),
    Rule(
        "registration of the trial",
        COMPANION,
        lambda a, p: (p.registry == 1) & p.venue_differs & (p.doi != 1),
        veto=True,
    ),
    Rule(
        "notice about the report",
        COMPANION,
        lambda a, p: p.kind_differs & a.title_near & ~((p.doi == 1) & (p.start == 1)),
        veto=True,
    ),
    Rule(
        "same edition of an updated review",
        DUPLICATE,
        lambda a, p: (
            (p.series == 1)
            & (p.edition == 1)
            & (p.pmid != -1)
            & (a.title_near | ((p.doi == 1) & a.authors_same))
        ),
    ),
    Rule(
        "other edition of an updated review",
        VERSION,
        lambda a, p: (
            (p.series == 1)
            & (p.edition == -1)
            & ((p.title >= 97) | p.title_part | ((p.title >= 80) & (p.lead == 1)))
        ),
        across=True,
    ),
    Rule(
        "other edition of an updated review, reworded",
        VERSION,
        lambda a, p: (p.series == 1) & (p.edition == -1),
        joins=False,
    ),
)

APART = (
    Rule(
        "preprint and article",
        VERSION,
        lambda a, p: (
            p.preprint_differs
            & (p.doi != 1)
            & a.title_like
            & ~p.numbers_differ
            & (a.authors_same | a.abstract_same)
        ),
    ),
    Rule("different PMIDs", UNRELATED, lambda a, p: p.pmid == -1, veto=True),
    Rule("different Cochrane reviews", UNRELATED, lambda a, p: (p.series == -1) & (p.doi != 1), veto=True),
    Rule(
        "part of a series",
        COMPANION,
        lambda a, p: (
            p.part_differs
            & p.numbers_differ
            & a.title_near
            & a.authors_like
            & ~((p.start == 1) & (p.end != -1))
        ),
        veto=True,
    ),
    Rule(
        "other numbers in the title",
        UNRELATED,
        lambda a, p: (
            p.numbers_differ
            & ~(a.title_near & (p.doi == 1) & (p.start != -1) & ~p.numbers_clash)
            & ~((p.title >= 80) & (p.doi == 1) & a.place_same)
            & ~(p.title_part & a.place_same & (a.abstract_same | (p.abstract < 0)))
            & ~((p.title >= 80) & a.place_same & (p.end != -1) & (p.doi == 0) & a.authors_like)
            & ~(a.place_same & (p.end == 1) & (p.doi == 1) & a.authors_like)
        ),
        veto=True,
    ),
    Rule(
        "other words in the title",
        UNRELATED,
        lambda a, p: (
            p.word_differs
            & ~(a.place_same & (p.end != -1) & a.authors_like)
            & ~((p.doi == 1) & (p.start == 1) & a.authors_like)
        ),
        veto=True,
    ),
    Rule(
        "different DOIs",
        UNRELATED,
        lambda a, p: (p.doi == -1) & (~a.title_like | ((p.authors >= 0) & ~a.authors_like)),
        veto=True,
    ),
    Rule(
        "other volume, issue and page",
        UNRELATED,
        lambda a, p: (
            (p.volume == -1)
            & (p.start == -1)
            & ((p.issue == -1) | a.journal_differs)
            & (p.doi != 1)
            & ~a.title_same
        ),
        veto=True,
    ),
)

TOGETHER = (
    Rule(
        "same DOI and title",
        DUPLICATE,
        lambda a, p: (
            (p.doi == 1)
            & (
                a.title_like
                | (
                    a.title_near
                    & a.authors_same
                    & a.journal_like
                    & (p.volume != -1)
                    & (p.start != -1)
                    & ~p.numbers_clash
                )
                | (a.no_title & ((p.start == 1) | a.authors_same))
                | (a.no_title & a.authors_silent & a.place_open & a.year_open)
            )
            & ~(a.journal_differs & (p.start == -1))
            & ~((p.start == -1) & (p.authors >= 0) & ~a.authors_like)
        ),
    ),
    Rule(
        "same DOI, authors and pages",
        DUPLICATE,
        lambda a, p: (
            (p.doi == 1)
            & (p.start == 1)
            & (p.end != -1)
            & (a.title_near | ((p.end == 1) & ~a.abstract_differs))
            & (a.authors_like | a.authors_silent)
            & ~a.journal_differs
        ),
    ),
    Rule(
        "different DOIs for one place",
        DUPLICATE,
        lambda a, p: (p.doi == -1) & a.title_same & (p.first == 1) & a.place_same & ~a.journal_differs,
    ),
    Rule(
        "same title, authors and place",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_like
            & (a.authors_like | a.authors_silent)
            & a.place_same
            & (
                ~a.journal_differs
                | ((p.title >= 95) & a.authors_same & a.year_same & (p.issue == 1) & (p.end != -1))
            )
        ),
    ),
    Rule(
        "same title, authors and pages",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_like
            & a.authors_like
            & (p.start == 1)
            & a.year_open
            & ((p.end == 1) | (a.year_same & ~a.journal_differs & (p.end != -1)))
        ),
    ),
    Rule(
        "same title and place",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 95)
            & a.place_same
            & a.journal_like
            & a.year_near
            & (p.end != -1)
            & ~p.generic
        ),
    ),
    Rule(
        "same title, authors and volume",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_same
            & a.authors_same
            & a.journal_like
            & a.year_near
            & (p.volume == 1)
            & (p.start != -1)
            & ((p.issue != -1) | (p.end == 1))
        ),
    ),
    Rule(
        "same title, volume and issue of a meeting",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & (a.authors_same | (a.authors_silent & a.abstract_same))
            & a.journal_like
            & a.year_same
            & (p.volume == 1)
            & (p.issue == 1)
            & (p.start == 0)
        ),
    ),
    Rule(
        "same title, authors, journal and volume, other page",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & a.authors_same
            & (p.authors >= 90)
            & a.journal_same
            & a.year_near
            & (p.volume == 1)
            & (p.issue != -1)
            & ~p.adjacent
            & ~p.generic
            & ~p.supplement_differs
            & ~a.abstract_differs
        ),
    ),
    Rule(
        "ahead of print",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_like
            & a.authors_same
            & a.journal_like
            & (a.year_open | ((p.year_gap == 2) & p.placed_once))
            & (~p.venue_differs | a.year_same)
            & ((p.volume == 0) | (p.start == 0))
            & a.place_open
            & (~a.meeting | a.abstract_same | (a.year_same & ~a.abstract_differs))
            & (~p.generic | (p.volume == 1) | (p.start == 1) | a.abstract_same)
        ),
    ),
    Rule(
        "same title, authors, volume and abstract",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_near
            & a.authors_like
            & a.abstract_same
            & a.journal_like
            & a.year_near
            & (p.volume != -1)
            & (p.issue != -1)
            & ((p.start != -1) | (p.volume == 1))
            & ~p.adjacent
        ),
    ),
    Rule(
        "same authors, pages, volume and journal",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.place_same
            & (p.end == 1)
            & a.journal_like
            & a.year_near
            & (p.issue != -1)
            & ((a.authors_like & ((p.title >= 60) | a.no_title)) | ((p.title >= 80) & ~p.generic))
        ),
    ),
    Rule(
        "same title and year, no authors",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & a.authors_silent
            & ~p.generic
            & a.place_open
            & (a.journal_like | (p.journal < 0))
            & (p.year_gap <= 0)
            & ~a.meeting
            & ~a.abstract_differs
        ),
    ),
    Rule(
        "same title, authors and year, little else said",
        DUPLICATE,
        lambda a, p: (
            (p.doi != -1)
            & a.title_same
            & a.authors_same
            & ~p.generic
            & a.place_open
            & (~a.journal_differs | (p.meetings & a.year_same))
            & ~a.meeting
            & ~(p.supplement & ~a.journal_like)
            & (
                a.year_same
                | ((p.year_gap < 0) & (a.journal_like | (p.journal < 0)))
                | ((p.year_gap <= 2) & p.meetings & (p.journal >= 60))
            )
        ),
    ),
)

LINKED = (
    Rule(
        "reprint in another journal",
        VERSION,
        lambda a, p: (p.doi == 1) & a.title_same & a.authors_same & p.same_length & ~a.meeting,
    ),
    Rule(
        "translated edition",
        VERSION,
        lambda a, p: (
            (p.doi != -1)
            & a.title_like
            & a.authors_like
            & (p.volume == 1)
            & (p.issue == 1)
            & a.year_same
            & (p.start == -1)
            & a.journal_differs
            & ~a.meeting
        ),
    ),
    Rule(
        "abstract at a meeting",
        COMPANION,
        lambda a, p: (
            a.title_like
            & a.authors_like
            & a.meeting
            & (p.year_gap <= 4)
            & ~((p.start == 1) & a.journal_same)
            & (p.supplement_differs | (p.start == -1) | (p.volume == -1) | (p.year_gap > 0))
        ),
        veto=True,
    ),
    Rule(
        "paper in another kind of venue",
        COMPANION,
        lambda a, p: a.title_like & a.authors_like & a.meeting & (p.year_gap <= 4),
    ),
)

DOUBTFUL = (
    Rule(
        "one DOI on two titles",
        REVIEW,
        lambda a, p: (p.doi == 1) & (p.start != -1),
    ),
    Rule(
        "other title in the same place",
        REVIEW,
        lambda a, p: a.place_same & (p.end == 1) & a.journal_like & a.authors_same & (p.doi != -1),
    ),
    Rule(
        "same title and authors, place not sure",
        REVIEW,
        lambda a, p: a.title_same & a.authors_same & a.journal_like & a.year_near & (p.issue != -1),
    ),
    Rule(
        "same title in another place",
        UNRELATED,
        lambda a, p: (p.start == -1) & ((p.volume == -1) | (p.year_gap > 1) | p.venue_differs),
        veto=True,
    ),
)

RULES: tuple[Rule, ...] = IDENTITY + APART + TOGETHER + LINKED + DOUBTFUL


@dataclass(frozen=True)
class Decisions:
    """For each pair the index of the rule that decided (-1 for none) and a score from 0 to 1."""

    rule: NDArray[np.int16]
    score: NDArray[np.float32]

    def of(self, relation: Relation) -> Bools:
        """The pairs that a rule of this relation decided."""
        table = np.array([rule.relation == relation for rule in RULES] + [False])
        result: Bools = table[self.rule]
        return result

    def vetoed(self) -> Bools:
        """The pairs that must not stand in one group."""
        table = np.array([rule.veto for rule in RULES] + [False])
        result: Bools = table[self.rule]
        return result


def decide(pairs: Pairs) -> Decisions:
    """The first rule of the evidence table that holds for each pair, and how well the pair agrees."""
    agreement = Agreement(pairs)
    rule = np.full(len(pairs), -1, dtype=np.int16)
    for number, line in reversed(list(enumerate(RULES))):
        rule[line.holds(agreement, pairs)] = number
    return Decisions(rule=rule, score=scores(pairs))


WEIGHTS = {"title": 4.0, "authors": 2.0, "journal": 1.0, "abstract": 1.0}
PLACE_WEIGHTS = {
    "volume": 1.0,
    "issue": 0.5,
    "start": 2.0,
    "end": 0.5,
    "doi": 2.0,
    "pmid": 4.0,
    "registry": 1.0,
}


SCANT = 1.5
"""Added to the weight of what two records say, so that agreement in little scores below agreement in much."""


def scores(pairs: Pairs) -> NDArray[np.float32]:
    """How well a pair agrees, 0 to 1: the weighted mean of the fields that both fill, less for few fields."""
    total = np.zeros(len(pairs), dtype=np.float32)
    weight = np.zeros(len(pairs), dtype=np.float32)
    for name, w in WEIGHTS.items():
        value = getattr(pairs, name)
        said = value >= 0
        total += np.where(said, value / 100 * w, 0)
        weight += said * np.float32(w)
    for name, w in PLACE_WEIGHTS.items():
        value = getattr(pairs, name)
        total += (value == 1) * np.float32(w)
        weight += (value != 0) * np.float32(w)
    said = pairs.year_gap >= 0
    total += np.where(said, 1 / (1 + np.maximum(pairs.year_gap, 0)), 0).astype(np.float32)
    weight += said
    return np.round(total / (weight + np.float32(SCANT)), 4).astype(np.float32)
