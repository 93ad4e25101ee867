"""CSL JSON: its dates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .reading import written_and_read


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [[None]], "raw": "2012 Mar"}, 2012, "2012-03"),  # as Crossref writes what it lacks
        ({"date-parts": [["2012", 3, 9]]}, 2012, "2012-03-09"),
        ({"date-parts": [[2012, "spring", 5]]}, 2012, "2012"),
        ({"date-parts": [["²"]]}, None, ""),
        ({"literal": "2012"}, 2012, "2012"),
        ("2012-03", 2012, "2012-03"),
    ],
)
def test_csl_json_dates(issued: object, year: int | None, date: str, tmp_path: Path) -> None:
    item = {"id": "1", "type": "article-journal", "title": "A title of a trial", "issued": issued}
    (record,) = written_and_read(tmp_path, "a.json", json.dumps([item]))
    assert (record.year, record.print_date) == (year, date)
