"""Languages: NLM's codes and names first, then those of ISO 639."""

from __future__ import annotations

import pytest

from resift.text import languages


@pytest.mark.parametrize(("code", "name"), languages.NAMES.items())
def test_every_name_and_code_of_nlm_comes_to_its_code_and_back(code: str, name: str) -> None:
    assert languages.name(code) == name
    for written in (code, code.upper(), name, name.upper(), name.lower(), f" {name} "):
        assert languages.as_languages(written) == (code,), written
        assert languages.wanted_codes(written) == {code}, written


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("sq", "alb"), ("sqi", "alb"), ("zho", "chi"), ("zh-CN", "chi"), ("en_US", "eng"), ("Farsi", "per"),
        ("Iranian", "per"), ("Rumanian", "rum"), ("Moldovan", "rum"), ("mol", "rum"), ("Slovene", "slv"),
        ("Modern Greek", "gre"), ("Greek", "gre"), ("ell", "gre"), ("Norwegian Bokmål", "nor"), ("nn", "nor"),
        ("Chinese (Simplified)", "chi"), ("Mandarin", "chi"), ("Castilian", "spa"), ("Flemish", "dut"),
        ("English language", "eng"), ("ngerman", "ger"), ("Basque", "baq"), ("Euskara", "euskara"),
        ("scr", "hrv"), ("Pashto", "pus"), ("Multilingual", "mul"), ("Unspecified", "und"), ("msa", "may"),
    ],
)  # fmt: skip
def test_other_names_and_codes(written: str, code: str) -> None:
    assert languages.as_languages(written) == (code,)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("English; Spanish", ("eng", "spa")), ("eng,spa,eng", ("eng", "spa")), ("Greek, Modern", ("gre",)),
        ("Greek, Modern; English", ("gre", "eng")), ("English and French", ("eng", "fre")), ("", ()),
        ("Lojbanese; English", ("lojbanese", "eng")), ("English/German", ("eng", "ger")),
    ],
)  # fmt: skip
def test_a_field_of_several(field: str, codes: tuple[str, ...]) -> None:
    assert languages.as_languages(field) == codes


def test_a_truncated_tag_asks_for_every_name_that_begins_so() -> None:
    assert languages.wanted_codes("s*") >= {"spa", "swe", "slo", "srp", "slv", "san"}
    assert languages.wanted_codes("fren*") == {"fre", "fren"}
