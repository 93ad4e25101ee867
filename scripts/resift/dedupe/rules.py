"""The evidence table: what each pattern of agreement says two records are to each other.

Rules stand in order and the first that holds decides. Identity comes first, then what keeps records
apart (vetoes, which also bind whole groups), then the patterns of agreement that make two records one
report, then links. A pair that no rule speaks for is unrelated. Every rule names the case that made it.
"""

from __future__ import annotations

from resift.dedupe.agreement import Rule
from resift.dedupe.model import Relation
from resift.dedupe.rules_apart import APART, IDENTITY
from resift.dedupe.rules_together import TOGETHER

LINKED = (
    Rule(
        "reprint in another journal",
        Relation.VERSION,
        "one DOI, two journals, as many pages",
        lambda a, p: (p.doi == 1) & a.title_same & a.authors_same & p.same_length & ~a.meeting,
    ),
    Rule(
        "translated edition",
        Relation.VERSION,
        "'Genetika' 52(4):393 and 'Russian Journal of Genetics' 52(4):343",
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
        Relation.COMPANION,
        "supplement page S88 of the year before",
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
        Relation.COMPANION,
        "a workshop paper and the technical report",
        lambda a, p: a.title_like & a.authors_like & a.meeting & (p.year_gap <= 4),
    ),
)

DOUBTFUL = (
    Rule(
        "one DOI on two unlike records",
        Relation.REVIEW,
        "a DOI pasted into the wrong row: other title, other authors, other page",
        lambda a, p: (p.doi == 1) & (p.title >= 0) & a.against,
        veto=True,
        always=True,
    ),
    Rule(
        "one DOI on two titles",
        Relation.REVIEW,
        "a DOI of the article before, or a title in another language",
        lambda a, p: (p.doi == 1) & (p.start != -1),
    ),
    Rule(
        "other title in the same place",
        Relation.REVIEW,
        "two abstracts of one group on one page, or one title translated, or 'E. coli' written in full",
        lambda a, p: a.place_same & (p.end != -1) & a.journal_like & a.authors_same & (p.doi != -1),
    ),
    Rule(
        "one thesis",
        Relation.REVIEW,
        "a PhD of 2011 and its entry in Dissertation Abstracts of 2012: labels join one and part another",
        lambda a, p: (
            p.theses
            & (p.doi != -1)
            & (p.title >= 97)
            & (p.lead == 1)
            & (p.authors >= 90)
            & (p.year_gap >= 0)
            & (p.year_gap <= 2)
            & ~p.generic
            & ~p.short
            & ~p.word_added
        ),
    ),
    Rule(
        "two DOIs for one place",
        Relation.REVIEW,
        "a publisher's second DOI, or the next report on the same page",
        lambda a, p: (
            (p.doi == -1) & a.title_same & (p.first == 1) & a.place_same & ~a.journal_differs & a.year_near
        ),
        veto=True,
    ),
    Rule(
        "same title and authors, two DOIs",
        Relation.REVIEW,
        "published twice, or a DOI with a slip; a short title comes back",
        lambda a, p: (
            (p.doi == -1)
            & a.title_same
            & a.authors_same
            & a.journal_like
            & a.year_near
            & (p.issue != -1)
            & ~p.generic
        ),
        veto=True,
    ),
    Rule(
        "same title and authors on other pages",
        Relation.REVIEW,
        "a preface on xi-xii and the paper on 1-17 of one issue, joined over a third record without pages",
        lambda a, p: (
            a.title_same
            & a.authors_same
            & a.journal_like
            & a.year_near
            & (p.issue == 1)
            & (p.start == -1)
            & (p.end == -1)
            & ~p.same_length
            & ~p.generic
        ),
        veto=True,
    ),
    Rule(
        "same title and authors, place not sure",
        Relation.REVIEW,
        "one volume, pages far apart",
        lambda a, p: (
            a.title_same & a.authors_same & a.journal_like & a.year_near & (p.issue != -1) & ~p.generic
        ),
    ),
    Rule(
        "same title and year, unsigned, journal not said",
        Relation.REVIEW,
        "a news item of a journal, and a row of title and year alone: every journal has that news",
        lambda a, p: (
            p.unsigned
            & p.journal_once
            & (p.doi != -1)
            & (p.title >= 97)
            & a.worded_alike
            & ~p.generic
            & a.place_open
            & (p.year_gap <= 0)
        ),
    ),
    Rule(
        "other DOI",
        Relation.UNRELATED,
        "two DOIs that both look right, joined over a third record without one",
        lambda a, p: p.doi == -1,
        veto=True,
    ),
    Rule(
        "same title in another place",
        Relation.UNRELATED,
        "a column of the next year, joined over a third record without year",
        lambda a, p: (p.start == -1) & ((p.volume == -1) | (p.year_gap > 1) | p.venue_differs),
        veto=True,
    ),
    Rule(
        "same title in another issue",
        Relation.UNRELATED,
        "a column of the next issue, joined over a third record without issue",
        lambda a, p: (p.issue == -1) & ((p.short & (p.year_gap != 0)) | (p.volume == -1)),
        veto=True,
    ),
    Rule(
        "one DOI and title, other authors or pages",
        Relation.REVIEW,
        "a spreadsheet whose columns of authors and pages slipped by a row",
        lambda a, p: (p.doi == 1) & ~p.doi_shared & a.title_near,
    ),
)

RULES: tuple[Rule, ...] = IDENTITY + APART + TOGETHER + LINKED + DOUBTFUL
