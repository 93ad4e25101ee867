"""A study written from rows, for the tests of this room."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from resift.studies.model import Study
from resift.studies.read import COLUMNS, load_study

ALL_REPORTED = {
    "item_1": "yes",
    "item_1_quote": "We searched PubMed.",
    "item_2": "not applicable",
    "item_8": "yes",
    "item_8_quote": "The search is given in the appendix.",
    "item_9": "yes",
    "item_9_quote": "Articles of any language and date.",
    "item_13": "yes",
    "item_13_quote": "on 31 December 2008",
    "item_15": "yes",
    "item_15_quote": "records were found",
}
SEARCH = {"citation": "A review. J 2009;1:1.", "database": "PubMed", "query": "asthma[tiab]", **ALL_REPORTED}

Make = Callable[..., Study]


def write_study(folder: Path, rows: Sequence[Mapping[str, object]], settings: str = "") -> Path:
    """A study folder with these rows; cells that are not given are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    source = settings if "source:" in settings else f"source: pubmed\n{settings}"
    (folder / "study.yaml").write_text(f"question: Does it?\n{source}")
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Rows (and settings) -> the study as read."""

    def made(*rows: Mapping[str, object], settings: str = "") -> Study:
        return load_study(write_study(tmp_path / "sample", list(rows), settings))

    return made
