"""Candidate pairs: no pair of one work and none of like titles is missed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.dedupe.test_labelled_sets import merged, read

from dedupe.scoring import gold_of, pairs_of_groups
from resift.dedupe.block import candidates
from resift.dedupe.packed import pack

pytestmark = pytest.mark.slow


MISSED_BY_BLOCKING = {"cora": 1400}  # gold pairs that share no key: its gold joins papers of other titles


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Each set is read and deduplicated once for all of these tests, and forgotten after them."""
    yield
    read.cache_clear()
    merged.cache_clear()


@pytest.mark.parametrize("name", ["cytology_screening", "stroke", "diabetes", "cardiac", "copper", "cora"])
def test_blocking_misses_no_gold_pair(shared: Path, name: str) -> None:
    entries, gold = read(shared, name), gold_of(shared, name)
    left, right = candidates(pack(entries))
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    missed = pairs_of_groups([gold[record] for record in entries.record]) - found
    assert len(missed) <= MISSED_BY_BLOCKING.get(name, 0)


@pytest.mark.parametrize("name", ["cytology_screening", "stroke", "copper"])
def test_blocking_misses_no_pair_of_like_titles(shared: Path, name: str) -> None:
    """Brute force: every pair whose titles are alike to 90 % and whose first pages agree is a candidate."""
    from rapidfuzz import fuzz, process

    entries = read(shared, name)
    letters = [title.replace(" ", "") for title in entries.title]
    alike = process.cdist(letters, letters, scorer=fuzz.ratio, score_cutoff=90, dtype=np.uint8)
    left, right = np.nonzero(np.triu(alike, 1))
    oracle = {
        (a, b)
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
        if entries.start[a] and entries.start[a] == entries.start[b] and entries.first[a] == entries.first[b]
    }
    found = set(zip(*(side.tolist() for side in candidates(pack(entries))), strict=True))
    assert not oracle - found
