"""The table of groups: one row for each record, and why it stands where it does."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.dedupe.test_properties import table

from dedupe.pairs import paper
from resift.dedupe import deduplicate
from resift.dedupe.model import GROUP_COLUMNS
from resift.errors import FormatError

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


@pytest.mark.parametrize("records", [["a:1", "a:1"], ["a:1", ""]])
def test_ids_missing_or_repeated_are_an_error(records: list[str]) -> None:
    frame = table([paper(), paper()])
    frame["record"] = records
    with pytest.raises(FormatError):
        deduplicate(frame)


def test_empty_table_gives_an_empty_table() -> None:
    assert list(deduplicate(table([paper()]).iloc[:0]).columns) == list(GROUP_COLUMNS)
