"""Lists of references as people paste them: the same references in every layout give the same strings."""

from __future__ import annotations

import io
import logging
import textwrap
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resift.formats.citations import parse_citation, read_citations, split_strings
from resift.formats.citations.wrapped import unwrap
from resift.formats.notes import Notes

REFERENCES = (
    "Abelson JM, Carver-Lund P, Ó Briain S. Octreotide in advanced tumours of the pancreas: a double-blind"
    " trial of 120 patients. J Test Oncol. 2009;27(28):4656-4663. doi:10.1200/JTO.2009.22.8510",
    "van der Meer K, de Wit AB. Resection of liver metastases, 1990 to 2005: long-term results. Ann Surg"
    " Tests. 2006;13:572-81.",
    "World Society of Endocrine Tests. Consensus guidelines for the management of patients with digestive"
    " tumours. Neurotests 2012;95:120-134.",
    "Delgado Ruiz F, Ewing T, Fontaine L, et al. Everolimus and quality of life (ADVANCE-2): what patients"
    " say in free text. Lancet Tests 2011; 377: 1112–20. PMID: 21306238",
    "Grønbæk H, Hsu CY. [Ki-67 as a marker in small biopsies]. Ugeskr Tests. 2014 Mar 3;176(10):V09130567.",
    "Ivanov II. Embolisation: 12 cases from one centre. Br J Tests 2015;102:1–9.",
    "Jansson-Meyer Q, Kowalczyk R. Streptozocin with fluorouracil in a phase III study of neuroendocrine"
    " carcinoma of unknown primary. Cochrane Tests Syst Rev 2017;(4):CD001234."
    " doi:10.1002/14651858.CD001234.pub2",
    "Lang M, Moreau N, O'Neill PQ. Somatostatin receptors. In: Young T, editor. Handbook of tests. 2nd ed."
    " Springer; 2010. p. 33-58.",
)


def _wrap(text: str, width: int, hang: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=hang,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _list(mark: Callable[[int], str], width: int = 10_000, *, gap: bool = False, hang: str = "") -> str:
    entries = ["\n".join(_wrap(mark(n) + r, width, hang)) for n, r in enumerate(REFERENCES, 1)]
    return ("\n\n" if gap else "\n").join(entries) + "\n"


def _sheets(
    width: int, header: Callable[[int], list[str]], footer: Callable[[int], list[str]], mark: str
) -> str:
    """Wrapped, numbered or not, on pages of nine lines that break within references."""
    lines = [row for n, r in enumerate(REFERENCES, 1) for row in _wrap(mark.format(n=n) + r, width)]
    pages = [lines[at : at + 9] for at in range(0, len(lines), 9)]
    return "\n".join("\n".join([*header(n), *page, *footer(n)]) for n, page in enumerate(pages, 812)) + "\n"


def _columns(rows: int) -> str:
    """Two columns side by side, as `pdftotext -layout` prints them."""
    lines = [row for n, r in enumerate(REFERENCES, 1) for row in _wrap(f"{n}. {r}", 56, "   ")]
    pages = []
    for at in range(0, len(lines), 2 * rows):
        left, right = lines[at : at + rows], lines[at + rows : at + 2 * rows]
        right += [""] * (len(left) - len(right))
        pages.append("\n".join(f"{a:60}{b}".rstrip() for a, b in zip(left, right, strict=True)))
    return "\f".join(pages)


def _table_of_links() -> str:
    return "".join(f"{n}. {r} [CrossRef] [PubMed] [Google Scholar]\n" for n, r in enumerate(REFERENCES, 1))


LAYOUTS = {
    "one a line": _list(lambda n: ""),
    "one a line, parted": _list(lambda n: "", gap=True),
    "heading and one a line": "References\n\n" + _list(lambda n: ""),
    "1.": _list(lambda n: f"{n}. "),
    "1. wrapped": _list(lambda n: f"{n}. ", 72),
    "1. narrow": _list(lambda n: f"{n}. ", 38),
    "1. wrapped, parted": _list(lambda n: f"{n}. ", 72, gap=True),
    "from 41.": _list(lambda n: f"{n + 40}. ", 72, hang="    "),
    "from 98.": _list(lambda n: f"{n + 97:3}. ", 72, hang="     "),
    "[1]": _list(lambda n: f"[{n}] ", 80),
    "[1] without blank": _list(lambda n: f"[{n}]", 80),
    "(1)": _list(lambda n: f"({n}) ", 80),
    "1)": _list(lambda n: f"{n}) ", 80),
    "1.Name": _list(lambda n: f"{n}.", 80),
    "1 Name": _list(lambda n: f"{n} ", 80),
    "1<tab>Name": _list(lambda n: f"{n}\t"),
    "number on a line of its own": _list(lambda n: f"{n}.\n").replace(".\n ", ".\n"),
    "numbers before the list": "".join(f"{n}\n" for n in range(1, 9))
    + _list(lambda n: "", 70, gap=True),
    "•": _list(lambda n: "• "),
    "• wrapped": _list(lambda n: "•\t", 76, hang="  "),
    "- wrapped": _list(lambda n: "- ", 76),
    "* parted": _list(lambda n: "* ", 76, gap=True),
    "Word's bullet": _list(lambda n: "\uf0b7  ", 76),
    "paragraphs": _list(lambda n: "", 76, gap=True),
    "hanging": _list(lambda n: "", 76, hang="      "),
    "first line indented": "".join("\n".join(_wrap(r, 76, "", "     ")) + "\n" for r in REFERENCES),
    "wrapped without any mark": _list(lambda n: "", 76),
    "wrapped without any mark, wide": _list(lambda n: "", 110),
    "pages with a running head": _sheets(
        80, lambda n: [f"{n}   Abelson et al."], lambda n: ["J Tests, Vol. 12, No. 3"], "{n}. "
    ),
    "pages with numbers": _sheets(80, lambda n: [""], lambda n: ["", str(n), ""], "{n}. "),
    "form feeds": _sheets(
        80, lambda n: ["\fTumours of the pancreas", ""], lambda n: ["", f"Page {n} of 900"], "[{n}] "
    ),
    "pages, no numbers": _sheets(76, lambda n: ["", "Tests in oncology"], lambda n: ["", str(n), ""], ""),
    "downloads": _sheets(
        80, lambda n: [], lambda n: [f"Downloaded from https://tests.example/ by guest on {n}"], "{n}. "
    ),
    "manuscript": _sheets(
        80,
        lambda n: ["Author Manuscript Author Manuscript"],
        lambda n: ["J Tests. Author manuscript; available in PMC 2015 May 01."],
        "{n}. ",
    ),
    "two columns": _columns(14),
    "two columns, several pages": _columns(6),
    "links of a web page": _table_of_links(),
    "blanks of a web page": _list(lambda n: f"{n}.\u00a0").replace(" et al", "\u00a0et\u00a0al"),
}  # fmt: skip


def strings(text: str) -> list[str]:
    return [" ".join(string.split()) for _, string in split_strings(text)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_references(layout: str) -> None:
    links = " [CrossRef] [PubMed] [Google Scholar]" if layout == "links of a web page" else ""
    assert strings(LAYOUTS[layout]) == [reference + links for reference in REFERENCES]


def test_what_is_left_out_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "handsearched.txt"
    path.write_text(LAYOUTS["pages with a running head"], encoding="utf-8")
    with caplog.at_level(logging.INFO, logger="resift.formats"):
        entries = read_citations(path)
    assert len(entries) == len(REFERENCES)
    assert entries[3].citation.pmid == "21306238"  # it stands on the next page
    assert f"{path}: 4 lines of text outside the entries dropped (first line 1: '812   Abelson et al.')" in (
        caplog.text
    )


def test_a_reference_given_twice_is_no_running_head() -> None:
    text = "\n\n".join((*REFERENCES, REFERENCES[0])) + "\n"
    assert strings(text) == [*REFERENCES, REFERENCES[0]]


def test_lines_grouped_under_no_heading_are_references_each() -> None:
    text = "\n".join(REFERENCES[:4]) + "\n\n" + "\n".join(REFERENCES[4:]) + "\n"
    assert strings(text) == list(REFERENCES)


@pytest.mark.parametrize("second", ["Ongoing studies", "Studies excluded, with reasons (n = 2):"])
def test_a_list_in_sections_begins_anew_below_each_heading(second: str) -> None:
    """The heading has no mark, and the numbers start again: neither may join what stands before them."""
    text = "".join(
        f"{heading}\n1. {REFERENCES[at]}\n2. {REFERENCES[at + 1]}\n"
        for at, heading in ((0, "Included studies"), (2, second))
    )
    notes = Notes("x")
    assert [string for _, string in split_strings(text, notes)] == list(REFERENCES[:4])
    assert notes.dropped == 2


def test_entries_picked_from_a_longer_list_keep_their_numbers() -> None:
    picked = zip((3, 4, 17, 18, 140), REFERENCES, strict=False)
    text = "\n".join(f"{number}. {reference}" for number, reference in picked)
    assert [string for _, string in split_strings(text)] == list(REFERENCES[:5])


def test_one_numbered_reference_stands_below_its_heading() -> None:
    text = f"Included studies\n1. {REFERENCES[0]}\n"
    assert [string for _, string in split_strings(text)] == [REFERENCES[0]]


def test_references_that_all_begin_with_a_tab_are_each_one() -> None:
    text = "".join(f"\t{reference}\n" for reference in REFERENCES)
    assert [string for _, string in split_strings(text)] == list(REFERENCES)


def test_a_page_range_that_ends_on_its_own_line_is_no_page_number() -> None:
    text = "1. Abelson JM. Tests. J Test Oncol. 2009;27(28):4656-\n63\n2. Bell K. Two. J Tests. 2010;1:2.\n"
    assert strings(text)[0].endswith(":4656-63")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("neuroendo-\ncrine tumours", "neuroendocrine tumours"),
        ("neuroendo\u00ad\ncrine tumours", "neuroendocrine tumours"),
        ("a double-\nblind trial", "a double-blind trial"),
        ("follow-\nup", "follow-up"),
        ("short-\nand long-term", "short- and long-term"),
        ("Ki-\n67 in biopsies", "Ki-67 in biopsies"),
        ("2009;27:4656-\n4663", "2009;27:4656-4663"),
        ("Meyer-\nJansson Q", "Meyer-Jansson Q"),
        ("e\ufb03cacy", "efficacy"),
    ],
)  # fmt: skip
def test_hyphens_at_line_ends(broken: str, whole: str) -> None:
    text = (
        f"1. Abel JM. Tests of {broken} and more.\nJ Tests. 2009;27:46.\n2. Bell K. Two. J Tests. 2010;1:2.\n"
    )
    assert strings(text)[0] == f"Abel JM. Tests of {whole} and more. J Tests. 2009;27:46."


def test_a_word_that_the_list_writes_with_a_hyphen_keeps_it() -> None:
    text = "1. Abel JM. Somato-statin. J Tests. 2009;2:4.\n2. Bell K. On somato-\nstatin again. 2010;1:2.\n"
    assert "somato-statin again" in strings(text)[1]


DOI = "10.1016/j.ejtest.2010.01.001"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("doi: 10.1016/\nj.ejtest.2010.01.001.", DOI),
        ("doi:10.1016/j. ejtest. 2010.01.001. PMID: 12345", DOI),
        ("https://doi.org/10. 1016/j.ejtest.2010.01.001", DOI),
        ("https:// doi.org/ 10.1016/j.ejtest. 2010.01.001.", DOI),
        ("https://doi.\norg/10.1016/j.ejtest\n.2010.01.001", DOI),
        ("10.1016 / j.ejtest.2010.01.001", DOI),
        ("doi:10.1016/S0140-\n6736(10)60175-4.", "10.1016/S0140-6736(10)60175-4"),
        ("doi:10.1093/jntest/djq\n012.", "10.1093/jntest/djq012"),
        ("doi: 10.1002/14651858. CD001234.pub2.", "10.1002/14651858.CD001234.pub2"),
        # What follows a whole DOI is not taken into it.
        ("doi:10.1002/hed.24157. Epub 2010 Mar 3.", "10.1002/hed.24157"),
        ("doi:10.1002/hed.24157. Epub ahead of print.", "10.1002/hed.24157"),
        ("doi:10.1002/hed.24157\nPMID: 12345", "10.1002/hed.24157"),
        ("doi:10.1002/hed.24157 [PubMed: 12345]", "10.1002/hed.24157"),
    ],
)  # fmt: skip
def test_dois_that_blanks_and_line_ends_broke(text: str, doi: str) -> None:
    citation = parse_citation(f"Abelson JM. Tests of tests. J Test Oncol. 2009;27(28):4656-63. {text}")
    assert citation.doi == doi
    assert citation.pmid == ("12345" if "12345" in text else "")
    assert (citation.title, citation.pages) == ("Tests of tests", "4656-63")


def test_a_pasted_list_with_pmids_is_no_save_of_pubmed(tmp_path: Path) -> None:
    """The styles of journals with a PMID here and there; a line may even begin with it."""
    path = tmp_path / "handsearched.txt"
    path.write_text(
        _list(lambda n: f"{n}. ", 60).replace("1112–20. PMID", "1112–20.\nPMID"), encoding="utf-8"
    )
    entries = read_citations(path)
    assert [entry.citation.text for entry in entries] == list(REFERENCES)
    assert entries[3].record.pmid == "21306238"


@pytest.mark.parametrize("heading", [["Citation", "PMID"], ["Reference"], []])
def test_a_workbook_of_strings_is_read_like_any_table(heading: list[str], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ([heading] if heading else []) + [[reference] for reference in REFERENCES]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "handsearched.xlsx"
    path.write_bytes(out.getvalue())
    assert [entry.citation.text for entry in read_citations(path)] == list(REFERENCES)


@pytest.mark.parametrize("heading", ["id,reference", "reference", "nr;Citation;pmid", "Full citation\tnotes"])
def test_a_text_table_of_strings_is_read_by_its_column(heading: str, tmp_path: Path) -> None:
    """Neither heading need be one that a database writes."""
    sign = next((sign for sign in ",;\t" if sign in heading), "|")
    headings = heading.split(sign)
    place = next(at for at, name in enumerate(headings) if len(name) > 5)
    rows = []
    for reference in REFERENCES:
        cells = ["7"] * len(headings)
        cells[place] = f'"{reference}"'
        rows.append(sign.join(cells))
    path = tmp_path / "handsearched.csv"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    assert [entry.citation.text for entry in read_citations(path)] == list(REFERENCES)


def test_no_row_of_a_table_of_strings_is_lost_unsaid(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "handsearched.csv"
    path.write_text(f'citation,pmid,note\n"{REFERENCES[1]}",,\n,21306238,\n,,to be found\n', encoding="utf-8")
    with caplog.at_level(logging.INFO, "resift.formats"):
        entries = read_citations(path)
    assert [entry.citation.text for entry in entries] == [REFERENCES[1], "PMID: 21306238"]
    assert entries[1].record.pmid == "21306238"
    assert "1 line of text outside the entries dropped (first line 4: 'to be found')" in caplog.text


def test_a_sheet_without_heading_keeps_a_first_reference_without_year(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book = openpyxl.Workbook()
    first = "Ivanov II. Embolisation: cases from one centre. Br J Tests, in press"
    for reference in (first, *REFERENCES):
        book.active.append([reference])
    book.create_sheet("Ongoing").append([REFERENCES[0]])
    path = tmp_path / "handsearched.xlsx"
    book.save(path)
    assert [entry.citation.text for entry in read_citations(path)] == [first, *REFERENCES]
    assert "only the first sheet of reference strings is read: not 'Ongoing'" in caplog.text


def test_a_workbook_of_records_serves_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Title", "Authors", "Journal", "Year", "DOI"])
    book.active.append(["Tests of tests", "Abelson JM", "J Test Oncol", 2009, DOI])
    path = tmp_path / "handsearched.xlsx"
    book.save(path)
    (entry,) = read_citations(path)
    assert (entry.record.title, entry.record.doi, entry.record.year) == ("Tests of tests", DOI, 2009)


@settings(max_examples=settings.default.max_examples * 6 // 10)
@given(
    st.lists(
        st.sampled_from([*REFERENCES, "12", "", "\f", "• a", "1. b", "[2] c", "- d 2001", "#"]), max_size=12
    )
)
def test_no_word_is_lost(lines: list[str]) -> None:
    """Whatever a list looks like, each of its references is in a string."""
    text = "\n".join(lines)
    found = " ".join(strings(text))
    assert all(reference in found for reference in set(lines) & set(REFERENCES))
    assert unwrap(found) == found
