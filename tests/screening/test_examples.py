"""The criteria written from the topics of three reviews are whole, and read what such records hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.query.nodes import Leaf, leaves
from resift.screening.criteria import load_screening

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_criteria_of_an_example_ask_for_titles_abstracts_and_headings_only(path: Path) -> None:
    screening = load_screening(path, {})
    assert len(screening.criteria) >= 5
    for criterion in screening.criteria:
        for line in criterion.query.lines:
            fields = {leaf.field.tag for leaf in leaves(line.root) if isinstance(leaf, Leaf)}
            assert fields <= {"ti", "tiab", "mh"}, criterion.id
