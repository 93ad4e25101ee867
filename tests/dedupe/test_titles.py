"""Titles: what two databases write differently about one, and what marks another report."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.dedupe import titles
from resift.dedupe.titles import (
    Kind,
    read_title,
    repair_mojibake,
    split_leading_year,
    title_numbers,
    title_part,
)
from resift.text import fold as letters


@pytest.mark.parametrize(
    ("raw", "core", "kind"),
    [
        ("[Octreotide in rats].", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats. [Review] [33 refs]", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats. [Erratum appears in X. 2013;27(3):377]", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats (vol 4, pg 12, 2009)", "octreotide in rats", Kind.ERRATUM),
        ("Correction to: Octreotide in rats", "octreotide in rats", Kind.ERRATUM),
        ("Correction of scoliosis in rats", "correction of scoliosis in rats", Kind.ARTICLE),
        ("RETRACTED ARTICLE: Octreotide in rats", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats - authors' reply", "octreotide in rats", Kind.REPLY),
        ("Response to Letter to the Editor Regarding Octreotide", "octreotide", Kind.REPLY),
        ("Letter to the Editor Regarding Octreotide in rats", "octreotide in rats", Kind.COMMENT),
        ("Does octreotide help rats? A reply", "does octreotide help rats", Kind.REPLY),
        (
            "Octreotide in rats (author's transl) [L'octréotide chez les rats blancs]",
            "octreotide in rats",
            Kind.ARTICLE,
        ),
        ("Octreotide and the immune-response", "octreotide and the immune response", Kind.ARTICLE),
        ("#NAME?", "", Kind.ARTICLE),
    ],
)
def test_title_core_and_kind(raw: str, core: str, kind: Kind) -> None:
    title = read_title(raw)
    assert (title.core, title.kind) == (core, kind)


def test_numbers_of_a_title_are_arabic_and_roman() -> None:
    assert title_numbers(read_title("Phase II trial of 111In-octreotide, part 1").core) == "1 111 2"
    assert title_numbers(read_title("Vitamin C, group I and stage I disease").core) == "1"
    assert title_part("imaging of islet cell tumours part ii scintigraphy") == "2"


def test_year_before_the_title_of_a_reference_string() -> None:
    assert split_leading_year("Freund (1996). Boosting a weak learner") == (1996, "Boosting a weak learner")
    assert split_leading_year("Boosting a weak learner") == (0, "Boosting a weak learner")


def test_mojibake_is_put_right_or_left() -> None:
    assert repair_mojibake("GÃ³mez") == "Gómez"
    assert repair_mojibake("Ãx, Ñuble, Å") == "Ãx, Ñuble, Å"
    assert repair_mojibake("NÃƒÂ¡") == "Ná"


@given(st.from_regex(titles._THOUSANDS))
def test_what_is_looked_for_first_stands_in_every_number_of_thousands(text: str) -> None:
    assert titles.THOUSANDS_HOLD.search(text)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in titles._TRAILING], ids=str)
@given(data=st.data())
def test_one_word_of_those_looked_for_first_stands_in_every_tail(
    pattern: re.Pattern[str], data: st.DataObject
) -> None:
    found = pattern.search(data.draw(st.from_regex(pattern)))
    assert found
    assert any(word in found[0] for word in titles.TRAILING_WORDS)


@given(st.text(alphabet="aB1 _-'.,&<>/\\tßéαΩ²中", max_size=20))
def test_words_of_plain_letters_are_read_quickly_and_alike(text: str) -> None:
    folded = titles.fold(text)
    assert titles.words(folded) == letters.words(folded)


WORDS = ["part", "parts", "paper", "ii", "iv", "x", "2", "9", "12", "a", "b", "four", "trial", "of"]


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_what_is_looked_for_first_stands_in_every_title_of_a_part(words: list[str]) -> None:
    core = " ".join(words)
    assert bool(title_part(core)) == bool(titles._PART.search(core))
