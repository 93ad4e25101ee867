# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""BibTeX: broken entries cost themselves alone, LaTeX is text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.errors import FormatError
from resift.formats import bibtex
from resift.text.fold import one_line

from .reading import told_of, written_and_read


def test_duplicate_bibtex_keys_lose_no_entry(tmp_path: Path) -> None:
    text = "@article{smith2010, title={One}, year={2010}}\n@article{smith2010, title={Two}, year={2011}}\n"
    records = written_and_read(tmp_path, "x.bib", text, source="zotero")
    assert [record.title for record in records] == ["One", "Two"]
    assert len({record.record for record in records}) == 2


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "@article{a, title={One}}\n@article{b, title={Two, year={2011}}\n@article{c, title={Three}}\n",
            ["One", "Three"],
        ),
        ("@article{a, title={Broken}\n\n@article{b, title={Whole}}\n", ["Whole"]),
        ("@article{a, title={One}, note={x}, note={y}}\n", ["One"]),
        ("@article{a, title={One}, title={Two}}\n", ["One"]),
    ],
)
def test_a_broken_bibtex_entry_costs_itself_alone(text: str, titles: list[str], tmp_path: Path) -> None:
    assert [record.title for record in written_and_read(tmp_path, "x.bib", text)] == titles


def test_a_broken_bibtex_entry_is_named(tmp_path: Path) -> None:
    text = "@article{a, title={One}}\n\n@article{lost, title={Two, year={2011}}\n@article{c, title={Three}}\n"
    told = told_of(tmp_path, "x.bib", text)
    assert "BibTeX entries whose braces do not pair were left out: line 3 (lost)" in told


def test_bibtex_cut_off_or_without_any_whole_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"line 2: a BibTeX entry cannot be read.*cut off"):
        written_and_read(tmp_path, "bad.bib", "@article{a, title={One}}\n@article{b, title={Two, ye")
    with pytest.raises(FormatError, match="line 1: a BibTeX entry cannot be read"):
        written_and_read(tmp_path, "bad.bib", "@article{b, title={Two, year={2011}}\n")


def test_each_bibtex_entry_is_read_like_the_first(tmp_path: Path) -> None:
    one = (
        '@article{key, title={The {DNA} of \\& more}, author={M{\\"u}ller, J. and Li, X.}, month=mar, year={2010},\n'
        "  journal=ann, pages={1--9}, keywords={a; b}, keywords={c}}\n"
    )
    text = '@string{ann = "Annals"}\n' + one * 3
    records = written_and_read(tmp_path, "x.bib", text)
    seen = {(r.title, r.authors, r.journal, r.pages, r.print_date, r.keywords) for r in records}
    assert seen == {("The DNA of & more", ("Müller J", "Li X"), "Annals", "1-9", "2010-03", ("a", "b", "c"))}
    assert len(records) == 3


def test_foreign_bibtex_with_latex(tmp_path: Path) -> None:
    text = r"""@string{aos = "Annals of Surgery"}
@comment{not an entry}
@article{x,
  author = {M{\"u}ller, J{\"o}rg and van der Berg, Jan and {WHO Study Group} and Ludwig A. Smith},
  title = "{The {DNA} of 50\% \& more}",
  journal = aos, year = 2010, month = mar, pages = {514--523}, number = {3},
  url = {https://doi.org/10.1000/abc}, note = {PMID: 20049617}
}
"""
    (record,) = written_and_read(tmp_path, "x.bib", text)
    assert record.authors == ("Müller J", "van der Berg J", "Smith LA")
    assert record.collective_authors == ("WHO Study Group",)
    assert record.title == "The DNA of 50% & more"
    assert (record.journal, record.print_date, record.pages) == ("Annals of Surgery", "2010-03", "514-523")
    assert (record.doi, record.pmid, record.issue) == ("10.1000/abc", "20049617", "3")


@given(st.text("aé1 \t\n\\{}&%$#_~^-`'<>?!"))
def test_every_sign_that_tex_reads_is_escaped_wherever_it_stands(text: str) -> None:
    signs = [bibtex._ESCAPES.get(sign, sign) for sign in one_line(text)]
    parted = "".join(
        sign + ("{}" if sign in "-`'<>?!" and after[:1] in {*"-`'<>"} else "")
        for sign, after in pairwise([*signs, ""])
    )
    assert bibtex.escape(text) == parted
