"""Numbered lines as journals and PubMed's history print them: told apart, put together, or asked about."""

from __future__ import annotations

import pytest

from resift.errors import Code, QueryError
from resift.query.stated import read_stated
from resift.query.syntax import parse

TOGETHER = "(asthma[mh]) AND (child*[tiab])"


LISTS = {
    "marks": "#1 asthma[mh]\n#2 child*[tiab]\n#3 #1 AND #2",
    "points and counts in brackets": "1. asthma[mh] (1,234)\n2. child*[tiab] (55)\n3. 1 AND 2 (12)",
    "brackets": "1) asthma[mh]\n2) child*[tiab]\n3) 1 and 2",
    "bare numbers, counts behind": "1 asthma[mh] 1234\n2 child*[tiab] 55\n3 1 AND 2 12",
    "tabs": "1\tasthma[mh]\t1,234\n2\tchild*[tiab]\t55\n3\t#1 AND #2\t12",
    "newest first": "#3 #1 AND #2\t12\n#2 child*[tiab]\t55\n#1 asthma[mh]\t1,234",
    "bare, newest first": "3 1 AND 2\n2 child*[tiab]\n1 asthma[mh]",
    "sets": "S1 asthma[mh]\nS2 child*[tiab]\nS3 S1 AND S2",
    "words for counts": "#1 asthma[mh] - 1,234 results\n#2 child*[tiab] n=55\n#3 #1 AND #2 12 hits",
    "a last line without a number": "#1 asthma[mh]\n#2 child*[tiab]\n#1 AND #2",
    "a heading above": "PubMed\n#1 asthma[mh]\n#2 child*[tiab]\n#3 #1 AND #2",
    "a wrapped line": "#1 asthma\n   [mh]\n#2 child*[tiab]\n#3 #1\n AND #2",
    "results named": "#1 asthma[mh] Results: 1,234\n#2 child*[tiab] (hits = 55)\n#3 #1 AND #2 n=12",
    "numbers in brackets": "(1) asthma[mh]\n(2) child*[tiab]\n(3) (1) AND (2)",
    "steps": "Step 1: asthma[mh]\nStep 2: child*[tiab]\nStep 3: 1 AND 2",
    "lines called lines": "1. asthma[mh]\n2. child*[tiab]\n3. Line 1 AND line 2",
    "lines called lines once": "1. asthma[mh]\n2. child*[tiab]\n3. lines 1 AND 2",
    "sets called sets": "#1 asthma[mh]\n#2 child*[tiab]\n#3 set #1 AND set #2",
    "numbers in square brackets": "#1 asthma[mh]\n#2 child*[tiab]\n#3 [1] AND [2]",
    "a table": "| # | Query | Results |\n|---|---|---|\n| 1 | asthma[mh] | 9 |\n| 2 | child*[tiab] | 8 |\n"
    "| 3 | 1 AND 2 | 7 |",
    "PubMed's download": "Search number,Query,Sort By,Filters,Search Details,Results,Time\n"
    '3,#1 AND #2,,,x,"1,012",10:20:30\n2,child*[tiab],,,x,8,10:20:10\n1,asthma[mh],,,x,9,10:20:00',
    "a heading of a table above": "Table S1. Search strategy for PubMed\n"
    "#1 asthma[mh]\n#2 child*[tiab]\n#3 #1 AND #2",
    "dashes behind the numbers": "1 – asthma[mh]\n2 – child*[tiab]\n3 – #1 AND #2",
    "a hyphen at the numbers": "1- asthma[mh]\n2- child*[tiab]\n3- 1 AND 2",
    "numbers above the lines": "#1\nasthma[mh]\n1,234\n#2\nchild*[tiab]\n55\n#3\n#1 AND #2\n12",
    "a named last line": "#1 asthma[mh]\n#2 child*[tiab]\nFinal: #1 AND #2",
    "thousands, no blank": "1 asthma[mh] 123,456\n2 child*[tiab] 1,456\n3 1 and 2 78",
    "columns": "#1 | asthma[mh] | 1,234\n#2 | child*[tiab] | 55\n#3 | #1 AND #2 | 12",
    "a table without a header": "| 1 | `asthma[mh]` | 9 | none |\n| 2 | `child*[tiab]` | 8 | none |\n"
    "| 3 | `#1 AND #2` | 7 | none |",
    "PubMed's download before 2020": "Recent queries in pubmed\nSearch,Query,Items found,Time\n"
    '#3,"Search #1 AND #2",12,10:20:30\n#2,"Search child*[tiab]",8,10:20:10\n'
    '#1,"Search asthma[mh]",9,10:20:00',
    "PubMed's page before 2020": "#3\tSearch #1 AND #2\t12\n#2\tSearch child*[tiab]\t8\n"
    "#1\tSearch asthma[mh]\t9",
    "that page, copied": "#3 Add Search #1 AND #2 12 10:20:30\n#2 Add Search child*[tiab] 8 10:20:10\n"
    "#1 Add Search asthma[mh] 9 10:20:00",
    "PubMed's page": "3\t...\tSearch: #1 AND #2\t1,012\t10:22:33\n2\t...\tSearch: child*[tiab]\t8\t10:22:30\n"
    "1\t...\tSearch: asthma[mh] Sort by: Most Recent\t9\t10:22:20",
}  # fmt: skip


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_every_way_of_numbering_gives_the_same_query(text: str) -> None:
    query = parse(text)
    assert query.numbered
    single = query.single().replace(" [mh]", "[mh]").replace("((", "(").replace("))", ")")
    assert single.upper() == TOGETHER.upper()
    assert query == parse("#1 asthma[mh]\n#2 child*[tiab]\n#3 #1 AND #2")


@pytest.mark.parametrize(
    "line", ["1-2/OR", "#1-#2/OR", "S1 AND S2", "lines 1, 2 AND 1", "1 AND line", "or/1-2"]
)
def test_several_lines_named_at_once_are_never_words(line: str) -> None:
    with pytest.raises(QueryError, match="does not name one line"):
        parse(f"1. asthma[mh]\n2. child*[tiab]\n3. {line}\n4. x1[ti]\n5. 3 AND 4")


@pytest.mark.parametrize("line", ["IL-1 OR IL-2", "2-3", "search", "line 1 cells", "1990-2000", "S7 OR S8"])
def test_words_that_look_like_lines_stay_words(line: str) -> None:
    assert (
        parse(f"1. asthma[mh]\n2. child*[tiab]\n3. {line}\n4. 1 AND 3").single()
        == f"(asthma[mh]) AND ({line})"
    )


def test_the_counts_printed_behind_the_lines_are_kept() -> None:
    for name in ("points and counts in brackets", "bare numbers, counts behind", "tabs", "newest first"):
        assert [line.found for line in parse(LISTS[name]).lines] == [1234, 55, 12], name
    assert [line.found for line in parse(LISTS["PubMed's download"]).lines] == [9, 8, 1012]
    assert [line.found for line in parse(LISTS["words for counts"]).lines] == [1234, 55, 12]
    assert [line.found for line in parse(LISTS["results named"]).lines] == [1234, 55, 12]
    assert [line.found for line in parse(LISTS["numbers above the lines"]).lines] == [1234, 55, 12]
    assert [line.found for line in parse(LISTS["thousands, no blank"]).lines] == [123456, 1456, 78]
    assert [line.found for line in parse(LISTS["marks"]).lines] == [None, None, None]


@pytest.mark.parametrize("first", ["COVID-19", "vitamin B-12", "IL-6", "HIV-1", "2000:2010", "vitamin B(12)"])
def test_a_number_that_belongs_to_a_term_is_no_count(first: str) -> None:
    query = parse(f"#1 {first}\n#2 vaccin*\n#3 #1 AND #2")
    assert [line.found for line in query.lines] == [None, None, None]
    assert query.single() == f"({first}) AND (vaccin*)"


@pytest.mark.parametrize("first", ["COVID - 19", "vitamin B (12)", "asthma[mh] 12", "asthma\n12"])
def test_a_number_that_may_be_a_term_or_a_count_is_asked_about(first: str) -> None:
    with pytest.raises(QueryError, match=r"12|19") as caught:
        parse(f"#1 {first}\n#2 vaccin*\n#3 #1 AND #2")
    assert caught.value.code is Code.QUERY_LINES


def test_a_word_divided_at_the_end_of_a_printed_line_is_told() -> None:
    (fault,) = read_stated('"asth-\nma"[tiab] OR wheeze[tiab]').faults
    assert "hyphen" in str(fault)


def test_a_lines_text_stands_where_it_was_given() -> None:
    text = "1. asthma[mh] (12)\n2. child*[tiab]\n3. 1 AND 2"
    assert [text[n.start : n.end] for n in parse(text).lines] == ["asthma[mh]", "child*[tiab]", "1 AND 2"]


def test_filters_beside_a_line_of_the_history_become_terms() -> None:
    text = (
        "Search number,Query,Sort By,Filters,Search Details,Results,Time\n"
        '2,#1 AND child,,"Clinical Trial, Review, Adult: 19+ years, Humans, from 2010 - 2020",x,1,1:00:00\n'
        "1,asthma[mh],,,x,2,1:00:00"
    )
    assert parse(text).lines[1].root == parse(
        "#1 asthma[mh]\n#2 (#1 AND child) AND (clinicaltrial[Filter] OR review[Filter]) AND alladult[Filter]"
        " AND humans[Filter] AND 2010:2020[dp]"
    ).lines[1].root  # fmt: skip
    with pytest.raises(QueryError, match="filter that is not known") as caught:
        parse(text.replace("Humans", "Martians"))
    assert caught.value.code is Code.QUERY_LINES


@pytest.mark.parametrize(
    "text",
    [
        "1 AND 2",
        "(1 OR 2) AND 3",
        "#1 asthma[mh] #2 child[mh] #3 #1 AND #2",
        "1. asthma 2. child 3. 1 AND 2",
        "(1) asthma[mh] (2) child[mh] (3) 1 AND 2",
        "asthma[ti] Filters: Martians",
        "#1 asthma[mh]\n#2 child[mh] 123\n#3 #1 AND #2",
    ],
)
def test_what_may_be_a_list_or_a_query_is_asked(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.code is Code.QUERY_LINES
    assert caught.value.fix


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("asthma[mh]\nchild[mh]", "line break"),
        ("#1 asthma[mh]\n#2 child[mh]", "no line combines"),
        ("#1 asthma[mh]\nwheeze[tiab]\n#2 child[mh]\n#3 #1 AND #2", "line break"),
        ("#1 Age filter\n(child[mh] OR infant[mh])\n#2 asthma[mh]\n#3 #1 AND #2", "line break"),
        ("Concept 1: asthma[mh]\nAND\nConcept 2: child*[tiab]", "'Concept 1:' names a part"),
        ("Population: asthma[mh] AND\nOutcome: cough[tiab]", "'Population:' names a part"),
        ("#1 P: (asthma[mh] OR wheeze)\n#2 I: cough[tiab]\n#3 #1 AND #2", "'P:' names a part"),
        ("Lung block: (asthma[mh] OR wheeze) AND Drug: (steroid)", "'Lung block:' names a part"),
        ("(asthma[mh] OR wheeze[tiab]) (n = 1234)", "number of records found"),
    ],
)
def test_lines_that_only_a_person_can_combine_are_asked_about(text: str, why: str) -> None:
    with pytest.raises(QueryError, match=why) as caught:
        read_stated(text)
    assert caught.value.code is Code.QUERY_LINES
    read_stated(text, as_pubmed=True)


@pytest.mark.parametrize(
    "text",
    [
        "(asthma[mh]\nOR wheez*[tiab])\nAND child[mh]",
        "(asthma[mh] OR\nwheez*[tiab]) AND\n(child[mh])",
        "5 fluorouracil[tiab] OR 5 fu[tiab]",
        "2019 ncov[tiab] OR covid 19[tiab]",
        "1 year mortality[tiab]",
    ],
)
def test_a_query_that_is_wrapped_or_begins_with_a_number_is_no_list(text: str) -> None:
    assert not read_stated(text).numbered


def test_a_reference_must_name_one_earlier_line() -> None:
    for text in ("#1 a[ti]\n#2 #1 OR #3\n#3 b[ti]", "#1 a[ti]\n#2 b[ti]\n#3 #1-#2"):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert caught.value.code is Code.QUERY_REFERENCE


def test_a_list_that_doubles_itself_is_stopped() -> None:
    text = "#1 asthma[ti]\n" + "\n".join(f"#{n} #{n - 1} OR #{n - 1}" for n in range(2, 40))
    with pytest.raises(QueryError) as caught:
        parse(text).single()
    assert caught.value.code is Code.QUERY_LENGTH
