"""One folding: the same word for every customary way to write it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.text.fold import fold, folded_letter, one_line, plain, spellings, words

from .letters import LETTERS


@pytest.mark.parametrize(("written", "word"), LETTERS.items())
def test_each_letter_folds_to_the_word_of_the_index(written: str, word: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, written)) == word
    assert fold(written.upper()) == word
    assert word in spellings(written)


@pytest.mark.parametrize("code", range(0xC0, 0x180))
def test_every_latin_letter_folds_to_ascii(code: int) -> None:
    char = chr(code)
    if char.isalpha():
        assert folded_letter(char).isascii(), char


def test_signs_separate_words_and_scripts_stay() -> None:
    assert fold("O\u02bcBrien–Smith’s Sandostatin™, ½ dose_2") == "o brien smith s sandostatin 1 2 dose 2"
    assert fold("Журнал 肝臓") == "журнал 肝臓"
    assert plain("Die „Leber“ – α₂") == 'die "leber" - alpha2'


@given(st.text())
def test_folding_is_stable_and_is_the_words_of_plain(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded == words(plain(text))
    assert folded in spellings(text)
    assert "\n" not in one_line(text)


def test_both_customary_spellings_are_accepted() -> None:
    assert {"gronbaek", "groenbaek"} <= spellings("Grønbæk")
    assert {"muller", "mueller"} == spellings("Müller")
    assert spellings("Weiß") == {"weiss"}
    assert len(spellings("äöüøåæœđð" * 40)) == 2
