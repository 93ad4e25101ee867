"""What holds for every input: order, idempotence, conflicts in chains, no record lost, people above rules."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedupe.pairs import PAIRS, paper
from resift.dedupe import deduplicate
from resift.dedupe.model import GROUP_COLUMNS
from resift.errors import FormatError, ScreeningError

TITLES = [
    "Octreotide in pancreatic neuroendocrine tumours: a randomised trial",
    "Octreotide in pancreatic neuroendocrine tumours",
    "Erratum: Octreotide in pancreatic neuroendocrine tumours",
    "Lanreotide in pancreatic neuroendocrine tumours: a randomised trial",
    "Imaging of islet cell tumours. Part I",
    "Imaging of islet cell tumours. Part II",
    "Editorial",
    "",
]
RECORD = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "authors": st.sampled_from(
            ["Lindqvist, A. and Moreau, C.", "Lindqvist A.Moreau C.", "Petrov, S.", ""]
        ),
        "year": st.sampled_from(["2008", "2009", ""]),
        "journal": st.sampled_from(["Journal of Endocrine Oncology", "J Endocr Oncol", "Gut", "bioRxiv", ""]),
        "volume": st.sampled_from(["41", "42", "41 Suppl 1", ""]),
        "pages": st.sampled_from(["211-219", "211-9", "220-230", "S14", ""]),
        "doi": st.sampled_from(["10.5555/jeo.211", "10.5555/jeo.220", "", ""]),
        "pmid": st.sampled_from(["19000001", "19000002", "", "", ""]),
    }
)
TABLE = st.lists(RECORD, min_size=1, max_size=14)
USUAL = settings.default.max_examples
CALM = settings(max_examples=USUAL * 6 // 10, suppress_health_check=[HealthCheck.too_slow])


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{"record": f"file:{n}", **row} for n, row in enumerate(rows, 1)]).fillna("")


def by_record(groups: pd.DataFrame) -> pd.DataFrame:
    return groups.sort_values("record", ignore_index=True)


def each_record_stands_in_one_group(frame: pd.DataFrame, groups: pd.DataFrame) -> None:
    assert list(groups.columns) == list(GROUP_COLUMNS)
    assert groups["record"].tolist() == frame["record"].tolist()
    kept = groups[groups["kept"]]
    assert sorted(kept["record"]) == sorted(kept["group"]) == sorted(set(groups["group"]))


def every_merge_says_why(frame: pd.DataFrame, groups: pd.DataFrame) -> None:
    merged = groups[~groups["kept"]]
    assert (merged["relation"] == "duplicate").all() and (merged["related"] == merged["group"]).all()
    assert (merged["rule"] != "").all() and (merged["evidence"] != "").all()
    assert merged["score"].between(0, 1).all()


def different_pmids_never_share_a_group(frame: pd.DataFrame, groups: pd.DataFrame) -> None:
    for _, members in frame.groupby(groups["group"].to_numpy()):
        assert len(set(members["pmid"]) - {""}) <= 1


def the_kept_records_again_merge_only_what_was_told(frame: pd.DataFrame, groups: pd.DataFrame) -> None:
    """Idempotence: kept records that a rule compared and did not join stay apart without the others."""
    again = deduplicate(frame[groups["kept"].to_numpy()])
    for row in again[~again["kept"]].itertuples():
        pair = {row.record, row.group}
        told = groups[groups["record"].isin(pair)]
        assert (told["related"] != "").any(), "a union once refused for a conflict is told"


def a_person_who_parts_two_records_is_obeyed(frame: pd.DataFrame, groups: pd.DataFrame) -> None:
    for row in groups.query("not kept").head(2).itertuples():
        parted = deduplicate(frame, separate=[(row.record, row.group)]).set_index("record")["group"]
        assert parted[row.record] != parted[row.group]


@CALM
@given(TABLE, st.randoms(use_true_random=False))
def test_whatever_the_table(rows: list[dict[str, Any]], random: Any) -> None:
    """Each table is deduplicated once for all that must hold of its groups."""
    frame = table(rows)
    groups = deduplicate(frame)
    each_record_stands_in_one_group(frame, groups)
    every_merge_says_why(frame, groups)
    different_pmids_never_share_a_group(frame, groups)
    the_kept_records_again_merge_only_what_was_told(frame, groups)
    a_person_who_parts_two_records_is_obeyed(frame, groups)
    order = list(range(len(frame)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        by_record(groups), by_record(deduplicate(frame.iloc[order])), check_dtype=False
    )


@settings(CALM, max_examples=USUAL // 4)
@given(TABLE)
def test_a_person_who_joins_two_records_is_obeyed(rows: list[dict[str, Any]]) -> None:
    """Of any table: whether the rules would have joined them decides nothing here."""
    frame = table(rows)
    if len(frame) > 1:
        groups = deduplicate(frame, same=[("file:1", "file:2")]).set_index("record")
        assert groups["group"]["file:1"] == groups["group"]["file:2"]
        assert "decided by a person" in set(groups["rule"])


def test_chain_with_a_conflict_is_split_and_told() -> None:
    """A~B and B~C, but A and C are two articles: B goes to one of them, and nothing swallows both."""
    rows = [
        paper(pages="211-219", pmid="1"),
        paper(pages=None, volume=None, issue=None),
        paper(pages="300-305", volume="44", issue="1", year="2010", pmid="2"),
    ]
    groups = deduplicate(table(rows)).set_index("record")
    assert groups["group"]["file:1"] != groups["group"]["file:3"]
    assert groups["group"].nunique() == 2


def test_adding_a_file_keeps_settled_groups() -> None:
    old = table(
        [
            paper(),
            paper(pages="211-9"),
            paper(title="Other work on gastrinoma in four families", pages="9-12"),
        ]
    )
    more = table(
        [paper(journal="J Endocr Oncol", doi="10.5555/x.1"), paper(title="New work on VIPoma in adults")]
    )
    more["record"] = "new:" + more["record"]
    before = deduplicate(old)
    after = deduplicate(pd.concat([old, more]).fillna(""))
    joined = after.set_index("record")["group"]
    for _, members in before.groupby("group"):
        assert joined[members["record"]].nunique() == 1


def test_kept_record_is_the_most_trusted_one() -> None:
    frame = table([paper(), paper(), paper()])
    frame["record"] = ["embase:9", "pubmed:19000001", "handsearched:ab"]
    frame["source"] = ["embase", "pubmed", "handsearched"]
    assert set(deduplicate(frame)["group"]) == {"pubmed:19000001"}


def test_links_of_pubmed_name_companions_and_versions() -> None:
    frame = table(
        [
            paper(pmid="1", links="ErratumIn:2;UpdateIn:3"),
            {"title": "Erratum", "pmid": "2", "links": "ErratumFor:1"},
            {
                "title": "Octreotide and lanreotide in a mouse model, revisited",
                "pmid": "3",
                "links": "UpdateOf:1",
            },
        ]
    )
    groups = deduplicate(frame).set_index("record")
    assert groups["relation"].tolist() == ["version", "companion", "version"]
    assert groups["related"]["file:2"] == "file:1"
    assert groups["group"].nunique() == 3


def test_contradicting_people_are_an_error() -> None:
    frame = table([paper(), paper(), paper()])
    with pytest.raises(ScreeningError, match="same"):
        deduplicate(
            frame,
            same=[("file:1", "file:2"), ("file:2", "file:3")],
            separate=[("file:1", "file:3")],
        )


def test_decisions_on_records_elsewhere_are_left_alone() -> None:
    assert deduplicate(table([paper()]), separate=[("file:1", "x")], same=[("x", "y")])["group"].tolist() == [
        "file:1"
    ]


@pytest.mark.parametrize("records", [["a:1", "a:1"], ["a:1", ""]])
def test_ids_missing_or_repeated_are_an_error(records: list[str]) -> None:
    frame = table([paper(), paper()])
    frame["record"] = records
    with pytest.raises(FormatError):
        deduplicate(frame)


def test_empty_table_gives_an_empty_table() -> None:
    assert list(deduplicate(table([paper()]).iloc[:0]).columns) == list(GROUP_COLUMNS)


def test_all_hard_cases_in_one_table_keep_their_answers_mostly_apart() -> None:
    """The pairs share a paper; together they must not collapse into one group through each other."""
    rows = [side for pair in PAIRS for side in (pair.one, pair.two)]
    groups = deduplicate(table(rows))
    notices = [
        n
        for n, row in enumerate(rows)
        if str(row.get("title", "")).startswith(("Erratum", "Retraction", "Comment"))
    ]
    kept_paper = groups["group"][0]
    assert all(groups["group"][n] != kept_paper for n in notices)


def test_running_numbers_in_place_of_issues_do_not_part_duplicates() -> None:
    rows = []
    for n in range(30):
        work = paper(
            title=f"{PAPER_WORDS[n % 5]} of gastrinoma in family number {n + 20}", pages=f"{n + 1}1-{n + 1}9"
        )
        rows += [{**work, "issue": str(2 * n + 100)}, {**work, "issue": str(2 * n + 101)}]
    rows += [paper(issue="300", pages=None), paper(issue="301", pages=None)]
    groups = deduplicate(table(rows))
    assert groups["group"].nunique() == 31


PAPER_WORDS = ("Imaging", "Surgery", "Genetics", "Screening", "Prognosis")


def test_doi_of_a_whole_supplement_joins_no_two_abstracts() -> None:
    """Embase gives abstracts of a meeting the DOI of the supplement that holds them all."""
    group = [
        ("Eltrombopag in adults with chronic immune thrombocytopenia: a randomised trial", "Lind, A."),
        ("Eltrombopag in children with chronic immune thrombocytopenia: a randomised trial", "Lind, A."),
        ("Rivaroxaban reversal with prothrombin complex concentrate in volunteers", "Moreau, C."),
        ("Iron chelation therapy in patients with thalassaemia major", "Okafor, D."),
    ]
    rows = [
        {"record": f"embase:{n}", "title": title, "authors": authors, "doi": "10.5555/sup.12531"}
        | {"journal": "Annals of Rare Blood", "year": "2012", "volume": "9", "issue": "Suppl 1", "pages": ""}
        for n, (title, authors) in enumerate(group)
    ]
    groups = deduplicate(pd.DataFrame(rows))
    assert groups["group"].nunique() == len(rows), groups.to_dict("records")
