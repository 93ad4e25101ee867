"""The measures of pairs, read as the statements that rules are written in; and what a rule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resift.dedupe.compare import Pairs
from resift.dedupe.model import Relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Thresholds:
    """Likeness, 0 to 100, from which a field counts as the same, like or near (`differs`: below which not).

    `benchmarks/dedupe_left_out.py` moves each and tells what it would cost on every labelled set.
    """

    title_same: float = 95
    title_like: float = 85
    title_near: float = 70
    authors_same: float = 75
    authors_like: float = 55
    journal_like: float = 65
    journal_differs: float = 34
    abstract_same: float = 90


CHOSEN = Thresholds()


class Agreement:
    """The measures of `Pairs`, read as the statements that rules are written in."""

    def __init__(self, pairs: Pairs, least: Thresholds = CHOSEN) -> None:
        p = pairs
        self.no_title = p.title < 0
        self.title_same = (p.title >= least.title_same) | p.title_part
        self.title_like = (p.title >= least.title_like + 8 * p.heading) | p.title_part
        self.title_near = (p.title >= least.title_near) | p.title_part | p.title_within
        self.title_unlike = (p.title >= 0) & (p.title < 65) & ~p.title_part & ~p.title_within
        self.authors_same = (p.authors >= least.authors_same) & (p.first != -1)
        # Single names are soon alike ("Jenssen", "Finsen"): under a heading the first author must be one.
        self.authors_like = (p.authors >= least.authors_like) & ~(p.heading & (p.first == -1))
        self.authors_silent = p.authors < 0
        self.authors_unlike = (p.authors >= 0) & (p.authors < 50)
        self.journal_same = p.journal >= 85
        self.journal_like = p.journal >= least.journal_like
        self.journal_differs = (p.journal >= 0) & (p.journal < least.journal_differs)
        self.year_same = p.year_gap == 0
        self.year_near = (p.year_gap >= 0) & (p.year_gap <= 1)
        self.year_open = p.year_gap <= 1  # or not said
        self.abstract_same = p.abstract >= least.abstract_same
        self.abstract_differs = (p.abstract >= 0) & (p.abstract < 60)
        self.meeting = p.supplement_differs | (p.venue_differs & (p.journal < 85))
        # One volume and page in two issues are two places; a long title on the same pages, or the abstract,
        # outweighs the issue, which is the field that databases get wrong most often.
        self.issue_open = (
            (p.issue != -1)
            | (~p.generic & ~p.short & ~p.word_differs & (p.end == 1) & (p.title >= 90) & self.authors_same)
            | (
                ~p.heading
                & ~p.recurs
                & self.abstract_same
                & self.authors_same
                & self.year_same
                & (p.title >= 90)
                & (p.end != -1)
            )
        )
        # Without a page a title must say the same: "is involved" and "is not involved" are two reports.
        self.worded_alike = ~p.word_added | (p.start == 1) | self.abstract_same
        self.worded_alike |= (p.doi == 1) & ~p.doi_shared
        self.place_same = (p.volume == 1) & (p.start == 1) & self.issue_open
        # A type of publication that only PubMed says ("Comment") makes no other report of one place.
        self.labelled = (p.start == 1) & (
            (p.doi == 1)
            | (self.place_same & (p.title >= 95) & self.authors_like & (p.issue != -1) & (p.end != -1))
        )
        self.place_open = (p.volume != -1) & (p.start != -1) & (p.issue != -1)
        self.place_differs = (p.volume == -1) & (p.start == -1)
        # What may be said of two records under a title that comes back: the whole place, or an identifier
        # or abstract that nothing contradicts.
        self.told_apart = (
            ~p.generic
            | (
                (p.volume == 1)
                & (p.start == 1)
                & (p.issue != -1)
                & (p.end != -1)
                & self.year_open
                & ((p.issue == 1) | ~p.low_page | ~(p.heading | p.recurs))
            )
            | (((p.doi == 1) | self.abstract_same) & self.place_open & self.year_open)
            | (~p.heading & ~p.recurs & (p.volume == 1) & (p.issue == 1) & (p.start != -1) & self.year_same)
            | (
                ~p.heading
                & ~p.short
                & (p.start == 1)
                & (p.end != -1)
                & (p.doi != -1)
                & self.place_open
                & self.year_same
                & self.journal_like
                & self.authors_same
            )
            | (
                ~p.heading
                & ~p.recurs
                & (p.volume != -1)
                & (p.issue == 1)
                & (p.start == 1)
                & (p.end == 1)
                & self.year_same
            )
        )
        contradicted = (
            self.authors_unlike.astype(np.int8)
            + (p.doi == -1)
            + self.place_differs
            + self.journal_differs
            + (p.year_gap > 1)
        )
        supported = self.authors_like | (p.doi == 1) | self.place_same | self.abstract_same
        self.against = (self.title_unlike & ((contradicted >= 2) | ((contradicted == 1) & ~supported))) | (
            p.generic & (contradicted >= 2)
        )


@dataclass(frozen=True)
class Rule:
    """One line of the evidence table; `case` names in one line what made it.

    `veto` also keeps the two records out of one group; `joins` is whether `versions="merge"` makes one
    group of two versions that this rule finds, and `across` whether even over different PMIDs (an
    identifier names the work). `always`: told to a person however long the list is.
    """

    name: str
    relation: Relation
    case: str
    holds: Callable[[Agreement, Pairs], Bools]
    veto: bool = False
    joins: bool = True
    across: bool = False
    always: bool = False
