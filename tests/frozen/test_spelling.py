"""espell: the words that no title of the archive has, and the nearest that some have."""

from __future__ import annotations

from lxml import etree

from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.spelling import Speller

from .conftest import ask


def test_words_are_corrected_by_the_words_of_the_archive(frozen: FrozenPubMed) -> None:
    root = etree.fromstring(ask(frozen, "espell", db="pubmed", term="neuroendocine AND pancreas[ti]").body)
    assert root.findtext("CorrectedQuery") == "neuroendocrine AND pancreas[ti]"
    assert [e.tag for e in root.iterfind("SpelledQuery/*")] == ["Original", "Replaced", "Original"]
    assert root.findtext("SpelledQuery/Replaced") == "neuroendocrine"
    known = etree.fromstring(ask(frozen, "espell", db="pubmed", term="pancreas").body)
    assert not known.findtext("CorrectedQuery")


def test_short_words_numbers_and_tags_are_left_alone() -> None:
    speller = Speller(["metastases", "liver"])
    pieces = [
        ("lever", "liver"),
        (" 1995[dp] OR ", ""),
        ("metastasis", "metastases"),
        ("[metastses] lvr", ""),
    ]
    assert speller.corrected("lever 1995[dp] OR metastasis[metastses] lvr") == pieces
