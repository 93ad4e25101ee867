"""The first half of the evidence table: what identifies a report, and what keeps two records apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resift.dedupe.agreement import Agreement, Rule
from resift.dedupe.known_links import Linked
from resift.dedupe.model import Relation

if TYPE_CHECKING:
    from resift.dedupe.compare import Bools, Pairs


def _other_numbers(a: Agreement, p: Pairs) -> Bools:
    """Numbers in the titles that differ, and nothing that outweighs them."""
    found: Bools = (
        p.numbers_differ
        & ~(a.title_near & (p.doi == 1) & (p.start != -1) & ~p.numbers_clash)
        & ~((p.title >= 80) & (p.doi == 1) & a.place_same)
        & ~((p.title_part | p.title_within) & a.place_same & (a.abstract_same | (p.abstract < 0)))
        & ~((p.title >= 80) & a.place_same & (p.end != -1) & (p.doi == 0) & a.authors_like)
        & ~(a.place_same & (p.end == 1) & (p.doi == 1) & a.authors_like)
        & ~(p.language_differs & a.place_same & (p.end == 1) & a.authors_same & ~p.numbers_clash)
    )
    return found


def _other_words(a: Agreement, p: Pairs) -> Bools:
    """Words in the titles that differ, and nothing that outweighs them."""
    found: Bools = (
        p.word_differs
        & ~(a.place_same & (p.end != -1) & a.authors_like)
        & ~((p.doi == 1) & (p.start == 1) & a.authors_like)
        & ~((p.doi == 1) & ~p.doi_shared & (p.title >= 90) & a.authors_same & a.place_open & a.year_open)
    )
    return found


IDENTITY = (
    Rule(
        "one PMID on two unlike records",
        Relation.REVIEW,
        "a reference manager's running number read as PMID: ten papers with ten DOIs became five",
        lambda a, p: (p.pmid == 1) & a.against,
        veto=True,
        always=True,
    ),
    Rule(
        "same PMID",
        Relation.DUPLICATE,
        "PubMed's own record exported twice",
        lambda a, p: p.pmid == 1,
    ),
    Rule(
        "linked by PubMed as companion",
        Relation.COMPANION,
        "ErratumIn, CommentOn, RetractionOf in PubMed's record",
        lambda a, p: p.linked == Linked.COMPANION,
        veto=True,
    ),
    Rule(
        "linked by PubMed as version",
        Relation.VERSION,
        "UpdateOf, RepublishedFrom in PubMed's record",
        lambda a, p: p.linked == Linked.VERSION,
        across=True,
    ),
    Rule(
        "same trial registration",
        Relation.DUPLICATE,
        "one NCT number exported from two registries, titles public and scientific",
        lambda a, p: p.registrations & (p.registry == 1),
    ),
    Rule(
        "other trial registration",
        Relation.UNRELATED,
        "two trials of one sponsor under one title",
        lambda a, p: p.registrations & (p.registry == -1),
        veto=True,
    ),
    Rule(
        "registration of the trial",
        Relation.COMPANION,
        "an article that names its NCT number beside the registry's entry",
        lambda a, p: (p.registry == 1) & p.venue_differs & (p.doi != 1),
        veto=True,
    ),
    Rule(
        "notice about the report",
        Relation.COMPANION,
        "'Erratum: ' and the whole title",
        lambda a, p: (
            p.kind_differs
            & a.title_near
            & ~a.labelled
            & ((p.title >= 90) | p.title_part | p.title_within | a.authors_like)
        ),
        veto=True,
    ),
    Rule(
        "notice about another report",
        Relation.UNRELATED,
        "'Erratum: ' and a like title by others",
        lambda a, p: p.kind_differs & a.title_near & ~a.labelled,
        veto=True,
    ),
    Rule(
        "same edition of an updated review",
        Relation.DUPLICATE,
        "one Cochrane review (CD000193.pub2) from two databases",
        lambda a, p: (
            (p.series == 1)
            & (p.edition == 1)
            & (p.pmid != -1)
            & (a.title_near | ((p.doi == 1) & a.authors_same))
        ),
    ),
    Rule(
        "other edition of an updated review",
        Relation.VERSION,
        "CD000193.pub2 and CD000193.pub3",
        lambda a, p: (
            (p.series == 1)
            & (p.edition == -1)
            & ((p.title >= 97) | p.title_part | p.title_within | ((p.title >= 80) & (p.lead == 1)))
        ),
        across=True,
    ),
    Rule(
        "other edition of an updated review, reworded",
        Relation.VERSION,
        "CD000193.pub3 under a new title",
        lambda a, p: (p.series == 1) & (p.edition == -1),
        joins=False,
    ),
)

APART = (
    Rule(
        "preprint and article",
        Relation.VERSION,
        "a bioRxiv manuscript and the journal's article a year later",
        lambda a, p: (
            p.preprint_differs
            & (p.doi != 1)
            & (a.title_like | p.title_within)
            & ~p.numbers_differ
            & (a.authors_same | a.abstract_same)
        ),
    ),
    Rule(
        "one citation under two PMIDs",
        Relation.REVIEW,
        "PubMed holds a few reports twice; PMIDs that differ never merge by rule",
        lambda a, p: (p.pmid == -1) & a.title_same & a.authors_same & a.place_same & (p.doi != -1),
        veto=True,
    ),
    Rule(
        "different PMIDs",
        Relation.UNRELATED,
        "two articles, both in PubMed",
        lambda a, p: p.pmid == -1,
        veto=True,
    ),
    Rule(
        "different Cochrane reviews",
        Relation.UNRELATED,
        "'Antibiotics for ...' by one group, CD numbers 000193 and 000219",
        lambda a, p: (p.series == -1) & (p.doi != 1),
        veto=True,
    ),
    Rule(
        "part of a series",
        Relation.COMPANION,
        "'Part I: ultrasonography' and 'Part II: scintigraphy'",
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
        "one DOI, other words or numbers in the title",
        Relation.REVIEW,
        "'HIV infection ...' and 'Human immunodeficiency virus infection ...', one of them without pages",
        lambda a, p: (
            (p.doi == 1)
            & ~p.doi_shared
            & (p.title >= 60)
            & a.authors_same
            & ~p.generic
            & (_other_numbers(a, p) | _other_words(a, p))
        ),
        veto=True,
    ),
    Rule(
        "other numbers in the title",
        Relation.UNRELATED,
        "'Kv2.1' and 'Kv2.2'; but one database drops 'Kir2.1 or' and all else agrees",
        _other_numbers,
        veto=True,
    ),
    Rule(
        "other words in the title, place not said",
        Relation.UNRELATED,
        "'Rir resection', typed, against a row whose pages a spreadsheet took: a third record may join them",
        lambda a, p: (
            p.word_differs
            & (p.title >= 90)
            & a.authors_same
            & (p.volume == 1)
            & (p.start == 0)
            & a.journal_like
            & a.year_near
        ),
    ),
    Rule(
        "other words in the title",
        Relation.UNRELATED,
        "'in rats after a single dose' and 'in rabbits after a single dose'",
        _other_words,
        veto=True,
    ),
    Rule(
        "different DOIs",
        Relation.UNRELATED,
        "two DOIs, other title or other authors",
        lambda a, p: (
            (p.doi == -1) & (~(a.title_like | p.title_within) | ((p.authors >= 0) & ~a.authors_like))
        ),
        veto=True,
    ),
    Rule(
        "other volume, issue and page",
        Relation.UNRELATED,
        "a like title by the same group in another volume",
        lambda a, p: a.place_differs & ((p.issue == -1) | a.journal_differs) & (p.doi != 1) & ~a.title_same,
        veto=True,
    ),
    Rule(
        "another meeting of the series",
        Relation.COMPANION,
        "'Panel: ...' in 'ICIS 1998 Proceedings' and 'ICIS 1999 Proceedings'",
        lambda a, p: (
            p.other_meeting & (p.doi != 1) & (p.meetings | (p.venue_differs & ~a.place_same)) & a.title_like
        ),
        veto=True,
    ),
    Rule(
        "heading in another place",
        Relation.UNRELATED,
        "'From the editor' by one editor: page 5 of issue 1 and page 5 of issue 2",
        lambda a, p: (
            p.generic
            & ~(
                a.told_apart
                & ~(a.journal_differs & (p.doi != 1))
                & ~(p.heading & (p.journal >= 0) & ~a.journal_like & (p.doi != 1))
                & ((p.doi != -1) | ((p.issue == 1) & (p.end == 1) & ~p.doi_beside))
            )
            & (
                (p.volume == -1)
                | (p.issue == -1)
                | (p.start == -1)
                | (p.year_gap > 0)
                | (p.doi == -1)
                | (p.end == -1)
                | ((p.journal >= 0) & ~a.journal_like)
                | a.authors_unlike
            )
        ),
        veto=True,
    ),
    Rule(
        "heading on a page that every issue has",
        Relation.REVIEW,
        "'Letter from the president', volume 11, page 5: of issue 3, or of any other",
        lambda a, p: (
            ~a.told_apart & (p.volume == 1) & (p.start == 1) & (p.issue == 0) & a.authors_same & a.title_like
        ),
    ),
    Rule(
        "heading without a place",
        Relation.UNRELATED,
        "'Letters' in one journal and year, no page",
        lambda a, p: ~a.told_apart,
    ),
)
