"""What PubMed's User Guide defines, counted over 51,528 real records.

Each case names the part of the Guide (https://pubmed.ncbi.nlm.nih.gov/help/) or the NLM page that it follows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from resift.archive.source import Archive
from resift.query.evaluate import Evaluation, evaluate
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.query.table import QueryTable

from .conftest import a_record, table_of


@pytest.fixture(scope="module")
def table(open_archive: Callable[[str], Archive]) -> QueryTable:
    return open_archive("pubmed").query_table()


@pytest.fixture(scope="module")
def ask(table: QueryTable, mesh: MeshTree) -> Callable[[str], Evaluation]:
    def asked(query: str) -> Evaluation:
        return evaluate(parse(query), table, mesh=mesh, today=dt.date(2021, 6, 1))

    return asked


# query, what it must equal, how many it finds, where that is defined
EQUAL = [
    ("prevention and control[sh]", '"prevention and control"[sh]', 928, "MeSH Subheadings [sh]"),
    ("wounds and injuries[mh]", '"wounds and injuries"[mh]', 922, "MeSH Terms [mh]"),
    ("fha[Filter]", "hasabstract", 33_896, "Filters: text availability"),
    ("hasabstract[All Fields]", "hasabstract", 33_896, "Filters: text availability"),
    ('"hasabstract"[text]', "hasabstract", 33_896, "Filters: text availability"),
    ("clinicaltrial[Filter]", '"clinical trial"[pt]', 580, "Filters: article type"),
    ('"clinical trial"[Filter]', '"clinical trial"[pt]', 580, "Filters: article type"),
    ("randomizedcontrolledtrial[sb]", '"randomized controlled trial"[pt]', 207, "Filters: article type"),
    ("casereports[Filter]", '"case reports"[pt]', 3_886, "Filters: article type"),
    ("meta-analysis[Filter]", "meta-analysis[pt]", 11, "Filters: article type"),
    ("excludepreprints[Filter]", "all[sb] NOT preprint[pt]", 51_526, "Filters: other"),
    ("humans[Filter]", "humans[mh]", 18_325, "Filters: species"),
    ("animal[Filter]", "animals[mh:noexp]", 10_444, "Filters: species"),
    ("female[Filter]", "female[mh]", None, "Filters: sex"),
    ("allchild[Filter]", "infant[mh] OR child[mh] OR adolescent[mh]", 4_636, "Filters: age"),
    ("newborn[Filter]", '"infant, newborn"[mh]', None, "Filters: age"),
    ("allinfant[Filter]", "infant[mh]", 1_781, "Filters: age"),
    ("infant[Filter]", "infant[mh:noexp]", 1_146, "Filters: age"),
    ("preschoolchild[Filter]", '"child, preschool"[mh]', None, "Filters: age"),
    ("child[Filter]", "child[mh:noexp]", None, "Filters: age"),
    ("adolescent[Filter]", "adolescent[mh]", None, "Filters: age"),
    ("alladult[Filter]", "adult[mh]", 7_440, "Filters: age"),
    ("youngadult[Filter]", '"young adult"[mh]', None, "Filters: age"),
    ("adult[Filter]", "adult[mh:noexp]", 5_556, "Filters: age"),
    ("middleagedaged[Filter]", '"middle aged"[mh] OR aged[mh]', 4_908, "Filters: age"),
    ("middleaged[Filter]", '"middle aged"[mh]', 4_289, "Filters: age"),
    ("aged[Filter]", "aged[mh]", 2_738, "Filters: age"),
    ("80andover[Filter]", '"aged, 80 and over"[mh]', 74, "Filters: age"),
    ("english[Filter]", "english[la]", 43_503, "Filters: language"),
    ("y_5[Filter]", '"last 5 years"[dp]', 16_807, "Filters: publication date"),
    ('"last year"[dp]', '"last 1 year"[dp]', 16_126, "Searching for a relative date range"),
    ("Therapy/Narrow[Filter]", "randomized controlled trial[pt] OR (randomized[tiab] AND controlled[tiab] "
     "AND trial[tiab])", 453, "Clinical study categories"),
    ("Prognosis/Narrow[filter]", "prognos*[tiab] OR (first[tiab] AND episode[tiab]) OR cohort[tiab]", None,
     "Clinical study categories"),
    ("systematicreview[Filter]", "systematic[sb]", 452, "Systematic review filter"),
    ("New England Journal of Medicine[ta]", "N Engl J Med[ta]", 149, "Journal [ta]"),
    ("New England J*[ta]", "N Engl J Med[ta]", 149, "Journal [ta]"),
    ("Journal of Biological Chemistry[ta]", "J Biol Chem[ta]", 262, "Journal [ta]"),
    ('"The Lancet"[ta]', "Lancet[ta]", 34, "Journal [ta]"),
    ("Nutrition and cancer[ta]", '"Nutrition and cancer"[ta]', None, "Journal [ta]"),
    ('"Validation Studies"[pt]', '"Validation Study"[pt]', 3, "Publication Type [pt]"),
    ("D023361[pt]", '"Validation Study"[pt]', 3, "Publication Type [pt]"),
    ('"Retraction Notice"[pt]', '"Retraction of Publication"[pt]', 13, "Publication Type [pt]"),
    ("Congresses[pt]", "Congress[pt]", 14, "Publication Type [pt]"),
    ("33913942[uid] OR 6990[uid]", "33913942[pmid] OR 6990[pmid]", None, "PMID [pmid]"),
    ("2012/05/10:2013[dp]", "2012/05/10:2013/12/31[dp]", 40, "Date of Publication [dp]"),
    ("2012:2013/05/10[dp]", "2012/01/01:2013/05/10[dp]", 30, "Date of Publication [dp]"),
    ("Assis Raquel[au]", "Assis R[au]", 1, "Author [au]"),
    ("Raquel Assis[au]", "Assis R[au]", 1, "Author [au]"),
    ("Assis Raquel[fau]", "Assis R[au]", 1, "Full Author Name [fau]"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "same", "count", "source"), EQUAL, ids=[case[0] for case in EQUAL])
def test_what_the_guide_defines_finds_what_it_defines(
    ask: Callable[[str], Evaluation], query: str, same: str, count: int | None, source: str
) -> None:
    found, wanted = ask(query), ask(same)
    assert not found.unknown.any(), source
    assert (found.yes == wanted.yes).all(), source
    assert found.yes.sum() == count or (count is None and found.yes.any() == wanted.yes.any()), source


# Guide, "Comment/correction types": words that need no tag.
LINKED = {
    "hasretractionin": 9, "hasretractionof": 12, "hascommenton": 211, "haserratumin": 177, "hasupdatein": 5,
}  # fmt: skip


@pytest.mark.parametrize(("word", "count"), LINKED.items())
def test_words_for_notices_need_no_tag(ask: Callable[[str], Evaluation], word: str, count: int) -> None:
    for form in (word, f"{word}[All Fields]", f"{word}[sb]", f"{word}[Filter]"):
        assert ask(form).yes.sum() == count, form
    assert ask(f"all[sb] NOT {word}").yes.sum() == 51_528 - count


@pytest.mark.parametrize("word", ["pubstatusnihms", "free full text[sb]", "jsubsetaim[sb]", "hascois"])
def test_a_filter_that_a_record_cannot_answer_is_said(ask: Callable[[str], Evaluation], word: str) -> None:
    found = ask(word)
    assert found.unknown.all()
    assert any("cannot be decided" in said for said in found.approximations)


def test_ahead_of_print_is_what_the_publisher_said() -> None:
    """Guide, "Publication status": `pubstatusaheadofprint`; another database's record does not say."""
    table = table_of(
        a_record(1, publication_status="aheadofprint"),
        a_record(2, publication_status="ppublish"),
        a_record(3),
    )
    for form in ("pubstatusaheadofprint", "pubstatusaheadofprint[sb]", "pubstatusaheadofprint[Filter]"):
        found = evaluate(parse(form), table)
        assert (found.yes.tolist(), found.unknown.tolist()) == ([True, False, False], [False, False, True])


def test_two_untagged_pmids_are_alternatives() -> None:
    """Guide, "How do I search by PMID": several numbers, blanks between them, are joined by OR."""
    table = table_of(a_record(16170379), a_record(16354850), a_record(15527088))
    assert evaluate(parse("16170379 16354850"), table).yes.tolist() == [True, True, False]


def test_article_numbers_are_pages_and_locations() -> None:
    """Guide, "Location ID [lid]", "Pagination [pg]"."""
    table = table_of(a_record(1, pages="e228092"), a_record(2, pages="12-19"))
    for query in ("e228092[lid]", "e228092[pg]", "e228092"):
        assert evaluate(parse(query), table).yes.tolist() == [True, False], query


def test_a_lower_case_and_is_an_operator_where_there_is_no_such_name() -> None:
    table = table_of(a_record(1, title="aspirin", mesh=("Asthma*",)), a_record(2, mesh=("Asthma*",)))
    found = evaluate(parse("aspirin and asthma[mh]"), table)
    assert found.yes.tolist() == [True, False]
    assert any("read as an operator" in said for said in found.approximations)


def test_journals_are_found_without_subtitle_and_brackets() -> None:
    titles = (
        "Journal of gastrointestinal surgery : official journal of the Society",
        "Lancet (London, England)",
    )
    for title, short in zip(titles, ("Journal of Gastrointestinal Surgery", "Lancet"), strict=True):
        assert evaluate(parse(f"{short}[ta]"), table_of(a_record(journal=title))).yes[0]


def test_an_untagged_year_is_a_word_or_a_year_and_said() -> None:
    table = table_of(
        a_record(1, print_date="2012-05"), a_record(2, title="Report of 2012", print_date="2015")
    )
    found = evaluate(parse("2012"), table)
    assert found.yes.tolist() == [True, True]
    assert any("year of publication" in said for said in found.approximations)


def test_no_name_is_too_many() -> None:
    """A name of a filter must not be guessed: what the Guide does not know stays undecided."""
    found = evaluate(parse("nosuchthing[Filter]"), table_of(a_record()))
    assert found.unknown.all()
