"""Every fault of a table is named with its line and column; what a spreadsheet saves is read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import yaml
from tests.studies.conftest import SEARCH, Make, write_study

from resift.errors import ConfigError
from resift.studies.model import FaultKind, Weight
from resift.studies.read import DATE_FIELDS, load_study


@pytest.mark.parametrize(
    ("cells", "column", "kind", "weight"),
    [
        ({"item_8_quote": ""}, "item_8_quote", FaultKind.QUOTE, Weight.ERROR),
        ({"item_9": "partly", "item_9_quote": " "}, "item_9_quote", FaultKind.QUOTE, Weight.ERROR),
        ({"item_1": "perhaps"}, "item_1", FaultKind.JUDGEMENT, Weight.ERROR),
        ({"item_1": "not applicable"}, "item_1", FaultKind.JUDGEMENT, Weight.ERROR),
        ({"item_1": ""}, "item_1", FaultKind.JUDGEMENT, Weight.ERROR),
        ({"search_date": "2019-02-30"}, "search_date", FaultKind.DATE, Weight.ERROR),
        ({"search_date": "2019-13"}, "search_date", FaultKind.DATE, Weight.ERROR),
        ({"search_date": "March 2019"}, "search_date", FaultKind.DATE, Weight.ERROR),
        ({"search_date": "03/02/2019"}, "search_date", FaultKind.DATE, Weight.ERROR),
        ({"search_date": "0019"}, "search_date", FaultKind.DATE, Weight.ERROR),
        ({"window_from": "2012", "window_until": "2001"}, "window_until", FaultKind.DATE, Weight.ERROR),
        ({"window_from": "2003-05", "window_until": "2003-01"}, "window_until", FaultKind.DATE, Weight.ERROR),
        ({"languages": "English; Germn"}, "languages", FaultKind.LANGUAGE, Weight.WARNING),
        ({"query": "asthma[tiab] AND {liver}"}, "query", FaultKind.QUERY, Weight.ERROR),
        ({"count": "about 40"}, "count", FaultKind.COUNT, Weight.ERROR),
        ({"count": "-4"}, "count", FaultKind.COUNT, Weight.ERROR),
        ({"pmid": "12 or 13"}, "pmid", FaultKind.PMID, Weight.ERROR),
        ({"included": "123; 3.1E+07"}, "included", FaultKind.PMID, Weight.ERROR),
        ({"window_field": "pdat"}, "window_field", FaultKind.FIELD, Weight.ERROR),
        ({"query": "exp Asthma/ and child$.tw."}, "query", FaultKind.FOREIGN, Weight.ERROR),
        ({"query": "'asthma'/exp AND [humans]/lim"}, "query", FaultKind.FOREIGN, Weight.ERROR),
        ({"query": "1. asthma\n2. children"}, "query", FaultKind.LINES, Weight.ERROR),
        ({"query": "asthma[tiab]\nchildren[tiab]"}, "query", FaultKind.LINES, Weight.ERROR),
        ({"query": "(asthma[tiab] AND child"}, "query", FaultKind.UNBALANCED, Weight.WARNING),
        ({"query": '"asthma[tiab]'}, "query", FaultKind.UNBALANCED, Weight.WARNING),
        ({"query": "asthma[tiabb]"}, "query", FaultKind.QUERY, Weight.WARNING),
        ({"query": "", "query_file": "none.txt"}, "query_file", FaultKind.FILE, Weight.ERROR),
        ({"query_file": "../study.yaml", "query": ""}, "query_file", FaultKind.FILE, Weight.ERROR),
        ({"query_file": "study.yaml"}, "query_file", FaultKind.BOTH, Weight.ERROR),
        ({"platform": "Ovidd"}, "platform", FaultKind.PLATFORM, Weight.WARNING),
        ({"database": "MEDLINE", "platform": "Silverpltter"}, "platform", FaultKind.PLATFORM, Weight.WARNING),
        ({"database": ""}, "database", FaultKind.MISSING, Weight.ERROR),
        ({"citation": ""}, "citation", FaultKind.CITATION, Weight.ERROR),
        ({"review": "!"}, "review", FaultKind.REVIEW, Weight.ERROR),
        ({"window_from": "2000", "item_9": "no", "item_9_quote": ""}, "item_9_quote", FaultKind.QUOTE,
         Weight.WARNING),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_line_and_column(
    make: Make, cells: dict[str, str], column: str, kind: FaultKind, weight: Weight
) -> None:
    study = make({**SEARCH, "review": "a"}, {**SEARCH, "review": "b", "count": "7", **cells})
    (fault,) = study.faults
    assert (fault.line, fault.column, fault.kind, fault.weight) == (3, column, kind, weight)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("2003", "2003-01"), ("2003-05", "2003"), ("2003-05-31", "2003-05"), ("2003", "2003")],
)
def test_a_window_may_begin_in_the_year_or_month_that_it_ends_in(make: Make, begins: str, ends: str) -> None:
    study = make({**SEARCH, "review": "a", "window_from": begins, "window_until": ends})
    assert study.faults == ()


def test_ids_in_other_letters_stay_apart(make: Make) -> None:
    one, two = make({**SEARCH, "review": "张2020"}, {**SEARCH, "review": "王2020"}).rows
    assert one.review != two.review


def test_two_citations_of_one_review_are_told(make: Make) -> None:
    study = make(
        {**SEARCH, "review": "a+"}, {**SEARCH, "review": "a-", "search": "x", "citation": "Other. 2003"}
    )
    assert [(f.line, f.column, f.kind) for f in study.faults] == [(3, "citation", FaultKind.DISAGREE)]


def test_a_row_without_fault_has_none(make: Make) -> None:
    study = make(
        {
            **SEARCH,
            "review": "A 1",
            "count": "1,234",
            "search_date": "13/03/2019",
            "included": "12 34;56",
            "doi": "https://doi.org/10.1/X",
            "platform": "NLM",
            "query": "1. asthma[tiab] (500)\n2. child*[tiab] (900)\n3. 1 AND 2 (120)",
        }
    )
    (row,) = study.rows
    assert study.faults == ()
    assert (row.review, row.count, row.search_date, row.doi) == ("a-1", 1234, "2019-03-13", "10.1/X")
    assert row.included == ("12", "34", "56")
    assert row.is_pubmed and row.query.count("\n") == 2


def test_the_same_search_twice_is_a_duplicate_unless_another_extractor_signs_it(make: Make) -> None:
    one = {**SEARCH, "review": "a", "extractor": "AB"}
    assert [f.kind for f in make(one, one).faults] == [FaultKind.DUPLICATE]
    assert [f.kind for f in make(one, {**one, "platform": "NLM"}).faults] == [FaultKind.DUPLICATE]
    assert make(one, {**one, "extractor": "CD"}).faults == ()
    assert make(one, {**one, "search": "update"}).faults == ()


def test_one_id_for_two_reviews_is_told(make: Make) -> None:
    one = {**SEARCH, "review": "a", "pmid": "1"}
    study = make(one, {**one, "database": "Embase", "platform": "Ovid", "pmid": "2"})
    assert [(f.line, f.column, f.kind) for f in study.faults] == [(3, "pmid", FaultKind.DISAGREE)]


@pytest.mark.parametrize(
    ("database", "platform", "pubmed"),
    [
        ("PubMed", "", True),
        ("PubMed", "NLM", True),
        ("MEDLINE", "PubMed", True),
        ("MEDLINE via PubMed", "", True),
        ("MEDLINE", "Ovid", False),
        ("MEDLINE", "", False),
        ("PubMed Central", "", False),
        ("PubMed", "Ovid", False),
        ("Embase", "Embase.com", False),
    ],
)
def test_only_pubmed_itself_is_pubmed(make: Make, database: str, platform: str, pubmed: bool) -> None:
    study = make({**SEARCH, "review": "a", "database": database, "platform": platform})
    assert study.rows[0].is_pubmed is pubmed


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), ("\t", "utf-16"), (",", "utf-8-sig")])
def test_a_table_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    folder = write_study(tmp_path / "s", [])
    text = delimiter.join(["Review", "Citation", "Database", "Search date", "Query"]) + "\r\n"
    text += delimiter.join(["a", "Müller 2019", "PubMed", "13.03.2019", '"asthma[tiab]"']) + "\r\n"
    text += delimiter * 4 + "\r\n"
    (folder / "reviews.csv").write_bytes(text.encode(encoding))
    (row,) = load_study(folder).rows
    assert (row.citation, row.search_date, row.query) == ("Müller 2019", "2019-03-13", "asthma[tiab]")


def test_a_workbook_is_read(tmp_path: Path) -> None:
    import datetime

    folder = write_study(tmp_path / "s", [], "reviews: reviews.xlsx\n")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["review", "citation", "database", "count", "search_date", "included"])
    sheet.append(["a", "Smith", "PubMed", 1234, datetime.datetime(2019, 3, 4), 31000000])
    book.save(folder / "reviews.xlsx")
    study = load_study(folder)
    (row,) = study.rows
    assert (row.count, row.search_date, row.included) == (1234, "2019-03-04", ("31000000",))
    assert study.faults == ()


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "s", [])
    (folder / "reviews.csv").write_text("review,citation,databse\na,b,c\n")
    with pytest.raises(ConfigError, match="did you mean 'database'"):
        load_study(folder)


def test_a_study_and_a_protocol_know_the_same_date_fields() -> None:
    schema = yaml.safe_load(Path("workflow/schemas/protocol.schema.yaml").read_text(encoding="utf-8"))
    assert list(DATE_FIELDS) == schema["properties"]["window"]["properties"]["field"]["enum"]
