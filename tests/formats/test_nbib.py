# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""PubMed's tagged text: read behind guards, wrapped as others wrap it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.runs.test_exports import written

from resift.errors import FormatError
from resift.formats import nbib
from resift.vocabulary import ExportFormat

from .reading import written_and_read


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("TI  - A\nPMID- 1\nTI  - B\n", 1, "comes before any PMID"),
        ("PMID- x12\nTI  - A\n", 1, "is not a PMID"),
        ("PMID- 12\nTI  - A\nSO  - J. 2000.\n\nPMID- 13\nTI  - B\n", 5, "may be cut off"),
    ],
)
def test_malformed_nbib_names_the_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        written_and_read(tmp_path, "bad.nbib", text)
    assert f"line {line}:" in str(caught.value)


def test_a_blank_line_inside_an_nbib_entry_does_not_split_it(tmp_path: Path) -> None:
    text = "PMID- 12\nOWN - NLM\nTI  - A title that\n      goes on\n\nAU  - Li X\nOT  - long\n      keyword\n\nPMID- 13\nTI  - B\n"
    one, two = written_and_read(tmp_path, "x.nbib", text)
    assert (one.title, one.authors, one.keywords) == ("A title that goes on", ("Li X",), ("long keyword",))
    assert (one.record, two.title) == ("pubmed:12", "B")


def test_other_readers_take_every_entry_of_nbib(tmp_path: Path) -> None:
    from Bio import Medline

    text = written(ExportFormat.NBIB, tmp_path).read_text(encoding="utf-8")
    entries = [entry for entry in Medline.parse(iter(text.splitlines(keepends=True))) if entry]
    assert [entry.get("PMID", "") for entry in entries] == ["20049617", "411126", ""]
    assert "PMID- \n" not in text


@given(
    st.lists(st.text("aβ-,. \t\n\r\v\x1c\x85\xa0\u2009", min_size=1, max_size=100), max_size=30).map(" ".join)
)
@example("one line\n\tanother, whose tab stops at the eighth place of its own line" + " word" * 20)
def test_long_text_is_wrapped_as_python_wraps_it(text: str) -> None:
    whole = textwrap.wrap(text, nbib._WIDTH, break_long_words=False, break_on_hyphens=False)
    assert nbib.tag_line("AB", text) == "AB  - " + " \n      ".join(whole) + "\n"
