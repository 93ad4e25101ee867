"""A query printed as PubMed prints a QueryTranslation, and what is dropped before it is read."""

from __future__ import annotations

import client_corpus as corpus
import pytest
from tests.frozen.test_clients_expect import search

from resift.frozen.pubmed import FrozenPubMed

from .conftest import found


def test_unknown_tags_are_dropped_without_a_word(frozen: FrozenPubMed) -> None:
    with_tag, without = (found(frozen, term=term) for term in ("pancreas[foo]", "pancreas"))
    assert with_tag == without
    assert with_tag["count"] == "6000"


def test_a_tagged_stop_word_makes_the_search_zero(frozen: FrozenPubMed) -> None:
    result = found(frozen, term="the[tiab] OR pancreas[tiab]")
    assert (result["count"], result["idlist"]) == ("0", [])
    assert result["errorlist"] == {"phrasesnotfound": ["the"], "fieldsnotfound": []}
    assert result["querytranslation"] == "the[tiab] OR pancreas[tiab]"


def test_date_limits_become_part_of_the_translation(frozen: FrozenPubMed) -> None:
    by_parameter = found(frozen, term=corpus.BOTH, datetype="pdat", mindate="2002/03", maxdate="2003")
    in_query = found(frozen, term=f"({corpus.BOTH}) AND 2002/03:2003[dp]")
    assert by_parameter == in_query
    assert str(by_parameter["querytranslation"]).endswith(" AND 2002/03/01:2003/12/31[Date - Publication]")


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("1804[dp]", "1804/01/01:1804/12/31[Date - Publication]"),
        ("english[la] AND x[ti]", '"english"[Language] AND "x"[Title]'),
        ('"a b"[tiab:~3]', '"a b"[Title/Abstract:~3]'),
        ("(a[ti] OR b[ti]) NOT 1:9[uid]", '("a"[Title] OR "b"[Title]) NOT 1:9[UID]'),
    ],
)
def test_translations_are_written_as_pubmed_writes_them(
    term: str, translation: str, frozen: FrozenPubMed
) -> None:
    said = found(frozen, term=term)["querytranslation"]
    assert said == translation or said == term  # a stop word repeats the query


def test_untagged_words_that_no_record_holds_are_named_also_beside_hits(frozen: FrozenPubMed) -> None:
    alone = search(frozen, term="xyzzyq")
    assert (alone["count"], alone["errorlist"]["phrasesnotfound"]) == ("0", ["xyzzyq"])  # type: ignore[index]
    beside = search(frozen, term="neuroendocrine OR xyzzyq")
    assert beside["count"] == str(corpus.SIZE)
    assert beside["errorlist"]["phrasesnotfound"] == ["xyzzyq"]  # type: ignore[index]
    assert "errorlist" not in search(frozen, term='"xyzzyq"[tiab] OR neuroendocrine[tiab]')
