"""The syntax of other platforms is named; nothing that is PubMed's is called foreign."""

from __future__ import annotations

from typing import Any

import pytest

from resift.errors import Code, QueryError
from resift.query.findings import Severity
from resift.query.foreign import foreign
from resift.query.lint import lint
from resift.query.stated import read_stated

from .filters import ALL
from .searches import FOREIGN, PUBMED


@pytest.mark.parametrize(("platform", "text"), FOREIGN)
def test_a_search_of_another_platform_is_named_and_refused(platform: str, text: str) -> None:
    found = foreign(text)
    assert found is not None
    if platform:
        assert platform in found.platform
    assert str(found).startswith(f"this is {found.platform} syntax: ")
    with pytest.raises(QueryError) as caught:
        read_stated(text)
    assert caught.value.code is Code.QUERY_FOREIGN


@pytest.mark.parametrize("text", [*PUBMED, *ALL.values()])
def test_a_search_of_pubmed_is_never_called_foreign(text: str) -> None:
    assert foreign(text) is None


def test_published_strategies_are_not_called_foreign(strategies: list[dict[str, Any]]) -> None:
    for strategy in strategies:
        for name in ("query", "query_edited"):
            assert foreign(strategy[name]) is None, strategy["id"]


def test_lint_says_one_sentence_about_forty_foreign_lines() -> None:
    text = "\n".join(f"{n}. exp Asthma/ or (wheez$ adj{n} child$).ti,ab." for n in range(1, 41))
    (finding,) = lint(text)
    assert finding.severity is Severity.ERROR
    assert "40 lines" in finding.message


def test_a_slip_in_a_search_of_pubmed_is_one_finding_of_its_kind() -> None:
    tags = " OR ".join(f"word{n}[tiab]" for n in range(40))
    text = f"({tags}) AND (pain adj3 back) AND child[mh]"
    assert foreign(text) is None
    assert [f.label for f in lint(text)].count("foreign-syntax") == 1
