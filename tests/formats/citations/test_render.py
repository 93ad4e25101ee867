"""Reference strings written out, in the styles that are also read."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from tests.formats.samples import RECORDS

from resift.formats.citations import (
    Style,
    citation_of,
    parse_citation,
    render,
    split_strings,
)
from resift.formats.citations.wrapped import unwrap
from resift.pubmed.xml import read_records
from resift.records import Record
from resift.text.fold import one_line


def test_a_rendered_record_reads_back() -> None:
    for record in RECORDS:
        for style in (Style.VANCOUVER, Style.APA):
            want, got = citation_of(record), parse_citation(render(record, style))
            assert (got.first_author, got.year, got.volume, got.first_page) == (
                want.first_author, want.year, want.volume, want.first_page
            )  # fmt: skip


def test_pdq_names_three_authors() -> None:
    assert render(RECORDS[0], Style.PDQ).startswith("Franko J, de Jong M, King ML Jr, et al.: Treatment of")


def test_styles_that_are_only_read_are_not_written() -> None:
    with pytest.raises(ValueError, match="read but not written"):
        render(RECORDS[0], Style.NATURE)


@pytest.mark.slow
def test_real_summary_strings_come_out_equal(shared: Path) -> None:
    path = shared / "pubmed" / "zheln_pubmed-summary-text_3098.txt.gz"
    strings = [string for _, string in split_strings(gzip.decompress(path.read_bytes()).decode())]
    assert len(strings) == 3098
    plain = [re.sub(r"^\d+: ", "", one_line(unwrap(string))) for string in strings[::3]]
    different = [string for string in plain if render(parse_citation(string), Style.VANCOUVER) != string]
    assert len(different) <= 0.02 * len(plain), different


@pytest.mark.parametrize("style", [Style.VANCOUVER, Style.PDQ, Style.APA])
@pytest.mark.slow
def test_real_records_read_back_in_99_of_100(style: Style, shared: Path) -> None:
    records = [
        record
        for path in sorted((shared / "pubmed").glob("*.xml.gz"))
        if path.stat().st_size < 1_000_000
        for record in read_records(path)
        if isinstance(record, Record) and record.type == "article"
    ]
    names = ("first_author", "year", "journal", "volume", "first_page", "title")
    wrong: dict[str, list[str]] = {name: [] for name in names}
    for record in records:
        string = render(record, style)
        want, got = citation_of(record), parse_citation(string)
        for name in names:
            if getattr(want, name) != getattr(got, name):
                wrong[name].append(string)
    assert len(records) > 700
    assert {name: strings for name, strings in wrong.items() if len(strings) > 0.01 * len(records)} == {}
