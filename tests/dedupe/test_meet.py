"""Which records are compared, and that the others change nothing."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from tests.dedupe.test_groups import CALM, TABLE, USUAL
from tests.dedupe.test_packed import packed
from tests.dedupe.test_properties import table

from resift.dedupe import deduplicate
from resift.dedupe.block import candidates, keys
from resift.dedupe.meet import meet
from resift.dedupe.normalise import normalise, text_columns
from resift.dedupe.packed import join, pack, pack_columns


def test_a_record_that_meets_no_other_is_not_unpacked() -> None:
    met = meet(packed())
    assert sorted(met.positions) == [0, 1, 2, 3]  # the last two linked by PubMed
    assert {(met.positions[a], met.positions[b]) for a, b in zip(met.left, met.right, strict=True)} >= {
        (0, 1)
    }


def test_a_record_that_a_person_names_is_unpacked() -> None:
    records = packed().record
    assert 4 in meet(packed(), [records[4], records[0]]).positions


def test_nobody_meets_in_nothing() -> None:
    assert not meet(join([])).positions


def test_of_many_with_one_key_each_meets_those_next_to_it_by_title(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resift.dedupe.block.LARGE_BLOCK", 3)
    monkeypatch.setattr("resift.dedupe.block.WINDOW", 1)
    names = ["e", "a", "d", "b", "c"]
    frame = table([{"title": f"{name * 9} trial", "doi": "10.5555/whole"} for name in names])
    left, right = candidates(
        pack_columns(text_columns({name: frame[name].tolist() for name in frame.columns}))
    )
    found = {"".join(sorted(names[a] + names[b])) for a, b in zip(left, right, strict=True)}
    assert found == {"ab", "bc", "cd", "de"}


@settings(CALM, max_examples=USUAL // 5)
@given(TABLE)
def test_records_that_meet_no_other_change_nothing(rows: list[dict[str, Any]]) -> None:
    strangers = [
        {"title": f"{word} {word}ine {word}osis", "authors": f"{word}, X.", "year": str(1990 + n)}
        for n, word in enumerate(["quark", "zebra", "lupin"])
    ]
    alone = deduplicate(table(rows))
    beside = deduplicate(table([*rows, *strangers]))
    pd.testing.assert_frame_equal(beside.iloc[: len(rows)], alone, check_dtype=False)
    assert beside["group"].tolist()[len(rows) :] == beside["record"].tolist()[len(rows) :]


@settings(CALM, max_examples=USUAL // 5)
@given(TABLE)
def test_candidates_are_the_pairs_that_share_a_key(rows: list[dict[str, Any]]) -> None:
    frame = table(rows)
    held = normalise(text_columns({name: frame[name].tolist() for name in frame.columns}))
    shared = {
        (a, b) for _, key in keys(held) for a, b in combinations(range(len(held)), 2) if key[a] == key[b] != 0
    }
    left, right = candidates(pack(held))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(shared)
