"""Criteria: what they ask and why they exclude are two labels."""

from __future__ import annotations

from pathlib import Path

from resift.screening.criteria import load_screening

FILE = """\
criteria:
  - {id: children, label: Children, exclusion_label: No children, exclude_unless: "child[mh]"}
  - {id: animals, label: Animals only, exclude_if: "animals[mh:noexp]"}
"""


def test_a_criterion_has_a_label_and_a_reason_for_exclusion(tmp_path: Path) -> None:
    file = tmp_path / "screening.yaml"
    file.write_text(FILE)
    screening = load_screening(file, {})
    told = [(c.label, c.exclusion_label) for c in screening.criteria]
    assert told == [("Children", "No children"), ("Animals only", "Animals only")]
    file.write_text(FILE.replace("No children", "Adults"))
    assert load_screening(file, {}).version == screening.version  # words for readers decide nothing
