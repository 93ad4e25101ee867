"""The parser that learned many styles: its model as checked in, and strings in layouts that no rule has."""

from __future__ import annotations

import hashlib

import pytest

from resift.formats.citations import parse_citation
from resift.formats.citations.learned import MODEL, MODEL_SHA256
from resift.formats.citations.lexicon import NAMES, NAMES_SHA256

TITLE = "Hepatic arterial embolisation in 120 patients: what lasts"


def test_the_model_is_the_one_that_the_command_built() -> None:
    data = MODEL.read_bytes()
    assert hashlib.sha256(data).hexdigest() == MODEL_SHA256
    assert len(data) < 2_000_000


@pytest.mark.parametrize(
    "string",
    [
        f"Ng-Castle, T., and Schooner, I. B. “{TITLE}”. Cancer Research 89, no. 3 (May 2012): 500–513.",
        f"NG-CASTLE, T.; SCHOONER, I. B. {TITLE}. Cancer Research, v. 89, n. 3, p. 500–513, maio 2012.",
        f"T. Ng-Castle, I.B. Schooner, {TITLE}, Cancer Res. 89 (2012) 500–513.",
        f"Ng-Castle T. & Schooner I. B. (2012), « {TITLE} », Cancer Research, vol. 89, nᵒ 3, p. 500-513.",
        f"Ng-Castle, T; Schooner, I B: {TITLE}, in: Cancer Research 89 (3), 05.2012, S. 500–513.",
        f"[7] Ng-Castle T, Schooner IB. {TITLE}. Cancer Res 2012; 89: 500–513",
        f"Ng-Castle, T, Schooner, IB: {TITLE}. Cancer Res 89:500, 2012",
        f"Ng-Castle, T. / Schooner, I.B. (2012): {TITLE}. In: Cancer Research, Jg. 89, H. 3, S. 500-513.",
    ],
)  # fmt: skip
def test_styles_without_a_layout_of_their_own(string: str) -> None:
    found = parse_citation(string)
    assert found.authors[0].startswith(("Ng-Castle", "NG-CASTLE"))
    assert (found.title, found.year, found.volume, found.first_page) == (TITLE, 2012, "89", "500")
    assert found.journal.removesuffix(".") in ("Cancer Research", "Cancer Res")


@pytest.mark.parametrize("string", ["personal communication with Dr Who", "12", "", "a 2012 b"])
def test_what_is_no_reference_is_not_made_one(string: str) -> None:
    found = parse_citation(string)
    assert not (found.journal and found.volume)


def test_names_of_journals_are_those_that_the_command_wrote() -> None:
    assert hashlib.sha256(NAMES.read_bytes()).hexdigest() == NAMES_SHA256


@pytest.mark.parametrize(
    ("string", "title", "journal", "volume"),
    [
        # A name that is known is taken whole, whatever full stops it has.
        ("Ng A (2012) {}. JACC. Basic to translational science 6(5): 467–482", TITLE,
         "JACC. Basic to translational science", "6"),
        ("1. Ng A. {}. Int. J. Radiat. Oncol. Biol. Phys. 1979; 5(1): 13–21.", TITLE,
         "Int. J. Radiat. Oncol. Biol. Phys", "5"),
        ("Ng A. {}. The Journal of bone and joint surgery. British volume 61 (1979) 59–63.", TITLE,
         "The Journal of bone and joint surgery. British volume", "61"),
        # What is quoted behind `in`, or stands behind two slashes, is the journal.
        ("Ng A – Doe B, {}, in «J Environ Manage» 293 (29 maggio 2021), 112835.", TITLE,
         "J Environ Manage", "293"),
        ("Ng A. и др. {} // J Environ Manage. 2021. Т. 293. С. 112835.", TITLE, "J Environ Manage", "293"),
        # A letter run into the volume, a second number, a number of a series.
        ("Ng A. 1977. {}. Acta Pathol Microbiol Scand A 85A:57-62.", TITLE,
         "Acta Pathol Microbiol Scand A", "85A"),
    ],
)  # fmt: skip
def test_journals_are_known_by_name(string: str, title: str, journal: str, volume: str) -> None:
    found = parse_citation(string.format(title))
    assert (found.title, found.journal, found.volume) == (title, journal, volume)


@pytest.mark.parametrize(
    ("string", "author", "title"),
    [
        ("World Health Organization. Global report 2020. Geneva: World Health Organization; 2020.",
         "World Health Organization", "Global report 2020"),
        ("US Food and Drug Administration. Guidance for industry. Fed Regist 2009;74:65132-3.",
         "US Food and Drug Administration", "Guidance for industry"),
        ("[No authors listed]. Steroids revisited. NIH Consens Statement. 2000;17(2):1-18.",
         "", "Steroids revisited"),
        ("Guyatt GH, Oxman AD. Grading evidence. In: Rennie D, Cook D, editors. Users' guides to the medical"
         " literature. 2nd ed. New York: McGraw-Hill; 2008. p. 599-621.", "Guyatt GH", "Grading evidence"),
        ("Brown, K. (2014). Sleep of nurses (Doctoral dissertation, University of Michigan).",
         "Brown K", "Sleep of nurses (Doctoral dissertation, University of Michigan)"),
        ("Smith, J., & Doe, A. (in press). Sleep in nurses. Journal of Clinical Nursing.",
         "Smith J", "Sleep in nurses"),
        ("Smith J. Sleep in nurses [Epub ahead of print]. J Clin Nurs. 2021 Mar 3.",
         "Smith J", "Sleep in nurses"),
        ("张三, 李四. 护士睡眠质量的研究[J]. 中华护理杂志, 2010, 45(3): 210-213.",
         "张三", "护士睡眠质量的研究"),
    ],
)  # fmt: skip
def test_reports_chapters_theses_and_bodies(string: str, author: str, title: str) -> None:
    found = parse_citation(string)
    assert (found.first_author, found.title) == (author, title)
    assert "press" not in found.volume


def test_a_style_between_marks_keeps_words_in_the_title() -> None:
    found = parse_citation("Burki T, HIV: the next decade, in «Lancet HIV» 8 (giugno 2021) 6, e319–e321.")
    assert (found.authors, found.title) == (("Burki T",), "HIV: the next decade")
