"""What holds for a reference string as a whole, whatever its words look like one by one."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.formats.citations.repair import in_one_piece, is_whole, repaired
from resift.formats.citations.tokens import Part, tokens

_CODES = {part.value: part for part in Part}


def _labelled(text: str) -> tuple[str, list[Part]]:
    """`Smith/F J/G` as the string and the labels of its words; a mark or word without one is no part."""
    words = [word.rsplit("/", 1) if word[-2:-1] == "/" else [word, "o"] for word in text.split(" ")]
    string = " ".join(word for word, _ in words)
    labels = []
    for word, code in words:
        labels += [_CODES[code]] * len(tokens(word))
    return string, labels


def _part(text: str, part: Part) -> str:
    """The words that belong to a part after the repair."""
    string, labels = _labelled(text)
    line = tokens(string)
    found = repaired(line, labels)
    inside = [token for token, label in zip(line, found, strict=True) if label is part]
    return string[inside[0].start : inside[-1].stop] if inside else ""


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("García/o Almagro/F , D. , Title/T here/T . Gut/J 1/V", Part.FAMILY, "García Almagro"),
        ("A/F . On/T E/T . coli/o . The/o Plant/J Cell/J 31/V : 2/P", Part.TITLE, "On E . coli"),
        ("A/F . Effects/T on/T it/T . The/o Plant/J Cell/o 31/V : 2/P", Part.JOURNAL, "The Plant Cell"),
        ("A/F . On/T it/T . Arch/J Stomatol/J (Napoli) 20/V : 6/P", Part.JOURNAL, "Arch Stomatol (Napoli)"),
        ("A/F , ‘ Some/o title,/o in/T parts/T ’, Gut/J 20/V : 6/P", Part.TITLE, "Some title, in parts"),
        ("A/F . Minds,/J machines/J and/J us,/J Mind/J 59/V , 433/P", Part.JOURNAL, "Mind"),
        ("A/F . Minds,/J machines/J and/J us,/J Mind/J 59/V , 433/P", Part.TITLE, "Minds, machines and us"),
        ("A/F . On/T it/T . Brain/J and Nerves,/V 3/V : 6/P", Part.JOURNAL, "Brain and Nerves"),
        ("A/F . On/T it/T . Gut/J 24 (1979)/D : 10/P", Part.VOLUME, "24"),
    ],
)  # fmt: skip
def test_a_part_is_not_cut_in_two(text: str, part: Part, whole: str) -> None:
    assert _part(text, part) == whole


_ODDS = st.lists(
    st.lists(st.floats(-20, -0.01), min_size=len(Part), max_size=len(Part)), min_size=1, max_size=12
)


@given(_ODDS, st.data())
def test_title_and_journal_are_one_stretch_each(numbers: list[list[float]], data: st.DataObject) -> None:
    marks = data.draw(
        st.lists(st.sampled_from(["word", ".", ","]), min_size=len(numbers), max_size=len(numbers))
    )
    line = tokens(" ".join(marks))
    odds = [dict(zip(Part, told, strict=True)) for told in numbers]
    labels = in_one_piece(line, odds)
    assert len(labels) == len(line)
    assert is_whole(line, labels)
    # Nothing likelier is given up where the likeliest labels are whole already.
    best = [max(told, key=told.__getitem__) for told in odds]
    if is_whole(line, best) and not _touch(best):
        assert math.isclose(
            sum(told[part] for told, part in zip(odds, labels, strict=True)),
            sum(told[part] for told, part in zip(odds, best, strict=True)),
        )


def _touch(labels: list[Part]) -> bool:
    whole = {Part.TITLE, Part.JOURNAL}
    return any({one, other} == whole for one, other in itertools.pairwise(labels))


@given(st.text(alphabet="Ab1 .,:;()[]“”'—-", max_size=60), st.data())
def test_every_word_keeps_a_label(text: str, data: st.DataObject) -> None:
    line = tokens(text)
    labels = [data.draw(st.sampled_from(list(Part))) for _ in line]
    assert len(repaired(line, labels)) == len(line)
