"""The evidence table: what each pattern of agreement says two records are to each other.

Rules stand in order and the first that holds decides. Identity comes first, then what keeps records
apart (vetoes, which also bind whole groups), then the patterns of agreement that make two records one
report, then links. A pair that no rule speaks for is unrelated.
"""

from __future__ import annotations

from resift.dedupe.agreement import Rule
from resift.dedupe.compare import Linked
from resift.dedupe.model import Relation

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
        lambda a, p: (
            p.kind_differs
            & a.title_near
            & ~((p.doi == 1) & (p.start == 1))
            & ((p.title >= 90) | p.title_part | a.authors_like)
        ),
        veto=True,
    ),
    Rule(
        "notice about another report",
        UNRELATED,
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
    # PubMed holds a few reports twice: a person must say, since PMIDs that differ never merge by rule.
    Rule(
        "one citation under two PMIDs",
        REVIEW,
        lambda a, p: (p.pmid == -1) & a.title_same & a.authors_same & a.place_same & (p.doi != -1),
        veto=True,
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
