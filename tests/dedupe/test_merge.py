"""One record from several: field by field by source trust, nothing lost that only one source has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from resift.dedupe import merge_group
from resift.records import text_sha256

PUBMED = {
    "record": "pubmed:1",
    "source": "pubmed",
    "pmid": "1",
    "title": "Octreotide in mice",
    "year": 2009,
    "doi": "",
}


EMBASE = {
    "record": "embase:9",
    "source": "embase",
    "title": "Octreotide in mice.",
    "year": 2010,
    "doi": "10.5555/x.1",
    "abstract": "Forty animals.",
    "keywords": ["octreotide"],
}


LISTED = {"record": "handsearched:ab", "source": "handsearched", "title": "octreotide", "keywords": ["mouse"]}


def test_pubmed_lends_what_it_has_and_others_the_rest() -> None:
    merged = merge_group([LISTED, EMBASE, PUBMED])
    assert (merged.record, merged.source, merged.title, merged.year) == (
        "pubmed:1",
        "pubmed",
        PUBMED["title"],
        2009,
    )
    assert (merged.doi, merged.abstract) == ("10.5555/x.1", "Forty animals.")
    assert merged.keywords == ("octreotide", "mouse")
    assert merged.text_sha256 == text_sha256(merged)


def test_order_of_the_rows_is_no_matter() -> None:
    assert merge_group([PUBMED, EMBASE, LISTED]) == merge_group([LISTED, PUBMED, EMBASE])


def test_frame_with_arrays_and_missing_cells() -> None:
    frame = pd.DataFrame([PUBMED, EMBASE, LISTED])
    frame["authors"] = [np.array([], dtype=object), np.array(["Lindqvist A"], dtype=object), None]
    frame["year"] = pd.array([None, 2010, None], dtype="Int32")
    merged = merge_group(frame)
    assert merged.authors == ("Lindqvist A",)
    assert merged.year == 2010


def test_group_without_records_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        merge_group([])
