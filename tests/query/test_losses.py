"""What a query loses when PubMed drops a part of it, by where that part stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resift.query.losses import Loss, judged, lost_fields, untranslated
from resift.query.syntax import parse
from resift.query.translation import RecordedTranslation

QUERY = '("a1 b1"[tiab] OR c1[tiab]) AND (d1[tiab] OR "No Such Heading"[mh]) AND (e1[tiab])'


@pytest.mark.parametrize(
    ("kind", "text", "loss"),
    [
        ("QuotedPhraseNotFound", '"a1 b1"[tiab]', Loss.ALTERNATIVE),
        ("QuotedPhraseNotFound", '"e1"[tiab]', Loss.BRANCH),
        ("QuotedPhraseNotFound", '"No Such Heading"[mh]', Loss.HEADING),
        ("FieldNotFound", "foo", Loss.FIELD),
        ("OutputMessage", "something unheard of", Loss.OTHER),
    ],
)
def test_what_is_lost_hangs_on_where_the_phrase_stands(kind: str, text: str, loss: Loss) -> None:
    (message,) = judged(parse(QUERY), [(kind, text)], count=12)
    assert message.loss is loss
    assert message.loss.stops is (loss is not Loss.ALTERNATIVE)


def test_all_alternatives_of_a_group_dropped_empty_it() -> None:
    dropped = [("QuotedPhraseNotFound", '"a1 b1"[tiab]'), ("PhraseNotFound", "c1")]
    assert {m.loss for m in judged(parse(QUERY), dropped, count=12)} == {Loss.BRANCH}


def test_a_tag_that_the_server_dropped_is_a_lost_field_and_one_that_it_read_is_not() -> None:
    query = parse("lancet[JO] AND a1[tiab]", as_printed=True)
    dropped = RecordedTranslation('"lancet"[All Fields] AND "a1"[Title/Abstract]')
    assert [m.text for m in lost_fields(query, dropped)] == ["[JO]"]
    honoured = RecordedTranslation('"lancet"[Journal] AND "a1"[Title/Abstract]')
    assert lost_fields(query, honoured) == []


SENT = (
    '(("carcinoid tumo*"[tiab] OR octreotide[tiab] OR the[tiab]) AND Humans[mh]) AND english[la] '
    "AND 1995:2012[dp]"
)


READ = (
    '("carcinoid tumo*"[Title/Abstract] OR "octreotide"[Title/Abstract]) AND "humans"[MeSH Terms] AND '
    '"english"[Language] AND 1995/01/01:2012/12/31[Date - Publication]'
)


@pytest.mark.parametrize(
    ("read", "missing"),
    [
        (READ, []),
        ("", []),  # the server does not say how it read the query
        (READ.partition(" AND 1995")[0], ["'1995:2012'"]),
        (
            '("carcinoid tumo*"[Title/Abstract] OR "octr"[All Fields]',
            ["'octreotide', 'english', '1995:2012'"],
        ),
        ('"asthma"[MeSH Terms] OR "asthma"[All Fields]', ["'octreotide', 'english', '1995:2012'"]),
        (READ.replace('"english"[Language] AND ', ""), ["'english'"]),
    ],
)
def test_what_the_server_did_not_read_is_named(read: str, missing: list[str]) -> None:
    told = untranslated(parse(SENT), RecordedTranslation(read))
    assert [message.text for message in told] == missing
    assert all(message.loss.stops for message in told)


@pytest.mark.parametrize(
    ("sent", "read", "told"),
    [
        # Answers of PubMed's to another question of the same run.
        ('"10.5555/s.133"[doi]', '"10.5555/s.133"[Article Identifier]', []),
        ('"10.5555/s.133"[doi]', "10.5555/S.133[doi]", []),
        (
            '"10.1002/(SICI)1097<1661::AID-SIM968>3.0.CO;2-2"[doi]',
            '"10.1002 sici 1097 1661 aid sim968 3 0 co 2 2"[Article Identifier]',
            [],
        ),
        (
            '"10.5555/s.133"[doi]',
            '"10.5555/s.134"[Article Identifier]',
            [
                "NotInTranslation: '10.5555/s.133' (part of the query)",
                "NotInQuery: '10.5555/s.134' (part of the query)",
            ],
        ),
        ("31[uid] OR 032[uid]", "31[UID] OR 00000032[UID]", []),
        (
            "31[uid] OR 32[uid]",
            '"31"[UID] OR "33"[UID]',
            ["NotInTranslation: '32' (part of the query)", "NotInQuery: '33' (part of the query)"],
        ),
        (
            "31[uid] AND english[la]",
            '"31"[UID] AND 1995/01/01:2012/12/31[Date - Publication]',
            [
                "NotInTranslation: 'english' (part of the query)",
                "NotInQuery: '1995/01/01:2012/12/31' (part of the query)",
            ],
        ),
        # The answer to the whole, where a clause of it was counted.
        (
            "octreotide[tiab]",
            '"octreotide"[Title/Abstract] AND "humans"[MeSH Terms] AND "english"[Language]',
            ["NotInQuery: 'english' (part of the query)"],
        ),
        (
            "octreotide[ti]",
            '"octreotide"[Title] AND "carcinoid tumo*"[Title]',
            ["NotInQuery: 'carcinoid tumo*' (part of the query)"],
        ),
        # What PubMed may write of its own accord.
        ('"last 5 years"[dp] AND asthma[ti]', '2021:2026[Date - Publication] AND "asthma"[Title]', []),
        ("asthma[ti] AND systematic[sb]", '"asthma"[Title] AND "meta analysis"[Title]', []),
        ("eng[la] AND asthma", '"english"[Language] AND "asthma"[MeSH Terms]', []),
        ("gut[ta] AND β-blocker[tiab]", '"gut"[Journal] AND "beta blocker"[Title/Abstract]', []),
    ],
)  # fmt: skip
def test_a_translation_of_another_query_is_told_from_that_of_this_one(
    sent: str, read: str, told: list[str]
) -> None:
    said = untranslated(parse(sent, as_printed=True), RecordedTranslation(read))
    assert [str(message) for message in said] == told


def test_what_stands_for_a_word_that_was_asked_for_is_not_strange() -> None:
    read = RecordedTranslation(
        '"neoplasms"[MeSH Terms] OR "tumour"[Text Word]',
        (("cancer", '"neoplasms"[MeSH Terms] OR "tumour"[tw]'),),
    )
    assert untranslated(parse("cancer[tw] OR cancer"), read) == []
    assert untranslated(parse("asthma[tw] OR asthma"), read) != []


def test_a_term_that_the_server_says_it_did_not_find_is_read() -> None:
    query = parse('octreotide[tiab] OR "body battery"[tiab]')
    read = RecordedTranslation(
        '"octreotide"[Title/Abstract]', quoted_phrases_not_found=('"body battery"[tiab]',)
    )
    assert untranslated(query, read) == []


ASKED = {
    "restrictions-achieved_retstart9990_retmax10": "asthma[tiab]",
    "stopword_the[tiab]": "the[tiab] AND asthma[tiab]",
    "mesh-not-found_quotedphrase": '"Atherosclerotic Cardiovascular Disease"[Mesh]',
    "tag-on-group_ignored": "(asthma OR copd)[tiab]",
    "term-dropped-in-OR_with-hits": (
        "(wearable*[tiab] OR smartwatch*[tiab] OR Oura[tiab] OR Garmin[tiab] OR WHOOP[tiab] OR "
        '"Apple Watch"[tiab]) AND ("readiness score"[tiab] OR "body battery"[tiab] OR '
        '"recovery score"[tiab] OR "training readiness"[tiab])'
    ),
    "legit-zero_1804[dp]": "Atherosclerosis[mh] AND 1804[dp]",
    "unknown-field-tag_asthma[foo]": "asthma[foo]",
}


@pytest.mark.parametrize("name", ASKED)
def test_no_recorded_answer_of_pubmed_lacks_what_was_asked(name: str, shared: Path) -> None:
    path = shared / "eutils" / "measured-bodies" / f"esearch_{name}.json"
    said = json.loads(path.read_text())["esearchresult"]
    warned, failed = said.get("warninglist") or {}, said.get("errorlist") or {}
    recorded = RecordedTranslation(
        said["querytranslation"],
        quoted_phrases_not_found=tuple(warned.get("quotedphrasesnotfound", ())),
        phrases_not_found=tuple(failed.get("phrasesnotfound", ())),
    )
    assert untranslated(parse(ASKED[name], as_printed=True), recorded) == []
