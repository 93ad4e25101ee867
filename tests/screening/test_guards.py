"""A criterion that reads chosen fields, one sentence, or past negated words; evidence stays true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from resift.errors import ConfigError
from resift.screening.criteria import Screening, load_screening


def criteria(tmp_path: Path, **entry: Any) -> Screening:
    path = tmp_path / "screening.yaml"
    path.write_text(yaml.safe_dump({"criteria": [{"id": "one", "label": "One", **entry}]}))
    return load_screening(path, {})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            {"exclude_if": "mice[mh]", "fields": ["title"]},
            "'mice\\[mh\\]' is looked for in none",
        ),
        ({"exclude_if": "mice[tw]", "one_sentence": True}, "use \\[tiab\\] or \\[ti\\]"),
        ({"exclude_if": "mice[tiab]", "one_sentence": True, "fields": ["headings"]}, "stand in no sentence"),
        ({"exclude_if": "mice[tiab]", "fields": ["Methods"]}, "fields"),
        ({"exclude_if": "mice[tiab]", "negation": "ignore"}, "negation"),
    ],
)
def test_a_guard_that_could_find_nothing_is_refused(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        criteria(tmp_path, **entry)


def test_a_guard_is_part_of_the_version_and_its_absence_is_not(tmp_path: Path) -> None:
    plain = criteria(tmp_path, exclude_if="mice[tiab]").version
    assert plain == criteria(tmp_path, exclude_if="mice[tiab]", one_sentence=False).version
    assert plain != criteria(tmp_path, exclude_if="mice[tiab]", one_sentence=True).version
