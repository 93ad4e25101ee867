"""The middle of the evidence table: patterns of agreement that make two records one report.

No rule here holds for two titles that are headings unless their place is the same (see `told_apart`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resift.dedupe.agreement import Agreement, Rule
from resift.dedupe.model import Relation

if TYPE_CHECKING:
    from resift.dedupe.compare import Bools, Pairs


def _place_missing(a: Agreement, p: Pairs) -> Bools:
    """All agrees but the place, of which one record, or each, lacks the volume or the page."""
    found: Bools = (
        (p.doi != -1)
        & a.title_like
        & a.worded_alike
        & a.authors_same
        & a.journal_like
        & ((p.year_gap <= 0) | ((p.year_gap <= 2) & p.ahead) | (a.year_near & (p.doi == 1)))
        & ~(p.notices & ~a.abstract_same & (p.doi != 1))
        & (~p.venue_differs | a.year_same)
        & ((p.volume == 0) | (p.start == 0))
        & a.place_open
        & ~p.adjacent
        & (~a.meeting | a.abstract_same | (a.year_same & ~a.abstract_differs))
        & (~p.supplement | a.year_same | (p.doi == 1))
    )
    return found


TOGETHER = (
    Rule(
        "same DOI and title",
        Relation.DUPLICATE,
        "one article from two databases, one of them without pages",
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
            & ~(p.heading & a.authors_unlike)
            & ~(p.doi_shared & (p.word_added | (p.start == -1) | ~a.authors_like))
        ),
    ),
    Rule(
        "same DOI, authors and pages",
        Relation.DUPLICATE,
        "a title translated in one of two databases",
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
        Relation.DUPLICATE,
        "a publisher's two DOIs for one article (by PII and by date), all else equal",
        lambda a, p: (
            (p.doi == -1)
            & a.title_same
            & a.authors_same
            & (p.volume == 1)
            & (p.start == 1)
            & (p.issue != -1)
            & (p.end != -1)
            & a.year_near
            & ~a.journal_differs
            & (~p.supplement_differs | a.abstract_same)
            & (a.abstract_same | ((p.end == 1) & ((p.issue == 1) | (~p.doi_beside & ~p.short))))
        ),
    ),
    Rule(
        "same title, authors and place",
        Relation.DUPLICATE,
        "one article without DOI from two databases",
        lambda a, p: (
            (p.doi != -1)
            & (a.title_like | p.title_within)
            & (a.authors_like | a.authors_silent)
            & a.place_same
            & (
                ~a.journal_differs
                | (
                    (p.title >= 95)
                    & a.authors_same
                    & a.year_same
                    & (p.issue == 1)
                    & (p.end != -1)
                    & ~(p.heading | p.recurs)
                )
            )
        ),
    ),
    Rule(
        "same title, authors and pages",
        Relation.DUPLICATE,
        "volume lost, pages and year kept",
        lambda a, p: (
            (p.doi != -1)
            & a.title_like
            & a.authors_like
            & (p.start == 1)
            & a.year_open
            & ~((p.volume == -1) & (p.year_gap > 0))
            & ((p.end == 1) | (a.year_same & ~a.journal_differs & (p.end != -1)))
            & ~((p.volume == -1) & (p.issue == -1))
            & ~(p.short & ((p.volume == -1) | (p.issue == -1)))
        ),
    ),
    Rule(
        "same title and place",
        Relation.DUPLICATE,
        "the authors of the next article, shifted by one in a whole issue",
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 95)
            & a.place_same
            & a.journal_like
            & a.year_near
            & (p.end == 1)
            & ~p.generic
        ),
    ),
    Rule(
        "same title, authors and volume",
        Relation.DUPLICATE,
        "an article number in one database, no page in the other",
        lambda a, p: (
            (p.doi != -1)
            & a.title_same
            & a.authors_same
            & a.journal_like
            & a.year_near
            & (p.volume == 1)
            & (p.start != -1)
            & ((p.issue != -1) | ((p.end == 1) & ~p.short))
            & a.worded_alike
            & (~p.short | (p.issue == 1) | (p.start == 1) | (p.doi == 1) | a.abstract_same)
            & ~p.adjacent
        ),
    ),
    Rule(
        "same title, volume and issue of a meeting",
        Relation.DUPLICATE,
        "an abstract without page in the same supplement",
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & (a.authors_same | (a.authors_silent & a.abstract_same))
            & a.journal_like
            & a.year_same
            & (p.volume == 1)
            & (p.issue == 1)
            & (p.start == 0)
            & ~p.adjacent
            & a.worded_alike
        ),
    ),
    Rule(
        "same title, authors, journal and volume, other page",
        Relation.DUPLICATE,
        "a page mistyped: 1143-50 and 143-50; but not 359 of issue 10 and 391, issue not said",
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & a.authors_same
            & (p.authors >= 90)
            & a.journal_same
            & a.year_near
            & (p.volume == 1)
            & (p.issue != -1)
            & (
                ((p.issueless | (p.page_slip & (p.end == 0))) & (p.title == 100))
                | (p.page_slip & (p.same_length | (p.end == 1)))
            )
            & ~p.notices
            & ~p.numbered
            & ~p.adjacent
            & ~p.generic
            & ~p.short
            & ~p.supplement
            & ~p.supplement_differs
            & ~a.abstract_differs
        ),
    ),
    Rule(
        "ahead of print",
        Relation.DUPLICATE,
        "the online edition of a year before, without volume or page; but not 'Panel' at two ICIS",
        lambda a, p: _place_missing(a, p) & p.ahead & (p.year_gap > 0),
    ),
    Rule(
        "same title, authors and journal, place missing",
        Relation.DUPLICATE,
        "an export that leaves out the volume or the pages; of one year, ahead of print is not known",
        _place_missing,
    ),
    Rule(
        "same title, authors, volume and abstract",
        Relation.DUPLICATE,
        "a page range against an article number, the abstract word for word",
        lambda a, p: (
            (p.doi != -1)
            & a.title_near
            & a.authors_like
            & a.abstract_same
            & a.journal_like
            & a.year_near
            & (p.volume != -1)
            & (p.issue != -1)
            & (
                (p.start != -1)
                | ((p.volume == 1) & (p.same_length | (p.end != -1)) & ~p.numbered & ~p.supplement_differs)
            )
            & ~p.adjacent
        ),
    ),
    Rule(
        "same authors, pages, volume and journal",
        Relation.DUPLICATE,
        "a title in another translation on the same pages",
        lambda a, p: (
            (p.doi != -1)
            & a.place_same
            & (p.end == 1)
            & a.journal_like
            & a.year_near
            & (p.issue != -1)
            & (~p.generic | a.no_title | (p.issue == 1) | a.abstract_same)
            & (
                (a.authors_like & ((p.title >= 60) | a.no_title) & (~(p.heading | p.recurs) | a.authors_same))
                | ((p.title >= 80) & ~p.generic)
            )
        ),
    ),
    Rule(
        "same authors and place, title destroyed",
        Relation.DUPLICATE,
        "'#NAME?' in a cell, an article number for pages",
        lambda a, p: (
            (p.doi != -1)
            & a.no_title
            & a.authors_same
            & a.place_same
            & (p.end != -1)
            & a.journal_like
            & a.year_same
        ),
    ),
    Rule(
        "same authors and pages, title in another language",
        Relation.DUPLICATE,
        "'Prognose ...' and '[Prognosis ...]' by one group on pages 139-154 of one issue",
        lambda a, p: (
            (p.doi != -1)
            & p.language_differs
            & ~p.numbers_clash
            & a.authors_same
            & a.place_same
            & (p.issue != -1)
            & (p.end == 1)
            & a.journal_like
            & a.year_near
            & ~p.generic
        ),
    ),
    Rule(
        "same title and year, no authors",
        Relation.DUPLICATE,
        "a hand-typed list without authors; but not an article number against pages",
        lambda a, p: (
            (p.doi != -1)
            & (p.title >= 97)
            & ((p.start == 1) | (~p.paged & ~p.short))
            & a.authors_silent
            & a.worded_alike
            & ~p.generic
            & a.place_open
            & (a.journal_like | (p.journal < 0))
            & ~(p.unsigned & p.journal_once & (p.start != 1) & ~a.abstract_same)
            & (p.year_gap <= 0)
            & ~a.meeting
            & ~a.abstract_differs
        ),
    ),
    Rule(
        "same title, authors and year, little else said",
        Relation.DUPLICATE,
        "reference strings: title, authors, year and 'in VLDB'",
        lambda a, p: (
            (p.doi != -1)
            & a.title_same
            & a.worded_alike
            & a.authors_same
            & ~p.generic
            & ~p.notices
            & a.place_open
            & ~p.adjacent
            & (a.journal_like | (p.journal < 0) | (p.meetings & a.year_same))
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
