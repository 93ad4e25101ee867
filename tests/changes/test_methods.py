"""What one run does otherwise than another is said, whether or not a record moved by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report.run_folder import PROTOCOL, make_run

from resift.changes.methods import Methods, methods_changed, read_methods
from resift.documents import Applied
from resift.project.protocol import stored_protocol


@pytest.fixture(scope="module")
def methods(tmp_path_factory: pytest.TempPathFactory) -> Methods:
    return read_methods(make_run(tmp_path_factory.mktemp("methods"), 20))


def with_protocol(methods: Methods, **changes: Any) -> Methods:
    return replace(methods, protocol=stored_protocol({**methods.protocol.content, **changes}))


def test_a_run_that_does_the_same_has_changed_nothing(methods: Methods) -> None:
    assert methods_changed(methods, methods) == []
    moved = {"window": {**PROTOCOL["window"], "until": "today"}}
    was = replace(with_protocol(methods, **moved), run=replace(methods.run, started="2025-01-02T00:00:00Z"))
    assert methods_changed(was, with_protocol(methods, **moved)) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fragments": {"tumour": "tumour[tiab]"}}, "strategy 'narrow' was changed"),
        ({"strategies": {**PROTOCOL["strategies"], "x": {"query": "x[ti]"}}}, "strategy 'x' was added"),
        ({"window": {**PROTOCOL["window"], "from": "1990-01-01"}}, "window: "),
        ({"languages": []}, "languages: english[la], now none"),
        ({"automation": {"role": "prefilter"}}, "automation.role: screener, now prefilter"),
        ({"full_text": "not_undertaken"}, "full_text: assessed, now not_undertaken"),
        ({"other_methods": {"references": {"rounds": 2}}}, "other_methods.references.rounds: 1, now 2"),
        ({"other_methods": {"handsearched": "hand.ris"}}, "hand-searched file: none, now given"),
        ({"imports": [{"file": "a.ris", "database": "Embase"}]}, "imported search 'Embase' was added"),
    ],
)
def test_what_was_changed_is_named_with_what_it_was(
    methods: Methods, changes: dict[str, Any], told: str
) -> None:
    assert any(text.startswith(told) for text in methods_changed(methods, with_protocol(methods, **changes)))


def test_criteria_are_compared_one_by_one_and_in_their_order(methods: Methods) -> None:
    first, second, *rest = methods.applied.criteria

    def now(*criteria: Any) -> list[str]:
        return methods_changed(methods, replace(methods, applied=replace(methods.applied, criteria=criteria)))

    assert now(second, *rest) == [f"criterion '{first.id}' was dropped"]
    assert now(replace(first, query="x[ti]"), second, *rest) == [f"criterion '{first.id}' was changed"]
    assert now(second, first, *rest) == ["the order of the criteria was changed"]


def test_criteria_that_an_earlier_version_did_not_keep_are_not_said_to_be_the_same(methods: Methods) -> None:
    (told,) = methods_changed(replace(methods, applied=Applied()), methods)
    assert "not at hand" in told
