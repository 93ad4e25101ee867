"""The verdict, read side by side with the definition of Rethlefsen et al. 2024, on made-up protocols."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from resift.documents import FlowDocument, FlowSources, Reproduction, SearchDocument
from resift.prisma.checklist import RunFacts
from resift.prisma.reproduction import Recount, is_pubmed, judge, same_database
from resift.project.run import Run
from resift.tables import KnownItemFinding
from resift.vocabulary import FullText, Held, Outcome, Searched, Within

SEARCH = SearchDocument(
    name="own", primary=True, provenance="stated", reason="", quote="q", dialect=None, query="x[ti]",
    expanded="x[ti]", sent="", url="", count=0, translation="", translation_set=(), errors=(), warnings=(),
    accepted_warnings=(), slices=(), searched_at="2026-01-02T03:04:05Z", database_build="", requests=(),
    source="pubmed", clause_counts="retrieved", counted_how="", clauses=(), lines=(), approximations=(),
    lint=(),
)  # fmt: skip
FLOW = FlowDocument(
    primary="own", full_text=FullText.NOT_UNDERTAKEN, automation_role="screener", boxes=(), by_strategy={},
    identities=(), footnotes=(),
)  # fmt: skip
SIX = {
    number: {"judged": "yes", "quote": "the review's words"} for number in ("1", "2", "8", "9", "13", "15")
}
STATED = {
    part: {"status": "stated", "quote": "the review's words"}
    for part in ("window", "window.field", "languages", "databases")
}
EMBASE = {
    "file": "embase.ris",
    "database": "Embase",
    "query": "'x':ti",
    "date": "2026-01-01",
    "count": 200,
    "provenance": "stated",
    "quote": "the review's words",
}


def protocol(**changes: Any) -> dict[str, Any]:
    """A review of PubMed alone that reports everything; `changes` replace its keys."""
    return {
        "id": "made-up",
        "review": {"citation": "Example AB. A review. J Imaginary Med 2013;1:1."},
        "databases": ["PubMed"],
        "window": {"from": "1995-01-01", "until": "2012-12-31", "field": "dp"},
        "languages": ["english"],
        "reported": {"search_date": "2013-01-15", "records_identified": 100, "prisma_s": SIX},
        "provenance": STATED,
        **changes,
    }


def reported(**changes: Any) -> dict[str, Any]:
    return {"search_date": "2013-01-15", "records_identified": 100, "prisma_s": SIX, **changes}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A protocol, what the search found, and the verdict read from the definition, with a reason in it."""

    name: str
    protocol: dict[str, Any] = field(default_factory=protocol)
    now: int = 130
    then: int = 105
    provenance: str = "stated"
    as_of: str | None = None
    embase: int = 200
    live: bool = True
    outcome: Outcome
    each: tuple[tuple[str, Searched, Outcome], ...]
    reason: str


R, D, N = Outcome.REPRODUCED, Outcome.DIFFERS, Outcome.NOT_ASSESSABLE
PUBMED = "PubMed"
TWO = ["PubMed", "Embase"]
BOTH = {"total": 260, "PubMed": 100, "Embase": 190}

CASES = [
    Case(
        name="one database, all stated, 5 % apart as of the printed day although 30 % apart today",
        outcome=R,
        each=((PUBMED, Searched.RERUN, R),),
        reason="the review prints 100, found here 105 (entered by 2013-01-15): 5.0% apart; today 130.",
    ),
    Case(
        name="one database, today within 10 % by chance, and as of the printed day not",
        now=100,
        then=70,
        outcome=D,
        each=((PUBMED, Searched.RERUN, D),),
        reason="found here 70 (entered by 2013-01-15): 30.0% apart; today 100.",
    ),
    Case(
        name="four databases, a total only, PubMed alone was rerun and finds that very number",
        protocol=protocol(
            databases=["PubMed", "Embase", "CINAHL", "PsycINFO"],
            reported=reported(records_identified=2),
        ),
        now=2,
        then=2,
        outcome=N,
        each=(
            (PUBMED, Searched.RERUN, N),
            *((name, Searched.NOT_SEARCHED, N) for name in ("Embase", "CINAHL", "PsycINFO")),
        ),
        reason="CINAHL: not searched by this run.",
    ),
    Case(
        name="two databases, PubMed within 10 %, Embase not searched",
        protocol=protocol(databases=TWO, reported=reported(records_identified=BOTH)),
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.NOT_SEARCHED, N)),
        reason="Embase: not searched by this run.",
    ),
    Case(
        name="two databases, Embase imported with query, date and count, both within 10 %",
        protocol=protocol(databases=TWO, reported=reported(records_identified=BOTH), imports=[EMBASE]),
        outcome=R,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, R)),
        reason="Embase: the review prints 190, found here 200 (as exported on 2026-01-01): 5.3% apart.",
    ),
    Case(
        name="two databases, the imported file has neither count nor date",
        protocol=protocol(
            databases=TWO,
            reported=reported(records_identified=BOTH),
            imports=[{**EMBASE, "count": None, "date": None}],
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="Embase: the imported file is given without its date and count.",
    ),
    Case(
        name="two databases, the imported file is the review's own result",
        protocol=protocol(
            databases=TWO,
            reported=reported(records_identified=BOTH),
            imports=[{**EMBASE, "date": "2013-01-15", "count": 190}],
        ),
        embase=190,
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="Embase: the imported file is the review's own result",
    ),
    Case(
        name="two databases, PubMed differs, Embase agrees",
        protocol=protocol(databases=TWO, reported=reported(records_identified=BOTH), imports=[EMBASE]),
        then=111,
        outcome=D,
        each=((PUBMED, Searched.RERUN, D), ("Embase", Searched.IMPORTED, R)),
        reason="11.0% apart",
    ),
    Case(
        name="item 9 is reported only partly",
        protocol=protocol(
            reported=reported(prisma_s={**SIX, "9": {"judged": "partly", "quote": "1995 through 2012"}})
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="the review reports only partly 9 (limits and restrictions).",
    ),
    Case(
        name="the window's field is ours",
        protocol=protocol(
            provenance={**STATED, "window.field": {"status": "reconstructed", "reason": "reads so"}}
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="does not mark the window's date field as stated",
    ),
    Case(
        name="the query is ours, and nothing but the database, language and period is reported",
        protocol=protocol(
            reported={"search_date": None, "records_identified": None, "prisma_s": {"1": SIX["1"]}}
        ),
        provenance="reconstructed",
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="PubMed: the review prints no search string; 1 declared candidate stands in for it.",
    ),
    Case(
        name="the run looks at PubMed as of a day before the review's search",
        as_of="2012-06-30",
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="leaves out what entered PubMed after 2012-06-30, before the review's search (2013-01-15).",
    ),
    Case(
        name="the run looks at PubMed as of the day of the review's search",
        as_of="2013-01-15",
        outcome=R,
        each=((PUBMED, Searched.RERUN, R),),
        reason="5.0% apart; today 130.",
    ),
    Case(
        name="an archive stands in for PubMed",
        live=False,
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="A verdict on a count needs PubMed itself.",
    ),
    Case(
        name="the imported file is cut off: its platform counted more than it holds",
        protocol=protocol(databases=TWO, reported=reported(records_identified=BOTH), imports=[EMBASE]),
        embase=100,
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="its platform counted 200 and the imported file holds 100 records.",
    ),
    Case(
        name="the review's total is more than the databases listed account for",
        protocol=protocol(reported=reported(records_identified={"total": 300, "PubMed": 100})),
        outcome=N,
        each=((PUBMED, Searched.RERUN, N),),
        reason="The review's total of 300 is more than the 100 of the databases listed",
    ),
    Case(
        name="one database is listed under two names",
        protocol=protocol(
            databases=["PubMed", "MEDLINE (PubMed)"], reported=reported(records_identified={"PubMed": 100})
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, N), ("MEDLINE (PubMed)", Searched.RERUN, N)),
        reason="The protocol lists one database twice: PubMed and MEDLINE (PubMed).",
    ),
    Case(
        name="two databases, the imported file is given with a blank query",
        protocol=protocol(
            databases=TWO, reported=reported(records_identified=BOTH), imports=[{**EMBASE, "query": "  "}]
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="Embase: the imported file is given without its query.",
    ),
    Case(
        name="two databases, the imported file is dated after the run",
        protocol=protocol(
            databases=TWO,
            reported=reported(records_identified=BOTH),
            imports=[{**EMBASE, "date": "2031-01-01"}],
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="Embase: the imported file is dated 2031-01-01, after this run.",
    ),
    Case(
        name="two databases, the query of the imported file is not the review's",
        protocol=protocol(
            databases=TWO,
            reported=reported(records_identified=BOTH),
            imports=[{**EMBASE, "provenance": "reconstructed"}],
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, R), ("Embase", Searched.IMPORTED, N)),
        reason="Embase: the query of the imported file is not marked as stated by the review.",
    ),
    Case(
        name="two databases, and nobody judged whether they were searched together",
        protocol=protocol(
            databases=TWO,
            reported=reported(records_identified=BOTH, prisma_s={k: v for k, v in SIX.items() if k != "2"}),
            imports=[EMBASE],
        ),
        outcome=N,
        each=((PUBMED, Searched.RERUN, N), ("Embase", Searched.IMPORTED, N)),
        reason="the review does not report 2 (multi-database searching).",
    ),
    Case(
        name="the review searched MEDLINE through Ovid, not PubMed",
        protocol=protocol(databases=["MEDLINE (Ovid)"]),
        outcome=N,
        each=(("MEDLINE (Ovid)", Searched.NOT_SEARCHED, N),),
        reason="MEDLINE (Ovid): not searched by this run.",
    ),
]


def verdict(case: Case) -> Reproduction:
    run = Run(
        name="r", started="2026-01-02T03:04:05Z", until="2012-12-31", as_of=case.as_of, compare_with=None,
        protocol_sha256="", strategies_sha256="",
        config={"source": "pubmed" if case.live else "archive"}, protocol=case.protocol, sent={},
    )  # fmt: skip
    flow = replace(FLOW, sources=FlowSources(databases={"PubMed": case.now, "Embase": case.embase}))
    search = replace(SEARCH, count=case.then if case.as_of else case.now, provenance=case.provenance)
    dated = (case.protocol["reported"] or {}).get("search_date")
    recount = Recount(by_search_date=case.then if dated else None, now=case.now if case.as_of else None)
    return judge(RunFacts(run=run, searches=[search], flow=flow), recount=recount)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict_is_that_of_the_definition(case: Case) -> None:
    found = verdict(case)
    assert found.outcome is case.outcome
    assert tuple((one.database, one.searched, one.outcome) for one in found.databases) == case.each
    assert case.reason in " ".join(found.because)


def test_a_total_over_all_databases_is_compared_with_none_of_them() -> None:
    found = verdict(CASES[2])
    assert all(one.printed is None and one.apart is None for one in found.databases)
    assert "compared with none of them" in " ".join(found.said)


def test_ten_per_cent_is_within_and_more_is_not() -> None:
    for then, outcome in ((90, R), (110, R), (89, D), (111, D)):
        assert verdict(replace(CASES[0], then=then)).outcome is outcome


def test_every_limit_stands_in_the_verdict() -> None:
    assert verdict(replace(CASES[0], as_of="2013-01-15")).limits == (
        "language: english",
        "1995-01-01 to 2012-12-31 [dp]",
        "only records that had entered PubMed by 2013-01-15 [crdt]",
    )


def test_numbers_that_do_not_add_up_are_said() -> None:
    said = verdict(CASES[4]).said
    assert "The review's numbers by database add up to 290, its total is 260." in said


def test_recall_of_included_studies_counts_what_the_source_holds() -> None:
    def item(name: str, held: Held, found: tuple[str, ...], kind: str) -> KnownItemFinding:
        return KnownItemFinding(
            item=name, set=kind, use="test", pmid="1", in_source=held, in_window=Within.YES,
            in_language=Within.YES, found_by=found,
        )  # fmt: skip

    gold = "included in the review"
    known = [
        item("a", Held.YES, ("own",), gold),
        item("b", Held.YES, (), gold),
        item("c", Held.NO, (), gold),
        item("d", Held.UNVERIFIED, ("own",), gold),
        item("e", Held.YES, ("own",), "cited by the review"),
    ]
    case = CASES[0]
    run = verdict(case)
    assert run.overlap.listed == 0
    facts = RunFacts(
        run=Run(
            name="r", started="2026-01-02T03:04:05Z", until=None, as_of=None, compare_with=None,
            protocol_sha256="", strategies_sha256="", config={"source": "pubmed"},
            protocol=case.protocol, sent={},
        ),
        searches=[SEARCH],
        flow=FLOW,
    )  # fmt: skip
    overlap = judge(facts, recount=Recount(), known=known).overlap
    assert (overlap.listed, overlap.unverified, overlap.held, overlap.found) == (4, 1, 2, {"own": 1})


@pytest.mark.parametrize(
    ("name", "pubmed"),
    [
        ("PubMed", True),
        ("MEDLINE (PubMed)", True),
        ("PubMed/MEDLINE", True),
        ("Medline via PubMed", True),
        ("PubMed Central", False),
        ("MEDLINE", False),
        ("MEDLINE (Ovid)", False),
        ("PubMed, Embase", False),
    ],
)
def test_pubmed_under_the_names_that_reviews_give_it(name: str, pubmed: bool) -> None:
    assert is_pubmed(name) is pubmed


def test_a_database_is_the_same_without_its_platform_and_another_on_another() -> None:
    assert same_database("Embase", "EMBASE (Ovid)")
    assert not same_database("Embase (Elsevier)", "Embase (Ovid)")
    assert not same_database("MEDLINE (Ovid)", "PubMed")
