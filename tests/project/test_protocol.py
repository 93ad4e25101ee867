"""A protocol says of each part whether it is stated, reconstructed or not reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from resift.errors import ConfigError
from resift.project.protocol import Protocol, load_protocol

BASE = {
    "id": "x",
    "window": {"from": "1995-01-01", "until": "2012-12-31", "field": "dp"},
    "languages": ["english"],
    "strategies": {"a": {"query": "cats[tiab] OR dogs[tiab]", "provenance": "reconstructed", "reason": "r"}},
}


def load(folder: Path, **changes: object) -> Protocol:
    path = folder / "protocol.yaml"
    path.write_text(yaml.safe_dump({**BASE, **changes}))
    return load_protocol(path)


def test_window_and_languages_are_composed_round_the_query(tmp_path: Path) -> None:
    protocol = load(tmp_path)
    sent = protocol.sent(protocol.primary, until=protocol.window.until)
    assert sent == "(cats[tiab] OR dogs[tiab]) AND english[la] AND 1995/01/01:2012/12/31[dp]"


@pytest.mark.parametrize(
    ("until", "clause"),
    [
        ("2012", "1995/01/01:2012/12/31[dp]"),
        ("2012-02", "1995/01/01:2012/02/29[dp]"),
        (None, "1995/01/01:3000/12/31[dp]"),
    ],
)
def test_a_partial_or_open_end_is_widened_to_its_last_day(
    tmp_path: Path, until: str | None, clause: str
) -> None:
    assert load(tmp_path).window_clause(until=until) == clause


def test_several_languages_stand_in_one_group(tmp_path: Path) -> None:
    assert load(tmp_path, languages=["english", "french"]).language_clause() == "(english[la] OR french[la])"


def test_without_limits_the_query_stands_alone(tmp_path: Path) -> None:
    protocol = load(tmp_path, window=None, languages=[])
    assert protocol.sent(protocol.primary, until=None) == "(cats[tiab] OR dogs[tiab])"


def test_fragments_are_put_in_with_parentheses(tmp_path: Path) -> None:
    protocol = load(
        tmp_path,
        fragments={"pet": "cat[ti] OR {dog}", "dog": "dog[ti] OR hound[ti]"},
        strategies={"a": {"query": "{pet} AND food[ti]"}},
    )
    assert protocol.primary.expanded == "(cat[ti] OR (dog[ti] OR hound[ti])) AND food[ti]"
    assert protocol.primary.query == "{pet} AND food[ti]"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fragments": {"pet": "{pet}"}, "strategies": {"a": {"query": "{pet}"}}}, "contains itself"),
        ({"fragments": {"pet": "x"}, "strategies": {"a": {"query": "{pets}"}}}, "did you mean 'pet'?"),
        (
            {"strategies": {"a": {"query": "x"}, "b": {"query": "y"}}},
            "one strategy must be primary, found none",
        ),
        (
            {"strategies": {"a": {"query": "x", "primary": True}, "b": {"query": "y", "primary": True}}},
            "found a and b",
        ),
        ({"strategies": {"a": {"query": "x", "provenance": "stated"}}}, "marked stated but has no quote"),
        ({"strategies": {"a": {"querry": "x"}}}, "unknown key 'strategies.a.querry'; did you mean 'query'?"),
        (
            {"provenance": {"window": {"status": "stated"}}},
            "'provenance.window': marked stated but has no quote",
        ),
        ({"provenance": {"window": {"status": "guessed"}}}, "cannot be 'guessed'"),
        ({"screening": "screning.yaml"}, "no such file: screning.yaml"),
        ({"screening": "../../../../etc/passwd"}, "lies outside the project"),
        ({"windows": {}}, "unknown key 'windows'; did you mean 'window'?"),
        ({"window": {"from": "1995-13-01"}}, "is not a date"),
        ({"automation": {"role": "robot"}}, "cannot be 'robot'"),
        ({"other_methods": [1]}, "key 'other_methods' must be object or null, not list [1]"),
        ({"review": "Rossi 2014"}, "key 'review' must be object or null"),
        ({"strategies": {"a": None}}, "key 'strategies.a' must be object"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, **changes)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))


def test_pmids_may_be_written_as_numbers(tmp_path: Path) -> None:
    methods = {"references": {"rounds": 1, "seeds": "listed", "list": [123]}}
    protocol = load(tmp_path, review={"pmid": 25332984}, other_methods=methods)
    assert protocol.review["pmid"] == "25332984"
    assert protocol.other_methods.listed == ("123",)


def test_freezing_notices_a_changed_strategy_but_not_its_layout(tmp_path: Path) -> None:
    one = load(tmp_path).strategies_sha256()
    spread = load(tmp_path, strategies={"a": {"query": "cats[tiab]\n  OR   dogs[tiab]"}}).strategies_sha256()
    other = load(tmp_path, strategies={"a": {"query": "cats[tiab]"}}).strategies_sha256()
    assert one == spread != other
    assert re.fullmatch("[0-9a-f]{64}", one)
