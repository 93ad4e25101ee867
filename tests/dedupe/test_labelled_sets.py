"""Accuracy on the labelled sets, no worse than bib-dedupe 0.11.0 where its figures are known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dedupe.scoring import entries_of, gold_of, pairwise, record_level
from resift.dedupe.normalise import Entries, take
from resift.dedupe.packed import pack
from resift.dedupe.pipeline import deduplicate_packed

pytestmark = pytest.mark.slow


# set: least record-level F1 and most false positives, on the gold as published
RECORD_LEVEL = {
    "cytology_screening": (0.9961, 0),
    "stroke": (0.9968, 0),
    "diabetes": (0.9996, 0),
    "cardiac": (0.9983, 1),
    "copper": (0.9967, 0),
}


CORA_PAIRWISE = 0.87


@cache
def read(shared: Path, name: str) -> Entries:
    return entries_of(shared, name)


@cache
def merged(shared: Path, name: str) -> pd.DataFrame:
    return deduplicate_packed(pack(read(shared, name)), versions="merge")


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Each set is read and deduplicated once for all of these tests, and forgotten after them."""
    yield
    read.cache_clear()
    merged.cache_clear()


@pytest.mark.parametrize("name", sorted(RECORD_LEVEL))
def test_record_level_accuracy(shared: Path, name: str) -> None:
    groups, gold = merged(shared, name), gold_of(shared, name)
    least, most = RECORD_LEVEL[name]
    score = record_level([gold[record] for record in groups["record"]], groups["kept"].tolist())
    assert round(score.f1, 4) >= least, score
    assert score.fp <= most, score


def test_reference_strings_of_cora(shared: Path) -> None:
    groups, gold = merged(shared, "cora"), gold_of(shared, "cora")
    score = pairwise([gold[record] for record in groups["record"]], groups["group"].tolist())
    assert score.f1 >= CORA_PAIRWISE, score


@pytest.mark.parametrize("name", ["cytology_screening", "stroke", "diabetes", "cardiac", "copper"])
def test_no_more_than_one_percent_goes_to_a_person(shared: Path, name: str) -> None:
    groups = merged(shared, name)
    assert (groups["relation"] == "review").sum() <= max(2, 0.01 * len(groups))


@pytest.mark.parametrize("name", ["cytology_screening", "copper", "diabetes"])
def test_groups_are_the_same_under_shuffling(shared: Path, name: str) -> None:
    entries = read(shared, name)
    expected = merged(shared, name).sort_values("record", ignore_index=True)
    for seed in range(3 if name != "copper" else 20):
        order = np.random.default_rng(seed).permutation(len(entries)).tolist()
        shuffled = deduplicate_packed(pack(take(entries, order)), versions="merge")
        assert shuffled["record"].tolist() == [entries.record[n] for n in order]
        pd.testing.assert_frame_equal(shuffled.sort_values("record", ignore_index=True), expected)


@pytest.mark.parametrize("name", ["cardiac", "diabetes", "copper"])
def test_different_pmids_never_merge(shared: Path, name: str) -> None:
    entries, groups = read(shared, name), merged(shared, name)
    pmids: dict[str, set[str]] = {}
    for group, pmid in zip(groups["group"], entries.pmid, strict=True):
        if pmid:
            pmids.setdefault(group, set()).add(pmid)
    assert all(len(held) == 1 for held in pmids.values())
    assert len(pmids) > 100


def test_linking_versions_only_removes_what_merging_removes(shared: Path) -> None:
    linked = deduplicate_packed(pack(read(shared, "stroke")))
    assert set(linked.loc[~linked["kept"], "record"]) <= set(
        merged(shared, "stroke").loc[lambda t: ~t["kept"], "record"]
    )


def test_fifty_thousand_records_of_srsr(shared: Path) -> None:
    groups, gold = merged(shared, "srsr"), gold_of(shared, "srsr")
    score = record_level([gold[record] for record in groups["record"]], groups["kept"].tolist())
    assert score.f1 >= 0.998, score
    assert score.fp <= 1, score
    assert len(groups) == 53001 == groups["record"].nunique()
